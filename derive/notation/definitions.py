"""What a text defines: its equations as definitions, assembled into a model."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Basic, Expr, Idx, Indexed, Integer, Mul, Pow, Product, Sum, log, sqrt

from ..calculus.indices import bound_in, free_indices, substitute, transform
from ..model import Model, ModelError, Sense
from ..quantities import Definition, Domain, Kind, Quantity
from ..vocabulary import index, indices_of, name_of, names_in, scalar, tensor
from .arrays import Value
from .conventions import MAXIMISED, NO_QUANTITIES, PROBABILITY_LETTERS, is_data, role
from .dictionary import Dictionary, Unreadable
from .elaborate import Reader
from .ellipses import prepared
from .elsewhere import Formula, is_at
from .introduced import argument_names, only_names
from .names_in_notes import is_labelled, is_letter, take_apart
from .parser import parse
from .probabilities import is_event
from .recursions import Body, in_order
from .squares import is_square
from .steps import may_be_defined
from .survey import survey
from .syntax import Chain, Group, Juxt, Node, Sym

NO_POINTS: Mapping[str, Idx] = MappingProxyType({})
DEFINING = ("=", ":=", "triangleq", "equiv")


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A definition as a text states it.

    Attributes:
        name: the plain name that is defined.
        arguments: what stands in brackets behind it, `(θ)`, as text; it tells two quantities of one name apart.
        expr: what it is defined as; of a vector or a matrix its entry at `place`.
        place: the indices of the entry that is defined, but for the data point's; a number where a recursion begins.
        sample: the data point's index if the definition is for one point of a data set.
        whole: whether it speaks of the whole data set: a sum or product over the data points.
        samples: the indices that count data points in it.
        doubts: why it may mean something else than what was read.
        parameters: what stands in brackets behind the name.
        demands: what is positive wherever it says something: one of its cases holds.
    """

    name: str
    expr: Expr
    place: tuple[Expr, ...] = ()
    arguments: str = ""
    sample: Idx | None = None
    whole: bool = False
    samples: frozenset[Idx] = frozenset()
    doubts: tuple[str, ...] = ()
    parameters: tuple[Value, ...] = ()
    demands: tuple[Expr, ...] = ()

    @property
    def formula(self) -> Formula:
        """What its name stands for, at arguments of its own too."""
        return Formula(expr=self.expr, place=self.place, parameters=self.parameters, samples=self.samples)

    @property
    def body(self) -> Body:
        return Body(expr=self.expr, place=self.place)

    @property
    def starts(self) -> bool:
        """Whether it says where a recursion begins: h_0 = …"""
        return any(not isinstance(i, Idx) for i in self.place)


def defined_name(node: Node, dictionary: Dictionary) -> tuple[str, str] | None:
    """The plain name, and the arguments, that an equation with this left side defines; None if it defines none."""
    letters = dictionary.survey.letters
    node = dictionary.survey.steps.settled(node)
    if isinstance(node, Sym) and not is_letter(node, letters) and node.base not in NO_QUANTITIES:
        named = take_apart(node, letters)
        name = dictionary.survey.name(named)
        of_entries = dictionary.survey.axes_beside(named) == 0  # the square of a matrix is no square of entries
        squared = is_square(named.power) and name in dictionary.survey.squared and of_entries
        plain_use = (named.power is None or squared) and not named.transposed
        steps = dictionary.survey.step_axes(name)
        places = all(is_letter(i, letters) or (k in steps and may_be_defined(i)) for k, i in enumerate(named.indices))
        return (name, "") if plain_use and places else None
    if isinstance(node, Juxt) and len(node.items) == 2:
        head, group = node.items
        if isinstance(head, Sym) and isinstance(group, Group) and is_labelled(head, letters) and group.sup is None:
            if head.base in NO_QUANTITIES or group.opening not in ("(", "["):  # ∇|x| is no function of x
                return None
            return _defined_value(head, group, node, dictionary)
    return None


def _defined_value(head: Sym, group: Group, node: Node, dictionary: Dictionary) -> tuple[str, str] | None:
    """What f(x) = … or P(Y = y | x) = … defines; a known function and the derivative of one are not defined."""
    letters = dictionary.survey.letters
    if head.base in PROBABILITY_LETTERS and is_event(group):
        return name_of(Reader(dictionary).read(node)), ""
    if not only_names(group) or dictionary.function(head.base) is not None or head.primes:
        return None
    if is_elsewhere(node, dictionary):
        return None
    return dictionary.survey.name(take_apart(head, letters)), str(argument_names(group, letters))


def is_elsewhere(node: Node, dictionary: Dictionary) -> bool:
    """Whether a node is the value of a function of the text at other arguments than it is defined with: f(0)."""
    head, group = node.items if isinstance(node, Juxt) and len(node.items) == 2 else (None, None)
    if not isinstance(head, Sym) or not isinstance(group, Group) or group.opening not in ("(", "["):
        return False
    formula = dictionary.formulas.get(dictionary.survey.name(take_apart(head, dictionary.survey.letters)))
    if formula is None or not formula.parameters or head.sup is not None or group.sup is not None:
        return False
    reader = Reader(dictionary)
    try:
        return not reader.samples and not is_at(formula, reader.arguments(group))
    except ValueError:
        return False


def stated(left: Node, right: Node, dictionary: Dictionary) -> Stated | None:
    """The definition that `left = right` makes, or None if its left side is no name.

    Raises: Unreadable: if the right side has no reading, or uses an index that the left side does not have.
    """
    found = defined_name(left, dictionary)
    if found is None:
        return None
    reader = Reader(dictionary)
    head = left.items[0] if isinstance(left, Juxt) else left
    applied = isinstance(head, Sym) and head.base not in PROBABILITY_LETTERS
    target, expr = reader.read(head if applied else left), reader.read(right)
    later: dict[Basic, Basic] = {i: 2 * i - p for p in indices_of(target) for i in free_indices(p) if p != i}
    target, expr = substitute(target, later), substitute(expr, later)  # z_l = … for z_{l+1} = …
    if isinstance(target, Pow):  # σ² = …, where σ is positive
        target, expr = target.base, sqrt(expr)
        if not dictionary.survey.squared.get(found[0]):
            reader.doubts.append(f"what is said of the square of {found[0]} may be an equation to solve")
    leaked = free_indices(expr) - free_indices(target)
    if leaked:
        raise Unreadable(
            f"the index {min(str(i.label) for i in leaked)} is neither summed over nor on the left", right.span
        )
    sample = next(iter(reader.samples & free_indices(target)), None)
    place = tuple(i for i in indices_of(target) if i != sample)
    if len(set(place)) < len(place):
        raise Unreadable("an entry is defined at one index twice; give each axis its own", left.span)
    return Stated(
        name=found[0],
        arguments=found[1],
        expr=expr,
        place=place,
        sample=sample,
        whole=bool(reader.samples) and sample is None,
        samples=frozenset(reader.samples),
        doubts=tuple(dict.fromkeys(reader.doubts)),
        demands=tuple(reader.demands),
        parameters=_parameters(left, dictionary) if isinstance(left, Juxt) else (),
    )


def _parameters(left: Juxt, dictionary: Dictionary) -> tuple[Value, ...]:
    """The arguments with which an equation defines a function; none if one of them cannot be read."""
    try:
        return Reader(dictionary).arguments(left.items[1])
    except ValueError:
        return ()


def per_point(expr: Expr) -> tuple[Expr, bool] | None:
    """The summand of a sum over the data points with their index dropped, and whether the sum is a mean.

    −1/(2n) Σ_i f(x^{(i)}) gives −f(x)/2, for one data point, and that it is a mean; Π_i f(x^{(i)}) is no sum.
    """
    heads = [f for f in Mul.make_args(expr) if isinstance(f, Sum)]
    if len(heads) != 1 or len(heads[0].limits) != 1:
        return None
    i, lower, upper = bound_in(heads[0])[0]
    factor = Mul(*(f for f in Mul.make_args(expr) if f not in heads))
    is_mean = not factor.is_number
    if is_mean:
        factor *= upper - lower + 1
    body = drop_sample(heads[0].function, i)
    return None if not factor.is_number or i in free_indices(body) else (factor * body, is_mean)


def _logarithms_as_sums(found: tuple[Stated, ...]) -> Iterator[Stated]:
    """Definitions with ℓ = Σ_i log p^{(i)} for ℓ = log L where L = Π_i p^{(i)} over the data points."""
    products = {scalar(s.name): s.expr for s in found if s.whole and isinstance(s.expr, Product)}
    for s in found:
        product = products.get(s.expr.args[0]) if isinstance(s.expr, log) else None
        summed = None if product is None else Sum(log(product.function), *product.limits)
        yield s if summed is None else dataclasses.replace(s, expr=summed, whole=True)


def drop_sample(expr: Expr, sample: Idx) -> Expr:
    """x^{(s)}_i as x_i, wherever the data point's index is the first."""

    def dropped(e: Expr) -> Expr | None:
        if isinstance(e, Indexed) and e.indices[0] == sample:
            rest = indices_of(e)[1:]
            return tensor(name_of(e))[rest] if rest else scalar(name_of(e))
        return None

    without: Expr = transform(expr, dropped)
    return without


def quantity(name: str, kind: Kind, dictionary: Dictionary, domain: Domain = Domain.REAL) -> Quantity:
    """A quantity of the text, with the axes and the LaTeX that its letter shows."""
    named = dictionary.survey.named.get(name)
    latex = named.latex if named else f"\\mathrm{{{name}}}"
    if name in dictionary.hidden:
        return Quantity(name=name, latex=latex, axes=dictionary.hidden[name], kind=kind)
    axes: list[Idx] = []
    for k in range(len(dictionary.survey.axis_letters.get(name, ()))):
        letter = dictionary.survey.letters_of_axes[name, k]
        letter = letter if letter not in {str(a.label) for a in axes} else letter + "'"
        axes.append(index(letter, *dictionary.axis(name, k, letter)))
    # a layer stands where a data point's index does: above, in brackets
    above = named is not None and named.base in dictionary.survey.steps.above and bool(axes)
    return Quantity(name=name, latex=latex, axes=tuple(axes), kind=kind, domain=domain, sample_axis=above)


def assemble(
    name: str,
    found: Iterable[Stated],
    dictionary: Dictionary,
    objective: str = "",
    points: Mapping[str, Idx] = NO_POINTS,
) -> Model:
    """The model of one data point that a set of definitions makes, in an order in which each uses earlier ones.

    A sum over the data points defines its summand for one point. What is used and never defined is given; its first
    axis is the index that `points` has for it.
    """
    bodies: dict[str, Body] = {}
    starts: dict[str, Body] = {}
    mean = False
    for s in _logarithms_as_sums(tuple(found)):
        expr: Expr | None = s.expr
        if s.sample is not None:
            expr = drop_sample(s.expr, s.sample)
        elif s.whole and (point := per_point(s.expr)) is not None:
            expr, mean = point
        elif s.whole:
            continue
        if expr is not None:
            (starts if s.starts else bodies)[s.name] = Body(expr=expr, place=s.place)
    order = in_order(bodies | _matrices(dictionary, points))
    definitions: list[Definition] = []
    given: dict[str, Quantity] = {}
    for n, body in order.bodies.items():
        definition, before = _definition(n, body, order.over.get(n), starts.get(n), dictionary)
        definitions.append(definition)
        given |= {before.name: before} if before is not None else {}
    used = {name_of(a) for d in definitions for e in (d.expr, d.base or Integer(0)) for a in names_in(e)}
    rest = sorted(used - order.bodies.keys() - given.keys())
    kinds = {n: _kind(n, dictionary) for n in rest}
    if not any(n in dictionary.survey.sampled or is_data(n) for n in rest):  # no data: one may ask for any derivative
        kinds = dict.fromkeys(rest, Kind.PARAMETER)
    for n in rest:
        held = quantity(n, kinds[n], dictionary)
        axes = ((points[n],) if n in points else ()) + held.axes
        given[n] = dataclasses.replace(held, axes=axes, sample_axis=n in points or held.sample_axis)
    return Model(
        name=name,
        title=name,
        given=tuple(given[n] for n in sorted(given)),
        definitions=tuple(definitions),
        objective=objective,
        mean=mean,
        sample=_data_axis(tuple(given.values()), tuple(order.over.values())),
    )


def _matrices(dictionary: Dictionary, points: Collection[str]) -> dict[str, Body]:
    """What stands under inverses as definitions of its own; in a model of one data point not what is made of all."""
    all_points = dictionary.survey.sampled.keys() - set(points)
    computed = (m for m in dictionary.matrices.values() if not all_points & {name_of(x) for x in names_in(m[1].entry)})
    return {name: Body(expr=a.entry, place=tuple(s.index for s in a.slots)) for name, a in computed}


def unstarted(found: Iterable[Stated]) -> tuple[str, ...]:
    """The recursions of a text that it does not say the start of."""
    found = tuple(found)
    order = in_order({s.name: s.body for s in found if not s.starts})
    started = {s.name for s in found if s.starts}
    return tuple(n for n in order.over if n not in started)


def _definition(
    name: str, body: Body, over: Idx | None, start: Body | None, dictionary: Dictionary
) -> tuple[Definition, Quantity | None]:
    """The definition of a name, and what is given before a recursion that the text does not say the start of."""
    place = tuple(i for i in body.place if isinstance(i, Idx))
    defined = dataclasses.replace(quantity(name, Kind.DEFINED, dictionary, _domain(name)), axes=place)
    if over is None:
        return Definition(quantity=defined, expr=body.expr), None
    before = _before(defined, over) if start is None else None
    if start is None:
        base = before.at() if before is not None else Integer(0)
    else:
        base = substitute(start.expr, {old: new for old, new in zip(start.place, place, strict=True) if old.has(Idx)})
    return Definition(quantity=defined, expr=body.expr, over=over, base=base), before


def _before(quantity: Quantity, over: Idx) -> Quantity:
    """What stands before the range of a recursion, h_0, as a quantity that is given."""
    first = over.lower - 1
    return Quantity(
        name=f"{quantity.name}_{first}",
        latex=f"{quantity.latex}^{{({first})}}",
        axes=tuple(i for i in quantity.axes if i != over),
        kind=Kind.DATA,
    )


def _data_axis(given: tuple[Quantity, ...], over: tuple[Idx, ...]) -> Idx | None:
    """The index that counts data points: one axis of all data, of no parameter, and along no recursion."""
    data = [q for q in given if q.kind is Kind.DATA and q.axes]
    trained = [(i.lower, i.upper) for q in given if q.kind is Kind.PARAMETER for i in q.axes]
    trained += [(i.lower, i.upper) for i in over]
    if not data or not any(q.kind is Kind.PARAMETER for q in given):
        return None
    for i in data[0].axes:
        ends = (i.lower, i.upper)
        once = all([(a.lower, a.upper) for a in q.axes].count(ends) == 1 for q in data)
        if once and ends not in trained:
            return i
    return None


def _domain(name: str) -> Domain:
    return Domain.POSITIVE if name.split("_")[0] in PROBABILITY_LETTERS else Domain.REAL


def _kind(name: str, dictionary: Dictionary) -> Kind:
    if name in dictionary.survey.sampled:
        return Kind.DATA
    if name in dictionary.survey.differentiated:
        return Kind.PARAMETER
    named = dictionary.survey.named.get(name)
    return role(named.base if named else name)


def read_model(formulas: Sequence[str], name: str, prose: str = "") -> tuple[Model, Dictionary]:
    """A model from the formulas of a text, in its own notation.

    The likelihood P(Y = y | …) of one point, if there is one, makes the log-likelihood LL = log P the objective;
    otherwise it is the last scalar that is defined.

    Args:
        formulas: LaTeX, each what stands between two delimiters.
        name: of the model.
        prose: the text around them, for the words that say what a letter is.
    Returns: the model for one data point, and what its letters mean.

    Raises:
        ReadError, Unreadable: if a formula cannot be read.
        ModelError: if nothing is defined.
    """
    nodes = [prepared(n) for latex in formulas for n in parse(latex)]
    dictionary = Dictionary(survey(nodes, prose), prose=prose)
    found: dict[tuple[str, bool], Stated] = {}
    for node in nodes:
        if isinstance(node, Chain) and node.operators[0] in DEFINING:
            definition = stated(node.operands[0], node.operands[1], dictionary)
            if definition is not None:
                found.setdefault((definition.name, definition.starts), definition)
    model = assemble(name, found.values(), dictionary)
    return with_objective(model), dictionary


def with_objective(model: Model) -> Model:
    """The model with the objective that its definitions suggest.

    Raises: ModelError: if no scalar is defined.
    """
    scalars = [d for d in model.definitions if not d.quantity.axes]
    if not scalars:
        raise ModelError(f"{model.name}: no formula defines a scalar to train; write for example E = …")
    likelihoods = [d.name for d in scalars if d.name in PROBABILITY_LETTERS and isinstance(d.expr, Mul | Pow | Product)]
    objective = scalars[-1].name
    if likelihoods and objective == likelihoods[0]:
        point = model.quantities[likelihoods[0]]
        ll = Definition(quantity=Quantity(name="LL", latex="LL"), expr=log(point.at()))
        definitions = (*model.definitions, ll)
        model = dataclasses.replace(model, definitions=definitions, likelihood=likelihoods[0])
        return dataclasses.replace(model, objective="LL", sense=Sense.MAXIMISE)
    sense = Sense.MAXIMISE if objective in MAXIMISED else Sense.MINIMISE
    return dataclasses.replace(model, objective=objective, sense=sense)

"""From a model as a lecture writes it to one that can be computed: pre-activations named, logarithms safe.

    ŷ = σ(Σ_j h_j θ_j)                      →   z = Σ_j h_j θ_j,  ŷ = σ(z)
    y log ŷ + (1 − y) log(1 − ŷ)            →   y z − softplus(z)

Every rewrite is an identity that the prover checks where it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from sympy import Add, Expr, Sum, Wild, exp, log

from derive.backprop import working
from derive.calculus.indices import free_indices, transform
from derive.model import Model
from derive.prove import Proof, prove
from derive.quantities import Definition, Quantity
from derive.rows.functions import RowFunction, gaussian, sigmoid, softplus
from derive.rows.unnamed import Unnamed
from derive.vocabulary import is_name, name_of, names_in

from .entries import arguments
from .exponentials import log_of_two, logs_of_products, shares_of_two, sums_opened
from .logsums import LogSums


@dataclass(frozen=True, kw_only=True)
class Identity:
    """before(z) = after(z) at every real z, where `after` keeps its accuracy and `before` does not."""

    name: str
    before: Callable[[Expr], Expr]
    after: Callable[[Expr], Expr]


@dataclass(frozen=True, kw_only=True)
class Rewrite:
    """One use of an identity: before = after in the model it was made in, and how that was proved."""

    rule: str
    before: Expr
    after: Expr
    proof: Proof | None


@dataclass(frozen=True, kw_only=True)
class Computable:
    """A model that can be computed as it stands.

    Attributes:
        named: the model with its pre-activations as names; proofs are made in it.
        model: the same with every definition in safe terms, equal by the rewrites.
        rewrites: what was changed, with proofs.
        sums: the logarithms of sums of exponentials.
    """

    named: Model
    model: Model
    rewrites: tuple[Rewrite, ...]
    sums: LogSums


IDENTITIES: tuple[Identity, ...] = (
    Identity(name="log of sigmoid", before=lambda z: log(sigmoid(z)), after=lambda z: -softplus(-z)),
    Identity(name="log of 1 − sigmoid", before=lambda z: log(1 - sigmoid(z)), after=lambda z: -softplus(z)),
    Identity(name="log of 1 + exp", before=lambda z: log(1 + exp(z)), after=lambda z: softplus(z)),
    Identity(name="log of Gaussian", before=lambda z: log(gaussian(z)), after=lambda z: -(z**2) / 2),
    Identity(name="log of exp", before=lambda z: log(exp(z)), after=lambda z: z),
    Identity(name="logistic fraction", before=lambda z: 1 / (1 + exp(-z)), after=lambda z: sigmoid(z)),
    Identity(name="exp over 1 + exp", before=lambda z: exp(z) / (1 + exp(z)), after=lambda z: sigmoid(z)),
)

REFLECTION = Identity(name="reflected softplus", before=lambda z: softplus(-z), after=lambda z: softplus(z) - z)


def computable(model: Model) -> Computable:
    """The model over its data with every pre-activation a name of its own and the objective in safe terms.

    Args:
        model: over data already (`Model.over_data`).
    """
    sums = LogSums(model=with_preactivations(model))
    named = sums.named()
    rewrites: list[Rewrite] = []
    definitions = tuple(_safe(named, d, rewrites, sums) for d in named.definitions)
    return Computable(named=named, model=replace(named, definitions=definitions), rewrites=tuple(rewrites), sums=sums)


# -- pre-activations -------------------------------------------------------------------------------


def with_preactivations(model: Model) -> Model:
    """f(z) with a composite argument becomes two definitions: z_name = …, and f of it."""
    names = set(model.quantities)
    definitions: list[Definition] = []
    for definition in model.definitions:
        parts, expr = _split(definition, names)
        definitions += [*parts, replace(definition, expr=expr)]
    return replace(model, definitions=tuple(definitions))


def _split(definition: Definition, names: set[str]) -> tuple[list[Definition], Expr]:
    """The pre-activations of one definition, and the definition with them as names."""
    parts: list[Definition] = []

    def named(expr: Expr) -> Expr | None:
        if not isinstance(expr, RowFunction | Unnamed) or len(expr.args) > 1 or not expr.args[0].has(Sum):
            return None
        inner = transform(arguments(expr)[0], named)
        found = next((p for p in parts if p.expr == inner), None)
        if found is None:
            found = Definition(quantity=_preactivation(definition.quantity, inner, names), expr=inner)
            parts.append(found)
        applied: Expr = expr.func(found.target)
        return applied

    return parts, transform(definition.expr, named)


def _preactivation(quantity: Quantity, expr: Expr, names: set[str]) -> Quantity:
    """A new quantity z_name over the free indices of its expression, those of `quantity` first."""
    name = f"z_{quantity.name}"
    while name in names:
        name += "_"
    names.add(name)
    free = free_indices(expr)
    own = [i for i in quantity.axes if i in free]
    axes = (*own, *sorted(free - set(own), key=str))
    sample = quantity.sample_axis and bool(own) and own[0] == quantity.axes[0]
    return Quantity(name=name, latex=f"z^{{({quantity.latex})}}", axes=axes, sample_axis=sample)


Steps = tuple[tuple[str, Callable[[Expr], Expr]], ...]


# -- safe forms ------------------------------------------------------------------------------------


def _safe(model: Model, definition: Definition, rewrites: list[Rewrite], sums: LogSums) -> Definition:
    """The definition with its logarithms in safe terms, each change recorded with its proof."""
    expr = definition.expr
    if definition.name in sums.names:
        return definition
    if definition.name in sums.exponents:
        steps: Steps = (("exponential of its logarithm", lambda e: sums.exponential_of(definition)),)
    else:
        steps = _steps(model, definition, sums)
    for rule, rewrite in steps:
        after = rewrite(expr)
        if after != expr:
            rewrites.append(Rewrite(rule=rule, before=expr, after=after, proof=prove(expr, after, model)))
            expr = after
    return replace(definition, expr=expr)


def _steps(model: Model, definition: Definition, sums: LogSums) -> Steps:
    """The rewrites that are tried, in order."""
    return (
        ("multiplied out", partial(_closed, model, definition)),
        ("in terms of pre-activations", partial(_logs_unfolded, model)),
        ("log of a softmax", partial(_softmax_unfolded, model, sums)),
        ("log of a product with an exponential", partial(logs_of_products, model)),
        ("sum of exponentials", partial(sums_opened, model)),
        ("log of a sum of exponentials", sums.rewritten),
        ("log of two exponentials", log_of_two),
        ("share of two exponentials", shares_of_two),
        *((identity.name, partial(_applied, identity)) for identity in IDENTITIES),
        (REFLECTION.name, _reflected),
    )


def _closed(model: Model, definition: Definition, expr: Expr) -> Expr:
    """The closed form in which a log-likelihood is a sum, Σ_s log P^{(s)} with P multiplied out."""
    return working(model).defined[definition.name].expr if expr.has(log) else expr


def _logs_unfolded(model: Model, expr: Expr) -> Expr:
    """Logarithms of functions of a pre-activation opened, where an identity then applies."""

    def unfolded(e: Expr) -> Expr | None:
        if not isinstance(e, log):
            return None
        names = {name_of(a) for a in names_in(e)}
        known = [n for n in names if n in model.defined and isinstance(model.defined[n].expr, RowFunction)]
        opened = model.unfold(e, *known)
        return opened if any(_applied(identity, opened) != opened for identity in IDENTITIES) else None

    return transform(expr, unfolded)


def _softmax_unfolded(model: Model, sums: LogSums, expr: Expr) -> Expr:
    """log p = z − log Z where p is e^z over a sum of exponentials."""

    def unfolded(e: Expr) -> Expr | None:
        name = name_of(arguments(e)[0]) if isinstance(e, log) and is_name(arguments(e)[0]) else ""
        if name not in model.defined:
            return None
        body = sums.rewritten(model.body(arguments(e)[0]))
        return arguments(body)[0] if isinstance(body, exp) else None

    return transform(expr, unfolded)


def _applied(identity: Identity, expr: Expr) -> Expr:
    z: Expr = Wild("z")
    pattern = identity.before(z)

    def after(e: Expr) -> Expr | None:
        found = e.match(pattern) if type(e) is type(pattern) else None
        return identity.after(transform(found[z], after)) if found and z in found else None

    return transform(expr, after)


def _reflected(expr: Expr) -> Expr:
    """softplus(−z) = softplus(z) − z in sums that hold both, so that their softplus terms collect."""

    def after(e: Expr) -> Expr | None:
        if not isinstance(e, Add):
            return None
        inside = {arguments(s)[0] for s in e.atoms(softplus)}
        both = [z for z in inside if -z in inside and not z.could_extract_minus_sign()]
        if not both:
            return None
        swapped = e.xreplace({REFLECTION.before(z): REFLECTION.after(z) for z in both})
        expanded = swapped.expand()
        return expanded if len(expanded.atoms(softplus)) and expanded.count_ops() < e.count_ops() else None

    return transform(expr, after)

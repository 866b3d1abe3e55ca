"""Where a function of one variable is defined, what it is on each piece, and what it does where the pieces meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sympy import And, Basic, Expr, Integer, Le, Lt, Piecewise, Symbol, oo

from ..calculus.indices import free_indices, substitute
from ..calculus.positivity import positive
from ..calculus.tidy import tidy
from ..kinks import Kink, NoPieces, Piece, is_convex, kinks, pieces
from ..prove import prove, reliable_facts
from ..quantities import Definition, Domain, Quantity
from ..vocabulary import Interval, Partial, name_of
from .answers import Answer, Line, Relation, Sign
from .words import at

if TYPE_CHECKING:
    from ..model import Model

FEW_VALUES: Mapping[Domain, tuple[int, ...]] = {Domain.SIGN: (1, -1), Domain.BINARY: (1, 0)}
SIDES = {"left": "-", "right": "+"}


@dataclass(frozen=True, kw_only=True)
class Kinks:
    """Where does a quantity have a derivative by another, what are its slopes, and what are its subgradients?

    Where a sign that matters depends on a name with two values, such as a label, both are taken in turn.

    Attributes:
        of: the name of a scalar, or of one that is taken entry by entry.
        wrt: the name it is a function of.
    """

    of: str
    wrt: str

    def answer(self, model: Model) -> Answer:
        """The domain, the pieces with their slopes, and at each kink the one-sided slopes and what lies between."""
        target, variable = model.quantities[self.of].at(), model.quantities[self.wrt].at()
        expr = model.body(target)
        try:
            parts = [_Part(model=model, of=target, variable=variable, expr=expr)]
            parts[0].look()
        except NoPieces:
            parts = list(_by_value(model, target, variable, expr))
        return Answer(
            title=f"Domain, slope and kinks of {{{self.of}}} as a function of {{{self.wrt}}}",
            model=replace(model, definitions=(*model.definitions, *(d for p in parts for d in p.names()))),
            lines=(parts[0].domain(), *(line for part in parts for line in part.lines())),
            conclusion=(" ".join(dict.fromkeys(word for part in parts for word in part.conclusion())),),
        )


def _by_value(model: Model, target: Expr, variable: Expr, expr: Expr) -> Iterator[_Part]:
    """The same for each value of the first name that has two.

    Raises: NoPieces: if there is none, or that does not help.
    """
    facts = reliable_facts(model)
    named = [a for a in expr.atoms(Symbol) if facts.get(a.name) in FEW_VALUES]
    if not named:
        raise NoPieces(f"{target}: where its pieces meet is not decided by the domains of its names; narrow them")
    chosen = min(named, key=str)
    for value in FEW_VALUES[facts[chosen.name]]:
        fixed: dict[Basic, Basic] = {chosen: Integer(value)}
        case = _Part(
            model=model, of=target, variable=variable, expr=substitute(expr, fixed), value=(chosen, Integer(value))
        )
        case.look()
        yield case


@dataclass(frozen=True, kw_only=True)
class _Part:
    """The function, or its case for one value of a name."""

    model: Model
    of: Expr
    variable: Expr
    expr: Expr
    value: tuple[Expr, Expr] | None = None

    def look(self) -> tuple[tuple[Piece, ...], tuple[Kink, ...]]:
        """The pieces and the kinks."""
        facts = reliable_facts(self.model)
        return pieces(self.expr, self.variable, facts), kinks(self.expr, self.variable, facts)

    def names(self) -> Iterator[Definition]:
        """The slopes at each kink, which are defined as those of the pieces there."""
        found, bends = self.look()
        for k, kink in enumerate(bends):
            here: dict[Basic, Basic] = {self.variable: kink.at}
            before, after = next((a, b) for a, b in pairwise(found) if a.upper == kink.at)
            for side, piece in (("left", before), ("right", after)):
                yield Definition(quantity=self._name(side, k), expr=substitute(piece.slope, here))

    def _name(self, side: str, k: int) -> Quantity:
        latex = rf"{self.model.quantities[name_of(self.of)].latex}'_{{{SIDES[side]}}}"
        tag = (
            "" if self.value is None else f"_{self.value[0]}_{'minus' if self.value[1] < 0 else ''}{abs(self.value[1])}"
        )
        axes: Any = sorted(free_indices(self.variable), key=str)
        return Quantity(name=f"{name_of(self.of)}_{side}{tag}_{k}", latex=latex, axes=tuple(axes))

    def domain(self) -> Line:
        """Where the function has a value."""
        found, _ = self.look()
        return _said("domain", self.variable, Sign.ELEMENT, Interval(found[0].lower, found[-1].upper, Integer(0)))

    def lines(self) -> Iterator[Line]:
        """The pieces, their slopes, and the kinks."""
        found, bends = self.look()
        corners, jumps = {k.at for k in bends}, {k.at for k in bends if not k.continuous}
        if len(found) > 1 or self.value is not None:
            whole = _cases([(p, p.expr) for p in found], self.variable, jumps)
            yield _said(self._for("piece by piece"), self.of, Sign.EQUAL, whole)
        slopes = _cases([(p, p.slope) for p in found], self.variable, corners)
        yield _said(self._for("slope"), Partial(self.of, self.variable), Sign.EQUAL, slopes)
        for k, kink in enumerate(bends):
            yield from self._at(kink, k)

    def _at(self, kink: Kink, k: int) -> Iterator[Line]:
        facts = reliable_facts(self.model)
        if not kink.continuous:
            yield _said(self._for("a jump"), self.variable, Sign.EQUAL, kink.at)
            yield _said(self._for("the value there"), self.of, Sign.EQUAL, kink.value)
            return
        gap = tidy(kink.right - kink.left)
        way = 1 if positive(gap, facts) else -1 if positive(-gap, facts) else 0
        yield _said(self._for("a kink"), self.variable, Sign.EQUAL, kink.at, sure=way != 0)
        model = replace(self.model, definitions=(*self.model.definitions, *self.names()))
        for side, value in (("left", kink.left), ("right", kink.right)):
            name = self._name(side, k).at()
            yield Line.equal(name, value, prove(name, value, model), self._for(f"slope from the {side}"))
        ends = (kink.left, kink.right) if way >= 0 else (kink.right, kink.left)
        word = "subdifferential" if is_convex(self.expr, self.variable, facts) else "generalised gradient"
        yield _said(self._for(word), _free("g", self.model), Sign.ELEMENT, Interval(*ends, Integer(1)), sure=way != 0)

    def _for(self, label: str) -> str:
        return label if self.value is None else f"{at(*self.value, self.model)}: {label}"

    def conclusion(self) -> Iterator[str]:
        """What the lines come to."""
        found, bends = self.look()
        if len(found) > 1 and all(piece.slope == 0 for piece in found):
            yield "The slope is zero wherever there is one, so a step along it goes nowhere."
        if not bends:
            yield "There are no kinks: the derivative exists wherever the function is defined."
        if any(not kink.continuous for kink in bends):
            yield "Where it jumps there is neither a derivative nor a subgradient."
        elif bends:
            yield "The derivative exists everywhere else; at a kink any number of the interval may serve as gradient."
        if is_convex(self.expr, self.variable, reliable_facts(self.model)):
            yield "It is convex: the slopes do not fall."


def _said(label: str, left: Expr, sign: Sign, right: Expr, *, sure: bool = True) -> Line:
    """A line that the pieces establish."""
    relation = Relation(left=left, sign=sign, right=right)
    return Line(relation=relation, label=label, verdict="proved" if sure else "undecided")


def _free(name: str, model: Model) -> Expr:
    """A scalar with a name that the model does not have."""
    while name in model.quantities:
        name += "g"
    return Quantity(name=name, latex=name).at()


def _cases(parts: list[tuple[Piece, Expr]], variable: Expr, left_out: set[Expr]) -> Expr:
    """What holds on each piece; a place to be left out belongs to none."""
    if len(parts) == 1:
        return parts[0][1]
    rows: list[Any] = []
    for piece, expr in parts:
        low = [] if piece.lower == -oo else [Lt(piece.lower, variable, evaluate=False)]
        less = Lt if piece.upper in left_out else Le
        high = [] if piece.upper == oo else [less(variable, piece.upper, evaluate=False)]
        rows.append((expr, And(*low, *high)))
    return Piecewise(*rows, evaluate=False)

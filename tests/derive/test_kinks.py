"""The laws of pieces and kinks: what is said of a function of one variable is what numbers say, at its kinks too."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from sympy import Abs, Expr, Indexed, Integer, Max, Min, Symbol, log, oo, sign

from derive.backprop import partial
from derive.catalog import all_models
from derive.kinks import Kink, NoPieces, Piece, domain, is_convex, kinks, pieces
from derive.model import Model
from derive.prove import prove, reliable_facts
from derive.quantities import Domain
from derive.questions.kinks import FEW_VALUES, Kinks
from derive.rows.building import define, name, parameter
from derive.rows.functions import relu, softplus
from derive.rows.models import mlp
from derive.vocabulary import Partial, Positive, index, name_of, scalar, size, tensor
from lowering.numeric.arithmetic import mpmath_arithmetic
from lowering.numeric.environment import Environment
from lowering.numeric.evaluate import evaluate

EXACT = mpmath_arithmetic(80)
NEAR = EXACT.convert("1e-40")
LAWS_AT: dict[Domain, tuple[Any, ...]] = {
    Domain.SIGN: (-1, 1),
    Domain.BINARY: (0, 1),
    Domain.UNIT: ("0.25", "0.75"),
    Domain.SIMPLEX: ("0.25", "0.5"),
}
LAWS_AT |= {Domain.POSITIVE: ("0.5", "2.25"), Domain.NATURAL: (0, 3), Domain.REAL: ("-1.5", "0", "0.75")}
STEPS = ("-7", "-1.25", "-0.5", "0.125", "1", "3.5")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A function of one variable at values of its other names, with what is claimed of it."""

    expr: Expr
    variable: Expr
    known: Mapping[str, Any]
    pieces: tuple[Piece, ...]
    kinks: tuple[Kink, ...]
    convex: bool

    def number(self, expr: Expr, at: Any = 0) -> Any:
        """An expression at a value of the variable."""
        plain: Any = expr.replace(lambda e: isinstance(e, Indexed), lambda e: scalar(name_of(e)))
        values = {**self.known, name_of(self.variable): at}
        arrays = {n: EXACT.convert(np.array([v])) for n, v in values.items()}
        return evaluate(plain, Environment(values=arrays, sizes={"K": 3}), (), EXACT)[0]

    def f(self, at: Any) -> Any:
        return self.number(self.expr, at)

    @cached_property
    def ends(self) -> list[tuple[Any, Any]]:
        """The ends of each piece as numbers."""
        far = EXACT.convert(12)
        return [
            (-far if p.lower == -oo else self.number(p.lower), far if p.upper == oo else self.number(p.upper))
            for p in self.pieces
        ]

    def inside(self) -> Iterator[tuple[Piece, Any]]:
        """Points strictly inside the pieces."""
        for piece, (low, high) in zip(self.pieces, self.ends, strict=True):
            for part in ("0.0625", "0.3", "0.5", "0.8"):
                yield piece, low + (high - low) * EXACT.convert(part)


def same(a: Any, b: Any, tolerance: str = "1e-30") -> bool:
    return bool(abs(a - b) <= EXACT.convert(tolerance) * (1 + abs(b)))


# -- the laws, as functions that say whether a case keeps them -------------------------------------------


def values_hold(case: Case) -> bool:
    return all(same(case.number(p.expr, x), case.f(x)) for p, x in case.inside())


def slopes_hold(case: Case) -> bool:
    """Against central differences, whose error is of the order of the square of the step."""
    return all(
        same(case.number(p.slope, x), (case.f(x + NEAR) - case.f(x - NEAR)) / (2 * NEAR)) for p, x in case.inside()
    )


def pieces_cover(case: Case) -> bool:
    return all(a.upper == b.lower for a, b in itertools.pairwise(case.pieces)) and all(a < b for a, b in case.ends)


def domain_is_largest(case: Case) -> bool:
    """There is a value just inside a finite end, and none just outside."""
    (low, _), (_, high) = case.ends[0], case.ends[-1]
    held = []
    for end, whole, way in ((low, case.pieces[0].lower == -oo, 1), (high, case.pieces[-1].upper == oo, -1)):
        if not whole:
            within, without = case.f(end + way * NEAR), case.f(end - way * NEAR)
            held += [within == within, without != without]
    return all(held)


def kinks_hold(case: Case) -> bool:
    """One-sided difference quotients, and the limits of the values."""
    for kink in case.kinks:
        at = case.number(kink.at)
        if not same(case.number(kink.value), case.f(at)) or not kink.continuous:
            sides = (case.f(at - NEAR), case.f(at + NEAR))
            jumps = not same(sides[0], sides[1])
            limits = same(sides[0], case.number(kink.below)) and same(sides[1], case.number(kink.above))
            if kink.continuous or not (jumps and limits and same(case.number(kink.value), case.f(at))):
                return False
            continue
        left, right = ((case.f(at + way * NEAR) - case.f(at)) / (way * NEAR) for way in (-1, 1))
        claimed = case.number(kink.left), case.number(kink.right)
        if not (same(claimed[0], left) and same(claimed[1], right)) or same(left, right):
            return False
    return True


def nothing_is_left_out(case: Case) -> bool:
    """Where two pieces meet and no kink is claimed, the slopes from both sides are equal."""
    meeting = {p.upper for p in case.pieces[:-1]} - {k.at for k in case.kinks}
    places = [case.number(at) for at in meeting]
    return all(same((case.f(x) - case.f(x - NEAR)) / NEAR, (case.f(x + NEAR) - case.f(x)) / NEAR) for x in places)


def subgradients_hold(case: Case) -> bool:
    """f(y) ≥ f(x) + g (y − x) for the ends and the middle of every subdifferential, if convexity is claimed."""
    if not case.convex:
        return True
    points = [(x, case.number(p.slope, x)) for p, x in case.inside()]
    for kink in case.kinks:
        left, right = case.number(kink.left), case.number(kink.right)
        points += [(case.number(kink.at), g) for g in (left, (left + right) / 2, right)]
    (low, _), (_, high) = case.ends[0], case.ends[-1]
    others = [
        x for x in (*(x for _, x in case.inside()), *EXACT.convert(np.array(STEPS, dtype=object))) if low < x < high
    ]
    slack = EXACT.convert("1e-30")
    return all(case.f(y) >= case.f(x) + g * (y - x) - slack for x, g in points for y in others)


LAWS = (
    values_hold,
    slopes_hold,
    pieces_cover,
    domain_is_largest,
    kinks_hold,
    nothing_is_left_out,
    subgradients_hold,
)


# -- the functions they are asked of -----------------------------------------------------------------------


def cases_of(expr: Expr, variable: Expr, facts: Mapping[str, Domain]) -> Iterator[Case]:
    """At all values of the names with two, and at a few of the others."""
    others = sorted({name_of(a) for a in expr.atoms(Symbol, Indexed) if name_of(a) in facts} - {name_of(variable)})
    two = [n for n in others if facts[n] is Domain.SIGN]
    for chosen in itertools.product(*(FEW_VALUES[facts[n]] for n in two)):
        fixed = expr.xreplace({scalar(n): Integer(v) for n, v in zip(two, chosen, strict=True)})
        found = pieces(fixed, variable, facts), kinks(fixed, variable, facts), is_convex(fixed, variable, facts)
        rest = [n for n in others if n not in two]
        for k in range(2):
            known = {n: LAWS_AT[facts[n]][(k + j) % len(LAWS_AT[facts[n]])] for j, n in enumerate(rest)}
            yield Case(expr=fixed, variable=variable, known=known, pieces=found[0], kinks=found[1], convex=found[2])


def asked(model: Model) -> Iterator[Case]:
    for question in model.questions:
        if isinstance(question, Kinks):
            target, variable = model.quantities[question.of].at(), model.quantities[question.wrt].at()
            yield from cases_of(model.body(target), variable, reliable_facts(model))


ROWS = [m for m in all_models() if any(isinstance(q, Kinks) for q in m.questions)]
X, D = scalar("x"), scalar("d")
FACTS = {"d": Domain.POSITIVE, "x": Domain.REAL}
MORE = (  # not in the catalogue
    Max(0, X, 2 * X - 1),
    Min(X + D, Abs(X)),
    Abs(Abs(X - 1) - D - 2),
    X * sign(X - D),
    Positive(X) + Positive(X - D),
    Max(X, 0) ** 2 - Abs(X),
    Abs(X) ** 3,
    X * Positive(D - X),
)


@pytest.mark.parametrize("model", ROWS, ids=lambda m: m.name)
def test_every_row_keeps_every_law(model: Model) -> None:
    for case in asked(model):
        for law in LAWS:
            assert law(case), (law.__name__, case.known, case.pieces, case.kinks)


@pytest.mark.parametrize("expr", MORE, ids=str)
def test_other_functions_keep_every_law(expr: Expr) -> None:
    for case in cases_of(expr, X, FACTS):
        for law in LAWS:
            assert law(case), (law.__name__, case.known, case.pieces, case.kinks)


# -- a wrong claim is caught -----------------------------------------------------------------------------


def mutants(case: Case) -> Iterator[tuple[str, Case]]:
    """The case with one thing that is claimed of it wrong."""
    for k, piece in enumerate(case.pieces):
        for word, wrong in (
            ("value shifted", replace(piece, expr=piece.expr + 1)),
            ("slope negated", replace(piece, slope=-piece.slope)),
            ("slope shifted", replace(piece, slope=piece.slope + 1)),
            ("slope doubled", replace(piece, slope=2 * piece.slope)),
        ):
            if wrong != piece:
                yield word, replace(case, pieces=(*case.pieces[:k], wrong, *case.pieces[k + 1 :]))
    for k, kink in enumerate(case.kinks):
        for word, bent in (
            ("kink moved", replace(kink, at=kink.at + 1)),
            ("sides swapped", replace(kink, left=kink.right, right=kink.left)),
            ("smooth", replace(kink, left=kink.right)),
            ("value shifted", replace(kink, value=kink.value + 1)),
            ("continuity denied", replace(kink, continuous=not kink.continuous)),
        ):
            if bent != kink and not (word in ("sides swapped", "smooth") and not kink.continuous):
                yield word, replace(case, kinks=(*case.kinks[:k], bent, *case.kinks[k + 1 :]))
        yield "kink left out", replace(case, kinks=(*case.kinks[:k], *case.kinks[k + 1 :]))


@pytest.mark.parametrize("model", ROWS, ids=lambda m: m.name)
def test_every_wrong_claim_about_a_row_breaks_a_law(model: Model) -> None:
    for case in itertools.islice(asked(model), 0, None, 2):
        for word, wrong in mutants(case):
            assert not all(law(wrong) for law in LAWS), (word, wrong.pieces, wrong.kinks)


def test_convexity_is_claimed_for_the_whole_domain_that_is_found() -> None:
    """d³ is convex for d > 0, but has a value everywhere; −log d is convex wherever it has one."""
    d = scalar("d")
    assert not is_convex(d**3, d, FACTS)
    assert is_convex(-log(d), d, FACTS)
    assert is_convex(d**3 - log(d), d, FACTS)


def test_a_function_that_is_not_convex_breaks_the_subgradient_inequality() -> None:
    (case, *_) = cases_of(-Abs(X), X, FACTS)
    assert not case.convex
    assert not subgradients_hold(replace(case, convex=True))


# -- what a proof about a derivative says of kinks ---------------------------------------------------------


def test_a_proof_names_what_it_is_off_the_kinks_of() -> None:
    """x = max(x, 0) + min(x, 0) has the slope 1 at 0 too, where the brackets say 0: the proof is off the kinks of f."""
    model = Model(
        name="split",
        title="split",
        given=(parameter("x"), parameter("c")),
        definitions=(
            define(name("f"), Max(X, 0) + Min(X, 0)),
            define(name("g"), scalar("c") * X),
            define(name("h"), scalar("f") + scalar("g")),
        ),
        objective="h",
    )
    claims = (
        ("f", Positive(X) + Positive(-X), ("f off its kinks",)),
        ("h", Positive(X) + Positive(-X) + scalar("c"), ("f off its kinks",)),
        ("g", scalar("c"), ()),
    )
    for of, slope, conditions in claims:
        proof = prove(Partial(scalar(of), X), slope, model)
        assert proof is not None
        assert proof.conditions == conditions
    values = prove(scalar("f"), X, model)
    assert values is not None
    assert values.conditions == ()
    direct = prove(Partial(Abs(X), X), sign(X), model)
    assert direct is not None
    assert direct.conditions == ("x off its kinks",)
    assert prove(Partial(scalar("h"), scalar("c")), X, model) is not None
    assert prove(Partial(scalar("f"), X), Integer(1), model) is None


def test_a_network_with_a_kink_says_so() -> None:
    for activation, expected in ((relu, True), (softplus, False)):
        model = mlp(activation)
        found = partial(model, model.quantities["LL"].at(), model.quantities["theta_h"].at())
        assert found.proof is not None
        assert ("h off its kinks" in found.proof.conditions) is expected


# -- what is refused, and what an answer says ------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "words"),
    [
        (Max(0, 1 - scalar("t") * X), "the sign of"),
        (Abs(X**2 - 1), "is no line in x"),
        (Abs(X) + Abs(X - scalar("a")), "is not placed"),
    ],
)
def test_what_the_domains_do_not_decide_is_refused(expr: Expr, words: str) -> None:
    with pytest.raises(NoPieces, match=words):
        pieces(expr, X, FACTS)


def test_entries_that_are_coupled_are_refused() -> None:
    j, k = index("j", 1, size("d")), index("k", 1, size("d"))
    with pytest.raises(NoPieces, match="beside other entries"):
        pieces(Abs(tensor("u")[j] - tensor("u")[k]), tensor("u")[j], {})


def test_a_smooth_meeting_is_no_kink() -> None:
    """|x|³ has two pieces and a derivative everywhere."""
    assert len(pieces(Abs(X) ** 3, X, FACTS)) == 2
    assert kinks(Abs(X) ** 3, X, FACTS) == ()


@pytest.mark.parametrize("model", ROWS, ids=lambda m: m.name)
def test_the_domain_found_holds_the_domain_declared(model: Model) -> None:
    """A row says where its prediction lies; there the loss has a value."""
    for question in model.questions:
        if isinstance(question, Kinks):
            facts, variable = reliable_facts(model), model.quantities[question.wrt].at()
            for case in asked(model):
                low, high = domain(case.expr, variable, facts)
                declared = {Domain.UNIT: (0, 1), Domain.POSITIVE: (0, oo)}.get(facts[question.wrt], (-oo, oo))
                if case.variable == variable:
                    assert low <= declared[0] and declared[1] <= high

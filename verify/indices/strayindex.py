r"""∂L/∂w_j = −Σ_n e_n x_{nl}: an index on the right alone, where the one on the left alone makes the equation true."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Sum

from derive.calculus.indices import free_indices
from derive.notation.runs import walk
from derive.notation.syntax import Big, Num, Sym
from derive.vocabulary import Partial

from ..context import Context
from ..found import Found
from ..judge import Equation
from ..lines import Line
from ..repair import Pose, repair
from ..results import Verdict
from ..rules.edit import Edit, Rule, Side
from ..rules.swapped_index import RULE


def stray_index(
    line: Line, equation: Equation, context: Context, verdict: Callable[[Line], Verdict], pose: Pose
) -> Found | None:
    """The finding on a derivative whose right side has another free index than the left, over the same range.

    Where the left side has none, over the range of a sum on the right: ∂C/∂w = Σ_i e_i x_j.

    None unless one index in the other's place makes it provable: nothing else tells that the letter is a slip. The
    other may stand on the right as well: Σ_n r_{nk} (x_n − μ_c), where c is the only one on the left.
    """
    left, right = free_indices(equation.left), free_indices(equation.right)
    stray, missing = right - left, left - right
    if len(stray) != 1 or len(missing) > 1 or not equation.left.has(Partial):
        return None
    (i,) = stray
    if not missing and (numbered := _numbered(line, str(i.label), context, verdict, pose)) is not None:
        return numbered
    if (bound := _rebound(line, str(i.label), {str(j.label) for j in left}, context, verdict, pose)) is not None:
        return bound
    summed = {limits for s in equation.right.atoms(Sum) for limits in s.limits}
    ranges = {(j.lower, j.upper) for j in missing or left} or {(low, high) for _, low, high in summed}
    if (i.lower, i.upper) not in ranges:
        return None
    found = repair(line, context, verdict, pose, (RULE,))
    if found is None or found[1].verdict is not Verdict.PROVED:
        return None
    because = f"the index {i.label} stands on the right only"
    because += "".join(f", and {j.label} on the left only" for j in missing)
    return Found(verdict=Verdict.CONFLICT, because=because, rule=found[0].code, suggestion=found[1])


def _rebound(
    line: Line, stray: str, left: set[str], context: Context, verdict: Callable[[Line], Verdict], pose: Pose
) -> Found | None:
    """The finding on ∂L/∂γ_j = Σ_j g_{ij} x_{ij}: the sum binds the index of the left side, and no other binds i."""

    def edits(side: Side) -> Iterator[Edit]:
        for below in (n.below for n in walk(side.node) if isinstance(n, Big) and n.op == "sum"):
            for sym in (n for n in walk(below) if isinstance(n, Sym)) if below is not None else ():
                if sym.base in left and sym.sub is None:
                    yield side.edit("index", *sym.span, stray, sym.span)
                    break

    found = repair(line, context, verdict, pose, (Rule(code=RULE.code, name=RULE.name, edits=edits),))
    if found is None or found[1].verdict is not Verdict.PROVED:
        return None
    because = f"the index {stray} stands on the right only, and the sum there binds one of the left"
    return Found(verdict=Verdict.CONFLICT, because=because, rule=found[0].code, suggestion=found[1])


def _numbered(
    line: Line, letter: str, context: Context, verdict: Callable[[Line], Verdict], pose: Pose
) -> Found | None:
    """The finding on ∂J/∂θ_0 = … x_j, of which the right side is proved to be ∂J/∂θ_j."""

    def edits(side: Side) -> Iterator[Edit]:
        for sym in (n for n in walk(side.node) if isinstance(n, Sym) and isinstance(n.sub, Num)):
            assert sym.sub is not None
            yield side.edit("index", *sym.sub.span, letter, sym.span)

    found = repair(line, context, verdict, pose, (Rule(code=RULE.code, name=RULE.name, edits=edits),))
    if found is None or found[1].verdict is not Verdict.PROVED:
        return None
    because = f"the index {letter} stands on the right only, and a number in its place on the left"
    return Found(verdict=Verdict.CONFLICT, because=because, rule=found[0].code, suggestion=found[1])

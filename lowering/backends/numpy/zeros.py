"""Zeros under logarithms: 0 · log 0 = 0, the limit of x log x, and logits of −∞, by which classes are masked."""

from __future__ import annotations

from sympy import Add, Expr, Function, Mul, log

from derive.calculus.indices import transform
from derive.vocabulary import is_name, name_of, names_in

from ...entries import arguments
from ...operations import Elementwise, LogSumExp
from ...program import Program

LOG = '''
def _log(x):
    """log x, and 0 where x is 0: what it is in is multiplied by x."""
    return np.log(np.where(x == 0, 1, x))
'''


class LogTimes(Function):
    """log x in an expression that is multiplied by x, so that its value at 0 is of no account."""


def zeros_kept(expr: Expr) -> Expr:
    """The expression with log x as `LogTimes` wherever x (log x + …) stands."""

    def kept(e: Expr) -> Expr | None:
        if not isinstance(e, Mul):
            return None
        factors = Mul.make_args(e)
        times = [f for f in factors if is_name(f)]
        if not times or not any(isinstance(a, log) for f in factors for a in f.atoms(log)):
            return None
        return Mul(*(_times(f, times) for f in factors))

    return transform(expr, kept)


def _times(factor: Expr, times: list[Expr]) -> Expr:
    """A factor with log x replaced, for every x among the others, where it is a term of it."""
    found = {log(x): LogTimes(x) for x in times}
    terms = []
    for term in Add.make_args(factor):
        parts = (found.get(f, zeros_kept(f)) for f in Mul.make_args(term))
        terms.append(Mul(*parts))
    return Add(*terms)


def may_be_masked(whole: LogSumExp, program: Program) -> bool:
    """Whether logits may be −∞: they are given, or something that is given is added to them."""
    made = (program.by_name.get(name_of(z)) for z in names_in(whole.expr))
    return any(o is None or (isinstance(o, Elementwise) and _adds_given(o.expr, program)) for o in made)


def _adds_given(expr: Expr, program: Program) -> bool:
    terms = arguments(expr) if isinstance(expr, Add) else (expr,)
    return any(is_name(t) and name_of(t) not in program.by_name for t in terms)

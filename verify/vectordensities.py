r"""Normal densities of a vector that do not integrate to 1 already where the vector has one entry.

    (2π)^{-D/2} |Σ|^{-1/2} exp(−½ (x − μ)^T Σ^{-1} (x − μ))   →   (2πΣ)^{-1/2} exp(−(x − μ)² / (2Σ))

Only a formula with such a power of 2π before an exponential counts, and only where one edit makes it a density.
"""

from __future__ import annotations

import re

from derive.model import ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.runs import walk
from derive.notation.syntax import Big, Fn, Group, Node, Num, Sym
from derive.vocabulary import is_name, name_of, names_in

from .alone import alone
from .context import Context
from .found import Found
from .functions import applied
from .judge import Equation, with_variables
from .lines import Line
from .normalised import Density, is_one, not_one, off_one
from .oneentry import NotAlone
from .quadrature import LINE
from .repair import repair
from .results import Verdict

HEADS = frozenset({"p", "P", "q", "f", "g", "N", "phi", "pi"})
OTHERWISE = re.compile(
    r"unnormali[sz]|not normali[sz]|proportional|up to\b|improper|\btruncat|\bwrong|mistake|\bapproximat|\bcomplex\b",
    re.IGNORECASE,
)


def unnormalised_vector(line: Line, context: Context) -> Found | None:
    """What is found of a normal density of a vector that one edit would make integrate to 1; None of anything else."""
    words = line.formula.before[-300:] + " " + line.formula.after[:150]
    if OTHERWISE.search(words) or not _is_normal(line):
        return None
    density = _density(line, context)
    wrong = None if density is None else off_one(density)
    if wrong is None:
        return None

    def verdict(edited: Line) -> Verdict:
        changed = _density(edited, context)
        return Verdict.HOLDS if changed is not None and is_one(changed) else Verdict.UNDECIDED

    mended = repair(line, context, verdict)
    if mended is None:
        return None
    return not_one(f"of a vector with one entry it integrates to {wrong[1]:.4g}, where 1 is needed", mended[1])


def _is_normal(line: Line) -> bool:
    """Whether a line gives a function as a product with an exponential and (2π) to the power of a dimension."""
    if line.link or line.right is None or line.operator not in ("=", ":="):
        return False
    head = applied(line.left)
    nodes = list(walk(line.right))
    if head is None or head[0].base not in HEADS or any(isinstance(n, Big) for n in nodes):
        return False
    return any(map(is_exponential, nodes)) and any(map(_is_turned_power, nodes))


def is_exponential(node: Node) -> bool:
    """Whether a part of a formula is exp or the number e."""
    return (isinstance(node, Fn) and node.name == "exp") or (isinstance(node, Sym) and node.base == "e")


def _is_turned_power(node: Node) -> bool:
    """(2π)^{D/2}."""
    if not isinstance(node, Group) or node.sup is None:
        return False
    inside, above = list(walk(node.body)), list(walk(node.sup))
    pi = any(isinstance(n, Sym) and n.base == "pi" for n in inside)
    return pi and any(isinstance(n, Sym) for n in above) and any(isinstance(n, Num) and n.text == "2" for n in above)


def _density(line: Line, context: Context) -> Density | None:
    """The density of one entry, in letters that stand for numbers."""
    head = applied(line.left)
    if head is None or line.right is None:
        return None
    try:
        taken = alone(line, context, numbers=True)
        reader = Reader(taken.context.dictionary)
        expr = reader.read(taken.rewritten(line.right).node)
        x = reader.read(taken.rewritten(head[1][0]).node)
    except (NotAlone, Unreadable, ModelError, ValueError, RecursionError):
        return None
    if not is_name(x) or reader.arrays:
        return None
    source = (line.formula.latex, line.right, reader)
    model = with_variables(Equation(left=expr, right=x, sources=(source,)), taken.context.model_at(line.number, set()))
    parameters = tuple(sorted({name_of(a) for a in names_in(expr)} - {name_of(x)}))
    if name_of(x) not in {name_of(a) for a in names_in(expr)} or any(q.axes for q in model.given):
        return None
    return Density(variable=name_of(x), expr=expr, model=model, parameters=parameters, supports=(LINE,))

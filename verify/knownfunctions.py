"""Equations for functions that have a usual meaning, σ(z) = …: they state it again, or give the letter another one."""

from __future__ import annotations

from derive.model import ModelError
from derive.notation.definitions import assemble
from derive.notation.dictionary import LOGISTIC, Dictionary, Unreadable
from derive.notation.elaborate import Reader
from derive.notation.introduced import only_names
from derive.notation.runs import walk
from derive.notation.survey import survey
from derive.notation.syntax import Big, Chain, Fn, Group, Juxt, Node, Num, Sym
from derive.prove import prove
from derive.rows.functions import FUNCTIONS

from .lines import Line
from .roles import introduction

CHOSEN = {s: f.chosen for f in FUNCTIONS if f.chosen is not None for s in (f.name, *f.spellings)}


def stated_function(node: Node, dictionary: Dictionary) -> str | None:
    """The name of the known function that stands alone before a bracket with one name, as in σ(z) = …"""
    first, *rest = node.items if isinstance(node, Juxt) else (node,)
    if isinstance(first, Fn) and not rest:
        name, argument = first.name, first.argument
    elif isinstance(first, Sym) and len(rest) == 1 and not first.accents:
        name, argument = first.base, rest[0]
    else:
        return None
    plain = not (first.sub or first.sup or first.primes) and isinstance(argument, Group) and argument.sup is None
    return name if plain and argument and only_names(argument) and dictionary.function(name) is not None else None


def note_function(name: str, line: Line, dictionary: Dictionary) -> None:
    """Note whether an equation for a known function says the usual; else the name has a meaning of its own."""
    assert line.right is not None
    alone = Dictionary(survey((Chain(operands=(line.left, line.right), operators=("=",), span=line.span),)))
    if _is_usual(line.left, line.right, dictionary) or _is_usual(line.left, line.right, alone):
        dictionary.stated.add(name)
    elif not dictionary.is_established(name) or not _is_named(name, line) or _has_a_choice(name, line):
        dictionary.own.add(name)


def _has_a_choice(name: str, line: Line) -> bool:
    """Whether an equation for a known function has a parameter beside its argument, or an unusual slope.

    The k of 1 / (1 + e^{−k x}), the α of the ELU, the 0.2 of a leaky rectifier: no slip in the usual function.
    """
    assert line.right is not None
    right, given = _letters(line.right), _letters(line.left) - {name}
    numbers = {float(n.text.replace(",", "")) for n in walk(line.right) if isinstance(n, Num)}
    chosen = name in CHOSEN and bool(numbers - {0, 1, CHOSEN[name]})
    return chosen or bool(given & right and right - given - {name, "e", "pi"})


def _letters(node: Node) -> set[str]:
    return {n.base for n in walk(node) if isinstance(n, Sym)}


def _is_usual(left: Node, right: Node, dictionary: Dictionary) -> bool:
    reader = Reader(dictionary)
    try:
        return prove(reader.read(left), reader.read(right), assemble("text", [], dictionary)) is not None
    except (Unreadable, ModelError, ValueError):
        return False


def _is_named(name: str, line: Line) -> bool:
    """Whether the words before an equation for a known function name it: σ(z) = max(0, z) is another activation."""
    if name != "sigma" or LOGISTIC.search(introduction(line.formula)):
        return True
    others = (n for n in walk(line.right or line.left) if isinstance(n, Big) or (isinstance(n, Fn) and n.name != "exp"))
    return next(others, None) is None and LOGISTIC.search(line.formula.before) is not None

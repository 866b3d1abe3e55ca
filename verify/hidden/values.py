"""The value of a side in a hidden Markov model, at given times and states."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Chain, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sym

from ..arithmetic import OPERATORS
from .model import LENGTH, STATES, Hidden

TIMES = frozenset({"t", "T", "tau"})
SEEN = frozenset({"o", "O", "x", "X", "y", "Y"})
TRANSITIONS = frozenset({"a", "A", "P", "p", "T"})
EMISSIONS = frozenset({"b", "B", "e", "E"})
INITIAL = frozenset({"pi", "p"})
TABLES = {"alpha": "forward", "beta": "backward", "gamma": "posterior", "delta": "best", "v": "best", "V": "best"}
PAIRS = frozenset({"xi", "zeta"})
EVIDENCE = frozenset({"P", "p", "Pr"})
Env = Mapping[str, int]


class NoValue(ValueError):
    """A part that has no meaning in such a model."""


class OutOfRange(ValueError):
    """A time before the first one or after the last."""


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A letter with all its indices: those below it, and those in brackets behind it."""

    base: str
    indices: tuple[Node, ...]


def value_of(node: Node, env: Env, model: Hidden) -> float:
    """The value of a node.

    Args:
        node: to be evaluated.
        env: the values of its free letters, states and times from 1.
        model: whose tables its letters mean.
    Raises: NoValue, OutOfRange.
    """
    match node:
        case Num():
            return float(node.text)
        case Neg():
            return -value_of(node.body, env, model)
        case Fraction():
            return value_of(node.above, env, model) / value_of(node.below, env, model)
        case Bin() if node.op in OPERATORS:
            found: float = OPERATORS[node.op](value_of(node.left, env, model), value_of(node.right, env, model))
            return found
        case Group(sub=None, sup=None) if node.opening in ("(", "[", "{") and not isinstance(node.body, Listing):
            return value_of(node.body, env, model)
        case Big(op="sum" | "max"):
            return _big(node, env, model)
        case Juxt() | Sym():
            return math.prod([_factor(f, env, model) for f in factors_of(node)])
    raise NoValue


def factors_of(node: Node) -> Iterator[Node | Quantity]:
    """The factors of a product, letters with all their indices."""
    items = list(node.items) if isinstance(node, Juxt) else [node]
    while items:
        item = items.pop(0)
        if not isinstance(item, Sym):
            yield item
            continue
        behind = items[0] if items and isinstance(items[0], Group) else None
        taken = behind is not None and behind.opening == "(" and behind.sup is None
        if taken:
            items.pop(0)
        inside = _listed(behind.body) if taken and behind is not None else ()
        marked = item.sup is not None or item.accents or item.primes
        yield Quantity(
            base="" if marked else item.base, indices=(*(_listed(item.sub) if item.sub is not None else ()), *inside)
        )


def quantities_in(node: Node) -> Iterator[Quantity]:
    """The letters of a side with their indices."""
    inside = {id(n) for part in walk(node) if isinstance(part, Juxt) for n in part.items}
    for part in walk(node):
        if isinstance(part, Juxt) or (isinstance(part, Sym) and id(part) not in inside):
            yield from (f for f in factors_of(part) if isinstance(f, Quantity))


def is_time(node: Node) -> bool:
    """Whether an index counts time: t, T, t + 1."""
    return any(isinstance(n, Sym) and n.base in TIMES for n in walk(node))


def _listed(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Listing) and node.separator == ",":
        return node.items
    return node.items if isinstance(node, Juxt) else (node,)


def _big(node: Big, env: Env, model: Hidden) -> float:
    letter, values = _running(node, env)
    found = [value_of(node.body, {**env, letter: v}, model) for v in values]
    return sum(found) if node.op == "sum" else max(found)


def _running(node: Big, env: Env) -> tuple[str, range]:
    """The letter that a sum or maximum binds, and its values."""
    match node.below:
        case Sym(sub=None) as sym:
            start = None
        case Chain(operands=(Sym() as sym, start), operators=("=",)):
            pass
        case (
            Chain(operands=(_, Sym() as sym, _), operators=("<=", "<="))
            | Chain(operands=(Sym() as sym, _), operators=("in",))
        ):
            start = None
        case _:
            raise NoValue
    if sym.base in env:
        raise NoValue
    if not is_time(sym):
        return sym.base, range(1, STATES + 1)
    if start is None or node.above is None:
        raise NoValue
    return sym.base, range(index_of(start, env), index_of(node.above, env) + 1)


def index_of(node: Node, env: Env) -> int:
    """The value of an index. Raises: NoValue."""
    match node:
        case Num():
            return int(node.text)
        case Sym(base="T", sub=None, sup=None):
            return LENGTH
        case Sym(sub=None, sup=None) if node.base in env:
            return env[node.base]
        case Bin(op="+" | "-"):
            step = index_of(node.right, env)
            return index_of(node.left, env) + (step if node.op == "+" else -step)
    raise NoValue


def _time(node: Node, env: Env) -> int:
    found = index_of(node, env)
    if not 1 <= found <= LENGTH:
        raise OutOfRange
    return found - 1


def _state(node: Node, env: Env) -> int:
    found = index_of(node, env)
    if not 1 <= found <= STATES or is_time(node) or any(isinstance(n, Sym) and n.base.isupper() for n in walk(node)):
        raise NoValue  # also at a state by name, as the final one of a_{iF}
    return found - 1


def _factor(factor: Node | Quantity, env: Env, model: Hidden) -> float:
    return _quantity(factor, env, model) if isinstance(factor, Quantity) else value_of(factor, env, model)


def _quantity(quantity: Quantity, env: Env, model: Hidden) -> float:
    """The value of a letter with its indices."""
    base, indices = quantity.base, quantity.indices
    seen = [n for n in indices if isinstance(n, Sym) and n.base in SEEN and n.sub is not None]
    times = [n for n in indices if n not in seen and _is_time_of(base, n, indices)]
    states = [n for n in indices if n not in seen and n not in times]
    shape = (len(times), len(states), len(seen))
    if base in EMISSIONS and shape == (0, 1, 1) and isinstance(seen[0], Sym) and seen[0].sub is not None:
        return float(model.emission[_state(states[0], env), _time(seen[0].sub, env)])
    if base in TABLES and shape == (1, 1, 0):
        return float(getattr(model, TABLES[base])[_time(times[0], env), _state(states[0], env)])
    if base in PAIRS and shape == (1, 2, 0):
        return float(model.pairs[_time(times[0], env), _state(states[0], env), _state(states[1], env)])
    if base in TRANSITIONS and shape == (0, 2, 0):
        return float(model.transition[_state(states[0], env), _state(states[1], env)])
    if base in INITIAL and shape == (0, 1, 0):
        return float(model.initial[_state(states[0], env)])
    if base in EVIDENCE and len(indices) == 1 and _is_all_seen(indices[0]):
        return model.evidence
    raise NoValue


def _is_time_of(base: str, node: Node, indices: tuple[Node, ...]) -> bool:
    """Whether an index of a table counts time; a number does where it is the first and no other one does."""
    if base not in TABLES and base not in PAIRS:
        return False
    return is_time(node) or (isinstance(node, Num) and node is indices[0] and not any(is_time(n) for n in indices))


def _is_all_seen(node: Node) -> bool:
    """Whether an argument is all that was observed: O, or O | λ."""
    first = node.items[0] if isinstance(node, Listing) and node.separator in ("|", ";") else node
    return isinstance(first, Sym) and first.base in SEEN and first.base.isupper() and first.sub is None

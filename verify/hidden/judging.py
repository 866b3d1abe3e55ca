"""What small hidden Markov models say of a recursion in the letters of Rabiner.

It holds if it does at every time and state of every model, under some meaning that texts give these letters. It is
wrong if it fails under all that the text allows, and one edit makes it hold under one of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Node, Sym

from ..context import Context
from ..found import Found
from ..lines import Line
from ..repair import repair_right_side
from ..spaces.claimed import is_doubted
from ..spaces.trials import held, refuted
from .model import LENGTH, MEANINGS, STATES, Hidden, Meaning, hidden_model
from .values import EMISSIONS, PAIRS, TABLES, TIMES, TRANSITIONS, NoValue, OutOfRange, quantities_in, value_of

HIDDEN = re.compile(
    r"hidden markov|\bHMMs?\b|baum[-– ]welch|forward[-– ]backward|\bviterbi|forward algorithm", re.IGNORECASE
)
STATES_IN_WORDS = r"from (?:the )?(?:state )?\$(\w)\$ (?:in)?to (?:the )?(?:state )?\$(\w)\$"
TRANSITION = r"\$[^$]*_\{\s*(\w)\s*,?\s*(\w)\s*\}[^$]*\$"
LEADS = (
    re.compile(rf"{TRANSITION}[^$.]{{0,60}}{STATES_IN_WORDS}"),
    re.compile(rf"{STATES_IN_WORDS}[^$.]{{0,60}}{TRANSITION}"),
)
STATE = r"\s*=\s*(?:[sS]_)?\{?(\w)\}?\s*"
LATER, EARLIER = r"\w_(?:t|\{\s*t\s*(?:\+\s*1\s*)?\})", r"\w_(?:t|\{\s*t\s*(?:-\s*1\s*)?\})"
AS_CHANCE = re.compile(  # a_{ij} = p(z_{t+1} = j | z_t = i): row, column, the state after and the one before
    rf"_\{{\s*(\w)\s*,?\s*(\w)\s*\}}\s*=\s*\\?\w+(?:\{{\w\}})?\s*(?:\\left)?\(\s*{LATER}{STATE}(?:\\mid|\\vert|\|)"
    rf"\s*{EARLIER}{STATE}(?:\\right)?\)"
)
VITERBI = re.compile(r"\bviterbi|\bbest path|\bmost (?:likely|probable) (?:path|sequence)", re.IGNORECASE)
SCALED = re.compile(r"\bscal(?:ed|ing)|\bnormali[sz]|\blog(?:arithm)?s?\b|\bfilter", re.IGNORECASE)
OTHERS = re.compile(
    r"semi-?markov|factorial|autoregress|(?:end|final|silent|absorbing) state|continuous[- ]time", re.IGNORECASE
)
SEEDS = (1, 2, 3)
FEWEST = 3


def hidden_found(line: Line, context: Context) -> Found | None:
    """What is found of a relation of a hidden Markov model; None if it is none, or nothing can be said."""
    words = " ".join((*line.formula.headings, context.dictionary.prose))
    if line.right is None or line.operator != "=" or HIDDEN.search(words) is None or OTHERS.search(words):
        return None
    if SCALED.search(f"{line.formula.before} {line.formula.after}") or not _speaks(line.left, line.right, words):
        return None
    allowed = [m for m in MEANINGS if _is_allowed(m, words)]
    outcomes = [_holds(line.left, line.right, m) for m in allowed]
    if any(holds and _is_told(m, allowed, line.left) for m, holds in zip(allowed, outcomes, strict=True)):
        because = "models with random probabilities agree at every time and in every state"
        return held(line, because)
    return _refuted(line, context, allowed) if all(found is False for found in outcomes) else None


def _refuted(line: Line, context: Context, allowed: list[Meaning]) -> Found | None:
    """A relation that fails under every meaning that the text allows, if one edit makes it hold."""
    if not context.mends or is_doubted(line):
        return None

    def holds(node: Node) -> int | None:
        ranks = (int(m != Meaning()) for m in allowed if m.from_rows and _holds(line.left, node, m))
        return min(ranks, default=None)

    correction = repair_right_side(line, context, holds)
    if correction is None:
        return None
    return refuted(line, "it differs from what the probabilities of a hidden Markov model are", None, correction)


def _speaks(left: Node, right: Node, words: str) -> bool:
    """Whether both sides are made of the letters of such a model, the left one of one of its tables."""
    try:
        first, second = list(quantities_in(left)), list(quantities_in(right))
    except NoValue:
        return False
    tables = TABLES.keys() | PAIRS
    tables = tables if VITERBI.search(words) else tables - {"v", "V"}
    heads = any(q.base in tables and len(q.indices) > 1 for q in (*first, *second))
    return heads and (any(q.base in EMISSIONS | TRANSITIONS | tables for q in second))


def _is_allowed(meaning: Meaning, words: str) -> bool:
    """Whether the words do not say otherwise: a_{ij} from state i to state j."""
    said = [m.groups() for pattern in LEADS for m in pattern.finditer(words)]
    said += [(row, column, before, after) for row, column, after, before in AS_CHANCE.findall(words)]
    rows = {pair == leads for *pair, a, b in said if {*pair} == {*(leads := [a, b])}}
    return rows != {not meaning.from_rows}


def _is_told(meaning: Meaning, allowed: list[Meaning], left: Node) -> bool:
    """Whether a_{ij} leads from i to j, as it usually does, or the words say that it leads from j to i.

    What α and β know of the symbol of their own time only their own recursions tell: a ξ without b_j(o_{t+1}) is right
    for few.
    """
    own = any(q.base in ("alpha", "beta") for q in quantities_in(left))
    usual = own or (meaning.with_own and meaning.after)
    return usual and (meaning.from_rows or not any(m.from_rows for m in allowed))


def _holds(left: Node, right: Node, meaning: Meaning) -> bool | None:
    """Whether two sides agree at all times and states; None if they have no values, or too few."""
    agreed = 0
    for seed in SEEDS:
        model = _model(seed, meaning)
        for env in _choices(left, right):
            try:
                first, second = value_of(left, env, model), value_of(right, env, model)
            except OutOfRange:
                continue
            except (NoValue, ZeroDivisionError, ValueError):
                return None
            if not math.isclose(first, second, rel_tol=1e-9):
                return False
            agreed += 1
    return True if agreed >= FEWEST else None


@lru_cache(maxsize=32)
def _model(seed: int, meaning: Meaning) -> Hidden:
    return hidden_model(seed, meaning)


def _choices(left: Node, right: Node) -> Iterator[dict[str, int]]:
    """All values of the free letters of two sides."""
    bound = {n.base for side in (left, right) for big in walk(side) if isinstance(big, Big) for n in _bound(big)}
    syms = (q for side in (left, right) for q in quantities_in(side))
    letters = {n.base for q in syms for i in q.indices for n in walk(i) if isinstance(n, Sym) and n.sub is None}
    free = sorted(letters - bound - {"T"} - {"lambda", "theta", "O", "X", "Y"})
    ranges = [range(1, LENGTH + 1) if name in TIMES else range(1, STATES + 1) for name in free]
    for values in product(*ranges):
        yield dict(zip(free, values, strict=True))


def _bound(big: Big) -> Iterator[Sym]:
    below = big.below
    parts = below.operands if isinstance(below, Chain) else (below,)
    yield from (p for p in parts if isinstance(p, Sym) and not p.base.isupper())

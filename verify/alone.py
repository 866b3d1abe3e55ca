r"""A claim by itself: with the definitions that it rests on, its functions written out, its labels part of its names.

What a text of many pages says of a letter elsewhere no longer matters here; μ_1 and μ_2, or the x_j of one point j,
are quantities of their own. What has no reading as vectors and matrices is also read of one entry each, where a
transpose is nothing and the order of factors does not matter: what is wrong there is wrong of every size.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from derive.notation.definitions import DEFINING
from derive.notation.dictionary import Dictionary
from derive.notation.names_in_notes import text_of
from derive.notation.runs import walk
from derive.notation.survey import survey
from derive.notation.syntax import (
    Big,
    Chain,
    Entries,
    Fraction,
    Group,
    Juxt,
    Listing,
    Node,
    Sym,
)

from .context import Context, context_of
from .functions import NEVER, Function, Key, Written, applied, functions_in, key_of, written_out
from .lines import Line, Lines, names_defined
from .oneentry import NotAlone, Rewriting, is_head, rewriter
from .onestep.places import place_of, places_in
from .opaque import has_slopes, probability_named, says_probability, taken_as_quantities, unsaid

MOST_DEFINITIONS = 12
IDENTITY = re.compile(r"\bidentity\b", re.IGNORECASE)
OPERATORS = frozenset({"partial", "nabla", "d"})
TURN = frozenset({"2", "pi"})
APPLIED = frozenset({"sigma", "phi", "psi"})  # functions that are also quantities: σ(z) beside σ²


class OfNumbers(Lines):
    """Lines in which every letter stands for a number."""

    @cached_property
    def dictionary(self) -> Dictionary:
        """What its letters mean: numbers."""
        shown = survey((n for n, _ in self.nodes), "", custom=False, infer=False, labelled=False)
        return Dictionary(shown, prose=self.prose)


@dataclass(frozen=True, kw_only=True)
class Alone:
    """A claim taken out of its text.

    Attributes:
        line: the claim, rewritten.
        context: the definitions that it rests on, rewritten.
        rewritten: what makes of a side what stands in `line`.
        functions: whether a function of the text was written out in it, or one of no formula taken as a quantity.
        numbers: whether every letter in it stands for a number.
        opaque: the names of which nothing is known, since their definitions have no reading.
        unknown: the functions without a formula whose values are taken as quantities.
    """

    line: Line
    context: Context
    rewritten: Callable[[Node], Written]
    functions: bool
    numbers: bool
    opaque: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


def alone(line: Line, context: Context, *, numbers: bool = False) -> Alone:
    """A claim with what it rests on.

    Args:
        line: the claim.
        context: the text that it stands in.
        numbers: whether each vector and matrix is taken to have one entry.
    Raises: NotAlone: if it uses a name with two meanings, an index both bound and free, or another step of a recursion.
    """
    named = probability_named(line, context.lines.lines)
    line, *others = (_with(named, n) for n in (line, *context.lines.lines))
    assert line.right is not None
    every = tuple(others)
    first = line.number - line.link
    before = _nearest([n for n in every if n.number < first and n.right is not None], line)
    functions = tuple(functions_in(n for n in before if not says_probability(n)))
    needed = _closed([line.left, line.right], before, functions)
    sides = _sides((*needed, line))
    unknown = frozenset() if has_slopes(sides) else unsaid(every, context.dictionary)
    rewriting = _rewriting(sides, every, context, numbers=numbers)

    whole = rewriter(functions, unknown, rewriting)

    def rewritten(side: Node) -> Written:
        return whole(named(side))

    def changed(n: Line) -> Line:
        assert n.right is not None
        return dataclasses.replace(n, left=rewritten(n.left).node, right=rewritten(n.right).node)

    _refuse_sets((line.left, line.right))
    _refuse_twofold(sides)
    _refuse_other_steps(line, before)
    claim = changed(line)
    declared = [] if numbers else [changed(n) for n in before if n.operator == "in"]
    apart, opaque = _read_context([changed(n) for n in needed], [*declared, claim], context, numbers=numbers)
    apart.spoken = _siblings(line, before, apart)
    return Alone(
        line=claim,
        context=apart,
        rewritten=rewritten,
        functions=any(rewritten(s).places or _is_taken(s, unknown, rewriting.bound) for s in _sides([line])),
        numbers=numbers,
        opaque=opaque,
        unknown=unknown,
    )


def _with(change: Callable[[Node], Node], line: Line) -> Line:
    right = None if line.right is None else change(line.right)
    return dataclasses.replace(line, left=change(line.left), right=right)


def _rewriting(sides: list[Node], every: tuple[Line, ...], context: Context, *, numbers: bool) -> Rewriting:
    """How the sides of a claim and of its definitions are rewritten, by what the whole text shows."""
    return Rewriting(
        bound=frozenset(letter for s in sides for letter in _bound(s)),
        numbers=numbers,
        applied=frozenset(_applied(every)),
        ones=_dimensions(every) if numbers else frozenset(),
        identity=numbers and IDENTITY.search(context.lines.prose) is not None,
    )


def _read_context(
    own: list[Line], others: list[Line], context: Context, *, numbers: bool
) -> tuple[Context, frozenset[str]]:
    """The context of definitions and other lines, the last one the claim, and the names whose definition is unread."""
    apart = _context([*own, *others], context, numbers=numbers)
    unread = apart.problems.keys() - {others[-1].number}
    if not unread:
        return apart, frozenset()
    named = (names_defined(n, apart.dictionary) for n in own if n.number in unread)
    opaque = frozenset(found[0] for found in named if found is not None)
    return _context([*(n for n in own if n.number not in unread), *others], context, numbers=numbers), opaque


def _is_taken(node: Node, unknown: frozenset[str], bound: frozenset[str]) -> bool:
    return bool(unknown) and taken_as_quantities(node, unknown, bound) != node


def _context(lines: list[Line], context: Context, *, numbers: bool) -> Context:
    """The context that some lines of a text make by themselves."""
    lines = sorted(lines, key=lambda n: n.number)
    kind = OfNumbers if numbers else Lines
    found = kind(
        lines=tuple(lines),
        unparsed=(),
        nodes=tuple((_chain(n), n.formula) for n in lines),
        wording=context.lines.wording,
        prose=context.lines.prose,
        own=frozenset(n.number for n in lines),
    )
    return context_of(found)


def _nearest(lines: list[Line], line: Line) -> list[Line]:
    """The lines, without definitions under other headings of what is defined under the heading of the claim."""
    keys = {n.number: key_of(n.left) for n in lines if n.link == 0 and n.operator in DEFINING}
    own = {keys[n.number] for n in lines if n.number in keys and n.formula.headings == line.formula.headings}
    return [n for n in lines if n.formula.headings == line.formula.headings or keys.get(n.number) not in own]


# -- what a claim rests on -----------------------------------------------------------------------------


def _closed(sides: list[Node], before: list[Line], functions: tuple[Function, ...]) -> list[Line]:
    """The definitions of the letters in some sides, and of those in them; the functions are written out first."""
    defining: dict[Key, list[Line]] = {}
    differentiated = {s.base for side in sides for s in _differentiated(side)}
    for n in before:
        head = _defined(n.left) if n.link == 0 and n.operator in DEFINING else None
        if head is not None and (isinstance(n.left, Sym) or head.base in differentiated):
            defining.setdefault(key_of(head), []).append(n)
    found: dict[int, Line] = {}
    queue = [written_out(s, functions).node for s in sides]
    while queue:
        for sym in (n for n in walk(queue.pop()) if isinstance(n, Sym)):
            lines = defining.get(_bare(sym), [])
            if len({key_of(n.right) for n in lines}) > 1:
                raise NotAlone("a name has two meanings")
            for n in (n for n in lines[-1:] if n.number not in found):
                assert n.right is not None
                found[n.number] = n
                queue.append(written_out(n.right, functions).node)
        if len(found) > MOST_DEFINITIONS:
            raise NotAlone("it rests on too much")
    return list(found.values())


def _sides(lines: Iterable[Line]) -> list[Node]:
    return [s for n in lines for s in (n.left, n.right) if s is not None]


def _differentiated(side: Node) -> Iterator[Sym]:
    """The letters of f′, and of what stands above the line in df/dx."""
    for node in walk(side):
        if isinstance(node, Sym) and node.primes:
            yield node
        if isinstance(node, Fraction):
            above = [n for n in walk(node.above) if isinstance(n, Sym)]
            yield from above if above and above[0].base in OPERATORS else ()


def _defined(left: Node) -> Sym | None:
    """The letter that an equation with this left side defines: z of z = …, f of f(x) = …."""
    if isinstance(left, Sym):
        return left
    found = applied(left)
    return None if found is None or found[0].base in NEVER or found[0].primes else found[0]


def _siblings(line: Line, before: list[Line], apart: Context) -> frozenset[str]:
    """The names of a claim whose letter the text writes with several labels: x_i and x_j."""
    sides = (s for n in (*before, line) for s in (n.left, n.right) if s is not None)
    labelled = {(n.base, key_of(n.sub)) for s in sides for n in walk(s) if isinstance(n, Sym) and n.sub is not None}
    bases = [base for base, _ in labelled]
    named = apart.dictionary.survey.named.items()
    return frozenset(name for name, found in named if bases.count(found.base) > 1)


def _bare(sym: Sym) -> Key:
    """A letter without its power, its transpose and the primes of its derivatives."""
    label = isinstance(sym.sup, Group) and sym.sup.opening in ("(", "[")
    return key_of(dataclasses.replace(sym, sup=sym.sup if label else None, primes=0))


def _chain(line: Line) -> Node:
    assert line.right is not None
    return Chain(operands=(line.left, line.right), operators=(line.operator,), span=line.span)


def _bound(node: Node) -> Iterator[str]:
    """The letters over which sums and products run."""
    for big in (n for n in walk(node) if isinstance(n, Big) and n.below is not None):
        assert big.below is not None
        yield from (n.base for n in walk(big.below) if isinstance(n, Sym))


def _refuse_sets(sides: Iterable[Node]) -> None:
    """Refuse Val(X) = {0, 1}: a set is no number."""
    if any(isinstance(s, Group) and s.opening == "\\{" and isinstance(s.body, Listing | Entries) for s in sides):
        raise NotAlone("a side is a set")


def _refuse_twofold(sides: list[Node]) -> None:
    """Refuse a letter that stands with a bound index and with a free one, or with none."""
    uses: dict[str, set[bool]] = {}
    for side in sides:
        bound = set(_bound(side))
        for sym in (n for n in walk(side) if isinstance(n, Sym)):
            scripts = [s for s in (sym.sub, sym.sup) if s is not None]
            inside = any(isinstance(n, Sym) and n.base in bound for s in scripts for n in walk(s))
            uses.setdefault(sym.base, set()).add(inside)
    if any(len(found) > 1 for found in uses.values()):
        raise NotAlone("a letter stands with a bound index and without one")


def _refuse_other_steps(line: Line, before: list[Line]) -> None:
    """Refuse h_{t+1} beside h_t, of which the text says only what the one is: the other follows from it."""
    known = [p for n in before if n.link == 0 and n.operator in DEFINING and (p := place_of(n.left)) is not None]
    used = [p for s in (line.left, line.right) if s is not None for p in places_in(s)]
    earliest = min((p.step for p in used), default=0)
    for place in used:
        steps = {p.step for p in known if p.stem == place.stem}
        if steps and place.step > earliest and place.step not in steps:
            raise NotAlone("a definition at another step says what a letter is")


def _applied(lines: tuple[Line, ...]) -> Iterator[str]:
    """The letters that the text uses as functions, σ(z), and also as quantities, σ²."""
    nodes = [n for line in lines for s in (line.left, line.right) if s is not None for n in walk(s)]
    heads = {id(n.items[k]) for n in nodes if isinstance(n, Juxt) for k in range(len(n.items)) if is_head(n, k)}
    syms = [n for n in nodes if isinstance(n, Sym) and n.base in APPLIED]
    yield from {n.base for n in syms if id(n) in heads} & {n.base for n in syms if id(n) not in heads}


def _dimensions(lines: tuple[Line, ...]) -> frozenset[str]:
    """The letters of which a text says that they count the entries of a vector: ℝ^D, (2π)^{D/2}."""
    found: set[str] = set()
    for node in (n for line in lines for s in (line.left, line.right) if s is not None for n in walk(s)):
        sup = node.sup if isinstance(node, Sym | Group) else None
        if sup is None:
            continue
        space = isinstance(node, Sym) and node.base in ("R", "reals", "C")
        turn = isinstance(node, Group) and isinstance(node.body, Juxt) and {text_of(n) for n in node.body.items} >= TURN
        if space or turn:
            found |= {n.base for n in walk(sup) if isinstance(n, Sym) and n.base not in ("times", "T", "top")}
    return frozenset(found)

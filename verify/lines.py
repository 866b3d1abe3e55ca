"""The relations of a document, one line each: a chain A = B = C is two, also where it is carried over displays."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from derive.notation.definitions import DEFINING, defined_name
from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.elaborate import Reader
from derive.notation.ellipses import prepared
from derive.notation.ground import Ground, ground_of
from derive.notation.macros import Macro, read_macros
from derive.notation.marks import is_bold
from derive.notation.names_in_notes import take_apart
from derive.notation.parser import ReadError, parse
from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.survey import surveyed
from derive.notation.syntax import Big, Bin, Chain, Empty, Group, Listing, Node, Num, Prose, Span, Sym
from derive.notation.wording import Wording, wording_of

from .documents.document import Document, Formula
from .normnames import names_a_norm
from .roles import Role, announced, introduction

LOGIC = frozenset({"=>", "<=>"})
REASONS = re.compile(r"\W*(?:since|because|as|by|using|recall|note|where|if|for|from|with)\b", re.IGNORECASE)
POSED = re.compile(r"\\(?:stackrel|overset)\s*\{[^{}]*!|\\overset\s*!")


@dataclass(frozen=True, kw_only=True)
class Line:
    r"""One relation of a document, or a formula without one.

    Attributes:
        number: its place in the document.
        formula: the formula it stands in; the spans of `right` (and of `left`, unless it is carried over) refer
            to its source.
        left, right: the sides; `right` is None for a formula without a relation.
        carried: the formula that `left` comes from, if it is an earlier one.
        operator: `=`, `<=`, `:=`, …
        span: of the relation in the source.
        link: 0 for the first relation of a chain, which may define its left side.
        after: `=>` or `<=>` where it is drawn as a conclusion from the relation before it.
        words: those that stand right before it in its formula: `\text{s.t.}`.
    """

    number: int
    formula: Formula
    left: Node
    right: Node | None = None
    carried: Formula | None = None
    operator: str = ""
    span: Span
    link: int = 0
    after: str = ""
    words: str = ""

    @property
    def posed(self) -> bool:
        """Whether a mark above the sign poses it as an equation to solve: `=` with a `!`."""
        if self.right is None or self.carried is not None:
            return False
        return POSED.search(self.formula.latex, self.left.span[1], self.right.span[0]) is not None


@dataclass(frozen=True, kw_only=True)
class Unparsed:
    """A formula that the parser could not read, and why."""

    number: int
    formula: Formula
    reason: str


@dataclass(frozen=True, kw_only=True)
class Lines:
    """A document taken apart, or what counts of it under one of its headings.

    Attributes:
        lines: its relations in order.
        unparsed: the formulas that could not be parsed.
        nodes: its statements as parsed, in order, each with the formula in which it stands.
        wording: how its statements are to be read.
        prose: the text, for the words that say what a letter is.
        own: the numbers of the lines that stand under that heading; of the whole document all.
        seen: letters with the indices that they have elsewhere in the document, where nothing here tells.
        introduced: the names that are defined under that heading before they are used there.
        later: names that are not defined there, but under a later heading.
        contrary: relations elsewhere that use a letter which means something else there, and that letter.
    """

    lines: tuple[Line, ...]
    unparsed: tuple[Unparsed, ...]
    nodes: tuple[tuple[Node, Formula], ...]
    wording: Wording
    prose: str
    own: frozenset[int]
    seen: tuple[Sym, ...] = ()
    introduced: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    contrary: tuple[tuple[Line, str], ...] = ()

    @cached_property
    def dictionary(self) -> Dictionary:
        """What its letters mean."""
        return _dictionary(self)

    @cached_property
    def grounds(self) -> dict[tuple[bool, frozenset[str]], Ground]:
        """What its formulas show, found once for each supposition of what counts as theirs."""
        return {}

    @cached_property
    def needs_matrices(self) -> bool:
        """Whether fewer of its relations could be read if capitals before small letters were no matrices by custom."""
        return _misfits(self, Supposed(seen=bool(self.seen), trust=2).dictionary(self)) > self.misfits

    @cached_property
    def misfits(self) -> int:
        """The number of its own relations that cannot be read."""
        return _misfits(self, self.dictionary)

    @cached_property
    def lost(self) -> Mapping[str, str]:
        """The names whose definitions could not be read, with the reason."""
        return {
            **dict(_lost(self.unparsed, self.wording.macros, self.dictionary)),
            **dict(_contrary(self.contrary, self)),
        }


Parsed = tuple[Formula, tuple[Node, ...] | None]


def lines_of(document: Document) -> Lines:
    """Take a document apart."""
    macros = read_macros(document.macros_source)
    parsed: list[Parsed] = []
    unparsed: list[Unparsed] = []
    for number, formula in enumerate(document.formulas):
        try:
            parsed.append((formula, tuple(prepared(n) for n in parse(formula.latex, macros))))
        except ReadError as error:
            parsed.append((formula, None))
            unparsed.append(Unparsed(number=number, formula=formula, reason=_placed(error, document, formula)))
    wording = wording_of([n for _, found in parsed for n in found or ()], macros)
    parsed = [(f, None if found is None else tuple(wording.written_out(found))) for f, found in parsed]
    lines = tuple(_lines(parsed))
    return Lines(
        lines=lines,
        unparsed=tuple(unparsed),
        nodes=tuple((n, f) for f, found in parsed if found is not None and not names_a_norm(found, f) for n in found),
        wording=wording,
        prose=document.text,
        own=frozenset(line.number for line in lines),
    )


def _dictionary(lines: Lines) -> Dictionary:
    """What the letters mean, with as much told of their shapes elsewhere, by use and by custom as stays readable."""
    tries = [Supposed(seen=seen, trust=k) for seen in dict.fromkeys((bool(lines.seen), False)) for k in (3, 2, 1, 0)]
    best: tuple[int, Supposed, Dictionary] | None = None
    for supposed in tries:
        found = supposed.dictionary(lines)
        if best is None and not found.survey.told and not supposed.seen and not supposed.bare_and_indexed(lines):
            return found
        misfits = _misfits(lines, found)
        if best is None or misfits < best[0]:
            best = (misfits, supposed, found)
        if not misfits:
            return found
    assert best is not None
    for base, bold in best[1].bare_and_indexed(lines):
        trusting = dataclasses.replace(tries[0], points=best[1].points)
        for other in dict.fromkeys((best[1], trusting) if bold else (best[1],)):
            supposed = dataclasses.replace(other, points=other.points | {base})
            found = supposed.dictionary(lines)
            if (misfits := _misfits(lines, found)) < best[0]:
                best = (misfits, supposed, found)
    return best[2]


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """What is supposed of the letters of a text where it does not say.

    Attributes:
        seen: whether letters have the indices that they have elsewhere in the document.
        trust: how much is told by bold type (1), by use (2) and by custom (3).
        points: the letters whose subscripts count data points.
    """

    seen: bool
    trust: int
    points: frozenset[str] = frozenset()

    def dictionary(self, lines: Lines) -> Dictionary:
        """What the letters mean if that is so."""
        ground = lines.grounds.get((self.seen, self.points))
        if ground is None:
            nodes = (*(n for n, _ in lines.nodes), *(lines.seen if self.seen else ()))
            ground = lines.grounds[self.seen, self.points] = ground_of(nodes, lines.prose, self.points)
        shown = surveyed(ground, custom=self.trust > 2, infer=self.trust > 1, labelled=self.trust > 0)
        numbers = (dataclasses.replace(s, sub=None) for s in (() if self.seen else lines.seen))
        apart = frozenset(take_apart(s, shown.letters).plain for s in numbers)
        return Dictionary(shown, prose=lines.prose, elsewhere=apart)

    def bare_and_indexed(self, lines: Lines) -> tuple[tuple[str, bool], ...]:
        """The letters that stand by themselves as well as with the index of a sum, a product or a step, in one type.

        No other letter has that index there, as one of entries would: Σ_i x_i θ_{ij}. Also the letters that are bold
        and always have such an index, of which it tells so.
        """
        every = [n for node, _ in lines.nodes if not _is_listing(node) for n in walk(node)]
        sums = [(b, n) for n in every if isinstance(n, Big) and (b := _letter_below(n)) is not None]
        subs: dict[str, set[str]] = {}
        steps: dict[str, set[str]] = {}  # the t of x_{t+1}
        types: dict[str, set[bool]] = {}
        for sym in (n for n in every if isinstance(n, Sym)):
            step = sym.sub.left if isinstance(sym.sub, Bin) and isinstance(sym.sub.right, Num) else None
            sub = step.base if isinstance(step, Sym) else sym.sub.base if isinstance(sym.sub, Sym) else "?"
            subs.setdefault(sym.base, set()).add("" if sym.sub is None else sub)
            steps.setdefault(sym.base, set()).update({sub} if isinstance(step, Sym) else ())
            types.setdefault(sym.base, set()).add(is_bold(sym))
        subs = {base: seen for base, seen in subs.items() if len(types[base]) == 1}  # x_i is an entry of the bold x
        subs = {base: seen - ({"?"} if steps[base] else set()) for base, seen in subs.items()}  # where steps begin
        bound = {letter for letter, _ in sums}
        found = {b for b, seen in subs.items() if len(seen) == 2 and "" in seen and seen - {""} <= bound | steps[b]}
        entries = {base for letter, big in sums if (held := _carrying(letter, big)) - found for base in held}
        bold = {base for base, seen in subs.items() if types[base] == {True} and seen <= bound}  # always x_n in bold
        return tuple((base, base in bold) for base in subs if base in (found - entries) | bold)


def _letter_below(big: Big) -> str | None:
    """The letter that a sum runs over: from a number on, or over the members of a set."""
    below = big.below
    if isinstance(below, Chain) and below.operators == ("in",) and isinstance(below.operands[0], Sym):
        return below.operands[0].base
    found = binder(below)
    return None if found is None else found[0]


def _is_listing(node: Node) -> bool:
    """Whether a formula only lists what there is: x_1, …, x_N."""
    inner = node.operands[0] if isinstance(node, Chain) and node.operators[0] == "in" else node
    return isinstance(inner.body if isinstance(inner, Group) else inner, Listing)


def _carrying(letter: str, big: Big) -> set[str]:
    """The letters with an index below, within a sum over it."""
    syms = (n for n in walk(big.body) if isinstance(n, Sym) and n.sub is not None)
    return {
        s.base for s in syms if s.sub is not None and any(isinstance(n, Sym) and n.base == letter for n in walk(s.sub))
    }


def _misfits(lines: Lines, dictionary: Dictionary) -> int:
    """The number of relations that cannot be read."""
    relations = (line for line in lines.lines if line.right is not None and line.number in lines.own)
    return sum(not _is_readable(line, dictionary) for line in relations)


def _is_readable(line: Line, dictionary: Dictionary) -> bool:
    reader = Reader(dictionary)
    try:
        reader.read(line.left)
        reader.read(line.right or line.left)
    except (ValueError, RecursionError):
        return False
    return True


def _placed(error: ReadError, document: Document, formula: Formula) -> str:
    line, column = document.position(formula.offset_of(error.position))
    return f"{error.message} (line {line}, column {column})"


def _lost(
    unparsed: Iterable[Unparsed], macros: Mapping[str, Macro], dictionary: Dictionary
) -> Iterator[tuple[str, str]]:
    for lost in unparsed:
        left, sign, _ = lost.formula.latex.partition("=")
        try:
            nodes = parse(left.replace("&", "").rstrip(": "), macros) if sign else ()
            name = defined_name(prepared(nodes[0]), dictionary) if len(nodes) == 1 else None
        except (ReadError, Unreadable):
            continue
        if name is not None:
            yield name[0], lost.reason


def _contrary(found: Iterable[tuple[Line, str]], lines: Lines) -> Iterator[tuple[str, str]]:
    """The names that nothing here defines and what is not inherited does."""
    here = {names_defined(line, lines.dictionary) for line in lines.lines if line.operator in DEFINING}
    names = {name[0] for name in here if name is not None}
    for line, letter in found:
        named = names_defined(line, lines.dictionary) if line.operator in DEFINING else None
        if named is not None and named[0] not in names:
            yield named[0], f"{letter} means something else where {named[0]} is defined"


def _lines(parsed: Iterable[Parsed]) -> Iterator[Line]:
    """Number the relations; one that begins with = goes on with the display before it, under the same heading."""
    number = 0
    last: tuple[Formula, Node] | None = None
    before: tuple[Formula, Node] | None = None  # what stood before `let z = …`, which the text may go on with
    for formula, nodes in parsed:
        if nodes is None:
            last = None if formula.display else last
            continue
        if formula.display and before is not None and formula.before.strip() and _begins_with_relation(nodes):
            last = before
        if formula.display:
            before = last if announced(introduction(formula)) is Role.DEFINITION else None
        for words, node in _with_words(nodes):
            found = list(_relations(number, formula, node, last))
            yield from (dataclasses.replace(n, words=words) if words and n.link == 0 else n for n in found)
            number += len(found)
            if formula.display and REASONS.match(words) is None:
                last = (formula, node.operands[-1] if isinstance(node, Chain) else node)


def _with_words(nodes: tuple[Node, ...]) -> Iterator[tuple[str, Node]]:
    """The statements of a formula, each with the words right before it in the formula."""
    words = ""
    for node in nodes:
        if isinstance(node, Prose):
            words = node.text
        else:
            yield words, node
            words = ""


def _begins_with_relation(nodes: tuple[Node, ...]) -> bool:
    first = next((n for n in nodes if not isinstance(n, Prose)), None)
    return isinstance(first, Chain) and isinstance(first.operands[0], Empty)


def _relations(number: int, formula: Formula, node: Node, last: tuple[Formula, Node] | None) -> Iterator[Line]:
    """The lines of one statement, a chain of relations or an expression; what ⇒ joins are statements of their own."""
    if isinstance(node, Chain) and set(node.operators) <= LOGIC:
        count = 0
        for operator, part in zip(("", *node.operators), node.operands, strict=True):
            for line in _relations(number + count, formula, part, None) if not isinstance(part, Empty) else ():
                yield dataclasses.replace(line, after=operator if line.link == 0 else "")
                count += 1
        return
    if not isinstance(node, Chain):
        yield Line(number=number, formula=formula, left=node, span=node.span)
        return
    left, carried = node.operands[0], None
    goes_on = isinstance(left, Empty)
    if goes_on and last is not None and last[0].headings == formula.headings:
        carried, left = (None if last[0] is formula else last[0]), last[1]
    for link, (operator, right) in enumerate(zip(node.operators, node.operands[1:], strict=True)):
        found = Line(
            number=number + link,
            formula=formula,
            left=left,
            right=right,
            carried=carried,
            operator=operator,
            span=(node.span[0] if link == 0 else left.span[0], right.span[1]),
            link=link + goes_on,
        )
        names = operator == "=:" and carried is None  # W x =: z is z := W x
        yield dataclasses.replace(found, left=right, right=left, operator=":=", link=0) if names else found
        left, carried = right, None


def names_defined(line: Line, dictionary: Dictionary) -> tuple[str, str] | None:
    """The name and arguments that a line may define."""
    try:
        return defined_name(line.left, dictionary) if line.right is not None and line.link == 0 else None
    except Unreadable:
        return None

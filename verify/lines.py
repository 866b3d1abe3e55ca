"""The relations of a document, one line each: a chain A = B = C is two, also where it is carried over displays."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from derive.notation.definitions import DEFINING, defined_name
from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.ellipses import prepared
from derive.notation.ground import Ground
from derive.notation.macros import Macro, read_macros
from derive.notation.maps import with_maps
from derive.notation.parser import ReadError, parse
from derive.notation.runs import walk
from derive.notation.syntax import Chain, Dots, Empty, Group, Listing, Neg, Node, Num, Prose, Span, Sym
from derive.notation.wording import Wording, wording_of

from .documents.document import Document, Formula
from .exponentiated import implied_by_logarithms
from .normnames import names_a_norm
from .roles import Role, announced, introduction
from .supposed import Supposed, dictionary_of, misfits_of

LOGIC = frozenset({"=>", "<=>"})
REASONS = re.compile(r"\W*(?:since|because|as|by|using|recall|note|where|if|for|from|with)\b", re.IGNORECASE)
PROBLEM = re.compile(
    r"\\(?:text|textrm|mbox|mathrm|operatorname\*?|rm)[\s{]*(?:s\.?\s*~?t\.?|subject\s+to)[\s}:~]"
    r"|(?<![\w.\\^])s\. ?t(?:\.|(?=[\s~\\&:]|$))(?![\w^'])"
)
CONDITIONAL = re.compile(  # w_{ij} = 0 \text{ if } …
    r"(?:[\s,&~]|\\[,;: ]|\\q?quad)*\\(?:text(?:rm|it)?|mbox|mathrm)\s*\{[\s,~]*(?:if|when(?:ever)?|unless)\b",
    re.IGNORECASE,
)
CONDITIONS = frozenset({"<", ">", "<=", ">=", "!="})
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
        return self._meant[0]

    @cached_property
    def _meant(self) -> tuple[Dictionary, int | None]:
        return dictionary_of(self)

    def words_under(self, headings: tuple[str, ...]) -> str:
        """The words under a heading and under those above it, but not under those below it."""
        return "\n\n".join(words for above, words in self._sections.items() if headings[: len(above)] == above)

    @cached_property
    def _sections(self) -> Mapping[tuple[str, ...], str]:
        found: dict[tuple[str, ...], dict[str, None]] = {}
        displays = {f.headings for _, f in self.nodes if f.display}
        for _, formula in self.nodes:
            if formula.display or formula.headings not in displays:
                found.setdefault(formula.headings, {}).update({formula.before: None, formula.after: None})
        return {headings: "\n\n".join(words) for headings, words in found.items()}

    @cached_property
    def grounds(self) -> dict[tuple[bool, frozenset[str]], Ground]:
        """What its formulas show, found once for each supposition of what counts as theirs."""
        return {}

    @cached_property
    def needs_matrices(self) -> bool:
        """Whether fewer of its relations could be read if capitals before small letters were no matrices by custom."""
        supposed = Supposed(seen=bool(self.seen), trust=2)
        return len(misfits_of(self, supposed.dictionary(self, supposed.survey(self)))) > self.misfits

    @cached_property
    def misfits(self) -> int:
        """The number of its own relations that cannot be read."""
        dictionary, found = self._meant
        return len(misfits_of(self, dictionary)) if found is None else found

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
            parsed.append((formula, with_maps(tuple(prepared(n) for n in parse(formula.latex, macros)))))
        except ReadError as error:
            parsed.append((formula, None))
            unparsed.append(Unparsed(number=number, formula=formula, reason=_placed(error, document, formula)))
    wording = wording_of([n for _, found in parsed for n in found or ()], macros)
    parsed = [(f, None if found is None else tuple(wording.written_out(found))) for f, found in parsed]
    lines = tuple(_lines(parsed))
    nodes = [(n, f) for f, found in parsed if found is not None and not names_a_norm(found, f) for n in found]
    return Lines(
        lines=lines,
        unparsed=tuple(unparsed),
        nodes=(*nodes, *implied_by_logarithms(nodes)),
        wording=wording,
        prose=document.prose,
        own=frozenset(line.number for line in lines),
    )


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
            beside = last is not None and last[0] is formula and _is_beside(last[1], node, formula)
            if formula.display and REASONS.match(words) is None and not beside:
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


def _is_beside(before: Node, node: Node, formula: Formula) -> bool:
    r"""Whether a statement is a condition or a range in the row of what it is about: `… \quad t < λ`, `…, k = 1, …, n`.

    The next row goes on from what stands before it.
    """
    if not isinstance(node, Chain) or isinstance(node.operands[0], Empty):
        return False
    *letters, last = node.operands
    values = node.operators in (("=",), ("in",)) and isinstance(last, Listing | Group | Sym)
    values = values and (isinstance(last, Listing) or "in" in node.operators)
    bounds = set(node.operators) <= CONDITIONS and isinstance(last, Num | Sym | Neg)
    if not (values or bounds) or not all(isinstance(n, Num | Sym | Neg) for n in letters):
        return False
    between = formula.latex[before.span[1] : node.span[0]]
    return "\\\\" not in between and "\\cr" not in between and before.span[1] <= node.span[0]


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
    goes_on, valued = isinstance(left, Empty), _gives_values(node)
    if goes_on and last is not None and last[0].headings == formula.headings:
        carried, left = (None if last[0] is formula else last[0]), last[1]
    for link, (operator, right) in enumerate(zip(node.operators, node.operands[1:], strict=True)):
        found = Line(
            number=number + link,
            formula=formula,
            left=left,
            right=node.operands[-1] if valued else right,
            carried=carried,
            operator=operator,
            span=(node.span[0] if link == 0 else left.span[0], right.span[1]),
            link=0 if valued else link + goes_on,
        )
        names = operator == "=:" and carried is None  # W x =: z is z := W x
        if names or (link and operator == "=" and _is_zero(left) and _has_letters(right)):  # P(A) = 0 = P(B): each is
            found = dataclasses.replace(found, left=right, right=left, operator=":=" if names else "=", link=0)
        yield found
        left, carried = right, None


def _is_zero(node: Node) -> bool:
    return isinstance(node, Num) and node.text == "0"


def _has_letters(node: Node) -> bool:
    return any(isinstance(n, Sym) for n in walk(node))


def _gives_values(node: Chain) -> bool:
    """Whether a chain gives each of its letters one number, m_0 = v_0 = 0, which is no equation of m_0 and v_0."""
    *letters, last = node.operands
    return isinstance(last, Num) and set(node.operators) == {"="} and all(isinstance(n, Sym) for n in letters)


def supposes(line: Line) -> bool:
    """Whether a line is a constraint of a problem, or what holds if something is so: it gives no name a value."""
    latex, (start, end) = line.formula.latex, line.span
    return PROBLEM.search(latex, 0, start) is not None or CONDITIONAL.match(latex, end) is not None


def names_defined(line: Line, dictionary: Dictionary) -> tuple[str, str] | None:
    """The name and arguments that a line may define; a constraint, or what holds if something is so, defines none."""
    if line.right is None or line.link or supposes(line):
        return None
    try:
        return defined_name(line.left, dictionary)
    except Unreadable:
        return None


def counts_on(node: Node | None) -> bool:
    """Whether a list is of whole numbers one after another without an end, which says what a letter counts: 0, 1, …"""
    match node:
        case Listing(items=(Num(text=first), *more, Dots())) if first.isdigit():
            said = [n.text for n in more if isinstance(n, Num)]
            return len(said) == len(more) and said == [str(int(first) + k) for k in range(1, len(more) + 1)]
    return False

"""Shapes that the text declares and that do not fit: W X for an m × n matrix W and a k × d matrix X.

Only shapes that the text states count, in ℝ^{m×n} or in words, never those told from use; lengths that differ by a
number may be a bias left out, and which of two letters a length belongs to must be certain. What remains is wrong
however it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from sympy import Expr

from derive.chances.events import brackets
from derive.notation.applications import ELEMENTARY
from derive.notation.arrays import Array, Value
from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.differentials import SIGNS, first_base
from derive.notation.elaborate import Reader
from derive.notation.ellipses import prepared
from derive.notation.marks import is_bold
from derive.notation.names_in_notes import is_letter, take_apart
from derive.notation.parser import ReadError, parse
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Chain, Entries, Fn, Fraction, Group, Juxt, Listing, Node, Num, Sym

from .context import Context
from .declaredshapes import declaration, is_certain, is_later, length_of, owners_of, quantities_of, resting_on
from .documents.document import Document
from .entries import prove_entries
from .lines import Line
from .results import Suggestion, Verdict
from .rules.edit import Edit, Side
from .rules.wrong_transpose import RULE
from .scope import transpose_of
from .writtensizes import are_equated

COLUMNS = re.compile(  # what vectors are said to be; a matrix has column vectors whatever they are
    r"\b(?:is|are|be|being|as|by|for|all|assum\w*|treat\w*|denote\w*|mean\w*) "
    r"(?:an? |all |always |taken as |treated as )*(?:\w+[- ])?column vectors?\b",
    re.IGNORECASE,
)
CONVOLUTIONS = frozenset({"*", "ast", "star"})
NUMERATOR = re.compile(r"\b(?:numerator|jacobian)[- ](?:layout|formulation|convention)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Unfitting:
    """What does not fit.

    Attributes:
        message: the two shapes.
        because: where the text declares them.
        suggestion: the one edit that makes them fit, if there is but one.
        error: the shapes as they were read.
        late: the quantity whose shape the text declares afterwards, if it is but one: that is what does not fit.
    """

    message: str
    because: str
    suggestion: Suggestion | None = None
    error: Unreadable
    late: str | None = None


def unfitting(line: Line, document: Document, context: Context) -> Unfitting | None:
    """Why a relation is wrong by the shapes that the text declares; None if it is not, or not certainly."""
    if line.right is None or line.carried is not None or convolves(line) or _says_symmetric(line, context.dictionary):
        return None
    if context.chances.speaks and next(brackets((line.left, line.right)), None) is not None:
        return None  # the p of p(x) may be a vector elsewhere
    if line.link and not _fits(line.left, context.dictionary):
        return None  # it is the relation before it that does not fit
    if has_bold_size(line, context.dictionary) or _has_function_of_its_own(line) or is_laid_out_by_rows(line, context):
        return None
    if _counts_from_zero(line) or _begins_layers(line) or _has_blocks(line):
        return None
    try:
        _read_apart(line.left, line.right, context.dictionary)
    except Unreadable as error:
        if _is_example(error, line, context.dictionary) or _has_unknown_capital(error, line, context.dictionary):
            return None
        if _may_be_equal(error, context):
            return None
        names = _blamed(error, context.dictionary)
        given = None if names is None or _takes_rows(line, context.dictionary) else resting_on(names, context)
        given = owners_of(error.axes, context) or given if given else None
        if given is None or not all(is_certain(n, line, context) for n in given):
            return None
        because = "; ".join(declaration(n, document, context) for n in given)
        late = [n for n in given if is_later(n, line, context)]
        if len(late) == 1 and len(given) > 1:
            return Unfitting(message=error.reason, because=because, error=error, late=late[0])
        return Unfitting(message=error.reason, because=because, error=error, suggestion=_suggestion(line, context))
    except ValueError:
        return None
    return None


def _says_symmetric(line: Line, dictionary: Dictionary) -> bool:
    """Whether a relation sets a matrix equal to its own transpose: that it is symmetric, and so square."""
    letters = dictionary.survey.letters
    sides = [take_apart(n, letters) for n in (line.left, line.right) if isinstance(n, Sym)]
    return len(sides) == 2 and sides[0].plain == sides[1].plain and sides[0].transposed != sides[1].transposed


def is_laid_out_by_rows(line: Line, context: Context) -> bool:
    """Whether a relation has a derivative, where the text has named the layout in which ∂L/∂W has the shape of Wᵀ."""
    said = (f.before for _, f in context.lines.nodes if f.offset <= line.formula.offset)
    if not any(NUMERATOR.search(words) for words in said):
        return False
    nodes = (n for side in (line.left, line.right) if side is not None for n in walk(side))
    return any(isinstance(n, Fraction) and first_base(n.below) in ("partial", "d") for n in nodes)


def _counts_from_zero(line: Line) -> bool:
    """Whether a vector is written out from an entry 0 on, x = (x_0, …, x_d): one put before those of x ∈ ℝ^d."""
    nodes = (n for side in (line.left, line.right) if side is not None for n in walk(side))
    firsts = (low for n in nodes if isinstance(n, Entries) for _, low, _ in n.running)
    return any(isinstance(low, Num) and low.text == "0" for low in firsts)


def _has_blocks(line: Line) -> bool:
    """Whether letters stand in square brackets beside one another, [A B], which may be one matrix of two blocks."""
    nodes = (n for side in (line.left, line.right) if side is not None for n in walk(side))
    groups = (n.body for n in nodes if isinstance(n, Group) and n.opening == "[")
    return any(isinstance(body, Juxt) and all(isinstance(n, Sym) for n in body.items) for body in groups)


def _may_be_equal(error: Unreadable, context: Context) -> bool:
    """Whether the text has an equation between the two lengths that do not agree: d_q = d_k."""
    declared = context.dictionary.survey.declared.sizes
    shapes = [(shape, k) for name, k in error.axes for (known, _), shape in declared.items() if known == name]
    uppers = [shape[k][1] for shape, k in shapes if k < len(shape)]
    return any(are_equated((a, b), context) for a, b in combinations([u for u in uppers if u is not None], 2))


def _begins_layers(line: Line) -> bool:
    """Whether a letter at a number is set to a bare letter, H^{(0)} = X: a first layer may have another width."""
    scripts = [line.left.sup, line.left.sub] if isinstance(line.left, Sym) and isinstance(line.right, Sym) else []
    return any(s is not None and all(isinstance(n, Num | Group) for n in walk(s)) for s in scripts)


def has_bold_size(line: Line, dictionary: Dictionary) -> bool:
    """Whether a letter in bold type is also that of a size, and so two things: the **h** of ℝ^h."""
    survey = dictionary.survey
    syms = (n for side in (line.left, line.right) if side is not None for n in walk(side) if isinstance(n, Sym))
    return any(is_bold(s) and take_apart(s, survey.letters).plain in survey.sizes for s in syms)


def _fits(node: Node, dictionary: Dictionary) -> bool:
    """Whether no shape keeps a side from being read by itself."""
    try:
        _read(None, node, dictionary)
    except Unreadable as error:
        return not (error.axes or error.sides)
    except ValueError:
        return True
    return True


def _read(left: Node | None, right: Node, dictionary: Dictionary) -> tuple[Expr | None, Expr]:
    reader = Reader(dictionary)
    first = None if left is None else reader.read(left)
    return first, reader.read(right)


def _read_apart(left: Node, right: Node, dictionary: Dictionary) -> None:
    """Both sides, or the right one where the left one has no reading for another reason than its shape."""
    try:
        _read(left, right, dictionary)
    except Unreadable as error:
        if error.axes or error.sides:
            raise
        _read(None, right, dictionary)


def convolves(line: Line) -> bool:
    """Whether a relation has a convolution, w * x."""
    nodes = (n for side in (line.left, line.right) if side is not None for n in walk(side))
    return any(isinstance(n, Bin) and n.op in CONVOLUTIONS for n in nodes)


def _has_function_of_its_own(line: Line) -> bool:
    """Whether a function of one number has several arguments here, and so is another one: the cosine of two vectors."""
    nodes = (n for side in (line.left, line.right) if side is not None for n in walk(side))
    called = (n.argument for n in nodes if isinstance(n, Fn) and n.name in ELEMENTARY)
    return any(isinstance(a, Group) and isinstance(a.body, Listing) for a in called)


def _is_example(error: Unreadable, line: Line, dictionary: Dictionary) -> bool:
    """Whether a few numbers are written out, as an example, for what has a symbolic number of entries."""
    symbolic = any(not _is_literal(a[0]) and not length_of(a, dictionary).is_number for a in error.axes)
    nodes = [n for side in (line.left, line.right) if side is not None for n in walk(side)]
    listed = [n for n in nodes if isinstance(n, Entries)]
    finite = not any(isinstance(n, Sym) for entries in listed for n in walk(entries))  # 0, 1, …, 0
    return symbolic and finite and any(_is_literal(name) for name, _ in error.axes)


def _has_unknown_capital(error: Unreadable, line: Line, dictionary: Dictionary) -> bool:
    """Whether a capital stands in what does not fit that was read as a number and may be a matrix: the B of Y − X B."""
    start, end = error.span
    survey = dictionary.survey
    told = {name for name, _ in (*survey.declared.sizes, *survey.declared.words)} | survey.sizes | survey.defined
    syms = [n for side in (line.left, line.right) if side is not None for n in walk(side) if isinstance(n, Sym)]
    apart = {id(n) for s in syms for script in (s.sub, s.sup) if script is not None for n in walk(script)}
    apart |= {id(n) for side in (line.left, line.right) if side is not None for n in _differentiated(side)}
    inside = (s for s in syms if id(s) not in apart and start <= s.span[0] and s.span[1] <= end)
    letters = (s for s in inside if not is_letter(s, survey.letters))
    capitals = (s for s in letters if s.base.isupper() and len(s.base) == 1 and s.base != "I")  # square, or a number
    named = (n for s in capitals if (n := take_apart(s, survey.letters)).power is None or not n.indices)
    return any(n.plain not in told and not survey.rank.get(survey.name(n), 0) for n in named)


def _differentiated(node: Node) -> Iterator[Node]:
    """What stands above in ∂R/∂Y."""
    for part in walk(node):
        if isinstance(part, Fraction) and first_base(part.above) in SIGNS:
            yield from walk(part.above)


def _takes_rows(line: Line, dictionary: Dictionary) -> bool:
    """Whether a matrix stands with one index, of which rows or columns may be meant: L_k, but no X_t ∈ ℝ^{n×d}."""
    survey = dictionary.survey
    ranks = {name: rank for (name, _), limits in survey.declared.sizes.items() for rank in (len(limits),)}
    syms = (n for side in (line.left, line.right) if side is not None for n in walk(side) if isinstance(n, Sym))
    named = (take_apart(s, survey.letters) for s in syms if not is_letter(s, survey.letters))
    others = (n for n in named if (n.plain, len(n.indices)) not in survey.declared.sizes)
    return any(0 < len(n.indices) < ranks.get(n.plain, 0) for n in others)


# -- what is to blame ------------------------------------------------------------------------------------


def _blamed(error: Unreadable, dictionary: Dictionary) -> tuple[str, ...] | None:
    """The quantities whose declared shapes do not fit."""
    if any(k < 0 for _, k in error.axes):  # along the data points, of which no shape is declared
        return None
    if error.axes:
        names = tuple(dict.fromkeys(name for name, _ in error.axes if not _is_literal(name)))
        lengths = [length_of(axis, dictionary) for axis in error.axes if not _is_literal(axis[0])]
        if len({bool(length.is_number) for length in lengths}) > 1:  # a 2 × 2 matrix may be an example
            return None
        near = len(lengths) == 2 and (lengths[0] - lengths[1]).expand().is_number
        return None if near and not all(length.is_number for length in lengths) else names
    if not error.sides or _by_custom(error.sides, dictionary):
        return None
    return tuple(dict.fromkeys(n for side in error.sides for n in quantities_of(side)))


def _is_literal(name: str) -> bool:
    return name.startswith("literal ")


def _by_custom(sides: tuple[Value, ...], dictionary: Dictionary) -> bool:
    """Whether a vector stands where a row belongs, or the other way round, which many texts do not tell apart."""
    ranks = [s.rank if isinstance(s, Array) else 0 for s in sides]
    vectors = 1 in ranks and 0 not in ranks
    return vectors and COLUMNS.search(dictionary.prose) is None


# -- what would fit --------------------------------------------------------------------------------------


def _suggestion(line: Line, context: Context) -> Suggestion | None:
    """The exchange or transpose after which the claim is proved, else the only one after which the shapes fit."""
    assert line.right is not None
    try:
        model = context.model_at(line.number)
    except ValueError:
        return None
    side = Side(
        source=line.formula.latex,
        node=line.right,
        others=(),
        letters=context.dictionary.survey.letters,
        transpose=transpose_of(context),
    )
    fitting: dict[str, Suggestion] = {}
    for edit in RULE.edits(side):
        edited = edit.applied(side.source)
        right = None if edited in fitting else _right_of(edited, line)
        sides = None if right is None else _fitting(_told(line.left, context), right, context.dictionary)
        if right is None or sides is None:
            continue
        proved = sides[0] is not None and prove_entries(sides[0], sides[1], model) is not None
        fitting[edited] = _suggested(edit, edited[right.span[0] : right.span[1]], line, proved=proved)
        if proved:
            return fitting[edited]
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def _fitting(left: Node | None, right: Node, dictionary: Dictionary) -> tuple[Expr | None, Expr] | None:
    """Both sides if their shapes fit; the right one alone where the left one has no reading for another reason."""
    try:
        return _read(left, right, dictionary)
    except Unreadable as error:
        return None if left is None or error.misfit or error.axes or error.sides else _fitting(None, right, dictionary)
    except ValueError:
        return None


def _told(node: Node, context: Context) -> Node | None:
    """The left side, if its shape is not told by the right side alone."""
    survey = context.dictionary.survey
    if not isinstance(node, Sym):
        return node
    name = survey.name(take_apart(node, survey.letters))
    return node if any(use[0] == name for use in survey.declared.sizes) else None


def _right_of(source: str, line: Line) -> Node | None:
    """The right side in the edited source, found by where it begins."""
    assert line.right is not None
    try:
        nodes = [prepared(n) for n in parse(source)]
    except ReadError:
        return None
    rights = (o for n in nodes if isinstance(n, Chain) for o in n.operands[1:])
    return next((o for o in rights if o.span[0] == line.right.span[0]), None)


def _suggested(edit: Edit, latex: str, line: Line, *, proved: bool) -> Suggestion:
    span = None if line.formula.origins else (line.formula.offset + edit.start, line.formula.offset + edit.end)
    message = f"{edit.was} → {edit.should_be}"
    verdict = Verdict.PROVED if proved else Verdict.UNDECIDED
    return Suggestion(latex=latex, edit=message, verdict=verdict, span=span, text=edit.text)

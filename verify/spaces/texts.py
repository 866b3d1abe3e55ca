"""What a text says of its letters: which are defined, and which are vectors, matrices and functions."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from derive.notation.declared import said_in
from derive.notation.definitions import DEFINING
from derive.notation.ellipses import prepared
from derive.notation.parser import ReadError, parse
from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.shape import weighing
from derive.notation.syntax import Array, Big, Bin, Chain, Fn, Group, Juxt, Listing, Node, Num, Sym

from ..documents.document import Formula
from ..freedifferentials import are_of_differentials, moving_in
from ..functions import Key, applied, key_of
from ..lines import Lines, supposes
from ..symmetric import said_general
from .called import ANGLE, ORTHONORMAL, SYMMETRIC, UNITS
from .described import described
from .eigen import Eigen, eigen_of
from .factors import Form, factors_in
from .letters import Letter, letter_is_bold, letter_of
from .values import NoValue

Shape = tuple[str, ...]  # the names of the lengths: () for a number, ("n",) for a vector, ("m", "n") for a matrix
AS_ENTRY = "[]"  # behind a family: whether x_k is an entry of x, or one of many such vectors
ENTRIES, MEMBERS = ("entries",), ("members",)
REALS = frozenset({"R", "reals"})
DEFINITE = frozenset({"S"})
OF_MATRICES = frozenset({"tr", "Tr", "trace", "det", "diag"})
GREEK = ("alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "eta", "kappa", "lambda", "mu", "nu", "rho")
NUMBERS = frozenset({*GREEK, "sigma", "tau", "omega", "zeta", "t", "c"})
CALLED = frozenset({*"fghFGJLqrm", "ell", "phi", "varphi", "psi"})
STEP = re.compile(r"\^\{?\(?([kt])\s*[+-]\s*1\)?\}?")


@dataclass(frozen=True, kw_only=True)
class Said:
    """That a line says what a letter or a function is.

    Attributes:
        number: of the line.
        letter: what is defined, with the indices for which it is.
        parameters: of a function.
        body: what it is.
    """

    number: int
    letter: Letter
    parameters: tuple[Sym, ...] = ()
    body: Node

    @cached_property
    def says(self) -> Key:
        """What it is, wherever it stands."""
        return key_of(self.body)

    @cached_property
    def recurs(self) -> bool:
        """Whether what a letter is rests on the letter itself, at another index."""
        base = self.letter.family.split(" ")[0].split("^")[0]
        return any(isinstance(n, Sym) and (n.sub or n.sup) and n.base == base for n in walk(self.body))


@dataclass(frozen=True, kw_only=True)
class Text:
    """What the lines of a section say.

    Attributes:
        said: by family, the lines that define it, in order.
        functions: by family, the lines that define it as a function.
        shapes: by family, the shape that the text declares.
        ranks: by family, the rank that its use or its type shows: 1 or 2.
        indexed: the families that stand somewhere with an index.
        bare: the families that stand somewhere without one.
        several: the families whose members with an index are vectors or matrices themselves: x_i ∈ ℝ^d, bold x_i.
        heads: the families that stand before a bracket and are functions.
        domains: by family of a declared function, the shapes of what it takes and gives.
        steps: the letters whose superscripts count steps.
        limits: the capitals up to which sums run.
        counts: the numbers of rows and columns of the matrices that are written out.
        general: the letters of matrices that the text calls invertible or square, and no more.
        symmetric, orthonormal, units: the matrices that the text calls so, and the vectors of length one.
        forms: by family, what a decomposition says that a matrix is.
        eigen: by family of an eigenvector, or of its eigenvalue, that of the matrix, with which of its pairs it is.
        prose: the words.
        bolds: the letters that stand somewhere in bold type.
        moving: the letters of which the text writes differentials.
        applied: by family of a function, the letters at which the text first takes it.
        lenient: whether a letter may mean what it was last said to be, and anything where that has no value, and x
            another thing than a bold x; only what holds is then told, not what is wrong.
        abstract: whether each letter and each function may be anything, whatever the text says.
    """

    said: dict[str, list[Said]] = field(default_factory=dict)
    functions: dict[str, list[Said]] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    indexed: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    several: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    domains: dict[str, tuple[Shape, Shape]] = field(default_factory=dict)
    steps: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()
    counts: set[str] = field(default_factory=set)
    symmetric: set[str] = field(default_factory=set)
    general: frozenset[str] = frozenset()
    orthonormal: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    forms: dict[str, Form] = field(default_factory=dict)
    eigen: dict[str, Eigen] = field(default_factory=dict)
    prose: str = ""
    bolds: frozenset[str] = frozenset()
    moving: tuple[Sym, ...] = ()
    applied: dict[str, tuple[Sym, ...]] = field(default_factory=dict)
    lenient: bool = False
    abstract: bool = False

    def letter(self, sym: Sym) -> Letter:
        """A letter taken apart. Raises: NoValue: for scripts of another kind."""
        letter = letter_of(sym, self.steps, self.limits)
        apart = self.lenient and sym.base in self.bolds and not letter.bold and not letter.indices
        return dataclasses.replace(letter, family=f"{letter.family} plain") if apart else letter

    @property
    def lengths(self) -> tuple[str, ...]:
        """The names of the lengths that the text declares."""
        return tuple(dict.fromkeys(n for s in self.shapes.values() for n in s if not n.isdigit()))


def text_of(lines: Lines, *, lenient: bool = False) -> Text:
    """What the lines of a section say; steps of training are read as they are written."""
    formulas = tuple({id(f): f for _, f in lines.nodes}.values())
    nodes = [(node, f) for f in formulas for node in _as_written(f, lines)]
    steps = frozenset(
        n.base
        for root, formula in nodes
        if STEP.search(formula.latex)
        for n in walk(root)
        if isinstance(n, Sym) and isinstance(n.sup, Bin) and n.sup.op in ("+", "-") and isinstance(n.sup.right, Num)
    )
    bigs = [n for root, _ in nodes for n in walk(root) if isinstance(n, Big) and n.above is not None]
    limits = frozenset(n.base for big in bigs if big.above for n in walk(big.above) if isinstance(n, Sym))
    limits |= {bound[0] for big in bigs if (bound := binder(big.below)) is not None}
    bolds = frozenset(n.base for root, _ in nodes for n in walk(root) if isinstance(n, Sym) and letter_is_bold(n))
    text = Text(
        steps=steps,
        limits=limits,
        prose=lines.prose,
        bolds=bolds,
        moving=moving_in((root for root, _ in nodes), lines.prose),
        lenient=lenient,
        general=said_general(lines.prose),
    )
    for found, patterns in ((text.symmetric, SYMMETRIC), (text.units, UNITS), (text.orthonormal, ORTHONORMAL)):
        found |= {m[1] for pattern in patterns for m in pattern.finditer(lines.prose)}
    text.ranks.update({letter_of(sym, steps, limits).family: 2 for sym in weighing(root for root, _ in nodes)})
    for said in said_in(lines.prose):
        _rank(said.sym, said.rank, text)
    _note_angles(lines, text)
    for root, _ in nodes:
        _declare(root, text)
        _describe(root, text)
        for sym, form in factors_in(root, lines.prose):
            _give_form(sym, form, text)
        for node in walk(root):
            _observe(node, text)
    for families, rank in ((text.symmetric, 2), (text.orthonormal, 2), (text.units, 1)):
        text.ranks.update({f: rank for f in families if f not in text.shapes})
    numbers = {(id(n.formula), n.span[0]): n.number for n in lines.lines if not (n.link or n.carried or supposes(n))}
    for root, formula in nodes:
        number = numbers.get((id(formula), root.span[0]))
        if number is not None and isinstance(root, Chain) and root.operators[0] in DEFINING:
            _note(number, root.operands[0], root.operands[1], text)
    known = (text.said.keys() | text.shapes.keys() | text.ranks.keys()) - text.functions.keys() - text.domains.keys()
    text.heads.difference_update(known)
    return text


def _as_written(formula: Formula, lines: Lines) -> tuple[Node, ...]:
    try:
        return tuple(prepared(n) for n in parse(formula.latex, lines.wording.macros))
    except ReadError:
        return ()


# -- definitions -----------------------------------------------------------------------------------------


def _note_angles(lines: Lines, text: Text) -> None:
    """Note the letters that the words call the angle between two vectors."""
    for name, first, second in ANGLE.findall(lines.prose):
        latex = rf"\arccos\left(\frac{{({first})\cdot({second})}}{{\|{first}\|\|{second}\|}}\right)"
        try:
            (body,) = (prepared(n) for n in parse(latex, lines.wording.macros))
        except (ReadError, ValueError):
            continue
        text.said.setdefault(name, []).append(Said(number=-1, letter=Letter(family=name), body=body))


def _note(number: int, left: Node, right: Node, text: Text) -> None:
    """Note what the equation of a line defines; no function d in d(x^T x) = 2 x^T dx."""
    if are_of_differentials(left, right):
        return
    try:
        if isinstance(left, Sym):
            letter = text.letter(left)
            if letter.power is None and not letter.transposed and not letter.inverted and not left.primes:
                text.said.setdefault(letter.family, []).append(Said(number=number, letter=letter, body=right))
            return
        found = applied(left)
        if found is None or not all(isinstance(p, Sym) for p in found[1]):
            return
        letter = text.letter(found[0])
    except NoValue:
        return
    parameters = tuple(p for p in found[1] if isinstance(p, Sym))
    entry = Said(number=number, letter=letter, parameters=parameters, body=right)
    text.functions.setdefault(letter.family, []).append(entry)


# -- shapes ----------------------------------------------------------------------------------------------


def _declare(root: Node, text: Text) -> None:
    """Note what a formula says of spaces: x ∈ ℝⁿ, f: ℝⁿ → ℝ."""
    if not isinstance(root, Chain):
        return
    for k, operator in enumerate(root.operators):
        if operator == "in" and (shape := _space(root.operands[k + 1])) is not None:
            for sym in _listed(root.operands[k]):
                try:
                    letter = text.letter(sym)
                except NoValue:
                    continue
                text.shapes.setdefault(letter.family, shape)
                if letter.indices and shape:
                    text.several.add(letter.family)
    if root.operators[:2] == (":", "to") and isinstance(root.operands[0], Sym):
        spaces = _space(root.operands[1]), _space(root.operands[2])
        if spaces[0] is not None and spaces[1] is not None:
            family = letter_of(root.operands[0]).family
            text.domains[family] = spaces[0], spaces[1]
            text.heads.add(family)


def _describe(root: Node, text: Text) -> None:
    """Note what an equation says of a matrix or vector."""
    if isinstance(root, Chain) and root.operators[0] == "=":
        _pair(root.operands[0], root.operands[1], text)
    if isinstance(root, Chain) and root.operators[0] == "=" and (said := described(*root.operands[:2])) is not None:
        kind, sym = said
        {"orthonormal": text.orthonormal, "symmetric": text.symmetric, "unit": text.units}[kind].add(_family(sym, text))


def _give_form(sym: Sym, form: Form, text: Text) -> None:
    """Note what a decomposition says that a matrix is."""
    _rank(dataclasses.replace(sym, sup=None), 2, text)
    family = _family(dataclasses.replace(sym, sup=None), text)
    if form is Form.ORTHONORMAL:
        text.orthonormal.add(family)
    else:
        text.forms[family] = form


def _pair(left: Node, right: Node, text: Text) -> None:
    """Note the letters of S v = λ v."""
    letters = [_letter(s, text) for s in eigen_of(left, right) or ()]
    found = [n for n in letters if n is not None and not n.transposed and n.power is None]
    if len(found) < 3 or any(n.family in text.eigen for n in found):
        return
    matrix, vector, value = (n.family for n in found)
    number = len({e.number for e in text.eigen.values() if e.matrix == matrix})
    text.eigen[vector] = Eigen(matrix=matrix, is_vector=True, number=number)
    text.eigen[value] = Eigen(matrix=matrix, is_vector=False, number=number)
    text.ranks.setdefault(matrix, 2)
    text.ranks.setdefault(vector, 1)


def _letter(sym: Sym, text: Text) -> Letter | None:
    try:
        return text.letter(sym)
    except NoValue:
        return None


def is_called_unit(sym: Sym, text: Text, words: str) -> bool:
    """Whether some words say that a letter is a vector of length one."""
    return any(m[1] == _family(sym, text) for pattern in UNITS for m in pattern.finditer(words))


def _listed(node: Node) -> Iterator[Sym]:
    parts = node.items if isinstance(node, Listing) else (node,)
    yield from (p for p in parts if isinstance(p, Sym))


def _space(node: Node) -> Shape | None:
    """The shape of what lies in ℝ, ℝⁿ or ℝ^{m×n}; None for other sets."""
    if not isinstance(node, Sym) or node.base not in REALS | DEFINITE or "bb" not in node.fonts:
        return None
    if node.sup is None or (isinstance(node.sup, Sym) and node.sup.base in ("+", "++")):
        return () if node.base in REALS else None
    parts = (node.sup.left, node.sup.right) if isinstance(node.sup, Bin) and node.sup.op == "times" else (node.sup,)
    names = tuple(_length(p) for p in parts)
    if node.base in DEFINITE:
        names = (*names, *names)
    return tuple(n for n in names if n) if all(names) and len(names) <= 2 else None


def _length(node: Node) -> str:
    if isinstance(node, Num) and node.text.isdigit():
        return node.text
    return node.base if isinstance(node, Sym) and node.sub is None and node.sup is None else ""


def _observe(node: Node, text: Text) -> None:
    """Note what the use of a letter shows."""
    if isinstance(node, Juxt):
        for head, group in zip(node.items, node.items[1:], strict=False):
            if isinstance(head, Sym) and head.base == "nabla" and isinstance(group, Sym):
                text.heads.add(_family(group, text))
            if isinstance(head, Sym) and _may_head(head, group):
                text.heads.add(_family(head, text))
            if isinstance(head, Sym) and (taken := applied(Juxt(items=(head, group), span=head.span))) is not None:
                letters = tuple(a for a in taken[1] if isinstance(a, Sym))
                if len(letters) == len(taken[1]) and set(taken[2]) <= {","}:
                    text.applied.setdefault(_family(head, text), letters)
    if isinstance(node, Fn) and node.name in OF_MATRICES and isinstance(node.argument, Sym):
        _rank(node.argument, 2, text)
    if isinstance(node, Chain) and isinstance(node.operands[0], Sym) and isinstance(node.operands[1], Array):
        rows = node.operands[1].rows
        _rank(node.operands[0], 1 if all(len(r) == 1 for r in rows) else 2, text)
    if isinstance(node, Array):
        text.counts.update({str(len(node.rows)), str(len(node.rows[0]))} - {"1"})
    if not isinstance(node, Sym) or node.base == "nabla":
        return
    try:
        letter = text.letter(node)
    except NoValue:
        return
    (text.indexed if letter.indices else text.bare).add(letter.family)
    if letter.indices and (letter.bold or letter.transposed):
        text.several.add(letter.family)
    upper = node.base[:1].isupper()
    if letter.transposed or letter.bold or (letter.inverted and upper):
        _rank(node, 2 if upper else 1, text)


def _may_head(head: Sym, group: Node) -> bool:
    """Whether a letter by which functions are usually called stands before a bracket."""
    bracket = isinstance(group, Group) and group.opening == "("
    return bracket and head.sup is None and head.base in CALLED


def _rank(sym: Sym, rank: int, text: Text) -> None:
    family = _family(sym, text)
    text.ranks[family] = max(rank, text.ranks.get(family, 0))


def _family(sym: Sym, text: Text) -> str:
    try:
        return text.letter(sym).family
    except NoValue:
        return sym.base


# -- what a letter may be --------------------------------------------------------------------------------


def shapes_for(family: str, text: Text) -> tuple[Shape, ...]:
    """The shapes that a letter may have, by what the text says or shows of it."""
    if family.endswith(AS_ENTRY):
        return ENTRIES, MEMBERS
    if family in text.shapes:
        return (text.shapes[family],)
    base = family.split(" ")[0].split("_")[0].split("^")[0]
    lengths = text.lengths[:3]
    lengths = lengths if len(lengths) > 1 else (*lengths, *("~n", "~m")[: 2 - len(lengths)])
    vectors = tuple((n,) for n in lengths)
    square = tuple((n, n) for n in lengths)
    matrices = (*square, *((m, n) for m in lengths for n in lengths if m != n))
    if family == "I":
        return tuple((n, n) for n in dict.fromkeys((*text.lengths, *lengths, *sorted(text.counts))))
    rank = text.ranks.get(family)
    if rank == 1:
        return vectors
    if rank == 2:
        return matrices
    if base[:1].isupper():
        return ((), *matrices)
    return ((),) if base in NUMBERS else ((), *vectors)

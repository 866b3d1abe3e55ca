r"""How many axes a letter has beside the indices written at it: W and x of W x + b, found by use.

A letter's own mark says it (bold, `\in \mathbb{R}^d`, a transpose, entries x_i elsewhere), or what it stands beside.
Where nothing does, capitals before small letters are matrices in a text with vectors, W x + b, which is a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from .axes import Limits
from .constants import is_identity
from .conventions import FUNCTION_LETTERS, NAMES_OF_SEVERAL_LETTERS, NO_QUANTITIES, PROBABILITY_LETTERS
from .declared import Declared
from .differentials import first_base
from .marks import are_alike_in_bold, has_array_letter, has_capital, has_index, is_bold, speaks_of_vectors
from .names_in_notes import Named, is_letter, is_power_of_e, is_transpose, ranked, take_apart, turned_before_sums
from .runs import walk
from .scope import binder
from .shape import (
    NUMBER,
    Shape,
    Use,
    factors_of,
    has_cases,
    is_list,
    joined,
    literal_of,
    may_be_bias,
    multiplied,
    names_in,
    tells,
    turned_in,
    uses_of,
    weighing,
)
from .steps import are_steps
from .suppositions import Suppositions
from .syntax import Array, Big, Bin, Chain, Entries, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sqrt, Sym

MOST_PASSES = 8
SAME = frozenset({"=", ":=", "=:", "approx", "triangleq", "equiv", "<-"})
ENTRY_BY_ENTRY = frozenset({"odot", "circ", "+", "-"})


@dataclass
class Shapes:
    """What is known of the letters so far.

    Attributes:
        letters: those used as indices.
        sizes: plain names that limit sums.
        ranks: for each plain name the numbers of indices it is used with.
        declared: the shapes that the text states.
        identity: whether the letter I is the identity matrix.
        supposed: what is supposed where nothing tells.
        extra: for each use of a letter the axes it has beside its indices.
        guessed: the uses for which only custom says so.
        joins: pairs of axes that have one length, after the last pass.
        vectors: whether anything shows that the text has vectors.
        told: whether the use of some letter told its axes.
        functions: letters that stand for functions of one argument.
        values: plain names that stand before a bracket with their arguments, L(θ).
        defined: plain names that stand alone to the left of a relation.
        steps: the letters that count layers or time steps.
        limits: the limits of the axes of vectors and matrices that are written out.
        stepping: the plain names that have such a letter at their first axis.
    """

    letters: frozenset[str]
    sizes: frozenset[str]
    ranks: Mapping[str, frozenset[int]]
    functions: frozenset[str]
    values: frozenset[str]
    defined: frozenset[str]
    steps: frozenset[str] = frozenset()
    stepping: frozenset[str] = frozenset()
    declared: Declared = field(default_factory=Declared)
    identity: bool = False
    supposed: Suppositions = field(default_factory=Suppositions)
    extra: dict[Use, int] = field(default_factory=dict)
    guessed: set[Use] = field(default_factory=set)
    joins: list[tuple[Hashable, Hashable]] = field(default_factory=list)
    vectors: bool = False
    told: bool = False
    limits: dict[Hashable, Limits] = field(default_factory=dict)
    _multiplied_by: int = 0  # how deep in the operands of matrices and rows
    _hadamard: bool = False  # whether the text has ⊙
    _entrywise: bool = False  # whether ⊙ alone tells that what stands beside it is a vector

    def settle(self, nodes: Iterable[Node]) -> None:
        """Find the axes of all letters: first from their own marks, then from how they are used."""
        nodes = tuple(nodes)
        self.extra |= {use: len(limits) for use, limits in self.declared.sizes.items()} | dict(self.declared.words)
        syms = [n for top in nodes for n in walk(top) if isinstance(n, Sym) and not is_letter(n, self.letters)]
        upright = {take_apart(s, self.letters).plain for s in syms if not is_bold(s)}
        for sym in sorted(syms, key=lambda s: s.sub is None):  # θ_k^⊤ tells what θ by itself is
            self._mark(sym, upright)
        self._hadamard = any(getattr(n, "op", "") == "odot" for top in nodes for n in walk(top))
        self.vectors = any(self.extra.values()) or any(speaks_of_vectors(n) for top in nodes for n in walk(top))
        if self.vectors:
            self._repeat(nodes)
            self._entrywise = self._hadamard and self.supposed.by("infer")
            self._repeat(nodes if self._entrywise else ())
        self.joins.clear()
        self._each(nodes if self.vectors else ())
        self.guessed.difference_update(turned_in(nodes, self.letters), uses_of(weighing(nodes), self.letters))

    def _repeat(self, nodes: tuple[Node, ...]) -> None:
        """Visit all nodes, then those with a letter of which something new is known, until they tell nothing new."""
        waiting, left = nodes, MOST_PASSES
        while waiting and left:
            known, left = dict(self.extra), left - 1
            self._each(waiting)
            new = {name for (name, _), _ in self.extra.items() - known.items()}
            waiting = tuple(n for n in nodes if not new.isdisjoint(names_in(n, self.letters))) if new else ()

    def _mark(self, sym: Sym, upright: set[str]) -> None:
        """What a letter shows by itself: entries elsewhere, bold type wherever it stands, a transpose."""
        named = take_apart(sym, self.letters)
        use = (named.plain, len(named.indices))
        if use in self.extra or sym.base in NO_QUANTITIES or (self.identity and is_identity(sym, self.letters)):
            return
        indexed = min((r for r in self.ranks.get(named.plain, ()) if r > 0), default=0)
        if not named.indices and indexed and named.plain not in self.sizes:
            self.extra[use] = indexed + self.extra.get((named.plain, indexed), 0)
        elif named.indices and (most := self._most(named)) > len(named.indices):
            self.extra[use] = most - len(named.indices)
        elif not named.indices and is_bold(sym) and named.plain not in upright and not sym.base.isdigit():
            if sym.sub is None or self.supposed.by("labelled"):
                self.extra[use] = 2 if sym.base[0].isupper() else 1
                self.told = self.told or sym.sub is not None
        elif named.transposed:
            self.extra[use] = 2 if sym.base[0].isupper() and are_steps(named.indices, self.steps) else 1

    def _most(self, named: Named) -> int:
        """The indices that a letter has elsewhere, if those here are places along steps: a^{(0)} beside a^{(l)}_i."""
        first = named.indices[0]
        places = len(named.indices) == 1 and (isinstance(first, Num) or not is_letter(first, self.letters - self.steps))
        counts = self.ranks.get(named.plain, frozenset({0}))
        return max(counts) if places and named.plain in self.stepping else 0

    def visit(self, node: Node | None, want: Shape | None) -> Shape | None:
        """The shape of a node, None if it is not known; what is wanted of it tells the shape of its letters."""
        if (method := _VISITED.get(type(node))) is not None:
            return method(self, node, want)
        self._each(node.items if isinstance(node, Listing) else ())
        return NUMBER

    def _each(self, nodes: Iterable[Node], want: Shape | None = None) -> list[Shape | None]:
        return [self.visit(node, want) for node in nodes]

    def _array(self, node: Array | Entries, want: Shape | None) -> Shape | None:
        """Of one shape in all cases, but for those of 0; or written out."""
        if not has_cases(node):
            return self._literal(node, want)
        values = [self.visit(row[0], want) for row in node.rows if row]
        self._each(cell for row in node.rows for cell in row[1:])
        arrays = next((s for s in values if s is not None and s.axes), None)
        return arrays if arrays is not None or None in values else NUMBER

    def _literal(self, node: Node, want: Shape | None) -> Shape | None:
        """A vector or matrix written out, whose entries may be rows or columns themselves."""
        literal = literal_of(node)
        if literal is None:
            return None
        parts = self._each(literal.parts)
        axes: tuple[Hashable, ...] = tuple(("literal", node.span, k) for k in range(len(literal.limits)))
        self.limits |= dict(zip(axes, literal.limits, strict=True))
        inner = next((p.axes for p in parts if p is not None and p.axes), ())
        if inner:
            axes = (axes[0], *inner) if len(axes) == 1 and not literal.row else (*inner, axes[0])
        if len(axes) > 2 or (inner and len(literal.limits) > 1):
            return None
        return joined(Shape(axes=axes, row=literal.row and len(axes) == 1), want, self.joins)

    def _sym(self, sym: Sym, want: Shape | None) -> Shape | None:
        if is_letter(sym, self.letters) or sym.base in NO_QUANTITIES or is_power_of_e(sym):
            self.visit(sym.sup, None)
            return NUMBER
        if self.identity and is_identity(sym, self.letters):
            return Shape(axes=(("identity", sym.span),) * 2)
        named = take_apart(sym, self.letters)
        use = (named.plain, len(named.indices))
        if named.plain in self.sizes and not named.indices:
            return NUMBER
        if use not in self.extra:
            if want is None or not want.axes or not self._may_be_whole(named):
                return None
            self._tell(use, len(want.axes))
        name = self.name(named)
        shape = Shape(axes=tuple((name, len(named.indices) + k) for k in range(self.extra[use])))
        turned = named.transposed != (named.plain in self.declared.rows)
        return joined(shape.turned if turned else shape, want, self.joins) if shape.axes else NUMBER

    def name(self, named: Named) -> str:
        """The plain name of a letter as the survey has it."""
        return ranked(named, self.ranks, self.extra)

    def _may_be_whole(self, named: Named) -> bool:
        """Whether a letter may have axes beside its indices: x_i only where a matrix or a row multiplies it."""
        steps = named.plain in self.stepping and len(named.indices) == 1
        return (not named.indices or steps or self._multiplied_by > 0) and self.supposed.by("infer")

    def _tell(self, use: Use, rank: int) -> None:
        self.extra[use] = rank
        self.told = self.vectors = True

    def _chain(self, node: Chain, want: Shape | None) -> Shape | None:
        end = -1 if node.operators[-1] == "in" and len(node.operators) > 1 else None  # Y = X W ∈ ℝ^{n×k}
        operands, operators = node.operands[:end], node.operators[:end]
        if not all(op in SAME for op in operators):
            return NUMBER
        known = next((s for s in (self.visit(o, None) for o in operands) if s is not None and s.axes), None)
        if known is not None:
            for operand in operands:
                self.visit(operand, known)
        return known

    def _bin(self, node: Bin, want: Shape | None) -> Shape | None:
        if node.op in ENTRY_BY_ENTRY:
            left, right = self.visit(node.left, want), self.visit(node.right, want)
            arrays = [s for s in (left, right) if s is not None and s.axes]
            if not arrays and None not in (left, right):
                return NUMBER
            if not arrays and not (self._entrywise and node.op == "odot"):
                return None
            arrays = arrays or [Shape(axes=(("entrywise", node.span),))]
            known = max(arrays, key=lambda s: len(s.axes))
            for side, shape in ((node.left, left), (node.right, right)):
                if len(known.axes) == 2 and node.op in "+-" and may_be_bias(side, shape):
                    row = self.visit(side, Shape(axes=known.axes[1:]))  # X W + b, one number for each column
                    self.joins += zip(row.axes if row else (), known.axes[1:], strict=False)
                elif shape is None or shape.axes:
                    self.visit(side, known)
            return known
        if node.op == "/":
            self.visit(node.right, NUMBER)
            return self.visit(node.left, want)
        if node.op == "cdot":
            left, right = self.visit(node.left, None), self.visit(node.right, None)
            alike = are_alike_in_bold(node.left, node.right)
            self._multiplied_by += alike
            left = self.visit(node.left, right) if alike and left is None else left
            vector = left is not None and len(left.axes) == 1 and not left.row
            right = self.visit(node.right, left) if vector else right
            self._multiplied_by -= alike
            if vector:
                return NUMBER if right is not None and len(right.axes) == 1 else left
        return self._product([node.left, node.right], want)

    def _group(self, node: Group, want: Shape | None) -> Shape | None:
        if node.opening in (r"\|", "||", "|"):
            rank = 2 if isinstance(node.body, Sym) and node.body.base[0].isupper() else 1
            self.visit(node.body, None) if node.opening == "|" else self._with_axes(node.body, rank)
            return NUMBER
        if node.opening == r"\langle" and isinstance(node.body, Listing):
            shapes = [s for s in self._each(node.body.items) if s is not None]
            self._each(node.body.items, next(iter(shapes), None))
            return NUMBER
        if is_list(node):
            return self._literal(node, want)
        turned = is_transpose(node.sup)
        self._multiplied_by += turned  # the x_i of (x_i − m)^T is a vector
        shape = self.visit(node.body, want.turned if want is not None and turned else want)
        if shape is None and turned:
            rank = 2 if isinstance(node.body, Sym) and self._weighs_a_layer(node.body) else 1
            shape = self.visit(node.body, Shape(axes=tuple(("turned", node.span, k) for k in range(rank))))
        self._multiplied_by -= turned
        if shape is None or not shape.axes:
            return shape
        return NUMBER if node.sub is not None else shape.turned if turned else shape

    def _with_axes(self, node: Node, rank: int) -> Shape | None:
        """The shape of what has so many axes where nothing else tells."""
        known = self.visit(node, None)
        axes = tuple(("some", node.span, k) for k in range(rank))
        return self.visit(node, Shape(axes=axes)) if known is None else known

    def _fraction(self, node: Fraction, want: Shape | None) -> Shape | None:
        if {first_base(node.above), first_base(node.below)} <= {"partial", "d"}:
            shapes = [self._each(p.items[1:] if isinstance(p, Juxt) else ()) for p in (node.above, node.below)]
            if shapes[0] and shapes[0][0] is not None and shapes[0][0].axes:  # its layout is not known here
                return None
            wrt = node.below.items[1] if isinstance(node.below, Juxt) and len(node.below.items) == 2 else None
            return self.visit(wrt, want) if wrt is not None else NUMBER
        self.visit(node.below, None)
        return self.visit(node.above, want)

    def _function(self, node: Fn, want: Shape | None) -> Shape | None:
        if node.name in ("tr", "det", "rank"):
            self._matrix(node.argument)
            return NUMBER
        if node.name == "diag":
            return self._diagonal(node)
        shape = self.visit(node.argument, want)
        if node.name == "softmax" and shape is None and node.argument is not None:
            shape = self.visit(node.argument, Shape(axes=(("softmax", node.span),)))
        return NUMBER if node.sub is not None and node.name == "softmax" else shape

    def _diagonal(self, node: Fn) -> Shape | None:
        """A matrix, whose diagonal is a vector, or given by its entries: diag(p_i)."""
        inner, capital = self.visit(node.argument, None), has_capital(node.argument)
        if inner is None and not capital and not has_index(node.argument, self.letters):
            inner = self.visit(node.argument, Shape(axes=(("diag", node.span),)))
        axes = inner.axes if inner is not None and inner.axes else () if capital else (("diag", node.span),)
        return Shape(axes=axes * 2) if len(axes) == 1 else None

    def _matrix(self, node: Node | None) -> None:
        shape = None if node is None else self._with_axes(node, 2)
        if shape is not None and len(shape.axes) == 2:
            self.joins.append((shape.axes[0], shape.axes[1]))

    def _big(self, node: Big, want: Shape | None) -> Shape | None:
        shape = self.visit(node.body, want)
        return shape if binder(node.below) is not None or node.op in ("sum", "prod") else NUMBER

    # -- products --------------------------------------------------------------------------------------

    def _product(self, items: list[Node], want: Shape | None) -> Shape | None:
        if isinstance(items[0], Sym) and items[0].base == "nabla":
            return self._gradient(items[0], items[1:])
        turned = turned_before_sums(items)
        factors = factors_of(items, lambda sym: sym not in turned and self._is_function(sym))
        shapes = [self._factor(f, None) for f in factors]
        for k, factor in enumerate(factors):
            arrays = any(s is not None and s.axes for s in shapes) or (want is not None and bool(want.axes))
            before = shapes[k - 1] if k else None
            following = factors[k + 1] if k + 1 < len(factors) else None
            if shapes[k] is None and self._is_matrix(factor, following, arrays):
                shapes[k] = self._factor(factor, Shape(axes=(("p", factor[0].span, 0), ("p", factor[0].span, 1))))
            elif shapes[k] is None and before is not None and tells(before, factor, shapes[k + 1 : k + 2]):
                self._multiplied_by += 1
                shapes[k] = self._factor(factor, Shape(axes=(before.axes[-1],)))
                self._multiplied_by -= 1
        unknown = [k for k, s in enumerate(shapes) if s is None]
        if unknown and not any(s is not None and s.axes for s in shapes):
            if want is None or not want.axes:
                return None
            shapes[unknown.pop()] = self._factor(factors[unknown[-1]], want)
        free = any(has_array_letter(n) for k in unknown for n in factors[k])  # A x may be longer than x
        return joined(multiplied(shapes, self.joins), None if free else want, self.joins)

    def _gradient(self, nabla: Sym, rest: list[Node]) -> Shape | None:
        """What ∇ stands before is a number; the gradient has the shape of what it is taken by."""
        self._each(rest)
        head = rest[0] if rest else None
        if isinstance(head, Sym):
            named = take_apart(head, self.letters)
            self.extra.setdefault((named.plain, len(named.indices)), 0)
        by = nabla.sub if nabla.sub is not None else rest[1] if len(rest) == 2 else None
        return None if by is None else self.visit(by.body if isinstance(by, Group) else by, None)

    def _factor(self, factor: list[Node], want: Shape | None) -> Shape | None:
        """A factor, or the value of a function."""
        if len(factor) == 1:
            return self.visit(factor[0], want)
        head, argument = factor
        if isinstance(argument, Group) and is_list(argument):
            self.visit(argument.body, None)
            return NUMBER
        if isinstance(head, Sym) and head.base in PROBABILITY_LETTERS:
            return NUMBER  # an event, Y = y, says nothing of shapes
        if isinstance(head, Sym) and take_apart(head, self.letters).plain in self.values:
            return self.visit(head, want)
        return self.visit(argument, want)

    def _is_matrix(self, factor: list[Node], following: list[Node] | None, arrays: bool) -> bool:
        """Whether custom takes a factor for a matrix: a capital before a small letter or between vectors."""
        (first, *rest) = factor
        if rest or not isinstance(first, Sym):
            return False
        if (small := not first.base[0].isupper()) and not self._weighs_a_layer(first):
            return False
        after = following is not None and (not isinstance(following[0], Num | Fraction))
        if not (after or arrays) or first.base in (*PROBABILITY_LETTERS, *NAMES_OF_SEVERAL_LETTERS):
            return False
        named = take_apart(first, self.letters)
        raised = named.power is not None and not isinstance(named.power, Neg)
        known = raised or named.plain in self.defined or named.plain in self.values
        if known or not all(is_letter(i, self.steps) for i in named.indices) or not self.supposed.by("custom"):
            return False
        self.guessed |= set() if small else {(named.plain, len(named.indices))}
        return True

    def _weighs_a_layer(self, sym: Sym) -> bool:
        """Whether w^l has a layer's mark in a text with ⊙, where a^l is a vector and w^l no number."""
        return sym.base == "w" and self._hadamard and take_apart(sym, self.letters).plain in self.stepping

    def _is_function(self, sym: Sym) -> bool:
        named = take_apart(sym, self.letters)
        by_custom = sym.base in FUNCTION_LETTERS and len(self.declared.sizes.get((named.plain, 0), ())) != 2
        known = sym.base in self.functions or by_custom or sym.base in PROBABILITY_LETTERS or sym.primes
        return bool(known) or named.plain in self.values


_VISITED: Mapping[type, Callable[..., Shape | None]] = {
    Sym: Shapes._sym, Chain: Shapes._chain, Bin: Shapes._bin, Group: Shapes._group, Fraction: Shapes._fraction,
    Fn: Shapes._function, Big: Shapes._big, Array: Shapes._array, Entries: Shapes._array,
    Juxt: lambda shapes, node, want: shapes._product(list(node.items), want),
    **dict.fromkeys((Neg, Sqrt), lambda shapes, node, want: shapes.visit(node.body, want)),
}  # fmt: skip

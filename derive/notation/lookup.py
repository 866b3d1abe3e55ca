"""What a letter of a formula stands for: an index, a size, an entry, or a whole vector or matrix."""

from __future__ import annotations

import dataclasses
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping

from sympy import Expr, Idx, Indexed, Integer, KroneckerDelta, Mul, Rational, exp, pi

from ..calculus.indices import free_indices
from ..vocabulary import InverseEntry, LogDet, entry_at, index, scalar, size, tensor
from .arrays import Array, Slot, Value, along, is_flexible, slot
from .constants import identity, is_identity, is_ones, ones
from .conventions import NO_QUANTITIES
from .declared import axes_of
from .dictionary import Dictionary, Unreadable
from .names_in_notes import Named, is_letter, is_power_of_e, is_transpose, take_apart
from .stacks import Stack
from .steps import END
from .survey import SLOT_LETTERS
from .syntax import Big, Bin, Group, Juxt, Neg, Node, Num, Span, Sym

Bound = Mapping[str, Idx]
AT_A_NUMBER = " is read at a fixed index, whose value the text may give in words"  # the doubt behind a letter
NOT_SAID = "the text does not say that the "  # begins the doubt about what a matrix is supposed to hold
IDENTITIES = frozenset({"I", "1", "0"})  # bold: the identity, the vector of ones; that of zeros is 0 as a number is
LIKELIHOOD = re.compile(r"\blikelihood", re.IGNORECASE)
EXPONENTS = frozenset({"alpha", "beta", "gamma", "eta", "rho", "sigma", "lambda", "theta"})  # after a minus no labels

VALUED = re.compile(  # words that may give a parameter a value
    r"\borigin\b|\b(?:no|without)(?: an?| the)? (?:intercept|bias|offset)|\bvanish\w*|\bfixed\b|\bzero\b|\bequal\b"
    r"|\bthe same\b|\bshared?\b|\btied\b",
    re.IGNORECASE,
)


class Lookup(ABC):
    """The letters of one statement; free letters keep one range throughout it.

    Attributes:
        free: the indices that are bound by no sum.
        opened: those at which the entries of the statement are read, in order.
        samples: those of them, or of the sums, that count data points.
        atoms: the spans read as one value each, with their values; of a vector or a matrix an entry.
        turned: the spans of the transposes of brackets, without the sign that raises them.
        arrays: whether vectors or matrices have been read.
        entrywise: whether a power of a vector can only mean that of its entries.
        doubts: why the author may have meant something else than what was read.
        demands: what is positive wherever the statement says something: one of its cases holds.
    """

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.survey = dictionary.survey
        self.letters = dictionary.survey.letters
        self.free: dict[str, Idx] = {}
        self.opened: list[Idx] = []
        self.samples: set[Idx] = set()
        self.atoms: list[tuple[Span, Expr]] = []
        self.turned: list[Span] = []
        self.arrays = False
        self.entrywise = False
        self.doubts: list[str] = []
        self.demands: list[Expr] = []

    @abstractmethod
    def _value(self, node: Node, bound: Bound) -> Value:
        """What a node stands for."""

    @abstractmethod
    def _raised(self, base: Value, sup: Node, bound: Bound) -> Value:
        """What a value with a superscript stands for."""

    def _by_entries(self, node: Node, bound: Bound) -> Value:
        """The v² of diag(v²) and u ⊙ v², which can only mean the squares of the entries."""
        outside, self.entrywise = self.entrywise, True
        try:
            return self._value(node, bound)
        finally:
            self.entrywise = outside

    def _sym(self, node: Sym, bound: Bound) -> Value:
        if is_letter(node, self.letters):
            if node.base in bound:
                return bound[node.base]
            if node.base in self.free:  # the t of 1 − β^t, the k of p_k = c k
                return self.free[node.base]
            raise Unreadable(f"the index {node.base} stands outside its sum", node.span)
        if node.base == "%":
            return Rational(1, 100)
        if node.base in NO_QUANTITIES:
            raise Unreadable(f"the symbol {node.base} is not read here", node.span)
        named_ = take_apart(node, self.letters)
        if node.base in bound and node.sub is None and not node.accents and named_.power is not None:
            return self._raised(bound[node.base], named_.power, bound)  # Σ_k k²
        if node.sup is not None and is_power_of_e(node) and not self._has_own_e():
            return self._exponential(node.sup, bound)
        if node.base == "pi" and node.sub is None and not self._has_own_pi():
            value = pi if node.sup is None else self._raised(pi, node.sup, bound)
            return value if isinstance(value, Array) else self._atom(node.span, value)
        value = self._quantity(named_, node, bound)
        if named_.power is None:
            return value
        power = named_.power
        negative = isinstance(power, Neg) and isinstance(power.body, Sym) and power.body.base in EXPONENTS  # c^{−γ}
        clear = negative or isinstance(power, Big) or self._is_raised(named_.plain, power)  # p^{Σ_i x_i}
        raised = () if clear else (power, getattr(power, "body", None))  # the ⊤ of A^{-⊤} is no label
        counts = self.survey.steps.usage.scripts.counts | self._variables_beside(named_.plain)
        if any(isinstance(n, Sym) and n.base not in counts and not is_transpose(n) for n in raised):
            self.doubts.append(f"the superscript of {named_.plain} may be a label or an index")
        return self._raised(value, named_.power, bound)

    def _is_raised(self, name: str, power: Node) -> bool:
        """Whether a number that a function is of has the number of data, or one of them, above it: λ^n, p^{x_i}."""
        varied = any(name in names for lists in self.survey.arguments.values() for names in lists)
        if not varied or self.survey.rank.get(name) or not isinstance(power, Sym) or power.sup is not None:
            return False
        if power.sub is None:
            return power.base in self.survey.sizes
        return LIKELIHOOD.search(self.dictionary.prose) is not None  # w^{y_i} may be the weights of the class y_i

    def _variables_beside(self, name: str) -> frozenset[str]:
        """The letters that are variables of a function beside another, and so no labels of it: f(x, y) = x^y."""
        together = (names for lists in self.survey.arguments.values() for names in lists if name in names)
        return frozenset(other for names in together for other in names)

    def _has_own_e(self) -> bool:
        return bool({"e"} & (self.survey.standing | self.survey.defined))

    def _has_own_pi(self) -> bool:
        """Whether the text uses π as a letter of its own."""
        survey = self.survey
        sought = "pi" in survey.differentiated and not survey.rank.get("pi")
        return survey.steps.usage.letter_pi or sought or bool({"pi"} & (survey.defined | survey.arguments.keys()))

    def _exponential(self, sup: Node, bound: Bound) -> Value:
        power = self._value(sup.body if isinstance(sup, Group) and sup.opening == "{" else sup, bound)
        if isinstance(power, Array):
            raise Unreadable("e is raised to a number only; write exp of a vector", sup.span)
        value: Expr = exp(power)
        return value

    def _quantity(self, named_: Named, node: Sym, bound: Bound) -> Value:
        if named_.plain in self.survey.sizes and not named_.indices:
            return self._atom(_without(node, named_.power), size(named_.plain))
        if "bold" in node.fonts and node.base == "0" and not (node.sub or node.sup):
            return Integer(0)
        if self.survey.steps.usage.identity and is_identity(node, self.letters):
            return self._identity(node)
        if node.base == "I" and named_.plain not in self.survey.defined:
            self.doubts.append("I may be the identity")
        if is_ones(node) and named_.power is None:
            self.arrays = True
            self._atom(node.span, Integer(1))
            return ones(row=named_.transposed)
        if "bold" in node.fonts and node.base in IDENTITIES and self.survey.name(named_) not in self.survey.defined:
            raise Unreadable(f"the bold {node.base} is not read here", node.span)
        name = self.survey.name(named_)
        if (stack := self.survey.stacks.get(name)) is not None:
            return self._of_all(stack, named_, node, bound)
        self._note_doubts(named_, name, node)
        if self.dictionary.is_kronecker(named_):
            a, b = (self._index(n, name, k, bound) for k, n in enumerate(named_.indices))
            return self._atom(node.span, KroneckerDelta(a, b))
        where = [self._index(n, name, k, bound) for k, n in enumerate(named_.indices)]
        if any(w.is_Integer and not self._is_counted(name, k) for k, w in enumerate(where)):
            self.doubts.append(f"{name}{AT_A_NUMBER}")
        slots = self._slots(named_, name)
        if not slots and named_.transposed:
            raise Unreadable(f"{name} is a number, and has no transpose", node.span)
        where += [s.index for s in slots]
        if named_.sample is not None:
            where.insert(0, self._sample(named_, bound))
        value: Expr = entry_at(tensor(name), *where) if where else scalar(name)
        if not slots:
            return self._atom(_without(node, named_.power), value)
        self.arrays = True
        row = named_.transposed != (name in self.survey.declared.rows)
        self._atom(_without(node, named_.power), value)
        if named_.transposed and len(slots) > 1:
            slots = slots[::-1]
        return Array(entry=value, slots=tuple(slots), row=row and len(slots) == 1)

    def _of_all(self, stack: Stack, named_: Named, node: Sym, bound: Bound) -> Value:
        """The vector or the matrix of all data points, or an entry of it."""
        if stack.supposed:
            lines = "columns" if stack.turned else "rows"
            self.doubts.append(f"{NOT_SAID}{lines} of {named_.plain} are the vectors {stack.of}")
        first = 0 if stack.counted else -1  # the axis along the points, of what has one
        points = self.dictionary.axis(stack.of, 0, "i") if stack.counted else self._sampled(stack.of)
        ends = (points, *(self.dictionary.axis(stack.of, k, "j") for k in range(first + 1, first + stack.rank)))
        slots = [slot(*e, (stack.of, first + k), along(named_.plain, k, stack.rank)) for k, e in enumerate(ends)]
        if not stack.counted:
            self.samples.add(slots[0].index)
        value: Expr = entry_at(tensor(stack.of), *(s.index for s in slots))
        self._atom(_without(node, named_.power), value)
        self.arrays = True
        found = Array(entry=value, slots=tuple(slots[::-1] if stack.turned != named_.transposed else slots))
        if not named_.indices:
            return dataclasses.replace(found, row=named_.transposed and stack.rank == 1)
        if len(named_.indices) != stack.rank or named_.transposed:
            raise Unreadable(f"this use of {named_.plain} is not read here", node.span)
        axes = [s.axis for s in found.slots]
        return found.at(*(self._index(n, *axis, bound) for n, axis in zip(named_.indices, axes, strict=True)))

    def _sampled(self, name: str) -> tuple[Expr, Expr]:
        """The range of the index of the data points that a letter has."""
        return self.dictionary.limits(self.survey.sampled[name], "i")

    def _identity(self, node: Sym) -> Array:
        """I, or I_n and I_{n×n} of that size."""
        axes = list(axes_of(node.sub))
        self.arrays = True
        self._atom(node.span, Integer(1))
        return identity(self.dictionary.limits(axes[0], "") if axes else None)

    def _is_counted(self, name: str, k: int) -> bool:
        """Whether an axis has a known number of places, or counts steps, so that x_1 is one of them and no other.

        So it is with parameters θ_0 and θ_1, which stand with numbers only, and by which the text differentiates.
        """
        numbered = self.survey.axis_letters.get(name, ())[k : k + 1] == ("",)
        numbered = numbered and VALUED.search(self.dictionary.prose) is None
        if k in self.survey.step_axes(name) or (numbered and name in self.survey.differentiated):
            return True
        upper: Expr = self.dictionary.axis(name, k, "")[1]
        return bool(upper.is_Integer)

    def _slots(self, named_: Named, name: str) -> list[Slot]:
        """Open indices for the axes at which nothing is written."""
        first, rank = len(named_.indices), self.survey.axes_beside(named_)
        axes = range(first, first + rank)
        if axes and name in self.survey.guessed:
            self.doubts.append(f"the text does not say that {name} is no number")
        ranges = [self.dictionary.axis(name, k, "ijkl"[k % 4]) for k in axes]
        return [slot(*ends, (name, first + k), along(name, k, rank)) for k, ends in enumerate(ranges)]

    def _note_doubts(self, named_: Named, name: str, node: Sym) -> None:
        counts = {r + self.survey.extra.get((named_.plain, r), 0) for r in self.survey.ranks.get(named_.plain, ())}
        if len(counts - {0}) > 1:
            self.doubts.append(f"{named_.plain} is used with different numbers of indices")
        if node.primes:
            self.doubts.append(f"the prime on {node.base} may mean a derivative")

    def inverse_of(self, value: Value, node: Node) -> Array:
        """A^{-1} of a named square matrix.

        Raises: Unreadable: of anything else.
        """
        if not isinstance(value, Array) or value.rank != 2:
            raise Unreadable("only a matrix has an inverse", node.span)
        rows, columns = value.slots
        entry = value.entry
        indices = tuple(entry.indices) if isinstance(entry, Indexed | KroneckerDelta) else ()
        if indices not in ((rows.index, columns.index), (columns.index, rows.index)) or rows.range != columns.range:
            return self._inverse_of_what_is_computed(value, node)
        if not isinstance(entry, Indexed):  # the unit matrix
            return value
        i, j = (rows.index, columns.index) if indices[0] == rows.index else (columns.index, rows.index)
        return Array(entry=InverseEntry(entry.base, i, j, *rows.range), slots=value.slots)

    def _inverse_of_what_is_computed(self, value: Array, node: Node) -> Array:
        """(X^T X)^{-1} as the inverse of a matrix that gets a name of its own."""
        rows, columns = value.slots
        free = free_indices(value.entry) - {rows.index, columns.index}
        if rows.range != columns.range or free or is_flexible(rows):
            raise Unreadable("an inverse is read of a square matrix only that is one for all data points", node.span)
        name = self.dictionary.named_matrix(value, self.letters_for)
        return Array(entry=InverseEntry(tensor(name), rows.index, columns.index, *rows.range), slots=value.slots)

    def log_of_determinant(self, value: Value, node: Node) -> Expr:
        """log det A of a named square matrix."""
        whole = self.inverse_of(value, node).entry  # holds the matrix and its range
        found: Expr = LogDet(whole.args[0], *whole.args[3:])
        return found

    # -- indices ---------------------------------------------------------------------------------------

    def _index(self, node: Node, plain: str, k: int, bound: Bound) -> Expr:
        if isinstance(node, Num) and not node.text.isdigit():
            raise Unreadable(f"{node.text} is no index", node.span)  # the 0.975 of a quantile
        if isinstance(node, Num):
            fixed: Expr = Integer(int(node.text))
            return fixed
        if isinstance(node, Bin):
            left, right = self._index(node.left, plain, k, bound), self._index(node.right, plain, k, bound)
            joined: Expr = left + right if node.op == "+" else left - right if node.op == "-" else left * right
            return joined
        if isinstance(node, Juxt):
            return Mul(*(self._index(i, plain, k, bound) for i in node.items))
        if isinstance(node, Neg):
            return -self._index(node.body, plain, k, bound)
        assert isinstance(node, Sym)
        if END in node.fonts or not is_letter(node, self.letters):  # the L of a^{(L)}, the S of x_{S p + u}
            return self.dictionary.bound_of(node)
        if node.base in bound:
            return bound[node.base]
        if node.base not in self.free:
            self.free[node.base] = index(node.base, *self.dictionary.axis(plain, k, node.base))
        return self.free[node.base]

    def _sample(self, named_: Named, bound: Bound) -> Idx:
        assert isinstance(named_.sample, Sym)
        letter = named_.sample.base
        if letter not in bound and letter not in self.free:
            limits = self.survey.sampled.get(self.survey.name(named_)) or self.survey.letter_ranges.get(letter)
            self.free[letter] = index(letter, *self.dictionary.limits(limits, letter))
        found = bound.get(letter) or self.free[letter]
        self.samples.add(found)
        return found

    def _atom(self, span: Span, value: Expr) -> Expr:
        self.atoms.append((span, value))
        return value

    def letters_for(self, i: Idx) -> Iterator[str]:
        """Letters that would do for an open index: those that the text uses for its range first."""
        for axis, limits in self.dictionary.axes.items():
            letter = self.survey.letters_of_axes.get(axis)
            if letter and limits == (i.lower, i.upper):
                yield letter
        yield from SLOT_LETTERS
        number = 0
        while True:
            number += 1
            yield f"i{number}"


def _without(node: Sym, power: Node | None) -> Span:
    """The span of a letter without its exponent."""
    return node.span if power is None else (node.span[0], power.span[0])

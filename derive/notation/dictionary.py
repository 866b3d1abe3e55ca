"""What the letters of a text mean: their axes and ranges, the functions it may use, what it says in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Expr, Idx, Integer, Mul, ceiling, floor

from ..rows.functions import FUNCTIONS, RowFunction, Unary, named
from ..vocabulary import index, size
from .arrays import Array, lettered
from .axes import Limits
from .conventions import FUNCTION_LETTERS
from .elsewhere import Formula
from .memory import Memory
from .names_in_notes import Named, is_letter, take_apart
from .runs import walk
from .sentences import matches
from .survey import Survey
from .syntax import Bin, Empty, Fraction, Group, Juxt, Node, Num, Sym
from .unreadable import Unreadable as Unreadable

ENTRY_BY_ENTRY = re.compile(
    r"\b(?:activations?|element-?wise|entry-?wise|component-?wise|(?:entry|element|component) by \w+)\b", re.IGNORECASE
)
NETWORK = re.compile(r"\bnetworks?\b|\bperceptrons?\b|\bRNNs?\b|\bhidden (?:layer|state|unit)s?\b", re.IGNORECASE)
ROUNDED: Mapping[str, Callable[[Expr], Expr]] = {r"\lfloor": floor, r"\lceil": ceiling}
ENTRYWISE = frozenset({"f", "g", "phi", "varphi", "psi"})
PLACES = ("row", "column")  # the indices of a matrix that gets a name of its own
OPERATIONS = re.compile(r"\b(?:element|entry|component)-?wise\b", re.IGNORECASE)
BROADCAST = re.compile(
    r"\bbroadcast|\b(?:to|from|of|in) (?:all|each|every)(?: of)?(?: the)? (?:its )?"
    r"(?:coordinates?|entr(?:y|ies)|components?|elements?)\b",
    re.IGNORECASE,
)
ACTIVATIONS = {
    "sigmoid": "sigmoid", "logistic": "sigmoid", "logistic sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu",
    "hyperbolic tangent": "tanh", "rectified linear": "relu", "softplus": "softplus",
}  # fmt: skip
KIND = r"(?P<kind>" + "|".join(sorted(ACTIVATIONS, key=len, reverse=True)) + r")(?: unit)?"
LETTER = r"\$\\?(?P<letter>[a-z]+)(?:\([^$]{1,8}\))?\$"
ACTIVATION = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (  # "the sigmoid activation $\phi$", "$g$ is the logistic function"
        rf"\b{KIND}(?: activation| nonlinearity| non-linearity)?(?: function)? {LETTER}",
        rf"{LETTER},? (?:is|be|denotes?|stands for) (?:an?|the) {KIND}\b",
    )
)
LOGISTIC = re.compile(r"\b(?:sigmoid\w*|logistic)\b", re.IGNORECASE)


@dataclass
class Dictionary:
    """What the letters of a text mean.

    Attributes:
        survey: what its formulas show.
        functions: the functions it may use.
        prose: the text itself, for the words that say what a letter is.
        own: names of functions to which the text gives a meaning of its own.
        stated: names of functions whose usual meaning the text states in a formula.
        axes: the ranges of axes found so far.
        matrices: what stands under inverses and is no name, by its entry at p, q: a name of its own, and itself.
        inverted: how many there have been.
        formulas: what the text defines names to be, as far as it has been read.
        redefined: the names that it defines in several ways.
        elsewhere: the names read as numbers that have indices elsewhere in the document.
        hidden: the axes of letters that no text has, which make one function of many of an unknown one.
        memory: what has been read with it, while many edits of one formula are.
    """

    survey: Survey
    functions: tuple[Unary, ...] = FUNCTIONS
    prose: str = ""
    own: set[str] = field(default_factory=set)
    stated: set[str] = field(default_factory=set)
    axes: dict[tuple[str, int], tuple[Expr, Expr]] = field(default_factory=dict)
    matrices: dict[Expr, tuple[str, Array]] = field(default_factory=dict)
    inverted: int = 0
    formulas: dict[str, Formula] = field(default_factory=dict)
    redefined: set[str] = field(default_factory=set)
    elsewhere: frozenset[str] = frozenset()
    hidden: dict[str, tuple[Idx, ...]] = field(default_factory=dict)
    memory: Memory | None = field(default=None, init=False)

    def axis(self, plain: str, k: int, letter: str) -> tuple[Expr, Expr]:
        """The range of an axis: as summed over in the text, else from 1 to a size shared with axes like it."""
        if (plain, k) not in self.axes:
            seen = self.survey.ranges.get(plain, ())
            limits = seen[k] if k < len(seen) else None
            moved = self._reached(self.survey.moving.get((plain, k))) if limits is None else None
            low, high = moved or self.limits(limits, self.survey.axis_sizes.get((plain, k), letter))
            from_zero = limits is None and (plain, k) in self.survey.from_zero
            self.axes[plain, k] = (Integer(0) if from_zero else low, high)
        return self.axes[plain, k]

    def _reached(self, index: Node | None) -> tuple[Expr, Expr] | None:
        """The values that S p + u takes as its letters run over their ranges; None if one has none."""
        if index is None or any(i.base not in self.survey.letter_ranges for i in self._letters_in(index)):
            return None
        low, high = (self._at_end(index, end) for end in (0, 1))
        return low.expand(), high.expand()

    def _letters_in(self, index: Node) -> list[Sym]:
        return [n for n in walk(index) if isinstance(n, Sym) and is_letter(n, self.survey.letters)]

    def _at_end(self, index: Node, end: int) -> Expr:
        """An index at the lowest (0) or the highest (1) values of its letters; what is no letter is positive."""
        if isinstance(index, Bin) and index.op in "+-":
            left, right = self._at_end(index.left, end), self._at_end(index.right, end if index.op == "+" else 1 - end)
            total: Expr = left + right if index.op == "+" else left - right
            return total
        if isinstance(index, Bin | Juxt):
            parts = index.items if isinstance(index, Juxt) else (index.left, index.right)
            return Mul(*(self._at_end(p, end) for p in parts))
        if isinstance(index, Sym) and is_letter(index, self.survey.letters):
            return self.limits(self.survey.letter_ranges[index.base], index.base)[end]
        return self.bound_of(index)

    def named_matrix(self, value: Array, wanted: Callable[[Idx], Iterator[str]]) -> str:
        """The name of a square matrix that is computed under an inverse; equal ones share it."""
        ends = value.slots[0].range
        places = tuple(index(letter, *ends) for letter in PLACES)
        entry = lettered(value.at(*places), wanted, set(PLACES))
        if entry not in self.matrices:
            slots = tuple(replace(s, index=i) for s, i in zip(value.slots, places, strict=True))
            self.inverted += 1  # a name is never used again, also where its matrix is forgotten
            self.matrices[entry] = (f"inverted_{self.inverted}", Array(entry=entry, slots=slots))
        return self.matrices[entry][0]

    def limits(self, limits: Limits | None, letter: str) -> tuple[Expr, Expr]:
        """Limits as expressions; 1 to N_letter where a text gives none."""
        lower, upper = limits or (None, None)
        low: Expr = Integer(1) if lower is None else self.bound_of(lower)
        return (low, size(f"N_{letter}") if upper is None else self.bound_of(upper))

    def bound_of(self, node: Node) -> Expr:
        """A limit of a sum: a number, a size, or their sum or difference."""
        if isinstance(node, Num) and node.text.isdigit():
            number: Expr = Integer(int(node.text))
            return number
        if isinstance(node, Sym) and node.sup is None:
            named_ = take_apart(node, self.survey.letters)
            if named_.indices or named_.plain in self.survey.differentiated:
                raise Unreadable(f"{named_.plain} is a quantity, and no size that could limit a sum", node.span)
            limit: Expr = size(named_.plain)
            return limit
        if isinstance(node, Bin) and node.op in "+-":
            if isinstance(node.left, Empty) and node.op == "+":  # +∞
                return self.bound_of(node.right)
            left, right = self.bound_of(node.left), self.bound_of(node.right)
            total: Expr = left + right if node.op == "+" else left - right
            return total
        if isinstance(node, Juxt) or (isinstance(node, Bin) and node.op in ("cdot", "times")):
            parts = node.items if isinstance(node, Juxt) else (node.left, node.right)
            return Mul(*(self.bound_of(p) for p in parts))
        if isinstance(node, Group) and node.opening in ROUNDED and isinstance(node.body, Fraction):
            return ROUNDED[node.opening](self.bound_of(node.body.above) / self.bound_of(node.body.below))
        if isinstance(node, Group):
            return self.bound_of(node.body)
        raise Unreadable("this limit of a sum is neither a number nor a size", node.span)

    def function(self, name: str) -> type[RowFunction] | None:
        """The function with this name, if it is one; a letter may have it by the words of the text."""
        try:
            return named(self._activations.get(name, name), self.functions)
        except KeyError:
            return None

    @cached_property
    def _activations(self) -> Mapping[str, str]:
        """The letters of functions that the words of the text call by a usual name, and which function that is."""
        said: dict[str, set[str]] = {}
        for m in matches(ACTIVATION, self.prose):
            said.setdefault(m["letter"], set()).add(ACTIVATIONS[m["kind"].lower()])
        letters = (FUNCTION_LETTERS | {"sigma"}) - self.survey.defined
        return {k: kinds.pop() for k, kinds in said.items() if k in letters and len(kinds) == 1}

    def is_established(self, name: str) -> bool:
        """Whether it is beyond doubt which function a name means: σ may be any activation until a text says."""
        return (
            name != "sigma"
            or name in self.stated
            or name in self._activations
            or LOGISTIC.search(self.prose) is not None
        )

    def is_kronecker(self, named: Named) -> bool:
        """Whether δ_{ij} is Kronecker's: two indices, and no definition of a quantity of that name."""
        return named.plain == "delta" and len(named.indices) == 2 and "delta" not in self.survey.defined

    def works_entry_by_entry(self) -> bool:
        """Whether the text says that operations on vectors are meant entry by entry."""
        return OPERATIONS.search(self.prose) is not None

    def adds_to_all(self) -> bool:
        """Whether the text says that a number is added to every entry of a vector."""
        return BROADCAST.search(self.prose) is not None

    def is_entry_by_entry(self, name: str, *, of_a_layer: bool = False) -> bool:
        """Whether a function letter of which no more is said is applied to each entry of a vector.

        That of a layer is, where the text speaks of a network.
        """
        said = ENTRY_BY_ENTRY.search(self.prose) or (of_a_layer and NETWORK.search(self.prose))
        return name in ENTRYWISE and bool(said)

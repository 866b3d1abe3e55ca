"""What letters stand for: entries, definitions of the text, its functions, and what a world chooses of the rest."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from derive.notation.runs import walk
from derive.notation.syntax import Bin, Group, Neg, Node, Num, Sym

from .functions import Smooth
from .letters import COUNTING, Letter
from .slopes import gradient, hessian
from .texts import AS_ENTRY, ENTRIES, Said, Text
from .values import Misfit, NoValue, Value, column, inverted, is_column, is_number, raised, transposed
from .worlds import World

DEEPEST = 40
MOST_PARTS = 20000
SIGMOID = ("sigmoid", "logistic")


@dataclass(kw_only=True)
class Seen:
    """What is noted while a relation is evaluated: whether a derivative is only nearly exact, what was asked for.

    Attributes:
        turns: whether something was chosen by its size or sign: max(a, b), |x|.
        parts: how many have been evaluated; definitions within definitions could be followed without end.
        most: after how many it is given up.
    """

    rough: bool = False
    asked: set[str] = field(default_factory=set)
    turns: bool = False
    parts: int = 0
    most: int = MOST_PARTS

    @property
    def is_too_much(self) -> bool:
        """Whether so much has been evaluated that it is given up."""
        return self.parts > self.most


@dataclass(frozen=True, kw_only=True)
class Quantities(ABC):
    """What letters stand for, and functions at their arguments.

    Attributes:
        text: what the text says.
        world: the values of what it leaves open.
        before: definitions in lines up to this number hold.
        bound: by family and indices, the values of parameters and of what a derivative is taken by.
        counts: the values of bound indices.
        ends: the last values of those that run up to a letter.
        depth: of functions and definitions within each other.
        seen: what is noted on the way.
    """

    text: Text
    world: World
    before: int
    bound: Mapping[tuple[str, tuple[int, ...]], Value] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)
    depth: int = 0
    seen: Seen = field(default_factory=Seen)

    @abstractmethod
    def value(self, node: Node) -> Value:
        """The value of a node. Raises: NoValue: if it has none."""

    def _sym(self, node: Sym) -> Value:
        letter = self.text.letter(node)
        if node.base in ("nabla", "partial", "infty") or letter.family in self.text.heads:
            raise NoValue("a sign that is no quantity by itself")
        found = self._quantity(node, letter)
        found = inverted(found) if letter.inverted else found
        found = transposed(found) if letter.transposed else found
        return found if letter.power is None else self._raised(found, letter.power, node)

    def _raised(self, base: Value, power: Node, node: Node | None = None) -> Value:
        if isinstance(power, Neg) and isinstance(power.body, Num) and power.body.text == "1":
            return inverted(base)
        return raised(base, self.value(power))

    def _quantity(self, node: Sym, letter: Letter) -> Value:
        indices = tuple(self.count(n) for n in letter.indices)
        key = letter.family, indices
        if key in self.bound:
            return self.bound[key]
        if not indices and any(family == letter.family for family, _ in self.bound):
            raise NoValue("a whole of which an entry is moved")
        if not indices and node.base in self.counts:
            return float(self.counts[node.base])
        if indices and (letter.family, ()) in self.bound:
            return self._entry(self.bound[letter.family, ()], indices)
        if (said := self._definition(letter.family, indices)) is not None:
            try:
                return self._defined(said, indices)
            except NoValue:
                if not self.text.lenient or self.seen.is_too_much:
                    raise
        if (special := self._special(node, letter)) is not None:
            return special
        if node.primes:
            raise NoValue("a prime")
        if indices and self._is_entry(letter, indices):
            said = self._definition(letter.family, ())
            whole = self._defined(said, ()) if said else self.world.value(self._whole(letter), ())
            self._require_all(whole, letter)
            return self._entry(whole, indices)
        if letter.family != "I":
            self.seen.asked.add(letter.family)
        return self.world.value(letter.family, () if letter.family == "I" else indices)

    def _special(self, node: Sym, letter: Letter) -> Value | None:
        """Letters with a meaning of their own where the text gives them none."""
        premises = self.world.premises
        if premises is not None and premises.least and letter.family.removesuffix("^*") in self.text.heads:
            return self.function_at(letter.family.removesuffix("^*"), [self.world.value(premises.least, ())])
        if letter.family in self.text.shapes:
            return None
        if node.base == "e" and not letter.indices and "e" not in self.text.indexed:
            return math.e
        if node.base == "pi" and not letter.indices:
            return math.pi
        if not letter.indices and (node.base in self.world.lengths or node.base in self.text.lengths):
            return float(self.world.length(node.base))
        if not letter.indices and node.base in COUNTING and node.base in self.world.counts:
            return float(self.world.count(node.base))
        return None

    def _is_entry(self, letter: Letter, indices: tuple[int, ...]) -> bool:
        if letter.bold or letter.family in self.text.several:
            return False
        whole = self._whole(letter)
        if whole not in self.text.bare or any(s.letter.indices for s in self.text.said.get(letter.family, ())):
            return False
        if self._definition(whole, ()) is not None:
            return True
        return len(self.world.shape(whole)) == len(indices) and self.world.shape(f"{whole}{AS_ENTRY}") == ENTRIES

    def _whole(self, letter: Letter) -> str:
        """The family of the matrix whose entries are written with the small letter: A of a_{ij}."""
        upper = letter.family[:1].upper() + letter.family[1:]
        known = upper in self.text.bare and letter.family not in self.text.bare
        return upper if len(letter.indices) == 2 and known else letter.family

    def _require_all(self, whole: Value, letter: Letter) -> None:
        """Raises: NoValue: if a sum up to n would run over some of the entries only: n may be how many there are."""
        lengths = () if is_number(whole) else whole.shape
        for node, length in zip(letter.indices, lengths, strict=False):
            if isinstance(node, Sym) and self.ends.get(node.base, length) != length:
                raise NoValue("a sum over a part of the entries")

    def _entry(self, whole: Value, indices: tuple[int, ...]) -> Value:
        if is_number(whole):
            raise Misfit("an entry of a number")
        at = indices if len(indices) == 2 else (*indices, 1)
        if len(at) != 2 or not all(1 <= k <= n for k, n in zip(at, whole.shape, strict=True)):
            raise NoValue("an entry that is not there")
        return whole[at[0] - 1, at[1] - 1]

    def count(self, node: Node) -> int:
        """The value of an index. Raises: NoValue: if it is none."""
        match node:
            case Num() if node.text.isdigit():
                return int(node.text)
            case Sym() if node.base == "infty":
                raise NoValue("a series")
            case Sym() if node.base in self.counts:
                return self.counts[node.base]
            case Sym() if node.sup is not None:
                raise NoValue("a power of a length")
            case Sym() if node.base in self.text.lengths or node.base in self.world.lengths:
                return self.world.length(node.base)
            case Sym() if node.base in COUNTING:
                return self.world.count(node.base)
            case Sym() if node.sub is None and node.sup is None and self.text.ranks.get(node.base) is None:
                return self.world.length(node.base)
            case Bin() if node.op in ("+", "-"):
                return self.count(node.left) + (1 if node.op == "+" else -1) * self.count(node.right)
            case Group():
                return self.count(node.body)
        raise NoValue("an index of another kind")

    # -- definitions -------------------------------------------------------------------------------------

    def _definition(self, family: str, indices: tuple[int, ...]) -> Said | None:
        """The line that says what a letter is at some indices; the latest before this one."""
        if self.text.abstract:
            return None
        lines = [s for s in self.text.said.get(family, ()) if s.number <= self.before]
        fits = [s for s in lines if len(s.letter.indices) == len(indices)]
        exact = [s for s in fits if indices and all(isinstance(i, Num) for i in s.letter.indices)]
        for said in reversed(exact):
            if tuple(self.count(i) for i in said.letter.indices) == indices:
                return said
        general = [s for s in fits if s not in exact]
        if not self.text.lenient and len({s.says for s in general}) > 1:
            raise NoValue("a letter with two meanings")
        if any(k < 1 for k in indices):
            return None
        recurs = bool(general) and not exact and general[-1].recurs
        steps = zip(general[-1].letter.indices, indices, strict=True) if recurs else ()
        if any(self._is_before(pattern, k) for pattern, k in steps):
            return None
        return general[-1] if general else None

    def _is_before(self, pattern: Node, k: int) -> bool:
        """Whether an index lies before the step of which a recursion without a beginning speaks."""
        letter, shift = _pattern(pattern)
        return bool(letter) and k - shift < self.world.count(letter)

    def _defined(self, said: Said, indices: tuple[int, ...]) -> Value:
        counts = dict(self.counts)
        for pattern, k in zip(said.letter.indices, indices, strict=True):
            letter, shift = _pattern(pattern)
            if letter:
                counts[letter] = k - shift
        if self.depth > DEEPEST:
            raise NoValue("definitions that go round")
        if indices and isinstance(said.body, Num) and said.body.text == "0":  # x_0 = 0 begins vectors as well
            return 0.0 * self.world.value(said.letter.family, indices)
        return replace(self, counts=counts, depth=self.depth + 1).value(said.body)

    def function_at(self, family: str, arguments: list[Value]) -> Value:
        """The value of a function of the text, or of an unknown smooth one. Raises: NoValue: if it has none."""
        said = self._function(family)
        if self.depth > DEEPEST:
            raise NoValue("functions that go round")
        if said is None:
            if family == "sigma":
                return self._sigmoid(arguments)
            whole = arguments[0] if len(arguments) == 1 else column(arguments)
            return self._unknown(family, whole).value(whole)
        return self._called(said, arguments)

    def _sigmoid(self, arguments: list[Value]) -> Value:
        if len(arguments) != 1 or not is_number(arguments[0]) or not any(w in self.text.prose for w in SIGMOID):
            raise NoValue("a function of which nothing is said")
        return 1 / (1 + np.exp(-arguments[0]))

    def _function(self, family: str) -> Said | None:
        if self.text.abstract:
            return None
        lines = [s for s in self.text.functions.get(family, ()) if s.number <= self.before]
        if not self.text.lenient and len({s.says for s in lines}) > 1:
            raise NoValue("a function with two meanings")
        return lines[-1] if lines else None

    def _called(self, said: Said, arguments: list[Value]) -> Value:
        names = [self.text.letter(p) for p in said.parameters]
        if len(names) != len(arguments):
            arguments = _as_many(arguments, len(names))
        keys = [(n.family, tuple(self.count(i) for i in n.indices)) for n in names]
        bound = dict(zip(keys, arguments, strict=True))
        inside = {n.base for n in walk(said.body) if isinstance(n, Sym)}
        if not any(p.base in inside for p in said.parameters):
            raise NoValue("a function that does not name its argument")
        deeper = replace(self, bound={**self.bound, **bound}, depth=self.depth + 1)
        return deeper.value(said.body)

    def _unknown(self, family: str, at: Value) -> Smooth:
        if family not in self.text.heads and not self.text.lenient:
            raise NoValue("a letter before a bracket")
        if family in self.text.domains and self.text.domains[family][1]:
            raise NoValue("a function whose values are vectors")
        if not is_number(at) and not is_column(at):
            raise NoValue("a function of a matrix")
        self.seen.asked.add(family)
        return self.world.function(family, 0 if is_number(at) else len(at))

    def derivative(self, family: str, arguments: list[Value], order: int) -> Value:
        """The gradient or Hessian of a function at a place, as a column or matrix; of a number the derivative."""
        several = len(arguments) > 1
        at = column(arguments) if several else arguments[0]
        if self._function(family) is None and family != "sigma":
            smooth = self._unknown(family, at)
            return smooth.gradient(at) if order == 1 else smooth.hessian(at)

        def along(x: Value) -> Value:
            return self.function_at(family, [x[k, 0] for k in range(len(x))] if several else [x])

        self.seen.rough = True
        return gradient(along, at) if order == 1 else hessian(along, at)


def _pattern(index: Node) -> tuple[str, int]:
    """The letter of an index and what is added to it."""
    match index:
        case Sym():
            return index.base, 0
        case Bin(left=Sym(base=base), right=Num(text=text)) if text.isdigit():
            return base, int(text) if index.op == "+" else -int(text)
        case Num():
            return "", 0
        case Group(body=body):
            return _pattern(body)
    raise NoValue("an index of another kind")


def _as_many(arguments: list[Value], wanted: int) -> list[Value]:
    """One column for several numbers, or several numbers for one column."""
    if wanted == 1:
        return [column(arguments)]
    if len(arguments) == 1 and not is_number(arguments[0]) and arguments[0].shape == (wanted, 1):
        return [arguments[0][k, 0] for k in range(wanted)]
    raise Misfit("a function of another number of arguments")

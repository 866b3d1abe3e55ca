r"""The chain rule by the arguments that a text names: with z = f(x, y), dz/dt = ∂z/∂x dx/dt + ∂z/∂y dy/dt.

What the functions are does not matter: a derivative is the sum over all paths of arguments that lead from the one
quantity to the other, of the product of the derivatives along each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from sympy import Add, Expr, Integer, Mul, Rational, Symbol, expand

from derive.notation.definitions import DEFINING
from derive.notation.syntax import Bin, Fraction, Group, Juxt, Neg, Node, Num, Sym

from .context import Context
from .found import Found
from .functions import Key, applied, key_of
from .lines import Line
from .results import Verdict
from .spaces.trials import shown_latex

SIGNS = frozenset({"partial", "d"})
ROUND = frozenset({"(", "[", "{"})
MOST_GRAPHS = 24
ONE: Expr = Integer(1)
Arguments = tuple[Key, ...]


class NoPath(ValueError):
    """A part that is no product of derivatives, or a derivative of which the text says too little."""


def path_found(line: Line, context: Context) -> Found | None:
    """That a derivative is the sum over the paths to it; None of anything else."""
    right, whole = line.right, _derivative(line.left)
    if right is None or line.operator not in DEFINING or whole is None:
        return None
    if key_of(line.left) == key_of(right):
        return None
    given = dict(_given(n for n in context.lines.lines if n.number < line.number - line.link))
    graphs = (Graph(arguments=chosen) for chosen in islice(_choices(given), MOST_GRAPHS))
    if any(graph.tells_all(whole[0], given) and _agree(line.left, right, graph) for graph in graphs):
        because = "by the chain rule, over all paths of the arguments that the text names"
        return Found(verdict=Verdict.PROVED, because=because, reading=shown_latex(line))
    return None


@dataclass(frozen=True, kw_only=True)
class Graph:
    """What each quantity is a function of.

    Attributes:
        arguments: by quantity.
    """

    arguments: Mapping[Key, Arguments]

    def value(self, node: Node) -> Expr:
        """A sum of products of derivatives, in those by arguments. Raises: NoPath: of anything else."""
        if (taken := _derivative(node)) is not None:
            return self._taken(*taken)
        match node:
            case Num():
                number: Expr = Rational(node.text.replace(",", ""))
                return number
            case Neg():
                return Mul(-1, self.value(node.body))
            case Group() if node.opening in ROUND and node.sup is None and node.sub is None:
                return self.value(node.body)
            case Bin(op="+"):
                return Add(self.value(node.left), self.value(node.right))
            case Bin(op="-"):
                return Add(self.value(node.left), Mul(-1, self.value(node.right)))
            case Bin(op="cdot" | "times"):
                return Mul(self.value(node.left), self.value(node.right))
            case Juxt():
                return Mul(*map(self.value, node.items))
        raise NoPath("no product of derivatives")

    def tells_all(self, of: Key, given: Mapping[Key, list[Arguments]]) -> bool:
        """Whether what the text gives as arguments in other places is reached, too: the t of z(t) where z = f(x, y)."""
        return all(set(other) <= self._below(name) for name in self._below(of) | {of} for other in given.get(name, ()))

    def _below(self, of: Key) -> set[Key]:
        found: set[Key] = set()
        queue = [of]
        while queue:
            new = set(self.arguments.get(queue.pop(), ())) - found
            found |= new
            queue += new
        return found

    def _taken(self, of: Key, by: Key) -> Expr:
        found = self._total(of, by, ())
        if found == 0:
            raise NoPath("the text does not say that the one is a function of the other")
        return found

    def _total(self, of: Key, by: Key, above: Arguments) -> Expr:
        """Σ ∂a/∂u du/db over the arguments u of a."""
        if of == by:
            return ONE
        if of in above:
            raise NoPath("a quantity that is a function of itself")
        arguments = self.arguments.get(of, ())
        paths = {u: self._total(u, by, (*above, of)) for u in arguments}
        if by in arguments and any(found != 0 for u, found in paths.items() if u != by):
            raise NoPath("a derivative by an argument on which another one rests")
        return Add(*(Symbol(f"∂{of}/∂{u}") * found for u, found in paths.items()))


def _agree(left: Node, right: Node, graph: Graph) -> bool:
    try:
        return bool(expand(graph.value(left) - graph.value(right)) == 0)
    except (NoPath, RecursionError):
        return False


def _choices(given: Mapping[Key, list[Arguments]]) -> Iterator[dict[Key, Arguments]]:
    """For each quantity the arguments that it has in one place of the text."""
    names = sorted(given, key=str)
    for chosen in product(*(given[name] for name in names)):
        yield dict(zip(names, chosen, strict=True))


def _given(lines: Iterable[Line]) -> dict[Key, list[Arguments]]:
    """The arguments of each quantity, the latest first: those of f(u, v) = …, and of z in z = f(x, y)."""
    found: dict[Key, list[Arguments]] = {}
    for n in lines:
        if n.right is not None and (n.link or n.operator not in DEFINING):
            continue
        for node, head in _calls(n):
            taken = applied(node)
            if taken is None or not all(isinstance(a, Sym) for a in taken[1]):
                continue
            name = key_of(taken[0] if head is None else head)
            arguments = tuple(map(key_of, taken[1]))
            if name not in arguments or len(arguments) > 1:
                found[name] = [arguments, *(a for a in found.get(name, []) if a != arguments)]
    return found


def _calls(line: Line) -> Iterator[tuple[Node, Sym | None]]:
    """What may be a function at its arguments, and the quantity that it gives, if it is not the function itself."""
    yield line.left, None
    if line.right is not None and isinstance(line.left, Sym):
        yield line.right, line.left


def _derivative(node: Node) -> tuple[Key, Key] | None:
    """The a and b of ∂a/∂b."""
    if not isinstance(node, Fraction):
        return None
    parts = [_behind_sign(side) for side in (node.above, node.below)]
    return None if parts[0] is None or parts[1] is None else (key_of(parts[0]), key_of(parts[1]))


def _behind_sign(side: Node) -> Sym | None:
    items = side.items if isinstance(side, Juxt) else ()
    if len(items) != 2 or not isinstance(items[0], Sym) or items[0].base not in SIGNS or items[0].sup is not None:
        return None
    return items[1] if isinstance(items[1], Sym) and items[1].sup is None else None

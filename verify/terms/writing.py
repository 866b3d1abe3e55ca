"""What stays as it is written: names of letters with their scripts, and of parts that have no value."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr, Symbol

from derive.notation.runs import children
from derive.notation.syntax import Bin, Empty, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sym

from ..functions import Key, key_of
from .table import NoTerm, Table, indexed

Env = Mapping[Key, Expr]
SET_APART = ("bb", "cal", "bold")  # fonts that make another letter


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a side is read where its notation leaves it open.

    Attributes:
        unfolds: whether the functions that the text defines are written out.
        sigmoid: whether σ is the logistic function, and no other.
        reaches: whether log and ∇ reach over all factors behind them, or over the first only.
        joint: the functions of which p(x | y) is p(x, y)/p(y).
        squares: the letters f of which f²(x) is f(x)², and no other function.
        laws: whether the mean over z ∼ q is the sum of q(z) times what it is of.
    """

    unfolds: bool = True
    sigmoid: bool = True
    reaches: bool = False
    joint: frozenset[Key] = frozenset()
    squares: frozenset[str] = frozenset()
    laws: bool = False


@dataclass
class Writer:
    """Names parts by what they say, with what their letters stand for.

    Attributes:
        manner: how open notation is read.
        table: the terms found.
    """

    manner: Manner = field(default_factory=Manner)
    table: Table = field(default_factory=Table)

    @abstractmethod
    def value(self, node: Node, env: Env) -> Expr:
        """The value of a node. Raises: NoTerm: if it has none."""

    def written(self, node: Node | None, env: Env) -> tuple[str, frozenset[Symbol]]:
        """A node as text, with what its letters stand for, and the free letters in it."""
        if node is None or isinstance(node, Empty):
            return "", frozenset()
        if isinstance(node, Num):
            return node.text, frozenset()
        if isinstance(node, Sym):
            return self._written_letter(node, env)
        if isinstance(node, Bin | Neg | Fraction):
            try:
                value = self.value(node, env)
                return str(value), self.table.letters_of(value)
            except NoTerm:
                pass
        parts = [self.written(c, env) for c in children(node)]
        marks = [str(v) for n, v in vars(node).items() if isinstance(v, str) or n in ("operators", "primes")]
        letters = frozenset(s for _, own in parts for s in own)
        return f"{type(node).__name__}{''.join(marks)}[{' '.join(t for t, _ in parts)}]", letters

    def _written_letter(self, node: Sym, env: Env) -> tuple[str, frozenset[Symbol]]:
        if (found := env.get(key_of(node))) is not None:
            return str(found), self.table.letters_of(found)
        if node.sup is not None and (found := env.get(key_of(dataclasses.replace(node, sup=None)))) is not None:
            raise NoTerm("a parameter with a mark")
        if (
            node.sub is not None
            and not is_word(node.sub)
            and (env.get(key_of(dataclasses.replace(node, sub=None, sup=None))) is not None)
        ):
            raise NoTerm("a parameter with an index")
        fonts = [f for f in node.fonts if f in SET_APART]
        name = " ".join((node.base, *node.accents, *fonts)) + "'" * node.primes
        letters: frozenset[Symbol] = frozenset()
        for mark, script in (("_", node.sub), ("^", node.sup)):
            if script is not None:
                written, own = self.written(script, env)
                name, letters = indexed(name, written, mark), letters | own
        return name, letters | {Symbol(name)}


# -- small parts -----------------------------------------------------------------------------------------


def items_of(node: Node) -> tuple[Node, ...]:
    """The factors of a product, the parts of a list, or a node itself."""
    return node.items if isinstance(node, Juxt | Listing) else (node,)


def is_word(sub: Node) -> bool:
    r"""Whether a subscript is a word, as in \pi_{\text{ref}}, which is another letter than π."""
    return isinstance(sub, Sym) and len(sub.base) > 1 and "rm" in sub.fonts and sub.sub is None and sub.sup is None


def inside(node: Node) -> Node:
    """What stands in brackets, or a node itself."""
    return node.body if isinstance(node, Group) and node.opening in ("(", "{") else node

"""What the parser returns: a formula's structure with its ambiguities kept.

`f(x)` stays a product sequence `Juxt(f, Group("(", x, ")"))`, scripts stay attached as written, a sum keeps
the whole rest of its term as written; which reading is meant is decided later, with a symbol table. Every
node carries the half-open span of source characters it came from.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from operator import is_
from typing import Any, TypeVar

FOUND = "_found"

Span = tuple[int, int]
Some = TypeVar("Some", bound="Node")


def found_of(node: Node) -> dict[Hashable, Any]:
    """What has been found of this very node, and so at its place, by what was asked: nodes never change."""
    known: dict[Hashable, Any] | None = vars(node).get(FOUND)
    if known is None:
        known = {}
        object.__setattr__(node, FOUND, known)
    return known


def altered(node: Some, **fields: Any) -> Some:
    """The node with other fields; the very same where none is other, which keeps what has been found of it.

    Trees are rebuilt for every reading of every correction: `dataclasses.replace` takes four times as long.
    """
    own = vars(node)
    if all(_is_same(own[name], value) for name, value in fields.items()):
        return node
    new: Some = object.__new__(type(node))
    vars(new).update({**own, **fields})
    vars(new).pop(FOUND, None)
    return new


def _is_same(old: Any, new: Any) -> bool:
    """Whether a field is the very same, or of the very same parts."""
    if type(old) is not tuple or type(new) is not tuple or len(old) != len(new):
        return old is new
    return all(map(is_, old, new))


def fields_of(node: Node) -> Iterator[tuple[str, Any]]:
    """The names and values of the fields of a node."""
    return ((name, value) for name, value in vars(node).items() if name != FOUND)


@dataclass(frozen=True, kw_only=True)
class Num:
    """A number as written: `2`, `0.5`, `1,000`."""

    text: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class Sym:
    r"""A letter, Greek command or named symbol with its decoration and scripts.

    Attributes:
        base: `x`, `theta`, `LL` (only where the source groups letters: `\mathrm{LL}`, `\text{LL}`), `infty`.
        accents: innermost first: `("hat",)` for `\hat{y}`.
        fonts: `("bold",)`, `("cal",)`, `("bb",)`, `("rm",)`, …
        sub, sup: the scripts as nodes, or None.
        primes: number of `'`.
    """

    base: str
    accents: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0
    span: Span


@dataclass(frozen=True, kw_only=True)
class Group:
    r"""A bracketed part with its scripts: `(…)`, `[…]`, `\{…\}`, `|…|`, `\|…\|`, or `{…}` (invisible)."""

    opening: str
    body: Node
    closing: str
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0
    span: Span


@dataclass(frozen=True, kw_only=True)
class Juxt:
    """Two or more factors side by side without an operator, in order."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, kw_only=True)
class Bin:
    """A binary operator as written: + - · (`cdot`), × (`times`), / ⊙ (`odot`), ⊗, ∘, `pm`, …"""

    op: str
    left: Node
    right: Node
    span: Span


@dataclass(frozen=True, kw_only=True)
class Neg:
    """A leading minus."""

    body: Node
    span: Span


@dataclass(frozen=True, kw_only=True)
class Fraction:
    r"""`\frac{above}{below}`, also `\dfrac`, `\pdv{f}{x}`, `\dv{f}{x}` (with `\partial` or `d` inside)."""

    above: Node
    below: Node
    span: Span


@dataclass(frozen=True, kw_only=True)
class Sqrt:
    r"""`\sqrt[degree]{body}`."""

    body: Node
    degree: Node | None = None
    span: Span


@dataclass(frozen=True, kw_only=True)
class Big:
    r"""`\sum`, `\prod`, `\int`, `\max`, `\arg\max`, `\lim`, `\bigcup` with limits and the term after it.

    `body` ends before the next `+`, `-` at the same level, relation, or closing bracket; the reader may let
    it reach further.
    """

    op: str
    below: Node | None
    above: Node | None
    body: Node
    span: Span


@dataclass(frozen=True, kw_only=True)
class Fn:
    r"""A function command before its argument: `\log`, `\exp`, `\tanh`, `\operatorname{softmax}`.

    `argument` is what the command would cover by itself: a bracketed group, or the factors up to the next
    operator; None at the end.
    """

    name: str
    argument: Node | None
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0
    span: Span


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Parts separated by `,` or `;` (arguments, index lists `i,j`), or `|` inside P(·|·) as `separator`."""

    separator: str
    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, kw_only=True)
class Chain:
    r"""Relations in a row: `A = B \le C` has operands (A, B, C) and operators ("=", "<=")."""

    operands: tuple[Node, ...]
    operators: tuple[str, ...]
    span: Span


@dataclass(frozen=True, kw_only=True)
class Prose:
    r"""Words set inside the formula with `\text{…}`."""

    text: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class Array:
    """`matrix`, `cases`, `array` … as rows of cells."""

    style: str
    rows: tuple[tuple[Node, ...], ...]
    span: Span


@dataclass(frozen=True, kw_only=True)
class Entries:
    r"""A vector or matrix by its general entry, as ellipses give it: `x_i` with `i` from `1` to `n`.

    Attributes:
        body: the general entry.
        running: for each axis its letter with the first and the last value.
    """

    body: Node
    running: tuple[tuple[str, Node, Node], ...]
    span: Span


@dataclass(frozen=True, kw_only=True)
class Dots:
    r"""`\dots`, `\cdots`, `...`."""

    span: Span


@dataclass(frozen=True, kw_only=True)
class Empty:
    """Nothing where something may stand: the left side of a display that begins with `=`."""

    span: Span


Node = (
    Num
    | Sym
    | Group
    | Juxt
    | Bin
    | Neg
    | Fraction
    | Sqrt
    | Big
    | Fn
    | Listing
    | Chain
    | Prose
    | Array
    | Entries
    | Dots
    | Empty
)

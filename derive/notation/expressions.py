r"""Runs of items to expression nodes: lists, relations, sums, products, scripts.

Precedence, loosest first: separators (`|`, prose, `;`, `,`), ⇒ ⇔, relations, + −, products, functions,
scripts. Between the items of a top-level statement the comma binds tighter than a relation (`i, j = 1, 2`);
in brackets it does not (`P(X=1, Y=2)`).

Choices where notation is ambiguous, for the reader to revise:

- `a \cdot b c` is a · (b c); `a/b c` is (a/b) c; `1/f(x)` divides by `f(x)` (a symbol keeps the bracket that
  follows it); a leading minus covers the whole product.
- A plus sign, or an operator at the very beginning, has `Empty` on its left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeGuard

from .atoms import HANDLERS, simple
from .brackets import Bracket, Environment, Item, hull, unwrapped
from .commands import LINE_ENVIRONMENTS
from .nodes import NO_SCRIPTS, Scripts, attach, grouped, juxtaposed
from .numbers import read_number
from .relations import read_prose, read_related, read_separated
from .settle import NOT_STARTS, fold, pair_bars
from .statements import strip_breaks
from .syntax import Array, Bin, Empty, Fn, Group, Neg, Node, Span, Sym
from .tokens import ReadError, Token

MAX_NESTING = 120
_MAX_SIGNS = 8
_PLACES = frozenset({"cdot", "*"})
_VISIBLE = frozenset({"(", "["})


def read_statement(items: Sequence[Item]) -> Node:
    """A top-level statement whose bars are paired already: a `Chain`, an expression or `Prose`."""
    if items[0].kind == "prose":
        return read_prose(items[0])
    fonts: tuple[str, ...] = ()
    while items and items[0].kind == "switch":
        fonts, items = (*fonts, items[0].text), items[1:]
    if not items:
        return Empty(span=(0, 0))

    def operand(part: Sequence[Item]) -> Node:
        return Level(part, fonts, 0).total()

    return read_related(items, lambda part: read_separated(part, operand))


def read_level(
    items: Sequence[Item],
    fonts: tuple[str, ...],
    depth: int,
    at: Span,
    *,
    digits: bool = False,
    cell: bool = False,
) -> Node:
    """Everything inside one bracket, script, argument or cell.

    Args:
        items: the items between the brackets.
        fonts: fonts in force, outermost first.
        depth: how many levels and factors are open around this one.
        at: where an empty level stands.
        digits: a comma may group the digits of a number (`1,000`).
        cell: a cell of an array, where words such as `otherwise` are prose.

    Raises:
        ReadError: for whatever cannot be read, or nesting too deep.
    """
    if depth > MAX_NESTING:
        raise ReadError("nested too deep", at[0])
    level = fold(list(unwrapped(items)), keep_breaks=False, separators=digits)
    if cell:
        level = strip_breaks(level)
    while level and level[0].kind == "switch":
        fonts, level = (*fonts, level[0].text), level[1:]
    if not level:
        return Empty(span=(at[1], at[1]))
    return read_separated(pair_bars(level), lambda part: Level(part, fonts, depth).total(), cell=cell)


class Level:
    """A cursor over the items of one operand: no separators and no relations among them."""

    __slots__ = ("alone", "depth", "fonts", "items", "position")

    def __init__(self, items: Sequence[Item], fonts: tuple[str, ...], depth: int) -> None:
        self.items = items
        self.position = 0
        self.fonts = fonts
        self.depth = depth
        self.alone = False  # inside an argument of one token, where a name takes no argument of its own

    def peek(self, ahead: int = 0) -> Item | None:
        """The next item, or None at the end."""
        position = self.position + ahead
        return self.items[position] if position < len(self.items) else None

    def take(self) -> Item:
        """The next item, which must exist."""
        item = self.items[self.position]
        self.position += 1
        return item

    def starts(self) -> bool:
        """Whether a factor can begin here."""
        return self.position < len(self.items) and self.items[self.position].kind not in NOT_STARTS

    def fail(self, message: str) -> ReadError:
        """An error at the next item, or behind the last."""
        item = self.peek()
        return ReadError(message, item.span[0] if item else self.items[-1].span[1])

    def inner(self, bracket: Bracket, fonts: tuple[str, ...] | None = None, *, digits: bool = True) -> Node:
        """The content of a bracket, with the fonts in force or others."""
        at = (bracket.span[0] + 1, max(bracket.span[0] + 1, bracket.span[1] - 1))
        fonts = self.fonts if fonts is None else fonts
        return read_level(bracket.items, fonts, self.depth + 1, at, digits=digits)

    def argument(self, owner: Item, fonts: tuple[str, ...] | None = None, *, digits: bool = True) -> tuple[Node, Span]:
        """The next argument as TeX takes it, a group or one token, and its span with the braces."""
        item = self.peek()
        if item is None or item.kind in ("sub", "sup", "comma", "semicolon"):
            name = owner.text if owner.kind in ("sub", "sup") else f"\\{owner.text}"
            raise ReadError(f"missing argument of {name}", owner.span[0])
        self.position += 1
        if isinstance(item, Bracket):
            if item.opening == "{":
                return self.inner(item, fonts, digits=digits), item.span
            return self.bracket(item), item.span
        if isinstance(item, Environment):
            return self.array(item), item.span
        node = simple(item, self.fonts if fonts is None else fonts)
        if node is None:
            node = self._handled(item, fonts)
        return node, hull(item.span, node.span)

    def _handled(self, item: Token, fonts: tuple[str, ...] | None) -> Node:
        handler = HANDLERS.get(item.kind)
        if handler is None:
            raise ReadError(f"unexpected {item.text}", item.span[0])
        if self.depth >= MAX_NESTING:
            raise ReadError("nested too deep", item.span[0])
        self.depth += 1
        outer = self.fonts, self.alone
        self.fonts, self.alone = self.fonts if fonts is None else fonts, True
        node = handler(self, item)
        self.fonts, self.alone = outer
        self.depth -= 1
        return node

    def bracket(self, item: Bracket) -> Node:
        """A visible bracket as a group, without its scripts; rows behind a brace that nothing closes are cases."""
        inner = unwrapped(item.items)
        if item.opening == r"\{" and not item.closing and len(inner) == 1 and _has_cases(inner[0]):
            return self.array(inner[0]._replace(style="cases", span=item.span))
        body = self.inner(item, digits=False)
        return Group(opening=item.opening, body=body, closing=item.closing, span=item.span)

    def array(self, item: Environment) -> Node:
        """An environment's cells."""
        rows = tuple(
            tuple(read_level(cell, self.fonts, self.depth + 1, item.span, digits=True, cell=True) for cell in row)
            for row in item.rows
        )
        return Array(style=item.style, rows=rows, span=item.span)

    def total(self) -> Node:
        """The whole operand: a sum of products."""
        node = self.sum()
        if self.position < len(self.items):
            raise self.fail(f"unexpected {_shown(self.items[self.position])}")
        return node

    def sum(self) -> Node:
        """Signed products joined by + and −, from the left."""
        left = self.signed(self.product)
        while (item := self.peek()) is not None and item.kind in ("add", "junction"):
            self.position += 1
            if self.position == len(self.items):
                raise ReadError(f"nothing after {item.text}", item.span[0])
            right = self.signed(self.product)
            left = Bin(op=item.text, left=left, right=right, span=hull(left.span, right.span))
        return left

    def signed(self, read: Callable[[], Node]) -> Node:
        """Leading signs over what `read` reads."""
        signs: list[Item] = []
        while (item := self.peek()) is not None and item.kind == "add":
            signs.append(item)
            self.position += 1
        if signs and self.position == len(self.items):
            raise ReadError(f"nothing after {signs[-1].text}", signs[-1].span[0])
        if len(signs) > _MAX_SIGNS:
            raise ReadError("too many signs in a row", signs[0].span[0])
        node = read()
        for sign in reversed(signs):
            span = hull(sign.span, node.span)
            if sign.text == "-":
                node = Neg(body=node, span=span)
            else:
                empty = Empty(span=(sign.span[0], sign.span[0]))
                node = Bin(op=sign.text, left=empty, right=node, span=span)
        return node

    def product(self) -> Node:
        """Factors side by side and operators such as · and /, from the left."""
        first = self.peek()
        if first is not None and first.kind == "mul" and self.depth and first.text in _PLACES and len(self.items) > 1:
            self.position += 1  # the free place in `x_{\\cdot j}`
            return self.run([Sym(base=first.text, span=first.span)])
        if first is not None and first.kind == "mul":
            left: Node = Empty(span=(first.span[0], first.span[0]))
        else:
            left = self.run()
        while (item := self.peek()) is not None and item.kind == "mul":
            self.position += 1
            following = self.peek()
            if following is None and self.depth and item.text in _PLACES:
                return juxtaposed([left, Sym(base=item.text, span=item.span)])  # the free place in `x_{i\cdot}`
            if not self.starts() and (following is None or following.kind != "add"):
                raise ReadError(f"nothing after {item.text}", item.span[0])
            right = self.signed(self.divisor if item.text == "/" else self.run)
            left = Bin(op=item.text, left=left, right=right, span=hull(left.span, right.span))
            if self.starts():
                left = self.run([left])
        return left

    def divisor(self) -> Node:
        """One factor; a symbol keeps the bracket that follows it."""
        node = self.factor()
        following = self.peek()
        if isinstance(node, Sym) and isinstance(following, Bracket) and following.opening in _VISIBLE:
            return juxtaposed([node, self.factor()])
        return node

    def run(self, factors: list[Node] | None = None) -> Node:
        """Factors side by side; `f|_{x=0}` evaluates all that stands before it."""
        factors = factors if factors is not None else [self.factor()]
        while True:
            item = self.peek()
            if item is not None and item.kind == "evaluate":
                self.position += 1
                body = juxtaposed(factors)
                span = hull(body.span, item.span)
                factors = [attach(Group(opening="", body=body, closing=item.text, span=span), self.scripts(), span)]
            elif self.starts():
                factors.append(self.factor())
            else:
                present = [factor for factor in factors if not isinstance(factor, Empty)]
                return juxtaposed(present or factors[:1])

    def factor(self) -> Node:
        """One factor with its scripts and factorials."""
        item = self.peek()
        if item is None:
            raise self.fail("something is missing at the end")
        if self.depth >= MAX_NESTING:
            raise ReadError("nested too deep", item.span[0])
        self.depth += 1
        node, span = self._primary(item)
        node = attach(node, self.scripts(), span)
        count = 0
        while (mark := self.peek()) is not None and mark.kind == "factorial":
            self.position += 1
            count += 1
            if count > _MAX_SIGNS:
                raise ReadError("too many factorials in a row", mark.span[0])
            node = Fn(name="factorial", argument=node, span=hull(node.span, mark.span))
            node = attach(node, self.scripts(), node.span)
        self.depth -= 1
        return node

    def _primary(self, item: Item) -> tuple[Node, Span]:
        if item.kind in ("sub", "sup"):
            return Empty(span=(item.span[0], item.span[0])), (item.span[0], item.span[0])
        if isinstance(item, Bracket):
            self.position += 1
            if item.opening != "{":
                return self.bracket(item), item.span
            node = self.inner(item)
            return (node if isinstance(node, Empty) else grouped(node, item.span)), item.span
        if isinstance(item, Environment):
            self.position += 1
            return self.array(item), item.span
        handler = HANDLERS.get(item.kind)
        if handler is None:
            raise ReadError(f"unexpected {item.text}", item.span[0])
        self.position += 1
        node = handler(self, item)
        return node, hull(item.span, node.span)

    def scripts(self) -> Scripts:
        """The scripts and primes that follow, in any order."""
        item = self.peek()
        if item is None or item.kind not in ("sub", "sup", "prime"):
            return NO_SCRIPTS
        sub: Node | None = None
        sup: Node | None = None
        primes = 0
        span = item.span
        while (item := self.peek()) is not None and item.kind in ("sub", "sup", "prime"):
            self.position += 1
            if item.kind == "prime":
                primes += 1
                span = hull(span, item.span)
                continue
            more, node, end = self._script(item)
            primes += more
            span = hull(span, item.span, end)
            if node is None or isinstance(node, Empty):
                continue
            if (sub if item.kind == "sub" else sup) is not None:
                raise ReadError(f"double {'subscript' if item.kind == 'sub' else 'superscript'}", item.span[0])
            if item.kind == "sub":
                sub = node
            else:
                sup = node
        return Scripts(sub, sup, primes, span)

    def _script(self, mark: Item) -> tuple[int, Node | None, Span]:
        r"""The primes at the start of a script (`^{\prime}`), the rest of it, and its span."""
        item = self.peek()
        following = self.peek(1)
        if item is not None and item.kind == "prime":
            self.position += 1
            return 1, None, item.span
        if isinstance(item, Bracket) and item.opening == "{":
            primes = 0
            while primes < len(item.items) and item.items[primes].kind == "prime":
                primes += 1
            self.position += 1
            if primes and primes == len(item.items):
                return primes, None, item.span
            rest = item._replace(items=item.items[primes:])
            return primes, self.inner(rest, digits=False), item.span
        if item is not None and item.text == "-" and following is not None and following.kind == "digit":
            self.position += 1  # `10^-3`, where TeX would raise the sign alone
            number = read_number(self)
            return 0, Neg(body=number, span=hull(item.span, number.span)), hull(item.span, number.span)
        node, span = self.argument(mark, digits=False)
        return 0, node, span


def _has_cases(item: Item) -> TypeGuard[Environment]:
    """Whether rows are values with their conditions, and no equations."""
    if not isinstance(item, Environment) or item.style in LINE_ENVIRONMENTS:
        return False
    return all(len(row) == 2 and not any(i.kind == "relation" for i in row[0]) for row in item.rows)


def _shown(item: Item) -> str:
    return item.opening if isinstance(item, Bracket) else item.text

r"""Commands with arguments of their own: fractions, roots, derivatives, braces and stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .brackets import Bracket, Item, hull, split_rows
from .commands import BIG_OPERATORS
from .nodes import Scripts, attach, grouped, juxtaposed, widened
from .operators import big_operator, spelled
from .syntax import Fn, Fraction, Listing, Node, Num, Sqrt, Sym
from .tokens import ReadError, Token

if TYPE_CHECKING:
    from .expressions import Level


def read_fraction(level: Level, token: Token) -> Node:
    r"""`\frac{a}{b}`, `\frac12`."""
    above, _ = level.argument(token)
    below, span = level.argument(token)
    return Fraction(above=above, below=below, span=hull(token.span, span))


def read_binom(level: Level, token: Token) -> Node:
    r"""`\binom{n}{k}` as a function of the list `n, k`."""
    above, start = level.argument(token)
    below, end = level.argument(token)
    pair = Listing(separator=",", items=(above, below), span=hull(start, end))
    return Fn(name="binom", argument=pair, span=hull(token.span, end))


def read_sqrt(level: Level, token: Token) -> Node:
    r"""`\sqrt[n]{x}`."""
    item = level.peek()
    degree: Node | None = None
    if isinstance(item, Bracket) and item.opening == "[" and level.peek(1) is not None:
        level.position += 1
        degree = level.inner(item)
    body, span = level.argument(token)
    return Sqrt(body=body, degree=degree, span=hull(token.span, span))


def read_derivative(level: Level, token: Token) -> Node:
    r"""`\pdv{f}{x}`, `\pdv[2]{f}{x}`, `\pdv{f}{x}{y}`, and the operators `\pdv{x}`, `\dv x`."""
    item = level.peek()
    order: Node | None = None
    if isinstance(item, Bracket) and item.opening == "[":
        level.position += 1
        order = level.inner(item)
    parts = [level.argument(token)]
    while len(parts) < 3 and _is_group(level.peek()):
        parts.append(level.argument(token))
    span = hull(token.span, parts[-1][1])
    mark = token.span
    above = [] if len(parts) == 1 else [parts[0][0]]
    below = [parts[0][0]] if len(parts) == 1 else [part for part, _ in parts[1:]]
    if len(below) == 2:
        order = Num(text="2", span=mark)
    d = Sym(base=token.text, span=mark)
    top = juxtaposed([_raised(d, order), *(grouped(node, node.span) for node in above)])
    raise_bottom = order if len(below) == 1 else None
    bottom: list[Node] = []
    for node in below:
        bottom += [d, _raised(grouped(node, node.span), raise_bottom)]
    return Fraction(above=top, below=juxtaposed(bottom), span=span)


def _is_group(item: Item | None) -> bool:
    return isinstance(item, Bracket) and item.opening == "{"


def _raised(node: Node, order: Node | None) -> Node:
    if order is None:
        return node
    return attach(node, Scripts(None, order, 0, order.span), node.span)


def read_note(level: Level, token: Token) -> Node:
    """A brace over or under a body; the words beside it are dropped."""
    body, span = level.argument(token)
    scripts = level.scripts()
    return grouped(body, hull(token.span, span, scripts.span or span))


def read_stack(level: Level, token: Token) -> Node:
    r"""`\underset{x}{\operatorname{argmax}}`: limits of an operator; notes on anything else are dropped."""
    note, _ = level.argument(token)
    item = level.peek()
    name = spelled(item)
    under = token.text == "underset"
    limits = Scripts(note if under else None, None if under else note, 0, note.span)
    if item is not None and name in BIG_OPERATORS:
        level.position += 1
        return big_operator(level, name, hull(token.span, item.span), limits)
    node, span = level.argument(token)
    span = hull(token.span, span)
    if isinstance(node, Sym) and "bb" in node.fonts and under:
        return attach(widened(node, span), limits, span)
    return widened(node, span) if isinstance(node, Sym) else grouped(node, span)


def read_substack(level: Level, token: Token) -> Node:
    r"""`\substack{i<n \\ i \neq j}` as a list."""
    item = level.peek()
    if not isinstance(item, Bracket) or not item.items:
        raise ReadError("missing argument of \\substack", token.span[0])
    level.position += 1
    lines = [[part for cell in row for part in cell] for row in split_rows(item.items)]
    parts = tuple(level.inner(item._replace(items=list(line)), digits=False) for line in lines)
    return parts[0] if len(parts) == 1 else Listing(separator=",", items=parts, span=item.span)


def read_modulus(level: Level, token: Token) -> Node:
    r"""`\pmod{n}`."""
    body, span = level.argument(token)
    return Fn(name="mod", argument=body, span=hull(token.span, span))

r"""Functions, big operators and the names of operators, with what they cover.

A function covers a following bracket and nothing else, or one group `\log{…}`; without a bracket, the factors
up to the next operator, function, fraction or the bracket of its last symbol: `y \log \hat y`,
`\log p(x) p(z)` is (log p(x)) p(z), `\log 2\pi\sigma^2` the logarithm of all three. A big operator covers the
rest of its product; `\max(…)` without limits covers the bracket alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .brackets import Bracket, Item, hull
from .commands import BIG_OPERATORS, FUNCTIONS
from .marks import has_array_letter, is_bold
from .nodes import NO_SCRIPTS, Scripts, grouped, juxtaposed, widened
from .syntax import Big, Empty, Fn, Fraction, Group, Node, Span, Sqrt, Sym
from .tokens import ReadError, Token

if TYPE_CHECKING:
    from .expressions import Level

# Fonts in which letters side by side are one word.
WORD_FONTS = frozenset({"rm", "it", "sf", "tt"})
_CALLABLE = frozenset({"max", "min", "sup", "inf", "argmax", "argmin"})
_UNITS = (Fraction, Sqrt, Group, Fn, Big)
_OF_NUMBERS = frozenset({"sin", "cos", "tan"})


def named(level: Level, symbol: Sym) -> Node:
    r"""A name set upright, as the function or big operator it names: `\mathrm{log} x`, `\text{argmax}_k`.

    Alone in its level (`x_{\mathrm{max}}`), or a function without an argument, it stays a symbol.
    """
    if level.alone or level.peek() is None:
        return symbol
    if symbol.base in BIG_OPERATORS:
        return big_operator(level, symbol.base, symbol.span)
    if symbol.base in FUNCTIONS:
        start = level.position
        node = function(level, symbol.base, symbol.span)
        if isinstance(node, Fn) and node.argument is not None:
            return node
        level.position = start
    return symbol


def read_function(level: Level, token: Token) -> Node:
    r"""`\log x`: see `function`."""
    return function(level, token.text, token.span)


def function(level: Level, name: str, span: Span) -> Node:
    """A function with its scripts and what it covers."""
    scripts = level.scripts()
    argument = _argument_of(level, signed=name in FUNCTIONS, of_numbers=name in _OF_NUMBERS)
    if name == "arg" and isinstance(argument, Big) and scripts is NO_SCRIPTS and argument.op in ("max", "min"):
        span = hull(span, argument.span)
        return Big(op="arg" + argument.op, below=argument.below, above=argument.above, body=argument.body, span=span)
    end = argument.span if argument is not None else span
    return Fn(
        name=name,
        argument=argument,
        sub=scripts.sub,
        sup=scripts.sup,
        primes=scripts.primes,
        span=hull(span, scripts.span or span, end),
    )


def _argument_of(level: Level, *, signed: bool, of_numbers: bool) -> Node | None:
    item = level.peek()
    if signed and item is not None and item.text == "-" and level.peek(1) is not None:
        return level.signed(lambda: _covered(level, of_numbers=of_numbers))
    return _covered(level, of_numbers=of_numbers) if level.starts() else None


def _covered(level: Level, *, of_numbers: bool) -> Node:
    r"""The factors that a function covers; one of numbers ends before a vector: `\cos\phi \mathbf{x}`."""
    item = level.peek()
    if isinstance(item, Bracket) and (item.opening != "{" or len(item.items) > 1):
        node = level.factor()
        return node
    factors = [level.factor()]
    while not isinstance(factors[-1], _UNITS):
        item = level.peek()
        bracket = isinstance(item, Bracket) and item.opening != "{"
        if not level.starts() or item is None or item.kind in ("function", "big", "operator_name"):
            break
        if bracket and not isinstance(factors[-1], Sym):
            break
        start, factor = level.position, level.factor()
        if of_numbers and is_bold(factor) and not any(map(has_array_letter, factors)):
            level.position = start
            break
        factors.append(factor)
    return juxtaposed(factors)


def read_big(level: Level, token: Token) -> Node:
    r"""`\sum_i x_i`: see `big_operator`."""
    return big_operator(level, token.text, token.span)


def big_operator(level: Level, op: str, span: Span, limits: Scripts = NO_SCRIPTS) -> Big:
    """A big operator with its limits and the product after it."""
    scripts = level.scripts()
    below, above = scripts.sub or limits.sub, scripts.sup or limits.sup
    if scripts.primes:
        raise ReadError(f"unexpected ' after {op}", span[0])
    following = level.peek()
    at = hull(span, scripts.span or span)
    body: Node = Empty(span=(at[1], at[1]))
    called = isinstance(following, Bracket) and following.opening != "{" and below is None and op in _CALLABLE
    if called:
        body = level.factor()
    elif following is not None and (level.starts() or (following.kind == "add" and level.peek(1) is not None)):
        body = level.signed(level.product)
    last = level.items[level.position - 1].span  # with the braces around `{\\frac{a}{b}}`
    return Big(op=op, below=below, above=above, body=body, span=hull(at, body.span, last))


def read_operator_name(level: Level, token: Token) -> Node:
    r"""`\operatorname{tr}`, `\operatorname*{arg\,max}_x`, `\mathop{…}`."""
    item = level.peek()
    name = spelled(item)
    if item is None or not name:
        node, span = level.argument(token)
        return widened(node, hull(token.span, span)) if isinstance(node, Sym) else grouped(node, hull(token.span, span))
    level.position += 1
    span = hull(token.span, item.span)
    named_alone = name.isupper() and len(name) > 1 and name not in FUNCTIONS and not isinstance(level.peek(), Bracket)
    if level.alone or (level.peek() is None and level.position == 2) or named_alone:  # the ELBO, the MSE
        return Sym(base=name, fonts=("rm",), span=span)
    if name in BIG_OPERATORS:
        return big_operator(level, name, span)
    return function(level, name, span)


def spelled(item: Item | None) -> str:
    """The name that a group spells, or nothing."""
    if item is None:
        return ""
    parts = item.items if isinstance(item, Bracket) and item.opening == "{" else [item]
    name = ""
    for part in parts:
        if isinstance(part, Bracket):
            name += spelled(part) if part.opening == "{" else "("
        elif part.kind in ("letter", "digit", "name", "text", "function", "big") or part.text == "-":
            name += part.text.strip()
        elif not (part.kind == "font" and part.text in WORD_FONTS) and part.kind not in ("switch", "operator_name"):
            return ""
    return name if name.replace("-", "").replace("_", "").replace(" ", "").isalnum() and name[0].isalpha() else ""

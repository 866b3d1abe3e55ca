r"""Scalar fragments: the small language that both readers understand.

A fragment is made of atoms `v_{k}`, numbers, `+ - / ^`, `\cdot`, `\frac`, `\ln`, `\exp`, `\sqrt` and round
brackets. `masked` writes an expression as one, `unmasked_source` an author's formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, Mul, Pow, Rational, exp, log

Span = tuple[int, int]

LENGTH, NESTING, EXPONENTS = 800, 24, 4096
FRAGMENT = re.compile(
    r"(?:v_\{\d{1,3}\}|\d{1,6}(?!\d)(?:\.\d{1,6}(?!\d))?|\\(?:cdot|frac|ln|exp|sqrt)(?![A-Za-z])|[-+/^(){} ])+"
)
TOKEN = re.compile(
    r"(?P<blank>\s+|\\[,;:!> ]|\\q?quad(?![A-Za-z])|\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits)(?![A-Za-z])|~|&"
    r"|\\(?:text|mathrm|operatorname)\{[dD]iag\}|\\diag(?![A-Za-z]))"  # of one entry, what it is taken of
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<atom>\x00\d+\x00)"
    r"|(?P<command>\\[A-Za-z]+|\\[{}])"
    r"|(?P<sign>[-+/^(){}\[\]−·*e])"
)
COMMANDS = {
    "\\cdot": "*", "\\times": "*", "·": "*", "*": "*", "−": "-", "\\frac": "frac", "\\dfrac": "frac",
    "\\tfrac": "frac", "\\ln": "ln", "\\log": "ln", "\\exp": "exp", "\\sqrt": "sqrt", "[": "(", "]": ")",
    "\\odot": "*", "\\{": "(", "\\}": ")", "\\lbrack": "(", "\\rbrack": ")",
}  # fmt: skip
CLOSING = {"(": ")", "{": "}"}


class NotScalar(ValueError):
    """The formula is no scalar fragment; the message says at what."""


def atom(number: int) -> str:
    """How the atom of this number is written."""
    return f"v_{{{number}}}"


def is_fragment(latex: str) -> bool:
    """Whether the text is a fragment that is safe to read: short, shallow, without towers of powers."""
    if len(latex) > LENGTH or not FRAGMENT.fullmatch(latex):
        return False
    depth = deepest = 0
    for character in latex:
        depth += (character in "({") - (character in ")}")
        deepest = max(deepest, depth)
        if depth < 0:
            return False
    return depth == 0 and deepest <= NESTING and _tame_powers(latex)


def _tame_powers(latex: str) -> bool:
    """No power in an exponent, and the whole numbers in the exponents multiply to little."""
    size = 1
    for match in re.finditer(r"\^(\{)?", latex):
        exponent = _group(latex, match.end()) if match[1] else latex[match.end() : match.end() + 1]
        if "^" in exponent:
            return False
        for number in re.findall(r"\d+", re.sub(r"v_\{\d+\}", "", exponent)):
            size *= max(int(number), 1)
    return size <= EXPONENTS


def _group(latex: str, start: int) -> str:
    depth = 1
    for end in range(start, len(latex)):
        depth += (latex[end] == "{") - (latex[end] == "}")
        if depth == 0:
            return latex[start:end]
    return latex[start:]


# -- expressions to fragments ---------------------------------------------------------------------------------


def masked(expr: Expr) -> tuple[str, dict[str, Expr]]:
    """The expression as a fragment, and what its atoms stand for.

    Sums, products, powers, exp, log and rational numbers are written out; every other node (entries, names,
    functions of a row, Sum, Product, Partial …) is an atom, equal nodes the same one.
    """
    atoms: dict[Expr, str] = {}
    text = _write(expr, atoms)
    return text, {name: node for node, name in atoms.items()}


def _write(expr: Any, atoms: dict[Expr, str]) -> str:
    if isinstance(expr, Rational):
        whole = str(abs(expr.p)) if expr.q == 1 else rf"\frac{{{abs(expr.p)}}}{{{expr.q}}}"
        return whole if expr >= 0 else f"-{whole}"
    if isinstance(expr, Add):
        terms = [_write(term, atoms) for term in expr.args]
        return terms[0] + "".join(term if term.startswith("-") else f"+{term}" for term in terms[1:])
    if isinstance(expr, Mul) or _is_below(expr):
        return _write_product(expr, atoms)
    if isinstance(expr, exp):
        return rf"\exp({_write(expr.args[0], atoms)})"
    if isinstance(expr, log) and len(expr.args) == 1:
        return rf"\ln({_write(expr.args[0], atoms)})"
    if isinstance(expr, Pow) and expr.exp == Rational(1, 2):
        return rf"\sqrt{{{_write(expr.base, atoms)}}}"
    if isinstance(expr, Pow):
        return f"{_bracketed(_write(expr.base, atoms))}^{{{_write(expr.exp, atoms)}}}"
    return atoms.setdefault(expr, atom(len(atoms) + 1))


def _write_product(expr: Any, atoms: dict[Expr, str]) -> str:
    number, rest = expr.as_coeff_Mul()
    factors: tuple[Any, ...] = Mul.make_args(rest)
    above: list[Any] = [abs(number.p), *(_factor(f, atoms) for f in factors if f != 1 and not _is_below(f))]
    below: list[Any] = [number.q, *(_factor(Pow(f.base, -f.exp), atoms) for f in factors if _is_below(f))]
    top, bottom = (r" \cdot ".join(map(str, side[side[0] == 1 :])) or "1" for side in (above, below))
    text = top if bottom == "1" else rf"\frac{{{top}}}{{{bottom}}}"
    return f"-{text}" if number.p < 0 else text


def _is_below(factor: Any) -> bool:
    """Whether a factor belongs under a fraction bar."""
    return isinstance(factor, Pow) and isinstance(factor.exp, Rational) and factor.exp.p < 0


def _bracketed(base: str) -> str:
    """What a power stands on: an atom as it is, anything else in brackets."""
    return base if re.fullmatch(r"v_\{\d+\}", base) else f"({base})"


def _factor(factor: Expr, atoms: dict[Expr, str]) -> str:
    text = _write(factor, atoms)
    return f"({text})" if isinstance(factor, Add) or text.startswith("-") else text


# -- sources to fragments -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Token:
    kind: str  # a number, an atom, or the sign itself
    text: str

    @property
    def begins_factor(self) -> bool:
        return self.kind in ("number", "atom", "(", "{", "frac", "ln", "exp", "sqrt", "e")


def masked_source(source: str, spans: Sequence[tuple[Span, int]]) -> str:
    r"""An author's formula as a fragment: spans become atoms, products and brackets explicit.

    Args:
        source: the LaTeX as written.
        spans: what is an atom, with the number it gets; outermost spans count.

    Raises:
        NotScalar: at anything else than numbers, `+ - / ^`, `\frac`, `\log`, `\exp`, `e^`, `\sqrt`, brackets.
    """
    text, last = "", 0
    for (start, end), number in _outermost(spans):
        text += source[last:start] + f"\x00{number}\x00"
        last = end
    tokens = list(_tokens((text + source[last:]).strip().rstrip(".,;")))
    return _Writer(tokens).whole()


def _outermost(spans: Sequence[tuple[Span, int]]) -> Iterator[tuple[Span, int]]:
    last = 0
    for (start, end), number in sorted(spans, key=lambda item: (item[0][0], -item[0][1])):
        if start >= last:
            yield (start, end), number
            last = end


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise NotScalar(f"{text[position : position + 12]!r} is no part of a scalar fragment")
        position = match.end()
        if match["number"]:
            yield _Token("number", match[0] if match[0][0] != "." else f"0{match[0]}")
        elif match["atom"]:
            yield _Token("atom", atom(int(match[0].strip("\x00"))))
        elif match["command"] or match["sign"]:
            sign = COMMANDS.get(match[0], match[0])
            if sign.startswith("\\"):
                raise NotScalar(f"{sign} is no part of a scalar fragment")
            yield _Token(sign, sign)


class _Writer:
    r"""Writes tokens out again: sums stay as they are, factors side by side get their `\cdot`."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.position = tokens, 0

    def whole(self) -> str:
        text = self.sequence(None)
        if self.position < len(self.tokens):
            raise NotScalar(f"a closing {self.tokens[self.position].text} too many")
        return text

    def sequence(self, closing: str | None) -> str:
        """Everything up to the closing bracket, which is taken too."""
        parts: list[str] = []
        after_factor = False
        while (token := self.peek()) is not None and token.kind not in (")", "}"):
            if token.begins_factor:
                parts += [r" \cdot ", self.factor()] if after_factor else [self.factor()]
                after_factor = True
            elif token.kind in ("+", "-", "*", "/"):
                self.position += 1
                parts.append(r" \cdot " if token.kind == "*" else token.kind)
                after_factor = False
            else:
                raise NotScalar(f"{token.text} without a base")
        if closing is not None:
            self.expect(closing)
        if not parts:
            raise NotScalar("an empty group")
        return "".join(parts)

    def factor(self) -> str:
        token = self.take()
        if token.kind == "e":
            if not self.accept("^"):
                raise NotScalar("the letter e")
            return self.raised(rf"\exp({self.argument()})")
        if token.kind in ("ln", "exp"):
            return self.application(token.kind)
        return self.raised(self.primary(token))

    def primary(self, token: _Token) -> str:
        if token.kind in CLOSING:
            return f"({self.sequence(CLOSING[token.kind])})"
        if token.kind == "frac":
            return rf"\frac{{{self.argument()}}}{{{self.argument()}}}"
        if token.kind == "sqrt":
            return rf"\sqrt{{{self.argument()}}}"
        if token.kind in ("number", "atom"):
            return token.text
        raise NotScalar(f"{token.text} where a factor should stand")

    def application(self, name: str) -> str:
        r"""`\ln(…)`; without brackets it covers one factor, and which ones if more follow is not ours to say."""
        power = self.argument() if self.accept("^") else None
        token = self.take()
        bracketed = token.kind in CLOSING
        if token.kind in ("ln", "exp"):
            covered = self.application(token.kind)
        else:
            covered = self.sequence(CLOSING[token.kind]) if bracketed else self.raised(self.primary(token))
        following = self.peek()
        if not bracketed and following is not None and following.begins_factor and following.kind != "ln":
            raise NotScalar(f"how far \\{name} reaches is not marked by brackets")
        text = rf"\{name}({covered})"
        return self.raised(text if power is None else f"({text})^{{{power}}}") if bracketed else text

    def raised(self, base: str) -> str:
        if not self.accept("^"):
            return base
        return f"{_bracketed(base)}^{{{self.argument()}}}"

    def argument(self) -> str:
        """A braced group, or the one token that TeX takes instead."""
        token = self.take()
        if token.kind == "{":
            return self.sequence("}")
        if token.kind == "number" and len(token.text) > 1:  # TeX takes one digit of it
            self.position -= 1
            self.tokens[self.position] = _Token("number", token.text[1:])
            return token.text[0]
        return self.primary(token)

    def peek(self) -> _Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self) -> _Token:
        token = self.peek()
        if token is None:
            raise NotScalar("the formula ends too early")
        self.position += 1
        return token

    def accept(self, kind: str) -> bool:
        token = self.peek()
        found = token is not None and token.kind == kind
        self.position += found
        return found

    def expect(self, kind: str) -> None:
        if not self.accept(kind):
            raise NotScalar(f"a missing {kind}")

"""How names are set: the plain names of expressions to LaTeX, with sensible defaults for unknown ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..quantities import Quantity
from .renderers.spacing import knows

_ACCENTS = ("hat", "bar", "tilde", "vec", "dot")
_GREEK = frozenset(
    {
        *("alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "iota", "kappa"),
        *("lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "varphi", "chi"),
        *("psi", "omega", "ell"),
    }
)
_WORD = re.compile(r"(?P<letters>[^\W\d_]+)(?P<digits>\d*)$")


@dataclass(frozen=True)
class Names:
    r"""How the names of a model are set.

    Attributes:
        quantities: plain name to (LaTeX without indices, whether the first index counts data points):
            `{"theta_h": (r"\theta^{(h)}", False), "yhat": (r"\hat{y}", True)}`.
        symbols: sizes and indices to LaTeX: `{"m_x": "m_x"}`.
        order: plain names in the order in which they stand as factors and terms; others follow by the alphabet.
    """

    quantities: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, quantities: Iterable[Quantity], symbols: Mapping[str, str] | None = None, order: Iterable[str] = ()
    ) -> Names:
        """The names of the quantities of a model."""
        table = {quantity.name: (quantity.latex, quantity.sample_axis) for quantity in quantities}
        return cls(quantities=table, symbols=dict(symbols or {}), order=tuple(order))

    def latex(self, name: str) -> str:
        """The LaTeX of a quantity, size or index, without its indices."""
        if name in self.quantities:
            return self.quantities[name][0]
        return self.symbols.get(name) or default_latex(name)

    def has_sample_axis(self, name: str) -> bool:
        """Whether the first index of the quantity counts data points and is set as x^{(s)}."""
        return name in self.quantities and self.quantities[name][1]

    def place(self, name: str) -> tuple[int, str]:
        """The sort key of a name among factors and terms."""
        return (self.order.index(name) if name in self.order else len(self.order), name)


def default_latex(name: str) -> str:
    r"""LaTeX for an identifier: `theta_h` is `\theta_{h}`, `yhat` is `\hat{y}`, `LL` is `\mathrm{LL}`, `i'` stays."""
    plain = name.rstrip("'")
    first, *others = [part for part in plain.split("_") if part] or [name]
    while others and others[0] in _ACCENTS and _is_letter(first):
        first += others.pop(0)
    base, digits = _letters(first)
    subscripts = [part for part in (digits, *("".join(_labelled(other)) for other in others)) if part]
    return base + name[len(plain) :] + (f"_{{{','.join(subscripts)}}}" if subscripts else "")


def _labelled(part: str) -> tuple[str, str]:
    base, digits = _letters(part)
    return base, f"_{{{digits}}}" if digits and not part.isdigit() else digits


def _letters(part: str) -> tuple[str, str]:
    """The letters of a part as LaTeX and the digits at its end; digits inside a longer word stay in it."""
    if part.isdigit():
        return "", part
    found = _WORD.match(part)
    letters, digits = (found["letters"], found["digits"]) if found else (part, "")
    for accent in _ACCENTS:
        inner = letters.removesuffix(accent)
        if inner != letters and _is_letter(inner):
            return rf"\{accent}{{{_letter(inner)}}}", digits
    return (_letter(letters), digits) if _is_letter(letters) else (rf"\mathrm{{{part}}}", "")


def _is_letter(text: str) -> bool:
    return (len(text) == 1 and (text.isascii() or knows(text))) or (len(text) > 1 and _is_greek(text))


def _is_greek(text: str) -> bool:
    return text.isascii() and text.isalpha() and knows(f"\\{text}") and text.lower() in _GREEK


def _letter(text: str) -> str:
    return f"\\{text}" if len(text) > 1 else text

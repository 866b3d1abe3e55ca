r"""Households: utility with constant relative and with constant absolute aversion to risk."""

from __future__ import annotations

from .standard import Standard, positive

SPENT = positive("c", "C x w W y")
AVERSION = positive("g", r"\gamma \sigma \rho \eta \theta", may_be_number=True)
AVERSE = r"\bCRRA\b|constant relative risk|isoelastic|power utility"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="utility with constant relative aversion to risk",
        words=AVERSE,
        letters=r"[uU](?:\(.{1,3}\))?",
        parts=(SPENT, AVERSION),
        formulas=(r"\frac{c^{1 - g}}{1 - g}", r"\frac{c^{1 - g} - 1}{1 - g}", r"\frac{1}{1 - g} c^{1 - g}"),
        also=(r"\log c", r"\frac{c^g}{g}", r"c^g", r"\frac{c^g - 1}{g}", r"c^{1 - g}"),
    ),
    Standard(
        name="utility with constant absolute aversion to risk",
        words=r"\bCARA\b|constant absolute risk|exponential utility",
        letters=r"[uU](?:\(.{1,3}\))?",
        parts=(SPENT, positive("a", r"\alpha \gamma r A \lambda")),
        formulas=(r"-\exp(-a c)", r"-\frac{1}{a} \exp(-a c)", r"1 - \exp(-a c)", r"\frac{1 - \exp(-a c)}{a}"),
    ),
)

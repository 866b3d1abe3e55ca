r"""Margins: of separating hyperplanes, of perceptrons, and what support vector machines minimise."""

from __future__ import annotations

from .geometry import OFFSET, N, W
from .standard import Standard, count, positive, real, sign, vector

MACHINE = r"\bSVMs?\b|support vector|(?:soft|hard|maximum|max|large)[- ]margin"
POINT = vector("x", r"\phi x_i x_n \phi_n \phi(x_n) x^{(i)}")
TARGET = sign("y", "t y_i t_i t_n y_n y^{(i)}")
COST = positive("C", r"\lambda \gamma c")
RATE = positive(r"\lambda", r"C \alpha")
SLACK = positive("s", r"\xi \xi_i \zeta \zeta_i \epsilon")
_MARGIN = r"y_i (w^\top x_i + b)"
_SLACKS = (
    r"\sum_{i=1}^n s_i",
    rf"\sum_{{i=1}}^n \max(0, 1 - {_MARGIN})",
    r"\sum_{i=1}^n \max(0, 1 - y_i (w^\top x_i - b))",
    r"\sum_{i=1}^n \max(0, 1 - y_i w^\top x_i)",
)


def _lagrangian(slack: str) -> str:
    return rf"\frac{{1}}{{2}} \|w\|^2 + C \sum_i s_i - \sum_i a_i ({_MARGIN} - 1 {slack}) - \sum_i m_i s_i"


ROWS: tuple[Standard, ...] = (
    Standard(
        name="width of the margin",
        words=rf"margin[^.$]*(?:{MACHINE})|(?:{MACHINE}|hyper-?plane)[^.]*margin|width of the (?:margin|street)",
        letters=r"(?:[mM]argin|width|M|m|gamma|rho|d)(?:\(.{1,3}\))?",
        parts=(W, POINT, OFFSET, TARGET),
        formulas=(r"\frac{2}{\|w\|}",),
        also=(
            r"\frac{1}{\|w\|}",  # on one side of the plane: another thing of the same name
            r"\frac{2}{\sqrt{w^\top w}}",
            r"\frac{1}{\sqrt{w^\top w}}",
            r"\frac{y (w^\top x + b)}{\|w\|}",
            r"\frac{w^\top x + b}{\|w\|}",
            r"\frac{|w^\top x + b|}{\|w\|}",
            r"y (w^\top x + b)",
            r"y w^\top x",
            r"\frac{y w^\top x}{\|w\|}",
            r"\frac{1}{2} \|w\|^2",
            r"\|w\|^2",
            r"\|w\|",
        ),
        told=(
            (
                r"(?s)\A(?!.*= ?0).*= ?- ?1.*distance between (?:the|these|those|both)(?: two| parallel| margin)*"
                r" (?:hyper-?)?planes",
                (r"\frac{1}{\|w\|}", r"\frac{1}{\sqrt{w^\top w}}"),
            ),
        ),
    ),
    Standard(
        name="objective of a soft-margin support vector machine",
        words=rf"{MACHINE}|hinge",
        usual=r"regulari[sz]\w*|penali[sz]\w*",
        letters=r"(?:J|L|F|E|f|R|Q|P|ell|Phi|mathcalL)(?:_.{1,6})?(?:\(.*\))?",
        parts=(W, POINT, OFFSET, TARGET, COST, RATE, SLACK, N),
        formulas=(
            *(rf"\frac{{1}}{{2}} \|w\|^2 + C {slack}" for slack in _SLACKS),
            *(rf"\frac{{1}}{{2}} \|w\|^2 + \frac{{C}}{{n}} {slack}" for slack in _SLACKS),
            *(rf"\frac{{\lambda}}{{2}} \|w\|^2 + \frac{{1}}{{n}} {slack}" for slack in _SLACKS[1:]),
            *(rf"\lambda \|w\|^2 + \frac{{1}}{{n}} {slack}" for slack in _SLACKS[1:]),
            *(rf"\lambda \|w\|^2 + {slack}" for slack in _SLACKS[1:]),
            *(rf"\frac{{\lambda}}{{2}} \|w\|^2 + {slack}" for slack in _SLACKS[1:]),
        ),
        also=(
            r"\frac{1}{2} \|w\|^2 + C \sum_{i=1}^n s_i^2",
            r"\frac{1}{2} \|w\|^2 + \frac{C}{2} \sum_{i=1}^n s_i^2",
            r"\|w\|^2 + C \sum_{i=1}^n s_i",
            r"\frac{1}{2} \|w\|^2",
            *_SLACKS,
            *(rf"\frac{{1}}{{n}} {slack}" for slack in _SLACKS),
            *(rf"C {slack}" for slack in _SLACKS),
            *(rf"\lambda \|w\| + \frac{{1}}{{n}} {slack}" for slack in _SLACKS),
        ),
    ),
    Standard(
        name="Lagrangian of a soft-margin support vector machine",
        words=rf"lagrang[^.]*(?:{MACHINE}|slack)|(?:{MACHINE}|slack)[^.]*lagrang",
        letters=r"(?:L|L_P|J|mathcalL)(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            W,
            POINT,
            OFFSET,
            TARGET,
            COST,
            SLACK,
            real("a", r"\alpha \lambda \alpha_i a_n"),
            real("m", r"\mu \beta \eta r \mu_i \beta_i \mu_n \gamma \gamma_i"),
        ),
        formulas=(_lagrangian("+ s_i"),),
        also=(rf"\frac{{1}}{{2}} \|w\|^2 + C \sum_i s_i - \sum_i a_i ({_MARGIN} - 1 + s_i)",),
    ),
    Standard(
        name="perceptron criterion",
        words=r"perceptron (?:criterion|loss|cost|objective|error)|perceptron[^.$]*(?:minimi[sz]|loss|criterion)",
        letters=r"(?:E|L|J|D|C|ell|l)(?:_.{1,5})?(?:\(.*\))?",
        parts=(W, POINT, OFFSET, TARGET, count("n", "N m"), real("f", r"\hat{y} h f(x)")),
        formulas=(
            r"-\sum_i w^\top x_i y_i",
            r"-\sum_i y_i (w^\top x_i + b)",
            r"\sum_i \max(0, -y_i w^\top x_i)",
            r"\sum_i \max(0, -y_i (w^\top x_i + b))",
            r"\frac{1}{n} \sum_{i=1}^n \max(0, -y_i w^\top x_i)",
            r"\frac{1}{n} \sum_{i=1}^n \max(0, -y_i (w^\top x_i + b))",
        ),
        also=(
            r"\max(0, -y w^\top x)",
            r"\max(0, -y (w^\top x + b))",
            r"\max(0, -y f)",
            r"-\sum_i y_i f_i",
            r"\sum_i |w^\top x_i|",
            r"\sum_i |w^\top x_i + b|",
            r"\sum_i (y_i - f_i) w^\top x_i",
            r"\sum_i (f_i - y_i) w^\top x_i",
            r"-y w^\top x",
            r"-y (w^\top x + b)",
            r"\max(0, 1 - y f)",
        ),
    ),
    Standard(
        name="most mistakes of a perceptron",
        words=r"perceptron(?s:.)*(?:mistakes|updates|converge|steps|iterations|errors)",
        letters=r"[kMTtmn]",
        parts=(
            positive("R", r"\beta D"),
            positive("g", r"\gamma \rho \delta"),
            vector("w", r"w^* w_* \theta^* u"),
        ),
        relation="<=",
        formulas=(r"\frac{R^2}{g^2}", r"\frac{R^2 \|w\|^2}{g^2}"),
        also=(r"\frac{1}{g^2}", r"R^2 \|w\|^2", r"\frac{\|w\|^2}{g^2}"),
    ),
)

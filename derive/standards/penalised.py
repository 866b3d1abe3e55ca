r"""Errors with a penalty on the weights, and deviations: what is minimised, and what is reported beside a mean."""

from __future__ import annotations

from .standard import DEVIATION, Standard, count, matrix, positive, real, vector

N = count("n", "N m M")
ERRORS = (
    r"\frac{1}{2} \sum_{i=1}^n (y_i - w^\top x_i)^2",
    r"\sum_{i=1}^n (y_i - w^\top x_i)^2",
    r"\frac{1}{n} \sum_{i=1}^n (y_i - w^\top x_i)^2",
    r"\frac{1}{2 n} \sum_{i=1}^n (y_i - w^\top x_i)^2",
    r"\|\mathbf{y} - \mathbf{X} w\|^2",
    r"\frac{1}{2} \|\mathbf{y} - \mathbf{X} w\|^2",
    r"\frac{1}{n} \|\mathbf{y} - \mathbf{X} w\|^2",
    r"\frac{1}{2 n} \|\mathbf{y} - \mathbf{X} w\|^2",
)
SQUARES = (
    r"\frac{\lambda}{2} w^\top w",
    r"\lambda w^\top w",
    r"\frac{\lambda}{2 n} w^\top w",
    r"\frac{\lambda}{n} w^\top w",
)
SIZES = (r"\lambda \|w\|_1", r"\frac{\lambda}{2} \|w\|_1", r"\frac{\lambda}{n} \|w\|_1")
LEFT = r"(?:tilde|hat)?(?:J|E|L|ell|R|C|l)(?:_.{1,9})?(?:\^.{1,7})?(?:\(.*\))?"
PARTS = (
    real("y", r"t y_i t_n y_n"),
    vector("w", r"\theta \beta W"),
    vector("x", r"\phi x_i x_n x^{(i)} \phi_n"),
    vector(r"\mathbf{y}", "y t"),
    matrix(r"\mathbf{X}", r"X \Phi A"),
    positive(r"\lambda", r"\alpha C \gamma"),
    positive("b", r"\beta"),
    N,
)
SPREAD = (
    real("x", "X x_i x_n y_i"),
    real("m", r"\mu \bar{x} \bar{X} \hat{\mu} \bar{y} \mu_x"),
    N,
)


OTHERS = (  # the weight before the error, a precision there, a penalty on the length itself
    *(f"\\lambda {error} + \\frac{{1}}{{2}} w^\\top w" for error in ERRORS),
    *(rf"\frac{{b}}{{2}} {error} + \frac{{\lambda}}{{2}} w^\top w" for error in (ERRORS[1], ERRORS[4])),
    *(rf"{error} + \lambda \|w\|" for error in ERRORS),
    *ERRORS,
)


def _penalised(penalties: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{error} + {penalty}" for error in ERRORS for penalty in penalties)


ROWS: tuple[Standard, ...] = (
    Standard(
        name="squared error with a penalty",
        words=r"ridge|weight decay|regulari[sz]\w+|penal\w+",
        usual=r"regulari[sz]\w*|penali[sz]\w*",
        letters=LEFT,
        parts=PARTS,
        formulas=_penalised(SQUARES),
        also=(*(f"-({f})" for f in _penalised(SQUARES)), *OTHERS),
    ),
    Standard(
        name="objective of the lasso",
        words=r"\blasso\b|L_?\$?_?1[- $]+(?:norm|penal|regulari|constrain)",
        usual=r"regulari[sz]\w*|penali[sz]\w*",
        letters=LEFT,
        parts=PARTS,
        formulas=_penalised(SIZES),
        also=(*(f"-({f})" for f in _penalised(SIZES)), *OTHERS),
    ),
    Standard(
        name="standard deviation",
        words=r"standard deviation",
        letters=rf"{DEVIATION}|(?:hat|tilde)sigma(?:_.{{1,6}})?",
        parts=SPREAD,
        formulas=(
            r"\sqrt{\frac{1}{n} \sum_{i=1}^n (x_i - m)^2}",
            r"\sqrt{\frac{1}{n - 1} \sum_{i=1}^n (x_i - m)^2}",
            r"\sqrt{\mathbb{E}[(x - m)^2]}",
        ),
        also=(r"\sqrt{\mathbb{E}[x^2] - m^2}", r"\sqrt{\frac{1}{n} \sum_{i=1}^n x_i^2 - m^2}"),
    ),
)

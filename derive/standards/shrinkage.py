r"""What penalties do to weights: steps with weight decay, estimates shrunk towards zero, covariances of linear maps."""

from __future__ import annotations

from .standard import Standard, firm, matrix, natural, positive, real, vector

COSTS, WEIGHTS = ("C_0", "C", "L", "L_0", "E", "J"), ("w", "w_i")
SLOPES = " ".join(rf"\frac{{\partial{{{of}}}}}{{\partial{{{by}}}}}" for of in COSTS for by in WEIGHTS)
WEIGHT = real("w", r"w_i w_j \theta \theta_j w_{ij} W w_k \theta_i")
RATE = positive("r", r"\eta \alpha \epsilon \gamma")
PENALTY = positive("l", r"\lambda \alpha \mu")
SLOPE = firm(real("g", " ".join((SLOPES, r"\nabla L \nabla_w L \nabla_w J \nabla J"))))
OF_WEIGHTS = "L(w) L_0(w) E(w) J(w) C(w) L(w_t) f(w) L(w_k)"
NABLA, COST = (
    real(r"\nabla"),
    firm(positive("f", f"{OF_WEIGHTS} f(w_t) E_0(w) \\ell(w)")),
)
LEAST = real("b", r"\hat{\beta}_j \hat{\beta}_{OLS} \hat{\beta} \hat{w}_j \hat{w}")
STEPS = r"(?:update|gradient descent|step|becomes)"
HALVED = r"(?:\\frac\{?\\lambda\}?\s*\{?2\}?|\\lambda\s*/\s*2)\s*\\[|V]e?r?t?\s*\\?\w+\s*\\[|V]e?r?t?(?:_2)?\^\{?2"
SQUARED = rf"\bl[-_ ]?2\b|\$[lL]_?2\$|\\?ell_?2|weight decay|ridge|quadratic penal|{HALVED}"
ABSOLUTE = r"\bl[-_ ]?1\b|\$[lL]_?1\$|\\?ell_?1|lasso|absolute values"
STEPPED = r"(?:w|theta|W)(?:_.{1,4}|\^.{1,4}|')?"
ORTHONORMAL = (
    r"(?s:(?:ridge).*?(?:orthonormal|orthogonal design|orthogonal columns)|(?:orthonormal|orthogonal).*?(?:ridge))"
)
BOLD = r"(?:\\(?:mathbf|boldsymbol|bm|mathrm|vec)\s?)?\{?"
MAPPED = rf"=\s*{BOLD}[ABWM]\}}?\s*{BOLD}[xzX]\}}?\s*[+$]"
SPREAD = firm(matrix("S", r"\Sigma \Sigma_x C \Sigma_X V P K"))

ROWS: tuple[Standard, ...] = (
    Standard(
        name="step with weight decay",
        words=rf"(?s:(?:{SQUARED}).*?{STEPS}|{STEPS}.*?(?:{SQUARED}))",
        usual=r"regulari[sz]\w*|penali[sz]\w*|penalt\w+",
        letters=STEPPED,
        carries=("w",),
        parts=(WEIGHT, RATE, PENALTY, SLOPE, natural("n", "N m"), NABLA, COST),
        formulas=(
            "(1 - r l) w - r g",
            r"(1 - r l) w - r \nabla f",
            r"w - r (\nabla f + l w)",
            r"(1 - \frac{r l}{n}) w - r g",
            r"w - r (g + l w)",
            r"w - r (g + \frac{l}{n} w)",
        ),
        also=(
            *("w - r g", "(1 - l) w - r g", "(1 - 2 r l) w - r g", r"(1 - 2 \frac{r l}{n}) w - r g"),
            *(r"w - r \nabla f", r"(1 - l) w - r \nabla f", r"(1 - 2 r l) w - r \nabla f"),
        ),
        told=((HALVED, ("(1 - l) w - r g", r"(1 - l) w - r \nabla f")),),
    ),
    Standard(
        name="step with a penalty on absolute values",
        words=rf"(?s:(?:{ABSOLUTE}).*?{STEPS}|{STEPS}.*?(?:{ABSOLUTE}))",
        usual=r"regulari[sz]\w*|penali[sz]\w*|penalt\w+|unregulari[sz]ed",
        letters=STEPPED,
        carries=("w",),
        parts=(WEIGHT, RATE, PENALTY, SLOPE, natural("n", "N m")),
        formulas=(
            r"w - \frac{r l}{n} \mathrm{sgn}(w) - r g",
            r"w - r l \mathrm{sgn}(w) - r g",
            r"w - r (g + l \mathrm{sgn}(w))",
            r"w - r (g + \frac{l}{n} \mathrm{sgn}(w))",
        ),
        also=("w - r g", r"w - r g - l \mathrm{sgn}(w)", r"\mathrm{sgn}(w) \max(|w| - l, 0)"),
    ),
    Standard(
        name="fitted values of ridge regression by singular values",
        words=r"ridge",
        letters=r"(?:X|Phi|A)hat(?:beta|w|theta)(?:_.{1,6}|\^.{1,6})*|haty(?:_.{1,6}|\^.{1,6})?|X(?:beta|w)(?:\^.{1,6})?",
        parts=(
            firm(vector("u", r"u_j u_i \mathbf{u}_j \mathbf{u}_i")),
            firm(positive("d", r"d_j d_i \sigma_j \sigma_i s_j s_i")),
            PENALTY,
            firm(vector("y", r"\mathbf{y}")),
            natural("p", "n r k m d"),
        ),
        formulas=(
            r"\sum_{j=1}^p u_j \frac{d_j^2}{d_j^2 + l} u_j^\top y",
            r"\sum_j u_j \frac{d_j^2}{d_j^2 + l} u_j^\top y",
            r"\sum_{j=1}^p \frac{d_j^2}{d_j^2 + l} u_j u_j^\top y",
        ),
        also=(r"\sum_{j=1}^p u_j u_j^\top y", r"\sum_j u_j u_j^\top y"),
    ),
    Standard(
        name="ridge estimate of an orthonormal design",
        words=ORTHONORMAL,
        letters=r"(?:hat)?(?:beta|w|theta)(?:_.{1,6})?(?:\^.{1,6})?(?:_.{1,6})?(?:\(.*\))?",
        parts=(LEAST, PENALTY, natural("n", "N")),
        formulas=(r"\frac{b}{1 + l}",),
        also=(
            r"\frac{b}{1 + n l}",
            r"\frac{b}{1 + 2 l}",
            r"\frac{b}{1 + l / 2}",
            r"\frac{n b}{n + l}",
            r"\frac{b}{1 + l / n}",
        ),
    ),
    Standard(
        name="factor by which ridge regression shrinks a direction",
        words=r"(?s:ridge.*?(?:singular|shrink|shrunk)|(?:singular|shrink|shrunk).*?ridge)",
        letters=r"(?:f|s|k|kappa|gamma|phi|w|c|alpha)(?:_.{1,3})?(?:\(.*\))?",
        parts=(positive("d", r"d_j \sigma_j s_j d_i \sigma_i s_i \sigma"), PENALTY),
        formulas=(r"\frac{d^2}{d^2 + l}",),
        also=(r"\frac{d}{d^2 + l}", r"\frac{l}{d^2 + l}", r"\frac{d}{d + l}"),
    ),
    Standard(
        name="covariance of a linear map of a vector",
        words=rf"(?s:{MAPPED}.*?(?:covarian|varianc)|(?:covarian|varianc).*?{MAPPED})",  # a row is mapped by x A
        left=r"(?:Cov|cov|Var|var|V|mathbbV)[(\[](?:A|B|W|C|M)[xXz](?:[+-][bcmu])?[)\]]",
        letters=r"(?:Cov|cov|Var|var|V)[(\[][yYzZ][)\]]|Sigma_[yYzZ]|C_[yYzZ]",
        parts=(firm(matrix("A", "B W M")), SPREAD),
        formulas=(r"A S A^\top",),
        also=("S", r"A A^\top"),
    ),
    Standard(
        name="mean of a quadratic form",
        left=r"(?:mathbb)?E[(\[][xXyz]\^(?:top|T|mathsfT|rmT|intercal)[AQMB][xXyz][)\]]",
        parts=(firm(matrix("A", "Q M B")), SPREAD, firm(vector("m", r"\mu \mu_x"))),
        formulas=(r"\mathrm{tr}(A S) + m^\top A m",),
        also=(r"\mathrm{tr}(A S)", r"\mathrm{tr}(A (S + m m^\top))", r"\mathrm{tr}(A)"),
    ),
)

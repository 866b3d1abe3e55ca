r"""Time series by name: means, variances and forecasts of linear series and of GARCH, smoothing backwards."""

from __future__ import annotations

from .standard import Standard, firm, matrix, natural, positive, real, vector

ONE_STEP = r"\bAR\s?\(1\)|first[- ]order autoregress\w+|autoregress\w+"
GARCH = r"\bGARCH\s?\(1,\s?1\)|garch"
ARCH = r"(?<!g)\bARCH\s?\(1\)"
SLOPE = real("a", r"\phi \rho \alpha \beta \theta \phi_1")
NOISE = positive("s", r"\sigma \sigma_\epsilon \sigma_w \sigma_\varepsilon \sigma_e \sigma_u \sigma_Z")
FILTERED = r"P_{t|t} \Sigma_{t|t} P_{k|k} \Sigma_{t} V_{t|t} V_n P_{n|n} P_t \Sigma_{k|k} P_k"
AHEAD = r"P_{t+1|t} \Sigma_{t+1|t} P_{k+1|k} P_n V_{t+1|t} P_{n+1|n} \Sigma_{k+1|k}"
SMOOTHED = r"P_{t+1|T} \Sigma_{t+1|T} P_{k+1|N} V_{t+1|T} P_{t+1|n} P_{k+1|T} P_{k+1|n}"
MOVED = firm(matrix("A", r"F \Phi A_t F_t F_k A_k"))
SMOOTHER = r"rauch|\bRTS\b|smoother|smoothing"
GAIN = matrix("J", r"G C J_t G_t C_t L_t J_k G_k C_k J_n")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="mean of an autoregression",
        words=ONE_STEP,
        letters=r"mu(?:_.)?|(?:mathbb)?E[(\[][XxyYrz]_\w[)\]]",
        parts=(
            real("c", r"\phi_0 \alpha \delta \mu \omega \beta_0 a_0"),
            real("a", r"\phi \phi_1 \rho \beta \alpha_1 \beta_1"),
            real("b", r"\phi_2 \alpha_2 \beta_2"),
        ),
        formulas=(r"\frac{c}{1 - a}", r"\frac{c}{1 - a - b}"),
        also=("c",),
    ),
    Standard(
        name="variance of a GARCH series",
        words=GARCH,
        usual="conditional|unconditional",
        letters=r"(?:bar|hat)?sigma\^2|(?:Var|var|V)[(\[].{1,14}[)\]]|V_L|(?:mathbb)?E[(\[].{1,14}\^2(?:_.)?[)\]]|sigma\^2_.|bar?h",
        parts=(
            firm(positive("w", r"\omega \alpha_0")),
            firm(positive("a", r"\alpha \alpha_1")),
            firm(positive("b", r"\beta \beta_1")),
            positive("e", r"\epsilon_{t-1} r_{t-1} a_{t-1} u_{t-1} \varepsilon_{t-1} X_{t-1} y_{t-1}"),
            positive("v", r"\sigma_{t-1}"),
        ),
        formulas=(r"\frac{w}{1 - a - b}", "w + a e^2 + b v^2"),
        also=(r"\frac{w}{1 - a}", "w + a e^2", r"w + (a + b) v^2", r"\frac{w}{a + b}"),
    ),
    Standard(
        name="autocovariance of a moving average",
        words=r"\bMA\s?\(1\)|moving[- ]average (?:process|model|series)|first[- ]order moving[- ]average",
        letters=r"gamma(?:_\w)?\(1\)|gamma_1|(?:Cov|cov)[(\[][XxyYz]_\w,[XxyYz]_(?:t-1|t\+1)[)\]]",
        parts=(firm(real("b", r"\theta \theta_1")), firm(NOISE)),
        formulas=("b s^2",),
        also=("-b s^2", r"\frac{b}{1 + b^2}", r"\frac{-b}{1 + b^2}"),
    ),
    Standard(
        name="gain of a smoother",
        words=SMOOTHER,
        usual=r"smooth\w*",
        letters=r"[JGCL](?:_\w|_\{?\w\})?",
        parts=(MOVED, matrix("P", FILTERED), matrix("Q", AHEAD)),
        formulas=(r"P A^\top Q^{-1}",),
    ),
    Standard(
        name="smoothed state",
        words=SMOOTHER,
        usual=r"smooth\w*",
        letters=r"(?:hat|bar)?(?:x|mu|m|z|s)(?:_.{1,7})(?:\^.{1,3})?",
        parts=(
            vector("x", r"\hat{x}_{t|t} x_{t|t} \mu_{t|t} \hat{x}_{k|k} x_{k|k} \hat{x}_{n|n} m_t \mu_n \mu_t"),
            vector("y", r"\hat{x}_{t+1|T} x_{t+1|T} \mu_{t+1|T} \hat{x}_{k+1|N} x_{k+1|N} \hat{x}_{k+1|n} \mu_{n+1}"),
            vector("u", r"\hat{x}_{t+1|t} x_{t+1|t} \mu_{t+1|t} \hat{x}_{k+1|k} x_{k+1|k}"),
            GAIN,
            MOVED,
        ),
        formulas=("x + J (y - u)", "x + J (y - A x)"),
    ),
    Standard(
        name="smoothed covariance",
        words=SMOOTHER,
        usual=r"smooth\w*",
        letters=r"(?:hat|bar)?(?:P|Sigma|V)(?:_.{1,7})(?:\^.{1,3})?",
        parts=(matrix("P", FILTERED), matrix("S", SMOOTHED), matrix("Q", AHEAD), GAIN),
        formulas=(r"P + J (S - Q) J^\top",),
    ),
    Standard(
        name="autocorrelation of a second-order autoregression",
        words=r"\bAR\s?\(2\)|second[- ]order autoregress\w+|yule",
        letters=r"rho(?:\(1\)|_1|\(2\)|_2)",
        parts=(firm(real("a", r"\phi_1 \alpha_1")), firm(real("b", r"\phi_2 \alpha_2"))),
        formulas=(r"\frac{a}{1 - b}", r"\frac{a^2}{1 - b} + b", r"\frac{a^2 + b - b^2}{1 - b}"),
    ),
    Standard(
        name="variance of a forecast of an autoregression",
        words=rf"(?s:(?:forecast|predict|ahead).*?(?:{ONE_STEP})|(?:{ONE_STEP}).*?(?:forecast|predict|ahead))",
        letters=r"(?:Var|var|V)[(\[].{1,30}[)\]]|sigma\^2(?:_.{1,4}|\(.{1,2}\))",
        parts=(SLOPE, NOISE, natural("h", "k m l n")),
        formulas=(r"s^2 \frac{1 - a^{2 h}}{1 - a^2}",),
        also=(r"\frac{s^2}{1 - a^2}", "s^2", r"s^2 \sum_j a^{2 j}", r"(1 + a^2) s^2", r"\frac{s^2}{1 - a}"),
    ),
)

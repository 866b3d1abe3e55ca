"""Texts, time series and state-space models: n-grams, autoregressions, the Kalman filter, positions, links."""

from __future__ import annotations

from .standard import Standard, matrix, natural, positive, real, share

KALMAN = (
    r"kalman|state[- ]space|linear (?:gaussian|dynamical)|filter|process noise|predicted (?:state )?covariance"
    r"|covariance of the (?:innovation|predicted state|state estimate)"
)
KALMAN_GAIN = r"kalman(?:['’]s)? gain|kalman[\s\S]{0,300}\bgain"
AT = r"_(?P<k>\w)\|(?P=k)"
BEFORE = r"_(?P<k>\w)\|(?P=k)-1"
FILTERED = r"P_{k|k} P_{t|t} P_{n|n} \Sigma_{t|t} \Sigma_{k|k} \Sigma_{n|n} V_{t|t}"
LAST = (
    r"P_{k-1|k-1} P_{t-1|t-1} P_{n-1|n-1} \Sigma_{t-1|t-1} \Sigma_{k-1|k-1} \Sigma_{n-1|n-1} P_{k-1} \Sigma_{t-1}"
    r" \hat{P}_{k-1} V_{t-1|t-1} \hat{P}_{k-1|k-1}"
)
PREDICTED = (
    r"P_{k|k-1} P_{t|t-1} P_{n|n-1} \Sigma_{t|t-1} \Sigma_{k|k-1} \Sigma_{n|n-1} \bar{P}_k \bar{\Sigma}_t"
    r" \hat{P}_{k|k-1} V_{t|t-1} \bar{P} \bar{\Sigma}"
)
ONE = matrix("I", r"\mathbb{I} I_n")
GAIN = matrix("K", "K_k K_t K_n G L")
OBSERVED = matrix("H", "C G H_k H_t C_k C_t")
MOVED = matrix("F", r"A \Phi F_k F_t A_k A_t A_{k-1} F_{k-1}")
NOISE = matrix("R", r"R_k R_t \Sigma_v \Gamma")
DISTURBED = matrix("Q", r"Q_k Q_t Q_{k-1} \Sigma_w \Gamma W")

NOISE_OF_SERIES = positive(
    "s", r"\sigma \sigma_w \sigma_\epsilon \sigma_\varepsilon \sigma_e \sigma_z \sigma_u \sigma_a"
)
SHIFT = natural("h", r"k \tau l j")
SLOPE = share("a", r"\phi \rho \varphi \phi_1 \alpha \beta")
MOVING = share("b", r"\theta \theta_1 \psi")
AUTOREGRESSION = (
    r"AR\(1\)|first[- ]order autoregress|autoregressive (?:process|model) of (?:first order|order (?:one|1))"
    r"|autoregress\w+ (?:(?:process|model|series) )?\$(?P<of>[A-Za-z])_t ?= ?\\?\w+ ?(?P=of)_\{t-1\} ?\+ ?\\?\w+_t\$"
)
MOVING_AVERAGE = (
    r"MA\(1\)|first[- ]order moving[- ]average|moving[- ]average (?:(?:process|model) )?\$(?:X|x|y|Y|Z)_t ?= ?"
    r"(?:Z|z|\\epsilon|\\varepsilon|e|w|W|a|u)_t ?\+ ?\\?\w+ ?(?:Z|z|\\epsilon|\\varepsilon|e|w|W|a|u)_\{t-1\}\$"
    r"|moving[- ]average (?:process|model) of (?:first order|order (?:one|1))"
)

PAIRS = r"C(w_{n-1}w_n) C(w_{i-1}w_i) c(w_{i-1},w_i) c(w_{i-1}w_i) C(w_{i-1},w_i) C(w_{n-1},w_n) c(w,w')"
FIRSTS = r"C(w_{n-1}) C(w_{i-1}) c(w_{i-1}) C(w)"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="bigram probability with add-one smoothing",
        words=r"(?:add[- ]one|laplace)(?: \([^)]*\))?[- ]smooth|(?:add[- ]one|laplace)\b.{0,60}\bbigram",
        letters=r"[pPq](?:_\w+)?(?:\^.{0,9})?\(w.*\|.*\)|[pP]_?[a-zA-Z+*-]*\(w.*\|.*\)",
        parts=(
            positive("a", PAIRS),
            positive("b", FIRSTS),
            positive("V", "|V| N M"),
            positive("k", r"\alpha \delta \lambda", may_be_number=True),
        ),
        formulas=(r"\frac{a + 1}{b + V}",),
        also=(r"\frac{a + k}{b + k V}", r"\frac{a}{b}"),
    ),
    Standard(
        name="sine of the position",
        left=r"(?:PE|P|p|PosEnc)_?\(?(?:pos|[a-z]),2[a-z]\)?",
        words=r"position(?:al)? (?:encoding|embedding)",
        parts=(
            real("t", "pos p k n i"),
            share("i", "j k m"),
            natural("d", r"d_{model} d_{\text{model}} D h"),
            positive("n", may_be_number=True),
        ),
        formulas=(r"\sin(\frac{t}{10000^{2 i / d}})",),
        also=(r"\cos(\frac{t}{10000^{2 i / d}})", r"\sin(\frac{t}{n^{2 i / d}})", r"\sin(t n^{i})"),
    ),
    Standard(
        name="cosine of the position",
        left=r"(?:PE|P|p|PosEnc)_?\(?(?:pos|[a-z]),2[a-z]\+1\)?",
        words=r"position(?:al)? (?:encoding|embedding)",
        parts=(
            real("t", "pos p k n i"),
            share("i", "j k m"),
            natural("d", r"d_{model} d_{\text{model}} D h"),
            positive("n", may_be_number=True),
        ),
        formulas=(r"\cos(\frac{t}{10000^{2 i / d}})",),
        also=(r"\sin(\frac{t}{10000^{2 i / d}})", r"\cos(\frac{t}{n^{2 i / d}})", r"\cos(t n^{i})"),
    ),
    Standard(
        name="PageRank",
        left=r"PR\(.{1,5}\)|PageRank\(.{1,5}\)",
        words=r"page\s?rank",
        letters=r"(?:r|p|R|P|x|pi|v)(?:_\w|\(\w\))",
        parts=(
            share("d", r"\alpha \beta c"),
            positive("N", "n |V|"),
            share("p", "PR r R P x PageRank"),
            positive("L", "C out k N O |O| deg"),
        ),
        formulas=(r"\frac{1 - d}{N} + d \sum_j \frac{p_j}{L_j}",),
        also=(
            r"1 - d + d \sum_j \frac{p_j}{L_j}",
            r"\frac{d}{N} + (1 - d) \sum_j \frac{p_j}{L_j}",
            r"\sum_j \frac{p_j}{L_j}",
        ),
    ),
    Standard(
        name="variance of a first-order autoregression",
        words=AUTOREGRESSION,
        letters=r"(?:gamma|gamma_\w)(?:\(0\)|_0)|gamma_0|(?:Var|V|var)[(\[][XxyYz]_\w[)\]]",
        parts=(SLOPE, NOISE_OF_SERIES),
        formulas=(r"\frac{s^2}{1 - a^2}",),
        also=("s^2", "(1 + a^2) s^2"),  # of forecasts
    ),
    Standard(
        name="autocovariance of a first-order autoregression",
        words=AUTOREGRESSION,
        letters=r"gamma(?:_\w)?\([a-z]\)|gamma_[a-z]|gamma\(tau\)",
        parts=(SLOPE, NOISE_OF_SERIES, SHIFT),
        formulas=(r"\frac{s^2 a^h}{1 - a^2}", r"\frac{a^h}{1 - a^2} s^2"),
    ),
    Standard(
        name="variance of a first-order moving average",
        words=MOVING_AVERAGE,
        letters=r"(?:gamma|gamma_\w)(?:\(0\)|_0)|gamma_0|(?:Var|V|var)[(\[][XxyYz]_\w[)\]]",
        parts=(MOVING, NOISE_OF_SERIES),
        formulas=(r"(1 + b^2) s^2",),
    ),
    Standard(
        name="autocorrelation of a first-order moving average",
        words=MOVING_AVERAGE,
        letters=r"rho(?:_\w)?\(1\)|rho_1",
        parts=(MOVING,),
        formulas=(r"\frac{b}{1 + b^2}",),
        also=(r"\frac{-b}{1 + b^2}",),
    ),
    Standard(
        name="Kalman gain",
        words=KALMAN_GAIN,
        letters=r"[KGL](?:_\w)?",
        parts=(OBSERVED, NOISE, matrix("P", PREDICTED), matrix("B", FILTERED), matrix("S", "S_k S_t")),
        formulas=(r"P H^\top (H P H^\top + R)^{-1}", r"P H^\top S^{-1}"),
    ),
    Standard(
        name="covariance of the innovation",
        words=KALMAN,
        letters=r"S_\w|S",
        parts=(OBSERVED, NOISE, matrix("P", PREDICTED), matrix("B", FILTERED)),
        formulas=(r"H P H^\top + R",),
    ),
    Standard(
        name="predicted covariance of a Kalman filter",
        words=KALMAN,
        letters=rf"(?:hat|bar)?(?:P|Sigma|V){BEFORE}",
        parts=(MOVED, DISTURBED, matrix("P", LAST), matrix("B", f"{PREDICTED} {FILTERED}")),
        formulas=(r"F P F^\top + Q",),
        also=(r"F P F^\top",),
    ),
    Standard(
        name="updated covariance of a Kalman filter",
        words=KALMAN,
        letters=rf"(?:hat|bar)?(?:P|Sigma|V){AT}",
        parts=(ONE, GAIN, OBSERVED, NOISE, matrix("P", PREDICTED), matrix("B", LAST), matrix("S", "S_k S_t")),
        formulas=(
            r"(I - K H) P",
            r"P - K H P",
            r"P - K S K^\top",
            r"(I - K H) P (I - K H)^\top + K R K^\top",
            r"P - P H^\top (H P H^\top + R)^{-1} H P",
            r"P - P H^\top S^{-1} H P",
        ),
    ),
)

r"""Times until an event: hazards, survival functions, how they belong together, and what is estimated of them."""

from __future__ import annotations

from .standard import Standard, bit, count, firm, positive, real, share, vector

SURVIVAL = firm(share("S", r"S(t) S(u) S(x) S(y) S_T(t) \bar{F}(t) S(t_i) \hat{S}(t) S(t|x) S(t|z)"))
BEFORE = firm(share("F", r"F(t) F(x) F_T(t) F(y)"))
DENSITY = firm(positive("f", r"f(t) f(x) f_T(t) f(u) f(y) f(t_i)"))
HAZARD = firm(positive("h", r"h(t) \lambda(t) \alpha(t) \mu(t) h(t_i) \lambda(t_i) h(x)"))
BASELINE = firm(positive("b", r"h_0(t) \lambda_0(t) h_0 \lambda_0 \alpha_0(t)"))
TOTAL = firm(positive("H", r"H(t) \Lambda(t) H(x) \Lambda(x) H(t_i) \Lambda(t_i) H(t|x)"))
TOTAL_BASELINE = firm(positive("B", r"H_0(t) \Lambda_0(t)"))
EVENTS = positive("d", "d_i d_j d_k")
AT_RISK = positive("n", "n_i n_j r_i r_j Y_i n_k")
TIME = positive("t", "x y t_i u")
COEFFICIENTS = vector("w", r"\beta \theta \gamma b")
COVARIATES = vector("x", r"z x_i Z X X_i Z_i z_i")
OF_TIME = r"(?:_.{1,3})?(?:\(.{1,12}\))"
WORDS = r"surviv|hazard|lifetime|failure time|time to (?:failure|event|death)|time-to-event"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="cumulative hazard",
        words=r"cumulative hazard|integrated hazard",
        letters=rf"(?:hat)?(?:H|Lambda){OF_TIME}",
        parts=(SURVIVAL, BEFORE, BASELINE, TOTAL_BASELINE, COEFFICIENTS, COVARIATES, HAZARD, EVENTS, AT_RISK),
        formulas=(r"-\log S", r"-\log(1 - F)"),
        also=(r"\log \frac{1}{S}", r"B \exp(w^\top x)", r"\sum_i \frac{d_i}{n_i}", r"\int h(t) \, dt", r"-\log F"),
    ),
    Standard(
        name="survival function",
        words=r"survival (?:function|probabilit\w+|curve)|survivor function|reliability function",
        letters=rf"(?:S|R|barF){OF_TIME}",
        parts=(TOTAL, BEFORE, TOTAL_BASELINE, COEFFICIENTS, COVARIATES, EVENTS, AT_RISK, HAZARD),
        formulas=(r"\exp(-H)", r"1 - F"),
        also=(
            r"\exp(-B \exp(w^\top x))",
            r"\exp(-B)^{\exp(w^\top x)}",
            r"\prod_i (1 - \frac{d_i}{n_i})",
            r"\exp(-\int h(t) \, dt)",
            r"F",
        ),
    ),
    Standard(
        name="hazard rate",
        words=r"hazard(?: (?:rate|function))?",
        letters=rf"(?:h|lambda|alpha|r|mu|z){OF_TIME}",
        parts=(SURVIVAL, BEFORE, DENSITY, BASELINE, COEFFICIENTS, COVARIATES, real("D", "S'(t)")),
        formulas=(r"\frac{f}{S}", r"\frac{f}{1 - F}", r"b \exp(w^\top x)"),
        also=(
            r"-\frac{D}{S}",
            r"\frac{D}{S}",
            r"\frac{f}{F}",
            r"b \exp(-w^\top x)",
            r"b (1 + w^\top x)",
            r"b + w^\top x",
            r"\exp(w^\top x)",
        ),
    ),
    Standard(
        name="density by hazard and survival",
        words=r"hazard",
        letters=rf"f{OF_TIME}",
        parts=(SURVIVAL, HAZARD, TOTAL),
        formulas=(r"h S", r"h \exp(-H)"),
        also=(r"h \exp(-\int h(t) \, dt)",),
    ),
    Standard(
        name="hazard of the Weibull distribution",
        words=r"weibull[\s\S]{0,300}hazard(?: rate| function)?|hazard[\s\S]{0,300}weibull",
        letters=rf"(?:h|lambda|alpha|r|mu){OF_TIME}",
        parts=(
            positive("k", r"\alpha \gamma a p \rho \kappa"),
            positive("s", r"\lambda \beta \sigma b \eta \theta"),
            TIME,
        ),
        formulas=(r"\frac{k}{s} (\frac{t}{s})^{k - 1}",),
        also=(
            r"k s t^{k - 1}",
            r"k s (s t)^{k - 1}",
            r"k s^k t^{k - 1}",
            r"\frac{k}{s} t^{k - 1}",
            r"k t^{k - 1}",
        ),
    ),
    Standard(
        name="survival function of the Weibull distribution",
        words=rf"weibull[\s\S]{{0,300}}(?:{WORDS})|(?:{WORDS})[\s\S]{{0,300}}weibull",
        letters=rf"(?:S|R|barF){OF_TIME}",
        parts=(
            positive("k", r"\alpha \gamma a p \rho \kappa"),
            positive("s", r"\lambda \beta \sigma b \eta \theta"),
            TIME,
        ),
        formulas=(r"\exp(-(\frac{t}{s})^k)",),
        also=(
            r"\exp(-s t^k)",
            r"\exp(-(s t)^k)",
            r"1 - \exp(-(\frac{t}{s})^k)",
            r"\exp(-\frac{t^k}{s})",
            r"\exp(-t^k)",
        ),
    ),
    Standard(
        name="log-likelihood of censored times",
        words=r"censor\w+",
        usual=r"(?:log[- ]?)?likelihood|maximi[sz]\w+",
        letters=r"(?:log|ln)(?:L|mathcal\{?L\}?)(?:\(.*\))?|(?:ell|LL|l|L)(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            bit("D", r"\delta d \delta_i d_i \Delta_i c_i \delta_n"),
            firm(share("S", r"S(t_i) S(y_i) S(x_i)")),
            firm(positive("f", r"f(t_i) f(y_i) f(x_i)")),
            firm(positive("h", r"h(t_i) \lambda(t_i) h(y_i) h(x_i)")),
            firm(positive("H", r"H(t_i) \Lambda(t_i) H(y_i)")),
            positive("r", r"\lambda \theta"),
            positive("t", "y t_i y_i x_i"),
            count("n", "N"),
        ),
        formulas=(
            r"\sum_{i=1}^n (D_i \log f_i + (1 - D_i) \log S_i)",
            r"\sum_{i=1}^n (D_i \log h_i + \log S_i)",
            r"\sum_{i=1}^n (D_i \log h_i - H_i)",
            r"\sum_{i=1}^n (D_i \log r - r t_i)",
        ),
        also=(r"\sum_{i=1}^n (D_i \log S_i + (1 - D_i) \log f_i)", r"\sum_{i=1}^n ((1 - D_i) \log h_i - H_i)"),
    ),
    Standard(
        name="estimate of a rate from censored times",
        words=r"censor\w+",
        usual=r"maximi[sz]\w*|log[- ]?likelihood|likelihood",
        letters=r"hat(?:lambda|theta|mu)(?:_.{1,4})?",
        parts=(
            bit("D", r"\delta d \delta_i d_i"),
            positive("t", "y t_i y_i x_i"),
            positive("d", "r m k"),
            count("n", "N"),
        ),
        formulas=(r"\frac{\sum_{i=1}^n D_i}{\sum_{i=1}^n t_i}", r"\frac{d}{\sum_{i=1}^n t_i}"),
        also=(r"\frac{\sum_{i=1}^n t_i}{\sum_{i=1}^n D_i}", r"\frac{n}{\sum_{i=1}^n t_i}"),
    ),
)

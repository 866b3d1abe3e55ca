r"""Figures of forecasts, fits, images and graphs, and the energies and samples of networks of chance units."""

from __future__ import annotations

from .losses import N
from .standard import Standard, count, firm, positive, real, share

SEEN = real("y", "A A_t y_t Y_t y_i")
FORECAST = real("f", r"F F_t \hat{y} \hat{y}_t \hat{y}_i")
POSITIVE = positive("y", "y_i t Y")
MEAN = positive("m", r"\mu \hat{y} \mu_i \hat{\mu} \hat{y}_i \hat{\mu}_i")
WEIGHT = firm(real("w", "w_{ij} W_{ij} J_{ij} T_{ij} w J"))
STATE = firm(real("s", r"s_i s_j x_i x_j V_i V_j S_i S_j \sigma_i \sigma_j"))
OF_SQUARES = (firm(positive("T", r"TSS SST SS_T SS_{tot}")), firm(positive("R", r"RSS SSE SS_E SS_{res}")))


def _deviances(term: str) -> tuple[str, ...]:
    """The unit deviance of a point, and its sum and its mean over points."""
    of_point = term.replace("_i", "")
    return (
        f"2 ({of_point})",
        rf"2 \sum_{{i=1}}^n ({term})",
        rf"\frac{{2}}{{n}} \sum_{{i=1}}^n ({term})",
        rf"\frac{{1}}{{n}} \sum_{{i=1}}^n 2 ({term})",
    )


ROWS: tuple[Standard, ...] = (
    Standard(
        name="symmetric mean absolute percentage error",
        left=r"[sS]MAPE(?:\(.*\))?",
        parts=(SEEN, FORECAST, N),
        formulas=tuple(
            rf"\frac{{{scale}}}{{n}} \sum_{{i=1}}^n \frac{{|f_i - y_i|}}{{{below}}}"
            for scale in ("1", "2", "100", "200")
            for below in ("|y_i| + |f_i|", "(|y_i| + |f_i|) / 2")
        ),
        also=(
            r"\frac{1}{n} \sum_{i=1}^n \frac{|f_i - y_i|}{y_i + f_i}",
            r"\frac{2}{n} \sum_{i=1}^n \frac{|f_i - y_i|}{y_i + f_i}",
            r"\frac{100}{n} \sum_{i=1}^n \frac{|f_i - y_i|}{y_i + f_i}",
            r"\frac{200}{n} \sum_{i=1}^n \frac{|f_i - y_i|}{y_i + f_i}",
            r"\frac{\sum_{i=1}^n |f_i - y_i|}{\sum_{i=1}^n (y_i + f_i)}",
        ),
    ),
    Standard(
        name="Akaike information criterion for small samples",
        left="AIC_?[cC]",
        usual=r"maximi[sz]\w+|(?:log[- ]?)?likelihood|modif\w+|version|variant",
        parts=(
            firm(real("A", "AIC")),
            positive("k", "p d q K"),
            count("n", "N"),
            positive("L", r"\hat{L}"),
            real("l", r"\ell \log\hat{L} LL \hat{\ell} lnL"),
        ),
        formulas=(
            r"A + \frac{2 k (k + 1)}{n - k - 1}",
            r"2 k - 2 l + \frac{2 k (k + 1)}{n - k - 1}",
            r"2 k - 2 \log L + \frac{2 k (k + 1)}{n - k - 1}",
        ),
        also=(
            r"A + \frac{2 (k + 1) (k + 2)}{n - k - 2}",  # k without the variance
            r"A + \frac{2 (k + 2) (k + 3)}{n - k - 3}",
            r"A + \frac{2 k (k + 1)}{n - k}",
            r"2 k + 2 l + \frac{2 k (k + 1)}{n - k - 1}",
        ),
    ),
    Standard(
        name="deviance of waiting times",
        words=r"deviance[^.$]*gamma|gamma[^.$]*deviance",
        letters=r"(?:D|d)(?:\(.*\))?",
        parts=(POSITIVE, MEAN, N),
        formulas=_deviances(r"\log \frac{m_i}{y_i} + \frac{y_i}{m_i} - 1"),
        also=(
            r"\log \frac{m}{y} + \frac{y}{m} - 1",
            r"\sum_{i=1}^n (\log \frac{m_i}{y_i} + \frac{y_i}{m_i} - 1)",
            r"2 \log \frac{m}{y}",
            r"2 \sum_{i=1}^n \log \frac{m_i}{y_i}",
        ),
    ),
    Standard(
        name="F statistic by sums of squares",
        words=r"\bF-?[- ](?:statistic|test|value|ratio)|\$F\$[- ](?:statistic|test|value|ratio)|overall significance"
        r"|all (?:the |of the )?(?:[^\s]+ )?(?:slopes|coefficients)[^.]{0,20}\bzero",
        letters=r"F(?:_.{1,9})?",
        parts=(*OF_SQUARES, positive("n", "N m T"), positive("p", "k d K q")),
        formulas=(r"\frac{(T - R) / p}{R / (n - p - 1)}",),
        also=(
            r"\frac{(T - R) / (p - 1)}{R / (n - p)}",
            r"\frac{(T - R) / p}{R / (n - p)}",
            r"\frac{T - R}{R / (n - 2)}",
        ),
    ),
    Standard(
        name="peak signal-to-noise ratio",
        left=r"PSNR(?:\(.*\))?",
        parts=(
            firm(positive("M", r"MAX_I MAX L R MAX_x I_{max} x_{max} MAX_f", may_be_number=True)),
            firm(positive("e", r"MSE mse MSE(x,y) MSE(I,K)")),
        ),
        formulas=(
            r"10 \log_{10} \frac{M^2}{e}",
            r"20 \log_{10} \frac{M}{\sqrt{e}}",
            r"20 \log_{10} M - 10 \log_{10} e",
        ),
        also=(r"-10 \log_{10} e", r"10 \log \frac{M^2}{e}", r"20 \log \frac{M}{\sqrt{e}}", r"10 \log_{10} \frac{M}{e}"),
    ),
    Standard(
        name="clustering coefficient of a node",
        words=r"clustering coefficient",
        letters=r"(?:C|c|CC|cc)(?:_.{1,3})?(?:\(.\))?",
        parts=(positive("e", "e_i E_i L_i n_i T_i e_v E_v L_v T_v L T E t_i"), positive("k", "k_i d_i k_v d_v d")),
        formulas=(r"\frac{2 e}{k (k - 1)}",),
        also=(r"\frac{e}{k (k - 1)}", r"\frac{e}{2 k (k - 1)}", r"\frac{e}{k (k + 1)}", r"\frac{e}{k^2}"),
    ),
    Standard(
        name="sample of a Gumbel-softmax",
        words=r"gumbel[- –]?softmax|concrete distribution|concrete random",
        usual=r"approximat\w*|smooth\w*",
        letters=r"(?:tilde)?[yzxw](?:_.{1,2})?",
        parts=(
            share("p", r"\pi_i \pi_k \pi_j \pi p_i p_j \alpha_i \alpha_k \alpha \theta_i"),
            real("g", r"g_i g_j g_k G_i G_k G \epsilon_i"),
            positive("t", r"\tau \lambda T"),
        ),
        formulas=(r"\frac{\exp((\log p_i + g_i) / t)}{\sum_j \exp((\log p_j + g_j) / t)}",),
        also=(
            r"\frac{\exp((p_i + g_i) / t)}{\sum_j \exp((p_j + g_j) / t)}",
            r"\frac{\exp(\log p_i + g_i)}{\sum_j \exp(\log p_j + g_j)}",
            r"\frac{\exp(\log p_i / t)}{\sum_j \exp(\log p_j / t)}",
        ),
    ),
    Standard(
        name="energy of a Hopfield network",
        words="hopfield",
        letters=r"(?:E|H)(?:\(.{1,12}\))?",
        parts=(
            WEIGHT,
            STATE,
            firm(real(r"\theta", r"\theta_i \theta_j U_i")),
            firm(real("b", r"b_i b_j I_i I_j")),
        ),
        formulas=(
            r"-\frac{1}{2} \sum_i \sum_j w_{ij} s_i s_j + \sum_i \theta_i s_i",
            r"-\frac{1}{2} \sum_i \sum_j w_{ij} s_i s_j - \sum_i b_i s_i",
            r"-\frac{1}{2} \sum_i \sum_j w_{ij} s_i s_j",
        ),
        also=(
            r"-\frac{1}{2} \sum_i \sum_j w_{ij} s_i s_j - \sum_i \theta_i s_i",
            r"-\frac{1}{2} \sum_i \sum_j w_{ij} s_i s_j + \sum_i b_i s_i",
            r"-\sum_i \sum_j w_{ij} s_i s_j",
            r"-\sum_i \sum_j w_{ij} s_i s_j - \sum_i b_i s_i",
            r"-\sum_i \sum_j w_{ij} s_i s_j + \sum_i \theta_i s_i",
        ),
    ),
    Standard(
        name="importance ratio of a trajectory",
        words=r"importance[- ]sampling|off-policy|behaviou?r policy",
        usual=r"ratio\w*",
        letters=r"(?:rho|w|W)(?:_.{1,6})?(?:\^.{1,4})?",
        parts=(
            firm(share("p", r"\pi(A_k|S_k) \pi(a_k|s_k) \pi(A_i|S_i) \pi(a_t|s_t) \pi(A_t|S_t) \pi_\theta(a_t|s_t)")),
            firm(share("q", r"b(A_k|S_k) b(a_k|s_k) b(A_i|S_i) b(a_t|s_t) b(A_t|S_t) \mu(A_k|S_k) \mu(a_t|s_t)")),
        ),
        formulas=(r"\prod_k \frac{p_k}{q_k}", r"\frac{p}{q}"),
    ),
)

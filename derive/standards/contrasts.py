r"""Losses that compare: of pairs, of one key among many, of masks, with smoothed labels; areas under curves."""

from __future__ import annotations

from .standard import Standard, bit, count, natural, positive, real, share, vector

LOSS = r"(?:L|l|ell|J|mathcalL)(?:_.{1,12})?(?:\(.*\))?"
DISTANCE = positive("D", r"d D_W d_i D_w D(x_1,x_2) d(x_i,x_j)")
FIRST = share("p", r"p_i \hat{y} \hat{y}_i P s x y_i")
SECOND = share("g", r"g_i y y_i t t_i G q \hat{y}_i")
_HINGE = r"\max(0, m - D)^2"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="contrastive loss of a pair",
        words=r"contrastive loss|siamese",
        usual=r"similar\w*",
        letters=LOSS,
        parts=(bit("y", "Y Y_i y_i y_{ij}"), DISTANCE, positive("m", r"\alpha margin \epsilon", may_be_number=True)),
        formulas=(
            rf"y D^2 + (1 - y) {_HINGE}",
            rf"(1 - y) D^2 + y {_HINGE}",
            rf"\frac{{1}}{{2}} y D^2 + \frac{{1}}{{2}} (1 - y) {_HINGE}",
            rf"\frac{{1}}{{2}} (1 - y) D^2 + \frac{{1}}{{2}} y {_HINGE}",
        ),
        also=(
            r"y D + (1 - y) \max(0, m - D)",
            r"(1 - y) D + y \max(0, m - D)",
            r"y D^2 + (1 - y) \max(0, m - D^2)",
            r"(1 - y) D^2 + y \max(0, m - D^2)",
        ),
    ),
    Standard(
        name="InfoNCE loss",
        left=r"(?:L|ell|l|mathcalL)_?(?:InfoNCE|NCE)",
        words=r"info-?nce|nt-?xent|contrastive",
        letters=LOSS,
        parts=(
            vector("q", r"z_i z x h_i f(x)"),
            vector("u", r"k_+ k^+ k_{+} z_j z^+ x^+ h_j f(x^+)"),
            vector("k", r"k_i k_j z_k z_j x_j"),
            positive("t", r"\tau T"),
            real("s", r"\mathrm{sim}(z_i,z_j) sim(z_i,z_j) s_{ij} s_{i,j} s_+ s_p"),
            real("r", r"\mathrm{sim}(z_i,z_k) sim(z_i,z_k) s_{ik} s_{i,k} s_j"),
            natural("i"),
        ),
        formulas=(
            r"-\log \frac{\exp(q \cdot u / t)}{\sum_i \exp(q \cdot k_i / t)}",
            r"-\log \frac{\exp(s / t)}{\sum_k \exp(r_k / t)}",
            r"-\log \frac{\exp(s / t)}{\sum_{k \ne i} \exp(r_k / t)}",
            r"-\log \frac{\exp(s)}{\sum_k \exp(r_k)}",
            r"-\log \frac{\exp(q \cdot u)}{\sum_i \exp(q \cdot k_i)}",
            r"-\log \frac{\exp(q \cdot u / t)}{\exp(q \cdot u / t) + \sum_i \exp(q \cdot k_i / t)}",
        ),
        also=(r"-\log \frac{\exp(s / t)}{\exp(s / t) + \sum_k \exp(r_k / t)}",),
    ),
    Standard(
        name="smoothed label",
        words=r"label[- ]smoothing|smoothed labels?",
        usual=r"label[- ]smoothing|smooth\w*|instead|modif\w*",
        letters=r"(?:tilde|hat)?[yqtp](?:_.{1,4})?(?:\^.{1,8})?(?:\(.*\))?|[yq]'.*",
        parts=(
            share("y", r"y_k q q_k t t_k y_i \delta_{k,y} \delta_{ky} q(k) y_{hot}"),
            share("a", r"\alpha \epsilon \varepsilon \lambda"),
            natural("K", "C k N M L"),
            share("u", "u(k)"),
        ),
        formulas=(r"(1 - a) y + \frac{a}{K}", r"(1 - a) y + a u"),
        also=(r"1 - a", r"\frac{a}{K - 1}", r"\frac{a}{K}", r"1 - a + \frac{a}{K}", r"(1 - a) y + \frac{a}{K - 1}"),
    ),
    Standard(
        name="Dice loss",
        left=r"(?:L|ell|mathcalL)_?(?:[Dd]ice|DSC)(?:\(.*\))?|[Dd]ice[Ll]oss|DiceLoss|DL",
        words=r"dice loss",
        letters=LOSS,
        parts=(FIRST, SECOND, positive("e", r"\epsilon s \varepsilon", may_be_number=True)),
        formulas=(
            r"1 - \frac{2 \sum_i p_i g_i}{\sum_i p_i + \sum_i g_i}",
            r"1 - \frac{2 \sum_i p_i g_i}{\sum_i p_i^2 + \sum_i g_i^2}",
            r"1 - \frac{2 \sum_i p_i g_i + e}{\sum_i p_i + \sum_i g_i + e}",
            r"1 - \frac{2 \sum_i p_i g_i + e}{\sum_i p_i^2 + \sum_i g_i^2 + e}",
        ),
        also=(
            r"1 - \frac{2 p g}{p + g}",
            r"1 - \frac{2 p g + 1}{p + g + 1}",
            r"-\frac{2 \sum_i p_i g_i}{\sum_i p_i + \sum_i g_i}",
            r"1 - \frac{2 \sum_i p_i g_i}{\sum_i p_i + \sum_i g_i + e}",
            r"1 - \frac{2 \sum_i p_i g_i}{\sum_i p_i^2 + \sum_i g_i^2 + e}",
            r"1 - \frac{\sum_i p_i g_i + e}{\sum_i p_i + \sum_i g_i + e}",
        ),
    ),
    Standard(
        name="area under the curve by pairs",
        left=r"(?:hat)?AUC",
        words=r"\bAUC\b|area under the (?:ROC )?curve",
        letters=r"(?:hat)?AUC.*|A|U",
        parts=(
            real("s", r"f s_i f(x_i) x x_i"),
            real("r", r"s_j f(z_j) y y_j z"),
            count("m", "P n_1 n_p M m_1 N_1"),
            count("n", "N n_0 n_n m_0 N_0"),
        ),
        formulas=(
            r"\frac{1}{m n} \sum_{i=1}^m \sum_{j=1}^n 1(s_i > r_j)",
            r"\frac{1}{m n} \sum_{i=1}^m \sum_{j=1}^n 1(s_i > s_j)",
        ),
        also=(r"\frac{1}{m} \sum_{i=1}^m 1(s_i > r_i)",),
    ),
    Standard(
        name="squared error by bias and variance",
        left=r"E(?:_.{1,4})?[\[(]\(y-hatf\(x\)\)\^2[\])]|MSE(?:\(.*\))?|Err\(x.{0,3}\)",
        words=r"\bbias\b(?s:.)*variance",
        letters=r"MSE(?:\(.*\))?|Err\(x.{0,3}\)",
        parts=(
            real("b", r"Bias Bias[\hat{f}(x)] \mathrm{Bias}"),
            positive("v", r"Var Var[\hat{f}(x)] \mathrm{Var}"),
            positive("s", r"\sigma \sigma_\epsilon \sigma_\varepsilon"),
        ),
        formulas=(r"b^2 + v + s^2", r"b^2 + v"),
    ),
)

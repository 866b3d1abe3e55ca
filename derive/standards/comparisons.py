r"""Errors of logarithms, indices of clusterings, matrices of distances, frequencies of encodings, smoothed targets."""

from __future__ import annotations

from .networks import CENTRE, OUTSIDE
from .standard import Standard, count, matrix, positive, real, share, vector

FORECAST = positive("p", r"p_i \hat{y} \hat{y}_i f F F_t \hat{y}^{(i)} \hat{y}_t")
ACTUAL = positive("a", r"a_i y y_i t A A_t y^{(i)} y_t")
CASES = count("n", "N m T")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="root mean squared logarithmic error",
        settled=True,
        left=r"RMSLE(?:\(.*\))?",
        words=r"root[- ]mean[- ]squared? log(?:arithmic)?[- ]error|\bRMSLE",
        parts=(FORECAST, ACTUAL, CASES),
        formulas=(
            r"\sqrt{\frac{1}{n} \sum_{i=1}^n (\log(p_i + 1) - \log(a_i + 1))^2}",
            r"\sqrt{\frac{1}{n} \sum_i (\log(p_i + 1) - \log(a_i + 1))^2}",
        ),
        also=(
            r"\sqrt{\frac{1}{n} \sum_{i=1}^n (\log p_i - \log a_i)^2}",
            r"\sqrt{\frac{1}{n} \sum_i (\log p_i - \log a_i)^2}",
        ),
    ),
    Standard(
        name="mean squared logarithmic error",
        settled=True,
        left=r"MSLE(?:\(.*\))?",
        words=r"(?<!root )(?<!root-)mean[- ]squared? log(?:arithmic)?[- ]error|\bMSLE",
        letters=r"L(?:_.{1,5})?(?:\(.*\))?|MSLE",
        parts=(FORECAST, ACTUAL, CASES),
        formulas=(
            r"\frac{1}{n} \sum_{i=1}^n (\log(p_i + 1) - \log(a_i + 1))^2",
            r"\frac{1}{n} \sum_i (\log(p_i + 1) - \log(a_i + 1))^2",
            r"(\log(p + 1) - \log(a + 1))^2",
        ),
        also=(r"\frac{1}{n} \sum_{i=1}^n (\log p_i - \log a_i)^2", r"(\log p - \log a)^2"),
    ),
    Standard(
        name="Davies-Bouldin index",
        words=r"davies",
        letters=r"DB(?:I|_.{1,3})?|[VR](?:_.{1,3})?",
        parts=(
            positive("s", r"S \sigma \Delta \delta"),
            positive("d", r"M D d_{ij} M_{ij}"),
            count("k", "K N n c C"),
        ),
        formulas=(r"\frac{1}{k} \sum_{i=1}^k \max_{j \ne i} \frac{s_i + s_j}{d_{ij}}",),
    ),
    Standard(
        name="doubly centred matrix of distances",
        words=r"multi-?dimensional scaling|\bMDS\b|double[- ]cent\w+|doubly cent\w+",
        usual=r"squared (?:euclidean )?distances?",
        letters=r"[BKGT](?:_.{1,4})?",
        parts=(
            matrix("J", r"H C \mathbf{J} \mathbf{H}"),
            matrix("D", r"D^{(2)} \mathbf{D} \mathbf{D}^{(2)} S P \Delta"),
        ),
        formulas=(r"-\frac{1}{2} J D J", r"-\frac{1}{2} J D^2 J"),
        also=("J D J", r"-\frac{1}{2} J D J^\top", "J D^2 J"),
    ),
    Standard(
        name="frequency of a positional encoding",
        words=r"rotary|\brope\b|sinusoid\w*|positional enc\w+",
        letters=r"(?:theta|omega|Theta)_\w",
        parts=(positive("i", "j k t m"), positive("d", r"D d_{model} d_{head} d_k d_h")),
        formulas=(r"10000^{-2 (i - 1) / d}", r"10000^{-2 i / d}"),
        also=(
            r"10000^{-i / d}",
            r"10000^{-(i - 1) / d}",
            r"10000^{-2 \lfloor i / 2 \rfloor / d}",
            r"10000^{-i / (d / 2 - 1)}",
            r"10000^{-2 i / (d - 2)}",
            r"10000^{2 i / d}",  # of a text that divides by it
            r"10000^{2 (i - 1) / d}",
        ),
        told=(
            (
                r"\A(?![\s\S]*(?:wavelength|divi[ds]|denominator))[\s\S]*(?:rotary|\brope\b)",
                (r"10000^{2 i / d}", r"10000^{2 (i - 1) / d}"),
            ),
        ),
    ),
    Standard(
        name="weight of weight normalisation",
        words=r"weight[- ]normali[sz]ation|\bweightnorm",
        usual=r"reparametri\w+|normali[sz]\w+",
        letters=r"w(?:_.{1,3})?",
        parts=(real("g", "s g_k"), vector("v", r"\mathbf{v} v_k V u")),
        formulas=(r"\frac{g}{\|v\|} v",),
        also=(r"\frac{v}{\|v\|}", r"\frac{e^g}{\|v\|} v"),
    ),
    Standard(
        name="smoothed target",
        words=r"label[- ]smoothing|smooth(?:ed|s)? (?:the )?(?:label|target)s?",
        usual=r"label smoothing|smooth\w*",
        letters=r"(?:tilde|hat|bar)?[yqtp](?:_.{1,3})?(?:\^.{2,8}|'|\^\{?prime\}?)?(?:\(.*\))?",
        parts=(
            real("y", r"y_k y_i t q \mathbf{y}"),
            share("e", r"\epsilon \alpha \varepsilon \delta"),
            positive("K", "C |C| V |V| k N"),
        ),
        formulas=(r"(1 - e) y + \frac{e}{K}",),
        also=(
            r"(1 - e) y + \frac{e}{K - 1} (1 - y)",
            r"(1 - e) y + \frac{e}{2}",
            r"(1 - e) y",
            r"y (1 - e) + (1 - y) e",
        ),
    ),
    Standard(
        name="objective of negative sampling",
        words=r"maximi[sz]\w*[\s\S]{0,120}negative[- ]sampl|negative[- ]sampl\w*[\s\S]{0,120}maximi[sz]",
        usual=r"maximi[sz]\w*",
        letters=r"(?:J|L|ell|mathcalL|O)(?:_.{1,9})?(?:\(.*\))?",
        parts=(
            CENTRE,
            OUTSIDE,
            count("K", "k N"),
            vector("r", r"u_{w_k} u_{n_k} u_{j} v'_{w_i}"),
        ),
        formulas=(
            r"\log \mathrm{sigmoid}(u_o^\top v) + \sum_{k=1}^K \log \mathrm{sigmoid}(-u_k^\top v)",
            r"\log \mathrm{sigmoid}(u_o^\top v) + \sum_{k=1}^K \log(1 - \mathrm{sigmoid}(u_k^\top v))",
        ),
        also=(
            r"-\log \mathrm{sigmoid}(u_o^\top v) - \sum_{k=1}^K \log \mathrm{sigmoid}(-u_k^\top v)",
            r"-\log \mathrm{sigmoid}(u_o^\top v) - \sum_{k=1}^K \log(1 - \mathrm{sigmoid}(u_k^\top v))",
        ),
    ),
)

r"""Words, links and signals: ranking by BM25, communities of a graph, Fourier transforms, clusters compared."""

from __future__ import annotations

from .standard import Standard, firm, positive, real

OFTEN = firm(positive(r"\nu", r"f f_D f_d f(q_i,D) f(q,d) tf f_{t,d} tf_{t,d} f_{td} tf_i tf_{td} f(t,d) tf(t,d) TF"))
LONG = firm(positive("D", r"|D| |d| L_d dl l_d len(d) L"))
MEAN_LENGTH = firm(positive("m", r"avgdl \text{avgdl} avdl L_{ave} L_{avg} \bar{l} \bar{L} L_{ave}"))
RARE = firm(real("I", r"IDF(q_i) \text{IDF}(q_i) IDF idf idf_t IDF_i idf(t) IDF(q) idf(q) IDF(t)"))
LINKED = firm(real("A", "A_{ij} A a w"))
DEGREE = firm(positive("k", "k_i d_i k d deg"))
EDGES = firm(positive("m", "M"))
SAME = firm(real("d", r"\delta(c_i,c_j) \delta \delta(C_i,C_j) \delta(g_i,g_j) \delta(s_i,s_j)"))

ROWS: tuple[Standard, ...] = (
    Standard(
        name="weight of a term in BM25",
        words=r"\bBM ?25\b|okapi",
        letters=r"(?:score|BM25|w|s|S|RSV)(?:_.{1,4})?(?:\(.*\))?",
        parts=(
            OFTEN,
            LONG,
            MEAN_LENGTH,
            RARE,
            positive(r"\eta", "k_1 k", may_be_number=True),
            positive("b", may_be_number=True),
        ),
        formulas=(
            r"\sum_i I_i \frac{\nu_i (\eta + 1)}{\nu_i + \eta (1 - b + b \frac{D}{m})}",
            r"I \frac{\nu (\eta + 1)}{\nu + \eta (1 - b + b \frac{D}{m})}",
            r"\frac{\nu (\eta + 1)}{\nu + \eta (1 - b + b \frac{D}{m})}",
            r"\sum_i I_i \frac{\nu_i}{\nu_i + \eta (1 - b + b \frac{D}{m})}",
            r"I \frac{\nu}{\nu + \eta (1 - b + b \frac{D}{m})}",
        ),
        also=(r"I \frac{\nu (\eta + 1)}{\nu + \eta}", r"I \frac{\nu}{\nu + \eta}"),
    ),
    Standard(
        name="weight of a term by its frequency and rarity",
        left=r"tf-?idf(?:_.{1,5})?(?:\(.*\))?|TF-?IDF(?:\(.*\))?",
        words=r"tf[-– ]?idf",
        letters=r"(?:w|W)(?:_.{1,5})?(?:\(.*\))?",
        parts=(
            OFTEN,
            firm(positive("N", r"N |D| n D")),
            firm(positive("n", r"df_t \text{df}_t \mathrm{df}_t df(t) n_t df \text{df}(t) df_i N_t")),
            RARE,
        ),
        formulas=(
            r"\nu \log \frac{N}{n}",
            r"\nu I",
            r"(1 + \log \nu) \log \frac{N}{n}",
            r"\log(1 + \nu) \log \frac{N}{n}",
        ),
        also=(
            r"\nu (\log \frac{1 + N}{1 + n} + 1)",
            r"\nu \log \frac{1 + N}{1 + n}",
            r"\nu \log \frac{N}{1 + n}",
            r"\nu (\log \frac{N}{n} + 1)",
            r"\nu \log(1 + \frac{N}{n})",
        ),
    ),
    Standard(
        name="modularity",
        words=r"modularity",
        letters=r"Q(?:_.)?",
        parts=(LINKED, DEGREE, EDGES, SAME),
        formulas=(r"\frac{1}{2 m} \sum_i \sum_j (A_{ij} - \frac{k_i k_j}{2 m}) d_{ij}",),
    ),
)

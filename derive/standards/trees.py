r"""Trees and boosting beside those in `ensembles`: impurities, pruning, stages, normalisers."""

from __future__ import annotations

from .standard import Standard, firm, natural, positive, real, share

CHILDREN = (
    positive("I", r"H i I_p G I_{parent} H(S)"),
    positive("L", r"I_L H_L i_L G_L I_{left} H(S_L) I_l"),
    positive("R", r"I_R H_R i_R G_R I_{right} H(S_R) I_r"),
)
SHARE = share("p", r"\hat{p} p_{mk} \hat{p}_{mk} p_k p_i \pi f")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="entropy of a node",
        words=r"entropy(?s:.){0,80}\b(?:tree|node|leaf|region|split)|\b(?:tree|node|leaf|region|split)(?s:.){0,80}entropy",
        letters=r"(?:D|H|E|I|Q|S|Entropy|Ent)(?:_.{1,4})?(?:\(.{1,4}\))?",
        parts=(SHARE,),
        formulas=(r"-\sum_k p_k \log p_k", r"-\sum_k p_k \log_2 p_k"),
        also=(
            r"\sum_k p_k \log \frac{1}{p_k}",
            r"\sum_k p_k \log_2 \frac{1}{p_k}",
            r"1 - \sum_k p_k^2",
            r"\sum_k p_k (1 - p_k)",
            r"-p \log p - (1 - p) \log (1 - p)",
            r"-p \log_2 p - (1 - p) \log_2 (1 - p)",
        ),
    ),
    Standard(
        name="cost-complexity criterion",
        words=r"cost[- ]complexity|prun(?:ing|ed)|weakest[- ]link",
        usual=r"penali[sz]\w*|regulari[sz]\w*",
        letters=r"[CR]_.{1,6}\(T\)",
        parts=(
            positive("R", "R(T) C(T) C"),
            natural("N", r"N_m N_t N_\tau n_m"),
            positive("Q", r"Q_m(T) Q_m Q_\tau(T) Q_t"),
            positive("a", r"\alpha \lambda"),
            natural("T", r"T f(T) leaves(T) \tilde{T} L"),
        ),
        formulas=(r"R + a |T|", r"R + a T", r"\sum_m N_m Q_m + a |T|", r"\sum_m Q_m + a |T|"),
        also=(r"\sum_m N_m Q_m", r"\sum_m Q_m"),
    ),
    Standard(
        name="decrease of impurity by a split",
        words=r"impurity|information gain|split",
        letters=r"(?:Delta.{0,6}|IG|G|Gain|gain|Q)(?:_.{1,4})?(?:\(.*\))?",
        parts=(
            *CHILDREN,
            positive("N", r"n N_p N_t |S| |D| m S D"),
            positive("l", r"N_L n_L N_{left} n_{left} N_l |S_L| m_L S_L"),
            positive("r", r"N_R n_R N_{right} n_{right} N_r |S_R| m_R S_R"),
            share("p", r"p_L P_L w_L q p_l"),
            share("q", r"p_R P_R w_R p_r"),
        ),
        formulas=(r"I - \frac{l}{N} L - \frac{r}{N} R", r"I - p L - q R", r"I - (\frac{l}{N} L + \frac{r}{N} R)"),
        also=(
            r"\frac{l}{N} L + \frac{r}{N} R",
            r"I - L - R",
            r"N I - l L - r R",
            r"l L + r R",
            r"I - p L - (1 - p) R",
        ),
    ),
    Standard(
        name="normaliser of AdaBoost",
        words=r"adaboost",
        letters=r"Z(?:_.{1,2})?",
        parts=(
            firm(share("e", r"\epsilon \epsilon_t \varepsilon_t err_t \epsilon_m")),
            share("g", r"\gamma_t \gamma"),
            real("a", r"\alpha_t \alpha"),
        ),
        formulas=(r"2 \sqrt{e (1 - e)}", r"\sqrt{1 - 4 g^2}"),
        also=(r"(1 - e) \exp(-a) + e \exp(a)", r"e \exp(a) + (1 - e) \exp(-a)"),
    ),
    Standard(
        name="stage of gradient boosting",
        words=r"gradient boosting(?s:.)*(?:residual|negative gradient|new learner|next (?:tree|learner)|weak learner)",
        usual=r"gradients?|negative",
        letters=r"(?:hat)?[FfHGy](?:_.{1,5})?(?:\^.{1,6})?(?:_.{1,3})?(?:\(.{1,4}\))?",
        parts=(
            real("F", r"F_{m-1}(x) f_{m-1}(x) F_{m-1} f_{m-1} F_{t-1}(x) F_{m-1}(x_i) H_{t-1}(x) f_{t-1}(x)"),
            real("h", r"h_m(x) h_m T_m(x) h_t(x) b_m(x) h(x) \phi_m(x) h_m(x_i) T_m g_m(x)"),
            positive("n", r"\nu \eta \alpha lr \epsilon"),
            real("g", r"\gamma_m \rho_m \beta_m \alpha_m \gamma \rho \alpha_t"),
        ),
        formulas=("F + n g h", "F + n h", "F + g h", "F + h"),
        also=("h", "g h", "n h", "n g h"),
    ),
)

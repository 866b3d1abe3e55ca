"""Trees and ensembles of them, and scores of rankings."""

from __future__ import annotations

from .standard import Standard, bit, count, firm, positive, real, share, sign

GRADIENTS = real("G", "G_j G_m G_L g G_l")
CURVATURES = positive("H", "H_j H_m H_L h H_l")
PENALTY = positive(r"\lambda", r"\lambda_2")
WEIGHTS = positive("w", r"w_i D_t(i) D_i D w_i^{(t)} w_i^{(m)} w_{t,i} D_t w^{(i)}")
LABEL = sign("y", "y_i t_i t y^{(i)}")
VOTE = sign("h", r"h_t(x_i) G_m(x_i) h(x_i) h_t(x) h_m(x_i) G(x_i) f_m(x_i) y_m(x_i) \hat{y}_i h_t(\mathbf{x}_i)")
STRENGTH = positive(r"\alpha", r"\alpha_t \alpha_m \beta \beta_t \alpha_j")
RELEVANCE = positive("r", r"rel rel_i rel_j r_i rel_{i} \mathrm{rel}")
BOOST = r"boost"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="information gain",
        left=r"(?:IG|InformationGain|Gain|InfoGain|gain)(?:\(.*\))?",
        words=r"information gain",
        letters=r"(?:G|I|IG|Delta\w*)(?:_.{1,4})?(?:\(.*\))?",
        parts=(
            positive("H", "H(S) H(D) H(Y) H(T) Entropy(S) Ent(D)"),
            positive("h", "H(S_v) H(D_v) H(D_i) Entropy(S_v) H(S_i) H(T_i)"),
            positive("S", r"S D N T"),
            positive("s", r"S_v D_v D_i N_i S_i"),
        ),
        formulas=(r"H - \sum_v \frac{|s_v|}{|S|} h_v", r"H - \sum_v \frac{s_v}{S} h_v"),
        also=(r"H - h",),
    ),
    Standard(
        name="weight of a leaf in gradient boosting",
        words=rf"xgboost|{BOOST}|leaf weight|optimal weight",
        letters=r"(?:hat)?(?:w|gamma|theta|omega)(?:_.{1,4})?(?:\^.{1,5})?(?:_.{1,4})?",
        parts=(firm(GRADIENTS), firm(CURVATURES), PENALTY),
        formulas=(
            r"-\frac{G}{H + \lambda}",
            r"-\frac{\sum_i G_i}{\sum_i H_i + \lambda}",
        ),
        also=(r"-\frac{G}{H}", r"-\frac{\sum_i G_i}{\sum_i H_i}"),
    ),
    Standard(
        name="gain of a split in gradient boosting",
        words=rf"xgboost|{BOOST}|split",
        letters=r"(?:Gain|gain|mathcalL_split|L_split|cal L_split|Delta.{0,6})",
        parts=(
            real("G", "G_L G_l g_L"),
            real("g", "G_R G_r g_R"),
            positive("H", "H_L H_l h_L"),
            positive("h", "H_R H_r h_R"),
            PENALTY,
            positive(r"\gamma", r"\alpha"),
        ),
        formulas=(
            r"\frac{1}{2} (\frac{G^2}{H + \lambda} + \frac{g^2}{h + \lambda} - \frac{(G + g)^2}{H + h + \lambda}) -"
            r" \gamma",
        ),
        also=(r"\frac{G^2}{H + \lambda} + \frac{g^2}{h + \lambda} - \frac{(G + g)^2}{H + h + \lambda} - \gamma",),
    ),
    Standard(
        name="error of a weak learner",
        words=r"adaboost|weak (?:learner|classifier|hypothes)|weighted (?:training )?error",
        letters=r"(?:epsilon|varepsilon|err|e|r|J)(?:_.{1,3})?(?:\^.{1,4})?",
        parts=(
            WEIGHTS,
            sign("y", "y_i t_i t y^{(i)}"),
            bit("h", r"h_t(x_i) G_m(x_i) h(x_i) h_m(x_i) y_m(x_i) \hat{y}_i f_m(x_i) G h"),
            count("n", "N m"),
        ),
        formulas=(
            r"\frac{\sum_{i=1}^n w_i 1(y_i \ne h_i)}{\sum_{i=1}^n w_i}",
            r"\sum_{i=1}^n w_i 1(y_i \ne h_i)",
        ),
        also=(r"\frac{1}{n} \sum_{i=1}^n w_i 1(y_i \ne h_i)", r"\frac{1}{n} \sum_{i=1}^n 1(y_i \ne h_i)"),
    ),
    Standard(
        name="new weight of an example in AdaBoost",
        words=r"adaboost|re-?weight\w*|weights? (?:are|is) updated",
        letters=r"(?:w|D|d)(?:_.{1,6})?(?:\^.{1,6})?(?:_.{1,4})?(?:\(i\))?",
        parts=(WEIGHTS, LABEL, VOTE, STRENGTH, positive("Z", "Z_t Z_m")),
        formulas=(
            r"w \exp(-\alpha y h)",
            r"\frac{w}{Z} \exp(-\alpha y h)",
            r"\frac{w \exp(-\alpha y h)}{Z}",
        ),
        also=(
            r"w \exp(\alpha 1(y \ne h))",
            r"w e^\alpha",
            r"w e^{-\alpha}",
            r"\exp(-y h)",
            r"\frac{w}{\sum_i w_i}",
            r"\frac{w}{Z}",
            r"w \exp(2 \alpha 1(y \ne h))",
        ),
    ),
    Standard(
        name="variance of an average of correlated variables",
        words=r"random forest|bagg|ensemble|correlat|identically distributed",
        letters=r"(?:Var|var|V|mathbbV)(?:\(.{3,60}\)|\[.{3,60}\])",
        parts=(share(r"\rho", "r c"), positive(r"\sigma", "s"), positive("B", "n M T m N k K")),
        formulas=(
            r"\rho \sigma^2 + \frac{1 - \rho}{B} \sigma^2",
            r"\frac{\sigma^2}{B} + \frac{B - 1}{B} \rho \sigma^2",
        ),
        also=(
            r"\frac{\sigma^2}{B}",
            r"\sigma^2",
            r"\sigma^2 (1 + (B - 1) \rho)",
            r"B \sigma^2 + B (B - 1) \rho \sigma^2",
            r"\rho \sigma^2",
        ),
    ),
    Standard(
        name="discounted cumulative gain",
        left=r"DCG(?:_.{1,4})?(?:@\w)?(?:\(.*\))?",
        words=r"discounted cumulative gain",
        letters=r"DCG.*|D",
        parts=(RELEVANCE,),
        formulas=(
            r"\sum_i \frac{r_i}{\log_2(i + 1)}",
            r"\sum_i \frac{2^{r_i} - 1}{\log_2(i + 1)}",
        ),
        also=(r"\sum_i \frac{r_i}{\log(i + 1)}", r"\sum_i \frac{2^{r_i} - 1}{\log(i + 1)}"),
    ),
    Standard(
        name="normalised discounted cumulative gain",
        left=r"[nN]DCG(?:_.{1,4})?(?:@\w)?(?:\(.*\))?",
        parts=(positive("D", "DCG DCG_k DCG_p"), positive("I", "IDCG IDCG_k IDCG_p iDCG")),
        formulas=(r"\frac{D}{I}",),
    ),
    Standard(
        name="mean reciprocal rank",
        left=r"MRR",
        words="mean reciprocal rank",
        parts=(positive("r", r"rank rank_i rank_q"), real("R", "RR RR_i r_i"), count("n", r"N |Q| Q")),
        formulas=(r"\frac{1}{n} \sum_{i=1}^n \frac{1}{r_i}",),
        also=(r"\frac{1}{n} \sum_{i=1}^n R_i",),
    ),
)

"""Figures by which models, partitions and texts are judged, by name."""

from __future__ import annotations

from .standard import Standard, count, firm, positive, real, share, vector

TP = positive(r"\mathrm{TP}", r"tp TruePositives t_p TP_c TP_i n_{TP}")
FP = positive(r"\mathrm{FP}", r"fp FalsePositives f_p FP_c n_{FP}")
TN = positive(r"\mathrm{TN}", r"tn TrueNegatives t_n TN_c n_{TN}")
FN = positive(r"\mathrm{FN}", r"fn FalseNegatives f_n FN_c n_{FN}")
P = positive("P", r"\mathrm{P} Positives")
T = positive("N", r"\mathrm{N} Negatives")
COUNTS = (TP, FP, TN, FN)
PRECISION = share("p", r"P precision Precision prec Prec Pr PPV")
RECALL = share("r", r"R recall Recall rec Rec TPR")
SETS = (positive("A", "X S Y U"), positive("B", "Y T X V"))
AREAS = (
    firm(positive("I", r"I_{12} A_I A_{int} A_o")),
    firm(positive("a", r"A_1 A_p S_1 A_{pred} A_a")),
    firm(positive("b", r"A_2 A_g A_t S_2 A_{gt} A_b")),
)
ANY = r"(?:_.{1,8})?(?:\(.*\))?"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="precision",
        settled=True,
        left=rf"(?:[Pp]recision|[Pp]rec|PPV|[Pp]ositive[Pp]redictive[Vv]alue){ANY}",
        words=r"(?<!average )(?<!mean average )precision (?:is|of|as|measures|\()|\bprecision\W*$",
        letters="P|p|Pr|mathrmP",
        parts=COUNTS,
        formulas=(r"\frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FP}}",),
    ),
    Standard(
        name="recall",
        settled=True,
        left=rf"(?:[Rr]ecall|[Rr]ec|TPR|[Ss]ensitivity|[Tt]rue[Pp]ositive[Rr]ate|[Hh]it[Rr]ate){ANY}",
        words=r"(?:\brecall|sensitivity|true[- ]positive rate)(?: is| of| as| measures| \(|\W*$)",
        letters="R|r|Se",
        parts=(*COUNTS, P),
        formulas=(r"\frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FN}}", r"\frac{\mathrm{TP}}{P}"),
    ),
    Standard(
        name="specificity",
        settled=True,
        left=rf"(?:[Ss]pecificity|TNR|[Tt]rue[Nn]egative[Rr]ate){ANY}",
        words=r"(?:specificity|true[- ]negative rate)(?: is| of| as| measures| \(|\W*$)",
        parts=(*COUNTS, T),
        formulas=(r"\frac{\mathrm{TN}}{\mathrm{TN} + \mathrm{FP}}", r"\frac{\mathrm{TN}}{N}"),
    ),
    Standard(
        name="false positive rate",
        settled=True,
        left=rf"(?:FPR|[Ff]alse[Pp]ositive[Rr]ate|[Ff]all-?out){ANY}",
        words=r"false[- ]positive rate(?: is| of| as| \(|\W*$)",
        usual=r"(?:one|1|\$1\$) minus",
        parts=(*COUNTS, T, share("s", "specificity Specificity TNR")),
        formulas=(r"\frac{\mathrm{FP}}{\mathrm{FP} + \mathrm{TN}}", r"\frac{\mathrm{FP}}{N}", "1 - s"),
    ),
    Standard(
        name="false negative rate",
        settled=True,
        left=rf"(?:FNR|[Ff]alse[Nn]egative[Rr]ate|[Mm]iss[Rr]ate){ANY}",
        parts=(*COUNTS, P, share("s", "recall Recall TPR sensitivity")),
        formulas=(r"\frac{\mathrm{FN}}{\mathrm{FN} + \mathrm{TP}}", r"\frac{\mathrm{FN}}{P}", "1 - s"),
    ),
    Standard(
        name="negative predictive value",
        settled=True,
        left=rf"(?:NPV|[Nn]egative[Pp]redictive[Vv]alue){ANY}",
        words=r"negative predictive value(?: is| of| as| \(|\W*$)",
        parts=COUNTS,
        formulas=(r"\frac{\mathrm{TN}}{\mathrm{TN} + \mathrm{FN}}",),
    ),
    Standard(
        name="accuracy",
        settled=True,
        left=rf"(?:[Aa]ccuracy|[Aa]cc|ACC){ANY}",
        parts=(*COUNTS, P, T),
        formulas=(
            r"\frac{\mathrm{TP} + \mathrm{TN}}{\mathrm{TP} + \mathrm{TN} + \mathrm{FP} + \mathrm{FN}}",
            r"\frac{\mathrm{TP} + \mathrm{TN}}{P + N}",
        ),
        also=(r"\frac{\mathrm{TP}}{N}", r"1 - P"),
    ),
    Standard(
        name="balanced accuracy",
        settled=True,
        left=rf"(?:[Bb]alanced_?[Aa]ccuracy|BA|BACC){ANY}",
        words="balanced accuracy",
        parts=(
            *COUNTS,
            share("r", "TPR Sensitivity sensitivity recall Recall R"),
            share("s", "TNR Specificity specificity"),
        ),
        formulas=(
            r"\frac{1}{2} (r + s)",
            r"\frac{1}{2} (\frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FN}} + \frac{\mathrm{TN}}{\mathrm{TN} +"
            r" \mathrm{FP}})",
        ),
    ),
    Standard(
        name="F1 score",
        settled=True,
        left=rf"F_?1(?:-?[Ss]core|-?[Mm]easure)?{ANY}",
        words=r"\bF_?\$?_?1\$?[- ](?:score|measure)",
        letters=r"F(?:_1)?|F-measure|F-score",
        parts=(*COUNTS, PRECISION, RECALL),
        formulas=(
            r"\frac{2 p r}{p + r}",
            r"\frac{2}{1 / p + 1 / r}",
            r"\frac{2 \mathrm{TP}}{2 \mathrm{TP} + \mathrm{FP} + \mathrm{FN}}",
        ),
        also=(),
    ),
    Standard(
        name="F-beta score",
        left=rf"F_beta{ANY}",
        words=r"\bF[-_ ]?\$?\\?_?\\?beta",
        usual=r"generali[sz]\w*",
        parts=(*COUNTS, firm(PRECISION), firm(RECALL), positive(r"\beta")),
        formulas=(
            r"(1 + \beta^2) \frac{p r}{\beta^2 p + r}",
            r"\frac{(1 + \beta^2) \mathrm{TP}}{(1 + \beta^2) \mathrm{TP} + \beta^2 \mathrm{FN} + \mathrm{FP}}",
        ),
        also=(
            r"\frac{1 + \beta^2}{\frac{1}{p} + \frac{\beta^2}{r}}",
            r"\frac{(1 + \beta) p r}{\beta p + r}",
            r"\frac{1}{\beta \frac{1}{p} + (1 - \beta) \frac{1}{r}}",
        ),
    ),
    Standard(
        name="Matthews correlation coefficient",
        settled=True,
        left=rf"(?:MCC|[Mm]atthews[Cc]orrelation[Cc]oefficient){ANY}",
        words=r"matthews(?:['’]s?)? correlation",
        parts=COUNTS,
        formulas=(
            r"\frac{\mathrm{TP} \cdot \mathrm{TN} - \mathrm{FP} \cdot \mathrm{FN}}{\sqrt{(\mathrm{TP} + \mathrm{FP})"
            r" (\mathrm{TP} + \mathrm{FN}) (\mathrm{TN} + \mathrm{FP}) (\mathrm{TN} + \mathrm{FN})}}",
        ),
    ),
    Standard(
        name="Cohen's kappa",
        settled=True,
        words=r"cohen(?:['’]?s)? (?:kappa|\$\\kappa)|kappa (?:statistic|coefficient|score)",
        letters="kappa|k|K",
        parts=(share("p", r"p_o P_o p_0 P(a) Pr(a)"), share("q", r"p_e P_e p_c P(e) Pr(e)")),
        formulas=(r"\frac{p - q}{1 - q}",),
        also=(r"1 - \frac{1 - p}{1 - q}",),
    ),
    Standard(
        name="Jaccard index",
        left=rf"(?:IoU|IOU|Jaccard|[Jj]accard(?:_?-?[Ii]ndex|_?-?[Ss]imilarity)?|sim_J(?:accard)?){ANY}",
        words=r"jaccard|intersection[- ]over[- ]union",
        letters=r"(?:J|j|sim|s)(?:\(.*\))?",
        parts=(*SETS, *COUNTS, *AREAS),
        formulas=(
            r"\frac{I}{a + b - I}",
            r"\frac{|A \cap B|}{|A \cup B|}",
            r"\frac{|A \cap B|}{|A| + |B| - |A \cap B|}",
            r"\frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FP} + \mathrm{FN}}",
        ),
        also=(r"1 - \frac{|A \cap B|}{|A \cup B|}", r"\frac{|A \cup B| - |A \cap B|}{|A \cup B|}"),
    ),
    Standard(
        name="Dice coefficient",
        left=rf"(?:DSC|[Dd]ice(?:_?-?[Cc]oefficient|_?-?[Ss]core)?){ANY}",
        words=r"dice(?:['’]s)? (?:coefficient|score|similarity|index)|s[øo]rensen",
        letters=r"(?:D|d|S|s|sim)(?:\(.*\))?",
        parts=(*SETS, *COUNTS, positive("p", r"\hat{y} \hat{p}"), positive("q", "y g t")),
        formulas=(
            r"\frac{2 |A \cap B|}{|A| + |B|}",
            r"\frac{2 \mathrm{TP}}{2 \mathrm{TP} + \mathrm{FP} + \mathrm{FN}}",
        ),
        also=(
            r"\frac{2 \sum_i p_i q_i}{\sum_i p_i + \sum_i q_i}",
            r"\frac{2 \sum_i p_i q_i}{\sum_i p_i^2 + \sum_i q_i^2}",
            r"1 - \frac{2 |A \cap B|}{|A| + |B|}",
        ),
    ),
    Standard(
        name="overlap coefficient",
        words="overlap coefficient|szymkiewicz",
        parts=SETS,
        formulas=(r"\frac{|A \cap B|}{\min(|A|, |B|)}",),
    ),
    Standard(
        name="Brier score",
        left=rf"(?:BS|[Bb]rier(?:_?[Ss]core)?){ANY}",
        words=r"brier",
        letters="B|S",
        parts=(share("p", r"f \hat{p} \hat{y}"), real("y", "o t"), count("n", "N T")),
        formulas=(r"\frac{1}{n} \sum_{i=1}^n (p_i - y_i)^2",),
        also=(r"\frac{1}{n} \sum_{i=1}^n \sum_k (p_{ik} - y_{ik})^2", r"(p - y)^2", r"\sum_k (p_k - y_k)^2"),
    ),
    Standard(
        name="perplexity",
        left=rf"(?:[Pp]erplexity|PPL|PP|ppl|Perp){ANY}",
        words=r"perplexity",
        usual=r"inverse probability",
        parts=(share("p", r"q P p(w_i) P(w_i) p(x_i)"), count("n", "N T M W"), real("H", "H(p) H(W) L l")),
        formulas=(
            r"\exp(-\frac{1}{n} \sum_{i=1}^n \log p_i)",
            r"2^{-\frac{1}{n} \sum_{i=1}^n \log_2 p_i}",
            r"p^{-1/n}",
            r"(\frac{1}{p})^{1/n}",
            r"\sqrt[n]{\frac{1}{p}}",
            r"\sqrt[n]{\prod_{i=1}^n \frac{1}{p_i}}",
            r"(\prod_{i=1}^n p_i)^{-1/n}",
            r"\prod_{i=1}^n p_i^{-1/n}",
        ),
        also=(
            r"2^H",
            r"e^H",
            r"2^{-H}",
            r"e^{-H}",
            r"2^{-\sum_x p_x \log_2 p_x}",
            r"\exp(-\sum_x p_x \log p_x)",
            r"\prod_x p_x^{-p_x}",
            r"2^{-\frac{1}{n} \sum_{i=1}^n \log p_i}",
        ),
    ),
    Standard(
        name="cosine similarity",
        left=r"(?:cos(?:ine)?_?(?:sim(?:ilarity)?)?|[Cc]osine[Ss]imilarity|sim_cos)(?:\(.*\))?|costheta|cos\(theta\)",
        words=r"cosine[- ](?:similarity|of the angle)",
        letters=r"(?:s|S|sim|similarity|c|d)(?:_.{1,5})?(?:\(.*\))?",
        parts=(
            vector(r"\mathbf{x}", "x u a A v w p q d"),
            vector(r"\mathbf{y}", "y v b B w u q z x"),
            real("x", "u a A v w"),
            real("y", "v b B w u"),
        ),
        formulas=(
            r"\frac{\mathbf{x}^\top \mathbf{y}}{\|\mathbf{x}\| \|\mathbf{y}\|}",
            r"\frac{\mathbf{x} \cdot \mathbf{y}}{\|\mathbf{x}\| \|\mathbf{y}\|}",
            r"\frac{\sum_i x_i y_i}{\sqrt{\sum_i x_i^2} \sqrt{\sum_i y_i^2}}",
        ),
        also=(r"1 - \frac{\mathbf{x}^\top \mathbf{y}}{\|\mathbf{x}\| \|\mathbf{y}\|}", r"\mathbf{x}^\top \mathbf{y}"),
    ),
    Standard(
        name="coefficient of determination",
        left=r"R\^2(?:\(.*\))?|r\^2",
        words=r"coefficient of determination|R-squared",
        letters="R2|R|R2score",
        parts=(
            positive("R", r"RSS SSE SS_{res} SS_{Res} SSR S_{res}"),
            positive("T", r"TSS SST SS_{tot} SS_{Tot} S_{tot}"),
            positive("E", r"ESS SS_{reg} SSR SSM MSS"),
            real("y"),
            real("f", r"\hat{y}"),
            real("m", r"\bar{y} \mu \mu_y"),
            real("r", r"\rho R r_{xy}"),
        ),
        formulas=(
            r"1 - \frac{R}{T}",
            r"1 - \frac{\sum_i (y_i - f_i)^2}{\sum_i (y_i - m)^2}",
            r"\frac{\sum_i (f_i - m)^2}{\sum_i (y_i - m)^2}",
        ),
        also=(r"\frac{T - R}{T}", r"\frac{E}{T}", r"r^2", r"\frac{T}{R}", r"\frac{R}{E}"),
    ),
    Standard(
        name="Pearson correlation",
        left=r"(?:rho|r|corr|Corr|Cor)_?(?:xy|XY|X,Y|x,y)|(?:corr|Corr|Cor)\(.*\)|rho\(\w,\w\)",
        words=r"pearson(?:['’]s)? |correlation coefficient|(?:sample|empirical) correlation"
        r"|estimat\w+ of the correlation|correlation of (?:the|a) sample",
        letters=r"(?:hat)?(?:r|rho|R)(?:_.{1,5})?(?:\(.*\))?",
        parts=(
            real("c", r"Cov(X,Y) cov(X,Y) \sigma_{xy} \sigma_{XY} s_{xy} Cov(x,y) cov(x,y)"),
            positive("s", r"\sigma_x \sigma_X s_x \sigma(X)"),
            positive("t", r"\sigma_y \sigma_Y s_y \sigma(Y)"),
            positive("v", r"Var(X) Var(x) Var[X] var(X)"),
            positive("w", r"Var(Y) Var(y) Var[Y] var(Y)"),
            real("x", "X"),
            real("y", "Y"),
            real("a", r"\bar{x} \bar{X} \mu_x \mu_X m_x"),
            real("b", r"\bar{y} \bar{Y} \mu_y \mu_Y m_y"),
            count("n", "N m"),
        ),
        formulas=(
            r"\frac{c}{s t}",
            r"\frac{c}{\sqrt{v w}}",
            r"\frac{c}{\sqrt{v} \sqrt{w}}",
            r"\frac{\sum_i (x_i - a) (y_i - b)}{\sqrt{\sum_i (x_i - a)^2} \sqrt{\sum_i (y_i - b)^2}}",
        ),
        also=(
            r"\frac{1}{n} \sum_i \frac{(x_i - a) (y_i - b)}{s t}",
            r"\frac{1}{n - 1} \sum_i \frac{(x_i - a) (y_i - b)}{s t}",
            r"\mathbb{E}[\frac{(x - a) (y - b)}{s t}]",
            r"\frac{\mathbb{E}[(x - a) (y - b)]}{s t}",
            r"\frac{\sum_i (x_i - a) (y_i - b)}{(n - 1) s t}",
            r"\frac{\sum_i x_i y_i - n a b}{(n - 1) s t}",
            r"\frac{n \sum_i x_i y_i - \sum_i x_i \sum_i y_i}{\sqrt{n \sum_i x_i^2 - (\sum_i x_i)^2} \sqrt{n"
            r" \sum_i y_i^2 - (\sum_i y_i)^2}}",
        ),
    ),
    Standard(
        name="standard score",
        settled=True,
        words=r"z-?score|standardi[sz]ation|standard score|standardi[sz]ed (?:value|variable)",
        letters=r"(?:z|Z|x'|tildex|hatx|x_new|x_std|X')(?:_.{1,4})?",
        parts=(
            real("x", "X"),
            real("m", r"\mu \bar{x} \bar{X} mean"),
            positive("s", r"\sigma S std s_x \sigma_x"),
            count("n", "N"),
        ),
        formulas=(r"\frac{x - m}{s}",),
        also=(r"\frac{x - m}{s / \sqrt{n}}",),
    ),
    Standard(
        name="min-max scaling",
        words=r"min-?\s?max (?:scaling|normali[sz]ation|normali[sz]er|scaler)|normali[sz]ation .{0,30}\[0, ?1\]",
        letters=r"(?:z|Z|x'|tildex|hatx|x_new|x_norm|x_scaled|X')(?:_.{1,4})?",
        parts=(real("x", "X"), real("a", r"x_{min} min(x) min X_{min} \min"), real("b", r"x_{max} max(x) max X_{max}")),
        formulas=(r"\frac{x - a}{b - a}",),
        also=(r"2 \frac{x - a}{b - a} - 1",),
    ),
    Standard(
        name="Akaike information criterion",
        left="AIC",
        usual=r"maximi[sz]\w+|(?:log[- ]?)?likelihood",
        parts=(
            positive("k", "p d q"),
            positive("L", r"\hat{L}"),
            real("l", r"\ell \log\hat{L} LL \hat{\ell} lnL"),
            count("n", "N"),
        ),
        formulas=(r"2 k - 2 l", r"2 k - 2 \log L"),
        also=(
            r"-2 l + 2 (k + 1)",
            r"l - k",
            r"\frac{1}{n} (-2 l + 2 k)",
            r"2 l + 2 k",  # l a negative log-likelihood
            r"2 l - 2 k",
            r"2 \log L - 2 k",
            r"\log L - k",
        ),
    ),
    Standard(
        name="inverse document frequency",
        left=r"(?:idf|IDF)(?:_.{1,3})?(?:\(.*\))?",
        words="inverse document frequency",
        parts=(positive("N", r"|D| n D"), positive("D", r"df df_t n_t DF df(t) N_t")),
        formulas=(r"\log \frac{N}{D}",),
        also=(
            r"\log \frac{N}{1 + D}",
            r"\log \frac{1 + N}{1 + D} + 1",
            r"\log \frac{N}{D} + 1",
            r"\log_2 \frac{N}{D}",
            r"\log_{10} \frac{N}{D}",
            r"\log \frac{N}{1 + D} + 1",
            r"\log \frac{1 + N}{1 + D}",
        ),
    ),
    Standard(
        name="pointwise mutual information",
        left=r"PMI(?:\(.*\))?",
        words="pointwise mutual information",
        parts=(
            share("p", r"p(x,y) P(x,y) p(w,c) P(w,c) P(w_1,w_2) p(a,b)"),
            share("q", r"p(x) P(x) p(w) P(w) P(w_1) p(a)"),
            share("r", r"p(y) P(y) p(c) P(c) P(w_2) p(b)"),
            share("s", r"p(x|y) P(x|y) p(y|x)"),
        ),
        formulas=(r"\log \frac{p}{q r}", r"\log_2 \frac{p}{q r}"),
        also=(r"\log \frac{s}{q}", r"\log \frac{s}{r}", r"\log_2 \frac{s}{q}"),
    ),
    Standard(
        name="brevity penalty",
        left="BP",
        words="brevity penalty",
        parts=(
            firm(positive("c", r"len_{pred} l_{MT} len_{MT} \hat{L} len_{cand} c_{len}")),
            firm(positive("r", r"len_{label} len_{ref} L_{ref} ref")),
        ),
        formulas=(
            r"\begin{cases} 1 & c > r \\ e^{1 - r / c} & c \le r \end{cases}",
            r"\exp(\min(0, 1 - \frac{r}{c}))",
            r"\min(1, \exp(1 - \frac{r}{c}))",
            r"\exp(1 - \frac{r}{c})",
        ),
        also=(r"\min(1, \frac{c}{r})",),
    ),
    Standard(
        name="silhouette coefficient",
        words="silhouette",
        letters=r"s(?:\(.*\)|_.)?|S",
        parts=(positive("a", "a(i) a_i"), positive("b", "b(i) b_i")),
        formulas=(r"\frac{b - a}{\max(a, b)}",),
        also=(r"\begin{cases} 1 - a / b & a < b \\ 0 & a = b \\ b / a - 1 & a > b \end{cases}",),
    ),
)

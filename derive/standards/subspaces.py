r"""Projections, decompositions, factors and kernels in the letters of matrices, and what is learned of classes."""

from __future__ import annotations

from .standard import Standard, bit, count, firm, matrix, natural, positive, real, share, tall, vector, wide

LATENT = r"factor analysis|probabilistic (?:PCA|principal)|\bPPCA"
LOADINGS = matrix("W", r"\Lambda L A F")
PRIVATE = matrix("P", r"\Psi D")
IDENTITY = matrix("I", "I_k I_q I_M I_d")
VARIANCE = positive("s", r"\sigma \sigma_n \sigma_y \sigma_\epsilon")
SEEN, CENTRE = vector("x", "t y x_n x_i"), vector("m", r"\mu \bar{x}")
COLUMNS = r"columns of (?:the matrix |a matrix )?\$(?:\\(?:mathbf|bm|boldsymbol|mathbb) ?\{)?[A-Z]\}?\$"
STATE = r"(?:hat|bar|tilde)?(?:x|mu|m|s|z)(?:_.{1,6})?(?:\^.{1,4})?"
HELD = bit("c", r"y z c_i y_i z_i y^{(i)} c^{(i)} z^{(i)} y_n")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="entropy of a normal variable",
        words=r"entropy of(?![\s\S]{0,80}(?:complex|circular))[\s\S]{0,60}(?:gaussian|normal|mathcal\{N\})",
        letters=r"[Hh](?:[(\[][^|,;]*[)\]])?",
        parts=(firm(positive("s", r"\sigma \sigma_X \sigma_x")),),
        formulas=(
            r"\frac{1}{2} \log(2 \pi e s^2)",
            r"\frac{1}{2} (1 + \log(2 \pi s^2))",
            r"\log(s \sqrt{2 \pi e})",
        ),
        also=(
            r"\frac{1}{2} \log s^2",
            r"\log s",
            r"\frac{1}{2} \log_2(2 \pi e s^2)",
            r"\frac{1}{2} \log(2 \pi s^2)",
            r"\log(2 s)",
        ),
    ),
    Standard(
        name="entropy of a normal vector",
        words=r"(?:dimension|multivariate|vector|covariance)[\s\S]{0,80}(?:gaussian|normal)"
        r"|(?:gaussian|normal)[\s\S]{0,80}(?:dimension|multivariate|vector|covariance)",
        letters=r"(?:[Hh]|mathbb\{?H\}?)(?:[(\[].*[)\]])?",
        parts=(firm(matrix("S", r"\Sigma C")), natural("d", "D n k N p M")),
        formulas=(
            r"\frac{1}{2} \log |S| + \frac{d}{2} (1 + \log(2 \pi))",
            r"\frac{1}{2} \log((2 \pi e)^d |S|)",
            r"\frac{1}{2} \log |2 \pi e S|",
            r"\frac{d}{2} \log(2 \pi e) + \frac{1}{2} \log |S|",
        ),
        also=(r"\frac{1}{2} \log |S|",),
    ),
    Standard(
        name="projection onto a column space",
        words=r"project|hat matrix",
        letters=r"(?:P|Pi|H|pi)(?:_.{1,3})?",
        parts=(firm(tall("A", r"X \Phi")), firm(wide("Z", r"A X \Phi"))),
        formulas=(r"A (A^\top A)^{-1} A^\top",),
        also=(r"A A^\top", r"Z^\top (Z Z^\top)^{-1} Z", r"A^\top A"),
    ),
    Standard(
        name="decomposition by eigenvectors",
        words=rf"{COLUMNS}[^.]{{0,80}}eigen|eigen[^.]{{0,80}}{COLUMNS}",
        letters=r"A|M|X|S|C|Sigma",
        parts=(firm(matrix("V", "Q U P X S")), firm(matrix("L", r"\Lambda D"))),
        formulas=(r"V L V^{-1}", r"V L V^\top"),
    ),
    Standard(
        name="mean of the factors given the data",
        words=LATENT,
        usual="conditional",
        letters=r"(?:mathbb)?E(?:_.{1,9})?[(\[][zxh](?:_.)?(?:\|.*)?[)\]]|(?:mu|m)_[zh]\|[xyt]|(?:hat|bar)[zh]",
        parts=(LOADINGS, PRIVATE, IDENTITY, VARIANCE, SEEN, CENTRE, matrix("M"), matrix("G", r"\beta")),
        formulas=(
            r"W^\top (W W^\top + P)^{-1} (x - m)",
            r"(I + W^\top P^{-1} W)^{-1} W^\top P^{-1} (x - m)",
            r"(W^\top W + s^2 I)^{-1} W^\top (x - m)",
            r"M^{-1} W^\top (x - m)",
            r"G W^\top P^{-1} (x - m)",
            r"W^\top (W W^\top + P)^{-1} x",
        ),
        also=(r"M W^\top (x - m)", r"W^\top (x - m)", r"(W^\top W)^{-1} W^\top (x - m)"),
    ),
    Standard(
        name="covariance of the factors given the data",
        words=LATENT,
        usual="conditional",
        letters=r"(?:Sigma|S|V|G)(?:_.{1,5})?|(?:cov|Cov|Var)[(\[]z(?:\|.*)?[)\]]",
        parts=(LOADINGS, PRIVATE, IDENTITY, VARIANCE),
        formulas=(
            r"I - W^\top (W W^\top + P)^{-1} W",
            r"(I + W^\top P^{-1} W)^{-1}",
            r"s^2 (W^\top W + s^2 I)^{-1}",
        ),
        also=(r"W W^\top + P", r"W W^\top + s^2 I", r"I + W^\top P^{-1} W"),
    ),
    Standard(
        name="Matérn kernel",
        words=r"mat[eé]rn",
        letters=r"[kKC](?:_.{1,12})?(?:\(.*\))?",
        parts=(positive("r", r"d \tau h"), positive("l", r"\ell \rho L \theta"), positive("s", r"\sigma \sigma_f")),
        formulas=(
            r"(1 + \frac{\sqrt{3} r}{l}) e^{-\sqrt{3} r / l}",
            r"s^2 (1 + \frac{\sqrt{3} r}{l}) e^{-\sqrt{3} r / l}",
            r"(1 + \frac{\sqrt{5} r}{l} + \frac{5 r^2}{3 l^2}) e^{-\sqrt{5} r / l}",
            r"s^2 (1 + \frac{\sqrt{5} r}{l} + \frac{5 r^2}{3 l^2}) e^{-\sqrt{5} r / l}",
        ),
        also=(r"e^{-r / l}", r"s^2 e^{-r / l}", r"(1 + \frac{r}{l}) e^{-r / l}", r"s^2 (1 + \frac{r}{l}) e^{-r / l}"),
    ),
    Standard(
        name="corrected state of a Kalman filter",
        words=r"kalman",
        letters=STATE,
        parts=(
            firm(
                vector(
                    "x",
                    r"\hat{x}_{k|k-1} \hat{x}_{t|t-1} \hat{x}_{n|n-1} \bar{\mu}_t \mu_{t|t-1} \bar{x}_k"
                    r" x_{k|k-1} x_{t|t-1} \mu_{k|k-1} m_{k|k-1} m_{t|t-1} \hat{s}_{t|t-1} \bar{x}",
                )
            ),
            matrix("K", "K_k K_t K_n G L"),
            vector("z", "z_k z_t y_k y_t y z_n y_n"),
            matrix("H", "C H_k H_t C_k C_t G"),
        ),
        formulas=(r"x + K (z - H x)",),
        also=(r"x + K z", r"H x + K (z - H x)"),
    ),
    Standard(
        name="mean of the points of a class",
        words=r"discriminant|\bGDA\b|k-?means|centroid|cluster|class(?:es)?\b",
        usual=r"maximi[sz]\w+|(?:log[- ]?)?likelihood",
        letters=r"(?:hat)?mu(?:_.{1,3})?(?:\^.{1,3})?",
        parts=(HELD, bit("k", "j l"), vector("x", r"x_i x^{(i)} x_n")),
        formulas=(
            r"\frac{\sum_i 1\{c_i = 1\} x_i}{\sum_i 1\{c_i = 1\}}",
            r"\frac{\sum_i 1\{c_i = 0\} x_i}{\sum_i 1\{c_i = 0\}}",
            r"\frac{\sum_i 1\{c_i = k\} x_i}{\sum_i 1\{c_i = k\}}",
        ),
    ),
    Standard(
        name="likelihood of a mixture of Bernoulli distributions",
        words=r"mixtures? of (?:\w+ )?bernoulli|bernoulli mixture",
        usual=r"(?:log[- ]?)?likelihood",
        letters=r"[pP](?:_.{1,3})?\(.*\)",
        parts=(share("p", r"\pi w \alpha \phi"), share("m", r"\mu \theta q"), bit("x")),
        formulas=(r"\sum_k p_k \prod_d m_{kd}^{x_d} (1 - m_{kd})^{1 - x_d}",),
        also=(r"\prod_d m_{kd}^{x_d} (1 - m_{kd})^{1 - x_d}",),
    ),
    Standard(
        name="rating predicted with biases",
        words=r"recommend|\bratings?\b|collaborative|matrix factori[sz]|\busers?\b[^.]*\bitems?\b",
        letters=r"(?:hat|tilde)?[ry](?:_.{1,4})?",
        parts=(
            real("m", r"\mu b \bar{r}"),
            real("b", "b_u"),
            real("c", "b_i c_i"),
            vector("p", "p_u x_u U_u"),
            vector("q", "q_i y_i V_i"),
        ),
        formulas=(r"m + b + c + q^\top p", r"m + b + c + p^\top q", r"m + b + c"),
        also=(r"q^\top p", r"b + c + q^\top p", r"m + b + q^\top p"),
    ),
    Standard(
        name="direction of Fisher's discriminant",
        words=r"fisher|linear discriminant|\bLDA\b",
        usual=r"proportional|maximi[sz]\w*|criterion",
        letters=r"w(?:\^.{1,4}|_.{1,4})?|hatw|v|a",
        relation="propto",
        parts=(
            matrix("S", r"S_W S_w \Sigma_W \Sigma W S_{W}"),
            firm(matrix("B", r"S_B S_b \Sigma_B \Sigma_b S_{B}")),
            vector("m", r"m_1 \mu_1 \hat{\mu}_1 \mu_+ \bar{x}_1"),
            vector("u", r"m_2 \mu_2 \mu_0 \hat{\mu}_2 \mu_- \bar{x}_2"),
            vector("w", "v a"),
        ),
        formulas=(r"S^{-1} (m - u)", r"S^{-1} (u - m)"),
        also=(r"m - u", r"u - m", r"S^{-1} B w"),
    ),
    Standard(
        name="step length of steepest descent on a quadratic",
        words=r"step (?:size|length)|line search|learning rate|steepest",
        usual=r"gradients?|hessian|approximat\w*",
        letters=r"(?:epsilon|alpha|eta|t|gamma|lambda)(?:_.{1,4})?(?:\^.{1,4})?",
        parts=(vector("g", "r"), matrix("H", "A Q"), vector("p", "d")),
        formulas=(r"\frac{g^\top g}{g^\top H g}", r"\frac{g^\top p}{p^\top H p}", r"-\frac{g^\top p}{p^\top H p}"),
        also=(r"\frac{g^\top g}{p^\top H p}",),
    ),
    Standard(
        name="share of a class",
        words=r"\bGDA\b|discriminant analysis|class prior",
        usual=r"maximi[sz]\w+|(?:log[- ]?)?likelihood",
        letters=r"(?:hat)?(?:phi|pi|p)(?:_.{1,3})?",
        parts=(HELD, count("n", "m N")),
        formulas=(r"\frac{1}{n} \sum_{i=1}^n 1\{c_i = 1\}",),
        also=(r"\frac{1}{n} \sum_{i=1}^n 1\{c_i = 0\}", r"\frac{1}{n} \sum_{i=1}^n c_i"),
    ),
)

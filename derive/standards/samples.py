r"""Densities of functions of variables, estimates by maximum likelihood, moments of matrices and counts, chains."""

from __future__ import annotations

from .standard import Standard, count, firm, matrix, natural, positive, real, share, vector
from .transforms import GENERATING

ARGUMENT = share("t", "s u")
N = count("n", "N m")
POINT = positive("x", "y x_i y_i X_i t_i")
BY_LIKELIHOOD = r"maximum[- ]likelihood|\bMLE?\b|likelihood"
LIKELY = r"(?:log[- ]?)?likelihood|maximi[sz]\w*|maximum"
OF_Y = r"(?:f|p|g|h)(?:_.{1,3})?\(.{1,3}\)"
DENSITY = firm(positive("f", r"f_X(g^{-1}(y)) f_X(x) f(g^{-1}(y)) p_X(g^{-1}(y)) p_x(g^{-1}(y)) f_X(h(y))"))
SLOPE = firm(real("d", r"g'(g^{-1}(y)) g'(x)"))
INVERSE_SLOPE = firm(real("D", r"\frac{d{x}}{d{y}} \frac{d{g^{-1}(y)}}{d{y}} \frac{d{g^{-1}}}{d{y}} h'(y)"))
MOVED = firm(
    positive("f", r"f_X(\frac{y-b}{a}) f_X((y-b)/a) f(\frac{y-b}{a}) f_X(\frac{y-\mu}{\sigma}) f(\frac{x-\mu}{\sigma})")
)
RESPONSIBILITY = share("r", r"\gamma w z q h \tau \gamma(z_{nk}) r_{nk} r_{ik} \gamma_{nk}")
HIDDEN = r"hidden markov|\bHMMs?\b|forward[- ]backward|baum"
CHANCE = share("p", r"p_i \pi \theta p_k \theta_i \pi_i")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="density of a function of a variable",
        words=r"change of variables?|strictly (?:increasing|monoton\w+|decreasing)|transformation|invertible",
        usual="inverse",
        letters=OF_Y,
        parts=(DENSITY, SLOPE, INVERSE_SLOPE),
        formulas=(r"\frac{f}{|d|}", r"\frac{f}{d}", r"f |D|", "f D"),
        also=("-f D", r"-\frac{f}{d}"),
    ),
    Standard(
        name="density of a shifted and scaled variable",
        words=r"\A(?=[\s\S]*(?:densit|\bpdfs?\b|\bp\.d\.f))[\s\S]*(?:linear (?:transform\w*|function)|scal(?:e|ed|ing)"
        r"|\$?[YZ] ?= ?[a\\](?:sigma)? ?X ?\+ ?|affine|location)",
        usual="scaled|shifted",
        letters=OF_Y,
        parts=(MOVED, real("a", r"\sigma s")),
        formulas=(r"\frac{1}{|a|} f", r"\frac{1}{a} f"),
        also=(r"-\frac{1}{a} f",),
    ),
    Standard(
        name="density of a sum of independent variables",
        words=r"\A(?![\s\S]*(?:difference|X ?- ?Y))[\s\S]*(?:convol\w+|(?:density|distribution|pdf) of (?:the|a) sum)",
        letters=r"(?:f|p|g)_\{?(?:Z|S|X\+Y|z|s)\}?\(.\)|\(f.*\*.*\)\(.\)",
        parts=(
            firm(positive("f", "f_X p_X p_x f")),
            firm(positive("g", "f_Y p_Y p_y")),
            natural("z", "s t w"),
        ),
        formulas=(r"\int f(x) g(z - x) \, dx", r"\int f(z - x) g(x) \, dx"),
    ),
    Standard(
        name="moment generating function of the gamma distribution",
        words=r"(?<!inverse )(?<!inverse-)\bgamma (?:distribut|random|variable|law)",
        usual="generali[sz]ed",
        letters=GENERATING,
        parts=(
            ARGUMENT,
            positive("a", r"\alpha k r n \nu"),
            positive("b", r"\beta \lambda"),
            positive("q", r"\theta"),
        ),
        formulas=(r"(1 - \frac{t}{b})^{-a}", r"(1 - q t)^{-a}"),
        also=(r"(\frac{1}{1 - b t})^a", r"(1 - b t)^{-a}"),
    ),
    Standard(
        name="best exponent of a Pareto distribution",
        words=rf"pareto[\s\S]{{0,400}}(?:{BY_LIKELIHOOD})|power[- ]law[\s\S]{{0,400}}(?:{BY_LIKELIHOOD})",
        usual=LIKELY,
        letters=r"hat(?:alpha|theta|a|k)(?:_.{1,4})?",
        parts=(POINT, positive("s", r"x_m x_{min} x_{\min} x_0 m k"), N),
        formulas=(r"\frac{n}{\sum_{i=1}^n \log(x_i / s)}",),
        also=(r"1 + \frac{n}{\sum_{i=1}^n \log(x_i / s)}", r"\frac{n}{\sum_{i=1}^n \log x_i}"),
    ),
    Standard(
        name="best location of a log-normal distribution",
        words=r"log-?\s?normal",
        usual=LIKELY,
        letters=r"hatmu(?:_.{1,4})?",
        parts=(POINT, N),
        formulas=(r"\frac{1}{n} \sum_{i=1}^n \log x_i",),
    ),
    Standard(
        name="best rate of an exponential distribution",
        words=rf"exponential(?:ly)? (?:distribut|sample|data|random)[\s\S]{{0,400}}(?:{BY_LIKELIHOOD})",
        usual=LIKELY,
        letters=r"hatlambda(?:_.{1,4})?",
        parts=(POINT, N, positive("m", r"\bar{x} \bar{X}")),
        formulas=(r"\frac{n}{\sum_{i=1}^n x_i}",),
        also=(r"\frac{1}{n} \sum_{i=1}^n x_i", r"\frac{n - 1}{\sum_{i=1}^n x_i}"),
    ),
    Standard(
        name="variance of a component of a one-dimensional mixture",
        words=r"\bM-?\s?step|\bEM\b|expectation[- ]maximi[sz]ation|mixture",
        usual=r"weighted|maximi[sz]\w+|(?:log[- ]?)?likelihood|derivatives?",
        letters=r"(?:hat)?(?:sigma|s)(?:_.)?\^2(?:_.)?",
        parts=(
            RESPONSIBILITY,
            real("x", "y x_i x_n"),
            firm(real("m", r"\mu_k \hat{\mu}_k \mu_j m_k \mu")),
            positive("c", r"N_k n_k N_j R_k"),
            N,
        ),
        formulas=(
            r"\frac{1}{c} \sum_{i=1}^n r_i (x_i - m)^2",
            r"\frac{\sum_{i=1}^n r_i (x_i - m)^2}{\sum_{i=1}^n r_i}",
        ),
        also=(r"\frac{1}{c} \sum_{i=1}^n (x_i - m)^2",),  # of hard assignments
    ),
    Standard(
        name="posterior probability of a hidden state",
        words=HIDDEN,
        letters=r"gamma_t\(.\)|gamma_\{?.,?.\}?|gamma_.\(.\)",
        parts=(firm(share("a", r"\alpha_t \alpha")), firm(share("b", r"\beta_t \beta")), natural("j", "k l")),
        formulas=(r"\frac{a_i b_i}{\sum_j a_j b_j}",),
        also=("a b",),
    ),
    Standard(
        name="variance estimated from several chains",
        words=r"gelman|between-chain|potential scale",
        letters=r"(?:hat|widehat)?(?:var|Var|V|sigma)(?:\^\+|_\+|\^2|\^\{?\+\}?)?(?:\(.*\)|_.{1,3})?",
        parts=(firm(positive("W")), firm(positive("B")), firm(positive("n", "N S")), positive("m", "M")),
        formulas=(r"\frac{n - 1}{n} W + \frac{1}{n} B",),
        also=(r"\frac{n - 1}{n} W + \frac{m + 1}{m n} B", r"(1 - \frac{1}{n}) W + \frac{1}{n} B"),
    ),
    Standard(
        name="mean of a Wishart matrix",
        words=r"(?<!inverse )(?<!inverse-)wishart",
        letters=r"(?:mathbb)?E[(\[](?:S|W|X|Lambda|A|M|K)[)\]]",
        parts=(matrix("V", r"W \Sigma S \Lambda"), positive("n", r"\nu m"), positive("p", "d D")),
        formulas=("n V",),
        also=("n V^{-1}", r"\frac{V}{n - p - 1}"),
    ),
    Standard(
        name="mean of an inverse Wishart matrix",
        words=r"inverse[- ]wishart",
        usual="inverse",
        letters=r"(?:mathbb)?E[(\[](?:S|W|X|Sigma|A|M)[)\]]",
        parts=(matrix("V", r"\Psi S \Lambda \Phi"), positive("n", r"\nu m \nu_0"), positive("p", "d D k")),
        formulas=(r"\frac{V}{n - p - 1}",),
        also=(r"\frac{V}{n + p + 1}", r"\frac{V^{-1}}{n - p - 1}"),
    ),
    Standard(
        name="covariance of the counts of a multinomial distribution",
        words=r"multinomial",
        letters=r"(?:Cov|cov)[(\[].{3,12}[)\]]",
        parts=(positive("n", "N m"), CHANCE, share("q", r"p_j \pi_j \theta_j p_l")),
        formulas=("-n p q",),
        also=(r"-\frac{p q}{n}", "-p q"),
    ),
    Standard(
        name="standard error by the bootstrap",
        words=r"bootstrap",
        letters=r"(?:hat|widehat)?(?:se|SE|sigma|s)(?:_.{1,6})?(?:\(.*\))?(?:\^.{1,6})?(?:_.{1,6})?",
        parts=(
            real("x", r"\hat{\theta}^* \hat{\theta}_b^* \theta^* \hat{\theta}_b T_b^* \theta_b^* \hat{\theta}_b^* T^*"),
            real("m", r"\bar{\theta}^* \bar{\theta} \bar{T}^* \hat{\theta}^*(\cdot) \bar{\theta}_B^*"),
            count("B", "R M n"),
        ),
        formulas=(r"\sqrt{\frac{1}{B - 1} \sum_{b=1}^B (x_b - m)^2}",),
        also=(r"\sqrt{\frac{1}{B} \sum_{b=1}^B (x_b - m)^2}", r"\frac{1}{B - 1} \sum_{b=1}^B (x_b - m)^2"),
    ),
    Standard(
        name="information of a logistic regression",
        words=r"logistic regression",
        usual=r"hessian|(?:log[- ]?)?likelihood|negative (?:of|hessian)|maximi[sz]\w*",
        letters=r"(?:[IJHF])(?:_.{1,3})?(?:\(.{1,9}\))?",
        parts=(
            firm(share("p", r"p_i \pi_i \mu_i \hat{p}_i \hat{y}_i h_i \pi \mu \hat{p} \hat{y} h y y_n")),
            vector("x", r"x_i \phi_n \phi x_n"),
            N,
        ),
        formulas=(r"\sum_{i=1}^n p_i (1 - p_i) x_i x_i^\top",),
        also=(
            r"-\sum_{i=1}^n p_i (1 - p_i) x_i x_i^\top",
            r"\frac{1}{n} \sum_{i=1}^n p_i (1 - p_i) x_i x_i^\top",
            r"\sum_{i=1}^n p_i (1 - p_i) x_i^\top x_i",  # of rows
            r"-\sum_{i=1}^n p_i (1 - p_i) x_i^\top x_i",
        ),
    ),
    Standard(
        name="log-likelihood of a Poisson regression",
        words=r"poisson regression|poisson",
        usual=rf"{LIKELY}|up to",
        letters=r"(?:log|ln)(?:L|mathcal\{?L\}?)(?:\(.*\))?|(?:ell|LL|l|L)(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            natural("y", "x k y_i x_i"),
            vector("x", "x_i z_i"),
            vector("w", r"\beta \theta"),
            firm(positive("m", r"\lambda \mu \lambda_i \mu_i")),
            N,
        ),
        formulas=(
            r"\sum_{i=1}^n (y_i w^\top x_i - e^{w^\top x_i})",
            r"\sum_{i=1}^n (y_i w^\top x_i - e^{w^\top x_i} - \log y_i!)",
            r"\sum_{i=1}^n (y_i \log m_i - m_i - \log y_i!)",
            r"\sum_{i=1}^n (y_i \log m - m - \log y_i!)",
        ),
        also=(
            r"\sum_{i=1}^n (e^{w^\top x_i} - y_i w^\top x_i)",
            r"\sum_{i=1}^n (y_i \log m_i - m_i)",
            r"\sum_{i=1}^n (y_i \log m - m)",
            r"\sum_{i=1}^n (m_i - y_i \log m_i)",
            r"\frac{1}{n} \sum_{i=1}^n (e^{w^\top x_i} - y_i w^\top x_i)",
            r"\frac{1}{n} \sum_{i=1}^n (m_i - y_i \log m_i)",
            r"2 \sum_{i=1}^n (y_i \log \frac{y_i}{m_i} - (y_i - m_i))",
        ),
    ),
    Standard(
        name="posterior mean in a normal hierarchy",
        words=r"hierarch\w+|shrink\w+|partial pooling|random effects?",
        letters=r"(?:hat|bar|tilde)?(?:theta|alpha|mu)_\w(?:\^.{1,5})?|(?:mathbb)?E[(\[](?:theta|alpha|mu)_\w\|.*[)\]]",
        parts=(
            firm(real("y", r"y_j \bar{y}_j y_i x_j \bar{x}_j")),
            firm(real("m", r"\mu \mu_\alpha \bar{y}")),
            firm(positive("s", r"\sigma_j \sigma \sigma_i \sigma_y")),
            firm(positive("t", r"\tau \sigma_\alpha \sigma_\theta")),
            positive("n", "n_j n_i"),
        ),
        formulas=(
            r"\frac{t^2 y + s^2 m}{s^2 + t^2}",
            r"\frac{\frac{n}{s^2} y + \frac{1}{t^2} m}{\frac{n}{s^2} + \frac{1}{t^2}}",
        ),
    ),
    Standard(
        name="strength of a ridge penalty by its prior",
        words=r"\bMAP\b|prior|maximum a posteriori",
        letters="lambda",
        parts=(
            firm(positive("s", r"\sigma \sigma_n \sigma_\epsilon \sigma_y")),
            firm(positive("t", r"\tau \sigma_w \sigma_0 \sigma_\beta \sigma_\theta \sigma_p")),
        ),
        formulas=(r"\frac{s^2}{t^2}",),
        also=(r"\frac{s^2}{2 t^2}", r"\frac{1}{t^2}", r"\frac{1}{2 t^2}"),
    ),
    Standard(
        name="precision of the mean of normal data in precisions",
        words=r"precision",
        letters=r"(?:lambda|tau|kappa|beta)_(?:n|N|post|1)",
        parts=(
            firm(positive("a", r"\lambda_0 \tau_0 \kappa_0 \beta_0")),
            firm(positive("b", r"\lambda \tau \beta \kappa")),
            positive("n", "N"),
        ),
        formulas=("a + n b",),
        also=("a + b", "a + n", r"a + \frac{n}{2}"),
    ),
    Standard(
        name="mean of the mean under a normal-gamma prior",
        words=r"normal[- ](?:inverse[- ])?(?:gamma|wishart|chi)|\bNI?[GW]\b|\bNIX\b",
        usual="inverse",
        letters=r"(?:m|mu|mathbf\{?m\}?)_(?:n|N|post|1)|(?:m|mu)'",
        parts=(
            firm(positive("k", r"\kappa_0 \lambda_0 \nu_0 \beta_0")),
            firm(real("m", r"m_0 \mu_0")),
            positive("n", "N"),
            firm(real("x", r"\bar{x} \bar{y} \bar{X}")),
            positive("K", r"\kappa_n \lambda_n \kappa_N"),
        ),
        formulas=(r"\frac{k m + n x}{k + n}", r"\frac{k m + n x}{K}"),
        also=(r"m + \frac{n}{k + n} (x - m)",),
    ),
    Standard(
        name="growth function by Sauer's lemma",
        words="sauer|shelah|growth function",
        usual=r"(?:upper )?bound\w*",
        letters=r"(?:Pi|tau|m|S|B)(?:_.{1,3})?\(.{1,5}\)",
        relation="<=",
        parts=(firm(natural("d", "d_{VC} v V VCD")), firm(positive("m", "n N"))),
        formulas=(r"(\frac{e^1 m}{d})^d",),
        also=(r"(m + 1)^d", r"m^d + 1", r"m^d", r"(\frac{e^1 m}{d})^{d + 1}"),
    ),
)

r"""Distributions by name: their densities and masses, and what follows from them for linear models."""

from __future__ import annotations

from .standard import Part, Standard, bit, count, firm, matrix, natural, positive, real, share, sign, vector

DENSITY = r"(?:[fpPNqg]|phi)(?:_.{1,6})?\(.*\)"
MASS = r"(?:[pPfq]|Pr|mathbb\{?P\}?)(?:_.{1,6})?[(\[](?:(?![<>]|[gl]e).)*[)\]]"  # and no P(X > k)
POINT = real("x", r"y z t X Y x_i x_n y_i y_n \hat{y} Y_i y^{(i)} x^{(i)} t_n y_t w W \theta \beta \beta_j w_j x_d x_j")
CENTRE = real(
    "m", r"\mu \mu_0 \mu_1 m_0 \hat{\mu} \theta f f(x) f(x_i) f(x_n) h(x_i) \hat{y} \hat{y}_i \mu_i", may_be_number=True
)
WIDTH = positive("s", r"\sigma \sigma_0 \sigma_1 \sigma_y \sigma_w", may_be_number=True)
VARIANCE = positive("v", r"\sigma^2 \nu v")
PRECISION = positive("b", r"\beta \tau \lambda \alpha \gamma")
WEIGHTS = vector("w", r"\theta \beta W w a \omega")
FEATURES = vector("u", r"x x_i x_n x^{(i)} \phi \phi_n \phi(x) \phi(x_n) \phi_i x_j x_t X z x_*")
N = count("n", "N m M n D |D| T")
GAUSSIAN = r"(?:gaussian|normal(?:ly)?(?! equation| form| vector))"
LINEAR = rf"{GAUSSIAN}|linear (?:model|regression)|least[- ]squares|noise|mathcal\{{N\}}\s*\("


def _normal(residual: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The density of a residual with variance s², and with other parameters."""
    usual = (rf"\frac{{1}}{{\sqrt{{2 \pi s^2}}}} \exp(-\frac{{({residual})^2}}{{2 s^2}})",)
    other = (
        rf"\sqrt{{\frac{{b}}{{2 \pi}}}} \exp(-\frac{{b}}{{2}} ({residual})^2)",
        rf"\exp(-\frac{{({residual})^2}}{{2 s^2}})",
        rf"\exp(-\frac{{1}}{{2}} ({residual})^2)",
        rf"\exp(-({residual})^2)",
        rf"\frac{{1}}{{\sqrt{{2 \pi}}}} \exp(-\frac{{1}}{{2}} ({residual})^2)",
        rf"\frac{{1}}{{\sqrt{{2 \pi v}}}} \exp(-\frac{{({residual})^2}}{{2 v}})",
        rf"-\frac{{({residual})^2}}{{2 s^2}}",
    )
    return usual, other


def _logarithm(residual: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The log-likelihood of n residuals with variance s², whole and in parts."""
    squares = rf"\sum_{{i=1}}^n ({residual})^2"
    usual = (rf"-\frac{{n}}{{2}} \log(2 \pi s^2) - \frac{{1}}{{2 s^2}} {squares}",)
    other = (
        rf"\frac{{n}}{{2}} \log(2 \pi s^2) + \frac{{1}}{{2 s^2}} {squares}",
        rf"-\frac{{1}}{{2 s^2}} {squares}",
        rf"\frac{{1}}{{2 s^2}} {squares}",
        rf"-n \log s - \frac{{1}}{{2 s^2}} {squares}",
        rf"-\frac{{n}}{{2}} \log(2 \pi) - \frac{{1}}{{2}} {squares}",
        rf"\frac{{n}}{{2}} \log b - \frac{{n}}{{2}} \log(2 \pi) - \frac{{b}}{{2}} {squares}",
        rf"\frac{{n}}{{2}} \log \frac{{b}}{{2 \pi}} - \frac{{b}}{{2}} {squares}",
        rf"-\frac{{1}}{{2}} {squares}",
        rf"-{squares}",
    )
    return usual, other


_PLAIN, _OF_WEIGHTS = _normal("x - m"), _normal("x - w^\\top u")
_PRODUCTS = tuple(
    rf"\prod_{{i=1}}^n \frac{{1}}{{\sqrt{{2 \pi {s}^2}}}} \exp(-\frac{{({r})^2}}{{2 {s}^2}})"
    for r, s in (("x_i - m", "s"), ("x_i - w^\\top u_i", "s"), ("x_i - m_i", "s"), ("x_i - m_i", "s_i"))
)
_LOG, _LOG_OF_WEIGHTS = _logarithm("x_i - m"), _logarithm("x_i - w^\\top u_i")
_LOG_OF_MEANS = _logarithm("x_i - m_i")
DIMENSION = Part(letter="D", domain=natural("D").domain, written=("D", "d", "n", "k", "p", "N", "M"))

ROWS: tuple[Standard, ...] = (
    Standard(
        name="density of a target with normal noise",
        words=LINEAR,
        usual=r"log[- ]?likelihood|likelihood",
        letters=DENSITY,
        parts=(POINT, CENTRE, WIDTH, VARIANCE, PRECISION, WEIGHTS, FEATURES, N),
        formulas=(*_OF_WEIGHTS[0], *_PLAIN[0], *_PRODUCTS),
        also=(*_OF_WEIGHTS[1], *_PLAIN[1]),
    ),
    Standard(
        name="log-likelihood of targets with normal noise",
        words=LINEAR,
        usual=r"(?:log[- ]?)?likelihood|maximi[sz]\w+",
        letters=r"(?:log|ln)(?:[pPLf]|mathcal\{?L\}?)(?:_.{1,6})?\(.*\)|(?:ell|L|LL|l)(?:_.{1,3})?(?:\(.*\))?",
        parts=(POINT, CENTRE, WIDTH, PRECISION, WEIGHTS, FEATURES, N),
        formulas=(*_LOG_OF_WEIGHTS[0], *_LOG[0], *_LOG_OF_MEANS[0]),
        also=(*_LOG_OF_WEIGHTS[1], *_LOG[1], *_LOG_OF_MEANS[1]),
    ),
    Standard(
        name="density of the multivariate normal distribution",
        words=rf"{GAUSSIAN}",
        letters=DENSITY,
        parts=(
            vector("x", r"x z y t x_i x_n x^{(i)} \theta X w"),
            vector("m", r"\mu m \mu_k \mu_i \mu_c \mu_0 \mu_1 \bar{x} \mu_j"),
            matrix("S", r"\Sigma \Sigma_k C S \Sigma_i \Sigma_c \Sigma_0 \Sigma_1 \Sigma_j V K"),
            DIMENSION,
        ),
        formulas=(
            r"\frac{1}{(2 \pi)^{D / 2} |S|^{1/2}} \exp(-\frac{1}{2} (x - m)^\top S^{-1} (x - m))",
            r"\frac{1}{(2 \pi)^{D / 2} |S|^{1/2}} \exp(-\frac{1}{2} x^\top S^{-1} x)",
        ),
        also=(
            r"\exp(-\frac{1}{2} (x - m)^\top S^{-1} (x - m))",
            r"\frac{|S|^{1/2}}{(2 \pi)^{D / 2}} \exp(-\frac{1}{2} (x - m)^\top S (x - m))",
            r"\frac{1}{|S|^{1/2}} \exp(-\frac{1}{2} (x - m)^\top S^{-1} (x - m))",
            r"\frac{1}{(2 \pi)^{D / 2}} \exp(-\frac{1}{2} (x - m)^\top (x - m))",
            r"\frac{1}{|2 \pi S|^{1/2}} \exp(-\frac{1}{2} (x - m)^\top S^{-1} (x - m))",
            r"\frac{1}{|2 \pi S|^{1/2}} \exp(-\frac{1}{2} x^\top S^{-1} x)",
        ),
    ),
    Standard(
        name="mass of the Poisson distribution",
        words="poisson",
        letters=MASS,
        parts=(
            natural("k", r"x y n y_i x_i N y_n x_n k_i"),
            positive("r", r"\lambda \mu \theta \lambda_i \mu_i \hat{\lambda}"),
        ),
        formulas=(r"\frac{r^k \exp(-r)}{k!}",),
        also=(r"r^k \exp(-r)", r"\frac{r^k}{k!}", r"\exp(k \log r - r) / k!"),
    ),
    Standard(
        name="density of the exponential distribution",
        words=r"exponential(?:ly)? (?:distribut\w+|densit\w+|random|variable)",
        letters=DENSITY,
        parts=(
            positive("x", r"t y z x_i t_i y_i s \tau"),
            positive("r", r"\lambda \theta \mu \beta \lambda_i"),
        ),
        formulas=(r"r \exp(-r x)",),
        also=(r"\frac{1}{r} \exp(-\frac{x}{r})", r"\exp(-r x)", r"1 - \exp(-r x)", r"\exp(-\frac{x}{r})"),
    ),
    Standard(
        name="density of the Laplace distribution",
        words=r"laplace(?! transform| approx| smooth| equation)",
        letters=DENSITY,
        parts=(
            real("x", r"y z w \beta \beta_j w_j \theta x_i w_i \theta_j \epsilon y_i"),
            real("m", r"\mu \theta", may_be_number=True),
            positive("b", r"\sigma \tau s \lambda \beta"),
        ),
        formulas=(
            r"\frac{1}{2 b} \exp(-\frac{|x - m|}{b})",
            r"\frac{1}{2 b} \exp(-\frac{|x|}{b})",
        ),
        also=(
            r"\frac{b}{2} \exp(-b |x|)",
            r"\frac{b}{2} \exp(-b |x - m|)",
            r"\exp(-\frac{|x - m|}{b})",
            r"\exp(-\frac{|x|}{b})",
            r"\exp(-b |x|)",
            r"\frac{1}{2} \exp(-|x - m|)",
        ),
    ),
    Standard(
        name="entropy of the normal distribution",
        words=rf"entropy[^.]*{GAUSSIAN}|{GAUSSIAN}[^.]*entropy",
        letters=r"(?:mathbb)?[hHS](?:_.{1,6})?(?:[(\[].*[)\]])?",
        parts=(firm(WIDTH), firm(VARIANCE), matrix("S", r"\Sigma C"), DIMENSION),
        formulas=(
            r"\frac{1}{2} \log(2 \pi s^2) + \frac{1}{2}",
            r"\frac{1}{2} \log |S| + \frac{D}{2} (1 + \log(2 \pi))",
        ),
        also=(
            r"\frac{1}{2} \log(2 \pi v) + \frac{1}{2}",
            r"\frac{1}{2} \log |S|",
            r"\log s",
            r"\log s + \frac{1}{2}",
            r"\frac{1}{2} \log v",
        ),
    ),
    Standard(
        name="probability of a class in logistic regression",
        words=r"logistic (?:regression|model|classif\w+)|log[- ]odds",
        letters=r"(?:[pP]|Pr|hat[py])(?:_.{1,6})?[(\[].*=1.*[)\]]|h_(?:theta|w|beta)(?:\(.*\))",
        parts=(WEIGHTS, FEATURES, real("c", r"b w_0 \beta_0 \theta_0 \alpha"), sign("y", "y_i y_n t")),
        formulas=(
            r"\frac{1}{1 + \exp(-w^\top u)}",
            r"\frac{1}{1 + \exp(-(w^\top u + c))}",
        ),
        also=(
            r"\exp(w^\top u)",
            r"w^\top u",
            r"w^\top u + c",
            r"\frac{1}{1 + \exp(-y w^\top u)}",
            r"\frac{1}{1 + \exp(w^\top u)}",  # some texts let the weights speak for the other class
            r"\frac{1}{1 + \exp(w^\top u + c)}",
        ),
    ),
    Standard(
        name="log-likelihood of Bernoulli trials",
        words="bernoulli|coin",
        usual=r"(?:log[- ]?)?likelihood|maximi[sz]\w+",
        letters=r"(?:log|ln)(?:[pPLf]|mathcal\{?L\}?)(?:_.{1,6})?\(.*\)|(?:ell|L|LL|l)(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            bit("x", "y x_i y_i x^{(i)} t z"),
            share("p", r"\theta \mu \pi q \phi \hat{y}_i \hat{y} p_i \mu_i h"),
            positive("k", r"n_1 N_1 h m s N_H n_H"),
            positive("j", r"n_0 N_0 t N_T n_T"),
            N,
        ),
        formulas=(
            r"\sum_{i=1}^n (x_i \log p + (1 - x_i) \log (1 - p))",
            r"\sum_{i=1}^n (x_i \log p_i + (1 - x_i) \log (1 - p_i))",
            r"x \log p + (1 - x) \log (1 - p)",
            r"k \log p + j \log (1 - p)",
            r"k \log p + (n - k) \log (1 - p)",
        ),
        also=(
            r"-\sum_{i=1}^n (x_i \log p + (1 - x_i) \log (1 - p))",
            r"-\sum_{i=1}^n (x_i \log p_i + (1 - x_i) \log (1 - p_i))",
            r"\frac{1}{n} \sum_{i=1}^n (x_i \log p + (1 - x_i) \log (1 - p))",
            r"-\frac{1}{n} \sum_{i=1}^n (x_i \log p_i + (1 - x_i) \log (1 - p_i))",
            r"-(x \log p + (1 - x) \log (1 - p))",
            r"\sum_{i=1}^n \log p_i",
        ),
    ),
    Standard(
        name="maximum likelihood estimate of a variance",
        words=(
            r"(?:maximum[- ]likelihood|\bMLE?\b)[^.]*(?:variance|gaussian|normal)"
            r"|variance[^.]*(?:maximum[- ]likelihood|\bMLE?\b)"
        ),
        usual=r"(?:log[- ]?)?likelihood|maximi[sz]\w+",
        letters=r"(?:hat)?(?:sigma|s|v)(?:_.{1,5})?\^2(?:_.{1,5})?",
        parts=(
            real("x", "y x_i x_n y_i x^{(i)} t"),
            real("m", r"\bar{x} \hat{\mu} \mu \bar{y} \mu_{ML} \hat{\mu}_{ML} \hat{\mu}_{MLE} m"),
            WEIGHTS,
            FEATURES,
            N,
        ),
        formulas=(
            r"\frac{1}{n} \sum_{i=1}^n (x_i - m)^2",
            r"\frac{1}{n} \sum_{i=1}^n (x_i - w^\top u_i)^2",
        ),
        also=(
            r"\frac{1}{n - 1} \sum_{i=1}^n (x_i - m)^2",
            r"\frac{1}{n} \sum_{i=1}^n (x_i - m_i)^2",
            r"\frac{1}{n} \sum_{i=1}^n x_i^2 - m^2",
            r"\frac{1}{n} \sum_{i=1}^n x_i^2",
            r"\sqrt{\frac{1}{n} \sum_{i=1}^n (x_i - m)^2}",
        ),
    ),
    Standard(
        name="probability of a class in softmax regression",
        words=(
            r"(?:softmax|multi-?nomial(?: logistic)?|multi-?class logistic) (?:regression|classif\w+|model)"
            r"|logistic regression (?:for|with|to) [^.]*classes"
        ),
        letters=r"(?:[pPhsy]|Pr|pi|hat[py]|phi)(?:_.{1,6})?(?:[(\[].*[)\]])?",
        parts=(WEIGHTS, FEATURES, real("c", r"b b_k \beta_0"), count("n", "K C k g M J")),
        formulas=(
            r"\frac{\exp(w_k^\top u)}{\sum_j \exp(w_j^\top u)}",
            r"\frac{\exp(w_k^\top u + c_k)}{\sum_j \exp(w_j^\top u + c_j)}",
        ),
        also=(
            r"\frac{1}{1 + \sum_j \exp(w_j^\top u)}",
            r"\frac{\exp(w_k^\top u)}{1 + \sum_j \exp(w_j^\top u)}",
            r"\exp(w_k^\top u)",
            r"\frac{1}{1 + \exp(-w^\top u)}",
        ),
    ),
    Standard(
        name="probability of a class beside one of reference",
        words=r"(?:reference|baseline|pivot|base) (?:class|categor|outcome|level)",
        letters=r"(?:[pP]|Pr|pi|hatp)(?:_.{1,6})?(?:[(\[].*[)\]])?",
        parts=(WEIGHTS, FEATURES, real("c", r"b b_k \beta_0"), count("K", "J C M k m")),
        formulas=(
            r"\frac{\exp(w_k^\top u)}{1 + \sum_{j=1}^{K-1} \exp(w_j^\top u)}",
            r"\frac{1}{1 + \sum_{j=1}^{K-1} \exp(w_j^\top u)}",
        ),
        also=(r"\exp(w_k^\top u)", r"\frac{\exp(w_k^\top u)}{\sum_j \exp(w_j^\top u)}"),
    ),
)

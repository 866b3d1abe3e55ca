r"""More of families of distributions: moments, characteristic functions, order statistics, log-partition functions."""

from __future__ import annotations

from .families import family
from .standard import Part, Standard, firm, natural, positive, real, share

ARGUMENT = real("t", "u s w \\omega k")
CHARACTERISTIC = r"(?:phi|varphi|Phi|psi|chi)(?:_.{1,3})?\(.{1,5}\)|(?:mathbb)?E[(\[](?:e\^|exp\().{3,9}[)\]]"
IMAGINARY = firm(positive("i", "j"))
POINT = firm(share("F", "F(x) F(y) F(t) F_X(x) F_X(t) F_X(y) F(x_{(k)}) F(z)"))
HEIGHT = firm(positive("f", "f(x) f(y) f(t) f_X(x) f_X(y) f(z)"))
NATURAL = firm(real("h", r"\eta \theta \eta_1 \phi \psi"))
FAMILY = r"exponential[- ]famil|log[- ]partition|log[- ]normali[sz]er|cumulant|natural parameter|canonical"
PARTITION = r"(?:A|a|psi|b|F|Phi|phi|Psi|G|g)\((?:eta|theta|phi|psi)\)|kappa\(.{1,6}\)"
MEAN = r"(?:mu|p|pi|phi|theta|lambda|bar?y)(?:\(eta\))?|(?:mathbb)?E[(\[].{1,9}[)\]]|A'\((?:eta|theta)\)"


def _near(words: str) -> str:
    """The words that name a family beside those that name exponential families."""
    return rf"(?:{words})[\s\S]{{0,400}}(?:{FAMILY})|(?:{FAMILY})[\s\S]{{0,400}}(?:{words})"


def _characteristic(
    name: str, words: str, *parts: Part, formulas: tuple[str, ...], also: tuple[str, ...] = ()
) -> Standard:
    """The row of the characteristic function of a family."""
    return Standard(
        name=f"characteristic function of the {name} distribution",
        words=rf"(?:{words})[\s\S]{{0,300}}characteristic function|characteristic function[\s\S]{{0,300}}(?:{words})",
        letters=CHARACTERISTIC,
        parts=(ARGUMENT, IMAGINARY, *parts),
        formulas=formulas,
        also=also,
    )


def _partition(name: str, words: str, *formulas: str, also: tuple[str, ...] = ()) -> Standard:
    """The row of the log-partition function of a family."""
    return Standard(
        name=f"log-partition function of the {name} distribution",
        words=_near(words),
        letters=PARTITION,
        parts=(NATURAL, firm(share("p", r"\mu \pi \lambda")), natural("n", "N")),
        formulas=formulas,
        also=also,
    )


ROWS: tuple[Standard, ...] = (
    *family(
        "Dirichlet",
        r"dirichlet|\\(?:mathrm|text|operatorname)\{Dir",
        firm(positive("a", r"\alpha_k \alpha_i \alpha_1 a_k a_i")),
        firm(positive("c", r"\alpha_j \alpha_l a_j \alpha_2")),
        firm(positive("A", r"\alpha_0 \alpha_+ S a_0 \bar{\alpha}")),
        share("m", r"\tilde{\alpha}_k \bar{\alpha}_k \tilde{\alpha}_i \mu_k m_k"),
        mean=(r"\frac{a}{A}",),
        variance=(r"\frac{a (A - a)}{A^2 (A + 1)}", r"\frac{m (1 - m)}{A + 1}"),
    ),
    Standard(
        name="covariance of the Dirichlet distribution",
        words="dirichlet",
        letters=r"(?:Cov|cov)[(\[].{3,24}[)\]]",
        parts=(
            firm(positive("a", r"\alpha_k \alpha_i \alpha_1")),
            firm(positive("c", r"\alpha_j \alpha_l \alpha_2")),
            firm(positive("A", r"\alpha_0 \alpha_+")),
        ),
        formulas=(r"-\frac{a c}{A^2 (A + 1)}",),
    ),
    *family(
        "beta-binomial",
        r"beta-?\s?binomial",
        positive("a", r"\alpha"),
        positive("b", r"\beta"),
        positive("n", "N"),
        positive("k", "x y"),
        firm(positive("B", r"B(\alpha,\beta) B(a,b)")),
        firm(positive("C", r"B(k+\alpha,n-k+\beta) B(x+\alpha,n-x+\beta) B(\alpha+k,\beta+n-k) B(k+a,n-k+b)")),
        mass=(r"\binom{n}{k} \frac{C}{B}",),
        mean=(r"\frac{n a}{a + b}",),
        variance=(r"\frac{n a b (a + b + n)}{(a + b)^2 (a + b + 1)}",),
        also=(r"\frac{a}{a + b}", r"\frac{a b}{(a + b)^2 (a + b + 1)}"),
    ),
    *family(
        "von Mises",
        r"von[- ]mises(?!-fisher)",
        real("x", r"\theta \phi y"),
        real("m", r"\mu \theta_0"),
        positive("k", r"\kappa m"),
        firm(positive("I", r"I_0(\kappa)")),
        density=(r"\frac{e^{k \cos(x - m)}}{2 \pi I}",),
        also=(r"e^{k \cos(x - m)}",),
    ),
    *family(
        "half-normal",
        r"half-?\s?normal|half-?\s?gaussian",
        positive("x", "y z"),
        positive("s", r"\sigma"),
        density=(r"\frac{\sqrt{2}}{s \sqrt{\pi}} e^{-\frac{x^2}{2 s^2}}",),
        mean=(r"s \sqrt{\frac{2}{\pi}}",),
        variance=(r"s^2 (1 - \frac{2}{\pi})",),
        also=(r"\frac{1}{\sqrt{2 \pi s^2}} e^{-\frac{x^2}{2 s^2}}",),
    ),
    _characteristic(
        "normal",
        "normal|gaussian",
        real("m", r"\mu"),
        positive("s", r"\sigma"),
        formulas=(r"e^{i m t - s^2 t^2 / 2}", r"e^{-t^2 / 2}", r"e^{-s^2 t^2 / 2}"),
        also=(r"e^{i m t - s t^2 / 2}",),
    ),
    _characteristic(
        "Poisson",
        "poisson",
        positive("r", r"\lambda \mu"),
        formulas=(r"e^{r (e^{i t} - 1)}",),
        also=(r"r (e^{i t} - 1)",),
    ),
    _characteristic(
        "exponential",
        r"exponential(?:ly)? (?:distribut|random|variable)",
        positive("r", r"\lambda \theta"),
        formulas=(r"\frac{r}{r - i t}", r"\frac{1}{1 - \frac{i t}{r}}"),
        also=(r"\frac{1}{1 - i r t}",),
    ),
    _characteristic(
        "Cauchy",
        "cauchy",
        positive("g", r"\gamma"),
        real("m", r"x_0 \mu"),
        formulas=(r"e^{-|t|}", r"e^{i m t - g |t|}"),
        also=(r"e^{-g |t|}",),
    ),
    Standard(
        name="density of an order statistic",
        words=r"order statistic|\bmaxim(?:um|a)\b|\bminim(?:um|a)\b|\bsmallest\b|\blargest\b|\\(?:max|min)(?![a-z])",
        usual=r"maximi[sz]\w*|maximum",
        letters=r"[fg](?:_.{1,9})?\(.{1,5}\)",
        parts=(POINT, HEIGHT, natural("n", "N m"), natural("k", "r j i")),
        formulas=(
            r"\frac{n!}{(k - 1)! (n - k)!} F^{k - 1} (1 - F)^{n - k} f",
            r"n \binom{n - 1}{k - 1} F^{k - 1} (1 - F)^{n - k} f",
            r"n F^{n - 1} f",
            r"n (1 - F)^{n - 1} f",
        ),
    ),
    Standard(
        name="probability of an interval",
        words=r"distribution function|\bcdf\b",
        letters=r"(?:P|Pr|mathbbP)[(\[].{1,3}(?:<|lt)[XYZTW](?:<|leq?|lt).{1,3}[)\]]",  # whole numbers have P(X = a)
        parts=(
            firm(share("u", r"F(b) F_X(b) F(x_2) F_X(x_2) F(t_2) \Phi(b)")),
            firm(share("l", r"F(a) F_X(a) F(x_1) F_X(x_1) F(t_1) \Phi(a)")),
        ),
        formulas=("u - l",),
    ),
    Standard(
        name="distribution function of an extreme of several variables",
        words=r"\bmaxim(?:um|a)\b|\bminim(?:um|a)\b|\bsmallest\b|\blargest\b|\\(?:max|min)(?![a-z])",
        usual=r"maximi[sz]\w*|maximum",
        letters=r"F_.{1,9}\(.{1,3}\)|(?:P|Pr)[(\[](?:M|Y|Z|X_\(.{1,2}\)|max.*)(?:le|leq|<).{1,3}[)\]]",
        parts=(POINT, natural("n", "N m")),
        formulas=(r"F^n", r"1 - (1 - F)^n"),
        also=(r"(1 - F)^n", r"1 - F^n", "F"),
    ),
    _partition(
        "Bernoulli",
        "bernoulli|logistic regression",
        r"\log(1 + e^h)",
        r"-\log(1 - p)",
        also=(r"\log(e^h + e^{-h})", r"\log(2 \cosh h)", r"\log(1 + e^{2 h})", r"\log(1 - p)", "e^h", r"\frac{h^2}{2}"),
    ),
    _partition("Poisson", "poisson", r"e^h", also=("h", "p")),
    _partition(
        "binomial",
        r"(?<!negative )binomial",
        r"n \log(1 + e^h)",
        r"-n \log(1 - p)",
        also=(r"\log(1 + e^h)", r"-\log(1 - p)"),
    ),
    Standard(
        name="mean of a Bernoulli variable by its natural parameter",
        words=_near("bernoulli|logistic"),
        letters=MEAN,
        parts=(NATURAL,),
        formulas=(r"\frac{1}{1 + e^{-h}}",),
    ),
    Standard(
        name="natural parameter of the Bernoulli distribution",
        words=_near("bernoulli|logistic"),
        letters=r"eta(?:\(.{1,6}\))?",
        parts=(firm(share("p", r"\mu \pi \phi \theta \lambda q")),),
        formulas=(r"\log \frac{p}{1 - p}",),
        also=(r"\log p - \log(1 - p)", r"\frac{1}{2} \log \frac{p}{1 - p}", r"\log p", r"\log(1 - p)"),
    ),
)

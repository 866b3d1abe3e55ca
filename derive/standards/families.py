r"""Families of distributions by name: densities, masses, means, variances and modes.

Where texts use one letter for a rate and for its reciprocal, the other convention is under `also`: never called wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from .standard import Part, Standard, count, positive, real, share

ARGUMENT = r"[(\[][^|;,=]{1,14}[)\]]"
MEAN = rf"(?:E|mean|Mean){ARGUMENT}"
VARIANCE = rf"(?:Var|var|V){ARGUMENT}"
MODE = rf"(?:mode|Mode){ARGUMENT}|mode|Mode"
MODE_LETTER = r"(?:hat)?(?:[xyztp]|theta|mu|lambda|pi)(?:_(?:mode|max|\*|MAP|MODE)|\^\*|\^MAP)"
DENSITY = r"(?:[fpPqg]|pi)(?:_.{1,6})?\(.*\)"
MASS = r"(?:[pPfq]|Pr)(?:_.{1,6})?[(\[](?:(?![<>]|[gl]e).)*[)\]]"  # and no P(X > k)
KINDS = (
    r"(?: ?\$?\([^)]{1,24}\)\$?)?(?: probability)? (?:distribut\w+|densit\w+|random|variable|prior|law|pdf|mass|pmf)"
)
Formulas = tuple[str, ...]

SHAPE = positive("a", r"\alpha k \alpha_0 \nu")
OTHER_SHAPE = positive("b", r"\beta \beta_0")
RATE = positive("b", r"\beta \lambda \beta_0 r")
SCALE = positive("s", r"\theta \sigma")
POINT = positive("x", r"y t z \theta \lambda \tau \sigma^2 v \beta")
CENTRE = real("m", r"\mu \mu_0")
WIDTH = positive(r"\sigma", "s")
FREEDOM = positive("k", r"\nu n d r v")
CHANCE = share("p", r"\theta \mu \pi \phi q")
TRIES = positive("n", "N m T")
HITS = positive("k", r"x y m r i n_1")


def family(
    name: str,
    words: str,
    *parts: Part,
    density: Formulas = (),
    mass: Formulas = (),
    mean: Formulas = (),
    variance: Formulas = (),
    mode: Formulas = (),
    also: Formulas = (),
    settled: bool = False,
) -> Iterator[Standard]:
    """The rows of a family; `also` goes with each of them, and `settled` says that none has other parameters."""
    kinds = (
        ("density", DENSITY, density),
        ("mass", MASS, mass),
        ("mean", MEAN, mean),
        ("variance", VARIANCE, variance),
        ("mode", MODE, mode),
        ("most probable value", MODE_LETTER, mode),
    )
    for what, letters, formulas in kinds:
        if formulas:
            full = f"{what} of the {name} distribution"
            yield Standard(
                name=full,
                words=rf"(?s:(?:{words}).*?\bmode\b)" if letters == MODE_LETTER else words,
                letters=letters,
                parts=parts,
                formulas=formulas,
                also=also,
                settled=settled,
                of_a_family=True,
            )


GAMMA = r"(?<!inverse )(?<!inverse-)gamma" + KINDS + r"|\\(?:mathrm|text|operatorname|mathcal)\{(?:Gamma|Ga)\}"

ROWS: tuple[Standard, ...] = (
    *family(
        "beta",
        r"\bbeta" + KINDS + r"|\\(?:mathrm|text|operatorname|mathcal)\{(?:Beta|Be)\}",
        SHAPE,
        OTHER_SHAPE,
        share("x", r"\theta p \pi \mu y q \phi"),
        positive("B", r"B(a,b) B(\alpha,\beta) Z"),
        density=(
            r"\frac{\Gamma(a + b)}{\Gamma(a) \Gamma(b)} x^{a - 1} (1 - x)^{b - 1}",
            r"\frac{x^{a - 1} (1 - x)^{b - 1}}{B}",
        ),
        mean=(r"\frac{a}{a + b}",),
        variance=(r"\frac{a b}{(a + b)^2 (a + b + 1)}",),
        mode=(r"\frac{a - 1}{a + b - 2}",),
        also=(r"x^{a - 1} (1 - x)^{b - 1}", r"\frac{1}{a + b + 1} \frac{a}{a + b} \frac{b}{a + b}"),
    ),
    *family(
        "gamma",
        GAMMA,
        SHAPE,
        RATE,
        SCALE,
        POINT,
        density=(
            r"\frac{b^a}{\Gamma(a)} x^{a - 1} e^{-b x}",
            r"\frac{1}{\Gamma(a) s^a} x^{a - 1} e^{-x / s}",
        ),
        mean=(r"\frac{a}{b}", "a s"),
        variance=(r"\frac{a}{b^2}", "a s^2"),
        mode=(r"\frac{a - 1}{b}", "(a - 1) s"),
        also=(
            r"\frac{1}{\Gamma(a) b^a} x^{a - 1} e^{-x / b}",
            r"x^{a - 1} e^{-b x}",
            "a b",
            "a b^2",
            "(a - 1) b",
            r"\frac{a}{s}",
            r"\frac{a}{s^2}",
        ),
    ),
    *family(
        "inverse gamma",
        r"inverse[- ]gamma|\\(?:mathrm|text|operatorname|mathcal)\{(?:InvGamma|IG|Inv-Gamma)\}",
        SHAPE,
        OTHER_SHAPE,
        POINT,
        density=(r"\frac{b^a}{\Gamma(a)} x^{-a - 1} e^{-b / x}",),
        mean=(r"\frac{b}{a - 1}",),
        variance=(r"\frac{b^2}{(a - 1)^2 (a - 2)}",),
        mode=(r"\frac{b}{a + 1}",),
        also=(r"x^{-a - 1} e^{-b / x}",),
    ),
    *family(
        "chi-square",
        r"(?:chi|\$\\chi\^2(?:_.)?\$)[- ](?:squared? )?" + KINDS.lstrip() + r"|chi-?[- ]?squared?" + KINDS,
        FREEDOM,
        POINT,
        density=(r"\frac{1}{2^{k / 2} \Gamma(k / 2)} x^{k / 2 - 1} e^{-x / 2}",),
        mean=("k",),
        variance=("2 k",),
        also=(r"x^{k / 2 - 1} e^{-x / 2}",),
    ),
    *family(
        "Student t",
        r"student|\$?\bt\$?-" + KINDS.lstrip(),
        FREEDOM,
        real("x", r"t y z"),
        CENTRE,
        WIDTH,
        density=(
            r"\frac{\Gamma(\frac{k + 1}{2})}{\sqrt{k \pi} \Gamma(\frac{k}{2})} (1 + \frac{x^2}{k})^{-\frac{k + 1}{2}}",
            r"\frac{\Gamma(\frac{k + 1}{2})}{\sqrt{k \pi} \sigma \Gamma(\frac{k}{2})}"
            r" (1 + \frac{(x - m)^2}{k \sigma^2})^{-\frac{k + 1}{2}}",
        ),
        variance=(r"\frac{k}{k - 2}", r"\frac{k \sigma^2}{k - 2}"),
        also=(
            r"(1 + \frac{x^2}{k})^{-\frac{k + 1}{2}}",
            r"(1 + \frac{(x - m)^2}{k \sigma^2})^{-\frac{k + 1}{2}}",
        ),
    ),
    *family(
        "Cauchy",
        "cauchy" + KINDS,
        real("x", "y t z"),
        real("m", r"x_0 \mu \theta \alpha"),
        positive("s", r"\gamma \sigma \beta"),
        density=(
            r"\frac{1}{\pi s (1 + (\frac{x - m}{s})^2)}",
            r"\frac{1}{\pi (1 + x^2)}",
            r"\frac{s}{\pi (x^2 + s^2)}",
        ),
        also=(r"\frac{1}{\pi (1 + (x - m)^2)}",),
    ),
    *family(
        "log-normal",
        r"log-?[- ]?normal",
        CENTRE,
        WIDTH,
        positive("x", "y t z"),
        positive("b", r"\tau"),
        density=(r"\frac{1}{x \sigma \sqrt{2 \pi}} e^{-\frac{(\log x - m)^2}{2 \sigma^2}}",),
        mean=(r"e^{m + \frac{\sigma^2}{2}}", r"e^{m + \frac{1}{2 b}}"),
        variance=(
            r"(e^{\sigma^2} - 1) e^{2 m + \sigma^2}",
            r"(e^{1 / b} - 1) e^{2 m + 1 / b}",
        ),
        mode=(r"e^{m - \sigma^2}",),
        also=("e^m",),
    ),
    *family(
        "Pareto",
        r"pareto" + KINDS,
        positive("a", r"\alpha k"),
        positive("s", r"x_m x_{min} x_{\min} m \beta b \lambda x_0"),
        POINT,
        density=(r"\frac{a s^a}{x^{a + 1}}",),
        mean=(r"\frac{a s}{a - 1}",),
        variance=(r"\frac{a s^2}{(a - 1)^2 (a - 2)}",),
    ),
    *family(
        "Weibull",
        r"weibull",
        positive("k", r"\alpha \gamma a c"),
        positive("s", r"\lambda \beta \sigma b \theta"),
        positive("x", "t y z"),
        density=(r"\frac{k}{s} (\frac{x}{s})^{k - 1} e^{-(x / s)^k}",),
        mean=(r"s \Gamma(1 + \frac{1}{k})",),
        variance=(r"s^2 (\Gamma(1 + \frac{2}{k}) - \Gamma(1 + \frac{1}{k})^2)",),
        also=(r"k s x^{k - 1} e^{-s x^k}", r"k s (s x)^{k - 1} e^{-(s x)^k}"),
    ),
    *family(
        "Rayleigh",
        "rayleigh" + KINDS,
        WIDTH,
        positive("x", "r y t"),
        density=(r"\frac{x}{\sigma^2} e^{-\frac{x^2}{2 \sigma^2}}",),
        mean=(r"\sigma \sqrt{\frac{\pi}{2}}",),
        variance=(r"\frac{4 - \pi}{2} \sigma^2",),
    ),
    *family(
        "Gumbel",
        r"gumbel" + KINDS,
        real("x", "y t g"),
        CENTRE,
        positive("s", r"\beta \theta \sigma"),
        real("z"),
        density=(r"\frac{1}{s} e^{-(z + e^{-z})}", r"\frac{1}{s} e^{-(\frac{x - m}{s} + e^{-\frac{x - m}{s}})}"),
        mode=("m",),
        variance=(r"\frac{\pi^2}{6} s^2",),
        also=(
            r"\frac{1}{s} e^{z - e^z}",  # of minima
            r"\frac{1}{s} e^{\frac{x - m}{s} - e^{\frac{x - m}{s}}}",
            "e^{-(z + e^{-z})}",
            "e^{-(x + e^{-x})}",
            "e^{-e^{-x}}",
            "e^{-e^{-z}}",
            r"e^{-e^{-\frac{x - m}{s}}}",
        ),
    ),
    *family(
        "inverse Gaussian",
        r"inverse[- ](?:gaussian|normal)|\bwald" + KINDS,
        positive("x", "y t z"),
        positive("m", r"\mu \nu"),
        positive("s", r"\lambda"),
        density=(r"\sqrt{\frac{s}{2 \pi x^3}} e^{-\frac{s (x - m)^2}{2 m^2 x}}",),
        mean=("m",),
        variance=(r"\frac{m^3}{s}",),
        also=(r"s m^3", r"\frac{1}{s}"),
    ),
    *family(
        "logistic",
        r"\blogistic (?:distribut|densit|random|variable)\w*",
        real("x", "y z t"),
        CENTRE,
        positive("s", r"\beta \sigma"),
        density=(r"\frac{e^{-x}}{(1 + e^{-x})^2}", r"\frac{e^{-(x - m) / s}}{s (1 + e^{-(x - m) / s})^2}"),
        variance=(r"\frac{s^2 \pi^2}{3}",),
        also=(r"\frac{e^x}{(1 + e^x)^2}", r"\frac{1}{1 + e^{-x}}"),
    ),
    *family(
        "uniform",
        r"\buniform(?:ly)?(?: \w+)?" + KINDS,
        real("a", r"\alpha"),
        real("b", r"\beta"),
        density=(r"\frac{1}{b - a}",),
        mean=(r"\frac{a + b}{2}",),
        variance=(r"\frac{(b - a)^2}{12}",),
        also=(r"\frac{(b - a + 1)^2 - 1}{12}", r"\frac{1}{b - a + 1}"),
    ),
    *family(
        "Laplace",
        "laplace" + KINDS,
        positive("b", r"s \sigma"),
        positive("r", r"\lambda"),
        variance=("2 b^2",),
        also=(r"\frac{2}{r^2}", r"\frac{2}{b^2}", "2 r^2"),
    ),
    *family(
        "exponential",
        r"exponential(?:ly)?" + KINDS,
        positive("r", r"\lambda"),
        positive("s", r"\beta \theta \mu"),
        mean=(r"\frac{1}{r}",),
        variance=(r"\frac{1}{r^2}",),
        also=("s", "s^2", r"\frac{1}{s}", r"\frac{1}{s^2}", "r", "r^2"),
    ),
    *family(
        "binomial",
        r"(?<!negative )(?<!negative-)(?<!beta-)(?<!beta )\bbinomial" + KINDS + r"|\\(?:mathrm|text)\{Bin(?:omial)?\}",
        TRIES,
        HITS,
        CHANCE,
        share("q"),
        mass=(r"\binom{n}{k} p^k (1 - p)^{n - k}", r"\frac{n!}{k! (n - k)!} p^k (1 - p)^{n - k}"),
        mean=("n p",),
        variance=("n p (1 - p)", "n p q"),
        also=("p^k (1 - p)^{n - k}", "p (1 - p)", r"\binom{n}{k} p^k q^{n - k}"),
    ),
    *family(
        "negative binomial",
        r"negative[- ]binomial",
        positive("r", r"\phi n"),
        positive("k", "x y n"),
        share("p", r"\theta"),
        positive("m", r"\mu \lambda"),
        mass=(
            r"\binom{k + r - 1}{k} p^r (1 - p)^k",
            r"\binom{k + r - 1}{r - 1} p^r (1 - p)^k",
            r"\binom{k - 1}{r - 1} p^r (1 - p)^{k - r}",
        ),
        mean=(r"\frac{r (1 - p)}{p}", r"\frac{r}{p}"),
        variance=(r"\frac{r (1 - p)}{p^2}", r"m + \frac{m^2}{r}"),
        also=(
            r"\binom{k + r - 1}{k} p^k (1 - p)^r",
            r"\frac{r p}{1 - p}",
            r"\frac{r p}{(1 - p)^2}",
            "m + r m^2",
            r"\frac{r}{1 - p}",
        ),
    ),
    *family(
        "geometric",
        r"(?<!hyper)\bgeometric" + KINDS,
        CHANCE,
        positive("k", "x n y t"),
        share("q"),
        mass=("(1 - p)^{k - 1} p", "(1 - p)^k p", "q^{k - 1} p"),
        mean=(r"\frac{1}{p}", r"\frac{1 - p}{p}"),
        variance=(r"\frac{1 - p}{p^2}", r"\frac{q}{p^2}"),
        also=("(1 - p) p^{k - 1}", r"(1 - p) p^k", r"\frac{1}{1 - p}", r"\frac{p}{1 - p}", r"\frac{p}{(1 - p)^2}"),
    ),
    *family(
        "hypergeometric",
        r"hypergeometric",
        positive("N", "M"),
        positive("K", "m M R D r"),
        positive("n", ""),
        positive("k", "x r"),
        mass=(r"\frac{\binom{K}{k} \binom{N - K}{n - k}}{\binom{N}{n}}",),
        mean=(r"\frac{n K}{N}",),
        variance=(r"n \frac{K}{N} (1 - \frac{K}{N}) \frac{N - n}{N - 1}",),
        settled=True,
    ),
    *family(
        "Poisson",
        "poisson",
        positive("r", r"\lambda \mu \theta"),
        mean=("r",),
        variance=("r",),
        also=(r"\sqrt{r}",),
    ),
    *family(
        "Bernoulli",
        r"bernoulli" + KINDS,
        share("p", r"\theta \mu \pi \phi"),
        share("x", "y k"),
        share("q"),
        mass=("p^x (1 - p)^{1 - x}",),
        mean=("p",),
        variance=("p (1 - p)", "p q"),
        also=("x p + (1 - x) (1 - p)", "p^x q^{1 - x}", "1 - p"),
    ),
    *family(
        "multinomial",
        r"multinomial",
        positive("n", "N"),
        positive("x", "n k m y"),
        share("p", r"\theta \mu \pi"),
        count("K", "k m"),
        mass=(r"\frac{n!}{\prod_k x_k!} \prod_k p_k^{x_k}", r"n! \prod_k \frac{p_k^{x_k}}{x_k!}"),
        also=(r"\prod_k p_k^{x_k}",),
    ),
    *family(
        "Dirichlet",
        r"dirichlet",
        positive(r"\alpha", r"a \beta"),
        share(r"\theta", r"p \mu \pi x q"),
        count("K", "k m"),
        positive("B", r"B(\alpha) B(\boldsymbol{\alpha})"),
        density=(
            r"\frac{\Gamma(\sum_{k=1}^K \alpha_k)}{\prod_k \Gamma(\alpha_k)} \prod_k \theta_k^{\alpha_k - 1}",
            r"\frac{1}{B} \prod_{k=1}^K \theta_k^{\alpha_k - 1}",
        ),
        also=(r"\prod_{k=1}^K \theta_k^{\alpha_k - 1}",),
    ),
)

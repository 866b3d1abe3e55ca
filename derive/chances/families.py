r"""Named distributions: how texts write them, their densities, means and variances, and divergences between two.

The letters of the templates are the outcome x and the parameters; what a text puts in their places replaces them.
A name with several rows is written with several parametrisations; a claim is false if it is false in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Family:
    r"""One parametrisation of a distribution over numbers.

    Attributes:
        name: for messages: `normal, by its variance`.
        heads: what texts write before the bracket, as plain names.
        parameters: letters of the templates, in the order of the bracket.
        positive: those of them that are positive.
        unit: those that lie between 0 and 1.
        density: of x, in LaTeX.
        mean, variance: in LaTeX; empty where there is none.
        outcome: the domain of x, `positive` or `unit`, if it is not the whole line or the whole numbers.
        divergence: KL from this row to itself with other parameters, which are written as capitals; or empty.
        words: those that tell this parametrisation from the others of its name, a pattern; or empty.
        source: key of the bibliography and place.
    """

    name: str
    heads: frozenset[str]
    parameters: tuple[str, ...]
    density: str
    mean: str = ""
    variance: str = ""
    positive: frozenset[str] = frozenset()
    unit: frozenset[str] = frozenset()
    outcome: str = ""
    divergence: str = ""
    words: str = ""
    source: str = "bishop2006:appendix B"


NORMAL = frozenset({"cal N", "N", "normal", "Normal", "Gaussian", "gaussian", "Norm", "norm"})
EXPONENTIAL = frozenset({"Exp", "Exponential", "exponential", "Expon"})
BETA = frozenset({"Beta", "beta", "Be"})
GAMMA = frozenset({"Gamma", "Gam", "gamma", "Ga"})
FAMILIES: tuple[Family, ...] = (
    Family(
        name="the normal distribution with mean and variance",
        heads=NORMAL,
        parameters=("m", "v"),
        positive=frozenset("v"),
        density=r"\frac{1}{\sqrt{2 \pi v}} \exp(-\frac{(x - m)^2}{2 v})",
        mean="m",
        variance="v",
        divergence=r"\frac{1}{2} (\log \frac{V}{v} + \frac{v + (m - M)^2}{V} - 1)",
    ),
    Family(
        name="the normal distribution with mean and standard deviation",
        heads=NORMAL,
        parameters=("m", "s"),
        positive=frozenset("s"),
        density=r"\frac{1}{\sqrt{2 \pi} s} \exp(-\frac{(x - m)^2}{2 s^2})",
        mean="m",
        variance="s^2",
        divergence=r"\frac{1}{2} (2 \log \frac{S}{s} + \frac{s^2 + (m - M)^2}{S^2} - 1)",
    ),
    Family(
        name="the Bernoulli distribution",
        heads=frozenset({"Bern", "Ber", "Bernoulli", "bernoulli"}),
        parameters=("r",),
        unit=frozenset("r"),
        density=r"r^x (1 - r)^{1 - x}",
        mean="r",
        variance="r (1 - r)",
        divergence=r"r \log \frac{r}{R} + (1 - r) \log \frac{1 - r}{1 - R}",
    ),
    Family(
        name="the Poisson distribution",
        heads=frozenset({"Poisson", "Pois", "poisson", "Poi"}),
        parameters=("u",),
        positive=frozenset("u"),
        density=r"\frac{u^x e^{-u}}{x!}",
        mean="u",
        variance="u",
        divergence=r"u \log \frac{u}{U} - u + U",
    ),
    Family(
        name="the exponential distribution with its rate",
        heads=EXPONENTIAL,
        parameters=("u",),
        positive=frozenset("u"),
        density=r"u e^{-u x}",
        mean=r"\frac{1}{u}",
        variance=r"\frac{1}{u^2}",
        divergence=r"\log \frac{u}{U} + \frac{U}{u} - 1",
    ),
    Family(
        name="the exponential distribution with its mean",
        heads=EXPONENTIAL,
        parameters=("u",),
        positive=frozenset("u"),
        density=r"\frac{1}{u} e^{-x / u}",
        mean="u",
        variance="u^2",
        divergence=r"\log \frac{U}{u} + \frac{u}{U} - 1",
    ),
    Family(
        name="the Laplace distribution",
        heads=frozenset({"Laplace", "Lap", "laplace", "double_exponential"}),
        parameters=("m", "s"),
        positive=frozenset("s"),
        density=r"\frac{1}{2 s} \exp(-\frac{|x - m|}{s})",
        mean="m",
        variance="2 s^2",
    ),
    Family(
        name="the binomial distribution",
        heads=frozenset({"Bin", "Binomial", "binomial", "B", "Binom"}),
        parameters=("w", "r"),
        unit=frozenset("r"),
        density=r"\binom{w}{x} r^x (1 - r)^{w - x}",
        mean="w r",
        variance="w r (1 - r)",
    ),
    Family(
        name="the geometric distribution, counted from 1",
        heads=frozenset({"Geom", "Geometric", "geometric", "Geo"}),
        parameters=("r",),
        unit=frozenset("r"),
        density=r"(1 - r)^{x - 1} r",
        mean=r"\frac{1}{r}",
        variance=r"\frac{1 - r}{r^2}",
        words=r"numbers? of (?:trials?|tosses|attempts)(?! (?:that |which )?(?:fail|before|preced))",
    ),
    Family(
        name="the geometric distribution, counted from 0",
        heads=frozenset({"Geom", "Geometric", "geometric", "Geo"}),
        parameters=("r",),
        unit=frozenset("r"),
        density=r"(1 - r)^x r",
        mean=r"\frac{1 - r}{r}",
        variance=r"\frac{1 - r}{r^2}",
        words=r"(?:count\w*|numbers? of) (?:the )?failures?",
    ),
    Family(
        name="the uniform distribution on an interval",
        heads=frozenset({"U", "Uniform", "cal U", "Unif", "uniform"}),
        parameters=("h", "w"),
        density=r"\frac{1}{w - h}",
        mean=r"\frac{h + w}{2}",
        variance=r"\frac{(w - h)^2}{12}",
    ),
    Family(
        name="the Beta distribution",
        heads=BETA,
        parameters=("a", "b"),
        positive=frozenset("ab"),
        outcome="unit",
        density=r"\frac{\Gamma(a + b)}{\Gamma(a) \Gamma(b)} x^{a - 1} (1 - x)^{b - 1}",
        mean=r"\frac{a}{a + b}",
        variance=r"\frac{a b}{(a + b)^2 (a + b + 1)}",
    ),
    Family(
        name="the Gamma distribution with shape and rate",
        heads=GAMMA,
        parameters=("a", "b"),
        positive=frozenset("ab"),
        outcome="positive",
        density=r"\frac{b^a}{\Gamma(a)} x^{a - 1} e^{-b x}",
        mean=r"\frac{a}{b}",
        variance=r"\frac{a}{b^2}",
        words=r"rate parameters?|shape[^.]{0,40} rate",
    ),
    Family(
        name="the Gamma distribution with shape and scale",
        heads=GAMMA,
        parameters=("a", "s"),
        positive=frozenset("as"),
        outcome="positive",
        density=r"\frac{1}{\Gamma(a) s^a} x^{a - 1} e^{-x / s}",
        mean="a s",
        variance="a s^2",
        words=r"scale parameters?|shape[^.]{0,40} scale",
    ),
    Family(
        name="the inverse Gamma distribution",
        heads=frozenset({"InvGamma", "InverseGamma", "InvGam"}),
        parameters=("a", "b"),
        positive=frozenset("ab"),
        outcome="positive",
        density=r"\frac{b^a}{\Gamma(a)} x^{-a - 1} e^{-b / x}",
        mean=r"\frac{b}{a - 1}",
        variance=r"\frac{b^2}{(a - 1)^2 (a - 2)}",
    ),
    Family(
        name="the Cauchy distribution",
        heads=frozenset({"Cauchy", "cauchy"}),
        parameters=("m", "s"),
        positive=frozenset("s"),
        density=r"\frac{1}{\pi s (1 + (\frac{x - m}{s})^2)}",
    ),
    Family(
        name="the log-normal distribution",
        heads=frozenset({"LogNormal", "Lognormal", "lognormal", "LN"}),
        parameters=("m", "v"),
        positive=frozenset("v"),
        outcome="positive",
        density=r"\frac{1}{x \sqrt{2 \pi v}} \exp(-\frac{(\log x - m)^2}{2 v})",
        mean=r"e^{m + v / 2}",
        variance=r"(e^v - 1) e^{2 m + v}",
    ),
    Family(
        name="the log-normal distribution by the standard deviation of the logarithm",
        heads=frozenset({"LogNormal", "Lognormal", "lognormal", "LN"}),
        parameters=("m", "s"),
        positive=frozenset("s"),
        outcome="positive",
        density=r"\frac{1}{x s \sqrt{2 \pi}} \exp(-\frac{(\log x - m)^2}{2 s^2})",
        mean=r"e^{m + s^2 / 2}",
        variance=r"(e^{s^2} - 1) e^{2 m + s^2}",
    ),
)

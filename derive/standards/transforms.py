r"""Moment generating functions of the usual families, and what estimates obey: information, error, bounds."""

from __future__ import annotations

from collections.abc import Iterator

from .standard import Part, Standard, firm, natural, positive, real, share

ARGUMENT = share("t", "s u")
GENERATING = r"[Mm](?:_.{1,2})?\([tsu]\)|(?:mathbb)?E[(\[](?:e\^[tsu][XYZ]|exp\([tsu][XYZ]\))[)\]]"
CHANCE, RATE = share("p", r"\theta \phi \pi \mu"), positive("b", r"\lambda \beta \theta \mu r")
TRIES, FREEDOM = natural("n", "N m"), positive("k", r"\nu n r d")
OBSERVATIONS = positive("n", "N m")
INFORMATION = r"(?:[IJFi])(?:_.{1,2})?\([a-z]+(?:\^2)?\)"


def _generating(
    family: str, words: str, *parts: Part, formulas: tuple[str, ...], also: tuple[str, ...] = ()
) -> Standard:
    """The row of the moment generating function of a family."""
    return Standard(
        name=f"moment generating function of the {family} distribution",
        words=words,
        usual="generali[sz]ed",
        letters=GENERATING,
        parts=(ARGUMENT, *parts),
        formulas=formulas,
        also=also,
    )


def _information(
    family: str, words: str, *parts: Part, formulas: tuple[str, ...], also: tuple[str, ...] = ()
) -> Standard:
    """The row of the Fisher information that a point of a family has of its parameter, or n points."""
    whole = tuple(rf"n \cdot {latex}" for latex in formulas)
    return Standard(
        name=f"Fisher information of the {family} distribution",
        words=rf"fisher[\s\S]{{0,150}}(?:{words})|(?:{words})[\s\S]{{0,150}}fisher",
        usual="inverse",
        letters=INFORMATION,
        parts=(*parts, OBSERVATIONS),
        formulas=(*formulas, *whole),
        also=also,
    )


def _generating_rows() -> Iterator[Standard]:
    yield _generating(
        "normal",
        r"\bnormal|gaussian|mathcal\{N\}|\bN\(",
        real("m", r"\mu"),
        positive("s", r"\sigma"),
        formulas=(r"e^{m t + s^2 t^2 / 2}", r"e^{t^2 / 2}", r"e^{s^2 t^2 / 2}"),
        also=(r"m t + s^2 t^2 / 2", r"e^{m + s^2 / 2}", r"e^{m t + s t^2 / 2}"),
    )
    yield _generating(
        "exponential",
        r"exponential (?:distribut|random|variable|with)|exponentially distributed|\bis exponential",
        RATE,
        formulas=(r"\frac{b}{b - t}", r"\frac{1}{1 - t / b}", r"(1 - \frac{t}{b})^{-1}"),
        also=(r"\frac{1}{1 - b t}",),
    )
    yield _generating(
        "Poisson", "poisson", RATE, formulas=(r"e^{b (e^t - 1)}",), also=(r"e^{-b} e^{b e^t}", r"b (e^t - 1)")
    )
    yield _generating(
        "uniform",
        "uniform",
        real("a"),
        real("b"),
        formulas=(r"\frac{e^{t b} - e^{t a}}{t (b - a)}",),
        also=(r"\frac{e^t - 1}{t}",),
    )


def _generating_of_trials() -> Iterator[Standard]:
    yield _generating(
        "Bernoulli",
        "bernoulli",
        CHANCE,
        share("q"),
        formulas=(r"1 - p + p e^t", r"q + p e^t"),
        also=(r"(1 - p + p e^t)^2",),
    )
    yield _generating(
        "binomial",
        "(?<!negative )binomial",
        CHANCE,
        TRIES,
        share("q"),
        formulas=(r"(1 - p + p e^t)^n", r"(q + p e^t)^n"),
        also=(r"1 - p + p e^t", r"q + p e^t"),
    )
    yield _generating(
        "geometric",
        "geometric",
        CHANCE,
        share("q"),
        formulas=(r"\frac{p e^t}{1 - (1 - p) e^t}", r"\frac{p}{1 - (1 - p) e^t}"),
        also=(r"\frac{p e^t}{1 - q e^t}", r"\frac{p}{1 - q e^t}"),
    )


def _information_rows() -> Iterator[Standard]:
    yield _information(
        "Bernoulli",
        "bernoulli|coin",
        CHANCE,
        formulas=(r"\frac{1}{p (1 - p)}",),
        also=(r"\frac{p (1 - p)}{n}", r"\frac{1}{p} + \frac{1}{1 - p}"),
    )
    yield _information("Poisson", "poisson", RATE, formulas=(r"\frac{1}{b}",), also=(r"\frac{b}{n}", r"b"))
    yield _information(
        "exponential",
        "exponential distribut|exponentially",
        RATE,
        formulas=(r"\frac{1}{b^2}",),
        also=(r"\frac{b^2}{n}", r"b^2"),
    )
    yield _information(
        "normal",
        "normal|gaussian",
        positive("s", r"\sigma"),
        formulas=(r"\frac{1}{s^2}",),
        also=(r"\frac{1}{2 s^4}", r"\frac{n}{2 s^4}", r"\frac{2}{s^2}", r"\frac{2 n}{s^2}", r"\frac{s^2}{n}"),
    )


ROWS: tuple[Standard, ...] = (
    *_generating_rows(),
    *_generating_of_trials(),
    *_information_rows(),
    Standard(
        name="bound of Cramér and Rao",
        words=r"cram[eé]r",
        usual=r"(?:lower )?bound\w*",
        letters=r"(?:Var|var|V|mathbb\{?V\}?)(?:_.{1,5})?[(\[].*[)\]]|E(?:_.{1,5})?[(\[]\(.*\)\^2[)\]]",
        relation=">=",
        parts=(firm(positive("I", r"I(\theta) J(\theta) J F I_n(\theta) F(\theta)")), OBSERVATIONS),
        formulas=(r"\frac{1}{I}", r"\frac{1}{n I}"),
        also=(r"\frac{n}{I}",),
    ),
    Standard(
        name="mean squared error of an estimate",
        words=r"\bbias|mean[- ]squared?[- ]error|\bMSE\b",
        usual=r"regulari[sz]\w*",
        letters=r"(?:MSE|mse|Err|EPE)(?:_.{1,5})?(?:[(\[].*[)\]])?|E(?:_.{1,9})?[(\[]\(.*-.*\)\^2(?:\|.*)?[)\]]",
        parts=(
            firm(real("B", "Bias bias")),
            firm(positive("V", "Var var Variance variance")),
            positive("s", r"\sigma \sigma_\epsilon \sigma_\varepsilon \sigma_e"),
        ),
        formulas=(r"B^2 + V", r"B^2 + V + s^2"),
        also=(r"V", r"B^2", r"V + s^2"),
    ),
    Standard(
        name="effective number of samples",
        left=r"(?:ESS|[nNMK]_eff|hat[NnM]_eff|[nN]_e)(?:\(.*\))?",
        words="effective (?:number of|sample|samples)",
        parts=(
            positive("w", r"\tilde{w} \bar{w} W \hat{w} \omega \tilde{\omega}"),
            positive("n", "N M S"),
            real("r", r"\rho \hat{\rho}"),
            positive("v", r"Var(w)"),
        ),
        formulas=(r"\frac{1}{\sum_i w_i^2}", r"\frac{(\sum_i w_i)^2}{\sum_i w_i^2}", r"\frac{n}{1 + 2 \sum_k r_k}"),
        also=(r"\frac{n}{1 + v}", r"\frac{\sum_i w_i}{\sum_i w_i^2}"),
    ),
    Standard(
        name="Hoeffding's inequality, one-sided",
        words="hoeffding",
        letters=r"(?:P|Pr|mathbb\{?P\}?)[(\[](?!\|)(?!.*\|.*(?:g|l)e).*[)\]]",
        relation="<=",
        parts=(
            positive("n", "m N T"),
            positive(r"\epsilon", r"\varepsilon t \delta u"),
            real("b", "B b_i"),
            real("a", "A a_i"),
        ),
        formulas=(r"\exp(-2 n \epsilon^2)", r"\exp(-\frac{2 n \epsilon^2}{(b - a)^2})"),
        also=(
            r"\exp(-\frac{2 \epsilon^2}{n (b - a)^2})",
            r"\exp(-\frac{2 \epsilon^2}{\sum_i (b_i - a_i)^2})",
            r"\exp(-\frac{2 n^2 \epsilon^2}{\sum_i (b_i - a_i)^2})",
            r"\exp(-\frac{2 \epsilon^2}{n})",
            r"\exp(-\frac{n \epsilon^2}{2})",
            r"\exp(-\frac{\epsilon^2}{2 n})",
            r"\exp(-\frac{\epsilon^2}{2})",
            r"\exp(-\frac{2 \epsilon^2}{(b - a)^2})",
            r"2 \exp(-2 n \epsilon^2)",
            r"2 \exp(-\frac{2 n \epsilon^2}{(b - a)^2})",
            r"\exp(-\frac{n \epsilon^2}{2 a^2})",
        ),
    ),
    Standard(
        name="Chernoff's bound",
        words="chernoff",
        usual=r"(?:upper )?bound\w*",
        letters=r"(?:P|Pr|mathbb\{?P\}?)[(\[]\w(?:>|geq?)\w[)\]]",
        relation="<=",
        parts=(
            positive("t", r"s \lambda u"),
            real("a", r"\epsilon x c k"),
            real("X", "Z Y S"),
            positive("M", r"M(t) M_X(t) M_X(s)"),
        ),
        formulas=(r"e^{-t a} \mathbb{E}[e^{t X}]", r"\frac{\mathbb{E}[e^{t X}]}{e^{t a}}", r"e^{-t a} M"),
        also=(r"\min_t e^{-t a} M_t",),
    ),
)

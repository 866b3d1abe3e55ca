r"""Losses as the documentation of libraries writes them: with cases, margins, logarithms of rates and variances."""

from __future__ import annotations

from .losses import N
from .scores import FN, FP, TP
from .standard import Standard, natural, positive, real, share, sign

LOSS = r"(?:[Ll]oss|L|l|ell|J|E|mathcalL)(?:_.{1,12})?(?:\(.*\))?"
CONSTANT = r"up to (?:an? )?(?:additive )?constants?|negative log[- ]?likelihood"
LABEL = sign("y", "y_i y_n y^{(i)} t t_n")
SCORE = real("f", r"f(x) f(x_i) \hat{y} \hat{y}_i x s f_i x_i")
MARGIN = share("m", r"margin \Delta \alpha \delta \gamma", may_be_number=True)
TARGET = real("y", r"target t y_i t_i y_n d label")
MEAN = real("m", r"\mu \mu_i \hat{y} \hat{y}_i input f(x) \mu(x) f(x_i) \mu(x_i) \mu_\theta(x) x")
VARIED = positive("v", r"var \sigma^2 s variance")
SPREAD = positive("s", r"\sigma \sigma_i \sigma(x) \sigma(x_i) \sigma_\theta(x) \hat{\sigma}")
COUNTED = positive("y", r"target t y_i t_i y_n d label k n")
LOG_RATE = r"log[- ]?(?:input|link|rate)|logarithm of (?:the|its) (?:rate|mean|expect)|exponential link"
_POISSON = r"(?:poisson[^.$]*(?:loss|negative log|nll|deviance)|(?:loss|negative log|nll)[^.$]*poisson)"


def _points(*terms: str) -> tuple[str, ...]:
    """Terms of one point, and their sums and means over points, in letters that have a running index there."""
    run = [t for t in terms if "_i" in t]
    return (
        *(t.replace("_i", "") for t in run),
        *(rf"\sum_{{i=1}}^n ({t})" for t in run),
        *(rf"\frac{{1}}{{n}} \sum_{{i=1}}^n ({t})" for t in run),
    )


def _minus(formulas: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"-({f})" for f in formulas)


_COUNTED = (r"e^{x_i} - y_i x_i", r"e^{x_i} - y_i x_i + \log(y_i!)")
_RATED = (r"r_i - y_i \log r_i", r"r_i - y_i \log r_i + \log(y_i!)", r"r_i - y_i \log(r_i + e)")
_SPREAD = (
    r"\log s_i + \frac{(y_i - m_i)^2}{2 s_i^2}",
    r"\frac{1}{2} \log(2 \pi s_i^2) + \frac{(y_i - m_i)^2}{2 s_i^2}",
)
_VARIED = (
    r"\frac{1}{2} \log v_i + \frac{(y_i - m_i)^2}{2 v_i}",
    r"\frac{1}{2} \log(2 \pi v_i) + \frac{(y_i - m_i)^2}{2 v_i}",
)
_DOUBLED = (r"\log v_i + \frac{(y_i - m_i)^2}{v_i}", r"\log s_i^2 + \frac{(y_i - m_i)^2}{s_i^2}")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="negative log-likelihood of a count by the logarithm of its rate",
        words=rf"{_POISSON}(?s:.)*(?:{LOG_RATE})|(?:{LOG_RATE})(?s:.)*{_POISSON}",
        usual=CONSTANT,
        letters=LOSS + "|NLL.*",
        parts=(COUNTED, real("x", r"input \eta z f(x) f \eta_i z_i x_i logits"), N),
        formulas=_points(*_COUNTED),
        also=_minus(_points(*_COUNTED)),
    ),
    Standard(
        name="negative log-likelihood of a count",
        words=rf"^(?!(?s:.)*(?:{LOG_RATE}))(?s:.)*{_POISSON}",
        usual=CONSTANT,
        letters=LOSS + "|NLL.*",
        parts=(
            COUNTED,
            positive("r", r"\lambda \mu \hat{y} \lambda_i \mu_i \hat{y}_i input rate p"),
            positive("e", r"\epsilon eps", may_be_number=True),
            N,
        ),
        formulas=_points(*_RATED),
        also=_minus(_points(*_RATED)),
    ),
    Standard(
        name="negative log-likelihood of a normal target",
        words=r"(?:gaussian|normal)[^.$]*(?:negative log[- ]likelihood|\bNLL)|"
        r"(?:negative log[- ]likelihood|\bNLL)[^.$]*(?:gaussian|normal)|GaussianNLL",
        usual=CONSTANT,
        letters=LOSS + "|NLL.*",
        parts=(TARGET, MEAN, VARIED, SPREAD, N),
        formulas=(*_points(*_SPREAD), *_points(*_VARIED)),
        also=(
            *_minus(_points(*_SPREAD)),
            *_minus(_points(*_VARIED)),
            *_points(*_DOUBLED),
            r"\frac{(y - m)^2}{2 s^2}",
            r"\frac{(y - m)^2}{2 v}",
            r"\sum_{i=1}^n \frac{(y_i - m_i)^2}{2 s^2}",
            r"\frac{1}{2 s^2} \sum_{i=1}^n (y_i - m_i)^2",
            r"\frac{n}{2} \log(2 \pi s^2) + \frac{1}{2 s^2} \sum_{i=1}^n (y_i - m_i)^2",
            r"n \log s + \frac{n}{2} \log(2 \pi) + \frac{1}{2 s^2} \sum_{i=1}^n (y_i - m_i)^2",
            r"\frac{n}{2} \log s^2 + \frac{1}{2 s^2} \sum_{i=1}^n (y_i - m_i)^2",
        ),
    ),
    Standard(
        name="ranking loss of a pair",
        words=r"ranking[- ](?:hinge[- ])?loss"
        r"(?s:.){0,200}(?<!-)1\$? if[^.]{0,20}first[^.]{0,60}(?:higher|larger|above|before|better)",
        letters=LOSS,
        parts=(sign("y", "t y_{ij}"), real("a", "x_1 s_1 f_1"), real("b", "x_2 s_2 f_2"), MARGIN),
        formulas=(r"\max(0, -y (a - b) + m)", r"\max(0, m - y (a - b))"),
        also=(r"\max(0, -y (a - b))", r"\max(0, 1 - y (a - b))"),
    ),
    Standard(
        name="embedding loss by cosines",
        words=r"cosine(?:embedding| embedding)[- ]?loss",
        letters=LOSS,
        parts=(sign("y", "t y_{ij}"), real("c", r"\cos(x_1,x_2) \cos(a,b) \cos(x,y) s \cos(u,v)"), MARGIN),
        formulas=(
            r"\begin{cases} 1 - c & y = 1 \\ \max(0, c - m) & y = -1 \end{cases}",
            r"\begin{cases} 1 - c & y = 1 \\ \max(0, c - m) & \text{otherwise} \end{cases}",
        ),
        also=(r"\begin{cases} 1 - c & y = 1 \\ \max(0, c) & y = -1 \end{cases}", "1 - c", r"\max(0, c - m)"),
    ),
    Standard(
        name="embedding loss by a hinge",
        words=r"hinge[- ]?embedding[- ]?loss",
        letters=LOSS,
        parts=(sign("y", "y_n t"), positive("x", "x_n d D"), MARGIN),
        formulas=(r"\begin{cases} x & y = 1 \\ \max(0, m - x) & y = -1 \end{cases}",),
        also=(r"\max(0, m - x)", r"\max(0, 1 - y x)"),
    ),
    Standard(
        name="margin loss over classes",
        words=r"multi-?[- ]?(?:class)?[- ](?:hinge|margin|svm)|multimargin|weston|multi-?class (?:svm|support)",
        letters=LOSS,
        parts=(
            real("s", r"x z f s_j x_j s_k z_j f_j"),
            real("t", r"s_{y_i} f_{y_i} x_{y_i} z_{y_i}"),
            MARGIN,
            natural("y", "y_i t_i"),
            natural("C", "K k n"),
        ),
        formulas=(
            r"\sum_{j \ne y_i} \max(0, s_j - t + m)",
            r"\frac{1}{C} \sum_{j \ne y_i} \max(0, s_j - t + m)",
        ),
        also=(r"\sum_{j \ne y_i} \max(0, s_j - t + m)^2", r"\sum_{j \ne y_i} \max(0, s_j - t)"),
    ),
    Standard(
        name="exponential loss",
        left=r"(?:L|ell|l)_(?:exp|EXP)(?:\(.*\))?",
        words=r"exponential loss",
        letters=LOSS,
        parts=(LABEL, SCORE, N),
        formulas=(
            r"e^{-y f}",
            r"\sum_{i=1}^n e^{-y_i f_i}",
            r"\frac{1}{n} \sum_{i=1}^n e^{-y_i f_i}",
            r"\mathbb{E}[e^{-y f}]",
        ),
        also=(r"e^{-f}",),
    ),
    Standard(
        name="logarithm of a softmax",
        left=r"(?:log_?softmax|LogSoftmax|logsoftmax)(?:\(.*\))?(?:_.{1,3})?",
        words=r"log[- ]?softmax|logarithm of (?:the |a )?softmax",
        letters=r"(?:log_?softmax|LogSoftmax|logsoftmax)(?:\(.*\))?(?:_.{1,3})?|(?:l|ell|y)_.{1,3}|log[psqy](?:_.{1,3})?",
        parts=(real("x", r"z a s o x_i z_i x_j"), real("m", "c C M b")),
        formulas=(
            r"\log \frac{\exp(x_i)}{\sum_j \exp(x_j)}",
            r"x_i - \log \sum_j \exp(x_j)",
            r"x_i - m - \log \sum_j \exp(x_j - m)",
        ),
        also=(
            r"-\log \frac{\exp(x_i)}{\sum_j \exp(x_j)}",  # the loss
            r"-x_i + \log \sum_j \exp(x_j)",
            r"\log \sum_j \exp(x_j)",
        ),
    ),
    Standard(
        name="Tversky index",
        words=r"tversky",
        letters=r"(?:TI|T|S|TL|Tversky|mathcalT)(?:_.{1,8})?(?:\(.*\))?",
        parts=(
            TP,
            FP,
            FN,
            share("a", r"\alpha"),
            share("b", r"\beta"),
        ),
        formulas=(
            r"\frac{\mathrm{TP}}{\mathrm{TP} + a \mathrm{FP} + b \mathrm{FN}}",
            r"\frac{\mathrm{TP}}{\mathrm{TP} + a \mathrm{FN} + b \mathrm{FP}}",
        ),
        also=(
            r"1 - \frac{\mathrm{TP}}{\mathrm{TP} + a \mathrm{FP} + b \mathrm{FN}}",
            r"1 - \frac{\mathrm{TP}}{\mathrm{TP} + a \mathrm{FN} + b \mathrm{FP}}",
        ),
    ),
    Standard(
        name="redundancy loss of two views",
        words=r"barlow",
        letters=LOSS,
        parts=(real("C", r"\mathcal{C} c"), positive(r"\lambda", r"\alpha")),
        formulas=(r"\sum_i (1 - C_{ii})^2 + \lambda \sum_i \sum_{j \ne i} C_{ij}^2",),
    ),
    Standard(
        name="loss with an angular margin",
        words=r"arcface|angular margin",
        letters=LOSS,
        parts=(
            real("a", r"\theta \theta_{y_i} \theta_y"),
            real("b", r"\theta_j \theta_k"),
            positive("m"),
            positive("s"),
            N,
        ),
        formulas=(r"-\log \frac{e^{s \cos(a + m)}}{e^{s \cos(a + m)} + \sum_j e^{s \cos b_j}}",),
    ),
)

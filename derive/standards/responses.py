r"""Generalised linear models: log-likelihoods of counts and of probits, scores, Hessians, working responses."""

from __future__ import annotations

from .losses import N
from .standard import Standard, bit, large, long, positive, real, share, tall, vector

OBJECTIVE = r"(?:L|l|ell|E|J|mathcalL|logL|NLL|LL)(?:_.{1,8})?(?:\(.*\))?"
SLOPE = r"nabla(?:_(?:w|theta|beta|boldsymbolbeta))?(?:L|l|ell|J|E|mathcalL)(?:_.{1,6})?(?:\(.*\))?"
BY = r"(?:w|theta|beta)(?:\^.{1,3})?"
PARTIAL = rf"frac(?:partial|d)(?:L|l|ell|J|E|mathcalL)(?:_.{{1,6}})?(?:\(.*\))?(?:partial|d){BY}"
GRADIENT = r"gradient\w*|derivative\w*|hessian|score|maximi[sz]\w*|conditional|log[- ]?likelihood|reweighted|weighted"
LOGISTIC = r"logistic|bernoulli|sigmoid"
COUNT = positive("y", r"y_i k n")
LINEAR = real("z", r"\eta \eta_i z_i")
POINT = vector("x", r"x_i x^{(i)} \phi_n \phi x_n")
WEIGHTS = vector("w", r"\beta \theta")
DESIGN = tall("X", r"\Phi A")
GUESSES = long("p", r"\hat{p} \mu \hat{y} h \pi \sigma y s")
TARGETS = long("y", "t")
SPREAD = large("W", r"S R D \Lambda B V")
HESSIAN = r"H|nabla\^2.{1,4}(?:\(.*\))?|nablanabla.*"
HESSIAN_OF = rf"(?:{LOGISTIC})(?s:.)*hessian|hessian(?s:.)*(?:{LOGISTIC})"
COLUMNS = r"(?s:.)*(?:column vector|\^\{?(?:T|\\top|\\intercal|\\mathrm\{T\})\}? ?(?:\\mathbf\{)?(?:x|\\phi))"  # wᵀ x


ROWS: tuple[Standard, ...] = (
    Standard(
        name="log-likelihood of Poisson regression",
        words=r"poisson (?:regression|glm|model|log[- ]?linear)|log[- ]?linear",
        usual=GRADIENT,
        letters=OBJECTIVE,
        parts=(COUNT, LINEAR, POINT, WEIGHTS, positive("m", r"\mu \lambda \mu_i \lambda_i"), N),
        formulas=(
            r"\sum_{i=1}^n (y_i x_i^\top w - \exp(x_i^\top w) - \log(y_i!))",
            r"\sum_{i=1}^n (y_i x_i^\top w - \exp(x_i^\top w))",
            r"\sum_{i=1}^n (y_i \log m_i - m_i - \log(y_i!))",
            r"\sum_{i=1}^n (y_i \log m_i - m_i)",
            r"\sum_{i=1}^n (y_i z_i - e^{z_i} - \log(y_i!))",
        ),
        also=(
            r"-\sum_{i=1}^n (y_i x_i^\top w - \exp(x_i^\top w) - \log(y_i!))",
            r"-\sum_{i=1}^n (y_i x_i^\top w - \exp(x_i^\top w))",
            r"\frac{1}{n} \sum_{i=1}^n (\exp(x_i^\top w) - y_i x_i^\top w)",
            r"\sum_{i=1}^n (m_i - y_i \log m_i)",
            r"\prod_{i=1}^n \frac{m_i^{y_i} e^{-m_i}}{y_i!}",
        ),
    ),
    Standard(
        name="deviance of counts",
        words=r"deviance[^.$]*poisson|poisson[^.$]*deviance",
        letters=r"(?:D|d|G\^2|G)(?:\(.*\))?",
        parts=(COUNT, positive("m", r"\mu \lambda \hat{y} \hat{\mu}"), N),
        formulas=(r"2 \sum_{i=1}^n (y_i \log \frac{y_i}{m_i} - (y_i - m_i))",),
        also=(
            r"\frac{2}{n} \sum_{i=1}^n (y_i \log \frac{y_i}{m_i} - (y_i - m_i))",
            r"2 \sum_{i=1}^n y_i \log \frac{y_i}{m_i}",
        ),
    ),
    Standard(
        name="log-likelihood of probit regression",
        words=r"probit",
        usual=GRADIENT,
        letters=OBJECTIVE,
        parts=(bit("y", "y_i t"), POINT, WEIGHTS, share("P", r"\Phi(x_i^\top\beta) \Phi(w^\top{}x_i) \Phi(z_i)"), N),
        formulas=(r"\sum_{i=1}^n (y_i \log P_i + (1 - y_i) \log(1 - P_i))",),
        also=(r"-\sum_{i=1}^n (y_i \log P_i + (1 - y_i) \log(1 - P_i))",),
    ),
    Standard(
        name="working response of logistic regression",
        words=r"working response|adjusted response|reweighted least|\bIRLS\b",
        usual=GRADIENT,
        letters="z(?:_.{1,2})?",
        parts=(
            DESIGN,
            vector("w", r"w^{old} w_{old} w^{(old)} \beta \beta^{old} \theta w^{(t)} w_t \beta^{(t)} \beta_t"),
            SPREAD,
            GUESSES,
            TARGETS,
        ),
        formulas=(r"X w + W^{-1} (y - p)",),
    ),
    Standard(
        name="slope of the loss of logistic regression",
        left=PARTIAL,
        words=LOGISTIC,
        usual=GRADIENT,
        letters=SLOPE,
        parts=(
            DESIGN,
            GUESSES,
            TARGETS,
            POINT,
            N,
            real("r", "p h"),
            real("s", "y t"),
            positive("q", r"\lambda"),
            WEIGHTS,
        ),
        formulas=(r"X^\top (p - y)", r"\frac{1}{n} X^\top (p - y)", r"X^\top (y - p)", r"\frac{1}{n} X^\top (y - p)"),
    ),
    Standard(
        name="Hessian of the loss of logistic regression",
        words=HESSIAN_OF,
        usual=GRADIENT,
        letters=HESSIAN,
        parts=(DESIGN, SPREAD, N),
        formulas=(r"X^\top W X", r"\frac{1}{n} X^\top W X"),
        also=(r"-X^\top W X",),
    ),
    Standard(
        name="Hessian of the loss of logistic regression as a sum over columns",
        words=rf"^(?!(?s:.)*\brows?\b)(?={COLUMNS})(?s:.)*(?:{HESSIAN_OF})",
        usual=GRADIENT,
        letters=HESSIAN,
        parts=(POINT, N, share("p", r"\hat{y} \mu \sigma h y \hat{p}")),
        formulas=(r"\sum_{i=1}^n p_i (1 - p_i) x_i x_i^\top", r"\frac{1}{n} \sum_{i=1}^n p_i (1 - p_i) x_i x_i^\top"),
        also=(
            r"-\sum_{i=1}^n p_i (1 - p_i) x_i x_i^\top",
            r"-\frac{1}{n} \sum_{i=1}^n p_i (1 - p_i) x_i x_i^\top",
        ),
    ),
    Standard(
        name="Newton's step of logistic regression",
        words=rf"(?:{LOGISTIC})(?s:.)*newton|newton(?s:.)*(?:{LOGISTIC})|reweighted least|\bIRLS\b",
        usual=GRADIENT,
        letters=r"(?:w|beta|theta)(?:\^.{1,6}|_.{1,6})?",
        parts=(
            DESIGN,
            vector("w", r"w^{old} w_{old} w^{(old)} \beta \beta^{old} \theta w^{(t)} w_t \beta^{(t)} \beta_t"),
            SPREAD,
            GUESSES,
            TARGETS,
            long("z"),
        ),
        formulas=(r"w + (X^\top W X)^{-1} X^\top (y - p)", r"(X^\top W X)^{-1} X^\top W z"),
    ),
    Standard(
        name="variance function",
        words=r"variance function[^.$]*binomial",
        letters=r"V\(.*\)",
        parts=(share("m", r"\mu p"),),
        formulas=(r"m (1 - m)",),
    ),
    Standard(
        name="probability under ordered categories",
        words=r"proportional odds|ordinal (?:logistic|regression|logit)|cumulative logit",
        letters=r"(?:P|p|Pr)\(.*\)",
        parts=(real("a", r"\alpha_j \theta_j c_j \tau_j c_k \alpha_k \theta_k"), real("z", r"\eta"), POINT, WEIGHTS),
        formulas=(
            r"\mathrm{sigmoid}(a - x^\top w)",
            r"\mathrm{sigmoid}(a - z)",
            r"\frac{1}{1 + e^{-(a - x^\top w)}}",
        ),
        also=(r"\mathrm{sigmoid}(a + x^\top w)", r"\mathrm{sigmoid}(a + z)", r"\frac{1}{1 + e^{-(a + x^\top w)}}"),
    ),
)

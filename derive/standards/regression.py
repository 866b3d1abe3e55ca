r"""Estimators of linear models beyond ordinary least squares, and the errors by which they are chosen."""

from __future__ import annotations

from .standard import VARIANCE, Standard, count, large, long, matrix, natural, positive, real, share, tall, wide

DESIGN = tall("X", r"A \Phi H")
TURNED = wide("Z", r"X A \Phi")
TARGETS = long("y", r"Y t b z \mathbf{z}")
ESTIMATE = r"(?:hat|bar)?(?:beta|w|theta|W|b)(?:_.{1,7})?(?:\^.{1,8})?"
FITTED = real("f", r"\hat{y} \hat{f}(x_i) f(x_i) \hat{y}_i \hat{f} \mu \hat{\mu}")
OBSERVED = real("y", "t y_i t_i Y")
N = count("n", "N m")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="weighted least-squares solution",
        words=r"(?:re-?)?weighted (?:linear )?(?:least[- ]squares|regression)|\bWLS\b|\bIRLS\b",
        usual=r"(?:re-?)?weighted",
        letters=ESTIMATE,
        parts=(
            DESIGN,
            TURNED,
            TARGETS,
            large("W", r"R \Omega S D \Lambda W_k R_k S_k"),
            matrix("I"),
            positive(r"\lambda", r"\alpha"),
        ),
        formulas=(r"(X^\top W X)^{-1} X^\top W y",),
        also=(
            r"(Z W Z^\top)^{-1} Z W y",
            r"(X^\top W^{-1} X)^{-1} X^\top W^{-1} y",
            r"(X^\top W^2 X)^{-1} X^\top W^2 y",
            r"(X^\top W^\top W X)^{-1} X^\top W^\top W y",
            r"(X^\top W X + \lambda I)^{-1} X^\top W y",
            r"(X^\top X)^{-1} X^\top y",
            r"(X^\top X + \lambda I)^{-1} X^\top y",
        ),
    ),
    Standard(
        name="generalised least-squares solution",
        words=r"generali[sz]ed least[- ]squares|\bGLS\b|aitken",
        usual=r"generali[sz]ed|weighted",
        letters=ESTIMATE,
        parts=(DESIGN, TURNED, TARGETS, large("S", r"\Sigma \Omega V W \mathbf{V}")),
        formulas=(r"(X^\top S^{-1} X)^{-1} X^\top S^{-1} y",),
        also=(r"(X^\top S X)^{-1} X^\top S y", r"(X^\top X)^{-1} X^\top y", r"(Z S^{-1} Z^\top)^{-1} Z S^{-1} y"),
    ),
    Standard(
        name="hat matrix",
        words=r"hat matrix|projection matrix",
        letters=r"[HPS](?:_.{1,4})?",
        parts=(
            DESIGN,
            TURNED,
            large("W", r"R \Omega \Sigma"),
            large("I", "I_n I_N"),
            positive(r"\lambda", r"\alpha"),
        ),
        formulas=(r"X (X^\top X)^{-1} X^\top",),
        also=(
            r"X (X^\top X + \lambda I)^{-1} X^\top",
            r"X (X^\top W X)^{-1} X^\top W",
            r"I - X (X^\top X)^{-1} X^\top",
            r"Z^\top (Z Z^\top)^{-1} Z",
            r"I - Z^\top (Z Z^\top)^{-1} Z",
            r"X X^\top",
            r"X (X^\top W X)^{-1} X^\top",
            r"X (X^\top W^{-1} X)^{-1} X^\top W^{-1}",
            r"(X^\top X)^{-1} X^\top",
            r"(X^\top X)^{-1}",
        ),
    ),
    Standard(
        name="covariance of the least-squares estimate",
        words=r"least[- ]squares|\bOLS\b|regression",
        letters=r"(?:Var|Cov|V|cov|var|mathbbV)(?:_.{1,6})?[(\[]hat(?:beta|w|theta)(?:_.{1,4})?(?:\|.{1,3})?[)\]]",
        parts=(
            DESIGN,
            TURNED,
            positive("s", r"\sigma \sigma_\epsilon \sigma_\varepsilon \hat{\sigma}"),
            large("W", r"\Omega \Sigma V"),
            matrix("I"),
            positive(r"\lambda", r"\alpha"),
        ),
        formulas=(r"s^2 (X^\top X)^{-1}",),
        also=(
            r"s^2 (Z Z^\top)^{-1}",
            r"\frac{s^2}{\lambda} (X^\top X)^{-1}",
            r"(X^\top X)^{-1} X^\top W X (X^\top X)^{-1}",
            r"(X^\top W^{-1} X)^{-1}",
            r"(X^\top W X)^{-1}",
            r"s^2 (X^\top W X)^{-1}",
            r"s^2 (X^\top W^{-1} X)^{-1}",
            r"s^2 (X^\top X + \lambda I)^{-1} X^\top X (X^\top X + \lambda I)^{-1}",
            r"(X^\top X)^{-1} X^\top s^2 I X (X^\top X)^{-1}",
            r"s (X^\top X)^{-1}",
            r"W^{-1}",
            r"s^2 W^{-1}",
        ),
    ),
    Standard(
        name="unbiased variance of the noise in regression",
        words=r"regression[^$]*unbiased|unbiased[^$]*(?:noise|residual|error)|residual (?:variance|standard error)",
        letters=VARIANCE.replace("(?:sigma", "(?:hat)?(?:sigma"),
        parts=(OBSERVED, FITTED, N, natural("p", "d k q K D")),
        formulas=(
            r"\frac{1}{n - p - 1} \sum_{i=1}^n (y_i - f_i)^2",
            r"\frac{1}{n - p} \sum_{i=1}^n (y_i - f_i)^2",
            r"\frac{1}{n - 2} \sum_{i=1}^n (y_i - f_i)^2",
        ),
        also=(
            r"\frac{1}{n} \sum_{i=1}^n (y_i - f_i)^2",
            r"\frac{1}{n - 1} \sum_{i=1}^n (y_i - f_i)^2",
        ),
    ),
    Standard(
        name="degrees of freedom of ridge regression",
        words=r"singular values?(?s:.){0,300}degrees of freedom|degrees of freedom(?s:.){0,300}singular values?",
        letters=r"(?:df|DF|d_?eff|nu)(?:_.{1,8})?(?:\(.*\))?",
        parts=(positive("d", r"\sigma s d_j \sigma_j s_j"), positive(r"\lambda", r"\alpha k")),
        formulas=(r"\sum_j \frac{d_j^2}{d_j^2 + \lambda}",),
        also=(r"\sum_j \frac{1}{1 + \lambda / d_j^2}", r"\sum_j (\frac{d_j^2}{d_j^2 + \lambda})^2"),
    ),
    Standard(
        name="soft threshold",
        words=r"soft[- ]?threshold",
        letters=r"(?:S|hatbeta|hatw|hattheta|prox|eta|T|ST|soft|beta|w|hatx|x)(?:_.{1,12})?(?:\^.{1,8})?(?:\(.*\))?",
        parts=(
            real("b", r"\hat{\beta}_j \hat{\beta} x z v a w u \rho \rho_j x_i z_j \beta \beta_j c c_j w_j"),
            positive(r"\lambda", r"\gamma \tau \alpha \theta t \delta \kappa \mu"),
            positive("c", r"\eta \gamma \alpha n N"),
        ),
        formulas=(
            r"\mathrm{sign}(b) \max(|b| - \lambda, 0)",
            r"\mathrm{sign}(b) \max(0, |b| - c \lambda)",
            r"\mathrm{sign}(b) \max(0, |b| - \frac{\lambda}{2})",
        ),
        also=(
            r"\mathrm{sign}(b) (|b| - \lambda)",
            r"\mathrm{sign}(b) \max(0, |b| - \frac{\lambda}{2 c})",
            r"\mathrm{sign}(b) \max(0, |b| - \frac{\lambda}{c})",
            r"\max(|b| - \lambda, 0)",
            r"b (1 - \frac{\lambda}{|b|})",
            r"b - \lambda",
            r"b + \lambda",
        ),
    ),
    Standard(
        name="leave-one-out error of a linear fit",
        words=r"leave[- ]one[- ]out|\bLOO(?:CV)?\b|\bPRESS\b",
        letters=r"(?:CV|LOO|LOOCV|PRESS|Err|E|R|hatR|hatErr)(?:_.{1,8})?(?:\(.*\))?",
        parts=(OBSERVED, FITTED, share("h", r"h_{ii} h_i H_{ii} S_{ii} H S L_{ii}"), N, real("e", r"e_i r_i")),
        formulas=(
            r"\frac{1}{n} \sum_{i=1}^n (\frac{y_i - f_i}{1 - h_i})^2",
            r"\sum_{i=1}^n (\frac{y_i - f_i}{1 - h_i})^2",
            r"\frac{1}{n} \sum_{i=1}^n (\frac{e_i}{1 - h_i})^2",
            r"\sum_{i=1}^n (\frac{e_i}{1 - h_i})^2",
        ),
        also=(
            r"\frac{1}{n} \sum_{i=1}^n (y_i - f_i)^2",
            r"\sum_{i=1}^n (y_i - f_i)^2",
            r"\frac{1}{n} \sum_{i=1}^n (\frac{y_i - f_i}{1 - h})^2",
        ),
    ),
    Standard(
        name="error by cross-validation",
        words=r"cross[- ]validation",
        letters=r"CV(?:_.{1,6})?(?:\(.*\))?",
        parts=(
            positive("e", r"\mathrm{MSE}_i \mathrm{Err}_i E_i L_i \epsilon \mathrm{MSE} err \mathrm{err} e_k"),
            count("k", "K"),
            count("n", "N"),
        ),
        formulas=(r"\frac{1}{k} \sum_{i=1}^k e_i",),
        also=(r"\frac{1}{n} \sum_{i=1}^n e_i", r"\sum_{i=1}^k e_i"),
    ),
)

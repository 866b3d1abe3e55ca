r"""Principal components and feature spaces: what is lost and kept, kernels by distances, centred kernel matrices."""

from __future__ import annotations

from .standard import Standard, firm, large, matrix, natural, positive, real, vector

COMPONENTS = r"\bPCA\b|principal components?"
SINGULAR = firm(positive("s", r"s_i \sigma_i d_i \sigma_j d_j s_j \sigma_k \sigma s"))
POINTS = natural("n", "N m")
DIRECTIONS = matrix("U", r"W V U_k W_k V_k U_M P U_q V_q U_d")
X, Y = vector("x", "x_i u"), vector("y", r"x' z x_j v")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="eigenvalue of a covariance by a singular value",
        words=(
            r"(?s:singular value.*?(?:eigenvalue|varianc|covariance|PCA)"
            r"|(?:eigenvalue|varianc|covariance|PCA).*?singular value)"
        ),
        letters=r"lambda(?:_\w)?",
        parts=(SINGULAR, POINTS),
        formulas=(r"\frac{s^2}{n - 1}", r"\frac{s^2}{n}", "s^2"),
        also=("s", r"\sqrt{s}"),
    ),
    Standard(
        name="point reconstructed from principal components",
        words=rf"(?s:(?:{COMPONENTS}).*?(?:reconstruct|project|approximat))",
        usual=r"approximat\w+",
        letters=r"(?:hat|tilde)x(?:_\w)?",
        parts=(X, DIRECTIONS, vector("m", r"\bar{x} \mu"), vector("z", "z_i z_n")),
        formulas=(r"m + U U^\top (x - m)", r"U U^\top x", "U z + m", "U z"),
        also=(r"U^\top U x", r"U (U^\top x)", r"U^\top z"),
    ),
    Standard(
        name="coordinates along principal components",
        words=rf"(?s:(?:{COMPONENTS}).*?(?:project|coordinates|scores?|encod|code))",
        letters=r"[zctyh](?:_\w)?",
        parts=(X, DIRECTIONS, vector("m", r"\bar{x} \mu")),
        formulas=(r"U^\top (x - m)", r"U^\top x"),
        also=("U x", "U (x - m)"),
    ),
    Standard(
        name="Laplacian kernel",
        words=r"laplac(?:e|ian) kernel|exponential kernel|laplacian",
        letters=r"(?:k|K|kappa)(?:_.{1,4})?\(.*\)",
        parts=(X, Y, positive(r"\gamma", r"\alpha \beta"), positive(r"\sigma", r"\ell l h \rho \theta")),
        formulas=(
            r"\exp(-\gamma \|x - y\|_1)",
            r"\exp(-\frac{\|x - y\|_1}{\sigma})",
            r"\exp(-\gamma \|x - y\|)",
            r"\exp(-\frac{\|x - y\|}{\sigma})",
        ),
        also=(
            r"\exp(-\gamma \|x - y\|^2)",
            r"\exp(-\frac{\|x - y\|^2}{2 \sigma^2})",
            r"\exp(-\frac{\|x - y\|^2}{\sigma^2})",
        ),
    ),
    Standard(
        name="centred kernel matrix",
        words=r"(?s:cent(?:er|re)(?:d|ing)?.*?(?:kernel|gram)|(?:kernel|gram).*?cent(?:er|re)(?:d|ing)?)",
        letters=r"(?:tilde|bar|hat)K|K_c|K\^c|K'|Kprime",
        parts=(large("K", "G"), large("O", r"J U E \mathbf{1}_N \mathbf{1}_n \mathbf{1}_m"), large("H", "")),
        formulas=("K - O K - K O + O K O",),
        also=("H K H",),
    ),
    Standard(
        name="squared distance in feature space",
        left=r"(?:\||Vert)+phi\((?:x|x_i|u)\)-phi\((?:y|xprime|x'|z|x_j|v)\)(?:\||Vert)+(?:_2)?\^2",
        words=r"kernel|feature",
        letters=r"(?!)",  # its left side alone names it
        parts=(
            firm(real("a", r"k(x,x) K(x,x) k(x_i,x_i) \kappa(x,x) K_{ii} K(x_i,x_i)")),
            firm(real("b", r"k(y,y) K(y,y) k(x_j,x_j) k(z,z) k(x',x') K_{jj} K(z,z) K(x_j,x_j) \kappa(z,z)")),
            firm(real("c", r"k(x,y) K(x,y) k(x_i,x_j) k(x,z) k(x,x') K_{ij} K(x,z) K(x_i,x_j) \kappa(x,z)")),
        ),
        formulas=("a - 2 c + b",),
    ),
    Standard(
        name="mutual information of two normal variables",
        words=r"(?s:mutual information.*?(?:gaussian|normal)|(?:gaussian|normal).*?mutual information)",
        letters=r"(?:I|MI)(?:_.{1,3})?[(\[].*[)\]]",
        parts=(real(r"\rho", "r"),),
        formulas=(r"-\frac{1}{2} \log(1 - \rho^2)",),
        also=(r"\frac{1}{2} \log(1 + \rho^2)",),
    ),
)

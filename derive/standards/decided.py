r"""Decision functions, kernels of length one, sizes of recurrent layers, chances of at least one, steps of policies."""

from __future__ import annotations

from .standard import Standard, firm, matrix, natural, positive, real, share, sign, vector

KERNEL = firm(real("k", r"k(x_i,x) K(x_i,x) k(x,x_i) K(x,x_i) \kappa(x_i,x) k(x_n,x) k(x,x_n)"))
BIAS = real("b", "b_0 w_0 \\beta_0")
GATES = r"(?:parameters|weights)"
INPUTS, UNITS = positive("d", r"n m x D I n_x n_{in} d_x"), positive("h", r"H u n_h n_{hid} d_h N")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="decision function of a support vector machine",
        words=r"(?s:(?:support[- ]vector(?! regress)|\bSVMs?\b)(?!.*regress).*?multiplier)",  # which carry no sign
        letters=r"(?:f|y|g|h|hat[yf])(?:\(.*\))?",
        parts=(
            positive("a", r"\alpha \alpha_i \lambda_i \alpha_n a_n"),
            sign("y", r"y_i t_n y_n t_i"),
            KERNEL,
            BIAS,
            positive("c", r"\alpha_i^* \hat{\alpha}_i"),
        ),
        formulas=(r"\sum_i a_i y_i k_i + b", r"\sum_i a_i y_i k_i"),
        also=(r"\sum_i (a_i - c_i) k_i + b", r"\sum_i (a_i - c_i) k_i"),  # of regression
    ),
    Standard(
        name="kernel of length one",
        words=(
            r"(?:normali[sz]\w+|cosine)[\s\S]{0,80}kernel|kernel[\s\S]{0,80}(?:normali[sz]\w+|length one|unit length)"
        ),
        usual=r"normali[sz]\w*",
        letters=r"(?:tilde|hat|bar)?[kK](?:_.{1,6}|')?\(.*\)",
        parts=(
            firm(real("c", r"k(x,y) K(x,y) k(x,z) K(x,z) k(x,x') K(x,x') k(x_i,x_j)")),
            firm(positive("a", r"k(x,x) K(x,x) k(x_i,x_i)")),
            firm(positive("b", r"k(y,y) K(y,y) k(z,z) K(z,z) k(x',x') K(x',x') k(x_j,x_j)")),
        ),
        formulas=(r"\frac{c}{\sqrt{a b}}", r"\frac{c}{\sqrt{a} \sqrt{b}}"),
    ),
    Standard(
        name="number of parameters of an LSTM",
        words=rf"(?s:\bLSTM.*?{GATES}|{GATES}.*?\bLSTM)",
        letters=r"(?:n|N|P|p|\#.*|params?|parameters|N_p\w*|n_p\w*)(?:_.{1,8})?",
        parts=(INPUTS, UNITS),
        formulas=("4 (d h + h^2 + h)",),
        also=(
            "4 (d h + h^2)",
            "4 (d h + h^2 + 2 h)",
            "3 (d h + h^2 + h)",
            "d h + h^2 + h",
            "h (d + h + 1)",
            "4 (d h + h^2 + h) + 3 h",
        ),
    ),
    Standard(
        name="number of parameters of a gated recurrent unit",
        words=rf"(?s:\bGRU.*?{GATES}|gated recurrent unit.*?{GATES}|{GATES}.*?(?:\bGRU|gated recurrent unit))",
        letters=r"(?:n|N|P|p|\#.*|params?|parameters|N_p\w*|n_p\w*)(?:_.{1,8})?",
        parts=(INPUTS, UNITS),
        formulas=("3 (d h + h^2 + h)", "3 (d h + h^2 + 2 h)"),
        also=("3 (d h + h^2)", "4 (d h + h^2 + h)", "4 (d h + h^2 + 2 h)", "4 (d h + h^2)"),
    ),
    Standard(
        name="probability of at least one success",
        words=r"at least one|at least once|one or more",
        letters=r"(?:P|p|Pr|mathbbP)\((?:\w|\w_n)ge(?:q|qslant)?1\)|(?:P|p)_?\w?",
        parts=(share("p", r"\theta \pi \alpha \epsilon"), natural("n", "N k m K M")),
        formulas=("1 - (1 - p)^n",),
        also=("1 - p^n", "n p", "(1 - p)^n", "p"),
    ),
    Standard(
        name="step of REINFORCE",
        words=r"reinforce|policy[- ]gradients?|monte carlo policy",
        usual=r"gradients?|ascent|maximi[sz]\w+|likelihood",
        letters=r"theta(?:_.{1,4})?",
        carries=("w",),
        parts=(
            vector("w", r"\theta \theta_t \theta_k"),
            positive("r", r"\alpha \eta \beta"),
            firm(real("G", r"G_t R_t R v_t A_t \hat{A}_t \delta_t \hat{G}_t")),
            vector(r"\nabla"),
            firm(
                share(
                    "p", r"\pi(a_t|s_t) \pi(A_t|S_t) \pi(a|s) \pi_\theta(a_t|s_t) \pi_\theta(a|s) \pi_\theta(s_t,a_t)"
                )
            ),
            firm(share("g", r"\gamma")),
        ),
        formulas=(r"w + r G \nabla \log(p)",),
        also=(r"w + r \nabla \log(p)", r"w + r G \nabla p"),
    ),
    Standard(
        name="pseudo-inverse by singular values",
        words=r"singular value decomposition[\s\S]*pseudo-?inverse|pseudo-?inverse[\s\S]*singular value",
        letters=r"(?:[A-Z]|Phi)\^(?:\+|dagger)",
        parts=(matrix("U"), matrix("V"), firm(matrix("S", r"\Sigma^+ S^+ D^+"))),
        formulas=(r"V S U^\top",),
    ),
)

"""What follows for normal vectors: conditionals, Gaussian processes, discriminants, factors, projections."""

from __future__ import annotations

from .standard import Standard, count, firm, matrix, positive, real, share, vector

GP = r"gaussian process|\bGPs?\b|predictive (?:mean|variance|distribution)"
CROSS = vector("k", r"k_* \mathbf{k}_* K_* k(X,x_*) k_{*} k_x k^* \mathbf{k}")
GRAM = matrix("K", r"K(X,X) K_{XX} K_y K_n K_{xx}")
NOISE = positive("s", r"\sigma \sigma_n \sigma_y \sigma_\epsilon \sigma_\varepsilon")
IDENTITY = matrix("I", "I_n I_N I_d I_M")
TESTED = firm(matrix("C", r"K(X_*,X) K_{*X} K_{X_*X} K_{*n} K_{*f}"))
TURNED = firm(matrix("D", r"K(X,X_*) K_{X*} K_{XX_*} K_{n*} K_{f*}"))
AHEAD = firm(matrix("S", r"K(X_*,X_*) K_{X_*X_*}"))
SELF = positive("c", r"k(x_*,x_*) k_{**} K_{**} k(x^*,x^*) k(x,x) c \kappa")
S11 = firm(matrix("A", r"\Sigma_{11} \Sigma_{aa} \Sigma_{xx} \Sigma_{XX} \Sigma_{AA} \Sigma_{uu}"))
S22 = firm(matrix("B", r"\Sigma_{22} \Sigma_{bb} \Sigma_{yy} \Sigma_{YY} \Sigma_{BB} \Sigma_{vv}"))
S12 = firm(matrix("C", r"\Sigma_{12} \Sigma_{ab} \Sigma_{xy} \Sigma_{XY} \Sigma_{AB} \Sigma_{uv}"))
S21 = firm(matrix("D", r"\Sigma_{21} \Sigma_{ba} \Sigma_{yx} \Sigma_{YX} \Sigma_{BA} \Sigma_{vu}"))
BARRED = r"_(?:\(?.{1,6}\|.{1,6}\)?|\w\.\w)"
PAIR = r"conditional|given|conditioning"
CLASSES = r"discriminant"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="mean of a conditional normal distribution",
        words=PAIR,
        usual="conditional",
        letters=rf"(?:bar|tilde|hat)?mu{BARRED}",
        parts=(
            vector("m", r"\mu_1 \mu_a \mu_x \mu_X \mu_A"),
            vector("u", r"\mu_2 \mu_b \mu_y \mu_Y \mu_B"),
            vector("x", r"x_1 x_a x"),
            vector("y", r"x_2 x_b y"),
            S11,
            S22,
            S12,
            S21,
        ),
        formulas=(r"m + C B^{-1} (y - u)", r"u + D A^{-1} (x - m)"),
    ),
    Standard(
        name="covariance of a conditional normal distribution",
        words=PAIR,
        usual="conditional",
        letters=rf"(?:bar|tilde|hat)?Sigma{BARRED}",
        parts=(S11, S22, S12, S21),
        formulas=(r"A - C B^{-1} D", r"B - D A^{-1} C"),
        also=(r"A - C B^{-1} C^\top", r"B - D A^{-1} D^\top", r"A - D^\top B^{-1} D", r"B - C^\top A^{-1} C"),
    ),
    Standard(
        name="predictive mean of a Gaussian process",
        words=GP,
        letters=r"(?:bar|hat)?(?:mu|m|f)(?:_.{1,6})?(?:\^.{1,3})?(?:\(.*\))?|(?:mathbb)?E(?:\[.*\]|\(.*\))",
        parts=(CROSS, TESTED, TURNED, GRAM, NOISE, IDENTITY, vector("y", "f t Y")),
        formulas=(
            r"k^\top (K + s^2 I)^{-1} y",
            r"C (K + s^2 I)^{-1} y",
            r"D^\top (K + s^2 I)^{-1} y",
            r"C K^{-1} y",
            r"D^\top K^{-1} y",
        ),
        also=(
            r"C (K + s I)^{-1} y",
            r"C^\top (K + s^2 I)^{-1} y",
            r"C^\top K^{-1} y",
            r"k^\top K^{-1} y",
            r"k (K + s^2 I)^{-1} y",
            r"k K^{-1} y",
            r"k^\top (K + s I)^{-1} y",
        ),
    ),
    Standard(
        name="predictive variance of a Gaussian process",
        words=GP,
        letters=(
            r"(?:bar|hat)?(?:Sigma|k|v|cov)(?:_.{1,6})?(?:\^.{1,3})?(?:_.{1,6})?(?:\(.*\))?"
            r"|(?:bar|hat)?(?:sigma|s)(?:_.{1,6})?\^(?:2|.{1,3}2)(?:_.{1,6})?(?:\(.*\))?"
            r"|(?:mathbb)?(?:V|Var|var|cov)(?:\[.*\]|\(.*\))"
        ),
        parts=(CROSS, TESTED, TURNED, GRAM, AHEAD, NOISE, IDENTITY, SELF),
        formulas=(
            r"c - k^\top (K + s^2 I)^{-1} k",
            r"S - C (K + s^2 I)^{-1} D",
            r"S - C K^{-1} D",
            r"S - C (K + s^2 I)^{-1} C^\top",
            r"S - C K^{-1} C^\top",
            r"S - D^\top (K + s^2 I)^{-1} D",
            r"S - D^\top K^{-1} D",
        ),
        also=(
            r"S + s^2 I - C (K + s^2 I)^{-1} D",
            r"S + s^2 I - D^\top (K + s^2 I)^{-1} D",
            r"S - C^\top K^{-1} C",
            r"S - C^\top (K + s^2 I)^{-1} C",
            r"c - k^\top K^{-1} k",
            r"c - k^\top (K + s I)^{-1} k",
            r"c + s^2 - k^\top (K + s^2 I)^{-1} k",
            r"k^\top (K + s^2 I)^{-1} k",
        ),
    ),
    Standard(
        name="log-likelihood of a normal vector",
        words=r"marginal likelihood|log[- ]?likelihood|log[- ]evidence|log[- ]densit",
        usual=r"(?:log[- ]?)?likelihood|maximi[sz]\w+",
        letters=r"(?:log|ln)[pPfN](?:_.{1,6})?\(.*\)|(?:ell|L|LL|l)(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            vector("y", r"y t f x x_i"),
            vector("m", r"\mu m"),
            matrix("K", r"K_y K \Sigma C K_n K_\theta S"),
            NOISE,
            IDENTITY,
            count("n", "n N D d p k"),
        ),
        formulas=(
            r"-\frac{1}{2} y^\top K^{-1} y - \frac{1}{2} \log |K| - \frac{n}{2} \log(2 \pi)",
            r"-\frac{1}{2} y^\top (K + s^2 I)^{-1} y - \frac{1}{2} \log |K + s^2 I| - \frac{n}{2} \log(2 \pi)",
            r"-\frac{1}{2} (y - m)^\top K^{-1} (y - m) - \frac{1}{2} \log |K| - \frac{n}{2} \log(2 \pi)",
        ),
        also=(
            r"-\frac{1}{2} y^\top K^{-1} y - \frac{1}{2} \log |K|",
            r"-\frac{1}{2} (y - m)^\top K^{-1} (y - m) - \frac{1}{2} \log |K|",
            r"-\frac{1}{2} (y - m)^\top K^{-1} (y - m)",
            r"\frac{1}{2} y^\top K^{-1} y + \frac{1}{2} \log |K| + \frac{n}{2} \log(2 \pi)",
            r"\frac{1}{2} \log |K| - \frac{n}{2} \log(2 \pi) - \frac{1}{2} y^\top K y",  # K a precision
            r"\frac{1}{2} \log |K| - \frac{n}{2} \log(2 \pi) - \frac{1}{2} (y - m)^\top K (y - m)",
        ),
    ),
    Standard(
        name="intercept of a linear discriminant",
        words=r"log[- ]odds|decision boundary|discriminant",
        letters=r"(?:b|c|w_0|theta_0|beta_0|w_{k0}|w_k0)",
        parts=(
            vector("m", r"\mu_1 \mu_+ m_1 \mu_a"),
            vector("u", r"\mu_0 \mu_2 \mu_- m_0 m_2 \mu_b"),
            matrix("S", r"\Sigma S C"),
            positive("p", r"\pi_1 p(C_1) p_1 P(C_1) \phi"),
            positive("q", r"\pi_0 \pi_2 p(C_2) p_0 p_2 P(C_2)"),
        ),
        formulas=(
            r"-\frac{1}{2} m^\top S^{-1} m + \frac{1}{2} u^\top S^{-1} u + \log \frac{p}{q}",
            r"\frac{1}{2} u^\top S^{-1} u - \frac{1}{2} m^\top S^{-1} m",
        ),
        also=(
            r"\frac{1}{2} m^\top S^{-1} m - \frac{1}{2} u^\top S^{-1} u - \log \frac{p}{q}",
            r"\frac{1}{2} m^\top S^{-1} m - \frac{1}{2} u^\top S^{-1} u",
            r"-\frac{1}{2} (m + u)^\top S^{-1} (m - u)",
            r"-\frac{1}{2} (m + u)^\top S^{-1} (m - u) + \log \frac{p}{q}",
        ),
    ),
    Standard(
        name="linear discriminant",
        words=CLASSES,
        letters=r"(?:delta|g|f|h|d)(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            vector("x", "z"),
            vector("m", r"\mu_k \mu_c \mu_i \mu_j \mu \hat{\mu}_k"),
            matrix("S", r"\Sigma \Sigma_k \Sigma_c \Sigma_i \hat{\Sigma} \hat{\Sigma}_k C"),
            share("p", r"\pi_k \pi \pi_c \pi_i P(\omega_i) \phi_k \hat{\pi}_k p(y=k) P(Y=k)"),
        ),
        formulas=(
            r"x^\top S^{-1} m - \frac{1}{2} m^\top S^{-1} m + \log p",
            r"-\frac{1}{2} \log |S| - \frac{1}{2} (x - m)^\top S^{-1} (x - m) + \log p",
            r"-\frac{1}{2} (x - m)^\top S^{-1} (x - m) + \log p",
        ),
        also=(
            r"m^\top S^{-1} x - \frac{1}{2} m^\top S^{-1} m + \log p",
            r"x^\top S^{-1} m - \frac{1}{2} m^\top S^{-1} m",
            r"m^\top S^{-1} x - \frac{1}{2} m^\top S^{-1} m",
            r"(x - m)^\top S^{-1} (x - m) + \log |S| - 2 \log p",
            r"-(x - m)^\top S^{-1} (x - m) - \log |S| + 2 \log p",
            r"(x - m)^\top S^{-1} (x - m)",
            r"-\frac{1}{2} \log |S| - \frac{1}{2} (x - m)^\top S^{-1} (x - m)",
        ),
    ),
    Standard(
        name="Fisher criterion",
        words=r"fisher(?:['’]s)? (?:criterion|(?:linear )?discriminant)",
        usual=r"maximi[sz]\w*|generali[sz]ed",
        letters=r"J(?:\(.*\))?",
        parts=(
            vector("w", "v a u"),
            matrix("B", r"S_B S_b \Sigma_B \Sigma_b"),
            matrix("W", r"S_W S_w \Sigma_W \Sigma_w"),
            real("m", r"m_1 \mu_1 \tilde{m}_1 \tilde{\mu}_1"),
            real("u", r"m_2 \mu_2 \tilde{m}_2 \tilde{\mu}_2"),
            positive("s", r"s_1 \sigma_1 \tilde{s}_1"),
            positive("t", r"s_2 \sigma_2 \tilde{s}_2"),
        ),
        formulas=(r"\frac{w^\top B w}{w^\top W w}", r"\frac{(m - u)^2}{s^2 + t^2}", r"\frac{|m - u|^2}{s^2 + t^2}"),
        also=(
            r"\frac{(m - u)^2}{s + t}",
            r"\frac{m - u}{\sqrt{s^2 + t^2}}",
            r"w^\top B w",
            r"\frac{w^\top W w}{w^\top B w}",
        ),
        told=((r"\A(?![\s\S]*(?:minimi[sz]|reciprocal))[\s\S]*maximi[sz]", (r"\frac{w^\top W w}{w^\top B w}",)),),
    ),
    Standard(
        name="covariance of a factor model",
        words=r"factor analysis|probabilistic (?:PCA|principal)|\bPPCA",
        letters=r"(?:C|Sigma)(?:_.{1,3})?",
        parts=(matrix("W", r"W \Lambda L A"), positive("s", r"\sigma"), IDENTITY, matrix("P", r"\Psi D \Phi")),
        formulas=(r"W W^\top + s^2 I", r"W W^\top + P"),
        also=(r"\frac{1}{s^2} W W^\top", r"I + W^\top P^{-1} W"),
    ),
    Standard(
        name="share of variance explained",
        words=(
            r"(?:proportion|fraction|share|percentage|ratio) of (?:the )?(?:total )?(?:variance|variation)"
            r"|explained variance|variance explained"
        ),
        letters=r".{1,12}",
        parts=(positive("v", r"\lambda \sigma s"),),
        formulas=(r"\frac{v_k}{\sum_j v_j}", r"\frac{v_k^2}{\sum_j v_j^2}"),
    ),
    Standard(
        name="normalised graph Laplacian",
        words=r"normali[sz]ed (?:graph )?laplacian",
        letters=r"(?:tilde|hat|cal)?L(?:_.{1,4})?(?:\^.{1,4})?",
        parts=(IDENTITY, matrix("D", ""), matrix("A", "W S"), matrix("L", "")),
        formulas=(r"I - D^{-1/2} A D^{-1/2}", r"I - D^{-1} A", r"D^{-1/2} L D^{-1/2}"),
        also=(r"D - A", r"D^{-1/2} A D^{-1/2}", r"D^{-1} A", r"D^{-1} L", r"D^{-1/2} (D - A) D^{-1/2}"),
    ),
    Standard(
        name="graph Laplacian",
        words=r"(?<!normalized )(?<!normalised )(?:graph laplacian|laplacian matrix|laplacian of (?:the|a) graph)",
        letters=r"L",
        parts=(matrix("D", ""), matrix("A", "W S"), IDENTITY),
        formulas=(r"D - A",),
        also=(r"I - D^{-1/2} A D^{-1/2}", r"I - D^{-1} A", r"D^{-1/2} A D^{-1/2}"),
    ),
    Standard(
        name="canonical correlation",
        words=r"canonical correlation|\bCCA\b",
        letters=r"(?:rho|r)(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            vector("a", r"w_x u w_1 \alpha"),
            vector("b", r"w_y v w_2 \beta"),
            matrix("C", r"\Sigma_{xy} C_{xy} S_{xy} \Sigma_{XY} \Sigma_{12}"),
            matrix("A", r"\Sigma_{xx} C_{xx} S_{xx} \Sigma_{XX} \Sigma_{11}"),
            matrix("B", r"\Sigma_{yy} C_{yy} S_{yy} \Sigma_{YY} \Sigma_{22}"),
        ),
        formulas=(r"\frac{a^\top C b}{\sqrt{a^\top A a} \sqrt{b^\top B b}}",),
        also=(r"a^\top C b", r"\frac{a^\top C b}{\sqrt{a^\top A a \, b^\top B b}}"),
    ),
    Standard(
        name="Hellinger distance",
        words="hellinger",
        letters=r"(?:H|d|D|d_H|D_H)(?:_.{1,3})?(?:\^2)?(?:\(.*\))?",
        parts=(share("p", "P f"), share("q", "Q g")),
        formulas=(
            r"\frac{1}{\sqrt{2}} \sqrt{\sum_i (\sqrt{p_i} - \sqrt{q_i})^2}",
            r"\frac{1}{2} \sum_i (\sqrt{p_i} - \sqrt{q_i})^2",
            r"1 - \sum_i \sqrt{p_i q_i}",
        ),
        also=(
            r"\sqrt{1 - \sum_i \sqrt{p_i q_i}}",
            r"\sum_i (\sqrt{p_i} - \sqrt{q_i})^2",
            r"\sqrt{\sum_i (\sqrt{p_i} - \sqrt{q_i})^2}",
        ),
    ),
    Standard(
        name="total variation distance",
        words="total variation distance",
        letters=r"(?:TV|d|D|delta|V)(?:_.{1,4})?(?:\(.*\))?",
        parts=(share("p", "P f p_r"), share("q", "Q g p_g")),
        formulas=(r"\frac{1}{2} \sum_i |p_i - q_i|",),
        also=(r"\sum_i |p_i - q_i|",),
    ),
    Standard(
        name="update of alternating least squares",
        words=r"alternating least squares|\bALS\b",
        letters=r"(?:hat)?[a-zA-Z](?:_.{1,3})?(?:\^.{1,3})?",
        parts=(
            matrix("Q", "Y V X Q_u Y_u V_i"),
            positive(r"\lambda", r"\alpha \mu"),
            IDENTITY,
            vector("r", "r_u r_i y R_u R_i"),
            count("n", "n_u n_i"),
        ),
        formulas=(r"(Q^\top Q + \lambda I)^{-1} Q^\top r",),
        also=(
            r"(Q^\top Q)^{-1} Q^\top r",
            r"(Q Q^\top + \lambda I)^{-1} Q r",
            r"(Q^\top Q + \lambda n I)^{-1} Q^\top r",
            r"(Q Q^\top)^{-1} Q r",
        ),
    ),
    Standard(
        name="step of a matrix factorisation",
        words=(
            r"(?s:(?:factori[sz]|latent|rating|recommend|\busers?\b|\bitems?\b).*?"
            r"(?:stochastic gradient descent|\bSGD\b|gradient (?:descent )?steps?|updates?))"
        ),
        usual=r"regulari[sz]ation",
        letters=r"[pquvwxyUVPQ]_.{1,3}",
        parts=(
            vector("p", r"p_u p_i u_i p_{u}"),
            vector("q", r"q_i q_j v_j q_{i}"),
            real("e", r"e_{ui} e_{ij} \epsilon_{ui} err"),
            positive(r"\eta", r"\gamma \alpha \eta"),
            positive(r"\lambda", r"\beta \mu"),
        ),
        formulas=(
            r"p + \eta (e q - \lambda p)",
            r"q + \eta (e p - \lambda q)",
            r"p + \eta (2 e q - \lambda p)",
            r"q + \eta (2 e p - \lambda q)",
            r"p + 2 \eta (e q - \lambda p)",
            r"q + 2 \eta (e p - \lambda q)",
        ),
        also=(
            r"p + \eta e q",
            r"q + \eta e p",
            r"p + 2 \eta e q",
            r"q + 2 \eta e p",
            r"p - \eta (e q + \lambda p)",
            r"q - \eta (e p + \lambda q)",
            r"p - \eta (-e q + \lambda p)",
            r"q - \eta (-e p + \lambda q)",
        ),
    ),
    Standard(
        name="dual coefficients of kernel ridge regression",
        words=r"kernel (?:ridge|regression)|dual (?:solution|coefficients|variables)|gram matrix",
        usual=r"dual",
        letters=r"(?:hat|bar)?(?:alpha|a|c)(?:\^.{1,3})?",
        parts=(
            firm(matrix("K", r"\mathbf{K} G")),
            firm(positive(r"\lambda", r"\gamma \alpha \sigma^2")),
            IDENTITY,
            firm(vector("y", r"t \mathbf{y} \mathbf{t}")),
            count("n", "N m"),
        ),
        formulas=(r"(K + \lambda I)^{-1} y", r"(K + n \lambda I)^{-1} y"),
        also=(r"K^{-1} y", r"\frac{1}{\lambda} (y - K y)"),
    ),
)

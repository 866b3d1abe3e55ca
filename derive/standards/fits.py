r"""What is known of a least-squares fit and of effects: variances, influence, instruments, other groups and times."""

from __future__ import annotations

from .standard import Standard, bit, count, firm, large, long, positive, real, share, tall, vector

SQUARES = r"\bOLS\b|least[- ]squares|linear regression|regression (?:line|model|coefficient)|simple regression|slope"
DESIGN = tall("X", "A")
TARGET = long("y", "Y")
NOISE = positive("s", r"\sigma \hat{\sigma} \sigma_u \sigma_\epsilon \sigma_\varepsilon S s_e \sigma_e")
N = count("n", "N")
INPUT = real("x", "X x_i X_i x_t z")
CENTRE = real("m", r"\bar{x} \bar{X} \bar{x}_n \mu_x")
LEVERAGE = firm(share("h", r"h_{ii} h_i h_{jj} H_{ii} p_{ii} h_{tt}"))
RESIDUAL = firm(real("e", r"\hat{e}_i \hat{\epsilon}_i r_i \hat{u}_i e_i \hat{\varepsilon}_i r"))
EFFECT = r"(?:hat|widehat)?(?:ATE|tau|Delta|theta|psi|delta|DiD|DID|beta|ATT|alpha)(?:_.{1,9}|\^.{1,9})?"
OUTCOME, TREATED = real("Y", "y Y_i y_i"), bit("T", "D A Z W D_i T_i A_i W_i Z_i")
PROPENSITY = share("e", r"e(X) e(x) \pi(X) p(X) \hat{e}(X) e(X_i) \hat{e}(X_i) p(X_i) \hat{p}(X_i) \hat{e}_i \pi(X_i)")
GROUPS = (
    firm(
        real("a", r"\bar{Y}_{T,1} \bar{Y}_{T1} \bar{Y}_{11} Y_{T,1} Y_{T1} \bar{y}_{T,1} \bar{Y}_{T,post} \bar{y}_{T2}")
    ),
    firm(
        real("b", r"\bar{Y}_{T,0} \bar{Y}_{T0} \bar{Y}_{10} Y_{T,0} Y_{T0} \bar{y}_{T,0} \bar{Y}_{T,pre} \bar{y}_{T1}")
    ),
    firm(
        real("c", r"\bar{Y}_{C,1} \bar{Y}_{C1} \bar{Y}_{01} Y_{C,1} Y_{C1} \bar{y}_{C,1} \bar{Y}_{C,post} \bar{y}_{C2}")
    ),
    firm(
        real("d", r"\bar{Y}_{C,0} \bar{Y}_{C0} \bar{Y}_{00} Y_{C,0} Y_{C0} \bar{y}_{C,0} \bar{Y}_{C,pre} \bar{y}_{C1}")
    ),
)

ROWS: tuple[Standard, ...] = (
    Standard(
        name="variance of the slope of a regression line",
        words=SQUARES,
        letters=r"(?:Var|var|V)[(\[]hat(?:beta|b)(?:_1)?(?:\|.{1,3})?[)\]]",
        parts=(
            NOISE,
            INPUT,
            CENTRE,
            N,
            positive("S", r"S_{xx} SS_x SXX SST_x SST_j SST_1"),
            share("R", "R_j R_1 r_{12}"),
        ),
        formulas=(r"\frac{s^2}{\sum_{i=1}^n (x_i - m)^2}", r"\frac{s^2}{S}", r"\frac{s^2}{S (1 - R^2)}"),
        also=(
            r"\frac{s^2}{\sum_{i=1}^n x_i^2}",
            r"\frac{\sum_{i=1}^n (x_i - m)^2 s^2}{(\sum_{i=1}^n (x_i - m)^2)^2}",
            r"\frac{s^2}{S (1 - R)}",
        ),
    ),
    Standard(
        name="variance of the intercept of a regression line",
        words=SQUARES,
        letters=r"(?:Var|var|V)[(\[]hat(?:beta_0|a|alpha)(?:\|.{1,3})?[)\]]",
        parts=(NOISE, INPUT, CENTRE, N, positive("S", r"S_{xx} SS_x SXX SST_x")),
        formulas=(
            r"s^2 (\frac{1}{n} + \frac{m^2}{\sum_{i=1}^n (x_i - m)^2})",
            r"s^2 (\frac{1}{n} + \frac{m^2}{S})",
            r"\frac{s^2 \sum_{i=1}^n x_i^2}{n \sum_{i=1}^n (x_i - m)^2}",
        ),
        also=(r"\frac{s^2}{n}", r"\frac{s^2 \sum_{i=1}^n x_i^2}{n S}"),
    ),
    Standard(
        name="leverage in a simple regression",
        words="leverage",
        letters=r"h_.{1,2}",
        parts=(real("a", "x_i x_0 x X_i"), INPUT, CENTRE, N, positive("S", r"S_{xx} SS_x SXX SST_x")),
        formulas=(
            r"\frac{1}{n} + \frac{(a - m)^2}{\sum_{j=1}^n (x_j - m)^2}",
            r"\frac{1}{n} + \frac{(a - m)^2}{S}",
        ),
    ),
    Standard(
        name="Cook's distance",
        words="cook['’]?s?",
        letters=r"D_\w|C_\w",
        parts=(LEVERAGE, RESIDUAL, positive("p", "k"), NOISE, positive("v", "MSE"), real("r", "t_i")),
        formulas=(
            r"\frac{e^2}{p s^2} \frac{h}{(1 - h)^2}",
            r"\frac{e^2}{p v} \frac{h}{(1 - h)^2}",
        ),
        also=(
            r"\frac{r^2}{p} \frac{h}{1 - h}",
            r"\frac{e^2}{p} \frac{h}{1 - h}",
            r"\frac{e^2}{(p + 1) s^2} \frac{h}{(1 - h)^2}",
            r"\frac{e^2}{(p + 1) v} \frac{h}{(1 - h)^2}",
            r"\frac{e^2}{(p + 1)} \frac{h}{1 - h}",
        ),
    ),
    Standard(
        name="standardised residual",
        words=r"(?:standardi[sz]ed|studenti[sz]ed) residual",
        letters=r"(?:r|t|e|d|z|tilder|tildee)(?:_\w|_\w'|\^\*_\w|_\w\^\*|_\(i\))?",
        parts=(LEVERAGE, RESIDUAL, NOISE, positive("v", "MSE")),
        formulas=(r"\frac{e}{s \sqrt{1 - h}}", r"\frac{e}{\sqrt{v (1 - h)}}"),
        also=(r"\frac{e}{s}", r"\frac{e}{\sqrt{v}}", r"\frac{e}{\sqrt{1 - h}}", r"\frac{e}{1 - h}"),
    ),
    Standard(
        name="variance inflation factor",
        left=r"VIF(?:_.)?(?:\(.*\))?",
        parts=(firm(share("R", "R_j R_i R_k r")),),
        formulas=(r"\frac{1}{1 - R^2}",),
        also=("1 - R^2",),
    ),
    Standard(
        name="slope of a regression without a regressor",
        words=r"omitted|omits|omitting|leav\w+ out",
        letters=(
            r"(?:mathbb)?E[(\[](?:tilde|hat)(?:beta|alpha|gamma)(?:_1)?(?:\|.{1,3})?[)\]]|plim(?:tilde|hat)beta(?:_1)?"
        ),
        parts=(
            firm(real("b", r"\beta_1")),
            firm(real("g", r"\beta_2 \gamma")),
            firm(real("d", r"\delta_1 \tilde{\delta}_1 \delta \hat{\delta}_1 \pi_1 \delta_{21}")),
            real("c", "Cov(x_1,x_2) Cov(X_1,X_2) Cov(X,Z)"),
            positive("v", "Var(x_1) Var(X_1) Var(X)"),
        ),
        formulas=("b + g d", r"b + g \frac{c}{v}"),
        also=("b", "g d"),
    ),
    Standard(
        name="two-stage least-squares estimate",
        words=r"two-stage|2SLS|TSLS|instrument\w*",
        letters=r"hat(?:beta|theta|delta)(?:_.{1,4}|\^.{1,4})?",
        parts=(DESIGN, firm(tall("Z", "W")), firm(large("P", "P_Z P_W Pi_Z")), TARGET),
        formulas=(r"(X^\top P X)^{-1} X^\top P y", r"(Z^\top X)^{-1} Z^\top y"),
        also=(
            r"(X^\top X)^{-1} X^\top y",
            r"(Z^\top Z)^{-1} Z^\top y",
            r"(X^\top Z (Z^\top Z)^{-1} Z^\top X)^{-1} X^\top Z (Z^\top Z)^{-1} Z^\top y",
        ),
    ),
    Standard(
        name="covariance that allows for heteroskedasticity",
        words=r"heteros[kc]edastic\w*|sandwich|\bwhite['’]?s?\b|huber|robust (?:standard errors|covariance|variance)",
        letters=r"(?:hat|widehat)?(?:Var|var|V|Cov|cov|Sigma)(?:_.{1,6})?(?:[(\[](?:hat)?(?:beta|theta).*[)\]])?",
        parts=(
            DESIGN,
            firm(
                real(
                    "u",
                    r"\hat{u} \hat{e} \hat{\epsilon} \hat{\varepsilon} r \hat{u}_i \hat{e}_i e_i \hat{\epsilon}_i r_i",
                )
            ),
            vector("x", "x_i X_i"),
            firm(large("O", r"\Omega \hat{\Omega} \Sigma D")),
            N,
        ),
        formulas=(
            r"(X^\top X)^{-1} (\sum_{i=1}^n u_i^2 x_i x_i^\top) (X^\top X)^{-1}",
            r"(X^\top X)^{-1} X^\top O X (X^\top X)^{-1}",
        ),
        also=(r"(X^\top O^{-1} X)^{-1}", r"(X^\top X)^{-1} (\sum_{i=1}^n x_i x_i^\top) (X^\top X)^{-1}"),
    ),
    Standard(
        name="difference in differences",
        words=r"difference[- ]in[- ]differences?|differences[- ]in[- ]differences|\bDi?D\b|diff-in-diff",
        letters=EFFECT,
        parts=GROUPS,
        formulas=("(a - b) - (c - d)", "(a - c) - (b - d)"),
        also=("(c - d) - (a - b)", "a - b", "a - c", "c - d"),
    ),
    Standard(
        name="doubly robust estimate of an effect",
        words=r"doubly[- ]robust|\bAIPW\b|augmented inverse",
        usual=r"inverse|augmented",
        letters=EFFECT,
        parts=(
            OUTCOME,
            TREATED,
            PROPENSITY,
            firm(
                real("a", r"\mu_1(X_i) \hat{\mu}_1(X_i) m_1(X_i) \hat{m}_1(X_i) \hat{\mu}_1(x_i) \mu_1(x_i) \mu_1(X)")
            ),
            firm(
                real("b", r"\mu_0(X_i) \hat{\mu}_0(X_i) m_0(X_i) \hat{m}_0(X_i) \hat{\mu}_0(x_i) \mu_0(x_i) \mu_0(X)")
            ),
            N,
        ),
        formulas=(
            r"\frac{1}{n} \sum_{i=1}^n"
            r" (a_i - b_i + \frac{T_i (Y_i - a_i)}{e_i} - \frac{(1 - T_i) (Y_i - b_i)}{1 - e_i})",
        ),
        also=(r"\frac{1}{n} \sum_{i=1}^n (\frac{T_i Y_i}{e_i} - \frac{(1 - T_i) Y_i}{1 - e_i})",),
    ),
    Standard(
        name="weight of a unit by its propensity",
        words=r"inverse[- ](?:propensity|probability)|propensity|\bIPT?W\b",
        usual="inverse|weighted",
        letters=r"w(?:_.{1,4})?(?:\(.*\))?",
        parts=(TREATED, PROPENSITY),
        formulas=(r"\frac{T}{e} + \frac{1 - T}{1 - e}",),
        also=(
            r"T + (1 - T) \frac{e}{1 - e}",
            r"\frac{1}{e}",
            r"\frac{1}{1 - e}",
            r"T (1 - e) + (1 - T) e",
            r"\frac{T}{e}",
            r"\frac{1 - T}{1 - e}",
            r"\frac{T}{e} - \frac{1 - T}{1 - e}",
            r"T \frac{1 - e}{e} + (1 - T)",
        ),
    ),
    Standard(
        name="estimate of James and Stein",
        words=r"james",
        letters=r"hat(?:theta|mu)(?:_.{1,6}|\^.{1,6})?(?:\(.*\))?",
        parts=(vector("x", "y X z"), firm(positive("p", "d n k")), NOISE),
        formulas=(r"(1 - \frac{(p - 2) s^2}{\|x\|^2}) x", r"(1 - \frac{p - 2}{\|x\|^2}) x"),
        also=("x",),
    ),
)

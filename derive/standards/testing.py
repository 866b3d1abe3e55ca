r"""Tests and intervals: F, likelihood ratios, Wald, sizes of samples, several tests at once, rank tests."""

from __future__ import annotations

from .standard import Standard, firm, natural, positive, real, share

RESTRICTED = r"RSS_r RSS_0 SSR_r RSS_R SSE_r SSE_R SSR_R RSS_{r} RSS_{res} SSR_0 RSS_1 SSE_0 RSS_{H_0} RSS_A"
FREE = r"RSS_u RSS_1 SSR_u RSS_U RSS_{ur} SSR_{ur} SSE_u SSE_U SSE_F SSR_U RSS_2 RSS SSR_1 SSE RSS_B SSE_1"
N = positive("n", "N m T")
SLOPES = positive("k", "p d K")
TESTED = positive("q", "r J m g p_1")
FREE_DOF = positive("v", "df_F df_U df_2 n-k")
QUANTILE = positive("z", r"z_{\alpha/2} z_{1-\alpha/2} z^* z_\alpha z_{1-\alpha}", may_be_number=True)
MARGIN = positive("E", r"m e d ME MOE \epsilon \delta w B")
SIGMA = positive("s", r"\sigma \hat{\sigma} S")
CHANCE = share("p", r"\hat{p} p^* \pi")
ERROR_RATE = share("a", r"\alpha \alpha_0")
TESTS = positive("m", "n k K M")
F_TEST = r"\bF-?[- ](?:statistic|test|value|ratio)|\$F\$[- ](?:statistic|test|value|ratio)|overall significance|anova"
RATIO = r"likelihood[- ]ratio"
LIKELIHOODS = (
    real("a", r"\ell_1 \ell(\hat{\theta}) \ell_{full} \ell_A \ell_u \ell_{ur} \ell_F \ell(\hat{\beta}) LL_1 LL_{full}"),
    real("b", r"\ell_0 \ell(\theta_0) \ell_r \ell_R \ell(\hat{\theta}_0) \ell_{red} \ell_{null} \ell_{reduced} LL_0"),
    positive("A", r"L_1 L(\hat{\theta}) L_A L_u L_{ur} L_F L_{full}"),
    positive("B", r"L_0 L(\theta_0) L_r L_R L(\hat{\theta}_0) L_{red} L_{null}"),
)

ROWS: tuple[Standard, ...] = (
    Standard(
        name="F statistic of a restriction",
        words=F_TEST,
        letters=r"F(?:_.{1,9})?",
        parts=(
            firm(positive("R", RESTRICTED)),
            firm(positive("U", FREE)),
            N,
            SLOPES,
            TESTED,
            firm(positive("P", "p_2 p_F k_u k_2")),
            firm(positive("Q", "p_1 p_R k_r k_1")),
        ),
        formulas=(
            r"\frac{(R - U) / q}{U / (n - k - 1)}",
            r"\frac{(R - U) / q}{U / (n - k)}",
            r"\frac{(R - U) / (P - Q)}{U / (n - P)}",
        ),
        also=(r"\frac{(R - U) / (P - Q)}{U / (n - P - 1)}", r"\frac{(R - U) / k}{U / (n - k - 1)}"),
    ),
    Standard(
        name="F statistic of a regression",
        words=F_TEST,
        letters=r"F(?:_.{1,9})?",
        parts=(
            firm(share("R", r"r")),
            N,
            SLOPES,
            TESTED,
            firm(share("U", "R_u R_{ur} R_U")),
            firm(share("V", "R_r R_R R_{r}")),
        ),
        formulas=(
            r"\frac{R^2 / k}{(1 - R^2) / (n - k - 1)}",
            r"\frac{R^2}{1 - R^2} \frac{n - k - 1}{k}",
            r"\frac{(U^2 - V^2) / q}{(1 - U^2) / (n - k - 1)}",
        ),
        also=(
            r"\frac{R^2 / (k - 1)}{(1 - R^2) / (n - k)}",
            r"\frac{R^2 / k}{(1 - R^2) / (n - k)}",
            r"\frac{R^2}{1 - R^2} \frac{n - k}{k - 1}",
            r"\frac{R^2 / q}{(1 - R^2) / (n - k)}",
            r"\frac{R^2 / q}{(1 - R^2) / (n - k - 1)}",
            r"\frac{(U^2 - V^2) / q}{(1 - U^2) / (n - k)}",
            r"\frac{(n - 2) R^2}{1 - R^2}",
        ),
    ),
    Standard(
        name="F statistic of an analysis of variance",
        words=F_TEST,
        letters=r"F(?:_.{1,9})?",
        parts=(
            firm(positive("A", r"MSB MS_B MST MSG MS_{between} MSTr MS_{B} MS_{A} MSA MSR MSM")),
            firm(positive("W", r"MSW MS_W MSE MS_{within} MS_E MS_{W}")),
            firm(positive("B", r"SSB SS_B SSG SS_{between} SSTr SSA")),
            firm(positive("E", r"SSW SS_W SSE SS_{within} SS_E")),
            positive("k", "g K J a I"),
            positive("n", "N"),
        ),
        formulas=(r"\frac{A}{W}", r"\frac{B / (k - 1)}{E / (n - k)}"),
        also=(r"\frac{B / k}{E / (n - k - 1)}",),
    ),
    Standard(
        name="likelihood ratio statistic",
        words=RATIO,
        usual=r"(?:log[- ]?)?likelihood|maximi[sz]\w+",
        letters=r"(?:LR|LRT|Lambda|lambda|G|D|W|T|xi|chi|Q|X|R)(?:_.{1,6})?(?:\^2)?(?:\(.*\))?",
        parts=LIKELIHOODS,
        formulas=(
            r"2 (a - b)",
            r"2 (\log A - \log B)",
            r"-2 \log \frac{B}{A}",
        ),
        also=(
            r"\frac{B}{A}",
            r"\frac{A}{B}",
            "a - b",
            "b - a",
            r"\log \frac{A}{B}",
            r"\log \frac{B}{A}",
            r"\exp(b - a)",
        ),
    ),
    Standard(
        name="Wald statistic",
        words=r"\bwald(?:'s)? (?:statistic|test)",
        letters=r"[WzZT](?:_.{1,4})?",
        parts=(
            firm(real("b", r"\hat{\theta} \hat{\beta} \hat{\beta}_j \hat{\theta}_n \hat{\mu} \hat{\theta}_{ML}")),
            firm(real("c", r"\theta_0 \beta_0 \mu_0 \beta_{j0}")),
            firm(
                positive(
                    "e",
                    r"se(\hat{\theta}) SE(\hat{\theta}) SE(\hat{\beta}_j) se SE",
                )
            ),
            firm(positive("v", r"Var(\hat{\theta}) Var(\hat{\beta})")),
            firm(positive("I", r"I(\hat{\theta}) I_n(\hat{\theta}) J(\hat{\theta})")),
            positive("n", "N"),
        ),
        formulas=(
            r"\frac{b - c}{e}",
            r"\frac{(b - c)^2}{v}",
            r"\frac{b}{e}",
            r"(b - c)^2 I",
        ),
        also=(
            r"(\frac{b - c}{e})^2",
            r"(\frac{b}{e})^2",
            r"n (b - c)^2 I",
            r"\frac{b - c}{\sqrt{v}}",
            r"\frac{b^2}{v}",
            r"\sqrt{I} (b - c)",
            r"\sqrt{n I} (b - c)",
            r"\frac{c - b}{e}",
        ),
    ),
    Standard(
        name="size of a sample",
        words=r"sample size|number of (?:observations|samples|subjects|participants|respondents)|margin of error",
        letters=r"n(?:_.{1,6})?",
        parts=(
            QUANTILE,
            MARGIN,
            SIGMA,
            CHANCE,
            firm(positive("y", r"z_{1-\beta} z_\beta z_{power}")),
            firm(positive("x", r"z_{1-\alpha} z_\alpha z_{\alpha/2} z_{1-\alpha/2}")),
            positive("D", r"\delta \Delta d"),
            share("q", r"\hat{q}"),
        ),
        formulas=(
            r"(\frac{z s}{E})^2",
            r"\frac{z^2 p (1 - p)}{E^2}",
            r"(\frac{1.96 s}{E})^2",
            r"(\frac{1.96}{E})^2 p (1 - p)",
            r"\frac{(x + y)^2 s^2}{D^2}",
        ),
        also=(
            r"\frac{2 (x + y)^2 s^2}{D^2}",
            r"\frac{(x + y)^2}{D^2}",
            r"\frac{2 (x + y)^2}{D^2}",
            r"\frac{z^2}{4 E^2}",
            r"\frac{z^2 p q}{E^2}",
            r"\frac{4 z^2 s^2}{E^2}",
            r"\frac{4 z^2 p (1 - p)}{E^2}",
            r"\frac{2 z^2 s^2}{E^2}",
            r"\frac{(x + y)^2 p (1 - p)}{D^2}",
            r"\frac{s^2}{E^2}",
            r"\frac{p (1 - p)}{E^2}",
            r"\frac{4 s^2 (x + y)^2}{D^2}",
        ),
    ),
    Standard(
        name="margin of error",
        left=r"(?:ME|MOE|MoE)",
        words="margin of error",
        letters=r"(?:ME|MOE|E|e|m|d|epsilon)",
        parts=(QUANTILE, SIGMA, CHANCE, positive("n", "N", may_be_number=True), positive("e", "SE se")),
        formulas=(
            r"z \frac{s}{\sqrt{n}}",
            r"z \sqrt{\frac{p (1 - p)}{n}}",
            "z e",
            r"1.96 \frac{s}{\sqrt{n}}",
            r"1.96 \sqrt{\frac{p (1 - p)}{n}}",
        ),
        also=(r"\frac{1}{\sqrt{n}}", r"\frac{s}{\sqrt{n}}"),
    ),
    Standard(
        name="error rate of several tests",
        words=r"family-?wise|\bFWER\b|bonferroni|[sš]id[aá]k|multiple (?:testing|comparisons|tests)",
        letters=r"(?:FWER|bar?alpha|alpha(?:_.{1,6}|\^\*)?|tildealpha|alpha')|(?:P|Pr)[(\[].*[)\]]",
        parts=(ERROR_RATE, TESTS),
        formulas=(r"1 - (1 - a)^m", r"1 - (1 - a)^{1 / m}", r"\frac{a}{m}"),
        also=(r"(1 - a)^m", r"m a", "a"),
    ),
    Standard(
        name="transformation of a correlation by Fisher",
        words=r"fisher['’s]* (?:z|\$z\$|transform)",
        letters=r"[zZ](?:_.{1,3})?(?:\(.*\))?|(?:zeta|xi)",
        parts=(firm(share("r", r"\rho \hat{\rho} r_{xy}")),),
        formulas=(r"\frac{1}{2} \log \frac{1 + r}{1 - r}",),
        also=(r"\frac{1}{2} (\log(1 + r) - \log(1 - r))",),
    ),
    Standard(
        name="mean of the rank-sum statistic",
        words=r"mann|wilcoxon|rank[- ]sum",
        letters=r"(?:E[(\[][UW](?:_.)?[)\]]|mu_[UWT]|(?:Var|V)[(\[][UW][)\]]|sigma_[UW]\^2)",
        parts=(positive("n", "n_1 n_x m"), positive("m", "n_2 n_y n")),
        formulas=(r"\frac{n m}{2}", r"\frac{n m (n + m + 1)}{12}", r"\frac{n (n + m + 1)}{2}"),
    ),
    Standard(
        name="rank-sum statistic of Mann and Whitney",
        words=r"mann-?\W?\s?whitney|\bU[- ](?:statistic|test)",
        letters=r"U(?:_\w)?",
        parts=(
            firm(positive("n", "n_1 n_x")),
            firm(positive("m", "n_2 n_y")),
            firm(positive("R", "R_1 W_1 R_x T_1")),
        ),
        formulas=(r"R - \frac{n (n + 1)}{2}", r"n m + \frac{n (n + 1)}{2} - R"),
    ),
    Standard(
        name="statistic of Durbin and Watson",
        words=r"durbin",
        letters=r"(?:d|DW|D)(?:_.{1,3})?",
        parts=(firm(real("r", r"\hat{\rho} \rho r_1")), natural("T", "n N")),
        formulas=(r"2 (1 - r)",),
        also=("2 - 2 r",),
        relation="approx",
    ),
)

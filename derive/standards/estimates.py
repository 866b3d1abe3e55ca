"""Estimates from samples, how far they are off, tests, bounds of tails, and effects of treatments."""

from __future__ import annotations

from .standard import Standard, bit, count, firm, natural, positive, real, share

N = count("n", "N m")
SIZE = positive("n", "N m n_1 n_x n_A", may_be_number=True)
OTHER_SIZE = positive("m", "n_2 n_y n_B n_0 N_2")
FIRST_SD = positive("s", r"\sigma s_1 \sigma_1 s_x \sigma_x S S_1 \hat{\sigma} \sigma_A s_A")
OTHER_SD = positive("t", r"s_2 \sigma_2 s_y \sigma_y S_2 \sigma_B s_B")
FIRST_MEAN = real("x", r"\bar{x} \bar{X} \bar{x}_1 \bar{X}_1 \bar{y} \hat{\mu} \mu_1 \bar{Y} \bar{x}_A m")
OTHER_MEAN = real("y", r"\mu_0 \mu \bar{x}_2 \bar{X}_2 \bar{y} \mu_2 \bar{Y} \bar{x}_B")
SHARE = share("p", r"\hat{p} \hat{p}_1 p_1 \hat{p}_A")
OTHER_SHARE = share("q", r"p_0 \hat{p}_2 p_2 p \hat{p}_B")
EPSILON = positive(r"\epsilon", r"\varepsilon t a k \gamma \delta")
TWO_SIDED = r"(?:P|Pr|p|mathbbP)[(\[]\|.*\|.*[)\]]|(?:P|Pr)_.{1,12}[(\[]\|.*\|.*[)\]]"
TAIL = r"(?:P|Pr|p)(?:_.{1,12})?[(\[][^|]*[)\]]"
EFFECT = r"(?:hat|widehat)?(?:ATE|tau|Delta|theta|psi|mathrmATE)(?:_.{1,6}|\^.{1,6})?"
OUTCOME = real("Y", "y Y_i")
TREATED = bit("T", "D A Z W t d w")
PROPENSITY = share("e", r"e(X) e(x) \pi(X) p(X) P(X) \hat{e}(X) p(x) \hat{p}(X) e(X_i)")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="standard error",
        left=r"(?:SE|SEM|se)(?:\(.*\)|_.{1,12})?",
        words=r"standard error of the (?:mean|difference)",
        parts=(
            FIRST_SD,
            OTHER_SD,
            SIZE,
            OTHER_SIZE,
            SHARE,
            positive("a", "SE_1 se_1 SE_A SE_x SE_T"),
            positive("b", "SE_2 se_2 SE_B SE_y SE_C"),
            positive("u", "s_p S_p"),
        ),
        formulas=(
            r"\frac{s}{\sqrt{n}}",
            r"\sqrt{\frac{p (1 - p)}{n}}",
            r"\sqrt{\frac{s^2}{n} + \frac{t^2}{m}}",
            r"\sqrt{a^2 + b^2}",
        ),
        also=(r"\sqrt{\frac{s^2}{n}}", r"u \sqrt{\frac{1}{n} + \frac{1}{m}}", r"s \sqrt{\frac{1}{n} + \frac{1}{m}}"),
    ),
    Standard(
        name="variance of the sample mean",
        left=r"(?:Var|var|V)[(\[]bar(?:X|x|Y|y)(?:_n)?[)\]]",
        words=r"sample mean|\bmean of (?:the|a|n) (?:sample|observations)",
        letters=r"(?:Var|var|V)[(\[].{3,40}[)\]]",
        parts=(
            positive(r"\sigma", "s"),
            positive("n", "N m T"),
            positive("v", "Var(X_i) V(X_i) var(X_i) Var[X_i] Var(x_i) Var(Y_i) Var(X) Var(X_1)"),
            share(r"\rho"),
        ),
        formulas=(r"\frac{\sigma^2}{n}", r"\frac{1}{n^2} \sum_i v_i", r"\frac{v}{n}", r"\frac{1}{n^2} n \sigma^2"),
        also=(r"\rho \sigma^2 + \frac{1 - \rho}{n} \sigma^2", r"\frac{1}{n^2} \sum_i \sigma_i^2"),
    ),
    Standard(
        name="t statistic",
        words=r"\bt-?[- ](?:statistic|test|value|score)|\$t\$[- ](?:statistic|test|value)|student(?:['’]s)? t|welch",
        letters=r"[tT](?:_.{1,6})?(?:\^.{1,3})?",
        parts=(
            FIRST_MEAN,
            OTHER_MEAN,
            FIRST_SD,
            OTHER_SD,
            SIZE,
            OTHER_SIZE,
            positive("p", "s_p S_p"),
            real("b", r"\hat{\beta} \hat{\beta}_j \hat{\beta}_1 b_1 \beta"),
            positive("e", r"SE(\hat{\beta}) SE(\hat{\beta}_j) SE SE(\hat{\beta}_1) se(\hat{\beta}_j) s_{b_1}"),
            real("r"),
        ),
        formulas=(
            r"\frac{x - y}{s / \sqrt{n}}",
            r"\frac{x - y}{\sqrt{\frac{s^2}{n} + \frac{t^2}{m}}}",
            r"\frac{x - y}{p \sqrt{\frac{1}{n} + \frac{1}{m}}}",
        ),
        also=(
            r"\frac{b}{e}",
            r"\frac{b - y}{e}",
            r"\frac{x - y}{s}",
            r"\frac{x}{s / \sqrt{n}}",
            r"r \sqrt{\frac{n - 2}{1 - r^2}}",
            r"\frac{x - y}{e}",
            r"\frac{x - y}{\sqrt{\frac{s}{n} + \frac{t}{m}}}",
            r"\frac{x - y}{\sqrt{p (\frac{1}{n} + \frac{1}{m})}}",
            r"\frac{x - y}{s \sqrt{\frac{1}{n} + \frac{1}{m}}}",
        ),
    ),
    Standard(
        name="pooled variance",
        words=r"pooled (?:sample )?(?:variance|standard deviation|estimat\w+)",
        letters=r"[sS](?:_.{1,7})?\^2(?:_.{1,7})?|(?:hat)?sigma\^2(?:_.{1,7})?",
        parts=(FIRST_SD, OTHER_SD, SIZE, OTHER_SIZE),
        formulas=(r"\frac{(n - 1) s^2 + (m - 1) t^2}{n + m - 2}",),
        also=(r"\frac{s^2 + t^2}{2}", r"\frac{n s^2 + m t^2}{n + m - 2}", r"\frac{n s^2 + m t^2}{n + m}"),
    ),
    Standard(
        name="pooled standard deviation",
        words=r"pooled (?:sample )?standard deviation",
        letters=r"(?:[sS]|SD|sigma|hatsigma)_.{1,7}",
        parts=(FIRST_SD, OTHER_SD, SIZE, OTHER_SIZE),
        formulas=(r"\sqrt{\frac{(n - 1) s^2 + (m - 1) t^2}{n + m - 2}}",),
        also=(
            r"\sqrt{\frac{s^2 + t^2}{2}}",
            r"\sqrt{\frac{n s^2 + m t^2}{n + m - 2}}",
            r"\sqrt{\frac{n s^2 + m t^2}{n + m}}",
            r"\sqrt{\frac{(n - 1) s^2 + (m - 1) t^2}{n + m}}",
        ),
    ),
    Standard(
        name="z statistic",
        words=r"\bz-?[- ](?:statistic|test|score)|\btest statistic|\$z\$[- ](?:statistic|test|score)|two[- ]proportion"
        r"|central limit theorem|standardi[sz]\w+ (?:the )?(?:sample )?mean",
        letters=r"[zZ](?:_.{1,6})?",
        parts=(SHARE, OTHER_SHARE, SIZE, OTHER_SIZE, FIRST_MEAN, OTHER_MEAN, FIRST_SD, OTHER_SD),
        formulas=(
            r"\frac{p - q}{\sqrt{\frac{q (1 - q)}{n}}}",
            r"\frac{x - y}{s / \sqrt{n}}",
        ),
        also=(
            r"\frac{x - y}{s}",
            r"\sqrt{n} (x - y)",
            r"\frac{p - q}{\sqrt{\frac{p (1 - p)}{n}}}",
            r"\frac{x - y}{\sqrt{\frac{s^2}{n} + \frac{t^2}{m}}}",
            r"\frac{p - q}{\sqrt{\frac{p (1 - p)}{n} + \frac{q (1 - q)}{m}}}",
        ),
    ),
    Standard(
        name="chi-square statistic",
        words=r"chi-?[- ]squared?|\\chi\^2|pearson(?:['’]s)? (?:cumulative )?(?:test )?statistic",
        letters=r"chi\^2(?:_.{1,5})?|X\^2|Q|[TD](?:_.{1,4})?",
        parts=(
            firm(positive("O", "O_i n n_i x_i o N_i O_{ij} Y_i")),
            firm(positive("E", r"E_i e e_i E_{ij}")),
            positive("n", "N"),
            share("p"),
        ),
        formulas=(
            r"\sum_i \frac{(O_i - E_i)^2}{E_i}",
            r"\sum_i \sum_j \frac{(O_{ij} - E_{ij})^2}{E_{ij}}",
            r"\sum_i \frac{(O_i - n p_i)^2}{n p_i}",
        ),
        also=(r"\sum_i O_i^2", r"\sum_i \frac{O_i^2}{E_i} - n", r"\sum_i \frac{(|O_i - E_i| - 0.5)^2}{E_i}"),
    ),
    Standard(
        name="slope of the regression line",
        words=r"simple (?:linear )?regression|regression line|least[- ]squares? (?:line|estimat\w+|slope|fit)"
        r"|\bslope\b",
        letters=r"(?:hat)?(?:beta|b|w|m|theta|a)(?:_1|_x)?(?:\^.{1,5})?",
        parts=(
            real("x", "x_i X t"),
            real("y", "y_i Y"),
            real("a", r"\bar{x} \bar{X} \mu_x \bar{t} \bar{x}_n"),
            real("b", r"\bar{y} \bar{Y} \mu_y \bar{y}_n"),
            count("n", "N m"),
            firm(real("c", r"S_{xy} s_{xy} SS_{xy} Cov(x,y) Cov(X,Y) cov(x,y) \sigma_{xy}")),
            firm(positive("v", r"S_{xx} s_{xx} SS_{xx} Var(x) Var(X) SS_x")),
            share("r", r"\rho r_{xy} \rho_{xy} R"),
            positive("s", r"s_y \sigma_y S_y \sigma_Y"),
            positive("t", r"s_x \sigma_x S_x \sigma_X"),
        ),
        formulas=(
            r"\frac{\sum_{i=1}^n (x_i - a) (y_i - b)}{\sum_{i=1}^n (x_i - a)^2}",
            r"\frac{\sum_i (x_i - a) y_i}{\sum_i (x_i - a)^2}",
            r"\frac{\sum_i x_i y_i - n a b}{\sum_i x_i^2 - n a^2}",
            r"\frac{n \sum_{i=1}^n x_i y_i - \sum_{i=1}^n x_i \sum_{i=1}^n y_i}{n \sum_{i=1}^n x_i^2 - (\sum_{i=1}^n"
            r" x_i)^2}",
            r"\frac{c}{v}",
            r"r \frac{s}{t}",
        ),
        also=(
            r"\frac{\sum_i x_i y_i}{\sum_i x_i^2}",
            r"\frac{\sum_i (y_i - b) (x_i - a)}{\sum_i x_i (x_i - a)}",
            r"\frac{c}{t^2}",
            r"\frac{\sum_i y_i (x_i - a)}{\sum_i x_i^2 - \frac{1}{n} (\sum_i x_i)^2}",
            r"\frac{\sum_i (x_i - a) (y_i - b)}{v}",
        ),
    ),
    Standard(
        name="intercept of the regression line",
        words=r"simple (?:linear )?regression|regression line|least[- ]squares? (?:line|estimat\w+|fit)|\bintercept\b",
        letters=r"(?:hat)?(?:beta|b|w|theta|alpha|a)(?:_0)?(?:\^.{1,5})?|(?:hat)?[abc]",
        parts=(
            real("X", r"\bar{x} \bar{X} \mu_x \bar{t}"),
            real("Y", r"\bar{y} \bar{Y} \mu_y"),
            real(
                "w",
                r"\hat{\beta}_1 \beta_1 b_1 \hat{b}_1 \hat{b} w_1 m \hat{\beta} \hat{w}_1 \theta_1 a b \hat{a} \hat{m}",
            ),
        ),
        formulas=(r"Y - w X",),
        also=(r"Y",),
    ),
    Standard(
        name="adjusted coefficient of determination",
        left=r"(?:bar)?R\^2_?(?:adj|a|adjusted)|R_(?:adj|a|adjusted)\^2|barR\^2",
        words=r"adjusted \$?R",
        letters=r"(?:bar)?R\^2(?:_.{1,9})?|R_.{1,9}\^2",
        parts=(
            share("R", "r"),
            positive("n", "N m"),
            positive("p", "k d"),
            positive("A", "RSS SSE SS_{res}"),
            positive("B", "TSS SST SS_{tot}"),
        ),
        formulas=(
            r"1 - (1 - R^2) \frac{n - 1}{n - p - 1}",
            r"1 - \frac{A / (n - p - 1)}{B / (n - 1)}",
        ),
        also=(r"1 - (1 - R^2) \frac{n - 1}{n - p}", r"1 - \frac{A / (n - p)}{B / (n - 1)}"),
        told=(
            (
                r"\A(?![\s\S]*(?:intercept|\bconst|parameters|coefficients|bias|includ|column|design))[\s\S]*"
                r"(?:predictor|feature|regressor|(?:independent|explanatory) variable)s",
                (r"1 - (1 - R^2) \frac{n - 1}{n - p}", r"1 - \frac{A / (n - p)}{B / (n - 1)}"),
            ),
        ),
    ),
    Standard(
        name="rank correlation of Spearman",
        words=r"spearman",
        letters=r"(?:rho|r|R)(?:_.{1,4})?",
        parts=(real("d", "D"), natural("n", "N")),
        formulas=(r"1 - \frac{6 \sum_i d_i^2}{n (n^2 - 1)}",),
        also=(r"1 - \frac{6 \sum_i d_i^2}{n^3 - n}",),
    ),
    Standard(
        name="effect size of Cohen",
        settled=True,
        words=r"cohen(?:['’]?s)? \$?d|effect size",
        letters=r"d(?:_.{1,6})?|(?:hat)?delta",
        parts=(FIRST_MEAN, OTHER_MEAN, positive("s", r"s_p \sigma s_{pooled} s_{pool} SD \sigma_p SD_{pooled}")),
        formulas=(r"\frac{x - y}{s}",),
    ),
    Standard(
        name="Hoeffding's inequality, two-sided",
        words="hoeffding",
        letters=TWO_SIDED,
        relation="<=",
        parts=(
            positive("n", "m N T"),
            EPSILON,
            real("b", "B b_i"),
            real("a", "A a_i"),
            positive("M", r"|H| |\mathcal{H}| K"),
        ),
        formulas=(
            r"2 \exp(-2 n \epsilon^2)",
            r"2 \exp(-\frac{2 n \epsilon^2}{(b - a)^2})",
        ),
        also=(
            r"2 \exp(-\frac{2 \epsilon^2}{n (b - a)^2})",
            r"2 \exp(-\frac{2 \epsilon^2}{\sum_i (b_i - a_i)^2})",
            r"2 \exp(-\frac{2 \epsilon^2}{n})",
            r"2 \exp(-\frac{2 n^2 \epsilon^2}{\sum_i (b_i - a_i)^2})",
            r"2 M \exp(-2 n \epsilon^2)",
            r"2 \exp(-\frac{n \epsilon^2}{2})",
            r"2 \exp(-\frac{\epsilon^2}{2 n})",
            r"2 \exp(-\frac{n \epsilon^2}{2 a^2})",
            r"2 \exp(-\frac{\epsilon^2}{2})",
        ),
    ),
    Standard(
        name="Chebyshev's inequality",
        settled=True,
        words=r"cheb[iy]she[vf]f?|tchebychef",
        letters=TWO_SIDED,
        relation="<=",
        parts=(
            positive(r"\sigma", "s"),
            EPSILON,
            positive("v", r"Var(X) Var[X] V(X) Var(\bar{X}) var(X) Var(x)"),
            positive("n", "N m"),
        ),
        formulas=(r"\frac{v}{\epsilon^2}", r"\frac{\sigma^2}{\epsilon^2}", r"\frac{\sigma^2}{n \epsilon^2}"),
        also=(r"\frac{1}{\epsilon^2}", r"\frac{v}{n \epsilon^2}", r"\frac{1}{4 n \epsilon^2}"),
    ),
    Standard(
        name="Markov's inequality",
        words=r"markov(?:['’]s)? inequality",
        letters=TAIL,
        relation="<=",
        parts=(positive("m", r"\mu"), EPSILON, real("x", "X Z Y")),
        formulas=(r"\frac{\mathbb{E}[x]}{\epsilon}", r"\frac{m}{\epsilon}"),
    ),
    Standard(
        name="sample size of a finite class",
        words=r"\bPAC\b|probably approximately correct|sample complexity|finite (?:hypothesis )?(?:class|space)",
        letters=r"[mnN](?:_.{1,3})?(?:\(.*\))?",
        relation=">=",
        parts=(positive("H", r"|H| |\mathcal{H}| k M K"), share(r"\epsilon", r"\varepsilon"), share(r"\delta")),
        formulas=(
            r"\frac{1}{\epsilon} (\log H + \log \frac{1}{\delta})",
            r"\frac{1}{2 \epsilon^2} (\log H + \log \frac{2}{\delta})",
        ),
        also=(
            r"\frac{1}{2 \epsilon^2} (\log H + \log \frac{1}{\delta})",
            r"\frac{1}{\epsilon^2} (\log H + \log \frac{1}{\delta})",
            r"\frac{2}{\epsilon^2} \log \frac{2 H}{\delta}",
        ),
    ),
    Standard(
        name="effect by inverse propensity weights",
        words=r"inverse[- ](?:propensity|probability)|\bIPW\b|\bIPTW\b|propensity score weight",
        letters=EFFECT,
        parts=(OUTCOME, TREATED, PROPENSITY, count("n", "N")),
        formulas=(
            r"\frac{1}{n} \sum_{i=1}^n (\frac{T_i Y_i}{e_i} - \frac{(1 - T_i) Y_i}{1 - e_i})",
            r"\mathbb{E}[\frac{T Y}{e} - \frac{(1 - T) Y}{1 - e}]",
            r"\mathbb{E}[Y \frac{T - e}{e (1 - e)}]",
        ),
        also=(r"\frac{1}{n} \sum_{i=1}^n \frac{T_i Y_i}{e_i}", r"\mathbb{E}[\frac{T Y}{e}]"),
    ),
    Standard(
        name="estimate of Wald by an instrument",
        words=r"instrument\w*|\bwald\b|\bIV\b",
        letters=r"(?:hat)?(?:beta|tau|kappa|LATE|theta|delta)(?:_.{1,6}|\^.{1,6})?",
        parts=(
            real("a", "Cov(Y,Z) Cov(Z,Y) cov(Z,Y) Cov(Y_i,Z_i) Cov(Z_i,Y_i)"),
            real("b", "Cov(T,Z) Cov(X,Z) Cov(D,Z) Cov(Z,X) Cov(Z,D) Cov(Z,T) Cov(T_i,Z_i) Cov(D_i,Z_i) cov(Z,X)"),
        ),
        formulas=(r"\frac{a}{b}",),
    ),
    Standard(
        name="estimate of a survival function",
        words=r"kaplan|product[- ]limit",
        letters=r"(?:hat)?S(?:_.{1,3})?(?:\(.*\))?",
        parts=(positive("d", "d_i d_j"), positive("n", "n_i n_j r r_i Y_i R")),
        formulas=(r"\prod_i (1 - \frac{d_i}{n_i})",),
        also=(r"\prod_i \frac{n_i - d_i}{n_i}",),
    ),
    Standard(
        name="odds ratio",
        settled=True,
        left=r"OR",
        words=r"odds ratio",
        parts=(
            positive("a", "n_{11} p_1"),
            positive("b", "n_{12}"),
            positive("c", "n_{21}"),
            positive("d", "n_{22}"),
            share("p", "p_1 p_A"),
            share("q", "p_2 p_0 p_B"),
        ),
        formulas=(
            r"\frac{a d}{b c}",
            r"\frac{a / b}{c / d}",
            r"\frac{p / (1 - p)}{q / (1 - q)}",
        ),
        also=(r"\frac{a / c}{b / d}",),
    ),
)

r"""What is known after data under the usual priors: chances, means of normal data, weights of linear models."""

from __future__ import annotations

from .standard import Standard, count, firm, matrix, positive, real, vector

PRIOR = r"\bpriors?\b|posterior|conjugate|bayesian|\bMAP\b|maximum a posteriori"
A = positive("a", r"\alpha \alpha_0 a_0 \alpha_H \beta_H \alpha_1")
B = positive("b", r"\beta \beta_0 b_0 \alpha_T \beta_T \alpha_2")
HITS = positive("h", r"N_1 n_1 k n_H N_H m s \alpha_H x H r N_h n_h y")
FAILURES = positive("t", r"N_0 n_0 n_T N_T l T \alpha_T N_t n_t f")
TRIES = positive("n", "N m M")
OF_CHANCE = r"(?:hat|bar|tilde)?(?:theta|mu|p|pi|phi|lambda|q)"
N = positive("n", "N m")
NOISE = positive("s", r"\sigma \sigma_x \sigma_y \sigma_n \sigma_\epsilon \sigma_\varepsilon")
SPREAD = positive("t", r"\sigma_0 \tau \tau_0 \sigma_p \sigma_\mu s_0")
SPREAD_AFTER = positive("v", r"\sigma_N \sigma_n \tau_n \tau_N s_n \sigma_1 \tau_1")
CENTRE = real("m", r"\mu_0 m_0 \theta_0 \mu_p \nu_0")
AVERAGE = real(
    "a", r"\bar{x} \mu_{ML} \bar{y} \hat{\mu}_{ML} \hat{\mu} \mu_{MLE} \hat{\mu}_{MLE} x_n \bar{X} \hat{\mu}_n"
)
PRECISION = positive("b", r"\beta \tau \lambda \gamma")
PRIOR_PRECISION = positive("a", r"\alpha \lambda \tau")
ALPHA = positive("a", r"\alpha")
DESIGN = firm(matrix("P", r"\Phi"))
INPUTS = matrix("X", "Z")
AFTER = matrix("S", r"S_N S_n \Sigma_N \Sigma_n V_N \Sigma V_n \Sigma_w")
BEFORE = matrix("V", r"S_0 \Sigma_0 V_0 \Sigma_p")
TARGETS = vector("y", "t Y")
OF_WEIGHTS = r"bayesian|posterior|predictive"
IDENTITY = matrix("I", "I_M I_d I_D I_p")
_BETWEEN = r"\frac{s^2}{n t^2 + s^2} m + \frac{n t^2}{n t^2 + s^2} a"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="mean of a chance after trials",
        words=r"\bbeta\b[\s\S]{0,200}(?:prior|posterior)|(?:prior|posterior)[\s\S]{0,200}\bbeta\b",
        letters=rf"(?:mathbb)?E(?:_.{{1,6}})?[(\[]{OF_CHANCE}\|.*[)\]]|{OF_CHANCE}_(?:PM|mean|Bayes|post|B|PME)",
        parts=(A, B, HITS, FAILURES, TRIES),
        formulas=(r"\frac{a + h}{a + b + h + t}", r"\frac{a + h}{a + b + n}"),
        also=(
            r"\frac{a}{a + b}",
            r"\frac{h}{n}",
            r"\frac{h}{h + t}",
            r"\frac{h + 1}{n + 2}",
            r"\frac{h + 1}{h + t + 2}",
            r"\frac{a + h - 1}{a + b + n - 2}",
            r"\frac{a + h - 1}{a + b + h + t - 2}",
            r"\frac{a + b}{a + b + n} \frac{a}{a + b} + \frac{n}{a + b + n} \frac{h}{n}",
        ),
    ),
    Standard(
        name="best chance after trials",
        words=rf"\bbeta\b[\s\S]{{0,200}}(?:{PRIOR})|(?:{PRIOR})[\s\S]{{0,200}}\bbeta\b",
        usual=r"maximi[sz]\w+",
        letters=rf"{OF_CHANCE}_(?:\w,)?MAP|{OF_CHANCE}\^MAP|(?:mode|Mode)[(\[]{OF_CHANCE}(?:\|.*)?[)\]]",
        parts=(A, B, HITS, FAILURES, TRIES),
        formulas=(r"\frac{a + h - 1}{a + b + n - 2}", r"\frac{a + h - 1}{a + b + h + t - 2}"),
        also=(
            r"\frac{a + h}{a + b + n}",  # of a prior with a + 1 and b + 1
            r"\frac{a + h}{a + b + h + t}",
            r"\frac{h}{n}",
            r"\frac{h}{h + t}",
            r"\frac{a - 1}{a + b - 2}",
            r"\frac{a}{a + b}",
            r"\frac{h + a}{h + t + 2 a}",
        ),
    ),
    Standard(
        name="mean of the chances after throws",
        words=r"dirichlet",
        letters=rf"(?:mathbb)?E(?:_.{{1,6}})?[(\[]{OF_CHANCE}_\w(?:\|.*)?[)\]]|{OF_CHANCE}_\w(?:\^.{{1,6}})?"
        r"|(?:p|P|Pr)\(\w(?:_.{1,5})?=[kij]\|.*\)",
        parts=(
            positive("a", r"\alpha \beta"),
            positive("c", r"N_k n_k m_k N_i n_i N_j n_j c_k N_{k}"),
            positive("n", "N m"),
            positive("A", r"\alpha_0 \alpha_+"),
            positive("K", "k d V"),
        ),
        formulas=(
            r"\frac{c_k + a_k}{n + \sum_j a_j}",
            r"\frac{c_k + a_k}{\sum_j (c_j + a_j)}",
            r"\frac{c_k + a_k}{\sum_j c_j + \sum_j a_j}",
            r"\frac{c + a}{n + A}",
        ),
        also=(
            r"\frac{a_k}{\sum_j a_j}",
            r"\frac{c_k}{n}",
            r"\frac{c_k}{\sum_j c_j}",
            r"\frac{c_k + a_k - 1}{n + \sum_j a_j - K}",
            r"\frac{c_k + a_k - 1}{\sum_j (c_j + a_j - 1)}",
            r"\frac{c + a}{n + K a}",
            r"\frac{c + 1}{n + K}",
            r"\frac{c + a - 1}{n + A - K}",
        ),
    ),
    Standard(
        name="precision of the mean of normal data",
        words=PRIOR,
        letters=r"frac1(?:hat|tilde)?(?:sigma|tau|s)(?:'|_.{1,5})?\^2",
        parts=(N, NOISE, SPREAD),
        formulas=(r"\frac{1}{t^2} + \frac{n}{s^2}",),
        also=(r"\frac{1}{t^2} + \frac{1}{s^2}", r"\frac{n}{s^2}"),
    ),
    Standard(
        name="variance of the mean of normal data",
        words=PRIOR,
        letters=r"(?:hat|tilde)?(?:sigma|tau|s)(?:_.{1,5})?\^2(?:_.{1,5})?",
        parts=(N, NOISE, SPREAD),
        formulas=(r"(\frac{1}{t^2} + \frac{n}{s^2})^{-1}", r"\frac{s^2 t^2}{n t^2 + s^2}"),
        also=(
            r"\frac{s^2 t^2}{t^2 + s^2}",
            r"\frac{s^2}{n}",
            r"s^2 + (\frac{1}{t^2} + \frac{n}{s^2})^{-1}",  # of a new point
            r"s^2 + \frac{s^2 t^2}{n t^2 + s^2}",
            r"s^2 + t^2",
        ),
    ),
    Standard(
        name="mean of the mean of normal data",
        words=PRIOR,
        letters=r"(?:hat|tilde|bar)?(?:mu|m|theta)(?:_[^|]{1,6})?",
        parts=(N, NOISE, SPREAD, SPREAD_AFTER, CENTRE, AVERAGE, real("x", "y X")),
        formulas=(
            _BETWEEN,
            r"\frac{s^2 m + n t^2 a}{n t^2 + s^2}",
            r"\frac{\frac{m}{t^2} + \frac{n a}{s^2}}{\frac{1}{t^2} + \frac{n}{s^2}}",
            r"v^2 (\frac{m}{t^2} + \frac{n a}{s^2})",
            r"v^2 (\frac{m}{t^2} + \frac{\sum_i x_i}{s^2})",
            r"\frac{\frac{m}{t^2} + \frac{1}{s^2} \sum_i x_i}{\frac{1}{t^2} + \frac{n}{s^2}}",
        ),
        also=(
            r"\frac{s^2 m + t^2 a}{t^2 + s^2}",
            r"\frac{s^2 m + t^2 x}{t^2 + s^2}",
            r"v^2 (\frac{m}{t^2} + \frac{x}{s^2})",
            r"\frac{t^2}{n t^2 + s^2} \sum_i x_i",
            r"\frac{n t^2}{n t^2 + s^2} a",
            r"m + \frac{n t^2}{n t^2 + s^2} (a - m)",
        ),
    ),
    Standard(
        name="mean of the weights of a Bayesian linear model",
        words=OF_WEIGHTS,
        letters=r"(?:hat|bar)?(?:m|mu|w|theta|beta)(?:_[^|]{1,5})?",
        parts=(PRECISION, AFTER, DESIGN, INPUTS, TARGETS, NOISE, BEFORE, ALPHA, vector("m", r"m_0 \mu_0 w_0")),
        formulas=(
            r"b S P^\top y",
            r"S (V^{-1} m + b P^\top y)",
            r"\frac{1}{s^2} S P^\top y",
            r"S (V^{-1} m + \frac{1}{s^2} P^\top y)",
            r"\frac{1}{s^2} S X^\top y",
            r"S (V^{-1} m + \frac{1}{s^2} X^\top y)",
            r"b S X^\top y",
        ),
        also=(
            r"\frac{1}{s^2} S X y",  # with a point in each column
            r"\frac{1}{s^2} S^{-1} X y",
            r"\frac{1}{s^2} S^{-1} X^\top y",
            r"\frac{1}{s^2} S P y",
            r"\frac{1}{s^2} S^{-1} P y",
            r"b S X y",
            r"S X^\top y",
            r"S P^\top y",
            r"b V^{-1} X y",
            r"S (V m + b P^\top y)",  # V a precision
            r"S (V m + b X^\top y)",
            r"a S P^\top y",  # a is mostly the precision of the prior
            r"a S X^\top y",
            r"S (V^{-1} m + a P^\top y)",
            r"S (V^{-1} m + a X^\top y)",
        ),
    ),
    Standard(
        name="precision of the weights of a Bayesian linear model",
        words=OF_WEIGHTS,
        usual="inverse",
        letters=r"(?:S|Sigma|V|C)(?:_.{1,3})?\^-1(?:_.{1,3})?|(?:A|Lambda|P|H)(?:_.{1,3})?",
        parts=(PRECISION, PRIOR_PRECISION, DESIGN, IDENTITY, BEFORE, NOISE),
        formulas=(
            r"a I + b P^\top P",
            r"V^{-1} + b P^\top P",
            r"V^{-1} + \frac{1}{s^2} P^\top P",
            r"a I + \frac{1}{s^2} P^\top P",
        ),
        also=(r"b P^\top P", r"V + b P^\top P", r"a V + b P^\top P", r"\frac{1}{a} I + b P^\top P"),
    ),
    Standard(
        name="predictive variance of a Bayesian linear model",
        words=OF_WEIGHTS,
        letters=r"(?:sigma|s)(?:_.{1,4})?\^2(?:_.{1,4})?(?:\(.*\))?|(?:Var|var|V)(?:[(\[].*[)\]])",
        parts=(
            PRECISION,
            NOISE,
            vector("u", r"\phi(x) \phi \phi(x_*) x x_* \phi_* x^* \tilde{x}"),
            AFTER,
        ),
        formulas=(r"\frac{1}{b} + u^\top S u", r"s^2 + u^\top S u"),
        also=(
            r"u^\top S u",
            r"s^2 u^\top S u",
            r"s^2 (1 + u^\top S u)",
            r"b + u^\top S u",  # b a variance
            r"\frac{1}{b} (1 + u^\top S u)",
            r"u^\top S^{-1} u",
            r"s^2 + u^\top S^{-1} u",
            r"\frac{1}{b} + u^\top S^{-1} u",
        ),
    ),
    Standard(
        name="mean of a product of normal densities",
        words=r"product of (?:the )?(?:two )?(?:gaussian|normal)",
        usual=r"proportional|unnormali[sz]ed|up to",
        letters=r"(?:bar|hat|tilde)?(?:c|mu|m)(?:_.{1,5})?",
        parts=(
            vector(r"\mathbf{a}", r"a \mu_1 m_1 \mu_a \mu_A"),
            vector(r"\mathbf{b}", r"b \mu_2 m_2 \mu_b \mu_B"),
            firm(matrix("A", r"\Sigma_1 \Sigma_a \Sigma_A")),
            firm(matrix("B", r"\Sigma_2 \Sigma_b \Sigma_B")),
            matrix("C", r"\Sigma_3 \Sigma \Sigma_c"),
            real("m", r"\mu_1 \mu_a m_1"),
            real("u", r"\mu_2 \mu_b m_2"),
            firm(positive("s", r"\sigma_1 \sigma_a s_1")),
            firm(positive("t", r"\sigma_2 \sigma_b s_2")),
        ),
        formulas=(
            r"C (A^{-1} \mathbf{a} + B^{-1} \mathbf{b})",
            r"(A^{-1} + B^{-1})^{-1} (A^{-1} \mathbf{a} + B^{-1} \mathbf{b})",
            r"\frac{m t^2 + u s^2}{s^2 + t^2}",
            r"\frac{\frac{m}{s^2} + \frac{u}{t^2}}{\frac{1}{s^2} + \frac{1}{t^2}}",
        ),
        also=(r"A^{-1} \mathbf{a} + B^{-1} \mathbf{b}",),
    ),
    Standard(
        name="spread of a product of normal densities",
        words=r"product of (?:the )?(?:two )?(?:gaussian|normal)",
        usual=r"proportional|unnormali[sz]ed|up to",
        letters=r"C|Sigma(?:_.{1,5})?|sigma(?:_.{1,5})?\^2(?:_.{1,5})?",
        parts=(
            firm(matrix("A", r"\Sigma_1 \Sigma_a")),
            firm(matrix("B", r"\Sigma_2 \Sigma_b")),
            firm(positive("s", r"\sigma_1 \sigma_a s_1")),
            firm(positive("t", r"\sigma_2 \sigma_b s_2")),
        ),
        formulas=(r"(A^{-1} + B^{-1})^{-1}", r"\frac{s^2 t^2}{s^2 + t^2}", r"A (A + B)^{-1} B"),
        also=(r"A + B", r"s^2 + t^2", r"A^{-1} + B^{-1}"),
    ),
    Standard(
        name="Bayesian information criterion",
        left=r"BIC(?:\(.*\)|_.{1,3})?",
        usual=r"maximi[sz]\w+|(?:log[- ]?)?likelihood|approximat\w*",
        parts=(
            positive("k", "p d q M D |theta|"),
            count("n", "N m T"),
            positive("L", r"\hat{L}"),
            real("l", r"\ell \log\hat{L} LL \hat{\ell} lnL \ell(\hat{\theta})"),
            positive("R", "RSS SSE"),
            positive("s", r"\sigma \hat{\sigma} \sigma_e"),
            positive("z", r"p(D|\hat{\theta}) p(x|\hat{\theta}) p(D|\theta) p(X|\hat{\theta})"),
        ),
        formulas=(
            r"k \log n - 2 l",
            r"k \log n - 2 \log L",
            r"l - \frac{k}{2} \log n",
            r"\log L - \frac{k}{2} \log n",
            r"\log z - \frac{k}{2} \log n",
            r"k \log n - 2 \log z",
        ),
        also=(
            r"2 l - k \log n",
            r"2 \log L - k \log n",
            r"\frac{k}{2} \log n - l",
            r"\frac{k}{2} \log n - \log L",
            r"n \log \frac{R}{n} + k \log n",
            r"\frac{1}{n} (R + \log(n) k s^2)",
            r"\frac{1}{n s^2} (R + \log(n) k s^2)",
            r"\frac{1}{n} (k \log n - 2 l)",
            r"\log L - k \log n",
            r"-2 l + (k + 1) \log n",
        ),
    ),
    Standard(
        name="evidence by Laplace's method",
        words=r"laplace(?:['’]s)? (?:approximation|method)",
        usual=r"approximat\w*|hessian|negative",
        letters=r"(?:log|ln)[pPZ](?:_.{1,3})?(?:\(.*\))?",
        relation="approx",
        parts=(
            positive("l", r"p(D|\theta^*) p(D|\hat{\theta}) p(D|\theta_{MAP}) p(y|\hat{\theta}) p(X|\hat{\theta})"),
            positive("p", r"p(\theta^*) p(\hat{\theta}) p(\theta_{MAP})"),
            positive("f", r"f(z_0) f(x_0) p(D,\hat{\theta}) p(D,\theta^*)"),
            matrix("H", r"A H \Lambda"),
            positive("d", "D M k K m p n"),
        ),
        formulas=(
            r"\log l + \log p + \frac{d}{2} \log(2 \pi) - \frac{1}{2} \log|H|",
            r"\log f + \frac{d}{2} \log(2 \pi) - \frac{1}{2} \log|H|",
        ),
        also=(
            r"\log l + \log p + \frac{d}{2} \log(2 \pi) + \frac{1}{2} \log|H^{-1}|",
            r"\log l - \frac{d}{2} \log d",
            r"\log l + \log p - \frac{1}{2} \log|H|",
        ),
    ),
)

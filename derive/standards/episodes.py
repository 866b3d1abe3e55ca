r"""Returns over several steps, traces, gradients of policies, and series smoothed step by step."""

from __future__ import annotations

from .standard import Standard, bit, firm, natural, positive, real, share

DISCOUNT, MIXED = share(r"\gamma"), share(r"\lambda")
FIRST = real("r", "R_{t+1} r_t r_{t+1} R_t")
SECOND = real("q", "R_{t+2} r_{t+1} r_{t+2}")
LAST = real("z", "R_{t+n} r_{t+n-1} r_{t+n} R_{t+k} r_{t+k-1} r_{t+k}")
DOTS = firm(real(r"\dots"))
STEPS = natural("n", "k")
VALUE = real("v", "V(S_{t+2}) V(s_{t+2}) V(S_{t+n}) V(s_{t+n}) v(S_{t+n}) V_{t+n} V(s_{t+k}) V(S_{t+k})")
POLICY = share(
    "p",
    r"\pi_\theta(a_t|s_t) \pi_\theta(a|s) \pi(a_t|s_t) \pi(a|s) \pi_\theta(A_t|S_t) \pi(A_t|S_t) \pi(a|s;\theta)"
    r" \pi(a_t|s_t;\theta) \pi_\theta(s,a) \pi_\theta(s_t,a_t) \pi(A_t|S_t,\theta) \pi(a|s,\theta)"
    r" p_\theta(\tau) \pi_\theta(\tau) p(\tau;\theta) P(\tau|\theta) p(\tau|\theta)",
)
WEIGHT = real(
    "R",
    r"R(\tau) r(\tau) G_t G A_t A(s,a) A(s_t,a_t) \hat{A}_t Q(s,a) Q(s_t,a_t) Q_t R_t A \hat{R}_t \hat{Q}(s_t,a_t) r",
)
NABLA = natural("N", r"\nabla_\theta \nabla")
Q_NEXT = (  # for each action there, which a maximum binds
    r"Q(s',\theta^-) Q(s',\theta_i^-) Q(s') Q(s',\theta') Q_{\theta^-}(s') Q(s',\theta_{i-1}) Q_{\theta'}(s')"
    r" \hat{Q}(s') Q(s',w^-)"
)
Q_HERE = r"Q(s,a;\theta) Q(s,a;\theta_i) Q(s,a) Q_\theta(s,a) Q(s,a;w)"
Q_MIXED = r"Q(s,\theta^-) Q(s,\theta_i^-) Q_{\theta^-}(s) Q(s,\theta')"
Q_MADE = r"Q(s,\theta) Q(s,\theta_i) Q_\theta(s) Q(s,w)"
SMOOTHING = r"exponential smoothing|\bholt\b|holt['’]s|holt[- –]winters"
RATE, TREND_RATE = share("a", r"\alpha"), share("b", r"\beta \beta^* \gamma")
LEVEL = r"(?:hat)?(?:ell|l|L|s|S|a)_\w"
LEVEL_NOW = real("l", r"\ell_t L_t l_t s_t S_t")
LEVEL_BEFORE = real("k", r"\ell_{t-1} L_{t-1} l_{t-1} s_{t-1} S_{t-1}")
TREND_BEFORE = real("d", r"b_{t-1} T_{t-1} d_{t-1}")
SERIES = real("y", "x Y X z")
CENTRE = real("m", r"\bar{y} \bar{x} \mu \hat{\mu} \bar{Y} \bar{X}")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="return over several steps",
        left=r"G_t\^\(.{1,3}\)|G_t:t\+.",
        words=r"step return|\bTD\b|temporal[- ]difference|bootstrap",
        letters=r"[GR]_.{1,6}(?:\^.{1,4})?",
        parts=(DISCOUNT, FIRST, SECOND, LAST, DOTS, STEPS, VALUE),
        formulas=(
            r"r + \gamma q + \dots + \gamma^{n - 1} z + \gamma^n v",
            r"r + \gamma q + \gamma^2 v",
        ),
    ),
    Standard(
        name="return averaged over all numbers of steps",
        words=r"lambda\$?[- ]return|\bTD\$?\(|eligib",
        letters=r"[GR]_.(?:\^lambda|\(lambda\))|G\^lambda_.",
        parts=(MIXED, real("G", r"G_t R_t")),
        formulas=(r"(1 - \lambda) \sum_n \lambda^{n - 1} G_n",),
        also=(r"(1 - \lambda) \sum_n \lambda^n G_n",),
    ),
    Standard(
        name="eligibility trace",
        words=r"eligib\w+|\btraces?\b",
        letters=r"(?:E|e|z|Z)_\w(?:\(.*\))?",
        carries=("e",),
        parts=(
            DISCOUNT,
            MIXED,
            real("e", "E_{t-1}(s) e_{t-1}(s) E_{t-1} e_{t-1} z_{t-1} E_{t-1}(s,a) e_{t-1}(s,a)"),
            bit("S", "S_t s_t"),
            bit("s"),
        ),
        formulas=(r"\gamma \lambda e + 1[S = s]",),
        also=(r"\gamma \lambda e", r"\lambda e + 1[S = s]"),
    ),
    Standard(
        name="gradient of the value of a policy",
        words=r"policy[- ]gradients?|reinforce|actor",
        usual=r"gradients?|derivatives?|likelihood|maximi[sz]\w+|ascent",
        letters=r"nabla(?:_theta)?J(?:\(.*\)|_.{1,5})?",
        parts=(NABLA, POLICY, WEIGHT, real("b", r"V(s_t) V(s) b(s_t) b(s) \hat{V}(s_t) v(S_t)")),
        formulas=(
            r"\mathbb{E}[N \log(p) R]",
            r"\mathbb{E}[\sum_t N \log(p_t) R]",
            r"\mathbb{E}[\sum_t N \log(p_t) R_t]",
            r"\mathbb{E}[(\sum_t N \log(p_t)) R]",
            r"\mathbb{E}[N \log(p) (R - b)]",
        ),
        also=(r"\mathbb{E}[\frac{N p}{p} R]", r"\mathbb{E}[\sum_t \frac{N p_t}{p_t} R_t]"),
    ),
    Standard(
        name="squared temporal-difference error of a Q-network",
        words=r"\bDQN\b|deep q|q-?learning|q-?network|target network",
        letters=r"(?:L|J|ell)(?:_.{1,4})?(?:\(.*\))?",
        parts=(
            real("r", "R r_t"),
            DISCOUNT,
            firm(real("q", Q_NEXT)),
            firm(real("w", Q_HERE)),
            firm(real("Q(s')", Q_NEXT)),
            firm(real("Q(s)", Q_MADE)),
            firm(real("m", Q_MIXED)),
            real("y", "y_i y_t"),
        ),
        formulas=(
            r"\mathbb{E}[(r + \gamma \max_{a'} q_{a'} - w)^2]",
            r"(r + \gamma \max_{a'} q_{a'} - w)^2",
            r"\mathbb{E}[(r + \gamma \max_{a'} Q(s', a') - Q(s, a))^2]",
            r"(r + \gamma \max_{a'} Q(s', a') - Q(s, a))^2",
            r"\mathbb{E}[(y - w)^2]",
            r"\frac{1}{2} (r + \gamma \max_{a'} q_{a'} - w)^2",
            r"\frac{1}{2} \mathbb{E}[(r + \gamma \max_{a'} q_{a'} - w)^2]",
        ),
        also=(r"(y - w)^2", r"\mathbb{E}[(r + \gamma q - w)^2]"),
    ),
    Standard(
        name="action of the upper confidence bound",
        words=r"\bUCB|upper[- ]confidence",
        usual="up to",
        letters=r"[Aa](?:_.{1,5})?(?:\^.{1,4})?|I_t",
        parts=(
            real("q", r"Q_t Q \hat{Q}_t \hat{\mu} \hat{\mu}_t \bar{x} \bar{X}"),
            positive("n", r"N_t N n n_t N_{t-1}"),
            positive("t", "T N n"),
            positive("c", r"\alpha C"),
        ),
        formulas=(
            r"\arg\max_a (q_a + \sqrt{\frac{2 \log t}{n_a}})",
            r"\arg\max_a (q_a + c \sqrt{\frac{\log t}{n_a}})",
        ),
        also=(
            r"\arg\max_a (q_a + \sqrt{\frac{\log t}{n_a}})",
            r"\arg\max_a (q_a + \sqrt{\frac{c \log t}{n_a}})",
            r"\arg\max_a (q_a + c \sqrt{\frac{2 \log t}{n_a}})",
            r"\arg\max_a (q_a + \sqrt{\frac{\log t}{2 n_a}})",
            r"\arg\max_a (q_a + \sqrt{\frac{c \log t}{2 n_a}})",
        ),
    ),
    Standard(
        name="forecast of exponential smoothing",
        words=SMOOTHING,
        usual="smooth\\w*",
        letters=rf"(?:haty|hatx|F|f|y|{LEVEL[:-3]})_(?:t|t\+1|t\+1\|t)",
        parts=(
            RATE,
            real("y", "y_t x_t Y_t X_t A_t D_t y_{t-1} x_{t-1}"),
            real(
                "f",
                r"\hat{y}_t \hat{x}_t F_t f_t s_{t-1} S_{t-1} \ell_{t-1} l_{t-1} L_{t-1} \hat{y}_{t|t-1} F_{t-1}"
                r" \hat{y}_{t-1}",
            ),
            TREND_BEFORE,
            real("c", r"\hat{y}_{t+1} F_{t+1} \hat{x}_{t+1}"),
        ),
        formulas=(r"a y + (1 - a) f", r"f + a (y - f)", r"a y + (1 - a) (f + d)"),
        also=(r"a f + (1 - a) y", r"f + d"),
    ),
    Standard(
        name="trend of double exponential smoothing",
        words=SMOOTHING + r"|double exponential",
        usual="smooth\\w*",
        letters=r"[bTd]_t",
        parts=(TREND_RATE, LEVEL_NOW, LEVEL_BEFORE, TREND_BEFORE),
        formulas=(r"b (l - k) + (1 - b) d",),
    ),
    Standard(
        name="sample autocorrelation",
        words=r"auto-?correlation",
        letters=r"(?:hat)?(?:r|rho)(?:_\w|\(\w\))",
        parts=(SERIES, CENTRE),
        formulas=(
            r"\frac{\sum_t (y_t - m) (y_{t-k} - m)}{\sum_t (y_t - m)^2}",
            r"\frac{\sum_t (y_t - m) (y_{t+k} - m)}{\sum_t (y_t - m)^2}",
        ),
    ),
)

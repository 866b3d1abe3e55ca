r"""Preferences, soft policies and search: DPO, rewards learned from comparisons, soft critics, UCT, LQR."""

from __future__ import annotations

from .standard import Standard, firm, matrix, positive, real, share

ALIGNED = r"\bDPO\b|direct preference|\bRLHF\b|preference"
BETTER, WORSE = "y_w y_c y^+ y_+ y_{chosen} y_1", "y_l y_r y^- y_- y_{rejected} y_2"
MODEL = r"\pi_\theta \pi"
KEPT = r"\pi_{ref} \pi_{\text{ref}} \pi_{\mathrm{ref}} \pi_0 \pi_{SFT}"
SCORES = r"r r_\theta r_\phi R r_\psi r^*"
TEMPERATURE = positive(r"\beta", r"\alpha \tau")


def _of(policies: str, answers: str) -> str:
    """How π(y | x) is written for each policy and each answer."""
    return " ".join(f"{p}({y}|x)" for p in policies.split() for y in answers.split())


def _scored(answers: str) -> str:
    """How r(x, y) is written for each reward and each answer."""
    return " ".join(
        text for r in SCORES.split() for y in answers.split() for text in (f"{r}(x,{y})", f"{r}({y}|x)", f"{r}({y})")
    )


CHOSEN, REJECTED = firm(share("p", _of(MODEL, BETTER))), firm(share("q", _of(MODEL, WORSE)))
CHOSEN_BEFORE, REJECTED_BEFORE = firm(share("u", _of(KEPT, BETTER))), firm(share("v", _of(KEPT, WORSE)))
WINS, LOSES = firm(real("w", _scored(BETTER))), firm(real("l", _scored(WORSE)))
MARGIN = r"\beta \log \frac{p}{u} - \beta \log \frac{q}{v}"
TAKEN = r"(s',a') (s_{t+1},a_{t+1}) (s',\tilde{a}') (S',A') (s_{t+1},a')"


def _critics(written: str) -> str:
    """How the value of the next action is written for each critic."""
    return " ".join(f"{q}{arguments}" for q in written.split() for arguments in TAKEN.split())


ROWS: tuple[Standard, ...] = (
    Standard(
        name="loss of direct preference optimisation",
        left=r"(?:L|ell|J)_DPO(?:\(.*\))?",
        words=r"\bDPO\b|direct preference",
        usual=r"(?:log[- ]?)?likelihood|maximi[sz]\w*",
        letters=r"(?:L|ell)(?:_.{1,7})?(?:\(.*\))?",
        parts=(CHOSEN, REJECTED, CHOSEN_BEFORE, REJECTED_BEFORE, TEMPERATURE),
        formulas=(
            rf"-\mathbb{{E}}[\log \sigma({MARGIN})]",
            rf"-\log \sigma({MARGIN})",
            r"-\mathbb{E}[\log \sigma(\beta (\log \frac{p}{u} - \log \frac{q}{v}))]",
            r"-\log \sigma(\beta (\log \frac{p}{u} - \log \frac{q}{v}))",
            r"-\mathbb{E}[\log \sigma(\beta (\log \frac{p}{q} - \log \frac{u}{v}))]",
            r"-\log \sigma(\beta (\log \frac{p}{q} - \log \frac{u}{v}))",
        ),
        also=(rf"\mathbb{{E}}[\log \sigma({MARGIN})]", rf"\log \sigma({MARGIN})"),
    ),
    Standard(
        name="probability that an answer is preferred",
        left=r"(?:P|p|Pr)(?:_.{1,6})?(?:\^\*)?\(y_.{1,8}(?:succ|>)y_.{1,8}(?:\|x)?\)",
        words=rf"bradley|{ALIGNED}",
        parts=(WINS, LOSES),
        formulas=(
            r"\frac{\exp(w)}{\exp(w) + \exp(l)}",
            r"\sigma(w - l)",
            r"\frac{1}{1 + \exp(l - w)}",
            r"\frac{1}{1 + \exp(-(w - l))}",
        ),
        also=(r"\sigma(l - w)", r"\frac{w}{w + l}"),
    ),
    Standard(
        name="loss of a reward model",
        words=rf"reward model|bradley|{ALIGNED}",
        usual=r"(?:log[- ]?)?likelihood|maximi[sz]\w*|negative",
        letters=r"(?:L|ell|J)(?:_.{1,8})?(?:\(.*\))?",
        parts=(WINS, LOSES),
        formulas=(r"-\mathbb{E}[\log \sigma(w - l)]", r"-\log \sigma(w - l)"),
        also=(
            r"\log \sigma(w - l)",
            r"\mathbb{E}[\log \sigma(w - l)]",
            r"-\mathbb{E}[\log \sigma(l - w)]",
            r"\mathbb{E}[\log(1 + \exp(l - w))]",
            r"\log(1 + \exp(l - w))",
        ),
    ),
    Standard(
        name="best policy under a penalty by its divergence",
        words=r"(?:closed[- ]form|optimal|solution)[\s\S]*(?:partition function|normali[sz]\w+)",
        usual=r"regulari[sz]\w*|penali[sz]\w*|maximi[sz]\w*|reward\w*|weighted|reweighted",
        letters=r"(?:pi|p)(?:_.|\^\*|\^star)?\(y\|x\)",
        parts=(
            firm(positive("Z", "Z(x) Z")),
            firm(share("p", _of(KEPT, "y"))),
            firm(real("r", "r(x,y) r_\\phi(x,y) r^*(x,y) R(x,y) r(y|x)")),
            TEMPERATURE,
        ),
        formulas=(r"\frac{1}{Z} p \exp(\frac{1}{\beta} r)", r"\frac{1}{Z} p \exp(\frac{r}{\beta})"),
        also=(r"\frac{1}{Z} p \exp(r)",),
    ),
    Standard(
        name="target of a soft critic",
        words=r"\bSAC\b|soft actor|maximum entropy|entropy[- ]regulari[sz]ed",
        usual=r"regulari[sz]\w*",
        letters=r"y(?:_.{1,2})?(?:\(.*\))?|hatQ(?:\(.*\))?|Q_target",
        parts=(
            real("r", r"r_t r(s,a) r(s_t,a_t) R"),
            share("g", r"\gamma"),
            positive(r"\alpha"),
            firm(real("q", _critics(r"Q Q_{\bar\theta} Q_{\bar{\theta}} Q_{\theta'} Q' Q_{\phi'} Q_{\bar\phi}"))),
            firm(
                real(
                    "Q",
                    _critics(r"Q_i Q_{\bar\theta_i} Q_{\bar{\theta}_i} Q_{\theta_i'} Q_{\theta_i} Q_{\phi_i} Q_j"),
                )
            ),
            firm(
                share(
                    "p",
                    r"\pi(a'|s') \pi_\phi(a'|s') \pi_\theta(a'|s') \pi_\phi(a_{t+1}|s_{t+1}) \pi(a_{t+1}|s_{t+1})"
                    r" \pi_\theta(a_{t+1}|s_{t+1}) \pi_\theta(\tilde{a}'|s') \pi_\phi(\tilde{a}'|s')",
                )
            ),
        ),
        formulas=(
            r"r + g (q - \alpha \log p)",
            r"r + g (\min_i Q_i - \alpha \log p)",
            r"r + g \mathbb{E}[q - \alpha \log p]",
        ),
        also=(r"r + g q", r"r + g \min_i Q_i"),
    ),
    Standard(
        name="expected regret by the gaps",
        words=r"regret(?: \w+){0,6}",
        usual=r"regret decompos\w*",
        letters=r"(?:mathbb\{?E\}?\[)?(?:R|rho|bar\{?R\}?|Reg)(?:_.{1,2})?(?:\(.{1,2}\))?\]?",
        parts=(
            firm(positive("d", r"\Delta")),
            firm(positive("N", "N(T) N(n) T T(n) n N_T N_n")),
            firm(positive("m", r"\mu")),
            real("M", r"\mu^* \mu_*"),
        ),
        formulas=(r"\sum_a d_a \mathbb{E}[N_a]", r"\sum_a d_a N_a", r"\sum_a (M - m_a) \mathbb{E}[N_a]"),
    ),
    Standard(
        name="value of a child in a tree search",
        left=r"UC[TB]1?(?:_.)?(?:\(.*\))?",
        words=r"\bUCT\b|monte carlo tree|\bMCTS\b",
        letters=r"(?:a|i|j|v|A_t|UCT|UCB)(?:\^\*|_.)?(?:\(.*\))?",
        parts=(
            firm(real("w", "w_i w_j W_i Q_i X_i w Q(v_i) Q(v')")),
            firm(positive("n", "n_i n_j N_i n N(v_i) N(v')")),
            firm(positive("N", "N n n_p N_p t N_i N(v)")),
            positive("c", "C c_p C_p", may_be_number=True),
            real("x", r"\bar{X}_j \bar{x}_j \bar{w}_i q_i"),
        ),
        formulas=(
            r"\frac{w}{n} + c \sqrt{\frac{\log N}{n}}",
            r"\frac{w}{n} + c \sqrt{\frac{2 \log N}{n}}",
            r"\frac{w}{n} + 2 c \sqrt{\frac{2 \log N}{n}}",
            r"x + c \sqrt{\frac{\log N}{n}}",
            r"x + 2 c \sqrt{\frac{2 \log N}{n}}",
        ),
        also=(r"\frac{w}{n}", r"\frac{w}{n} + c \frac{\sqrt{N}}{1 + n}"),
    ),
    Standard(
        name="gain of a linear quadratic regulator",
        words=r"\bLQR\b|linear[- ]quadratic|riccati",
        letters=r"K(?:_.{1,3})?",
        parts=(
            matrix("A", "A_t"),
            matrix("B", "B_t"),
            firm(matrix("R", "R_t Q_u")),
            firm(matrix("P", "P_{t+1} S V_{t+1} S_{t+1} P_t V P_{k+1}")),
        ),
        formulas=(r"(R + B^\top P B)^{-1} B^\top P A", r"-(R + B^\top P B)^{-1} B^\top P A"),
        also=(r"R^{-1} B^\top P", r"-R^{-1} B^\top P"),
    ),
    Standard(
        name="value matrix of a linear quadratic regulator",
        carries=("P",),
        words=r"\bLQR\b|linear[- ]quadratic|riccati",
        letters=r"[PSV](?:_.{1,3})?",
        parts=(
            matrix("A", "A_t"),
            matrix("B", "B_t"),
            firm(matrix("R", "R_t")),
            firm(matrix("Q", "Q_t")),
            firm(matrix("P", "P_{t+1} S V_{t+1} S_{t+1} P_t V P_{k+1} P_k")),
            matrix("K", "K_t"),
        ),
        formulas=(
            r"Q + A^\top P A - A^\top P B (R + B^\top P B)^{-1} B^\top P A",
            r"Q + K^\top R K + (A - B K)^\top P (A - B K)",
            r"Q + K^\top R K + (A + B K)^\top P (A + B K)",
            r"Q + A^\top P A - A^\top P B K",
            r"Q + A^\top P (A - B K)",
        ),
    ),
)

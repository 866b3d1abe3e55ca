"""Values, targets and steps of reinforcement learning, and of bandits."""

from __future__ import annotations

from .standard import Standard, count, firm, natural, positive, real, share

MIXED = firm(real("z", r"Q(S_{t+1},A_t) Q(S_t,A_{t+1}) Q(s_{t+1},a_t) Q(s_t,a_{t+1}) Q(s,a')"))  # of no formula
POLICY = share(r"\pi")
MOVES = share("p", r"P T \mathbb{P}")
DISCOUNT = share(r"\gamma", r"\beta")
RATE = share(r"\alpha", r"\eta \alpha_t", may_be_number=True)
REWARD = real("r", r"R r_t r_{t+1} R_{t+1} R_t r(s,a) R(s,a) r(s_t,a_t) R(s) r(s) \mathcal{R}")
NEXT_VALUE = firm(real("v", r"V(s_{t+1}) V(S_{t+1}) V(s') v(s') v(S_{t+1}) V(s_{t+1}) V_{\pi}(s') U(s')"))
VALUE = firm(real("u", r"V(s_t) V(S_t) V(s) v(s) v(S_t) V_{\pi}(s) v(s_t) U(s)"))
NEXT_ACTION_VALUE = firm(
    real(
        "q",
        r"Q(s',a') Q(S_{t+1},A_{t+1}) Q(s_{t+1},a_{t+1}) q(s',a') Q(s',a) Q(s_{t+1},a') Q(s_{t+1}) Q(S_{t+1}) Q(S',A')",
    )
)
VALUES_THERE = firm(real("Q(s')", r"q(s') Q(S')"))
VALUES_HERE = firm(real("Q(s)", r"q(s) Q(S)"))
ACTION_VALUE = firm(real("w", r"Q(s,a) Q(S_t,A_t) Q(s_t,a_t) q(s,a) Q(S,A) q_{\pi}(s,a)"))
ADVANTAGE = real("A", r"A_t \hat{A}_t \hat{A} A(s,a) A_{t}")
RETURN = real("G", r"G_t G_{t+1} R_t G_{t} g")
MARKS = r"(?:_.{1,9})?(?:\^.{1,7})?"
AT_STATE = r"\((?:s|S|s_.{1,3}|S_.{1,3}|s')\)"
AT_PAIR = r"\((?:s|S|s_.{1,3}|S_.{1,3}),(?:a|A|a_.{1,3}|A_.{1,3})(?:;.{1,9})?\)"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="value of a state under a policy",
        words=r"bellman (?:expectation )?(?:equation|backup|consistency)|policy evaluation|(?:state[- ])?value function"
        r"|state[- ]values?",
        letters=rf"[vVU](?!\^(?:star|ast|\*))(?!_(?:star|ast|\*)){MARKS}{AT_STATE}",
        parts=(POLICY, MOVES, DISCOUNT, REWARD, NEXT_VALUE, VALUE, ACTION_VALUE),
        formulas=(
            r"\sum_a \pi(a|s) \sum_{s', r} p(s', r|s, a) (r + \gamma v(s'))",
            r"\sum_a \pi(a|s) \sum_{s'} p(s'|s, a) (r(s, a, s') + \gamma v(s'))",
            r"\sum_a \pi(a|s) \sum_{s'} p(s'|s, a) (r(s, a) + \gamma v(s'))",
            r"\sum_a \pi(a|s) (r(s, a) + \gamma \sum_{s'} p(s'|s, a) v(s'))",
            r"\sum_a \pi(a|s) (r(s, a) + \gamma \sum_{s'} p(a, s'|s) v(s'))",
            r"\mathbb{E}[r + \gamma v]",
            r"\sum_a \pi(a|s) w(s, a)",
        ),
        also=(
            r"r + \gamma \sum_{s'} p(s'|s) v(s')",
            r"\sum_a \pi(a|s) \sum_{s'} p(s'|s, a) (r(s') + \gamma v(s'))",
            r"\sum_{s'} p(s'|s) (r(s') + \gamma v(s'))",
            r"\sum_{s'} p(s'|s) (r + \gamma v(s'))",
            r"\sum_a \pi(a|s) \sum_{s'} p(s'|s, a) (r + \gamma v(s'))",
            r"r + \gamma \sum_a \pi(a|s) \sum_{s'} p(s'|s, a) v(s')",
            r"r + \sum_a \pi(a|s) \gamma \sum_{s'} p(s'|s, a) v(s')",
            r"r + \gamma v",
            r"r + \gamma \mathbb{E}[v]",
            r"\mathbb{E}[w]",
            r"\max_a w(s, a)",
            r"\max_a (r(s, a) + \gamma \sum_{s'} p(s'|s, a) v(s'))",
            r"\max_a \sum_{s'} p(s'|s, a) (r(s, a, s') + \gamma v(s'))",
            r"\max_a \sum_{s'} p(s'|s, a) (r(s, a) + \gamma v(s'))",
            r"\max_a \sum_{s'} p(s'|s, a) (r + \gamma v(s'))",
            r"\max_a \sum_{s'} p(s'|s, a) (r(s') + \gamma v(s'))",
            r"\max_a \sum_{s', r} p(s', r|s, a) (r + \gamma v(s'))",
            r"r + \gamma \max_a \sum_{s'} p(s'|s, a) v(s')",
            r"r + \max_a \gamma \sum_{s'} p(s'|s, a) v(s')",
            r"\sum_{s'} p(s'|s) v(s')",
            r"\sum_{s'} p(s'|s, a) (r(s') + \gamma v(s'))",
            r"\sum_{s'} p(s'|s, a) (r + \gamma v(s'))",
        ),
    ),
    Standard(
        name="optimal value of a state",
        words=r"bellman|optimal(?:ity)? (?:value|equation)|value iteration|optimal state",
        letters=rf"[vVU](?:(?:\^(?:star|ast|\*)|_(?:star|ast|\*)){MARKS}|{MARKS}){AT_STATE}",
        parts=(MOVES, DISCOUNT, REWARD, NEXT_VALUE, ACTION_VALUE, VALUE),
        formulas=(
            r"\max_a (r(s, a) + \gamma \sum_{s'} p(s'|s, a) v(s'))",
            r"\max_a (r(s, a) + \gamma \sum_{s'} p(a, s'|s) v(s'))",
            r"\max_a \sum_{s'} p(s'|s, a) (r(s, a, s') + \gamma v(s'))",
            r"\max_a \sum_{s'} p(s'|s, a) (r(s, a) + \gamma v(s'))",
            r"\max_a \sum_{s', r} p(s', r|s, a) (r + \gamma v(s'))",
            r"r + \gamma \max_a \sum_{s'} p(s'|s, a) v(s')",
            r"\max_a w(s, a)",
        ),
        also=(
            r"\max_a \sum_{s'} p(s'|s, a) (r + \gamma v(s'))",
            r"\max_a \sum_{s'} p(s'|s, a) (r(s') + \gamma v(s'))",
            r"r + \max_a \gamma \sum_{s'} p(s'|s, a) v(s')",
            r"\max_a (r(s, a) + \gamma v(a))",
            r"\max_a (r(s, a) + \gamma \mathbb{E}[v])",
            r"\max_a \sum_{s'} p(s'|s, a) v(s')",
        ),
    ),
    Standard(
        name="value of an action",
        words=r"bellman|action[- ]value|\bQ-?(?:function|value|learning)|value iteration|state[- ]action value",
        letters=rf"[qQ]{MARKS}{AT_PAIR}",
        parts=(POLICY, MOVES, DISCOUNT, REWARD, NEXT_VALUE, NEXT_ACTION_VALUE, VALUE, ACTION_VALUE),
        formulas=(
            r"r + \gamma \sum_{s'} p(s'|s, a) v(s')",
            r"\sum_{s', r} p(s', r|s, a) (r + \gamma v(s'))",
            r"\sum_{s'} p(s'|s, a) (r(s, a, s') + \gamma v(s'))",
            r"\sum_{s', r} p(s', r|s, a) (r + \gamma \sum_{a'} \pi(a'|s') q(s', a'))",
            r"\sum_{s', r} p(s', r|s, a) (r + \gamma \max_{a'} q(s', a'))",
            r"\sum_{s'} p(s'|s, a) (r(s, a, s') + \gamma \max_{a'} q(s', a'))",
            r"\sum_{s'} p(s'|s, a) (r(s, a, s') + \gamma \sum_{a'} \pi(a'|s') q(s', a'))",
            r"r + \gamma \sum_{s'} p(s'|s, a) \max_{a'} q(s', a')",
            r"r + \gamma \sum_{s'} p(s'|s, a) \sum_{a'} \pi(a'|s') q(s', a')",
            r"\mathbb{E}[r + \gamma v]",
            r"\mathbb{E}[r + \gamma q]",
            r"\mathbb{E}[r + \gamma \max_{a'} q(a')]",
            r"r + \gamma \mathbb{E}[v]",
            r"r + \gamma \mathbb{E}[\max_{a'} q(a')]",
        ),
        also=(
            r"r + \gamma v",
            r"r + \gamma q",
            r"r + \gamma \max_{a'} q(a')",
            r"r + \gamma \mathbb{E}[q]",
            r"\mathbb{E}[r + \gamma \mathbb{E}[q]]",
            r"\sum_{s'} p(s'|s, a) (r + \gamma v(s'))",
            r"\sum_{s'} p(s'|s, a) (r + \gamma \max_{a'} q(s', a'))",
            r"\sum_{s'} p(s'|s, a) (r(s') + \gamma \max_{a'} q(s', a'))",
            r"\sum_{s'} p(s'|s, a) (r(s') + \gamma v(s'))",
            r"\sum_{s'} p(s'|s, a) (r + \gamma \sum_{a'} \pi(a'|s') q(s', a'))",
        ),
    ),
    Standard(
        name="step of Q-learning or Sarsa",
        words=r"q-?learning|sarsa|temporal[- ]difference|\bTD\b|update (?:rule|equation)|watkins",
        letters=rf"[qQ]{MARKS}{AT_PAIR}",
        parts=(
            RATE,
            DISCOUNT,
            REWARD,
            NEXT_ACTION_VALUE,
            ACTION_VALUE,
            RETURN,
            real(r"\delta", r"\delta_t"),
            POLICY,
            VALUES_HERE,
            VALUES_THERE,
            MIXED,
        ),
        formulas=(
            r"Q(s, a) + \alpha (r + \gamma \max_{a'} Q(s', a') - Q(s, a))",
            r"(1 - \alpha) Q(s, a) + \alpha (r + \gamma \max_{a'} Q(s', a'))",
            r"w + \alpha (r + \gamma \max_{a'} q(a') - w)",
            r"w + \alpha (r + \gamma q - w)",
            r"(1 - \alpha) w + \alpha (r + \gamma \max_{a'} q(a'))",
            r"(1 - \alpha) w + \alpha (r + \gamma q)",
            r"w + \alpha (G - w)",
            r"w + \alpha \delta",
        ),
        also=(
            r"r + \gamma \max_{a'} q(a')",
            r"r + \gamma q",
            r"w + \alpha (r - w)",
            r"r",
            r"w + \alpha (r + \gamma \sum_{a'} \pi(a') q(a') - w)",
        ),
    ),
    Standard(
        name="step of temporal-difference learning",
        words=r"temporal[- ]difference|\bTD\b|\bTD\(|monte[- ]carlo",
        letters=rf"[vVU]{MARKS}{AT_STATE}",
        parts=(RATE, DISCOUNT, REWARD, NEXT_VALUE, VALUE, RETURN, real(r"\delta", r"\delta_t"), natural("n", "N k")),
        formulas=(
            r"u + \alpha (r + \gamma v - u)",
            r"u + \alpha (G - u)",
            r"(1 - \alpha) u + \alpha (r + \gamma v)",
            r"u + \frac{1}{n} (G - u)",
            r"(1 - \alpha) u + \alpha G",
            r"u + \alpha \delta",
        ),
        also=(r"r + \gamma v", r"u + \alpha (r - u)", r"G", r"\frac{G}{n}"),
    ),
    Standard(
        name="advantage",
        words=r"\badvantages?\b",
        letters=rf"(?:hat|tilde)?A{MARKS}(?:{AT_PAIR}|\(.{{1,14}}\))?",
        parts=(ACTION_VALUE, VALUE, REWARD, NEXT_VALUE, DISCOUNT, RETURN, POLICY),
        formulas=(r"w - u", r"r + \gamma v - u", r"G - u"),
        also=(r"r - u", r"r + v - u", r"w - \sum_a \pi(a) w(a)"),
    ),
    Standard(
        name="generalised advantage",
        words=r"generali[sz]ed advantage|\bGAE\b",
        usual=r"generali[sz]ed|(?:exponentially[- ])?weighted (?:sum|average|mean)",
        letters=rf"(?:hat|tilde)?A{MARKS}(?:\(.{{1,14}}\))?",
        parts=(
            DISCOUNT,
            share(r"\lambda", r"\tau"),
            real(r"\delta", r"\delta_t"),
            real("A", r"\hat{A}_{t+1} A_{t+1}"),
        ),
        formulas=(
            r"\sum_l (\gamma \lambda)^l \delta_{t + l}",
            r"\sum_{l=0}^\infty (\gamma \lambda)^l \delta_{t + l}",
            r"\delta + \gamma \lambda A",
        ),
        also=(r"\delta", r"\sum_l \gamma^l \delta_{t + l}", r"(1 - \lambda) \sum_l \lambda^{l - 1} A_l"),
    ),
    Standard(
        name="target of Q-learning",
        words=r"\bDQN\b|deep q|q-?learning|target network|td[- ]target|bootstrap",
        letters=r"y(?:_.{1,4})?(?:\^.{1,6})?(?:\(.*\))?|(?:hat|tilde)y(?:_.)?|target",
        parts=(REWARD, DISCOUNT, NEXT_ACTION_VALUE, NEXT_VALUE, VALUE, ACTION_VALUE),
        formulas=(r"r + \gamma \max_{a'} q(a')", r"r + \gamma q", r"r + \gamma v"),
        also=(r"r", r"\begin{cases} r & v > 0 \\ r + \gamma \max_{a'} q(a') & v \le 0 \end{cases}"),
    ),
    Standard(
        name="ratio of the new policy to the old one",
        words=r"\bPPO\b|proximal policy|\bTRPO\b|trust region|probability ratio"
        r"|importance (?:sampling )?(?:ratio|weight)",
        letters=r"(?:r|rho|w|R)(?:_.{1,5})?(?:\(theta\))?",
        parts=(
            share("p", r"\pi_{\theta}(a_t|s_t) \pi_{\theta}(a|s) \pi(a_t|s_t) \pi(a|s) \pi(A_t|S_t)"),
            share(
                "q",
                r"\pi_{\theta_{old}}(a_t|s_t) \pi_{\theta_{old}}(a|s) \pi_{old}(a_t|s_t) \pi_{old}(a|s) b(a|s)"
                r" \mu(a|s) \mu(a_t|s_t) b(A_t|S_t) \beta(a|s) \pi_{\theta_k}(a|s) \pi_{\theta_k}(a_t|s_t)"
                r" \pi_{\theta'}(a_t|s_t) \pi_{\theta_{old}}(o_t|q) \pi_b(a|s)",
            ),
        ),
        formulas=(r"\frac{p}{q}",),
    ),
    Standard(
        name="clipped objective of PPO",
        words=r"\bPPO\b|proximal policy",
        usual=r"clipped|maximi[sz]\w*",
        letters=r"(?:J|L)(?:_.{1,9})?(?:\^.{1,9})?(?:\(.*\))?",
        parts=(
            positive("r", r"r_t(\theta) r_t r(\theta) \rho \rho_t \rho_t(\theta)"),
            ADVANTAGE,
            share(r"\epsilon", r"\varepsilon", may_be_number=True),
        ),
        formulas=(
            r"\mathbb{E}[\min(r A, \mathrm{clip}(r, 1 - \epsilon, 1 + \epsilon) A)]",
            r"\min(r A, \mathrm{clip}(r, 1 - \epsilon, 1 + \epsilon) A)",
        ),
        also=(r"\mathbb{E}[r A]", r"r A"),
    ),
    Standard(
        name="mean of the rewards so far",
        words=r"incremental|running (?:mean|average)|sample[- ]average|bandit",
        letters=r"(?:hat)?(?:Q|mu|N)(?:_.{1,5})?(?:\(.{1,3}\))?",
        parts=(
            real("Q", r"Q_n Q_t Q_k Q_{n-1} Q_{k-1} Q(a) \hat{Q}(a) \hat{\mu} \mu_{n-1} \mu_{k-1}"),
            real("R", r"R_n R_t R_k r r_n r_t r_k x_n x_k R"),
            natural("n", "t k N(a) N N_t(a) n_a"),
            share(r"\alpha"),
        ),
        formulas=(r"Q + \frac{1}{n} (R - Q)", r"Q + \alpha (R - Q)"),
        also=(
            r"\frac{1}{n} \sum_i R_i",
            r"\frac{1}{n - 1} \sum_i R_i",
            r"\frac{1}{n} (R + (n - 1) Q)",
            r"\frac{n - 1}{n} Q + \frac{1}{n} R",
            r"Q + \frac{1}{n + 1} (R - Q)",
            r"(1 - \alpha) Q + \alpha R",
            r"n + 1",
            r"\frac{n Q + R}{n + 1}",
            r"\frac{\sum_i R_i}{n}",
        ),
    ),
    Standard(
        name="regret",
        words=r"\bregret\b",
        letters=r"(?:R|L|rho|Regret|bar R|barR)(?:_.{1,2})?(?:\(.\))?",
        parts=(
            firm(real(r"\nu", r"\mu^* \mu_* v^* V^* r^* \theta^* Q^*")),
            natural("T", "n t"),
            firm(real("r", r"\mu_{a_t} r_t X_t \mu_{I_t} r(a_t) R_t \mu_{A_t} \mu Q(a_t) \mu(a_t) q(a_t) r_{t}")),
            positive(r"\Delta", r"\Delta_a \Delta_i"),
            positive("N", r"N_a N_i T_a T_i"),
        ),
        formulas=(
            r"T \nu - \sum_t r_t",
            r"\sum_t (\nu - r_t)",
            r"T \nu - \mathbb{E}[\sum_t r_t]",
            r"\mathbb{E}[\sum_t (\nu - r_t)]",
        ),
        also=(r"\sum_a \Delta_a N_a", r"\sum_a \Delta_a \mathbb{E}[N_a]", r"\sum_t r_t", r"\nu - r"),
    ),
    Standard(
        name="exploration by a softmax",
        words=r"boltzmann|gibbs|gradient bandit|softmax (?:policy|exploration|action)",
        letters=r"(?:pi|p|P|Pr)(?:_.{1,5})?(?:\(.*\))?",
        parts=(real("q", r"Q H Q_t h \theta"), positive(r"\tau", r"T"), positive(r"\beta", r"\eta")),
        formulas=(
            r"\frac{e^{q_x / \tau}}{\sum_b e^{q_b / \tau}}",
            r"\frac{e^{q_x}}{\sum_b e^{q_b}}",
            r"\frac{e^{\beta q_x}}{\sum_b e^{\beta q_b}}",
        ),
    ),
    Standard(
        name="soft value of a state",
        words=r"soft (?:actor|q|state|value)|maximum entropy|\bSAC\b",
        letters=rf"V{MARKS}{AT_STATE}",
        parts=(
            ACTION_VALUE,
            positive(r"\alpha", r"\tau \beta"),
            share("p", r"\pi(a_t|s_t) \pi(a|s) \pi_{\phi}(a_t|s_t)"),
        ),
        formulas=(r"\mathbb{E}[w - \alpha \log p]", r"\mathbb{E}[w - \log p]"),
        also=(r"\mathbb{E}[w]",),
    ),
    Standard(
        name="discounted return of an episode",
        words=r"reward[- ]to[- ]go|return(?:s)? (?:of|from|at)",
        letters=r"(?:hat)?[GR](?:_.{1,2})?(?:\(tau\))?",
        parts=(
            DISCOUNT,
            real("r", r"R r_t R_{t+1} r_{t+1}"),
            RETURN,
            real("N", r"\hat{R}_{t+1} \hat{G}_{t+1}"),
            count("T"),
        ),
        formulas=(r"r + \gamma G", r"r + \gamma N"),
        also=(r"\sum_k \gamma^k r_k", r"\sum_k \gamma^{k - 1} r_k", r"\sum_k r_k", r"r + G", r"r + N"),
    ),
)

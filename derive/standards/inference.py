r"""Steps of Bayesian and variational inference, rates from counts, exponential families, tails of sums."""

from __future__ import annotations

from .standard import Standard, count, firm, matrix, natural, positive, real, share, vector

ELBO_LETTERS = (
    r"\mathcal{L} \mathcal{L}(q) L(q) L ELBO ELBO(q) \mathcal{F}(q) F(q) \mathcal{F} F \mathcal{L}(q,\theta)"
    r" \mathcal{L}(\phi) \mathcal{L}(\theta,\phi) \mathcal{L}(\theta,\phi;x) \mathcal{L}(\phi,\theta;x)"
)
BELOW = firm(real("B", ELBO_LETTERS))
APPROXIMATION = firm(share("q", r"q(z) q(z|x) q_\phi(z|x) q(\theta) q(Z) q_\phi(z) q(w) q_\lambda(z) Q"))
POSTERIOR = firm(
    share(
        "p",
        r"p(z|x) p_\theta(z|x) p(\theta|x) p(z|x,\theta) p(Z|X) p(\theta|D) p(w|D) p(Z|X,\theta) p(\theta|\mathcal{D})",
    )
)
EVIDENCE = firm(share("e", r"p(x) p_\theta(x) p(X) p(x|\theta) p(X|\theta) p(D) p(\mathcal{D}) p(y)"))
VARIATIONAL = r"evidence|\bELBO\b|lower bound|variational|expectation[- ]maximi[sz]ation|\bEM\b"
COUNTS = r"(?:poisson|counts?|rates?)[\s\S]{0,400}gamma|gamma[\s\S]{0,400}(?:poisson|counts?|rates?)"
SHAPE = positive("a", r"\alpha \alpha_0 a_0 k r")
RATE = positive("b", r"\beta \beta_0 b_0")
COUNT = positive("y", r"x k x_i y_i k_i n_i")
N = count("n", "N m")
INPUTS = firm(matrix("K", r"K_y K_\theta C \Sigma"))
SOLVED = firm(vector("a", r"\alpha"))
DERIVATIVE = (
    r"\frac{\partial{K}}{\partial\theta_j} \frac{\partial{K}}{\partial\theta_i} \frac{\partial{K}}{\partial\theta}"
    r" \frac{\partial{K_y}}{\partial\theta_j} \frac{\partial{C}}{\partial\theta_i}"
)
SUFFICIENT = vector("T", r"T(X) T(x) \phi(x) t(x) u(x) \phi(X) \phi T(y)")
TAIL = r"(?:P|Pr|mathbbP)(?:_.{1,12})?[(\[].*(?:g|l)e.*[)\]]"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="logarithm of the evidence by its lower bound",
        words=VARIATIONAL,
        usual=r"(?:variational|lower|log|maximi[sz]\w*|evidence) ?(?:bound)?|likelihood",
        letters=r"(?:log|ln)p(?:_.{1,6})?\(.{1,9}\)",
        parts=(BELOW, APPROXIMATION, POSTERIOR),
        arguments=(),
        formulas=(r"B + KL(q \| p)",),
        also=("B",),
    ),
    Standard(
        name="lower bound of the evidence by a divergence",
        words=r"evidence|\bELBO\b|lower bound",
        usual=r"(?:variational|lower|log|maximi[sz]\w*|evidence) ?(?:bound)?|likelihood",
        letters=r"ELBO(?:\(.*\))?|(?:mathcal)?[LF](?:_.{1,6})?(?:\(.*\))?",
        parts=(EVIDENCE, APPROXIMATION, POSTERIOR),
        formulas=(r"\log e - KL(q \| p)",),
        also=(r"-\log e + KL(q \| p)", r"KL(q \| p)", r"\log e"),
    ),
    Standard(
        name="mean of a rate after counts",
        words=COUNTS,
        letters=r"(?:mathbb)?E(?:_.{1,6})?[(\[](?:lambda|theta|mu)\|.*[)\]]|hat(?:lambda|theta)_(?:PM|mean|Bayes|B|post)",
        parts=(SHAPE, RATE, COUNT, N, real("m", r"\bar{y} \bar{x}"), positive("t", r"s \theta")),
        formulas=(r"\frac{a + \sum_{i=1}^n y_i}{b + n}", r"\frac{a + n m}{b + n}", r"\frac{a + y}{b + 1}"),
        also=(
            r"\frac{a + y}{b + n}",
            r"\frac{a + y}{b + t}",
            r"\frac{a}{b}",
            r"\frac{a + \sum_{i=1}^n y_i - 1}{b + n}",
            r"\frac{b}{b + n} \frac{a}{b} + \frac{n}{b + n} m",
            r"\frac{a + \sum_{i=1}^n y_i}{\frac{1}{b} + n}",
            r"\frac{b (a + \sum_{i=1}^n y_i)}{n b + 1}",
            r"\frac{n + a}{b + \sum_{i=1}^n y_i}",  # of waiting times
            r"\frac{n + a}{b + n m}",
        ),
    ),
    Standard(
        name="chance of a category under a symmetric Dirichlet prior",
        words=r"symmetric dirichlet|dirichlet[\s\S]{0,200}symmetric|pseudo-?count|laplace smooth|additive smooth",
        usual=r"smooth\w*",
        letters=r"(?:hat)?(?:p|P|theta|pi|phi)(?:_.{1,4})?(?:[(\[].{1,20}[)\]])?|(?:mathbb)?E[(\[](?:theta|pi)_\w\|.*[)\]]",
        parts=(
            firm(positive("c", r"N_k n_k c_k m_k N_i n_i c_i N_j n_j c_j")),
            firm(positive("a", r"\alpha \beta \lambda")),
            firm(positive("n", "N M")),
            firm(positive("K", "k V d |V|")),
        ),
        formulas=(r"\frac{c + a}{n + K a}",),
        also=(r"\frac{c + a / K}{n + a}", r"\frac{c}{n}", r"\frac{c + 1}{n + K}", r"\frac{c + a - 1}{n + K a - K}"),
    ),
    Standard(
        name="slope of the log-evidence of a Gaussian process",
        left=r"frac(?:partial|d)(?:partial|d)theta(?:_.)?(?:log|ln)p\(.*\)|frac(?:partial|d)(?:L|mathcalL|ell)(?:partial|d)theta(?:_.)?",
        words=r"gaussian process|\bGPs?\b|marginal likelihood",
        parts=(INPUTS, SOLVED, vector("y", "t"), firm(matrix("D", DERIVATIVE))),
        formulas=(
            r"\frac{1}{2} \mathrm{tr}((a a^\top - K^{-1}) D)",
            r"\frac{1}{2} y^\top K^{-1} D K^{-1} y - \frac{1}{2} \mathrm{tr}(K^{-1} D)",
        ),
        also=(
            r"\frac{1}{2} a^\top D a - \frac{1}{2} \mathrm{tr}(K^{-1} D)",
            r"-\frac{1}{2} \mathrm{tr}((a a^\top - K^{-1}) D)",
            r"\frac{1}{2} \mathrm{tr}(K^{-1} D) - \frac{1}{2} y^\top K^{-1} D K^{-1} y",
        ),
    ),
    Standard(
        name="variance of a function of an estimate",
        words=r"delta[- ]method",
        letters=r"(?:Var|var|V|mathbb\{?V\}?|AVar|Avar)(?:_.{1,3})?[(\[].{3,24}[)\]]|tau\^2|sigma_g\^2|s_g\^2",
        relation="approx",
        parts=(
            firm(real("g", r"g'(\theta) g'(\mu) g'(\hat{\theta}) g'(p) f'(\theta) f'(\mu) h'(\theta)")),
            positive("s", r"\sigma"),
            N,
            firm(
                positive(
                    "v",
                    r"Var(\hat{\theta}) Var(X) Var[X] Var(\bar{X}) Var[\hat{\theta}] V(\hat{\theta}) Var(\bar{X}_n)",
                )
            ),
        ),
        formulas=(r"\frac{g^2 s^2}{n}", r"g^2 v", r"g^2 s^2"),
    ),
    Standard(
        name="Bernstein's inequality",
        words="bernstein",
        usual=r"(?:upper )?bound\w*",
        letters=TAIL,
        relation="<=",
        parts=(
            positive("t", r"\epsilon \varepsilon \lambda x"),
            firm(positive("v", r"\sigma V \nu")),
            firm(positive("M", "b B K c R L")),
            natural("n", "N m"),
        ),
        formulas=(
            r"\exp(-\frac{t^2 / 2}{v + M t / 3})",
            r"\exp(-\frac{n t^2}{2 v^2 + 2 M t / 3})",
        ),
        also=(
            r"\exp(-\frac{t^2 / 2}{v + M t})",
            r"2 \exp(-\frac{t^2 / 2}{v + M t / 3})",
            r"2 \exp(-\frac{n t^2}{2 v^2 + 2 M t / 3})",
            r"\exp(-\frac{t^2 / 2}{v^2 + M t / 3})",
            r"2 \exp(-\frac{t^2 / 2}{v^2 + M t / 3})",
            r"\exp(-\frac{t^2 / 2}{n v^2 + M t / 3})",
            r"2 \exp(-\frac{t^2 / 2}{n v^2 + M t / 3})",
            r"\exp(-\frac{n t^2}{2 v + 2 M t / 3})",
            r"2 \exp(-\frac{n t^2}{2 v + 2 M t / 3})",
            r"\exp(-\frac{t^2 / 2}{n v + M t / 3})",
            r"2 \exp(-\frac{t^2 / 2}{n v + M t / 3})",
            r"\exp(-\frac{t^2}{2 (v^2 + M t)})",
            r"\exp(-\frac{n t^2}{4 v})",
            r"\exp(-\frac{n t^2 / 2}{v + M t})",
        ),
    ),
    Standard(
        name="bounded-differences inequality",
        words=r"mcdiarmid|bounded[- ]differences?",
        usual=r"(?:upper )?bound\w*",
        letters=TAIL,
        relation="<=",
        parts=(
            positive("t", r"\epsilon \varepsilon \lambda"),
            firm(positive("c", "c_i d_i c_k b_i L_i")),
            N,
            positive("m", ""),
        ),
        formulas=(r"\exp(-\frac{2 t^2}{\sum_{i=1}^n c_i^2})", r"2 \exp(-\frac{2 t^2}{\sum_{i=1}^n c_i^2})"),
        also=(
            r"\exp(-\frac{2 t^2}{n c^2})",
            r"2 \exp(-\frac{2 t^2}{n c^2})",
            r"\exp(-\frac{t^2}{2 \sum_{i=1}^n c_i^2})",
            r"2 \exp(-\frac{t^2}{2 \sum_{i=1}^n c_i^2})",
            r"\exp(-2 n t^2)",
            r"2 \exp(-2 n t^2)",
            r"\exp(-2 m t^2)",
            r"2 \exp(-2 m t^2)",
            r"\exp(-\frac{2 n t^2}{c^2})",
            r"2 \exp(-\frac{2 n t^2}{c^2})",
        ),
    ),
    Standard(
        name="Azuma's inequality",
        words=r"azuma",
        usual=r"(?:upper )?bound\w*",
        letters=TAIL,
        relation="<=",
        parts=(positive("t", r"\epsilon \varepsilon \lambda"), firm(positive("c", "c_i c_k d_k d_i b_i")), N),
        formulas=(r"\exp(-\frac{t^2}{2 \sum_{i=1}^n c_i^2})", r"2 \exp(-\frac{t^2}{2 \sum_{i=1}^n c_i^2})"),
        also=(
            r"\exp(-\frac{2 t^2}{\sum_{i=1}^n c_i^2})",
            r"2 \exp(-\frac{2 t^2}{\sum_{i=1}^n c_i^2})",
            r"\exp(-\frac{t^2}{2 n c^2})",
            r"2 \exp(-\frac{t^2}{2 n c^2})",
            r"\exp(-\frac{t^2}{2 n})",
            r"2 \exp(-\frac{t^2}{2 n})",
        ),
    ),
)

r"""Flows, adversaries, scores and guidance: what generates data, and how it is trained."""

from __future__ import annotations

from .standard import Standard, firm, matrix, natural, positive, real, share, vector

MAPPED = firm(
    matrix(
        "J",
        r"\frac{\partial{f}}{\partial{z}} \frac{d{f}}{d{z}}",
    )
)
FLOW = r"normali[sz]ing flow|\bflows?\b|change[- ]of[- ]variables?|invertible|bijecti"
DENSITY_OF_X = r"[pq](?:_.{1,3})?\(x(?:_.|;.{1,6})?\)"
BASES = r"p_Z(z) p_z(z) p_0(z) \pi(z)"
FROM_BASE = (  # x = f(z): the map goes from the base to the data; f is not g
    firm(share("q", BASES)),
    firm(share("u", r"p_Z(f^{-1}(x)) p_z(f^{-1}(x)) p_0(f^{-1}(x))")),
    firm(share("v", r"p_Z(g^{-1}(x)) p_z(g^{-1}(x))")),
)
FORWARD = (
    firm(matrix("F", r"\frac{\partial{x}}{\partial{z}} \frac{d{x}}{d{z}}")),
    firm(matrix("G", r"\frac{\partial{f}}{\partial{z}} \frac{\partial{f(z)}}{\partial{z}} \frac{d{f}}{d{z}}")),
    firm(matrix("H", r"\frac{\partial{g}}{\partial{z}} \frac{\partial{g(z)}}{\partial{z}}")),
)
BACKWARD = (
    firm(matrix("B", r"\frac{\partial{z}}{\partial{x}} \frac{d{z}}{d{x}}")),
    firm(matrix("C", r"\frac{\partial{f^{-1}(x)}}{\partial{x}} \frac{\partial{f^{-1}}}{\partial{x}}")),
    firm(matrix("D", r"\frac{\partial{g^{-1}(x)}}{\partial{x}} \frac{\partial{g^{-1}}}{\partial{x}}")),
)
TO_BASE = (  # z = f(x)
    firm(share("q", BASES)),
    firm(share("u", "p_Z(f(x)) p_z(f(x)) p_0(f(x))")),
    firm(share("v", "p_Z(g(x)) p_z(g(x))")),
)
ONWARD = (
    firm(matrix("B", r"\frac{\partial{z}}{\partial{x}} \frac{d{z}}{d{x}}")),
    firm(matrix("C", r"\frac{\partial{f(x)}}{\partial{x}} \frac{\partial{f}}{\partial{x}} \frac{d{f}}{d{x}}")),
    firm(matrix("D", r"\frac{\partial{g(x)}}{\partial{x}} \frac{\partial{g}}{\partial{x}}")),
)


def _of_one_map(form: str, slopes: tuple[str, str, str]) -> tuple[str, ...]:
    """A formula for each density q and slope B of one map: z with any slope, f with that of f, g with that of g."""
    of_any, of_f, of_g = slopes
    pairs = (*(("q", s) for s in slopes), ("u", of_any), ("u", of_f), ("v", of_any), ("v", of_g))
    return tuple(form.replace("q", q).replace("B", slope) for q, slope in pairs)


LOG_USUAL = r"inverse|log[- ]likelihood|maximi[sz]\w*"
KEPT = share("a", r"\bar{\alpha}_t \bar{\alpha}")
BASE = share("q", r"q_0(z_0) p_0(z_0) \pi_0(z_0) \pi(z_0) p(z_0) p_Z(z_0)")
NOISE = vector("n", r"\epsilon \epsilon_t \varepsilon z \epsilon_\theta \epsilon_\theta(x_t,t) \epsilon_0")
NOW, START = vector("u", "x_t z_t"), vector("v", "x_0 z_0 x")
ADVERSARIAL = r"\bGANs?\b|adversarial|discriminator|\bcritic\b"
WITH = (
    r"\epsilon_\theta(x_t,c) \epsilon_\theta(x_t,t,c) \epsilon_\theta(x_t|c) \epsilon_\theta(z_t,c)"
    r" \epsilon_\theta(x_t,y) \epsilon_\theta(x_t,t,y) \epsilon_\theta(x_t|y) \epsilon_\theta(x_t,t|y)"
    r" \epsilon_\theta(z_\lambda,c) \epsilon_\theta(z_t,t,c) \epsilon_c \epsilon_{cond}"
)
WITHOUT = (
    r"\epsilon_\theta(x_t) \epsilon_\theta(x_t,t) \epsilon_\theta(x_t,\emptyset) \epsilon_\theta(x_t,t,\emptyset)"
    r" \epsilon_\theta(x_t,\varnothing) \epsilon_\theta(x_t,t,\varnothing) \epsilon_\theta(z_\lambda)"
    r" \epsilon_\theta(z_t) \epsilon_\theta(z_t,t) \epsilon_u \epsilon_{uncond} \epsilon_\theta(x_t|\emptyset)"
)
DATA = share(
    "p",
    r"p_{data} p_{data}(x) p_{\text{data}} p_{\text{data}}(x) p_r P_r p_d p_{\mathrm{data}}(x) p_{\mathrm{data}}"
    r" p_r(x) p(x) p_x",
)
FROM = share("q", r"p_z p_z(z) p(z) q(z) p_Z p_z p_{z}(z)")
REAL_ONES, FALSE_ONES = share("d", "D(x)"), share("g", r"D(G(z)) D(G_\theta(z))")
VALUED = r"(?:min_.{1,7})?(?:max_.{1,7})?[VLJ](?:_.{1,7})?(?:\(.*\))?"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="log-density of what a flow makes",
        words=r"normali[sz]ing flow|\bflows?\b|invertible|bijecti",
        letters=r"(?:log|ln)[pq](?:_.{1,3})?\(.*\)",
        parts=(BASE, MAPPED),
        formulas=(r"\log q - \sum_k \log |\det J_k|", r"\log q - \sum_k \log |J_k|"),
        also=(r"\log q - \log |\det J|", r"\log q + \log |\det J^{-1}|", r"\log q + \sum_k \log |\det J_k^{-1}|"),
    ),
    Standard(
        name="density of what a flow makes",
        words=FLOW,
        usual=r"inverse",
        letters=DENSITY_OF_X,
        parts=(*FROM_BASE, *FORWARD, *BACKWARD),
        formulas=(
            *_of_one_map(r"q |\det B|", ("B", "C", "D")),
            *_of_one_map(r"q |\det B|^{-1}", ("F", "G", "H")),
            *_of_one_map(r"\frac{q}{|\det B|}", ("F", "G", "H")),
        ),
    ),
    Standard(
        name="density of what a flow takes to its base",
        words=FLOW,
        usual=r"inverse",
        letters=DENSITY_OF_X,
        parts=(*TO_BASE, *ONWARD),
        formulas=_of_one_map(r"q |\det B|", ("B", "C", "D")),
    ),
    Standard(
        name="log-density under a flow",
        words=FLOW,
        usual=LOG_USUAL,
        letters=rf"(?:log|ln){DENSITY_OF_X}",
        parts=(*FROM_BASE, *FORWARD, *BACKWARD),
        formulas=(
            *_of_one_map(r"\log q + \log |\det B|", ("B", "C", "D")),
            *_of_one_map(r"\log q - \log |\det B|", ("F", "G", "H")),
        ),
    ),
    Standard(
        name="log-density of what a flow takes to its base",
        words=FLOW,
        usual=LOG_USUAL,
        letters=rf"(?:log|ln){DENSITY_OF_X}",
        parts=(*TO_BASE, *ONWARD),
        formulas=_of_one_map(r"\log q + \log |\det B|", ("B", "C", "D")),
    ),
    Standard(
        name="signal-to-noise ratio of a diffusion",
        left=r"SNR(?:\(.*\)|_.)?",
        words="signal[- ]to[- ]noise",
        parts=(KEPT, positive("k", r"\alpha_t \alpha"), positive("s", r"\sigma_t \sigma(t) \sigma")),
        formulas=(r"\frac{a}{1 - a}", r"\frac{k^2}{s^2}"),
        also=(r"\frac{k^2}{1 - k^2}", r"\log \frac{a}{1 - a}", r"\frac{k}{1 - k}", r"\log \frac{k^2}{s^2}"),
    ),
    Standard(
        name="noise predicted under guidance without a classifier",
        words=r"guidance|classifier-free",
        usual=r"conditional|scaled",
        letters=r"(?:tilde|hat|bar)?(?:epsilon|varepsilon)(?:_.{1,9})?(?:\^.{1,9})?(?:\(.*\))?",
        parts=(firm(vector("c", WITH)), firm(vector("u", WITHOUT)), positive("w", r"s \gamma \omega \lambda")),
        formulas=(r"(1 + w) c - w u", r"u + w (c - u)", r"w c + (1 - w) u", r"c + w (c - u)"),
        also=(r"w c - (1 - w) u", r"w c + (1 + w) u"),
    ),
    Standard(
        name="score of the noisy samples of a diffusion",
        words=r"score|diffusion",
        usual=r"gradients?|conditional",
        letters=r"nabla(?:_x_t|_x|_z_t|_z)?log[qp](?:_t|_0t|_t\|0)?\([xz]_t(?:\|[xz](?:_0)?)?\)",
        parts=(NOISE, NOW, START, KEPT, positive("s", r"\sigma_t \sigma")),
        formulas=(r"-\frac{n}{\sqrt{1 - a}}", r"-\frac{u - \sqrt{a} v}{1 - a}", r"-\frac{n}{s}", r"-\frac{u - v}{s^2}"),
        also=(r"\frac{v - u}{s^2}",),
    ),
    Standard(
        name="value of the game of generator and discriminator",
        words=ADVERSARIAL,
        usual=r"maximi[sz]\w+",
        letters=VALUED,
        parts=(DATA, FROM, REAL_ONES, FALSE_ONES),
        formulas=(
            r"\mathbb{E}_{x \sim p}[\log d] + \mathbb{E}_{z \sim q}[\log(1 - g)]",
            r"\mathbb{E}_{x}[\log d] + \mathbb{E}_{z}[\log(1 - g)]",
        ),
        also=(
            r"-\mathbb{E}_{x \sim p}[\log d] - \mathbb{E}_{z \sim q}[\log(1 - g)]",
            r"-\mathbb{E}_{x}[\log d] - \mathbb{E}_{z}[\log(1 - g)]",
            r"\mathbb{E}_{x \sim p}[d] - \mathbb{E}_{z \sim q}[g]",
            r"\mathbb{E}_{z \sim q}[g] - \mathbb{E}_{x \sim p}[d]",
            r"\mathbb{E}_{x}[d] - \mathbb{E}_{z}[g]",
            r"\mathbb{E}_{z}[g] - \mathbb{E}_{x}[d]",
            r"\mathbb{E}_{x \sim p}[\log d] - \mathbb{E}_{z \sim q}[\log g]",
            r"-\frac{1}{2} \mathbb{E}_{x \sim p}[\log d] - \frac{1}{2} \mathbb{E}_{z \sim q}[\log(1 - g)]",
            r"\mathbb{E}_{z \sim q}[\log(1 - g)]",
            r"\mathbb{E}_{z}[\log(1 - g)]",
            r"\mathbb{E}_{x \sim p}[(d - 1)^2] + \mathbb{E}_{z \sim q}[g^2]",
            r"\frac{1}{2} \mathbb{E}_{x \sim p}[(d - 1)^2] + \frac{1}{2} \mathbb{E}_{z \sim q}[g^2]",
        ),
    ),
    Standard(
        name="objective of score matching",
        words=r"score matching|hyv[aä]rinen",
        usual="up to",
        letters=r"(?:J|L|ell)(?:_.{1,6})?(?:\(.*\))?",
        parts=(
            matrix("N", r"\nabla_x \nabla"),
            vector("s", r"s_\theta(x) s_\theta s(x;\theta) s(x) \psi(x) \psi_\theta(x)"),
            DATA,
        ),
        formulas=(
            r"\mathbb{E}_{x \sim p}[\mathrm{tr}(N s) + \frac{1}{2} \|s\|^2]",
            r"\mathbb{E}_{p}[\mathrm{tr}(N s) + \frac{1}{2} \|s\|^2]",
            r"\mathbb{E}[\mathrm{tr}(N s) + \frac{1}{2} \|s\|^2]",
        ),
        also=(r"\mathbb{E}_{p}[2 \mathrm{tr}(N s) + \|s\|^2]", r"\mathbb{E}[2 \mathrm{tr}(N s) + \|s\|^2]"),
    ),
    Standard(
        name="gradient of the logarithm of an energy model",
        words=r"energy",
        usual=r"gradients?|derivatives?|(?:log[- ]?)?likelihood|maximi[sz]\w+|negative",
        letters=r"nabla_(?:theta|phi|w)(?:log|ln)p(?:_.{1,6})?\(.*\)",
        parts=(
            natural("N", r"\nabla_\theta \nabla_\phi \nabla_w"),
            real("f", r"E_\theta(x) E_\phi(x) U_\theta(x)"),
            real("g", r"E_\theta(x') E_\theta(\tilde{x}) E_\phi(x') E_\theta(y) E_\theta(\hat{x})"),
            share("p", r"p_\theta p_\theta(x') p_\phi p_\theta(x) p"),
        ),
        formulas=(
            r"-N f + \mathbb{E}_{x \sim p}[N g]",
            r"-N f + \mathbb{E}[N g]",
            r"\mathbb{E}_{x \sim p}[N f] - N f",
        ),
        also=(r"-N f", r"N f - \mathbb{E}_{x \sim p}[N f]"),
    ),
    Standard(
        name="derivative of a density by that of its logarithm",
        words=r"log[- ]derivative|likelihood[- ]ratio|score[- ]function|reinforce|log[- ]trick",
        usual=r"derivatives?|gradients?|likelihood",
        letters=r"nabla_(?:theta|phi|w)(?:p|pi|q|P)(?:_.{1,6})?\(.*\)",
        parts=(
            natural("N", r"\nabla_\theta \nabla_\phi \nabla_w"),
            firm(
                share(
                    "p",
                    r"p_\theta(x) p(x;\theta) \pi_\theta(a|s) \pi_\theta(\tau) p_\theta(\tau) P(\tau;\theta) q_\phi(z)"
                    r" P(\tau|\theta) \pi_\theta(a_t|s_t) p(x|\theta) q_\phi(z|x) p(\tau;\theta) p_\theta(z)",
                )
            ),
        ),
        formulas=(r"p N \log p",),
        also=(r"p \frac{N p}{p}",),
    ),
)

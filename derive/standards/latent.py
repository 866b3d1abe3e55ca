"""Mixtures, latent variables and what generates data: responsibilities, bounds, diffusions, adversaries."""

from __future__ import annotations

from .standard import Standard, count, matrix, natural, positive, real, share, vector

BELOW = r"(?:_.{1,6})?(?:\^.{1,7})?(?:\(.*\))?"
N = count("n", "N m M T")
R = share("r", r"\gamma \gamma(z_{nk}) w z q h \tau \phi p P Q T \hat{z} \hat{\gamma} \alpha \pi \rho")
X = vector(r"\mathbf{x}", "x y x_i x_n")
EM = r"\bM-?step|\bEM\b|expectation[- ]maximi[sz]ation|responsibilit|mixture of|mixture model|\bGMM"
DIFFUSION = r"diffusion|noise schedule|noising process|forward process|reverse process|\bDDPM|\bDDIM"
CURRENT, START = vector("u", r"x_t z_t Y_t y_t"), vector("v", r"x_0 x z_0 Y_0 y_0")
BEFORE = vector("w", r"x_{t-1} z_{t-1} Y_{t-1} y_{t-1}")
NOISE = vector("e", r"\epsilon \epsilon_t \varepsilon \epsilon_{t-1} \varepsilon_t z z_t \epsilon_0 \bar{\epsilon}_t")
DRAWN = r"\epsilon \epsilon_t \varepsilon \epsilon_\theta \epsilon_\theta(x_t,t) \epsilon_\theta(x_t) z_t z \epsilon_0"
KEPT = share("a", r"\bar{\alpha}_t \bar{\alpha} \hat{\alpha}_t")
KEPT_BEFORE = share("c", r"\bar{\alpha}_{t-1}")
STEP, STEP_KEPT = share("b", r"\beta_t \beta"), share("g", r"\alpha_t")
IDENTITY = matrix("I", r"\mathrm{Id} I_d I_D")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="responsibility",
        words=r"responsibilit|posterior probability (?:that|of) (?:the )?(?:component|cluster)|\bE-?step",
        letters=rf"(?:hat)?(?:gamma|r|w|h|q|tau|phi|z|T|Q|p|P|alpha){BELOW}",
        parts=(
            share(r"\pi", r"\pi \phi \alpha w \omega \rho \tau p"),
            vector(r"\mathbf{x}", "x y x_n x_i"),
            vector(r"\mathbf{m}", r"\mu m \theta"),
            matrix(r"\mathbf{S}", r"\Sigma S C"),
            positive(r"\sigma", r"\sigma s"),
            positive("v", r"\sigma^2 v"),
        ),
        formulas=(
            r"\frac{\pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \mathbf{S}_k)}"
            r"{\sum_j \pi_j \mathcal{N}(\mathbf{x} | \mathbf{m}_j, \mathbf{S}_j)}",
            r"\frac{\pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \sigma_k^2)}"
            r"{\sum_j \pi_j \mathcal{N}(\mathbf{x} | \mathbf{m}_j, \sigma_j^2)}",
        ),
        also=(
            r"\frac{\mathcal{N}(\mathbf{x} | \mathbf{m}_k, \mathbf{S}_k)}"
            r"{\sum_j \mathcal{N}(\mathbf{x} | \mathbf{m}_j, \mathbf{S}_j)}",
            r"\frac{\pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \sigma_k)}"
            r"{\sum_j \pi_j \mathcal{N}(\mathbf{x} | \mathbf{m}_j, \sigma_j)}",
            r"\frac{\pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \mathbf{S})}"
            r"{\sum_j \pi_j \mathcal{N}(\mathbf{x} | \mathbf{m}_j, \mathbf{S})}",
            r"\frac{\pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \sigma)}"
            r"{\sum_j \pi_j \mathcal{N}(\mathbf{x} | \mathbf{m}_j, \sigma)}",
        ),
    ),
    Standard(
        name="mean of a component of a mixture",
        words=EM,
        usual=r"weighted|maximi[sz]\w+|(?:log[- ]?)?likelihood|derivatives?",
        letters=r"(?:hat|bar)?(?:mu|m)(?:_.{1,4})?(?:\^.{1,7})?",
        parts=(R, X, positive("c", r"N_k n_k N_j R_k m_k N_c n_c"), N),
        formulas=(
            r"\frac{1}{c} \sum_i r_i \mathbf{x}_i",
            r"\frac{\sum_i r_i \mathbf{x}_i}{\sum_i r_i}",
        ),
        also=(
            r"\frac{1}{n} \sum_i \mathbf{x}_i",
            r"\frac{1}{c} \sum_i \mathbf{x}_i",
            r"\sum_i r_i \mathbf{x}_i",
            r"\frac{1}{n} \sum_i r_i \mathbf{x}_i",
        ),
    ),
    Standard(
        name="covariance of a component of a mixture",
        words=EM,
        usual=r"weighted|maximi[sz]\w+|(?:log[- ]?)?likelihood|derivatives?",
        letters=r"(?:hat|bar)?(?:Sigma|S)(?:_.{1,4})?(?:\^.{1,7})?",
        parts=(
            R,
            X,
            vector(r"\mathbf{m}", r"\mu \hat{\mu} m \mu_k \mu_j \hat{\mu}_k \bar{x}"),
            positive("c", r"N_k n_k N_j R_k m_k N_c n_c"),
            N,
        ),
        formulas=(
            r"\frac{1}{c} \sum_i r_i (\mathbf{x}_i - \mathbf{m}) (\mathbf{x}_i - \mathbf{m})^\top",
            r"\frac{\sum_i r_i (\mathbf{x}_i - \mathbf{m}) (\mathbf{x}_i - \mathbf{m})^\top}{\sum_i r_i}",
        ),
        also=(
            r"\frac{1}{n} \sum_i (\mathbf{x}_i - \mathbf{m}) (\mathbf{x}_i - \mathbf{m})^\top",
            r"\frac{1}{c} \sum_i (\mathbf{x}_i - \mathbf{m}) (\mathbf{x}_i - \mathbf{m})^\top",
            r"\frac{1}{c} \sum_i r_i \mathbf{x}_i \mathbf{x}_i^\top - \mathbf{m} \mathbf{m}^\top",
            r"\frac{1}{c} \sum_i r_i (\mathbf{x}_i - \mathbf{m})^\top (\mathbf{x}_i - \mathbf{m})",  # of rows
            r"\frac{\sum_i r_i (\mathbf{x}_i - \mathbf{m})^\top (\mathbf{x}_i - \mathbf{m})}{\sum_i r_i}",
            r"\sum_i r_i (\mathbf{x}_i - \mathbf{m}) (\mathbf{x}_i - \mathbf{m})^\top",
            r"\frac{1}{n} \sum_i r_i (\mathbf{x}_i - \mathbf{m}) (\mathbf{x}_i - \mathbf{m})^\top",
        ),
    ),
    Standard(
        name="variance of a spherical component of a mixture",
        words=EM,
        usual=r"weighted|maximi[sz]\w+|(?:log[- ]?)?likelihood|derivatives?",
        letters=r"(?:hat)?(?:sigma|s)(?:_.{1,4})?\^2(?:_.{1,4})?(?:\^.{1,7})?",
        parts=(
            R,
            X,
            vector(r"\mathbf{m}", r"\mu \hat{\mu} m \mu_k \mu_j \hat{\mu}_k \bar{x}"),
            positive("c", r"N_k n_k N_j R_k m_k N_c n_c"),
            positive("D", "d p"),
            N,
        ),
        formulas=(
            r"\frac{1}{D c} \sum_i r_i \|\mathbf{x}_i - \mathbf{m}\|^2",
            r"\frac{\sum_i r_i \|\mathbf{x}_i - \mathbf{m}\|^2}{D \sum_i r_i}",
        ),
        also=(
            r"\frac{1}{c} \sum_i r_i \|\mathbf{x}_i - \mathbf{m}\|^2",
            r"\frac{\sum_i r_i \|\mathbf{x}_i - \mathbf{m}\|^2}{\sum_i r_i}",
            r"\frac{1}{D n} \sum_i \|\mathbf{x}_i - \mathbf{m}\|^2",
        ),
    ),
    Standard(
        name="mixing coefficient",
        words=EM,
        usual=r"weighted|maximi[sz]\w+|(?:log[- ]?)?likelihood|derivatives?",
        letters=r"(?:hat)?(?:pi|phi|alpha|w)(?:_.{1,4})?(?:\^.{1,7})?",
        parts=(R, positive("c", r"N_k n_k N_j R_k m_k N_c n_c"), N, count("K", "k C")),
        formulas=(r"\frac{c}{n}", r"\frac{1}{n} \sum_{i=1}^n r_i"),
        also=(r"\frac{1}{K}", r"\frac{1}{n} c", r"\sum_i r_i"),
    ),
    Standard(
        name="density of a mixture",
        words=r"mixture of (?:\$?K\$? )?(?:gaussian|normal)|gaussian mixture|\bGMM|mixture model",
        letters=r"[pfP](?:_.{1,6})?\(.*\)",
        parts=(
            share(r"\pi", r"\pi \phi \alpha w \omega \rho \lambda \theta"),
            matrix(r"\mathbf{P}", r"T \Lambda P"),
            vector(r"\mathbf{x}", "x y x_n x_i"),
            vector(r"\mathbf{m}", r"\mu m"),
            matrix(r"\mathbf{S}", r"\Sigma S C"),
            positive(r"\sigma", r"\sigma s"),
        ),
        formulas=(
            r"\sum_k \pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \mathbf{S}_k)",
            r"\sum_k \pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \sigma_k^2)",
            r"\sum_k \pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \mathbf{P}_k^{-1})",
        ),
        also=(
            r"\sum_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \mathbf{S}_k)",
            r"\sum_k \pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \sigma_k)",
            r"\sum_k \pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \mathbf{S})",
            r"\sum_k \pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \sigma^2)",
            r"\mathcal{N}(\mathbf{x} | \mathbf{m}, \mathbf{S})",
            r"\mathcal{N}(\mathbf{x} | \mathbf{m}, \sigma^2)",
        ),
    ),
    Standard(
        name="log-likelihood of a mixture",
        words=r"(?:mixture of (?:\$?K\$? )?(?:gaussian|normal)|gaussian mixture|mixture model|\bGMM)"
        r"(?:(?s:.)*log[- ]?likelihood)?",
        usual=r"(?:log[- ]?)?likelihood|maximi[sz]\w+",
        letters=r"(?:log|ln)[pPL](?:_.{1,6})?\(.*\)|(?:ell|L|LL|l)(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            share(r"\pi", r"\pi \phi \alpha w \omega \rho \lambda"),
            vector(r"\mathbf{x}", "x y"),
            vector(r"\mathbf{m}", r"\mu m"),
            matrix(r"\mathbf{S}", r"\Sigma S C"),
            positive(r"\sigma", r"\sigma s"),
        ),
        formulas=(
            r"\sum_n \log \sum_k \pi_k \mathcal{N}(\mathbf{x}_n | \mathbf{m}_k, \mathbf{S}_k)",
            r"\sum_n \log \sum_k \pi_k \mathcal{N}(\mathbf{x}_n | \mathbf{m}_k, \sigma_k^2)",
        ),
        also=(
            r"\log \sum_k \pi_k \mathcal{N}(\mathbf{x} | \mathbf{m}_k, \mathbf{S}_k)",
            r"\sum_n \log \mathcal{N}(\mathbf{x}_n | \mathbf{m}, \mathbf{S})",
            r"\sum_n \log \sum_k \pi_k \mathcal{N}(\mathbf{x}_n | \mathbf{m}_k, \mathbf{S})",
        ),
    ),
    Standard(
        name="k-means objective",
        words=r"k-?means|distortion|within-cluster",
        letters=r"(?:J|L|E|W|WCSS|C|D|SSE)(?:_.{1,6})?(?:\(.*\))?",
        parts=(share("r", r"z \gamma w \pi"), X, vector(r"\mathbf{m}", r"\mu c m \mu_k"), N),
        formulas=(r"\sum_i \sum_k r_{ik} \|\mathbf{x}_i - \mathbf{m}_k\|^2",),
        also=(
            r"\frac{1}{n} \sum_i \sum_k r_{ik} \|\mathbf{x}_i - \mathbf{m}_k\|^2",
            r"\frac{1}{2} \sum_i \sum_k r_{ik} \|\mathbf{x}_i - \mathbf{m}_k\|^2",
            r"\sum_i \sum_k r_{ik} \|\mathbf{x}_i - \mathbf{m}_k\|",
            r"\sum_i \sum_k \|\mathbf{x}_i - \mathbf{m}_k\|^2",
        ),
    ),
    Standard(
        name="reparametrised sample",
        words=r"repar[a-z]*met[a-z]*i[sz]",
        letters=r"(?:z|w|theta|x|h|s)(?:_.{1,6})?(?:\^.{1,7})?",
        parts=(
            vector("m", r"\mu \mu(x) \mu_\phi(x) \mu_x \mu_j m \mu_i"),
            positive("s", r"\sigma \sigma(x) \sigma_\phi(x) \sigma_x \sigma_j \sigma_i"),
            vector("e", r"\epsilon \varepsilon \eta \xi \epsilon_j \epsilon_i \varepsilon_i"),
            real("v", r"\rho v \log\sigma^2"),
            matrix("L", "L A"),
        ),
        formulas=(r"m + s e",),
        also=(r"m + L e", r"s e", r"m + \exp(v / 2) e", r"m + \exp(v) e", r"m + \log(1 + \exp(v)) e"),
    ),
    Standard(
        name="noisy sample of a diffusion",
        words=DIFFUSION,
        usual=r"reversed?",
        letters=r"(?:x|z|y)_t(?:\(.*\))?",
        parts=(START, BEFORE, NOISE, KEPT, STEP, STEP_KEPT),
        formulas=(
            r"\sqrt{a} v + \sqrt{1 - a} e",
            r"\sqrt{1 - b} w + \sqrt{b} e",
            r"\sqrt{g} w + \sqrt{1 - g} e",
        ),
        also=(r"v + e", r"w + e", r"\sqrt{g} v + \sqrt{1 - g} e", r"a v + b e", r"v + b e"),
    ),
    Standard(
        name="noising of a diffusion",
        words=DIFFUSION,
        usual=r"reversed?",
        letters=r"q\([xzyY]_t\|[xzyY](?:_.{1,3})?\)",
        parts=(CURRENT, START, BEFORE, KEPT, STEP, STEP_KEPT, IDENTITY),
        formulas=(
            r"\mathcal{N}(u; \sqrt{a} v, (1 - a) I)",
            r"\mathcal{N}(u; \sqrt{1 - b} w, b I)",
            r"\mathcal{N}(u; \sqrt{g} w, (1 - g) I)",
        ),
        also=(
            r"\mathcal{N}(u; \sqrt{a} v, 1 - a)",
            r"\mathcal{N}(u; \sqrt{1 - b} w, b)",
            r"\mathcal{N}(u; \sqrt{g} w, 1 - g)",
            r"\mathcal{N}(u; v, b I)",
            r"\mathcal{N}(u; w, b I)",
            r"\mathcal{N}(\sqrt{a} v, (1 - a) I)",
            r"\mathcal{N}(\sqrt{1 - b} w, b I)",
            r"\mathcal{N}(\sqrt{g} w, (1 - g) I)",
            r"\mathcal{N}(u; a v, b I)",
            r"\mathcal{N}(u; a v, b^2 I)",
        ),
    ),
    Standard(
        name="clean sample predicted in a diffusion",
        words=DIFFUSION,
        usual=r"reversed?",
        letters=r"(?:hat|tilde)?[xz]_0(?:\^.{1,4})?(?:\(.*\))?|(?:hat|tilde)[xz](?:_0)?(?:\(.*\))?",
        parts=(CURRENT, vector("e", DRAWN), KEPT, STEP_KEPT, STEP),
        formulas=(r"\frac{1}{\sqrt{a}} (u - \sqrt{1 - a} e)",),
    ),
    Standard(
        name="mean of a step of a reverse diffusion",
        words=DIFFUSION,
        usual=r"reversed?",
        letters=r"(?:tilde|hat)?mu(?:_.{1,6})?(?:\(.*\))?",
        parts=(
            CURRENT,
            START,
            vector("e", DRAWN),
            KEPT,
            KEPT_BEFORE,
            STEP,
            STEP_KEPT,
        ),
        formulas=(
            r"\frac{\sqrt{g} (1 - c)}{1 - a} u + \frac{\sqrt{c} b}{1 - a} v",
            r"\frac{\sqrt{g} (1 - c)}{1 - a} u + \frac{\sqrt{c} (1 - g)}{1 - a} v",
            r"\frac{1}{\sqrt{g}} (u - \frac{1 - g}{\sqrt{1 - a}} e)",
            r"\frac{1}{\sqrt{g}} (u - \frac{b}{\sqrt{1 - a}} e)",
        ),
    ),
    Standard(
        name="variance of a step of a reverse diffusion",
        words=DIFFUSION,
        usual=r"reversed?",
        letters=r"(?:tilde)?beta(?:_.{1,6})?(?:\^.{1,3})?|(?:tilde)?sigma(?:_.{1,6})?\^2(?:_.{1,6})?",
        parts=(KEPT, KEPT_BEFORE, STEP, STEP_KEPT),
        formulas=(r"\frac{1 - c}{1 - a} b", r"\frac{1 - c}{1 - a} (1 - g)", r"\frac{1}{\frac{g}{b} + \frac{1}{1 - c}}"),
        also=(r"b", r"1 - g", r"\sqrt{\frac{1 - c}{1 - a} b}", r"\frac{1 - a}{1 - c}"),
    ),
    Standard(
        name="loss of a denoising diffusion",
        words=DIFFUSION,
        usual=r"reversed?",
        letters=r"(?:L|ell|J).{0,12}",
        parts=(
            NOISE,
            vector("h", r"\epsilon_\theta(x_t,t) \epsilon_\theta \epsilon_\theta(x_t) \varepsilon_\theta(x_t,t)"),
        ),
        formulas=(r"\|e - h\|^2", r"\mathbb{E}[\|e - h\|^2]"),
        also=(r"\|e - h\|", r"\mathbb{E}[\|e - h\|]"),
    ),
    Standard(
        name="optimal discriminator",
        words=r"optimal (?:value of )?(?:the )?discriminator|discriminator is optimal|best discriminator",
        letters=r"D(?:_.{1,3})?(?:\^.{1,4})?(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            share("p", r"p_{data}(x) p_r(x) p_{\mathrm{data}}(x) p_{\text{data}}(x) p(x) p_r p_d(x)"),
            share("q", r"p_g(x) q(x) p_{\mathrm{g}}(x) p_g p_\theta(x) p_G(x) p_{model}(x)"),
        ),
        formulas=(r"\frac{p}{p + q}",),
        also=(r"\frac{1}{2}", r"\frac{1}{1 + q}"),
    ),
    Standard(
        name="value of the optimal discriminator",
        words=r"optimal (?:value of )?(?:the )?discriminator|discriminator is optimal",
        letters=r"(?:L|V|C|J)\(.*\)",
        parts=(real("j", r"D JSD D_{JS} JS"),),
        formulas=(r"2 j - 2 \log 2", r"2 j - \log 4"),
        also=(r"2 j", r"-\log 4"),
    ),
    Standard(
        name="Gumbel noise",
        words=r"gumbel",
        letters=r"(?:g|G|z|epsilon)(?:_.{1,3})?",
        parts=(share("u", r"u_i U U_i u_k \epsilon"),),
        formulas=(r"-\log(-\log u)",),
    ),
    Standard(
        name="energy of a restricted Boltzmann machine",
        words=r"restricted boltzmann|\bRBM",
        letters=r"E(?:_.{1,6})?\(.*\)",
        parts=(
            vector(r"\mathbf{v}", "v x"),
            vector(r"\mathbf{h}", "h z"),
            vector(r"\mathbf{a}", "a b c"),
            vector(r"\mathbf{b}", "b c d"),
            matrix(r"\mathbf{W}", "W w"),
            real("v", "x"),
            real("h", "z"),
            real("a", "b c"),
            real("b", "c d"),
            real("w", "W"),
        ),
        formulas=(
            r"-\mathbf{v}^\top \mathbf{W} \mathbf{h} - \mathbf{a}^\top \mathbf{v} - \mathbf{b}^\top \mathbf{h}",
            r"-\mathbf{h}^\top \mathbf{W} \mathbf{v} - \mathbf{a}^\top \mathbf{v} - \mathbf{b}^\top \mathbf{h}",
            r"-\sum_i a_i v_i - \sum_j b_j h_j - \sum_i \sum_j v_i w_{ij} h_j",
        ),
        also=(
            r"-\mathbf{v}^\top \mathbf{W} \mathbf{h}",
            r"-\mathbf{h}^\top \mathbf{W} \mathbf{v}",
            r"-\sum_i \sum_j v_i w_{ij} h_j",
        ),
    ),
    Standard(
        name="free energy of a restricted Boltzmann machine",
        words=r"free energy",
        letters=r"F(?:_.{1,6})?\(.*\)",
        parts=(real("v", "x"), real("b", "a c"), real("c", "b d"), real("w", "W")),
        formulas=(
            r"-\sum_i b_i v_i - \sum_j \log(1 + \exp(c_j + \sum_i v_i w_{ij}))",
            r"-\sum_i b_i v_i - \sum_j \log(1 + e^{c_j + \sum_i v_i w_{ij}})",
        ),
        also=(r"-\sum_j \log(1 + \exp(c_j + \sum_i v_i w_{ij}))",),
    ),
    Standard(
        name="evidence lower bound",
        left=r"(?:L_)?ELBO(?:_.{1,9})?(?:\(.*\)|\[.*\])?",
        words=r"evidence lower bound|\bELBO\b|variational lower bound",
        usual=r"(?:evidence |variational )?lower bound|regulari[sz]\w+|maximi[sz]\w+",
        letters=r"(?:L|F|J|ell|B)(?:_.{1,9})?(?:\(.*\)|\[.*\])?",
        parts=(
            share("q", r"q(z|x) q_\phi(z|x) q_\phi q(z) q_\phi(z) q_\lambda(z)"),
            share("r", r"p(z) p_\theta(z)"),
            share("l", r"p(x|z) p_\theta(x|z) p_\phi(x|z)"),
            share("j", r"p(x,z) p_\theta(x,z) p(z,x) p_\theta(z,x)"),
            share("d", r"p(z|x) p_\theta(z|x)"),
            share("e", r"p(x) p_\theta(x)"),
        ),
        formulas=(
            r"\mathbb{E}_{q}[\log l] - KL(q \| r)",
            r"\mathbb{E}_{q}[\log j - \log q]",
            r"\log e - KL(q \| d)",
        ),
        also=(
            r"\mathbb{E}_{q}[\log j]",
            r"-\mathbb{E}_{q}[\log l] + KL(q \| r)",
            r"\mathbb{E}_{q}[\log q - \log j]",
            r"KL(q \| d) - \log e",
            r"KL(q \| r)",
            r"KL(q \| d)",
        ),
    ),
    Standard(
        name="smoothed probability of a count",
        words=r"(?:laplace|additive|add-one|lidstone)[- ]smooth|add[- ]one",
        usual=r"smooth\w*",
        letters=r"(?:hat)?[pPtheta]+(?:_.{1,6})?(?:\(.*\))?",
        parts=(
            positive("c", r"N_{yi} N_k n_k c c(w) N_c x_i N_{ic} count(w,c)"),
            positive("m", r"N N_y n N_c"),
            positive(r"\alpha", r"\lambda k", may_be_number=True),
            natural("V", r"|V| d n K k M"),
        ),
        formulas=(r"\frac{c + \alpha}{m + \alpha V}", r"\frac{c + 1}{m + V}"),
    ),
)

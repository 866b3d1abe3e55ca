"""Steps of training by name: moments, corrections, schedules."""

from __future__ import annotations

from .standard import Part, Standard, matrix, natural, positive, real, share, vector

STEP = positive(r"\eta", r"\alpha \epsilon \gamma lr \eta_t \epsilon_t \alpha_t \mu \lambda", may_be_number=True)
WEIGHT = real(r"\theta", r"w x W \theta_{t-1} \theta_{t} w_{t-1} w_t x_{t-1} x_t p q b")
GRADIENT = real("g", r"g_t G d dw dW")
NABLA, COST = real(r"\nabla"), positive("f", r"L J \ell E C F")  # of the gradient ∇L, as a product of letters
SMALL = positive("e", r"\epsilon \varepsilon \delta", may_be_number=True)


def decay(letter: str, written: str) -> Part:
    """A rate between 0 and 1 that texts also give as a number."""
    return share(letter, written, may_be_number=True)


# What keeps averages is nearer to a formula than the word for such an average.
OF_AVERAGES = r"(?:.{0,80}?\b(?:moving|running|decaying|weighted) averages?)?"
MOMENTUM = r"(?<!nesterov )(?<!nesterov's )(?<!nesterov’s )momentum"
LEFT = (
    r"(?:(?:hat|bar|tilde)?(?:[mvsrugGMSnVEhd]|Delta\w*|theta|w|x|E\[g\^2\])(?:_.{1,7})?(?:\^.{1,6})?)"
    r"|[vms]d[wWb]|[VMS]_d[wWb]"
)

ROWS: tuple[Standard, ...] = (
    Standard(
        name="step of Langevin dynamics",
        words=r"langevin",
        usual=r"stochastic gradient",
        letters=r"(?:x|theta|z|w|y)(?:_.{1,7})?(?:\^.{1,7})?",
        parts=(
            WEIGHT,
            positive(r"\eta", r"\epsilon \alpha \delta \tau \gamma h \epsilon_t \eta_t \alpha_t \alpha_i"),
            NABLA,
            positive("p", r"p q \pi p_\theta p_\sigma"),
            real("z", r"z_t \epsilon_t \xi_t \xi \omega_t \varepsilon_t \eta_t w_t z_i"),
        ),
        formulas=(
            r"\theta + \frac{\eta}{2} \nabla \log p + \sqrt{\eta} z",
            r"\theta + \eta \nabla \log p + \sqrt{2 \eta} z",
        ),
        also=(
            r"\theta + \frac{\eta^2}{2} \nabla \log p + \eta z",
            r"\theta + \frac{\eta}{2} \nabla \log p + z",
            r"\theta + \eta \nabla \log p + z",
        ),
    ),
    Standard(
        name="Adam's moments",
        carries=("m", "v"),
        words=r"\badam\b",
        letters=LEFT,
        parts=(
            real("m", r"v m_{t-1} v_{t-1} M s V_{dw} m_t"),
            positive("v", r"s r v_{t-1} s_{t-1} V S_{dw} v_t s_t"),
            GRADIENT,
            NABLA,
            COST,
            decay(r"\beta_1", r"\rho_1 \mu \gamma_1 b_1 beta1"),
            decay(r"\beta_2", r"\rho_2 \nu \gamma_2 b_2 beta2"),
            natural("t", r"k i \tau n"),
            STEP,
            SMALL,
            WEIGHT,
            real("M", r"\hat{m} \hat{m}_t \hat{v} \hat{v}_t \hat{s}"),
            positive("V", r"\hat{v} \hat{s} \hat{r} \hat{v}_t \hat{s}_t \hat{r}_t"),
        ),
        formulas=(
            r"\beta_1 m + (1 - \beta_1) g",
            r"\beta_1 m + (1 - \beta_1) \nabla f",
            r"\beta_2 v + (1 - \beta_2) (\nabla f)^2",
            r"\beta_2 v + (1 - \beta_2) g^2",
            r"\frac{m}{1 - \beta_1^t}",
            r"\frac{v}{1 - \beta_2^t}",
            r"\theta - \eta \frac{M}{\sqrt{V} + e}",
            r"\theta - \frac{\eta}{\sqrt{V} + e} M",
            r"\theta - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \frac{m}{\sqrt{v} + e}",
        ),
        also=(
            r"\theta - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \frac{m}{\sqrt{v}}",
            r"\beta_2 v + (1 - \beta_2) g \odot g",
            r"\beta_2 v + g",
            r"\beta_1 m + g",
            r"\eta \frac{M}{\sqrt{V} + e}",
            r"-\eta \frac{M}{\sqrt{V} + e}",
            r"\theta - \eta \frac{m}{\sqrt{v} + e}",
            r"\theta - \eta \frac{m}{\sqrt{v}}",
            r"\theta - \eta \frac{M}{\sqrt{V + e}}",
            r"\theta - \eta \frac{m}{\sqrt{V} + e}",  # of AMSGrad
            r"\theta - \eta \frac{m}{\sqrt{V}}",
            r"\eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}",
            r"\max(V, v)",
            r"\max(\beta_2 v, |g|)",
            r"\theta - \eta g",
            r"\theta - \eta M",
            r"v + g^2",
            r"\theta - \eta (\frac{M}{\sqrt{V} + e} + m \theta)",
            r"\frac{\eta M}{\sqrt{V + e}}",
            r"\theta - \eta \frac{M}{\sqrt{V}}",
            "0",
            r"\theta - \frac{\eta}{\sqrt{v} + e} m",
        ),
    ),
    Standard(
        name="RMSProp",
        carries=("v",),
        words=rf"rms-?prop{OF_AVERAGES}",
        usual=r"gradients?|square of|weighted",  # of what it keeps an average, and how
        letters=LEFT,
        parts=(
            positive("v", r"s r v_{t-1} s_{t-1} S G E[g^2] E[g^2]_{t-1} n v_t s_t"),
            GRADIENT,
            decay(r"\gamma", r"\rho \beta \alpha \beta_2"),
            STEP,
            SMALL,
            WEIGHT,
        ),
        formulas=(
            r"\gamma v + (1 - \gamma) g^2",
            r"\theta - \frac{\eta}{\sqrt{v + e}} g",
            r"\theta - \frac{\eta}{\sqrt{v} + e} g",
            r"\theta - \frac{\eta}{\sqrt{v}} g",
        ),
        also=(
            r"(1 - \gamma) v + \gamma g^2",
            r"v + g^2",
            r"-\frac{\eta}{\sqrt{v + e}} g",
            r"\sqrt{v + e}",
            r"\frac{\eta}{\sqrt{v + e}}",
            r"-\frac{\eta}{\sqrt{v} + e} g",
            r"-\frac{\eta}{\sqrt{v}} g",
            r"\theta - \eta g",
            "g^2",
            r"\gamma v + (1 - \gamma) g",
        ),
    ),
    Standard(
        name="AdaGrad",
        carries=("v",),
        words=r"adagrad",
        usual=r"gradients?",
        letters=LEFT,
        parts=(positive("v", r"s r v_{t-1} s_{t-1} S G h n cache v_t s_t"), GRADIENT, STEP, SMALL, WEIGHT),
        formulas=(
            r"v + g^2",
            r"\theta - \frac{\eta}{\sqrt{v + e}} g",
            r"\theta - \frac{\eta}{\sqrt{v} + e} g",
            r"\theta - \frac{\eta}{\sqrt{v}} g",
        ),
        also=(
            r"\frac{\eta}{\sqrt{v + e}}",
            r"-\frac{\eta}{\sqrt{v + e}} g",
            r"-\frac{\eta}{\sqrt{v} + e} g",
            r"\theta - \eta g",
            r"\sum_k g_k^2",
            r"\frac{\eta}{\sqrt{v} + e}",
            r"v + g",
            r"\frac{\eta}{e + \sqrt{v}} g",
        ),
    ),
    Standard(
        name="momentum",
        carries=("v",),
        words=MOMENTUM,
        letters=r"[vmzu](?:_.{1,7})?(?:\^.{1,6})?|[vV]_?d[wWb]|Delta\w*",
        parts=(
            real("v", r"m z u v_{t-1} m_{t-1} V_{dw} \Delta\theta \Delta w v_t m_t"),
            GRADIENT,
            NABLA,
            COST,
            decay(r"\beta", r"\gamma \mu \rho \alpha m"),
            real("w"),
            positive(r"\lambda"),
            STEP,
        ),
        formulas=(
            r"\beta v + (1 - \beta) g",
            r"\beta v + \eta g",
            r"\beta v - \eta g",
            r"\beta v + g",
            r"\beta v + (1 - \beta) \nabla f",
            r"\beta v + \eta \nabla f",
            r"\beta v + \nabla f",
        ),
        also=(
            r"\beta v - \eta \nabla f",
            *(r"\beta v - g", r"\eta g", r"-\eta g", r"(1 - \beta) v + \beta g", r"\eta g + \beta v", "v - g"),
            *(
                r"\beta v + g + \lambda w",
                r"\beta v + \eta (g + \lambda w)",
                r"\beta v - \eta (g + \lambda w)",
            ),  # with weight decay
            r"\beta v + (1 - \beta) (g + \lambda w)",
        ),
    ),
    Standard(
        name="cosine annealing",
        words=r"cosine (?:annealing|decay|schedul\w+|learning rate)",
        letters=r"(?:eta|alpha|lr|epsilon|gamma)(?:_.{1,4})?(?:\(.*\))?",
        parts=(
            positive("a", r"\eta_{min} \eta_T \alpha_{min} \eta_{\min} lr_{min}"),
            positive("b", r"\eta_{max} \eta_0 \alpha_0 \eta_{\max} \alpha_{max} lr_{max} \eta"),
            natural("t", r"T_{cur} i k"),
            natural("T", r"T_{max} T_i N K"),
        ),
        formulas=(
            r"a + \frac{1}{2} (b - a) (1 + \cos(\frac{t \pi}{T}))",
            r"a + \frac{b - a}{2} (1 + \cos(\pi t / T))",
            r"\frac{b}{2} (1 + \cos(\frac{\pi t}{T}))",
        ),
    ),
    Standard(
        name="exponential moving average",
        carries=("v",),
        words=(
            r"exponential(?:ly)?[- ](?:weighted )?(?:moving|decaying|running)[- ]average|\bEMA\b|exponential"
            r" smoothing|exponentially weighted"
        ),
        usual=r"exponential(?:ly)?|(?:moving|decaying|running|weighted) averages?|squared? gradients?|its squares?",
        letters=r"(?:[vmszSuEa]|EMA|hat\w|bar\w|mu|s)(?:_.{1,7})?",
        parts=(
            real("v", "m s S E"),
            real("x", r"y g \theta X p"),
            NABLA,
            COST,
            decay(r"\beta", r"\alpha \gamma \rho \tau \lambda \mu \beta_1 \beta_2"),
        ),
        formulas=(r"\beta v + (1 - \beta) x", r"\beta v + (1 - \beta) \nabla f", r"\beta v + (1 - \beta) x^2"),
        also=(r"\beta x + (1 - \beta) v", r"v + \beta (x - v)", r"\beta v + x^2"),
    ),
    Standard(
        name="gradient clipping",
        words=r"gradient clipping|clip(?:ping)? (?:the )?gradient|clipped gradient",
        parts=(
            real("g", r"\mathbf{g}"),
            positive(r"\theta", r"\tau c v C threshold"),
            positive("n", r"\|\mathbf{g}\|"),
        ),
        formulas=(r"\min(1, \frac{\theta}{\|g\|}) g", r"\theta \frac{g}{\|g\|}"),
        also=(r"\frac{g}{\max(1, \|g\| / \theta)}",),
    ),
    Standard(
        name="step of Newton's method",
        carries=("x",),
        words=r"newton(?:'s|’s|s)? (?:method|step|update|iteration)|newton[- ]raphson",
        usual=r"hessian|gradients?|differentiable",
        letters=r"(?:x|w|theta|beta|z)(?:_.{1,5}|\^.{1,7}|_new|\^new)?",
        parts=(
            vector("x", r"x_t x_k x_n w w_t \theta \theta_t \beta \beta_t z"),
            matrix("H", r"H_t H_k H_n \mathbf{H}"),
            vector("g", r"g_t g_k \mathbf{g}"),
            vector(r"\nabla"),
            COST,
            positive(r"\eta", r"\alpha \eta_t \alpha_t \gamma t"),
        ),
        formulas=(
            r"x - H^{-1} g",
            r"x - \eta H^{-1} g",
            r"x - H^{-1} \nabla f",
            r"x - \eta H^{-1} \nabla f",
        ),
        also=(r"x + H^{-1} g", r"x - \eta g", "x - g", r"x + H^{-1} \nabla f", r"x - \eta \nabla f", r"x - \nabla f"),
    ),
    Standard(
        name="step of the Gauss-Newton method",
        words=r"gauss[- ]newton",
        letters=r"(?:Delta|delta)_?(?:x|w|theta|beta)?(?:_.{1,3}|\^.{1,3})?|[dhps](?:_.{1,3}|\^.{1,3})?",
        parts=(
            matrix("J", r"J_r J_f J_k A \mathbf{J}"),
            vector("r", r"r_k f f_k e \mathbf{r} b"),
            matrix("I"),
            positive(r"\lambda", r"\mu \alpha"),
            positive(r"\eta", r"\alpha \gamma"),
        ),
        formulas=(r"-(J^\top J)^{-1} J^\top r",),
        also=(
            r"(J^\top J)^{-1} J^\top r",
            r"-(J^\top J + \lambda I)^{-1} J^\top r",
            r"(J^\top J + \lambda I)^{-1} J^\top r",
            r"-\eta (J^\top J)^{-1} J^\top r",
            r"-J^\top r",
            r"J^\top r",
            r"-J^{-1} r",
            r"-\eta J^\top r",
        ),
    ),
)

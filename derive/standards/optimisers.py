r"""Steps of optimisers and schedules of learning rates, as libraries write them."""

from __future__ import annotations

from .standard import Standard, count, firm, natural, positive, real, share, vector

RATE = r"(?:eta|alpha|gamma|epsilon|lr|lambda|mathrm\{?lr\}?)(?:_.{1,8})?(?:\(.{1,3}\))?(?:\^.{1,5})?"
SLOPE = real("g", r"g_t \nabla f G_t g_{t-1} g_{t+1}")
FIRST_RATE = positive("a", r"\eta_0 \alpha_0 \eta \alpha lr lr_0 \gamma_0 \epsilon_0 \eta_{max}")
LAST_RATE = positive("b", r"\eta_{end} \epsilon_\tau \eta_{min} \eta_T \alpha_{end}")
DECAY = share("k", r"\gamma d \lambda r drop \beta", may_be_number=True)
FALL = positive("k", r"\lambda \gamma d decay \beta")
STEP = natural("t", r"e n k epoch i \tau step")
ALL_STEPS = natural("T", r"N T_{max} K E t_{max}")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="exponential decay of the learning rate",
        words=r"exponential(?:ly)?[^.$]*(?:decay|schedul|anneal)|(?:decay|schedul)\w*[^.$]*exponential",
        letters=RATE,
        parts=(FIRST_RATE, DECAY, FALL, STEP, natural("s", r"T_d S")),
        formulas=(r"a k^t", r"a e^{-k t}", r"a k^{t / s}"),
        also=(r"a k^{\lfloor t / s \rfloor}", r"\frac{a}{1 + k t}", r"a e^{-t / s}"),
    ),
    Standard(
        name="decay of the learning rate by steps",
        words=r"step(?:wise)?[- ](?:decay|schedul|LR)|StepLR",
        letters=RATE,
        parts=(FIRST_RATE, DECAY, STEP, natural("s", r"T_d S r step\_size D")),
        formulas=(r"a k^{\lfloor t / s \rfloor}",),
        also=(r"a k^{t / s}", r"a k^t"),
    ),
    Standard(
        name="decay of the learning rate by time",
        words=r"(?:inverse[- ]time|time[- ]based|1/t|hyperbolic)[^.$]*(?:decay|schedul)",
        usual=r"inverse",
        letters=RATE,
        parts=(FIRST_RATE, FALL, STEP),
        formulas=(r"\frac{a}{1 + k t}",),
        also=(r"\frac{a}{t}", r"\frac{a}{1 + t}", r"\frac{a}{\sqrt{t}}", r"\frac{a}{k + t}", r"\frac{a}{1 + t / k}"),
    ),
    Standard(
        name="decay of the learning rate by a power",
        words=r"poly(?:nomial)?[^.$]*(?:decay|schedul|learning[- ]rate|policy)",
        letters=RATE,
        parts=(FIRST_RATE, STEP, ALL_STEPS, positive("p", "power", may_be_number=True), LAST_RATE),
        formulas=(r"a (1 - \frac{t}{T})^p", r"(a - b) (1 - \frac{t}{T})^p + b"),
        also=(r"\frac{a}{(1 + b t)^p}", r"(1 - \frac{t}{T})^p"),
    ),
    Standard(
        name="linear decay of the learning rate",
        words=r"(?:learning rate|step size)[^.$]*linear"
        r"|linear(?:ly)?[^.$]*(?:decay|decreas|anneal)[^.$]*(?:learning rate|step size)",
        letters=RATE,
        parts=(FIRST_RATE, STEP, ALL_STEPS, LAST_RATE, share("q", r"\alpha")),
        formulas=(r"a (1 - \frac{t}{T})", r"(1 - q) a + q b", r"(1 - \frac{t}{T}) a + \frac{t}{T} b"),
        also=(r"1 - \frac{t}{T}", r"a \frac{t}{T}", r"a - b t", r"\max(b, a (1 - \frac{t}{T}))"),
    ),
    Standard(
        name="step of Adadelta",
        words=r"ada-?delta",
        letters=r"Delta\{?(?:x|theta|w)(?:_t)?",
        parts=(
            SLOPE,
            firm(positive("d", r"RMS[\Delta{}x]_{t-1} RMS[\Delta\theta]_{t-1} RMS[\Delta{}w]_{t-1}")),
            firm(positive("r", r"RMS[g]_t RMS[g]")),
            firm(positive("h", r"\eta \alpha lr")),
            positive("u", r"u_{t-1} v_{t-1} s_{t-1} E[\Delta{}x^2]_{t-1}"),
            positive("v", r"v_t s_t E[g^2]_t"),
            positive("e", r"\epsilon \varepsilon"),
        ),
        formulas=(r"-\frac{d}{r} g", r"-\frac{h}{r} g", r"-\frac{\sqrt{u + e}}{\sqrt{v + e}} g"),
        also=(r"\frac{d}{r} g", r"\frac{\sqrt{u + e}}{\sqrt{v + e}} g"),
    ),
    Standard(
        name="norm of the gradients in AdaMax",
        words=r"adamax",
        letters=r"[uv]_t",
        parts=(SLOPE, share("m", r"\beta_2 \beta"), positive("u", "u_{t-1} v_{t-1}"), positive("e", r"\epsilon")),
        formulas=(r"\max(m u, |g|)", r"\max(m u, |g| + e)"),
    ),
    Standard(
        name="step of AMSGrad",
        words=r"ams-?grad",
        letters=r"hatv_t|v_t\^\{?max\}?",
        parts=(positive("v", r"v_t \hat{v}_t"), positive("u", r"\hat{v}_{t-1}")),
        formulas=(r"\max(u, v)",),
    ),
    Standard(
        name="rate of a layer in LARS",
        words=r"\bLARS\b|trust ratio|layer-?wise adaptive rate",
        letters=r"(?:lambda|eta|r|phi|alpha)(?:\^.{1,5})?(?:_.{1,5})?",
        parts=(
            positive("t", r"\eta \lambda"),
            positive("b", r"\beta \lambda"),
            vector("w", r"w^l w_l \theta w_t^l x_t"),
            vector("g", r"g^l u r g_t^l r_t \nabla L(w^l)"),
        ),
        formulas=(r"t \frac{\|w\|}{\|g\|}", r"t \frac{\|w\|}{\|g\| + b \|w\|}", r"\frac{\|w\|}{\|g\|}"),
    ),
    Standard(
        name="average of the parameters of clients",
        words=r"federated|FedAvg",
        letters=r"(?:w|theta|x|W|theta|bar\w)(?:_.{1,5}|\^.{1,5})?",
        parts=(
            count("K", "N M"),
            positive("n", "N D m m_t n_t"),
            positive("c", r"n N n_k N_k n_i D_k"),
            real("w", r"w_{t+1}^k w_k \theta_k w_{t+1}^i \theta_i \theta_{t+1}^k w_t^k w_i"),
        ),
        formulas=(r"\sum_k \frac{c_k}{n} w_k", r"\frac{1}{n} \sum_k c_k w_k", r"\frac{\sum_k c_k w_k}{\sum_k c_k}"),
        also=(r"\frac{1}{K} \sum_k w_k", r"\sum_k c_k w_k"),
    ),
)

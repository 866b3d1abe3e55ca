r"""Gates of recurrent cells, weights of attention, normalisations, layers of graphs, and the rate of a Transformer."""

from __future__ import annotations

from .networks import INPUT, STATE
from .standard import DEVIATION, Standard, count, matrix, natural, positive, real, share, vector

OF_INPUT = matrix("U", r"W W_i W_f W_o W_c W_z W_r W_{xi} W_{xf} W_{xo} W_{xc} W_{xz} W_{xr} W_{xh} U_i U_f U_o U_c")
OF_STATE = matrix("M", r"V U U_i U_f U_o U_c U_z U_r W_{hi} W_{hf} W_{ho} W_{hc} W_{hz} W_{hr} W_{hh} U_h R R_z R_f")
GATE_BIAS = vector("b", r"b_i b_f b_o b_c b_z b_r b_h b_{xi}")
CELL = vector("c", "C c_{t-1} c_t C_{t-1} C_t")
PEEP = matrix("P", r"V V_i V_f V_o W_{ci} W_{cf} W_{co}")
_LINEAR = "U x + M h + b"
LSTM = r"\bLSTM|long short[- ]term memory"
GRU = r"\bGRU|gated recurrent unit"
RESET = r"reset gates? (?:is )?\$?(?:\\\w+\{)?[rR](?![a-zA-Z])"  # some texts name the gates the other way
ONE_GATE = r"minimal|\bMGU\b|(?:no|without an?|without the|instead of an?) reset|(?:one|single) gate"
STEP = r"(?:_t|\^\(t\)|\^t|\^<t>)?"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="gate of a recurrent cell",
        words=rf"(?:{LSTM}|{GRU})(?s:.)*\bgates?\b|\bgates?\b(?s:.)*(?:{LSTM}|{GRU})",
        letters=rf"(?:[ifozrIFOZR]|Gamma_[a-z]){STEP}",
        parts=(INPUT, STATE, GATE_BIAS, OF_INPUT, OF_STATE, CELL, PEEP),
        formulas=(rf"\mathrm{{sigmoid}}({_LINEAR})", r"\mathrm{sigmoid}(U x + M h)"),
        also=(
            rf"\mathrm{{sigmoid}}({_LINEAR} + P c)",
            rf"\mathrm{{sigmoid}}({_LINEAR} + P \odot c)",
            r"\mathrm{sigmoid}(U x + M h + P c)",
            r"\mathrm{sigmoid}(U x + b)",
            r"U x + M h + b",
            r"U x + M h",
        ),
    ),
    Standard(
        name="candidate of an LSTM",
        words=LSTM,
        letters=rf"(?:tilde|hat|bar)[cC]{STEP}|g{STEP}",
        parts=(INPUT, STATE, GATE_BIAS, OF_INPUT, OF_STATE),
        formulas=(rf"\tanh({_LINEAR})", r"\tanh(U x + M h)"),
        also=(rf"\mathrm{{sigmoid}}({_LINEAR})", r"\mathrm{sigmoid}(U x + M h)", r"U x + M h + b", r"\tanh(U x + b)"),
    ),
    Standard(
        name="cell state of an LSTM, its candidate written out",
        words=LSTM,
        letters=rf"[cCs]{STEP}",
        parts=(
            *(INPUT, STATE, GATE_BIAS, OF_INPUT, OF_STATE, CELL),
            vector("f", "F f_t F_t f^{(t)}"),
            vector("i", "I i_t I_t i^{(t)}"),
        ),
        formulas=(rf"f \odot c + i \odot \tanh({_LINEAR})", r"f \odot c + i \odot \tanh(U x + M h)"),
        also=(
            rf"f \odot c + (1 - f) \odot \tanh({_LINEAR})",
            r"f \odot c + (1 - f) \odot \tanh(U x + M h)",
            rf"c + i \odot \tanh({_LINEAR})",
        ),
    ),
    Standard(
        name="candidate of a gated recurrent unit",
        words=rf"^(?!(?s:.)*(?:{ONE_GATE}))(?s:.)*(?:{RESET})",
        letters=rf"(?:tilde|hat|bar)[hH]{STEP}|n{STEP}|h'{STEP}",
        parts=(
            INPUT,
            STATE,
            GATE_BIAS,
            OF_INPUT,
            OF_STATE,
            vector("r", "R r_t R_t"),
            vector("z", "Z z_t Z_t u_t"),
            vector("c", "b_{hn} b_n"),
        ),
        formulas=(
            r"\tanh(U x + M (r \odot h) + b)",
            r"\tanh(U x + M (r \odot h))",
            r"\tanh(U x + r \odot (M h) + b)",
            r"\tanh(U x + r \odot (M h))",
            r"\tanh(U x + b + r \odot (M h + c))",
        ),
        also=(
            r"\tanh(U x + M h + b)",
            r"\mathrm{relu}(U x + M (r \odot h) + b)",
        ),
    ),
    Standard(
        name="weight of attention",
        words=r"attention (?:weight|score|coefficient|distribution|prob)",
        letters=r"(?:alpha|a|w|p|A)(?:_.{1,4})?(?:\(.*\))?",
        parts=(
            vector("q", r"q_t q_i Q \mathbf{q}"),
            vector("k", r"K \mathbf{k} k_i k_j"),
            natural("d", "d_k D d_{model} d_{head}"),
            real("e", "s e_i s_i z a"),
        ),
        formulas=(
            r"\frac{\exp(q^\top k_i / \sqrt{d})}{\sum_j \exp(q^\top k_j / \sqrt{d})}",
            r"\frac{\exp(q^\top k_i)}{\sum_j \exp(q^\top k_j)}",
            r"\frac{\exp(e_i)}{\sum_j \exp(e_j)}",
        ),
        also=(
            r"\frac{q^\top k}{\sqrt{d}}",
            r"q^\top k",
            r"\exp(e_i)",
            r"\frac{q^\top k_i}{\sum_j q^\top k_j}",
            r"\frac{e_i}{\sum_j e_j}",
        ),
    ),
    Standard(
        name="size of a head of attention",
        words=r"multi-?head|heads",
        letters=r"d_(?:k|v|q|head|h)|D_h|head_dim",
        parts=(
            natural("d", r"d_{model} D C d_{\text{model}} E"),
            natural("h", r"H n_h n_{heads} N h_{heads} A"),
        ),
        formulas=(r"\frac{d}{h}",),
        also=(r"\lfloor \frac{d}{h} \rfloor",),
    ),
    Standard(
        name="root mean square of a layer",
        left=r"RMS(?:\(.{1,3}\))?",
        words=r"rms[- ]?norm|root[- ]mean[- ]square",
        letters=r"RMS(?:\(.*\))?|r",
        parts=(real("x", "a h z u"), positive("e", r"\epsilon \varepsilon"), count("n", "d N H D m")),
        formulas=(r"\sqrt{\frac{1}{n} \sum_{i=1}^n x_i^2 + e}", r"\sqrt{\frac{1}{n} \sum_{i=1}^n x_i^2}"),
    ),
    Standard(
        name="standard deviation of a layer",
        words=r"(?:batch|layer|instance|group)[- ]?norm",
        letters=DEVIATION + r"(?:\^.{1,3})?",
        parts=(
            real("x", "a z h"),
            real("m", r"\mu \bar{x} \mu_B"),
            positive("e", r"\epsilon \varepsilon"),
            count("n", "H m d D N"),
        ),
        formulas=(
            r"\sqrt{\frac{1}{n} \sum_{i=1}^n (x_i - m)^2}",
            r"\sqrt{\frac{1}{n} \sum_{i=1}^n (x_i - m)^2 + e}",
        ),
        also=(r"\sqrt{\frac{1}{n - 1} \sum_{i=1}^n (x_i - m)^2}",),
    ),
    Standard(
        name="running estimate of a normalisation",
        carries=("r",),
        words=r"(?:running|moving) (?:mean|average|variance|estimate|statistic)s?",
        letters=r"(?:hat|bar)?(?:mu|sigma|running\w*|E\[x\]|Var\[x\])(?:_.{1,12})?(?:\^2)?(?:_.{1,12})?(?:\^\(.*\))?",
        parts=(
            real("r", r"\mu_{run} \mu_{running} \hat{\mu} \mu_{ema} \mu_{mov} \mu_{inf} \bar{\mu} \mu"),
            real("m", r"\mu_B \mu_{\mathcal{B}} \mu_b \mu_{batch} \mu_t \bar{x}"),
            share("a", r"\alpha \beta \gamma \rho \eta m momentum"),
        ),
        formulas=(r"a r + (1 - a) m",),
        also=(r"(1 - a) r + a m", r"r + a (m - r)"),
    ),
    Standard(
        name="layer of a graph convolutional network",
        words=r"graph conv|\bGCN",
        letters=r"[HZXY](?:_.{1,4})?(?:\^.{1,7})?",
        parts=(
            matrix("D", r"\tilde{D} \hat{D}"),
            matrix("A", r"\tilde{A} \hat{A}"),
            matrix("H", r"X H^{(l)} H^{(k)} H_l Z"),
            matrix("W", r"\Theta W^{(l)} W^{(k)} W_l"),
        ),
        formulas=tuple(
            f % r"D^{-1/2} A D^{-1/2} H W" for f in (r"\sigma(%s)", r"\mathrm{relu}(%s)", "%s", r"\tanh(%s)")
        ),
        also=(
            *(f % r"D^{-1} A H W" for f in (r"\sigma(%s)", r"\mathrm{relu}(%s)", "%s")),
            *(f % "A H W" for f in (r"\sigma(%s)", r"\mathrm{relu}(%s)", "%s")),
        ),
    ),
    Standard(
        name="warm-up of the learning rate",
        words=r"warm-?up",
        usual=r"(?:inverse|square root)\w*|scaled",
        letters=r"(?:lrate|lr|eta|alpha|learning_?rate)(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            positive("d", r"d_{model} d_{\text{model}} D"),
            positive("s", r"step step\_num t steps step_{num}"),
            positive("w", r"warmup warmup\_steps T_w w t_w t_{warmup} warmup_{steps}"),
            positive("c", r"\eta \eta_{max} lr_{max} k"),
        ),
        formulas=(r"d^{-0.5} \min(s^{-0.5}, s w^{-1.5})",),
        also=(r"c d^{-0.5} \min(s^{-0.5}, s w^{-1.5})", r"c \frac{s}{w}", r"c \min(1, \frac{s}{w})"),
    ),
)

"""Activations, layers, normalisations and initialisations by name."""

from __future__ import annotations

from .standard import DEVIATION, VARIANCE, Standard, count, firm, matrix, positive, real, share, vector

Z = real("x", "z a u s t h")
CALLED = r"(?:\(.*\)|_.{1,3}|\(.*\)_.{1,3})?"
CASES = r"\begin{cases} %s & x > 0 \\ %s & \text{otherwise} \end{cases}"

XAVIER = r"xavier|glorot"
INPUTS = positive("a", r"n_{in} n_{\mathrm{in}} \mathrm{fan}_{in} n_j n_i n_{l} n^{(l)} d_{in} m fan\_in N_{in} n_l")
OUTPUTS = positive("b", r"n_{out} n_{\mathrm{out}} \mathrm{fan}_{out} n_{j+1} n_{l+1} d_{out} n_o fan\_out N_{out} n")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="softmax",
        settled=True,
        left=rf"(?:[Ss]oft-?max|[Ss]oftMax){CALLED}",
        words=r"(?<!log[- ])soft-?max",
        letters=r"(?:hat|bar)?(?:y|p|a|o|s|S|f|q|pi|alpha|sigma|P|phi)(?:_.{1,3})?(?:\([^|]*\))?(?:_.{1,3})?",
        parts=(
            real("z", "x s o a u v logits f y h e g"),
            positive(r"\tau", r"T t", may_be_number=True),
            positive(r"\beta", r"\lambda \alpha \gamma", may_be_number=True),
            vector("w", r"\theta W \beta"),
            vector("x", r"h \phi z \phi(x)"),
            real("b"),
        ),
        formulas=(
            r"\frac{e^{z_i}}{\sum_j e^{z_j}}",
            r"\frac{e^{z_i / \tau}}{\sum_j e^{z_j / \tau}}",
            r"\frac{e^{\beta z_i}}{\sum_j e^{\beta z_j}}",
            r"\frac{\exp(w_i^\top x)}{\sum_j \exp(w_j^\top x)}",
            r"\frac{\exp(w_i^\top x + b_i)}{\sum_j \exp(w_j^\top x + b_j)}",
        ),
        also=(
            r"\frac{e^{-z_i}}{\sum_j e^{-z_j}}",
            r"\frac{1}{\sum_j e^{z_j}}",
            r"\sum_j e^{z_j}",
            r"z_i - \log \sum_j e^{z_j}",
        ),
    ),
    Standard(
        name="leaky ReLU",
        settled=True,
        left=rf"(?:[pP]-?[Rr]e[lL][uU]|PReLU|[lL](?:eaky)?_?-?[Rr]e[lL][uU]){CALLED}",
        words=r"leaky[- ]relu|parametri[csz]+(?:ed)? (?:relu|rectif)|\bp-?relu|leaky rectif",
        letters=r"(?:f|g|sigma|phi|h|y)(?:_\w)?(?:\(.*\))?",
        parts=(Z, share("a", r"\alpha \lambda \beta \gamma c k w w_i a_i \alpha_i", may_be_number=True)),
        formulas=(
            r"\max(0, x) + a \min(0, x)",
            r"\max(a x, x)",
            CASES % ("x", "a x"),
        ),
        also=("x", "a x"),
    ),
    Standard(
        name="exponential linear unit",
        settled=True,
        left=rf"E[lL]U{CALLED}",
        words=r"\bELUs?\b|exponential linear unit",
        letters=r"(?:f|g|sigma|phi|h)(?:_.{1,6})?(?:\(.*\))?",
        parts=(Z, positive("a", r"\alpha", may_be_number=True)),
        formulas=(CASES % ("x", "a (e^x - 1)"), r"\max(0, x) + \min(0, a (e^x - 1))"),
        also=("x", "a (e^x - 1)"),
    ),
    Standard(
        name="scaled exponential linear unit",
        left=rf"S[eE]L[uU]{CALLED}",
        parts=(Z, positive("a", r"\alpha", may_be_number=True), positive("l", r"\lambda", may_be_number=True)),
        formulas=("l " + CASES % ("x", "a (e^x - 1)"), CASES % ("l x", "l a (e^x - 1)")),
        also=(CASES % ("x", "a (e^x - 1)"),),
    ),
    Standard(
        name="swish",
        settled=True,
        left=rf"(?:[Ss]wish(?:_\w+)?|SiLU){CALLED}",
        words=r"\bswish|\bSiLU",
        letters=r"(?:f|g|sigma|phi)(?:\(.*\))?",
        parts=(Z, positive("b", r"\beta", may_be_number=True)),
        formulas=(r"x \sigma(b x)", r"x \sigma(x)"),
    ),
    Standard(
        name="GELU",
        left=rf"GELU{CALLED}",
        parts=(Z, share("F", r"\Phi(x) \Phi(z)")),
        formulas=(
            "x F",
            r"\frac{1}{2} x (1 + \mathrm{erf}(\frac{x}{\sqrt{2}}))",
            r"0.5 x (1 + \tanh(\sqrt{2 / \pi} (x + 0.044715 x^3)))",
            r"x \sigma(1.702 x)",
        ),
    ),
    Standard(
        name="softplus",
        settled=True,
        left=rf"(?:[Ss]oft-?[Pp]lus|zeta){CALLED}",
        words=r"softplus",
        usual=r"smooth\w*|approximat\w*",
        letters=r"(?:f|g|zeta|phi)(?:\(.*\))?",
        parts=(Z, positive("b", r"\beta", may_be_number=True)),
        formulas=(r"\log (1 + e^x)", r"\frac{1}{b} \log (1 + e^{b x})"),
        also=(r"\log_2 (1 + e^x)",),
    ),
    Standard(
        name="mish",
        settled=True,
        left=rf"[Mm]ish{CALLED}",
        parts=(Z,),
        formulas=(r"x \tanh(\log (1 + e^x))",),
    ),
    Standard(
        name="softsign",
        settled=True,
        left=rf"[Ss]oft-?[Ss]ign{CALLED}",
        words="softsign",
        letters=r"(?:f|g|phi)(?:\(.*\))?",
        parts=(Z,),
        formulas=(r"\frac{x}{1 + |x|}",),
    ),
    Standard(
        name="hyperbolic tangent",
        settled=True,
        left=r"tanh\(\w\)|tanh\w",
        words=r"hyperbolic tangent|\btanh\b (?:function|activation|is)",
        letters=r"(?:f|g|sigma|phi)(?:\(.*\))?",
        parts=(Z,),
        formulas=(
            r"\frac{e^x - e^{-x}}{e^x + e^{-x}}",
            r"\frac{1 - e^{-2 x}}{1 + e^{-2 x}}",
            r"2 \sigma(2 x) - 1",
            r"\frac{2}{1 + e^{-2 x}} - 1",
        ),
        also=(r"\frac{\sinh x}{\cosh x}", r"\tanh x"),
    ),
    Standard(
        name="sigmoid",
        settled=True,
        left=r"(?:[Ss]igmoid|[Ss]igm|logistic|expit|sigma)\(\w\)",
        words=r"(?:logistic|sigmoid)(?: \w+)? function",
        letters=r"(?:f|g|h|S|phi|s)\(\w\)",
        parts=(Z, positive("b", r"\beta \alpha k")),
        formulas=(r"\frac{1}{1 + e^{-x}}", r"\frac{e^x}{1 + e^x}"),
        also=(r"\frac{1}{1 + e^x}", r"\frac{1}{1 + e^{-b x}}", r"\sigma(x)", r"\max(0, x)", r"\tanh x"),
    ),
    Standard(
        name="logit",
        settled=True,
        left=r"logit\(\w\)|sigma\^-1\([py]\)|sigma\^\(-1\)\([py]\)",
        words=r"\blogit\b|log[- ]odds",
        parts=(share("p", r"x y \mu"), share("q", "1-p")),
        formulas=(r"\log \frac{p}{1 - p}", r"\log p - \log (1 - p)"),
        also=(r"-\log (\frac{1}{p} - 1)",),
    ),
    Standard(
        name="output size of a convolution",
        words=r"output(?:['’]s)? (?:feature map )?(?:spatial )?(?:size|height|width|dimension|shape|length|volume)"
        r"|(?:size|height|width|dimension|shape|length)s? of (?:the |its )?(?:resulting "
        r"|convolution(?:al)? )?(?:output|feature map|activation map)"
        r"|pooling (?:layer|window)[\s\S]*output has the (?:size|height|width|side)"
        r"|(?:convolution|pooling)[^.$]*(?:\$[^$]*\$[^.$]*)*output of (?:size|height|width)"
        r"|output of (?:a|the) convolution\w*(?: layer)?[^.]* (?:size|height|width)"
        r"|(?:convol|filter|kernel|pool)\w*(?s:.)*\boutput (?:then )?has (?:the |a )?(?:size|height|width|length)"
        r"|convolution[^.]*\. ?[^.]*\b(?:produc|output|yield|giv)\w+ (?:an? |the )?(?:volume|map|tensor|image)s?"
        r" (?:of|with) (?:size|height|width)",
        letters=r"\w{1,6}(?:_.{1,9})?(?:''?)?|\w_out|\w'|[Oo]utput",
        parts=(
            positive(
                "n", r"H W I i h w L N H_{in} W_{in} L_{in} H_1 W_1 n_h n_w W_i M D n_{in} I_h I_w", may_be_number=True
            ),
            positive("f", r"F K k F_H F_W kernel\_size R f_h f_w k_h k_w K_h K_w kernel m", may_be_number=True),
            positive("p", r"P P_Y P_X padding p_h p_w P_h P_w", may_be_number=True),
            positive("s", r"S S_Y S_X stride s_h s_w S_h S_w", may_be_number=True),
            positive("D", r"d D_Y D_X r dilation d_h d_w l", may_be_number=True),
            positive("o", r"output\_padding op"),
        ),
        formulas=(
            r"\lfloor \frac{n + 2 p - f}{s} \rfloor + 1",
            r"\frac{n + 2 p - f}{s} + 1",
            r"\lfloor \frac{n + 2 p - D (f - 1) - 1}{s} \rfloor + 1",
            r"\lfloor \frac{n + p - (f - 1) D - 1}{s} \rfloor + 1",
            r"\frac{n + 2 p - D (f - 1) - 1}{s} + 1",
        ),
        also=(
            r"\lfloor \frac{n + p - f}{s} \rfloor + 1",
            r"\frac{n + p - f}{s} + 1",
            r"\lfloor \frac{n - f + p + s}{s} \rfloor",
            r"\lfloor \frac{n - f + 2 p + s}{s} \rfloor",
            "n - f + 1",
            "n - f + 2 p + 1",
            "n - f + p + 1",
            r"\frac{n - f}{s} + 1",
            r"\lfloor \frac{n - f}{s} \rfloor + 1",
            r"\lceil \frac{n}{s} \rceil",
            r"\frac{n}{s}",
            r"\lfloor \frac{n}{s} \rfloor",
            r"\lceil \frac{n - f + 1}{s} \rceil",
            r"(n - 1) s - 2 p + f",
            r"(n - 1) s + f",
            r"s (n - 1) - 2 p + D (f - 1) + o + 1",
            r"(n - 1) s - 2 p + f + o",
            "n s",
            r"n + f - 1",
            r"s (n - 1) + f - 2 p",
            r"f + (f - 1) (D - 1)",
            r"(f - 1) D + 1",
            r"n - (f - 1) D",
            r"n + 2 p - (f - 1) D",
            r"\lceil \frac{n + 2 p - f}{s} \rceil + 1",
            r"f + (f - 1) D",
        ),
        told=(
            (
                r"(?s)\A(?!.*(?:\bhal[fv]|/ ?2|frac|total|altogether|together|evenly)).*"
                r"\b(?:both|each|either|every) (?:side|end|border|edge)",
                (
                    r"\lfloor \frac{n + p - f}{s} \rfloor + 1",
                    r"\frac{n + p - f}{s} + 1",
                    r"\lfloor \frac{n - f + p + s}{s} \rfloor",
                    "n - f + p + 1",
                ),
            ),
        ),
    ),
    Standard(
        name="variance of a batch or a layer",
        words=r"(?:batch|layer|instance|group)[- ]?norm",
        letters=r"(?:hat)?sigma(?:_.{1,5})?\^2(?:_.{1,5})?",
        parts=(
            real("x", "z a h x_i z_i a_i h_i"),
            real("m", r"\mu \mu_B \bar{x} \hat{\mu} \mu_{\mathcal{B}} \mu_L"),
            count("n", "m H N B d D M"),
        ),
        formulas=(r"\frac{1}{n} \sum_{i=1}^n (x_i - m)^2",),
        also=(
            r"\frac{1}{n - 1} \sum_{i=1}^n (x_i - m)^2",
            r"\sqrt{\frac{1}{n} \sum_{i=1}^n (x_i - m)^2}",
            r"\frac{1}{n} \sum_{i=1}^n x_i^2 - m^2",
            r"\frac{1}{n} \sum_{i=1}^n x_i^2",
        ),
    ),
    Standard(
        name="batch normalisation",
        words=r"batch[- ]?norm|layer[- ]?norm|normali[sz]ed (?:activation|input|value)",
        letters=(
            r"(?:hat|tilde|bar)[xzhay](?:_.{1,4})?(?:\^.*)?|[yz](?:_.{1,4})?|(?:BN|LN|LayerNorm"
            r"|BatchNorm)(?:_.*)?(?:\(.*\))?"
        ),
        parts=(
            real("x", "z a h"),
            real("u", r"\hat{x} \hat{z} \tilde{z} z_{norm}"),
            real("m", r"\mu \mu_B \bar{x} \mathbb{E}[x] \hat{\mu}"),
            positive("s", r"\sigma \sigma_B \hat{\sigma}"),
            positive(r"\epsilon", r"\varepsilon"),
            real(r"\gamma", "g a"),
            real(r"\beta", "b"),
        ),
        formulas=(
            r"\frac{x - m}{\sqrt{s^2 + \epsilon}}",
            r"\gamma u + \beta",
            r"\gamma \frac{x - m}{\sqrt{s^2 + \epsilon}} + \beta",
        ),
        also=(
            r"\frac{x - m}{s}",
            r"\gamma \frac{x - m}{s} + \beta",
            r"\frac{x - m}{s + \epsilon}",
            r"\gamma \frac{x - m}{s + \epsilon} + \beta",
            r"\frac{x - m}{\sqrt{s + \epsilon}}",
            r"\gamma \frac{x - m}{\sqrt{s + \epsilon}} + \beta",
            r"\frac{x - m}{\sqrt{s^2}}",
            "x - m",
        ),
    ),
    Standard(
        name="scaled dot-product attention",
        left=r"[Aa]tt(?:ention|n)?(?:\(Q,K,V\))",
        words=r"scaled dot[- ]product attention|attention (?:layer|head|block|function|output)",
        usual=r"scaled dot[- ]product",
        letters=r"[AaHOYZ](?:\(.*\))?|[Aa]ttn.*|score.*|head(?:_.{1,3})?",
        parts=(
            *map(firm, (matrix("Q"), matrix("K"), matrix("V"))),
            positive("d", "d_k D d_{head} d_h d_q"),
            vector(r"\mathbf{q}", "q Q"),
            vector(r"\mathbf{k}", "k K"),
        ),
        formulas=(
            r"\mathrm{softmax}(\frac{Q K^\top}{\sqrt{d}}) V",
            r"\frac{\mathbf{q}^\top \mathbf{k}}{\sqrt{d}}",
        ),
        also=(
            r"\mathrm{softmax}(Q K^\top) V",
            r"\mathrm{softmax}(\frac{Q K^\top}{\sqrt{d}})",
            r"\mathbf{q}^\top \mathbf{k}",
        ),
    ),
    Standard(
        name="variance of Xavier initialisation",
        words=XAVIER,
        letters=VARIANCE,
        parts=(INPUTS, OUTPUTS),
        formulas=(r"\frac{2}{a + b}",),
        also=(
            r"\frac{1}{a}",
            r"\frac{1}{b}",
            r"\frac{2}{a}",
            r"\frac{6}{a + b}",
            r"\frac{1}{a + b}",
            r"\frac{3}{a + b}",
        ),
    ),
    Standard(
        name="standard deviation of Xavier initialisation",
        words=XAVIER,
        letters=DEVIATION,
        parts=(INPUTS, OUTPUTS),
        formulas=(r"\sqrt{\frac{2}{a + b}}",),
        also=(
            r"\sqrt{\frac{1}{a}}",
            r"\sqrt{\frac{1}{b}}",
            r"\sqrt{\frac{2}{a}}",
            r"\sqrt{\frac{6}{a + b}}",
            r"4 \sqrt{\frac{2}{a + b}}",
        ),
    ),
    Standard(
        name="bound of uniform Xavier initialisation",
        words=XAVIER,
        letters=r"(?:a|r|W)(?:_.{1,4})?",
        parts=(INPUTS, OUTPUTS),
        formulas=(r"\sqrt{\frac{6}{a + b}}",),
        also=(
            r"\sqrt{\frac{1}{a}}",
            r"\sqrt{\frac{3}{a}}",
            r"\sqrt{\frac{6}{a}}",
            r"\sqrt{\frac{2}{a + b}}",
            r"\frac{\sqrt{6}}{\sqrt{a + b}}",
            r"4 \sqrt{\frac{6}{a + b}}",
        ),
    ),
    Standard(
        name="update of a gated recurrent unit",
        words=r"\bGRU|gated recurrent unit",
        letters=r"h_?t?|h_t|h\^.*|s_t",
        parts=(
            vector("z", "u Z z_t"),
            vector("c", r"\tilde{h} \hat{h} n \tilde{H} h' \tilde{h}_t"),
            vector("h", "H h_{t-1} H_{t-1}"),
        ),
        formulas=(
            r"z \odot h + (1 - z) \odot c",
            r"(1 - z) \odot h + z \odot c",
        ),
    ),
    Standard(
        name="cell state of an LSTM",
        words=r"\bLSTM|long short[- ]term memory",
        letters=r"[cCs]_?t?|c_t|C_t|c\^.*",
        parts=(
            vector("f", "F f_t F_t"),
            vector("c", "C c_{t-1} C_{t-1}"),
            vector("i", "I i_t I_t"),
            vector("g", r"\tilde{c} \tilde{C} \hat{c} a \tilde{c}_t \tilde{C}_t u"),
            vector("o", "O o_t"),
        ),
        formulas=(r"f \odot c + i \odot g",),
        also=(r"f \odot c + (1 - f) \odot g", r"c + i \odot g"),
    ),
)

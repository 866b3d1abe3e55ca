r"""What layers of networks compute, by name, beside those in `layers`: states, scores, initial weights."""

from __future__ import annotations

from .standard import DEVIATION, VARIANCE, Part, Standard, count, matrix, positive, real, share, vector

INPUT = vector("x", r"x_t x^{(t)} X_t e_t u_t")
STATE = vector("h", r"s a H h_{t-1} h^{(t-1)} H_{t-1} s_{t-1} a_{t-1}")
BIAS = vector("b", r"b_h b_{hh} b_a b_t c")
OF_INPUT = matrix("U", r"W W_{xh} W_{ih} W_{hx} W_x W_{ax} U_h W^{(hx)} W_h W_{in}")
OF_STATE = matrix("V", r"W W_{hh} U W_h W_{aa} U_h W_{rec} W^{(hh)}")
INPUTS = positive("a", r"n_{in} n fan_{in} n_i d n_l m n^{(l)} n_{l-1} fan\_in d_{in} N_{in} D")
CENTRE = vector("v", r"v_c v_{w_I} v_w v_i w h")
OUTSIDE = Part(letter="u", domain=vector("u").domain, written=("u", "u_o", "u_w", "u_k", "v'", "u_j", "c", "v"))

HE = r"\bhe (?:et al\.?,? )?(?:weight )?initiali[sz]ation|kaiming|(?-i:\bHe) et al\.?[^$]{0,80}(?:weights|initiali[sz])"
FOR_RELU = (
    r"(?s)\A(?!.*(?:leaky|p-?relu|xavier|glorot|lecun|linear unit|tanh|instead|without|compar|uniform|twice|doubl))"
    r".*\bReLU"
)

ROWS: tuple[Standard, ...] = (
    Standard(
        name="state of a recurrent network",
        words=r"\brnns?\b|recurrent (?:neural )?(?:network|net|layer|unit|cell)",
        letters=r"(?:h|H|s|a)(?:_t|\^t|\^\(t\)|\^<t>)",
        parts=(INPUT, STATE, BIAS, OF_INPUT, OF_STATE, vector("c", r"b_x b_{ih} b_{xh}")),
        formulas=(
            r"\tanh(U x + V h + b)",
            r"\tanh(U x + V h)",
        ),
        also=(
            r"\mathrm{sigmoid}(U x + V h + b)",
            r"\mathrm{sigmoid}(U x + V h)",
            r"\mathrm{relu}(U x + V h + b)",
            r"\tanh(U x + V h + b + c)",
            r"U x + V h + b",
            r"U x + V h",
        ),
    ),
    Standard(
        name="hidden state of an LSTM",
        words=r"\bLSTM|long short[- ]term memory",
        letters=r"h_t|h\^.*|H_t",
        parts=(
            vector("o", "O o_t O_t"),
            vector("c", "C c_t C_t"),
            vector("h", r"h_{t-1} \tilde{h} \tilde{h}_t \tilde{c}_t \tilde{c}"),
            vector("d", "c_{t-1} C_{t-1}"),
            vector("f", "f_t"),
            vector("i", "i_t"),
        ),
        formulas=(r"o \odot \tanh(c)",),
        also=(
            r"o \odot c",
            r"\tanh(c)",
            r"o \odot \mathrm{sigmoid}(c)",
        ),
    ),
    Standard(
        name="variance of He initialisation",
        words=HE,
        letters=VARIANCE,
        parts=(INPUTS, positive("k", r"a \alpha")),
        formulas=(r"\frac{2}{a}",),
        also=(r"\frac{1}{a}", r"\frac{6}{a}", r"\frac{4}{a}", r"\frac{1}{3 a}", r"\frac{2}{(1 + k^2) a}"),
        told=((FOR_RELU, (r"\frac{1}{a}",)),),
    ),
    Standard(
        name="standard deviation of He initialisation",
        words=HE,
        letters=DEVIATION,
        parts=(INPUTS, positive("k", r"a \alpha")),
        formulas=(r"\sqrt{\frac{2}{a}}",),
        also=(
            r"\sqrt{\frac{1}{a}}",
            r"\sqrt{\frac{6}{a}}",
            r"\frac{2}{\sqrt{a}}",
            r"\sqrt{\frac{2}{(1 + k^2) a}}",
            r"\frac{k}{\sqrt{a}}",
        ),
        told=((FOR_RELU, (r"\sqrt{\frac{1}{a}}",)),),
    ),
    Standard(
        name="output of inverted dropout",
        words=r"inverted dropout|dropout(?s:.)*kept with probability"
        r"|kept with probability(?s:.){0,60}mask|keep probability",
        letters=r"(?:tilde|hat|bar)?[hxyazr](?:_.{1,4})?(?:\^.{1,5})?(?:')?",
        parts=(
            real("h", r"x a y h_i x_i h^{(l)} z"),
            real("m", r"r d m_i r_i \xi \epsilon z"),
            share("p", r"q p_{keep} k \rho"),
        ),
        formulas=(r"\frac{m h}{p}",),
        also=(r"m h", r"p h", r"\frac{m h}{1 - p}", r"\frac{h}{p}", r"\frac{h}{1 - p}", r"\frac{m}{p}"),
    ),
    Standard(
        name="probability of a context word",
        words=r"word2vec|skip[- ]?gram",
        letters=r"(?:[pP]|Pr|hat[py])(?:_.{1,8})?\(.*\|.*\)|haty(?:_.{1,3})?",
        parts=(CENTRE, OUTSIDE, count("n", "V |V| W")),
        formulas=(
            r"\frac{\exp(u_o^\top v)}{\sum_{w=1}^n \exp(u_w^\top v)}",
            r"\frac{\exp(u_o^\top v)}{\sum_w \exp(u_w^\top v)}",
        ),
        also=(r"\mathrm{sigmoid}(u^\top v)", r"\exp(u^\top v)"),
    ),
    Standard(
        name="context vector of attention",
        words=r"context vector|attention (?:output|pooling)|output of (?:the )?attention",
        letters=r"(?:c|z|o|a|y|mathbf\{?c\}?)(?:_.{1,3})?(?:\^.{1,3})?",
        parts=(
            share("a", r"\alpha w \alpha_i \alpha_t \alpha_{ij} \alpha_{ti} \alpha_{tj}"),
            real("h", r"v s x h_j h_i \bar{h} v_j v_i"),
            count("n", "T m L T_x N S"),
            vector(r"\mathbf{q}", "q q_i q_t"),
            vector(r"\mathbf{k}", "k k_j k_i"),
        ),
        formulas=(
            r"\sum_{j=1}^n a_j h_j",
            r"\sum_j a_j h_j",
            r"\sum_j \frac{\exp(\mathbf{q}^\top \mathbf{k}_j)}{\sum_i \exp(\mathbf{q}^\top \mathbf{k}_i)} h_j",
            r"\frac{\sum_j \exp(\mathbf{q}^\top \mathbf{k}_j) h_j}{\sum_j \exp(\mathbf{q}^\top \mathbf{k}_j)}",
        ),
        also=(r"\sum_{j=1}^n h_j", r"\frac{1}{n} \sum_{j=1}^n h_j", r"\sum_j h_j"),
    ),
)

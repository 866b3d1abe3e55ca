r"""Vectors of words, softened and distilled probabilities, scores of sequences and of calibration."""

from __future__ import annotations

from .contrasts import LOSS
from .networks import CENTRE, OUTSIDE
from .standard import Standard, count, natural, positive, real, share, vector

SLOPE = r"frac(?:partial|d)(?:J|L|ell|E|mathcalL)(?:_.{1,9}|\(.*\))?(?:partial|d)"
GRADIENT = r"gradient\w*|derivative\w*"
WORDS = r"word2vec|skip[- ]?gram|negative sampling|cent(?:er|re) word|context word"
GUESSED = share("p", r"\hat{y}_w P(w|c) p(w|c) \hat{y} y_w \hat{y}_j P(j|c) p(x|c)")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="loss of negative sampling",
        words=r"negative[- ]sampl\w*",
        usual=r"negative[- ]sampl\w*",
        letters=LOSS,
        parts=(CENTRE, OUTSIDE, count("K", "k N"), vector("r", r"u_{w_k} u_{n_k} u_{j} v'_{w_i}")),
        formulas=(
            r"-\log \mathrm{sigmoid}(u_o^\top v) - \sum_{k=1}^K \log \mathrm{sigmoid}(-u_k^\top v)",
            r"-\log \mathrm{sigmoid}(u_o^\top v) - \sum_{k=1}^K \log(1 - \mathrm{sigmoid}(u_k^\top v))",
        ),
        also=(
            r"\log \mathrm{sigmoid}(u_o^\top v) + \sum_{k=1}^K \log \mathrm{sigmoid}(-u_k^\top v)",
            r"\log \mathrm{sigmoid}(u_o^\top v) + \sum_{k=1}^K \log(1 - \mathrm{sigmoid}(u_k^\top v))",
            r"-\log \mathrm{sigmoid}(u_o^\top v)",
            r"-\log \mathrm{sigmoid}(u_o^\top v) - \frac{1}{K} \sum_{k=1}^K \log \mathrm{sigmoid}(-u_k^\top v)",
        ),
    ),
    Standard(
        name="slope of the loss of a context word by its centre",
        left=rf"{SLOPE}v_.{{1,4}}",
        words=WORDS,
        usual=GRADIENT,
        parts=(OUTSIDE, GUESSED, count("V", r"|V| W n")),
        formulas=(r"-u_o + \sum_w p_w u_w", r"\sum_w p_w u_w - u_o"),
        also=(r"u_o - \sum_w p_w u_w",),
    ),
    Standard(
        name="objective of GloVe",
        words=r"\bglove\b|co-?occurrence",
        usual=r"weighted",
        letters=LOSS,
        parts=(
            positive("a", "f h"),
            real("d", r"w_i^\top \tilde{w}_j"),
            vector("w", r"w_i u u_i u_j"),
            vector("v", r"\tilde{w} \tilde{w}_j v_j v_i"),
            real("b", r"b_i b_j"),
            real("c", r"\tilde{b} \tilde{b}_j c_j c_i"),
            positive("X", r"X_{ij} x_{ij} x X_{ji}"),
            count("V", r"|V| W N"),
        ),
        formulas=(
            r"\sum_{i,j} a_{ij} (w_i^\top v_j + b_i + c_j - \log X_{ij})^2",
            r"\sum_{i=1}^V \sum_{j=1}^V a_{ij} (w_i^\top v_j + b_i + c_j - \log X_{ij})^2",
        ),
        also=(
            r"\sum_{i,j} a_{ij} (w_i^\top v_j - \log X_{ij})^2",
            r"\frac{1}{2} \sum_{i,j} a_{ij} (w_i^\top v_j - \log X_{ij})^2",
            r"\frac{1}{2} \sum_{i,j} a_{ij} (w_i^\top v_j + b_i + c_j - \log X_{ij})^2",
            r"\sum_{i,j} (w_i^\top v_j + b_i + c_j - \log X_{ij})^2",
            r"\sum_{i,j} X_{ij} (w_i^\top v_j - \log X_{ij})^2",
        ),
    ),
    Standard(
        name="probability under a temperature",
        words=r"temperature",
        usual=r"soften\w*|smooth\w*|scal\w*",
        letters=r"(?:p|q|P|pi|sigma|s)(?:_.{1,3})?(?:\(.*\))?(?:\^.{1,5})?",
        parts=(real("z", r"z_i l u x v s o a y"), positive("T", r"\tau t")),
        formulas=(r"\frac{\exp(z_i / T)}{\sum_j \exp(z_j / T)}",),
        also=(
            r"\frac{\exp(z_i)}{\sum_j \exp(z_j)}",
            r"\frac{\exp(T z_i)}{\sum_j \exp(T z_j)}",
            r"\frac{z_i^{1 / T}}{\sum_j z_j^{1 / T}}",
        ),
    ),
    Standard(
        name="probability of keeping a frequent word",
        words=r"(?:subsampl|frequent words)[^.$]*(?:keep|kept|retain)|(?:keep|kept|retain)[^.$]*(?:subsampl|frequent)",
        letters=r"(?:P|p)\(.*\)",
        parts=(positive("f", r"f(w_i) f(w) z(w_i)"), positive("t", may_be_number=True)),
        formulas=(r"\sqrt{\frac{t}{f}}", r"(\sqrt{\frac{f}{t}} + 1) \frac{t}{f}", r"\sqrt{\frac{t}{f}} + \frac{t}{f}"),
        also=(r"1 - \sqrt{\frac{t}{f}}",),
    ),
    Standard(
        name="probability of discarding a frequent word",
        words=r"(?:subsampl|frequent words)[^.$]*(?:discard|dropp|remov)"
        r"|(?:discard|dropp|remov)[^.$]*(?:subsampl|frequent)",
        letters=r"(?:P|p)\(.*\)",
        parts=(positive("f", r"f(w_i) f(w)"), positive("t", may_be_number=True)),
        formulas=(r"1 - \sqrt{\frac{t}{f}}",),
        also=(r"\max(0, 1 - \sqrt{\frac{t}{f}})", r"\sqrt{\frac{t}{f}}", r"\frac{f - t}{f} - \sqrt{\frac{t}{f}}"),
    ),
    Standard(
        name="expected calibration error",
        left=r"(?:ECE|ece)(?:_.{1,5})?",
        words=r"calibration error",
        letters=r"ECE.*",
        parts=(
            natural("b", "B n"),
            count("M", "K"),
            natural("n", "N"),
            share("a", "acc o y"),
            share("c", "conf e p"),
        ),
        formulas=(r"\sum_m \frac{b_m}{n} |a_m - c_m|",),
        also=(r"\sum_m |a_m - c_m|", r"\frac{1}{M} \sum_{m=1}^M |a_m - c_m|"),
    ),
    Standard(
        name="word error rate",
        left=r"WER|CER",
        words=r"word error rate|character error rate",
        letters=r"WER|CER|E",
        parts=(natural("S", "s"), natural("D", "d"), natural("I", "i"), natural("N", "n"), natural("C", "c H")),
        formulas=(r"\frac{S + D + I}{N}", r"\frac{S + D + I}{S + D + C}"),
        also=(r"1 - \frac{S + D + I}{N}",),
    ),
    Standard(
        name="loss of distillation",
        words=r"distill?ation",
        letters=LOSS,
        parts=(
            share("a", r"\alpha \lambda \beta"),
            positive("T", r"\tau"),
            real("C", r"L_{CE} \mathcal{L}_{CE} L_{hard} \mathcal{L}_{hard} L_{student} H"),
            real("K", r"L_{KD} \mathcal{L}_{KD} L_{soft} \mathcal{L}_{soft} L_{KL} \mathcal{L}_{KL}"),
            share("p"),
            share("q"),
        ),
        formulas=(
            r"(1 - a) C + a T^2 K",
            r"a C + (1 - a) T^2 K",
            r"(1 - a) C + a T^2 KL(p \| q)",
            r"a C + (1 - a) T^2 KL(p \| q)",
        ),
        also=(
            r"(1 - a) C + a K",
            r"a C + (1 - a) K",
            r"C + a K",
            r"C + a T^2 K",
            r"T^2 KL(p \| q)",
            r"(1 - a) C + a KL(p \| q)",
            r"a C + (1 - a) KL(p \| q)",
        ),
    ),
)

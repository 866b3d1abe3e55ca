r"""Iterations: Newton's method for a root, steps by Frank and Wolfe, weights that are multiplied, series of sums."""

from __future__ import annotations

from .standard import Standard, firm, positive, real, share, vector

AT = "x_n x_k x_t x_i x x_0 x^{(k)} x^{(n)} \\theta_t z_n w_t"


def _of(functions: str, at: str) -> str:
    """How the value of a function at each point is written."""
    return " ".join(f"{f}({x})" for f in functions.split() for x in at.split())


VALUE = firm(real("f", _of("f F g p h J L \\ell", AT)))
SLOPE = firm(real("s", _of("f' F' g' p' h' J' L' \\ell'", AT)))
BEND = firm(real("b", _of("f'' F'' g'' p'' h'' J'' L'' \\ell''", AT)))
PLACE = vector("x", AT)
WEIGHTED = firm(positive("w", "w_{t,i} w_i p_i w_i^{(t)} p_{t,i} x_i x_{t,i} w_t w_t(i) w^{(t)}_i"))
LOSSES = firm(real("l", r"g_{t,i} \ell_{t,i} \ell_i g_i \ell_t(i) c_i g_{t,i} \nabla_i \ell^{(t)}_i \ell_{i}^{(t)}"))

ROWS: tuple[Standard, ...] = (
    Standard(
        name="step of Newton's method for a root",
        carries=("x",),
        words=r"newton(?:'s|’s|s)? (?:method|step|update|iteration)[\s\S]*(?:\broots?\b|\bzeros?\b|solv)"
        r"|(?:\broots?\b|\bzeros?\b|solv)[\s\S]*newton",
        letters=r"(?:x|z|w|theta)(?:_.{1,5}|\^.{1,7}|_new|\^new)",
        parts=(PLACE, VALUE, SLOPE),
        formulas=(r"x - \frac{f}{s}",),
    ),
    Standard(
        name="step of Newton's method in one variable",
        carries=("x",),
        words=r"newton(?:'s|’s|s)? (?:method|step|update|iteration)[\s\S]*(?:minimi|maximi|optimi)"
        r"|(?:minimi|maximi|optimi)[\s\S]*newton(?:['’]?s (?:method|step|update|iteration))?",
        usual=r"maximi[sz]\w*|zeros? of (?:its|the) derivative|differentiab\w+",
        letters=r"(?:x|z|w|theta)(?:_.{1,5}|\^.{1,7}|_new|\^new)",
        parts=(PLACE, VALUE, SLOPE, BEND),
        formulas=(r"x - \frac{s}{b}",),
        also=(r"x - \frac{f}{s}",),
    ),
    Standard(
        name="step by Frank and Wolfe",
        carries=("x",),
        words=r"\A(?!(?s:.)*\baway)(?s:.)*(?:frank[-– ]?(?:and )?wolfe|conditional gradient)",
        usual=r"conditional|gradients?",
        letters=r"(?:x|w|theta)(?:_.{1,5}|\^.{1,7})",
        parts=(
            vector("x", "x_k x_t w_t x^{(k)} x^{(t)}"),
            firm(vector("s", "s_k s_t v_t v_k s^{(k)} y_k d_k s^{(t)}")),
            share("g", r"\gamma_k \gamma_t \gamma \eta_t \eta_k \alpha_k \alpha_t \alpha \eta"),
        ),
        formulas=(r"x + g (s - x)", r"(1 - g) x + g s"),
        also=(r"x + g s",),
    ),
    Standard(
        name="weight of an expert after a loss",
        carries=("w",),
        words=r"exponentiated gradient|multiplicative weights|\bhedge\b|mirror descent",
        usual=r"gradients?|weight\w*|regulari[sz]\w*|normali[sz]\w*",
        letters=r"(?:w|p|x)(?:_.{1,6})?(?:\^.{1,6})?(?:_.{1,4})?(?:\(.\))?",
        parts=(WEIGHTED, LOSSES, positive(r"\eta", r"\epsilon \alpha \beta")),
        formulas=(
            r"\frac{w_i \exp(-\eta l_i)}{\sum_j w_j \exp(-\eta l_j)}",
            r"w \exp(-\eta l)",
        ),
        also=(
            r"\frac{w_i \exp(\eta l_i)}{\sum_j w_j \exp(\eta l_j)}",
            r"w \exp(\eta l)",
            r"w \eta^l",
            r"w (1 - \eta l)",
            r"w (1 + \eta l)",
        ),
    ),
)

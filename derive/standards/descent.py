r"""Descent: bounds of convex and of smooth functions, sufficient decrease, conjugate directions, decoupled decay."""

from __future__ import annotations

from .standard import Standard, firm, matrix, natural, positive, real, vector
from .training import SMALL, STEP, WEIGHT

NABLA = real(r"\nabla")
POINTS = (  # the letters of the point where a function is bounded, and of the one from where
    ("y", "x"),
    ("x", "y"),
    ("x_2", "x_1"),
    ("z", "x"),
    ("x_{k+1}", "x_k"),
    ("x_{t+1}", "x_t"),
)
CURVATURE = r"\mu m \alpha \sigma \kappa \lambda"
# The left sides f(x + t p), and f(x_k) − f(x*).
DECREASED = r"[fFJL]\((?:x|w|theta|x_[kti])\+(?:alpha|t|eta|lambda|alpha_[kti]|t_k)(?:p|d|v|Deltax|p_[kti]|d_[kti])\)"
EXCESS = r"f\(x_[kTtn]\)-f(?:\(x(?:\^\*|_\*|\^star)\)|\^\*|_\*|\^star)"
LIPSCHITZ = r"L \beta M K \ell"


def _bound(
    name: str, words: str, relation: str, term: str, letters: str, also: tuple[str, ...]
) -> tuple[Standard, ...]:
    """f(y) against f(x) + ∇f(x)ᵀ (y − x) and a term, for the usual letters of two points."""
    return tuple(
        Standard(
            name=f"{name}, of {to} from {at}",
            words=words,
            usual=r"smooth\w*|approximat\w*|(?:upper|lower) bound\w*|gradients?|derivativ\w*",
            letters=rf"[fFgJL]\({to.replace('{', '').replace('}', '').replace('+', '[+]')}\)",
            parts=(
                firm(vector("y", to)),
                firm(vector("x", at)),
                real("f", f"f({at}) F({at}) g({at}) J({at}) L({at}) f F"),
                NABLA,
                vector("g", r"\nabla_f g_x s"),
                positive("c", letters, may_be_number=True),
            ),
            relation=relation,
            formulas=tuple(
                f"f + {slope} {term}".strip()
                for slope in (r"\nabla f^\top (y - x)", r"g^\top (y - x)", r"\langle \nabla f, y - x \rangle")
            ),
            also=also,
        )
        for to, at in POINTS
    )


_SLOPES = (r"\nabla f^\top (y - x)", r"g^\top (y - x)", r"\langle \nabla f, y - x \rangle")
_OTHERS = tuple(
    f"f + {slope}{term}" for slope in _SLOPES for term in ("", r" + c \|y - x\|^2", r" + \frac{1}{2 c} \|y - x\|^2")
)

ROWS: tuple[Standard, ...] = (
    *_bound(
        "bound of a smooth function",
        r"(?<!non-)(?<!non)smooth|lipschitz|descent lemma",
        "<=",
        r"+ \frac{c}{2} \|y - x\|^2",
        LIPSCHITZ,
        _OTHERS,
    ),
    *_bound(
        "bound of a strongly convex function",
        r"\A(?!(?s:.)*weakly)(?s:.)*(?:strongly[- ]convex|strong convexity)",
        ">=",
        r"+ \frac{c}{2} \|y - x\|^2",
        CURVATURE,
        _OTHERS,
    ),
    *_bound(
        "tangent below a convex function",
        r"\A(?!(?s:.)*(?:weakly|strongly|strong convexity|non-?convex|concave))(?s:.)*convex",
        ">=",
        "",
        CURVATURE,
        (),
    ),
    Standard(
        name="sufficient decrease",
        left=DECREASED,
        letters=DECREASED,
        words=r"armijo|sufficient decrease|backtracking|wolfe",
        parts=(
            real("f", r"f(x) f(x_k) f(w) J(\theta) f(x_t) f(x_i) F(x) L(w)"),
            NABLA,
            positive("c", r"c_1 \alpha \beta \sigma \gamma \rho \mu \delta"),
            positive("t", r"\alpha \eta \alpha_k t_k \lambda \eta_k \alpha_t"),
            vector("p", r"d p_k d_k \Delta x v p_t d_t"),
            vector("g", r"\nabla_k g_k \nabla f_k g"),
        ),
        relation="<=",
        formulas=(
            r"f + c t \nabla f^\top p",
            r"f + c t g^\top p",
            r"f + c t \langle \nabla f, p \rangle",
        ),
        also=(
            r"f - c t \|p\|^2",
            r"f - \frac{t}{2} \|p\|^2",
            r"f - c t \|g\|^2",
            r"f + t \nabla f^\top p",
            r"f + \nabla f^\top p",
        ),
    ),
    Standard(
        name="step length of conjugate gradients",
        words=r"conjugate[- ](?:gradient|direction)",
        usual=r"gradients?",
        letters=r"alpha(?:_.{1,3})?(?:\^.{1,4})?",
        parts=(
            vector("r", r"r_k r_i r_j r_t g_k r^{(k)} r_n r_{k-1}"),
            vector("p", r"d p_k d_k p_i d_i d_j d_t p_t p_j p^{(k)} p_n"),
            vector("b"),
            matrix("A", "Q H G"),
        ),
        formulas=(r"\frac{r^\top r}{p^\top A p}", r"\frac{r^\top p}{p^\top A p}", r"\frac{p^\top r}{p^\top A p}"),
        also=(
            r"-\frac{r^\top p}{p^\top A p}",
            r"-\frac{p^\top r}{p^\top A p}",
            r"\frac{p^\top b}{p^\top A p}",
            r"\frac{r^\top r}{r^\top A r}",
        ),
    ),
    Standard(
        name="Fletcher-Reeves coefficient",
        words=r"conjugate[- ](?:gradient|direction)|fletcher",
        usual=r"gradients?",
        letters=r"beta(?:_.{1,3})?(?:\^.{1,4})?(?:_.{1,3})?",
        parts=(
            firm(vector("u", "r_{k+1} r_k g_{k+1} g_k r_{i+1} r_i g_{t+1} g_t r_{j+1} r_{n+1} r_{t+1}")),
            firm(vector("r", "r_k r_{k-1} g_k g_{k-1} r_i r_{i-1} g_t g_{t-1} r_j r_n r_t")),
        ),
        formulas=(r"\frac{u^\top u}{r^\top r}", r"\frac{\|u\|^2}{\|r\|^2}"),
        also=(r"\frac{u^\top (u - r)}{r^\top r}", r"\max(0, \frac{u^\top (u - r)}{r^\top r})"),
    ),
    Standard(
        name="step of AdamW",
        carries=("p",),
        words=r"adamw|decoupled weight decay|decouples[^.]*weight decay",
        letters=r"(?:theta|w|x)(?:_.{1,5})?(?:\^.{1,5})?",
        parts=(
            WEIGHT,
            STEP,
            SMALL,
            real("M", r"\hat{m} \hat{m}_t m_t m"),
            positive("V", r"\hat{v} \hat{v}_t v_t v"),
            positive("d", r"\lambda wd"),
            positive("a", r"\alpha"),
        ),
        formulas=(
            r"\theta - \eta (\frac{M}{\sqrt{V} + e} + d \theta)",
            r"\theta - \eta \frac{M}{\sqrt{V} + e} - \eta d \theta",
            r"(1 - \eta d) \theta - \eta \frac{M}{\sqrt{V} + e}",
            r"\theta - \eta (\frac{a M}{\sqrt{V} + e} + d \theta)",
        ),
        also=(
            r"\theta - \eta \frac{M}{\sqrt{V} + e}",
            r"\theta - \eta d \theta",
            r"\theta - \eta \frac{M}{\sqrt{V} + e} - d \theta",
            r"(1 - d) \theta - \eta \frac{M}{\sqrt{V} + e}",
        ),
    ),
    Standard(
        name="best constant step for a quadratic function",
        words=r"(?:hessian|smooth|strongly|curvatures?)\b(?s:.)*(?:best|optimal)(?: \w+)? (?:step|learning rate)",
        usual=r"hessian|gradients?",
        letters=r"(?:eta|alpha|t|gamma|lambda|epsilon|h|tau)(?:\^\*|_\*|_opt|\^\\?star|_best)?",
        parts=(
            positive("L", r"\lambda_{max} \lambda_{\max} \lambda_1 M \beta \lambda_n"),
            positive("m", r"\mu \lambda_{min} \lambda_{\min} \lambda_n \ell \alpha \lambda_1"),
        ),
        formulas=(r"\frac{2}{L + m}",),
        also=(r"\frac{1}{L}", r"\frac{2}{L}", r"\frac{1}{L + m}", r"\frac{4}{(\sqrt{L} + \sqrt{m})^2}"),
    ),
    Standard(
        name="error of gradient descent on a smooth convex function",
        left=EXCESS,
        letters=EXCESS,
        words=r"gradient descent(?s:.)*convex|convex(?s:.)*gradient descent",
        parts=(
            positive("L", r"\beta M"),
            vector("x", r"x_0 x_1 x^{(0)}"),
            vector("y", r"x^* x_* x^{\star}"),
            natural("k", "T t n"),
            positive(r"\eta", r"\alpha t \gamma"),
        ),
        relation="<=",
        formulas=(
            r"\frac{L \|x - y\|^2}{2 k}",
            r"\frac{\|x - y\|^2}{2 \eta k}",
            r"\frac{2 L \|x - y\|^2}{k}",
        ),
        also=(
            r"\frac{L \|x - y\|^2}{k}",
            r"\frac{2 L \|x - y\|^2}{k + 4}",
            r"\frac{2 L \|x - y\|^2}{k - 1}",
            r"\frac{2 L \|x - y\|^2}{k^2}",
            r"\frac{2 L \|x - y\|^2}{(k + 1)^2}",
            r"\frac{L \|x - y\|^2}{2 (k + 1)}",
            r"\frac{L}{2 k}",
        ),
    ),
)

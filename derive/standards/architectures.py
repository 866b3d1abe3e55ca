r"""Parts of newer networks by name: norms of layers, losses of embeddings and of scores, softmax policies."""

from __future__ import annotations

from .standard import Standard, bit, count, natural, positive, real, share, vector
from .training import COST, GRADIENT, MOMENTUM, NABLA, STEP, decay

LOSS = r"(?:L|l|ell|mathcalL|J|E)(?:_.{1,9}|\^.{1,6})?(?:\(.*\))?"
SCORES = ("s", "f", "z", "a", "o")


def _hinge(score: str) -> Standard:
    """The margin loss over classes in one letter for all scores: s_j beside s_{y_i}."""
    sums = (r"\sum_{j \ne y}", "t"), (r"\sum_{j \ne y_i}", "t"), (r"\sum_c h_c \sum_{j \ne c}", f"{score}_c")
    return Standard(
        name=f"margin loss over classes, of scores {score}",
        words=r"multi-?[- ]?(?:class)?[- ](?:hinge|margin|svm)|weston|multi-?class (?:svm|support)",
        letters=LOSS,
        parts=(
            real(score),
            real("t", " ".join(f"{score}_{{{y}}}" for y in ("y_i", "y_n", "t_i", "c", "y^{(i)}"))),
            positive("m", r"\Delta \delta \gamma", may_be_number=True),
            natural("y", "y_i y_n t_i"),
            bit("h", r"\mathrm{yhot} \mathrm{thot}"),  # of a label that has been written out over the classes
        ),
        formulas=tuple(rf"{over} \max(0, {score}_j - {own} + m)" for over, own in sums)
        + tuple(rf"{over} \max(0, {score}_j - {own} + 1)" for over, own in sums),
        also=tuple(rf"{over} \max(0, {score}_j - {own}{rest}" for over, own in sums for rest in (" + m)^2", ")")),
    )


ROWS: tuple[Standard, ...] = (
    Standard(
        name="output of root-mean-square normalisation",
        words=r"rms[- ]?norm|root[- ]mean[- ]square (?:layer )?normali[sz]",
        letters=r"(?:hat|bar|tilde)?[yxazhn](?:_.{1,4})?(?:\^.{1,4})?|RMSNorm\(.*\)(?:_.)?",
        parts=(
            real("x", "a h z u"),
            real("g", r"\gamma w g_i \gamma_i w_i"),
            positive("e", r"\epsilon \varepsilon"),
            count("n", "d N H D m"),
            positive("r", r"RMS(x) \mathrm{RMS}(x) RMS(a) \mathrm{RMS}(a) \sigma RMS"),
        ),
        formulas=(
            r"\frac{x_i}{\sqrt{\frac{1}{n} \sum_{j=1}^n x_j^2}} g",
            r"\frac{x_i}{\sqrt{\frac{1}{n} \sum_{j=1}^n x_j^2 + e}} g",
            r"\frac{x_i}{\sqrt{\frac{1}{n} \sum_{j=1}^n x_j^2}}",
            r"\frac{x_i}{\sqrt{\frac{1}{n} \sum_{j=1}^n x_j^2 + e}}",
            r"\frac{x}{r} g",
            r"\frac{x}{r}",
        ),
        also=(
            r"\frac{x_i}{\sqrt{\frac{1}{n} \sum_{j=1}^n x_j^2} + e} g",
            r"\frac{x_i}{\sqrt{\frac{1}{n} \sum_{j=1}^n x_j^2} + e}",
            r"\frac{x_i}{\sqrt{\frac{1}{n} \sum_{j=1}^n x_j^2}} (1 + g)",
            r"\frac{x_i}{\sqrt{\frac{1}{n} \sum_{j=1}^n x_j^2 + e}} (1 + g)",
            r"\frac{x}{r} (1 + g)",
            r"\sqrt{\frac{1}{n} \sum_{j=1}^n x_j^2}",
            r"\sqrt{\frac{1}{n} \sum_{j=1}^n x_j^2 + e}",
            r"\frac{x_i}{\sqrt{\sum_{j=1}^n x_j^2}} g",
            r"\frac{x_i}{\sqrt{\sum_{j=1}^n x_j^2}}",
        ),
    ),
    Standard(
        name="Jacobian of the softmax",
        words=r"jacobian[^.]*softmax|softmax[^.]*jacobian",
        usual=r"derivativ\w*|gradients?",
        letters=r"J(?:_.{1,9})?(?:\(.\))?|S|D|nabla(?:_.)?(?:softmax|sigma)?(?:\(.\))?",
        parts=(vector("s", r"p y a q \hat{y} \sigma \pi"), natural("I")),
        formulas=(r"\mathrm{diag}(s) - s s^\top",),
    ),
    Standard(
        name="contrastive loss of embeddings",
        left=r"(?:L|ell|l|mathcalL)_?(?:NT-?Xent)",
        words=r"info-?nce|nt-?xent|contrastive|sim-?clr",
        letters=LOSS,
        parts=(
            vector("z", r"h u v f x e"),
            positive("t", r"\tau T"),
            natural("i"),
            natural("N", "n B M 2N"),
        ),
        formulas=(
            r"-\log \frac{\exp(z_i^\top z_j / t)}{\sum_{k \ne i} \exp(z_i^\top z_k / t)}",
            r"-\log \frac{\exp(z_i^\top z_j / t)}{\sum_k \exp(z_i^\top z_k / t)}",
            r"-\frac{z_i^\top z_j}{t} + \log \sum_{k \ne i} \exp(z_i^\top z_k / t)",
        ),
        also=(r"-\log \frac{\exp(z_i^\top z_j)}{\sum_{k \ne i} \exp(z_i^\top z_k)}",),
    ),
    *map(_hinge, SCORES),
    Standard(
        name="score of a softmax policy",
        words=r"softmax[^.]*(?:polic|preference)|(?:polic|preference)[^.]*softmax",
        usual=r"gradients?|derivativ\w*|(?:log[- ]?)?likelihood",
        letters=r"nabla_(?:theta|w)(?:log|ln)pi(?:_.{1,6})?\(.*\)",
        parts=(vector("f", r"\phi x \psi"), share("p", r"\pi \pi_\theta")),
        formulas=(r"f(s, a) - \sum_b p(b|s) f(s, b)",),
        also=(r"\sum_b p(b|s) f(s, b) - f(s, a)",),  # of costs, π ∝ exp(−θᵀ φ)
    ),
    Standard(
        name="velocity of Nesterov's momentum",
        carries=("v",),
        words=r"nesterov|look-?ahead|accelerated gradient",
        usual=r"gradients?|derivativ\w*",
        letters=r"[vmu](?:_.{1,7})?(?:\^.{1,6})?",
        parts=(
            real("v", "v_{t-1} v_t v_k v_{k-1}"),
            decay("m", r"\mu \beta \gamma \alpha"),
            positive(r"\eta", r"\alpha \epsilon \varepsilon \gamma lr \eta_t \epsilon_t \alpha_t \lambda"),
            NABLA,
            COST,
            real("x", r"\theta w \theta_t \theta_{t-1} w_t w_{t-1} x_t x_{t-1} \theta_k x_k w_k"),
        ),
        formulas=(
            r"m v - \eta \nabla f(x + m v)",
            r"m v + \eta \nabla f(x - m v)",
            r"m v + \nabla f(x - \eta m v)",
        ),
        also=(r"m v + (1 - m) \nabla f(x - \eta m v)", r"m v + \nabla f(x + m v)", r"m v - \nabla f(x + m v)"),
    ),
    Standard(
        name="velocity that a constant gradient leads to",
        words=rf"(?:{MOMENTUM}|velocity)[^.]*(?:limit|converg|terminal|constant|steady)"
        rf"|(?:limit|converg|terminal|constant|steady)[^.]*(?:{MOMENTUM}|velocity)",
        usual=r"gradients?",
        letters=r"v_(?:infty|max|infinity|\*)|v\^(?:\*|star|infty)",
        parts=(GRADIENT, decay("b", r"\beta \mu \gamma \alpha \rho"), STEP),
        formulas=(r"\frac{\eta g}{1 - b}", r"-\frac{\eta g}{1 - b}", r"\frac{g}{1 - b}"),
        also=(
            *(r"\frac{1}{1 - b}", r"\frac{\eta}{1 - b}", "g", r"\eta g", r"-\eta g", r"\frac{g}{b}"),
            *(r"\frac{\eta g}{b}", r"-\frac{\eta g}{b}"),  # of friction b
        ),
    ),
)

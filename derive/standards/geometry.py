r"""Lengths, projections, margins and penalties by name."""

from __future__ import annotations

from .standard import Standard, count, positive, real, share, sign, vector

X = vector("x", r"x_0 x_i u a z v y p x_n")
W = vector("w", r"\theta \beta a n v")
OFFSET = real("b", r"w_0 \theta_0 c \beta_0")
LINE = vector("b", r"u v w a e q y")
COEFFICIENTS = vector("w", r"\beta \theta \omega")
RATE = positive(r"\lambda", r"\alpha C \gamma \lambda_1", may_be_number=True)
N = count("n", "d D p m N M")
_SQUARES = r"\sum_{i=1}^n (p_i - q_i)^2"
_SIZES = r"\sum_{i=1}^n |p_i - q_i|"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="Euclidean distance",
        settled=True,
        words=r"(?<!squared )(?<!square of the )euclid(?:ean|ian) (?:distance|norm|length|metric)",
        letters=r"(?:d|D|dist|ED|d_E|d_2)(?:_.{1,4})?(?:\(.*\))?",
        parts=(
            real("p", r"x a u y x_i"),
            real("q", r"y b v x' z x_j \mu c"),
            vector("a", "x u p x_1 x_i"),
            vector("b", r"y v q x_2 x_j x' z \mu c"),
            N,
        ),
        formulas=(
            rf"\sqrt{{{_SQUARES}}}",
            r"\sqrt{(a - b)^\top (a - b)}",
        ),
        also=(_SIZES, r"\sum_{i=1}^n p_i q_i", _SQUARES + r"\ / n"),
    ),
    Standard(
        name="Manhattan distance",
        settled=True,
        words=r"(?:manhattan|city[- ]?block|taxicab) (?:distance|norm|metric)",
        letters=r"(?:d|D|dist|MD|d_M|d_1)(?:_.{1,4})?(?:\(.*\))?",
        parts=(real("p", r"x a u y x_i"), real("q", r"y b v x' z x_j \mu c"), N),
        formulas=(_SIZES,),
        also=(rf"\sqrt{{{_SQUARES}}}", _SQUARES, r"\max_i |p_i - q_i|"),
    ),
    Standard(
        name="distance of a point from a hyperplane",
        words=(
            r"(?<!signed )distance (?:of|from|between)[^.]*(?:hyper-?plane|decision boundary)"
            r"|(?<!signed )distance to (?:the|a) (?:hyper-?plane|decision boundary)"
        ),
        letters=r"(?:d|D|r|dist|gamma|rho|delta)(?:_.{1,4})?(?:\(.*\))?",
        parts=(W, X, OFFSET, sign("y", "y_i t t_n y_n")),
        formulas=(r"\frac{|w^\top x + b|}{\|w\|}", r"\frac{|w^\top x - b|}{\|w\|}"),
        also=(
            r"\frac{w^\top x + b}{\|w\|}",
            r"\frac{y (w^\top x + b)}{\|w\|}",
            r"\frac{w^\top x}{\|w\|}",
            r"\frac{|w^\top x|}{\|w\|}",
            r"|w^\top x + b|",
            r"|w^\top x|",
            r"w^\top x + b",
            r"\frac{|b|}{\|w\|}",
            r"\frac{b}{\|w\|}",
            r"-\frac{b}{\|w\|}",
        ),
    ),
    Standard(
        name="projection onto a line",
        words=r"project\w*[^.]*(?:onto|on)[^.]*(?:line|direction|vector|axis|span)",
        letters=r"(?:proj|pi|p|P|Pi|hatx|tildex)(?:_.{1,4})?(?:\(.*\))?",
        parts=(X, LINE),
        formulas=(r"\frac{b^\top x}{\|b\|^2} b", r"\frac{b^\top x}{\|b\|} \frac{b}{\|b\|}"),
        also=(
            r"\frac{b^\top x}{\|b\|}",
            r"b^\top x",
            r"(b^\top x) b",
            r"\frac{b^\top x}{\|b\|^2}",
            r"b b^\top x",
            r"\|x\| \frac{b}{\|b\|}",
        ),
    ),
    Standard(
        name="elastic net penalty",
        words=r"elastic[- ]net",
        letters=r"(?:R|P|Omega|J|L|penalty|P_alpha|r|h)(?:_.{1,6})?(?:\(.*\))?",
        parts=(COEFFICIENTS, RATE, share("a", r"\alpha \rho r", may_be_number=True), positive("c", r"\lambda_2")),
        formulas=(
            r"\lambda (a \|w\|_1 + \frac{1 - a}{2} \|w\|_2^2)",
            r"\lambda (a \|w\|_1 + (1 - a) \|w\|_2^2)",
            r"a \|w\|_1 + \frac{1 - a}{2} \|w\|_2^2",
            r"a \|w\|_1 + (1 - a) \|w\|_2^2",
        ),
        also=(
            r"\lambda (a \|w\|_2^2 + (1 - a) \|w\|_1)",
            r"\lambda (\frac{a}{2} \|w\|_2^2 + (1 - a) \|w\|_1)",
            r"\frac{a}{2} \|w\|_2^2 + (1 - a) \|w\|_1",
            r"a \|w\|_2^2 + (1 - a) \|w\|_1",
            r"\lambda \|w\|_1 + c \|w\|_2^2",
            r"\lambda \|w\|_1 + \frac{c}{2} \|w\|_2^2",
            r"\lambda \|w\|_1",
            r"\lambda \|w\|_2^2",
            r"\frac{\lambda}{2} (a \|w\|_1 + (1 - a) \|w\|_2^2)",
        ),
    ),
    Standard(
        name="step of the perceptron",
        words="perceptron",
        letters=r"(?:w|theta|W|beta|a|vecw)(?:_.{1,7}|\^.{1,7})?",
        parts=(
            vector("w", r"\theta W \beta a w_t w_k w^{(t)} w^{(k)} w_{t-1} \theta^{(k)}"),
            vector("x", r"x_i x_n x^{(i)} x_t \phi x_k x^{(t)} \phi_n"),
            sign("y", r"y_i y_n y^{(i)} t y_t t_n y_k y^{(t)} t_i"),
            real("p", r"\hat{y} \hat{y}_i h o f(x) h(x)"),
            positive("r", r"\eta \alpha \rho \lambda \gamma c"),
        ),
        formulas=(r"w + y x", r"w + r y x"),
        also=(
            r"w + r (y - p) x",
            r"w + (y - p) x",
            r"w + x",
            r"w - x",
            r"w + r x",
            r"w - r x",
            r"y x",
            r"r y x",
            r"w - r (p - y) x",
            r"w + \frac{1}{2} r (y - p) x",
        ),
    ),
    Standard(
        name="dual objective of a support vector machine",
        words=r"\bdual\b[^.]*(?:\bSVM|support vector|margin)|(?:\bSVM|support vector|margin)[^.]*\bdual\b",
        usual=r"dual|maximi[sz]\w+",
        letters=r"(?:W|L|L_D|g|D|Q|J|tildeL|L_dual|theta)(?:\(.*\))?",
        parts=(
            real("a", r"\alpha \lambda \mu \alpha_i"),
            sign("y", "t y_i t_i"),
            vector("x", r"\phi"),
            count("n", "m N M"),
        ),
        formulas=(
            r"\sum_{i=1}^n a_i - \frac{1}{2} \sum_{i=1}^n \sum_{j=1}^n a_i a_j y_i y_j x_i^\top x_j",
            r"\sum_i a_i - \frac{1}{2} \sum_i \sum_j a_i a_j y_i y_j x_i^\top x_j",
        ),
        also=(
            r"-\sum_{i=1}^n a_i + \frac{1}{2} \sum_{i=1}^n \sum_{j=1}^n a_i a_j y_i y_j x_i^\top x_j",
            r"\frac{1}{2} \sum_{i=1}^n \sum_{j=1}^n a_i a_j y_i y_j x_i^\top x_j",
            r"\sum_{i=1}^n a_i - \frac{1}{4} \sum_{i=1}^n \sum_{j=1}^n a_i a_j y_i y_j x_i^\top x_j",
            r"2 \sum_{i=1}^n a_i - \sum_{i=1}^n \sum_{j=1}^n a_i a_j y_i y_j x_i^\top x_j",
            r"\sum_{i=1}^n a_i",
        ),
    ),
    Standard(
        name="Lagrangian of a support vector machine",
        words=r"lagrang[^.]*(?:\bSVM|support vector|margin)|(?:\bSVM|support vector|margin)[^.]*lagrang",
        letters=r"(?:L|L_P|J|mathcal\{?L\}?)(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            W,
            vector("x", r"\phi x_i"),
            OFFSET,
            sign("y", "t y_i t_i"),
            real("a", r"\alpha \lambda \mu \alpha_i"),
            count("n", "m N M"),
        ),
        formulas=(
            r"\frac{1}{2} \|w\|^2 - \sum_{i=1}^n a_i (y_i (w^\top x_i + b) - 1)",
            r"\frac{1}{2} \|w\|^2 - \sum_i a_i (y_i (w^\top x_i + b) - 1)",
        ),
        also=(
            r"\frac{1}{2} \|w\|^2 - \sum_{i=1}^n a_i (y_i (w^\top x_i - b) - 1)",
            r"\|w\|^2 - \sum_{i=1}^n a_i (y_i (w^\top x_i + b) - 1)",
            r"\frac{1}{2} \|w\|^2",
        ),
    ),
)

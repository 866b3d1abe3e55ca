r"""Losses by name; to add one, write its names, the parts of its letters, and its formulas as the field writes them."""

from __future__ import annotations

from dataclasses import replace

from .standard import Standard, bit, count, positive, real, share, sign, vector

N = count("n", r"N m M |D| |B| |\mathcal{D}| B T n_{samples}")
TARGET = real("y", r"t y_{true} label target d")
GUESS = real("f", r"\hat{y} f(x) \hat{f}(x) f_\theta(x) h h(x) h_\theta(x) o y_{pred} input pred p \hat{y}(x) a")


def averaged(term: str, *, minus: bool = False) -> tuple[str, ...]:
    """A term for one point, its sum over the points, and its mean."""
    start = "-" if minus else ""
    return (f"{start}{term}", rf"{start}\sum_{{i=1}}^n {term}", rf"{start}\frac{{1}}{{n}} \sum_{{i=1}}^n {term}")


def _huber(r: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The formulas of the Huber loss of a residual, and those of other conventions."""
    cases = r"\begin{cases} %s & |%s| \le \delta \\ %s & \text{otherwise} \end{cases}"
    small = cases.replace(r"\delta", "1")
    usual = (
        cases % (rf"\frac{{1}}{{2}} ({r})^2", r, rf"\delta (|{r}| - \frac{{1}}{{2}} \delta)"),
        rf"\delta (|{r}| - \frac{{1}}{{2}} \delta)",
        cases % (rf"\frac{{1}}{{2 \delta}} ({r})^2", r, rf"|{r}| - \frac{{1}}{{2}} \delta"),
        small % (rf"\frac{{1}}{{2}} ({r})^2", r, rf"|{r}| - \frac{{1}}{{2}}"),
    )
    other = (
        rf"\frac{{1}}{{2}} ({r})^2",
        rf"({r})^2",
        rf"\delta^2 (\sqrt{{1 + (({r}) / \delta)^2}} - 1)",
        rf"\delta (\sqrt{{1 + (({r}) / \delta)^2}} - 1)",
        cases % (rf"({r})^2", r, rf"2 \delta |{r}| - \delta^2"),
        cases % (rf"({r})^2", r, rf"\delta (2 |{r}| - \delta)"),
        cases % (rf"\frac{{1}}{{2}} ({r})^2", r, rf"|{r}| - \frac{{1}}{{2}}"),
        rf"|{r}| - \frac{{1}}{{2}} \delta",
    )
    return usual, other


_R, _YF = _huber("r"), _huber("y - f")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="Huber loss",
        left=r"(?:L_?|l_?|ell_?)?[Hh]uber_?(?:[Ll]oss)?(?:_delta)?(?:\(.*\))?|L_(?:[Hh]uber|H)(?:\(.*\))?"
        r"|[Ss]mooth_?-?L_?1(?:\(.*\))?",
        words=r"huber(?:['’]s)?[- ](?:loss|function|penalty)|smooth[- ]L_?1",
        usual=r"smooth\w*",
        letters=r"(?:L|l|ell|h|rho|phi)(?:_.{1,6})?(?:\(.*\))?",
        parts=(
            real("r", r"a e u z x \epsilon"),
            TARGET,
            replace(GUESS, written=(*GUESS.written, "x", "x_n", "x_i")),
            positive(r"\delta", r"\beta \epsilon \kappa \gamma k c M", may_be_number=True),
        ),
        formulas=(*_R[0], *_YF[0]),
        also=(*_R[1], *_YF[1]),
    ),
    Standard(
        name="focal loss",
        left=r"(?:L_?)?FL(?:\(.*\))?|(?:L|ell)_(?:focal|FL|fl)(?:\(.*\))?|[Ff]ocal_?-?(?:[Ll]oss)?(?:\(.*\))?",
        words=r"focal[- ]loss",
        parts=(
            share("p", r"p_t \hat{p} \hat{y} q pt"),
            positive(r"\gamma", may_be_number=True),
            share(r"\alpha", may_be_number=True),
        ),
        formulas=(
            r"-\alpha (1 - p)^\gamma \log p",
            r"-(1 - p)^\gamma \log p",
            r"-\sum_{i=1}^n \alpha_i (1 - p_i)^\gamma \log p_i",
            r"-\sum_{i=1}^n (1 - p_i)^\gamma \log p_i",
        ),
        also=(r"(1 - p)^\gamma", r"-\log p", r"-\alpha \log p"),
    ),
    Standard(
        name="binary cross-entropy",
        left=(
            r"(?:L_?|ell_?|J_?)?(?:BCE|bce|binary_(?:log_loss|cross_?entropy)|log_?-?loss"
            r"|logloss)(?:_?[Ll]oss)?(?:\(.*\))?"
        ),
        words=r"binary cross[- ]entropy|\blog[- ]loss|cross[- ]entropy (?:loss|cost|error)?(?: \w+){0,3} binary"
        r"|(?s:(?:logistic regression|\\\{\s*0\s*,\s*1\s*\\\}).{0,300}cross[- ]entropy)"
        r"|cross[- ]entropy [^.]{0,60}\\\{\s*0\s*,\s*1\s*\\\}"
        r"|(?s:\\\{\s*0\s*,\s*1\s*\\\}.{0,200}logistic regression.{0,100}\b(?:loss|cost)\b)",
        letters=r"(?:L|l|ell|J|C|E|H|[Ll]oss|[Cc]ost)(?:_.{1,6})?(?:\(.*\))?",
        parts=(
            bit("y", r"t y_{true}"),
            share("p", r"\hat{y} \hat{p} p(x) f(x) q a h(x) h_\theta(x) \hat{y}(x) \mu f o y"),
            real("z", r"logit"),
            N,
        ),
        formulas=(
            *averaged(r"[y \log p + (1 - y) \log (1 - p)]", minus=True)[:1],
            *averaged(r"[y_i \log p_i + (1 - y_i) \log (1 - p_i)]", minus=True)[1:],
            r"\log (1 + e^z) - y z",
        ),
        also=(
            r"\max(z, 0) - y z + \log (1 + e^{-|z|})",
            r"-\log p",
            r"-\log(1 - p)",
            r"-\frac{1}{n} \sum_{i=1}^n \log p_i",
            r"-\sum_{i=1}^n \log p_i",
        ),
    ),
    Standard(
        name="cross-entropy",
        left=r"(?:L_?|J_?|ell_?)?(?:CE|XE|xent|[Cc]ross_?-?[Ee]ntropy)(?:_?-?[Ll]oss)?(?:\(.*\))?|H\([pqPQ],[pqPQ]\)",
        words=r"(?<!binary )cross[- ]entropy",
        letters=r"(?:L|l|ell|J|C|E|H|[Ll]oss|[Cc]ost)(?:_.{1,6})?(?:\(.*\))?",
        parts=(
            share("p", r"y t P q Q p(x) q(x) y_{true} \tilde{y}"),
            share("q", r"\hat{y} \hat{p} p P Q p(x) q(x) a o s \hat{y}(x) y_{pred} f \sigma S \hat{q}"),
            N,
        ),
        arguments=("p", "q"),
        formulas=(
            r"-\sum_k p_k \log q_k",
            r"-\sum_k p_k \log_2 q_k",
            r"\sum_k p_k \log \frac{1}{q_k}",
            r"-\int p(x) \log q(x) \, dx",
            r"-\mathbb{E}_{x \sim p}[\log q]",
            r"\mathbb{E}_{x \sim p}[-\log q]",
            r"-\sum_i \sum_k p_{ik} \log q_{ik}",
            r"-\frac{1}{n} \sum_i \sum_k p_{ik} \log q_{ik}",
            r"-\log q",
            r"-\frac{1}{n} \sum_i \log q_i",
            r"-\sum_i \log q_i",
        ),
        also=(
            r"-[p \log q + (1 - p) \log (1 - q)]",
            r"-\sum_i [p_i \log q_i + (1 - p_i) \log (1 - q_i)]",
            r"-\frac{1}{n} \sum_i [p_i \log q_i + (1 - p_i) \log (1 - q_i)]",
            r"-p \log q",
            r"-\sum_k p_k \log p_k",
            r"\sum_k p_k \log \frac{1}{p_k}",
            r"-\int p(x) \log p(x) \, dx",
            r"-\frac{1}{n} \sum_k p_k \log q_k",
            r"-\mathbb{E}[\log q]",
        ),
    ),
    Standard(
        name="mean squared error",
        left=r"(?:L_?|J_?|ell_?)?(?:MSE|mse)(?:_?[Ll]oss)?(?:_.{1,8})?(?:\(.*\))?",
        words=r"mean[- ]square(?:d)?[- ]error",
        letters=r"(?:L|l|ell|J|C|E|R)(?:_.{1,6})?(?:\(.*\))?",
        parts=(
            TARGET,
            GUESS,
            N,
            vector(r"\mathbf{y}", r"y t"),
            vector(r"\mathbf{f}", r"\hat{y} f \hat{\mathbf{y}}"),
            real("x"),
            real("w", r"\theta m"),
            real("b", r"c"),
            real("v", r"Var variance"),
            real("B", "Bias"),
        ),
        formulas=(
            r"\frac{1}{n} \sum_{i=1}^n (y_i - f_i)^2",
            r"\frac{1}{n} \|\mathbf{y} - \mathbf{f}\|^2",
            r"\mathbb{E}[(y - f)^2]",
            r"\frac{1}{n} \sum_{i=1}^n (y_i - (w x_i + b))^2",
        ),
        also=(
            r"(y - f)^2",
            r"\frac{1}{2} (y - f)^2",
            r"\sum_{i=1}^n (y_i - f_i)^2",
            r"\frac{1}{2} \sum_{i=1}^n (y_i - f_i)^2",
            r"\frac{1}{2 n} \sum_{i=1}^n (y_i - f_i)^2",
            r"\frac{1}{2 n} \sum_{i=1}^n (y_i - (w x_i + b))^2",
            r"\frac{1}{2 n} \|\mathbf{y} - \mathbf{f}\|^2",
            r"\|\mathbf{y} - \mathbf{f}\|^2",
            r"v + B^2",
            r"\frac{1}{n} \sum_{i=1}^n \|\mathbf{y}_i - \mathbf{f}_i\|^2",
            r"\frac{1}{2 n} \sum_{i=1}^n \|\mathbf{y}_i - \mathbf{f}_i\|^2",
            r"\sum_{i=1}^n \|\mathbf{y}_i - \mathbf{f}_i\|^2",
            r"\frac{1}{n} \sum_{i=1}^n f_i^2",
        ),
    ),
    Standard(
        name="squared error",
        words=r"(?<!mean)(?<!root)[- ](?:squared?[- ](?:errors?|loss)|quadratic (?:loss|cost))\b",
        letters=r"(?:L|l|ell|J|C|[Ll]oss|[Cc]ost)(?:_.{1,6})?(?:\(.*\))?",
        parts=(TARGET, GUESS, N, vector(r"\mathbf{y}", r"y t"), vector(r"\mathbf{f}", r"\hat{y} f \hat{\mathbf{y}}")),
        formulas=(
            r"(y - f)^2",
            r"\frac{1}{2} (y - f)^2",
            r"\sum_{i=1}^n (y_i - f_i)^2",
            r"\frac{1}{2} \sum_{i=1}^n (y_i - f_i)^2",
            r"\frac{1}{n} \sum_{i=1}^n (y_i - f_i)^2",
            r"\frac{1}{2 n} \sum_{i=1}^n (y_i - f_i)^2",
            r"\|\mathbf{y} - \mathbf{f}\|^2",
            r"\frac{1}{2} \|\mathbf{y} - \mathbf{f}\|^2",
        ),
        also=(
            r"\mathbb{E}[(y - f)^2]",
            r"|y - f|",
            r"\sum_{i=1}^n |y_i - f_i|",
            r"\frac{1}{n} \sum_{i=1}^n |y_i - f_i|",
            r"\sum_{i=1}^n \|\mathbf{y}_i - \mathbf{f}_i\|^2",
            r"\frac{1}{2} \sum_{i=1}^n \|\mathbf{y}_i - \mathbf{f}_i\|^2",
            r"\frac{1}{n} \sum_{i=1}^n \|\mathbf{y}_i - \mathbf{f}_i\|^2",
            r"\frac{1}{n} \|\mathbf{y} - \mathbf{f}\|^2",
            r"\frac{1}{2 n} \|\mathbf{y} - \mathbf{f}\|^2",
            r"\|\mathbf{y} - \mathbf{f}\|",
            r"\sqrt{\sum_{i=1}^n (y_i - f_i)^2}",
            r"f^2",
            r"\max(0, 1 - y f)",
            r"\max(0, 1 - y f)^2",
        ),
    ),
    Standard(
        name="root mean squared error",
        left=r"(?:RMSE|rmse)(?:_.{1,8})?(?:\(.*\))?",
        words=r"root[- ]mean[- ]squared?[- ](?:error|deviation)",
        parts=(TARGET, GUESS, N),
        formulas=(r"\sqrt{\frac{1}{n} \sum_{i=1}^n (y_i - f_i)^2}",),
        also=(
            r"\sqrt{\sum_{i=1}^n (y_i - f_i)^2}",
            r"\sqrt{f}",
            r"\sqrt{\frac{1}{n} \sum_{i=1}^n f_i^2}",
            r"\sqrt{\mathbb{E}[(y - f)^2]}",
            r"\frac{1}{n} \sum_{i=1}^n \sqrt{(y_i - f_i)^2}",
        ),
    ),
    Standard(
        name="mean absolute error",
        left=r"(?:L_?)?(?:MAE|mae)(?:_.{1,8})?(?:\(.*\))?",
        words=r"mean[- ]absolute[- ]error",
        parts=(TARGET, GUESS, N),
        formulas=(r"\frac{1}{n} \sum_{i=1}^n |y_i - f_i|",),
        also=(r"|y - f|", r"\sum_{i=1}^n |y_i - f_i|", r"\frac{1}{n} \sum_{i=1}^n |f_i|", r"\mathbb{E}[|y - f|]"),
    ),
    Standard(
        name="mean absolute percentage error",
        left=r"MAPE(?:\(.*\))?",
        words=r"mean absolute percentage error",
        parts=(real("y", r"t y_{true} label target d A A_t"), real("f", r"\hat{y} F F_t"), N),
        formulas=(
            r"\frac{1}{n} \sum_{i=1}^n |\frac{y_i - f_i}{y_i}|",
            r"\frac{100}{n} \sum_{i=1}^n |\frac{y_i - f_i}{y_i}|",
        ),
    ),
    Standard(
        name="hinge loss",
        left=r"(?:L|l|ell)_?(?:hinge|Hinge)(?:\(.*\))?|[Hh]inge(?:_?[Ll]oss)?(?:\(.*\))?",
        words=r"(?<!squared )(?<!multiclass )(?<!multi-class )hinge[- ]loss",
        letters=r"(?:L|l|ell|phi)(?:_.{1,6})?(?:\(.*\))?",
        parts=(
            sign("y", "t"),
            GUESS,
            real("m", r"z \xi"),
            vector(r"\mathbf{w}", "w"),
            vector(r"\mathbf{x}", "x"),
            real("b"),
            N,
        ),
        formulas=(
            r"\max(0, 1 - y f)",
            r"\max(0, 1 - m)",
            r"\max(0, 1 - y (\mathbf{w}^\top \mathbf{x} + b))",
            r"\max(0, 1 - y \mathbf{w}^\top \mathbf{x})",
            r"\max(0, 1 - y (\mathbf{w}^\top \mathbf{x} - b))",
        ),
        also=(
            r"\frac{1}{n} \sum_{i=1}^n \max(0, 1 - y_i f_i)",
            r"\sum_{i=1}^n \max(0, 1 - y_i f_i)",
            r"\max(0, 1 - y f)^2",
            r"\max(0, 1 - m)^2",
            r"\max(0, -y f)",
            r"\begin{cases} 0 & m \ge 1 \\ 1 - m & m < 1 \end{cases}",
        ),
    ),
    Standard(
        name="logistic loss",
        left=r"(?:L|l|ell)_?(?:log|logistic|LogReg|logreg|LR)(?:\(.*\))?|[Ll]ogistic_?-?[Ll]oss(?:\(.*\))?",
        words=r"logistic[- ]loss",
        letters=r"(?:L|l|ell|phi)(?:_.{1,8})?(?:\(.*\))?",
        parts=(
            sign("y", "t"),
            bit("t", "y"),
            GUESS,
            share("p", r"\hat{y} \hat{p}"),
            real("m", "z"),
            vector(r"\mathbf{w}", r"w \theta"),
            vector(r"\mathbf{x}", r"x f \phi"),
            vector("u", r"f \phi"),
            real("b"),
            real("s"),
        ),
        formulas=(
            r"\log (1 + e^{-y f})",
            r"\log (1 + e^{-m})",
            r"\log (1 + e^{-y (\mathbf{w}^\top \mathbf{x} + b)})",
            r"\log (1 + e^{-y \mathbf{w}^\top \mathbf{x}})",
            r"-[t \log p + (1 - t) \log (1 - p)]",
            r"-\mathbf{w}^\top \mathbf{x} + \log \sum_k \exp(\mathbf{w}^\top u_k)",
            r"-\mathbf{w} \cdot \mathbf{x} + \log \sum_k \exp(\mathbf{w} \cdot u_k)",
        ),
        also=(
            r"\log_2 (1 + e^{-y f})",
            r"\log_2 (1 + e^{-m})",
            r"-\log \sigma(m)",
            r"-\log \sigma(y f)",
            r"\log (1 + e^{f}) - t f",
            r"\log (1 + e^{-f})",
            r"\log (1 + e^{f})",
        ),
    ),
    Standard(
        name="quantile loss",
        left=r"(?:L|l|ell|rho)_?(?:quantile|pinball|tau)(?:\(.*\))?|PB_.(?:\(.*\))?",
        words=r"quantile loss|pinball loss|check loss",
        letters=r"(?:L|l|ell|rho|Q)(?:_.{1,6})?(?:\(.*\))?",
        parts=(share(r"\tau", r"q \alpha \gamma"), real("u", r"r e \xi z t"), TARGET, GUESS),
        formulas=(
            r"\max(\tau u, (\tau - 1) u)",
            r"\max(\tau (y - f), (\tau - 1) (y - f))",
            r"\tau \max(u, 0) + (1 - \tau) \max(-u, 0)",
            r"\tau \max(y - f, 0) + (1 - \tau) \max(f - y, 0)",
            r"\begin{cases} \tau u & u \ge 0 \\ (\tau - 1) u & \text{otherwise} \end{cases}",
            r"\begin{cases} \tau (y - f) & y \ge f \\ (1 - \tau) (f - y) & \text{otherwise} \end{cases}",
        ),
    ),
    Standard(
        name="log-cosh loss",
        settled=True,
        words=r"log-?\s?cosh",
        parts=(TARGET, GUESS, N),
        formulas=(
            r"\log \cosh (y - f)",
            r"\sum_{i=1}^n \log \cosh (y_i - f_i)",
            r"\frac{1}{n} \sum_{i=1}^n \log \cosh (y_i - f_i)",
        ),
    ),
    Standard(
        name="triplet loss",
        left=r"(?:L|l|ell)_?(?:triplet|Triplet|tri)(?:\(.*\))?",
        words=r"triplet[- ](?:margin )?loss",
        letters=r"(?:L|l|ell|J|mathcalL)(?:_.{1,3})?(?:\(.*\))?",
        parts=(
            positive("p", r"d(a,p) d(a_i,p_i) d(x_a,x_p) d_p d_{ap} d_+ d(x,x^+) d(A,P)"),
            positive("q", r"d(a,n) d(a_i,n_i) d(x_a,x_n) d_n d_{an} d_- d(x,x^-) d(A,N)"),
            positive("m", r"\alpha margin \epsilon \gamma", may_be_number=True),
            vector("a", r"f(A) f(x^a) f(a) f(x_a) z_a f_a"),
            vector("b", r"f(P) f(x^p) f(p) f(x_p) z_p f_p p"),
            vector("c", r"f(N) f(x^n) f(n) f(x_n) z_n f_n n"),
        ),
        formulas=(
            r"\max(p - q + m, 0)",
            r"\max(\|a - b\|^2 - \|a - c\|^2 + m, 0)",
            r"\max(\|a - b\| - \|a - c\| + m, 0)",
        ),
        also=(r"p - q + m", r"\|a - b\|^2 - \|a - c\|^2 + m", r"p - q", r"p^2 - q^2 + m", r"\max(p^2 - q^2 + m, 0)"),
    ),
)

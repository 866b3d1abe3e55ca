r"""Matrices: condition, inverses of what is not square, orthogonal directions, steps of quasi-Newton."""

from __future__ import annotations

from .standard import Standard, firm, matrix, positive, tall, vector, wide

GREATEST = (
    r"\sigma_{max} \sigma_{\max} \sigma_1 \lambda_{max} \lambda_{\max} \lambda_1 s_1 s_{max} d_1 L \sigma_{max}(A)"
    r" \sigma_{\max}(A) \lambda_{max}(A) \lambda_{\max}(A) \sigma_1(A) \lambda_1(A)"
)
LEAST = (
    r"\sigma_{min} \sigma_{\min} \sigma_n \sigma_r \lambda_{min} \lambda_{\min} \lambda_n s_n s_{min} d_n \mu \sigma_p"
    r" \lambda_d \sigma_{min}(A) \sigma_{\min}(A) \lambda_{min}(A) \lambda_{\min}(A) \sigma_n(A) \lambda_n(A)"
)
SQUARE = matrix("A", "M X B W")
GIVEN = firm(vector("a", r"v_2 a_2 x_2 v_k a_k x_k v_i a_i v_j a_j x_j w_2 b_2 v_n"))
MADE = firm(vector("u", r"u_1 q_1 e_1 b_1 w_1 y_1 u_j u_i q_j q_i e_j y_j"))
SPANNED = r"gram[- –]*schmidt"
STEP = vector("s", r"s_k s_t s_i \delta_k \Delta x_k p_k")
SLOPES = vector("y", r"y_k y_t y_i \gamma_k q_k")
BENT = matrix("B", r"B_k B_t H_k H_t B_i")
FLAT = matrix("H", r"H_k B_k B_k^{-1} H_t D_k")
ONE = matrix("I")
RATE = r"\rho_k \rho"
QUASI = r"\bBFGS\b|quasi-newton|secant|broyden"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="condition number",
        left=r"(?:kappa|cond)(?:_.{1,4})?\(.{1,3}\)",
        words=r"condition number",
        letters=r"kappa(?:_.{1,4})?|cond(?:_.{1,4})?",
        parts=(firm(positive("L", GREATEST)), firm(positive("l", LEAST)), SQUARE),
        formulas=(r"\frac{L}{l}", r"\|A\| \|A^{-1}\|", r"\|A^{-1}\| \|A\|"),
        also=(r"\frac{|L|}{|l|}", r"\sqrt{\frac{L}{l}}", r"\frac{L^2}{l^2}"),
    ),
    Standard(
        name="pseudo-inverse of a matrix with independent columns",
        letters=r"(?:[A-Z]|Phi)\^(?:\+|dagger)",
        words=r"(?:columns|column rank|overdetermined|tall)[\s\S]*pseudo-?inverse"
        r"|pseudo-?inverse[\s\S]*(?:columns|column rank|overdetermined|tall)",
        parts=(firm(tall("A", r"X \Phi M B")),),
        formulas=(r"(A^\top A)^{-1} A^\top",),
    ),
    Standard(
        name="pseudo-inverse of a matrix with independent rows",
        letters=r"(?:[A-Z]|Phi)\^(?:\+|dagger)",
        words=r"(?:linearly independent rows|row rank|underdetermined)[\s\S]*pseudo-?inverse"
        r"|pseudo-?inverse[\s\S]*(?:linearly independent rows|row rank|underdetermined)",
        parts=(firm(wide("A", r"X \Phi M B")),),
        formulas=(r"A^\top (A A^\top)^{-1}",),
    ),
    Standard(
        name="next direction by Gram and Schmidt",
        words=SPANNED,
        usual=r"projection\w*",
        letters=r"(?:tilde|hat)?[uveqwby](?:'|_.{1,3})?",
        parts=(GIVEN, MADE),
        formulas=(
            r"a - \frac{\langle a, u \rangle}{\langle u, u \rangle} u",
            r"a - \frac{\langle u, a \rangle}{\langle u, u \rangle} u",
            r"a - \frac{u^\top a}{u^\top u} u",
            r"a - \frac{u \cdot a}{\|u\|^2} u",
            r"a - \frac{\langle u, a \rangle}{\|u\|^2} u",
            r"a - \sum_j \frac{\langle a, u_j \rangle}{\langle u_j, u_j \rangle} u_j",
            r"a - \sum_j \frac{\langle a, u_j \rangle}{\|u_j\|^2} u_j",
            r"a - \sum_j \frac{u_j^\top a}{u_j^\top u_j} u_j",
            r"a - \sum_j \frac{u_j \cdot a}{u_j \cdot u_j} u_j",
        ),
        also=(
            r"a - \langle a, u \rangle u",
            r"a - (u^\top a) u",
            r"a - u u^\top a",
            r"a - \sum_j \langle a, u_j \rangle u_j",
            r"a - \sum_j (u_j^\top a) u_j",
        ),
    ),
    Standard(
        name="Rayleigh quotient",
        left=r"R(?:_[A-Z])?\([A-Z],[a-z]\)|R(?:_[A-Z])?\([a-z]\)",
        letters=r"(?:R|rho|r|lambda)(?:\([a-z]\))?",
        words=r"rayleigh",
        parts=(SQUARE, vector("x", "v w u q"), matrix("B", "S_W")),
        formulas=(r"\frac{x^\top A x}{x^\top x}", r"\frac{x^\top A x}{\|x\|^2}"),
        also=(r"x^\top A x", r"\frac{x^\top A x}{x^\top B x}"),
    ),
    Standard(
        name="Hessian of the BFGS method",
        carries=("B",),
        words=QUASI,
        letters=r"[BH]_.\+1",
        parts=(STEP, SLOPES, BENT),
        formulas=(
            r"B - \frac{B s s^\top B}{s^\top B s} + \frac{y y^\top}{y^\top s}",
            r"B - \frac{B s s^\top B^\top}{s^\top B s} + \frac{y y^\top}{y^\top s}",
            r"B - \frac{(B s) (B s)^\top}{s^\top B s} + \frac{y y^\top}{y^\top s}",
            r"B - \frac{B s (B s)^\top}{s^\top B s} + \frac{y y^\top}{y^\top s}",
        ),
        also=(
            r"B - \frac{B y y^\top B}{y^\top B y} + \frac{s s^\top}{y^\top s}",  # of DFP, for the inverse
            r"B + \frac{(y - B s) (y - B s)^\top}{(y - B s)^\top s}",
            r"B + \frac{(y - B s) s^\top}{s^\top s}",
        ),
    ),
    Standard(
        name="inverse Hessian of the BFGS method",
        carries=("H",),
        words=QUASI,
        letters=r"(?:H|B|D)_.\+1(?:\^-1)?",
        parts=(STEP, SLOPES, FLAT, ONE, positive("r", RATE)),
        formulas=(
            r"(I - r s y^\top) H (I - r y s^\top) + r s s^\top",
            r"(I - \frac{s y^\top}{y^\top s}) H (I - \frac{y s^\top}{y^\top s}) + \frac{s s^\top}{y^\top s}",
        ),
    ),
)

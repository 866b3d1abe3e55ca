r"""Constraints and what is not smooth: Lagrangians, proximal operators and steps, penalties of ADMM."""

from __future__ import annotations

from .standard import Standard, firm, positive, real, vector

OBJECTIVE = real("f", "f(x) f_0(x) J(x) F(x) f(w) f_0 J(w) f(z)")
ABOVE = firm(real("g", "g_i(x) f_i(x) g(x) g_j(x) g_i(w) c_i(x)"))
EQUAL = firm(real("h", "h_j(x) h_i(x) h(x) h_k(x) h_i(w) h_j(w)"))
FORCES = real("a", r"\lambda_i \lambda \mu_i \alpha_i \mu \alpha \lambda_j \mu_j")
LEVELS = real("b", r"\nu_j \nu_i \nu \mu_j \beta_j \lambda_j \beta_i \mu_i \lambda_i \mu")
LAGRANGE = r"(?:L|ell|Lambda)(?:_.)?\(.*\)"
AT = vector("v", "x y z u x_k w")
WIDTH = positive("t", r"\lambda \eta \gamma \alpha \tau s \mu \rho", may_be_number=True)
UNSMOOTH = real("g", "g(x) f(x) h(x) R(x) g(u) f(u) h(u) f(z) g(z) \\phi(x)")
BOUND = firm(vector("x", "u z y"))

ROWS: tuple[Standard, ...] = (
    Standard(
        name="Lagrangian of a problem with inequalities and equations",
        words=r"\A(?!(?s:.)*(?:maximi[sz]|[)\w]\s*\\geq?\b\s*[^0\s]|\)\s*\\ge))(?s:.)*subject to(?s:.)*\\le",
        usual=r"maximi[sz]\w*|dual\w*",
        letters=LAGRANGE,
        parts=(OBJECTIVE, ABOVE, EQUAL, FORCES, LEVELS),
        formulas=(
            r"f + \sum_i a_i g_i + \sum_j b_j h_j",
            r"f + a^\top g + b^\top h",
            r"f + a g + b h",
        ),
        also=(r"f + \sum_i a_i g_i - \sum_j b_j h_j",),
    ),
    Standard(
        name="proximal operator",
        left=r"prox_.{1,12}\(.{1,6}\)",
        words=r"\bproxim\w+",
        letters=r"prox\(.{1,6}\)|x\^\*|x_.\+1",
        parts=(AT, WIDTH, UNSMOOTH),
        formulas=(
            r"\arg\min_x (g_x + \frac{1}{2 t} \|x - v\|^2)",
            r"\arg\min_x (t g_x + \frac{1}{2} \|x - v\|^2)",
            r"\arg\min_x (\frac{1}{2 t} \|x - v\|^2 + g_x)",
            r"\arg\min_x (g_x + \frac{1}{2} \|x - v\|^2)",
        ),
        also=(r"\arg\min_x (g_x + \frac{1}{t} \|x - v\|^2)",),
    ),
    Standard(
        name="value of a Moreau envelope",
        words=r"moreau",
        letters=r"(?:M|e|E|f)(?:_.{1,12})?(?:\^.{1,8})?\(.{1,6}\)",
        parts=(AT, WIDTH, UNSMOOTH),
        formulas=(r"\min_x (g_x + \frac{1}{2 t} \|x - v\|^2)",),
    ),
)

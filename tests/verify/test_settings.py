"""What claims nothing, names, choices and conditions, beside what does; and what a formula is made of."""

from __future__ import annotations

import pytest

from verify.check import check_document
from verify.documents.markdown import read_markdown
from verify.results import Statement, StatementKind, Verdict

A_NAME = (
    r"Let $Y = g(X)$.",
    r"Shift the places by setting $k = i + a$ in $s_i = \sum_k w_{ik} x_k$.",
    r"The points lie where $u v = 50$.",
    r"Other units are given by $$\sigma(t) = \begin{cases} 1 & t \geq 0 \\ -1 & t < 0 \end{cases}$$",
    r"The output at a pixel: $$[\mathbf{H}]_{i,j} = u + \sum_a [\mathbf{V}]_{a} [\mathbf{X}]_{i+a,j}$$",
    r"We minimise $$\begin{aligned} & J(w) = (y - w)^2 \\ \text{s.t.} \quad & |w_1| + |w_2| \leq r \end{aligned}$$",
    r"The points count as $$n = 1 \ldots N$$",
    r"Rare is the event $|E(h) - \hat{E}(h)| \geq t$",
    r"Suppose that we have the density $p(x) = \frac{1}{x^2}$.",
    r"Suppose that we have the following chances: $$P(X = 1) = \frac{u}{2}$$",
    r"There is a point $v$ for which $g(u) + 1 < g(v)$.",
    r"It is scored by $$F1 = \frac{2 a}{2 a + b}$$",
    r"The best ones follow: $$w^*, b^* = \arg\min_{w, b} L(w, b)$$",
    r"We estimate it by samples: $$J(\theta) \approx \frac{1}{N} \sum_i R(u_i)$$",
    r"We minimise $$\begin{aligned} & (y-w)^2 \\ \text{s.t.} \quad & g(w) = 1 \\ & g(w + 1) = u(w) \end{aligned}$$",
    r"All points are on a circle: $u^2 + v^2 = 1$.",
    r"First comes $$g(u) + g(v)$$ A divergence is always $\geq 0$",
)
A_CLAIM = (
    r"Let $L = a^2$. Hence $\frac{d L}{d a} = \tan(a b)$.",
    r"From $A x = b$ we get $C (x + y) = \hat{C} z$.",
    r"The shares of the limit satisfy $$u + \hat{C} z = 1$$",
    r"If we wish we may examine the quotient $$\frac{g(x + h) - g(x)}{h} = v(x) + h \hat{C}$$",
    r"The slope follows, where $$\frac{\partial L}{\partial w} = \hat{C} z$$",
    r"Products of matrices are sums: $$\mathbf{B}\mathbf{A} = \sum_j \mathbf{b}_j \mathbf{a}^j + \hat{C}$$",
    r"Therefore all points obey $$u^2 + v^2 = 1$$",
    r"The mean is linear: $E[X + Y] = E[X] + \tilde{E}_q[Y]$.",
)


@pytest.mark.parametrize("text", A_NAME)
def test_a_name_a_choice_and_a_condition_are_no_claims(text: str) -> None:
    assert checked(text)[-1].kind is not StatementKind.CLAIM


@pytest.mark.parametrize("text", A_CLAIM)
def test_what_is_concluded_is_a_claim(text: str) -> None:
    assert checked(text)[-1].kind is StatementKind.CLAIM


def test_spaces_as_wide_as_a_quad_part_statements() -> None:
    wide, narrow = r"\,\,\,\,\,\, ", r"\, \, "
    assert [s.latex for s in checked(rf"$$ a = 2 b {wide} c = 3 d $$")] == ["a = 2 b", "c = 3 d"]
    assert [s.verdict for s in checked(rf"Let $q = 2 {narrow} b$. Then $$q + b = 3 {narrow} b$$")][1:] == [
        Verdict.PROVED
    ]


def test_a_reason_beside_a_row_is_no_part_of_the_chain() -> None:
    rows = r"(a + b)^2 &= (a + b)(a + b) && \text{since } c = a^2 \\ &= a^2 + 2ab + b^2 && \text{(as } ab = ba \text{)}"
    for opening, closing in (("$$", "$$"), ("$\n", "\n$")):
        found = checked(rf"{opening}\begin{{align*}} {rows} \\ &= a^2 + b^2 + 2ab \end{{align*}}{closing}")
        claims = [s.verdict for s in found if s.kind is StatementKind.CLAIM]
        assert claims == [Verdict.PROVED] * len(claims) and len(claims) == 4


def checked(text: str) -> tuple[Statement, ...]:
    return check_document(read_markdown("note.md", text), timeout=20).statements

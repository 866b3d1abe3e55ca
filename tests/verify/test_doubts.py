"""Traps: true or conditional statements that a hasty reader would call wrong, and false ones that it would accept."""

from __future__ import annotations

import pytest

from verify.check import check_document
from verify.documents.markdown import read_markdown
from verify.results import Statement, Verdict

# the last formula of each is meant by its author, or may be: it must not be refuted
INNOCENT = {
    "sum beside sum": r"$S = \sum_i a_i + \sum_i b_i$ and $$S = \sum_i b_i + \sum_i a_i$$",
    "stationary": r"$L = (y-z)^2$, $z = w x$. $$\frac{\partial L}{\partial w} = -2x(y-z) = 0$$",
    "update": r"$L = (y-w)^2$. $$w = w - \eta \frac{\partial L}{\partial w}$$",
    "condition in a formula": r"$q = y \log p + (1-y) \log(1-p)$. If $y = 1$: "
    r"$$\frac{\partial q}{\partial p} = \frac{1}{p}$$",
    "condition in words": r"$q = y \log p$. When $y$ is one, $$\frac{\partial q}{\partial p} = \frac{1}{p}$$",
    "different indices": r"$p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$. For $i \ne j$ "
    r"$$\frac{\partial p_i}{\partial z_j} = -p_i p_j$$",
    "∂ that holds E fixed": r"$J = E + \lambda w^2$, $E = (y - w x)^2$: "
    r"$$\frac{dJ}{dw} = \frac{\partial J}{\partial E}\frac{dE}{dw} + \frac{\partial J}{\partial w}$$",
    "another meaning under another heading": "# A\n$L = (y - p)^2$\n\n# B\n$L = -\\log p$\n\n# C\n"
    r"$$\frac{\partial L}{\partial p} = 2 (p - y)$$",
    "other arguments": r"$f(x) = x^2$. $$D = f(x) - f(y) = x^2 - y^2$$",
    "σ of its own": r"Let $\sigma(z) = \tanh(z)$ and $h = \sigma(z)$. $$\frac{dh}{dz} = 1-h^2$$",
    "σ of an unknown kind": r"With the activation $\sigma$ let $h = \sigma(z)$. $$\frac{dh}{dz} = 1-h^2$$",
    "a quantity defined in words": r"$L=(y-u)^2$, $u = \sum_j v_j x_j$. $$\frac{\partial "
    r"L}{\partial v_j} = \delta x_j$$",
    "a fixed entry": r"$z_j = \sum_{i=0}^{m} w_{ij} x_i$ and $x_0 = 1$. $$\frac{\partial z_j}{\partial w_{0j}} = 1$$",
    "a named mistake": r"$L = (y - u)^2$. A common mistake is to write $$\frac{\partial L}{\partial u} = 2 (y - u)$$",
    "rounded": r"$a = \frac{1}{3} = 0.33$",
    "label or power": r"$u = \theta^h x$, $v = u^2$. $$\frac{\partial u}{\partial \theta} = h x$$",
    "reach of d/dx": r"$y = x^2 + 3 x$. $$\frac{d}{dx} x^2 + 3 x = 2 x + 3$$",
    "two displays apart": r"$$a = b + c$$ $$\boxed{\frac{$$ $$= 2 b$$",
    "restored input": r"$h = \tanh(w x)$ and $L = h^2$. $$x = v h$$",
    "a lost definition": r"$J = (y-u)^2 + \lambda w^2$, $\mathbf{u} = \mathbf{W}^T "
    r"\mathbf{x}$, $u = \mathbf{w}^T \mathbf{x}$."
    r" $$\frac{\partial J}{\partial w} = 2 \lambda w + 2 (u - y) x$$",
}

# the last formula of each is false, or claims what the text does not support: it must not be accepted
FALSE = {
    "layers in brackets": r"$a^{[1]} = \tanh(z)$, $a^{[2]} = \tanh(u)$. $$\frac{\partial "
    r"a^{[2]}}{\partial u} = 1 - (a^{[1]})^2$$",
    "Bayes turned round": r"$$P(Y=y|X=x) = P(X=x|Y=y)$$",
    "matrices do not commute": r"$$\mathbf{y} = \mathbf{A}\mathbf{x}$$ $$\mathbf{y} = \mathbf{x}\mathbf{A}$$",
    "matrices in capitals": r"The matrices $A$ and $B$: $y = A B$ $$y = B A$$",
    "one value does not make a constant": r"$q = y \log p$. If $y = 1$: $$\frac{\partial "
    r"q}{\partial p} = \frac{1}{p}$$",
    "a derivative past an unread definition": r"$J = (y-u)^2 + w^2$, $u = \mathbf{w}^T \mathbf{x}$."
    r" $$\frac{\partial J}{\partial w} = 2 w$$",
    "fonts apart": r"$\mathcal{L} = p^2$, $L = p^3$. $$\frac{\partial \mathcal{L}}{\partial p} = 3 p^2$$",
    "an inverse is no power": r"$u = \tanh(z)$, $z = \tanh^{-1}(u)$ $$\frac{d}{dz} u = 1 - \tanh(z)$$",
    "a sum that binds anew": r"$S = \sum_{i=1}^n a_i + \sum_{i=1}^n b_i$. $$S = "
    r"\sum_{i=1}^n a_i + n \sum_{i=1}^n b_i$$",
    "second derivatives are no fractions": r"$L = w^2$. $$\frac{\partial^2 L}{\partial w^2} = \frac{\partial L}{w}$$",
}


def last(text: str) -> Statement:
    return check_document(read_markdown("note.md", text), timeout=20).statements[-1]


@pytest.mark.parametrize("name", INNOCENT)
def test_what_may_be_meant_otherwise_is_not_called_wrong(name: str) -> None:
    statement = last(INNOCENT[name])
    assert statement.verdict is not Verdict.REFUTED, statement
    assert statement.because


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_not_accepted(name: str) -> None:
    statement = last(FALSE[name])
    assert statement.verdict not in (Verdict.PROVED, Verdict.HOLDS), statement


def test_plain_slips_are_still_found() -> None:
    """The doubts do not make the checker blind."""
    slips = (
        r"$L = (y-u)^2$, $u = w x$. $$\frac{\partial L}{\partial w} = 2 (y - u) x$$",
        r"$J = E + \lambda w^2$, $E = (y - w x)^2$. $$\frac{\partial J}{\partial w} = -2 x (y - w x) + 2 \lambda$$",
        r"The sigmoid is $\sigma$, $p = \sigma(z)$. $$\frac{dp}{dz} = p (p - 1)$$",
        r"$p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$. $$\frac{\partial p_i}{\partial z_j} = -p_i p_i$$",
    )
    assert [last(text).verdict for text in slips] == [Verdict.REFUTED] * len(slips)

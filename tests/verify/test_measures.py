"""Laws of events and distribution functions hold in all finite probability spaces; what is false in one is no law."""

from __future__ import annotations

import pytest

from verify.check import check_document
from verify.documents.markdown import read_markdown
from verify.results import Verdict

TRUE = (
    r"P(A \cup B) = P(A) + P(B) - P(A \cap B)",
    r"P(\bar{A} \cup \bar{B}) = 1 - P(A \cap B)",
    r"P(A \cap B^c) + P(A \cap B) = P(A)",
    r"P((A \cup B) \cap C) \leq P(A \cap C) + P(B \cap C)",
    r"\max(P(A), P(B)) \leq P(A \cup B)",
    r"P(A \cup B) P(A \cap B) \leq P(A) P(B)",  # not concave, and so left open
    r"\sum_k P(X = k) = 1",
    r"\sum_k k^2 P(X = k) = E[X^2]",
    r"P(a < X \leq b) \leq F_X(b)",
    r"P(X \leq x, Y \leq y) \leq F_X(x)",
    r"F_{X,Y}(x, y) \leq F_X(x)",
    r"\sum_{x \in A} p_X(x) \leq 1",
    r"P(X \in A) = 1 - P(X \notin A)",  # a sign that is not read
    r"\int_a^b f_X(t) \, dt = F_X(b) - F_X(a)",
    r"\int_{x \in A} f_X(x) \, dx \leq 1",
    r"\int f_{X,Y}(x, y) \, dy = f_X(x)",
    r"\int_{-\infty}^{x} p(x) \, dx = P(X \leq x)",
    r"\int_a^b p(x) \, dx = P(X \in (a, b])",
    r"2 \int_{-\infty}^{\infty} x p(x) \, dx = 2 \mu_X",
    r"P(X \in [a, b)) \leq P(X < b)",
    r"E[X^2] = \sum_x x^2 p_X(x)",
    r"E[g(X)] = \int g(x) f_X(x) \, dx",
    r"\text{Var}(X) = E[(X - \mu_X)^2]",
    r"E[(X - \mu_X)^2] = E[X^2] - \mu_X^2",
    r"E[(X - \mu_X) (Y - \mu_Y)] = E[X Y] - \mu_X \mu_Y",
    r"\text{Var}_{x \sim q}[f(x)] = \mathbb{E}_{x \sim q}[f(x)^2] - \mathbb{E}_{x \sim q}[f(x)]^2",
    r"\mathbb{E}_{x \sim q}[f^2(x) w^2(x)] - \mathbb{E}_{x \sim q}[f(x) w(x)]^2 \geq 0",
    r"\mathbb{E}_{z \sim q}[\log \frac{p(z)}{r(z)}] \leq \log \mathbb{E}_{z \sim q}[\frac{p(z)}{r(z)}]",
    r"P(\exists h \in \mathcal{H}: |E(h) - \hat{E}(h)| > t) \leq \sum_{h \in \mathcal{H}} P(|E(h) - \hat{E}(h)| > t)",
    r"1 - P(\exists h \in H: |E(h) - \hat{E}(h)| > t) = P(\forall h \in H: |E(h) - \hat{E}(h)| \leq t)",
    r"P(\hat{E}(g) - E(g) + E(h) - \hat{E}(h) \leq t) \leq P(E(h) - E(g) \leq \hat{E}(h) - \hat{E}(g) + t)",
    r"P((X \leq x) \wedge (Y \leq y)) \geq P(X \leq x) + P(Y \leq y) - 1",
)
OPEN = (TRUE[5], TRUE[12])  # true, and not told
FALSE = (
    r"P(A \cup B) = P(A) + P(B) - P(A) P(B)",
    r"P(A \cup B) \geq P(A) + P(B)",
    r"P(\bar{A} \cup \bar{B}) = 1 - P(A \cup B)",
    r"P(A \cap B) \geq P(A) + P(B) - P(C)",
    r"P(A \mid B) + P(A \mid B^c) = 1",
    r"P(A \mid B) \leq P(A \cup B)",
    r"\sum_k P(X \leq k) = 1",
    r"P(a \leq X \leq b) = F_X(b) - F_X(a)",
    r"P(X < x) = F_X(x)",
    r"F_{X,Y}(x, y) = F_X(x) F_Y(y)",
    r"F_{X,Y}(x, y) \geq F_X(x)",
    r"p_X(x) \leq F_X(x) - \frac{1}{100}",
    r"p_{X \mid Y}(x \mid y) \leq p_X(x)",
    r"\mu_X \leq E[X^2]",
    r"E[X^2] \geq E[X] + 0 \cdot P(A)",
    r"P(X > 0) \leq E[X^2]",
    r"k P(A) \leq k^2 P(A)",
    r"F_X(x) \leq x + 9",
    r"p_X(7) = 0",
    r"p_X(x + 1) = 0",
    r"P(X + Y = z) = 0",
    r"E[x y] = E[x] E[y] + 0 \cdot P(A)",
    r"\sum_Y P(X, Y) = 6 P(X, Y)",
    r"P(X = 50) = 0",
    r"P(X \leq -40) = 0",
    r"f_X(x) \leq F_X(x)",
    r"\int_a^b f_X(t) \, dt = F_X(b) + F_X(a)",
    r"\int f_{X,Y}(x, y) \, dy = f_Y(y)",
    r"\int_{-\infty}^{x} p(x) \, dx = P(X \geq x)",
    r"\int_{-\infty}^{\infty} x^2 p(x) \, dx = \mu_X",
    r"\int_a^b p(x) \, dx = 1 - P(X \in (a, b])",
    r"P(X \in [a, b)) = P(X \in (a, b])",
    r"P(X \in [a, b]) \leq p(b)",
    r"E[g(X)] = \int g(x) F_X(x) \, dx",
    r"E[X^2] = (\sum_x x p_X(x))^2",
    r"E[X] \leq \mu_X - \sigma_X",
    r"0 + P(\exists h \in \mathcal{H}: |E(h) - \hat{E}(h)| > t) = \sum_{h \in \mathcal{H}} P(|E(h) - \hat{E}(h)| > t)",
    r"1 - P(\exists h \in H: |E(h) - \hat{E}(h)| > t) = P(\forall h \in H: |E(h) - \hat{E}(h)| > t)",
    r"P(\forall h \in \mathcal{H}: |E(h) - \hat{E}(h)| \leq t) \geq 1 - P(|E(g) - \hat{E}(g)| > t)",
    r"P(\hat{E}(g) - E(g) + E(h) - \hat{E}(h) \leq t) \leq P(E(h) - E(g) \leq \hat{E}(g) - \hat{E}(h) + t)",
    r"P((X \leq x) \vee (Y \leq y)) \leq P(X \leq x)",
    r"E[(X - \mu_X)^2] = E[X^2] + \mu_X^2",
    r"E[(X - \mu_Y)^2] = E[X^2] - \mu_X^2",
    r"\mathbb{E}_{x \sim q}[f^2(x)] - \mathbb{E}_{x \sim q}[f(x)]^2 \leq 0",
    r"\mathbb{E}_{x \sim q}[f(x) w(x)] = \mathbb{E}_{x \sim q}[f(x)] \mathbb{E}_{x \sim q}[w(x)]",
    r"\mathbb{E}_{x \sim q}[f(x)] = \mathbb{E}_{x \sim p}[f(x)]",
    r"\text{Var}_{x \sim q}[f(x)] = \mathbb{E}_{x \sim q}[f(x)^2] + \mathbb{E}_{x \sim q}[f(x)]^2",
    r"\text{Var}_{x \sim q}[f(x) + g(x)] = \text{Var}_{x \sim q}[f(x)] + \text{Var}_{x \sim q}[g(x)]",
    r"\mathbb{E}_{z \sim q}\left[\log p(z)\right] \geq \log \mathbb{E}_{z \sim q}\left[p(z)\right]",
    r"\mathbb{E}_{z \sim q}\left[f(z)\right] \geq f(\mathbb{E}_{z \sim q}\left[z\right])",
    r"\lim_{x \to \infty} F_X(x) = 0",
    r"\lim_{x \to \infty} p_X(x) = 1",
)


@pytest.mark.parametrize("claim", [c for c in TRUE if c not in OPEN])
def test_a_law_holds(claim: str) -> None:
    assert verdict_on(claim) in (Verdict.PROVED, Verdict.HOLDS)


@pytest.mark.parametrize("claim", OPEN)
def test_what_is_true_is_never_called_wrong(claim: str) -> None:
    assert verdict_on(claim) not in (Verdict.REFUTED, Verdict.CONFLICT)


@pytest.mark.parametrize("claim", FALSE)
def test_what_is_false_in_some_space_does_not_hold(claim: str) -> None:
    assert verdict_on(claim) not in (Verdict.PROVED, Verdict.HOLDS)


BENT = (
    ("Let $f$ be convex.", r"E[f(X)] \geq f(E[X])", True),
    ("For a strictly convex function $f$", r"f(E_X[X]) \leq E_X[f(X)]", True),
    ("As $g$ is concave", r"g(E[X]) \geq E[g(X)]", True),
    ("Let $f$ be convex.", r"E[f(X)] \leq f(E[X])", False),
    ("Let $f$ be convex.", r"E[f(X)] \geq 2 f(E[X])", False),
    ("Let $f$ be convex.", r"E[f(X)] \geq f(E[X]) + \frac{1}{1000}", False),
    ("As $g$ is concave", r"g(E[X]) \leq E[g(X)]", False),
    ("Let $f$ be a function.", r"E[f(X)] \geq f(E[X])", False),
    ("Let $f$ be non-convex.", r"E[f(X)] \geq f(E[X])", False),
    ("Let $f$ map a convex set to numbers.", r"E[f(X)] \geq f(E[X])", False),
)


@pytest.mark.parametrize(("words", "claim", "holds"), BENT)
def test_means_of_bent_functions(words: str, claim: str, holds: bool) -> None:
    found = check_document(read_markdown("note.md", f"{words} Then $${claim}$$"), timeout=20).statements[-1].verdict
    assert (found in (Verdict.PROVED, Verdict.HOLDS)) is holds


def verdict_on(claim: str) -> Verdict:
    text = f"Let $A$, $B$, $C$ be events and $X$, $Y$ random variables. It follows that $${claim}$$"
    return check_document(read_markdown("note.md", text), timeout=20).statements[-1].verdict

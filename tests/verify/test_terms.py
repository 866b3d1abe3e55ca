"""Laws of terms: sums and means are linear, means of 1 are 1, derivatives go through sums; what differs stays so."""

from __future__ import annotations

import pytest

from derive.notation.parser import parse
from verify.terms.readings import compared, lefts_of

TRUE = (
    (r"\sum_x (f(x) + c g(x))", r"\sum_x f(x) + c \sum_x g(x)"),
    (r"\sum_x \sum_y p(x) q(y \mid x) f(y)", r"\sum_y \sum_x p(x) q(y \mid x) f(y)"),
    (r"\sum_x \sum_y f(x) g(y)", r"\sum_x f(x) \sum_y g(y)"),
    (r"\sum_y q(y \mid x) h(x)", r"h(x)"),
    (r"\mathbb{E}_{x \sim p(x)}[f(x)]", r"\int p(x) f(x) dx"),
    (r"\mathbb{E}_{x \sim D}[c]", "c"),
    (r"\mathbb{E}_{z \sim q}[f(z) w(z)]", r"\sum_z f(z) w(z) q(z)"),
    (r"\mathbb{E}_{x \sim p}[f(x)]", r"\mathbb{E}_{x \sim q}[\frac{p(x)}{q(x)} f(x)]"),
    (
        r"\mathbb{E}_{(x, y) \sim D}[f(x) + g(y)]",
        r"\mathbb{E}_{(x, y) \sim D}[f(x)] + \mathbb{E}_{(x, y) \sim D}[g(y)]",
    ),
    (r"\mathbb{E}[\beta f(x)]", r"\beta \mathbb{E}[f(x)]"),
    (r"\log \prod_{i=1}^n f(x_i)", r"\sum_{j=1}^n \log f(x_j)"),
    (r"\nabla_\theta \sum_x p_\theta(x) r(x)", r"\sum_x p_\theta(x) r(x) \nabla_\theta \log p_\theta(x)"),
    (r"\sum_x \nabla_\theta p_\theta(x)", "0"),
    (r"\int p(x \mid z) p(z) dz", "p(x)"),
    (r"p(z \mid x)", r"\frac{p(x \mid z) p(z)}{p(x)}"),
    (r"D_{KL}(q(z) \| p(z))", r"\sum_z q(z) \log q(z) - \sum_z q(z) \log p(z)"),
    (r"\sum_{k=0}^\infty a^k f(k)", r"f(0) + a \sum_{k=0}^\infty a^k f(k + 1)"),
    (r"\sum_{k: a_k > 0} (f(k) + g(k))", r"\sum_{k: a_k > 0} f(k) + \sum_{k: a_k > 0} g(k)"),
    (r"\sum_{x^+ \in D^+} m^+ f(x^+)", r"m^+ \sum_{x^+ \in D^+} f(x^+)"),
    (r"\sum_{x_j \in D} (w_j + c) f(x_j)", r"\sum_{x_j \in D} w_j f(x_j) + c \sum_{x_j \in D} f(x_j)"),
    (
        r"\sum_{(x_j, y_j) \in D \wedge y_j = i} \frac{f(x_j)}{a_i}",
        r"\frac{1}{a_i} \sum_{(x_j, y_j) \in D \wedge y_j = i} f(x_j)",
    ),
    (r"\int_a^b (f(t) + 2 g(t)) dt", r"\int_a^b f(u) du + 2 \int_a^b g(u) du"),
    (r"\sum_{i=1}^n \sum_{j=1}^n f(i, j) g(j)", r"\sum_{j=1}^n g(j) \sum_{i=1}^n f(i, j)"),
    (r"\sum_{i=1}^n \sum_{j=1}^n a_{ij} f(i)", r"\sum_{i=1}^n \sum_{j=1}^n a_{ji} f(j)"),
    (r"\sum_{i=1}^n (f(i) - g(i))^2", r"\sum_{i=1}^n (f^2(i) - 2 f(i) g(i) + g^2(i))"),
    (r"\sum_{i, j} (f(i) - c) g(j)", r"\sum_{i, j} f(i) g(j) - c \sum_{i, j} g(j)"),
    (r"\frac{f(1)}{\sqrt{d_i} \sqrt{d_j}}", r"\frac{1}{\sqrt{d_i d_j}} f(1)"),
    (r"\sum_{i, j = 1}^n f(i, j)", r"\sum_{i=1}^n \sum_{j=1}^n f(i, j)"),
    (r"\sum_{k=0}^2 a_k f(k)", r"a_0 f(0) + a_1 f(1) + a_2 f(2)"),
    (r"\prod_{k=1}^2 f(x_k)", r"f(x_1) f(x_2)"),
    (r"\int_0^a (\gamma t + 1) dt", r"\frac{\gamma a^2}{2} + a"),
    (r"\int_0^{-1} 1 dt", "-1"),
    (r"\min_w f(w)", r"-\max_w (-f(w))"),
    (r"c \frac{\partial J}{\partial h}", r"\frac{\partial J}{\partial h} c"),
    (r"\partial_w f(w)", r"\frac{\partial f(w)}{\partial w}"),
    (r"\left[ f(x) \right]_i + 1", r"1 + \left[ f(x) \right]_i"),
    (r"\arg\min_w (-\frac{1}{N} \sum_{i=1}^N \log p(x_i \mid w))", r"\arg\max_w \prod_{i=1}^N p(x_i \mid w)"),
    (r"\arg\max_w (\log p(x \mid w) - \log p(x))", r"\arg\max_w p(x \mid w)"),
    (r"\min(f(a), g(b))", r"-\max(-g(b), -f(a))"),
    (r"\log \frac{f(a) e^{g(b)}}{h(a, b)}", r"\log f(a) + g(b) - \log h(a, b)"),
)
FALSE = (
    (r"\sum_{k=0}^\infty f(k)", r"\sum_{k=0}^\infty f(k + 1)"),
    (r"\sum_{k=0}^\infty a^k f(k)", r"f(0) + \sum_{k=0}^\infty a^k f(k + 1)"),
    (r"\mathbb{E}_{(x, y) \sim D}[f(x) g(y)]", r"\mathbb{E}_{(x, y) \sim D}[f(x)] \mathbb{E}_{(x, y) \sim D}[g(y)]"),
    (r"\mathbb{E}[x y]", r"x \mathbb{E}[y]"),
    (r"\mathbb{E}_{z \sim q}[f(z)]", r"\sum_z p(z) f(z)"),
    (r"\mathbb{E}_{x \sim p}[f(x)]", r"\mathbb{E}_{x \sim q}[\frac{q(x)}{p(x)} f(x)]"),
    (r"\mathbb{E}_{x \sim p}[q(x) f(x)]", r"\mathbb{E}_{x \sim p}[q(x)] \mathbb{E}_{x \sim p}[f(x)]"),
    (r"\sum_{k: a_k > 0} f(k) g", r"g \sum_{k: a_k > 0} f(k)"),
    (r"\sum_{k: a_k > 0} 1", "1"),
    (r"\sum_{k: a_k > 0} \alpha", r"\alpha"),
    (r"\sum_{k: a_k > 0} f(k)", r"\sum_{k: a_k < 0} f(k)"),
    (r"\sum_{x_\alpha \in D} w_\alpha x_\alpha", r"w_\alpha \sum_{x_\alpha \in D} x_\alpha"),
    (r"\sum_{x_j \in D} w_j x_j", r"w_j \sum_{x_j \in D} x_j"),
    (r"\sum_{x_j \in D} f(x_j) y_j", r"y_j \sum_{x_j \in D} f(x_j)"),
    (r"\sum_{(x_j, y_j) \in D \wedge y_j = i} w_j", r"w_j \sum_{(x_j, y_j) \in D \wedge y_j = i} 1"),
    (r"\sum_{(x_j, y_j) \in D \wedge y_j = i} f(x_j)", r"\sum_{(x_j, y_j) \in D \wedge y_j = k} f(x_j)"),
    (r"\sum_{x_j \in D, j \neq i} f(x_j)", r"\sum_{x_j \in D} f(x_j)"),
    (r"\sum_{i=1}^n \sum_{j=1}^n f(i, j) g(j)", r"\sum_{j=1}^n g(j) \sum_{i=1}^n f(j, i)"),
    (r"\sum_{i=1}^n \sum_{j=1}^n a_{ij} f(i)", r"\sum_{i=1}^n \sum_{j=1}^n a_{ij} f(j)"),
    (r"\sum_{i=1}^n \sum_{j=1}^n \sum_{k=1}^i a_k f(i)", r"\sum_{i=1}^n \sum_{j=1}^n \sum_{k=1}^i a_k f(j)"),
    (r"\sum_{i=1}^n \sum_{j=1}^i f(i, j)", r"\sum_{i=1}^n \sum_{j=1}^i f(j, i)"),
    (r"f^2(x) - g(x)", r"f(x) - g(x)"),
    (r"f^2(f^1(x))", r"f(f^1(x))^2"),
    (r"f^{-1}(x)", r"\frac{1}{f(x)}"),
    (r"\sqrt{a} + f(1)", r"-\sqrt{a} + f(1)"),
    (r"\sqrt{f(a)^2}", r"f(a)"),
    (r"\int_a^b f(t) dt", r"\int_b^a f(t) dt"),
    (r"\int_a^b f(t) g(t) dt", r"f(t) \int_a^b g(t) dt"),
    (r"\sum_{k=0}^2 a_k f(k)", r"a_0 f(0) + a_1 f(1)"),
    (r"\int_0^a \gamma t dt", r"\gamma a^2"),
    (r"\int_0^a v dt", r"v a"),
    (r"\int_0^a f(t) t dt", r"\frac{f(t) a^2}{2}"),
    (r"\int_0^\infty 1 dt", r"\infty"),
    (r"\min_w f(w)", r"\max_w (-f(w))"),
    (r"\frac{d J}{d t}", r"\frac{\partial J}{\partial t}"),
    (r"\frac{\partial J}{\partial x_i}", r"\frac{\partial J}{\partial x_j}"),
    (r"\frac{\partial x_i}{\partial x_j}", "0"),
    (r"\frac{\partial (J + K)}{\partial h}", r"\frac{\partial J}{\partial h}"),
    (r"\left[ f(x) \right]_i", r"\left[ f(x) \right]_j"),
    (r"\max_w (f(w) + g(w))", r"\max_w f(w) + \max_w g(w)"),
    (r"\max_w p(x \mid w)", r"\max_w \log p(x \mid w)"),
    (r"\arg\max_w f(w)", r"\arg\max_w \log f(w)"),
    (r"\arg\max_w p(x \mid w) p(w)", r"\arg\max_w p(x \mid w)"),
    (r"\arg\max_w c f(w)", r"\arg\max_w f(w)"),
    (r"\arg\min_w p(x \mid w)", r"\arg\max_w \log p(x \mid w)"),
    (r"\max_w f(w) + g(w)", r"g(w) + \max_w f(w)"),
    (r"\sum_x f(x)^2", r"(\sum_x f(x))^2"),
    (r"\sum_{i=1}^n f(x_i)", r"\sum_{i=0}^n f(x_i)"),
    (r"f(x, y)", "f(y, x)"),
    (r"f(-x)", "f(x)"),
    (r"\sum_x p(x) f(x)", r"\sum_x f(x)"),
    (r"\sum_x f(x \mid y)", "1"),
    (r"\frac{\partial f(x)}{\partial x_j}", "0"),
    (r"\nabla_w L", "0"),
    (r"p(x \mid z) p(z)", "p(x)"),
    (r"A B", "B A"),
    (r"\sigma(-z)", r"1 - \sigma^2(z)"),
    (r"\sigma'(z)", r"\sigma(z)"),
    (r"\mathbb{E}^2[x]", r"\mathbb{E}[x]"),
    (r"f(x)'", "f(x)"),
    (r"A x", "x A"),
    (r"A^{-1} x", "x A^{-1}"),
    (r"f(x)^{10000000000}", "f(x)^{10000000001}"),
    (r"W f(x)", "f(x) W"),
    (r"P(x, y)", "P(y, x)"),
    (r"s_{t + 1}", "s_t + 1"),
    (r"\log (f(x) + g(x))", r"\log f(x) + \log g(x)"),
)


def _agree(left: str, right: str) -> bool:
    first, second = parse(left)[0], parse(right)[0]
    return compared(lefts_of(first, second, {}, {}), second).agreed is not None


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_an_identity_of_terms_is_proved(left: str, right: str) -> None:
    assert _agree(left, right)


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_what_need_not_be_equal_is_not(left: str, right: str) -> None:
    assert not _agree(left, right)

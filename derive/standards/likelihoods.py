r"""Likelihoods of independent observations, as products; their logarithms stand with the distributions."""

from __future__ import annotations

from .distributions import N
from .standard import Standard, bit, positive, share

ROWS: tuple[Standard, ...] = (
    Standard(
        name="likelihood of Bernoulli trials",
        words=r"(?<!log )(?<!log-)likelihood",
        usual=r"likelihood|maximi[sz]\w+|conditional",
        letters=r"(?:[pPLl]|ell|mathcal\{?L\}?)(?:_.{1,6})?(?:\(.*\))?",
        parts=(
            bit("x", "y x_i y_i y_n x_n t_n x^{(i)} y^{(i)} t"),
            share("p", r"\theta \mu \pi q \phi \hat{y}_i \hat{y} \hat{y}_n p_i p_n h \pi_i \mu_i"),
            positive("k", r"n_1 N_1 h m s N_H n_H a"),
            positive("j", r"n_0 N_0 t N_T n_T l b"),
            N,
        ),
        formulas=(
            r"\prod_{i=1}^n p^{x_i} (1 - p)^{1 - x_i}",
            r"\prod_{i=1}^n p_i^{x_i} (1 - p_i)^{1 - x_i}",
            r"p^x (1 - p)^{1 - x}",
            r"p^k (1 - p)^{n - k}",
        ),
        also=(
            r"p^k (1 - p)^j",  # of k and j outcomes, where j is no total
            r"\sum_{i=1}^n (x_i \log p + (1 - x_i) \log (1 - p))",
            r"\sum_{i=1}^n (x_i \log p_i + (1 - x_i) \log (1 - p_i))",
            r"-\sum_{i=1}^n (x_i \log p + (1 - x_i) \log (1 - p))",
            r"-\sum_{i=1}^n (x_i \log p_i + (1 - x_i) \log (1 - p_i))",
            r"x \log p + (1 - x) \log (1 - p)",
            r"\prod_{i=1}^n p^{1 - x_i} (1 - p)^{x_i}",  # of the other outcome
            r"\prod_{i=1}^n p_i^{1 - x_i} (1 - p_i)^{x_i}",
            r"p^{1 - x} (1 - p)^x",
            r"p^{n - k} (1 - p)^k",
            r"x p + (1 - x) (1 - p)",
            r"p^{n x} (1 - p)^{n - n x}",
        ),
    ),
)

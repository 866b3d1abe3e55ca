"""Claims in vector and matrix notation: what is true is proved, and nothing that is false."""

from __future__ import annotations

import pytest

from verify.check import check_document
from verify.documents.markdown import read_markdown
from verify.results import Statement, Verdict

TEXT = r"""# Matrices

Let $A \in \mathbb{R}^{n \times n}$, $B \in \mathbb{R}^{n \times n}$ and $\mathbf{x}, \mathbf{b} \in \mathbb{R}^n$.

$$Q = \mathbf{x}^\top A \mathbf{x} + \mathbf{b}^\top \mathbf{x}$$

"""
TRUE = (
    r"\nabla_{\mathbf x} Q = (A + A^\top) \mathbf x + \mathbf b",
    r"\frac{\partial Q}{\partial \mathbf x} = (A + A^\top) \mathbf x + \mathbf b",
    r"\frac{\partial Q}{\partial A} = \mathbf x \mathbf x^\top",
    r"\frac{\partial Q}{\partial x_i} = \sum_j (A_{ij} + A_{ji}) x_j + b_i",
    r"(A B)^\top = B^\top A^\top",
    r"\operatorname{tr}(A B) = \operatorname{tr}(B A)",
    r"\operatorname{tr}(\mathbf x \mathbf b^\top) = \mathbf b^\top \mathbf x",
    r"\|A\|_F^2 = \operatorname{tr}(A^\top A)",
    r"\|\mathbf x + \mathbf b\|^2 = \|\mathbf x\|^2 + 2 \mathbf x^\top \mathbf b + \|\mathbf b\|^2",
    r"\mathbf x^\top A \mathbf b = \mathbf b^{\mathsf T} A^{\mathsf T} \mathbf x",
    r"\langle \mathbf x, A \mathbf b \rangle = \langle A^T \mathbf x, \mathbf b \rangle",
    r"\mathbf x \cdot \mathbf b = \mathbf b \cdot \mathbf x",
    r"\mathbf x \odot \mathbf b = \operatorname{diag}(\mathbf x) \mathbf b",
    r"A (\mathbf x + \mathbf b) = A \mathbf x + A \mathbf b",
)
FALSE = (
    r"\nabla_{\mathbf x} Q = (A - A^\top) \mathbf x + \mathbf b",
    r"\nabla_{\mathbf x} Q = \mathbf x^\top (A + A^\top) + \mathbf b^\top",
    r"\nabla_{\mathbf b} Q = \mathbf x^\top",
    r"\frac{\partial Q}{\partial A} = \mathbf x \mathbf b^\top",
    r"\frac{\partial Q}{\partial A} = \mathbf x",
    r"A B = B A",
    r"(A B)^\top = A^\top B^\top",
    r"\operatorname{tr}(A B) = \operatorname{tr}(A) \operatorname{tr}(B)",
    r"\|\mathbf x + \mathbf b\|^2 = \|\mathbf x\|^2 + \|\mathbf b\|^2",
    r"\|\mathbf x\| = \mathbf x^\top \mathbf x",
    r"\mathbf x^\top A \mathbf b = \mathbf b^\top A \mathbf x",
    r"A \mathbf x = A^\top \mathbf x",
    r"\mathbf x \odot \mathbf b = \mathbf x^\top \mathbf b",
    r"\mathbf x \mathbf b^\top = \mathbf b \mathbf x^\top",
    r"A^{-1} B = B A^{-1}",
    r"(A^{-1})^\top = A^{-1}",
    r"\operatorname{softmax}(\mathbf x)^\top \operatorname{softmax}(\mathbf x) = 1",
)


def judged(claim: str) -> Statement:
    return check_document(read_markdown("note.md", f"{TEXT}$${claim}$$\n"), timeout=20).statements[-1]


@pytest.mark.parametrize("claim", TRUE)
def test_what_is_true_is_proved(claim: str) -> None:
    assert judged(claim).verdict is Verdict.PROVED


@pytest.mark.parametrize("claim", FALSE)
def test_what_is_false_is_not(claim: str) -> None:
    assert judged(claim).verdict not in (Verdict.PROVED, Verdict.HOLDS, Verdict.DEFINED)

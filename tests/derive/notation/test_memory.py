"""What is read with the parts that were read before is what is read anew."""

from __future__ import annotations

import re

import pytest

from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.elaborate import Reader
from derive.notation.memory import remembering
from derive.notation.parser import parse
from derive.notation.survey import survey
from derive.notation.syntax import Chain

TEXT = (
    r"z_i = \sum_j W_{ij} x_j + b_i",
    r"A_{jk} = \sum_i W_{ij} W_{ik}",
    r"y^{(n)} = \sum_j w_j x^{(n)}_j",
    r"\lambda = 2",
)
CLAIMS = (
    r"\|\mathbf{x}\|^2 + \lambda = \mathbf{x}^T \mathbf{x} + \lambda",
    r"\|\mathbf{x}\|^2 + \lambda =     \mathbf{x}^T \mathbf{x} - \lambda",
    r"\mathbf{W} \mathbf{x} \mathbf{x}^T = (\mathbf{W} \mathbf{x}) \mathbf{x}^T",
    r"(\mathbf{W} \mathbf{x})(\mathbf{W} \mathbf{x})^T = \mathbf{W} \mathbf{x} \mathbf{x}^T \mathbf{W}^T",
    r"\mathbf{W} \mathbf{x} (\mathbf{W} \mathbf{x})^T = \mathbf{W} \mathbf{x} \mathbf{x} \mathbf{W}^T",
    r"\frac{\partial z_i}{\partial x_j} = W_{ij}",
    r"\frac{\partial z_i}{\partial x_j} = 2 W_{ij}",
    r"\frac{\partial z_i}{\partial x_k} = W_{ij} \delta_{jk}",
    r"\nabla_{\mathbf{x}} \mathbf{x}^T \mathbf{x} = 2 \mathbf{x}",
    r"\nabla_{\mathbf{x}} \mathbf{x}^T \mathbf{x} = 0.333 \mathbf{x} + I",
    r"\frac{1}{N} \sum_n (y^{(n)})^2 = \frac{1}{N} \sum_n y^{(n)} \sum_j w_j x^{(n)}_j",
    r"(y^{(n)})^2 = y^{(n)} \sum_j w_j x^{(n)}_j",
    r"y^{(n)} = \sum_j w_j x^{(n)}_j",
    r"\mathbf{x}^T (\mathbf{A} + \lambda \mathbf{I})^{-1} \mathbf{x} = \mathbf{x}^T (\mathbf{A} + 2 \mathbf{I})^{-1}",
    r"\mathbf{x}^T (\mathbf{A} + \lambda \mathbf{I})^{-1} = \mathbf{x}^T (\mathbf{A} + \lambda \mathbf{I})^{-1}",
    r"e^{\max_j x_j} = \prod_j e^{x_j / \sum_k x_k}",
)


def _dictionary() -> Dictionary:
    return Dictionary(survey([n for latex in (*TEXT, *CLAIMS) for n in parse(latex)]))


def _read(latex: str, dictionary: Dictionary) -> object:
    """All that is found of a claim, with open indices numbered in the order in which they come."""
    (chain,) = parse(latex)
    assert isinstance(chain, Chain)
    reader = Reader(dictionary)
    sides: object
    try:
        sides = [reader.read(side) for side in chain.operands]
    except Unreadable as error:
        sides = str(error), error.span
    marks = reader.samples, reader.arrays, reader.gradients, reader.laid_out
    found = str((sides, reader.atoms, reader.turned, reader.doubts, reader.demands, sorted(reader.free), *marks))
    numbers: dict[str, int] = {}
    return re.sub(r"(?:\?|any I)\d+", lambda m: f"?{numbers.setdefault(m[0], len(numbers))}", found)


@pytest.mark.parametrize("latex", CLAIMS)
def test_what_was_read_before_changes_nothing(latex: str) -> None:
    """A claim after all others, and after itself."""
    new, used = _dictionary(), _dictionary()
    for other in (*CLAIMS, latex):
        _read(other, new)
    with remembering(used):
        for other in CLAIMS:
            _read(other, used)
        assert _read(latex, used) == _read(latex, new)
        assert used.memory is not None
        assert used.memory.known
    assert used.memory is None

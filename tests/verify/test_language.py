"""A formula that is false as it stands is called wrong in English only, where the words around it can be read."""

from __future__ import annotations

import pytest

from verify.check import check_document
from verify.documents.markdown import read_markdown
from verify.language import is_english
from verify.results import Verdict

FORMULAS = "\n\n$$L = (x w - y)^2$$\n\n$$\\frac{\\partial L}{\\partial w} = (x w - y) x$$\n"
ENGLISH = "The loss of a point is the square of the error, and this is the slope of it for a weight that we move. " * 4
GERMAN = "Der Verlust eines Punktes ist das Quadrat des Fehlers, und so steigt er mit dem Gewicht, das wir haben. " * 4
CHINESE = "一个样本的损失是误差的平方，下面给出它关于权重的导数。" * 4


@pytest.mark.parametrize(("prose", "english"), [(ENGLISH, True), (GERMAN, False), (CHINESE, False), ("", True)])
def test_only_what_stands_among_english_words_is_called_wrong(prose: str, english: bool) -> None:
    assert is_english(prose + FORMULAS) is english
    claim = check_document(read_markdown("note.md", prose + FORMULAS)).statements[-1]
    assert claim.verdict is (Verdict.REFUTED if english else Verdict.UNDECIDED)
    assert english or "English" in (claim.because or "")


def test_false_arithmetic_is_wrong_in_every_language() -> None:
    statements = check_document(read_markdown("note.md", CHINESE + "\n\n$$2 \\cdot 3 = 7$$\n")).statements
    assert [s.verdict for s in statements] == [Verdict.REFUTED]

"""What the parts of a result are taken for."""

from __future__ import annotations

import numpy as np
import pytest

from verify.audit.returned import Wanted, results

W, B, LOSS = np.ones(3), np.array(2.0), np.array(5.0)
WANTED = Wanted(
    shapes={"w": (3,), "b": (), "lambda": ()},
    order=["w", "b", "lambda"],
    rare=("lambda",),
    called={"weights": "w", "offset": "b"},
    value=5.0,
)

CASES = (
    ("named, the value in front", {"0": LOSS, "1.w": W, "1.b": B}, {"1.w": "w", "1.b": "b"}, True),
    ("in order, the value in front", {"0": LOSS, "1": W, "2": B}, {"1": "w", "2": "b"}, True),
    ("in order, the value at the end", {"0": W, "1": B, "2": LOSS}, {"0": "w", "1": "b"}, True),
    ("a wrong value in front", {"0": np.array(7.0), "1": W, "2": B}, {"1": "w", "2": "b"}, True),
    ("the weight of a penalty comes last", {"0": W, "1": B}, {"0": "w", "1": "b"}, False),
    ("all of them", {"0": W, "1": B, "2": np.array(7.0)}, {"0": "w", "1": "b", "2": "lambda"}, False),
    ("the code's own names", {"dweights": W, "doffset": B}, {"dweights": "w", "doffset": "b"}, False),
    ("what is called a loss", {"w": W, "b": B, "loss": np.array(7.0)}, {"w": "w", "b": "b"}, True),
    ("what else is told", {"w": W, "b": B, "rows": np.array(7.0)}, {"w": "w", "b": "b"}, False),
    ("a shape that is wrong", {"0": W, "1": np.ones(4)}, {"0": "w", "1": "b"}, False),
)


@pytest.mark.parametrize(("parts", "forms", "has_value"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_part_is_told(parts: dict[str, np.ndarray], forms: dict[str, str], has_value: bool) -> None:
    told = results(parts, WANTED, {})
    assert {part: form.name for part, form in told.forms.items()} == forms
    assert (told.value is not None) == has_value


def test_a_row_of_numbers_is_the_gradients_by_numbers() -> None:
    wanted = Wanted(shapes={"mu": (), "sigma": ()}, order=["mu", "sigma"])
    told = results({"": np.array([1.0, 2.0])}, wanted, {})
    assert {name: float(np.asarray(part)) for name, part in told.gradients.items()} == {"mu": 1.0, "sigma": 2.0}

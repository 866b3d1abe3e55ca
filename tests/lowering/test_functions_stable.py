"""The NumPy form of every scalar function is its textbook form, also where that overflows."""

from __future__ import annotations

import warnings
from dataclasses import replace

import mpmath
import numpy as np
import pytest

from derive.rows.functions import FUNCTIONS, Unary, function
from derive.vocabulary import scalar
from lowering.backends.numpy.functions import definition
from lowering.loading import loaded_source
from lowering.numeric.arithmetic import mpmath_arithmetic
from lowering.numeric.environment import Environment
from lowering.numeric.evaluate import evaluate

Z = scalar("z")
POINTS = (*np.linspace(-12, 12, 49), 30.0, -30.0, 745.0, -745.0, 800.0, -800.0, 1e-9, -1e-9)
each = pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)


def numpy_form(row: Unary, z: np.ndarray) -> np.ndarray:
    """The function as a generated module would have it, with warnings as errors."""
    apply = getattr(loaded_source(f"import numpy as np\n\n\n{definition(row)}"), f"_{row.name}")
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        result = apply(z)
    assert isinstance(result, np.ndarray)
    return result


def exactly(row: Unary, z: np.ndarray) -> np.ndarray:
    """The textbook form with 900 digits, which e^{-800} and its sums with 1 need."""
    values = evaluate(function(row)(Z), Environment(values={"z": z}), (), mpmath_arithmetic(900))
    return np.asarray([float(v) for v in values])


@each
def test_it_is_the_textbook_form(row: Unary) -> None:
    z = np.asarray(POINTS)
    exact = exactly(row, z)
    assert np.all(np.abs(numpy_form(row, z) - exact) <= 4e-16 * (1 + np.abs(z)))


@each
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_keeps_the_dtype_and_the_input(row: Unary, dtype: type) -> None:
    z: np.ndarray = np.linspace(-3, 3, 7).astype(dtype)
    before = z.copy()
    result = numpy_form(row, z)
    assert result.dtype == dtype
    assert np.array_equal(z, before)
    assert np.allclose(
        result, exactly(row, z.astype(np.float64)), rtol=1e-6 if dtype is np.float32 else 1e-14, atol=1e-7
    )


def test_the_normal_distribution_is_right_relative_to_its_own_size() -> None:
    row = next(r for r in FUNCTIONS if r.name == "normal_cdf")
    z = np.linspace(-8, 8, 321)
    exact = np.asarray([float(mpmath.ncdf(mpmath.mpf(v))) for v in z])
    assert np.max(np.abs(numpy_form(row, z) / exact - 1)) < 1e-14


@each
def test_a_wrong_row_is_caught(row: Unary) -> None:
    """The two forms of a row hold each other: a textbook form with a mistake is not the NumPy form any more."""
    z = np.asarray(POINTS[:49])
    for wrong in (lambda e: row.expr(e) + e / 50, lambda e: -row.expr(e) - 1, lambda e: row.expr(e) * (1 + e**2 / 50)):
        mistaken = replace(row, name=f"{row.name}_wrong", expr=wrong)
        assert np.any(np.abs(numpy_form(row, z) - exactly(mistaken, z)) > 1e-3)

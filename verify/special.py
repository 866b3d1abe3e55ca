"""Values of the kinds that a text speaks of: unit vectors, one-hot targets; what holds for them is not called wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sympy import Abs, Expr, Max, Min, Pow, log

from derive.model import Model
from derive.vocabulary import Partial, name_of, names_in
from lowering.numeric.errors import EvaluationError

from .points import Values
from .refute import refute

Adjust = Callable[[Any], Any]


def _unit(v: Any) -> Any:
    norm = np.sqrt((v * v).sum(axis=-1, keepdims=True))
    return np.where(norm > 0, v / np.where(norm > 0, norm, 1), 1 / np.sqrt(v.shape[-1]))


def _one_hot(v: Any) -> Any:
    return (np.arange(v.shape[-1]) == v.argmax(axis=-1)[..., None]).astype(float)


def _shares(v: Any) -> Any:
    return (np.abs(v) + 0.5) / (np.abs(v) + 0.5).sum(axis=-1, keepdims=True)


def _centred(v: Any) -> Any:
    return v - v.mean(axis=1, keepdims=True)


def _orthonormal(v: Any) -> Any:
    if v.ndim < 3:
        return _unit(v)
    u, _, w = np.linalg.svd(v, full_matrices=False)
    return u @ w


def _of_columns(v: Any) -> Any:
    """As before, where no matrix has more columns than rows: only then VᵀV = I."""
    if v.ndim > 2 and v.shape[-2] < v.shape[-1]:
        raise EvaluationError("more columns than rows")
    return _orthonormal(v)


def _turning(v: Any) -> Any:
    """As before, where every matrix is square: only then QQᵀ = QᵀQ = I."""
    if v.ndim > 2 and v.shape[-2] != v.shape[-1]:
        raise EvaluationError("not square")
    return _orthonormal(v)


def _diagonal(v: Any) -> Any:
    return v * np.eye(*v.shape[-2:]) if v.ndim > 2 else v


def _selection(v: Any) -> Any:
    return (v > 0) * np.eye(*v.shape[-2:]) if v.ndim > 2 else v


TURNING = (
    r"orthonormal|orthogonal|rotation|unitary|eigen[- ]?\w+|spectral (?:decompos|theorem)|principal|PCA\b"
    r"|singular[- ]value decompos|SVD\b|diagonali[sz]"
)
ORTHOGONAL = re.compile(r"\b(?:orthogonal|orthonormal|perpendicular|right[- ]angled?|uncorrelated)", re.IGNORECASE)
PROJECTED = re.compile(r"\bproject(?:ions?|ed|s)\b|\bclosest point\b|\bresiduals?\b", re.IGNORECASE)
PROPERTIES: tuple[tuple[str, Adjust], ...] = (
    (r"unit[- ](?:vector|norm|length)|normali[sz]ed|length (?:one|1)|norm (?:one|1)|sphere", _unit),
    (r"one[- ]?hot|indicator|exactly one|1-of-", _one_hot),
    (r"sums? to (?:one|1|\$1)|probabilit|distribution|simplex|convex combination|normali[sz]ed|softmax", _shares),
    (r"centred|centered|zero[- ]mean|mean[- ](?:zero|free)|standardi[sz]ed", _centred),
    (rf"{TURNING}|whiten\w*", _orthonormal),
    (TURNING, _of_columns),
    (TURNING, _turning),
    (r"idempotent|projection|(?<!cyclic )permutation|selection", _selection),
    (r"diagonal|independent|uncorrelated|decorrelated", _diagonal),
)
UNIT_INPUT = re.compile(
    r"\b(?:constant|dummy|extra|additional|augment\w*|bias|intercept|always|fixed|clamped|padd\w*)\b", re.IGNORECASE
)
INPUT = re.compile(r"(?:x|phi|z|a|h|X)_?0")
_PATTERNS = tuple((re.compile(rf"\b(?:{words})", re.IGNORECASE), adjust) for words, adjust in PROPERTIES)


def special(left: Expr, right: Expr, model: Model, prose: str) -> Iterator[str]:
    """Doubts from what a text says of its vectors and matrices, where the equation then holds."""
    if any(side.has(log, Abs) or _has_root(side) for side in (left, right)):
        trials = refute(left, right, model, adjusted=lambda given: {n: np.abs(v) + 0.5 for n, v in given.items()})
        if trials.counterexample is None:
            yield "it may be meant of positive numbers"
    yield from _of_slopes(left, right, model)
    yield from _of_units(left, right, model, prose)
    yield from _of_several(left, right, model, prose)
    for pattern, adjust in _PATTERNS:
        said = pattern.search(prose)
        if said is None or not any(q.axes for q in model.given):
            continue

        def adjusted(given: Values, adjust: Adjust = adjust) -> Values:
            return {n: adjust(v) if np.ndim(v) > 1 and np.size(v) else v for n, v in given.items()}

        trials = refute(left, right, model, adjusted=adjusted)
        if trials.counterexample is None and (trials.agreed or adjust in (_of_columns, _turning)):
            yield f"it may be meant of what the text calls {said[0]}"


def _of_units(left: Expr, right: Expr, model: Model, prose: str) -> Iterator[str]:
    """Doubts about an x_0 that is 1 by the words of the text, so that w_0 is a bias."""
    units = {q.name for q in model.given if INPUT.fullmatch(q.name) and not q.axes}
    if units and UNIT_INPUT.search(prose):

        def adjusted(given: Values) -> Values:
            return {n: np.ones_like(v) if n in units else v for n, v in given.items()}

        if refute(left, right, model, adjusted=adjusted).counterexample is None:
            yield f"{min(units)} may be 1"


def _of_several(left: Expr, right: Expr, model: Model, prose: str) -> Iterator[str]:
    """Doubts about vectors that the text may call orthogonal to each other, or one of them another's projection."""
    names = {name_of(n) for side in (left, right) for n in names_in(side)}
    vectors = [q.name for q in model.given if len(q.axes) == 1 and q.name in names]
    if len(vectors) < 2:
        return
    if PROJECTED.search(prose) and not any(side.atoms(Partial) for side in (left, right)):  # but of lengths
        yield "one of its vectors may be a projection of another"

    def adjusted(given: Values) -> Values:
        found = dict(given)
        for k, name in enumerate(vectors):
            for other in vectors[:k]:
                v, u = found[name], found[other]
                if v.shape != u.shape or v.shape[-1] < len(vectors):
                    raise EvaluationError("not of one space")
                lengths = (u * u).sum(axis=-1, keepdims=True)
                found[name] = v - (u * v).sum(axis=-1, keepdims=True) / np.where(lengths > 0, lengths, 1) * u
        return found

    if ORTHOGONAL.search(prose) and refute(left, right, model, adjusted=adjusted).counterexample is None:
        yield "its vectors may be orthogonal"


def _of_slopes(left: Expr, right: Expr, model: Model) -> Iterator[str]:
    """Doubts about which of max(α x, x) is the greater: α is less than 1 where a text does not say so."""
    bodies = (left, right, *(d.expr for d in model.definitions))
    extremes = {e for body in bodies for e in body.atoms(Max, Min) if not any(a.is_number for a in e.args)}
    for several in extremes:
        letters = [{name_of(n) for n in names_in(a)} for a in several.args]
        some = {n for one in letters for n in one if any(n not in other for other in letters)}

        def adjusted(given: Values, some: set[str] = some) -> Values:
            return {n: np.abs(v) / (1 + np.abs(v)) if n in some and np.ndim(v) < 2 else v for n, v in given.items()}

        if some and refute(left, right, model, adjusted=adjusted).counterexample is None:
            yield f"{min(some)} may lie between 0 and 1"


def _has_root(expr: Expr) -> bool:
    return any(not p.exp.is_Integer for p in expr.atoms(Pow))

"""How many points a model predicts right, where its targets are classes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def find_prediction(
    named: Mapping[str, Array], data: Mapping[str, Array], labels: Collection[str] = ()
) -> tuple[str, str] | None:
    """The names of the prediction and of the target it belongs to, or None where there is no telling.

    A target has whole values from 0; its prediction is a quantity of the forward pass with values in [0, 1], of the
    same shape (or with an axis of classes more), preferably one whose name begins with the target's (`yhat`). The
    prediction of labels that stand for one-hot rows has that axis.
    """
    for target, truth in data.items():
        if not np.size(truth) or not ((truth >= 0) & (truth == np.floor(truth))).all():
            continue
        fitting = [
            name
            for name, array in named.items()
            if name not in data and _fits(np.asarray(array), truth, target in labels)
        ]
        spelled = [name for name in fitting if name.lower().startswith(target.lower())]
        if len(spelled or fitting) == 1:
            return (spelled or fitting)[0], target
    return None


def told_alone(
    forward: Callable[[Mapping[str, Array]], Mapping[str, Array]],
    data: Mapping[str, Array],
    sampled: Sequence[str],
    name: str,
) -> bool:
    """Whether the prediction for a point does not depend on the points beside it, as it does behind a batch norm."""
    few, fewer = ({k: a[:count] if k in sampled else a for k, a in data.items()} for count in (4, 2))
    among, apart = (np.asarray(forward(points)[name]) for points in (few, fewer))
    return among.shape[1:] == apart.shape[1:] and np.allclose(among[: len(apart)], apart, rtol=1e-3, atol=1e-6)


def accuracy(prediction: Array, target: Array) -> float:
    """The share of points predicted right.

    mean_s [ŷ_s > 1/2] = y_s                  same shape (n,)
    mean_s argmax_c ŷ_{s,c} = argmax_c y_{s,c}   same shape (n, K), the target one-hot
    mean_s argmax_c ŷ_{s,c} = y_s              shapes (n, K) and (n,)
    """
    if prediction.ndim == 1:
        return float(np.mean((prediction > 0.5) == (target > 0.5)))
    truth = target.argmax(axis=-1) if target.ndim == prediction.ndim else target
    return float(np.mean(prediction.argmax(axis=-1) == truth))


def _fits(prediction: Array, truth: Array, labelled: bool) -> bool:
    if prediction.ndim == 0 or truth.ndim == 0 or prediction.min(initial=0) < 0 or prediction.max(initial=0) > 1:
        return False
    if truth.max() > 1 or (labelled and truth.ndim == 1):
        return prediction.shape[:-1] == truth.shape and prediction.shape[-1] > truth.max()
    return prediction.shape == truth.shape and prediction.ndim <= 2

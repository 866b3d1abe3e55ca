"""Whether parameters are where a model says they may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.model import Model
from derive.quantities import Domain

from .history import TrainingError

Array = NDArray[Any]

LEAVES: Mapping[Domain, Callable[[Array], bool]] = {
    Domain.POSITIVE: lambda a: bool(np.any(a <= 0)),
    Domain.NONNEGATIVE: lambda a: bool(np.any(a < 0)),
    Domain.UNIT: lambda a: bool(np.any((a <= 0) | (a >= 1))),
    Domain.SIMPLEX: lambda a: bool(np.any(a < 0) or not np.allclose(a.sum(axis=-1), 1, atol=1e-5)),
    Domain.POSITIVE_DEFINITE: lambda a: not _is_definite(a),
}


def check_domains(model: Model, params: Mapping[str, Any]) -> None:
    """Refuse parameters, arrays or lists of arrays, outside their domain.

    Raises: TrainingError: with the name, what it must be, and what to do.
    """
    for q in model.parameters:
        leaves = LEAVES.get(q.domain)
        held = params[q.name]
        if leaves is not None and any(leaves(np.asarray(a)) for a in (held if isinstance(held, list) else (held,))):
            shown = (
                f" and came to {float(held):.4g}"
                if not isinstance(held, list) and np.ndim(held) == 0
                else ", but is no more"
            )
            what = f"{q.name} must be {_said(q.domain)}{shown}"
            raise TrainingError(f"{what}; hold it at a value, or take a smaller step")


def _said(domain: Domain) -> str:
    spelled = {Domain.UNIT: "between 0 and 1", Domain.SIMPLEX: "shares that sum to one"}
    return spelled.get(domain, domain.value)


def _is_definite(matrix: Array) -> bool:
    if not np.allclose(matrix, matrix.T, rtol=1e-4, atol=1e-12):
        return False
    return bool(np.linalg.eigvalsh(matrix).min(initial=np.inf) > 0)

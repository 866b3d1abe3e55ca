"""gradproof: derives, checks and lowers the mathematics of learning.

The names below are found where they live when first asked for, so that importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.catalog import find as find
    from derive.catalog import names as names
    from derive.model import Model as Model
    from derive.model import Sense as Sense
    from derive.quantities import Definition as Definition
    from derive.quantities import Domain as Domain
    from derive.quantities import Kind as Kind
    from derive.quantities import Quantity as Quantity
    from derive.vocabulary import Inside as Inside
    from derive.vocabulary import Partial as Partial
    from derive.vocabulary import index as index
    from derive.vocabulary import product as product
    from derive.vocabulary import scalar as scalar
    from derive.vocabulary import size as size
    from derive.vocabulary import tensor as tensor
    from derive.vocabulary import total as total

__version__ = "0.1.0"

_HOME = {
    "Definition": "derive.quantities",
    "Domain": "derive.quantities",
    "Inside": "derive.vocabulary",
    "Kind": "derive.quantities",
    "Model": "derive.model",
    "Partial": "derive.vocabulary",
    "Quantity": "derive.quantities",
    "Sense": "derive.model",
    "find": "derive.catalog",
    "index": "derive.vocabulary",
    "names": "derive.catalog",
    "product": "derive.vocabulary",
    "scalar": "derive.vocabulary",
    "size": "derive.vocabulary",
    "tensor": "derive.vocabulary",
    "total": "derive.vocabulary",
}

__all__ = tuple(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'gradproof' has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value  # so that this function is asked once a name
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])

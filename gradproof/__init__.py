"""gradproof: derives, checks and lowers the mathematics of learning.

The names below are found where they live when first asked for, so that importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.analysis.curvature import curvature as curvature
    from derive.analysis.induction import prove_by_induction as prove_by_induction
    from derive.analysis.induction import with_closed_form as with_closed_form
    from derive.analysis.recognise import in_functions as in_functions
    from derive.analysis.secondorder import second_partial as second_partial
    from derive.catalog import find as find
    from derive.catalog import names as names
    from derive.matrices.conventions import Convention as Convention
    from derive.matrices.derivative import derivative as derivative
    from derive.model import Model as Model
    from derive.model import ModelError as ModelError
    from derive.model import Sense as Sense
    from derive.prove import prove as prove
    from derive.quantities import Definition as Definition
    from derive.quantities import Domain as Domain
    from derive.quantities import Kind as Kind
    from derive.quantities import Quantity as Quantity
    from derive.questions.answers import Answer as Answer
    from derive.questions.answers import Line as Line
    from derive.rows.building import data as data
    from derive.rows.building import define as define
    from derive.rows.building import name as name
    from derive.rows.building import parameter as parameter
    from derive.rows.functions import Unary as Unary
    from derive.rows.functions import function as function
    from derive.rows.functions import relu as relu
    from derive.rows.functions import sigmoid as sigmoid
    from derive.rows.functions import softplus as softplus
    from derive.rows.functions import tanh as tanh
    from derive.rows.layers import Built as Built
    from derive.rows.layers import Layer as Layer
    from derive.rows.layers import dense as dense
    from derive.rows.losses import Loss as Loss
    from derive.rows.unnamed import unnamed as unnamed
    from derive.solve.stationary import stationary as stationary
    from derive.vocabulary import Inside as Inside
    from derive.vocabulary import Partial as Partial
    from derive.vocabulary import Positive as Positive
    from derive.vocabulary import index as index
    from derive.vocabulary import inverse as inverse
    from derive.vocabulary import logdet as logdet
    from derive.vocabulary import product as product
    from derive.vocabulary import scalar as scalar
    from derive.vocabulary import size as size
    from derive.vocabulary import tensor as tensor
    from derive.vocabulary import total as total

__version__ = "0.1.0"

_HOME = {
    "Answer": "derive.questions.answers",
    "Built": "derive.rows.layers",
    "Convention": "derive.matrices.conventions",
    "Definition": "derive.quantities",
    "Domain": "derive.quantities",
    "Inside": "derive.vocabulary",
    "Kind": "derive.quantities",
    "Layer": "derive.rows.layers",
    "Line": "derive.questions.answers",
    "Loss": "derive.rows.losses",
    "Model": "derive.model",
    "ModelError": "derive.model",
    "Partial": "derive.vocabulary",
    "Positive": "derive.vocabulary",
    "Quantity": "derive.quantities",
    "Sense": "derive.model",
    "Unary": "derive.rows.functions",
    "curvature": "derive.analysis.curvature",
    "data": "derive.rows.building",
    "define": "derive.rows.building",
    "dense": "derive.rows.layers",
    "derivative": "derive.matrices.derivative",
    "find": "derive.catalog",
    "function": "derive.rows.functions",
    "in_functions": "derive.analysis.recognise",
    "index": "derive.vocabulary",
    "inverse": "derive.vocabulary",
    "logdet": "derive.vocabulary",
    "name": "derive.rows.building",
    "names": "derive.catalog",
    "parameter": "derive.rows.building",
    "product": "derive.vocabulary",
    "prove": "derive.prove",
    "prove_by_induction": "derive.analysis.induction",
    "relu": "derive.rows.functions",
    "scalar": "derive.vocabulary",
    "second_partial": "derive.analysis.secondorder",
    "sigmoid": "derive.rows.functions",
    "size": "derive.vocabulary",
    "softplus": "derive.rows.functions",
    "stationary": "derive.solve.stationary",
    "tanh": "derive.rows.functions",
    "tensor": "derive.vocabulary",
    "total": "derive.vocabulary",
    "unnamed": "derive.rows.unnamed",
    "with_closed_form": "derive.analysis.induction",
}

__all__ = tuple(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'gradproof' has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value  # so that this function is asked once a name
    return value


def load_ipython_extension(shell: Any) -> None:
    """Called by `%load_ext gradproof`: makes the cell magic `%%check` known."""
    from .magic import register

    register(shell)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])

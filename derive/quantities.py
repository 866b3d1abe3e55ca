"""What a model is made of: quantities with their axes and domains, and definitions that name them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from sympy import Expr, Idx

from .vocabulary import scalar, tensor


class Domain(StrEnum):
    """Where the values of a quantity lie; the prover uses it for logarithms, powers and divisions."""

    REAL = "real"
    POSITIVE = "positive"
    NONNEGATIVE = "nonnegative"
    UNIT = "unit"  # the open interval (0, 1): a probability that is neither 0 nor 1
    BINARY = "binary"  # 0 or 1
    SIGN = "-1 or 1"
    NATURAL = "natural"
    SIMPLEX = "simplex"  # nonnegative entries that sum to one along the last axis: one-hot targets, probabilities
    POSITIVE_DEFINITE = "positive definite"  # a square matrix; its entries count as independent of each other


class Kind(StrEnum):
    """The part a quantity plays in a model."""

    DATA = "data"  # one value per data point: inputs and targets
    PARAMETER = "parameter"
    DEFINED = "defined"


@dataclass(frozen=True, kw_only=True)
class Quantity:
    r"""A named scalar or tensor of a model.

    Attributes:
        name: plain text, an identifier: `theta_h`.
        latex: how it is set without its indices: `\theta^{(h)}`.
        axes: its indices with their ranges; () for a scalar.
        kind: data, parameter or defined.
        domain: where its values lie.
        sample_axis: whether the first axis counts data points (set as a superscript, x^{(s)}).
    """

    name: str
    latex: str
    axes: tuple[Idx, ...] = ()
    kind: Kind = Kind.DEFINED
    domain: Domain = Domain.REAL
    sample_axis: bool = False

    def at(self, *indices: Expr) -> Expr:
        """The entry at the given indices, `self.at()` for a scalar or at the quantity's own axes."""
        where = indices or self.axes
        return tensor(self.name)[where] if where else scalar(self.name)


@dataclass(frozen=True, kw_only=True)
class Definition:
    """`quantity[axes] = expr`; every free index of `expr` is an axis of the quantity.

    Attributes:
        quantity: what is defined.
        expr: in terms of earlier names; in a recursion also of the quantity itself at earlier values of `over`.
        over: the axis along which a recursion runs, such as time: h_t = f(h_{t−1}, x_t) for t = 1, …, T.
        base: the value just before the range of `over`, h_0; needed by a recursion.
    """

    quantity: Quantity
    expr: Expr
    over: Idx | None = None
    base: Expr | None = None

    @property
    def name(self) -> str:
        return self.quantity.name

    @cached_property
    def target(self) -> Expr:
        return self.quantity.at()

    @property
    def recursive(self) -> bool:
        """Whether the definition uses itself at earlier values of `over`."""
        return self.over is not None

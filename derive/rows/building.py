"""Short words for writing a model as a row: data, parameters and definitions."""

from __future__ import annotations

from sympy import Expr, Idx

from ..quantities import Definition, Domain, Kind, Quantity


def data(name: str, *axes: Idx, latex: str | None = None, domain: Domain = Domain.REAL) -> Quantity:
    """A quantity given for each data point."""
    return Quantity(name=name, latex=latex or name, axes=axes, kind=Kind.DATA, domain=domain)


def parameter(name: str, *axes: Idx, latex: str | None = None, domain: Domain = Domain.REAL) -> Quantity:
    """A quantity that training changes, or a constant of the model."""
    return Quantity(name=name, latex=latex or name, axes=axes, kind=Kind.PARAMETER, domain=domain)


def name(text: str, *axes: Idx, latex: str | None = None, domain: Domain = Domain.REAL) -> Quantity:
    """A quantity that a definition will define."""
    return Quantity(name=text, latex=latex or text, axes=axes, domain=domain)


def define(quantity: Quantity, expr: Expr, *, over: Idx | None = None, base: Expr | None = None) -> Definition:
    """`quantity = expr`, along `over` from `base` if it is a recursion."""
    return Definition(quantity=quantity, expr=expr, over=over, base=base)

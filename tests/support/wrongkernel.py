"""The kernel with one rule wrong, and the laws of the catalogue that should notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from concrete import concrete
from measuring import Measurement, agrees, sizes_of, upstream
from sympy import Add, Integer, KroneckerDelta, Mul, Sum, exp

from derive import adjoint, catalog, prove
from derive.backprop import partial
from derive.calculus import contraction, differentiate, unitsums
from derive.model import Model
from derive.vocabulary import InverseEntry, LogDet

Rule = Callable[[Any, Any], Any]
ROWS = ("mlp", "linear-regression", "softmax-regression", "layer-norm", "convolution-1d", "rnn", "gaussian-vector")


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A rule of the kernel and a wrong one in its place."""

    name: str
    module: Any
    attribute: str
    value: Any


def _rules(kind: type, rule: Rule) -> Any:
    """The table of derivatives with one rule replaced."""
    return tuple((k, rule if k is kind else r) for k, r in differentiate.RULES)


def _derivative(name: str, kind: type, rule: Rule) -> Wrong:
    return Wrong(name=name, module=differentiate, attribute="RULES", value=_rules(kind, rule))


diff, summed = differentiate._diff, unitsums._summed


def _twice(expr: Any) -> Any:
    return None if expr is None else 2 * expr


WRONG = (
    _derivative("a sum without its last term", Add, lambda e, w: Add(*(diff(a, w) for a in e.args[:-1]))),
    _derivative("a product with one factor differentiated", Mul, lambda e, w: Mul(*e.args[:-1], diff(e.args[-1], w))),
    _derivative("an exponential without its inner derivative", exp, lambda e, w: e),
    _derivative("a sum without its sign", Sum, lambda e, w: Sum(-diff(e.function, w), *e.limits)),
    _derivative("an inverse without its sign", InverseEntry, lambda e, w: -differentiate._diff_inverse(e, w)),
    _derivative(
        "a log-determinant with its inverse transposed",
        LogDet,
        lambda e, w: InverseEntry(e.args[0], *w.indices, *e.span) * KroneckerDelta(*w.indices),
    ),
    Wrong(name="a delta without its range", module=contraction, attribute="within", value=lambda *_: True),
    Wrong(name="entries that sum to two", module=unitsums, attribute="_summed", value=lambda *a: _twice(summed(*a))),
    Wrong(name="a chain without its sum", module=prove, attribute="summed", value=lambda body, _: body),
    Wrong(name="no way back from a base", module=adjoint, attribute="_from_base", value=lambda *_: Integer(0)),
    Wrong(name="consumers summed once", module=adjoint, attribute="summed", value=lambda body, _: body),
)


def holds(model: Model) -> bool:
    """The laws: every derivative of the objective is proved and is what numbers say; a rule may also just fail."""
    here = Measurement(model=concrete(model), sizes=sizes_of(model, {"default": 2}))
    for q in upstream(model):
        try:
            derivation = partial(model, model.quantities[model.objective].at(), q.at())
            exact = here.of_result(derivation.result, q.axes)
        except Exception:  # an index that has leaked, an entry that does not exist
            return False
        if derivation.verdict != "proved" or not agrees(exact, here.by_entry(model.objective, q.name)):
            return False
    return True


def breaks_a_law(name: str) -> bool:
    """Whether a law fails under the wrong rule of that name; with no name, under the right ones.

    The rule stays wrong, here and in all that is remembered: to be called in a process of its own.
    """
    for wrong in (w for w in WRONG if w.name == name):
        assert hasattr(wrong.module, wrong.attribute), wrong.name
        setattr(wrong.module, wrong.attribute, wrong.value)
    return not all(map(holds, map(catalog.find, ROWS)))

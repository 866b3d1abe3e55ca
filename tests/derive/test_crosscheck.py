"""The catalogue against automatic differentiation: PyTorch and JAX, where they are installed.

Both compute the objective entry by entry from the definitions and differentiate what they computed; the derived
gradients, evaluated by the same loops at the same values, must agree. What a gradient leaves in terms of other
derivatives of the objective, along a recursion, is put in as the library has it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from concrete import all_models
from entrywise import Entrywise, Library, entries_of, jax_library, torch_library
from measuring import Measurement, shape_of, sizes_of, upstream
from sympy import Expr, IndexedBase, Symbol

from derive.backprop import partial
from derive.calculus.indices import transform
from derive.model import Model
from derive.quantities import Quantity
from derive.vocabulary import Partial, indices_of, name_of

TOLERANCE = 1e-10
EAGER = 60  # entries of all quantities of a model; beyond that JAX, one call an operation, takes minutes


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_gradients_agree_with_pytorch(model: Model) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is an optional extra: pip install 'gradproof[torch]'")
    _compare(model, torch_library(), lambda f, leaves: _by_torch(torch, f, leaves))


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_gradients_agree_with_jax(model: Model) -> None:
    jax = pytest.importorskip("jax", reason="JAX is an optional extra: pip install 'gradproof[jax]'")
    here = Measurement(model=model, sizes=sizes_of(model, {"default": 2}))
    if sum(int(np.prod(shape_of(q, here.sizes))) for q in model.quantities.values()) > EAGER:
        pytest.skip(f"more than {EAGER} entries, one JAX call each; PyTorch checks this model")
    _compare(model, jax_library(), lambda f, leaves: jax.grad(f)(leaves))


def _by_torch(torch: Any, f: Any, leaves: dict[str, Any]) -> dict[str, Any]:
    for leaf in leaves.values():
        leaf.requires_grad_(True)
    found = torch.autograd.grad(f(leaves), list(leaves.values()), allow_unused=True)
    return {n: torch.zeros_like(leaves[n]) if g is None else g for n, g in zip(leaves, found, strict=True)}


def _compare(model: Model, library: Library, gradient: Any) -> None:
    here = Measurement(model=model, sizes=sizes_of(model, {"default": 2}))
    leaves = {q.name: library.array(_start(q, here)) for q in upstream(model) if q.name != model.objective}

    def run_at(values: dict[str, Any]) -> Entrywise:
        given = {q.name: values.get(q.name, library.array(here.given[q.name][0])) for q in model.given}
        nudges = {n: v for n, v in values.items() if n in model.defined}
        return Entrywise(model=model, sizes=here.sizes, given=given, nudges=nudges, library=library)

    def objective(values: dict[str, Any]) -> Any:
        """With every leaf in it, if only as a zero: a step function has no path to its input."""
        return run_at(values).entry(model.objective) + 0 * sum(v.sum() for v in values.values())

    expected = gradient(objective, leaves)
    derivatives = {f"derivative_{n}": np.asarray(g) for n, g in expected.items()}
    plain = {n: np.asarray(v.detach() if hasattr(v, "detach") else v) for n, v in leaves.items()}
    run = _Filled(run_at({n: library.array(v) for n, v in plain.items()}), derivatives)
    for q in upstream(model):
        result = partial(model, model.quantities[model.objective].at(), q.at()).result
        for where, exact in run.entries(result, q).items():
            wanted = float(expected[q.name][where])
            assert abs(float(exact) - wanted) <= TOLERANCE * (1 + abs(wanted)), (q.name, where)


class _Filled:
    """Values of derived expressions, with the derivatives left in them looked up."""

    def __init__(self, run: Entrywise, derivatives: dict[str, Any]) -> None:
        self.run, self.derivatives = run, derivatives

    def entries(self, result: Expr, q: Quantity) -> dict[tuple[int, ...], Any]:
        known = self.run
        for p in result.atoms(Partial):
            assert name_of(p.of) == known.model.objective
            array = self.derivatives[f"derivative_{name_of(p.wrt)}"]
            axes = known.model.quantities[name_of(p.wrt)].axes
            lowers = [known.whole(i.lower, {}) for i in axes]
            for place in np.ndindex(*array.shape):
                where = tuple(k + low for k, low in zip(place, lowers, strict=True))
                known.known[f"derivative_{name_of(p.wrt)}", where] = float(array[place])
        lowers = [known.whole(i.lower, {}) for i in q.axes]
        found = entries_of(known, transform(result, _named), q.axes)
        return {tuple(k - low for k, low in zip(w, lowers, strict=True)): v for w, v in found.items()}


def _named(expr: Expr) -> Expr | None:
    if not isinstance(expr, Partial):
        return None
    name, where = f"derivative_{name_of(expr.wrt)}", indices_of(expr.wrt)
    return IndexedBase(Symbol(name, real=True))[where] if where else Symbol(name, real=True)


def _start(q: Quantity, here: Measurement) -> Any:
    """The value of a given quantity; zero for a defined one, whose nudge is differentiated by."""
    return here.given[q.name][0].tolist() if q.name in here.given else np.zeros(shape_of(q, here.sizes)).tolist()

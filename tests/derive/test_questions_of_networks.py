"""What is passed back is proved, is what is measured, and keeps its meaning in the names of a lecture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from concrete import concrete, formula
from measuring import SIZES, Measurement, agrees, sizes_of
from sympy import Idx, Sum

from derive.analysis.backpropagation import Lettering, passed_back, passed_to
from derive.calculus.indices import bound_in, free_indices
from derive.catalog import all_models
from derive.model import Model, ModelError
from derive.questions.errors import Errors
from derive.vocabulary import Partial, indices_of, name_of

ASKED = [(model, q) for model in all_models() for q in model.questions if isinstance(q, Errors)]
IDS = [f"{model.name}-{'data' if q.data else 'point'}" for model, q in ASKED]


@pytest.mark.parametrize(("model", "question"), ASKED, ids=IDS)
def test_what_is_passed_back_is_what_is_measured(model: Model, question: Errors) -> None:
    model = model.over_data() if question.data else model
    here = Measurement(model=concrete(model), sizes=sizes_of(model, SIZES[0]))
    found = [passed for name in question.logits for passed in passed_to(model, name, question.logits)]
    found += [passed_back(model, q.at(), question.logits) for q in model.parameters]
    assert found
    for passed in found:
        assert passed.proof is not None
        free = tuple(i for i in indices_of(passed.wrt) if isinstance(i, Idx))
        measured = here.by_entry(model.objective, name_of(passed.wrt))
        for axis, i in enumerate(indices_of(passed.wrt)):
            own = model.quantities[name_of(passed.wrt)].axes[axis]
            if not isinstance(i, Idx):  # the last layer
                measured = measured.take([-1], axis=axis + 1)
            elif i.upper == own.upper - 1:  # those before it
                measured = np.delete(measured, -1, axis=axis + 1)
        exact = here.of_result(formula(passed.result), free)
        assert agrees(exact.reshape(measured.shape), measured), passed.wrt


@pytest.mark.parametrize(("model", "question"), ASKED, ids=IDS)
def test_no_sum_over_layers_loses_its_index(model: Model, question: Errors) -> None:
    """W^{(l)} under Σ_l would be the same at every l."""
    for line in question.answer(model).lines:
        for found in line.relation.right.atoms(Sum):
            assert all(i in free_indices(found.function) for i, _, _ in bound_in(found)), line.relation
        assert line.matrices is None or all(side.proof for side in line.matrices)


def test_a_mistake_in_a_definition_is_noticed() -> None:
    """Derived from a network and asked of one with another sign, the recursion of the errors is not proved."""
    from derive.derivation import established

    model = next(m for m in all_models() if m.name == "rnn")
    wrong = replace(
        model, definitions=tuple(replace(d, expr=-d.expr) if d.name == "h" else d for d in model.definitions)
    )
    for passed in passed_to(model, "h", ("h",))[1:]:
        target = Partial(model.quantities["E"].at(), passed.wrt)
        assert established(target, passed.result, wrong) is None


def test_names_that_are_missing_or_taken_are_refused() -> None:
    model = next(m for m in all_models() if m.name == "generic-layer")
    with pytest.raises(ModelError, match="defines no 'q'"):
        Errors(logits=("q",)).answer(model)
    taken = replace(model, given=(*model.given, replace(model.quantities["x"], name="delta")))
    with pytest.raises(ModelError, match="delta of its own"):
        Lettering(taken, ("z",))

"""Models at numbers for their sizes: the same values, written out, and what they then are."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from measuring import Measurement, agrees, sizes_of
from sympy import Expr, Integer, Product, Sum, exp, log

from derive.calculus.normalform import is_zero
from derive.catalog import all_models, find
from derive.model import Model, ModelError
from derive.probability.specialise import Values, specialise, written_out
from derive.prove import prove
from derive.quantities import Domain
from derive.questions.atsize import AtSize, Naming
from derive.rows.building import data, define, name, parameter
from derive.rows.functions import sigmoid
from derive.vocabulary import index, product, size, tensor, total

AT = {"C": 2, "K": 3, "d": 2}


def sizes_in(model: Model) -> dict[str, int]:
    met = {str(s) for q in model.quantities.values() for i in q.axes for s in (i.lower + i.upper).free_symbols}
    return {n: k for n, k in AT.items() if n in met}


PLAIN = [m for m in all_models() if sizes_in(m) and not any(d.recursive for d in m.definitions)]


@pytest.mark.parametrize("model", PLAIN, ids=lambda m: m.name)
def test_every_definition_keeps_its_value(model: Model) -> None:
    chosen = sizes_in(model)
    small = specialise(model, chosen)
    assert not {str(s) for q in small.quantities.values() for i in q.axes for s in i.upper.free_symbols} & set(chosen)
    numbers = sizes_of(model, chosen)
    before, after = (Measurement(model=m, sizes=numbers).environment.values for m in (model, small))
    for d in model.definitions:
        assert agrees(before[d.name], after[d.name]), d.name


def test_sums_and_products_over_few_values_are_written_out() -> None:
    i, j, k = index("i", 0, 1), index("j", 1, size("n")), index("k", 0, index("i", 0, 1))
    a = tensor("a")
    assert written_out(total(a[i], i)) == a[0] + a[1]
    assert written_out(product(a[i], i)) == a[0] * a[1]
    assert written_out(total(a[i] * a[j], i, j)) == Sum(a[0] * a[j] + a[1] * a[j], (j, 1, size("n")))
    assert is_zero(written_out(Sum(a[k], (k, 0, i), (i, 0, 1))) - (2 * a[0] + a[1]))
    assert written_out(total(a[j], index("j", 1, 0))) == 0
    assert written_out(Product(a[j], (j, 1, 0))) == 1


def test_two_classes_are_logistic_with_the_difference_of_the_weights() -> None:
    model = find("softmax-regression")
    answer = AtSize(of=("p[1]", "p[2]"), sizes={"C": 2}, by="x").answer(model)
    assert answer.verdict == "proved"
    x, w = (model.quantities[n] for n in ("x", "W"))
    (i,) = x.axes
    first, second = (tensor("p")[Integer(c)] for c in (1, 2))
    score = total(x.at() * (w.at(i, Integer(1)) - w.at(i, Integer(2))), i)
    assert prove(first, sigmoid(score), answer.model) is not None
    assert prove(second, sigmoid(-score), answer.model) is not None
    assert prove(first, sigmoid(-score), answer.model) is None
    chosen = [line.relation.right for line in answer.lines if line.relation.left in (first, second)]
    assert [type(e) for e in chosen] == [sigmoid, sigmoid]


def test_three_classes_are_not() -> None:
    (line,) = AtSize(of=("p[1]",), sizes={"C": 3}).answer(find("softmax-regression")).lines
    assert line.verdict == "proved" and not line.relation.right.has(sigmoid)


T, YHAT = data("t", domain=Domain.UNIT), name("yhat", domain=Domain.UNIT)
SHARES = Values(name="p", entries=(T.at(), 1 - T.at()), given=(T,))


def named(first: Expr, second: Expr) -> Naming:
    return Naming(definition=define(YHAT, tensor("q")[Integer(1)]), values=Values(name="q", entries=(first, second)))


def test_the_cross_entropy_of_two_classes_is_the_binary_one() -> None:
    naming = named(YHAT.at(), 1 - YHAT.at())
    answer = AtSize(of=("C_E", "H"), sizes={"C": 2}, values=(SHARES,), naming=naming).answer(find("cross-entropy"))
    assert answer.verdict == "proved"
    t, p = T.at(), YHAT.at()
    expected = -t * log(p) - (1 - t) * log(1 - p)
    assert any(is_zero(line.relation.right - expected, answer.model.facts) for line in answer.lines)
    assert "binary cross entropy" in str(answer.conclusion)


def test_shares_that_are_not_those_are_not_proved() -> None:
    naming = named(YHAT.at(), 2 - YHAT.at())
    answer = AtSize(of=("C_E",), sizes={"C": 2}, values=(SHARES,), naming=naming).answer(find("cross-entropy"))
    assert answer.verdict == "undecided"
    assert [line.verdict for line in answer.lines] == ["proved", "undecided", "undecided"]


def test_names_are_unfolded_until_a_function_is_found() -> None:
    k, j = index("k", 1, size("K")), index("j", 1, size("K"))
    energies, part = parameter("E", k), name("Z", domain=Domain.POSITIVE)
    model = Model(
        name="own",
        title="Own",
        given=(energies,),
        definitions=(
            define(part, total(exp(2 * energies.at(j)), j)),
            define(name("p", k, domain=Domain.UNIT), exp(2 * energies.at()) / part.at()),
        ),
        objective="",
    )
    (line,) = AtSize(of=("p[2]",), sizes={"K": 2}).answer(model).lines
    gap = energies.at(Integer(2)) - energies.at(Integer(1))
    assert line.verdict == "proved" and is_zero(line.relation.right - sigmoid(2 * gap))


REFUSED: tuple[tuple[Mapping[str, int], tuple[Values, ...], str], ...] = (
    ({"Q": 2}, (), "has no size 'Q'"),
    ({"C": 3}, (SHARES,), "2 values do not fit"),
    ({"C": 2}, (Values(name="u", entries=(Integer(1),)),), "1 values do not fit"),
    ({}, (SHARES,), "2 values do not fit"),
)


@pytest.mark.parametrize(("sizes", "values", "reason"), REFUSED, ids=str)
def test_what_does_not_fit_is_refused(sizes: Mapping[str, int], values: tuple[Values, ...], reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        specialise(find("cross-entropy"), sizes, values)


def test_a_vector_with_values_must_stand_at_numbers() -> None:
    k = index("k", 1, size("C"))
    p = data("p", k)
    model = Model(name="own", title="Own", given=(p,), definitions=(define(name("u", k), p.at() ** 2),), objective="")
    with pytest.raises(ModelError, match="has no value"):
        specialise(model, {"C": 2}, (SHARES,))

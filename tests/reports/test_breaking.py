"""Broken formulas keep their symbols and fit their lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.notation.layout import Atom, BigOp, Fenced, Frac, Layout, Row, Script
from reports.breaking import break_lines, split_relation, width
from reports.document import ReportStep
from reports.lines import chain_lines

LETTERS = st.sampled_from("abcxyz").map(Atom)
OPERATORS = st.sampled_from(["+", "-", r"\cdot", "="]).map(Atom)


def _joined(terms: list[Layout], operators: list[Layout]) -> Row:
    pairs = zip(operators, terms[1:], strict=False)
    return Row((terms[0], *(item for pair in pairs for item in pair)))


def _longer(inner: st.SearchStrategy[Layout]) -> st.SearchStrategy[Layout]:
    return st.one_of(
        st.builds(_joined, st.lists(inner, min_size=1, max_size=5), st.lists(OPERATORS, min_size=4, max_size=4)),
        st.builds(Fenced, st.just("("), inner, st.just(")")),
        st.builds(Frac, inner, inner),
        st.builds(BigOp, st.just(r"\sum"), LETTERS, st.none(), inner),
        st.builds(Script, LETTERS, inner),
    )


FORMULAS = st.recursive(LETTERS, _longer, max_leaves=30)


def _leaves(layout: Layout | None) -> Iterator[str]:
    match layout:
        case None:
            return
        case Atom(latex):
            yield latex
        case Row(items):
            for item in items:
                yield from _leaves(item)
        case Fenced(opening, body, closing):
            yield opening
            yield from _leaves(body)
            yield closing
        case Frac(above, below):
            yield from (*_leaves(above), "over", *_leaves(below))
        case Script(base, sub, sup):
            yield from (*_leaves(base), *_leaves(sub), *_leaves(sup))
        case BigOp(latex, below, above, body):
            yield from (latex, *_leaves(below), *_leaves(above), *_leaves(body))


@given(FORMULAS, st.floats(2, 40))
def test_breaking_keeps_every_symbol_in_order(formula: Layout, limit: float) -> None:
    lines = break_lines(formula, limit)
    assert [leaf for line in lines for leaf in _leaves(line)] == list(_leaves(formula))


@given(st.integers(1, 60), st.floats(6, 40))
def test_a_sum_of_letters_always_fits(length: int, limit: float) -> None:
    formula = _joined([Atom("a")] * length, [Atom("+")] * length)
    assert all(width(line) <= limit for line in break_lines(formula, limit))


def test_what_fits_is_left_alone() -> None:
    formula = Row((Atom("a"), Atom("="), Atom("b"), Atom("="), Atom("c")))
    assert break_lines(formula, 20) == (formula,)


def test_relations_are_broken_before_signs() -> None:
    formula = Row(tuple(Atom(sign) for sign in ["a", "=", "b", "+", "c", "=", "d", "+", "e"]))
    first, *rest = break_lines(formula, width(formula) - 0.1)
    assert list(_leaves(first)) == ["a", "=", "b", "+", "c"]
    assert [list(_leaves(line)) for line in rest] == [["=", "d", "+", "e"]]


@pytest.mark.parametrize("source", ["a = - b", "a + ( - b )", "- a"])
def test_a_leading_sign_stays_with_its_term(source: str) -> None:
    lines = break_lines(Row(tuple(Atom(sign) for sign in source.split())), 0.1)
    assert all(list(_leaves(line))[-1] != "=" for line in lines)
    assert ["-"] not in [list(_leaves(line)) for line in lines]


def test_a_formula_is_split_at_its_first_relation() -> None:
    parts = split_relation(Row(tuple(Atom(sign) for sign in ["a", "+", "b", "=", "c", "=", "d"])))
    assert parts is not None
    assert [list(_leaves(part)) for part in parts] == [["a", "+", "b"], ["=", "c", "=", "d"]]
    assert split_relation(Atom("a")) is None


def test_a_chain_repeats_a_left_side_only_where_it_changes() -> None:
    a, b, c = map(Atom, "abc")
    steps = (
        ReportStep(rule="one", before=a, after=b),
        ReportStep(rule="two", before=b, after=c),
        ReportStep(rule="three", after=a),
        ReportStep(rule="four", before=c, after=b),
    )
    assert [line.left for line in chain_lines(steps)] == [a, None, None, c]

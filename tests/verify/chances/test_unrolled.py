"""Formulas with running indices taken apart at small numbers, and the factors of a joint distribution."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from derive.chances.events import NotAProbability, label
from derive.chances.networks import factorisation_of
from derive.chances.terms import SLOPE, Event, Mass
from derive.chances.unrolled import Unrolling
from derive.notation.ellipses import prepared
from derive.notation.parser import parse
from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Node, Sym
from verify.chances.chains import chain_world

AT = {"T": 4, "t": 2, "N": 3}
LISTS = (
    (r"p(x_1, \dots, x_t)", "x_1 x_2"),
    (r"p(x_{1:T})", "x_1 x_2 x_3 x_4"),
    (r"p(x_{<t}, h_t)", "x_1 h_2"),
    (r"p(x_{t+1}, \ldots, x_T | h_{t-1})", "x_3 x_4 h_1"),
    (r"p(\{y_i\}_{i=1}^N)", "y_1 y_2 y_3"),
    (r"p(s_0, a_0, s_1, a_1, \dots, s_t)", "s_0 a_0 s_1 a_1 s_2"),
    (r"p(x_T, \dots, x_t)", "x_4 x_3 x_2"),
    (r"\prod_{t=2}^T p(h_t | h_{t-1})", "h_2 h_1 h_3 h_2 h_4 h_3"),
    (r"\prod_{i=1}^N p(x_i) \prod_{i=2}^N p(z_i)", "x_1 x_2 x_3 z_2 z_3"),
)
NETWORKS = (
    (r"p(x, h) = p(h_1) p(x_1 | h_1) \prod_{t=2}^T p(h_t | h_{t-1}) p(x_t | h_t)", 6),
    (r"q(x_{1:T} | x_0) = \prod_{t=1}^T q(x_t | x_{t-1})", 4),
    (r"P(\tau; \theta) = \mu(s_0) \prod_{t=0}^{H-1} P(s_{t+1} | s_t, a_t) \pi_\theta(a_t | s_t)", 7),
)


def single(source: str) -> Node:
    (node,) = parse(source)
    return prepared(node)


@pytest.mark.parametrize(("source", "letters"), LISTS)
def test_indices_become_numbers(source: str, letters: str) -> None:
    node = Unrolling(at=AT).node(single(source))
    found = [label(n) for n in walk(node) if isinstance(n, Sym) and n.base not in "pP"]
    assert " ".join(found) == letters
    assert not any(isinstance(n, Big) for n in walk(node))


@pytest.mark.parametrize("source", [r"p(x_1, \dots)", r"p(x_{1:k})", r"\prod_{t=4}^{2} p(x_t)"])
def test_what_has_no_end_is_refused(source: str) -> None:
    with pytest.raises(NotAProbability):
        Unrolling(at=AT).node(single(source))


@pytest.mark.parametrize(("source", "count"), NETWORKS)
def test_a_network_is_a_distribution_with_its_independences(source: str, count: int) -> None:
    chain = single(source)
    assert isinstance(chain, Chain)
    told = factorisation_of(chain.operands[0], chain.operands[1], {})
    assert told is not None
    network, _ = told.at(3)
    assert len(network.variables) == count
    seen: set[str] = set()
    for factor in network.factors:
        assert set(factor.parents) <= seen
        seen |= set(factor.children)


def test_the_derivative_of_a_distribution_sums_to_zero() -> None:
    chain = single(NETWORKS[0][0])
    assert isinstance(chain, Chain)
    told = factorisation_of(chain.operands[0], chain.operands[1], {})
    assert told is not None
    network, _ = told.at(3)
    event = frozenset({Event(variable="h_1", value="h_1")})
    sides = (Mass(family="p", events=event), Mass(family=SLOPE + "p", events=event))
    where = chain_world(sides, {"p": network}, 1, {}, alike=False)
    assert np.sum(where.joint[SLOPE + "p"]) == Fraction(0)
    assert (where.joint["p"] > 0).all()

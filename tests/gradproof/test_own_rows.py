"""Rows in the user's own file, derived by the command line: an activation, a loss, a layer and a distribution."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradproof.cli import main

OWN = """
from sympy import exp, log, sqrt
from gradproof import (Built, Domain, Loss, Model, Sense, Unary, data, define, function, index, name, parameter, size,
                       total)

squareplus = Unary(name="squareplus", latex="q", expr=lambda z: (z + sqrt(z**2 + 1)) / 2,
                   stable="0.5 * ({z} + np.hypot({z}, 1))", source="barron2021:1")
activation = function(squareplus)
quartic = Loss(name="loss-quartic", title="Quartic", term=lambda t, p: (t - p) ** 4, source="own:1")

def scaled(before, label):
    weight, after = parameter("g" + label, *before.axes), name("y" + label, *before.axes)
    return Built(parameters=(weight,), definitions=(define(after, before.at() * weight.at()),), output=after)

i = index("i", 1, size("m"))
x, layer = data("x", i), scaled(data("x", i), "1")
net = Model(name="net", title="Net", given=(x, *layer.parameters), objective="E", definitions=(
    *layer.definitions, define(name("E"), total(activation(layer.output.at()), i))))

t, r = data("t"), parameter("r", domain=Domain.POSITIVE)
P, LL = name("P", domain=Domain.POSITIVE), name("LL")
waiting = Model(name="exponential", title="Waiting times", given=(t, r), objective="LL", sense=Sense.MAXIMISE,
    likelihood="P", definitions=(define(P, r.at() * exp(-r.at() * t.at())), define(LL, log(P.at()))))
"""

GRADIENTS = (
    ("squareplus", "z", r"\frac{1}{2}"),
    ("activation", "z", r"\frac{1}{2}"),
    ("quartic", "p", "^{3}"),
    ("net", "g1[i]", "x^{(s)}_{i}"),
    ("waiting", "r", "t^{(s)}"),
)


@pytest.mark.parametrize(("attribute", "by", "holds"), GRADIENTS, ids=[row[0] for row in GRADIENTS])
def test_a_row_of_ones_own(
    attribute: str,
    by: str,
    holds: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    module = f"own_{attribute}"  # a module is imported once a process
    (tmp_path / f"{module}.py").write_text(OWN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["derive", f"{module}:{attribute}", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    gradient = [r for r in found["results"] if r["wrt"] == by][-1]
    assert {r["verdict"] for r in (*found["results"], *found["answers"])} == {"proved"}
    assert holds in gradient["index_latex"]


FUNCTIONS = """
from sympy import sqrt
from gradproof import Loss, Unary, function

root = Unary(name="isru", latex="r", expr=lambda z: z / sqrt(1 + z**2), stable="{z} / np.hypot({z}, 1)", source="own:1")
applied = function(root)
quartic = Loss(name="loss-quartic", title="Quartic", term=lambda t, p: (t - p) ** 4, source="own:1")
number = 3
"""


@pytest.mark.parametrize("row", ["root", "applied"])
def test_a_row_of_ones_own_stands_for_a_function(row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = f"own_for_{row}"
    (tmp_path / f"{module}.py").write_text(FUNCTIONS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    chosen = ["--function", f"f={module}:{row}", "--function", f"ell={module}:quartic"]
    assert main(["lower", "generic-layer", *chosen, "-o", "net.py"]) == 0
    certificate = json.loads((tmp_path / "net.certificate.json").read_text(encoding="utf-8"))
    assert {partial["verdict"] for partial in certificate["partials"]} == {"proved"}


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ("f=own_refused:number", "is a int; expected a row"),
        ("f=own_refused:absent", "has no absent"),
        ("f=own_refused:quartic", "f is a function of one number"),
        ("f=:", "expected module:row"),
    ],
)
def test_what_is_no_row_is_refused(
    chosen: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own_refused.py").write_text(FUNCTIONS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["lower", "generic-layer", "--function", chosen, "--function", "ell=loss-l2", "-o", "net.py"]) == 2
    assert message in capsys.readouterr().err

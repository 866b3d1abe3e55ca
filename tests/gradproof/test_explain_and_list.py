"""`gradproof explain` and `gradproof list` read the tables they show."""

from __future__ import annotations

import pytest

from derive.catalog import names
from derive.rows.functions import FUNCTIONS
from gradproof.cli import main
from gradproof.commands.explain import explanation
from gradproof.errors import UsageError

RULES = {
    "GP201": "swapped-index: an index stands where another belongs.\n\nMore.",
    "GP202": "# flipped-sign\n\nA sign is the wrong way round.",
}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [("GP201", "GP201"), ("gp202", "GP202"), ("swapped-index", "GP201"), ("Flipped-Sign", "GP202")],
)
def test_a_rule_is_found_by_code_and_by_name(wanted: str, code: str) -> None:
    assert explanation(wanted, RULES) == RULES[code]


@pytest.mark.parametrize(
    ("wanted", "near"),
    [("GP203", "GP20"), ("swaped-index", "swapped-index"), ("gp20", "GP20")],
)
def test_an_unknown_rule_names_those_that_are_close(wanted: str, near: str) -> None:
    with pytest.raises(UsageError, match=f"no rule '{wanted}'; did you mean .*{near}"):
        explanation(wanted, RULES)


def test_an_unknown_rule_with_nothing_close() -> None:
    with pytest.raises(UsageError, match="no rule 'zzz'; see gradproof list rules"):
        explanation("zzz", RULES)


def test_models_are_those_of_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "models"]) == 0
    assert capsys.readouterr().out.split() == list(names())


def test_functions_are_those_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "functions"]) == 0
    assert capsys.readouterr().out.split() == [row.name for row in FUNCTIONS]


def test_backends_are_those_that_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "backends"]) == 0
    assert "numpy" in capsys.readouterr().out.split()

"""`gradproof doctor` tells what is there and what is not."""

from __future__ import annotations

from importlib.metadata import metadata

import pytest

from gradproof.cli import main
from gradproof.commands import doctor
from gradproof.extras import EXTRAS

FOR_DEVELOPERS = {"bench", "dev", "all"}


def test_the_extras_are_those_of_the_distribution() -> None:
    declared = set(metadata("gradproof").get_all("Provides-Extra") or [])
    assert {extra.name for extra in EXTRAS} == declared - FOR_DEVELOPERS


def test_requirements_are_told_with_their_versions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    for name in ("sympy", "numpy", "latex2sympy2", "typst"):
        assert f"  {name} " in out
        assert str(doctor.installed_version(name)) in out


@pytest.mark.parametrize("extra", EXTRAS, ids=lambda extra: str(extra.name))
@pytest.mark.parametrize("there", [True, False])
def test_a_missing_extra_has_its_install_line(extra: object, there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object() if there else None)
    line = next(line for line in doctor.report() if line.startswith(f"  {getattr(extra, 'name', '')} "))
    assert ("pip install 'gradproof[" in line) is not there


@pytest.mark.parametrize("there", [True, False])
def test_tex_is_told_to_be_there_or_not(there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda program: f"/bin/{program}" if there else None)
    line = next(line for line in doctor.report() if line.startswith("  pdflatex "))
    assert ("/bin/pdflatex" in line, "missing" in line) == (there, not there)


def test_a_missing_requirement_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "installed_version", lambda name: None if name == "typst" else "1.0")
    assert [line for line in doctor.report() if "MISSING" in line] == [
        next(line for line in doctor.report() if line.startswith("  typst "))
    ]


@pytest.mark.parametrize(
    ("requirement", "name"),
    [("sympy<1.15,>=1.13", "sympy"), ("dask[distributed]>=2024.5", "dask"), ("opt_einsum", "opt_einsum")],
)
def test_the_name_in_a_requirement(requirement: str, name: str) -> None:
    assert doctor.distribution_name(requirement) == name

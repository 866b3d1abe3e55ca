"""`%load_ext gradproof` and `%%check`, in a real IPython."""

from __future__ import annotations

import pytest
from IPython.core.extensions import ExtensionManager
from IPython.core.interactiveshell import InteractiveShell

BAD = "$$\\frac{d}{dz} z^3 = 4 z^2$$"


@pytest.fixture
def shell() -> InteractiveShell:
    found: InteractiveShell = InteractiveShell.instance()
    assert isinstance(found.extension_manager, ExtensionManager)
    found.extension_manager.load_extension("gradproof")
    return found


def test_a_cell_is_proof_read(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell_magic("check", "", BAD)
    out = capsys.readouterr().out
    assert "cell:1:3: error GP211" in out and "3 z^2" in out


def test_codes_behind_the_magic_are_not_reported(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell_magic("check", "GP211", BAD)
    out = capsys.readouterr().out
    assert "error" not in out and "1 refuted" in out

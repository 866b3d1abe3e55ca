"""The pytest plugin: documents are tests where that was asked for, and wrong formulas fail them."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

ARGUMENTS = ("-p", "no:cacheprovider")  # what is installed tells pytest of the plugin
GOOD = "$$\\frac{d}{dz} z^3 = 3 z^2$$\n"
BAD = "$$\\frac{d}{dz} z^3 = 4 z^2$$\n"


def test_wrong_formulas_fail_and_right_ones_pass(pytester: pytest.Pytester) -> None:
    pytester.makefile(".md", good=GOOD, bad=BAD)
    result = pytester.runpytest_subprocess(*ARGUMENTS, "--gradproof")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*bad.md:1:3: error GP211: *", "*help: *3 z^2*"])
    assert "Traceback" not in result.stdout.str()


def test_documents_are_left_alone_unless_asked_for(pytester: pytest.Pytester) -> None:
    pytester.makefile(".md", bad=BAD)
    assert pytester.runpytest_subprocess(*ARGUMENTS).ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_the_ini_file_asks_and_the_settings_exclude(pytester: pytest.Pytester) -> None:
    pytester.makefile(".md", bad=BAD, draft=BAD)
    pytester.makepyprojecttoml(
        '[tool.pytest.ini_options]\ngradproof = true\n[tool.gradproof]\nexclude = ["draft.md"]\n'
    )
    pytester.runpytest_subprocess(*ARGUMENTS).assert_outcomes(failed=1)


def test_a_document_that_cannot_be_read_fails(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("note.md").write_bytes(b"caf\xe9 $x$")
    result = pytester.runpytest_subprocess(*ARGUMENTS, "--gradproof")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*cannot be read*UTF-8*"])

"""What holds for every formula: spans lie in the source, only `ReadError` escapes, spacing changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import example, given, settings
from hypothesis import strategies as st

from derive.notation.commands import BASES, CHARACTERS, COMMANDS, KINDS, UNICODE
from derive.notation.nodes import children, height
from derive.notation.parser import MAX_HEIGHT, ReadError, parse, read_macros
from derive.notation.syntax import Node, Num, Sym

MACROS = read_macros(r"\newcommand{\opt}[2][k]{\frac{#1}{#2}} \newcommand{\again}{\again} \def\sq#1{#1^2}")
PIECES = [
    *(f"\\{command.name}" + " " * command.name.isalpha() for command in COMMANDS),
    *list(CHARACTERS) * 12,
    *list("abdefxyzT012345") * 12,
    *list(UNICODE),
    *["\\begin{cases}", "\\end{cases}", "\\begin{aligned}", "\\end{aligned}", "\\left(", "\\right)", "\\left."] * 8,
    *["\\right.", "\\right|", "||", "\\\\", "\\text{if }", "\\text{a b}", "\\opt", "\\again", "\\sq", "\\foo"] * 8,
    *["{x}", "_{i}", "^{2}", "(a)", "\\frac{a}{b}", "\\sum_{i}", "%", "$", "#1", "\n", " ", "ŷ", "²", "中", "\\"] * 4,
]
soup = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)

atoms = st.sampled_from(
    ["a", "b_{i}", r"\theta", r"\hat{y}", r"\mathbf{x}^{(i)}", "3", "0.5", r"\hat{\mathbf{h}}_j^2", "f(x)", r"\|w\|_2"]
)
formulas = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("{} + {}".format, inner, inner),
        st.builds("{} - {}".format, inner, inner),
        st.builds("{} {}".format, inner, inner),
        st.builds(r"\left({}\right)^{{2}}".format, inner),
        st.builds(r"\frac{{{}}}{{{}}}".format, inner, inner),
        st.builds(r"\log({})".format, inner),
        st.builds(r"\sum_{{i=1}}^{{n}} [{}]".format, inner),
        st.builds(r"\sqrt{{{}}}".format, inner),
        st.builds("{}".format, inner),
    ),
    max_leaves=12,
)


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from walk(child)


def shape(latex: str) -> str:
    return re.sub(r"span=\(\d+, \d+\)", "", repr(parse(latex)))


@settings(max_examples=600, deadline=None)
@given(soup)
@example(r"\sq||")
def test_only_read_errors_escape_and_spans_nest(latex: str) -> None:
    try:
        statements = parse(latex, MACROS)
    except ReadError as error:
        assert 0 <= error.position <= len(latex)
        assert "\n" not in error.message.replace(repr("\n"), "")
        return
    for statement in statements:
        assert height(statement) <= MAX_HEIGHT
        for node in walk(statement):
            assert 0 <= node.span[0] <= node.span[1] <= len(latex)
            for child in children(node):
                assert node.span[0] <= child.span[0] and child.span[1] <= node.span[1]


@settings(max_examples=200, deadline=None)
@given(formulas)
def test_a_symbol_or_number_spans_its_own_text(latex: str) -> None:
    for statement in parse(latex):
        for node in walk(statement):
            own = latex[slice(*node.span)]
            if isinstance(node, Num):
                assert own == node.text
            elif isinstance(node, Sym):
                assert shape(own) == re.sub(r"span=\(\d+, \d+\)", "", repr((node,)))


@settings(max_examples=200, deadline=None)
@given(formulas)
def test_a_part_reads_alone_as_it_reads_inside(latex: str) -> None:
    for statement in parse(latex):
        for node in walk(statement):
            if type(node).__name__ in ("Fraction", "Sqrt", "Fn", "Big", "Group"):
                assert shape(latex[slice(*node.span)]) == re.sub(r"span=\(\d+, \d+\)", "", repr((node,)))


@settings(max_examples=200, deadline=None)
@given(formulas)
def test_braces_spaces_and_sizes_change_nothing(latex: str) -> None:
    dressed = latex.replace(" + ", r" \;+\, ").replace("(", r"\big( ").replace(")", r" \big)")
    dressed = dressed.replace(r"\left\big(", r"\left(").replace(r"\right \big)", r"\right)")
    assert shape(dressed) == shape(latex)
    assert shape(r"\displaystyle " + latex + r" \nonumber .") == shape(latex)


@settings(max_examples=100, deadline=None)
@given(formulas, formulas)
def test_lines_of_an_environment_are_its_statements(left: str, right: str) -> None:
    lines = rf"\begin{{aligned}} {left} &= {right} \\ &= {left} \end{{aligned}}"
    assert shape(lines) == shape(left + "=" + right)[:-2] + ", " + shape("=" + left)[1:-2] + ")"


@given(st.sampled_from(["(", "{", "[", r"\left(", r"\frac{", "x^{", r"\log ", "-", r"\hat ", "x_", "|", r"\sqrt{"]))
@settings(deadline=None)
def test_runaway_nesting_is_refused(piece: str) -> None:
    for count in (50, 400, 19_000 // len(piece)):
        try:
            parse(piece * count + "x")
        except ReadError:
            continue
        assert count * len(piece) < 400, "nothing here closes or ends"


def test_command_table_has_one_row_a_command() -> None:
    assert len({command.name for command in COMMANDS}) == len(COMMANDS) == len(KINDS) == len(BASES)
    assert all(name in KINDS for name in UNICODE.values())

"""True formulas made false, and true formulas written otherwise: the first may not be accepted, the second not refused.

    python -m benchmarks.mutants [--share 0.1]

Mutants are made of the proved claims in tests/verify/fixtures. Whether one is really false is decided by central
differences at 60 digits through the definitions, at several sizes, independently of the calculus and the prover.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from sympy import Expr

from derive.model import Model, ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.ellipses import prepared
from derive.notation.names_in_notes import is_letter
from derive.notation.parser import ReadError, parse
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Chain, Fn, Fraction, Group, Juxt, Neg, Node, Num, Sym
from derive.quantities import Domain
from derive.vocabulary import Positive
from lowering.numeric.environment import whole
from lowering.numeric.errors import EvaluationError
from verify.context import Context, context_of
from verify.deciding import judged
from verify.differences import by_differences
from verify.documents.markdown import read_markdown
from verify.equations import posed
from verify.evaluation import Place, free_in
from verify.judge import Equation, with_variables
from verify.lines import Line, lines_of
from verify.points import values_at
from verify.results import Verdict
from verify.symmetric import at_symmetric, said_symmetric

NOTES = Path(__file__).resolve().parent.parent / "tests" / "verify" / "fixtures"
SIZES = ((2, 3, 4, 2), (3, 2, 2, 4), (1, 2, 3, 1))
EQUAL = 1e-10
DRAWS_AT_CASES = 12  # values at each size where a step tells cases apart: few may lie between two steps
DERIVATIVES = frozenset({"partial", "d"})
TRANSPOSES = frozenset({"T", "top", "intercal"})
TIED = frozenset({Domain.SIMPLEX, Domain.POSITIVE_DEFINITE})  # whose entries have to do with each other


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A claim with its source changed by an operator."""

    operator: str
    line: Line
    context: Context


# -- the claims ---------------------------------------------------------------------------------------


def claims(path: Path, every: int = 1) -> Iterator[tuple[Line, Context]]:
    """The proved claims of a note that stand as they are, not as a second definition; of its lines each `every`-th."""
    return claims_in(path.name, path.read_text(encoding="utf-8"), every)


def claims_in(name: str, text: str, every: int = 1) -> Iterator[tuple[Line, Context]]:
    """The proved claims of a text that stand as they are; of its lines each `every`-th."""
    context = context_of(lines_of(read_markdown(name, text)))
    for line in context.lines.lines[::every]:
        passed = {*context.definitions, *context.restatements, *context.problems, *context.updates}
        if line.right is None or line.operator != "=" or line.carried is not None or line.number in passed:
            continue
        try:
            if judged(line, context)[1].verdict is Verdict.PROVED:
                yield line, context
        except (Unreadable, ModelError):
            continue


# -- changes of the source ----------------------------------------------------------------------------

Edit = tuple[str, int, int, str]


def mutations(line: Line, letters: frozenset[str]) -> Iterator[Edit]:
    """(operator, start, end, text): edits of the right side that a slip of the pen might make."""
    assert line.right is not None
    source = line.formula.latex
    nodes = list(walk(line.right))
    syms = [n for n in nodes if isinstance(n, Sym) and n.base not in DERIVATIVES]
    yield "sign", line.right.span[0], line.right.span[0], "-"
    for node in nodes:
        if isinstance(node, Bin):
            yield from _of_binary(node, source)
        if isinstance(node, Neg):
            yield "sign", node.span[0], node.body.span[0], ""
        if isinstance(node, Juxt) and not _is_derivative_part(node):
            yield from _of_product(node, source)
        if isinstance(node, Num) and node.text.isdigit():
            yield "number", *node.span, str(int(node.text) + 1)
        if isinstance(node, Big) and node.above is not None:
            less = f"{_text(source, node.above)} - 1"
            yield "bound", *node.above.span, less if source[node.above.span[1] :][:1] == "}" else f"{{{less}}}"
        if isinstance(node, Sym) and _is_transposed(node):
            yield "transpose", node.span[0], node.span[1], _without_sup(node, source)
        if isinstance(node, Fn) and node.argument is not None:
            yield "function", *node.span, f"({_text(source, node.argument)})"
        if isinstance(node, Fraction) and not _is_derivative_part(node.above):
            yield "turned fraction", *node.span, rf"\frac{{{_text(source, node.below)}}}{{{_text(source, node.above)}}}"
    for sym in syms:
        if sym.sup is None and not is_letter(sym, letters):
            yield "exponent", sym.span[1], sym.span[1], "^2"
        for other in {_text(source, s) for s in syms if is_letter(s, letters) == is_letter(sym, letters)}:
            if other != _text(source, sym):
                operator = "index" if is_letter(sym, letters) else "quantity"
                yield operator, *sym.span, other


def _is_transposed(sym: Sym) -> bool:
    return isinstance(sym.sup, Sym) and sym.sup.base in TRANSPOSES


def _without_sup(sym: Sym, source: str) -> str:
    """The letter without its superscript, which stands behind a ^ and perhaps in braces."""
    assert sym.sup is not None
    return source[sym.span[0] : sym.sup.span[0]].rstrip("{ ").removesuffix("^")


def _of_binary(node: Bin, source: str) -> Iterator[Edit]:
    start, end = node.left.span[1], node.right.span[0]
    sign = source[start:end]
    for written, instead in (("+", "-"), ("-", "+"), (r"\cdot", "+")):
        if written in sign:
            yield ("sign" if written != r"\cdot" else "operator"), start, end, sign.replace(written, instead, 1)
    if node.op in "+-":
        yield "dropped term", start, node.right.span[1], ""
        yield "dropped term", node.left.span[0], end, "" if node.op == "+" else "-"
        yield "operator", start, end, r" \cdot "


def _of_product(node: Juxt, source: str) -> Iterator[Edit]:
    for k, item in enumerate(node.items):
        following = node.items[k + 1] if k + 1 < len(node.items) else None
        if isinstance(item, Sym) and isinstance(following, Group):
            continue  # the head of a bracket
        if isinstance(item, Sym | Num | Fraction) and not _is_derivative_part(item):
            yield "dropped factor", *item.span, " "
            yield "doubled factor", item.span[1], item.span[1], " " + _text(source, item)


def rewritings(line: Line, letters: frozenset[str]) -> Iterator[Edit]:
    """Edits of the right side that leave its value as it is."""
    assert line.right is not None
    source = line.formula.latex
    start, end = line.right.span
    yield "brackets", start, end, f"({source[start:end]})"
    yield "times one", start, end, f"1 \\cdot ({source[start:end]})"
    yield "plus zero", end, end, " + 0"
    yield "twice turned", start, end, f"-(-({source[start:end]}))"
    scripts = {id(n) for sym in walk(line.right) if (s := getattr(sym, "sub", None)) is not None for n in walk(s)}
    for node in (n for n in walk(line.right) if id(n) not in scripts):
        text = _text(source, node)
        if isinstance(node, Bin) and node.op == "+" and not isinstance(node.left, Big | Neg):
            yield "commuted sum", *node.span, f"{_text(source, node.right)} + {_text(source, node.left)}"
        if isinstance(node, Bin) and node.op == "-" and not isinstance(node.left, Big | Neg):
            yield "commuted sum", *node.span, f"-({_text(source, node.right)}) + {_text(source, node.left)}"
        if isinstance(node, Fraction) and isinstance(node.above, Bin) and node.above.op in "+-":
            parts = (
                rf"\frac{{{_text(source, p)}}}{{{_text(source, node.below)}}}"
                for p in (node.above.left, node.above.right)
            )
            yield "split fraction", *node.span, f"({next(parts)} {node.above.op} {next(parts)})"
        if (
            isinstance(node, Juxt)
            and all(isinstance(i, Sym | Fraction) for i in node.items)
            and not _is_derivative_part(node)
        ):
            yield "commuted factors", *node.span, " ".join(_text(source, i) for i in reversed(node.items))
        if isinstance(node, Big) and isinstance(node.below, Chain | Sym):
            yield from _renamed(node, source, letters)
        if isinstance(node, Fn) and node.name == "log":
            yield "other name", *node.span, text.replace(r"\log", r"\ln", 1)


def _renamed(node: Big, source: str, letters: frozenset[str]) -> Iterator[Edit]:
    """The sum with its index called by a letter that the text does not use."""
    bound = node.below.operands[0] if isinstance(node.below, Chain) else node.below
    text, used = _text(source, node), {n.base for n in walk(node) if isinstance(n, Sym)}
    places = [
        n.span[0] - node.span[0]
        for n in walk(node)
        if isinstance(n, Sym) and isinstance(bound, Sym) and n.base == bound.base
    ]
    new = next((letter for letter in "lkjiq" if letter not in used and letter in letters), None)
    if new is None:
        return
    for place in sorted(places, reverse=True):
        text = text[:place] + new + text[place + 1 :]
    yield "renamed index", *node.span, text


def _text(source: str, node: Node) -> str:
    return source[node.span[0] : node.span[1]]


def _is_derivative_part(node: Node) -> bool:
    first = node.above if isinstance(node, Fraction) else node
    first = first.items[0] if isinstance(first, Juxt) else first
    return isinstance(first, Sym) and first.base in DERIVATIVES


def changed(line: Line, context: Context, edits: Iterator[Edit]) -> Iterator[Changed]:
    """The claim after each edit, where it can still be parsed."""
    assert line.right is not None
    seen: set[str] = {line.formula.latex}
    for operator, start, end, text in edits:
        source = line.formula.latex[:start] + text + line.formula.latex[end:]
        if source in seen:
            continue
        seen.add(source)
        try:
            chains = [n for n in (prepared(p) for p in parse(source)) if isinstance(n, Chain)]
        except ReadError:
            continue
        for left, right in (pair for c in chains for pair in pairwise(c.operands)):
            if left.span == line.left.span:
                formula = dataclasses.replace(line.formula, latex=source)
                new = dataclasses.replace(line, formula=formula, left=left, right=right)
                yield Changed(operator=operator, line=new, context=context)


# -- the truth ----------------------------------------------------------------------------------------


def is_true(equation: Equation, model: Model) -> bool | None:
    """Whether both sides are equal at random points at several sizes, by differences; None if that stays open."""
    left, right = equation.left, equation.right
    model = with_variables(equation, model)
    compared = 0
    rounds = DRAWS_AT_CASES if left.has(Positive) or right.has(Positive) else 1
    for number, lengths in enumerate(SIZES * rounds):
        generator = np.random.default_rng(number)
        for place in _places(left, right, model, lengths, generator):
            try:
                values = by_differences(left, right, model, place)
            except EvaluationError:
                continue
            if values is None:
                continue
            compared += 1
            if abs(values[0] - values[1]) > EQUAL * max(1, abs(values[0])):
                return False
    return True if compared >= 3 else None


def _places(
    left: Expr, right: Expr, model: Model, lengths: tuple[int, ...], generator: np.random.Generator
) -> Iterator[Place]:
    """The first and last value of each free index, and random ones between, at values above zero."""
    free = free_in(left, right)
    bounds = [b for i in free for b in (i.lower, i.upper)] + [
        b for q in model.quantities.values() for i in q.axes for b in (i.lower, i.upper)
    ]
    names = sorted({s.name for e in (left, right, *bounds) for s in e.free_symbols if s.is_integer and s.is_positive})
    sizes = {name: lengths[k % len(lengths)] for k, name in enumerate(names)}
    drawn = values_at(model, sizes, generator, plain=False)
    bound = {q.name for q in model.quantities.values() if q.domain in TIED}
    given = {n: v[:1] if n in bound else np.abs(v[:1]) + 0.25 for n, v in drawn.items()}
    ranges = [(whole(i.lower, sizes), whole(i.upper, sizes)) for i in free]
    draws = [[low for low, _ in ranges], [high for _, high in ranges]]
    draws += [[int(generator.integers(low, high + 1)) for low, high in ranges] for _ in range(3 if free else 0)]
    for draw in draws:
        position = tuple(k - low for k, (low, _) in zip(draw, ranges, strict=True))
        yield Place(sizes=sizes, given=given, indices=dict(zip(free, draw, strict=True)), position=position)


# -- the table ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the checker says of a changed claim, and the truth."""

    operator: str
    source: str
    verdict: str
    true: bool | None


def outcome(case: Changed) -> Outcome:
    try:
        equation, judgement = judged(case.line, case.context)
    except (Unreadable, ModelError):
        return Outcome(operator=case.operator, source=case.line.formula.latex, verdict="unread", true=None)
    true = None
    if judgement.verdict is not Verdict.UNDECIDED:
        model = posed(case.line, case.context)[1]
        try:
            true = is_true(equation, at_symmetric(model, said_symmetric(case.context.dictionary)) or model)
        except RecursionError:  # no differences are taken of slopes along a recursion
            return Outcome(operator=case.operator, source=case.line.formula.latex, verdict="open", true=None)
    return Outcome(operator=case.operator, source=case.line.formula.latex, verdict=str(judgement.verdict), true=true)


def cases(kind: str, share: float = 1.0, every: int = 1) -> Iterator[Changed]:
    """The `mutants` or the `rewritings` of each `every`-th line, or a share of them, the same each time."""
    generator = random.Random(0)
    for path in sorted(NOTES.rglob("*.md")):
        for line, context in claims(path, every):
            edits = (mutations if kind == "mutants" else rewritings)(line, context.dictionary.survey.letters)
            yield from (c for c in changed(line, context, edits) if generator.random() < share)


def table(outcomes: list[Outcome]) -> str:
    """Operator × verdict, with the truth of what was accepted or refuted."""
    counts = Counter((o.operator, o.verdict) for o in outcomes)
    verdicts = sorted({o.verdict for o in outcomes})
    rows = [["operator", *verdicts]]
    for operator in sorted({o.operator for o in outcomes}):
        rows.append([operator, *(str(counts[operator, v]) for v in verdicts)])
    rows.append(["all", *(str(sum(o.verdict == v for o in outcomes)) for v in verdicts)])
    return "\n".join("".join(cell.ljust(18 if k == 0 else 11) for k, cell in enumerate(row)) for row in rows)


def wrong(outcomes: list[Outcome]) -> list[Outcome]:
    """False claims accepted, and true ones refuted."""
    accepted = [o for o in outcomes if o.verdict in ("proved", "holds") and o.true is False]
    return accepted + [o for o in outcomes if o.verdict == "refuted" and o.true is not False]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="of the changed claims to try")
    args = parser.parse_args()
    failures = 0
    for kind in ("mutants", "rewritings"):
        outcomes = [outcome(case) for case in cases(kind, args.share)]
        print(f"{kind}: {len(outcomes)}\n{table(outcomes)}\n")
        for o in wrong(outcomes):
            failures += 1
            print(f"WRONG: {o.verdict}: {o.source}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

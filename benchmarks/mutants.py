"""True formulas made false, and true formulas written otherwise: the first may not be accepted, the second not refused.

    python -m benchmarks.mutants [--share 0.1]

Mutants are made of the proved claims in tests/verify/fixtures. Whether one is really false is decided apart from the
calculus and the prover (`truth`).
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from derive.model import ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.ellipses import prepared
from derive.notation.names_in_notes import is_letter
from derive.notation.parser import ReadError, parse
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Chain, Fn, Fraction, Group, Juxt, Neg, Node, Num, Sym
from verify.context import Context, context_of
from verify.deciding import conditions_for, judged
from verify.documents.document import Document
from verify.documents.markdown import read_markdown
from verify.equations import model_of
from verify.lines import Line, lines_of
from verify.results import Verdict
from verify.statements import statement_of
from verify.symmetric import at_symmetric, said_symmetric

from .truth import is_true

NOTES = Path(__file__).resolve().parent.parent / "tests" / "verify" / "fixtures"
DERIVATIVES = frozenset({"partial", "d"})
TRANSPOSES = frozenset({"T", "top", "intercal"})
IDEMPOTENT = frozenset({"1", "I"})  # indicators and the identity are their own squares: the claim says the same
OPEN = ("undecided", "unread")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim that is proved, and the text in which it stands."""

    line: Line
    context: Context
    document: Document


@dataclass(frozen=True, kw_only=True)
class Changed(Claim):
    """A claim with its source changed by an operator."""

    operator: str


# -- the claims ---------------------------------------------------------------------------------------


def claims(path: Path, every: int = 1) -> Iterator[Claim]:
    """The proved claims of a note that stand as they are, not as a second definition; of its lines each `every`-th."""
    return claims_in(path.name, path.read_text(encoding="utf-8"), every)


def claims_in(name: str, text: str, every: int = 1) -> Iterator[Claim]:
    """The proved claims of a text that stand as they are; of its lines each `every`-th."""
    document = read_markdown(name, text)
    context = context_of(lines_of(document))
    for line in context.lines.lines[::every]:
        passed = {*context.definitions, *context.restatements, *context.problems, *context.updates}
        if line.right is None or line.operator != "=" or line.carried is not None or line.number in passed:
            continue
        try:
            if judged(line, context)[1].verdict is Verdict.PROVED:
                yield Claim(line=line, context=context, document=document)
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
        if sym.sup is None and sym.base not in IDEMPOTENT and not is_letter(sym, letters):
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


def mutants(claim: Claim) -> Iterator[Changed]:
    """The claim after each of its mutations."""
    return changed(claim, mutations(claim.line, claim.context.dictionary.survey.letters))


def changed(claim: Claim, edits: Iterator[Edit]) -> Iterator[Changed]:
    """The claim after each edit, where it can still be parsed."""
    line = claim.line
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
                yield Changed(operator=operator, line=new, context=claim.context, document=claim.document)


# -- the table ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the checker says of a changed claim, and the truth.

    Attributes:
        operator: of the change.
        source: the changed formula.
        verdict: of the checker.
        true: the truth; None if there are no numbers that tell it.
        told: whether the equation as read was decided, and not only what the checker knows besides: misfits of shapes.
        late: whether it is undecided because the time that a formula may take was used up.
    """

    operator: str
    source: str
    verdict: str
    true: bool | None
    told: bool
    late: bool = False


def outcome(case: Changed) -> Outcome:
    """What the checker says of a changed claim, and whether it is true."""
    line, context = case.line, case.context
    verdict, true, told = "unread", None, False
    try:
        equation, judgement = judged(line, context)
        verdict, told = str(judgement.verdict), str(judgement.verdict) not in OPEN
        model = model_of(equation, context, line.number)  # in the layout in which it was decided
        even = at_symmetric(model, said_symmetric(context.dictionary)) or model
        true = is_true(equation, even, conditions_for(line, equation, model, context, False))
    except (Unreadable, ModelError, ValueError, RecursionError):
        pass  # what cannot be read or has no numbers stays open
    if verdict in OPEN:  # the checker has more than one way to decide
        verdict = _by_any_way(case)
    return Outcome(operator=case.operator, source=line.formula.latex, verdict=verdict, true=true, told=told)


def _by_any_way(case: Changed) -> str:
    """The verdict of the whole checker: refuted where it calls the claim wrong, undecided where it says nothing."""
    try:
        verdict = statement_of(case.line, case.document, case.context).verdict
    except Exception as error:  # a defect of ours, which `gradproof check` reports
        return f"failed: {error}"
    told = {Verdict.CONFLICT: Verdict.REFUTED, Verdict.AMBIGUOUS: Verdict.UNDECIDED, Verdict.DEFINED: Verdict.UNDECIDED}
    return str(told.get(verdict, verdict))


def cases(kind: str, share: float = 1.0, every: int = 1) -> Iterator[Changed]:
    """The `mutants` or the `rewritings` of each `every`-th line, or a share of them, the same each time."""
    generator = random.Random(0)
    for path in sorted(NOTES.rglob("*.md")):
        for claim in claims(path, every):
            edits = (mutations if kind == "mutants" else rewritings)(
                claim.line, claim.context.dictionary.survey.letters
            )
            yield from (c for c in changed(claim, edits) if generator.random() < share)


def table(outcomes: list[Outcome]) -> str:
    """Operator × verdict, with the truth of what was accepted or refuted."""
    counts = Counter((o.operator, o.verdict) for o in outcomes)
    verdicts = sorted({o.verdict for o in outcomes})
    rows = [["operator", *verdicts]]
    for operator in sorted({o.operator for o in outcomes}):
        rows.append([operator, *(str(counts[operator, v]) for v in verdicts)])
    rows.append(["all", *(str(sum(o.verdict == v for o in outcomes)) for v in verdicts)])
    return "\n".join("".join(cell.ljust(18 if k == 0 else 11) for k, cell in enumerate(row)) for row in rows)


def wrong(outcomes: Iterable[Outcome], *, rewritten: bool = False) -> list[Outcome]:
    """Mutants accepted that are not shown to be true, refuted that may be true, and what the checker failed at.

    Args:
        outcomes: of mutants, or of claims that are only `rewritten` and so true.
        rewritten: which of the two.
    """
    return [o for o in outcomes if o.verdict.startswith("failed") or _is_wrong(o, rewritten=rewritten)]


def _is_wrong(o: Outcome, *, rewritten: bool) -> bool:
    if o.verdict in ("proved", "holds"):
        return not rewritten and o.true is not True
    return o.verdict == "refuted" and (rewritten or o.true is True or (o.told and o.true is None))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="of the changed claims to try")
    args = parser.parse_args()
    failures = 0
    for kind in ("mutants", "rewritings"):
        outcomes = [outcome(case) for case in cases(kind, args.share)]
        print(f"{kind}: {len(outcomes)}\n{table(outcomes)}\n")
        for o in wrong(outcomes, rewritten=kind == "rewritings"):
            failures += 1
            print(f"WRONG: {o.verdict}: {o.source}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

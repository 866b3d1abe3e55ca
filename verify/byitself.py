"""What is found of a claim that has no reading within its text, once it is taken out of it.

It is proved as any other claim. It is called wrong only where one edit of the author's formula makes it true in the
same reading, or where all that it speaks of is defined in the text: what was misread is hardly ever one edit from the
truth.
"""

from __future__ import annotations

import dataclasses
from itertools import pairwise

from sympy import Expr

from derive.model import Model, ModelError
from derive.notation.definitions import DEFINING
from derive.notation.derivatives import MIXED, Layout
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.labels import before_classes
from derive.notation.memory import remembering
from derive.notation.recursions import used_now
from derive.notation.runs import walk
from derive.notation.syntax import Empty, Group, Juxt, Node, Sym
from derive.vocabulary import Partial, name_of, names_in

from .alone import Alone, alone
from .context import Context
from .deciding import judged
from .equations import posed
from .evaluation import needed
from .found import ANYTHING_FALSE, Found
from .functions import Written
from .judge import Equation, Judgement
from .lines import Line
from .oneentry import NotAlone
from .opaque import as_shares
from .repair import repair
from .results import Suggestion, Verdict
from .rules.edit import Rule
from .rules.parts import transposes_in
from .rules.wrong_transpose import RULE as TRANSPOSES

ONE_ENTRY = "the two sides differ at these numbers, already where every vector and matrix has one entry"


def by_itself(line: Line, context: Context) -> Found | None:
    """What is found of a claim taken out of its text: that it is true, or wrong; None of anything else."""
    if line.right is None or line.operator not in DEFINING or _is_definition(line):
        return None
    misfit = _does_not_fit(line, context)
    for numbers in (False, True):
        try:
            taken = alone(line, context, numbers=numbers)
            found = _found(taken, line, context, numbers=numbers)
        except (NotAlone, Unreadable, ModelError, ValueError):
            continue
        if found is not None and not (misfit and found.verdict in (Verdict.PROVED, Verdict.HOLDS)):
            return found
    return None


def _does_not_fit(line: Line, context: Context) -> bool:
    """Whether a number is added to what is a matrix by the whole text: X^T X + λ is not true of numbers only."""
    try:
        posed(line, context)
    except Unreadable as error:
        return error.misfit
    except ModelError:
        return False
    return False


def _is_definition(line: Line) -> bool:
    """Whether a line may say what a letter or a function is."""
    if line.link or line.carried is not None:
        return False
    left = before_classes(line.left)
    head = left.items if isinstance(left, Juxt) else (left,)
    applied = len(head) == 2 and isinstance(head[0], Sym) and not head[0].primes and isinstance(head[1], Group)
    return isinstance(left, Sym | Empty) or applied


def _found(taken: Alone, line: Line, context: Context, *, numbers: bool) -> Found | None:
    def pose(edited: Line, layout: Layout = MIXED) -> tuple[Equation, Model]:
        return _posed(edited, taken, layout)

    def as_probabilities(edited: Line, layout: Layout = MIXED) -> tuple[Equation, Model]:
        equation, model = pose(edited, layout)
        return equation, as_shares(model, taken.unknown)

    claimed = taken.functions or line.link > 0
    equation, judgement = judged(line, taken.context, pose=pose, claimed=claimed)
    if _rests_on_unread(equation, taken.opaque):
        return None
    shown = line.formula.latex[slice(*line.span)]
    if judgement.verdict is Verdict.PROVED and _hides_a_matrix(equation, pose(line)[1], context):
        return None
    if judgement.verdict is Verdict.PROVED and not numbers and not _is_of_nothing(equation, taken):
        return Found(verdict=Verdict.PROVED, because=judgement.because, reading=shown)
    if judgement.verdict is Verdict.HOLDS and taken.functions and not numbers and _says_nothing_new(equation, taken):
        return Found(verdict=Verdict.HOLDS, because=judgement.because, reading=shown)
    if judgement.verdict is not Verdict.REFUTED or not (taken.functions or _has_partial(equation)):
        return None
    if any(map(_has_a_word, (line.left, line.right))):
        return None
    if (
        taken.unknown
        and judged(line, taken.context, pose=as_probabilities, claimed=claimed)[1].verdict is not Verdict.REFUTED
    ):
        return None

    def verdict(edited: Line) -> Verdict:
        repaired, found = judged(edited, taken.context, pose=pose, claimed=True)
        if _is_of_nothing(repaired, taken):
            return Verdict.UNDECIDED
        return Verdict.HOLDS if numbers and found.verdict is Verdict.PROVED else found.verdict

    def tried(edited: Line) -> tuple[Equation, Model] | None:
        found = _posed(edited, taken, MIXED, shown=False)
        as_written = edited.left is line.left and edited.right is line.right
        return found if as_written or not _is_of_nothing(found[0], taken) else None

    with remembering(taken.context.dictionary):
        mended = repair(line, context, verdict, tried)
    if mended is not None and numbers and mended[0] is TRANSPOSES:  # which is nothing of one entry
        return None
    if mended is None and not _is_closed(equation, taken, numbers=numbers):
        return None
    return _wrong(judgement.because if not numbers else ONE_ENTRY, shown, mended, judgement)


def _has_a_word(side: Node | None) -> bool:
    """Whether letters without a space between them stand right before a bracket, bias(X), which may be one name."""
    for node in (n for n in walk(side) if isinstance(n, Juxt)) if side is not None else ():
        letters = 0
        for last, item in pairwise(node.items):
            bare = isinstance(last, Sym) and len(last.base) == 1 and last.sup is None and not last.accents
            letters = letters + 1 if bare and last.span[1] == item.span[0] else 0
            if letters > 1 and isinstance(item, Group) and item.opening in ("(", "["):
                return True
    return False


def _wrong(because: str, shown: str, mended: tuple[Rule, Suggestion] | None, judgement: Judgement) -> Found:
    return Found(
        verdict=Verdict.REFUTED,
        because=because,
        reading=shown,
        judgement=judgement,
        rule=mended[0].code if mended else ANYTHING_FALSE,
        suggestion=mended[1] if mended else None,
    )


def _posed(line: Line, taken: Alone, layout: Layout, *, shown: bool = True) -> tuple[Equation, Model]:
    """The equation that a line claims in the context of its own, and its model; perhaps shown to the second reader."""
    assert line.right is not None
    left, right = taken.rewritten(line.left), taken.rewritten(line.right)
    rewritten = dataclasses.replace(line, left=left.node, right=right.node)
    equation, model = posed(rewritten, taken.context, layout=layout)
    sides = zip(equation.sources, (line.left, line.right), (left, right), strict=True) if shown else ()
    for (_, _, reader), node, written in sides:
        _mask(reader, written)
        if marks := [sup.span for sup in transposes_in(node)] if taken.numbers else []:
            reader.turned += marks
            reader.arrays = True  # so that the second reader is not shown the marks
    return equation, model


def _mask(reader: Reader, written: Written) -> None:
    """Take what was written out for one atom, which the second reader does not look into."""
    spans = {span for span, _ in written.places}
    if not spans:
        return
    reader.atoms[:] = [atom for atom in reader.atoms if atom[0] not in spans]
    for span, part in written.places:
        reader.atoms.append((span, Reader(reader.dictionary, reader.layout).read(part)))


def _rests_on_unread(equation: Equation, opaque: frozenset[str]) -> bool:
    """Whether something is differentiated that may depend on what it is taken by through an unread definition."""
    partials = [p for side in (equation.left, equation.right) for p in side.atoms(Partial)]
    return any((_names(p.args[0]) & opaque) - _names(p.args[1]) for p in partials)


def _hides_a_matrix(equation: Equation, model: Model, context: Context) -> bool:
    """Whether a derivative has a number for a letter that the text uses as a matrix, W^{[2]} a^{[1]}."""
    matrices = {n.split("_")[0] for n, _ in context.weights}
    used = [model.quantities[n] for n in needed(equation.left, equation.right, model) if n.split("_")[0] in matrices]
    return _has_partial(equation) and any(not q.axes for q in used)


def _is_of_nothing(equation: Equation, taken: Alone) -> bool:
    """Whether something is differentiated by what it does not seem to depend on: 0 = 0 proves nothing."""
    return any(
        not _names(p.args[1]) & _reached(_names(p.args[0]), taken)
        for side in (equation.left, equation.right)
        for p in side.atoms(Partial)
    )


def _says_nothing_new(equation: Equation, taken: Alone) -> bool:
    """Whether the right side is made of what the left side is made of, and of nothing unread."""
    return not taken.opaque and _names(equation.right) <= _reached(_names(equation.left), taken)


def _reached(names: set[str], taken: Alone) -> set[str]:
    """The names and all that their definitions are made of."""
    bodies = {d.name: used_now(d.body) for d in taken.context.definitions.values()}
    found, queue = set(names), list(names)
    while queue:
        new = set(bodies.get(queue.pop(), ())) - found
        found |= new
        queue += new
    return found


def _has_partial(equation: Equation) -> bool:
    return bool(equation.left.has(Partial) or equation.right.has(Partial))


def _is_closed(equation: Equation, taken: Alone, *, numbers: bool) -> bool:
    """Whether both sides are made of functions of the text and of the same letters, but for their labels."""
    known = _names(equation.left) | taken.context.spoken
    whole = taken.functions and not taken.opaque and _names(equation.right) <= known
    return whole and not (numbers and equation.left.has(Partial))


def _names(expr: Expr) -> set[str]:
    return {name_of(a) for a in names_in(expr)}

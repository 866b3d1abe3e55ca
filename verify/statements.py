"""What is found of one line of a document: what it is for, and its verdict."""

from __future__ import annotations

import dataclasses
import re

from derive.model import Model, ModelError
from derive.notation.definitions import DEFINING
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.runs import walk
from derive.notation.syntax import Node, Num, Sym
from derive.vocabulary import Partial, name_of, names_in

from .announced import logarithm_found, solution_found, stationarity_found, update_found
from .approximate import approximate_found
from .byitself import by_itself
from .chainrule import turned_link
from .chances.verdict import by_chances
from .conditionals import confused_conditional
from .conditions import conditions_behind
from .context import Context
from .crossed import crossed
from .custom import GUESSED, settle_matrices
from .deciding import judged
from .declarations import (
    SIGNS,
    bounds_a_name,
    is_declaration,
    is_left_out,
    is_restriction,
    is_setting,
    may_introduce,
)
from .documents.document import Document
from .doubts import UNREADABLE
from .equations import posed
from .foreignstep import foreign_step
from .found import ANYTHING_FALSE, CONTRADICTED, WRONG, Found, placed, read_as, shown_as
from .hadamard import without_a_matrix
from .hidden.judging import hidden_found
from .integrals import integral_found
from .inverted import inverted_found
from .judge import Equation, Judgement
from .language import is_english
from .likelihoods.found import by_laws
from .lines import Line
from .nearidentity import near_identity
from .normalised import CODE as NO_DENSITY
from .normalised import unnormalised
from .outlined import outlined
from .posteriors.judging import posterior_found
from .primedsums import primed_sum
from .products.judging import products_found
from .reading import reading
from .related.distributed import distributed_found
from .related.membership import membership_found
from .related.nearness import near_found
from .related.order import order_found, proved_order
from .repair import repair
from .results import Severity, Statement, StatementKind, Suggestion, Verdict
from .roles import Role, follows_from, introduction, mentions, says_the_same
from .rules.edit import Rule
from .shares import labelled
from .slips import slip_in
from .spaces.judging import length_found, space_found
from .spaces.orders import order_in_space
from .spaces.solutions import solution_in_space
from .standards.found import standard_found
from .standards.signs import sign_found
from .strayindex import stray_index
from .terms.judging import terms_found
from .unfitting import unfitting
from .unproved import without_doubt
from .unrolled.judging import unrolled_found
from .untransposed import untransposed
from .vectordensities import unnormalised_vector

UNFITTING = "GP240"
TWO_READINGS = "GP303"
PRIMED = "may mean a derivative"
TRANSPOSED = "transpose it"  # what the reader says of a vector where a row belongs
OPEN = (Verdict.UNREAD, Verdict.UNDECIDED, Verdict.DEFINED)
TOLD = (StatementKind.CLAIM, StatementKind.DEFINITION)
TRIED_AGAIN = ("it may follow from another equation", "how far the derivative reaches", "a second reader")
TRIED = "numbers speak against it"
DISPUTED = re.compile(r"^numbers speak against it|\bmay\b|an equation to solve|for some values")
AGAINST = re.compile(  # what numbers of another kind cannot outweigh
    r"^numbers speak against it, but (?!it may follow from another equation|\w+ may be the identity)"
    r"|ha(?:s|ve) indices elsewhere"
)
FOREIGN = "it does not hold as it stands, but conditions in the words around it are read in English only"


def statement_of(line: Line, document: Document, context: Context) -> Statement:
    """The statement that a line makes, judged; what is wrong of its notation counts where nothing graver is found."""
    found = _judged_by_all(line, document, context)
    if found.verdict is Verdict.UNREAD:
        found = outlined(found, line, context)
    if found.verdict in WRONG and not is_english(document.text) and _has_letters(line):
        found = Found(kind=found.kind, verdict=Verdict.UNDECIDED, because=FOREIGN, reading=found.reading)
    found = without_doubt(found, line, context)
    undecided = found.kind is StatementKind.CLAIM and found.verdict in (Verdict.UNDECIDED, Verdict.UNREAD)
    if undecided and (is_setting(line, context) or is_restriction(line) or may_introduce(line, found.because or "")):
        found = dataclasses.replace(found, kind=StatementKind.DEFINITION)
    statement = placed(found, document, line.formula, line.span)
    slip = slip_in(line, context.dictionary) if statement.severity is None and line.right is not None else None
    if slip is None:
        return statement
    verdict = Verdict.CONFLICT if slip.severity is Severity.ERROR else statement.verdict
    return dataclasses.replace(
        statement,
        verdict=verdict,
        rule=slip.rule,
        severity=slip.severity,
        message=slip.message,
        suggestion=slip.suggestion,
    )


def _unfitting(line: Line, document: Document, context: Context) -> Found | None:
    """What has no reading because the shapes that the text declares do not fit."""
    clash = unfitting(line, document, context) if line.operator in DEFINING else None
    if clash is None:
        return None
    if clash.late is not None:
        because = f"{clash.message}: {clash.because}"
        return Found(verdict=Verdict.UNREAD, because=because)
    return Found(
        verdict=Verdict.CONFLICT,
        because=clash.because,
        rule=UNFITTING,
        message=clash.message,
        suggestion=clash.suggestion,
    )


def _judged_by_all(line: Line, document: Document, context: Context) -> Found:
    """What is found by index expressions, by the laws of probability, or of the line taken out of its text."""
    first = _judged_as_it_stands(line, document, context)
    if first.rule == NO_DENSITY:
        return first
    if (strange := foreign_step(line, context) or primed_sum(line, context)) is not None:
        return strange
    found = _by_chances(first, line, context)
    if found.verdict in OPEN and (sums := crossed(line, context)) is not None:
        return sums
    found = standard_found(line, document, context, found) or found
    if found.verdict in OPEN and (sign := sign_found(line, context)) is not None:
        return sign
    if found.verdict in OPEN:
        found = by_laws(line, document, context, _judged_as_it_stands, _judged_by_all) or found
    if found.verdict in OPEN:
        found = integral_found(line, context) or found
    if found.verdict in (Verdict.UNREAD, Verdict.UNDECIDED) and found.kind in TOLD:
        found = _by_terms(found, line, context) or found
    if found.verdict in OPEN:
        found = hidden_found(line, context) or unrolled_found(line, context) or posterior_found(line, context) or found
    if found.verdict not in OPEN:
        return found
    for slip in (confused_conditional(line, context), turned_link(line)):
        if slip is not None:
            return slip
    because = first.because or ""
    unread = first.verdict is Verdict.UNREAD or UNREADABLE in because or because.endswith(PRIMED)
    found = (by_itself(line, context) or found) if unread else found
    return (_in_spaces(found, line, context) if found.verdict in OPEN else None) or found


def _by_terms(found: Found, line: Line, context: Context) -> Found | None:
    """What the functions, sums and means in a line give; what numbers speak against for other reasons is not proved."""
    why = found.because or ""
    if AGAINST.search(why):
        return None
    return terms_found(line, context) or (None if why.startswith(TRIED) else products_found(line, context))


def _in_spaces(found: Found, line: Line, context: Context) -> Found | None:
    """What numbers say of vectors, matrices and functions of them where nothing else decides."""
    if line.operator in SIGNS:
        return order_in_space(line, context)
    if any(line.number in given for given in context.values.values()):
        return solution_in_space(line, context)
    why = found.because or ""
    doubted = DISPUTED.search(why) is not None and not any(reason in why for reason in TRIED_AGAIN)
    disputed = doubted or found.verdict is Verdict.DEFINED
    found_in_space = length_found(line, context) or space_found(line, context, disputed=disputed)
    found_in_space = found_in_space or solution_in_space(line, context)
    held = found_in_space is not None and found_in_space.verdict is Verdict.HOLDS
    return None if held and AGAINST.search(why) else found_in_space


def _judged_as_it_stands(line: Line, document: Document, context: Context) -> Found:
    """What is found by index expressions, and of what is called a density."""
    found = without_a_matrix(_found(line, document, context), line, context)
    if found.verdict is Verdict.UNREAD:
        found = _unfitting(line, document, context) or found
    if found.verdict in OPEN and TRANSPOSED in (found.because or ""):
        found = untransposed(line, context) or found
    density = unnormalised(line, context) if found.verdict is Verdict.DEFINED else None
    density = density or (unnormalised_vector(line, context) if line.right is not None else None)
    return found if density is None else dataclasses.replace(density, reading=found.reading)


def _by_chances(found: Found, line: Line, context: Context) -> Found:
    """What the laws of probability add to what was found."""
    other = by_chances(line, context, found.verdict)
    if other is None:
        return found
    judgement, mended = other
    return Found(
        kind=StatementKind.DEFINITION if judgement.verdict is Verdict.DEFINED else StatementKind.CLAIM,
        verdict=judgement.verdict,
        because=judgement.because,
        reading=found.reading or line.formula.latex[line.span[0] : line.span[1]],
        judgement=judgement,
        rule=mended[0].code if mended else ANYTHING_FALSE if judgement.verdict is Verdict.REFUTED else None,
        suggestion=mended[1] if mended else None,
    )


def _found(line: Line, document: Document, context: Context) -> Found:
    """What a line is, from its relation and from what the context knows of it."""
    if line.right is None:
        return _expression(line, context)
    if is_left_out(line):
        return Found(kind=StatementKind.EXPRESSION, verdict=Verdict.UNDECIDED, because="a side of it is left out")
    if (member := membership_found(line, document, context)) is not None:
        return member
    if bounds_a_name(line, context):
        return Found(kind=StatementKind.DEFINITION, verdict=Verdict.DEFINED)
    if (order := proved_order(line, context)) is not None:
        return order
    if is_declaration(line, context):
        return Found(kind=StatementKind.DEFINITION, verdict=Verdict.DEFINED)
    if line.operator == "<-" or line.number in context.updates:
        return update_found(line, context)
    if (solution := solution_found(line, context)) is not None:
        return solution
    if (near := near_found(line, context)) is not None:
        return near
    if (approximate := approximate_found(line, context)) is not None:
        return approximate
    if (order := order_found(line, context)) is not None:
        return order
    if (law := distributed_found(line, context)) is not None:
        return law
    if line.operator not in DEFINING:
        return Found(verdict=Verdict.UNDECIDED, because=f"the relation {line.operator} is not judged")
    if context.is_value(line.number):
        return Found(kind=StatementKind.DEFINITION, verdict=Verdict.DEFINED, reading=read_as(line, context))
    if any(line.number in given for given in context.values.values()):
        return Found(verdict=Verdict.UNDECIDED, because="a value given to a quantity is not judged")
    if (logarithm := logarithm_found(line, document, context)) is not None:
        return logarithm
    if (inverted := inverted_found(line, context)) is not None:
        return inverted
    if line.number in context.definitions or line.number in context.listings:
        return Found(kind=StatementKind.DEFINITION, verdict=Verdict.DEFINED, reading=read_as(line, context))
    if line.number in context.problems:
        because = context.problems[line.number]
        return Found(kind=StatementKind.DEFINITION, verdict=Verdict.UNREAD, because=because)
    if line.number in context.restatements:
        return _restatement(line, document, context)
    claim = _settled(line, context)
    return (stationarity_found(line, context) if claim.verdict is Verdict.UNDECIDED else None) or claim


def _settled(line: Line, context: Context) -> Found:
    """A claim, judged again if all that keeps it from being called wrong is that a matrix is one by custom only."""
    found = _claim(line, context)
    doubted = found.verdict is Verdict.UNDECIDED and GUESSED in (found.because or "")
    return _claim(line, context) if doubted and settle_matrices(context) else found


def _expression(line: Line, context: Context) -> Found:
    kind = StatementKind.EXPRESSION
    try:
        reader = Reader(context.dictionary)
        read = reader.read(line.left)
    except (Unreadable, ValueError) as error:
        return Found(kind=kind, verdict=Verdict.UNREAD, because=str(error))
    because = "a formula without a relation claims nothing"
    shown = reading(read, None, "", context.dictionary, reader.samples)
    return Found(kind=kind, verdict=Verdict.UNDECIDED, because=because, reading=shown)


def _restatement(line: Line, document: Document, context: Context) -> Found:
    """A second equation for a name: the same thing again, which is proved, or another quantity of that name."""
    again = context.restatements[line.number]
    if not again.readable:
        return Found(verdict=Verdict.UNREAD, because=again.reason)
    shown = read_as(line, context)
    earlier = context.line(again.earlier)
    where = document.position(earlier.formula.offset_of(earlier.span[0]))[0]
    if again.proof is None:
        kind = StatementKind.DEFINITION
        if context.is_anew(again.name):
            return Found(kind=kind, verdict=Verdict.DEFINED, reading=shown)
        other = Found(kind=kind, verdict=Verdict.UNDECIDED, because=again.reason, reading=shown)
        first = context.definitions.get(again.earlier)
        certain = first is not None and first.expr.has(Partial)
        told = says_the_same(line.formula) or follows_from(line.formula, earlier.formula, certain=certain)
        if earlier.formula.headings != line.formula.headings or not told:
            return other
        return _compared(line, earlier, again.name, where, context) or other
    because = f"it follows from the definition of {again.name} in line {where}"
    return Found(verdict=Verdict.PROVED, because=because, reading=shown)


def _compared(line: Line, earlier: Line, name: str, where: int, context: Context) -> Found | None:
    """What is found of a second equation for a name that is said to state the first one again."""
    assert earlier.right is not None
    claim = dataclasses.replace(line, left=earlier.right, carried=earlier.formula, link=1, operator="=")
    found = _claim(claim, context, line.number - 1, name)
    if found.verdict is Verdict.REFUTED:
        because = f"it contradicts the definition of {name} in line {where}, which the text says it states again"
        verdict, rule = Verdict.CONFLICT, found.rule if found.suggestion else CONTRADICTED
        context.correct(line, found.suggestion.latex if found.suggestion else None)
        return dataclasses.replace(found, verdict=verdict, because=because, rule=rule)
    return found if found.verdict in (Verdict.PROVED, Verdict.HOLDS, Verdict.UNDECIDED) else None


def _claim(line: Line, context: Context, at: int | None = None, name: str = "") -> Found:
    """A claim, judged by the definitions that hold where it stands, or at another line.

    No correction may use `name`, which the claim gives a meaning: L = L is true and says nothing.
    """

    def verdict(edited: Line) -> Verdict:
        repaired, found = judged(edited, context, at)
        circular = name in {name_of(a) for a in names_in(repaired.right)}
        return Verdict.UNDECIDED if circular else found.verdict

    def pose(edited: Line) -> tuple[Equation, Model]:
        equation, model = posed(edited, context, at)
        return equation, labelled(model, context.definitions.values())

    try:
        equation, judgement = judged(line, context, at)
    except (Unreadable, ModelError) as error:
        return Found(verdict=Verdict.UNREAD, because=str(error))
    shown = shown_as(line, equation, context)
    if judgement.verdict is not Verdict.PROVED and _is_to_solve(line, context):
        because = "an equation to solve, not one to hold"
        return Found(kind=StatementKind.STATIONARY, verdict=Verdict.UNDECIDED, because=because, reading=shown)
    if judgement.verdict is Verdict.UNDECIDED:
        stray = stray_index(line, equation, context, verdict, lambda edited: posed(edited, context, at))
        if stray is not None:
            return dataclasses.replace(stray, reading=shown)
        if (near := near_identity(line, equation, judgement, context, pose)) is not None:
            return _refuted(*near, shown)
    if judgement.verdict is not Verdict.REFUTED:
        return Found(verdict=judgement.verdict, because=judgement.because, reading=shown)
    if (number := _true_as_written(line, context)) is not None:
        name = context.wrong[number].name
        because = f"it is true by the equation for {name} that the text gives last, and false by the first"
        message = f"true by the second of two equations for {name} that contradict each other"
        return Found(verdict=Verdict.AMBIGUOUS, because=because, message=message, reading=shown, rule=TWO_READINGS)
    return _refuted(judgement, repair(line, context, verdict, pose), shown)


def _refuted(judgement: Judgement, mended: tuple[Rule, Suggestion] | None, shown: str | None) -> Found:
    """What is false, with its correction."""
    return Found(
        verdict=Verdict.REFUTED,
        because=judgement.because,
        reading=shown,
        judgement=judgement,
        rule=mended[0].code if mended else ANYTHING_FALSE,
        suggestion=mended[1] if mended else None,
    )


def _is_to_solve(line: Line, context: Context) -> bool:
    """Whether something is set to zero, and not said to be zero under a condition: f′(z) = 0 for z < 0."""
    said = conditions_behind(line, context) and not mentions(introduction(line.formula), Role.EQUATION)
    return line.posed or (_is_zero(line.right) and not said)


def _has_letters(line: Line) -> bool:
    return any(isinstance(n, Sym) for side in (line.left, line.right) if side is not None for n in walk(side))


def _true_as_written(line: Line, context: Context) -> int | None:
    """The line of an equation that is wrong and by which, as it stands, a claim is true; None if there is none."""
    for number in context.wrong:
        try:
            verdict = judged(line, context.as_written(number))[1].verdict
        except (Unreadable, ModelError):
            continue
        if number < line.number and verdict in (Verdict.PROVED, Verdict.HOLDS):
            return number
    return None


def _is_zero(node: Node | None) -> bool:
    return isinstance(node, Num) and not node.text.strip("0.")

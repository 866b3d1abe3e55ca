"""What is found of one line of a document: what it is for, and its verdict."""

from __future__ import annotations

import dataclasses
import re

from derive.notation.definitions import DEFINING
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.runs import walk
from derive.notation.syntax import Sym

from .announced import logarithm_found, solution_found, stationarity_found, update_found
from .approximate import approximate_found
from .atsolutions import at_solution
from .byitself import by_itself
from .chainrule import turned_link
from .chances.judging import proved_by_laws
from .chances.plainer import plainer
from .chances.urns import urns_found
from .chances.verdict import by_chances
from .claims import claim_found
from .conditionals import confused_conditional
from .context import Context
from .custom import GUESSED, settle_matrices
from .declarations import (
    SIGNS,
    bounds_a_name,
    is_declaration,
    is_left_out,
)
from .descent import descent_found
from .documents.document import Document
from .doubts import UNREADABLE
from .fixedpoints import fixed_point_found
from .found import ANYTHING_FALSE, WRONG, Found, placed, read_as
from .freedifferentials import NOT_READ
from .fromcdf import density_behind
from .hadamard import without_a_matrix
from .hidden.judging import hidden_found
from .implied.adjoints import adjoint_found
from .implied.bydensity import by_density
from .implied.means import means_found
from .implied.rewritten import rewritten_found
from .indices import indices_found
from .indices.foreignstep import foreign_step
from .indices.primedsums import primed_sum
from .integrals import integral_found
from .inverted import inverted_found
from .language import is_english
from .likelihoods.found import by_laws
from .lines import Line
from .measures.judging import measured_found
from .mismatched import mismatched
from .moments.judging import moments_found
from .newtonsteps import newton_found
from .normalised import CODE as NO_DENSITY
from .normalised import unnormalised
from .normalshapes import unnormalised_normal
from .outerproducts import without_outer
from .outlined import outlined
from .paths import path_found
from .posited import kind_of_open
from .posteriors.judging import posterior_found
from .primed import primed_derivative
from .products.judging import products_found
from .reading import reading
from .related.averages import averaged_found
from .related.distributed import distributed_found
from .related.membership import membership_found
from .related.nearness import near_found
from .related.order import order_found, proved_order
from .restatement import restatement_found
from .results import Severity, Statement, StatementKind, Verdict
from .shares import states_its_shares
from .sidebyside import side_by_side
from .slips import slip_in
from .spaces.judging import length_found, names_a_factor, space_found
from .spaces.orders import order_in_space
from .spaces.solutions import solution_in_space
from .standards.found import standard_found
from .standards.given import steps_anew
from .standards.signs import sign_found
from .statedtwice import stated_twice
from .stepsagain import step_again
from .terms.judging import terms_found
from .terms.orders import measured_order_found
from .unfitting import unfitting
from .unproved import without_doubt
from .unrolled.judging import unrolled_found
from .unrolled.series import series_found
from .untransposed import untransposed
from .updates import is_of_several
from .vectordensities import unnormalised_vector
from .velocities import velocity_found

UNFITTING = "GP240"
PRIMED = "may mean a derivative"
TRANSPOSED = "transpose it"  # what the reader says of a vector where a row belongs
OPEN = (Verdict.UNREAD, Verdict.UNDECIDED, Verdict.DEFINED)
TOLD = (StatementKind.CLAIM, StatementKind.DEFINITION)
TRIED_AGAIN = ("it may follow from another equation", "how far the derivative reaches", "a second reader")
TRIED = "numbers speak against it"
DISPUTED = re.compile(r"^numbers speak against it|\bmay\b|an equation to solve|to the digits shown|for some values")
AGAINST = re.compile(  # what numbers of another kind cannot outweigh
    r"^numbers speak against it, but (?!it may follow from another equation|\w+ may be the identity"
    r"|the text (?:defines|may say more of) \w+)"  # what holds of all functions does not rest on it
    r"|ha(?:s|ve) indices elsewhere"
)
OTHERS = (  # judges of lines that are still open, in order
    hidden_found,
    unrolled_found,
    series_found,
    posterior_found,
    moments_found,
    fixed_point_found,
    path_found,
    averaged_found,
    measured_order_found,
    density_behind,
    by_density,
    urns_found,
)
FOREIGN = "it does not hold as it stands, but conditions in the words around it are read in English only"


def statement_of(line: Line, document: Document, context: Context) -> Statement:
    """The statement that a line makes, judged; what is wrong of its notation counts where nothing graver is found."""
    found = _judged_by_all(line, document, context)
    if found.verdict is Verdict.UNREAD:
        found = outlined(found, line, context)
    if found.verdict is Verdict.PROVED and _rests_on_itself(line, context):
        found = dataclasses.replace(found, kind=StatementKind.DEFINITION, verdict=Verdict.DEFINED, because=None)
    if found.verdict in WRONG and not is_english(document.prose) and _has_letters(line):
        found = Found(kind=found.kind, verdict=Verdict.UNDECIDED, because=FOREIGN, reading=found.reading)
    found = without_outer(without_doubt(found, line, context), line, context)
    undecided = found.kind is StatementKind.CLAIM and found.verdict in (Verdict.UNDECIDED, Verdict.UNREAD)
    if undecided:
        found = dataclasses.replace(found, kind=kind_of_open(line, context, found.because or ""))
    statement = placed(found, document, line.formula, line.span)
    slip = slip_in(line, context) if statement.severity is None else None
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


def _rests_on_itself(line: Line, context: Context) -> bool:
    """Whether an equation, Σ_k p_k = 1, is proved only by what it says of p itself."""
    own = [node for node, formula in context.lines.nodes if formula is line.formula]
    others = [node for node, formula in context.lines.nodes if formula is not line.formula]
    return not line.link and states_its_shares(own, others, context.dictionary)


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
        behind = density_behind(line, context) if first.suggestion is None else None  # which knows the right one
        return first if behind is None or behind.suggestion is None else behind
    if (strange := foreign_step(line, context) or primed_sum(line, context)) is not None:
        return strange
    found = _by_chances(first, line, context)
    unmended = found.verdict in OPEN or (found.verdict is Verdict.REFUTED and found.suggestion is None)
    if unmended and (slip := indices_found(line, context)) is not None:
        return slip
    found = _usual(line, document, context, found) or found
    if found.verdict in OPEN:
        signs = (judge(line, context) for judge in (sign_found, descent_found, velocity_found, newton_found))
        if (sign := next((s for s in signs if s is not None), None)) is not None:
            return sign
    if found.verdict in OPEN:
        found = by_laws(line, document, context, _judged_as_it_stands, _judged_by_all) or found
    if found.verdict in OPEN:
        found = stated_twice(line, document, context, _judged_by_all) or found
    if found.verdict in OPEN:
        found = step_again(line, document, context, _judged_by_all) or found
    if found.verdict in OPEN:
        found = rewritten_found(line, document, context, _judged_as_it_stands) or found
    if found.verdict in OPEN:
        found = adjoint_found(line, document, context, _judged_by_all) or found
    if found.verdict in OPEN:
        found = means_found(line, document, context, _judged_as_it_stands) or found
    if found.verdict in OPEN:
        found = integral_found(line, context) or found
    if found.verdict in (Verdict.UNREAD, Verdict.UNDECIDED) and found.kind in TOLD:
        found = _by_terms(found, line, context) or found
    if found.verdict in OPEN and found.kind in TOLD:
        found = _in_plainer_writing(found, line, context) or found
    if found.verdict in OPEN:
        found = next((other for judge in OTHERS if (other := judge(line, context)) is not None), found)
    still_open = found.verdict in (Verdict.UNREAD, Verdict.UNDECIDED) and found.kind is StatementKind.CLAIM
    if still_open and AGAINST.search(found.because or "") is None:
        found = measured_found(line, context) or found
    if found.verdict not in OPEN:
        return found
    for slip in (confused_conditional(line, context), turned_link(line), side_by_side(line, document, context)):
        if slip is not None:
            return slip
    because = first.because or ""
    unread = first.verdict is Verdict.UNREAD or UNREADABLE in because or because.endswith(PRIMED)
    found = (by_itself(line, context) or found) if unread else found
    return (_in_spaces(found, line, context) if found.verdict in OPEN else None) or found


def _usual(line: Line, document: Document, context: Context, found: Found) -> Found | None:
    """What usual formulas say; that a line is one counts for nothing where its section gave another step before."""
    usual = standard_found(line, document, context, found)
    holds = usual is not None and usual.verdict is Verdict.HOLDS
    return None if holds and steps_anew(line, context, found.because) else usual


def _by_terms(found: Found, line: Line, context: Context) -> Found | None:
    """What the functions, sums and means in a line give; what numbers speak against for other reasons is not proved."""
    why = found.because or ""
    if AGAINST.search(why) or why == NOT_READ:
        return None
    return terms_found(line, context) or (None if why.startswith(TRIED) else products_found(line, context))


def _in_plainer_writing(found: Found, line: Line, context: Context) -> Found | None:
    """What is proved of a line whose notation of probabilities is made plainer."""
    plain = plainer(line)
    if plain is None or AGAINST.search(found.because or ""):
        return None
    if proved_by_laws(plain, context.chances.at(plain)) is Verdict.PROVED:
        return Found(verdict=Verdict.PROVED, because="by the laws of probability", reading=found.reading)
    by_terms = terms_found(plain, context)
    return by_terms if by_terms is not None and by_terms.verdict is Verdict.PROVED else None


def _in_spaces(found: Found, line: Line, context: Context) -> Found | None:
    """What numbers say of vectors, matrices and functions of them where nothing else decides."""
    if line.operator in SIGNS:
        return order_in_space(line, context)
    if any(line.number in given for given in context.values.values()):
        return solution_in_space(line, context)
    why = found.because or ""
    settled = any(reason in why for reason in TRIED_AGAIN) or names_a_factor(why, context)
    doubted = DISPUTED.search(why) is not None and not settled
    disputed = doubted or found.verdict is Verdict.DEFINED
    found_in_space = length_found(line, context) or space_found(line, context, disputed=disputed)
    found_in_space = found_in_space or solution_in_space(line, context)
    held = found_in_space is not None and found_in_space.verdict is Verdict.HOLDS
    return None if held and AGAINST.search(why) and not names_a_factor(why, context) else found_in_space


def _judged_as_it_stands(line: Line, document: Document, context: Context) -> Found:
    """What is found by index expressions, and of what is called a density."""
    found = without_a_matrix(_found(line, document, context), line, context)
    if found.verdict is Verdict.UNREAD:
        found = _unfitting(line, document, context) or mismatched(line, context) or found
    if found.verdict in OPEN and TRANSPOSED in (found.because or ""):
        found = untransposed(line, context) or found
    density = unnormalised(line, context) if found.verdict is Verdict.DEFINED else None
    density = density or (unnormalised_vector(line, context) if line.right is not None else None)
    density = density or (unnormalised_normal(line, context) if found.verdict in OPEN else None)
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
    derived = primed_derivative(line, context)
    if derived is not line:
        return claim_found(derived, context)
    if (there := at_solution(line, context)) is not line:
        return dataclasses.replace(claim_found(there, context), suggestion=None)  # which would name the letter bare
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
        concluded = measured_found(line, context) if line.after else None  # A ⊆ B ⇒ P(A) ≤ P(B)
        return concluded or Found(kind=StatementKind.DEFINITION, verdict=Verdict.DEFINED)
    if line.operator == "<-" or line.number in context.updates:
        return _step(line, context)
    for judge in (solution_found, near_found, approximate_found, order_found, distributed_found):
        if (known := judge(line, context)) is not None:
            return known
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
        return restatement_found(line, document, context)
    claim = _settled(line, context)
    open_ = claim.verdict in (Verdict.UNDECIDED, Verdict.UNREAD)
    return (stationarity_found(line, context) if open_ else None) or claim


def _step(line: Line, context: Context) -> Found:
    """What is found of a step; what is open of H(p, q) = H(p) + … is a claim."""
    found = update_found(line, context)
    open_ = found.verdict is Verdict.UNDECIDED and line.operator == "=" and is_of_several(line.left)
    return dataclasses.replace(found, kind=StatementKind.CLAIM) if open_ else found


def _settled(line: Line, context: Context) -> Found:
    """A claim, judged again if all that keeps it from being called wrong is that a matrix is one by custom only."""
    found = claim_found(line, context)
    doubted = found.verdict is Verdict.UNDECIDED and GUESSED in (found.because or "")
    return claim_found(line, context) if doubted and settle_matrices(context, line) else found


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


def _has_letters(line: Line) -> bool:
    return any(isinstance(n, Sym) for side in (line.left, line.right) if side is not None for n in walk(side))

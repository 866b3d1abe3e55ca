"""Which equations between formulas are claimed of all values, so that numbers can refute them.

`(a + b)² = a² + 2ab + b²` is an identity, `x² = 4` an equation to solve. What tells them apart is kept here: the
letters of both sides, the words before the formula (`roles`), and whether it is a chain, which nobody solves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sympy import Expr, Sum, Symbol

from derive.model import Model, ModelError
from derive.notation.definitions import DEFINING, is_elsewhere
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.runs import walk
from derive.notation.syntax import Num, Sym
from derive.vocabulary import Partial, indices_of, is_name, name_of, names_in

from .context import Context
from .entries import prove_entries
from .evaluation import needed
from .judge import Equation
from .lines import Line
from .points import INFINITE
from .roles import CLAIMING, RESERVATIONS, Role, announced, introduction, mentions

OPEN = "its left side is neither a derivative nor defined in the text"
UNIVERSAL = re.compile(
    r"^(?:for|given)\b|\bfor (?:all|any|every|each|arbitrary)\b|\b(?:identity|lemma|theorem|product rule|chain rule)\b"
    r"|\b(?:formula|rule) (?:is|says|states|reads)\b",
    re.IGNORECASE,
)
ARRAYS = re.compile(r"\b(?:matri(?:x|ces)|(?:mini-?)?batch(?:es)?|layers?|tensors?)\b", re.IGNORECASE)
MATRICES = re.compile(r"\bmatri(?:x|ces)\b", re.IGNORECASE)
SUMMED = re.compile(r"\b(?:sums?|summing|add(?:s|ing)? up) (?:up )?(?:to|is|equals?|are|of)\b", re.IGNORECASE)
WANTED = re.compile(
    r"\b(?:such that|so that|satisf\w*|solv\w*|cho\w+|need\w*|requir\w*|constrain\w*|condition\w*|must|should|fixed"
    r"|find\w*|equation\w*|set\w*|let|normali[sz]\w*|if|when|where|for)\b",
    re.IGNORECASE,
)
SPECIAL = re.compile(
    r"\b(?:commut\w*|parallel|collinear|small|large|near|close|fixed|stationary|equilibrium|balance\w*|optim\w*|even|odd"
    r"|definition|property|first[- ]order|linear\w*|homogeneous|need\w*|requir\w*|must)\b",
    re.IGNORECASE,
)


def why_open(line: Line, left: Expr, right: Expr, model: Model, context: Context) -> str | None:
    """Why an equation may be one to solve or to assume; None if it is claimed of all values of its letters."""
    on_left, on_right = (_free(side, model) for side in (left, right))
    if not on_left and not on_right:
        return None  # arithmetic
    if on_right and on_right <= on_left and _is_series(left):
        return None
    sentence = introduction(line.formula)
    if mentions(sentence, *RESERVATIONS):
        return OPEN
    if on_right and on_right <= on_left and _is_summed_up(left, right, sentence):
        return None
    role = announced(sentence)
    nested = bool(on_left) and bool(on_right) and (on_left <= on_right or on_right <= on_left)
    told = role in CLAIMING or _goes_on(line, context) or _is_for_all(sentence)
    return None if nested and (role is Role.RESTATEMENT or (on_left == on_right and told)) else OPEN


def unknown_capital(equation: Equation, model: Model, context: Context) -> str | None:
    """Why an identity of vectors and matrices is not judged: a capital in it may be a matrix, and was read as a number.

    A B = B A is true of a number B, and (A B)^{-1} = A^{-1} B^{-1} too.
    """
    if (
        not any(reader.arrays for _, _, reader in equation.sources)
        and MATRICES.search(context.dictionary.prose) is None
    ):
        return None
    survey = context.dictionary.survey
    stated = {use[0] for use in survey.declared.sizes}
    for name in sorted(_free(equation.left, model) | _free(equation.right, model)):
        held, named = model.quantities.get(name), survey.named.get(name)
        bare = held is not None and not held.axes and named is not None and not named.indices
        if bare and named is not None and named.base.isupper() and name not in stated | survey.sizes:
            return f"the text does not say what {name} is"
    return None


def _is_series(expr: Expr) -> bool:
    """Whether an expression has a series of terms that are given by formulas: Σ_{k=0}^∞ r^k."""
    endless = [s for s in expr.atoms(Sum) if any(n.name == INFINITE for _, _, top in s.limits for n in _symbols(top))]
    return bool(endless) and not any(indices_of(a) for s in endless for a in names_in(s))


def _is_summed_up(left: Expr, right: Expr, sentence: str) -> bool:
    """Whether Σ_{i=1}^t r^{t−i} of terms given by formulas gets a value: the words sum it, or it has the t too."""
    tops = {n for s in left.atoms(Sum) for _, _, top in s.limits for n in _symbols(top)}
    given = not any(indices_of(a) for s in left.atoms(Sum) for a in names_in(s))
    summed = SUMMED.search(sentence) is not None or (bool(tops) and tops <= _symbols(right))
    return bool(tops) and given and summed and WANTED.search(sentence) is None


def _symbols(expr: Expr) -> set[Symbol]:
    return expr.atoms(Symbol)


def bare_capitals(equation: Equation, model: Model, context: Context) -> str | None:
    """Why a derivative with capitals is not proved: those of matrices taken for numbers hide a transpose, or an order.

    ∂L/∂X = ∂L/∂Y W is true of numbers, and of matrices only with W^T.
    """
    partials = {p for side in (equation.left, equation.right) for p in side.atoms(Partial)}
    by = {name_of(p.wrt) for p in partials if is_name(p.wrt) and not indices_of(p.wrt)}
    names = needed(equation.left, equation.right, model)
    survey = context.dictionary.survey
    bare = {n for n in names | by if (held := survey.named.get(n)) is not None and held.base.isupper()}
    bare = {n for n in bare if n in model.quantities and not model.quantities[n].axes} - survey.sizes
    bare -= {name_of(p.of) for p in partials if is_name(p.of)}
    matrices = names & {n for n, k in context.weights if n in model.quantities and len(model.quantities[n].axes) <= k}
    if partials and matrices:
        return f"{min(matrices)} may be a matrix"
    if not by & bare or len(bare) < 2 or ARRAYS.search(context.dictionary.prose) is None:
        return None
    return f"the text does not say what {min(by & bare)} is"


def _is_for_all(sentence: str) -> bool:
    """Whether what follows is said of all values, `For u, v ∈ ℝⁿ`, or called an identity, and of nothing special."""
    return UNIVERSAL.search(sentence) is not None and SPECIAL.search(sentence) is None


def is_claimed_elsewhere(line: Line, context: Context) -> bool:
    """Whether a line says what a function of the text is at other arguments, without words of another role."""
    if is_shift(line, context):
        return not mentions(introduction(line.formula), *(r for r in RESERVATIONS if r is not Role.CHANGE))
    return is_elsewhere(line.left, context.dictionary) and not mentions(introduction(line.formula), *RESERVATIONS)


def is_shift(line: Line, context: Context) -> bool:
    """Whether a line says how a function changes where a number is added to every entry: g(x + b) beside g(x)."""
    if line.right is None or not context.dictionary.adds_to_all() or not is_elsewhere(line.left, context.dictionary):
        return False
    head = getattr(line.left, "items", (line.left,))[0]
    return isinstance(head, Sym) and any(isinstance(n, Sym) and n.base == head.base for n in walk(line.right))


def assumptions(line: Line, left: Expr, right: Expr, model: Model, context: Context) -> Iterator[str]:
    """Equations of the text, not known to hold for all values, on which a claim about the same letters may rest."""
    names = _free(left, model) | _free(right, model)
    for other in context.lines.lines:
        if other.right is None or other.operator not in DEFINING or _settled(other, context):
            continue
        if other.link and not isinstance(other.left, Sym):  # but a = b = c/4 says two things of b
            continue
        if other.number == line.number - line.link or other.formula.headings != line.formula.headings:
            continue
        if isinstance(other.right, Num) and isinstance(line.right, Num):
            continue
        if other.number in context.solutions and other.number > line.number:  # what follows from it, not before it
            continue
        reader = Reader(context.dictionary)
        try:
            sides = reader.read(other.left), reader.read(other.right)
            known = prove_entries(*sides, model) is not None
        except (Unreadable, ModelError, ValueError):
            continue
        if all(side.has(Partial) for side in sides):  # the chain rule, which is no condition
            continue
        if _is_of_defined(sides[0], context) and not isinstance(other.right, Num):  # a claim of its own
            continue
        if known or is_claimed_elsewhere(other, context) or why_open(other, *sides, model, context) is None:
            continue
        if names & (_free(sides[0], model) | _free(sides[1], model)):
            yield "it may follow from another equation of the text"


def _free(expr: Expr, model: Model) -> frozenset[str]:
    """The letters that an expression rests on and that the text does not define."""
    return frozenset(n for n in needed(expr, expr, model) if n not in model.defined) | {
        name_of(a) for a in names_in(expr) if name_of(a) not in model.defined
    }


def _is_of_defined(expr: Expr, context: Context) -> bool:
    """Whether an expression is a name that the text defines, ∂v/∂w of such a name, or of what is made of w alone."""
    if is_name(expr):
        return name_of(expr) in {d.name for d in context.definitions.values()}
    if not isinstance(expr, Partial):
        return False
    of, wrt = expr.args[0], expr.args[1]
    if is_name(of):
        return name_of(of) in {d.name for d in context.definitions.values()}
    return {name_of(a) for a in names_in(of)} == {name_of(a) for a in names_in(wrt)}


def _goes_on(line: Line, context: Context) -> bool:
    """Whether the chain goes on after this relation: A = B = C."""
    following = (n for n in context.lines.lines if n.number == line.number + 1)
    return any(n.link == line.link + 1 and n.formula is line.formula and n.operator == "=" for n in following)


def _settled(line: Line, context: Context) -> bool:
    """Whether a line makes a definition, or states one again."""
    again = context.restatements.get(line.number)
    made = (context.definitions, context.others, context.problems, context.updates)
    return any(line.number in lines for lines in made) or again is not None

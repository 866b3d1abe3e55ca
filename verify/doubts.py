"""Reasons to doubt a refutation: why the author may have meant something else than what is false.

Nothing here can make a false claim true; it only keeps one from being called wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sympy import Expr, Integer, Symbol, log

from derive.calculus.differentiate import differentiate
from derive.calculus.indices import free_indices, transform
from derive.model import Model
from derive.notation.definitions import DEFINING, is_elsewhere
from derive.notation.differentials import first_base
from derive.notation.introduced import only_names
from derive.notation.labels import condition_on_class, one_hot_name
from derive.notation.names_in_notes import take_apart
from derive.notation.runs import walk
from derive.notation.syntax import Big, Fraction, Group, Juxt, Listing, Num, Sym
from derive.prove import prove
from derive.quantities import Domain
from derive.vocabulary import Partial, is_name, name_of, names_in

from .chained import chained_through
from .context import Context
from .evaluation import needed
from .functions import Key, applied, functions_in, key_of
from .identities import assumptions, is_shift
from .lines import Line
from .refute import refute
from .roles import introduction, says_the_same
from .special import special
from .symmetric import at_symmetric, said_general, said_symmetric
from .unknown import MORE_OF, counts_layers
from .untoldranges import of_untold_ranges

DENIALS = re.compile(
    r"\b(?:mistake\w*|wrong(?:ly)?|incorrect(?:ly)?|erroneous\w*|not true|does not hold|false|tempting"
    r"|naive(?! bayes)|naively)\b",
    re.IGNORECASE,
)
CONDITIONS = re.compile(
    r"\b(?:if|when|where|for|suppose|assume|assuming|provided)\b[^.$]*\$[^$]*\$ (?:is|are|equals?|vanish)"
    r"(?! (?:an? |the )?(?:\w+ ){0,2}(?:distributed|random|normal|independent))"
    r"(?! (?:an? |the )(?:(?!identity|linear|constant|zero|unit|step)[\w-]+ ){0,2}"  # what σ is named for
    r"(?:sigmoid|softmax|functions?|activation|rate|number|index|labels?|targets?|inputs?|outputs?|loss|temperature"
    r"|specificity|sensitivity|prevalence|prior|posterior|likelihood|evidence)\b)"
    r"|\b(?:if(?! (?:we|one) (?:defines?|denotes?|writes?|calls?|introduces?)\b)|when|provided)\b[^.$]*\$[^$]*=[^$]*\$",
    re.IGNORECASE,
)
LEFT_OUT = re.compile(r"\b(?:ignor|neglect|omitt?|disregard)(?:ing|ed|s|es)?\b", re.IGNORECASE)
CONDITIONS_WITHIN = re.compile(  # X + Y = a X + b Y \text{ with } a = b = 1
    r"\\(?:text(?:rm|it)?|mathrm|mbox)\s*\{[^{}]*\b(?:if|when|where|with|for|given|provided|assuming|because|since)\b"
    r"(?!(?:(?!\\\\).)*(?:dots|\\in\b|\\forall\b))(?:(?!\\\\).)*=",
    re.DOTALL,
)
SPECIAL = re.compile(  # "the two inputs are the same", "the line is forced through the origin"
    r"\b(?:vanish(?:es)?(?! as\b)|coincides?|identical|(?:is|are) (?:all |both )?(?:the same(?! as)|equal(?! to))"
    r"|forced|through the origin|(?:is|are) tied|degenerate)\b",
    re.IGNORECASE,
)
STATIONARY = re.compile(
    r"\b(?:gradients?|derivatives?|slopes?|optim\w+|stationar\w+|minim\w+|maxim\w+)\b", re.IGNORECASE
)
UNNORMALISED = re.compile(r"\b(?:un-?|not )normali[sz]ed\b", re.IGNORECASE)
COMMUTING = re.compile(r"\bcommut(?:e|es|ing)\b", re.IGNORECASE)
BASES = re.compile(r"\\log_\{?(?:2|10)\b|\bbase[- ]\$?(?:2|10|two|ten)\b|\bbits?\b", re.IGNORECASE)
SOLVES = re.compile(r"\bsolv\w+\b[^.]*\bfor\b|\brearrang\w+|\bisolat\w+", re.IGNORECASE)
UNREADABLE = "could not be read"
HELD_FIXED = "∂ may hold other quantities fixed"
ESTIMATES = ("hat", "bar", "star")  # marks of values that a text says in words how to find
WEIGHTS = "WUV"  # letters of weights, which no text takes to be symmetric
LAYERS = re.compile(r"\b(?:layers?|hidden|back-?prop\w*|neural|networks?|perceptrons?)\b", re.IGNORECASE)
MUTUAL = re.compile(
    r"\b(?:graphs?|hopfield|boltzmann|ising|undirected|symmetric\w*|adjacen\w*|recurrent|coupl\w+|kernels?|tied)\b",
    re.IGNORECASE,
)
NEAR = 200  # characters between the value of a letter and a claim about this value
SENTENCE = re.compile(r"(?<=[.!?:;])\s+")


def doubts(line: Line, left: Expr, right: Expr, model: Model, context: Context) -> Iterator[str]:
    """Why a claim that numbers speak against should not be called wrong, in plain words."""
    used = needed(left, right, model)
    sizes = {s.name for side in (left, right) for s in side.free_symbols if isinstance(s, Symbol)} - used
    for name in sorted(sizes & context.values.keys()):
        yield gives_value(name)
    labels = frozenset(n for n in used & context.values.keys() if _is_either(n, line, context))
    yield from _of_names(used, model, context, line.number, chained_through(left, right, model), labels)
    yield from _of_estimates(left, right, used - set(model.defined))
    yield from _of_strangers(left, right, model, context, line)
    yield from of_words(line)
    if (left.has(log) or right.has(log)) and BASES.search(context.dictionary.prose):
        yield "the text may take logarithms to another base"
    letters = line.operator in DEFINING and isinstance(line.left, Sym) and isinstance(line.right, Sym)
    if letters and not used <= set(model.defined):
        yield f"it may say what {min(used - set(model.defined))} is"
    if line.after and line.number - 1 not in context.definitions:
        yield "it is said under the condition before it"
    if isinstance(line.right, Num) and not isinstance(left, Partial) and (used or sizes):
        yield "it may be a condition"
    if _is_a_choice(line):
        yield "it may say in which case one of several is chosen"
    here, there = (needed(side, side, model) | {str(s) for s in side.free_symbols} for side in (left, right))
    if line.operator in DEFINING and here and there and not here & there and not _is_made_of(left, there, model):
        yield "its two sides are of different letters, so that it may be a condition"
    if line.number in context.updates or (_is_inverse(line, left, context) and not _solves(line)):
        yield "it may give the name a new value"
    if _is_introduced_anew(line, context):
        yield "it may give the function a new meaning under this heading"
    yield from of_untold_ranges(left, right, model)
    yield from of_symmetry(left, right, model, context)
    yield from _of_orders(line, context)
    if line.link or not left.has(Partial):
        yield from assumptions(line, left, right, model, context)
    yield from special(left, right, model, context.dictionary.prose)
    yield from of_one_class(line, left, right, model, context)
    if any(_is_both_ways(p, model) for p in _partials(left) + _partials(right)):
        yield from _of_partials(line, left, right, model)
    elif _tells_total_from_partial(line):
        yield HELD_FIXED


def _is_made_of(left: Expr, letters: set[str], model: Model) -> bool:
    """Whether a side is the derivative of what the text gives a formula that has some letters."""
    name = name_of(left.of) if isinstance(left, Partial) and is_name(left.of) else ""
    if name not in model.defined:
        return False
    body = model.defined[name].expr
    return letters <= {name_of(a) for a in names_in(body)} | {str(s) for s in body.free_symbols}


def _is_introduced_anew(line: Line, context: Context) -> bool:
    """Whether a line is the first under its heading that says what a function is: f(x; m, s) after f(x; a)."""
    match line.left:
        case Juxt(items=(Sym(base=name), Group() as group)) if line.link == 0 and only_names(group):
            own = (n for n in context.lines.lines if n.number in context.lines.own and n.number < line.number)
            return name in context.lines.introduced and not any(_is_left_of(n, name) for n in own)
    return False


def _is_left_of(line: Line, name: str) -> bool:
    """Whether a line says what a letter is, with or without arguments."""
    head = line.left.items[0] if isinstance(line.left, Juxt) else line.left
    return isinstance(head, Sym) and head.base == name and line.operator in DEFINING


def _is_a_choice(line: Line) -> bool:
    """Whether one side is the greatest or least of several things, and the other one of these: max(a, b) = a."""
    for one, other in ((line.left, line.right), (line.right, line.left)):
        match one:
            case Big(op="max" | "min", body=Group(body=Listing() as listed)):
                if any(key_of(item) == key_of(other) for item in listed.items):
                    return True
    return False


def gives_value(name: str) -> str:
    """The doubt about a letter that may be one number here: y = 1."""
    return f"the text gives {name} a value"


def of_one_class(line: Line, left: Expr, right: Expr, model: Model, context: Context) -> Iterator[str]:
    """Doubts about what holds where a class that the claim speaks of is the label, or is not, and the text says so."""
    free = {str(i.label): i for i in free_indices(left) | free_indices(right)}
    for node, formula in context.lines.nodes:
        said = condition_on_class(node, context.lines.wording.labels)
        if said is None or formula is line.formula or said[1].base not in free:
            continue
        label, place, equal = said
        where = [free[n.base] for n in walk(label.sub) if isinstance(n, Sym) and n.base in free] if label.sub else []
        quantity = model.quantities.get(one_hot_name(label))
        if quantity is None or len(quantity.axes) != len(where) + 1:
            continue
        entry = quantity.at(*where, free[place.base])
        bracket = entry if equal else 1 - entry
        if refute(left * bracket, right * bracket, model).counterexample is None:
            yield f"it may be meant of {place.base} {'=' if equal else '≠'} {label.base} alone"


def of_symmetry(left: Expr, right: Expr, model: Model, context: Context) -> Iterator[str]:
    """Doubts about what holds if the square matrices are symmetric, which a text may take for granted of some."""
    even = at_symmetric(model)
    if even is None:
        return
    said = said_symmetric(context.dictionary)
    matrices = {q.name for q in even.given if q.domain is Domain.POSITIVE_DEFINITE}
    oblong = {n for n, _ in context.weights} | said_general(context.dictionary.prose)
    weights = WEIGHTS + (WEIGHTS.lower() if _speaks_of_layers(context.dictionary.prose) else "")
    supposed = {n for n in matrices if n in said or (n[0] not in weights and n not in oblong)}
    if needed(left, right, model) & supposed and refute(left, right, even).counterexample is None:
        yield "it holds for symmetric matrices"


def _speaks_of_layers(prose: str) -> bool:
    """Whether the small w_{jk} of a text are weights between layers of a network, and none between equals."""
    return LAYERS.search(prose) is not None and MUTUAL.search(prose) is None


def _of_orders(line: Line, context: Context) -> Iterator[str]:
    """Functions that the text does not define and takes at the same arguments in two orders: k(x, z) + k(z, x)."""
    sides = [s for s in (line.left, line.right) if s is not None]
    pairs = (pair for side in sides for n in walk(side) if isinstance(n, Juxt) for pair in pairwise(n.items))
    taken = (applied(Juxt(items=pair, span=pair[0].span)) for pair in pairs)
    orders: dict[tuple[Key, frozenset[Key]], set[Key]] = {}
    for head, arguments, _ in (t for t in taken if t is not None and len(t[1]) > 1):
        keys = tuple(key_of(a) for a in arguments)
        orders.setdefault((key_of(head), frozenset(keys)), set()).add(keys)
    defined = {f.head for f in functions_in(context.lines.lines)}
    if any(len(found) > 1 and head not in defined for (head, _), found in orders.items()):
        yield "a function in it may be symmetric"


def _is_either(name: str, line: Line, context: Context) -> bool:
    """Whether a text gives a letter of the claim several values, and none in the words before it."""
    given = [n for n in context.lines.lines if n.number in context.values[name] and isinstance(n.right, Num)]
    letters = context.dictionary.survey.letters
    syms = (n for side in (line.left, line.right) if side is not None for n in walk(side) if isinstance(n, Sym))
    near = (0 <= line.formula.offset - n.formula.offset < NEAR for n in given)
    several = len({n.right.text for n in given if isinstance(n.right, Num)}) > 1
    return several and not any(near) and any(take_apart(s, letters).plain == name for s in syms)


def _of_names(
    used: set[str], model: Model, context: Context, number: int, chained: str, labels: frozenset[str]
) -> Iterator[str]:
    """Doubts about what the quantities of the claim are; `chained` is what it differentiates by the chain rule."""
    survey = context.dictionary.survey
    several = context.several(but=number)
    recursions = (d for d in model.definitions if d.base is not None and counts_layers(d.over, context))
    inputs = {name_of(a) for d in recursions for a in names_in(d.base or Integer(0))}
    for name in sorted(used - inputs):
        if name in several:
            yield f"{name} has more than one meaning in the text"
        if name in context.values and name not in labels:
            yield gives_value(name)
        if name not in survey.named and name not in model.defined and name not in context.dictionary.hidden:
            yield f"the text does not say what {name} is"  # a probability, bound to others by laws
        if name not in model.defined and (other := _at_another_place(name, model, context)) is not None:
            yield f"the text says what {other} is, and so what {name} is"
        if len({len(arguments) for arguments in survey.arguments.get(name, ())}) > 1:
            yield f"the text uses {name} with different numbers of arguments"
        if name in context.lines.later:
            yield f"the text defines {name} in a later section"
        if name in survey.uneven:
            yield f"the text gives an index of {name} different ranges"
    for definition in context.definitions.values():
        if definition.name in used:
            yield from (d for d in definition.doubts if d != MORE_OF.format(chained))
    means = {d.name for d in context.definitions.values() if d.whole}
    if model.mean and used & means:
        yield "it may be meant for the mean over the data"


def _at_another_place(name: str, model: Model, context: Context) -> str | None:
    """The quantity that the text defines and of which a name is the one at the end: o_t of o_T."""
    held = context.dictionary.survey.named.get(name)
    other = name if held is None else held.base + name.removeprefix(held.base).lower()
    defined = {*model.defined, *(d.name for d in context.definitions.values())}
    return other if other != name and other in defined else None


def _of_estimates(left: Expr, right: Expr, free: set[str]) -> Iterator[str]:
    """Doubts about means and fitted values that only their marks tell: Σ (y − ȳ)² = Σ (ŷ − ȳ)² + Σ (y − ŷ)².

    A derivative holds at any values of what is marked, and predictions ŷ are any without a mean beside them.
    """
    if left.has(Partial) or right.has(Partial):
        return
    means = any(name.endswith("bar") for name in free)
    for name in sorted(free):
        if name.endswith(("bar", "star")) or (means and name.endswith("hat")):
            yield f"the text may say in words how {name} is found"


def _of_strangers(left: Expr, right: Expr, model: Model, context: Context, line: Line) -> Iterator[str]:
    """Doubts about a letter that stands on one side only and in no definition: the text may say in words what it is."""
    on_left, on_right = needed(left, left, model), needed(right, right, model)
    if line.operator in DEFINING and on_left and on_right and not on_left & on_right:
        yield "its sides speak of different quantities"
    if says_the_same(line.formula):
        yield from _of_other_arrays(left, right, model)
    told = left.has(Partial) or is_name(left) or is_elsewhere(line.left, context.dictionary)
    if says_the_same(line.formula) or (line.link == 0 and not told):
        return  # of an identity's letters more is asked in `identities`
    known = {n for d in context.definitions.values() for n in (d.name, *(name_of(a) for a in names_in(d.expr)))}
    arrays = {q.name for q in model.given if q.axes}  # a matrix of data may be tied to others by words alone
    known -= arrays - {d.name for d in context.definitions.values()} - context.dictionary.hidden.keys()
    added = left.has(Partial) or is_shift(line, context)  # what stands on the left only is any number
    alone = {name_of(side) for side in (left, right) if is_name(side)}  # what a link of a chain may only name: δ^*
    for name in sorted(on_right - on_left if added else on_right ^ on_left):
        named_only = name not in model.defined and (name in alone or name.endswith(ESTIMATES))
        if named_only or name not in known | context.spoken:
            yield f"the text does not define {name}"


def _of_other_arrays(left: Expr, right: Expr, model: Model) -> Iterator[str]:
    """Doubts about a vector or matrix that the second of two ways of writing the same brings in: X after x_{ij}."""
    arrays = {q.name for q in model.given if q.axes}
    for name in sorted((needed(right, right, model) - needed(left, left, model)) & arrays):
        yield f"the text does not say what {name} is made of"


def of_words(line: Line) -> Iterator[str]:
    """Doubts from the sentence before the formula."""
    sentence = SENTENCE.split(line.formula.before.strip())[-1] if line.formula.before.strip() else ""
    following = SENTENCE.split(line.formula.after.strip())[0] if line.formula.after.strip() else ""
    if CONDITIONS_WITHIN.search(line.formula.latex[line.span[1] :]):
        yield "the formula itself makes a condition"
    if DENIALS.search(sentence) or DENIALS.search(following):
        yield "the text around it may say that it is wrong"
    if LEFT_OUT.search(sentence):
        yield "the text may leave something out"
    if CONDITIONS.search(sentence) or CONDITIONS.search(following):
        yield "the text around it may make a condition"
    if UNNORMALISED.search(line.formula.before.split("\n\n")[-1]) or UNNORMALISED.search(following):
        yield "what it speaks of may be no probability"
    if is_special(line):
        yield "the text may speak of a special case"
    if COMMUTING.search(line.formula.before):
        yield "the text may let them commute"


def is_special(line: Line) -> bool:
    """Whether one of the two sentences before a formula may speak of a special case, of which alone it is true."""
    last = SENTENCE.split(line.formula.before.strip())[-2:]
    return any(SPECIAL.search(s) and not STATIONARY.search(s) for s in last)


def _solves(line: Line) -> bool:
    """Whether the words before a line say that it follows by solving an equation: it gives no value of its own."""
    return SOLVES.search(introduction(line.formula)) is not None


def _is_inverse(line: Line, left: Expr, context: Context) -> bool:
    """Whether an equation for a name without definition uses what is computed from it."""
    defined = {d.name for d in context.definitions.values()}
    return line.link == 0 and is_name(left) and name_of(left) not in defined


# -- ∂ with other quantities held fixed ---------------------------------------------------------------


def _partials(expr: Expr) -> list[Partial]:
    return sorted(expr.atoms(Partial), key=str)


def _is_both_ways(partial: Partial, model: Model) -> bool:
    """Whether `of` depends on `wrt` both directly and through other names, so that ∂ may leave one out."""
    of, wrt = partial.args
    if not is_name(of) or name_of(of) not in model.defined:
        return False
    parents = model.parents[name_of(of)]
    through = any(p != name_of(wrt) and p in model.defined and model.depends(p, name_of(wrt)) for p in parents)
    return name_of(wrt) in parents and through


def _of_partials(line: Line, left: Expr, right: Expr, model: Model) -> Iterator[str]:
    fractions = [n for side in (line.left, line.right) if side for n in walk(side) if isinstance(n, Fraction)]
    signs = {first_base(n.below) for n in fractions if first_base(n.above) == first_base(n.below)} & {"d", "partial"}
    if len(signs) > 1:
        yield HELD_FIXED
        return
    direct = [transform(side, lambda e: _held_fixed(e, model)) for side in (left, right)]
    if prove(direct[0], direct[1], model) is not None or refute(direct[0], direct[1], model).counterexample is None:
        yield HELD_FIXED


def _tells_total_from_partial(line: Line) -> bool:
    """Whether a quantity stands behind a d and behind a ∂: dz/dx = ∂z/∂x + ∂z/∂y dy/dx."""
    signs: dict[Key, set[str]] = {}
    for fraction in (n for side in (line.left, line.right) if side for n in walk(side) if isinstance(n, Fraction)):
        match fraction.above:
            case Juxt(items=(Sym(base="d" | "partial" as sign), Sym() as of)):
                signs.setdefault(key_of(of), set()).add(sign)
    return any(len(both) > 1 for both in signs.values())


def _held_fixed(expr: Expr, model: Model) -> Expr | None:
    """∂v/∂w with every other name in the definition of v constant."""
    if not isinstance(expr, Partial) or not _is_both_ways(expr, model):
        return None
    of, wrt = expr.args
    return differentiate(model.body(of), wrt)


def unread_names(left: Expr, right: Expr, model: Model, context: Context) -> str | None:
    """Why a claim cannot be judged at all: a name that it rests on has a definition that could not be read."""
    for name in sorted(needed(left, right, model) | {name_of(a) for s in (left, right) for a in names_in(s)}):
        if name in context.unread and name not in model.defined:
            return f"the definition of {name} {UNREADABLE}: {context.unread[name]}"
    return None

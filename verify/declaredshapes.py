"""Which shapes a text declares beyond doubt, and where it does: under one heading, once, and not in another case."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from derive.notation.arrays import Array, Axis, Value
from derive.notation.dictionary import Dictionary
from derive.notation.elaborate import Reader
from derive.notation.names_in_notes import is_letter, take_apart
from derive.notation.recursions import used_now
from derive.notation.runs import walk
from derive.notation.syntax import Chain, Juxt, Node, Sym
from derive.vocabulary import Partial, name_of, names_in

from .context import Context
from .documents.document import Document
from .lines import Line


def length_of(axis: Axis, dictionary: Dictionary) -> Expr:
    """The number of places along an axis of a quantity."""
    name, k = axis
    low, high = dictionary.axis(name, k, "")
    length: Expr = high - low + 1
    return length


def quantities_of(value: Value) -> Iterator[str]:
    """The names that a value is made of, those of its derivatives included."""
    expr = value.entry if isinstance(value, Array) else value
    inside = [a for p in expr.atoms(Partial) for part in p.args for a in names_in(part)]
    yield from sorted({name_of(a) for a in (*names_in(expr), *inside)})


def resting_on(names: tuple[str, ...], context: Context) -> tuple[str, ...] | None:
    """The names with those that the text defines and does not declare replaced by what they are computed from."""
    bodies = {d.name: used_now(d.body) for d in context.definitions.values()}
    stated = {use[0] for use in context.dictionary.survey.declared.sizes}
    found: dict[str, None] = {}
    queue, seen = list(names), set(names)
    while queue:
        name = queue.pop(0)
        if name not in bodies or name in stated:
            found[name] = None
            continue
        new = bodies[name] - seen
        seen |= new
        queue += sorted(new)
    return tuple(found) or None


def owners_of(axes: tuple[Axis, ...], context: Context) -> tuple[str, ...] | None:
    """The quantities of declared shape whose axes these are: of z = U^T x the rows are the columns of U.

    None if one of the axes is that of nothing that the text declares.
    """
    stated = {use[0] for use in context.dictionary.survey.declared.sizes}
    found = [name if name in stated else _owner(name, k, stated, context) for name, k in axes]
    return tuple(dict.fromkeys(name for name in found if name)) if found and all(found) else None


def _owner(name: str, k: int, stated: set[str], context: Context) -> str | None:
    """The quantity of declared shape of which a defined one has an axis, by its definition alone."""
    defining = [n for n in context.lines.lines if n.right is not None and n.number in context.definitions]
    own = [n for n in defining if context.definitions[n.number].name == name]
    if len(own) != 1 or own[0].right is None:
        return None
    reader = Reader(context.dictionary)
    try:
        reader.read(own[0].right)
    except ValueError:
        return None
    slots = reader.shape.slots if isinstance(reader.shape, Array) and not reader.samples else ()
    owner = slots[k].axis[0] if k < len(slots) else None
    return owner if owner in stated else None


def is_certain(name: str, line: Line, context: Context) -> bool:
    """Whether the text gives a quantity one shape, under this heading or one above it, and it was read with that."""
    return is_stated_once(name, line, context) and _is_as_declared(name, context.dictionary)


def is_stated_once(name: str, line: Line, context: Context) -> bool:
    """Whether the text gives a quantity one shape, under this heading or one above it."""
    declared = context.dictionary.survey.declared
    if name in declared.twice or not any(use[0] == name for use in declared.sizes):
        return False
    if _is_in_other_type(name, line, context):
        return False
    if len(_orders_of_identity(name, context)) > 1:
        return False
    place = declared.places.get(name)
    if place is None:
        return _is_said_here(name, line, context)
    headings = context.lines.nodes[place[0]][1].headings
    if _displays_between(line, place[0], context):  # texts have scopes within a heading, too
        return False
    return line.formula.headings[: len(headings)] == headings


def _is_said_here(name: str, line: Line, context: Context) -> bool:
    """Whether what is said of a letter in words may be said under this heading or one above it: it stands there."""
    letters = context.dictionary.survey.letters
    for node, formula in context.lines.nodes:
        first = node.operands[0] if isinstance(node, Chain) else node
        if formula.headings != line.formula.headings[: len(formula.headings)]:
            continue
        if formula.display and "matrix" not in formula.before:  # a use, and no sentence on it
            continue
        if any(isinstance(n, Sym) and take_apart(n, letters).plain == name for n in walk(first)):
            return True
    return False


def _orders_of_identity(name: str, context: Context) -> set[bool]:
    """Which of U U^T = I and U^T U = I a text writes; where it writes both, U is square, whatever else it says."""
    letters = context.dictionary.survey.letters
    found: set[bool] = set()
    for chain in (n for node, _ in context.lines.nodes for n in walk(node) if isinstance(n, Chain)):
        if not any(isinstance(o, Sym) and o.base == "I" for o in chain.operands):
            continue
        for product in (o for o in chain.operands if isinstance(o, Juxt) and len(o.items) == 2):
            named = [take_apart(n, letters) for n in product.items if isinstance(n, Sym)]
            if [n.plain for n in named] == [name, name] and named[0].transposed != named[1].transposed:
                found.add(named[0].transposed)
    return found


def _is_as_declared(name: str, dictionary: Dictionary) -> bool:
    """Whether a quantity was read with the lengths that the text declares, and not with those of some sum."""
    sizes = ((use, limits) for use, limits in dictionary.survey.declared.sizes.items() if use[0] == name)
    return all(
        dictionary.limits(limit, "") == dictionary.axis(name, count + k, "")  # those of X_t behind that of t
        for (_, count), limits in sizes
        for k, limit in enumerate(limits)
    )


def _is_in_other_type(name: str, line: Line, context: Context) -> bool:
    """Whether a letter is declared in bold type and stands here in plain type, or the other way round."""
    survey = context.dictionary.survey
    place = survey.declared.places.get(name)
    if place is None:
        return False

    def types(*nodes: Node | None) -> set[bool]:
        syms = (s for n in nodes if n is not None for s in walk(n) if isinstance(s, Sym))
        named = ((s, take_apart(s, survey.letters)) for s in syms if not is_letter(s, survey.letters))
        return {"bold" in s.fonts for s, apart in named if survey.name(apart) == name}

    here, there = types(line.left, line.right), types(context.lines.nodes[place[0]][0])
    return bool(here) and bool(there) and here != there


def is_later(name: str, line: Line, context: Context) -> bool:
    """Whether the text declares a quantity behind a line."""
    place = context.dictionary.survey.declared.places.get(name)
    return place is not None and context.lines.nodes[place[0]][1].offset > line.formula.offset


def _displays_between(line: Line, place: int, context: Context) -> bool:
    """Whether a declaration stands behind a line, with a display in between: it may speak of another case."""
    formula = context.lines.nodes[place][1]
    between = (f for _, f in context.lines.nodes if line.formula.offset < f.offset < formula.offset)
    return any(f.display for f in between)


def declaration(name: str, document: Document, context: Context) -> str:
    """Where and how the text declares a quantity."""
    dictionary = context.dictionary
    _, limits = next((u, s) for u, s in dictionary.survey.declared.sizes.items() if u[0] == name)
    sizes = [str(dictionary.limits(limit, "")[1]) for limit in limits]
    said = f"{name} is {' × '.join(sizes)}" if len(sizes) > 1 else f"{name} has {sizes[0]} entries" if sizes else ""
    return (said or f"{name} is a number") + by_line(name, document, context)


def by_line(name: str, document: Document, context: Context) -> str:
    """Where the text declares a quantity, if it does so in a formula: " by line 3"."""
    place = context.dictionary.survey.declared.places.get(name)
    if place is None:
        return ""
    node, formula = context.lines.nodes[place[0]]
    return f" by line {document.position(formula.offset_of(node.span[0]))[0]}"

"""Events as texts write them: what stands in the bracket of P(Y = 1, x | z; θ), and which letters are variables."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ..notation.runs import walk
from ..notation.syntax import Big, Bin, Chain, Dots, Fn, Group, Juxt, Listing, Neg, Node, Num, Prose, Sym
from .terms import At, Event, Value

SURE_FAMILIES = frozenset({"p", "q", "P", "Q", "Pr"})
DENSITIES = frozenset({"p", "P", "Pr", "f"})
SAME_FAMILY = {"P": "p", "Pr": "p", "Q": "q"}
SET_FONTS = frozenset({"cal", "bb", "frak", "scr"})
EITHER = ("cup", "vee", "lor")
BOTH = ("cap", "wedge", "land")
COMPLEMENTS = frozenset({"c", "C", "complement"})
BARS = frozenset({"bar", "overline"})


class NotAProbability(ValueError):
    """Something that has no meaning among probabilities; the message says what."""


def label(node: Node) -> str:
    """A plain name for a letter with its scripts; fonts of weight do not count."""
    match node:
        case Num(text=text):
            return text
        case Sym(base="emptyset" | "varnothing" | "Omega" | "infty"):
            raise NotAProbability(f"{node.base} is no letter for a value")
        case Sym():
            name = node.base + "".join(f"^{a}" for a in node.accents) + "'" * node.primes
            name = f"cal {name}" if set(node.fonts) & SET_FONTS else name
            for mark, script in (("_", node.sub), ("^", node.sup)):
                name += "" if script is None else f"{mark}{label(script)}"
            return name
        case Group(body=body):
            return f"({label(body)})" if node.opening != "{" else label(body)
        case Listing(items=items) | Juxt(items=items):
            return ",".join(map(label, items))
        case Bin(op=op, left=left, right=right):
            return f"{label(left)}{op}{label(right)}"
        case Neg(body=body):
            return f"-{label(body)}"
        case Dots():
            return "…"
    raise NotAProbability("this name is not read here")


def has_label(node: Node) -> bool:
    """Whether a node is a letter that has a plain name."""
    try:
        return isinstance(node, Sym) and bool(label(node))
    except NotAProbability:
        return False


def unbraced(node: Node) -> Node:
    """What stands in a bracket that is not seen."""
    return unbraced(node.body) if isinstance(node, Group) and node.opening == "{" and node.sup is None else node


def regrouped(node: Node) -> Node:
    """Z = z ∪ X = x as one event or another, not as a chain with z ∪ X in its middle."""
    if isinstance(node, Chain) and len(node.operands) == 3 and set(node.operators) == {"="}:
        first, middle, last = node.operands
        if isinstance(middle, Bin) and middle.op in (*EITHER, *BOTH):
            left = Chain(operands=(first, middle.left), operators=("=",), span=node.span)
            right = Chain(operands=(middle.right, last), operators=("=",), span=node.span)
            return Bin(op=middle.op, left=left, right=right, span=node.span)
    return node


def listed(node: Node) -> tuple[Node, ...]:
    """The parts of a list; A ∩ B and A, B are one thing, and so are X = x and {X = x}."""
    node = regrouped(unbraced(node))
    if isinstance(node, Group) and node.opening == "\\{" and node.sup is None and node.sub is None:
        return listed(node.body)
    if isinstance(node, Listing) and node.separator in (",", ";"):
        return tuple(part for item in node.items for part in listed(item))
    if isinstance(node, Listing) and node.separator == "text":
        words = {n.text.strip() for n in node.items if isinstance(n, Prose)}
        if words == {"and"}:
            return tuple(part for item in node.items if not isinstance(item, Prose) for part in listed(item))
    if isinstance(node, Bin) and node.op in BOTH:
        return (*listed(node.left), *listed(node.right))
    return (node,)


def conditioned(node: Node) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """What stands before and behind the bar or the semicolon of a probability."""
    node = unbraced(node)
    if isinstance(node, Listing) and node.separator == "|":
        if len(node.items) != 2:
            raise NotAProbability("more than one bar in a probability")
        events, given = _halves(node.items[0])
        return events, (*listed(node.items[1]), *given)
    return _halves(node)


def _halves(node: Node) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    if isinstance(node, Listing) and node.separator == ";" and len(node.items) == 2:
        return listed(node.items[0]), listed(node.items[1])
    return listed(node), ()


@dataclass(frozen=True, kw_only=True)
class Variables:
    """How the letters of one statement name variables and their values.

    Attributes:
        folded: the letters x of which X and x are one variable and its value.
        unprimed: x′ is another value of the variable x.
        indexed: letters over which sums or products run; x_i is then the value of x at a data point.
        known: the variables that stand in some bracket of a probability, or are said to be random.
        random: those of them that stand before a bar somewhere, or are said to be random.
        plainly: those that stand in some bracket without an index.
        parameters: those that stand behind a semicolon somewhere.
        barred: the letters Ā that stand beside A, and are what is not the case.
        densities: the letters f of densities f_X(x); without a subscript they are no other functions.
        enumerated: the letters C over whose index k a sum without bounds runs; C_k is then one of the values of C.
    """

    folded: frozenset[str] = frozenset()
    unprimed: bool = True
    indexed: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    random: frozenset[str] = frozenset()
    plainly: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    densities: frozenset[str] = frozenset()
    enumerated: frozenset[str] = frozenset()

    def variable(self, node: Node) -> str:
        """The name of the variable that a letter stands for, or whose value it is."""
        node = unbraced(node)
        if isinstance(node, Sym) and self._is_listed(node):
            return self.folded_name(label(_bare(node)))
        if isinstance(node, Sym) and (index := self.index_of(node)) is not None:
            return self.folded_name(label(_bare(node)) if index else label(node))
        return self.folded_name(label(node))

    def folded_name(self, name: str) -> str:
        """A name without what tells a value from its variable."""
        name = name.rstrip("'") if self.unprimed else name
        return name.lower() if name.lower() in self.folded else name

    def value(self, node: Node) -> Value:
        """The value that an event names; one that is computed, n − k, stands in brackets."""
        node = unbraced(node)
        if isinstance(node, Num):
            return Fraction(node.text.replace(",", ""))
        if isinstance(node, Neg) and isinstance(node.body, Num):
            return -Fraction(node.body.text.replace(",", ""))
        if isinstance(node, Sym) and (index := self.index_of(node)):
            return At(letter=self._cased(label(_bare(node))), index=index)
        return self._cased(label(node) if isinstance(node, Sym) else f"({label(node)})")

    def _cased(self, name: str) -> str:
        return name.lower() if name.lower().rstrip("'") in self.folded else name

    def index_of(self, node: Sym) -> str | None:
        """The bound index that a letter carries as its only script, x_i or x^{(i)}."""
        if (node.sub is None) == (node.sup is None) or self._is_listed(node):
            return None
        script = unbraced(node.sub or node.sup or node)
        inner = script.body if isinstance(script, Group) and node.sub is None else script
        return inner.base if isinstance(inner, Sym) and label(inner) in self.indexed else None

    def _is_listed(self, node: Sym) -> bool:
        """Whether a letter is one of the values that are numbered: C_k."""
        return node.sub is not None and node.sup is None and label(_bare(node)) in self.enumerated

    def event(self, node: Node) -> Event:
        """One event: a value x, Y = y, or what is not the case.

        Raises: NotAProbability: for what is none of these.
        """
        node = unbraced(node)
        if isinstance(node, Chain) and node.operators == ("=",):
            return Event(variable=self.variable(node.operands[0]), value=self.value(node.operands[1]))
        if isinstance(node, Juxt) and isinstance(node.items[0], Sym) and node.items[0].base in ("neg", "lnot"):
            inner = self.event(node.items[1])
            return Event(variable=inner.variable, value=inner.value, denied=True)
        if (opposite := _opposite(node, self.barred)) is not None:
            inner = self.event(opposite)
            return Event(variable=inner.variable, value=inner.value, denied=True)
        if isinstance(node, Sym):
            return Event(variable=self.variable(node), value=self.value(node))
        raise NotAProbability("this event is not read here")

    def events(self, nodes: Iterable[Node]) -> frozenset[Event]:
        """Events side by side; x_1, …, x_n is one variable."""
        parts = list(nodes)
        while any(isinstance(p, Dots) for p in parts):
            k = next(k for k, p in enumerate(parts) if isinstance(p, Dots))
            if k == 0 or k + 1 == len(parts):
                raise NotAProbability("dots at the end of a list are not read here")
            first = k - 1
            while first and isinstance(parts[first - 1], Sym) and _base(parts[first - 1]) == _base(parts[k - 1]):
                first -= 1
            whole = f"{label(parts[first])}…{label(parts[k + 1])}".lower()
            parts[first : k + 2] = [Sym(base=whole, span=parts[k].span)]
        found = [self.event(p) for p in parts]
        if len({e.variable for e in found}) < len(found):
            raise NotAProbability("one variable has two values in one bracket")
        return frozenset(found)


def _base(node: Node) -> str:
    return node.base if isinstance(node, Sym) else "?"


def _opposite(node: Node, barred: frozenset[str]) -> Sym | None:
    """The event of which A^c or Ā is the complement; None if a node is no such letter."""
    if not isinstance(node, Sym) or not node.base.isupper():
        return None
    sup = None if node.sup is None else unbraced(node.sup)
    if isinstance(sup, Sym) and sup.base in COMPLEMENTS:
        return dataclasses.replace(node, sup=None)
    return _unbarred(node) if node.accents and label(node) in barred else None


def _unbarred(node: Sym) -> Sym | None:
    """A of Ā."""
    barred = node.base.isupper() and len(node.accents) == 1 and node.accents[0] in BARS
    return dataclasses.replace(node, accents=()) if barred else None


def _bare(node: Sym) -> Sym:
    return Sym(base=node.base, accents=node.accents, fonts=node.fonts, primes=node.primes, span=node.span)


# -- which letters stand before the brackets of probabilities -------------------------------------------


def family_name(node: Sym | Fn, group: Group | None = None) -> str:
    """The joint distribution that a letter stands for: P, p and Pr are one, q and p_θ are others; p_X(x) is p(x).

    Args:
        node: the letter.
        group: the bracket behind it, if there is one.
    """
    if isinstance(node, Fn):
        return SAME_FAMILY.get(node.name, node.name)
    if group is not None and names_its_variables(node, group):
        return "p"
    base = SAME_FAMILY.get(node.base, node.base)
    script = "" if node.sub is None else f"_{label(node.sub)}"
    script += "" if node.sup is None else f"^{label(node.sup)}"
    return base + "".join(f"^{a}" for a in node.accents) + "'" * node.primes + script


def names_its_variables(head: Sym | Fn, group: Group) -> bool:
    """Whether what stands below a density only names the variables of its bracket: p_X(x), f_{Y|X}(y | x)."""
    if isinstance(head, Fn) or head.base not in DENSITIES or head.sub is None:
        return False
    if head.sup is not None or head.accents or head.primes:
        return False
    try:
        below, inside = conditioned(head.sub), conditioned(group.body)
        if not all(isinstance(n, Sym) for half in (*below, *inside) for n in map(unbraced, half)):
            return False
        return [[label(n).lower() for n in half] for half in below] == [[label(n).lower() for n in h] for h in inside]
    except NotAProbability:
        return False


def brackets(nodes: Iterable[Node]) -> Iterator[tuple[Sym | Fn, Group]]:
    """The probabilities of a statement: the letter and its bracket."""
    for root in nodes:
        for node in walk(root):
            if isinstance(node, Fn) and node.name in SURE_FAMILIES and isinstance(node.argument, Group):
                yield node, node.argument
            items = node.items if isinstance(node, Juxt) else ()
            for head, group in pairwise(items):
                if isinstance(head, Sym) and isinstance(group, Group) and is_probability(head, group):
                    yield head, group


def is_probability(head: Sym, group: Group) -> bool:
    """Whether a letter before a bracket is a probability: p(…) always, f(x | θ) by its bar."""
    if group.opening not in ("(", "[", r"\{"):
        return False
    barred = isinstance(group.body, Listing) and group.body.separator == "|"
    if names_its_variables(head, group):
        return True
    return head.base in SURE_FAMILIES or (barred and head.base in ("f", "g", "pi", "m", "rho", "mu") and not head.sup)


def variables_of(nodes: tuple[Node, ...], random: frozenset[str], indexed: frozenset[str]) -> Variables:
    """How the letters of a statement are to be understood, from all its brackets together."""
    halves = list(_conditioned(nodes))
    barred = _barred([_subject(n) for half in halves for n in (*half[0], *half[1])])
    before: list[list[Node]] = []
    contents: list[list[Node]] = []
    for events, given in halves:
        before.append([s for n in events if has_label(s := _subject(n, barred))])
        contents.append(before[-1] + [s for n in given if has_label(s := _subject(n, barred))])
    names = [[label(n) for n in content] for content in contents]
    every = {n for found in names for n in found} | random | set(_values(nodes)) | enumerated(nodes)
    every |= set(_informed(nodes))
    apart = {a.lower() for found in names for a in found for b in found if a != b and a.lower() == b.lower()}
    folded = frozenset(n.lower() for n in every if n != n.lower() and n.lower() in every and n.lower() not in apart)
    unprimed = not any(a != b and a.rstrip("'") == b.rstrip("'") for found in names for a in found for b in found)
    plain = Variables(folded=folded, unprimed=unprimed, indexed=indexed, barred=barred)
    plainly = {
        plain.variable(n) for content in contents for n in content if isinstance(n, Sym) and not plain.index_of(n)
    }
    told = {plain.folded_name(r) for r in random}
    return dataclasses.replace(
        plain,
        densities=frozenset(h.base for h, g in brackets(nodes) if isinstance(h, Sym) and names_its_variables(h, g)),
        plainly=frozenset(plainly),
        parameters=frozenset(plain.variable(n) for _, group in brackets(nodes) for n in _parameters(group.body)),
        known=frozenset({plain.variable(n) for content in contents for n in content} | told),
        random=frozenset({plain.variable(n) for content in before for n in content} | told),
    )


def enumerated(nodes: tuple[Node, ...]) -> frozenset[str]:
    """The letters C of which Σ_k C_k, a sum without bounds, runs over the values: k itself is no value inside it."""
    found: set[str] = set()
    for big in (n for root in nodes for n in walk(root) if isinstance(n, Big) and n.op == "sum" and n.above is None):
        indices = {label(n) for n in listed(big.below) if has_label(n)} if big.below is not None else set()
        halves = _conditioned((big.body,))
        values = [_value_of(n) for half in halves for n in (*half[0], *half[1])]
        indices -= {label(n) for n in values if has_label(n)}
        numbered = (n for n in values if isinstance(n, Sym) and n.sub is not None and n.sup is None and has_label(n))
        found |= {label(_bare(n)) for n in numbered if n.sub is not None and label(n.sub) in indices}
    return frozenset(found)


def _value_of(node: Node) -> Node:
    """The x of an event x, or X = x."""
    node = unbraced(node)
    return unbraced(node.operands[1]) if isinstance(node, Chain) and node.operators == ("=",) else node


def _conditioned(nodes: tuple[Node, ...]) -> Iterator[tuple[tuple[Node, ...], tuple[Node, ...]]]:
    for _, group in brackets(nodes):
        try:
            yield conditioned(group.body)
        except NotAProbability:
            continue


def _barred(subjects: list[Node]) -> frozenset[str]:
    """The letters Ā that stand in brackets where A does too."""
    known = {label(n): n for n in subjects if isinstance(n, Sym) and has_label(n)}
    plain = ((name, _unbarred(n)) for name, n in known.items())
    return frozenset(name for name, n in plain if n is not None and label(n) in known)


def _values(nodes: tuple[Node, ...]) -> Iterator[str]:
    """The letters x of P(X = x)."""
    for _, group in brackets(nodes):
        for node in walk(group.body):
            if isinstance(node, Chain) and node.operators == ("=",) and has_label(node.operands[1]):
                yield label(node.operands[1])


def _informed(nodes: tuple[Node, ...]) -> Iterator[str]:
    """The capitals of H(Y | X) and of I(X; Y), but for the names of distributions."""
    for head, group in (
        pair for root in nodes for n in walk(root) if isinstance(n, Juxt) for pair in pairwise(n.items)
    ):
        if isinstance(head, Sym) and head.base in ("H", "I") and isinstance(group, Group) and group.opening == "(":
            letters = (n for n in walk(group.body) if isinstance(n, Sym) and n.base not in SURE_FAMILIES)
            yield from (label(n) for n in letters if n.base.isupper() and has_label(n))


def _parameters(body: Node) -> Iterator[Node]:
    """What stands behind the semicolon of a bracket."""
    node = unbraced(body)
    for part in (node, *(node.items if isinstance(node, Listing) else ())):
        if isinstance(part, Listing) and part.separator == ";" and len(part.items) == 2:
            yield from (n for n in listed(part.items[1]) if has_label(n))


def _subject(node: Node, barred: frozenset[str] = frozenset()) -> Node:
    node = unbraced(node)
    node = unbraced(node.operands[0]) if isinstance(node, Chain) else node
    return _opposite(node, barred) or node if has_label(node) else node

"""Formulas as functions of what their letters stand for, whatever a reader of the whole text makes of these letters.

What is compared with a standard formula needs no shapes, no definitions and no ranges of its own: a letter with the
free indices it always has is one number, a letter with a summed index is one number for each value of the index, and
p(x | z) is a letter with arguments. So y_i − f(x_i) and y − ŷ are the same formula.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from derive.notation.names_in_notes import text_of
from derive.notation.runs import walk
from derive.notation.scope import reach
from derive.notation.syntax import (
    Array,
    Big,
    Bin,
    Chain,
    Dots,
    Fn,
    Fraction,
    Group,
    Juxt,
    Listing,
    Neg,
    Node,
    Num,
    Prose,
    Sqrt,
    Sym,
    found_of,
)

from .laws import Laws, is_divergence, is_normal
from .letters import (
    Atom,
    State,
    Term,
    at_bound,
    core_of,
    is_application,
    is_derivative,
    is_energy,
    is_indexed,
    is_one,
)
from .values import (
    FUNCTIONS,
    Unclear,
    Value,
    added,
    choices,
    common,
    dotted,
    multiplied,
    number,
    power,
    scalar,
    size_of,
    starred,
)

LOGISTIC = ("sigma", "sigmoid", "sigm", "expit", "logistic")


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A formula as a function of its letters.

    Attributes:
        term: the function.
        atoms: the letters.
        limits: the letters in the upper limits of its sums.
    """

    term: Term
    atoms: tuple[Atom, ...]
    limits: frozenset[str]

    def at(self, value_of: Callable[[Atom, tuple[int, ...]], Value], size: int) -> Value:
        """Its value. Raises: Unclear: if it has none there."""
        try:
            with np.errstate(all="ignore"):
                return self.term(State(value_of=value_of, size=size))
        except (ArithmeticError, ValueError, TypeError, AttributeError, LookupError, np.linalg.LinAlgError) as error:
            raise Unclear(str(error)) from None


def formula_of(node: Node) -> Formula:
    """The function that an expression is of its letters.

    Raises: Unclear: if it has a part that is not read here.
    """
    known = found_of(node)
    if formula_of not in known:
        known[formula_of] = _read(reach(node))
    formula: Formula = known[formula_of]
    return formula


def _read(node: Node) -> Formula:
    first = Terms()
    term = first.term(node)
    if any(first.seen.values()):  # which indices are ever summed over is known only after all of it
        first = Terms(summed=first.seen)
        term = first.term(node)
    return Formula(term=term, atoms=tuple(first.atoms), limits=frozenset(first.limits))


def atoms_of(node: Node) -> tuple[Atom, ...]:
    """The letters of an expression; none if it is not read here."""
    try:
        return formula_of(node).atoms
    except Unclear:
        return ()


def puts_a_value_into_another(node: Node, edited: Node) -> bool:
    """Whether an edit makes f(x − g(x)) of f(x) − g(x): a value less, and one that was not there before."""
    before, after = ([a.value for a in atoms_of(n) if a.value] for n in (node, edited))
    return len(after) < len(before) and not set(after) <= set(before)


@dataclass
class Terms(Laws):
    """Reads one expression."""

    def term(self, node: Node) -> Term:
        match node:
            case Num():
                written = number(node.text)
                return lambda s: written
            case Sym():
                return self._symbol(node)
            case Group():
                return self._group(node)
            case Juxt():
                return self._product(list(node.items))
            case Neg():
                body = self.term(node.body)
                return lambda s: -body(s)
            case Bin():
                return self._binary(node)
            case Prose():
                return self._symbol(Sym(base=node.text.strip(), fonts=("rm",), span=node.span))
            case Dots():
                return self._symbol(Sym(base="dots", span=node.span))
            case Fraction():
                if is_derivative(node):
                    return self._derivative(node)
                above, below = self.term(node.above), self.term(node.below)
                return lambda s: above(s) / scalar(below(s))
            case Sqrt():
                return self._root(node)
            case Fn():
                return self._function(node)
            case Big():
                return self._big(node)
            case Array():
                return self._cases(node)
        raise Unclear(f"{type(node).__name__} is not read here")

    def _group(self, node: Group) -> Term:
        if node.opening == "\\langle" and isinstance(node.body, Listing) and len(node.body.items) == 2:
            first, second = (self.term(n) for n in node.body.items)
            return self._raised(lambda s: float(np.sum(first(s) * second(s))), node.sup)
        if isinstance(node.body, Listing | Chain):
            raise Unclear("a list is not read here")
        body = self.term(node.body)
        if node.opening == "|":
            return self._raised(lambda s: size_of(body(s)), node.sup)
        if node.opening == "\\|":
            return self._raised(norm(body, node.sub), node.sup)
        if node.opening in ("\\lfloor", "\\lceil"):
            rounded = FUNCTIONS["floor" if node.opening == "\\lfloor" else "ceil"]
            return self._raised(lambda s: rounded(body(s)), node.sup)
        if isinstance(node.sub, Sym) and node.sub.base == "+":
            return self._raised(lambda s: np.maximum(body(s), 0), node.sup)
        if node.sub is not None:
            raise Unclear("a bracket with an index is not read here")
        return self._raised(body, node.sup)

    def _product(self, items: list[Node]) -> Term:
        factors: list[Term] = []
        item: Node | None = None
        while items:
            former, item = item, _word(items.pop(0))
            following = items[0] if items else None
            called = isinstance(following, Group) and following.opening in ("(", "[", "\\{")
            if _is_pi(item) and isinstance(following, Sym) and following.base == "e" and following.sup is None:
                items.pop(0)  # the number e of 2πe
                factors.append(lambda s: math.pi * math.e)
            elif isinstance(following, Group) and isinstance(following.body, Chain) and is_one(item):
                factors.append(self._indicator(items))
            elif isinstance(item, Sym) and isinstance(following, Group) and is_indexed(item, following):
                items.pop(0)
                factors.append(self.term(dataclasses.replace(item, sub=following.body, sup=following.sup)))
            elif isinstance(item, Sym) and isinstance(following, Group) and _is_slope(former, item, following):
                items.pop(0)
                factors += [self._symbol(item), self._elsewhere(following.body)]
            elif isinstance(item, Sym) and called and (taken := self._called(item, items)) is not None:
                factors.append(taken)
            else:
                factors.append(self.term(item))
        return lambda s: multiplied([f(s) for f in factors])

    def _elsewhere(self, point: Node) -> Term:
        """How a slope depends on where it is taken: a function of the point of which nothing is known."""
        at = self.term(point)
        return lambda s: np.sin(1.3 * np.asarray(at(s)) + 0.4) + 0.3 * np.asarray(at(s)) ** 2

    def _indicator(self, rest: list[Node]) -> Term:
        """The 1[i ≠ j] of which the 1 has been read."""
        group = rest.pop(0)
        assert isinstance(group, Group)
        holds = self._condition(group.body)
        return lambda s: float(holds(s))

    def _called(self, head: Sym, rest: list[Node]) -> Term | None:
        """A letter before a bracket as a function, an expected value or an indicator; None if it is a factor."""
        group = rest[0]
        assert isinstance(group, Group)
        if is_energy(head, group):
            rest.pop(0)
            return self._raised(self._symbol(head, _arguments(group.body)), group.sup)
        if head.base == "E" and head.sup is None:
            rest.pop(0)
            return self._raised(self._expected(head.sub, group.body), group.sup)
        if is_divergence(head):
            rest.pop(0)
            return self._raised(self._divergence(group.body), group.sup)
        if is_normal(head, group):
            rest.pop(0)
            return self._raised(self._normal(group.body), group.sup)
        if head.base in LOGISTIC[1:] or (head.base in LOGISTIC and head.sub is None and head.sup is None):
            rest.pop(0)
            body = self.term(group.body)
            return self._raised(lambda s: FUNCTIONS["sigmoid"](body(s)), group.sup)
        if head.base == "clip" and isinstance(group.body, Listing) and len(group.body.items) == 3:
            rest.pop(0)
            return self._raised(self._clipped(group.body.items), group.sup)
        if head.base in FUNCTIONS and head.sub is None:
            rest.pop(0)
            inside = self.term(group.body)
            return self._raised(lambda s: FUNCTIONS[head.base](inside(s)), group.sup)
        if group.opening == "\\{" or not is_application(head, group):
            return None
        rest.pop(0)
        arguments = _arguments(group.body)
        named = dataclasses.replace(head, sub=group.sub) if head.sub is None else head  # RMS[g]_t
        return self._raised(self._symbol(named, arguments), group.sup)

    def _clipped(self, items: tuple[Node, ...]) -> Term:
        """clip(x, a, b)."""
        value, low, high = (self.term(i) for i in items)
        return lambda s: np.clip(value(s), low(s), high(s))

    def _binary(self, node: Bin) -> Term:
        left, right = self.term(node.left), self.term(node.right)
        match node.op:
            case "+":
                return lambda s: added(left(s), right(s))
            case "-":
                return lambda s: added(left(s), -right(s))
            case "cdot" | "times":
                return lambda s: dotted(left(s), right(s))
            case "*":
                return lambda s: starred(left(s), right(s))
            case "/":
                return lambda s: left(s) / scalar(right(s))
            case "odot" | "circ":
                return lambda s: left(s) * right(s)
            case "cap":
                return lambda s: common(left(s), right(s))
            case "cup":
                return lambda s: left(s) + right(s) - common(left(s), right(s))
        raise Unclear(f"{node.op} is not read here")

    def _derivative(self, node: Fraction) -> Term:
        """A derivative as a letter of its own, of which nothing is known but of what it is, and by what."""
        syms = [n for half in (node.above, node.below) for n in walk(half) if isinstance(n, Sym)]
        bound = tuple(dict.fromkeys(n.base for n in syms if n.base in self.scope))
        name = f"{text_of(node.above)}/{text_of(node.below)}"
        if bound:  # ∂f_k/∂z_{k−1} is ∂f/∂z at each k
            name = "/".join("".join(_unindexed(half)) for half in (node.above, node.below))
        atom = Atom(name=name, core=name, arity=len(bound))
        self.atoms.setdefault(atom)
        places = [at_bound(letter) for letter in bound]
        return lambda s: s.value_of(atom, tuple(round(p(s)) for p in places))

    def _root(self, node: Sqrt) -> Term:
        body = self.term(node.body)
        if node.degree is None:
            return lambda s: np.sqrt(body(s))
        degree = self.term(node.degree)
        return lambda s: power(body(s), 1 / degree(s))

    def _function(self, node: Fn) -> Term:
        known = FUNCTIONS.get(node.name) or (FUNCTIONS["sigmoid"] if node.name in LOGISTIC else None)
        if node.argument is None:
            raise Unclear("a function without its argument")
        argument = node.argument
        raised = node.sup
        if isinstance(argument, Group) and argument.sup is not None:
            raised, argument = (
                (argument.sup if raised is None else raised),
                Group(opening=argument.opening, body=argument.body, closing=argument.closing, span=argument.span),
            )
        if node.name in ("max", "min") and isinstance(argument, Group):
            return self._raised(self._extreme(node.name, argument), raised)
        if node.name == "binom" and isinstance(argument, Listing):
            above, below = (self.term(n) for n in argument.items)
            return self._raised(lambda s: choices(above(s), below(s)), raised)
        listed = isinstance(argument, Group) and isinstance(argument.body, Listing)
        if known is None or listed:  # cos(x, y) is the similarity of two vectors, and no cosine
            head = Sym(base=node.name, sub=node.sub, primes=node.primes, span=node.span)
            inner = argument.body if isinstance(argument, Group) else argument
            arguments = _arguments(inner)
            if node.name == "clip" and len(arguments) == 3:
                return self._raised(self._clipped(arguments), raised)
            if is_divergence(head):
                return self._raised(self._divergence(inner), raised)
            if node.name == "E":
                return self._raised(self._expected(node.sub, inner), raised)
            return self._raised(self._symbol(head, arguments), raised)
        body = self.term(argument)
        if node.sub is not None and node.name == "log":
            base = self.term(node.sub)
            return self._raised(lambda s: np.log(body(s)) / np.log(base(s)), raised)
        return self._raised(lambda s: known(body(s)), raised)


def _word(node: Node) -> Node:
    r"""The letter that stands alone in braces: the KL of `\mathbb{KL}(p \| q)`."""
    alone = isinstance(node, Group) and node.opening == "{" and node.sup is None and node.sub is None
    return node.body if isinstance(node, Group) and alone and isinstance(node.body, Sym) else node


def _unindexed(node: Node) -> Iterator[str]:
    """The letters of a part of a derivative, without what stands below them."""
    match node:
        case Sym():
            yield core_of(node)
        case Juxt(items=items):
            for item in items:
                yield from _unindexed(item)
        case _:
            raise Unclear("this derivative is not read here")


def _is_slope(former: Node | None, head: Sym, group: Group) -> bool:
    """Whether a letter behind ∇ is a function of a point that is computed: ∇J(θ − γ v)."""
    plain = head.sup is None and not head.fonts and group.opening == "(" and group.sup is None
    return plain and isinstance(group.body, Bin) and isinstance(former, Sym) and former.base == "nabla"


def _is_pi(node: Node) -> bool:
    """Whether a letter is the number π."""
    return isinstance(node, Sym) and node.base == "pi" and node.sub is None and node.sup is None


def _arguments(node: Node) -> tuple[Node, ...]:
    """The arguments of a function: f(x, y) has two, Q(s, a; θ) three, p(x | y) one that holds both."""
    if isinstance(node, Listing) and node.separator == ";" and isinstance(node.items[0], Listing):  # Q(s, a; θ)
        return (*node.items[0].items, *node.items[1:])
    return node.items if isinstance(node, Listing) and node.separator == "," else (node,)


def norm(body: Term, sub: Node | None) -> Term:
    """‖v‖, ‖v‖_1, ‖v‖_2, ‖v‖_∞, ‖A‖_F."""
    order = sub.text if isinstance(sub, Num) else getattr(sub, "base", "")
    match order:
        case "1":
            return lambda s: np.abs(body(s)).sum()
        case "" | "2" | "F":
            return lambda s: np.sqrt((np.asarray(body(s)) ** 2).sum())
        case "infty":
            return lambda s: np.abs(body(s)).max()
    raise Unclear("this norm is not read here")

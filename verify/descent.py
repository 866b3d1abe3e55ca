r"""w_{t+1} = w_t + η ∇L(w_t): a step of gradient descent that goes up, or one of gradient ascent that goes down.

What is minimised need not be defined: the words before the formula say which way the steps go, and the formula shows
the gradient itself. Steps with anything else in them, a momentum or a decay, are left to others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.chances.events import unbraced
from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Big, Bin, Fraction, Group, Juxt, Neg, Node, Num, Sym

from .context import Context
from .doubts import of_words
from .found import Found
from .lines import Line
from .mended import conflict
from .results import StatementKind, Verdict
from .rules import wrong_operator, wrong_sign
from .saidsteps import by_index, is_called_gradient, named_step
from .updates import ASCENT, DESCENT

RATES = frozenset({"eta", "alpha", "gamma", "epsilon", "lambda", "mu", "rho", "tau", "h", "s", "delta", "lr"})
OTHERWISE = re.compile(
    r"\b(?:momentum|nesterov|adam\w*|rmsprop|proximal|project\w*|dual|mirror|adversar\w*|negative gradient|plus|minus"
    r"|sign|log-?likelihood|reward|utility|residual|error signal|oppos\w*|revers\w*|implicit\w*|backward|grow\w*"
    r"|wors\w*|diverg\w*|instead|would|if|had|away|escap\w*|saddle|players?|game)\b",
    re.IGNORECASE,
)
LOSSES = frozenset({"L", "J", "C", "E", "f", "F", "l", "ell", "loss", "R", "xi"})
CALLED_SO = re.compile(  # and so is no other thing made of one
    r"(?<!negative )(?<!conjugate )(?<!natural )(?<!projected )\bgradient (?:vector )?"
    r"\$\s*(?:\\(?:mathbf|boldsymbol|bm|vec)\s*\{?)?([A-Za-z])(?![A-Za-z(])"
)
REACH = 400  # characters of the text before a formula


@dataclass(frozen=True)
class Term:
    """A term of a sum: its sign, what it is, and where the sign stands, None before a first term without one."""

    sign: int
    node: Node
    at: int | None


def descent_found(line: Line, context: Context) -> Found | None:
    """What is found of a step along a gradient: it goes the way that the words before it say, or the other."""
    if line.right is None or line.link or line.carried is not None or line.operator not in ("=", ":=", "<-"):
        return None
    said = line.formula.before[-REACH:]
    up, down = ASCENT.search(said) is not None, DESCENT.search(said) is not None
    line = by_index(line)
    assert line.right is not None
    if up == down or OTHERWISE.search(said) is not None or any(of_words(line)) or not isinstance(line.left, Sym):
        return None
    if (multiplied := _multiplied(line, context)) is not None:
        return multiplied
    terms = list(terms_of(line.right, line.formula.latex))
    old = [t for t in terms if isinstance(t.node, Sym) and is_alike(t.node, line.left) and t.sign > 0]
    ways = [(t, way) for t in terms if (way := _way(t, line, context))]
    steps = [t for t, _ in ways]
    noise = [t for t in terms if t not in old and t not in steps]
    if len(old) != 1 or len(steps) != 1 or any(not _is_apart(t.node, line.left) for t in noise):
        return None
    ((step, sign),), (before,) = ways, old
    if (sign > 0) != up:
        if step.at is None:
            return None
        name, there = ("ascent", "up") if up else ("descent", "down")
        message = f"a step of gradient {name} goes {there} the gradient"
        places = {(step.at, step.at + 1): "-" if step.sign > 0 else "+"}
        return conflict(line, message, f"{message}, and the sign is the other one", places, wrong_sign.RULE)
    if (
        noise
        or not _is_step(step.node, line, context)
        or not _goes_on(line.left, before.node)
        or not _is_there(step.node, before.node, line, context)
    ):
        return None
    because = f"it is one step {'up' if up else 'down'} the gradient"
    return Found(kind=StatementKind.CLAIM, verdict=Verdict.HOLDS, because=because)


def _way(term: Term, line: Line, context: Context) -> int:
    """The sign with which a term of a step goes along the gradient; 0 if it is none."""
    if _is_step(term.node, line, context, called=True):
        return term.sign
    named = named_step(term.node, line, context)
    if named is None or named.right is None:
        return 0
    inner = list(terms_of(named.right, named.formula.latex))
    return term.sign * inner[0].sign if len(inner) == 1 and _is_step(inner[0].node, line, context) else 0


def terms_of(node: Node, source: str, sign: int = 1, at: int | None = None) -> Iterator[Term]:
    """The terms of a sum with their signs, and where these stand."""
    if isinstance(node, Bin) and node.op in ("+", "-"):
        yield from terms_of(node.left, source, sign, at)
        there = source.find(node.op, node.left.span[1], node.right.span[0])
        yield from terms_of(node.right, source, sign * (1 if node.op == "+" else -1), there if there >= 0 else None)
    elif isinstance(node, Neg):
        yield from terms_of(node.body, source, -sign, node.span[0])
    else:
        yield Term(sign, node, at)


def _multiplied(line: Line, context: Context) -> Found | None:
    """What is found of w (−η ∂E/∂w): weights times a step, to which it is added."""
    assert line.right is not None
    match list(factors_of(line.right)):
        case [Sym() as old, Group(opening="(" | "[", sup=None) as step] if is_alike(old, line.left):
            (term, *others) = terms_of(step.body, line.formula.latex)
            if others or not _is_step(term.node, line, context):
                return None
            body = line.formula.latex[slice(*term.node.span)]
            places = {(old.span[1], step.span[1]): f" {'+' if term.sign > 0 else '-'} {body}"}
            message = "a step along the gradient is added to the weights, which are not multiplied by it"
            return conflict(line, message, message, places, wrong_operator.RULE)
    return None


def factors_of(node: Node) -> Iterator[Node]:
    """The factors of a product; a gradient with its argument is one."""
    if isinstance(node, Bin) and node.op in ("cdot", "times", "*"):
        yield from factors_of(node.left)
        yield from factors_of(node.right)
        return
    items = node.items if isinstance(node, Juxt) else (node,)
    for k, item in enumerate(items):
        if isinstance(item, Sym) and item.base == "nabla":
            yield Juxt(items=items[k:], span=(item.span[0], items[-1].span[1]))
            return
        yield unbraced(item)


def _is_step(node: Node, line: Line, context: Context, *, called: bool = False) -> bool:
    """Whether a term is a rate times a gradient, or times what the words call one, and nothing else."""
    factors = list(factors_of(node))
    gradients = [f for f in factors if is_gradient(f, line, context)]
    if called and not gradients:
        gradients = [f for f in factors if isinstance(f, Sym) and not is_rate(f) and is_called_gradient(f, line)]
    rates = [f for f in factors if f not in gradients and is_rate(f)]
    return len(gradients) == 1 and len(rates) == len(factors) - 1 and any(isinstance(r, Sym) for r in rates)


def is_rate(node: Node) -> bool:
    """Whether a factor is a rate or a number: η, 1/m, 2."""
    if isinstance(node, Fraction):
        return _is_count(node.above) and _is_count(node.below)
    return (isinstance(node, Sym) and node.base in RATES and not node.accents) or isinstance(node, Num)


def _is_count(node: Node) -> bool:
    node = unbraced(node)
    return isinstance(node, Num) or (isinstance(node, Sym) and node.sub is None and node.base in "mnNBM")


def is_gradient(node: Node, line: Line, context: Context) -> bool:
    """∇L(w), ∂L/∂w of what is updated, a sum of such, or a letter that the text defines as a gradient."""
    if isinstance(node, Big):
        return node.op == "sum" and is_gradient(node.body, line, context)
    if isinstance(node, Juxt) and len(node.items) > 1:
        head, function = node.items[0], node.items[1]
        named = isinstance(head, Sym) and head.base == "nabla" and isinstance(function, Sym) and function.base in LOSSES
        return named and all(isinstance(n, Group) for n in node.items[2:])
    if isinstance(node, Fraction):
        above, below = (_differentiated(n) for n in (node.above, node.below))
        return above is not None and below is not None and above.base in LOSSES and is_alike(below, line.left)
    return isinstance(node, Sym) and _is_said_gradient(node, line, context)


def _differentiated(node: Node) -> Sym | None:
    """The L of ∂L or of ∂L(w)."""
    match unbraced(node):
        case Juxt(items=(Sym(base="partial" | "d"), Sym() as one, *rest)) if all(isinstance(n, Group) for n in rest):
            return one
    return None


def _is_said_gradient(sym: Sym, line: Line, context: Context) -> bool:
    """Whether the text defines a letter as a gradient, g^{(k)} = ∇f(x^{(k)}), or calls it one: "the gradient $g_k$"."""
    if any(m[1] == sym.base for m in CALLED_SO.finditer(line.formula.before[-REACH:])):
        return True
    for other in context.lines.lines:
        same = isinstance(other.left, Sym) and (other.left.base, other.left.accents) == (sym.base, sym.accents)
        before = other.number < line.number and other.formula.headings == line.formula.headings
        if same and before and other.right is not None and isinstance(other.right, Juxt | Fraction):
            return is_gradient(other.right, line, context)
    return False


def is_alike(one: Node, other: Node) -> bool:
    """Whether two letters are one but for their scripts."""
    return isinstance(one, Sym) and isinstance(other, Sym) and (one.base, one.accents) == (other.base, other.accents)


def _is_apart(node: Node, left: Node) -> bool:
    """Whether a term is one letter that is not what is updated: noise."""
    return isinstance(node, Sym) and not is_alike(node, left)


def _goes_on(left: Sym, old: Node) -> bool:
    """Whether the left side is the next step: w_{t+1} of w_t, w_t of w_{t−1}, w' of w, w_new of w_old, or w of w."""
    assert isinstance(old, Sym)
    pairs = [(a, b) for a, b in ((left.sub, old.sub), (left.sup, old.sup)) if a is not None or b is not None]
    if not pairs:
        return left.primes == old.primes or left.primes == old.primes + 1
    changed = [(unbraced(a), unbraced(b)) for a, b in pairs if a is not None and b is not None]
    changed = [(a, b) for a, b in changed if unplaced(a) != unplaced(b)]
    return len(changed) == 1 and all(None not in pair for pair in pairs) and _is_next(*map(_inside, changed[0]))


def _inside(node: Node) -> Node:
    return unplaced(node.body if isinstance(node, Group) else node)


def _is_next(new: Node, old: Node) -> bool:
    match new, old:
        case Bin(op="+", left=start, right=Num(text="1")), _:
            return start == old
        case _, Bin(op="-", left=start, right=Num(text="1")):
            return start == new
    return _spelled(new) in ("new", "next") and _spelled(old) in ("old", "")


def _spelled(node: Node) -> str:
    return "".join(n.base for n in walk(node) if isinstance(n, Sym))


def _is_there(step: Node, before: Node, line: Line, context: Context) -> bool:
    """Whether the gradient is taken where the step begins, as far as the formula says where."""
    gradient = next(f for f in factors_of(step) if is_gradient(f, line, context))
    letters = [n for n in walk(gradient) if is_alike(n, before)]
    whole = (n for n in letters if not (isinstance(n, Sym) and n.sub is None and n.sup is None))
    return all(unplaced(n) == unplaced(before) for n in whole)

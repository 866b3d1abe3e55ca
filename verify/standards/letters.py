"""The letters of a formula: which of their scripts are indices that run, which are part of their names."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from derive.notation.names_in_notes import text_of
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Chain, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sym

from .values import Unclear, Value, number, power

CALLABLE = frozenset("AdefgFGhHpqPQVKkruyYxXJLlsSRUabBvwzcCDWmMTnNtZ") | {
    "phi", "psi", "varphi", "Phi", "Psi", "pi", "ell", "mu", "Sigma", "kappa", "theta", "rho"
}  # fmt: skip
OF_ONE_LETTER = frozenset({"alpha", "beta", "delta", "eta", "lambda", "Lambda", "nu", "xi", "zeta", "tau"})
ALWAYS_CALLED = frozenset("fgFGhpqPQVKk")
TURNED = frozenset({"T", "top", "intercal"})
GAINS = frozenset({"K", "G"})
LABELS = frozenset({"*", "ast", "star", "+"})
POLICIES = frozenset({"pi", "mu", "beta", "b", "theta", "w"})  # of which V^π(s) and Q^μ(s, a) are the values
LAYERS = frozenset({"l", "L", "ell"})
STATISTICS = frozenset({"delta", "mu", "sigma", "Sigma"})  # of a layer: letters whose l-th power is none to speak of
ROUNDS = frozenset({"old", "new", "prev", "next"})
METHODS = frozenset({"ols", "OLS", "LS", "ls", "ML", "MLE", "mle", "MAP", "ridge", "lasso"})  # of estimates
OWNERS = frozenset({"i", "j", "k"})  # clients, or points, of w_t^k
ACTIONS = frozenset({"a"})  # of P^a_{ss'} and R^a_s
GREEK = frozenset(
    {
        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "lambda", "mu", "nu", "rho",
        "sigma", "tau", "kappa", "omega", "Sigma",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Atom:
    """A letter of a formula.

    Attributes:
        name: with all that distinguishes it: `y_i`, `p_t`, `f(x)`.
        core: without the free indices: `y`, `p`, `f`.
        arity: how many summed indices it has.
        bold: whether it is set in bold type, where that tells two letters of a formula apart.
        value: of a function at its arguments, without what else distinguishes it: `V(s')` of V_t(s').
    """

    name: str
    core: str
    arity: int
    bold: bool = False
    value: str = ""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.name, self.core, self.arity, self.bold, self.value))

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be called by, from all that distinguishes it to the bare letter."""
        return tuple(n for n in (self.name, self.value, self.core) if n)


def called(atom: Atom) -> tuple[str, str]:
    """The letter and the arguments of a function at these."""
    return atom.core, "(" + atom.value.partition("(")[2]


@dataclass
class State:
    """Where a term is evaluated: the value of each letter, and of the indices that are bound."""

    value_of: Callable[[Atom, tuple[int, ...]], Value]
    size: int
    letters: dict[str, int] = field(default_factory=dict)


Term = Callable[[State], Value]


@dataclass
class Letters:
    """Reads the letters of one expression.

    Attributes:
        summed: the places of a letter's indices that are summed over anywhere in it, by its core and how many it has;
            None while that is being found out.
        seen: those seen so far.
        scope: the letters that the sums around bind.
        atoms: the letters met, in order.
        free: the letters of indices that no sum binds, numbered.
    """

    summed: dict[tuple[str, int], set[int]] | None = None
    seen: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    scope: tuple[str, ...] = ()
    atoms: dict[Atom, None] = field(default_factory=dict)
    free: dict[str, int] = field(default_factory=dict)

    def term(self, node: Node) -> Term:
        """What an expression is as a function of its letters."""
        raise NotImplementedError

    def _symbol(self, node: Sym, arguments: tuple[Node, ...] = ()) -> Term:
        if node.base in self.scope and node.sub is None and not arguments:
            letter = node.base + "'" * node.primes
            return self._raised(lambda s: float(s.letters[letter]), node.sup)
        if node.base == "pi" and node.sub is None and not arguments:
            return self._raised(lambda s: math.pi, node.sup)
        if node.base == "e" and node.sup is not None and node.sub is None:
            above = self.term(node.sup)
            return lambda s: np.exp(above(s))
        if node.base in ("infty", "partial") and node.sub is None:
            raise Unclear(f"{node.base} is not read here")
        pieces, power_of = pieces_of(node, arguments)
        return self._raised(self._atom(node, pieces, len(arguments)), power_of)

    def _atom(self, node: Sym, pieces: tuple[Node, ...], count: int) -> Term:
        """The value of a letter, at those of its indices that are summed over; the last `count` are its arguments."""
        core = core_of(node)
        bound = [[b for b in letters_in(p) if b in self.scope] for p in pieces]
        if any(isinstance(p, Chain) and b for p, b in zip(pieces, bound, strict=True)):
            raise Unclear("a condition on what is summed over, as an argument")
        if any(b and _is_computed(p) for p, b in zip(pieces, bound, strict=True)):
            raise Unclear("what is computed from an index that is summed over, as an argument")
        if any(isinstance(p, Juxt) and b for p, b in zip(pieces[len(pieces) - count :], bound[-count:], strict=False)):
            raise Unclear("a product with what is summed over, as an argument")
        key = core, len(pieces)
        self.seen.setdefault(key, set()).update(k for k, found in enumerate(bound) if found)
        summed = (self.summed or self.seen).get(key, set())
        places: list[Term] = []
        parts: list[str] = []
        called: list[str] = []
        label = ""
        for k, (piece, letters) in enumerate(zip(pieces, bound, strict=True)):
            if k in summed and (letters or is_index(piece)):
                places += [self._place(piece)] if is_index(piece) else [at_bound(b) for b in letters]
                continue
            text = _written(piece)
            parts.append(text)
            called += [text] if k >= len(pieces) - count else []
            label += "" if is_running(piece) else f"_{text}"
        name = f"{core}_{','.join(parts)}" if parts else core
        value = f"{core}_{','.join(called)}" if called else ""
        atom = Atom(name=name, core=core + label, arity=len(places), bold="bold" in node.fonts, value=value)
        self.atoms.setdefault(atom)
        return lambda s: s.value_of(atom, tuple(round(p(s)) for p in places))

    def _place(self, piece: Node) -> Term:
        """The value of an index: of a bound letter what it is, of a free one a number of its own."""
        if isinstance(piece, Num):
            digits = piece.text
            return lambda s: number(digits)
        if isinstance(piece, Bin):
            left, right = self._place(piece.left), self._place(piece.right)
            return (lambda s: left(s) + right(s)) if piece.op == "+" else (lambda s: left(s) - right(s))
        assert isinstance(piece, Sym)
        letter = piece.base + "'" * piece.primes
        if letter in self.scope:
            return at_bound(letter)
        place = self.free.setdefault(letter, len(self.free))
        return lambda s: float(place % s.size + 1)

    def _raised(self, base: Term, sup: Node | None) -> Term:
        """A value with what stands above it."""
        if sup is None:
            return base
        if isinstance(sup, Sym) and sup.base in TURNED:
            return lambda s: base(s).T if isinstance(base(s), np.ndarray) else base(s)
        raised = self.term(sup)
        return lambda s: power(base(s), raised(s))


def pieces_of(node: Sym, arguments: tuple[Node, ...]) -> tuple[tuple[Node, ...], Node | None]:
    """What stands around a letter as indices, labels and arguments; and its power."""
    pieces: list[Node] = []
    power = node.sup
    if isinstance(node.sup, Group) and node.sup.opening in ("(", "["):
        pieces.append(node.sup.body)
        power = None
    elif node.sup is not None and (_is_layer(node.sup, node) or _is_label(node.sup, node, arguments)):
        pieces.append(node.sup)
        power = None
    if node.sub is not None:
        sub = node.sub.body if isinstance(node.sub, Group) else node.sub
        letters = isinstance(sub, Juxt) and all(isinstance(i, Sym | Num) for i in sub.items) and len(sub.items) < 3
        pieces += sub.items if isinstance(sub, Listing) or (isinstance(sub, Juxt) and letters) else [sub]
    return (*pieces, *arguments), power


def _is_computed(piece: Node) -> bool:
    """Whether an argument is made of indices, as j i and i / j are, and is none: no letter of it has one below."""
    inside = isinstance(piece, Juxt | Fraction) or (isinstance(piece, Bin) and not is_index(piece))
    return inside and not any(isinstance(n, Sym) and n.sub is not None for n in walk(piece))


def _is_layer(sup: Node, node: Sym) -> bool:
    """Whether what stands above a letter tells its layer, or whose it is, and is no exponent: W^l, δ^{l+1}, w_t^k."""
    if is_owned(node) or _is_word(sup):
        return True
    first = sup.left if isinstance(sup, Bin) and sup.op in "+-" else sup
    named = isinstance(first, Sym) and first.base in LAYERS and first.sub is None
    return named and (node.base not in GREEK or node.base in STATISTICS)


def _is_word(sup: Node) -> bool:
    """Whether what stands above a letter is a word, as old in w^{old} and OLS in β^{OLS}."""
    letters = sup.items if isinstance(sup, Juxt) else (sup,)
    return "".join(n.base if isinstance(n, Sym) else "?" for n in letters) in ROUNDS | METHODS


def is_owned(node: Sym) -> bool:
    """Whether what stands above a letter at a step tells whose it is, w_{t+1}^k of the client k."""
    at = node.sub.left if isinstance(node.sub, Bin) else node.sub
    return isinstance(node.sup, Sym) and node.sup.base in OWNERS and isinstance(at, Sym) and at.base == "t"


def _is_label(sup: Node, node: Sym, arguments: tuple[Node, ...]) -> bool:
    """Whether a letter above another one is no exponent: V^*, V^π(s), P^a_{ss'}."""
    if not isinstance(sup, Sym):
        return False
    if sup.base in LABELS:
        return True
    return sup.base in POLICIES if arguments else node.base.isupper() and node.sub is not None and sup.base in ACTIONS


def _written(piece: Node) -> str:
    """A script or an argument as part of a name; what stands behind a stroke is told from another argument."""
    if isinstance(piece, Listing):
        return piece.separator.join(_written(i) for i in piece.items)
    less = sum(isinstance(n, Bin) and n.op == "-" for n in walk(piece))  # t − 1 is not t + 1
    return text_of(piece) + "m" * less


def core_of(node: Sym) -> str:
    """A letter with its accents and primes: `hat y`."""
    accents = "".join(f"{a} " for a in node.accents if a not in ("vec", "underline", "overrightarrow"))
    return {"widehat ": "hat ", "overline ": "bar ", "widetilde ": "tilde "}.get(accents, accents) + (
        node.base + "'" * node.primes
    )


def letters_in(node: Node) -> tuple[str, ...]:
    """The letters of a script, each once; the action a_t is not the a over which a maximum runs."""
    syms = (n for n in walk(node) if isinstance(n, Sym) and n.sub is None)
    return tuple(dict.fromkeys(n.base + "'" * n.primes for n in syms))


def is_index(piece: Node) -> bool:
    """Whether a script can be computed with: `i`, `2`, `t − 1`."""
    if isinstance(piece, Bin):
        return piece.op in "+-" and is_index(piece.left) and is_index(piece.right)
    if isinstance(piece, Sym):  # and none that is a label, k_+ beside k_i
        return piece.sub is None and piece.sup is None and not piece.accents and piece.base not in LABELS
    return isinstance(piece, Num) and piece.text.isdigit()


def is_running(piece: Node) -> bool:
    """Whether a piece is an index or an argument that runs, `i`, `t − 1`, `x`, and no label of the letter."""
    if isinstance(piece, Bin):
        return is_running(piece.left) or is_running(piece.right)
    return not isinstance(piece, Num) and not (isinstance(piece, Sym) and (len(piece.base) > 1 and piece.fonts))


def is_application(head: Sym, group: Group) -> bool:
    """Whether a letter before a bracket is a function of what stands there, and no factor."""
    word = len(head.base) > 1 and ("rm" in head.fonts or head.base.isupper())
    conditional = isinstance(group.body, Listing) and group.body.separator == "|"
    called = _is_of_network(head, group.body) or _is_information(head, group.body)
    if head.base not in CALLABLE and not word and not conditional and not called:
        return False
    if isinstance(group.body, Listing):
        return True
    if word:
        return True
    turned = isinstance(head.sup, Sym) and head.sup.base in TURNED
    inverse = isinstance(group.sup, Neg) and isinstance(group.body, Bin | Juxt)
    if isinstance(head.sup, Num | Neg) or turned or inverse or group.opening == "[":
        return False
    if head.base == "k" and isinstance(head.sub, Num) and isinstance(group.body, Bin) and group.body.op in "+-":
        return False  # k_1 (1 − b), and no kernel
    if isinstance(group.body, Bin) and isinstance(group.body.right, Juxt) and head.base in GAINS:
        return False  # K (z − H x), and no kernel K(x − x_i)
    within = isinstance(group.body, Bin | Juxt) and not head.primes  # but g'(g⁻¹(y)) is a slope
    if within and any(isinstance(n, Sym) and n.base == head.base for n in walk(group.body)):
        return False  # p (1 − p), X (Xᵀ X)
    if isinstance(group.body, Sym) and group.sup is not None and core_of(group.body) == core_of(head):
        return False  # x (x)ᵀ
    return head.base in ALWAYS_CALLED or called or not isinstance(group.body, Bin | Neg | Num)


def _is_information(head: Sym, body: Node) -> bool:
    """Whether a letter before a bracket is the information of a parameter or between two variables: I(θ), I(X; Y)."""
    of_parameter = isinstance(body, Sym) and (body.base in GREEK or body.base == "phi")
    return head.base in ("I", "J") and (of_parameter or isinstance(body, Listing))


def _is_of_network(head: Sym, body: Node) -> bool:
    """Whether a Greek letter before a bracket is what a network or a posterior gives: σ_φ(x), γ(z_nk), γ_t(i)."""
    single = isinstance(body, (Listing, Sym))
    if head.base == "delta" and isinstance(body, Listing):  # δ(c_i, c_j)
        return True
    if head.base in OF_ONE_LETTER:  # λ(t), α_t(i), λ_max(A): nobody puts a single factor into brackets
        return single and head.sup is None
    if head.base == "gamma":
        return isinstance(body, Sym) and (body.sub is not None or head.sub is not None)
    return head.base in ("sigma", "epsilon", "varepsilon") and head.sub is not None and single


def is_energy(head: Sym, group: Group) -> bool:
    """Whether a letter before a bracket is an energy or a trace, E_θ(x), E_{t−1}(s), and no expected value."""
    plain = head.base == "E" and not head.fonts and group.opening == "("
    at_step = isinstance(head.sub, Bin) or (isinstance(head.sub, Sym) and head.sub.base == "t")
    of_model = isinstance(head.sub, Sym) and head.sub.base in GREEK
    return plain and (at_step or of_model) and isinstance(group.body, Sym | Listing)


def is_indexed(head: Sym, group: Group) -> bool:
    """Whether a letter before square brackets has in them its index, as in code: x[i]."""
    small = head.base.islower() and len(head.base) == 1 and head.sub is None and head.sup is None
    return small and group.opening == "[" and isinstance(group.body, Sym)


def is_one(node: Node) -> bool:
    """Whether a node is the 1 or the I of an indicator."""
    return (isinstance(node, Num) and node.text == "1") or (isinstance(node, Sym) and node.base in ("1", "I"))


def is_derivative(node: Fraction) -> bool:
    """Whether a fraction is d/dx or ∂f/∂x."""
    halves = [n.items[0] if isinstance(n, Juxt) else n for n in (node.above, node.below)]
    return all(isinstance(n, Sym) and n.base in ("d", "partial") and not n.sub for n in halves)


def is_constant(atom: Atom) -> bool:
    """Whether a letter is no random variable: Greek, or a number of things."""
    return atom.core.split("_")[0].split(" ")[-1] in GREEK


def at_bound(letter: str) -> Term:
    """The value of an index that a sum binds."""
    return lambda s: float(s.letters[letter])

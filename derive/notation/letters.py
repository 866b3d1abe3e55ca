"""Which letters of a text are indices, and with how many of them each other letter is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .conventions import INDEX_LETTERS
from .names_in_notes import entry_within, is_letter, take_apart
from .runs import walk
from .scope import Binder, binder, present
from .syntax import Big, Bin, Chain, Entries, Fraction, Group, Juxt, Listing, Node, Sym

DIFFERENTIALS = frozenset({"partial", "d"})


def letters_in(nodes: Iterable[Node]) -> frozenset[str]:
    """The letters that sums bind or lists of indices hold, and the usual ones where they stand as a script.

    The x of Σ_x p(x) and the θ of max_θ L(θ), which stand for values and mark no other letter, are none.

    A letter that names a quantity itself, such as the gate i_t, is a label in W_i; so are w and b in f_{w,b}.
    """
    nodes = tuple(nodes)
    found: set[str] = set()
    lefts = [node.operands[0] for node in nodes if isinstance(node, Chain)]
    gates = {s.base for s in lefts if isinstance(s, Sym) and s.sub is not None}
    standing, below, kinds = _standing(nodes), _below(nodes), _kinds(nodes)
    for node in (n for top in nodes for n in walk(top)):
        if isinstance(node, Big) and (bound := binder(node.below)) is not None and _counts(node, bound, below):
            found.add(bound[0])
        if isinstance(node, Entries):
            found |= {letter for letter, _, _ in node.running}
        sub, sup = getattr(node, "sub", None), getattr(node, "sup", None)
        if isinstance(sub, Listing) and sub.separator == ",":
            listed = {i.base for i in sub.items if isinstance(i, Sym) and len(i.base) == 1 and i.base.islower()}
            listed -= gates - INDEX_LETTERS
            found |= set() if listed & INDEX_LETTERS == set() and listed <= standing else listed
        scripts = [s for s in (sub, sup if isinstance(sup, Group) else None) if s is not None]
        found |= (INDEX_LETTERS - gates - kinds) & {n.base for s in scripts for n in walk(s) if isinstance(n, Sym)}
    found |= _partners(nodes, frozenset(found))
    found -= _of_sizes(nodes)
    return frozenset(found | _beside(nodes, found) | _general(nodes, standing))


def _of_sizes(nodes: tuple[Node, ...]) -> set[str]:
    """The k of ℝ^{n×d_k} that stands below sizes only and is not bound: it tells one size from another."""
    syms = [n for n in _every(nodes) if isinstance(n, Sym)]
    spaces = [s for s in syms if s.base == "R" and "bb" in s.fonts]
    inside = [n for s in spaces if s.sup is not None for n in walk(s.sup) if isinstance(n, Sym)]
    sizes = {n.base for n in inside if _below_it(n)}
    scripts = [part for s in syms if s.base not in sizes | {"R"} for part in (s.sub, s.sup) if part is not None]
    elsewhere = {n.base for part in scripts for n in walk(part) if isinstance(n, Sym)}
    bound = {b[0] for n in _every(nodes) if isinstance(n, Big) and (b := binder(n.below)) is not None}
    return {_below_it(n) for n in inside} - bound - elsewhere


def _counts(node: Big, bound: Binder, below: frozenset[str]) -> bool:
    """Whether what an operator binds counts something: it has limits, or is written below other letters."""
    letter, lower = bound
    limited = node.op in ("sum", "prod") and (lower is not None or present(node.above) is not None)
    return limited or letter in INDEX_LETTERS | below


def _kinds(nodes: Iterable[Node]) -> set[str]:
    """The k of W_q, W_k and W_v: letters below a capital that has two more below it which are no indices."""
    kinds: dict[str, set[str]] = {}
    for sym in (n for n in _every(nodes) if isinstance(n, Sym) and len(n.base) == 1 and n.base.isupper()):
        kinds.setdefault(sym.base, set()).add(_below_it(sym))
    named = (found - {""} for found in kinds.values() if len(found - {""} - INDEX_LETTERS) > 1)
    return set().union(*named) & INDEX_LETTERS


def _below(nodes: Iterable[Node]) -> frozenset[str]:
    """The letters that stand below others."""
    subs = (n.sub for n in _every(nodes) if isinstance(n, Sym) and n.sub is not None)
    return frozenset(n.base for sub in subs for n in walk(sub) if isinstance(n, Sym))


def _standing(nodes: Iterable[Node]) -> set[str]:
    """The letters that are multiplied or added by themselves: the w and b of w x + b, which f_{w,b} depends on."""
    parts = [n.items if isinstance(n, Juxt) else (n.left, n.right) for n in _every(nodes) if isinstance(n, Juxt | Bin)]
    scripts = {id(n) for s in _every(nodes) if isinstance(s, Sym) and s.sub is not None for n in walk(s.sub)}
    return {p.base for group in parts for p in group if isinstance(p, Sym) and id(p) not in scripts}


def _every(nodes: Iterable[Node]) -> Iterator[Node]:
    return (n for top in nodes for n in walk(top))


def _beside(nodes: Iterable[Node], letters: set[str]) -> set[str]:
    """The a and b of v_{ab}, where v carries two indices elsewhere and a and b stand nowhere else."""
    syms = [n for top in nodes for n in walk(top) if isinstance(n, Sym)]
    pairs = [(s.base, s.sub.items) for s in syms if isinstance(s.sub, Juxt) and len(s.sub.items) == 2]
    paired = {base for base, parts in pairs if all(isinstance(p, Sym) and p.base in letters for p in parts)}
    scripts = {id(n) for s in syms if s.sub is not None for n in walk(s.sub)}
    alone = {s.base for s in syms if id(s) not in scripts}
    new = {p.base for base, parts in pairs if base in paired for p in parts if isinstance(p, Sym) and _is_plain(p)}
    return new - alone


def _partners(nodes: Iterable[Node], letters: frozenset[str]) -> set[str]:
    """The c of Σ_b W_{bc}, and then the t of Q_{tc}: letters below one that a sum binds, which stand nowhere else."""
    every = list(_every(nodes))
    syms = [n for n in every if isinstance(n, Sym)]
    scripts = {id(n) for s in syms if s.sub is not None for n in walk(s.sub)}
    alone = {s.base for s in syms if id(s) not in scripts}
    below = [s.sub.items for s in syms if isinstance(s.sub, Juxt) and len(s.sub.items) < 4]
    together = [
        {p.base for p in parts if isinstance(p, Sym)}
        for parts in below
        if all(isinstance(p, Sym) and _is_plain(p) for p in parts)
    ]
    known = {b[0] for n in every if isinstance(n, Big) and (b := binder(n.below)) is not None} & letters
    while new := {x for group in together if group & known for x in group} - known - alone:
        known |= new
    return known


def _general(nodes: Iterable[Node], standing: set[str]) -> set[str]:
    """The c of y_c = e^{z_c} / S and ∂L/∂z_c = …, where a sum runs over the entries of z and c stands nowhere else."""
    sums = [(b[0], n) for n in _every(nodes) if isinstance(n, Big) and (b := binder(n.below)) is not None]
    summed = {s.base for letter, n in sums for s in walk(n.body) if isinstance(s, Sym) and _below_it(s) == letter}
    found: set[str] = set()
    for node in (n for n in nodes if isinstance(n, Chain)):
        letter = _below_it(_taken_by(node.operands[0]))
        rights = (n for o in node.operands[1:] for n in walk(o) if isinstance(n, Sym))
        if letter and letter not in standing and any(s.base in summed and _below_it(s) == letter for s in rights):
            found.add(letter)
    return found


def _taken_by(left: Node) -> Node:
    """The w_c of ∂L/∂w_c and of ∇_{w_c} L; any other left side as it is."""
    below = left.below if isinstance(left, Fraction) else None
    if isinstance(below, Juxt) and isinstance(below.items[0], Sym) and below.items[0].base in DIFFERENTIALS:
        return below.items[-1]
    first = left.items[0] if isinstance(left, Juxt) else left
    return first.sub if isinstance(first, Sym) and first.base == "nabla" and first.sub is not None else left


def _below_it(node: Node) -> str:
    """The one small letter that stands below another."""
    sub = node.sub if isinstance(node, Sym) else None
    return sub.base if isinstance(sub, Sym) and _is_plain(sub) else ""


def _is_plain(sym: Sym) -> bool:
    return len(sym.base) == 1 and sym.base.islower() and not (sym.sub or sym.sup or sym.accents or sym.fonts)


def ranks_in(nodes: Iterable[Node], letters: frozenset[str]) -> dict[str, frozenset[int]]:
    """The numbers of indices that each letter is used with; a letter mentioned by itself, or in W_{xh}, is not used."""
    nodes = tuple(nodes)
    labels = set(_labels(nodes, letters))
    found: dict[str, set[int]] = {}
    for top in nodes:
        used = (entry_within(n, letters) or n for n in walk(top))
        for node in (n for n in used if isinstance(n, Sym) and not is_letter(n, letters)):
            named = take_apart(node, letters)
            if id(node) not in labels and (named.indices or node is not top):
                found.setdefault(named.plain, set()).add(len(named.indices))
    return {name: frozenset(counts) for name, counts in found.items()}


def _labels(nodes: Iterable[Node], letters: frozenset[str]) -> Iterator[int]:
    """The letters below a capital that are no indices, by their ids: the h of W_h, the x and h of W_{xh}."""
    subs = (n.sub for n in _every(nodes) if isinstance(n, Sym) and n.base[:1].isupper())
    for items in (sub.items if isinstance(sub, Juxt) else (sub,) for sub in subs):
        if all(isinstance(i, Sym) and _is_plain(i) and i.base not in letters for i in items):
            yield from map(id, items)

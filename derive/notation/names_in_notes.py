"""Which quantity a letter with its decoration names, and what its scripts are: indices, label, power, sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .conventions import ACCENT_SUFFIX, FONT_LIKE_ACCENTS
from .renderers.spacing import knows
from .syntax import Bin, Group, Juxt, Listing, Neg, Node, Num, Sym, found_of

MARKS = frozenset({"*", "ast", "star", "prime", "dagger"})  # above a letter, without being a power of it
TRANSPOSES = frozenset({"T", "top", "intercal"})
LABEL_BRACKETS = frozenset({"(", "["})
FONTS_APART = frozenset({"cal", "bb", "frak", "scr"})  # a letter set so is another one; bold and upright are not
SIGNS = {"+": "plus", "-": "minus"}  # a sign that is a label by itself: σ_+, P(D | +)
SPOKEN = {"+": "p", "-": "m", "/": "d"}  # signs in labels: x_{t-1} is another quantity than x_{t+1}
APART = "apart"  # marks a bold letter that the text has in plain type for something else
ACCENT_LATEX = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde", "dot": r"\dot", "ddot": r"\ddot", "all": r"\vec"}


@dataclass(frozen=True, kw_only=True)
class Named:
    """A letter taken apart.

    Attributes:
        plain: the plain name of the quantity: `theta_h`, `yhat`.
        latex: how the quantity is set without indices.
        base: the bare letter.
        indices: the subscript indices as written.
        sample: the index of the data point, `x^{(i)}`, if there is one.
        power: an exponent, if there is one.
        transposed: whether it carries a transpose mark.
    """

    plain: str
    latex: str
    base: str
    indices: tuple[Node, ...] = ()
    sample: Node | None = None
    power: Node | None = None
    transposed: bool = False


def take_apart(sym: Sym, letters: frozenset[str]) -> Named:
    """The quantity that a letter names, given which letters are used as indices.

    A subscript made of index letters and numbers is a list of indices, any other is part of the name. A
    superscript in brackets is the data point if it is an index letter, else a label; `T` transposes; what
    else stands above is a power.
    """
    known = found_of(sym)
    if letters not in known:
        known[letters] = _taken_apart(sym, letters)
    named: Named = known[letters]
    return named


def _taken_apart(sym: Sym, letters: frozenset[str]) -> Named:
    both = sym.sup.items if isinstance(sym.sup, Juxt) else ()
    if len(both) == 2 and isinstance(both[0], Group) and both[0].opening in LABEL_BRACKETS and is_transpose(both[1]):
        return replace(take_apart(replace(sym, sup=both[0]), letters), transposed=True)  # θ^{(k)⊤}
    plain, latex = _core(sym)
    indices: tuple[Node, ...] = ()
    if sym.sub is not None:
        label, indices = _label_and_indices(sym.sub, letters)
        if label is not None:
            plain, latex = f"{plain}_{text_of(label)}", f"{latex}_{{{latex_of(label)}}}"
    sample = power = None
    transposed = False
    if isinstance(sym.sup, Group) and sym.sup.opening in LABEL_BRACKETS:
        inner, opening, closing = sym.sup.body, sym.sup.opening, sym.sup.closing
        if isinstance(inner, Sym) and is_letter(inner, letters):
            sample = inner
        else:
            plain, latex = f"{plain}_{text_of(inner)}", f"{latex}^{{{opening}{latex_of(inner)}{closing}}}"
    elif isinstance(sym.sup, Sym) and sym.sup.base in TRANSPOSES:
        transposed = True
    elif isinstance(sym.sup, Sym) and sym.sup.base in ("*", "ast", "star"):
        plain, latex = f"{plain}_star", f"{latex}^{{*}}"
    elif len(sym.base) > 1 and sym.base.isupper() and isinstance(sym.sup, Juxt) and _spells(sym.sup):
        plain, latex = f"{plain}_{text_of(sym.sup)}", f"{latex}^{{{latex_of(sym.sup)}}}"  # RSS^{OLS}
    else:
        power = sym.sup
    return Named(
        plain=plain, latex=latex, base=sym.base, indices=indices, sample=sample, power=power, transposed=transposed
    )


def _spells(node: Juxt) -> bool:
    """Whether letters that stand side by side are a word."""
    return all(isinstance(i, Sym) and len(i.base) == 1 and not (i.sub or i.sup or i.accents) for i in node.items)


def is_labelled(head: Sym, letters: frozenset[str]) -> bool:
    """Whether what stands above a function, if anything, is a word: the OLS of RSS^{OLS}(θ)."""
    named = take_apart(head, letters)
    word = isinstance(head.sup, Juxt) and named.sample is None
    return head.sup is None or (word and named.power is None and not named.transposed)


def ranked(named: Named, ranks: Mapping[str, Iterable[int]], extra: Mapping[tuple[str, int], int]) -> str:
    """The letter's own plain name goes to the use with the fewest indices, but at least one, and those of its rank."""
    n = len(named.indices)
    usual = min((r for r in ranks.get(named.plain, ()) if r > 0), default=0)
    same = n + extra.get((named.plain, n), 0) == usual + extra.get((named.plain, usual), 0)
    return named.plain if n in (0, usual) or same else f"{named.plain}_{n}"


def is_mark(sup: Node) -> bool:
    """Whether what stands above a letter is a mark, x^*, or a number in brackets, x^{(i)}, and no exponent."""
    return (isinstance(sup, Group) and sup.opening == "(") or getattr(sup, "base", "") in MARKS


def is_power_of_e(sym: Sym) -> bool:
    """Whether a letter may be the number e with an exponent; the e_{ui}² of an error is none."""
    return sym.base == "e" and sym.sup is not None and sym.sub is None and not sym.accents


def is_transpose(sup: Node | None) -> bool:
    """Whether a superscript transposes."""
    return isinstance(sup, Sym) and sup.base in ("T", "top", "intercal") and sup.sub is None


def turned_before_sums(items: Sequence[Node]) -> set[Sym]:
    """The capitals of matrices that are transposed before a sum, the Φ of Φᵀ(t − Φ w): Φ(x) is a function."""
    pairs = ((a, b.body) for a, b in pairwise(items) if isinstance(a, Sym) and isinstance(b, Group))
    return {a for a, body in pairs if a.base in ("Phi", "Psi") and is_transpose(a.sup) and isinstance(body, Bin)}


def _label_and_indices(sub: Node, letters: frozenset[str]) -> tuple[Node | None, tuple[Node, ...]]:
    """A subscript that is a label, indices, or in W_{f,i,k} the one before the others."""
    found = index_list(sub, letters)
    if found is not None:
        return None, found
    if isinstance(sub, Listing) and sub.separator == "," and isinstance(sub.items[0], Sym):
        behind = index_list(replace(sub, items=sub.items[1:]), letters)
        if behind is not None and not is_index(sub.items[0], letters):
            return sub.items[0], behind
    return sub, ()


def entry_within(node: Node, letters: frozenset[str]) -> Sym | None:
    """The entry of A that stands in (A^{-1})_{i,j}, as what it shows of the axes of A: A_{i,j}."""
    if not isinstance(node, Group) or not isinstance(node.body, Sym) or not isinstance(node.body.sup, Neg):
        return None
    places = index_list(node.sub, letters) if node.sub is not None else None
    own = index_list(node.body.sub, letters) if node.body.sub is not None else ()
    if places is None or own is None or len(places) != 2:
        return None
    sub = Listing(items=(*own, *places), separator=",", span=node.span)
    return replace(node.body, sub=sub, sup=None)


def is_letter(node: Node, letters: frozenset[str]) -> bool:
    """Whether a node is a bare index letter."""
    return isinstance(node, Sym) and node.base in letters and not (node.sub or node.sup or node.accents or node.primes)


def index_list(node: Node, letters: frozenset[str]) -> tuple[Node, ...] | None:
    """The indices that a subscript holds, or None if it is a label."""
    if isinstance(node, Group) and node.opening == "{":
        return index_list(node.body, letters)
    if isinstance(node, Listing) and node.separator == ",":
        return node.items if all(is_index(i, letters) for i in node.items) else None
    if isinstance(node, Juxt) and all(is_letter(i, letters) or isinstance(i, Num) for i in node.items):
        return node.items
    if isinstance(node, Num):
        return (node,)
    return (node,) if is_index(node, letters) else None


def is_index(node: Node, letters: frozenset[str]) -> bool:
    """Whether a node is the place of an index: a letter, a number, or sums and multiples of them, S p + u."""
    if isinstance(node, Bin):
        parts = (node.left, node.right)
        counted = [is_index(p, letters) or _is_stride(p, letters) for p in parts]
        return node.op in "+-" and (all(counted) or (any(counted) and all(map(_is_shift, parts, counted))))
    if isinstance(node, Neg):
        return is_index(node.body, letters)
    at_the_end = isinstance(node, Sym) and "end" in node.fonts  # the L of a^{(L)}, marked by `steps`
    return at_the_end or isinstance(node, Num) or is_letter(node, letters)


def _is_shift(node: Node, counted: bool) -> bool:
    """Whether a part of an index may stand beside a letter: the P of x_{q-P}, a capital and so a size."""
    return counted or (isinstance(node, Sym) and node.base[0].isupper() and not (node.sub or node.sup or node.accents))


def _is_stride(node: Node, letters: frozenset[str]) -> bool:
    """Whether a part of an index is a multiple of a letter: the 2p of x_{2p+u}, the S p of x_{S p + u}."""
    if isinstance(node, Bin) and node.op in ("cdot", "times"):
        return _is_stride(Juxt(items=(node.left, node.right), span=node.span), letters)
    if not isinstance(node, Juxt):
        return False
    bare = all(isinstance(i, Num) or (isinstance(i, Sym) and not (i.sub or i.sup or i.accents)) for i in node.items)
    return bare and sum(is_letter(i, letters) for i in node.items) == 1


def _core(sym: Sym) -> tuple[str, str]:
    plain = sym.base
    command = f"\\{sym.base}"
    latex = sym.base if len(sym.base) == 1 else command if knows(command) else f"\\mathrm{{{sym.base}}}"
    for accent in sym.accents:
        if accent in FONT_LIKE_ACCENTS:
            continue
        suffix = ACCENT_SUFFIX.get(accent, accent)
        mark = ACCENT_LATEX.get(suffix, "\\" + accent)
        plain, latex = plain + suffix, f"{mark}{{{latex}}}"
    for font in (f for f in sym.fonts if f in FONTS_APART):
        plain, latex = f"{plain}{font}", f"\\math{font}{{{latex}}}"
    if APART in sym.fonts:
        plain += "bold"
    if "bold" in sym.fonts:
        latex = f"\\mathbf{{{latex}}}" if len(sym.base) == 1 else latex
    return plain + "prime" * sym.primes, latex + "'" * sym.primes


def text_of(node: Node) -> str:
    """A label as part of an identifier."""
    text = _flat(node, plain=True)
    return "".join(c for c in text if c.isalnum() or c == "_") or SIGNS.get(text, "label")


def latex_of(node: Node) -> str:
    """A label as LaTeX."""
    return _flat(node, plain=False)


def _flat(node: Node, *, plain: bool) -> str:
    if isinstance(node, Sym):
        core = _core(node)[0 if plain else 1]
        scripts = [s for s in (node.sub, node.sup) if s is not None]
        return core + "".join(("_" if plain else "") + _flat(s, plain=plain) for s in scripts)
    if isinstance(node, Num):
        return node.text
    if isinstance(node, Group):
        return _flat(node.body, plain=plain)
    if isinstance(node, Juxt | Listing):
        return ("" if isinstance(node, Juxt) else ",").join(_flat(i, plain=plain) for i in node.items)
    if isinstance(node, Bin):
        sign = SPOKEN.get(node.op, node.op) if plain else node.op
        return _flat(node.left, plain=plain) + sign + _flat(node.right, plain=plain)
    if isinstance(node, Neg):
        return (SPOKEN["-"] if plain else "-") + _flat(node.body, plain=plain)
    return getattr(node, "text", "")

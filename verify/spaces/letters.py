"""Which quantity a letter names here: its base with what sets it apart, and the scripts that count or act on it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from derive.notation.names_in_notes import FONTS_APART, is_transpose
from derive.notation.syntax import Bin, Group, Juxt, Listing, Neg, Node, Num, Sym

from .values import NoValue

MARKS = frozenset({"*", "ast", "star", "opt"})
BRACKETS = frozenset({"(", "["})
COUNTING = frozenset("ijklmnpqrst") | {"tau"}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter taken apart.

    Attributes:
        family: its base with accents, fonts that set it apart and labels: what all of x_1, x_k, x_{k+1} share.
        indices: the scripts that count, as written.
        power: its exponent.
        transposed, inverted: by the marks above it.
        bold: whether it is set in bold type, or under an arrow.
    """

    family: str
    indices: tuple[Node, ...] = ()
    power: Node | None = None
    transposed: bool = False
    inverted: bool = False
    bold: bool = False


def letter_of(sym: Sym, steps: frozenset[str] = frozenset(), limits: frozenset[str] = frozenset()) -> Letter:
    """A letter taken apart.

    Args:
        sym: the letter.
        steps: the letters whose superscripts count steps, x^{k+1}, and are no powers.
        limits: letters over which and up to which sums run, which count as scripts: the b of g_{b,i}, the T of x_T.
    Raises: NoValue: for scripts of another kind.
    """
    accents = tuple(a for a in sym.accents if a not in ("vec", "all"))
    fonts = tuple(f for f in sym.fonts if f in FONTS_APART)
    family = " ".join((sym.base, *accents, *fonts, *("'" * sym.primes)))
    bold = letter_is_bold(sym)
    indices = _indices(sym.sub, limits)
    if indices is None:
        family, indices = f"{family}_{_text(sym.sub)}", ()
    found = Letter(family=family, indices=indices, bold=bold)
    sup = sym.sup
    if sup is None:
        return found
    if is_transpose(sup):
        return dataclasses.replace(found, transposed=True)
    if isinstance(sup, Neg) and is_transpose(sup.body):
        return dataclasses.replace(found, transposed=True, inverted=True)
    if isinstance(sup, Sym) and sup.base in MARKS:
        return dataclasses.replace(found, family=f"{family}^*")
    if isinstance(sup, Sym) and sup.base in ("dagger", "+", "-", "H", "prime"):
        raise NoValue("a mark above a letter")
    over = sup.body if isinstance(sup, Group) and sup.opening in BRACKETS else sup if sym.base in steps else None
    if over is None:
        return dataclasses.replace(found, power=sup)
    counted = _indices(over, limits)
    if counted is None:
        return dataclasses.replace(found, family=f"{family}^({_text(over)})")
    return dataclasses.replace(found, family=f"{family}^()", indices=(*indices, *counted))


def letter_is_bold(sym: Sym) -> bool:
    """Whether a letter is set in bold type, or under an arrow."""
    return bool({"bold", "vec"} & {*sym.fonts, *sym.accents} or "all" in sym.accents)


def _indices(sub: Node | None, limits: frozenset[str]) -> tuple[Node, ...] | None:
    """The scripts that count; None where they are a label."""
    if sub is None:
        return ()
    if isinstance(sub, Group) and sub.sup is None and sub.opening in ("{", "("):
        return _indices(sub.body, limits)
    parts = sub.items if isinstance(sub, Juxt | Listing) else (sub,)
    return tuple(parts) if all(_counts(p, limits) for p in parts) else None


def _counts(node: Node, limits: frozenset[str]) -> bool:
    match node:
        case Num():
            return node.text.isdigit()
        case Sym():
            bare = node.sub is None and node.sup is None and not node.accents
            return bare and (node.base in COUNTING or node.base in limits)
        case Bin():
            return node.op in ("+", "-") and _counts(node.left, limits) and _counts(node.right, limits)
    return False


def _text(node: Node | None) -> str:
    match node:
        case Sym():
            return "".join((node.base, *node.accents, "'" * node.primes, _text(node.sub), _text(node.sup)))
        case Num():
            return node.text
        case Group():
            return _text(node.body)
        case Juxt() | Listing():
            return " ".join(_text(i) for i in node.items)
        case Bin():
            return f"{_text(node.left)}{node.op}{_text(node.right)}"
        case None:
            return ""
    raise NoValue("a script of another kind")

"""The sides of a claim that is taken out of its text: labels as parts of names, perhaps one entry of each vector."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from derive.notation.names_in_notes import is_transpose, text_of
from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Array, Bin, Entries, Fn, Group, Juxt, Node, Num, Sym, found_of

from .functions import Function, Written, written_out
from .opaque import taken_as_quantities

TRACES = frozenset({"tr", "Tr", "trace", "det", "diag"})
PRODUCTS = frozenset({"odot", "circ", "otimes", "cdot"})
NORMS = frozenset({"\\|", "|"})


class NotAlone(ValueError):
    """A claim that cannot be taken out of its text."""


@dataclass(frozen=True, kw_only=True)
class Rewriting:
    """How nodes are rewritten.

    Attributes:
        bound: the letters of sums, which stay indices.
        numbers: whether every letter is to stand for a number.
        applied: letters that are functions as well as quantities.
        ones: letters that count entries, of which there is one.
        identity: whether I is the identity matrix.
    """

    bound: frozenset[str]
    numbers: bool
    applied: frozenset[str]
    ones: frozenset[str]
    identity: bool

    def node(self, node: Node) -> Node:
        """A side rewritten. Raises: NotAlone: for a matrix written out, of which there is no single entry."""
        if self.numbers and any(isinstance(n, Array | Entries) for n in walk(node)):
            raise NotAlone("a matrix is written out")
        heads = {
            id(j.items[k]) for j in walk(node) if isinstance(j, Juxt) for k in range(len(j.items)) if is_head(j, k)
        }
        return rebuild(node, lambda n: self._changed(n, is_head=id(n) in heads))

    def _changed(self, node: Node, *, is_head: bool) -> Node:
        if isinstance(node, Sym):
            if node.base in self.applied and not is_head:  # another quantity than the function of that letter
                node = dataclasses.replace(node, fonts=(*node.fonts, "cal"))
            return self._sym(node)
        if not self.numbers:
            return node
        if isinstance(node, Group):
            group = dataclasses.replace(node, sup=None) if is_transpose(node.sup) else node
            norm = group.opening in NORMS
            return dataclasses.replace(group, opening="\\|", closing="\\|", sub=None) if norm else group
        if isinstance(node, Fn) and node.name in TRACES and node.argument is not None and node.sup is None:
            return node.argument
        if isinstance(node, Bin) and node.op in PRODUCTS:
            return Juxt(items=(*_items(node.left), *_items(node.right)), span=node.span)
        return node

    def _sym(self, sym: Sym) -> Node:
        if self.numbers and is_transpose(sym.sup):
            sym = dataclasses.replace(sym, sup=None)
        if sym.base == "nabla":  # the x of ∇_x is no label
            return sym
        bare = sym.sub is None and sym.sup is None
        if bare and (sym.base in self.ones or (self.identity and sym.base == "I")):
            return Num(text="1", span=sym.span)
        labels = [s for s in (sym.sub, sym.sup if _is_label(sym.sup) else None) if s is not None]
        if not labels or any(isinstance(n, Sym) and n.base in self.bound for s in labels for n in walk(s)):
            return sym
        name = "at" + "".join(text_of(s) for s in labels)
        label = Sym(base=name, fonts=("rm",), span=sym.span)
        return dataclasses.replace(sym, sub=label, sup=None if _is_label(sym.sup) else sym.sup)


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Juxt) else (node,)


def _is_label(sup: Node | None) -> bool:
    return isinstance(sup, Group) and sup.opening in ("(", "[")


def is_head(node: Juxt, k: int) -> bool:
    """Whether a letter stands bare before a bracket."""
    head, following = node.items[k], node.items[k + 1] if k + 1 < len(node.items) else None
    plain = isinstance(head, Sym) and head.sup is None and head.sub is None
    return plain and isinstance(following, Group) and following.opening == "(" and following.sup is None


def rewriter(
    functions: tuple[Function, ...], unknown: frozenset[str], rewriting: Rewriting
) -> Callable[[Node], Written]:
    """What writes a side out; once for each, as one stays while the other is mended."""

    def anew(node: Node) -> Written:
        written = written_out(node, functions)
        changed = (
            taken_as_quantities(p, unknown, rewriting.bound) for p in (written.node, *(p for _, p in written.places))
        )
        node, *parts = (rewriting.node(p) for p in changed)
        return Written(node=node, places=tuple(zip((span for span, _ in written.places), parts, strict=True)))

    def rewritten(node: Node) -> Written:
        known = found_of(node)
        if rewritten not in known:
            known[rewritten] = anew(node)
        return cast(Written, known[rewritten])

    return rewritten

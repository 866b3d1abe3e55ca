r"""# swapped-index (GP201)

## What it does
Finds an equation that becomes true when one index is replaced by another of the same formula, when two indices
change places, or when an index moves by one.

## Why is this bad?
A gradient with a wrong index has the wrong shape or reads the wrong entries; where two sizes happen to be
equal it runs without an error.

## Example
```latex
\frac{\partial h_j}{\partial w_{ij}} = h_j (1 - h_j) x_j
```
Use instead:
```latex
\frac{\partial h_j}{\partial w_{ij}} = h_j (1 - h_j) x_i
```
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.notation.names_in_notes import index_list, is_letter
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Group, Listing, Node, Sym

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """Each index letter of the side replaced by each other letter, swapped with its neighbour, and moved by one.

    Arguments are replaced in the same way.
    """
    used = sorted({_base(n) for _, root in side.everything() for n in walk(root) if _is_letter(n, side)})
    known = [(u, "index") for u in used] + [(u, "index of the text") for u in sorted(side.letters - set(used))]
    for sym in (n for n in walk(side.node) if isinstance(n, Sym)):
        indices = _indices(sym, side)
        for at in indices:
            for letter, kind in known:
                if letter != side.text(at):
                    yield side.edit(kind, *at.span, letter, sym.span)
            if side.text(at) not in ("i", "j"):
                for step in ("-1", "+1"):
                    yield _moved(side, sym, at, step)
        for first, second in pairwise(indices):
            a, b = side.text(first), side.text(second)
            if a != b:
                between = side.source[first.span[1] : second.span[0]]
                yield side.edit("swapped indices", first.span[0], second.span[1], b + between + a, sym.span)
        yield from _unmoved(side, sym)
    yield from _of_arguments(side)


def _of_arguments(side: Side) -> Iterator[Edit]:
    """Each argument made another one of the same letter: V(s) made V(s'), Q(S_t, A_t) made Q(S_{t+1}, A_t)."""
    found = list(_arguments(side.node))
    others = {source[slice(*n.span)]: n.base for source, root in side.everything() for n in _arguments(root)}
    for sym in found:
        written = side.text(sym)
        for text in sorted(text for text, base in others.items() if base == sym.base and text != written):
            yield side.edit("index", *sym.span, text, sym.span)


def _arguments(root: Node) -> Iterator[Sym]:
    """The letters that stand in brackets by themselves, before and behind a stroke."""
    for group in (n for n in walk(root) if isinstance(n, Group) and n.opening in ("(", "[")):
        bodies = [group.body]
        for body in bodies:
            bodies += body.items if isinstance(body, Listing) else ()
            if isinstance(body, Sym) and body.sup is None:
                yield body


def _indices(sym: Sym, side: Side) -> tuple[Node, ...]:
    below = (index_list(sym.sub, side.letters) or ()) if sym.sub is not None else ()
    return tuple(n for n in (*below, *_raised(sym)) if _is_letter(n, side))


def _raised(sym: Sym) -> tuple[Node, ...]:
    """What is raised and may be the index of a layer or of a data point: the l of a^l and a^{(l)}."""
    inner = sym.sup.body if isinstance(sym.sup, Group) and sym.sup.opening in ("(", "[") else sym.sup
    return () if inner is None else (inner,)


def _base(node: Node) -> str:
    return node.base if isinstance(node, Sym) else ""


def _is_letter(node: Node, side: Side) -> bool:
    return isinstance(node, Sym) and is_letter(node, side.letters)


def _moved(side: Side, sym: Sym, at: Node, step: str) -> Edit:
    """h_t made h_{t-1}."""
    braced = side.source[at.span[0] - 1 : at.span[0]] in ("{", "(", "[") or side.source[
        at.span[1] : at.span[1] + 1
    ] in ("}", ",")
    text = side.text(at) + step
    return side.edit("index by one", *at.span, text if braced else "{" + text + "}", sym.span)


def _unmoved(side: Side, sym: Sym) -> Iterator[Edit]:
    """h_{t-1} made h_t, and h_{t+1}; a^{l-1} likewise."""
    scripts = (*((sym.sub,) if sym.sub is not None else ()), *_raised(sym))
    found = (n for script in scripts for n in walk(script) if isinstance(n, Bin))
    for node in (n for n in found if n.op in "+-" and side.text(n.right) == "1"):
        letter = side.text(node.left)
        yield side.edit("index by one", *node.span, letter, sym.span)
        other = letter + ("-" if node.op == "+" else "+") + "1"
        yield side.edit("index by one", *node.span, other, sym.span)


RULE = Rule(code="GP201", name="swapped-index", edits=edits)

"""The names that a text gives to what is made of probabilities."""

from __future__ import annotations

from derive.chances.events import NotAProbability, conditioned, label, unbraced
from derive.notation.syntax import Group, Juxt, Sym

from ..lines import Line


def defined(line: Line) -> str | None:
    """The plain name on the left of a line that may define it, with its arguments: L, L(θ), ELBO."""
    if line.link or line.right is None:
        return None
    node = unbraced(line.left)
    items = list(node.items) if isinstance(node, Juxt) else [node]
    try:
        arguments = ""
        if len(items) > 1 and isinstance(bracket := items[-1], Group):
            nodes = [n for half in conditioned(bracket.body) for n in half]
            if not all(isinstance(unbraced(n), Sym) for n in nodes):
                return None
            arguments = f"({','.join(map(label, nodes))})"
            items.pop()
        syms = [n for n in items if isinstance(n, Sym)]
        word = "".join(n.base for n in syms[:-1])
        if len(syms) < len(items) or (word and not (word.isupper() and len(word) == len(syms) - 1)):
            return None
        name = word + label(syms[-1])
    except NotAProbability:
        return None
    return (
        None
        if name in _MEASURES or (arguments and name.partition("_")[0] in ("p", "q", "P", "Q"))
        else name + arguments
    )


_MEASURES = frozenset({"p", "q", "P", "Q", "E", "H", "I", "Var", "Cov", "KL", "V", "D_KL", "Pr"})

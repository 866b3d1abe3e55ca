"""What stands below a sign of integration before its differentials, and the letters that it is taken by."""

from __future__ import annotations

from derive.notation.syntax import Big, Group, Juxt, Listing, Node, Sym


def integrand(body: tuple[Node, ...], fewest: int = 2) -> tuple[list[Node], list[Node]] | None:
    """The factors below signs of integration before dx dy, and the x and y; None if there are none.

    Args:
        body: what stands behind the signs.
        fewest: the factors that have to be there before a differential, its d among them.
    """
    items, bound = [one for n in body for one in _unwrapped(n)], []
    while True:
        if len(items) > fewest and isinstance(items[-2], Sym) and items[-2].base == "d":
            bound.append(items.pop())
            items.pop()
        elif len(items) == 1 and isinstance(items[0], Big) and items[0].op == "int" and items[0].below is None:
            inside = items[0].body
            items = list(inside.items if isinstance(inside, Juxt | Listing) else (inside,))
        else:
            return (items, bound) if bound else None


def _unwrapped(node: Node) -> tuple[Node, ...]:
    """The differential in invisible brackets, {d z}, as two letters; other factors as they are."""
    body = node.body if isinstance(node, Group) and node.opening == "{" and node.sup is None else None
    return body.items if isinstance(body, Juxt) and len(body.items) == 2 else (node,)

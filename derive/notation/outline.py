r"""How a formula is built where its value lies outside the index calculus: ∫ f(x) dx, \arg\min_w L(w), f(x + h).

What is applied and what is multiplied, and what each sign reaches over, is settled by how the text uses its letters;
what that leaves open has no outline. Products are made explicit in it, all else stays as the author wrote it.
"""

from __future__ import annotations

from .conventions import COEFFICIENTS, FUNCTION_LETTERS, PROBABILITY_LETTERS
from .dictionary import Dictionary, Unreadable
from .names_in_notes import is_letter, take_apart
from .runs import children
from .syntax import Big, Bin, Dots, Empty, Fn, Group, Juxt, Listing, Neg, Node, Num, Prose, Sym

OPERATORS = frozenset({"d", "partial", "nabla", "Delta", "delta", "forall", "exists", "neg", "lnot", "triangle"})
ROUND = frozenset({"(", "["})
LETTERED = frozenset({"bb", "cal", "scr", "frak", "rm"})  # E, L, N, … in these fonts are operators and functions


def outline(node: Node, source: str, dictionary: Dictionary) -> str:
    """A formula in LaTeX with its products explicit.

    Args:
        node: the formula as parsed.
        source: what it was parsed from.
        dictionary: how the text uses its letters.
    Raises: Unreadable: where it is not clear whether a letter is applied to a bracket or multiplied by it.
    """
    return _Outline(source, dictionary).of(node)


class _Outline:
    """The source of one formula, and how the text uses its letters."""

    def __init__(self, source: str, dictionary: Dictionary) -> None:
        self.source = source
        self.dictionary = dictionary
        self.survey = dictionary.survey

    def of(self, node: Node) -> str:
        """A node with its products explicit."""
        start, end = node.span
        text, position = "", start
        parts = sorted(children(node), key=lambda c: c.span)
        previous: Node | None = None
        for part in parts:
            low, high = part.span
            if not position <= low <= high <= end:  # a macro's parts stand elsewhere
                return self.source[start:end]
            between = self.source[position:low]
            explicit = isinstance(node, Juxt) and previous is not None and self._multiplies(previous, part)
            text += (rf" \cdot {between.lstrip()}" if explicit else between) + self.of(part)
            position, previous = high, part
        return text + self.source[position:end]

    def _multiplies(self, left: Node, right: Node) -> bool:
        """Whether two parts side by side are factors."""
        if any(isinstance(n, Prose | Dots | Empty) for n in (left, right)) or _is_operator(left):
            return False
        if isinstance(left, Fn) and left.argument is None:
            return False
        applied = isinstance(left, Sym) and isinstance(right, Group) and right.opening in ROUND
        return not (applied and isinstance(left, Sym) and isinstance(right, Group) and self._applies(left, right))

    def _applies(self, head: Sym, group: Group) -> bool:
        """Whether a letter is applied to the bracket behind it.

        Raises: Unreadable: if that is not clear.
        """
        if is_letter(head, self.survey.letters):
            return False
        plain = take_apart(head, self.survey.letters).plain
        if isinstance(group.body, Listing) or head.primes or set(head.fonts) & LETTERED or len(head.base) > 7:
            return True
        if plain in self.survey.arguments or head.base in FUNCTION_LETTERS | PROBABILITY_LETTERS:
            return True
        if self.dictionary.function(head.base) is not None:
            return True
        if plain in self.survey.standing or (head.base in COEFFICIENTS and isinstance(group.body, Bin | Neg)):
            return False
        if isinstance(group.body, Sym | Num):
            return True  # h(x) of an h that stands nowhere else
        raise Unreadable(f"it is not clear what {plain}(…) is", head.span)


def _is_operator(node: Node) -> bool:
    """Whether a sign belongs to what follows it rather than multiplying it: d, ∂, ∇, ∀, a sum without its term."""
    return (isinstance(node, Sym) and node.base in OPERATORS) or isinstance(node, Big)

"""What usually goes wrong in formulas about sequences: an index, a bound, the letter of a product, a sum left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.chances.unrolled import free_in_index, free_letters
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Chain, Entries, Group, Node, Num, Sym

from ..context import Context
from ..lines import Line
from ..rules import swapped_index, wrong_number, wrong_operator, wrong_sign, wrong_sum
from ..rules.edit import Edit, Rule, Side


@dataclass(frozen=True, kw_only=True)
class Slips:
    """The edits that are usual for one claim about sequences.

    Attributes:
        letters: the indices of the claim.
        strays: those that are free on the right only.
        heads: the sums over one of these that the text writes, its products made sums.
    """

    letters: frozenset[str]
    strays: frozenset[str]
    heads: tuple[str, ...]

    def indices(self, side: Side) -> Iterator[Edit]:
        """Each index made another one of the claim, or moved by one; also where a list ends."""
        for sym in (n for n in walk(side.node) if isinstance(n, Sym) and n.sub is not None):
            index = sym.sub.body if isinstance(sym.sub, Group) else sym.sub
            for at in (n for n in walk(sym.sub or sym) if isinstance(n, Sym) or n is index):
                for letter in sorted(self.letters - {side.text(at)}) if isinstance(at, Sym | Num) else ():
                    yield side.edit("index", *at.span, letter, sym.span)
            if isinstance(index, Sym) and index.base in self.letters:
                for step in ("-1", "+1"):
                    yield side.edit(
                        "index by one", *index.span, _braced(side, index, side.text(index) + step), sym.span
                    )
            if isinstance(index, Bin) and isinstance(index.right, Num):
                letter, other = side.text(index.left), "+" if index.op == "-" else "-"
                for text in (letter, f"{letter}{other}{index.right.text}"):
                    yield side.edit("index by one", *index.span, text, sym.span)

    def sums(self, side: Side) -> Iterator[Edit]:
        """The index of a sum or product changed, also with its first number; a sum put in over a free index."""
        for big in (n for n in walk(side.node) if isinstance(n, Big)):
            below = big.below
            if not isinstance(below, Chain):
                continue
            letter, first = below.operands[0], below.operands[-1]
            limits = free_in_index(first) | (frozenset() if big.above is None else free_in_index(big.above))
            for stray in sorted(self.strays - limits) if isinstance(letter, Sym) else ():
                yield side.edit("index", *letter.span, stray, below.span)
                for number in _near(first):
                    text = f"{stray}{side.source[letter.span[1] : first.span[0]]}{number}"
                    yield side.edit("index by one", letter.span[0], first.span[1], text, below.span)
        for node in (n for n in walk(side.node) if self.strays & free_letters(n)):
            inside = node.body if isinstance(node, Group) else node
            at = inside.span[0]
            if side.source[at - 1 : at] not in ("^", "_"):
                for head in self.heads:
                    yield side.edit("sum put in", at, at, head, inside.span, 0.0 if inside is not node else 0.2)


def rules_for(line: Line, context: Context) -> tuple[Rule, ...]:
    """The rules whose edits are tried for a claim about sequences."""
    sides = [side for side in (line.left, line.right) if side is not None]
    used = frozenset[str]().union(*(_indices(n) for side in sides for n in walk(side)))
    strays = free_letters(line.right) - free_letters(line.left) if line.right is not None else frozenset[str]()
    slips = Slips(letters=used, strays=strays, heads=tuple(dict.fromkeys(_heads(context, strays))))
    return (
        Rule(code=swapped_index.RULE.code, name=swapped_index.RULE.name, edits=slips.indices),
        Rule(code=wrong_sum.RULE.code, name=wrong_sum.RULE.name, edits=slips.sums),
        wrong_number.RULE,
        wrong_sum.RULE,
        *(() if line.operator == "propto" else (wrong_sign.RULE, wrong_operator.RULE)),
    )


def _indices(node: Node) -> frozenset[str]:
    match node:
        case Sym(sub=sub) if sub is not None:
            return free_in_index(sub)
        case Entries(running=running):
            return frozenset[str]().union(*(free_in_index(n) for _, first, last in running for n in (first, last)))
        case Big(above=above) if above is not None:
            return free_in_index(above)
    return frozenset()


def _heads(context: Context, strays: frozenset[str]) -> Iterator[str]:
    for root, formula in context.lines.nodes:
        for node in (
            n for n in walk(root) if isinstance(n, Big) and isinstance(n.below, Chain) and n.above is not None
        ):
            assert isinstance(node.below, Chain)
            letter = node.below.operands[0]
            if isinstance(letter, Sym) and letter.base in strays:
                source = formula.latex[node.span[0] : node.body.span[0]].strip()
                yield source.replace(r"\prod", r"\sum", 1) + ("" if source.endswith("}") else " ")


def _near(first: Node) -> tuple[int, ...]:
    return (int(first.text) - 1, int(first.text) + 1) if isinstance(first, Num) and first.text.isdigit() else ()


def _braced(side: Side, at: Node, text: str) -> str:
    return text if side.source[at.span[0] - 1 : at.span[0]] == "{" else f"{{{text}}}"

"""What a statement may be mended with: the operands of its chain, the names of the text, how it writes a transpose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from derive.notation.applications import ELEMENTARY
from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Bin, Chain, Fn, Group, Juxt, Listing, Node, Sym

from .context import Context
from .lines import Line
from .rules.edit import Edit
from .rules.parts import OPERATORS, transposes_in

TRANSPOSE = re.compile(
    r"\^(?:T|\{\\?T\}|\\top|\{\\top\}|\{?\\(?:mathrm|mathsf|rm|sf)\{T\}\}?|\\intercal|\{\\intercal\})"
)
FUNCTION = re.compile(r"\\(?:operatorname|mathrm|text)\s*\{[A-Za-z]+\}|\\[A-Za-z]+|[A-Za-z]")
MOST_NAMES, MOST_SCALARS, MOST_HEADS, MOST_FUNCTIONS = 30, 8, 5, 4
MOST_WEIGHTS = 4
LAWS = frozenset({"p", "P", "pi", "q", "Pr"})
LONGEST = 30
WIDEST = 12
SPACING = re.compile(r"\s+|\\[,;:! ]|\\q?quad(?![A-Za-z])|\\(?:left|right)(?![A-Za-z])")


def chain_of(line: Line, context: Context) -> tuple[tuple[str, Node], ...]:
    """The operands of the chain that a line stands in, with their sources; the left side that is carried over too."""
    assert line.right is not None
    found: list[tuple[str, Node]] = []
    for node, formula in context.lines.nodes:
        if (
            formula is line.formula
            and isinstance(node, Chain)
            and any(o.span == line.right.span for o in node.operands)
        ):
            found += [(formula.latex, operand) for operand in node.operands]
    source = (line.carried or line.formula).latex
    if not any(node is line.left for _, node in found):
        found.append((source, line.left))
    return tuple(found)


def names_of(line: Line, context: Context) -> tuple[str, ...]:
    """How the text writes its quantities, those in the definitions of what the line names first."""
    near = {s for _, root in chain_of(line, context) for s in _bases(root)}
    close: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for node, formula in context.lines.nodes:
        found = [formula.latex[n.span[0] : n.span[1]] for n in _quantities(node, context)]
        seen.update(found)
        if isinstance(node, Chain) and _bases(node.operands[0]) & near:
            close.update(found)
    names = [t for t, _ in close.most_common()] + [t for t, _ in seen.most_common()]
    return tuple(t for t in dict.fromkeys(names) if 0 < len(t) <= LONGEST)[:MOST_NAMES]


def _quantities(root: Node, context: Context) -> Iterator[Sym]:
    letters, marks = context.dictionary.survey.letters, {id(n) for n in transposes_in(root)}
    syms = (n for n in walk(root) if isinstance(n, Sym) and id(n) not in marks)
    return (n for n in syms if n.base not in letters and n.base not in OPERATORS)


def _bases(root: Node) -> set[str]:
    return {n.base for n in walk(root) if isinstance(n, Sym)}


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What the text writes elsewhere, so that of two corrections the one that looks like it can be chosen."""

    written: tuple[str, ...]

    @classmethod
    def of(cls, context: Context, line: Line) -> Habits:
        """The other formulas of the text, and the other operands of the line's own."""
        formulas = {id(f): f.latex for _, f in context.lines.nodes if f is not line.formula}
        own = (source[slice(*n.span)] for source, n in chain_of(line, context) if n is not line.right)
        return cls(written=tuple(map(squeezed, (*formulas.values(), *own))))

    def fit(self, source: str, edit: Edit) -> int:
        """How many characters around an edit stand together elsewhere in the text."""
        before, after = squeezed(source[: edit.start]), squeezed(source[edit.end :])
        text = squeezed(edit.text)
        if not text:  # what is left out shows only in what then stands together
            most = min(len(before), len(after))
            return 2 * self._reach(lambda k: before[len(before) - k :] + after[:k], most)
        low = self._reach(lambda k: before[len(before) - k :] + text, len(before))
        high = self._reach(lambda k: text + after[:k], len(after))
        return low + high

    def _reach(self, window: Callable[[int], str], most: int) -> int:
        """How far a window grows and is still found."""
        k = 0
        while k < min(most, WIDEST) and any(window(k + 1) in w for w in self.written):
            k += 1
        return k


def squeezed(latex: str) -> str:
    """LaTeX without blanks and spacing commands."""
    return SPACING.sub("", latex)


def scalars_of(context: Context) -> tuple[str, ...]:
    """The sizes and the numbers without indices that the text names: what may be missing as a factor or a limit."""
    survey = context.dictionary.survey
    numbers = [
        named.latex
        for plain, named in survey.named.items()
        if not survey.ranks.get(plain, frozenset({0})) - {0} and not named.indices and plain not in survey.sizes
    ]
    return tuple(dict.fromkeys([*sizes_of(context), *numbers]))[:MOST_SCALARS]


def sizes_of(context: Context) -> tuple[str, ...]:
    """How the text writes its sizes."""
    survey = context.dictionary.survey
    return tuple(survey.named[n].latex if n in survey.named else n for n in sorted(survey.sizes))


def sums_of(context: Context) -> tuple[tuple[str, str, str], ...]:
    """The sums and differences of two letters that the text writes, and the letters."""
    found: dict[tuple[str, str, str], None] = {}
    for node, formula in context.lines.nodes:
        for n in walk(node):
            if isinstance(n, Bin) and n.op in "+-" and isinstance(n.left, Sym) and isinstance(n.right, Sym):
                whole, left, right = (formula.latex[slice(*part.span)] for part in (n, n.left, n.right))
                found.setdefault((whole, left, right))
    return tuple(found)[:MOST_NAMES]


def heads_of(context: Context) -> tuple[str, ...]:
    r"""How the text writes its sums before what is summed: `\sum_{n=1}^N`."""
    found: dict[str, None] = {}
    for node, formula in context.lines.nodes:
        for n in walk(node):
            if isinstance(n, Big) and n.op == "sum" and n.span[0] < n.body.span[0] and binder(n.below) is not None:
                found.setdefault(formula.latex[n.span[0] : n.body.span[0]].strip())
    return tuple(h for h in found if len(h) <= LONGEST)[:MOST_HEADS]


def weights_of(context: Context) -> tuple[tuple[str, str], ...]:
    """The probabilities P(x | y) of a letter that the text writes, behind that letter."""
    found: dict[tuple[str, str], None] = {}
    for node, formula in context.lines.nodes:
        for n in walk(node):
            match n:
                case Juxt(items=(Sym(base=base), Group(body=Listing(separator="|", items=(Sym() as of, _))))):
                    if base in LAWS and not of.accents:
                        found.setdefault((formula.latex[slice(*of.span)], formula.latex[slice(*n.span)]))
    return tuple(w for w in found if len(w[1]) <= LONGEST)[:MOST_WEIGHTS]


def functions_of(context: Context) -> tuple[str, ...]:
    """The functions of a number that the text applies, as it writes them, the most frequent ones first."""
    found: Counter[str] = Counter()
    for node, formula in context.lines.nodes:
        for head in (h for n in walk(node) for h in _heads(n)):
            name = head.base if isinstance(head, Sym) else head.name
            written = FUNCTION.match(formula.latex, head.span[0])
            if written is not None and (name in ELEMENTARY or context.dictionary.function(name) is not None):
                found[written[0]] += 1
    return tuple(f for f, _ in found.most_common(MOST_FUNCTIONS))


def _heads(node: Node) -> Iterator[Sym | Fn]:
    """What stands before a bracket, or is a function with an argument."""
    if isinstance(node, Fn) and node.argument is not None and node.sub is None:
        yield node
    pairs = pairwise(node.items) if isinstance(node, Juxt) else ()
    yield from (a for a, b in pairs if isinstance(a, Sym) and isinstance(b, Group) and not (a.sub or a.primes))


def transpose_of(context: Context) -> str:
    """How the text writes a transpose."""
    found = Counter(m[0] for _, formula in context.lines.nodes for m in TRANSPOSE.finditer(formula.latex))
    return found.most_common(1)[0][0] if found else r"^\top"

r"""Averages over samples for expected values: E_{x∼p}[f(x)] ≈ 1/n Σ_i f(x_i), by the law of large numbers.

With many samples of p an average is the mean under p. So the two sides agree if they do with the mean in its place.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from itertools import pairwise

from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Big, Chain, Fraction, Group, Juxt, Node, Num, Sym

from ..context import Context
from ..found import Found
from ..functions import key_of
from ..lines import Line
from ..results import Verdict
from ..spaces.trials import shown_latex
from ..terms.known import known_before
from ..terms.readings import compared, lefts_of

NEAR = frozenset({"approx", "simeq"})
BARS = frozenset({"|", r"\vert"})
DRAWN = re.compile(
    r"\b(?:drawn|draw|draws|samples?|sampled|sampling|distributed)\b[^.$]{0,40}\b(?:from|to|under|by)\s+\$+([^$]+)\$+",
    re.IGNORECASE,
)
NEARBY = 300
BARE = re.compile(r"\(.*\)|[\s{}]")


class NoAverage(ValueError):
    """A sum that is no average over samples."""


def averaged_found(line: Line, context: Context) -> Found | None:
    """That an average over samples stands for an expected value; None of anything else."""
    if line.right is None or line.operator not in NEAR:
        return None
    sides: tuple[Node, Node] = (line.left, line.right)
    means = {key_of(head): head for side in sides for head in _means(side)}
    if len(means) != 1:
        return None
    ((_, mean),) = means.items()
    try:
        left, right = (rebuild(side, lambda n: _with_mean(n, mean)) for side in sides)
    except NoAverage:
        return None
    if (left is sides[0] and right is sides[1]) or not _may_be_drawn(line, mean, context):
        return None
    known = known_before(line, context)
    lefts = lefts_of(left, right, known.functions, known.letters)
    if compared(lefts, right).agreed is None:
        return None
    because = "with many samples the average is the expected value"
    return Found(verdict=Verdict.PROVED, because=because, reading=shown_latex(line))


def _means(side: Node) -> Iterator[Sym]:
    """The signs E_{x∼p} of a side."""
    for juxt in (n for n in walk(side) if isinstance(n, Juxt)):
        for head, group in pairwise(juxt.items):
            if isinstance(head, Sym) and head.base == "E" and isinstance(group, Group) and _law(head) is not None:
                yield head


def _law(head: Sym) -> tuple[Sym, Node] | None:
    """The x and the p of E_{x∼p}."""
    below = head.sub
    if not isinstance(below, Chain) or below.operators != ("~",) or not isinstance(below.operands[0], Sym):
        return None
    return below.operands[0], below.operands[1]


def _may_be_drawn(line: Line, mean: Sym, context: Context) -> bool:
    """Whether nothing says that the samples have another law."""
    law = _law(mean)
    assert law is not None
    letter, by = law
    wanted = BARE.sub("", line.formula.latex[slice(*by.span)]) if line.carried is None else ""
    words = f"{line.formula.before[-NEARBY:]} … {line.formula.after[:NEARBY]}"
    told = {BARE.sub("", found[1]) for found in DRAWN.finditer(words)}
    if told and wanted:
        return told == {wanted}
    samples = (n for n in context.lines.lines if isinstance(n.left, Sym) and n.operator == "~")
    laws = [n.right for n in samples if isinstance(n.left, Sym) and n.left.base == letter.base]
    return all(other is None or key_of(other) == key_of(by) for other in laws)


# -- averages --------------------------------------------------------------------------------------------


def _with_mean(node: Node, mean: Sym) -> Node:
    """A product with the mean in the place of 1/n Σ_i; a sum over samples without its 1/n stays as it is."""
    if not isinstance(node, Juxt):
        return node
    items = list(node.items)
    for k, (share, big) in enumerate(pairwise(node.items)):
        if isinstance(share, Fraction) and isinstance(big, Big) and big.op == "sum" and _is_share(share, big):
            body = Juxt(items=(*_factors(big.body), *items[k + 2 :]), span=node.span)
            group = Group(opening="[", body=_at_letter(body, big, mean), closing="]", span=big.span)
            return dataclasses.replace(node, items=(*items[:k], mean, group))
    return node


def _factors(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Juxt) else (node,)


def _is_share(share: Fraction, big: Big) -> bool:
    """Whether a fraction is one over the number of terms: 1/n of Σ_{i=1}^n, 1/|D| of Σ_{x∈D}."""
    below = big.below
    if not isinstance(share.above, Num) or share.above.text != "1" or not isinstance(below, Chain):
        return False
    first, last = below.operands[0], below.operands[-1]
    if not isinstance(first, Sym) or len(below.operands) != 2:
        return False
    if below.operators == ("=",) and big.above is not None:
        return isinstance(last, Num) and last.text == "1" and key_of(big.above) == key_of(share.below)
    counted = isinstance(share.below, Group) and share.below.opening in BARS and share.below.sup is None
    members = share.below.body if isinstance(share.below, Group) else None
    return counted and members is not None and below.operators == ("in",) and key_of(last) == key_of(members)


def _at_letter(body: Node, big: Big, mean: Sym) -> Node:
    """What is averaged, with the letter of the mean in the place of the samples."""
    law = _law(mean)
    assert law is not None and isinstance(big.below, Chain)
    letter, index = law[0], big.below.operands[0]
    if big.below.operators == ("in",):
        if key_of(letter) != key_of(index):
            raise NoAverage("a sum over other letters")
        return body
    if any(key_of(n) == key_of(letter) for n in walk(body)):
        raise NoAverage("the letter of the mean, beside samples of it")
    changed = rebuild(body, lambda n: letter if _is_sample(n, letter, index) else n)
    if any(isinstance(n, Sym) and key_of(n) == key_of(index) for n in walk(changed)):
        raise NoAverage("an index of other things than samples")
    return changed


def _is_sample(node: Node, letter: Sym, index: Node) -> bool:
    """Whether a letter is x_i, x^i or x^{(i)}."""
    if not isinstance(node, Sym) or node.primes or (node.sub is None) == (node.sup is None):
        return False
    script = node.sub if node.sub is not None else node.sup
    inner = script.body if isinstance(script, Group) else script
    plain = dataclasses.replace(node, sub=None, sup=None)
    return inner is not None and key_of(inner) == key_of(index) and key_of(plain) == key_of(letter)

"""p^k (1 − p)^{n−k}: the probability of k successes in n independent trials, with exponents that do not count them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from derive.chances.events import brackets, unbraced
from derive.notation.parser import ReadError, parse
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Chain, Group, Juxt, Neg, Node, Num, Sym

from ...context import Context
from ...judge import Judgement
from ...lines import Line
from ...results import Verdict
from ...rules import wrong_exponent
from .miss import Miss, nodes_of

COUNT = r"\$([^$]+)\$\s+(?:(?!of\b)[\w-]+\s+){0,2}?"
TRIALS = re.compile(COUNT + r"(?:trials|flips|tosses|times|experiments|throws|draws)\b", re.IGNORECASE)
SUCCESSES = re.compile(COUNT + r"(?:success(?:es)?|heads|ones)\b", re.IGNORECASE)
FAILURES = re.compile(COUNT + r"(?:failures?|tails|zeros|zeroes)\b", re.IGNORECASE)
CHANCE = re.compile(r"probability\s+(?:of\s+(?:success|heads)\s+(?:is\s+)?)?\$([^$]+)\$", re.IGNORECASE)
ONE = re.compile(r"\b(?:particular|specific|single|each|every|given|certain) (?:\w+ )?(?:sequence|outcome|order)", re.I)
PROBABILITY = re.compile(r"probabilit|density|chance|likelihood", re.IGNORECASE)

Linear = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What a text says of trials: the letter of the chance, how many trials, how many successes."""

    chance: str
    trials: Linear
    successes: Linear
    written: tuple[str, str]  # the successes and the failures, as the text would write them


def counted(line: Line, context: Context) -> Judgement | None:
    """p^k (1 − p)^{n−k} holds for one sequence of trials, where the words say that it is one."""
    found = _exponents(line, context)
    if found is None or not ONE.search(line.formula.before[-300:]) or not _is_all(line):
        return None
    counts, _, (a, b) = found
    if (a, b) != (counts.successes, _sum(counts.trials, counts.successes, -1)):
        return None
    return Judgement(verdict=Verdict.HOLDS, because="it is the probability of one sequence of independent trials")


def _is_all(line: Line) -> bool:
    """Whether a formula holds nothing but the two powers."""
    side = line.right or line.left
    count = len(side.items) if isinstance(side, Juxt) else 2 if isinstance(side, Bin) else 0
    return count == 2 and line.operator in ("", "=") and not line.link


def _exponents(line: Line, context: Context) -> tuple[Counts, tuple[Node, Node], tuple[Linear, Linear]] | None:
    """The counts that the text speaks of, and the two exponents of a formula about them."""
    raised = any(isinstance(n, Group) and n.sup is not None and _is_rest(n.body) for n in nodes_of(line))
    counts = _counts(context) if raised and line.carried is None else None
    if counts is None:
        return None
    if not PROBABILITY.search(line.formula.before[-300:]) and next(brackets((line.left,)), None) is None:
        return None
    if any(isinstance(n, Big) for n in nodes_of(line)):
        return None
    pairs = [pair for node in nodes_of(line) for pair in _powers(node, counts.chance)]
    if len(pairs) != 1:
        return None
    a, b = map(linear, pairs[0])
    if a is None or b is None or "1" in a or "1" in b:
        return None
    return counts, pairs[0], (a, b)


def wrong_counts(line: Line, context: Context) -> Miss | None:
    """Exponents that do not add up to the trials, or count with a letter that stands nowhere else."""
    found = _exponents(line, context)
    if found is None:
        return None
    (counts, (first, second), (a, b)), source = found, line.formula.latex
    failures = _sum(counts.trials, counts.successes, -1)
    if (a, b) in ((counts.successes, failures), (failures, counts.successes)):
        return None
    strange = (a.keys() | b.keys()) - (counts.trials.keys() | counts.successes.keys() | _equals(counts, context))
    if strange and (_sum(a, b, 1) != counts.trials or any(_is_elsewhere(s, line, context) for s in strange)):
        return None
    if not strange and _resolved(_sum(a, b, 1), context) == _resolved(counts.trials, context):
        return None
    changes = tuple(
        (n.span[0], n.span[1], _written(source, n, text))
        for n, text in zip((first, second), counts.written, strict=True)
    )
    start, end = changes[0][0], changes[1][1]
    middle = source[changes[0][1] : changes[1][0]]
    return Miss(
        rule=wrong_exponent.RULE,
        because="the exponents do not count the successes and the failures that the text speaks of",
        changes=changes,
        shown=(f"^{source[start:end]}", f"^{changes[0][2]}{middle}{changes[1][2]}"),
    )


def linear(node: Node) -> Linear | None:
    """A sum of plain letters and numbers, by letter; the numbers under `1`."""
    node = unbraced(node)
    match node:
        case Num(text=text) if text.isdigit():
            return {"1": int(text)} if int(text) else {}
        case Sym(sub=None, sup=None, primes=0):
            return {node.base: 1}
        case Neg(body=body):
            inner = linear(body)
            return None if inner is None else _sum({}, inner, -1)
        case Bin(op="+" | "-", left=left, right=right):
            one, two = linear(left), linear(right)
            return None if one is None or two is None else _sum(one, two, 1 if node.op == "+" else -1)
        case Group(opening="(", body=body, sup=None):
            return linear(body)
    return None


def _sum(one: Linear, two: Linear, sign: int) -> Linear:
    every = {k: one.get(k, 0) + sign * two.get(k, 0) for k in one.keys() | two.keys()}
    return {k: v for k, v in every.items() if v}


def _counts(context: Context) -> Counts | None:
    """The counts that the prose speaks of; None if it leaves one of them open, or speaks of several."""
    prose = context.lines.prose
    chances = {m.strip() for m in CHANCE.findall(prose)}
    trials = {m.strip() for m in TRIALS.findall(prose)}
    successes = {m.strip() for m in SUCCESSES.findall(prose)}
    failures = {m.strip() for m in FAILURES.findall(prose)}
    if len(chances) != 1 or len(successes) != 1 or len(trials) != 1 or len(failures) > 1:
        return None
    whole, some = _parsed(min(trials)), _parsed(min(successes))
    if whole is None or some is None:
        return None
    name = min(trials).partition("=")[0].strip()
    missing = min(failures) if failures else f"{name}-{min(successes)}"
    return Counts(chance=min(chances), trials=whole, successes=some, written=(min(successes), missing))


def _parsed(source: str) -> Linear | None:
    """A count as the prose writes it: n, or n = h + t."""
    try:
        nodes = parse(source)
    except ReadError:
        return None
    node = nodes[0] if len(nodes) == 1 else None
    if isinstance(node, Chain) and set(node.operators) == {"="}:
        node = node.operands[-1]
    return linear(node) if node is not None else None


def _equations(context: Context) -> Iterator[tuple[str, Linear]]:
    """n = h + t."""
    for root, _ in context.lines.nodes:
        if isinstance(root, Chain) and root.operators == ("=",) and isinstance(root.operands[0], Sym):
            value = linear(root.operands[1])
            if value is not None and root.operands[0].sub is None:
                yield root.operands[0].base, value


def _equals(counts: Counts, context: Context) -> set[str]:
    return {name for name, value in _equations(context) if value == counts.trials}


def _resolved(form: Linear, context: Context) -> Linear:
    for name, value in _equations(context):
        if name in form:
            scaled = {k: v * form[name] for k, v in value.items()}
            form = _sum({k: v for k, v in form.items() if k != name}, scaled, 1)
    return form


def _powers(node: Node, chance: str) -> Iterator[tuple[Node, Node]]:
    """The exponents of p^a (1 − p)^b where these stand side by side."""
    items = node.items if isinstance(node, Juxt) else ()
    if isinstance(node, Bin) and node.op in ("cdot", "times", "*"):
        items = (node.left, node.right)
    for one, two in pairwise(items):
        if not isinstance(one, Sym) or not isinstance(two, Group) or one.sup is None or two.sup is None:
            continue
        if one.base == chance and one.sub is None and linear(two.body) == {"1": 1, chance: -1}:
            yield one.sup, two.sup


def _is_rest(node: Node) -> bool:
    """Whether a bracket holds 1 − p."""
    return isinstance(node, Bin) and node.op == "-" and isinstance(node.left, Num) and isinstance(node.right, Sym)


def _is_elsewhere(letter: str, line: Line, context: Context) -> bool:
    formulas = (root for root, formula in context.lines.nodes if formula.offset != line.formula.offset)
    return any(isinstance(n, Sym) and n.base == letter for root in formulas for n in walk(root))


def _written(source: str, node: Node, text: str) -> str:
    plain = len(text) == 1 or source[node.span[0] - 1 : node.span[0]] == "{"
    return text if plain else f"{{{text}}}"

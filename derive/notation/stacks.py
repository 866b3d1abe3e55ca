r"""Letters that hold all data points at once: the \vec y of the y^{(i)}, and the X whose rows are the x^{(i)}."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from .axes import Limits, bare
from .marks import is_bold
from .names_in_notes import Named, take_apart
from .parser import ReadError, parse
from .runs import walk
from .sentences import matches
from .shape import Use
from .syntax import Node, Sym

ALL = "all"  # the accent that tells a letter of all data points from that of one
ROWS = re.compile(r"\brows?\b|\bdesign matrix\b|\bstack\w*|\bdata matrix\b", re.IGNORECASE)
FIRMLY_ROWS = re.compile(r"\brows?\b|\bdesign matrix\b", re.IGNORECASE)
GREEK = frozenset({"gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega"})
COLUMNS = re.compile(r"\bcolumns?\b", re.IGNORECASE)
ONES = re.compile(
    r"\bones\b|\bones?'|\b1s\b|\bintercept\b|\bbias\b|\baugment\w*|\bhomogen\w*|\bcent(?:re|er)", re.IGNORECASE
)
_WHOLE, _ONE, _KIND = r"\$(?P<whole>[^$]{1,40})\$", r"\$(?P<one>[^$]{1,60})\$", r"\b(?P<kind>rows?|columns?)"
SAID = (
    re.compile(
        rf"{_WHOLE}[^.$]{{0,30}}\bwhose (?:\$[^$]{{1,12}}\$[^.$]{{0,12}})?{_KIND} (?:is|are) [^.$]{{0,20}}{_ONE}"
    ),
    re.compile(rf"{_KIND} of (?:the )?(?:\w+ ){{0,2}}{_WHOLE} (?:is|are|holds?|contains?) [^.$]{{0,20}}{_ONE}"),
)


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A vector or matrix of all data points.

    Attributes:
        of: the plain name of what it holds for each of them.
        rank: 1 for numbers, 2 for vectors.
        turned: whether they are its columns.
        counted: whether the first index of what it holds counts them, and not that of a data point set apart.
        supposed: whether only the lengths of its axes tell what it holds.
    """

    of: str
    rank: int
    turned: bool = False
    counted: bool = False
    supposed: bool = False


def whole_letters(nodes: Iterable[Node], letters: frozenset[str]) -> frozenset[str]:
    r"""The letters y that stand as y^{(i)} in plain type, and without an index as \vec y or in bold type."""
    syms = [n for top in nodes for n in walk(top) if isinstance(n, Sym)]
    points = {s.base for s in syms if not is_bold(s) and take_apart(s, letters).sample is not None}
    indexed = {s.base for s in syms if is_bold(s) and (s.sub is not None or take_apart(s, letters).sample is not None)}
    return frozenset(s.base for s in syms if is_bold(s) and s.base in points - indexed)


def as_whole(sym: Sym) -> Sym:
    """The letter of all data points."""
    return dataclasses.replace(sym, accents=(*sym.accents, ALL))


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of the letters of a text.

    Attributes:
        extra: for each use of a letter the axes it has beside its indices.
        ranges: for each letter the limits of its axes.
        limits: for each letter of which there is one for every data point, the limits of their index.
        declared: for each letter the limits of its axes that the text states.
        defined: the letters that it defines.
        letters: those used as indices.
    """

    extra: Mapping[Use, int]
    ranges: Mapping[str, tuple[Limits | None, ...]]
    limits: Mapping[str, Limits | None]
    declared: Mapping[Use, tuple[Limits, ...]]
    defined: Collection[str]
    letters: frozenset[str]

    def stacks(self, whole: Iterable[str], prose: str) -> dict[str, Stack]:
        """The letters that hold all data points, by their plain names."""
        vectors = {base + ALL: Stack(of=base, rank=1) for base in whole if base in self.limits}
        capitals = (name for (name, n), rank in self.extra.items() if n == 0 and rank == 2)
        named = (name for name in capitals if name not in self.defined and (len(name) == 1 or name.lower() in GREEK))
        said = dict(self._said(prose))
        found = {name: said.get(name) or self._matrix(name, prose) for name in named if name[0].isupper()}
        return vectors | {name: stack for name, stack in found.items() if stack is not None}

    def _matrix(self, name: str, prose: str) -> Stack | None:
        """What a matrix holds, where the text says so in words or by the sizes."""
        of = name.lower()
        if self.extra.get((of, 1)) == 1 and (of, 0) not in self.extra:
            return self._counted(name, of, prose)
        if of not in self.limits or self.extra.get((of, 0)) != 1:
            return None
        points = self.limits[of]
        sizes = [bare(one) for one in self.declared.get((name, 0), ())]
        if points is not None and sizes.count(bare(points)) == 1:
            return Stack(of=of, rank=2, turned=sizes[1] == bare(points))
        rows, columns = (pattern.search(prose) is not None for pattern in (ROWS, COLUMNS))
        return Stack(of=of, rank=2, turned=columns) if rows != columns else None

    def _counted(self, name: str, of: str, prose: str) -> Stack | None:
        """The X ∈ ℝ^{N×D} of the x_n ∈ ℝ^D with n from 1 to N; or as words or the lengths of its axes tell."""
        points, entries = (bare(one) if one else None for one in (*self.ranges.get(of, ()), None, None)[:2])
        declared = [bare(one) for one in self.declared.get((name, 0), ())]
        if declared:
            known = (
                points
                and entries
                and points != entries
                and sorted(declared, key=str) == sorted((points, entries), key=str)
            )
            return Stack(of=of, rank=2, turned=declared[1] == points, counted=True) if known else None
        spoken = _speaking_of(name, prose)
        rows, columns = (pattern.search(spoken) is not None for pattern in (FIRMLY_ROWS, COLUMNS))
        if rows != columns and ONES.search(prose) is None:
            return Stack(of=of, rank=2, turned=columns, counted=True)
        along = [bare(one) if one else None for one in self.ranges.get(name, ())]
        if points and along.count(points) == 1:
            return Stack(of=of, rank=2, turned=along[1] == points, counted=True, supposed=True)
        return None

    def _said(self, prose: str) -> Iterator[tuple[str, Stack]]:
        """What the text says that rows or columns are: "the matrix X whose i-th row is x_i^T"."""
        for match in matches(SAID, prose):
            whole, one = (self._named(match[part]) for part in ("whole", "one"))
            if whole is None or one is None:
                continue
            apart = one.plain in self.limits and self.extra.get((one.plain, 0)) == 1
            if apart or (len(one.indices) == 1 and self.extra.get((one.plain, 1)) == 1):
                turned = match["kind"].startswith("column")
                yield whole.plain, Stack(of=one.plain, rank=2, turned=turned, counted=not apart)

    def _named(self, latex: str) -> Named | None:
        """A letter taken apart; None of a formula of several."""
        try:
            nodes = parse(latex)
        except ReadError:
            return None
        return take_apart(nodes[0], self.letters) if len(nodes) == 1 and isinstance(nodes[0], Sym) else None


def _speaking_of(name: str, prose: str) -> str:
    """The sentences with a letter in a formula of theirs."""
    formula = re.compile(rf"\$[^$]*(?<![A-Za-z\\]){re.escape(name)}(?![A-Za-z])[^$]*\$")
    return ". ".join(s for s in re.split(r"[.;]\s", prose) if formula.search(s) is not None)

"""What a row of the table of standard formulas is: the thing's names, the parts its letters play, its formulas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Domain(StrEnum):
    """Where the values of a part lie."""

    REAL = "real"
    POSITIVE = "positive"
    SHARE = "share"  # between 0 and 1
    BIT = "bit"  # 0 or 1
    SIGN = "sign"  # −1 or 1
    COUNT = "count"  # how many terms a sum has
    NATURAL = "natural"  # any other whole number
    VECTOR = "vector"
    MATRIX = "matrix"
    TALL = "tall"  # a matrix with a row for each data point
    WIDE = "wide"  # a matrix with a column for each data point
    LONG = "long"  # a vector with an entry for each data point
    LARGE = "large"  # a square matrix with a row and a column for each data point


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    r"""A part that a letter of the formulas plays; compared by identity, as rows are, of which much is remembered.

    Attributes:
        letter: how the formulas of the row write it, in LaTeX.
        domain: where its values lie.
        written: how texts write it, `y`, `p_t`, `\hat{y}`; such a letter plays this part and no other. A letter of no
            row may play any part that is left.
        may_be_number: whether a text may give it a number instead, as the 2 of (1 − p)².
        firm: whether the letters by which texts write it tell it beyond doubt, and no other plays it: the O and E
            of counts.
    """

    letter: str
    domain: Domain
    written: tuple[str, ...] = ()
    may_be_number: bool = False
    firm: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Standard:
    """A thing that has a name, and how the field writes it; compared by identity.

    Attributes:
        name: of the thing, as messages print it.
        left: the left sides that name it beyond doubt, as a pattern of LaTeX without fonts, braces and blanks.
        words: the words that name it in the sentence before a formula, as a pattern; empty if they do not tell enough.
        letters: the left sides that are usual where such words stand a few sentences before, as a pattern.
        usual: words that elsewhere tell of a variant of a thing, and of this one do not, as a pattern.
        parts: what its letters stand for.
        carries: the letters of the parts that are the thing itself a step before: the m_{t−1} of m_t.
        arguments: the letters of its arguments, where their order matters: KL(p ‖ q).
        normals: of arguments that are normal distributions the letters of mean and spread, those of numbers and those
            of vectors: KL(N(m, S) ‖ N(u, T)).
        formulas: the right sides under which it is known, in LaTeX, in the letters of its parts.
        settled: whether the field has no other formulas in their letters, but for a number in front or beside, nor any
            that rest on what ties the letters together (shares that sum to one, other parameters): the F1 score.
        of_a_family: whether it is of one family of distributions: a left side that any has, Var[X], may name it too.
        relation: `=`; `<=` or `>=` where the formulas are bounds, `approx` where texts write ≈ or =, `propto` for ∝.
        also: right sides that are other conventions, special cases, or neighbours of that name: never called wrong,
            and never said to hold.
        told: words before a formula, as a pattern, that tell which of these it cannot be: no padding of all sides
            together where it is "p on both sides".
    """

    name: str
    left: str = ""
    words: str = ""
    letters: str = ""
    usual: str = ""
    parts: tuple[Part, ...]
    carries: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    normals: tuple[tuple[tuple[str, ...], ...], ...] = ()
    formulas: tuple[str, ...]
    settled: bool = False
    of_a_family: bool = False
    relation: str = "="
    also: tuple[str, ...] = ()
    told: tuple[tuple[str, tuple[str, ...]], ...] = ()


# The left sides of variances and of standard deviations, of which one's formula is never the other's.
VARIANCE = r"(?:(?:sigma|s)(?:_.{1,4})?\^2(?:_.{1,4})?|(?:Var|var|V|v|mathbb\{?V\}?)(?:_.{1,4})?)(?:\(.*\)|\[.*\])?"
DEVIATION = r"(?:sigma|std|Std|sd|SD|s)(?:_.{1,4})?(?:\(.*\)|\[.*\])?"


def firm(part: Part) -> Part:
    """A part that its letters tell beyond doubt."""
    return replace(part, firm=True)


def _part(domain: Domain, letter: str, written: str, may_be_number: bool = False) -> Part:
    return Part(letter=letter, domain=domain, written=(letter, *written.split()), may_be_number=may_be_number)


def real(letter: str, written: str = "", *, may_be_number: bool = False) -> Part:
    """A part that may be any number, and how else texts write it."""
    return _part(Domain.REAL, letter, written, may_be_number)


def positive(letter: str, written: str = "", *, may_be_number: bool = False) -> Part:
    """A part that is positive."""
    return _part(Domain.POSITIVE, letter, written, may_be_number)


def share(letter: str, written: str = "", *, may_be_number: bool = False) -> Part:
    """A part between 0 and 1."""
    return _part(Domain.SHARE, letter, written, may_be_number)


def bit(letter: str, written: str = "") -> Part:
    """A part that is 0 or 1."""
    return _part(Domain.BIT, letter, written)


def sign(letter: str, written: str = "") -> Part:
    """A part that is −1 or 1."""
    return _part(Domain.SIGN, letter, written)


def count(letter: str, written: str = "") -> Part:
    """How many terms a sum has."""
    return _part(Domain.COUNT, letter, written)


def natural(letter: str, written: str = "", *, may_be_number: bool = False) -> Part:
    """Another whole number: a step, a degree."""
    return _part(Domain.NATURAL, letter, written, may_be_number)


def vector(letter: str, written: str = "") -> Part:
    """A part that is a column."""
    return _part(Domain.VECTOR, letter, written)


def matrix(letter: str, written: str = "") -> Part:
    """A part that is a square matrix."""
    return _part(Domain.MATRIX, letter, written)


def tall(letter: str, written: str = "") -> Part:
    """A part that is a matrix with a row for each data point."""
    return _part(Domain.TALL, letter, written)


def wide(letter: str, written: str = "") -> Part:
    """A part that is a matrix with a column for each data point."""
    return _part(Domain.WIDE, letter, written)


def long(letter: str, written: str = "") -> Part:
    """A part that is a vector with an entry for each data point."""
    return _part(Domain.LONG, letter, written)


def large(letter: str, written: str = "") -> Part:
    """A part that is a square matrix with a row and a column for each data point."""
    return _part(Domain.LARGE, letter, written)

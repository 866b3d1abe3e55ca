"""Whether two functions of a letter are largest at the same value of it, whatever the distributions are.

A factor that is positive and free of the letter, a summand that is free of it, and a logarithm change nothing; a
factor −1 turns what is largest into what is smallest.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .forms import Atom, Form, Joint, Monomial, TooLarge, add, form_of, is_slope, log_of, multiply, scaled
from .terms import Name, Over, Term, within

POSITIVE_KINDS = frozenset({"exp", "count"})


def same_place(left: Term, right: Term, letter: str, sign: int = 1) -> bool:
    """Whether left and sign · right are largest at the same value of a letter; False where that is not shown."""
    sizes = frozenset(
        n.text for side in (left, right) for t in within(side) if isinstance(t, Over) for n in (t.upper,)
        if isinstance(n, Name)
    )  # fmt: skip
    try:
        forms = form_of(left), form_of(right)
        return any(_alike(u, scaled(v, sign), letter, sizes) for u, v in _monotone(*forms, sign))
    except TooLarge:
        return False


def _monotone(left: Form, right: Form, sign: int) -> Iterator[tuple[Form, Form]]:
    """Both, and the logarithm of one of them or of both where they are positive."""
    yield left, right
    logs = [log_of(f) if _is_positive(f) else None for f in (left, right)]
    if logs[0] is not None:
        yield logs[0], right
    if sign > 0 and logs[1] is not None:
        yield left, logs[1]
        if logs[0] is not None:
            yield logs[0], logs[1]


def _is_positive(form: Form) -> bool:
    """Whether a form is one product of probabilities and exponentials."""
    return len(form) == 1 and all(c > 0 and all(_positive(a, frozenset()) for a, _ in m) for m, c in form.items())


def _positive(atom: Joint | Atom, sizes: frozenset[str]) -> bool:
    if isinstance(atom, Joint):
        return not is_slope(atom)
    if atom.kind in POSITIVE_KINDS:
        return True
    if atom.kind == "name":
        return atom.content[0] in sizes
    if atom.kind == "total":
        return all(_positive(a, sizes) for a, _ in atom.content[1])
    return atom.kind == "product" and _is_positive(dict(atom.content[3]))


def _alike(left: Form, right: Form, letter: str, sizes: frozenset[str]) -> bool:
    """Whether left = c · right + d with c positive, and both free of the letter."""
    ours, theirs = (_by_dependence(f, letter) for f in (left, right))
    if not ours or ours.keys() != theirs.keys():
        return False
    first = min(ours, key=str)
    if any(add(multiply(ours[k], theirs[first]), scaled(multiply(ours[first], theirs[k]), -1)) for k in ours):
        return False
    a, b = ours[first], theirs[first]
    if len(a) != 1 or len(b) != 1:
        return a == b
    ((m, c),), ((n, d),) = a.items(), b.items()
    return c * d > 0 and all(_positive(atom, sizes) for atom, _ in m ^ n)


def _by_dependence(form: Form, letter: str) -> dict[Monomial, Form]:
    """For each product of what depends on the letter, its factor; what is free of it is left out."""
    found: dict[Monomial, Form] = {}
    for monomial, factor in form.items():
        inside = frozenset((a, p) for a, p in monomial if depends(a, letter))
        if inside:
            found[inside] = add(found.get(inside, {}), {monomial - inside: Fraction(factor)})
    return found


def depends(thing: object, letter: str) -> bool:
    """Whether a letter occurs in an atom: as a value, a name, or below the sign of a distribution."""
    if isinstance(thing, Joint):
        below = thing.family.partition("_")[2].strip("()").replace("^", ",").split(",")
        return letter in below or any(depends(e.value, letter) for e in thing.events)
    if isinstance(thing, Atom):
        return any(depends(c, letter) for c in thing.content)
    if isinstance(thing, frozenset | tuple):
        return any(depends(part, letter) for part in thing)
    if isinstance(thing, str):
        return thing == letter or letter in thing.replace("_", ",").strip("()").split(",")
    return False

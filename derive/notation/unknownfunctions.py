r"""Functions of which a text says only what they depend on: the L of ∇L(w), where any L is meant.

f(x) = Σ_k c_k exp(Σ_i a_{k,i} x_i), for any number of terms and any c and a, stands for every smooth f: such sums come
as near to f and its derivatives as one likes, so that what holds for all of them holds for f, and what fails for one
of them fails for some f.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Expr, Idx, Mul, exp

from ..vocabulary import index, is_name, name_of, scalar, size, tensor, total
from .arrays import Array, Value
from .definitions import Stated
from .dictionary import Dictionary


def any_function(name: str, arguments: Sequence[Value], dictionary: Dictionary) -> Stated | None:
    """The definition of a function of which nothing is said; None if an argument is no quantity of its own.

    Args:
        name: the plain name of the function.
        arguments: what it depends on, each a name or an array of names.
        dictionary: it is told the axes of the letters that make the function one of many.
    """
    if not arguments or not all(is_name(_entry(a)) for a in arguments):
        return None
    term = index(f"term of {name}", 1, size(f"terms of {name}"))
    products = [_sloped(name, a, term, dictionary) for a in arguments]
    weights = f"weights of {name}"
    dictionary.hidden[weights] = (term,)
    expr = total(tensor(weights)[term] * exp(Add(*products)), term)
    return Stated(name=name, expr=expr, parameters=tuple(arguments))


def _sloped(name: str, argument: Value, term: Idx, dictionary: Dictionary) -> Expr:
    """Σ_i a_{k,i} x_i over the entries of one argument."""
    slots = argument.slots if isinstance(argument, Array) else ()
    axes = [index(f"place {k} in {name}", *s.range) for k, s in enumerate(slots)]
    entry = argument.at(*axes) if isinstance(argument, Array) else argument
    slopes = f"slopes of {name} along {name_of(_entry(argument))}"
    dictionary.hidden[slopes] = (term, *axes)
    return total(tensor(slopes)[(term, *axes)] * entry, *axes)


def _entry(value: Value) -> Expr:
    return value.entry if isinstance(value, Array) else value


def any_polynomial(name: str, argument: Value, degree: int, dictionary: Dictionary) -> Stated | None:
    """c + Σ_i g_i x_i, and ½ Σ_{ij} s_{ij} x_i x_j if the degree is two: what an expansion to that degree is exact for.

    Args:
        name: the plain name of the function.
        argument: what it depends on.
        degree: one or two.
        dictionary: it is told the axes of the coefficients.
    """
    if not is_name(_entry(argument)):
        return None
    slots = argument.slots if isinstance(argument, Array) else ()
    first, second = (tuple(index(f"{k} place {j} in {name}", *s.range) for j, s in enumerate(slots)) for k in (1, 2))
    terms = [scalar(f"constant of {name}"), _product(f"slope of {name}", (first,), argument, dictionary)]
    if degree > 1:
        terms.append(_product(f"curvature of {name}", (first, second), argument, dictionary) / 2)
    dictionary.hidden[f"constant of {name}"] = ()
    return Stated(name=name, expr=Add(*terms), parameters=(argument,))


def _product(letter: str, places: tuple[tuple[Idx, ...], ...], argument: Value, dictionary: Dictionary) -> Expr:
    """Σ_i g_i x_i or Σ_{ij} s_{ij} x_i x_j."""
    axes = tuple(i for place in places for i in place)
    dictionary.hidden[letter] = axes
    coefficient = tensor(letter)[axes] if axes else scalar(letter)
    entries = [argument.at(*place) if isinstance(argument, Array) else argument for place in places]
    return total(coefficient * Mul(*entries), *axes)

"""Softmax without differences of numbers that agree: log p_k = z_k − log Σ e^z, and y − p Σ y for labels y.

Where one logit is far above the others, log Σ e^z is nearly that logit and its share p nearly 1, so that both lose
their digits. The operations that are found here are computed from what is small: the exponentials of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from sympy import Add, Basic, Expr, Idx, Mul, Sum, exp

from derive.calculus.indices import free_indices, fresh_axes, substitute, transform
from derive.calculus.normalform import TooLarge, is_zero
from derive.quantities import Definition
from derive.vocabulary import is_name, name_of, names_in

from .entries import arguments, places
from .operations import Elementwise, LogSumExp, Operation, Reduction, Tensor, reads
from .program import Loop, Program, Step
from .sums import axes_under, is_log_sum_exp, limits_of, sum_over

Axes = tuple[Idx, ...]
Shares = Mapping[str, tuple[Axes, Axes]]  # names to their axes, and to those along which they add up to 1


def logarithm_of_share(whole: LogSumExp, axes: Axes) -> Expr | None:
    """z_k − log Σ_l e^{z_l} with the k among these axes; None if they do not fit those of z."""
    own = tuple(i for i in axes if i not in whole.out.axes)
    ranges = [[i.args[1:] for i in some] for some in (own, whole.over)]
    if set(axes) != {*own, *whole.out.axes} or ranges[0] != ranges[1]:
        return None
    difference: Expr = substitute(whole.expr, dict(zip(whole.over, own, strict=True))) - whole.out.entry
    return difference


def is_share(operation: Elementwise, whole: LogSumExp) -> bool:
    """Whether the result is e^{z_k − log Σ_l e^{z_l}}."""
    logarithm = logarithm_of_share(whole, operation.out.axes)
    return logarithm is not None and operation.expr == exp(logarithm)


def is_log_share(operation: Elementwise, whole: LogSumExp) -> bool:
    """Whether the result is z_k − log Σ_l e^{z_l}."""
    return bool(operation.expr == logarithm_of_share(whole, operation.out.axes))


# -- y − p Σ y -------------------------------------------------------------------------------------


def shares_among(definitions: Iterable[Definition]) -> Shares:
    """The definitions p_k = e^{z_k − log Σ_l e^{z_l}}, and the indices k of each."""
    known, found = tuple(definitions), {}
    for d in (d for d in known if is_log_sum_exp(d.expr)):
        over, body = limits_of(cast("Sum", arguments(d.expr)[0]))
        out = Tensor(name=d.name, axes=d.quantity.axes)
        whole = LogSumExp(out=out, expr=arguments(body)[0], over=over)
        for p in (p for p in known if isinstance(p.expr, exp)):
            axes = p.quantity.axes
            if arguments(p.expr)[0] == logarithm_of_share(whole, axes):
                found[p.name] = (axes, tuple(i for i in axes if i not in out.axes))
    return found


def residual(expr: Expr, shares: Shares) -> tuple[Expr, Expr, Axes] | None:
    """y, p and the indices k of a sum that is y_k − p_k Σ_k y_k for shares p; None for any other expression."""
    for term in arguments(expr) if isinstance(expr, Add) else ():
        for p in (f for f in Mul.make_args(term) if is_name(f) and name_of(f) in shares):
            own, labels = _own(p, *shares[name_of(p)]), expr - term
            if own and free_indices(labels) == set(places(p)) and _cancel(term / p, labels, own):
                return labels, p, own
    return None


def _own(p: Expr, axes: Axes, over: Axes) -> Axes:
    """The indices of an entry along which it adds up to 1; none if they are not over the whole of their axes."""
    where = dict(zip(axes, places(p), strict=True))
    plain = all(isinstance(i, Idx) for i in where.values()) and len(set(where.values())) == len(axes)
    return tuple(where[i] for i in over) if plain and all(where[i].args[1:] == i.args[1:] for i in over) else ()


def _cancel(weight: Expr, labels: Expr, own: Axes) -> bool:
    """Whether the weight of the shares is −Σ of the labels."""
    if free_indices(weight) & set(own):
        return False
    others = fresh_axes(own, free_indices(labels))
    whole = sum_over(substitute(labels, dict(zip(own, others, strict=True))), others)
    try:
        return is_zero(weight + whole)
    except TooLarge:
        return False


# -- z − log Σ e^z ---------------------------------------------------------------------------------


def with_log_shares(program: Program) -> Program:
    """The program with each z_k − log Σ_l e^{z_l} that is read an array of its own, right after the logarithm."""
    for whole in [o for o in program.every if isinstance(o, LogSumExp)]:
        program = _with_log_share(program, whole)
    return program


def _with_log_share(program: Program, whole: LogSumExp) -> Program:
    there = (o for o in program.every if isinstance(o, Elementwise) and is_log_share(o, whole))
    share = next(there, None) or _log_share(program, whole)
    looped = whole.out.name in program.in_loops
    steps = [_reading_in(s, share, whole, looped=looped) for s in program.operations]
    if share not in program.every and steps == list(program.operations):
        return program
    return replace(program, operations=_after(whole, share, steps))


def _after(whole: LogSumExp, share: Elementwise, steps: list[Step]) -> tuple[Step, ...]:
    """The steps with the logarithms of shares right after that of their sum, in a loop if that is in one."""
    found: list[Step] = []
    for step in (s for s in steps if s is not share):
        if isinstance(step, Loop):
            found.append(replace(step, body=_operations(_after(whole, share, list(step.body)))))
        else:
            found += [step, share] if step is whole else [step]
    return tuple(found)


def _operations(steps: tuple[Step, ...]) -> tuple[Operation, ...]:
    return tuple(s for s in steps if not isinstance(s, Loop))


def _reading_in(step: Step, share: Elementwise, whole: LogSumExp, *, looped: bool) -> Step:
    """The same for a loop, if the sum is in one."""
    if step is share:
        return step
    if isinstance(step, Loop):
        read = (o if o is share else _reading(o, share, whole) for o in step.body)
        return replace(step, body=tuple(read)) if looped else step
    return _reading(step, share, whole)


def _log_share(program: Program, whole: LogSumExp) -> Elementwise:
    """z_l − log Σ_l e^{z_l} as an operation, named after the shares if these are in the program."""
    named = [o.out.name for o in program.every if isinstance(o, Elementwise) and is_share(o, whole)]
    name = f"log_{named[0]}" if named else "log_shares"
    while name in program.tensors:
        name += "_"
    return Elementwise(
        out=Tensor(name=name, axes=axes_under(whole.expr, whole.out.axes, whole.over)),
        expr=whole.expr - whole.out.entry,
    )


def _reading(step: Operation, share: Elementwise, whole: LogSumExp) -> Operation:
    """A step that reads the logarithms of shares where it writes the differences; the shares are left as they are."""
    if not isinstance(step, Elementwise | Reduction) or whole.out.name not in reads(step):
        return step
    if isinstance(step, Elementwise) and is_share(step, whole):
        return step

    def read(e: Expr) -> Expr | None:
        return next(_found(e, share, whole), None) if isinstance(e, Add) else None

    return replace(step, expr=transform(step.expr, read))


def _found(e: Expr, share: Elementwise, whole: LogSumExp) -> Iterator[Expr]:
    """A sum with ±(z_k − log Σ e^z) in it, with the entry of their array for that."""
    lead = next((a for a in names_in(share.expr) if set(places(a)) == set(share.out.axes)), whole.out.entry)
    for a in (a for a in names_in(e) if name_of(a) == name_of(lead) != whole.out.name):
        own: dict[Basic, Basic] = dict(zip(places(lead), places(a), strict=True))
        for sign in (1, -1):
            rest = e - sign * substitute(share.expr, own)
            if len(Add.make_args(rest)) <= len(arguments(e)) - len(arguments(share.expr)) + (rest == 0):
                yield rest + sign * substitute(share.out.entry, own)

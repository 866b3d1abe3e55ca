"""A program as NumPy statements: contractions as matrix products, elementwise chains in place.

Vectors are written as one expression; arrays of two axes and more are built up in a buffer that is already theirs,
`d = 1 - h`, `d *= h`, so that no temporary of their size is made that can be avoided. A buffer is overwritten only
if it is a result of the same program that is read for the last time there.
"""

from __future__ import annotations

import re

from sympy import Add, Basic, Expr, Mul, Pow, Symbol

from derive.calculus.indices import free_indices, substitute
from derive.rows.functions import RowFunction
from derive.vocabulary import is_name, name_of, names_in

from ...entries import arguments, difference, places
from ...labels import log_shares_at
from ...operations import (
    Cholesky,
    Contraction,
    Elementwise,
    LogDeterminant,
    LogSumExp,
    Numbers,
    Operation,
    Read,
    Reduction,
    Residual,
    Scatter,
    Seeded,
    Solved,
    Tensor,
)
from ...program import Loop, LoweringError, Program
from ...tiling import Tiling
from .binary import with_binary
from .functions import call, is_truth, works_in_place, written_to
from .layout import Layout, dtype_source
from .likelihood import likelihoods
from .listed import list_lines, padded_list_line
from .naming import local
from .onepass import companions, in_one_pass, residual_lines, step_in_one_pass
from .places import numbers_source, padded_lines, scatter_lines, window_line
from .products import contraction
from .reductions import log_sum_exp_source, reduction_source, solution_source
from .shapes import axis, product_source, tuple_source, whole
from .source import (
    POWER,
    PRODUCT,
    UNARY,
    covers,
    entry_source,
    factor_source,
    ordered_factors,
    ordered_terms,
    source,
    split_sign,
)


def statements(program: Program) -> list[str]:
    """One or more lines of Python for each operation, in order."""
    return _decays_shared(by_step(program), program)


def by_step(program: Program) -> list[list[str]]:
    """The lines of each step; none for a slice that is written where it is used."""
    layout, together = Layout(program), companions(program.operations)
    made = {name for both in together.values() for name in both} | {
        at.product for at in log_shares_at(program).values()
    }
    fused = likelihoods(program, together)
    made |= {name for one in fused.values() for name in one.made}
    found: list[list[str]] = []
    for position, step in enumerate(program.operations):
        if isinstance(step, Loop):
            found.append(loop_lines(step, layout))
        elif step.out.name in fused:
            found.append(fused[step.out.name].lines(position, layout, together[step.out.name]))
        elif isinstance(step, LogSumExp) and any(together[step.out.name]):
            found.append(in_one_pass(position, layout, together[step.out.name]))
        elif step.out.name in made or layout.is_inlined(step):
            found.append([])
        else:
            found.append(_statement(step, layout, program.dead_after(position)))
    return found


def _decays_shared(steps: list[list[str]], program: Program) -> list[str]:
    """The lines of steps, with e^{−|z|} computed once where several need it."""
    lines = [line for step in steps for line in step]
    written = [z for line in lines for z in re.findall(r"_decay\((\w+)\)", line)]
    for z in dict.fromkeys(z for z in written if written.count(z) > 1):
        name = f"decay_{z}"
        while name in program.tensors:
            name += "_"
        first = next(k for k, line in enumerate(lines) if f"_decay({z})" in line)
        lines = [line.replace(f"_decay({z})", name) for line in lines]
        lines.insert(first, f"{name} = _decay({z})")
    return lines


def tiled(found: Tiling) -> list[str]:
    """The lines of a program whose middle part is a function of some rows, called for one tile after the other."""
    steps = by_step(found.program)
    first, last = found.before, found.before + found.within
    parts = (steps[:first], steps[first:last], steps[last:])
    before, within, after = (_decays_shared(part, found.program) for part in parts)
    within = _with_ones(with_binary(within, found.program.tensors), found)
    rows, sums = ", ".join(map(local, found.rows)), tuple_of(found.sums)
    body = ["", f"def _sums({rows}):", *(f"    {line}" for line in within), f"    return {sums}", ""]
    whole = f"_sums({rows}) if len({local(found.rows[0])}) <= {FEW_ROWS} else " if not found.widths else ""
    return [*before, *body, f"{sums} = {whole}_over_tiles(_sums, {rows}{_tile_of(found)})", *after]


def _with_ones(lines: list[str], found: Tiling) -> list[str]:
    """The lines of a tile, with the ones by which several sums over its rows are found made once."""
    tensors, rows = found.program.tensors, found.rows[0]
    over = {local(name) for name, tensor in tensors.items() if tensor.axes[:1] == tensors[rows].axes[:1]}
    sums = [m for line in lines for m in re.findall(r"(_(?:column_sums|total)\((\w+)\))", line) if m[1] in over]
    if len(sums) < 2 or "ones" in tensors:
        return lines
    for written, name in sums:
        lines = [line.replace(written, f"ones.dot({name})") for line in lines]
    return [f"ones = _ones(len({local(rows)}), {dtype_source(found.program)})", *lines]


FEW_ROWS = 2048  # are one tile, whatever is in them
TILE_NUMBERS = 2**18  # of the largest array of a tile, where windows make arrays far larger than the data


def _tile_of(found: Tiling) -> str:
    """The rows of a tile, if they follow from what is computed within it; else the classes that labels stand for."""
    widths = [product_source(lengths) for lengths in found.widths]
    labelled = [name for name in found.rows if name in found.program.labels]
    if not widths:
        counts = [axis(found.program.tensors[name].axes[-1]).text for name in labelled]
        return f", classes={counts[0]}" if counts else ""
    widest = f"max({', '.join(widths)})" if len(widths) > 1 else widths[0]
    return f", rows={TILE_NUMBERS} // {widest} + 1"


def tuple_of(names: tuple[str, ...]) -> str:
    """Names with commas between them; in brackets if there is but one."""
    return ", ".join(map(local, names)) if len(names) > 1 else f"({local(names[0])},)"


def loop_lines(loop: Loop, layout: Layout) -> list[str]:
    """The arrays that keep all steps, and the loop that fills them."""
    program, t = layout.program, str(loop.over.label)
    lines = []
    for name in (name for name in loop.names if name in program.kept):
        if name in layout.lists:
            lines += list_lines(name, loop, layout)
            continue
        lines.append(f"{local(name)} = {all_steps(name, loop, layout)}")
        base = dict(loop.bases).get(name)
        if base is not None:
            before: dict[Basic, Basic] = {loop.over: loop.over.lower - 1}
            place = layout.part(substitute(program.tensors[name].entry, before))
            lines.append(f"{name_of(place)} = {source(base, places(place))}")
    first, last = whole(loop.over.lower), whole(loop.over.upper + 1)
    if loop.backwards:
        first, last = whole(loop.over.upper), f"{whole(loop.over.lower - 1)}, -1"
    lines.append(f"for {t} in range({first}, {last}):")
    together = companions(loop.body)
    made = {name for both in together.values() for name in both}
    for k, operation in enumerate(loop.body):
        if isinstance(operation, LogSumExp) and any(together[operation.out.name]):
            lines += [f"    {line}" for line in step_in_one_pass(operation, layout, loop, together)]
        elif operation.out.name not in made and not layout.is_inlined(operation):
            lines += [f"    {line}" for line in _statement(operation, layout, program.dead_in(loop, k), loop)]
    return lines


def all_steps(name: str, loop: Loop, layout: Layout) -> str:
    """A new array for all steps."""
    lengths = [whole(upper - lower + 1) for lower, upper in layout.stored[name]]
    make = "zeros" if layout.looks_ahead(loop, name) else "empty"
    return layout.new(make, layout.program.tensors[name].axes, lengths)


def _is_spread(operation: Operation) -> bool:
    """Whether the value lacks an axis of the result, so that it must be spread out along it."""
    return isinstance(operation, Elementwise) and not covers(operation.expr, operation.out.axes)


def _statement(operation: Operation, layout: Layout, dead: frozenset[str], loop: Loop | None = None) -> list[str]:
    kept = loop is not None and operation.out.name in layout.program.kept - set(layout.lists)
    placed, dtype = layout.placed(operation, loop), dtype_source(layout.program)
    name = local(placed.out.name)
    if isinstance(placed, Contraction):
        return [f"{name} = {contraction(placed, layout)}"]
    if isinstance(placed, Reduction):
        return [f"{name} = {reduction_source(placed, within=layout.has_windows(operation.out.name))}"]
    if isinstance(placed, LogSumExp):
        return [f"{name} = {log_sum_exp_source(placed)}"]
    if isinstance(placed, Residual):
        return residual_lines(placed, layout.program)
    if isinstance(placed, Seeded):
        return _seeded(placed, dead, kept, dtype)
    if isinstance(placed, Read) and placed.out.name in layout.lists:
        return [padded_list_line(placed, layout, dtype)]
    if isinstance(placed, Read):
        return padded_lines(placed, layout) if placed.brackets else [window_line(placed, layout)]
    if isinstance(placed, Numbers):
        return [f"{name} = {numbers_source(placed, dtype)}"]
    if isinstance(placed, Scatter):
        return scatter_lines(placed, dtype)
    if isinstance(placed, Cholesky):
        return [f'{name} = _cholesky({local(name_of(placed.matrix))}, "{name_of(placed.matrix)}")']
    if isinstance(placed, LogDeterminant):
        return [f"{name} = 2 * np.log(np.diagonal({local(name_of(placed.factor))})).sum()"]
    if isinstance(placed, Solved):
        return [f"{name} = {solution_source(placed, dtype)}"]
    return _elementwise(placed, dead, kept, dtype)


def _elementwise(placed: Elementwise, dead: frozenset[str], kept: bool, dtype: str) -> list[str]:
    if not _is_spread(placed):
        return _Chain(placed, dead, kept).lines()
    name, value = local(placed.out.name), source(placed.expr, placed.out.axes)
    shape = tuple_source(axis(i).text for i in placed.out.axes)
    return [f"{name} = {value}" if kept else f"{name} = np.full({shape}, {value}, {dtype})"]


def _seeded(placed: Seeded, dead: frozenset[str], kept: bool, dtype: str) -> list[str]:
    """What is there at each step, in its own buffer or in one that nobody needs any more; then what one step adds."""
    name, seed = local(placed.out.name), entry_source(placed.seed, placed.out.axes)
    rest = Elementwise(out=placed.out, expr=placed.expr)
    spent = is_name(placed.expr) and name_of(placed.expr) in dead and places(placed.expr) == placed.out.axes
    lines = [f"{name} = {local(name_of(placed.expr))}"] if spent else _elementwise(rest, dead, kept, dtype)
    return [*lines, f"if {placed.over.label} == {whole(placed.place)}:", f"    {name} += {seed}"]


# -- elementwise chains ----------------------------------------------------------------------------


class _Chain:
    """The statements of one elementwise operation, whose result is kept in part of an array or has its own."""

    def __init__(self, operation: Elementwise, dead: frozenset[str], kept: bool = False) -> None:
        self.name = local(operation.out.name)
        self.axes = operation.out.axes
        self.expr = operation.expr
        self.dead = dead
        self.kept = kept
        self.written: list[str] = []

    def lines(self) -> list[str]:
        """All statements."""
        if is_name(self.expr):  # a name of its own for the same values must not share their buffer
            return [f"{self.name} = {source(self.expr, self.axes)}{'' if self.kept else '.copy()'}"]
        if len(self.axes) < 2 and not isinstance(self.expr, RowFunction):
            return [f"{self.name} = {source(self.expr, self.axes)}"]
        self.fill(self.expr)
        return self.written

    def fill(self, expr: Expr) -> None:
        """Make `name` hold the expression, which covers the axes."""
        if isinstance(expr, RowFunction):
            self.fill_row(expr)
        elif isinstance(expr, Add):
            self.fill_sum(expr)
        elif isinstance(expr, Mul):
            self.fill_product(expr)
        elif isinstance(expr, Pow) and expr.args[1] == 2 and is_name(expr.args[0]):
            entry = entry_source(expr.args[0], self.axes)
            spent = self.buffer([expr.args[0]]) is not None
            self.assign(f"np.multiply({entry}, {entry}, out={entry})" if spent else f"{entry} * {entry}")
        else:
            self.assign(source(expr, self.axes))

    def assign(self, text: str) -> None:
        self.written.append(written_to(self.name, text) if self.kept else f"{self.name} = {text}")

    def fill_row(self, expr: RowFunction) -> None:
        argument = arguments(expr)[0]
        buffer = self.buffer([argument])
        if not works_in_place(expr.row) or not free_indices(argument):  # a number is no buffer
            self.assign(source(expr, self.axes))
        elif buffer is not None:
            held = local(name_of(buffer))
            self.assign(call(expr.row, held, out=held))
        elif is_name(argument) or not covers(argument, self.axes):
            self.assign(call(expr.row, source(argument, self.axes)))
        else:
            self.fill(argument)
            self.assign(call(expr.row, self.name, out=self.name))

    def fill_sum(self, expr: Add) -> None:
        if difference(expr):
            self.assign(source(expr, self.axes))
            return
        terms = ordered_terms(expr)
        seed = self.buffer(terms) or self.heaviest([t for t in terms if not is_name(split_sign(t)[1])])
        if seed is None:
            self.assign(source(expr, self.axes))
            return
        rest = Add(*(t for t in terms if t is not seed))
        negative, positive = split_sign(seed)
        if is_name(seed):
            minus, opposite = split_sign(rest)
            self.buffer_with("subtract" if minus else "add", seed, opposite)
            return
        self.fill(positive)
        if negative:
            self.written.append(f"np.subtract({source(rest, self.axes)}, {self.name}, out={self.name})")
        else:
            self.update_sum(rest)

    def update_sum(self, rest: Expr) -> None:
        for term in Add.make_args(rest):
            negative, positive = split_sign(term)
            self.written.append(f"{self.name} {'-' if negative else '+'}= {source(positive, self.axes, PRODUCT)}")

    def fill_product(self, expr: Mul) -> None:
        above, below = ordered_factors(expr)
        seed = self.buffer(above) or self.heaviest([f for f in above if not is_name(f) and not is_truth(f)])
        rest = [f for f in above if f is not seed]
        if seed is None:
            rest, below = self.started(above, below)
        elif is_name(seed):
            first = self.in_place(rest.pop()) if rest else None
            if first is None:
                self.assign(source(expr, self.axes))
                return
            self.buffer_with("multiply", seed, first)
        else:
            self.fill(seed)
        for factor in reversed(rest):
            self.written.append(f"{self.name} *= {factor_source(factor, self.axes)}")
        for factor in below:
            self.written.append(f"{self.name} /= {source(factor, self.axes)}")

    def in_place(self, factor: Expr) -> Expr:
        """A factor; one that is made of an array which nobody needs any more stands in the buffer of that."""
        spent = None if is_name(factor) or is_truth(factor) else self.buffer(list(names_in(factor)))
        if spent is None or not covers(factor, self.axes):
            return factor
        chain = _Chain(Elementwise(out=Tensor(name=name_of(spent), axes=self.axes), expr=factor), self.dead)
        self.written += chain.lines()
        return spent

    def started(self, above: list[Expr], below: list[Expr]) -> tuple[list[Expr], list[Expr]]:
        """Start with as few factors as give a new array over the axes; returns those that are left."""
        for up in range(len(above) + 1):
            for down in range(len(below) + 1):
                first, divisors = above[len(above) - up :], below[len(below) - down :]
                if up + down >= 2 or down == 1:
                    quotient = Mul(*first, *(1 / f for f in divisors))
                    written = factor_source if any(map(is_name, first)) else source  # truth values alone have no dtype
                    if covers(quotient, self.axes):
                        text = " * ".join(written(f, self.axes, UNARY) for f in first) or "1"
                        self.assign(text + "".join(f" / {source(f, self.axes, POWER)}" for f in divisors))
                        return above[: len(above) - up], below[: len(below) - down]
        raise LoweringError(f"{self.expr} does not have the axes of {self.name}")

    def buffer_with(self, operation: str, buffer: Expr, rest: Expr) -> None:
        """Start in the buffer of an array that nobody needs any more."""
        name = local(name_of(buffer))
        text = factor_source(rest, self.axes) if operation == "multiply" else source(rest, self.axes)
        self.assign(f"np.{operation}({name}, {text}, out={name})")

    def buffer(self, candidates: list[Expr]) -> Expr | None:
        """An entry among the candidates whose array may be overwritten: read for the last time, and once, here."""
        for e in candidates:
            if is_name(e) and name_of(e) in self.dead and places(e) == self.axes and self.uses(e) == 1:
                return e
        return None

    def uses(self, entry: Expr) -> int:
        return sum(1 for a in names_in(self.expr) if name_of(a) == name_of(entry))

    def heaviest(self, candidates: list[Expr]) -> Expr | None:
        """The composite candidate to start with: it must cover the axes."""
        full = [e for e in candidates if covers(e, self.axes) and not e.is_number and not isinstance(e, Symbol)]
        return max(full, key=lambda e: (e.count_ops(), str(e)), default=None)

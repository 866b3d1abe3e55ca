"""The NumPy back end: a program as a module that a reader would recognise as the textbook's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from textwrap import indent

from sympy import Expr, Idx, Product, Sum, Symbol

from derive.calculus.indices import bound_in, free_indices
from derive.model import Model, Sense
from derive.notation.plaintext import text
from derive.quantities import Definition, Domain, Kind, Quantity
from derive.rows.functions import RowFunction, Unary
from derive.vocabulary import Partial, indices_of, length, name_of, names_in

from ...adjoint import adjoint_name
from ...labels import only_labels
from ...lists import by_letter, listed_by
from ...operations import Contraction, reads
from ...passed import label, passed
from ...program import Program, step_reads
from ...tiling import Tiling, tiling
from .called import called_in, helpers_of
from .checking import CHECKING, WHOLE
from .functions import definition as function_source
from .functions import difference, needs_definition
from .given import arrays_source
from .givenlists import line_of_lists, lists_source, widths_given, widths_source
from .labelled import LABELLED_LISTS, labels_line
from .layout import Layout, dtype_source
from .naming import local
from .shapes import Axis, axis, dict_source, shape, sources_of_sizes, tuple_source, whole
from .statements import statements, tiled

INDENT = " " * 4
KEPT = """
# An array of nearly 32 MB, freed at once: glibc then keeps up to 64 MB of what one call frees for the next. Otherwise
# each page of it would come anew from the system, which takes longer than computing what is in it.
np.empty(2**22 - 2**12)
"""


def module(
    model: Model,
    named: Model,
    program: Program,
    adjoints: tuple[Definition, ...],
    dtype: str,
    *,
    tiles: bool = True,
) -> str:
    """The source of the lowered module.

    Args:
        model: the computable model.
        named: the same with the definitions as they were given.
        program: what computes its definitions and the adjoints.
        adjoints: their definitions, for the docstrings.
        dtype: what `init` makes.
        tiles: whether sums over points may be computed a tile of rows at a time.
    """
    writer = _Writer(model, named, program, adjoints, dtype, in_tiles=tiles)
    computing = (
        writer.function("forward", tuple(d.name for d in model.definitions)),
        writer.function("value", (model.objective,)),
        writer.function("value_and_grad", writer.outputs),
    )
    parts = (
        writer.head(),
        writer.init(),
        *computing,
        *writer.row_functions("".join(computing)),
        *writer.checking(),
        *helpers_of(program),
        *((WHOLE,) if writer.whole else ()),
    )
    written = "\n\n".join(part.strip("\n") + "\n" for part in parts)
    whole = "\n".join((written, *called_in(written)))
    return whole.replace("\nimport ", "\nimport functools\n\nimport ", 1) if "@functools." in whole else whole


def certificate_line(name: str) -> str:
    """The line that names the certificate's file."""
    return f"CERTIFICATE = {json.dumps(name)}"


class _Writer:
    """The pieces of one module."""

    def __init__(
        self,
        model: Model,
        named: Model,
        program: Program,
        adjoints: tuple[Definition, ...],
        dtype: str,
        *,
        in_tiles: bool,
    ) -> None:
        self.in_tiles = in_tiles
        self.model, self.named, self.program, self.adjoints, self.dtype = model, named, program, adjoints, dtype
        self.data = tuple(q for q in model.given if q.kind is Kind.DATA)
        self.functions = {
            letter: tuple(local(label(letter, o)) for o in orders)
            for letter, orders in passed(o.meaning for o in program.every).items()
        }
        given = (*self.data, *model.parameters)
        self.listed = {q.name: over for q in given if (over := listed_by(q.axes)) is not None}
        self.widths = by_letter(given)
        self.sizes = self.read_sizes()
        gradients = tuple(adjoint_name(model, q.name) for q in reversed(model.parameters))
        self.outputs = (model.objective, *gradients)

    # -- the top -----------------------------------------------------------------------------------

    def head(self) -> str:
        model, objective = self.model, self.model.objective
        sense = "maximise" if model.sense is Sense.MAXIMISE else "minimise"
        return "\n".join(
            (
                f'"""{model.title}: the value of {objective}, to {sense}, and its gradient.',
                "",
                *_block("The model:", (f"{text(left)} = {text(right)}" for left, right in self.named.equations)),
                *_block("In the form that is computed:", self.rewritten()),
                *_block("Its gradient, by reverse accumulation:", (_equation(d, self.names()) for d in self.adjoints)),
                *_block("The indices:", self.ranges()),
                *_block("Functions that are given with the data:", self.given_functions()),
                "Written by gradproof; CERTIFICATE names the file that says what was proved and what was measured.",
                '"""',
                "",
                "import numpy as np",
                "",
                f"PARAMETERS = {self.shapes(model.parameters)}",
                f"DATA = {self.shapes(self.data, self.whole)}",
                *((f"FUNCTIONS = {self.labels()}  # what each of them is in the data",) if self.functions else ()),
                *((labels_line(self.program.labels),) if self.program.labels else ()),
                *((line_of_lists((*model.parameters, *self.data)),) if self.listed else ()),
                f'OBJECTIVE = ("{objective}", "{sense}")',
                certificate_line(f"{_identifier(model.name)}.certificate.json"),
                f'DTYPE = "{self.dtype}"  # of what init makes; the rest keeps the dtype of the parameters',
                KEPT,
            )
        )

    def names(self) -> Mapping[str, Expr]:
        """Each adjoint's name and the derivative it stands for."""
        whole = self.model.quantities[self.model.objective].at()
        by_adjoint = {adjoint_name(self.model, n): q for n, q in self.model.quantities.items()}
        return {d.name: Partial(whole, by_adjoint[d.name].at()) for d in self.adjoints}

    def rewritten(self) -> Iterable[str]:
        return (_equation(d) for d in self.model.definitions if d.expr != self.named.defined[d.name].expr)

    def ranges(self) -> Iterable[str]:
        found = dict.fromkeys(i for q in self.model.quantities.values() for i in q.axes)
        for d in self.model.definitions:
            found |= dict.fromkeys(i for s in d.expr.atoms(Sum, Product) for i, _, _ in bound_in(s))
        return (f"{i.label} = {text(i.lower)}, …, {text(i.upper)}" for i in found)

    def given_functions(self) -> Iterable[str]:
        return (f'data["{letter}"] = {tuple_source(labels)}' for letter, labels in self.functions.items())

    def labels(self) -> str:
        quoted = ((letter, tuple_source(f'"{n}"' for n in labels)) for letter, labels in self.functions.items())
        return dict_source(quoted)

    def shapes(self, quantities: Iterable[Quantity], whole: Iterable[str] = ()) -> str:
        arrays = ((q.name, tuple_source(f'"{a.text}"' for a in shape(q))) for q in quantities)
        return dict_source((*arrays, *((s, "()") for s in whole)))

    # -- functions ---------------------------------------------------------------------------------

    def init(self) -> str:
        axes = [a for q in self.model.parameters for a in shape(q)]
        sizes = list(dict.fromkeys(s for a in axes for s in a.sizes))
        plain = [s for s in sizes if s not in self.widths]
        least = {s: 1 - min((a.more for a in axes if a.size == s), default=0) for s in plain}
        lines = [
            "def init(sizes, rng):",
            f'{INDENT}"""Random parameters: normal with variance 1 / (terms they are summed in); offsets zero.',
            "",
            f"{INDENT}Args:",
            f"{INDENT}    sizes: name to number: {', '.join(sizes) or 'none is needed'}. Others are ignored.",
            f"{INDENT}    rng: a numpy.random.Generator, or a seed.",
            f"{INDENT}Returns: a dict like PARAMETERS, of dtype DTYPE.",
            f"{INDENT}Raises: ValueError: if a size is missing or too small.",
            f'{INDENT}"""',
            *(f'{INDENT}{s} = _size(sizes, "{s}", {least[s]})' for s in plain),
            *(f"{INDENT}{s} = {widths_given(s, self.widths[s])}" for s in sizes if s in self.widths),
            f"{INDENT}rng = np.random.default_rng(rng)",
            f"{INDENT}return {{",
            *(f'{INDENT * 2}"{q.name}": {self.initial(q)},' for q in self.model.parameters),
            f"{INDENT}}}",
        ]
        return "\n".join(lines)

    def initial(self, quantity: Quantity) -> str:
        over = self.listed.get(quantity.name)
        if over is None:
            return self.drawn(quantity, shape(quantity), shape(quantity))
        each = tuple(axis(i) for i in quantity.axes if i != over)
        return f"[{self.drawn(quantity, shape(quantity), each)} for {_run(over)}]"

    def drawn(self, quantity: Quantity, axes: tuple[Axis, ...], each: tuple[Axis, ...]) -> str:
        """An array to start from: of all axes, or one of a list, of each but one."""
        size = tuple_source(a.text for a in each)
        summed = self.summed_axes(quantity)
        if quantity.domain in _STARTS:
            return _STARTS[quantity.domain].format(size=size, length=axes[-1].text if axes else "")
        if not summed:
            return f"np.zeros({size}, DTYPE)"
        count = " * ".join(f"({axes[k].text})" if len(summed) > 1 else axes[k].text for k in summed)
        return f"(rng.standard_normal({size}) / np.sqrt({count})).astype(DTYPE)"

    def summed_axes(self, quantity: Quantity) -> list[int]:
        """The axes of a parameter at which definitions sum over it."""
        found: set[int] = set()
        for d in self.model.definitions:
            for a in names_in(d.expr):
                if name_of(a) == quantity.name:
                    found |= {k for k, i in enumerate(indices_of(a)) if i not in free_indices(d.expr)}
        return sorted(found)

    def function(self, name: str, outputs: tuple[str, ...]) -> str:
        program = only_labels(self.program.pruned(outputs))
        tiles = self.tiles(name, program) if self.in_tiles else None
        lines = statements(program) if tiles is None else tiled(tiles)
        returned = f"return {self.result(name, outputs, program)}"
        lines = [*self.rows_of_labels(program), *self.unpacked_functions(lines), *lines]
        sizes = self.used_sizes([*lines, returned])
        text = "\n".join((*lines, returned, *(self.sizes[s] for s in sizes)))
        order = [q.name for q in (*self.model.parameters, *self.data)]
        unpacked = ", ".join(local(n) if _uses(text, local(n)) else "_" for n in order) + (
            "," if len(order) == 1 else ""
        )
        body = [
            *_DOCSTRINGS[name].format(objective=self.model.objective).splitlines(),
            f"{unpacked} = _arrays(params, data)",
            *(f"{s} = {self.sizes[s]}" for s in sizes),
            *lines,
            returned,
        ]
        return f"def {name}(params, data):\n" + indent("\n".join(body), INDENT, lambda line: bool(line.strip()))

    def rows_of_labels(self, program: Program) -> list[str]:
        """The lines that write one-hot rows for labels, where they are read as rows."""
        read = {name for step in program.operations for name in step_reads(step)}
        names = [name for name in self.program.labels if name in read and name not in program.labels]
        counts = {name: axis(self.model.quantities[name].axes[-1]).text for name in names}
        return [f"{local(n)} = _one_hot({local(n)}, {counts[n]}, {dtype_source(self.program)})" for n in names]

    def unpacked_functions(self, lines: Iterable[str]) -> list[str]:
        """The line that gives the functions which are passed in their names; none if there are none."""
        code = "\n".join(lines)
        labels = [n if _uses(code, n) else "_" for names in self.functions.values() for n in names]
        if not labels:
            return []
        left = f"{', '.join(labels)}{',' if len(labels) == 1 else ''}"
        return [f"{left} = _functions(data, {dtype_source(self.program)})"]

    def tiles(self, name: str, program: Program) -> Tiling | None:
        """How a function goes through the data; None if at once."""
        by_label = (o for o in program.every if isinstance(o, Contraction) and set(reads(o)) & set(program.labels))
        if name == "forward" or self.model.sample is None or any(by_label):  # sums by label are large
            return None
        return tiling(program, self.model.sample)

    def used_sizes(self, lines: Iterable[str]) -> list[str]:
        """The sizes that lines of code read, in alphabetical order, those that are read by others first."""
        text = "\n".join(lines)
        text += "".join(f"\n{self.sizes[s]}" for s in self.widths if _uses(text, s))
        return [s for s in sorted(self.sizes, key=lambda s: (s in self.widths, s)) if _uses(text, s)]

    def read_sizes(self) -> dict[str, str]:
        """For each size, the code that reads it: off an array, or out of the data if no array has its length."""
        given = sorted((*self.data, *self.model.parameters), key=lambda q: q.name in self.program.labels)
        found = dict(sources_of_sizes(given))  # labels have no second axis
        found |= {letter: widths_source(widths) for letter, widths in self.widths.items()}
        code = "\n".join(statements(self.program))
        needed = {s for q in (*self.data, *self.model.parameters) for a in shape(q) if a.composed for s in a.sizes}
        everywhere = {s.name for d in self.model.definitions for s in _sizes(d)}
        needed |= {s for s in everywhere if _uses(code, s)}
        return found | {s: f'_whole(data, "{s}")' for s in sorted(needed - set(found))}

    @property
    def whole(self) -> tuple[str, ...]:
        """The sizes that are given with the data."""
        return tuple(s for s, code in self.sizes.items() if code.startswith("_whole"))

    def checking(self) -> tuple[str, ...]:
        """How the module takes what is passed in."""
        if self.listed:
            labels = self.program.labels
            checked = lists_source(self.model.parameters, self.data, "_listed" if labels else "_arrays")
            return (checked, LABELLED_LISTS) if labels else (checked,)
        return arrays_source(self.model.parameters, self.data, self.sizes, self.program.labels), CHECKING

    def result(self, function: str, outputs: tuple[str, ...], program: Program) -> str:
        if function == "value":
            return local(outputs[0])
        if function == "forward":
            layout = Layout(program)
            parts = ((name, layout.part(program.tensors[name].entry)) for name in outputs)
            return "{" + ", ".join(f'"{name}": {local(name_of(part))}' for name, part in parts) + "}"
        gradients = ((q, adjoint_name(self.model, q.name)) for q in self.model.parameters)
        entries = (
            f'"{q.name}": {name if q.axes else f"np.array({name}, {local(q.name)}.dtype)"}' for q, name in gradients
        )
        return f"{local(self.model.objective)}, {{{', '.join(entries)}}}"

    def row_functions(self, computing: str) -> list[str]:
        """The functions of rows that the computing functions call."""
        rows: dict[Unary, None] = {}
        for operation in self.program.every:
            rows |= {call.row: None for call in sorted(operation.meaning.atoms(RowFunction), key=str)}
        written = {f"_{row.name}": function_source(row) for row in rows if needs_definition(row)}
        written |= {f"_less_{row.name}": difference(row) for row in rows if row.less}
        return [text for call, text in written.items() if _uses(computing, call)]


_STARTS: Mapping[Domain, str] = {  # a point well inside the domain
    Domain.POSITIVE: "np.ones({size}, DTYPE)",
    Domain.UNIT: "np.full({size}, 0.5, DTYPE)",
    Domain.SIMPLEX: "np.full({size}, 1 / {length}, DTYPE)",
    Domain.POSITIVE_DEFINITE: "np.eye({length}, dtype=DTYPE)",
}

_DOCSTRINGS = {
    "forward": '"""All named quantities, from the data to {objective}, as a dict of arrays."""',
    "value": '"""The value of {objective}."""',
    "value_and_grad": (
        '"""The value of {objective} and its gradient, a dict like `params`.\n\n'
        "Args:\n"
        "    params: arrays of the shapes in PARAMETERS, float32 or float64, all alike.\n"
        "    data: arrays of the shapes in DATA; other number types are converted to that of the parameters.\n"
        "Raises: ValueError: if something is missing, or has a shape or type that does not fit.\n"
        '"""'
    ),
}


def _block(title: str, lines: Iterable[str]) -> list[str]:
    found = [INDENT + line for line in lines]
    return [title, "", *found, ""] if found else []


def _equation(definition: Definition, standing_for: Mapping[str, Expr] | None = None) -> str:
    meaning = (standing_for or {}).get(definition.name)
    named = f"{text(definition.target)} = " + (f"{text(meaning)} = " if meaning is not None else "")
    return named + text(definition.expr)


def _uses(code: str, name: str) -> bool:
    """Whether code reads a variable: not as an attribute, and not inside a string."""
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", re.sub(r'"[^"]*"', "", code)) is not None


def _sizes(definition: Definition) -> Iterable[Symbol]:
    """The sizes that a definition, its axes and its ranges are made of."""
    parts: list[Expr] = [definition.expr, *(length(i) for i in definition.quantity.axes)]
    parts += [length(i) for i in definition.expr.atoms(Idx)]
    return (s for part in parts for s in part.free_symbols if type(s) is Symbol and s.is_integer)


def _run(over: Idx) -> str:
    return f"{over.label} in range({whole(over.lower)}, {whole(over.upper + 1)})"


def _identifier(name: str) -> str:
    return name.replace("-", "_")

"""The NumPy back end: a program as a module that a reader would recognise as the textbook's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from textwrap import indent

from sympy import Expr, Product, Sum

from derive.calculus.indices import bound_in, free_indices
from derive.model import Model, Sense
from derive.quantities import Definition, Kind, Quantity
from derive.rows.functions import RowFunction, Unary
from derive.vocabulary import Partial, indices_of, name_of, names_in

from ...adjoint import adjoint_name
from ...program import LoweringError, Program
from .checking import CHECKING
from .functions import definition as function_source
from .functions import needs_definition
from .naming import local
from .shapes import Axis, shape, sources_of_sizes, tuple_source
from .statements import sizes_written, statements, typed
from .text import text

INDENT = " " * 4


def module(model: Model, named: Model, program: Program, adjoints: tuple[Definition, ...], dtype: str) -> str:
    """The source of the lowered module.

    Args:
        model: the computable model.
        named: the same with the definitions as they were given.
        program: what computes its definitions and the adjoints.
        adjoints: their definitions, for the docstrings.
        dtype: what `init` makes.
    """
    writer = _Writer(model, named, program, adjoints, dtype)
    parts = (
        writer.head(),
        writer.init(),
        writer.function("forward", tuple(d.name for d in model.definitions)),
        writer.function("value", (model.objective,)),
        writer.function("value_and_grad", writer.outputs),
        *writer.row_functions(),
        writer.arrays(),
        CHECKING,
    )
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def certificate_line(name: str) -> str:
    """The line that names the certificate's file."""
    return f"CERTIFICATE = {json.dumps(name)}"


class _Writer:
    """The pieces of one module."""

    def __init__(
        self, model: Model, named: Model, program: Program, adjoints: tuple[Definition, ...], dtype: str
    ) -> None:
        self.model, self.named, self.program, self.adjoints, self.dtype = model, named, program, adjoints, dtype
        self.data = tuple(q for q in model.given if q.kind is Kind.DATA)
        self.sizes = sources_of_sizes((*self.data, *model.parameters))
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
                *_block("The model:", (_equation(d) for d in self.named.definitions)),
                *_block("In the form that is computed:", self.rewritten()),
                *_block("Its gradient, by reverse accumulation:", (_equation(d, self.names()) for d in self.adjoints)),
                *_block("The indices:", self.ranges()),
                "Written by gradproof; CERTIFICATE names the file that says what was proved and what was measured.",
                '"""',
                "",
                "import numpy as np",
                "",
                f"PARAMETERS = {self.shapes(model.parameters)}",
                f"DATA = {self.shapes(self.data)}",
                f'OBJECTIVE = ("{objective}", "{sense}")',
                certificate_line(f"{_identifier(model.name)}.certificate.json"),
                f'DTYPE = "{self.dtype}"  # of what init makes; the rest keeps the dtype of the parameters',
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
        return (f"{i.label} = {i.lower}, …, {i.upper}" for i in found)

    def shapes(self, quantities: Iterable[Quantity]) -> str:
        return _dict_source((q.name, tuple_source(f'"{a.text}"' for a in shape(q))) for q in quantities)

    # -- functions ---------------------------------------------------------------------------------

    def init(self) -> str:
        sizes = list(dict.fromkeys(a.size for q in self.model.parameters for a in shape(q) if a.size is not None))
        least = {s: 1 - min(a.more for q in self.model.parameters for a in shape(q) if a.size == s) for s in sizes}
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
            *(f'{INDENT}{s} = _size(sizes, "{s}", {least[s]})' for s in sizes),
            f"{INDENT}rng = np.random.default_rng(rng)",
            f"{INDENT}return {{",
            *(f'{INDENT * 2}"{q.name}": {self.initial(q)},' for q in self.model.parameters),
            f"{INDENT}}}",
        ]
        return "\n".join(lines)

    def initial(self, quantity: Quantity) -> str:
        axes = shape(quantity)
        size = tuple_source(a.text for a in axes)
        summed = self.summed_axes(quantity)
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
        program = self.program.pruned(outputs)
        sizes = sorted(self.needed_sizes(program))
        used = (
            {t.name for t in program.given}
            | {q.name for q in self.model.parameters if not q.axes}
            | {self.sizes[s].partition(".")[0] for s in sizes}
            | set(typed(program))
        )
        order = [q.name for q in (*self.model.parameters, *self.data)]
        unpacked = ", ".join(local(n) if n in used or local(n) in used else "_" for n in order) + (
            "," if len(order) == 1 else ""
        )
        body = [
            *_DOCSTRINGS[name].format(objective=self.model.objective).splitlines(),
            f"{unpacked} = _arrays(params, data)",
            *(f"{s} = {self.sizes[s]}" for s in sizes),
            *statements(program),
            f"return {self.result(name, outputs)}",
        ]
        return f"def {name}(params, data):\n" + indent("\n".join(body), INDENT, lambda line: bool(line.strip()))

    def needed_sizes(self, program: Program) -> set[str]:
        """Sizes that are written as numbers, outside the limits of sums."""
        needed = {s for o in program.operations for s in sizes_written(o)}
        for size in sorted(needed - set(self.sizes)):
            raise LoweringError(
                f"{size} is used as a number, but it is not the length of any array; make it a quantity"
            )
        return needed

    def result(self, function: str, outputs: tuple[str, ...]) -> str:
        if function == "value":
            return local(outputs[0])
        if function == "forward":
            return "{" + ", ".join(f'"{name}": {local(name)}' for name in outputs) + "}"
        gradients = ((q, adjoint_name(self.model, q.name)) for q in self.model.parameters)
        entries = (
            f'"{q.name}": {name if q.axes else f"np.array({name}, {local(q.name)}.dtype)"}' for q, name in gradients
        )
        return f"{local(self.model.objective)}, {{{', '.join(entries)}}}"

    def row_functions(self) -> list[str]:
        rows: dict[Unary, None] = {}
        for operation in self.program.operations:
            for call in sorted(operation.meaning.atoms(RowFunction), key=str):
                if free_indices(call.args[0]) and needs_definition(call.row):
                    rows[call.row] = None
        return [function_source(row) for row in rows]

    # -- what is passed in -------------------------------------------------------------------------

    def arrays(self) -> str:
        parameters, data = self.model.parameters, self.data
        every = [*parameters, *data]
        names = [local(q.name) for q in every]
        unpack = [f'params["{q.name}"]' for q in parameters] + [f'data["{q.name}"]' for q in data]
        tests = [
            f"{' is '.join(f'type({n})' for n in names)} is np.ndarray",
            f"{' == '.join(f'{n}.dtype' for n in names)}",
            f"{names[0]}.dtype in _DTYPES",
            *(f"{local(q.name)}.shape == {tuple_source(a.text for a in shape(q))}" for q in every),
        ]
        lines = [
            "def _arrays(params, data):",
            f'{INDENT}"""The arrays in the order of PARAMETERS and DATA, after all checks."""',
            f"{INDENT}try:",
            f"{INDENT * 2}{', '.join(names)}{',' if len(names) == 1 else ''} = {', '.join(unpack)}",
            *(f"{INDENT * 2}{s} = {e}" for s, e in self.sizes.items()),
            f"{INDENT * 2}fit = (",
            f"{INDENT * 3}" + f"\n{INDENT * 3}and ".join(tests),
            f"{INDENT * 2})",
            f"{INDENT}except (AttributeError, IndexError, KeyError, TypeError):",
            f"{INDENT * 2}fit = False",
            f"{INDENT}return ({', '.join(names)}{',' if len(names) == 1 else ''}) if fit else _converted(params, data)",
        ]
        lengths = _dict_source((q.name, tuple_source(_pair(a) for a in shape(q))) for q in every)
        return "\n".join((*lines, "", "", f"_LENGTHS = {lengths}  # each axis: a size and how much longer than it"))


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


def _dict_source(entries: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f'"{name}": {value}' for name, value in entries) + "}"


def _pair(axis: Axis) -> str:
    return f'("{axis.size}", {axis.more})' if axis.size else f"(None, {axis.more})"


def _identifier(name: str) -> str:
    return name.replace("-", "_")

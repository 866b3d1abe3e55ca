"""Calling somebody else's function: what runs in the worker, and what travels to it and back.

The function gets copies, so that it may do with its arguments what it likes; what it prints goes nowhere; it has no
standard input. It may hang, exit or eat memory: the sandbox sees to that. It is not kept from files or the network.
"""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lowering.loading import loaded_source

Array = np.ndarray[Any, np.dtype[Any]]
Part = Array | list[Array]
MOST_FRAMES = 200


class AuditError(ValueError):
    """Code that cannot be judged; the message says what stands in the way."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A function in a file."""

    path: str
    function: str

    def __str__(self) -> str:
        return f"{self.path}:{self.function}"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of the function: whether it must be given, and whether only by keyword."""

    name: str
    required: bool
    keyword: bool


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A function of arrays, entry by entry, as source, so that it can be sent to the process that calls it.

    Attributes:
        letters: of its arguments.
        source: of its value.
    """

    letters: tuple[str, ...]
    source: str

    def __call__(self, *arrays: Any) -> Any:
        """The value, of the shape that the arguments have together."""
        return _compiled(self)(*map(np.asarray, arrays))


@cache
def _compiled(passed: Passed) -> Callable[..., Any]:
    letters = ", ".join(passed.letters)
    value = f"{passed.source} + np.zeros(np.broadcast({letters}).shape)"
    function: Callable[..., Any] = loaded_source(
        f"import numpy as np\n\n\ndef passed({letters}):\n    return {value}\n"
    ).passed
    return function


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call: the function, its arguments by name, and whether lists of arrays in its result stay lists."""

    target: Target
    arguments: Mapping[str, Any]
    lists: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of a call.

    Attributes:
        parts: what was returned: by name, or in order under the names "0", "1", …; one array alone under "". A list of
            arrays is one part where the call says so.
        trouble: one line if there is no result.
        steady: whether a second call gave the same.
        changed: the arguments that the function wrote to.
    """

    parts: Mapping[str, Part] = field(default_factory=dict)
    trouble: str = ""
    steady: bool = True
    changed: tuple[str, ...] = ()


def described(target: Target) -> tuple[Parameter, ...] | str:
    """Runs in the worker: the parameters of the function, or what stands in the way."""
    with _quiet():
        try:
            return _parameters(_function(target), target)
        except AuditError as error:
            return str(error)


def called(call: Call) -> Answer:
    """Runs in the worker: the answer to one call, made twice."""
    with _quiet():
        try:
            function = _function(call.target)
            given = _copied(call.arguments)
            first = _parts(_result(function, given, call.target), call.lists)
            again = _parts(_result(function, _copied(call.arguments), call.target), call.lists)
        except AuditError as error:
            return Answer(trouble=str(error))
    changed = tuple(name for name in given if not _same(given[name], call.arguments[name]))
    return Answer(parts=first, steady=_same(first, again), changed=changed)


# -- the file --------------------------------------------------------------------------------------


def _function(target: Target) -> Callable[..., Any]:
    path = Path(target.path).resolve()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise AuditError(f"{target.path} is not a Python file; expected FILE.py:FUNCTION")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        raise AuditError(f"{target.path} cannot be imported: {_told(error, path)}") from None
    finally:
        sys.path.remove(str(path.parent))
    found = getattr(module, target.function, None)
    if found is None:
        raise AuditError(f"{target.path} has no {target.function}; it defines {_defined(module)}")
    if not callable(found):
        raise AuditError(f"{target} is a {type(found).__name__}; expected a function")
    return found  # type: ignore[no-any-return]


def _defined(module: Any) -> str:
    names = [n for n, v in vars(module).items() if inspect.isfunction(v) and v.__module__ == module.__name__]
    return ", ".join(names) or "no function"


def _parameters(function: Callable[..., Any], target: Target) -> tuple[Parameter, ...]:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        raise AuditError(f"the parameters of {target} cannot be read; expected a plain function") from None
    found = []
    for p in signature.parameters.values():
        if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD):
            continue
        if p.kind is p.POSITIONAL_ONLY:
            raise AuditError(f"{target} has the parameter {p.name} by place only; take away the / in its signature")
        found.append(Parameter(name=p.name, required=p.default is p.empty, keyword=p.kind is p.KEYWORD_ONLY))
    return tuple(found)


# -- the call --------------------------------------------------------------------------------------


def _result(function: Callable[..., Any], arguments: Mapping[str, Any], target: Target) -> Any:
    try:
        with np.errstate(all="ignore"):
            return function(**arguments)
    except MemoryError:
        raise
    except BaseException as error:  # whatever the code of others does, SystemExit included
        raise AuditError(_told(error, Path(target.path).resolve())) from None


def _told(error: BaseException, path: Path) -> str:
    """What was raised, in one line, with the line of the file that it came from."""
    frames = traceback.extract_tb(error.__traceback__)[:MOST_FRAMES]
    lines = [f.lineno for f in frames if Path(f.filename) == path]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        lines = [error.lineno]
    where = f" (line {lines[-1]})" if lines else ""
    text = " ".join(str(error).split())
    if isinstance(error, SystemExit):
        return f"it calls exit({text}){where}"
    return f"{type(error).__name__}{': ' if text else ''}{text}{where}"


def _parts(result: Any, lists: bool) -> dict[str, Part]:
    """The arrays of a result, by name; lists of arrays among them stay lists if they may."""
    if isinstance(result, Mapping):
        return {str(name): _part(value, f"under {name!r}", lists) for name, value in result.items()}
    if lists and isinstance(result, list | tuple) and (names := _names_of_layers(result)):
        return _parts({name: [layer[name] for layer in result] for name in names}, lists)
    if isinstance(result, tuple) or (isinstance(result, list) and not _is_numbers(result, lists)):
        found: dict[str, Part] = {}
        for k, part in enumerate(result):
            nested = isinstance(part, Mapping | tuple | list) and not _is_numbers(part, lists)
            whole = not nested or (lists and _is_list(part))
            inner = {"": _part(part, f"in place {k}", lists)} if whole else _parts(part, lists)
            found |= {
                (name if isinstance(part, Mapping) else f"{k}.{name}".rstrip(".")): a for name, a in inner.items()
            }
        return found
    return {"": _array(result, "as its result")}


def _names_of_layers(layers: Sequence[Any]) -> list[Any]:
    """The names under which each layer has an array, if a list has layers that are dictionaries."""
    named = bool(layers) and all(isinstance(layer, Mapping) and set(layer) == set(layers[0]) for layer in layers)
    return list(layers[0]) if named else []


def _part(value: Any, where: str, lists: bool) -> Part:
    return [_array(part, where) for part in value] if lists and _is_list(value) else _array(value, where)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) > 0 and all(isinstance(part, np.ndarray) for part in value)


def _is_numbers(value: Any, lists: bool) -> bool:
    """Whether a list is one array written out, not a list of arrays, or of the arrays of layers."""
    return isinstance(value, list) and not any(
        isinstance(part, Mapping | np.ndarray) or _is_layer(part, lists) for part in value
    )


def _is_layer(value: Any, lists: bool) -> bool:
    """Whether a part holds several arrays, which are no rows of one if they differ in shape."""
    return _is_list(value) and (lists or len({part.shape for part in value}) > 1)


def _array(value: Any, where: str) -> Array:
    try:
        array = np.asarray(value)
    except Exception as error:
        raise AuditError(f"it returns {where} what is no array: {type(error).__name__}: {error}") from None
    if array.dtype.kind not in "biuf":
        kind = "complex numbers" if array.dtype.kind == "c" else f"a {type(value).__name__} that is no array of numbers"
        raise AuditError(f"it returns {kind} {where}; expected an array of real numbers")
    return np.array(array)


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_copied(part) for part in value]
    return np.array(value) if isinstance(value, np.ndarray) else value


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, Mapping):
        return set(a) == set(b) and all(_same(a[name], b[name]) for name in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(_same, a, b))
    return bool(np.array_equal(a, b, equal_nan=True)) if isinstance(a, np.ndarray) else a is b or a == b


@contextmanager
def _quiet() -> Iterator[None]:
    """Standard input is empty, and what is printed goes nowhere, also by what Python calls."""
    saved, streams = [os.dup(fd) for fd in (0, 1, 2)], (sys.stdout, sys.stderr)
    nowhere = os.open(os.devnull, os.O_RDWR)
    sys.dont_write_bytecode = True
    try:
        for fd in (0, 1, 2):
            os.dup2(nowhere, fd)
        yield
    finally:
        sys.stdout, sys.stderr = streams
        for stream in streams:
            stream.flush()
        for fd, old in enumerate(saved):
            os.dup2(old, fd)
            os.close(old)
        os.close(nowhere)

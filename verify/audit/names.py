"""What the code calls the quantities of the model: by name, by a mapping file, or by what works."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, permutations
from pathlib import Path
from typing import Any

import numpy as np

from .calling import AuditError, Parameter, Part

PARAMS, DATA = "params", "data"  # a dictionary of all parameters, or of all data
MOST_TRIED = 120
FOR_LAMBDA = ("lam", "lamb", "lambd", "lmb", "lmbd", "lmbda", "reg")  # `lambda` is a word of Python's
_FORM = re.compile(r"(?P<name>\w+)(?P<view>\.T|\[:, None\]|\[None, :\])?")


@dataclass(frozen=True, kw_only=True)
class Form:
    """A quantity in the form in which the code has it: `W.T`, `y[:, None]`, `b[None, :]`, or as it is."""

    name: str
    view: str = ""

    def of(self, array: Any) -> Any:
        """The quantity's array as the code wants it; of a list each."""
        if isinstance(array, list):
            return [self.of(part) for part in array]
        if self.view == ".T":
            return array.T
        return array[:, None] if self.view == "[:, None]" else array[None, :] if self.view else array

    def back(self, array: Part) -> Part:
        """An array of the code as the quantity has it; as it is if it does not have this form; of a list each."""
        if isinstance(array, list):
            return [np.asarray(self.back(part)) for part in array]
        if self.view == ".T":
            return array.T
        axis = 1 if self.view == "[:, None]" else 0
        return array.squeeze(axis) if self.view and array.ndim == 2 and array.shape[axis] == 1 else array

    def __str__(self) -> str:
        return self.name + self.view


Binding = Mapping[str, Form]  # from the parameters of a function to quantities, or to PARAMS and DATA


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a mapping file says.

    Attributes:
        arguments, results: from names of the code to quantities.
        negated, mean: whether the code is meant for −L, and for L / n.
    """

    arguments: Mapping[str, Form] = field(default_factory=dict)
    results: Mapping[str, Form] = field(default_factory=dict)
    negated: bool = False
    mean: bool = False


def read_names(path: str | Path, data: Iterable[str], params: Iterable[str]) -> Names:
    """The mapping in a TOML file.

    Args:
        path: of the file.
        data: the other quantities of the model.
        params: those that have gradients.
    Raises: AuditError: if the file cannot be read, or names what the model does not have.
    """
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise AuditError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AuditError(f"{path} is no TOML file: {error}") from None
    tables = {"arguments": (*params, *data, PARAMS, DATA), "results": tuple(params), "objective": ()}
    for name in content:
        if name not in tables or not isinstance(content[name], dict):
            raise AuditError(f"{path}: {name!r} is unknown; expected the tables [arguments], [results], [objective]")
    flags = content.get("objective", {})
    for name, value in flags.items():
        if name not in ("negated", "mean") or not isinstance(value, bool):
            raise AuditError(f"{path}: [objective] has negated and mean, true or false, not {name} = {value!r}")
    forms = {table: _forms(path, table, content.get(table, {}), tables[table]) for table in ("arguments", "results")}
    return Names(arguments=forms["arguments"], results=forms["results"], **flags)


def _forms(path: str | Path, table: str, rows: Mapping[str, Any], known: Sequence[str]) -> dict[str, Form]:
    found = {}
    for name, text in rows.items():
        match = _FORM.fullmatch(text) if isinstance(text, str) else None
        if match is None or match["name"] not in known:
            forms = "NAME, NAME.T, NAME[:, None] or NAME[None, :]"
            raise AuditError(f"{path}: [{table}] {name} = {text!r}; expected {forms} of {', '.join(known)}")
        found[name] = Form(name=match["name"], view=match["view"] or "")
    return found


# -- arguments -------------------------------------------------------------------------------------


def bindings(
    signature: Sequence[Parameter], names: Names, params: Sequence[str], data: Sequence[str], target: object
) -> list[Binding]:
    """What the parameters of a function may stand for, one candidate or several to try.

    Raises: AuditError: if no candidate is in sight.
    """
    for name in names.arguments:
        if name not in {p.name for p in signature}:
            raise AuditError(f"the mapping names an argument {name}, but {target} has {_listed(signature)}")
    fixed = dict(names.arguments)
    known = (*params, *data)
    for p in signature:
        quantity = p.name if p.name in known else alike(p.name, known)
        if p.name not in fixed and (quantity is not None or p.name in (PARAMS, DATA)):
            fixed[p.name] = Form(name=quantity or p.name)
    used = {form.name for form in fixed.values()}
    used |= {*(params if PARAMS in used else ()), *(data if DATA in used else ())}
    left = [p.name for p in signature if p.required and p.name not in fixed]
    open_ = [name for name in known if name not in used]
    found: list[Binding] = [{**fixed, **more} for more in islice(_completed(left, open_, params, data), MOST_TRIED)]
    if not found:
        raise AuditError(
            f"it is not clear what {', '.join(left)} of {target} is: the model has {', '.join(known)}; "
            "say it with --mapping FILE.toml"
        )
    return found


def _completed(
    left: Sequence[str], open_: Sequence[str], params: Sequence[str], data: Sequence[str]
) -> Iterator[dict[str, Form]]:
    """Ways to give meaning to what is left of a signature."""
    if not left:
        yield {}
        return
    groups = [group for group, members in ((PARAMS, params), (DATA, data)) if set(members) <= set(open_) and members]
    if len(left) <= len(groups):
        for order in permutations(groups, len(left)):
            yield {name: Form(name=group) for name, group in zip(left, order, strict=True)}
    for chosen in permutations(open_, len(left)):
        yield {name: Form(name=quantity) for name, quantity in zip(left, chosen, strict=True)}


def arguments(binding: Binding, params: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of one call."""
    groups: dict[str, Any] = {PARAMS: dict(params), DATA: dict(data)}
    values = {**data, **params}
    return {
        name: groups[form.name] if form.name in groups else form.of(_arrays(values[form.name]))
        for name, form in binding.items()
    }


def _arrays(value: Any) -> Any:
    return value if isinstance(value, list) else np.asarray(value)


def alike(name: str, known: Iterable[str]) -> str | None:
    """The one quantity that is spelled so but for capitals and underscores."""
    found = [k for k in known if _bare(k) == _bare(name)]
    return found[0] if len(found) == 1 else None


def _bare(name: str) -> str:
    bare = name.replace("_", "").lower()
    return "lambda" if bare in FOR_LAMBDA else bare


def _listed(signature: Sequence[Parameter]) -> str:
    return ", ".join(p.name for p in signature) or "no parameter"

"""Lowering: from a model to a NumPy module whose gradient is proved, and a certificate that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from sympy import Expr

from derive.adjoint import adjoint_rule
from derive.calculus.indices import transform
from derive.calculus.tidy import collapse_deltas
from derive.files import write_text
from derive.model import Model
from derive.prove import Proof, off_kinks, prove
from derive.quantities import Definition, Kind
from derive.vocabulary import Partial, indices_of, is_name, name_of, scalar, tensor

from .adjoint import adjoint_name, adjoints
from .backends.numpy.module import certificate_line
from .backends.table import BACKENDS
from .certificate import Certificate, ProvedEquation, certificate_path, certified, digest
from .checks import Check, checks
from .contract import program
from .crosscheck import crosschecks, installed
from .labels import with_labels
from .loading import loaded_source
from .program import LoweringError, Program
from .stabilise import Computable, computable

DTYPES = ("float64", "float32")


@dataclass(frozen=True, kw_only=True)
class Lowered:
    """The source of a module and what is known about it."""

    source: str
    certificate: Certificate


@dataclass(frozen=True, kw_only=True)
class Lowering:
    """The stages between a model and its source.

    Attributes:
        over_data: the model over its data.
        computable: the same with pre-activations named and logarithms safe.
        adjoints: definitions of the adjoints.
        program: operations for all definitions and adjoints.
        source: the module.
    """

    over_data: Model
    computable: Computable
    adjoints: tuple[Definition, ...]
    program: Program
    source: str


def lower(model: Model, *, dtype: str = "float64", backend: str = "numpy") -> Lowered:
    """The verified module of a model.

    Args:
        model: for one data point, or over its data already.
        dtype: of the parameters that `init` makes, `float64` or `float32`.
        backend: a name in `BACKENDS`.
    Raises: LoweringError: if the model has no array form here, or the module fails a numerical check;
        ModuleNotFoundError: if the library of the back end is not installed.
    """
    stages = lowering(model, dtype=dtype, backend=backend)
    import_module(BACKENDS[backend].library)  # which the checks need
    module = BACKENDS[backend].on_arrays(loaded_source(stages.source))
    found = checks(module, stages.computable.named)
    others = crosschecked(stages, module, installed())
    failed = [check for check in (*found, *others) if not check.passed]
    if failed:
        first = failed[0]
        raise LoweringError(
            f"the module of {model.name} fails its check of the {first.what} ({first.method}, {first.dtype}, "
            f"{dict(first.sizes)}): {first.worst_component} is off by {first.worst_relative_error:.2g}, at most "
            f"{first.tolerance:.2g} is allowed; nothing was written"
        )
    certificate = certified(
        model=stages.over_data,
        computable=stages.computable,
        partials=proved_partials(stages),
        checks=found,
        crosschecks=others,
        dtype=dtype,
        backend=backend,
        source=stages.source,
    )
    return Lowered(source=stages.source, certificate=certificate)


def crosschecked(stages: Lowering, module: ModuleType, libraries: Iterable[str]) -> tuple[Check, ...]:
    """The gradient of a module against what other libraries make of its program.

    Args:
        stages: of the module.
        module: on NumPy arrays.
        libraries: which are installed.
    """
    computed = stages.computable

    def written(name: str) -> ModuleType:
        parts = (computed.model, computed.named, stages.program, stages.adjoints, "float64")
        return loaded_source(BACKENDS[name].write(*parts))

    return crosschecks(module, computed.named, stages.program, written, libraries)


def write(lowered: Lowered, path: str | Path) -> None:
    """Write the module, and its certificate beside it as `NAME.certificate.json`; the module names that file."""
    place = Path(path)
    beside = certificate_path(place)
    source = named_certificate(lowered.source, beside.name)
    certificate = replace(lowered.certificate, sha256=digest(source))
    write_text(beside, certificate.text())
    write_text(place, source)


def named_certificate(source: str, name: str) -> str:
    """The source with this file name as its CERTIFICATE."""
    lines = source.split("\n")
    place = next(k for k, line in enumerate(lines) if line.startswith("CERTIFICATE = "))
    lines[place] = certificate_line(name)
    return "\n".join(lines)


def lowering(model: Model, *, dtype: str, backend: str) -> Lowering:
    """All stages, without checks.

    Raises: LoweringError: for a dtype, back end or formula that is not supported.
    """
    if dtype not in DTYPES:
        raise LoweringError(f"the dtype {dtype!r} is not supported; take one of {', '.join(DTYPES)}")
    if backend not in BACKENDS:
        raise LoweringError(f"there is no back end {backend!r}; take one of {', '.join(BACKENDS)}")
    if not model.objective:
        raise LoweringError(f"model {model.name} has no objective, so there is no gradient to lower")
    if not model.parameters:
        raise LoweringError(f"model {model.name} has no parameters, so there is no gradient to lower")
    over_data = model if model.sample is not None or not _has_data(model) else model.over_data()
    stages = computable(over_data)
    gradients = adjoints(stages.model, stages.sums)
    operations = program(stages.model, (*stages.model.definitions, *gradients))
    made = (stages.model.objective, *(adjoint_name(stages.model, q.name) for q in stages.model.parameters))
    operations = with_labels(operations, stages.model, made)
    source = BACKENDS[backend].write(stages.model, stages.named, operations, gradients, dtype)
    return Lowering(over_data=over_data, computable=stages, adjoints=gradients, program=operations, source=source)


def _has_data(model: Model) -> bool:
    """Whether the objective depends on data, so that there are points to sum over."""
    return any(q.kind is Kind.DATA and model.depends(model.objective, q.name) for q in model.given)


def proved_partials(stages: Lowering) -> tuple[ProvedEquation, ...]:
    """What the program computes, read back from its operations and held against the model, at symbolic sizes.

    First every quantity of the model against its definition, the objective too; then every adjoint against one step
    of the chain rule backwards, ∂L/∂v = Σ ∂L/∂c · ∂c/∂v in adjoints that are proved likewise, the parameters' last.
    The program computes each adjoint after those that it uses, so that they are what they stand for, one by one.
    """
    named = stages.computable.named
    whole = named.quantities[named.objective].at()
    opaque = {*named.quantities, *(d.name for d in stages.adjoints)}
    values = [_proved_value(stages, d) for d in named.definitions]
    by_adjoint = {adjoint_name(named, name): q for name, q in named.quantities.items()}
    stand_for = {d.name: by_adjoint[d.name].name for d in stages.adjoints}
    model = stages.computable.model
    partials = []
    for d in stages.adjoints:
        left, right = by_adjoint[d.name].at(), stages.program.read_back(d.name, opaque)
        proof = prove(_backwards(whole, left, model, stand_for), right, model)
        shown = transform(right, lambda e: _stands_for(e, stand_for, named))
        partials.append(_partial(Partial(whole, left), shown, proof, model))
    return (*values, *_resting_on_proved(partials))


def _resting_on_proved(partials: list[ProvedEquation]) -> tuple[ProvedEquation, ...]:
    """The partials, with the proofs of those taken back that use one without a proof."""
    unproved = {e.left for e in partials if e.proof is None}
    names = {name_of(left.args[1]) for left in unproved}
    found = [replace(e, proof=None) if _uses(e, names) else e for e in partials]
    return _resting_on_proved(found) if any(a is not b for a, b in zip(found, partials, strict=True)) else tuple(found)


def _uses(equation: ProvedEquation, names: set[str]) -> bool:
    used = {name_of(p.wrt) for p in equation.right.atoms(Partial)}
    return equation.proof is not None and bool(used & names)


def _proved_value(stages: Lowering, d: Definition) -> ProvedEquation:
    named = stages.computable.named
    right = stages.program.read_back(d.name, named.quantities)
    return ProvedEquation(kind="value", left=d.target, right=right, proof=prove(named.body(d.target), right, named))


def _partial(left: Expr, right: Expr, proof: Proof | None, model: Model) -> ProvedEquation:
    kinks = off_kinks(left, right, model)
    conditions = proof and replace(proof, conditions=(*proof.conditions, *kinks))
    return ProvedEquation(kind="partial", left=left, right=right, proof=conditions)


def _backwards(whole: Expr, wrt: Expr, model: Model, stand_for: Mapping[str, str]) -> Expr:
    """∂whole/∂wrt by the chain rule backwards until only adjoints are left that the program has."""
    adjoint = {name: own for own, name in stand_for.items()}

    def known(e: Expr) -> Expr | None:
        if not isinstance(e, Partial):
            return None
        name, where = name_of(e.wrt), indices_of(e.wrt)
        if name in adjoint:
            return tensor(adjoint[name])[where] if where else scalar(adjoint[name])
        return _backwards(whole, e.wrt, model, stand_for)

    return transform(collapse_deltas(adjoint_rule(whole, wrt, model)), known)


def _stands_for(e: Expr, stand_for: Mapping[str, str], model: Model) -> Expr | None:
    """The derivative that an adjoint's entry stands for."""
    if not is_name(e) or name_of(e) not in stand_for:
        return None
    q = model.quantities[stand_for[name_of(e)]]
    derivative: Expr = Partial(model.quantities[model.objective].at(), q.at(*indices_of(e)))
    return derivative

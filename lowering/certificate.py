"""Certificates: what was proved and what was measured about a lowered module, and nothing else."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sympy import Expr

from derive.model import Model
from derive.prove import Proof

from .checks import Check
from .formulas import equation
from .record import record
from .stabilise import Computable

SCHEMA = "gradproof.certificate/1"


@dataclass(frozen=True, kw_only=True)
class ProvedEquation:
    """left = right, and how it was proved; None if no proof was found.

    `kind` is `value` for a quantity of the model and what the module computes under its name, `partial` for a
    derivative of the objective and what the module computes for it.
    """

    kind: str
    left: Expr
    right: Expr
    proof: Proof | None


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """The certificate of one module, as data that `json` can write.

    Attributes:
        versions: of Python and of the libraries it was made with.
        model: name, title, the definitions in LaTeX, and a record from which the model can be restored.
        values: each quantity as the module computes it, with its proof status.
        partials: each derivative of the objective as the module computes it, with its proof status.
        rewrites: each identity that was used on the way to a safe form, with its proof status.
        checks: each numerical check.
        dtype, backend: what it was lowered for.
        sha256: of the module's file.
    """

    versions: Mapping[str, str]
    model: Mapping[str, Any]
    values: tuple[Mapping[str, Any], ...]
    partials: tuple[Mapping[str, Any], ...]
    rewrites: tuple[Mapping[str, Any], ...]
    checks: tuple[Mapping[str, Any], ...]
    crosschecks: tuple[Mapping[str, Any], ...]
    dtype: str
    backend: str
    sha256: str

    def as_data(self) -> dict[str, Any]:
        """The content of the certificate's file."""
        return {
            "schema": SCHEMA,
            "versions": dict(self.versions),
            "sha256": self.sha256,
            "backend": self.backend,
            "dtype": self.dtype,
            "model": dict(self.model),
            "values": list(self.values),
            "partials": list(self.partials),
            "rewrites": list(self.rewrites),
            "checks": list(self.checks),
            "crosschecks": list(self.crosschecks),
        }

    def text(self) -> str:
        """The certificate's file; the same content gives the same bytes."""
        return json.dumps(self.as_data(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    @property
    def proved(self) -> bool:
        """Whether every value, partial and rewrite is."""
        return all(e["verdict"] == "proved" for e in (*self.values, *self.partials, *self.rewrites))


def certified(
    *,
    model: Model,
    computable: Computable,
    partials: tuple[ProvedEquation, ...],
    checks: tuple[Check, ...],
    crosschecks: tuple[Check, ...] = (),
    dtype: str,
    backend: str,
    source: str,
) -> Certificate:
    """The certificate of a module from what was found.

    Args:
        model: over its data.
        computable: its stages, with the rewrites.
        partials: what was proved of the program.
        checks: what was measured of the module.
        crosschecks: what it was held against where other libraries are installed.
        dtype: what it was lowered for.
        backend: what it was lowered for.
        source: of the module.
    """
    named = computable.named
    return Certificate(
        versions=versions(backend),
        model={
            "name": model.name,
            "title": model.title,
            "objective": model.objective,
            "sense": model.sense.value,
            "definitions": [equation(d.target, d.expr, named) for d in named.definitions],
            "record": record(model),
        },
        values=tuple(_equation_data(e, named) for e in partials if e.kind == "value"),
        partials=tuple(_equation_data(e, named) for e in partials if e.kind == "partial"),
        rewrites=tuple(
            {"rule": r.rule, "latex": equation(r.before, r.after, named), **_proof_data(r.proof)}
            for r in computable.rewrites
        ),
        checks=tuple(check.as_data() for check in checks),
        crosschecks=tuple(check.as_data() for check in crosschecks),
        dtype=dtype,
        backend=backend,
        sha256=digest(source),
    )


def certificate_path(module: Path) -> Path:
    """The certificate beside a module: `mlp.py` has `mlp.certificate.json`."""
    return module.with_name(f"{module.stem}.certificate.json")


def digest(source: str | bytes) -> str:
    """The SHA-256 of a module's file."""
    return hashlib.sha256(source.encode("utf-8") if isinstance(source, str) else source).hexdigest()


def versions(backend: str = "numpy") -> dict[str, str]:
    """What the computation rests on, the library of the back end included."""
    found = {"python": platform.python_version()}
    for name in dict.fromkeys(("sympy", "numpy", "mpmath", "gradproof", backend)):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed as a package"
    return found


def _equation_data(e: ProvedEquation, named: Model) -> dict[str, Any]:
    found = {"name": str(e.left), "latex": equation(e.left, e.right, named), **_proof_data(e.proof)}
    if e.kind == "partial":
        of, wrt = e.left.args
        found = {"of": str(of), "wrt": str(wrt), **{k: v for k, v in found.items() if k != "name"}}
    return found


def _proof_data(proof: Proof | None) -> dict[str, Any]:
    if proof is None:
        return {"verdict": "undecided"}
    return {"verdict": "proved", "unfolded": list(proof.unfolded), "conditions": list(proof.conditions)}

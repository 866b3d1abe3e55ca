"""The certificate of a module recomputed: every claim it makes is made again and compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from derive.model import Model

from .backends.table import BACKENDS
from .certificate import SCHEMA, Certificate, certificate_path, certified, digest
from .checks import Check, checks
from .crosscheck import LIBRARIES, installed
from .loading import CannotLoadError, loaded
from .lower import Lowering, crosschecked, lowering, named_certificate, proved_partials
from .record import restored

Data = Mapping[str, Any]

_RECOMPUTED = ("values", "partials", "rewrites")


class CertificateError(ValueError):
    """A certificate that cannot be read; the message says what is wrong with it."""


def verify_certificate(module_path: str | Path) -> list[str]:
    """What is wrong with a module or its certificate, one line each; an empty list if everything holds.

    Everything is computed again: the SHA-256, the source from the model, the proofs, and the numerical checks of
    the module's own code. The module is imported for that, so it should be one that you would run.

    Raises: CertificateError: if there is no module or no certificate beside it that can be read.
    """
    place = Path(module_path)
    source, claimed = _read(place)
    stages, recomputed = _again(claimed)
    return [
        *_problems_of_source(source, place, claimed, stages),
        *_problems_of_claims(claimed, recomputed),
        *_problems_of_module(place, claimed, stages),
    ]


def _read(place: Path) -> tuple[bytes, Data]:
    beside = certificate_path(place)
    try:
        source, text = place.read_bytes(), beside.read_text(encoding="utf-8")
        claimed = json.loads(text)
    except OSError as error:
        raise CertificateError(f"{error.filename} cannot be read: {error.strerror}") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CertificateError(f"{beside} is no certificate: {error}") from None
    if not isinstance(claimed, dict) or claimed.get("schema") != SCHEMA:
        found = claimed.get("schema") if isinstance(claimed, dict) else type(claimed).__name__
        raise CertificateError(f"{beside} has the schema {found!r}, expected {SCHEMA!r}; lower the model again")
    return source, claimed


def _again(claimed: Data) -> tuple[Lowering, Certificate]:
    """The stages and the symbolic part of the certificate from the recorded model."""
    try:
        model = restored(claimed["model"]["record"])
        stages = lowering(model, dtype=claimed["dtype"], backend=claimed["backend"])
    except (KeyError, TypeError, ValueError) as error:
        raise CertificateError(f"the certificate's model cannot be lowered again: {error}") from None
    return stages, certified(
        model=stages.over_data,
        computable=stages.computable,
        partials=proved_partials(stages),
        checks=(),
        dtype=claimed["dtype"],
        backend=claimed["backend"],
        source=stages.source,
    )


def _problems_of_source(source: bytes, place: Path, claimed: Data, stages: Lowering) -> Iterator[str]:
    found = digest(source)
    if claimed.get("sha256") != found:
        yield f"{place.name} has SHA-256 {found}, the certificate says {claimed.get('sha256')}"
    written = named_certificate(stages.source, certificate_path(place).name)
    if source != written.encode("utf-8"):
        yield f"{place.name} is not what the certificate's model is lowered to, so the proofs are not about it"


def _problems_of_claims(claimed: Data, recomputed: Certificate) -> Iterator[str]:
    again = recomputed.as_data()
    for key in ("name", "title", "objective", "sense", "definitions"):
        if claimed["model"].get(key) != again["model"][key]:
            yield f"the certificate's {key} of the model is {claimed['model'].get(key)!r}, not {again['model'][key]!r}"
    for key in _RECOMPUTED:
        stated, found = claimed.get(key), again[key]
        if not isinstance(stated, list) or len(stated) != len(found):
            yield f"the certificate's list of {key} is not the one recomputed, which has {len(found)}"
            continue
        for a, b in zip(stated, found, strict=True):
            if a != b:
                yield f"the certificate says {_shown(a)}; recomputed: {_shown(b)}"


def _problems_of_module(place: Path, claimed: Data, stages: Lowering) -> Iterator[str]:
    named = stages.computable.named
    try:
        module = loaded(place)
    except CannotLoadError as error:
        yield str(error)
        return
    yield from _problems_of_data(module, place, named)
    running = BACKENDS[claimed["backend"]].on_arrays(module)
    yield from _problems_of_checks(claimed.get("checks"), checks(running, named))
    stated = claimed.get("crosschecks", [])
    told = str(stated)
    libraries = {name for name in LIBRARIES if f"by {name}" in told}
    for name in sorted(libraries - set(installed())):
        yield f"the certificate tells of a check by {name}, which is not installed here; install it to repeat the check"
    if libraries <= set(installed()):
        repeated = crosschecked(stages, running, [n for n in LIBRARIES if n in libraries])
        yield from _problems_of_checks(stated, repeated)


def _problems_of_checks(stated: Any, found: tuple[Check, ...]) -> Iterator[str]:
    for check in found:
        if not check.passed:
            yield _failure(check)
    if not isinstance(stated, list) or [_kind(c) for c in stated] != [_kind(c.as_data()) for c in found]:
        yield "the certificate's list of numerical checks is not the one recomputed"
        return
    for a, check in zip(stated, found, strict=True):
        worst = a.get("worst_relative_error")
        if not isinstance(worst, int | float) or not worst <= check.tolerance or a.get("passed") is not True:
            yield f"the certificate states an error of {worst} for the {check.what} where {check.tolerance} is allowed"


def _problems_of_data(module: ModuleType, place: Path, named: Model) -> Iterator[str]:
    if getattr(module, "CERTIFICATE", None) != certificate_path(place).name:
        yield f"{place.name} names {getattr(module, 'CERTIFICATE', None)!r} as its certificate, not the one beside it"
    objective = (named.objective, named.sense.value)
    if getattr(module, "OBJECTIVE", None) != objective:
        yield f"{place.name} has the OBJECTIVE {getattr(module, 'OBJECTIVE', None)!r}, the model has {objective!r}"


def _failure(check: Check) -> str:
    where = f"{check.logits[0]} up to {check.logits[1]:g}, " if check.logits else ""
    return (
        f"the {check.what} is wrong ({check.method}, {check.dtype}, {where}{dict(check.sizes)}): "
        f"{check.worst_component}, relative error {check.worst_relative_error:.2g}, tolerance {check.tolerance:.2g}"
    )


def _kind(check: Any) -> Any:
    keys = ("what", "method", "dtype", "sizes", "points", "tolerance", "logits")
    return {key: check.get(key) for key in keys} if isinstance(check, dict) else None


def _shown(claim: Any) -> str:
    if not isinstance(claim, dict):
        return repr(claim)
    about = claim.get("wrt") or claim.get("name") or claim.get("rule")
    return f"{about}: {claim.get('verdict')}, {claim.get('latex')}"

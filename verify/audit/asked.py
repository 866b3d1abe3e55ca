"""An audit as it is asked for: one function, one model, and what keeps code from being judged by it."""

from __future__ import annotations

from collections.abc import Mapping

from derive.model import Model

from ..sandbox import Workers
from .calling import AuditError, Target
from .judge import Case
from .names import Names, read_names
from .outcome import Audit, doubt
from .passed import Formula
from .proved import Proved
from .shares import with_shares


def audit(
    target: Target,
    model: Model,
    *,
    mapping: str | None = None,
    timeout: float = 10.0,
    functions: Mapping[str, Formula] | None = None,
) -> Audit:
    """Hold a function against a model.

    Args:
        target: the function, in a file.
        model: with an objective and parameters.
        mapping: a file that says what the code calls the quantities, where their names do not tell.
        timeout: seconds for each call.
        functions: by letter, those that the code may take as arguments.
    Raises: AuditError: if the code cannot be judged; LoweringError, ModelError: if the model has no gradient.
    """
    proved = Proved(model)
    names = Names() if mapping is None else read_names(mapping, proved.module.DATA, proved.module.PARAMETERS)
    with Workers(jobs=1, timeout=timeout, preload=("numpy",)) as workers:
        case = Case(target, proved, names, workers, functions=functions)
        try:
            found = case.audit()
        except AuditError:
            _check_shares(case, None)
            raise
        if found.findings:
            _check_shares(case, found)
            if any(len(p.letters) > 1 for p in case.passed.values()):
                _check_order(Case(target, proved, names, workers, functions=_turned(functions or {})))
        return found


def _check_shares(case: Case, found: Audit | None) -> None:
    """Refuse to judge code that takes targets for shares, p − y, if the model does not say that they are."""
    model, names = with_shares(case.proved.given)
    if not names:
        return
    try:
        other = Case(case.target, Proved(model), case.names, case.workers, functions=case.functions).audit()
    except AuditError:
        return
    if found is None or doubt(other) < doubt(found):
        raise AuditError(
            f"{case.target} takes {', '.join(names)} for shares that sum to one, such as one-hot rows or labels, which "
            f"{model.name} does not say: set domain=Domain.SIMPLEX, or write in the text that they sum to 1"
        )


def _turned(functions: Mapping[str, Formula]) -> Mapping[str, Formula]:
    return {letter: f.turned() if f.arguments > 1 else f for letter, f in functions.items()}


def _check_order(turned: Case) -> None:
    """Refuse to judge code that is right with ell(y, a) for ell(a, y): minus its slope may be meant so, or wrong."""
    try:
        found = turned.audit()
    except AuditError:
        return
    if not found.findings:
        raise AuditError(
            f"{turned.target} is right only if the arguments of functions such as "
            f"{next(n for n, p in turned.passed.items() if len(p.letters) > 1)} are the other way round than in the "
            "model; call them with those of the model, in their order"
        )

"""The output formats of `gradproof check`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..results import CheckResult
from .as_github import as_github
from .as_json import as_json
from .as_junit import as_junit
from .as_sarif import as_sarif
from .as_text import as_text

FORMATS: Mapping[str, Callable[[CheckResult], str]] = MappingProxyType(
    {"text": as_text, "json": as_json, "sarif": as_sarif, "github": as_github, "junit": as_junit}
)

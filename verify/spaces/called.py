"""Words by which a text calls matrices symmetric or orthonormal, vectors unit vectors, and a letter an angle."""

from __future__ import annotations

import re

_NAMED = r"\$\\?(?:(?:mathbf|textbf|boldsymbol|bm|vec|pmb)\{)?([A-Za-z])\}?(?:\s*\\in[^$]*)?\$"
_CAPITAL = _NAMED.replace("[A-Za-z]", "[A-Z]")  # not: orthogonal $u$ and $v$, which may have any length
_DEFINITE = r"(?<!not )(?<!not be )(?<!necessarily )(?<!non-)(?:symmetric|positive[- ](?:semi-?)?definite|covariance)"
SYMMETRIC = (
    re.compile(rf"{_DEFINITE}(?:(?!\n\n)[^.,;$])*{_NAMED}", re.IGNORECASE),
    re.compile(rf"{_NAMED}(?: is| be| are|,| \()?[^.$]{{0,20}}\b{_DEFINITE}", re.IGNORECASE),
)
UNITS = (
    re.compile(rf"unit vectors? {_NAMED}", re.IGNORECASE),
    re.compile(
        rf"{_NAMED},? (?:that |which )?(?:has|have|having|with|of) (?:a )?unit(?: |-)(?:norm|length)", re.IGNORECASE
    ),
    re.compile(rf"{_NAMED} (?:is|be|being|denotes?) (?:a|any|some) unit(?:-| )(?:length |norm )?vector", re.IGNORECASE),
)
ANGLE = re.compile(r"\$\\?(theta|phi|alpha|beta|gamma|varphi)\$[^.$]{0,20}\bangle between \$([^$]+)\$ and \$([^$]+)\$")
ORTHONORMAL = (
    re.compile(rf"(?:orthogonal|orthonormal) matri(?:x|ces) {_NAMED}", re.IGNORECASE),
    re.compile(rf"(?:orthogonal|orthonormal) matrices \$[^$]*\$ and {_NAMED}", re.IGNORECASE),
    re.compile(rf"{_NAMED} (?:is|are|be) (?:an )?ortho(?:gonal|normal)", re.IGNORECASE),
    re.compile(rf"\b[Oo]rtho(?:gonal|normal) {_CAPITAL}"),
    re.compile(rf"\b[Oo]rtho(?:gonal|normal) \$[^$]*\$ and {_CAPITAL}"),
)

"""Σ y log σ(z) + (1 − y) log(1 − σ(z)) and its slopes y − σ(z) as one function, where a module needs both.

    LL = _total(_less_softplus(y * z, z, decay_z))      →   LL, d_z = _binary_log_likelihood(z, y, slopes=True)
    d_z = _less_sigmoid(y, z, decay_z)

Both begin with the same difference, y less the 0 or 1 that σ(z) is near to.
"""

from __future__ import annotations

import re
from collections.abc import Collection

BINARY_LOG_LIKELIHOOD = '''
def _binary_log_likelihood(z, y, slopes=False):
    """Σ y log σ(z) + (1 - y) log(1 - σ(z)) = Σ y z - softplus(z); with slopes also y - σ(z).

    With e = exp(-|z|), softplus(z) is max(0, z) + log(1 + e), and σ(z) is 1 - e/(1 + e) from 0 on, e/(1 + e) below.
    What y is off by, less 1 from 0 on and less 0 below, is 0 where z is right: then all digits are those of e.
    """
    ones, decay = _ones(len(z), z.dtype), _decay(z)
    off = y - ~np.signbit(z)
    value = off.dot(z) - ones.dot(np.log1p(decay))
    if not slopes:
        return value
    decay /= ones + decay
    off += np.copysign(decay, z, out=decay)
    return value, off
'''

_VALUE = re.compile(r"(\w+) = _total\(_less_softplus\((\w+) \* (\w+), \3, (_decay\(\3\)|\w+)\)\)")


def with_binary(lines: list[str], names: Collection[str]) -> list[str]:
    """The lines of a tile, with a sum of logarithms and its slopes found by one call.

    Args:
        lines: of a tile.
        names: which its arrays have already.
    """
    for k, line in enumerate(lines):
        if match := _VALUE.fullmatch(line):
            value, y, z, decay = match.groups()
            return _in_one_call(lines, k, names, value=value, y=y, z=z, decay=decay)
    return lines


def _in_one_call(
    lines: list[str], at: int, names: Collection[str], *, value: str, y: str, z: str, decay: str
) -> list[str]:
    slope, others = f"_less_sigmoid({y}, {z}, {decay})", [*lines[:at], *lines[at + 1 :]]
    if not any(slope in line for line in others):
        return [*lines[:at], f"{value} = _binary_log_likelihood({z}, {y})", *lines[at + 1 :]]
    name = next((line.removesuffix(f" = {slope}") for line in others if line.endswith(f" = {slope}")), f"error_{z}")
    while name == f"error_{z}" and name in names:
        name += "_"
    call = f"{value}, {name} = _binary_log_likelihood({z}, {y}, slopes=True)"
    written = [line.replace(slope, name) for line in (*lines[:at], call, *lines[at + 1 :])]
    made = (f"{name} = {name}", f"{decay} = _decay({z})")
    used = sum(decay in line for line in written) > 1
    return [line for line in written if line != made[0] and (line != made[1] or used)]

"""How a badge is shown: one sign, one colour and one word in every format."""

from __future__ import annotations

from dataclasses import dataclass

from .document import Badge, Tone


@dataclass(frozen=True, kw_only=True)
class Sign:
    """The sign of a badge; `shade` names a colour of the templates: good, fair, bad, open or grey."""

    mark: str
    latex: str
    shade: str


SIGNS = {
    Badge.DEFINED: Sign(mark="≔", latex=r"$\coloneqq$", shade="grey"),
    Badge.PROVED: Sign(mark="✓", latex=r"$\checkmark$", shade="good"),
    Badge.HOLDS: Sign(mark="≈", latex=r"$\approx$", shade="fair"),
    Badge.REFUTED: Sign(mark="✗", latex=r"$\times$", shade="bad"),
    Badge.CONFLICT: Sign(mark="≠", latex=r"$\neq$", shade="bad"),
    Badge.AMBIGUOUS: Sign(mark="?", latex="?", shade="open"),
    Badge.UNDECIDED: Sign(mark="?", latex="?", shade="open"),
    Badge.UNREAD: Sign(mark="–", latex="--", shade="grey"),
}


TONES = {Tone.DEFINITION: "fair", Tone.RESULT: "good", Tone.NOTE: "grey", Tone.WARNING: "bad"}

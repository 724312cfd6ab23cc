"""Findings about tone and brand that are held back when an employee speaks about work (fact sheet, LEG-02)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from phiguard.model import Finding

__all__ = ["HELD_LABEL", "hold_back"]

HELD_LABEL = "protected_talk"
"""What a finding carries that was turned into a note."""

_TALK = "LEG-02"
_HELD = "Held back: an employee speaks about work here (LEG-02), and labor law protects most such talk. "
# What no law protects: trade secrets, ads without their tie, threats and slurs; and what is no matter of tone at all.
_KEPT = ("BRD-07", "BRD-08", "BRD-15.threat", "BRD-03.insult", _TALK)
_ALSO_HELD = ("LEG-03",)
"""Accusations are claims, but harsh words about an employer are protected unless they are knowingly false."""


def hold_back(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, where those about brand and tone are notes that say why, if one of them tells of protected talk."""
    if not any(finding.rule.startswith(_TALK) for finding in findings):
        return tuple(findings)
    return tuple(_noted(finding) if _is_held(finding) else finding for finding in findings)


def _is_held(finding: Finding) -> bool:
    if finding.severity == "info" or finding.rule.startswith(_KEPT):
        return False
    return finding.category == "brand" or finding.rule.startswith(_ALSO_HELD)


def _noted(finding: Finding) -> Finding:
    return msgspec.structs.replace(
        finding,
        severity="info",
        why=_HELD + finding.why,
        fix="Leave it alone. If it is no talk about work after all, screen it as a post of the organization.",
        labels=(*finding.labels, HELD_LABEL),
    )

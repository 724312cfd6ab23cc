"""Which rules can apply to which kind of post: a post is scanned only for the parts whose rules may concern it."""

from __future__ import annotations

from phiguard.kinds.base import Condition, Rule
from phiguard.rules import APPLIES_TO, DIRECTIONS, expand_directions

__all__ = ["CUED", "is_planned", "part_of"]

# Fields whose values a plan knows, and those of which it knows whether they are there (`phiguard.plan.plan_key`).
_PLANNED = frozenset(APPLIES_TO) | {"platform_label_used"}
_NOTED = frozenset({"reply_to", "consent", "coi"})


def is_planned(condition: Condition) -> bool:
    """Whether a condition holds or not for all posts with one plan."""
    if condition.words or condition.or_ or condition.and_ or not condition.where:
        return False
    return all(
        path in _PLANNED or (path in _NOTED and wanted in ("present", "absent"))
        for path, wanted in condition.where.items()
    )


CUED = {True: "inbound", False: "post"}
"""The part that every incoming post is scanned for, and every other one: it holds the cues for deep normalization."""


def part_of(rule: Rule) -> str:
    """The part of the index that holds a rule's anchors: a post is scanned only for the parts whose rules may apply to it."""
    directions = set(expand_directions(rule.applies_to.get("direction", ("outbound",))))
    if directions <= set(DIRECTIONS["inbound"]):
        return "inbound"
    if directions == {"outbound_reply"}:
        return "reply"
    if set(rule.applies_to) - {"direction"} or directions & set(DIRECTIONS["inbound"]):
        return "special"
    return "special" if any(map(is_planned, rule.with_)) else "post"

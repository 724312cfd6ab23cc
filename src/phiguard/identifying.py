"""Everything in a text that could identify somebody, whoever is meant."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from phiguard.entities import NAMES, Entity
from phiguard.kinds.base import View
from phiguard.plan import Plan

__all__ = ["entities_of"]

_SURE = 0.3
"""The score of an entity that stands for itself: Presidio gives less to a bare number that only words beside it could explain."""


def entities_of(view: View, identifying: Plan, labels: AbstractSet[str]) -> Iterator[Entity]:
    """What the ``identifying`` rules match in a text before their conditions, and its entities of these kinds, in the original text.

    Some may come twice. Raises `EntityError`.
    """
    normal = view.normal
    for bound in identifying.called_by(view.seen):
        for match in bound.matcher.matches(view):
            span = normal.origin(*match[-1])
            yield Entity(span.start, span.end, bound.rule.entity, 1.0, bound.rule.id)
    for label in sorted(labels):
        for entity in view.entities(label):
            if entity.score >= _SURE:
                span = normal.origin(entity.start, entity.end)
                yield entity._replace(start=span.start, end=span.end)
        if label not in NAMES and normal.original != normal.text:
            yield from (entity for entity in view.original_entities(label) if entity.score >= _SURE)

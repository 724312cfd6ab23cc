"""Kind ``mosaic``: several details, none of which points at a person, that together do."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

import msgspec

from phiguard.kinds.base import Binder, Hit, LabelledMatch, Match, Part, Rule, Strings, Terms, View

__all__ = ["Group", "Mosaic"]

_LOOK = 8  # words of one sort looked at on each side of the context


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Details of one sort: an age, a town, a job. A sort counts once, however many of its words stand.

    Two groups with one name are one sort: names of places, which cost most to find, are asked for after words for places.
    """

    name: str
    words: Strings
    weight: int = 1


class Mosaic(Rule, frozen=True, kw_only=True, tag="mosaic"):
    """Details of different ``groups`` within reach of a word of ``context`` whose weights sum up to the ``threshold``."""

    context: Strings
    groups: tuple[Group, ...]
    threshold: int
    within: int = 40

    def bind(self, binder: Binder) -> MosaicMatcher:
        groups = [
            (group, binder.terms(f"groups[{at}].words", group.words)) for at, group in enumerate(self.groups)
        ]
        return MosaicMatcher(self, binder.terms("context", self.context, anchor=True), groups)

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.context:
            yield "context", "is empty: list the words that tell of a person in care"
        for at, group in enumerate(self.groups):
            if not group.words:
                yield f"groups[{at}].words", "is empty: list at least one term"
            if not 0 < group.weight < self.threshold:
                yield (
                    f"groups[{at}].weight",
                    "must be positive and below the threshold: no single detail is a finding",
                )
        weights = {group.name: group.weight for group in self.groups}
        if sum(weights.values()) < self.threshold:
            yield "threshold", "is more than all groups together weigh"


class MosaicMatcher:
    """A bound `Mosaic`. One match for each place of the context whose surroundings add up."""

    __slots__ = ("anchors", "context", "groups", "in_original", "left", "needed", "rule")

    def __init__(self, rule: Mosaic, context: Terms, groups: list[tuple[Group, Terms]]) -> None:
        self.rule = rule
        self.context = context
        self.groups = groups
        self.left = [sum(group.weight for group, _ in groups[at:]) for at in range(len(groups))]
        self.anchors = context.bases
        self.in_original = False
        self.needed = (context,)

    def matches(self, view: View) -> Iterable[Match]:
        last_end = -1
        if not self._may_add_up(view):
            return
        for hit in view.hits(self.context):
            if hit.end > last_end and (match := self._around(view, hit)):
                last_end = max(end for _, end in match)  # what lies in this mosaic starts no other one
                yield match

    def _may_add_up(self, view: View) -> bool:
        """Whether the sorts of details that stand anywhere in the text weigh enough together; names count without being asked for."""
        standing = {
            group.name: group.weight for group, terms in self.groups if terms.is_late or view.hits(terms)
        }
        return sum(standing.values()) >= self.rule.threshold

    def _around(self, view: View, context: Hit) -> Match | None:
        """The details around a word of the context, if they weigh enough; groups are asked in order, as long as they can."""
        parts: list[Part] = [(context.start, context.end)]
        names: list[str] = []
        weight = 0
        for (group, terms), left in zip(self.groups, self.left, strict=True):
            if weight + left < self.rule.threshold:
                return None
            if group.name in names or (terms.is_late and weight >= self.rule.threshold):
                continue  # names of places cost most, and it is enough without
            part = self._nearest(view, view.hits(terms), parts)
            if part is not None:
                parts.append(part)
                names.append(group.name)
                weight += group.weight
        if weight < self.rule.threshold:
            return None
        match = LabelledMatch(sorted(parts))
        match.labels = tuple(names)
        return match

    def _nearest(self, view: View, hits: list[Hit], parts: list[Part]) -> Part | None:
        """The hit nearest to the context that overlaps none of the parts so far; it may hold the context itself."""
        (start, end), within = parts[0], self.rule.within

        def not_context(hit: Hit) -> bool:
            # A term may hold the word of care and more: "came in" and "you came in with".
            return hit.start <= start and end <= hit.end and hit.end - hit.start > end - start

        best: tuple[int, Part] | None = None
        at = bisect_left(hits, (start,))
        for side in (hits[at : at + _LOOK], reversed(hits[max(0, at - _LOOK) : at])):
            for hit in side:
                after = hit.start >= end
                between = view.words_between(*((end, hit.start) if after else (hit.end, start)))
                if between > within or (best is not None and between >= best[0]):
                    break
                if not any(hit.start < part[1] and part[0] < hit.end for part in parts[not_context(hit) :]):
                    best = between, (hit.start, hit.end)
                    break
        return best[1] if best else None

"""Context labels: what the words around a match do to it (ConText: cue, reach, terminator)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from phiguard.index import Index
from phiguard.kinds.base import Condition, Hit, Match, Part, Scene, Terms, View, holds
from phiguard.rules import Cue, Label, RuleSet

__all__ = ["BoundCondition", "Labeler"]

_LOOK_BACK = 64
"""Scopes looked at for one match: the nearest are enough, and a text of a thousand "not" stays cheap."""

Scope = tuple[int, int, int, int]
"""Start and end of the words that a cue labels, then of the cue itself."""


class Labeler:
    """Finds which labels a match carries."""

    def __init__(self, rules: RuleSet, index: Index) -> None:
        self._labels: dict[str, tuple[Label, list[tuple[Cue, Terms]], Terms | None]] = {}
        for label in rules.labels:
            name = f"label:{label.label}"
            cues = [(cue, index.of(name, f"cues[{at}]")) for at, cue in enumerate(label.cues)]
            stops = index.of(name, "terminators") if label.terminators else None
            self._labels[label.label] = (label, cues, stops)

    def carried(self, view: View, match: Match, labels: Iterable[str]) -> str | None:
        """The first of ``labels`` that ``match`` carries."""
        for label in labels:
            scopes = view.labels.get(label)
            if scopes is None:
                scopes = view.labels[label] = sorted(self._scopes(view, label))
            if scopes and _is_within(match, scopes):
                return label
        return None

    def _scopes(self, view: View, name: str) -> list[Scope]:
        scopes = _approved(view) if name == "authorized" else []
        known = self._labels.get(name)
        if known is None:
            return scopes
        _, cues, stops = known
        ends = sorted({hit.start for hit in view.hits(stops)}) if stops else []
        for cue, terms in cues:
            scopes += (
                scope for hit in view.hits(terms) for scope in _reach(view, cue, hit.start, hit.end, ends)
            )
        return scopes


def _approved(view: View) -> list[Scope]:
    """Where an approved claim of the profile stands in its very words."""
    text = view.normal.words.lower()
    scopes: list[Scope] = []
    for claim in view.scene.known.approved:
        at = text.find(claim) if claim else -1
        while at >= 0:
            scopes.append((at, at + len(claim), -1, -1))
            at = text.find(claim, at + 1)
    return scopes


def _reach(view: View, cue: Cue, start: int, end: int, stops: Sequence[int]) -> list[Scope]:
    if cue.side == "covers":
        return [(start, end, -1, -1)]  # the match lies in the cue itself
    if cue.side == "post":
        return [(0, len(view.normal.text), start, end)]
    low, high = view.sentence(start)
    if cue.side == "sentence":
        return [(low, high, start, end)]
    if cue.side == "next":
        return [(low, view.sentence(high)[1], start, end)]
    scopes: list[Scope] = []
    if cue.side in {"after", "both"}:
        reach = _stop_after(view, end, high, stops)
        if cue.reach is not None:
            reach = min(reach, _words_on(view.normal.words, end, cue.reach))
        scopes.append((end, reach, start, end))
    if cue.side in {"before", "both"}:
        reach = _stop_before(view, start, low, stops)
        if cue.reach is not None:
            reach = max(reach, _words_back(view.normal.words, start, cue.reach))
        scopes.append((reach, start, start, end))
    return scopes


def _stop_after(view: View, at: int, high: int, stops: Sequence[int]) -> int:
    index = bisect_left(stops, at)
    stop = stops[index] if index < len(stops) else high
    semicolon = view.normal.text.find(";", at, high)
    return min(high, stop, semicolon if semicolon >= 0 else high)


def _stop_before(view: View, at: int, low: int, stops: Sequence[int]) -> int:
    index = bisect_left(stops, at)
    stop = stops[index - 1] if index else low
    return max(low, stop, view.normal.text.rfind(";", low, at) + 1)


def _words_on(words: str, at: int, count: int) -> int:
    """The position ``count`` words after ``at``."""
    for _ in range(count + 1):
        at = words.find(" ", at + 1)
        if at < 0:
            return len(words)
    return at


def _words_back(words: str, at: int, count: int) -> int:
    for _ in range(count + 1):
        at = words.rfind(" ", 0, at)
        if at < 0:
            return 0
    return at


def _is_within(match: Match, scopes: list[Scope]) -> bool:
    for part in match:
        # Scopes that begin before the part ends; the nearest first.
        at = bisect_right(scopes, (part[1] - 1, 1 << 60, 0, 0))
        for low, high, cue_start, cue_end in reversed(scopes[max(0, at - _LOOK_BACK) : at]):
            # A cue that is itself a term of the match ("no side effects") does not excuse it.
            if (
                low < part[1]
                and part[0] < high
                and not any(cue_start < end and start < cue_end for start, end in match)
            ):
                return True
    return False


class BoundCondition:
    """A condition of a rule, with the numbers of its words."""

    __slots__ = ("condition", "terms")

    def __init__(self, condition: Condition, terms: Terms | None) -> None:
        self.condition = condition
        self.terms = terms

    @property
    def is_needed(self) -> bool:
        """Whether the words must stand in the very text that the rule is held against."""
        return self.condition.scope in {"sentence", "post"} and self.condition.or_ is None

    def may_be_met(self, view: View) -> bool:
        """Whether some match in ``view`` could fulfil the condition: ``False`` only if its words stand nowhere where it looks."""
        condition, scene = self.condition, view.scene
        if self.terms is None or self.terms.is_late or (condition.or_ and holds(scene, condition.or_)):
            return True
        return any(other.hits(self.terms) for other in self._views(scene, view))

    def is_met(self, view: View, match: Match) -> bool:
        """Whether words or metadata fulfil the condition for ``match``."""
        condition, scene = self.condition, view.scene
        if condition.and_ is not None and not holds(scene, condition.and_):
            return False
        if condition.or_ is not None and holds(scene, condition.or_):
            return True
        if condition.where is not None and not holds(scene, condition.where):
            return False
        if self.terms is None:
            return condition.where is not None
        return any(self._stands(other, match, view) for other in self._views(scene, view))

    def _views(self, scene: Scene, view: View) -> list[View]:
        scope = self.condition.scope
        if scope == "parent":
            return [scene.parent] if scene.parent else []
        if scope == "thread":
            return [view, scene.parent] if scene.parent else [view]
        if scope == "media":
            return [one for one in scene.views if one.field != "text"]
        if scope == "anywhere":
            return scene.views
        return [view]

    def _stands(self, view: View, match: Match, own: View) -> bool:
        hits = view.hits(self.terms) if self.terms else []
        if not hits or view is not own:
            return bool(hits)
        if not match:
            return True
        start, end = min(part[0] for part in match), max(part[1] for part in match)
        if self.condition.within is not None:
            return self._is_near(view, hits, match, start, end)
        low, high = 0, len(view.normal.text)
        if self.condition.scope == "sentence":
            low, high = view.sentence(start)[0], view.sentence(max(start, end - 1))[1]
        for hit in hits[bisect_left(hits, (low,)) :]:
            if hit.start >= high:
                return False
            if hit.end <= high and not _overlaps(hit.start, hit.end, match):
                return True
        return False

    def _is_near(self, view: View, hits: list[Hit], match: Match, start: int, end: int) -> bool:
        """Whether a hit lies within reach, looking outward from the match: it ends where the reach does."""
        side, within = self.condition.side, self.condition.within or 0
        low, high = view.sentence(start)[0], view.sentence(max(start, end - 1))[1]
        first = bisect_left(hits, (start,))
        if side != "before":
            for hit in hits[first : first + _LOOK_BACK]:
                if hit.end > high or (hit.start >= end and view.words_between(end, hit.start) > within):
                    break
                if hit.start >= end or (side == "either" and not _overlaps(hit.start, hit.end, match)):
                    return True
        if side != "after":
            for hit in reversed(hits[max(0, first - _LOOK_BACK) : first]):
                if hit.start < low or view.words_between(hit.end, start) > within:
                    break
                if hit.end <= start:
                    return True
        return False


def _overlaps(start: int, end: int, parts: Iterable[Part]) -> bool:
    return any(start < part[1] and part[0] < end for part in parts)

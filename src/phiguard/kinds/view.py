"""A post as rules see it: its texts with what stands in them, its metadata, and the places where terms meet."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from phiguard.entities.base import NAMES, Entities, Entity, Found, NamesWantedError
from phiguard.model import Post
from phiguard.placeholders import is_placeholder
from phiguard.text import NormalText
from phiguard.titles import gives_care

__all__ = [
    "Hit",
    "KnownTo",
    "Match",
    "Part",
    "Scene",
    "Seen",
    "Terms",
    "View",
    "Where",
    "fulfils",
    "holds",
    "joined",
    "metadata",
]

Part = tuple[int, int]
Match = tuple[Part, ...]
"""The terms that made a match, as spans of the normalized text; empty for a match without a place."""


_FAR = 1_000  # characters: a distance that is measured in one go

Where = dict[str, tuple[str, ...] | str]


class Hit(NamedTuple):
    """A term that stands in the normalized text; ``entry`` is the same for all forms of a term."""

    start: int
    end: int
    entry: int


class Terms(NamedTuple):
    """A bound list of terms: the base sets that hold its words, and when they are looked for.

    ``is_anchor``: all by the first scan; ``is_late``: some are entities that are asked last.
    """

    key: int
    bases: tuple[int, ...]
    is_anchor: bool
    is_late: bool = False


class Scene:
    """One post being screened: its metadata with defaults, and its texts.

    ``names``, if given, is what was found in texts that were asked for names together; `NamesWantedError` asks for one more.
    """

    __slots__ = ("_known", "_names", "defaults", "parent", "post", "views")

    def __init__(
        self,
        post: Post,
        defaults: Mapping[str, object],
        known: KnownTo | None,
        names: Mapping[str, Found] | None = None,
    ) -> None:
        self._names = names
        self.post = post
        self.defaults = defaults
        self._known = known
        self.views: list[View] = []
        self.parent: View | None = None

    @property
    def known(self) -> KnownTo:
        """What rules may ask about the organization; a scene for metadata alone has none."""
        if self._known is None:
            raise LookupError("this scene knows metadata only")
        return self._known

    def names(self, text: str) -> Found:
        """What was found in ``text`` before. Raises `NamesWantedError` if several texts are asked together."""
        if self._names is None:
            return {}
        found = self._names.get(text)
        if found is None:
            raise NamesWantedError(text)
        return found


class KnownTo(Protocol):
    """What a rule may ask about the organization and the language."""

    words: frozenset[str]
    approved: tuple[str, ...]
    consents: Mapping[str, Any]
    today: dt.date
    entities: Entities

    def is_joined(self, tag: str) -> bool: ...
    def own_value(self, text: str) -> bool: ...
    def is_staff(self, name: str) -> bool: ...


class Seen(Protocol):
    """What the scan saw in one text (`phiguard.scan.Seen`)."""

    normal: NormalText
    passed: int

    @property
    def called(self) -> Collection[int]: ...
    def is_triggered(self, base: int) -> bool: ...
    def hits(self, base: int) -> list[Hit]: ...


class View:
    """One text of a post as a rule sees it. ``kinds`` names the base sets that stand for a kind of entity."""

    __slots__ = ("_entities", "_kinds", "_lists", "field", "labels", "normal", "scene", "seen")

    def __init__(
        self, scene: Scene, field: str, normal: NormalText, seen: Seen, kinds: Mapping[int, str]
    ) -> None:
        self.scene = scene
        self.field = field
        self.normal = normal
        self.seen = seen
        self.labels: dict[str, list[tuple[int, int, int, int]]] = {}
        self._kinds = kinds
        self._entities: Found = {}
        self._lists: dict[int, list[Hit]] = {}

    def hits(self, terms: Terms) -> list[Hit]:
        """Where the terms stand, by rising start."""
        found = self._lists.get(terms.key)
        if found is None:
            bases = terms.bases
            found = self._hits(bases[0]) if bases else []
            for base in bases[1:]:
                if more := self._hits(base):
                    found = sorted(found + more)
            self._lists[terms.key] = found
        return found

    def _hits(self, base: int) -> list[Hit]:
        kind = self._kinds.get(base)
        if kind is None:
            return self.seen.hits(base)
        if not self.seen.is_triggered(base):
            return []
        return [Hit(entity.start, entity.end, -1 - base) for entity in self.entities(kind)]

    def entities(self, label: str) -> list[Entity]:
        """The entities of a kind in this text that are not the organization's own, by rising start. Raises `EntityError`.

        A person named with a clinician's title ("Dr. Lee", "Ana Lee, RN") gives care: no rule means that person.
        """
        text = self.normal.text
        if label in NAMES and not self._entities:
            self._entities = self.scene.names(text)
        return self._others(text, label, self._entities)

    def original_entities(self, label: str) -> list[Entity]:
        """`entities` of the text as it was written: normalization may take a number apart ("#D1234562")."""
        return self._others(self.normal.original, label, {})

    def _others(self, text: str, label: str, found: Found) -> list[Entity]:
        known = self.scene.known
        is_own = known.is_staff if label == "PERSON" else known.own_value
        return [
            entity
            for entity in known.entities.find(text, label, found)
            if not is_own(text[entity.start : entity.end])
            and not is_placeholder(text, entity.start, entity.end)
            and not (label == "PERSON" and gives_care(text, entity.start, entity.end))
        ]

    def sentence(self, at: int) -> tuple[int, int]:
        """Bounds of the sentence around ``at``."""
        return self.normal.sentence(at)

    def words_between(self, left: int, right: int) -> int:
        """How many words stand between two positions (0 for neighbors)."""
        return max(0, self.normal.words.count(" ", left, right) - 1)

    def is_near(self, left: int, right: int, within: int) -> bool:
        """Whether at most so many words stand between two positions. A place far off costs no more than one nearby."""
        words = self.normal.words
        if right - left > _FAR and words.count(" ", left, left + _FAR) - 1 > within:
            return False
        return words.count(" ", left, right) - 1 <= within


def joined(
    view: View, slots: Sequence[Terms], *, within: int, ordered: bool = False, across: bool = False
) -> Iterator[Match]:
    """One hit of each slot within reach of the others; one match for each hit of the first slot at most.

    Linear in the hits of the first slot, logarithmic in the others.
    """
    first = view.hits(slots[0])
    if len(slots) == 1:
        last_end = -1
        for hit in first:
            if hit.end > last_end:  # "side effect" inside "side effects" is one place
                last_end = hit.end
                yield ((hit.start, hit.end),)
        return
    if not first or not _may_join(view, slots, within=within, across=across):
        return
    others = [view.hits(terms) for terms in slots[1:]]
    if not all(others):
        return
    starts = [[hit.start for hit in hits] for hits in others]
    for anchor in first:
        low, high = (0, len(view.normal.text)) if across else view.sentence(anchor.start)
        parts: list[Part] = [(anchor.start, anchor.end)]
        for hits, begins in zip(others, starts, strict=True):
            part = _nearest(view, hits, begins, parts, (low, high), within, ordered=ordered)
            if part is None:
                break
            parts.append(part)
        else:
            yield tuple(parts)


def _may_join(view: View, slots: Sequence[Terms], *, within: int, across: bool) -> bool:
    """Whether the terms that cost little stand together somewhere: only then are names asked for."""
    if not any(terms.is_late for terms in slots):
        return True
    cheap = [terms for terms in slots if not terms.is_late]
    reach = within if cheap == [*slots[: len(cheap)]] else len(view.normal.text)
    return any(True for _ in joined(view, cheap, within=reach, across=across))


def _nearest(
    view: View,
    hits: list[Hit],
    begins: list[int],
    parts: list[Part],
    bounds: Part,
    within: int,
    *,
    ordered: bool,
) -> Part | None:
    start = min(part[0] for part in parts)
    end = parts[-1][1] if ordered else max(part[1] for part in parts)
    at = bisect_left(begins, end)
    for hit in hits[at : at + 1]:
        if hit.end <= bounds[1] and view.is_near(end, hit.start, within):
            return hit.start, hit.end
    if ordered:
        return None
    # To the left, and between the parts: the nearest that overlaps none of them.
    for hit in reversed(hits[max(0, bisect_right(begins, end) - 6) : at]):
        if hit.start < bounds[0]:
            break
        if any(hit.start < part[1] and part[0] < hit.end for part in parts):
            continue
        if hit.start >= start or view.is_near(hit.end, start, within):
            return hit.start, hit.end
    return None


def metadata(scene: Scene, path: str) -> tuple[object, ...]:
    """The values at ``path`` of the post (defaults filled in): none, one, or one for each of the media."""
    name, _, rest = path.partition(".")
    value = scene.defaults[name] if name in scene.defaults else getattr(scene.post, name)
    values = value if isinstance(value, tuple) else (value,)
    if rest:
        values = tuple(getattr(one, rest) for one in values if one is not None)
    return tuple(one for one in values if one is not None and one != "")


def holds(scene: Scene, where: Where) -> bool:
    """Whether the post's metadata fulfils every line of ``where``."""
    return all(fulfils(metadata(scene, path), wanted) for path, wanted in where.items())


def fulfils(values: tuple[object, ...], wanted: tuple[str, ...] | str) -> bool:
    """Whether ``values`` are as ``wanted``: ``present``, ``absent``, one value, or one of a list."""
    if wanted == "present":
        return any(value is not False for value in values)
    if wanted == "absent":
        return not any(value is not False for value in values)
    allowed = (wanted,) if isinstance(wanted, str) else wanted
    if "absent" in allowed and not any(value is not False for value in values):
        return True
    return any((str(value).lower() if isinstance(value, bool) else value) in allowed for value in values)

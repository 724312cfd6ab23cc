"""The measure `repeats`: near copies of one text, found by their prints."""

from __future__ import annotations

import bisect
from collections.abc import Iterator

import msgspec

from phiguard.hours import Calendar, parse_window
from phiguard.kinds.series import SeriesRule
from phiguard.series.measures import Found, Run, State, most_in
from phiguard.series.observed import Observed
from phiguard.series.prints import NEAR

__all__ = ["MOST_CLUSTERS", "Repeats"]

MOST_CLUSTERS = 2_048
"""Different texts that one rule remembers; the one that was longest without a copy is forgotten first."""
_MOST_COPIES = 64  # of one text, the latest
_BANDS = 8  # prints that differ in ten bits agree in one of eight bytes, nearly always


class Copy(msgspec.Struct, frozen=True, array_like=True, order=True):
    """One of several near copies."""

    at: float
    id: str
    value: str


class Cluster(msgspec.Struct):
    """Near copies of the text that was seen first; ``group`` is what they share (a thread, a platform)."""

    print: int
    group: str
    count: int = 0
    copies: list[Copy] = msgspec.field(default_factory=list)


class Clusters(msgspec.Struct):
    """Clusters by number, the one that was added to last at the end."""

    by_number: dict[int, Cluster] = msgspec.field(default_factory=dict)
    next: int = 0


class Repeats(Run):
    """Near copies within a time: how many, or on how many platforms or in how many threads.

    A text belongs to the cluster whose first text (in the order of the data) it is near to.
    """

    def __init__(self, rule: SeriesRule, calendar: Calendar) -> None:
        super().__init__(rule, calendar)
        self.data = Clusters()
        self.seconds = parse_window(rule.window).span.total_seconds()
        self._bands: dict[tuple[str, int, int], list[int]] | None = None

    def see(self, post: Observed, at: float | None, day: int) -> None:
        del day
        group = self._group(post)
        value = self._value(post)
        if not post.print or group is None or value is None:
            return
        number = self._near(group, post.print)
        by_number = self.data.by_number
        if number is None:
            if len(by_number) >= MOST_CLUSTERS:
                self._forget(next(iter(by_number)))
            number = self.data.next
            self.data.next += 1
            by_number[number] = Cluster(post.print, group)
            self._index(number, by_number[number])
        else:
            by_number[number] = by_number.pop(number)  # to the end
        cluster = by_number[number]
        cluster.count += 1
        bisect.insort(cluster.copies, Copy(0.0 if at is None else at, post.id, value))
        if len(cluster.copies) > _MOST_COPIES:
            del cluster.copies[0]

    def _group(self, post: Observed) -> str | None:
        """What copies must share; ``None``: the post has no such thing."""
        if self.rule.per == ("thread",):
            return str(post.thread) if post.thread else None
        if self.rule.per == ("platform",):
            return post.platform or None
        return ""

    def _value(self, post: Observed) -> str | None:
        """What is counted of a copy."""
        if self.rule.distinct == "platform":
            return post.platform or None
        if self.rule.distinct == "thread":
            return str(post.thread) if post.thread else None
        return post.id

    def _near(self, group: str, print_: int) -> int | None:
        if self._bands is None:  # after a restore, too
            self._bands = {}
            for number, cluster in self.data.by_number.items():
                self._index(number, cluster)
        by_number = self.data.by_number
        bands = self._bands
        numbers: set[int] = set()
        for key in _keys(group, print_):
            if found := bands.get(key):
                numbers.update(found)
        near = [number for number in numbers if (by_number[number].print ^ print_).bit_count() <= NEAR]
        return min(near, default=None)

    def _index(self, number: int, cluster: Cluster) -> None:
        if self._bands is not None:
            for key in _keys(cluster.group, cluster.print):
                self._bands.setdefault(key, []).append(number)

    def _forget(self, number: int) -> None:
        cluster = self.data.by_number.pop(number)
        bands = self._bands or {}
        for key in _keys(cluster.group, cluster.print):
            bands[key].remove(number)
            if not bands[key]:
                del bands[key]

    def found(self, state: State) -> Iterator[Found]:
        del state
        limit = self.rule.max or 0
        found = []
        for cluster in self.data.by_number.values():
            if cluster.count <= limit:
                continue
            said = [(copy.at, (copy.value,)) for copy in cluster.copies]
            count, first, last = most_in(said, self.seconds, distinct=self.rule.distinct is not None)
            if count > limit:
                posts = tuple((copy.at, copy.id) for copy in cluster.copies[first : last + 1])
                values = {copy.value for copy in cluster.copies[first : last + 1]}
                where = ", ".join(sorted(value.replace("_", " ") for value in values))
                where = where if self.rule.distinct == "platform" else ""
                found.append(Found(posts=posts, count=count, limit=limit, total=cluster.count, where=where))
        yield from sorted(found, key=lambda one: one.posts)


def _keys(group: str, print_: int) -> Iterator[tuple[str, int, int]]:
    for band in range(_BANDS):
        yield group, band, print_ >> (8 * band) & 0xFF

"""The measures of `series` rules that count posts: by week, by share, by author, and against their own baseline.

Each keeps what it needs in a struct (`data`) of bounded size, which does not depend on the order of the posts below the bound.
"""

from __future__ import annotations

import bisect
import datetime as dt
import math
import statistics
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from phiguard.hours import Calendar, parse_window
from phiguard.kinds.series import SeriesRule
from phiguard.profile_sections import covers
from phiguard.rules import expand_directions
from phiguard.series.observed import Observed

__all__ = ["MOST_NAMED", "Found", "Run", "Selection", "State", "day_name", "most_in"]

MOST_NAMED = 5
"""Posts that a finding names; it counts them all."""
MOST_BUCKETS = 8_192
"""Weeks or days, for each platform, that one rule counts: 20 years of days."""
MOST_AUTHORS = 20_000
MOST_OF_AUTHOR = 32
_BASELINE = 28  # days before a day that are its baseline
_LEAST_BASELINE = 7  # as many as the C methods of the CDC's early aberration reporting use

Named = tuple[float, str]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule found in a series: figures for its message, the posts that it names, and when the last of them was."""

    posts: tuple[Named, ...] = ()
    more: int = 0
    count: int = 0
    limit: float = 0
    share: float = 0
    usual: float = 0
    total: int = 0
    when: str = ""
    where: str = ""
    queue: str = ""


class Selection:
    """Which posts a table of ``of`` or ``that`` selects."""

    def __init__(self, table: dict[str, tuple[str, ...]]) -> None:
        self.directions = frozenset(expand_directions(table.get("direction", ())))
        self._rules = table.get("rule", ())
        self._queues = table.get("queue", ())
        self._platforms = frozenset(table.get("platform", ()))
        self._contents = frozenset(table.get("content", ()))

    def has(self, post: Observed) -> bool:
        """Whether it selects a post."""
        if self.directions and post.direction not in self.directions:
            return False
        if self._platforms and post.platform not in self._platforms:
            return False
        if self._contents and post.content not in self._contents:
            return False
        if self._rules and not any(covers(name, rule) for name in self._rules for rule in post.rules):
            return False
        return not self._queues or any(self.has_queue(queue) for queue, _, _ in post.routes)

    def has_queue(self, queue: str) -> bool:
        """Whether a queue is one of those selected (all, if none is named)."""
        return not self._queues or queue in self._queues

    def rules_of(self, post: Observed) -> Iterator[str]:
        """The rules of a post that are selected (all, if none is named)."""
        for rule in post.rules:
            if not self._rules or any(covers(name, rule) for name in self._rules):
                yield rule


class State(msgspec.Struct, kw_only=True):
    """What the measures are told at the end."""

    calendar: Calendar
    as_of: float
    last_day: int
    volume: dict[int, int]


class Run:
    """One rule over a stream: takes posts one by one, and says at the end what it found."""

    data: Any

    def __init__(self, rule: SeriesRule, calendar: Calendar) -> None:
        self.rule = rule
        self.calendar = calendar
        self.of = Selection(rule.of)
        self.that = Selection(rule.that)

    def see(self, post: Observed, at: float | None, day: int) -> None:
        """Takes a post that ``of`` selects; ``day`` is the ordinal of its day, 0 if unknown."""
        raise NotImplementedError

    def found(self, state: State) -> Iterator[Found]:
        """What there is to say about the posts so far."""
        raise NotImplementedError


class Bucket(msgspec.Struct):
    """Posts of one day or week: how many, and the first of them."""

    count: int = 0
    first: list[Named] = msgspec.field(default_factory=list)

    def add(self, at: float, post: Observed) -> None:
        self.count += 1
        bisect.insort(self.first, (at, post.id))
        del self.first[MOST_NAMED:]


class Buckets(msgspec.Struct):
    """Buckets by group and ordinal of their first day."""

    groups: dict[str, dict[int, Bucket]] = msgspec.field(default_factory=dict)
    count: int = 0

    def at(self, group: str, day: int) -> Bucket:
        table = self.groups.setdefault(group, {})
        found = table.get(day)
        if found is None:
            if self.count >= MOST_BUCKETS:
                largest = max(self.groups.values(), key=len)
                del largest[min(largest)]  # the past goes first
                self.count -= 1
            found = table[day] = Bucket()
            self.count += 1
        return found


class Frequency(Run):
    """Posts in a calendar week (or day), for each platform."""

    def __init__(self, rule: SeriesRule, calendar: Calendar) -> None:
        super().__init__(rule, calendar)
        self.data = Buckets()
        self.step = 1 if rule.window and parse_window(rule.window).amount == 1 else 7

    def see(self, post: Observed, at: float | None, day: int) -> None:
        if at is not None and (post.platform or not self.rule.per):
            group = post.platform if self.rule.per else ""
            self.data.at(group, self._first_day(day)).add(at, post)

    def _first_day(self, day: int) -> int:
        return day if self.step == 1 else day - (day - 1) % 7  # day 1 was a Monday

    def found(self, state: State) -> Iterator[Found]:
        rule = self.rule
        last = self._first_day(state.last_day)
        for group, table in sorted(self.data.groups.items()):
            # The first and the last one may be cut by the edges of the data.
            whole = range(min(table) + self.step, last, self.step)
            counts = {day: table[day].count if day in table else 0 for day in whole}
            few = [day for day, count in counts.items() if count < (rule.min or 0)]
            if few and len(counts) >= rule.least:
                yield self._about(group, few[0], counts[few[0]], rule.min or 0, len(few))
            if rule.max is not None:
                many = sorted(day for day, bucket in table.items() if bucket.count > rule.max)
                if many:
                    most = max(many, key=lambda day: (table[day].count, -day))
                    yield self._about(group, most, table[most].count, rule.max, len(many))

    def _about(self, group: str, day: int, count: int, limit: float, total: int) -> Found:
        bucket = self.data.groups[group].get(day)
        when = day_name(day) if self.step == 1 else f"the week of {day_name(day)}"
        posts = tuple(bucket.first) if bucket else ()
        more = count - len(posts)
        return Found(
            posts=posts, more=more, count=count, limit=limit, when=when, where=_place(group), total=total
        )


class Shares(msgspec.Struct):
    """For each group, posts in all and those that count."""

    groups: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    first: dict[str, Bucket] = msgspec.field(default_factory=dict)


class Share(Run):
    """The share of some posts among others."""

    def __init__(self, rule: SeriesRule, calendar: Calendar) -> None:
        super().__init__(rule, calendar)
        self.data = Shares()

    def see(self, post: Observed, at: float | None, day: int) -> None:
        del day
        group = post.platform if self.rule.per else ""
        counts = self.that.has(post)
        total, ours = self.data.groups.get(group, (0, 0))
        self.data.groups[group] = (total + 1, ours + counts)
        if counts:
            self.data.first.setdefault(group, Bucket()).add(at or 0.0, post)

    def found(self, state: State) -> Iterator[Found]:
        del state
        rule = self.rule
        for group, (total, ours) in sorted(self.data.groups.items()):
            share = ours / total
            if total < rule.least:
                continue
            about: dict[str, Any] = {"count": ours, "total": total, "share": share}
            if rule.max is not None and share > rule.max:
                posts = tuple(self.data.first[group].first)
                yield Found(posts=posts, more=ours - len(posts), limit=rule.max, where=_place(group), **about)
            if rule.min is not None and share < rule.min:
                yield Found(limit=rule.min, where=_place(group), **about)


class Entry(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A post of an author that counts."""

    at: float
    id: str
    rules: tuple[str, ...] = ()


class Authors(msgspec.Struct):
    """The latest posts that count, by author (or thread)."""

    by: dict[int, list[Entry]] = msgspec.field(default_factory=dict)


class AddsUp(Run):
    """What one author says in several posts."""

    def __init__(self, rule: SeriesRule, calendar: Calendar) -> None:
        super().__init__(rule, calendar)
        self.data = Authors()
        self.seconds = parse_window(rule.window).span.total_seconds()
        self.by_author = rule.per == ("author",)

    def see(self, post: Observed, at: float | None, day: int) -> None:
        del day
        whose = post.author if self.by_author else post.thread
        if not whose or at is None:
            return
        by = self.data.by
        entries = by.get(whose)
        if entries is None:
            if len(by) >= MOST_AUTHORS:
                del by[next(iter(by))]
            entries = by[whose] = []
        bisect.insort(entries, Entry(at, post.id, tuple(self.of.rules_of(post))))
        if len(entries) > MOST_OF_AUTHOR:
            del entries[0]

    def found(self, state: State) -> Iterator[Found]:
        del state
        limit = self.rule.max or 0
        found = []
        for entries in self.data.by.values():
            if len(entries) < 2:
                continue  # one post speaks for itself: other rules hold it
            said = [
                (entry.at, entry.rules if self.rule.distinct == "rule" else (entry.id,)) for entry in entries
            ]
            count, first, last = most_in(said, self.seconds, distinct=self.rule.distinct is not None)
            if count > limit and last > first:
                posts = tuple((entry.at, entry.id) for entry in entries[first : last + 1])
                found.append(Found(posts=posts, count=count, limit=limit, total=len(posts)))
        yield from sorted(found, key=lambda one: one.posts)


def most_in(
    said: Sequence[tuple[float, tuple[str, ...]]], seconds: float, *, distinct: bool
) -> tuple[int, int, int]:
    """The most (different) values within a time, and the first and last index of those posts; ``said`` rises in time."""
    best = (0, 0, 0)
    first = 0
    for last, (at, _) in enumerate(said):
        while at - said[first][0] > seconds:
            first += 1
        values = [value for _, many in said[first : last + 1] for value in many]
        count = len(set(values)) if distinct else last - first + 1
        if count > best[0]:
            best = (count, first, last)
    return best


class Spike(Run):
    """A day with many more posts than the days before it, by the modified z-score.

    The score of a day is its distance from the median of its baseline (up to 28 days before it), in units of 1.4826 times the
    median absolute deviation, or of the square root of the median where that is larger: counts scatter as much by chance.
    """

    def __init__(self, rule: SeriesRule, calendar: Calendar) -> None:
        super().__init__(rule, calendar)
        self.data = Buckets()

    def see(self, post: Observed, at: float | None, day: int) -> None:
        if at is not None:
            self.data.at(post.platform if self.rule.per else "", day).add(at, post)

    def found(self, state: State) -> Iterator[Found]:
        if not state.volume:
            return
        first = min(state.volume)
        for group, table in sorted(self.data.groups.items()):
            for day, bucket in sorted(table.items()):
                start = max(first, day - _BASELINE)
                if bucket.count < self.rule.least or day - start < _LEAST_BASELINE:
                    continue
                usual = [table[one].count if one in table else 0 for one in range(start, day)]
                median = statistics.median(usual)
                deviation = statistics.median(abs(count - median) for count in usual)
                scale = max(1.4826 * deviation, math.sqrt(max(median, 1)))
                if (bucket.count - median) / scale > self.rule.score:
                    yield Found(
                        posts=tuple(bucket.first),
                        more=bucket.count - len(bucket.first),
                        count=bucket.count,
                        usual=median,
                        when=day_name(day),
                        where=_place(group),
                        total=state.volume.get(day, bucket.count),
                    )


def day_name(day: int) -> str:
    """A day by its ordinal, as ``2026-05-01``."""
    return dt.date.fromordinal(day).isoformat()


def _place(platform: str) -> str:
    return platform.replace("_", " ") or "all platforms"

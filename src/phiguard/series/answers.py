"""Who waits for an answer, who got one, and when: response windows held against the replies in the data."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator

import msgspec

from phiguard.hours import Window, parse_window
from phiguard.policy import due, rank_of
from phiguard.profile import Profile
from phiguard.series.observed import Observed
from phiguard.series.report import Overdue, QueueFigures
from phiguard.series.sketch import Sketch

__all__ = ["MOST_OPEN", "MOST_REPLIES", "Answers", "Wait"]

MOST_OPEN = 50_000
"""Posts that wait for an answer, or had one, of which each is known; beyond it the first are settled as they stand."""
MOST_REPLIES = 50_000
"""Posts or threads that were answered, of which the times are known."""
_TIMES = 64  # answers to one post or in one thread
_UNKNOWN = -1.0  # the time of an answer that has none
_ANYBODY = 1

DEFAULTS = {"review": "24 hours", "question": "4 business hours", "dm": "4 business hours"}
"""The windows of what waits for an answer though no rule routes it. ``response`` in the profile changes them."""


class Wait(msgspec.Struct, frozen=True):
    """One queue of one post, resolved: when it was due, and answered (``None``: not; ``_UNKNOWN``: nobody knows when)."""

    post: Observed
    queue: str
    within: str
    at: float | None
    due: float | None
    answered: float | None


class _Tally(msgspec.Struct):
    within: str = ""
    in_time: int = 0
    late: int = 0
    untimed: int = 0
    left: int = 0
    sketch: Sketch = msgspec.field(default_factory=Sketch)


class AnswersState(msgspec.Struct):
    """What a watch keeps: it grows to `MOST_OPEN` and `MOST_REPLIES` and no further."""

    open: list[Observed] = msgspec.field(default_factory=list)
    replies: dict[int, list[float]] = msgspec.field(default_factory=dict)
    settled: dict[str, _Tally] = msgspec.field(default_factory=dict)
    has_replies: bool = False


class Answers:
    """Collects what waits and what was answered; parents and replies may come in any order."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._calendar = profile.calendar
        self.state = AnswersState()

    def see(self, seen: Observed, at: float | None) -> None:
        """Takes one post."""
        state = self.state
        if seen.direction == "outbound_reply":
            state.has_replies = True
            time = _UNKNOWN if at is None else at
            for key in _keys_of_reply(seen):
                self._answered(key, time)
        elif seen.routes:
            state.has_replies = state.has_replies or seen.answered is not None
            state.open.append(seen)
            if len(state.open) > MOST_OPEN + MOST_OPEN // 8:
                for wait in self._waits(state.open[: MOST_OPEN // 8]):
                    self._settle(wait, state.settled)
                del state.open[: MOST_OPEN // 8]

    def _answered(self, key: int, time: float) -> None:
        replies = self.state.replies
        times = replies.get(key)
        if times is None:
            if len(replies) >= MOST_REPLIES:
                del replies[next(iter(replies))]
            replies[key] = [time]
        elif time not in times:
            bisect.insort(times, time)
            del times[_TIMES:]

    def waits(self) -> list[Wait]:
        """Every queue of every post of which that is still known, resolved with the answers of the whole data."""
        return list(self._waits(self.state.open))

    def _waits(self, posts: Iterable[Observed]) -> Iterator[Wait]:
        for post in posts:
            at = None if post.at is None else self._calendar.instant(post.at)
            answered = self._answer_to(post, at)
            for queue, window, known in post.routes:
                within = self.within(queue, window)
                ends = known or due(within, post.at, self._profile)
                yield Wait(
                    post, queue, within, at, None if ends is None else self._calendar.instant(ends), answered
                )

    def within(self, queue: str, within: str) -> str:
        """The window of a queue."""
        return within or self._profile.response.get(queue) or DEFAULTS[queue]

    def _answer_to(self, post: Observed, at: float | None) -> float | None:
        """When a post was answered first: by its own field, or by a reply that came after it."""
        found: list[float] = []
        if post.answered is not None:
            found.append(self._calendar.instant(post.answered))
        for key in _keys_of_post(post):
            times = self.state.replies.get(key, ())
            found += times if at is None else (time for time in times if time >= at or time == _UNKNOWN)
        timed = [time for time in found if time != _UNKNOWN]
        return min(timed) if timed else _UNKNOWN if found else None

    def follows(self, reply: Observed, at: float, until: float) -> bool:
        """Whether something more was said to the same person, or in the same thread, after a reply."""
        keys = {*_keys_of_reply(reply), reply.thread} - {0}
        return any(at < time <= until for key in keys for time in self.state.replies.get(key, ()))

    def figures(self, waits: Iterable[Wait], as_of: float) -> tuple[QueueFigures, ...]:
        """The figures of each queue at a moment, the most urgent queue first."""
        tallies = {
            queue: msgspec.convert(msgspec.to_builtins(tally), _Tally)
            for queue, tally in self.state.settled.items()
        }
        pending: dict[str, list[int]] = {}
        for wait in waits:
            self._settle(wait, tallies)
            if wait.answered is None and wait.due is not None:
                tallies[wait.queue].left -= 1
                pending.setdefault(wait.queue, [0, 0])[wait.due < as_of] += 1
        found = []
        for queue, tally in tallies.items():
            waiting, overdue = pending.get(queue, (0, 0))
            decided = tally.in_time + tally.late + overdue
            untimed = tally.untimed + tally.left
            found.append(
                QueueFigures(
                    queue=queue,
                    within=tally.within,
                    posts=decided + waiting + untimed,
                    in_time=tally.in_time,
                    late=tally.late,
                    overdue=overdue,
                    waiting=waiting,
                    untimed=untimed,
                    business_hours=_window(tally.within).business,
                    median_minutes=_minutes(tally.sketch.quantile(0.5)),
                    p90_minutes=_minutes(tally.sketch.quantile(0.9)),
                    share_in_time=round(tally.in_time / decided, 4) if decided else None,
                )
            )
        return tuple(sorted(found, key=lambda one: (rank_of(one.queue), one.queue)))

    def overdue(self, waits: Iterable[Wait], as_of: float) -> list[tuple[Overdue, Observed]]:
        """What nobody answered though it was due, the most urgent queue and the earliest first."""
        late = [
            (rank_of(wait.queue), wait.queue, wait.due, wait.post.id, wait.post)
            for wait in waits
            if wait.answered is None and wait.due is not None and wait.due < as_of
        ]
        late.sort(key=lambda one: one[:4])
        return [
            (Overdue(id=post.id, queue=queue, due=self._calendar.moment(ends)), post)
            for _, queue, ends, _, post in late
        ]

    def _settle(self, wait: Wait, tallies: dict[str, _Tally]) -> None:
        """Counts what is decided; an open one is ``left``."""
        tally = tallies.setdefault(wait.queue, _Tally())
        if not tally.within or _haste(wait.within) < _haste(tally.within):
            tally.within = wait.within
        if wait.answered is None:
            tally.left += 1
        elif wait.answered == _UNKNOWN or wait.due is None or wait.at is None:
            tally.untimed += 1
        else:
            if wait.answered <= wait.due:
                tally.in_time += 1
            else:
                tally.late += 1
            tally.sketch.add(self._took(wait.within, wait.at, wait.answered))

    def _took(self, within: str, at: float, answered: float) -> float:
        if not _window(within).business:
            return answered - at
        calendar = self._calendar
        return calendar.open_time(calendar.moment(at), calendar.moment(answered)).total_seconds()


def _keys_of_reply(reply: Observed) -> Iterator[int]:
    """What a reply answers: the post of an id, the posts of somebody in a thread, those of a text, or all in its thread."""
    if reply.parent:
        yield reply.parent
    if reply.thread and reply.author:
        yield _both(reply.thread, reply.author)
    if reply.said:
        yield _both(reply.said, _ANYBODY)
        if reply.author:
            yield _both(reply.said, reply.author)
        else:
            yield reply.said
    if reply.thread and not (reply.parent or reply.author or reply.said):
        yield reply.thread


def _keys_of_post(post: Observed) -> Iterator[int]:
    if post.key:
        yield post.key
    if post.thread:
        yield post.thread
        if post.author:
            yield _both(post.thread, post.author)
    if post.said:
        yield post.said
        yield _both(post.said, post.author or _ANYBODY)


def _both(one: int, other: int) -> int:
    return (one * 0x9E3779B97F4A7C15 ^ other) & 0x7FFF_FFFF_FFFF_FFFF


def _window(within: str) -> Window:
    return parse_window(within)


def _haste(within: str) -> tuple[float, str]:
    return _window(within).span.total_seconds(), within


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)

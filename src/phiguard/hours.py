"""Business hours: how long a window lasts, when an office is open, and when an answer is due."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["WEEKDAYS", "Calendar", "Window", "parse_holiday", "parse_opening", "parse_window"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""In the order of ``date.weekday()``."""

_MOST = 10_000  # a window of more than so many minutes, hours or days is a typing error
_FARTHEST = 20_000  # days looked ahead for an opening: 54 years, so that a search always ends
_LONGEST = 3_653  # days in which open time is counted
_KEPT = 4_096  # days whose openings are remembered
_HOUR = 60
_DAY = 24 * _HOUR
_WINDOW = re.compile(r"\s*(\d{1,6})\s+(business\s+)?(minute|hour|day)s?\s*", re.IGNORECASE)
_OPENING = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-\u2013]\s*(\d{1,2}):(\d{2})\s*")
_HOLIDAY = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")
_UNITS: dict[str, Literal["minutes", "hours", "days"]] = {
    "minute": "minutes",
    "hour": "hours",
    "day": "days",
}


class Window(msgspec.Struct, frozen=True):
    """How long somebody has to act. Business time counts only while the office is open."""

    amount: int
    unit: Literal["minutes", "hours", "days"]
    business: bool = False

    @property
    def span(self) -> dt.timedelta:
        """The length by the clock (24 hours for a day, business or not)."""
        return dt.timedelta(**{self.unit: self.amount})


def parse_window(text: str) -> Window:
    """Return the window that ``text`` describes, or raise ``ValueError``.

    >>> parse_window("4 business hours")
    Window(amount=4, unit='hours', business=True)
    >>> parse_window("15 minutes").span
    datetime.timedelta(seconds=900)
    """
    match = _WINDOW.fullmatch(text)
    if match is None or int(match[1]) > _MOST:
        expected = '"15 minutes", "4 business hours", "24 hours" or "1 business day"'
        raise ValueError(f"a window is a number and a unit, like {expected} (at most {_MOST:,})")
    return Window(int(match[1]), _UNITS[match[3].lower()], match[2] is not None)


def parse_opening(text: str) -> tuple[int, int]:
    """Return opening and closing in minutes after midnight, or raise ``ValueError``.

    >>> parse_opening("08:30-17:00")
    (510, 1020)
    >>> parse_opening("00:00-24:00")
    (0, 1440)
    """
    match = _OPENING.fullmatch(text)
    if match is not None:
        opens, closes = (int(match[i]) * _HOUR + int(match[i + 1]) for i in (1, 3))
        if int(match[2]) < _HOUR > int(match[4]) and opens < closes <= _DAY:
            return opens, closes
    raise ValueError('hours are written "09:00-17:00", the opening before the closing ("24:00" at most)')


def parse_holiday(text: str) -> tuple[int | None, int, int]:
    """Return year (``None``: every year), month and day of a holiday, or raise ``ValueError``.

    >>> parse_holiday("2026-11-26"), parse_holiday("12-25")
    ((2026, 11, 26), (None, 12, 25))
    """
    match = _HOLIDAY.fullmatch(text)
    if match is not None:
        year = int(match[1]) if match[1] else None
        month, day = int(match[2]), int(match[3])
        try:
            dt.date(2024 if year is None else year, month, day)  # 2024: 29 February is a day
        except ValueError:
            pass
        else:
            return year, month, day
    raise ValueError('a holiday is written "2026-11-26", or "12-25" for every year')


class Calendar:
    """When an office is open: hours by weekday, holidays and a time zone.

    All counting is done in UTC, between openings that were taken from the wall clock of the zone:
    the hour that a clock change skips or repeats is neither lost nor given twice.
    """

    def __init__(
        self,
        week: tuple[tuple[tuple[int, int], ...], ...],
        *,
        holidays: tuple[tuple[int | None, int, int], ...] = (),
        zone: dt.tzinfo = dt.timezone.utc,
    ) -> None:
        """Take the openings of Monday to Sunday, in minutes after midnight."""
        self._week = tuple(tuple(sorted(day)) for day in week)
        self._holidays = frozenset(holidays)
        self._zone = zone
        self._known: dict[dt.date, list[tuple[dt.datetime, dt.datetime]]] = {}

    def __repr__(self) -> str:
        return "Calendar()"

    def is_open(self, moment: dt.datetime) -> bool:
        """Whether ``moment`` lies in an opening, both ends included."""
        try:
            at = self._utc(moment)
            first = at.astimezone(self._zone).date() - dt.timedelta(days=1)
            return any(start <= at <= end for day in range(2) for start, end in self._openings(first, day))
        except OverflowError:
            return False

    def instant(self, moment: dt.datetime) -> float:
        """Seconds since 1970 of a moment; one without an offset is in the zone of the calendar."""
        return self._utc(moment).timestamp()

    def moment(self, instant: float) -> dt.datetime:
        """The time in the zone of the calendar, from seconds since 1970."""
        return self._local(dt.datetime.fromtimestamp(instant, dt.timezone.utc))

    def open_time(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """How long the office was open between two moments; nothing if the second is the earlier one.

        Beyond ten years it counts by the clock: nobody waits that long for an answer.
        """
        begin, finish = self._utc(start), self._utc(end)
        if (finish - begin).days > _LONGEST:
            return finish - begin
        total = dt.timedelta()
        first = begin.astimezone(self._zone).date() - dt.timedelta(days=1)
        for days in range((finish - begin).days + 4):
            for opens, closes in self._openings(first, days):
                total += max(min(closes, finish) - max(opens, begin), dt.timedelta())
        return total

    def due(self, window: Window, received: dt.datetime) -> dt.datetime | None:
        """When ``window`` ends for what was received at ``received``, in the zone of the calendar.

        What arrives while the office is closed arrives at the next opening. A business day ends at the
        same time of the next day that the office is open, or else at the last open moment before that
        time (the opening, if there is none). ``None``: no such moment in the years that a date can
        show, or no opening for 54 years.
        """
        try:
            at = self._utc(received)
            if not window.business:
                return self._local(at + window.span)
            if window.unit == "days":
                end = self._after_days(at, window.amount)
            else:
                end = self._after_open_time(at, window.span)
            return None if end is None else self._local(end)
        except OverflowError:
            return None

    def _utc(self, moment: dt.datetime) -> dt.datetime:
        # A time without an offset is in the zone of the calendar.
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=self._zone)
        return aware.astimezone(dt.timezone.utc)

    def _local(self, moment: dt.datetime) -> dt.datetime:
        local = moment.astimezone(self._zone)
        # Before time zones, offsets had seconds, which ISO 8601 cannot write: such a time stays in UTC.
        offset = local.utcoffset()
        return local if offset is not None and offset.seconds % 60 == 0 else moment

    def _instant(self, wall: dt.datetime) -> dt.datetime:
        """Return when the clock of the zone shows ``wall``: at first, or when it jumps over it."""
        first, second = (
            wall.replace(tzinfo=self._zone, fold=fold).astimezone(dt.timezone.utc) for fold in (0, 1)
        )
        if first <= second:
            return first
        # The clock never shows it. Bisect for the jump: it lies between the two readings.
        before, after = second.replace(microsecond=0), first.replace(microsecond=0)
        old = before.astimezone(self._zone).utcoffset()
        while (gap := int((after - before).total_seconds())) > 1:
            middle = before + dt.timedelta(seconds=gap // 2)
            if middle.astimezone(self._zone).utcoffset() == old:
                before = middle
            else:
                after = middle
        return after

    def _openings(self, first: dt.date, days: int = 0) -> list[tuple[dt.datetime, dt.datetime]]:
        """Return the openings of the day that is ``days`` after ``first``, in UTC."""
        day = first + dt.timedelta(days=days)
        known = self._known.get(day)
        if known is None:
            known = self._openings_of(day)
            if len(self._known) < _KEPT:
                self._known[day] = known
        return known

    def _openings_of(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        if {(None, day.month, day.day), (day.year, day.month, day.day)} & self._holidays:
            return []
        midnight = dt.datetime.combine(day, dt.time())
        openings: list[tuple[dt.datetime, dt.datetime]] = []
        for times in self._week[day.weekday()]:
            start, end = (self._instant(midnight + dt.timedelta(minutes=time)) for time in times)
            if openings:
                start = max(start, openings[-1][1])  # openings that overlap count once
            if start < end:
                openings.append((start, end))
        return openings

    def _open_days(self, at: dt.datetime) -> Iterator[tuple[dt.date, list[tuple[dt.datetime, dt.datetime]]]]:
        """Yield each day with an opening that ends after ``at``, and those of its openings."""
        first = at.astimezone(self._zone).date()
        for days in range(_FARTHEST):
            openings = [(start, end) for start, end in self._openings(first, days) if end > at]
            if openings:
                yield first + dt.timedelta(days=days), openings

    def _after_open_time(self, at: dt.datetime, left: dt.timedelta) -> dt.datetime | None:
        for _, openings in self._open_days(at):
            for opens, closes in openings:
                start = max(opens, at)
                if left <= closes - start:
                    return start + left
                left -= closes - start
        return None

    def _after_days(self, at: dt.datetime, amount: int) -> dt.datetime | None:
        start: dt.datetime | None = None
        for passed, (day, openings) in enumerate(self._open_days(at)):
            if start is None:
                start = max(openings[0][0], at)
            if passed == amount:
                return start if amount == 0 else self._same_time(start, day, openings)
        return None

    def _same_time(
        self, start: dt.datetime, day: dt.date, openings: list[tuple[dt.datetime, dt.datetime]]
    ) -> dt.datetime:
        aim = self._instant(dt.datetime.combine(day, start.astimezone(self._zone).time()))
        index = bisect.bisect_right([opens for opens, _ in openings], aim) - 1
        return openings[0][0] if index < 0 else min(aim, openings[index][1])

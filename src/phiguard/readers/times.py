"""Moments from what exports write: seconds and milliseconds, ISO 8601 in all its dress, X's and mail's own forms."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Literal

__all__ = ["DATE_ORDERS", "DateOrder", "moment_of"]

DateOrder = Literal["ymd", "mdy", "dmy"]
DATE_ORDERS: tuple[DateOrder, ...] = ("ymd", "mdy", "dmy")

_ZONE = r"(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?"
_CLOCK = (
    r"(?:(?:,\s*|\s+|T)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    rf"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*{_ZONE})?"
)
_ISO = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_CLOCK}", re.IGNORECASE
)
_NUMBERS = re.compile(
    rf"(?P<first>\d{{1,2}})[-/.](?P<other>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d\d){_CLOCK}", re.IGNORECASE
)
# "Wed Oct 10 20:19:24 +0000 2018", and "Sat Sep 05 08:12:14 UTC 2026"
_LEDGER = re.compile(
    r"[A-Za-z]{3} (?P<word>[A-Za-z]{3}) (?P<day>\d{1,2}) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) "
    rf"{_ZONE} (?P<year>\d{{4}})"
)
# A day before its month, as in mails: Tue, 05 May 2026 09:30:00 +0000
_DAY_WORD = re.compile(
    rf"(?:[A-Za-z]{{3,9}}, )?(?P<day>\d{{1,2}})[ -](?P<word>[A-Za-z]{{3,9}})[ -],?\s?(?P<year>\d{{4}}){_CLOCK}",
    re.IGNORECASE,
)
# A month before its day: May 5, 2026 at 9:30 AM
_WORD_DAY = re.compile(
    rf"(?P<word>[A-Za-z]{{3,9}})\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})(?: at)?{_CLOCK}", re.IGNORECASE
)
_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_NUMBER = re.compile(r"-?\d{9,}(?:\.\d+)?")


def moment_of(
    value: object, *, zone: dt.tzinfo | None = None, order: DateOrder | None = None
) -> dt.datetime | None:
    """The moment that ``value`` tells; ``None`` if it tells none, or two.

    Numbers count from 1970 in UTC: seconds, milliseconds or microseconds, by their size. A time without an
    offset is in ``zone``, or has none. ``order`` says how 03/04/2026 is meant; without it, such a date tells
    two days.

    >>> moment_of(1_700_000_000), moment_of("1700000000000") == moment_of(1_700_000_000)
    (datetime.datetime(2023, 11, 14, 22, 13, 20, tzinfo=datetime.timezone.utc), True)
    >>> moment_of("2014-10-02T15:01:23.045123456Z").isoformat()
    '2014-10-02T15:01:23.045123+00:00'
    >>> moment_of("Wed Oct 10 20:19:24 +0000 2018").isoformat()
    '2018-10-10T20:19:24+00:00'
    >>> moment_of("03/04/2026"), moment_of("03/14/2026").day, moment_of("03/04/2026", order="dmy").month
    (None, 14, 4)
    """
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _counted(float(value))
    text = value.strip() if isinstance(value, str) else ""
    if _NUMBER.fullmatch(text):
        return _counted(float(text))
    for shape in (_ISO, _LEDGER, _DAY_WORD, _WORD_DAY):
        if found := shape.fullmatch(text):
            return _built(found, zone)
    found = _NUMBERS.fullmatch(text)
    return _ordered(found, zone, order) if found else None


def _counted(count: float) -> dt.datetime | None:
    if not math.isfinite(count) or abs(count) >= 1e17:
        return None
    while abs(count) >= 1e11:  # the year 5138 in seconds: what is larger counts smaller units
        count /= 1000
    try:
        return dt.datetime.fromtimestamp(count, dt.timezone.utc)
    except (OverflowError, OSError, ValueError):
        return None


def _built(found: re.Match[str], zone: dt.tzinfo | None, month: int = 0, day: int = 0) -> dt.datetime | None:
    parts = found.groupdict()
    if not month:
        month = _MONTHS.get(parts["word"][:3].lower(), 0) if parts.get("word") else int(parts["month"])
    year = int(parts["year"])
    hour = int(parts["hour"] or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    try:
        return dt.datetime(
            year + 2000 if year < 100 else year,
            month,
            day or int(parts["day"]),
            hour,
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            int(f"{parts.get('part') or '0':0<6}"[:6]),
            tzinfo=_offset(parts["zone"]) or zone,
        )
    except ValueError:
        return None


def _offset(zone: str | None) -> dt.tzinfo | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return dt.timezone.utc
    digits = zone[1:].replace(":", "").ljust(4, "0")
    away = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if away >= dt.timedelta(hours=24):
        raise ValueError
    return dt.timezone(-away if zone[0] == "-" else away)


def _ordered(found: re.Match[str], zone: dt.tzinfo | None, order: DateOrder | None) -> dt.datetime | None:
    first, other = int(found["first"]), int(found["other"])
    if order == "ymd":
        return None
    if order is None:
        if first <= 12 and other <= 12 and first != other:
            return None
        order = "dmy" if first > 12 else "mdy"
    day, month = (first, other) if order == "dmy" else (other, first)
    return _built(found, zone, month, day) if month and day else None

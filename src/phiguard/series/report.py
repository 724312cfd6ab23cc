"""What a watch reports: figures, ids and times, and no word of a post."""

from __future__ import annotations

import datetime as dt

import msgspec

from phiguard.model import Finding

__all__ = ["MOST_LISTED", "Overdue", "QueueFigures", "Report"]

MOST_LISTED = 100
"""Overdue posts that a report lists; its figures count them all."""


class QueueFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How fast one queue is served. Times are of the kind of the window: business hours count only while the office is open.

    ``posts`` = ``in_time`` + ``late`` + ``overdue`` + ``waiting`` + ``untimed``: answered before or after they were due, not answered
    though due, not due yet, and answered or open without the times to tell. ``share_in_time`` is of the first three.
    """

    queue: str
    within: str
    posts: int = 0
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    waiting: int = 0
    untimed: int = 0
    business_hours: bool = False
    median_minutes: float | None = None
    p90_minutes: float | None = None
    share_in_time: float | None = None


class Overdue(msgspec.Struct, frozen=True, kw_only=True):
    """A post that nobody answered in time."""

    id: str
    queue: str
    due: dt.datetime


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a series of posts shows at a moment (``as_of``). It names posts by their ids and holds no word of them."""

    as_of: dt.datetime | None = None
    posts: int = 0
    has_replies: bool = False
    queues: tuple[QueueFigures, ...] = ()
    overdue: tuple[Overdue, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

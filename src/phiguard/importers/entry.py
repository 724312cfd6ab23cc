"""What an importer yields, what it is told, and what it counts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from phiguard.importers.options import Options
from phiguard.importers.sources import Seen, Source
from phiguard.importers.tally import Tally
from phiguard.model import Action, Direction, Media, Parent, Platform, Post
from phiguard.readers.record import Fault, Place, Record

__all__ = ["Entry", "Item", "Run", "bad", "handle", "unreadable"]

Kind = Literal["post", "comment", "review", "dm"]


class Entry(msgspec.Struct, kw_only=True):
    """One thing said, as its platform tells it.

    ``parent`` is the id of what it answers; ``answers`` that itself, where the same record holds it (or its
    author, where nothing else is known). ``quotes`` is the id of what it shows beside its own words. ``base`` has further fields of the post, which the rest completes.
    """

    place: Place
    text: str
    platform: Platform | None
    kind: Kind = "post"
    own: bool = False
    id: str = ""
    aliases: tuple[str, ...] = ()
    parent: str = ""
    answers: Parent | None = None
    is_reply: bool = False
    author: str | None = None
    author_name: str | None = None
    at: dt.datetime | None = None
    answered_at: dt.datetime | None = None
    thread: str | None = None
    rating: float | None = None
    media: tuple[Media, ...] = ()
    links: tuple[str, ...] = ()
    quotes: str = ""
    action: Action = "publish"
    premium: bool = False
    language: str | None = None
    base: Post | None = None
    unknown: tuple[str, ...] = ()

    @property
    def is_answer(self) -> bool:
        """Whether it answers something, in the export or not."""
        return bool(self.parent) or self.is_reply or self.answers is not None

    @property
    def direction(self) -> Direction:
        """Who speaks to whom."""
        if self.own:
            return "outbound_reply" if self.is_answer else "outbound_post"
        if self.kind == "review":
            return "inbound_review"
        return "inbound_dm" if self.kind == "dm" else "inbound_comment"


Item: TypeAlias = Entry | Record
"""An entry, or the record of one that cannot be read."""


class Run:
    """One reading of an export: its files, what the user said, and where to count."""

    def __init__(
        self,
        sources: tuple[Source, ...],
        options: Options,
        tally: Tally,
        *,
        seen: Seen | None = None,
    ) -> None:
        self.sources, self.options, self.tally, self.seen = sources, options, tally, seen
        self._named = frozenset(map(handle, options.own))
        self._own = self._named | set(map(handle, options.known))
        self.owners: set[str] = set()
        """Ids and handles that the export itself tells to be its owner's."""
        tally.knows_own = bool(self._named)

    def files(self, pattern: re.Pattern[str]) -> Iterator[Source]:
        """The files whose path inside the export fits; a file that was named alone always does."""
        if len(self.sources) == 1 and self.sources[0].member is None:
            yield self.sources[0]
            return
        for source in self.sources:
            if pattern.search(source.inner.lower()):
                yield source

    def is_own(self, *accounts: str | None, told: bool = False) -> bool:
        """Whether one of ``accounts`` is the organization's: as the user said, or as the export tells (``told``)."""
        known = [handle(account) for account in accounts if account]
        is_own = not self._own.isdisjoint(known)
        if not self._named:
            is_own = is_own or told or not self.owners.isdisjoint(known)
        self.tally.knows_own = self.tally.knows_own or is_own
        return is_own

    def take_owner(self, *accounts: str) -> None:
        """Notes whose export it is."""
        self.owners.update(handle(account) for account in accounts if account)
        self.tally.knows_own = True

    def leave_out(self, what: str) -> None:
        """Counts an entry that holds nothing to screen."""
        self.tally.left_out[what] += 1

    def note(self, what: str, count: int = 1) -> None:
        """Counts something that the export does not hold."""
        if count > 0:
            self.tally.notes[what] += count


def handle(account: str) -> str:
    """An account's name as it is compared: ``@`` and ``u/`` and letter case do not matter.

    >>> handle("@Oak_Dental"), handle("u/Oak_Dental")
    ('oak_dental', 'oak_dental')
    """
    return re.sub(r"^(?:@|/?u/)", "", account.strip()).casefold()


def bad(source: Source, line: int, reason: str, field: str = "") -> Record:
    """The record of an entry that cannot be read."""
    return Record(place=Place(path=source.name, line=line), fault=Fault(reason=reason, field=field))


def unreadable(source: Source, error: BaseException) -> Record:
    """The record of a file that cannot be read, or not further. The error's own words may hold its content."""
    if isinstance(error, NotImplementedError):
        reason = "is packed in a way that is not known here: unpack it with another program first"
    elif isinstance(error, RuntimeError):
        reason = "is locked by a password: unpack it first"
    else:
        reason = f"cannot be read ({type(error).__name__}); the rest of it was not read"
    return bad(source, 1, reason)

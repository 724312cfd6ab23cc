"""What a reader yields: a post with its place in the file, or the fault of one record."""

from __future__ import annotations

import bisect
from collections.abc import Mapping

import msgspec

from phiguard.model import Post

__all__ = ["Anchor", "Fault", "Place", "Point", "Record", "anchors_of"]


class Fault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why one record is not a post: the field and what was expected, never the value."""

    reason: str
    field: str = ""

    def __str__(self) -> str:
        return f"field {self.field}: {self.reason}" if self.field else self.reason


class Point(msgspec.Struct, frozen=True):
    """A place in a file: line and column from 1; ``offset`` in characters from 0, if known."""

    line: int
    column: int | None = None
    offset: int | None = None


class Anchor(msgspec.Struct, frozen=True):
    """Where the character ``at`` of a text stands in its file; those after it follow on one line."""

    at: int
    line: int
    column: int
    offset: int


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a record stands. ``texts`` tells, for each text field, where its lines stand in the file.

    A field without anchors (an escaped JSON string, say) is located by the line of its record alone.
    """

    path: str
    line: int = 1
    texts: Mapping[str, tuple[Anchor, ...]] = {}

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.path else f"line {self.line}"

    def point(self, field: str, position: int) -> Point:
        """Where the character at ``position`` of ``field`` stands in the file.

        >>> place = Place(path="a.txt", line=4, texts={"text": (Anchor(0, 4, 3, 90), Anchor(6, 5, 3, 98))})
        >>> place.point("text", 8)
        Point(line=5, column=5, offset=100)
        >>> place.point("media[0].alt_text", 8)
        Point(line=4, column=None, offset=None)
        """
        anchors = self.texts.get(field, ())
        index = bisect.bisect_right(anchors, position, key=lambda anchor: anchor.at) - 1
        if index < 0:
            return Point(self.line)
        anchor = anchors[index]
        return Point(anchor.line, anchor.column + position - anchor.at, anchor.offset + position - anchor.at)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a file: exactly one of ``post`` and ``fault``. ``unknown`` names keys not understood."""

    place: Place
    post: Post | None = None
    fault: Fault | None = None
    unknown: tuple[str, ...] = ()


def anchors_of(text: str, *, line: int, column: int = 1, offset: int = 0) -> tuple[Anchor, ...]:
    r"""The anchors of a text that stands in its file as it is, from the place given on.

    >>> anchors_of("one\ntwo", line=3, column=5, offset=40)
    (Anchor(at=0, line=3, column=5, offset=40), Anchor(at=4, line=4, column=1, offset=44))
    """
    found = [Anchor(0, line, column, offset)]
    at = text.find("\n") + 1
    while at:
        found.append(Anchor(at, line + len(found), 1, offset + at))
        at = text.find("\n", at) + 1
    return tuple(found)

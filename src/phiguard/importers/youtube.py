"""Comments of YouTube: pages of commentThreads and comments of the Data API, and comments.csv of Takeout.

Facts: a thread holds its first comment and at most five replies (the others come by comments.list with a ``parentId``);
``textDisplay`` is HTML unless plain text was asked for, ``textOriginal`` is as typed; ``snippet.channelId`` is the channel
whose video it is, so its author is the organization in an export of its own channel. Takeout writes the text of a
comment as pieces of JSON, and holds only one's own comments.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from phiguard.importers.columns import table_rows
from phiguard.importers.entry import Entry, Item, Run, bad, unreadable
from phiguard.importers.pieces import pieces
from phiguard.importers.shape import count, mapping, name, rows, words
from phiguard.importers.sources import UNREADABLE, Source
from phiguard.importers.texts import plain_of_html
from phiguard.readers.record import Place, Record
from phiguard.readers.times import moment_of

__all__ = ["read"]

_FILES = re.compile(r"(?:\.(?:json|jsonl|ndjson)|(?:^|/)comments(?:\(\d+\))?\.csv)$")
_INTO = frozenset({("items",)})
_ALSO = frozenset({"nextPageToken"})


def read(run: Run) -> Iterator[Item]:
    """Every comment, each thread from its top."""
    token, expected, found = "", 0, 0
    for source in run.files(_FILES):
        try:
            if source.inner.lower().endswith(".csv"):
                yield from _takeout(source, run)
                continue
            with source.open(seen=run.seen) as stream:
                for piece in pieces(stream, _INTO, also=_ALSO):
                    if piece.keys == ("nextPageToken",):
                        token = str(piece.value)
                    elif piece.fault or not isinstance(piece.value, dict):
                        yield bad(source, piece.line, piece.fault or "is not an object")
                    else:
                        token = "" if piece.keys else token
                        expected += count(mapping(piece.value, "snippet"), "totalReplyCount")
                        for item in _entries(piece.value, source, piece.line, run):
                            found += isinstance(item, Entry) and bool(item.parent)
                            yield item
        except UNREADABLE as error:
            yield unreadable(source, error)
    run.note("replies that are not in the export", expected - found)
    run.note("lists whose next page is not in the export", 1 if token else 0)


def _entries(value: dict[str, Any], source: Source, line: int, run: Run) -> Iterator[Item]:
    snippet = mapping(value, "snippet")
    top = mapping(snippet, "topLevelComment")
    if not top and not any(key in snippet for key in ("textDisplay", "textOriginal")):
        yield bad(source, line, "is no comment of YouTube: ask the API for part=snippet,replies", "snippet")
        return
    channel, video = name(snippet, "channelId"), name(snippet, "videoId")
    key = name(top or value, "id")
    yield from _entry(top or value, "", channel, video, source, line, run)
    replies = [one for one in rows(mapping(value, "replies"), "comments") if isinstance(one, dict)]
    for reply in replies:
        yield from _entry(reply, key, channel, video, source, line, run)


def _entry(
    value: dict[str, Any], parent: str, channel: str, video: str, source: Source, line: int, run: Run
) -> Iterator[Item]:
    snippet = mapping(value, "snippet")
    text = words(snippet, "textOriginal") or plain_of_html(words(snippet, "textDisplay"))
    if not text.strip():
        run.leave_out("without text")
        return
    key = name(value, "id")
    parent = name(snippet, "parentId") or parent
    if not parent and "." in key:
        parent = key.partition(".")[0]  # a reply's id begins with that of its thread
    shown = words(snippet, "authorDisplayName")
    author = name(mapping(snippet, "authorChannelId"), "value") or name(snippet, "authorChannelId")
    owner = name(snippet, "channelId") or channel
    at = moment_of(snippet.get("publishedAt"), zone=dt.timezone.utc)
    if at is None:
        run.note("times not understood")
    film = name(snippet, "videoId") or video
    yield Entry(
        place=Place(path=source.name, line=line),
        text=text,
        id=key,
        platform="youtube",
        kind="comment",
        own=run.is_own(
            author, shown if shown.startswith("@") else None, told=bool(author) and author == owner
        ),
        parent=parent,
        author=(shown if shown.startswith("@") else author) or None,
        author_name=shown or None,
        at=at,
        thread=parent or key or None,
        links=(f"https://www.youtube.com/watch?v={film}",) if film else (),
    )


class _Part(msgspec.Struct):
    text: str = ""


_PARTS = msgspec.json.Decoder(list[_Part])


def _takeout(source: Source, run: Run) -> Iterator[Item]:
    """One's own comments, from Takeout's table."""
    run.take_owner()
    for row in table_rows(source, run):
        if isinstance(row, Record):
            yield row
            continue
        line, cells = row
        text = _joined(cells.get("comment text", ""))
        if not text.strip():
            run.leave_out("without text")
            continue
        video = cells.get("video id", "")
        top = cells.get("parent comment id", "") or cells.get("top-level comment id", "")
        yield Entry(
            place=Place(path=source.name, line=line),
            text=text,
            id=cells.get("comment id", ""),
            platform="youtube",
            kind="comment",
            own=True,
            parent=top,
            author=cells.get("channel id") or None,
            at=moment_of(cells.get("comment create timestamp"), zone=dt.timezone.utc),
            thread=top or cells.get("comment id") or None,
            links=(f"https://www.youtube.com/watch?v={video}",) if video else (),
        )


def _joined(cell: str) -> str:
    """The text of a cell that holds pieces like ``{"text":"Hello "},{"text":"you"}``."""
    if not cell.startswith("{"):
        return cell
    try:
        return "".join(part.text for part in _PARTS.decode(f"[{cell}]".encode()))
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeEncodeError):
        return cell

"""Reddit: listings of its API (a subreddit, a user, a post with its comments), dumps as JSON lines, comments.csv and posts.csv.

Facts: things are ``{kind: t1 or t3, data}``; a comment's ``parent_id`` begins with ``t1_`` or ``t3_``; replies are a listing
inside, or an empty string; ``more`` stands for comments that were not loaded; texts have ``&amp; &lt; &gt;`` escaped unless
``raw_json=1`` was asked for; what is gone reads ``[deleted]`` or ``[removed]``; dumps write one thing a line, flat, with times
as numbers or as strings.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from phiguard.importers.columns import table_rows
from phiguard.importers.entry import Entry, Item, Run, bad, unreadable
from phiguard.importers.pieces import pieces
from phiguard.importers.shape import count, mapping, name, rows, words
from phiguard.importers.sources import UNREADABLE, Source
from phiguard.importers.texts import unescaped
from phiguard.readers.record import Place, Record
from phiguard.readers.times import moment_of

__all__ = ["read"]

_FILES = re.compile(r"(?:\.(?:json|jsonl|ndjson)|(?:^|/)(?:comments|posts)\.csv)$")
_INTO = frozenset({("data", "children"), ("data",)})
_GONE = frozenset({"", "[deleted]", "[removed]", "[ removed by reddit ]", "[deleted by user]"})


def read(run: Run) -> Iterator[Item]:
    """Every post and comment, comments after what they answer where the file has them so."""
    for source in run.files(_FILES):
        try:
            if source.inner.lower().endswith(".csv"):
                yield from _table(source, run)
                continue
            with source.open(seen=run.seen) as stream:
                for piece in pieces(stream, _INTO):
                    if piece.fault or not isinstance(piece.value, dict):
                        yield bad(source, piece.line, piece.fault or "is not an object")
                    else:
                        yield from _things(piece.value, Place(path=source.name, line=piece.line), source, run)
        except UNREADABLE as error:
            yield unreadable(source, error)


def _things(value: dict[str, Any], place: Place, source: Source, run: Run) -> Iterator[Item]:
    """A thing and the comments under it, however deep."""
    stack = [value]
    while stack:
        at = stack.pop()
        data = mapping(at, "data") or at
        if at.get("kind") == "more" or ("children" in data and "body" not in data):
            run.note("comments that were not loaded", count(data, "count") or len(rows(data, "children")))
            continue
        if not any(key in data for key in ("body", "selftext", "title")):
            yield bad(source, place.line, "is no post or comment of Reddit")
            continue
        entry = _entry(data, place, run)
        if entry is not None:
            yield entry
        below = [one for one in rows(mapping(data, "replies", "data"), "children") if isinstance(one, dict)]
        stack.extend(reversed(below))


def _entry(data: dict[str, Any], place: Place, run: Run) -> Entry | None:
    is_comment = "body" in data
    said = words(data, "body") if is_comment else words(data, "selftext")
    said = "" if said.strip().casefold() in _GONE else unescaped(said)
    title = "" if is_comment else unescaped(words(data, "title"))
    title = "" if title.strip().casefold() in _GONE else title
    text = "\n\n".join(part for part in (title, said) if part.strip())
    if not text:
        run.leave_out("deleted")
        return None
    key = name(data, "id").removeprefix("t1_").removeprefix("t3_")
    full = f"{'t1' if is_comment else 't3'}_{key}" if key else ""
    post = _full(data, "link_id", "t3_") if is_comment else full
    parent = _full(data, "parent_id", "t1_") if is_comment else ""
    author = words(data, "author")
    author = "" if author in {"[deleted]", "[removed]"} else author
    at = moment_of(data.get("created_utc") or data.get("created"), zone=dt.timezone.utc)
    if at is None:
        run.note("times not understood")
    link = words(data, "url_overridden_by_dest") or words(data, "url")
    return Entry(
        place=place,
        text=text,
        id=full,
        platform="reddit",
        kind="comment" if is_comment else "post",
        own=run.is_own(author, name(data, "author_fullname")),
        parent=parent or (post if is_comment else ""),
        is_reply=is_comment,
        author=author or None,
        at=at,
        thread=post or None,
        links=(link,) if link.startswith("http") and not is_comment else (),
    )


def _full(data: dict[str, Any], key: str, kind: str) -> str:
    """A full name such as ``t1_abc``; old dumps write the number behind it, without the kind."""
    found = data.get(key)
    if isinstance(found, int) and not isinstance(found, bool) and found >= 0:
        digits = ""
        while found:
            found, rest = divmod(found, 36)
            digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
        return kind + digits
    return found if isinstance(found, str) else ""


def _table(source: Source, run: Run) -> Iterator[Item]:
    """One's own posts or comments, from the tables of a data request."""
    run.take_owner()
    is_comment = source.inner.lower().endswith("comments.csv")
    for row in table_rows(source, run):
        if isinstance(row, Record):
            yield row
            continue
        line, cells = row
        said = [cells.get("body", "")] if is_comment else [cells.get("title", ""), cells.get("body", "")]
        text = "\n\n".join(part for part in said if part.strip().casefold() not in _GONE)
        if not text:
            run.leave_out("deleted")
            continue
        kind, parent = ("t1", cells.get("parent", "")) if is_comment else ("t3", "")
        link = re.search(r"/comments/([0-9a-z]+)", cells.get("link", "") or cells.get("permalink", ""))
        post = f"t3_{link[1]}" if link else ""
        yield Entry(
            place=Place(path=source.name, line=line),
            text=text,
            id=f"{kind}_{cells['id']}" if cells.get("id") else "",
            platform="reddit",
            kind="comment" if is_comment else "post",
            own=True,
            parent=(f"t1_{parent}" if parent else post) if is_comment else "",
            is_reply=is_comment,
            at=moment_of(cells.get("date"), zone=dt.timezone.utc),
            thread=post or None,
        )

"""Posts and comments as the Graph API of Meta tells them, for Facebook pages and for Instagram accounts.

Facts: pages are ``{"data": […], "paging": {…}}``; a post may hold its comments, and a comment its replies, as such pages
inside; the id of a page's post is ``PAGE_POST`` and of a comment ``POST_COMMENT``; times are like
``2026-05-01T09:30:00+0000``; without the right permission the author is left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from phiguard.importers.entry import Entry, Item, Run, bad, unreadable
from phiguard.importers.pieces import pieces
from phiguard.importers.shape import mapping, name, rows, words
from phiguard.importers.sources import UNREADABLE, Source
from phiguard.model import Media, Parent, Platform
from phiguard.readers.record import Place
from phiguard.readers.times import moment_of

__all__ = ["read"]

_FILES = re.compile(r"\.(?:json|jsonl|ndjson)$")
_INTO = frozenset({("data",), ("comments", "data"), ("posts", "data"), ("media", "data"), ("feed", "data")})
_ALSO = frozenset({"paging"})
_INSIDE = ("comments", "replies")
_KINDS = {"photo": "image", "image": "image", "carousel_album": "image", "video": "video", "reels": "video"}


def read(run: Run) -> Iterator[Item]:
    """Every post, comment and reply, in the order of the pages."""
    for source in run.files(_FILES):
        last: str | None = None
        try:
            with source.open(seen=run.seen) as stream:
                for piece in pieces(stream, _INTO, also=_ALSO):
                    if piece.fault or not isinstance(piece.value, dict):
                        yield bad(source, piece.line, piece.fault or "is not an object")
                    elif piece.keys == ("paging",):
                        last = words(piece.value, "next")
                    elif "id" not in piece.value:
                        yield bad(source, piece.line, "has no id: ask the API for the field id", "id")
                    else:
                        yield from _entries(piece.value, source, piece.line, run)
        except UNREADABLE as error:
            yield unreadable(source, error)
        run.note("lists whose next page is not in the export", 1 if last else 0)


def _entries(value: dict[str, Any], source: Source, line: int, run: Run) -> Iterator[Item]:
    """An object and all that was said under it. The depth is two, but nothing relies on it."""
    stack: list[tuple[dict[str, Any], str, str, str]] = [(value, "", "", "")]
    while stack:
        at, parent, thread, owner = stack.pop()
        key = name(at, "id")
        owner = owner or _owner(at, run)
        entry = _entry(at, key, parent, thread, owner, Place(path=source.name, line=line), run)
        if entry is not None:
            yield entry
        below: list[tuple[dict[str, Any], str, str, str]] = []
        for edge in _INSIDE:
            page = mapping(at, edge)
            run.note(
                "lists whose next page is not in the export",
                1 if words(mapping(page, "paging"), "next") else 0,
            )
            below += [
                (inner, key, thread or key, owner)
                for inner in rows(page, "data")
                if isinstance(inner, dict) and "id" in inner
            ]
        stack.extend(reversed(below))


def _owner(value: dict[str, Any], run: Run) -> str:
    """The id of the account whose post this is; it is taken for the organization's unless the user says otherwise."""
    if "caption" in value or "media_type" in value:
        owner = name(mapping(value, "owner"), "id") or words(value, "username")
        run.take_owner(owner)
        return owner
    if not _is_post(value):
        return ""
    page, underscore, _ = name(value, "id").partition("_")
    if underscore and page == name(mapping(value, "from"), "id"):
        run.take_owner(page)
    return page if underscore else ""


def _is_post(value: dict[str, Any]) -> bool:
    """A post of the feed; comments have a parent, or say how many liked them."""
    return any(
        key in value
        for key in (
            "story",
            "permalink_url",
            "attachments",
            "status_type",
            "full_picture",
            "caption",
            "media_type",
            "is_published",
        )
    ) or (
        "comments" in value
        and "parent" not in value
        and "comment_count" not in value
        and "like_count" not in value
    )


def _entry(
    value: dict[str, Any], key: str, parent: str, thread: str, owner: str, place: Place, run: Run
) -> Entry | None:
    text = words(value, "message", "text", "caption")
    is_post = not parent and _is_post(value)
    media = _media(value)
    if not text.strip() and not media:
        run.leave_out("without text")
        return None
    who = mapping(value, "from") or mapping(value, "user")
    author, handle = name(who, "id"), words(who, "username") or words(value, "username")
    own = run.is_own(author, handle) if author or handle else is_post and run.is_own(owner, told=True)
    if not author and not handle and not is_post:
        run.note("comments without an author (the API needs a permission for it)")
    above = mapping(value, "parent") or mapping(value, "parent_id")
    answered = name(above, "id") or name(value, "parent_id") or parent
    head, _, tail = key.partition("_")
    if not is_post and not answered and tail:
        answered = head  # POST_COMMENT: the post is its parent
    at = moment_of(value.get("created_time") or value.get("timestamp"), zone=dt.timezone.utc)
    if at is None:
        run.note("times not understood")
    return Entry(
        place=place,
        text=text,
        id=key,
        aliases=(tail,) if is_post and tail else (),
        platform=_platform(value),
        kind="post" if is_post else "comment",
        own=own,
        parent="" if is_post else answered,
        answers=_answers(above),
        is_reply=not is_post and own,
        author=handle or author or None,
        author_name=words(who, "name") or None,
        at=at,
        thread=thread or (key if is_post else None),
        media=media,
        links=_links(value),
    )


def _answers(above: dict[str, Any]) -> Parent | None:
    who = mapping(above, "from")
    text = words(above, "message", "text")
    if not text and not who:
        return None
    return Parent(
        text=text,
        author=words(who, "username") or name(who, "id") or None,
        author_name=words(who, "name") or None,
    )


def _platform(value: dict[str, Any]) -> Platform:
    is_instagram = "message" not in value and (
        "username" in value or "caption" in value or "media_type" in value
    )
    return "instagram" if is_instagram else "facebook"


def _media(value: dict[str, Any]) -> tuple[Media, ...]:
    kinds: list[tuple[str, str | None]] = []
    if kind := words(value, "media_type"):
        inside = rows(mapping(value, "children"), "data") if kind == "CAROUSEL_ALBUM" else []
        kinds += [
            (words(one, "media_type") or kind, words(one, "alt_text") or None) for one in inside or [value]
        ]
    found = rows(mapping(value, "attachments"), "data") or [mapping(value, "attachment")]
    for one in found:
        for part in rows(mapping(one, "subattachments"), "data") or [one]:
            kind = words(part, "media_type") or words(part, "type")
            if mapping(part, "media"):
                kinds.append((kind, words(mapping(part, "media", "image"), "alt_text") or None))
    return tuple(
        Media(
            kind="video" if "video" in kind.lower() or kind.lower() == "reels" else "image",
            alt_text=alt,
        )
        for kind, alt in kinds
    )


def _links(value: dict[str, Any]) -> tuple[str, ...]:
    found = [words(one, "unshimmed_url") for one in rows(mapping(value, "attachments"), "data")]
    return tuple(dict.fromkeys(link for link in found if link))

"""The download of a Facebook page or profile (JSON): what it posted, and the comments that it wrote.

Facts: posts are lists of entries with ``timestamp`` in seconds and ``data: [{post}]``; comments stand under ``comments_v2``
with ``data: [{comment: {comment, author}}]``; newer files tell entries as ``label_values`` with labels in the account's
language. Other people's words are not in it: a reply's parent is always missing, but the English title of a comment
names its author. Texts are in Meta's wrong encoding.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from phiguard.importers.entry import Entry, Item, Run
from phiguard.importers.meta import Meta, inner, labelled, labelled_links, media_of, read_files
from phiguard.importers.pieces import Keys
from phiguard.importers.shape import mapping, name, rows
from phiguard.importers.sources import Source
from phiguard.model import Parent
from phiguard.readers.record import Place
from phiguard.readers.times import moment_of

__all__ = ["read"]

_FILES = re.compile(
    r"(?:^|/)(?:your_posts?(?:__check_ins__photos_and_videos)?(?:_\d+)?|profile_posts(?:_\d+)?|page_posts(?:_\d+)?"
    r"|posts(?:_\d+)?|(?:your_)?videos|comments(?:_\d+)?|your_comments_in_groups"
    r"|group_posts_and_comments|posts_on_other_pages_and_profiles)\.json$"
)
_COMMENTS = re.compile(r"(?:^|/)(?:comments|your_comments_in_groups)(?:_\d+)?\.json$")
_PRIVATE = re.compile(r"(?:^|/)messages/")
_INTO = frozenset(
    (key,)
    for key in (
        *("comments_v2", "comments", "group_comments_v2", "group_posts_v2", "videos_v2", "videos"),
        *("posts", "wall_posts_sent_to_others", "page_posts_v2"),
    )
)
_ANSWERED = re.compile(
    r"(?:replied to|commented on) (?P<who>.+?)['’]s? (?:own )?(?:comment|post|photo|video|reel|status|link|album|live video)"
)
_OWN_PLACE = re.compile(r"^(?:his|her|their|its) own ", re.IGNORECASE)


def read(run: Run) -> Iterator[Item]:
    """Every post and comment of the download."""
    run.take_owner()
    meta = Meta(run)

    def entries(keys: Keys, value: dict[str, Any], source: Source, line: int) -> Iterator[Item]:
        if _PRIVATE.search(source.inner.lower()):
            return
        is_comment = bool(_COMMENTS.search(source.inner.lower())) or (bool(keys) and "comment" in keys[0])
        yield from _entry(meta, value, Place(path=source.name, line=line), is_comment=is_comment)

    yield from read_files(meta, _FILES, _INTO, entries)


def _entry(meta: Meta, value: dict[str, Any], place: Place, *, is_comment: bool) -> Iterator[Item]:
    comment = inner(value, "comment")
    is_comment = is_comment or bool(comment)
    text = meta.words(comment, "comment", "text") or _said(meta, value)
    media = media_of(value)
    if not text.strip() and not media:
        meta.run.leave_out("without text")
        return
    stamp = comment.get("timestamp") or value.get("timestamp") or value.get("creation_timestamp")
    at = moment_of(stamp, zone=dt.timezone.utc)
    if at is None:
        meta.run.note("times not understood")
    yield Entry(
        place=place,
        text=text,
        id=name(value, "fbid"),
        platform="facebook",
        kind="comment" if is_comment else "post",
        own=True,
        is_reply=is_comment,
        answers=_answered(meta, value) if is_comment else None,
        author_name=meta.words(comment, "author") or None,
        at=at,
        media=media,
        links=_links(meta, value),
    )


def _said(meta: Meta, value: dict[str, Any]) -> str:
    """The words of a post: its own; else those of its labels, of a note, or of its only picture or video."""
    for part in rows(value, "data"):
        if text := meta.words(part, "post"):
            return text
    if text := labelled(meta, value) or meta.words(value, "description"):
        return text
    for attachment in rows(value, "attachments"):
        for part in rows(attachment, "data"):
            if text := meta.words(mapping(part, "note"), "text") or meta.words(
                mapping(part, "media"), "description"
            ):
                return text
    return ""


def _links(meta: Meta, value: dict[str, Any]) -> tuple[str, ...]:
    found = [
        meta.words(mapping(part, "external_context"), "url")
        for attachment in rows(value, "attachments")
        for part in rows(attachment, "data")
    ]
    return tuple(dict.fromkeys(link for link in found if link)) or labelled_links(value)


def _answered(meta: Meta, value: dict[str, Any]) -> Parent | None:
    """The author whom the title names; titles in other languages tell nothing for sure."""
    found = _ANSWERED.search(meta.words(value, "title"))
    if found is None or _OWN_PLACE.search(found["who"] + " "):
        return None
    return Parent(author_name=found["who"])

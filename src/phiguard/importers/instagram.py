"""The download of an Instagram account (JSON): its posts, reels and stories, and the comments that it wrote.

Facts: a post with one picture has its caption at the picture, one with several has it at the post; comments are entries of
``string_map_data`` whose keys are in the account's language ("Comment", "Kommentar", …), or of ``string_list_data`` in old
downloads; newer files tell entries as ``label_values``. What others wrote is not in it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from phiguard.importers.entry import Entry, Item, Run
from phiguard.importers.meta import Meta, labelled, labelled_links, media_of, read_files
from phiguard.importers.pieces import Keys, pieces
from phiguard.importers.shape import mapping, rows, words
from phiguard.importers.sources import UNREADABLE, Source
from phiguard.importers.texts import repaired
from phiguard.model import Parent
from phiguard.readers.record import Place
from phiguard.readers.times import moment_of

__all__ = ["read"]

_FILES = re.compile(
    r"(?:^|/)(?:posts(?:_\d+)?|reels(?:_\d+)?|stories(?:_\d+)?|igtv_videos|archived_posts(?:_\d+)?"
    r"|post_comments(?:_\d+)?|reels_comments(?:_\d+)?|hype)\.json$"
)
_COMMENTS = re.compile(r"(?:^|/)(?:post_comments|reels_comments|hype)(?:_\d+)?\.json$")
_SUBSCRIPTIONS = re.compile(r"(?:^|/)subscriptions/")
_PERSON = re.compile(r"(?:^|/)personal_information\.json$")
_INTO = frozenset(
    (key,)
    for key in (
        *("comments_media_comments", "comments_reels_comments", "comments_story_comments"),
        *("ig_reels_media", "ig_stories", "ig_igtv_media", "ig_archived_post_media", "ig_posts"),
        "profile_user",
    )
)
# "Media Owner" in the languages of accounts that we know of
_OWNER = re.compile(
    r"owner|eigenaar|inhaber|eigentümer|propriétaire|propietari|proprietári|proprietario|ejer|ägare|eier",
    re.IGNORECASE,
)


def read(run: Run) -> Iterator[Item]:
    """Every post, reel, story and comment of the download."""
    meta = Meta(run)
    owner = _owner(run)
    run.take_owner(owner)

    def entries(keys: Keys, value: dict[str, Any], source: Source, line: int) -> Iterator[Item]:
        if not _SUBSCRIPTIONS.search(source.inner.lower()):
            is_comment = bool(_COMMENTS.search(source.inner.lower())) or (
                bool(keys) and "comments" in keys[0]
            )
            yield from _entry(meta, value, Place(path=source.name, line=line), owner, is_comment=is_comment)

    yield from read_files(meta, _FILES, _INTO, entries)


def _owner(run: Run) -> str:
    """The account's handle, from the file that tells about its owner."""
    for source in run.sources:
        if _PERSON.search(source.inner.lower()):
            try:
                with source.open() as stream:
                    for piece in pieces(stream, _INTO):
                        for key, item in mapping(piece.value, "string_map_data").items():
                            if re.search(
                                r"user ?name|benutzername|utilisateur|usuario|usuário",
                                repaired(key),
                                re.IGNORECASE,
                            ):
                                return words(item, "value")
            except UNREADABLE:
                return ""
    return ""


def _entry(
    meta: Meta, value: dict[str, Any], place: Place, owner: str, *, is_comment: bool
) -> Iterator[Item]:
    mapped, listed = mapping(value, "string_map_data"), rows(value, "string_list_data")
    is_comment = is_comment or bool(mapped or listed)
    if not is_comment and not any(key in value for key in ("media", "uri", "label_values")):
        return
    answers: Parent | None = None
    stamp: object = None
    if mapped:
        text, answers, stamp = _of_map(meta, mapped, owner)
    elif listed:
        text, stamp = (
            meta.words(listed[0], "value"),
            listed[0].get("timestamp") if isinstance(listed[0], dict) else None,
        )
        who = meta.words(value, "title")
        answers = Parent(author=who, kind="post") if who else None
    else:
        first = next((one for one in rows(value, "media") if isinstance(one, dict)), {})
        text = meta.words(value, "title") or meta.words(first, "title") or labelled(meta, value)
        stamp = value.get("creation_timestamp") or first.get("creation_timestamp") or value.get("timestamp")
    media = () if is_comment else media_of(value)
    if not text.strip() and not media:
        meta.run.leave_out("without text")
        return
    at = moment_of(stamp, zone=dt.timezone.utc)
    if at is None:
        meta.run.note("times not understood")
    yield Entry(
        place=place,
        text=text,
        platform="instagram",
        kind="comment" if is_comment else "post",
        own=True,
        is_reply=is_comment,
        answers=answers,
        author=owner or None,
        at=at,
        media=media,
        links=labelled_links(value),
    )


def _of_map(meta: Meta, mapped: dict[str, Any], owner: str) -> tuple[str, Parent | None, object]:
    """Text, owner of the post and time: by the names of the keys, else by their order and what they hold."""
    text, answers, stamp = "", None, None
    for key, item in mapped.items():
        if not isinstance(item, dict):
            continue
        stamp = stamp or item.get("timestamp")
        said = meta.words(item, "value")
        if said and _OWNER.search(repaired(key)):
            answers = Parent(author=said, author_role="brand" if said == owner else "public", kind="post")
        elif said and not text and not item.get("timestamp"):
            text = said
    return text, answers, stamp

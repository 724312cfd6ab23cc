"""The archive of X (Twitter): tweets.js or tweet.js, in parts, with account.js and note-tweet.js; statuses of the API.

Facts: a file is an assignment of a list to ``window.YTD.…``; ids are strings; texts have ``&amp; &lt; &gt;``
escaped and links shortened to t.co, the last of which may stand for the media; a retweet is a text that begins with
``RT @`` and is cut; the words of a long post stand in note-tweet.js, under another id, from the same second.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from phiguard.importers.entry import Entry, Item, Run, bad, unreadable
from phiguard.importers.pieces import Piece, pieces
from phiguard.importers.shape import mapping, name, rows, words
from phiguard.importers.sources import UNREADABLE, Source
from phiguard.importers.texts import unescaped, with_links
from phiguard.model import Media, Parent
from phiguard.readers.record import Place
from phiguard.readers.times import moment_of

__all__ = ["read"]

_TWEETS = re.compile(r"(?:^|/)tweets?(?:-part\d+)?\.js(?:on)?$")
_NOTES = re.compile(r"(?:^|/)note-tweets?(?:-part\d+)?\.js$")
_ACCOUNT = re.compile(r"(?:^|/)account\.js$")
_KINDS = {"photo": "image", "video": "video", "animated_gif": "video"}
_ITSELF = re.compile(r"/i/web/status/\d+$")
_STATUS = re.compile(r"(?:twitter|x)\.com/[^/]+/status/(\d+)")
_LONG = 250
"""Characters from which a text may be the beginning of a long post."""

Notes = dict[dt.datetime, list[str]]


def read(run: Run) -> Iterator[Item]:
    """Every post of the archive, in its order (the newest first)."""
    owner = _owner(run)
    notes = _notes(run)
    for source in run.files(_TWEETS):
        try:
            with source.open(seen=run.seen) as stream:
                for piece in pieces(stream, frozenset()):
                    yield from _read(piece, source, run, owner, notes)
        except UNREADABLE as error:
            yield unreadable(source, error)


def _first(source: Source | None, key: str) -> dict[str, Any]:
    """The first entry of a small file; an empty one if it cannot be had."""
    if source is None:
        return {}
    try:
        with source.open() as stream:
            return next((mapping(piece.value, key) for piece in pieces(stream, frozenset())), {})
    except UNREADABLE:
        return {}


def _beside(run: Run, pattern: re.Pattern[str], file: str) -> Iterator[Source]:
    """Further files of the archive: those inside it, or those in the folder of a file that was named alone."""
    found = [source for source in run.sources if pattern.search(source.inner.lower())]
    if not found and len(run.sources) == 1 and (other := run.sources[0].beside(file)):
        found = [other]
    yield from found


def _owner(run: Run) -> dict[str, str]:
    account = _first(next(_beside(run, _ACCOUNT, "account.js"), None), "account")
    owner = {
        "id": name(account, "accountId"),
        "handle": words(account, "username"),
        "name": words(account, "accountDisplayName"),
    }
    run.take_owner(owner["id"], owner["handle"])
    return owner


def _notes(run: Run) -> Notes:
    """The words of long posts, by the second in which they were posted."""
    found: Notes = {}
    for source in _beside(run, _NOTES, "note-tweet.js"):
        try:
            with source.open() as stream:
                for piece in pieces(stream, frozenset()):
                    note = mapping(piece.value, "noteTweet")
                    at, text = moment_of(note.get("createdAt")), words(mapping(note, "core"), "text")
                    if at is not None and text:
                        found.setdefault(at.replace(microsecond=0), []).append(text)
        except UNREADABLE:
            continue
    return found


def _read(piece: Piece, source: Source, run: Run, owner: dict[str, str], notes: Notes) -> Iterator[Item]:
    if piece.fault:
        yield bad(source, piece.line, piece.fault)
        return
    status = mapping(piece.value, "tweet") or (piece.value if isinstance(piece.value, dict) else {})
    key = name(status, "id_str", "id")
    if not key:
        yield bad(source, piece.line, "is no post of X: it has no id", "id_str")
        return
    text = words(status, "full_text", "text")
    said, links = _linked(text, status)
    media = _media(status)
    if not said and not media:
        run.leave_out("without text")
        return
    user = mapping(status, "user")
    at = moment_of(status.get("created_at"), zone=dt.timezone.utc)
    if at is None:
        run.note("times not understood")
    is_retweet = text.startswith("RT @") or bool(mapping(status, "retweeted_status"))
    note = None if is_retweet or at is None or len(text) < _LONG else _note_of(said, notes.get(at))
    parent = name(status, "in_reply_to_status_id_str", "in_reply_to_status_id")
    answers = _answered(status)
    yield Entry(
        place=Place(path=source.name, line=piece.line),
        id=key,
        text=note or said,
        platform="x",
        own=run.is_own(name(user, "id_str"), words(user, "screen_name")) if user else True,
        author=words(user, "screen_name") or owner["handle"] or None,
        author_name=words(user, "name") or owner["name"] or None,
        at=at,
        parent="" if is_retweet else parent,
        is_reply=answers is not None and not is_retweet,
        answers=None if is_retweet else answers,
        quotes="" if is_retweet or parent else _quoted(status),
        media=media,
        links=links,
        action="share" if is_retweet else "publish",
        premium=note is not None,
        language=_language(status),
    )


def _linked(text: str, status: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The text with its links written out, without those that stand for media; and the links."""
    entities = mapping(status, "entities")
    full: dict[str, str] = {}
    for link in rows(entities, "urls"):
        address = words(link, "expanded_url") or words(link, "url")
        # A long post that is cut ends with a link to itself.
        full[words(link, "url")] = "" if _ITSELF.search(address) else address
    links = tuple(dict.fromkeys(filter(None, full.values())))
    for item in rows(entities, "media") + rows(mapping(status, "extended_entities"), "media"):
        full[words(item, "url")] = ""
    return unescaped(with_links(text, full)), links


def _media(status: dict[str, Any]) -> tuple[Media, ...]:
    """Images and videos. The archive has no alt text; the API tells it as ``ext_alt_text``."""
    shown = rows(mapping(status, "extended_entities"), "media") or rows(mapping(status, "entities"), "media")
    return tuple(
        Media(
            kind="image" if _KINDS.get(words(item, "type"), "image") == "image" else "video",
            alt_text=item.get("ext_alt_text") if isinstance(item.get("ext_alt_text"), str) else None,
        )
        for item in shown
        if isinstance(item, dict)
    )


def _answered(status: dict[str, Any]) -> Parent | None:
    """The author of what a reply answers, which the archive names though it does not hold their words."""
    who = words(status, "in_reply_to_screen_name")
    if not who:
        return None
    named = (
        words(one, "name")
        for one in rows(mapping(status, "entities"), "user_mentions")
        if words(one, "screen_name").casefold() == who.casefold()
    )
    return Parent(author=who, author_name=next(named, "") or None, kind="comment")


def _quoted(status: dict[str, Any]) -> str:
    """The id of the post that this one shows below its words: as the API tells, else the last link to a post."""
    if key := name(status, "quoted_status_id_str", "quoted_status_id"):
        return key
    links = (words(link, "expanded_url") for link in reversed(rows(mapping(status, "entities"), "urls")))
    return next((found[1] for link in links if (found := _STATUS.search(link))), "")


def _note_of(said: str, notes: list[str] | None) -> str | None:
    """The long post whose beginning a text is."""
    start = said.removesuffix("…").rstrip()[:100]
    return next((note for note in notes or () if note.startswith(start)), None)


def _language(status: dict[str, Any]) -> str | None:
    found = words(status, "lang")
    return found if re.fullmatch(r"[a-z]{2}", found) else None

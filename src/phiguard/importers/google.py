"""Reviews of Google Business Profile with their replies: pages of the API, and reviews.json of Takeout; posts too.

Facts: one record holds a review and its reply; ``starRating`` is a word (``FIVE``); a review may have no words; a text in
another language has Google's translation before it (``(Translated by Google) … (Original) …``); times have up to nine
digits after the second.
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
from phiguard.model import Media, Parent
from phiguard.readers.record import Place
from phiguard.readers.times import moment_of

__all__ = ["read"]

_FILES = re.compile(r"(?:^|/)[^/]*\.(?:json|jsonl|ndjson)$")
_INTO = frozenset({("reviews",), ("locationReviews",), ("localPosts",)})
_ALSO = frozenset({"nextPageToken"})
_STARS = {"ONE": 1.0, "TWO": 2.0, "THREE": 3.0, "FOUR": 4.0, "FIVE": 5.0}
_TRANSLATED = re.compile(
    r"^\s*\(Translated by Google\)\s*(?P<new>.*?)\s*\(Original\)\s*(?P<old>.*)$", re.DOTALL
)
_OTHER_ORDER = re.compile(r"^(?P<old>.*?)\s*\(Translated by Google\)\s*(?P<new>.*)$", re.DOTALL)


def read(run: Run) -> Iterator[Item]:
    """Each review, and after it the organization's reply."""
    run.take_owner()
    token = ""
    for source in run.files(_FILES):
        try:
            with source.open(seen=run.seen) as stream:
                for piece in pieces(stream, _INTO, also=_ALSO):
                    if piece.keys == ("nextPageToken",):
                        token = str(piece.value)
                    elif piece.fault or not isinstance(piece.value, dict):
                        yield bad(source, piece.line, piece.fault or "is not an object")
                    elif piece.keys == ("localPosts",):
                        token = ""
                        yield from _post(piece.value, Place(path=source.name, line=piece.line), run)
                    else:
                        token = "" if piece.keys else token
                        yield from _pair(piece.value, source, piece.line, run)
        except UNREADABLE as error:
            yield unreadable(source, error)
    run.note("lists whose next page is not in the export", 1 if token else 0)


def _pair(value: dict[str, Any], source: Source, line: int, run: Run) -> Iterator[Item]:
    review = mapping(value, "review") or value
    if not any(key in review for key in ("starRating", "reviewer", "reviewReply", "comment")):
        if (
            not any(key in value for key in ("reviewId", "name"))
            or "title" in value
            or "languageCode" in value
        ):
            run.leave_out("not a review")  # Takeout puts data.json of the location beside its reviews
            return
        yield bad(source, line, "is no review of Google Business Profile")
        return
    place = Place(path=source.name, line=line)
    key = name(review, "reviewId") or name(review, "name").rpartition("/")[2]
    said, reviewer = words(review, "comment"), mapping(review, "reviewer")
    shown = None if reviewer.get("isAnonymous") is True else words(reviewer, "displayName") or None
    at = _time(review, run, "createTime", "updateTime")
    reply = mapping(review, "reviewReply")
    answer = words(reply, "comment")
    answered = _time(reply, run, "updateTime", "createTime") if answer else None
    rating = _rating(review)
    text = _read_by_reviewers(said)
    if text.strip():
        yield Entry(
            place=place,
            text=text,
            id=key,
            platform="google_business",
            kind="review",
            author_name=shown,
            at=at,
            answered_at=answered,
            thread=key or None,
            rating=rating,
            media=_media(review),
        )
    else:
        run.leave_out("reviews with stars alone")
    if answer.strip():
        yield Entry(
            place=place,
            text=_written(answer),
            id=f"{key}/reply" if key else "",
            platform="google_business",
            kind="comment",
            own=True,
            answers=Parent(text=text, author_name=shown, kind="review", rating=rating),
            at=answered,
            thread=key or None,
        )


def _post(value: dict[str, Any], place: Place, run: Run) -> Iterator[Item]:
    text = words(value, "summary")
    media = tuple(
        Media(kind="video" if words(one, "mediaFormat") == "VIDEO" else "image")
        for one in rows(value, "media")
        if isinstance(one, dict)
    )
    if not text.strip() and not media:
        run.leave_out("without text")
        return
    link = words(mapping(value, "callToAction"), "url")
    yield Entry(
        place=place,
        text=text,
        id=name(value, "name").rpartition("/")[2],
        platform="google_business",
        own=True,
        at=_time(value, run, "createTime", "updateTime"),
        media=media,
        links=(link,) if link else (),
    )


def _time(value: dict[str, Any], run: Run, *keys: str) -> dt.datetime | None:
    found = moment_of(words(value, *keys), zone=dt.timezone.utc)
    if found is None:
        run.note("times not understood")
    return found


def _rating(review: dict[str, Any]) -> float | None:
    found = review.get("starRating")
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        return float(found)
    return _STARS.get(found.removesuffix("_STARS").removesuffix("_STAR")) if isinstance(found, str) else None


def _media(review: dict[str, Any]) -> tuple[Media, ...]:
    return tuple(
        Media(kind="video" if words(one, "videoUrl") else "image")
        for one in rows(review, "reviewMediaItems")
        if isinstance(one, dict)
    )


def _read_by_reviewers(text: str) -> str:
    """A review in its own words and Google's translation: whoever answers it has read either."""
    found = _TRANSLATED.match(text) or _OTHER_ORDER.match(text)
    return f"{found['old'].strip()}\n\n{found['new'].strip()}".strip() if found else text


def _written(text: str) -> str:
    """A reply as the organization wrote it; the translation is Google's."""
    found = _TRANSLATED.match(text) or _OTHER_ORDER.match(text)
    return found["old"].strip() or found["new"].strip() if found else text

"""What a series needs to know of one post, without a word of it."""

from __future__ import annotations

import datetime as dt
import functools
from hashlib import blake2b

import msgspec

from phiguard.model import Direction, Post, Screening
from phiguard.series.content import content_of
from phiguard.series.prints import print_of, words_of

__all__ = ["Awaited", "Observed", "observe"]

_REVIEW, _DM, _QUESTION = "review", "dm", "question"

Awaited = tuple[str, str, dt.datetime | None]
"""A queue that must act, within what time, and by when (if the screening knew)."""


class Observed(msgspec.Struct, frozen=True, array_like=True, gc=False, omit_defaults=True):
    """One post as a series sees it: encodable by msgspec, and without text.

    ``at`` is when it was published, or when it arrived; ``thread``, ``key``, ``parent``, ``said``, ``author`` are keyed hashes
    (0: not known). Of a reply, ``said`` and ``author`` are those of what it answers: so it finds its parent.
    """

    id: str
    direction: Direction
    platform: str = ""
    at: dt.datetime | None = None
    answered: dt.datetime | None = None
    thread: int = 0
    key: int = 0
    parent: int = 0
    said: int = 0
    author: int = 0
    routes: tuple[Awaited, ...] = ()
    rules: tuple[str, ...] = ()
    content: str = ""
    print: int = 0

    @property
    def is_incoming(self) -> bool:
        """Whether somebody else than the organization speaks."""
        return self.direction.startswith("inbound")

    def __repr__(self) -> str:
        return f"Observed(direction={self.direction!r})"


def observe(post: Post, screening: Screening, *, key: bytes = b"") -> Observed | None:
    """What a series needs of a post; ``None`` for one that belongs to none (no time, no thread, no platform, no reply).

    ``key`` goes into the hashes of handles and threads: the same key for all posts of a series. Without one, who has a list of
    handles can find out which of them is behind a hash.
    """
    direction = post.direction or ("outbound_post" if post.reply_to is None else "outbound_reply")
    if direction.startswith("inbound"):
        return _incoming(post, screening, direction, key)
    return _ours(post, screening, direction, key)


def _incoming(post: Post, screening: Screening, direction: Direction, key: bytes) -> Observed | None:
    at = post.received_at or post.posted_at
    if at is None and post.thread is None and post.answered_at is None:
        return None
    routes: tuple[Awaited, ...] = tuple((one.queue, one.within, one.due) for one in screening.routes)
    if direction == "inbound_review":
        routes = (*routes, (_REVIEW, "", None))
    elif not routes and direction == "inbound_dm":
        routes = ((_DM, "", None),)
    elif not routes and "?" in post.text:
        routes = ((_QUESTION, "", None),)
    findings = screening.findings
    is_followed = bool(routes or findings)
    return Observed(
        id=post.id,
        direction=direction,
        platform=post.platform or "",
        at=at,
        answered=post.answered_at,
        thread=_hashed("thread", post.thread, key) if is_followed else 0,
        key=_hashed("id", post.id, key) if routes else 0,
        said=_hashed("said", _plain(post.text), key) if routes else 0,
        author=_hashed("author", _handle(post.author or post.author_name), key) if is_followed else 0,
        routes=routes,
        rules=tuple(dict.fromkeys(finding.rule for finding in findings)) if findings else (),
    )


def _ours(post: Post, screening: Screening, direction: Direction, key: bytes) -> Observed | None:
    is_reply = direction == "outbound_reply"
    if not is_reply and post.posted_at is None and post.platform is None:
        return None
    words, common = words_of(post.text)
    parent = post.reply_to
    return Observed(
        id=post.id,
        direction=direction,
        platform=post.platform or "",
        at=post.posted_at or post.answered_at,
        thread=_hashed("thread", post.thread, key),
        parent=_hashed("id", parent.id, key) if parent else 0,
        said=_hashed("said", _plain(parent.text), key) if parent and parent.text else 0,
        author=_hashed("author", _handle(parent.author or parent.author_name), key) if parent else 0,
        rules=tuple(dict.fromkeys(finding.rule for finding in screening.findings)),
        content="" if is_reply else content_of(words, post.text),
        print=print_of(common),
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _handle(name: str | None) -> str | None:
    return name.strip().lstrip("@").casefold() if name else None


@functools.lru_cache(maxsize=4_096)
def _hashed(purpose: str, text: str | None, key: bytes) -> int:
    """63 bits of a keyed hash; 0 for nothing."""
    if not text:
        return 0
    content = text.encode("utf-8", "surrogatepass")
    digest = blake2b(content, digest_size=8, key=key[:64], person=f"pg {purpose}".encode()).digest()
    return int.from_bytes(digest, "big") >> 1 or 1

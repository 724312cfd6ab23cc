"""Examples of `series` rules: lists of posts with their times, written short."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from phiguard.errors import InputError
from phiguard.kinds.series import SeriesRule
from phiguard.model import Finding, Post, Screening
from phiguard.profile import Profile
from phiguard.series.observed import observe
from phiguard.series.watch import Watch

__all__ = ["findings_of", "posts_of"]

_EVERY = re.compile(r"(\d{1,4}) (minute|hour|day|week)s?")
_TIMES = ("posted_at", "received_at", "answered_at")
_MOST = 5_000


def posts_of(example: Mapping[str, Any]) -> list[Post]:
    """The posts of an example: its ``posts``, each with the fields of a post.

    ``times`` and ``every`` make one entry stand for many posts, each that much later; ``{n}`` in a text, an id, an author or a
    thread is the number of the copy. A post without an id has its number. Raises `InputError`.
    """
    posts: list[Post] = []
    for entry in example.get("posts", ()):
        fields = dict(entry)
        times, every = int(fields.pop("times", 1)), _every(fields.pop("every", "1 hour"))
        for number in range(min(times, _MOST)):
            filled = _with_number(fields, number + 1)
            filled.setdefault("id", str(len(posts) + 1))
            try:
                post = msgspec.convert(filled, Post, strict=False)
            except msgspec.ValidationError as error:
                raise InputError(f"holds what is no post: {error}") from None
            moved = {
                name: moment + number * every
                for name in _TIMES
                if (moment := getattr(post, name)) is not None
            }
            posts.append(msgspec.structs.replace(post, **moved))
    return posts


def findings_of(
    rule: SeriesRule, example: Mapping[str, Any], screen: Callable[[Post], Screening], profile: Profile
) -> list[Finding]:
    """What ``rule`` alone finds in the posts of an example, screened by ``screen``. Raises `InputError`."""
    watch = Watch(profile, (rule,))
    for post in posts_of(example):
        seen = observe(post, screen(post))
        if seen is not None:
            watch.see(seen)
    try:
        as_of = msgspec.convert(example.get("as_of"), dt.datetime | None, strict=False)
    except msgspec.ValidationError:
        raise InputError("as_of is no time") from None
    return list(watch.report(as_of).findings)


def _every(text: str) -> dt.timedelta:
    match = _EVERY.fullmatch(text)
    if match is None:
        raise InputError("every is written like `20 minutes`, `6 hours`, `1 day` or `1 week`")
    return dt.timedelta(**{f"{match[2]}s": int(match[1])})


def _with_number(fields: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {
        name: value.replace("{n}", str(number))
        if isinstance(value, str)
        else _with_number(value, number)
        if isinstance(value, Mapping)
        else value
        for name, value in fields.items()
    }

"""Crisis mode: promotional posts are held, approved words pass, and everything else is as ever."""

from __future__ import annotations

import functools
import os
import re
from typing import TYPE_CHECKING

import msgspec

from phiguard.model import Finding, Span
from phiguard.profile_sections import covers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from phiguard.model import Post
    from phiguard.profile import Profile
    from phiguard.profile_sections import Crisis

__all__ = ["HELD", "TOPIC", "held", "is_active", "is_approved", "is_asleep"]

HELD = "CMT-11.hold"
"""How the ids of the rules begin that count only in crisis mode."""
TOPIC = "CMT-11.hold-topic"
"""The rule on posts about the crisis itself: it counts where a topic of the profile stands."""
_FAMILY = "CMT-11"
_SLOT = re.compile(r"\{[^{}]*\}")
_MOST_IN_SLOT = 60  # characters: a time, a place, a number to call; no statement
_STATEMENT = re.compile(r"://|[!?;]|(?<![ap][.]m)[.]\s")
_SPACE = re.compile(r"\s+")


def is_asleep(rule: str, profile: Profile) -> bool:
    """Whether a rule is one of crisis mode, and this organization has set none up."""
    return rule.startswith(HELD) and not profile.crisis.is_set_up


def is_active(profile: Profile, post: Post, *, today: dt.date) -> bool:
    """Whether crisis mode is on for ``post``: on the day it is to appear, or today if that is not known."""
    crisis = profile.crisis
    if not crisis.is_set_up:
        return False
    day = today if post.posted_at is None else post.posted_at.date()
    if (crisis.since is not None and day < crisis.since) or (crisis.until is not None and crisis.until < day):
        return False
    return crisis.active or _is_there(crisis.file)


def _is_there(path: str) -> bool:
    try:
        os.stat(path)  # noqa: PTH116 (asked for each post with a finding: no object for it)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # it cannot be looked at: the safe side
    return True


def held(findings: Sequence[Finding], post: Post, profile: Profile, *, today: dt.date) -> tuple[Finding, ...]:
    """The findings that count, given the state of crisis mode.

    Those of its rules go when it is off; those of all rules on words in a crisis go when the words are approved.
    """
    if not any(finding.rule.startswith(_FAMILY) for finding in findings):
        return tuple(findings)
    if not is_active(profile, post, today=today):
        return tuple(finding for finding in findings if not finding.rule.startswith(HELD))
    if is_approved(post.text, profile.crisis):
        return tuple(finding for finding in findings if not covers(_FAMILY, finding.rule))
    return tuple(
        placed
        for finding in findings
        if (placed := _placed(finding, post, profile.crisis) if finding.rule == TOPIC else finding)
    )


def _placed(finding: Finding, post: Post, crisis: Crisis) -> Finding | None:
    """The finding on the topic where its words stand; ``None`` if none does."""
    if not crisis.topics or finding.field != "text":
        return None
    spans = tuple(Span(*match.span()) for match in _topics(crisis.topics).finditer(post.text))
    return msgspec.structs.replace(finding, spans=spans[:50]) if spans else None


@functools.lru_cache(maxsize=64)
def _topics(topics: tuple[str, ...]) -> re.Pattern[str]:
    # The longest first: of "wing" and "east wing" the finding shows all of the words.
    written = sorted((r"\s+".join(map(re.escape, topic.split())) for topic in topics), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE)


def is_approved(text: str, crisis: Crisis) -> bool:
    """Whether ``text`` is one of the approved ones, whatever its spaces and letter case."""
    plain = _plain(text)
    return any(_is_filled(plain, template) for template in crisis.templates)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")).strip().casefold()


def _is_filled(plain: str, template: str) -> bool:
    """Whether ``plain`` is ``template`` with a few words in the place of each brace. One pass: nothing is tried twice."""
    first, *others = _SLOT.split(_plain(template))
    if not others:
        return plain == first
    if not plain.startswith(first) or not plain.endswith(others[-1]):
        return False
    at, end = len(first), len(plain) - len(others[-1])
    for number, part in enumerate(others, start=1):
        found = end if number == len(others) else plain.find(part, at + 1, end)
        if not _is_value(plain[at : max(at, found)]):
            return False
        at = found + len(part)
    return True


def _is_value(filled: str) -> bool:
    """Whether a value stands there, not one sentence more: "4 p.m.", "oak street", "212-555-0100"."""
    return 0 < len(filled) <= _MOST_IN_SLOT and _STATEMENT.search(filled) is None

"""What stands in the braces of a reply: from the profile, and for a country its public lines."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from phiguard.hours import WEEKDAYS
from phiguard.own_values import phone_digits
from phiguard.profile_sections import Hours

if TYPE_CHECKING:
    from phiguard.profile import Profile

__all__ = ["FIELDS", "country_of", "fields_in", "fill", "values_for"]

FIELDS: Mapping[str, str] = {
    "name": "set organization.name in the profile",
    "hours": "set replies.hours in the profile",
    "contact": "set replies.channels or contacts.phones in the profile",
    "reviewer": "only where the profile has replies.name_reviewer and the author shows a name",
    "crisis_line": "no line that we know in this region",
    "emergency": "no number that we know in this region",
    "poison_line": "no line that we know in this region",
    "abuse_line": "no line that we know in this region",
    "side_effect_line": "no desk that we know in this region",
    "health_facts": "no source that we know in this region",
}
"""Every field that a reply may have, and what to do if there is no value for it."""

_FIELD = re.compile(r"\{([^{}]*)\}")


class _Country(msgspec.Struct, frozen=True, kw_only=True):
    """The public lines of one country, in the words of a reply; empty: none that we know."""

    crisis_line: str = ""
    emergency: str = ""
    poison_line: str = ""
    abuse_line: str = ""
    side_effect_line: str = ""
    health_facts: str = ""


# Numbers change: docs/replying.md says where each is published. None is made up where we know none.
_COUNTRIES: Mapping[str, _Country] = {
    "US": _Country(
        crisis_line="call or text 988",
        emergency="911",
        poison_line="Poison Control, 1-800-222-1222",
        abuse_line="the hotline 1-800-799-7233",
        side_effect_line="FDA MedWatch, 1-800-FDA-1088",
        health_facts="cdc.gov",
    ),
    "CAN": _Country(crisis_line="call or text 988", emergency="911", side_effect_line="Health Canada"),
    "UK": _Country(
        crisis_line="call Samaritans on 116 123",
        emergency="999",
        side_effect_line="the Yellow Card scheme",
        health_facts="nhs.uk",
    ),
    "EU": _Country(crisis_line="call your local crisis line", emergency="112"),
    "AU": _Country(crisis_line="call Lifeline on 13 11 14", emergency="000"),
    "NZ": _Country(crisis_line="call or text 1737", emergency="111"),
}


def country_of(regions: tuple[str, ...]) -> str:
    """The country whose lines count: that of the first region; a state of the US is the US.

    >>> country_of(("TX", "UK")), country_of(("UK",)), country_of(())
    ('US', 'UK', 'US')
    """
    first = next(iter(regions), "US")
    return first if first in _COUNTRIES else "US"


def values_for(
    profile: Profile, *, channel: str = "private", reviewer: str | None = None, regions: tuple[str, ...] = ()
) -> dict[str, str]:
    """The value of every field that there is one for. ``reviewer`` is given only where a reply may name somebody."""
    lines: dict[str, str] = msgspec.structs.asdict(_COUNTRIES[country_of(regions or profile.regions)])
    found = {
        "name": profile.organization.name.strip(),
        "hours": profile.replies.hours.strip() or _hours_in_words(profile.hours),
        "contact": _contact(profile, channel),
        "reviewer": (reviewer or "").strip(),
        **lines,
    }
    return {name: value for name, value in found.items() if value}


def fields_in(text: str) -> tuple[str, ...]:
    """The fields of a template, in order, each once.

    >>> fields_in("Please contact {contact}. Call {emergency}, or {contact}.")
    ('contact', 'emergency')
    """
    return tuple(dict.fromkeys(match[1] for match in _FIELD.finditer(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its fields filled. All of them must be in ``values``.

    >>> fill("Call {emergency}.", {"emergency": "911"})
    'Call 911.'
    """
    filled = _FIELD.sub(lambda match: values[match[1]], text)
    return filled[:1].upper() + filled[1:] if text.startswith("{") else filled


def _contact(profile: Profile, channel: str) -> str:
    channels = profile.replies.channels
    given: str = getattr(channels, channel, "") or channels.private
    if not given.strip():
        contacts = profile.contacts
        given = next(iter((*contacts.phones, *contacts.emails)), "")
    given = given.strip().rstrip(".")
    is_bare = bool(phone_digits(given)) or ("@" in given and " " not in given)
    return f"us at {given}" if is_bare else given


def _hours_in_words(hours: Hours) -> str:
    """The openings of the week as people say them; empty if nobody wrote them down.

    >>> _hours_in_words(Hours(friday="08:00-12:00"))
    'Monday to Thursday 09:00-17:00, Friday 08:00-12:00'
    """
    if hours == Hours(holidays=hours.holidays):
        return ""
    told = []
    for openings, days in itertools.groupby(WEEKDAYS, key=hours.openings):
        names = [day.capitalize() for day in days]
        if not openings:
            continue
        times = " and ".join(f"{_clock(start)}-{_clock(end)}" for start, end in openings)
        told.append(f"{names[0]} to {names[-1]} {times}" if len(names) > 1 else f"{names[0]} {times}")
    return ", ".join(told)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"

"""Titles beside a name that tell who gives care."""

from __future__ import annotations

import re

__all__ = ["gives_care"]

_WORDS = r"drs?|doctors?|nurses?|prof|professor|surgeon|dentist|midwife|pharmacist|hygienist|therapist"
_LONGEST = 14  # characters of a title with its point and space
_BEFORE = re.compile(rf"\b(?:{_WORDS})\.? $", re.IGNORECASE)
_FIRST = re.compile(rf"(?:{_WORDS})\.? ", re.IGNORECASE)
_AFTER = re.compile(r",? (?:MD|M\.D\.|DO|RN|LPN|NP|APRN|PA-C|DDS|DMD|DVM|PhD|DNP|PharmD|CRNA|DPT|LCSW|BSN)\b")


def gives_care(text: str, start: int, end: int) -> bool:
    """Whether a clinician's title stands before, at the beginning of, or after the name ``text[start:end]``.

    >>> gives_care("Thanks, Dr. Lee!", 12, 15), gives_care("Ana Lee, RN", 0, 7), gives_care("Thanks, Ana!", 8, 11)
    (True, True, False)
    """
    return (
        _BEFORE.search(text, max(0, start - _LONGEST), start) is not None
        or _FIRST.match(text, start, end) is not None
        or _AFTER.match(text, end) is not None
    )

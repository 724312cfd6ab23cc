"""What stands where an identifier stood: the shapes of placeholders, so that none is taken for an identifier again."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["AES", "HASH", "LABELS", "LETTERS", "NOUNS", "placeholders", "pseudonym", "tokens"]

NOUNS = {
    "PERSON": "Person",
    "LOCATION": "Place",
    "ORGANIZATION": "Organization",
    "DATE_TIME": "Date",
    "PHONE_NUMBER": "Phone",
    "EMAIL_ADDRESS": "Email",
    "STREET_ADDRESS": "Address",
    "HANDLE": "Handle",
    "URL": "Link",
    "AGE_OVER_89": "Age",
}
"""What a pseudonym calls a kind of identifier; any other kind is a ``Number``."""
_OTHER = "Number"

LABELS = frozenset(NOUNS) | frozenset(
    """
    TEXT PHI US_SSN US_ITIN US_PASSPORT US_DRIVER_LICENSE US_BANK_NUMBER CREDIT_CARD IBAN_CODE CRYPTO NRP UK_NHS MAC_ADDRESS
    MEDICAL_LICENSE MEDICAL_RECORD HEALTH_PLAN ACCOUNT LICENSE VIN PLATE DEVICE_ID NPI MBI ZIP IP_ADDRESS
    """.split()
)
"""The labels that a bare placeholder such as ``<PERSON>`` may hold: ``<SMITH>`` is none."""

HASH, AES = "hash", "aes"
LETTERS = "bcdfghjklmnpqrst"
"""The sixteen digits of a token: letters that make no word, and no number that a rule could look for."""

_LETTERED = f"[{LETTERS}]+"
_TOKEN = re.compile(rf"<([A-Z][A-Z0-9_]{{0,39}}):({HASH}|{AES}):({_LETTERED})>")
_NAMED = re.compile(rf"\[(?:{'|'.join([*NOUNS.values(), _OTHER])}) [A-Z]{{1,3}}\]")
_BARE = re.compile(r"<([A-Z][A-Z0-9_]{0,39})>")


def placeholders(text: str, also: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Where placeholders stand in ``text``; ``also`` are labels beside `LABELS`.

    >>> placeholders("<PERSON> told <SMITH> and [Person B]")
    [(0, 8), (26, 36)]
    """
    if "<" not in text and "[" not in text:
        return []
    found = [match.span() for match in _BARE.finditer(text) if match[1] in LABELS or match[1] in also]
    found += [match.span() for shape in (_TOKEN, _NAMED) for match in shape.finditer(text)]
    return sorted(found)


def tokens(text: str, kind: str) -> Iterator[tuple[int, int, str, str]]:
    """``(start, end, label, letters)`` of every hash or encrypted token in ``text``."""
    for match in _TOKEN.finditer(text):
        if match[2] == kind:
            yield match.start(), match.end(), match[1], match[3]


def pseudonym(label: str, number: int) -> str:
    """The pseudonym of the ``number``-th one of its kind, from 0.

    >>> pseudonym("PERSON", 0), pseudonym("US_SSN", 27)
    ('[Person A]', '[Number AB]')
    """
    letters = chr(65 + number % 26)
    while number >= 26:
        number = number // 26 - 1
        letters = chr(65 + number % 26) + letters
    return f"[{NOUNS.get(label, _OTHER)} {letters}]"

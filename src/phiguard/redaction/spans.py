"""Which places of a text are to be redacted: disjoint, trimmed, and clear of placeholders."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from phiguard.entities.base import Entity
from phiguard.placeholders import placeholders
from phiguard.redaction.known import is_known
from phiguard.redaction.pseudonyms import is_title
from phiguard.text import fold

__all__ = ["LEFT", "Place", "Values", "label_of", "plain_places", "resolved"]


class Place(NamedTuple):
    """A stretch of a text to be redacted, in code points, its label, and how sure that is."""

    start: int
    end: int
    label: str
    score: float = 1.0


_SURE = 0.4
_LONG = re.compile(r"\d{6}")
_TRIAL = re.compile(r"NCT-?\d+", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOLL_FREE = re.compile(r"1?8(?:00|33|44|55|66|77|88)\d{7}")
_RUN_ON = re.compile(r"[a-z]\.[A-Z][a-z]*")


_AHEAD = re.compile(
    r"tonight|tomorrow|the day after tomorrow|later today|(?:next|this) .*|.* from now", re.IGNORECASE
)
_PAST_DAY = re.compile(r"this (?:past|morning|afternoon|.*day)\b.*", re.IGNORECASE)
LEFT = frozenset({"AGE", "NRP"})
"""Kinds that are no identifiers by themselves (45 CFR 164.514(b)(2)): left, unless an operator names them."""


def label_of(entity: Entity, text: str) -> str:
    """The label under which an entity is to be redacted; empty if it identifies nobody.

    A recognizer that only guesses (a driver's license may look like "B12") counts where six digits stand together: some number of
    somebody, whoever gave it. A year alone is no identifier (45 CFR 164.514(b)(2)(i)(C)), nor are the number of a public trial and a
    toll-free one: no person has it. Nor does an agency, a platform or a newspaper point at anybody, nor a time ahead ("tonight").

    >>> [label_of(Entity(0, 0, "US_DRIVER_LICENSE", score, ""), text) for score, text in ((0.3, "B12"), (0.01, "118843"), (0.65, "D482"))]
    ['', 'ID', 'US_DRIVER_LICENSE']
    """
    if _TRIAL.fullmatch(text) or (entity.label == "DATE_TIME" and _YEAR.fullmatch(text)):
        return ""
    if entity.label == "ORGANIZATION" and is_known(text):
        return ""
    if entity.label == "DATE_TIME" and _AHEAD.fullmatch(text) and not _PAST_DAY.fullmatch(text):
        return ""
    if entity.label == "URL" and entity.score < 0.6 and _RUN_ON.search(text):
        return ""  # "today.It" lacks a space
    if entity.label == "PHONE_NUMBER" and _TOLL_FREE.fullmatch(re.sub(r"\D", "", fold(text))):
        return ""
    if entity.score >= _SURE:
        return entity.label
    return "ID" if _LONG.search(fold(text)) else ""


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)\b\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b"
_DATE = re.compile(
    rf"\b(?:{_MONTH}[ -]{_DAY}(?:,? (?:19|20)\d\d\b)?|{_DAY}(?: of)?[ -]{_MONTH}(?:,?[ -](?:19|20)\d\d\b)?|{_MONTH},? (?:19|20)\d\d\b)",
    re.IGNORECASE,
)
_VERBS = re.compile(r"may \d+|mar(?:ch)? \d+(?= (?:miles?|people))|\d+ (?:may|mar)\b")


_NUMBER = re.compile(r"(?<![^\W_])[A-Za-z]{0,4}-?\d{7,}(?![^\W_])")


def plain_places(text: str) -> Iterator[Place]:
    """What is redacted whoever is meant: dates that name a month, and long numbers.

    Rules look for them beside somebody's care, and recognizers for dates in figures and numbers with a word beside them.

    >>> [one[:3] for one in plain_places("On Oct. 3, 1996, you may 3 times, 4th of July, in May 2024")]
    [(3, 15, 'DATE_TIME'), (34, 45, 'DATE_TIME'), (50, 58, 'DATE_TIME')]
    >>> [one[:3] for one in plain_places("Ref AB-44120987, 1000000 steps, NCT04147143")]
    [(4, 15, 'ID')]
    """
    for match in _DATE.finditer(text):
        if not _VERBS.fullmatch(match[0]):
            yield Place(*match.span(), "DATE_TIME")
    for match in _NUMBER.finditer(text):
        if not match[0].endswith("000") and not _TRIAL.fullmatch(match[0]):
            yield Place(*match.span(), "ID", _SURE)


def resolved(text: str, places: Iterable[Place], also: frozenset[str]) -> list[Place]:
    """``places`` as disjoint ones in order: overlaps joined under the label of the longest, placeholders left alone.

    >>> found = [Place(0, 3, "PERSON"), Place(0, 7, "PERSON"), Place(9, 24, "EMAIL_ADDRESS"), Place(13, 24, "URL")]
    >>> [one[:3] for one in resolved("Ana Roe, ana@example.com", found, frozenset())]
    [(0, 7, 'PERSON'), (9, 24, 'EMAIL_ADDRESS')]
    """
    taken = placeholders(text, also)
    pieces = sorted(piece for place in places for piece in _pieces(text, place, taken))
    joined: list[list[Place]] = []
    reach = 0
    for piece in pieces:
        if (joined and piece.start < reach) or (joined and _is_one_name(text, joined[-1][-1], piece)):
            joined[-1].append(piece)
        else:
            joined.append([piece])
        reach = max(reach, piece.end)
    return [
        Place(
            group[0].start,
            max(one.end for one in group),
            max(group, key=lambda one: (one.end - one.start, one.score, one.label != "URL", one.label)).label,
        )
        for group in joined
    ]


def _is_one_name(text: str, left: Place, right: Place) -> bool:
    """``Ana`` and ``Roe`` beside each other are one person."""
    return left.label == right.label == "PERSON" and text[left.end : right.start] in {" ", "  ", "\u00a0"}


def _pieces(text: str, place: Place, taken: list[tuple[int, int]]) -> Iterator[Place]:
    start, limit = max(0, place.start), min(place.end, len(text))
    first = max(
        0, bisect_left(taken, (start,)) - 1
    )  # placeholders are disjoint: one at most reaches in from the left
    for low, high in [*taken[first : bisect_left(taken, (limit,))], (limit, limit)]:
        if start < low:
            yield from _trimmed(text, place._replace(start=start, end=low))
        start = max(start, high)


_PLACED = frozenset({"LOCATION", "STREET_ADDRESS", "DATE_TIME"})
_LEADING = re.compile(r"(?:from|in|at|on|near|to|of|since|until|by) (?=\w)", re.IGNORECASE)


def _trimmed(text: str, place: Place) -> Iterator[Place]:
    start, end = place.start, place.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if place.label in _PLACED and (led := _LEADING.match(text, start, end)):
        start = led.end()
    if start < end and text[start] in "([" and not {")", "]"} & set(text[start:end]):
        start += 1
    # Brackets, commas and stars between placeholders identify nobody.
    if any(map(str.isalnum, fold(text[start:end]))):
        yield place._replace(start=start, end=end)


_TAG = re.compile(r"[#@][\w.]*\w|[^\W_]+(?:[./@:?=&%_\-]+[^\W_]+){2,}")
_WORD = re.compile(r"\w+")
_LEAST = 4  # characters of a value or a name that is looked for inside others
_PASSING = frozenset({"DATE_TIME", "AGE_OVER_89", "AGE", "NRP", "PHI", "TEXT"})


class Values:
    """The values that were redacted, to be redacted wherever else they stand. They leave with the call."""

    __slots__ = ("_names", "_values")

    def __init__(self) -> None:
        self._values: dict[str, dict[str, tuple[re.Pattern[str], str]]] = {}
        self._names: set[str] = set()

    def __repr__(self) -> str:
        return f"Values({len(self._values)})"

    def add(self, text: str, label: str) -> None:
        """Remembers one value."""
        words = _WORD.findall(text)
        if label == "PERSON":
            # As a name is written: "rose" and "will" are words too.
            telling = [word for word in words if len(word) > 2 and word.isalpha() and not is_title(word)]
            self._names |= {form for word in telling for form in (word.capitalize(), word.upper())}
        size = sum(map(len, words))
        if size < (3 if label == "PERSON" else _LEAST) or label in _PASSING:
            return
        pattern = re.compile(r"[\W_]{1,3}".join(map(re.escape, words)) + r"(?!\w)", re.IGNORECASE)
        self._values.setdefault(words[0].casefold(), {})[pattern.pattern.casefold()] = pattern, label

    def places(self, text: str) -> Iterator[Place]:
        """Where they stand in ``text``."""
        if not self._values:
            return
        for word in _WORD.finditer(text):
            if word[0] in self._names:
                yield Place(*word.span(), "PERSON")
            for pattern, label in self._values.get(word[0].casefold(), {}).values():
                if match := pattern.match(text, word.start()):
                    yield Place(*match.span(), label)
        long = {fold(word).casefold() for word in self._names if len(word) >= _LEAST}
        if long and any(mark in text for mark in "#@./"):
            for match in _TAG.finditer(text):
                read = fold(match[0]).casefold()
                if any(word in read for word in long):
                    yield Place(*match.span(), "HANDLE" if match[0][0] == "@" else "PERSON")

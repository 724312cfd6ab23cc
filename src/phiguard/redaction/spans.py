"""Which places of a text are to be redacted: disjoint, trimmed, and clear of placeholders."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from phiguard.placeholders import placeholders
from phiguard.redaction.pseudonyms import is_title
from phiguard.text import fold

__all__ = ["Place", "Values", "resolved"]


class Place(NamedTuple):
    """A stretch of a text to be redacted, in code points, and its label."""

    start: int
    end: int
    label: str


def resolved(text: str, places: Iterable[Place], also: frozenset[str]) -> list[Place]:
    """``places`` as disjoint ones in order: overlaps joined under the label of the longest, placeholders left alone.

    >>> resolved("Ana Roe, ana@example.com", [Place(0, 3, "PERSON"), Place(0, 7, "PERSON"), Place(9, 24, "EMAIL_ADDRESS"),
    ...     Place(13, 24, "URL")], frozenset())
    [Place(start=0, end=7, label='PERSON'), Place(start=9, end=24, label='EMAIL_ADDRESS')]
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
            max(group, key=lambda one: (one.end - one.start, one.label != "URL", one.label)).label,
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
            yield from _trimmed(text, start, low, place.label)
        start = max(start, high)


def _trimmed(text: str, start: int, end: int, label: str) -> Iterator[Place]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    # Brackets, commas and stars between placeholders identify nobody.
    if any(map(str.isalnum, fold(text[start:end]))):
        yield Place(start, end, label)


_TAG = re.compile(r"[#@][\w.]*\w|[^\W_]+(?:[./@:?=&%_\-]+[^\W_]+){2,}")
_WORD = re.compile(r"\w+")
_LEAST = 4  # characters of a value or a name that is looked for inside others
_PASSING = frozenset({"DATE_TIME", "AGE_OVER_89", "PHI", "TEXT"})


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

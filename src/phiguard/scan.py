"""All terms in one pass: the places of every base set in a text."""

from __future__ import annotations

from phiguard.engine import Automaton
from phiguard.index import Index, Tier
from phiguard.kinds.base import Hit
from phiguard.text import NormalText

__all__ = ["Scanner", "Seen"]

_CONTINUATION = bytes(range(0x80, 0xC0))  # UTF-8 bytes that begin no character
Seen = dict[int, list[Hit]]
"""Hits by base set."""


class _TierScanner:
    """The two automata of a tier: literals on the words of a text, patterns on the text itself."""

    __slots__ = ("_literal_table", "_literals", "_pattern_table", "_patterns", "_real")

    def __init__(self, tier: Tier) -> None:
        self._literal_table = tier.literals
        self._pattern_table = tier.patterns
        self._literals = Automaton.load(tier.literal_automaton, len(tier.literals))
        self._real = len(tier.patterns)
        self._patterns = Automaton.load(tier.pattern_automaton, self._real + tier.cues)

    def scan(self, normal: NormalText, seen: Seen) -> bool:
        """Adds what stands in ``normal`` to ``seen``; whether a cue asks for deep normalization."""
        words = normal.words
        is_ascii = words.isascii()
        raw = self._literals.scan(words.encode("utf-8", "replace"))
        if raw:
            table = self._literal_table
            raw = [(number, end - table[number][0], end) for number, _, end in raw]
            self._take_literals(words, raw if is_ascii else _in_characters(words, raw), seen)
        text = normal.text
        raw = self._patterns.scan(text.encode("utf-8", "replace"))
        if not raw:
            return False
        return self._take_patterns(raw if is_ascii else _in_characters(text, raw), seen)

    def _take_literals(self, words: str, raw: list[tuple[int, int, int]], seen: Seen) -> None:
        table = self._literal_table
        size = len(words)
        for number, start, end in raw:
            _, is_prefix, targets = table[number]
            # A whole word: no letter or digit goes on at either end ("can" is not in "can't").
            if start and words[start - 1].isalnum() and words[start].isalnum():
                continue
            if not is_prefix and end < size:
                after = words[end]
                if after.isalnum():
                    if words[end - 1].isalnum():
                        continue
                elif after == "'" and words[end + 1 : end + 2] in "tT" and end + 1 < size:
                    continue
            for base, entry in targets:
                found = seen.get(base)
                if found is None:
                    seen[base] = [Hit(start, end, entry)]
                else:
                    found.append(Hit(start, end, entry))

    def _take_patterns(self, raw: list[tuple[int, int, int]], seen: Seen) -> bool:
        real = self._real
        cue = False
        longest: dict[tuple[int, int], int] = {}
        for number, start, end in raw:
            if number >= real:
                cue = True
            elif end > longest.get((number, start), -1):
                longest[number, start] = end
        # The engine reports every way to match; a place is a longest match that no longer one holds.
        reach: dict[int, int] = {}
        for (number, start), end in sorted(longest.items(), key=lambda item: (item[0][1], -item[1])):
            if end <= reach.get(number, -1):
                continue
            reach[number] = end
            for base, entry in self._pattern_table[number]:
                seen.setdefault(base, []).append(Hit(start, end, entry))
        return cue


class Scanner:
    """Looks for anchors first, and for all other terms where a rule asks."""

    __slots__ = ("_first", "_second")

    def __init__(self, index: Index) -> None:
        self._first = _TierScanner(index.first)
        self._second = _TierScanner(index.second)

    def first(self, normal: NormalText) -> tuple[Seen, bool]:
        """Where anchors stand, and whether a cue asks for deep normalization."""
        seen: Seen = {}
        return seen, self._first.scan(normal, seen)

    def second(self, normal: NormalText, seen: Seen) -> None:
        """Adds where all other terms stand."""
        self._second.scan(normal, seen)


def _in_characters(text: str, raw: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """``raw`` with positions in code points instead of UTF-8 bytes; linear in the text."""
    data = text.encode("utf-8", "replace")
    positions = sorted({position for _, start, end in raw for position in (start, end)})
    place: dict[int, int] = {}
    done = count = 0
    for position in positions:
        count += len(data[done:position].translate(None, _CONTINUATION))
        place[position] = count
        done = position
    return [(number, place[start], place[end]) for number, start, end in raw]

"""All terms in one pass: the places of every base set in a text."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from phiguard.disguise import CUES
from phiguard.engine import Automaton, Finder
from phiguard.index import Called, Index, Part, Phrase
from phiguard.kinds.base import Hit
from phiguard.text import NormalText
from phiguard.trie import Trie, build_trie, is_whole, lowered

__all__ = ["Scanner", "Seen"]

_CONTINUATION = bytes(range(0x80, 0xC0))  # UTF-8 bytes that begin no character
Seen = dict[int, list[Hit]]
"""Hits by base set."""
_CALLED = msgspec.msgpack.Decoder(list[Called])


class Scanner:
    """Looks for the anchors of some parts in every text, and for all other terms where a rule asks."""

    __slots__ = (
        "_asked",
        "_covered",
        "_finders",
        "_index",
        "_packed",
        "_parts",
        "_phrases",
        "labels",
        "late",
    )

    def __init__(self, index: Index) -> None:
        self._index = index
        self._parts: dict[str, _PartScanner] = {}
        self._packed = index.support.phrases
        self._phrases: dict[int, Trie] = {}
        self._covered: dict[tuple[str, ...], frozenset[int]] = {}
        self._asked = index.support.asked
        self.labels = index.entities
        self.late = frozenset(index.late)
        self._finders: dict[int, list[tuple[Finder, frozenset[str], int]]] = {}

    def first(self, normal: NormalText, parts: tuple[str, ...]) -> tuple[Seen, bool]:
        """Where the anchors of ``parts`` stand, and whether a cue asks for deep normalization."""
        seen: Seen = {}
        done: frozenset[int] = frozenset()
        keyed = normal.keyed
        has_cue = False
        for part in parts:
            scanner = self._part(part)
            has_cue = scanner.scan(normal, keyed, seen, done) or has_cue
            done = done | scanner.bases if done else scanner.bases
        return seen, has_cue

    def _part(self, name: str) -> _PartScanner:
        found = self._parts.get(name)
        if found is None:
            found = self._parts[name] = _PartScanner(self._index.part(name))
        return found

    def covered(self, parts: tuple[str, ...]) -> frozenset[int]:
        """The base sets that `first` looks for in ``parts``."""
        found = self._covered.get(parts)
        if found is None:
            found = frozenset().union(*(self._part(part).bases for part in parts))
            self._covered[parts] = found
        return found

    def hits(self, normal: NormalText, base: int) -> list[Hit]:
        """Where the terms of one support set stand."""
        phrases = self._phrases.get(base)
        if phrases is None:
            raw = self._packed.get(base)
            phrases = self._phrases[base] = Trie(raw if raw is not None else build_trie(()))
        found = [
            Hit(start, end, entry) for start, end, entries in phrases.find(normal.tokens) for entry in entries
        ]
        if base in self._asked:
            for finder, heads, entry in self._finders.get(base) or self._make_finders(base):
                if not heads or not heads.isdisjoint(normal.tokens.unique):
                    places = _found(finder, normal, in_words=bool(heads))
                    found += (Hit(start, end, entry) for start, end in places)
        return found

    def _make_finders(self, base: int) -> list[tuple[Finder, frozenset[str], int]]:
        found = self._finders[base] = [
            # A token comes with the space before it.
            (Finder(regex, case=case), frozenset(heads) | {" " + head for head in heads}, entry)
            for regex, case, heads, entry in self._asked[base]
        ]
        return found


class _PartScanner:
    """The anchors of one part: words of keys and shapes in one pass each, phrases and patterns where those call them."""

    __slots__ = ("_cue", "_keyed", "_keys", "_pairs", "_rows", "_shapes", "_table", "_words", "bases")

    def __init__(self, part: Part) -> None:
        self.bases = frozenset(part.bases)
        self._keys = part.keys
        self._words = frozenset(words for words in part.keys if b" " not in words)
        self._pairs = frozenset(tuple(words.split()) for words in part.keys.keys() - self._words)
        self._rows: dict[bytes, list[Called]] = {}
        self._keyed = [
            (Finder(regex, case=case), in_words, targets) for regex, case, in_words, targets in part.keyed
        ]
        self._table = [
            (Finder(regex, case=case), in_words, targets) for regex, case, in_words, targets in part.shapes
        ]
        self._cue = len(self._table)  # the positions from which on an expression is a cue
        cues = [(cue, False) for cue in CUES] if part.has_cues else []
        self._shapes = Automaton([*((regex, case) for regex, case, *_ in part.shapes), *cues])

    def scan(self, normal: NormalText, keyed: bytes, seen: Seen, done: frozenset[int]) -> bool:
        """Adds what stands in ``normal``, base sets in ``done`` apart; whether a cue asks for deep normalization."""
        tokens = keyed.split()
        words: list[bytes] = [*self._words.intersection(tokens)]
        words += map(b" ".join, self._pairs.intersection(pairwise(tokens)))
        if words:
            words.sort()  # sets have no order of their own
            self._take_called(normal, keyed, words, seen, done)
        has_cue = False
        for number in self._shapes.scan(normal.data):
            if number >= self._cue:
                has_cue = True
                break
            self._take_shape(normal, number, seen, done)
        return has_cue

    def _take_called(
        self, normal: NormalText, keyed: bytes, words: list[bytes], seen: Seen, done: frozenset[int]
    ) -> None:
        patterns: set[int] = set()
        for word in words:
            for key, called, phrases in self._rows.get(word) or self._unpacked(word):
                at = keyed.find(key)
                if at < 0:
                    continue
                patterns.update(called)
                if phrases:
                    places = []
                    while at >= 0:
                        places.append((at, at))  # the keyed text has a space before the first character
                        at = keyed.find(key, at + 1)
                    self._take_phrases(normal, places, phrases, seen, done)
        for number in sorted(patterns):
            finder, in_words, targets = self._keyed[number]
            _add(_found(finder, normal, in_words=in_words), targets, seen, done)

    def _unpacked(self, word: bytes) -> list[Called]:
        found = self._rows[word] = _CALLED.decode(self._keys[word])
        return found

    def _take_phrases(
        self,
        normal: NormalText,
        places: list[tuple[int, int]],
        phrases: list[Phrase],
        seen: Seen,
        done: frozenset[int],
    ) -> None:
        """Holds phrases against the places where their key stands."""
        lower = lowered(normal.words)
        size = len(lower)
        for at, _ in places if normal.text.isascii() else _in_characters(normal.text, places):
            for offset, text, is_prefix, targets in phrases:
                start = at - offset
                if start < 0 or not lower.startswith(text, start):
                    continue
                end = start + len(text)
                if start and lower[start - 1].isalnum() and lower[start].isalnum():
                    continue
                if is_prefix:
                    while end < size and lower[end].isalnum():
                        end += 1
                elif end < size and not is_whole(lower, end):
                    continue
                for base, entry in targets:
                    if base not in done:
                        seen.setdefault(base, []).append(Hit(start, end, entry))

    def _take_shape(self, normal: NormalText, number: int, seen: Seen, done: frozenset[int]) -> None:
        finder, in_words, targets = self._table[number]
        if in_words:
            _add(_found(finder, normal, in_words=True), targets, seen, done)
            return
        places = finder.scan(normal.data, overlapping=True)
        if places and not normal.text.isascii():
            places = _in_characters(normal.text, places)
        reach = -1
        longest = []
        for start, end in places:  # one from every start: a place is what no earlier one holds
            if end > reach:
                reach = end
                longest.append((start, end))
        _add(longest, targets, seen, done)


def _add(
    places: list[tuple[int, int]], targets: tuple[tuple[int, int], ...], seen: Seen, done: frozenset[int]
) -> None:
    for start, end in places:
        for base, entry in targets:
            if base not in done:
                seen.setdefault(base, []).append(Hit(start, end, entry))


def _found(finder: Finder, normal: NormalText, *, in_words: bool) -> list[tuple[int, int]]:
    if not in_words:
        places = finder.scan(normal.data)
        return _in_characters(normal.text, places) if places and not normal.text.isascii() else places
    text = normal.words
    places = finder.scan(normal.words_data, overlapping=True)
    if not places:
        return []
    if not text.isascii():
        places = _in_characters(text, places)
    # The engine's word boundary knows ASCII alone, and not that "can" is no word of "can't".
    size = len(text)
    return [
        (start, end)
        for start, end in places
        if (end == size or is_whole(text, end)) and not (start and text[start - 1].isalnum())
    ]


def _in_characters(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """``places`` in code points instead of UTF-8 bytes; linear in the text."""
    data = text.encode("utf-8", "replace")
    positions = sorted({position for place in places for position in place})
    place: dict[int, int] = {}
    done = count = 0
    for position in positions:
        count += len(data[done:position].translate(None, _CONTINUATION))
        place[position] = count
        done = position
    return [(place[start], place[end]) for start, end in places]

"""All terms in one pass: the places of every base set in a text."""

from __future__ import annotations

import msgspec

from phiguard.disguise import CUES
from phiguard.engine import Automaton, Finder
from phiguard.index import Index, Part
from phiguard.keys import as_keyed
from phiguard.kinds.base import Hit
from phiguard.text import NormalText
from phiguard.trie import Trie, build_trie, is_whole, lowered

__all__ = ["Scanner", "Seen"]

_CONTINUATION = bytes(range(0x80, 0xC0))  # UTF-8 bytes that begin no character
Seen = dict[int, list[Hit]]
"""Hits by base set."""
_FEW_KEYS = 4
_PHRASES = msgspec.msgpack.Decoder(list[tuple[int, str, bool, tuple[tuple[int, int], ...]]])


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
        keyed = as_keyed(normal.data)
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
    """The anchors of one part: keys and shapes in one pass each, phrases and patterns where a key or a shape calls them."""

    __slots__ = (
        "_anchors",
        "_called",
        "_cues",
        "_few",
        "_keyed",
        "_keys",
        "_shape_table",
        "_shapes",
        "bases",
    )

    def __init__(self, part: Part) -> None:
        self.bases = frozenset(part.bases)
        self._called = part.keys.table
        self._few: dict[int, list[tuple[int, str, bool, tuple[tuple[int, int], ...]]]] = {}
        self._keys = Automaton.load(part.keys.automaton, len(part.keys.table))
        self._anchors = Trie(part.anchors)
        self._keyed = [
            (Finder(regex, case=case), in_words, targets) for regex, case, in_words, targets in part.keyed
        ]
        self._shape_table = [
            (Finder(regex, case=case), targets) for regex, case, targets in part.shapes.table
        ]
        self._shapes = Automaton.load(part.shapes.automaton, len(part.shapes.table))
        self._cues = Automaton.load(part.cues, len(CUES)) if part.cues else None

    def scan(self, normal: NormalText, keyed: bytes, seen: Seen, done: frozenset[int]) -> bool:
        """Adds what stands in ``normal``, base sets in ``done`` apart; whether a cue asks for deep normalization."""
        if keys := self._keys.scan(keyed):
            self._take_called(normal, keys, seen, done)
        if shapes := self._shapes.scan(normal.data):
            self._take_shapes(normal, shapes, seen, done)
        return self._cues is not None and self._cues.matches(normal.data)

    def _take_called(
        self, normal: NormalText, keys: list[tuple[int, int]], seen: Seen, done: frozenset[int]
    ) -> None:
        patterns: set[int] = set()
        places: dict[int, list[tuple[int, int]]] = {}
        needs_trie = False
        table = self._called
        for key, end in keys:
            length, called, few, many = table[key]
            if called:
                patterns.update(called)
            if few:
                at = (
                    end - length
                )  # of the key's second character: the keyed text has a space before the first one
                places.setdefault(key, []).append((at, at))
            needs_trie = needs_trie or many
        if needs_trie or len(places) > _FEW_KEYS:
            _take(self._anchors, normal, seen, done)
        elif places:
            self._take_few(normal.words, places, seen, done)
        for number in sorted(patterns):
            finder, in_words, targets = self._keyed[number]
            _add(_found(finder, normal, in_words=in_words), targets, seen, done)

    def _take_few(
        self, words: str, places: dict[int, list[tuple[int, int]]], seen: Seen, done: frozenset[int]
    ) -> None:
        """Holds the phrases of some keys against the places where the keys stand."""
        lower = lowered(words)
        size = len(lower)
        for key, found in places.items():
            phrases = self._phrases(key)
            for at, _ in found if words.isascii() else _in_characters(words, found):
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

    def _phrases(self, key: int) -> list[tuple[int, str, bool, tuple[tuple[int, int], ...]]]:
        found = self._few.get(key)
        if found is None:
            raw = self._called[key][2]
            found = self._few[key] = _PHRASES.decode(raw) if raw else []
        return found

    def _take_shapes(
        self, normal: NormalText, shapes: list[tuple[int, int]], seen: Seen, done: frozenset[int]
    ) -> None:
        for number, _ in shapes:
            finder, targets = self._shape_table[number]
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


def _take(trie: Trie, normal: NormalText, seen: Seen, done: frozenset[int]) -> None:
    hit = Hit(-1, -1, -1)
    for start, end, targets in trie.find(normal.tokens):
        for base, entry in targets:
            if base in done:
                continue
            if hit.entry != entry or hit.start != start or hit.end != end:
                hit = Hit(start, end, entry)  # one for all the lists that the same term is in
            found = seen.get(base)
            if found is None:
                seen[base] = [hit]
            else:
                found.append(hit)


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

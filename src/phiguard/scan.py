"""All terms in one pass: what may stand in a text, and where it does once a rule asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import msgspec

from phiguard.disguise import CUES
from phiguard.engine import Automaton, Finder
from phiguard.gates import DIGIT, STEMS
from phiguard.index import Called, Index, Part, Phrase, Targets
from phiguard.kinds.base import Hit
from phiguard.text import NormalText
from phiguard.trie import Trie, build_trie, is_whole, lowered

__all__ = ["Scanner", "Seen"]

_CONTINUATION = bytes(range(0x80, 0xC0))  # UTF-8 bytes that begin no character
_HAS_DIGIT = re.compile(rb"[0-9]")
_CALLED = msgspec.msgpack.Decoder(list[Called])
_NUMBERS = msgspec.msgpack.Decoder(list[int])
_DIGIT = DIGIT.encode()
_WORDS = 60_000  # words remembered with what they call: the language has fewer, an attacker more

Place = tuple[int, int]
Source = tuple[bytes, list[Phrase]] | int
"""What may put a base set into a text: a key with its phrases, or the number of a pattern."""
Row = tuple[bytes, int, int, Source]
"""A key, the gates that must be passed besides, the base set that it then calls, and what looks for that."""


class Scanner:
    """Looks for the anchors of some parts in every text, and for all other terms where a rule asks."""

    __slots__ = ("_anchors", "_asked", "_finders", "_index", "_parts", "_phrases", "labels", "late", "passes")

    def __init__(self, index: Index) -> None:
        self._index = index
        self._parts: dict[str, Part] = {}
        self._anchors: dict[tuple[str, ...], _Anchors] = {}
        self._phrases: dict[int, Trie] = {}
        self._asked = index.support.asked
        self._finders: dict[int, list[tuple[Finder, bool, int | None, int]]] = {}
        self.labels = index.entities
        self.late = frozenset(index.late)
        self.passes = _Passes(index)

    def first(self, normal: NormalText, parts: tuple[str, ...]) -> Seen | None:
        """What of ``parts`` may stand in ``normal``; ``None`` if a cue asks for deep normalization first."""
        anchors = self._anchors_of(parts)
        shapes = anchors.shapes(normal)
        return None if shapes is None else Seen(self, anchors, normal, shapes)

    def deep(self, normal: NormalText, parts: tuple[str, ...]) -> Seen:
        """`first`, for a text that is normalized as deep as can be."""
        anchors = self._anchors_of(parts)
        return Seen(self, anchors, normal, anchors.shapes(normal, has_cues=False) or ())

    def _anchors_of(self, parts: tuple[str, ...]) -> _Anchors:
        found = self._anchors.get(parts)
        if found is None:
            for name in parts:
                if name not in self._parts:
                    self._parts[name] = self._index.part(name)
            found = self._anchors[parts] = _Anchors([self._parts[name] for name in parts], self.passes)
        return found

    def hits(self, seen: Seen, base: int) -> list[Hit]:
        """Where the terms of one support set stand."""
        normal = seen.normal
        phrases = self._phrases.get(base)
        if phrases is None:
            raw = self._index.support.phrases.get(base)
            phrases = self._phrases[base] = Trie(raw if raw is not None else build_trie(()))
        found = [
            Hit(start, end, entry) for start, end, entries in phrases.find(normal.tokens) for entry in entries
        ]
        if base in self._asked:
            for finder, in_words, gate, entry in self._finders.get(base) or self._make_finders(base):
                if gate is None or seen.passed >> gate & 1:
                    places = _found(finder, normal, in_words=in_words)
                    found += (Hit(start, end, entry) for start, end in places)
        return found

    def _make_finders(self, base: int) -> list[tuple[Finder, bool, int | None, int]]:
        found = self._finders[base] = [
            (Finder(regex, case=case), in_words, gate, entry)
            for regex, case, in_words, gate, entry in self._asked[base]
        ]
        return found


class _Passes:
    """The gates that a word passes, as bits of an integer."""

    __slots__ = ("_packed", "always")

    def __init__(self, index: Index) -> None:
        self._packed = index.gates
        self.always = _bits((*index.ungated, *index.late))

    def of(self, word: bytes) -> int:
        """The gates that a text with ``word`` passes."""
        passed = self._named(word)
        for letters in STEMS:
            if len(word) >= letters:
                passed |= self._named(word[:letters] + b"*")
        return passed | self._named(_DIGIT) if _HAS_DIGIT.search(word) else passed

    def _named(self, name: bytes) -> int:
        raw = self._packed.get(name)
        return 0 if raw is None else _bits(_NUMBERS.decode(raw))


def _bits(numbers: Iterable[int]) -> int:
    found = bytearray()
    for number in numbers:
        at = number >> 3
        if at >= len(found):
            found += bytes(at + 1 - len(found))
        found[at] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


class Seen:
    """What may stand in one text. Where a set of terms does stand is worked out when it is first asked for.

    ``passed`` has a bit for each gate that the text passes: whether a base set may stand in it is the bit of the set's number.
    ``called`` are the anchors that may stand, by base set, with what looks for them.
    """

    __slots__ = ("_anchors", "_hits", "_places", "_scanner", "called", "keyed", "normal", "passed")

    def __init__(
        self, scanner: Scanner, anchors: _Anchors, normal: NormalText, shapes: Collection[int]
    ) -> None:
        self._scanner = scanner
        self._anchors = anchors
        self._hits: dict[int, list[Hit]] = {}
        self._places: dict[int, list[Place]] = {}
        self.normal = normal
        self.keyed = normal.keyed
        self.called: dict[int, list[Source]] = {}
        self.passed = anchors.call(self.keyed, shapes, self.called)

    def is_triggered(self, base: int) -> bool:
        """Whether something calls for a kind of entity."""
        return base in self._scanner.late or bool(self.hits(base))

    def hits(self, base: int) -> list[Hit]:
        """Where the terms of a base set stand (for a kind of entity: what calls it), by rising start."""
        found = self._hits.get(base)
        if found is None:
            if not self.passed >> base & 1:
                found = []
            elif base in self._anchors.bases:
                found = sorted(self._anchors.located(self, base))
            else:
                found = sorted(self._scanner.hits(self, base))
            self._hits[base] = found
        return found

    def places(self, number: int, finder: Finder, *, in_words: bool, from_each: bool) -> list[Place]:
        """Where the pattern of that number stands; looked for once."""
        found = self._places.get(number)
        if found is None:
            search = _found_from_each if from_each else _found
            found = self._places[number] = search(finder, self.normal, in_words=in_words)
        return found


class _Word:
    """What a word of a text does: the gates that it passes, the rows of its keys, and those of it with the word after it."""

    __slots__ = ("pairs", "passed", "rows")

    def __init__(self, passed: int, rows: list[Row], pairs: dict[bytes, list[Row]]) -> None:
        self.passed = passed
        self.rows = rows
        self.pairs = pairs


class _Anchors:
    """The anchors of some parts: words of keys, and shapes, in one pass each."""

    __slots__ = (
        "_bits",
        "_cue",
        "_keys",
        "_pairs",
        "_passes",
        "_patterns",
        "_set",
        "_shapes",
        "_unknown",
        "_words",
        "bases",
    )

    def __init__(self, parts: list[Part], passes: _Passes) -> None:
        self._passes = passes
        self._keys: dict[bytes, list[tuple[int, frozenset[int], msgspec.Raw]]] = {}
        self._pairs: dict[bytes, list[bytes]] = {}
        self._patterns: list[tuple[Finder, bool, Targets, list[int]]] = []
        self._shapes: list[tuple[Finder, bool, Targets]] = []
        self._words: dict[bytes, _Word | None] = {}
        self.bases: frozenset[int] = frozenset()
        shapes: list[tuple[str, bool]] = []
        for part in parts:
            done, first = self.bases, len(self._patterns)
            for words, raw in part.keys.items():
                self._keys.setdefault(words, []).append((first, done, raw))
            for regex, case, in_words, targets, gates in part.keyed:
                self._patterns.append((Finder(regex, case=case), in_words, _without(targets, done), gates))
            for regex, case, in_words, targets in part.shapes:
                if fresh := _without(targets, done):
                    self._shapes.append((Finder(regex, case=case), in_words, fresh))
                    shapes.append((regex, case))
            self.bases = done.union(part.bases)
        for words in self._keys:
            if b" " in words:
                self._pairs.setdefault(words.partition(b" ")[0], []).append(words)
        self._bits = {base: 1 << base for base in self.bases}
        self._unknown = ~_bits(self.bases)  # of an anchor the first scan knows more than its gate
        self._cue = len(shapes)  # the positions from which on an expression is a cue
        if any(part.has_cues for part in parts):
            shapes += [(cue, False) for cue in CUES]
        self._set = Automaton(shapes)

    def shapes(self, normal: NormalText, *, has_cues: bool = True) -> list[int] | None:
        """The numbers of the shapes that may stand in ``normal``; ``None`` if some cue stands there and that counts."""
        found = self._set.scan(normal.data)
        if found and found[-1] >= self._cue:
            if has_cues:
                return None
            return [number for number in found if number < self._cue]
        return found

    def call(self, keyed: bytes, shapes: Collection[int], called: dict[int, list[Source]]) -> int:
        """Notes in ``called`` what keys and shapes call; the gates that the text passes."""
        known, passed = self._words, self._passes.always
        tokens = keyed.split()
        rows: dict[bytes, list[Row]] = {}
        for at, token in enumerate(tokens, start=1):
            try:
                word = known[token]
            except KeyError:
                word = self._learn(token)
            if word is None:
                continue
            passed |= word.passed
            if word.rows:
                rows[token] = word.rows
            if word.pairs and at < len(tokens) and (pair := word.pairs.get(tokens[at])):
                rows[token + b" " + tokens[at]] = pair
        passed &= self._unknown
        bits = self._bits
        for found in rows.values():
            for key, needed, base, source in found:
                if passed & needed == needed and key in keyed:
                    if base in called:
                        called[base].append(source)
                    else:
                        called[base] = [source]
        for number in shapes:
            for base, _ in self._shapes[number][2]:
                called.setdefault(base, []).append(-1 - number)
        for base in called:
            passed |= bits[base]
        return passed

    def _learn(self, token: bytes) -> _Word | None:
        rows = self._rows(token)
        pairs = {
            both.partition(b" ")[2]: found
            for both in self._pairs.get(token, ())
            if (found := self._rows(both))
        }
        passed = self._passes.of(token)
        word = _Word(passed, rows, pairs) if passed or rows or pairs else None
        if len(self._words) < _WORDS:
            self._words[token] = word
        return word

    def _rows(self, words: bytes) -> list[Row]:
        rows: list[Row] = []
        for first, done, raw in self._keys.get(words, ()):
            for key, numbers, phrases in _CALLED.decode(raw):
                by_base: dict[int, list[Phrase]] = {}
                for phrase in phrases:
                    for base in dict.fromkeys(base for base, _ in phrase[3] if base not in done):
                        by_base.setdefault(base, []).append(phrase)
                rows += ((key, 0, base, (key, held)) for base, held in by_base.items())
                for number in numbers:
                    _, _, targets, gates = self._patterns[first + number]
                    needed = _bits(gates)
                    bases = dict.fromkeys(base for base, _ in targets)
                    rows += ((key, needed, base, first + number) for base in bases)
        return rows

    def located(self, seen: Seen, base: int) -> list[Hit]:
        """Where the terms of a base set that something called stand."""
        hits: list[Hit] = []
        numbers: set[int] = set()
        for source in seen.called[base]:
            if not isinstance(source, int):
                hits += _phrases(seen, *source, base)
            elif source not in numbers:  # several keys call one pattern
                numbers.add(source)
                is_shape = source < 0
                finder, in_words, targets, *_ = (
                    self._shapes[-1 - source] if is_shape else self._patterns[source]
                )
                places = seen.places(source, finder, in_words=in_words, from_each=is_shape and not in_words)
                entries = [entry for target, entry in targets if target == base]
                hits += (Hit(start, end, entry) for start, end in places for entry in entries)
        return hits


def _without(targets: Targets, done: frozenset[int]) -> Targets:
    return tuple(target for target in targets if target[0] not in done) if done else targets


def _phrases(seen: Seen, key: bytes, phrases: list[Phrase], base: int) -> Iterable[Hit]:
    """Holds phrases against the places where their key stands."""
    keyed, normal = seen.keyed, seen.normal
    places = []
    at = keyed.find(key)
    while at >= 0:
        places.append((at, at))  # the keyed text has a space before the first character
        at = keyed.find(key, at + 1)
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
            for target, entry in targets:
                if target == base:
                    yield Hit(start, end, entry)


def _found(finder: Finder, normal: NormalText, *, in_words: bool) -> list[Place]:
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


def _found_from_each(finder: Finder, normal: NormalText, *, in_words: bool) -> list[Place]:
    """The longest place from every start that no earlier one holds."""
    del in_words
    places = finder.scan(normal.data, overlapping=True)
    if places and not normal.text.isascii():
        places = _in_characters(normal.text, places)
    reach = -1
    longest = []
    for start, end in places:
        if end > reach:
            reach = end
            longest.append((start, end))
    return longest


def _in_characters(text: str, places: list[Place]) -> list[Place]:
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

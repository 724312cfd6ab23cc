"""Compiles every term of every rule into the index that the scan reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from phiguard.engine import Automaton, EngineError
from phiguard.errors import RuleError
from phiguard.gates import gate_of_forms, gate_of_phrase, gates_of_pattern
from phiguard.index import Asked, Called, Index, Part, Phrase, Support
from phiguard.keys import WORDY, Key, key_of_phrase, keys_of_forms, keys_of_pattern
from phiguard.kinds.base import Strings, Terms
from phiguard.parts import CUED, part_of
from phiguard.rules import RuleSet, label_term_lists, term_lists
from phiguard.terms import (
    Expanded,
    LiteralTerm,
    PatternTerm,
    entity_of,
    flatten,
    lexicon_of,
    terms_of,
)
from phiguard.trie import build_trie

__all__ = ["build_index"]

_TAG_LETTERS = 5
_GATES = 3  # of one pattern: each is a question to every text that has a key of it
_PACK = msgspec.msgpack.encode
Regexes = dict[tuple[str, bool, bool], dict[tuple[int, int], None]]
"""Regex, whether case matters, whether it is looked for in the words (a wide phrase) → targets."""

_ENGLISH = "english_word"
"""The lexicon of common words: no rule's term, but what a hashtag or a disguise may be made of."""


class _Anchors:
    """A binder that only notes which lists are anchors, and where case matters."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.cases: dict[str, bool] = {}

    def terms(self, path: str, terms: Strings, *, anchor: bool = False, case: bool = False) -> Terms:  # noqa: ARG002
        self.cases[path] = case
        if anchor:
            self.paths.add(path)
        return Terms(0, (), anchor)


class _Builder:
    def __init__(self, rules: RuleSet, expanded: Expanded, triggers: Mapping[str, tuple[str, ...]]) -> None:
        self.rules = rules
        self.triggers = triggers
        self.entities: dict[int, str] = {}
        self.late: set[int] = set()
        self.bases: dict[object, int] = {}
        self.content: dict[int, tuple[Strings, bool]] = {}
        self.entries: dict[str, int] = {}
        self.keys: dict[tuple[tuple[int, ...], bool], int] = {}
        self.terms: dict[str, tuple[int, tuple[int, ...], bool, bool]] = {}
        self.anchored: dict[str, set[int]] = {}
        self.expanded = expanded
        self.keys_of: dict[str, Collection[Key]] = {}
        self.gates_of: dict[str, tuple[frozenset[str], ...]] = {}
        self.gates: dict[int, frozenset[str]] = {}
        self.gate_numbers: dict[frozenset[str], int] = {}

    def add(self, name: str, terms: Strings, *, anchor: str | None = None, case: bool = False) -> None:
        lexicons = self.rules.lexicons
        names = dict.fromkeys(
            inner for term in terms if (own := lexicon_of(term)) for inner in flatten(own, lexicons)
        )
        bases = [self._base(name, _loose(lexicons[name]), case=False) for name in names]
        if rest := _loose(terms):
            bases.append(self._base(rest, rest, case=case))
        held = (*terms, *chain.from_iterable(lexicons[name] for name in names))
        entities = [self._entity(label) for label in _labels(held)]
        is_late = not self.late.isdisjoint(entities)
        if is_late and anchor is not None:
            owner, _, path = name.partition("/")
            fault = "a rule cannot begin with names, which are looked for last: put the other words first"
            raise RuleError([f"{self.rules.places.get(owner, owner)}: {owner}: {path}: {fault}"])
        bases += entities
        key = (tuple(bases), anchor is not None)
        number = self.keys.setdefault(key, len(self.keys))
        # The first scan sees what triggers an entity, not the entity.
        self.terms[name] = (number, tuple(bases), anchor is not None and not entities, is_late)
        if anchor is not None:
            self.anchored.setdefault(anchor, set()).update(bases)

    def _entity(self, label: str) -> int:
        found = self.triggers.get(label)
        base = self._base(("entity", label), tuple(f"/{regex}/" for regex in found or ()), case=False)
        self.entities[base] = label
        if found is None:
            self.late.add(base)
        return base

    def _base(self, identity: object, terms: Strings, *, case: bool) -> int:
        identity = (identity, case)
        if identity not in self.bases:
            self.bases[identity] = len(self.bases)
            self.content[self.bases[identity]] = (terms, case)
        return self.bases[identity]

    def _texts(self, bases: Sequence[int]) -> dict[tuple[str, bool], dict[tuple[int, int], None]]:
        texts: dict[tuple[str, bool], dict[tuple[int, int], None]] = {}
        for base, entry, found, _ in self._found(bases):
            if isinstance(found, LiteralTerm) and _has_key(found):
                texts.setdefault((found.text, found.is_prefix), {})[base, entry] = None
        return texts

    def support(self, bases: Sequence[int]) -> Support:
        phrases: dict[int, list[tuple[str, bool, tuple[int, ...]]]] = {}
        for base, entry, found, _ in self._found(bases):
            if isinstance(found, LiteralTerm):
                phrases.setdefault(base, []).append((found.text, found.is_prefix, (entry,)))
        packed = {base: msgspec.Raw(build_trie(found)) for base, found in phrases.items()}
        for base in bases:
            self.gates[base] = self._gate_of(base)
        return Support(packed, self.asked(bases))

    def passed(self) -> tuple[dict[bytes, msgspec.Raw], list[int]]:
        """The gates that each word passes, and the sets without one. Call it last."""
        numbers: dict[str, list[int]] = {}
        for number, gate in sorted(self.gates.items()):
            for word in gate:
                numbers.setdefault(word, []).append(number)
        packed = {word.encode(): msgspec.Raw(_PACK(numbers[word])) for word in sorted(numbers)}
        return packed, [base for base in self.content if not self.gates.get(base)]

    def _number(self, gate: frozenset[str]) -> int:
        """The number of a gate that is no set's."""
        number = self.gate_numbers.setdefault(gate, len(self.bases) + len(self.gate_numbers))
        self.gates[number] = gate
        return number

    def _gate_of(self, base: int) -> frozenset[str]:
        """What a text must hold for some term of a set to stand in it; nothing if that cannot be said."""
        gate: set[str] = set()
        for _, _, term, _ in self._found((base,)):
            if isinstance(term, PatternTerm):
                words = self._gate(term)
            else:
                word = gate_of_phrase(term.text, is_prefix=term.is_prefix)
                words = frozenset({word}) if word else frozenset()
            if not words:
                return frozenset()
            gate |= words
        return frozenset(gate)

    def _gate(self, term: PatternTerm) -> frozenset[str]:
        if term.forms:
            return gate_of_forms(term.forms)
        return next(iter(self._gates(term.regex)), frozenset())

    def _gates(self, regex: str) -> tuple[frozenset[str], ...]:
        found = self.gates_of.get(regex)
        if found is None:
            found = self.gates_of[regex] = gates_of_pattern(regex)
        return found

    def patterns(self, bases: Sequence[int]) -> tuple[Regexes, Regexes]:
        """The shapes, and the wordy patterns, which have keys."""
        shapes: Regexes = {}
        wordy: Regexes = {}
        for base, entry, found, case in self._found(bases):
            if isinstance(found, LiteralTerm):
                if not _has_key(found):
                    shapes.setdefault((_as_shape(found), False, found.is_prefix), {})[base, entry] = None
            else:
                is_wordy = found.forms or (found.regex.count("|") > WORDY and self._keys(found))
                table = wordy if is_wordy else shapes
                table.setdefault((found.regex, case, bool(found.forms)), {})[base, entry] = None
                if is_wordy:
                    self._keys(found)
        return shapes, wordy

    def _keys(self, term: PatternTerm) -> Collection[Key]:
        keys = self.keys_of.get(term.regex)
        if keys is None:
            keys = keys_of_forms(term.forms) if term.forms else keys_of_pattern(term.regex)
            self.keys_of[term.regex] = keys
        return keys

    def called(self, anchors: Sequence[int], wordy: Regexes) -> dict[bytes, msgspec.Raw]:
        """For each word of a key (or two), the keys that it belongs to and what they call."""
        phrases: dict[Key, list[Phrase]] = {}
        for (text, is_prefix), targets in self._texts(anchors).items():
            if found := key_of_phrase(text, is_prefix=is_prefix):
                at, key = found
                phrases.setdefault(key, []).append((at, text, is_prefix, tuple(targets)))
        patterns: dict[Key, list[int]] = {}
        for number, (regex, _, _) in enumerate(wordy):
            for key in self.keys_of[regex]:
                patterns.setdefault(key, []).append(number)
        table: dict[str, list[Called]] = {}
        for key in sorted({*phrases, *patterns}):
            row = (key.text.encode(), tuple(patterns.get(key, ())), phrases.get(key, []))
            table.setdefault(key.words, []).append(row)
        return {words.encode(): msgspec.Raw(_PACK(rows)) for words, rows in table.items()}

    def _further_gates(self, regex: str) -> list[int]:
        """What else a text must hold that has a key of the pattern."""
        keys = frozenset(key.words for key in self.keys_of[regex])
        return [self._number(gate) for gate in self._gates(regex) if gate != keys][:_GATES]

    def part(self, name: str, bases: Sequence[int]) -> Part:
        """The part of that name. Raises `EngineError`."""
        shapes, wordy = self.patterns(bases)
        table = [(*pattern, tuple(targets)) for pattern, targets in shapes.items()]
        Automaton([(regex, case) for regex, case, _ in shapes])  # refuses what cannot be used
        return Part(
            bases=list(bases),
            keys=self.called(bases, wordy),
            keyed=[
                (*pattern, tuple(targets), self._further_gates(pattern[0]))
                for pattern, targets in wordy.items()
            ],
            shapes=table,
            has_cues=name in CUED.values(),
        )

    def asked(self, bases: Sequence[int]) -> dict[int, list[Asked]]:
        """One pattern for all those of a set: each search has a price, whatever it looks for."""
        found: dict[int, dict[tuple[bool, bool], list[tuple[PatternTerm, int]]]] = {}
        for base, entry, term, case in self._found(bases):
            if isinstance(term, PatternTerm):
                found.setdefault(base, {}).setdefault((case, bool(term.forms)), []).append((term, entry))
        return {
            base: [
                (
                    "|".join(f"(?:{term.regex})" for term, _ in together),
                    case,
                    in_words,
                    self._common_gate(term for term, _ in together),
                    together[0][1],
                )
                for (case, in_words), together in by_kind.items()
            ]
            for base, by_kind in found.items()
        }

    def _common_gate(self, terms: Iterable[PatternTerm]) -> int | None:
        gates = [self._gate(term) for term in terms]
        return self._number(frozenset().union(*gates)) if all(gates) else None

    def _found(self, bases: Sequence[int]) -> Iterator[tuple[int, int, LiteralTerm | PatternTerm, bool]]:
        for base in bases:
            terms, case = self.content[base]
            for term in terms:
                entry = self.entries.setdefault(term, len(self.entries))
                for found in self._expanded(term):
                    yield base, entry, found, case

    def _expanded(self, term: str) -> tuple[LiteralTerm | PatternTerm, ...]:
        found = self.expanded.get(term)
        if found is None:
            found = self.expanded[term] = tuple(terms_of(term, self.rules.lexicons))
        return found

    def words(self) -> tuple[list[str], list[str]]:
        """Words that a disguise may stand for (of the terms, and common English), and those that make up hashtags."""
        for term in chain.from_iterable(
            (*self.rules.lexicons.values(), *(terms for terms, _ in self.content.values()))
        ):
            if lexicon_of(term) is None and entity_of(term) is None:
                self._expanded(term)
        found = set(chain.from_iterable(map(_words_of, chain.from_iterable(self.expanded.values()))))
        english = {
            word
            for term in self.rules.lexicons.get(_ENGLISH, ())
            for one in self._expanded(term)
            for word in _words_of(one)
        }
        known = {word for word in found if len(word) > 2 and word.isalpha()}
        # Short forms such as "mers" fit into too many words ("dreamers").
        return sorted(known | english), sorted(
            {word for word in known if len(word) >= _TAG_LETTERS} | english
        )


def _words_of(found: LiteralTerm | PatternTerm) -> Iterable[str]:
    if isinstance(found, LiteralTerm):
        return found.text.split()
    return set(chain.from_iterable(form.split() for form in found.forms))


_WORD = re.compile("[A-Za-z0-9]")
_WORD_WHOLE = re.compile("[A-Za-z0-9][^A-Za-z0-9]")


def _has_key(term: LiteralTerm) -> bool:
    """Whether the phrase has a whole word: "★★★★★" and "immunosuppress*" have none."""
    return (_WORD_WHOLE if term.is_prefix else _WORD).search(term.text) is not None


def _as_shape(term: LiteralTerm) -> str:
    regex = re.escape(term.text).replace("\\ ", "[ \n-]")
    return rf"{regex}[\p{{L}}\p{{N}}]*" if term.is_prefix else regex


def _loose(terms: Strings) -> Strings:
    return tuple(term for term in terms if lexicon_of(term) is None and entity_of(term) is None)


def _labels(terms: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(label for term in terms if (label := entity_of(term)))


def build_index(
    rules: RuleSet,
    expanded: Expanded | None = None,
    triggers: Mapping[str, tuple[str, ...]] | None = None,
) -> Index:
    """Numbers and compiles every term of ``rules``. Takes about a second for the shipped ones.

    ``triggers`` are the patterns that call a kind of entity (`phiguard.entities.base.Entities.triggers`).

    Raises `RuleError` for a pattern that the automaton refuses.
    """
    builder = _Builder(rules, {} if expanded is None else expanded, triggers or {})
    for rule in rules.rules:
        anchors = _Anchors()
        rule.bind(anchors)
        paths = {rule.anchor} if rule.anchor else anchors.paths
        for path, terms in term_lists(rule):
            anchor = part_of(rule) if path in paths else None
            builder.add(f"{rule.id}/{path}", terms, anchor=anchor, case=anchors.cases.get(path, False))
    for label in rules.labels:
        for path, terms in label_term_lists(label):
            builder.add(f"label:{label.label}/{path}", terms)
    anchored = {**{name: set() for name in CUED.values()}, **builder.anchored}
    support = {base for _, bases, is_anchor, _ in builder.terms.values() if not is_anchor for base in bases}
    words, tag_words = builder.words()
    packed = builder.support(sorted(support))
    try:
        parts = {
            name: msgspec.Raw(_PACK(builder.part(name, sorted(bases))))
            for name, bases in sorted(anchored.items())
        }
    except EngineError as error:
        raise RuleError([f"the rules' patterns cannot be compiled together: {error}"]) from None
    gates, ungated = builder.passed()
    return Index(
        terms=builder.terms,
        parts=parts,
        support=packed,
        gates=gates,
        ungated=ungated,
        words=words,
        tag_words=tag_words,
        entities=builder.entities,
        late=sorted(builder.late),
    )

"""Every term of every rule, numbered and compiled: what the scan needs, and what the cache keeps.

Terms fall into two tiers. *Anchors* (words without which a rule cannot match) are looked for in every text; *support* (the other
lists of a rule, its conditions, the context cues) only in a text where some anchor stands. Measured on tweets, the second
automaton runs on a small share of the texts, and the first one stays small.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from phiguard.disguise import CUES
from phiguard.engine import literals, patterns
from phiguard.kinds.base import Strings, Terms
from phiguard.rules import RuleSet, label_term_lists, term_lists
from phiguard.terms import Literal, flatten, lexicon_of, terms_of

__all__ = ["Index", "Tier", "build_index"]

_ENGLISH = "english_word"
"""The lexicon of common words: no rule's term, but what a hashtag or a disguise may be made of."""


class Target(msgspec.Struct, frozen=True, array_like=True):
    """What an expression stands for: the base set that wants it, and the term as written."""

    base: int
    entry: int


class Tier(msgspec.Struct, frozen=True, array_like=True):
    """One pair of automata. Literals are ``(bytes, is prefix, targets)``; patterns just their targets."""

    literals: list[tuple[int, bool, tuple[tuple[int, int], ...]]]
    patterns: list[tuple[tuple[int, int], ...]]
    literal_automaton: bytes
    pattern_automaton: bytes
    cues: int = 0


class Index(msgspec.Struct, frozen=True):
    """Numbers for every list of terms (``"rule id/path"`` → `Terms`), two tiers, and the known words."""

    terms: dict[str, tuple[int, tuple[int, ...], bool]]
    first: Tier
    second: Tier
    words: list[str]

    def of(self, owner: str, path: str) -> Terms:
        """The number of the terms at ``path`` of a rule or label."""
        return Terms(*self.terms[f"{owner}/{path}"])


class _Anchors:
    """A binder that only notes which lists are anchors, and where case matters."""

    def __init__(self) -> None:
        self.paths: dict[str, bool] = {}

    def terms(self, path: str, terms: Strings, *, anchor: bool = False, case: bool = False) -> Terms:  # noqa: ARG002
        if anchor:
            self.paths[path] = case
        return Terms(0, (), anchor)


class _Builder:
    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.bases: dict[object, int] = {}
        self.content: dict[int, tuple[Strings, bool]] = {}
        self.entries: dict[str, int] = {}
        self.keys: dict[tuple[tuple[int, ...], bool], int] = {}
        self.terms: dict[str, tuple[int, tuple[int, ...], bool]] = {}
        self.anchored: set[int] = set()

    def add(self, name: str, terms: Strings, *, anchor: bool, case: bool) -> None:
        lexicons = self.rules.lexicons
        names = dict.fromkeys(
            inner for term in terms if (own := lexicon_of(term)) for inner in flatten(own, lexicons)
        )
        bases = [self._base(name, _loose(lexicons[name]), case=False) for name in names]
        if rest := _loose(terms):
            bases.append(self._base(rest, rest, case=case))
        key = (tuple(bases), anchor)
        self.terms[name] = (self.keys.setdefault(key, len(self.keys)), tuple(bases), anchor)
        if anchor:
            self.anchored.update(bases)

    def _base(self, identity: object, terms: Strings, *, case: bool) -> int:
        identity = (identity, case)
        if identity not in self.bases:
            self.bases[identity] = len(self.bases)
            self.content[self.bases[identity]] = (terms, case)
        return self.bases[identity]

    def tier(self, bases: Iterable[int], cues: Sequence[str] = ()) -> Tier:
        texts: dict[tuple[str, bool], dict[tuple[int, int], None]] = {}
        regexes: dict[tuple[str, bool], dict[tuple[int, int], None]] = {}
        for base in bases:
            terms, case = self.content[base]
            for term in terms:
                entry = self.entries.setdefault(term, len(self.entries))
                for found in terms_of(term, self.rules.lexicons):
                    if isinstance(found, Literal):
                        texts.setdefault((found.text, found.is_prefix), {})[base, entry] = None
                    else:
                        regexes.setdefault((found.regex, case), {})[base, entry] = None
        all_regexes = [*regexes, *((cue, False) for cue in cues)]
        return Tier(
            literals=[
                (len(text.encode("utf-8", "replace")), prefix, tuple(targets))
                for (text, prefix), targets in texts.items()
            ],
            patterns=[tuple(targets) for targets in regexes.values()],
            literal_automaton=literals([text for text, _ in texts]).dump(),
            pattern_automaton=patterns(all_regexes, once=len(cues)).dump(),
            cues=len(cues),
        )

    def words(self) -> list[str]:
        """Words that a disguise may stand for: those of the terms, and common English."""
        found: set[str] = set()
        for terms, _ in self.content.values():
            for term in terms:
                for literal in terms_of(term, self.rules.lexicons):
                    if isinstance(literal, Literal):
                        found.update(
                            word for word in literal.text.split() if len(word) > 2 and word.isalpha()
                        )
        for term in self.rules.lexicons.get(_ENGLISH, ()):
            found.update(one.text for one in terms_of(term, self.rules.lexicons) if isinstance(one, Literal))
        return sorted(found)


def _loose(terms: Strings) -> Strings:
    return tuple(term for term in terms if lexicon_of(term) is None)


def build_index(rules: RuleSet) -> Index:
    """Numbers and compiles every term of ``rules``. Takes about a second for the shipped ones."""
    builder = _Builder(rules)
    for rule in rules.rules:
        anchors = _Anchors()
        rule.bind(anchors)
        for path, terms in term_lists(rule):
            builder.add(
                f"{rule.id}/{path}", terms, anchor=path in anchors.paths, case=anchors.paths.get(path, False)
            )
    for label in rules.labels:
        for path, terms in label_term_lists(label):
            builder.add(f"label:{label.label}/{path}", terms, anchor=False, case=False)
    # A list asked for as support may share a base with an anchor: then the first scan has found it already.
    support = {base for _, bases, anchor in builder.terms.values() if not anchor for base in bases}
    return Index(
        terms=builder.terms,
        first=builder.tier(sorted(builder.anchored), CUES),
        second=builder.tier(sorted(support - builder.anchored)),
        words=builder.words(),
    )

"""Every term of every rule, numbered and compiled: what the scan needs, and what the cache keeps (`phiguard.indexing` makes it).

Terms fall into two tiers. *Anchors* (words and shapes without which a rule cannot match) are looked for in every text; *support*
(the other lists of a rule, its conditions, the context cues) only in a text where some anchor stands.
"""

from __future__ import annotations

import msgspec

from phiguard.kinds.base import Terms

__all__ = ["Asked", "Called", "Index", "Part", "Phrase", "Support", "Targets"]

Targets = tuple[tuple[int, int], ...]
"""The base sets that a term belongs to, each with the term's number."""
Phrase = tuple[int, str, bool, Targets]
"""Where the key's second character stands in a phrase, the phrase, whether its last word may go on, and its targets."""
Called = tuple[bytes, tuple[int, ...], list[Phrase]]
"""A key as it stands in a keyed text, the numbers of the patterns that it calls, and its phrases."""


class Part(msgspec.Struct, frozen=True, array_like=True):
    """The anchors of the rules for one kind of post.

    ``keys`` holds for each word, or two neighbors, the keys that they belong to, packed (`Called`); ``keyed`` the patterns that a key calls,
    ``(regex, case matters, in words, targets, numbers of gates)``; ``shapes`` those that are held against every text, without gates.
    ``has_cues``: it also looks for what asks for deep normalization.
    """

    bases: list[int]
    keys: dict[bytes, msgspec.Raw]
    keyed: list[tuple[str, bool, bool, Targets, list[int]]]
    shapes: list[tuple[str, bool, bool, Targets]]
    has_cues: bool


Asked = tuple[str, bool, bool, int | None, int]


class Support(msgspec.Struct, frozen=True, array_like=True):
    """What is looked for when a rule asks, by base set.

    Packed tries of its phrases with their entries, and its patterns, ``(regex, case matters, in words, number of the gate, entry)``.
    """

    phrases: dict[int, msgspec.Raw]
    asked: dict[int, list[Asked]]


class Index(msgspec.Struct, frozen=True):
    """Numbers for every list of terms (``"rule id/path"`` → `Terms`), what finds them, and the known words (``tag_words``: of hashtags).

    ``gates`` gives for each word or beginning of a word (`phiguard.gates`) the packed numbers of the gates that a text with it passes: those of the
    base sets have the sets' numbers, those of patterns follow. ``ungated`` are the sets that any text may hold. ``entities`` are the base sets that stand for a kind of entity, ``late`` those of them that nothing triggers.
    """

    terms: dict[str, tuple[int, tuple[int, ...], bool, bool]]
    parts: dict[str, msgspec.Raw]
    support: Support
    gates: dict[bytes, msgspec.Raw]
    ungated: list[int]
    words: list[str]
    tag_words: list[str]
    entities: dict[int, str]
    late: list[int]

    def of(self, owner: str, path: str) -> Terms:
        """The number of the terms at ``path`` of a rule or label."""
        return Terms(*self.terms[f"{owner}/{path}"])

    def part(self, name: str) -> Part:
        """One of ``parts``, unpacked: a run needs few of them."""
        return _PART.decode(self.parts[name])


_PART = msgspec.msgpack.Decoder(Part)

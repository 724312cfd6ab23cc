"""Every term of every rule, numbered and compiled: what the scan needs, and what the cache keeps (`phiguard.indexing` makes it).

Terms fall into two tiers. *Anchors* (words and shapes without which a rule cannot match) are looked for in every text; *support*
(the other lists of a rule, its conditions, the context cues) only in a text where some anchor stands.
"""

from __future__ import annotations

import msgspec

from phiguard.kinds.base import Terms

__all__ = ["Index", "Keys", "Part", "Shapes", "Support"]

Called = tuple[int, tuple[int, ...], bytes, bool]


class Keys(msgspec.Struct, frozen=True, array_like=True):
    """An automaton of keys (`phiguard.keys`), and what each calls.

    For each key its bytes, the numbers of its patterns, and packed its phrases, if they are few: ``(where the key's second character
    stands in it, phrase, is prefix, targets)``; many are looked up in the trie instead.
    """

    table: list[Called]
    automaton: bytes


class Shapes(msgspec.Struct, frozen=True, array_like=True):
    """An automaton that says which patterns match, and the patterns that say where: ``(regex, case matters, targets)``."""

    table: list[tuple[str, bool, tuple[tuple[int, int], ...]]]
    automaton: bytes


class Part(msgspec.Struct, frozen=True, array_like=True):
    """The anchors of the rules for one kind of post.

    ``anchors`` is a packed trie; ``keyed`` holds the patterns that a key calls, ``(regex, case matters, in words, targets)``; ``cues``
    is an automaton of what asks for deep normalization, if this part looks for it.
    """

    bases: list[int]
    keys: Keys
    anchors: msgspec.Raw
    keyed: list[tuple[str, bool, bool, tuple[tuple[int, int], ...]]]
    shapes: Shapes
    cues: bytes


Asked = tuple[str, bool, list[str], int]


class Support(msgspec.Struct, frozen=True, array_like=True):
    """What is looked for when a rule asks, by base set.

    Packed tries of its phrases with their entries, and its patterns, ``(regex, case matters, heads, entry)``: one with heads is
    looked for in the words of a text that holds one of them.
    """

    phrases: dict[int, msgspec.Raw]
    asked: dict[int, list[Asked]]


class Index(msgspec.Struct, frozen=True):
    """Numbers for every list of terms (``"rule id/path"`` → `Terms`), what finds them, and the known words (``tag_words``: of hashtags).

    ``entities`` are the base sets that stand for a kind of entity, ``late`` those of them that nothing triggers.
    """

    terms: dict[str, tuple[int, tuple[int, ...], bool, bool]]
    parts: dict[str, msgspec.Raw]
    support: Support
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

"""Phrases looked up word by word: for the many terms that matter only beside an anchor.

Building it costs a hundredth of compiling an automaton, which pays only where every text is scanned. A walk begins at every token
and takes as many steps as the longest phrase has tokens: linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

import msgspec

__all__ = ["Tokens", "Trie", "build_trie", "is_whole", "lowered"]

Targets = tuple[Any, ...]
"""What a phrase stands for: whatever the builder gave."""

# A token is a run of letters and digits or any other character, with the space before it: "#ad" is not "# ad".
_TOKEN = re.compile(r" ?(?:[^\W_]+|[^ ]| )")
_ENDS = ""  # under this key, the targets of the phrase that ends here; no token is empty
_PREFIX = (
    "**"  # under this key, what begins here: ``(first letters of the next token, targets)``; "**" is no token
)
_PREFIX_LETTERS = 3
_UNPACK = msgspec.msgpack.Decoder(tuple[list[tuple[str, Targets]], dict[str, msgspec.Raw]])


def is_whole(text: str, end: int) -> bool:
    """Whether a word ends at ``end``: no letter or digit goes on, nor "n't" ("can" is not in "can't")."""
    after = text[end]
    if after.isalnum():
        return not text[end - 1].isalnum()
    return not (after == "'" and text[end + 1 : end + 2] in ("t", "T"))


def lowered(text: str) -> str:
    """``text`` in lower case, character for character."""
    lower = text.lower()
    if len(lower) != len(text):  # "İ" grows when lowered: then only ASCII is
        lower = "".join(char.lower() if char.isascii() else char for char in text)
    return lower


def build_trie(phrases: Iterable[tuple[str, bool, Targets]]) -> bytes:
    """The packed trie of ``(text, is prefix, targets)``; texts are lower case with single spaces."""
    root: dict[str, Any] = {}
    for text, is_prefix, targets in phrases:
        node = root
        tokens = _TOKEN.findall(text)
        for token in tokens[: -1 if is_prefix else None]:
            node = node.setdefault(token, {})
        if is_prefix:
            node.setdefault(_PREFIX, []).append((tokens[-1], targets))
        else:
            node.setdefault(_ENDS, []).extend(targets)
    # Each first token keeps its phrases packed: a run unpacks only those that its texts begin.
    prefixes = root.pop(_PREFIX, ())
    packed = {token: msgspec.Raw(msgspec.msgpack.encode(node)) for token, node in root.items()}
    return msgspec.msgpack.encode((prefixes, packed))


class _Starts:
    """The phrases by their first token; those of a token are unpacked when a text first holds it."""

    __slots__ = ("_nodes", "_packed", "_prefixes", "heads", "stems")

    def __init__(self, packed: bytes | msgspec.Raw) -> None:
        prefixes, self._packed = _UNPACK.decode(packed)
        # Tokens come with the space before them.
        self.heads = frozenset(self._packed) | {" " + token for token in self._packed}
        self._prefixes: dict[str, list[tuple[str, Targets]]] = {}
        for stem, targets in prefixes:
            self._prefixes.setdefault(stem[:_PREFIX_LETTERS], []).append((stem, targets))
        self.stems = frozenset(self._prefixes)
        self._nodes: dict[str, dict[str, Any]] = {}

    def node(self, token: str) -> dict[str, Any]:
        """The phrases that go on from ``token``."""
        found = self._nodes.get(token)
        if found is None:
            raw = self._packed.get(token.lstrip() or " ")
            found = self._nodes[token] = msgspec.msgpack.decode(raw) if raw is not None else {}
        return found

    def prefixed(self, token: str) -> list[Targets]:
        """What the prefixes of ``token`` stand for."""
        word = token.lstrip()
        return [
            targets
            for stem, targets in self._prefixes.get(word[:_PREFIX_LETTERS], ())
            if word.startswith(stem)
        ]


class Tokens:
    """A text cut into tokens, once for all that is looked up in it."""

    __slots__ = ("_ends", "text", "tokens", "unique")

    def __init__(self, words: str) -> None:
        self.text = lowered(words)
        self.tokens = _TOKEN.findall(self.text)
        self.unique = frozenset(self.tokens)
        self._ends: list[int] = []

    @property
    def ends(self) -> list[int]:
        """Where each token ends."""
        if not self._ends:
            self._ends = list(accumulate(map(len, self.tokens)))
        return self._ends


class Trie:
    """Finds the phrases of a packed trie; unpacked on first use."""

    __slots__ = ("_packed", "_starts")

    def __init__(self, packed: bytes | msgspec.Raw) -> None:
        self._packed = packed
        self._starts: _Starts | None = None

    def find(self, tokens: Tokens) -> list[tuple[int, int, Targets]]:
        """``(start, end, targets)`` of every phrase among ``tokens``."""
        starts = self._starts
        if starts is None:
            starts = self._starts = _Starts(self._packed)
        heads, stems = starts.heads, starts.stems
        found: list[tuple[int, int, Targets]] = []
        if not stems and heads.isdisjoint(tokens.unique):
            return found
        all_tokens = tokens.tokens
        begins = [at for at, token in enumerate(all_tokens) if token in heads]
        if stems:
            begins += [
                at
                for at, token in enumerate(all_tokens)
                if (token[1:4] in stems or token[:3] in stems) and token not in heads
            ]
        if not begins:
            return found
        text, ends = tokens.text, tokens.ends
        size, count = len(text), len(all_tokens)
        for at in begins:
            token = all_tokens[at]
            node = starts.node(token)
            end = ends[at]
            begin = end - len(token) + (token[0] == " " and len(token) > 1)
            if stems:
                found += ((begin, end, targets) for targets in starts.prefixed(token))
            step = at
            while True:
                if _ENDS in node and (end == size or is_whole(text, end)):
                    found.append((begin, end, node[_ENDS]))
                step += 1
                if step == count:
                    break
                token = all_tokens[step]
                end = ends[step]
                if _PREFIX in node:
                    found += (
                        (begin, end, targets) for stem, targets in node[_PREFIX] if token.startswith(stem)
                    )
                following = node.get(token)
                if following is None:
                    break
                node = following
        return found

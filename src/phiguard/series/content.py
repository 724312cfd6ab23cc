"""What kind of content a post of ours is, guessed by words: a plan's share of each is counted by it."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

from phiguard.yaml_source import read_yaml

__all__ = ["content_of"]

_SIGNS = ("% off", "update:")  # what is no word

Phrases = Mapping[str, Sequence[tuple[int, tuple[str, ...]]]]
"""By its first word: the rank of a phrase's kind, and its further words."""


@functools.cache
def _phrases() -> tuple[tuple[str, ...], Phrases, Mapping[str, int]]:
    values, _ = read_yaml(Path(__file__).with_name("content.yaml").read_bytes())
    table: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    signs: dict[str, int] = {}
    for rank, phrases in enumerate(values.values()):
        for phrase in map(str, phrases):
            if phrase in _SIGNS:
                signs[phrase] = rank
            else:
                first, *rest = phrase.split()
                table.setdefault(first, []).append((rank, tuple(rest)))
    return (*values, "evergreen"), table, signs


def content_of(words: Sequence[str], text: str) -> str:
    """``responsive``, ``promotional``, ``seasonal``, or ``evergreen`` for a text and its words.

    >>> content_of(["flu", "season", "is", "here"], "Flu season is here")
    'seasonal'
    >>> content_of(["wash", "your", "hands"], "Wash your hands")
    'evergreen'
    """
    kinds, table, signs = _phrases()
    best = len(kinds) - 1
    for at, word in enumerate(words):
        for rank, rest in table.get(word, ()):
            if rank < best and tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                best = rank
    lower = text.lower() if "%" in text or ":" in text else ""
    return kinds[min((rank for sign, rank in signs.items() if rank < best and sign in lower), default=best)]

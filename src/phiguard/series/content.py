"""What kind of content a post of ours is, guessed by words: a plan's share of each is counted by it."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

from phiguard.yaml_source import read_yaml

__all__ = ["content_of"]

_LONGEST = 3  # words of a phrase


@functools.cache
def _phrases() -> Mapping[str, frozenset[str]]:
    values, _ = read_yaml(Path(__file__).with_name("content.yaml").read_bytes())
    return {kind: frozenset(str(phrase) for phrase in phrases) for kind, phrases in values.items()}


def content_of(words: Sequence[str], text: str) -> str:
    """``responsive``, ``promotional``, ``seasonal``, or ``evergreen`` for a text and its words.

    >>> content_of(["flu", "season", "is", "here"], "Flu season is here")
    'seasonal'
    >>> content_of(["wash", "your", "hands"], "Wash your hands")
    'evergreen'
    """
    said = set(words)
    for size in range(2, _LONGEST + 1):
        said.update(" ".join(words[at : at + size]) for at in range(len(words) - size + 1))
    for sign in ("% off", "update:"):  # what is no word
        if sign in text.lower():
            said.add(sign)
    for kind, phrases in _phrases().items():
        if not phrases.isdisjoint(said):
            return kind
    return "evergreen"

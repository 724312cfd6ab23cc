"""Labelled sentences as tokens and tags, for training and for figures; what is done to them while training."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phiguard.entities.crf import TAGS
from phiguard.entities.gazetteer import Gazetteer
from phiguard.entities.scoring import LABEL_OF
from phiguard.entities.tagger import runs
from phiguard.entities.tokens import offsets, words_and_spaces

__all__ = ["Augmenter", "Example", "decode", "read"]

_ID = {tag: at for at, tag in enumerate(TAGS)}
_FIRST = frozenset({_ID["B-PERSON"], _ID["S-PERSON"]})
_LATER = frozenset({_ID["I-PERSON"], _ID["E-PERSON"]})
_TITLE = 1 << 7


class Example(NamedTuple):
    """The words of a text and the number of each one's tag."""

    words: list[str]
    tags: NDArray[np.int64]


def read(path: Path) -> list[Example]:
    """The texts of one file of JSON lines: ``text``, and ``spans`` with ``start``, ``end`` and ``label``."""
    found = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            words, spaces = words_and_spaces(row["text"])
            if words:
                spans = [(s["start"], s["end"], s["label"]) for s in row["spans"]]
                found.append(Example(words, encode(words, spaces, spans)))
    return found


def encode(
    words: Sequence[str], spaces: Sequence[bool], spans: Iterable[tuple[int, int, str]]
) -> NDArray[np.int64]:
    """The tags of the words that the spans touch; handles are left out, and of two spans that overlap the first counts."""
    tags = np.zeros(len(words), dtype=np.int64)
    places = offsets(words, spaces)
    for start, end, name in spans:
        label = LABEL_OF.get(name)
        touched = [
            at
            for at, (a, b) in enumerate(places)
            if a < end and b > start and not words[at].isspace() and words[at][0] != "@"
        ]
        if not label or not touched:
            continue
        first, last = touched[0], touched[-1]
        if tags[first : last + 1].any():
            continue
        if first == last:
            tags[first] = _ID[f"S-{label}"]
            continue
        tags[first : last + 1] = _ID[f"I-{label}"]
        tags[first], tags[last] = _ID[f"B-{label}"], _ID[f"E-{label}"]
    return tags


def decode(tags: Sequence[int], places: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """The spans that a path of tags means."""
    return [(places[start][0], places[end - 1][1], label) for start, end, label in runs(tags)]


class Augmenter:
    """Changes of an example, drawn anew in each epoch: other names of people, and other letter case.

    The names are those of the generated sentences, so that first and last ones of many origins come in.
    """

    def __init__(self, generated: Iterable[Example], gazetteer: Gazetteer, *, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (seeded on purpose)
        self._gazetteer = gazetteer
        self._first: list[str] = []
        self._last: list[str] = []
        for words, tags in generated:
            for word, tag in zip(words, tags.tolist(), strict=True):
                if word.istitle() and word.isalpha() and len(word) > 2:
                    if tag in _FIRST:
                        self._first.append(word)
                    elif tag in _LATER:
                        self._last.append(word)

    def swapped(self, example: Example) -> Example:
        """The same with other people's names, in the letter case of those that stood there."""
        words = list(example.words)
        for at, tag in enumerate(example.tags.tolist()):
            word = words[at]
            if tag not in _FIRST | _LATER or not word.isalpha() or len(word) < 3:
                continue
            if self._gazetteer.names(word.lower()) & _TITLE:
                continue
            name = self._random.choice(self._first if tag in _FIRST else self._last)
            words[at] = name.lower() if word.islower() else name.upper() if word.isupper() else name
        return Example(words, example.tags)

    def changed(self, example: Example, *, swap: float, lower: float, upper: float) -> Example:
        """The example with each change at its probability."""
        if self._first and self._random.random() < swap and _FIRST & set(example.tags.tolist()):
            example = self.swapped(example)
        draw = self._random.random()
        if draw < lower:
            return Example([word.lower() for word in example.words], example.tags)
        if draw < lower + upper:
            words = [word if "://" in word or word[0] == "@" else word.upper() for word in example.words]
            return Example(words, example.tags)
        return example

"""The names pipeline as a spaCy component, and the same without spaCy.

`Tagger` needs numpy only, so that the first name of a process costs a tenth of a second. `NameComponent` puts what it finds
into ``doc.ents``: ``spacy.load`` of the shipped folder gives an ordinary pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from phiguard.entities.crf import TAGS, best_paths
from phiguard.entities.features import Featurizer
from phiguard.entities.gazetteer import Gazetteer
from phiguard.entities.network import Network
from phiguard.entities.tokens import offsets, words_and_spaces

__all__ = ["FILES", "Tagger", "copy_weights", "runs"]

FILES = ("gazetteer.bin", "vocabulary.bin", "settings.json")
"""What a folder of weights holds beside ``network-1.npz`` and its like."""

_TOGETHER = 64  # texts scored in one go
_LONG = 512  # tokens scored in one go: longer texts are cut at the first white space after
_ALONE = TAGS.index("S-PERSON")
_PERSON = [at for at, tag in enumerate(TAGS) if tag.endswith("PERSON")]
_LISTED = np.array((0, 0.3, 0.8), dtype=np.float32)  # for a word that lists hold as a name and nothing else
_THING = np.float32(3)  # against a person called like a disease
_TAGGED = np.float32(2)  # for a hashtag of first and last name, which three of four tweets mean as a person

Span = tuple[int, int, str]


class Tagger:
    """Spans of names in texts. Holds no state of a text, so that threads share it.

    Args:
        featurizer: what each token looks like.
        networks: whose scores are averaged.
        lean: how much the score of "no name" is lowered, to find more at the price of some false alarms.
    """

    def __init__(self, featurizer: Featurizer, networks: Sequence[Network], *, lean: float = 0.0) -> None:
        self._featurizer = featurizer
        self._networks = tuple(networks)
        self._lean = np.float32(lean)
        self._moves = np.asarray(np.mean([one.transitions for one in networks], axis=0), dtype=np.float32)

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """The tagger whose weights lie in ``folder``."""
        import json  # noqa: PLC0415 (one file, read once)

        gazetteer, words, settings = ((folder / name).read_bytes() for name in FILES)
        featurizer = Featurizer(Gazetteer.from_bytes(gazetteer), np.frombuffer(words, dtype=np.uint32))
        files = sorted(folder.glob("network-*.npz"))
        networks = [Network.from_bytes(file.read_bytes()) for file in files]
        return cls(featurizer, networks, lean=float(json.loads(settings)["lean"]))

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """For each text its names: start, end and label, by rising start."""
        split = [words_and_spaces(text) for text in texts]
        found = self.tags([words for words, _ in split])
        spans = []
        for tags, (words, spaces) in zip(found, split, strict=True):
            places = offsets(words, spaces) if any(tags) else []
            spans.append([(places[start][0], places[end - 1][1], label) for start, end, label in runs(tags)])
        return spans

    def tags(self, texts: Sequence[Sequence[str]]) -> list[list[int]]:
        """For each text the number of each word's tag."""
        pieces = [
            (at, words[start : start + _LONG])
            for at, words in enumerate(texts)
            for start in range(0, len(words), _LONG)
        ]
        order = sorted(range(len(pieces)), key=lambda at: len(pieces[at][1]))
        paths: dict[int, list[int]] = {}
        for start in range(0, len(order), _TOGETHER):
            some = order[start : start + _TOGETHER]
            paths |= zip(some, self._paths([pieces[at][1] for at in some]), strict=True)
        found: list[list[int]] = [[] for _ in texts]
        for at, (text, _) in enumerate(pieces):
            found[text] += paths[at]
        return found

    def _paths(self, texts: Sequence[Sequence[str]]) -> list[list[int]]:
        rows = [self._featurizer.rows(words) for words in texts]
        several = [network.scores(rows) for network in self._networks]
        scores = [np.asarray(np.mean(one, axis=0), dtype=np.float32) for one in zip(*several, strict=True)]
        for words, score in zip(texts, scores, strict=True):
            score[:, 0] -= self._lean
            self._hint(words, score)
        return best_paths(scores, self._moves)

    def _hint(self, words: Sequence[str], score: NDArray[np.float32]) -> None:
        """Adds what lists know for sure to the scores."""
        before = ""
        for at, word in enumerate(words):
            if word[0] in "#＃":
                if self._featurizer.names_someone(word):
                    score[at, _ALONE] += _TAGGED
            elif word[0].isalpha() and self._featurizer.names_a_thing(word, before):
                score[at, _PERSON] -= _THING
            elif sure := self._featurizer.evidence(word):
                score[at, _PERSON] += _LISTED[sure]
            before = word


def runs(tags: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """The names that a path of tags means: first token, the token after the last, label."""
    start = 0
    for at, number in enumerate(tags):
        tag = TAGS[number]
        if tag[0] in "BS":
            start = at
        if tag[0] in "ES":
            yield start, at + 1, tag[2:]


def copy_weights(source: Path, target: Path) -> None:
    """Copies what a tagger is loaded from."""
    target.mkdir(parents=True, exist_ok=True)
    for file in source.iterdir():
        if file.name in FILES or file.suffix == ".npz":
            (target / file.name).write_bytes(file.read_bytes())

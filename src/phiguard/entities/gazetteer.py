"""Lists of names as a few bits for each word, and how much the letters of a word look like a name's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = ["Gazetteer"]

_GRAMS = 1 << 14


def hashed(word: str) -> int:
    """The key of a word: no list of names is stored, only these."""
    return crc32(word.encode(errors="surrogatepass"))


def grams(word: str) -> list[int]:
    """The cells of the character pairs, triples and fours of ``word``."""
    marked = f"^{word}$"
    return [
        crc32(marked[at : at + size].encode(errors="surrogatepass")) % _GRAMS
        for size in (2, 3, 4)
        for at in range(len(marked) - size + 1)
    ]


class Gazetteer:
    """Classes of words: as a name (two bits for each of first, last, common word; one for well known), and as a place.

    Read from sorted keys, so that it loads in a millisecond whatever its size.
    """

    def __init__(
        self, keys: NDArray[np.uint32], values: NDArray[np.uint16], weights: NDArray[np.float16]
    ) -> None:
        self._keys = keys
        self._values = values
        self._weights = weights
        self._table: dict[int, int] = dict(zip(keys.tolist(), values.tolist(), strict=True))

    @classmethod
    def build(
        cls, classes: Mapping[str, int], names: Iterable[str], others: Iterable[str], *, seed: int = 0
    ) -> Gazetteer:
        """Of the classes of each word, and of words that are names or not, from which letters are learnt."""
        table: dict[int, int] = {}
        for word, bits in classes.items():
            table[hashed(word)] = table.get(hashed(word), 0) | bits
        keys = np.array(sorted(table), dtype=np.uint32)
        values = np.array([table[int(key)] for key in keys], dtype=np.uint16)
        return cls(keys, values, learn(list(names), list(others), seed))

    def _bits(self, word: str) -> int:
        return self._table.get(hashed(word), 0)

    def names(self, word: str) -> int:
        """The classes of ``word`` as a name: bits 0–1 first, 2–3 last, 4–5 common word, 6 well known, 7 title."""
        return self._bits(word) & 0xFF

    def places(self, word: str) -> int:
        """Its classes as a place, an organization or a thing called after a person, and whether it is common."""
        bits = self._bits(word)
        return (bits >> 8) << 2 | (bits >> 4 & 3)

    def likeness(self, word: str) -> int:
        """How much the letters look like a name's, from 0 to 20."""
        cells = grams(word)
        score = float(self._weights[cells].astype(np.float32).sum()) / max(1.0, len(cells)) ** 0.5
        return int(min(20, max(0, round(score * 4 + 10))))

    def to_bytes(self) -> bytes:
        """Both tables behind their lengths."""
        head = np.array([len(self._keys)], dtype=np.uint32).tobytes()
        return head + self._keys.tobytes() + self._values.tobytes() + self._weights.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Gazetteer:
        """What `to_bytes` gave."""
        count = int(np.frombuffer(data, dtype=np.uint32, count=1)[0])
        keys = np.frombuffer(data, dtype=np.uint32, count=count, offset=4)
        values = np.frombuffer(data, dtype=np.uint16, count=count, offset=4 + 4 * count)
        return cls(keys, values, np.frombuffer(data, dtype=np.float16, offset=4 + 6 * count))


def learn(names: list[str], others: list[str], seed: int, epochs: int = 6) -> NDArray[np.float16]:
    """Weights of a logistic regression over letter groups: positive for a name's."""
    words = [(grams(word), 1.0) for word in names] + [(grams(word), 0.0) for word in others]
    balance = {
        1.0: min(1.0, len(others) / max(1, len(names))),
        0.0: min(1.0, len(names) / max(1, len(others))),
    }
    weights = np.zeros(_GRAMS, dtype=np.float64)
    generator = np.random.default_rng(seed)
    for epoch in range(epochs):
        rate = 0.3 / (1 + epoch)
        for at in generator.permutation(len(words)):
            cells, wanted = words[at]
            root = max(1, len(cells)) ** 0.5
            score = weights[cells].sum() / root
            weights[cells] += rate * balance[wanted] * (wanted - 1 / (1 + np.exp(-score))) / root
        weights *= 0.98
    return weights.astype(np.float16)

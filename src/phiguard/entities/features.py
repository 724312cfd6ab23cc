"""What the names pipeline sees of each token: rows of small numbers, each an index of an embedding table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from phiguard.entities.gazetteer import Gazetteer

__all__ = ["SIZES", "Featurizer", "fold"]

SIZES = {
    "prefix": 4096,
    "suffix": 4096,
    "ending": 2048,
    "shape": 512,
    "name": 768,
    "place": 768,
    "letters": 48,
    "before": 16,
    "near": 16,
}
"""The columns after the first, which is the word itself, and the rows of each one's table."""

_REPEATED = re.compile(r"(.)\1{2,}")
_DIGITS = re.compile(r"\d")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_CACHED = 50_000  # words remembered: a new word costs about 20 µs, a remembered one 0.2
_BEFORE = {"^": 0, "@": 1, "#": 2, ":": 3, '"': 4, "“": 4, ".": 5, "!": 6, ",": 7, "&": 8, "(": 9, "-": 10}
_KINDS = {"@": "@", "＠": "@", "#": "#", "＃": "#"}

Row = tuple[int, ...]


def fold(word: str) -> str:
    """The word in lower case, without accents, digits as 0, and no letter more than twice in a row."""
    plain = word.lower()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        plain = plain.replace("’", "'").replace("ı", "i").replace("ł", "l").replace("ø", "o").replace("ß", "ss")
    return _REPEATED.sub(r"\1\1", _DIGITS.sub("0", plain))


def shape_of(word: str) -> str:
    """``Xxx'Xx`` and the like: case, digits and marks, at most three of a kind in a row."""
    shape: list[str] = []
    for c in word:
        if c.isupper():
            kind = "X"
        elif c.isalpha():
            kind = "x"
        elif c.isdigit():
            kind = "d"
        else:
            kind = c if c.isascii() else "e"
        if shape[-3:] != [kind] * 3:
            shape.append(kind)
    return "".join(shape[:10])


def cell(column: str, text: str) -> int:
    """The row of ``text`` in the table of ``column``; row 0 is kept for what is not known."""
    return 1 + crc32(text.encode(errors="surrogatepass")) % (SIZES[column] - 1)


class Featurizer:
    """Rows of numbers for the tokens of a text. Holds nothing of a text but single words, and those only in memory.

    Args:
        gazetteer: what is known of words as names.
        vocabulary: the keys of the words that have a row of their own, sorted; all others share row 0.
    """

    def __init__(self, gazetteer: Gazetteer, vocabulary: NDArray[np.uint32]) -> None:
        self.gazetteer = gazetteer
        self.vocabulary = vocabulary
        self._known: dict[str, tuple[Row, str]] = {}

    def rows(self, words: Sequence[str]) -> NDArray[np.int32]:
        """One row for each word: the word's own, then the columns of `SIZES`."""
        known = self._known
        if len(known) > _CACHED:
            self._known = known = {}
        found = []
        for word in words:
            entry = known.get(word)
            if entry is None:
                entry = known[word] = self._word(word)
            found.append(entry)
        case = case_of(words)
        tags = "\n".join(entry[1] for entry in found if entry[1][:1] in {"@", "#"})
        rows = []
        before = 0
        for (row, plain), word in zip(found, words, strict=True):
            near = 0
            if tags and len(plain) >= 3 and plain.isalpha() and plain in tags:
                near = 2 if "@" + plain in tags else 1
            rows.append((*row, before, case * 3 + near + 1))
            before = _BEFORE.get(word[0], 12 if len(word) < 3 and not word.isalnum() else 11)
        return np.array(rows, dtype=np.int32).reshape(len(words), len(SIZES) + 1)

    def _word(self, word: str) -> tuple[Row, str]:
        plain = fold(word)
        kind = _KINDS.get(word[0], "/" if "://" in word or plain.startswith("www.") else "")
        bare = kind if kind in {"@", "/"} else plain.lstrip("#＃") or plain
        own = key_of(kind + bare if kind == "#" else bare)
        at = int(np.searchsorted(self.vocabulary, np.uint32(own)))
        known = at < len(self.vocabulary) and int(self.vocabulary[at]) == own
        classes, parts = self._classes(word, bare, kind)
        letters = 31
        if bare.replace("'", "").replace("-", "").isalpha():
            letters = self.gazetteer.likeness(bare) + (21 if kind == "#" else 0)
            letters += 2 if letters > 30 else 1
        row = (
            at + 1 if known else 0,
            cell("prefix", kind + bare[:3]),
            cell("suffix", kind + bare[-3:]),
            cell("ending", f"{bare[-2:]}{min(len(bare), 9)}"),
            cell("shape", shape_of(word) if kind in {"", "#"} else kind),
            cell("name", f"{kind}{classes}{parts}"),
            cell("place", f"{kind}{self.gazetteer.places(bare)}"),
            letters,
        )
        return row, (kind + plain.lstrip("@＠#＃") if kind else plain)

    def _classes(self, word: str, bare: str, kind: str) -> tuple[int, str]:
        """The classes of a word in the list of names; of a hashtag in camel case, those of its parts too."""
        classes = self.gazetteer.names(bare)
        if kind != "#" and ("-" in bare or "'" in bare) and not classes:
            inner = [self.gazetteer.names(part) for part in re.split(r"[-']", bare) if len(part) > 2]
            classes = max(inner, default=0)
        parts = ""
        if kind == "#" or (kind == "" and len(word) > 5 and not word.islower() and not word.istitle()):
            pieces = _CAMEL.findall(word)
            if len(pieces) > 1:
                parts = "/" + "".join(str(self.gazetteer.names(piece.lower()) & 3) for piece in pieces[:3])
        return classes, parts


def key_of(word: str) -> int:
    """The number that stands for a word: no word of the training texts is stored."""
    return crc32(word.encode(errors="surrogatepass"))


def case_of(words: Sequence[str]) -> int:
    """0 for a text in ordinary case, 1 without capitals, 2 mostly in capitals."""
    letters = [word for word in words if word[0].isalpha()]
    if all(word.islower() for word in letters):
        return 1
    upper = sum(word.isupper() for word in letters if len(word) > 1)
    return 2 if len(letters) > 2 and upper * 5 > len(letters) * 3 else 0

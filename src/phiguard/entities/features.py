"""What the names pipeline sees of each token: rows of small numbers, each an index of an embedding table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from phiguard.entities.gazetteer import Gazetteer

__all__ = ["GRAMS", "GRAM_ROWS", "SIZES", "Featurizer", "fold"]

SIZES = {
    "prefix": 4096,
    "suffix": 4096,
    "ending": 2048,
    "shape": 512,
    "name": 768,
    "place": 768,
    "letters": 48,
    "before": 16,
    "near": 32,
}
"""The columns after the first, which is the word itself, and the rows of each one's table."""

GRAMS = 14
"""The columns after those: groups of three and four letters, all in one table."""
GRAM_ROWS = 8192

_REPEATED = re.compile(r"(.)\1{2,}")
_DIGITS = re.compile(r"\d")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_CACHED = 50_000  # words remembered: a new word costs about 20 µs, a remembered one 0.2
_BEFORE = {"^": 0, "@": 1, "#": 2, ":": 3, '"': 4, "“": 4, ".": 5, "!": 6, ",": 7, "&": 8, "(": 9, "-": 10}
_KINDS = {"@": "@", "＠": "@", "#": "#", "＃": "#"}
# What two kinds of words joined are worth: a name with a name or a word, rather than two words or a name with anything.
_JOINED = {
    **dict.fromkeys(("ww", "wp", "pw"), 6),
    **dict.fromkeys(("fl", "ff", "fm", "fg", "gl"), 5),
    **dict.fromkeys(("fw", "wf", "lw", "wl", "gf", "fp"), 4),
    **dict.fromkeys(("fu", "uf"), 2),
}

Row = tuple[int, ...]


def fold(word: str) -> str:
    """The word in lower case, without accents, digits as 0, and no letter more than twice in a row."""
    plain = word.lower()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        plain = (
            plain.replace("’", "'").replace("ı", "i").replace("ł", "l").replace("ø", "o").replace("ß", "ss")
        )
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


def grams_of(bare: str) -> Row:
    """The rows of the letter groups of a word: its threes, then its fours; 0 where there are no more."""
    if not bare[:1].isalpha():
        return (0,) * GRAMS
    marked = f"^{bare}$"
    groups = [marked[at : at + size] for size in (3, 4) for at in range(len(marked) - size + 1)]
    cells = [1 + crc32(group.encode(errors="surrogatepass")) % (GRAM_ROWS - 1) for group in groups[:GRAMS]]
    return (*cells, *(0,) * (GRAMS - len(cells)))


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
        self._known: dict[str, tuple[Row, str, bool, Row]] = {}
        self._sure: dict[str, int] = {}
        self._things: dict[str, bool] = {}

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
        strange = sum(entry[2] for entry in found) * 10 // max(4, len(found))
        about = 1 + 3 * case_of(words) + 9 * min(2, strange // 2)
        tags = "\n".join(entry[1] for entry in found if entry[1][:1] in {"@", "#"})
        rows = []
        before = 0
        for (row, plain, _, letters), word in zip(found, words, strict=True):
            near = 0
            if tags and len(plain) >= 3 and plain.isalpha() and plain in tags:
                near = 2 if "@" + plain in tags else 1
            rows.append((*row, before, about + near, *letters))
            before = _BEFORE.get(word[0], 12 if len(word) < 3 and not word.isalnum() else 11)
        return np.array(rows, dtype=np.int32).reshape(len(words), len(SIZES) + 1 + GRAMS)

    def evidence(self, word: str) -> int:
        """How surely a list says that a word is a name and nothing else: 2 a usual first name or a well-known one, 1 any, 0 none."""
        found = self._sure.get(word)
        if found is None:
            named = self.gazetteer.names(fold(word)) if word[0].isalpha() else 0
            found = 0 if named >> 4 & 3 or not named & 0x4F else 2 if named & 3 > 1 or named >> 6 & 1 else 1
            if len(self._sure) > _CACHED:
                self._sure = {}
            self._sure[word] = found
        return found

    def names_someone(self, word: str) -> bool:
        """Whether a hashtag is a first and a last name, ``#MariaLopez``."""
        return word[0] in "#＃" and self._classes(word, fold(word).lstrip("#＃"), "#")[1] in {"/fl", "/gl"}

    def names_a_thing(self, word: str, before: str) -> bool:
        """Whether a word is a disease, an instrument or a medicine, though it is someone's last name: ``Foley``, ``Crohn``.

        Not after a first name or a title: ``James Foley``.
        """
        thing = self._things.get(word)
        if thing is None:
            if len(self._things) > _CACHED:
                self._things = {}
            thing = self._things[word] = self._thing(fold(word))
        ahead = self.gazetteer.names(fold(before)) if thing and before else 0
        return thing and not (ahead & 3 or ahead >> 7)

    def _thing(self, plain: str) -> bool:
        """Whether a list says that a word is a thing, and it is neither a first name nor one of the commonest last names."""
        named = self.gazetteer.names(plain)
        if named & 3 > 1 or named >> 2 & 3 == 3:
            return False
        return any(self.gazetteer.places(one) >> 6 & 0b101 for one in (plain, plain.removesuffix("s")))

    def _word(self, word: str) -> tuple[Row, str, bool, Row]:
        plain = fold(word)
        kind = _KINDS.get(word[0], "/" if "://" in word or plain.startswith("www.") else "")
        bare = kind if kind in {"@", "/"} else plain.lstrip("#＃") or plain
        own = key_of(kind + bare if kind == "#" else bare)
        classes, parts = self._classes(word, bare, kind)
        letters = 31
        if bare.replace("'", "").replace("-", "").isalpha():
            letters = self.gazetteer.likeness(bare) + (21 if kind == "#" else 0)
            letters += 2 if letters > 30 else 1
        row = (
            row_of(self.vocabulary, own),
            cell("prefix", kind + bare[:3]),
            cell("suffix", kind + bare[-3:]),
            cell("ending", f"{bare[-2:]}{min(len(bare), 9)}"),
            cell("shape", shape_of(word) if kind in {"", "#"} else kind),
            cell("name", f"{kind}{classes}{parts}"),
            cell("place", f"{kind}{self.gazetteer.places(bare)}"),
            letters,
        )
        strange = bare.isalpha() and len(bare) > 2 and not kind and not self._expected(bare)
        groups = grams_of("" if kind in {"@", "/"} else bare)
        return row, (kind + plain.lstrip("@＠#＃") if kind else plain), strange, groups

    def _expected(self, bare: str) -> bool:
        """Whether any list or the training texts know the word: a text of others is in another language."""
        return bool(
            self.gazetteer.names(bare) or self.gazetteer.places(bare) or row_of(self.vocabulary, key_of(bare))
        )

    def _classes(self, word: str, bare: str, kind: str) -> tuple[int, str]:
        """The classes of a word in the list of names; of a word that is several in one, those of its parts too."""
        classes = self.gazetteer.names(bare)
        if kind != "#" and ("-" in bare or "'" in bare) and not classes:
            inner = [self.gazetteer.names(part) for part in re.split(r"[-']", bare) if len(part) > 2]
            classes = max(inner, default=0)
        if kind in {"@", "/"} or len(bare) < 5 or classes or self.gazetteer.places(bare):
            return classes, ""
        pieces: list[str] = []
        if not (word.islower() or word.istitle() or word.isupper()):
            pieces = [fold(piece) for piece in _CAMEL.findall(word)]
        if len(pieces) < 2 and bare.isalpha():
            pieces = self._halves(bare)
        kinds = "".join(self._kind(piece) for piece in pieces[:4])
        return classes, f"/{kinds}" if len(kinds) > 1 else ""

    def _kind(self, word: str) -> str:
        """One letter for what a part of a word is: first name, last name, both common words too, place, word, unknown."""
        bits = self.gazetteer.names(word)
        common = bits >> 4 & 3
        if bits & 3 > 1:
            return "g" if common else "f"
        if bits >> 6 & 1 or bits >> 2 & 3 > 1:
            return "m" if common else "l"
        if common:
            return "w"
        return "p" if self.gazetteer.places(word) else "u"

    def _halves(self, bare: str) -> list[str]:
        """The two words that a word without capitals is most likely joined of, if one of them is a first name."""
        best: tuple[int, list[str]] = (0, [])
        for at in range(3, len(bare) - 2):
            halves = [bare[:at], bare[at:]]
            kinds = "".join(self._kind(half) for half in halves)
            worth = _JOINED.get(kinds, 0)
            if worth and (kinds[0] == "u" or kinds[1] == "u") and len(halves[kinds[0] == "u"]) == 3:
                worth = 0
            if worth > best[0]:
                best = (worth, halves)
        return best[1]


def row_of(keys: NDArray[np.uint32], key: int) -> int:
    """1 and the place of ``key`` among sorted keys, or 0."""
    at = int(np.searchsorted(keys, np.uint32(key)))
    return at + 1 if at < len(keys) and int(keys[at]) == key else 0


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

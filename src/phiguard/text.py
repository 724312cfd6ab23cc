"""Text as the scan sees it: disguises undone, and where each character came from."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import msgspec

from phiguard.keys import as_keyed
from phiguard.model import Span
from phiguard.trie import Tokens

__all__ = ["Batch", "Edit", "NormalText", "Undone", "fold", "sentence_ends"]

_GONE = "\x7f"  # stands for a character that says nothing, until it is taken out

# Letters of other scripts that pass for Latin ones (Unicode TR39, those in common use).
_LOOKALIKES = {
    **dict(zip("АВЕЅZІЈКМНОРСТХУҮԜԚԌ", "ABESZIJKMHOPCTXYYWQG", strict=True)),
    **dict(zip("авсеԁіјкմոорԛѕтυνхуүһԝɡɩӏ", "abceaijkmnopqstuvxyyhwgil", strict=False)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("αβεικνορτυχγϲϳωη", "abeikvoptuxycjwn", strict=True)),
    "ԁ": "d",
    "ν": "v",
    "υ": "u",
    "ո": "n",
    "м": "m",
    "н": "h",
    "в": "b",
    "г": "r",
    "п": "n",
    "з": "3",
    "л": "n",
    "ь": "b",
}
_LOOKALIKES = {other: letter for other, letter in _LOOKALIKES.items() if not other.isascii()}
_SMALL_CAPS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
_PLAIN = {
    **dict(zip("‘’‛′‵ʼ`´", "''''''''", strict=True)),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys(
        "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    ),
    **dict.fromkeys("\u2028\u2029\u0085", "\n"),
    **dict(zip("øØłŁđĐıħŧ", "oOlLdDiht", strict=True)),
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "…": ".",
    "∙": "·",
    "\u034f": _GONE,
}
_ENCLOSED = (
    (0x1F150, 26, "A"),  # negative circled
    (0x1F170, 26, "A"),  # negative squared
    (0x24FF, 1, "0"),
    (0x2776, 9, "1"),  # dingbat digits
    (0x2780, 9, "1"),
    (0x278A, 9, "1"),
)
_INVISIBLE = frozenset(
    chain(
        range(0x200B, 0x2010),
        range(0x202A, 0x202F),
        range(0x2060, 0x2070),
        range(0xFE00, 0xFE10),
        range(0xE0000, 0xE01F0),
        (0xAD, 0xFEFF, 0x20E3, 0x180E, 0x115F, 0x1160, 0x3164),
    )
)


class _Fold(dict[int, str]):
    """Code point → what it reads as, worked out on first need (`str.translate` asks once for each)."""

    MEMORY = 20_000

    def __missing__(self, code: int) -> str:
        reads = _reads_as(code)
        if len(self) < self.MEMORY:  # all of Unicode never meets in one stream; an attacker could try
            self[code] = reads
        return reads


def _reads_as(code: int) -> str:
    char = chr(code)
    if code < 0x7F:
        return char
    if code == 0x7F or code in _INVISIBLE:
        return _GONE
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"  # half a pair: no encoding can hold it
    for table in (_PLAIN, _LOOKALIKES, _SMALL_CAPS):
        if char in table:
            return table[char]
    for first, count, letter in _ENCLOSED:
        if first <= code < first + count:
            return chr(ord(letter) + code - first)
    compatible = unicodedata.normalize("NFKC", char)
    if compatible != char:
        return "".join(part if ord(part) < 0x7F else _FOLD[ord(part)] for part in compatible) or _GONE
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return _GONE
    base = unicodedata.normalize("NFD", char)[0]
    return base if ord(base) < 0x7F else char


_FOLD = _Fold()
# A post in English is ASCII with a few runs of something else, mostly the same ones.
_BEYOND = re.compile("[^\x00-\x7e]+")
_RUNS: dict[str, str] = {}
_SHORT_RUN = 8
# What only serves to disguise or decorate Latin letters; the rest of folding (accents, quotes) is ordinary writing.
_KINDS = (
    ("zero_width", "[\u200b-\u200f\u2060-\u206f\ufeff\u180e\u115f\u1160\u3164\u034f\u202a-\u202e]"),
    ("soft_hyphen", "\u00ad"),
    ("fancy", "[\U0001d400-\U0001d7ff\u2100-\u2134\u1d43-\u1d6a\u02b0-\u02b8]"),
    ("fullwidth", "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"),
    ("enclosed", "[\u2460-\u24ff\u2776-\u2793\U0001f130-\U0001f189]"),
    ("keycap", "\u20e3"),
    ("smallcaps", "[" + "".join(_SMALL_CAPS) + "]"),
    ("combining", "[\u0335-\u0338\u0300-\u036f\u20d0-\u20dc]"),
    ("confusable", "[" + "".join(c for c in _LOOKALIKES) + "]"),
)
_UNDONE = re.compile("|".join(f"(?P<{kind}>{chars})" for kind, chars in _KINDS))
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
_NEAR = 40  # characters


class Undone(msgspec.Struct, frozen=True, array_like=True, order=True):
    """One disguise that was undone: its kind and where, in the original text, in code points."""

    kind: str
    start: int
    end: int


class Edit(msgspec.Struct, frozen=True, array_like=True):
    """``text[start:end]`` became ``new``, because of ``kind``."""

    start: int
    end: int
    new: str
    kind: str


class Batch:
    """The edits of one rewrite, in order; those of a cheap rewrite are worked out when they are first asked for."""

    __slots__ = ("_edits",)

    def __init__(self, edits: Sequence[Edit] | Callable[[], Iterable[Edit]]) -> None:
        self._edits = edits

    @property
    def edits(self) -> Sequence[Edit]:
        if callable(self._edits):
            self._edits = tuple(self._edits())
        return self._edits


def fold(text: str) -> str:
    """``text`` with every character as it reads: accents off, fancy letters plain, invisible ones gone."""
    return text if text.isascii() else _BEYOND.sub(_folded_run, text)


def _folded_run(match: re.Match[str]) -> str:
    run = match[0]
    reads = _RUNS.get(run)
    if reads is None:
        reads = run.translate(_FOLD).replace(_GONE, "")
        if len(run) <= _SHORT_RUN and len(_RUNS) < _FOLD.MEMORY:
            _RUNS[run] = reads
    return reads


_LINK = re.compile(r"(?:https?://|www\.)[^ ]+")
_GLUED_LINK = re.compile(rb"(?i)(?<=[a-z0-9])(?:h(?=ttps?://)|w(?=ww\.))")


class NormalText:
    """A text as the scan reads it, with the way back to the original.

    ``text`` is folded and rewritten (`phiguard.disguise`); ``words`` is the same, character for character, with hyphens
    and line breaks as spaces and links blanked: phrases are looked for there, patterns in ``text``. ``tagged``: some hashtag was
    cut into words.
    """

    __slots__ = (
        "_batches",
        "_data",
        "_ends",
        "_lasts",
        "_origins",
        "_tokens",
        "_words",
        "_words_data",
        "original",
        "tagged",
        "text",
    )

    def __init__(
        self, original: str, text: str, batches: Sequence[Batch] = (), *, tagged: bool = False
    ) -> None:
        self.original = original
        self.tagged = tagged
        self.text = text
        self._words: str | None = None
        self._data: bytes | None = None
        self._words_data: bytes | None = None
        self._batches = batches
        self._origins: list[int] | None = None
        self._lasts: list[int] = []
        self._ends: list[int] | None = None
        self._tokens: Tokens | None = None

    def __repr__(self) -> str:
        return f"NormalText(<{len(self.text)} characters>)"

    @property
    def words(self) -> str:
        """``text`` as phrases are looked for in it."""
        if self._words is None:
            words = self.text.replace("-", " ").replace("\n", " ")
            # The words in a link's path are nobody's statement; patterns still see them in ``text``.
            self._words = _LINK.sub(_hidden, words) if "://" in words or "www." in words else words
        return self._words

    @property
    def data(self) -> bytes:
        """``text`` in UTF-8."""
        if self._data is None:
            self._data = self.text.encode("utf-8", "replace")
        return self._data

    @property
    def keyed(self) -> bytes:
        """``text`` as keys are looked for in it (`phiguard.keys.as_keyed`); a word that a link is glued to ends there."""
        data = self.data
        if b"://" in data or b"www." in data:
            data = _GLUED_LINK.sub(b" ", data)
        return as_keyed(data)

    @property
    def words_data(self) -> bytes:
        """``words`` in UTF-8."""
        if self._words_data is None:
            self._words_data = self.words.encode("utf-8", "replace")
        return self._words_data

    def origin(self, start: int, end: int) -> Span:
        """The span of the original that ``text[start:end]`` came from."""
        if self._origins is None:
            self._origins = self._trace(self._batches)
            self._lasts = self._trace(self._batches, last=True)
        origins = self._origins
        if start >= end or not origins:
            at = origins[start] if start < len(origins) else len(self.original)
            return Span(at, at)
        first, last = origins[start], self._lasts[end - 1] + 1
        original = self.original
        while last < len(original) and ord(original[last]) > 0x7E and _FOLD[ord(original[last])] == _GONE:
            last += 1  # a keycap or a selector belongs to the character before it
        return Span(first, max(last, first))

    def _trace(self, batches: Sequence[Batch], *, last: bool = False) -> list[int]:
        """For every character after ``batches``, the index of the (first or last) original character that it came from."""
        if self.original.isascii():
            origins = list(range(len(self.original)))
        else:
            origins = []
            for at, char in enumerate(self.original):
                reads = char if ord(char) < 0x7F else _FOLD[ord(char)]
                if reads != _GONE:
                    origins += [at] * (len(reads) - reads.count(_GONE))
        for batch in batches:
            origins = _apply(batch.edits, origins, last=last)
        return origins

    def undone(self) -> tuple[Undone, ...]:
        """Every disguise that was undone, in the order of the text."""
        found: list[Undone] = []
        original = self.original
        if not original.isascii():
            words = [match.span() for match in _WORD.finditer(original)]
            has_latin = _LATIN.search(original) is not None
            for match in _UNDONE.finditer(original):
                kind = match.lastgroup or ""
                start, end = match.span()
                if kind == "confusable" and not has_latin:
                    continue  # a text in another script
                if _is_disguise(kind, original, start, words):
                    found.append(Undone(kind, start, end))
        for depth, batch in enumerate(self._batches):
            origins = self._trace(self._batches[:depth])
            for edit in batch.edits:
                if edit.kind != "whitespace" and origins:
                    start = origins[min(edit.start, len(origins) - 1)]
                    end = origins[edit.end - 1] + 1 if edit.end > edit.start else start
                    found.append(Undone(edit.kind, start, max(start, end)))
        return tuple(sorted(found, key=lambda one: (one.start, one.end, one.kind)))

    @property
    def tokens(self) -> Tokens:
        """``words`` cut into tokens."""
        if self._tokens is None:
            self._tokens = Tokens(self.words)
        return self._tokens

    def sentence(self, at: int) -> tuple[int, int]:
        """The bounds in ``text`` of the sentence around position ``at``."""
        if self._ends is None:
            self._ends = sentence_ends(self.text)
        index = bisect_right(self._ends, at)
        start = self._ends[index - 1] if index else 0
        return start, self._ends[index] if index < len(self._ends) else len(self.text)


def _hidden(match: re.Match[str]) -> str:
    return "_" * (match.end() - match.start())


def _apply(edits: Sequence[Edit], origins: list[int], *, last: bool) -> list[int]:
    traced: list[int] = []
    done = 0
    end = len(origins) - 1
    for edit in edits:
        traced += origins[done : edit.start]
        width = edit.end - edit.start
        for index in range(len(edit.new)):  # one for one as far as it goes, then the last one repeated
            traced.append(origins[min(edit.start + min(index, max(width - 1, 0)), end)])
        if last and edit.new and width > len(edit.new):
            traced[-1] = origins[edit.end - 1]  # "two one two": the last digit came from all that is left
        done = edit.end
    traced += origins[done:]
    return traced


def _is_disguise(kind: str, text: str, at: int, words: Sequence[tuple[int, int]]) -> bool:
    """Whether a suspicious character disguises a word, or is ordinary writing (emoji, Greek, µ, é)."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if kind == "zero_width":
        return before.isalnum() and after.isalnum() and before.isascii() and after.isascii()
    if kind == "soft_hyphen":
        return before.isalpha() or after.isalpha()
    if kind == "combining":
        # An accent typed apart is ordinary; a stroke, or an accent on what takes none, is not.
        return "\u0335" <= text[at] <= "\u0338" or (
            before.isascii() and before.isalpha() and len(unicodedata.normalize("NFC", before + text[at])) > 1
        )
    if kind == "fancy" and "\u2100" <= text[at] <= "\u2134":
        return text[at] not in "℃℉℅№℗℞℠℡™Ω℧ℹ℮"
    if kind in {"confusable", "smallcaps", "fancy"} and len(text[at].encode("utf-8", "replace")) < 4:
        start, end = words[max(0, bisect_right(words, (at, len(text))) - 1)] if words else (at, at)
        if not start <= at < end or end - start < 2:
            return False
        # Among Latin letters, as far as anybody would look; a word of look-alikes alone is another language.
        near = text[max(start, at - _NEAR) : min(end, at + _NEAR)]
        return kind != "confusable" or _LATIN.search(near) is not None
    return True


# A full stop ends a sentence unless it belongs to a title, an abbreviation, an initial or a number.
_STOP = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|\n|[|•·;]\s|\s[|•·]")
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|prof|st|jr|sr|vs|etc|approx|dept|no|inc|ave|e\.g|i\.e|a\.m|p\.m|u\.s|d\.o|m\.d|ph\.d|r\.n)"
    r"|\b[a-z]|\b(?:[a-z]\.)+[a-z])\.$",
    re.IGNORECASE,
)


def sentence_ends(text: str) -> list[int]:
    """Where each sentence ends, in order; the last one is the text's end.

    >>> sentence_ends("See Dr. Roe at 9 a.m. today. It helps!")
    [29, 38]
    """
    ends: list[int] = []
    for match in _STOP.finditer(text):
        end = match.end()
        # "a.m." at the end of a sentence is rare; "Dr." never ends one.
        if match[0] == "." and end < len(text) and _ABBREVIATION.search(text, max(0, match.start() - 8), end):
            continue
        while end < len(text) and text[end] in " \n":
            end += 1
        if not ends or end > ends[-1]:
            ends.append(end)
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return ends

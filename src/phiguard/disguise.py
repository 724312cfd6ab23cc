"""Normalization: what people (or evaders) write, undone to the words that they mean.

`Normalizer.normalize` folds characters, splits hashtags and collapses space on every text; the costlier rewrites (spaced
letters, letter/digit swaps, ``[at]``, spelled digits) run where a cue calls for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial

from phiguard.text import Batch, Edit, NormalText, fold

__all__ = ["CUES", "Normalizer", "split_hashtag"]

# A cue is a linear-time superset of what the rewrites below change: the automaton looks for cues while it scans,
# so a text without one is never rewritten. `tests/test_disguise.py` proves that nothing is missed.
_DIGIT_WORD = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|[0-9])"
CUES: tuple[str, ...] = (
    r"\b[a-z][^a-z0-9\n]{1,3}[a-z][^a-z0-9\n]{1,3}[a-z]\b",
    r"[a-z][0134578@$!|][a-z]",
    r"\b[0134578][a-z]{2}",
    r"[$][a-z]{2}",
    r"[a-z]{2}[0134578$]",
    r"[\[({<] ?(?:at|dot) ?[\])}>]",
    r"\bdot (?:com|org|net|edu|gov|co|io|us|health)\b",
    r"[a-z0-9] ?(?:@|\bat\b) (?:gmail|yahoo|hotmail|outlook|icloud|aol|proton|protonmail)\b",
    r" ?@ ?[a-z0-9-]{1,63} ?(?:\.| dot ) ?(?:com|org|net|edu|gov|co|io|us|health)\b",
    _DIGIT_WORD + (r"[^a-z0-9]{1,3}" + _DIGIT_WORD) * 3,
    r"[0-9][ol][0-9 .-]",
    r"[ .-][ol][0-9]",
)

_HASHTAG = re.compile(r"(?<![\w&])#(\w+)")
_CHUNK = re.compile(r"[A-Z]*[a-z]+|[A-Z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_JOINED, _LONGEST_TAG = 6, 60  # letters of a part that may be several words
_RUN_OF_SPACE = re.compile(r"[ \t\r\n]{2,}|[\t\r]")
_SPACED = re.compile(
    r"(?<![A-Za-z0-9'@#])[A-Za-z0-9@$](?:([ ._*~\-/|,]|[ ]?[.\-_*/|·•][ ]?)[A-Za-z0-9@$](?![A-Za-z0-9])){2,}"
)
_SEPARATORS = re.compile(r"[ ._*~\-/|,·•]+")
_LEET_TOKEN = re.compile(r"(?<![\w@#/.$])[A-Za-z0-9@$!|]{3,}(?![\w@/])")
_LEET_READS = (
    str.maketrans("013457@$!|8", "oieastasilb"),
    str.maketrans("013457@$!|8", "oleastaslib"),
)
_SWAPS = frozenset("013457@$!|8")
_AT = re.compile(r"\s*[\[({<]\s*(at|dot)\s*[\])}>]\s*", re.IGNORECASE)
_SPELLED_MAIL = re.compile(
    r"(?<![\w.])[\w.+-]{1,64}(\s+at\s+|\s*@\s*)[\w-]{1,63}((?:\s+dot\s+|\s*\.\s*)[\w-]{1,63}){0,3}?"
    r"(\s+dot\s+|\s*\.\s*)(?:com|org|net|edu|gov|co|io|us|health)\b",
    re.IGNORECASE,
)
_MAIL_JOINT = re.compile(r"\s+at\s+|\s+dot\s+|\s*@\s*|\s+\.\s*|\.\s+", re.IGNORECASE)
_DIGITS = dict(
    zip("zero oh one two three four five six seven eight nine".split(), "00123456789", strict=True)
)
_NUMBER_RUN = re.compile(
    r"(?<![A-Za-z0-9])"
    + _DIGIT_WORD
    + r"(?:[ ,.\-_*·•]{1,3}"
    + _DIGIT_WORD
    + r"|(?<=[0-9])[0-9]){5,}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_LONGEST_WORD = 18
_SHORT_WIDTHS = (2, 1)
_NUMBER_PART = re.compile(r"[A-Za-z]+|[0-9]")
_LETTER_FOR_DIGIT = re.compile(
    r"(?<![\w.-])[0-9OolI]{3}[-. ]{0,2}[0-9OolI]{2,3}[-. ]{0,2}[0-9OolI]{4}(?![\w-])"
)
_LETTERS_AS_DIGITS = str.maketrans("OolI", "0011")


def split_hashtag(body: str, words: frozenset[str]) -> tuple[str, ...]:
    """The words of a hashtag's ``body`` (without ``#``), by CamelCase, digits and known ``words``.

    >>> split_hashtag("CancerCure", frozenset())
    ('Cancer', 'Cure')
    >>> split_hashtag("cancercure", frozenset({"cancer", "cure"}))
    ('cancer', 'cure')
    >>> split_hashtag("FDAapproved", frozenset({"approved"}))
    ('FDA', 'approved')
    >>> split_hashtag("lumivera", frozenset({"cancer"}))
    ('lumivera',)
    """
    if body.isascii() and body.isalpha() and (body.islower() or body.isupper()):
        lower = body.lower()
        if len(body) < _JOINED or lower in words or len(body) > _LONGEST_TAG:
            return (body,)
        found = segment(lower, words)
        return (found if body.islower() else tuple(word.upper() for word in found)) or (body,)
    parts: list[str] = []
    for chunk in _CHUNK.findall(body):
        for part in _camel(chunk, words):
            lower = part.lower()
            if len(part) < _JOINED or lower in words or len(part) > _LONGEST_TAG:
                parts.append(part)
                continue
            at = 0
            for word in segment(lower, words) or (lower,):
                parts.append(part[at : at + len(word)])
                at += len(word)
    return tuple(parts) or (body,)


def _camel(chunk: str, words: frozenset[str]) -> tuple[str, ...]:
    """``FDAApproved`` and ``FDAapproved`` alike: the last capital belongs to the word that it makes."""
    capitals = len(chunk) - len(chunk.lstrip(_CAPITALS))
    if capitals < 2 or capitals == len(chunk):
        return (chunk,)
    lower = chunk[capitals:].lower()
    cut = capitals if lower in words and chunk[capitals - 1 :].lower() not in words else capitals - 1
    return chunk[:cut], chunk[cut:]


def segment(joined: str, words: frozenset[str]) -> tuple[str, ...]:
    """``joined`` cut into known words, the longest first; nothing if that cannot be done.

    >>> segment("breastcancerawareness", frozenset({"breast", "cancer", "awareness", "aware"}))
    ('breast', 'cancer', 'awareness')
    """
    widths = _widths(words)
    size = len(joined)
    ends: list[int] = []
    dead: set[int] = set()
    # Depth first, with the ways that are left to try: every place is tried once, so it is linear in the length.
    ways = [iter(widths.get(joined[:3], _SHORT_WIDTHS))]
    while ways:
        start = ends[-1] if ends else 0
        for width in ways[-1]:
            end = start + width
            if end <= size and end not in dead and joined[start:end] in words:
                ends.append(end)
                if end == size:
                    return tuple(joined[a:b] for a, b in zip([0, *ends], ends, strict=False))
                ways.append(iter(widths.get(joined[end : end + 3], _SHORT_WIDTHS)))
                break
        else:
            ways.pop()
            if ends:
                dead.add(ends.pop())
    return ()


@lru_cache(maxsize=4)  # one set of words for each rule set
def _widths(words: frozenset[str]) -> dict[str, tuple[int, ...]]:
    """Three letters → the lengths of the words that begin so, the longest first; the shortest words may begin anywhere."""
    found: dict[str, set[int]] = {}
    for word in words:
        if 2 < len(word) <= _LONGEST_WORD:
            found.setdefault(word[:3], set()).add(len(word))
    return {begin: (*sorted(lengths, reverse=True), *_SHORT_WIDTHS) for begin, lengths in found.items()}


class Normalizer:
    """Texts as the scan reads them, given the words that it knows.

    Args:
        words: lower-case words (those of the rules, and common English): what a disguise may stand for.
        parts: those of them that a hashtag may be made of: no short forms, which fit everywhere.
    """

    _MEMORY = 50_000  # hashtags remembered; they repeat, and cutting one into words costs 20 µs

    def __init__(self, words: frozenset[str] = frozenset(), parts: frozenset[str] | None = None) -> None:
        self.words = words
        self.parts = words if parts is None else parts
        self._tags: dict[str, str] = {}

    def normalize(self, text: str, *, deep: bool = True) -> NormalText:
        """``text`` normalized; with ``deep=False`` only what needs no cue."""
        folded = fold(text)
        batches: list[Batch] = []
        tagged = False
        if deep:
            for rewrite in (self._spaced, _addresses, _numbers, self._swapped):
                edits = list(rewrite(folded))
                if edits:
                    batches.append(Batch(edits))
                    folded = _rewritten(folded, edits)
        # These two change many texts: what they changed is worked out only if somebody asks.
        if "#" in folded:
            after = _HASHTAG.sub(self._cut, folded)
            if len(after) != len(folded):
                tagged = True
                batches.append(Batch(partial(self._hashtags, folded)))
                folded = after
        has_breaks = "\n" in folded or "\t" in folded or "\r" in folded
        if has_breaks or "  " in folded:
            batches.append(Batch(partial(_whitespace, folded)))
            if has_breaks:
                folded = _RUN_OF_SPACE.sub(_one_space, folded)
            while "  " in folded:  # halves every run: linear in all
                folded = folded.replace("  ", " ")
        return NormalText(text, folded, batches, tagged=tagged)

    def is_joined(self, tag: str) -> bool:
        """Whether a hashtag (with its ``#``) is made of several known words."""
        return self._cut_tag(tag) != tag

    def _cut(self, match: re.Match[str]) -> str:
        return self._cut_tag(match[0])

    def _cut_tag(self, tag: str) -> str:
        """A hashtag as words: ``# Cancer Cure``; unchanged if it is one word."""
        cut = self._tags.get(tag)
        if cut is None:
            parts = split_hashtag(tag[1:], self.parts)
            cut = f"# {' '.join(parts)}" if len(parts) > 1 else tag
            if len(self._tags) < self._MEMORY:
                self._tags[tag] = cut
        return cut

    def _hashtags(self, text: str) -> Iterator[Edit]:
        for match in _HASHTAG.finditer(text):
            cut = self._cut(match)
            if cut == match[0]:
                continue
            at = match.start(1)
            for part in cut[2:].split(" "):
                found = text.index(part, at)  # underscores between the parts are spaces too
                yield Edit(at, found, " ", "hashtag")
                at = found + len(part)
            if at < match.end():
                yield Edit(at, match.end(), "", "hashtag")

    def _spaced(self, text: str) -> Iterator[Edit]:
        for match in _SPACED.finditer(text):
            letters = _SEPARATORS.sub("", match[0])
            lower = letters.lower()
            plain = lower.translate(_LEET_READS[0])
            known = next((word for word in (lower, plain) if word in self.words), None)
            cuts = (known,) if known else (segment(plain, self.words) if len(plain) > 5 else ())
            if not cuts or len(letters) < 3 or (len(cuts) > 1 and min(map(len, cuts)) < 2):
                continue
            ends = set()
            reached = 0
            for cut in cuts[:-1]:
                reached += len(cut)
                ends.add(reached)
            count = 0
            at = match.start()
            for gap in _SEPARATORS.finditer(match[0]):
                count += gap.start() + match.start() - at
                at = match.start() + gap.end()
                yield Edit(match.start() + gap.start(), at, " " if count in ends else "", "spaced")
            # "F.D.A. approved": the last stop belongs to the letters.
            end = match.end()
            if match[0][1] == "." and text[end : end + 2] == ". " and text[end + 2 : end + 3].islower():
                yield Edit(end, end + 1, "", "spaced")

    def _swapped(self, text: str) -> Iterator[Edit]:
        for match in _LEET_TOKEN.finditer(text):
            token = match[0].rstrip("!|")
            if _SWAPS.isdisjoint(token) or not any(c.isalpha() for c in token):
                continue
            lower = token.lower()
            if lower in self.words:
                continue
            for reads in _LEET_READS:
                plain = lower.translate(reads)
                if len(plain) > 3 and plain in self.words and plain.isalpha():
                    for index, (was, now) in enumerate(zip(lower, plain, strict=True)):
                        if was != now:
                            at = match.start() + index
                            yield Edit(at, at + 1, now, "swapped")
                    break


def _rewritten(text: str, edits: list[Edit]) -> str:
    parts: list[str] = []
    done = 0
    for edit in edits:
        parts += (text[done : edit.start], edit.new)
        done = edit.end
    parts.append(text[done:])
    return "".join(parts)


def _one_space(match: re.Match[str]) -> str:
    return "\n" if "\n" in match[0] else " "


def _whitespace(text: str) -> Iterator[Edit]:
    for match in _RUN_OF_SPACE.finditer(text):
        yield Edit(match.start(), match.end(), _one_space(match), "whitespace")


def _addresses(text: str) -> Iterator[Edit]:
    found: dict[int, Edit] = {}
    for match in _AT.finditer(text):
        new = "@" if match[1].lower() == "at" else "."
        found[match.start()] = Edit(match.start(), match.end(), new, "at_dot")
    for match in _SPELLED_MAIL.finditer(text):
        for joint in _MAIL_JOINT.finditer(match[0]):
            start, end = match.start() + joint.start(), match.start() + joint.end()
            new = "@" if "@" in joint[0] or "at" in joint[0].lower() else "."
            if end - start > 1:
                found.setdefault(start, Edit(start, end, new, "at_dot"))
    done = 0
    for start in sorted(found):
        if start >= done:
            yield found[start]
            done = found[start].end


def _numbers(text: str) -> Iterator[Edit]:
    """Digits spelled as words or spread one by one, and letters for digits, in the shape of a phone number or an SSN."""
    done = 0
    for match in _NUMBER_RUN.finditer(text):
        digits = _digits(match[0])
        shape = _shaped(digits)
        if shape:
            yield Edit(match.start(), match.end(), shape, "spelled_digits")
            done = match.end()
    for match in _LETTER_FOR_DIGIT.finditer(text, done):
        token = match[0]
        if sum(c.isdigit() for c in token) >= 5 and token.translate(_LETTERS_AS_DIGITS) != token:
            for index, char in enumerate(token):
                if char in "OolI":
                    at = match.start() + index
                    yield Edit(at, at + 1, "0" if char in "Oo" else "1", "swapped")


def _digits(run: str) -> str:
    """The digits of a spelled run; nothing if it was written as a number already."""
    parts = _NUMBER_PART.findall(run)
    words = [part for part in parts if part.isalpha()]
    # "212-555-0147" is no disguise: only words, or digits set apart one by one, are.
    singles = re.findall(r"(?<![0-9])[0-9](?![0-9])", run)
    if len(words) < 3 and len(singles) < 5:
        return ""
    digits = ""
    times = 1
    for part in parts:
        lower = part.lower()
        if lower in {"double", "triple"}:
            times = 2 if lower == "double" else 3
            continue
        digits += _DIGITS.get(lower, part) * times
        times = 1
    return digits


def _shaped(digits: str) -> str:
    if len(digits) == 11 and digits[0] == "1":
        return f"1-{digits[1:4]}-{digits[4:7]}-{digits[7:]}"
    if len(digits) == 10:
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    if len(digits) == 9:
        return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
    if len(digits) == 7:
        return f"{digits[:3]}-{digits[3:]}"
    return ""

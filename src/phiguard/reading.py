"""How hard an English text is to read: sentences, syllables, and the grade of Flesch and Kincaid."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

__all__ = [
    "Sentence",
    "blank",
    "grade",
    "grade_of",
    "hardest",
    "longest_sentence",
    "most_syllables",
    "sentences",
    "syllables",
    "trimmed",
]

_LINK = re.compile(r"https?://\S+")
_TAG = re.compile(r"[@#＃]\w+")
_SENTENCE = re.compile(r"[^.!?…\n|•;]+(?:[.](?=\w)[^.!?…\n|•;]*)*")
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_COUNTABLE = re.compile(r"[^\W_](?:[\w'’-]|[.,](?=\d))*")
_VOWELS = bytes(code if chr(code) in "aeiouy" else 32 for code in range(256))
# Syllables = groups of vowels + these counts, in lower-case words with a space (here: _) on both sides of each. Counting
# parts of words is ten times faster than a regular expression that says the same.
_SYLLABLES = (
    # A final e is silent (care), but not as the only vowel, not in -ble, and not in a group of vowels;
    "- e_ ee_ ie_ ue_ oe_ ye_ ae_ ble_ ple_ tle_ dle_ gle_ cle_ fle_ kle_ zle_ _the_ _he_ _she_ _me_ _we_ _be_",
    "- gue_ - que_",
    # so it is in -es after most consonants (takes; not doses),
    "- es_ ses_ zes_ xes_ ces_ ges_ ches_ shes_ ees_ ies_ ues_ oes_ yes_ aes_ bles_ ples_ tles_ dles_ gles_ cles_ sles_ betes_",
    # in -ed but after t and d (helped; not treated),
    "- ed_ ted_ ded_ eed_ ied_ oed_ ued_ yed_ aed_ _red_ _bed_ _led_ _fed_ _med_ _wed_ dred_ bled_ pled_ tled_ dled_ gled_ fled_ zled_ kled_",
    # and before an ending (safely).
    "- ely_ eely_ iely_",
    "- ement lement eement",
    "- eful - eless - eness - etime - every",
    # Vowels that are spoken apart.
    "+ ia cia tia gia sia iag + iag",
    "+ io cio tio gio sio xio lio",
    "+ iu ciu tiu giu siu",
    "+ eo peo geo yeo + geog",
    "+ ua gua qua",
    "+ uen guen quen",
    "+ eing + oing + ying + aye layed_ + oya + oye oyed_ + coop + fluid + ruin + museum",
    "+ scien + iet + lient + rien frien + lthier + creat + dea_ + rea_",
    # A consonant for a vowel, and the other way round.
    "+ ism_ + isms_ + thm_ + thms_",
)


class _Part(msgspec.Struct, frozen=True):
    """Letters that count ``sign`` wherever they stand, save in ``others``, which hold them."""

    sign: int
    letters: str
    others: tuple[str, ...]
    tails: tuple[str, ...]  # of the others, if all end alike: what stands before


def _parts(rows: Iterable[str]) -> Iterator[_Part]:
    for row in rows:
        for sign, first, *others in map(str.split, re.findall(r"[+-][^+-]+", row)):
            letters, held = first.replace("_", " "), tuple(part.replace("_", " ") for part in others)
            is_ending = len(held) > _MANY and all(part.endswith(letters) for part in held)
            tails = tuple(part[: -len(letters)] for part in held) if is_ending else ()
            yield _Part(1 if sign == "+" else -1, letters, held, tails)


_MANY = 3  # looking at each place costs less than so many searches
_PARTS = tuple(_parts(_SYLLABLES))
# Texts that the law fixes word by word (fact sheet, Annex 1): nobody can make them simpler.
_FIXED_TEXTS = re.compile(
    r"(?:this statement has|these statements have) not been evaluated[^.]*\.(?:\s*this product is not intended[^.]*\.)?"
    r"|the patient and any other person responsible for payment[^.]*\."
    r"|you are encouraged to report negative side effects[^.]*\.(?:\s*visit [^\n]{0,60})?"
    r"|the specialty recognition identified herein[^.]*\.",
    re.IGNORECASE,
)
_FIXED_CUES = (
    "valuated by",
    "esponsible for payment",
    "ESPONSIBLE FOR PAYMENT",
    "ncouraged to report",
    "identified herein",
)


class Sentence(msgspec.Struct, frozen=True):
    """The words of one sentence, ``text[start:end]``, that measure its style."""

    start: int
    end: int
    words: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Sentence(<{len(self.words)} words>)"


def grade(words: int, count: int, spoken: int) -> float:
    """The US school grade of ``count`` sentences with so many words and syllables (Flesch–Kincaid, 1975)."""
    return 0.39 * words / count + 11.8 * spoken / words - 15.59


def grade_of(found: Sequence[Sentence]) -> float:
    """The grade of these sentences together."""
    words = [word for one in found for word in one.words]
    return grade(len(words), len(found), max(syllables(" ".join(words).lower()), len(words)))


def hardest(found: Sequence[Sentence], *, least: int) -> Sentence:
    """The sentence that reads hardest: of those with ``least`` words, if there are any.

    By groups of vowels, since it only says where to begin.
    """

    def hardness(one: Sentence) -> tuple[bool, float]:
        return len(one.words) >= least, grade(len(one.words), 1, most_syllables(" ".join(one.words)))

    return found[0] if len(found) == 1 else max(found, key=hardness)


def syllables(text: str) -> int:
    """The syllables of the lower-case English words in ``text``, by their spelling (right for 9 words of 10).

    >>> [syllables(word) for word in ("care", "doctor", "medicine", "cardiology")]
    [1, 2, 3, 5]
    """
    text = f" {text} "
    number = most_syllables(text)
    for part in _PARTS:
        letters = part.letters
        if letters not in text:
            continue
        if part.tails:
            found = text.split(letters)[:-1]
            number += part.sign * (len(found) - sum([piece.endswith(part.tails) for piece in found]))
        else:
            number += part.sign * (text.count(letters) - sum([text.count(other) for other in part.others]))
    return number


def most_syllables(text: str) -> int:
    """The groups of vowels in ``text``: seldom fewer than its syllables, and quickly counted."""
    return len(text.lower().encode("utf-8", "ignore").translate(_VOWELS).split())


def blank(text: str) -> str:
    """``text`` with links, hashtags, handles and legal fixed texts as spaces: offsets stay."""
    if "://" in text:
        text = _LINK.sub(_spaces, text)
    if "#" in text or "@" in text or "＃" in text:
        text = _TAG.sub(_spaces, text)
    if any(cue in text for cue in _FIXED_CUES):
        text = _FIXED_TEXTS.sub(_spaces, text)
    return text


def _spaces(found: re.Match[str]) -> str:
    return " " * (found.end() - found.start() - 1) + ("." if found[0].endswith(".") else " ")


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of ``text`` that have words of style: names and short forms, which nobody chooses, do not count."""
    for found in _SENTENCE.finditer(text):
        written = _WORD.findall(found[0])
        words = [word for word in written if word.islower() or word == "I"]
        # The first word of a sentence has a capital, and is no name for that.
        for word in written:
            if word.islower() or word == "I":
                break
            if len(word) == 1 or word[1:].islower():
                words.insert(0, word)
                break
        if words:
            start, end = found.span()
            yield Sentence(start, end, tuple(words))


def longest_sentence(text: str) -> tuple[int, tuple[int, int]]:
    """The number of words of the longest sentence of ``text``, and its bounds."""
    most, span = 0, (0, 0)
    for found in _SENTENCE.finditer(text):
        if found.end() - found.start() > 2 * most:  # a word takes two characters with its space
            number = len(_COUNTABLE.findall(found[0]))
            if number > most:
                most, span = number, trimmed(text, found.start(), found.end())
    return most, span


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """``start`` and ``end`` without the space that ``text`` has inside them."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())

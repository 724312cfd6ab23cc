"""What a text can have too much of: each measure is a cheap gate and a count, in linear time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from phiguard.disguise import split_hashtag
from phiguard.kinds.counted import Counted, Measure, MeasureView
from phiguard.lettering import capitals, disguised, may_be_disguised, may_be_loud, shouted
from phiguard.model import Post
from phiguard.platforms import PLATFORMS
from phiguard.reading import (
    blank,
    grade,
    grade_of,
    hardest,
    longest_sentence,
    most_syllables,
    sentences,
    trimmed,
)
from phiguard.text import NormalText

__all__ = ["MEASURES", "Counted", "Measure", "MeasureView", "signals"]

_WORK = 10_000
"""Characters that are looked at, save by ``characters``: longer than most posts, and a bound on what one post may cost."""
_SPANS = 50
"""The most places that are named: nobody reads more."""
_FEW_WORDS, _SHORT_TEXT, _SHORT_TEXT_GRADE, _EASY = 6, 30, 14.0, 5.0
"""A grade is noise below 6 words; below 30 it counts from grade 14 (fact sheet, BRD-01); nobody forbids
grade 5."""
_LONG_SENTENCE = 20
"""Words: nobody calls a sentence long below."""
_LONG_WORD = 4
"""The letters from which a word in capitals counts as one (fact sheet, BRD-12)."""


_ANY, _ODD, _TAGGED, _LOUD, _LONG = 1, 2, 4, 8, 16


def signals(normal: NormalText) -> int:
    """What a glance at a text shows, as bits: most texts have none of what most measures count, and need no gate of theirs."""
    text = normal.original
    size, words, loud = len(text), text.count(" ") + 1, capitals(normal.data)
    found = _ANY if text.isascii() else _ANY | _ODD
    if normal.tagged:
        found |= _TAGGED
    # Three words of four letters, or a third of the letters, which is still an eighth of a text with a long link.
    if loud >= 3 * _LONG_WORD or loud * 8 > size:
        found |= _LOUD
    # Below 30 words a grade counts from 14, which takes long words: six letters and a space on average.
    if words > _LONG_SENTENCE or (words >= _FEW_WORDS and size > 7 * words):
        found |= _LONG
    return found


# ---------------------------------------------------------------------------------------- platform limits
# Where comments and replies have a limit of their own (fact sheet, Annex 5).
_REPLY_CHARACTERS: Mapping[str, int] = {
    "facebook": 8_000,
    "linkedin": 1_250,
    "tiktok": 150,
    "youtube": 10_000,
}
# What counts as one may have a dozen code points (a family of four has seven); beyond the longest, each counts as one.
_PARTS_OF_ONE, _LONGEST = 12, 60_000
_URL_WEIGHT = 23  # X and Mastodon count every link as 23 characters
_URL = re.compile(r"https?://[^\s<>\"]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LONG_CAPS = re.compile("[A-Z][A-Z'’]{3}")
_LONG_HASHTAG = re.compile(r"#([a-z]{8,60}|[A-Z]{8,60})(?!\w)")  # seven letters and less read as one word
_HASHTAG = re.compile(r"(?<![\w&/#])[#＃](\w+)")
# X: these code points weigh 1, all others 2, and an emoji sequence weighs 2 as a whole.
_LIGHT = "\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037"

# An emoji with all that belongs to it: selector, skin tone, keycap, joined parts; flags come in pairs.
_PICTURE = (
    "[\u203c\u2049\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a"
    "\U0001f201\U0001f21a\U0001f22f\U0001f232-\U0001f23a\U0001f250\U0001f251\U0001f300-\U0001f3fa\U0001f400-\U0001faff]"
)
_EMOJI_SOURCE = (
    f"(?:[\U0001f1e6-\U0001f1ff]{{1,2}}|[0-9#*]\ufe0f?\u20e3|[\u00a9\u00ae\u2122\u2139\u2194-\u21aa\U0001f170-\U0001f17f]\ufe0f"
    f"|{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]?(?:\u200d{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]?)*[\U000e0020-\U000e007f]*)"
)
_EMOJI = re.compile(_EMOJI_SOURCE)
_EMOJI_RUN = re.compile(f"{_EMOJI_SOURCE}(?:\\s?{_EMOJI_SOURCE})*")
_MAYBE_EMOJI = re.compile("[\u203c\u2049\u20e3\u2122-\u3299\U0001f000-\U0001faff]")
_HEAVY = re.compile(f"[^{_LIGHT}]")
_UNIT = re.compile(f"({_URL.pattern})|{_EMOJI_SOURCE}|.", re.DOTALL)


def _allowance(post: Post) -> int | None:
    """The most characters that the platform takes, if it is known."""
    limits = PLATFORMS.get(post.platform) if post.platform else None
    if limits is None:
        return None
    if post.direction == "outbound_reply" and (reply := _REPLY_CHARACTERS.get(post.platform or "")):
        return reply
    return limits.premium if post.premium and limits.premium else limits.post


def _most_hashtags(post: Post) -> int | None:
    limits = PLATFORMS.get(post.platform) if post.platform else None
    return limits.hashtags if limits else None


def _may_be_too_long(normal: NormalText, post: Post) -> bool:
    limit = _allowance(post)
    text = normal.original
    if limit is None:
        return False
    # No character weighs more than two; a link may be shorter than the 23 that it counts.
    return len(text) > limit or (len(text) * 2.1 > limit and (not text.isascii() or "://" in text))


def _count_characters(view: MeasureView) -> Counted:
    limit = _allowance(view.post)
    if limit is None:
        return Counted(float(len(view.text)))
    # Far beyond the limit how much too long it is no longer matters.
    known = min(_PARTS_OF_ONE * limit, _LONGEST)
    head, tail = view.text[:known], len(view.text[known:])
    if view.post.platform == "x":
        value, cut = _weighed(head, limit)
    elif view.post.platform in {"bluesky", "mastodon"}:
        value, cut = _graphemes(head, limit, links=view.post.platform == "mastodon")
    else:
        value, cut = len(head), limit
    value += tail
    spans = ((min(cut, len(view.text) - 1), len(view.text)),) if value > limit else ()
    return Counted(float(value), float(limit), spans)


def _weighed(text: str, limit: int) -> tuple[int, int]:
    """The weight of ``text`` as X counts it, and where it passes ``limit``."""
    weight = len(text) + sum(_URL_WEIGHT - len(url) for url in _URL.findall(text))
    if not text.isascii():
        weight += len(unicodedata.normalize("NFC", text)) - len(text) + len(_HEAVY.findall(text))
        if _MAYBE_EMOJI.search(text):
            weight += sum(2 - len(emoji) - len(_HEAVY.findall(emoji)) for emoji in _EMOJI.findall(text))
    cut = len(text)
    if weight > limit:
        reached = 0
        for unit in _UNIT.finditer(text):
            reached += _URL_WEIGHT if unit[1] else 2 if len(unit[0]) > 1 or _HEAVY.match(unit[0]) else 1
            if reached > limit:
                cut = unit.start()
                break
    return weight, cut


def _graphemes(text: str, limit: int, *, links: bool) -> tuple[int, int]:
    """What a reader sees as characters in ``text``, and where they pass ``limit``."""
    saved = sum(len(url) - _URL_WEIGHT for url in _URL.findall(text)) if links else 0
    if text.isascii():
        seen, cut = len(text), limit
    else:
        seen, cut = 0, len(text)
        for cluster in _grapheme().finditer(text):
            seen += 1
            if seen == limit + 1:
                cut = cluster.start()
    return seen - saved, max(cut + saved, 0)


@cache
def _grapheme() -> Any:
    import regex  # noqa: PLC0415 (costs 15 ms, and few platforms count so)

    # Flags apart, because the engine walks back over all of them for every one.
    return regex.compile("[\U0001f1e6-\U0001f1ff]{2}|\\X")


def _always(normal: NormalText, _post: Post) -> bool:
    return bool(normal.original)


def _count_alt_characters(view: MeasureView) -> Counted:
    size = len(view.text)
    return Counted(float(size), None, ((0, size),) if size else ())


# ---------------------------------------------------------------------------------------- emoji
def _may_have_emoji(normal: NormalText, _post: Post) -> bool:
    return _MAYBE_EMOJI.search(normal.original, 0, _WORK) is not None


def _count_emoji_run(view: MeasureView) -> Counted:
    most, span = 0, (0, 0)
    for run in _EMOJI_RUN.finditer(view.text[:_WORK]):
        if run.end() - run.start() > most:  # a run has no more emoji than characters
            number = len(_EMOJI.findall(run[0]))
            if number > most:
                most, span = number, run.span()
    return Counted(float(most), None, (span,) if most else ())


def _count_emoji(view: MeasureView) -> Counted:
    spans = tuple(emoji.span() for emoji in _EMOJI.finditer(view.text[:_WORK]))
    return Counted(float(len(spans)), None, spans[:_SPANS])


def _count_emoji_bullets(view: MeasureView) -> Counted:
    """Emoji that stand before a word: as bullets, or in the place of words."""
    text = view.text
    places = {emoji.start(): emoji.end() for emoji in _EMOJI.finditer(text[:_WORK])}
    spans = []
    for start, end in places.items():
        after = end + len(text[end : end + 4]) - len(text[end : end + 4].lstrip(" \t"))
        if text[after : after + 1].isalnum() and after not in places:
            spans.append((start, end))
    return Counted(float(len(spans)), None, tuple(spans[:_SPANS]))


# ---------------------------------------------------------------------------------------- letters
def _may_have_caps_words(normal: NormalText, _post: Post) -> bool:
    return len(_LONG_CAPS.findall(normal.original, 0, _WORK)) >= 3


def _count_caps_words(view: MeasureView) -> Counted:
    most, span = 0, (0, 0)
    for start, end, words in shouted(blank(view.text[:_WORK]), view.words):
        number = sum(len(word) >= _LONG_WORD for word in words)
        if number > most:
            most, span = number, (start, end)
    return Counted(float(most), None, (span,) if most else ())


def _may_have_caps_share(normal: NormalText, _post: Post) -> bool:
    return may_be_loud(normal.original[:_WORK])


def _count_caps_share(view: MeasureView) -> Counted:
    text = blank(view.text[:_WORK])
    runs = list(shouted(text, view.words))
    if not runs:
        return Counted(0.0)
    loud = sum(len(word) for _, _, words in runs for word in words)
    letters = sum(map(len, _LETTERS.findall(text)))
    return Counted(loud / max(letters, loud), None, tuple((start, end) for start, end, _ in runs[:_SPANS]))


def _may_have_fancy_letters(normal: NormalText, _post: Post) -> bool:
    return may_be_disguised(normal.original)


def _count_fancy_letters(view: MeasureView) -> Counted:
    spans = sorted(set(disguised(view.text, view.undone)))
    return Counted(float(sum(end - start for start, end in spans)), None, tuple(spans[:_SPANS]))


# ---------------------------------------------------------------------------------------- reading
def _may_be_hard_to_read(normal: NormalText, _post: Post) -> bool:
    text = normal.original
    words = text.count(" ") + 1
    if words >= _SHORT_TEXT:
        return True
    # Without links and tags, words of six letters and a space on average.
    if words < _FEW_WORDS or len(text) <= 7 * words:
        return False
    return len(text) - 20 * text.count("://") - 9 * (text.count("#") + text.count("@")) > 7 * words


def _count_reading_grade(view: MeasureView) -> Counted:
    text = blank(view.text[:_WORK])
    written = len(text.split())
    if written < _SHORT_TEXT and (
        written < _FEW_WORDS or grade(written, 1, most_syllables(text)) < _SHORT_TEXT_GRADE - 3
    ):
        return Counted(0.0, _SHORT_TEXT_GRADE)
    found = list(sentences(text))
    words = sum(len(one.words) for one in found)
    if words < _FEW_WORDS:
        return Counted(0.0, _SHORT_TEXT_GRADE)
    value = round(grade_of(found), 1)
    limit = _SHORT_TEXT_GRADE if words < _SHORT_TEXT else None
    if value < _EASY:
        return Counted(value, limit)
    # The worst of the long ones: one hard word alone is no sentence that could be worded otherwise.
    long = sorted(found, key=lambda one: len(one.words), reverse=True)[:_SPANS]
    worst = hardest(long, least=_FEW_WORDS)
    return Counted(value, limit, (trimmed(text, worst.start, worst.end),))


def _may_have_long_sentence(normal: NormalText, _post: Post) -> bool:
    return normal.original.count(" ") >= _LONG_SENTENCE


def _count_sentence_words(view: MeasureView) -> Counted:
    most, span = longest_sentence(blank(view.text[:_WORK]))
    return Counted(float(most), None, (span,) if most else ())


# ---------------------------------------------------------------------------------------- lines and words
_EMPTY_LINES = re.compile(r"(?<=\n)(?:[^\S\n]*[.·•*_-]?[^\S\n]*\n)+")
_TWICE = re.compile(r"(?<![\w'’-])([A-Za-z]{2,})[ \t]+\1(?![\w'’-])", re.IGNORECASE)
_MEANT_TWICE = frozenset(
    "that had is so very really no yes bye ha hah haha ho hey knock now there well go win night chop hip tap tick"
    " ding thank choo blah boo wee pom yum ya ra rah rara cha can new bora walla beep yo york paw baden".split()
)
"""Words that people say twice on purpose, or that stand twice in names."""


def _may_have_blank_lines(normal: NormalText, _post: Post) -> bool:
    return normal.original.count("\n") > 2


def _count_blank_lines(view: MeasureView) -> Counted:
    """The most empty lines in a row; a line with one dot, as people make them, is empty."""
    most, span = 0, (0, 0)
    for run in _EMPTY_LINES.finditer(view.text, 0, _WORK):
        number = run[0].count("\n")
        if number > most:
            most, span = number, run.span()
    return Counted(float(most), None, (span,) if most else ())


def _has_exclamation(normal: NormalText, _post: Post) -> bool:
    return "!" in normal.original


def _count_exclamations(view: MeasureView) -> Counted:
    spans = tuple(found.span() for found in re.finditer("!+", view.text[:_WORK]))
    return Counted(float(view.text.count("!", 0, _WORK)), None, spans[:_SPANS])


def _may_have_words(normal: NormalText, _post: Post) -> bool:
    return " " in normal.original


def _count_repeated_words(view: MeasureView) -> Counted:
    """Words that stand twice in a row ("the the"), apart from those that people say twice."""
    text = view.text[:_WORK]
    spans = [found.span() for found in _TWICE.finditer(text) if found[1].lower() not in _MEANT_TWICE]
    return Counted(float(len(spans)), None, tuple(spans[:_SPANS]))


# ---------------------------------------------------------------------------------------- hashtags
def _has_long_hashtag(normal: NormalText, _post: Post) -> bool:
    return _LONG_HASHTAG.search(normal.original, 0, _WORK) is not None


def _may_have_many_hashtags(normal: NormalText, post: Post) -> bool:
    limit = _most_hashtags(post)
    text = normal.original
    return text.count("#") + text.count("＃") > (limit or 0)


def _hashtags(text: str) -> Iterator[re.Match[str]]:
    return (tag for tag in _HASHTAG.finditer(text[:_WORK]) if not tag[1].isdigit())


def _count_hashtags(view: MeasureView) -> Counted:
    spans = tuple(tag.span() for tag in _hashtags(view.text))
    limit = _most_hashtags(view.post)
    return Counted(float(len(spans)), None if limit is None else float(limit), spans[limit or 0 :][:_SPANS])


def _count_all_hashtags(view: MeasureView) -> Counted:
    """Hashtags, whatever the platform allows."""
    spans = tuple(tag.span() for tag in _hashtags(view.text))
    return Counted(float(len(spans)), None, spans[:_SPANS])


def _count_joined_hashtags(view: MeasureView) -> Counted:
    """Hashtags without capitals that join two or more words."""
    is_joined = view.is_joined or (lambda tag: len(split_hashtag(tag[1:], view.words)) > 1)
    spans = [tag.span() for tag in _LONG_HASHTAG.finditer(view.text, 0, _WORK) if is_joined(tag[0])]
    return Counted(float(len(spans)), None, tuple(spans[:_SPANS]))


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "characters": Measure(_may_be_too_long, _count_characters, _ANY),
        "hashtags": Measure(_may_have_many_hashtags, _count_hashtags, _ANY),
        "alt_characters": Measure(_always, _count_alt_characters, _ANY),
        "emoji_run": Measure(_may_have_emoji, _count_emoji_run, _ODD),
        "emoji_total": Measure(_may_have_emoji, _count_emoji, _ODD),
        "emoji_bullets": Measure(_may_have_emoji, _count_emoji_bullets, _ODD),
        "caps_words": Measure(_may_have_caps_words, _count_caps_words, _LOUD),
        "caps_share": Measure(_may_have_caps_share, _count_caps_share, _LOUD),
        "reading_grade": Measure(_may_be_hard_to_read, _count_reading_grade, _LONG),
        "sentence_words": Measure(_may_have_long_sentence, _count_sentence_words, _LONG),
        "blank_lines": Measure(_may_have_blank_lines, _count_blank_lines, _ANY),
        "repeated_words": Measure(_may_have_words, _count_repeated_words, _ANY),
        "exclamation_marks": Measure(_has_exclamation, _count_exclamations, _ANY),
        "all_hashtags": Measure(_may_have_many_hashtags, _count_all_hashtags, _ANY),
        "joined_hashtag": Measure(_has_long_hashtag, _count_joined_hashtags, _TAGGED),
        "fancy_letters": Measure(_may_have_fancy_letters, _count_fancy_letters, _ODD, reads_undone=True),
    }
)
"""Every measure that a ``limit`` rule can name."""

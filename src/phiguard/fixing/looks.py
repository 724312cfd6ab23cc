"""How letters look: plain ones for fancy ones, sentence case for shouts, capitals in hashtags, fewer emoji."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence

from phiguard.fixing.draft import Edit
from phiguard.kinds.measures import MEASURES, MeasureView
from phiguard.lettering import shouted
from phiguard.model import Post, Span
from phiguard.reading import blank
from phiguard.text import fold

__all__ = ["camel_case", "fewer_emoji", "plain_letters", "sentence_case", "shorter_runs"]

_MOST_IN_RUN, _MOST_EMOJI = 3, 5  # as BRD-11 has it
_CAPS = re.compile(r"(?<![#@$_\w])[A-Z][A-Z'\u2019]*(?!\w)")
# In a shout these are words, though they also spell something; "US" is one after a verb.
_PLAIN_WORDS = frozenset(
    "A I AM AN AS AT BE BY DO GO HE IF IN IS IT ME MY NO OF ON OR SO TO UP US WE WHO CAN ALL FAST".split()
)
_COUNTRY = re.compile(r"\b(?:THE|IN|ACROSS)\s+\Z")
_NAMED = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:january|february|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(?:\A|[.!?\n:]\s*|[\u2022\u00b7-]\s)[\"'(\u201c]*\Z")
_LONGEST_WORD = 24  # letters
_VOWEL = re.compile("[aeiouy]")


def plain_letters(text: str, spans: Sequence[Span]) -> list[Edit]:
    """Fancy letters as plain ones."""
    edits = []
    for span in spans:
        plain = fold(text[span.start : span.end])
        if plain != text[span.start : span.end]:
            edits.append(Edit(span.start, span.end, plain))
    return edits


def sentence_case(text: str, words: frozenset[str], names: Iterable[str]) -> list[Edit]:
    """Shouted words in small letters: sentences, weekdays and ``names`` keep their capitals, short forms stay."""
    known = {word.casefold(): word for name in names for word in name.split()}
    edits = []
    for start, end, loud in shouted(blank(text), words):
        counted = set(loud)
        for match in _CAPS.finditer(text, start, end):
            new = _quiet(match[0], known, text, match.start(), is_counted=match[0] in counted)
            if new != match[0]:
                edits.append(Edit(*match.span(), new))
    return edits


def _quiet(word: str, names: Mapping[str, str], text: str, at: int, *, is_counted: bool) -> str:
    lower = word.lower()
    if lower in names and word not in _PLAIN_WORDS:
        return names[lower]
    if word == "I" or word.startswith(("I'", "I\N{RIGHT SINGLE QUOTATION MARK}")):
        return word[0] + word[1:].lower()
    if word == "US" and _COUNTRY.search(text, max(0, at - 12), at):
        return word
    # What is counted is no known short form; without a vowel it is one that nobody listed.
    if word not in _PLAIN_WORDS and not (is_counted and _VOWEL.search(lower)):
        return word
    begins = _NAMED.fullmatch(lower) or _BEGINS.search(text, max(0, at - 6), at)
    return lower.capitalize() if begins else lower


def camel_case(text: str, spans: Sequence[Span], words: frozenset[str], own: Iterable[str]) -> list[Edit]:
    """Hashtags of several words with a capital at each word; the organization's own as it writes them."""
    known = {tag.lstrip("#").casefold(): tag.lstrip("#") for tag in own}
    edits = []
    for span in spans:
        body = text[span.start : span.end].removeprefix("#")
        parts = _only_parts(body.lower(), words)
        new = known.get(body.casefold()) or "".join(part.capitalize() for part in parts)
        if len(parts) > 1 or body.casefold() in known:
            edits.append(Edit(span.start, span.end, f"#{new}"))
    return edits


def _only_parts(body: str, words: frozenset[str]) -> tuple[str, ...]:
    """The fewest known words that make up ``body``; nothing if there are two ways ("goblin king", "go blinking").

    >>> _only_parts("walkforhope", frozenset({"walk", "for", "hope"}))
    ('walk', 'for', 'hope')
    >>> _only_parts("goblinking", frozenset({"go", "goblin", "blinking", "king"}))
    ()
    """
    # For each end: how many words at least, in how many ways, and the last word of one of them.
    best: list[tuple[int, int, str]] = [(0, 1, "")]
    for end in range(1, len(body) + 1):
        least, ways, last = len(body) + 1, 0, ""
        for start in range(max(0, end - _LONGEST_WORD), end):
            count, known_ways, _ = best[start]
            word = body[start:end]
            if not known_ways or word not in words or (len(word) == 1 and word not in "ai"):
                continue
            if count + 1 < least:
                least, ways, last = count + 1, known_ways, word
            elif count + 1 == least:
                ways += known_ways
        best.append((least, ways, last))
    if best[-1][1] != 1:
        return ()
    parts: list[str] = []
    at = len(body)
    while at:
        parts.insert(0, best[at][2])
        at -= len(parts[0])
    # "form at i on": what is so small is put together by chance.
    is_chance = any(len(one) < 3 and len(other) < 3 for one, other in itertools.pairwise(parts))
    return () if is_chance else tuple(parts)


def _emoji(text: str) -> list[tuple[int, int]]:
    counted = MEASURES["emoji_total"].count(MeasureView(text=text, post=Post(text="")))
    return list(counted.spans)


def shorter_runs(text: str) -> list[Edit]:
    """Rows of emoji cut to three different ones at most."""
    edits: list[Edit] = []
    for run in _rows(text):
        if len(run) <= _MOST_IN_RUN:
            continue
        kept: list[str] = []
        for number, (start, end) in enumerate(run):
            emoji = text[start:end]
            if emoji not in kept and len(kept) < _MOST_IN_RUN:
                kept.append(emoji)
            else:
                edits.append(Edit(run[number - 1][1], end, ""))
    return edits


def _rows(text: str) -> list[list[tuple[int, int]]]:
    rows: list[list[tuple[int, int]]] = []
    for start, end in _emoji(text):
        if rows and text[rows[-1][-1][1] : start] in {"", " "}:
            rows[-1].append((start, end))
        else:
            rows.append([(start, end)])
    return rows


def fewer_emoji(text: str) -> list[Edit]:
    """Without emoji that decorate the end of a line, from the last, until five are left; one that stands for a word stays."""
    places = _emoji(text)
    ends = dict(places)
    edits: list[Edit] = []
    for start, end in reversed(places):
        if len(places) - len(edits) <= _MOST_EMOJI:
            break
        after = end
        while after < len(text) and (text[after] == " " or after in ends):
            after = ends.get(after, after + 1)
        if after == len(text) or text[after] == "\n":
            before = start - 1 if text[start - 1 : start] == " " else start
            edits.append(Edit(before, end, ""))
    return edits if len(places) - len(edits) <= _MOST_EMOJI else []

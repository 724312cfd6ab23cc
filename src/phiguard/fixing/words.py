"""Better words in the place of those that a rule found: case, plural and article kept."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from phiguard.fixing.draft import Edit
from phiguard.model import Span
from phiguard.terms import as_literal, expand, lexicon_of
from phiguard.text import fold

__all__ = ["Pair", "Pairs", "pairs_of", "swapped"]

# A soft hyphen or a mark without width inside a word does not end it.
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019\u00ad\u200b-\u200d]+[^\W_]+)*")
# "diabetics' health" wants another sentence.
_POSSESSIVE = re.compile("['\u2019]")
_GAP = re.compile(r"[ \t\u00a0-]{1,2}\Z")
_MOST_TOKENS = 10
_REACH = 8  # words before and after a place that a term may begin or end in: "is [wheelchair bound]"
_SMALL = frozenset("a an and by for in not of on or the to who with without".split())
_SHOUTED = 5  # letters from which capitals are a shout; below they are a short form
_ARTICLE = re.compile(r"(?<![^\W_])(an?)(\s+)\Z", re.IGNORECASE)
# What begins with a vowel's letter and not its sound, and the other way round.
_CONSONANT_SOUND = re.compile(r"(?:uni(?!n|m)|use|used|user|usual|eu|one\b|once)", re.IGNORECASE)
_VOWEL_SOUND = re.compile(r"(?:hour|honest|heir|honor)", re.IGNORECASE)


class Saying(Protocol):
    """What to say, and the terms that it replaces (of a rule's ``rewrite``, or of a rule that is nothing else)."""

    @property
    def say(self) -> str: ...
    @property
    def instead_of(self) -> Sequence[str]: ...


Pairs = Mapping[tuple[str, ...], str]
"""The words of each form, and what to say for it."""


class Pair(NamedTuple):
    """A term that stands in a text, and what to say."""

    start: int
    end: int
    words: tuple[str, ...]
    say: str


def pairs_of(
    sayings: Iterable[Saying],
    lexicons: Mapping[str, Sequence[str]],
    *,
    exact: bool = False,
    is_advice: bool = False,
) -> Pairs:
    """Every form of the terms with what to say for it; the first one counts.

    ``exact``: the right spelling in other letters too. ``is_advice``: one word for several forms is meant for people, who bend it
    ("heart attack" for "infarctions"); only what fits as it stands is taken.
    """
    found: dict[tuple[str, ...], str] = {}
    for saying in sayings:
        said = [saying.say] if exact else expand(saying.say, lexicons) if saying.say.strip() else []
        if exact and (words := _words(saying.say)):
            found[words] = saying.say
        for term in saying.instead_of if said else ():
            if term.startswith("/") or lexicon_of(term):
                continue
            forms = expand(term, lexicons)
            if is_advice and not exact and len(said) != len(forms):
                continue
            for at, form in enumerate(forms):
                words = _words(as_literal(form.removesuffix("*")))
                if words and not form.endswith("*"):
                    found.setdefault(words, said[at] if len(said) == len(forms) else said[0])
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(_read(match[0]) for match in _TOKEN.finditer(text))


def _read(word: str) -> str:
    return fold(word).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def swapped(text: str, spans: Sequence[Span], pairs: Pairs, *, exact: bool = False) -> list[Edit]:
    """The edits that put better words in the place of what stands at ``spans``; ``exact``: written just so."""
    edits = []
    for found in _found(text, spans, pairs):
        new = found.say if exact else _cased(found, text)
        edits.append(Edit(found.start, found.end, new))
        if article := _ARTICLE.search(text, max(0, found.start - 8), found.start):
            right = _article(article[1], new)
            if right != article[1]:
                edits.append(Edit(*article.span(1), right))
    return edits


def _found(text: str, spans: Sequence[Span], pairs: Pairs) -> Iterator[Pair]:
    tokens = [(match.start(), match.end(), _read(match[0])) for match in _TOKEN.finditer(text)]
    firsts = {words[0] for words in pairs}
    at = 0
    while at < len(tokens):
        step = 1
        if tokens[at][2] in firsts and any(
            tokens[at][0] < span.end and span.start < tokens[min(at + _REACH, len(tokens) - 1)][1]
            for span in spans
        ):
            for size in range(min(_MOST_TOKENS, len(tokens) - at), 0, -1):
                words = tuple(token[2] for token in tokens[at : at + size])
                start, end = tokens[at][0], tokens[at + size - 1][1]
                if (
                    words in pairs
                    and not _POSSESSIVE.match(text, end)
                    and _is_one(text, tokens[at : at + size])
                    and _overlaps(start, end, spans)
                ):
                    yield Pair(start, end, words, pairs[words])
                    step = size
                    break
        at += step


def _overlaps(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(start < span.end and span.start < end for span in spans)


def _is_one(text: str, tokens: Sequence[tuple[int, int, str]]) -> bool:
    """Whether nothing but a space or a hyphen stands between the words, and no tag or address before them."""
    if text[tokens[0][0] - 1 : tokens[0][0]] in {"#", "@", "/", "."} and tokens[0][0]:
        return False
    return all(_GAP.match(text, left[1], right[0]) for left, right in itertools.pairwise(tokens))


def _cased(found: Pair, text: str) -> str:
    original = text[found.start : found.end]
    if original.isupper() and sum(map(str.isalpha, original)) >= _SHOUTED:
        return found.say.upper()
    written = _TOKEN.findall(original)
    # "AIDS victims" are people with AIDS.
    kept = {_read(word): word for word in written if word[1:].lower() != word[1:]}
    say = _TOKEN.sub(lambda match: kept.get(_read(match[0]), match[0]), found.say)
    begins = _begins_sentence(text, found.start)
    is_title = not original.isupper() and all(word[:1].isupper() for word in written)
    if is_title and not (begins and len(written) == 1):
        return _TOKEN.sub(lambda match: _titled(match[0]), say)
    return say[:1].upper() + say[1:] if begins and original[:1].isupper() else say


def _titled(word: str) -> str:
    return word if word in _SMALL else word[:1].upper() + word[1:]


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t\"'(\u201c")
    return not before or before[-1] in ".!?\n:"


def _article(article: str, follows: str) -> str:
    is_vowel = (follows[:1].lower() in "aeiou" and not _CONSONANT_SOUND.match(follows)) or bool(
        _VOWEL_SOUND.match(follows)
    )
    right = "an" if is_vowel else "a"
    return right.capitalize() if article[0] == "A" else right

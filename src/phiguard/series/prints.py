"""A 64-bit print of a text's words: near copies have near prints, and no word can be read from one."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from hashlib import blake2b
from itertools import pairwise

__all__ = ["NEAR", "is_near", "print_of", "words_of"]

NEAR = 10
"""Prints that differ in so many bits or fewer are of near copies: one word in fifteen replaced, a line added. Independent texts
differ in 32 bits, with a standard deviation of 4."""

_LEAST = 5  # shorter texts ("Thank you so much!") are alike without being copies
_LANE = 16  # bits of a counter: texts of up to 32,767 words and pairs
_LANES = 64
_BIAS = sum(1 << (_LANE * lane + _LANE - 1) for lane in range(_LANES))
_MOST = 4_000  # words looked at

_DROPPED = re.compile(
    r"https?://\S+|www\.\S+|[@#]\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|health|info|io|co|us|uk)\b(?:/\S*)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


def words_of(text: str) -> tuple[list[str], list[str]]:
    """The words of a text in lower case, without handles, hashtags, links and numbers; and the same without what looks like a name.

    A capitalized word inside a sentence is taken for a name: a reply from a template differs in just that.

    >>> words_of("Thank you, Dana! See you @sunny88, www.example.com")
    (['thank', 'you', 'dana', 'see', 'you'], ['thank', 'you', 'see', 'you'])
    """
    text = _DROPPED.sub(" ", text)
    found: list[str] = []
    common: list[str] = []
    is_first = True
    last = 0
    for match in _WORD.finditer(text):
        word = match[0]
        gap = text[last : match.start()]
        is_first = is_first or any(mark in gap for mark in ".!?\n\u2026:")
        folded = word.casefold().replace("\u2019", "'")
        found.append(folded)
        if is_first or not (word[0].isupper() and word[1:].islower()):
            common.append(folded)
        is_first = False
        last = match.end()
        if len(found) >= _MOST:
            break
    return found, common


def print_of(words: Sequence[str]) -> int:
    """The print of a list of words and pairs of neighbors; 0 for fewer than five words.

    >>> one = print_of("we are sorry to hear about this please call our office so we can help".split())
    >>> other = print_of("we are sorry to hear about that please call our office so we can help".split())
    >>> is_near(one, other), is_near(one, print_of("flu shots are free this week at all our clinics".split()))
    (True, False)
    """
    if len(words) < _LEAST:
        return 0
    features = [*words, *map(" ".join, pairwise(words))]
    # One addition for each feature counts all 64 bits at once: a lane of 16 bits for each.
    total = (
        sum(map(_lanes, features))
        + _BIAS
        - sum(1 << (_LANE * lane) for lane in range(_LANES)) * ((len(features) + 1) // 2)
    )
    found = 0
    for lane in range(_LANES):
        found |= (total >> (_LANE * lane + _LANE - 1) & 1) << lane
    return found


def is_near(one: int, other: int) -> bool:
    """Whether two prints are of near copies. A text without a print is near to nothing."""
    return bool(one and other) and (one ^ other).bit_count() <= NEAR


@functools.lru_cache(maxsize=16_384)
def _lanes(feature: str) -> int:
    bits = int.from_bytes(blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return sum(1 << (_LANE * lane) for lane in range(_LANES) if bits >> lane & 1)

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
_LANES = 64  # a counter of 16 bits for each bit of the print
_TOP = 1 << 15
_ONES = sum(1 << 16 * lane for lane in range(_LANES))
_SPREAD = [b"".join(bytes((0, byte >> bit & 1)) for bit in range(7, -1, -1)) for byte in range(256)]
_TOP_BITS = bytes(48 + (byte >> 7) for byte in range(256))
_MOST = 4_000  # words looked at

_DROPPED = re.compile(
    r"https?://\S+|www\.\S+|[@#]\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|health|info|io|co|us|uk)\b(?:/\S*)?",
    re.IGNORECASE,
)
_ENDS = ".!?\n\u2026:"  # a word after one of these begins a sentence
_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[.!?\n\u2026:]")


def words_of(text: str) -> tuple[list[str], list[str]]:
    """The words of a text in lower case, without handles, hashtags, links and numbers; and the same without what looks like a name.

    A capitalized word inside a sentence is taken for a name: a reply from a template differs in just that.

    >>> words_of("Thank you, Dana! See you @sunny88, www.example.com")
    (['thank', 'you', 'dana', 'see', 'you'], ['thank', 'you', 'see', 'you'])
    """
    found: list[str] = []
    common: list[str] = []
    is_first = True
    for word in _TOKEN.findall(_DROPPED.sub(" ", text)):
        if word in _ENDS:
            is_first = True
            continue
        folded = word.casefold().replace("\u2019", "'")
        found.append(folded)
        if is_first or not (word[0].isupper() and word[1:].islower()):
            common.append(folded)
        is_first = False
    return found[:_MOST], common[:_MOST]


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
    # One addition for each feature counts all 64 bits at once. With the bias, the top bit of a lane says "half or more".
    bias = _ONES * (_TOP - (len(features) + 1) // 2)
    lanes = (sum(map(_lanes, features)) + bias).to_bytes(2 * _LANES, "big")
    return int(lanes[::2].translate(_TOP_BITS), 2)


def is_near(one: int, other: int) -> bool:
    """Whether two prints are of near copies. A text without a print is near to nothing."""
    return bool(one and other) and (one ^ other).bit_count() <= NEAR


@functools.lru_cache(maxsize=16_384)
def _lanes(feature: str) -> int:
    digest = blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(b"".join([_SPREAD[byte] for byte in digest]), "big")

"""Approved words in a text: exactly, or with nothing changed but small words, signs and letter case."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from phiguard.model import Finding, Span
from phiguard.profile_sections import Claim, Product

__all__ = ["Carried", "carried", "is_carried"]

# Words that say nothing by themselves: an approved claim stays the same with or without them.
_SMALL = frozenset(
    "a an the our your this these that its is are of to for and or with in on by it you we".split()
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LEAST = 3  # words with meaning: a shorter claim must stand exactly as it is


class Carried(NamedTuple):
    """A place of a text that holds an approved claim, and the claim."""

    span: Span
    claim: Claim
    is_exact: bool

    def holds(self, on: dt.date) -> bool:
        """Whether its evidence is still good on a day."""
        return self.claim.expires is None or self.claim.expires >= on


class _Word(NamedTuple):
    key: str
    start: int
    end: int


def carried(text: str, products: Sequence[Product]) -> tuple[Carried, ...]:
    """Return every place of ``text`` that holds an approved claim of ``products``, in exact or near-exact words.

    Near-exact: the same words with meaning, in the same order, with nothing between them but small words ("the", "your").

    >>> product = Product(name="Calma", approved_claims=(Claim(text="Supports restful sleep.", evidence="E-1"),))
    >>> [(one.span.start, one.span.end, one.claim.evidence) for one in carried("Calma supports a restful sleep*", [product])]
    [(6, 30, 'E-1')]
    >>> carried("Calma cures sleep trouble and supports nothing restful", [product])
    ()
    """
    claims = [claim for product in products for claim in product.approved_claims]
    if not claims:
        return ()
    words = tuple(_words(text))
    found = [one for claim in claims for one in _places(words, claim)]
    return tuple(sorted(found, key=lambda one: (one.span, one.claim.evidence)))


def is_carried(finding: Finding, places: Sequence[Carried]) -> Carried | None:
    """Return the approved claim that holds all places of a finding in the text of the post; ``None`` if none does."""
    if finding.category != "claims" or finding.field != "text" or not finding.spans:
        return None
    for one in places:
        if all(one.span.start <= span.start and span.end <= one.span.end for span in finding.spans):
            return one
    return None


def _words(text: str) -> Iterator[_Word]:
    for found in _WORD.finditer(text):
        yield _Word(_plain(found[0]), found.start(), found.end())


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().replace("’", "'")


def _places(words: Sequence[_Word], claim: Claim) -> Iterator[Carried]:
    wanted = [word.key for word in _words(claim.text)]
    if not wanted:
        return
    core = [key for key in wanted if key not in _SMALL]
    is_near = len(core) >= _LEAST
    aimed = core if is_near else wanted
    pool = [word for word in words if word.key not in _SMALL] if is_near else list(words)
    for at in range(len(pool) - len(aimed) + 1):
        if all(pool[at + offset].key == key for offset, key in enumerate(aimed)):
            start, end = pool[at].start, pool[at + len(aimed) - 1].end
            said = [word.key for word in words if start <= word.start < end]
            yield Carried(Span(start, end), claim, said == _trimmed(wanted))


def _trimmed(keys: list[str]) -> list[str]:
    """``keys`` without small words at both ends, which a place never holds."""
    first = next((at for at, key in enumerate(keys) if key not in _SMALL), 0)
    last = next((at for at in range(len(keys) - 1, -1, -1) if keys[at] not in _SMALL), len(keys) - 1)
    return keys[first : last + 1]

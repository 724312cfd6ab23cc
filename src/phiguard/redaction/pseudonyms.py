"""Who is who in a conversation: the same person gets the same letter, and no name is kept."""

from __future__ import annotations

import hmac
import re
import secrets

from phiguard.placeholders import placeholders, pseudonym
from phiguard.text import fold

__all__ = ["Pseudonyms", "is_title", "plain_words"]

_WORD = re.compile(r"\w+")
_TITLES = frozenset("mr mrs ms miss mx dr doctor prof sir madam baby little old sr jr the".split())
_POSSESSIVE = re.compile(r"['\u2019]s?$")


def plain_words(text: str, *, name: bool = False) -> tuple[str, ...]:
    """The words of a value as they read, lower-case; of a name without its titles and initials.

    >>> plain_words("Ms. Zoë O'Dell's", name=True), plain_words("(212) 555-0147")
    (('zoe', 'odell'), ('2125550147',))
    """
    read = fold(text).casefold()
    if not name:
        joined = "".join(_WORD.findall(read))
        return (joined,) if joined else ()
    parts = [_POSSESSIVE.sub("", part).replace("'", "") for part in re.split(r"[\s\-._@#]+", read)]
    words = [word for part in parts for word in _WORD.findall(part)]
    telling = [word for word in words if word not in _TITLES] or words
    return tuple([word for word in telling if len(word) > 1] or telling)


def is_title(word: str) -> bool:
    """Whether a word stands before many names, and so is none."""
    return word.casefold() in _TITLES


class _Who:
    """Somebody: the digests of the words of the name, and the pseudonym."""

    __slots__ = ("name", "words")

    def __init__(self, name: str) -> None:
        self.name = name
        self.words: set[bytes] = set()


class Pseudonyms:
    """The letters given out in one conversation. What they stand for is kept as keyed digests, and the key dies with the process."""

    __slots__ = ("_key", "_known", "_next", "_reserved")

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._known: dict[bytes, list[_Who]] = {}
        self._next: dict[str, int] = {}
        self._reserved: set[str] = set()

    def __repr__(self) -> str:
        return f"Pseudonyms({sum(self._next.values())} given)"

    def reserve(self, text: str) -> None:
        """Gives nobody new a pseudonym that stands in ``text`` already: somebody has it."""
        self._reserved |= {text[start:end] for start, end in placeholders(text)}

    def of(self, label: str, text: str) -> str:
        """The pseudonym of a value: the one it has, or the next one.

        >>> names = Pseudonyms()
        >>> names.of("PERSON", "Ana Roe"), names.of("PERSON", "Ben"), names.of("PERSON", "Ms. Roe's")
        ('[Person A]', '[Person B]', '[Person A]')
        """
        words = {self._digest(f"{label}:{word}") for word in plain_words(text, name=label == "PERSON")}
        near = {id(one): one for word in words for one in self._known.get(word, ())}.values()
        # "Roe" is Ana Roe as long as there is one Roe; of two, nobody can tell which.
        same = [one for one in near if one.words == words] or [
            one for one in near if one.words <= words or words <= one.words
        ]
        if len(same) == 1:
            who = same[0]
            words -= who.words
        else:
            who = _Who(self._new(label))
        for word in words:
            who.words.add(word)
            self._known.setdefault(word, []).append(who)
        return who.name

    def _new(self, label: str) -> str:
        number = self._next.get(pseudonym(label, 0), 0)
        while pseudonym(label, number) in self._reserved:
            number += 1
        self._next[pseudonym(label, 0)] = number + 1
        return pseudonym(label, number)

    def _digest(self, word: str) -> bytes:
        return hmac.digest(self._key, word.encode("utf-8", "surrogatepass"), "sha256")[:12]

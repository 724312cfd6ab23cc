"""Tokens of a post, for the names pipeline: handles, hashtags, links, initials and possessives each stand alone."""

from __future__ import annotations

from collections.abc import Iterable

import regex

__all__ = ["offsets", "words_and_spaces"]

_TOKEN = regex.compile(
    r"""
      (?:https?://|www\.)\S+
    | [@＠]\w+
    | [#＃]\w+
    | (?:\p{Lu}\.){2,}                                     # J.T.
    | (?:Mr|Mrs|Ms|Dr|St|Jr|Sr|Prof|Rev|mr|mrs|ms|dr|st|jr|sr)\.
    | ['’][sS]\b                                           # the possessive that the next line leaves
    | [\p{L}\p{N}](?:[\p{L}\p{N}\p{M}]|['’&-](?!['’]?[sS]\b)(?=[\p{L}\p{N}]))*
    | \s+
    | ([^\w\s])\1*                                         # !!!
    | .
    """,
    regex.VERBOSE | regex.DOTALL | regex.VERSION1,
)


def words_and_spaces(text: str) -> tuple[list[str], list[bool]]:
    """Words, and whether one space follows each: together they are ``text``, as `Doc` wants it."""
    words: list[str] = []
    spaces: list[bool] = []
    for found in _TOKEN.finditer(text):
        word = found[0]
        if not word.isspace():
            words.append(word)
            spaces.append(False)
            continue
        if word[0] == " " and words and not spaces[-1]:
            spaces[-1] = True
            word = word[1:]
        if word:
            words.append(word)
            spaces.append(False)
    return words, spaces


def offsets(words: Iterable[str], spaces: Iterable[bool]) -> list[tuple[int, int]]:
    """Where each word stands, in code points."""
    found = []
    at = 0
    for word, space in zip(words, spaces, strict=True):
        found.append((at, at + len(word)))
        at += len(word) + space
    return found

"""Terms as rules write them, expanded into literals and patterns.

Grammar: ``[a|b]`` optional, ``(a|b)`` one of them, ``<name>`` a lexicon, a final ``*`` any ending,
``/regex/`` a pattern, ``{LABEL}`` an entity. Brackets nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from phiguard.text import fold

__all__ = [
    "EXPANSION_CAP",
    "Expanded",
    "LiteralTerm",
    "PatternTerm",
    "TermError",
    "entity_of",
    "expand",
    "lexicon_of",
    "terms_of",
]

EXPANSION_CAP = 500
"""The most literals that one term may stand for: beyond it, ``near`` says the same in less memory."""

WIDE = 16
"""Forms of a term from which it is looked for as one pattern: thousands of literals would say the same."""
_LEAST_PREFIX = 3
_LEXICON = re.compile(r"<([a-z0-9_]+)>")
_ENTITY = re.compile(r"\{([A-Z][A-Z0-9_]*)\}")
_UNEVEN = re.compile(r"[*]|  |(?:^|\n)(?:[^a-z0-9]|$)|[^a-z0-9](?:\n|$)")
_PLAIN = re.compile(r"[^\[\](|)<]+")
_CLOSERS = {"[": "]", "(": ")"}


class TermError(ValueError):
    """A term that cannot be read. The message says what is wrong with its form."""


class LiteralTerm(NamedTuple):
    """Words to find as they stand. ``entry`` is the term as written: inflected forms share it."""

    text: str
    is_prefix: bool
    entry: str


class PatternTerm(NamedTuple):
    """A regular expression to find. ``entry`` is the term as written.

    ``forms`` are those of a phrase with so many that it is looked for as one pattern, in the words of a text.
    """

    regex: str
    entry: str
    forms: tuple[str, ...] = ()


Expanded = dict[str, tuple[LiteralTerm | PatternTerm, ...]]
"""Terms as written, and what each stands for."""


def lexicon_of(term: str) -> str | None:
    """The name of the lexicon that the whole term stands for, if it does."""
    found = _LEXICON.fullmatch(term.strip())
    return found[1] if found else None


def entity_of(term: str) -> str | None:
    """The kind of entity that the term stands for, if it does."""
    found = _ENTITY.fullmatch(term.strip())
    return found[1] if found else None


def terms_of(term: str, lexicons: Mapping[str, Sequence[str]]) -> Iterator[LiteralTerm | PatternTerm]:
    """What one term stands for; a whole-lexicon term is the caller's to resolve.

    Raises `TermError`.
    """
    if len(term) > 2 and term.startswith("/") and term.endswith("/"):
        yield PatternTerm(term[1:-1], term)
        return
    forms = expand(term, lexicons)
    if len(forms) > WIDE and (wide := _as_pattern(term, forms, lexicons)):
        yield wide
        return
    yield from literals_of(term, forms)


def literals_of(term: str, forms: Sequence[str]) -> Iterator[LiteralTerm]:
    """``forms`` of ``term`` as literals, each once. Raises `TermError`."""
    seen = set()
    for written in forms:
        is_prefix = written.endswith("*")
        text = as_literal(written.removesuffix("*"))
        if not text:
            raise TermError(
                f"{term!r} can stand for nothing at all: put a required word outside the brackets"
            )
        if is_prefix and len(text) < _LEAST_PREFIX:
            raise TermError(f"{term!r}: a word that goes on needs {_LEAST_PREFIX} letters before the *")
        if (text, is_prefix) not in seen:
            seen.add((text, is_prefix))
            yield LiteralTerm(text, is_prefix, term)


def _as_pattern(term: str, forms: Sequence[str], lexicons: Mapping[str, Sequence[str]]) -> PatternTerm | None:
    """One pattern for all ``forms``, if it finds what they find: plain words with single spaces, alike at both ends."""
    together = "\n".join(forms).lower().replace("-", " ")
    if not together.isascii() or _UNEVEN.search(together):
        return None
    return PatternTerm(r"\b" + _regex(term.lower(), lexicons) + r"\b", term, tuple(together.split("\n")))


def _regex(term: str, lexicons: Mapping[str, Sequence[str]]) -> str:
    parts = []
    at = 0
    while at < len(term):
        if run := _PLAIN.match(term, at):
            parts.append(re.escape(run[0].replace("-", " ")).replace("\\ ", " "))
            at = run.end()
        elif term[at] == "<" and (found := _LEXICON.match(term, at)):
            parts.append("(?:" + "|".join(_regex(one.lower(), lexicons) for one in lexicons[found[1]]) + ")")
            at = found.end()
        else:
            parts.append({"[": "(?:", "]": ")?", "(": "(?:", ")": ")"}.get(term[at], term[at]))
            at += 1
    return "".join(parts)


def as_literal(written: str) -> str:
    """``written`` in the form of the scanned text: folded, lower case, hyphens and runs of space as one space."""
    text = fold(written).lower().replace("-", " ")
    return " ".join(text.split())


def expand(term: str, lexicons: Mapping[str, Sequence[str]]) -> list[str]:
    """Every string that ``term`` stands for.

    >>> expand("cur(e|es|ing) [the ]pain[s]", {})[:3]
    ['cure pain', 'cure pains', 'cure the pain']
    >>> expand("my <pet>", {"pet": ["cat[s]", "dog"]})
    ['my cat', 'my cats', 'my dog']
    """
    if _PLAIN.fullmatch(term):
        return [term]
    results, end = _sequence(term, 0, "", lexicons, depth=0)
    if end != len(term):
        raise TermError(f"{term!r} has an unmatched {term[end]!r}")
    return list(dict.fromkeys(results))


def _sequence(
    term: str, at: int, closer: str, lexicons: Mapping[str, Sequence[str]], *, depth: int
) -> tuple[list[str], int]:
    """The expansions of ``term`` from ``at`` up to ``closer`` (kept), alternatives included."""
    if depth > 8:  # lexicons that name each other would never end
        raise TermError(f"{term!r} nests too deep: does a lexicon name itself?")
    done: list[str] = []
    heads = [""]
    while at < len(term):
        if run := _PLAIN.match(term, at):
            heads = [head + run[0] for head in heads]
            at = run.end()
            continue
        char = term[at]
        if char == closer or (char in "])" and not closer):
            break
        if char == "|" and closer:
            done += heads
            heads = [""]
            at += 1
            continue
        if char in "[(":
            inner, at = _sequence(term, at + 1, _CLOSERS[char], lexicons, depth=depth + 1)
            if at >= len(term):
                raise TermError(f"{term!r} has an unmatched {char!r}")
            at += 1
            options = ["", *inner] if char == "[" else inner
        elif char == "<" and (found := _LEXICON.match(term, at)):
            options = list(_lexicon_words(found[1], lexicons, depth=depth))
            at = found.end()
        else:
            options = [char]
            at += 1
        heads = [head + option for head in heads for option in options]
        if len(heads) + len(done) > EXPANSION_CAP:
            raise TermError(f"{term!r} stands for more than {EXPANSION_CAP} phrases: use kind `near` instead")
    return done + heads, at


def _lexicon_words(name: str, lexicons: Mapping[str, Sequence[str]], *, depth: int) -> Iterator[str]:
    if name not in lexicons:
        raise TermError(f"there is no lexicon {name!r}")
    for term in lexicons[name]:
        if term.startswith("/") or term.endswith("*"):
            raise TermError(f"lexicon {name!r} holds patterns or prefixes and cannot stand inside a phrase")
        words, _ = _sequence(term, 0, "", lexicons, depth=depth + 1)
        yield from words


def flatten(name: str, lexicons: Mapping[str, Sequence[str]], above: tuple[str, ...] = ()) -> Iterable[str]:
    """``name`` and the lexicons that it takes in whole, itself first. Raises `TermError`."""
    if name not in lexicons:
        raise TermError(f"there is no lexicon {name!r}")
    if name in above:
        raise TermError(f"lexicon {name!r} names itself")
    yield name
    for term in lexicons[name]:
        if inner := lexicon_of(term):
            yield from flatten(inner, lexicons, (*above, name))

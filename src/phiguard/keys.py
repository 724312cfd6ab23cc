"""Keys: for every phrase and wordy pattern, rare words of which one must stand in a text that it matches.

The automaton looks for keys in every text; only a text with a key is searched for the phrase or the pattern itself. Keys are derived
from the very terms that they stand for, so that nothing is looked for in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

try:
    from re import _constants as _sre  # type: ignore[attr-defined]
    from re import _parser
except ImportError:  # Python 3.10
    import sre_constants as _sre  # type: ignore[no-redef]
    import sre_parse as _parser  # type: ignore[no-redef]

__all__ = ["WORDY", "key_of_phrase", "keys_of_pattern"]

WORDY = 12
"""Alternatives of a pattern from which it is a list of words rather than a shape: it would cost the automaton 20 ms and more."""

_CAP = 400  # strings in the set of one pattern's keys
_LEAST = 3  # letters of a key that is worth looking for
_WORTH = 0.3  # a set of keys that more texts than this share would hold is not worth looking for
_TOKEN = re.compile(r"[^\W_]+")

# Words of which most texts hold some: no text is set apart by them.
_COMMON = frozenset(
    """
    a about after again all always am an and any anyone are as at away back be because been before being best better
    but by call can come could day days did do does doing done down each even ever every everyone feel find first for
    free from get getting give go going good got great had happy has have having he help helps her here him his home hope
    how i if in into is it its just keep know last let life like little live long look looking lot love made make many
    may me more morning most much must my need never new next night no not nothing now of off on one only or other our
    out over own part people please put really right said same say see she should so some someone something still stop
    such sure take team thank thanks that the their them then there they thing things think this those time to today
    together tomorrow tonight too try two up us use very via visit want was way we week well were what when where which
    while who why will with without work world would year years yes you your yours
    """.split()
)


def _share(key: str) -> float:
    """A rough guess at the share of texts that hold ``key``: only the order matters."""
    words = _TOKEN.findall(key)
    rare = max((len(word) for word in words if word not in _COMMON), default=0)
    if rare >= _LEAST:
        return 0.004 if rare == _LEAST else 0.0005
    letters = sum(map(len, words))
    return 1.0 if letters < _LEAST else (0.05, 0.005)[len(words) > 1] if letters < 9 else 0.001


def key_of_phrase(text: str, *, is_prefix: bool = False) -> str:
    """The rarest word of a phrase, or all of it if its words are common.

    >>> key_of_phrase("see you at your next appointment")
    'appointment'
    >>> key_of_phrase("with us")
    'with us'
    """
    words = _TOKEN.findall(text)
    if is_prefix or not words:
        return text  # the last word may go on
    key = max(words, key=lambda word: 0 if word in _COMMON else len(word))
    return key if key not in _COMMON and len(key) >= _LEAST else text


def keys_of_pattern(regex: str) -> tuple[str, ...]:
    """Strings of which one stands, in some letter case, in every text that ``regex`` matches; none if no set is worth it.

    >>> keys_of_pattern(r"\\b(?:want|going) to (?:swim|float) (?:in|near) \\d+")
    ('float', 'swim')
    >>> keys_of_pattern(r"\\d{3}-\\d{4}")
    ()
    """
    best = min(_candidates(list(_parser.parse(regex.lower()))), key=_cost, default=frozenset({""}))
    return tuple(sorted(best)) if _cost(best)[0] < _WORTH else ()


def _cost(keys: frozenset[str]) -> tuple[float, int]:
    return sum(map(_share, keys)), len(keys)


def _candidates(nodes: Sequence[Any]) -> Iterator[frozenset[str]]:
    """Sets of strings of which one must stand where ``nodes`` match."""
    window = frozenset({""})
    for node in nodes:
        exact = _exact(node)
        longer = _joined(window, exact) if exact is not None else None
        if longer is not None:
            window = longer
            continue
        yield window
        window = exact if exact is not None else frozenset({""})
        if exact is None:
            yield from _inside(node)
    yield window


def _joined(left: frozenset[str], right: frozenset[str]) -> frozenset[str] | None:
    if len(left) * len(right) > _CAP:
        return None
    return frozenset(one + other for one, other in product(left, right))


def _exact(node: Any) -> frozenset[str] | None:
    """All strings that ``node`` matches, if they are few."""
    kind, value = node
    if kind is _sre.LITERAL:
        return frozenset({" " if chr(value) in "-\n" else chr(value)})
    if kind is _sre.AT:
        return frozenset({""})
    if kind is _sre.IN:
        if all(one[0] is _sre.LITERAL for one in value):
            return frozenset(" " if chr(one[1]) in "-\n" else chr(one[1]) for one in value)
        return None
    if kind is _sre.SUBPATTERN:
        return _exact_sequence(value[-1])
    if kind is _sre.BRANCH:
        found: frozenset[str] = frozenset()
        for branch in value[1]:
            inner = _exact_sequence(branch)
            if inner is None or len(found | inner) > _CAP:
                return None
            found |= inner
        return found
    if kind in {_sre.MAX_REPEAT, _sre.MIN_REPEAT} and value[1] == 1:
        inner = _exact_sequence(value[2])
        return inner if value[0] else None if inner is None else inner | {""}
    return None


def _exact_sequence(nodes: Sequence[Any]) -> frozenset[str] | None:
    window: frozenset[str] | None = frozenset({""})
    for node in nodes:
        exact = _exact(node)
        window = None if exact is None or window is None else _joined(window, exact)
        if window is None:
            return None
    return window


def _inside(node: Any) -> Iterator[frozenset[str]]:
    kind, value = node
    if kind is _sre.SUBPATTERN:
        yield from _candidates(value[-1])
    elif kind is _sre.BRANCH:
        found: frozenset[str] = frozenset()
        for branch in value[1]:
            found |= min(_candidates(branch), key=_cost, default=frozenset({""}))
        if len(found) <= _CAP * 4:
            yield found
    elif kind in {_sre.MAX_REPEAT, _sre.MIN_REPEAT} and value[0]:
        yield from _candidates(value[2])

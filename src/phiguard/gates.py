"""Gates: words of which one must stand in a text for a term to stand there; a text without them is not searched for it.

A gate is a set of words, written like those of a text in the form of `phiguard.keys.as_keyed`, or, with a ``*``, of the letters that a word begins
with (`STEMS` of them). ``0*`` says that a word holds some digit. Gates are derived from the terms themselves, and may let too much through, never too little.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from phiguard.keys import as_keyed, candidates, share, spaced, syntax

__all__ = ["DIGIT", "STEMS", "gate_of_forms", "gate_of_phrase", "gates_of_pattern", "stem_of"]

STEMS = (3, 5)
"""Letters of a word's beginning that gates may ask for."""
DIGIT = "0*"
_MOST = 600  # words in one gate
_USELESS = 0.8  # a gate that more texts than this share pass


def stem_of(letters: str) -> str | None:
    """The gate that every word beginning with ``letters`` passes, if they are enough.

    >>> stem_of("immunosuppress"), stem_of("ache"), stem_of("ab")
    ('immun*', 'ach*', None)
    """
    if len(letters) < STEMS[0]:
        return None
    return letters[: STEMS[1] if len(letters) >= STEMS[1] else STEMS[0]] + "*"


def gate_of_phrase(text: str, *, is_prefix: bool = False) -> str | None:
    """The word that stands wherever the phrase does; ``None`` if no single one can be named.

    >>> gate_of_phrase("side effects"), gate_of_phrase("side effect", is_prefix=True), gate_of_phrase("diab", is_prefix=True)
    ('side', 'side', 'dia*')
    """
    words = as_keyed(text.encode("utf-8", "replace")).decode().split()
    whole = words[:-1] if is_prefix else words
    if whole:
        return min(whole, key=share)
    # The last word may go on: it must begin with the text, and be ASCII up to there.
    return stem_of(text) if is_prefix and text.isascii() and text.isalnum() else None


def gate_of_forms(forms: Iterable[str]) -> frozenset[str]:
    """A gate for phrases of plain words."""
    return frozenset(min(as_keyed(form.encode()).decode().split(), key=share) for form in forms)


def gates_of_pattern(regex: str) -> tuple[frozenset[str], ...]:
    r"""Gates that every text passes in which ``regex`` matches, the narrowest first.

    >>> [sorted(gate) for gate in gates_of_pattern(r"\b(?:swimm|float)(?:ing)? (?:in|near) \d+ pools?\b")]
    [['pool', 'pools'], ['float', 'floating', 'swimm', 'swimming'], ['0*']]
    >>> gates_of_pattern(r"[A-Z]{2}-[A-Z]+")
    ()
    """
    nodes = syntax(regex)
    found: dict[frozenset[str], float] = {}
    for strings in candidates(nodes):
        gate = _gate(strings)
        if gate and len(gate) <= _MOST and (passed := sum(map(_share, gate))) < _USELESS:
            found[gate] = passed
    if any(map(_holds_digit, nodes)):
        found[frozenset({DIGIT})] = _share(DIGIT)
    return tuple(sorted(found, key=lambda gate: (found[gate], sorted(gate))))


def _gate(strings: Collection[str]) -> frozenset[str] | None:
    words = {_word(spaced(string)) for string in strings}
    return None if None in words else frozenset(word for word in words if word)


def _word(text: str) -> str | None:
    """The rarest whole word of a piece of keyed text, else the beginning of its last."""
    parts = text.split(" ")
    if whole := [word for word in parts[1:-1] if word]:
        return min(whole, key=share)
    return stem_of(parts[-1]) if len(parts) > 1 else None


def _share(gate: str) -> float:
    if gate == DIGIT:
        return 0.3
    if gate.endswith("*"):
        return 0.03 if len(gate) == STEMS[0] + 1 else 0.003
    return share(gate)


def _holds_digit(node: Any) -> bool:
    kind, value = node
    name = str(kind)
    if name == "IN":
        return all(map(_is_digits, value))
    if name == "LITERAL":
        return chr(value).isdigit() and chr(value).isascii()
    if name == "SUBPATTERN":
        return any(map(_holds_digit, value[-1]))
    if name == "BRANCH":
        return all(any(map(_holds_digit, branch)) for branch in value[1])
    return name in {"MAX_REPEAT", "MIN_REPEAT"} and value[0] > 0 and any(map(_holds_digit, value[2]))


def _is_digits(item: Sequence[Any]) -> bool:
    name = str(item[0])
    if name == "LITERAL":
        return "0" <= chr(item[1]) <= "9"
    if name == "RANGE":
        return chr(item[1][0]) >= "0" and chr(item[1][1]) <= "9"
    return name == "CATEGORY" and str(item[1]) == "CATEGORY_DIGIT"

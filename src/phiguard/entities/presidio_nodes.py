"""Regular expressions as nodes: what a recognizer's pattern matches, or somewhat more.

Look-arounds are left out, and characters beyond ASCII stand as kinds of them. Letters stand in lower case: triggers are looked for
whatever the case.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any, TypeAlias

import msgspec

# The standard library's own parser of regular expressions, under its names of Python 3.10 and of 3.11 and later.
_OLD = sys.version_info < (3, 11)
_parser: Any = importlib.import_module("sre_parse" if _OLD else "re._parser")
_sre: Any = importlib.import_module("sre_constants" if _OLD else "re._constants")

__all__ = [
    "ALL",
    "EDGE",
    "EMPTY",
    "LOWER",
    "WORD",
    "Alt",
    "Chars",
    "Edge",
    "Node",
    "Repeat",
    "Seq",
    "flat",
    "read",
    "width",
]

ALL = (1 << 128) - 1
_KNOWN_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE | re.UNICODE
_NOT_IN_RE = re.compile(r"\[\[:|\{[a-z]|\\[pPLN]|--|&&|\|\||~~", re.DOTALL)
"""What `regex` reads otherwise than the standard library: classes by name, fuzzy counts, set operations."""
_INLINE = re.compile(r"(?<!\\)\(\?([imsu]+)\)")
_LETTERS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "u": re.UNICODE}


class Chars(msgspec.Struct, frozen=True):
    """One character: those of ASCII as bits, and kinds of those beyond."""

    ascii: int
    beyond: frozenset[str] = frozenset()


class Seq(msgspec.Struct, frozen=True):
    """One after the other."""

    parts: tuple[Node, ...]


class Alt(msgspec.Struct, frozen=True):
    """One of these."""

    options: tuple[Node, ...]


class Repeat(msgspec.Struct, frozen=True):
    """So many times the same; ``None``: without end."""

    part: Node
    low: int
    high: int | None


class Edge(msgspec.Struct, frozen=True):
    """A word boundary."""


Node: TypeAlias = "Chars | Seq | Alt | Repeat | Edge"
EMPTY = Seq(())
EDGE = Edge()


def _bits(chars: Iterable[int]) -> int:
    return reduce(lambda found, char: found | 1 << char, chars, 0)


_DIGIT = _bits(range(48, 58))
_UPPER = _bits(range(65, 91))
LOWER = _bits(range(97, 123))
WORD = _DIGIT | _UPPER | LOWER | 1 << ord("_")
_SPACE = _bits([*range(9, 14), *range(28, 33)])
_FOLDED = _bits(map(ord, "iIkKsS"))
_CLASSES = {"DIGIT": (_DIGIT, "digit"), "WORD": (WORD, "any"), "SPACE": (_SPACE, "space")}


class _UnknownError(ValueError):
    """The pattern has something whose superset is not known."""


def read(pattern: str, flags: int) -> Seq | None:
    """What ``pattern`` matches, or more; ``None`` if it has something whose meaning is not known."""
    for found in _INLINE.findall(
        pattern
    ):  # wherever they stand, `regex` lets them hold for the whole pattern
        flags |= sum(int(_LETTERS[letter]) for letter in set(found))
    pattern = _INLINE.sub("", pattern)
    if flags & ~int(_KNOWN_FLAGS | 0x80) or _NOT_IN_RE.search(pattern):  # 0x80: what `regex` calls ASCII
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parsed = _parser.parse(pattern, flags & int(re.VERBOSE | re.IGNORECASE))
        return Seq(tuple(flat(_Reader(parsed.state.flags | flags).sequence(parsed, is_first=True))))
    except (_UnknownError, re.error, Warning, RecursionError, OverflowError):
        return None


class _Reader:
    """Turns what the parser found into nodes."""

    def __init__(self, flags: int) -> None:
        self.caseless = bool(flags & re.IGNORECASE)
        self.groups: dict[int, Node] = {}

    def sequence(self, items: Iterable[tuple[Any, Any]], *, is_first: bool = False) -> Seq:
        """``is_first``: nothing of the pattern stands before these items."""
        parts: list[Node] = []
        for code, value in items:
            part = self.node(str(code), value, is_first=is_first and not parts)
            parts += part.parts if isinstance(part, Seq) else [part]
        return Seq(tuple(parts))

    def node(self, code: str, value: Any, *, is_first: bool) -> Node:
        if code == "LITERAL":
            return self.chars(1 << value, frozenset()) if value < 128 else Chars(0, frozenset({"any"}))
        if code == "NOT_LITERAL":
            return self.chars(ALL & ~(1 << value if value < 128 else 0), frozenset({"any"}))
        if code == "ANY":
            return self.chars(ALL, frozenset({"any"}))
        if code == "IN":
            return self.one_of(value)
        if code == "BRANCH":
            return Alt(tuple(self.sequence(option, is_first=is_first) for option in value[1]))
        if code == "SUBPATTERN":
            return self.group(value, is_first=is_first)
        if code == "ATOMIC_GROUP":
            return self.sequence(value, is_first=is_first)
        if code in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            low, high, inner = value
            parts = self.sequence(inner).parts
            return Repeat(
                parts[0] if len(parts) == 1 else Seq(parts),
                low,
                None if high == _sre.MAXREPEAT else int(high),
            )
        if code == "ASSERT" and value[0] < 0 and is_first:
            return self.sequence(value[1])  # what must stand before: it is looked for as well
        if code in {"ASSERT", "ASSERT_NOT"}:
            return EMPTY
        if code == "AT":
            return EDGE if str(value) == "AT_BOUNDARY" else EMPTY
        if code == "GROUPREF" and value in self.groups:
            return self.groups[value]
        raise _UnknownError

    def group(self, value: Any, *, is_first: bool) -> Node:
        number, added, removed, inner = value
        before = self.caseless
        if added & re.VERBOSE or removed & re.VERBOSE:
            raise _UnknownError
        self.caseless = bool(added & re.IGNORECASE) or (before and not removed & re.IGNORECASE)
        found = self.sequence(inner, is_first=is_first)
        self.caseless = before
        if number is not None:
            self.groups[number] = found
        return found

    def one_of(self, items: Sequence[tuple[Any, Any]]) -> Node:
        found = 0
        beyond: set[str] = set()
        negated = False
        for code, value in items:
            name = str(code)
            if name == "NEGATE":
                negated = True
            elif name == "LITERAL":
                low = high = value
                found |= _bits(range(low, min(high, 127) + 1))
                beyond |= {"any"} if high > 127 else set()
            elif name == "RANGE":
                low, high = value
                found |= _bits(range(low, min(high, 127) + 1))
                beyond |= {"any"} if high > 127 else set()
            elif name == "CATEGORY":
                kind, _, which = str(value).removeprefix("CATEGORY_").rpartition("_")
                bits, other = _CLASSES[which]
                found |= ALL & ~bits if kind == "NOT" else bits
                beyond.add("any" if kind == "NOT" else other)
            else:
                raise _UnknownError
        if negated:
            return self.chars(ALL & ~found, frozenset({"any"}))
        return self.chars(found, frozenset(beyond))

    def chars(self, found: int, beyond: frozenset[str]) -> Chars:
        if self.caseless and found & _FOLDED:
            beyond |= {"fold"}
        if "any" in beyond:
            beyond = frozenset({"any"})
        # Triggers are looked for whatever the case: one of both is enough.
        return Chars(found & ~_UPPER | (found & _UPPER) << 32, beyond)


def width(node: Node) -> int:
    """The fewest characters that a match has."""
    if isinstance(node, Chars):
        return 1
    if isinstance(node, Seq):
        return sum(map(width, node.parts))
    if isinstance(node, Alt):
        return min(map(width, node.options))
    if isinstance(node, Repeat):
        return node.low * width(node.part)
    return 0


def flat(node: Node) -> Iterable[Node]:
    """The parts of ``node`` one after the other, none of them a `Seq`."""
    if isinstance(node, Seq):
        for part in node.parts:
            yield from flat(part)
    elif isinstance(node, Repeat) and node.low == node.high == 1:
        yield from flat(node.part)
    elif isinstance(node, Alt) and len(node.options) == 1:
        yield from flat(node.options[0])
    elif isinstance(node, Alt):
        yield Alt(tuple(Seq(tuple(flat(option))) for option in node.options))
    else:
        yield node

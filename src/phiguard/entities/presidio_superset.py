"""Patterns of recognizers as triggers: linear-time ASCII patterns of which one matches wherever the recognizer's does.

Python's ``\\b``, ``\\d`` and ``\\w`` know Unicode, and its patterns look around; an automaton over bytes does neither. So a trigger is a
superset: look-arounds are dropped, and a character beyond ASCII stands as its bytes. A trigger only answers whether a recognizer must be
asked, so what may vary at its ends is cut to the least that must stand there.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from collections.abc import Iterable, Sequence
from functools import partial, reduce
from typing import Any, NamedTuple, Union

# The standard library's own parser of regular expressions, under its names of Python 3.10 and of 3.11 and later.
_OLD = sys.version_info < (3, 11)
_parser: Any = importlib.import_module("sre_parse" if _OLD else "re._parser")
_sre: Any = importlib.import_module("sre_constants" if _OLD else "re._constants")

__all__ = ["DIGIT_BEYOND", "WIDE", "superset", "triggers_of"]

_ASCII = (1 << 128) - 1
_KNOWN_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE | re.UNICODE
_NOT_IN_RE = re.compile(r"\[\[:|\{[a-z]|\\[pPLN]|--|&&|\|\||~~", re.DOTALL)
"""What `regex` reads otherwise than the standard library: classes by name, fuzzy counts, set operations."""
_PROVEN = {
    # A letter after the boundary, and a digit further on in the same run: the look-aheads say so, the rest does not.
    r"\b(?=[A-Z0-9-]{6,20}\b)(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d)[A-Z]{1,5}-?[A-Z0-9]{5,14}\b": r"\b[A-Z][A-Z0-9-]*\d",
    # Four digits somewhere after it.
    r"\b((?=.*?[a-zA-Z])(?=.*?[0-9]{4})[\w@#$%^?~-]{10})\b": r"[0-9]{4}",
}
"""Patterns whose look-aheads say more than the rest of them, and what follows from these."""
_KEPT = 20  # repetitions up to this count stay as they are beside a word boundary

# Characters beyond ASCII, as bytes of UTF-8. The same patterns hold for an engine that reads code points: WIDE is every code point from
# U+0100 on there, and bytes that UTF-8 never has here.
WIDE = r"(?-i:[^\x00-\xbf\xc2-\xf4])"  # whatever the case, [^s] would leave out the long s
_NEXT = r"[^\x00-\x7f\xc0-\xff]"
_BEYOND = {
    "any": rf"(?-i:[^\x00-\x7f]){_NEXT}{{0,3}}",
    "digit": rf"{WIDE}|\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]|\xdf[\x80-\x89]|\xe0[\xa0-\xbf]|\xe1[\x80-\xb3]|\xea[\x80-\xaf]"
    r"|\xef\xbc[\x90-\x99]|\xf0(?:[\x90-\x9c\x9e]|\x9d\x9f|\x9f\xaf)",  # scripts that have digits, and wide, bold, segmented ones
    "fold": rf"{WIDE}|\xc4[\xb0\xb1]|\xc5\xbf|\xe2\x84\xaa",  # dotted and dotless i, long s, the kelvin sign
    "space": rf"(?-i:[^\x00-\x84\x86-\x9f\xa1-\xc1\xc3-\xe0\xe4-\xff]){_NEXT}{{0,2}}",
}
_RARE = ("digit", "fold")
"""Kinds so rare that a text with one of them is enough of a trigger: patterns without them stay small."""
DIGIT_BEYOND = _BEYOND["digit"]
"""Any digit beyond ASCII."""


class _Chars(NamedTuple):
    """One character: those of ASCII as bits, and kinds of those beyond."""

    ascii: int
    beyond: frozenset[str] = frozenset()


class _Seq(NamedTuple):
    parts: tuple[_Node, ...]


class _Alt(NamedTuple):
    options: tuple[_Node, ...]


class _Repeat(NamedTuple):
    part: _Node
    low: int
    high: int | None


class _Edge(NamedTuple):
    """A word boundary."""

    edge: str = r"\b"


_Node = Union[_Chars, _Seq, _Alt, _Repeat, _Edge]
_EMPTY = _Seq(())
_NEVER = _Chars(0)
_EDGE = _Edge()


def _bits(chars: Iterable[int]) -> int:
    return reduce(lambda found, char: found | 1 << char, chars, 0)


_DIGIT = _bits(range(48, 58))
_UPPER = _bits(range(65, 91))
_LOWER = _bits(range(97, 123))
_WORD = _DIGIT | _UPPER | _LOWER | 1 << ord("_")
_SPACE = _bits([*range(9, 14), *range(28, 33)])
_FOLDED = _bits(map(ord, "iIkKsS"))
_CLASSES = {"DIGIT": (_DIGIT, "digit"), "WORD": (_WORD, "any"), "SPACE": (_SPACE, "space")}


class _UnknownError(ValueError):
    """The pattern has something whose superset is not known."""


def triggers_of(patterns: Iterable[tuple[str, int]]) -> tuple[str, ...] | None:
    """Triggers for patterns, each with its flags; ``None`` if one of them has no trigger."""
    nodes: dict[_Seq, _Seq] = {}
    for pattern, flags in patterns:
        node = _read(_PROVEN.get(pattern, pattern), flags)
        if node is None:
            return None
        least = _least(node)
        if _width(least) == 0:
            return None
        nodes.setdefault(least, node)
    # A pattern that holds another trigger ("https?://" before it) needs none of its own.
    kept = [
        least
        for least, node in nodes.items()
        if not any(_holds(node, other) for other in nodes if other is not least)
    ]
    rare = {kind: None for kind in _RARE if any(map(partial(_has, kind), kept))}
    found = [_written(_edged(_plain(node))) for node in kept if _plain(node) is not _NEVER]
    return tuple(dict.fromkeys([*found, *(_BEYOND[kind] for kind in rare)]))


def superset(pattern: str, flags: int = 0) -> str | None:
    r"""A trigger for ``pattern``; ``None`` if there is none.

    >>> superset(r"(?<!\d)MRN-[0-9]{6,9}(?!\w)")
    'MRN\\-[0-9]{6}'
    """
    found = triggers_of([(pattern, flags)])
    return found[0] if found else None


def _read(pattern: str, flags: int) -> _Seq | None:
    if flags & ~int(_KNOWN_FLAGS | 0x80) or _NOT_IN_RE.search(pattern):  # 0x80: what `regex` calls ASCII
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parsed = _parser.parse(pattern, flags & int(re.VERBOSE | re.IGNORECASE))
        return _Seq(tuple(_flat(_Reader(parsed.state.flags | flags).sequence(parsed, is_first=True))))
    except (_UnknownError, re.error, Warning, RecursionError, OverflowError):
        return None


class _Reader:
    """Turns what the parser found into nodes."""

    def __init__(self, flags: int) -> None:
        self.caseless = bool(flags & re.IGNORECASE)
        self.groups: dict[int, _Node] = {}

    def sequence(self, items: Iterable[tuple[Any, Any]], *, is_first: bool = False) -> _Seq:
        """``is_first``: nothing of the pattern stands before these items."""
        parts: list[_Node] = []
        for code, value in items:
            part = self.node(str(code), value, is_first=is_first and not parts)
            parts += part.parts if isinstance(part, _Seq) else [part]
        return _Seq(tuple(parts))

    def node(self, code: str, value: Any, *, is_first: bool) -> _Node:
        if code == "LITERAL":
            return self.chars(1 << value, frozenset()) if value < 128 else _Chars(0, frozenset({"any"}))
        if code == "NOT_LITERAL":
            return self.chars(_ASCII & ~(1 << value if value < 128 else 0), frozenset({"any"}))
        if code == "ANY":
            return self.chars(_ASCII, frozenset({"any"}))
        if code == "IN":
            return self.one_of(value)
        if code == "BRANCH":
            return _Alt(tuple(self.sequence(option, is_first=is_first) for option in value[1]))
        if code == "SUBPATTERN":
            return self.group(value, is_first=is_first)
        if code == "ATOMIC_GROUP":
            return self.sequence(value, is_first=is_first)
        if code in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            low, high, inner = value
            part = self.sequence(inner)
            if isinstance(part, _Seq) and len(part.parts) == 1:
                part = part.parts[0]
            return _Repeat(part, low, None if high == _sre.MAXREPEAT else int(high))
        if code == "ASSERT" and value[0] < 0 and is_first:
            return self.sequence(value[1])  # what must stand before: it is looked for as well
        if code in {"ASSERT", "ASSERT_NOT"}:
            return _EMPTY
        if code == "AT":
            return _EDGE if str(value) == "AT_BOUNDARY" else _EMPTY
        if code == "GROUPREF" and value in self.groups:
            return self.groups[value]
        raise _UnknownError

    def group(self, value: Any, *, is_first: bool) -> _Node:
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

    def one_of(self, items: Sequence[tuple[Any, Any]]) -> _Node:
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
                found |= _ASCII & ~bits if kind == "NOT" else bits
                beyond.add("any" if kind == "NOT" else other)
            else:
                raise _UnknownError
        if negated:
            return self.chars(_ASCII & ~found, frozenset({"any"}))
        return self.chars(found, frozenset(beyond))

    def chars(self, found: int, beyond: frozenset[str]) -> _Chars:
        if self.caseless and found & _FOLDED:
            beyond |= {"fold"}
        if "any" in beyond:
            beyond = frozenset({"any"})
        # Triggers are looked for whatever the case: one of both is enough.
        return _Chars(found & ~_UPPER | (found & _UPPER) << 32, beyond)


def _width(node: _Node) -> int:
    """The fewest characters that a match has."""
    if isinstance(node, _Chars):
        return 1
    if isinstance(node, _Seq):
        return sum(map(_width, node.parts))
    if isinstance(node, _Alt):
        return min(map(_width, node.options))
    if isinstance(node, _Repeat):
        return node.low * _width(node.part)
    return 0


def _least(node: _Seq) -> _Seq:
    """What must stand in a text for ``node`` to match: what may be missing at the ends, or go on, is cut."""
    parts = _cut(list(_flat(node)))
    mirrored = _mirrored(_Seq(tuple(parts)))
    return _Seq(_mirrored(_Seq(tuple(_cut(list(_flat(mirrored)))))).parts)


def _flat(node: _Node) -> Iterable[_Node]:
    if isinstance(node, _Seq):
        for part in node.parts:
            yield from _flat(part)
    elif isinstance(node, _Repeat) and node.low == node.high == 1:
        yield from _flat(node.part)
    elif isinstance(node, _Alt) and len(node.options) == 1:
        yield from _flat(node.options[0])
    elif isinstance(node, _Alt):
        yield _Alt(tuple(_Seq(tuple(_flat(option))) for option in node.options))
    else:
        yield node


def _mirrored(node: _Node) -> Any:
    if isinstance(node, _Seq):
        return _Seq(tuple(_mirrored(part) for part in reversed(node.parts)))
    if isinstance(node, _Alt):
        return _Alt(tuple(map(_mirrored, node.options)))
    if isinstance(node, _Repeat):
        return _Repeat(_mirrored(node.part), node.low, node.high)
    return node


def _cut(parts: list[_Node]) -> list[_Node]:
    """``parts`` with as little at their beginning as must stand there."""
    while parts:
        first = parts[0]
        if isinstance(first, _Edge):
            if len(parts) > 1 and _keeps_edge(parts[1]):
                return parts
            parts = parts[1:]
        elif _width(first) == 0:
            parts = parts[1:]
        elif isinstance(first, _Repeat):
            if first.low > 1:
                return [_Repeat(first.part, first.low, first.low), *parts[1:]]
            parts = [*_flat(first.part), *parts[1:]]
        elif isinstance(first, _Alt):
            options = tuple(dict.fromkeys(_Seq(tuple(_cut(list(option.parts)))) for option in first.options))
            return [*_flat(_Alt(tuple(_without_longer(options)))), *parts[1:]]
        else:
            return parts
    return parts


def _keeps_edge(node: _Node) -> bool:
    """Whether a word boundary before ``node`` is worth keeping all that may follow it."""
    return _width(node) > 0 and _is_short(node)


def _is_short(node: _Node) -> bool:
    if isinstance(node, _Repeat):
        return node.high is not None and node.high <= _KEPT and _is_short(node.part)
    if isinstance(node, _Alt):
        return all(map(_is_short, node.options))
    return not isinstance(node, _Seq) or all(map(_is_short, node.parts))


def _without_longer(options: Sequence[_Seq]) -> Iterable[_Seq]:
    """Options that do not end with another one: nothing stands before them."""
    known = {option.parts for option in options}
    for option in options:
        if not any(option.parts[at:] in known for at in range(1, len(option.parts))):
            yield option


def _holds(node: _Seq, other: _Seq) -> bool:
    """Whether ``other`` is what must stand in a text for some parts of ``node`` to match."""
    size = len(node.parts)
    windows = (node.parts[start:end] for start in range(size) for end in range(start + 1, size + 1))
    width = _width(other)
    return any(_width(_Seq(window)) == width and _least(_Seq(window)) == other for window in windows)


def _has(kind: str, node: _Node) -> bool:
    if isinstance(node, _Chars):
        return kind in node.beyond
    if isinstance(node, _Seq):
        return any(_has(kind, part) for part in node.parts)
    if isinstance(node, _Alt):
        return any(_has(kind, option) for option in node.options)
    return isinstance(node, _Repeat) and _has(kind, node.part)


def _plain(node: _Node) -> _Node:
    """``node`` without the characters of rare kinds, which have triggers of their own; `_NEVER` if nothing is left."""
    if isinstance(node, _Chars):
        return _Chars(node.ascii, node.beyond.difference(_RARE))
    if isinstance(node, _Seq):
        parts = tuple(map(_plain, node.parts))
        return _NEVER if _NEVER in parts else _Seq(parts)
    if isinstance(node, _Alt):
        options = tuple(option for option in map(_plain, node.options) if option != _NEVER)
        return _Alt(options) if options else _NEVER
    if isinstance(node, _Repeat):
        part = _plain(node.part)
        if part == _NEVER:
            return _NEVER if node.low else _EMPTY
        return _Repeat(part, node.low, node.high)
    return node


def _edged(node: _Node) -> _Node:
    """``node`` with its word boundaries where bytes can tell them: beside a letter, digit or underscore of ASCII."""
    if isinstance(node, _Alt):
        return _Alt(tuple(map(_edged, node.options)))
    if isinstance(node, _Repeat):
        return _Repeat(_edged(node.part), node.low, node.high)
    if not isinstance(node, _Seq):
        return node
    parts: list[_Node] = []
    pending = False
    for part in node.parts:
        if isinstance(part, _Edge):
            pending = True
            continue
        inner = _edged(part)
        if pending:
            begun = _begun(inner)
            if begun is None and parts and (ended := _begun(_mirrored(parts[-1]))) is not None:
                parts[-1] = _mirrored(ended)
            inner = inner if begun is None else begun
            pending = False
        parts.append(inner)
    if pending and parts and (ended := _begun(_mirrored(parts[-1]))) is not None:
        parts[-1] = _mirrored(ended)
    return _Seq(tuple(parts))


def _begun(node: _Node) -> _Node | None:
    """``node`` after a word boundary; ``None`` if bytes cannot tell one there."""
    if _is_plain_word(node):
        return _Seq((_EDGE, node))
    if isinstance(node, _Chars):
        if not node.ascii & _WORD:
            return None
        within = _Seq((_EDGE, _Chars(node.ascii & _WORD)))
        others = _Chars(node.ascii & ~_WORD, node.beyond)
        return _Alt((within, others)) if others.ascii or others.beyond else within
    if isinstance(node, _Repeat) and node.low:
        first = _begun(node.part)
        high = None if node.high is None else node.high - 1
        return None if first is None else _Seq((first, _Repeat(node.part, node.low - 1, high)))
    if isinstance(node, _Alt):
        return _Alt(tuple(option if (begun := _begun(option)) is None else begun for option in node.options))
    if isinstance(node, _Seq) and node.parts and not isinstance(node.parts[0], _Edge):
        first = _begun(node.parts[0])
        return None if first is None else _Seq((first, *node.parts[1:]))
    return None


def _is_plain_word(node: _Node) -> bool:
    """Whether ``node`` begins with a letter, digit or underscore of ASCII, whatever it matches."""
    if isinstance(node, _Chars):
        return bool(node.ascii) and not node.beyond and not node.ascii & ~_WORD
    if isinstance(node, _Seq):
        return bool(node.parts) and _is_plain_word(node.parts[0])
    if isinstance(node, _Alt):
        return all(map(_is_plain_word, node.options))
    return isinstance(node, _Repeat) and node.low > 0 and _is_plain_word(node.part)


def _written(node: _Node) -> str:
    if isinstance(node, _Edge):
        return r"\b"
    if isinstance(node, _Chars):
        return _one(node)
    if isinstance(node, _Seq):
        return "".join(map(_written, node.parts))
    if isinstance(node, _Alt):
        options = list(dict.fromkeys(map(_written, _factored([list(_flat(one)) for one in node.options]))))
        return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"
    if node.high == 0:
        return ""
    part = node.part
    if isinstance(part, _Chars) and "any" in part.beyond and node.high is None and node.low < 2:
        return _one_byte(part) + ("+" if node.low else "*")
    count = (
        f"{{{node.low}}}"
        if node.low == node.high
        else f"{{{node.low},{'' if node.high is None else node.high}}}"
    )
    count = {"{1}": "", "{0,}": "*", "{1,}": "+", "{0,1}": "?"}.get(count, count)
    inner = _written(part)
    return inner + count if isinstance(part, _Chars) or not count else f"(?:{inner}){count}"


def _factored(options: list[list[_Node]]) -> list[_Node]:
    """Options with what they share at their beginning written once."""
    groups: dict[_Node, list[list[_Node]]] = {}
    for option in options:
        groups.setdefault(option[0] if option else _EMPTY, []).append(option[1:])
    single = [first for first, rests in groups.items() if rests == [[]] and isinstance(first, _Chars)]
    found: list[_Node] = []
    if len(single) > 1:
        bits = reduce(lambda all_, one: all_ | one.ascii, single, 0)
        found.append(_Chars(bits, frozenset().union(*(one.beyond for one in single))))
    counts: dict[_Node, list[_Repeat]] = {}
    for first, rests in groups.items():
        if len(single) > 1 and first in single:
            continue
        if rests == [[]] and isinstance(first, _Repeat) and first.high is not None:
            if first.part not in counts:
                found.append(first.part)
            counts.setdefault(first.part, []).append(first)
            continue
        if len(rests) == 1 or [] in rests:
            found += [_Seq((first, *rest)) for rest in rests]
        else:
            found.append(_Seq((first, _Alt(tuple(_Seq(tuple(rest)) for rest in rests)))))
    return [one for part in found for one in (_joined(counts[part]) if part in counts else [part])]


def _joined(repeats: Sequence[_Repeat]) -> list[_Node]:
    """Counts of one part that overlap or meet, as one."""
    found: list[_Repeat] = []
    for one in sorted(repeats, key=lambda repeat: repeat.low):
        last = found[-1] if found else None
        if last is not None and last.high is not None and one.high is not None and one.low <= last.high + 1:
            found[-1] = _Repeat(last.part, last.low, max(last.high, one.high))
        else:
            found.append(one)
    return list(found)


def _one(chars: _Chars) -> str:
    options = [rf"{_BEYOND[kind]}" for kind in sorted(chars.beyond)]
    if chars.ascii:
        options.insert(0, _class(chars.ascii))
    return options[0] if len(options) == 1 and chars.ascii else f"(?:{'|'.join(options)})"


def _one_byte(chars: _Chars) -> str:
    """One character, or one byte of one beyond ASCII."""
    both = chars.ascii | (chars.ascii & _LOWER) >> 32  # leaving a letter out would leave out both cases
    left_out = _ASCII & ~both
    return f"(?-i:[^{_ranges(left_out)}])" if left_out else r"(?:[\x00-\x7f]|[^\x00-\x7f])"


def _class(bits: int) -> str:
    chars = [char for char in range(128) if bits >> char & 1]
    return _char(chars[0]) if len(chars) == 1 else f"[{_ranges(bits)}]"


def _ranges(bits: int) -> str:
    found = ""
    start = 0
    while start < 128:
        if not bits >> start & 1:
            start += 1
            continue
        end = start
        while end < 127 and bits >> (end + 1) & 1:
            end += 1
        found += _char(start) if start == end else f"{_char(start)}-{_char(end)}"
        start = end + 1
    return found


def _char(char: int) -> str:
    shown = chr(char)
    if shown.isalnum() or shown in " _,:;=@%&\"'!<>~`":
        return shown
    return f"\\{shown}" if 32 < char < 127 and shown != "/" else "/" if shown == "/" else f"\\x{char:02x}"

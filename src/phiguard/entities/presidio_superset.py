r"""Patterns of recognizers as triggers: linear-time ASCII patterns of which one matches wherever the recognizer's does.

Python's ``\b``, ``\d`` and ``\w`` know Unicode, and its patterns look around; the engine does neither. So a trigger is a superset. It only
answers whether a recognizer must be asked, and what may vary at its ends is cut to the least that must stand there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial, reduce

from phiguard.entities.presidio_nodes import (
    ALL,
    EDGE,
    EMPTY,
    LOWER,
    WORD,
    Alt,
    Chars,
    Edge,
    Node,
    Repeat,
    Seq,
    flat,
    read,
    width,
)

__all__ = ["DIGIT_BEYOND", "superset", "triggers_of"]

_PROVEN = {
    # A letter after the boundary, and a digit further on in the same run: the look-aheads say so, the rest does not.
    r"\b(?=[A-Z0-9-]{6,20}\b)(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d)[A-Z]{1,5}-?[A-Z0-9]{5,14}\b": r"\b[A-Z][A-Z0-9-]*\d",
    # Four digits somewhere after it.
    r"\b((?=.*?[a-zA-Z])(?=.*?[0-9]{4})[\w@#$%^?~-]{10})\b": r"[0-9]{4}",
}
"""Patterns whose look-aheads say more than the rest of them, and what follows from these."""
_KEPT = 20  # repetitions up to this count stay as they are beside a word boundary

_BEYOND = {
    "digit": r"[^\P{Nd}0-9]|[\x{10000}-\x{1efff}\x{1fbf0}-\x{1fbf9}]",  # and what a newer Unicode may call a digit
    "fold": r"(?-i:[\x{130}\x{131}\x{17f}\x{212a}])",  # dotted and dotless i, long s, the kelvin sign
    "space": r"(?-i:[^\x00-\x84\x86-\x9f\xa1-\xff])",  # those below U+0100, and any character from there on
}
"""Characters beyond ASCII, in ASCII. What stands inside of triggers is read by Python too, which knows no code points in braces."""
_RARE = ("digit", "fold")
"""Kinds so rare that a text with one of them is enough of a trigger: patterns without them stay small."""
DIGIT_BEYOND = _BEYOND["digit"]
"""Any digit beyond ASCII."""
_NEVER = Chars(0)


def triggers_of(patterns: Iterable[tuple[str, int]]) -> tuple[str, ...] | None:
    """Triggers for patterns, each with its flags; ``None`` if one of them has no trigger."""
    nodes: dict[Seq, Seq] = {}
    for pattern, flags in patterns:
        node = read(_PROVEN.get(pattern, pattern), flags)
        if node is None:
            return None
        least = _least(node)
        if width(least) == 0:
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
    'mrn\\-[0-9]{6}'
    """
    found = triggers_of([(pattern, flags)])
    return found[0] if found else None


def _least(node: Seq) -> Seq:
    """What must stand in a text for ``node`` to match: what may be missing at the ends, or go on, is cut."""
    return _turned(_begun_late(_turned(_begun_late(node))))


def _begun_late(node: Seq) -> Seq:
    return Seq(tuple(_cut(list(flat(node)))))


def _turned(node: Seq) -> Seq:
    return Seq(tuple(_mirrored(part) for part in reversed(node.parts)))


def _mirrored(node: Node) -> Node:
    if isinstance(node, Seq):
        return _turned(node)
    if isinstance(node, Alt):
        return Alt(tuple(map(_mirrored, node.options)))
    if isinstance(node, Repeat):
        return Repeat(_mirrored(node.part), node.low, node.high)
    return node


def _cut(parts: list[Node]) -> list[Node]:
    """``parts`` with as little at their beginning as must stand there."""
    while parts:
        first = parts[0]
        if isinstance(first, Edge):
            if len(parts) > 1 and _keeps_edge(parts[1]):
                return parts
            parts = parts[1:]
        elif width(first) == 0:
            parts = parts[1:]
        elif isinstance(first, Repeat):
            if first.low > 1:
                return [Repeat(first.part, first.low, first.low), *parts[1:]]
            parts = [*flat(first.part), *parts[1:]]
        elif isinstance(first, Alt):
            options = tuple(dict.fromkeys(Seq(tuple(_cut(list(flat(option))))) for option in first.options))
            return [*flat(Alt(tuple(_without_longer(options)))), *parts[1:]]
        else:
            return parts
    return parts


def _keeps_edge(node: Node) -> bool:
    """Whether a word boundary before ``node`` is worth keeping all that may follow it."""
    return width(node) > 0 and _is_short(node)


def _is_short(node: Node) -> bool:
    if isinstance(node, Repeat):
        return node.high is not None and node.high <= _KEPT and _is_short(node.part)
    if isinstance(node, Alt):
        return all(map(_is_short, node.options))
    return not isinstance(node, Seq) or all(map(_is_short, node.parts))


def _without_longer(options: Sequence[Seq]) -> Iterable[Seq]:
    """Options that do not end with another one: nothing stands before them."""
    known = {option.parts for option in options}
    for option in options:
        if not any(option.parts[at:] in known for at in range(1, len(option.parts))):
            yield option


def _holds(node: Seq, other: Seq) -> bool:
    """Whether ``other`` is what must stand in a text for some parts of ``node`` to match."""
    size = len(node.parts)
    windows = (node.parts[start:end] for start in range(size) for end in range(start + 1, size + 1))
    least = width(other)
    return any(width(Seq(window)) == least and _least(Seq(window)) == other for window in windows)


def _has(kind: str, node: Node) -> bool:
    if isinstance(node, Chars):
        return kind in node.beyond
    if isinstance(node, Seq):
        return any(_has(kind, part) for part in node.parts)
    if isinstance(node, Alt):
        return any(_has(kind, option) for option in node.options)
    return isinstance(node, Repeat) and _has(kind, node.part)


def _plain(node: Node) -> Node:
    """``node`` without the characters of rare kinds, which have triggers of their own; `_NEVER` if nothing is left."""
    if isinstance(node, Chars):
        return Chars(node.ascii, node.beyond.difference(_RARE))
    if isinstance(node, Seq):
        parts = tuple(map(_plain, node.parts))
        return _NEVER if _NEVER in parts else Seq(parts)
    if isinstance(node, Alt):
        options = tuple(option for option in map(_plain, node.options) if option != _NEVER)
        return Alt(options) if options else _NEVER
    if isinstance(node, Repeat):
        part = _plain(node.part)
        if part == _NEVER:
            return _NEVER if node.low else EMPTY
        return Repeat(part, node.low, node.high)
    return node


def _edged(node: Node) -> Node:
    """``node`` with its word boundaries where the engine can tell them: beside a letter, digit or underscore of ASCII."""
    if isinstance(node, Alt):
        return Alt(tuple(map(_edged, node.options)))
    if isinstance(node, Repeat):
        return Repeat(_edged(node.part), node.low, node.high)
    if not isinstance(node, Seq):
        return node
    parts: list[Node] = []
    pending = False
    for part in node.parts:
        if isinstance(part, Edge):
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
    return Seq(tuple(parts))


def _begun(node: Node) -> Node | None:
    """``node`` after a word boundary; ``None`` if the engine cannot tell one there."""
    if _is_plain_word(node):
        return Seq((EDGE, node))
    if isinstance(node, Chars):
        if not node.ascii & WORD:
            return None
        within = Seq((EDGE, Chars(node.ascii & WORD)))
        others = Chars(node.ascii & ~WORD, node.beyond)
        return Alt((within, others)) if others.ascii or others.beyond else within
    if isinstance(node, Repeat) and node.low:
        first = _begun(node.part)
        high = None if node.high is None else node.high - 1
        return None if first is None else Seq((first, Repeat(node.part, node.low - 1, high)))
    if isinstance(node, Alt):
        return Alt(tuple(option if (begun := _begun(option)) is None else begun for option in node.options))
    if isinstance(node, Seq) and node.parts and not isinstance(node.parts[0], Edge):
        first = _begun(node.parts[0])
        return None if first is None else Seq((first, *node.parts[1:]))
    return None


def _is_plain_word(node: Node) -> bool:
    """Whether ``node`` begins with a letter, digit or underscore of ASCII, whatever it matches."""
    if isinstance(node, Chars):
        return bool(node.ascii) and not node.beyond and not node.ascii & ~WORD
    if isinstance(node, Seq):
        return bool(node.parts) and _is_plain_word(node.parts[0])
    if isinstance(node, Alt):
        return all(map(_is_plain_word, node.options))
    return isinstance(node, Repeat) and node.low > 0 and _is_plain_word(node.part)


def _written(node: Node) -> str:
    if isinstance(node, Edge):
        return r"\b"
    if isinstance(node, Chars):
        return _one(node)
    if isinstance(node, Seq):
        return "".join(map(_written, node.parts))
    if isinstance(node, Alt):
        options = list(dict.fromkeys(map(_written, _factored([list(flat(one)) for one in node.options]))))
        return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"
    if node.high == 0:
        return ""
    part = node.part
    count = (
        f"{{{node.low}}}"
        if node.low == node.high
        else f"{{{node.low},{'' if node.high is None else node.high}}}"
    )
    count = {"{1}": "", "{0,}": "*", "{1,}": "+", "{0,1}": "?"}.get(count, count)
    inner = _written(part)
    return inner + count if isinstance(part, Chars) or not count else f"(?:{inner}){count}"


def _factored(options: list[list[Node]]) -> list[Node]:
    """Options with what they share at their beginning written once."""
    groups: dict[Node, list[list[Node]]] = {}
    for option in options:
        groups.setdefault(option[0] if option else EMPTY, []).append(option[1:])
    single = [first for first, rests in groups.items() if rests == [[]] and isinstance(first, Chars)]
    found: list[Node] = []
    if len(single) > 1:
        bits = reduce(lambda all_, one: all_ | one.ascii, single, 0)
        found.append(Chars(bits, frozenset().union(*(one.beyond for one in single))))
    counts: dict[Node, list[Repeat]] = {}
    for first, rests in groups.items():
        if len(single) > 1 and first in single:
            continue
        if rests == [[]] and isinstance(first, Repeat) and first.high is not None:
            if first.part not in counts:
                found.append(first.part)
            counts.setdefault(first.part, []).append(first)
            continue
        if len(rests) == 1 or [] in rests:
            found += [Seq((first, *rest)) for rest in rests]
        else:
            found.append(Seq((first, Alt(tuple(Seq(tuple(rest)) for rest in rests)))))
    return [one for part in found for one in (_joined(counts[part]) if part in counts else [part])]


def _joined(repeats: Sequence[Repeat]) -> list[Node]:
    """Counts of one part that overlap or meet, as one."""
    found: list[Repeat] = []
    for one in sorted(repeats, key=lambda repeat: repeat.low):
        last = found[-1] if found else None
        if last is not None and last.high is not None and one.high is not None and one.low <= last.high + 1:
            found[-1] = Repeat(last.part, last.low, max(last.high, one.high))
        else:
            found.append(one)
    return list(found)


def _one(chars: Chars) -> str:
    if "any" in chars.beyond:
        both = chars.ascii | (chars.ascii & LOWER) >> 32  # leaving a letter out would leave out both cases
        return f"(?-i:[^{_ranges(ALL & ~both)}])" if ALL & ~both else r"(?s:.)"
    options = [_BEYOND[kind] for kind in sorted(chars.beyond)]
    if chars.ascii:
        options.insert(0, _class(chars.ascii))
    return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"


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

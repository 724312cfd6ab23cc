"""The entries of a JSON file one by one, whatever its size: the list that holds them is never loaded whole."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from phiguard.readers.plain import NOT_TEXT
from phiguard.readers.stream import LONGEST_LINE

__all__ = ["CUT_OFF", "REST_LOST", "Keys", "Piece", "pieces"]

Keys = tuple[str, ...]

CUT_OFF = "the file breaks off here: what came after is missing, so get the export again"
REST_LOST = "is not JSON; the rest of the file was not read"

_CHUNK = 1 << 18
_NEAR_END = 1 << 12
_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[\s,;\x1e\ufeff]*")
# `window.YTD.tweets.part0 = ` and its like
_ASSIGNED = re.compile(r"""(?:(?:var|let|const)\s+)?[A-Za-z_$][\w$.\[\]'"]{0,200}\s*=\s*""")
_LONGEST_NAME = 512
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},"]', re.DOTALL)
_PROBE = 1 << 16


class Piece(msgspec.Struct, frozen=True):
    """One entry: the keys of the list that holds it, its value and line; or what is wrong with it."""

    keys: Keys
    value: Any
    line: int
    fault: str = ""


class _BrokenError(Exception):
    """What stands here is no JSON value; ``cut``: because the file ends."""

    def __init__(self, *, cut: bool) -> None:
        super().__init__()
        self.cut = cut


class _Window:
    """The part of a file that is being read, as text, with the line of its next character."""

    def __init__(self, stream: BinaryIO) -> None:
        start = stream.read(_CHUNK)
        name = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        self._stream, self._decoder = stream, codecs.getincrementaldecoder(name)("surrogateescape")
        self.text, self.at, self.line = self._decoder.decode(start), 0, 1
        self.is_ended = False
        self.has_odd_bytes = NOT_TEXT.search(self.text) is not None
        self.was_odd = False

    def more(self) -> bool:
        """Reads on, as much again as is held; ``False`` at the end, or when one entry is too long."""
        held = len(self.text) - self.at
        if self.is_ended or held > LONGEST_LINE:
            return False
        content = self._stream.read(max(_CHUNK, held))
        self.is_ended = not content
        text = self._decoder.decode(content, final=self.is_ended)
        self.has_odd_bytes = self.has_odd_bytes or NOT_TEXT.search(text) is not None
        self.text, self.at = self.text[self.at :] + text, 0
        return not self.is_ended or bool(text)

    def advance(self, to: int) -> None:
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def peek(self) -> str:
        """The next character that is no space, comma or semicolon; empty at the end."""
        while True:
            found = _SPACE.match(self.text, self.at)
            self.advance(found.end() if found else self.at)
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more() and self.at >= len(self.text):
                return ""

    def value(self) -> Any:
        """The value that begins here. Raises `_BrokenError`."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                is_open = error.msg.startswith("Unterminated") or error.pos > len(self.text) - _NEAR_END
                if is_open and self.more():
                    continue
                raise _BrokenError(cut=is_open and self.is_ended) from None
            except (ValueError, RecursionError):
                raise _BrokenError(cut=False) from None
            if end == len(self.text) and self.more():  # a number may go on
                continue
            self.was_odd = self.has_odd_bytes and NOT_TEXT.search(self.text, self.at, end) is not None
            self.advance(end)
            return value

    def skip_broken(self) -> bool:
        """Goes to the end of what stands here, by its brackets; ``False`` if that is not to be found."""
        depth, place = 0, self.at
        while True:
            found = _TOKEN.search(self.text, place)
            mark = found[0] if found else ""
            if mark in {"", '"'}:  # nothing more, or a string without an end
                if not self.more():
                    return False
                depth, place = 0, self.at
                continue
            assert found is not None  # noqa: S101  one was found
            place = found.end()
            if mark in "[{":
                depth += 1
            elif mark in "]}":
                depth -= 1
                if depth < 0:  # the end of the list; another bracket would be none of ours
                    self.advance(found.start())
                    return mark == "]"
                if depth == 0:
                    self.advance(place)
                    return True
            elif mark == "," and depth == 0:
                self.advance(found.start())
                return True


def pieces(stream: BinaryIO, into: frozenset[Keys], *, also: frozenset[str] = frozenset()) -> Iterator[Piece]:
    """The entries of one or more JSON documents, which may follow an assignment (JavaScript) or stand one a line.

    An entry is an element of a list at the top, an element of a list that ``into`` leads to, or a whole
    document without any of these. Members of the top object that ``also`` names come as pieces of their own.
    What is not JSON costs one entry, if its end can be found, or else the rest of the file.
    """
    window = _Window(stream)
    is_long: bool | None = None
    heads = frozenset(keys[0] for keys in into)
    probe = re.compile(rf'(?<!\\)"(?:{"|".join(map(re.escape, sorted(heads))) or "$^"})"\s*:\s*[\[{{]')
    try:
        while first := window.peek():
            line = window.line
            if first == "[":
                yield from _elements(window, (), into, also)
            elif first != "{":
                _pass_assignment(window)
            else:
                if (
                    is_long is None
                ):  # asked of the first object alone: of each of a dump, it would cost more than all else
                    is_long = _holds(window, probe)
                if is_long:
                    yield from _members(window, (), into, also)
                    continue
                value = window.value()
                if window.was_odd:
                    yield Piece((), None, line, "is not UTF-8")
                else:
                    yield from _spread(value, line, into, also)
    except _BrokenError as broken:
        yield Piece((), None, window.line, CUT_OFF if broken.cut else REST_LOST)


def _holds(window: _Window, probe: re.Pattern[str]) -> bool:
    """Whether a list that is looked for begins soon in the object here; one that begins later is decoded whole with it."""
    while len(window.text) - window.at < _PROBE and window.more():
        pass
    return probe.search(window.text, window.at, window.at + _PROBE) is not None


def _pass_assignment(window: _Window) -> None:
    """Goes past ``window.YTD.tweets.part0 =`` and its like, to the value."""
    while len(window.text) - window.at < _LONGEST_NAME and window.more():
        pass
    found = _ASSIGNED.match(window.text, window.at)
    if found is None:
        raise _BrokenError(cut=False)
    window.advance(found.end())
    if window.peek() not in ("[", "{"):
        raise _BrokenError(cut=not window.peek())


def _elements(window: _Window, keys: Keys, into: frozenset[Keys], also: frozenset[str]) -> Iterator[Piece]:
    window.advance(window.at + 1)
    while True:
        first, line = window.peek(), window.line
        if first == "]":
            window.advance(window.at + 1)
            return
        if not first:
            raise _BrokenError(cut=True)
        try:
            value = window.value()
        except _BrokenError:
            if not window.skip_broken():
                raise _BrokenError(cut=window.is_ended) from None
            yield Piece(keys, None, line, "is not JSON")
            continue
        if window.was_odd:
            yield Piece(keys, None, line, "is not UTF-8")
        elif keys:
            yield Piece(keys, value, line)
        else:
            yield from _spread(value, line, into, also)


def _spread(value: Any, line: int, into: frozenset[Keys], also: frozenset[str]) -> Iterator[Piece]:
    """A value at the top: an entry, or a page or list of them."""
    if isinstance(value, list):
        for item in value:
            yield from _spread(item, line, into, also)
        return
    is_page = False
    for keys in sorted(into):
        found = value
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, list):
            is_page = True
            for item in found:
                yield Piece(keys, item, line)
    if not is_page:
        yield Piece((), value, line)
        return
    for name in sorted(also & value.keys()):
        yield Piece((name,), value[name], line)


def _members(window: _Window, keys: Keys, into: frozenset[Keys], also: frozenset[str]) -> Iterator[Piece]:
    window.advance(window.at + 1)
    rest: dict[str, Any] = {}
    line, is_page = window.line, False
    while (first := window.peek()) != "}":
        if first != '"':
            raise _BrokenError(cut=not first)
        key = window.value()
        if window.peek() != ":":
            raise _BrokenError(cut=not window.peek())
        window.advance(window.at + 1)
        path, first = (*keys, key), window.peek()
        if path in into and first == "[":
            is_page = True
            yield from _elements(window, path, into, also)
        elif first == "{" and any(other[: len(path)] == path and other != path for other in into):
            is_page = True
            yield from _members(window, path, into, frozenset())
        else:
            rest[key] = window.value()
    window.advance(window.at + 1)
    for name in sorted(also & rest.keys()):
        yield Piece((name,), rest[name], line)
    if not keys and not is_page:
        yield Piece((), rest, line)

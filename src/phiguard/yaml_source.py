"""YAML read so that a fault can be told by its line: values, their places, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

__all__ = ["Fault", "Place", "SourceError", "find_faults", "read_yaml"]

_QUOTES = frozenset("'\"|>")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_MOST_NODES = 200_000  # aliases can make a small file huge
_MOST_CHARACTERS = 4_000_000
_MOST_LISTED = 20  # of more values, only the nearest is told
_SAFE_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,59}")
_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
)


class Place(msgspec.Struct, gc=False):
    """Where a value stands in its file, and the places of what it holds."""

    line: int
    children: dict[str | int, Place] = {}


class Fault(msgspec.Struct, frozen=True, order=True):
    """What is wrong, and where. It holds field names and lines, never a value."""

    line: int
    path: str
    text: str

    def __str__(self) -> str:
        """Return ``field: what is wrong``, to be put after file and line."""
        return f"{self.path}: {self.text}" if self.path else self.text


class SourceError(Exception):
    """The file cannot be read as YAML."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(faults)


def read_yaml(data: bytes) -> tuple[Any, Place]:
    """Return the values of one YAML document and their places, or raise ``SourceError``.

    Scalars stay strings, so that ``5550100``, ``NO`` and ``09:30`` mean what was typed: the type that
    they are converted to decides. A field with nothing after it counts as not given.
    """
    import yaml  # noqa: PLC0415  (costs 20 ms, and most runs read no YAML)

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError([Fault(line, "", "not UTF-8 text")]) from None
    if len(text) > _MOST_CHARACTERS:
        raise SourceError([Fault(1, "", f"longer than {_MOST_CHARACTERS:,} characters")])
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        raise SourceError([_syntax_fault(error, text)]) from None
    except RecursionError:
        raise SourceError([Fault(1, "", "nested too deeply")]) from None
    builder = _Builder()
    value, place = ({}, Place(1)) if root is None else builder.build(root, "", 1)
    if builder.faults:
        raise SourceError(builder.faults)
    return ({} if value is None else value), place


def _syntax_fault(error: yaml.YAMLError, text: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    position = getattr(error, "position", None)
    if mark is not None:
        line = mark.line + 1
    else:
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
    # The problem can quote a character or a name of the file.
    problem = re.sub(r"""(['"]).*\1|\\?#x[0-9a-f]+""", "…", str(getattr(error, "problem", None) or ""))
    return Fault(line, "", f"not YAML{': ' + problem if problem else ''}")


class _Builder:
    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._nodes = 0
        self._open: set[int] = set()

    def build(self, node: yaml.Node, path: str, line: int) -> tuple[Any, Place]:
        place = Place(line, {})
        self._nodes += 1
        if id(node) in self._open:
            raise SourceError([Fault(line, path, "an alias inside itself")])
        if self._nodes > _MOST_NODES:
            raise SourceError([Fault(line, path, "too large once aliases are filled in")])
        if node.tag not in _TAGS:
            self.faults.append(Fault(line, path, "tags (words that begin with !) are not used here"))
            return None, place
        if isinstance(node.value, str):
            plain_null = getattr(node, "style", None) not in _QUOTES and node.value in _NULL
            return (None if plain_null else node.value), place
        self._open.add(id(node))
        walk = self._mapping if getattr(node, "id", "") == "mapping" else self._sequence
        value = walk(node, path, place)
        self._open.discard(id(node))
        return value, place

    def _mapping(self, node: yaml.Node, path: str, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if not isinstance(key, str):
                self.faults.append(Fault(line, path, "a name of a field must be a word"))
                continue
            if key in place.children:
                first = place.children[key].line
                self.faults.append(Fault(line, join(path, key), f"given twice (first on line {first})"))
                continue
            value, place.children[key] = self.build(value_node, join(path, key), line)
            if value is not None:
                values[key] = value
        return values

    def _sequence(self, node: yaml.Node, path: str, place: Place) -> list[Any]:
        values = []
        for index, item in enumerate(node.value):
            value, place.children[index] = self.build(item, f"{path}[{index}]", item.start_mark.line + 1)
            values.append(value)
        return values


def join(path: str, key: str) -> str:
    """Return the path of a field. A key that does not look like a name is not shown."""
    shown = key if _SAFE_KEY.fullmatch(key) else "…"
    return f"{path}.{shown}" if path else shown


# --- what is wrong with values -----------------------------------------------------------------------


def find_faults(value: Any, place: Place, kind: Any, *, path: str = "") -> Iterator[Fault]:
    """Yield every reason why ``value`` cannot be converted to the type ``kind``.

    Slower than ``msgspec.convert``, which tells the first fault only: call it when that has failed.
    """
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from _struct_faults(value, place, kind, path)
    elif origin is tuple:
        yield from _list_faults(value, place, arguments[0], path)
    elif origin is dict:
        yield from _table_faults(value, place, arguments, path)
    elif origin is Literal:
        if value not in arguments:
            yield Fault(place.line, path, _one_of(value, arguments))
    elif origin in {typing.Union, types.UnionType}:
        # Of several types, the value's own shape tells which was meant.
        meant = [one for one in arguments if one is not type(None)]
        lists = [one for one in meant if (typing.get_origin(one) is tuple) == isinstance(value, list)]
        yield from find_faults(value, place, (lists or meant)[0], path=path)
    else:
        text = _conversion_fault(value, kind)
        if text:
            yield Fault(place.line, path, text)


def _struct_faults(value: Any, place: Place, kind: type[msgspec.Struct], path: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(place.line, path, "expected fields (name: value)")
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    sound = True
    for key, item in value.items():
        where = place.children[key]
        if key not in fields:
            sound = False
            yield Fault(where.line, join(path, key), f"unknown field{_nearest(key, fields)}")
            continue
        for fault in find_faults(item, where, fields[key].type, path=join(path, key)):
            sound = False
            yield fault
    for name, field in fields.items():
        if field.required and name not in value:
            sound = False
            yield Fault(place.line, join(path, name), "must be given")
    if sound:
        text = _conversion_fault(value, kind)
        # What a struct checks by itself says "field: reason".
        name, colon, reason = text.partition(": ")
        if colon and name in fields:
            where = place.children.get(name, place)
            yield Fault(where.line, join(path, name), reason)
        elif text:
            yield Fault(place.line, path, text)


def _list_faults(value: Any, place: Place, kind: Any, path: str) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield Fault(place.line, path, "expected a list (lines that begin with -)")
        return
    for index, item in enumerate(value):
        yield from find_faults(item, place.children[index], kind, path=f"{path}[{index}]")


def _table_faults(value: Any, place: Place, kinds: tuple[Any, ...], path: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(place.line, path, "expected fields (name: value)")
        return
    for key, item in value.items():
        where = place.children[key]
        for fault in find_faults(key, where, kinds[0], path=join(path, key)):
            yield Fault(fault.line, fault.path, f"as a name: {fault.text}")
        yield from find_faults(item, where, kinds[1], path=join(path, key))


def _conversion_fault(value: Any, kind: Any) -> str:
    try:
        msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        if kind is bool:
            return "expected true or false"
        if kind is dt.date:
            return "expected a date like 2026-12-31"
        # Our own types never quote a value; of msgspec's messages, only that about enums does.
        return re.sub(r"'.*'", "…", str(error).partition(" - at `")[0]).replace("Expected", "expected")
    return ""


def _one_of(value: Any, allowed: tuple[str, ...]) -> str:
    near = _nearest(value, allowed) if isinstance(value, str) else ""
    if len(allowed) > _MOST_LISTED:
        return f"is none of the {len(allowed)} known values{near}"
    return f"must be one of {', '.join(allowed)}{near}"


def _nearest(word: str, known: typing.Iterable[str]) -> str:
    import difflib  # noqa: PLC0415  (only for messages)

    names = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower().replace("-", "_"), names, n=1)
    return f"; did you mean {names[near[0]]}?" if near else ""

"""Posts from YAML files: a list of them, ``posts:`` with such a list, or one mapping with a text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import yaml

from phiguard.readers.decode import decode_mapping
from phiguard.readers.record import Anchor, Fault, Place, Record
from phiguard.readers.stream import decode_text

if TYPE_CHECKING:
    from yaml import SafeLoader as Loader
else:
    Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

__all__ = ["Loader", "described", "read_yaml"]


def described(error: yaml.YAMLError) -> str:
    """Where a YAML error is; its own words may quote the file."""
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark is not None else "unreadable"


def read_yaml(stream: BinaryIO, path: str) -> Iterator[Record]:
    """One record for each post, located at its texts."""
    content = decode_text(stream.read())
    if content is None:
        yield Record(place=Place(path=path), fault=Fault(reason="is not UTF-8"))
        return
    loader = Loader(content)
    try:
        root = loader.get_single_node()
        posts = _posts_of(root)
        if posts is None:
            yield Record(place=Place(path=path), fault=Fault(reason="holds no list of posts"))
            return
        for node in posts:
            yield _record_of(loader, node, content, path)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(path=path, line=mark.line + 1 if mark is not None else 1)
        yield Record(place=place, fault=Fault(reason="is not YAML; the rest of the file was not read"))
    finally:
        loader.dispose()


def _posts_of(root: yaml.Node | None) -> list[yaml.Node] | None:
    if root is None:
        return []
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == "posts":
                root = value
                break
        else:
            return [root] if any(key.value == "text" for key, _ in root.value) else None
    return list(root.value) if isinstance(root, yaml.SequenceNode) else None


def _record_of(loader: Loader, node: yaml.Node, content: str, path: str) -> Record:
    place = Place(path=path, line=node.start_mark.line + 1, texts=dict(_anchors(node, content)))
    try:
        value = loader.construct_document(node)
    except ValueError:  # of Python, where YAML sees a date or a number
        wrong = Fault(reason="holds a date or a number that cannot be")
        return Record(place=Place(path=path, line=node.start_mark.line + 1), fault=wrong)
    if isinstance(value, str):  # a bare string is the text of a post
        place = Place(path=path, line=place.line, texts={"text": _anchors_of(node, content)})
        value = {"text": value}
    post, fault, unknown = decode_mapping(_plain(value))
    return Record(place=place, post=post, fault=fault, unknown=unknown)


def _plain(value: object) -> object:
    """YAML reads a bare date as a date, which a time field takes as that day's midnight."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001  in the profile's zone
    return value


def _anchors(node: yaml.Node, content: str) -> Iterator[tuple[str, tuple[Anchor, ...]]]:
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        if key.value == "text":
            yield "text", _anchors_of(value, content)
        elif key.value == "media" and isinstance(value, yaml.SequenceNode):
            for index, item in enumerate(value.value):
                for name, leaf in item.value if isinstance(item, yaml.MappingNode) else ():
                    if name.value in {"alt_text", "ocr_text"}:
                        yield f"media[{index}].{name.value}", _anchors_of(leaf, content)


def _anchors_of(node: yaml.Node, content: str) -> tuple[Anchor, ...]:
    """An anchor for each line of a scalar that stands in the file as it is; else one for its start."""
    if not isinstance(node, yaml.ScalarNode):
        return ()
    mark = node.start_mark
    if node.style in {"|", ">"}:
        return _anchors_of_block(node, content)
    quoted = node.style in {"'", '"'}
    return (Anchor(0, mark.line + 1, mark.column + 1 + quoted, mark.index + quoted),)


def _anchors_of_block(node: yaml.ScalarNode, content: str) -> tuple[Anchor, ...]:
    """Each line of the file below ``|`` or ``>``, where its words stand in the text."""
    found: list[Anchor] = []
    at = 0
    head, *rows = content[node.start_mark.index :].splitlines(keepends=True)
    line, offset = node.start_mark.line + 1, node.start_mark.index + len(head)
    for row in rows:
        line, begin = line + 1, offset
        offset += len(row)
        words = row.strip()
        place = node.value.find(words, at) if words else at
        if place < 0 or not node.value[at:].strip():
            break
        if words:
            indent = row.index(words)
            found.append(Anchor(place, line, indent + 1, begin + indent))
            at = place + len(words)
    return tuple(found)

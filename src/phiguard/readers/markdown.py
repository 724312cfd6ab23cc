"""Posts from Markdown files: YAML front matter holds the fields of a Post, the body is its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import yaml

from phiguard.readers.decode import decode_mapping
from phiguard.readers.record import Fault, Place, Record, anchors_of
from phiguard.readers.stream import decode_text
from phiguard.readers.yamlfile import Loader, described

__all__ = ["read_markdown"]

_RULE = re.compile(r"^---[ \t]*\r?$\n?", re.MULTILINE)
_KEY = re.compile(r"\s*(?:#.*\n\s*)*[A-Za-z_]+[ \t]*:(?:\s|$)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read_markdown(stream: BinaryIO, path: str) -> Iterator[Record]:
    """The posts of one file.

    ``---`` lines part it into blocks. A block that is a YAML mapping is the front matter of the text
    that follows it; any other block is the text of a post. HTML comments are notes, not the post.
    """
    content = decode_text(stream.read())
    if content is None:
        yield Record(place=Place(path=path), fault=Fault(reason="is not UTF-8"))
        return
    front: dict[str, object] = {}
    fault: Fault | None = None
    line = 1
    for start, end in _blocks(content):
        block = content[start:end]
        here = content.count("\n", 0, start) + 1
        if _KEY.match(block) and start:
            if front or fault:
                yield _without_text(path, line, fault)
            front, fault = _front_of(block)
            line = here
        elif block.strip() and _COMMENT.sub("", block).strip():
            place, body = _body_of(content, start, end, path=path)
            yield _record_of(place, body, front, fault)
            front, fault = {}, None
    if front or fault:
        yield _without_text(path, line, fault)


def _blocks(content: str) -> Iterator[tuple[int, int]]:
    start = 0
    for rule in _RULE.finditer(content):
        yield start, rule.start()
        start = rule.end()
    yield start, len(content)


def _front_of(block: str) -> tuple[dict[str, object], Fault | None]:
    try:
        found = yaml.load(block, Loader=Loader)  # noqa: S506  a safe loader
    except yaml.YAMLError as error:
        return {}, Fault(reason=f"the front matter is not YAML ({described(error)})")
    if not isinstance(found, dict):
        return {}, Fault(reason="the front matter is not a mapping")
    return found, None


def _without_text(path: str, line: int, fault: Fault | None) -> Record:
    return Record(place=Place(path=path, line=line), fault=fault or Fault(reason="has no body", field="text"))


def _body_of(content: str, start: int, end: int, *, path: str) -> tuple[Place, str]:
    while start < end and content[start] in "\r\n":
        start += 1
    # A comment keeps its length, so that every later character keeps its place.
    body = _COMMENT.sub(lambda found: re.sub(r"[^\r\n]", " ", found[0]), content[start:end]).rstrip()
    line = content.count("\n", 0, start) + 1
    return Place(path=path, line=line, texts={"text": anchors_of(body, line=line, offset=start)}), body


def _record_of(place: Place, body: str, front: dict[str, object], fault: Fault | None) -> Record:
    if fault is None and "text" in front:
        fault = Fault(reason="stands in the front matter and in the body", field="text")
    if fault is not None:
        return Record(place=place, fault=fault)
    post, fault, unknown = decode_mapping({**front, "text": body})
    return Record(place=place, post=post, fault=fault, unknown=unknown)

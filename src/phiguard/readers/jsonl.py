"""Posts from JSON lines, and from a JSON file that holds a list of them."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from phiguard.readers.decode import decode_mapping, decode_post
from phiguard.readers.record import Fault, Place, Record
from phiguard.readers.stream import decode_text, lines_of

__all__ = ["read_json", "read_jsonl"]

_SPACE = re.compile(r"[\s,]*")
_LIST = re.compile(r'\s*(?:\{\s*"posts"\s*:\s*)?\[')


def read_jsonl(stream: BinaryIO, path: str, *, first: int = 1) -> Iterator[Record]:
    """One record for each line that is not blank; ``first`` is the number of the first line, for a part of a file."""
    for number, line in lines_of(stream, first=first):
        place = Place(path=path, line=number)
        if line is None:
            yield Record(place=place, fault=Fault(reason="is too long"))
        elif line.strip():
            post, fault, unknown = decode_post(line)
            yield Record(place=place, post=post, fault=fault, unknown=unknown)


def read_json(stream: BinaryIO, path: str) -> Iterator[Record]:
    """The posts of a JSON file: a list, or an object that begins with a list named ``posts``."""
    text = decode_text(stream.read())
    if text is None:
        yield Record(place=Place(path=path), fault=Fault(reason="is not UTF-8"))
        return
    start = _LIST.match(text)
    if start is None:
        yield Record(place=Place(path=path), fault=Fault(reason="holds no list of posts"))
        return
    ends = [at for at, character in enumerate(text) if character == "\n"]
    decoder, at = json.JSONDecoder(), _after_space(text, start.end())
    while not text.startswith("]", at):
        place = Place(path=path, line=bisect.bisect_left(ends, at) + 1)
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield Record(place=place, fault=Fault(reason="is not JSON; the rest of the file was not read"))
            return
        post, fault, unknown = decode_mapping(item)
        yield Record(place=place, post=post, fault=fault, unknown=unknown)
        at = _after_space(text, at)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at

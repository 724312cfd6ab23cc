"""Posts from plain text: each line that is not blank is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from phiguard.model import Post
from phiguard.readers.record import Anchor, Fault, Place, Record
from phiguard.readers.stream import LONGEST_LINE, text_of_stream

__all__ = ["NOT_TEXT", "read_plain"]

NOT_TEXT = re.compile("[\udc80-\udcff]")
"""A byte that did not decode, as ``surrogateescape`` leaves it."""


def read_plain(stream: BinaryIO, path: str, *, encoding: str | None = None) -> Iterator[Record]:
    """One post for each line; only a line feed ends a line, so that a post may hold any other character."""
    text = text_of_stream(stream, encoding=encoding, newline="\n")
    number = offset = 0
    whole = True
    while line := text.readline(LONGEST_LINE):
        number, began, whole = number + whole, whole, line.endswith("\n")
        place = Place(path=path, line=number)
        post = line.rstrip("\r\n")
        if not (whole and began) and len(line) == LONGEST_LINE:
            if began:
                yield Record(place=place, fault=Fault(reason="is too long"))
        elif NOT_TEXT.search(post):
            yield Record(place=place, fault=Fault(reason="is not UTF-8"))
        elif began and post.strip():
            anchors = (Anchor(0, number, 1, offset),)
            yield Record(place=Place(path=path, line=number, texts={"text": anchors}), post=Post(text=post))
        offset += len(line)

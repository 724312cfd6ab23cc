"""Content repositories: the posts in Markdown and YAML files, each finding at its file, line and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from phiguard.readers import Reading, form_of, read_path
from phiguard.readers.record import Fault, Place, Record

__all__ = ["read_content"]


def read_content(paths: Iterable[Path]) -> Iterator[Record]:
    """The posts of every file, in order. A file of another form is a fault, and so is one without a post.

    A hook that passes a file it cannot read would say "clean" of something that nobody looked at.
    """
    for path in paths:
        name = path.as_posix()
        if form_of(path) is None:
            yield Record(
                place=Place(path=name), fault=Fault(reason="is neither Markdown nor YAML nor JSON lines")
            )
            continue
        yield from read_path(path, Reading(), shown=name)

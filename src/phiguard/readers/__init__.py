"""Files into records: one module a form, chosen by suffix or by name."""

# ruff: noqa: PLC0415  only the module of the form at hand is imported: a command must start fast

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

from phiguard.errors import InputError
from phiguard.readers.record import Fault, Place, Record
from phiguard.readers.stream import COMPRESSED, DAMAGED, opened

__all__ = ["INPUT_FORMATS", "SUFFIXES", "Reading", "form_of", "read_path", "read_stream"]

SUFFIXES: Mapping[str, str] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".yaml": "yaml",
    ".yml": "yaml",
}
"""The form of a file by the suffix of its name (before ``.gz`` and the like)."""
INPUT_FORMATS = tuple(dict.fromkeys(SUFFIXES.values()))


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How to read: the form (by suffix if ``None``), the columns of a CSV, its encoding."""

    form: str | None = None
    columns: Mapping[str, str] = {}
    encoding: str | None = None


def form_of(path: Path) -> str | None:
    """The form of a file by its name; ``None`` if the name does not tell.

    >>> form_of(Path("posts.jsonl.gz"))
    'jsonl'
    """
    name = path.with_suffix("") if path.suffix.lower() in COMPRESSED else path
    return SUFFIXES.get(name.suffix.lower())


def read_path(
    path: Path, reading: Reading, *, shown: str | None = None, seen: Callable[[int], None] | None = None
) -> Iterator[Record]:
    """The records of one file. A file that breaks off is a fault of its own."""
    form = reading.form or form_of(path)
    name = shown if shown is not None else str(path)
    if form is None:
        raise InputError(f"{name}: the name does not tell the form; name it with --input-format")
    try:
        with opened(path, seen=seen) as stream:
            yield from read_stream(stream, form, name, reading)
    except DAMAGED as error:
        reason = f"cannot be read ({type(error).__name__}); the rest of the file was not read"
        yield Record(place=Place(path=name), fault=Fault(reason=reason))


def read_stream(stream: BinaryIO, form: str, name: str, reading: Reading) -> Iterator[Record]:
    """The records of bytes in ``form``; only the module of that form is imported."""
    if form == "jsonl":
        from phiguard.readers.jsonl import read_jsonl

        yield from read_jsonl(stream, name)
        return
    if form == "json":
        from phiguard.readers.jsonl import read_json as read
    elif form == "markdown":
        from phiguard.readers.markdown import read_markdown as read
    elif form == "yaml":
        from phiguard.readers.yamlfile import read_yaml as read
    elif form == "csv":
        from phiguard.readers.csvfile import read_csv

        yield from read_csv(stream, name, columns=reading.columns, encoding=reading.encoding)
        return
    else:
        from phiguard.readers.plain import read_plain

        yield from read_plain(stream, name, encoding=reading.encoding)
        return
    yield from read(stream, name)

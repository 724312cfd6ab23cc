"""Posts from a CSV export: one row, one post; columns are the fields of a Post."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NoReturn

import msgspec

from phiguard.errors import InputError
from phiguard.model import Media, Parent, Post
from phiguard.readers.decode import decode_mapping
from phiguard.readers.plain import NOT_TEXT
from phiguard.readers.record import Fault, Place, Record
from phiguard.readers.stream import LONGEST_LINE, text_of_stream

__all__ = ["COLUMNS", "Head", "fields_of", "read_csv", "record_of_row", "rows_of"]

COLUMNS = frozenset(
    {
        *Post.__struct_fields__,
        *(f"reply_to.{name}" for name in Parent.__struct_fields__),
        *(f"media.{name}" for name in Media.__struct_fields__),
    }
    - {"reply_to", "media"}
)
"""The columns that are understood: those of a Post, ``reply_to.text`` and the like, ``media.alt_text``
and the like for one image."""

_LISTS = frozenset({"links", "region", "coi"})
_DELIMITERS = ",;\t"


class Head(msgspec.Struct, frozen=True):
    """The header of a CSV: for each column the field that it fills, if any; and the columns that fill none."""

    fields: tuple[str | None, ...]
    unknown: tuple[str, ...] = ()


Row = tuple[int, list[str] | None]
"""The line where a row begins, and its cells; ``None`` for one that is no row."""


def read_csv(
    stream: BinaryIO,
    path: str,
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Iterator[Record]:
    """One record for each row under the header.

    ``columns`` maps a field to the name of its column (``{"text": "Message"}``). An empty cell means
    "not known"; lists are separated by ``;``.
    """
    head, rows = rows_of(stream, path, columns=columns, encoding=encoding)
    for row in rows:
        yield record_of_row(row, head, path)


def rows_of(
    stream: BinaryIO,
    path: str,
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> tuple[Head, Iterator[Row]]:
    """The header, and the rows under it that are not blank: what `record_of_row` makes records of."""
    csv.field_size_limit(LONGEST_LINE)
    text = text_of_stream(stream, encoding=encoding)
    first = text.readline(LONGEST_LINE)
    delimiter = max(_DELIMITERS, key=first.count)
    names = next(csv.reader([first], delimiter=delimiter), [])
    fields = fields_of(names, columns or {}, path=path)
    unknown = tuple(name.strip() for name, field in zip(names, fields, strict=True) if field is None)
    return Head(tuple(fields), unknown), _rows(text, delimiter)


def _rows(text: io.TextIOWrapper, delimiter: str) -> Iterator[Row]:
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        line = rows.line_num + 2
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield line, None
            continue
        if any(cells):
            yield line, cells


def record_of_row(row: Row, head: Head, path: str) -> Record:
    """The post of one row, or what is wrong with it."""
    line, cells = row
    place = Place(path=path, line=line)
    if cells is None:
        return Record(place=place, fault=Fault(reason="is not a CSV row"))
    return _record_of(cells, head.fields, place, head.unknown)


def _record_of(
    cells: list[str], fields: tuple[str | None, ...], place: Place, unknown: tuple[str, ...]
) -> Record:
    if len(cells) > len(fields):
        return Record(place=place, fault=Fault(reason="has more cells than the header"))
    values: dict[str, object] = {}
    media: dict[str, str] = {}
    parent: dict[str, str] = {}
    for field, cell in zip(fields, cells, strict=False):
        if field is None or (not cell.strip() and field != "text"):
            continue
        if NOT_TEXT.search(cell):
            fault = Fault(reason="is not UTF-8 (name another encoding with --encoding)", field=field)
            return Record(place=place, fault=fault)
        if field.startswith("media."):
            media[field.removeprefix("media.")] = cell
        elif field.startswith("reply_to."):
            parent[field.removeprefix("reply_to.")] = cell
        elif field in _LISTS:
            values[field] = [part.strip() for part in cell.split(";") if part.strip()]
        else:
            values[field] = cell if field == "text" else cell.strip()
    if parent:
        values["reply_to"] = parent
    if media:
        values["media"] = [media]
    post, wrong, _ = decode_mapping(values, strict=False)
    return Record(place=place, post=post, fault=wrong, unknown=unknown)


def fields_of(head: list[str], columns: Mapping[str, str], *, path: str) -> list[str | None]:
    """For each column the field that it fills. The names of columns are not shown: they may be a post."""
    by_column = {column.strip().casefold(): field for field, column in columns.items()}
    found: list[str | None] = []
    for name in head:
        folded = name.strip().casefold()
        field = by_column.pop(folded, None) or (folded.replace(" ", "_") if not columns else folded)
        found.append(field if field in COLUMNS else None)
    if by_column:
        _refuse(path, f"no column for the field {min(by_column.values())}, as --column-map says")
    if "text" not in found:
        _refuse(path, "no column named text; say which it is: --column-map text=NAME")
    known = [field for field in found if field is not None]
    if len(known) != len(set(known)):
        twice = next(field for field in known if known.count(field) > 1)
        _refuse(path, f"two columns for the field {twice}")
    return found


def _refuse(path: str, message: str) -> NoReturn:
    raise InputError(f"{path}: line 1: {message}")

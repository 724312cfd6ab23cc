"""Posts from a CSV export: one row, one post; columns are the fields of a Post."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NoReturn

from phiguard.errors import InputError
from phiguard.model import Media, Parent, Post
from phiguard.readers.decode import decode_mapping
from phiguard.readers.plain import NOT_TEXT
from phiguard.readers.record import Fault, Place, Record
from phiguard.readers.stream import LONGEST_LINE, text_of_stream

__all__ = ["COLUMNS", "read_csv"]

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
    csv.field_size_limit(LONGEST_LINE)
    text = text_of_stream(stream, encoding=encoding)
    first = text.readline(LONGEST_LINE)
    delimiter = max(_DELIMITERS, key=first.count)
    head = next(csv.reader([first], delimiter=delimiter), [])
    fields = _fields_of(head, columns or {}, path=path)
    unknown = tuple(name.strip() for name, field in zip(head, fields, strict=True) if field is None)
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        place = Place(path=path, line=rows.line_num + 2)
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield Record(place=place, fault=Fault(reason="is not a CSV row"))
            continue
        if not any(cells):
            continue
        yield _record_of(cells, fields, place, unknown)


def _record_of(cells: list[str], fields: list[str | None], place: Place, unknown: tuple[str, ...]) -> Record:
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


def _fields_of(head: list[str], columns: Mapping[str, str], *, path: str) -> list[str | None]:
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

"""Posts from a CSV export: one row, one post; columns are the fields of a Post."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NoReturn, cast

import msgspec

from phiguard.errors import InputError
from phiguard.model import Media, Parent, Post
from phiguard.readers.decode import decode_mapping
from phiguard.readers.plain import NOT_TEXT
from phiguard.readers.record import Fault, Place, Record
from phiguard.readers.stream import LONGEST_LINE, text_of_stream
from phiguard.readers.times import DateOrder, moment_of

__all__ = ["COLUMNS", "Head", "Row", "fields_of", "read_csv", "record_of_row", "rows_of"]

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
_TIMES = frozenset({"posted_at", "received_at", "answered_at"})
_DELIMITERS = ",;\t|"
# What people's tables say, in the words of a Post. A word that is in neither is a fault of its row.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "platform": {
        "twitter": "x",
        "x (twitter)": "x",
        "fb": "facebook",
        "meta": "facebook",
        "ig": "instagram",
        "insta": "instagram",
        "google": "google_business",
        "google_my_business": "google_business",
        "google_business_profile": "google_business",
        "gbp": "google_business",
        "gmb": "google_business",
        "yt": "youtube",
        "tik_tok": "tiktok",
        "web": "website",
    },
    "author_role": {
        "page": "brand",
        "owner": "brand",
        "us": "brand",
        "organization": "brand",
        "company": "brand",
        "employee": "employee_personal",
        "staff": "employee_personal",
        "doctor": "clinician",
        "physician": "clinician",
        "nurse": "clinician",
        "user": "public",
        "customer": "public",
        "visitor": "public",
        "follower": "public",
        "reviewer": "public",
        "client": "patient",
    },
    "direction": {
        "outbound": "outbound_post",
        "outgoing": "outbound_post",
        "post": "outbound_post",
        "published": "outbound_post",
        "reply": "outbound_reply",
        "response": "outbound_reply",
        "inbound": "inbound_comment",
        "incoming": "inbound_comment",
        "comment": "inbound_comment",
        "mention": "inbound_comment",
        "review": "inbound_review",
        "dm": "inbound_dm",
        "message": "inbound_dm",
    },
}
_WORDED = {**dict.fromkeys(("reply_to.author_role",), "author_role"), **{name: name for name in _WORDS}}


class Head(msgspec.Struct, frozen=True):
    """The header of a CSV: for each column the field that it fills, if any; and the columns that fill none."""

    fields: tuple[str | None, ...]
    unknown: tuple[str, ...] = ()
    order: DateOrder | None = None


Row = tuple[int, list[str] | None]
"""The line where a row begins, and its cells; ``None`` for one that is no row."""


def read_csv(
    stream: BinaryIO,
    path: str,
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    order: DateOrder | None = None,
) -> Iterator[Record]:
    """One record for each row under the header.

    ``columns`` maps a field to the name of its column (``{"text": "Message"}``). An empty cell means
    "not known"; lists are separated by ``;``; times may be written in most ways (`moment_of`), and ``order`` says
    how 03/04/2026 is meant.
    """
    head, rows = rows_of(stream, path, columns=columns, encoding=encoding, order=order)
    for row in rows:
        yield record_of_row(row, head, path)


def rows_of(
    stream: BinaryIO,
    path: str,
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    order: DateOrder | None = None,
    further: frozenset[str] = frozenset(),
) -> tuple[Head, Iterator[Row]]:
    """The header, and the rows under it that are not blank: what `record_of_row` makes records of.

    ``further`` names columns to be kept in the header though they are no fields of a Post.
    """
    csv.field_size_limit(LONGEST_LINE)
    text = _as_text(stream, encoding)
    try:
        names, delimiter, skipped = _header(text)
        fields = fields_of(names, columns or {}, path=path, line=skipped + 1, further=further)
    except (InputError, csv.Error) as error:
        text.detach()
        if isinstance(error, InputError):
            raise
        _refuse(path, 1, "the header is not a CSV row")  # a byte 0 in it, before Python 3.11
    unknown = tuple(name.strip() for name, field in zip(names, fields, strict=True) if field is None)
    return Head(tuple(fields), unknown, order), _rows(text, delimiter, skipped)


def _rows(text: io.TextIOWrapper, delimiter: str, skipped: int) -> Iterator[Row]:
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        while True:
            line = rows.line_num + skipped + 2
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield line, None
                continue
            if any(cells):
                yield line, cells
    finally:
        text.detach()  # the file is closed by who opened it


def record_of_row(row: Row, head: Head, path: str) -> Record:
    """The post of one row, or what is wrong with it."""
    line, cells = row
    place = Place(path=path, line=line)
    if cells is None:
        return Record(place=place, fault=Fault(reason="is not a CSV row"))
    return _record_of(cells, head, place)


def _as_text(stream: BinaryIO, encoding: str | None) -> io.TextIOWrapper:
    """The file as text. Excel's "Unicode text" may lack its byte order mark: every other byte is 0."""
    buffered = cast("io.BufferedReader", stream if hasattr(stream, "peek") else io.BufferedReader(stream))
    start = b"" if encoding else buffered.peek(64)[:64]
    if len(start) > 8 and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        if start[1::2].count(0) > len(start) // 3:
            encoding = "utf-16-le"
        elif start[::2].count(0) > len(start) // 3:
            encoding = "utf-16-be"
    return text_of_stream(buffered, encoding=encoding)


def _header(text: io.TextIOWrapper) -> tuple[list[str], str, int]:
    """The names of the columns, what separates them, and the lines before: blank ones, and Excel's ``sep=;``."""
    skipped, told = 0, ""
    first = text.readline(LONGEST_LINE)
    while first and (not first.strip() or first.lower().startswith("sep=")):
        if first.lower().startswith("sep="):
            told = first[4:].rstrip("\r\n") or told
        skipped, first = skipped + 1, text.readline(LONGEST_LINE)
    delimiter = told if len(told) == 1 else _delimiter_of(first)
    # A name may hold a line break; then the quotation mark is still open at the end of the line.
    more = 0
    while first.count('"') % 2 and more < 20 and (line := text.readline(LONGEST_LINE)):
        first, more = first + line, more + 1
    return next(csv.reader([first], delimiter=delimiter), []), delimiter, skipped + more


def _delimiter_of(line: str) -> str:
    """The delimiter that stands most often outside of quotation marks.

    >>> _delimiter_of('"Name, first";Message;Date')
    ';'
    """
    bare = "".join(itertools.islice(line.split('"'), 0, None, 2))
    return max(_DELIMITERS, key=bare.count)


def _record_of(cells: list[str], head: Head, place: Place) -> Record:
    fields = head.fields
    if len(cells) > len(fields) and any(cell.strip() for cell in cells[len(fields) :]):
        return Record(place=place, fault=Fault(reason="has more cells than the header"))
    values: dict[str, object] = {}
    media: dict[str, str] = {}
    parent: dict[str, str] = {}
    for field, cell in zip(fields, cells, strict=False):
        if field not in COLUMNS or (not cell.strip() and field != "text"):
            continue
        if NOT_TEXT.search(cell):
            fault = Fault(reason="is not UTF-8 (name another encoding with --encoding)", field=field)
            return Record(place=place, fault=fault)
        told = _worded(field, cell)
        if field.startswith("media."):
            media[field.removeprefix("media.")] = cell
        elif field.startswith("reply_to."):
            parent[field.removeprefix("reply_to.")] = (
                told.replace(",", ".") if field.endswith("rating") else told
            )
        elif field in _LISTS:
            values[field] = [part.strip() for part in cell.split(";") if part.strip()]
        elif field in _TIMES:
            moment = moment_of(cell, order=head.order)
            if moment is None:
                return Record(place=place, fault=Fault(reason=_no_time(cell, head.order), field=field))
            values[field] = moment
        else:
            values[field] = cell if field == "text" else told
    if parent:
        values["reply_to"] = parent
    if media:
        values["media"] = [media]
    post, wrong, _ = decode_mapping(values, strict=False)
    return Record(place=place, post=post, fault=wrong, unknown=head.unknown)


def _worded(field: str, cell: str) -> str:
    """A cell in the words of a Post, where it has a word of people's tables."""
    if field not in _WORDED:
        return cell.strip()
    folded = "_".join(cell.casefold().split())
    return _WORDS[_WORDED[field]].get(folded, folded)


def _no_time(cell: str, order: DateOrder | None) -> str:
    if order is None and moment_of(cell, order="dmy") is not None:
        return "can be read as two dates: say which with --date-order dmy or mdy (phiguard import has it)"
    return "is not a time that is understood; like 2026-05-01T09:30:00-05:00 it would be"


def fields_of(
    head: list[str],
    columns: Mapping[str, str],
    *,
    path: str,
    line: int = 1,
    further: frozenset[str] = frozenset(),
) -> list[str | None]:
    """For each column the field that it fills. The names of columns are not shown: they may be a post."""
    by_column = {" ".join(column.casefold().split()): field for field, column in columns.items()}
    found: list[str | None] = []
    for name in head:
        folded = " ".join(name.casefold().split())
        field = by_column.pop(folded, None) or (folded.replace(" ", "_") if not columns else folded)
        found.append(field if field in COLUMNS or field in further else None)
    alone = sorted(field for field in columns if field not in COLUMNS and field not in further)
    if alone:
        _refuse(path, line, f"the field {alone[0]} is for exports: add --from csv")
    if by_column:
        _refuse(path, line, f"no column for the field {min(by_column.values())}, as --column-map says")
    if "text" not in found:
        _refuse(path, line, "no column named text; say which it is: --column-map text=NAME")
    twice = [field for field in found if field is not None and found.count(field) > 1]
    if twice:
        _refuse(path, line, f"two columns for the field {twice[0]}")
    return found


def _refuse(path: str, line: int, message: str) -> NoReturn:
    raise InputError(f"{path}: line {line}: {message}")

"""LinkedIn's download: Shares.csv and Comments.csv of a member (a page's admin, say).

Facts: lines of notes may stand before the header; times are UTC; in Shares.csv every line of a post has quotation marks of
its own (``"one""<line break>""two"``), in Comments.csv marks are escaped by backslashes; names may end in a number
(``Shares_1234.csv``). What others wrote is not in it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import urllib.parse
from collections.abc import Iterator

from phiguard.importers.entry import Entry, Item, Run, bad, unreadable
from phiguard.importers.sources import UNREADABLE, Source
from phiguard.readers.plain import NOT_TEXT
from phiguard.readers.record import Place
from phiguard.readers.stream import LONGEST_LINE, text_of_stream
from phiguard.readers.times import moment_of

__all__ = ["read"]

_FILES = re.compile(r"(?:^|/)(?:shares|comments)(?:[_ -]?\(?\d+\)?)?\.csv$")
_URN = re.compile(r"urn:li:[a-z]+:(?:\(?urn:li:[a-z]+:)?(\d+)", re.IGNORECASE)
_PREAMBLE = 30
"""Lines in which the header must stand."""


def read(run: Run) -> Iterator[Item]:
    """Every post and comment that the member wrote."""
    run.take_owner()
    for source in run.files(_FILES):
        try:
            is_escaped = _has_escapes(source)
            with source.open(seen=run.seen) as stream:
                text = text_of_stream(stream, encoding=run.options.encoding)
                try:
                    yield from _rows(text, source, run, is_escaped=is_escaped)
                finally:
                    text.detach()  # the file is closed by who opened it
        except UNREADABLE as error:
            yield unreadable(source, error)


def _has_escapes(source: Source) -> bool:
    r"""Whether marks are escaped as ``\"``: then two marks in a row do not stand for one."""
    escaped = doubled = 0
    with source.open() as stream:
        kept = b""
        while chunk := stream.read(1 << 18):
            content = kept + chunk
            escaped += len(re.findall(rb'(?<!\\)\\"(?![,\r\n])', content))
            doubled += len(re.findall(rb'[^",\r\n\\]""[^",\r\n]', content))
            kept = content[-2:]
    return escaped > doubled


def _rows(text: io.TextIOWrapper, source: Source, run: Run, *, is_escaped: bool) -> Iterator[Item]:
    csv.field_size_limit(LONGEST_LINE)
    skipped, columns = _header(text)
    if "sharecommentary" not in columns and "message" not in columns:
        yield bad(source, 1, "has no column ShareCommentary or Message: is it Shares.csv or Comments.csv?")
        return
    if is_escaped:
        table = csv.reader(text, strict=True, doublequote=False, escapechar="\\")
    else:
        table = csv.reader(text, strict=True)
    while True:
        line = skipped + table.line_num + 1
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error:
            yield bad(source, line, "is not a CSV row; a row before it may lack a quotation mark")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(columns) or any(NOT_TEXT.search(cell) for cell in cells):
            odd = "has more cells than the header" if len(cells) > len(columns) else "is not UTF-8"
            yield bad(source, line, odd)
            continue
        entry = _entry(dict(zip(columns, cells, strict=False)), Place(path=source.name, line=line), run)
        if entry is not None:
            yield entry


def _header(text: io.TextIOWrapper) -> tuple[int, list[str]]:
    """How many lines go before the first row, and the names of the columns in small letters without spaces."""
    for number in range(1, _PREAMBLE + 1):
        line = text.readline(LONGEST_LINE)
        if not line:
            break
        cells = next(csv.reader([line.replace("\0", "")]), [])  # Python 3.10 refuses a byte 0
        columns = [cell.strip().lower().replace(" ", "") for cell in cells]
        if "date" in columns and ("sharecommentary" in columns or "message" in columns):
            return number, columns
    return 0, []


def _entry(cells: dict[str, str], place: Place, run: Run) -> Entry | None:
    is_comment = "message" in cells
    text = cells.get("message", "") if is_comment else _written(cells.get("sharecommentary", ""))
    link = cells.get("sharelink", "") or cells.get("link", "")
    media = cells.get("mediaurl", "").strip()
    if not text.strip():
        run.leave_out("without text")
        return None
    at = moment_of(cells.get("date"), zone=dt.timezone.utc)
    if at is None:
        run.note("times not understood")
    found = _URN.search(urllib.parse.unquote(link))
    shared = cells.get("sharedurl", "").strip()
    return Entry(
        place=place,
        text=text.strip(),
        id="" if is_comment else found[1] if found else "",
        platform="linkedin",
        kind="comment" if is_comment else "post",
        own=True,
        parent=found[1] if is_comment and found else "",
        is_reply=is_comment,
        at=at,
        links=tuple(one for one in (shared, media) if one.startswith("http")),
    )


def _written(cell: str) -> str:
    r"""A post as it was typed: without the marks that LinkedIn puts round each of its lines.

    >>> _written('One"\n""\n"two ""three""')
    'One\n\ntwo "three"'
    >>> _written('He said "hi"\nand left'), _written('"Hi"\n"Bye"')
    ('He said "hi"\nand left', '"Hi"\n"Bye"')
    """
    lines = re.split(r"\r?\n", cell)
    if len(lines) == 1 or not (lines[0].endswith('"') and lines[-1].startswith('"')):
        return cell
    if not all(len(line) > 1 and line[0] == line[-1] == '"' for line in lines[1:-1]):
        return cell
    if re.match('"(?!")', lines[0]) and re.search('(?<!")"$', lines[-1]):
        return cell  # somebody quotes line by line
    inner = (lines[0][:-1], *(line[1:-1] for line in lines[1:-1]), lines[-1][1:])
    return "\n".join(line.replace('""', '"') for line in inner)

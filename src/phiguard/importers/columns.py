"""The rows of the tables that platforms write, as cells by column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from phiguard.importers.entry import Run, bad
from phiguard.importers.sources import Source
from phiguard.readers.plain import NOT_TEXT
from phiguard.readers.record import Record
from phiguard.readers.stream import LONGEST_LINE, text_of_stream

__all__ = ["Row", "table_rows"]

Row = tuple[int, Mapping[str, str]]


def table_rows(source: Source, run: Run) -> Iterator[Row | Record]:
    """The line and the cells of each row, by the name of the column in small letters; or what is wrong with it."""
    csv.field_size_limit(LONGEST_LINE)
    with source.open(seen=run.seen) as stream:
        text = text_of_stream(stream, encoding=run.options.encoding)
        try:
            yield from _rows(text, source)
        finally:
            text.detach()  # the file is closed by who opened it


def _rows(text: io.TextIOWrapper, source: Source) -> Iterator[Row | Record]:
    rows = csv.reader(text, strict=True)
    head: list[str] = []
    while True:
        line = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield bad(source, line, "is not a CSV row; a row before it may lack a quotation mark")
            continue
        if not head:
            head = [cell.strip().casefold() for cell in cells]
        elif len(cells) > len(head):
            yield bad(source, line, "has more cells than the header")
        elif any(NOT_TEXT.search(cell) for cell in cells):
            yield bad(source, line, "is not UTF-8 (name another encoding with --encoding)")
        elif any(cells):
            yield line, dict(zip(head, cells, strict=False))

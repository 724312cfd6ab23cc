"""CSV for a spreadsheet: one row a finding, one row for a record without findings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from phiguard.writers.outcome import Outcome, View, encodable

__all__ = ["HEADER", "guarded", "header_of", "write_csv"]

HEADER = (
    "file",
    "line",
    "id",
    "verdict",
    "complete",
    "rule",
    "category",
    "severity",
    "field",
    "start",
    "end",
    "message",
    "fix",
    "source",
    "queue",
    "due",
    "not_screened",
)

# What a spreadsheet takes for a formula at the start of a cell, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")


def guarded(cell: str) -> str:
    """``cell`` as a spreadsheet shows it and never runs it.

    >>> guarded("=HYPERLINK(A1)"), guarded(" @SUM(1)"), guarded("plain")
    ("'=HYPERLINK(A1)", "' @SUM(1)", 'plain')
    """
    cell = cell.replace("\0", "\N{REPLACEMENT CHARACTER}")  # the csv module of Python 3.10 refuses it
    start = cell.lstrip(" \u00a0\u3000\u200b\ufeff'\"")
    return f"'{cell}" if start.startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def write_csv(outcomes: Iterable[Outcome], out: BinaryIO, view: View, *, header: bool = True) -> None:
    """Rows under `HEADER`; with ``--reveal`` a last column holds the words. A later part of a file has no ``header``."""
    del view
    first = header
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for outcome in outcomes:
        if first:
            writer.writerow((*HEADER, "excerpt") if outcome.excerpts is not None else HEADER)
            first = False
        for row in _rows(outcome):
            writer.writerow([guarded(cell) for cell in row])
        out.write(encodable(buffer.getvalue()).encode())
        buffer.seek(0)
        buffer.truncate()
    if first:
        writer.writerow(HEADER)
        out.write(buffer.getvalue().encode())


def header_of(*, reveal: bool) -> bytes:
    """The first line, for a file that is written in parts."""
    return ",".join((*HEADER, "excerpt") if reveal else HEADER).encode() + b"\r\n"


def _rows(outcome: Outcome) -> Iterator[list[str]]:
    place, screening = outcome.place, outcome.screening
    head = [place.path, str(place.line)]
    if screening is None:
        yield [*head, "", "", "no", *[""] * 11, str(outcome.fault)]
        return
    gaps = "; ".join(f"{gap.what}: {gap.reason}" for gap in screening.unscreened)
    head += [screening.id, screening.verdict, "yes" if screening.complete else "no"]
    bare = True
    for finding, words in outcome.findings():
        bare = False
        span = (finding.spans[0].start, finding.spans[-1].end) if finding.spans else ("", "")
        route = finding.route
        due = route.due.isoformat() if route and route.due else ""
        row = [*head, finding.rule, finding.category, finding.severity, finding.field, *map(str, span)]
        row += [finding.message, finding.fix, finding.source, route.queue if route else "", due, gaps]
        yield [*row, " … ".join(words)] if outcome.excerpts is not None else row
    if bare:
        yield [*head, *[""] * 11, gaps]

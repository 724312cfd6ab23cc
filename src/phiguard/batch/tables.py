"""Record batches in, and the two tables out: one row a post, one row a finding. Needs pyarrow (the extra ``arrow``)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from phiguard.arrow import _answered, finding_table, post_table, posts_of
from phiguard.arrow_schema import FINDING_TABLE, POST_SCHEMA, POST_TABLE, TEXT, check, pa
from phiguard.batch.blocks import Block, Cursor
from phiguard.errors import InputError
from phiguard.model import Gap, Post, Screening, Verdict
from phiguard.readers.parquet import open_batches
from phiguard.readers.record import Fault, Place, Record
from phiguard.writers.outcome import Outcome, encodable

if TYPE_CHECKING:
    from pyarrow import RecordBatch

__all__ = [
    "FINDINGS",
    "POSTS",
    "cut_batches",
    "findings_path",
    "head_of",
    "records_of_batch",
    "table_streams",
    "write_parquet",
]

POSTS, FINDINGS = "posts", "findings"
"""The streams of the two tables."""
_GROUP = 16_384
"""Rows of a row group: always so many, so that a scan that was gone on with writes the same file."""

_PLACE = [("file", TEXT), ("line", pa.int64())]
_SCHEMAS = {
    POSTS: pa.schema([*_PLACE, *POST_TABLE]),
    FINDINGS: pa.schema([*_PLACE, *FINDING_TABLE]),
}
_EXCERPT = ("excerpt", TEXT)


# --- in --------------------------------------------------------------------------------------------------


def cut_batches(
    source: Path | BinaryIO, form: str, shown: str, columns: Mapping[str, str], cursor: Cursor
) -> Iterator[tuple[Block, Cursor]]:
    """Blocks of a file or a stream of record batches, of which the first rows are done already."""
    row = 0
    for given in _sound(open_batches(source, form, shown)):
        batch = _renamed(given, columns, shown)
        if row == 0:
            try:
                check(batch.schema)
            except InputError as error:
                raise InputError(f"{shown}: {error}") from None
        first, row = row, row + batch.num_rows
        if row <= cursor.records:
            continue
        if first < cursor.records:
            batch, first = batch.slice(cursor.records - first), cursor.records
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        done = Cursor(cursor.file, line=row, records=row)
        yield Block("arrow", shown, first + 1, sink.getvalue().to_pybytes()), done


def _sound(batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
    """The batches; where a file is damaged, the error that says so of any file."""
    while True:
        try:
            batch = next(batches, None)
        except pa.ArrowException as error:
            raise EOFError(type(error).__name__) from None
        if batch is None:
            return
        yield batch


def _renamed(batch: RecordBatch, columns: Mapping[str, str], shown: str) -> RecordBatch:
    if not columns:
        return batch
    by_column = {column: field for field, column in columns.items()}
    if missing := sorted(field for column, field in by_column.items() if column not in batch.schema.names):
        raise InputError(f"{shown}: no column for the field {missing[0]}, as --column-map says")
    names = [
        by_column.get(
            name, f"_{name}" if name in columns else name
        )  # a column that another one stands in for
        for name in batch.schema.names
    ]
    return batch.rename_columns(names)


def records_of_batch(body: bytes, path: str, *, first: int) -> Iterator[Record]:
    """The records of a block of rows; the place of a record is its row, from 1."""
    batch = pa.ipc.open_stream(pa.py_buffer(body)).read_next_batch()
    unknown = tuple(name for name in batch.schema.names if name not in POST_SCHEMA.names)
    for line, found in enumerate(posts_of(batch), first):
        place = Place(path=path, line=line)
        if isinstance(found, Post):
            yield Record(place=place, post=found, unknown=unknown)
        else:
            yield Record(place=place, fault=found, unknown=unknown)


# --- out -------------------------------------------------------------------------------------------------


def findings_path(posts: Path) -> Path:
    """Where the findings table stands, beside that of the posts.

    >>> findings_path(Path("may.parquet")).name
    'may.findings.parquet'
    """
    return posts.with_name(f"{posts.stem}.findings{posts.suffix}")


def head_of(stream: str, *, reveal: bool) -> bytes:
    """What stands before the batches of a table's part file: its schema."""
    content: bytes = _schema(stream, reveal=reveal).serialize().to_pybytes()
    return content


def table_streams(outcomes: Sequence[Outcome], on_gap: Verdict, *, reveal: bool) -> dict[str, bytes]:
    """The rows of both tables, as batches of their part files; rows are counted from the start of the block."""
    screenings: list[Screening] = []
    errors: list[str | None] = []
    for one in outcomes:
        if one.screening is not None:
            screenings.append(one.screening)
            errors.append(None)
            continue
        # Fail closed: who reads only the verdicts must not take the row for a harmless one.
        reason = str(one.fault or Fault(reason="was not screened"))
        gap = Gap(what="record", reason=reason)
        screenings.append(Screening(verdict=on_gap, complete=False, unscreened=(gap,)))
        errors.append(reason)
    answers = _answered(screenings, errors)
    places = [
        pa.array([encodable(one.place.path) for one in outcomes], TEXT),
        pa.array([one.place.line for one in outcomes], pa.int64()),
    ]
    posts, findings = post_table(answers), finding_table(answers)
    rows = findings.column("row")
    columns = [*(column.take(rows) for column in places), *findings.columns]
    if reveal:
        words = [encodable(" … ".join(group)) for one in outcomes for group in one.excerpts or ()]
        columns.append(pa.array(words, TEXT))
    return {
        POSTS: _message([*places, *posts.columns], _SCHEMAS[POSTS]),
        FINDINGS: _message(columns, _schema(FINDINGS, reveal=reveal)),
    }


def _schema(stream: str, *, reveal: bool) -> Any:
    schema = _SCHEMAS[stream]
    return schema.append(pa.field(*_EXCERPT)) if reveal and stream == FINDINGS else schema


def _message(columns: list[Any], schema: Any) -> bytes:
    content: bytes = pa.record_batch(columns, schema=schema).serialize().to_pybytes()
    return content


def write_parquet(part: Path, path: Path, *, posts: Path) -> None:
    """The Parquet file of a table from its part file, whole or not at all; ``posts`` is the part file of the posts.

    The rows of a part file are counted from the start of each block: those of the posts tell how long a block is.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415  an extra

    new = path.with_name(f".{path.name}.new")
    try:
        with pa.OSFile(str(part), "rb") as one, pa.OSFile(str(posts), "rb") as other:
            batches, blocks = pa.ipc.open_stream(one), pa.ipc.open_stream(other)
            with pq.ParquetWriter(new, batches.schema, compression="zstd") as writer:
                for table in _groups(_counted(batches, blocks), batches.schema):
                    writer.write_table(table, row_group_size=_GROUP)
        new.replace(path)
    except pa.ArrowException as error:
        raise OSError(None, type(error).__name__) from None
    finally:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
    part.unlink()


def _counted(batches: Any, blocks: Any) -> Iterator[RecordBatch]:
    """The batches with rows counted from the start of the scan."""
    import pyarrow.compute as pc  # noqa: PLC0415  only at the end

    base = 0
    for batch, block in zip(batches, blocks, strict=True):
        at = batch.schema.get_field_index("row")
        rows = pc.add(batch.column(at), pa.scalar(base, pa.int64()))
        yield batch.set_column(at, batch.schema.field(at), rows)
        base += block.num_rows


def _groups(batches: Iterator[RecordBatch], schema: Any) -> Iterator[Any]:
    held: list[RecordBatch] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        while count >= _GROUP:
            table = pa.Table.from_batches(held, schema)
            yield table.slice(0, _GROUP).combine_chunks()
            rest = table.slice(_GROUP).combine_chunks()
            held, count = rest.to_batches(), count - _GROUP
    if count:
        yield pa.Table.from_batches(held, schema).combine_chunks()

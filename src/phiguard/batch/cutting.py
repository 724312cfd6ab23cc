"""Files into blocks of whole records: each with the cursor behind it, from which a later run can go on."""

from __future__ import annotations

import itertools
import os
import select
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from phiguard.batch.blocks import Block, Cursor, fault_block, packed_records, packed_rows
from phiguard.batch.stopped import Stopped
from phiguard.readers import Reading, read_stream
from phiguard.readers.csvfile import rows_of
from phiguard.readers.record import Record
from phiguard.readers.stream import COMPRESSED, DAMAGED, LONGEST_LINE, is_damage, opened

__all__ = ["BLOCK", "Cut", "Input", "cut"]

BLOCK = 64 * 1024
"""Bytes of a block, about: a twentieth of a second of work or so."""
ROWS = 512
"""Records of a block, at most, where they do not stand in it as bytes of the file."""

Cut = tuple["Block | None", Cursor]
"""A block, or ``None`` where the next record is not there yet; and how far the inputs are read with it."""
T = TypeVar("T")


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """One file to read, or a stream, or what yields records. ``shown`` is its name in results.

    ``closes``: the stream was opened for this, and is closed at its end.
    """

    shown: str
    form: str
    path: Path | None = None
    stream: BinaryIO | None = None
    closes: bool = False
    records: Callable[[], Iterator[Record]] | None = None

    @property
    def is_endless(self) -> bool:
        """Whether more may come at any time: what is there is answered before more is waited for."""
        if self.stream is None:
            return False
        try:
            return not stat.S_ISREG(os.fstat(self.stream.fileno()).st_mode)
        except OSError:  # bytes in memory
            return False


def cut(
    inputs: Iterable[Input],
    reading: Reading,
    start: Cursor = Cursor(),  # noqa: B008  frozen
    *,
    seen: Callable[[int], None] | None = None,
) -> Iterator[Cut]:
    """The blocks of all inputs, in order, from ``start`` on.

    Args:
        inputs: what to read.
        reading: how: columns and encoding.
        start: the cursor that came with the last block that is done.
        seen: hears of bytes that were read from files (packed, if they are).

    Raises:
        InputError: a file whose columns cannot be used.
        Stopped: a file vanished, became shorter, or cannot be read on.
    """
    for number, one in enumerate(inputs):
        if number < start.file:
            continue
        cursor = start if number == start.file else Cursor(file=number)
        try:
            for found in _cut_one(one, reading, cursor, seen):
                cursor = found[1]
                yield found
        except DAMAGED as error:
            if not is_damage(error):
                reason = getattr(error, "strerror", None) or type(error).__name__
                raise Stopped(f"{one.shown}: cannot be read on ({reason})") from None
            reason = f"the file is damaged here ({type(error).__name__}); the rest of it was not read"
            yield fault_block(one.shown, cursor.line + 1, reason), Cursor(file=number + 1)


def _cut_one(
    one: Input,
    reading: Reading,
    cursor: Cursor,
    seen: Callable[[int], None] | None,
) -> Iterator[Cut]:
    if one.records is not None:
        yield from _cut_records(one.records(), one, cursor)
    elif one.form in {"parquet", "arrow"}:
        from phiguard.batch.tables import cut_batches  # noqa: PLC0415  imports pyarrow

        source = one.path or one.stream
        assert source is not None  # noqa: S101  an input is one of the two
        for found in cut_batches(source, one.form, one.shown, reading.columns, cursor):
            yield found
            if one.is_endless:
                yield None, found[1]
    elif one.path is None:
        assert one.stream is not None  # noqa: S101  the same
        try:
            yield from _cut_stream(one.stream, one, reading, cursor)
        finally:
            if one.closes:
                one.stream.close()
    else:
        size = one.path.stat().st_size
        with opened(one.path, seen=seen) as stream:
            yield from _cut_stream(stream, one, reading, cursor)
        if one.path.exists() and (now := one.path.stat().st_size) < size:
            raise Stopped(f"{one.shown}: became shorter while it was read ({size:,} bytes, now {now:,})")


def _cut_stream(stream: BinaryIO, one: Input, reading: Reading, cursor: Cursor) -> Iterator[Cut]:
    if one.form == "jsonl":
        yield from _cut_lines(_Source(stream, one, cursor.offset), one, cursor)
    elif one.form == "csv":
        head, rows = rows_of(stream, one.shown, columns=reading.columns, encoding=reading.encoding)
        sized = (
            (row, row[0], sum(map(len, row[1] or ()))) for row in itertools.islice(rows, cursor.records, None)
        )
        for batch, line, done in _batches(sized, one, cursor):
            yield Block("rows", one.shown, line, packed_rows(head, batch)), done
            if one.is_endless:
                yield None, done
    else:
        yield from _cut_records(read_stream(stream, one.form, one.shown, reading), one, cursor)


def _cut_records(records: Iterable[Record], one: Input, cursor: Cursor) -> Iterator[Cut]:
    """Blocks of what a reader makes of a file: one process reads, others screen."""
    sized = (
        (record, record.place.line, len(record.post.text) if record.post else 0)
        for record in itertools.islice(records, cursor.records, None)
    )
    for batch, line, done in _batches(sized, one, cursor):
        yield Block("records", one.shown, line, packed_records(batch)), done
        if one.is_endless:
            yield None, done


def _batches(
    sized: Iterable[tuple[T, int, int]], one: Input, cursor: Cursor
) -> Iterator[tuple[list[T], int, Cursor]]:
    """Lists of items of about a block's size, with the line of the first. A stream is answered item by item."""
    batch: list[T] = []
    size, done, first, line = 0, cursor.records, 0, cursor.line
    most = 1 if one.is_endless else ROWS
    broken: BaseException | None = None
    items = iter(sized)
    while broken is None:
        try:
            item, line, length = next(items)
        except StopIteration:
            break
        except DAMAGED as error:
            broken = error  # what was read before it is not lost
            break
        first = first if batch else line
        batch.append(item)
        size += length
        done += 1
        if len(batch) >= most or size >= BLOCK:
            yield batch, first, Cursor(cursor.file, line=line, records=done)
            batch, size = [], 0
    if batch:
        yield batch, first, Cursor(cursor.file, line=line, records=done)
    if broken is not None:
        raise broken


# --- lines of JSON ---------------------------------------------------------------------------------------


class _Source:
    """Bytes as they come: `read` yields what there is, nothing at the end, ``None`` where it would have to wait."""

    def __init__(self, stream: BinaryIO, one: Input, offset: int) -> None:
        self._descriptor = stream.fileno() if one.is_endless else -1
        self._read = getattr(stream, "read1", stream.read)
        if offset and (one.path is None or one.path.suffix.lower() not in COMPRESSED):
            stream.seek(offset)
            offset = 0
        while offset and (skipped := len(self._read(min(offset, BLOCK)))):
            offset -= skipped

    def read(self) -> bytes | None:
        if self._descriptor < 0:
            found: bytes = self._read(BLOCK)
            return found
        if select.select([self._descriptor], [], [], 0)[0]:
            return os.read(self._descriptor, BLOCK)
        return None

    def wait(self) -> None:
        """Waits until there is something to read, or the end."""
        select.select([self._descriptor], [], [])


def _cut_lines(source: _Source, one: Input, cursor: Cursor) -> Iterator[Cut]:
    held: list[bytes] = []
    size = end = 0  # bytes that are held, and up to where they are whole lines
    offset, line = cursor.offset, cursor.line
    is_long = False  # within a line that is too long, of which nothing is held
    broken: BaseException | None = None
    while True:
        try:
            chunk = source.read()
        except DAMAGED as error:
            broken, chunk = error, b""
        if chunk and is_long:
            at = chunk.find(b"\n") + 1
            offset += at or len(chunk)
            if not at:
                continue
            chunk, line, is_long = chunk[at:], line + 1, False
            yield fault_block(one.shown, line, "is too long"), Cursor(cursor.file, offset, line)
        if chunk:
            at = chunk.rfind(b"\n") + 1
            end = size + at if at else end
            held.append(chunk)
            size += len(chunk)
            if not end and size > LONGEST_LINE:
                is_long, offset, held, size = True, offset + size, [], 0
            if not end or size < BLOCK:
                continue
        if chunk == b"" and broken is None:
            end = size  # the last line needs no end
        if end:
            content = b"".join(held)
            body, rest = content[:end], content[end:]
            first, offset = line + 1, offset + end
            line += body.count(b"\n") + (not body.endswith(b"\n"))
            held, size, end = [rest] if rest else [], len(rest), 0
            yield Block("lines", one.shown, first, body), Cursor(cursor.file, offset, line)
        if chunk is None:
            yield None, Cursor(cursor.file, offset, line)
            source.wait()
        elif not chunk:
            break
    if is_long:
        yield fault_block(one.shown, line + 1, "is too long"), Cursor(cursor.file, offset, line + 1)
    if broken is not None:
        raise broken

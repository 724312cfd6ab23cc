"""Blocks: whole records as bytes, with their place; what a worker is given, and what it makes records of again."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator

import msgspec

from phiguard.readers.csvfile import Head, Row, record_of_row
from phiguard.readers.jsonl import read_jsonl
from phiguard.readers.record import Fault, Place, Record

__all__ = ["Block", "Cursor", "fault_block", "packed_records", "packed_rows", "records_of"]


class Block(msgspec.Struct, array_like=True, gc=False):
    """Whole records of one input. ``line`` is where the first stands.

    ``kind`` says what ``body`` is: ``lines`` of JSON as they stand in the file, ``rows`` of a CSV with their header, ``records``
    of a reader, or an ``arrow`` batch.
    """

    kind: str
    path: str
    line: int
    body: bytes

    def __repr__(self) -> str:
        return f"Block(kind={self.kind!r}, {len(self.body)} bytes)"


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """How far the inputs were read: files that are done, and in the next one bytes (unpacked), lines and records."""

    file: int = 0
    offset: int = 0
    line: int = 0
    records: int = 0


class _Rows(msgspec.Struct, array_like=True, gc=False):
    head: Head
    rows: list[Row]


def records_of(block: Block) -> Iterator[Record]:
    """The records of a block of lines, rows or records: the same as their reader gives for the whole file."""
    if block.kind == "lines":
        return read_jsonl(io.BytesIO(block.body), block.path, first=block.line)
    if block.kind == "rows":
        parcel = _rows_of(block.body)
        return (record_of_row(row, parcel.head, block.path) for row in parcel.rows)
    return iter(_unpacked_records(block.body))


def packed_rows(head: Head, rows: list[Row]) -> bytes:
    """The body of a block of rows."""
    try:
        return b"m" + _ENCODER.encode(_Rows(head, rows))
    except UnicodeEncodeError:  # bytes that are no text, which are a fault of their row
        return b"p" + pickle.dumps((head, rows), protocol=5)


def _rows_of(body: bytes) -> _Rows:
    if body[:1] == b"p":
        return _Rows(*pickle.loads(body[1:]))  # noqa: S301  of this process or its parent
    return _ROWS.decode(memoryview(body)[1:])


def packed_records(records: list[Record]) -> bytes:
    """The body of a block of records, of which nothing is lost: msgpack would move times to UTC, JSON has no NaN."""
    timed = False
    for post in filter(None, (record.post for record in records)):
        timed = timed or bool(post.posted_at or post.received_at or post.answered_at)
        if post.reply_to is not None and post.reply_to.rating is not None:
            break
    else:
        try:
            if timed:
                return b"j" + msgspec.json.encode(records)
            return b"m" + _ENCODER.encode(records)
        except UnicodeEncodeError:  # a lone surrogate, which JSON may hold
            pass
    return b"p" + pickle.dumps(records, protocol=5)


def _unpacked_records(body: bytes) -> list[Record]:
    if body[:1] == b"m":
        return _RECORDS.decode(memoryview(body)[1:])
    if body[:1] == b"j":
        return _TIMED.decode(memoryview(body)[1:])
    records: list[Record] = pickle.loads(body[1:])  # noqa: S301  of this process or its parent
    return records


def fault_block(path: str, line: int, reason: str) -> Block:
    """A block that holds one record, which cannot be read."""
    fault = Record(place=Place(path=path, line=line), fault=Fault(reason=reason))
    return Block("records", path, line, packed_records([fault]))


_ENCODER = msgspec.msgpack.Encoder()
_ROWS = msgspec.msgpack.Decoder(_Rows)
_RECORDS = msgspec.msgpack.Decoder(list[Record])
_TIMED = msgspec.json.Decoder(list[Record])

"""Record batches of Parquet and Arrow files, a part of a file at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from phiguard.errors import InputError

if TYPE_CHECKING:
    from pyarrow import RecordBatch

__all__ = ["ARROW_SUFFIXES", "ROWS", "arrow_form_of", "open_batches"]

ARROW_SUFFIXES = {
    ".parquet": "parquet",
    ".parq": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
"""The form of a file of record batches by its suffix."""

ROWS = 512
"""The rows of a batch that `open_batches` yields, at most."""

_FILE = b"ARROW1"


def arrow_form_of(path: Path) -> str | None:
    """``parquet``, ``arrow`` or ``None``, by the suffix."""
    return ARROW_SUFFIXES.get(path.suffix.lower())


def open_batches(source: Path | BinaryIO, form: str, name: str) -> Iterator[RecordBatch]:
    """The batches of a file, or of a stream in Arrow's stream format; each has at most `ROWS` rows.

    The schema is read at once, the rows as they are asked for. Raises `InputError` for a file of another format, and what
    pyarrow raises (an `OSError` or a `ValueError`) where a file is damaged.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  an extra
    except ImportError:
        raise InputError(
            f"{name}: Parquet and Arrow need the package pyarrow: pip install 'phiguard[arrow]'"
        ) from None
    try:
        batches = _parquet(source, name) if form == "parquet" else _arrow(source, pa)
    except pa.ArrowInvalid:
        kind = "a Parquet file" if form == "parquet" else "an Arrow file or stream"
        raise InputError(f"{name}: is not {kind}, or breaks off") from None
    return batches


def _parquet(source: Path | BinaryIO, name: str) -> Iterator[RecordBatch]:
    import pyarrow.parquet as pq  # noqa: PLC0415  an extra

    if not isinstance(source, Path):
        raise InputError(f"{name}: Parquet cannot be read from a stream: write it to a file, or send Arrow")
    # Buffered, column by column: a row group of any size costs a bounded amount of memory.
    file = pq.ParquetFile(source, buffer_size=1 << 20, pre_buffer=False, memory_map=False)

    def batches() -> Iterator[RecordBatch]:
        with file:
            yield from file.iter_batches(batch_size=ROWS, use_threads=False)

    return batches()


def _arrow(source: Path | BinaryIO, pa: Any) -> Iterator[RecordBatch]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            is_stream = file.read(len(_FILE)) != _FILE
        opened = pa.OSFile(str(source), "rb")
        if not is_stream:
            reader = pa.ipc.open_file(opened)
            return (
                part
                for number in range(reader.num_record_batches)
                for part in _parts(reader.get_batch(number))
            )
        return (part for batch in pa.ipc.open_stream(opened) for part in _parts(batch))
    return (part for batch in pa.ipc.open_stream(source) for part in _parts(batch))


def _parts(batch: RecordBatch) -> Iterator[RecordBatch]:
    for start in range(0, batch.num_rows, ROWS):
        yield batch.slice(start, ROWS)

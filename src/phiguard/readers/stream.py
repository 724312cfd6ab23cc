"""Bytes of a file, of standard input or of a compressed file, and their lines with a bound on memory."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from phiguard.errors import InputError

__all__ = [
    "COMPRESSED",
    "DAMAGED",
    "LONGEST_LINE",
    "decode_text",
    "is_damage",
    "lines_of",
    "opened",
    "text_of_stream",
]

COMPRESSED = (".gz", ".bz2", ".xz", ".zst")
"""The suffixes of files that are unpacked while they are read."""

DAMAGED = (OSError, EOFError, zlib.error)
"""What is raised when a file cannot be read on; `is_damage` tells the file's fault from the machine's."""

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of one record; a longer one is a fault, not a reason to fill the memory."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class _Counted(io.RawIOBase):
    """The bytes of ``file``, telling ``seen`` how many were read: what a progress bar shows."""

    def __init__(self, file: BinaryIO, seen: Callable[[int], None]) -> None:
        self._file, self._seen = file, seen

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._file.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: object) -> int:
        count = cast("io.BufferedReader", self._file).readinto(buffer)  # type: ignore[arg-type]
        self._seen(count)
        return count


@contextmanager
def opened(path: Path, *, seen: Callable[[int], None] | None = None) -> Iterator[BinaryIO]:
    """The content of ``path``, unpacked if its name says that it is packed; ``seen`` hears of packed bytes."""
    with path.open("rb") as raw:
        source = io.BufferedReader(_Counted(raw, seen), 1 << 18) if seen else raw
        with unpacked(cast("BinaryIO", source), path.suffix.lower()) as stream:
            yield stream


@contextmanager
def unpacked(source: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    """The content of ``source``, unpacked as the suffix says (`COMPRESSED`). Raises `InputError` if that needs a package."""
    if suffix == ".gz":
        import gzip  # noqa: PLC0415  seldom needed

        with gzip.open(source) as stream:
            yield cast("BinaryIO", stream)
    elif suffix == ".bz2":
        import bz2  # noqa: PLC0415  seldom needed

        with bz2.open(source) as stream:
            yield cast("BinaryIO", stream)
    elif suffix == ".xz":
        import lzma  # noqa: PLC0415  seldom needed

        with lzma.open(source) as stream:
            yield cast("BinaryIO", io.BufferedReader(_Unpacked(stream.read1, lzma.LZMAError), 1 << 17))
    elif suffix == ".zst":
        yield cast("BinaryIO", io.BufferedReader(_Unpacked(_zstandard(source), ValueError), 1 << 17))
    else:
        yield source


class _Unpacked(io.RawIOBase):
    """What ``read`` yields; an error of its own kind is told as a file that breaks off."""

    def __init__(self, read: Callable[[int], bytes], error: type[Exception]) -> None:
        self._read, self._error = read, error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            content = self._read(len(buffer))
        except self._error as error:
            raise EOFError(type(error).__name__) from None
        buffer[: len(content)] = content
        return len(content)


def _zstandard(source: BinaryIO) -> Callable[[int], bytes]:
    try:
        import pyarrow as pa  # noqa: PLC0415  an extra
    except ImportError:
        raise InputError("a .zst file needs the package pyarrow: pip install 'phiguard[arrow]'") from None
    read: Callable[[int], bytes] = pa.CompressedInputStream(pa.PythonFile(source, mode="r"), "zstd").read
    return read


def is_damage(error: BaseException) -> bool:
    """Whether the content of a file is to blame (a packed file that breaks off), not the disk or the network.

    >>> is_damage(EOFError()), is_damage(OSError(5, "Input/output error"))
    (True, False)
    """
    return not isinstance(error, OSError) or (error.errno is None and not isinstance(error, ValueError))


def lines_of(stream: BinaryIO, *, first: int = 1) -> Iterator[tuple[int, bytes | None]]:
    """Each line with its number (that of the first is ``first``), without its end; ``None`` for one that is too long."""
    number = first - 1
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if number == 1:
            line = line.removeprefix(_BOMS[0][0])  # at the start of the file only
        if line.endswith(b"\n"):
            yield number, line[:-2] if line.endswith(b"\r\n") else line[:-1]
        elif len(line) < LONGEST_LINE:
            yield number, line
        else:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE)
            yield number, None


def text_of_stream(stream: BinaryIO, *, encoding: str | None = None, newline: str = "") -> io.TextIOWrapper:
    """``stream`` as text. Bytes that are not text become lone surrogates: a fault of their record alone."""
    buffered = cast("io.BufferedReader", stream if hasattr(stream, "peek") else io.BufferedReader(stream))
    if encoding is None:
        start = buffered.peek(4)
        encoding = next((name for bom, name in _BOMS if start.startswith(bom)), "utf-8")
        encoding = {"utf-16-le": "utf-16", "utf-16-be": "utf-16", "utf-8": "utf-8-sig"}[encoding]
    return io.TextIOWrapper(buffered, encoding=encoding, errors="surrogateescape", newline=newline)


def decode_text(content: bytes) -> str | None:
    """UTF-8 (or what its byte order mark says) as text; ``None`` if it is something else."""
    for bom, name in _BOMS:
        if content.startswith(bom):
            content, encoding = content[len(bom) :], name
            break
    else:
        encoding = "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None

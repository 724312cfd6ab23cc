"""Bytes of a file, of standard input or of a .gz, and their lines with a bound on memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

__all__ = ["LONGEST_LINE", "decode_text", "lines_of", "opened", "text_of_stream"]

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of one record; a longer one is a fault, not a reason to fill the memory."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class _Counted(io.RawIOBase):
    """The bytes of ``file``, telling ``seen`` how many were read: what a progress bar shows."""

    def __init__(self, file: BinaryIO, seen: Callable[[int], None]) -> None:
        self._file, self._seen = file, seen

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        count = cast("io.BufferedReader", self._file).readinto(buffer)  # type: ignore[arg-type]
        self._seen(count)
        return count


@contextmanager
def opened(path: Path, *, seen: Callable[[int], None] | None = None) -> Iterator[BinaryIO]:
    """The content of ``path``, unpacked if its name ends in ``.gz``; ``seen`` hears of packed bytes."""
    with path.open("rb") as raw:
        source = io.BufferedReader(_Counted(raw, seen), 1 << 18) if seen else raw
        if path.suffix == ".gz":
            import gzip  # noqa: PLC0415  seldom needed

            with gzip.open(source) as unpacked:
                yield cast("BinaryIO", unpacked)
        else:
            yield cast("BinaryIO", source)


def lines_of(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Each line with its number from 1, without its end; ``None`` for one that is too long."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if number == 1:
            line = line.removeprefix(_BOMS[0][0])
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

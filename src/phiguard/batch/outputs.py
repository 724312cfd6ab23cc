"""Where results go: files that appear whole at the end, or a stream."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from phiguard.batch.stopped import Stopped

__all__ = ["Finish", "PartFile", "Sink", "StreamOut", "part_of"]

Finish = Callable[[Path, Path], None]
"""Makes the file of the second name from the part file of the first, whole or not at all; it may be done twice."""


class Sink(Protocol):
    """Takes the bytes of one stream of results."""

    @property
    def offset(self) -> int:
        """Bytes that were written."""

    def write(self, content: bytes) -> int:
        """Writes all of it. Raises `Stopped` if that is not possible."""

    def sync(self) -> None:
        """What is written is on the disk when this returns."""

    def finish(self) -> None:
        """The output is whole now."""

    def close(self, *, keep: bool, offset: int) -> None:
        """Ends before it is whole; ``keep``: so many bytes of it stay, to be gone on with."""


def _shown(error: OSError) -> str:
    return error.strerror or type(error).__name__


class _Writer:
    """Bytes to a file descriptor, unbuffered: a worker that is forked shares no half-written buffer."""

    def __init__(self, descriptor: int, shown: str, offset: int = 0) -> None:
        self._descriptor = descriptor
        self._shown = shown
        self.offset = offset

    def write(self, content: bytes) -> int:
        view = memoryview(content)
        while view:
            try:
                view = view[os.write(self._descriptor, view) :]
            except BrokenPipeError:
                raise
            except OSError as error:
                raise Stopped(f"{self._shown}: cannot be written ({_shown(error)})") from None
        self.offset += len(content)
        return len(content)

    def writelines(self, lines: Iterable[bytes]) -> None:
        """Writes each."""
        for line in lines:
            self.write(line)


class StreamOut(_Writer):
    """Standard output, or a device or pipe that was named: what is written is gone at once."""

    def __init__(self, descriptor: int, shown: str) -> None:
        super().__init__(descriptor, shown)

    @classmethod
    def standard(cls) -> StreamOut | _Buffered:
        """Standard output; our forms are UTF-8 whatever the terminal's locale says."""
        sys.stdout.flush()
        try:
            return cls(sys.stdout.fileno(), "standard output")
        except OSError:  # a test's, in memory
            return _Buffered(sys.stdout.buffer)

    def sync(self) -> None:
        """Nothing is held back."""

    def finish(self) -> None:
        """Nothing is left to do."""

    def close(self, *, keep: bool, offset: int) -> None:
        """Nothing is left to do."""


class _Buffered:
    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.offset = 0

    def write(self, content: bytes) -> int:
        self._out.write(content)
        self._out.flush()
        self.offset += len(content)
        return len(content)

    def writelines(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self.write(line)

    def sync(self) -> None:
        pass

    def finish(self) -> None:
        pass

    def close(self, *, keep: bool, offset: int) -> None:
        pass


class PartFile(_Writer):
    """A file that appears under its name when it is whole; until then its part file stands beside it.

    Args:
        path: the name of the whole file.
        offset: bytes of the part file to go on after; ``None``: begin anew.
        finish: makes the whole file from the part file, instead of renaming it.
    """

    def __init__(self, path: Path, *, offset: int | None = None, finish: Finish | None = None) -> None:
        self.path = path
        self.part = part_of(path)
        self._finish = finish or _rename
        shown = str(path)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        try:
            descriptor = os.open(self.part, flags, 0o666)
        except OSError as error:
            raise Stopped(f"{shown}: cannot be written ({_shown(error)})") from None
        super().__init__(descriptor, shown, offset or 0)
        try:
            self._take(descriptor, offset)
        except BaseException:
            os.close(descriptor)
            raise

    def _take(self, descriptor: int, offset: int | None) -> None:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Stopped(f"{self._shown}: another scan is writing it") from None
        size = os.fstat(descriptor).st_size
        if offset is not None and size < offset:
            raise Stopped(
                f"{self.part}: holds {size:,} bytes of {offset:,} that were written: start over without --resume"
            )
        os.ftruncate(descriptor, offset or 0)  # what was written after the checkpoint is written again
        os.lseek(descriptor, offset or 0, os.SEEK_SET)

    def sync(self) -> None:
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise Stopped(f"{self._shown}: cannot be written ({_shown(error)})") from None

    def finish(self) -> None:
        try:
            self._finish(self.part, self.path)
        except OSError as error:
            raise Stopped(f"{self._shown}: cannot be written ({_shown(error)})") from None
        os.close(self._descriptor)

    def close(self, *, keep: bool, offset: int) -> None:
        with suppress(OSError):
            if keep:
                os.ftruncate(self._descriptor, offset)  # half a block, where the disk is full
            else:
                self.part.unlink(missing_ok=True)
            os.close(self._descriptor)


def part_of(path: Path) -> Path:
    """The name of the part file of ``path``, beside it."""
    return path.with_name(f".{path.name}.part")


def _rename(part: Path, path: Path) -> None:
    part.replace(path)

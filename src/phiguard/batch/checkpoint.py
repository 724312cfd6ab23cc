"""What a scan needs to go on after ``kill -9``: how far it was, and whether everything is still as it was. No text."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from phiguard.batch.blocks import Cursor
from phiguard.batch.cutting import Input
from phiguard.batch.job import Counts, as_counter
from phiguard.batch.stopped import Stopped
from phiguard.writers.outcome import encodable
from phiguard.writers.summary import Summary

__all__ = [
    "Checkpoint",
    "Progress",
    "SeenInput",
    "changes",
    "checkpoint_of",
    "forget",
    "load",
    "save",
    "seen_inputs",
]

FORMAT = 1
_MAGIC = b"phiguard checkpoint\n"
_HEAD = 64 * 1024


class SeenInput(msgspec.Struct, frozen=True, array_like=True):
    """What an input file was like when the scan began."""

    path: str
    size: int
    mtime_ns: int
    head: str


class Progress(msgspec.Struct):
    """How far a scan is: where in the input, where in each output, and what was counted."""

    cursor: Cursor = Cursor()
    offsets: dict[str, int] = msgspec.field(default_factory=dict)
    summary: Summary = msgspec.field(default_factory=Summary)
    counts: Counts = msgspec.field(default_factory=Counts)
    is_done: bool = False


class Checkpoint(msgspec.Struct):
    """A scan on disk. ``options`` holds whatever decides the results, by the name that people know it by."""

    format: int
    options: dict[str, str]
    inputs: list[SeenInput]
    today: str
    progress: Progress
    watch: bytes = b""


def checkpoint_of(output: Path) -> Path:
    """Where the checkpoint of a scan to ``output`` stands."""
    return output.with_name(f".{output.name}.checkpoint")


def seen_inputs(inputs: Iterable[Input], done: Sequence[SeenInput] = ()) -> list[SeenInput]:
    """What the input files are like now; those that are ``done`` are needed no more. Raises `Stopped` for one that cannot be read."""
    found: list[SeenInput] = []
    for one in inputs:
        if one.path is None:
            continue
        if len(found) < len(done) and done[len(found)].path == encodable(str(one.path)):
            found.append(done[len(found)])
            continue
        try:
            with one.path.open("rb") as file:
                status = os.fstat(file.fileno())
                head = hashlib.sha256(file.read(_HEAD)).hexdigest()[:32]
        except OSError as error:
            raise Stopped(f"{one.shown}: cannot be read ({error.strerror})") from None
        found.append(SeenInput(encodable(str(one.path)), status.st_size, status.st_mtime_ns, head))
    return found


def save(path: Path, checkpoint: Checkpoint) -> None:
    """Writes a checkpoint; the one before it stays if that fails. Raises `OSError`."""
    body = _ENCODER.encode(checkpoint)
    new = _new(path)
    try:
        with new.open("wb") as file:
            file.write(_MAGIC + zlib.crc32(body).to_bytes(4, "big") + body)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise


def forget(path: Path) -> None:
    """Removes a checkpoint, and one that was half written."""
    path.unlink(missing_ok=True)
    _new(path).unlink(missing_ok=True)


def _new(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def load(path: Path) -> Checkpoint | None:
    """The checkpoint at ``path``; ``None`` if there is none. Raises `Stopped` for one that cannot be used."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Stopped(f"{path}: cannot be read ({error.strerror})") from None
    body = content[len(_MAGIC) + 4 :]
    if content[: len(_MAGIC)] == _MAGIC and content[len(_MAGIC) :][:4] == zlib.crc32(body).to_bytes(4, "big"):
        with suppress(msgspec.MsgspecError):
            found = _DECODER.decode(body)
            if found.format == FORMAT:
                return found
    raise Stopped(f"{path}: is damaged, or of another version of phiguard: start over without --resume")


def changes(then: Checkpoint, options: Mapping[str, str], inputs: Iterable[SeenInput]) -> list[str]:
    """What is no longer as it was when the scan began, in words."""
    found = [
        f"{name} has changed"
        for name in sorted({*then.options, *options})
        if then.options.get(name) != options.get(name)
    ]
    old, now = then.inputs, list(inputs)
    if [one.path for one in old] != [one.path for one in now]:
        return [*found, "the list of files to scan has changed"]
    for was, one in zip(old, now, strict=True):
        if was.size != one.size:
            found.append(f"{one.path} has changed (it had {was.size:,} bytes, now {one.size:,})")
        elif was != one:
            found.append(f"{one.path} has changed")
    return found


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Checkpoint, dec_hook=as_counter)

"""The files of an export: one file, those in a folder, those inside a .zip; each opened when it is read."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from phiguard.errors import InputError
from phiguard.readers.stream import opened

__all__ = ["UNREADABLE", "Source", "head_of", "sources_of"]

UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)
"""What reading a file or a member of a .zip can raise: damaged, encrypted, packed in an unknown way."""

_PACKED = re.compile(r"\.(?:gz|bz2|xz|zst)$", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")
Seen = Callable[[int], None]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One file. ``name`` is what a place shows; ``inner`` its path inside the export, with ``/``; ``packed`` its .zip."""

    name: str
    inner: str
    path: Path
    member: str | None = None
    packed: Any = None

    @contextmanager
    def open(self, *, seen: Seen | None = None) -> Iterator[BinaryIO]:
        """The content as bytes. ``seen`` hears how much of the file was read (of a .zip: not)."""
        if self.member is None:
            with opened(self.path, seen=seen) as stream:
                yield stream
            return
        # One opened .zip serves all its members: reading its list of them again and again would cost more.
        with self.packed.open(self.member) as stream:
            yield cast("BinaryIO", stream)

    def beside(self, name: str) -> Source | None:
        """The file ``name`` in the same folder, if it is there and this is no member of a .zip."""
        path = self.path.with_name(name)
        if self.member is not None or not path.is_file():
            return None
        return Source(name=str(Path(self.name).with_name(name)), inner=name, path=path)


def sources_of(paths: Iterable[Path]) -> tuple[Source, ...]:
    """All files of an export that may lie in several parts, in the order of their names (2 before 10)."""
    found = [source for path in paths for source in _sources(path)]
    return tuple(found)


def _sources(path: Path) -> Iterator[Source]:
    if path.is_dir():
        inside = (one for one in path.rglob("*") if one.is_file())
        for one in sorted(inside, key=lambda one: _natural(one.relative_to(path).as_posix())):
            inner = one.relative_to(path).as_posix()
            if any(part.startswith((".", "__MACOSX")) for part in inner.split("/")):
                continue
            yield from (
                _members(one)
                if one.suffix.lower() == ".zip"
                else (Source(name=str(one), inner=inner, path=one),)
            )
    elif not path.is_file():
        raise InputError("there is no such file or folder")
    elif path.suffix.lower() == ".zip" or zipfile.is_zipfile(path):
        yield from _members(path)
    else:
        yield Source(name=str(path), inner=_PACKED.sub("", path.name), path=path)


def _members(path: Path) -> Iterator[Source]:
    try:
        packed = zipfile.ZipFile(path)
    except UNREADABLE:
        raise InputError(
            f"{path}: cannot be opened as a .zip: download it again (a part of it may be missing)"
        ) from None
    names = (info.filename for info in packed.infolist() if not info.is_dir())
    for name in sorted(names, key=_natural):
        if not any(part.startswith((".", "__MACOSX")) for part in name.split("/")):
            yield Source(name=f"{path}!{name}", inner=name, path=path, member=name, packed=packed)


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """A key that puts part 2 before part 10, and ``tweets.js`` before ``tweets-part1.js``."""
    name = name.lower()
    stem, _, suffix = name.rpartition(".")
    spread = _NUMBERS.sub(lambda found: f"{int(found[0]):012d}", stem)
    return ((0, spread), (1, suffix))


def head_of(source: Source, size: int = 1 << 16) -> str:
    """The beginning of a file as text, for a guess at what it is; empty if it cannot be read."""
    try:
        with source.open() as stream:
            start = stream.read(size)
    except UNREADABLE:
        return ""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return start.decode("utf-16", "replace")
    return start.decode("utf-8-sig", "replace")

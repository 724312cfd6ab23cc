"""Compiled packs on disk: private, keyed by content and versions, rebuilt when damaged.

The cache holds rules and automata, never a word of a post.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from phiguard.entities import entities_from
from phiguard.index import Index
from phiguard.packs import PackFile, digest_of, read_files, shipped
from phiguard.rules import RuleSet, assembled

__all__ = ["CACHE_FORMAT", "cache_folder", "compiled"]

CACHE_FORMAT = 6
"""Changes whenever what is stored changes shape."""

_HEADER = 4  # bytes of the checksum


SHIPPED = Path(__file__).parent / "compiled.pack"
"""The shipped rules, compiled when the package was built: a first start needs no compiling. Without it, or with other rules, it does."""


class _Stored(msgspec.Struct, array_like=True):
    key: str
    rules: RuleSet
    index: Index


def cache_folder() -> Path | None:
    """The folder of compiled packs, made private (mode 0700) if need be; ``None`` if none is safe to use.

    ``PHIGUARD_CACHE_DIR`` names it; an empty value turns the cache off. Else ``XDG_CACHE_HOME`` or ``~/.cache``.
    """
    named = os.environ.get("PHIGUARD_CACHE_DIR")
    if named == "":
        return None
    try:
        base = os.environ.get("XDG_CACHE_HOME")
        folder = Path(named) if named else (Path(base) if base else Path.home() / ".cache") / "phiguard"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder if _is_private(os.lstat(folder), stat.S_ISDIR) else None
    except (OSError, RuntimeError):  # no home, a full or read-only disk
        return None


def _is_private(status: os.stat_result, kind: object) -> bool:
    """Whether a file or folder is ours alone: somebody else's rules would be run on patients' words."""
    if not callable(kind) or not kind(status.st_mode):
        return False
    return not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o077)


def compiled(
    packs: Sequence[Path | str | PackFile] = (), triggers: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[RuleSet, Index]:
    """The shipped rules and those of ``packs``, compiled with the ``triggers`` of entities: from the cache, or now.

    Raises `RuleError`.
    """
    files = read_files([shipped(), *packs])
    folder = cache_folder()
    key = _key(files, triggers or {})
    path = folder / f"{key}.pack" if folder else None
    stored = (None if packs else _read(SHIPPED, key, private=False)) or (_read(path, key) if path else None)
    if stored is None:
        from phiguard.indexing import build_index  # noqa: PLC0415 (20 ms, which a start from a pack is spared)

        rules, expanded = assembled(files)
        stored = _Stored(key, rules, build_index(rules, expanded, triggers))
        if path:
            _write(path, stored)
    return stored.rules, stored.index


def ship() -> Path:
    """Compiles the shipped rules into the file that an installed package starts with; `setup.py` calls it."""
    from phiguard.indexing import build_index  # noqa: PLC0415 (as above)

    files = read_files([shipped()])
    triggers = entities_from().triggers()
    rules, expanded = assembled(files)
    stored = _Stored(_key(files, triggers), rules, build_index(rules, expanded, triggers))
    SHIPPED.write_bytes(_packed(stored))
    return SHIPPED


def _key(files: Sequence[PackFile], triggers: Mapping[str, tuple[str, ...]]) -> str:
    source = "|".join(
        (
            str(CACHE_FORMAT),
            _code_digest(),
            digest_of(files),
            *(repr((label, triggers[label])) for label in sorted(triggers)),
        )
    )
    return hashlib.sha256(source.encode()).hexdigest()[:40]


def _code_digest() -> str:
    """A digest of the modules that shape what is stored: a new release, or an edit, compiles anew."""
    here = Path(__file__).parent
    names = (
        "disguise.py",
        "engine.py",
        "gates.py",
        "index.py",
        "indexing.py",
        "keys.py",
        "parts.py",
        "kinds/base.py",
        "kinds/view.py",
        "rewrites.py",
        "rules.py",
        "terms.py",
        "text.py",
        "trie.py",
    )
    digest = hashlib.sha256()
    for name in names:
        digest.update((here / name).read_bytes())
    return digest.hexdigest()


def _read(path: Path, key: str, *, private: bool = True) -> _Stored | None:
    """What is stored at ``path`` if it is whole, of that key, and (unless it came with the package) ours alone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            if private and not _is_private(os.fstat(file.fileno()), stat.S_ISREG):
                return None
            content = file.read()
    except OSError:
        return None
    # Damaged rules would find nothing: nothing is decoded before the checksum agrees. It guards against accidents;
    # against people, the folder is private.
    body = memoryview(content)[_HEADER:]
    if _checksum(body) != content[:_HEADER]:
        return None
    try:
        stored = msgspec.msgpack.decode(body, type=_Stored)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    return stored if stored.key == key else None


def _checksum(body: bytes | memoryview) -> bytes:
    return zlib.crc32(body).to_bytes(_HEADER, "big")


def _packed(stored: _Stored) -> bytes:
    body = msgspec.msgpack.encode(stored)
    return _checksum(body) + body


def _write(path: Path, stored: _Stored) -> None:
    content = _packed(stored)
    import tempfile  # noqa: PLC0415 (costs 5 ms, and a cached start writes nothing)

    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            return
        _forget_old(path)
    except OSError:
        return  # no cache is no fault: the next start compiles again


def _forget_old(path: Path, keep: int = 4) -> None:
    """Removes all but the newest packs: each is some megabytes."""
    packs = sorted(path.parent.glob("*.pack"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in packs[keep:]:
        old.unlink(missing_ok=True)

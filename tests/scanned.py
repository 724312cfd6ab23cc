"""`phiguard scan` in a process of its own, with the few rules of ``data/pack`` and small blocks; and posts to scan."""

from __future__ import annotations

import io
import json
import os
import pathlib
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

import phiguard.batch.cutting
import phiguard.cache
import phiguard.packs
import phiguard.rules
from phiguard import cli

PACK = Path(__file__).parent / "data" / "pack"
SRC = Path(__file__).parents[1] / "src"
CANARY = "zq7canary"

PROGRAM = """
import os, pathlib, signal, sys
import phiguard.cache, phiguard.packs, phiguard.rules
import phiguard.batch.cutting as cutting
pack = pathlib.Path(sys.argv.pop(1))
for module in (phiguard.packs, phiguard.cache, phiguard.rules):
    module.shipped = lambda: pack
cutting.BLOCK = 2000
cutting.ROWS = 20
{patch}
from phiguard.cli import main
main()
"""


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(SRC), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "PHIGUARD_CACHE_DIR": ""}


def command(*arguments: str | Path, patch: str = "") -> list[str]:
    """The command line of a scan; ``patch`` is code that runs before it."""
    return [sys.executable, "-c", PROGRAM.format(patch=patch), str(PACK), "scan", *map(str, arguments)]


class Scanned(msgspec.Struct):
    """What a scan answered."""

    returncode: int
    stdout: bytes
    stderr: bytes


def in_process(
    monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[bytes]
) -> Callable[..., Scanned]:
    """Scans in this process, which is quicker; its workers are forked from it."""
    for module in (phiguard.packs, phiguard.cache, phiguard.rules):
        monkeypatch.setattr(module, "shipped", lambda: PACK)
    monkeypatch.setattr(phiguard.batch.cutting, "BLOCK", 2000)
    monkeypatch.setattr(phiguard.batch.cutting, "ROWS", 20)
    monkeypatch.setenv("PHIGUARD_CACHE_DIR", "")

    def scan(*arguments: str | Path, cwd: Path, stdin: bytes = b"", code: int | None = None) -> Scanned:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        returned = cli.run(["scan", *map(str, arguments)])
        done = Scanned(int(returned), *capture.readouterr())
        assert CANARY.encode() not in done.stdout + done.stderr
        assert code is None or done.returncode == code, (done.returncode, done.stderr)
        return done

    return scan


def forked(*arguments: str | Path, cwd: Path, patch: str = "", code: int | None = None) -> Scanned:
    """A scan in a child of this process, which ``patch`` changes and which may die of it: quicker than a new one."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            try:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), write_through=True)
                sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), write_through=True)
                os.chdir(cwd)
                os.environ["PHIGUARD_CACHE_DIR"] = ""
                for module in (phiguard.packs, phiguard.cache, phiguard.rules):
                    module.shipped = lambda: PACK  # type: ignore[attr-defined]
                phiguard.batch.cutting.BLOCK = 2000
                phiguard.batch.cutting.ROWS = 20
                exec(patch, {"os": os, "signal": signal, "pathlib": pathlib, "sys": sys})  # noqa: S102  a test's own
                os._exit(cli.run(["scan", *map(str, arguments)]))
            except BaseException:  # noqa: BLE001  no test may run on in the child
                os._exit(99)
        _, status = os.waitpid(pid, 0)
        out.seek(0)
        err.seek(0)
        done = Scanned(os.waitstatus_to_exitcode(status), out.read(), err.read())
    assert CANARY.encode() not in done.stdout + done.stderr
    assert code is None or done.returncode == code, (done.returncode, done.stderr)
    return done


def post_lines(count: int, *, poisoned: bool = True) -> list[bytes]:
    """Lines of JSON: posts with and without findings, and now and then a record that is no post."""
    texts = (
        f"{CANARY} walked by the river today",
        f"Our {CANARY} tea is a miracle cure",
        "Act now, and bring a friend",
        f"Hiya {CANARY}",
        "Nothing to see here — é, 日本, 🙂",
    )
    lines = []
    for number in range(count):
        post: dict[str, object] = {"id": f"p{number}", "text": texts[number % len(texts)]}
        if number % 7 == 3:
            post |= {"text": "Please help me at once", "direction": "inbound_dm"}
            post["received_at"] = f"2026-05-01T09:{number % 60:02}:00-05:00"
        if number % 31 == 5:
            post["likes"] = number
        lines.append(json.dumps(post).encode())
    if poisoned:
        for at, bad in enumerate(
            (
                b'{"text": "' + CANARY.encode(),
                b'{"text": 7}',
                b'{"text": "caf\xe9 ' + CANARY.encode() + b'"}',
                b'{"text": "a", "platform": "' + CANARY.encode() + b'"}',
                b"",
                b'{"text": "lone \\ud800"}',
                b"[1, 2]",
            )
        ):
            lines.insert((at * 37 + 11) % count, bad)
    return lines

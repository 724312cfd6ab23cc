"""A scan that is killed, runs out of disk or is interrupted goes on with ``--resume``, and writes the same bytes."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from phiguard.batch.checkpoint import checkpoint_of
from phiguard.batch.outputs import part_of
from phiguard.cli.exits import Exit
from tests.scanned import CANARY, Scanned, command, environment, forked, in_process, post_lines

Scan = Callable[..., Scanned]
OFTEN = ("--checkpoint-every", "0", "--workers", "2")


@pytest.fixture
def scan(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Scan:
    return in_process(monkeypatch, capfdbinary)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files of posts: plain, packed, and a CSV."""
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(post_lines(300)))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b"\n".join(post_lines(300, poisoned=False))))
    (tmp_path / "c.csv").write_text("id,text\n" + "".join(f'{n},"Act now,\n{n}"\n' for n in range(100)))
    return tmp_path


INPUTS = ("a.jsonl", "b.jsonl.gz", "c.csv")


def results(folder: Path) -> dict[str, bytes]:
    """Everything in the folder that is no input."""
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.name not in INPUTS}


def undisturbed(scan: Scan, folder: Path, *arguments: str) -> tuple[dict[str, bytes], bytes]:
    """The files and the summary of a scan that nothing disturbs; the files are taken away again."""
    done = scan(*INPUTS, *arguments, cwd=folder, code=Exit.NOT_SCREENED)
    found = results(folder)
    for name in found:
        (folder / name).unlink()
    return found, done.stdout


# --- kill -9 ------------------------------------------------------------------------------------------

# Kills the scan, not its workers, just before or after a step that changes what is on the disk.
KILLER = """
import phiguard.batch.checkpoint as checkpoint, phiguard.batch.outputs as outputs, phiguard.batch.scanning as scanning
steps, parent = 0, os.getpid()
def deadly(owner, name):
    step = getattr(owner, name)
    def killing(*arguments, **named):
        global steps
        if os.getpid() == parent:
            steps += 1
            if steps == {at}:
                os.kill(parent, signal.SIGKILL)
        return step(*arguments, **named)
    setattr(owner, name, killing)
deadly(scanning.Scan, "_take")
deadly(scanning.Scan, "_write_end")
deadly(os, "write")
deadly(os, "fsync")
deadly(os, "close")
deadly(outputs.PartFile, "finish")
deadly(scanning.Saving, "forget")
deadly(pathlib.Path, "replace")
deadly(pathlib.Path, "unlink")
"""


@pytest.mark.parametrize("form", ["jsonl", "csv", "json", "parquet"])
def test_killed_at_any_step_and_gone_on_with_it_writes_the_same_bytes(
    scan: Scan, folder: Path, form: str
) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    arguments = ("-o", f"out.{form}", "--dead-letters", "dead.jsonl", *OFTEN)
    whole, summary = undisturbed(scan, folder, *arguments)
    assert len(whole) == (3 if form == "parquet" else 2)
    chance = random.Random(f"{form} 7")  # noqa: S311  seeded
    kills = 0
    step = 1
    while True:
        # Steps of a run that goes on are fewer: near the end each step is tried.
        at = chance.choice((1, 2, 3, 5, 9, 17, 40, 90)) if kills < 12 else step
        step += kills >= 12
        done = forked(*INPUTS, *arguments, "--resume", cwd=folder, patch=KILLER.format(at=at))
        if done.returncode != -signal.SIGKILL:
            break
        kills += 1
        assert kills < 60
    assert done.returncode == Exit.NOT_SCREENED
    assert kills >= 8
    assert results(folder) == whole
    assert done.stdout == summary


def test_killed_at_a_random_time_with_all_its_workers(scan: Scan, folder: Path) -> None:
    lines = b"\n".join(post_lines(2_500))
    (folder / "a.jsonl").write_bytes(lines)
    arguments = ("-o", "out.jsonl", "--checkpoint-every", "0", "--workers", "2")
    whole, summary = undisturbed(scan, folder, *arguments)
    chance = random.Random(11)  # noqa: S311  seeded
    kills = 0
    for _ in range(30):
        with subprocess.Popen(
            command(*INPUTS, *arguments, "--resume"),
            cwd=folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            # From when there is something to lose: the start takes most of the time.
            began = time.monotonic()
            before = size_of(part_of(folder / "out.jsonl"))
            while process.poll() is None and time.monotonic() - began < 30:
                if size_of(part_of(folder / "out.jsonl")) != before:
                    break
                time.sleep(0.002)
            time.sleep(chance.random() * 0.15)
            if kills < 6 and process.poll() is None:
                (os.killpg if kills % 2 else os.kill)(process.pid, signal.SIGKILL)
            out, _ = process.communicate(timeout=60)
        if process.returncode != -signal.SIGKILL:
            break
        kills += 1
    assert kills >= 3
    assert results(folder) == whole
    assert out == summary


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def test_workers_end_when_the_scan_is_killed(folder: Path) -> None:
    patch = """
import phiguard.batch.scanning as scanning
take, number = scanning.Scan._take, 0
def taken(self, result, cursor):
    global number
    take(self, result, cursor)
    number += 1
    if number == 6:
        print(*(worker.process.pid for worker in self._crew._workers), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
scanning.Scan._take = taken
"""
    done = forked(*INPUTS, "-o", "out.jsonl", *OFTEN, cwd=folder, patch=patch)
    workers = [int(pid) for pid in done.stdout.split()]
    assert len(workers) == 2
    deadline = time.monotonic() + 20
    while any(map(is_running, workers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(is_running, workers))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# --- disk full ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_full_disk_loses_nothing(scan: Scan, folder: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    arguments = ("-o", f"out.{form}", *OFTEN)
    whole, summary = undisturbed(scan, folder, *arguments)
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    for size in (60_000, 110_000):
        patch = limit.format(size=size)
        done = forked(*INPUTS, *arguments, "--resume", cwd=folder, patch=patch, code=Exit.NOT_SCREENED)
        assert b"cannot be written (File too large)" in done.stderr
        assert b"records are done and kept: the same command with --resume goes on from there." in done.stderr
        assert not (folder / f"out.{form}").exists()
    again = scan(*INPUTS, *arguments, "--resume", cwd=folder)
    assert results(folder) == whole
    assert again.stdout == summary


def test_an_output_that_cannot_be_written_is_refused_before_anything_is_screened(
    scan: Scan, folder: Path
) -> None:
    for arguments in (("-o", "no/out.jsonl"), ("-o", "out.jsonl", "--dead-letters", "no/dead.jsonl")):
        done = scan(*INPUTS, *arguments, cwd=folder, code=Exit.USAGE)
        assert b"cannot be written (No such file or directory)" in done.stderr
    assert results(folder) == {}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_device_is_written_to_as_it_is(scan: Scan, folder: Path) -> None:
    done = scan(*INPUTS, "-o", "/dev/full", "--format", "jsonl", cwd=folder, code=Exit.NOT_SCREENED)
    assert b"/dev/full: cannot be written (No space left on device)" in done.stderr
    scan(*INPUTS, "-o", "/dev/null", "--format", "jsonl", cwd=folder, code=Exit.NOT_SCREENED)
    assert Path("/dev/null").is_char_device()


# --- Ctrl-C -------------------------------------------------------------------------------------------


def test_ctrl_c_says_how_to_go_on(scan: Scan, folder: Path) -> None:
    arguments = ("-o", "out.csv", "--workers", "2")
    whole, summary = undisturbed(scan, folder, *arguments)
    patch = """
import phiguard.batch.scanning as scanning
take, number = scanning.Scan._take, 0
def taken(self, result, cursor):
    global number
    number += 1
    if number == 9:
        os.kill(os.getpid(), signal.SIG{name})
    take(self, result, cursor)
scanning.Scan._take = taken
"""
    for name in ("INT", "TERM"):
        done = forked(
            *INPUTS, *arguments, "--resume", cwd=folder, patch=patch.format(name=name), code=Exit.INTERRUPTED
        )
        assert done.stderr.startswith(b"Interrupted. ")
        assert (
            b" records are done and kept: the same command with --resume goes on from there.\n" in done.stderr
        )
    again = scan(*INPUTS, *arguments, "--resume", cwd=folder)
    assert results(folder) == whole
    assert again.stdout == summary


def test_the_results_of_an_interrupted_stream_are_kept(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("-", "-o", "out.jsonl", "--workers", "1"),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment(),
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b'{"text": "Act now"}\n')
        process.stdin.flush()
        part = part_of(tmp_path / "out.jsonl")
        deadline = time.monotonic() + 30
        while not size_of(part) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        process.wait(
            timeout=30
        )  # its input stays open until then: the end of a stream would end the scan too
        _, err = process.communicate()
    assert process.returncode == Exit.INTERRUPTED
    assert err == b"Interrupted. The results so far are in .out.jsonl.part.\n"
    assert json.loads(part.read_bytes())["verdict"] == "review"


# --- what has changed ---------------------------------------------------------------------------------


@pytest.fixture
def begun(folder: Path) -> Path:
    """A scan that was interrupted in the middle of the first file."""
    patch = KILLER.format(at=60)
    forked(*INPUTS, "-o", "out.jsonl", *OFTEN, cwd=folder, patch=patch, code=-signal.SIGKILL)
    assert checkpoint_of(folder / "out.jsonl").exists()
    return folder


def test_a_scan_is_not_gone_on_with_when_something_has_changed(scan: Scan, begun: Path) -> None:
    before = results(begun)

    def refused(*arguments: str | Path) -> bytes:
        inputs = () if arguments[0] in INPUTS else INPUTS
        done = scan(*inputs, *arguments, "-o", "out.jsonl", "--resume", cwd=begun, code=Exit.NOT_SCREENED)
        assert done.stderr.startswith(b"Error: cannot go on with this scan: ")
        assert done.stderr.endswith(b"start over without --resume.\n")
        assert results(begun) == before
        return done.stderr

    assert b"--reveal has changed" in refused("--reveal")
    assert b"--direction has changed" in refused("--direction", "ad")
    assert b"the list of files" in refused("a.jsonl", "c.csv")
    pack = begun.parent / "own.yaml"
    pack.write_text(
        "rules:\n- {id: OWN-01.tea, kind: phrase, title: Tea, category: brand, severity: low, message: Tea., why: Tea.,"
        " source: House style, fix: Tea., phrases: [tea], flags: [Tea.], passes: [Coffee.]}\n"
    )
    assert b"the rules has changed" in refused("--pack", pack)
    with (begun / "c.csv").open("a") as file:
        file.write("101,Hello\n")
    assert b"c.csv has changed (it had " in refused("--fail-on", "medium")


def test_a_damaged_checkpoint_or_a_lost_part_is_refused(scan: Scan, begun: Path) -> None:
    arguments = (*INPUTS, "-o", "out.jsonl")
    part = part_of(begun / "out.jsonl")
    content = part.read_bytes()
    part.write_bytes(content[:100])
    done = scan(*arguments, "--resume", cwd=begun, code=Exit.USAGE)
    assert b"holds 100 bytes of" in done.stderr
    part.write_bytes(content)
    checkpoint = checkpoint_of(begun / "out.jsonl")
    damaged = bytearray(checkpoint.read_bytes())
    damaged[60] ^= 1
    checkpoint.write_bytes(damaged)
    done = scan(*arguments, "--resume", cwd=begun, code=Exit.NOT_SCREENED)
    assert b"is damaged" in done.stderr
    # Without --resume it starts over, and says so.
    done = scan(*arguments, cwd=begun, code=Exit.NOT_SCREENED)
    assert b"--resume was not given" in done.stderr
    assert sorted(results(begun)) == ["out.jsonl"]


def test_a_checkpoint_holds_no_word_of_a_post(begun: Path) -> None:
    assert CANARY.encode() not in checkpoint_of(begun / "out.jsonl").read_bytes()
    assert CANARY.encode() not in part_of(begun / "out.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("a.jsonl", "--resume"), b"-o FILE"),
        (("a.jsonl", "--resume", "-o", "out.sarif"), b"in one go"),
        (("-", "--resume", "-o", "out.jsonl"), b"standard input"),
        (("a.jsonl", "-o", "out.jsonl", "--dead-letters", "out.jsonl"), b"must be different files"),
        (("a.jsonl", "-o", "out.jsonl", "--dead-letters", "a.jsonl"), b"one of the files to scan"),
        (("a.jsonl", "--format", "parquet"), b"-o NAME.parquet"),
    ],
)
def test_what_cannot_be_is_refused(scan: Scan, folder: Path, arguments: tuple[str, ...], told: bytes) -> None:
    done = scan(*arguments, cwd=folder, code=Exit.USAGE)
    assert told in done.stderr
    assert results(folder) == {}


def test_two_scans_do_not_write_one_file(scan: Scan, folder: Path) -> None:
    with subprocess.Popen(
        command("-", "-o", "out.jsonl", "--workers", "1"),
        stdin=subprocess.PIPE,
        cwd=folder,
        env=environment(),
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b'{"text": "Act now"}\n')
        process.stdin.flush()
        deadline = time.monotonic() + 30
        while not size_of(part_of(folder / "out.jsonl")) and time.monotonic() < deadline:
            time.sleep(0.01)
        done = scan("a.jsonl", "-o", "out.jsonl", cwd=folder, code=Exit.USAGE)
        assert b"another scan is writing it" in done.stderr
        process.stdin.close()
    assert json.loads((folder / "out.jsonl").read_bytes())["verdict"] == "review"

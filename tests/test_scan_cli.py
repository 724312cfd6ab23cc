"""`phiguard scan` at scale: the same results for any number of workers, whatever form comes in or goes out."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import lzma
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

import phiguard.cache
import phiguard.packs
import phiguard.rules
from phiguard.cli.exits import Exit
from phiguard.readers.decode import decode_post
from phiguard.screener import Screener
from tests.scanned import CANARY, PACK, PROGRAM, Scanned, command, environment, forked, in_process, post_lines

POSTS = post_lines(400)
DEAD = 5  # of them are no posts, and one line is blank


@pytest.fixture(scope="module")
def screener() -> Screener:
    with pytest.MonkeyPatch.context() as patch:
        for module in (phiguard.packs, phiguard.cache, phiguard.rules):
            patch.setattr(module, "shipped", lambda: PACK)
        patch.setenv("PHIGUARD_CACHE_DIR", "")
        return Screener()


Scan = Callable[..., Scanned]


@pytest.fixture
def scan(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Scan:
    return in_process(monkeypatch, capfdbinary)


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"\n".join(POSTS) + b"\n")
    return path


# --- workers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "text", "github", "sarif", "junit"])
def test_any_number_of_workers_writes_the_same_bytes(scan: Scan, posts: Path, form: str) -> None:
    found = []
    for workers in ("1", "2", "3"):
        done = scan(
            posts.name, "--format", form, "--workers", workers, cwd=posts.parent, code=Exit.NOT_SCREENED
        )
        found.append((done.stdout, done.stderr))
    assert len(found[0][0]) > 10_000
    assert found[0] == found[1] == found[2]


def test_the_results_are_those_of_each_post_alone(scan: Scan, posts: Path, screener: Screener) -> None:
    done = scan(posts.name, "--format", "jsonl", "--workers", "2", cwd=posts.parent)
    expected = []
    for number, line in enumerate(POSTS, 1):
        if not line.strip():
            continue
        post, fault, _ = decode_post(line)
        told: dict[str, object]
        if post is None:
            assert fault is not None
            told = {"type": "error", "error": fault.reason, "file": "posts.jsonl", "line": number}
            told |= {"field": fault.field} if fault.field else {}
        else:
            told = {
                "routes": [],
                "findings": [],
                "id": "",
                "complete": True,
                "unscreened": [],
                "suppressed": [],
                "file": "posts.jsonl",
                "line": number,
                **json.loads(msgspec.json.encode(screener.screen(post))),
            }
        expected.append(told)
    assert [json.loads(line) for line in done.stdout.splitlines()] == expected


def test_workers_that_start_afresh_find_the_same(posts: Path) -> None:
    patch = """
import phiguard.batch.crew as crew
crew.sys = type("Elsewhere", (), {"platform": "darwin"})
"""
    script = posts.parent / "run.py"  # a spawned process reads the main module again
    program = PROGRAM.format(patch=patch).replace("sys.argv.pop(1)", repr(str(PACK)))
    script.write_text(program.replace("\nmain()\n", "\nif __name__ == '__main__':\n    main()\n"))
    found = []
    for workers in ("1", "2"):
        arguments = [sys.executable, script, "scan", "posts.jsonl", "--format", "jsonl", "--workers", workers]
        done = subprocess.run(
            arguments, cwd=posts.parent, env=environment(), capture_output=True, check=False
        )
        assert done.returncode == Exit.NOT_SCREENED
        found.append((done.stdout, done.stderr))
    assert found[0] == found[1]


def test_a_worker_that_is_killed_is_told_and_nothing_is_lost(scan: Scan, posts: Path) -> None:
    patch = """
import phiguard.batch.job as job
done = job.Job.done
def killed(self, block):
    if block.line > 200:
        os.kill(os.getpid(), signal.SIGKILL)
    return done(self, block)
job.Job.done = killed
"""
    arguments = (posts.name, "-o", "out.jsonl", "--workers", "2")
    done = forked(*arguments, cwd=posts.parent, patch=patch, code=Exit.NOT_SCREENED)
    assert b"killed by SIGKILL while it screened posts.jsonl from line" in done.stderr
    assert b"--resume goes on from there" in done.stderr
    assert not (posts.parent / "out.jsonl").exists()
    again = scan(*arguments, "--resume", cwd=posts.parent, code=Exit.NOT_SCREENED)
    whole = scan(posts.name, "--format", "jsonl", cwd=posts.parent)
    assert (posts.parent / "out.jsonl").read_bytes() == whole.stdout
    assert again.stdout == whole.stderr


def test_a_defect_in_a_worker_is_told_by_its_kind(posts: Path) -> None:
    patch = f"""
import phiguard.batch.job as job
done = job.Job.done
def broken(self, block):
    if block.line > 200:
        raise KeyError({CANARY!r})
    return done(self, block)
job.Job.done = broken
"""
    for workers in ("1", "2"):
        done = forked(posts.name, "--workers", workers, cwd=posts.parent, patch=patch, code=Exit.INTERNAL)
        assert b"Internal error: KeyError" in done.stderr


# --- dead letters -------------------------------------------------------------------------------------


def test_every_record_is_screened_or_a_dead_letter(scan: Scan, posts: Path) -> None:
    done = scan(
        posts.name,
        "-o",
        "out.jsonl",
        "--dead-letters",
        "dead.jsonl",
        cwd=posts.parent,
        code=Exit.NOT_SCREENED,
    )
    results = (posts.parent / "out.jsonl").read_bytes().splitlines()
    dead = [json.loads(line) for line in (posts.parent / "dead.jsonl").read_bytes().splitlines()]
    read = [number for number, line in enumerate(POSTS, 1) if line.strip()]
    assert sorted([json.loads(line)["line"] for line in results] + [one["line"] for one in dead]) == read
    assert len(dead) == DEAD
    assert all(one["file"] == "posts.jsonl" and one["error"] for one in dead)
    assert CANARY not in json.dumps(dead)
    assert (
        f"{len(read):,} records read: {len(results):,} screened, {DEAD} dead letters".encode() in done.stdout
    )
    assert sorted(one.name for one in posts.parent.iterdir()) == ["dead.jsonl", "out.jsonl", "posts.jsonl"]


def test_a_line_without_an_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "Act now"}\n')
        for _ in range(400):
            file.write(b"x" * (1 << 20))
        file.write(b'\n{"text": "Act now"}\n' + b"y" * (17 << 20))
    # What this process holds already, and 150 MB: the line alone would take 400.
    patch = (
        "import resource; lines = pathlib.Path('/proc/self/status').read_text().splitlines()\n"
        "most = 1024 * int(next(one for one in lines if one.startswith('VmData')).split()[1]) + (150 << 20)\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (most, most))"
    )
    done = forked(
        path.name, "--format", "jsonl", "--workers", "1", cwd=tmp_path, patch=patch, code=Exit.NOT_SCREENED
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["line"], one.get("error", "")) for one in told] == [
        (1, ""),
        (2, "is too long"),
        (3, ""),
        (4, "is too long"),
    ]


# --- forms --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_packed_files_are_read_like_plain_ones(scan: Scan, posts: Path, suffix: str) -> None:
    content = posts.read_bytes()
    packed = posts.with_name(f"posts.jsonl{suffix}")
    if suffix == ".zst":
        pa = pytest.importorskip("pyarrow")
        packed.write_bytes(
            b"".join(pa.compress(part, "zstd", asbytes=True) for part in (content[:9000], content[9000:]))
        )
    else:
        packed.write_bytes({".gz": gzip, ".bz2": bz2, ".xz": lzma}[suffix].compress(content))
    plain = scan(posts.name, "--format", "jsonl", "-q", cwd=posts.parent)
    found = scan(packed.name, "--format", "jsonl", "-q", "--workers", "2", cwd=posts.parent)
    assert found.stdout.replace(suffix.encode(), b"") == plain.stdout
    # A file that breaks off costs its rest, and says where.
    packed.write_bytes(packed.read_bytes()[:-40])
    broken = scan(packed.name, "--format", "jsonl", "-q", cwd=posts.parent, code=Exit.NOT_SCREENED)
    *before, last = broken.stdout.splitlines()
    assert all(line in found.stdout.splitlines() for line in before)
    assert "the file is damaged here" in json.loads(last)["error"]


def rows(path: Path) -> Path:
    """The readable posts as a CSV, with a row that has too many cells and one that is no UTF-8."""
    with path.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "Message", "likes", "received_at"])
        for number, line in enumerate(POSTS):
            post, _, _ = decode_post(line)
            if post is not None and "\ud800" not in post.text:
                writer.writerow(
                    [post.id, post.text, 3, post.received_at.isoformat() if post.received_at else ""]
                )
            if number in {50, 150}:
                writer.writerow(["a", "b", "c", "d", CANARY])
                writer.writerow(["a", "caf\udce9", "c", ""])
    return path


@pytest.mark.parametrize("form", ["csv", "text", "yaml", "json", "markdown"])
def test_other_forms_are_screened_by_workers_too(scan: Scan, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"posts.{form}"
    texts = [
        post.text for post, _, _ in map(decode_post, POSTS) if post is not None and "\ud800" not in post.text
    ]
    if form == "csv":
        rows(path)
    elif form == "text":
        path.write_text("\n".join(texts) + "\n")
    elif form == "markdown":
        path.write_text("\n---\n---\n".join(texts))
    else:
        path.write_text(
            json.dumps(
                [{"text": text, "posted_at": "2026-05-01T09:30:00-05:00"} for text in texts],
                ensure_ascii=False,
            )
        )
    columns = ("--column-map", "text=Message,id=id") if form == "csv" else ()
    arguments = (path.name, *columns, "--input-format", form, "--format", "sarif")
    one, two = (scan(*arguments, "--workers", workers, cwd=tmp_path) for workers in ("1", "2"))
    assert (one.stdout, one.stderr) == (two.stdout, two.stderr)
    assert len(json.loads(one.stdout)["runs"][0]["results"]) > 150


def test_a_folder_holds_many_files(scan: Scan, tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.jsonl").write_bytes(b"\n".join(post_lines(40, poisoned=False)))
    (folder / "5.csv").write_text("text\nAct now\n")
    one, two = (
        scan("posts", "--format", "csv", "--workers", workers, cwd=tmp_path) for workers in ("1", "2")
    )
    assert (one.stdout, one.stderr) == (two.stdout, two.stderr)
    assert b"201 posts screened from 6 files." in one.stderr


# --- standard input and output ------------------------------------------------------------------------


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_stream_is_answered_record_by_record(tmp_path: Path, workers: str) -> None:
    with subprocess.Popen(
        command("-", "--format", "jsonl", "--workers", workers, "-q"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        cwd=tmp_path,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(5):
            process.stdin.write(b'{"text": "Act now", "id": "%d"}\n' % number)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == str(number)
        process.stdin.write(b"\n".join(POSTS) + b"\n" + b'{"text": "Act now", "id": "last"}\n{"text": "half')
        process.stdin.flush()
        while json.loads(process.stdout.readline()).get("id") != "last":
            pass
        process.stdin.close()
        assert json.loads(process.stdout.readline())["error"] == "is not JSON"
    assert process.returncode == Exit.NOT_SCREENED


@pytest.mark.parametrize("form", ["csv", "text"])
def test_a_stream_of_another_form_is_answered_too(tmp_path: Path, form: str) -> None:
    with subprocess.Popen(
        command("-", "--input-format", form, "--format", "jsonl", "--workers", "2", "-q"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        cwd=tmp_path,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"text\n" if form == "csv" else b"")
        for _ in range(6):
            process.stdin.write(b"Act now\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["verdict"] == "review"
        process.stdin.close()
    assert process.returncode == Exit.FINDINGS


def test_a_named_pipe_is_a_stream_too(scan: Scan, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b'{"text": "Act now", "id": "p"}\n',))
    writer.start()
    done = scan(pipe, "--format", "jsonl", "--workers", "1", cwd=tmp_path, code=Exit.FINDINGS)
    writer.join()
    assert json.loads(done.stdout)["id"] == "p"
    assert scan(pipe, "-o", "out.jsonl", "--resume", cwd=tmp_path, code=Exit.USAGE)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_full_disk_behind_standard_output_is_told(posts: Path, workers: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command(posts.name, "--format", "jsonl", "--workers", workers),
            cwd=posts.parent,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == Exit.NOT_SCREENED
    assert done.stderr == b"Error: standard output: cannot be written (No space left on device).\n"


def test_progress_is_told_now_and_then(posts: Path) -> None:
    patch = "import phiguard.cli.progress as progress; progress._EVERY = 0.0"
    done = forked(posts.name, "--format", "jsonl", cwd=posts.parent, patch=patch)
    first, *_ = done.stderr.splitlines()
    assert b" records, " in first
    assert b" a second, " in first
    assert first.endswith(b" left")


def test_a_file_that_vanishes_stops_the_scan_and_the_rest_goes_on_later(scan: Scan, posts: Path) -> None:
    other = posts.with_name("second.jsonl")
    other.write_bytes(b"\n".join(post_lines(100, poisoned=False)))
    patch = """
import phiguard.batch.scanning as scanning
take = scanning.Scan._take
def taken(self, result, cursor):
    take(self, result, cursor)
    if os.path.exists("second.jsonl"):
        os.rename("second.jsonl", "away")
scanning.Scan._take = taken
"""
    arguments = ("posts.jsonl", "second.jsonl", "-o", "out.jsonl", "--workers", "2")
    done = forked(*arguments, cwd=posts.parent, patch=patch, code=Exit.NOT_SCREENED)
    assert b"Error: second.jsonl: cannot be read on (No such file or directory). " in done.stderr
    assert b"--resume" in done.stderr
    (posts.parent / "away").rename(other)
    scan(*arguments, "--resume", cwd=posts.parent, code=Exit.NOT_SCREENED)
    whole = scan("posts.jsonl", "second.jsonl", "--format", "jsonl", "-q", cwd=posts.parent)
    assert (posts.parent / "out.jsonl").read_bytes() == whole.stdout


def test_a_file_that_becomes_shorter_is_told(posts: Path) -> None:
    patch = """
import phiguard.batch.scanning as scanning
take = scanning.Scan._take
def taken(self, result, cursor):
    take(self, result, cursor)
    os.truncate("posts.jsonl", 9000)
scanning.Scan._take = taken
"""
    done = forked("posts.jsonl", "-o", "out.jsonl", cwd=posts.parent, patch=patch, code=Exit.NOT_SCREENED)
    assert b"posts.jsonl: became shorter while it was read" in done.stderr
    assert not (posts.parent / "out.jsonl").exists()

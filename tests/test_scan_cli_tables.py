"""Parquet and Arrow: in as posts, out as a table of posts and a table of findings."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from phiguard.cli.exits import Exit
from phiguard.readers.decode import decode_post
from tests.scanned import CANARY, Scanned, in_process, post_lines

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

Scan = Callable[..., Scanned]
POSTS = [post for post, _, _ in map(decode_post, post_lines(300)) if post is not None]


@pytest.fixture
def scan(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Scan:
    return in_process(monkeypatch, capfdbinary)


def table(**more: list[Any]) -> Any:
    columns: dict[str, Any] = {
        "id": [post.id for post in POSTS],
        "text": [post.text.encode("utf-8", "replace").decode() for post in POSTS],
        "direction": [post.direction for post in POSTS],
        "received_at": pa.array([post.received_at for post in POSTS], pa.timestamp("us", tz="UTC")),
        **more,
    }
    return pa.table(columns)


def written(content: Any, path: Path, *, rows: int = 64) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(content, path, row_group_size=rows)
    else:
        new = pa.ipc.new_stream if path.suffix == ".arrows" else pa.ipc.new_file
        with new(path, content.schema) as writer:
            writer.write_table(content, max_chunksize=rows)
    return path


def told(done: Scanned) -> list[tuple[Any, ...]]:
    found = map(json.loads, done.stdout.splitlines())
    return [(one["line"], one["id"], one["verdict"], [f["rule"] for f in one["findings"]]) for one in found]


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".arrows"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_tables_are_read_like_lines_of_json(scan: Scan, tmp_path: Path, suffix: str, workers: str) -> None:
    rows = table().to_pylist()
    (tmp_path / "posts.jsonl").write_text(
        "".join(
            json.dumps({name: value for name, value in row.items() if value is not None}, default=str) + "\n"
            for row in rows
        )
    )
    written(table(), tmp_path / f"posts{suffix}")
    arguments = ("--format", "jsonl", "-q", "--workers", workers)
    plain = scan("posts.jsonl", *arguments, cwd=tmp_path, code=Exit.FINDINGS)
    found = scan(f"posts{suffix}", *arguments, cwd=tmp_path, code=Exit.FINDINGS)
    assert told(found) == told(plain)
    if suffix == ".arrows":
        stream = (tmp_path / "posts.arrows").read_bytes()
        found = scan("-", "--input-format", "arrow", *arguments, cwd=tmp_path, stdin=stream)
        assert told(found) == told(plain)


def test_a_bad_row_costs_that_row(scan: Scan, tmp_path: Path) -> None:
    texts = [b"Act now", b"caf\xe9 " + CANARY.encode(), b"Hello", b""]
    places = itertools.accumulate(map(len, texts), initial=0)
    ends = pa.py_buffer(b"".join(at.to_bytes(4, "little") for at in places))
    column = pa.Array.from_buffers(pa.string(), 4, [None, ends, pa.py_buffer(b"".join(texts))])
    bad = pa.table({"text": column, "platform": ["x", "x", CANARY, None]})
    written(bad, tmp_path / "bad.arrow")
    done = scan("bad.arrow", "--format", "jsonl", cwd=tmp_path, code=Exit.NOT_SCREENED)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["line"], one.get("field")) for one in found] == [
        (1, None),
        (2, "text"),
        (3, "platform"),
        (4, None),
    ]
    assert b"4 records read: 2 screened, 2 dead letters" in done.stderr


def test_columns_may_have_other_names(scan: Scan, tmp_path: Path) -> None:
    named = table(likes=list(range(len(POSTS)))).rename_columns(
        ["id", "Message", "direction", "received_at", "likes"]
    )
    written(named, tmp_path / "posts.parquet")
    done = scan("posts.parquet", cwd=tmp_path, code=Exit.USAGE)
    assert b"posts.parquet: there is no column named text" in done.stderr
    done = scan("posts.parquet", "--column-map", "text=Message", cwd=tmp_path, code=Exit.FINDINGS)
    assert f"Fields not understood, and not looked at: likes ({len(POSTS)})".encode() in done.stdout
    done = scan("posts.parquet", "--column-map", "text=Words", cwd=tmp_path, code=Exit.USAGE)
    assert b"no column for the field text" in done.stderr


@pytest.mark.parametrize("content", [b"no table", b""])
@pytest.mark.parametrize("suffix", [".parquet", ".arrow"])
def test_a_file_that_is_no_table_is_told(scan: Scan, tmp_path: Path, suffix: str, content: bytes) -> None:
    (tmp_path / f"posts{suffix}").write_bytes(content)
    done = scan(f"posts{suffix}", cwd=tmp_path, code=Exit.USAGE)
    assert b"or breaks off" in done.stderr


def test_a_table_that_is_damaged_costs_its_rest(scan: Scan, tmp_path: Path) -> None:
    path = written(table(), tmp_path / "posts.arrows", rows=32)
    path.write_bytes(path.read_bytes()[:-3000])
    done = scan("posts.arrows", "--format", "jsonl", "-q", cwd=tmp_path, code=Exit.NOT_SCREENED)
    *before, last = map(json.loads, done.stdout.splitlines())
    assert len(before) > 100
    assert "the file is damaged here" in last["error"]


# --- out ----------------------------------------------------------------------------------------------


def test_two_tables_hold_what_the_lines_hold(scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "posts.jsonl").write_bytes(b"\n".join(post_lines(300)))
    done = scan("posts.jsonl", "--format", "jsonl", "-q", cwd=tmp_path)
    plain = [json.loads(line) for line in done.stdout.splitlines()]
    contents = []
    for workers in ("1", "2"):
        scan("posts.jsonl", "-o", "out.parquet", "--workers", workers, cwd=tmp_path, code=Exit.NOT_SCREENED)
        contents.append([(tmp_path / name).read_bytes() for name in ("out.parquet", "out.findings.parquet")])
    assert contents[0] == contents[1]
    posts = pq.read_table(tmp_path / "out.parquet").to_pylist()
    findings = pq.read_table(tmp_path / "out.findings.parquet").to_pylist()
    assert [row["row"] for row in posts] == list(range(len(plain)))
    for row, line in zip(posts, plain, strict=True):
        assert (row["file"], row["line"]) == ("posts.jsonl", line["line"])
        if "error" in line:
            assert row["error"].endswith(line["error"])
            assert not row["complete"]
            continue
        assert (row["id"], row["verdict"], row["error"]) == (line["id"], line["verdict"], None)
        own = [one for one in findings if one["row"] == row["row"]]
        assert [(one["rule"], one["line"], one["id"]) for one in own] == [
            (one["rule"], line["line"], line["id"]) for one in line["findings"]
        ]
        assert [[list(span.values()) for span in one["spans"]] for one in own] == [
            one["spans"] for one in line["findings"]
        ]
    assert len(findings) == sum(len(line.get("findings", ())) for line in plain)
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "out.findings.parquet",
        "out.parquet",
        "posts.jsonl",
    ]


def test_a_dead_letter_stands_apart_from_the_tables(scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "posts.jsonl").write_bytes(b'{"text": "Act now"}\n{"text": 1}\n{"text": "Hello"}\n')
    scan("posts.jsonl", "-o", "out.parquet", "--dead-letters", "dead.jsonl", cwd=tmp_path)
    assert pq.read_table(tmp_path / "out.parquet")["line"].to_pylist() == [1, 3]
    assert json.loads((tmp_path / "dead.jsonl").read_bytes())["line"] == 2


def test_no_posts_make_empty_tables(scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "posts.jsonl").write_bytes(b"\n")
    scan("posts.jsonl", "-o", "out.parquet", cwd=tmp_path, code=Exit.CLEAN)
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0
    assert "rule" in pq.read_schema(tmp_path / "out.findings.parquet").names


def test_words_that_were_asked_for_stand_in_the_table(tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "posts.jsonl").write_bytes(b'{"text": "Act  now"}\n')
    scan("posts.jsonl", "-o", "out.parquet", "--reveal", cwd=tmp_path, code=Exit.FINDINGS)
    assert pq.read_table(tmp_path / "out.findings.parquet")["excerpt"].to_pylist() == ["Act  now"]


# --- without pyarrow ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [("posts.parquet",), ("posts.arrow",), ("posts.jsonl.zst",), ("a.jsonl", "-o", "out.parquet")],
)
def test_without_pyarrow_the_extra_is_named(
    scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    for name in ("posts.parquet", "posts.arrow", "posts.jsonl.zst", "a.jsonl"):
        (tmp_path / name).write_bytes(b"")
    for name in [one for one in sys.modules if one.split(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("phiguard.arrow_schema", "phiguard.arrow", "phiguard.batch.tables"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = scan(*arguments, cwd=tmp_path, code=Exit.USAGE)
    assert b"pip install 'phiguard[arrow]'" in done.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "a.jsonl",
        "posts.arrow",
        "posts.jsonl.zst",
        "posts.parquet",
    ]

"""`phiguard import` and `scan --from`: what they write, what they say, and what they keep to themselves."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import phiguard.cache
import phiguard.packs
import phiguard.rules
from phiguard import cli
from phiguard.cli.exits import Exit
from phiguard.readers.decode import decode_post

DATA = Path(__file__).parent / "data" / "importers"
PACK = Path(__file__).parent / "data" / "pack"
CANARY = "zq7canary"

Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Ask:
    """The command line in this process, in an empty folder, with the few rules of ``data/pack``."""
    for module in (phiguard.packs, phiguard.cache, phiguard.rules):
        monkeypatch.setattr(module, "shipped", lambda: PACK)
    monkeypatch.setenv("PHIGUARD_CACHE_DIR", "")
    monkeypatch.chdir(tmp_path)

    def ask(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""), encoding="utf-8"))
        code = cli.run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return ask


@pytest.mark.parametrize(
    ("folder", "origin", "count"),
    [
        ("x", "x", 7),
        ("facebook", "facebook", 8),
        ("instagram", "instagram", 7),
        ("graph", "graph", 9),
        ("linkedin", "linkedin", 4),
        ("youtube", "youtube", 8),
        ("reddit", "reddit", 8),
        ("google", "google-business", 6),
    ],
)
def test_an_export_becomes_lines_that_scan_reads(
    ask: Ask, tmp_path: Path, folder: str, origin: str, count: int
) -> None:
    code, out, err = ask("import", DATA / folder, "--from", origin, "-o", "posts.jsonl")
    assert (code, out) == (Exit.CLEAN, "")
    assert f": {count} posts (" in err
    lines = (tmp_path / "posts.jsonl").read_bytes().splitlines()
    assert len(lines) == count
    for line in lines:
        post, fault, unknown = decode_post(line)
        assert (fault, unknown) == (None, ())
        assert post is not None
        assert post.direction
        assert post.platform
    imported = ask("scan", "posts.jsonl", "--format", "jsonl", "-q")
    at_once = ask("scan", DATA / folder, "--from", origin, "--format", "jsonl", "-q")
    assert imported[0] == at_once[0]
    drop = ("file", "line", "column")
    bare = [
        [
            {key: value for key, value in json.loads(line).items() if key not in drop}
            for line in out.splitlines()
        ]
        for _, out, _ in (imported, at_once)
    ]
    assert bare[0] == bare[1]


def test_auto_says_what_it_took_the_export_for(ask: Ask) -> None:
    code, _, err = ask("import", DATA / "google", "-o", "posts.jsonl")
    assert code == Exit.CLEAN
    assert err.splitlines()[0] == (
        "Read as reviews of Google Business Profile: 6 posts (3 inbound_review, 3 outbound_reply)."
    )


def test_what_an_export_lacks_is_said(ask: Ask) -> None:
    _, _, err = ask("import", DATA / "reddit" / "post.json", "-o", "posts.jsonl")
    assert "1 of 3 replies answer something that the export does not hold." in err
    assert "Comments that were not loaded: 7." in err
    assert "name yours with --own-account" in err
    _, _, err = ask(
        "import", DATA / "reddit" / "post.json", "-o", "posts.jsonl", "--own-account", "OakDental"
    )
    assert "outbound_reply" in err
    assert "--own-account" not in err


def test_the_handles_of_the_profile_are_ones_own(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "phiguard.yaml").write_text("contacts: {handles: ['@OakDental']}\n")
    for command in (("import", DATA / "reddit" / "post.json", "-o", "posts.jsonl"),):
        assert "outbound_reply" in ask(*command)[2]
    assert "outbound_reply" in ask("scan", DATA / "reddit" / "post.json", "--from", "auto")[2]


def test_a_table_needs_its_columns(ask: Ask, tmp_path: Path) -> None:
    table = tmp_path / "inbox.csv"
    shutil.copy(DATA / "csv" / "inbox.csv", table)
    code, _, err = ask("import", table, "--from", "csv", "-o", "posts.jsonl")
    assert code == Exit.USAGE
    assert "no column named text; say which it is: --column-map text=NAME" in err
    assert not (tmp_path / "posts.jsonl").exists()
    mapped = "text=Message,id=Post number,author=Author,parent_id=Parent,platform=Network,rating=Stars"
    code, _, err = ask(
        "import",
        table,
        "--column-map",
        mapped,
        "--encoding",
        "cp1252",
        "--own-account",
        "oakdental",
        "-o",
        "p.jsonl",
    )
    assert code == Exit.NOT_SCREENED  # one row names a network that nobody knows
    assert "1 cannot be read." in err
    code, _, err = ask("scan", table, "--column-map", mapped)
    assert code == Exit.USAGE
    assert "the field parent_id is for exports: add --from csv" in err
    assert ask("import", table, "--column-map", "words=Message")[0] == Exit.USAGE


def test_nothing_that_was_written_is_shown(ask: Ask, tmp_path: Path) -> None:
    broken = tmp_path / "tweets.js"
    content = (DATA / "x" / "data" / "tweets.js").read_text().replace("river_kid_88", CANARY)
    broken.write_text(content.replace('"id_str": "103"', f'"id_str": {CANARY}')[:-200])
    code, out, err = ask("import", broken, "-o", "posts.jsonl")
    assert code == Exit.NOT_SCREENED
    assert "tweets.js:51: is not JSON" in err
    assert "the file breaks off here" in err
    assert CANARY not in out + err
    assert CANARY in (tmp_path / "posts.jsonl").read_text()  # what was asked for
    code, out, err = ask("scan", broken, "--from", "x")
    assert code == Exit.NOT_SCREENED
    assert CANARY not in out + err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "-"), "cannot come from standard input"),
        (("import", "none.zip", "-o", "a.jsonl"), "none.zip: no such file or folder"),
        (("scan", "none.zip", "--from", "x"), "none.zip: no such file or folder"),
        (("import", "none.zip", "--from", "myspace"), "choose from auto, csv, facebook"),
        (("import", ".", "-o", "a.jsonl"), "there are no files"),
        (("import", "a.csv", "--encoding", "klingon"), "No such encoding"),
    ],
)
def test_complaints_say_what_to_do(ask: Ask, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = ask(*arguments)
    assert (code, out) == (Exit.USAGE, "")
    assert said in err


def test_the_export_is_not_written_over(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "tweets.js"
    shutil.copy(DATA / "x" / "data" / "tweets.js", file)
    before = file.read_bytes()
    code, _, err = ask("import", file, "-o", file)
    assert code == Exit.USAGE
    assert "is the export itself" in err
    assert file.read_bytes() == before


def test_posts_may_go_on_through_a_pipe(ask: Ask) -> None:
    code, out, _ = ask("import", DATA / "linkedin", "-q")
    assert code == Exit.CLEAN
    assert len(out.splitlines()) == 4

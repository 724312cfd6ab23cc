"""The cache is private, keyed by content, and rebuilt when damaged."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from phiguard import cache
from phiguard.screener import Screener

PACK = """
rules:
- {id: X-01.hello, kind: phrase, title: t, category: brand, severity: low, message: m, why: w, source: s, fix: f, phrases: [hello], flags: [hello], passes: [help]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pack.yaml").write_text(PACK, encoding="utf-8")
    monkeypatch.setattr(cache, "shipped", lambda: tmp_path / "pack.yaml")
    monkeypatch.setattr(cache, "SHIPPED", tmp_path / "compiled.pack")
    monkeypatch.setenv("PHIGUARD_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def found() -> list[str]:
    return [finding.rule for finding in Screener().screen("hello there")]


def test_a_second_start_reads_what_the_first_one_compiled(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found() == ["X-01.hello"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.glob("*.pack")] == [0o600]
    monkeypatch.setattr(cache, "assembled", lambda _: pytest.fail("compiled again"))
    assert found() == ["X-01.hello"]


@pytest.mark.parametrize("damage", [b"", b"junk", b"\x00" * 5000])
def test_a_damaged_cache_is_compiled_again(folder: Path, damage: bytes) -> None:
    found()
    [file] = folder.glob("*.pack")
    sound = file.read_bytes()
    file.write_bytes(damage)
    assert found() == ["X-01.hello"]
    file.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))  # one bit
    assert found() == ["X-01.hello"]
    assert file.read_bytes() == sound


def test_a_shipped_pack_is_read_first_and_only_for_its_own_rules(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.ship()
    with monkeypatch.context() as patch:
        patch.setattr(cache, "assembled", lambda _: pytest.fail("compiled again"))
        assert found() == ["X-01.hello"]
    assert not folder.exists() or not list(folder.glob("*.pack"))
    (tmp_path / "pack.yaml").write_text(PACK.replace("X-01.hello", "X-02.hello", 1), encoding="utf-8")
    assert found() == ["X-02.hello"]


def test_other_rules_have_another_key(folder: Path, tmp_path: Path) -> None:
    found()
    (tmp_path / "pack.yaml").write_text(PACK.replace("[hello]", "[hello there]", 1), encoding="utf-8")
    assert found() == ["X-01.hello"]
    assert len(list(folder.glob("*.pack"))) == 2


def test_a_folder_that_others_can_write_is_not_used(folder: Path) -> None:
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    assert found() == ["X-01.hello"]
    assert list(folder.iterdir()) == []


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    found()
    [file] = folder.glob("*.pack")
    elsewhere = tmp_path / "elsewhere"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    assert found() == ["X-01.hello"]
    assert not file.is_symlink()


def test_no_cache_is_no_fault(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHIGUARD_CACHE_DIR", "")
    assert found() == ["X-01.hello"]
    assert not folder.exists()
    monkeypatch.setenv("PHIGUARD_CACHE_DIR", os.devnull + "/x")
    assert found() == ["X-01.hello"]


def test_old_packs_are_forgotten(folder: Path) -> None:
    found()
    for number in range(12):
        (folder / f"old{number}.pack").write_bytes(b"")
        os.utime(folder / f"old{number}.pack", (number, number))
    [fresh] = [file for file in folder.glob("*.pack") if file.stat().st_size]
    fresh.unlink()
    found()
    assert len(list(folder.glob("*.pack"))) == 4

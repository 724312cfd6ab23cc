"""What a scan is asked for, and the files that it reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from phiguard.batch.checkpoint import Progress
from phiguard.batch.cutting import Input
from phiguard.cli import importing
from phiguard.cli.complaints import Refusal, shown_path
from phiguard.cli.progress import Meter
from phiguard.readers import SUFFIXES, Reading, form_of
from phiguard.readers.parquet import arrow_form_of
from phiguard.readers.stream import COMPRESSED
from phiguard.screener import Screener
from phiguard.writers.outcome import encodable

__all__ = ["Wish", "export_of", "inputs_of", "position_of", "total_of"]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """The options of `phiguard scan`."""

    paths: tuple[str, ...]
    origin: str | None
    own: tuple[str, ...]
    reading: Reading
    defaults: Mapping[str, object]
    profile: Path | None
    packs: tuple[Path, ...]
    form: str | None
    output: Path | None
    dead_letters: Path | None
    workers: int | None
    resume: bool
    every: float
    reveal: bool
    fail_on: str
    limit: int
    report: Path | None
    as_of: str | None
    quiet: bool


def inputs_of(wish: Wish) -> Iterator[Input]:
    """The files to read, folders opened."""
    if wish.origin:
        files = sorted(importing.files_of(wish.paths))
        yield from (Input(shown=encodable(str(path)), form="export", path=path) for path in files)
        return
    for name in wish.paths:
        path = Path(name)
        if name == "-":
            yield Input(shown="-", form=wish.reading.form or "jsonl", stream=sys.stdin.buffer)
        elif path.is_dir():
            found = sorted(
                one
                for one in path.rglob("*")
                if one.is_file()
                and _form_of(one, wish.reading)
                and not any(part.startswith(".") for part in one.relative_to(path).parts)
            )
            if not found:
                raise Refusal(f"{shown_path(path)}: no files there with a suffix that is known.")
            yield from (_input(one, wish.reading) for one in found)
        elif path.exists() and not path.is_file():  # a pipe, as of <(…)
            if wish.resume:
                raise Refusal(f"{shown_path(path)}: a pipe cannot be read again, and --resume needs files.")
            yield Input(
                shown=encodable(name), form=wish.reading.form or "jsonl", stream=path.open("rb"), closes=True
            )
        elif not path.is_file():
            raise Refusal(f'{shown_path(path)}: no such file. To screen a text: phiguard screen "…"')
        else:
            yield _input(path, wish.reading)


def export_of(wish: Wish, screener: Screener, tally: importing.Tally, meter: Meter) -> list[Input]:
    """The records of a platform's export, which may lie in many files and answer each other."""
    records = importing.imported(
        wish.origin or "auto",
        wish.paths,
        tally,
        profile=screener.profile,
        own=wish.own,
        reading=wish.reading,
        seen=meter.seen,
    )
    return [Input(shown="the export", form="export", records=lambda: records)]


def _input(path: Path, reading: Reading) -> Input:
    form = _form_of(path, reading)
    if form is None:
        known = ", ".join([*SUFFIXES, ".parquet", ".arrow"])
        raise Refusal(f"{shown_path(path)}: name its form with --input-format, or its suffix one of {known}.")
    if not os.access(path, os.R_OK):
        raise Refusal(f"{shown_path(path)}: may not be read.")
    return Input(shown=encodable(str(path)), form=form, path=path)


def _form_of(path: Path, reading: Reading) -> str | None:
    return reading.form or form_of(path) or arrow_form_of(path)


def total_of(inputs: list[Input]) -> int | None:
    """The bytes of all inputs, if they tell how far a scan is."""
    if any(one.path is None or one.form in {"parquet", "arrow"} for one in inputs):
        return None
    return sum(one.path.stat().st_size for one in inputs if one.path)


def position_of(inputs: list[Input], progress: Progress) -> int:
    """The bytes that were read when a scan was interrupted; what is packed or a table is read again from its start."""
    cursor = progress.cursor
    done = sum(one.path.stat().st_size for one in inputs[: cursor.file] if one.path and one.path.exists())
    if cursor.file < len(inputs):
        path = inputs[cursor.file].path
        done += cursor.offset if path is not None and path.suffix.lower() not in COMPRESSED else 0
    return done

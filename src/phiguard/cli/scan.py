"""`phiguard scan`: files of posts, a summary, and a result file."""

# ruff: noqa: PLC0415  imported when needed: a command must start fast

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, cast

import click

from phiguard.cli import line, options
from phiguard.cli.complaints import Refusal, Unfit, shown_path
from phiguard.readers import INPUT_FORMATS, SUFFIXES, Reading, form_of, read_path, read_stream
from phiguard.readers.record import Record
from phiguard.screener import Screener
from phiguard.writers import writer_of
from phiguard.writers.outcome import Outcome, View
from phiguard.writers.summary import Summary

__all__ = ["scan_command"]

Seen = Callable[[int], None]

_BY_SUFFIX = {
    ".txt": "text",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".sarif": "sarif",
    ".xml": "junit",
}


def _columns(ctx: click.Context, param: click.Parameter, value: str | None) -> dict[str, str]:
    """``text=Message,id=Post number`` as a table."""
    from phiguard.readers.csvfile import COLUMNS

    found: dict[str, str] = {}
    for part in value.split(",") if value else ():
        field, equals, column = part.partition("=")
        if not equals or not column.strip():
            raise Unfit("write it as field=Column,field=Column.", ctx=ctx, param=param)
        if field.strip() not in COLUMNS:
            raise Unfit(f"a field is one of: {', '.join(sorted(COLUMNS))}.", ctx=ctx, param=param)
        found[field.strip()] = column.strip()
    return found


@click.command("scan")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "--input-format", type=click.Choice(INPUT_FORMATS), help="The form of the files (default: by suffix)."
)
@click.option(
    "--column-map",
    metavar="FIELD=COLUMN,…",
    callback=_columns,
    help="Which column of a CSV holds which field: text=Message,id=Id.",
)
@click.option(
    "--encoding", help="The encoding of text and CSV files (default: UTF-8, or as their first bytes say)."
)
@options.direction
@options.platform
@options.profile
@options.pack
@options.form(None)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the results to this file."
)
@options.reveal
@options.fail_on
@click.option(
    "--limit",
    type=click.IntRange(0, 10_000),
    default=20,
    show_default=True,
    help="How many posts the summary lists.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary beside results.")
def scan_command(
    *,
    paths: tuple[str, ...],
    input_format: str | None,
    column_map: dict[str, str],
    encoding: str | None,
    direction: str | None,
    platform: str | None,
    profile: Path | None,
    packs: tuple[Path, ...],
    form: str | None,
    output: Path | None,
    reveal: bool,
    fail_on: str,
    limit: int,
    quiet: bool,
) -> int:
    """Screen the posts in files: JSON lines, JSON, CSV, plain text (one post a line), Markdown, YAML.

    PATH is a file, a folder, or `-` for standard input (JSON lines, unless --input-format says otherwise).
    Names that end in .gz are unpacked. Without --format and -o you get a summary; with --format the results,
    and the summary on stderr. A record that cannot be read costs that record, and exit code 3.

    \b
    Examples:
      phiguard scan posts.jsonl
      phiguard scan comments.csv --column-map text=Message,id=Id --direction inbound_comment
      phiguard scan may/*.jsonl.gz -o findings.csv
    """  # noqa: D301  click reads the escape
    reading = Reading(form=input_format, columns=column_map, encoding=_known_encoding(encoding))
    files = list(_files(paths, reading))
    form = form or _form_for(output) or ("text" if reveal else None)
    _refuse_to_overwrite(output, files)
    screener = line.make_screener(profile, packs)
    view = line.view_of(
        screener,
        fail_on,
        form=form,
        color=output is None and form in {None, "text"} and line.is_colored(sys.stdout),
        limit=limit,
    )
    tally, summary = line.Tally(), Summary()
    defaults = {name: value for name, value in (("direction", direction), ("platform", platform)) if value}
    with _progress(files, is_wanted=not quiet) as (seen, count):
        records = _records(files, reading, seen)
        outcomes = line.outcomes_of(screener, records, view, tally, reveal=reveal, defaults=defaults)
        counted = count(summary.counting(outcomes, view))
        with _opened(output, is_stream=None in files) as out:
            writer = writer_of(form) if form else _nothing
            writer(_with_profile(counted, screener, tally, profile), out, view)
    summary.unused = len(line.unused_suppressions(screener, tally))
    _say(summary, view, aside=form is not None and output is None, quiet=quiet)
    return tally.exit


def _known_encoding(name: str | None) -> str | None:
    import codecs

    try:
        return codecs.lookup(name).name if name else None
    except LookupError:
        raise Refusal("No such encoding: try utf-8, utf-16 or cp1252.") from None


def _files(paths: Iterable[str], reading: Reading) -> Iterator[Path | None]:
    """The files to read, folders opened; ``None`` is standard input."""
    for name in paths:
        path = Path(name)
        if name == "-":
            yield None
        elif path.is_dir():
            found = sorted(
                one
                for one in path.rglob("*")
                if one.is_file()
                and (reading.form or form_of(one))
                and not any(part.startswith(".") for part in one.relative_to(path).parts)
            )
            if not found:
                raise Refusal(f"{shown_path(path)}: no files there with a suffix that is known.")
            yield from found
        elif not path.is_file():
            raise Refusal(f'{shown_path(path)}: no such file. To screen a text: phiguard screen "…"')
        elif reading.form is None and form_of(path) is None:
            known = ", ".join(SUFFIXES)
            raise Refusal(
                f"{shown_path(path)}: name its form with --input-format, or its suffix one of {known}."
            )
        else:
            yield path


def _records(files: Iterable[Path | None], reading: Reading, seen: Seen) -> Iterator[Record]:
    for path in files:
        if path is None:
            stream = sys.stdin.buffer
            yield from read_stream(stream, reading.form or "jsonl", "-", reading)
        else:
            yield from read_path(path, reading, seen=seen)


def _form_for(output: Path | None) -> str | None:
    return _BY_SUFFIX.get(output.suffix.lower(), "text") if output else None


def _refuse_to_overwrite(output: Path | None, files: Iterable[Path | None]) -> None:
    if output is not None and output.exists():
        for path in files:
            if path is not None and os.path.samefile(path, output):  # noqa: PTH121  Path.samefile reads the same
                raise Refusal("The output file is one of the files to scan.")


class _Eager:
    """Passes every write on at once."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, content: bytes) -> int:
        count = self._out.write(content)
        self._out.flush()
        return count

    def writelines(self, lines: Iterable[bytes]) -> None:
        for one in lines:
            self.write(one)


@contextmanager
def _opened(output: Path | None, *, is_stream: bool) -> Iterator[BinaryIO]:
    """Where results go. A file appears whole or not at all; a stream is answered record by record."""
    if output is None:
        out = line.stdout()
        yield cast("BinaryIO", _Eager(out)) if is_stream else out
        out.flush()
        return
    partial = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        try:
            file = partial.open("xb")
        except OSError as error:
            raise Refusal(f"{shown_path(output)}: cannot be written ({error.strerror}).") from None
        with file:
            yield file
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)


def _nothing(outcomes: Iterable[Outcome], out: BinaryIO, view: View) -> None:
    """Writes nothing: the summary says it all."""
    del out, view
    for _ in outcomes:
        pass


def _with_profile(
    outcomes: Iterable[Outcome], screener: Screener, tally: line.Tally, profile: Path | None
) -> Iterator[Outcome]:
    """The outcomes, and after them the suppressions that none of them met."""
    yield from outcomes
    found = line.profile_outcome(screener, tally, profile)
    if found is not None:
        yield found


def _say(summary: Summary, view: View, *, aside: bool, quiet: bool) -> None:
    """The summary: on standard output, or on stderr where results have that."""
    if aside and quiet:
        return
    if aside:
        import msgspec

        view = msgspec.structs.replace(view, color=line.is_colored(sys.stderr))
    for text in summary.lines(view):
        click.echo(text, err=aside, color=view.color)


Counter = Callable[[Iterator[Outcome]], Iterator[Outcome]]


def _progress(files: list[Path | None], *, is_wanted: bool) -> AbstractContextManager[tuple[Seen, Counter]]:
    """A progress bar on stderr, if that is a terminal: by bytes read and posts screened."""
    if not is_wanted or not sys.stderr.isatty():
        return nullcontext((lambda _: None, lambda outcomes: outcomes))
    return _bar(files)


@contextmanager
def _bar(files: list[Path | None]) -> Iterator[tuple[Seen, Counter]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    total = None if None in files else sum(path.stat().st_size for path in files if path)
    columns = (
        TextColumn("Screening"),
        BarColumn(),
        TextColumn("{task.fields[posts]:,} posts"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, posts=0)

        def count(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
            for number, outcome in enumerate(outcomes, start=1):
                if number % 512 == 0:  # a bar that is told of each post would cost more than the post
                    progress.update(task, posts=number)
                yield outcome

        yield lambda size: progress.advance(task, size), count

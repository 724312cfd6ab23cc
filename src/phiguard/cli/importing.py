"""`phiguard import`: exports of platforms as JSON lines of posts; and `--from` of `phiguard scan`."""

# ruff: noqa: PLC0415  imported when needed: a command must start fast

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from phiguard.cli import line, options
from phiguard.cli.complaints import Refusal, Unfit, shown_path
from phiguard.cli.exits import Exit
from phiguard.importers import IMPORTERS, NAMES, Tally
from phiguard.readers import Reading
from phiguard.readers.record import Record
from phiguard.readers.times import DATE_ORDERS, DateOrder

if TYPE_CHECKING:
    from phiguard.profile import Profile

__all__ = ["Tally", "files_of", "import_command", "imported", "own_account", "say", "source"]

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_SHOWN_FAULTS = 20

source = click.option(
    "--from",
    "origin",
    type=click.Choice(("auto", *NAMES)),
    help="Read the export of a platform: what `phiguard import` reads. `auto` recognizes it.",
)
own_account = click.option(
    "--own-account",
    "own",
    multiple=True,
    metavar="HANDLE",
    help="An account of yours in the export, by handle or id, besides contacts.handles of the profile. "
    "May be repeated.",
)


def columns(ctx: click.Context, param: click.Parameter, value: str | None) -> dict[str, str]:
    """``text=Message,id=Post number`` as a table."""
    from phiguard.importers.fields import COLUMNS

    found: dict[str, str] = {}
    for part in value.split(",") if value else ():
        field, equals, column = part.partition("=")
        if not equals or not column.strip():
            raise Unfit("write it as field=Column,field=Column.", ctx=ctx, param=param)
        if field.strip() not in COLUMNS:
            raise Unfit(f"a field is one of: {', '.join(sorted(COLUMNS))}.", ctx=ctx, param=param)
        found[field.strip()] = column.strip()
    return found


def imported(
    origin: str,
    paths: Iterable[str],
    tally: Tally,
    *,
    profile: Profile,
    own: Sequence[str] = (),
    reading: Reading | None = None,
    order: DateOrder | None = None,
    seen: Callable[[int], None] | None = None,
) -> Iterator[Record]:
    """The records of an export; complaints about its path and its kind come at once."""
    from phiguard.errors import InputError
    from phiguard.importers import Options, import_paths

    given = [_checked(name) for name in paths]
    known = Options(
        own=tuple(own),
        known=profile.contacts.handles,
        columns=reading.columns if reading else {},
        encoding=reading.encoding if reading else None,
        order=order,
    )
    try:
        return import_paths(given, origin, known, tally=tally, seen=seen)
    except InputError as error:
        where = shown_path(given[0]) if len(given) == 1 else f"{len(given)} paths"
        raise Refusal(f"{where}: {error}.") from None


def _checked(name: str) -> Path:
    if name == "-":
        raise Refusal("An export is read twice, so it cannot come from standard input: save it to a file.")
    path = Path(name)
    if not path.exists():
        raise Refusal(f"{shown_path(path)}: no such file or folder.")
    return path


def files_of(paths: Iterable[str]) -> Iterator[Path]:
    """The files of an export, folders opened: for their size, and so that none is written over."""
    for name in paths:
        path = _checked(name)
        yield from (one for one in path.rglob("*") if one.is_file()) if path.is_dir() else (path,)


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "--from",
    "origin",
    type=click.Choice(("auto", *NAMES)),
    default="auto",
    show_default=True,
    help="What kind of export it is.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="Where to write the posts, as JSON lines. `-` (default) is standard output, if that is no terminal.",
)
@own_account
@click.option(
    "--column-map",
    metavar="FIELD=COLUMN,…",
    callback=columns,
    help="For csv: which column holds which field, as in text=Message,id=Id,parent_id=In reply to.",
)
@click.option(
    "--encoding", help="For csv and linkedin: the encoding, if it is not UTF-8 or told by the first bytes."
)
@click.option(
    "--date-order",
    "order",
    type=click.Choice(DATE_ORDERS),
    help="For csv: how 03/04/2026 is meant, day first (dmy) or month first (mdy).",
)
@options.profile
@click.option("-q", "--quiet", is_flag=True, help="No summary on stderr.")
def import_command(
    *,
    paths: tuple[str, ...],
    origin: str,
    output: Path | None,
    own: tuple[str, ...],
    column_map: dict[str, str],
    encoding: str | None,
    order: DateOrder | None,
    profile: Path | None,
    quiet: bool,
) -> int:
    """Turn the export of a platform into JSON lines of posts, replies with what they answer.

    PATH is a file, a folder or a .zip; several are read as one export. Who speaks (outbound_post,
    outbound_reply, inbound_comment, inbound_review) is told from your accounts: those that the export names as its
    owner's, those of the profile, and --own-account.

    \b
    --from:
    {kinds}

    \b
    Examples:
      phiguard import twitter-2026-05-01.zip -o posts.jsonl
      phiguard import comments/*.json --from youtube --own-account UCx4 -o comments.jsonl
      phiguard import export.csv --from csv --column-map text=Message,id=Id,parent_id=Parent -o posts.jsonl
      phiguard scan posts.jsonl

    `phiguard scan --from NAME PATH` does both at once. An entry that cannot be read is told on stderr by its
    place, never by its text, and makes the exit code 3. docs/importing.md says what each export holds and lacks.
    """  # noqa: D301  click reads the escape
    from phiguard.profile import load_profile

    tally = Tally()
    if (output is None or str(output) == "-") and sys.stdout.isatty():
        raise Refusal("Name the file to write with -o, or pass the posts on through a pipe.")
    _refuse_to_overwrite(output, paths)
    records = imported(
        origin,
        paths,
        tally,
        profile=load_profile(profile),
        own=own,
        reading=Reading(columns=column_map, encoding=_known(encoding)),
        order=order,
    )
    with _opened(None if output is None or str(output) == "-" else output) as out:
        _write(records, out)
    say(tally, quiet=quiet)
    return Exit.NOT_SCREENED if tally.bad else Exit.CLEAN


_KINDS = "\n".join(f"  {one.name:<16} {one.holds}" for one in sorted(IMPORTERS, key=lambda one: one.name))
import_command.help = inspect.cleandoc(import_command.help or "").replace("{kinds}", _KINDS)


def _known(encoding: str | None) -> str | None:
    import codecs

    try:
        return codecs.lookup(encoding).name if encoding else None
    except LookupError:
        raise Refusal("No such encoding: try utf-8, utf-16 or cp1252.") from None


def _write(records: Iterable[Record], out: BinaryIO) -> None:
    """Posts as JSON lines; what is no post is told on stderr by its place."""
    import json

    import msgspec

    encoder, faults = msgspec.json.Encoder(), 0
    for record in records:
        if record.post is None:
            faults += 1
            if faults <= _SHOWN_FAULTS:
                click.echo(f"{shown_path(record.place.path)}:{record.place.line}: {record.fault}", err=True)
            continue
        try:
            content = encoder.encode(record.post)
        except UnicodeEncodeError:  # half a pair of surrogates has no UTF-8; JSON can escape it
            content = json.dumps(msgspec.to_builtins(record.post)).encode()
        out.write(content + b"\n")
    if faults > _SHOWN_FAULTS:
        click.echo(f"… and {faults - _SHOWN_FAULTS:,} more that cannot be read", err=True)


def say(tally: Tally, *, quiet: bool) -> None:
    """Says on stderr what an import came to; nothing, if there was none."""
    if tally.taken_for and not quiet:
        for text in _said(tally):
            click.echo(text, err=True)


def _said(tally: Tally) -> Iterator[str]:
    """What to say after an import: what it was taken for, how many posts, and what the export lacks."""
    from phiguard.writers.outcome import plural

    kinds = ", ".join(f"{count:,} {name}" for name, count in sorted(tally.posts.items()))
    yield f"Read as {tally.taken_for}: {plural(tally.total, 'post')}{f' ({kinds})' if kinds else ''}."
    if tally.orphans:
        yield f"{tally.orphans:,} of {tally.replies:,} replies answer something that the export does not hold."
    for what, count in sorted(tally.left_out.items()):
        yield f"{count:,} left out: {what}."
    for what, count in sorted(tally.notes.items()):
        yield f"{what[0].upper()}{what[1:]}: {count:,}."
    if tally.bad:
        yield f"{tally.bad:,} cannot be read."
    if tally.total and not tally.knows_own:
        yield (
            "No account in it is known to be yours, so all of it was taken as incoming: "
            "name yours with --own-account, or as contacts.handles in phiguard.yaml."
        )


def _refuse_to_overwrite(output: Path | None, paths: Iterable[str]) -> None:
    if output is None or not output.exists():
        return
    for name in paths:
        path = Path(name)
        if path.exists() and os.path.samefile(path, output):  # noqa: PTH121  Path.samefile reads the same
            raise Refusal("The output file is the export itself.")


@contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    """Where posts go; a file appears whole or not at all."""
    if output is None:
        out = line.stdout()
        yield out
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

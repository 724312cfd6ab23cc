"""`phiguard scan`: files of posts, a summary, and result files."""

# ruff: noqa: PLC0415  imported when needed: a command must start fast

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from phiguard.cli import importing, options
from phiguard.cli.complaints import Refusal, Unfit
from phiguard.readers import INPUT_FORMATS, Reading
from phiguard.writers import FORMATS

__all__ = ["scan_command"]


def _columns(ctx: click.Context, param: click.Parameter, value: str | None) -> dict[str, str]:
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


def _known_encoding(name: str | None) -> str | None:
    import codecs

    try:
        return codecs.lookup(name).name if name else None
    except LookupError:
        raise Refusal("No such encoding: try utf-8, utf-16 or cp1252.") from None


def _moment(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A time, or ``now``, as it was written."""
    if value is None or value.strip().lower() == "now":
        return value and "now"
    try:
        dt.datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        raise Unfit("write it as 2026-05-01T17:00, or now.", ctx=ctx, param=param) from None
    return value.strip()


@click.command("scan")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "--input-format",
    type=click.Choice([*INPUT_FORMATS, "parquet", "arrow"]),
    help="The form of the files (default: by suffix).",
)
@click.option(
    "--column-map",
    metavar="FIELD=COLUMN,…",
    callback=_columns,
    help="Which column of a CSV or Parquet file holds which field: text=Message,id=Id.",
)
@click.option(
    "--encoding", help="The encoding of text and CSV files (default: UTF-8, or as their first bytes say)."
)
@importing.source
@importing.own_account
@options.direction
@options.platform
@options.profile
@options.pack
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMATS, "parquet"]),
    help="How to write the results (default: as the suffix of --output says).",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the results to this file."
)
@click.option(
    "--dead-letters",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write records that cannot be read to this file (JSON lines: file, line, reason), not among the results.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Processes that screen (default: one for each core). The results are the same for any number.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with a scan to the same --output that was interrupted; begin if there is none.",
)
@click.option(
    "--checkpoint-every",
    type=click.FloatRange(0),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="How often a scan to a file notes how far it is, for --resume.",
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
@click.option(
    "--report",
    "report_path",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write what the posts show together, and the response times, to this file as JSON.",
)
@click.option(
    "--as-of",
    callback=_moment,
    metavar="TIME",
    help="Judge what is overdue at this time: 2026-05-01T17:00, or now (default: the latest comment or reply).",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary beside results.")
def scan_command(
    *,
    paths: tuple[str, ...],
    input_format: str | None,
    column_map: dict[str, str],
    encoding: str | None,
    origin: str | None,
    own: tuple[str, ...],
    direction: str | None,
    platform: str | None,
    profile: Path | None,
    packs: tuple[Path, ...],
    form: str | None,
    output: Path | None,
    dead_letters: Path | None,
    workers: int | None,
    resume: bool,
    checkpoint_every: float,
    reveal: bool,
    fail_on: str,
    limit: int,
    report_path: Path | None,
    as_of: str | None,
    quiet: bool,
) -> int:
    """Screen the posts in files: JSON lines, JSON, CSV, Parquet, Arrow, plain text (one post a line), Markdown, YAML.

    PATH is a file, a folder, or `-` for standard input (JSON lines, unless --input-format says otherwise),
    which is answered record by record. Names that end in .gz, .bz2, .xz or .zst are unpacked. Without --format
    and -o you get a summary; with --format the results, and the summary on stderr. A record that cannot be
    read costs that record, and exit code 3. With --from, PATH is the export of a platform (see `phiguard import`).

    A scan to a file (-o) that is interrupted, killed or runs out of disk goes on where it was when the same
    command is given again with --resume. `-o NAME.parquet` writes two tables: NAME.parquet with a row for each
    post, NAME.findings.parquet with a row for each finding.

    After the posts comes what they show together: who waits for an answer and since when, replies that are copies,
    comments of one person that add up, a day with far more complaints than usual. For this, posts need times
    (posted_at, received_at) and replies a thread or reply_to.id. See docs/series.md.

    \b
    Examples:
      phiguard scan posts.jsonl
      phiguard scan comments.csv --column-map text=Message,id=Id --direction inbound_comment
      phiguard scan may/*.jsonl.gz -o findings.csv
      phiguard scan inbox.jsonl replies.jsonl --as-of now --report report.json
      phiguard scan twitter-archive.zip --from x
      phiguard scan archive/ -o archive.parquet --dead-letters unread.jsonl --resume
    """  # noqa: D301  click reads the escape
    from phiguard.cli.scanning import carried_out
    from phiguard.cli.wish import Wish

    wish = Wish(
        paths=paths,
        origin=origin,
        own=own,
        reading=Reading(form=input_format, columns=column_map, encoding=_known_encoding(encoding)),
        defaults={name: value for name, value in (("direction", direction), ("platform", platform)) if value},
        profile=profile,
        packs=packs,
        form=form,
        output=output,
        dead_letters=dead_letters,
        workers=workers,
        resume=resume,
        every=checkpoint_every,
        reveal=reveal,
        fail_on=fail_on,
        limit=limit,
        report=report_path,
        as_of=as_of,
        quiet=quiet,
    )
    return carried_out(wish)

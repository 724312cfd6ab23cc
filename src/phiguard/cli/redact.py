"""`phiguard redact`: posts without what identifies somebody."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from phiguard.cli import line, options
from phiguard.cli.complaints import Refusal, Unfit, shown_path
from phiguard.cli.redacting import FORMS, Fields, Redacting, Restoring, Work, written_lines
from phiguard.model import Post
from phiguard.readers import form_of
from phiguard.readers.stream import opened
from phiguard.redaction import DEFAULT, OPERATORS, RedactionError, Redactor, check

__all__ = ["redact_command"]

_COLUMNS = 40


def _operators(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    """``PERSON=pseudonym`` and ``mask`` as a table by label."""
    found: dict[str, str] = {}
    for part in value:
        label, equals, operator = part.rpartition("=")
        name = label.strip().upper().replace("-", "_") if equals else DEFAULT
        if operator.strip() not in OPERATORS or not name.replace("_", "").isalnum():
            raise Unfit(
                f"write it as LABEL=OPERATOR or OPERATOR, with one of: {', '.join(OPERATORS)}.",
                ctx=ctx,
                param=param,
            )
        found[name] = operator.strip()
    return found


@click.command("redact", context_settings={"ignore_unknown_options": True})
@click.argument("inputs", nargs=-1, required=True, metavar="TEXT | - | FILE…")
@click.option(
    "--operator",
    "operators",
    multiple=True,
    metavar="[LABEL=]OPERATOR",
    callback=_operators,
    help=f"What to do with a kind of identifier, or with all: {', '.join(OPERATORS)}. May be repeated.  [default: replace]",
)
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that holds the key of hash and encrypt (default: the variable PHIGUARD_KEY).",
)
@click.option("--restore", "is_restoring", is_flag=True, help="Open what --operator encrypt has closed.")
@click.option(
    "--own/--no-own",
    "keep_own",
    default=True,
    help="Leave your own names, staff and contacts (profile) as they are.  [default: --own]",
)
@click.option(
    "--items", is_flag=True, help="Add to each JSON line what was redacted: field, place, label, operator."
)
@click.option(
    "--keep-field",
    "kept",
    multiple=True,
    metavar="NAME",
    help="Pass on a field of JSON lines that phiguard does not know, as it is. May be repeated.",
)
@click.option(
    "--input-format",
    "form",
    type=click.Choice(FORMS),
    help="The form of files and standard input (default: by suffix; for `-` JSON lines if it begins with a brace).",
)
@options.direction
@options.profile
@options.pack
def redact_command(
    *,
    inputs: tuple[str, ...],
    operators: dict[str, str],
    key_file: Path | None,
    is_restoring: bool,
    keep_own: bool,
    items: bool,
    kept: tuple[str, ...],
    form: str | None,
    direction: str | None,
    profile: Path | None,
    packs: tuple[Path, ...],
) -> int:
    """Write posts without what identifies somebody: names, places, dates, numbers, addresses, links.

    A TEXT in quotation marks, or one text on standard input for `-`, comes out as text. Files of JSON lines come out as
    JSON lines with the same fields, every text in them redacted; files of plain text line by line.

    \b
    Operators:
      replace    <PERSON>                       the default
      pseudonym  [Person A]                     the same person has the same letter in a thread
      hash       <PERSON:hash:bdfg…>            the same value has the same token under one key
      encrypt    <PERSON:aes:bdfg…>             --restore opens it with the same key
      mask       ********
      redact     (nothing)
      keep       as it is

    \b
    Examples:
      phiguard redact "Maria Lopez, 212-555-0147, had her knee done here"
      phiguard redact comments.jsonl --operator pseudonym > shared.jsonl
      phiguard redact - --operator PERSON=pseudonym --operator mask < note.txt
      phiguard redact posts.jsonl --operator encrypt --key-file team.key > closed.jsonl
      phiguard redact closed.jsonl --restore --key-file team.key

    Labels are those of Presidio (PERSON, LOCATION, PHONE_NUMBER, US_SSN …) and phiguard's own; docs/redaction.md lists
    them. A record that cannot be read or redacted whole is told on stderr by its line, never passed on, and makes the
    exit code 3.
    """  # noqa: D301  click reads the escape
    key = _key(key_file)
    text = _text_of(inputs, form)
    sources = _sources(inputs, form) if text is None else []
    try:
        if is_restoring:
            work: Work = Restoring(key)
        else:
            # A wrong operator or a missing key is said before the rules are loaded.
            check(operators, key)
            screener = line.make_screener(profile, packs)
            redactor = Redactor(screener, operators=operators, key=key, keep_own=keep_own)
            work = Redacting(redactor, direction)
    except RedactionError as error:
        raise Refusal(f"{str(error)[0].upper()}{str(error)[1:]}") from None
    fields = Fields(kept=frozenset(kept), has_items=items)
    out = line.stdout()
    if text is not None:
        _write_text(out, text, work)
    for source in sources:
        _write_source(out, source, work, fields)
    out.flush()
    work.say()
    if fields.left:
        # A few names are those of columns; very many are something that people wrote.
        names = (
            ", ".join(sorted(fields.left)) if len(fields.left) <= _COLUMNS else f"{len(fields.left):,} fields"
        )
        click.echo(f"Left out, because phiguard does not know them (--keep-field): {names}", err=True)
    return work.exit


def _key(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal(f"{shown_path(path)}: cannot be read ({error.strerror}).") from None


# --- one text --------------------------------------------------------------------------------------------


def _text_of(inputs: tuple[str, ...], form: str | None) -> str | None:
    """The one text to redact; ``None`` if the inputs are files."""
    given = inputs[0]
    if len(inputs) > 1 or form is not None:
        return None
    if given == "-":
        content = sys.stdin.buffer
        if _begins_with_brace(content):
            return None
        return line.text_argument("-", content)
    if _is_file(given):
        return None
    # A name that is no file's, and an option that is none: `_sources` says so.
    is_word = not any(map(str.isspace, given))
    return None if is_word and (given.startswith("--") or form_of(Path(given)) is not None) else given


def _begins_with_brace(stream: BinaryIO) -> bool:
    """Whether JSON lines stand on ``stream``, which is not read by that (a stream that cannot be looked into holds text)."""
    if hasattr(stream, "peek"):
        begin: bytes = stream.peek(1)
    elif stream.seekable():
        at = stream.tell()
        begin = stream.read(64)
        stream.seek(at)
    else:
        return False
    return begin.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _write_text(out: BinaryIO, text: str, work: Work) -> None:
    post, _ = work.on(Post(text=text), "")
    if post is not None:
        out.write(_in_utf8(post.text) + b"\n")


def _in_utf8(text: str) -> bytes:
    """``text`` as bytes; those that were no UTF-8 are as they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")


# --- files -----------------------------------------------------------------------------------------------


class _Source(msgspec.Struct, frozen=True):
    """A file, or standard input (``-``), and its form."""

    name: str
    form: str


def _sources(inputs: Iterable[str], form: str | None) -> list[_Source]:
    """The files to redact; all are looked at before the first one is read."""
    found = []
    for name in inputs:
        if name != "-" and not _is_file(name):
            raise Refusal(f'{_named(name)}. A text goes in quotation marks: phiguard redact "…"')
        own = form or ("jsonl" if name == "-" else form_of(Path(name)))
        if own not in FORMS:
            raise Refusal(
                f"{shown_path(name)}: redact reads JSON lines and plain text. Say which it is with --input-format."
            )
        found.append(_Source(name, own))
    return found


def _named(name: str) -> str:
    """What is wrong with an input that is no file. A word that looks like no file may be one of a post."""
    if name.startswith("--"):
        return "No such option"
    is_path = form_of(Path(name)) is not None or "/" in name
    return f"{shown_path(name)}: no such file" if is_path else "Too many arguments, or no such file"


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # a text may be longer than any name, or hold what none may
        return False


def _write_source(out: BinaryIO, source: _Source, work: Work, fields: Fields) -> None:
    if source.name == "-":
        for written in written_lines(sys.stdin.buffer, source.name, source.form, work, fields):
            out.write(written)
            out.flush()  # who pipes in waits for the answer
        return
    shown = shown_path(source.name)
    try:
        with opened(Path(source.name)) as file:
            out.writelines(written_lines(file, shown, source.form, work, fields))
    except BrokenPipeError:
        raise
    except (OSError, EOFError, zlib.error) as error:
        work.tell(shown, f"cannot be read ({type(error).__name__}); the rest of it was not read")

"""`phiguard fix`: the mechanical corrections in a text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from phiguard.cli import line, options
from phiguard.cli.complaints import Refusal
from phiguard.cli.exits import Exit
from phiguard.model import AuthorRole, Parent, Post, ProductType, Screening, Span

if TYPE_CHECKING:
    from phiguard.fixing import Change, Fixed, Refused

__all__ = ["fix_command"]

_DID = {
    "swap": "better words",
    "camel_case": "capitals in a hashtag",
    "emoji_run": "fewer emoji",
    "emoji_total": "fewer emoji",
    "sentence_case": "sentence case",
    "plain_letters": "plain letters",
    "identifier": "an identifier taken out",
    "front": "the disclosure moved to the front",
    "add": "a note added",
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What `fix --format json` writes. ``text`` is there because it was asked for; nothing else holds text."""

    text: str
    changes: tuple[Change, ...]
    refused: tuple[Refused, ...]
    wants_words: bool
    screening: Screening


@click.command("fix", context_settings={"ignore_unknown_options": True})
@click.argument("text")
@options.direction
@options.platform
@click.option("--role", "author_role", type=options.choices(AuthorRole), help="Who speaks.")
@click.option("--reply-to", metavar="TEXT", help="The comment or review that this text answers.")
@click.option("--product-type", type=options.choices(ProductType), help="What it speaks of.")
@options.profile
@options.pack
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How to write it.",
)
@options.fail_on
def fix_command(
    *,
    text: str,
    reply_to: str | None,
    profile: Path | None,
    packs: tuple[Path, ...],
    form: str,
    fail_on: str,
    **fields: Any,
) -> int:
    """Write TEXT, or the text on standard input for `-`, with its mechanical corrections.

    What needs no judgement is put right: plain words for hard ones, people before conditions, capitals in hashtags,
    sentence case, fewer emoji, plain letters, a disclosure at the front, a note that is missing, identifiers taken out.
    The result is screened again; a correction is kept only if its finding goes and nothing new is found. What a text
    claims is never changed.

    The new text goes to standard output; what was done, and what is left for you, to standard error.

    \b
    Examples:
      phiguard fix "Diabetics: walk with us! #walkforhope"
      phiguard fix - --platform x < draft.txt > post.txt
      phiguard fix "Thank you, Maria, for coming in!" --reply-to "Great office" --format json

    The exit code is that of the new text: 1 if findings at or above --fail-on are left.
    """  # noqa: D301  click reads the escape
    if text.startswith("--") and not any(map(str.isspace, text)):
        raise Refusal("No such option. A text that begins with '-' goes after '--'.")
    if reply_to is not None:
        fields["reply_to"] = Parent(text=reply_to)
        fields["direction"] = fields["direction"] or "outbound_reply"
    if (fields["direction"] or "").startswith("inbound"):
        raise Refusal("Only your own texts can be corrected, not those of others: leave --direction out.")
    from phiguard.fixing import Fixer  # noqa: PLC0415  a command must start fast

    post = Post(text=line.text_argument(text, sys.stdin.buffer), **fields)
    screener = line.make_screener(profile, packs)
    fixed = Fixer(screener=screener).fix(post)
    if form == "json":
        _write_json(fixed)
    else:
        line.stdout().write(fixed.text.encode("utf-8", "surrogateescape") + b"\n")
        for told in _told(fixed):
            click.echo(told, err=True)
    if not fixed.screening.complete:
        return Exit.NOT_SCREENED
    view = line.view_of(screener, fail_on)
    return Exit.FINDINGS if any(map(view.fails, fixed.screening.findings)) else Exit.CLEAN


def _write_json(fixed: Fixed) -> None:
    from phiguard.writers.outcome import encodable  # noqa: PLC0415

    answer = Answer(
        text=encodable(fixed.text),
        changes=fixed.changes,
        refused=fixed.refused,
        wants_words=fixed.wants_words,
        screening=fixed.screening,
    )
    encoded = msgspec.json.Encoder(order="deterministic").encode(answer)
    line.stdout().write(msgspec.json.format(encoded, indent=2) + b"\n")


def _told(fixed: Fixed) -> Iterator[str]:
    for change in fixed.changes:
        yield f"  fixed  {change.rule}  {_DID[change.how]}{_where(change)}"
    if fixed.wants_words:
        yield "  Placeholders in [brackets] want your own words."
    for one in fixed.refused:
        rules = f": {', '.join(one.broke)}" if one.broke else ""
        yield f"  not done  {one.rule}  {_DID[one.how]}: {one.reason}{rules}"
    for finding in fixed.screening.findings:
        yield f"  {finding.severity}  {finding.rule}  {finding.message}"
    for gap in fixed.screening.unscreened:
        yield f"  not screened  {gap.what}: {gap.reason}"
    if not fixed.changes:
        yield (
            "  Nothing to correct."
            if fixed.is_clean
            else "  Nothing that can be corrected without judgement."
        )


def _where(change: Change) -> str:
    name = "" if change.field == "text" else f" in {change.field}"
    if not change.now:
        return f"{name}, away from {_spans(change.was)}"
    return f"{name}, now at {_spans(change.now)}"


def _spans(spans: tuple[Span, ...]) -> str:
    return "characters " + ", ".join(f"{span.start + 1}–{span.end}" for span in spans)

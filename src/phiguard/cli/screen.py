"""`phiguard screen`: one text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from phiguard.cli import line, options
from phiguard.cli.complaints import Refusal
from phiguard.model import AuthorRole, Parent, Post, ProductType

__all__ = ["screen_command"]


@click.command("screen", context_settings={"ignore_unknown_options": True})
@click.argument("text")
@options.direction
@options.platform
@click.option("--role", "author_role", type=options.choices(AuthorRole), help="Who speaks.")
@click.option("--reply-to", metavar="TEXT", help="The comment or review that this text answers.")
@click.option("--product-type", type=options.choices(ProductType), help="What it speaks of.")
@options.profile
@options.pack
@options.form("text")
@options.reveal
@options.fail_on
def screen_command(
    *,
    text: str,
    reply_to: str | None,
    profile: Path | None,
    packs: tuple[Path, ...],
    form: str,
    reveal: bool,
    fail_on: str,
    **fields: Any,
) -> int:
    """Screen TEXT, or the text on standard input for `-`.

    A text in quotation marks is a post of the organization; --direction and the other options say what else
    it is. With --reply-to it is a reply, and rules see both.

    \b
    Examples:
      phiguard screen "Our tea cures diabetes!"
      phiguard screen - --direction inbound_comment < comment.txt
      phiguard screen "So glad your surgery went well" --reply-to "Best clinic in town"
    """  # noqa: D301  click reads the escape
    if text.startswith("--") and not any(map(str.isspace, text)):
        raise Refusal("No such option. A text that begins with '-' goes after '--'.")
    if reply_to is not None:
        fields["reply_to"] = Parent(text=reply_to)
        fields["direction"] = fields["direction"] or "outbound_reply"
    post = Post(text=line.text_argument(text, sys.stdin.buffer), **fields)
    screener = line.make_screener(profile, packs)
    return line.write_one(screener, post, form=form, reveal=reveal, fail_on=fail_on)

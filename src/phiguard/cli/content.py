"""`phiguard hook`: the posts of a content repository, for pre-commit and CI."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from phiguard.cli import line, options
from phiguard.hook import read_content
from phiguard.writers import writer_of

__all__ = ["hook_command"]


@click.command("hook")
@click.argument(
    "files", nargs=-1, metavar="FILE…", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@options.direction
@options.platform
@options.profile
@options.pack
@options.form("text")
@options.reveal
@options.fail_on
def hook_command(
    *,
    files: tuple[Path, ...],
    direction: str | None,
    platform: str | None,
    profile: Path | None,
    packs: tuple[Path, ...],
    form: str,
    reveal: bool,
    fail_on: str,
) -> int:
    """Screen the posts in Markdown and YAML files, and say file, line and column of each finding.

    Markdown: the body is the post; a YAML block between `---` lines before it may hold fields such as
    platform or direction. Further posts follow after further `---` lines. YAML: a list of posts, or
    `posts:` with such a list, each with a `text`. Made for pre-commit, which names the files.
    """
    screener = line.make_screener(profile, packs)
    view = line.view_of(screener, fail_on, form=form, color=form == "text" and line.is_colored(sys.stdout))
    tally = line.Tally()
    defaults = {name: value for name, value in (("direction", direction), ("platform", platform)) if value}
    records = read_content(files)
    outcomes = line.outcomes_of(screener, records, view, tally, reveal=reveal, defaults=defaults)
    out = line.stdout()
    writer_of(form)(outcomes, out, view)
    out.flush()
    return tally.exit

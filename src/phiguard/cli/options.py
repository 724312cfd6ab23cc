"""Options that several commands share, each written once."""

from __future__ import annotations

import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from phiguard.model import Direction, Platform
from phiguard.writers import FORMATS

__all__ = [
    "FAIL_ON",
    "direction",
    "fail_on",
    "form",
    "pack",
    "platform",
    "profile",
    "reveal",
]

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

FAIL_ON = ("low", "medium", "high", "critical", "never")

profile = click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The organization's phiguard.yaml (default: found from here upwards).",
)
pack = click.option(
    "--pack",
    "packs",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A folder or file of your own rules, on top of the shipped ones. May be repeated.",
)
reveal = click.option("--reveal", is_flag=True, help="Show the words that were found.")
fail_on = click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="medium",
    show_default=True,
    help="The severity from which findings make the exit code 1.",
)


def form(default: str | None) -> Callable[[Decorated], Decorated]:
    """``--format``, with the default of the command."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default=default,
        show_default=bool(default),
        help="How to write the result.",
    )


def choices(kind: Any) -> click.Choice[str]:
    """The values of a field of Post."""
    return click.Choice(typing.get_args(kind))


direction = click.option(
    "--direction", type=choices(Direction), help="What kind of post it is, where the post does not say."
)
platform = click.option(
    "--platform", type=choices(Platform), help="Where it is published, where the post does not say."
)

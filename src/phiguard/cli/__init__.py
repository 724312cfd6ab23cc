"""The command line: one module for each group of commands, imported when its command is called."""

# ruff: noqa: PLC0415  imported when needed: a command must start fast

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from phiguard.cli.exits import Exit
from phiguard.errors import PhiguardError

__all__ = ["COMMANDS", "Exit", "cli", "main", "run"]

COMMANDS = {
    "screen": ("screen", "Screen one text."),
    "gate": ("gate", "Decide about one post before it is published (JSON in, JSON out)."),
    "scan": ("scan", "Screen files of posts, and sum up what was found."),
    "import": ("importing", "Turn the export of a platform into posts, replies with what they answer."),
    "hook": ("content", "Screen the posts of a content repository (Markdown, YAML)."),
    "redact": ("redact", "Take out what identifies somebody, or put it back."),
    "reply": ("reply", "Offer replies that are safe to give."),
    "fix": ("fix", "Make the mechanical corrections in a text, and screen it again."),
    "rules": ("rules", "List, explain and test rules."),
    "explain": ("rules", "Say in plain words what a rule finds, why, and what to do."),
    "init": ("setup", "Write a commented profile, phiguard.yaml."),
    "doctor": ("setup", "Say what works here, and how to fix what does not."),
}
"""Each command with its module and its help in one line."""


class _Commands(click.Group):
    """Imports a command's module when the command is asked for: `phiguard screen` must answer at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"phiguard.cli.{COMMANDS[cmd_name][0]}")
        found: click.Command = getattr(module, f"{cmd_name}_command")
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _show_version(ctx: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 (click's form)
    if value and not ctx.resilient_parsing:
        from phiguard.cli.line import version

        click.echo(f"phiguard {version()}")
        ctx.exit()


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--debug", is_flag=True, help="Show where a defect happened (never with text or values).")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version.",
)
def cli(*, debug: bool) -> None:
    """Screens healthcare social-media posts, replies and comments.

    It looks for what gives patients away, for health claims that the law does not allow, for the house
    style, and for comments that somebody must answer. It works offline, and shows words of a post only
    with --reveal.

    Exit codes: 0 clean; 1 findings at or above --fail-on; 2 usage or configuration; 3 something was
    not screened; 4 internal error.
    """
    del debug  # `run` looks at it, because a defect may happen before or after this


def main() -> None:
    """Runs the command line and exits."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """The exit code of a command line. Whatever goes wrong is told on stderr, without a value or a text."""
    debug = "--debug" in arguments[:2]
    try:
        code = _called(list(arguments))
        sys.stdout.flush()
    except click.ClickException as error:
        from phiguard.cli.complaints import complaint

        click.echo(complaint(error), err=True)
        return Exit.USAGE
    except PhiguardError as error:
        click.echo(f"Error: {error}", err=True)
        return Exit.USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return Exit.BROKEN_PIPE
    except Exception as error:  # noqa: BLE001  the last line: a defect is told by its kind alone
        from phiguard.cli.complaints import defect

        click.echo(defect(error, debug=debug), err=True)
        return Exit.INTERNAL
    return int(code) if isinstance(code, int) else Exit.CLEAN


def _called(arguments: list[str]) -> object:
    """What the command returns. Not `click.Group.main`: its messages quote arguments, which may be posts."""
    if "_PHIGUARD_COMPLETE" in os.environ:  # the shell asks for completions
        return cli.main(arguments, prog_name="phiguard")
    try:
        with cli.make_context("phiguard", arguments) as context:
            return cli.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code


def _drop_output() -> None:
    """Points stdout nowhere, so that the interpreter's own flush at exit does not complain."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return

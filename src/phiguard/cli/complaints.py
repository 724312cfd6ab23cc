"""What is said when a command line cannot be used, or phiguard breaks: never an argument, which may be a post."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

import click

__all__ = ["complaint", "defect", "shown_path"]

_OPTION = re.compile(r"--?[a-z][a-z-]*")
_PATHLIKE = re.compile(r"\.[A-Za-z0-9]{1,8}(?:\.gz)?$|^[^\s]+$")


def complaint(error: click.ClickException) -> str:
    """One or two lines about a usage error.

    >>> complaint(click.NoSuchOption("--patient Ann"))
    "Error: No such option. A text that begins with '-' goes after '--'."
    """
    lines = [f"Error: {_what(error)}"]
    context = getattr(error, "ctx", None)
    if context is not None:
        lines.append(f"Try '{context.command_path} --help'.")
    return "\n".join(lines)


def _what(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(error.possibilities or ())
        return f"No such option. {f'Did you mean {near}?' if near else _DASHES}"
    if isinstance(error, click.MissingParameter):
        return error.format_message()
    if isinstance(error, click.BadParameter):
        return _bad_parameter(error)
    if isinstance(error, click.BadOptionUsage):
        name = error.option_name if _OPTION.fullmatch(error.option_name) else "an option"
        return f"The option {name} is not used as it should be: does it need a value?"
    if type(error) is Refusal:
        return error.message
    message = error.message
    if message.startswith("No such command"):
        return 'No such command. To screen a text: phiguard screen "…"'
    if "unexpected extra argument" in message:
        return "Too many arguments: put the text in quotation marks."
    if message.startswith("Missing command"):
        return message
    return "The command line cannot be used as it is."


_DASHES = "A text that begins with '-' goes after '--'."


def _bad_parameter(error: click.BadParameter) -> str:
    name = "an argument"
    if error.param is not None:
        hint = error.param.get_error_hint(error.ctx) if error.ctx is not None else error.param.name
        name = hint or name
    if type(error) is Unfit:
        return f"Invalid value for {name}: {error.message}"
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return f"Invalid value for {name}: choose from {', '.join(map(str, kind.choices))}."
    if isinstance(kind, click.Path):
        return f"Invalid value for {name}: no such file, or it cannot be read."
    return f"Invalid value for {name}."


class Refusal(click.UsageError):
    """A usage error whose message is ours, and holds no argument."""


class Unfit(click.BadParameter):
    """A value that does not fit its option; the message is ours, and holds no argument."""


def shown_path(path: Path | str) -> str:
    """``path``, if it looks like one and not like a text.

    >>> shown_path("posts/may.jsonl"), shown_path("Our patient Ann")
    ('posts/may.jsonl', '(a path that is not shown)')
    """
    name = str(path)
    return name if _PATHLIKE.search(name) else "(a path that is not shown)"


def defect(error: BaseException, *, debug: bool) -> str:
    """The kind of a defect; with ``debug`` where it happened. Its message and the values are left out."""
    lines = [f"Internal error: {type(error).__name__}. Nothing after it was screened."]
    if not debug:
        lines.append("To report it, run again with: phiguard --debug …")
        return "\n".join(lines)
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__} (its message is left out)")
        frames = traceback.extract_tb(seen.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)

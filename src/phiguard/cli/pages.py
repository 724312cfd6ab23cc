"""The pages of ``docs/`` that are made from the code: the commands, and the schema of what they write.

``python -m phiguard.cli.pages docs`` writes them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from phiguard.cli import cli
from phiguard.cli.exits import Exit
from phiguard.cli.gate import Decision
from phiguard.model import Post, Screening
from phiguard.writers.outcome import Unread, Written

__all__ = ["PAGES", "cli_page", "schema_page", "wire_schema"]

_MADE = "<!-- Made by `python -m phiguard.cli.pages docs`. Do not edit. -->"
_CODES = {
    Exit.CLEAN: "clean: everything was screened, and no finding reaches `--fail-on`",
    Exit.FINDINGS: "a finding reaches `--fail-on` (`gate`: the post is not to be published)",
    Exit.USAGE: "the command, the profile, a rule, or the input of `gate` cannot be used",
    Exit.NOT_SCREENED: "something was not screened; this goes before 1",
    Exit.INTERNAL: "a defect of phiguard (`phiguard --debug …` says where, without values)",
    Exit.INTERRUPTED: "Ctrl-C",
    Exit.BROKEN_PIPE: "the program that reads the output went away",
}
_ABOUT: Mapping[str, str] = {
    "Post": "One thing said in public: a line of `phiguard scan`, the input of `phiguard gate`.",
    "Media": "One image, video or sound of a post, told in words.",
    "Parent": "The comment, review or post that a reply answers.",
    "Screening": "The answer of the Python API for one post. Fields at their defaults are left out.",
    "Written": "A screening as `screen` and `scan` write it (`--format json` or `jsonl`): every field of its own is "
    "there. `excerpts` holds the words of each finding, in order, and only with `--reveal`.",
    "Unread": "A record of `scan` that could not be screened. It never holds the record's content.",
    "Decision": "What `gate` answers. Only `publish` means publish.",
    "Finding": "What one rule found in one post. It holds no text. Fields at their defaults are left out.",
    "Span": "A stretch of text as `[start, end]`, in Unicode code points of the original text, `end` not included.",
    "Route": "Somebody must act: who, and by when.",
    "Ticket": "A safety ticket on the route of an adverse event: the four elements of a report, by the words of phiguard's own lists. "
    "It holds no text of the post.",
    "Gap": "Something that was not screened, and why.",
}

_INTRODUCTION = """\
What goes in and out as JSON. The machine-readable form is `wire-schema.json` (JSON Schema 2020-12; use for
instance `{"$ref": "wire-schema.json#/$defs/Post"}`). Positions are Unicode code points of the original text.
Times are strings in ISO 8601, like `2026-05-01T09:30:00-05:00`.

A line of `phiguard scan --format jsonl` is one of two things: a `Written` screening, or an `Unread` record,
which has `"type": "error"`."""


def cli_page() -> str:
    """The manual of the command line, from the commands themselves."""
    context = click.Context(cli, info_name="phiguard", **{**cli.context_settings, "terminal_width": 100})
    blocks = ["# The command line", _MADE, _help_of(context)]
    blocks += [
        block for name in cli.list_commands(context) for block in _command_blocks(context, name, level=2)
    ]
    codes = "\n".join(f"| {code.value} | {text} |" for code, text in _CODES.items())
    blocks += ["## Exit codes", f"| code | meaning |\n|---|---|\n{codes}"]
    return "\n\n".join(blocks) + "\n"


def _command_blocks(parent: click.Context, name: str, *, level: int) -> Iterator[str]:
    group = parent.command
    command = group.get_command(parent, name) if isinstance(group, click.Group) else None
    if command is None:
        return
    context = click.Context(command, info_name=name, parent=parent, terminal_width=100)
    yield f"{'#' * level} {context.command_path}"
    yield _help_of(context)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            yield from _command_blocks(context, inner, level=level + 1)


def _help_of(context: click.Context) -> str:
    lines = context.command.get_help(context).splitlines()
    return "\n".join(["```text", *(line.rstrip() for line in lines), "```"])


def wire_schema() -> dict[str, Any]:
    """The JSON Schema of everything that goes in and out, from the structs."""
    kinds = (Post, Screening, Written, Unread, Decision)
    _, components = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The wire schema of phiguard",
        "$defs": {name: _plain(components[name]) for name in sorted(components)},
    }


def _plain(schema: Any) -> Any:
    """Docstrings are for readers of the code: the page says what a struct is."""
    if isinstance(schema, dict):
        return {
            key: _plain(value)
            for key, value in schema.items()
            if key != "description" or not isinstance(value, str)
        }
    return [_plain(item) for item in schema] if isinstance(schema, list) else schema


def schema_page() -> str:
    """The wire schema for people: a table for each struct."""
    definitions = wire_schema()["$defs"]
    blocks = [
        "# The wire schema",
        _MADE,
        _INTRODUCTION,
    ]
    for name in (*_ABOUT, *sorted(set(definitions) - set(_ABOUT))):
        blocks += [f"## {name}", _ABOUT.get(name, ""), _table(definitions[name])]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _table(schema: dict[str, Any]) -> str:
    if "properties" not in schema:
        return f"`{_type(schema)}`"
    needed = set(schema.get("required", ()))
    rows = ["| field | type | default |", "|---|---|---|"]
    for name, field in schema["properties"].items():
        if name in needed or ("default" not in field and "enum" in field and len(field["enum"]) == 1):
            default = "must be there"
        else:
            default = (
                f"`{msgspec.json.encode(field['default']).decode()}`" if "default" in field else "left out"
            )
        rows.append(f"| `{name}` | {_type(field)} | {default} |")
    return "\n".join(rows)


def _type(field: dict[str, Any]) -> str:
    """A type in words.

    >>> _type({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]})
    'date-time or null'
    """
    if "anyOf" in field:
        return " or ".join(_type(option) for option in field["anyOf"])
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in field:
        return ", ".join("null" if value is None else f"`{value}`" for value in field["enum"])
    if field.get("type") == "array":
        if "prefixItems" in field:
            return "[" + ", ".join(_type(item) for item in field["prefixItems"]) + "]"
        return f"list of {_type(field['items'])}" if field.get("items") else "list"
    return str(field.get("format") or field.get("type", "any"))


def _schema_file() -> str:
    return msgspec.json.format(msgspec.json.encode(wire_schema()), indent=2).decode() + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "wire-schema.md": schema_page,
    "wire-schema.json": lambda: (
        msgspec.json.format(msgspec.json.encode(wire_schema()), indent=2).decode() + "\n"
    ),
}
"""Each page with the function that makes it."""


def main(folder: Path) -> None:
    """Writes every page into ``folder``."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))

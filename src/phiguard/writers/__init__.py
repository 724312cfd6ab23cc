"""Outcomes into bytes: one module a form."""

# ruff: noqa: PLC0415  only the module of the form at hand is imported: a command must start fast

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO

from phiguard.writers.outcome import Outcome, View

__all__ = ["FORMATS", "Writer", "writer_of"]

Writer = Callable[[Iterable[Outcome], BinaryIO, View], None]

FORMATS = ("text", "json", "jsonl", "csv", "sarif", "github", "junit")
"""The names of the forms."""


def writer_of(name: str) -> Writer:
    """The function that writes the form ``name``, which is one of `FORMATS`."""
    if name == "text":
        from phiguard.writers.text import write_text as write
    elif name == "json":
        from phiguard.writers.jsonlines import write_json as write
    elif name == "jsonl":
        from phiguard.writers.jsonlines import write_jsonl as write
    elif name == "csv":
        from phiguard.writers.csvfile import write_csv as write
    elif name == "sarif":
        from phiguard.writers.sarif import write_sarif as write
    elif name == "github":
        from phiguard.writers.github import write_github as write
    else:
        from phiguard.writers.junit import write_junit as write
    return write

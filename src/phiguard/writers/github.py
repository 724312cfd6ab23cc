"""Annotations of GitHub Actions: one workflow command a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from phiguard.writers.outcome import Outcome, View, encodable, without_controls

__all__ = ["write_github"]

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "notice", "info": "notice"}


def write_github(outcomes: Iterable[Outcome], out: BinaryIO, view: View) -> None:
    """``::error file=…,line=…::message`` for each finding, gap and unread record."""
    del view
    for outcome in outcomes:
        out.writelines(encodable(line).encode() + b"\n" for line in _lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    place = outcome.place
    if outcome.screening is None:
        yield _command(
            "error", {"file": place.path, "line": place.line, "title": "not read"}, str(outcome.fault)
        )
        return
    for finding, words in outcome.findings():
        where: dict[str, str | int | None] = {"file": place.path, "line": place.line}
        if finding.spans:
            start = place.point(finding.field, finding.spans[0].start)
            end = place.point(finding.field, finding.spans[-1].end)
            where = {"file": place.path, "line": start.line, "col": start.column}
            if end.column is not None:
                where |= {"endLine": end.line, "endColumn": end.column}
        told = f" [{' … '.join(map(without_controls, words))}]" if words else ""
        message = f"{finding.message}{told} {finding.fix}"
        yield _command(_LEVELS[finding.severity], {**where, "title": finding.rule}, message)
    for gap in outcome.screening.unscreened:
        where = {"file": place.path, "line": place.line, "title": "not screened"}
        yield _command("warning", where, f"{gap.what}: {gap.reason}")


def _command(level: str, where: dict[str, str | int | None], message: str) -> str:
    told = ",".join(
        f"{key}={_property(str(value))}" for key, value in where.items() if value not in {None, ""}
    )
    return f"::{level} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

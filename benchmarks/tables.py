"""Writes the figures of ``benchmarks/results/*.json`` into ``docs/benchmarks.md``, under its last heading."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.report import RESULTS, ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
HEADING = "## Figures\n"
ORDER = (
    "screen",
    "startup",
    "adversarial",
    "growth",
    "quality",
    "rules",
    "names",
    "presidio",
    "peers",
    "memory",
)


def around_of(around: dict[str, Any]) -> str:
    """One line: when, what and on which machine."""
    return (
        f"{around['date']}, commit {around['commit']}, Python {around['python']}, "
        f"google-re2 {around['versions'].get('google-re2', '?')}, {around['processor']}, {around['cores']} cores, "
        f"load {around['load_at_end']}"
    )


def section(document: dict[str, Any]) -> str:
    """One result as a heading, a line of circumstances and a table."""
    around = document["circumstances"]
    lines = [
        f"### bench_{document['benchmark']}",
        "",
        around_of(around),
        "",
        "| | |",
        "|---|---|",
        *(f"| {label.strip()} | {value} |" for label, value in document["table"]),
    ]
    plot = PAGE.with_name(f"{document['benchmark']}.svg")
    if plot.is_file():
        lines += ["", f"![The same as bars]({plot.name})"]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Rewrite the page."""
    paths = [path for name in ORDER if (path := RESULTS / f"{name}.json").is_file()]
    sections = [section(json.loads(path.read_text(encoding="utf-8"))) for path in paths]
    head, found, _ = PAGE.read_text(encoding="utf-8").partition(HEADING)
    if not found:
        raise SystemExit(f"{PAGE} has no heading {HEADING.strip()!r}")
    PAGE.write_text(head + HEADING + "\n" + "\n".join(sections), encoding="utf-8")


if __name__ == "__main__":
    main()

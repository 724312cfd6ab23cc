"""Text for people: each post that needs attention, with what to do about it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from phiguard.adverse import told
from phiguard.model import Finding
from phiguard.writers.outcome import Outcome, View, encodable, plural, without_controls

__all__ = ["COLORS", "SAYS", "painted", "write_text"]

COLORS = {
    "block": "1;31",
    "critical": "1;31",
    "high": "31",
    "review": "33",
    "medium": "33",
    "note": "36",
    "answer": "35",
    "low": "36",
    "pass": "32",
    "bold": "1",
    "dim": "2",
}
SAYS = {
    "block": "Do not publish",
    "review": "Have somebody review it",
    "answer": "Somebody must act on this",
    "note": "Fine; could be better",
    "pass": "Nothing to hold against it",
}
_SAYS_OF_INCOMING = {
    "block": "Act on this now",
    "review": "Have somebody look at it",
    "note": "Nothing urgent",
}


def painted(text: str, name: str, *, color: bool) -> str:
    """``text`` in the color of a verdict or severity, if there are colors."""
    return f"\x1b[{COLORS[name]}m{text}\x1b[0m" if color and name in COLORS else text


def write_text(outcomes: Iterable[Outcome], out: BinaryIO, view: View) -> None:
    """A paragraph for each post with a finding, a route or a gap; a post without is one line if alone."""
    for outcome in outcomes:
        out.writelines(encodable(line).encode() + b"\n" for line in _lines(outcome, view))


def _lines(outcome: Outcome, view: View) -> Iterator[str]:
    place = outcome.place.path and f"{without_controls(str(outcome.place))}  "
    screening = outcome.screening
    if screening is None:
        yield f"{place}{painted('NOT SCREENED', 'block', color=view.color)}  {outcome.fault}"
        return
    noisy = screening.findings or screening.routes or not screening.complete
    if not noisy and place:
        return
    standing = outcome.standing
    says = _SAYS_OF_INCOMING.get(standing, SAYS[standing]) if outcome.is_incoming else SAYS[standing]
    head = painted(standing.upper(), standing, color=view.color)
    count = f" ({plural(len(screening.findings), 'finding')})" if screening.findings else ""
    yield f"{place}{head}  {says}{count}"
    for finding, words in outcome.findings():
        yield from _finding_lines(outcome, finding, words, view)
    for route in screening.routes:
        due = f", due {route.due:%Y-%m-%d %H:%M}" if route.due else ""
        yield f"  {painted('route', 'bold', color=view.color)}  to {route.queue} within {route.within}{due} ({route.rule})"
        if route.ticket is not None:
            yield f"    {without_controls(told(route.ticket))}"
    for gap in screening.unscreened:
        yield f"  {painted('not screened', 'block', color=view.color)}  {gap.what}: {gap.reason}"
    if screening.suppressed:
        yield f"  suppressed by the profile: {', '.join(screening.suppressed)}"
    if noisy:
        yield ""


def _finding_lines(outcome: Outcome, finding: Finding, words: tuple[str, ...], view: View) -> Iterator[str]:
    severity = painted(finding.severity, finding.severity, color=view.color)
    yield f"  {severity}  {painted(finding.rule, 'bold', color=view.color)}  {_where(outcome, finding)}".rstrip()
    if words:
        yield f"    “{' … '.join(map(without_controls, words))}”"
    better = (label[5:] for label in finding.labels if label.startswith("say: "))
    said = ", ".join(f'"{word}"' for word in better if word not in finding.fix)
    for label, text in (
        ("", finding.message),
        ("Why: ", finding.why),
        ("Fix: ", finding.fix),
        ("Say: ", said),
        ("Source: ", finding.source),
    ):
        if not text:
            continue
        yield from textwrap.wrap(
            f"{label}{text}",
            view.width - 4,
            initial_indent="    ",
            subsequent_indent="      " if label else "    ",
        )


def _where(outcome: Outcome, finding: Finding) -> str:
    """Where it stands: line and column in a file, characters in a text."""
    if not finding.spans:
        return "" if finding.field == "text" else finding.field
    if outcome.place.path:
        points = [outcome.place.point(finding.field, span.start) for span in finding.spans]
        if points[0].column is not None:
            return ", ".join(f"{point.line}:{point.column}" for point in points)
    name = "" if finding.field == "text" else f"{finding.field}, "
    spans = ", ".join(f"{span.start + 1}–{span.end}" for span in finding.spans)
    return f"{name}characters {spans}"

"""What the posts show together, as lines of the summary."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from phiguard.series.report import QueueFigures, Report
from phiguard.writers.outcome import View, without_controls
from phiguard.writers.text import painted

__all__ = ["series_lines"]

_MOST = 12  # findings shown; the result formats hold them all
_HEAD = ("posts", "in time", "late", "overdue", "waiting", "median", "90 %", "in time")


def series_lines(report: Report, view: View) -> Iterator[str]:
    """How answers kept their windows, and the findings about several posts."""
    if report.queues and report.as_of is not None:
        title = f"Answers, as of {report.as_of:%Y-%m-%d %H:%M}"
        yield from ("", painted(title, "bold", color=view.color))
        wide = max(len(one.queue) for one in report.queues)
        yield f"  {'':<{wide}}" + "".join(f"{name:>9}" for name in _HEAD)
        for one in report.queues:
            late = painted(f"{one.overdue:>9,}", "block" if one.overdue else "", color=view.color)
            share = "" if one.share_in_time is None else f"{100 * one.share_in_time:.0f} %"
            row = (
                f"  {one.queue:<{wide}}{one.posts:>9,}{one.in_time:>9,}{one.late:>9,}{late}{one.waiting:>9,}"
            )
            row += f"{_span(one.median_minutes):>9}{_span(one.p90_minutes):>9}{share:>9}"
            yield row.rstrip()
        if told := _windows(report.queues):
            yield from textwrap.wrap(told, view.width, initial_indent="  ", subsequent_indent="  ")
    if report.findings:
        yield from ("", painted("What the posts show together", "bold", color=view.color))
    for finding in report.findings[:_MOST]:
        severity = painted(f"{finding.severity:<9}", finding.severity, color=view.color)
        told = f"{finding.rule}  {without_controls(finding.message)}"
        first, *rest = textwrap.wrap(told, view.width - 11) or [""]
        yield f"  {severity}{first}"
        yield from (f"{'':11}{text}" for text in rest)
    if len(report.findings) > _MOST:
        yield f"  … and {len(report.findings) - _MOST:,} more: see all with --format text, or --report FILE"
    for note in report.notes:
        yield from ("", *textwrap.wrap(note, view.width))


def _windows(queues: tuple[QueueFigures, ...]) -> str:
    told = "; ".join(f"{one.queue} within {one.within}" for one in queues)
    hours = (
        " Business hours count while the office is open." if any(one.business_hours for one in queues) else ""
    )
    return f"Windows: {told}.{hours}"


def _span(minutes: float | None) -> str:
    """A time in its largest unit.

    >>> _span(0.4), _span(75.2), _span(600), _span(4000), _span(None)
    ('0 min', '75 min', '10 h', '2.8 d', '')
    """
    if minutes is None:
        return ""
    if minutes < 180:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.0f} h" if minutes < 2880 else f"{minutes / 1440:.1f} d"

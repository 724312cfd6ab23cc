"""Series: what a set of posts shows, and who waits for an answer (`docs/series.md`).

`observe` takes from one post, with its screening, what a series needs, without a word of it; a `Watch` collects what was observed,
and `Watch.report` says what the whole shows.
"""

from __future__ import annotations

from phiguard.series.observed import Observed, observe
from phiguard.series.report import Overdue, QueueFigures, Report
from phiguard.series.watch import Watch

__all__ = ["Observed", "Overdue", "QueueFigures", "Report", "Watch", "observe"]

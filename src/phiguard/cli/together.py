"""What the posts of a scan show together: watched while they pass, told after them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec

from phiguard.batch.outputs import PartFile
from phiguard.cli import line
from phiguard.screener import Screener
from phiguard.series import Report, Watch
from phiguard.writers.outcome import Outcome, View

__all__ = ["Together"]


class Together:
    """The watch of one scan, and its report.

    Args:
        screener: what screens.
        path: the file that findings about several posts are told of: the first.
        as_of: the moment that decides what is overdue; ``now``, or the latest of the posts.
        state: what an interrupted scan had seen.
    """

    def __init__(self, screener: Screener, path: str, as_of: str | None, state: bytes) -> None:
        self._path = path
        self._profile = screener.profile
        self._as_of = _moment(as_of)
        self.watch = Watch(screener.profile, screener.rules)
        if state:
            self.watch.restore(state)
        self._report: Report | None = None

    @property
    def report(self) -> Report:
        """What all posts show; made when the last is seen."""
        if self._report is None:
            self._report = self.watch.report(self._as_of)
        return self._report

    def outcomes(self, tally: line.Tally, view: View) -> Iterator[Outcome]:
        """An outcome for each finding, counted in ``tally``."""
        yield from line.series_outcomes(self.report, self._profile, tally, view, self._path)

    def write(self, path: Path) -> None:
        """Writes the report as JSON, whole or not at all."""
        out = PartFile(path)
        try:
            out.write(msgspec.json.format(msgspec.json.encode(self.report), indent=2) + b"\n")
            out.sync()
            out.finish()
        except BaseException:
            out.close(keep=False, offset=0)
            raise


def _moment(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    if text == "now":
        return dt.datetime.now(dt.timezone.utc)
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))

"""How far a scan is: a bar on a terminal, a line a minute elsewhere. Both on stderr, both without text."""

# ruff: noqa: PLC0415  imported when needed: a command must start fast

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from phiguard.batch.checkpoint import Progress

__all__ = ["Meter", "metered", "spoken"]

_EVERY = 60.0


class Meter:
    """Counts bytes and records, and tells now and then.

    Args:
        total: bytes of all inputs; ``None``: not known.
        begun: bytes and records that an earlier run has done.
    """

    def __init__(self, total: int | None, begun: tuple[int, int] = (0, 0)) -> None:
        self.total = total
        self.position, self.records = begun
        self._begun = begun
        self._start = time.monotonic()

    def seen(self, size: int) -> None:
        """More bytes were read."""
        self.position += size

    def told(self, progress: Progress) -> None:
        """A block is done."""
        self.records = progress.summary.posts + progress.summary.faults

    @property
    def rate(self) -> float:
        """Records a second, in this run."""
        return (self.records - self._begun[1]) / max(time.monotonic() - self._start, 1e-6)

    @property
    def left(self) -> float | None:
        """Seconds that are left, if that can be said."""
        done = self.position - self._begun[0]
        if not self.total or done <= 0 or self.records == self._begun[1]:
            return None
        return max(self.total - self.position, 0) * (time.monotonic() - self._start) / done


class _Quiet(Meter):
    """Tells nothing."""


class _Lines(Meter):
    """A line a minute."""

    def __init__(self, total: int | None, begun: tuple[int, int]) -> None:
        super().__init__(total, begun)
        self._next = time.monotonic() + _EVERY

    def told(self, progress: Progress) -> None:
        super().told(progress)
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY
            click.echo(self._line(), err=True)

    def _line(self) -> str:
        told = f"{self.records:,} records, {self.rate:,.0f} a second"
        if self.total:
            told += f", {min(self.position / self.total, 1):.0%}"
        return f"{told}, about {spoken(self.left)} left" if self.left is not None else told


def spoken(seconds: float) -> str:
    """A stretch of time, as people say it.

    >>> spoken(40), spoken(200), spoken(9_000)
    ('40 seconds', '3 minutes', '2.5 hours')
    """
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5_400 else f"{seconds / 3600:.1f} hours"


@contextmanager
def metered(total: int | None, begun: tuple[int, int], *, is_wanted: bool) -> Iterator[Meter]:
    """A meter that tells where it is wanted."""
    if not is_wanted:
        yield _Quiet(total, begun)
    elif not sys.stderr.isatty():
        yield _Lines(total, begun)
    else:
        with _bar(total, begun) as meter:
            yield meter


@contextmanager
def _bar(total: int | None, begun: tuple[int, int]) -> Iterator[Meter]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("Screening"),
        BarColumn(),
        TextColumn("{task.fields[records]:,} records, {task.fields[rate]:,.0f} a second{task.fields[left]}"),
        TimeElapsedColumn(),
    )
    # Without a thread of its own: worker processes are forked from this one.
    with Bar(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=total, records=begun[1], rate=0.0, left="")

        class Shown(Meter):
            _next = 0.0

            def told(self, progress: Progress) -> None:
                super().told(progress)
                if time.monotonic() >= self._next:
                    self._next = time.monotonic() + 0.2
                    left = f", {spoken(self.left)} left" if self.left is not None else ""
                    bar.update(task, completed=self.position, records=self.records, rate=self.rate, left=left)
                    bar.refresh()

        yield Shown(total, begun)

"""A scan: blocks through a crew into outputs, in order, with a checkpoint now and then."""

from __future__ import annotations

import itertools
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import BinaryIO, cast

from phiguard.batch.blocks import Cursor
from phiguard.batch.checkpoint import FORMAT, Checkpoint, Progress, SeenInput, forget, save
from phiguard.batch.crew import Crew
from phiguard.batch.cutting import Cut
from phiguard.batch.forms import DOCUMENTS, MAIN, Frame
from phiguard.batch.job import Job, Result, observed_of
from phiguard.batch.outputs import Sink
from phiguard.batch.stopped import Stopped
from phiguard.series import Watch
from phiguard.writers import writer_of
from phiguard.writers.outcome import Outcome

__all__ = ["Interrupted", "Saving", "Scan"]

Told = Callable[[Progress], None]
Last = Callable[[Progress], Iterable[Outcome]]
"""The outcomes that stand after those of all records."""


class Interrupted(Exception):  # noqa: N818  somebody asked for it
    """Ctrl-C, answered between two blocks: everything up to there is kept."""


_IN_ORDER = (Stopped, Interrupted)
"""After these the progress is that of whole blocks; anything else may have struck in the middle of one."""


class Saving:
    """Writes the checkpoint of a scan, at most every so many seconds.

    Args:
        path: where it stands.
        options: whatever decides the results.
        inputs: what the input files were like when the scan began.
        today: the day that decides what has expired.
        every: seconds between two checkpoints.
    """

    def __init__(
        self, path: Path, options: Mapping[str, str], inputs: list[SeenInput], today: str, *, every: float
    ) -> None:
        self.path = path
        self._made_of = (dict(options), inputs, today)
        self._every = every
        self._last = time.monotonic()
        self.is_begun = path.exists()

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next."""
        return time.monotonic() - self._last >= self._every

    def save(self, progress: Progress, watch: bytes) -> None:
        """Writes one now. Raises `OSError`."""
        options, inputs, today = self._made_of
        save(self.path, Checkpoint(FORMAT, options, inputs, today, progress, watch))
        self.is_begun = True
        self._last = time.monotonic()

    def forget(self) -> None:
        """The scan is done: there is nothing to go on with."""
        forget(self.path)


class Scan:
    """One scan, from its first block to outputs that are whole.

    Args:
        job: what to do with each record.
        crew: who screens.
        sinks: where each stream of the job goes.
        progress: how far the scan is: new, or from a checkpoint.
        watch: looks at the posts as a series, in their order.
        saving: writes checkpoints; ``None``: the scan cannot be gone on with.
        told: hears how far it is after each block.
        keeps_parts: keep what is written when the scan cannot be gone on with either: its input is a stream.
    """

    def __init__(
        self,
        job: Job,
        crew: Crew,
        sinks: Mapping[str, Sink],
        progress: Progress,
        *,
        watch: Watch | None = None,
        saving: Saving | None = None,
        told: Told | None = None,
        keeps_parts: bool = False,
    ) -> None:
        self._job = job
        self._crew = crew
        self._sinks = sinks
        self.progress = progress
        self._watch = watch
        self._saving = saving
        self._told = told
        self._is_kept_open = keeps_parts
        self._frames: dict[str, Frame] = {stream: job.form.frame(stream) for stream in sinks}
        self._is_stopping = False

    def run(self, cuts: Iterator[Cut], last: Last) -> None:
        """Screens everything and finishes the outputs; ``last`` makes an outcome to stand after all others.

        Raises `Stopped` when it cannot go on and `Interrupted` when it was asked not to. What is done by then is kept.
        """
        with self._listening():
            try:
                if self._job.form.name in DOCUMENTS:
                    self._write_document(cuts, last)
                elif not self.progress.is_done:
                    for _ in self._results(cuts):
                        pass
                    self._write_end(last(self.progress))
                self._finish()
            except BaseException as error:
                self._keep(error)
                raise

    # --- one block after the other -----------------------------------------------------------------------

    def _results(self, cuts: Iterator[Cut]) -> Iterator[Result]:
        cursors: deque[Cursor] = deque()
        for block, cursor in cuts:
            if block is None:
                results = self._crew.drain()
            else:
                cursors.append(cursor)
                results = self._crew.give(block)
            for result in results:
                self._take(result, cursors.popleft())
                yield result
            if self._is_stopping:
                raise Interrupted
        for result in self._crew.drain():
            self._take(result, cursors.popleft())
            yield result

    def _take(self, result: Result, cursor: Cursor) -> None:
        progress = self.progress
        for stream, content in result.streams.items():
            self._write(stream, content)
        progress.summary.add(result.summary, self._job.view)
        progress.counts.add(result.counts)
        progress.cursor = cursor
        if self._watch is not None:
            for seen in observed_of(result):
                self._watch.see(seen)
        for stream, sink in self._sinks.items():
            progress.offsets[stream] = sink.offset
        if self._saving is not None and self._saving.is_due:
            self._save()
        if self._told is not None:
            self._told(progress)

    def _write(self, stream: str, content: bytes) -> None:
        if content:
            sink, frame = self._sinks[stream], self._frames[stream]
            before = frame.between if sink.offset else frame.head
            sink.write(before + content if before else content)

    # --- the end -----------------------------------------------------------------------------------------

    def _write_document(self, cuts: Iterator[Cut], last: Last) -> None:
        def outcomes() -> Iterator[Outcome]:
            yield from itertools.chain.from_iterable(result.outcomes or () for result in self._results(cuts))
            yield from last(self.progress)

        sink = self._sinks[MAIN]
        writer_of(self._job.form.name or "")(outcomes(), cast("BinaryIO", sink), self._job.view)

    def _write_end(self, end: Iterable[Outcome]) -> None:
        if outcomes := list(end):
            for stream, content in self._job.form.streams(outcomes).items():
                self._write(stream, content)
        for stream, frame in self._frames.items():
            self._sinks[stream].write(frame.tail if self._sinks[stream].offset else frame.empty)

    def _finish(self) -> None:
        for stream, sink in self._sinks.items():
            sink.sync()
            self.progress.offsets[stream] = sink.offset
        self.progress.is_done = True
        if self._saving is not None and (self._saving.is_begun or len(self._sinks) > 1):
            self._save(is_synced=True)  # killed from here on, a scan is gone on with by finishing its outputs
        for sink in self._sinks.values():
            sink.finish()
        if self._saving is not None:
            self._saving.forget()

    def _save(self, *, is_synced: bool = False) -> None:
        assert self._saving is not None  # noqa: S101  asked before
        if not is_synced:
            for sink in self._sinks.values():
                sink.sync()
        watch = self._watch
        with suppress(OSError):  # no room for it: the one before stays, and the scan may still end well
            self._saving.save(self.progress, watch.state() if watch is not None else b"")

    def _keep(self, error: BaseException) -> None:
        """Keeps what is done, as far as the disk lets us; what is not worth it goes."""
        saving, progress = self._saving, self.progress
        is_kept = self._is_kept_open or (
            saving is not None
            and (saving.is_begun or (progress.cursor != Cursor() and isinstance(error, _IN_ORDER)))
        )
        for stream, sink in self._sinks.items():
            sink.close(keep=is_kept, offset=progress.offsets.get(stream, 0))
        if saving is not None and is_kept and isinstance(error, _IN_ORDER) and not progress.is_done:
            watch = self._watch
            with suppress(OSError):
                saving.save(progress, watch.state() if watch is not None else b"")

    # --- Ctrl-C ------------------------------------------------------------------------------------------

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """The first Ctrl-C (or a polite kill) is answered between two blocks, if the scan can be gone on with."""
        if self._saving is None or threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}

        def heard(number: int, frame: FrameType | None) -> None:
            del number, frame
            if self._is_stopping:
                raise KeyboardInterrupt
            self._is_stopping = True

        for one in before:
            signal.signal(one, heard)
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

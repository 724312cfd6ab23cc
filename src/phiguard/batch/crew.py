"""Who screens blocks: this process at first, then worker processes, with results in the order of the blocks."""

from __future__ import annotations

import gc
import os
import queue
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from phiguard.batch.blocks import Block
from phiguard.batch.job import Job, Result, decoded, encoded
from phiguard.batch.stopped import Stopped

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["Crew", "cores"]

_WARM = 2
"""Blocks that the first process screens itself: few posts need no workers, and what they load is then shared."""
_AHEAD = 2
"""Blocks that a worker has at once: one that it screens, one that waits."""
_WINDOW_BYTES = 64 << 20
"""Bytes of blocks that are under way at once, at most (one block always may)."""


def cores() -> int:
    """The cores that this process may use."""
    counted = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return counted or 1


class _Worker(msgspec.Struct):
    process: Any
    pipe: Any
    given: deque[int]


class Crew:
    """Screens blocks. Results come in the order of the blocks, whoever screened them.

    Args:
        job: what to do with each record.
        workers: processes; 1 is this one alone.
        method: how they start: ``fork`` shares what is loaded (the default on Linux), ``spawn`` loads anew.
        warm: blocks that are screened here before workers start.
    """

    def __init__(self, job: Job, workers: int = 1, *, method: str | None = None, warm: int = _WARM) -> None:
        self._job = job
        self._count = workers
        self._method = method or ("fork" if sys.platform == "linux" else "spawn")
        self._warm = warm
        self._workers: list[_Worker] = []
        self._number = 0  # of the next block that is given
        self._next = 0  # of the next result that is due
        self._results: dict[int, Result] = {}
        self._blocks: dict[int, tuple[str, int, int]] = {}  # path, line and size of those under way

    def give(self, block: Block) -> Iterator[Result]:
        """Takes a block; yields the results that are due by then."""
        if self._count < 2 or self._warm > 0:
            self._warm -= 1
            yield from self.drain()
            yield self._job.done(block)
            return
        if not self._workers:
            self._start()
        while not (free := self._free(len(block.body))):
            self._collect()
            yield from self._due()
        worker = min(free, key=lambda one: len(one.given))
        number, self._number = self._number, self._number + 1
        self._blocks[number] = (block.path, block.line, len(block.body))
        worker.given.append(number)
        try:
            worker.pipe.send_bytes(_ENCODER.encode(block))
        except OSError:
            self._lost(worker)
        yield from self._due()

    def drain(self) -> Iterator[Result]:
        """Yields the results of all blocks that are under way."""
        while self._blocks:
            yield from self._due()
            if self._blocks:
                self._collect()
        yield from self._due()

    def close(self) -> None:
        """Ends the workers, at once."""
        for worker in self._workers:
            worker.pipe.close()
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join()
        self._workers = []

    def _free(self, size: int) -> list[_Worker]:
        """The workers that may have a block of this size."""
        under_way = len(self._blocks) + len(self._results)
        held = sum(one for _, _, one in self._blocks.values())
        if under_way and (held + size > _WINDOW_BYTES or under_way >= 3 * _AHEAD * self._count):
            return []
        return [worker for worker in self._workers if len(worker.given) < _AHEAD]

    def _due(self) -> Iterator[Result]:
        while self._next in self._results:
            self._next += 1
            yield self._results.pop(self._next - 1)

    def _collect(self) -> None:
        """Waits for results."""
        from multiprocessing.connection import wait  # noqa: PLC0415  few posts need no workers

        for pipe in wait([worker.pipe for worker in self._workers if worker.given]):
            worker = next(one for one in self._workers if one.pipe is pipe)
            try:
                result = decoded(worker.pipe.recv_bytes())
            except (EOFError, OSError):
                self._lost(worker)
            if result.error:
                # The kind of the defect is all that may be told of it.
                raise type(result.error, (Exception,), {})
            number = worker.given.popleft()
            del self._blocks[number]
            self._results[number] = result

    def _lost(self, worker: _Worker) -> None:
        worker.process.join(2)
        code = worker.process.exitcode
        how = "ended"
        if code is not None and code < 0:
            how = f"was killed by {signal.Signals(-code).name}"
        path, line, _ = self._blocks[worker.given[0]] if worker.given else ("", 0, 0)
        where = f" while it screened {path} from line {line} on" if path else ""
        raise Stopped(f"a worker process {how}{where}; too little memory? then try --workers 1")

    def _start(self) -> None:
        import multiprocessing  # noqa: PLC0415  few posts need no workers

        context: Any = multiprocessing.get_context(self._method)
        gc.collect()
        gc.freeze()  # what is shared stays shared: the collector would write into every object
        for _ in range(self._count):
            ours, theirs = context.Pipe()
            inherited = [worker.pipe for worker in self._workers] if self._method == "fork" else []
            process = context.Process(
                target=_serve,
                args=(theirs, self._job, [ours, *inherited] if inherited or self._method == "fork" else []),
                daemon=True,
            )
            with warnings.catch_warnings():
                # Python warns of threads: those of numpy's, which sees to forks itself.
                warnings.simplefilter("ignore", DeprecationWarning)
                process.start()
            theirs.close()
            self._workers.append(_Worker(process, ours, deque()))


_ENCODER = msgspec.msgpack.Encoder()
_BLOCKS = msgspec.msgpack.Decoder(Block)


def _serve(pipe: Connection, job: Job, inherited: Sequence[Connection]) -> None:
    """A worker: blocks in, results out, until the pipe closes."""
    for other in inherited:
        other.close()  # so that each pipe closes when its one other end does
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    inbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, inbox), daemon=True).start()
    while (content := inbox.get()) is not None:
        try:
            result = job.done(_BLOCKS.decode(content))
        except Exception as error:  # noqa: BLE001  told by its kind
            result = Result(error=type(error).__name__)
        try:
            pipe.send_bytes(encoded(result))
        except OSError:  # the parent went away
            return


def _receive(pipe: Connection, inbox: queue.SimpleQueue[bytes | None]) -> None:
    """Empties the pipe at once: a parent that gives a block never waits for one that is being screened."""
    while True:
        try:
            inbox.put(pipe.recv_bytes())
        except (EOFError, OSError):
            inbox.put(None)
            return

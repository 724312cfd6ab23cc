"""What is done with each record: screened, counted, written. A block in, a result out, in any process."""

from __future__ import annotations

import gc
import pickle
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from phiguard.batch.blocks import Block, records_of
from phiguard.batch.forms import DEAD, DOCUMENTS, MAIN, Form, bare_of, letter_of
from phiguard.model import Post, Screening
from phiguard.policy import met_keys
from phiguard.readers.record import Record
from phiguard.screener import Screener
from phiguard.series import Observed, observe
from phiguard.writers.outcome import Outcome, View
from phiguard.writers.summary import Summary

__all__ = ["Counts", "Job", "Result", "as_counter", "decoded", "encoded", "observed_of"]


class Counts(msgspec.Struct, array_like=True):
    """What decides the exit code, and the suppressions that were met."""

    failing: int = 0
    unscreened: int = 0
    met: set[str] = msgspec.field(default_factory=set)

    def add(self, other: Counts) -> None:
        """Counts what another counted besides."""
        self.failing += other.failing
        self.unscreened += other.unscreened
        self.met |= other.met


class Result(msgspec.Struct, array_like=True):
    """What a block came to. ``streams`` holds the bytes for each output; ``error`` names the kind of a defect."""

    streams: dict[str, bytes] = msgspec.field(default_factory=dict)
    summary: Summary = msgspec.field(default_factory=Summary)
    counts: Counts = msgspec.field(default_factory=Counts)
    outcomes: list[Outcome] | None = None
    observed: bytes = b""
    error: str = ""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with records; pickles, so that a fresh process can be told.

    Args:
        screener: what screens.
        view: what fails, and how many posts a summary lists.
        form: of the results.
        dead: whether records that cannot be read go to a stream of their own.
        defaults: fields that a post leaves open.
        observes: whether what a series needs of each post is noted.
    """

    screener: Screener
    view: View
    form: Form
    dead: bool = False
    defaults: Mapping[str, object] = {}
    observes: bool = False

    def done(self, block: Block) -> Result:
        """The result of a block."""
        work = _Work(self, block.path)
        records = [
            _filled(record, self.defaults) if self.defaults else record for record in _records_of(block)
        ]
        screenings = self.screener.screen_many(record.post for record in records if record.post is not None)
        for record in records:
            if record.post is None:
                work.leave(record)
            else:
                work.take(record, record.post, next(screenings))
        return work.result()


class _Work:
    """The records of one block, one after the other."""

    def __init__(self, job: Job, path: str) -> None:
        self._job = job
        self._form = job.form
        self._bares = {path: bare_of(job.form, path)}
        self._bare = self._bares[path]
        self._keeps_keys = bool(job.screener.profile.suppressions)
        self._path = path
        self._summary = Summary()
        self._counts = Counts()
        self._unknown: Counter[tuple[str, ...]] = Counter()
        self._bare_standings = [0, 0]  # of ours, of others
        self._pieces: list[bytes] = []
        self._outcomes: list[Outcome] = []
        self._letters: list[bytes] = []
        self._observed: list[Observed] = []

    def leave(self, record: Record) -> None:
        """Counts and writes a record that cannot be read."""
        self._counts.unscreened += 1
        self._tell(Outcome(place=record.place, fault=record.fault, unknown=record.unknown))

    def take(self, record: Record, post: Post, screening: Screening) -> None:
        """Counts and writes a record that was screened."""
        job = self._job
        if not gc.isenabled():  # by now everything is loaded that is loaded on first use
            gc.freeze()
            gc.enable()
        if job.observes and (seen := observe(post, screening)) is not None:
            self._observed.append(seen)
        if not screening.findings and screening.complete and not screening.suppressed and self._bare:
            direction = post.direction
            self._bare_standings[direction is not None and direction.startswith("inbound")] += 1
            if record.unknown:
                self._unknown[record.unknown] += 1
            if record.place.path != self._path:
                self._enter(record.place.path)
            self._pieces.append(self._bare(post.id, record.place.line))
            return
        if not screening.complete:
            self._counts.unscreened += 1
        if screening.findings:
            self._counts.failing += any(map(job.view.fails, screening.findings))
        if self._keeps_keys and (screening.findings or screening.suppressed):
            self._counts.met |= met_keys(post, screening)
        self._tell(
            Outcome(
                place=record.place,
                screening=screening,
                direction=post.direction,
                excerpts=screening.excerpts(post) if self._form.reveal else None,
                unknown=record.unknown,
            )
        )

    def _enter(self, path: str) -> None:
        """Goes on with another file: the records of an export lie in several."""
        if path not in self._bares:
            self._bares[path] = bare_of(self._form, path)
        self._path, self._bare = path, self._bares[path]
        self._summary.files.add(path)

    def _tell(self, outcome: Outcome) -> None:
        self._summary.count(outcome, self._job.view)
        if self._job.dead and outcome.screening is None:
            self._letters.append(letter_of(outcome))
        elif self._bare and self._form.name is not None:
            self._pieces.append(self._form.main([outcome]))
        elif self._form.name is not None:
            self._outcomes.append(outcome)

    def result(self) -> Result:
        """What all of them came to."""
        for names, count in self._unknown.items():
            for name in names:
                self._summary.unknown[name] += count
        for is_incoming, count in enumerate(self._bare_standings):
            if count:
                self._summary.standings["pass", bool(is_incoming)] += count
                self._summary.files.add(self._path)
        result = Result(summary=self._summary, counts=self._counts)
        if self._form.name in DOCUMENTS:
            result.outcomes = self._outcomes
        elif self._bare:
            result.streams[MAIN] = b"".join(self._pieces)
        else:
            result.streams.update(self._form.streams(self._outcomes))
        if self._letters:
            result.streams[DEAD] = b"".join(self._letters)
        if self._observed:
            result.observed = _packed(self._observed)
        return result


def _filled(record: Record, defaults: Mapping[str, object]) -> Record:
    """The record, with the defaults in fields that its post leaves open."""
    post = record.post
    if post is None:
        return record
    left = {name: value for name, value in defaults.items() if getattr(post, name) is None}
    return msgspec.structs.replace(record, post=msgspec.structs.replace(post, **left)) if left else record


def _records_of(block: Block) -> Iterator[Record]:
    if block.kind == "arrow":
        from phiguard.batch.tables import records_of_batch  # noqa: PLC0415  imports pyarrow

        return records_of_batch(block.body, block.path, first=block.line)
    return records_of(block)


# --- between processes -----------------------------------------------------------------------------------


def encoded(result: Result) -> bytes:
    """A result as bytes. Outcomes travel as a pickle, which keeps the offsets of their times."""
    return b"m" + _ENCODER.encode(result) if result.outcomes is None else b"p" + pickle.dumps(result)


def decoded(content: bytes) -> Result:
    """What `encoded` made bytes of."""
    if content[:1] == b"m":
        return _DECODER.decode(memoryview(content)[1:])
    result: Result = pickle.loads(content[1:])  # noqa: S301  of a worker of ours
    return result


def _packed(observed: list[Observed]) -> bytes:
    try:
        return b"m" + _ENCODER.encode(observed)
    except UnicodeEncodeError:  # an id with a lone surrogate, which JSON may hold
        return b"p" + pickle.dumps(observed)


def observed_of(result: Result) -> list[Observed]:
    """What was noted of the posts of a block, in their order."""
    if result.observed[:1] == b"m":
        return _OBSERVED.decode(memoryview(result.observed)[1:])
    observed: list[Observed] = pickle.loads(result.observed[1:]) if result.observed else []  # noqa: S301  of ours
    return observed


def as_counter(_kind: Any, value: Any) -> Counter[Any]:
    """Msgspec's hook for a `Counter`, which it writes as a map."""
    return Counter(value)


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Result, dec_hook=as_counter)
_OBSERVED = msgspec.msgpack.Decoder(list[Observed])

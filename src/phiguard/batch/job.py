"""What is done with each record: screened, counted, written. A block in, a result out, in any process."""

from __future__ import annotations

import gc
import io
import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

import msgspec

from phiguard.batch.blocks import Block, records_of
from phiguard.model import Post, Screening
from phiguard.policy import met_keys
from phiguard.readers.record import Record
from phiguard.screener import Screener
from phiguard.writers import writer_of
from phiguard.writers.outcome import Outcome, View, wire
from phiguard.writers.summary import Summary

__all__ = [
    "DEAD",
    "DOCUMENTS",
    "MAIN",
    "Counts",
    "Frame",
    "Job",
    "Result",
    "Watching",
    "decoded",
    "encoded",
    "frame_of",
]

DOCUMENTS = frozenset({"sarif", "junit"})
"""Forms that are written in one go by the parent: they cannot be taken up again in the middle."""
DEAD = "dead"
"""The stream of dead letters."""

_JSON = msgspec.json.Encoder(order="deterministic")


class Watching(Protocol):
    """What looks at a series of posts: workers observe, the parent sees in the order of the input."""

    def observe(self, post: Post, screening: Screening) -> object | None:
        """What the series needs of one post, as a value that msgspec encodes; ``None``: nothing."""

    def see(self, observed: bytes) -> None:
        """Takes the observations of a block: a msgpack list of what `observe` gave."""

    def state(self) -> bytes:
        """Everything that was seen, to be taken up again."""

    def restore(self, state: bytes) -> None:
        """Takes up what `state` gave."""


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
        form: of the results; ``None``: only the summary.
        reveal: whether results hold the words that were found.
        dead: whether records that cannot be read go to a stream of their own.
        defaults: fields that a post leaves open.
        watch: looks at the posts as a series.
    """

    screener: Screener
    view: View
    form: str | None = None
    reveal: bool = False
    dead: bool = False
    defaults: Mapping[str, object] = {}
    watch: Watching | None = None

    def done(self, block: Block) -> Result:
        """The result of a block."""
        result = Result()
        observed: list[object] = []
        outcomes = self._outcomes(_records_of(block), result.counts, observed)
        self.write(result.summary.counting(outcomes, self.view), result)
        if observed:
            result.observed = msgspec.msgpack.encode(observed)
        return result

    def write(self, outcomes: Iterable[Outcome], result: Result) -> None:
        """Writes outcomes to the streams of a result."""
        if self.dead:
            letters: list[bytes] = []
            outcomes = _without_dead(outcomes, letters)
        if self.form in DOCUMENTS:
            result.outcomes = list(outcomes)
        else:
            _STREAMS.get(self.form or "", _other)(self, outcomes, result.streams)
        if self.dead and letters:
            result.streams[DEAD] = b"".join(letters)

    def _outcomes(
        self, records: Iterator[Record], counts: Counts, observed: list[object]
    ) -> Iterator[Outcome]:
        screener, view, defaults = self.screener, self.view, self.defaults
        reveal, watch = self.reveal, self.watch
        keeps_keys = bool(screener.profile.suppressions)
        read = [_filled(record, defaults) if defaults else record for record in records]
        screenings = screener.screen_many(record.post for record in read if record.post is not None)
        for record in read:
            post = record.post
            if post is None:
                counts.unscreened += 1
                yield Outcome(place=record.place, fault=record.fault, unknown=record.unknown)
                continue
            screening = next(screenings)
            if not gc.isenabled():  # by now everything is loaded that is loaded on first use
                gc.freeze()
                gc.enable()
            if not screening.complete:
                counts.unscreened += 1
            if screening.findings:
                counts.failing += any(view.fails(finding) for finding in screening.findings)
            if keeps_keys and (screening.findings or screening.suppressed):
                counts.met |= met_keys(post, screening)
            if watch is not None and (seen := watch.observe(post, screening)) is not None:
                observed.append(seen)
            yield Outcome(
                place=record.place,
                screening=screening,
                direction=post.direction,
                excerpts=screening.excerpts(post) if reveal else None,
                unknown=record.unknown,
            )


def _filled(record: Record, defaults: Mapping[str, object]) -> Record:
    """A record whose post has the defaults in fields that it leaves open."""
    post = record.post
    if post is None:
        return record
    open_fields = {name: value for name, value in defaults.items() if getattr(post, name) is None}
    if not open_fields:
        return record
    return msgspec.structs.replace(record, post=msgspec.structs.replace(post, **open_fields))


def _records_of(block: Block) -> Iterator[Record]:
    if block.kind == "arrow":
        from phiguard.batch.tables import records_of_batch  # noqa: PLC0415  imports pyarrow

        return records_of_batch(block.body, block.path, first=block.line)
    return records_of(block)


def _without_dead(outcomes: Iterable[Outcome], letters: list[bytes]) -> Iterator[Outcome]:
    for outcome in outcomes:
        if outcome.screening is None:
            letters.append(_JSON.encode(wire(outcome)) + b"\n")
        else:
            yield outcome


# --- streams of each form --------------------------------------------------------------------------------

Stream = Callable[[Job, Iterable[Outcome], dict[str, bytes]], None]
MAIN = "main"


def _only_counted(job: Job, outcomes: Iterable[Outcome], streams: dict[str, bytes]) -> None:
    del job, streams
    for _ in outcomes:
        pass


def _jsonl(job: Job, outcomes: Iterable[Outcome], streams: dict[str, bytes]) -> None:
    del job
    encode = _JSON.encode
    streams[MAIN] = b"".join([encode(wire(outcome)) + b"\n" for outcome in outcomes])


def _json(job: Job, outcomes: Iterable[Outcome], streams: dict[str, bytes]) -> None:
    del job
    streams[MAIN] = b",\n".join([_JSON.encode(wire(outcome)) for outcome in outcomes])


def _csv(job: Job, outcomes: Iterable[Outcome], streams: dict[str, bytes]) -> None:
    from phiguard.writers.csvfile import write_csv  # noqa: PLC0415  a command must start fast

    out = io.BytesIO()
    write_csv(outcomes, out, job.view, header=False)
    streams[MAIN] = out.getvalue()


def _parquet(job: Job, outcomes: Iterable[Outcome], streams: dict[str, bytes]) -> None:
    from phiguard.batch.tables import table_streams  # noqa: PLC0415  imports pyarrow

    streams.update(table_streams(list(outcomes), job.screener.profile.verdicts.on_gap, reveal=job.reveal))


def _other(job: Job, outcomes: Iterable[Outcome], streams: dict[str, bytes]) -> None:
    out = io.BytesIO()
    writer_of(job.form or "")(outcomes, out, job.view)
    streams[MAIN] = out.getvalue()


_STREAMS: Mapping[str, Stream] = {
    "": _only_counted,
    "jsonl": _jsonl,
    "json": _json,
    "csv": _csv,
    "parquet": _parquet,
}


class Frame(msgspec.Struct, frozen=True):
    """What stands around the blocks of a stream: before the first, between two that are not empty, after the last.

    ``empty`` is all there is where nothing was written.
    """

    head: bytes = b""
    between: bytes = b""
    tail: bytes = b""
    empty: bytes = b""


def frame_of(job: Job, stream: str) -> Frame:
    """The frame of a stream of this job."""
    if stream == MAIN and job.form == "json":
        return Frame(b"[\n", b",\n", b"\n]\n", b"[]\n")
    if stream == MAIN and job.form == "csv":
        from phiguard.writers.csvfile import header_of  # noqa: PLC0415  a command must start fast

        head = header_of(reveal=job.reveal)
        return Frame(head, empty=head)
    if stream != DEAD and job.form == "parquet":
        from phiguard.batch.tables import head_of  # noqa: PLC0415  imports pyarrow

        head = head_of(stream, reveal=job.reveal)
        return Frame(head, empty=head)
    return Frame()


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


def as_counter(_kind: Any, value: Any) -> Counter[Any]:
    """Msgspec's hook for a `Counter`, which it writes as a map."""
    return Counter(value)


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Result, dec_hook=as_counter)

"""The bytes of each form of results, a block at a time; and what stands around the blocks."""

# ruff: noqa: PLC0415  only the module of the form at hand is imported: a command must start fast

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from phiguard.model import Screening, Verdict
from phiguard.readers.record import Place
from phiguard.writers import writer_of
from phiguard.writers.outcome import Outcome, View, encodable, wire

__all__ = ["DEAD", "DOCUMENTS", "MAIN", "Bare", "Form", "Frame", "bare_of", "letter_of"]

MAIN = "main"
"""The stream of results, where a form has one."""
DEAD = "dead"
"""The stream of dead letters."""
DOCUMENTS = frozenset({"sarif", "junit"})
"""Forms that are written in one go by the parent: they cannot be taken up again in the middle."""

Bare = Callable[[str, int], bytes]
"""What is written of a post that nothing is said about, from its id and its line."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]*")
"""An id that needs neither quotes in a CSV nor a guard against formulas."""
_JSON = msgspec.json.Encoder(order="deterministic")


class Frame(msgspec.Struct, frozen=True):
    """What stands around the blocks of a stream: before the first, between two that are not empty, after the last.

    ``empty`` is all there is where nothing was written.
    """

    head: bytes = b""
    between: bytes = b""
    tail: bytes = b""
    empty: bytes = b""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """How outcomes become bytes.

    Args:
        name: of the form; ``None``: nothing is written.
        view: how to write.
        reveal: whether the words that were found are written.
        on_gap: the verdict of a record that was not screened.
    """

    name: str | None
    view: View
    reveal: bool = False
    on_gap: Verdict = "review"

    def streams(self, outcomes: Sequence[Outcome]) -> Mapping[str, bytes]:
        """The bytes of a block's outcomes, by stream."""
        if self.name is None:
            return {}
        if self.name == "parquet":
            from phiguard.batch.tables import table_streams

            return table_streams(outcomes, self.on_gap, reveal=self.reveal)
        return {MAIN: self.main(outcomes)}

    def main(self, outcomes: Iterable[Outcome]) -> bytes:
        """The bytes of some outcomes, in a form of one stream."""
        if self.name == "jsonl":
            return b"".join([_JSON.encode(wire(outcome)) + b"\n" for outcome in outcomes])
        if self.name == "json":
            return b",\n".join([_JSON.encode(wire(outcome)) for outcome in outcomes])
        out = io.BytesIO()
        if self.name == "csv":
            from phiguard.writers.csvfile import write_csv

            write_csv(outcomes, out, self.view, header=False)
        else:
            writer_of(self.name or "")(outcomes, out, self.view)
        return out.getvalue()

    def frame(self, stream: str) -> Frame:
        """The frame of a stream."""
        if stream == MAIN and self.name == "json":
            return Frame(b"[\n", b",\n", b"\n]\n", b"[]\n")
        if stream == MAIN and self.name == "csv":
            from phiguard.writers.csvfile import header_of

            head = header_of(reveal=self.reveal)
            return Frame(head, empty=head)
        if stream != DEAD and self.name == "parquet":
            from phiguard.batch.tables import head_of

            head = head_of(stream, reveal=self.reveal)
            return Frame(head, empty=head)
        return Frame()


def letter_of(outcome: Outcome) -> bytes:
    """The dead letter of a record that cannot be read."""
    return _JSON.encode(wire(outcome)) + b"\n"


def bare_of(form: Form, path: str) -> Bare | None:
    """What writes the posts of a file that nothing is said about, without an outcome; ``None`` where each needs one.

    It writes the same bytes: most posts of a stream are such, and then cost next to nothing.
    """
    if form.name in {None, "text", "github"}:
        return lambda _id, _line: b""
    if form.reveal or form.name not in {"jsonl", "csv"}:
        return None
    sample = form.main([Outcome(place=Place(path=path, line=1), screening=Screening(id="?", verdict="pass"))])
    if form.name == "jsonl":
        head, _, tail = sample.removesuffix(b"1}\n").partition(b'"?"')
        encode = _JSON.encode
        return lambda name, line: b"%b%b%b%d}\n" % (head, encode(encodable(name)), tail, line)
    return _bare_csv(form, path, sample)


def _bare_csv(form: Form, path: str, sample: bytes) -> Bare:
    head, _, tail = sample.rpartition(b",1,?")

    def written(name: str, line: int) -> bytes:
        if _PLAIN.fullmatch(name):
            return b"%b,%d,%b%b" % (head, line, name.encode(), tail)
        place = Place(path=path, line=line)
        return form.main([Outcome(place=place, screening=Screening(id=name, verdict="pass"))])

    return written

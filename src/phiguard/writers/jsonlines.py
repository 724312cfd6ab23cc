"""JSON lines (one line a record), and one JSON document with all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import msgspec

from phiguard.writers.outcome import Outcome, View, wire

__all__ = ["write_json", "write_jsonl"]


def write_jsonl(outcomes: Iterable[Outcome], out: BinaryIO, view: View) -> None:
    """One line of JSON for each record: a screening or an error."""
    del view
    encode = msgspec.json.Encoder(order="deterministic").encode
    out.writelines(encode(wire(outcome)) + b"\n" for outcome in outcomes)


def write_json(outcomes: Iterable[Outcome], out: BinaryIO, view: View) -> None:
    """A list of such lines; a single object if the record has no file (`phiguard screen`)."""
    del view
    encode = msgspec.json.Encoder(order="deterministic").encode
    count = 0
    for outcome in outcomes:
        if not outcome.place.path:
            out.write(msgspec.json.format(encode(wire(outcome)), indent=2) + b"\n")
            return
        out.write((b",\n" if count else b"[\n") + encode(wire(outcome)))
        count += 1
    out.write(b"\n]\n" if count else b"[]\n")

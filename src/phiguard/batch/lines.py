"""Many posts: JSON lines in, JSON lines out. Bad input costs one record, never the batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from phiguard.readers.decode import decode_post
from phiguard.screener import Screener

__all__ = ["LineError", "screen_lines"]

_ENCODER = msgspec.json.Encoder()


class LineError(msgspec.Struct, frozen=True, kw_only=True, tag="error", tag_field="type"):
    """A record that is no post: its line (from 1) and what is wrong, never its content."""

    line: int
    error: str


def screen_lines(screener: Screener, lines: Iterable[bytes]) -> Iterator[bytes]:
    """One JSON line for each line that is not blank, in order: a screening, or a `LineError`.

    The same bytes as `Screener.screen` gives for each post alone.
    """
    for number, line in enumerate(lines, 1):
        record = line.strip()
        if not record:
            continue
        post, fault, _ = decode_post(record)
        answer = LineError(line=number, error=str(fault)) if post is None else screener.screen(post)
        yield _ENCODER.encode(answer) + b"\n"

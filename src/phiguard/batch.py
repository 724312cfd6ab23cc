"""Many posts: JSON lines in, JSON lines out. Bad input costs one record, never the batch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from phiguard.errors import InputError
from phiguard.model import Post
from phiguard.screener import Screener

__all__ = ["LineError", "decode_post", "screen_lines"]

_PATH = re.compile(r" - at `([^`]*)`")
_DECODER = msgspec.json.Decoder(Post)
_ENCODER = msgspec.json.Encoder()


class LineError(msgspec.Struct, frozen=True, kw_only=True, tag="error", tag_field="type"):
    """A record that is no post: its line (from 1) and what is wrong, never its content."""

    line: int
    error: str


def decode_post(record: bytes) -> Post:
    """The post in one JSON record. Raises `InputError` naming the field, never its value."""
    try:
        return _DECODER.decode(record)
    except msgspec.ValidationError as error:
        found = _PATH.search(str(error))
        field = found[1].removeprefix("$.") if found else "record"
        raise InputError(f"{field}: {_without_values(str(error))}") from None
    except msgspec.DecodeError:
        raise InputError("not valid JSON") from None
    except (UnicodeDecodeError, RecursionError):
        raise InputError("not valid UTF-8 JSON") from None


def _without_values(message: str) -> str:
    """A message of the decoder without the value that it quotes."""
    return re.sub(r"'[^']*'", "a value", _PATH.sub("", message).replace("Object", "the record"))


def screen_lines(screener: Screener, lines: Iterable[bytes]) -> Iterator[bytes]:
    """One JSON line for each line that is not blank, in order: a screening, or a `LineError`.

    The same bytes as `Screener.screen` gives for each post alone.
    """
    for number, line in enumerate(lines, 1):
        record = line.strip()
        if not record:
            continue
        try:
            post = decode_post(record)
        except InputError as error:
            yield _ENCODER.encode(LineError(line=number, error=str(error))) + b"\n"
            continue
        yield _ENCODER.encode(screener.screen(post)) + b"\n"

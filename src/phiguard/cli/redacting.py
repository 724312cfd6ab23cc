"""Records to redacted records: what `phiguard redact` does with each line of a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

import click
import msgspec

from phiguard.cli.exits import Exit
from phiguard.model import Gap, Media, Parent, Post
from phiguard.readers.decode import decode_post
from phiguard.readers.record import Fault
from phiguard.readers.stream import lines_of
from phiguard.redaction import Item, RedactionError, Redactor, restore
from phiguard.redaction.secret import Secret
from phiguard.writers.outcome import Unread, encodable, plural

__all__ = ["FORMS", "Fields", "Redacting", "Restoring", "Work", "written_lines"]

FORMS = ("text", "jsonl")
"""The forms of files that can be redacted: what comes out has the form of what goes in."""

_TOP, _PARENT, _MEDIA = (frozenset(kind.__struct_fields__) for kind in (Post, Parent, Media))


class Work:
    """What is done with each post, and what is told of it: counts and places, never texts."""

    def __init__(self) -> None:
        self.posts = self.found = self.failed = 0

    def on(self, post: Post, where: str) -> tuple[Post | None, tuple[Item, ...]]:
        """The new post, or nothing if it cannot be had; ``where`` it stands is told of one that is not whole."""
        raise NotImplementedError

    def tell(self, where: str, what: str) -> None:
        """Says on stderr what was not done."""
        self.failed += 1
        click.echo(f"{where}: {what}" if where else what, err=True)

    def say(self) -> None:
        """One line about all of it."""

    @property
    def exit(self) -> Exit:
        """3 if anything was not done."""
        return Exit.NOT_SCREENED if self.failed else Exit.CLEAN


class Redacting(Work):
    """Takes out what identifies somebody."""

    def __init__(self, redactor: Redactor, direction: str | None) -> None:
        super().__init__()
        self._redactor = redactor
        self._defaults: dict[str, Any] = {"direction": direction} if direction else {}

    def on(self, post: Post, where: str) -> tuple[Post | None, tuple[Item, ...]]:
        if post.direction is None and self._defaults:
            post = msgspec.structs.replace(post, **self._defaults)
        done = self._redactor.redact(post)
        self.posts += 1
        self.found += len(done.items)
        if not done.complete:
            self.tell(where, "; ".join(map(_told, done.unredacted)))
        return done.post, done.items

    def say(self) -> None:
        if self.posts > 1:
            told = f"{plural(self.posts, 'post')}, {plural(self.found, 'place')} redacted"
            click.echo(f"{told}, {self.failed:,} not whole" if self.failed else told, err=True)


class Restoring(Work):
    """Opens what was encrypted."""

    def __init__(self, key: str | bytes | None) -> None:
        super().__init__()
        Secret(key)  # without a key nothing can be opened: said at once
        self._key = key

    def on(self, post: Post, where: str) -> tuple[Post | None, tuple[Item, ...]]:
        try:
            return restore(post, key=self._key), ()
        except RedactionError as error:
            self.tell(where, str(error))
            return None, ()


def _told(gap: Gap) -> str:
    return f"{gap.what}: {gap.reason}"


class Fields(msgspec.Struct):
    """Which fields beside those of a post a JSON line passes on; ``left`` are the names of those that it did not."""

    kept: frozenset[str] = frozenset()
    has_items: bool = False
    left: set[str] = msgspec.field(default_factory=set)


def written_lines(stream: BinaryIO, name: str, form: str, work: Work, fields: Fields) -> Iterator[bytes]:
    """One line out for each line in, in order: a post, or what was wrong with its record."""
    write = _json_line if form == "jsonl" else _text_line
    for number, content in lines_of(stream):
        where = f"{name}:{number}"
        if content is not None and not content.strip():
            yield content + b"\n"
            continue
        fault: Fault | None = Fault(reason="is too long")
        written = None
        if content is not None:
            written, fault = write(content, where, work, fields)
        if fault is not None:
            work.tell(where, str(fault))
        if written is None:
            written = _unread(fault, name, number) if form == "jsonl" else b""
        yield written + b"\n"


_Line = tuple[bytes | None, Fault | None]


def _text_line(content: bytes, where: str, work: Work, _fields: Fields) -> _Line:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None, Fault(reason="is not UTF-8")
    post, _ = work.on(Post(text=text), where)
    return (None if post is None else post.text.encode()), None


def _json_line(content: bytes, where: str, work: Work, fields: Fields) -> _Line:
    post, fault, unknown = decode_post(content)
    if post is None:
        return None, fault
    fields.left.update(name for name in unknown if name not in fields.kept)
    new, items = work.on(post, where)
    if new is None:
        return None, None
    record = _record(_decoded(content), new, fields.kept)
    if fields.has_items:
        record["redacted"] = [msgspec.to_builtins(item) for item in items]
    try:
        return msgspec.json.encode(record), None
    except UnicodeEncodeError:  # half pairs have no UTF-8; JSON can escape them
        return json.dumps(record).encode(), None


def _decoded(content: bytes) -> dict[str, Any]:
    decode: tuple[Callable[[bytes], Any], ...] = (msgspec.json.decode, json.loads)
    try:
        found: dict[str, Any] = decode[0](content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        found = decode[1](content)
    return found


def _record(given: Mapping[str, Any], post: Post, kept: frozenset[str]) -> dict[str, Any]:
    """The fields of ``given`` that are known or to be kept, every text taken from ``post``."""
    record = _with_new(given, post, ("text", "author", "author_name"), _TOP | kept)
    if isinstance(given.get("links"), list):
        record["links"] = list(post.links)
    if isinstance(given.get("media"), list):
        record["media"] = [
            _with_new(one, media, ("alt_text", "ocr_text"), _MEDIA)
            for one, media in zip(given["media"], post.media, strict=True)
        ]
    if isinstance(given.get("reply_to"), dict) and post.reply_to is not None:
        record["reply_to"] = _with_new(
            given["reply_to"], post.reply_to, ("text", "author", "author_name"), _PARENT
        )
    return record


def _with_new(
    given: Mapping[str, Any], new: msgspec.Struct, texts: tuple[str, ...], passed: frozenset[str]
) -> dict[str, Any]:
    return {name: getattr(new, name) if name in texts else given[name] for name in given if name in passed}


def _unread(fault: Fault | None, name: str, number: int) -> bytes:
    fault = fault or Fault(reason="was not passed on")
    field = fault.field or msgspec.UNSET
    return msgspec.json.encode(Unread(error=fault.reason, field=field, file=encodable(name), line=number))

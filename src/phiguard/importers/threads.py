"""Replies and what they answer: an export is read twice, once to remember what was said, once to tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

import msgspec

from phiguard.errors import InputError
from phiguard.importers.entry import Entry, Item, Run
from phiguard.importers.options import Options
from phiguard.importers.sources import Seen, Source
from phiguard.importers.tally import Tally
from phiguard.model import Direction, Parent, Post
from phiguard.readers.record import Record

__all__ = ["Index", "Read", "records"]

Read = Callable[[Run], Iterator[Item]]

_BATCH = 1000
_LONGEST_CHAIN = 1000
_MOST_TOPS = 20_000
_Top = tuple[str, bool]
"""The id at which a thread begins, and whether all on the way there is one's own and answers nobody."""


class _Said(msgspec.Struct, array_like=True):
    """What is remembered of an entry: what a reply's parent needs."""

    id: str
    text: str
    kind: str
    own: bool
    author: str | None
    author_name: str | None
    rating: float | None
    parent: str
    is_answer: bool


_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(_Said).decode


class Index:
    """What was said, by id, in a database of SQLite that is nobody's but this process's.

    SQLite keeps it in memory as far as its cache goes, and the rest in a file without a name, which is gone when
    the process ends, however it ends. So memory is bounded whatever the export's size.
    """

    def __init__(self, *, cache_kib: int = 32 * 1024) -> None:
        try:
            import sqlite3  # noqa: PLC0415  some builds of Python lack it
        except ImportError:
            raise InputError(
                "this Python has no sqlite3, which finds the parents of replies: use a build that has it"
            ) from None
        self._base = sqlite3.connect("", isolation_level=None)
        for line in (
            f"PRAGMA cache_size = -{cache_kib}",
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "CREATE TABLE said (id TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID",
            "CREATE TABLE told (id TEXT PRIMARY KEY) WITHOUT ROWID",
            "BEGIN",
        ):
            self._base.execute(line)
        self._waiting: list[tuple[str, bytes]] = []
        self.has_repeats = False
        self.tops: dict[str, _Top] = {}

    def __enter__(self) -> Index:  # noqa: PYI034  Self needs Python 3.11
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def add(self, entry: Entry) -> None:
        """Remembers an entry. Of two with one id, the first counts."""
        body = _ENCODE(
            _Said(
                _plain(entry.id),
                _plain(entry.text),
                entry.kind,
                entry.own,
                entry.author and _plain(entry.author),
                entry.author_name and _plain(entry.author_name),
                entry.rating,
                _plain(entry.parent),
                entry.is_answer,
            )
        )
        self._waiting += [(_plain(key), body) for key in dict.fromkeys((entry.id, *entry.aliases))]
        if len(self._waiting) >= _BATCH:
            self.settle()

    def settle(self) -> None:
        """Writes what waits."""
        before = self._base.total_changes
        with _told():
            self._base.executemany("INSERT OR IGNORE INTO said VALUES (?, ?)", self._waiting)
        if self._base.total_changes - before < len(self._waiting):
            self.has_repeats = True
        self._waiting.clear()

    def find(self, key: str) -> _Said | None:
        """What was said under an id."""
        with _told():
            found = self._base.execute("SELECT body FROM said WHERE id = ?", (_plain(key),)).fetchone()
        return _DECODE(found[0]) if found else None

    def is_first(self, key: str) -> bool:
        """Whether an id is told for the first time: exports of several days overlap."""
        if not self.has_repeats:
            return True
        with _told():
            return self._base.execute("INSERT OR IGNORE INTO told VALUES (?)", (_plain(key),)).rowcount == 1


@contextmanager
def _told() -> Iterator[None]:
    """What SQLite complains of, in words that help: of a database like this one, only its disk can be the cause."""
    import sqlite3  # noqa: PLC0415  there is an index

    try:
        yield
    except sqlite3.Error as error:
        raise InputError(
            f"the folder for temporary files is full or cannot be written ({type(error).__name__}): "
            "free some space, or set SQLITE_TMPDIR to a folder that has it"
        ) from None


def _plain(text: str) -> str:
    """``text`` without halves of surrogate pairs, which have no UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def records(
    read: Read,
    sources: tuple[Source, ...],
    options: Options,
    tally: Tally,
    *,
    is_threaded: bool,
    seen: Seen | None = None,
) -> Iterator[Record]:
    """The posts of an export, each reply with what it answers, and the entries that cannot be read."""
    if not is_threaded:
        for item in read(Run(sources, options, tally, seen=seen)):
            yield _counted(
                item if isinstance(item, Record) else _record(item, item.answers, None), tally, item
            )
        return
    with Index() as index:
        first = Run(sources, options, Tally())
        for item in read(first):
            if isinstance(item, Entry) and item.id:
                index.add(item)
        index.settle()
        again = Run(sources, options, tally, seen=seen)
        again.owners |= first.owners  # what the end of an export tells of its owner counts from its start
        for item in read(again):
            if isinstance(item, Record):
                yield _counted(item, tally, item)
            elif item.id and not index.is_first(item.id):
                again.leave_out("repeated")
            else:
                yield _counted(_threaded(item, index), tally, item)


def _threaded(entry: Entry, index: Index) -> Record:
    answers, root = entry.answers, entry.thread
    direction: Direction | None = None
    said = index.find(entry.parent or entry.quotes) if entry.parent or entry.quotes else None
    if said is not None:
        answers = Parent(
            text=said.text,
            author=said.author or (answers.author if answers else None),
            author_name=said.author_name or (answers.author_name if answers else None),
            author_role="brand" if said.own else "public",
            kind=said.kind,  # type: ignore[arg-type]  # it was an entry's
            rating=said.rating,
        )
        if not entry.parent:  # quoted: the reader sees it, but it is not answered
            return _record(entry, answers, entry.direction, root=root or entry.id or None)
        may_be_next = entry.own and said.own and entry.kind == "post"
        if root is None or may_be_next:
            top, is_monologue = _climbed(said, index)
            root = root or top
            if may_be_next and is_monologue:
                direction = "outbound_post"  # the next of a series of one's own posts
    return _record(entry, answers, direction, root=root or entry.parent or entry.id or None)


def _climbed(said: _Said, index: Index) -> _Top:
    """The top of the thread that ``said`` stands in. What is learned on the way is kept for its neighbors."""
    path, seen = [said], {said.id}
    top = index.tops.get(said.id)
    while top is None:
        said = path[-1]
        above = index.find(said.parent) if said.parent and said.parent not in seen else None
        if above is None or len(path) == _LONGEST_CHAIN:
            is_gone = above is None and said.parent != "" and said.parent not in seen
            top = (said.parent, False) if is_gone else (said.id, not said.is_answer)
            break
        path.append(above)
        seen.add(above.id)
        top = index.tops.get(above.id)
    if len(index.tops) > _MOST_TOPS:
        index.tops.clear()
    for one in reversed(path):
        top = (top[0], top[1] and one.own)
        index.tops[one.id] = top
    return top


def _record(
    entry: Entry, answers: Parent | None, direction: Direction | None, *, root: str | None = None
) -> Record:
    direction = direction or entry.direction
    post = entry.base or Post(text=entry.text)
    is_inbound = direction.startswith("inbound")
    changed: dict[str, object] = {
        "text": entry.text,
        "id": entry.id or post.id,
        "direction": post.direction or direction,
        "author_role": post.author_role or ("brand" if entry.own else "public"),
        "author": entry.author or post.author,
        "author_name": entry.author_name or post.author_name,
        "platform": post.platform or entry.platform,
        "posted_at": post.posted_at or entry.at,
        "received_at": post.received_at or (entry.at if is_inbound else None),
        "answered_at": post.answered_at or entry.answered_at,
        "thread": post.thread or root or entry.thread,
        "reply_to": post.reply_to or answers,
        "media": post.media or entry.media,
        "links": post.links or entry.links,
        "action": entry.action if entry.action != "publish" else post.action,
        "premium": post.premium or entry.premium,
        "language": post.language or entry.language,
    }
    return Record(place=entry.place, post=msgspec.structs.replace(post, **changed), unknown=entry.unknown)


def _counted(record: Record, tally: Tally, item: Item) -> Record:
    if record.post is None:
        tally.bad += 1
        return record
    tally.posts[record.post.direction or ""] += 1
    if isinstance(item, Entry) and item.is_answer:
        tally.replies += 1
        parent = record.post.reply_to
        tally.orphans += parent is None or not (parent.text or parent.rating is not None)
    return record

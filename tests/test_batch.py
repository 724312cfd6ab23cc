"""The parts of a scan: cutting into blocks, what a block comes to, and who screens it."""

from __future__ import annotations

import datetime as dt
import io
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import phiguard.cache
import phiguard.packs
import phiguard.rules
from phiguard.batch import cutting, screen_lines
from phiguard.batch.blocks import Block, Cursor, packed_records, records_of
from phiguard.batch.crew import Crew
from phiguard.batch.cutting import Input, cut
from phiguard.batch.forms import Form, bare_of
from phiguard.batch.job import Job, decoded, encoded, observed_of
from phiguard.batch.stopped import Stopped
from phiguard.model import Parent, Post, Screening
from phiguard.readers import Reading, read_stream
from phiguard.readers.decode import decode_post
from phiguard.readers.record import Place, Record
from phiguard.screener import Screener
from phiguard.series import observe
from phiguard.writers.outcome import Outcome, View
from tests.scanned import PACK, post_lines

VIEW = View(rule=lambda _: None)


@pytest.fixture(scope="module")
def screener() -> Screener:
    with pytest.MonkeyPatch.context() as patch:
        for module in (phiguard.packs, phiguard.cache, phiguard.rules):
            patch.setattr(module, "shipped", lambda: PACK)
        patch.setenv("PHIGUARD_CACHE_DIR", "")
        return Screener()


# --- cutting ------------------------------------------------------------------------------------------


def blocks(content: bytes, form: str, start: Cursor = Cursor(), size: int = 40) -> list[tuple[Block, Cursor]]:  # noqa: B008
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "BLOCK", size)
        patch.setattr(cutting, "ROWS", 2)
        one = Input(shown="f", form=form, stream=io.BytesIO(content))
        return [(block, cursor) for block, cursor in cut([one], Reading(), start) if block is not None]


LINES = st.lists(
    st.sampled_from(
        [
            b'{"text": "a"}',
            b"",
            b"{bad",
            b'{"text": "b"}\r',
            b'{"text": "caf\xe9"}',
            b"x" * 50,
            b'\xef\xbb\xbf{"text":"c"}',
        ]
    )
)


@given(LINES, st.booleans(), st.integers(1, 120))
def test_blocks_hold_the_records_of_the_whole_file(lines: list[bytes], ended: bool, size: int) -> None:  # noqa: FBT001
    content = b"\n".join(lines) + b"\n" * ended
    whole = list(read_stream(io.BytesIO(content), "jsonl", "f", Reading()))
    found = blocks(content, "jsonl", size=size)
    assert [record for block, _ in found for record in records_of(block)] == whole
    # From any cursor on, the rest is the same.
    done = 0
    for block, cursor in found:
        done += len(list(records_of(block)))
        rest = [record for later, _ in blocks(content, "jsonl", cursor, size) for record in records_of(later)]
        assert rest == whole[done:]


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("csv", b'id,text\n1,"two\nlines"\n2,b\n3,"c""d"\n4,caf\xe9\n5,a,b,c\n\n6,"open'),
        ("text", "one\n\ntwo 日本\nthree".encode()),
        (
            "json",
            b'[{"text": "a", "posted_at": "2026-05-01T09:30:00-05:00"}, {"text": 1}, {"text": "c\\ud800"}]',
        ),
        ("yaml", b"- text: a\n  posted_at: 2026-05-01\n- text: b\n- 3\n"),
        ("markdown", b"a\n---\nplatform: x\n---\nb\n"),
    ],
)
def test_blocks_of_other_forms_hold_their_records_and_go_on_anywhere(form: str, content: bytes) -> None:
    whole = list(read_stream(io.BytesIO(content), form, "f", Reading()))
    found = blocks(content, form)
    assert [record for block, _ in found for record in records_of(block)] == whole
    assert len(found) >= len(whole) / 2
    for at, (_, cursor) in enumerate(found):
        rest = [record for later, _ in blocks(content, form, cursor) for record in records_of(later)]
        assert rest == [record for later, _ in found[at + 1 :] for record in records_of(later)]


def test_records_keep_everything_on_their_way() -> None:
    time = dt.datetime(2026, 5, 1, 9, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    posts = [
        Post(text="a"),
        Post(text="b", posted_at=time),
        Post(text="c", reply_to=Parent(text="p", rating=float("inf"))),
        Post(text="lone \ud800", received_at=time.replace(tzinfo=None)),
    ]
    for count in range(1, 5):
        records = [Record(place=Place(path="f", line=at), post=post) for at, post in enumerate(posts[:count])]
        found = list(records_of(Block("records", "f", 1, packed_records(records))))
        assert found == records
        assert [str(record.post.posted_at) for record in found if record.post] == [
            str(post.posted_at) for post in posts[:count]
        ]


def test_records_may_come_from_anywhere(screener: Screener) -> None:
    def records() -> Iterator[Record]:
        for number in range(6):
            place = Place(path="ab"[number // 3], line=number)
            yield Record(place=place, post=Post(text="Hello", id=str(number)))

    one = Input(shown="export", form="export", records=records)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "ROWS", 4)
        found = list(cut([one], Reading()))
        assert [len(list(records_of(block))) for block, _ in found if block] == [4, 2]
        assert list(cut([one], Reading(), found[0][1])) == found[1:]
    job = Job(screener=screener, view=VIEW, form=Form(name="jsonl", view=VIEW))
    results = [job.done(block) for block, _ in found if block]
    lines = b"".join(result.streams["main"] for result in results).splitlines()
    assert [(one["file"], one["line"]) for one in map(json.loads, lines)] == list(
        zip("aaabbb", range(6), strict=True)
    )
    assert results[0].summary.files == {"a", "b"}


def test_a_file_that_is_not_there_stops_the_scan(tmp_path: Path) -> None:
    one = Input(shown="a.jsonl", form="jsonl", path=tmp_path / "a.jsonl")
    with pytest.raises(Stopped, match=r"a\.jsonl: cannot be read on \(No such file or directory\)"):
        list(cut([one], Reading()))


# --- a block ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "csv", "text", "github"])
@given(
    st.text(st.characters(codec=None), max_size=8)
    | st.sampled_from(["te-1", "=1+1", "a,b", '"', "?", "-", ""]),
    st.sampled_from(["a.jsonl", "a,b 日本.jsonl", '",1,?,', '"?".jsonl', "=x"]),
    st.integers(1, 10**12),
)
def test_a_post_that_nothing_is_said_about_is_written_the_same(
    form: str, name: str, path: str, line: int
) -> None:
    made = Form(name=form, view=VIEW)
    bare = bare_of(made, path)
    assert bare is not None
    outcome = Outcome(place=Place(path=path, line=line), screening=Screening(id=name, verdict="pass"))
    assert bare(name, line) == made.main([outcome])


@pytest.mark.parametrize("name", [None, "jsonl", "csv", "json", "text", "sarif"])
def test_a_block_counts_the_same_in_every_form(screener: Screener, name: str | None) -> None:
    body = b"\n".join(post_lines(200))
    found = [
        Job(screener=screener, view=VIEW, form=Form(name=one, view=VIEW)).done(Block("lines", "f", 1, body))
        for one in (name, "json")
    ]
    assert (found[0].summary, found[0].counts) == (found[1].summary, found[1].counts)
    sent = decoded(encoded(found[0]))
    assert (sent.summary, sent.counts, sent.streams) == (found[0].summary, found[0].counts, found[0].streams)


POISON = (
    b'{"text": "a", "paid": 1e999999}',
    b'{"text": "a", "id": ' + b"9" * 5000 + b"}",
    b'{"text": "a", "reply_to": {"text": "b", "rating": ' + b"9" * 400 + b"}}",
    b'{"text": "a", "\xff": 1}',
    b'{"text": "a", "\\ud800": 1}',
    b'{"text": "a", "media": [{"\\ud800": 1}]}',
    b'{"text": "a", "reply_to": ' + b'{"x": ' * 5000 + b"1" + b"}" * 5001,
    b'{"text": "a", "x": ' + b"[" * 200_000,
    b'{"text": "Is it you?", "direction": "inbound_comment", "received_at": "9999-12-31T23:59:59-14:00"}',
    b'{"text": "a", "direction": "outbound_reply", "posted_at": "0001-01-01T00:00:00+14:00", "platform": "x"}',
    b'{"text": "a"}{"text": "b"}',
    "{}".encode("utf-16"),
    b"\0" * 1000,
    b"null",
    b'"text"',
)


@pytest.mark.parametrize("number", range(len(POISON)))
def test_a_poisoned_record_is_a_dead_letter(screener: Screener, number: int) -> None:
    job = Job(screener=screener, view=VIEW, form=Form(name="jsonl", view=VIEW), observes=True)
    body = b"\n".join((b'{"text": "before"}', POISON[number], b'{"text": "after"}'))
    result = decoded(encoded(job.done(Block("lines", "f", 1, body))))
    assert (result.summary.posts, result.summary.faults) == (2, 1)
    assert "error" in json.loads(result.streams["main"].splitlines()[1])


@pytest.mark.parametrize("value", ["2026-13-45", "2026-01-01T99:00:00", "9" * 5000])
def test_a_value_that_yaml_cannot_hold_costs_its_record(value: str) -> None:
    content = f"- text: a\n  posted_at: {value}\n- text: b\n".encode()
    found = list(read_stream(io.BytesIO(content), "yaml", "f", Reading()))
    assert [(record.place.line, record.fault is None) for record in found] == [(1, False), (3, True)]


def test_summaries_of_blocks_add_up_to_that_of_all(screener: Screener) -> None:
    lines = post_lines(200)
    job = Job(screener=screener, view=VIEW, form=Form(name=None, view=VIEW))
    whole = job.done(Block("lines", "f", 1, b"\n".join(lines))).summary
    parts = [
        job.done(Block("lines", "f", at + 1, b"\n".join(lines[at : at + 30])))
        for at in range(0, len(lines), 30)
    ]
    total = parts[0].summary
    for part in parts[1:]:
        total.add(part.summary, VIEW)
    assert list(total.lines(VIEW)) == list(whole.lines(VIEW))


def test_what_a_series_needs_comes_in_the_order_of_the_posts(screener: Screener) -> None:
    job = Job(screener=screener, view=VIEW, form=Form(name=None, view=VIEW), observes=True)
    body = b"\n".join(
        (
            b'{"text": "Act now", "id": "a", "posted_at": "2026-05-01T09:30:00-05:00"}',
            b'{"text": "nobody knows when"}',
            b'{"text": "Hiya", "id": "lone \\ud800", "posted_at": "2026-05-01T09:31:00"}',
        )
    )
    for lines in (body, body.rpartition(b"\n")[0]):
        result = job.done(Block("lines", "f", 1, lines))
        expected = [
            observe(post, screener.screen(post))
            for post, _, _ in map(decode_post, lines.splitlines())
            if post is not None and post.posted_at
        ]
        assert observed_of(decoded(encoded(result))) == expected


# --- the crew -----------------------------------------------------------------------------------------


class Slow(Screener):
    """The first posts take longest, so that results come out of order."""

    def screen_many(self, posts: Iterable[Post | str], *, batch_size: int = 256) -> Iterator[Screening]:
        for post in posts:
            if isinstance(post, Post) and int(post.id) % 8 == 0:
                time.sleep(0.05)
            yield self.screen(post)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_blocks(screener: Screener, workers: int) -> None:
    slow = screener.speaking_for(screener.profile)
    slow.__class__ = Slow
    job = Job(screener=slow, view=VIEW, form=Form(name="jsonl", view=VIEW))
    crew = Crew(job, workers, warm=1)
    try:
        found = []
        for number in range(40):
            block = Block("lines", "f", number + 1, b'{"text": "Hiya", "id": "%d"}' % number)
            found += crew.give(block)
            under_way = number + 1 - len(found)
            assert under_way <= 6 * workers
        found += crew.drain()
    finally:
        crew.close()
    assert [json.loads(result.streams["main"])["id"] for result in found] == [
        str(number) for number in range(40)
    ]


def test_screen_lines_still_answers_line_by_line(screener: Screener) -> None:
    found = list(screen_lines(screener, [b'{"text": "Act now"}', b"", b"{"]))
    assert json.loads(found[0])["verdict"] == "review"
    assert json.loads(found[1]) == {"type": "error", "line": 3, "error": "is not JSON"}

"""Record batches in, record batches out: the same answers as for each post alone, whatever the batch looks like."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

pa = pytest.importorskip("pyarrow", reason="needs the extra arrow")

from phiguard import Finding, InputError, Media, Parent, Post, Profile, Screener, Screening, load_profile  # noqa: E402
from phiguard.arrow import (  # noqa: E402
    FINDING_TABLE,
    POST_SCHEMA,
    POST_TABLE,
    SCREENING_SCHEMA,
    finding_table,
    post_table,
    posts_of,
    screen_batches,
    screenings_of,
)
from phiguard.batch import screen_lines  # noqa: E402
from phiguard.model import SEVERITIES  # noqa: E402
from tests.strategies import texts  # noqa: E402

CLAIM = "Our FDA-approved clinic offers drips with zero side effects."
TIMES = st.datetimes(
    dt.datetime(2020, 1, 1),  # noqa: DTZ001 (the zone is the next argument's)
    dt.datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(dt.timezone.utc),
)


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(today=dt.date(2026, 5, 1))


def batch_of(posts: list[Post]) -> Any:
    """Posts as a batch of the documented schema."""
    rows = [msgspec.to_builtins(post, builtin_types=[dt.datetime]) for post in posts]
    return pa.RecordBatch.from_pylist(rows, schema=POST_SCHEMA)


def narrow(*posts_texts: str | None, **columns: Any) -> Any:
    """A batch with a text column, and what else is named."""
    return pa.record_batch({"text": pa.array(posts_texts, pa.string()), **columns})


def answers(batch: Any, screener: Screener) -> list[Screening]:
    return [
        screening for part in screen_batches([batch], screener=screener) for screening in screenings_of(part)
    ]


def test_the_demo_answers_with_the_same_bytes(root: Path) -> None:
    lines = (root / "corpora" / "demo.jsonl").read_bytes().splitlines(keepends=True)
    screener = Screener(load_profile(root / "corpora" / "demo-profile.yaml"), today=dt.date(2026, 5, 1))
    batch = batch_of([msgspec.json.decode(line, type=Post) for line in lines])
    found = [msgspec.json.encode(one) + b"\n" for one in answers(batch, screener)]
    assert found == list(screen_lines(screener, lines))


# Arrow's strings are UTF-8: a lone surrogate cannot stand in them.
sound = texts.map(lambda text: text.encode("utf-8", "replace").decode())
parents = st.builds(Parent, text=sound, author=st.none() | sound, kind=st.sampled_from(["comment", "review"]))
pictures = st.builds(
    Media, kind=st.sampled_from(["image", "video"]), alt_text=st.none() | sound, decorative=st.booleans()
)
posts = st.builds(
    Post,
    text=sound | st.just(CLAIM),
    id=sound,
    direction=st.sampled_from([None, "outbound_post", "outbound_reply", "inbound_comment", "ad"]),
    author_role=st.sampled_from([None, "brand", "patient"]),
    platform=st.sampled_from([None, "x", "google_business"]),
    paid=st.booleans(),
    received_at=st.none() | TIMES,
    reply_to=st.none() | parents,
    media=st.lists(pictures, max_size=2).map(tuple),
    region=st.lists(st.sampled_from(["US-CA", "GB"]), max_size=2).map(tuple),
)


@given(st.lists(posts, max_size=6))
def test_batches_answer_as_the_screener_does(screener: Screener, some: list[Post]) -> None:
    batch = batch_of(some)
    assert list(posts_of(batch)) == some
    assert answers(batch, screener) == [screener.screen(post) for post in some]


@given(
    st.lists(st.tuples(sound, sound), max_size=6),
    st.integers(0, 3),
    st.sampled_from([pa.string(), pa.large_string()]),
)
def test_id_and_text_alone_in_any_kind_of_column(
    screener: Screener, rows: list[tuple[str, str]], skipped: int, kind: Any
) -> None:
    batch = pa.record_batch(
        {"id": pa.array([row[0] for row in rows], kind), "text": pa.array([row[1] for row in rows], kind)}
    )
    wanted = [screener.screen(Post(id=own, text=text)) for own, text in rows]
    assert answers(batch.slice(skipped), screener) == wanted[skipped:]


@pytest.mark.parametrize("kind", [pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_other_string_columns(screener: Screener, kind: Any) -> None:
    column = pa.array([CLAIM, "Hello", CLAIM]).cast(kind)
    assert [one.verdict for one in answers(pa.record_batch({"text": column}), screener)] == [
        "block",
        "pass",
        "block",
    ]


def test_a_bad_row_costs_that_row(screener: Screener) -> None:
    batch = narrow(
        "Hello",
        None,
        CLAIM,
        "Hello",
        id=pa.array([7, 8, None, 9]),
        platform=pa.array(["x", "x", None, "myspace"]),
    )
    (answer,) = screen_batches([batch], screener=screener)
    assert answer.column("id").to_pylist() == ["7", "8", "", "9"]
    assert answer.column("verdict").to_pylist() == ["pass", "review", "block", "review"]
    assert answer.column("complete").to_pylist() == [True, False, True, False]
    first, second, third, fourth = answer.column("error").to_pylist()
    assert (first, second, third) == (None, "field text: is missing", None)
    assert fourth is not None
    assert fourth.startswith("field platform: is none of: ")
    assert "myspace" not in str(answer.to_pylist())


def test_a_bad_row_is_never_milder_than_the_profile_says() -> None:
    profile = msgspec.convert({"verdicts": {"on_gap": "block"}}, Profile)
    (answer,) = screen_batches([narrow(None)], profile=profile)
    assert answer.column("verdict").to_pylist() == ["block"]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
def test_text_that_is_not_utf8_costs_its_row(screener: Screener, kind: Any) -> None:
    column = pa.array([b"Hello", b"caf\xe9", CLAIM.encode()]).cast(pa.large_binary()).cast(pa.binary())
    broken = column.cast(pa.large_binary() if kind == pa.large_string() else pa.binary()).view(kind)
    found = answers(pa.record_batch({"text": broken}), screener)
    assert [one.verdict for one in found] == ["pass", "review", "block"]
    assert found[1].unscreened[0].reason == "field text: is not UTF-8"


def test_a_cell_that_python_cannot_hold_costs_its_row(screener: Screener) -> None:
    far = pa.array([0, 2**62, None], pa.timestamp("us", tz="UTC"))
    found = answers(narrow("Hello", "Hello", "Hello", received_at=far), screener)
    assert [one.complete for one in found] == [True, False, True]
    assert found[1].unscreened[0].reason == "field received_at: is out of range"


def test_times_finer_than_a_microsecond_are_read() -> None:
    times = pa.array([1_767_225_600_000_000_001], pa.timestamp("ns", tz="America/Chicago"))
    (post,) = posts_of(narrow("Hello", posted_at=times))
    assert isinstance(post, Post)
    assert post.posted_at == dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"body": pa.array(["Hello"])}, "no column named text"),
        ({"text": pa.array([1])}, "column text: is of the wrong type; needed: string"),
        ({"text": pa.array(["Hello"]), "paid": pa.array(["yes"])}, "column paid: .*needed: bool"),
        ({"text": pa.array(["Hello"]), "reply_to": pa.array(["Hi"])}, "column reply_to: .*needed: struct"),
        ({"text": pa.array(["Hello"]), "media": pa.array([[{"faces": 1}]])}, "column media: "),
    ],
)
def test_columns_that_cannot_be_read_are_refused_at_once(columns: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        next(screen_batches([pa.record_batch(columns)]))


def test_two_columns_of_one_name_are_refused() -> None:
    twice = pa.RecordBatch.from_arrays([pa.array(["Hello"]), pa.array(["Hi"])], names=["text", "text"])
    with pytest.raises(InputError, match="two columns are named text"):
        next(screen_batches([twice]))


def test_columns_that_are_no_field_are_passed_over_or_kept(screener: Screener) -> None:
    batch = narrow("Hello", CLAIM, likes=pa.array([3, 4], pa.int16()), thread=pa.array(["a", None]))
    (plain,) = screen_batches([batch], screener=screener)
    assert plain.schema == SCREENING_SCHEMA
    (kept,) = screen_batches([batch], screener=screener, keep=("thread", "likes"))
    assert kept.schema.names == [*SCREENING_SCHEMA.names, "thread", "likes"]
    assert kept.column("likes").to_pylist() == [3, 4]
    assert kept.select(SCREENING_SCHEMA.names) == plain


@pytest.mark.parametrize(("keep", "message"), [("id", "of their own"), ("colour", "no column colour")])
def test_a_column_that_cannot_be_kept_is_refused(keep: str, message: str) -> None:
    batch = narrow("Hello", id=pa.array(["1"]))
    with pytest.raises(InputError, match=message):
        next(screen_batches([batch], keep=(keep,)))


def test_a_large_batch_is_answered_in_bounded_parts(screener: Screener) -> None:
    count = 20_000
    batch = narrow(*["Hello"] * count, id=pa.array([str(number) for number in range(count)]))
    parts = list(screen_batches([batch], screener=screener))
    assert max(part.num_rows for part in parts) == 8_192
    assert [own for part in parts for own in part.column("id").to_pylist()] == [str(n) for n in range(count)]


def test_an_empty_batch_has_an_empty_answer(screener: Screener) -> None:
    (answer,) = screen_batches([narrow()], screener=screener)
    assert answer.num_rows == 0
    assert answer.schema == SCREENING_SCHEMA
    assert finding_table(answer).num_rows == post_table(answer).num_rows == 0


def test_answers_are_lazy(screener: Screener) -> None:
    taken = []

    def endless() -> Any:
        while True:
            taken.append(1)
            yield narrow("Hello")

    answer = screen_batches(endless(), screener=screener)
    next(answer)
    next(answer)
    assert len(taken) == 2


def test_a_screener_and_a_profile_together_are_refused(screener: Screener) -> None:
    with pytest.raises(ValueError, match="not both"):
        next(screen_batches([], profile=Profile(), screener=screener))


@given(st.lists(posts, max_size=4), st.integers(0, 2))
def test_the_tables_tell_what_the_answers_tell(screener: Screener, some: list[Post], skipped: int) -> None:
    (whole,) = screen_batches([batch_of(some)], screener=screener)
    answer = whole.slice(skipped)
    wanted = [screener.screen(post) for post in some][skipped:]
    flat = finding_table(answer, first_row=10)
    assert flat.schema == FINDING_TABLE
    assert [(row["row"], row["number"], row["rule"], row["verdict"]) for row in flat.to_pylist()] == [
        (10 + at, number, finding.rule, one.verdict)
        for at, one in enumerate(wanted)
        for number, finding in enumerate(one)
    ]
    table = post_table(answer, first_row=10)
    assert table.schema == POST_TABLE
    for at, (row, one) in enumerate(zip(table.to_pylist(), wanted, strict=True)):
        assert (row["row"], row["id"], row["findings"]) == (10 + at, one.id, len(one))
        assert row["rules"] == [finding.rule for finding in one]
        severities = [finding.severity for finding in one]
        assert row["severity"] == max(severities, key=SEVERITIES.index, default=None)


def test_the_schema_is_that_of_a_post() -> None:
    assert tuple(POST_SCHEMA.names) == Post.__struct_fields__
    assert {field.name for field in POST_SCHEMA.field("reply_to").type} == set(Parent.__struct_fields__)
    assert {field.name for field in POST_SCHEMA.field("media").type.value_type} == set(
        Media.__struct_fields__
    )
    assert {field.name for field in SCREENING_SCHEMA.field("findings").type.value_type} == set(
        Finding.__struct_fields__
    )


def test_nothing_that_was_typed_is_in_an_error(screener: Screener) -> None:
    canary = "zebrafish-7401"
    batch = narrow(canary, direction=pa.array([canary]), received_at=pa.array([canary]), id=pa.array([None]))
    (answer,) = screen_batches([batch], screener=screener)
    assert answer.column("error").null_count == 0
    assert canary not in str(answer.to_pylist())

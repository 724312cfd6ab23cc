"""How exports are read: entries one by one, texts put right, replies found, whatever is broken told."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phiguard.errors import InputError
from phiguard.importers import Tally, import_paths
from phiguard.importers import pieces as reading
from phiguard.importers.entry import Entry, Item, Run
from phiguard.importers.options import Options
from phiguard.importers.pieces import CUT_OFF, REST_LOST, Piece, pieces
from phiguard.importers.texts import is_misread, plain_of_html, repaired, unescaped, with_links
from phiguard.importers.threads import Index, records
from phiguard.readers.record import Place, Record
from phiguard.readers.times import moment_of

DATA = Path(__file__).parent / "data" / "importers"
CANARY = "zq7canary"
INTO = frozenset({("items",), ("data", "children")})

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=5,
)
entries = st.lists(st.dictionaries(st.sampled_from(["id", "text", "x"]), values, max_size=3), max_size=6)


def pieced(content: str | bytes, **kinds: Any) -> list[Piece]:
    raw = content.encode() if isinstance(content, str) else content
    return list(pieces(io.BytesIO(raw), INTO, **kinds))


@pytest.fixture(params=[5, 1 << 18])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How much is read at once: a few characters show every place where an entry can be cut in two."""
    size: int = request.param
    monkeypatch.setattr(reading, "_CHUNK", size)
    return size


# --- one by one ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.usefixtures("chunk")
def test_entries_are_those_of_the_whole_file(indent: int | None, *, ascii_only: bool) -> None:
    @given(entries)
    @settings(max_examples=20)
    def holds(listed: list[Any]) -> None:
        def written(value: Any) -> str:
            return json.dumps(value, indent=indent, ensure_ascii=ascii_only)

        expected = list(listed)
        assert [p.value for p in pieced(written(listed))] == expected
        assert [p.value for p in pieced(f"window.YTD.tweets.part0 = {written(listed)};\n")] == expected
        assert [p.value for p in pieced(written({"kind": "x", "items": listed, "n": 1}))] == expected
        deep = {"kind": "Listing", "data": {"after": None, "children": listed, "before": None}}
        assert [p.value for p in pieced(written(deep))] == expected
        assert [p.value for p in pieced(written([deep, deep]))] == expected * 2
        lines = "\n".join(json.dumps(item) for item in listed)
        assert [p.value for p in pieced(lines)] == expected
        assert [p.value for p in pieced(written({"items": listed}) * 2)] == expected * 2

    holds()


def test_lines_are_those_of_the_entries() -> None:
    content = '{"a": 1,\n"items": [\n{"id": 1},\n\n{"id":\n2}, {"id": 3}]}'
    assert [(p.line, p.value["id"]) for p in pieced(content)] == [(3, 1), (5, 2), (6, 3)]


def test_members_that_are_asked_for_come_too() -> None:
    found = pieced('{"items": [{"id": 1}], "next": "abc", "other": 2}', also=frozenset({"next"}))
    assert [(p.keys, p.value) for p in found] == [(("items",), {"id": 1}), (("next",), "abc")]


@pytest.mark.usefixtures("chunk")
def test_a_broken_entry_costs_itself() -> None:
    content = '[{"id": 1}, {"id": tru, "x": {"y": "}"}}, {"id": 3}, nonsense, {"id": 5}]'
    assert [p.fault or p.value["id"] for p in pieced(content)] == [1, "is not JSON", 3, "is not JSON", 5]


@pytest.mark.usefixtures("chunk")
def test_bytes_that_are_no_text_cost_their_entry() -> None:
    found = pieced(b'[{"id": 1, "t": "caf\xe9"}, {"id": 2, "t": "caf\xc3\xa9"}]')
    assert [p.fault or p.value["t"] for p in found] == ["is not UTF-8", "café"]


def test_utf16_is_read_as_its_mark_says() -> None:
    assert [p.value["t"] for p in pieced('[{"t": "né"}]'.encode("utf-16"))] == ["né"]


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize(
    "content",
    [
        '[{"id": 1}, {"id": 2}]',
        'window.YTD.tweets.part0 = [{"id": 1}, {"id": "a\\u00e9"}]',
        '{"kind": "x", "items": [{"id": 1}, {"t": "a, \\"b"}], "n": 12}',
    ],
)
def test_a_file_that_breaks_off_says_so(content: str) -> None:
    whole = [p.value for p in pieced(content)]
    for end in range(1, len(content)):
        found = pieced(content[:end])
        assert found, end
        assert found[-1].fault in {CUT_OFF, REST_LOST}, end
        assert [p.value for p in found[:-1]] == whole[: len(found) - 1]


@given(st.text(alphabet='[]{}",:\\ \n1atfn=.-', max_size=40))
def test_no_text_breaks_the_reading(content: str) -> None:
    for piece in pieced(content):
        assert piece.fault in {"", "is not JSON", "is not UTF-8", CUT_OFF, REST_LOST}


def test_nesting_without_end_is_a_fault() -> None:
    assert pieced("[" * 100_000)[-1].fault
    assert pieced('[{"a":' + "[" * 100_000 + "]" * 100_000 + '}, {"id": 2}]')[-1].value == {"id": 2}


def test_one_entry_is_held_at_a_time() -> None:
    """Forty megabytes of entries pass through a window of one."""
    entry = json.dumps({"id": "1", "t": "x" * 1000}).encode()

    class Endless(io.RawIOBase):
        left = 40_000
        most = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            self.most = max(self.most, size)
            count = min(self.left, size // len(entry) + 1)
            self.left -= count
            return b",".join([entry] * count) + (b"," if self.left else b"]") if count else b""

    stream = Endless()
    opened = io.BytesIO(b"[")
    opened.read = lambda size=-1, start=[b"["]: start.pop() if start else stream.read(size)  # type: ignore[method-assign,misc]
    assert sum(1 for _ in pieces(opened, INTO)) == 40_000
    assert stream.most < 1 << 20


# --- texts --------------------------------------------------------------------------------------------


def misread(text: str) -> str:
    """What Meta makes of a text."""
    return text.encode().decode("latin-1")


def is_of_meta(*texts: str) -> bool:
    return is_misread(io.BytesIO(json.dumps(list(texts)).encode()))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_misread_text_is_put_right(text: str) -> None:
    assert repaired(misread(text)) == text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4))
def test_a_misread_file_is_known_and_put_right(texts: list[str]) -> None:
    if any(not text.isascii() for text in texts):
        assert is_of_meta(*map(misread, texts))
    assert [repaired(misread(text)) for text in texts] == texts


RIGHT = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=1)


@given(st.lists(RIGHT, min_size=1, max_size=4), st.sampled_from(["“", "…", "😀", "ł", "é!"]))
def test_a_right_file_is_left_alone(texts: list[str], mark: str) -> None:
    """A right file has a letter above Latin-1 somewhere, or one that is no UTF-8 as it stands."""
    assert not is_of_meta(*texts, mark)
    raw = json.dumps(texts, ensure_ascii=False)
    if not raw.isascii():
        assert not is_misread(io.BytesIO(raw.encode()))


@pytest.mark.parametrize("text", ["déjà vu", "IRMÃ”", "½ price", "naïve café", "¿Qué?", "50 °C", "Ça va »"])
def test_right_texts_are_left_alone_one_by_one(text: str) -> None:
    assert repaired(text) == text
    assert not is_of_meta(text)


def test_a_run_of_escapes_may_cross_the_border_of_what_is_read_at_once() -> None:
    for lead in range(12):
        said = "x" * ((1 << 18) - 60 + lead) + misread("здравствуйте") + "y" * 100
        assert is_of_meta(said), lead


def test_one_broken_text_does_not_make_a_misread_file_right() -> None:
    assert is_of_meta(misread("it’s"), misread("😀")[:3], misread("we’re"))


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("a<br>b<br />c", "a\nb\nc"),
        ("I <3 this & that", "I <3 this & that"),
        ("2 < 3 &amp;&amp; 5 > 4", "2 < 3 && 5 > 4"),
        (
            '<a href="https://example.com/a/long/way">https://example.com/a/l...</a>',
            "https://example.com/a/long/way",
        ),
        ('<a href="https://www.youtube.com/watch?v=1&amp;t=63">1:03</a> wow', "1:03 wow"),
        ("It&#39;s &quot;fine&quot; &lt;b&gt;", 'It\'s "fine" <b>'),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("AT&T; R&D", "AT&T; R&D"),
    ],
)
def test_html_becomes_the_text_that_was_seen(html: str, plain: str) -> None:
    assert plain_of_html(html) == plain


@given(st.text(max_size=60))
def test_any_text_survives_being_taken_for_html(text: str) -> None:
    assert isinstance(plain_of_html(text), str)
    if not re.search("[<&]", text):
        assert plain_of_html(text) == text


def test_entities_are_undone_once() -> None:
    assert unescaped("&amp;lt;b&amp;gt; &lt;3") == "&lt;b&gt; <3"
    assert (
        with_links("a https://t.co/1 b https://t.co/12", {"https://t.co/1": "X", "https://t.co/12": "Y"})
        == "a X b Y"
    )


# --- times --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        1_777_627_800,
        1_777_627_800_000,
        1_777_627_800_000_000,
        "1777627800",
        "1777627800.0",
        "2026-05-01T09:30:00Z",
        "2026-05-01T09:30:00.000000000Z",
        "2026-05-01T09:30:00+0000",
        "2026-05-01 11:30:00+02:00",
        "2026-05-01 09:30:00 UTC",
        "Fri May 01 09:30:00 +0000 2026",
        "Fri, 01 May 2026 09:30:00 GMT",
        "May 1, 2026 at 9:30 AM",
        "1 May 2026 09:30",
        "2026/5/1, 9:30 am",
    ],
)
def test_a_moment_may_be_written_in_many_ways(written: object) -> None:
    expected = dt.datetime(2026, 5, 1, 9, 30, tzinfo=dt.timezone.utc)
    assert moment_of(written, zone=dt.timezone.utc) == expected


@pytest.mark.parametrize(
    "written",
    ["", "soon", None, True, [], "2026-13-01", "2026-02-30T10:00:00", float("nan"), 1e300, "99/99/2026"],
)
def test_what_is_no_moment_is_none(written: object) -> None:
    assert moment_of(written) is None


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(["dmy", "mdy"]))
def test_a_date_is_read_in_the_order_that_is_named(day: dt.date, order: str) -> None:
    written = day.strftime("%d.%m.%Y 07:05" if order == "dmy" else "%m/%d/%Y 07:05")
    moment = moment_of(written, order=order)  # type: ignore[arg-type]
    assert moment is not None
    assert (moment.date(), moment.hour, moment.minute) == (day, 7, 5)


@given(st.text(max_size=30) | st.integers() | st.floats())
def test_any_value_gives_a_moment_or_none(value: object) -> None:
    assert moment_of(value) is None or isinstance(moment_of(value), dt.datetime)


# --- threads ------------------------------------------------------------------------------------------


@st.composite
def forests(draw: st.DrawFn) -> list[Entry]:
    """Entries in any order, whose parents are others, none of them, or (in broken data) themselves."""
    keys = [f"k{at}" for at in range(draw(st.integers(0, 8)))]
    made = [
        Entry(
            place=Place(path="f", line=at),
            text=f"text {at} {draw(st.sampled_from(['', 'é', chr(0xD83D)]))}",
            platform="x",
            id=key,
            own=draw(st.booleans()),
            kind=draw(st.sampled_from(["post", "comment"])),
            parent=draw(st.sampled_from(["", "gone", *keys])),
            author=f"a{at}",
        )
        for at, key in enumerate(keys)
    ]
    return draw(st.permutations(made))


def threaded(listed: list[Entry], tally: Tally) -> list[Record]:
    def read(_run: Run) -> Iterator[Item]:
        yield from listed

    return list(records(read, (), Options(), tally, is_threaded=True))


@given(forests())
def test_replies_find_their_parents_as_a_table_would(listed: list[Entry]) -> None:
    tally = Tally()
    said = {entry.id: entry for entry in listed}
    found = threaded(listed, tally)
    assert len(found) == len(listed)
    missing = 0
    for entry, record in zip(listed, found, strict=True):
        post, parent = record.post, said.get(entry.parent)
        assert post is not None
        assert (post.text, post.author) == (entry.text, entry.author)
        missing += bool(entry.parent) and parent is None
        if parent is None:
            assert post.reply_to is None
        else:
            assert post.reply_to is not None
            assert post.reply_to.author == parent.author
            assert post.reply_to.text.encode("utf-8", "replace") == parent.text.encode("utf-8", "replace")
            assert post.reply_to.author_role == ("brand" if parent.own else "public")
        assert (post.direction or "").startswith("outbound") is entry.own
    assert tally.orphans == missing
    assert tally.replies == sum(bool(entry.parent) for entry in listed)


@given(forests())
def test_a_thread_is_named_by_its_top(listed: list[Entry]) -> None:
    said = {entry.id: entry for entry in listed}
    for entry, record in zip(listed, threaded(listed, Tally()), strict=True):
        at, seen = entry, set()
        while at.parent in said and at.parent not in seen:
            seen.add(at.parent)
            at = said[at.parent]
        assert record.post is not None
        if at.parent not in said:  # no circle
            assert record.post.thread == (at.parent or at.id)


def test_a_hundred_thousand_are_remembered_within_bounds() -> None:
    """A cache of 256 KiB for some 25 MB: the rest lies in SQLite's own file, and is found there."""
    with Index(cache_kib=256) as index:
        for at in range(100_000):
            index.add(Entry(place=Place(path="f"), text=f"{at} " + "x" * 200, platform="x", id=f"k{at}"))
        index.settle()
        for at in range(0, 100_000, 9973):
            said = index.find(f"k{at}")
            assert said is not None
            assert said.text.startswith(f"{at} ")
        assert index.find("k100000") is None


def test_a_full_disk_is_told() -> None:
    listed = [
        Entry(place=Place(path="f"), text=f"{at} " + "x" * 200, platform="x", id=f"k{at}")
        for at in range(1000)
    ]
    with Index() as index:
        index._base.execute("PRAGMA max_page_count = 20")
        with pytest.raises(InputError, match="set SQLITE_TMPDIR"):
            list(map(index.add, listed))


# --- whatever is broken -------------------------------------------------------------------------------

FILES = sorted(path for path in DATA.rglob("*") if path.is_file())
ORIGINS = {"google": "google-business", "csv": "csv"}


def name_of(path: Path) -> str:
    folder = path.relative_to(DATA).parts[0]
    return ORIGINS.get(folder, folder)


def read_or_complain(path: Path, origin: str) -> tuple[list[Record], str]:
    """The records, or what is said instead."""
    try:
        return list(import_paths([path], origin)), ""
    except InputError as error:
        return [], str(error)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DATA)))
def test_a_file_that_is_cut_never_breaks_the_import(path: Path, tmp_path: Path) -> None:
    """Cut in many places: a post more or less, a fault, or a complaint; and JSON that is cut always says so."""
    content = path.read_bytes()
    cut = tmp_path / path.name
    for end in [*range(0, len(content), max(1, len(content) // 40)), len(content) - 1]:
        cut.write_bytes(content[:end])
        found, complaint = read_or_complain(cut, name_of(path))
        if (
            not complaint
            and path.suffix in {".json", ".js"}
            and content[:end].strip()
            and content[end:].strip() != b""
        ):
            assert any(record.fault for record in found), end


def test_a_byte_zero_in_a_header_is_survived(tmp_path: Path) -> None:
    for name, head in (("Shares.csv", b"Date\0,ShareLink,ShareCommentary\n"), ("a.csv", b"te\0xt,id\n")):
        path = tmp_path / name
        path.write_bytes(head + b"2026-01-01,b,c\n")
        found, complaint = read_or_complain(path, "linkedin" if name == "Shares.csv" else "csv")
        assert found or complaint


@given(st.data())
@settings(max_examples=30)
def test_any_change_of_a_byte_is_survived_and_no_fault_tells_a_text(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder) / path.name
        broken.write_bytes(bytes(content))
        found, complaint = read_or_complain(broken, name_of(path))
    assert not re.search(r"sorry|thank|hurt", complaint, re.IGNORECASE)
    for record in found:
        assert (record.post is None) is not (record.fault is None)
        assert not re.search(r"sorry|thank|hurt", str(record.fault), re.IGNORECASE)


JSON_OF_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from([CANARY, f"{CANARY}\ud83d", "²", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "tweet id id_str full_text entities urls media extended_entities user created_at data post comment"
                " timestamp title attachments label_values string_map_data string_list_data media message from parent"
                " comments replies items snippet topLevelComment textDisplay textOriginal authorChannelId kind children"
                " body parent_id link_id created_utc reviews review comment starRating reviewReply reviewer paging".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "origin", ["x", "facebook", "instagram", "graph", "youtube", "reddit", "google-business"]
)
def test_any_json_gives_posts_or_faults(origin: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"

    @given(st.lists(JSON_OF_ANYTHING, max_size=3))
    @settings(max_examples=30)
    def holds(value: list[Any]) -> None:
        path.write_text(json.dumps(value))
        found, complaint = read_or_complain(path, origin)
        assert CANARY not in complaint
        for record in found:
            assert CANARY not in str(record.fault)
            assert CANARY not in str(record.place)

    holds()


def test_a_zip_that_is_cut_or_locked_is_told(tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(DATA / "x/data/tweets.js", "data/tweets.js")
    content = whole.read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="download it again"):
        import_paths([cut], "x")
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content[:80] + bytes(40) + content[120:])
    (record,) = list(import_paths([damaged], "x"))[-1:]
    assert record.fault is not None
    assert re.search(r"cannot be read|is not JSON|breaks off", record.fault.reason)


def test_a_zip_with_a_password_is_told(tmp_path: Path) -> None:
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(DATA / "x/data/tweets.js", "data/tweets.js")
    content = bytearray(path.read_bytes())
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(sign) + flags] |= 1  # "encrypted"
    path.write_bytes(content)
    (record,) = import_paths([path], "x")
    assert str(record.fault) == "is locked by a password: unpack it first"


def test_paths_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        import_paths([tmp_path / "none.zip"])
    with pytest.raises(InputError, match="there are no files"):
        import_paths([tmp_path])

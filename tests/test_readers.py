"""Files into records: every form, with places, faults without values, and memory bounds."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phiguard.errors import InputError
from phiguard.readers import Reading, form_of, read_path, read_stream, stream
from phiguard.readers.decode import decode_mapping, decode_post
from phiguard.readers.record import Record

CANARY = "zq7canary"  # stands for what a person wrote: no message may hold it


def records(content: bytes | str, form: str, **reading: object) -> list[Record]:
    raw = content.encode() if isinstance(content, str) else content
    return list(read_stream(io.BytesIO(raw), form, "f", Reading(form=form, **reading)))  # type: ignore[arg-type]


def texts(content: bytes | str, form: str, **reading: object) -> list[str | None]:
    return [record.post.text if record.post else None for record in records(content, form, **reading)]


# --- one record ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        (f'{{"text": "a", "platform": "{CANARY}"}}', "platform", "is none of: x, instagram"),
        (f'{{"text": ["{CANARY}"]}}', "text", "expected `str`"),
        (f'{{"body": "{CANARY}"}}', "text", "is missing"),
        (f'{{"text": "a", "posted_at": "{CANARY}"}}', "posted_at", "is not a time"),
        (
            f'{{"text": "a", "reply_to": {{"kind": "{CANARY}"}}}}',
            "reply_to.kind",
            "is none of: post, comment",
        ),
        (f'{{"text": "a", "media": [{{"faces": "{CANARY}"}}]}}', "media[0].faces", "is none of"),
        (f'{{"text": "{CANARY}"', "", "is not JSON"),
        (f'["{CANARY}"]', "", "a post is an object"),
        (f'{{"text": "a", "{CANARY}": NaN}}', "", "is not JSON"),
        ('{"text": "a", "x": ' + "[" * 100_000, "", "is nested too deeply"),
    ],
)
def test_a_bad_record_names_its_field_and_never_its_value(line: str, field: str, reason: str) -> None:
    post, fault, _ = decode_post(line.encode())
    assert post is None
    assert fault is not None
    assert fault.field == field
    assert fault.reason.startswith(reason)
    assert CANARY not in str(fault)


def test_bytes_that_are_not_utf8_are_a_fault() -> None:
    post, fault, _ = decode_post(b'{"text": "caf\xe9"}')
    assert post is None
    assert str(fault) == "is not UTF-8"


def test_a_lone_surrogate_is_a_text_like_any_other() -> None:
    post, fault, _ = decode_post(b'{"text": "a\\ud800b"}')
    assert fault is None
    assert post is not None
    assert post.text == "a\ud800b"


def test_numbered_ids_are_read_as_strings() -> None:
    post, _, _ = decode_post(b'{"text": "a", "id": 17, "thread": 3, "likes": 2}')
    assert post is not None
    assert (post.id, post.thread) == ("17", "3")


def test_fields_that_are_not_understood_are_named_at_every_depth() -> None:
    line = (
        b'{"text": "a", "likes": 1, "reply_to": {"text": "b", "votes": 2}, "media": [{"dpi": 3}, {"dpi": 4}]}'
    )
    assert decode_post(line)[2] == ("likes", "reply_to.votes", "media.dpi")
    assert decode_mapping(json.loads(line))[2] == ("likes", "reply_to.votes", "media.dpi")


def test_a_key_that_looks_like_a_sentence_is_not_shown() -> None:
    assert decode_post(b'{"text": "a", "our patient Ann": 1}')[2] == ("(a name that is not shown)",)


@given(st.binary(max_size=60))
def test_any_bytes_give_a_post_or_a_fault(content: bytes) -> None:
    post, fault, _ = decode_post(content)
    assert (post is None) is not (fault is None)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x) | st.dictionaries(st.sampled_from(["text", "id", "media", "reply_to", "paid"]), x)
        ),
        max_leaves=8,
    )
)
def test_any_json_gives_a_post_or_a_fault(value: object) -> None:
    post, fault, _ = decode_post(json.dumps(value).encode())
    assert (post is None) is not (fault is None)


# --- JSON lines and JSON ------------------------------------------------------------------------------


def test_one_bad_line_does_not_end_the_file() -> None:
    found = records('\ufeff{"text":"a"}\r\n\n{bad}\n{"text":"b"}', "jsonl")
    assert [(record.place.line, record.fault is None) for record in found] == [
        (1, True),
        (3, False),
        (4, True),
    ]


def test_a_line_that_is_too_long_is_one_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LONGEST_LINE", 20)
    found = records(b'{"text":"a"}\n' + b"x" * 70 + b'\n{"text":"b"}\n', "jsonl")
    assert [(record.place.line, str(record.fault)) for record in found] == [
        (1, "None"),
        (2, "is too long"),
        (3, "None"),
    ]


def test_a_json_list_gives_the_line_of_each_post() -> None:
    found = records('[\n {"text": "a"},\n\n {"text": 1}, {"text": "c"}\n]', "json")
    assert [(record.place.line, record.fault is None) for record in found] == [
        (2, True),
        (4, False),
        (4, True),
    ]


def test_a_json_object_may_hold_the_list_as_posts() -> None:
    assert texts('{"posts": [{"text": "a"}], "more": 1}', "json") == ["a"]


@pytest.mark.parametrize("content", ['{"text": "a"}', '[{"text": "a"}, ', "", "[[", b"\xff\xfe["])
def test_a_json_file_that_breaks_off_is_a_fault(content: bytes | str) -> None:
    assert records(content, "json")[-1].fault is not None


# --- plain text ---------------------------------------------------------------------------------------


def test_each_line_of_plain_text_is_a_post_at_its_place() -> None:
    found = records("Héllo\r\n\n second\x0bline\u2028still\n", "text")
    assert [record.post.text for record in found if record.post] == ["Héllo", " second\x0bline\u2028still"]
    point = found[1].place.point("text", 3)
    assert (point.line, point.column, point.offset) == (3, 4, 11)


def test_utf16_with_its_mark_and_cp1252_by_name_are_read() -> None:
    assert texts("naïve\nzwei".encode("utf-16"), "text") == ["naïve", "zwei"]
    assert texts("naïve".encode("cp1252"), "text", encoding="cp1252") == ["naïve"]


def test_a_line_in_another_encoding_costs_that_line() -> None:
    assert texts(b"one\ncaf\xe9\nthree", "text") == ["one", None, "three"]


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])).filter(str.strip),
        max_size=5,
    )
)
def test_plain_text_is_read_as_it_stands(lines: list[str]) -> None:
    content = "\n".join(lines)
    if content.startswith("\ufeff"):
        return
    found = records(content, "text")
    assert [record.post.text for record in found if record.post] == lines
    for record in found:
        start = record.place.point("text", 0).offset
        assert start is not None
        assert record.post is not None
        assert content[start:].startswith(record.post.text)


# --- CSV ----------------------------------------------------------------------------------------------


def test_columns_are_fields_of_a_post() -> None:
    content = (
        "id,text,paid,posted_at,links,reply_to.text,reply_to.rating,media.alt_text,Likes\n"
        '7,"Hello,\nyou",yes,2026-05-01T10:00:00,a.example;b.example,Nice,4.5,A door,3\n'
        "8,Bye,,,,,,,\n"
    )
    first, second = records(content.replace("yes", "true"), "csv")
    assert first.post is not None
    assert second.post is not None
    assert (first.place.line, second.place.line) == (2, 4)
    assert first.unknown == ("Likes",)
    assert (first.post.id, first.post.text, first.post.paid) == ("7", "Hello,\nyou", True)
    assert first.post.links == ("a.example", "b.example")
    assert first.post.reply_to is not None
    assert (first.post.reply_to.text, first.post.reply_to.rating) == ("Nice", 4.5)
    assert first.post.media[0].alt_text == "A door"
    assert second.post.reply_to is None


def test_a_column_map_names_the_columns_of_an_export() -> None:
    content = "Post number;Message\n1;Hello\n"
    (record,) = records(content, "csv", columns={"text": "message", "id": "Post number"})
    assert record.post is not None
    assert (record.post.id, record.post.text) == ("1", "Hello")


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (f"{CANARY},other\n1,2\n", {}),
        (f"{CANARY},text\n1,2\n", {"id": "number"}),
        (f"text,Text,{CANARY}\n1,2,3\n", {}),
        ("", {}),
    ],
)
def test_a_header_that_does_not_fit_is_refused_without_showing_it(
    content: str, columns: dict[str, str]
) -> None:
    with pytest.raises(InputError, match="line 1") as caught:
        records(content, "csv", columns=columns)
    assert CANARY not in str(caught.value)


def test_a_row_that_does_not_fit_costs_that_row() -> None:
    content = f'text,platform\na,x\nb,{CANARY}\nc,x,extra\n,x\nd,\n"e"x,x\nf,x\n'
    found = records(content, "csv")
    assert [record.post.text if record.post else None for record in found] == [
        "a",
        None,
        None,
        "",
        "d",
        None,
        "f",
    ]
    assert not any(CANARY in str(record.fault) for record in found)


def test_a_cell_with_a_broken_byte_costs_that_row() -> None:
    assert texts(b"text\na\ncaf\xe9\nb\n", "csv") == ["a", None, "b"]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")).filter(str.strip),
        max_size=4,
    )
)
def test_any_text_survives_a_csv(said: list[str]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([["text"], *([text] for text in said)])
    assert texts(buffer.getvalue(), "csv") == said


# --- Markdown -----------------------------------------------------------------------------------------


def test_the_body_of_a_markdown_file_is_the_post() -> None:
    content = "---\nplatform: x\ndirection: ad\n---\n\nHello *you*\nand you\n"
    (record,) = records(content, "markdown")
    assert record.post is not None
    assert (record.post.text, record.post.platform, record.post.direction) == (
        "Hello *you*\nand you",
        "x",
        "ad",
    )
    point = record.place.point("text", 16)
    assert (point.line, point.column, point.offset) == (7, 5, content.rindex("you"))


def test_a_markdown_file_may_hold_several_posts() -> None:
    content = "---\nplatform: x\n---\nOne\n---\nid: b\n---\nTwo\n---\nThree\n"
    found = records(content, "markdown")
    assert [(r.post.text, r.post.id, r.post.platform) for r in found if r.post] == [
        ("One", "", "x"),
        ("Two", "b", None),
        ("Three", "", None),
    ]


def test_a_comment_is_a_note_and_moves_nothing() -> None:
    (record,) = records("<!-- act now -->Hello act now\n", "markdown")
    assert record.post is not None
    assert "act now" in record.post.text
    assert record.post.text.count("act now") == 1
    assert record.place.point("text", record.post.text.index("act")).column == 23


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (f"---\nplatform: [{CANARY}\n---\nBody\n", "the front matter is not YAML"),
        (f"---\nplatform: {CANARY}\n---\nBody\n", "is none of"),
        ("---\nplatform: x\n---\n", "has no body"),
        ("---\ntext: a\n---\nBody\n", "stands in the front matter and in the body"),
        (b"caf\xe9", "is not UTF-8"),
    ],
)
def test_a_markdown_file_with_a_fault_is_not_a_post(content: bytes | str, reason: str) -> None:
    (record,) = records(content, "markdown")
    assert record.fault is not None
    assert record.fault.reason.startswith(reason)
    assert CANARY not in str(record.fault)


def test_an_empty_markdown_file_holds_no_post() -> None:
    assert records("\n<!-- nothing yet -->\n", "markdown") == []


# --- YAML ---------------------------------------------------------------------------------------------


YAML = """\
posts:
  - text: Hello act now
    platform: x
    posted_at: 2026-05-01
  - id: 7
    text: |
      First line
      second act now
  - text: "quoted act now"
    media:
      - alt_text: A door, act now
  - text: >
      folded words
      act now
  - plain string act now
"""


def test_every_post_of_a_yaml_file_is_located() -> None:
    found = records(YAML, "yaml")
    assert [record.fault for record in found] == [None] * 5
    for record in found:
        assert record.post is not None
        field, said = ("text", record.post.text)
        point = record.place.point(field, said.index("act now"))
        assert point.column is not None
        assert YAML.splitlines()[point.line - 1][point.column - 1 :].startswith("act now")
        assert point.offset is not None
        assert YAML[point.offset :].startswith("act now")
    point = found[2].place.point("media[0].alt_text", 8)
    assert YAML.splitlines()[point.line - 1][(point.column or 0) - 1 :] == "act now"


@pytest.mark.parametrize(
    ("content", "posts"),
    [("- text: a\n- text: b\n", ["a", "b"]), ("text: a\n", ["a"]), ("", []), ("posts: []\n", [])],
)
def test_a_yaml_file_is_a_list_or_one_post(content: str, posts: list[str]) -> None:
    assert texts(content, "yaml") == posts


@pytest.mark.parametrize(
    "content",
    [
        f"on: {CANARY}\n",
        f"- text: [{CANARY}\n",
        f"- text: a\n  platform: {CANARY}\n",
        f"- !x {CANARY}\n",
        f"&a [*a, {CANARY}]",
    ],
)
def test_a_yaml_file_with_a_fault_says_so_without_values(content: str) -> None:
    faults = [record.fault for record in records(content, "yaml")]
    assert any(faults)
    assert CANARY not in str(faults)


# --- files --------------------------------------------------------------------------------------------


def test_a_gz_is_unpacked_and_a_broken_one_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    packed = gzip.compress(b'{"text":"a"}\n' * 1000)
    path.write_bytes(packed)
    sizes: list[int] = []
    assert len(list(read_path(path, Reading(), seen=sizes.append))) == 1000
    assert sum(sizes) == len(packed)
    path.write_bytes(packed[:-12])
    *_, last = read_path(path, Reading())
    assert last.fault is not None
    assert last.fault.reason.startswith("cannot be read")


def test_the_suffix_tells_the_form() -> None:
    assert form_of(Path("A.CSV")) == "csv"
    assert form_of(Path("a.csv.gz")) == "csv"
    assert form_of(Path("a.pdf")) is None
    with pytest.raises(InputError, match="--input-format"):
        list(read_path(Path("a.pdf"), Reading()))

"""Redaction: nothing that identifies somebody is left, redacting twice changes nothing, and what was encrypted comes back."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import phiguard.cli.line
from phiguard import cli
from phiguard.cli.exits import Exit
from phiguard.entities import Entities, Entity, Source
from phiguard.entities.details import Details
from phiguard.entities.presidio import listed
from phiguard.model import Media, Parent, Post, text_of
from phiguard.placeholders import LABELS, placeholders, pseudonym
from phiguard.profile import Profile
from phiguard.profile_sections import Contacts, Organization, Staff
from phiguard.redaction import OPERATORS, Redacted, RedactionError, Redactor, redact, restore
from phiguard.redaction.spans import label_of
from phiguard.redaction.values import texts_of
from phiguard.screener import Screener

KEY = "a key of the tests, long enough"
SHAPES = {
    "PERSON": r"\b(?:Maria(?: Lopez)?|Ben|Zoë|Zoe|Roe|Person|PERSON|Handle)\b",
    "US_SSN": r"\b\d{3}-\d{2}-\d{4}\b",
    "PHONE_NUMBER": r"\b\d{3}-\d{3}-\d{4}\b",
    "EMAIL_ADDRESS": r"[\w.]+@[\w.]+\.com\b",
    "URL": r"\b(?:example|[\w]+)\.com\b",
    "ORGANIZATION": r"\bAcme\b",
    "DATE_TIME": r"\b(?:19|20)\d\d\b|\bMay \d+\b",
}
LEAVING = [name for name in OPERATORS if name != "keep"]


class FakeSource:
    """Finds a few names and numbers by their shapes, placeholders too: a pipeline for names may take them for names."""

    labels = frozenset(SHAPES)

    def triggers(self, label: str) -> tuple[str, ...] | None:
        del label
        return None

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        return [
            Entity(*match.span(), label, 0.9, "fake")
            for label in sorted(labels)
            for match in re.finditer(SHAPES[label], text)
        ]

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        return [self.find(text, labels) for text in texts]


class BrokenSource(FakeSource):
    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        raise ValueError(text)


def knowing(screener: Screener, *sources: Source) -> Screener:
    screener._known.entities = Entities(sources)
    return screener


SCREENER = knowing(Screener(), FakeSource())
DETAILED = knowing(Screener(), FakeSource(), Details())


def redactor(operators: str | dict[str, str] = "replace", screener: Screener = SCREENER) -> Redactor:
    return Redactor(screener, operators=operators, key=KEY)


def all_texts(post: Post) -> str:
    return "\n".join(texts_of(post).values())


PEOPLE = ["Maria Lopez", "Ben", "Zoë"]
DISGUISED = [
    "212-555-0147",
    "212-555\u200b-0147",
    "２１２-５５５-０１４７",
    "2️⃣1️⃣2️⃣-5️⃣5️⃣5️⃣-0️⃣1️⃣4️⃣7️⃣",
    "2 1 2 5 5 5 0 1 4 7",
    "two one two five five five zero one four seven",
    "219-09-9999",
    "2 1 9 - 0 9 - 9 9 9 9",
    "219\u00ad-09-9999",
    "two one nine zero nine nine nine nine nine",
    "jane.roe@example.com",
    "jane [at] example [dot] com",
    "jane at example dot com",
    "jаne@example.com",
    "j\u200bane@exam\u200dple.com",
]
POST = Post(
    text="😀👩‍⚕️ Maria Lopez (212-555-0147) met Ben on May 3. Maria liked it. #PrayForMaria @maria_l MARIA! 💉",
    id="7",
    direction="outbound_reply",
    reply_to=Parent(text="Hi, I am Maria, ssn 219-09-9999", author="maria99", author_name="Maria Lopez"),
    media=(Media(alt_text="Ben smiling", ocr_text="Zoë 2019"), Media(kind="video")),
    links=("https://example.com/maria-lopez",),
    thread="t1",
)
IDENTIFIERS = ["maria", "lopez", "ben ", "zoë", "555", "0147", "219", "9999", "may 3"]


# --- one post -----------------------------------------------------------------------------------------


def test_replace_puts_the_kind_of_what_was_there() -> None:
    done = redactor().redact(POST)
    assert done.post.text == (
        "😀👩‍⚕️ <PERSON> (<PHONE_NUMBER>) met <PERSON> on <DATE_TIME>. <PERSON> liked it. #PrayFor<PERSON> <HANDLE> <PERSON>! 💉"
    )
    assert done.post.reply_to == Parent(
        text="Hi, I am <PERSON>, ssn <US_SSN>", author="<HANDLE>", author_name="<PERSON>"
    )
    assert done.post.media == (
        Media(alt_text="<PERSON> smiling", ocr_text="<PERSON> 2019"),
        Media(kind="video"),
    )
    assert done.post.links == ("<URL>",)
    assert (done.post.id, done.post.thread, done.post.direction) == ("7", "t1", "outbound_reply")


@pytest.mark.parametrize("operator", LEAVING)
def test_nothing_is_left_of_an_identifier(operator: str) -> None:
    left = all_texts(redactor(operator).redact(POST).post).lower()
    assert [one for one in IDENTIFIERS if one in left] == []


@pytest.mark.parametrize("operator", OPERATORS)
def test_redacting_twice_changes_nothing(operator: str) -> None:
    done = redactor(operator).redact(POST)
    again = redactor(operator).redact(done.post)
    assert again.post == done.post
    assert again.items == ()


@pytest.mark.parametrize("first", LEAVING)
@pytest.mark.parametrize("second", LEAVING)
def test_another_operator_finds_nothing_left(first: str, second: str) -> None:
    done = redactor(first).redact(POST).post
    assert redactor(second).redact(done).post == done


@pytest.mark.parametrize("operator", OPERATORS)
def test_items_tell_where_it_stands_now(operator: str) -> None:
    done = redactor(operator).redact(POST)
    texts = texts_of(done.post)
    shape = {
        "replace": r"<[A-Z_]+>",
        "mask": r"\*+",
        "hash": r"<[A-Z_]+:hash:[a-z]{16}>",
        "encrypt": r"<[A-Z_]+:aes:[a-z]+>",
        "pseudonym": r"\[[A-Z][a-z]+ [A-Z]\]",
        "redact": "",
    }
    for item in done.items:
        assert item.operator == operator
        if item.field in texts:  # a field that is empty now is none
            assert re.fullmatch(shape[operator], texts[item.field][item.start : item.end])
    assert len(done.items) == (0 if operator == "keep" else 15)
    assert [item.start for item in done.items if item.field == "text"] == sorted(
        item.start for item in done.items if item.field == "text"
    )


def test_operators_by_label() -> None:
    operators = {"PERSON": "pseudonym", "PHONE_NUMBER": "mask", "DATE_TIME": "keep", "DEFAULT": "hash"}
    text = redactor(operators).redact("Maria, 212-555-0147, May 3, 219-09-9999").text
    assert re.fullmatch(r"\[Person A\], \*{12}, May 3, <US_SSN:hash:[a-z]{16}>", text)


@pytest.mark.parametrize(
    ("label", "score", "text", "wanted"),
    [
        ("US_DRIVER_LICENSE", 0.3, "B12", ""),
        ("US_DRIVER_LICENSE", 0.65, "D482", "US_DRIVER_LICENSE"),
        ("US_BANK_NUMBER", 0.05, "219099999", "ID"),
        ("US_HEALTH_INSURANCE_MEMBER_ID", 0.1, "NCT04147143", ""),
        ("PHONE_NUMBER", 0.4, "1-800-222-1222", ""),
        ("PHONE_NUMBER", 0.4, "212-555-0147", "PHONE_NUMBER"),
        ("URL", 0.5, "today.It", ""),
        ("URL", 0.5, "example.com", "URL"),
        ("URL", 0.6, "https://example.com/a.Bc", "URL"),
    ],
)
def test_guesses_count_where_they_may_be_somebodys(label: str, score: float, text: str, wanted: str) -> None:
    assert label_of(Entity(0, len(text), label, score, ""), text) == wanted


@pytest.mark.parametrize("number", ["219099999", "AB-44120987", "２１９０９９９９９", "00718234"])
def test_a_long_number_goes_whoever_has_it(number: str) -> None:
    assert redactor().redact(f"Number {number}, ok?").text == "Number <ID>, ok?"


def test_a_year_alone_stays() -> None:
    assert redactor().redact("Since 2019, and on May 3").text == "Since 2019, and on <DATE_TIME>"


@pytest.mark.parametrize("value", DISGUISED)
@pytest.mark.parametrize("frame", ["😀 call {} now", "{}", "Ask for it: {}.", "𝒳 {} 👍🏽"])
def test_a_disguised_identifier_goes_whole(value: str, frame: str) -> None:
    text = redactor().redact(frame.format(value)).text
    before, after = (re.escape(part) for part in frame.split("{}"))
    assert re.fullmatch(f"{before}<(?:US_SSN|PHONE_NUMBER|EMAIL_ADDRESS)>{after}", text)


def test_a_string_is_a_post_of_the_organization() -> None:
    assert redact("Ben", screener=SCREENER).post == Post(text="<PERSON>")


def test_clean_posts_are_not_touched() -> None:
    post = Post(text="Flu shots are here. 😀 <b>Ask us!</b> **Today**", media=(Media(alt_text=""),))
    done = redactor().redact(post)
    assert done.post == post
    assert done.items == ()


# --- placeholders --------------------------------------------------------------------------------------


def test_a_name_in_brackets_is_no_placeholder() -> None:
    assert placeholders("<SMITH> <b> [Smith A] [Person a]") == []
    assert placeholders("<BADGE>", frozenset({"BADGE"})) == [(0, 7)]


def test_presidios_labels_are_known() -> None:
    assert {label for one in listed() for label in one.labels} - LABELS == set()


@pytest.mark.parametrize("label", sorted(LABELS))
def test_every_label_has_placeholders_that_are_known_again(label: str) -> None:
    for number in (0, 25, 26, 701, 702):
        text = pseudonym(label, number)
        assert placeholders(text) == [(0, len(text))]
    assert placeholders(f"<{label}>") == [(0, len(label) + 2)]


def test_no_pipeline_finds_a_name_in_a_placeholder() -> None:
    assert SCREENER.entities("<PERSON> and [Person A], <PERSON:hash:bcdfghjklmnpqrst>") == ()
    assert SCREENER.entities("<PERSONS> [Person a]") != ()


@pytest.mark.parametrize("operator", ["replace", "hash", "encrypt", "pseudonym", "mask"])
def test_placeholders_break_no_rule_on_identifiers(operator: str) -> None:
    done = redactor(operator).redact(
        "Our patient Maria Lopez came in on May 3. MRN 219-09-9999, call her at 212-555-0147, email her at jane@example.com."
    )
    screening = SCREENER.screen(done.post)
    assert [finding.rule for finding in screening if finding.rule.startswith("PHI")] == []
    assert done.complete


# --- who is kept ---------------------------------------------------------------------------------------

PROFILE = Profile(
    organization=Organization(name="Maria", names=("Acme",)),
    staff=Staff(names=("Ben Roe",), handles=("ben",)),
    contacts=Contacts(phones=("212-555-0147",), domains=("example.com",)),
)


def test_the_organizations_own_values_stay() -> None:
    own = knowing(Screener(PROFILE), FakeSource())
    post = Post(text="Maria: Roe, 212-555-0147, info@example.com, Zoe", links=("https://example.com/a",))
    assert redactor(screener=own).redact(post).post == Post(
        text="Maria: Roe, 212-555-0147, info@example.com, <PERSON>", links=("https://example.com/a",)
    )


@pytest.mark.parametrize(
    "text",
    [
        "On {}, we met.",
        "{}: she went home",
        "since {}",
    ],
)
@pytest.mark.parametrize(
    "date", ["May 3", "Oct. 3, 1996", "3rd of July", "17 Jan 2024", "march 2025", "December 1st", "JUNE 9"]
)
def test_dates_that_name_a_month_go(text: str, date: str) -> None:
    assert redactor().redact(text.format(date)).text == text.format("<DATE_TIME>")


@pytest.mark.parametrize(
    "text", ["You may 3 times a day", "In May, we walk.", "March with us", "Open 9 to 5", "1000000 steps"]
)
def test_words_that_are_no_dates_stay(text: str) -> None:
    assert redactor().redact(text).text == text


def test_own_values_go_if_that_is_wanted() -> None:
    own = knowing(Screener(PROFILE), FakeSource())
    done = Redactor(own, keep_own=False).redact("Maria: Roe, 212-555-0147, info@example.com")
    assert done.text == "<PERSON>: <PERSON>, <PHONE_NUMBER>, <EMAIL_ADDRESS>"


def test_the_authors_of_others_go_and_our_own_stay() -> None:
    ours = Post(text="Hi", author="our_clinic", author_name="Our Clinic", direction="outbound_post")
    assert redactor().redact(ours).post == ours
    theirs = msgspec.structs.replace(ours, direction="inbound_comment", author="sunny88", author_name="Sunny")
    assert redactor().redact(theirs).post == Post(
        text="Hi", author="<HANDLE>", author_name="<PERSON>", direction="inbound_comment"
    )


def test_the_name_of_who_wrote_is_found_in_the_reply() -> None:
    post = Post(text="Thank you, Wilhelmina!", reply_to=Parent(text="Nice", author_name="Wilhelmina Q."))
    assert redactor().redact(post).text == "Thank you, <PERSON>!"


# --- pseudonyms ----------------------------------------------------------------------------------------


def test_the_parent_and_the_reply_share_pseudonyms() -> None:
    post = Post(
        text="Dear Lopez, Ben will call 212-555-0147 or 219-09-9999, Maria.",
        reply_to=Parent(text="I am Maria Lopez, ask Zoe", author="ml"),
    )
    done = redactor("pseudonym").redact(post).post
    assert done.reply_to == Parent(text="I am [Person A], ask [Person B]", author="[Handle A]")
    assert done.text == "Dear [Person A], [Person C] will call [Phone A] or [Number A], [Person A]."


def test_pseudonyms_hold_through_a_thread_and_end_with_it() -> None:
    keeper = redactor("pseudonym")
    texts = [
        keeper.redact(Post(text=text, thread=thread)).text
        for text, thread in [
            ("Ben", "a"),
            ("Zoe", "b"),
            ("Maria and Ben", "a"),
            ("Zoë", "b"),
            ("Maria", None),
        ]
    ]
    assert texts == ["[Person A]", "[Person A]", "[Person B] and [Person A]", "[Person A]", "[Person A]"]


def test_a_pseudonym_that_stands_there_already_is_not_given_to_somebody_else() -> None:
    assert redactor("pseudonym").redact("[Person A] met Ben").text == "[Person A] met [Person B]"


def test_what_remembers_names_holds_none() -> None:
    keeper = redactor("pseudonym")
    keeper.redact(POST)
    names = keeper._threads["t1"]
    held = repr(names) + repr(names._known) + repr(keeper)
    assert "maria" not in held.lower()


# --- keys ----------------------------------------------------------------------------------------------


def test_the_same_person_has_the_same_hash_under_one_key_only() -> None:
    one = redactor("hash").redact("Maria Lopez / MARIA LOPEZ / M\u200baria Lopez / Ben").text.split(" / ")
    assert one[0] == one[2]
    assert one[0] != one[3]
    other = Redactor(SCREENER, operators="hash", key=KEY + "!").redact("Maria Lopez").text
    assert other != one[0]


@pytest.mark.parametrize("operator", ["hash", "encrypt"])
def test_a_missing_key_says_what_to_do(operator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHIGUARD_KEY", raising=False)
    with pytest.raises(RedactionError, match="PHIGUARD_KEY"):
        redact("Ben", operators=operator, screener=SCREENER)
    monkeypatch.setenv("PHIGUARD_KEY", "short")
    with pytest.raises(RedactionError, match="shorter than 16"):
        redact("Ben", operators=operator, screener=SCREENER)
    monkeypatch.setenv("PHIGUARD_KEY", KEY)
    text = redact("Ben", operators=operator, screener=SCREENER).text
    assert text == redactor("hash").redact("Ben").text or restore(text) == Post(text="Ben")


def test_an_unknown_operator_is_refused_without_its_name() -> None:
    with pytest.raises(RedactionError) as error:
        redact("Ben", operators={"PERSON": "shred-Ben"}, screener=SCREENER)
    assert "Ben" not in str(error.value)


def test_restore_gives_the_post_back() -> None:
    closed = redactor("encrypt").redact(POST).post
    assert restore(closed, key=KEY) == POST
    assert restore("nothing closed", key=KEY) == Post(text="nothing closed")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("PERSON", "HANDLE"),
        lambda text: text[:-5] + "bbbb>",
        lambda text: text[:-4] + ">",
        lambda text: "<PERSON:aes:b>" + text,
        lambda text: "<PERSON:aes:bcdf>" + text,
    ],
)
def test_a_token_that_was_changed_is_told_by_its_field(spoil: Callable[[str], str]) -> None:
    closed = spoil(redactor("encrypt").redact("Ben").text)
    with pytest.raises(RedactionError, match=r"^text: was not encrypted"):
        restore(closed, key=KEY)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(RedactionError, match=r"^text: was not encrypted"):
        restore(redactor("encrypt").redact("Ben").text, key=KEY + "!")


# --- failing closed ------------------------------------------------------------------------------------


def test_what_could_not_be_looked_at_is_left_out() -> None:
    broken = knowing(Screener(), BrokenSource())
    done = redactor(screener=broken).redact(POST)
    assert set(texts_of(done.post).values()) == {"<TEXT>"}
    assert not done.complete
    assert {gap.what for gap in done.unredacted} >= set(texts_of(POST))
    assert "maria" not in repr(done).lower()


def test_what_is_found_again_and_again_is_left_out() -> None:
    class Endless(FakeSource):
        def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
            end = len(text) - 1 if text.endswith("!") else len(text)
            at = text.rfind("x", 0, end)
            return [Entity(at, at + 1, "PERSON", 1.0, "e")] if "PERSON" in labels and at >= 0 else []

    done = redactor(screener=knowing(Screener(), Endless())).redact("x" * 20)
    assert done.text == "<TEXT>"
    assert [gap.what for gap in done.unredacted] == ["text"]
    assert redactor(screener=knowing(Screener(), Endless())).redact(done.post).post == done.post


def test_an_image_that_nobody_described_is_not_redacted() -> None:
    done = redactor().redact(Post(text="Hi", media=(Media(),)))
    assert not done.complete


# --- whatever is written -------------------------------------------------------------------------------

_PIECES = [
    *PEOPLE, *DISGUISED, "Maria's", "#PrayForMaria", "@maria_l", "MRN 00483912", "her email", "call her at", "our patient",
    "<PERSON>", "<SMITH>", "[Person A]", "<PHI>", "****", "😀", "👩‍⚕️", "💉", ".", ",", "\n", "İ", "\ud800", "é", "May 3", "(", "<", "[",
]  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=10).map(" ".join),
    st.lists(st.sampled_from(_PIECES), max_size=8).map("".join),
    st.text(max_size=30),
)
posts = st.builds(
    Post,
    text=texts,
    reply_to=st.none()
    | st.builds(Parent, text=texts, author=st.none() | texts, author_name=st.none() | texts),
    media=st.lists(st.builds(Media, alt_text=st.none() | texts), max_size=1).map(tuple),
)


@settings(max_examples=150)
@given(posts, st.sampled_from(LEAVING))
def test_redacting_any_post_twice_changes_nothing(post: Post, operator: str) -> None:
    keeper = redactor(operator)
    done = keeper.redact(post)
    again = keeper.redact(done.post)
    assert again.post == done.post
    for field, text in texts_of(done.post).items():
        found = SCREENER.entities(Post(text=text)) if not field.endswith(("author", "author_name")) else ()
        taken = placeholders(text)
        for _, entity in found:
            if entity.label != "DATE_TIME" and text[entity.start : entity.end].isalnum():
                assert any(low < entity.end and entity.start < high for low, high in taken)


@settings(max_examples=100)
@given(posts)
def test_any_post_comes_back(post: Post) -> None:
    done = redactor("encrypt").redact(post)
    if done.complete or all(gap.what.startswith("media") for gap in done.unredacted):
        assert restore(done.post, key=KEY) == post


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["😀", "𝒳", "a", " "]), max_size=8).map("".join), st.sampled_from(LEAVING))
def test_places_are_code_points(before: str, operator: str) -> None:
    post = Post(text=f"{before} 212-555-0147 {before}")
    done = redactor(operator).redact(post)
    assert [(item.label, item.start) for item in done.items] == [("PHONE_NUMBER", len(before) + 1)]
    assert done.text[done.items[0].end :] == f" {before}"


# --- nothing of it is told -----------------------------------------------------------------------------


@pytest.mark.parametrize("operator", LEAVING)
def test_no_log_and_no_repr_holds_an_identifier(operator: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    done = redactor(operator).redact(POST)
    if operator == "encrypt":
        restore(done.post, key=KEY)
    told = (caplog.text + repr(done) + repr(done.items) + msgspec.json.encode(done.items).decode()).lower()
    assert [one for one in IDENTIFIERS if one in told and one not in {"219", "555"}] == []


def test_presidio_is_imported_only_when_something_is_redacted() -> None:
    code = (
        "import sys, phiguard.redaction, phiguard.cli.redact; from phiguard.redaction.presidio import import_anonymizer\n"
        "assert not any(name.startswith('presidio_') for name in sys.modules)\n"
        "import_anonymizer(); import phiguard.redaction.operators\n"
        "assert not {'spacy', 'presidio_analyzer'} & set(sys.modules)\n"
        "import presidio_analyzer.llm_utils.azure_auth_helper  # still there for who wants it\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- the command ---------------------------------------------------------------------------------------


class Answer(msgspec.Struct):
    code: int
    out: str
    err: str


Ask = Callable[..., Answer]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Ask:
    monkeypatch.setattr(phiguard.cli.line, "make_screener", lambda *_: SCREENER)
    monkeypatch.delenv("PHIGUARD_KEY", raising=False)
    monkeypatch.chdir(tmp_path)

    def ask(*arguments: str | Path, stdin: str | bytes = b"") -> Answer:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
        code = cli.run(["redact", *map(str, arguments)])
        out, err = capfdbinary.readouterr()
        return Answer(int(code), out.decode(), err.decode())

    return ask


def jsonl(path: Path, *records: object) -> Path:
    path.write_text("".join(one if isinstance(one, str) else json.dumps(one) + "\n" for one in records))
    return path


def lines(out: str) -> Iterable[object]:
    return [json.loads(one) for one in out.splitlines()]


def test_a_text_comes_out_as_text(ask: Ask) -> None:
    assert ask("Ben 😀 was here") == Answer(Exit.CLEAN, "<PERSON> 😀 was here\n", "")
    assert ask("-", stdin="Ben\nwas here\n") == Answer(Exit.CLEAN, "<PERSON>\nwas here\n", "")
    assert ask("--operator", "mask", "Ben") == Answer(Exit.CLEAN, "***\n", "")
    assert ask("Ben", "--operator", "person=pseudonym", "--operator", "mask").out == "[Person A]\n"


def test_json_lines_come_out_with_their_fields(ask: Ask, tmp_path: Path) -> None:
    record = {
        "id": 7, "text": "Ben", "platform": "x", "posted_at": "2026-05-01T09:30:00Z", "links": ["https://b.com"],
        "reply_to": {"text": "Maria", "author": None}, "media": [{"alt_text": "Zoe", "kind": "image"}],
    }  # fmt: skip
    answer = ask(jsonl(tmp_path / "a.jsonl", record))
    assert answer.code == Exit.CLEAN
    assert lines(answer.out) == [
        {
            **record,
            "text": "<PERSON>",
            "links": ["<URL>"],
            "reply_to": {"text": "<PERSON>", "author": None},
            "media": [{"alt_text": "<PERSON>", "kind": "image"}],
        }
    ]
    assert list(json.loads(answer.out)) == list(record)
    piped = ask("-", stdin=json.dumps(record))
    assert piped.out == answer.out


def test_fields_that_are_not_known_are_left_out_unless_named(ask: Ask, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"text": "Hi", "customer": "Ben", "likes": 3})
    answer = ask(path, "--keep-field", "likes")
    assert lines(answer.out) == [{"text": "Hi", "likes": 3}]
    assert "customer" in answer.err
    assert "Ben" not in answer.err


def test_items_are_added_if_wanted(ask: Ask, tmp_path: Path) -> None:
    answer = ask(jsonl(tmp_path / "a.jsonl", {"text": "Oh Ben"}), "--items")
    assert lines(answer.out)[0]["redacted"] == [
        {"field": "text", "start": 3, "end": 11, "label": "PERSON", "operator": "replace"}
    ]


def test_records_that_cannot_be_read_are_told_by_their_place(ask: Ask, tmp_path: Path) -> None:
    bad = [
        '{"text": "Ben"\n',
        {"id": "Ben"},
        '["Ben"]\n',
        {"text": "Ben", "platform": "Ben"},
        {"text": "Zoe"},
    ]
    answer = ask(jsonl(tmp_path / "a.jsonl", *bad))
    assert answer.code == Exit.NOT_SCREENED
    out = lines(answer.out)
    assert [one.get("line") for one in out] == [1, 2, 3, 4, None]
    assert out[-1] == {"text": "<PERSON>"}
    assert "Ben" not in answer.out + answer.err
    assert "a.jsonl:1: is not JSON" in answer.err


def test_plain_text_goes_line_by_line(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"Ben\n\nMaria \xff\nZo\xc3\xab\n")
    answer = ask(path)
    assert (answer.code, answer.out) == (Exit.NOT_SCREENED, "<PERSON>\n\n\n<PERSON>\n")
    assert "a.txt:3: is not UTF-8" in answer.err


def test_pseudonyms_hold_through_a_file(ask: Ask, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *({"text": text, "thread": "t"} for text in ("Ben", "Zoe and Ben")))
    answer = ask(path, "--operator", "pseudonym")
    assert [one["text"] for one in lines(answer.out)] == ["[Person A]", "[Person B] and [Person A]"]


def test_closed_and_opened_again(ask: Ask, tmp_path: Path) -> None:
    key = tmp_path / "team.key"
    key.write_text(KEY + "\n")
    posts = [
        {"text": "Ben 😀 \ud83d", "id": "1"},
        {"text": "Maria", "reply_to": {"text": "Zoë", "author": "zz"}},
    ]
    closed = ask(jsonl(tmp_path / "a.jsonl", *posts), "--operator", "encrypt", "--key-file", key)
    assert "Ben" not in closed.out
    (tmp_path / "b.jsonl").write_text(closed.out)
    opened = ask(tmp_path / "b.jsonl", "--restore", "--key-file", key)
    assert lines(opened.out) == posts
    assert opened.code == Exit.CLEAN
    key.write_text("another key, long enough")
    refused = ask(tmp_path / "b.jsonl", "--restore", "--key-file", key)
    assert refused.code == Exit.NOT_SCREENED
    assert [one["type"] for one in lines(refused.out)] == ["error", "error"]
    assert "b.jsonl:1: text: was not encrypted with this key" in refused.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Ben", "--operator", "shred"), "one of: replace"),
        (("Ben", "--operator", "PERSON=Ben"), "one of: replace"),
        (("Ben", "--operator", "hash"), "PHIGUARD_KEY"),
        (("Ben", "--restore"), "PHIGUARD_KEY"),
        (("ben.jsonl",), "ben.jsonl: no such file"),
        (("Ben", "was", "here"), "quotation marks"),
        (("--shred",), "No such option"),
    ],
)
def test_what_cannot_be_done_is_said(ask: Ask, arguments: tuple[str, ...], told: str) -> None:
    answer = ask(*arguments)
    assert answer.code == Exit.USAGE
    assert answer.out == ""
    assert re.search(told, answer.err)
    assert "Ben" not in answer.err


def test_a_file_of_another_form_is_refused(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\nBen\n")
    answer = ask(tmp_path / "a.csv")
    assert answer.code == Exit.USAGE
    assert "--input-format" in answer.err


def test_a_defect_tells_no_text(ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(phiguard.cli.line, "make_screener", lambda *_: knowing(Screener(), BrokenSource()))
    answer = ask(jsonl(tmp_path / "a.jsonl", {"text": "zq7canary Ben", "author": "zq7canary"}))
    assert answer.code == Exit.NOT_SCREENED
    assert "zq7canary" not in answer.out + answer.err


def test_unique_words_come_out_nowhere(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Canaries(FakeSource):
        def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
            found = [Entity(*match.span(), "PERSON", 1.0, "c") for match in re.finditer(r"Zq\d+canary", text)]
            if "breaks" in text:
                raise ValueError(text)
            return found if "PERSON" in labels else []

    guard = knowing(Screener(), Canaries())
    monkeypatch.setattr(phiguard.cli.line, "make_screener", lambda *_: guard)
    caplog.set_level(logging.DEBUG)
    records: list[object] = []
    for number in range(45):
        name = f"Zq{number}canary"
        records += [
            {
                "text": f"{name} and {name.upper()} #{name} @{name}",
                "author": name,
                "direction": "inbound_comment",
            },
            {"text": "Hi", "reply_to": {"text": name, "author_name": name}, name: name, "customer": name},
            {"text": f"breaks {name}", "platform": "x"},
            {"text": name, "platform": name},
            f'{{"text": "{name}"\n',
        ]
    path = jsonl(tmp_path / "a.jsonl", *records)
    for options in ((), ("--operator", "pseudonym", "--items"), ("--operator", "mask"), ("--restore",)):
        monkeypatch.setenv("PHIGUARD_KEY", KEY)
        answer = ask(path, *options)
        assert answer.code == Exit.NOT_SCREENED
        told = answer.err if "--restore" in options else answer.out + answer.err
        assert "canary" not in told.lower()
    assert "canary" not in caplog.text.lower()


def test_the_answer_is_frozen_and_knows_its_text() -> None:
    done = redactor().redact("Ben")
    assert isinstance(done, Redacted)
    assert done.text == text_of(done.post, "text") == "<PERSON>"
    with pytest.raises(AttributeError):
        done.items = ()  # type: ignore[misc]


def test_the_same_key_gives_the_same_token_in_any_run_and_another_key_another() -> None:
    post = Post(text="Zoe Roe, 219-09-9999, called.")
    one = redact(post, operators="encrypt", key=KEY, screener=SCREENER)
    again = redact(post, operators="encrypt", key=KEY, screener=SCREENER)
    other = redact(post, operators="encrypt", key=KEY + "!", screener=SCREENER)
    assert one.text == again.text != other.text
    assert restore(one.post, key=KEY) == post
    with pytest.raises(RedactionError, match="not encrypted with this key"):
        restore(one.post, key=KEY + "!")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("He fell three weeks ago.", "He fell <DATE_TIME>."),
        ("She was seen the day before yesterday.", "She was seen <DATE_TIME>."),
        ("The stroke was last Thanksgiving.", "The stroke was <DATE_TIME>."),
        ("We met in the spring of 2019.", "We met in <DATE_TIME>."),
        ("Well into her nineties and dancing.", "<AGE_OVER_89> and dancing."),
        ("A nonagenarian wrote it.", "A <AGE_OVER_89> wrote it."),
        ("Someone aged 101 wrote it.", "Someone aged <AGE_OVER_89> wrote it."),
        ("We are open tonight and next Friday.", "We are open tonight and next Friday."),
        ("A 34-year-old Irish cook wrote it.", "A 34-year-old Irish cook wrote it."),
        ("It was the nineties, and 100 people danced.", "It was the nineties, and 100 people danced."),
    ],
)
def test_dates_past_and_ages_over_89_go_and_what_points_at_nobody_stays(text: str, redacted: str) -> None:
    assert redact(text, screener=DETAILED).text == redacted


def test_an_age_goes_where_an_operator_names_it() -> None:
    done = redact("A 34-year-old cook wrote it.", operators={"AGE": "replace"}, screener=DETAILED)
    assert done.text == "A <AGE> cook wrote it."


@pytest.mark.parametrize(
    ("name", "label"), [("the FDA", ""), ("#CDC", ""), ("Facebook", ""), ("Tarrow Dental", "ORGANIZATION")]
)
def test_agencies_and_platforms_are_left(name: str, label: str) -> None:
    assert label_of(Entity(0, len(name), "ORGANIZATION", 0.85, "phiguard"), name) == label


def test_the_package_offers_redaction_without_importing_it() -> None:
    code = (
        "import sys, phiguard; assert 'phiguard.redaction' not in sys.modules; "
        "print(phiguard.redact.__module__, phiguard.Redactor.__name__, phiguard.restore.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["phiguard.redaction.redactor", "Redactor", "restore"]

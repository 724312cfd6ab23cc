"""Safety tickets: the four elements, and nothing of the person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from phiguard.adverse import ELEMENTS, AdverseReader, Ticket, is_report, ticketed, told
from phiguard.cli import run
from phiguard.model import Post, Route
from phiguard.rules import RuleSet, assemble
from phiguard.screener import Screener


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


@pytest.fixture(scope="module")
def reader(screener: Screener) -> AdverseReader:
    return AdverseReader(screener.rules)


def comment(text: str, **fields: object) -> Post:
    return Post(text=text, direction="inbound_comment", **fields)  # type: ignore[arg-type]


def test_a_complete_report_has_all_four_elements(reader: AdverseReader) -> None:
    ticket = reader.ticket(comment("My mom broke out in hives on lisinopril", author="sunny88"))
    assert ticket is not None
    assert (ticket.patient, ticket.reporter, ticket.product) == (True, True, "lisinopril")
    assert "hives" in ticket.events
    assert ticket.completeness == 1
    assert ticket.missing == ()


@pytest.mark.parametrize(
    ("text", "fields", "missing"),
    [
        ("I got hives from lisinopril", {}, ("reporter",)),
        ("I got hives from the new pill", {"author": "sunny88"}, ("product",)),
        ("hives, lisinopril", {"author": "sunny88"}, ("patient",)),
        ("I take lisinopril", {"author": "sunny88"}, ("event",)),
        ("Good morning", {}, ELEMENTS),
    ],
)
def test_what_is_missing_is_named(
    reader: AdverseReader, text: str, fields: dict[str, object], missing: tuple[str, ...]
) -> None:
    ticket = reader.ticket(comment(text, **fields))
    assert ticket is not None
    assert ticket.missing == missing
    assert ticket.completeness == 1 - len(missing) / 4


@pytest.mark.parametrize(
    ("written", "known"), [("zolof", "zoloft"), ("lisinipril", "lisinopril"), ("munjaro", "mounjaro")]
)
def test_a_misspelt_name_gets_its_usual_spelling(reader: AdverseReader, written: str, known: str) -> None:
    ticket = reader.ticket(comment(f"{written} made me so dizzy"))
    assert ticket is not None
    assert ticket.product == known


def test_what_nobody_named_has_a_kind(reader: AdverseReader) -> None:
    ticket = reader.ticket(comment("my insulin pump leaked all night"))
    assert ticket is not None
    assert (ticket.product, ticket.product_kind, ticket.event) == (None, "insulin pump", "leaked")


def test_the_product_of_the_metadata_counts(reader: AdverseReader) -> None:
    ticket = reader.ticket(comment("I fainted after one dose", product="Examplin"))
    assert ticket is not None
    assert ticket.product == "Examplin"


@pytest.mark.parametrize(
    ("text", "serious"),
    [
        ("Ended up in the ER with hives from penicillin", True),
        ("my uncle died after the infusion", True),
        ("A mild rash from penicillin", False),
    ],
)
def test_serious_outcomes_are_marked(reader: AdverseReader, text: str, *, serious: bool) -> None:
    ticket = reader.ticket(comment(text))
    assert ticket is not None
    assert ticket.serious is serious


def test_only_a_found_event_gets_a_ticket(screener: Screener, reader: AdverseReader) -> None:
    report = comment("Been on Zoloft two months and the night sweats are unreal")
    praise = comment("Zoloft and your nurses saved my life")
    assert is_report(screener.screen(report))
    assert reader.ticket(report, screener.screen(report)) is not None
    assert reader.ticket(praise, screener.screen(praise)) is None


def test_a_ticket_holds_nothing_of_the_person(reader: AdverseReader) -> None:
    post = comment(
        "It's Odessa Trell, 212-555-0147: xanax gave me a rash, zanzibar quince",
        author="odessa_t",
        author_name="Odessa Trell",
    )
    ticket = reader.ticket(post)
    assert ticket is not None
    told = msgspec.json.encode(ticket).decode().lower() + repr(ticket).lower() + repr(reader).lower()
    for secret in ("odessa", "trell", "555", "0147", "zanzibar", "quince"):
        assert secret not in told


def test_a_ticket_survives_the_wire(reader: AdverseReader) -> None:
    ticket = reader.ticket(comment("Tylenol gave me a rash"))
    assert msgspec.json.decode(msgspec.json.encode(ticket), type=Ticket) == ticket


def test_a_long_text_is_read_in_one_pass(reader: AdverseReader) -> None:
    ticket = reader.ticket(comment("dizzy " * 20_000 + "xanax"))
    assert ticket is not None
    assert (ticket.product, ticket.events) == ("xanax", ("dizzy",))


# --- on the route ----------------------------------------------------------------------------------------

REPORT = comment(
    "It's Odessa Trell, 212-555-0147: xanax gave me a rash and I ended up in the ER, zanzibar quince",
    author="odessa_t",
    author_name="Odessa Trell",
    id="odessa/1",
)


def test_a_screening_carries_the_ticket_on_the_route_of_the_report(screener: Screener) -> None:
    screening = screener.screen(REPORT)
    tickets = {route.queue: route.ticket for route in screening.routes}
    ticket = tickets["adverse_event"]
    assert ticket is not None
    assert (ticket.product, ticket.serious, ticket.missing, ticket.completeness) == ("xanax", True, (), 1.0)
    assert [queue for queue, one in tickets.items() if one is not None] == ["adverse_event"]
    assert all(finding.route is None or finding.route.ticket is None for finding in screening)
    assert screener.screen("Xanax can cause a rash.").routes == ()


def test_the_rules_in_use_name_the_products() -> None:
    routes = (Route(queue="adverse_event", within="24 hours", rule="FDA-25.effect"),)
    (shipped,) = ticketed(routes, comment("xanax gave me a rash"))
    (own,) = ticketed(routes, comment("grumpkin gave me a rash"), _rules_with("grumpkin"))
    assert shipped.ticket is not None
    assert own.ticket is not None
    assert (shipped.ticket.product, own.ticket.product) == ("xanax", "grumpkin")
    other = (Route(queue="complaint", within="4 hours", rule="CMT-06"),)
    assert ticketed(other, comment("xanax gave me a rash")) == other


def _rules_with(medicine: str) -> RuleSet:
    rule = (
        "rules:\n  - {id: T-01, kind: phrase, title: T, category: community, severity: low, message: M, why: W,"
        f" source: S, fix: F, phrases: [{medicine}], flags: [{medicine}], passes: [no]}}\n"
    )
    return assemble([("t.yaml", f"{rule}lexicons:\n  medicine_name: {{terms: [{medicine}]}}\n".encode())])


@pytest.mark.parametrize("form", ["json", "jsonl", "text"])
def test_what_is_written_tells_the_ticket_and_no_word_of_the_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    path = tmp_path / "comments.jsonl"
    path.write_bytes(msgspec.json.encode(REPORT) + b"\n")
    run(["scan", str(path), "--format", form])
    captured = capsys.readouterr()
    out = captured.out
    if form == "text":
        assert "safety ticket: 4 of 4 known (product: xanax; event: rash" in out
    else:
        record = json.loads(out)
        (record,) = record if isinstance(record, list) else [record]
        (route,) = [one for one in record["routes"] if "ticket" in one]
        assert route["ticket"]["product"] == "xanax"
        assert route["ticket"]["patient"] is True
        del record["id"]  # the writer of the file gave it
        out = json.dumps(record)
    assert "1 safety ticket, 1 serious; all of them complete" in captured.err
    for secret in ("trell", "555", "0147", "zanzibar", "quince"):
        assert secret not in (out + captured.err).lower()


def test_the_summary_tells_what_is_still_to_be_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "comments.jsonl"
    posts = [
        comment("xanax gave me a rash"),
        comment("Been on Zoloft two months and the night sweats are unreal"),
    ]
    path.write_bytes(b"".join(msgspec.json.encode(post) + b"\n" for post in posts))
    run(["scan", str(path)])
    out = capsys.readouterr().out
    assert "2 safety tickets; still to be asked for:" in out
    assert "reporter 2" in out


def test_a_ticket_in_one_line() -> None:
    ticket = Ticket(patient=False, reporter=False, missing=ELEMENTS, completeness=0.0)
    assert (
        told(ticket)
        == "safety ticket: 0 of 4 known; ask in private for the patient, reporter, product, event"
    )


def test_a_ticket_survives_arrow(screener: Screener) -> None:
    pytest.importorskip("pyarrow")
    from phiguard.arrow import screen_batches, screenings_of  # noqa: PLC0415

    (answers,) = screen_batches([_batch(REPORT)], screener=screener)
    (found,) = screenings_of(answers)
    assert found.routes == screener.screen(REPORT).routes


def _batch(post: Post) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    row = {"text": post.text, "id": post.id, "direction": post.direction, "author": post.author}
    return pa.RecordBatch.from_pylist([row])

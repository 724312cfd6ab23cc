"""Safety tickets: the four elements, and nothing of the person."""

from __future__ import annotations

import msgspec
import pytest

from phiguard.adverse import ELEMENTS, AdverseReader, Ticket, is_report
from phiguard.model import Post
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

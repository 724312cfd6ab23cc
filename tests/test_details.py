"""Details: addresses, codes, cards, phones, ages, dates and peoples, each in many forms, and what only looks like one."""

from __future__ import annotations

import time

import pytest

from phiguard.entities.details import KINDS, Details
from phiguard.screener import Screener

DETAILS = Details()
ALL = frozenset({"DETAIL"})


def labels_in(text: str) -> set[tuple[str, str]]:
    return {(one.label, text[one.start : one.end]) for one in DETAILS.find(text, ALL)}


@pytest.mark.parametrize(
    "address",
    [
        "12 Cinder Lane",
        "4410 N. Wexford Ave., Unit 4, Tarrow, OR 97099",
        "4 rue des Peupliers, Lyon 69003",
        "Via Garzetta 12",
        "Lindenweg 14",
        "Kaarnakatu 9",
        "Hársfa utca 98.",
        "C/ Olmedo 31",
        "PO Box 5512",
        "971 Kesk 53, Suite 343",
        "PSC 1204, Box 9911\nAPO AE 09012",
        "the corner of Elder Street and Third Avenue",
        "88 old mill road",
        "31b Sorrel Close",
    ],
)
def test_addresses(address: str) -> None:
    text = f"She moved to {address} and likes it."
    found = [one for one in DETAILS.find(text, ALL) if one.label == "STREET_ADDRESS"]
    covered = {at for one in found for at in range(one.start, one.end)}
    start = text.index(address)
    missed = [
        text[at] for at in range(start, start + len(address)) if at not in covered and text[at].isalnum()
    ]
    assert not missed


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("ZIP: 97099-1203", "ZIP", "97099-1203"),
        ("postcode is EX4 9ZZ", "ZIP", "EX4 9ZZ"),
        ("my card 501800000012 was declined", "CREDIT_CARD", "501800000012"),
        ("mobile: 555 0142 11", "PHONE_NUMBER", "555 0142 11"),
        ("212-555-0142 ext. 12", "PHONE_NUMBER", "212-555-0142 ext. 12"),
        ("I just turned 47.", "AGE", "47"),
        ("a 34-year-old man", "AGE", "34-year-old"),
        ("58 y/o with asthma", "AGE", "58 y/o"),
        ("turned ninety one", "AGE_OVER_89", "ninety one"),
        ("aged 101", "AGE_OVER_89", "101"),
        ("97 years young", "AGE_OVER_89", "97 years young"),
        ("well into her nineties", "AGE_OVER_89", "her nineties"),
        ("a nonagenarian", "AGE_OVER_89", "nonagenarian"),
        ("just shy of 100", "AGE_OVER_89", "just shy of 100"),
        ("proud Slovenians", "NRP", "Slovenians"),
        ("seen on Tuesday morning", "DATE_TIME", "Tuesday"),
        ("he fell three weeks ago", "DATE_TIME", "three weeks ago"),
        ("the day before yesterday", "DATE_TIME", "the day before yesterday"),
        ("home by last Thanksgiving", "DATE_TIME", "last Thanksgiving"),
        ("in the spring of 2019", "DATE_TIME", "the spring of 2019"),
        ("written in 1977", "DATE_TIME", "1977"),
    ],
)
def test_forms(text: str, label: str, value: str) -> None:
    assert any(found == label and value in words for found, words in labels_in(text)), labels_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "We are open 24 hours a day, every Monday.",
        "Our 10 nurses ran 5 miles the other way.",
        "It cost £30m.",
        "Nearly 100 people came.",
        "A classic of the 90s.",
        "Call us now.",
        "The card said get well.",
        "Meet at 5 o'clock sharp on the street.",
        "I may march.",
    ],
)
def test_what_only_looks_like_one(text: str) -> None:
    assert labels_in(text) == set()


def test_asked_for_nothing_it_finds_nothing() -> None:
    assert DETAILS.find("aged 47", frozenset({"PERSON"})) == []


def test_entities_of_a_post_hold_details_under_their_own_labels() -> None:
    found = {entity.label for _, entity in Screener().entities("She is 47 and lives at 12 Cinder Lane.")}
    assert {"AGE", "STREET_ADDRESS"} <= found
    assert "DETAIL" not in found
    assert {"AGE", "STREET_ADDRESS", "NRP"} <= KINDS


def test_a_long_text_takes_no_long() -> None:
    text = "12 " * 4000 + "a b " * 4000 + "1 St " * 2000
    start = time.process_time()
    DETAILS.find(text, ALL)
    assert time.process_time() - start < 3


def test_a_number_in_a_hashtag_is_found_as_it_was_written() -> None:
    found = {
        (entity.start, entity.end) for _, entity in Screener().entities("License #D1234562 lost at the desk")
    }
    assert (9, 17) in found

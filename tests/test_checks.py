"""The named tests of a matched string hold on their sources' examples and on any text."""

from __future__ import annotations

import datetime as dt
import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phiguard import checks, checks_dates, checks_words
from phiguard.checks import CHECKS, DATED_CHECKS


def test_examples_in_the_docstrings_hold() -> None:
    results = [doctest.testmod(module) for module in (checks, checks_dates, checks_words)]
    assert sum(result.attempted for result in results) >= len(CHECKS) + len(DATED_CHECKS)
    assert [result.failed for result in results] == [0, 0, 0]


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_check_has_an_example(name: str) -> None:
    assert ">>>" in (CHECKS[name].__doc__ or "")


@given(st.text(), st.dates())
def test_any_text_gets_an_answer(text: str, today: dt.date) -> None:
    assert {type(check(text)) for check in CHECKS.values()} == {bool}
    assert {type(check(text, today)) for check in DATED_CHECKS.values()} == {bool}


@given(st.integers(1900, 2100))
def test_a_birth_year_counts_from_the_year_of_the_90th_birthday(year: int) -> None:
    check = DATED_CHECKS["birth_year90"]
    assert check(f"born in {year}", dt.date(year + 90, 1, 1))
    assert not check(f"born in {year}", dt.date(year + 89, 12, 31))


@pytest.mark.parametrize("name", sorted(CHECKS))
@pytest.mark.parametrize("text", ["", "\ud800", "\x00", "٣٣٣", "²", "0" * 5000, "-", "a@", "(", "+"])
def test_odd_text_is_no_identifier(name: str, text: str) -> None:
    assert CHECKS[name](text) is (name == "luhn" and len(text) > 1 and set(text) == {"0"})


@given(st.integers(0, 10**9 - 1))
def test_luhn_accepts_exactly_one_check_digit(number: int) -> None:
    assert sum(CHECKS["luhn"](f"{number}{digit}") for digit in range(10)) == 1


@given(st.from_regex(r"\A[12][0-9]{8}\Z"))
def test_npi_has_exactly_one_check_digit(body: str) -> None:
    assert sum(CHECKS["npi"](body + str(digit)) for digit in range(10)) == 1


@given(st.from_regex(r"\A[A-HJ-NPR-Z][A-HJ-NPR-Z0-9]{7}\Z"), st.from_regex(r"\A[A-HJ-NPR-Z0-9]{8}\Z"))
def test_vin_has_exactly_one_check_digit(head: str, tail: str) -> None:
    assert sum(CHECKS["vin"](head + digit + tail) for digit in "0123456789X") == 1


@given(st.from_regex(r"\A[2-8][0-8][2-9]\Z"), st.integers(0, 99))
def test_fictional_numbers_of_any_area_are_phones(area: str, last: int) -> None:
    assert CHECKS["phone"](f"({area}) 555-01{last:02}")
    assert CHECKS["phone"](f"+1 {area}.555.01{last:02}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ssn", "219 09 9999"),
        ("ssn", "219099999"),
        ("phone", "212.555.0147 ext. 12"),
        ("phone", "1 (212) 555-0147"),
        ("phone", "+49 30 901820"),
        ("phone", "555-123-4567"),
        ("email", "a_b@sub.example.co.uk"),
        ("ipv6", "2001:db8:0:0:0:0:2:1"),
        ("zip3", "036"),
        ("zip3", "82301-1234"),
        ("age90", "one hundred and fourth"),
        ("age90", "102nd"),
        ("card", "5555 5555 5555 4444"),
        ("identifier", "A-00483912"),
    ],
)
def test_accepts(name: str, text: str) -> None:
    assert CHECKS[name](text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ssn", "000-12-3456"),
        ("ssn", "219-09-0000"),
        ("ssn", "21-909-99991"),
        ("phone", "5551212"),
        ("phone", "011-5550"),
        ("phone", "291-555-0147"),
        ("phone", "1234567890123"),
        ("personal_phone", "1-855-555-0147"),
        ("email", "jo@example..com"),
        ("email", "@example.com"),
        ("ipv4", "010.1.1.1"),
        ("ipv6", "a::b::c"),
        ("age90", "90210"),
        ("age90", "nine hundred"),
        ("card", "4111111111111112"),
        ("identifier", "appointment"),
    ],
)
def test_refuses(name: str, text: str) -> None:
    assert not CHECKS[name](text)

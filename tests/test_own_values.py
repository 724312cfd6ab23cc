"""What is the organization's own is recognized however it is written, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phiguard.own_values import OwnValues, StaffNames, is_shared_domain, phone_digits

OWN = OwnValues(
    phones=["212-555-0100", "+44 20 7946 0000", "1-800-555-TEAM"],
    emails=["Desk@clinic.test"],
    domains=["www.example.com"],
    addresses=["120 Oak Street, Suite 4, Springfield, IL 62701"],
    identifiers=["NPI 1234567893"],
)


@pytest.mark.parametrize(
    "text",
    [
        "212-555-0100",
        "(212) 555.0100",
        "+1 212 555 0100",
        "12125550100",
        "212\u2010555\u20110100",
        "\uff12\uff11\uff12-555-0100",  # full-width digits
        "212-555-0100 ext. 9",
        "212.555.0100, x12",
        "tel:+12125550100",
        "555-0100",  # the own number without its area code
        "020 7946 0000",
        "0044 20 7946 0000",
        "1-800-555-TEAMWORK",
        "1 (800) 555-8326",
        "desk@clinic.test",
        "mailto:DESK@Clinic.test",
        "anybody@example.com",
        "anybody@mail.example.com",
        "https://www.example.com/care?x=1#y",
        "HTTPS://EXAMPLE.COM",
        "book.example.com",
        "https://user:word@example.com:8443/",
        "120 Oak St",
        "120 oak street, ste 4",
        "Springfield, IL 62701",
        "62701",
        "NPI: 1234567893",
        "1234567893",
    ],
)
def test_own_values_are_recognized(text: str) -> None:
    assert OWN.holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "212-555-0147",
        "312-555-0100",  # the own number in another area
        "5550147",
        "0100",
        "desk@clinic.test.example.org",
        "other@clinic.test",
        "someone@notexample.com",
        "https://example.com.evil.test/",
        "https://example.com@evil.test/",
        "https://evil.test/?next=https://example.com",
        "https://evil.test\\@example.com",
        "121 Oak Street",
        "Oak Street",
        "Springfield",
        "4",
        "62702",
        "1234567894",
    ],
)
def test_other_values_are_not(text: str) -> None:
    assert not OWN.holds(text)


def test_nothing_is_own_where_nothing_is_listed() -> None:
    assert not OwnValues()
    assert not OwnValues().holds("212-555-0100")


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert OWN.holds(text) in {True, False}
    phone_digits(text)


@given(
    st.from_regex(r"\A[2-9]\d{2}5550[1-9]\d{2}\Z"),
    st.sampled_from(["{}-{}-{}", "({}) {}-{}", "{}.{}.{}", "+1 {} {} {}"]),
)
def test_a_phone_number_is_own_in_every_notation_or_in_none(digits: str, notation: str) -> None:
    written = notation.format(digits[:3], digits[3:6], digits[6:])
    assert OwnValues(phones=[digits]).holds(written)
    assert OwnValues(phones=[written]).holds(digits)
    other = str(int(digits) + 1)
    assert not OwnValues(phones=[digits]).holds(other)


@pytest.mark.parametrize("domain", ["gmail.com", "www.Facebook.com", "com", "co.uk"])
def test_domains_that_everybody_uses_are_known(domain: str) -> None:
    assert is_shared_domain(domain)


def test_what_is_own_is_not_shown() -> None:
    assert "212" not in repr(OWN)
    assert repr(StaffNames(["Ana Roe"])) == "StaffNames()"


@pytest.mark.parametrize(
    "name", ["Ana Roe", "ROE", "dr. roe", "Ana B. Roe", "Roe, DDS", "Kim", "Mary-Jo O'Neil"]
)
def test_staff_may_be_named(name: str) -> None:
    assert StaffNames(["Dr. Ana B. Roe, DDS", "Kim", "Mary-Jo O'Neil"]).has(name)


@pytest.mark.parametrize("name", ["", "Dr.", "Ana", "Ben Roe", "Roe Ana", "Kim Lindt"])
def test_others_may_not(name: str) -> None:
    assert not StaffNames(["Dr. Ana B. Roe, DDS", "Kim"]).has(name)

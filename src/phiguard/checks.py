"""Named tests of a matched string: checksums, ranges and shapes that a pattern cannot say."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from phiguard.checks_dates import is_age90, is_birth_year90, is_month_day
from phiguard.checks_words import is_name_after_noun, is_small_place

__all__ = ["CHECKS", "DATED_CHECKS"]

TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
"""NANP area codes that belong to businesses, never to one person (NANPA, toll-free codes)."""

# fmt: off
ZIP3_RESTRICTED = frozenset({
    "036", "059", "063", "102", "202", "203", "204", "205", "369", "556", "692", "753",
    "772", "790", "821", "823", "830", "831", "878", "879", "884", "890", "893",
})
# fmt: on
"""ZIP3 with 20,000 people or fewer in the 2000, 2010 or 2020 census (union, the careful choice)."""

ZIP3_UNASSIGNED = frozenset(["340", *(f"{n:03}" for n in range(90, 99)), *(str(n) for n in range(962, 967))])
"""Military prefixes: not in the census table, so never shown to be large enough."""

VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)

MBI_LETTER = "[AC-HJKMNP-RT-Y]"
"""Letters without S, L, O, I, B, Z, which look like digits."""

MBI = re.compile(
    "[1-9]{L}[0-9{l}][0-9]{L}[0-9{l}][0-9]{L}{L}[0-9][0-9]".format(L=MBI_LETTER, l=MBI_LETTER[1:-1])
)
"""Eleven places: C A AN N A AN N A A N N (CMS, Medicare Beneficiary Identifier format)."""

EMAIL = re.compile(
    r"(?P<local>[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*)"
    r"@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}"
)

RECORD_LINK = re.compile(
    # a path such as patient/88123, or a key such as ?token=ab93f
    r"/[^ ]*(?:patients?|charts?|mrn|records?|results?|encounters?|claims?|members?|visits?|lab-?reports?"
    r"|imaging|studies)[/=_-][a-z]*\d{5}"
    r"|[?&](?:token|auth|session|sid|mrn|patient|patient_?id|pid|ptid|member_?id|dob|ssn|accession"
    r"|access_?key|otp)=[a-z0-9%._~-]{3}",
    re.IGNORECASE,
)


def digits_of(text: str) -> str:
    """The ASCII digits of ``text``, in order."""
    return "".join(c for c in text if c in "0123456789")


def letters_and_digits_of(text: str) -> str:
    """The ASCII letters (as capitals) and digits of ``text``, in order."""
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def is_luhn(text: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1, annex B).

    >>> is_luhn("4111 1111 1111 1111"), is_luhn("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(c) for c in digits_of(text)]
    doubled = [d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2]]
    return len(digits) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_card(text: str) -> bool:
    """Whether it is a payment card: Luhn, and the length and first digits of a large network.

    >>> is_card("4111-1111-1111-1111"), is_card("1234 5678 9012 3452")
    (True, False)
    """
    digits = digits_of(text)
    shape = r"4\d{12}(\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(011|5\d\d)\d{12}"
    return re.fullmatch(shape, digits) is not None and is_luhn(digits)


def is_ssn(text: str) -> bool:
    """Whether the Social Security Administration could have given it as a number.

    Never given: area 000, 666 and 900-999, group 00, serial 0000 (SSA, randomization of 2011).

    >>> is_ssn("219-09-9999"), is_ssn("666-09-9999"), is_ssn("219-00-9999"), is_ssn("912-45-6789")
    (True, False, False, False)
    """
    digits = digits_of(text)
    if len(digits) != 9:
        return False
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def is_npi(text: str) -> bool:
    """Whether it is a National Provider Identifier: ten digits, Luhn after the prefix 80840 (45 CFR 162.406).

    >>> is_npi("1234567893"), is_npi("1234567890"), is_npi("3234567892")
    (True, False, False)
    """
    digits = digits_of(text)
    return len(digits) == 10 and digits[0] in "12" and is_luhn("80840" + digits)


def is_dea(text: str) -> bool:
    """Whether it is a DEA registration: two letters (or letter and 9), six digits and a check digit.

    >>> is_dea("AB1234563"), is_dea("AB1234564")
    (True, False)
    """
    plain = letters_and_digits_of(text)
    if re.fullmatch(r"[A-Z][A-Z9]\d{7}", plain) is None:
        return False
    digits = [int(c) for c in plain[2:]]
    total = digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])
    return total % 10 == digits[6]


def is_mbi(text: str) -> bool:
    """Whether it has the form of a Medicare Beneficiary Identifier; it has no check digit (CMS).

    >>> is_mbi("1EG4-TE5-MK73"), is_mbi("1eg4te5mk73"), is_mbi("1SG4-TE5-MK73"), is_mbi("0EG4-TE5-MK73")
    (True, True, False, False)
    """
    return MBI.fullmatch(letters_and_digits_of(text)) is not None


def is_vin(text: str) -> bool:
    """Whether it is a vehicle identification number with a right check digit (49 CFR 565.15).

    >>> is_vin("1M8GDM9AXKP042788"), is_vin("1M8GDM9A1KP042788"), is_vin("IOQGDM9AXKP042788")
    (True, False, False)
    """
    plain = letters_and_digits_of(text)
    if re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", plain) is None or plain.isdigit():
        return False  # 17 digits alone are a number of some shop or site
    values = (int(c) if c.isdigit() else VIN_VALUES[c] for c in plain)
    remainder = sum(v * w for v, w in zip(values, VIN_WEIGHTS, strict=True)) % 11
    return plain[8] == ("X" if remainder == 10 else str(remainder))


def is_gtin(text: str) -> bool:
    """Whether it is a trade item number (8, 12, 13 or 14 digits, mod 10), as in a device's UDI (GS1).

    >>> is_gtin("(01)00614141007349"), is_gtin("00614141007348")
    (False, False)
    >>> is_gtin("00614141007349")
    True
    """
    digits = digits_of(text)
    if len(digits) not in {8, 12, 13, 14}:
        return False
    body = [int(c) for c in digits[-2::-1]]
    return (sum(body[::2]) * 3 + sum(body[1::2]) + int(digits[-1])) % 10 == 0


def is_udi(text: str) -> bool:
    """Whether it holds a device identifier ``(01)`` with a right check digit (21 CFR 830, GS1 form).

    >>> is_udi("(01)00614141007349(21)A12B"), is_udi("(01)00614141007340(21)A12B")
    (True, False)
    """
    found = re.search(r"\(01\) ?(\d{14})", text)
    return found is not None and is_gtin(found[1])


def is_phone(text: str) -> bool:
    """Whether it can be a phone number.

    NANP with 10 digits (or 11 with a 1): area and exchange begin with 2-9 and are no N11 code; the fictional
    555-01xx and area 555 pass, directory assistance (555-1212) does not. Seven digits: the exchange alone.
    With a plus and another country: 8 to 15 digits (ITU-T E.164). Letters (extensions) are cut off.

    >>> is_phone("(212) 555-0147"), is_phone("+44 20 7946 0018"), is_phone("555-0147")
    (True, True, True)
    >>> is_phone("112-555-0147"), is_phone("212-911-0147"), is_phone("212-555-1212"), is_phone("12-34")
    (False, False, False, False)
    """
    number = re.split(r"(?i)\s*(?:e?xt?|#)", text.strip().lstrip("(["), maxsplit=1)[0]
    digits = digits_of(number)
    if number.startswith("+") and not digits.startswith("1"):
        return 8 <= len(digits) <= 15 and digits[:1] != "0"
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) == 7:
        return is_exchange(digits[:3]) and digits != "5551212"
    if len(digits) != 10 or digits[3:] == "5551212" or digits[1:3] == "11" or digits[1] == "9":
        return False
    return digits[0] in "23456789" and (is_exchange(digits[3:6]) or digits[:3] == "555")


def is_exchange(digits: str) -> bool:
    """Whether three digits can be the middle of a NANP number: 2-9 first, no N11 (NANPA)."""
    return digits[0] in "23456789" and digits[1:] != "11"


def is_personal_phone(text: str) -> bool:
    """Whether it can be a person's phone: `is_phone` without toll-free and premium (900) area codes.

    >>> is_personal_phone("212-555-0147"), is_personal_phone("1-800-555-0147")
    (True, False)
    """
    if not is_phone(text):
        return False
    digits = digits_of(text)
    if len(digits) in {10, 11} and not (text.strip().startswith("+") and digits[0] != "1"):
        area = digits[-10:-7]
        return area not in TOLL_FREE and area != "900"
    return True


def is_email(text: str) -> bool:
    """Whether it is an e-mail address as people have them (RFC 5321 without quotes and address literals).

    >>> is_email("jo.lee+news@mail.example.com"), is_email("jo..lee@example.com"), is_email("jo@example")
    (True, False, False)
    """
    found = EMAIL.fullmatch(text.strip().lower())
    return found is not None and len(found["local"]) <= 64 and len(text) <= 254


def is_ipv4(text: str) -> bool:
    """Whether it is an IPv4 address that names a machine: not 0.0.0.0, loopback, multicast or broadcast.

    >>> is_ipv4("203.0.113.7"), is_ipv4("203.0.113.700"), is_ipv4("127.0.0.1"), is_ipv4("1.2.3")
    (True, False, False, False)
    """
    try:
        address = ipaddress.IPv4Address(text.strip())
    except ValueError:
        return False
    return not (
        address.is_loopback
        or address.is_multicast
        or address.is_unspecified
        or str(address) == "255.255.255.255"
    )


def is_ipv6(text: str) -> bool:
    """Whether it is an IPv6 address that names a machine (RFC 4291): not ``::``, ``::1`` or multicast.

    >>> is_ipv6("2001:db8::8a2e:370:7334"), is_ipv6("::1"), is_ipv6("12:30"), is_ipv6("1::2::3")
    (True, False, False, False)
    """
    try:
        address = ipaddress.IPv6Address(text.strip().strip("[]"))
    except ValueError:
        return False
    return not (address.is_loopback or address.is_multicast or address.is_unspecified)


def is_restricted_zip(text: str) -> bool:
    """Whether the first three digits of a ZIP code must become 000 (45 CFR 164.514(b)(2)(i)(B)).

    >>> is_restricted_zip("82301"), is_restricted_zip("036"), is_restricted_zip("10001")
    (True, True, False)
    """
    digits = digits_of(text)
    return len(digits) in {3, 5, 9} and digits[:3] in ZIP3_RESTRICTED | ZIP3_UNASSIGNED


def is_zip(text: str) -> bool:
    """Whether it has the form of a five- or nine-digit ZIP code, 00501 at least (USPS).

    >>> is_zip("59301"), is_zip("59301-1234"), is_zip("00000"), is_zip("593")
    (True, True, False, False)
    """
    return re.fullmatch(r"\d{5}(?:[- ]?\d{4})?", text.strip()) is not None and digits_of(text)[:5] >= "00501"


def is_record_link(text: str) -> bool:
    """Whether it is a part of a link that leads into one person's record: an id in the path, or a key.

    >>> is_record_link("/patient/88123"), is_record_link("?token=ab93f"), is_record_link("?page=ab93f")
    (True, True, False)
    """
    return RECORD_LINK.search(text) is not None


def is_identifier(text: str) -> bool:
    """Whether it looks like a number that a register gave: 5 to 20 signs, at least half of them digits.

    >>> is_identifier("00483912"), is_identifier("XJH884213907"), is_identifier("number"), is_identifier("2024")
    (True, True, False, False)
    """
    plain = letters_and_digits_of(text)
    return 5 <= len(plain) <= 20 and sum(c.isdigit() for c in plain) * 2 >= len(plain)


def is_itin(text: str) -> bool:
    """Whether it is an Individual Taxpayer Identification Number: 9, and groups 50-65, 70-88, 90-92, 94-99 (IRS).

    >>> is_itin("912-70-1234"), is_itin("912-69-1234"), is_itin("219-70-1234")
    (True, False, False)
    """
    digits = digits_of(text)
    if len(digits) != 9 or digits[0] != "9":
        return False
    group = int(digits[3:5])
    return 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or group >= 94


def is_imei(text: str) -> bool:
    """Whether it is the number of a mobile phone: 15 digits with a Luhn digit (3GPP TS 23.003).

    >>> is_imei("49-015420-323751-8"), is_imei("490154203237519")
    (True, False)
    """
    digits = digits_of(text)
    return len(digits) == 15 and len(set(digits)) > 1 and is_luhn(digits)


CHECKS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "age90": is_age90,
        "card": is_card,
        "dea": is_dea,
        "email": is_email,
        "gtin": is_gtin,
        "identifier": is_identifier,
        "imei": is_imei,
        "ipv4": is_ipv4,
        "ipv6": is_ipv6,
        "itin": is_itin,
        "luhn": is_luhn,
        "mbi": is_mbi,
        "month_day": is_month_day,
        "name_after_noun": is_name_after_noun,
        "npi": is_npi,
        "personal_phone": is_personal_phone,
        "phone": is_phone,
        "record_link": is_record_link,
        "small_place": is_small_place,
        "ssn": is_ssn,
        "udi": is_udi,
        "vin": is_vin,
        "zip": is_zip,
        "zip3": is_restricted_zip,
    }
)
"""Name in a rule's ``check`` → the test. Every test takes any string and never raises."""

DATED_CHECKS: Mapping[str, Callable[[str, dt.date], bool]] = MappingProxyType(
    {"birth_year90": is_birth_year90}
)
"""The same for tests whose answer depends on the day: that of the post, or today."""

"""Identifiers of nobody, in the shapes in which people write them: valid by their checks, void or reserved by their numbers."""

from __future__ import annotations

import random
from collections.abc import Callable

__all__ = ["FORMS", "PLAIN", "SPELLED", "disguised", "fresh", "luhn", "vin_check"]

MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
TENS = {90: "ninety", 100: "one hundred"}
ONES = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
AREAS = "205 304 319 406 419 505 513 606 614 702 740 812 907 919 937".split()
HOSTS = "example.com example.org example.net mail.example.com".split()
# The number that the Social Security Administration printed in a leaflet and voided; no other is surely nobody's.
VOID_SSN = "219099999"
# The sample cards of the Centers for Medicare & Medicaid Services.
SAMPLE_MBI = ("1EG4TE5MK72", "1EG4TE5MK73", "1EG4TE4MK73")
# Numbers that card networks publish for tests.
TEST_CARDS = ("4111111111111111", "5555555555554444", "378282246310005")
VIN_VALUES = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        [*range(10), *range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)],
        strict=True,
    )
)
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def luhn(digits: str) -> str:
    """The digit that makes ``digits`` pass the Luhn check.

    >>> luhn("80840123456789")
    '3'
    """
    total = sum(
        sum(divmod(int(d) * (2 if place % 2 == 0 else 1), 10)) for place, d in enumerate(reversed(digits))
    )
    return str(-total % 10)


def vin_check(vin: str) -> str:
    """The ninth character that a VIN must have (what stands there does not count).

    >>> vin_check("1M8GDM9A_KP042788".replace("_", "0"))
    'X'
    """
    rest = sum(VIN_VALUES[c] * w for c, w in zip(vin, VIN_WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


def _letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choices("ABCDEFGHJKMNPRTWXYZ", k=count))


def _ssn(rng: random.Random) -> str:
    parts = VOID_SSN[:3], VOID_SSN[3:5], VOID_SSN[5:]
    return rng.choice(("-", "-", " ", ".", "")).join(parts)


def _phone(rng: random.Random) -> str:
    area, last = rng.choice(AREAS), f"01{_digits(rng, 2)}"
    form = rng.choice(
        ("{}-555-{}", "({}) 555-{}", "{}.555.{}", "{} 555 {}", "+1 {} 555 {}", "1-{}-555-{}", "{}555{}")
    )
    return form.format(area, last)


def _email(rng: random.Random) -> str:
    first, last = (
        rng.choice("bree milo dana.r sunny tomas kiki j.w nell".split()),
        rng.choice("holt oak vane reed pike lark".split()),
    )
    name = first + rng.choice(("", ".", "_", "")) + last + rng.choice(("", "", "7", "1988"))
    return f"{name}@{rng.choice(HOSTS)}"


def _date(rng: random.Random) -> str:
    month, day, year = rng.randint(1, 12), rng.randint(1, 28), rng.randint(2024, 2026)
    name = MONTHS[month - 1]
    suffix = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
    return rng.choice(
        (
            f"{name} {day}", f"{name} {day}{suffix}", f"{name} {day}, {year}", f"{day} {name[:3]}",
            f"{month}/{day}", f"{month}/{day}/{year}", f"{month:02}/{day:02}/{year % 100}",
            f"{year}-{month:02}-{day:02}", f"the {day}{suffix} of {name}", f"{name[:3]}. {day}", f"{name.lower()} {day}",
        )
    )  # fmt: skip


def _when(rng: random.Random) -> str:
    day = rng.choice(WEEKDAYS)
    return rng.choice(
        ("yesterday", "last night", "this morning", "today", f"last {day}", f"{day} night", "two days ago",
         "on Christmas Eve", "over Labor Day weekend", "the day before yesterday", f"on {day.lower()}")
    )  # fmt: skip


def _birth(rng: random.Random) -> str:
    month, day, year = rng.randint(1, 12), rng.randint(1, 28), rng.randint(1940, 2015)
    return rng.choice(
        (
            f"{month}/{day}/{year}",
            f"{month:02}-{day:02}-{year}",
            f"{MONTHS[month - 1]} {day}, {year}",
            f"{year}-{month:02}-{day:02}",
        )
    )


def _age(rng: random.Random) -> str:
    age = rng.randint(90, 106)
    if age < 100 and rng.random() < 0.3:
        words = f"{TENS[90]}-{ONES[age - 90]}" if age > 90 else TENS[90]
        return rng.choice((words, words.replace("-", " ")))
    return str(age)


def _vin(rng: random.Random) -> str:
    body = (
        "1ZZ"
        + _letters(rng, 2)
        + _digits(rng, 1)
        + _letters(rng, 2)
        + "0"
        + _letters(rng, 2)
        + _digits(rng, 6)
    )
    return body[:8] + vin_check(body) + body[9:]


def _mbi(rng: random.Random) -> str:
    raw = rng.choice(SAMPLE_MBI)
    return rng.choice((raw, f"{raw[:4]}-{raw[4:7]}-{raw[7:]}", f"{raw[:4]} {raw[4:7]} {raw[7:]}"))


def _card(rng: random.Random) -> str:
    raw = rng.choice(TEST_CARDS)
    gap = rng.choice((" ", "-", ""))
    return gap.join(raw[at : at + 4] for at in range(0, len(raw), 4)) if len(raw) == 16 else raw


def _udi(rng: random.Random) -> str:
    gtin = "0000000" + _digits(rng, 6)
    return f"(01){gtin}{_gtin(gtin)}(21){_letters(rng, 2)}{_digits(rng, 5)}"


def _gtin(body: str) -> str:
    return str(-sum(int(d) * (3 if place % 2 == 0 else 1) for place, d in enumerate(reversed(body))) % 10)


def _ip(rng: random.Random) -> str:
    return rng.choice(
        (f"192.0.2.{rng.randint(1, 254)}", f"198.51.100.{rng.randint(1, 254)}", f"203.0.113.{rng.randint(1, 254)}",
         f"2001:db8::{rng.randint(16, 65535):x}", f"2001:db8:0:{rng.randint(1, 255):x}::{rng.randint(1, 255):x}")
    )  # fmt: skip


def _street(rng: random.Random) -> str:
    name = rng.choice(("Birchwood", "Old Mill", "Larkspur", "N 4th", "Sycamore", "Quarry", "W Juniper"))
    kind = rng.choice(("Street", "St", "Ave", "Lane", "Rd", "Court", "Drive"))
    unit = rng.choice(("", "", f" Apt {rng.randint(1, 40)}", f", unit {rng.randint(1, 9)}B"))
    return f"{rng.randint(11, 4890)} {name} {kind}{unit}"


def _url(rng: random.Random) -> str:
    pid, token = _digits(rng, 5), f"{rng.getrandbits(28):07x}"
    return rng.choice(
        (f"https://portal.example.com/results?pid={pid}&token={token}", f"https://records.example.org/patient/{pid}",
         f"http://chart.example.net/p/{pid}/labs", f"portal.example.com/visit/{token}")
    )  # fmt: skip


def fresh(label: str, rng: random.Random) -> str:
    """One identifier of kind ``label``, as somebody would type it."""
    return FORMS[label](rng)


FORMS: dict[str, Callable[[random.Random], str]] = {
    "US_SSN": _ssn,
    "PHONE_NUMBER": _phone,
    "EMAIL_ADDRESS": _email,
    "DATE_TIME": _date,
    "WHEN": _when,
    "BIRTH": _birth,
    "AGE_OVER_89": _age,
    "MEDICAL_RECORD": lambda rng: rng.choice((_digits(rng, 7), _digits(rng, 8), f"{_digits(rng, 4)}-{_digits(rng, 4)}", "E" + _digits(rng, 7))),
    "HEALTH_PLAN": lambda rng: rng.choice((_letters(rng, 3) + _digits(rng, 9), _letters(rng, 1) + _digits(rng, 8), f"{_digits(rng, 4)}-{_digits(rng, 3)}-{_digits(rng, 2)}")),
    "MBI": _mbi,
    "ACCOUNT": lambda rng: rng.choice((_digits(rng, 8), _digits(rng, 10), f"{_digits(rng, 3)}-{_digits(rng, 5)}")),
    "CARD": _card,
    "LICENSE": lambda rng: rng.choice((_letters(rng, 1) + _digits(rng, 8), f"{_letters(rng, 2)}-{_digits(rng, 6)}")),
    "VIN": _vin,
    "PLATE": lambda rng: rng.choice((f"{_letters(rng, 3)}-{_digits(rng, 4)}", f"{_letters(rng, 3)} {_digits(rng, 3)}", f"{_digits(rng, 1)}{_letters(rng, 3)}{_digits(rng, 3)}")),
    "DEVICE_ID": lambda rng: rng.choice((f"{_letters(rng, 2)}{_digits(rng, 6)}{_letters(rng, 1)}", f"{_letters(rng, 2)}-{_digits(rng, 6)}", _udi(rng))),
    "STREET_ADDRESS": _street,
    "IP_ADDRESS": _ip,
    "URL": _url,
    "ZIP": lambda rng: rng.choice(("59301", "82301", "05901", "69201", "79301", "88201-1114", "03601")),
}  # fmt: skip
"""How an identifier of each kind is made."""

PLAIN = {"WHEN": "DATE_TIME", "BIRTH": "DATE_TIME", "CARD": "ACCOUNT"}
"""Kinds that differ in the making only, and the label that their spans bear."""

SPELLED = "zero one two three four five six seven eight nine".split()
CYRILLIC = str.maketrans("aceopxy", "асеорху")


def disguised(text: str, how: str) -> str:
    """``text`` as somebody writes it who wants no filter to see it."""
    if how == "zero-width":
        return "\u200b".join(text)
    if how == "full-width":
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    if how == "spaced":
        return " ".join(c for c in text if c not in " -.")
    if how == "spelled":
        return " ".join(SPELLED[int(c)] for c in text if c.isdigit())
    if how == "keycap":
        return "".join(f"{c}\ufe0f\u20e3" if c.isdigit() else c for c in text)
    if how == "Cyrillic":
        return text.translate(CYRILLIC)
    if how == "at in words":
        return text.replace("@", " at ").replace(".", " dot ")
    if how == "at in brackets":
        return text.replace("@", " [at] ").replace(".", " [dot] ")
    return text.replace("-", "\u2011") if "-" in text else text.replace(".", "\u2024")

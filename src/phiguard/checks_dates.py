"""Named tests of ages, birth dates and dates."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["is_age90", "is_birth_year90", "is_month_day"]

OLDEST = 125
"""No person is known to have lived past 122; above this a number is not an age."""

NUMBER_WORDS = {
    "ninety": 90,
    "ninetieth": 90,
    "hundred": 100,
    "hundredth": 100,
    "centenarian": 100,
    "one": 1,
    "first": 1,
    "two": 2,
    "second": 2,
    "three": 3,
    "third": 3,
    "four": 4,
    "fourth": 4,
    "five": 5,
    "fifth": 5,
    "six": 6,
    "sixth": 6,
    "seven": 7,
    "seventh": 7,
    "eight": 8,
    "eighth": 8,
    "nine": 9,
    "ninth": 9,
    "ten": 10,
    "tenth": 10,
}


def is_age90(text: str) -> bool:
    """Whether the first number in it, in digits or words, is an age from 90 to 125.

    The age that Safe Harbor removes: 45 CFR 164.514(b)(2)(i)(C).

    >>> is_age90("94-year-old"), is_age90("89 years old"), is_age90("a 1990 study"), is_age90("aged 126")
    (True, False, False, False)
    >>> is_age90("ninety-four-year-old"), is_age90("one hundred and two"), is_age90("nine years old")
    (True, True, False)
    """
    number = re.search(r"\d+", text)
    if number is not None:
        return len(number[0]) <= 3 and 90 <= int(number[0]) <= OLDEST
    words = [NUMBER_WORDS[w] for w in re.findall(r"[a-z]+", text.lower()) if w in NUMBER_WORDS]
    large = [i for i, n in enumerate(words) if n >= 90]
    if not large or words[: large[0]] not in ([], [1]):
        return False
    return words[large[0]] + sum(words[large[0] + 1 : large[0] + 2]) <= OLDEST


def is_birth_year90(text: str, today: dt.date) -> bool:
    """Whether a birth date in it makes somebody 90 or older on ``today`` who may still live: born 125 years ago at most.

    A year alone counts if the person turns 90 in the year of ``today``. Two digits are a year of the last century if
    that makes 90 to 99 years.

    >>> day = dt.date(2026, 5, 1)
    >>> is_birth_year90("born in 1931", day), is_birth_year90("DOB 4/11/1936", day), is_birth_year90("born 1961", day)
    (True, True, False)
    >>> is_birth_year90("born in 1936", dt.date(2025, 5, 1)), is_birth_year90("DOB 04/11/31", day)
    (False, True)
    """
    born = [int(year) for year in re.findall(r"(?<!\d)\d{4}(?!\d)", text)]
    short = re.search(r"\d{1,2}[/.-]\d{1,2}[/.-](\d{2})(?!\d)", text)
    if short is not None:
        born.append(1900 + int(short[1]))
    return any(90 <= today.year - year <= OLDEST for year in born)


def is_month_day(text: str) -> bool:
    """Whether the numbers in it are a day and a month, with a year or without; no "24/7", no "50/50".

    >>> is_month_day("12/3"), is_month_day("3.12.2025"), is_month_day("2025-12-03"), is_month_day("24/7"), is_month_day("13/14")
    (True, True, True, False, False)
    """
    numbers = [int(part) for part in re.findall(r"\d{1,4}", text)[:3]]
    if len(numbers) > 1 and numbers[0] > 1000:  # ISO 8601: the year first
        numbers = [*numbers[1:], numbers[0]]
    if len(numbers) < 2 or (numbers[0], numbers[1]) == (24, 7):
        return False
    low, high = sorted(numbers[:2])
    return 1 <= low <= 12 and high <= 31

"""Identifiers in disguise are found: nearly every way to write an SSN, a phone number or an e-mail address beside a patient's care."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from phiguard.model import Post
from phiguard.screener import Screener

LEAST = 17  # of 18 ways
WORDS = "zero one two three four five six seven eight nine".split()
SAID = {
    "ssn": "Our patient gave {} at the desk before her surgery, SSN on file.",
    "phone": "Our patient asked for her biopsy results, call her at {} please.",
    "email": "Our patient wants her biopsy results, send her chart to {} please.",
}
VALUES = {
    "ssn": ("219-09-9999", "431-20-8815"),
    "phone": ("212-555-0147", "(646) 555-0123"),
    "email": ("jo.lee@example.com", "rosa_t@example.org"),
}
RULES = {"ssn": "PHI-06.ssn", "phone": "PHI-05.phone", "email": "PHI-05.email"}
CYRILLIC = str.maketrans("aceopxy", "асеорху")
LOOKALIKE_DIGITS = str.maketrans("01", "Ol")


def digits(value: str) -> str:
    return "".join(c for c in value if c.isdigit())


def swapped(value: str, table: Callable[[str], str]) -> str:
    return "".join(table(c) for c in value)


def at_each(value: str, signs: str, new: str) -> str:
    return "".join(new if c in signs else c for c in value)


def number_ways(value: str) -> Iterator[tuple[str, str]]:
    plain = digits(value)
    parts = [plain[:3], plain[3:5], plain[5:]] if len(plain) == 9 else [plain[:3], plain[3:6], plain[6:]]
    yield "as usual", value
    yield "zero-width space", "\u200b".join(value)
    yield "zero-width joiner", value.replace("5", "5\u200d").replace("9", "9\u2060")
    yield "soft hyphen", "\u00ad".join(value)
    yield "full width", swapped(value, lambda c: chr(ord(c) + 0xFEE0) if c.isdigit() else c)
    yield "full width with dashes", swapped(value, lambda c: chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c)
    yield "digits apart", " ".join(plain)
    yield "digits apart by points", ".".join(plain)
    yield "points", ".".join(parts)
    yield "spaces", " ".join(parts)
    yield "slashes", "/".join(parts)
    yield "other dashes", "\u2013".join(parts)
    yield "spelled", " ".join(WORDS[int(c)] for c in plain)
    yield "spelled with dashes", "-".join(WORDS[int(c)] for c in plain)
    yield "half spelled", " ".join(WORDS[int(c)] if at % 2 else c for at, c in enumerate(plain))
    yield "keycaps", "".join(f"{c}\ufe0f\u20e3" for c in plain)
    yield "bold digits", swapped(value, lambda c: chr(0x1D7CE + int(c)) if c.isdigit() else c)
    yield "letters for digits", "-".join(parts).translate(LOOKALIKE_DIGITS)


def email_ways(value: str) -> Iterator[tuple[str, str]]:
    name, _, host = value.partition("@")
    yield "as usual", value
    yield "zero-width space", "\u200b".join(value)
    yield "zero-width joiner", value.replace("e", "e\u200d")
    yield "soft hyphen", "\u00ad".join(value)
    yield "full width", swapped(value, lambda c: chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c)
    yield "full width at", value.replace("@", "\uff20")
    yield "brackets", f"{name}[at]{at_each(host, '.', '[dot]')}"
    yield "brackets and spaces", f"{name} [at] {at_each(host, '.', ' [dot] ')}"
    yield "parentheses", f"{name} (at) {at_each(host, '.', ' (dot) ')}"
    yield "dot alone", f"{name}@{at_each(host, '.', '(dot)')}"
    yield "words", f"{at_each(name, '.', ' dot ')} at {at_each(host, '.', ' dot ')}"
    yield "capital words", f"{name} AT {at_each(host, '.', ' DOT ')}"
    yield "spaces", f"{name} @ {host}"
    yield "spaces and points", f"{name} @ {at_each(host, '.', ' . ')}"
    yield "Cyrillic", value.translate(CYRILLIC)
    yield "bold letters", swapped(value, lambda c: chr(0x1D41A + ord(c) - 97) if c.islower() else c)
    yield "braces", f"{name} {{at}} {at_each(host, '.', ' {dot} ')}"
    yield "Cyrillic and brackets", f"{name} [at] {host}".translate(CYRILLIC)


WAYS = {"ssn": number_ways, "phone": number_ways, "email": email_ways}


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


def missed(screener: Screener, kind: str, value: str, said: str) -> list[str]:
    return [
        way
        for way, disguised in WAYS[kind](value)
        if not any(
            finding.rule.startswith(RULES[kind])
            for finding in screener.screen(Post(text=said.format(disguised)))
        )
    ]


@pytest.mark.parametrize("kind", sorted(WAYS))
def test_there_are_eighteen_ways(kind: str) -> None:
    for value in VALUES[kind]:
        assert len({way for way, _ in WAYS[kind](value)}) == 18
        assert len({disguised for _, disguised in WAYS[kind](value)}) >= 17


@pytest.mark.parametrize("kind", sorted(WAYS))
@pytest.mark.parametrize("at", [0, 1])
def test_disguised_identifiers_are_found(screener: Screener, kind: str, at: int) -> None:
    lost = missed(screener, kind, VALUES[kind][at], SAID[kind])
    assert len(lost) <= 18 - LEAST, lost


@pytest.mark.parametrize("kind", sorted(WAYS))
def test_the_span_covers_the_disguise(screener: Screener, kind: str) -> None:
    said = SAID[kind]
    for way, disguised in WAYS[kind](VALUES[kind][0]):
        if way == "words":  # "jo dot lee at ...": what stands before the first "dot" is any word
            continue
        text = said.format(disguised)
        start = said.index("{")
        for finding in screener.screen(Post(text=text)):
            if finding.rule.startswith(RULES[kind]):
                assert any(
                    s.start <= start + 1 and s.end >= start + len(disguised) - 2 for s in finding.spans
                ), way


@pytest.mark.parametrize("kind", sorted(WAYS))
def test_the_organizations_own_numbers_in_an_announcement_pass(screener: Screener, kind: str) -> None:
    said = "Questions? Call us or write to us at {} to book a visit."
    value = VALUES[kind][0]
    if kind != "ssn":
        found = screener.screen(Post(text=said.format(value)))
        assert not any(finding.rule.startswith(RULES[kind]) for finding in found)

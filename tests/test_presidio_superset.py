"""A trigger matches wherever the pattern that it was made of does."""

from __future__ import annotations

import random

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from phiguard.engine import Automaton, Finder
from phiguard.entities.presidio_superset import superset, triggers_of

USUAL = int(regex.IGNORECASE | regex.MULTILINE | regex.DOTALL)
PIECES = (
    "a", "Z", "k", "s", "i", "0", "7", "19", "4111", "_", "-", "--", ".", ":", "::", "@", "/", " ", "\n", "#", "(", ")", "'", "é", "ß",
    "İ", "ı", "ſ", "\u212a", "٣", "७", "５", "𝟗", "\U0001fbf4", "😀", "️", "\u00a0", "\u2003", "’", "–", "ﬁ", "漢", "\ud800",
)  # fmt: skip
MADE_OF = (
    r"\b\d{3}-\d{2}-\d{4}\b",
    r"\b[A-Z]{2}\d{1,3}\b",
    r"(?<![\w:])::(?:[0-9a-f]{1,4}:)?\d",
    r"(?<=\bid(?:\s*:\s*|\s+))\d{2,}",
    r"x(?<=id:)\d+",
    r"([:-])\d\1\d",
    r"\b(?:is|sky|k\d)\b",
    r"\w+@\w+(?:\.\w+)+",
    r"[^\s@]{2}@",
    r"(?i:s)k",
    r"a(?!b)[a-z]+?\d",
    r"\bé\d",
    r"(?:\d|[a-k]{2})+[._]\s",
    r"(?P<q>['#])\d{1,2}(?P=q)",
    r"\b\w\b",
    r"\S\s\d\D\W",
    r"[^a]\b[^0-9]\d",
)


def found(trigger: str, text: str) -> tuple[bool, bool]:
    data = text.encode("utf-8", "replace")
    return bool(Automaton([(trigger, False)]).scan(data)), bool(Finder(trigger).scan(data))


@pytest.mark.parametrize("pattern", MADE_OF)
@pytest.mark.parametrize("flags", [USUAL, int(regex.DOTALL)])
def test_a_trigger_matches_where_its_pattern_does(pattern: str, flags: int) -> None:
    triggers = triggers_of([(pattern, flags)])
    assert triggers
    automaton = Automaton([(trigger, False) for trigger in triggers])
    finders = [Finder(trigger) for trigger in triggers]
    compiled = regex.compile(pattern, flags)
    chance = random.Random(f"{pattern}{flags}")  # noqa: S311 (a sample, no secret)
    matched = 0
    for _ in range(4000):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 12)))
        if compiled.search(text.encode("utf-8", "replace").decode()):
            matched += 1
            data = text.encode("utf-8", "replace")
            assert automaton.scan(data), ascii(text)
            assert any(finder.scan(data) for finder in finders), ascii(text)
    assert matched or "٣" not in pattern


@given(st.text(st.characters(codec="utf-8"), max_size=12))
def test_any_digit_letter_and_space(text: str) -> None:
    for pattern in (r"\d", r"\bs", r"[a-z]", r"\d\s", r"k\b"):
        if regex.search(pattern, text, USUAL):
            assert any(any(found(trigger, text)) for trigger in triggers_of([(pattern, USUAL)]) or ())


def test_every_digit_and_every_other_case_of_a_letter_is_known() -> None:
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    digits = triggers_of([(r"\d", USUAL)])
    assert digits
    either = Automaton([(trigger, False) for trigger in digits])
    assert [
        ascii(char) for char in regex.findall(r"\d", "".join(every)) if not either.scan(char.encode())
    ] == []
    letters = triggers_of([("[a-z]", USUAL)])
    assert letters
    either = Automaton([(trigger, False) for trigger in letters])
    others = regex.findall("(?i)[a-z]", "".join(every[128:]))
    assert others  # the kelvin sign at least
    assert [ascii(char) for char in others if not either.scan(char.encode())] == []


def test_plain_words_numbers_and_emoji_call_nothing() -> None:
    automaton = Automaton(
        [(trigger, False) for trigger in triggers_of([(r"\b[a-z]{3}\d{4}\b", USUAL)]) or ()]
    )
    assert not automaton.scan("7 of 2019, 12 skis 😀 ❤️ 5️⃣ “naïve” – it’s Žižek 漢字 Київ".encode())
    assert automaton.scan("abc١234".encode())
    assert automaton.scan("KİT1234".encode())


def test_what_may_vary_at_the_ends_is_cut() -> None:
    assert superset(r"(?:https?://)?[a-z]{1,63}\.(?:com|community|org)(?:/\S*)?") == r"[a-z]\.(?:com|org)"
    assert superset(r"\b[0-9]{9}\b") == r"\b[0-9]{9}\b"
    assert superset(r"\b[0-9a-f]+-") == r"[0-9a-f]\-"


def test_alternatives_and_sequences_are_told_apart() -> None:
    assert triggers_of([(r"-(?:a|b){2}", 0), (r"-(?:ab){2}", 0)]) == (r"\-[a-b]{2}", r"\-(?:ab){2}")


def test_a_pattern_that_holds_another_needs_no_trigger_of_its_own() -> None:
    assert triggers_of([(r"https?://[a-z]+\.org", 0), (r"[a-z]+\.org", 0), (r"'[a-z]+\.org'", 0)]) == (
        r"[a-z]\.org",
    )


@pytest.mark.parametrize(
    "pattern",
    [
        r"\p{Lu}\d",  # classes by name
        r"(?:cat){e<=1}",  # a fuzzy match
        r"[[:alpha:]]\d",
        r"(?V1)[a--b]",
        r"\d*",  # may match nothing
        r"(?<!a)",
    ],
)
def test_what_is_not_understood_has_no_trigger(pattern: str) -> None:
    assert superset(pattern, USUAL) is None


def test_flags_that_change_the_meaning_are_not_guessed() -> None:
    assert superset("straße", int(regex.FULLCASE | regex.IGNORECASE)) is None
    assert superset(r"a b # c", int(regex.VERBOSE)) == "ab"

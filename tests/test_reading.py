"""The grade of Flesch and Kincaid, held against values that were counted and computed by hand."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phiguard.reading import (
    _SYLLABLES,
    blank,
    grade,
    grade_of,
    hardest,
    longest_sentence,
    most_syllables,
    sentences,
    syllables,
)

# Text, words, sentences and syllables as counted by hand, and
# 0.39 * words / sentences + 11.8 * syllables / words - 15.59 (Kincaid and others, 1975).
BY_HAND = [
    ("The cat sat on the mat.", 6, 1, 6, -1.45),
    ("Wash your hands with soap. Dry them well.", 8, 2, 8, -2.23),
    ("A doctor can check your blood pressure in ten minutes.", 10, 1, 13, 3.65),
    ("Vaccination protects children against dangerous infections.", 6, 1, 16, 18.217),
    ("Medicine helps. It takes time to work, so take it every day.", 12, 2, 15, 1.5),
    ("Ask us. Call us. Visit us.", 6, 3, 7, -1.043),
    ("Rehabilitation after surgery takes patience; begin slowly.", 7, 2, 18, 16.118),
    ("People with asthma should keep an inhaler close by.", 9, 1, 13, 4.964),
]

COUNTED = {
    1: "flu shot health care nurse eat sleep walk heart blood lung bone skin breath cough cold dose pill safe rest ache "
    "pain burn help time home team wait check plan risk sign stage",
    2: "doctor patient cancer fever headache visit clinic dental asthma stomach kidney liver surgeon baby mother father "
    "balance walking treated started vaccine needle bandage tablet water sugar morning tired healthy quickly symptom "
    "muscle little people table asthma rhythm",
    3: "hospital medicine exercise pharmacy allergy energy injury family video dangerous infection prevention opening "
    "appointment insulin dementia disabled vitamin recover pressure's important government syringes beginning another "
    "radio period asthmatic arthritic depression's",
    4: "vaccination emergency diabetes information ability community pneumonia ordinary "
    "experience operation education necessary anxiety pediatric",
    5: "rehabilitate cardiology university immunization hypertensive's opportunity electricity organization",
}


@pytest.mark.parametrize(("text", "words", "count", "spoken", "expected"), BY_HAND)
def test_the_grade_is_that_of_the_formula(
    text: str, words: int, count: int, spoken: int, expected: float
) -> None:
    found = list(sentences(text))
    assert sum(len(one.words) for one in found) == words
    assert len(found) == count
    assert syllables(" ".join(word for one in found for word in one.words).lower()) == spoken
    assert grade(words, count, spoken) == pytest.approx(expected, abs=0.001)
    assert grade_of(found) == pytest.approx(expected, abs=0.001)


def test_the_formula_has_its_published_factors() -> None:
    assert grade(1, 1, 1) == pytest.approx(0.39 + 11.8 - 15.59)
    assert grade(20, 1, 20) - grade(10, 1, 10) == pytest.approx(0.39 * 10)
    assert grade(10, 1, 20) - grade(10, 1, 10) == pytest.approx(11.8)


def test_syllables_are_right_for_nine_words_of_ten() -> None:
    counted = [(word, number) for number, words in COUNTED.items() for word in words.split()]
    wrong = [word for word, number in counted if syllables(word) != number]
    assert len(counted) > 120
    assert len(wrong) <= len(counted) // 10, wrong


def slowly(word: str) -> int:
    """Syllables by the table as it stands: each row adds its first part and takes away the others, or the other way round."""
    text = f" {word} "
    number = most_syllables(text)
    for row in _SYLLABLES:
        sign, is_first = 0, False
        for part in row.split():
            if part in {"+", "-"}:
                sign, is_first = (1 if part == "+" else -1), True
                continue
            number += (sign if is_first else -sign) * text.count(part.replace("_", " "))
            is_first = False
    return number


@given(st.text(alphabet="aeiouybcdghlmnqrstxz", min_size=1, max_size=14))
def test_the_quick_count_is_the_slow_one(word: str) -> None:
    assert syllables(word) == slowly(word)


@given(st.lists(st.text(alphabet="aeioubdghlmnrst", min_size=1, max_size=9), min_size=1, max_size=12))
def test_words_together_count_as_each_alone(words: list[str]) -> None:
    assert syllables(" ".join(words)) == sum(syllables(word) for word in words)


def test_names_links_tags_and_fixed_texts_do_not_count() -> None:
    text = "See Amarachi Featherstonehaugh at https://example.com/rehabilitation #CardiologyUniversity today."
    assert [word for one in sentences(blank(text)) for word in one.words] == ["See", "at", "today"]
    fixed = "This statement has not been evaluated by the Food and Drug Administration."
    assert list(sentences(blank(fixed))) == []


def test_the_hardest_sentence_is_named() -> None:
    text = "Come in. Vaccination protects children against dangerous infections. We are open and glad to see you."
    found = list(sentences(text))
    worst = hardest(found, least=6)
    assert re.match("Vaccination", text[worst.start : worst.end].strip())
    assert hardest(found[:1], least=6) is found[0]


def test_the_longest_sentence_counts_all_words() -> None:
    text = "One two. Dr. Roe has 3.5 mg and 20 pills, #Flu too."
    number, (start, end) = longest_sentence(text)
    assert (number, text[start:end]) == (9, "Roe has 3.5 mg and 20 pills, #Flu too")

"""Normalization: what a reader sees is what is scanned, and every place leads back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given

from phiguard.disguise import CUES, Normalizer, segment, split_hashtag
from phiguard.engine import Automaton
from phiguard.text import fold, sentence_ends
from tests.strategies import texts

WORDS = frozenset(
    "a cancer cure cures our tea the diabetes fda approved adhd breast awareness botox free of heart attack pain is".split()
)
NORMALIZER = Normalizer(WORDS)


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("cu\u200bre", "cure"),
        ("cu\u00adre", "cure"),
        ("Ｃｕｒｅ", "Cure"),
        ("𝓒𝓾𝓻𝓮", "Cure"),
        ("ⓒⓤⓡⓔ", "cure"),
        ("🅲🆄🆁🅴", "CURE"),
        ("ᴄᴜʀᴇ", "cure"),
        ("с\u0075re", "cure"),
        ("cυre", "cure"),
        ("c\u0336u\u0336r\u0336e", "cure"),
        ("café naïve", "cafe naive"),
        ("don’t “cure”", 'don\'t "cure"'),
        ("ﬁne Æon", "fine AEon"),
        ("2️⃣1️⃣2️⃣", "212"),
        ("①⑨", "19"),
        ("c u r e s", "cures"),
        ("c.u.r.e.s", "cures"),
        ("c-u-r-e-s", "cures"),
        ("c u r e s  d i a b e t e s", "cures diabetes"),
        ("c u r e s d i a b e t e s", "cures diabetes"),
        ("F.D.A. approved", "FDA approved"),
        ("d1abetes d!abetes di@betes", "diabetes diabetes diabetes"),
        ("b0t0x", "botox"),
        ("dana [at] example (dot) com", "dana@example.com"),
        ("dana at example dot com", "dana@example.com"),
        ("dana @ example . com", "dana@example.com"),
        ("two one two, five five five, zero one four seven", "212-555-0147"),
        ("2 1 2 5 5 5 0 1 4 7", "212-555-0147"),
        ("double two one five five five oh one four seven", "221-555-0147"),
        ("two one nine zero nine nine nine nine nine", "219-09-9999"),
        ("2l9-O9-9999", "219-09-9999"),
        ("#CancerCure", "# Cancer Cure"),
        ("#cancercure", "# cancer cure"),
        ("#FDAapproved", "# FDA approved"),
        ("#COVID19", "# COVID 19"),
        ("#breast_cancer", "# breast cancer"),
        ("a  b\n\n c", "a b\nc"),
    ],
)
def test_a_disguise_is_undone(written: str, reads: str) -> None:
    assert NORMALIZER.normalize(written).text == reads


@pytest.mark.parametrize(
    "plain",
    [
        "Call 212-555-0147 at 9 a.m.",
        "U S A, A B C and i.e. x y z",
        "B12, H1N1, 3D, 1st, 24/7, A1C",
        "#flu #ad #lumivera",
        "Meet us at noon on the dot.",
        "one two three go",
        "I am a b-side fan",
        "Room 4, 1 2 3",
    ],
)
def test_ordinary_writing_stays(plain: str) -> None:
    assert NORMALIZER.normalize(plain).text == plain


def test_what_was_undone_is_reported_where_it_stood() -> None:
    text = "Our tea c\u200bures d1abetes"
    undone = {one.kind: text[one.start : one.end] for one in NORMALIZER.normalize(text).undone()}
    assert undone == {"zero_width": "\u200b", "swapped": "1"}


def test_ordinary_accents_and_emoji_are_no_disguise() -> None:
    assert NORMALIZER.normalize("Café Zoë 👩\u200d⚕️ Привет µg ™ ❤️").undone() == ()


def test_a_place_leads_back_over_everything_that_was_undone() -> None:
    text = "Say 𝓗𝓲 #cancercure  c u r e s d1\u200babetes"
    normal = NORMALIZER.normalize(text)
    for word, original in {
        "Hi": "𝓗𝓲",
        "cancer": "cancer",
        "cures": "c u r e s",
        "diabetes": "d1\u200babetes",
    }.items():
        at = normal.text.index(word)
        span = normal.origin(at, at + len(word))
        assert text[span.start : span.end] == original


@given(texts)
def test_every_place_leads_into_the_original(text: str) -> None:
    normal = NORMALIZER.normalize(text)
    assert len(normal.words) == len(normal.text)
    for at in range(len(normal.text)):
        span = normal.origin(at, at + 1)
        assert 0 <= span.start <= span.end <= len(text)
    for one in normal.undone():
        assert 0 <= one.start <= one.end <= len(text)


@given(texts)
def test_a_text_without_a_cue_is_never_rewritten_deeply(text: str) -> None:
    shallow, deep = NORMALIZER.normalize(text, deep=False), NORMALIZER.normalize(text)
    if shallow.text != deep.text:
        automaton = Automaton([(cue, False) for cue in CUES])
        assert automaton.scan(shallow.text.encode("utf-8", "replace"))


@given(texts)
def test_normalizing_twice_changes_no_letter(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_links_are_no_statements() -> None:
    normal = NORMALIZER.normalize("See https://example.com/cure-diabetes now")
    assert "cure" not in normal.words
    assert "cure-diabetes" in normal.text


def test_the_best_cut_of_a_hashtag_is_the_one_with_the_fewest_words() -> None:
    words = frozenset("the rapist therapist a part apart ment apartment".split())
    assert segment("therapist", words) == ("therapist",)
    assert segment("apartment", words) == ("apartment",)
    assert split_hashtag("qqqqqqqq", words) == ("qqqqqqqq",)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("See Dr. Roe at 9 a.m. today. It helps!", 2),
        ("It costs 3.5 dollars. Really? Yes", 3),
        ("One line\nanother line", 2),
        ("", 1),
        ("J.T. came. We helped.", 2),
    ],
)
def test_sentences_end_where_a_reader_would_stop(text: str, count: int) -> None:
    assert len(sentence_ends(text)) == count

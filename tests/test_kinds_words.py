"""Kinds that count or compare words: substitution, occurrence, consistency; and the measures of lines and repeats."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import yaml

from phiguard import Post, Screener
from phiguard.errors import RuleError
from phiguard.kinds.measures import MEASURES, MeasureView
from phiguard.profile import Profile
from phiguard.readers.record import Place
from phiguard.rules import load_rules
from phiguard.writers import writer_of
from phiguard.writers.outcome import Outcome, View

FIXED = {
    "id": "TST-01.words",
    "title": "t",
    "category": "brand",
    "severity": "low",
    "message": "m",
    "why": "w",
    "source": "s",
    "fix": "f",
    "flags": ["x"],
    "passes": ["y"],
}


def screener_of(tmp_path: Path, profile: Profile | None = None, **fields: Any) -> Screener:
    path = tmp_path / "rule.yaml"
    path.write_text(yaml.safe_dump({"rules": [{**FIXED, **fields}]}), encoding="utf-8")
    return Screener(profile, rules=load_rules([path], with_shipped=False), ner=None)


def found(screener: Screener, text: str) -> tuple[str, ...]:
    post = Post(text=text)
    excerpts = screener.screen(post).excerpts(post)
    return excerpts[0] if excerpts else ()


def test_a_substitution_tells_the_better_word(tmp_path: Path) -> None:
    swap = [
        {"say": "visit", "instead_of": ["encounter[s]"]},
        {"say": "walk", "instead_of": ["ambulat(e|es)"]},
    ]
    screener = screener_of(tmp_path, kind="substitution", swap=swap)
    finding = screener.screen("Ambulate after your ENCOUNTERS.").findings[0]
    assert finding.labels == ("say: visit", "say: walk")
    assert found(screener, "Ambulate after your ENCOUNTERS.") == ("Ambulate", "ENCOUNTERS")
    assert not found(screener, "Walk after your visits.")


def test_a_word_inside_a_better_phrase_is_fine(tmp_path: Path) -> None:
    swap = [{"say": "care team", "instead_of": ["team"], "fine": ["team room"]}]
    screener = screener_of(tmp_path, kind="substitution", swap=swap)
    assert found(screener, "The care team, our Care-Team, the team room and the team.") == ("team",)
    assert found(screener, "The team, and a care plan team.") == ("team", "team")


def test_an_exact_name_is_found_in_other_letters(tmp_path: Path) -> None:
    screener = screener_of(tmp_path, kind="substitution", exact=True, swap=[{"say": "MyLark"}])
    assert found(screener, "Mylark, MYLARK and MyLark") == ("Mylark", "MYLARK")
    assert not found(screener, "#mylark @mylark mylark@example.com example.com/mylark mylark.example")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "substitution", "swap": []}, "swap: is empty"),
        ({"kind": "substitution", "swap": [{"say": "a"}]}, r"swap\[0\].instead_of: is empty"),
        (
            {"kind": "substitution", "exact": True, "swap": [{"instead_of": ["a"]}]},
            r"swap\[0\].say: is empty",
        ),
        ({"kind": "occurrence", "words": ["a"], "max": 0}, "max: must be 1 or more"),
        ({"kind": "occurrence", "words": [], "max": 1}, "words: is empty"),
        ({"kind": "consistency", "either": [["a"]]}, "either: needs two lists"),
        ({"kind": "consistency", "either": [["a"], []]}, r"either\[1\]: is empty"),
    ],
)
def test_faults_are_told(tmp_path: Path, fields: dict[str, Any], told: str) -> None:
    with pytest.raises(RuleError, match=told):
        screener_of(tmp_path, **fields)


def test_an_occurrence_tells_what_is_too_much(tmp_path: Path) -> None:
    screener = screener_of(tmp_path, kind="occurrence", words=["thrilled", "excited"], max=2)
    assert found(screener, "Excited, thrilled, EXCITED and thrilled.") == ("EXCITED", "thrilled")
    assert not found(screener, "Excited and thrilled.")


def test_a_text_keeps_to_one_spelling(tmp_path: Path) -> None:
    screener = screener_of(
        tmp_path, kind="consistency", either=[["email"], ["e-mail", "electronic mail"], ["write us"]]
    )
    assert found(screener, "An email, an e-mail. E-mail it.") == ("e-mail", "E-mail")
    assert found(screener, "E-mail or write us") == ("write us",)
    assert not found(screener, "An e-mail, an E-mail.")


def counted(name: str, text: str) -> float:
    return MEASURES[name].count(MeasureView(text=text, post=Post(text=text))).value


@pytest.mark.parametrize(
    ("text", "number"),
    [("a\n\nb", 1), ("a\n\n\n\n\nb", 4), ("a\n \n.\n•\n\nb\n\nc", 4), ("a\nb\nc", 0), ("\n\n", 1), ("", 0)],
)
def test_blank_lines(text: str, number: int) -> None:
    assert counted("blank_lines", text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Come to the the desk, and and", 2),
        ("The the", 1),
        ("That that is", 0),
        ("very very good, no no", 0),
        ("the\nthe", 0),
        ("other the then", 0),
        ("24 24", 0),
    ],
)
def test_repeated_words(text: str, number: int) -> None:
    assert counted("repeated_words", text) == number


def test_other_counts() -> None:
    assert counted("exclamation_marks", "Hi! Now!!") == 3
    assert counted("all_hashtags", "#a #b c#d #12") == 2


def test_a_hashtag_of_the_brand_is_written_as_the_brand_writes_it(tmp_path: Path) -> None:
    fields = {"kind": "limit", "measure": "joined_hashtag", "max": 0, "fields": ["text"]}
    profile = Profile(hashtags=("#wehealtogether",))
    words = [{"lexicons": {"english_word": {"terms": ["we", "heal", "heart", "together", "month"]}}}]
    (tmp_path / "words.yaml").write_text(yaml.safe_dump(words[0]), encoding="utf-8")
    path = tmp_path / "rule.yaml"
    path.write_text(yaml.safe_dump({"rules": [{**FIXED, **fields}]}), encoding="utf-8")
    rules = load_rules([path, tmp_path / "words.yaml"], with_shipped=False)
    plain, ours = Screener(rules=rules, ner=None), Screener(profile, rules=rules, ner=None)
    assert found(plain, "#wehealtogether #heartmonth") == ("#wehealtogether", "#heartmonth")
    assert found(ours, "#wehealtogether #heartmonth") == ("#heartmonth",)


def test_the_better_word_is_written_for_people(tmp_path: Path) -> None:
    swap = [{"say": "walk", "instead_of": ["ambulat(e|es)"]}]
    screener = screener_of(tmp_path, kind="substitution", swap=swap)
    screening = screener.screen("Ambulate daily.")
    view = View(rule=lambda _: None, fail_on=None)
    out = io.BytesIO()
    outcome = Outcome(place=Place(path=""), screening=screening)
    writer_of("text")([outcome], out, view)
    assert '    Say: "walk"\n' in out.getvalue().decode()

"""The labelled posts of corpora/: well-formed, of nobody, not copied from the rules, and found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from benchmarks.labelled import CORPORA, Item, Judged, judge, load, made, marks, screener_of, wilson
from benchmarks.score import (
    Rate,
    Score,
    alarm_rate,
    by_category,
    by_identifier,
    by_kind,
    by_rule,
    family,
    routes_rate,
)
from corpora.phi.generate import combinations, generate
from corpora.phi.identifiers import SPELLED, disguised, luhn, vin_check
from phiguard import Screening
from phiguard.checks import is_luhn, is_vin
from phiguard.model import Finding, text_of
from phiguard.rules import load_rules

ROOT = Path(__file__).resolve().parent.parent
SPLITS = ("open", "held")
# The fact sheet numbers the entries of a family from 01.
ENTRIES = {
    "PHI": 15,
    "RPL": 6,
    "CNS": 6,
    "FDA": 25,
    "FTC": 15,
    "ST": 12,
    "INT": 5,
    "LEG": 4,
    "PLT": 8,
    "CMT": 12,
    "BRD": 15,
}
GENERATED = 600

# A rule that stops finding its posts, or starts to find clean ones, fails the build. Raise them, do not lower them.
RECALL_FLOORS = {
    "BRD": 0.88,
    "PHI": 0.58,
    "RPL": 0.9,
    "CNS": 0.7,
    "FDA": 0.7,
    "FTC": 0.33,
    "ST": 0.2,
    "CMT": 0.78,
}
GENERATED_FLOORS = {"PHI": 0.66, "RPL": 0.9, "CNS": 0.6, "CMT": 0.95}
ALARM_CEILING = {"phi": 0.05, "claims": 0.04, "community": 0.05, "generated": 0.02, "brand": 0.03}
ROUTES_FLOOR = 0.7
CHARACTERS_FLOOR = 0.85

HAND = [item for corpus in CORPORA for split in SPLITS for item in load(corpus, split)]
MADE = made(GENERATED, 11)
EVERY = HAND + MADE
PHONE = re.compile(r"(?<![\w.-])(?:\+?1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])(\d{3}[ .-]\d{4})(?![\w-])")
DOMAIN = re.compile(
    r"(?<![\w@.])(?:[\w-]+@)?((?:[\w-]+\.)+(?:com|org|net|gov|edu|io|co|us|uk|health|ly|me))(?!\w)",
    re.IGNORECASE,
)
HOTLINES = {"1-800-222-1222"}


def texts(item: Item) -> Iterator[str]:
    yield item.post.text
    if item.post.reply_to:
        yield item.post.reply_to.text
    for medium in item.post.media:
        yield from filter(None, (medium.alt_text, medium.ocr_text))


def digits_of(text: str) -> str:
    words = {word: str(digit) for digit, word in enumerate(SPELLED)}
    return "".join(words.get(part, part) for part in re.findall(r"\w+", text))


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def test_there_are_enough_of_each() -> None:
    counts = {corpus: sum(len(load(corpus, split)) for split in SPLITS) for corpus in CORPORA}
    assert counts["phi"] >= 250
    assert min(counts["claims"], counts["community"], counts["brand"]) >= 120
    assert len({item.id for item in EVERY}) == len(EVERY)
    assert all(item.post.id == item.id for item in EVERY)


@pytest.mark.parametrize("corpus", CORPORA)
def test_the_halves_hold_the_same_kinds(corpus: str) -> None:
    shares = [
        {family(judge(item, Screening(verdict="pass"), corpus)) for item in load(corpus, split)}
        for split in SPLITS
    ]
    assert shares[0] == shares[1]
    sizes = [len(load(corpus, split)) for split in SPLITS]
    assert abs(sizes[0] - sizes[1]) <= 5


def test_no_text_comes_twice() -> None:
    said = [
        (plain(item.post.text), plain(item.post.reply_to.text if item.post.reply_to else "")) for item in HAND
    ]
    assert len(set(said)) == len(said)


def test_ids_are_those_of_the_fact_sheet() -> None:
    known = {f"{name}-{number:02}" for name, count in ENTRIES.items() for number in range(1, count + 1)}
    used = {name for item in EVERY for names in (*item.expect, *item.tolerate) for name in names.split("|")}
    assert used - known <= set(ENTRIES)
    wanted = {name for item in EVERY for names in item.expect for name in names.split("|")}
    missing = {
        f"{name}-{number:02}"
        for name in ("PHI", "RPL", "CNS", "CMT", "BRD")
        for number in range(1, ENTRIES[name] + 1)
    } - wanted
    # these two are about the moment and the clock, not about the words of one post
    assert missing == {"CMT-11", "CMT-12"}


def test_what_is_expected_is_not_tolerated_too() -> None:
    for item in EVERY:
        assert not set(item.expect) & set(item.tolerate), item.id
        assert item.expect or not item.tolerate, item.id


def test_marks_lie_on_what_they_say() -> None:
    for item in EVERY:
        for mark in item.spans:
            assert text_of(item.post, mark.field)[mark.start : mark.end] == mark.says, item.id
            assert mark.says.strip() == mark.says, item.id


def test_nobody_can_be_called() -> None:
    for item in EVERY:
        for text in texts(item):
            for phone in PHONE.finditer(text):
                assert re.match(r"555[ .-]01", phone[1]) or phone[0] in HOTLINES, item.id
            for domain in DOMAIN.finditer(text):
                assert re.search(r"(^|\.)example\.", domain[1].lower()), item.id


def test_numbers_are_void_samples() -> None:
    void = {"US_SSN": {"219099999", "9999"}, "MBI": {"1EG4TE5MK72", "1EG4TE5MK73", "1EG4TE4MK73"}}
    for item in HAND:
        for mark in item.spans:
            if mark.label in void:
                assert digits_of(mark.says) in void[mark.label], item.id


def test_no_item_is_an_example_of_a_rule() -> None:
    examples = {
        plain(post if isinstance(post, str) else post["text"])
        for rule in load_rules().rules
        for example in (*rule.flags, *rule.passes)
        for post in ([example] if isinstance(example, str) or "text" in example else example["posts"])
    }
    assert len(examples) > 1000
    assert not [item.id for item in HAND if plain(item.post.text) in examples - {""}]


def test_the_generator_is_deterministic() -> None:
    assert list(generate(200, 5)) == list(generate(200, 5))
    assert list(generate(50, 5)) != list(generate(50, 6))


def test_the_generator_runs_as_a_program_whatever_the_hash_seed() -> None:
    command = [sys.executable, "corpora/phi/generate.py", "--count", "500", "--seed", "1"]
    outputs = [
        subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0].decode() == (ROOT / "corpora" / "phi" / "sample.jsonl").read_text(encoding="utf-8")


def test_the_grammar_is_wide() -> None:
    assert combinations() > 100_000
    assert len({item["why"] for item in generate(2000, 3)}) > 100


def test_check_digits() -> None:
    assert is_luhn("80840123456789" + luhn("80840123456789"))
    vins = [mark.says for item in MADE for mark in item.spans if mark.label == "VIN"]
    assert vins
    assert all(is_vin(vin) and vin[8] == vin_check(vin) for vin in vins)


def test_disguises_change_the_text_and_keep_the_digits() -> None:
    assert disguised("219-09-9999", "zero-width") != "219-09-9999"
    assert disguised("219-09-9999", "zero-width").replace("\u200b", "") == "219-09-9999"
    assert disguised("20", "spelled") == "two zero"
    assert disguised("a@example.com", "at in brackets") == "a [at] example [dot] com"


def test_intervals() -> None:
    assert [round(edge, 3) for edge in wilson(8, 10)] == [0.490, 0.943]
    assert wilson(0, 0) == (0.0, 1.0)
    assert str(Rate(0, 0)) == "–"


def _finding(rule: str, severity: str = "high") -> Finding:
    shown = {"message": "", "why": "", "source": "", "fix": ""}
    return msgspec.convert({"rule": rule, "category": "privacy", "severity": severity, **shown}, Finding)


def test_scores_count_items_not_findings() -> None:
    item = msgspec.convert(
        {"id": "1", "post": {"text": "x"}, "expect": ["PHI-01|CNS-01"], "tolerate": ["CNS"], "why": "w"}, Item
    )
    clean = msgspec.convert({"id": "2", "post": {"text": "y"}, "expect": [], "why": "w"}, Item)
    fired = Screening(
        verdict="block",
        findings=tuple(map(_finding, ("CNS-01.story", "CNS-01.bell", "PHI-03.day", "BRD-01.words"))),
    )
    judged = [
        judge(item, fired, "phi"),
        judge(clean, fired, "phi"),
        judge(item, Screening(verdict="pass"), "phi"),
    ]
    assert judged[0].found == ("PHI-01|CNS-01",)
    assert judged[0].wrong == ("PHI-03",)  # BRD is no matter of this corpus
    rules = by_rule(judged)
    assert rules["PHI-01"].recall == Rate(1, 2)
    assert rules["CNS-01"].precision == Rate(1, 2)
    assert rules["PHI-03"].precision == Rate(0, 2)
    assert alarm_rate(judged) == Rate(1, 1)
    quiet = Screening(verdict="note", findings=(_finding("PHI-03.day", "low"),))
    assert judge(clean, quiet, "phi").wrong == ()
    assert by_category(judged)["PHI"] == Score(Rate(1, 2), Rate(0, 2))
    assert by_category(judged)["CNS"] == Score(Rate(0, 0), Rate(1, 2))
    assert by_kind(judged) == {"PHI: w": Rate(0, 2), "clean: w": Rate(0, 1)}


@pytest.fixture(scope="module")
def screened() -> dict[str, list[Judged]]:
    results = {}
    for corpus in CORPORA:
        screener = screener_of(corpus)
        items = [item for split in SPLITS for item in load(corpus, split)]
        results[corpus] = [judge(item, screener.screen(item.post), corpus) for item in items]
        if corpus == "phi":
            results["generated"] = [judge(item, screener.screen(item.post), corpus) for item in MADE]
    return results


@pytest.mark.parametrize(("name", "floor"), RECALL_FLOORS.items())
def test_recall_by_hand(screened: dict[str, list[Judged]], name: str, floor: float) -> None:
    mine = [one for corpus in CORPORA for one in screened[corpus] if family(one) == name]
    assert sum(one.seen for one in mine) >= floor * len(mine)


@pytest.mark.parametrize(("name", "floor"), GENERATED_FLOORS.items())
def test_recall_generated(screened: dict[str, list[Judged]], name: str, floor: float) -> None:
    mine = [one for one in screened["generated"] if family(one) == name]
    assert sum(one.seen for one in mine) >= floor * len(mine)


@pytest.mark.parametrize(("name", "ceiling"), ALARM_CEILING.items())
def test_clean_items_stay_quiet(screened: dict[str, list[Judged]], name: str, ceiling: float) -> None:
    rate = alarm_rate(screened[name])
    assert rate.hits <= ceiling * rate.total


def test_routes_are_called(screened: dict[str, list[Judged]]) -> None:
    rate = routes_rate(screened["community"])
    assert rate.hits >= ROUTES_FLOOR * rate.total


def test_identifiers_are_covered() -> None:
    screener = screener_of("phi")
    found = [
        (mark.label, mark.end - mark.start, hits)
        for item in [item for item in MADE if item.spans][:80]
        for mark, hits in marks(item, screener, screener.screen(item.post))
    ]
    rate = by_identifier(found)["all identifiers"].characters
    assert rate.hits >= CHARACTERS_FLOOR * rate.total


def test_the_files_are_small() -> None:
    sizes = {path: path.stat().st_size for path in (ROOT / "corpora").rglob("*.jsonl")}
    assert max(sizes.values()) < 400_000
    for path in sizes:
        for line in path.read_text(encoding="utf-8").splitlines():
            json.loads(line)

"""What a rule costs is measured, and a rule that is not linear is refused; a linear one never is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from phiguard import costing
from phiguard.costing import Cost, costs
from phiguard.pumping import nested_repeat, pumped
from phiguard.rules import load_rules

MAIL = "[a-z0-9._-]+@[a-z0-9]+[.]com"
FLAGS = [f"Please write us at {name}@example.com today." for name in ("a", "ana", "front", "office", "desk")]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter texts than a user's: the growth is the same."""
    monkeypatch.setattr(costing, "LONG", 2_000)
    monkeypatch.setattr(costing, "LONGER", 8_000)
    monkeypatch.setattr(costing, "SLOW", 0.001)


def cost_of(folder: Path, **fields: Any) -> Cost:
    """The cost of a rule with these fields, which is all that there is."""
    rule = {
        "id": "HOUSE-1.mail",
        "kind": "pattern",
        "category": "privacy",
        "severity": "low",
        "flags": FLAGS,
        "passes": ["mail us", "write us", "a mail", "us", "mail"],
        **dict.fromkeys(("title", "message", "why", "source", "fix"), "A mail address."),
        **fields,
    }
    (folder / "own.yaml").write_text(yaml.safe_dump({"rules": [rule]}))
    rules = load_rules([folder / "own.yaml"], with_shipped=False)
    (cost,) = costs(rules, rules.rules)
    return cost


def test_a_rule_of_bounded_repeats_is_linear(tmp_path: Path) -> None:
    cost = cost_of(tmp_path, patterns=[r"\b[a-z0-9._-]{1,64}@[a-z0-9]{1,40}[.]com\b"])
    assert cost.faults == ()
    assert cost.seconds >= 0
    assert cost.place == "own.yaml:2"


def test_a_pattern_that_starts_anywhere_and_never_ends_is_refused(tmp_path: Path) -> None:
    ((field, message),) = cost_of(tmp_path, patterns=[MAIL]).faults
    assert field == "patterns"
    assert message.startswith("takes more than 8 times as long for 4 times the text: write an upper bound")


def test_phrases_and_words_nearby_are_linear(tmp_path: Path) -> None:
    near = {"kind": "near", "near": [["write us"], ["please", "today"]], "within": 40}
    assert cost_of(tmp_path, **near).faults == ()
    phrase = {"kind": "phrase", "phrases": ["write us"], "with": [{"words": ["today"], "within": 100}]}
    assert cost_of(tmp_path, **phrase).faults == ()


def test_many_cues_beside_many_shapes_are_linear(tmp_path: Path) -> None:
    flags = [f"Desk {number} of 5550100{number} is open." for number in range(5)]
    for side in ("before", "after", "either"):
        cued = {"patterns": [r"\b\d{8}\b"], "cue": ["desk", "open"], "cue_side": side, "flags": flags}
        assert cost_of(tmp_path, **cued).faults == ()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "near", "near": [["write"], ["today"]], "within": 101}, "within"),
        (
            {"kind": "phrase", "phrases": ["write"], "without": [{"words": ["now"], "within": 9999}]},
            "without[0].within",
        ),
        ({"patterns": [r"\bmail\b"], "cue": ["write us"], "cue_within": 500}, "cue_within"),
    ],
)
def test_a_reach_that_is_no_bound_is_refused(tmp_path: Path, fields: dict[str, Any], field: str) -> None:
    faults = dict(cost_of(tmp_path, **fields).faults)
    assert "are no bound: write 100 at most" in faults[field]


def test_a_repeat_inside_a_repeat_is_refused(tmp_path: Path) -> None:
    faults = cost_of(tmp_path, patterns=[r"\bwrite (?:[a-z]+ ?)+ today\b"]).faults
    message = 'a repeat without bound inside another, over the same words: letters like "a"'
    assert faults[0] == ("patterns", message)


@pytest.mark.parametrize(
    ("regex", "is_nested"),
    [
        ("(?:[a-z]+)+", True),
        ("(a*)*b", True),
        (r"(?:\w+\s*)*x", True),
        (r"(?:(?:\w+)|-)+", True),
        (r"(?:[a-z]+ )+", False),
        (r"(?:[a-z]+ ?){0,6}", False),
        (r"(?:[-=~*]{2,}>){2,}", False),
        ("[a-z]+[0-9]+", False),
        ("(unclosed", False),
    ],
)
def test_what_is_nested(regex: str, is_nested: bool) -> None:  # noqa: FBT001
    assert (nested_repeat(regex) is not None) is is_nested


def test_texts_are_made_from_the_expression_itself() -> None:
    assert ("5", "x") in list(pumped(r"\bid \d+x$"))
    assert list(pumped("(unclosed")) == []
    assert ("z", "") in list(pumped("z{1,50}"))


def test_a_rule_on_a_reply_or_an_image_is_asked_where_it_looks(tmp_path: Path) -> None:
    image = cost_of(tmp_path, patterns=[MAIL], fields=["alt_text"], flags=[
        {"text": "", "media": [{"alt_text": text}]} for text in FLAGS
    ])  # fmt: skip
    assert [field for field, _ in image.faults] == ["patterns"]
    reply = cost_of(
        tmp_path,
        kind="phrase",
        phrases=["write us"],
        applies_to={"direction": ["outbound_reply"]},
        flags=[{"text": text, "reply_to": {"text": "How do I reach you?"}} for text in FLAGS],
    )
    assert reply.faults == ()


def test_rules_that_ask_for_names_are_measured_without_the_pipeline(tmp_path: Path) -> None:
    cost = cost_of(
        tmp_path,
        kind="near",
        near=[["write us"], ["{PERSON}"]],
        flags=[f"Please write us, {name}." for name in ("Ana", "Ben", "Cleo", "Dora", "Ed")],
    )
    assert cost.faults == ()

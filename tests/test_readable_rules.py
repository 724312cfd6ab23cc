"""What a rule tells a person reads at grade 8 or below: its message, why, and what to do."""

from __future__ import annotations

import re

from phiguard.reading import blank, grade_of, sentences
from phiguard.rules import load_rules

MOST = 8.0
RULES = load_rules().rules


def told(message: str, why: str, fix: str) -> str:
    return " ".join(part if re.search(r"[.!?]\W?$", part) else f"{part}." for part in (message, why, fix))


def grade_of_text(text: str) -> float:
    found = list(sentences(blank(text)))
    return grade_of(found) if found else 0.0


def test_every_rule_reads_at_grade_8_or_below() -> None:
    grades = {rule.id: grade_of_text(told(rule.message, rule.why, rule.fix)) for rule in RULES}
    hard = {rule_id: round(grade, 1) for rule_id, grade in grades.items() if grade > MOST}
    assert len(grades) > 600
    assert hard == {}


def test_messages_are_short() -> None:
    assert [rule.id for rule in RULES if len(rule.message) > 240 or len(rule.message.split()) > 40] == []


def test_the_source_is_told_apart() -> None:
    assert [rule.id for rule in RULES if not rule.source.strip()] == []
    cited = re.compile(r"\b\d+ (?:CFR|USC)\b")
    assert [rule.id for rule in RULES if cited.search(rule.message) or cited.search(rule.why)] == []

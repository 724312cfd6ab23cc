"""Employees' talk about their own work: what is about tone becomes a note that says why; what no law protects stays."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from phiguard import Post, Screener, Screening
from phiguard.model import Finding
from phiguard.profile import Profile
from phiguard.profile_sections import RuleSetting
from phiguard.protected import HELD_LABEL, hold_back
from phiguard.rules import load_rules

RULES = Path(__file__).resolve().parent.parent / "rules"
FOLDERS = ("brand", "legal/employees.yaml", "legal/accusations.yaml", "lexicons", "context")
TALK = "Short-staffed again, and my boss won't listen."


@pytest.fixture(scope="module")
def screener() -> Screener:
    rules = load_rules([RULES / name for name in FOLDERS], with_shipped=False)
    return Screener(rules=rules, ner=None)


def said(screener: Screener, text: str, role: str = "employee_personal") -> Screening:
    return screener.screen(msgspec.convert({"text": text, "author_role": role}, Post))


def made(rule: str, category: str = "brand", severity: str = "medium") -> Finding:
    texts = {"message": "m", "why": "Because.", "source": "s", "fix": "f"}
    return msgspec.convert({"rule": rule, "category": category, "severity": severity, **texts}, Finding)


def test_tone_is_a_note_when_an_employee_talks_about_work(screener: Screener) -> None:
    text = f"{TALK} THIS PLACE IS CRAZY, people! Click here. #nurselifeproblems"
    loud, held = said(screener, text, "brand"), said(screener, text)
    assert loud.verdict == "note"
    assert held.verdict == "pass"
    assert {finding.severity for finding in held} == {"info"}
    notes = [finding for finding in held if not finding.rule.startswith("LEG-02")]
    assert {finding.rule for finding in notes} == {finding.rule for finding in loud}
    assert all(HELD_LABEL in finding.labels and finding.why.startswith("Held back:") for finding in notes)


@pytest.mark.parametrize(
    ("text", "rule", "verdict"),
    [
        (f"{TALK} We know where you live, scab.", "BRD-15.threat", "review"),
        (f"{TALK} Our unreleased Q2 numbers are bad, sell our stock now.", "BRD-07.share-tip", "block"),
        (f"{TALK} The door code for the drug room: 5512.", "BRD-07.password", "block"),
        (f"{TALK} Those retards in billing again.", "BRD-03.insult", "review"),
    ],
)
def test_what_no_law_protects_stays(screener: Screener, text: str, rule: str, verdict: str) -> None:
    screening = said(screener, text)
    assert screening.verdict == verdict
    assert rule in {finding.rule for finding in screening if finding.severity != "info"}


def test_harsh_words_about_the_boss_are_a_note(screener: Screener) -> None:
    text = f"{TALK} This person is a fraud and a crook."
    assert said(screener, text, "brand").verdict == "block"
    assert said(screener, text).verdict == "pass"


@pytest.mark.parametrize(
    "text",
    [
        "THESE SOCKS ARE CRAZY GOOD, people",
        "As your manager, I say that staffing is fine. WE ARE ALL CRAZY PEOPLE HERE",
    ],
)
def test_other_talk_and_managers_are_not_held_back(screener: Screener, text: str) -> None:
    assert said(screener, text).verdict == "note"


def test_only_talk_holds_back() -> None:
    findings = (
        made("BRD-12.caps-words"),
        made("PHI-01.x", "privacy", "critical"),
        made("LEG-03.crime", "claims"),
    )
    assert hold_back(findings) == findings
    kept = hold_back((*findings, made("LEG-02.pay", severity="info")))
    assert [finding.severity for finding in kept] == ["info", "critical", "info", "info"]
    assert kept[0].why == (
        "Held back: an employee speaks about work here (LEG-02), and labor law protects most such talk. Because."
    )


def test_an_organization_can_turn_it_off(screener: Screener) -> None:
    off = RuleSetting(reason="Counsel decided.", off=True)
    strict = screener.speaking_for(Profile(rules={"LEG-02": off}))
    text = f"{TALK} CRAZY PEOPLE EVERYWHERE HERE"
    assert said(strict, text).verdict == "note"
    assert said(screener, text).verdict == "pass"

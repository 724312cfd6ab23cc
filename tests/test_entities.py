"""Entities as words of rules: asked last, once, never the organization's own, and a gap when nobody can answer."""

from __future__ import annotations

import pickle
import re
from collections.abc import Sequence

import pytest

from phiguard import Post, Profile, RuleError, Screener
from phiguard.entities import Entities, Entity
from phiguard.profile import Staff
from phiguard.rules import RuleSet, assemble
from phiguard.screener import Screener as _Screener

RULE = """
rules:
  - id: X-1
    kind: near
    title: t
    category: privacy
    severity: high
    message: m
    why: w
    source: s
    fix: f
    near: [[treated, admitted], ["{PERSON}", "the patient"]]
    within: 6
    %s
    flags: [a]
    passes: [a]
"""


class Names:
    """Finds words that begin with Z, and counts how often it is asked."""

    labels = frozenset({"PERSON", "LOCATION", "ORGANIZATION"})

    def __init__(self) -> None:
        self.asked = 0

    def triggers(self, _label: str) -> tuple[str, ...] | None:
        return None

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        self.asked += 1
        return [Entity(*found.span(), "PERSON", 0.9, "test") for found in re.finditer(r"\bZ\w+", text)]

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        return [self.find(text, labels) for text in texts]


class Badges:
    """Finds ``B`` and five digits, behind a pattern that also lets four pass."""

    labels = frozenset({"BADGE"})

    def __init__(self) -> None:
        self.asked = 0

    def triggers(self, _label: str) -> tuple[str, ...] | None:
        return (r"\bB\d{4}",)

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        self.asked += 1
        return [Entity(*found.span(), "BADGE", 1.0, "test") for found in re.finditer(r"\bB\d{5}\b", text)]

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        return [self.find(text, labels) for text in texts]


class Broken(Names):
    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        raise MemoryError(text)


def rules(more: str = "", source: str = RULE) -> RuleSet:
    return assemble([("x.yaml", (source % more).encode())])


def screener(
    monkeypatch: pytest.MonkeyPatch,
    *sources: object,
    source: str = RULE,
    more: str = "",
    profile: Profile | None = None,
) -> Screener:
    monkeypatch.setattr("phiguard.screener.entities_from", lambda *_: Entities(list(sources)))  # type: ignore[arg-type]
    return _Screener(profile, rules=rules(more, source))


def found(screening: object) -> list[str]:
    return [finding.rule for finding in screening]  # type: ignore[attr-defined]


def test_a_name_stands_in_a_list_of_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = screener(monkeypatch, Names())
    assert found(guard.screen("We treated Zelda on Monday")) == ["X-1"]
    assert found(guard.screen("We treated the patient well")) == ["X-1"]
    assert found(guard.screen("We treated everybody well")) == []
    finding = guard.screen("ok. We treated ★ Zelda ★").findings[0]
    assert [(span.start, span.end) for span in finding.spans] == [(7, 22)]


def test_names_are_asked_for_only_where_the_other_words_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names()
    guard = screener(monkeypatch, names)
    guard.screen("Zelda came by. Zoe too.")
    assert names.asked == 0
    guard.screen("Zelda was treated. Zoe was treated, Zack was admitted.")
    assert names.asked == 1


def test_staff_is_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = Profile(staff=Staff(names=("Zelda",)))
    guard = screener(monkeypatch, Names(), profile=profile)
    assert found(guard.screen("We treated Zelda")) == []
    assert found(guard.screen("We treated Zoe")) == ["X-1"]


def test_a_name_excuses_too(monkeypatch: pytest.MonkeyPatch) -> None:
    source = RULE.replace('"{PERSON}", ', "")
    guard = screener(
        monkeypatch, Names(), source=source, more='without: [{words: ["{PERSON}"], scope: post}]'
    )
    assert found(guard.screen("We treated the patient")) == ["X-1"]
    assert found(guard.screen("We treated the patient, says Zoe")) == []


def test_what_triggers_an_entity_is_not_yet_one(monkeypatch: pytest.MonkeyPatch) -> None:
    source = RULE.replace("kind: near", "kind: phrase").replace(
        'near: [[treated, admitted], ["{PERSON}", "the patient"]]\n    within: 6', 'phrases: ["{BADGE}"]'
    )
    badges = Badges()
    guard = screener(monkeypatch, Names(), badges, source=source)
    assert found(guard.screen("badge B12345 here")) == ["X-1"]
    assert found(guard.screen("badge B1234 here")) == []
    assert badges.asked == 2
    assert found(guard.screen("no badge")) == []
    assert badges.asked == 2


def test_a_source_that_breaks_leaves_one_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    screening = screener(monkeypatch, Broken()).screen("We treated Zelda. We admitted Zoe.")
    assert not screening.complete
    assert [(gap.what, gap.reason) for gap in screening.unscreened] == [
        ("PERSON in text", "failed: MemoryError")
    ]
    assert screening.verdict == "review"


def test_no_names_wanted_leaves_a_gap_where_one_was_needed() -> None:
    guard = Screener(rules=rules(), ner=None)
    assert guard.screen("We treated somebody").complete is False
    assert guard.screen("Good morning").complete is True
    assert pickle.loads(pickle.dumps(guard)).screen("We treated somebody").complete is False  # noqa: S301


def test_a_rule_cannot_begin_with_names(monkeypatch: pytest.MonkeyPatch) -> None:
    source = RULE.replace(
        '[treated, admitted], ["{PERSON}", "the patient"]', '["{PERSON}"], [treated, admitted]'
    )
    with pytest.raises(RuleError, match=r"x\.yaml:3: X-1: near\[0\]: a rule cannot begin with names"):
        screener(monkeypatch, Names(), source=source)


def test_an_unknown_kind_of_entity_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuleError, match="PERSONN"):
        screener(monkeypatch, Names(), source=RULE.replace("PERSON", "PERSONN"))


def test_entities_of_a_post(monkeypatch: pytest.MonkeyPatch) -> None:
    source = RULE.replace("kind: near", "kind: pattern").replace(
        'near: [[treated, admitted], ["{PERSON}", "the patient"]]\n    within: 6',
        "patterns: ['\\d{6}']\n    cue: [chart]\n    entity: MEDICAL_RECORD\n    without: [{words: [demo], scope: post}]",
    )
    guard = screener(monkeypatch, Names(), source=source)
    entities = guard.entities(Post(text="Demo for Zoe: chart 123456", reply_to=None))
    assert [(field, one.label, one.start, one.end) for field, one in entities] == [
        ("text", "PERSON", 9, 12),
        ("text", "MEDICAL_RECORD", 20, 26),
    ]

"""phiguard as a recognizer of Presidio: its entities and findings, and no silence where something was not screened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, RecognizerResult

from phiguard import Post, Screener, load_rules
from phiguard.entities import NAMES, Entity
from phiguard.entities.presidio_words import Words
from phiguard.extra.presidio import FINDINGS, NotScreenedError, PhiguardRecognizer

RULES = """
rules:
  - id: FDA-08.tea
    kind: phrase
    title: A tea that cures
    category: claims
    severity: high
    confidence: certain
    message: This says that a tea cures.
    why: No tea does.
    source: House style (test)
    fix: Leave it out.
    phrases: [tea cures]
    flags: [tea cures a, tea cures b, tea cures c, tea cures d, tea cures e]
    passes: [tea, cures, tea and cures, curing tea, tea cured]
"""


class Ada:
    """A source of names that knows one."""

    labels = NAMES

    def triggers(self, label: str) -> tuple[str, ...] | None:
        return None

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        at = text.find("Ada")
        return [] if at < 0 else [Entity(at, at + 3, "PERSON", 0.9, "ada")]

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        return [self.find(text, labels) for text in texts]


@pytest.fixture(scope="module")
def screener(tmp_path_factory: pytest.TempPathFactory) -> Screener:
    path: Path = tmp_path_factory.mktemp("rules") / "tea.yaml"
    path.write_text(RULES)
    return Screener(rules=load_rules([path], with_shipped=False), ner=Ada())


def spots(results: Sequence[RecognizerResult]) -> list[tuple[int, int, str, float]]:
    return sorted((one.start, one.end, one.entity_type, one.score) for one in results)


def test_an_engine_of_presidio_gets_entities_and_findings(screener: Screener) -> None:
    recognizer = PhiguardRecognizer(screener)
    registry = RecognizerRegistry(recognizers=[recognizer], supported_languages=["en"])
    engine = AnalyzerEngine(registry=registry, nlp_engine=Words(), supported_languages=["en"])
    text = "Ada says our 𝘁𝗲𝗮 cures all"
    results = engine.analyze(text, "en", return_decision_process=True)
    assert spots(results) == [(0, 3, "PERSON", 0.9), (13, 22, "CLAIM_FINDING", 1.0)]
    (finding,) = (one for one in results if one.entity_type == "CLAIM_FINDING")
    assert finding.recognition_metadata["rule"] == "FDA-08.tea"
    assert finding.analysis_explanation.textual_explanation == "This says that a tea cures. No tea does."
    only = engine.analyze(text, "en", entities=["CLAIM_FINDING"])
    assert [one.entity_type for one in only] == ["CLAIM_FINDING"]


def test_what_was_not_screened_is_an_error(screener: Screener) -> None:
    post = Post(text="", media=())
    recognizer = PhiguardRecognizer(screener, post=post, labels=["CLAIM_FINDING"])
    assert recognizer.analyze("tea cures", ["CLAIM_FINDING"])
    with pytest.raises(NotScreenedError, match="text"):
        recognizer.analyze("tea " * 200_000, ["CLAIM_FINDING"])


def test_every_category_has_an_entity_type() -> None:
    assert set(FINDINGS) == {"privacy", "claims", "brand", "community"}
    assert {*FINDINGS.values(), "PERSON", "US_SSN"} <= set(PhiguardRecognizer().supported_entities)

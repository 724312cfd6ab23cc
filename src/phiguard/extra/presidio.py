"""phiguard for users of Presidio: its entities and findings as those of an ``EntityRecognizer``.

``registry.add_recognizer(PhiguardRecognizer())`` adds it to an ``AnalyzerEngine``. Importing this module imports Presidio.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult

from phiguard.entities import NAMES
from phiguard.entities.details import KINDS
from phiguard.entities.presidio import presidio_labels
from phiguard.model import Finding, Post
from phiguard.screener import Screener

__all__ = ["FINDINGS", "NotScreenedError", "PhiguardRecognizer"]

FINDINGS = {
    "privacy": "PRIVACY_FINDING",
    "claims": "CLAIM_FINDING",
    "brand": "BRAND_FINDING",
    "community": "COMMUNITY_FINDING",
}
"""The entity type that a finding of each category has."""

_SCORES = {"certain": 1.0, "likely": 0.85, "possible": 0.5}


class NotScreenedError(Exception):
    """Part of a text was not screened. Presidio has no word for that: a result would look as if the text were clean."""


class PhiguardRecognizer(EntityRecognizer):
    """A Presidio recognizer that finds what phiguard finds.

    Args:
        screener: what screens; the default rules without a profile otherwise.
        post: metadata of the texts (platform, direction …), for rules that ask for it.
        labels: the entity types to offer; all of phiguard's entities, and its findings, by default.
        name: the recognizer's name.
    """

    def __init__(
        self,
        screener: Screener | None = None,
        *,
        post: Post | None = None,
        labels: Sequence[str] | None = None,
        name: str = "PhiguardRecognizer",
    ) -> None:
        self._screener = screener or Screener()
        self._name = name
        self._post = post or Post(text="")
        offered = labels or (*_labels_of(self._screener), *FINDINGS.values())
        super().__init__(supported_entities=list(offered), name=name, supported_language="en")

    def load(self) -> None:
        """Nothing: the screener loads what it needs when it needs it."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """The entities and findings of the types asked for. Raises `NotScreenedError` for a text that was not wholly screened."""
        del nlp_artifacts
        wanted = set(entities or self.supported_entities) & set(self.supported_entities)
        results: list[RecognizerResult] = []
        post = msgspec.structs.replace(self._post, text=text)
        if wanted - set(FINDINGS.values()):
            results += [
                self._result(entity.label, entity.start, entity.end, entity.score, entity.source, None)
                for field, entity in self._screener.entities(post)
                if field == "text" and entity.label in wanted
            ]
        if wanted & set(FINDINGS.values()):
            screening = self._screener.screen(post)
            if not screening.complete:
                raise NotScreenedError("; ".join(f"{gap.what}: {gap.reason}" for gap in screening.unscreened))
            results += [
                self._result(
                    FINDINGS[found.category],
                    span.start,
                    span.end,
                    _SCORES[found.confidence],
                    found.rule,
                    found,
                )
                for found in screening.findings
                if found.field == "text" and FINDINGS[found.category] in wanted
                for span in found.spans
            ]
        return results

    def _result(
        self, label: str, start: int, end: int, score: float, source: str, finding: Finding | None
    ) -> RecognizerResult:
        why = f"{finding.message} {finding.why}" if finding else f"Found by {source}"
        return RecognizerResult(
            entity_type=label,
            start=start,
            end=end,
            score=score,
            analysis_explanation=AnalysisExplanation(
                recognizer=self._name, original_score=score, pattern_name=source, textual_explanation=why
            ),
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self._name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                "rule": source,
            },
        )


def _labels_of(screener: Screener) -> list[str]:
    named = {rule.entity for rule in screener.rules.rules if rule.entity}
    return sorted(named | NAMES | KINDS | presidio_labels())

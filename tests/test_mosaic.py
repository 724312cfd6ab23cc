"""Mosaics: details add up to a finding though none of them is one, and the finding tells which did."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from phiguard.errors import RuleError
from phiguard.rules import load_rules
from phiguard.screener import Screener

RULE = """
rules:
  - id: T-01
    kind: mosaic
    title: T
    category: privacy
    severity: high
    message: M
    why: W
    source: S
    fix: F
    threshold: {threshold}
    within: 8
    context: [treated]
    groups:
      - {{name: job, weight: {weight}, words: [baker, barber]}}
      - {{name: place, weight: 1, words: [local]}}
      - {{name: age, weight: 1, words: ["/\\\\b[0-9]{{1,3}}-year-old\\\\b/"]}}
      - {{name: place, weight: 1, words: [Main Street]}}
    flags: [x]
    passes: [x]
"""


def screener(tmp_path: Path, threshold: int = 3, weight: int = 1) -> Screener:
    """A screener with the one rule of this file."""
    file = tmp_path / "rule.yaml"
    file.write_text(RULE.format(threshold=threshold, weight=weight), encoding="utf-8")
    return Screener(rules=load_rules([file], with_shipped=False), ner=None)


def labels(made: Screener, text: str) -> tuple[str, ...] | None:
    """The labels of the finding in a text, or ``None``."""
    findings = made.screen(text).findings
    return findings[0].labels if findings else None


@pytest.fixture
def three(tmp_path: Path) -> Screener:
    return screener(tmp_path)


def test_details_add_up_and_the_finding_tells_which(three: Screener) -> None:
    assert labels(three, "We treated a local baker, a 40-year-old.") == ("age", "job", "place")


@pytest.mark.parametrize(
    "text",
    [
        "We treated a local baker.",
        "We treated a baker and a barber, both local.",
        "We treated a local baker of Main Street.",
        "A local baker, a 40-year-old, sells bread.",
        "We treated a baker. " + "and then we went out to buy bread and milk " + "A local 40-year-old.",
    ],
)
def test_fewer_sorts_or_no_care_or_too_far_is_nothing(three: Screener, text: str) -> None:
    assert labels(three, text) is None


def test_groups_of_one_name_are_one_sort(three: Screener) -> None:
    assert labels(three, "We treated a 40-year-old baker of Main Street.") == ("age", "job", "place")


def test_a_weight_counts(tmp_path: Path) -> None:
    assert labels(screener(tmp_path, weight=2), "We treated a local baker.") == ("job", "place")


def test_the_spans_hold_the_details_and_the_care(three: Screener) -> None:
    text = "Hello! We treated a local baker, a 40-year-old."
    (finding,) = three.screen(text).findings
    assert [text[span.start : span.end] for span in finding.spans] == ["treated a local baker, a 40-year-old"]


@pytest.mark.parametrize(
    ("threshold", "weight", "said"),
    [(2, 2, "no single detail is a finding"), (9, 1, "more than all groups together weigh")],
)
def test_a_rule_that_is_no_mosaic_is_refused(tmp_path: Path, threshold: int, weight: int, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        screener(tmp_path, threshold, weight)


def test_a_text_that_repeats_itself_is_screened_in_linear_time(three: Screener) -> None:
    def seconds(times: int) -> float:
        """Of the processor, the least of three: a busy machine proves nothing."""
        took = []
        for _ in range(3):
            began = time.process_time()
            three.screen("treated baker baker baker " * times)
            took.append(time.process_time() - began)
        return min(took)

    seconds(10)
    assert seconds(3_000) < 60 * max(seconds(300), 0.001)


def test_the_shipped_rule_explains_itself() -> None:
    screening = Screener(ner=None).screen(
        "We treated a 34-year-old beekeeper on Saturday after a house fire."
    )
    (finding,) = (one for one in screening if one.rule == "PHI-09.mosaic")
    assert finding.labels == ("age", "event", "job", "time")

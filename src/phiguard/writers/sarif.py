"""SARIF 2.1.0 for code scanning: rules, results with regions, and what was not screened. No snippets."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, BinaryIO
from urllib.parse import quote

import msgspec

from phiguard.kinds.base import Rule
from phiguard.model import Finding
from phiguard.writers.outcome import Outcome, View, encodable, without_controls

__all__ = ["SCHEMA", "write_sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_RANKS = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "0.0"}


def write_sarif(outcomes: Iterable[Outcome], out: BinaryIO, view: View) -> None:
    """One run. Results are written as they come; the rules, known only then, close the run."""
    encode = msgspec.json.Encoder(order="deterministic").encode
    used: dict[str, int] = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    notes: list[dict[str, Any]] = []
    out.write(
        b'{"$schema":' + encode(SCHEMA) + b',"version":"2.1.0","runs":[{"columnKind":"unicodeCodePoints",'
    )
    out.write(b'"results":[')
    comma = b""
    for outcome in outcomes:
        if outcome.screening is None:
            notes.append(_note(outcome, str(outcome.fault)))
            continue
        notes += [_note(outcome, f"{gap.what}: {gap.reason}") for gap in outcome.screening.unscreened]
        for finding, words in outcome.findings():
            index = used.setdefault(finding.rule, len(used))
            key = (outcome.place.path, finding.rule, finding.field)
            seen[key] += 1
            out.write(comma + b"\n" + encode(_result(outcome, finding, words, index, seen[key])))
            comma = b","
    driver = {
        "name": "phiguard",
        "semanticVersion": view.version or "0.0.0",
        "rules": [_rule(rule_id, view.rule(rule_id)) for rule_id in used],
    }
    # A run that did not look at everything says so: code scanning shows it.
    invocation = {"executionSuccessful": not notes, "toolExecutionNotifications": notes}
    out.write(
        b'\n],"tool":' + encode({"driver": driver}) + b',"invocations":' + encode([invocation]) + b"}]}\n"
    )


def _rule(rule_id: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": rule_id}
    return {
        "id": rule_id,
        "name": "".join(part.capitalize() for part in rule_id.replace(".", "-").split("-")),
        "shortDescription": {"text": rule.title},
        # the message of a series has places for figures
        "fullDescription": {"text": re.sub(r"\{\w+\}", "…", f"{rule.message} {rule.why}")},
        "help": {"text": f"{rule.why}\n\nWhat to do: {rule.fix}\n\nSource: {rule.source}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.category], "security-severity": _RANKS[rule.severity]},
    }


def _result(
    outcome: Outcome, finding: Finding, words: tuple[str, ...], index: int, number: int
) -> dict[str, Any]:
    told = f" [{' … '.join(encodable(without_controls(word)) for word in words)}]" if words else ""
    # Which of its rule's findings in the file it is: stable when lines move, and no hash of text,
    # from which a short text could be guessed.
    name = f"{encodable(outcome.place.path)}\0{finding.rule}\0{finding.field}\0{number}"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}{told} {finding.fix}"},
        "locations": [{"physicalLocation": _location(outcome, finding)}],
        "partialFingerprints": {"phiguard/v1": hashlib.sha256(name.encode()).hexdigest()},
        "properties": {
            "severity": finding.severity,
            "category": finding.category,
            "confidence": finding.confidence,
            "field": finding.field,
        },
    }
    if finding.route is not None:
        result["properties"]["route"] = finding.route
    return result


def _location(outcome: Outcome, finding: Finding) -> dict[str, Any]:
    place = outcome.place
    region: dict[str, Any] = {"startLine": place.line}
    if finding.spans:
        first, last = finding.spans[0], finding.spans[-1]
        start, end = place.point(finding.field, first.start), place.point(finding.field, last.end)
        region["startLine"] = start.line
        if start.column is not None and end.column is not None:
            region |= {"startColumn": start.column, "endLine": end.line, "endColumn": end.column}
        if start.offset is not None and end.offset is not None:
            region |= {"charOffset": start.offset, "charLength": max(0, end.offset - start.offset)}
    return {"artifactLocation": {"uri": _uri(place.path)}, "region": region}


def _note(outcome: Outcome, text: str) -> dict[str, Any]:
    region = {"startLine": outcome.place.line}
    location = {"artifactLocation": {"uri": _uri(outcome.place.path)}, "region": region}
    return {
        "level": "error",
        "message": {"text": f"Not screened: {text}"},
        "locations": [{"physicalLocation": location}],
    }


def _uri(path: str) -> str:
    return quote(encodable(path).replace("\\", "/")) if path else "post"

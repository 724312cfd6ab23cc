"""JUnit XML: a test case for each record, which fails for findings and errs if it was not screened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

import msgspec

from phiguard.writers.outcome import Outcome, View, encodable, without_controls

__all__ = ["write_junit"]

_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Suite(msgspec.Struct):
    name: str
    cases: list[str] = []
    tests: int = 0
    failures: int = 0
    errors: int = 0


def write_junit(outcomes: Iterable[Outcome], out: BinaryIO, view: View) -> None:
    """A suite for each file. The cases of one file are held until its counts are known."""
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="phiguard">\n')
    suite: _Suite | None = None
    for outcome in outcomes:
        name = outcome.place.path or "post"
        if suite is None or suite.name != name:
            if suite:
                _close(suite, out)
            suite = _Suite(name=name)
        _add(suite, outcome, view)
    if suite:
        _close(suite, out)
    out.write(b"</testsuites>\n")


def _add(suite: _Suite, outcome: Outcome, view: View) -> None:
    faults = list(_errors(outcome))
    failures = list(_failures(outcome, view)) if not faults else []
    suite.tests += 1
    suite.errors += bool(faults)
    suite.failures += bool(failures)
    head = f"    <testcase classname={_attribute(suite.name)} name={_attribute(f'line {outcome.place.line}')}"
    inner = "".join([*faults[:1], *failures[:1]])
    told = [*_failures(outcome, view, only_failing=False)] if faults else []
    if told:
        lines = "\n".join(told)
        inner += f"      <system-out>{_text(lines)}</system-out>\n"
    suite.cases.append(f"{head}>\n{inner}    </testcase>\n" if inner else f"{head}/>\n")


def _errors(outcome: Outcome) -> Iterator[str]:
    if outcome.screening is None:
        yield f'      <error type="not-read" message={_attribute(str(outcome.fault))}/>\n'
        return
    gaps = "; ".join(f"{gap.what}: {gap.reason}" for gap in outcome.screening.unscreened)
    if not outcome.screening.complete:
        yield f'      <error type="not-screened" message={_attribute(gaps)}/>\n'


def _failures(outcome: Outcome, view: View, *, only_failing: bool = True) -> Iterator[str]:
    found = [
        (finding, words) for finding, words in outcome.findings() if view.fails(finding) or not only_failing
    ]
    if not found:
        return
    lines = []
    for finding, words in found:
        point = outcome.place.point(finding.field, finding.start) if finding.spans else None
        where = f"{point.line}:{point.column}: " if point and point.column is not None else ""
        told = f" [{' … '.join(map(without_controls, words))}]" if words else ""
        lines.append(f"{where}{finding.severity} {finding.rule}: {finding.message}{told} {finding.fix}")
    body = "\n".join(lines)
    if not only_failing:
        yield body
        return
    worst = max(found, key=lambda pair: _rank(pair[0].severity))[0]
    kind, message = _attribute(worst.rule), _attribute(worst.message)
    yield f"      <failure type={kind} message={message}>{_text(body)}</failure>\n"


def _rank(severity: str) -> int:
    return ("info", "low", "medium", "high", "critical").index(severity)


def _close(suite: _Suite, out: BinaryIO) -> None:
    head = f'  <testsuite name={_attribute(suite.name)} tests="{suite.tests}"'
    head += f' failures="{suite.failures}" errors="{suite.errors}" skipped="0" time="0">\n'
    out.write(head.encode())
    out.writelines(case.encode() for case in suite.cases)
    out.write(b"  </testsuite>\n")


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", encodable(text)))


def _text(text: str) -> str:
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", encodable(text)))

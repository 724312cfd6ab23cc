"""Outcomes into every form: valid, harmless to its reader, and without words unless asked."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phiguard.model import Finding, Gap, Route, Screening, Severity, Span
from phiguard.readers.record import Anchor, Fault, Place
from phiguard.writers import FORMATS, writer_of
from phiguard.writers.outcome import Outcome, View, without_controls
from phiguard.writers.summary import Summary

SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0-rtm.4.json").read_text())
CANARY = "zq7canary"


def a_rule(rule_id: str) -> Any:
    return SimpleNamespace(
        id=rule_id,
        title="Promises a miracle",
        category="claims",
        severity="high",
        message="This promises a miracle.",
        why="Nobody can.",
        fix="Leave it out.",
        source="House style (tests)",
    )


VIEW = View(rule=a_rule, version="1.2.3")


def a_finding(rule: str = "TST-01.miracle", severity: Severity = "high", **more: Any) -> Finding:
    told = {
        "message": "This, with 100%\nof it: promises.",
        "why": "Nobody can.",
        "source": "s",
        "fix": "Leave it out.",
    }
    return Finding(
        rule=rule, category="claims", severity=severity, **{**told, "spans": (Span(7, 14),), **more}
    )


PLACE = Place(path="posts/a b.md", line=2, texts={"text": (Anchor(0, 2, 3, 40), Anchor(10, 3, 1, 51))})
ROUTE = Route(
    queue="crisis",
    within="15 minutes",
    rule="TST-04",
    due=dt.datetime(2026, 5, 1, 9, 15, tzinfo=dt.timezone.utc),
)
OUTCOMES = [
    Outcome(
        place=PLACE,
        screening=Screening(id="=1+1", verdict="block", findings=(a_finding(), a_finding("TST-02", "low"))),
    ),
    Outcome(
        place=Place(path="posts/a b.md", line=9),
        screening=Screening(
            verdict="review",
            findings=(
                a_finding("TST-04", "critical", route=ROUTE),
                a_finding("TST-05", "medium", spans=(), field="media[0].alt_text"),
            ),
            routes=(ROUTE,),
            complete=False,
            unscreened=(Gap(what="media[1]", reason="no alt text"),),
            suppressed=("TST-09",),
        ),
        direction="inbound_dm",
    ),
    Outcome(
        place=Place(path="posts/c.jsonl", line=4),
        fault=Fault(reason="is none of: x, yelp", field="platform"),
        unknown=("likes",),
    ),
    Outcome(place=Place(path="posts/c.jsonl", line=5), screening=Screening(verdict="pass")),
]
REVEALED = [
    Outcome(
        place=PLACE,
        screening=OUTCOMES[0].screening,
        excerpts=((f"{CANARY}\x1b[2J\n",), ("=cmd()", "b\u202e")),
    ),
]


def written(form: str, outcomes: list[Outcome], view: View = VIEW) -> str:
    out = io.BytesIO()
    writer_of(form)(iter(outcomes), out, view)
    return out.getvalue().decode("utf-8")


def summed(outcomes: list[Outcome], view: View = VIEW) -> str:
    summary = Summary()
    for _ in summary.counting(outcomes, view):
        pass
    return "\n".join(summary.lines(view))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("outcomes", [[], OUTCOMES, REVEALED, OUTCOMES[2:3], OUTCOMES[3:]], ids=range(5))
def test_every_form_is_text_that_no_terminal_obeys(form: str, outcomes: list[Outcome]) -> None:
    content = written(form, outcomes)
    if form != "csv":  # a spreadsheet wants the words as they are
        assert "\x1b" not in content
        assert "\u202e" not in content or form in {"json", "jsonl"}
    assert (CANARY in content) is (outcomes is REVEALED)


# --- SARIF --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcomes", [[], OUTCOMES, REVEALED, OUTCOMES[2:3], OUTCOMES[3:]], ids=range(5))
def test_sarif_fits_its_schema(outcomes: list[Outcome]) -> None:
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(
        json.loads(written("sarif", outcomes))
    )


def test_the_schema_refuses_what_is_no_sarif() -> None:
    log = json.loads(written("sarif", OUTCOMES))
    log["runs"][0]["results"][0]["snippet"] = "a"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(SCHEMA).validate(log)


def test_sarif_says_where_and_never_what() -> None:
    (run,) = json.loads(written("sarif", OUTCOMES))["runs"]
    first = run["results"][0]
    location = first["locations"][0]["physicalLocation"]
    assert unquote(location["artifactLocation"]["uri"]) == "posts/a b.md"
    assert location["region"] == {
        "startLine": 2,
        "startColumn": 10,
        "endLine": 3,
        "endColumn": 5,
        "charOffset": 47,
        "charLength": 8,
    }
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "TST-01.miracle"
    assert first["level"] == "error"
    assert "snippet" not in json.dumps(run)
    notes = run["invocations"][0]
    assert notes["executionSuccessful"] is False
    assert len(notes["toolExecutionNotifications"]) == 2


def test_fingerprints_stay_when_lines_move_and_differ_within_a_file() -> None:
    def prints(shift: int) -> list[str]:
        moved = [
            Outcome(
                place=Place(path="a.md", line=line + shift),
                screening=Screening(verdict="block", findings=(a_finding(),)),
            )
            for line in (1, 5)
        ]
        results = json.loads(written("sarif", moved))["runs"][0]["results"]
        return [result["partialFingerprints"]["phiguard/v1"] for result in results]

    assert prints(0) == prints(7)
    assert len(set(prints(0))) == 2


# --- CSV ----------------------------------------------------------------------------------------------


def test_csv_has_a_row_for_each_finding_and_runs_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", OUTCOMES), newline="")))
    assert [(row["line"], row["rule"], row["complete"]) for row in rows] == [
        ("2", "TST-01.miracle", "yes"),
        ("2", "TST-02", "yes"),
        ("9", "TST-04", "no"),
        ("9", "TST-05", "no"),
        ("4", "", "no"),
        ("5", "", "yes"),
    ]
    assert rows[0]["id"] == "'=1+1"
    assert (rows[0]["start"], rows[0]["end"]) == ("7", "14")
    assert (rows[2]["queue"], rows[2]["due"]) == ("crisis", "2026-05-01T09:15:00+00:00")
    assert rows[4]["not_screened"] == "field platform: is none of: x, yelp"
    assert all(None not in row for row in rows)


def test_csv_reveals_into_a_column_of_its_own() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", REVEALED), newline="")))
    assert rows[1]["excerpt"] == "'=cmd() … b\u202e"


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    outcome = Outcome(place=Place(path="a"), screening=Screening(id=text, verdict="pass"))
    (row,) = csv.DictReader(io.StringIO(written("csv", [outcome]), newline=""))
    assert not row["id"].lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


# --- the others ---------------------------------------------------------------------------------------


def test_github_escapes_what_a_command_would_read() -> None:
    lines = written("github", OUTCOMES).splitlines()
    assert lines[0] == (
        "::error file=posts/a b.md,line=2,col=10,endLine=3,endColumn=5,title=TST-01.miracle"
        "::This, with 100%25%0Aof it: promises. Leave it out."
    )
    assert [line.split(" ", 1)[0] for line in lines] == [
        "::error",
        "::notice",
        "::error",
        "::warning",
        "::warning",
        "::error",
    ]
    assert "title=not screened::media[1]: no alt text" in lines[4]


def test_junit_counts_failures_and_errors() -> None:
    root = ET.fromstring(written("junit", [*OUTCOMES, *REVEALED]).encode())  # noqa: S314  our own output
    counts = [
        (suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("errors")) for suite in root
    ]
    assert counts == [
        ("posts/a b.md", "2", "1", "1"),
        ("posts/c.jsonl", "2", "0", "1"),
        ("posts/a b.md", "1", "1", "0"),
    ]
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("type") == "TST-01.miracle"
    assert "TST-02" not in (failure.text or "")  # low: under --fail-on


def test_text_speaks_to_people() -> None:
    content = written("text", OUTCOMES)
    for said in (
        "posts/a b.md:2  BLOCK  Do not publish",
        "2:10",
        "Fix: Leave it out.",
        "to crisis within 15 minutes, due 2026-05-01 09:15",
        "not screened  media[1]: no alt text",
        "NOT SCREENED  field platform",
        "suppressed by the profile: TST-09",
    ):
        assert said in content, said
    assert "c.jsonl:5" not in content  # nothing to say about it


def test_colors_come_only_when_asked_for() -> None:
    colored = View(rule=a_rule, color=True)
    assert "\x1b[" in written("text", OUTCOMES, colored)
    assert "\x1b[" in summed(OUTCOMES, colored)
    assert "\x1b[" not in summed(OUTCOMES)


def test_the_summary_tells_what_matters() -> None:
    content = summed(OUTCOMES)
    for said in (
        "3 posts screened from 2 files.",
        "Posts with findings, by subject: claims 2",
        "What was found, the gravest first",
        "high      TST-01.miracle  Promises a miracle",
        "1  crisis  within 15 minutes; the first is due 2026-05-01 09:15",
        "media[1]: no alt text",
        "1  record that cannot be read as a post",
        "1: field platform: is none of: x, yelp (posts/c.jsonl:4)",
        "Fields not understood, and not looked at: likes (1)",
        "1 finding suppressed by the profile.",
    ):
        assert said in content, said
    lines = content[content.index("Look at these first") :].splitlines()
    assert lines[1].split()[:3] == ["crisis", "posts/a", "b.md:9"]  # life before reputation
    assert lines[2].split()[:3] == ["block", "posts/a", "b.md:2"]


def test_the_summary_stays_small_whatever_is_scanned() -> None:
    many = [OUTCOMES[0], OUTCOMES[2]] * 5_000
    content = summed(many)
    assert len(content.splitlines()) < 70
    assert "5,000: field platform" in content
    assert "and 4,980 more" in content[content.index("Look at these first") :]


def test_a_count_of_two_directions_shows_both() -> None:
    assert "incoming" in summed(OUTCOMES)
    assert "incoming" not in summed(OUTCOMES[3:])


@given(st.text())
def test_revealed_words_are_one_line_that_nothing_obeys(text: str) -> None:
    shown = without_controls(text)
    assert shown.isprintable() or all(
        not character.isascii() for character in shown if not character.isprintable()
    )
    assert "\n" not in shown
    assert len(shown) == len(text)


@pytest.mark.parametrize("form", FORMATS)
def test_lone_surrogates_can_be_written(form: str) -> None:
    outcome = Outcome(
        place=Place(path="a\udc80.md"),
        screening=Screening(id="\ud800", verdict="block", findings=(a_finding(),)),
        excerpts=(("\udfff",),),
    )
    assert written(form, [outcome])

"""The pages that are made from the code agree with it."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import msgspec
import pytest

from phiguard.cli.gate import decide
from phiguard.cli.pages import PAGES, wire_schema
from phiguard.model import Finding, Gap, Media, Parent, Post, Route, Screening, Span
from phiguard.readers.record import Fault, Place
from phiguard.writers.outcome import Outcome, wire

FINDING = Finding(
    rule="TST-01",
    category="brand",
    severity="low",
    message="m",
    why="w",
    source="s",
    fix="f",
    spans=(Span(0, 1),),
    route=Route(queue="crisis", within="15 minutes", rule="TST-01"),
)
SCREENING = Screening(
    verdict="note", findings=(FINDING,), complete=False, unscreened=(Gap(what="a", reason="b"),)
)
PLACE = Place(path="a.jsonl", line=3)


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_says(name: str, root: Path) -> None:
    written = (root / "docs" / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run: python -m phiguard.cli.pages docs"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Post", Post(text="a", media=(Media(alt_text="b"),), reply_to=Parent(text="c", rating=2.5))),
        ("Screening", SCREENING),
        ("Screening", Screening(verdict="pass")),
        ("Written", wire(Outcome(place=PLACE, screening=SCREENING))),
        ("Written", wire(Outcome(place=PLACE, screening=SCREENING, excerpts=(("a",),)))),
        ("Unread", wire(Outcome(place=PLACE, fault=Fault(reason="is missing", field="text")))),
        ("Decision", decide(b"{", None, ())[0]),
    ],
)
def test_what_is_written_fits_the_schema(kind: str, value: object) -> None:
    schema = {**wire_schema(), "$ref": f"#/$defs/{kind}"}
    jsonschema.validate(msgspec.json.decode(msgspec.json.encode(value)), schema)

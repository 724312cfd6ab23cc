"""Recall and precision of a source of names on labelled texts, with their 95 % interval."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import NamedTuple

from phiguard.entities.base import NAMES, Source

__all__ = ["LABEL_OF", "Labelled", "Score", "labelled", "score", "wilson"]

LABEL_OF = {"PERSON": "PERSON", "LOCATION": "LOCATION", "ORG": "ORGANIZATION", "ORGANIZATION": "ORGANIZATION"}
"""The labels of the data sets by Presidio's names."""

Span = tuple[int, int]


class Labelled(NamedTuple):
    """A text, its spans by label, and the handles in it, which are apart: neither asked for nor held against anyone."""

    text: str
    spans: dict[str, set[Span]]
    handles: tuple[Span, ...]


class Score(NamedTuple):
    """Counts: spans that were labelled, that were found, and that agree."""

    labelled: int
    found: int
    recalled: int
    precise: int

    @property
    def recall(self) -> float:
        return self.recalled / max(1, self.labelled)

    @property
    def precision(self) -> float:
        return self.precise / max(1, self.found)

    @property
    def f(self) -> float:
        return 2 * self.recall * self.precision / max(1e-9, self.recall + self.precision)


def labelled(path: Path, *, lower: bool = False) -> list[Labelled]:
    """The texts of a file of JSON lines; ``lower``: in lower case, those left out whose length that changes."""
    found = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = row["text"].lower() if lower else row["text"]
            if len(text) != len(row["text"]):
                continue
            spans: dict[str, set[Span]] = {label: set() for label in NAMES}
            for span in row["spans"]:
                if span["label"] in LABEL_OF:
                    spans[LABEL_OF[span["label"]]].add((span["start"], span["end"]))
            handles = tuple((s["start"], s["end"]) for s in row["spans"] if s["label"] == "HANDLE")
            found.append(Labelled(text, spans, handles))
    return found


def score(source: Source, texts: Sequence[Labelled], label: str, *, overlap: bool = False) -> Score:
    """How the source does on one label: spans must agree exactly, or touch."""
    counts = [0, 0, 0, 0]
    answers = source.find_many([one.text for one in texts], frozenset({label}))
    for one, entities in zip(texts, answers, strict=True):
        wanted = one.spans[label]
        found = {(e.start, e.end) for e in entities if not _touches((e.start, e.end), one.handles)}
        counts[0] += len(wanted)
        counts[1] += len(found)
        if overlap:
            counts[2] += sum(_touches(span, found) for span in wanted)
            counts[3] += sum(_touches(span, wanted) for span in found)
        else:
            counts[2] += len(wanted & found)
            counts[3] += len(wanted & found)
    return Score(*counts)


def _touches(span: Span, others: set[Span] | tuple[Span, ...]) -> bool:
    return any(span[0] < end and span[1] > start for start, end in others)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)

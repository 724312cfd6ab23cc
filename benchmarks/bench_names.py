"""Names and identifiers in texts: recall and precision on the development sets with 95 % interval, speed, time to load."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.identifiers import characters
from benchmarks.report import arguments, publish, quantile
from phiguard.entities.base import NAMES, Source
from phiguard.entities.names import MODEL, names_source
from phiguard.entities.scoring import Labelled, Score, labelled, score, wilson
from phiguard.screener import Screener

FIRST = """
import time
start = time.perf_counter()
from phiguard.entities.names import Names
Names().find("Get well soon, Maria", frozenset({"PERSON"}))
print(time.perf_counter() - start)
"""


def shown(one: Score) -> tuple[str, dict[str, float]]:
    """A score in words, and as figures."""
    low, high = wilson(one.recalled, one.labelled)
    below, above = wilson(one.precise, one.found)
    text = f"recall {one.recall:.3f} [{low:.3f}–{high:.3f}]  precision {one.precision:.3f} [{below:.3f}–{above:.3f}]  F {one.f:.3f}"
    figures = {"recall": one.recall, "recall_low": low, "recall_high": high, "precision": one.precision}
    return text, figures | {
        "precision_low": below,
        "precision_high": above,
        "f": one.f,
        "labelled": one.labelled,
    }


def quality(source: Source, data: Path) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Every label on every set."""
    rows, figures = [], {}
    sets: dict[str, list[Labelled]] = {
        "btc_dev": labelled(data / "ner" / "btc_dev.jsonl"),
        "btc_dev lower case": labelled(data / "ner" / "btc_dev.jsonl", lower=True),
        "presidio_dev": labelled(data / "ner" / "presidio_dev.jsonl"),
    }
    for name, texts in sets.items():
        for label in sorted(NAMES, reverse=True):
            for overlap in (False, True):
                key = f"{name}, {label}, {'touching' if overlap else 'exact'}"
                text, figures[key] = shown(score(source, texts, label, overlap=overlap))
                rows.append((key, text))
    return rows, figures


def speed(source: Source, texts: list[str]) -> dict[str, float]:
    """Texts a second in batches, and the time of one text alone."""
    source.find_many(texts[:64], NAMES)
    start = time.perf_counter()
    source.find_many(texts, NAMES)
    batched = len(texts) / (time.perf_counter() - start)
    single = []
    for text in texts[:1000]:
        start = time.perf_counter()
        source.find(text, NAMES)
        single.append((time.perf_counter() - start) * 1000)
    return {
        "texts_per_second": batched,
        "single_ms_p50": quantile(single, 0.5),
        "single_ms_p99": quantile(single, 0.99),
    }


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--ner", default="phiguard", help="another spaCy pipeline, by name or folder")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    if not (options.data / "ner" / "btc_dev.jsonl").exists():
        sys.exit(f"no data in {options.data}: name the folder that holds ner/btc_dev.jsonl with --data")
    source = names_source(options.ner)
    rows, figures = quality(source, options.data)
    covered, figures["identifiers"] = characters(
        Screener(ner=options.ner), options.data / "ner" / "presidio_dev.jsonl"
    )
    rows += [(f"presidio_dev, identifiers, {label}", text) for label, text in covered]
    stream = options.data / "streams" / "tweets_dev.jsonl"
    with stream.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(5000), strict=False)]
    figures["speed"] = fast = speed(source, texts)
    rows.append(("texts a second, in batches", f"{fast['texts_per_second']:.0f}"))
    rows.append(("one text alone", f"p50 {fast['single_ms_p50']:.2f} ms  p99 {fast['single_ms_p99']:.2f} ms"))
    loads = [
        float(
            subprocess.run(
                [sys.executable, "-c", FIRST], env={**os.environ}, capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(options.runs)
    ]
    size = sum(file.stat().st_size for file in MODEL.rglob("*") if file.is_file())
    figures |= {"first_name_s": statistics.median(loads), "size_mb": size / 1e6}
    rows.append(
        ("first name in a fresh process", f"{statistics.median(loads):.3f} s (imports and weights included)")
    )
    rows.append(("size of the shipped pipeline", f"{size / 1e6:.1f} MB"))
    publish("names", figures, rows, out=options.out)


if __name__ == "__main__":
    main()

"""How many characters of labelled identifiers `Screener.entities` covers, under whatever label, and how many it covers beside them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from phiguard.entities.scoring import wilson
from phiguard.screener import Screener

__all__ = ["characters"]


def characters(screener: Screener, path: Path) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Rows and figures: recall of characters by the label of the set and in total, precision of characters in total.

    A character of white space between two words of an identifier counts as any other. An identifier is counted as whole if all of its
    characters are covered; the interval is that of whole identifiers, since characters of one identifier stand or fall together.
    """
    labelled: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    spans: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    found = right = 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = row["text"]
            taken = bytearray(len(text))
            for field, entity in screener.entities(text):
                if field == "text":
                    taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
            wanted = bytearray(len(text))
            for span in row["spans"]:
                start, end, label = span["start"], span["end"], span["orig"]
                if label == "HANDLE":
                    continue
                count = sum(taken[start:end])
                labelled[label] += end - start
                covered[label] += count
                spans[label] += 1
                whole[label] += count == end - start
                wanted[start:end] = b"\1" * (end - start)
            found += sum(taken)
            right += sum(one & other for one, other in zip(taken, wanted, strict=True))
    recall = covered.total() / max(1, labelled.total())
    precision = right / max(1, found)
    rows, by_label = [], {}
    for label in sorted(labelled):
        low, high = wilson(whole[label], spans[label])
        by_label[label] = {
            "characters": covered[label] / labelled[label],
            "whole": whole[label] / spans[label],
        }
        rows.append(
            (
                label,
                f"characters {by_label[label]['characters']:.3f}  whole {by_label[label]['whole']:.3f} [{low:.3f}–{high:.3f}] of {spans[label]}",
            )
        )
    low, high = wilson(whole.total(), spans.total())
    share = whole.total() / max(1, spans.total())
    rows.append(
        (
            "all",
            f"characters {recall:.3f}, precision {precision:.3f}; whole {share:.3f} [{low:.3f}–{high:.3f}] of {spans.total()}",
        )
    )
    figures = {"recall": recall, "precision": precision, "whole": share}
    return rows, {**figures, "whole_low": low, "whole_high": high, "by_label": by_label}

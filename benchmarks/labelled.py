"""The labelled posts of ``corpora/``, and how a screening is held against their labels."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from corpora.phi.generate import generate
from phiguard import Post, Screener, Screening, load_profile
from phiguard.entities import EntityError
from phiguard.model import SEVERITIES, Finding

__all__ = ["CORPORA", "Item", "Judged", "Marked", "judge", "load", "made", "marks", "screener_of", "wilson"]

FOLDER = Path(__file__).resolve().parent.parent / "corpora"
MEDIUM = SEVERITIES.index("medium")
TODAY = dt.date(2026, 11, 1)

CORPORA = {
    "phi": ("PHI", "RPL", "CNS", "CMT-08"),
    "claims": ("FDA", "FTC", "ST", "INT", "LEG", "PLT"),
    "community": ("CMT", "FDA-24", "FDA-25"),
    "brand": ("BRD", "LEG-02", "LEG-03"),
}
"""Each corpus and the rules that it can judge: its labels say nothing about others."""


class Marked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An identifier in a post: where, what, and the words for whoever reads the file."""

    field: str
    start: int
    end: int
    label: str
    says: str


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A post with what must be found in it.

    ``expect`` holds ids of rules, or ``A|B`` where either is right; ``tolerate`` those that are right besides.
    """

    id: str
    post: Post
    expect: tuple[str, ...]
    spans: tuple[Marked, ...] = ()
    tolerate: tuple[str, ...] = ()
    why: str
    routes: tuple[str, ...] = ()
    split: str = ""


class Judged(NamedTuple):
    """One item after screening: ids that it wants, those found, those that fired rightly and wrongly, all that were loud."""

    item: Item
    wanted: tuple[str, ...]
    found: tuple[str, ...]
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    loud: tuple[str, ...]
    seen: bool
    routes_missed: tuple[str, ...]


def load(corpus: str, split: str) -> list[Item]:
    """The hand-written items of one half (``open`` or ``held``) of a corpus."""
    lines = (FOLDER / corpus / f"{split}.jsonl").read_bytes().splitlines()
    return [msgspec.structs.replace(msgspec.json.decode(line, type=Item), split=split) for line in lines]


def made(count: int, seed: int) -> list[Item]:
    """Generated items about patients."""
    return [
        msgspec.structs.replace(msgspec.convert(item, Item), split="generated")
        for item in generate(count, seed)
    ]


def screener_of(corpus: str, *, ner: object = "phiguard") -> Screener:
    """A screener of the organization that the corpus is about."""
    profile = load_profile(FOLDER / corpus / "profile.yaml")
    return Screener(profile, packs=profile.packs, today=TODAY, ner=ner)


def base(rule: str) -> str:
    """``PHI-01`` of ``PHI-01.thanked``."""
    return rule.partition(".")[0]


def within(rule: str, ids: Iterable[str]) -> bool:
    """Whether ``rule`` is one of ``ids``, belongs to one, or to a family of them."""
    return any(rule == name or rule.startswith((name + ".", name + "-")) for name in ids)


def matters(finding: Finding) -> bool:
    """Whether somebody must act on it: medium or worse, or routed."""
    return SEVERITIES.index(finding.severity) >= MEDIUM or finding.route is not None


def judge(item: Item, screening: Screening, corpus: str) -> Judged:
    """``item`` held against what was found in it, for the rules that ``corpus`` can judge."""
    rules = {finding.rule for finding in screening if within(finding.rule, CORPORA[corpus])}
    loud = {base(finding.rule) for finding in screening if finding.rule in rules and matters(finding)}
    wanted = item.expect
    found = tuple(name for name in wanted if any(within(rule, name.split("|")) for rule in rules))
    meant = {name for names in wanted for name in names.split("|")}
    wrong = tuple(
        sorted(rule for rule in loud if not within(rule, meant) and not within(rule, item.tolerate))
    )
    right = tuple(sorted({base(rule) for rule in rules if within(rule, meant)}))
    queues = {route.queue for route in screening.routes}
    return Judged(
        item=item,
        wanted=wanted,
        found=found,
        right=right,
        wrong=wrong,
        loud=tuple(sorted(loud)),
        seen=bool(loud) or bool(found),
        routes_missed=tuple(sorted(set(item.routes) - queues)),
    )


def marks(item: Item, screener: Screener, screening: Screening) -> Iterator[tuple[Marked, int]]:
    """Each identifier of ``item`` with how many of its characters were found.

    By ``Screener.entities``; where that cannot answer, by the spans of findings.
    """
    if not item.spans:
        return
    try:
        places = [(field, entity.start, entity.end) for field, entity in screener.entities(item.post)]
    except EntityError:
        places = [
            (f.field, s.start, s.end) for f in screening for s in f.spans if within(f.rule, CORPORA["phi"])
        ]
    for mark in item.spans:
        covered: set[int] = set()
        for field, start, end in places:
            if field == mark.field:
                covered.update(range(max(start, mark.start), min(end, mark.end)))
        yield mark, len(covered)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of ``hits`` of ``total`` (Wilson's score).

    >>> low, high = wilson(8, 10)
    >>> round(low, 2), round(high, 2)
    (0.49, 0.94)
    """
    if not total:
        return 0.0, 1.0
    z = 1.959964
    share = hits / total
    middle = share + z * z / (2 * total)
    reach = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)

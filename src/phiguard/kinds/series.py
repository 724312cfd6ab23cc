"""Kind ``series``: what a set of posts shows, and no single one of them (`docs/series.md`)."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from phiguard.hours import parse_window
from phiguard.kinds.base import Binder, Match, Rule, Strings, Terms, View

__all__ = ["CONTENTS", "FIELDS", "GROUPS", "PLACEHOLDERS", "Measure", "SeriesRule"]

Measure = Literal["frequency", "share", "repeats", "adds_up", "spike", "overdue", "unanswered", "promise"]
Group = Literal["platform", "thread", "author"]
Distinct = Literal["platform", "thread", "rule"]

CONTENTS = ("evergreen", "seasonal", "responsive", "promotional")
FIELDS = frozenset({"direction", "platform", "rule", "queue", "content"})
"""What ``of`` and ``that`` may ask of a post. A rule or queue is named by its id or the beginning of it."""
GROUPS: dict[str, frozenset[str]] = {
    "frequency": frozenset({"platform"}),
    "share": frozenset({"platform"}),
    "repeats": frozenset({"platform", "thread"}),
    "adds_up": frozenset({"author", "thread"}),
    "spike": frozenset({"platform"}),
    "overdue": frozenset(),
    "unanswered": frozenset(),
    "promise": frozenset(),
}
PLACEHOLDERS = frozenset({"count", "limit", "share", "usual", "when", "where", "queue", "total"})
"""Figures that a message may hold: never words of a post."""

# What a rule of each measure must say.
_NEEDS: dict[str, tuple[str, ...]] = {
    "share": ("that",),
    "repeats": ("max", "window"),
    "adds_up": ("max", "window"),
    "promise": ("window",),
    "unanswered": ("max",),
}
_UNUSED = ("with_", "without", "unless", "only", "anchor", "entity")


class SeriesRule(Rule, frozen=True, kw_only=True, tag="series"):
    """A set of posts whose ``measure`` is above ``max`` or below ``min``. Asked by `scan`, over all posts of a run."""

    measure: Measure
    of: dict[str, Strings] = msgspec.field(default_factory=dict)
    that: dict[str, Strings] = msgspec.field(default_factory=dict)
    per: tuple[Group, ...] = ()
    distinct: Distinct | None = None
    window: str = ""
    min: float | None = None
    max: float | None = None
    least: int = 1
    score: float = 3.5

    def bind(self, binder: Binder) -> SeriesMatcher:
        del binder
        return SeriesMatcher(self)

    def faults(self) -> Iterator[tuple[str, str]]:
        for name in _UNUSED:
            if getattr(self, name):
                yield name.strip("_"), "does not hold for a `series` rule: `of` says which posts count"
        if set(self.applies_to) - {"org_type", "region"}:
            yield "applies_to", "of a `series` rule knows org_type and region; `of` says which posts count"
        for field in ("of", "that"):
            for name in getattr(self, field):
                if name not in FIELDS:
                    yield field, f"knows no {name!r}; there are: {', '.join(sorted(FIELDS))}"
        for value in (*self.of.get("content", ()), *self.that.get("content", ())):
            if value not in CONTENTS:
                yield "of.content", f"{value!r} is none of: {', '.join(CONTENTS)}"
        for name in _NEEDS.get(self.measure, ()):
            if getattr(self, name) in (None, "", {}):
                yield name, f"is needed by the measure `{self.measure}`"
        if self.measure in {"frequency", "share"} and self.min is None and self.max is None:
            yield "max", f"or `min` is needed by the measure `{self.measure}`"
        if set(self.per) - GROUPS[self.measure]:
            known = ", ".join(sorted(GROUPS[self.measure])) or "nothing"
            yield "per", f"the measure `{self.measure}` is counted per {known}"
        if self.measure == "adds_up" and len(self.per) != 1:
            yield "per", "names one of author and thread for the measure `adds_up`"
        if self.distinct and self.measure not in {"repeats", "adds_up"}:
            yield "distinct", "belongs to the measures `repeats` and `adds_up`"
        if self.window:
            try:
                window = parse_window(self.window)
            except ValueError as error:
                yield "window", str(error)
            else:
                if self.measure == "frequency" and (window.amount, window.unit) not in {
                    (1, "days"),
                    (7, "days"),
                }:
                    yield "window", 'of the measure `frequency` is "1 day" or "7 days" (a calendar week)'
        for what in _faults_of_message(self.message):
            yield "message", what
        for name in ("flags", "passes", "misses", "false_alarms"):
            for at, example in enumerate(getattr(self, name)):
                if isinstance(example, str) or not isinstance(example.get("posts"), list):
                    yield f"{name}[{at}]", "is a table with `posts:`, a list of posts with their times"


class SeriesMatcher:
    """A bound `SeriesRule`: it finds nothing in a single post."""

    __slots__ = ("anchors", "in_original", "needed", "rule")

    def __init__(self, rule: SeriesRule) -> None:
        self.rule = rule
        self.anchors: tuple[int, ...] = (-1,)  # a set of terms that no scan sees: a plan never calls it
        self.in_original = False
        self.needed: tuple[Terms, ...] = ()

    def matches(self, view: View) -> Iterable[Match]:
        del view
        return ()


def _faults_of_message(message: str) -> Iterator[str]:
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}
    except ValueError:
        yield "has a single brace"
        return
    for name in sorted(names - PLACEHOLDERS):
        yield f"knows no {{{name}}}; there are: {', '.join(sorted(PLACEHOLDERS))}"

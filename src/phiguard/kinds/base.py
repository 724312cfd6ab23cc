"""What every kind of rule shares: its fields, its conditions, and how it is bound to the scan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, Literal, Protocol

import msgspec

from phiguard.kinds.view import (
    Hit,
    Match,
    Part,
    Scene,
    Seen,
    Terms,
    View,
    Where,
    fulfils,
    holds,
    joined,
    metadata,
)
from phiguard.model import Category, Confidence, Severity
from phiguard.rewrites import Rewrite

__all__ = [
    "MAX_MATCHES",
    "MAX_TRIED",
    "Binder",
    "Condition",
    "Hit",
    "LabelledMatch",
    "Match",
    "Matcher",
    "Part",
    "RouteSpec",
    "Rule",
    "Scene",
    "Seen",
    "Strings",
    "Terms",
    "View",
    "Where",
    "fulfils",
    "holds",
    "joined",
    "metadata",
]

MAX_MATCHES = 50
"""Places reported of one rule in one text: a text that repeats itself needs no thousand spans."""

MAX_TRIED = 400
"""Places of one rule looked at in one text. If none of them counts, the rest is a gap: nobody writes a phrase 400 times by chance."""


class LabelledMatch(tuple[Part, ...]):  # noqa: SLOT001 (labels are few, and only on a match that a rule explains)
    """A match with what the finding shall tell about it."""

    labels: tuple[str, ...] = ()


Strings = tuple[str, ...]


class Binder(Protocol):
    """Gives a rule the numbers of its term lists."""

    def terms(self, path: str, terms: Strings, *, anchor: bool = False, case: bool = False) -> Terms: ...


class RouteSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who must act on an incoming text, and within what time."""

    queue: str
    within: str


class Condition(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"or_": "or", "and_": "and"}
):
    """Words near a match, or metadata, that a rule wants or excuses (`docs/rules.md`)."""

    words: Strings = ()
    scope: Literal["sentence", "post", "parent", "thread", "media", "anywhere"] = "sentence"
    within: int | None = None
    side: Literal["before", "after", "either"] = "either"
    where: Where | None = None
    or_: Where | None = None
    and_: Where | None = None


Example = str | dict[str, Any]


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """The fields of every rule; a kind adds its own and says how it matches."""

    id: str
    title: str
    category: Category
    severity: Severity
    message: str
    why: str
    source: str
    fix: str
    confidence: Confidence = "likely"
    status: Literal["stable", "experimental"] = "experimental"
    jurisdiction: str = "US"
    since: dt.date | None = None
    until: dt.date | None = None
    applies_to: dict[str, tuple[str, ...]] = {}
    fields: tuple[Literal["text", "alt_text", "ocr_text"], ...] = ("text", "alt_text", "ocr_text")
    with_: tuple[Condition, ...] = msgspec.field(default=(), name="with")
    without: tuple[Condition, ...] = ()
    unless: Strings = ()
    only: Strings = ()
    route: RouteSpec | None = None
    entity: str = ""
    anchor: str = ""
    rewrite: Rewrite | None = None
    flags: tuple[Example, ...]
    passes: tuple[Example, ...]
    misses: tuple[Example, ...] = ()
    false_alarms: tuple[Example, ...] = ()

    def bind(self, binder: Binder) -> Matcher:
        """How this rule is looked for, once the scan knows its terms."""
        raise NotImplementedError

    def faults(self) -> Iterator[tuple[str, str]]:
        """``(field, what is wrong)`` for everything that the types cannot check."""
        return iter(())


class Matcher(Protocol):
    """A bound rule. ``anchors`` are the base sets of which one must be seen; empty: asked on every text.

    ``needed`` are lists of each of which some term must stand in the text of a match.
    """

    anchors: tuple[int, ...]
    in_original: bool

    @property
    def needed(self) -> tuple[Terms, ...]: ...

    def matches(self, view: View) -> Iterable[Match]: ...

"""Kind ``limit``: a count or a share that must not be exceeded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from phiguard.kinds.base import Binder, Match, Rule, Terms, View
from phiguard.kinds.measures import MEASURES, MeasureView

__all__ = ["Limit", "LimitMatcher"]


class Limit(Rule, frozen=True, kw_only=True, tag="limit"):
    """A text whose ``measure`` is above ``max`` (or above the platform's limit)."""

    measure: str
    max: float | None = None
    min_words: int = 0

    def bind(self, binder: Binder) -> LimitMatcher:  # noqa: ARG002 (a measure has no terms)
        return LimitMatcher(self)

    def faults(self) -> Iterator[tuple[str, str]]:
        if self.measure not in MEASURES:
            yield "measure", f"there is no measure of that name; there are: {', '.join(sorted(MEASURES))}"


class LimitMatcher:
    """A bound `Limit`. Its spans are in the original text: it measures what people see."""

    __slots__ = ("anchors", "in_original", "measure", "needed", "rule")

    def __init__(self, rule: Limit) -> None:
        self.rule = rule
        self.measure = MEASURES[rule.measure]
        self.anchors: tuple[int, ...] = ()
        self.in_original = True
        self.needed: tuple[Terms, ...] = ()

    def matches(self, view: View) -> Iterable[Match]:
        post = view.scene.post
        text = view.normal.original
        if self.rule.min_words and len(text.split(None, self.rule.min_words)) < self.rule.min_words:
            return
        known = view.scene.known
        undone = view.normal.undone() if self.measure.reads_undone else ()
        counted = self.measure.count(
            MeasureView(
                text=text,
                post=post,
                undone=undone,
                words=known.words,
                # A hashtag of the brand is written as the brand writes it.
                is_joined=lambda tag: known.is_joined(tag) and not known.own_value(tag),
            )
        )
        limit = counted.limit if counted.limit is not None else self.rule.max
        if limit is not None and counted.value > limit:
            yield tuple(counted.spans)

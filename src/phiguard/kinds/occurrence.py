"""Kind ``occurrence``: words that stand too often in one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from phiguard.kinds.base import Binder, Match, Rule, Strings, Terms, View, joined

__all__ = ["Occurrence"]


class Occurrence(Rule, frozen=True, kw_only=True, tag="occurrence"):
    """More than ``max`` places of the ``words`` in one text; those beyond it are reported."""

    words: Strings
    max: int

    def bind(self, binder: Binder) -> OccurrenceMatcher:
        return OccurrenceMatcher(self, binder.terms("words", self.words, anchor=True))

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.words:
            yield "words", "is empty: list at least one term"
        if self.max < 1:
            yield "max", "must be 1 or more: for words that must not stand at all use kind `phrase`"


class OccurrenceMatcher:
    """A bound `Occurrence`."""

    __slots__ = ("anchors", "in_original", "most", "needed")

    def __init__(self, rule: Occurrence, terms: Terms) -> None:
        self.needed = (terms,)
        self.most = rule.max
        self.anchors = terms.bases
        self.in_original = False

    def matches(self, view: View) -> Iterable[Match]:
        for number, match in enumerate(joined(view, self.needed, within=0)):
            if number >= self.most:
                yield match

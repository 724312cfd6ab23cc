"""Kind ``phrase``: words that say it by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from phiguard.kinds.base import Binder, Match, Rule, Strings, Terms, View, joined

__all__ = ["Phrase"]


class Phrase(Rule, frozen=True, kw_only=True, tag="phrase"):
    """Each place where one of the phrases stands."""

    phrases: Strings

    def bind(self, binder: Binder) -> PhraseMatcher:
        return PhraseMatcher(binder.terms("phrases", self.phrases, anchor=True))

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.phrases:
            yield "phrases", "is empty: list at least one term"


class PhraseMatcher:
    """A bound `Phrase`."""

    __slots__ = ("anchors", "in_original", "needed")

    def __init__(self, terms: Terms) -> None:
        self.needed = (terms,)
        self.anchors = terms.bases
        self.in_original = False

    def matches(self, view: View) -> Iterable[Match]:
        return joined(view, self.needed, within=0)

"""Kind ``requires``: what must be said when something else is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from phiguard.kinds.base import Binder, Match, Rule, Strings, Terms, View, joined
from phiguard.platforms import fold_of

__all__ = ["Requires"]

_START_WORDS = 3  # "Ad:", "Paid partnership with": a disclosure that nobody can miss


class Requires(Rule, frozen=True, kw_only=True, tag="requires"):
    """Each place of ``when`` while no term of ``needs`` stands where ``needs_in`` says."""

    when: tuple[Strings, ...]
    needs: Strings
    needs_in: Literal["post", "fold", "sentence", "start"] = "post"
    within: int = 5
    ordered: bool = False

    def bind(self, binder: Binder) -> RequiresMatcher:
        slots = [binder.terms(f"when[{at}]", terms, anchor=at == 0) for at, terms in enumerate(self.when)]
        return RequiresMatcher(self, slots, binder.terms("needs", self.needs))

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.when or not all(self.when):
            yield "when", "is empty: list at least one term"
        if not self.needs:
            yield "needs", "is empty: say what must be there"


class RequiresMatcher:
    """A bound `Requires`."""

    __slots__ = ("anchors", "in_original", "needed", "needs", "rule")

    def __init__(self, rule: Requires, slots: list[Terms], needs: Terms) -> None:
        self.rule = rule
        self.needed = tuple(slots)
        self.needs = needs
        self.anchors = slots[0].bases
        self.in_original = False

    def matches(self, view: View) -> Iterable[Match]:
        for match in joined(view, self.needed, within=self.rule.within, ordered=self.rule.ordered):
            if not self._is_met(view, match):
                yield match

    def _is_met(self, view: View, match: Match) -> bool:
        place = self.rule.needs_in
        if place == "post":
            # A picture may carry the statement: a label panel, a slide.
            return any(other.hits(self.needs) for other in view.scene.views)
        needed = view.hits(self.needs)
        if place == "sentence":
            low, high = view.sentence(match[0][0])
            return any(low <= hit.start and hit.end <= high for hit in needed)
        if place == "start":
            return any(view.words_between(0, hit.start) < _START_WORDS for hit in needed)
        fold = fold_of(view.scene.post.platform)
        return any(view.normal.origin(hit.start, hit.end).end <= fold for hit in needed)

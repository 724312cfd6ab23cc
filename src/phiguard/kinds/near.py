"""Kind ``near``: words of several lists within reach of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from phiguard.kinds.base import Binder, Match, Rule, Strings, Terms, View, joined

__all__ = ["Near", "NearMatcher"]


class Near(Rule, frozen=True, kw_only=True, tag="near"):
    """One term of each list, within ``within`` words of each other, in one sentence unless ``across``."""

    near: tuple[Strings, ...]
    within: int = 5
    ordered: bool = False
    across: bool = False

    def bind(self, binder: Binder) -> NearMatcher:
        slots = [binder.terms(f"near[{at}]", terms, anchor=at == 0) for at, terms in enumerate(self.near)]
        return NearMatcher(slots, within=self.within, ordered=self.ordered, across=self.across)

    def faults(self) -> Iterator[tuple[str, str]]:
        if len(self.near) < 2:
            yield "near", "needs two lists or more: for one list use kind `phrase`"
        for at, terms in enumerate(self.near):
            if not terms:
                yield f"near[{at}]", "is empty: list at least one term"
        if self.within < 0:
            yield "within", "counts words and cannot be negative"


class NearMatcher:
    """Bound lists of terms that must stand near each other."""

    __slots__ = ("across", "anchors", "in_original", "needed", "ordered", "within")

    def __init__(self, slots: Sequence[Terms], *, within: int, ordered: bool, across: bool) -> None:
        self.needed = tuple(slots)
        self.within = within
        self.ordered = ordered
        self.across = across
        self.anchors = slots[0].bases
        self.in_original = False

    def matches(self, view: View) -> Iterable[Match]:
        return joined(view, self.needed, within=self.within, ordered=self.ordered, across=self.across)

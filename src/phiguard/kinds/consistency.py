"""Kind ``consistency``: two spellings of one thing in one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from phiguard.kinds.base import Binder, Match, Rule, Strings, Terms, View, joined

__all__ = ["Consistency"]


class Consistency(Rule, frozen=True, kw_only=True, tag="consistency"):
    """Places of a later list of ``either`` in a text that holds a word of an earlier one: each text keeps to one."""

    either: tuple[Strings, ...]

    def bind(self, binder: Binder) -> ConsistencyMatcher:
        # All lists but the first call the rule: it speaks of the second spelling, which is the rarer one.
        return ConsistencyMatcher(
            [binder.terms(f"either[{at}]", terms, anchor=at > 0) for at, terms in enumerate(self.either)]
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        if len(self.either) < 2:
            yield "either", "needs two lists or more: the ways to write one thing"
        for at, terms in enumerate(self.either):
            if not terms:
                yield f"either[{at}]", "is empty: list at least one term"


class ConsistencyMatcher:
    """A bound `Consistency`."""

    __slots__ = ("anchors", "in_original", "lists", "needed")

    def __init__(self, lists: list[Terms]) -> None:
        self.lists = lists
        self.anchors = tuple(dict.fromkeys(base for terms in lists[1:] for base in terms.bases))
        self.in_original = False
        self.needed: tuple[Terms, ...] = ()  # any two of the lists are enough

    def matches(self, view: View) -> Iterable[Match]:
        seen = [list(joined(view, (terms,), within=0)) for terms in self.lists]
        for at, matches in enumerate(seen):
            if matches and any(seen[:at]):
                yield from matches

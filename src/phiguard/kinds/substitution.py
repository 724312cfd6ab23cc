"""Kind ``substitution``: words for which there are better ones, and names with one right spelling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from phiguard.kinds.base import Binder, LabelledMatch, Match, Rule, Strings, Terms, View, joined
from phiguard.terms import as_literal

__all__ = ["Substitution", "Swap"]

_GLUED = "#@/._&"
"""Signs beside a name that make it part of a tag, a handle or an address, which have a spelling of their own."""


class Swap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to say (nothing: leave it out), the terms that it replaces, and longer phrases in which they are fine."""

    say: str = ""
    instead_of: Strings = ()
    fine: Strings = ()


class Substitution(Rule, frozen=True, kw_only=True, tag="substitution"):
    """Each place where a term stands that has a better one; the finding's labels tell the better one.

    With ``exact`` the better one is looked for too, and found wherever its letters differ ("Mychart" for "MyChart").
    """

    swap: tuple[Swap, ...]
    exact: bool = False

    def bind(self, binder: Binder) -> SubstitutionMatcher:
        swaps = [
            (one, binder.terms(f"swap[{at}].instead_of", searched(one, exact=self.exact), anchor=True))
            for at, one in enumerate(self.swap)
        ]
        return SubstitutionMatcher(self, swaps)

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.swap:
            yield "swap", "is empty: give at least one `say` with its `instead_of`"
        for at, one in enumerate(self.swap):
            if self.exact and not one.say.strip():
                yield f"swap[{at}].say", "is empty: say how the name is written"
            if not one.instead_of and not self.exact:
                yield f"swap[{at}].instead_of", "is empty: list the words that it replaces"


def searched(swap: Swap, *, exact: bool) -> Strings:
    """The terms to look for: with ``exact`` the right spelling too, in letters of any case."""
    return (*swap.instead_of, swap.say) if exact else swap.instead_of


class SubstitutionMatcher:
    """A bound `Substitution`."""

    __slots__ = ("anchors", "exact", "in_original", "needed", "swaps")

    def __init__(self, rule: Substitution, swaps: list[tuple[Swap, Terms]]) -> None:
        self.exact = rule.exact
        self.swaps = [
            (one.say, tuple(map(as_literal, filter(None, (one.say, *one.fine)))), terms)
            for one, terms in swaps
        ]
        self.anchors = tuple(dict.fromkeys(base for _, terms in swaps for base in terms.bases))
        self.in_original = False
        self.needed: tuple[Terms, ...] = ()  # any of the lists is enough

    def matches(self, view: View) -> Iterable[Match]:
        for say, fine, terms in self.swaps:
            for found in joined(view, (terms,), within=0):
                if _is_right(view, *found[0], say) if self.exact else _is_inside(view, *found[0], fine):
                    continue
                match = LabelledMatch(found)
                match.labels = (f"say: {say}",) if say else ()
                yield match


def _is_inside(view: View, start: int, end: int, phrases: Strings) -> bool:
    """Whether one of ``phrases`` stands around a place: "team" in "care team"."""
    words = view.normal.words
    for phrase in phrases:
        reach = len(phrase)
        low = max(0, end - reach)
        at = words[low : start + reach].lower().find(phrase)
        if at >= 0 and low + at <= start and low + at + reach >= end:
            return True
    return False


def _is_right(view: View, start: int, end: int, name: str) -> bool:
    """Whether the name stands there as it must be written, or as part of a tag, a handle or an address."""
    original = view.normal.original
    place = view.normal.origin(start, end)
    before, after = original[place.start - 1 : place.start], original[place.end : place.end + 2]
    is_glued = (before in _GLUED and before != "") or (
        after[:1] in _GLUED and after[:1] != "" and after[1:2].isalnum()
    )
    written = " ".join(original[place.start : place.end].replace("’", "'").split())
    if is_glued or written.startswith("#") or written == name:
        return True
    # "mercy" in small letters is no misspelled Mercy.
    return written.islower() and written == name.lower() and written in view.scene.known.words

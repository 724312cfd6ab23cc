"""Kind ``pattern``: shapes, with a named test and a cue."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Literal

from phiguard.checks import CHECKS, DATED_CHECKS
from phiguard.kinds.base import Binder, Match, Rule, Strings, Terms, View

__all__ = ["Pattern"]

_NOT_ALNUM = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_CUE = 400  # characters
# The letters on a phone's keys: 1-800-FDA-1088 is a number too.
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")


def _bare(value: str) -> str:
    return _NOT_ALNUM.sub("", value).upper().translate(_KEYPAD)


class Pattern(Rule, frozen=True, kw_only=True, tag="pattern"):
    """Each place where a pattern stands that passes ``check`` and has its ``cue`` near."""

    patterns: Strings
    case: bool = False
    check: str | None = None
    cue: Strings = ()
    cue_within: int = 3
    cue_side: Literal["before", "after", "either"] = "before"
    except_own: bool = False
    except_values: Strings = ()

    def bind(self, binder: Binder) -> PatternMatcher:
        regexes = tuple(f"/{regex}/" for regex in self.patterns)
        # A cue is rarer than a shape such as "six digits": where there is one, it is what the first scan looks for.
        terms = binder.terms("patterns", regexes, anchor=not self.cue, case=self.case)
        cue = binder.terms("cue", self.cue, anchor=True) if self.cue else None
        return PatternMatcher(self, terms, cue)

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.patterns:
            yield "patterns", "is empty: list at least one pattern"
        if self.check is not None and self.check not in CHECKS.keys() | DATED_CHECKS.keys():
            names = ", ".join(sorted(CHECKS.keys() | DATED_CHECKS.keys()))
            yield "check", f"there is no check of that name; there are: {names}"


class PatternMatcher:
    """A bound `Pattern`."""

    __slots__ = (
        "anchors",
        "check",
        "cue",
        "dated_check",
        "excepted",
        "in_original",
        "needed",
        "rule",
        "terms",
    )

    def __init__(self, rule: Pattern, terms: Terms, cue: Terms | None) -> None:
        self.rule = rule
        self.terms = terms
        self.cue = cue
        self.check = CHECKS.get(rule.check or "")
        self.dated_check = DATED_CHECKS.get(rule.check or "")
        self.excepted = frozenset(_bare(value) for value in rule.except_values)
        self.anchors = cue.bases if cue else terms.bases
        self.needed = (terms, cue) if cue else (terms,)
        self.in_original = False

    def matches(self, view: View) -> Iterable[Match]:
        text = view.normal.text
        for hit in view.hits(self.terms):
            value = text[hit.start : hit.end]
            if self.check is not None and not self.check(value):
                continue
            if self.dated_check is not None and not self.dated_check(value, _day(view)):
                continue
            if self.excepted and self._is_excepted(value):
                continue
            if self.rule.except_own and view.scene.known.own_value(value):
                continue
            if self.cue is None:
                yield ((hit.start, hit.end),)
            elif (cue := self._cue_near(view, hit.start, hit.end)) is not None:
                yield (cue, (hit.start, hit.end))

    def _is_excepted(self, value: str) -> bool:
        bare = _bare(value)
        return bare in self.excepted or (bare.startswith("1") and bare[1:] in self.excepted)

    def _cue_near(self, view: View, start: int, end: int) -> tuple[int, int] | None:
        """The first cue within reach. Looks no further than that, or many cues beside many shapes would take their product."""
        rule, cues = self.rule, view.hits(self.cue) if self.cue else []
        low, high = view.sentence(start)
        first = end if rule.cue_side == "after" else max(low, self._reach_back(view, start) - _LONGEST_CUE)
        for at in range(bisect_left(cues, (first,)), len(cues)):
            cue = cues[at]
            if cue.end <= start:
                if view.words_between(cue.end, start) <= rule.cue_within:
                    return cue.start, cue.end
            elif cue.start >= end:
                if (
                    rule.cue_side == "before"
                    or cue.start >= high
                    or view.words_between(end, cue.start) > rule.cue_within
                ):
                    return None
                if cue.end <= high:
                    return cue.start, cue.end
        return None

    def _reach_back(self, view: View, start: int) -> int:
        """Where the words end that are too far before ``start``."""
        words = view.normal.words
        for _ in range(self.rule.cue_within + 2):
            start = words.rfind(" ", 0, start)
            if start < 0:
                return 0
        return start


def _day(view: View) -> dt.date:
    """The day of the post, or the day of the screening."""
    posted = view.scene.post.posted_at
    return view.scene.known.today if posted is None else posted.date()

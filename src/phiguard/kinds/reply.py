"""Kind ``reply``: a reply compared with the comment or review that it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from phiguard.kinds.base import Binder, Match, Part, Rule, Strings, Terms, View, joined

__all__ = ["Reply"]

_START_WORDS = 3
_NAME_PART = re.compile(r"[^\W\d_]{3,}")
_GREETING = r"(?:hi|hello|hey|dear|thanks|thank you|thx|sorry|so sorry|we are sorry|we're sorry|good morning|well|ok|okay|yes|no)"
_GREETINGS = frozenset("hello hey dear thanks thank thx sorry good well okay yes greetings welcome".split())
# A name in the place of an address: "Karen, as we told you", "Hi Tom!", "thanks so much, Ana Lopez."
_ADDRESSED = re.compile(
    r"^\W*(?:(?i:" + _GREETING + r")[ ,]+(?:(?i:again|so much|very much|there)[ ,]+)?)?"
    r"((?:Mrs?|Ms|Miss)\.? )?([A-Z][a-z'’]{1,20}(?: [A-Z][a-z'’]{0,20}\.?)?)(?=[,!:.]|\s[-–—])"
    r"|\b(?i:thanks|thank you|sorry|welcome back|welcome)(?: (?i:again|so much|very much))?,? ((?:Mrs?|Ms|Miss)\.? )?([A-Z][a-z'’]{1,20}(?: [A-Z][a-z'’]{1,20})?)(?=[,!:.]|$)"
    r"|\b(Mrs?|Ms|Miss)\.? ([A-Z][a-z'’]{1,20})\b"
)


class Reply(Rule, frozen=True, kw_only=True, tag="reply"):
    """What a reply confirms, denies, echoes, adds or names (`docs/rules.md`)."""

    relation: Literal["confirms", "denies", "echoes", "adds", "names"]
    near: tuple[Strings, ...] = ()
    within: int = 5
    ordered: bool = False
    parent: Strings = ()
    at_start: bool = False
    words: Strings = ()
    name: Literal["shown", "hidden"] | None = None

    def bind(self, binder: Binder) -> ReplyMatcher:
        slots = [binder.terms(f"near[{at}]", terms, anchor=at == 0) for at, terms in enumerate(self.near)]
        words = binder.terms("words", self.words, anchor=True) if self.words else None
        parent = binder.terms("parent", self.parent) if self.parent else None
        return ReplyMatcher(self, slots, words, parent)

    def faults(self) -> Iterator[tuple[str, str]]:
        needed = {"confirms": "near", "denies": "near", "echoes": "words", "adds": "words", "names": "name"}[
            self.relation
        ]
        if not getattr(self, needed):
            yield needed, f"is needed by the relation `{self.relation}`"


class ReplyMatcher:
    """A bound `Reply`."""

    __slots__ = ("anchors", "in_original", "needed", "parent", "rule", "slots", "words")

    def __init__(self, rule: Reply, slots: list[Terms], words: Terms | None, parent: Terms | None) -> None:
        self.rule = rule
        self.slots = slots
        self.words = words
        self.parent = parent
        self.anchors = slots[0].bases if slots else words.bases if words else ()
        self.in_original = False
        self.needed = tuple(slots) if slots else (words,) if words else ()

    def matches(self, view: View) -> Iterable[Match]:
        relation = self.rule.relation
        if relation in {"confirms", "denies"}:
            return self._stated(view)
        if relation == "names":
            return self._named(view)
        return self._compared(view, echo=relation == "echoes")

    def _stated(self, view: View) -> Iterator[Match]:
        parent = view.scene.parent
        if self.parent is not None and (parent is None or not parent.hits(self.parent)):
            return
        for match in joined(view, self.slots, within=self.rule.within, ordered=self.rule.ordered):
            if not self.rule.at_start or view.words_between(0, match[0][0]) < _START_WORDS:
                yield match

    def _compared(self, view: View, *, echo: bool) -> Iterator[Match]:
        parent = view.scene.parent
        said = {hit.entry for hit in parent.hits(self.words)} if parent and self.words else set()
        for hit in view.hits(self.words) if self.words else ():
            if (hit.entry in said) is echo:
                yield ((hit.start, hit.end),)

    def _named(self, view: View) -> Iterator[Match]:
        parent = view.scene.post.reply_to
        text = view.normal.text
        shown = _name_parts(parent.author, parent.author_name) if parent else frozenset()
        if self.rule.name == "shown":
            lower = view.normal.words.lower()
            for part in sorted(shown):
                for found in re.finditer(rf"\b{re.escape(part)}\b", lower):
                    yield (found.span(),)
            return
        is_known = parent is not None and bool(parent.author or parent.author_name)
        said = parent.text.lower() if parent else ""
        for found in _ADDRESSED.finditer(text):
            title, name, where = _name_of(found)
            if is_known or title or " " in name:
                parts = [part.lower() for part in _NAME_PART.findall(name)]
                if parts and parts[0] in _GREETINGS:
                    continue
                if (
                    parts
                    and not view.scene.known.is_staff(name)
                    and not any(_is_open(part, shown, said, view) for part in parts)
                ):
                    yield (where,)


def _is_open(part: str, shown: frozenset[str], said: str, view: View) -> bool:
    """Whether a part of a name is public already, or no name: shown, said by the parent, a word."""
    return (
        any(part in other or other in part for other in shown)
        or re.search(rf"\b{re.escape(part)}\b", said) is not None
        or part in view.scene.known.words
    )


def _name_of(found: re.Match[str]) -> tuple[str, str, Part]:
    for title, name in ((1, 2), (3, 4), (5, 6)):
        if found[name] is not None:
            return found[title] or "", found[name], found.span(name)
    raise AssertionError  # one of the alternatives matched


def _name_parts(*names: str | None) -> frozenset[str]:
    return frozenset(part.lower() for name in names if name for part in _NAME_PART.findall(name))

"""Kind ``consent``: the permission that a post refers to, held against the permissions on file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Literal, Protocol

import msgspec

from phiguard.kinds.base import (
    Binder,
    Condition,
    Match,
    Rule,
    Strings,
    Terms,
    View,
    Where,
    joined,
)
from phiguard.kinds.post import is_pictured

__all__ = ["ConsentRule"]

Fault = Literal[
    "unknown",
    "unchecked",
    "revoked",
    "expired",
    "not_started",
    "no_expiry",
    "channel",
    "authority",
    "guardian",
    "self_signed",
    "kind",
    "no_content",
    "scope",
    "remuneration",
]


class Permission(Protocol):
    """A signed consent on file."""

    @property
    def kind(self) -> str: ...
    @property
    def signer(self) -> str: ...
    @property
    def content(self) -> tuple[str, ...]: ...
    @property
    def remuneration_disclosed(self) -> bool | None: ...
    def faults(self, *, platform: str | None, on: dt.date) -> tuple[str, ...]: ...


class ConsentRule(Rule, frozen=True, kw_only=True, tag="consent"):
    """A post whose consent has the ``fault``, if the post shows what ``media`` or ``words`` say (all posts without them)."""

    fault: Fault
    content: Strings = ()
    kinds: Strings = ()
    media: Where = msgspec.field(default_factory=dict)
    words: Strings = ()
    # Posts without a reference need not be asked: the plan leaves these rules out.
    with_: tuple[Condition, ...] = msgspec.field(
        default=(Condition(where={"consent": "present"}),), name="with"
    )

    def bind(self, binder: Binder) -> ConsentMatcher:
        return ConsentMatcher(self, binder.terms("words", self.words) if self.words else None)

    def faults(self) -> Iterator[tuple[str, str]]:
        if self.fault == "scope" and not self.content:
            yield "content", "is needed by the fault `scope`: what a consent must name, one word or more"
        if self.fault == "kind" and not self.kinds:
            yield "kinds", "is needed by the fault `kind`: the kinds of consent that suffice"


class ConsentMatcher:
    """A bound `ConsentRule`. Asked once for each post that refers to a consent, on its text."""

    __slots__ = ("anchors", "in_original", "needed", "rule", "shown", "terms")

    def __init__(self, rule: ConsentRule, terms: Terms | None) -> None:
        self.rule = rule
        self.terms = terms
        self.shown = re.compile(
            rf"\b(?:{'|'.join(map(re.escape, rule.content)) or '(?!)'})", flags=re.IGNORECASE
        )
        self.anchors: tuple[int, ...] = ()
        self.in_original = False
        self.needed: tuple[Terms, ...] = ()

    def matches(self, view: View) -> Iterable[Match]:
        if view.field != "text" or view.scene.post.consent is None or not self._is_at_fault(view):
            return
        rule = self.rule
        if rule.media and is_pictured(view.scene, rule.media):
            yield ()
        elif self.terms is not None:
            yield from joined(view, (self.terms,), within=0)
        elif not rule.media:
            yield ()

    def _is_at_fault(self, view: View) -> bool:
        known, post, fault = view.scene.known, view.scene.post, self.rule.fault
        consent: Permission | None = known.consents.get(post.consent or "")
        if consent is None:
            return fault == ("unknown" if known.consents else "unchecked")
        if fault == "kind":
            return consent.kind not in self.rule.kinds
        if fault == "scope":
            return bool(consent.content) and not self._is_named(consent)
        if fault == "self_signed":
            return consent.signer == "self"
        if fault == "no_content":
            return not consent.content
        if fault == "remuneration":
            return consent.remuneration_disclosed is not True
        on = _published(post.posted_at) or known.today
        return fault in consent.faults(platform=post.platform, on=on)

    def _is_named(self, consent: Permission) -> bool:
        return any(self.shown.search(one) for one in consent.content)


def _published(moment: dt.datetime | None) -> dt.date | None:
    return None if moment is None else moment.date()

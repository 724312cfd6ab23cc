"""Kind ``post``: what the metadata of a post shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from phiguard.kinds.base import (
    Binder,
    Match,
    Rule,
    Scene,
    Strings,
    Terms,
    View,
    Where,
    fulfils,
    holds,
    joined,
)

__all__ = ["PostRule", "is_pictured"]


class PostRule(Rule, frozen=True, kw_only=True, tag="post"):
    """A post whose metadata is as ``where`` says, with one image or video as ``media`` says, and one of ``words``."""

    where: Where = msgspec.field(default_factory=dict)
    media: Where = msgspec.field(default_factory=dict)
    words: Strings = ()

    def bind(self, binder: Binder) -> PostMatcher:
        return PostMatcher(self, binder.terms("words", self.words, anchor=True) if self.words else None)

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.where and not self.media:
            yield "where", "is empty: a `post` rule needs `where` or `media`"


class PostMatcher:
    """A bound `PostRule`. Asked once for each post, on its text."""

    __slots__ = ("anchors", "in_original", "needed", "rule", "terms")

    def __init__(self, rule: PostRule, terms: Terms | None) -> None:
        self.rule = rule
        self.terms = terms
        self.anchors = terms.bases if terms else ()
        self.in_original = False
        self.needed = (terms,) if terms else ()

    def matches(self, view: View) -> Iterable[Match]:
        rule, scene = self.rule, view.scene
        if view.field != "text":
            return
        if rule.media and not is_pictured(scene, rule.media):
            return
        if not holds(scene, rule.where):
            return
        if self.terms is None:
            yield ()
        else:
            yield from joined(view, (self.terms,), within=0)


def is_pictured(scene: Scene, media: Where) -> bool:
    """Whether one and the same image, video or sound of the post is as ``media`` says."""
    return any(
        all(fulfils(_values(getattr(one, name)), wanted) for name, wanted in media.items())
        for one in scene.post.media
    )


def _values(value: object) -> tuple[object, ...]:
    return () if value is None or (isinstance(value, str) and not value.strip()) else (value,)

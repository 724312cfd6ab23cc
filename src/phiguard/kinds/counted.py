"""What a measure looks at and answers."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from phiguard.model import Post
from phiguard.text import NormalText, Undone

__all__ = ["Counted", "Measure", "MeasureView"]


class MeasureView(msgspec.Struct, frozen=True, kw_only=True):
    """All that a measure may look at: one text of a post.

    ``is_joined`` says of a hashtag whether it is made of several known words, if somebody found out already.
    """

    text: str
    post: Post
    undone: tuple[Undone, ...] = ()
    words: frozenset[str] = frozenset()
    is_joined: Callable[[str], bool] | None = None

    def __repr__(self) -> str:
        return f"MeasureView(<{len(self.text)} characters>)"


class Counted(msgspec.Struct, frozen=True):
    """How much there is, the most that passes if the measure itself knows it, and where (original text)."""

    value: float
    limit: float | None = None
    spans: tuple[tuple[int, int], ...] = ()


class Measure(msgspec.Struct, frozen=True):
    """``gate`` says cheaply whether a text with the signal ``needs`` could have any of it worth counting; ``count`` counts.

    Only if ``reads_undone`` need the view say what was undone, which costs as much as all measures together.
    """

    gate: Callable[[NormalText, Post], bool]
    count: Callable[[MeasureView], Counted]
    needs: int
    reads_undone: bool = False

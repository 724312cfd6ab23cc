"""A text under correction, with the way back to the original."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from phiguard.model import Span

__all__ = ["Draft", "Edit"]


class Edit(NamedTuple):
    """``text[start:end]`` becomes ``new``. An insertion has no length, a deletion no ``new``."""

    start: int
    end: int
    new: str


class Draft:
    """One text. Each change to it has a number; its places can be asked for in the original and in the text as it is now."""

    __slots__ = ("_origins", "_owners", "_was", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._origins = [(at, at + 1) for at in range(len(text))]
        self._owners: list[int] = [-1] * len(text)
        self._was: dict[int, list[Span]] = {}

    def __repr__(self) -> str:
        return f"Draft(<{len(self.text)} characters>)"

    def edited(self, edits: Iterable[Edit], number: int) -> Draft:
        """A new draft with ``edits`` (disjoint places of this one) made as the change ``number``."""
        after = object.__new__(Draft)
        after.text, after._origins, after._owners = self.text, list(self._origins), list(self._owners)
        after._was = {known: list(spans) for known, spans in self._was.items()}
        text = after.text
        for start, end, new in sorted(edits, reverse=True):
            place = self._origin(start, end)
            after._was.setdefault(number, []).append(place)
            text = text[:start] + new + text[end:]
            after._origins[start:end] = [(place.start, place.end)] * len(new)
            after._owners[start:end] = [number] * len(new)
        after.text = text
        return after

    def _origin(self, start: int, end: int) -> Span:
        if start < end:
            places = self._origins[start:end]
            return Span(min(place[0] for place in places), max(place[1] for place in places))
        at = self._origins[start - 1][1] if start else 0
        return Span(at, at)

    def was(self, number: int) -> tuple[Span, ...]:
        """Where a change stood in the original; an insertion is a place without length."""
        return tuple(sorted(set(self._was.get(number, ()))))

    def now(self, number: int) -> tuple[Span, ...]:
        """Where what a change wrote stands now; nothing of what it only took away."""
        return _runs([at for at, owner in enumerate(self._owners) if owner == number])


def _runs(places: Sequence[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for at in places:
        if spans and spans[-1].end == at:
            spans[-1] = Span(spans[-1].start, at + 1)
        else:
            spans.append(Span(at, at + 1))
    return tuple(spans)

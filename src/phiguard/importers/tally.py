"""What an import counted."""

from __future__ import annotations

from collections import Counter

import msgspec

__all__ = ["Tally"]


class Tally(msgspec.Struct, kw_only=True):
    """What an import counted: no names, no texts."""

    taken_for: str = ""
    posts: Counter[str] = msgspec.field(default_factory=Counter)
    """Posts by direction."""
    left_out: Counter[str] = msgspec.field(default_factory=Counter)
    """Entries that hold nothing to screen, by what they are."""
    notes: Counter[str] = msgspec.field(default_factory=Counter)
    """What the export does not hold, or what was not understood; each with how often."""
    replies: int = 0
    orphans: int = 0
    bad: int = 0
    knows_own: bool = False
    """Whether it is known which account is the organization's."""

    @property
    def total(self) -> int:
        """All posts."""
        return sum(self.posts.values())

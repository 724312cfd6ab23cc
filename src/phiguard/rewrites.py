"""What a rule knows of its own mechanical correction: better words, words to add, words to move to the front."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

__all__ = ["Better", "Rewrite"]


class Better(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to say, and the terms that it replaces. If both have several forms, the first stands for the first, and so on."""

    say: str
    instead_of: tuple[str, ...]


class Rewrite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The data of one correction (`docs/fixing.md`): exactly one of ``swap``, ``add`` and ``front``.

    ``mark`` goes behind each sentence that ``add`` speaks of; ``add_many`` is said of several.
    """

    swap: tuple[Better, ...] = ()
    add: str = ""
    add_many: str = ""
    mark: str = ""
    front: tuple[str, ...] = ()

    def faults(self) -> Iterator[tuple[str, str]]:
        """``(field, what is wrong)`` for everything that the types cannot check."""
        if sum(map(bool, (self.swap, self.add, self.front))) != 1:
            yield "rewrite", "has exactly one of swap, add and front"
        if (self.add_many or self.mark) and not self.add:
            yield "rewrite", "has add_many or mark without add"
        for at, better in enumerate(self.swap):
            if not better.say.strip() or not better.instead_of:
                yield f"rewrite.swap[{at}]", "needs what to say and the terms that it replaces"

    def terms(self) -> Iterator[tuple[str, str, str]]:
        """``(field, term, say)`` of each swap."""
        for at, better in enumerate(self.swap):
            for term in better.instead_of:
                yield f"rewrite.swap[{at}]", term, better.say

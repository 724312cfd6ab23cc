"""Regular expressions in time linear in the text: the only module that knows RE2.

A pattern that would need backtracking does not compile. An `Automaton` says in one pass which of many patterns match; a `Finder` says
where one does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

__all__ = ["Automaton", "EngineError", "Finder", "pattern_fault"]

_MEMORY = 64 << 20  # bytes that the states of one set may take: real texts fill less than a half of it
_TOGETHER = (
    60  # patterns in one set: 220 in one have more states than fit (83 µs a text), in four they take 5 µs
)


class EngineError(ValueError):
    """An expression that the engine cannot compile."""


class Automaton:
    """Which of many regular expressions, each with "does case matter", may match: one pass. Safe to use from several threads.

    It takes a longer repetition for the one that is asked for: counting would multiply its states. A `Finder` says what matches. States are worked out as texts need them, so the first texts take longer. Raises `EngineError`.
    """

    __slots__ = ("_sets",)

    def __init__(self, regexes: Sequence[tuple[str, bool]]) -> None:
        count = -(-len(regexes) // _TOGETHER)
        size = -(-len(regexes) // count) if count else 1
        self._sets = [
            (first, _set_of(regexes[first : first + size])) for first in range(0, len(regexes), size)
        ]

    def scan(self, data: bytes) -> list[int]:
        """The positions of the expressions that may match in ``data``, rising."""
        found: list[int] = []
        for first, match in self._sets:
            if numbers := match(data):
                found += sorted([first + number for number in numbers])
        return found


def _set_of(regexes: Sequence[tuple[str, bool]]) -> Any:
    import re2  # noqa: PLC0415 (a command that scans nothing needs none)

    options = re2.Options()
    options.max_mem = _MEMORY
    options.never_capture = True
    options.log_errors = False
    found = re2.Set.SearchSet(options)
    for regex, case in regexes:
        try:
            found.Add(f"(?:{_uncounted(regex)})" if case else f"(?i:{_uncounted(regex)})")
        except re2.error:
            raise EngineError("a pattern cannot be compiled") from None
    found.Compile()
    return found._set.Match  # noqa: SLF001 (its wrapper only makes None of nothing)


_COUNT = re.compile(r"(?<!\\)\{(\d+),(\d+)\}")
_COUNTED = 3


def _uncounted(regex: str) -> str:
    """``regex`` with repetitions that have a high upper bound unbounded: it matches wherever ``regex`` does."""
    return _COUNT.sub(lambda found: found[0] if int(found[2]) <= _COUNTED else f"{{{found[1]},}}", regex)


class Finder:
    """One regular expression, compiled on first use."""

    __slots__ = ("_case", "_compiled", "_regex")

    def __init__(self, regex: str, *, case: bool = False) -> None:
        self._regex = regex
        self._case = case
        self._compiled: Any = None

    def scan(self, data: bytes, *, overlapping: bool = False) -> list[tuple[int, int]]:
        """``(start, end)`` of the leftmost-longest places in ``data``, in bytes; ``overlapping``: from every start one.

        Raises `EngineError`.
        """
        if self._compiled is None:
            self._compiled = _compiled(self._regex, case=self._case)
        if not overlapping:
            return [match.span() for match in self._compiled.finditer(data) if match.end() > match.start()]
        found: list[tuple[int, int]] = []
        match = self._compiled.search(data)
        while match is not None:
            start, end = match.span()
            if end > start:
                found.append((start, end))
            match = self._compiled.search(data, start + 1)
        return found


def _compiled(regex: str, *, case: bool) -> Any:
    import re2  # noqa: PLC0415 (most texts need none)

    options = re2.Options()
    options.case_sensitive = case
    options.longest_match = True
    options.never_capture = True
    options.log_errors = False
    try:
        return re2.compile(regex, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        raise EngineError(f"a pattern cannot be compiled: {_shown(reason)}") from None


def _shown(reason: object) -> str:
    return reason.decode("ascii", "replace") if isinstance(reason, bytes) else str(reason)


def pattern_fault(regex: str) -> str | None:
    """Why ``regex`` cannot be used, or ``None``."""
    if not regex.isascii():
        return "a pattern may hold ASCII only: write other characters as terms"
    try:
        _compiled(regex, case=False)
    except EngineError as error:
        return str(error)
    return None

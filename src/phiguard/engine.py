"""Multi-pattern automata and single patterns: the only module that knows Hyperscan and RE2.

Both run in time linear in the text, whatever the pattern; one that would need backtracking does not compile. Hyperscan looks for
everything at once but takes some 10 ms to compile a pattern; RE2 takes 0.3 ms, and looks for one pattern where a rule asks.
"""

from __future__ import annotations

import platform
import threading
from collections.abc import Sequence
from typing import Any

import hyperscan

__all__ = ["Automaton", "EngineError", "Finder", "engine_version", "literals", "pattern_fault", "patterns"]

_BLOCK = hyperscan.HS_MODE_BLOCK
_ONCE = hyperscan.HS_FLAG_SINGLEMATCH


class EngineError(ValueError):
    """An expression that the automaton cannot compile, or a damaged compiled one."""


class Automaton:
    """Many expressions, looked for in one pass. Safe to use from several threads."""

    __slots__ = ("_database", "_local", "size")

    def __init__(self, database: hyperscan.Database | None, size: int) -> None:
        self._database = database
        self._local = threading.local()
        self.size = size

    def scan(self, data: bytes) -> list[tuple[int, int]]:
        """``(expression, end)`` in bytes, by rising end."""
        found: list[tuple[int, int]] = []
        database = self._database
        if database is None or not data:
            return found
        local = self._local
        try:
            scratch = local.scratch
        except AttributeError:
            # The engine forbids two scans with one scratch space; scans release the GIL.
            scratch = local.scratch = database.scratch.clone()
        append = found.append

        def on_match(expression: int, _start: int, end: int, _flags: int, _context: object) -> None:
            append((expression, end))

        database.scan(data, on_match, scratch=scratch)
        return found

    def matches(self, data: bytes) -> bool:
        """Whether any expression matches."""
        return bool(self.scan(data))

    def dump(self) -> bytes:
        """The compiled form, for `load` on the same machine and engine version."""
        return b"" if self._database is None else bytes(hyperscan.dumpb(self._database))

    @classmethod
    def load(cls, dumped: bytes, size: int) -> Automaton:
        """The automaton that `dump` wrote. Raises `EngineError` if the engine refuses it."""
        if not dumped:
            return cls(None, 0)
        try:
            database = hyperscan.loadb(dumped, _BLOCK)
            database.scratch = hyperscan.Scratch(database)
        except hyperscan.HyperscanError as error:
            raise EngineError(f"the compiled patterns cannot be read: {type(error).__name__}") from None
        return cls(database, size)


def literals(texts: Sequence[str]) -> Automaton:
    """An automaton over plain texts; ids are their positions."""
    if not texts:
        return Automaton(None, 0)
    database = hyperscan.Database(mode=_BLOCK)
    size = len(texts)
    database.compile(
        expressions=[text.encode("utf-8", "replace") for text in texts],
        ids=list(range(size)),
        elements=size,
        literal=True,
    )
    return Automaton(database, size)


def patterns(regexes: Sequence[tuple[str, bool]]) -> Automaton:
    """An automaton that says which regular expressions match, each with "does case matter"; ids are their positions.

    Where they match it does not say: keeping track of starts would double the time of a scan.
    """
    if not regexes:
        return Automaton(None, 0)
    size = len(regexes)
    database = hyperscan.Database(mode=_BLOCK)
    try:
        database.compile(
            expressions=[regex.encode("utf-8", "replace") for regex, _ in regexes],
            ids=list(range(size)),
            elements=size,
            flags=[_ONCE if case else _ONCE | hyperscan.HS_FLAG_CASELESS for _, case in regexes],
        )
    except hyperscan.HyperscanError as error:
        raise EngineError(f"a pattern cannot be compiled: {error}") from None
    return Automaton(database, size)


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


def pattern_fault(regex: str, *, anchor: bool) -> str | None:
    """Why ``regex`` cannot be used (as an ``anchor``, in the automaton), or ``None``."""
    if not regex.isascii():
        return "a pattern may hold ASCII only: write other characters as terms"
    try:
        if anchor:
            patterns([(regex, False)])
        else:
            _compiled(regex, case=False)
    except EngineError as error:
        return str(error)
    return None


def engine_version() -> str:
    """Version of the engine and its binding: a compiled automaton belongs to one of them."""
    return f"{getattr(hyperscan, '__version__', 'unknown')} {platform.machine()}"

"""What stands in a text: names, places, dates and numbers, from several sources behind one function."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

__all__ = ["NAMES", "Entities", "Entity", "EntityError", "Found", "Lazy", "NamesWantedError", "Source"]

NAMES = frozenset({"PERSON", "LOCATION", "ORGANIZATION"})
"""The labels that a pipeline finds, not a pattern: no rule may begin with them, and they are asked last."""


class Entity(NamedTuple):
    """One thing that stands in a text: ``text[start:end]`` in code points, and the source that found it.

    ``label`` is Presidio's name of the kind (``PERSON``, ``US_SSN``); ``score`` lies between 0 and 1.
    """

    start: int
    end: int
    label: str
    score: float
    source: str


class EntityError(Exception):
    """A source that cannot answer: what it would have found was not screened. ``label`` is what was asked for."""

    def __init__(self, label: str, cause: BaseException) -> None:
        super().__init__(f"{label}: {type(cause).__name__}")  # the cause's message may quote the text
        self.label = label
        self.cause = type(cause).__name__

    def __reduce__(self) -> tuple[object, ...]:
        return _unasked, (self.label, self.cause)


def _unasked(label: str, cause: str) -> EntityError:
    return EntityError(label, type(cause, (Exception,), {})())


class Source(Protocol):
    """Finds entities of some kinds in a text. Safe to share between threads."""

    @property
    def labels(self) -> frozenset[str]:
        """The kinds of entity that this source finds."""

    def triggers(self, label: str) -> tuple[str, ...] | None:
        """Patterns of which one matches wherever an entity stands (linear-time syntax); ``None``: it has none and is asked last."""

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        """The entities of these kinds in ``text``, by rising start."""

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        """`find` for each text: cheaper together where the source can batch."""


class Lazy:
    """A source that is made when it is first asked: importing what it needs costs seconds.

    Args:
        labels: the kinds that it finds.
        triggers: its patterns by kind; a kind without is asked last.
        make: makes the source.
    """

    def __init__(
        self, labels: frozenset[str], triggers: Mapping[str, tuple[str, ...]], make: Callable[[], Source]
    ) -> None:
        self.labels = labels
        self._triggers = triggers
        self._make = make
        self._source: Source | None = None
        self._lock = threading.Lock()

    def triggers(self, label: str) -> tuple[str, ...] | None:
        return self._triggers.get(label)

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        return self._made().find(text, labels)

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        return self._made().find_many(texts, labels)

    def _made(self) -> Source:
        if self._source is None:
            with self._lock:
                if self._source is None:
                    self._source = self._make()
        return self._source


Found = dict[int, Sequence[Entity]]
"""What the sources of names found in one text, by source."""


class NamesWantedError(Exception):
    """A text is to be asked for names, and whoever screens will do so for several together."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Entities:
    """All sources behind one function."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources: dict[str, list[Source]] = {}
        for source in sources:
            for label in source.labels:
                self._sources.setdefault(label, []).append(source)
        self.labels = frozenset(self._sources)

    def triggers(self) -> dict[str, tuple[str, ...]]:
        """The patterns of every kind of entity of which every source has some."""
        found: dict[str, tuple[str, ...]] = {}
        for label, sources in self._sources.items():
            all_of = [source.triggers(label) for source in sources]
            if None not in all_of:
                found[label] = tuple(dict.fromkeys(regex for some in all_of for regex in some or ()))
        return found

    def find_names(self, texts: Sequence[str]) -> list[Found]:
        """What the sources of names find in each text, asked for all together: to be given to `find`."""
        found: list[Found] = [{} for _ in texts]
        sources = {id(source): source for label in NAMES for source in self._sources.get(label, ())}
        for number, source in sources.items():
            try:
                several = source.find_many(texts, NAMES & source.labels)
            except Exception:  # noqa: BLE001, S112 (each text is then asked for alone, and fails alone)
                continue
            for one, names in zip(found, several, strict=True):
                one[number] = names
        return found

    def find(self, text: str, label: str, known: Found) -> list[Entity]:
        """The entities of one kind in ``text``, by rising start.

        ``known`` remembers, for this one text, what the sources that find all kinds at once have found. Raises `EntityError`.
        """
        found: list[Entity] = []
        for source in self._sources.get(label, ()):
            try:
                if label in NAMES:
                    if id(source) not in known:
                        known[id(source)] = source.find(text, NAMES & source.labels)
                    found += (entity for entity in known[id(source)] if entity.label == label)
                else:
                    found += source.find(text, frozenset({label}))
            except EntityError:
                raise
            except Exception as error:  # noqa: BLE001 (whatever broke: the caller says what was not screened)
                raise EntityError(label, error) from None
        found.sort()
        return found

"""Presidio's recognizers as a source of entities, imported when a trigger first fires.

Which recognizers: those that know no country, those of the organization's countries, and any that a user adds. Same entities, scores
and context words as Presidio's ``AnalyzerEngine`` gives with the same recognizers.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phiguard.entities.base import Entity
from phiguard.entities.presidio_table import Listed, installed, shipped

if TYPE_CHECKING:
    from phiguard.entities.presidio_engine import Runner

__all__ = ["REGIONS", "Recognizers", "listed", "presidio_labels", "presidio_triggers"]

REGIONS = ("us",)
"""The countries whose recognizers are asked unless somebody says otherwise."""


@lru_cache(maxsize=1)
def listed() -> tuple[Listed, ...]:
    """The predefined recognizers of the installed Presidio that need neither a model nor a service."""
    table = shipped()
    if installed() in table.versions:
        return table.recognizers
    from phiguard.entities.presidio_reading import read_all  # noqa: PLC0415 (imports Presidio)

    return read_all()


def presidio_labels(regions: Sequence[str] = REGIONS) -> frozenset[str]:
    """The kinds of entity that the predefined recognizers of ``regions`` find, and those that know no country."""
    return frozenset(label for one in _of(regions) for label in one.labels)


def presidio_triggers(regions: Sequence[str] = REGIONS) -> dict[str, tuple[str, ...]]:
    """For each kind of entity, patterns of which one matches in every text where a predefined recognizer finds one."""
    found: dict[str, dict[str, None]] = {}
    unknown: set[str] = set()
    for one in _of(regions):
        for label in one.labels:
            found.setdefault(label, {}).update(dict.fromkeys(one.triggers or ()))
            if one.triggers is None:
                unknown.add(label)
    return {label: tuple(some) for label, some in sorted(found.items()) if label not in unknown}


def _of(regions: Sequence[str]) -> list[Listed]:
    wanted = {region.lower() for region in regions} | {None}
    if "gb" in wanted:
        wanted.add("uk")  # Presidio's name of it
    return [one for one in listed() if one.region in wanted]


class Recognizers:
    """A `phiguard.entities.base.Source` over Presidio's recognizers. Safe to share between threads; pickles by its arguments.

    Args:
        regions: countries whose predefined recognizers are asked (``us``, ``uk``, ``ca`` …), besides those that know no country.
        recognizers: recognizers of a user: Presidio recognizer objects, and paths of Presidio YAML recognizer files.
        nlp_engine: a Presidio ``NlpEngine`` whose lemmas are compared with context words; without, the words as they stand are.
        timeout: seconds that one pattern may take on one text before the recognizer counts as failed.
    """

    def __init__(
        self,
        *,
        regions: Sequence[str] = REGIONS,
        recognizers: Sequence[object] = (),
        nlp_engine: object | None = None,
        timeout: float = 2.0,
    ) -> None:
        self._made_of = (tuple(regions), tuple(recognizers), nlp_engine, timeout)
        self._lock = threading.Lock()
        self._runner: Runner | None = None
        self._triggers: dict[str, tuple[str, ...] | None] = dict(presidio_triggers(regions))
        for label in presidio_labels(regions) - self._triggers.keys():
            self._triggers[label] = None
        self._added: tuple[Any, ...] = ()
        if recognizers:
            self._add(recognizers)

    @property
    def labels(self) -> frozenset[str]:
        """The kinds of entity that these recognizers find."""
        return frozenset(self._triggers)

    def triggers(self, label: str) -> tuple[str, ...] | None:
        """Patterns of which one matches in every text where such an entity stands; ``None``: nothing is known of it."""
        return self._triggers.get(label)

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        """The entities of these kinds in ``text``, by rising start. Raises `EntityError` naming the recognizer that failed."""
        return self._asked().find(text, labels)

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        """`find` for each text."""
        runner = self._asked()
        return [runner.find(text, labels) for text in texts]

    def __reduce__(self) -> tuple[object, ...]:
        return _remade, self._made_of

    def __repr__(self) -> str:
        return f"Recognizers(regions={self._made_of[0]!r}, {len(self._added)} added)"

    def _asked(self) -> Runner:
        if self._runner is None:
            with self._lock:
                if self._runner is None:
                    from phiguard.entities.presidio_engine import Runner, predefined  # noqa: PLC0415 (takes a second)

                    regions, _, nlp_engine, timeout = self._made_of
                    known = predefined(one.name for one in _of(regions))
                    self._runner = Runner((*known, *self._added), nlp_engine=nlp_engine, timeout=timeout)
        return self._runner

    def _add(self, recognizers: Sequence[object]) -> None:
        from phiguard.entities.presidio_engine import checked, from_yaml  # noqa: PLC0415 (takes a second)
        from phiguard.entities.presidio_reading import triggers_of_recognizer  # noqa: PLC0415 (the same)

        added: list[Any] = []
        for one in recognizers:
            added += from_yaml(Path(one)) if isinstance(one, str | Path) else [checked(one)]
        self._added = tuple(added)
        for one in added:
            triggers = triggers_of_recognizer(one)
            for label in one.supported_entities:
                before = self._triggers.get(label, ())
                both = None if before is None or triggers is None else (*before, *triggers)
                self._triggers[label] = None if both is None else tuple(dict.fromkeys(both))


def _remade(
    regions: tuple[str, ...], recognizers: tuple[object, ...], nlp_engine: object | None, timeout: float
) -> Recognizers:
    return Recognizers(regions=regions, recognizers=recognizers, nlp_engine=nlp_engine, timeout=timeout)

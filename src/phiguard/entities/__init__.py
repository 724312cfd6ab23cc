"""Names, places, dates and numbers in a text: Presidio's recognizers, and a pipeline of our own for names."""

from __future__ import annotations

from collections.abc import Sequence

from phiguard.entities.base import NAMES, Entities, Entity, EntityError, Found, Lazy, NamesWantedError, Source
from phiguard.entities.presidio import REGIONS, Recognizers

__all__ = [
    "NAMES",
    "Entities",
    "Entity",
    "EntityError",
    "Found",
    "NamesWantedError",
    "Source",
    "entities_from",
]


_DETAILS = frozenset({"DETAIL"})


def entities_from(
    ner: object = "phiguard", recognizers: Sequence[object] = (), regions: Sequence[str] = REGIONS
) -> Entities:
    """The sources that a screener asks.

    Args:
        ner: what finds names: ``"phiguard"`` (the shipped pipeline), the name of an installed spaCy pipeline, a spaCy ``Language``,
            or a Presidio ``NlpEngine``; ``None``: nothing does, and a rule that wants a name leaves a gap.
        recognizers: Presidio recognizers beside the shipped ones, as objects or as paths of Presidio YAML files.
        regions: countries whose recognizers are asked, besides those that know no country.
    """
    return Entities(
        [
            Lazy(NAMES, {}, lambda: _names(ner)),
            Recognizers(regions=regions, recognizers=recognizers),
            Lazy(_DETAILS, {}, _details),
        ]
    )


def _details() -> Source:
    from phiguard.entities.details import Details  # noqa: PLC0415 (its patterns take 30 ms, and few runs ask for details)

    return Details()


def _names(ner: object) -> Source:
    if ner is None:
        raise LookupError("names are turned off")
    from phiguard.entities.names import names_source  # noqa: PLC0415 (imports spaCy)

    return names_source(ner)

"""Names of people, places and organizations: from the shipped pipeline, or from another that stands in its place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from phiguard.entities.base import NAMES, Entity, Lazy, Source

if TYPE_CHECKING:
    from phiguard.entities.tagger import Tagger

__all__ = ["MODEL", "Names", "PipelineNames", "names_source"]

MODEL = Path(__file__).parent / "model"
"""The folder of the shipped pipeline, for ``spacy.load`` too."""

_WEIGHTS = "phiguard_names"
_SCORE = 0.85  # the pipeline says yes or no; Presidio gives the same number to what a spaCy pipeline finds
_LABELS = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "GPE": "LOCATION",
    "LOC": "LOCATION",
    "FAC": "LOCATION",
    "LOCATION": "LOCATION",
    "ORG": "ORGANIZATION",
    "ORGANIZATION": "ORGANIZATION",
}
_UNUSED = ("tagger", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer", "textcat")


class Names:
    """The shipped pipeline as a source of entities. Loads on first use, in about a tenth of a second; threads share it.

    Args:
        model: the folder of a pipeline that `phiguard.entities.train` wrote.
    """

    labels = NAMES

    def __init__(self, model: Path = MODEL) -> None:
        self._model = model
        self._tagger: Tagger | None = None
        self._lock = threading.Lock()

    def triggers(self, label: str) -> tuple[str, ...] | None:  # noqa: ARG002 (no label has any)
        """``None``: a name has no pattern."""
        return None

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        return self.find_many([text], labels)[0]

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        return [
            [Entity(start, end, label, _SCORE, "phiguard") for start, end, label in spans if label in labels]
            for spans in self._loaded().spans(texts)
        ]

    def _loaded(self) -> Tagger:
        if self._tagger is None:
            with self._lock:
                if self._tagger is None:
                    # numpy costs 0.1 s, which a run without names is spared
                    from phiguard.entities.tagger import Tagger  # noqa: PLC0415

                    self._tagger = Tagger.load(self._model / _WEIGHTS)
        return self._tagger


class PipelineNames:
    """Another pipeline as a source of entities: a spaCy one, or a Presidio NLP engine.

    Args:
        name: what the entities name as their source.
        ask: for several texts, the spans of each: start, end and the pipeline's own label.
    """

    labels = NAMES

    def __init__(
        self, name: str, ask: Callable[[Sequence[str]], Iterable[Iterable[tuple[int, int, str]]]]
    ) -> None:
        self._name = name
        self._ask = ask
        self._lock = threading.Lock()  # such a pipeline grows its vocabulary while it runs

    def triggers(self, label: str) -> tuple[str, ...] | None:  # noqa: ARG002 (no label has any)
        """``None``: a name has no pattern."""
        return None

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        return self.find_many([text], labels)[0]

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        with self._lock:
            return [
                [
                    Entity(start, end, _LABELS[label], _SCORE, self._name)
                    for start, end, label in sorted(spans)
                    if _LABELS.get(label) in labels
                ]
                for spans in self._ask(texts)
            ]


def names_source(ner: str | object = "phiguard") -> Source:
    """The source of names that ``ner`` stands for.

    Args:
        ner: ``"phiguard"`` for the shipped pipeline; the name or folder of another spaCy pipeline; a spaCy ``Language``; a
            Presidio ``NlpEngine``; or a source of its own.
    """
    if ner == "phiguard":
        return Names()
    if isinstance(ner, str | Path):
        return Lazy(NAMES, cast("Mapping[str, tuple[str, ...]]", {}), lambda: _of_spacy(_load(ner)))
    if hasattr(ner, "find") and hasattr(ner, "find_many") and hasattr(ner, "labels"):
        return cast("Source", ner)
    if hasattr(ner, "process_batch"):
        return _of_presidio(ner)
    if hasattr(ner, "pipe") and hasattr(ner, "pipe_names"):
        return _of_spacy(ner)
    raise TypeError(
        f"ner: the name of a pipeline, a spaCy Language or a Presidio NlpEngine, not {type(ner).__name__}"
    )


def _load(name: str | Path) -> Any:
    import spacy  # noqa: PLC0415 (a second)

    import phiguard.entities.pipeline  # noqa: F401, PLC0415 (its factories, for a pipeline that we trained)

    return spacy.load(name, exclude=list(_UNUSED))


def _of_spacy(nlp: Any) -> PipelineNames:
    def ask(texts: Sequence[str]) -> Iterable[list[tuple[int, int, str]]]:
        for doc in nlp.pipe(texts, batch_size=64):
            yield [(span.start_char, span.end_char, span.label_) for span in doc.ents]

    return PipelineNames(f"{nlp.meta['lang']}_{nlp.meta['name']}", ask)


def _of_presidio(engine: Any) -> PipelineNames:
    def ask(texts: Sequence[str]) -> Iterable[list[tuple[int, int, str]]]:
        if not engine.is_loaded():
            engine.load()
        for _, artifacts in engine.process_batch(texts, language="en"):
            yield [(span.start_char, span.end_char, span.label_) for span in artifacts.entities]

    return PipelineNames(type(engine).__name__, ask)

"""Runs Presidio's recognizers as its ``AnalyzerEngine`` does, at what the ones asked cost.

Importing this module imports Presidio. The engine makes tokens of every text and asks every recognizer; here a recognizer is asked when
its trigger fired, and tokens are made when one of its context words stands in a text where it found something.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import regex
import yaml
from presidio_analyzer import EntityRecognizer, PatternRecognizer, RecognizerResult, predefined_recognizers
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.recognizer_registry import RecognizerRegistry, RecognizerRegistryProvider

from phiguard.engine import Automaton
from phiguard.entities.base import Entity, EntityError
from phiguard.entities.presidio_reading import FOLDERS, triggers_of_recognizer
from phiguard.entities.presidio_reading import predefined as _predefined
from phiguard.entities.presidio_words import LANGUAGE, Words, hushed, take_offline

__all__ = ["RecognizerError", "Runner", "Words", "checked", "from_yaml", "predefined"]

_IDENTIFIER = RecognizerResult.RECOGNIZER_IDENTIFIER_KEY
_NAME = RecognizerResult.RECOGNIZER_NAME_KEY


class RecognizerError(EntityError):
    """A recognizer that failed: what it would have found was not screened."""

    def __init__(self, recognizer: str, cause: BaseException) -> None:
        super().__init__(f"recognizer {recognizer}", cause)


class PatternTimeoutError(Exception):
    """A pattern took too long. Presidio leaves such a pattern out and says nothing; here the recognizer has failed."""


class _Timed:
    """A compiled pattern that says when it takes too long."""

    def __init__(self, compiled: Any, limit: float) -> None:
        self._compiled = compiled
        self._limit = limit

    def finditer(self, text: str, *args: Any, timeout: float | None = None, **options: Any) -> Iterator[Any]:
        limit = self._limit if timeout is None else min(timeout, self._limit)
        try:
            yield from self._compiled.finditer(text, *args, timeout=limit, **options)
        except TimeoutError:
            raise PatternTimeoutError from None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiled, name)


class _Ready:
    """One recognizer, made ready: its own patterns, compiled, and no way to the network."""

    __slots__ = (
        "_thresholds",
        "context",
        "enhances",
        "labels",
        "needs_tokens",
        "recognizer",
        "triggers",
    )

    def __init__(self, recognizer: Any, limit: float) -> None:
        kind = type(recognizer)
        own: Any = copy.copy(recognizer)  # shared objects stay as they are: somebody else may use them
        is_patterned = isinstance(recognizer, PatternRecognizer)
        if is_patterned:
            flags = own.global_regex_flags = own.global_regex_flags or 0
            own.patterns = [copy.copy(pattern) for pattern in own.patterns]
            for pattern in own.patterns:
                pattern.compiled_regex = _Timed(regex.compile(pattern.regex, flags=flags), limit)
                pattern.compiled_with_flags = flags
        take_offline(own)
        self.recognizer = own
        self.labels = frozenset(own.supported_entities)
        self.enhances = kind.enhance_using_context is not EntityRecognizer.enhance_using_context
        self.needs_tokens = not kind.__module__.startswith(FOLDERS) and not (
            is_patterned and kind.analyze is PatternRecognizer.analyze
        )
        self.triggers = triggers_of_recognizer(own)
        self.context = tuple(word.lower() for word in own.context or ())
        self._thresholds: dict[str, float] = dict(getattr(own, "score_thresholds", None) or {})

    def supported_in(self, lower: str) -> bool:
        """Whether a context word may stand in the text: only then tokens are worth making."""
        return any(word in lower or not word.isascii() for word in self.context)

    def limit(self, label: str) -> float:
        """The least score that counts."""
        return self._thresholds.get(label, self._thresholds.get("default", 0.0))


class _Chosen:
    """The recognizers for some labels, and what calls each of them."""

    __slots__ = ("_always", "_automaton", "_owners", "_ready")

    def __init__(self, ready: Sequence[_Ready]) -> None:
        self._ready = tuple(ready)
        self._always = frozenset(at for at, one in enumerate(ready) if not one.triggers)
        called = [(trigger, at) for at, one in enumerate(ready) for trigger in one.triggers or ()]
        self._owners = [at for _, at in called]
        self._automaton = Automaton([(trigger, False) for trigger, _ in called])

    def called_by(self, text: str) -> tuple[_Ready, ...]:
        """The recognizers that may find something in ``text``."""
        owners = self._owners
        called = self._always.union(
            [owners[at] for at in self._automaton.scan(text.encode("utf-8", "replace"))]
        )
        return tuple(self._ready[at] for at in sorted(called)) if called else ()


class Runner:
    """Asks recognizers. Safe to share between threads."""

    def __init__(
        self,
        recognizers: Iterable[Any],
        *,
        nlp_engine: Any = None,
        timeout: float = 2.0,
        language: str = LANGUAGE,
    ) -> None:
        self._recognizers = list(recognizers)
        self._timeout = timeout
        self._language = language
        self._own_words = nlp_engine is None
        self._engine: Any = Words() if nlp_engine is None else nlp_engine
        self._enhancer = LemmaContextAwareEnhancer()
        self._lock = threading.RLock()
        self._ready: dict[int, _Ready] = {}
        self._asked: dict[frozenset[str], _Chosen] = {}

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        """The entities of these kinds in ``text``, by rising start. Raises `RecognizerError`."""
        chosen = self._chosen(labels).called_by(text)
        if not chosen:
            return ()
        with hushed():
            found = self._found(text, labels, chosen)
        return sorted(
            Entity(
                one.start, one.end, one.entity_type, float(one.score), str(one.recognition_metadata[_NAME])
            )
            for one in found
            if one.entity_type in labels
        )

    def _found(
        self, text: str, labels: frozenset[str], chosen: Sequence[_Ready]
    ) -> Sequence[RecognizerResult]:
        if not any(ready.needs_tokens or ready.enhances for ready in chosen):
            return self._settled(text, self._asked_of(chosen, text, labels, None), chosen, None)
        with self._remembering():
            artifacts = self._artifacts(text)
            return self._settled(text, self._asked_of(chosen, text, labels, artifacts), chosen, artifacts)

    @staticmethod
    def _asked_of(
        chosen: Sequence[_Ready], text: str, labels: frozenset[str], artifacts: NlpArtifacts | None
    ) -> list[RecognizerResult]:
        results: list[RecognizerResult] = []
        for ready in chosen:
            recognizer = ready.recognizer
            try:
                wanted = sorted(labels & ready.labels)
                some = recognizer.analyze(text=text, entities=wanted, nlp_artifacts=artifacts)
                for one in some or ():
                    _sign(one, recognizer)
                    results.append(one)
            except Exception as error:  # noqa: BLE001 (whatever it is, it is said)
                raise RecognizerError(recognizer.name, error) from None
        return results

    def _settled(
        self,
        text: str,
        results: list[RecognizerResult],
        chosen: Sequence[_Ready],
        artifacts: NlpArtifacts | None,
    ) -> Sequence[RecognizerResult]:
        if not results:
            return ()
        by_id = {ready.recognizer.id: ready for ready in chosen}
        if artifacts is not None and any(ready.enhances for ready in chosen):
            results = [one for ready in chosen for one in _by_itself(ready, text, results, artifacts)]
        results = self._enhanced(text, results, by_id, artifacts)
        kept = [one for one in results if one.score >= by_id[_id_of(one)].limit(one.entity_type)]
        return EntityRecognizer.remove_duplicates(kept)

    def _enhanced(
        self,
        text: str,
        results: list[RecognizerResult],
        by_id: dict[str, _Ready],
        artifacts: NlpArtifacts | None,
    ) -> list[RecognizerResult]:
        """Scores raised by context words."""
        lower = text.lower()
        supported = {
            name
            for name, ready in by_id.items()
            if ready.context and (not self._own_words or ready.supported_in(lower))
        }
        raised = [one for one in results if _id_of(one) in supported]
        if not raised:
            return results
        rest = [one for one in results if _id_of(one) not in supported]
        recognizers = [ready.recognizer for ready in by_id.values()]
        try:
            if artifacts is not None:
                return rest + self._enhancer.enhance_using_context(text, raised, artifacts, recognizers)
            with self._remembering():
                artifacts = self._artifacts(text)
                return rest + self._enhancer.enhance_using_context(text, raised, artifacts, recognizers)
        except Exception as error:  # noqa: BLE001 (the same)
            raise RecognizerError("context words", error) from None

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        """While tokens are in use; then our own tokenizer forgets the words of the text. One thread at a time."""
        if not self._own_words:
            yield
            return
        with self._lock, self._engine.memory_zone():
            yield

    def _artifacts(self, text: str) -> NlpArtifacts:
        artifacts: NlpArtifacts = self._engine.process_text(text, self._language)
        return artifacts

    def _chosen(self, labels: frozenset[str]) -> _Chosen:
        found = self._asked.get(labels)
        if found is None:
            with self._lock, hushed():
                wanted = [one for one in self._recognizers if labels.intersection(one.supported_entities)]
                ready = tuple(map(self._made_ready, wanted))
                found = self._asked[labels] = _Chosen(ready)
        return found

    def _made_ready(self, recognizer: Any) -> _Ready:
        ready = self._ready.get(id(recognizer))
        if ready is None:
            ready = self._ready[id(recognizer)] = _Ready(recognizer, self._timeout)
        return ready


def _by_itself(
    ready: _Ready, text: str, results: Sequence[RecognizerResult], artifacts: NlpArtifacts
) -> Sequence[RecognizerResult]:
    name = ready.recognizer.id
    own = [one for one in results if _id_of(one) == name]
    if not ready.enhances:
        return own
    others = [one for one in results if _id_of(one) != name]
    try:
        found: Sequence[RecognizerResult] = ready.recognizer.enhance_using_context(
            text=text,
            raw_recognizer_results=own,
            other_raw_recognizer_results=others,
            nlp_artifacts=artifacts,
        )
    except Exception as error:  # noqa: BLE001 (the same)
        raise RecognizerError(ready.recognizer.name, error) from None
    return found


def _sign(result: RecognizerResult, recognizer: Any) -> None:
    """Names the recognizer in its result, if it did not."""
    if not result.recognition_metadata:
        result.recognition_metadata = {}
    result.recognition_metadata.setdefault(_IDENTIFIER, recognizer.id)
    result.recognition_metadata.setdefault(_NAME, recognizer.name)


def _id_of(result: RecognizerResult) -> str:
    return str(result.recognition_metadata[_IDENTIFIER])


def predefined(names: Iterable[str]) -> tuple[Any, ...]:
    """Presidio's predefined recognizers of these names."""
    return tuple(_predefined(getattr(predefined_recognizers, name)) for name in names)


def checked(recognizer: object) -> Any:
    """``recognizer``, if it is one. Raises `TypeError`."""
    if not isinstance(recognizer, EntityRecognizer):
        raise TypeError(
            f"no Presidio recognizer, nor the path of a file of them: {type(recognizer).__name__}"
        )
    return recognizer


def from_yaml(path: Path) -> list[Any]:
    """The recognizers of a Presidio YAML file, a list of pattern recognizers or the configuration of a registry.

    Raises `ValueError` for a file that Presidio cannot read.
    """
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        if any(key in said for key in ("supported_languages", "global_regex_flags")):
            registry = RecognizerRegistryProvider(conf_file=path).create_recognizer_registry()
        else:
            registry = RecognizerRegistry()
            registry.add_recognizers_from_yaml(path)
    except Exception as error:
        raise ValueError(f"{path}: Presidio cannot read these recognizers: {type(error).__name__}") from error
    return list(registry.recognizers)

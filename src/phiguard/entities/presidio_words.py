"""What Presidio's recognizers are given here: words of a text, no network, and silence.

Importing this module imports Presidio.
"""

from __future__ import annotations

import logging
import threading
import types
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import spacy
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

__all__ = ["LANGUAGE", "Words", "hushed", "take_offline"]

LANGUAGE = "en"


class Words(NlpEngine):
    """A Presidio ``NlpEngine`` of spaCy's English tokens without a model: the lemma of a word is the word.

    Context words are looked for inside of lemmas, so that "cards" supports "card" as its lemma would.
    """

    def __init__(self) -> None:
        self.nlp: Any = None
        self._lock = threading.Lock()

    def load(self) -> None:
        with self._lock:
            if self.nlp is None:
                self.nlp = spacy.blank(LANGUAGE)

    def is_loaded(self) -> bool:
        return self.nlp is not None

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        if self.nlp is None:
            self.load()
        doc = self.nlp.make_doc(text)
        return NlpArtifacts(
            entities=[],
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=[token.text for token in doc],
            nlp_engine=self,
            language=language,
        )

    def memory_zone(self) -> AbstractContextManager[object]:
        """Within it words are kept, and forgotten at its end: a stream has more words than memory."""
        if self.nlp is None:
            self.load()
        zone: AbstractContextManager[object] = self.nlp.memory_zone()
        return zone

    def process_batch(
        self, texts: Iterable[Any], language: str, batch_size: int = 1, n_process: int = 1, **_options: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        del batch_size, n_process
        for text in texts:
            yield str(text), self.process_text(str(text), language)

    def is_stopword(self, word: str, language: str) -> bool:
        del language
        return bool(self.nlp.vocab[word].is_stop)

    def is_punct(self, word: str, language: str) -> bool:
        del language
        return bool(self.nlp.vocab[word].is_punct)

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return [LANGUAGE]


class _Hushed(logging.Filter):
    """Drops what Presidio logs while it works for us: some of its messages quote the text."""

    def __init__(self) -> None:
        super().__init__()
        self.local = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        del record
        return not getattr(self.local, "on", False)


_HUSHED = _Hushed()
logging.getLogger("presidio-analyzer").addFilter(_HUSHED)


@contextmanager
def hushed() -> Iterator[None]:
    """While Presidio works for us, in this thread."""
    local = _HUSHED.local
    before, local.on = getattr(local, "on", False), True
    try:
        yield
    finally:
        local.on = before


def take_offline(recognizer: Any) -> None:
    """Lets a recognizer that asks `tldextract` use the list of suffixes that comes with it.

    By itself the package fetches the list on first use, and keeps it in the user's home. The recognizer's own code runs, with another
    `tldextract`; other users of Presidio in this process keep theirs.
    """
    for name in ("validate_result", "invalidate_result", "analyze"):
        function = getattr(type(recognizer), name, None)
        if not isinstance(function, types.FunctionType) or not isinstance(
            function.__globals__.get("tldextract"), types.ModuleType
        ):
            continue
        bundled = {**function.__globals__, "tldextract": _bundled()}
        offline = types.FunctionType(
            function.__code__, bundled, name, function.__defaults__, function.__closure__
        )
        offline.__kwdefaults__ = function.__kwdefaults__
        setattr(recognizer, name, types.MethodType(offline, recognizer))


def _bundled() -> Any:
    import tldextract  # noqa: PLC0415 (Presidio brings it; another version of it may not)

    extract = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
    return types.SimpleNamespace(extract=extract, TLDExtract=lambda **_options: extract)

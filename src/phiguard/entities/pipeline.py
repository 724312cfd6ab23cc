"""The names pipeline for spaCy: a tokenizer and a component that fills ``doc.ents``.

``spacy.load`` of the folder ``model`` beside this file gives an ordinary pipeline once this module is imported (an installed
phiguard says so in its entry points).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import registry
from spacy.vocab import Vocab

from phiguard.entities.tagger import Tagger, copy_weights, runs
from phiguard.entities.tokens import words_and_spaces

__all__ = ["NameComponent", "NameTokenizer", "create_component", "create_tokenizer"]


class NameTokenizer:
    """What a spaCy pipeline calls to turn a text into a `Doc`; it has no state, so nothing is stored."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words, spaces = words_and_spaces(text)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_disk(self, _path: str | Path, **_: Any) -> None:
        return None

    def from_disk(self, _path: str | Path, **_: Any) -> NameTokenizer:
        return self


@registry.tokenizers("phiguard.NameTokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Any], NameTokenizer]:
    """The factory that a pipeline's configuration names."""

    def build(nlp: Any) -> NameTokenizer:
        return NameTokenizer(nlp.vocab)

    return build


class NameComponent:
    """Sets ``doc.ents`` from a `Tagger`, which `from_disk` loads."""

    def __init__(self, tagger: Tagger | None = None, folder: Path | None = None) -> None:
        self.tagger = tagger
        self.folder = folder

    def __call__(self, doc: Doc) -> Doc:
        return self._set([doc])[0]

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """The documents with their entities, scored in batches."""
        documents = iter(stream)
        while batch := list(islice(documents, batch_size)):
            yield from self._set(batch)

    def _set(self, documents: list[Doc]) -> list[Doc]:
        if self.tagger is None:
            raise ValueError("the names component has no weights: load it from a folder")
        tags = self.tagger.tags([[token.text for token in doc] for doc in documents])
        for doc, path in zip(documents, tags, strict=True):
            doc.set_ents(
                [Span(doc, start, end, label) for start, end, label in runs(path)], default="outside"
            )
        return documents

    def to_disk(self, path: str | Path, **_: Any) -> None:
        if self.folder is None:
            raise ValueError("the names component has no weights to write")
        copy_weights(self.folder, Path(path))

    def from_disk(self, path: str | Path, **_: Any) -> NameComponent:
        self.folder = Path(path)
        self.tagger = Tagger.load(self.folder)
        return self


@Language.factory("phiguard_names", assigns=["doc.ents", "token.ent_iob", "token.ent_type"])
def create_component(nlp: Language, name: str) -> NameComponent:  # noqa: ARG001 (what spaCy calls it with)
    """The factory that a pipeline's configuration names; weights come from `NameComponent.from_disk`."""
    return NameComponent()

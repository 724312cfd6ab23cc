"""What the downloads of Facebook and Instagram share: their encoding, and entries told as labels and values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from phiguard.importers.entry import Item, Run, bad, unreadable
from phiguard.importers.pieces import Keys, pieces
from phiguard.importers.shape import mapping, rows, words
from phiguard.importers.sources import UNREADABLE, Source
from phiguard.importers.texts import is_misread, repaired
from phiguard.model import Media

__all__ = ["Meta", "labelled", "media_of", "media_paths", "read_files"]

_VIDEO = re.compile(r"\.(?:mp4|mov|m4v|webm|avi|3gp)$", re.IGNORECASE)
_AUDIO = re.compile(r"\.(?:aac|mp3|m4a|wav|ogg)$", re.IGNORECASE)
_MEDIA = re.compile(
    r"\.(?:jpe?g|png|gif|webp|heic|mp4|mov|m4v|webm|avi|3gp|aac|mp3|m4a|wav|ogg)$", re.IGNORECASE
)

# Labels are in the language of the account. Of the ones known, these hold what was written:
_SAID = frozenset(
    {
        *("message text description caption comment post title content".split()),
        *("mensaje texto descripción leyenda comentario publicación contenido".split()),
        *("message texte description légende commentaire publication contenu".split()),
        *("nachricht text beschreibung bildunterschrift kommentar beitrag inhalt".split()),
        *("mensagem texto descrição legenda comentário publicação conteúdo".split()),
        *("messaggio testo descrizione didascalia commento post contenuto".split()),
        *("bericht tekst beschrijving bijschrift opmerking reactie".split()),
        *("meddelelse tekst beskrivelse billedtekst kommentar opslag".split()),
    }
)
_PLAIN_VALUE = re.compile(r"https?://\S+|[\d\s:.,/apmAPM-]+|[\w.]+")


class Meta:
    """One reading of such a download; ``fixed`` undoes the encoding of the file at hand."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.is_misread = False

    def fixed(self, text: str) -> str:
        """A text as it was written."""
        return repaired(text) if self.is_misread else text

    def words(self, value: Any, *keys: str) -> str:
        """As `shape.words`, repaired."""
        return self.fixed(words(value, *keys))


Read = Callable[[Keys, Any, Source, int], Iterator[Item]]


def read_files(meta: Meta, pattern: re.Pattern[str], into: frozenset[Keys], read: Read) -> Iterator[Item]:
    """What ``read`` makes of each entry of the files that fit."""
    for source in meta.run.files(pattern):
        try:
            with source.open() as stream:
                meta.is_misread = is_misread(stream)
            with source.open(seen=meta.run.seen) as stream:
                for piece in pieces(stream, into):
                    if piece.fault or not isinstance(piece.value, dict):
                        yield bad(source, piece.line, piece.fault or "is not an object")
                    else:
                        yield from read(piece.keys, piece.value, source, piece.line)
        except UNREADABLE as error:
            yield unreadable(source, error)


def media_paths(value: Any) -> Iterator[str]:
    """The paths of the media in an entry, in whatever depth (attachments, albums, labels)."""
    stack = [value]
    while stack:
        at = stack.pop()
        if isinstance(at, dict):
            path = at.get("uri")
            if isinstance(path, str) and _MEDIA.search(path):
                yield path
            stack.extend(item for key, item in reversed(at.items()) if key != "thumbnail")
        elif isinstance(at, list):
            stack.extend(reversed(at))


def media_of(value: Any) -> tuple[Media, ...]:
    """The media in an entry. These downloads hold no alt texts, so nothing is known of them."""
    return tuple(
        Media(kind="video" if _VIDEO.search(path) else "audio" if _AUDIO.search(path) else "image")
        for path in dict.fromkeys(media_paths(value))
    )


def labelled(meta: Meta, value: dict[str, Any]) -> str:
    """The text of an entry told as ``label_values``: the value with a label that is known, else the longest.

    A value that is an address, a number, a time or one word (a setting such as "Public") is never taken for it.
    """
    best = ""
    for item in rows(value, "label_values"):
        said = meta.words(item, "value")
        if not said or words(item, "href"):
            continue
        field = words(item, "ent_field_name").casefold()
        if field in {"message", "text", "caption", "comment", "body"}:
            return said
        if meta.words(item, "label").casefold() in _SAID:
            return said
        if len(said) > len(best) and not _PLAIN_VALUE.fullmatch(said):
            best = said
    return best


def labelled_links(value: dict[str, Any]) -> tuple[str, ...]:
    """The addresses of such an entry."""
    return tuple(dict.fromkeys(link for item in rows(value, "label_values") if (link := words(item, "href"))))


def inner(value: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under ``key`` in one of the parts of ``data``."""
    for part in rows(value, "data"):
        if found := mapping(part, key):
            return found
    return {}

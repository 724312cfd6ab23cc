"""What redaction answers, and what can be wrong with how it was asked."""

from __future__ import annotations

import msgspec

from phiguard.errors import PhiguardError
from phiguard.model import Gap, Parent, Post

__all__ = ["Item", "Redacted", "RedactionError", "texts_of", "with_texts"]


class RedactionError(PhiguardError):
    """Redaction cannot be done as asked: an operator that does not exist, a key that is missing or does not fit."""


class Item(msgspec.Struct, frozen=True, array_like=False):
    """One place that was redacted: ``field[start:end]`` of the new post, in code points. It holds no text."""

    field: str
    start: int
    end: int
    label: str
    operator: str


class Redacted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post without its identifiers. Only ``post`` holds text.

    ``unredacted`` says what could not be looked at (``complete`` is then false), and ``remaining`` names the privacy rules that the new
    post still breaks, though nothing in it identifies anybody: a reply that confirms a visit, say.
    """

    post: Post
    items: tuple[Item, ...] = ()
    complete: bool = True
    unredacted: tuple[Gap, ...] = ()
    remaining: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text of the new post."""
        return self.post.text


_PARENT = ("text", "author", "author_name")


def texts_of(post: Post) -> dict[str, str]:
    """Every text of ``post`` that may hold an identifier, by field, in the order in which people read them."""
    parent = post.reply_to
    found: list[tuple[str, str | None]] = []
    if parent is not None:
        found += [(f"reply_to.{name}", getattr(parent, name)) for name in reversed(_PARENT)]
    found += [("author_name", post.author_name), ("author", post.author), ("text", post.text)]
    for at, media in enumerate(post.media):
        found += [
            (f"media[{at}].alt_text", media.alt_text),
            (f"media[{at}].ocr_text", media.ocr_text),
        ]
    found += [(f"links[{at}]", link) for at, link in enumerate(post.links)]
    return {field: text for field, text in found if text}


def with_texts(post: Post, texts: dict[str, str]) -> Post:
    """``post`` with these texts in the place of its own."""
    changed: dict[str, object] = {
        name: texts[name] for name in ("text", "author", "author_name") if name in texts
    }
    if post.reply_to is not None:
        parent: dict[str, str] = {
            name: texts[f"reply_to.{name}"] for name in _PARENT if f"reply_to.{name}" in texts
        }
        replaced: Parent = msgspec.structs.replace(post.reply_to, **parent)
        changed["reply_to"] = replaced
    if post.media:
        changed["media"] = tuple(
            msgspec.structs.replace(
                media,
                **{
                    name: texts[f"media[{at}].{name}"]
                    for name in ("alt_text", "ocr_text")
                    if f"media[{at}].{name}" in texts
                },
            )
            for at, media in enumerate(post.media)
        )
    if post.links:
        changed["links"] = tuple(texts.get(f"links[{at}]", link) for at, link in enumerate(post.links))
    return msgspec.structs.replace(post, **changed)

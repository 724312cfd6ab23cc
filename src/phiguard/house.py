"""The house style of an organization: what ``brand.yaml`` holds."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from phiguard.model import Severity

__all__ = [
    "Banned",
    "BrandFile",
    "Often",
    "Reading",
    "Required",
    "Tone",
    "Wording",
    "is_brand_file",
]

Text = Annotated[str, msgspec.Meta(min_length=1)]
Words = Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    because: str = ""
    severity: Severity | None = None


class Wording(_Entry, frozen=True, kw_only=True):
    """What the house says, the words that it replaces, and longer phrases in which they are fine."""

    say: Text
    instead_of: Words
    fine: tuple[Text, ...] = ()


class Banned(_Entry, frozen=True, kw_only=True):
    """Words that the house never uses, and longer phrases in which they are fine."""

    words: Words
    fine: tuple[Text, ...] = ()


class Required(_Entry, frozen=True, kw_only=True):
    """What must be said in the same post when something else is."""

    when: Words
    say: Words


class Often(_Entry, frozen=True, kw_only=True):
    """Words that may stand so many times in one post."""

    words: Words
    times: Annotated[int, msgspec.Meta(ge=1)]


class Reading(_Entry, frozen=True, kw_only=True):
    """How hard a post may be to read: the school grade, and the words of its longest sentence."""

    grade: Annotated[float, msgspec.Meta(ge=3, le=16)] | None = None
    sentence_words: Annotated[int, msgspec.Meta(ge=8, le=100)] | None = None


class Tone(_Entry, frozen=True, kw_only=True):
    """How a post sounds. What is not given is not checked."""

    exclamation_marks: Count | None = None
    emoji: Count | None = None
    hashtags: Count | None = None
    contractions: Literal["use", "avoid"] | None = None
    repeated_words: bool | None = None


class BrandFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A house style: the whole of ``brand.yaml``."""

    brand: Text
    severity: Severity = "low"
    terms: tuple[Wording, ...] = ()
    banned: tuple[Banned, ...] = ()
    names: tuple[Text, ...] = ()
    misspelled: dict[str, Words] = {}
    capitalization: tuple[Text, ...] = ()
    consistency: tuple[Annotated[tuple[Text, ...], msgspec.Meta(min_length=2)], ...] = ()
    required: tuple[Required, ...] = ()
    at_most: tuple[Often, ...] = ()
    reading: Reading = Reading()
    tone: Tone = Tone()
    competitors: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        known = set(self.names)
        if not known.issuperset(self.misspelled):
            raise ValueError("misspelled: each name in it must stand under names too")


def is_brand_file(document: object) -> bool:
    """Whether a YAML document is a house style, and no pack of rules."""
    return isinstance(document, dict) and "brand" in document and "rules" not in document

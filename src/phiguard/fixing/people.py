"""Identifiers taken out of what a privacy rule found."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from phiguard.entities.base import Entity
from phiguard.fixing.draft import Edit
from phiguard.model import Span
from phiguard.placeholders import NOUNS, pseudonym
from phiguard.redaction.spans import Place, label_of, plain_places, resolved

__all__ = ["without_identifiers"]

_PERSON = "PERSON"
_GREETING = re.compile(
    r"\b(?:hi|hello|hey|dear|thanks|thank you|welcome|sorry|congrats)(,?\s+)\Z", re.IGNORECASE
)
_LAST = re.compile(r"\s*(?:[!?.,]|\Z)")
_GLUED_BEFORE = re.compile(r"(?:[^\W_]|[^\W_][-./_]|@)\Z")
_GLUED_AFTER = re.compile(r"[-./_@]?[^\W_]")
# Labels of words in a sentence; of all others a rest is a part of the identifier.
_WORDS = frozenset({_PERSON, "LOCATION", "ORGANIZATION", "DATE_TIME", "AGE_OVER_89", "NRP"})
_LONGEST_REST = 40
_REST_BEFORE = re.compile(r"[^\W_][\w./-]{0,39}\Z")
_REST_AFTER = re.compile(r"(?:[./@_-]?[^\W_]){1,40}")
_BEGINS = re.compile(r"(?:\A|[.!?\n]\s*)[\"'(\u201c]*\Z")


def without_identifiers(
    text: str, spans: Sequence[Span], entities: Iterable[Entity], rules: Collection[str], *, is_reply: bool
) -> list[Edit]:
    """The edits that take out what identifies somebody within ``spans``, and the same values wherever else they stand.

    What a source other than our ``rules`` finds is taken as it stands; the places of rules, which may hold words beside the identifier,
    only where there is nothing better. Placeholders stand in their stead (``[Person A]``); a name in an address goes without one.
    """
    found = [
        (Place(entity.start, entity.end, label, entity.score), entity.source in rules)
        for entity in entities
        if (label := label_of(entity, text[entity.start : entity.end]))
    ]
    ours = [place for place, is_ours in found if is_ours]
    others = [place for place, is_ours in found if not is_ours] + list(plain_places(text))
    # Half of a handle or of a number is still somebody's: there the place of the rule is the better one.
    exact = [one for one in others if not (_is_part(text, one) and any(_meet(one, place) for place in ours))]
    wide = [place for place in ours if not any(_meet(place, one) for one in exact)]
    places = [_whole(text, place) for place in resolved(text, [*exact, *wide], frozenset())]
    values = {
        _value(text, place)
        for place in places
        if any(place.start < span.end and span.start < place.end for span in spans)
    }
    told: dict[str, dict[str, int]] = {}
    edits = []
    for place in places:
        if _value(text, place) not in values:
            continue
        if place.label == _PERSON and (edit := _unaddressed(text, place, is_reply=is_reply)):
            edits.append(edit)
            continue
        noun = place.label if place.label in NOUNS else ""
        number = told.setdefault(noun, {}).setdefault(_value(text, place), len(told.get(noun, ())))
        edits.append(Edit(place.start, place.end, pseudonym(place.label, number)))
    return edits


def _meet(one: Place, other: Place) -> bool:
    return one.start < other.end and other.start < one.end


def _whole(text: str, place: Place) -> Place:
    """A number, an address or a handle with what is left of it right before and behind."""
    if place.label in _WORDS:
        return place
    before, after = (
        _REST_BEFORE.search(text, max(0, place.start - _LONGEST_REST), place.start),
        _REST_AFTER.match(text, place.end),
    )
    return place._replace(
        start=before.start() if before else place.start, end=after.end() if after else place.end
    )


def _is_part(text: str, place: Place) -> bool:
    """Whether letters or digits go on right before or behind it."""
    return bool(
        _GLUED_BEFORE.search(text, max(0, place.start - 3), place.start)
        or _GLUED_AFTER.match(text, place.end)
    )


def _value(text: str, place: Place) -> str:
    return " ".join(text[place.start : place.end].casefold().split())


def _unaddressed(text: str, place: Place, *, is_reply: bool) -> Edit | None:
    """Without a name that somebody is addressed by: nobody misses it."""
    start, end = place.start, place.end
    greeting = _GREETING.search(text, max(0, start - 24), start)
    if greeting and _LAST.match(text, end):  # "Thank you, Ana!"
        return Edit(greeting.start(1), end, "")
    if not is_reply:
        return None
    if _BEGINS.search(text, max(0, start - 8), start) and text[end : end + 2] == ", ":  # "Ana, we are glad"
        return Edit(start, end + 3, text[end + 2 : end + 3].upper())
    if text[max(0, start - 2) : start] == ", " and _LAST.match(text, end):  # "We are glad, Ana."
        return Edit(start - 2, end, "")
    return None

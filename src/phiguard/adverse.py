"""A safety ticket from a comment: the four elements of an adverse event report, and no word of the person.

A report is complete with a patient, a reporter, a product and an event. Staff pass on what is known, even when a part is
missing. The ticket names products and events by the lexicons of the rules (`rules/lexicons/adverse.yaml`), never by the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from phiguard.model import Post, Route, Screening, Ticket
from phiguard.rules import RuleSet
from phiguard.terms import as_literal, expand, lexicon_of
from phiguard.text import fold

__all__ = ["ELEMENTS", "AdverseReader", "Ticket", "is_report", "ticketed", "told"]

Element = Literal["patient", "reporter", "product", "event"]
ELEMENTS: tuple[Element, ...] = ("patient", "reporter", "product", "event")
"""What a complete report says: who took it, who tells it, what was taken, what happened."""

_RULE = "FDA-25"
_NAMES = ("medicine_name", "medicine_misspelt")
_KINDS = ("device_part", "medicine_kind")
_EVENTS = ("reaction_word", "product_event", "reaction_or_illness")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_MOST_READERS = 16
_MOST_TOLD = 4  # events in a line
_MOST_WORDS = 5  # in a phrase of a lexicon

Phrase = tuple[str, ...]


class AdverseReader:
    """Reads the elements of a safety report from a post, with the lexicons of a rule set.

    Args:
        rules: the rule set in use (`Screener.rules`).
    """

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        lexicons = rules.lexicons
        self._names = _phrases(_NAMES, lexicons)
        self._kinds = _phrases(_KINDS, lexicons)
        self._products = self._names | self._kinds
        self._events = _phrases(_EVENTS, lexicons)
        self._serious = _phrases(("serious_outcome",), lexicons)
        self._patients = _phrases(("patient_sign",), lexicons)
        self._spelled = frozenset(_phrases(_NAMES[:1], lexicons))

    def __repr__(self) -> str:
        return f"AdverseReader({self._rules!r})"

    def ticket(self, post: Post, screening: Screening | None = None) -> Ticket | None:
        """The ticket of a post; ``None`` if its ``screening`` (where given) shows no adverse event."""
        if screening is not None and not is_report(screening):
            return None
        words = _WORD.findall(fold(post.text).lower().replace("\u2019", "'"))
        # In one search, so that the longest wins: an "insulin pump" is no insulin.
        products = tuple(_found(words, self._products))
        names = [self._known_name(one) for one in products if tuple(one.split()) in self._names]
        kinds = [one for one in products if tuple(one.split()) in self._kinds]
        events = tuple(_found(words, self._events))
        is_patient, is_reporter = _any(words, self._patients), bool(post.author or post.author_name)
        product, event = names[0] if names else post.product, events[0] if events else None
        known = (is_patient, is_reporter, product is not None, event is not None)
        return Ticket(
            patient=is_patient,
            reporter=is_reporter,
            product=product,
            product_kind=kinds[0] if kinds else None,
            event=event,
            events=events,
            serious=_any(words, self._serious),
            missing=tuple(name for name, is_known in zip(ELEMENTS, known, strict=True) if not is_known),
            completeness=sum(known) / len(ELEMENTS),
        )

    def _known_name(self, name: str) -> str:
        """The usual spelling of a medicine, if one is near enough."""
        if tuple(name.split()) in self._spelled:
            return name
        from difflib import get_close_matches  # noqa: PLC0415 (few tickets need it)

        near = get_close_matches(name, [" ".join(phrase) for phrase in self._spelled], n=1, cutoff=0.75)
        return near[0] if near else name


def is_report(screening: Screening) -> bool:
    """Whether a screening found what must go to the safety team."""
    return any(_tells(finding.rule) for finding in screening.findings)


def ticketed(routes: tuple[Route, ...], post: Post, rules: RuleSet | None = None) -> tuple[Route, ...]:
    """The routes of a screening, those that a report opened with its ticket.

    ``rules`` are those in use; without, products and events are named by the shipped lexicons.
    """
    if not any(_tells(route.rule) for route in routes):
        return routes
    ticket = _reader(rules).ticket(post)
    return tuple(
        msgspec.structs.replace(route, ticket=ticket) if _tells(route.rule) else route for route in routes
    )


def told(ticket: Ticket) -> str:
    """A ticket in one line, for people.

    >>> told(Ticket(patient=True, reporter=False, product="zoloft", event="dizzy", missing=("reporter",), completeness=0.75))
    'safety ticket: 3 of 4 known (product: zoloft; event: dizzy; a patient); ask in private for the reporter'
    """
    known = [
        f"product: {ticket.product}" if ticket.product else "",
        f"event: {', '.join(ticket.events[:_MOST_TOLD]) or ticket.event}" if ticket.event else "",
        "a patient" if ticket.patient else "",
        "a reporter" if ticket.reporter else "",
    ]
    count = len(ELEMENTS) - len(ticket.missing)
    said = f"safety ticket: {count} of {len(ELEMENTS)} known"
    if any(known):
        said += f" ({'; '.join(filter(None, known))})"
    if ticket.serious:
        said += "; serious"
    return f"{said}; ask in private for the {', '.join(ticket.missing)}" if ticket.missing else said


def _tells(rule: str) -> bool:
    return rule.partition(".")[0] == _RULE


_READERS: dict[str, AdverseReader] = {}  # by the digest of their rules


def _reader(rules: RuleSet | None) -> AdverseReader:
    digest = rules.digest if rules is not None else ""
    reader = _READERS.get(digest)
    if reader is None:
        if rules is None:
            from phiguard.cache import compiled  # noqa: PLC0415  (few screenings need a ticket)
            from phiguard.entities import entities_from  # noqa: PLC0415

            # With the triggers of the shipped sources, for which the package brings the rules compiled.
            rules, _ = compiled((), entities_from().triggers())
        reader = AdverseReader(rules)
        if len(_READERS) < _MOST_READERS:
            _READERS[digest] = reader
    return reader


def _phrases(names: Iterable[str], lexicons: Mapping[str, Sequence[str]]) -> frozenset[Phrase]:
    """Every form of the lexicons, in words. Patterns are left to the rules: a ticket names what it can spell."""
    found: set[Phrase] = set()
    for name in names:
        for term in lexicons.get(name, ()):
            if term.startswith("/"):
                continue
            if inner := lexicon_of(term):
                found |= _phrases((inner,), lexicons)
                continue
            for form in expand(term, lexicons):
                words = tuple(_WORD.findall(as_literal(form.removesuffix("*"))))
                if 0 < len(words) <= _MOST_WORDS:
                    found.add(words)
    return frozenset(found)


def _found(words: Sequence[str], phrases: frozenset[Phrase]) -> Iterator[str]:
    """The phrases that stand in ``words``, each once, the longest at each place."""
    seen = set()
    at = 0
    while at < len(words):
        step = 1
        for size in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + size])
            if phrase in phrases:
                if phrase not in seen:
                    seen.add(phrase)
                    yield " ".join(phrase)
                step = size
                break
        at += step


def _any(words: Sequence[str], phrases: frozenset[Phrase]) -> bool:
    return next(_found(words, phrases), None) is not None

"""A safety ticket from a comment: the four elements of an adverse event report, and no word of the person.

A report is complete with a patient, a reporter, a product and an event. Staff pass on what is known, even when a part is
missing. The ticket names products and events by the lexicons of the rules (`rules/lexicons/adverse.yaml`), never by the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from phiguard.model import Post, Screening
from phiguard.rules import RuleSet
from phiguard.terms import as_literal, expand, lexicon_of
from phiguard.text import fold

__all__ = ["ELEMENTS", "AdverseReader", "Ticket", "is_report"]

ELEMENTS = ("patient", "reporter", "product", "event")
"""What a complete report says: who took it, who tells it, what was taken, what happened."""

_RULE = "FDA-25"
_NAMES = ("medicine_name", "medicine_misspelt")
_KINDS = ("device_part", "medicine_kind")
_EVENTS = ("reaction_word", "product_event", "reaction_or_illness")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_MOST_WORDS = 5  # in a phrase of a lexicon

Phrase = tuple[str, ...]


class Ticket(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a comment says of the four elements. It holds no text, no name and no handle of a person.

    ``product`` is a medicine by name (or the product of the post's metadata); ``product_kind`` says what it is when nobody
    named it ("insulin pump", "vaccine"). ``event`` is the first reaction or fault found, ``events`` all of them.
    """

    patient: bool
    reporter: bool
    product: str | None = None
    product_kind: str | None = None
    event: str | None = None
    events: tuple[str, ...] = ()
    serious: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """The elements that still have to be asked for, in private."""
        known = (self.patient, self.reporter, self.product is not None, self.event is not None)
        return tuple(name for name, is_known in zip(ELEMENTS, known, strict=True) if not is_known)

    @property
    def completeness(self) -> float:
        """The share of the four elements that are known: 0, 0.25, 0.5, 0.75 or 1."""
        return 1 - len(self.missing) / len(ELEMENTS)


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
        return Ticket(
            patient=_any(words, self._patients),
            reporter=bool(post.author or post.author_name),
            product=names[0] if names else post.product,
            product_kind=kinds[0] if kinds else None,
            event=events[0] if events else None,
            events=events,
            serious=_any(words, self._serious),
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
    return any(finding.rule.partition(".")[0] == _RULE for finding in screening.findings)


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

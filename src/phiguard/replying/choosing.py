"""Which situation a comment is: by what rules found in it, and by its words where nothing was found."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from phiguard.policy import LIFE_SAFETY, QUEUES
from phiguard.profile_sections import covers
from phiguard.terms import as_literal, expand
from phiguard.text import fold

if TYPE_CHECKING:
    from phiguard.model import Finding, Post, Screening
    from phiguard.replying.library import Library, Situation

__all__ = ["Chooser", "is_urgent"]

_WORDS = re.compile(r"[a-z0-9$%*]+(?:'[a-z]+)*")
_MOST_READ = 5_000  # characters of a comment that are looked at for words
_OTHER = "other"
_CRISIS = "crisis-hold"
_PRAISED, _PANNED = 4.0, 2.0
# Of what words show, in this order: an insult with a question mark is an insult.
_BY_WORDS = ("spam", "abuse", "appointment", "suggestion", "question", "praise")


def is_urgent(situation: Situation) -> bool:
    """Whether somebody may be in danger: then nothing else is offered beside it."""
    return bool(LIFE_SAFETY & set(situation.routes)) or any(
        rule.startswith(("CMT-01", "CMT-02", "CMT-03", "CMT-04")) for rule in situation.rules
    )


class Chooser:
    """Tells the situations of a comment, the most urgent first."""

    def __init__(self, library: Library, lexicons: Mapping[str, Sequence[str]]) -> None:
        self._library = library
        self._by_rule = [(rule, one) for one in library.situations.values() for rule in one.rules]
        # The longest id names the situation best: CMT-06.billing before CMT-06.
        self._by_rule.sort(key=lambda entry: -len(entry[0]))
        self._by_route = {route: one for one in library.situations.values() for route in one.routes}
        self._cues = {
            name: _Cues(library.situations[name].words, lexicons)
            for name in _BY_WORDS
            if name in library.situations
        }

    def situations(
        self, post: Post, screening: Screening, *, topics: Sequence[str] = ()
    ) -> tuple[Situation, ...]:
        """What ``post`` is, as ``screening`` shows it; ``topics`` are those of a crisis that is on."""
        found: dict[str, tuple[int, Situation]] = {}
        for finding in screening.findings:
            if (one := self._of(finding)) is not None:
                queue = finding.route.queue if finding.route else ""
                rank = QUEUES.index(queue) if queue in QUEUES else len(QUEUES)
                found[one.id] = min(found.get(one.id, (rank, one)), (rank, one), key=lambda entry: entry[0])
        ranked = [one for _, one in sorted(found.values(), key=lambda entry: entry[0])]
        if not any(map(is_urgent, ranked)) and topics and _speaks_of(post.text, topics):
            ranked.insert(0, self._library.situations[_CRISIS])
        return tuple(_narrowed(ranked) or [self._by_words(post)])

    def _of(self, finding: Finding) -> Situation | None:
        for rule, one in self._by_rule:
            if covers(rule, finding.rule):
                return one
        return self._by_route.get(finding.route.queue) if finding.route else None

    def _by_words(self, post: Post) -> Situation:
        situations = self._library.situations
        text = fold(post.text[:_MOST_READ]).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        rating = post.reply_to.rating if post.reply_to is not None else None
        for name, cues in self._cues.items():
            if cues.stand_in(text):
                return situations[name]
        if rating is not None and rating >= _PRAISED:
            return situations["praise"]
        if rating is not None and rating <= _PANNED:
            return situations["complaint"]
        return situations[_OTHER]


def _narrowed(ranked: Sequence[Situation]) -> list[Situation]:
    """Without the general one where a special one of its family is there: ``complaint`` beside ``complaint-wait``."""
    ids = [one.id for one in ranked]
    return [one for one in ranked if not any(name.startswith(f"{one.id}-") for name in ids)]


def _speaks_of(text: str, topics: Iterable[str]) -> bool:
    plain = f" {' '.join(_WORDS.findall(fold(text).lower()))} "
    return any(f" {' '.join(_WORDS.findall(fold(topic).lower()))} " in plain for topic in topics)


class _Cues:
    """Phrases and patterns that show a situation."""

    def __init__(self, terms: Iterable[str], lexicons: Mapping[str, Sequence[str]]) -> None:
        self._patterns = [re.compile(term[1:-1]) for term in terms if _is_pattern(term)]
        self._phrases = sorted(
            {phrase for term in terms if not _is_pattern(term) for phrase in _forms(term, lexicons)}
        )

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in ``text``, which is folded and in small letters."""
        if any(pattern.search(text) for pattern in self._patterns):
            return True
        words = _WORDS.findall(text)
        phrases = self._phrases
        for at in range(len(words)):
            ahead = " ".join(words[at : at + 6]) + " "
            # Phrases that begin here sort around the words that follow; the longest one ends before them.
            index = bisect_left(phrases, ahead)
            while index and phrases[index - 1].partition(" ")[0] == words[at]:
                if ahead.startswith(phrases[index - 1] + " "):
                    return True
                index -= 1
        return False


def _is_pattern(term: str) -> bool:
    return len(term) > 2 and term.startswith("/") and term.endswith("/")


def _forms(term: str, lexicons: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for form in expand(term, lexicons):
        if literal := " ".join(_WORDS.findall(as_literal(form))):
            yield literal

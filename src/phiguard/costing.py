"""What a rule costs, alone, on ordinary text and on the worst that its own words make; and whether that grows with the text."""

from __future__ import annotations

import datetime as dt
import gc
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from phiguard.entities import NAMES, Entity
from phiguard.errors import InputError
from phiguard.kinds.base import Example, Rule
from phiguard.kinds.series import SeriesRule
from phiguard.model import Post
from phiguard.profile import Profile
from phiguard.proving import as_post
from phiguard.pumping import nested_repeat, pumped
from phiguard.rules import RuleSet, term_lists
from phiguard.screener import Screener

__all__ = ["Cost", "costs"]

LONG, LONGER = 8_000, 32_000
"""Characters of the two texts that are compared; a text is screened whole up to 100,000 by default."""
_LINEAR = LONGER / LONG
STEEP = 2 * _LINEAR
"""What takes so many times as long for `LONGER` is not linear (4 is), and not yet square (16 is): a wide margin for busy machines."""
SLOW = 0.01
"""Seconds for `LONG` below which growth does not matter: about a microsecond a character."""
FAR = 100
"""Words that a `within` may span: no sentence is longer, so more is no bound."""
_SAMPLE = 30_000
_TRIES = 3
_LEXICON = re.compile(r"<([a-z0-9_]+)>")


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """The cost of one rule: seconds of the processor for a million characters, and what is wrong with it, by field."""

    rule: str
    place: str
    seconds: float
    faults: tuple[tuple[str, str], ...] = ()


def costs(rules: RuleSet, wanted: Iterable[Rule]) -> Iterator[Cost]:
    """The cost of each rule of ``wanted``, in order.

    Each is measured alone, beside the same screening without it; rules about many posts together are left out. Names are found by a stand-in: what the pipeline for names takes is
    not the rule's.
    """
    sample = _sample(rules)
    bare = _screener(rules, ())
    for rule in wanted:
        if isinstance(rule, SeriesRule):  # asked once a window, about many posts
            continue
        screener = _screener(rules, (rule,))
        faults = (*_written(rule), *_growing(rule, screener, bare))
        seconds = _on_sample(rule, sample, screener, bare)
        yield Cost(rule=rule.id, place=rules.places[rule.id], seconds=seconds, faults=faults)


class _Capitals:
    """Stands in for the pipeline for names: every capitalized word is one."""

    labels = NAMES
    _words = re.compile(r"\b[A-Z][a-z]+\b")

    def triggers(self, label: str) -> tuple[str, ...] | None:
        del label
        return None

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        found = [word.span() for word in self._words.finditer(text)]
        return [Entity(*span, label, 0.85, "stand-in") for span in found for label in sorted(labels & NAMES)]

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        return [self.find(text, labels) for text in texts]


def _screener(rules: RuleSet, some: tuple[Rule, ...]) -> Screener:
    """A screener for these rules alone, with the lexicons and labels that they use and no others."""
    used = {label for rule in some for label in (*rule.unless, *rule.only)}
    labels = tuple(label for label in rules.labels if label.label in used)
    lexicons: dict[str, tuple[str, ...]] = {}
    todo = _LEXICON.findall(repr((some, labels)))
    while todo:
        name = todo.pop()
        if name in rules.lexicons and name not in lexicons:
            lexicons[name] = rules.lexicons[name]
            todo += _LEXICON.findall(repr(lexicons[name]))
    alone = msgspec.structs.replace(rules, rules=some, labels=labels, lexicons=lexicons)
    profile = msgspec.convert({"limits": {"max_characters": 2 * LONGER}}, Profile)
    return Screener(profile, rules=alone, ner=_Capitals(), today=dt.date(2026, 1, 1))


# --- time ------------------------------------------------------------------------------------------------


def _seconds(work: Callable[[], object]) -> float:
    """The processor's time for one call: other programs on the machine are not counted."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _on_sample(rule: Rule, sample: list[str], screener: Screener, bare: Screener) -> float:
    posts = [_post(rule, text) for text in sample]
    characters = sum(map(len, sample))
    for post in posts[:50]:
        screener.screen(post)
    gc.collect()
    times = [
        (
            _seconds(lambda: [screener.screen(post) for post in posts]),
            _seconds(lambda: [bare.screen(post) for post in posts]),
        )
        for _ in range(_TRIES)
    ]
    own = min(one for one, _ in times) - min(other for _, other in times)
    return max(0.0, own) * 1e6 / characters


def _sample(rules: RuleSet) -> list[str]:
    """Ordinary text, in many voices and on many subjects: examples of all rules, seeded."""
    texts = [
        example if isinstance(example, str) else str(example.get("text", ""))
        for rule in rules.rules
        for example in (*rule.flags, *rule.passes)
    ]
    random.Random(7).shuffle(texts)  # noqa: S311 (no secret)
    size, taken = 0, []
    for text in texts:
        taken.append(text)
        size += len(text)
        if size >= _SAMPLE:
            break
    return taken


# --- growth ----------------------------------------------------------------------------------------------


def _growing(rule: Rule, screener: Screener, bare: Screener) -> Iterator[tuple[str, str]]:
    """A fault if the time for some text of the rule's own words grows faster than the text."""
    for field, make in _worst(rule, screener):
        if _is_steep(rule, make, screener) and not _is_steep(rule, make, bare):
            hint = (
                "write an upper bound, {1,40} for +, and begin the pattern with \\b"
                if "/" in field
                else "bound what is looked for beside it"
            )
            yield (
                field.rstrip("/"),
                f"takes more than {STEEP:.0f} times as long for {_LINEAR:.0f} times the text: {hint}",
            )
            return


def _is_steep(rule: Rule, make: Callable[[int], str], screener: Screener) -> bool:
    long, longer = _post(rule, make(LONG)), _post(rule, make(LONGER))
    screener.screen(_post(rule, make(200)))  # tables and compiled expressions are made on first use
    least = _seconds(lambda: screener.screen(long))
    if least < SLOW or _seconds(lambda: screener.screen(longer)) <= STEEP * least:
        return False
    # A busy machine makes a try longer, never shorter: the least of some tries is compared, and one short enough acquits.
    least = min(least, *(_seconds(lambda: screener.screen(long)) for _ in range(_TRIES)))
    return least >= SLOW and all(
        _seconds(lambda: screener.screen(longer)) > STEEP * least for _ in range(_TRIES)
    )


def _worst(rule: Rule, screener: Screener) -> Iterator[tuple[str, Callable[[int], str]]]:
    """Texts of any length that ask most of ``rule``, and the field that each is made from; all of its own words."""
    seen: set[str] = set()

    def fresh(field: str, unit: str, tail: str = "") -> Iterator[tuple[str, Callable[[int], str]]]:
        if unit and (key := f"{unit}|{tail}") not in seen:
            seen.add(key)
            yield field, lambda size: (unit * (size // len(unit) + 1))[:size] + tail

    known = next((as_post(rule, one).text for one in rule.flags), "")
    for field, regexes in _patterns(rule):
        for regex in regexes:
            for unit, tail in pumped(regex):
                # With an example, so that whatever else the rule asks for is there too.
                yield from fresh(f"{field}/", unit, f"{tail} {known}")
    for at, example in enumerate(rule.flags[:3]):
        field = f"flags[{at}]"
        try:
            post = as_post(rule, example)
        except InputError:
            continue
        yield from fresh(field, f"{post.text} ")
        plain = re.sub(r"[.!?;:\n]+", "", post.text)  # one sentence without end
        yield from fresh(field, f"{plain} ")
        words = plain.split()
        screening = screener.screen(post)
        for parts in screening.excerpts(post):
            for part in parts:
                yield from fresh(field, f"{part} ")
                yield from fresh(field, f"{part}. ")
                yield from fresh(field, part)
                words += part.split()
        if at == 0:
            for word in dict.fromkeys(words[:10]):
                yield from fresh(field, f"{word} ")
        # All of one, then all of another: what looks for the second from each of the first goes a long way.
        for one, other in {(words[0], words[-1]), (words[-1], words[0])} if len(words) > 1 else ():
            for gap in (" ", ". "):
                yield field, _halves(one + gap, other + gap)


def _halves(one: str, other: str) -> Callable[[int], str]:
    return lambda size: one * (size // 2 // len(one)) + other * (size // 2 // len(other))


def _patterns(rule: Rule) -> Iterator[tuple[str, list[str]]]:
    """The regular expressions of a rule, by field."""
    for path, terms in term_lists(rule):
        if found := [term[1:-1] for term in terms if len(term) > 2 and term[0] == term[-1] == "/"]:
            yield path, found


def _post(rule: Rule, text: str) -> Post:
    """A post that says ``text`` where ``rule`` looks."""
    example: Example = {"text": text}
    if "text" not in rule.fields:
        example = {"text": "", "media": [dict.fromkeys(rule.fields, text)]}
    elif isinstance(first := next(iter(rule.flags), ""), dict):
        told: dict[str, Any] = {key: value for key, value in first.items() if key not in {"text", "profile"}}
        if isinstance(parent := told.get("reply_to"), dict):
            told["reply_to"] = {**parent, "text": text}
        example = {**told, "text": text}
    return as_post(rule, example)


# --- what is written -------------------------------------------------------------------------------------


def _written(rule: Rule) -> Iterator[tuple[str, str]]:
    """Faults that need no measuring."""
    reaches = [("within", getattr(rule, "within", None)), ("cue_within", getattr(rule, "cue_within", None))]
    for name, conditions in (("with", rule.with_), ("without", rule.without)):
        reaches += [(f"{name}[{at}].within", condition.within) for at, condition in enumerate(conditions)]
    for field, within in reaches:
        if within is not None and within > FAR:
            yield (
                field,
                f"{within} words are no bound: write {FAR} at most, or `scope: post` for the whole text",
            )
    for field, regexes in _patterns(rule):
        for regex in regexes:
            if (part := nested_repeat(regex)) is not None:
                yield field, f"a repeat without bound inside another, over the same words: {part}"

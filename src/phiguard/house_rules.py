"""A house style made into rules: one for each entry of ``brand.yaml``, with examples that prove it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from phiguard.house import BrandFile
from phiguard.terms import TermError, expand
from phiguard.yaml_source import Place

__all__ = ["competitor_terms", "rules_of"]

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_PLAIN = re.compile(r"[\w’'&.,/ -]+")
_ENDS_ALIKE = re.compile(r"(?:s|x|z|ch|sh)$", re.IGNORECASE)
_SIGNS = re.compile(r"[\[\](){}<>|*/]")  # what a term would read otherwise
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONG_WORD = re.compile(r"[A-Za-z]{6,}")  # a typing error in a shorter name is often another word
_CONTRACTED = (
    ("do not", "don't"), ("does not", "doesn't"), ("did not", "didn't"), ("is not", "isn't"), ("are not", "aren't"),
    ("cannot", "can't"), ("will not", "won't"), ("we are", "we're"), ("we will", "we'll"), ("we have", "we've"),
    ("you are", "you're"), ("you will", "you'll"), ("it is", "it's"), ("let us", "let's"),
    ("was not", "wasn't"), ("were not", "weren't"), ("should not", "shouldn't"), ("could not", "couldn't"),
)  # fmt: skip
_CALM = "Come in from 8 to 6."


def rules_of(style: BrandFile, place: Place) -> Iterator[tuple[dict[str, Any], Place]]:
    """The rules of a house style, as packs tell them, each with the place of its entry."""
    used: set[str] = set()
    for name, body, where in _bodies(style, place):
        rule_id = _free(f"BRD-H.{name}", used)
        yield {"id": rule_id, **_common(style), **body}, where


def _common(style: BrandFile) -> dict[str, Any]:
    return {
        "category": "brand",
        "severity": style.severity,
        "source": f"House style ({style.brand})",
        "status": "stable",
        "applies_to": {"direction": ["outbound"]},
    }


def _free(name: str, used: set[str]) -> str:
    found, number = name, 2
    while found in used:
        found, number = f"{name}-{number}", number + 1
    used.add(found)
    return found


def _bodies(style: BrandFile, place: Place) -> Iterator[tuple[str, dict[str, Any], Place]]:
    for at, term in enumerate(style.terms):
        yield f"say-{_slug(term.say)}", _decided(_wording(term), term), _at(place, "terms", at)
    for at, banned in enumerate(style.banned):
        yield f"banned-{_slug(banned.words[0])}", _decided(_banned(banned), banned), _at(place, "banned", at)
    for at, name in enumerate(style.names):
        variants = (*style.misspelled.get(name, ()), *_typing_errors(name))
        yield f"name-{_slug(name)}", _spelled(name, variants), _at(place, "names", at)
    for at, word in enumerate(style.capitalization):
        yield f"capitals-{_slug(word)}", _spelled(word, ()), _at(place, "capitalization", at)
    for at, ways in enumerate(style.consistency):
        yield f"one-way-{_slug(ways[0])}", _one_way(ways), _at(place, "consistency", at)
    for at, needed in enumerate(style.required):
        where = _at(place, "required", at)
        yield f"required-{_slug(needed.when[0])}", _decided(_required(needed.when, needed.say), needed), where
    for at, often in enumerate(style.at_most):
        where = _at(place, "at_most", at)
        yield f"at-most-{_slug(often.words[0])}", _decided(_often(often.words, often.times), often), where
    for name, body in _reading(style):
        yield name.replace("_", "-"), _decided(body, style.reading), _at(place, "reading", name)
    for name, body in _tone(style):
        yield name.replace("_", "-"), _decided(body, style.tone), _at(place, "tone", name)


def _at(place: Place, field: str, inner: str | int) -> Place:
    held = place.children.get(field, place)
    return Place(held.children.get(inner, held).line, {})


def _decided(body: dict[str, Any], entry: Any) -> dict[str, Any]:
    """``body`` with the reason and the severity that an entry gives."""
    if entry.because:
        body["why"] = entry.because
    if entry.severity:
        body["severity"] = entry.severity
    return body


# ------------------------------------------------------------------------------------------- kinds of entries
def _wording(term: Any) -> dict[str, Any]:
    return {
        "kind": "substitution",
        "title": f"{term.say}, not {_shown(term.instead_of[0])}",
        "message": f'Our house says "{term.say}" here.',
        "why": "One word for one thing helps readers, and is how they know us.",
        "fix": f'Write "{term.say}".',
        "swap": [{"say": term.say, "instead_of": _forms(term.instead_of), "fine": list(term.fine)}],
        "unless": ["quoted"],
        "flags": [f"Please ask about {_shown(word)} here." for word in term.instead_of],
        "passes": [f"Please ask about {term.say} here.", *(f"About {fine}." for fine in term.fine)],
    }


def _banned(banned: Any) -> dict[str, Any]:
    return {
        "kind": "substitution",
        "title": f"{_shown(banned.words[0])} is not used",
        "message": "Our house does not use this word.",
        "why": "It is on the list of words that we do not use.",
        "fix": "Leave it out, or say it in plain words.",
        "swap": [{"say": "", "instead_of": _forms(banned.words), "fine": list(banned.fine)}],
        "unless": ["quoted"],
        "flags": [f"Please ask about {_shown(word)} here." for word in banned.words],
        "passes": [_CALM, *(f"About {fine}." for fine in banned.fine)],
    }


def _spelled(name: str, variants: Sequence[str]) -> dict[str, Any]:
    wrong = _shown(variants[0]) if variants else name.swapcase()
    return {
        "kind": "substitution",
        "exact": True,
        "title": f"{name} is written so",
        "message": f'This is written "{name}".',
        "why": "A name that is always written alike is found, and believed.",
        "fix": f'Write "{name}".',
        "swap": [{"say": name, "instead_of": list(dict.fromkeys(variants))}],
        "flags": [f"Please ask about {wrong} here."],
        "passes": [f"Please ask about {name} here."],
    }


def _one_way(ways: Sequence[str]) -> dict[str, Any]:
    first, second = _shown(ways[0]), _shown(ways[1])
    return {
        "kind": "consistency",
        "title": f"{first} or {second}, not both",
        "message": "This text writes one thing in two ways.",
        "why": "Readers wonder whether two words mean two things.",
        "fix": f"Choose one: {' or '.join(f'{chr(34)}{_shown(way)}{chr(34)}' for way in ways)}.",
        "either": [_forms([way]) for way in ways],
        "flags": [f"We say {first} today and {second} tomorrow."],
        "passes": [f"We say {_shown(way)} today." for way in ways],
    }


def _required(when: Sequence[str], say: Sequence[str]) -> dict[str, Any]:
    return {
        "kind": "requires",
        "title": f"{_shown(when[0])} needs {_shown(say[0])}",
        "message": f'A post that says this also says "{_shown(say[0])}".',
        "why": "The house asks for both together.",
        "fix": f'Add "{_shown(say[0])}".',
        "when": [_forms(when)],
        "needs": _forms(say),
        "flags": [f"Please ask about {_shown(word)} today." for word in when],
        "passes": [f"Please ask about {_shown(when[0])} today. {_shown(word)}" for word in say],
    }


def _often(words: Sequence[str], times: int) -> dict[str, Any]:
    word = _shown(words[0])
    return {
        "kind": "occurrence",
        "title": f"{word}, {times} times at most",
        "message": f"This stands more than {times} times here."
        if times > 1
        else "This stands more than once here.",
        "why": "What is said again and again is no longer heard.",
        "fix": "Keep the first, and leave the others out.",
        "words": _forms(words),
        "max": times,
        "flags": [" and ".join([word] * (times + 1))],
        "passes": [" and ".join([word] * times)],
    }


def _limit(title: str, message: str, fix: str, measure: str, most: float, flag: str) -> dict[str, Any]:
    return {
        "kind": "limit",
        "title": title,
        "message": message,
        "why": "The house sets this limit, so that posts are easy to read.",
        "fix": fix,
        "fields": ["text"],
        "measure": measure,
        "max": most,
        "flags": [flag],
        "passes": [_CALM],
    }


def _reading(style: BrandFile) -> Iterator[tuple[str, dict[str, Any]]]:
    reading = style.reading
    if reading.grade is not None:
        hard = "Multidisciplinary rehabilitation necessitates longitudinal interdisciplinary collaboration universally. "
        yield (
            "grade",
            _limit(
                f"Reads above grade {reading.grade:g}",
                f"This text reads above grade {reading.grade:g}, the most that our house allows.",
                "Cut long sentences in two, and take shorter words.",
                "reading_grade",
                reading.grade,
                hard * 5,
            ),
        )
    if reading.sentence_words is not None:
        most = reading.sentence_words
        yield (
            "sentence_words",
            _limit(
                f"A sentence of more than {most} words",
                f"One sentence here has more than {most} words.",
                "Make two or three sentences of it.",
                "sentence_words",
                most,
                "We "
                + "sing and dance " * (most // 2)
                + "well and long at the fair in our town by the lake in fall.",
            ),
        )


def _tone(style: BrandFile) -> Iterator[tuple[str, dict[str, Any]]]:
    tone = style.tone
    for field, measure, sign in (
        ("exclamation_marks", "exclamation_marks", "!"),
        ("emoji", "emoji_total", "💙"),
        ("hashtags", "all_hashtags", "#Flu "),
    ):
        most = getattr(tone, field)
        if most is not None:
            what = field.replace("_", " ")
            yield (
                field,
                _limit(
                    f"More than {most} {what}" if most else f"No {what}",
                    f"Of {what}, {most} in a post are enough."
                    if most > 1
                    else "One of them is enough."
                    if most
                    else f"Our house uses no {what}.",
                    "Leave some out." if most else "Leave them out.",
                    measure,
                    most,
                    f"Come in {sign * (most + 1)}",
                ),
            )
    if tone.repeated_words:
        yield (
            "repeated_words",
            _limit(
                "A word twice in a row",
                "A word stands twice in a row.",
                "Take one of them out.",
                "repeated_words",
                0,
                "Come to the the desk.",
            ),
        )
    if tone.contractions:
        short = tone.contractions == "use"
        swaps = [{"say": b if short else a, "instead_of": [a if short else b]} for a, b in _CONTRACTED]
        yield (
            "contractions",
            {
                "kind": "substitution",
                "title": "Contractions are used" if short else "No contractions",
                "message": "Our house writes contractions (we're, don't)."
                if short
                else "Our house writes words in full (we are, do not).",
                "why": "It is how the house sounds.",
                "fix": 'Write "we\'re", "don\'t".' if short else 'Write "we are", "do not".',
                "swap": swaps,
                "unless": ["quoted"],
                "flags": ["We are glad." if short else "We're glad."],
                "passes": ["We're glad." if short else "We are glad."],
            },
        )


# ------------------------------------------------------------------------------------------- words
def _forms(words: Sequence[str]) -> list[str]:
    """The terms for plain words, with their plural; a term that has brackets already says its forms itself."""
    found: list[str] = []
    for word in words:
        if not _PLAIN.fullmatch(word) or not word[-1:].isalpha():
            found.append(word)
        elif _ENDS_ALIKE.search(word):
            found += [word] if word.endswith("s") else [word, f"{word}es"]
        else:
            found += [word, f"{word}s"]
    return found


def _shown(word: str) -> str:
    """A word as people write it: the first form of a term."""
    try:
        return expand(word, {})[0].strip().removesuffix("*") if not word.startswith("/") else word
    except (TermError, IndexError):
        return word


def _slug(word: str) -> str:
    return _NOT_SLUG.sub("-", _shown(word).lower()).strip("-")[:40].strip("-") or "entry"


def _typing_errors(name: str) -> Iterator[str]:
    """A name with two letters exchanged or one left out, and without its spaces."""
    if not _PLAIN.fullmatch(name):
        return
    if " " in name:
        yield name.replace(" ", "")
    for found in _LONG_WORD.finditer(name):
        word, start, end = found[0], found.start(), found.end()
        for at in range(1, len(word) - 1):
            if word[at] != word[at + 1]:
                yield name[:start] + word[:at] + word[at + 1] + word[at] + word[at + 2 :] + name[end:]
            if word[at] != word[at - 1]:
                yield name[:start] + word[:at] + word[at + 1 :] + name[end:]


def competitor_terms(style: BrandFile) -> tuple[str, ...]:
    """The names of competitors as terms; one in camel case also in two words, as hashtags are read."""
    names = [" ".join(_SIGNS.sub(" ", name).split()) for name in style.competitors]
    forms = dict.fromkeys(form for name in filter(None, names) for form in (name, _CAMEL.sub(" ", name)))
    return tuple(f"{form}['s]" for form in forms)

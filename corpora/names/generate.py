"""Writes the generated sentences of the names pipeline, with their spans, as JSON lines: the same for the same seed.

python -m corpora.names.generate --count 30000 --seed 1 build/names.jsonl
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

from corpora.names.fillings import (
    CARE,
    EMOJI,
    FIRM_ENDS,
    FIRM_PARTS,
    FIRM_WORDS,
    HASHTAGS,
    HEALTH,
    KEYS,
    NATIONS,
    SECTIONS,
    STREETS,
    TIMES,
    TITLES,
    UNITS,
)
from corpora.names.pools import HERE, Origin, pools

Span = tuple[int, int, str]

INNERMOST = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")


def foreign() -> dict[str, set[str]]:
    """Ordinary words of some languages, for sentences without names."""
    found = {}
    for language in ("es_ES", "fr_FR", "it_IT", "nl_NL", "de_DE", "tl_PH", "pl_PL", "da_DK", "la", "cs_CZ"):
        provider = importlib.import_module(f"faker.providers.lorem.{language}").Provider
        found[language] = {word for word in provider.word_list if word.isalpha()}
    return found


class Writer:
    """Sentences from one seeded stream of random numbers."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 (seeded on purpose)
        self.pools = pools()
        self.templates: dict[str, list[str]] = {}
        section = ""
        for line in (HERE / "grammar.txt").read_text(encoding="utf-8").splitlines():
            if line[:1] == "[" and line[-1] == "]" and line[1:-1] in SECTIONS:
                section = line[1:-1]
            elif line and not line.startswith("#"):
                self.templates.setdefault(section, []).append(line.replace("\\n", "\n"))
        self.languages = [sorted(words) for _, words in sorted(foreign().items())]
        common = (
            ("census",) * 45
            + ("en_US",) * 12
            + ("en_GB",) * 6
            + ("en_IN",) * 5
            + ("es_MX",) * 5
            + ("en_PK",) * 3
        )
        self.origins = common + tuple(k for k in self.pools.origins for _ in range(1))
        self.slots: dict[str, Callable[[], list[tuple[str, str]]]] = {
            "P": self.person, "F": self.first, "L": self.last, "FL": self.full, "I": self.initials, "T": self.titled,
            "PP": lambda: [*self.person(), (self.random.choice(("'s", "'s", "'s", "’s", "s'", "s")), "")],
            "NICK": self.nick, "TAG": self.hashtag, "LIST": self.several, "HANDLE": self.handle,
            "LOC": self.place, "ORG": self.organization, "KNOWN": lambda: [(self.pick("known"), "PERSON")],
            "NOT": lambda: [(self.a_last(), "")], "FORMAL": self.formal, "FIRM": self.firm, "ADDR": self.address,
            "ADDR1": self.street,
        }  # fmt: skip

    def pick(self, name: str) -> str:
        return self.random.choice(self.pools.lists[name])

    def origin(self) -> Origin:
        return self.pools.origins[self.random.choice(self.origins)]

    def a_first(self, origin: Origin | None = None) -> str:
        draw = self.random.random()
        if draw < 0.12:
            return self.pick("nick")
        if draw < 0.18:
            return self.pick("misspelt")
        if draw < 0.22:
            return self.invented()
        names = (origin or self.origin()).first
        # census names come from the commonest: half of the draws stay among those
        return (
            names[min(int(self.random.expovariate(3.0) * len(names)), len(names) - 1)]
            if draw < 0.6
            else self.random.choice(names)
        )

    def a_last(self, origin: Origin | None = None) -> str:
        if self.random.random() < 0.04:
            return self.invented()
        return self.random.choice((origin or self.origin()).last)

    def invented(self) -> str:
        """A name that no list has: the beginning of one and the end of another."""
        one, two = self.random.choice(self.origin().first), self.random.choice(self.origin().last)
        return (
            (one[: self.random.randint(2, 4)] + two[-self.random.randint(2, 4) :].lower())
            .replace(" ", "")
            .replace("-", "")
        )

    def first(self) -> list[tuple[str, str]]:
        return [(self.a_first(), "PERSON")]

    def last(self) -> list[tuple[str, str]]:
        return [(self.a_last(), "PERSON")]

    def nick(self) -> list[tuple[str, str]]:
        return [(self.pick("nick"), "PERSON")]

    def full(self) -> list[tuple[str, str]]:
        origin = self.origin()
        first, last = self.a_first(origin), self.a_last(origin)
        draw = self.random.random()
        if draw < 0.08:
            first += f" {self.random.choice('ABCDEFGHJKLMNPRSTW')}."
        elif draw < 0.14:
            first += f" {self.a_first(origin)}"
        elif draw < 0.18:
            last += f"-{self.a_last(origin)}"
        elif draw < 0.21:
            last = (
                self.random.choice(
                    ("van ", "de ", "Al-", "O'", "Mc", "bin ", "de la ", "El ", "von ", "St. ")
                )
                + last
            )
        elif draw < 0.23:
            last += self.random.choice((" Jr.", " Jr", " III", " Sr."))
        elif draw < 0.25:
            first += f' "{self.pick("nick")}"'
        return [(f"{first} {last}", "PERSON")]

    def initials(self) -> list[tuple[str, str]]:
        a, b = self.random.sample("ABCDEGHJKLMNPRSTVW", 2)
        return [(self.random.choice((f"{a}.{b}.", f"{a}. {b}.", f"{a}.{b}", f"{a}{b}")), "PERSON")]

    def titled(self) -> list[tuple[str, str]]:
        title = self.random.choice(TITLES)
        return [(title + " ", ""), *(self.last() if self.random.random() < 0.8 else self.full())]

    def person(self) -> list[tuple[str, str]]:
        draw = self.random.random()
        if draw < 0.46:
            return self.first()
        if draw < 0.78:
            return self.full()
        if draw < 0.85:
            return [
                (
                    f"{self.a_first()} {self.random.choice('ABCDEFGHJKLMNPRSTVWZ')}{self.random.choice(('.', '.', ''))}",
                    "PERSON",
                )
            ]
        if draw < 0.88:
            return self.initials()
        if draw < 0.95:
            return self.titled()
        if draw < 0.97:
            return [(self.pick("known"), "PERSON")]
        return [(f"{self.random.choice('ABCDEFGHJKLMNPRST')}. {self.a_last()}", "PERSON")]

    def formal(self) -> list[tuple[str, str]]:
        """A full name as in letters: sometimes titled, with initials, with letters behind, last name first."""
        draw = self.random.random()
        origin = self.origin()
        first, last = self.a_first(origin), self.a_last(origin)
        if draw < 0.1:
            return [(self.random.choice(TITLES) + " ", ""), (f"{first} {last}", "PERSON")]
        if draw < 0.2:
            return [(f"{first} {self.random.choice('ABCDEFGHJKLMNPRSTW')} {last}", "PERSON")]
        if draw < 0.25:
            return [
                (f"{first} {last}", "PERSON"),
                (self.random.choice((" DDS", ", MD", " PhD", ", RN", " Esq.", " MBA")), ""),
            ]
        if draw < 0.28:
            return [(f"{last}, {first}", "PERSON")]
        if draw < 0.34:
            return [(f"{first[0]}. {last}", "PERSON")]
        return [(f"{first} {last}", "PERSON")] if draw < 0.9 else self.full()

    def firm(self) -> list[tuple[str, str]]:
        """A firm called after people, or by a made word."""
        draw = self.random.random()
        names = [self.a_last() for _ in range(3)]
        if draw < 0.25:
            name = f"{names[0]}, {names[1]} and {names[2]}"
        elif draw < 0.4:
            name = f"{names[0]}-{names[1]}"
        elif draw < 0.6:
            name = f"{names[0]} {self.random.choice(('Inc', 'Ltd', 'LLC', 'PLC', 'Group', 'and Sons', 'Inc.', 'Ltd.'))}"
        elif draw < 0.65:
            name = f"Aunt {self.a_first()} {self.random.choice(('Inc', 'Foods', 'Bakery'))}"
        else:
            name = self.random.choice(FIRM_PARTS) + self.random.choice(FIRM_ENDS)
            if draw < 0.8:
                name += f" {self.random.choice(FIRM_WORDS)}"
        return [(name, "ORGANIZATION")]

    def street(self) -> list[tuple[str, str]]:
        """A street and a number."""
        text = self.random.choice(STREETS).format(n=self.random.randint(1, 9999), x=self.a_last())
        return [(text, "LOCATION")]

    def address(self) -> list[tuple[str, str]]:
        """A street, and often what comes behind: a unit, a town, a country, a code."""
        text = self.street()[0][0]
        if self.random.random() < 0.3:
            text = f"{self.random.randint(100, 99999)} {text}"
        text += self.random.choice(UNITS).format(n=self.random.randint(1, 999))
        if self.random.random() < 0.75:
            text += self.random.choice((", ", "\n", ",\n", " ")) + self.place()[0][0]
            if self.random.random() < 0.6:
                text += self.random.choice((", ", "\n ", " ")) + self.random.choice(
                    ("CA", "NY", "TX", *self.pools.countries[:60])
                )
            if self.random.random() < 0.6:
                text += f" {self.random.randint(1000, 99999)}"
        return [(text, "LOCATION")]

    def several(self) -> list[tuple[str, str]]:
        parts: list[tuple[str, str]] = []
        count = self.random.randint(2, 4)
        for at in range(count):
            if at:
                parts.append(
                    (
                        self.random.choice((", ", ", "))
                        if at < count - 1
                        else self.random.choice((" and ", " & ", ", ", " n ")),
                        "",
                    )
                )
            parts += self.first() if self.random.random() < 0.7 else self.full()
        return parts

    def handle(self) -> list[tuple[str, str]]:
        name = self.a_first().replace(" ", "")
        return [
            (
                "@"
                + self.random.choice(
                    (
                        name,
                        name.lower() + str(self.random.randint(1, 99)),
                        name + "_" + self.a_last().replace(" ", ""),
                        "real" + name,
                        "clinic_help",
                        "NewsNow",
                        "the" + name.lower(),
                        "xo" + name.lower(),
                    )
                ),
                "",
            )
        ]

    def hashtag(self) -> list[tuple[str, str]]:
        draw = self.random.random()
        name = self.a_first() if draw < 0.75 else self.a_last() if draw < 0.9 else self.pick("known")
        name = name.replace(" ", "").replace("'", "").replace("-", "")
        if draw < 0.4:
            name += self.a_last().replace(" ", "").replace("'", "").replace("-", "")
        tag = self.random.choice(HASHTAGS).format(name)
        return [("#" + (tag.lower() if self.random.random() < 0.3 else tag), "PERSON")]

    def place(self) -> list[tuple[str, str]]:
        draw = self.random.random()
        if draw < 0.5:
            cities = self.pools.cities
            name = cities[min(int(self.random.expovariate(8.0) * len(cities)), len(cities) - 1)]
        else:
            name = (
                self.random.choice(self.pools.countries)
                if draw < 0.7
                else self.random.choice(self.pools.cities[:400])
            )
        return [(name, "LOCATION")]

    def organization(self) -> list[tuple[str, str]]:
        draw = self.random.random()
        kind = "facility" if draw < 0.35 else "brand" if draw < 0.55 else "org" if draw < 0.7 else ""
        if kind:
            return [(self.pick(kind), "ORGANIZATION")]
        if draw < 0.85:
            return [(self.random.choice(self.pools.companies), "ORGANIZATION")]
        place = self.random.choice(("St. ", "Saint ", "Mount ", "")) + self.random.choice(
            self.pools.cities[:900]
        )
        end = self.random.choice(
            (
                "General",
                "Memorial Hospital",
                "Dental",
                "Medical Center",
                "Pediatrics",
                "Clinic",
                "Health",
                "Regional",
            )
        )
        return [(f"{place} {end}", "ORGANIZATION")]

    def plain(self, slot: str) -> str:
        """Slots that are no names."""
        if slot == "foreign":
            return self.random.choice(self.random.choice(self.languages))
        choices = {
            "time": TIMES,
            "e": EMOJI,
            "care": CARE,
            "health": HEALTH,
            "c": (",", "", " "),
            "body": CARE,
            "health1": ("health", "care", "awareness"),
            "nation": NATIONS,
        }
        if slot == "digits":
            return self.random.choice(("555-01{n}", "(555) 555-01{n}", "+1 555 01{n}")).format(
                n=self.random.randint(10, 99)
            )
        if slot == "n":
            return str(self.random.randint(2, 98))
        if slot in choices:
            return self.random.choice(choices[slot])
        return self.pick(slot)

    def sentence(self) -> tuple[str, list[Span]]:
        """One text and its spans."""
        section = self.random.choices(list(SECTIONS), weights=list(SECTIONS.values()))[0]
        text = self.random.choice(self.templates[section])
        while "[" in text:
            text = INNERMOST.sub(lambda found: self.random.choice(found[1].split("|")), text)
        out, spans, at = "", [], 0
        for found in SLOT.finditer(text):
            out += text[at : found.start()]
            at = found.end()
            parts = self.slots[found[1]]() if found[1] in self.slots else [(self.plain(found[1]), "")]
            for word, label in parts:
                if label:
                    spans.append((len(out), len(out) + len(word), label))
                out += word
        out += text[at:]
        return self.roughened(out.rstrip(), [s for s in spans if s[1] <= len(out.rstrip())])

    def roughened(self, text: str, spans: list[Span]) -> tuple[str, list[Span]]:
        """In other letter cases, and with a slip of the finger outside the names now and then; lengths stay."""
        draw = self.random.random()
        if draw < 0.22 and len(text.lower()) == len(text):
            text = text.lower()
        elif draw < 0.27 and len(text.upper()) == len(text):
            text = text.upper()
        elif draw < 0.31:
            for start, end, _ in spans:  # names alone in lower case
                if len(text[start:end].lower()) == end - start:
                    text = text[:start] + text[start:end].lower() + text[end:]
        elif draw < 0.36:
            at = self.random.randrange(len(text))
            if text[at] in KEYS:
                text = text[:at] + KEYS[text[at]] + text[at + 1 :]
        elif draw < 0.39 and text[0].islower():
            text = text[0].upper() + text[1:]
        return text, spans

    def text(self) -> tuple[str, list[Span]]:
        """One to three sentences."""
        text, spans = self.sentence()
        while self.random.random() < 0.25 and len(text) < 200:
            more, others = self.sentence()
            joint = self.random.choice((" ", ". ", "\n", " ", "! "))
            shift = len(text) + len(joint)
            text += joint + more
            spans += [(a + shift, b + shift, label) for a, b, label in others]
        return text, spans


def main() -> None:
    """Writes the file that is asked for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=30_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("target", type=Path)
    asked = arguments.parse_args()
    writer = Writer(asked.seed)
    asked.target.parent.mkdir(parents=True, exist_ok=True)
    with asked.target.open("w", encoding="utf-8") as out:
        for number in range(asked.count):
            text, spans = writer.text()
            row = {
                "id": f"names-{number:05}",
                "text": text,
                "source": "generated",
                "spans": [{"start": a, "end": b, "label": label} for a, b, label in spans],
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

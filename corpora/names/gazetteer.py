"""The gazetteer of the names pipeline, from the pools and from the words of the training texts.

python -m corpora.names.gazetteer ../shared/data build/gazetteer.bin
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sys
from collections import Counter
from pathlib import Path

import faker.providers.lorem
import symspellpy

from corpora.names.pools import pools, ranked
from phiguard.entities.features import fold
from phiguard.entities.gazetteer import Gazetteer

FIRST, LAST, COMMON, KNOWN, TITLE = 0, 2, 4, 6, 7
COUNTRY, CITY, ORG, EPONYM, MONTH, DRUG = 8, 9, 11, 12, 13, 14
TITLES = (
    "mr mr. mrs mrs. ms ms. miss dr dr. prof professor sir lord lady dame king queen prince princess duke duchess "
    "president senator sen gov governor mayor judge justice rev rev. reverend pastor bishop pope saint st. captain "
    "capt sgt lt colonel general sheikh imam rabbi nurse doctor coach aunt auntie uncle grandma granny mom mum dad"
).split()
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def graded(table: dict[str, int], word: str, shift: int, grade: int) -> None:
    """Notes ``grade`` (1 to 3) at ``shift`` unless a higher one stands there."""
    plain = fold(word)
    if len(plain) < 2:
        return
    bits = table.get(plain, 0)
    if (bits >> shift & 3) < grade:
        table[plain] = bits & ~(3 << shift) | grade << shift


def common_words(data: Path) -> Counter[str]:
    """How often each word stands in lower case, outside every label, in the training texts."""
    found: Counter[str] = Counter()
    for name in (
        "ner/btc_train",
        "ner/wnut17_train",
        "ner/presidio_train",
        "claims/covid_rumor_news",
        "claims/reddit_misinfo",
        "claims/meqsum_dev",
        "claims/fullfact_dev",
    ):
        for line in (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text = list(row["text"])
            for span in row.get("spans", ()):
                text[span["start"] : span["end"]] = " " * (span["end"] - span["start"])
            plain = re.sub(r"[@#]\w+|\S+://\S+", " ", "".join(text))
            found.update(word.replace("’", "'") for word in WORD.findall(plain) if word.islower())
    return found


DETERMINERS = frozenset(
    ("a", "an", "the", "your", "my", "this", "these", "more", "no", "any", "some", "to", "very")
)


def dictionary() -> dict[str, float]:
    """English words from the commonest, names among them, with how often each follows a word that no name follows.

    Both lists come with `symspellpy`, which corrects spelling with them. "The button" is common and "the Sarah" is not,
    so that this tells words from names that both lists hold.
    """
    folder = Path(symspellpy.__file__).parent
    counts: dict[str, int] = {}
    for line in (folder / "frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig").splitlines():
        word, count = line.split()
        counts[word] = int(count)
    after = Counter[str]()
    for line in (
        (folder / "frequency_bigramdictionary_en_243_342.txt").read_text(encoding="utf-8-sig").splitlines()
    ):
        one, two, count = line.split()
        if one in DETERMINERS:
            after[two] += int(count)
    return {word: after[word] / count for word, count in counts.items() if word.isalpha()}


def foreign_words() -> set[str]:
    """Ordinary words of other languages in Latin letters."""
    found: set[str] = set()
    for module in sorted(pkgutil.iter_modules(faker.providers.lorem.__path__), key=lambda m: m.name):
        provider = importlib.import_module(f"faker.providers.lorem.{module.name}").Provider
        words = getattr(provider, "word_list", ())
        found |= {fold(word) for word in words if word.isalpha() and word.islower() and fold(word).isascii()}
    return found


def build(data: Path) -> Gazetteer:
    """Everything in one table."""
    everything = pools()
    table: dict[str, int] = {}
    firsts, lasts = Counter[str](), Counter[str]()
    for origin in everything.origins.values():
        firsts.update({fold(part) for name in origin.first for part in name.split()})
        lasts.update({fold(part) for name in origin.last for part in re.split(r"[\s-]", name)})
    for name, count in firsts.items():
        graded(table, name, FIRST, 2 if count > 1 else 1)
    for name, count in lasts.items():
        graded(table, name, LAST, 2 if count > 1 else 1)
    for kind in ("female", "male"):
        for rank, name in enumerate(ranked(kind)):
            graded(table, name, FIRST, 3 if rank < 350 else 2 if rank < 1000 else 1)
    for rank, name in enumerate(ranked("last")[:30_000]):
        graded(table, name, LAST, 3 if rank < 500 else 2 if rank < 5000 else 1)
    for name in everything.lists["nick"]:
        graded(table, name, FIRST, 3)
    for name in everything.lists["misspelt"]:
        graded(table, name, FIRST, 2)
    common = common_words(data)
    for word, count in common.items():
        graded(table, word, COMMON, 3 if count > 20 else 2 if count > 3 else 1)
    taken = {
        *firsts,
        *lasts,
        *(
            fold(n)
            for n in (*ranked("female"), *ranked("male"), *ranked("last")[:8000], *everything.lists["known"])
        ),
        *(part for city in (*everything.cities[:6000], *everything.countries) for part in fold(city).split()),
    }
    words = set()
    for rank, (word, share) in enumerate(dictionary().items()):
        if share > 0.3 or word not in taken:
            graded(table, word, COMMON, 3 if rank < 5000 else 2)
            if word not in taken:
                words.add(word)
    for word in foreign_words() - taken:
        graded(table, word, COMMON, 1)
    flags = {
        KNOWN: everything.lists["known"],
        TITLE: TITLES,
        COUNTRY: everything.countries,
        ORG: (*everything.lists["org"], *everything.lists["brand"], *everything.lists["facility"]),
        EPONYM: everything.lists["eponym"],
        MONTH: everything.lists["calendar"],
        DRUG: everything.lists["drug"],
    }
    for bit, terms in flags.items():
        for term in terms:
            for word in [fold(part).removesuffix("'s") for part in re.split(r"[\s&]+", term)]:
                if len(word) > 1 and word not in {"of", "the", "and", "new", "disease", "syndrome"}:
                    table[word] = table.get(word, 0) | 1 << bit
    for rank, city in enumerate(everything.cities[:12_000]):
        for word in fold(city).split():
            if len(word) > 2:
                graded(table, word, CITY, 3 if rank < 800 else 2 if rank < 4000 else 1)
    names = [
        n
        for n in sorted(
            {*firsts, *lasts, *(fold(n) for n in ranked("female") + ranked("male") + ranked("last")[:20_000])}
        )
        if common[n] < 2 and n.isalpha() and len(n) > 2
    ]
    names = [name for name in names if name not in words]
    others = sorted({w for w in common if len(w) > 2 and w not in taken} | {w for w in words if len(w) > 2})
    return Gazetteer.build(table, names, others)


if __name__ == "__main__":
    target = Path(sys.argv[2])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(build(Path(sys.argv[1])).to_bytes())

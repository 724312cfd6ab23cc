"""What ten times as many phrases cost: the scan, and the whole line, with the shipped rules and with a pack added."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import yaml

from benchmarks.posts import Line, stream
from benchmarks.report import arguments, publish
from phiguard import Post, Screener, load_rules
from phiguard.disguise import Normalizer
from phiguard.index import Index
from phiguard.indexing import _Anchors, build_index
from phiguard.rules import RuleSet, term_lists
from phiguard.scan import Scanner
from phiguard.terms import LiteralTerm, flatten, lexicon_of, terms_of
from phiguard.text import NormalText

FACTOR = 10
PER_RULE = 400
RULES_PER_FILE = 100
SPECIAL = set("[](|)<>*/")  # they mean something in a term
ROUNDS = 5

RULE = {
    "kind": "phrase",
    "category": "brand",
    "severity": "low",
    "title": "Made for a measurement",
    "message": "Made for a measurement.",
    "why": "It shows what more phrases cost.",
    "source": "House style (benchmark)",
    "fix": "Nothing.",
}


def anchors_of(rules: RuleSet) -> list[str]:
    """The phrases that the scan looks for in every post, alternatives written out: the first lists of the rules."""
    found: dict[str, None] = {}
    for rule in rules.rules:
        asked = _Anchors()
        rule.bind(asked)
        for path, terms in term_lists(rule):
            if path in asked.paths:
                found |= dict.fromkeys(chain.from_iterable(_texts(term, rules) for term in terms))
    return list(found)


def _texts(term: str, rules: RuleSet) -> Iterator[str]:
    named = lexicon_of(term)
    inner = (
        [one for name in flatten(named, rules.lexicons) for one in rules.lexicons[name]] if named else [term]
    )
    for one in inner:
        if not lexicon_of(one):
            yield from (
                found.text for found in terms_of(one, rules.lexicons) if isinstance(found, LiteralTerm)
            )


def pack(have: list[str], said: set[str], folder: Path) -> int:
    """Write rules with (FACTOR - 1) times as many phrases as there are; how many phrases that is.

    A new phrase is an old one with a word of another in the place of one of its own: so the new ones have the
    length and the words of the old. None is ``said`` in the posts: what is measured is looking, not finding.
    """
    chance = random.Random(11)
    long = [words for words in (phrase.split() for phrase in have) if len(words) > 1]
    old = said | set(have)
    phrases: dict[str, None] = {}
    while len(phrases) < len(have) * (FACTOR - 1):
        words = list(chance.choice(long))
        words[chance.randrange(len(words))] = chance.choice(chance.choice(long))
        if (phrase := " ".join(words)) not in old:
            phrases[phrase] = None
    todo = [phrase for phrase in phrases if not set(phrase) & SPECIAL]
    rules = []
    for number, start in enumerate(range(0, len(todo), PER_RULE)):
        own = todo[start : start + PER_RULE]
        examples = {
            "flags": [f"We say {own[n % len(own)]} today." for n in range(5)],
            "passes": [own[0].split()[0] + " x"] * 5,
        }
        rules.append({"id": f"HOUSE-{number}.bench", **RULE, "phrases": own, **examples})
    for first in range(0, len(rules), RULES_PER_FILE):
        document = yaml.dump({"rules": rules[first : first + RULES_PER_FILE]}, Dumper=yaml.CSafeDumper)
        (folder / f"bench{first}.yaml").write_text(document, encoding="utf-8")
    return len(todo)


def _said(posts: list[Post]) -> set[str]:
    """Every run of one to six words of the posts."""
    split = [
        "".join(char if char.isalnum() or char == "'" else " " for char in post.text.lower()).split()
        for post in posts
    ]
    return {
        " ".join(words[at : at + size]) for words in split for size in range(1, 7) for at in range(len(words))
    }


def _scanned(scanner: Scanner, parts: tuple[str, ...], normal: NormalText) -> object:
    """All anchors, located: the screener locates only those whose rules may find something."""
    seen = scanner.first(normal, parts) or scanner.deep(normal, parts)
    return [seen.hits(base) for base in seen.called]


def per_post(work: Sequence[Any], call: Callable[[Any], object]) -> float:
    """Microseconds of ``call`` for one element, one pass over all."""
    start = time.perf_counter()
    for element in work:
        call(element)
    return (time.perf_counter() - start) * 1e6 / len(work)


def measure(
    screeners: dict[str, Screener], indexes: dict[str, Index], posts: list[Post]
) -> dict[str, dict[str, float]]:
    """Microseconds for one post, by set of rules and by what is measured; in turns."""
    parts = screeners["shipped"]._plan(posts[0]).parts  # noqa: SLF001 (which parts of an index such posts need)
    scanners = {name: Scanner(index) for name, index in indexes.items()}
    normalizer = Normalizer(frozenset(indexes["shipped"].words))
    normals = [normalizer.normalize(post.text, deep=False) for post in posts]
    calls: dict[tuple[str, str], tuple[Sequence[Any], Callable[[Any], object]]] = {}
    for name in indexes:
        calls[name, "scan"] = (normals, partial(_scanned, scanners[name], parts))
        calls[name, "screen"] = (posts, screeners[name].screen)
    times: dict[tuple[str, str], list[float]] = {key: [] for key in calls}
    for _ in range(ROUNDS):
        for key, (work, call) in calls.items():
            times[key].append(per_post(work, call))
    return {
        name: {what: statistics.median(times[name, what]) for what in ("scan", "screen")} for name in indexes
    }


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--limit", type=int, default=10_000, help="only the first so many posts")
    options = parser.parse_args()
    lines, source = stream(options.data, "tweets_dev")
    posts = [Post(text=line.text) for line in map(_line, lines[: options.limit])]
    shipped = load_rules()
    index, have = build_index(shipped), anchors_of(shipped)
    with tempfile.TemporaryDirectory() as folder:
        added = pack(have, _said(posts), Path(folder))
        more = load_rules([Path(folder)])
    indexes = {"shipped": index, "ten times": build_index(more)}
    screeners = {"shipped": Screener(rules=shipped), "ten times": Screener(rules=more)}
    times = measure(screeners, indexes, posts)
    ratio = {what: times["ten times"][what] / times["shipped"][what] for what in ("scan", "screen")}
    figures = {
        "posts": len(posts),
        "source": source,
        "phrases_shipped": len(have),
        "phrases_added": added,
        "scan_microseconds": {name: round(value["scan"], 2) for name, value in times.items()},
        "screen_microseconds": {name: round(value["screen"], 2) for name, value in times.items()},
        "scan_ratio": round(ratio["scan"], 2),
        "screen_ratio": round(ratio["screen"], 2),
    }
    rows = [
        ("phrases", f"{len(have):,} shipped, {added:,} added"),
        (
            "scan of one post",
            f"{times['shipped']['scan']:.1f} µs, then {times['ten times']['scan']:.1f} µs: {ratio['scan']:.2f} times",
        ),
        (
            "whole screening",
            f"{times['shipped']['screen']:.1f} µs, then {times['ten times']['screen']:.1f} µs: {ratio['screen']:.2f} times",
        ),
        ("measured on", f"{len(posts):,} posts ({source})"),
    ]
    publish("growth", figures, rows, out=options.out)


def _line(raw: bytes) -> Line:
    return msgspec.json.decode(raw, type=Line)


if __name__ == "__main__":
    main()

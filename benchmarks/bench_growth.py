"""What ten times as many phrases cost: the scan, and the whole line, with the shipped rules and with a pack added."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path

import msgspec
import yaml

from benchmarks.posts import Line, stream
from benchmarks.report import arguments, publish
from phiguard import Post, Screener, load_rules
from phiguard.disguise import Normalizer
from phiguard.index import Index, build_index
from phiguard.rules import RuleSet
from phiguard.scan import Scanner

FACTOR = 10
PER_RULE = 400
RULES_PER_FILE = 100
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


def pack(index: Index, folder: Path) -> int:
    """Write rules with (FACTOR - 1) times as many phrases as the index has; how many phrases that is.

    The phrases are two or three words of the shipped terms in chance order, so that they share words with the
    posts, as new rules would; few of them ever stand in a post.
    """
    chance = random.Random(11)
    have = len(index.first.literals)
    wanted = have * (FACTOR - 1)
    phrases: dict[str, None] = {}
    while len(phrases) < wanted:
        phrases[" ".join(chance.choices(index.words, k=chance.choice((2, 3))))] = None
    todo = list(phrases)
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
    return wanted


def per_post(work: list[object], call: object) -> float:
    """Microseconds of ``call`` for one element, one pass over all."""
    start = time.perf_counter()
    for element in work:
        call(element)  # type: ignore[operator]
    return (time.perf_counter() - start) * 1e6 / len(work)


def measure(
    sets: dict[str, RuleSet], indexes: dict[str, Index], posts: list[Post]
) -> dict[str, dict[str, float]]:
    """Microseconds for one post, by set of rules and by what is measured; in turns."""
    normalizer = Normalizer(frozenset(indexes["shipped"].words))
    normals = [normalizer.normalize(post.text, deep=False) for post in posts]
    calls = {(name, "scan"): (normals, Scanner(indexes[name]).first) for name in sets} | {
        (name, "screen"): (posts, Screener(rules=sets[name]).screen) for name in sets
    }
    times: dict[tuple[str, str], list[float]] = {key: [] for key in calls}
    for _ in range(ROUNDS):
        for key, (work, call) in calls.items():
            times[key].append(per_post(work, call))  # type: ignore[arg-type]
    return {
        name: {what: statistics.median(times[name, what]) for what in ("scan", "screen")} for name in sets
    }


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--limit", type=int, default=10_000, help="only the first so many posts")
    options = parser.parse_args()
    lines, source = stream(options.data, "tweets_dev")
    posts = [Post(text=line.text) for line in map(_line, lines[: options.limit])]
    shipped = load_rules()
    index = build_index(shipped)
    with tempfile.TemporaryDirectory() as folder:
        added = pack(index, Path(folder))
        more = load_rules([Path(folder)])
    indexes = {"shipped": index, "ten times": build_index(more)}
    times = measure({"shipped": shipped, "ten times": more}, indexes, posts)
    ratio = {what: times["ten times"][what] / times["shipped"][what] for what in ("scan", "screen")}
    figures = {
        "posts": len(posts),
        "source": source,
        "phrases_shipped": len(index.first.literals),
        "phrases_added": added,
        "scan_microseconds": {name: round(value["scan"], 2) for name, value in times.items()},
        "screen_microseconds": {name: round(value["screen"], 2) for name, value in times.items()},
        "scan_ratio": round(ratio["scan"], 2),
        "screen_ratio": round(ratio["screen"], 2),
    }
    rows = [
        ("phrases", f"{len(index.first.literals):,} shipped anchors, {added:,} added"),
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

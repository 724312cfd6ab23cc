"""Recall and precision on the labelled posts of ``corpora/``: by rule, by category, by identifier. Ids only, no text.

``python -m benchmarks.score`` scores everything, writes ``benchmarks/results/accuracy.json`` and the tables of
``docs/accuracy.md``. With ``--corpus``, ``--split`` or ``--by kind`` it prints, and writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from benchmarks.labelled import CORPORA, Item, Judged, judge, load, made, marks, screener_of, wilson
from benchmarks.report import ROOT, arguments, publish

PAGE = ROOT / "docs" / "accuracy.md"
HEADING = "## Figures\n"
GENERATED = 2000
SEED = 20261


class Rate(NamedTuple):
    """``hits`` of ``total``, with the interval that so many items allow."""

    hits: int
    total: int

    def __str__(self) -> str:
        if not self.total:
            return "–"
        low, high = wilson(self.hits, self.total)
        return f"{self.hits / self.total:.2f} ({low:.2f}–{high:.2f}), {self.hits}/{self.total}"


class Score(NamedTuple):
    """How well one thing (a rule, a family, a kind of post) is found."""

    recall: Rate
    precision: Rate


class Marks(NamedTuple):
    """Characters and whole identifiers of one label that were found."""

    characters: Rate
    whole: Rate


def by_rule(judged: Iterable[Judged]) -> dict[str, Score]:
    """Per id: of the items that want it, those where it was found; of the items where it fired, those that want it."""
    wanted, found, right, wrong = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for one in judged:
        for name in one.wanted:
            wanted[name.partition("|")[0]] += 1
        for name in one.found:
            found[name.partition("|")[0]] += 1
        right.update(one.right)
        wrong.update(one.wrong)
    names = sorted(wanted | right | wrong)
    return {
        name: Score(Rate(found[name], wanted[name]), Rate(right[name], right[name] + wrong[name]))
        for name in names
    }


def family(judged: Judged) -> str:
    """What the labels say that the item is about: ``PHI``, ``RPL``, ..., or ``clean``."""
    return judged.wanted[0].partition("-")[0] if judged.wanted else "clean"


def by_category(judged: Sequence[Judged]) -> dict[str, Score]:
    """Per family: of the items that are about it, those where anything fired; of those where it was loud, the rightful."""
    wanted, seen, loud, wrong = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for one in judged:
        if one.wanted:
            wanted[family(one)] += 1
            seen[family(one)] += one.seen
        loud.update({rule.partition("-")[0] for rule in one.loud})
        wrong.update({rule.partition("-")[0] for rule in one.wrong})
    return {
        name: Score(Rate(seen[name], wanted[name]), Rate(loud[name] - wrong[name], loud[name]))
        for name in sorted(wanted | loud)
    }


def by_kind(judged: Iterable[Judged]) -> dict[str, Rate]:
    """Per kind of language: the items that went right, found where something is wrong and quiet where nothing is."""
    total, right = Counter[str](), Counter[str]()
    for one in judged:
        name = f"{family(one)}: {one.item.why}"
        total[name] += 1
        right[name] += not one.wrong and one.seen == bool(one.wanted)
    return {name: Rate(right[name], total[name]) for name in sorted(total)}


def by_identifier(found: Iterable[tuple[str, int, int]]) -> dict[str, Marks]:
    """Per label: characters found, and identifiers of which nine tenths were found."""
    characters, covered, spans, whole = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for label, length, hits in found:
        for name in (label, "all identifiers"):
            characters[name] += length
            covered[name] += hits
            spans[name] += 1
            whole[name] += hits >= 0.9 * length
    return {
        name: Marks(Rate(covered[name], characters[name]), Rate(whole[name], spans[name]))
        for name in sorted(characters)
    }


def run(
    corpus: str, items: Sequence[Item], *, names: bool
) -> tuple[list[Judged], list[tuple[str, int, int]]]:
    """Every item screened and judged, and how much of every identifier was found."""
    screener = screener_of(corpus) if names else screener_of(corpus, ner=None)
    judged, found = [], []
    for item in items:
        screening = screener.screen(item.post)
        judged.append(judge(item, screening, corpus))
        found += [
            (mark.label, mark.end - mark.start, hits) for mark, hits in marks(item, screener, screening)
        ]
    return judged, found


def alarm_rate(judged: Sequence[Judged]) -> Rate:
    """Of the clean items, those with an alarm."""
    clean = [one for one in judged if not one.wanted]
    return Rate(sum(bool(one.wrong) for one in clean), len(clean))


def routes_rate(judged: Sequence[Judged]) -> Rate:
    """Of the items that somebody must act on, those that reached every queue that they should."""
    routed = [one for one in judged if one.item.routes]
    return Rate(sum(not one.routes_missed for one in routed), len(routed))


def rows_of(
    title: str, judged: Sequence[Judged], found: Sequence[tuple[str, int, int]], by: str
) -> Iterator[tuple[str, str]]:
    """The lines to print of one set of items."""
    yield title, f"{len(judged)} items; clean items with an alarm {alarm_rate(judged)}"
    if any(one.item.routes for one in judged):
        yield f"{title} routes", str(routes_rate(judged))
    if by == "identifier":
        for name, marked in by_identifier(found).items():
            yield f"  {name}", f"characters {marked.characters}   whole {marked.whole}"
        return
    if by == "kind":
        for name, rate in by_kind(judged).items():
            yield f"  {name}", str(rate)
        return
    for name, score in (by_rule(judged) if by == "rule" else by_category(judged)).items():
        yield f"  {name}", f"recall {score.recall}   precision {score.precision}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def page(results: dict[str, tuple[list[Judged], list[tuple[str, int, int]]]]) -> str:
    """The tables of ``docs/accuracy.md``."""
    parts = ["### Items\n", table(
        ("set", "items", "clean", "clean ones with an alarm", "routes reached"),
        ((name, len(judged), sum(not one.wanted for one in judged), alarm_rate(judged), routes_rate(judged))
         for name, (judged, _) in results.items()),
    )]  # fmt: skip
    for name, (judged, found) in results.items():
        parts += [f"### {name}, by category\n", table(
            ("category", "recall", "precision"),
            ((key, score.recall, score.precision) for key, score in by_category(judged).items()),
        )]  # fmt: skip
        parts += [f"### {name}, by rule\n", table(
            ("rule", "recall", "precision"),
            ((key, score.recall, score.precision) for key, score in by_rule(judged).items()),
        )]  # fmt: skip
        if found:
            parts += [f"### {name}, by identifier\n", table(
                ("identifier", "characters", "found whole"),
                ((key, marked.characters, marked.whole) for key, marked in by_identifier(found).items()),
            )]  # fmt: skip
    return "\n".join(parts)


def figures_of(judged: Sequence[Judged], found: Sequence[tuple[str, int, int]]) -> dict[str, Any]:
    """The figures of one set of items, for the JSON file."""
    return {
        "items": len(judged),
        "clean_with_alarm": alarm_rate(judged),
        "routes": routes_rate(judged),
        "category": by_category(judged),
        "rule": by_rule(judged),
        "identifier": by_identifier(found),
    }


def sets_of(
    corpora: Sequence[str], split: str, generated: int, seed: int
) -> Iterator[tuple[str, str, list[Item]]]:
    """Name, corpus and items of every set that is asked for."""
    for corpus in corpora:
        halves = ("open", "held") if split == "both" else (split,)
        yield f"{corpus}, by hand", corpus, [item for half in halves for item in load(corpus, half)]
        if corpus == "phi" and generated:
            yield f"{corpus}, generated", corpus, made(generated, seed)


def main() -> None:
    """Score, print, and (when everything was scored) write."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--corpus", choices=[*CORPORA, "all"], default="all")
    parser.add_argument(
        "--split", choices=["open", "held", "both"], default="both", help="half of the hand-written items"
    )
    parser.add_argument(
        "--generated", type=int, default=GENERATED, help="how many generated items (phi only)"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--by", choices=["rule", "category", "identifier", "kind"], default="rule")
    parser.add_argument("--no-names", action="store_true", help="without the pipeline for names")
    options = parser.parse_args()
    corpora = list(CORPORA) if options.corpus == "all" else [options.corpus]
    results = {}
    rows: list[tuple[str, str]] = []
    for name, corpus, items in sets_of(corpora, options.split, options.generated, options.seed):
        results[name] = run(corpus, items, names=not options.no_names)
        rows += rows_of(name, *results[name], options.by)
    whole = options.corpus == "all" and options.split == "both" and options.by != "kind"
    if whole and (options.generated, options.seed, options.no_names) == (GENERATED, SEED, False):
        publish(
            "accuracy", {name: figures_of(*result) for name, result in results.items()}, rows, out=options.out
        )
        head, heading, _ = PAGE.read_text(encoding="utf-8").partition(HEADING)
        if not heading:
            raise SystemExit(f"{PAGE} has no heading {HEADING.strip()!r}")
        PAGE.write_text(head + HEADING + "\n" + page(results), encoding="utf-8")
        return
    wide = max(len(label) for label, _ in rows)
    for label, value in rows:
        print(f"{label:<{wide}}  {value}")


if __name__ == "__main__":
    main()

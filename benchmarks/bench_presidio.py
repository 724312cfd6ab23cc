"""phiguard beside Presidio: the same posts, the same names pipeline, one core, one run.

phiguard screens with all its rules; Presidio's ``BatchAnalyzerEngine`` finds entities with the recognizers that phiguard asks too, at
the batch size that suits it best. What Presidio's recognizers find and phiguard does not is counted by label.
"""

from __future__ import annotations

import gc
import logging
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

# One core for both: numpy would take what there is.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import msgspec

from benchmarks.posts import Line, stream
from benchmarks.report import arguments, publish
from phiguard import Post, Screener
from phiguard.entities import NAMES, Entity, Source
from phiguard.entities.names import MODEL, names_source
from phiguard.entities.presidio import REGIONS, listed

STREAMS = ("tweets_dev", "patient_reviews")
BATCHES = (1, 8, 32, 128, 512)
SURE = 0.3
"""Below it phiguard takes nothing for an identifier by itself: Presidio gives 0.01 to any six digits."""
Spot = tuple[int, int, str]


class Counted:
    """A source of names that counts the texts it is asked about, and the time that it takes."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.labels = source.labels
        self.asked = 0
        self.seconds = 0.0

    def triggers(self, label: str) -> tuple[str, ...] | None:
        return self._source.triggers(label)

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        return self.find_many([text], labels)[0]

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        self.asked += len(texts)
        start = time.process_time()
        found = self._source.find_many(texts, labels)
        self.seconds += time.process_time() - start
        return found


def peer(ner: str) -> Any:
    """Presidio's batch engine over the same recognizers and the same pipeline of names."""
    import spacy  # noqa: PLC0415 (after the environment is set)
    import tldextract  # noqa: PLC0415
    from presidio_analyzer import (  # noqa: PLC0415
        AnalyzerEngine,
        BatchAnalyzerEngine,
        RecognizerRegistry,
    )
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine  # noqa: PLC0415
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer  # noqa: PLC0415

    import phiguard.entities.pipeline  # noqa: F401, PLC0415 (the factories of the shipped pipeline)
    from phiguard.entities.presidio_engine import predefined  # noqa: PLC0415

    # No network: the list of suffixes that comes with the package.
    inside: Any = sys.modules["tldextract.tldextract"]
    inside.TLD_EXTRACTOR = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
    engine = SpacyNlpEngine(
        ner_model_configuration=NerModelConfiguration(
            model_to_presidio_entity_mapping={
                **{name: name for name in NAMES},
                "PER": "PERSON",
                "GPE": "LOCATION",
                "LOC": "LOCATION",
                "ORG": "ORGANIZATION",
            },
            labels_to_ignore=[],
        )
    )
    engine.nlp = {"en": spacy.load(MODEL if ner == "phiguard" else ner)}
    names = SpacyRecognizer(supported_language="en", supported_entities=sorted(NAMES))
    others = predefined(one.name for one in listed() if one.region in {None, *REGIONS})
    registry = RecognizerRegistry(recognizers=[*others, names], supported_languages=["en"])
    return BatchAnalyzerEngine(
        AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])
    )


def per_second(work: Callable[[], object], posts: int) -> float:
    """Posts per second of the processor's time, which is one core's: other work on the machine is not counted."""
    gc.collect()
    start = time.process_time()
    work()
    return posts / (time.process_time() - start)


def best_batch(engine: Any, texts: list[str]) -> int:
    """The batch size with which Presidio is fastest on ``texts``."""
    engine.analyze_iterator(texts[:20], language="en")

    def speed(size: int) -> float:
        return per_second(lambda: engine.analyze_iterator(texts, language="en", batch_size=size), len(texts))

    return max(BATCHES, key=speed)


def lost_of(found: Iterable[Spot], ours: Iterable[Spot]) -> Iterable[str]:
    """Labels of what Presidio found in a text and no entity of ours of that label overlaps."""
    mine = list(ours)
    for start, end, label in found:
        if not any(other[2] == label and other[0] < end and start < other[1] for other in mine):
            yield label


def measured(engine: Any, texts: list[str], ner: str, rounds: int) -> dict[str, Any]:
    """Speeds, the share of texts whose names were asked for, and what was lost."""
    counted = Counted(names_source(ner))
    screener = Screener(ner=counted)
    posts = [Post(text=text) for text in texts]
    for post in posts[:200]:
        screener.screen(post)
    counted.asked, counted.seconds = 0, 0.0
    start = time.process_time()
    incomplete = sum(not screener.screen(post).complete for post in posts)
    names = counted.seconds / (time.process_time() - start)
    asked = counted.asked
    size = best_batch(engine, texts[:400])
    fast, slow = [], []
    found: list[Any] = []
    for _ in range(rounds):  # by turns: both see the same moods of the machine
        slow.append(
            per_second(
                lambda: found.append(engine.analyze_iterator(texts, language="en", batch_size=size)),
                len(texts),
            )
        )
        fast.append(per_second(lambda: list(screener.screen_many(posts)), len(posts)))
    theirs: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    faint: Counter[str] = Counter()
    for post, results in zip(posts, found[-1], strict=True):
        spots = [(one.start, one.end, one.entity_type) for one in results]
        theirs.update(spot[2] for spot in spots)
        if spots:
            entities = screener.entities(post)
            ours = [(one.start, one.end, one.label) for field, one in entities if field == "text"]
            sure = [(one.start, one.end, one.entity_type) for one in results if one.score >= SURE]
            lost.update(lost_of(sure, ours))
            faint.update(lost_of(set(spots) - set(sure), ours))
    return {
        "posts": len(texts),
        "phiguard_posts_per_second": round(statistics.median(fast)),
        "presidio_posts_per_second": round(statistics.median(slow)),
        "presidio_batch_size": size,
        "ratio": round(statistics.median(one / other for one, other in zip(fast, slow, strict=True)), 1),
        "share_asked_for_names": round(asked / len(texts), 4),
        "share_of_time_for_names": round(names, 3),
        "incomplete": incomplete,
        "presidio_found": dict(sorted(theirs.items())),
        "lost": dict(sorted(lost.items())),
        "lost_with_a_low_score": dict(sorted(faint.items())),
    }


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--count", type=int, default=4_000, help="posts of each stream")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--ner", default="phiguard", help="the pipeline of names of both: ours, or an installed spaCy one"
    )
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    engine = peer(options.ner)
    figures: dict[str, Any] = {}
    rows: list[tuple[str, str]] = []
    for name in STREAMS:
        lines, source = stream(options.data, name, count=options.count)
        texts = [msgspec.json.decode(line, type=Line).text for line in lines[: options.count]]
        one = figures[name] = measured(engine, texts, options.ner, options.rounds)
        found = sum(count for label, count in one["presidio_found"].items() if label not in NAMES)
        lost = {label: count for label, count in one["lost"].items() if label not in NAMES}
        speeds = f"{one['phiguard_posts_per_second']:,} / {one['presidio_posts_per_second']:,} posts/s"
        rows += [
            (source, f"{one['posts']:,} posts"),
            ("  phiguard / Presidio", f"{speeds} = {one['ratio']} (batches of {one['presidio_batch_size']})"),
            (
                "  asked for names",
                f"{one['share_asked_for_names']:.1%} of the posts, {one['share_of_time_for_names']:.0%} of the time",
            ),
            ("  not complete", str(one["incomplete"])),
            ("  identifiers lost", f"{sum(lost.values())} of {found} {lost or ''}"),
            (f"  lost, score below {SURE}", str(one["lost_with_a_low_score"] or 0)),
        ]
    publish("presidio", figures, rows, out=options.out)


if __name__ == "__main__":
    main()

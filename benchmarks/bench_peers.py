"""phiguard beside what a user would pick instead: the same posts, the same names pipeline, one run, by turns.

All on one core, in posts for a second of the processor's time: the floor (decode the JSON and scan it once), phiguard (bytes in, bytes
out, all rules and names), Presidio's ``AnalyzerEngine`` and ``BatchAnalyzerEngine`` with the same names pipeline and without one, and
other libraries from their packages (``pip install 'phiguard[bench]'``). Then ``phiguard scan`` with one and with all cores, by the
clock, and what a first post costs a fresh process. The peers find identifiers; phiguard also holds posts against its rules.
"""

from __future__ import annotations

import gc
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# One core for all: numpy would take what there is.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import msgspec

from benchmarks.bench_presidio import best_batch, peer, per_second
from benchmarks.plot import bars
from benchmarks.posts import Line, stream
from benchmarks.report import ROOT, arguments, publish
from phiguard import Screener, load_rules
from phiguard.batch import screen_lines
from phiguard.engine import Automaton
from phiguard.indexing import build_index

STREAMS = ("tweets_dev", "patient_reviews")
Work = Callable[[], object]
COLD = {
    "phiguard": "from phiguard import screen; screen(TEXT)",
    "Presidio with names": """
import sys, tldextract
inside = sys.modules["tldextract.tldextract"]
inside.TLD_EXTRACTOR = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
from benchmarks.bench_presidio import peer
peer(NER).analyzer_engine.analyze(TEXT, language="en")
""",
    "datafog": "import datafog; datafog.scan(TEXT, engine='regex')",
    "scrubadub": "import scrubadub; list(scrubadub.Scrubber().iter_filth(TEXT))",
}
TEXT = "Flu shots are here. Call 212-555-0147 or walk in from 8 to 6."


def presidio_without_names() -> Any:
    """Presidio's batch engine with its patterns alone: an empty spaCy pipeline, and no recognizer that asks it."""
    import spacy  # noqa: PLC0415 (after the environment is set)

    engine = peer("phiguard")
    analyzer = engine.analyzer_engine
    analyzer.nlp_engine.nlp = {"en": spacy.blank("en")}
    registry = analyzer.registry
    registry.recognizers = [one for one in registry.recognizers if one.name != "SpacyRecognizer"]
    return engine


def floor(lines: Sequence[bytes]) -> Work:
    """What no screening can do without: decode the JSON, and scan the text once for the shapes of all rules."""
    decode = msgspec.json.Decoder(Line).decode
    automaton = Automaton(
        [(regex, case) for regex, case, *_ in build_index(load_rules()).part("post").shapes]
    )
    return lambda: [automaton.scan(decode(line).text.encode("utf-8", "replace")) for line in lines]


def presidio(engine: Any, texts: list[str], size: int) -> dict[str, tuple[Work, int]]:
    """Both ways to ask Presidio, with the number of texts asked."""
    analyze = engine.analyzer_engine.analyze
    return {
        "AnalyzerEngine": (lambda: [analyze(text, language="en") for text in texts], len(texts)),
        "BatchAnalyzerEngine": (
            lambda: engine.analyze_iterator(texts, language="en", batch_size=size),
            len(texts),
        ),
    }


def others(texts: list[str]) -> dict[str, tuple[Work, int]]:
    """Other libraries, as their own documentation calls them; those that are installed."""
    found: dict[str, tuple[Work, int]] = {}
    if find_spec("datafog"):
        import datafog  # noqa: PLC0415

        found["datafog, patterns"] = (
            lambda: [datafog.scan(text, engine="regex") for text in texts],
            len(texts),
        )
    if find_spec("scrubadub"):
        import scrubadub  # noqa: PLC0415

        scrubber = scrubadub.Scrubber()
        found["scrubadub, its defaults"] = (
            lambda: [[*scrubber.iter_filth(text)] for text in texts],
            len(texts),
        )
    for name in ("datafog", "scrubadub"):
        if not find_spec(name):
            print(f"{name} is not installed: left out (pip install 'phiguard[bench]')", file=sys.stderr)
    return found


def one_core(
    lines: list[bytes], engines: dict[str, Any], screener: Screener, options: Any
) -> dict[str, dict[str, float]]:
    """Posts per second of each, and how many times as fast phiguard is; by turns, so that all see the machine's moods."""
    texts = [msgspec.json.decode(line, type=Line).text for line in lines]
    work: dict[str, tuple[Work, int]] = {
        "floor": (floor(lines), len(lines)),
        "phiguard": (lambda: sum(len(answer) for answer in screen_lines(screener, lines)), len(lines)),
    }
    sizes = {}
    for kind, engine in engines.items():
        size = best_batch(engine, texts[:400])
        for name, one in presidio(engine, texts[: options.slow], size).items():
            work[f"Presidio {kind}, {name}"] = one
        sizes[f"Presidio {kind}, BatchAnalyzerEngine"] = {"batch_size": size}
    work |= others(texts[: options.slow])
    rates: dict[str, list[float]] = {name: [] for name in work}
    for round_number in range(options.rounds + 1):
        for name, (call, count) in work.items():
            rate = per_second(call, count)
            if round_number:  # the first fills tables and caches
                rates[name].append(rate)
    return {
        name: {
            "posts_per_second": round(statistics.median(found), 1),
            "phiguard_is_faster_by": round(
                statistics.median(ours / other for ours, other in zip(rates["phiguard"], found, strict=True)),
                2,
            ),
            **sizes.get(name, {}),
        }
        for name, found in rates.items()
    }


def all_cores(lines: list[bytes], repeat: int, rounds: int) -> dict[str, Any]:
    """Posts per second by the clock of ``phiguard scan`` with one worker and with one for each core, start-up apart."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder, "large.jsonl"), Path(folder, "small.jsonl")
        large.write_bytes(b"\n".join(lines * repeat) + b"\n")
        small.write_bytes(lines[0] + b"\n")
        rates: dict[int, list[float]] = {1: [], cores: []}
        for _ in range(rounds):
            for workers, found in rates.items():
                least, whole = scan_seconds(small, workers), scan_seconds(large, workers)
                found.append(
                    len(lines) * repeat / max(whole - least, whole / 2)
                )  # of few posts, little can be told
    medians = {workers: statistics.median(found) for workers, found in rates.items()}
    return {
        "cores": cores,
        "posts": len(lines) * repeat,
        "one_worker": round(medians[1]),
        "all_workers": round(medians[cores]),
        "speedup": round(medians[cores] / medians[1], 2),
    }


def scan_seconds(path: Path, workers: int) -> float:
    """Wall time of one ``phiguard scan``, shell to exit."""
    command = [sys.executable, "-m", "phiguard", "scan", str(path), "--format", "jsonl"]
    command += ["--output", f"{path}.out", "--workers", str(workers), "--quiet"]
    gc.collect()
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode not in {0, 1, 3}:  # findings, and posts with images that nobody described
        raise SystemExit(f"phiguard scan failed: {done.stderr.strip()}")
    Path(f"{path}.out").unlink()
    return taken


def cold(runs: int, ner: str) -> dict[str, float]:
    """Seconds by the clock from a new process to the answer for its first post; the median."""
    found = {}
    for name, code in COLD.items():
        if name in {"datafog", "scrubadub"} and not find_spec(name):
            continue
        command = [sys.executable, "-c", f"TEXT, NER = {TEXT!r}, {ner!r}\n{code.strip()}"]
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
            times.append(time.perf_counter() - start)
        found[name] = round(statistics.median(times), 3)
    return found


def versions() -> dict[str, str]:
    """The peers' versions."""
    found = {}
    for name in ("presidio-analyzer", "spacy", "datafog", "scrubadub"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument(
        "--count", type=int, default=4_000, help="posts of each stream for phiguard and the floor"
    )
    parser.add_argument("--slow", type=int, default=1_000, help="posts of each stream for the peers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--repeat", type=int, default=25, help="how often the first stream is repeated for the scan"
    )
    parser.add_argument(
        "--ner", default="phiguard", help="the names pipeline of all: ours, or an installed spaCy one"
    )
    parser.add_argument(
        "--no-scan", action="store_true", help="leave out `phiguard scan` with several workers"
    )
    parser.add_argument("--plot", type=Path, default=ROOT / "docs" / "peers.svg", help="where the plot goes")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    figures: dict[str, Any] = {"peers": versions()}
    rows: list[tuple[str, str]] = [
        ("peers", ", ".join(f"{name} {told}" for name, told in versions().items()))
    ]
    streams = {name: stream(options.data, name, count=options.count) for name in STREAMS}
    first = streams[STREAMS[0]][0][: options.count]
    if not options.no_scan:
        scan = figures["scan"] = all_cores(first, options.repeat, options.rounds)
        rows += [
            (f"phiguard scan, {scan['posts']:,} posts, by the clock", ""),
            ("  one worker", f"{scan['one_worker']:,} posts/s"),
            (f"  {scan['cores']} workers", f"{scan['all_workers']:,} posts/s = {scan['speedup']} times one"),
        ]
    figures["cold_seconds"] = cold(max(3, options.rounds), options.ner)
    rows.append(("a new process to the answer for its first post", ""))
    rows += [(f"  {name}", f"{seconds:.2f} s") for name, seconds in figures["cold_seconds"].items()]
    # Last, because it cannot be undone: this process stays on one core.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    screener = Screener(ner=options.ner)
    engines = {"with names": peer(options.ner), "patterns alone": presidio_without_names()}
    for name, (lines, source) in streams.items():
        lines = lines[: options.count]  # noqa: PLW2901
        rates = figures[name] = one_core(lines, engines, screener, options)
        rows.append(
            (
                f"{source}, {len(lines):,} posts, one core",
                f"{rates['phiguard']['posts_per_second']:,.0f} posts/s phiguard",
            )
        )
        rows += [
            (
                f"  {peer_name}",
                f"{one['posts_per_second']:,.0f} posts/s; phiguard / it = {one['phiguard_is_faster_by']:,}"
                + (f" (batches of {one['batch_size']})" if "batch_size" in one else ""),
            )
            for peer_name, one in rates.items()
            if peer_name != "phiguard"
        ]
    publish("peers", figures, rows, out=options.out)
    bars(
        {
            name: {peer_name: one["posts_per_second"] for peer_name, one in figures[name].items()}
            for name in STREAMS
        },
        unit="posts per second on one core (logarithmic)",
        path=options.plot,
    )


if __name__ == "__main__":
    main()

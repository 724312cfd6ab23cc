"""Spark and Ray on this machine beside ``phiguard scan``: two workers each, the same posts, by the clock, start-up apart.

Start-up is what a run with one post for each worker takes; Spark's session and its Python workers are warm, as on a cluster.
Needs ``pip install 'phiguard[spark,ray]'`` and Java 17; what is missing is left out.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.bench_peers import scan_seconds
from benchmarks.posts import Line, stream
from benchmarks.report import arguments, publish

FILES = 8
Run = Callable[[str, Path], object]
"""Screens a folder of JSON lines into a folder of Parquet files."""


def write_posts(folder: Path, texts: Sequence[str], count: int) -> None:
    """``count`` posts in `FILES` files of JSON lines, and all of them in one beside the folder, for the scan."""
    folder.mkdir()
    encode = msgspec.json.encode
    whole = []
    for file in range(FILES):
        rows = range(file * count // FILES, (file + 1) * count // FILES)
        lines = b"".join(encode({"id": f"p{row}", "text": texts[row % len(texts)]}) + b"\n" for row in rows)
        (folder / f"{file}.json").write_bytes(lines)
        whole.append(lines)
    folder.with_suffix(".jsonl").write_bytes(b"".join(whole))


@contextmanager
def on_spark(workers: int, work: Path) -> Iterator[Run]:
    """A local Spark session."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 (an extra)

    from phiguard.extra.spark import screen_dataframe  # noqa: PLC0415

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(f"local[{workers}]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config(
        "spark.local.dir", str(work / "spark")
    )
    session = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()

    def run(posts: str, answers: Path) -> object:
        read = session.read.schema("id string, text string").json(posts)
        return screen_dataframe(read).write.parquet(str(answers))

    try:
        yield run
    finally:
        session.stop()


@contextmanager
def on_ray(workers: int, work: Path) -> Iterator[Run]:
    """A local Ray."""
    import ray  # noqa: PLC0415 (an extra)
    import ray.data  # noqa: PLC0415

    from phiguard.extra.ray import ScreenBatch  # noqa: PLC0415

    del work
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}
    ray.init(num_cpus=workers + 1, include_dashboard=False, log_to_driver=False)  # one reads and writes
    pool = ray.data.ActorPoolStrategy(size=workers)

    def run(posts: str, answers: Path) -> object:
        read = ray.data.read_json(posts)
        return read.map_batches(ScreenBatch, batch_format="pyarrow", compute=pool).write_parquet(str(answers))

    try:
        yield run
    finally:
        ray.shutdown()


def seconds(run: Run, posts: Path) -> float:
    """Wall time of one run."""
    answers = posts.with_suffix(".answers")
    start = time.perf_counter()
    run(str(posts), answers)
    taken = time.perf_counter() - start
    shutil.rmtree(answers)
    return taken


def rates(least: Callable[[], float], whole: Callable[[], float], count: int, rounds: int) -> float:
    """Posts per second, start-up apart; the median."""
    found = []
    for _ in range(rounds):
        small, large = least(), whole()
        found.append(count / max(large - small, large / 2))  # of few posts, little can be told
    return statistics.median(found)


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--stream", default="tweets_dev")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    lines, source = stream(options.data, options.stream)
    texts = [msgspec.json.decode(line, type=Line).text for line in lines]
    engines: dict[str, Any] = {"Spark": on_spark, "Ray Data": on_ray}
    for name, module in (("Spark", "pyspark"), ("Ray Data", "ray")):
        if not find_spec(module) or (name == "Spark" and not shutil.which("java")):
            print(f"{name} is not installed: left out (docs/cluster.md)", file=sys.stderr)
            del engines[name]
    figures: dict[str, Any] = {"source": source, "posts": options.count, "workers": options.workers}
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        write_posts(small, texts, FILES)
        write_posts(large, texts, options.count)

        def scan(path: Path) -> Callable[[], float]:
            return lambda: scan_seconds(path.with_suffix(".jsonl"), options.workers)

        native = rates(scan(small), scan(large), options.count, options.rounds)
        figures["scan_posts_per_second"] = round(native)
        rows = [
            ("posts", f"{options.count:,} ({source}), {options.workers} workers, start-up apart"),
            ("phiguard scan", f"{native:,.0f} posts/s"),
        ]
        for name, engine in engines.items():
            with engine(options.workers, Path(folder)) as run:
                seconds(run, small)  # its workers make their screeners
                rate = rates(
                    lambda run=run: seconds(run, small),
                    lambda run=run: seconds(run, large),
                    options.count,
                    options.rounds,
                )
            figures[name] = {"posts_per_second": round(rate), "share_of_scan": round(rate / native, 3)}
            rows.append((name, f"{rate:,.0f} posts/s, {rate / native:.0%} of the scan"))
    publish("cluster", figures, rows, out=options.out)


if __name__ == "__main__":
    main()

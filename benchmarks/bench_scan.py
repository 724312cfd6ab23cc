"""``phiguard scan`` with one worker and with two, in turns on the same file. `bench_memory` says what it holds."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks.posts import stream
from benchmarks.report import ROOT, arguments, publish

ROUNDS = 3


class Run(msgspec.Struct):
    """One scan: seconds by the clock, and seconds of all its processes on a core."""

    seconds: float
    cpu: float


def repeated(lines: list[bytes], count: int, path: Path) -> Path:
    """A file of so many posts: the lines again and again, each with an id of its own."""
    posts = [msgspec.json.decode(line) for line in lines]
    encode = msgspec.json.Encoder().encode
    with path.open("wb") as file:
        for number in range(count):
            post = posts[number % len(posts)]
            file.write(encode({**post, "id": f"{post['id']}-{number}"}) + b"\n")
    return path


def scanned(path: Path, output: Path, workers: int) -> Run:
    """A scan of a file, from the start of the process to its end."""
    command = [
        sys.executable,
        "-m",
        "phiguard",
        "scan",
        str(path),
        "-o",
        str(output),
        "--workers",
        str(workers),
        "-q",
    ]
    sources = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    start, before = time.perf_counter(), _cpu()
    done = subprocess.run(
        command,
        cwd=path.parent,
        env={**os.environ, "PYTHONPATH": sources},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode not in {0, 1, 3}:
        raise SystemExit(f"the scan failed with exit code {done.returncode}")
    return Run(time.perf_counter() - start, _cpu() - before)


def _cpu() -> float:
    """Seconds on a core of all processes that were started from here and have ended, and of those that they started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--stream", default="tweets_dev")
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="scans with each number of workers")
    options = parser.parse_args()
    lines, source = stream(options.data, options.stream)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        path = repeated(lines, options.posts, here / "posts.jsonl")
        none = repeated(lines, 1, here / "one.jsonl")
        start_up = statistics.median(
            scanned(none, here / "none.jsonl", 1).seconds for _ in range(options.rounds)
        )
        runs: dict[int, list[Run]] = {1: [], 2: []}
        for _ in range(options.rounds):  # in turns, so that a busy machine slows both
            for workers, found in runs.items():
                found.append(scanned(path, here / f"{workers}.jsonl", workers))
        if (here / "1.jsonl").read_bytes() != (here / "2.jsonl").read_bytes():
            raise SystemExit("one worker and two wrote different bytes")

    ratios = [one.seconds / two.seconds for one, two in zip(runs[1], runs[2], strict=True)]
    one, two = (statistics.median(run.seconds for run in found) for found in runs.values())
    shares = [2 * one.cpu / two.cpu for one, two in zip(runs[1], runs[2], strict=True)]
    figures = {
        "source": source,
        "posts": options.posts,
        "start_up_seconds": round(start_up, 2),
        "one_worker_seconds": round(one, 2),
        "two_workers_seconds": round(two, 2),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "ratio": round(statistics.median(ratios), 3),
        "ratio_without_start_up": round((one - start_up) / (two - start_up), 3),
        "ratio_by_work": round(statistics.median(shares), 3),
    }
    rows = [
        ("posts", f"{options.posts:,} ({source}), from the start of the process to its end"),
        (
            "one worker",
            f"{one:.1f} s ({options.posts / one:,.0f} posts/s), of which {start_up:.1f} s to start",
        ),
        ("two workers", f"{two:.1f} s ({options.posts / two:,.0f} posts/s)"),
        (
            "two against one",
            f"{figures['ratio']} times (rounds: {', '.join(map(str, figures['ratios']))}); {figures['ratio_without_start_up']} without the start",
        ),
        (
            "the same by work done",
            f"{figures['ratio_by_work']} times on two idle cores (twice the seconds on a core of one worker by those of two)",
        ),
    ]
    publish("scan", figures, rows, out=options.out)


if __name__ == "__main__":
    main()

"""`phiguard scan` with one worker and with two, on the same file; and the most memory that it takes, by the size of the file."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.posts import stream
from benchmarks.report import ROOT, arguments, publish

ROUNDS = 3
_SECONDS = 0.05  # between two looks at the memory


class Run(msgspec.Struct):
    """One scan: seconds by the clock, seconds of all its processes on a core, and the most memory of them all, in MiB."""

    seconds: float
    cpu: float = 0.0
    rss: float = 0.0
    """Resident pages, shared ones counted in each process."""
    pss: float = 0.0
    """Resident pages, shared ones counted once: what the machine has to have."""


def repeated(lines: list[bytes], count: int, path: Path) -> Path:
    """A file of so many posts: the lines again and again, each with an id of its own."""
    posts = [msgspec.json.decode(line) for line in lines]
    encode = msgspec.json.Encoder().encode
    with path.open("wb") as file:
        for number in range(count):
            post = posts[number % len(posts)]
            file.write(encode({**post, "id": f"{post['id']}-{number}"}) + b"\n")
    return path


def family(pid: int) -> Iterator[int]:
    """A process and those that it started."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def memory(pid: int) -> tuple[float, float]:
    """Resident and proportional memory of a process and its children, in MiB."""
    rss = pss = 0
    for one in list(family(pid)):
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        for line in text.splitlines():
            if line.startswith("Rss:"):
                rss += int(line.split()[1])
            elif line.startswith("Pss:"):
                pss += int(line.split()[1])
    return rss / 1024, pss / 1024


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
    ]
    start, before = time.perf_counter(), _cpu()
    with subprocess.Popen(
        [*command, "-q"],
        stdout=subprocess.DEVNULL,
        cwd=path.parent,
        env={**os.environ, "PYTHONPATH": _sources()},
    ) as process:
        run = Run(0.0)
        while process.poll() is None:
            rss, pss = memory(process.pid)
            run.rss, run.pss = max(run.rss, rss), max(run.pss, pss)
            time.sleep(_SECONDS)
        run.seconds = time.perf_counter() - start
    run.cpu = _cpu() - before
    if process.returncode not in {0, 1, 3}:
        raise SystemExit(f"the scan failed with exit code {process.returncode}")
    return run


def _cpu() -> float:
    """Seconds on a core of all processes that were started from here and have ended, and of those that they started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _sources() -> str:
    return os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--stream", default="tweets_dev")
    parser.add_argument("--small", type=int, default=100_000, help="posts of the small file")
    parser.add_argument("--large", type=int, default=2_000_000, help="posts of the large file; 0: none")
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="scans of the small file with each number of workers"
    )
    options = parser.parse_args()
    lines, source = stream(options.data, options.stream)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        small = repeated(lines, options.small, here / "small.jsonl")
        none = repeated(lines, 1, here / "one.jsonl")
        start_up = statistics.median(
            scanned(none, here / "none.jsonl", 1).seconds for _ in range(options.rounds)
        )
        runs: dict[int, list[Run]] = {1: [], 2: []}
        for _ in range(options.rounds):  # in turns, so that a busy machine slows both
            for workers, found in runs.items():
                found.append(scanned(small, here / f"{workers}.jsonl", workers))
        if (here / "1.jsonl").read_bytes() != (here / "2.jsonl").read_bytes():
            raise SystemExit("one worker and two wrote different bytes")
        small.unlink()
        large = None
        if options.large:
            large = scanned(repeated(lines, options.large, here / "large.jsonl"), here / "large.out.jsonl", 2)

    ratios = [one.seconds / two.seconds for one, two in zip(runs[1], runs[2], strict=True)]
    one, two = (statistics.median(run.seconds for run in found) for found in runs.values())
    shares = [2 * one.cpu / two.cpu for one, two in zip(runs[1], runs[2], strict=True)]
    rss, pss = (max(getattr(run, name) for run in runs[2]) for name in ("rss", "pss"))
    figures = {
        "source": source,
        "small_posts": options.small,
        "large_posts": options.large,
        "start_up_seconds": round(start_up, 2),
        "one_worker_seconds": round(one, 2),
        "two_workers_seconds": round(two, 2),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "ratio": round(statistics.median(ratios), 3),
        "ratio_without_start_up": round((one - start_up) / (two - start_up), 3),
        "ratio_by_work": round(statistics.median(shares), 3),
        "memory_small_mib": {"rss": round(rss), "pss": round(pss)},
        "memory_one_worker_mib": {"rss": round(max(run.rss for run in runs[1]))},
        "memory_large_mib": {"rss": round(large.rss), "pss": round(large.pss)} if large else None,
        "large_seconds": round(large.seconds, 1) if large else None,
    }
    rows = [
        ("posts", f"{options.small:,} ({source}), from the start of the process to its end"),
        (
            "one worker",
            f"{one:.1f} s ({options.small / one:,.0f} posts/s), of which {start_up:.1f} s to start",
        ),
        ("two workers", f"{two:.1f} s ({options.small / two:,.0f} posts/s)"),
        (
            "two against one",
            f"{figures['ratio']} times (rounds: {', '.join(map(str, figures['ratios']))}); {figures['ratio_without_start_up']} without the start",
        ),
        (
            "the same by work done",
            f"{figures['ratio_by_work']} times on two idle cores (twice the seconds on a core of one worker by those of two)",
        ),
        ("memory, two workers", f"{pss:,.0f} MiB ({rss:,.0f} MiB if what they share is counted in each)"),
    ]
    if large:
        rows += [
            (
                f"memory at {options.large:,} posts",
                f"{large.pss:,.0f} MiB ({large.rss:,.0f}): {large.pss / pss:.2f} times",
            ),
            (
                "large file, two workers",
                f"{large.seconds:,.0f} s ({options.large / large.seconds:,.0f} posts/s)",
            ),
        ]
    publish("scan", figures, rows, out=options.out)


if __name__ == "__main__":
    main()

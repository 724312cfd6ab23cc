"""Peak memory of ``phiguard scan`` on a small and on a large file: what it holds must not grow with its input.

The posts of a stream are repeated with ids of their own. The memory of all processes of the scan is read from ``/proc`` some times a
second; pages that processes share count once (PSS). Linux only.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.posts import Line, stream
from benchmarks.report import arguments, publish

PAUSE = 0.1
"""Seconds between two looks."""


def write_posts(path: Path, texts: Sequence[str], count: int) -> None:
    """``count`` posts as JSON lines, each with its own id."""
    encode = msgspec.json.encode
    with path.open("wb") as file:
        for number in range(count):
            file.write(encode({"id": f"p{number}", "text": texts[number % len(texts)]}) + b"\n")


def family(parent: int) -> list[int]:
    """A process and all that it started."""
    found = [parent]
    for number in found:
        try:
            tasks = Path(f"/proc/{number}/task")
            children = [(task / "children").read_text().split() for task in tasks.iterdir()]
        except OSError:  # it has ended
            continue
        found += [int(child) for some in children for child in some]
    return found


def held(process: int) -> int:
    """KiB that a process holds; shared pages in part. 0 if it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def measured(path: Path, workers: int) -> dict[str, Any]:
    """Peak memory in MiB, and posts per second by the clock, of one scan."""
    command = [sys.executable, "-m", "phiguard", "scan", str(path), "--format", "jsonl"]
    command += ["--output", f"{path}.out", "--workers", str(workers), "--quiet"]
    start = time.perf_counter()
    peak = most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as scan:
        while scan.poll() is None:
            processes = family(scan.pid)
            peak = max(peak, sum(map(held, processes)))
            most = max(most, len(processes))
            time.sleep(PAUSE)
        complaint = scan.stderr.read() if scan.stderr else ""
    seconds = time.perf_counter() - start
    if scan.returncode not in {0, 1, 3}:  # findings, and posts with images that nobody described
        raise SystemExit(f"phiguard scan failed: {complaint.strip()}")
    return {"peak_mib": round(peak / 1024), "processes": most, "seconds": round(seconds, 1)}


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 2_000_000], help="numbers of posts")
    parser.add_argument("--stream", default="tweets_dev")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the posts are written (about 200 MB a million)")
    options = parser.parse_args()
    if not Path("/proc/self/smaps_rollup").exists():
        raise SystemExit("bench_memory reads /proc/PID/smaps_rollup, which this system has not")
    lines, source = stream(options.data, options.stream)
    texts = [msgspec.json.decode(line, type=Line).text for line in lines]
    figures: dict[str, Any] = {"source": source, "workers": options.workers, "sizes": {}}
    rows = [("posts", f"{source}, repeated with their own ids; {options.workers} workers")]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder, "posts.jsonl")
        for count in options.sizes:
            write_posts(path, texts, count)
            one = figures["sizes"][str(count)] = measured(path, options.workers)
            Path(f"{path}.out").unlink()
            rows.append(
                (
                    f"{count:,} posts",
                    f"{one['peak_mib']} MiB at most in {one['processes']} processes, {one['seconds']} s",
                )
            )
    peaks = [one["peak_mib"] for one in figures["sizes"].values()]
    figures["last_to_first"] = round(peaks[-1] / peaks[0], 3)
    rows.append(("the last to the first", f"{figures['last_to_first']:.2f}"))
    publish("memory", figures, rows, out=options.out)


if __name__ == "__main__":
    main()

"""From shell start to exit of ``phiguard screen``, and to a ready ``Screener`` with and without cached packs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import arguments, publish

TEXT = "Flu shots are here. Walk in weekdays 8 to 6."
READY = """
import time
start = time.perf_counter()
from phiguard import Screener
imported = time.perf_counter()
screener = Screener()
ready = time.perf_counter()
screener.screen("Hello")
print(imported - start, ready - imported, time.perf_counter() - ready)
"""


def shell_seconds(command: list[str], environment: dict[str, str]) -> float:
    """Wall time of one run, from the shell that starts it to its exit."""
    line = " ".join(f"'{part}'" for part in command)
    start = time.perf_counter()
    subprocess.run(["/bin/sh", "-c", line], env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def ready_seconds(environment: dict[str, str]) -> tuple[float, float, float]:
    """Time of import, of ``Screener()`` and of its first post, in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", READY], env=environment, capture_output=True, text=True, check=True
    )
    first, second, third = map(float, done.stdout.split())
    return first, second, third


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    program = Path(sys.executable).with_name("phiguard")
    command = [str(program)] if program.exists() else [sys.executable, "-m", "phiguard"]
    with tempfile.TemporaryDirectory() as folder:
        warm = {**os.environ, "PHIGUARD_CACHE_DIR": folder}
        bare = statistics.median(
            shell_seconds([sys.executable, "-c", "pass"], warm) for _ in range(options.runs)
        )
        first = shell_seconds([*command, "screen", TEXT], warm)
        runs = sorted(shell_seconds([*command, "screen", TEXT], warm) for _ in range(options.runs))
        cached = [ready_seconds(warm) for _ in range(options.runs)]
        uncached = []
        for number in range(3):
            empty = Path(folder, f"empty{number}")
            empty.mkdir()
            uncached.append(ready_seconds({**os.environ, "PHIGUARD_CACHE_DIR": str(empty)}))
    figures = {
        "runs": options.runs,
        "python_alone_seconds": round(bare, 3),
        "command_first_seconds": round(first, 3),
        "command_seconds_median": round(statistics.median(runs), 3),
        "command_seconds_worst": round(runs[-1], 3),
        "ready_cached_seconds": round(statistics.median(run[0] + run[1] for run in cached), 3),
        "ready_cached_import_seconds": round(statistics.median(run[0] for run in cached), 3),
        "ready_uncached_seconds": round(statistics.median(run[0] + run[1] for run in uncached), 3),
        "first_post_seconds": round(statistics.median(run[2] for run in cached), 4),
    }
    rows = [
        (
            "phiguard screen, shell to exit",
            f"median {statistics.median(runs):.3f} s, worst {runs[-1]:.3f} s of {options.runs}",
        ),
        ("  of that, Python itself", f"{bare:.3f} s"),
        ("  first run ever (no cache)", f"{first:.3f} s"),
        (
            "ready Screener, cached",
            f"{figures['ready_cached_seconds']} s (import {figures['ready_cached_import_seconds']} s)",
        ),
        ("ready Screener, not cached", f"{figures['ready_uncached_seconds']} s"),
        ("its first post", f"{figures['first_post_seconds']} s"),
    ]
    publish("startup", figures, rows, out=options.out)


if __name__ == "__main__":
    main()

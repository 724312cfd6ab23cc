"""What every benchmark shares: its arguments, its JSON file with the circumstances, its table."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from phiguard import __version__

__all__ = ["arguments", "circumstances", "publish", "quantile"]

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PACKAGES = ("google-re2", "msgspec", "regex", "PyYAML", "click", "rich")


def arguments(about: str) -> argparse.ArgumentParser:
    """A parser with the arguments of every benchmark."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the third-party data"
    )
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the JSON file")
    return parser


def _first_line(*command: str) -> str:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip().partition("\n")[0] if done.returncode == 0 else ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )


def circumstances() -> dict[str, Any]:
    """Machine, versions and commit: what a figure means nothing without."""
    changed = "+changes" if _first_line("git", "status", "--porcelain") else ""
    return {
        "date": dt.datetime.now(dt.timezone.utc).date().isoformat(),
        "commit": (_first_line("git", "rev-parse", "--short", "HEAD") or "none") + changed,
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_at_end": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {"phiguard": __version__} | {name: version(name) for name in PACKAGES},
    }


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of them lie (nearest rank).

    >>> quantile([5, 1, 3], 0.5)
    3
    """
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def publish(name: str, figures: dict[str, Any], rows: Sequence[tuple[str, str]], *, out: Path) -> None:
    """Write ``<out>/<name>.json`` and print ``rows`` as a table."""
    out.mkdir(parents=True, exist_ok=True)
    document = {"benchmark": name, "table": rows, "figures": figures, "circumstances": circumstances()}
    path = out / f"{name}.json"
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    wide = max(len(label) for label, _ in rows)
    print(f"\n{name}")
    for label, value in rows:
        print(f"  {label:<{wide}}  {value}")
    print(f"  written to {path}", file=sys.stderr)

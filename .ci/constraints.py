"""Writes constraints.txt: what pip resolves today for each supported Python, on Linux with wheels only.

Run by ``make constraints`` with the Python of the virtual environment. Versions that differ between
Pythons get a marker. pip evaluates markers with the *running* Python, so what only Python 3.10 needs
is asked for by name.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
ONLY_OLD = ("exceptiongroup", "tomli", "async-timeout")


def requirements() -> list[str]:
    """Every requirement of pyproject.toml, extras included, this project itself left out."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(r"^(?:dependencies|test|dev|requires) = \[(.*?)\]$", text, re.DOTALL | re.MULTILINE)
    named = [item for body in lists for item in re.findall(r'"([^"]+)"', body)]
    return sorted({item for item in named if not item.startswith("phiguard")})


def resolve(python: str) -> dict[str, str]:
    """Name to version for one Python."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        platforms = [part for name in PLATFORMS for part in ("--platform", name)]
        old = ONLY_OLD if python == "3.10" else ()
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        command += ["--only-binary=:all:", "--implementation=cp", f"--python-version={python}", *platforms]
        command += [f"--target={folder}", f"--report={report}", *requirements(), *old]
        subprocess.run(command, check=True)  # noqa: S603  # our own pip
        installs = json.loads(report.read_text(encoding="utf-8"))["install"]
    found = [install["metadata"] for install in installs]
    return {item["name"].lower().replace("_", "-"): item["version"] for item in found}


def main() -> None:
    """Write the file; nothing is printed."""
    resolved = {python: resolve(python) for python in PYTHONS}
    lines = ["# Made by `make constraints` from what pip resolves for Python 3.10 to 3.13; do not edit."]
    for name in sorted({name for versions in resolved.values() for name in versions}):
        versions = [resolved[python].get(name) for python in PYTHONS]
        if len({version for version in versions if version}) == 1:
            lines.append(f"{name}=={next(version for version in versions if version)}")
            continue
        groups: dict[str, list[str]] = {}
        for python, version in zip(PYTHONS, versions, strict=True):
            if version:
                groups.setdefault(version, []).append(f'python_version == "{python}"')
        lines += [f"{name}=={version}; {' or '.join(where)}" for version, where in groups.items()]
    (ROOT / "constraints.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

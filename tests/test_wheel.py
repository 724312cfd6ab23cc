"""The wheel, not only the checkout: built, installed into a bare virtual environment, used there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SMOKE = """
import json, pathlib, sys
import phiguard
from importlib.resources import files
from phiguard import cache
from phiguard.entities import entities_from
from phiguard.rules import load_rules

assert "site-packages" in phiguard.__file__, phiguard.__file__
packs = files("phiguard.rulepacks")
found = sorted(str(p.relative_to(packs)) for p in pathlib.Path(str(packs)).rglob("*.yaml"))
screening = phiguard.screen("Our turmeric capsules cure arthritis and have zero side effects.")
print(json.dumps({
    "files": found,
    "rules": len(load_rules().rules),
    "verdict": screening.verdict,
    "from_pack": str(cache._read(cache.SHIPPED, cache._key(cache.read_files([cache.shipped()]), entities_from().triggers()), private=False) is not None),
    "found": [finding.rule for finding in screening],
}))
"""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory, offline_pip: dict[str, str]) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    # A copy, because setuptools reuses a build/ folder of the checkout, with modules that no longer exist.
    checkout = folder / "checkout"
    for name in ("src", "rules"):
        shutil.copytree(
            root / name, checkout / name, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__")
        )
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(root / name, checkout / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(checkout)], check=True, env=offline_pip)
    (built,) = folder.glob("phiguard-*.whl")
    return built


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory, offline_pip: dict[str, str]) -> Path:
    """The folder of the programs of a virtual environment that holds the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=True, symlinks=True)
    subprocess.run(
        [folder / "bin" / "python", "-m", "pip", "install", "--quiet", wheel], check=True, env=offline_pip
    )
    return folder / "bin"


def tree(root: Path, folder: str, pattern: str) -> set[str]:
    """Paths below ``folder``, as the wheel should hold them."""
    return {str(path.relative_to(root / folder)) for path in (root / folder).rglob(pattern)}


def test_pyproject_lists_every_package(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    (body,) = re.findall(r"^packages = \[(.*?)\]$", text, re.DOTALL | re.MULTILINE)
    listed = set(re.findall(r'"([^"]+)"', body))
    below = {
        ".".join(path.relative_to(root / "src").parts)
        for path in (root / "src").rglob("*")
        if any(path.glob("*.py"))
    }
    assert listed == below | {"phiguard.rulepacks"}


def test_the_wheel_holds_every_module_and_every_rule_file(root: Path, wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {f"phiguard/{name}" for name in tree(root, "src/phiguard", "*.py")}
    expected |= {f"phiguard/{name}" for name in tree(root, "src/phiguard", "*.yaml")}
    expected |= {f"phiguard/rulepacks/{name}" for name in tree(root, "rules", "*.yaml")}
    assert sorted(expected - names) == []
    assert "phiguard/py.typed" in names
    assert "phiguard/compiled.pack" in names
    assert "phiguard/entities/model/meta.json" in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "corpora/"))]


def test_the_wheel_screens_with_all_rules(root: Path, bare: Path, tmp_path: Path) -> None:
    command = [bare / "python", "-I", "-c", SMOKE]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    assert set(seen["files"]) == tree(root, "rules", "*.yaml")
    assert seen["rules"] >= 40
    assert seen["from_pack"] == "True"
    assert seen["verdict"] == "block"
    assert any(rule.startswith("FDA-22") for rule in seen["found"])


def test_the_installed_command_proves_its_own_rules(bare: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": f"{bare}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["phiguard", "rules", "test"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.parametrize(
    ("text", "status"), [("Flu shots are here, walk in any weekday.", 0), ("SSN 219-09-9999", 1)]
)
def test_the_installed_command_answers_with_its_exit_status(
    bare: Path, tmp_path: Path, text: str, status: int
) -> None:
    command = [bare / "phiguard", "screen", "--format", "json", text]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr[-2000:]
    assert text not in done.stdout

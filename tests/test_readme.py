"""What README shows is what happens: its commands run, and print what it says they print."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
# What needs the network or another checkout: checked for existence here, run by `make demo` and `make test`.
NOT_RUN = ("make", "pip", "python3", "git")


def examples() -> list[tuple[str, str]]:
    """Each ``$ command`` of the console blocks, with the output that README shows for it."""
    found = []
    for language, body in BLOCKS:
        if language == "console":
            for chunk in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, output = chunk.replace("\\\n", "").partition("\n")
                found.append((command.strip(), output.strip("\n")))
    return found


EXAMPLES = examples()
RUN = [example for example in EXAMPLES if example[0].split()[0] not in NOT_RUN]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for compiled rules, so that only the first command compiles them."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder with the corpora, where a command may write."""
    shutil.copytree(ROOT / "corpora", tmp_path / "corpora")
    return tmp_path


def is_shown(output: str, shown: str) -> bool:
    """Whether ``shown`` is the output, where ``...`` stands for anything."""
    clean = "\n".join(line.rstrip() for line in output.strip("\n").splitlines())
    pattern = ".*".join(re.escape(part) for part in shown.split("..."))
    return re.fullmatch(pattern, clean, re.DOTALL) is not None


def test_input_and_output_stand_in_the_first_20_lines() -> None:
    start = "\n".join(README.splitlines()[:20])
    assert "$ phiguard screen" in start
    assert re.search(r"BLOCK|block", start)


@pytest.mark.parametrize(("command", "shown"), RUN, ids=[command[:50] for command, _ in RUN])
def test_a_command_prints_what_is_shown(command: str, shown: str, workplace: Path, cache: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PHIGUARD_CACHE_DIR": str(cache),
        "COLUMNS": "110",
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-c", command], cwd=workplace, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    assert is_shown(done.stdout, shown), (
        f"{done.stdout}\n--- README shows\n{shown}\n--- stderr\n{done.stderr}"
    )


@pytest.mark.parametrize("command", [command for command, _ in EXAMPLES if command.startswith("make ")])
def test_a_make_target_exists(command: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    wanted = [word for word in shlex.split(command, comments=True)[1:] if "=" not in word]
    assert set(wanted) <= set(targets)


def test_ci_runs_the_test_command_of_readme() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert lines[-1] == "make test"
    assert any(command.startswith("make test") for command, _ in EXAMPLES)


def test_python_examples_hold(monkeypatch: pytest.MonkeyPatch, workplace: Path) -> None:
    monkeypatch.chdir(workplace)
    code = "\n".join(body for language, body in BLOCKS if language in {"python", "pycon"})
    test = doctest.DocTestParser().get_doctest(code, {}, "README.md", "README.md", 0)
    assert test.examples
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test)
    assert runner.failures == 0


def test_links_to_files_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []

"""Content repositories: findings at file, line and column, and the real pre-commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import phiguard.cache
import phiguard.packs
import phiguard.rules
from phiguard import cli
from phiguard.cli.exits import Exit
from phiguard.hook import read_content

PACK = Path(__file__).parent / "data" / "pack"
MARKDOWN = "---\nplatform: x\n---\n\nCome and see our\nnew miracle cure today.\n"
YAML = "posts:\n  - text: Hello.\n  - text: |\n      Good news.\n      Act now, dear Ann Zq7canary.\n"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content repository with two findings."""
    posts = tmp_path / "repo" / "posts"
    posts.mkdir(parents=True)
    (posts / "may.md").write_text(MARKDOWN)
    (posts / "june.yaml").write_text(YAML)
    (posts / "fine.md").write_text("Hello, and welcome.\n")
    (posts / "README.md").write_text("How we write posts: never say act now.\n")
    return tmp_path / "repo"


@pytest.fixture
def few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (phiguard.packs, phiguard.cache, phiguard.rules):
        monkeypatch.setattr(module, "shipped", lambda: PACK)
    monkeypatch.setenv("PHIGUARD_CACHE_DIR", "")


@pytest.mark.usefixtures("few_rules")
def test_a_finding_stands_at_its_file_line_and_column(
    content: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(content)
    assert (
        cli.run(["hook", "posts/may.md", "posts/june.yaml", "posts/fine.md", "--format", "github"])
        == Exit.FINDINGS
    )
    first, second = capfd.readouterr().out.splitlines()
    assert first.startswith(
        "::error file=posts/may.md,line=6,col=5,endLine=6,endColumn=17,title=TST-01.miracle::"
    )
    assert second.startswith(
        "::warning file=posts/june.yaml,line=5,col=7,endLine=5,endColumn=14,title=TST-02.hurry::"
    )
    assert cli.run(["hook", "posts/may.md"]) == Exit.FINDINGS
    out = capfd.readouterr().out
    assert "TST-01.miracle  6:5" in out
    assert "miracle cure" not in out


@pytest.mark.usefixtures("few_rules")
@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.md", "Hello", Exit.CLEAN),
        ("a.md", "---\ndirection: inbound_dm\n---\nPlease help me at once", Exit.FINDINGS),
        ("a.md", "---\nplatfrom: x\n---\nHello", Exit.CLEAN),
        ("a.md", "---\nplatform: [x\n---\nHello", Exit.NOT_SCREENED),
        ("a.yaml", "on: push\n", Exit.NOT_SCREENED),
        ("a.docx", "Hello", Exit.NOT_SCREENED),
        ("a.md", "<!-- nothing yet -->\n", Exit.CLEAN),
        ("a.md", "Hiya", Exit.CLEAN),
    ],
)
def test_the_hook_answers_by_its_exit_code(tmp_path: Path, name: str, text: str, code: Exit) -> None:
    (tmp_path / name).write_text(text)
    assert cli.run(["hook", str(tmp_path / name)]) == code


def test_a_folder_name_or_a_stranger_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("x")
    (record,) = read_content([tmp_path / "a.pdf"])
    assert record.fault is not None


def git(folder: Path, *arguments: str) -> None:
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "Kim",
        "GIT_AUTHOR_EMAIL": "kim@example.com",
        "GIT_COMMITTER_NAME": "Kim",
        "GIT_COMMITTER_EMAIL": "kim@example.com",
    }
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def pre_commit(
    folder: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=300
    )


@pytest.fixture
def staged(content: Path) -> Path:
    """The content repository with everything staged."""
    git(content, "init", "-q", "-b", "main")
    git(content, "add", ".")
    return content


def hook_of(root: Path) -> dict[str, object]:
    (hook,) = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())
    assert isinstance(hook, dict)
    return hook


def test_the_real_pre_commit_runs_the_hook(staged: Path, root: Path, tmp_path: Path) -> None:
    pytest.importorskip("pre_commit")
    # The shipped hook as it is, but run from here: building its environment needs a network or wheels.
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    program = bin_folder / "phiguard"
    program.write_text(
        f"#!{sys.executable}\nimport pathlib\nimport phiguard.cache, phiguard.packs, phiguard.rules\n"
        f"for module in (phiguard.packs, phiguard.cache, phiguard.rules):\n"
        f"    module.shipped = lambda: pathlib.Path({str(PACK)!r})\n"
        "from phiguard.cli import main\nmain()\n"
    )
    program.chmod(0o755)
    hook = {**hook_of(root), "language": "system"}
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (staged / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(bin_folder), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(root / "src"), os.environ.get("PYTHONPATH")])),
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "PHIGUARD_CACHE_DIR": "",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    failed = pre_commit(staged, environment, "run", "--all-files")
    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "exit code: 1" in failed.stdout
    assert "posts/may.md:5  BLOCK" in failed.stdout
    assert "TST-01.miracle  6:5" in failed.stdout
    assert "TST-02.hurry  5:7" in failed.stdout
    assert "README" not in failed.stdout
    assert "canary" not in failed.stdout.lower()

    (staged / "posts" / "may.md").write_text(MARKDOWN.replace("miracle cure", "opening hours"))
    (staged / "posts" / "june.yaml").write_text(YAML.replace("Act now", "Come in"))
    git(staged, "add", ".")
    passed = pre_commit(staged, environment, "run", "--all-files")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed" in passed.stdout


@pytest.mark.slow
def test_the_real_pre_commit_installs_the_hook(
    staged: Path, root: Path, tmp_path: Path, offline_pip: dict[str, str]
) -> None:
    """With wheels at hand, as users have it: cloned, installed into an environment of its own, run."""
    pytest.importorskip("pre_commit")
    source = tmp_path / "phiguard"
    ignored = shutil.ignore_patterns(
        ".git", "__pycache__", ".venv", "*.egg-info", "build", "dist", ".*_cache"
    )
    shutil.copytree(root, source, ignore=ignored)
    git(source, "init", "-q", "-b", "main")
    git(source, "add", "-f", ".")
    git(source, "commit", "-q", "-m", "As it is")
    environment = {
        **offline_pip,
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    (staged / "posts" / "may.md").write_text("Our tea cures diabetes!\n")
    git(staged, "add", ".")
    failed = pre_commit(staged, environment, "try-repo", str(source), "phiguard", "--all-files")
    assert "posts/may.md:1" in failed.stdout, failed.stdout + failed.stderr
    assert "exit code: 1" in failed.stdout

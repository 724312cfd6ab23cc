"""What holds for every test: no network, here or in a process that a test starts."""

from __future__ import annotations

import os
import runpy
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Machines are shared: how long one example takes proves nothing.
settings.register_profile("phiguard", deadline=None)
settings.load_profile("phiguard")

ROOT = Path(__file__).resolve().parent.parent
OFFLINE = ROOT / "tests" / "offline"
collect_ignore = ["offline"]
IS_COMPLETE = os.environ.get("PHIGUARD_TESTS_COMPLETE") == "1"
DATA = "needs the third-party data"

# While conftest.py is read: collection imports the package, and an import must not reach the network either.
runpy.run_path(str(OFFLINE / "sitecustomize.py"))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(OFFLINE), os.environ.get("PYTHONPATH", "")]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:  # noqa: ARG001
    """In CI (``PHIGUARD_TESTS_COMPLETE=1``) a test that does not run has failed; only third-party data may be missing."""
    report = yield
    if (
        IS_COMPLETE
        and report.skipped
        and not hasattr(report, "wasxfail")
        and DATA not in str(report.longrepr)
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped, but everything must run: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:  # noqa: ARG001
    """The same for a whole file."""
    report = yield
    if IS_COMPLETE and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, but everything must run: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def wheels() -> Path:
    """The folder with a wheel of every dependency, which `make test` fills."""
    named = os.environ.get("PHIGUARD_WHEELS")
    if not named:
        pytest.skip("needs a folder of wheels: `make suite` makes one and sets PHIGUARD_WHEELS")
    folder = Path(named)
    if not any(folder.glob("*.whl")):
        pytest.fail("PHIGUARD_WHEELS names a folder without wheels")
    return folder


@pytest.fixture(scope="session")
def offline_pip(wheels: Path) -> dict[str, str]:
    """The environment in which pip, and so pre-commit, installs from ``wheels`` and nowhere else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return {
        **kept,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_NO_COMPILE": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }

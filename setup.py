"""Compiles the rules while the package is built, so that its first start need not. All else is in pyproject.toml."""

import os
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent


class BuildWithRules(build_py):
    """Writes ``phiguard/compiled.pack`` before the package's files are collected."""

    def run(self) -> None:
        """Build; a package without compiled rules works too, and compiles them at its first start."""
        environment = {**os.environ, "PYTHONPATH": str(HERE / "src")}
        command = [sys.executable, "-c", "from phiguard.cache import ship; ship()"]
        if subprocess.run(command, env=environment, cwd=HERE, check=False).returncode:
            print("the rules could not be compiled now: the first start will do it", file=sys.stderr)
        super().run()


setup(cmdclass={"build_py": BuildWithRules})

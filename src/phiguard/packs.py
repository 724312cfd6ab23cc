"""Packs on disk: which files, and their digest."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from phiguard.errors import RuleError

__all__ = ["PackFile", "digest_of", "read_files", "shipped"]

PackFile = tuple[str, bytes]
"""Name (for people) and content of one YAML file."""


def shipped() -> Path:
    """The folder of the rules that phiguard ships: of the checkout that this file lies in, or of the installed package."""
    here = Path(__file__).resolve()
    checkout = here.parents[2] / "rules"
    if here.parents[1].name == "src" and checkout.is_dir():  # whatever else is installed beside it
        return checkout
    try:
        package = importlib.import_module("phiguard.rulepacks")
    except ModuleNotFoundError:
        pass
    else:
        return Path(package.__path__[0])
    raise RuleError(["the shipped rules are missing: install phiguard again"])


def read_files(folders: Iterable[Path | str | PackFile]) -> list[PackFile]:
    """Every YAML file below ``folders``, in the order of their names, each once. Raises `RuleError`.

    A pack may also be given as the name and the content of its file.
    """
    files: list[PackFile] = []
    for given in folders:
        if isinstance(given, tuple):
            files.append(given)
            continue
        folder = Path(given)
        paths = [folder] if folder.is_file() else sorted(p for p in folder.rglob("*.yaml") if p.is_file())
        if not paths:
            raise RuleError(
                [f"{folder}: no rules there: give a folder that holds .yaml files, or one such file"]
            )
        for path in paths:
            # The shipped rules have one name for people, in a checkout and in an installed package.
            name = path.relative_to(folder.parent).as_posix().replace("rulepacks/", "rules/", 1)
            try:
                files.append((name, path.read_bytes()))
            except OSError as error:
                raise RuleError([f"{path}: cannot be read ({error.strerror})"]) from None
    return list(dict.fromkeys(files))


def digest_of(files: Sequence[PackFile]) -> str:
    """A digest of names and contents: another digest, other rules."""
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(b"%d %s %d\n" % (len(name), name.encode(), len(content)))
        digest.update(content)
    return digest.hexdigest()

"""Presidio's predefined recognizers: what each finds, where, and its triggers, known without importing Presidio.

Importing Presidio takes more than a second, so its recognizers' triggers are shipped in ``presidio_table.json`` for the versions that it
names; for another one they are read from the recognizers themselves. ``python -m phiguard.entities.presidio_reading`` writes the file.
"""

from __future__ import annotations

from importlib.machinery import PathFinder
from pathlib import Path

import msgspec

__all__ = ["TABLE", "Listed", "Table", "installed", "shipped"]

_PACKAGE = "presidio_analyzer"
TABLE = Path(__file__).with_name("presidio_table.json")


class Listed(msgspec.Struct, frozen=True):
    """One predefined recognizer: its class, the labels that it finds, its country, its triggers."""

    name: str
    labels: tuple[str, ...]
    region: str | None
    triggers: tuple[str, ...] | None


class Table(msgspec.Struct, frozen=True):
    """Recognizers, and the versions of Presidio that have just these."""

    versions: tuple[str, ...]
    recognizers: tuple[Listed, ...]


def shipped() -> Table:
    """The table that comes with phiguard."""
    return msgspec.json.decode(TABLE.read_bytes(), type=Table)


def installed() -> str:
    """The version of the installed Presidio. Asking the package itself, or `importlib.metadata`, would cost a hundred times as much."""
    spec = PathFinder.find_spec(_PACKAGE)
    if spec is not None and spec.origin is not None:
        beside = Path(spec.origin).parent.parent.glob(f"{_PACKAGE}-*.dist-info")
        found = [folder.name.removeprefix(f"{_PACKAGE}-").removesuffix(".dist-info") for folder in beside]
        if len(found) == 1:
            return found[0]
    from importlib.metadata import version  # noqa: PLC0415 (0.05 s)

    return version(_PACKAGE)

"""Parts of decoded JSON by what they ought to be; nothing, where they are something else."""

from __future__ import annotations

from typing import Any

__all__ = ["count", "mapping", "name", "rows", "words"]


def mapping(value: Any, *keys: str) -> dict[str, Any]:
    """The object that ``keys`` lead to; an empty one if there is none.

    >>> mapping({"a": {"b": {"c": 1}}}, "a", "b"), mapping([], "a")
    ({'c': 1}, {})
    """
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def rows(value: Any, key: str) -> list[Any]:
    """The list under ``key``; an empty one if there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def words(value: Any, *keys: str) -> str:
    """The first string under one of ``keys`` that is not empty.

    >>> words({"a": "", "b": 3, "c": "said"}, "a", "b", "c")
    'said'
    """
    for key in keys:
        found = value.get(key) if isinstance(value, dict) else None
        if isinstance(found, str) and found:
            return found
    return ""


def name(value: Any, *keys: str) -> str:
    """As `words`, for ids, which some exports write as numbers."""
    for key in keys:
        found = value.get(key) if isinstance(value, dict) else None
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""


def count(value: Any, key: str) -> int:
    """The number under ``key``, also if it is written as a string; else 0."""
    found = value.get(key) if isinstance(value, dict) else None
    if isinstance(found, str) and found.isdecimal() and len(found) < 19:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0

"""The fields that the columns of a table can fill when it is read as an export."""

from __future__ import annotations

from phiguard.readers.csvfile import COLUMNS as _OF_POST

__all__ = ["COLUMNS", "FURTHER"]

FURTHER = frozenset({"parent_id", "rating"})
"""Beside the fields of a Post: the id of what a row answers, and the stars of a review."""
COLUMNS = _OF_POST | FURTHER

"""Posts without their identifiers, and the way back for those that were encrypted."""

from __future__ import annotations

from phiguard.redaction.redactor import DEFAULT, OPERATORS, Redactor, check, redact, restore
from phiguard.redaction.values import Item, Redacted, RedactionError

__all__ = [
    "DEFAULT",
    "OPERATORS",
    "Item",
    "Redacted",
    "RedactionError",
    "Redactor",
    "check",
    "redact",
    "restore",
]

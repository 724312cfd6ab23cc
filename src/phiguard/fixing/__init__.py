"""Mechanical corrections: what can be put right without judgement is, and the result is screened again."""

from __future__ import annotations

from phiguard.fixing.fixer import Change, Fixed, Fixer, Refused, fix

__all__ = ["Change", "Fixed", "Fixer", "Refused", "fix"]

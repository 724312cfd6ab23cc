"""Screens what healthcare organizations say in public.

>>> import phiguard
>>> screening = phiguard.screen("Our FDA-approved clinic offers drips with zero side effects.")
>>> screening.verdict
'block'
>>> [finding.rule.partition(".")[0] for finding in screening]
['FDA-06', 'FDA-22']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phiguard.errors import InputError, PhiguardError, ProfileError, RuleError
from phiguard.model import Finding, Gap, Media, Parent, Post, Route, Screening, Span
from phiguard.profile import Profile, load_profile
from phiguard.rules import RuleSet, load_rules
from phiguard.screener import Screener

if TYPE_CHECKING:
    from phiguard.redaction import Redactor, redact, restore

__all__ = [
    "Finding",
    "Gap",
    "InputError",
    "Media",
    "Parent",
    "PhiguardError",
    "Post",
    "Profile",
    "ProfileError",
    "Redactor",
    "Route",
    "RuleError",
    "RuleSet",
    "Screener",
    "Screening",
    "Span",
    "load_profile",
    "load_rules",
    "redact",
    "restore",
    "screen",
]

__version__ = "0.1.0"

_screener: Screener | None = None


def screen(post: Post | str) -> Screening:
    """What `Screener.screen` of a default `Screener` answers; it is built on first use.

    A program with a profile builds its own ``Screener(profile=...)`` once.
    """
    global _screener  # noqa: PLW0603 (built on first use, then only read)
    if _screener is None:
        _screener = Screener()
    return _screener.screen(post)


def __getattr__(name: str) -> Any:
    """`Redactor`, `redact` and `restore`, imported when they are first named: screening does without them."""
    if name not in {"Redactor", "redact", "restore"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import phiguard.redaction  # noqa: PLC0415 (costs a tenth of a second)

    return getattr(phiguard.redaction, name)

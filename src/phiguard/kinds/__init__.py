"""The shapes that a rule can have: the one list of them."""

from __future__ import annotations

from typing import Union

from phiguard.kinds.consent import ConsentRule
from phiguard.kinds.consistency import Consistency
from phiguard.kinds.limit import Limit
from phiguard.kinds.mosaic import Mosaic
from phiguard.kinds.near import Near
from phiguard.kinds.occurrence import Occurrence
from phiguard.kinds.pattern import Pattern
from phiguard.kinds.phrase import Phrase
from phiguard.kinds.post import PostRule
from phiguard.kinds.reply import Reply
from phiguard.kinds.requires import Requires
from phiguard.kinds.series import SeriesRule
from phiguard.kinds.substitution import Substitution

__all__ = ["KINDS", "AnyRule"]

AnyRule = Union[  # noqa: UP007 (msgspec on 3.10)
    Phrase,
    Near,
    Pattern,
    Requires,
    Limit,
    PostRule,
    Reply,
    ConsentRule,
    Mosaic,
    SeriesRule,
    Substitution,
    Occurrence,
    Consistency,
]

KINDS: dict[str, type[AnyRule]] = {
    "phrase": Phrase,
    "near": Near,
    "pattern": Pattern,
    "requires": Requires,
    "limit": Limit,
    "post": PostRule,
    "reply": Reply,
    "consent": ConsentRule,
    "mosaic": Mosaic,
    "series": SeriesRule,
    "substitution": Substitution,
    "occurrence": Occurrence,
    "consistency": Consistency,
}
"""Kinds by the name that rules give them."""

"""Replies that are safe to give: templates by situation, filled from the profile, each screened before it is offered."""

from __future__ import annotations

from phiguard.replying.library import Library, Situation, Template, load_library
from phiguard.replying.offering import Offer, Offers, Replier, Withheld, offers

__all__ = [
    "Library",
    "Offer",
    "Offers",
    "Replier",
    "Situation",
    "Template",
    "Withheld",
    "load_library",
    "offers",
]

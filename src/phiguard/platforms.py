"""What each platform shows and allows, in characters (secondary sources of 2026; platforms change them without notice)."""

from __future__ import annotations

import msgspec

from phiguard.model import Platform

__all__ = ["PLATFORMS", "Limits", "fold_of"]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of one platform. ``None``: no limit that we know."""

    post: int | None = None
    premium: int | None = None
    fold: int | None = None
    hashtags: int | None = None


PLATFORMS: dict[Platform, Limits] = {
    "x": Limits(post=280, premium=25_000, fold=280),
    "instagram": Limits(post=2_200, fold=125, hashtags=30),
    "facebook": Limits(post=63_206, fold=150),
    "linkedin": Limits(post=3_000, fold=200),
    "tiktok": Limits(post=4_000, fold=55),
    "youtube": Limits(post=5_000, fold=100, hashtags=15),
    "threads": Limits(post=500, fold=500),
    "bluesky": Limits(post=300, fold=300),
    "mastodon": Limits(post=500, fold=500),
    "pinterest": Limits(post=500, fold=50),
    "google_business": Limits(post=4_096),
}
"""Where a source gives a range for the fold, the smaller number: what everybody sees."""

_UNKNOWN_FOLD = 125  # Instagram's: what is safe there is safe on the larger networks


def fold_of(platform: Platform | None) -> int:
    """How many characters a reader sees before "more"."""
    limits = PLATFORMS.get(platform) if platform else None
    return limits.fold if limits and limits.fold else _UNKNOWN_FOLD

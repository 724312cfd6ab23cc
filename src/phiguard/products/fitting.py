"""Fixes that fit: the sentence to add to this post, on this platform, or that it cannot be said there."""

from __future__ import annotations

import msgspec

from phiguard.model import Finding, Post
from phiguard.platforms import fold_of
from phiguard.products.budget import TIGHT, budget, statement
from phiguard.profile import Profile

__all__ = ["NEEDED", "fitted"]

NEEDED: dict[str, str] = {
    "FDA-01": "risk",
    "FDA-02": "risk",
    "FDA-03": "risk",
    "FDA-05": "investigational",
    "FDA-09": "dshea",
    "FDA-12": "homeopathic",
    "FDA-13": "not_approved",
    "FDA-23": "generic",
    "FTC-03": "ad",
    "FTC-04": "ad",
    "FTC-05": "typical",
    "FTC-10": "work_here",
    "LEG-01": "general",
    "ST-03": "before_after",
    "ST-04": "model",
    "ST-08": "florida",
    "ST-11": "machine",
}
"""Which statement a family of rules asks for. Where none helps (a false claim), there is no entry."""

_NAMES = {
    "x": "X",
    "linkedin": "LinkedIn",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "google_business": "Google Business",
}


def fitted(finding: Finding, post: Post, profile: Profile) -> Finding:
    """Return ``finding`` with a fix for this very platform; as it is, where no statement helps or none is known.

    The words come from the law and from the profile, never from the post.
    """
    needed = NEEDED.get(finding.rule.partition(".")[0])
    if needed is None or post.platform is None or finding.field != "text":
        return finding
    product = profile.product(post.product) if post.product else None
    said = statement(needed, product)
    if said is None:
        return finding
    room = budget(said, post)
    if room.limit is None:
        return finding
    where = _NAMES.get(post.platform, post.platform.capitalize())
    if room.limit <= TIGHT and not room.is_possible and not room.fits_short:
        told = (
            f"This cannot be said within the limit of {where}: the statement takes {room.short} of {room.limit} characters. "
            "Drop the claim, or use a longer format."
        )
    elif room.fits or room.fits_short:
        words, count = (said.full, room.full) if room.fits else (said.short, room.short)
        told = f'On {where} this fits: "{words}" ({count} of {room.left} characters left).'
        if said.is_first:
            told += f" Put it first: readers see {fold_of(post.platform)} characters before they tap."
    else:
        over = room.short - (room.left or 0)
        told = f'On {where} cut {over} characters to make room for "{said.short}".'
    return msgspec.structs.replace(finding, fix=f"{finding.fix} {told}")

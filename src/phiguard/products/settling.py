"""Claims findings after the rules: what an approved claim carries is lowered, what needs a statement gets a fix that fits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from phiguard.model import Finding, Post
from phiguard.products.claims import Carried, carried, is_carried
from phiguard.products.fitting import NEEDED, fitted
from phiguard.profile import Profile

__all__ = ["with_products"]


def with_products(
    findings: Sequence[Finding], post: Post, profile: Profile, *, today: dt.date
) -> tuple[Finding, ...]:
    """Return ``findings`` with what the profile's products and the post's platform say about each.

    A finding whose places all lie in an approved claim with good evidence becomes ``info`` and names the evidence in its labels. A
    statement that must be said with a claim is still missing, so those findings stay.
    """
    if not profile.products and post.platform is None:
        return tuple(findings)
    places = [place for place in carried(post.text, profile.products) if place.holds(today)]
    return tuple(_settled(finding, post, profile, places) for finding in findings)


def _settled(finding: Finding, post: Post, profile: Profile, places: Sequence[Carried]) -> Finding:
    if finding.category != "claims":
        return finding
    if finding.rule.partition(".")[0] not in NEEDED and (place := is_carried(finding, places)):
        label = f"evidence: {place.claim.evidence}"
        if label in finding.labels:
            return finding
        return msgspec.structs.replace(finding, severity="info", labels=(*finding.labels, label))
    return fitted(finding, post, profile)

"""What the facts of the profile show about a post on one of its products: no words of the rules, only of the profile."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from phiguard.model import Finding, Post, Span
from phiguard.products.claims import Carried, carried
from phiguard.profile import Profile
from phiguard.profile_sections import Product

__all__ = ["PRODUCT_RULES", "product_findings"]

PRODUCT_RULES = (
    "FDA-03.boxed-warning",
    "FDA-04.other-group",
    "FDA-23.profile-name",
    "FTC-01.evidence",
    "FTC-01.evidence-expired",
)
"""Ids of what the profile's facts show: settings and suppressions may name them like those of rules."""

_PRESCRIBED = frozenset({"rx_drug", "biologic"})
_RISKS = re.compile(
    r"\b(?:may cause|can cause|could cause|side effects? (?:include|are|may)|boxed warning|serious risks?|important safety|"
    r"safety information|contraindicat\w+|(?:do not|don't) (?:take|use)|risk of)\b",
    re.IGNORECASE,
)
_NO_PROMOTION = re.compile(
    r"\b(?:careers?|hiring|we're hiring|join (?:our|the|\w+) (?:\w+ )?team|earnings|webcast|investors?|recall(?:ed)?|lawsuit|sponsors?|marathon|"
    r"not approved|clinical trial|enrolling)\b",
    re.IGNORECASE,
)
_YOUNG = re.compile(
    r"\b(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|infants?|teens?|pregnan\w+|nursing|\d{1,2}[- ]year[- ]olds?)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:child|children|kids|teens?|adolescents?|pediatric|infants?|pregnan\w+|years? and older)\b",
    re.IGNORECASE,
)


def product_findings(post: Post, profile: Profile, *, today: dt.date) -> tuple[Finding, ...]:
    """Return what the profile's products show about ``post``, whose product is known (`ProductNames.about`).

    A medicine with a boxed warning and no risk (``FDA-03.boxed-warning``), its generic name missing (``FDA-23.profile-name``),
    a group of people beyond the indication (``FDA-04.other-group``), an approved claim and its evidence
    (``FTC-01.evidence``), or evidence that has expired (``FTC-01.evidence-expired``).
    """
    if (post.direction or "").startswith("inbound") or post.author_role in {"patient", "public"}:
        return ()
    found = [*_evidence(post, profile, today)]
    product = profile.product(post.product) if post.product else None
    if product is not None and product.type in _PRESCRIBED and not _NO_PROMOTION.search(post.text):
        found += _medicine(post, product)
    return tuple(found)


def _evidence(post: Post, profile: Profile, today: dt.date) -> Iterator[Finding]:
    for place in carried(post.text, profile.products):
        if place.holds(today):
            yield _carried_by(place)
        else:
            yield Finding(
                rule="FTC-01.evidence-expired",
                category="claims",
                severity="medium",
                message="These words were an approved claim, and the evidence behind it has expired.",
                why="A claim may be made only as long as its evidence holds. The profile names a last day, and it is over.",
                source="15 USC 45, 52; FTC Health Products Compliance Guidance (2022)",
                fix=f"Renew evidence {place.claim.evidence} in the profile, or take the claim out.",
                spans=(place.span,),
                labels=(f"evidence: {place.claim.evidence}",),
                confidence="certain",
            )


def _carried_by(place: Carried) -> Finding:
    how = "in its exact words" if place.is_exact else "in words that are nearly the same"
    until = f", good until {place.claim.expires.isoformat()}" if place.claim.expires else ""
    return Finding(
        rule="FTC-01.evidence",
        category="claims",
        severity="info",
        message=f"This is an approved claim {how}. Its evidence: {place.claim.evidence}{until}.",
        why="The profile lists the claim with its evidence, so the rules on claims let these words pass.",
        source="House style (approved claims of the profile)",
        fix="Nothing to do. Keep the words as they were approved.",
        spans=(place.span,),
        labels=(f"evidence: {place.claim.evidence}",),
        confidence="certain",
    )


def _medicine(post: Post, product: Product) -> Iterator[Finding]:
    place = _place(post.text, product)
    has_risk = bool(_RISKS.search(post.text)) or any(
        _RISKS.search(media.ocr_text) for media in post.media if media.ocr_text
    )
    if product.boxed_warning and not has_risk:
        yield Finding(
            rule="FDA-03.boxed-warning",
            category="claims",
            severity="high",
            message="This names a medicine that has a boxed warning, and shows no risk.",
            why="A post with nothing but the name is allowed for other medicines. With a boxed warning the main risks must stand beside it.",
            source="21 CFR 202.1(e)(2)(i), 201.57(c)(1); 21 USC 352(n)",
            fix="Add the boxed warning and the main risks with a link to the full label, or leave the name out.",
            spans=place,
            confidence="certain",
        )
    if product.generic and product.generic.casefold() not in post.text.casefold():
        yield Finding(
            rule="FDA-23.profile-name",
            category="claims",
            severity="low",
            message="This names a medicine by its brand, and not by its generic name.",
            why="The generic name must stand beside the brand where it is most prominent.",
            source="21 USC 352(n)(1); 21 CFR 202.1(b)",
            fix="Put the generic name in brackets behind the first brand name.",
            spans=place,
            confidence="certain",
        )
    if product.indication and not _GROUP.search(product.indication) and (other := _YOUNG.search(post.text)):
        yield Finding(
            rule="FDA-04.other-group",
            category="claims",
            severity="high",
            message="This links a medicine with children or pregnancy, and its indication in the profile does not name them.",
            why="Promotion to a group of people beyond the label makes a medicine misbranded.",
            source="21 CFR 202.1(e)(4), (e)(6)(i); 21 USC 352(f)(1)",
            fix="Use the words of the indication only.",
            spans=(Span(*other.span()),),
        )


def _place(text: str, product: Product) -> tuple[Span, ...]:
    for name in (product.name, *product.names, product.generic):
        at = text.casefold().find(name.casefold()) if name else -1
        if at >= 0 and len(text) == len(text.casefold()):
            return (Span(at, at + len(name)),)
    return ()

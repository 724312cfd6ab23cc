"""Consents: each fault of a permission is a finding of its own, and a good one brings none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from phiguard.model import Media, Post
from phiguard.profile import Profile
from phiguard.profile_sections import Consent
from phiguard.screener import Screener

TODAY = dt.date(2026, 3, 4)
GOOD: dict[str, Any] = {
    "id": "A-7",
    "kind": "hipaa_authorization",
    "channels": ["instagram", "website"],
    "content": ["story of care", "first name", "photo"],
    "expires": "2026-03-04",
}
BASE = Screener(Profile(), today=TODAY)


def found(on_file: dict[str, Any] | None, **post: Any) -> set[str]:
    """The CNS findings for a post that refers to consent A-7."""
    consents = () if on_file is None else (msgspec.convert(on_file, Consent, strict=False),)
    fields: dict[str, Any] = {"text": "A long road.", "platform": "instagram", "consent": "A-7"} | post
    screening = BASE.speaking_for(Profile(consents=consents)).screen(Post(**fields))
    return {finding.rule for finding in screening if finding.rule.startswith("CNS")}


def test_a_consent_that_covers_the_post_brings_no_finding() -> None:
    assert found(GOOD) == set()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"revoked": True}, "CNS-02.revoked"),
        ({"expires": "2026-03-03"}, "CNS-02.expired"),
        ({"starts": "2026-03-05"}, "CNS-02.not-started"),
        ({"expires": None}, "CNS-02.no-expiry"),
        ({"channels": ["website"]}, "CNS-02.channel"),
        ({"signer": "representative"}, "CNS-02.authority"),
        ({"minor": True}, "CNS-02.minor-signed"),
        ({"kind": "media_release"}, "CNS-02.release-only"),
        ({"content": []}, "CNS-02.no-content"),
    ],
)
def test_every_fault_is_a_finding_of_its_own(change: dict[str, Any], rule: str) -> None:
    assert found(GOOD | change) == {rule}


@pytest.mark.parametrize(
    "change",
    [
        {"expires": None, "expiry_event": "end of treatment"},
        {"starts": "2026-03-04"},
        {"minor": True, "signer": "parent"},
        {"minor": True, "signer": "guardian"},
        {"signer": "representative", "authority": "power of attorney"},
    ],
)
def test_what_a_consent_may_be_like(change: dict[str, Any]) -> None:
    assert found(GOOD | change) == set()


def test_a_reference_to_nothing_is_told() -> None:
    assert found(GOOD, consent="A-8") == {"CNS-02.not-on-file"}
    assert found(None) == {"CNS-02.no-register"}
    assert found(GOOD, consent=None) == set()


def test_the_day_of_publishing_decides() -> None:
    before = dt.datetime(2026, 3, 4, 22, tzinfo=dt.timezone.utc)
    assert found(GOOD, posted_at=before) == set()
    assert found(GOOD, posted_at=before + dt.timedelta(days=1)) == {"CNS-02.expired"}


@pytest.mark.parametrize(
    ("text", "media", "rule"),
    [
        (
            "A long road.",
            Media(kind="image", faces="patient", alt_text="At the window"),
            "CNS-02.scope-image",
        ),
        (
            "A long road.",
            Media(kind="video", faces="patient", alt_text="Walks", captions=True),
            "CNS-02.scope-video",
        ),
        ("Swipe for the reveal.", None, "CNS-02.scope-before-after"),
        ("Bo, in his own words.", None, "CNS-02.scope-quote"),
        ("A success story from our rehab.", None, "CNS-02.scope-story"),
    ],
)
def test_what_a_post_shows_must_be_named(text: str, media: Media | None, rule: str) -> None:
    shown = (media,) if media else ()
    assert rule in found(GOOD | {"content": ["nothing of this"]}, text=text, media=shown)
    named = ["photos", "videos", "before and after pictures", "quotes", "stories", "first name"]
    assert found(GOOD | {"content": named}, text=text, media=shown) == set()


def test_staff_and_models_need_no_consent_for_pictures() -> None:
    media = (Media(kind="image", faces="staff", alt_text="Two nurses"),)
    assert found(GOOD | {"content": ["story"]}, media=media) == set()


def test_a_part_2_program_needs_a_part_2_consent() -> None:
    assert found(GOOD, org_type="part2_program") == {"CNS-02.part2"}
    assert found(GOOD | {"kind": "part2"}, org_type="part2_program") == set()


def test_a_child_is_not_shown_with_an_adult_form() -> None:
    assert found(GOOD, text="June, a 9-year-old, paints.") == {"CNS-06.child-shown"}
    assert found(GOOD | {"minor": True, "signer": "parent"}, text="June, a 9-year-old, paints.") == set()


def test_who_is_paid_must_be_told() -> None:
    assert found(GOOD, material_connection="paid") >= {"CNS-05.payment-not-told"}
    told = GOOD | {"remuneration_disclosed": True}
    assert "CNS-05.payment-not-told" not in found(told, material_connection="paid")
    assert "CNS-05.payment-not-told" not in found(GOOD)


def test_a_story_without_any_reference_is_a_finding() -> None:
    assert found(None, text="Success story: after rehab with us our patient walks again!", consent=None)


def test_no_finding_shows_the_id_of_a_consent() -> None:
    screening = BASE.speaking_for(Profile(consents=())).screen(Post(text="A road.", consent="Zebulon-77"))
    assert screening.findings
    assert "Zebulon" not in repr(screening)

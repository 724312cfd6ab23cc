"""What a post does not say about itself, its organization's profile says."""

from __future__ import annotations

import datetime as dt

import pytest

from phiguard.model import Parent, Post
from phiguard.profile import Profile
from phiguard.profile_sections import Organization, Product

PILLS = Product(name="Examplira", generic="examplinib", type="rx_drug")


def test_a_plain_text_is_a_public_post_of_the_organization() -> None:
    post = Profile().fill(Post(text="Hello"))
    assert (post.direction, post.author_role, post.org_type) == ("outbound_post", "brand", "provider")
    assert (post.region, post.audience, post.product_type) == (("US",), "public", None)


def test_a_text_that_answers_is_a_reply_and_a_comment_is_from_the_public() -> None:
    assert Profile().fill(Post(text="Hi", reply_to=Parent(text="Hello"))).direction == "outbound_reply"
    assert Profile().fill(Post(text="Hi", direction="inbound_comment")).author_role == "public"


def test_what_a_post_says_stays() -> None:
    post = Post(
        text="Hi", direction="ad", author_role="clinician", org_type="device", region=("UK",), audience="hcp",
        product_type="food", posted_at=dt.datetime(2026, 3, 4, tzinfo=dt.timezone.utc),
    )  # fmt: skip
    assert Profile().fill(post) == post


def test_a_state_brings_its_country() -> None:
    assert Profile(regions=("TX", "UK")).fill(Post(text="")).region == ("TX", "UK", "US")
    assert Profile().fill(Post(text="", region=("FL",))).region == ("FL", "US")
    assert Profile(regions=("UK",)).fill(Post(text="")).region == ("UK",)


def test_a_time_without_an_offset_is_in_the_zone_of_the_organization() -> None:
    naive = dt.datetime(2026, 3, 4, 10)  # noqa: DTZ001
    post = Profile(time_zone="America/Chicago").fill(Post(text="", received_at=naive, posted_at=naive))
    assert post.received_at is not None
    assert post.received_at.isoformat() == "2026-03-04T10:00:00-06:00"
    assert post.answered_at is None


@pytest.mark.parametrize(
    ("org_type", "products", "post", "kind"),
    [
        ("provider", (), Post(text=""), None),
        ("provider", (PILLS,), Post(text=""), None),
        ("provider", (PILLS,), Post(text="", product="examplinib"), "rx_drug"),
        ("pharma", (PILLS,), Post(text=""), "rx_drug"),
        ("pharma", (PILLS,), Post(text="", product="unknown"), None),
        ("pharma", (PILLS, Product(name="B", type="biologic")), Post(text=""), None),
        ("supplement", (), Post(text=""), "supplement"),
        ("supplement", (), Post(text="", org_type="provider"), None),
        ("cosmetic", (), Post(text=""), "cosmetic"),
        ("compounder", (), Post(text=""), "compounded"),
        ("supplement", (Product(name="C", type="cbd"),), Post(text=""), "cbd"),
    ],
)
def test_the_product_type_follows_from_product_and_organization(
    org_type: str, products: tuple[Product, ...], post: Post, kind: str | None
) -> None:
    profile = Profile(organization=Organization(org_type=org_type), products=products)  # type: ignore[arg-type]
    assert profile.fill(post).product_type == kind

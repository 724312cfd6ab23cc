"""Claims without metadata: what is inferred from words stands in the finding, and who informs stays unbothered."""

from __future__ import annotations

import pytest

from phiguard.model import SEVERITIES, Post
from phiguard.screener import Screener

MEDIUM = SEVERITIES.index("medium")


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


def loud(screener: Screener, text: str, **post: object) -> set[str]:
    found = screener.screen(Post(text=text, **post))  # type: ignore[arg-type]
    return {
        one.rule for one in found if one.category == "claims" and SEVERITIES.index(one.severity) >= MEDIUM
    }


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Shilajit ends infertility in both partners", "inferred: supplement"),
        ("Carrot juice heals colitis", "inferred: food"),
        ("Copper socks heal neuropathy", "inferred: device"),
        ("Tallow balm heals eczema", "inferred: cosmetic"),
        ("Cold laser therapy for sciatica, 3 for 2", "inferred: service"),
    ],
)
def test_what_was_inferred_stands_in_the_finding(screener: Screener, text: str, label: str) -> None:
    assert label in {one for finding in screener.screen(text) for one in finding.labels}


@pytest.mark.parametrize(
    "text",
    [
        "Shilajit ends infertility in both partners",
        "Camel milk heals colitis",
        "Copper socks heal neuropathy",
    ],
)
def test_metadata_silences_the_inference(screener: Screener, text: str) -> None:
    found = screener.screen(Post(text=text, product_type="rx_drug"))
    assert not [one.rule for one in found if ".inferred" in one.rule]


@pytest.mark.parametrize(
    "text",
    [
        "Clears sinusitis and hay fever",
        "Temporarily relieves itching of the scalp",
        "Vertigo Stop capsules",
        "Potato socks heal bronchitis",
        "Say goodbye to gallstones",
        "Seizure free after two bottles of hemp tincture",
        "Meet nature's statin",
        "Moon water for lupus",
        "FOR GOUT",
    ],
)
def test_claims_without_a_product_are_found(screener: Screener, text: str) -> None:
    assert loud(screener, text)


@pytest.mark.parametrize(
    "text",
    [
        "No herb ends infertility. Ask your doctor what can help.",
        "Researchers tested camel milk against colitis in mice.",
        "Vaccines prevent measles. Walk in on Friday.",
        "Our clinic treats sciatica, gout and eczema. Call for a visit.",
        "Myth: copper socks heal neuropathy. Fact: they warm your feet.",
        "Walk with us for lupus research on Sunday.",
        "Antibiotics do not treat viruses.",
        "Our capsules are back in stock, now in mint.",
        "Wash your hands with soap for 20 seconds to remove germs.",
        "For asthma and hives: what to know",
    ],
)
def test_who_informs_is_left_alone(screener: Screener, text: str) -> None:
    assert loud(screener, text) == set()


def test_patients_make_no_claims(screener: Screener) -> None:
    assert (
        loud(screener, "Shilajit ended my infertility", author_role="patient", direction="inbound_comment")
        == set()
    )

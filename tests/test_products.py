"""Products of the profile: names in texts, approved claims, what their facts show, and fixes that fit a platform."""

from __future__ import annotations

import datetime as dt

import pytest

from phiguard.model import Finding, Post, Span
from phiguard.policy import settle, unknown_rules
from phiguard.products.budget import DSHEA_ONE, FLORIDA, STATEMENTS, budget, statement
from phiguard.products.claims import carried, is_carried
from phiguard.products.findings import PRODUCT_RULES, product_findings
from phiguard.products.fitting import NEEDED, fitted
from phiguard.products.names import ProductNames
from phiguard.profile import Profile
from phiguard.profile_sections import Claim, Product, RuleSetting

DAY = dt.date(2026, 11, 1)
LUMORA = Product(
    name="Lumora",
    names=("Lumora XR",),
    generic="zentaprol",
    type="rx_drug",
    indication="prevention of migraine in adults",
    risk_text="Lumora can cause severe allergic reactions. See all risks at lumora.example.com.",
)
VALKOR = Product(
    name="Valkor", generic="daxinib", type="rx_drug", boxed_warning=True, indication="gout in adults"
)
CALMA = Product(
    name="Calma-Zinc",
    type="supplement",
    approved_claims=(
        Claim(text="Zinc supports a healthy immune response.", evidence="E-12", expires=dt.date(2027, 3, 1)),
        Claim(text="Calma supports restful sleep every night", evidence="E-9", expires=dt.date(2026, 1, 31)),
    ),
)
PROFILE = Profile(products=(LUMORA, VALKOR, CALMA))


def finding(rule: str, *spans: tuple[int, int], severity: str = "high") -> Finding:
    return Finding(
        rule=rule,
        category="claims",
        severity=severity,  # type: ignore[arg-type]
        message="m",
        why="w",
        source="s",
        fix="Say it.",
        spans=tuple(Span(*span) for span in spans),
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mornings are back with LUMORA!", "Lumora"),
        ("Ask about zentaprol.", "Lumora"),
        ("calma zinc gummies in stock", "Calma-Zinc"),
        ("New: CalmaZinc™", "Calma-Zinc"),
        ("Valkorette is a dance", None),
        ("Nothing to sell", None),
    ],
)
def test_a_product_is_known_by_its_names(text: str, name: str | None) -> None:
    found = ProductNames(PROFILE).named(text)
    assert (found.name if found else None) == name


def test_the_words_give_product_and_kind_only_where_nobody_said() -> None:
    names = ProductNames(PROFILE)
    assert names.about(Post(text="Lumora works")).product_type == "rx_drug"
    assert names.about(Post(text="Lumora works")).product == "Lumora"
    told = Post(text="Lumora works", product="Valkor")
    assert names.about(told) is told
    kept = names.about(Post(text="Lumora works", product_type="service"))
    assert kept.product_type == "service"
    comment = Post(text="Lumora made me dizzy", direction="inbound_comment")
    assert names.about(comment) is comment
    assert ProductNames(Profile()).about(told) is told


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Zinc supports a healthy immune response.", "E-12"),
        ("Our zinc supports your healthy immune response!*", "E-12"),
        ("ZINC: supports healthy immune-response", "E-12"),
        ("Zinc supports no healthy immune response", None),
        ("Zinc cures a healthy immune response", None),
        ("A healthy immune response supports zinc", None),
        ("", None),
    ],
)
def test_approved_words_pass_exactly_or_nearly(text: str, evidence: str | None) -> None:
    found = carried(text, [CALMA])
    assert [one.claim.evidence for one in found] == ([evidence] if evidence else [])


def test_the_place_of_an_approved_claim_is_that_of_its_words() -> None:
    text = "Good news! Zinc supports the healthy immune response of you"
    (place,) = carried(text, [CALMA])
    assert text[place.span.start : place.span.end] == "Zinc supports the healthy immune response"
    assert not place.is_exact
    inside, beyond = finding("FDA-08.disease", (11, 20)), finding("FDA-08.disease", (0, 20))
    assert is_carried(inside, [place]) is place
    assert is_carried(beyond, [place]) is None
    assert is_carried(finding("FDA-08.disease"), [place]) is None


def test_what_an_approved_claim_carries_is_lowered_and_says_by_what_evidence() -> None:
    post = Post(text="Zinc supports healthy immune response")
    settled = settle([finding("FDA-08.disease", (5, 20))], [], post, PROFILE, today=DAY)
    assert settled.verdict == "pass"
    assert settled.findings[0].severity == "info"
    assert settled.findings[0].labels == ("evidence: E-12",)
    late = settle([finding("FDA-08.disease", (5, 20))], [], post, PROFILE, today=dt.date(2027, 3, 2))
    assert late.verdict == "block"


def test_an_approved_claim_does_not_stand_for_the_disclaimer() -> None:
    post = Post(text="Zinc supports healthy immune response")
    settled = settle([finding("FDA-09.missing", (5, 20), severity="medium")], [], post, PROFILE, today=DAY)
    assert settled.verdict == "review"


def test_expired_evidence_is_told_and_good_evidence_is_shown() -> None:
    found = product_findings(Post(text="Calma supports restful sleep every night."), PROFILE, today=DAY)
    assert [(one.rule, one.severity) for one in found] == [("FTC-01.evidence-expired", "medium")]
    found = product_findings(Post(text="Zinc supports a healthy immune response"), PROFILE, today=DAY)
    assert [(one.rule, one.severity) for one in found] == [("FTC-01.evidence", "info")]
    assert "E-12, good until 2027-03-01" in found[0].message


def rules_of(text: str, product: str = "Lumora", **post: object) -> set[str]:
    found = product_findings(Post(text=text, product=product, **post), PROFILE, today=DAY)  # type: ignore[arg-type]
    assert {one.rule for one in found} <= set(PRODUCT_RULES)
    return {one.rule for one in found}


def test_a_boxed_warning_bars_the_bare_name() -> None:
    assert rules_of("Ask your doctor about Valkor (daxinib).", "Valkor") == {"FDA-03.boxed-warning"}
    assert rules_of("Ask your doctor about Lumora (zentaprol).") == set()
    assert rules_of("Valkor (daxinib) may cause serious infections. Boxed warning: link.", "Valkor") == set()
    assert rules_of("Join our team: careers at the makers of Valkor (daxinib)", "Valkor") == set()
    assert rules_of("I take Valkor", "Valkor", direction="inbound_comment") == set()


def test_the_generic_name_and_the_group_of_the_indication() -> None:
    assert rules_of("Lumora is here") == {"FDA-23.profile-name"}
    assert rules_of("Lumora (zentaprol) helps my 8-year-old too") == {"FDA-04.other-group"}
    assert rules_of("Lumora (zentaprol) helps adults") == set()


def test_settings_may_name_what_the_profile_shows() -> None:
    profile = Profile(rules={"FTC-01.evidence": RuleSetting(reason="seen", off=True)})
    assert unknown_rules(profile, ("FDA-08.disease",)) == ()


def test_the_disclaimer_takes_more_than_half_of_x_and_the_notice_all_of_it() -> None:
    short = Post(text="Zinc supports immune health.*", platform="x")
    room = budget(STATEMENTS["dshea"], short)
    assert (room.fits, room.is_possible) == (True, False)
    notice = budget(STATEMENTS["florida"], short)
    assert not notice.fits_short
    assert notice.short == len(FLORIDA) > 280


def test_a_link_weighs_on_x_what_x_says() -> None:
    post = Post(text="https://example.com/" + "a" * 200, platform="x")
    assert budget(STATEMENTS["dshea"], post).used == 24


def test_a_fix_holds_the_sentence_that_fits() -> None:
    post = Post(text="Zinc supports immune health.*", platform="x")
    assert DSHEA_ONE in fitted(finding("FDA-09.missing"), post, PROFILE).fix
    full = Post(text="Zinc supports immune health.* " + "So good. " * 20, platform="x")
    assert "cannot be said within the limit of X" in fitted(finding("FDA-09.missing"), full, PROFILE).fix
    florida = Post(text="Free skin check in Tampa", platform="x", region=("FL",))
    assert "cannot be said within the limit of X" in fitted(finding("ST-08.no-notice"), florida, PROFILE).fix
    roomy = Post(text="Free skin check in Tampa", platform="facebook", region=("FL",))
    assert FLORIDA in fitted(finding("ST-08.no-notice"), roomy, PROFILE).fix


def test_a_disclosure_goes_first() -> None:
    fix = fitted(finding("FTC-03.paid"), Post(text="Love my aligners", platform="instagram"), PROFILE).fix
    assert "Put it first: readers see 125 characters" in fix


def test_risks_and_generic_name_come_from_the_profile() -> None:
    post = Post(text="Lumora gave me my mornings back", platform="x", product="Lumora")
    assert "severe allergic reactions" in fitted(finding("FDA-01.medicine"), post, PROFILE).fix
    assert '"(zentaprol)"' in fitted(finding("FDA-23.name"), post, PROFILE).fix
    assert statement("risk", VALKOR) is None
    assert statement("risk") is None


def test_a_fix_without_a_statement_or_platform_stays() -> None:
    post = Post(text="Zinc cures flu", platform="x")
    one = finding("FDA-08.disease")
    assert fitted(one, post, PROFILE) is one
    other = finding("FDA-09.missing")
    assert fitted(other, Post(text="Zinc"), PROFILE) is other
    assert fitted(other, Post(text="Zinc", platform="website"), PROFILE) is other


def test_every_needed_statement_is_known() -> None:
    assert {name for name in NEEDED.values() if name not in STATEMENTS} == {"risk", "generic"}

"""Crisis mode: what is held, what passes, and when it is on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from phiguard.crisis import is_active, is_approved
from phiguard.errors import ProfileError
from phiguard.model import Post
from phiguard.profile import Profile, load_profile
from phiguard.profile_sections import Crisis
from phiguard.screener import Screener

TODAY = dt.date(2026, 5, 4)
PROMOTION = "20% off whitening in May"
TEMPLATE = "Our east wing is closed. Families may call {number}. Next update at {time}."


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(today=TODAY)


def rules_of(screener: Screener, crisis: Crisis, post: Post | str) -> set[str]:
    screening = screener.speaking_for(Profile(crisis=crisis)).screen(post)
    return {finding.rule for finding in screening if finding.rule.startswith("CMT-11")}


def test_a_promotion_waits_for_review_and_says_why(screener: Screener) -> None:
    screening = screener.speaking_for(Profile(crisis=Crisis(active=True))).screen(PROMOTION)
    assert screening.verdict == "review"
    (finding,) = screening.findings
    assert finding.rule == "CMT-11.hold-offer"
    assert "Crisis mode is on" in finding.message
    assert screener.screen(PROMOTION).verdict == "pass"


@pytest.mark.parametrize(
    "fields", [{"direction": "ad"}, {"paid": True}, {"paid": True, "action": "share"}], ids=str
)
def test_metadata_makes_a_promotion(screener: Screener, fields: dict[str, object]) -> None:
    post = Post(text="Two locations in Springfield.", **fields)  # type: ignore[arg-type]
    assert rules_of(screener, Crisis(active=True), post)
    assert not rules_of(screener, Crisis(), post)


def test_everything_else_is_as_ever(screener: Screener) -> None:
    on = screener.speaking_for(Profile(crisis=Crisis(active=True, topics=("fire",))))
    for text in (
        "Wash your hands for 20 seconds.",
        "Our tea cures diabetes!",
        "Nurse Ana told us that Maria Lopez, 212-555-0147, had her knee done.",
    ):
        assert on.screen(text) == screener.screen(text)
    comment = Post(text="lol 20% off? The fire was scary", direction="inbound_comment")
    assert on.screen(comment) == screener.screen(comment)


def test_an_approved_template_passes_where_its_words_would_be_held(screener: Screener) -> None:
    crisis = Crisis(active=True, topics=("east wing", "nurse"), templates=(TEMPLATE,))
    approved = "Our east wing is closed. Families may call 555-0100. Next update at 4 pm."
    assert not rules_of(screener, crisis, approved)
    assert rules_of(screener, crisis, "The east wing smells of smoke.") == {"CMT-11.hold-topic"}
    # Guesses about the cause are words on the crisis as well: approved ones pass.
    guess = "We think a nurse caused the fire, and nine were hurt."
    assert rules_of(screener, crisis, guess) > {"CMT-11.hold-topic"}
    assert not rules_of(screener, Crisis(active=True, templates=(guess,)), guess)


def test_an_approved_template_excuses_nothing_but_the_crisis(screener: Screener) -> None:
    text = "Our tea cures diabetes!"
    crisis = Crisis(active=True, templates=(text,))
    on = screener.speaking_for(Profile(crisis=crisis))
    assert on.screen(text) == screener.screen(text)


def test_the_topic_is_shown_where_it_stands(screener: Screener) -> None:
    post = Post(text="Café news: the East\u00a0 Wing, and the wing.")
    crisis = Crisis(active=True, topics=("wing", "east wing"))
    screening = screener.speaking_for(Profile(crisis=crisis)).screen(post)
    (words,) = screening.excerpts(post)
    assert words == ("East\u00a0 Wing", "wing")


@pytest.mark.parametrize(
    ("text", "approved"),
    [
        ("Our east wing is closed. Families may call 212-555-0100. Next update at 4 pm.", True),
        ("OUR EAST WING IS CLOSED.\nFamilies may call us. Next update at 4 p.m. on Friday.", True),
        ("Our east wing is closed. Families may call . Next update at 4 pm.", False),
        ("Our east wing is closed. Families may call 555-0100.", False),
        ("Our east wing is closed. Families may call 555-0100. Next update at 4 pm. Sorry.", False),
        ("Our east wing is closed. Families may call 555-0100. Next update at 4 pm! Sorry.", False),
        ("Our east wing is closed. Families may call https://example.com. Next update at 4.", False),
        ("So: Our east wing is closed. Families may call 555-0100. Next update at 4 pm.", False),
        (f"Our east wing is closed. Families may call 555-0100. Next update at {'4 ' * 40}.", False),
        ("", False),
    ],
)
def test_a_template_is_filled_with_values_alone(text: str, *, approved: bool) -> None:
    assert is_approved(text, Crisis(templates=(TEMPLATE,))) is approved


def test_a_template_without_braces_is_all_of_the_text() -> None:
    crisis = Crisis(templates=("We are closed.", "{one}{two}"))
    assert is_approved("we are  CLOSED.", crisis)
    assert not is_approved("We are closed. Really.", crisis)
    assert not is_approved("We are", Crisis(templates=("We are closed.",)))


def test_a_long_text_is_compared_in_one_pass() -> None:
    crisis = Crisis(templates=("a {x} " * 50,))
    assert not is_approved("a " * 100_000, crisis)


@pytest.mark.parametrize(
    ("crisis", "day", "on"),
    [
        (Crisis(), None, False),
        (Crisis(active=True), None, True),
        (Crisis(active=True, since=dt.date(2026, 5, 4), until=dt.date(2026, 5, 4)), None, True),
        (Crisis(active=True, since=dt.date(2026, 5, 5)), None, False),
        (Crisis(active=True, until=dt.date(2026, 5, 3)), None, False),
        (Crisis(active=True, since=dt.date(2026, 5, 5)), 6, True),
        (Crisis(active=True, until=dt.date(2026, 5, 5)), 6, False),
        (Crisis(since=dt.date(2026, 5, 1), until=dt.date(2026, 5, 9)), None, False),
    ],
)
def test_the_day_of_publishing_decides(crisis: Crisis, day: int | None, *, on: bool) -> None:
    posted_at = dt.datetime(2026, 5, day, 9, tzinfo=dt.timezone.utc) if day else None
    post = Post(text=PROMOTION, posted_at=posted_at)
    assert is_active(Profile(crisis=crisis), post, today=TODAY) is on


def test_a_file_is_a_switch_that_is_looked_at_each_time(tmp_path: Path, screener: Screener) -> None:
    path = tmp_path / "phiguard.yaml"
    path.write_text("crisis: {file: crisis.on}\n", encoding="utf-8")
    watching = screener.speaking_for(load_profile(path))
    assert watching.screen(PROMOTION).verdict == "pass"
    switch = tmp_path / "crisis.on"
    switch.touch()
    assert watching.screen(PROMOTION).verdict == "review"
    switch.unlink()
    assert watching.screen(PROMOTION).verdict == "pass"


def test_a_switch_that_cannot_be_looked_at_is_on(tmp_path: Path) -> None:
    name = tmp_path / ("x" * 5_000)
    assert is_active(Profile(crisis=Crisis(file=str(name))), Post(text=""), today=TODAY)


def test_a_setting_and_a_suppression_hold_for_these_rules_too(screener: Screener) -> None:
    profile = Profile(crisis=Crisis(active=True), rules={})
    assert screener.speaking_for(profile).screen(PROMOTION).findings
    off = load_from("rules: {CMT-11.hold-offer: {off: true, reason: We sell.}}\ncrisis: {active: true}\n")
    assert not screener.speaking_for(off).screen(PROMOTION).findings


def load_from(text: str) -> Profile:
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "phiguard.yaml"
        path.write_text(text, encoding="utf-8")
        return load_profile(path)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("crisis: {since: 2026-05-09, until: 2026-05-01}", "until: expected a day"),
        ("crisis: {actve: true}", "did you mean active?"),
        ("crisis: {topics: [fire, '']}", "crisis.topics[1]"),
    ],
)
def test_faults_are_named_by_field(text: str, fault: str) -> None:
    with pytest.raises(ProfileError, match=r"phiguard\.yaml:1") as caught:
        load_from(text)
    assert fault in str(caught.value)

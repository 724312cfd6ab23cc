"""Replies: every template is proven, for every kind of organization and platform; what is not clean is not offered."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import msgspec
import pytest

from phiguard.cli import run
from phiguard.errors import InputError, ProfileError
from phiguard.kinds.measures import MEASURES, MeasureView
from phiguard.model import Parent, Post
from phiguard.platforms import PLATFORMS
from phiguard.profile import PRESETS, Profile, load_profile, preset
from phiguard.profile_sections import Contacts, Crisis, Organization, OwnReply, Replies, ReplyChannels
from phiguard.replying import Library, Replier, load_library, offers
from phiguard.replying.fields import FIELDS, fields_in, fill, values_for
from phiguard.screener import Screener

LIBRARY = load_library()
SITUATIONS = tuple(LIBRARY.situations)
# What a comment does not show, it cannot be chosen by: crisis mode must be on.
BY_PROFILE = {"crisis-hold"}


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


def of_preset(name: str, tmp_path_factory: pytest.TempPathFactory) -> Profile:
    path = tmp_path_factory.mktemp("profile") / "phiguard.yaml"
    path.write_text(preset(name), encoding="utf-8")
    return load_profile(path)


def spoken_for(profile: Profile) -> Profile:
    """The profile of an organization that filled everything in."""
    return msgspec.structs.replace(
        profile,
        organization=msgspec.structs.replace(profile.organization, name="Larkspur Health"),
        contacts=Contacts(phones=("212-555-0100",), emails=("hello@example.com",)),
        replies=Replies(
            channels=ReplyChannels(
                complaints="our patient relations line, 212-555-0101",
                media="our media desk, media@example.com",
            ),
            hours="Monday to Friday, 8 to 6",
            name_reviewer=True,
        ),
    )


@pytest.fixture(scope="module")
def repliers(screener: Screener, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Replier]:
    return {
        name: Replier(spoken_for(of_preset(name, tmp_path_factory)), screener=screener) for name in PRESETS
    }


# --- proof -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_every_template_is_clean_as_an_answer_to_its_comments(
    repliers: dict[str, Replier], name: str
) -> None:
    replier = repliers[name]
    for situation in LIBRARY.situations.values():
        for text in situation.comments:
            comment = Post(text=text, author_name="Sunny Bell")
            found = replier.offers(comment, situation=situation.id, most=99)
            held = {one.key: one for one in found.withheld}
            if name == "behavioral":  # a Part 2 program names nobody, whatever the profile says
                held.pop("praise/2", None)
            assert not held, situation.id
            assert len(found.offers) >= len(situation.variants) - 1


def test_every_template_is_clean_on_every_platform_whose_limit_it_claims(
    screener: Screener, repliers: dict[str, Replier]
) -> None:
    claims = 0
    for name in ("hospital", "behavioral", "supplement"):
        replier = repliers[name]
        speaking = screener.speaking_for(replier.profile)
        for situation in LIBRARY.situations.values():
            comment = Post(text=situation.comments[0], author_name="Sunny Bell")
            for offer in replier.offers(comment, situation=situation.id, most=99).offers:
                parent = Parent(text=comment.text, author_name=comment.author_name)
                for platform in offer.platforms:
                    reply = Post(
                        text=offer.text, direction="outbound_reply", platform=platform, reply_to=parent
                    )
                    claims += 1
                    assert speaking.screen(reply).findings == (), offer.key
                for platform in set(PLATFORMS) - set(offer.platforms):
                    reply = Post(text=offer.text, direction="outbound_reply", platform=platform)
                    counted = MEASURES["characters"].count(MeasureView(text=reply.text, post=reply))
                    assert counted.limit is not None
                    assert counted.value > counted.limit
    assert claims > 2_000


@pytest.mark.parametrize("name", SITUATIONS)
def test_every_situation_is_proven_varied_and_fits_the_shortest_platforms(
    screener: Screener, name: str
) -> None:
    situation = LIBRARY.situations[name]
    assert len(situation.comments) >= 2
    assert len(set(situation.variants)) == len(situation.variants) >= 2
    # Without a profile there is still something to say, on X and on TikTok.
    bare = Replier(screener=screener)
    for platform in ("x", "tiktok"):
        found = bare.offers(situation.comments[0], situation=name, platform=platform, most=99)  # type: ignore[arg-type]
        assert found.offers, platform
        assert all(platform in offer.platforms for offer in found.offers)


@pytest.mark.parametrize("name", [name for name in SITUATIONS if name not in BY_PROFILE])
def test_a_comment_shows_its_situation(screener: Screener, name: str) -> None:
    replier = Replier(screener=screener)
    for text in LIBRARY.situations[name].comments:
        assert name in replier.offers(text).situations, text


def test_templates_hold_only_known_fields_and_no_number_of_their_own() -> None:
    for templates in LIBRARY.templates.values():
        for template in templates:
            assert set(template.fields) <= set(FIELDS), template.key
            assert not any(letter.isdigit() for letter in template.text), template.key
            # An emoji or a shout would be out of place under a complaint.
            assert template.text.isascii()


@pytest.mark.parametrize("region", ["US", "TX", "UK", "EU", "AU", "NZ", "CAN"])
def test_life_safety_has_an_answer_in_every_region(screener: Screener, region: str) -> None:
    replier = Replier(Profile(regions=(region,)), screener=screener)  # type: ignore[arg-type]
    for name in ("self-harm", "self-harm-other", "emergency", "poisoning", "abuse-report"):
        comment = LIBRARY.situations[name].comments[0]
        found = replier.offers(comment, situation=name, most=99)
        assert found.offers, name
        if region not in {"US", "TX"}:
            assert not any("911" in offer.text and region != "CAN" for offer in found.offers)


# --- choice ----------------------------------------------------------------------------------------------


def test_life_safety_is_answered_before_all_else(screener: Screener) -> None:
    found = Replier(screener=screener).offers(
        "Waited 4 hours, the bill is a rip off, and I have the pills in front of me, I can't do this anymore"
    )
    assert found.situations[0] == "self-harm"
    assert {offer.situation for offer in found.offers} == {"self-harm"}
    assert len(found.advice) == len(found.situations) > 1


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("Blue is my favorite color", "other"),
        ("You bunch of idiots, who does that?", "abuse"),
        ("Do you validate parking?", "question"),
        ("Can I book an appointment for Friday?", "appointment"),
        ("Thank you all, so kind!", "praise"),
        ("", "other"),
    ],
)
def test_words_decide_where_nothing_is_found(screener: Screener, text: str, situation: str) -> None:
    assert Replier(screener=screener).offers(text).situations == (situation,)


def test_a_special_complaint_is_chosen_over_the_general_one(screener: Screener) -> None:
    found = Replier(screener=screener).offers("They charged me twice and nobody answers the phone")
    assert "complaint" not in found.situations
    assert found.situations[0].startswith("complaint-")


def test_in_crisis_mode_a_topic_gets_words_that_hold(screener: Screener) -> None:
    crisis = Crisis(active=True, topics=("fire", "east wing"))
    replier = Replier(Profile(crisis=crisis), screener=screener)
    assert replier.offers("What is burning in the East Wing?").situations[0] == "crisis-hold"
    assert replier.offers("Is the lab open?").situations == ("question",)
    assert (
        replier.offers("My dad is in the east wing and can't breathe right now").situations[0] == "emergency"
    )


def test_the_same_comment_gets_the_same_replies_and_neighbors_others(screener: Screener) -> None:
    replier = Replier(screener=screener)
    texts = [f"Great team, so kind! {number}" for number in range(12)]
    first = [replier.offers(text).offers[0].key for text in texts]
    assert first == [replier.offers(text).offers[0].key for text in texts]
    assert len(set(first)) >= 3
    one = replier.offers("Great team!", key="a", most=99)
    assert {offer.key for offer in one.offers} == {
        offer.key for offer in replier.offers("Great team!", key="b", most=99).offers
    }


def test_what_was_used_last_comes_last(screener: Screener) -> None:
    replier = Replier(screener=screener)
    found = replier.offers("Great team!", most=99).offers
    again = replier.offers("Great team!", most=99, last={found[0].key}).offers
    assert again[0].key != found[0].key
    assert again[-1].key == found[0].key


# --- what is withheld ------------------------------------------------------------------------------------


def test_a_reply_that_breaks_a_rule_with_this_comment_is_withheld_and_told(screener: Screener) -> None:
    own = (
        OwnReply(situation="praise", text="So glad that your surgery went well!"),
        OwnReply(situation="praise", text="Kind words make our day."),
    )
    replier = Replier(Profile(replies=Replies(templates=own)), screener=screener)
    found = replier.offers("You are the best, thanks for everything", most=99)
    assert found.offers[0].key == "own/praise/2"
    (held,) = [one for one in found.withheld if one.key == "own/praise/1"]
    assert any(rule.startswith("RPL") for rule in held.rules)
    assert [fault.key for fault in replier.faults()] == ["own/praise/1"]


def test_an_echo_is_withheld_only_beside_the_comment_that_it_echoes(screener: Screener) -> None:
    own = (OwnReply(situation="praise", text="We are proud of our veneers team. Thank you!"),)
    replier = Replier(Profile(replies=Replies(templates=own)), screener=screener)
    keys = [
        offer.key for offer in replier.offers("I love my new veneers", situation="praise", most=99).offers
    ]
    assert "own/praise/1" not in keys


def test_what_is_too_long_is_withheld(screener: Screener) -> None:
    own = (OwnReply(situation="praise", text="Thank you! " * 30),)
    replier = Replier(Profile(replies=Replies(templates=own)), screener=screener)
    held = {one.key: one for one in replier.offers("Great team!", platform="x", most=99).withheld}
    assert "x takes 280" in held["own/praise/1"].reason
    offered = replier.offers("Great team!", platform="facebook", most=99).offers
    assert "own/praise/1" in {offer.key for offer in offered}


def test_an_own_reply_may_be_for_some_platforms(screener: Screener) -> None:
    own = (OwnReply(situation="praise", text="Thank you!", platforms=("yelp",)),)
    replier = Replier(Profile(replies=Replies(templates=own)), screener=screener)
    assert replier.offers("Great team!", platform="yelp").offers[0].key == "own/praise/1"
    held = {one.key: one.reason for one in replier.offers("Great team!", platform="x").withheld}
    assert held["own/praise/1"] == "is not for x"


def test_what_the_profile_lacks_is_told(screener: Screener) -> None:
    held = {one.key: one.reason for one in Replier(screener=screener).offers(situation="praise").withheld}
    assert held["praise/3"] == "needs {name}: set organization.name in the profile"


# --- names and fields ------------------------------------------------------------------------------------


def test_nobody_is_named_unless_the_profile_allows_it(screener: Screener) -> None:
    comment = Post(text="Great team, so kind!", author_name="Sunny Bell", author="sunny88")

    def texts(profile: Profile, situation: str = "praise") -> str:
        found = Replier(profile, screener=screener).offers(comment, situation=situation, most=99)
        return " ".join(offer.text for offer in found.offers)

    allowed = Profile(replies=Replies(name_reviewer=True))
    assert "Sunny" not in texts(Profile())
    assert "Sunny, thank you" in texts(allowed)
    assert "Bell" not in texts(allowed)
    assert "Sunny" not in texts(allowed, "complaint")
    part2 = msgspec.structs.replace(allowed, organization=Organization(org_type="part2_program"))
    assert "Sunny" not in texts(part2)


def test_fields_come_from_the_profile() -> None:
    profile = spoken_for(Profile())
    values = values_for(profile, channel="complaints")
    assert values["contact"] == "our patient relations line, 212-555-0101"
    assert values_for(profile, channel="booking")["contact"] == "us at 212-555-0100"
    assert values_for(profile)["hours"] == "Monday to Friday, 8 to 6"
    assert "contact" not in values_for(Profile())
    assert profile.own_value("(212) 555-0101")
    assert profile.own_value("media@example.com")
    assert fill("{reviewer} and {name}", {"reviewer": "ana", "name": "b"}) == "Ana and b"
    assert fields_in("{name}, {hours} and {name}") == ("name", "hours")


def test_a_comment_may_say_where_it_comes_from() -> None:
    assert values_for(Profile(), regions=("UK",))["crisis_line"] == "call Samaritans on 116 123"


# --- own templates ---------------------------------------------------------------------------------------


def library_of(tmp_path: Path, replies: str, **files: str) -> Library:
    folder = tmp_path / "replies"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    path = tmp_path / "phiguard.yaml"
    path.write_text(f"replies: {replies}\n", encoding="utf-8")
    return load_library(load_profile(path))


def test_own_replies_come_from_the_profile_and_from_a_folder(tmp_path: Path) -> None:
    library = library_of(
        tmp_path,
        "{folder: replies, templates: [{situation: praise, text: Thank you!}]}",
        ours="replies:\n  - {situation: praise, text: Kind words!}\n  - {situation: question, text: Ask us.}\n",
    )
    keys = [template.key for template in library.templates["praise"]]
    assert keys[:3] == ["own/praise/1", "own/praise/2", "praise/1"]
    assert library.templates["question"][0].place == "ours.yaml:3: replies[1]"


@pytest.mark.parametrize(
    ("replies", "content", "fault"),
    [
        ("{templates: [{situation: prais, text: Hi}]}", "", "replies.templates[0]: situation: there is none"),
        ("{templates: [{situation: prais, text: Hi}]}", "", "did you mean praise?"),
        ("{templates: [{situation: praise, text: 'Hi {nmae}'}]}", "", "text: has a field in braces"),
        ("{folder: replies}", "", "holds no .yaml file"),
        ("{folder: replies}", "replies: [{situation: praise, txt: Hi}]", "ours.yaml:1: replies[0].txt"),
        ("{folder: replies}", "replies:\n  - {situation: zzz, text: Hi}", "ours.yaml:2: replies[0]"),
        ("{folder: replies}", "replies: [", "ours.yaml:2"),
        ("{folder: replies}", "text: Hi", "ours.yaml:1"),
    ],
)
def test_faults_of_own_replies_are_named_and_hold_none_of_their_words(
    tmp_path: Path, replies: str, content: str, fault: str
) -> None:
    with pytest.raises(ProfileError) as caught:
        library_of(tmp_path, replies, **({"ours": content} if content else {}))
    assert fault in str(caught.value)
    assert "nmae" not in str(caught.value)
    assert "zzz" not in str(caught.value)


def test_a_name_that_there_is_not_gets_near_ones(screener: Screener) -> None:
    replier = Replier(screener=screener)
    with pytest.raises(InputError, match="did you mean praise"):
        replier.offers(situation="prais")
    with pytest.raises(InputError, match="give a comment"):
        replier.offers()
    assert len(replier.offers(situation="clinical").offers) == 3


def test_what_is_answered_holds_no_word_of_the_comment(screener: Screener) -> None:
    comment = Post(
        text="Zanzibar quince! It's Odessa Trell, 212-555-0147, my surgery was great",
        author_name="Odessa Trell",
    )
    found = Replier(screener=screener).offers(comment, most=99)
    told = (msgspec.json.encode(found).decode() + repr(found)).lower()
    for secret in ("zanzibar", "quince", "odessa", "trell", "0147", "surgery"):
        assert secret not in told


def test_the_function_answers_for_a_profile() -> None:
    found = offers("Great team, so kind!", profile=spoken_for(Profile()), platform="tiktok", most=9)
    assert found.situations == ("praise",)
    assert any("Larkspur Health" in offer.text for offer in found.offers)


# --- the command -----------------------------------------------------------------------------------------


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["reply", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_command_offers_and_tells_what_it_holds_back(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = called(capsys, "--for", "praise", "--platform", "x")
    assert code == 0
    assert "praise/1" in out
    assert "held back  praise/3" in err


def test_the_command_reads_a_comment_from_a_file_and_from_standard_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "comment.json"
    path.write_text(json.dumps({"text": "Great team, zanzibar!", "platform": "tiktok"}), encoding="utf-8")
    code, out, err = called(capsys, "--comment", str(path), "--format", "json")
    found = json.loads(out)
    assert (code, found["situations"]) == (0, ["praise"])
    assert all("tiktok" in offer["platforms"] for offer in found["offers"])
    assert "zanzibar" not in out + err
    stdin = io.TextIOWrapper(io.BytesIO(b"Waited four hours, ridiculous\n"))
    monkeypatch.setattr(sys, "stdin", stdin)
    code, out, _ = called(capsys, "--comment", "-")
    assert out.startswith("complaint-wait: ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--list shows the situations"),
        (("--for", "zanzibar"), "there is no situation or route"),
        (("--comment", "zanzibar.txt"), "names no file"),
        (("--for", "praise", "--platform", "zanzibar"), "choose from"),
    ],
)
def test_what_cannot_be_used_says_what_to_do(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    code, out, err = called(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert "zanzibar" not in err


def test_the_command_lists_situations_and_checks_own_replies(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = called(capsys, "--list")
    assert code == 0
    assert all(name in out for name in SITUATIONS)
    path = tmp_path / "phiguard.yaml"
    path.write_text(
        "replies: {templates: [{situation: praise, text: Glad your surgery went well!}]}\n", encoding="utf-8"
    )
    code, out, _ = called(capsys, "--check", "--profile", str(path))
    assert code == 1
    assert out.splitlines()[-1] == "0 of 1 own replies can be offered."


def test_without_a_reply_the_exit_code_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "comment.json"
    path.write_text(json.dumps({"text": "tHank " * 3, "platform": "x"}), encoding="utf-8")
    code, _, _ = called(capsys, "--comment", str(path), "--for", "praise")
    assert code == 0

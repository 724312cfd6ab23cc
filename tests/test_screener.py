"""The line as a whole: places, determinism, streams, failing closed, threads, pickles."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import threading
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import phiguard
from phiguard.batch import screen_lines
from phiguard.kinds.base import View
from phiguard.kinds.phrase import PhraseMatcher
from phiguard.model import Gap, Media, Parent, Post, Screening, text_of
from phiguard.profile import Profile
from phiguard.screener import Screener
from tests.strategies import texts

SCREENER = Screener(today=dt.date(2026, 1, 1))

posts = st.builds(
    Post,
    text=texts,
    id=st.sampled_from(["", "p1"]),
    direction=st.sampled_from([None, "outbound_reply", "ad", "inbound_comment", "inbound_review"]),
    platform=st.sampled_from([None, "x", "instagram"]),
    product_type=st.sampled_from([None, "supplement", "rx_drug"]),
    reply_to=st.one_of(st.none(), st.builds(Parent, text=texts, author=st.sampled_from([None, "sunny88"]))),
    media=st.lists(st.builds(Media, alt_text=st.one_of(st.none(), texts)), max_size=2).map(tuple),
    material_connection=st.sampled_from([None, "paid"]),
)


@given(posts)
@settings(max_examples=200)
def test_places_lie_in_the_text_sorted_and_apart(post: Post) -> None:
    screening = SCREENER.screen(post)
    for finding in screening:
        text = text_of(post, finding.field)
        end = 0
        for span in finding.spans:
            assert end <= span.start <= span.end <= len(text)
            end = span.end
    assert screening.complete is not bool(screening.unscreened)


@given(posts)
def test_the_same_post_gives_the_same_bytes(post: Post) -> None:
    again = Screener(today=dt.date(2026, 1, 1)) if post.id else SCREENER
    assert msgspec.json.encode(SCREENER.screen(post)) == msgspec.json.encode(again.screen(post))


@given(st.lists(posts, max_size=5))
def test_a_stream_gives_what_each_post_gives_alone(many: list[Post]) -> None:
    alone = [SCREENER.screen(post) for post in many]
    assert list(SCREENER.screen_many(many)) == alone
    lines = [json.dumps(msgspec.to_builtins(post)).encode() for post in many]
    assert list(screen_lines(SCREENER, lines)) == [msgspec.json.encode(one) + b"\n" for one in alone]


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(SCREENER.screen(text), Screening)


@pytest.mark.parametrize(
    "char", ["a", "A", " ", "\x00", "\ud800", "😂", "#", "@", "1", "é", "\u202e", ".", "\u200b", "İ", "-"]
)
def test_a_megabyte_of_one_character_gets_an_answer(char: str) -> None:
    screener = Screener(
        msgspec.structs.replace(
            Profile(), limits=msgspec.structs.replace(Profile().limits, max_characters=2_000_000)
        )
    )
    for post in (
        Post(text=char * 1_000_000),
        Post(text="x", direction="outbound_reply", reply_to=Parent(text=char * 1_000_000)),
    ):
        assert isinstance(screener.screen(post), Screening)


def test_a_text_over_the_limit_is_a_gap() -> None:
    screening = SCREENER.screen("a " * 60_000)
    assert not screening.complete
    assert screening.unscreened == (
        Gap(what="text", reason="longer than the profile's limits.max_characters"),
    )
    assert screening.verdict == "review"


def test_a_rule_that_breaks_is_a_gap_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    canary = "zero side effects for Wilhelmina"
    before = SCREENER.screen(canary)

    def broken(_matcher: PhraseMatcher, view: View) -> object:
        raise RuntimeError(view.normal.text)

    monkeypatch.setattr(PhraseMatcher, "matches", broken)
    screening = SCREENER.screen(canary + " Our FDA-approved clinic.")
    assert before.complete
    assert not screening.complete
    assert screening.verdict in {"review", "block"}
    assert any(
        gap.what.startswith("rule FDA-22") and gap.reason == "failed: RuntimeError"
        for gap in screening.unscreened
    )
    assert "Wilhelmina" not in repr(screening)


def test_whatever_breaks_the_line_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def normalize(self, text: str, **_: bool) -> object:
            raise ValueError(text)

    monkeypatch.setattr(SCREENER, "_normalizer", Broken())
    screening = SCREENER.screen("Wilhelmina")
    assert screening == Screening(
        verdict="review", complete=False, unscreened=(Gap(what="post", reason="failed: ValueError"),)
    )


def test_an_image_that_nobody_described_is_a_gap() -> None:
    undescribed = SCREENER.screen(Post(text="New hours.", media=(Media(),)))
    assert [gap.what for gap in undescribed.unscreened] == ["media[0]"]
    assert undescribed.verdict != "pass"
    described = SCREENER.screen(Post(text="New hours.", media=(Media(alt_text="A sign with the new hours"),)))
    assert described.complete


def test_words_in_a_picture_are_screened() -> None:
    post = Post(
        text="See our sale.", media=(Media(alt_text="A poster", ocr_text="Zero side effects, guaranteed!"),)
    )
    found = {(finding.rule.partition(".")[0], finding.field) for finding in SCREENER.screen(post)}
    assert ("FDA-22", "media[0].ocr_text") in found


def test_a_reply_is_screened_with_its_parent() -> None:
    reply = Post(
        text="Your veneers look wonderful!",
        direction="outbound_reply",
        reply_to=Parent(text="So happy with my new veneers", author="sunny88"),
    )
    found = {finding.rule.partition(".")[0] for finding in SCREENER.screen(reply)}
    assert "RPL-05" in found
    alone = {
        finding.rule.partition(".")[0]
        for finding in SCREENER.screen(Post(text=reply.text, direction="outbound_reply"))
    }
    assert "RPL-05" not in alone


def test_patients_and_the_public_are_never_violators() -> None:
    words = "I beat cancer here in 2023, they have zero side effects, thank you for choosing me"
    for direction in ("inbound_comment", "inbound_review"):
        findings = SCREENER.screen(Post(text=words, direction=direction)).findings
        assert all(finding.route for finding in findings)


def test_approved_words_pass_and_expired_ones_do_not(tmp_path: Path) -> None:
    profile_file = tmp_path / "phiguard.yaml"
    text = "The Calmora laser treatment has no side effects"
    profile_file.write_text(
        "organization: {name: Acme, org_type: device}\n"
        "products:\n  - name: Calmora\n    type: device_510k\n    approved_claims:\n"
        f"      - {{text: '{text}', evidence: E-1, expires: 2026-06-30}}\n",
        encoding="utf-8",
    )
    profile = phiguard.load_profile(profile_file)
    before = Screener(profile, today=dt.date(2026, 6, 1)).screen(text)
    after = Screener(profile, today=dt.date(2026, 7, 1)).screen(text)
    assert "FDA-22.no-side-effects" in {finding.rule for finding in after}
    assert "FDA-22.no-side-effects" not in {finding.rule for finding in before}


def test_what_was_excused_can_be_asked() -> None:
    excuses = SCREENER.excused("No medicine has zero side effects.")
    assert any(excuse.rule.startswith("FDA-22") and excuse.saved_by for excuse in excuses)


def test_threads_share_a_screener() -> None:
    words = ["Zero side effects!", "Our FDA-approved clinic", "Have a nice day"] * 30
    expected = [SCREENER.screen(text) for text in words]
    wrong: list[int] = []

    def work() -> None:
        wrong.extend(at for at, text in enumerate(words) if SCREENER.screen(text) != expected[at])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_screener_and_its_values_pickle() -> None:
    screening = SCREENER.screen("Our FDA-approved clinic has zero side effects")
    again = pickle.loads(pickle.dumps(SCREENER))  # noqa: S301
    assert pickle.loads(pickle.dumps(screening)) == screening  # noqa: S301
    assert again.screen("Zero side effects!") == SCREENER.screen("Zero side effects!")
    with pytest.raises(phiguard.RuleError) as error:
        phiguard.load_rules([Path("/nowhere")])
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)  # noqa: S301


def test_reprs_hold_no_text() -> None:
    post = Post(
        text="Wilhelmina",
        author="Wilhelmina",
        reply_to=Parent(text="Wilhelmina"),
        media=(Media(alt_text="Wilhelmina"),),
    )
    assert "Wilhelmina" not in repr(post) + repr(post.reply_to) + repr(post.media) + repr(SCREENER) + repr(
        SCREENER.screen(post)
    )


def test_the_public_names_are_there() -> None:
    assert set(phiguard.__all__) >= {
        "screen",
        "Screener",
        "Post",
        "Media",
        "Parent",
        "Finding",
        "Screening",
        "Profile",
        "load_rules",
        "load_profile",
    }
    for name in phiguard.__all__:
        assert getattr(phiguard, name) is not None
    screening = phiguard.screen("Zero side effects!")
    assert [finding.rule for finding in screening] == [finding.rule for finding in screening.findings]
    assert screening.excerpts(Post(text="Zero side effects!"))[0][0].startswith("Zero side effects")


def test_more_places_than_are_looked_at_are_a_gap() -> None:
    screening = SCREENER.screen("No medicine has zero side effects. " * 600)
    assert any(gap.what.startswith("rule FDA-22") for gap in screening.unscreened)
    assert screening.verdict != "pass"

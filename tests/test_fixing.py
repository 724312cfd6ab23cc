"""Mechanical corrections: what is put right, what is left alone, and that nothing gets worse."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phiguard.cli import run
from phiguard.errors import RuleError
from phiguard.fixing import Fixer
from phiguard.fixing.draft import Draft, Edit
from phiguard.fixing.words import pairs_of, swapped
from phiguard.kinds.measures import MEASURES, MeasureView
from phiguard.model import Media, Parent, Post, Span
from phiguard.packs import PackFile
from phiguard.profile import Profile
from phiguard.profile_sections import Organization, Product
from phiguard.proving import as_post
from phiguard.rules import assemble
from phiguard.screener import Screener


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


@pytest.fixture(scope="module")
def fixer(screener: Screener) -> Fixer:
    return Fixer(screener=screener)


def post(text: str, **fields: object) -> Post:
    return Post(text=text, **fields)  # type: ignore[arg-type]


# --- what is put right -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        # terms, with case, plural and article
        ("Diabetics are welcome on Tuesday.", "People with diabetes are welcome on Tuesday."),
        ("Diets for type 2 diabetics", "Diets for people with type 2 diabetes"),
        ("A talk on myocardial infarction.", "A talk on heart attack."),
        (
            "Anticoagulants and leafy greens can clash.",
            "Blood thinners and leafy greens can clash.",
        ),
        ("Ask for an anticoagulant card.", "Ask for a blood thinner card."),
        ("See an ophthalmologist once a year.", "See an eye doctor once a year."),
        ("A day out for AIDS victims and their kids.", "A day out for people with AIDS and their kids."),
        (
            "Warm socks for homeless families at our door today.",
            "Warm socks for families experiencing homelessness at our door today.",
        ),
        ("Watch Your Hypertension This Spring", "Watch Your High Blood Pressure This Spring"),
        ("New tips on hyper\u00adtension this spring", "New tips on high blood pressure this spring"),
        # hashtags
        ("Wear pink on Friday! #breasthealthday", "Wear pink on Friday! #BreastHealthDay"),
        ("#WORLDKIDNEYDAY is next week.", "#WorldKidneyDay is next week."),
        # emoji
        ("Vaccines have arrived 💉💉💉💉", "Vaccines have arrived 💉"),
        ("It's a girl 👶🍼🎀💗", "It's a girl 👶🍼🎀"),
        (
            "Sun ☀️! Sand 🏖️! Sea 🌊! Hat 👒! Water 💧! Shade 🌴",
            "Sun ☀️! Sand 🏖️! Sea 🌊! Hat 👒! Water 💧! Shade",
        ),
        # letters
        ("𝗕𝗼𝗼𝗸 𝗻𝗼𝘄 for spring", "Book now for spring"),
        ("GET YOUR FLU SHOT ON FRIDAY BEFORE LUNCH", "Get your flu shot on Friday before lunch"),
        ("PLEASE CALL US. I WILL ANSWER THE PHONE.", "Please call us. I will answer the phone."),
        ("FREE CPR CLASS FOR PARENTS THIS WEEKEND", "Free CPR class for parents this weekend"),
    ],
)
def test_what_needs_no_judgement_is_put_right(fixer: Fixer, text: str, fixed: str) -> None:
    answer = fixer.fix(text)
    assert answer.text == fixed
    assert answer.changes
    assert answer.is_clean


def test_a_disclosure_goes_to_the_front(fixer: Fixer) -> None:
    text = "Glass skin season! #skin #glow #dewy #ad"
    assert fixer.fix(post(text, author_role="influencer")).text == "#ad Glass skin season! #skin #glow #dewy"
    long = "My honest week with a sleep tracker and a dog. " * 4 + "I earn a commission."
    answer = fixer.fix(post(long, platform="instagram", author_role="influencer"))
    assert answer.text.startswith("I earn a commission. My honest week")
    assert answer.text.count("commission") == 1


def test_a_missing_note_is_added_where_it_fits(fixer: Fixer) -> None:
    text = "Avoid dairy if you have eczema."
    answer = fixer.fix(post(text, author_role="clinician"))
    assert answer.text == f"{text}\nGeneral information, not medical advice. Talk with your clinician."
    (change,) = answer.changes
    assert (change.how, change.was) == ("add", (Span(len(text), len(text)),))
    long = f"{'Walk a little every day. ' * 9}{text}"
    answer = fixer.fix(post(long, author_role="clinician", platform="x"))
    assert answer.text == long
    assert any("x takes 280" in one.reason for one in answer.refused)
    assert fixer.fix(post(long, author_role="clinician", platform="threads")).text != long


def test_the_statement_of_the_law_is_linked_to_each_claim(fixer: Fixer) -> None:
    one = fixer.fix(post("Promotes restful sleep.", product_type="supplement"))
    assert one.text.startswith("Promotes restful sleep.*\n*This statement has not been evaluated")
    two = fixer.fix(post("Feed your brain. Fuel your focus.", product_type="supplement"))
    assert "*These statements have not" in two.text
    assert one.is_clean
    assert two.is_clean
    drug = fixer.fix(post("Promotes restful sleep.", product_type="rx_drug"))
    assert "evaluated" not in drug.text


def test_a_crisis_line_is_that_of_the_region(screener: Screener) -> None:
    text = "Know the warning signs of suicide."
    assert "988" in Fixer(screener=screener).fix(text).text
    in_uk = Fixer(Profile(regions=("UK",)), screener=screener).fix(text)
    assert "116 123" in in_uk.text
    assert "988" not in in_uk.text


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        (
            "Our patient Dorothea danced for all of us at lunch.",
            "Our patient [Person A] danced for all of us at lunch.",
        ),
        ("Can billing check 219-09-9999 for her?", "Can billing check [Number A] for her?"),
        (
            "Drivers license number 55-120-338 was scanned twice.",
            "Drivers license number [Number A] was scanned twice.",
        ),
        (
            "Hi @nadia.k.paints! Your tubal consult is at 10, see you then.",
            "Hi [Handle A]! Your tubal consult is at 10, see you then.",
        ),
        ("Baby Theo is out of the NICU, go Theo!", "Baby [Person A] is out of the NICU, go [Person A]!"),
        ("Congrats Jamal, no more braces!", "Congrats, no more braces!"),
    ],
)
def test_an_identifier_is_taken_out_whole_and_everywhere(fixer: Fixer, text: str, fixed: str) -> None:
    answer = fixer.fix(text)
    assert answer.text == fixed
    assert answer.wants_words is ("[" in fixed)


def test_alt_texts_are_ours_and_words_in_a_picture_are_not(fixer: Fixer) -> None:
    media = (Media(alt_text="A class for diabetics", ocr_text="A class for diabetics"),)
    answer = fixer.fix(post("Come on Friday.", media=media))
    assert answer.post.media[0].alt_text == "A class for people with diabetes"
    assert answer.post.media[0].ocr_text == "A class for diabetics"
    assert {change.field for change in answer.changes} == {"media[0].alt_text"}


def test_names_of_the_profile_keep_their_letters(screener: Screener) -> None:
    profile = Profile(
        organization=Organization(name="LarkSpur Health"),
        products=(Product(name="KneeWell"),),
        hashtags=("#LARKstrong",),
    )
    fixer = Fixer(profile, screener=screener)
    assert (
        fixer.fix("TRY THE NEW KNEEWELL BRACE AT LARKSPUR HEALTH TODAY").text
        == "Try the new KneeWell brace at LarkSpur Health today"
    )


def test_a_rule_that_is_nothing_but_better_words_is_typed_too() -> None:
    rule = _rule("T-01", "staff members").replace("kind: phrase", "kind: substitution")
    rule = rule.replace("phrases: [staff members]", "swap: [{say: care team, instead_of: [staff members]}]")
    fixer = Fixer(screener=Screener(rules=assemble([("t.yaml", f"rules:\n{rule}{_english()}".encode())])))
    assert (
        fixer.fix("Our staff members wave. Staff members sing.").text == "Our care team wave. Care team sing."
    )


# --- what is left alone ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Our tea cures diabetes!",
        "Wash your hands for 20 seconds.",
        "We ❤️ nurses ❤️ doctors ❤️ cooks ❤️ drivers ❤️ cleaners ❤️ and all of you",
        "Hypertension Clinic opens on Tuesday.",
        'The word "diabetics" names people by their illness. Say "people with diabetes".',
        "",
    ],
)
def test_a_claim_and_what_is_right_already_stay_as_they_are(fixer: Fixer, text: str) -> None:
    answer = fixer.fix(text)
    assert (answer.text, answer.changes) == (text, ())


def test_what_others_wrote_is_not_corrected(fixer: Fixer) -> None:
    comment = post("You diabetics! 212-555-0147 #breasthealthday", direction="inbound_comment")
    assert fixer.fix(comment).post == comment


def test_a_correction_that_brings_something_new_is_refused() -> None:
    rules = assemble([_PACK])
    fixer = Fixer(screener=Screener(rules=rules))
    answer = fixer.fix("A grumpkin for you")
    assert answer.text == "A grumpkin for you"
    (refused,) = answer.refused
    assert (refused.rule, refused.broke) == ("T-01", ("T-02",))
    assert "grumpkin" not in repr(refused)


def test_better_words_must_not_hide_a_claim() -> None:
    claim = _rule("T-02", "grumpkin").replace("category: brand", "category: claims")
    pack = _pack("{swap: [{say: bampkin, instead_of: [grumpkin]}]}")
    content = pack[1].replace(_rule("T-02", "bumpkin").encode(), claim.encode())
    answer = Fixer(screener=Screener(rules=assemble([("t.yaml", content)]))).fix("A grumpkin for you")
    assert answer.text == "A grumpkin for you"
    (refused,) = answer.refused
    assert (refused.reason, refused.broke) == ("other findings would no longer be seen", ("T-02",))


def test_what_would_be_found_all_the_same_is_refused(fixer: Fixer) -> None:
    reply = post("Thank you, Maria, for coming in!", reply_to=Parent(text="Great office"))
    answer = fixer.fix(reply)
    assert answer.text == reply.text
    assert {one.reason for one in answer.refused} == {"it would be found all the same"}


# --- rules and their data --------------------------------------------------------------------------------


def test_every_rewrite_of_the_shipped_rules_corrects_its_own_examples(
    screener: Screener, fixer: Fixer
) -> None:
    weak = {}
    for rule in screener.rules.rules:
        if rule.rewrite is None:
            continue
        fixed = [fixer.fix(as_post(rule, example)) for example in rule.flags]
        gone = sum(not any(finding.rule == rule.id for finding in one.screening) for one in fixed)
        if gone * 3 < len(fixed):
            weak[rule.id] = (gone, len(fixed))
    # Three of its five examples hold words that only a person can replace ("Bedridden people").
    weak.pop("BRD-03.wheelchair", None)
    assert weak == {}


def test_no_flagged_example_gets_worse(screener: Screener, fixer: Fixer) -> None:
    tried = 0
    for rule in screener.rules.rules:
        if rule.category == "brand" and rule.applies_to.get("direction", ("outbound",))[0] != "inbound":
            example = as_post(rule, rule.flags[0])
            before = {finding.rule for finding in screener.screen(example)}
            answer = fixer.fix(example)
            assert {finding.rule for finding in answer.screening} <= before, rule.id
            assert answer.screening == screener.screen(answer.post)
            tried += 1
    assert tried > 20


def _rule(rule_id: str, word: str, rewrite: str = "") -> str:
    return (
        f"  - {{id: {rule_id}, kind: phrase, title: T, category: brand, severity: low, message: M, why: W,"
        f" source: S, fix: F, phrases: [{word}],"
        f" {f'rewrite: {rewrite},' if rewrite else ''}"
        f" flags: [{word}], passes: [no]}}\n"
    )


def _pack(rewrite: str) -> PackFile:
    return (
        "t.yaml",
        ("rules:\n" + _rule("T-01", "grumpkin", rewrite) + _rule("T-02", "bumpkin") + _english()).encode(),
    )


def _english() -> str:
    return "lexicons:\n  english_word: {terms: [a, for, you]}\n"


_PACK = _pack("{swap: [{say: bumpkin, instead_of: [grumpkin]}]}")


@pytest.mark.parametrize(
    ("rewrite", "fault"),
    [
        ("{}", "exactly one of swap, add and front"),
        ("{add: x, front: ['#ad']}", "exactly one of swap, add and front"),
        ("{front: ['#ad'], mark: '*'}", "without add"),
        ("{swap: [{say: '', instead_of: [grumpkin]}]}", "needs what to say"),
        ("{swap: [{say: 'a(b|c)', instead_of: ['grumpkin[s|es]']}]}", "has 3 forms and what to say has 2"),
        ("{swap: [{say: b, instead_of: ['<nothing>']}]}", "rewrite.swap[0]"),
        ("{swop: []}", "rewrite.swop: unknown field; did you mean swap?"),
    ],
)
def test_faults_of_a_rewrite_are_named_by_file_rule_and_field(rewrite: str, fault: str) -> None:
    with pytest.raises(RuleError) as caught:
        assemble([_pack(rewrite)])
    assert "t.yaml:" in str(caught.value)
    assert fault in str(caught.value)


class Saying(msgspec.Struct, frozen=True):
    say: str
    instead_of: tuple[str, ...] = ()


def test_advice_is_taken_only_where_it_fits_as_it_stands() -> None:
    sayings = [
        Saying("care team", ("staff members",)),
        Saying("heart attack", ("infarction[s]",)),
        Saying("blood clot[s]", ("thromb(us|i)",)),
        Saying("", ("utterly",)),
    ]
    pairs = pairs_of(sayings, {}, is_advice=True)
    assert pairs == {
        ("staff", "members"): "care team",
        ("thrombus",): "blood clot",
        ("thrombi",): "blood clots",
    }
    assert pairs_of(sayings, {})[("infarctions",)] == "heart attack"


def test_a_name_is_written_just_so() -> None:
    pairs = pairs_of([Saying("MyChart", ("my chart",))], {}, exact=True)
    text = "Use Mychart, MYCHART or My Chart."
    edits = swapped(text, [Span(0, len(text))], pairs, exact=True)
    assert Draft(text).edited(edits, 0).text == "Use MyChart, MyChart or MyChart."


# --- places ----------------------------------------------------------------------------------------------


def test_a_change_tells_its_places_before_and_after(fixer: Fixer) -> None:
    text = "Hi! Diabetics and epileptics: #walkforhope 🎉🎉🎉🎉"
    answer = fixer.fix(text)
    swap, tag, emoji = answer.changes
    assert [text[span.start : span.end] for span in swap.was] == ["Diabetics", "epileptics"]
    assert [answer.text[span.start : span.end] for span in swap.now] == [
        "People with diabetes",
        "people with epilepsy",
    ]
    assert [answer.text[span.start : span.end] for span in tag.now] == ["#WalkForHope"]
    assert emoji.now == ()
    assert [text[span.start : span.end] for span in emoji.was] == ["🎉"] * 3


@given(st.text("ab \U0001f389", max_size=30), st.data())
@settings(max_examples=60)
def test_places_are_right_after_any_edits(text: str, data: st.DataObject) -> None:
    draft = Draft(text)
    for number in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(draft.text)))
        end = data.draw(st.integers(start, len(draft.text)))
        draft = draft.edited([Edit(start, end, data.draw(st.text("xyz", max_size=3)))], number)
    for number in range(4):
        for span in draft.was(number):
            assert 0 <= span.start <= span.end <= len(text)
        for span in draft.now(number):
            assert set(draft.text[span.start : span.end]) <= set("xyz")
    kept = [char for char in draft.text if char not in "xyz"]
    remaining = iter(text)
    assert all(char in remaining for char in kept)


def test_what_is_answered_beside_the_post_holds_no_text(fixer: Fixer) -> None:
    answer = fixer.fix("Zanzibar quince! Our patient Odessa Trell, 212-555-0147, sang for diabetics")
    told = msgspec.json.encode((answer.changes, answer.refused, answer.screening)).decode().lower()
    told += repr(answer.changes).lower() + repr(answer.refused).lower() + repr(answer.post).lower()
    for secret in ("zanzibar", "quince", "odessa", "trell", "0147"):
        assert secret not in told


def test_the_same_text_gets_the_same_corrections(fixer: Fixer) -> None:
    text = "DIABETICS AND EPILEPTICS WALK WITH US #walkforhope 🎉🎉🎉🎉"
    assert fixer.fix(text) == fixer.fix(text)
    again = fixer.fix(fixer.fix(text).text)
    assert again.changes == ()


def test_a_long_hostile_text_ends(fixer: Fixer) -> None:
    for text in ("#walkforhope " * 500, "🎉" * 5_000, "DIABETICS " * 2_000, "a" * 50_000):
        fixer.fix(text)


def test_the_limit_counts_as_the_platform_counts(fixer: Fixer) -> None:
    text = f"{'x ' * 80}Avoid dairy if you have eczema."
    answer = fixer.fix(post(text, author_role="clinician", platform="x"))
    counted = MEASURES["characters"].count(MeasureView(text=answer.text, post=answer.post))
    assert counted.limit is not None
    assert counted.value <= counted.limit


# --- the command -----------------------------------------------------------------------------------------


def test_the_command_writes_the_text_and_tells_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["fix", "Diabetics: walk with us! #walkforhope"])
    captured = capsys.readouterr()
    assert (code, captured.out) == (0, "People with diabetes: walk with us! #WalkForHope\n")
    assert "fixed  BRD-03.condition-noun  better words, now at characters 1–20" in captured.err
    code = run(["fix", "Our tea cures diabetes!"])
    captured = capsys.readouterr()
    assert (code, captured.out) == (1, "Our tea cures diabetes!\n")
    assert "without judgement" in captured.err


def test_the_command_reads_standard_input_and_writes_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Zanzibar 💉💉💉💉\n".encode())))
    assert run(["fix", "-", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["text"] == "Zanzibar 💉"
    assert answer["changes"][0]["how"] == "emoji_run"
    del answer["text"]
    assert "Zanzibar" not in json.dumps(answer)


@pytest.mark.parametrize(
    "arguments", [["--zanzibar"], ["x", "--direction", "inbound_comment"], ["x", "--platform", "zanzibar"]]
)
def test_what_cannot_be_used_says_what_to_do(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(["fix", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "zanzibar" not in captured.err


def test_the_command_uses_the_profile(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "phiguard.yaml"
    path.write_text("organization: {name: LarkSpur}\n", encoding="utf-8")
    run(["fix", "COME AND SEE THE LARKSPUR GARDEN TODAY", "--profile", str(path)])
    assert capsys.readouterr().out == "Come and see the LarkSpur garden today\n"

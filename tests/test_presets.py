"""Every preset loads, as it is and with its examples, and shows and explains every field."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import msgspec
import pytest

from phiguard import Post, Screener
from phiguard.errors import ProfileError
from phiguard.profile import PRESETS, Profile, brand_starter, load_profile, preset
from phiguard.profile_sections import (
    Consent,
    Contacts,
    HouseTerm,
    Organization,
    Product,
    Reviewers,
    RuleSetting,
    Staff,
    Suppression,
)

EXAMPLE = re.compile(r"^(\s*)# (.*)$", re.MULTILINE)


def load(tmp_path: Path, text: str) -> Profile:
    (tmp_path / "brand.yaml").write_text(brand_starter(), encoding="utf-8")
    path = tmp_path / "phiguard.yaml"
    path.write_text(text, encoding="utf-8")
    return load_profile(path)


def uncommented(text: str) -> str:
    return EXAMPLE.sub(r"\1\2", text)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_loads_as_it_is(tmp_path: Path, name: str) -> None:
    profile = load(tmp_path, preset(name))
    assert not profile.rules
    assert not profile.suppressions
    assert not profile.contacts.phones
    assert profile.time_zone == "America/New_York"


def test_presets_tell_the_kind_of_organization(tmp_path: Path) -> None:
    kinds = [load(tmp_path, preset(name)).organization.org_type for name in PRESETS]
    assert kinds == ["provider"] * 3 + ["part2_program", "pharma", "device", "supplement"]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_loads_with_its_examples(tmp_path: Path, name: str) -> None:
    profile = load(tmp_path, uncommented(preset(name)))
    assert profile.own_value("212-555-0100")
    assert profile.own_value("https://www.example.com/")
    assert profile.is_staff("Dr. Roe")
    assert profile.setting(next(iter(profile.rules))) is not None


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(ner=None)


DRUG = "Our Examplira clears plaque psoriasis for most adults."
DEVICE = "ExamplePump is FDA approved!"
CALM = "Example Calm cures anxiety and insomnia."
PROGRAM = "It was great to see you at the house again, alum!"


@pytest.mark.parametrize(
    ("name", "text", "product", "rule", "verdict"),
    [
        # Without a seller's product the words are those of a clinic that tells of a medicine.
        ("hospital", DRUG, None, None, "pass"),
        ("practice", DRUG, None, None, "pass"),
        ("dental", "Examplign for a perfect smile, guaranteed!", "Examplign", "ST-01", "block"),
        ("behavioral", PROGRAM, None, "PHI-13", "block"),
        ("pharma", DRUG, "Examplira", "FDA-01", "block"),
        ("device", DEVICE, "ExamplePump", "FDA-06", "block"),
        ("supplement", CALM, "Example Calm", "FDA-08", "block"),
        ("supplement", "Example Calm supports restful sleep.", "Example Calm", "FDA-09", "review"),
    ],
)
def test_a_preset_judges_as_its_kind_of_organization(
    tmp_path: Path,
    screener: Screener,
    name: str,
    text: str,
    product: str | None,
    rule: str | None,
    verdict: str,
) -> None:
    profile = load(tmp_path, uncommented(preset(name)))
    screening = screener.speaking_for(profile).screen(Post(text=text, product=product))
    assert screening.verdict == verdict
    assert rule is None or rule in {finding.rule.partition(".")[0] for finding in screening}


@pytest.mark.parametrize("name", ["behavioral", "pharma", "device"])
def test_where_a_gap_is_dangerous_it_blocks(tmp_path: Path, screener: Screener, name: str) -> None:
    strict = screener.speaking_for(load(tmp_path, preset(name)))
    unseen = msgspec.convert({"text": "Our new lobby", "media": [{"kind": "image"}]}, Post)
    assert strict.screen(unseen).verdict == "block"
    assert screener.screen(unseen).verdict == "review"


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_lets_plain_news_pass(tmp_path: Path, screener: Screener, name: str) -> None:
    ours = screener.speaking_for(load(tmp_path, uncommented(preset(name))))
    for text in (
        "We are open on Monday from 8 to 5.",
        "Call 212-555-0100 to reach us.",
        "Happy Nurses Week! 💙",
    ):
        assert ours.screen(text).verdict == "pass", text


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_shows_every_field(tmp_path: Path, name: str) -> None:
    text = uncommented(preset(name))
    profile = load(tmp_path, text)
    empty = {field for field in profile.__struct_fields__ if not getattr(profile, field)}
    assert not empty
    sections = [getattr(profile, field) for field in profile.__struct_fields__]
    sections += [*profile.products, *profile.consents, *profile.house_terms, *profile.suppressions]
    names = itertools.chain.from_iterable(getattr(section, "__struct_fields__", ()) for section in sections)
    for field in names:
        assert re.search(rf"^[ -]*{field}:", text, re.MULTILINE), field


@pytest.mark.parametrize("name", PRESETS)
def test_every_field_of_a_preset_is_explained(name: str) -> None:
    lines = preset(name).splitlines()
    for before, line in itertools.pairwise(lines):
        if re.match(r"[a-z_]+:", line):
            assert before.startswith("##") or before == "", line
    assert all(len(line) <= 110 or "risk_text" in line for line in lines)


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(ProfileError, match="hospital, practice"):
        preset("../profile")


def test_the_manual_names_every_field() -> None:
    manual = (Path(__file__).parents[1] / "docs" / "profile.md").read_text(encoding="utf-8")
    for section in (
        Organization,
        Staff,
        Contacts,
        Product,
        Consent,
        HouseTerm,
        Reviewers,
        Suppression,
        RuleSetting,
    ):
        for field in section.__struct_fields__:
            assert re.search(rf"\b{field}\b", manual), f"{section.__name__}.{field}"
    for field in Profile.__struct_fields__:
        assert f"`{field}" in manual, field


def test_the_example_of_the_manual_loads(tmp_path: Path) -> None:
    manual = (Path(__file__).parents[1] / "docs" / "profile.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```yaml\n(.*?)^```", manual, re.MULTILINE | re.DOTALL)
    assert len(examples) == 3
    for example in examples:
        assert load(tmp_path, example) != Profile()

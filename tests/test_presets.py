"""Every preset loads, as it is and with its examples, and shows and explains every field."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

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

"""The profile: found, read, checked with every fault by line and field, and never shown."""

from __future__ import annotations

import datetime as dt
import pickle
import re
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phiguard.errors import ProfileError
from phiguard.profile import Profile, find_profile, load_profile
from phiguard.profile_sections import (
    Claim,
    Consent,
    Contacts,
    Hours,
    Organization,
    Product,
    RouteSetting,
    RuleSetting,
    Staff,
)


def load(tmp_path: Path, text: str) -> Profile:
    path = tmp_path / "phiguard.yaml"
    path.write_text(text, encoding="utf-8")
    return load_profile(path)


def faults(tmp_path: Path, text: str) -> list[str]:
    """The faults of a profile, without the folder of its file."""
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, text)
    return [line.removeprefix(f"{tmp_path}/phiguard.yaml:") for line in str(caught.value).splitlines()]


# --- finding and reading ---------------------------------------------------------------------------


def test_a_profile_is_found_from_a_folder_upwards(tmp_path: Path) -> None:
    inner = tmp_path / "posts" / "march"
    inner.mkdir(parents=True)
    (tmp_path / "phiguard.yaml").write_text("")
    assert find_profile(inner) == tmp_path.resolve() / "phiguard.yaml"
    (inner / "phiguard.yml").write_text("")
    assert find_profile(inner) == inner.resolve() / "phiguard.yml"
    (inner / "phiguard.yaml").write_text("")
    assert find_profile(inner) == inner.resolve() / "phiguard.yaml"


def test_a_folder_of_that_name_is_no_profile(tmp_path: Path) -> None:
    (tmp_path / "a" / "phiguard.yaml").mkdir(parents=True)
    (tmp_path / "phiguard.yaml").write_text("")
    assert find_profile(tmp_path / "a") == tmp_path.resolve() / "phiguard.yaml"


def test_without_a_path_the_working_directory_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_profile() == Profile()
    (tmp_path / "phiguard.yaml").write_text("organization: {org_type: pharma}")
    assert load_profile().organization.org_type == "pharma"


def test_a_profile_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="cannot be read"):
        load_profile(tmp_path / "phiguard.yaml")
    with pytest.raises(ProfileError, match="cannot be read"):
        load_profile(tmp_path)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "contacts:\n  phones:\nrules:\n"])
def test_what_is_not_given_has_its_default(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text) == Profile()


def test_values_mean_what_was_typed(tmp_path: Path) -> None:
    profile = load(
        tmp_path,
        """
        contacts: {phones: [5550100, 212-555-0147]}
        regions: [US, OR, NE]
        hours: {monday: 09:30-17:00, tuesday: [08:00-12:00, 13:00-17:00], sunday: closed}
        rules:
          BRD-01: {off: true, reason: "No"}
          FDA-08.weight: {severity: medium, reason: x}
        limits: {max_characters: 5000}
        suppressions:
          - {rule: BRD-12, key: 0123456789012345, reason: x, reviewer: y, expires: 2030-01-31}
        """,
    )
    assert profile.contacts.phones == ("5550100", "212-555-0147")
    assert profile.regions == ("US", "OR", "NE")
    assert profile.hours.openings("tuesday") == ((480, 720), (780, 1020))
    assert profile.rules["BRD-01"] == RuleSetting(off=True, reason="No")
    assert profile.limits.max_characters == 5000
    assert profile.suppressions[0].expires == dt.date(2030, 1, 31)


# --- faults ----------------------------------------------------------------------------------------


def test_all_faults_are_told_at_once_by_line_and_field(tmp_path: Path) -> None:
    assert faults(
        tmp_path,
        """organization:
  name: Zebulon Clinic
  org_type: providr
  nam: Zebulon
regions: [USA]
hours:
  monday: Zebulon
products:
  - nme: Zebulon
    type: drug
    approved_claims:
      - text: Zebulon
        expires: soon
rules:
  BRD-01: {off: true}
  BRD-02: {reason: Zebulon}
  BRD-03: {off: yes, severity: hgh, reason: Zebulon, route: {within: Zebulon}}
response:
  clinical: Zebulon
verdicts: {on_gap: pass}
limits: {max_characters: 0}
consents: Zebulon
""",
    ) == [
        (
            "3: organization.org_type: must be one of provider, part2_program, health_plan, pharma, device, "
            "compounder, telehealth, supplement, cosmetic, app_non_hipaa, nonprofit, public_agency; "
            "did you mean provider?"
        ),
        "4: organization.nam: unknown field; did you mean name?",
        "5: regions[0]: is none of the 62 known values; did you mean US?",
        '7: hours.monday: hours are written "09:00-17:00", the opening before the closing ("24:00" at most)',
        "9: products[0].name: must be given",
        "9: products[0].nme: unknown field; did you mean name?",
        (
            "10: products[0].type: must be one of rx_drug, otc_drug, biologic, device_510k, device_pma, "
            "device_denovo, compounded, supplement, food, cosmetic, homeopathic, cbd, hctp, service, none; "
            "did you mean rx_drug?"
        ),
        "12: products[0].approved_claims[0].evidence: must be given",
        "13: products[0].approved_claims[0].expires: expected a date like 2026-12-31",
        "15: rules.BRD-01.reason: must be given",
        "16: rules.BRD-02: nothing is set: give off, severity, route, min or max",
        "17: rules.BRD-03.off: expected true or false",
        (
            '17: rules.BRD-03.route.within: a window is a number and a unit, like "15 minutes", '
            '"4 business hours", "24 hours" or "1 business day" (at most 10,000)'
        ),
        "17: rules.BRD-03.severity: must be one of critical, high, medium, low, info; did you mean high?",
        "20: verdicts.on_gap: must be one of review, block",
        "21: limits.max_characters: expected `int` >= 1",
        "22: consents: expected a list (lines that begin with -)",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("response: {clinical: soon}", "1: response: a window is a number and a unit"),
        ("time_zone: Chicago", "1: time_zone: expected an IANA time zone like America/Chicago"),
        ("time_zone: ../../etc/passwd", "1: time_zone: expected an IANA time zone"),
        ("regions: []", "1: regions: expected one region or more"),
        ("contacts: {phones: [none]}", "1: contacts.phones: expected phone numbers"),
        ("contacts: {emails: [office]}", "1: contacts.emails: expected addresses like"),
        ("contacts: {domains: ['https://example.com']}", "1: contacts.domains: expected names like"),
        ("contacts: {domains: [gmail.com]}", "1: contacts.domains: a public service is not yours alone"),
        ("competitors: [x, '']", "1: competitors[1]: expected `str` of length >= 1"),
        ("competitors: [x, ]\nhashtags: [~]", "2: hashtags[0]: expected `str`, got `null`"),
        ("hours: {monday: [09:00-12:00, 11:00-13:00]}", "1: hours.monday: the openings overlap"),
        ("hours: {holidays: [12/25]}", "1: hours.holidays: a holiday is written"),
        (
            "hours: {monday: closed, tuesday: closed, wednesday: closed, thursday: closed, friday: closed}",
            "1: hours: the office must be open at some time of the week",
        ),
        ("rules: {'FDA 08': {off: true, reason: x}}", "1: rules: expected ids of rules"),
        ("rules: {BRD-01: }\n", ""),
        (
            "suppressions: [{rule: a b, key: x, reason: x, reviewer: x, expires: 2030-01-01}]",
            "1: suppressions[0].rule: expected the id of a rule",
        ),
        (
            "suppressions: [{rule: BRD-12, key: x, reason: x, reviewer: x, expires: 2030-01-01}]",
            "1: suppressions[0].key: expected the 16 letters and digits",
        ),
        (
            "consents: [{id: a, kind: part2}, {id: a, kind: part2}]",
            "1: consents: the same id is used twice",
        ),
        ("products: [{name: A}, {name: a}]", "1: products: the same name is used twice"),
        ("a: 1\na: 2", "2: a: given twice (first on line 1)"),
        ("- a", "1: expected fields (name: value)"),
        ("text", "1: expected fields (name: value)"),
        ("organization: [a]", "1: organization: expected fields (name: value)"),
        ("organization: {name: {a: b}}", "1: organization.name: expected `str`, got `object`"),
        ("hours: {monday: {a: b}}", "1: hours.monday: "),
        ("rules: [a]", "1: rules: expected fields (name: value)"),
        ("a: [", "2: not YAML"),
        ("Zebulon Zebulon: 1", "1: …: unknown field"),
    ],
)
def test_each_fault_is_told(tmp_path: Path, text: str, fault: str) -> None:
    if not fault:
        assert load(tmp_path, text) == Profile()
        return
    told = faults(tmp_path, text)
    assert len(told) == 1
    assert told[0].startswith(fault)


def test_no_fault_shows_a_value(tmp_path: Path) -> None:
    # Every field of every section filled with the same word, in every shape.
    for value in ("Zebulon", "[Zebulon]", "{Zebulon: Zebulon}", "[{Zebulon: Zebulon}]", "'Zebulon Zebulon'"):
        text = "".join(f"{name}: {value}\n" for name in Profile.__struct_fields__)
        sections = "".join(
            f"{name}: {{{', '.join(f'{field}: {value}' for field in section.__struct_fields__)}}}\n"
            for name, section in (
                ("organization", Organization), ("contacts", Contacts), ("staff", Staff), ("hours", Hours),
            )
        )  # fmt: skip
        for written in (text, sections):
            told = "\n".join(faults(tmp_path, written))
            assert "Zebulon Zebulon" not in told
            assert "Zebulon" not in re.sub(r"^\d+: [\w.\[\]]*", "", told, flags=re.MULTILINE)


@given(st.text(alphabet="abnor:-[]{}'\"\n 1", max_size=40) | st.binary(max_size=60))
def test_any_file_is_a_profile_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, text: str | bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    try:
        told = str(load_profile(path))
    except ProfileError as error:
        told = str(error)
    assert re.match(rf"Profile\(|{re.escape(str(path))}:\d+: ", told)


def test_the_error_pickles(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, "regions: [x]")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301


# --- what it answers -------------------------------------------------------------------------------


def test_a_profile_is_a_value_that_does_not_show_what_it_holds() -> None:
    profile = Profile(staff=Staff(names=("Ana Roe",)), time_zone="America/Chicago")
    profile.is_staff("Roe")
    assert profile.calendar.is_open(dt.datetime(2026, 3, 4, 12, tzinfo=ZoneInfo("America/Chicago")))
    copy = pickle.loads(pickle.dumps(profile))  # noqa: S301
    assert copy == profile
    assert copy.is_staff("Roe")
    assert "Roe" not in repr(profile) + repr(profile.staff)
    with pytest.raises(AttributeError):
        profile.time_zone = "UTC"  # type: ignore[misc]


def test_own_values_and_staff() -> None:
    contacts = Contacts(phones=("1-800-555-TEAM",), domains=("example.com",))
    profile = Profile(contacts=contacts, staff=Staff(names=("Dr. Ana Roe",)))
    assert profile.own_value("800-555-8326")
    assert profile.own_value("https://www.example.com/visit")
    assert not profile.own_value("212-555-0147")
    assert profile.is_staff("Dr. Roe")
    assert not profile.is_staff("Ana")


def test_a_setting_is_the_longest_id_that_names_the_rule_field_by_field() -> None:
    profile = Profile(
        rules={
            "FDA": RuleSetting(severity="low", route=RouteSetting(queue="legal"), reason="family"),
            "FDA-08": RuleSetting(off=True, reason="rule"),
            "FDA-08.weight": RuleSetting(off=False, reason="part"),
            "FDA-09": RuleSetting(severity="high", route=RouteSetting(queue="claims"), reason="other"),
        }
    )
    other = profile.setting("FDA-09.near")
    assert other is not None
    assert (other.severity, other.route, other.reason) == ("high", RouteSetting(queue="claims"), "other")
    weight, rule, family = (profile.setting(name) for name in ("FDA-08.weight", "FDA-08.sleep", "FDA-10"))
    assert weight is not None
    assert (weight.off, weight.severity, weight.reason) == (False, "low", "part")
    assert weight.route == RouteSetting(queue="legal")
    assert rule is not None
    assert (rule.off, rule.severity) == (True, "low")
    assert family is not None
    assert family.off is None
    for name in ("FDAX-01", "FTC-02", ""):
        assert profile.setting(name) is None
    assert profile.setting("FDA-080") == family
    assert profile.setting("FDA") == family


PILLS = Product(
    name="Examplira",
    names=("Examplira XR",),
    generic="examplinib",
    type="rx_drug",
    approved_claims=(
        Claim(text="Once a day.", evidence="E-1"),
        Claim(text="For adults.", evidence="E-2", expires=dt.date(2026, 6, 30)),
    ),
)


def test_products_are_known_by_every_name() -> None:
    profile = Profile(products=(PILLS,))
    assert all(profile.product(name) is PILLS for name in ("examplira", "EXAMPLIRA XR", " examplinib "))
    assert profile.product("") is None
    assert profile.product("other") is None


def test_approved_claims_end_with_their_day() -> None:
    profile = Profile(products=(PILLS,))
    assert profile.approved_claims(on=dt.date(2026, 6, 30)) == ("Once a day.", "For adults.")
    assert profile.approved_claims(on=dt.date(2026, 7, 1)) == ("Once a day.",)


@pytest.mark.parametrize(
    ("consent", "faults"),
    [
        (Consent(id="a", kind="hipaa_authorization", channels=("x",), expires=dt.date(2026, 3, 4)), ()),
        (Consent(id="a", kind="part2", channels=("x",), expiry_event="end of treatment"), ()),
        (Consent(id="a", kind="part2", channels=("x",)), ("no_expiry",)),
        (Consent(id="a", kind="part2", channels=("x",), expires=dt.date(2026, 3, 3)), ("expired",)),
        (Consent(id="a", kind="part2", expires=dt.date(2027, 1, 1), revoked=True), ("revoked", "channel")),
        (
            Consent(id="a", kind="media_release", channels=("x",), expires=dt.date(2027, 1, 1), signer="representative"),
            ("authority", "kind"),
        ),
    ],
)  # fmt: skip
def test_a_consent_tells_why_it_does_not_permit_a_post(consent: Consent, faults: tuple[str, ...]) -> None:
    assert consent.faults(platform="x", on=dt.date(2026, 3, 4)) == faults


def test_consents_are_found_by_id() -> None:
    consent = Consent(id="A-119", kind="part2")
    assert Profile(consents=(consent,)).consent("A-119") is consent
    assert Profile(consents=(consent,)).consent("A-118") is None


# --- cost ------------------------------------------------------------------------------------------


def test_a_profile_that_reads_no_file_imports_neither_yaml_nor_time_zones() -> None:
    code = (
        "import sys, phiguard.policy, phiguard.profile; phiguard.profile.Profile().own_value('1'); "
        "print([name for name in ('yaml', 'zoneinfo') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

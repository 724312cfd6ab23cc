"""House styles: ``brand.yaml`` and the profile's own terms become rules, and faults are told by line and field."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import msgspec
import pytest

import phiguard.cache
import phiguard.packs
import phiguard.rules
from phiguard import Post, Screener, cli
from phiguard.cache import compiled
from phiguard.cli.exits import Exit
from phiguard.errors import ProfileError, RuleError
from phiguard.house import BrandFile
from phiguard.house_rules import competitor_terms
from phiguard.packs import read_files
from phiguard.profile import Profile, brand_starter, load_profile
from phiguard.profile_sections import HouseTerm
from phiguard.proving import prove
from phiguard.rules import load_rules

ROOT = Path(__file__).resolve().parent.parent
MANUAL = (ROOT / "docs" / "brand.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", MANUAL, re.DOTALL | re.MULTILINE)
STYLE = next(body for language, body in BLOCKS if language == "yaml")
WIDE = """\
brand: Larkspur Health
terms:
  - say: care team
    instead_of: [team, provider]
banned:
  - words: [synergy, "schedul(e|es|ing)"]
    fine: [synergy street]
names: [Larkspur Health, MyLark, Mercy]
misspelled: {MyLark: [the lark app]}
capitalization: [eVisit]
consistency: [[healthcare, health care], [email, e-mail]]
required: [{when: [flu clinic], say: [555-0142]}]
at_most: [{words: [excited], times: 1}]
reading: {grade: 7, sentence_words: 20}
tone: {exclamation_marks: 1, emoji: 1, hashtags: 2, contractions: use, repeated_words: true}
competitors: [RivalCare, "A+ (Dental)"]
"""


def style_of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "brand.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def few_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped rules about competitors and the context labels: all of them take seconds to compile."""
    folder = tmp_path_factory.mktemp("few") / "rules"
    aside = shutil.ignore_patterns("products.yaml")  # it needs the lexicons of products
    shutil.copytree(ROOT / "rules" / "context", folder / "context", ignore=aside)
    for name in ("lexicons/rivals.yaml", "brand/rivals.yaml"):
        (folder / name).parent.mkdir()
        shutil.copy(ROOT / "rules" / name, folder / name)
    return folder


@pytest.fixture(autouse=True)
def _shipped(few_rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (phiguard.packs, phiguard.cache, phiguard.rules):
        monkeypatch.setattr(module, "shipped", lambda: few_rules)
    monkeypatch.setenv("PHIGUARD_CACHE_DIR", "")


@pytest.fixture(scope="module")
def screener(few_rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Screener:
    style = style_of(tmp_path_factory.mktemp("style"), WIDE)
    return Screener(rules=load_rules([few_rules, style], with_shipped=False), ner=None)


def found(screener: Screener, text: str) -> dict[str, tuple[str, ...]]:
    post = Post(text=text)
    screening = screener.screen(post)
    pairs = zip(screening.findings, screening.excerpts(post), strict=True)
    return {finding.rule: words for finding, words in pairs if finding.rule.startswith("BRD-H")}


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("Ask our providers.", "BRD-H.say-care-team", ("providers",)),
        ("Ask our Team about it.", "BRD-H.say-care-team", ("Team",)),
        ("There is synergy in that.", "BRD-H.banned-synergy", ("synergy",)),
        ("We are scheduling now.", "BRD-H.banned-synergy", ("scheduling",)),
        ("Larkspur health is open.", "BRD-H.name-larkspur-health", ("Larkspur health",)),
        ("LarkspurHealth is open.", "BRD-H.name-larkspur-health", ("LarkspurHealth",)),
        ("Larkpsur Health is open.", "BRD-H.name-larkspur-health", ("Larkpsur Health",)),
        ("Larspur Health is open.", "BRD-H.name-larkspur-health", ("Larspur Health",)),
        ("Get the lark app.", "BRD-H.name-mylark", ("the lark app",)),
        ("Mylark has it.", "BRD-H.name-mylark", ("Mylark",)),
        ("MERCY is near.", "BRD-H.name-mercy", ("MERCY",)),
        ("Book an Evisit.", "BRD-H.capitals-evisit", ("Evisit",)),
        ("Healthcare is health care.", "BRD-H.one-way-healthcare", ("health care",)),
        ("Email us an e-mail.", "BRD-H.one-way-email", ("e-mail",)),
        ("The flu clinic opens.", "BRD-H.required-flu-clinic", ("flu clinic",)),
        ("Excited! We are excited.", "BRD-H.at-most-excited", ("excited",)),
        ("Open now!!", "BRD-H.exclamation-marks", ("!!",)),
        ("Hi 💙 you 💚", "BRD-H.emoji", ("💙", "💚")),
        ("#Flu #Shot #Day", "BRD-H.hashtags", ("#Flu", "#Shot", "#Day")),
        ("We are open.", "BRD-H.contractions", ("We are",)),
        ("Come to the the desk.", "BRD-H.repeated-words", ("the the",)),
    ],
)
def test_each_part_finds(screener: Screener, text: str, rule: str, words: tuple[str, ...]) -> None:
    assert found(screener, text).get(rule) == words


@pytest.mark.parametrize(
    "text",
    [
        "Ask your care team.",
        "Walk up Synergy Street.",
        'She said "synergy" twice.',
        "Larkspur Health and MyLark.",
        "#larkspurhealth and @larkspurhealth",
        "Mail us at desk@larkspurhealth.example or https://larkspurhealth.example/",
        "Have mercy on my feet.",
        "Healthcare and more healthcare.",
        "The flu clinic opens. Call 555-0142.",
        "So excited!",
        "That that is, is. It's very very good, bye bye.",
        "#Flu #Shot",
    ],
)
def test_what_is_right_passes(screener: Screener, text: str) -> None:
    assert found(screener, text) == {}


def test_the_rules_of_a_style_hold_their_own_examples(screener: Screener) -> None:
    assert prove(screener, ["brand.yaml"]) == []


def test_a_suggestion_is_told_by_the_finding(screener: Screener) -> None:
    finding = next(f for f in screener.screen("Ask our providers.") if f.rule == "BRD-H.say-care-team")
    assert finding.labels == ("say: care team",)
    assert finding.source == "House style (Larkspur Health)"


def test_competitors_are_found_where_they_are_put_down(screener: Screener) -> None:
    def rules(text: str) -> set[str]:
        return {finding.rule for finding in screener.screen(text)}

    assert "BRD-06.contrast" in rules("We are faster than Rivalcare.")
    assert "BRD-06.contrast" in rules("Our er beats #RivalCare any day.")
    assert "BRD-06.contrast" in rules("Sick of A+ Dental?")
    assert "BRD-06.contrast" not in rules("We share a lab with RivalCare.")
    style = BrandFile(brand="x", competitors=("A+ (Dental)", "RivalCare"))
    assert competitor_terms(style) == ("A+ Dental['s]", "RivalCare['s]", "Rival Care['s]")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("brand: x\ntems: []", r"brand.yaml:2: brand: tems: unknown field; did you mean terms\?"),
        ("terms: []\nbrand:", r"brand.yaml:1: file: a pack holds"),
        ("brand: x\nterms:\n  - say: a", r"brand.yaml:3: brand: terms\[0\].instead_of: must be given"),
        ("brand: x\nnames:\n  Lark: a", r"brand.yaml:2: brand: names: expected a list"),
        ("brand: x\nbanned:\n  - words: []", r"brand.yaml:3: brand: banned\[0\].words: "),
        ("brand: x\nseverity: grave", r"brand.yaml:2: brand: severity: must be one of"),
        ("brand: x\nreading:\n  grade: high", r"brand.yaml:3: brand: reading.grade: "),
        ("brand: x\nconsistency:\n  - [one]", r"brand.yaml:3: brand: consistency\[0\]: "),
        ("brand: x\nmisspelled:\n  Lark: [Lurk]", r"brand.yaml:2: brand: misspelled: each name"),
        ("brand: x\nbanned:\n  - words: ['a(b']", r"brand.yaml:3: BRD-H.banned-a-b: swap\[0\].instead_of"),
        ("brand: x\nbanned:\n- words: [\n", r"brand.yaml:\d: file: not YAML"),
    ],
)
def test_a_fault_names_file_line_and_field(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(RuleError, match=told):
        load_rules([style_of(tmp_path, text)], with_shipped=False)


def test_two_entries_for_one_word_are_two_rules(tmp_path: Path) -> None:
    style = "brand: x\nterms: [{say: visit, instead_of: [stay]}, {say: visit, instead_of: [trip]}]"
    rules = load_rules([style_of(tmp_path, style)])
    assert [rule.id for rule in rules.rules if rule.id.startswith("BRD-H")] == [
        "BRD-H.say-visit",
        "BRD-H.say-visit-2",
    ]


def test_the_profile_brings_its_style(tmp_path: Path) -> None:
    style_of(tmp_path, "brand: x\nbanned: [{words: [synergy], severity: high}]")
    path = tmp_path / "phiguard.yaml"
    path.write_text("brand: brand.yaml\ncompetitors: [RivalCare]\n", encoding="utf-8")
    profile = load_profile(path)
    packs = profile.packs
    assert packs[0] == tmp_path.resolve() / "brand.yaml"
    screener = Screener(profile, packs=packs, ner=None)
    assert screener.screen("Synergy!").verdict == "block"
    assert "BRD-06.contrast" in {finding.rule for finding in screener.screen("Unlike RivalCare, we care.")}


def test_a_style_that_is_not_there_is_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "phiguard.yaml"
    path.write_text("regions: [US]\nbrand: house.yaml\n", encoding="utf-8")
    with pytest.raises(ProfileError, match=r"phiguard.yaml:2: brand: .*phiguard init --brand"):
        load_profile(path)


def test_house_terms_of_the_profile_become_rules() -> None:
    term = HouseTerm(say="visit", instead_of=("encounter",), reason="A word that patients use.")
    profile = Profile(house_terms=(term,))
    rules, _ = compiled(profile.packs)
    rule = rules.find("BRD-H.say-visit")
    assert (rule.why, rule.source) == ("A word that patients use.", "House style (the house)")
    assert Profile().packs == ()


def test_a_pack_counts_once() -> None:
    pack = ("brand.yaml", b"brand: x")
    assert read_files([pack, pack]) == [pack]


def test_a_style_names_nobody_in_its_repr() -> None:
    assert "RivalCare" not in repr(Profile(competitors=("RivalCare",)))


# ------------------------------------------------------------------------------------------ the starter and the manual
def test_the_starter_is_a_style_with_and_without_its_examples(tmp_path: Path) -> None:
    assert load_rules([style_of(tmp_path, brand_starter())], with_shipped=False).rules
    whole = re.sub(r"^(\s*)# (.*)$", r"\1\2", brand_starter(), flags=re.MULTILINE)
    path = style_of(tmp_path, whole)
    screener = Screener(packs=[path], ner=None)
    assert prove(screener, [str(path)]) == []
    style = msgspec.convert(msgspec.yaml.decode(whole), BrandFile, strict=False)
    empty = [name for name in BrandFile.__struct_fields__ if not getattr(style, name)]
    assert empty == []


def test_init_writes_the_starter_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["init", "--brand"]) == Exit.CLEAN
    assert (tmp_path / "brand.yaml").read_text(encoding="utf-8") == brand_starter()
    assert cli.run(["init", "--brand"]) == Exit.USAGE
    assert "brand.yaml is there already" in capsys.readouterr().err


def test_the_manual_names_every_part() -> None:
    for name in BrandFile.__struct_fields__:
        assert re.search(rf"^\| `{name}`", MANUAL, re.MULTILINE), name
    for kind in (
        "existence substitution occurrence repetition consistency conditional capitalization metric "
        "readability spelling sequence script"
    ).split():
        assert re.search(rf"^\| {kind} \|", MANUAL, re.MULTILINE), kind


def test_every_command_of_the_manual_answers_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    style_of(tmp_path, STYLE).rename(tmp_path / "whole.yaml")
    wrong = "brand: x\nterms: [{say: a,\n  insted_of: [b]}]\n"
    (tmp_path / "broken.yaml").write_text(wrong, encoding="utf-8")
    seen = 0
    for language, body in BLOCKS:
        if language == "yaml" and body.startswith("brand: brand.yaml"):
            (tmp_path / "phiguard.yaml").write_text(body, encoding="utf-8")
        for chunk in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:] if language == "console" else ():
            command, _, shown = chunk.partition("\n")
            cli.run(shlex.split(command)[1:])
            out, err = capfdbinary.readouterr()
            said = "\n".join(line.rstrip() for line in (out + err).decode().strip().splitlines())
            pattern = ".*".join(re.escape(part) for part in shown.strip().split("..."))
            assert re.fullmatch(pattern, said, re.DOTALL), f"{command}\n{said}"
            seen += 1
            if seen == 1:
                (tmp_path / "whole.yaml").replace(tmp_path / "brand.yaml")
    assert seen == 9

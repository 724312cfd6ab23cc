"""The loader refuses what is wrong and says where; the shipped rules are complete and hold their examples."""

from __future__ import annotations

import pytest

from phiguard.errors import RuleError
from phiguard.proving import as_post, prove
from phiguard.rules import assemble, load_rules
from phiguard.screener import Screener

HEAD = """
rules:
- id: X-01.test
  kind: phrase
  title: t
  category: brand
  severity: low
  message: m
  why: w
  source: s
  fix: f
"""
GOOD = HEAD + "  phrases: [hello]\n  flags: [hello]\n  passes: [help]\n"


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


def faults(content: str) -> str:
    with pytest.raises(RuleError) as error:
        assemble([("pack.yaml", content.encode())])
    return str(error.value)


def test_a_good_pack_loads() -> None:
    rules = assemble([("pack.yaml", GOOD.encode())])
    assert rules.places == {"X-01.test": "pack.yaml:3"}
    assert rules.find("X-01.test").title == "t"
    with pytest.raises(RuleError, match=r"did you mean X-01\.test"):
        rules.find("X-01.tset")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (GOOD.replace("kind: phrase", "kind: phrasal"), "pack.yaml:3: X-01.test: kind: must be one of phrase, near"),
        (GOOD.replace("severity: low", "severity: lowish"), "pack.yaml:7: X-01.test: severity: must be one of"),
        (GOOD.replace("  title: t\n", ""), "X-01.test: title: must be given"),
        (GOOD + "  phrase: [x]\n", "pack.yaml:15: X-01.test: phrase: unknown field; did you mean phrases?"),
        (GOOD.replace("[hello]\n  flags", "[]\n  flags"), "X-01.test: phrases: is empty"),
        (GOOD.replace("flags: [hello]", "flags: []"), "X-01.test: flags: is empty"),
        (GOOD + "  unless: [negatd]\n", "pack.yaml:15: X-01.test: unless: no cue gives the label 'negatd'"),
        (GOOD.replace("phrases: [hello]", "phrases: ['<nobody>']"), "pack.yaml:12: X-01.test: phrases: there is no lexicon 'nobody'"),
        (GOOD.replace("phrases: [hello]", r"phrases: ['/(a)\1/']"), "X-01.test: phrases: a pattern cannot be compiled"),
        (GOOD + "  applies_to: {direction: [sideways]}\n", "applies_to.direction: 'sideways' is none of"),
        (GOOD + "  applies_to: {colour: [red]}\n", "applies_to: knows no field 'colour'"),
        (GOOD + "  with: [{where: {media.colour: present}}]\n", "with[0]: knows no metadata 'media.colour'"),
        (GOOD + "  with: [{scope: post}]\n", "with[0]: needs `words` or `where`"),
        (GOOD + "  route: {queue: crisis, within: soonish}\n", "route.within: a window is a number and a unit"),
        (GOOD + GOOD.replace("rules:", ""), "pack.yaml:17: X-01.test: id: stands twice"),
        (GOOD.replace("X-01.test", "x 1"), "id: is letters and numbers"),
        ("rulez: []", "pack.yaml:1: file: a pack holds `rules:`, `lexicons:` or `labels:`"),
        ("rules: [", "pack.yaml:"),
        ("lexicons: {a: {terms: ['<b>']}, b: {terms: ['<a>']}}", "lexicon b: terms: lexicon 'a' names itself"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_file_line_rule_and_field(content: str, expected: str) -> None:
    assert expected in faults(content)


def test_all_faults_are_told_at_once() -> None:
    told = faults(
        GOOD.replace("severity: low", "severity: lowish")
        + GOOD.replace("rules:", "").replace("X-01.test", "X-02").replace("flags: [hello]", "flags: []")
    )
    assert "2 faults" in told


def test_the_rules_of_the_issue_are_there() -> None:
    wanted = (
        "PHI-04 PHI-05 PHI-06 PHI-07 RPL-01 RPL-02 RPL-03 RPL-04 RPL-05 RPL-06 CNS-01 FDA-06 FDA-07 FDA-08 FDA-09 FDA-22 FTC-02 "
        "FTC-03 FTC-04 FTC-07 ST-01 ST-02 LEG-01 PLT-08 CMT-01 CMT-02 CMT-05 CMT-07 CMT-08 BRD-01 BRD-03 BRD-04 BRD-08 BRD-09 "
        "BRD-10 BRD-11 BRD-12 BRD-13"
    )
    have = {rule.id.partition(".")[0] for rule in load_rules().rules}
    assert set(wanted.split()) <= have


def test_every_shipped_rule_has_five_examples_of_each_kind_and_a_source() -> None:
    for rule in load_rules().rules:
        assert len(rule.flags) >= 5, rule.id
        assert len(rule.passes) >= 5, rule.id
        assert all((rule.source, rule.fix, rule.why, rule.message)), rule.id


def test_no_example_stands_twice_in_one_rule() -> None:
    for rule in load_rules().rules:
        shown = [repr(one) for one in (*rule.flags, *rule.passes, *rule.misses, *rule.false_alarms)]
        assert len(set(shown)) == len(shown), rule.id


def test_every_example_holds(screener: Screener) -> None:
    assert [str(failure) for failure in prove(screener)] == []


def test_messages_never_hold_words_of_a_post(screener: Screener) -> None:
    for rule in screener.rules.rules:
        for example in rule.flags:
            post = as_post(rule, example)
            for finding in screener.screen(post):
                texts = (finding.message, finding.why, finding.fix, finding.source)
                assert not any(len(post.text) > 25 and post.text in text for text in texts)


def test_a_prover_sees_what_is_wrong() -> None:
    content = GOOD.replace("flags: [hello]", "flags: [goodbye]").replace(
        "passes: [help]", "passes: [hello]\n  misses: [hello]\n  false_alarms: [bye]"
    )
    failures = prove(Screener(rules=assemble([("pack.yaml", content.encode())])))
    assert [(one.field, one.message.partition(":")[0]) for one in failures] == [
        ("false_alarms[0]", "is no longer found"),
        ("flags[0]", "is not found"),
        ("misses[0]", "is found now"),
        ("passes[0]", "is found"),
    ]

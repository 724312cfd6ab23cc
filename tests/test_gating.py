"""Names are asked for last and recognizers only behind their triggers: the screenings are the same as if all were asked of every post."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phiguard import Post, Profile, Screener, load_profile
from phiguard.entities import NAMES, Entities, Entity
from phiguard.entities.base import Source
from phiguard.kinds import view
from phiguard.model import Screening
from phiguard.readers.decode import decode_mapping
from phiguard.rules import RuleSet, assemble

ROOT = Path(__file__).resolve().parent.parent
CORPORA = ROOT / "corpora"
STREAMS = ROOT.parent / "shared" / "data" / "streams"
STREAMED = 150  # posts of each stream, drawn with a seed
SURE = 0.4  # what a recognizer merely guesses is no entity
TODAY = dt.date(2026, 11, 21)

# Rules with entities in every place where a rule may have some.
RULES = """
rules:
  - id: G-1
    kind: near
    title: t
    category: privacy
    severity: high
    message: m
    why: w
    source: s
    fix: f
    near: [[treated, surgery, visit, patient, chemo, thank], ["{PERSON}"], [we, our, my, the]]
    within: 8
    flags: [a]
    passes: [a]
  - id: G-2
    kind: near
    title: t
    category: privacy
    severity: medium
    message: m
    why: w
    source: s
    fix: f
    near: [[today, doctor, day], ["{LOCATION}", "{ORGANIZATION}", hospital]]
    within: 10
    across: true
    with: [{words: ["{PERSON}", she, he], scope: post}]
    without: [{words: ["{ORGANIZATION}"], within: 2}, {words: [no], scope: sentence}]
    flags: [a]
    passes: [a]
  - id: G-3
    kind: phrase
    title: t
    category: privacy
    severity: low
    message: m
    why: w
    source: s
    fix: f
    phrases: [thank you, love, help]
    with: [{words: ["{PERSON}"], within: 6}, {words: [you, i], scope: post}]
    without: [{words: ["{LOCATION}"], scope: sentence}]
    flags: [a]
    passes: [a]
"""


class Capitals:
    """Takes every word with a capital for a name of some kind: far more names than any pipeline finds."""

    labels = NAMES

    def __init__(self) -> None:
        self.asked = 0
        self.together = 0

    def triggers(self, label: str) -> tuple[str, ...] | None:
        del label
        return None

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        self.asked += 1
        kinds = sorted(NAMES)
        found = (
            Entity(*match.span(), kinds[len(match[0]) % len(kinds)], 0.9, "capitals")
            for match in re.finditer(r"\b[A-Z][a-z]+", text)
        )
        return [entity for entity in found if entity.label in labels]

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        self.together = max(self.together, len(texts))
        return [self.find(text, labels) for text in texts]


class Untriggered:
    """A source whose triggers match any text that holds anything: it is asked wherever a rule wants it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.labels = source.labels

    def triggers(self, label: str) -> tuple[str, ...] | None:
        return None if self._source.triggers(label) is None else (r"[^ ]",)

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        return self._source.find(text, labels)

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        return self._source.find_many(texts, labels)


def corpora() -> list[Post]:
    """Every post of the corpora."""
    posts = []
    for path in sorted(CORPORA.rglob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            record = json.loads(line)
            post = decode_mapping(record.get("post", record))[0] if isinstance(record, dict) else None
            if post is not None:
                posts.append(post)
    return posts


def streams() -> Iterator[Post]:
    """Some posts of each stream, where there are any."""
    for path in sorted(STREAMS.glob("*.jsonl")):
        lines = path.read_bytes().splitlines()
        for line in random.Random(11).sample(lines, min(STREAMED, len(lines))):  # noqa: S311 (a sample, no secret)
            post = decode_mapping(json.loads(line))[0]
            if post is not None:
                yield post


def ask_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every view asks for all names before any rule does, and no rule is spared for what else it wants."""
    made = view.View.__init__

    def eager(self: view.View, *arguments: object) -> None:
        made(self, *arguments)  # type: ignore[arg-type]
        for label in sorted(NAMES & self.scene.known.entities.labels):
            self.entities(label)

    monkeypatch.setattr(view.View, "__init__", eager)
    monkeypatch.setattr(view, "_may_join", lambda *_, **__: True)


def screenings(guard: Screener, posts: Sequence[Post]) -> list[Screening]:
    return [guard.screen(post) for post in posts]


def differing(first: Sequence[Screening], second: Sequence[Screening]) -> list[int]:
    return [at for at, (one, other) in enumerate(zip(first, second, strict=True)) if one != other]


@pytest.fixture(scope="module")
def posts() -> list[Post]:
    found = corpora()
    assert len(found) > 500
    return [*found, *streams()]


def guard_of(monkeypatch: pytest.MonkeyPatch, sources: Sequence[object], rules: RuleSet | None) -> Screener:
    monkeypatch.setattr("phiguard.screener.entities_from", lambda *_: Entities(list(sources)))  # type: ignore[arg-type]
    return Screener(rules=rules, today=TODAY)


@pytest.fixture(scope="module")
def own_rules() -> RuleSet:
    return assemble([("x.yaml", RULES.encode())])


@pytest.fixture(scope="module")
def capital_guard(own_rules: RuleSet) -> Screener:
    with pytest.MonkeyPatch.context() as patch:
        return guard_of(patch, [Capitals()], own_rules)


def test_rules_that_want_names_everywhere(
    posts: list[Post], own_rules: RuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    lazy, eager = Capitals(), Capitals()
    gated = screenings(guard_of(monkeypatch, [lazy], own_rules), posts)
    ask_at_once(monkeypatch)
    asked = screenings(guard_of(monkeypatch, [eager], own_rules), posts)
    assert differing(gated, asked) == []
    assert lazy.asked < eager.asked
    assert {finding.rule for screening in gated for finding in screening} == {"G-1", "G-2", "G-3"}


def test_posts_asked_together_are_screened_as_each_alone(
    posts: list[Post], own_rules: RuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Capitals()
    guard = guard_of(monkeypatch, [source], own_rules)
    alone = screenings(guard, posts)
    assert source.together == 0
    single, source.asked = source.asked, 0
    assert list(guard.screen_many(iter(posts))) == alone
    assert source.together > 10
    assert source.asked <= single
    assert list(guard.screen_many(iter(posts[:50]), batch_size=1)) == alone[:50]


class Failing(Capitals):
    """Fails whenever it is asked for several texts, and for some texts."""

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        if "Zelda" in text:
            raise ValueError(text)
        return super().find(text, labels)

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        return [self.find(text, labels) for text in texts]


def test_a_text_that_no_name_can_be_found_in_costs_itself_alone(
    own_rules: RuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = guard_of(monkeypatch, [Failing()], own_rules)
    good, bad = "We treated Ana today.", "We treated Zelda today."
    several = list(guard.screen_many([good, bad, good]))
    assert several == [guard.screen(text) for text in (good, bad, good)]
    assert [one.complete for one in several] == [True, False, True]


_WORDS = "we treated Zelda Ana Lima our she no you thank today doctor hospital love the . ! \n".split(" ")


@given(text=st.lists(st.sampled_from(_WORDS), max_size=20).map(" ".join))
def test_any_text(capital_guard: Screener, text: str) -> None:
    gated = capital_guard.screen(text)
    with pytest.MonkeyPatch.context() as patch:
        ask_at_once(patch)
        assert gated == capital_guard.screen(text)


@pytest.fixture(scope="module")
def few(posts: list[Post]) -> list[Post]:
    """So few posts that all of their names can be asked for."""
    return random.Random(5).sample(posts, 80)  # noqa: S311 (a sample, no secret)


def _profile() -> Profile:
    return load_profile(CORPORA / "demo-profile.yaml")


@pytest.fixture(scope="module")
def capitals_and_recognizers() -> Screener:
    """The shipped rules and recognizers, and far too many names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("phiguard.entities._names", lambda _ner: Capitals())
        guard = Screener(_profile(), today=TODAY)
        guard.entities("Ana 212-555-0147")  # made on first use
        return guard


@pytest.fixture(scope="module")
def gated(posts: list[Post], capitals_and_recognizers: Screener) -> list[Screening]:
    return screenings(capitals_and_recognizers, posts)


@pytest.mark.slow
def test_the_shipped_rules(
    posts: list[Post],
    gated: list[Screening],
    capitals_and_recognizers: Screener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask_at_once(monkeypatch)
    assert differing(gated, screenings(capitals_and_recognizers, posts)) == []


@pytest.mark.slow
def test_the_shipped_pipeline(few: list[Post], monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Screener(_profile(), today=TODAY)
    assert guard.entities("Ana Lima was here."), "the shipped pipeline for names finds nothing: make model"
    gated = screenings(guard, few)
    assert all(gap.what.startswith("media") for screening in gated for gap in screening.unscreened)
    ask_at_once(monkeypatch)
    assert differing(gated, screenings(guard, few)) == []


@pytest.mark.slow
def test_the_shipped_recognizers(
    posts: list[Post],
    gated: list[Screening],
    capitals_and_recognizers: Screener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sources = _each_once(capitals_and_recognizers._known.entities)
    monkeypatch.setattr(
        "phiguard.screener.entities_from", lambda *_: Entities([Untriggered(source) for source in sources])
    )
    untriggered = Screener(_profile(), today=TODAY)
    if untriggered.rules.digest == capitals_and_recognizers.rules.digest:  # nobody edits rules meanwhile
        assert differing(gated, screenings(untriggered, posts)) == []


def _each_once(entities: Entities) -> list[Source]:
    return list({id(source): source for some in entities._sources.values() for source in some}.values())


def test_redaction_asks_every_recognizer(few: list[Post], capitals_and_recognizers: Screener) -> None:
    guard = capitals_and_recognizers
    looked_at = 0
    for post in few:
        if post.media or post.reply_to or guard._normalizer.normalize(post.text).text != post.text:
            continue
        looked_at += 1
        wanted = {
            entity[:3]
            for source in _each_once(guard._known.entities)
            for entity in source.find(post.text, source.labels)
            if entity.score >= SURE and entity.label not in NAMES
            if not guard.profile.own_value(post.text[entity.start : entity.end])
        }
        assert wanted <= {entity[:3] for _, entity in guard.entities(post)}
    assert looked_at > len(few) / 2

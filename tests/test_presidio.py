"""Presidio's recognizers find what its own engine finds, when a trigger calls them, offline, and never in silence."""

from __future__ import annotations

import json
import logging
import pickle
import random
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import regex
import tldextract
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)

from phiguard import Post, Screener, load_rules
from phiguard.engine import Automaton, Finder
from phiguard.entities.base import EntityError
from phiguard.entities.presidio import Recognizers, listed, presidio_labels, presidio_triggers
from phiguard.entities.presidio_engine import Words, predefined
from phiguard.entities.presidio_reading import read_all
from phiguard.entities.presidio_table import installed, shipped

Spot = tuple[int, int, str, float]
ABROAD = ("us", "uk", "ca", "au", "in")
IDENTIFIERS = (
    "219-09-9999", "219 09 9999", "219099999", "21909-9999", "219-099999", "987-65-4321", "912-70-1234", "912701234",
    "212-555-0147", "(212) 555-0147", "+1 212 555 0147", "2125550147", "+44 20 7946 0018", "020 7946 0018", "030 123456", "350123",
    "0164 5", "1645", "+49 1645 22", "00 49 30 123456", "５５５-０１４７", "٢١٢-٥٥٥-٠١٤٧ ٠١", "212–555–0147", "+91 98765 43210",
    "jo@example.com", "JO.LU+a@mail.example.co.uk", "jo@localhost", "jó@exämple.com", "jo@example.notasuffix", "a@b.c", "jo@xn--80ak6aa92e.com",
    "http://example.com/a?b=1", "https://sub.example.org", "example.com", "'example.net/x'", '"https://example.com"', "end.No", "www2.example.io",
    "192.0.2.7", "192.0.2.7/24", "2001:db8::1", "::", "::1", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8", "fe80::1%eth0",
    "4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "4111111111111112", "378282246310005", "1412345678901",
    "GB82 WEST 1234 5698 7654 32", "gb82west12345698765432", "DE89370400440532013000 2 days", "DE8937040044053201300",
    "1/2/1990", "31/12/99", "1990-02-03", "12-JAN-2021", "sep-21", "3.4.2020", "10/24", "2021-03-04T10:11:12Z", "½/2020",
    "00:1A:2B:3C:4D:5E", "00-1A-2B-3C-4D-5E", "0012.3456.789A", "123e4567-e89b-12d3-a456-426614174000",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    "A1234567", "AB123456", "12ABC12345", "C12345678", "123456789", "12345678", "AB1234563", "FA91234563", "1234567893", "1245 319 599",
    "1EG4-TE5-MK73", "1EG4TE5MK73", "XYZ-123456789", "claim # 123456789", "CLM-1234567", "rx no. 1234567", "RX-123456", "prior auth: 123456",
    "referral 1234567", "REF-123456", "12-3456789", "provider tax id 12-3456789", "943 476 5919", "AB 12 34 56 C", "046 454 286",
    "2123 45670 1", "SW1A 1AA", "K1A 0B1", "ABCPD1234F", "4111 1111 1111", "MORGA657054SM9IJ", "AB12 CDE", "0", "7",
)  # fmt: skip
WORDS = (
    "my", "the", "phone", "number", "call", "cell", "mail", "email", "ssn", "social", "security", "card", "cards", "visa", "credit",
    "license", "licence", "driver", "passport", "passports", "bank", "account", "routing", "npi", "medicare", "mbi", "nhs", "date", "birthday",
    "born", "website", "link", "url", "ip", "ipv4", "mac", "bitcoin", "wallet", "iban", "member", "insurance", "id", "dea", "postcode", "sin",
    "of", "is", "was", "and", "no", "We", "saw", "her", "yesterday", "😀", "❤️", "#tag", "@jo", "...", "—", "’s", "naïve", "\n", "(", ")", ",",
)  # fmt: skip


def made_up(count: int, *, seed: int = 3) -> Iterator[str]:
    """Texts with identifiers of every kind, context words near and far, and what stands beside them in posts."""
    chance = random.Random(seed)  # noqa: S311 (a sample, no secret)
    for number in range(count):
        parts = [chance.choice(WORDS) for _ in range(chance.randint(0, 9))]
        for _ in range(chance.randint(0, 3)):
            parts.insert(chance.randint(0, len(parts)), chance.choice(IDENTIFIERS))
        parts.insert(0, IDENTIFIERS[number % len(IDENTIFIERS)])
        yield "".join(
            part + chance.choice((" ", " ", " ", " ", "", ":", ": ", "\u00a0", ",")) for part in parts
        )


@pytest.fixture(scope="module", autouse=True)
def _engine_offline() -> Iterator[None]:
    """Presidio's own engine, to compare with, must not reach for the list of suffixes either."""
    inside = sys.modules["tldextract.tldextract"]
    before = inside.TLD_EXTRACTOR  # type: ignore[attr-defined]
    inside.TLD_EXTRACTOR = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())  # type: ignore[attr-defined]
    yield
    inside.TLD_EXTRACTOR = before  # type: ignore[attr-defined]


def engine(recognizers: Sequence[Any]) -> AnalyzerEngine:
    registry = RecognizerRegistry(recognizers=list(recognizers), supported_languages=["en"])
    return AnalyzerEngine(registry=registry, nlp_engine=Words(), supported_languages=["en"])


def names_of(regions: Sequence[str]) -> list[str]:
    return [one.name for one in listed() if one.region in {None, *regions}]


@pytest.fixture(scope="module")
def both() -> tuple[AnalyzerEngine, Recognizers]:
    return engine(predefined(names_of(ABROAD))), Recognizers(regions=ABROAD)


def theirs(presidio: AnalyzerEngine, text: str, labels: Sequence[str] | None = None) -> list[Spot]:
    found = presidio.analyze(text, "en", entities=None if labels is None else list(labels))
    return sorted((one.start, one.end, one.entity_type, one.score) for one in found)


def ours(source: Recognizers, text: str, labels: frozenset[str] | None = None) -> list[Spot]:
    found = source.find(text, source.labels if labels is None else labels)
    assert list(found) == sorted(found)
    return [(one.start, one.end, one.label, one.score) for one in found]


def assert_same(presidio: AnalyzerEngine, source: Recognizers, texts: Sequence[str]) -> int:
    """The same entities, and a trigger for each of them; how many there are."""
    triggers = {label: source.triggers(label) or () for label in source.labels}
    finders = {one: Finder(one) for some in triggers.values() for one in some}
    count = 0
    for text in texts:
        expected = theirs(presidio, text)
        assert ours(source, text) == expected, ascii(text)
        data = text.encode("utf-8", "replace")
        for label in {spot[2] for spot in expected}:
            count += 1
            assert any(finders[one].scan(data) for one in triggers[label]), (label, ascii(text))
            alone = [spot for spot in expected if spot[2] == label]
            assert ours(source, text, frozenset({label})) == alone, ascii(text)
    return count


def test_the_table_is_what_the_installed_presidio_says() -> None:
    assert read_all() == listed()
    assert shipped().recognizers == listed()
    assert installed() == metadata.version("presidio-analyzer")


def test_triggers_are_known_without_importing_presidio() -> None:
    code = (
        "import sys; from phiguard.entities.presidio import Recognizers; source = Recognizers();"
        "assert source.triggers('US_SSN'); source.labels;"
        "print([name for name in ('presidio_analyzer', 'spacy', 'phonenumbers', 'tldextract') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_predefined_label_has_triggers() -> None:
    regions = {one.region for one in listed() if one.region}
    assert presidio_labels(sorted(regions)) == presidio_triggers(sorted(regions)).keys()


def test_made_up_texts_give_the_entities_of_presidios_engine(
    both: tuple[AnalyzerEngine, Recognizers],
) -> None:
    presidio, source = both
    assert assert_same(presidio, source, list(made_up(150))) > 300


@pytest.mark.slow  # compiles the triggers of all recognizers together
def test_the_automaton_sees_what_calls_a_recognizer() -> None:
    source = Recognizers()
    triggers = presidio_triggers()
    regexes = sorted({one for some in triggers.values() for one in some})
    automaton = Automaton([(one, False) for one in regexes])
    called = 0
    for text in made_up(400, seed=4):
        seen = {regexes[hit] for hit in automaton.scan(text.encode())}
        for entity in source.find(text, source.labels):
            called += 1
            assert seen.intersection(triggers[entity.label]), (entity.label, ascii(text))
    assert called > 400


def test_context_words_raise_scores_as_in_presidio() -> None:
    source = Recognizers()
    label = frozenset({"US_SSN"})
    (plain,) = source.find("we saw 219-09-9999 there", label)
    (raised,) = source.find("her social security number 219-09-9999", label)
    assert (plain.score, raised.score) == (0.5, 0.85)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ner/presidio_dev", "ner/btc_dev"])
def test_third_party_texts_give_the_entities_of_presidios_engine(
    root: Path, both: tuple[AnalyzerEngine, Recognizers], name: str
) -> None:
    path = root.parent / "shared" / "data" / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip("needs the third-party data")
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert assert_same(*both, texts) > 10


def test_other_countries_only_where_the_organization_is() -> None:
    text = "NHS number 943 476 5919"
    assert "UK_NHS" not in Recognizers().labels
    (found,) = Recognizers(regions=("gb",)).find(text, frozenset({"UK_NHS"}))
    assert text[found.start : found.end] == "943 476 5919"


def test_the_list_of_suffixes_is_the_bundled_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise AssertionError("the shared extractor would fetch the list")

    monkeypatch.setattr(sys.modules["tldextract.tldextract"], "TLD_EXTRACTOR", fail)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    label = frozenset({"EMAIL_ADDRESS"})
    source = Recognizers()
    assert len(source.find("jo@example.com or jo@example.notasuffix", label)) == 1
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(AssertionError):  # other users of Presidio keep theirs
        engine(predefined(["EmailRecognizer"])).analyze("jo@example.com", "en")


class Shelf(EntityRecognizer):
    """Finds a word, without a pattern that anybody could read."""

    def __init__(self, *, error: Exception | None = None) -> None:
        self.error = error
        super().__init__(supported_entities=["SHELF"], name="ShelfRecognizer")

    def load(self) -> None: ...

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        if self.error:
            raise self.error
        assert [token.text for token in nlp_artifacts.tokens] == text.split()
        return (
            [RecognizerResult(entities[0], text.index("shelf"), text.index("shelf") + 5, 0.7)]
            if "shelf" in text
            else []
        )


def chart_number() -> PatternRecognizer:
    return PatternRecognizer(
        "CHART",
        name="ChartRecognizer",
        patterns=[Pattern("chart", r"\bC-\d{4}\b", 0.2)],
        context=["chart"],
        deny_list=["ROOM 7"],
    )


def test_a_users_recognizer_has_its_own_triggers_and_context() -> None:
    recognizer = chart_number()
    source = Recognizers(recognizers=[recognizer])
    triggers = source.triggers("CHART")
    assert triggers
    assert any(Finder(one).scan(b"see c-1234 now") for one in triggers)
    assert any(Finder(one).scan(b"in room 7.") for one in triggers)
    assert not any(Finder(one).scan(b"room 6, c-12") for one in triggers)
    texts = ["the chart C-1234", "C-1234 in ROOM 7, and room 7", "nothing", "C-12345"]
    presidio = engine([chart_number()])
    for text in texts:
        assert ours(source, text, frozenset({"CHART"})) == theirs(presidio, text)
    assert recognizer.patterns[0].compiled_regex is None  # the user's object stays as it was


def test_recognizers_of_a_yaml_file(tmp_path: Path) -> None:
    path = tmp_path / "recognizers.yaml"
    path.write_text(
        "recognizers:\n"
        "  - name: Bed\n"
        "    supported_language: en\n"
        "    supported_entity: BED\n"
        "    patterns: [{name: bed, regex: 'bed \\d{2}', score: 0.6}]\n"
    )
    source = Recognizers(recognizers=[path])
    (found,) = source.find("she is in Bed 12", frozenset({"BED"}))
    assert (found.start, found.end, found.source) == (10, 16, "Bed")
    assert source.triggers("BED")
    path.write_text("recognizers: [{name: Bed, supported_entity: BED}]")
    with pytest.raises(ValueError, match=r"recognizers\.yaml"):
        Recognizers(recognizers=[path])
    with pytest.raises(TypeError, match="int"):
        Recognizers(recognizers=[7])


def test_a_recognizer_without_patterns_is_always_asked() -> None:
    source = Recognizers(recognizers=[Shelf()])
    assert source.triggers("SHELF") is None
    (found,) = source.find("on the shelf 9", frozenset({"SHELF", "US_SSN"}))
    assert (found.start, found.end, found.score) == (7, 12, 0.7)
    more = Recognizers(
        recognizers=[PatternRecognizer("US_SSN", patterns=[Pattern("any", r"\p{Nd}{3}", 0.1)])]
    )
    assert more.triggers("US_SSN") is None  # one of two cannot be read


def test_a_recognizer_that_fails_is_named_and_the_text_is_not() -> None:
    source = Recognizers(recognizers=[Shelf(error=KeyError("secret words"))])
    with pytest.raises(EntityError, match="ShelfRecognizer: KeyError") as caught:
        source.find("secret words", frozenset({"SHELF"}))
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert source.find("ssn 219-09-9999", frozenset({"US_SSN"}))


def test_a_pattern_that_takes_too_long_is_an_error() -> None:
    slow = PatternRecognizer("SLOW", name="SlowRecognizer", patterns=[Pattern("slow", r"(?:a|aa)+!", 0.5)])
    source = Recognizers(recognizers=[slow], timeout=0.05)
    with pytest.raises(EntityError, match="SlowRecognizer: PatternTimeoutError"):
        source.find("a" * 60 + " a!", frozenset({"SLOW"}))


def test_presidio_logs_nothing_of_a_text(caplog: pytest.LogCaptureFixture) -> None:
    source = Recognizers()
    source.find("made ready", source.labels)
    with caplog.at_level(logging.DEBUG):
        source.find("GB82 WEST İ234 5698 7654 32, my card 4111 1111 1111 1111, 219-09-9999", source.labels)
    assert caplog.text == ""
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("presidio-analyzer").warning("of another user")
    assert "of another user" in caplog.text


def test_threads_and_pickles_agree() -> None:
    source = Recognizers(recognizers=[chart_number()])
    texts = list(made_up(40, seed=9))
    expected = [source.find(text, source.labels) for text in texts]
    fresh = Recognizers(recognizers=[chart_number()])
    found: dict[int, list[Sequence[object]]] = {}

    def work(number: int) -> None:
        found[number] = [fresh.find(text, fresh.labels) for text in texts]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(found.values()) == [expected] * 4
    assert pickle.loads(pickle.dumps(source)).find_many(texts, source.labels) == expected  # noqa: S301 (our own)


def test_words_are_forgotten() -> None:
    source = Recognizers()
    label = frozenset({"US_SSN"})
    source.find("the ssn 219-09-9999", label)
    words = source._runner._engine.nlp.vocab.strings  # type: ignore[union-attr]
    before = len(words)
    assert source.find("Grzegorzka has the ssn 219-09-9999", label)
    assert len(words) == before
    assert "Grzegorzka" not in words


def test_flags_of_a_user_are_kept() -> None:
    strict = PatternRecognizer(
        "CODE", patterns=[Pattern("code", "AB[0-9]", 0.5)], global_regex_flags=int(regex.DOTALL)
    )
    source = Recognizers(recognizers=[strict])
    assert [one.start for one in source.find("ab1 AB2", frozenset({"CODE"}))] == [4]


RULE = """
  - id: PHI-01.{name}
    kind: phrase
    title: One kind of identifier
    category: privacy
    severity: high
    message: This holds an identifier.
    why: It may identify somebody.
    source: House style (test)
    fix: Leave it out.
    phrases: ["{{{label}}}"]
    flags: [a, b, c, d, e]
    passes: [a, b, c, d, e]
"""


def test_the_scan_calls_every_recognizer(tmp_path: Path) -> None:
    source = Recognizers()
    names = {label.lower().replace("_", "-"): label for label in source.labels}
    path = tmp_path / "all.yaml"
    path.write_text(
        "rules:\n" + "".join(RULE.format(name=name, label=label) for name, label in names.items())
    )
    screener = Screener(rules=load_rules([path], with_shipped=False))
    called = 0
    for text in made_up(150, seed=6):
        normal = screener._scanned(text, screener._plan(Post(text=text)).parts).normal
        own = screener._known.own_value
        expected = {
            one.label
            for one in source.find(normal.text, source.labels)
            if not own(normal.text[one.start : one.end])
        }
        screening = screener.screen(text)
        assert screening.complete
        assert {names[one.rule.partition(".")[2]] for one in screening.findings} >= expected, ascii(text)
        called += len(expected)
    assert called > 200

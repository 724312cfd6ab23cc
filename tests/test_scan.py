"""The scan against the obvious slow way to find the same, and its parts alone."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from phiguard.disguise import Normalizer
from phiguard.errors import RuleError
from phiguard.gates import DIGIT, STEMS, gates_of_pattern
from phiguard.indexing import build_index
from phiguard.keys import as_keyed, key_of_phrase, keys_of_pattern
from phiguard.rules import RuleSet, assemble
from phiguard.scan import Scanner
from phiguard.terms import TermError, expand, terms_of
from phiguard.trie import Tokens, Trie, build_trie
from tests.strategies import texts

# Anchors of all three ways to find them (phrases, shapes, wordy patterns), support words and support patterns.
PHRASES = (
    "cur(e|es|ed)",
    "zero side effect[s]",
    "fda approved",
    "#ad",
    "immuno*",
    "no",
    "can",
    "don[']t",
    "😂",
    "diab*",
)
SHAPES = (r"\d{3}-\d{2}-\d{4}", r"[A-Z]{2}\d+", r"\bmrn \d+")
WORDY = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|our) (?:tea|patient)s?\b",
)
SUPPORT = ("diabetes", "your visit", "not", r"/\b\d{1,3} ?mg\b/", "teas", "cure diabetes")


def pack(**lists: tuple[str, ...]) -> RuleSet:
    rows = ["rules:"]
    for name, terms in lists.items():
        quoted = ", ".join("'" + term.replace("'", "''") + "'" for term in terms)
        rows += [
            f"- id: X-01.{name}",
            "  kind: near",
            "  title: t\n  category: brand\n  severity: low\n  message: m\n  why: w\n  source: s\n  fix: f",
            f"  near: [[{quoted}], [{', '.join(repr(term) for term in SUPPORT)}]]",
            "  flags: [x]\n  passes: [x]",
        ]
    return assemble([("x.yaml", "\n".join(rows).encode())])


RULES = pack(anchors=(*PHRASES, *(f"/{one}/" for one in (*SHAPES, *WORDY))))
INDEX = build_index(RULES)
SCANNER = Scanner(INDEX)
NORMALIZER = Normalizer(frozenset(INDEX.words))


def slow_phrase(text: str, phrase: str, *, prefix: bool) -> set[tuple[int, int]]:
    """Every place of a phrase as whole words, by the definition."""
    found = set()
    lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    for match in regex.finditer(regex.escape(phrase), lower, overlapped=True):
        start, end = match.span()
        if start and lower[start - 1].isalnum() and lower[start].isalnum():
            continue
        if prefix:
            while end < len(lower) and (lower[end].isalnum()):
                end += 1
            found.add((start, end))
            continue
        rest = lower[end : end + 2]
        if rest[:1].isalnum() and lower[end - 1].isalnum():
            continue
        if rest == "'t":
            continue
        found.add((start, end))
    return found


def slow_pattern(text: str, pattern: str) -> set[tuple[int, int]]:
    """The longest matches that no longer one holds, by trying every stretch."""
    compiled = regex.compile(f"(?:{pattern})", regex.IGNORECASE | regex.ASCII)
    spans = set()
    for start in range(len(text)):
        for end in range(len(text), start, -1):
            bounded = regex.compile(
                rf"(?:{pattern})(?=(?s:.{{{len(text) - end}}})\Z)", regex.IGNORECASE | regex.ASCII
            )
            if bounded.match(text, start):
                spans.add((start, end))
                break
    assert all(compiled.search(text, start) for start, _ in spans)
    return {one for one in spans if not any(a <= one[0] and one[1] <= b and (a, b) != one for a, b in spans)}


@given(texts)
def test_anchors_are_found_where_the_slow_way_finds_them(text: str) -> None:
    normal = NORMALIZER.normalize(text)
    seen = SCANNER.deep(normal, ("post",))
    found = {(hit.start, hit.end) for base in seen.called for hit in seen.hits(base)}
    expected = set()
    for phrase in PHRASES:
        for literal in terms_of(phrase, {}):
            expected |= slow_phrase(normal.words, literal.text, prefix=literal.is_prefix)  # type: ignore[union-attr]
    for pattern in (*SHAPES, *WORDY):
        expected |= slow_pattern(normal.text, pattern)
    assert found == expected


@given(texts)
def test_support_words_are_found_where_the_slow_way_finds_them(text: str) -> None:
    seen = SCANNER.deep(NORMALIZER.normalize(text), ("post",))
    normal = seen.normal
    found = {
        (hit.start, hit.end) for base in INDEX.of("X-01.anchors", "near[1]").bases for hit in seen.hits(base)
    }
    expected = set()
    for phrase in SUPPORT:
        if phrase.startswith("/"):
            expected |= {m.span() for m in re.finditer(phrase[1:-1], normal.text, re.IGNORECASE | re.ASCII)}
        else:
            expected |= slow_phrase(normal.words, phrase, prefix=False)
    assert found == expected


@given(texts)
def test_a_wordy_pattern_never_matches_a_text_without_one_of_its_keys(text: str) -> None:
    for pattern in WORDY:
        keys = keys_of_pattern(pattern)
        assert keys
        if re.search(pattern, text, re.IGNORECASE | re.ASCII):
            keyed = as_keyed(text.encode("utf-8", "replace")).decode()
            assert any(key.text in keyed and key.words in " ".join(keyed.split()) for key in keys)


GATED = (
    *WORDY,
    SHAPES[2],
    r"\b(?:no|zero|without) (?:side[ -]effects?|risks?)\b",
    r"\b[0-9]{1,3} ?(?:mg|pills)\b",
    r"\bimmuno[a-z]+ (?:tea|drops)",
    r"\B-\D+(?:tea|mg)",
)


@given(
    texts
    | st.lists(
        st.sampled_from(
            "no zero without side effect effects risk 7 mg 12mg immunodrops immunology tea drops our patient mrn -a".split()
        ),
        max_size=6,
    ).map(" ".join)
)
def test_a_pattern_never_matches_a_text_that_its_gates_hold_back(text: str) -> None:
    words = as_keyed(text.encode("utf-8", "replace")).split()
    for pattern in GATED:
        gates = gates_of_pattern(pattern)
        assert gates or pattern == GATED[-1]
        if re.search(pattern, text, re.IGNORECASE | re.ASCII):
            for gate in gates:
                assert any(names_of(word) & gate for word in words), (pattern, gate)


def names_of(word: bytes) -> set[str]:
    """All that a gate may ask a word for."""
    text = word.decode()
    stems = {text[:length] + "*" for length in STEMS if len(text) >= length}
    return {text, *stems, *([DIGIT] if re.search("[0-9]", text) else [])}


@given(
    st.lists(st.sampled_from(["cure", "side", "effects", "no", "our", "the"]), min_size=1, max_size=4).map(
        " ".join
    )
)
def test_the_key_of_a_phrase_stands_in_the_phrase(phrase: str) -> None:
    found = key_of_phrase(phrase)
    assert found
    at, key = found
    assert f" {phrase} ".startswith(key.text, at)
    assert f" {key.words} " in key.text


def test_a_trie_finds_every_phrase_and_prefix_at_every_place() -> None:
    trie = Trie(
        build_trie(
            [
                ("side effect", False, ("a",)),
                ("side", False, ("b",)),
                ("immuno", True, ("c",)),
                ("no immuno", True, ("d",)),
            ]
        )
    )
    found = trie.find(Tokens("No immunotherapy, side effect; side"))
    assert sorted((start, end, *targets) for start, end, targets in found) == [
        (0, 16, "d"),
        (3, 16, "c"),
        (18, 22, "b"),
        (18, 29, "a"),
        (31, 35, "b"),
    ]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("heal[s|ed]", ["heal", "heals", "healed"]),
        ("(a|b)[c]", ["a", "ac", "b", "bc"]),
        ("x [y (1|2) ]z", ["x z", "x y 1 z", "x y 2 z"]),
        ("my <pet>", ["my cat", "my cats"]),
    ],
)
def test_terms_expand(term: str, expected: list[str]) -> None:
    assert expand(term, {"pet": ("cat[s]",)}) == expected


@pytest.mark.parametrize("term", ["(a", "a]", "<nobody>", "[a]", "x" + "(a|b|c|d|e|f|g|h)" * 5, "ab*"])
def test_a_term_that_cannot_be_read_is_refused(term: str) -> None:
    with pytest.raises(TermError):
        list(terms_of(term, {}))


def test_a_pattern_that_would_need_backtracking_is_refused_by_rule_and_field() -> None:
    with pytest.raises(RuleError, match=r"x\.yaml:\d+: X-01\.bad: near\[0\]: a pattern cannot be compiled"):
        pack(bad=(r"/(a)\1/",))
    with pytest.raises(RuleError, match=r"X-01\.bad: near\[1?0?\]"):
        pack(bad=(r"/(?=a)b/",))

"""YAML is read with its lines; what cannot be read is told by line, without a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phiguard.yaml_source import SourceError, read_yaml

WORD = "Zebulon"


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(SourceError) as caught:
        read_yaml(text.encode() if isinstance(text, str) else text)
    return [f"{fault.line}: {fault}" for fault in caught.value.faults]


def test_scalars_stay_what_was_typed() -> None:
    values, _ = read_yaml(b"a: 5550100\nb: NO\nc: 09:30\nd: 2026-12-25\ne: yes\nf: 1_000\n'off': 'null'\n")
    assert values == {
        "a": "5550100", "b": "NO", "c": "09:30", "d": "2026-12-25", "e": "yes", "f": "1_000", "off": "null",
    }  # fmt: skip


def test_a_field_with_nothing_after_it_is_not_given() -> None:
    values, place = read_yaml(b"a:\nb: ~\nc: null\nd: ''\ne: [x, null]\n")
    assert values == {"d": "", "e": ["x", None]}
    assert place.children["a"].line == 1


@pytest.mark.parametrize("data", [b"", b"# only a comment\n", b"---\n", b"\xef\xbb\xbf", b"null"])
def test_an_empty_file_is_an_empty_table(data: bytes) -> None:
    assert read_yaml(data)[0] == {}


def test_places_are_lines_of_names_and_items() -> None:
    _, place = read_yaml(b"a:\n  b:\n    - x\n    -\n      c: 1\n")
    assert place.children["a"].children["b"].line == 2
    assert place.children["a"].children["b"].children[1].children["c"].line == 5


def test_names_given_twice_are_told_all() -> None:
    text = "a: 1\nb: {c: 1, c: 2}\na: 3\n"
    assert faults(text) == ["2: b.c: given twice (first on line 2)", "3: a: given twice (first on line 1)"]


def test_aliases_are_filled_in() -> None:
    assert read_yaml(b"a: &x [1, 2]\nb: *x\n")[0] == {"a": ["1", "2"], "b": ["1", "2"]}


def test_an_alias_inside_itself_is_refused() -> None:
    assert faults("a: &x [*x]\n") == ["1: a[0]: an alias inside itself"]


def test_aliases_that_multiply_are_refused() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    assert "too large" in faults("\n".join(levels))[0]


def test_tags_are_refused() -> None:
    assert faults("a: !!python/object:os.system x\nb: !secret y\n") == [
        "1: a: tags (words that begin with !) are not used here",
        "2: b: tags (words that begin with !) are not used here",
    ]


def test_bytes_that_are_no_text_are_refused() -> None:
    assert faults(b"a: b\nc: \xff\n") == ["2: not UTF-8 text"]


@pytest.mark.parametrize(
    "text",
    [
        f"a: [{WORD}\nb: c\n",
        f"a: *{WORD}\n",
        f"a: &{WORD} 1\nb: '{WORD}\n",
        f"{WORD}: {WORD}: x\n",
        f"a: |{WORD}\n",
        f"%{WORD}\n---\n",
        f"--- {WORD}\n--- b\n",
        f"a: !{WORD}!x y\n",
        f"? [{WORD}]\n: x\n",
        f"a: {WORD}\n\tb: c\n",
        f"a: \x07{WORD}\n",
        f"{WORD} x: 1\n{WORD} x: 2\n",
    ],
)
def test_what_is_no_yaml_is_told_without_its_words(text: str) -> None:
    told = faults(text)
    assert told
    assert WORD not in str(told)


@given(
    st.binary(max_size=200) | st.text(alphabet="ab:-[]{}&*!|>'\"#%@`\n\t 1,?", max_size=60).map(str.encode)
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    faults = []
    try:
        read_yaml(data)
    except SourceError as error:
        faults = [fault.line for fault in error.faults] or [0]
    assert all(line >= 1 for line in faults)

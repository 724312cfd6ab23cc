from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.tokens import Span

from phiguard.entities import pipeline
from phiguard.entities.base import NAMES, Entity
from phiguard.entities.crf import TAGS, best_paths, gradient
from phiguard.entities.gazetteer import Gazetteer
from phiguard.entities.names import MODEL, Names, names_source
from phiguard.entities.tokens import offsets, words_and_spaces

PERSON = frozenset({"PERSON"})
NAMER = Names()

NAMED = [
    # text, the people in it
    ("Get well soon, Maria!", ["Maria"]),
    ("get well soon, maria!", ["maria"]),
    ("GET WELL SOON, MARIA!", ["MARIA"]),
    ("Thanks to Susan P. at the front desk", ["Susan P"]),
    ("Our patient Deshawn Okafor rang the bell today 🎉", ["Deshawn Okafor"]),
    ("our patient deshawn okafor rang the bell today", ["deshawn okafor"]),
    ("Mrs. Kowalczyk in room 12 pulled her Foley", ["Kowalczyk"]),
    ("Tiffany's results were sent to the wrong house", ["Tiffany"]),
    ("prayers for Jayden and his parents 🙏🙏", ["Jayden"]),
    ("❤️Priya❤️ came home from the NICU", ["Priya"]),
    ("Happy birthday Kaylee!!", ["Kaylee"]),
    ("Hi Denise, thank you for your kind words", ["Denise"]),
    ("Please pray for Nguyen Thi Lan tonight", ["Nguyen Thi Lan"]),
    ("Jean-Luc O'Brien was discharged yesterday", ["Jean-Luc O'Brien"]),
    ("My son Mateo loves the dentist", ["Mateo"]),
    ("Dr. Patel saved my life", ["Patel"]),
]
NAMELESS = [
    "My mom was diagnosed with Parkinson's disease on Tuesday",
    "placed a foley and checked the Apgar score",
    "Crohn's is no joke, ask your doctor",
    "We are open Monday through Friday in April and May",
    "started Lexapro and Wellbutrin in June",
    "will may june mark the date on your calendar",
    "coffee at Starbucks before the MRI",
    "Flu shots are here. Walk in weekdays 8 to 6.",
    "the nurse said the doctor is late again lol",
    "can't wait for summer",
    "",
    " \n\t ",
    "🙏🙏🙏",
    "\ud800 lone",
]


def people(text: str, source: object = NAMER) -> list[str]:
    found: list[Entity] = source.find(text, PERSON)  # type: ignore[attr-defined]
    return [text[e.start : e.end].rstrip(".") for e in found]


@pytest.mark.parametrize(("text", "names"), NAMED)
def test_names_are_found_in_any_case_beside_any_mark(text: str, names: list[str]) -> None:
    assert people(text) == names


@pytest.mark.parametrize("text", NAMELESS)
def test_eponyms_medicines_calendar_and_brands_are_nobody(text: str) -> None:
    assert people(text) == []


def test_offsets_count_code_points_beyond_the_basic_plane() -> None:
    text = "😂👨‍👩‍👧 omg 𝓱𝓲 Maria Lopez and 🙏 Kevin"
    found = NAMER.find(text, NAMES)
    assert [text[e.start : e.end] for e in found if e.label == "PERSON"] == ["Maria Lopez", "Kevin"]


def test_places_and_organizations_have_their_own_labels() -> None:
    found = NAMER.find("Maria moved from Chicago to London", NAMES)
    assert {(e.label, e.start) for e in found} >= {("PERSON", 0), ("LOCATION", 17), ("LOCATION", 28)}
    assert NAMER.find("Maria moved from Chicago", frozenset({"ORGANIZATION"})) == []


def test_handles_and_links_are_no_names() -> None:
    assert people("@MariaLopez https://example.com/MariaLopez") == []


def test_batch_gives_what_one_by_one_gives() -> None:
    texts = [text for text, _ in NAMED] + NAMELESS + ["Maria " * 700, "x " * 3000]
    assert NAMER.find_many(texts, NAMES) == [NAMER.find(text, NAMES) for text in texts]
    assert Names().find_many(texts[::-1], NAMES) == NAMER.find_many(texts, NAMES)[::-1]


def test_threads_share_one_source() -> None:
    source = Names()
    texts = [text for text, _ in NAMED] * 3
    wanted = NAMER.find_many(texts, NAMES)
    answers: list[object] = []
    threads = [
        threading.Thread(target=lambda: answers.append([source.find(text, NAMES) for text in texts]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [wanted] * 4


def test_neither_spacy_nor_the_network_is_needed_at_run_time() -> None:
    code = (
        "import sys; from phiguard.entities.names import Names\n"
        "assert 'numpy' not in sys.modules\n"
        "assert Names().find('Get well soon, Maria', frozenset({'PERSON'}))\n"
        "print([name for name in ('spacy', 'thinc', 'torch', 'faker') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_shipped_pipeline_is_small_and_says_what_it_is_made_of() -> None:
    assert sum(file.stat().st_size for file in MODEL.rglob("*") if file.is_file()) <= 10_000_000
    meta = json.loads((MODEL / "meta.json").read_text(encoding="utf-8"))
    attributed = " ".join(source["name"] for source in meta["sources"])
    assert all(name in attributed for name in ("Broad Twitter Corpus", "WNUT-17", "presidio-research"))
    assert meta["performance"]["presidio_dev_person_recall"] > 0.5


def test_spacy_loads_the_shipped_pipeline_and_finds_the_same() -> None:
    assert pipeline.create_component
    nlp = spacy.load(MODEL)
    texts = [text for text, _ in NAMED] + NAMELESS[:-1]
    for doc, entities in zip(nlp.pipe(texts), NAMER.find_many(texts, NAMES), strict=True):
        assert [(e.start_char, e.end_char, e.label_) for e in doc.ents] == [
            (e.start, e.end, e.label) for e in entities
        ]


def test_another_pipeline_can_stand_in_its_place(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PER", "pattern": "Zorblax"}, {"label": "GPE", "pattern": "Qo"}])  # type: ignore[attr-defined]
    text = "Zorblax of Qo"
    wanted = [("PERSON", 0, 7), ("LOCATION", 11, 13)]
    nlp.to_disk(tmp_path / "other")
    for ner in (nlp, str(tmp_path / "other")):
        source = names_source(ner)
        assert [(e.label, e.start, e.end) for e in source.find(text, NAMES)] == wanted
        assert source.triggers("PERSON") is None
    own = names_source(NAMER)
    assert own is NAMER
    with pytest.raises(TypeError, match="Language"):
        names_source(3)


def test_a_presidio_engine_can_stand_in_its_place() -> None:
    nlp = spacy.blank("en")

    class Artifacts:
        def __init__(self, text: str) -> None:
            doc = nlp(text)
            self.entities = [Span(doc, 0, 1, label="PERSON")]

    class Engine:
        loaded = False

        def is_loaded(self) -> bool:
            return self.loaded

        def load(self) -> None:
            self.loaded = True

        def process_batch(self, texts: list[str], language: str) -> list[tuple[str, Artifacts]]:
            assert self.loaded
            assert language == "en"
            return [(text, Artifacts(text)) for text in texts]

    assert people("Zorblax came", names_source(Engine())) == ["Zorblax"]


def test_tokens_put_together_are_the_text() -> None:
    for text, _ in NAMED:
        words, spaces = words_and_spaces(text)
        assert "".join(w + " " * s for w, s in zip(words, spaces, strict=True)) == text
        assert all(text[a:b] == word for word, (a, b) in zip(words, offsets(words, spaces), strict=True))


def test_the_gradient_is_the_slope_of_the_loss() -> None:
    generator = np.random.default_rng(0)
    scores = [generator.normal(size=(n, len(TAGS))).astype(np.float32) for n in (1, 4)]
    moves = generator.normal(size=(len(TAGS) + 2, len(TAGS) + 2)).astype(np.float32) * 0.3
    gold = [
        np.array([TAGS.index("S-PERSON")]),
        np.array([0, TAGS.index("B-PERSON"), TAGS.index("E-PERSON"), 0]),
    ]
    by_score, by_move, loss = gradient(scores, gold, moves)
    assert loss > 0
    step = 1e-2
    for at, where in ((0, (0, 3)), (1, (2, 0)), (1, (1, 1))):
        moved = [score.copy() for score in scores]
        moved[at][where] += step
        assert (gradient(moved, gold, moves)[2] - loss) / step == pytest.approx(by_score[at][where], abs=0.02)
    other = moves.copy()
    other[1, 3] += step
    assert (gradient(scores, gold, other)[2] - loss) / step == pytest.approx(by_move[1, 3], abs=0.02)


def test_paths_never_open_one_label_and_close_another() -> None:
    generator = np.random.default_rng(1)
    scores = [generator.normal(scale=3, size=(30, len(TAGS))).astype(np.float32) for _ in range(20)]
    moves = np.zeros((len(TAGS) + 2, len(TAGS) + 2), dtype=np.float32)
    for path in best_paths(scores, moves):
        inside = ""
        for number in path:
            tag = TAGS[number]
            assert (tag[0] in "IE") == bool(inside)
            assert not inside or tag[2:] == inside
            inside = tag[2:] if tag[0] in "BI" else ""
        assert not inside


def test_a_gazetteer_survives_storage() -> None:
    one = Gazetteer.build({"maria": 3, "maple": 1 << 9}, ["maria", "marta"], ["maple", "table"])
    two = Gazetteer.from_bytes(one.to_bytes())
    for word in ("maria", "maple", "other"):
        assert (one.names(word), one.places(word), one.likeness(word)) == (
            two.names(word),
            two.places(word),
            two.likeness(word),
        )
    assert two.names("maria") == 3
    assert two.likeness("marta") > two.likeness("table")

"""Labelled posts of nobody, made from a grammar: the same seed makes the same posts, on every machine.

``python corpora/phi/generate.py --count 5000 --seed 7 > posts.jsonl``
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if __package__ in {None, ""}:  # run as a script: the repository is not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from corpora.phi.grammar import FIRST, LAST, SHAPES, WORDS, Shape
from corpora.phi.identifiers import PLAIN, disguised, fresh

__all__ = ["combinations", "generate"]

TOKEN = re.compile(r"<(\w+)>|\{(\w+)\}|\[(\w+)\]")
PRONOUNS = (("she", "her", "her"), ("he", "him", "his"))
DISGUISES = {
    "US_SSN": ("zero-width", "full-width", "spaced", "spelled", "keycap", "other hyphen"),
    "PHONE_NUMBER": ("zero-width", "full-width", "spaced", "spelled", "keycap", "other hyphen"),
    "EMAIL_ADDRESS": ("zero-width", "full-width", "at in words", "at in brackets", "Cyrillic"),
    "MEDICAL_RECORD": ("zero-width", "full-width"),
}
RULE_OF = {
    "LOCATION": "PHI-02",
    "ZIP": "PHI-02",
    "STREET_ADDRESS": "PHI-02",
    "DATE_TIME": "PHI-03",
    "WHEN": "PHI-03",
    "BIRTH": "PHI-03",
}
PLATFORMS = {
    "outbound_post": ("facebook", "instagram", "x", "linkedin", "tiktok"),
    "outbound_reply": ("google_business", "facebook", "yelp"),
    "inbound_comment": ("facebook", "instagram", "x"),
}
SHARE_DISGUISED = 0.25
NOW = re.compile(
    r"\b(today|tonight|yesterday|this (morning|week|month)|last (night|week)|[a-z]+day night|on (mon|tues|fri)day)\b",
    re.IGNORECASE,
)
"""A relative date: a finding of one is right besides what is expected."""


class Draft:
    """One post while it is written: its text so far, its spans, and who it is about."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.text = ""
        self.spans: list[dict[str, Any]] = []
        self.how = ""
        self.about = rng.choice(PRONOUNS)
        self.chosen: dict[str, str] = {}

    def person(self) -> tuple[str, str, str, str]:
        """What stands before a name of nobody, the name, what stands after it, and the way in which it is written."""
        rng, first, last = self.rng, self.rng.choice(FIRST), self.rng.choice(LAST)
        title = "Mrs. " if self.about[0] == "she" else "Mr. "
        before, name, after, way = rng.choice(
            (
                ("", f"{first} {last}", "", "full name"),
                ("", f"{first} {last}", "", "full name"),
                ("", first, "", "first name"),
                ("", first, "", "first name"),
                ("", f"{first} {last[0]}.", "", "first name and initial"),
                ("", f"{first[0]}.{last[0]}.", "", "initials"),
                (title, last, "", "title and surname"),
                ("", f"{last}, {first}", "", "surname first"),
                ("little ", first, "", "first name"),
                ("#", first, "Strong", "hashtag"),
                ("", f"@{first}.{last}".lower().replace("'", ""), "", "handle"),
            )
        )
        case = rng.random()
        if way not in {"handle", "hashtag"} and case < 0.28:
            return (
                before,
                name.lower() if case < 0.2 else name.upper(),
                after,
                way + (", lower case" if case < 0.2 else ", capitals"),
            )
        return before, name, after, way

    def identifier(self, name: str) -> tuple[str, str]:
        """An identifier and its label."""
        if name == "HANDLE":
            return f"@{self.rng.choice(FIRST)}.{self.rng.choice(LAST)}".lower().replace("'", ""), name
        if name == "LOCATION":
            self.how = self.rng.choice(("town", "place"))
            return self.rng.choice(WORDS[self.how]), name
        label = PLAIN.get(name, name)
        text, self.how = fresh(name, self.rng), label
        if name in DISGUISES and self.rng.random() < SHARE_DISGUISED:
            how = self.rng.choice(DISGUISES[name])
            if how == "spelled":
                text = re.sub(r"^\+?1\D", "", text)
            text = disguised(text, how)
            self.how += f", {how}"
        return text, label

    def plain(self, name: str) -> str:
        """A word that is no identifier of a patient: staff, event dates, lots, prices."""
        rng = self.rng
        made = {
            "staff": f"{rng.choice(FIRST)} {rng.choice(LAST)}",
            "date": fresh("DATE_TIME", rng),
            "lot": f"{rng.choice('ABKL')}{rng.randint(1000, 9999)}",
            "price": str(rng.randint(20, 95)),
            "score": f"{rng.randint(8, 19)}-{rng.randint(0, 7)}",
            "year": str(rng.randint(2015, 2025)),
            "oldyear": str(rng.randint(1880, 1935)),
            "count": str(rng.randint(120, 900)),
            "trial": str(rng.randint(4000000, 4999999)),
        }
        return made[name]

    def write(self, way: str) -> None:
        """``way`` with every name in it replaced, at the end of the text."""
        at = 0
        for token in TOKEN.finditer(way):
            self.text += way[at : token.start()]
            at = token.end()
            word, label, plain = token.groups()
            if label:
                after = ""
                if label == "PERSON":
                    before, said, after, self.how = self.person()
                    self.text += before
                    label = "HANDLE" if self.how == "handle" else label
                else:
                    said, label = self.identifier(label)
                start = len(self.text)
                self.text += said
                self.spans.append(
                    {"field": "text", "start": start, "end": len(self.text), "label": label, "says": said}
                )
                self.text += after
            elif plain:
                self.text += self.plain(plain)
            else:
                self.word(word)
        self.text += way[at:]

    def word(self, name: str) -> None:
        """One of the words called ``name``; an echo says the same word as what it answers."""
        agreeing = dict(zip(("she", "her", "hers"), self.about, strict=True))
        base = name.removesuffix("_c")
        if base in agreeing:
            self.text += agreeing[base].capitalize() if name.endswith("_c") else agreeing[base]
        elif name == "echo":
            self.text += self.chosen.setdefault(name, self.rng.choice(WORDS[name]))
        else:
            self.write(self.rng.choice(WORDS[name]))


def _post(shape: Shape, draft: Draft, rng: random.Random) -> dict[str, Any]:
    post: dict[str, Any] = dict(shape.post)
    if shape.parents:
        parent = Draft(rng)
        parent.chosen = draft.chosen
        parent.write(rng.choice(shape.parents))
        post["reply_to"] = {"text": parent.text, "kind": "review", "author": f"@user{rng.randint(100, 999)}"}
    if shape.alts:
        alt = Draft(rng)
        alt.write(rng.choice(shape.alts))
        post["media"] = [{"kind": "image", "alt_text": alt.text, "faces": shape.faces}]
    post["platform"] = rng.choice(PLATFORMS[post["direction"]])
    return post


def one(rng: random.Random, shape: Shape) -> dict[str, Any]:
    """One labelled post of the kind ``shape``."""
    draft = Draft(rng)
    post = _post(shape, draft, rng)
    draft.write(rng.choice(shape.ways))
    text = draft.text
    if not draft.spans and rng.random() < 0.1:
        text = text.upper() if rng.random() < 0.3 else text.lower()
    expect = [shape.expect] if shape.expect else []
    tolerate = {name for name in shape.tolerate if name not in expect}
    tolerate |= {
        rule for span in draft.spans if expect and (rule := RULE_OF.get(span["label"])) and rule not in expect
    }
    if expect and "PHI-03" not in expect and NOW.search(text):
        tolerate.add("PHI-03")
    return {
        "post": {"text": text, **post},
        "expect": expect,
        "spans": draft.spans,
        "tolerate": sorted(tolerate),
        "why": shape.kind + (f"; {draft.how}" if draft.how else ""),
    }


def generate(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """``count`` labelled posts; no text comes twice."""
    rng = random.Random(seed)  # noqa: S311 (posts, no secrets)
    weights = [shape.weight for shape in SHAPES]
    seen: set[tuple[str | None, ...]] = set()
    made = 0
    for _ in range(count * 20):
        if made == count:
            return
        item = one(rng, rng.choices(SHAPES, weights)[0])
        post = item["post"]
        key = (
            post["text"],
            post.get("reply_to", {}).get("text"),
            *(medium["alt_text"] for medium in post.get("media", ())),
        )
        if key in seen:
            continue
        seen.add(key)
        made += 1
        name = f"gen-{seed}-{made:05}"
        yield {"id": name, **item, "post": {**post, "id": name}}
    raise ValueError(f"the grammar has no {count} different posts")


def combinations() -> int:
    """How many texts the grammar can make, names and numbers counted once."""

    def ways(text: str, deep: int = 0) -> int:
        found = 1
        for token in TOKEN.finditer(text):
            if (name := token[1]) in WORDS and deep < 3:
                found *= sum(ways(word, deep + 1) for word in WORDS[name])
        return found

    return sum(ways(way) for way in itertools.chain.from_iterable(shape.ways for shape in SHAPES))


def main() -> None:
    """Print posts as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for item in generate(options.count, options.seed):
        sys.stdout.write(json.dumps(item, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

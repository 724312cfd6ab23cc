"""Posts to measure on: the third-party streams if they are there, else seeded posts of our own making."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

__all__ = ["Case", "Line", "cases", "generated", "stream"]

SEED = 20_261_021


class Line(msgspec.Struct, frozen=True):
    """One line of a stream; fields that it may have besides are left out."""

    id: str
    text: str


class Case(msgspec.Struct, frozen=True):
    """One labelled case: what may fire besides (``tolerate``), in the words of its source."""

    id: str
    text: str
    platform: str | None = None
    kind: str | None = None
    product_type: str | None = None
    tolerate: tuple[str, ...] = ()


def stream(data: Path, name: str, *, count: int = 50_000) -> tuple[list[bytes], str]:
    """The lines of ``data/streams/<name>.jsonl`` and where they come from; generated ones if there is no such file."""
    path = data / "streams" / f"{name}.jsonl"
    if path.is_file():
        return path.read_bytes().splitlines(), name
    say_missing(path, f"{count:,} generated posts are measured instead")
    return [msgspec.json.encode(line) for line in generated(count)], f"{count:,} generated posts, seed {SEED}"


def cases(data: Path, name: str) -> list[Case]:
    """The cases of ``data/cases/<name>.jsonl``; none, and a message, if there is no such file."""
    path = data / "cases" / f"{name}.jsonl"
    if not path.is_file():
        say_missing(path, "its figures are left out")
        return []
    return [msgspec.json.decode(line, type=Case) for line in path.read_bytes().splitlines()]


def say_missing(path: Path, consequence: str) -> None:
    """Tell on standard error that a file is missing and what that means."""
    print(f"{path} is not there: {consequence}. Name the folder with --data.", file=sys.stderr)


_OPENERS = (
    "So",
    "Honestly",
    "Well",
    "Today",
    "Just saw that",
    "My sister says",
    "Finally!",
    "Ugh,",
    "LOL",
    "¡Hola!",
    "Guess what:",
)
_MIDDLES = (
    "the bus was late again and I missed the first half of the game",
    "we had soup and bread by the river with the kids",
    "this song has been in my head since Monday morning",
    "the new season starts tonight and nobody told me",
    "traffic on the bridge is bad, take the long way round",
    "I finished the book you gave me, what an ending",
    "the café on the corner has the best blueberry muffins",
    "my phone died right before the concert",
    "happy birthday to the funniest person I know",
    "the doctor said it is just a cold, so back to work",
    "flu shots at the pharmacy, no line at all",
    "their team played hard but ours played smarter",
    "who else is awake at this hour and why",
    "rain all weekend, so we cleaned the garage",
)
_FOUND = (
    "this tea cures diabetes and nobody talks about it",
    "zero side effects, 100% safe, trust me",
    "we guarantee you will be pain-free",
    "call me at 212-555-0147 about the results",
)
_CLOSERS = (
    "",
    "",
    "😂",
    "❤️❤️",
    "#MondayMood",
    "#throwbackthursday",
    "@jo_lu",
    "https://example.com/a1b2",
    "…",
    "Ça alors!",
)


def generated(count: int, *, seed: int = SEED) -> Iterator[Line]:
    """Yield posts like those of a public stream: short, some emoji and hashtags, about 2 % with something to find."""
    chance = random.Random(seed)
    for number in range(count):
        middle = chance.choice(_FOUND if chance.random() < 0.02 else _MIDDLES)
        words = " ".join(filter(None, [chance.choice(_OPENERS), middle, chance.choice(_CLOSERS)]))
        yield Line(id=f"gen-{number}", text=words)

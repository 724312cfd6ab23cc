"""Rules held against their own examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from phiguard.errors import InputError
from phiguard.kinds.base import Example, Rule
from phiguard.kinds.series import SeriesRule
from phiguard.model import Post
from phiguard.profile import Profile
from phiguard.rules import DIRECTIONS
from phiguard.screener import Screener
from phiguard.series.examples import findings_of, posts_of

__all__ = ["Failure", "as_post", "prove"]

_LISTS = ("flags", "passes", "misses", "false_alarms")
_EXPECTED = {"flags": True, "passes": False, "misses": False, "false_alarms": True}
_SAID = {
    "flags": "is not found",
    "passes": "is found: {why}",
    "misses": "is found now: move it to `flags`",
    "false_alarms": "is no longer found: move it to `passes`",
}


class Failure(msgspec.Struct, frozen=True, order=True):
    """An example that does not hold. ``field`` is for instance ``flags[2]``."""

    file: str
    line: int
    rule: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.field}: {self.message}"


def as_post(rule: Rule, example: Example) -> Post:
    """The post of an example; metadata that it leaves out is the first that ``rule.applies_to`` allows.

    Of an example with several posts, the last. Raises `InputError`.
    """
    if isinstance(rule, SeriesRule):
        return posts_of({} if isinstance(example, str) else example)[-1]
    filled: dict[str, Any] = {}
    for field, allowed in {"direction": ("outbound",), **rule.applies_to}.items():
        first = DIRECTIONS.get(allowed[0], allowed)[0]
        filled[field] = (first,) if field == "region" else first
    filled |= {"text": example} if isinstance(example, str) else example
    filled.pop("profile", None)
    try:
        return msgspec.convert(filled, Post, strict=False)
    except msgspec.ValidationError as error:
        raise InputError(f"is no post: {error}") from None


def prove(screener: Screener, files: Sequence[Path | str] = ()) -> list[Failure]:
    """Every example that does not hold, in the order of files and lines; of all rules, or of those in ``files``."""
    wanted = [Path(file).as_posix() for file in files]
    failures: list[Failure] = []
    for rule in screener.rules.rules:
        file, _, line = screener.rules.places[rule.id].rpartition(":")
        if wanted and not any(path.endswith(file) or file.startswith(_tail(path)) for path in wanted):
            continue
        failures += (
            Failure(file, int(line), rule.id, field, message)
            for field, message in _failures_of(screener, rule)
        )
    return sorted(failures)


def _tail(path: str) -> str:
    """A folder as packs name it: ``rules/fda`` of ``/home/ana/rules/fda``."""
    parts = path.rstrip("/").split("/")
    return "/".join(parts[parts.index("rules") :]) + "/" if "rules" in parts else path.rstrip("/") + "/"


def _failures_of(given: Screener, rule: Rule) -> Iterator[tuple[str, str]]:
    for name in _LISTS:
        for at, example in enumerate(getattr(rule, name)):
            if isinstance(rule, SeriesRule):
                yield from _failures_of_series(given, rule, f"{name}[{at}]", example)
                continue
            try:
                post = as_post(rule, example)
                screener = _speaking(given, example)
            except InputError as error:
                yield f"{name}[{at}]", str(error)
                continue
            screening = screener.screen(post)
            broken = [gap for gap in screening.unscreened if gap.what in {f"rule {rule.id}", "post"}]
            if broken:
                yield f"{name}[{at}]", f"was not screened: {broken[0].what} {broken[0].reason}"
                continue
            found = any(finding.rule == rule.id for finding in screening.findings)
            if found is not _EXPECTED[name]:
                yield f"{name}[{at}]", _SAID[name].format(why=_why(screener, post, rule.id))


def _failures_of_series(
    given: Screener, rule: SeriesRule, field: str, example: Example
) -> Iterator[tuple[str, str]]:
    """An example of several posts: they are screened with all rules, and watched with this one."""
    name = field.partition("[")[0]
    try:
        screener = _speaking(given, example)
        posts = example if isinstance(example, dict) else {}
        found = findings_of(rule, posts, screener.screen, screener.profile)
    except InputError as error:
        yield field, str(error)
        return
    if bool(found) is not _EXPECTED[name]:
        yield field, _SAID[name].format(why=found[0].message if found else "")


def _speaking(screener: Screener, example: Example) -> Screener:
    """The screener for an example: that of its ``profile``, if it has one. Raises `InputError`."""
    if isinstance(example, str) or "profile" not in example:
        return screener
    try:
        return screener.speaking_for(msgspec.convert(example["profile"], Profile, strict=False))
    except msgspec.ValidationError as error:
        raise InputError(f"its profile cannot be used: {error}") from None


def _why(screener: Screener, post: Post, rule_id: str) -> str:
    """The words of a rule's own example that made it fire: they are the rule's, not a user's."""
    screening = screener.screen(post)
    for finding, words in zip(screening.findings, screening.excerpts(post), strict=True):
        if finding.rule == rule_id:
            return " / ".join(words) or "its metadata"
    return ""

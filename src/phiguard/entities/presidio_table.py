"""Presidio's predefined recognizers: what each finds, where, and its triggers, known without importing Presidio.

Importing Presidio takes more than a second, so its recognizers' triggers are shipped in ``presidio_table.json`` for the versions that it
names; for another one they are read from the recognizers themselves. ``python -m phiguard.entities.presidio_table`` writes the file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import msgspec

from phiguard.entities.presidio_superset import DIGIT_BEYOND, WIDE, triggers_of

__all__ = ["FOLDERS", "Listed", "listed", "predefined", "triggers_of_recognizer"]

_FLAGS = re.DOTALL | re.MULTILINE | re.IGNORECASE  # of Presidio's `RecognizerRegistry`
_FILE = "presidio_table.json"
_PACKAGE = "presidio-analyzer"
_HOME = "presidio_analyzer.predefined_recognizers."
FOLDERS = (
    f"{_HOME}generic.",
    f"{_HOME}country_specific.",
)  # the others want a model, or a service elsewhere

# What may stand between the digits of a phone number (`phonenumbers`: "valid punctuation"). At most four may stand together; to count them
# would cost the automaton more than it spares.
_GAP = r"[ ()\-./\[\]x~]*"
_WIDE_GAP = (
    rf"{WIDE}|[\xa0\xad]|\xc2[\xa0\xad]|\xe2\x80[\x8b\x90-\x95]|\xe2\x81[\x93\xa0]|\xe2\x88[\x92\xbc]|\xe3\x80\x80|\xe3\x83\xbc"
    r"|\xef\xbc[\x88\x89\x8b\x8d-\x8f\xbb\xbd]|\xef\xbd\x9e"
)
_ANY = "[0-9]"


def _digits(*classes: str) -> str:
    return _GAP.join(classes)


# The shortest valid numbers of the regions that Presidio asks for have 7 digits, their prefix counted, but in Germany: pagers (16,
# and two digits more) and six digits with certain beginnings. After a plus, 6 digits are the least of any region.
PHONE = (
    _digits(*[_ANY] * 7),
    _digits(rf"(?:\+|{WIDE}|\xef\xbc\x8b)", *[_ANY] * 6),
    f"(?:^|[^0-9])(?:{_digits('3', '[3-9]')}|{_digits('0', '[13468]')}|{_digits('2', '2')}){_GAP}{_digits(*[_ANY] * 4)}",
    f"(?:^|[^0-9])(?:0{_GAP})?{_digits('1', '6', '[489]', _ANY)}",
    f"{_ANY}[ ()\\-./\\[\\]x~]{{0,3}}(?:{_WIDE_GAP})",
    DIGIT_BEYOND,
)
_PHONE_REGIONS = frozenset(("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR"))
_ANY_PHONE = (_digits(_ANY, _ANY), PHONE[-2], DIGIT_BEYOND)  # no number of any region has a single digit


class Listed(msgspec.Struct, frozen=True):
    """One predefined recognizer: its class, the labels that it finds, its country, its triggers."""

    name: str
    labels: tuple[str, ...]
    region: str | None
    triggers: tuple[str, ...] | None


class _Table(msgspec.Struct, frozen=True):
    versions: tuple[str, ...]
    recognizers: tuple[Listed, ...]


@lru_cache(maxsize=1)
def listed() -> tuple[Listed, ...]:
    """The predefined recognizers of the installed Presidio that need neither a model nor a service."""
    table = _shipped()
    return table.recognizers if metadata.version(_PACKAGE) in table.versions else _live()


def _shipped() -> _Table:
    return msgspec.json.decode(resources.files("phiguard.entities").joinpath(_FILE).read_bytes(), type=_Table)


def _live() -> tuple[Listed, ...]:
    from presidio_analyzer import EntityRecognizer, predefined_recognizers  # noqa: PLC0415 (takes a second)

    found = []
    for name in sorted(vars(predefined_recognizers)):
        kind: Any = getattr(predefined_recognizers, name)
        if not isinstance(kind, type) or not issubclass(kind, EntityRecognizer):
            continue
        if kind.__module__.startswith(FOLDERS) and not getattr(kind, "__abstractmethods__", None):
            recognizer: Any = predefined(kind)
            country = getattr(kind, "COUNTRY_CODE", None) or _folder_country(kind.__module__)
            labels = tuple(recognizer.supported_entities)
            found.append(Listed(name, labels, country, triggers_of_recognizer(recognizer)))
    return tuple(found)


def predefined(kind: Any) -> Any:
    """A recognizer of this class, as Presidio's registry makes it: for English, and with the registry's flags."""
    recognizer = kind(supported_language="en")
    if hasattr(recognizer, "global_regex_flags"):
        recognizer.global_regex_flags = _FLAGS
    return recognizer


def _folder_country(module: str) -> str | None:
    """The country of a recognizer of a version that does not say it in the class."""
    folder = module.removeprefix(_HOME).split(".")
    if folder[0] != "country_specific":
        return None
    names = {
        "australia": "au",
        "canada": "ca",
        "finland": "fi",
        "germany": "de",
        "india": "in",
        "italy": "it",
    }
    names |= {"korea": "kr", "nigeria": "ng", "philippines": "ph", "poland": "pl", "singapore": "sg"}
    names |= {"south_africa": "za", "spain": "es", "sweden": "se", "thai": "th", "turkey": "tr"}
    return names.get(folder[1], folder[1])


def triggers_of_recognizer(recognizer: Any) -> tuple[str, ...] | None:
    """Patterns of which one matches wherever ``recognizer`` finds something; ``None`` if nothing is known of it."""
    from presidio_analyzer import PatternRecognizer  # noqa: PLC0415 (takes a second)
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer  # noqa: PLC0415 (the same)

    kind = type(recognizer)
    if isinstance(recognizer, PhoneRecognizer) and kind.__module__.startswith(FOLDERS):
        usual = recognizer.leniency >= 1 and _PHONE_REGIONS.issuperset(recognizer.supported_regions)
        return PHONE if usual else _ANY_PHONE
    if not isinstance(recognizer, PatternRecognizer):
        return None
    if kind.analyze is not PatternRecognizer.analyze and not kind.__module__.startswith(FOLDERS):
        return None  # it may find more than its patterns say
    flags = int(recognizer.global_regex_flags or 0)
    return triggers_of((pattern.regex, flags) for pattern in recognizer.patterns)


def write(path: Path, versions: Iterable[str]) -> None:
    """Write the table of the installed Presidio, good for ``versions``."""
    table = _Table(tuple(sorted(versions)), _live())
    path.write_bytes(msgspec.json.format(msgspec.json.encode(table), indent=1) + b"\n")


if __name__ == "__main__":
    installed = metadata.version(_PACKAGE)
    target = Path(__file__).with_name(_FILE)
    known: tuple[str, ...] = ()
    if target.is_file() and _shipped().recognizers == _live():
        known = _shipped().versions
    write(target, {installed, *known})
    sys.stdout.write(f"{target.name}: {', '.join(sorted({installed, *known}))}\n")

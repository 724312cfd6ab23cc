"""What Presidio's predefined recognizers say of themselves, read from the installed package.

It imports Presidio; `phiguard.entities.presidio_table` keeps the answer, which ``python -m phiguard.entities.presidio_reading`` writes.
"""

from __future__ import annotations

import re
import sys
from typing import Any

import msgspec

from phiguard.entities.presidio_superset import DIGIT_BEYOND, triggers_of
from phiguard.entities.presidio_table import TABLE, Listed, Table, installed, shipped

__all__ = ["FOLDERS", "predefined", "read_all", "triggers_of_recognizer", "write"]

_FLAGS = re.DOTALL | re.MULTILINE | re.IGNORECASE  # of Presidio's `RecognizerRegistry`
_HOME = "presidio_analyzer.predefined_recognizers."
FOLDERS = (f"{_HOME}generic.", f"{_HOME}country_specific.")
"""Modules of recognizers that need neither a model nor a service."""

# What may stand between the digits of a phone number (`phonenumbers`: "valid punctuation"). At most four may stand together; to count them
# would cost the automaton more than it spares.
_GAP = (
    r"[ ()\-./\[\]x~\x{a0}\x{ad}\x{200b}\x{2010}-\x{2015}\x{2053}\x{2060}\x{2212}\x{223c}\x{3000}\x{30fc}"
    r"\x{ff08}\x{ff09}\x{ff0d}-\x{ff0f}\x{ff3b}\x{ff3d}\x{ff5e}]*"
)
_ANY = "[0-9]"


def _digits(*classes: str) -> str:
    return _GAP.join(classes)


# The shortest valid numbers of the regions that Presidio asks for have 7 digits, their prefix counted, but in Germany: pagers (16,
# and two digits more) and six digits with certain beginnings. After a plus, 6 digits are the least of any region.
PHONE = (
    _digits(*[_ANY] * 7),
    _digits(r"[+\x{ff0b}]", *[_ANY] * 6),
    f"(?:^|[^0-9])(?:{_digits('3', '[3-9]')}|{_digits('0', '[13468]')}|{_digits('2', '2')}){_GAP}{_digits(*[_ANY] * 4)}",
    f"(?:^|[^0-9])(?:0{_GAP})?{_digits('1', '6', '[489]', _ANY)}",
    DIGIT_BEYOND,
)
_PHONE_REGIONS = frozenset(("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR"))
_ANY_PHONE = (_digits(_ANY, _ANY), DIGIT_BEYOND)  # no number of any region has a single digit


def read_all() -> tuple[Listed, ...]:
    """The predefined recognizers that need neither a model nor a service, by name. Raises `LookupError`."""
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
    if not found:
        raise LookupError("this Presidio keeps its recognizers elsewhere: phiguard needs 2.2.360 or newer")
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
    import presidio_analyzer  # noqa: PLC0415 (takes a second)
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer  # noqa: PLC0415 (the same)

    patterned: Any = presidio_analyzer.PatternRecognizer
    phone: Any = PhoneRecognizer
    kind: Any = type(recognizer)
    if isinstance(recognizer, phone) and kind.__module__.startswith(FOLDERS):
        usual = recognizer.leniency >= 1 and _PHONE_REGIONS.issuperset(recognizer.supported_regions)
        return PHONE if usual else _ANY_PHONE
    if not isinstance(recognizer, patterned):
        return None
    if kind.analyze is not patterned.analyze and not kind.__module__.startswith(FOLDERS):
        return None  # it may find more than its patterns say
    flags = int(recognizer.global_regex_flags or 0)
    return triggers_of((pattern.regex, flags) for pattern in recognizer.patterns)


def write() -> tuple[str, ...]:
    """Writes the table of the installed Presidio; the versions that it is good for: those before as well, if they had the same."""
    recognizers = read_all()
    versions = {installed()}
    if TABLE.is_file() and (before := shipped()).recognizers == recognizers:
        versions.update(before.versions)
    table = Table(tuple(sorted(versions)), recognizers)
    TABLE.write_bytes(msgspec.json.format(msgspec.json.encode(table), indent=1) + b"\n")
    return table.versions


if __name__ == "__main__":
    sys.stdout.write(f"{TABLE.name}: {', '.join(write())}\n")

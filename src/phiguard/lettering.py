"""How the letters of a text look: words in capitals, and letters that are not what they seem."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from phiguard.text import Undone

__all__ = ["capitals", "disguised", "may_be_disguised", "may_be_loud", "shouted"]

_NOT_CAPITALS = bytes(code for code in range(256) if code not in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_NOT_LETTERS = bytes(code for code in range(256) if not (code < 0x80 and chr(code).isalpha()))
_CAPS_RUN = re.compile(r"[A-Z][A-Z'’]+(?![^\W_])(?:[ ,!?&.:;-]{1,3}[A-Z][A-Z'’]*(?![^\W_]))*")
_JOINED = ("#", "@", "$", "_")
_CAPS_WORD = re.compile(r"[A-Z][A-Z'’]+")
_CLAUSE = re.compile(r"[^.!?\n]*")
# Capitals that the law or a label requires: the Florida notice (T3), boxed warnings.
_REQUIRED_CAPITALS = ("THE PATIENT AND ANY OTHER PERSON RESPONSIBLE FOR PAYMENT", "WARNING:", "BOXED WARNING")
# Short forms that are said as words, or whose letters also spell one.
_SHORT_FORMS = """
    AAP ACA ACE ACS ADHD AED AHA AIDS ALS AM AMA APA ASAP ASL BLS BMI BPD CAT CBD CDC CE CEO CHIP CME CMS COPD COVID CPAP CPR CT
    DEA DIY DNA DNR ECMO EEG EHR EKG EMR EMS EMT ENT EPA ER EST ET EU FAQ FAST FBI FDA FEMA FMLA FSA GAD GERD GI GLP GMO GP HHS
    HIIT HIPAA HIV HMO HPV HR HSA IBS ICD ICU ID IRS IT IUD IV IVF LASIK LED LGBT LGBTQ LPN MD MERS MRI MRSA MS MSW NAMI NASA
    NATO NFL NHS NICU NIH NIOSH NP NPR NYC OB OCD OSHA OT PA PACE PCOS PCR PEP PET PHI PICC PICU PM PPE PPO PREP PSA PST PT PTA
    PTO PTSD RN RNA RSV RSVP SAD SAMHSA SARS SIDS SNAP SPF STD STEM STI SUD TB TBI TED TENS THC TIA TMJ TV UK UN UNICEF UPS US
    USA USDA UTI UV VA VIP WHO WIC YMCA YWCA
"""
_ACRONYMS = frozenset(_SHORT_FORMS.split())
_ENDINGS = ("S", "ED", "ING", "LY", "ES", "D", "ER", "EST", "'S", "’S")


def capitals(data: bytes) -> int:
    """How many letters A to Z are in ``data``."""
    return len(data.translate(None, _NOT_CAPITALS))


def may_be_loud(text: str) -> bool:
    """Whether words in capitals could make up a quarter of the letters of ``text``, links and tags apart."""
    loud = sum(map(len, _CAPS_WORD.findall(text)))
    if "://" in text or "#" in text or "@" in text:
        return loud * 8 > len(text)
    return loud * 4 > len(text.encode("utf-8", "ignore").translate(None, _NOT_LETTERS))


def _is_known(word: str, words: frozenset[str]) -> bool:
    """Whether the capitals spell an English word, and not a short form."""
    if word in _ACRONYMS:
        return False
    if word.lower() in words:
        return True
    for ending in _ENDINGS:
        if word.endswith(ending):
            stem = word.removesuffix(ending).lower()
            if len(stem) > 2 and (stem in words or stem + "e" in words):
                return True
    return False


def shouted(text: str, words: frozenset[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Stretches of words in capitals with their words, save short forms and what the law wants in capitals.

    A stretch counts if a third of it is in ``words``: names of drugs in capitals are labels, no shouting.
    """
    skipped = -1
    for run in _CAPS_RUN.finditer(text):
        before = text[run.start() - 1 : run.start()]
        if run.start() < skipped or before in _JOINED or before.isalnum():
            continue
        if text.startswith(_REQUIRED_CAPITALS, run.start()):
            clause = _CLAUSE.match(text, run.start())
            skipped = clause.end() if clause else skipped
            continue
        found = [word for word in _CAPS_WORD.findall(run[0]) if word not in _ACRONYMS]
        known = sum(_is_known(word, words) for word in found)
        if known and known * 3 >= len(found):
            yield run.start(), run.end(), found


_LETTER_KINDS = frozenset(
    {"fancy", "fullwidth", "enclosed", "zero_width", "confusable", "combining", "smallcaps"}
)
_SUSPECT = re.compile(
    "[\u0300-\u036f\u0370-\u03ff\u0400-\u058f\u1d00-\u1dbf\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20dc"
    "\u2100-\u2134\u2460-\u24ff\u2776-\u2793\ua720-\ua7ff\ufeff\uff10-\uff5a\U0001d400-\U0001d7ff\U0001f130-\U0001f189"
    "\u0250-\u02b8]"
)
_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def may_be_disguised(text: str) -> bool:
    """Whether ``text`` has any character that could stand for a Latin letter or hide between letters."""
    return _SUSPECT.search(text) is not None


def disguised(text: str, undone: Iterable[Undone]) -> Iterator[tuple[int, int]]:
    """The stretches of ``text`` where Latin words are written with letters that are not what they seem."""
    found = [one for one in undone if one.kind in _LETTER_KINDS]
    if not found:
        return
    has_asian = _ASIAN.search(text) is not None
    for kind, start, end in _stretches(found):
        if not (has_asian and kind in {"fullwidth", "enclosed"}) and _hides_letters(kind, text, start, end):
            yield start, end


def _stretches(found: Iterable[Undone]) -> Iterator[tuple[str, int, int]]:
    """Neighbours of one kind, joined; a combining mark stands on every second place."""
    kind, start, end = "", 0, -2
    for one in found:
        if one.kind == kind and one.start - end <= (kind == "combining"):
            end = one.end
        else:
            if kind:
                yield kind, start, end
            kind, start, end = one.kind, one.start, one.end
    yield kind, start, end


def _is_plain(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _hides_letters(kind: str, text: str, start: int, end: int) -> bool:
    """Whether the stretch disguises Latin words, and is not a sign, a unit, an accent or another language."""
    before, after = text[start - 1 : start], text[end : end + 1]
    inside = _is_plain(before) or _is_plain(after)
    if kind == "zero_width":
        return _is_plain(before) and _is_plain(after)
    if kind == "combining":
        return inside and (end - start > 1)
    if kind == "confusable":
        return inside and not text[start:end].isascii() and not _is_science(text, start, end)
    letters = sum(c.isalpha() or unicodedata.category(c) == "So" for c in text[start:end])
    if kind == "enclosed":
        letters = sum(c > "\u24b5" and not "\u24ea" <= c <= "\u2793" for c in text[start:end])
    return letters > 1 or (letters == 1 and inside and end - start == 1)


def _is_science(text: str, start: int, end: int) -> bool:
    """Greek letters as science writes them: ``μg``, ``TNFα``, ``IL1β``."""
    if end - start > 1 or not "\u0370" <= text[start] <= "\u03ff":
        return False
    first, last = start, end
    while first > 0 and start - first < 40 and text[first - 1].isalnum():
        first -= 1
    while last < len(text) and last - end < 40 and text[last].isalnum():
        last += 1
    before, after = text[first:start], text[end:last]
    return (text[start] == "μ" and not before) or (not after and not any(c.islower() for c in before))

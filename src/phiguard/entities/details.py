"""What identifies somebody beside the rules and Presidio's recognizers: addresses, codes, cards, phones, ages, dates, peoples.

No rule asks for them, so that they cost screening nothing: they are for `Screener.entities` and redaction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from phiguard.checks_dates import is_age90
from phiguard.entities.base import Entity
from phiguard.entities.details_words import (
    COUNTRIES,
    NATIONS,
    NUMBERS,
    STREET_ENDS,
    STREET_ENDS_TOO,
    STREET_FIRST,
    STREETS,
)

__all__ = ["KINDS", "Details"]

_NAME = "phiguard details"
_I = re.IGNORECASE


class _Shape(NamedTuple):
    """A kind of detail: its pattern, how sure it is, which group of the pattern it is, and what else must hold."""

    label: str
    regex: re.Pattern[str]
    score: float = 0.6
    group: int = 0
    holds: Callable[[re.Match[str]], bool] | None = None


# --- Addresses -------------------------------------------------------------------------------------------------------

_WORD = r"[^\W\d_][\w.'’-]{0,24}"
_NUMBER = r"\d{1,5}(?:[ ]?[a-f]\b)?"
_UNIT = r"(?:,?\s{1,2}(?:apt|apartment|suite|ste|unit|flat|fl|floor|bldg|building|room|rm|no|#)\b\.?\s?#?\d{1,5}[a-z]?\b)"
_CODE = r"(?:\d{5}(?:-\d{3,4})?|\d{4}(?:\s[a-z]{2}\b)?|\d{3}\s\d{2}|[a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2}|[a-z]\d[a-z]\s?\d[a-z]\d)\b"
_TOWN = r"[^\W\d_][\w.'’()-]*(?:[ ](?!(?:for|and|in|on|at|is|was|to|it|this|please|the|we|i|mobile|desk|tel|phone)\b)[^\W\d_][\w.'’()-]*){0,3}"
_TAIL = (
    rf"(?:{_UNIT})?(?:\s?,\s{{0,2}}{_TOWN}|\n\s?{_TOWN})?(?:\s?,\s{{0,2}}(?:[A-Z]{{2,3}}|nan|\d{{1,2}}|{COUNTRIES})\b|\n\s?,\s(?:[A-Z]{{2,3}}|nan|\d{{1,2}})\b"
    rf"|[ ](?:[A-Z]{{2,3}})\b)?(?:\s{{1,2}}(?:{COUNTRIES})\b)?(?:,?\s{{1,2}}{_CODE})?"
)
_ADDRESSES = (
    # 12 Cinder Lane, Unit 4, Springfield, IL 62704
    rf"\b\d{{1,6}}[a-f]?(?:[ ]{_NUMBER})?[ ](?:(?:north|south|east|west|[nsew]|old|saint|st)\b\.?[ ])?(?:{_WORD}[ ]){{1,4}}(?:{STREETS})\b\.?{_TAIL}",
    # 4 rue des Lilas, Lyon; Via Roma 12
    rf"\b(?:\d{{1,6}}(?:[ ]{_NUMBER})?,?[ ])(?:{STREET_FIRST})[ ](?:{_WORD}[ ]?){{1,5}}(?:,?[ ]{_NUMBER}\b\.?)?{_TAIL}",
    rf"(?<![\w/])(?:{STREET_FIRST})[ ](?:{_WORD}[ ]){{1,5}}n?º?{_NUMBER}\b\.?{_TAIL}",
    # Lindenweg 4; Hegyalja út 98.
    rf"\b(?:\d{{1,6}}[ ])?(?:{_WORD}[ ]){{0,2}}[^\W\d_]{{2,24}}(?:{STREET_ENDS})\b\.?[ ]{_NUMBER}\b\.?{_TAIL}",
    rf"\b(?-i:[A-ZÀ-Þ][^\W\d_]{{2,24}}(?:{STREET_ENDS_TOO}))\b\.?[ ]{_NUMBER}\b(?![%:])\.?{_TAIL}",
    rf"\b(?:\d{{1,6}}[ ])?(?:{_WORD}[ ]){{1,3}}(?:{STREET_ENDS}|út|útja|u\.|tee|mnt|pst|väg|alle|wei|rkp\.?|tér|dreef)\b\.?[ ]{_NUMBER}\b\.?{_TAIL}",
    # any name and numbers before a unit: 971 Kesk 53, Suite 343
    rf"\b\d{{1,6}}[ ](?:[\w.'’-]+[ ]?){{1,5}}{_UNIT}{_TAIL}",
    # PO Box 12; PSC 12, Box 3456, APO AE 09012
    rf"\b(?:\d{{1,6}}[ ])?p\.?[ ]?o\.?[ ]box[ ]\d{{1,6}}\b{_TAIL}",
    r"\b(?:psc|unit|uss|usns|usnv)[ ][\w ]{1,24},?[ ]?(?:box[ ]\d{1,5})?\s{1,2}(?:[adf]po)[ ]a[aep][ ]\d{5}\b",
    # the corner of Elm Street and Third
    rf"\bthe[ ]corner[ ]of[ ](?:\d{{1,5}}[ ])?(?:{_WORD}[ ]){{0,4}}(?:{_WORD}|\d{{1,5}})[ ](?:and|&)[ ](?:\d{{1,5}}[ ])?{_WORD}(?:[ ](?!(?:is|was|on|in|at|to|for|and)\b){_WORD}){{0,3}}(?:[ ]\d{{1,5}}\b)?",
)
_SENT_TO = rf"\b(?:lives?|lived|living|resid(?:es|ing)|address(?: with| is|:)|sent to|located|offices are|shipped to|delivered to)(?:[^\n\d]{{0,12}}?)(?:[ ]at|[ ]on)?[ :](\d{{1,6}}(?:[ ]{_WORD}){{1,4}}(?:[ ]{_NUMBER}\b\.?)?{_TAIL})"
"""Whatever the street is called."""


def _is_place(match: re.Match[str]) -> bool:
    """Not "24 hours a day … way": a word of time, money or measure after the number is no street."""
    return not _COUNTED.search(match[0])


_COUNTED = re.compile(
    r"^\d+[ ](?:years?|yrs?|hours?|hrs?|minutes?|mins?|days?|weeks?|months?|people|patients?|nurses?|beds?|of|percent|miles?|mg|ml|"
    r"times|in|to|and|am|pm|million|thousand|steps|o['’]clock|pounds|lbs?|kg|the|new|more|other|out|ways|reasons|tips|kids|babies|stars?)\b",
    _I,
)

# --- Towns and employers by the words beside them; the least sure are found, and not redacted ----------------------------

_UP = r"(?-i:[A-ZÀ-ÖØ-ÞČĎŁŃŘŚŠŤŽΆΈ-Ώ\u0391-\u03a9\u0410-\u042f])"
_RUN = rf"{_UP}[\w'’.-]*\w(?:[ ](?:(?:de|del|della|la|le|di|da|do|of|the|am|an der|sur)[ ])?{_UP}[\w'’-]*){{0,3}}"
_FIRM = rf"(?:\d{{1,3}}[ ])?{_UP}[\w&'’.-]*(?:[ ](?:&|and|{_UP}[\w&'’.-]*)){{0,3}}"
_KIND = (
    r"inc|ltd|llc|plc|gmbh|corp|corporation|co|company|group|associates|technologies|holdings|partners|agency|systems|research|software|"
    r"analytics|labs|consulting|industries|services|service|networks|schools|reports|insight|unlimited"
)
_WEEK = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_NEVER = rf"(?!(?:I|The|A|An|My|Our|We|He|She|It|This|That|{_WEEK})\b)"
_TOWNS = (
    (
        rf"\b(?:flew|flies|fly|flying|flights?|moved|moving|travel(?:s|ed|led|ing)?|drove|relocated|emigrated)[ ](?:back[ ])?to[ ]{_NEVER}({_RUN})",
        0.5,
    ),
    (
        r"\b(?:flew|flies|flight)[ ]to[ ](?!(?:the|my|her|his|see|be|a|our|their|help|meet|get)\b)([^\W\d_][\w'’-]+)(?=[ ]on[ ])",
        0.5,
    ),
    (
        rf"\b(?:city|town|village|suburb|borough|district|home city)(?:[ ]of)?[ ]{_NEVER}({_RUN})(?=[:,.]|[ ]is|[ ]was|$)",
        0.5,
    ),
    (
        rf"\b(?:street|road|avenue|house|flat|apartment|office|offices|shop|lives|lived|born|raised|living|based)[ ]in[ ]{_NEVER}({_RUN})",
        0.5,
    ),
    (rf"\bin[ ]{_NEVER}({_RUN})[ ](?:\d{{5}}|\d{{4}}(?<!19\d\d)(?<!20\d\d)|\d{{3}}[ ]\d{{2}})\b", 0.5),
    (rf"(?<!\w[ ])({_RUN})[ ](?:bridge|tower|cathedral|airport|harbou?r|castle|station)\b", 0.35),
    (rf"\b({COUNTRIES})\b", 0.35),
)
_EMPLOYERS = (
    (
        rf"\b(?:work(?:s|ed|ing)?|employed|intern(?:s|ed)?|temp(?:s|ed)?)[ ](?:for|at|with)[ ]{_NEVER}({_FIRM})",
        0.5,
    ),
    (
        rf"\b(?:CEO|founder|president|manager|owner|employee|clerk|director)[ ](?:of|at)[ ]{_NEVER}({_FIRM})",
        0.5,
    ),
    (
        rf"\b(?:her|his|their|my)[ ]{_NEVER}({_FIRM})[ ](?:resignation|contract|paycheck|badge|job|boss|manager|shift|salary)\b",
        0.5,
    ),
    (
        rf"\b({_UP}[\w&'’.-]*(?:[ ](?:&|{_UP}[\w&'’.-]*)){{0,3}})[ ](?:songwriter|spokes(?:man|woman|person)|engineer|executive|employee)\b",
        0.5,
    ),
    (rf"\b(?:looking to support|to support|sued|hired by|fired by|acquired by)[ ]{_NEVER}({_FIRM})", 0.35),
    (
        rf"(?<!\w[ ])((?:\d{{1,3}}[ ])?(?:{_UP}[\w&'’.-]*[ ]){{1,4}}(?-i:{'|'.join(k.title() for k in _KIND.split('|'))}|LLC|PLC|GmbH)\b\.?)",
        0.5,
    ),
    (rf"({_UP}\w+,[ ]{_UP}\w+[ ]and[ ]{_UP}\w+)", 0.35),
    # the line above an address
    (
        r"(?:^|\n>?)([^\n\d>][^\n>]{1,45})\n{1,2}>?(?=\d|the corner|P\.?O\.? |Unit \d|PSC \d|Avda|Rua |Via |Calle |C/ )",
        0.35,
    ),
)

# --- Numbers ---------------------------------------------------------------------------------------------------------

_PHONE_CUE = r"(?:mobile|cell|desk|fax|tel|telephone|phone|call|text|reach(?: me| us)?(?: at| on)|answering at|whatsapp|number is|ring|dial)"
_CARD_CUE = re.compile(r"\b(?:cards?|cc|credit|debit|visa|mastercard|amex|maestro|discover)\b", _I)
_DIGITS = r"(?<![\d.,$€£-])\d(?:[ -]?\d){11,18}(?![\d,]|\.\d)"
_PHONE = r"(?:\+?\(?\d[\d ()./-]{5,18}\d)(?:[ ]?(?:x|ext\.?)[ ]?\d{1,5})?"


def _after_card(match: re.Match[str]) -> bool:
    """A word for a card stands before the number, or the number begins like one that networks give."""
    before = match.string[max(0, match.start() - 60) : match.start()]
    return _CARD_CUE.search(before) is not None


def _is_phone(match: re.Match[str]) -> bool:
    return 7 <= sum(map(str.isdigit, match[1])) <= 17


# --- Ages and dates --------------------------------------------------------------------------------------------------

_AGE = r"(?:12[0-5]|1[01]\d|[1-9]?\d)"
_TENS = r"(?:(?:a |one )?hundred(?:[ -](?:and )?(?:one|two|three|four|five|six|seven|eight|nine|ten))?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
_MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_FEAST = (
    "(?:thanksgiving|christmas(?: eve| day)?|new year['’]?s(?: eve| day)?|easter(?: sunday| monday)?|halloween|memorial day|labor day|"
    "mother['’]?s day|father['’]?s day|valentine['’]?s day|independence day|boxing day|ramadan|passover|hanukkah|diwali|eid)"
)
_SPAN = "(?:minutes?|hours?|hrs?|nights?|days?|weeks?|wks?|fortnights?|months?|years?|yrs?|weekends?)"
_SEASON = "(?:spring|summer|fall|autumn|winter)"

_SHAPES = (
    *(_Shape("STREET_ADDRESS", re.compile(one, _I), 0.7, 0, _is_place) for one in _ADDRESSES),
    _Shape("STREET_ADDRESS", re.compile(_SENT_TO, _I), 0.7, 1, _is_place),
    *(_Shape("LOCATION", re.compile(one, _I), score, 1) for one, score in _TOWNS),
    *(_Shape("ORGANIZATION", re.compile(one, _I), score, 1) for one, score in _EMPLOYERS),
    _Shape("ZIP", re.compile(rf"\b(?:zip(?: ?code)?|post(?:al ?|)code|plz)\b[^\w\n]{{0,3}}(?:is |of )?({_CODE}|\d{{3,6}}\b)", _I), 0.8, 1),
    _Shape("ZIP", re.compile(r"\b(?:in|of|near|from) [A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+){0,2} (?!(?:19|20)\d\d\b)(\d{4,5}|\d{3} \d{2})\b"), 0.5, 1),
    _Shape("CREDIT_CARD", re.compile(_DIGITS), 0.7, 0, _after_card),
    _Shape("PHONE_NUMBER", re.compile(rf"\b{_PHONE_CUE}\b[^\w+(\n]{{0,3}}({_PHONE})", _I), 0.6, 1, _is_phone),
    _Shape("PHONE_NUMBER", re.compile(r"(?<![\w.])\+?\d{0,3}[ .-]?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}[ ]?(?:x|ext\.?)[ ]?\d{1,5}\b", _I), 0.7),
    _Shape(
        "AGE",
        re.compile(
            rf"\b(?:age[ds]?(?: of| is)?:?|turn(?:s|ed|ing)?|will be|lived to(?: be)?|made it to|when (?:he|she|they|i) (?:was|were)|(?:he|she|i)(?:['’]s|['’]m| is| am| was)(?: only| just| now)?)"
            rf"[ ]({_AGE}|{_TENS})\b(?![ ]?(?:%|percent|weeks?|days?|hours?|minutes?|am|pm|miles|lbs|[.:/]\d|degrees|in\b|people|th\b|times))",
            _I,
        ),
        0.6,
        1,
    ),
    _Shape(
        "AGE_OVER_89",
        re.compile(
            r"\b(?:(?:his|her|their|my|whose)[ ](?:(?:early|mid|late)[ -])?(?:nineties|90['’]?s)|(?:super)?centenarians?|nonagenarians?"
            r"|(?:ninety|90)[- ](?:something|odd)|(?:well )?(?:over|past|into) (?:ninety|her nineties|his nineties)"
            r"|(?:just |a (?:year|month|week|day)s? )?shy of (?:ninety|a hundred|one hundred|9\d|1[01]\d)\b)",
            _I,
        ),
        0.8,
    ),
    _Shape("AGE", re.compile(rf"\b(?:{_AGE}|{_TENS})[ -]?(?:(?:years?|yrs?)[ -]?(?:old|young|of age)|(?:months?|weeks?)[ -]?old)\b", _I), 0.8),
    _Shape("AGE", re.compile(rf"\b(?:{_AGE})[ -]?(?:y/?o|yo[mf]|y\.o\.)\b|(?<![\w/.,£$€])(?:{_AGE})[ ]?/?[mf]\b(?![/'’])(?= |[,.;:)]|$)", _I), 0.6),
    _Shape("AGE", re.compile(rf"\b(?:{_AGE}(?:st|nd|rd|th)|sixtieth|seventieth|eightieth|ninetieth|(?:one )?hundredth) (?:birthday|bday|b-day)\b", _I), 0.6),
    _Shape("NRP", re.compile(rf"\b(?:{NATIONS})(?:e?s)?\b", _I), 0.5),
    _Shape("DATE_TIME", re.compile(rf"(?<!next )(?<!every )(?<!each )(?<!coming )\b(?:{_DAY}|(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b\.?(?=[ ,]+(?:\d|{_MONTH})))", _I), 0.5),
    _Shape("DATE_TIME", re.compile(rf"\b(?:in|since|until|of|from|by|circa|summer|spring|winter|fall|class of|early|late|{_MONTH})[ ]((?:18|19|20)\d\d)\b", _I), 0.5, 1),
    _Shape("DATE_TIME", re.compile(rf"\b(?:(?:in|since|until|last|early|late|mid)[ -])({_MONTH})(?! (?:the|a|be|not|have|to|i|you|we)\b)", _I), 0.5, 1),
    _Shape(
        "DATE_TIME",
        re.compile(
            rf"\b(?:the day (?:before yesterday|after tomorrow)|yesterday|tomorrow|(?:earlier|later) today|last night|tonight|overnight"
            rf"|(?:last|this|next|past|previous|following) (?:{_DAY}|{_MONTH}|week(?:end)?|month|year|{_SEASON}|night|morning|afternoon|evening|{_FEAST})"
            rf"|(?:\d{{1,3}}|{NUMBERS})[ -]{_SPAN} (?:ago|earlier|later|before|prior|back|from now)"
            rf"|the other (?:day|night|week)|(?:over|on|at|since|by|until|before|after) (?:the )?{_FEAST}"
            rf"|(?:in|since|over|during|by|last) the {_SEASON}(?: of (?:19|20)\d\d)?|(?:on|since|by|until|before|after) the \d{{1,2}}(?:st|nd|rd|th)"
            rf"|(?:my|his|her|their) (?:\d{{1,2}}(?:st|nd|rd|th) )?birthday)\b",
            _I,
        ),
        0.5,
    ),
)  # fmt: skip


KINDS = frozenset(shape.label for shape in _SHAPES)
"""The kinds of entity that `Details` answers with."""


class Details:
    """A `phiguard.entities.base.Source` of patterns of our own. Holds no state.

    It is asked for ``DETAIL``, and answers with entities of the kinds in `KINDS`: some of these are Presidio's too, whose triggers and
    answers for rules stay as they are.
    """

    labels = frozenset({"DETAIL"})

    def triggers(self, label: str) -> tuple[str, ...] | None:  # noqa: ARG002 (it has one label)
        """``None``: a rule that wants any detail asks last."""
        return None

    def find(self, text: str, labels: frozenset[str]) -> Sequence[Entity]:
        """The details in ``text``, by rising start."""
        return sorted(set(_found(text))) if labels & self.labels else []

    def find_many(self, texts: Sequence[str], labels: frozenset[str]) -> list[Sequence[Entity]]:
        """`find` for each text."""
        return [self.find(text, labels) for text in texts]


def _found(text: str) -> Iterator[Entity]:
    for shape in _SHAPES:
        for match in shape.regex.finditer(text):
            if shape.holds is None or shape.holds(match):
                start, end = match.span(shape.group)
                if start < end:
                    old = shape.label == "AGE" and is_age90(match[shape.group])
                    yield Entity(start, end, "AGE_OVER_89" if old else shape.label, shape.score, _NAME)

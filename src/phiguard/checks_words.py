"""Named tests that need a list of words: a name after a noun, a place smaller than a state."""

from __future__ import annotations

import re

__all__ = ["is_name_after_noun", "is_small_place"]

_STATES = """alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington wisconsin wyoming"""
_COUNTRIES = """america usa us canada mexico england scotland ireland wales britain uk france germany spain italy portugal
poland ukraine russia china japan korea india pakistan bangladesh nepal vietnam thailand philippines indonesia malaysia
australia zealand brazil argentina chile peru colombia venezuela ecuador cuba haiti jamaica dominican puerto guatemala
honduras salvador nicaragua panama nigeria ghana kenya ethiopia uganda somalia sudan egypt morocco liberia congo cameroon
africa asia europe israel iraq iran syria turkey lebanon afghanistan greece sweden norway denmark finland netherlands
holland belgium austria switzerland hungary romania bulgaria serbia croatia taiwan singapore"""
_REGIONS = """north south east west northern southern eastern western northeast northwest southeast southwest midwest
central new rhode appalachia earth heaven hell space mars"""
_CALENDAR = """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
september october november december mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec
christmas easter thanksgiving hanukkah ramadan halloween spring summer fall winter"""
_OF_CARE = """access accounts advocate advocates advocacy advisory affairs and appreciation are area arrival art artwork
as assist assistance assistant at baby bank bill billing blue board boy boys call can care cares caring case center
centered chart charts cheerleaders check children clinic club college come coordinator council counselor covid day days
dental department did discharge do doctor does don don't dr drop during education elementary engagement every experience
family father feedback ferry feet fighters financial finger first five flow flu food for forms four free friendly from
fun gave gets girl girls give gym guest guide had hands has have he health heart help her here his home hope hospital
hotline house how i ice if in info information is it italy its kids know las lab leader league legs life line lives
lounge love loved luke many may medicine member mental might miracles monitoring month mothers must my name navigation
navigator needs network never new night no not now nurse nurses of office old on one only or our ours out owned parking
patient patients people person pharmacy physician physicians plan please portal privacy program protection puerto
queen reads records red registration relations report resource resources rico rights risk rock room rooms safe safety
said satisfaction says school see services she shoes should shower showers sister sisters smiles so social soldiers some
someone stories story support surgery survey survivors team test thank thanks that the their them then there these they
things this those three time to today toes told tower town transfer transport transportation trial two university until
up us use village visit visits volunteer voice was we week welcome welcomes were what when where who why will wins with zero
woman women won would year years yes you your zone caesar einstein mermaid women's children's steps things italy""".split()

_NO_PLACE = frozenset(f"{_STATES} {_COUNTRIES} {_REGIONS} {_CALENDAR}".split())
_NO_NAME = frozenset((*_OF_CARE, *_CALENDAR.split(), *_STATES.split()))
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_AFTER_PREPOSITION = re.compile(r"(?:from|of|in|near|outside|to)\s+(.*)", re.DOTALL)


def is_name_after_noun(text: str) -> bool:
    """Whether the last capitalized words can be somebody's name, not what hospitals call their services.

    >>> is_name_after_noun("patient Imogen"), is_name_after_noun("Patient Experience"), is_name_after_noun("Little Rock")
    (True, False, False)
    >>> is_name_after_noun("PT, J. Ramsey"), is_name_after_noun("patient MRI"), is_name_after_noun("Baby Girl Lind")
    (True, False, True)
    """
    words = [word for word in _WORD.findall(text)[1:] if word[0].isupper()]
    while words and words[0].lower() in {"girl", "boy", "mr", "mrs", "ms", "miss"}:
        words = words[1:]
    named = [word for word in words if len(word) > 1]
    if not named or any(word.isupper() for word in named):
        return False
    return all(word.lower().removesuffix("'s") not in _NO_NAME for word in named)


def is_small_place(text: str) -> bool:
    """Whether what follows the preposition can be a place smaller than a state (45 CFR 164.514(b)(2)(i)(B)).

    >>> is_small_place("from Galena"), is_small_place("from Kansas"), is_small_place("from New Mexico")
    (True, False, False)
    >>> is_small_place("from Kansas City"), is_small_place("from West Plains, MO"), is_small_place("of June")
    (True, True, False)
    """
    found = _AFTER_PREPOSITION.search(text)
    words = [word.lower() for word in _WORD.findall(found[1] if found else text)]
    if not words or len(words[0]) < 3:
        return False
    if words[0] in {"new", "north", "south", "west", "rhode", "puerto"} and len(words) > 1:
        return f"{words[0]} {words[1]}" not in _TWO_WORDS and words[1] not in _NO_PLACE
    if words[0] in _NO_PLACE:
        return words[-1] in {"city", "county", "springs", "heights", "township", "beach", "falls", "parish"}
    return True


_TWO_WORDS = frozenset(
    {
        "new hampshire",
        "new jersey",
        "new mexico",
        "new york",
        "new zealand",
        "new england",
        "north carolina",
        "north dakota",
        "south carolina",
        "south dakota",
        "west virginia",
        "rhode island",
        "puerto rico",
        "south africa",
        "north america",
        "south america",
    }
)

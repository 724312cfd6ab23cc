"""Keys: for every phrase and wordy pattern, rare words of which one must stand in a text that it matches.

The words of every text are looked up among those of all keys; only a text with a key is searched for the phrase or the pattern itself.
Keys are derived from the very terms that they stand for, so that nothing is looked for in two ways.

Texts and keys are compared as `as_keyed` writes them: lower case, every character that is no ASCII letter or digit as a space. A key that
begins or ends a word has a space there, so that "od" is not found in "good".
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise, product
from typing import Any, NamedTuple

# The standard library's own parser of regular expressions, under its names of Python 3.10 and of 3.11 and later.
_OLD = sys.version_info < (3, 11)
_parser: Any = importlib.import_module("sre_parse" if _OLD else "re._parser")
_sre: Any = importlib.import_module("sre_constants" if _OLD else "re._constants")

__all__ = [
    "WORDY",
    "Key",
    "as_keyed",
    "candidates",
    "key_of_phrase",
    "keys_of_forms",
    "keys_of_pattern",
    "share",
    "spaced",
    "syntax",
]

WORDY = 6
"""Alternatives of a pattern from which it is a list of words rather than a shape: many of them would make the automaton large."""

_CAP = 64  # strings in the set of one pattern's keys: each is a row of the table
_MOST = 400  # the same, where joining adds no string
_LEAST = 3  # letters of a key that is worth looking for
_WORTH = 0.3  # a set of keys that more texts than this share would hold is not worth looking for
_EDGE = "\b"  # stands for a word boundary while a key is put together
_TOKEN = re.compile(r"[^\W_]+")
_CAPITAL = re.compile(r"\\.|[A-Z]")  # or an escape, whose letter says what it is
_KEYED = bytes(ord(chr(code).lower()) if code < 0x80 and chr(code).isalnum() else 0x20 for code in range(256))

# The most frequent words of English posts and headlines: no text is set apart by them.
_COMMON = frozenset(
    """
    a able about acne actually add adventure africa after again against age ago airport all almost along
    already also although always am amazing amount an and angeles another anti anxiety any anyone anything
    appetite are area around art as asleep at away awesome babies baby back bad bar bay be beach beautiful
    beauty became because become bed been before began beginning being believe benefit benefits best better
    beverly big birth birthday black blood blue body both boy brain break breakfast breast bridge but by ca
    california call calories came can cancer care case cases cause caused cdc center change changed changes
    check child children christmas chronic city class clear cleared club coffee cold college come comes
    coming common completely condition continue continued control cool could couldn couple course crazy
    cream cut cute cynthiasass daily date day days deal death decrease decreased definitely depression
    diabetes did didn diego diet different dinner disease disney disneyland do doctor doctors does doesn dog
    doing don done dosage dose down downtown dreams drink drinking drive drug drugs dry due during each
    early easy eat eating effect effective effects else end energy enjoy enough especially etc even evening
    ever every everyday everyone everything excited exercise experience experienced extreme extremely eye
    eyes face fall family far fast fat fatigue favorite fda feel feeling felt few fight finally find finds
    fine fire first fitness flu focus follow food foods for found four francisco free friday friend friends
    from full fun function future gain game gave get getfit gets getting gift girl girls give given go god
    goes going golden gone good gorgeous got grand great guy guys had hair half happy hard has have having
    he head headache headaches health healthy heart help helped helps her here high higher hills him his hit
    holiday holidays hollywood home hope hospital hot hotel hour hours house how however html i if
    immediately improved improvement in increase increased index infection insomnia instead insurance
    international into is issues it its job join jpg just keep kids know la lake las last late later learn
    least leave left legs less let level levels life light like link linked lit little live living ll lol
    long longer look looking looks los losangeles lose loss lost lot love lovely loving low lower lunch made
    major make makes making man many may maybe me mean media medical medication medications medicine meet
    memory men mental merry mg might mild mind minutes miss missed missing mom monday monica month months
    mood more morning most mouth move msn much muscle music must my myself national nausea need needed
    nevada never new news next nice night nights no none normal not nothing noticed now obamacare of off
    often oh old on once one only open or oregon other others our out outbreak over overall own pain parents
    park part party past patient patients pbs people per perfect period person photo pic picture pill pills
    place plan play please point portland positive possible post pounds pr pregnancy prescribed prescription
    pressure pretty prevent probably problem problems product put quickly quite re read ready real really
    recipe recipes red reduce reduced reduction relief remember report repost research resort restaurant
    results reut right risk room rs run safe said same san sanfrancisco santa saturday say says school
    season seattle second see seeing seem seemed seems seen self selfie set several severe sex sf share she
    short shot should show side simple since skin sleep sleeping slight small smoking so some someone
    something sometimes soon south special spring start started starting state stay still stomach stop
    stopped story stress strong studio study such sugar summer sun sunday sunset super sure surgery sweet
    symptoms tablet take taken takes taking tbt team tell term test tests than thank thankful thanks
    thanksgiving that the their them then therapy there these they thing things think this those though
    thought three through time times tips tired to today together told tomorrow tonight too took top travel
    treat treatment tree tried trip try trying turn twice twimg two under university until up us usa use user
    used using usually vaccine valley ve vegas very via video view virus visit wait wake walk want wanted
    was washington watch water way ways we week weekend weeks weight well went were west what when where
    which while white who whole why will winter wish with within without woman women won work worked working
    workout works world worse worst worth would wp year years yes yesterday yet yoga york you young your
    yours yourself
    """.split()
)


# Those of them that stand in a tenth of all texts or more.
_EVERYWHERE = frozenset(
    """
    a all an and are as at be but by can do for from get had has have he her here his i if in is it just like me more my no not now
    of off on one or our out so some than that the their they this to up us was we were what when who will with you your
    """.split()
)


def share(key: str) -> float:
    """A rough guess at the share of texts that hold ``key``: only the order matters."""
    words = _TOKEN.findall(key)
    if len(words) == 1 and words[0] in _EVERYWHERE:
        return 0.3
    rare = max((len(word) for word in words if word not in _COMMON), default=0)
    if rare >= _LEAST:
        return (0.004 if rare == _LEAST else 0.0005) / len(words)
    letters = sum(map(len, words))
    return 1.0 if letters < _LEAST else (0.05, 0.005)[len(words) > 1] if letters < 9 else 0.001


def syntax(regex: str) -> list[Any]:
    """``regex`` in lower case as the standard library's parser reads it, pairs of a kind and its value; nothing if it cannot."""
    try:
        return list(_parser.parse(_CAPITAL.sub(_lower, regex)))
    except re.error:  # what only the engine knows
        return []


def _lower(found: re.Match[str]) -> str:
    return found[0] if found[0][0] == "\\" else found[0].lower()


def as_keyed(data: bytes) -> bytes:
    """``data`` (UTF-8) as keys are looked for in it, byte for byte, with a space at each end.

    >>> as_keyed("Good-bye, José!".encode())
    b' good bye  jos    '
    """
    return b" %b " % data.translate(_KEYED)


class Key(NamedTuple):
    """A string to look for in a keyed text, and the words of it that are looked up first.

    Those are its rarest whole word, or two neighbors where all are common.
    """

    words: str
    text: str


def key_of_phrase(text: str, *, is_prefix: bool = False) -> tuple[int, Key] | None:
    """Where the key's second character stands in the phrase, and the key: its rarest word with the word beside it.

    It is all of the phrase if its words are common; ``None`` if it has no whole word.

    >>> key_of_phrase("see you at your next appointment")
    (16, Key(words='appointment', text=' next appointment '))
    >>> key_of_phrase("#ad")
    (1, Key(words='ad', text=' ad '))
    >>> key_of_phrase("appointment with us")
    (0, Key(words='appointment', text=' appointment with '))
    >>> key_of_phrase("side effect", is_prefix=True)
    (0, Key(words='side', text=' side effect'))
    """
    start, end = _key_in_phrase(text, is_prefix=is_prefix)
    key = as_keyed(text[start:end].encode("utf-8", "replace")).decode()
    # A word begins and ends with the key, unless what stands there is no letter ("#ad") or the word may go on.
    low = 0 if text[start].isalnum() and text[start].isascii() else 1
    high = -1 if is_prefix or not (text[end - 1].isalnum() and text[end - 1].isascii()) else None
    found = _key(key[low:high])
    return (start + low, found) if found else None


def _key_in_phrase(text: str, *, is_prefix: bool) -> tuple[int, int]:
    words = list(_TOKEN.finditer(text))
    if is_prefix or len(words) < 2:
        return 0, len(text)  # the last word may go on
    at = max(range(len(words)), key=lambda one: 0 if words[one][0] in _COMMON else len(words[one][0]))
    if words[at][0] in _COMMON or len(words[at][0]) < _LEAST:
        return 0, len(text)
    # Two words together are far rarer than one, and cost the same.
    if at + 1 < len(words):
        return words[at].start(), words[at + 1].end()
    return words[at - 1].start(), words[at].end()


def _key(text: str) -> Key | None:
    """``text`` with the rarest of its whole words, if it has any."""
    words = [word for word in text.split(" ")[1:-1] if word]
    return Key(_rarest(words), text) if words else None


def _rarest(words: Sequence[str]) -> str:
    """The rarest of ``words``, or the longest two neighbors if all of them are common."""
    rarest = max(words, key=_rarity)
    if len(words) == 1 or (rarest not in _COMMON and len(rarest) >= _LEAST):
        return rarest
    return max(map(" ".join, pairwise(words)), key=len)


def _rarity(word: str) -> tuple[bool, int]:
    return word not in _COMMON, len(word)


def keys_of_forms(forms: Iterable[str]) -> frozenset[Key]:
    """Keys of which one stands in every text that holds one of these phrases.

    >>> sorted(keys_of_forms(["our swimming pool", "the swimming pool", "the spa"]))
    [Key(words='spa', text=' spa '), Key(words='swimming', text=' swimming ')]
    """
    found = set()
    for form in forms:
        words = as_keyed(form.encode()).decode().split()
        rarest = _rarest(words)
        found.add(Key(rarest, f" {rarest} "))
    return frozenset(found)


def keys_of_pattern(regex: str) -> tuple[Key, ...]:
    r"""Keys of which one stands, as `as_keyed` writes it, in every text that ``regex`` matches; none if no set is worth it.

    >>> [key.text for key in keys_of_pattern(r"\b(?:swim|float)(?:s|ing)? (?:in|near) \d+")][:2]
    [' float in ', ' float near ']
    >>> keys_of_pattern(r"\d{3}-\d{4}")
    ()
    """
    best = min(candidates(syntax(regex)), key=_cost, default=frozenset({""}))
    if _cost(best)[0] >= _WORTH:
        return ()
    keys = [_key(text) for text in sorted(set(map(spaced, best)))]
    return () if None in keys else tuple(key for key in keys if key)


def spaced(key: str) -> str:
    r"""``key`` with its edges as spaces: beside a letter only, since ``\b'`` asks for a letter *before* the sign."""
    plain = key.replace(_EDGE, "")
    keyed = as_keyed(plain.encode()).decode()
    begins = key.startswith(_EDGE) and plain[:1].isalnum()
    ends = key.endswith(_EDGE) and plain[-1:].isalnum()
    return keyed[0 if begins else 1 : None if ends else -1]


def _cost(keys: AbstractSet[str]) -> tuple[float, int]:
    found = [_key(spaced(key)) for key in keys]
    if None in found:
        return 1.0, len(keys)  # only whole words can be looked up
    looked_up = {key.words for key in found if key}
    return sum(map(share, looked_up)) + len(keys) / 2000, len(keys)


def candidates(nodes: Sequence[Any]) -> Iterator[frozenset[str]]:
    """Sets of strings of which one must stand where ``nodes`` match; see `spaced`."""
    window = frozenset({""})
    before = frozenset({""})  # what the last node was, if it says where a word begins
    for node in nodes:
        exact = _exact(node)
        longer = _joined(window, exact) if exact is not None else None
        if longer is not None:
            window = longer
        else:
            yield window
            if exact is None:
                window = frozenset({""})
                yield from _inside(node)
            else:
                window = _joined(before, exact) or exact
        before = exact if exact in _BORDERS else frozenset({""})
    yield window


_BORDERS = (frozenset({" "}), frozenset({_EDGE}))


def _joined(left: frozenset[str], right: frozenset[str]) -> frozenset[str] | None:
    if len(left) * len(right) > (_MOST if 1 in {len(left), len(right)} else _CAP):
        return None
    return frozenset(one + other for one, other in product(left, right))


def _exact(node: Any) -> frozenset[str] | None:
    """All strings that ``node`` matches, if they are few."""
    kind, value = node
    if kind is _sre.LITERAL:
        return frozenset({" " if chr(value) in "-\n" else chr(value)})
    if kind is _sre.AT:
        return frozenset({_EDGE if value is _sre.AT_BOUNDARY else ""})
    if kind is _sre.IN:
        if all(one[0] is _sre.LITERAL for one in value):
            return frozenset(" " if chr(one[1]) in "-\n" else chr(one[1]) for one in value)
        return None
    if kind is _sre.SUBPATTERN:
        return _exact_sequence(value[-1])
    if kind is _sre.BRANCH:
        found: frozenset[str] = frozenset()
        for branch in value[1]:
            inner = _exact_sequence(branch)
            if inner is None or len(found | inner) > _MOST:
                return None
            found |= inner
        return found
    if kind in {_sre.MAX_REPEAT, _sre.MIN_REPEAT} and value[1] == 1:
        inner = _exact_sequence(value[2])
        return inner if value[0] else None if inner is None else inner | {""}
    return None


def _exact_sequence(nodes: Sequence[Any]) -> frozenset[str] | None:
    window: frozenset[str] | None = frozenset({""})
    for node in nodes:
        exact = _exact(node)
        window = None if exact is None or window is None else _joined(window, exact)
        if window is None:
            return None
    return window


def _inside(node: Any) -> Iterator[frozenset[str]]:
    kind, value = node
    if kind is _sre.SUBPATTERN:
        yield from candidates(value[-1])
    elif kind is _sre.BRANCH:
        found: frozenset[str] = frozenset()
        for branch in value[1]:
            found |= min(candidates(branch), key=_cost, default=frozenset({""}))
        if len(found) <= _MOST:
            yield found
    elif kind in {_sre.MAX_REPEAT, _sre.MIN_REPEAT} and value[0]:
        yield from candidates(value[2])

"""Whether a number, an address, a link or a name is the organization's own, however it is written."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["OwnValues", "StaffNames", "is_shared_domain", "phone_digits"]

_KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_EXTENSION = re.compile(r"[\s,;]*(?:#|ext(?:ension|n)?\.?|x)\s*:?\s*\d{1,6}\s*$")
_PHONE = re.compile(r"(?:tel:|call|fax:?|phone:?)?\s*[+(]?\s*\d[\da-z\s().+/\u2010-\u2015-]*")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]*\.?")
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_ZIP = 5  # characters of a postal code
_LONG = 11  # digits of a US number with its country code
_LOCAL = 7  # digits of a phone number without its area code
_NATIONAL = 9  # digits of one with its area code, the leading 0 left out, in most countries

_SHARED = frozenset(
    """
    gmail.com googlemail.com google.com yahoo.com ymail.com outlook.com hotmail.com live.com msn.com aol.com
    icloud.com me.com mac.com proton.me protonmail.com gmx.com gmx.net mail.com zoho.com yandex.com
    comcast.net verizon.net att.net sbcglobal.net btinternet.com
    facebook.com fb.com instagram.com twitter.com x.com t.co linkedin.com tiktok.com youtube.com youtu.be
    threads.net bsky.app pinterest.com reddit.com yelp.com linktr.ee bit.ly tinyurl.com goo.gl
    wordpress.com blogspot.com wixsite.com medium.com github.io
    co.uk org.uk ac.uk nhs.uk gov.uk com.au org.au gov.au co.nz org.nz on.ca
    """.split()
)
_TITLES = frozenset(
    """
    dr doctor prof professor nurse mr mrs ms miss mx sir dame rev sister
    md do mbbs rn bsn msn lpn lvn np fnp dnp crna pa pac dds dmd rdh od dpm dc pt dpt ot pharmd phd psyd
    lcsw lmft lpc mph mba ms facs facp facog jr sr ii iii iv
    """.split()
)

# Written one way, whichever way they were typed. From the common suffixes of US postal addresses.
_STREET_WORDS = {
    long: short
    for short, longs in {
        "st": "street str",
        "ave": "avenue av aven",
        "rd": "road",
        "dr": "drive drv",
        "blvd": "boulevard boul",
        "ln": "lane",
        "ct": "court",
        "pl": "place",
        "sq": "square",
        "ter": "terrace terr",
        "pkwy": "parkway pky",
        "hwy": "highway",
        "cir": "circle",
        "ste": "suite",
        "fl": "floor",
        "rm": "room",
        "bldg": "building",
        "apt": "apartment",
        "n": "north",
        "s": "south",
        "e": "east",
        "w": "west",
        "ne": "northeast",
        "nw": "northwest",
        "se": "southeast",
        "sw": "southwest",
    }.items()
    for long in longs.split()
}


def is_shared_domain(domain: str) -> bool:
    """Whether anybody can have an address or a page there, so that it cannot be one organization's.

    >>> is_shared_domain("gmail.com"), is_shared_domain("clinic.example.com")
    (True, False)
    """
    bare = domain.lower().strip().removeprefix("www.")
    return bare in _SHARED or bare.count(".") == 0


def phone_digits(text: str) -> str:
    """Return the digits of a phone number, letters read from the keypad; empty if it is none.

    A leading 1 of eleven digits and an extension are left out.

    >>> phone_digits("+1 (212) 555-0147 ext. 9"), phone_digits("1-800-555-TEAM"), phone_digits("Room 12")
    ('2125550147', '8005558326', '')
    """
    plain = _EXTENSION.sub("", unicodedata.normalize("NFKC", text).casefold().strip())
    if not _PHONE.fullmatch(plain):
        return ""
    plain = re.sub(r"^(?:tel:|call|fax:?|phone:?)", "", plain)
    lettered = any("a" <= character <= "z" for character in plain)
    digits = "".join(str(unicodedata.decimal(c)) for c in plain.translate(_KEYS) if c.isdecimal())
    if len(digits) < _LOCAL:
        return ""
    if digits[0] == "1" and (len(digits) == _LONG or (lettered and len(digits) > _LONG)):
        digits = digits[1:]
    # A word may be longer than the number that it spells: 1-800-555-TEAMWORK dials 1-800-555-TEAM.
    return digits[:10] if lettered else digits.removeprefix("00")


class OwnValues:
    """The organization's own phones, e-mails, domains, addresses and public numbers.

    >>> own = OwnValues(phones=["212-555-0100"], domains=["example.com"])
    >>> own.holds("(212) 555.0100"), own.holds("info@example.com"), own.holds("212-555-0147")
    (True, True, False)
    """

    def __init__(
        self,
        *,
        phones: Iterable[str] = (),
        emails: Iterable[str] = (),
        domains: Iterable[str] = (),
        addresses: Iterable[str] = (),
        identifiers: Iterable[str] = (),
    ) -> None:
        self._phones = frozenset(filter(None, map(phone_digits, phones)))
        # A national number begins with 0 where the international one has a country code.
        self._ends = tuple(phone.removeprefix("0") for phone in self._phones)
        self._emails = frozenset(map(_plain, emails))
        self._domains = frozenset(_plain(domain).removeprefix("www.") for domain in domains)
        self._addresses = tuple(map(_address_words, addresses))
        self._identifiers = frozenset(filter(None, map(_number, identifiers)))

    def __repr__(self) -> str:
        return "OwnValues()"

    def __bool__(self) -> bool:
        return bool(self._phones or self._emails or self._domains or self._addresses or self._identifiers)

    def holds(self, text: str) -> bool:
        """Whether ``text``, one phone number, e-mail, link, address or number, is the organization's."""
        if not self:
            return False
        plain = _plain(text)
        if "@" in plain and not _SCHEME.match(plain):
            address = plain.removeprefix("mailto:")
            return address in self._emails or self._is_own_host(address.rpartition("@")[2])
        if _SCHEME.match(plain) or _HOST.match(plain):
            return self._is_own_host(_host(plain))
        return self._is_own_phone(plain) or _number(plain) in self._identifiers or self._is_own_place(plain)

    def _is_own_host(self, host: str) -> bool:
        labels = host.rstrip(".").split(".")
        return any(".".join(labels[start:]) in self._domains for start in range(len(labels) - 1))

    def _is_own_phone(self, plain: str) -> bool:
        digits = phone_digits(plain)
        if not digits:
            return False
        if digits in self._phones:
            return True
        # "555-0100" for "(212) 555-0100", and "020 7946 0000" for "+44 20 7946 0000".
        end = digits.removeprefix("0")
        return any(
            (len(end) >= _LOCAL and own.endswith(end)) or (len(own) >= _NATIONAL and end.endswith(own))
            for own in self._ends
        )

    def _is_own_place(self, plain: str) -> bool:
        words = _address_words(plain)
        # One word alone is a postal code or nothing; of more, one must be a number (house, suite, code).
        if not any(map(_DIGIT.search, words)) or (len(words) == 1 and len(words[0]) < _ZIP):
            return False
        size = len(words)
        return any(
            own[start : start + size] == words
            for own in self._addresses
            for start in range(len(own) - size + 1)
        )


class StaffNames:
    """The names of people who are no patients.

    >>> staff = StaffNames(["Dr. Ana B. Roe, DDS", "Kim"])
    >>> [staff.has(name) for name in ("Dr. Roe", "ana roe", "Kim", "Ana", "Ben Roe")]
    [True, True, True, False, False]
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_surname: dict[str, list[frozenset[str]]] = {}
        for name in names:
            words = _name_words(name)
            if words:
                self._by_surname.setdefault(words[-1], []).append(frozenset(words))

    def __repr__(self) -> str:
        return "StaffNames()"

    def has(self, name: str) -> bool:
        """Whether ``name`` is a surname or full name of one of them; a first name alone is anybody's."""
        words = _name_words(name)
        known = self._by_surname.get(words[-1], ()) if words else ()
        return any(all(word in parts for word in words) for parts in known)


def _name_words(name: str) -> list[str]:
    words = _WORD.findall(unicodedata.normalize("NFKC", name).casefold().replace(".", " "))
    return [word for word in words if word not in _TITLES] or words


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip().strip("<>()[]\"'.,;!?").strip()


def _number(text: str) -> str:
    """Return the number of "NPI 1234567893": the last word that holds a digit."""
    words = ["".join(filter(str.isalnum, word)) for word in _plain(text).split()]
    return next((word for word in reversed(words) if any(map(str.isdigit, word))), "")


def _host(plain: str) -> str:
    rest = _SCHEME.sub("", plain, count=1)
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    # What stands before "@" is a user name, not the host: https://example.com@elsewhere.example
    return authority.rpartition("@")[2].partition(":")[0]


def _address_words(text: str) -> tuple[str, ...]:
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return tuple(_STREET_WORDS.get(word, word) for word in words)

"""What stands where an identifier stood: the shapes of placeholders, so that none is taken for an identifier again."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["AES", "HASH", "LABELS", "LETTERS", "NOUNS", "placeholders", "pseudonym", "tokens"]

NOUNS = {
    "PERSON": "Person",
    "LOCATION": "Place",
    "ORGANIZATION": "Organization",
    "DATE_TIME": "Date",
    "PHONE_NUMBER": "Phone",
    "EMAIL_ADDRESS": "Email",
    "STREET_ADDRESS": "Address",
    "HANDLE": "Handle",
    "URL": "Link",
    "AGE_OVER_89": "Age",
}
"""What a pseudonym calls a kind of identifier; any other kind is a ``Number``."""
_OTHER = "Number"

LABELS = frozenset(NOUNS) | frozenset(
    """
    TEXT PHI ID NRP AGE MEDICAL_RECORD HEALTH_PLAN ACCOUNT LICENSE VIN PLATE DEVICE_ID NPI MBI ZIP
    ABA_ROUTING_NUMBER AU_ABN AU_ACN AU_MEDICARE AU_TFN CA_POSTAL_CODE CA_SIN CREDIT_CARD CRYPTO DE_BSNR
    DE_FUEHRERSCHEIN DE_HANDELSREGISTER DE_HEALTH_INSURANCE DE_ID_CARD DE_KFZ DE_LANR DE_PASSPORT DE_PLZ
    DE_SOCIAL_SECURITY DE_TAX_ID DE_TAX_NUMBER DE_VAT_ID ES_NIE ES_NIF ES_PASSPORT
    FI_PERSONAL_IDENTITY_CODE IBAN_CODE IN_AADHAAR IN_GSTIN IN_PAN IN_PASSPORT IN_VEHICLE_REGISTRATION
    IN_VOTER IP_ADDRESS IT_DRIVER_LICENSE IT_FISCAL_CODE IT_IDENTITY_CARD IT_PASSPORT IT_VAT_CODE KR_BRN
    KR_DRIVER_LICENSE KR_FRN KR_PASSPORT KR_RRN MAC_ADDRESS MEDICAL_LICENSE NG_NIN
    NG_VEHICLE_REGISTRATION PH_PASSPORT PH_TIN PH_UMID PL_PESEL SE_ORGANISATIONSNUMMER SE_PERSONNUMMER
    SG_NRIC_FIN SG_UEN TH_TNIN TR_LICENSE_PLATE TR_NATIONAL_ID UK_DRIVING_LICENCE UK_NHS UK_NINO
    UK_PASSPORT UK_POSTCODE UK_VEHICLE_REGISTRATION US_BANK_NUMBER US_CLAIM_NUMBER US_DRIVER_LICENSE
    US_HEALTH_INSURANCE_MEMBER_ID US_ITIN US_MBI US_NPI US_PASSPORT US_PRESCRIPTION_NUMBER
    US_PRIOR_AUTHORIZATION_NUMBER US_PROVIDER_TAX_ID US_REFERRAL_NUMBER US_SSN UUID
    ZA_COMPANY_REGISTRATION ZA_DRIVER_LICENSE ZA_ID_NUMBER ZA_INCOME_TAX_NUMBER ZA_LICENSE_PLATE
    ZA_MOBILE_NUMBER ZA_PASSPORT ZA_TELEPHONE_NUMBER ZA_TRAFFIC_REGISTER_NUMBER ZA_VAT_NUMBER
    """.split()
)
"""The labels that a bare placeholder such as ``<PERSON>`` may hold: ``<SMITH>`` is none."""

HASH, AES = "hash", "aes"
LETTERS = "bcdfghjklmnpqrst"
"""The sixteen digits of a token: letters that make no word, and no number that a rule could look for."""

_LETTERED = f"[{LETTERS}]+"
_TOKEN = re.compile(rf"<([A-Z][A-Z0-9_]{{0,39}}):({HASH}|{AES}):({_LETTERED})>")
_NAMED = re.compile(rf"\[(?:{'|'.join([*NOUNS.values(), _OTHER])}) [A-Z]{{1,3}}\]")
_BARE = re.compile(r"<([A-Z][A-Z0-9_]{0,39})>")


def placeholders(text: str, also: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Where placeholders stand in ``text``; ``also`` are labels beside `LABELS`.

    >>> placeholders("<PERSON> told <SMITH> and [Person B]")
    [(0, 8), (26, 36)]
    """
    if "<" not in text and "[" not in text:
        return []
    found = [match.span() for match in _BARE.finditer(text) if match[1] in LABELS or match[1] in also]
    found += [match.span() for shape in (_TOKEN, _NAMED) for match in shape.finditer(text)]
    return sorted(found)


def is_placeholder(text: str, start: int, end: int) -> bool:
    """Whether nothing but placeholders stands in ``text[start:end]``, whatever a pipeline for names takes them for.

    >>> is_placeholder("<PERSON> Roe", 0, 8), is_placeholder("<PERSON> Roe", 1, 7), is_placeholder("<PERSON> Roe", 0, 12)
    (True, True, False)
    """
    if "<" not in text and "[" not in text:
        return False
    at, found = start, False
    for low, high in placeholders(text):
        if low < end and high > start:
            if any(map(str.isalnum, text[at : max(at, low)])):
                return False
            at, found = high, True
    return found and not any(map(str.isalnum, text[at:end]))


def tokens(text: str, kind: str) -> Iterator[tuple[int, int, str, str]]:
    """``(start, end, label, letters)`` of every hash or encrypted token in ``text``."""
    for match in _TOKEN.finditer(text):
        if match[2] == kind:
            yield match.start(), match.end(), match[1], match[3]


def pseudonym(label: str, number: int) -> str:
    """The pseudonym of the ``number``-th one of its kind, from 0.

    >>> pseudonym("PERSON", 0), pseudonym("US_SSN", 27)
    ('[Person A]', '[Number AB]')
    """
    letters = chr(65 + number % 26)
    while number >= 26:
        number = number // 26 - 1
        letters = chr(65 + number % 26) + letters
    return f"[{NOUNS.get(label, _OTHER)} {letters}]"

"""What an organization says about itself (``phiguard.yaml``), and how it is read and checked."""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec

from phiguard.errors import ProfileError
from phiguard.hours import WEEKDAYS, Calendar, parse_holiday, parse_window
from phiguard.own_values import OwnValues, StaffNames, phone_digits
from phiguard.profile_sections import (
    RULE_ID,
    Consent,
    Contacts,
    Crisis,
    Hours,
    HouseTerm,
    Limits,
    Organization,
    Product,
    Replies,
    Reviewers,
    RuleSetting,
    Section,
    Staff,
    Suppression,
    Verdicts,
    Words,
    check_field,
    covers,
)
from phiguard.yaml_source import Fault, Place, SourceError, find_faults, read_yaml

if TYPE_CHECKING:
    from phiguard.model import Post, ProductType

__all__ = ["PRESETS", "Profile", "Region", "brand_starter", "find_profile", "load_profile", "preset"]

PRESETS = ("hospital", "practice", "dental", "behavioral", "pharma", "device", "supplement")
"""The templates that ``phiguard init --preset`` writes."""

_STATES = Literal[
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY",
    "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH",
    "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
    "AS", "GU", "MP", "PR", "VI",
]  # fmt: skip
Region = Literal["US", "UK", "EU", "AU", "NZ", "CAN", _STATES]
"""A state of the US by its postal code (``CA`` is California), or a country or union of countries."""

_COUNTRIES = {
    "UK": ("uk",),
    "EU": ("de", "es", "fi", "it", "pl", "se"),
    "AU": ("au",),
    "NZ": ("nz",),
    "CAN": ("ca",),
}
"""Countries by region, in lower-case ISO codes; every other region is a state of the US."""

# Phone numbers and addresses inside the words of a channel ("our nurse line, 212-555-0100").
_NUMBER = re.compile(r"[+(]?\d[-\d(). ]{5,}\d")
_EMAIL = re.compile(r"[^\s@;,]+@[^\s@;,]+\w")

_FILE_NAMES = ("phiguard.yaml", "phiguard.yml")

# What the posts of a seller are about unless they say otherwise. A provider's are about no product.
_SOLD: dict[str, ProductType] = {
    "supplement": "supplement",
    "cosmetic": "cosmetic",
    "compounder": "compounded",
}
_SELLERS = frozenset({"pharma", "device", *_SOLD})


class Profile(Section, frozen=True, kw_only=True, dict=True):
    """An organization: what it is, owns, sells and decided. Every field has a safe default."""

    organization: Organization = Organization()
    staff: Staff = Staff()
    contacts: Contacts = Contacts()
    regions: tuple[Region, ...] = ("US",)
    time_zone: str = "UTC"
    hours: Hours = Hours()
    products: tuple[Product, ...] = ()
    consents: tuple[Consent, ...] = ()
    competitors: Words = ()
    reviewers: Reviewers = Reviewers()
    house_terms: tuple[HouseTerm, ...] = ()
    hashtags: Words = ()
    brand: str = ""
    rules: dict[str, RuleSetting] = msgspec.field(default_factory=dict)
    response: dict[str, str] = msgspec.field(default_factory=dict)
    replies: Replies = Replies()
    crisis: Crisis = Crisis()
    verdicts: Verdicts = Verdicts()
    limits: Limits = Limits()
    suppressions: tuple[Suppression, ...] = ()

    def __post_init__(self) -> None:
        if not self.regions:
            raise ValueError("regions: expected one region or more")
        if self.time_zone != "UTC":
            check_field("time_zone", _zone, self.time_zone)
        if not all(map(RULE_ID.fullmatch, self.rules)):
            raise ValueError("rules: expected ids of rules, or their beginnings, like FDA-08 or BRD")
        for within in self.response.values():
            check_field("response", parse_window, within)
        for field, names in {
            "consents": [consent.id for consent in self.consents],
            "products": [product.name.casefold() for product in self.products],
        }.items():
            if len(set(names)) < len(names):
                raise ValueError(f"{field}: the same {'id' if field == 'consents' else 'name'} is used twice")

    def __repr__(self) -> str:
        return f"Profile(org_type={self.organization.org_type!r}, regions={self.regions!r})"

    @functools.cached_property
    def calendar(self) -> Calendar:
        """When the office is open, in its time zone."""
        return Calendar(
            tuple(map(self.hours.openings, WEEKDAYS)),
            holidays=tuple(map(parse_holiday, self.hours.holidays)),
            zone=_zone(self.time_zone),
        )

    @functools.cached_property
    def _own(self) -> OwnValues:
        contacts = self.contacts
        said = " ; ".join(msgspec.structs.astuple(self.replies.channels))
        return OwnValues(
            phones=(*contacts.phones, *filter(phone_digits, _NUMBER.findall(said))),
            emails=(*contacts.emails, *_EMAIL.findall(said)),
            domains=contacts.domains,
            addresses=contacts.addresses,
            identifiers=contacts.identifiers,
        )

    def own_value(self, text: str) -> bool:
        """Whether a phone number, e-mail, link, address, public number or hashtag is the organization's own."""
        return self._own.holds(text) or (text.startswith("#") and text in self.hashtags)

    @property
    def packs(self) -> tuple[Path | tuple[str, bytes], ...]:
        """The packs that the profile brings to a `Screener`: its ``brand.yaml``, and its own terms and competitors."""
        packs: list[Path | tuple[str, bytes]] = [Path(self.brand)] if self.brand else []
        if self.competitors or self.house_terms:
            from phiguard.house import BrandFile, Wording  # noqa: PLC0415  (few profiles have either)

            terms = [
                Wording(say=term.say, instead_of=term.instead_of, because=term.reason)
                for term in self.house_terms
            ]
            name = self.organization.name or "the house"
            own = BrandFile(brand=name, terms=tuple(terms), competitors=self.competitors)
            # JSON is YAML: one reader, one form.
            packs.append((_FILE_NAMES[0], msgspec.json.encode(own)))
        return tuple(packs)

    @functools.cached_property
    def _staff(self) -> StaffNames:
        return StaffNames(self.staff.names)

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of the regions, in lower-case ISO codes: they say which national identifiers are looked for."""
        found = {country for region in self.regions for country in _COUNTRIES.get(region, ("us",))}
        return tuple(sorted(found))

    def is_staff(self, name: str) -> bool:
        """Whether a surname or a full name is that of somebody who may be named."""
        return self._staff.has(name)

    def product(self, name: str) -> Product | None:
        """Return the product with this name, other name or generic name, in any letter case."""
        wanted = name.casefold().strip()
        for product in self.products:
            if wanted and wanted in {
                known.casefold() for known in (product.name, product.generic, *product.names)
            }:
                return product
        return None

    def consent(self, consent_id: str) -> Consent | None:
        """Return the consent with this id."""
        return next((consent for consent in self.consents if consent.id == consent_id), None)

    def approved_claims(self, *, on: dt.date) -> tuple[str, ...]:
        """Return the approved words of all products that hold on a day."""
        return tuple(
            claim.text
            for product in self.products
            for claim in product.approved_claims
            if claim.expires is None or claim.expires >= on
        )

    def fill(self, post: Post) -> Post:
        """Return the post with what it does not say about itself, as ``docs/profile.md`` tells."""
        direction = post.direction or ("outbound_post" if post.reply_to is None else "outbound_reply")
        filled: dict[str, Any] = {
            "direction": direction,
            "author_role": post.author_role or ("public" if direction.startswith("inbound") else "brand"),
            "org_type": post.org_type or self.organization.org_type,
            "region": _with_country(post.region or self.regions),
            "audience": post.audience or "public",
            "product_type": post.product_type or self._product_type(post),
        }
        for name in ("posted_at", "received_at", "answered_at"):
            moment = getattr(post, name)
            if moment is not None and moment.tzinfo is None:
                filled[name] = moment.replace(tzinfo=_zone(self.time_zone))
        return msgspec.structs.replace(post, **filled)

    def setting(self, rule: str) -> RuleSetting | None:
        """Return what is set for a rule: field by field, by the longest id that names it.

        ``FDA-08`` names ``FDA-08`` and ``FDA-08.weight``; ``FDA`` names all of its family.
        """
        if rule in self._settings:
            return self._settings[rule]
        found: RuleSetting | None = None
        for name in sorted(self.rules, key=len):
            if covers(name, rule):
                found = self.rules[name].over(found)
        self._settings[rule] = found
        return found

    @functools.cached_property
    def _settings(self) -> dict[str, RuleSetting | None]:
        return {}

    def _product_type(self, post: Post) -> ProductType | None:
        if post.product is not None:
            named = self.product(post.product)
            return None if named is None else named.type
        kind = post.org_type or self.organization.org_type
        types = {product.type for product in self.products}
        if kind in _SELLERS and len(types) == 1:
            return types.pop()
        return _SOLD.get(kind)


@functools.lru_cache(maxsize=64)
def _with_country(regions: tuple[str, ...]) -> tuple[str, ...]:
    # A rule for the US holds in Texas.
    return (*regions, "US") if "US" not in regions and set(get_args(_STATES)) & set(regions) else regions


def _zone(name: str) -> dt.tzinfo:
    if name == "UTC":
        return dt.timezone.utc
    import zoneinfo  # noqa: PLC0415  (costs 8 ms, and most profiles of one-off runs have no zone)

    try:
        return zoneinfo.ZoneInfo(name)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        pass
    known = "" if zoneinfo.available_timezones() else "; this computer has no time zones: install tzdata"
    raise ValueError(f"expected an IANA time zone like America/Chicago{known}")


# --- reading -----------------------------------------------------------------------------------------


def find_profile(start: Path) -> Path | None:
    """Return the ``phiguard.yaml`` of a folder or of the nearest one above it."""
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        for name in _FILE_NAMES:
            if os.path.isfile(candidate / name):  # noqa: PTH113  (Path.is_file raises where it may not look)
                return candidate / name
    return None


def load_profile(path: Path | None = None) -> Profile:
    """Return the profile of a file, or raise ``ProfileError`` with every fault by file, line and field.

    Without a path it is looked for from the working directory upwards; the default profile, if there
    is none.
    """
    if path is None:
        path = find_profile(Path())
        if path is None:
            return Profile()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read ({error.strerror})") from None
    try:
        values, place = read_yaml(data)
    except SourceError as error:
        raise ProfileError(_report(path, error.faults)) from None
    try:
        profile = msgspec.convert(values, Profile, strict=False)
    except msgspec.ValidationError:
        pass
    else:
        return _with_brand(_anchored(profile, path.parent), path, place)
    faults = sorted(find_faults(values, place, Profile))
    raise ProfileError(_report(path, faults or [Fault(1, "", "cannot be used as a profile")]))


def _anchored(profile: Profile, folder: Path) -> Profile:
    """The profile with the files that it names as seen from its own folder."""
    crisis, replies = profile.crisis, profile.replies
    if crisis.file:
        crisis = msgspec.structs.replace(crisis, file=str(folder / crisis.file))
    if replies.folder:
        replies = msgspec.structs.replace(replies, folder=str(folder / replies.folder))
    if crisis is profile.crisis and replies is profile.replies:
        return profile
    return msgspec.structs.replace(profile, crisis=crisis, replies=replies)


def _with_brand(profile: Profile, path: Path, place: Place) -> Profile:
    """The profile, with the path of its house style as seen from anywhere."""
    if not profile.brand:
        return profile
    brand = path.resolve().parent / profile.brand
    if not brand.is_file():
        what = "there is no such file beside this one: `phiguard init --brand` writes one"
        raise ProfileError(_report(path, [Fault(place.children["brand"].line, "brand", what)]))
    return msgspec.structs.replace(profile, brand=str(brand))


def _report(path: Path, faults: list[Fault]) -> str:
    return "\n".join(f"{path}:{fault.line}: {fault}" for fault in faults)


def preset(name: str) -> str:
    """Return the commented ``phiguard.yaml`` for a kind of organization: one of ``PRESETS``."""
    if name not in PRESETS:
        raise ProfileError(f"there is no preset of that name; there are {', '.join(PRESETS)}")
    return (Path(__file__).with_name("presets") / f"{name}.yaml").read_text(encoding="utf-8")


def brand_starter() -> str:
    """Return the commented ``brand.yaml`` with which a house style begins (``docs/brand.md``)."""
    return (Path(__file__).with_name("presets") / "brand.yaml").read_text(encoding="utf-8")

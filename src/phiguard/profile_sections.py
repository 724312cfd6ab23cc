"""The parts of a profile, each with its own checks. None of them shows what it holds."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from phiguard.hours import WEEKDAYS, parse_holiday, parse_opening, parse_window
from phiguard.model import OrgType, Platform, ProductType, Severity, Verdict
from phiguard.own_values import is_shared_domain, phone_digits

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "RULE_ID",
    "Claim",
    "Consent",
    "Contacts",
    "Crisis",
    "Hours",
    "HouseTerm",
    "Limits",
    "Organization",
    "OwnReply",
    "Product",
    "Replies",
    "ReplyChannels",
    "Reviewers",
    "RouteSetting",
    "RuleSetting",
    "Section",
    "Staff",
    "Suppression",
    "Verdicts",
    "Words",
    "check_field",
    "covers",
]

Text = Annotated[str, msgspec.Meta(min_length=1)]
Words = tuple[Text, ...]
RULE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,99}")
"""What an id of a rule looks like, or the beginning of one."""
_CONTENT_KEY = re.compile(r"[0-9a-f]{16}")


def check_field(field: str, parse: Callable[[str], object], text: str) -> None:
    """Raise ``ValueError`` with the name of the field if ``parse`` raises one."""
    try:
        parse(text)
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None


def covers(name: str, rule: str) -> bool:
    """Whether an id or the beginning of one names a rule: ``FDA`` and ``FDA-08`` name ``FDA-08.weight``."""
    return rule == name or (rule.startswith(name) and rule[len(name)] in "-./")


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a profile: it does not show what it holds, since that can be names of people."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Organization(Section, frozen=True, kw_only=True):
    """Who speaks: the legal name, every other name people know it by, and what kind it is."""

    name: str = ""
    names: Words = ()
    org_type: OrgType = "provider"


class Staff(Section, frozen=True, kw_only=True):
    """The people who may be named, since they are no patients; handles with or without ``@``."""

    names: Words = ()
    handles: Words = ()


class Contacts(Section, frozen=True, kw_only=True):
    """What is the organization's own, and so no patient's. Handles are its own accounts."""

    phones: Words = ()
    emails: Words = ()
    addresses: Words = ()
    domains: Words = ()
    handles: Words = ()
    identifiers: Words = ()

    def __post_init__(self) -> None:
        if not all(map(phone_digits, self.phones)):
            raise ValueError("phones: expected phone numbers of seven digits or more")
        if not all(email.count("@") == 1 and " " not in email.strip() for email in self.emails):
            raise ValueError("emails: expected addresses like office@example.com")
        if any("/" in domain or "@" in domain or " " in domain for domain in self.domains):
            raise ValueError("domains: expected names like example.com, without https:// and without a path")
        if any(map(is_shared_domain, self.domains)):
            raise ValueError("domains: a public service is not yours alone; list your addresses under emails")


class Hours(Section, frozen=True, kw_only=True):
    """When the office is open, by weekday: ``09:00-17:00``, a list of such, or ``closed``."""

    monday: str | Words = "09:00-17:00"
    tuesday: str | Words = "09:00-17:00"
    wednesday: str | Words = "09:00-17:00"
    thursday: str | Words = "09:00-17:00"
    friday: str | Words = "09:00-17:00"
    saturday: str | Words = "closed"
    sunday: str | Words = "closed"
    holidays: Words = ()

    def __post_init__(self) -> None:
        for name in WEEKDAYS:
            check_field(name, self.openings, name)
            openings = sorted(self.openings(name))
            if any(later[0] < earlier[1] for earlier, later in itertools.pairwise(openings)):
                raise ValueError(f"{name}: the openings overlap")
        if not any(map(self.openings, WEEKDAYS)):
            raise ValueError("the office must be open at some time of the week")
        for holiday in self.holidays:
            check_field("holidays", parse_holiday, holiday)

    def openings(self, weekday: str) -> tuple[tuple[int, int], ...]:
        """Return the openings of a weekday in minutes after midnight."""
        written: str | tuple[str, ...] = getattr(self, weekday)
        texts = (written,) if isinstance(written, str) else written
        if all(text.strip().lower() == "closed" for text in texts):
            return ()
        return tuple(map(parse_opening, texts))


class Claim(Section, frozen=True, kw_only=True):
    """Words that were approved for publication: the evidence behind them, and the last day they hold."""

    text: Text
    evidence: Text
    expires: dt.date | None = None


class Product(Section, frozen=True, kw_only=True):
    """What is sold: its names, what it is approved for, and what must be said with it."""

    name: Text
    names: Words = ()
    generic: str = ""
    type: ProductType = "none"
    boxed_warning: bool = False
    indication: str = ""
    approved_claims: tuple[Claim, ...] = ()
    risk_text: str = ""


class Consent(Section, frozen=True, kw_only=True):
    """One signed permission. A channel that is not listed is not permitted."""

    id: Text
    kind: Literal["hipaa_authorization", "media_release", "explicit_gdpr", "part2"]
    channels: tuple[Platform, ...] = ()
    content: Words = ()
    starts: dt.date | None = None
    expires: dt.date | None = None
    expiry_event: str = ""
    revoked: bool = False
    minor: bool = False
    signer: Literal["self", "parent", "guardian", "representative"] = "self"
    authority: str = ""
    remuneration_disclosed: bool | None = None

    def faults(self, *, platform: Platform | None, on: dt.date) -> tuple[str, ...]:
        """Return why it does not permit a post: revoked, expired, no_expiry, channel, authority, kind, not_started, guardian."""
        found = {
            "revoked": self.revoked,
            "expired": self.expires is not None and self.expires < on,
            "no_expiry": self.expires is None and not self.expiry_event.strip(),
            "channel": platform is None or platform not in self.channels,
            "authority": self.signer == "representative" and not self.authority.strip(),
            "kind": self.kind == "media_release",
            "not_started": self.starts is not None and on < self.starts,
            "guardian": self.minor and self.signer == "self",
        }
        return tuple(name for name, holds in found.items() if holds)


class Reviewers(Section, frozen=True, kw_only=True):
    """Who clears a finding, by its category: names, roles or addresses, as your tools need them."""

    privacy: Words = ()
    claims: Words = ()
    brand: Words = ()
    community: Words = ()


class HouseTerm(Section, frozen=True, kw_only=True):
    """A word of the house, and the words that it replaces."""

    say: Text
    instead_of: Words
    reason: str = ""


class RouteSetting(Section, frozen=True, kw_only=True):
    """Another queue or window for a rule."""

    queue: Text | None = None
    within: Text | None = None

    def __post_init__(self) -> None:
        if self.within is not None:
            check_field("within", parse_window, self.within)


class RuleSetting(Section, frozen=True, kw_only=True):
    """What the organization decided about one rule, or about all whose id begins so, and why."""

    reason: Text
    off: bool | None = None
    severity: Severity | None = None
    route: RouteSetting | None = None
    min: float | None = None
    max: float | None = None

    def __post_init__(self) -> None:
        if (self.off, self.severity, self.route, self.min, self.max) == (None,) * 5:
            raise ValueError("nothing is set: give off, severity, route, min or max")

    def over(self, other: RuleSetting | None) -> RuleSetting:
        """Return this setting, filled with what only the more general one sets."""
        if other is None:
            return self
        return msgspec.structs.replace(
            self,
            off=other.off if self.off is None else self.off,
            severity=self.severity or other.severity,
            route=self.route or other.route,
            min=other.min if self.min is None else self.min,
            max=other.max if self.max is None else self.max,
        )


class Crisis(Section, frozen=True, kw_only=True):
    """The switch for bad days: what is on holds promotional posts, and lets approved templates through.

    ``file`` names a file whose presence switches it on, so that a program or a person without access to the profile can.
    """

    active: bool = False
    since: dt.date | None = None
    until: dt.date | None = None
    file: str = ""
    topics: Words = ()
    templates: Words = ()

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("until: expected a day that is not before `since`")

    @property
    def is_set_up(self) -> bool:
        """Whether crisis mode can be on at all, on some day."""
        return self.active or bool(self.file)


class ReplyChannels(Section, frozen=True, kw_only=True):
    """Where a reply sends people, in words that go after "please contact": a phone number, an address, a page.

    ``private`` stands in for those that are not given.
    """

    private: str = ""
    booking: str = ""
    billing: str = ""
    complaints: str = ""
    clinical: str = ""
    safety: str = ""
    privacy: str = ""
    media: str = ""
    legal: str = ""


class OwnReply(Section, frozen=True, kw_only=True):
    """A reply of the house: the situation that it answers, and its words."""

    situation: Text
    text: Text
    platforms: tuple[Platform, ...] = ()


class Replies(Section, frozen=True, kw_only=True):
    """What replies may say: channels, hours in words, own templates, and whether they may name a reviewer."""

    channels: ReplyChannels = ReplyChannels()
    hours: str = ""
    name_reviewer: bool = False
    templates: tuple[OwnReply, ...] = ()
    folder: str = ""


class Verdicts(Section, frozen=True, kw_only=True):
    """What a severity means for publishing, and what does if something was not screened."""

    critical: Verdict = "block"
    high: Verdict = "block"
    medium: Verdict = "review"
    low: Verdict = "note"
    info: Verdict = "pass"
    on_gap: Literal["review", "block"] = "review"


class Limits(Section, frozen=True, kw_only=True):
    """How much is screened: a longer text is answered with a gap."""

    max_characters: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 100_000


class Suppression(Section, frozen=True, kw_only=True):
    """One finding in one content that a reviewer accepted, until the end of a day."""

    rule: Text
    key: Text
    reason: Text
    reviewer: Text
    expires: dt.date

    def __post_init__(self) -> None:
        if not RULE_ID.fullmatch(self.rule):
            raise ValueError("rule: expected the id of a rule, like FDA-08.diabetes-cure")
        if not _CONTENT_KEY.fullmatch(self.key):
            raise ValueError("key: expected the 16 letters and digits that phiguard prints as content key")

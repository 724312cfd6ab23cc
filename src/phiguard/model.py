"""The values that travel the line: Post in, Screening out. The structs are the wire schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

import msgspec

__all__ = [
    "SEVERITIES",
    "VERDICTS",
    "Finding",
    "Gap",
    "Media",
    "Parent",
    "Post",
    "Route",
    "Screening",
    "Span",
    "Ticket",
]

Severity = Literal["critical", "high", "medium", "low", "info"]
Verdict = Literal["pass", "note", "review", "block"]
Category = Literal["privacy", "claims", "brand", "community"]
Confidence = Literal["certain", "likely", "possible"]
Direction = Literal[
    "outbound_post", "outbound_reply", "ad", "inbound_comment", "inbound_review", "inbound_dm"
]
AuthorRole = Literal[
    "brand",
    "clinician",
    "employee_personal",
    "influencer",
    "agency",
    "patient",
    "public",
    "competitor",
]
OrgType = Literal[
    "provider",
    "part2_program",
    "health_plan",
    "pharma",
    "device",
    "compounder",
    "telehealth",
    "supplement",
    "cosmetic",
    "app_non_hipaa",
    "nonprofit",
    "public_agency",
]
ProductType = Literal[
    "rx_drug",
    "otc_drug",
    "biologic",
    "device_510k",
    "device_pma",
    "device_denovo",
    "compounded",
    "supplement",
    "food",
    "cosmetic",
    "homeopathic",
    "cbd",
    "hctp",
    "service",
    "none",
]
Platform = Literal[
    "x",
    "instagram",
    "facebook",
    "linkedin",
    "tiktok",
    "youtube",
    "threads",
    "bluesky",
    "mastodon",
    "pinterest",
    "google_business",
    "yelp",
    "reddit",
    "website",
    "other",
]
MaterialConnection = Literal["none", "employee", "paid", "gifted", "family", "investor"]
Audience = Literal["public", "hcp"]
Action = Literal["publish", "like", "share", "pin", "tag"]

SEVERITIES: tuple[Severity, ...] = ("info", "low", "medium", "high", "critical")
"""From the mildest to the worst: an index compares two severities."""
VERDICTS: tuple[Verdict, ...] = ("pass", "note", "review", "block")
"""From the mildest to the worst: an index compares two verdicts."""


class Span(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """A stretch of text, in code points: ``text[start:end]``."""

    start: int
    end: int


class Media(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One image, video or sound of a post, told in words: phiguard does not look at pixels.

    ``alt_text`` and ``ocr_text`` are ``None`` when nobody said; an empty string says "there is none".
    """

    kind: Literal["image", "video", "audio"] = "image"
    alt_text: str | None = None
    ocr_text: str | None = None
    captions: bool | None = None
    decorative: bool = False
    faces: Literal["none", "staff", "model", "patient", "unknown"] | None = None
    before_after: bool = False
    edited: bool | None = None
    ai_generated: bool | None = None
    background_checked: bool | None = None
    low_contrast: bool | None = None

    def __repr__(self) -> str:
        return f"Media(kind={self.kind!r})"


class Parent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The comment, review or post that a reply answers.

    ``author`` is the handle and ``author_name`` the display name that everybody sees. ``id`` is that of the post that is
    answered: so a scan knows what was answered, and when.
    """

    id: str = ""
    text: str = ""
    author: str | None = None
    author_name: str | None = None
    author_role: AuthorRole = "public"
    kind: Literal["post", "comment", "review", "dm"] = "comment"
    rating: float | None = None

    def __repr__(self) -> str:
        return f"Parent(kind={self.kind!r}, text=<{len(self.text)} characters>)"


class Post(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One thing said in public, with what is known about it.

    Only ``text`` is needed. ``None`` means "not known": the profile or a default fills it in
    (see ``docs/profile.md``). Times are ISO 8601; a time without an offset is in the profile's zone.
    """

    text: str
    id: str = ""
    direction: Direction | None = None
    author_role: AuthorRole | None = None
    author: str | None = None
    author_name: str | None = None
    platform: Platform | None = None
    paid: bool = False
    premium: bool = False
    action: Action = "publish"
    posted_at: dt.datetime | None = None
    received_at: dt.datetime | None = None
    answered_at: dt.datetime | None = None
    thread: str | None = None
    reply_to: Parent | None = None
    media: tuple[Media, ...] = ()
    links: tuple[str, ...] = ()
    org_type: OrgType | None = None
    region: tuple[str, ...] = ()
    audience: Audience | None = None
    language: str | None = None
    product: str | None = None
    product_type: ProductType | None = None
    consent: str | None = None
    material_connection: MaterialConnection | None = None
    platform_label_used: bool = False
    coi: tuple[str, ...] = ()
    substantiation_id: str | None = None
    generated: bool = False

    def __repr__(self) -> str:
        # Never the text, the author or the id: an id is often a handle.
        return f"Post(direction={self.direction!r}, text=<{len(self.text)} characters>)"


class Ticket(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A safety ticket: what a text says of the four elements of an adverse event report, and no word of the person.

    ``product`` is a medicine by name (or the product of the post's metadata); ``product_kind`` says what it is when nobody
    named it ("insulin pump", "vaccine"). ``event`` is the first reaction or fault found, ``events`` all of them. ``missing`` are the
    elements that still have to be asked for, in private; ``completeness`` is the share that is known.
    """

    patient: bool
    reporter: bool
    product: str | None = None
    product_kind: str | None = None
    event: str | None = None
    events: tuple[str, ...] = ()
    serious: bool = False
    missing: tuple[Literal["patient", "reporter", "product", "event"], ...] = ()
    completeness: float = 1.0


class Route(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Somebody must act: which queue, and by when (``due`` is ISO 8601, if the start is known).

    ``ticket`` is what the safety team needs of an adverse event; only the routes of a screening have one, not those of findings.
    """

    queue: str
    within: str
    rule: str
    due: dt.datetime | None = None
    ticket: Ticket | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What one rule found in one post. It holds no text of the post.

    ``spans`` are in the original text, in code points, sorted, disjoint, possibly empty (a finding
    about what is missing or about metadata). ``field`` names the part of the post they lie in:
    ``text``, or for instance ``media[0].alt_text``. A finding about several posts names them in ``posts``, by their ids.
    """

    rule: str
    category: Category
    severity: Severity
    message: str
    why: str
    source: str
    fix: str
    spans: tuple[Span, ...] = ()
    field: str = "text"
    labels: tuple[str, ...] = ()
    confidence: Confidence = "likely"
    route: Route | None = None
    posts: tuple[str, ...] = ()

    @property
    def start(self) -> int:
        """Where it begins, for sorting; 0 for a finding about the whole post."""
        return self.spans[0].start if self.spans else 0


class Gap(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Something that was not screened, and why. It holds no text of the post."""

    what: str
    reason: str


class Screening(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The answer for one post. Iterating over it yields its findings."""

    id: str = ""
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    routes: tuple[Route, ...] = ()
    complete: bool = True
    unscreened: tuple[Gap, ...] = ()
    suppressed: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __bool__(self) -> bool:
        # A screening without findings is still a screening.
        return True

    def excerpts(self, post: Post) -> tuple[tuple[str, ...], ...]:
        """The words behind each finding, finding by finding: the way to *ask* for text.

        >>> screening = Screening(verdict="pass")
        >>> screening.excerpts(Post(text="Hello"))
        ()
        """
        return tuple(
            tuple(text_of(post, finding.field)[s.start : s.end] for s in finding.spans)
            for finding in self.findings
        )


def text_of(post: Post, field: str) -> str:
    """The text of ``post`` that ``Finding.field`` names; empty if the post has no such part."""
    if field == "text":
        return post.text
    if field.startswith("media["):
        index, _, name = field.removeprefix("media[").partition("].")
        if int(index) < len(post.media) and name in {"alt_text", "ocr_text"}:
            return getattr(post.media[int(index)], name) or ""
    return ""

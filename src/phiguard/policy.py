"""What an organization decides about findings: verdict, routes, due times, settings, suppressions."""

from __future__ import annotations

import functools
import unicodedata
from typing import TYPE_CHECKING

import msgspec

from phiguard.adverse import ticketed
from phiguard.crisis import held, is_asleep
from phiguard.hours import Window, parse_window
from phiguard.model import VERDICTS, Category, Finding, Gap, Route, Verdict
from phiguard.products.findings import PRODUCT_RULES
from phiguard.products.settling import with_products
from phiguard.profile_sections import covers
from phiguard.protected import hold_back

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from phiguard.model import Direction, Post, Screening
    from phiguard.profile import Profile
    from phiguard.rules import RuleSet

__all__ = [
    "LIFE_SAFETY",
    "QUEUES",
    "Settled",
    "Window",
    "apply_settings",
    "content_key",
    "decide",
    "due",
    "is_off",
    "met_keys",
    "parse_window",
    "rank_of",
    "routes",
    "settle",
    "suppress",
    "unknown_rules",
    "unused",
]

QUEUES = (
    "crisis",
    "emergency",
    "safety",
    "abuse",
    "threat",
    "illegal_sale",
    "adverse_event",
    "privacy",
    "legal",
    "complaint",
    "clinical",
    "misinformation",
    "other",
)
"""Whom to serve first when a text has several routes. A queue of your own ranks as ``other``."""

LIFE_SAFETY = frozenset({"crisis", "emergency", "safety", "abuse", "threat"})
"""Queues that nobody can suppress: the same words may come from somebody else tomorrow."""

_RANKS = {queue: rank for rank, queue in enumerate(QUEUES)}
_EXPIRED = "SUP-01"
_UNUSED = "SUP-02"
_SOURCE = "House style (suppressions end on their date)"
_KEY_VERSION = b"phiguard content key 1\0"

# The families of the fact sheet: what is reported about a suppression belongs to whoever made it.
_FAMILIES: dict[str, Category] = {
    "PHI": "privacy",
    "RPL": "privacy",
    "CNS": "privacy",
    "FDA": "claims",
    "FTC": "claims",
    "ST": "claims",
    "INT": "claims",
    "LEG": "claims",
    "PLT": "claims",
    "CMT": "community",
}


class Settled(msgspec.Struct, frozen=True):
    """All that was decided about one post."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    routes: tuple[Route, ...]
    suppressed: tuple[str, ...]


def settle(
    findings: Sequence[Finding],
    gaps: Sequence[Gap],
    post: Post,
    profile: Profile,
    *,
    today: dt.date,
    rules: RuleSet | None = None,
) -> Settled:
    """Return everything decided about a post: settings, suppressions, routes and verdict, in this order.

    ``rules`` are those in use; tickets name products and events by their lexicons (without: by the shipped ones).
    """
    if not findings:
        return Settled(decide((), gaps, profile), (), (), ())
    if profile.crisis.is_set_up:
        findings = held(findings, post, profile, today=today)
    known = with_products(findings, post, profile, today=today)
    kept, suppressed = suppress(hold_back(apply_settings(known, post, profile)), post, profile, today)
    found = ticketed(routes(kept, post, profile), post, rules)
    return Settled(decide(kept, gaps, profile, direction=post.direction), kept, found, suppressed)


def decide(
    findings: Iterable[Finding], gaps: Sequence[Gap], profile: Profile, *, direction: Direction | None = None
) -> Verdict:
    """Return the gravest verdict of the findings; a gap makes it ``review`` or ``block`` at least.

    A finding with a route counts only in what the organization says itself (the default direction):
    nothing is wrong with a comment that somebody must answer.
    """
    is_inbound = direction is not None and direction.startswith("inbound")
    gravest = VERDICTS.index(profile.verdicts.on_gap) if gaps else 0
    for finding in findings:
        if not (is_inbound and finding.route is not None):
            verdict: Verdict = getattr(profile.verdicts, finding.severity)
            gravest = max(gravest, VERDICTS.index(verdict))
    return VERDICTS[gravest]


# --- settings ----------------------------------------------------------------------------------------


def is_off(rule: str, profile: Profile) -> bool:
    """Whether the organization turned a rule off, or has set up nothing that the rule is for (crisis mode)."""
    if is_asleep(rule, profile):
        return True
    found = profile.setting(rule)
    return found is not None and found.off is True


def unknown_rules(profile: Profile, rules: Collection[str]) -> tuple[str, ...]:
    """Return the ids in settings and suppressions that no rule has: typing errors, or rules that went away."""
    known = (*rules, *PRODUCT_RULES, _EXPIRED, _UNUSED)
    settings = (name for name in profile.rules if not any(covers(name, rule) for rule in known))
    suppressions = (entry.rule for entry in profile.suppressions if entry.rule not in known)
    return tuple(dict.fromkeys((*settings, *suppressions)))


def apply_settings(findings: Sequence[Finding], post: Post, profile: Profile) -> tuple[Finding, ...]:
    """Return the findings of rules that are on, with the organization's severities, routes and due times."""
    if not profile.rules and not any(finding.route for finding in findings):
        return tuple(findings)
    return tuple(_set(finding, post, profile) for finding in findings if not is_off(finding.rule, profile))


def _set(finding: Finding, post: Post, profile: Profile) -> Finding:
    found = profile.setting(finding.rule)
    severity = (found.severity if found else None) or finding.severity
    route = finding.route
    wanted = found.route if found else None
    if wanted is not None and route is None and wanted.queue is not None and wanted.within is not None:
        route = Route(queue=wanted.queue, within=wanted.within, rule=finding.rule)
    elif route is not None:
        queue = (wanted.queue if wanted else None) or route.queue
        within = (wanted.within if wanted else None) or profile.response.get(queue) or route.within
        route = Route(queue=queue, within=within, rule=route.rule)
    if route is not None:
        route = msgspec.structs.replace(route, due=due(route.within, _arrived(post), profile))
    if severity == finding.severity and route == finding.route:
        return finding
    return msgspec.structs.replace(finding, severity=severity, route=route)


# --- routes and due times ----------------------------------------------------------------------------


def routes(findings: Iterable[Finding], post: Post, profile: Profile) -> tuple[Route, ...]:
    """Return one route for each queue that must act, the most urgent first, with its due time.

    Of several for one queue, the one that is due first.
    """
    first: dict[str, Route] = {}
    for finding in findings:
        if finding.route is None:
            continue
        route = finding.route
        if route.due is None:
            route = msgspec.structs.replace(route, due=due(route.within, _arrived(post), profile))
        known = first.get(route.queue)
        if known is None or _haste(route) < _haste(known):
            first[route.queue] = route
    return tuple(sorted(first.values(), key=lambda route: (rank_of(route.queue), route.queue)))


def due(within: str, received_at: dt.datetime | None, profile: Profile) -> dt.datetime | None:
    """Return when a window ends, in the zone of the profile; ``None`` if its start is not known."""
    return None if received_at is None else profile.calendar.due(_window(within), received_at)


def _arrived(post: Post) -> dt.datetime | None:
    """When somebody could first act on a post: an incoming one that says only when it was written came then."""
    is_inbound = post.direction is not None and post.direction.startswith("inbound")
    return post.received_at or (post.posted_at if is_inbound else None)


_window = functools.lru_cache(maxsize=256)(parse_window)


def rank_of(queue: str) -> int:
    """The place of a queue in `QUEUES`: the most urgent first."""
    return _RANKS.get(queue, _RANKS["other"])


def _haste(route: Route) -> tuple[float, str]:
    # A due time says it exactly; without one, the length of the window does.
    seconds = _window(route.within).span.total_seconds() if route.due is None else route.due.timestamp()
    return seconds, route.rule


# --- suppressions ------------------------------------------------------------------------------------


def content_key(post: Post, rule: str) -> str:
    """Return 16 letters and digits that stand for a rule in one content, and tell nothing about it.

    The content is the texts of the post, of its media and of what it answers; letter case and spaces
    do not matter. The key is the same in every version and on every computer.
    """
    import hashlib  # noqa: PLC0415  (costs 4 ms, and few screenings need it)
    import hmac  # noqa: PLC0415

    texts = [post.text, post.reply_to.text if post.reply_to is not None else ""]
    for media in post.media:
        texts += [media.alt_text or "", media.ocr_text or ""]
    plain = "\0".join(" ".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in texts)
    key = _KEY_VERSION + rule.encode("utf-8", "surrogatepass")
    digest = hmac.new(key, plain.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return digest.hexdigest()[:16]


def suppress(
    findings: Sequence[Finding], post: Post, profile: Profile, today: dt.date
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings that stay, and the ids of the rules whose findings a reviewer accepted.

    An expired suppression accepts nothing and is itself found (``SUP-01``). Life safety is never suppressed.
    """
    if not profile.suppressions or not findings:
        return tuple(findings), ()
    states = _states(findings, post, profile, today)
    if not states:
        return tuple(findings), ()
    kept = [finding for finding in findings if not _is_suppressible(finding) or not states.get(finding.rule)]
    suppressed = sorted({finding.rule for finding in findings} - {finding.rule for finding in kept})
    expired = [_expired(rule) for rule, is_valid in sorted(states.items()) if not is_valid]
    return (*kept, *apply_settings(expired, post, profile)), tuple(suppressed)


def _states(findings: Sequence[Finding], post: Post, profile: Profile, today: dt.date) -> dict[str, bool]:
    """Return, for each rule with a suppression for this content, whether one is still valid."""
    found = {finding.rule for finding in findings if _is_suppressible(finding)}
    keys: dict[str, str] = {}
    states: dict[str, bool] = {}
    for entry in profile.suppressions:
        if entry.rule in found:
            key = keys.get(entry.rule) or keys.setdefault(entry.rule, content_key(post, entry.rule))
            if entry.key == key:
                states[entry.rule] = states.get(entry.rule, False) or entry.expires >= today
    return states


def _is_suppressible(finding: Finding) -> bool:
    return finding.route is None or finding.route.queue not in LIFE_SAFETY


def met_keys(post: Post, screening: Screening) -> frozenset[str]:
    """Return the content keys of the suppressions that a screening met, valid or expired."""
    rules = set(screening.suppressed)
    if any(finding.rule == _EXPIRED for finding in screening):
        rules |= {finding.rule for finding in screening}
    return frozenset(content_key(post, rule) for rule in rules)


def unused(profile: Profile, used_keys: Collection[str]) -> tuple[Finding, ...]:
    """Return a finding (``SUP-02``) for each suppression that no content of a whole scan met.

    It names the place in the profile. ``used_keys`` is the union of ``met_keys`` over the scan.
    """
    if is_off(_UNUSED, profile):
        return ()
    found = profile.setting(_UNUSED)
    return tuple(
        Finding(
            rule=_UNUSED,
            category=_category(entry.rule),
            severity=(found.severity if found else None) or "low",
            message=f"A suppression of {entry.rule} met no content.",
            why="Its content was changed or deleted. A list of old exceptions hides the ones that matter.",
            source=_SOURCE,
            fix="Delete the suppression from phiguard.yaml.",
            field=f"profile.suppressions[{index}]",
            confidence="certain",
        )
        for index, entry in enumerate(profile.suppressions)
        if entry.key not in used_keys
    )


def _expired(rule: str) -> Finding:
    return Finding(
        rule=_EXPIRED,
        category=_category(rule),
        severity="low",
        message=f"The suppression of {rule} for this content has expired.",
        why="A reviewer accepted this finding until a day that is over, so it counts again.",
        source=_SOURCE,
        fix="Change the content, or have a reviewer renew or delete the suppression in phiguard.yaml.",
        confidence="certain",
    )


def _category(rule: str) -> Category:
    return _FAMILIES.get(rule.partition("-")[0], "brand")

"""Replies for a comment: chosen, filled, screened against it, and offered only if nothing is found."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from phiguard.crisis import is_active
from phiguard.errors import InputError
from phiguard.kinds.measures import MEASURES, MeasureView
from phiguard.model import Finding, Gap, Parent, Platform, Post, Screening
from phiguard.platforms import PLATFORMS
from phiguard.profile import Profile
from phiguard.replying.choosing import Chooser, is_urgent
from phiguard.replying.fields import FIELDS, fill, values_for
from phiguard.replying.library import Library, Situation, Template, load_library
from phiguard.screener import Screener

if TYPE_CHECKING:
    from phiguard.kinds.base import Rule

__all__ = ["Offer", "Offers", "Replier", "Withheld", "offers"]

_MOST = 3
_NEGATIVE = (
    "complaint",
    "clinical",
    "adverse",
    "legal",
    "regulator",
    "self-",
    "emergency",
    "poisoning",
    "abuse",
)


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that can be given. ``platforms`` are those whose limit it fits."""

    key: str
    situation: str
    text: str
    characters: int
    platforms: tuple[Platform, ...]

    def __repr__(self) -> str:
        return f"Offer({self.key!r})"


class Withheld(msgspec.Struct, frozen=True, kw_only=True):
    """A template that is not offered, and why: what it lacks, how long it is, or the rules that found something."""

    key: str
    reason: str
    rules: tuple[str, ...] = ()


class Offers(msgspec.Struct, frozen=True, kw_only=True):
    """Replies to choose from, the one to take first.

    ``situations`` are all that the comment is; the offers are for the first of them, or for all in which somebody may be in
    danger. ``advice`` says what to do besides, situation by situation.
    """

    situations: tuple[str, ...]
    advice: tuple[str, ...]
    offers: tuple[Offer, ...]
    withheld: tuple[Withheld, ...] = ()
    unscreened: tuple[Gap, ...] = ()


class Replier:
    """Offers replies for one organization.

    Args:
        profile: the organization; safe defaults without.
        screener: screens comments and replies; one for ``profile`` without.

    Raises:
        ProfileError: an own template of the profile cannot be used.
    """

    def __init__(self, profile: Profile | None = None, *, screener: Screener | None = None) -> None:
        if screener is None:
            brought: tuple[Any, ...] = profile.packs if profile else ()
            screener = Screener(profile, packs=brought)
        elif profile is not None:
            screener = screener.speaking_for(profile)
        self._screener = screener
        self.profile = screener.profile
        self.library: Library = load_library(self.profile)
        self._chooser = Chooser(self.library, screener.rules.lexicons)
        self._shown_name = frozenset(rule.id for rule in screener.rules.rules if _asks_shown_name(rule))

    def __repr__(self) -> str:
        return f"Replier({self.profile!r}, {self.library!r})"

    def offers(
        self,
        post: Post | str | None = None,
        *,
        situation: str | None = None,
        platform: Platform | None = None,
        key: str = "",
        last: Collection[str] = (),
        most: int = _MOST,
    ) -> Offers:
        """Replies to ``post`` (a comment, review or message), or for a ``situation`` named by id or route.

        ``key`` decides which of several comes first (without: the post's id, thread or text), so that neighbors in a thread get
        different ones and the same comment always the same; those in ``last`` were used last and come after all others.

        Raises:
            InputError: no such situation, or neither a post nor a situation.
        """
        if isinstance(post, str):
            post = Post(text=post)
        gaps: tuple[Gap, ...] = ()
        chosen: tuple[Situation, ...] = ()
        if post is not None:
            if post.direction is None:
                post = msgspec.structs.replace(post, direction="inbound_comment")
            screening = self._screener.screen(post)
            gaps = screening.unscreened
            if situation is None:
                chosen = self._chooser.situations(post, screening, topics=self._topics(post))
        if situation is not None:
            chosen = self._named(situation)
        elif post is None:
            raise InputError("give a comment, or the situation to reply to")
        urgent = tuple(filter(is_urgent, chosen))
        answered = urgent or (chosen if situation is not None else chosen[:1])
        platform = platform or (post.platform if post is not None else None)
        offered, withheld = self._held(answered, post, platform, key or _key_of(post), last)
        return Offers(
            situations=tuple(one.id for one in chosen),
            advice=tuple(one.advice for one in chosen),
            offers=tuple(offered[:most]),
            withheld=tuple(withheld),
            unscreened=gaps,
        )

    def faults(self) -> tuple[Withheld, ...]:
        """The organization's own templates that can never be offered, and why: they break a rule by themselves."""
        own = [one for templates in self.library.templates.values() for one in templates if one.is_own]
        found = []
        for template in own:
            answer = self._tried(template, None, None)
            if isinstance(answer, Withheld):
                found.append(answer)
        return tuple(found)

    def _named(self, name: str) -> tuple[Situation, ...]:
        if found := self.library.named(name):
            return found
        near = self.library.near(name)
        hint = (
            f"did you mean {', '.join(near)}?" if near else f"there are: {', '.join(self.library.situations)}"
        )
        raise InputError(f"there is no situation or route of that name: {hint}")

    def _topics(self, post: Post) -> Sequence[str]:
        profile = self.profile
        is_on = is_active(profile, Post(text="", posted_at=post.received_at), today=self._screener.today)
        return profile.crisis.topics if is_on else ()

    def _held(
        self,
        situations: Iterable[Situation],
        post: Post | None,
        platform: Platform | None,
        key: str,
        last: Collection[str],
    ) -> tuple[list[Offer], list[Withheld]]:
        """The clean replies in turn, one of each situation after the other, and what is not offered."""
        rows: list[list[Offer]] = []
        withheld: list[Withheld] = []
        for situation in situations:
            row: list[Offer] = []
            for template in _varied(self.library.templates[situation.id], key, last):
                answer = self._tried(template, post, platform)
                if isinstance(answer, Offer):
                    row.append(answer)
                else:
                    withheld.append(answer)
            rows.append(row)
        return [
            row[at] for at in range(max(map(len, rows), default=0)) for row in rows if at < len(row)
        ], withheld

    def _tried(self, template: Template, post: Post | None, platform: Platform | None) -> Offer | Withheld:
        situation = self.library.situations[template.situation]
        values = values_for(
            self.profile,
            channel=situation.channel,
            reviewer=self._reviewer(situation, post),
            regions=post.region if post is not None else (),
        )
        if lacking := [name for name in template.fields if name not in values]:
            needs = "; ".join(f"{{{name}}}: {FIELDS[name]}" for name in lacking)
            return Withheld(key=template.key, reason=f"needs {needs}")
        if platform is not None and template.platforms and platform not in template.platforms:
            return Withheld(key=template.key, reason=f"is not for {platform}")
        text = fill(template.text, values)
        reply = self._reply(text, post, platform)
        sizes = {name: _size(reply, name) for name in template.platforms or PLATFORMS}
        if platform is not None and (found := _size(reply, platform)) is not None and found[0] > found[1]:
            reason = f"has {found[0]} characters, and {platform} takes {found[1]}"
            return Withheld(key=template.key, reason=reason)
        screening = self._screener.screen(reply)
        if faults := self._faults(screening, template):
            return Withheld(
                key=template.key,
                reason="something was found in it",
                rules=tuple(sorted({finding.rule for finding in faults})),
            )
        if not screening.complete:
            return Withheld(key=template.key, reason="could not be screened whole")
        return Offer(
            key=template.key,
            situation=situation.id,
            text=text,
            characters=len(text),
            platforms=tuple(name for name, size in sizes.items() if size is None or size[0] <= size[1]),
        )

    def _reply(self, text: str, post: Post | None, platform: Platform | None) -> Post:
        parent = None
        if post is not None:
            review = post.direction == "inbound_review"
            parent = Parent(
                text=post.text,
                author=post.author,
                author_name=post.author_name,
                author_role=post.author_role or "public",
                kind="review" if review else "dm" if post.direction == "inbound_dm" else "comment",
            )
        return Post(
            text=text,
            direction="outbound_reply",
            platform=platform,
            reply_to=parent,
            org_type=post.org_type if post is not None else None,
            region=post.region if post is not None else (),
        )

    def _faults(self, screening: Screening, template: Template) -> list[Finding]:
        allowed = self._shown_name if "reviewer" in template.fields else frozenset[str]()
        return [finding for finding in screening.findings if finding.rule not in allowed]

    def _reviewer(self, situation: Situation, post: Post | None) -> str | None:
        """The name that a reply may use: the one that everybody sees, in praise, where the profile allows it."""
        profile = self.profile
        is_closed = profile.organization.org_type == "part2_program"
        if post is None or not profile.replies.name_reviewer or is_closed:
            return None
        if situation.id.startswith(_NEGATIVE) or is_urgent(situation):
            return None
        first = (post.author_name or "").split()[:1]
        return first[0] if first and first[0].isalpha() else None


def offers(
    post: Post | str | None = None,
    *,
    profile: Profile | None = None,
    situation: str | None = None,
    platform: Platform | None = None,
    key: str = "",
    last: Collection[str] = (),
    most: int = _MOST,
) -> Offers:
    """What `Replier.offers` answers, for one comment. A program with many builds one `Replier`.

    >>> found = offers("Great team, so kind to us!", platform="x")
    >>> found.situations, len(found.offers)
    (('praise',), 3)
    """
    return Replier(profile).offers(
        post, situation=situation, platform=platform, key=key, last=last, most=most
    )


def _asks_shown_name(rule: Rule) -> bool:
    return getattr(rule, "relation", None) == "names" and getattr(rule, "name", None) == "shown"


def _key_of(post: Post | None) -> str:
    return (post.id or f"{post.thread or ''}\0{post.text}") if post is not None else ""


def _varied(templates: Sequence[Template], key: str, last: Collection[str]) -> list[Template]:
    """The templates, turned by ``key``; own ones before shipped ones, those used last after all."""
    found: list[Template] = []
    for group in ([one for one in templates if one.is_own], [one for one in templates if not one.is_own]):
        if group:
            turn = int.from_bytes(
                hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:4], "big"
            ) % len(group)
            found += (*group[turn:], *group[:turn]) if key else group
    return sorted(found, key=lambda template: template.key in last)


def _size(reply: Post, platform: Platform) -> tuple[int, int] | None:
    """How long the reply is, and how long it may be, as ``platform`` counts; ``None`` if we know no limit."""
    post = msgspec.structs.replace(reply, platform=platform)
    counted = MEASURES["characters"].count(MeasureView(text=post.text, post=post))
    return (int(counted.value), int(counted.limit)) if counted.limit is not None else None

"""The straight line: a post in, a screening out."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from phiguard.cache import compiled
from phiguard.context import Labeler
from phiguard.disguise import Normalizer
from phiguard.entities import Entity, EntityError, Found, NamesWantedError, entities_from
from phiguard.errors import RuleError
from phiguard.identifying import entities_of
from phiguard.kinds.base import MAX_MATCHES, MAX_TRIED, LabelledMatch, Match, Scene, Seen, View
from phiguard.kinds.measures import signals
from phiguard.known import Known
from phiguard.model import Finding, Gap, Post, Screening, Span
from phiguard.packs import PackFile
from phiguard.plan import BoundRule, Plan, bind_rules, plan_for, plan_key
from phiguard.policy import is_off, settle
from phiguard.products.findings import product_findings
from phiguard.products.names import ProductNames
from phiguard.profile import Profile
from phiguard.rules import RuleSet
from phiguard.scan import Scanner

__all__ = ["Excuse", "Screener"]

_PLANS = 4_096  # combinations of metadata remembered; a stream has a few dozen


class Excuse(msgspec.Struct, frozen=True):
    """A match that did not become a finding, and the field of its rule (with the label) that excused it."""

    rule: str
    field: str
    spans: tuple[Span, ...]
    saved_by: str


class TooManyPlacesError(Exception):
    """A text holds so many places of a rule that they were not all looked at."""


class Screener:
    """Screens posts against rules, for one organization. Safe to share between threads; pickles by its arguments.

    Args:
        profile: what the organization says about itself; safe defaults without.
        packs: folders or files of rules on top of the shipped ones and of those that the profile brings (its house style).
        rules: the whole rule set, instead of the shipped one and ``packs``.
        today: the day that decides what has expired (default: the day of construction).
        ner: what finds names: ``"phiguard"`` (the shipped pipeline), the name of an installed spaCy pipeline, a spaCy ``Language``,
            or a Presidio ``NlpEngine``; ``None``: nothing does, and a rule that wants a name leaves a gap.
        recognizers: Presidio recognizers beside the shipped ones: objects, or paths of Presidio YAML files.

    Raises:
        RuleError: a rule cannot be used.
    """

    def __init__(
        self,
        profile: Profile | None = None,
        *,
        packs: Sequence[Path | str | PackFile] = (),
        rules: RuleSet | None = None,
        today: dt.date | None = None,
        ner: object = "phiguard",
        recognizers: Sequence[object] = (),
    ) -> None:
        self.profile = profile or Profile()
        self.today = today or dt.date.today()  # noqa: DTZ011 (the day on the organization's wall)
        self._made_of = (profile, tuple(packs), rules, today, ner, tuple(recognizers))
        entities = entities_from(ner, recognizers, self.profile.countries)
        if rules is None:
            brought = self.profile.packs
            self.rules, index = compiled((*packs, *brought), entities.triggers())
        else:
            from phiguard.indexing import build_index  # noqa: PLC0415 (20 ms, which shipped rules are spared)

            self.rules, index = rules, build_index(rules, triggers=entities.triggers())
        if unknown := sorted(set(index.entities.values()) - entities.labels):
            raise RuleError([f"no source finds {label}: name a recognizer that does" for label in unknown])
        self._normalizer = Normalizer(frozenset(index.words), frozenset(index.tag_words))
        self._known = Known(self.profile, self._normalizer, self.today, entities)
        self._names = ProductNames(self.profile)
        self._scanner = Scanner(index)
        self._labeler = Labeler(self.rules, index)
        self._bound = bind_rules(self.rules, index)
        self._plans: dict[tuple[object, ...], Plan] = {}

    def speaking_for(self, profile: Profile) -> Screener:
        """The same rules for another organization; nothing is read or compiled again."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.profile = profile
        other._made_of = (profile, *self._made_of[1:])
        other._known = Known(profile, self._normalizer, self.today, self._known.entities)
        other._names = ProductNames(profile)
        other._plans = {}
        return other

    def __reduce__(self) -> tuple[object, ...]:
        return _remade, self._made_of

    def __repr__(self) -> str:
        return f"Screener({self.profile!r}, {self.rules!r})"

    def screen(self, post: Post | str) -> Screening:
        """What is wrong with ``post``, who must act, and what was not screened.

        A string is a post of the organization itself. Never raises for any text: what fails becomes a `Gap`.
        """
        return self._screen(Post(text=post) if isinstance(post, str) else post, None)

    def screen_many(self, posts: Iterable[Post | str], *, batch_size: int = 256) -> Iterator[Screening]:
        """`screen` for each post, in order and with the same results, but names are looked for in many posts together.

        ``batch_size`` posts are read before the first is answered: with 1, each is answered before the next is read.
        """
        if batch_size < 2:
            yield from map(self.screen, posts)
            return
        read = (Post(text=post) if isinstance(post, str) else post for post in posts)
        while batch := list(islice(read, batch_size)):
            yield from self._screened(batch)

    def _screened(self, posts: Sequence[Post]) -> Iterator[Screening]:
        screenings: list[Screening | None] = []
        names: dict[str, Found] = {}
        waiting: dict[int, str] = {}
        for at, post in enumerate(posts):
            try:
                screenings.append(self._screen(post, {}))
            except NamesWantedError as wanted:
                screenings.append(None)
                waiting[at] = wanted.text
        while waiting:  # a reply may ask for its own text, then for its parent's
            texts = list(dict.fromkeys(waiting.values()))
            names |= zip(texts, self._known.entities.find_names(texts), strict=True)
            for at in list(waiting):
                try:
                    screenings[at] = self._screen(posts[at], names)
                    del waiting[at]
                except NamesWantedError as wanted:
                    waiting[at] = wanted.text
        return filter(None, screenings)

    def _screen(self, post: Post, names: Mapping[str, Found] | None) -> Screening:
        findings: list[Finding] = []
        gaps: list[Gap] = []
        try:
            post = self._names.about(post)
            self._read(post, findings, gaps, None, names)
            return self._settled(post, findings, gaps)
        except NamesWantedError:
            raise
        except Exception as error:  # noqa: BLE001 (fail closed: whatever broke, the post was not screened)
            gap = Gap(what="post", reason=_reason(error))
            verdict = self.profile.verdicts.on_gap
            return Screening(id=post.id, verdict=verdict, complete=False, unscreened=(gap,))

    def excused(self, post: Post | str) -> tuple[Excuse, ...]:
        """What a rule matched and something excused: the answer to "why was this not flagged?"."""
        if isinstance(post, str):
            post = Post(text=post)
        excuses: list[Excuse] = []
        self._read(post, [], [], excuses)
        return tuple(excuses)

    def entities(self, post: Post | str) -> tuple[tuple[str, Entity], ...]:
        """``(field, entity)`` for everything in ``post`` that could identify somebody, whoever is meant.

        Places are code points of the original text of ``field`` (``reply_to.text`` included). It is what the rules with an `entity` match before their
        conditions, what the recognizers find with a score of 0.3 or more, and names; the organization's own values apart. Raises `EntityError` when a source cannot answer.
        """
        if isinstance(post, str):
            post = Post(text=post)
        plan = self._identifying
        scene = self._scene(post, plan, self._scanned(post.text, plan.parts))
        views = (*scene.views, scene.parent) if scene.parent else scene.views
        return tuple(
            (view.field, entity)
            for view in views
            for entity in sorted(set(entities_of(view, plan, self._known.entities.labels)))
        )

    @functools.cached_property
    def _identifying(self) -> Plan:
        """The rules that find identifiers, held against any text."""
        return Plan([bound for bound in self._bound if bound.rule.entity], {"direction": "outbound_post"})

    def _read(
        self,
        post: Post,
        findings: list[Finding],
        gaps: list[Gap],
        excuses: list[Excuse] | None,
        names: Mapping[str, Found] | None = None,
    ) -> None:
        plan = self._plan(post)
        text = post.text
        if self.profile.products:
            findings += product_findings(self.profile.fill(post), self.profile, today=self.today)
        if len(text) > self.profile.limits.max_characters:
            gaps.append(Gap(what="text", reason="longer than the profile's limits.max_characters"))
            text = text[: self.profile.limits.max_characters]
        seen = self._scanned(text, plan.parts)
        gated = excuses is None  # who asks why hears of all that stood
        called = _called(plan, "text", seen, post, gated=gated)
        if called or post.media:
            scene = self._scene(post, plan, seen, names)
            self._hold_all(called, scene.views[0], findings, gaps, excuses)
            for view in scene.views[1:]:
                called = _called(plan, view.field, view.seen, post, gated=gated)
                self._hold_all(called, view, findings, gaps, excuses)
        for at, media in enumerate(post.media):
            # A picture that nobody described, in words or by reading it, was not screened.
            if not media.decorative and not media.alt_text and media.ocr_text is None:
                gaps.append(
                    Gap(what=f"media[{at}]", reason="no alt text, and no text read from it (ocr_text)")
                )

    def _settled(self, post: Post, findings: list[Finding], gaps: list[Gap]) -> Screening:
        if not findings and not gaps:
            return Screening(id=post.id, verdict="pass")
        findings.sort(
            key=lambda finding: (finding.field != "text", finding.field, finding.start, finding.rule)
        )
        if any(finding.route for finding in findings):
            post = self.profile.fill(post)  # due times need the profile's zone
        settled = settle(findings, gaps, post, self.profile, today=self.today, rules=self.rules)
        return Screening(
            id=post.id,
            verdict=settled.verdict,
            findings=settled.findings,
            routes=settled.routes,
            complete=not gaps,
            unscreened=tuple(gaps),
            suppressed=settled.suppressed,
        )

    def _plan(self, post: Post) -> Plan:
        key = plan_key(post)
        plan = self._plans.get(key)
        if plan is None:
            filled = self.profile.fill(post)
            plan = plan_for(
                self._bound, filled, today=self.today, is_off=lambda rule: is_off(rule, self.profile)
            )
            if len(self._plans) < _PLANS:
                self._plans[key] = plan
        return plan

    def _scanned(self, text: str, parts: tuple[str, ...]) -> Seen:
        normal = self._normalizer.normalize(text, deep=False)
        seen = self._scanner.first(normal, parts)
        return seen or self._scanner.deep(self._normalizer.normalize(text), parts)

    def _view(self, scene: Scene, field: str, seen: Seen) -> View:
        return View(scene, field, seen.normal, seen, self._scanner.labels)

    def _scene(self, post: Post, plan: Plan, seen: Seen, names: Mapping[str, Found] | None = None) -> Scene:
        parts = plan.parts
        scene = Scene(post, plan.defaults, self._known, names)
        scene.views.append(self._view(scene, "text", seen))
        for at, media in enumerate(post.media):
            for name in ("alt_text", "ocr_text"):
                if said := getattr(media, name):
                    scene.views.append(self._view(scene, f"media[{at}].{name}", self._scanned(said, parts)))
        if post.reply_to is not None:
            scene.parent = self._view(scene, "reply_to.text", self._scanned(post.reply_to.text, parts))
        return scene

    def _hold_all(
        self,
        called: list[BoundRule],
        view: View,
        findings: list[Finding],
        gaps: list[Gap],
        excuses: list[Excuse] | None,
    ) -> None:
        """Holds rules against one text; adds a finding for each of which some match counts."""
        for bound in called:
            try:
                finding = self._held(bound, view, excuses)
            except NamesWantedError:
                raise
            except EntityError as error:
                gap = Gap(what=f"{error.label} in {view.field}", reason=f"failed: {error.cause}")
                if gap not in gaps:
                    gaps.append(gap)
            except Exception as error:  # noqa: BLE001 (one rule that breaks costs itself, and says so)
                gaps.append(Gap(what=f"rule {bound.rule.id}", reason=_reason(error)))
            else:
                if finding is not None:
                    findings.append(finding)

    def _held(self, bound: BoundRule, view: View, excuses: list[Excuse] | None) -> Finding | None:
        """The finding of a rule at the places of the matches that count; ``None`` if none does."""
        if not bound.may_hold(view):
            return None
        spans: list[Span] = []
        labels: set[str] = set()
        found = False
        for tried, match in enumerate(bound.matcher.matches(view)):
            if tried == MAX_TRIED:
                if found:
                    break
                raise TooManyPlacesError  # said, not passed over: the text is no ordinary one
            excuse = bound.excuse(view, match, self._labeler)
            if excuse is None:
                found = True
                spans += _places(bound, view, match)
                if isinstance(match, LabelledMatch):
                    labels.update(match.labels)
                if bound.rule.only and (label := self._labeler.carried(view, match, bound.rule.only)):
                    labels.add(label)
                if len(spans) >= MAX_MATCHES:
                    break
            elif excuses is not None:
                excuses.append(Excuse(bound.rule.id, view.field, tuple(_places(bound, view, match)), excuse))
        return bound.finding(view.field, _disjoint(spans), tuple(sorted(labels))) if found else None


def _remade(
    profile: Profile | None,
    packs: tuple[Path | str | PackFile, ...],
    rules: RuleSet | None,
    today: dt.date | None,
    ner: object,
    recognizers: tuple[object, ...],
) -> Screener:
    return Screener(profile, packs=packs, rules=rules, today=today, ner=ner, recognizers=recognizers)


def _called(plan: Plan, where: str, seen: Seen, post: Post, *, gated: bool = True) -> list[BoundRule]:
    """The rules that something in a text calls, each once."""
    field = where.rpartition(".")[2]
    called = plan.called_by(seen, gated=gated)
    normal = seen.normal
    found = signals(normal)
    for (needs, gate), rules in plan.gated.items():
        if needs & found and gate(normal, post):
            called += rules
    if field != "text":
        for (_, gate), rules in plan.gated_pictured.items():
            if gate(normal, post):
                called += rules
    else:
        called += plan.always
        if post.media:
            called += plan.pictured
    return [bound for bound in called if field in bound.rule.fields]


def _places(bound: BoundRule, view: View, match: Match) -> list[Span]:
    if not match:
        return []
    if bound.matcher.in_original:
        return [Span(*part) for part in match]
    start, end = min(part[0] for part in match), max(part[1] for part in match)
    return [view.normal.origin(start, end)]


def _disjoint(spans: list[Span]) -> tuple[Span, ...]:
    """Sorted, with overlaps joined."""
    if len(spans) < 2:
        return tuple(spans)
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start < result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return tuple(result)


def _reason(error: Exception) -> str:
    # Only the kind of error: its message may quote the text.
    return f"failed: {type(error).__name__}"

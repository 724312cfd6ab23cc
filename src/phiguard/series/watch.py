"""The watch over a stream: takes what was observed of each post, and reports on the whole at the end."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator

import msgspec

from phiguard.hours import parse_window
from phiguard.kinds.series import SeriesRule
from phiguard.model import SEVERITIES, Finding, Post, Route
from phiguard.policy import apply_settings, is_off
from phiguard.profile import Profile
from phiguard.rules import RuleSet
from phiguard.series.answers import Answers, AnswersState, Wait
from phiguard.series.measures import (
    MOST_NAMED,
    AddsUp,
    Found,
    Frequency,
    Named,
    Run,
    Share,
    Spike,
    State,
)
from phiguard.series.observed import Observed
from phiguard.series.repeats import Repeats
from phiguard.series.report import MOST_LISTED, Report

__all__ = ["Watch", "series_rules"]

MOST_FINDINGS = 20
"""Findings of one rule in a report, the first ones."""
_MOST_PROMISES = 4_096
_MOST_DAYS = 8_192
_SHOWN = 40  # characters of an id in a message

_RUNS: dict[str, type[Run]] = {
    "frequency": Frequency,
    "share": Share,
    "repeats": Repeats,
    "adds_up": AddsUp,
    "spike": Spike,
}


class _Common(msgspec.Struct):
    """What all rules share: how many posts, the latest time of one that came in or answered and of any, incoming posts by day, promises."""

    posts: int = 0
    latest: float | None = None
    last: float | None = None
    volume: dict[int, int] = msgspec.field(default_factory=dict)
    promises: list[Observed] = msgspec.field(default_factory=list)


class _Kept(msgspec.Struct):
    """The state of a watch, as bytes hold it."""

    common: _Common
    answers: AnswersState
    runs: dict[str, msgspec.Raw]


def series_rules(rules: RuleSet | Iterable[object], profile: Profile) -> tuple[SeriesRule, ...]:
    """The series rules that hold for an organization, with its own limits."""
    all_rules = rules.rules if isinstance(rules, RuleSet) else rules
    found = []
    for rule in all_rules:
        if not isinstance(rule, SeriesRule) or is_off(rule.id, profile) or not _applies(rule, profile):
            continue
        setting = profile.setting(rule.id)
        least = setting.min if setting else None
        most = setting.max if setting else None
        if least is not None or most is not None:
            rule = msgspec.structs.replace(  # noqa: PLW2901
                rule, min=rule.min if least is None else least, max=rule.max if most is None else most
            )
        found.append(rule)
    return tuple(found)


class Watch:
    """Watches a stream of posts for what no single one of them shows, and for what nobody answered. Its memory is bounded.

    Args:
        profile: the organization: its hours, zone, windows and settings of rules.
        rules: the rules in use (`Screener.rules`); those of kind ``series`` count.
    """

    def __init__(self, profile: Profile, rules: RuleSet | Iterable[object]) -> None:
        self.profile = profile
        self._calendar = profile.calendar
        self._rules = series_rules(rules, profile)
        self._begin()

    def _begin(self) -> None:
        self._common = _Common()
        self._answers = Answers(self.profile)
        self._runs: dict[str, Run] = {
            rule.id: _RUNS[rule.measure](rule, self._calendar)
            for rule in self._rules
            if rule.measure in _RUNS
        }
        self._by_direction: dict[str, tuple[Run, ...]] = {}
        self._promising = [Run(rule, self._calendar) for rule in self._rules if rule.measure == "promise"]

    def __repr__(self) -> str:
        return f"Watch(<{len(self._rules)} rules>, <{self._common.posts} posts>)"

    def see(self, seen: Observed) -> None:
        """Takes what was observed of one post."""
        common = self._common
        common.posts += 1
        at = None if seen.at is None else self._calendar.instant(seen.at)
        day = 0 if at is None else self._day(int(at // 900))
        if at is not None:
            common.last = max(at, at if common.last is None else common.last)
            if seen.direction not in {"outbound_post", "ad"}:  # those may be planned for days to come
                common.latest = max(at, at if common.latest is None else common.latest)
        if seen.is_incoming:
            if at is not None:
                self._count_day(day)
            if not (seen.routes or seen.rules):
                return
            if seen.answered is not None:
                answered = self._calendar.instant(seen.answered)
                common.latest = max(answered, answered if common.latest is None else common.latest)
        self._answers.see(seen, at)
        for run in self._runs_of(seen.direction):
            if run.of.has(seen):
                run.see(seen, at, day)
        if seen.rules and any(run.of.has(seen) for run in self._promising):
            common.promises.append(seen)
            del common.promises[:-_MOST_PROMISES]

    def _runs_of(self, direction: str) -> tuple[Run, ...]:
        runs = self._by_direction.get(direction)
        if runs is None:
            runs = tuple(
                run for run in self._runs.values() if not run.of.directions or direction in run.of.directions
            )
            self._by_direction[direction] = runs
        return runs

    @functools.cached_property
    def _days(self) -> dict[int, int]:
        return {}

    def _day(self, quarter: int) -> int:
        """The ordinal of the day of a quarter of an hour: offsets of zones are whole quarters."""
        day = self._days.get(quarter)
        if day is None:
            if len(self._days) > _MOST_DAYS:
                self._days.clear()
            day = self._days[quarter] = self._calendar.moment(quarter * 900).toordinal()
        return day

    def _count_day(self, day: int) -> None:
        volume = self._common.volume
        volume[day] = volume.get(day, 0) + 1
        if len(volume) > _MOST_DAYS:
            del volume[min(volume)]

    def state(self) -> bytes:
        """All that the watch knows, to go on later with `restore`. It holds ids, times and hashes, and no text."""
        runs = {name: msgspec.Raw(msgspec.msgpack.encode(run.data)) for name, run in self._runs.items()}
        return msgspec.msgpack.encode(_Kept(self._common, self._answers.state, runs))

    def restore(self, content: bytes) -> None:
        """Goes on where the watch stood that gave ``content``: one with the same profile and rules.

        Raises `ValueError` if that was another one, or the bytes are damaged.
        """
        try:
            kept = msgspec.msgpack.decode(content, type=_Kept)
            if set(kept.runs) != set(self._runs):
                raise ValueError("the state is of a watch with other series rules: begin again")
            self._begin()
            for name, run in self._runs.items():
                run.data = msgspec.msgpack.decode(kept.runs[name], type=type(run.data))
        except (msgspec.DecodeError, msgspec.ValidationError):
            raise ValueError("the state of the series is damaged: begin again") from None
        self._common = kept.common
        self._answers.state = kept.answers

    def report(self, as_of: dt.datetime | None = None) -> Report:
        """What the posts so far show, at a moment: by default that of the latest post.

        Nothing is said about answers if the posts hold none, unless a moment is given.
        """
        common = self._common
        latest = common.last if common.latest is None else common.latest
        now = latest if as_of is None else self._calendar.instant(as_of)
        if now is None:
            now = 0.0  # no post says when it was: what needs no time is found all the same
        has_answers = self._answers.state.has_replies or as_of is not None
        waits = self._answers.waits() if has_answers else []
        state = State(
            calendar=self._calendar,
            as_of=now,
            last_day=self._day(int((now if common.last is None else common.last) // 900)),
            volume=common.volume,
        )
        findings: list[Finding] = []
        for rule in self._rules:
            found = self._found(rule, state, waits)
            findings += [self._finding(rule, one) for one in found[:MOST_FINDINGS]]
        findings.sort(key=lambda finding: (-SEVERITIES.index(finding.severity), finding.rule))
        overdue = [one for one, _ in self._answers.overdue(waits, now)]
        return Report(
            as_of=self._calendar.moment(now) if now else None,
            posts=common.posts,
            has_replies=self._answers.state.has_replies,
            queues=self._answers.figures(waits, now) if has_answers else (),
            overdue=tuple(overdue[:MOST_LISTED]),
            findings=tuple(findings),
            notes=tuple(self._notes(has_answers=has_answers)),
        )

    def _notes(self, *, has_answers: bool) -> Iterator[str]:
        if not has_answers and self._answers.state.open:
            yield "No replies in this data, so nothing is said about what was answered: add your replies, or give --as-of."
        left = sum(tally.left for tally in self._answers.state.settled.values())
        if left:
            yield f"{left:,} early posts were not followed to the end: too many waited at once."

    def _found(self, rule: SeriesRule, state: State, waits: list[Wait]) -> list[Found]:
        if rule.measure in _RUNS:
            return list(self._runs[rule.id].found(state))
        if rule.measure == "promise":
            return list(self._promises(rule, state))
        if rule.measure == "overdue":
            return list(self._overdue(rule, state, waits))
        return list(self._unanswered(rule, state, waits))

    def _overdue(self, rule: SeriesRule, state: State, waits: list[Wait]) -> Iterator[Found]:
        of = Run(rule, self._calendar).of
        by_queue: dict[str, list[Named]] = {}
        for one, post in self._answers.overdue(waits, state.as_of):
            if of.has(post) and of.has_queue(one.queue):
                by_queue.setdefault(one.queue, []).append((one.due.timestamp(), one.id))
        for queue, posts in by_queue.items():
            if len(posts) > (rule.max or 0):
                when = f"{self._calendar.moment(posts[0][0]):%Y-%m-%d %H:%M}"
                yield Found(posts=tuple(posts), count=len(posts), queue=queue, when=when, limit=rule.max or 0)

    def _unanswered(self, rule: SeriesRule, state: State, waits: list[Wait]) -> Iterator[Found]:
        of = Run(rule, self._calendar).of
        due: dict[int, tuple[Observed, bool]] = {}
        for wait in waits:
            if (
                wait.due is not None
                and wait.due < state.as_of
                and of.has(wait.post)
                and of.has_queue(wait.queue)
            ):
                due[id(wait.post)] = (wait.post, wait.answered is None)
        left = sorted(
            (self._calendar.instant(post.at) if post.at else 0.0, post.id)
            for post, is_open in due.values()
            if is_open
        )
        if len(due) >= rule.least and len(left) / len(due) > (rule.max or 0):
            share = len(left) / len(due)
            yield Found(posts=tuple(left), count=len(left), total=len(due), share=share, limit=rule.max or 0)

    def _promises(self, rule: SeriesRule, state: State) -> Iterator[Found]:
        of = Run(rule, self._calendar).of
        window = parse_window(rule.window)
        broken = []
        for reply in self._common.promises:
            if reply.at is None or not of.has(reply) or not (reply.thread or reply.author or reply.parent):
                continue
            until = self._calendar.due(window, reply.at)
            at = self._calendar.instant(reply.at)
            if until is None or (ends := self._calendar.instant(until)) >= state.as_of:
                continue
            if not self._answers.follows(reply, at, ends):
                broken.append((at, reply.id))
        if len(broken) > (rule.max or 0):
            yield Found(posts=tuple(sorted(broken)), count=len(broken), limit=rule.max or 0)

    def _finding(self, rule: SeriesRule, found: Found) -> Finding:
        figures = {
            "count": f"{found.count:,}",
            "limit": _number(found.limit),
            "share": f"{100 * found.share:.0f} %",
            "usual": _number(found.usual),
            "when": found.when,
            "where": found.where,
            "queue": found.queue.replace("_", " "),
            "total": f"{found.total:,}",
        }
        named = [name for _, name in found.posts if name]
        last = max((at for at, _ in found.posts), default=0.0)
        finding = Finding(
            rule=rule.id,
            category=rule.category,
            severity=rule.severity,
            message=rule.message.format(**figures) + _told(named, found.more),
            why=rule.why,
            source=rule.source,
            fix=rule.fix,
            field="series",
            confidence=rule.confidence,
            route=Route(queue=rule.route.queue, within=rule.route.within, rule=rule.id)
            if rule.route
            else None,
            posts=tuple(named[:MOST_LISTED]),
        )
        post = Post(text="", received_at=self._calendar.moment(last) if last else None)
        (settled,) = apply_settings((finding,), post, self.profile)
        return settled


def _applies(rule: SeriesRule, profile: Profile) -> bool:
    filled = profile.fill(Post(text=""))
    wanted = rule.applies_to.get("org_type")
    regions = rule.applies_to.get("region")
    return (not wanted or filled.org_type in wanted) and (
        not regions or bool(set(regions) & set(filled.region))
    )


def _told(names: list[str], more: int) -> str:
    """The ids of posts as the end of a message."""
    if not names:
        return ""
    shown = ", ".join(
        "".join(c if c.isprintable() else "\ufffd" for c in name)[:_SHOWN] for name in names[:MOST_NAMED]
    )
    more += max(0, len(names) - MOST_NAMED)
    return f" Posts: {shown}{f' and {more:,} more' if more > 0 else ''}."


def _number(value: float) -> str:
    return f"{value:g}"

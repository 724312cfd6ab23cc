"""The summary of a scan: what a social media manager must know, in one screen."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import get_args

import msgspec

from phiguard.adverse import ELEMENTS
from phiguard.model import SEVERITIES, Category, Severity
from phiguard.policy import LIFE_SAFETY
from phiguard.series.report import Report
from phiguard.writers.outcome import Outcome, View, plural, without_controls
from phiguard.writers.series import series_lines
from phiguard.writers.text import SAYS, painted

__all__ = ["Summary"]

_STANDINGS = ("block", "review", "answer", "note", "pass")
# Whom to serve first: somebody in danger, then what must not be published, then what can wait.
_RANKS = {"life": 4, "block": 3, "review": 2, "answer": 1}
_PLACES = 3  # named for each kind of fault
_MOST_REASONS = 30
_MOST_RULES = 12


class _Queue(msgspec.Struct):
    """Posts that wait in one queue. A time is kept as text: it travels between processes with its offset."""

    count: int = 0
    within: str = ""
    due: str = ""

    @property
    def first_due(self) -> dt.datetime | None:
        return dt.datetime.fromisoformat(self.due) if self.due else None

    def join(self, count: int, due: dt.datetime | None) -> None:
        """Counts more posts, of which the first is due then."""
        self.count += count
        first = self.first_due
        if due is not None and (first is None or _instant(due) < _instant(first)):
            self.due = due.isoformat()


class _Places(msgspec.Struct):
    """How often something happened, and where first."""

    count: int = 0
    first: list[str] = msgspec.field(default_factory=list)


class Summary(msgspec.Struct):
    """Counts over a scan, of constant size; it holds places, never text."""

    files: set[str] = msgspec.field(default_factory=set)
    standings: Counter[tuple[str, bool]] = msgspec.field(default_factory=Counter)
    rules: Counter[tuple[str, Severity]] = msgspec.field(default_factory=Counter)
    categories: Counter[Category] = msgspec.field(default_factory=Counter)
    queues: dict[str, _Queue] = msgspec.field(default_factory=dict)
    tickets: Counter[str] = msgspec.field(default_factory=Counter)
    gaps: Counter[str] = msgspec.field(default_factory=Counter)
    faults: int = 0
    faults_by_reason: dict[str, _Places] = msgspec.field(default_factory=dict)
    unknown: Counter[str] = msgspec.field(default_factory=Counter)
    incomplete: int = 0
    suppressed: int = 0
    unused: int = 0
    series: Report | None = None
    worst: list[tuple[int, str, str, str]] = msgspec.field(default_factory=list)

    def counting(self, outcomes: Iterable[Outcome], view: View) -> Iterator[Outcome]:
        """The same outcomes, counted on their way to the writer."""
        for outcome in outcomes:
            self.count(outcome, view)
            yield outcome

    def add(self, other: Summary, view: View) -> None:
        """Counts what another summary counted of the records that follow."""
        self.files |= other.files
        for mine, more in (
            (self.standings, other.standings),
            (self.rules, other.rules),
            (self.categories, other.categories),
            (self.tickets, other.tickets),
            (self.gaps, other.gaps),
            (self.unknown, other.unknown),
        ):
            mine.update(more)  # type: ignore[arg-type]  # each pair is of one kind
        for name, queue in other.queues.items():
            self.queues.setdefault(name, _Queue(within=queue.within)).join(queue.count, queue.first_due)
        for reason, places in other.faults_by_reason.items():
            mine_too = self._places(reason)
            mine_too.count += places.count
            mine_too.first = [*mine_too.first, *places.first][:_PLACES]
        self.faults += other.faults
        self.incomplete += other.incomplete
        self.suppressed += other.suppressed
        self._keep(other.worst, view)

    @property
    def posts(self) -> int:
        """How many posts were screened."""
        return sum(self.standings.values())

    def count(self, outcome: Outcome, view: View) -> None:
        """Counts one."""
        self.files.add(outcome.place.path)
        if outcome.unknown:
            self.unknown.update(outcome.unknown)
        screening = outcome.screening
        if screening is None:
            self._count_fault(outcome)
            return
        standing = outcome.standing
        self.standings[standing, outcome.is_incoming] += 1
        if not screening.complete:
            self.incomplete += 1
            self.gaps.update(list(dict.fromkeys(f"{gap.what}: {gap.reason}" for gap in screening.unscreened)))
        if screening.suppressed:
            self.suppressed += len(screening.suppressed)
        if screening.findings:
            self.categories.update({finding.category for finding in screening.findings})
            self.rules.update({(finding.rule, finding.severity) for finding in screening.findings})
        for route in screening.routes:
            self.queues.setdefault(route.queue, _Queue(within=route.within)).join(1, route.due)
            if route.ticket is not None:
                self.tickets.update(
                    ("all", *(("serious",) if route.ticket.serious else ()), *route.ticket.missing)
                )
        if standing in _RANKS:
            self._keep_worst(standing, outcome, view)

    def _count_fault(self, outcome: Outcome) -> None:
        self.faults += 1
        places = self._places(str(outcome.fault))
        places.count += 1
        if len(places.first) < _PLACES:
            places.first.append(str(outcome.place))

    def _places(self, reason: str) -> _Places:
        if len(self.faults_by_reason) >= _MOST_REASONS and reason not in self.faults_by_reason:
            reason = "other faults"
        return self.faults_by_reason.setdefault(reason, _Places())

    def _keep_worst(self, standing: str, outcome: Outcome, view: View) -> None:
        routes = outcome.screening.routes if outcome.screening else ()
        urgent = next((route.queue for route in routes if route.queue in LIFE_SAFETY), "")
        rank = _RANKS["life" if urgent else standing]
        if len(self.worst) >= view.limit and (not self.worst or rank <= self.worst[-1][0]):
            return
        rules = list(dict.fromkeys(finding.rule for finding, _ in outcome.findings()))
        shown = ", ".join(rules[:3]) + (f" and {len(rules) - 3} more" if len(rules) > 3 else "")
        self._keep([(rank, urgent or standing, str(outcome.place), shown)], view)

    def _keep(self, more: Iterable[tuple[int, str, str, str]], view: View) -> None:
        self.worst += more
        self.worst.sort(key=lambda item: -item[0])  # stable: earlier posts stay first
        del self.worst[view.limit :]

    def lines(self, view: View) -> Iterator[str]:
        """The summary, line by line."""
        files = f" from {plural(len(self.files), 'file')}" if len(self.files) > 1 else ""
        yield painted(f"{plural(self.posts, 'post')} screened{files}.", "bold", color=view.color)
        if self.faults:
            read, dead = plural(self.posts + self.faults, "record"), plural(self.faults, "dead letter")
            yield f"{read} read: {self.posts:,} screened, {dead} (below, under Not screened)."
        yield from self._verdict_lines(view)
        yield from self._rule_lines(view)
        yield from self._queue_lines(view)
        if self.series is not None:
            yield from series_lines(self.series, view)
        yield from self._gap_lines(view)
        yield from self._worst_lines(view)

    def _verdict_lines(self, view: View) -> Iterator[str]:
        incoming = any(is_incoming for _, is_incoming in self.standings)
        yield ""
        yield f"  {'':<42}{'ours':>8}{'incoming' if incoming else '':>10}".rstrip()
        for standing in _STANDINGS:
            ours, theirs = self.standings[standing, False], self.standings[standing, True]
            if standing == "answer" and not ours + theirs:
                continue
            name = painted(f"{standing:<8}", standing, color=view.color)
            yield f"  {name}{SAYS[standing]:<34}{ours:>8,}{f'{theirs:,}' if incoming else '':>10}".rstrip()

    def _rule_lines(self, view: View) -> Iterator[str]:
        order = {severity: -rank for rank, severity in enumerate(SEVERITIES)}
        found = sorted(self.rules.items(), key=lambda item: (order[item[0][1]], -item[1], item[0]))
        if not found:
            return
        told = ", ".join(
            f"{name} {self.categories[name]:,}" for name in get_args(Category) if self.categories[name]
        )
        yield from ("", f"Posts with findings, by subject: {told}")
        shown = found[:_MOST_RULES]
        yield from ("", painted("What was found, the gravest first", "bold", color=view.color))
        wide = max(len(rule) for (rule, _), _ in shown)
        for (rule_id, severity), count in shown:
            rule = view.rule(rule_id)
            name = painted(f"{severity:<10}", severity, color=view.color)
            yield f"  {count:>6,}  {name}{rule_id:<{wide}}  {rule.title if rule else ''}".rstrip()
        if len(found) > len(shown):
            rest = sum(count for _, count in found[_MOST_RULES:])
            yield f"  {rest:>6,}  more, by {plural(len(found) - len(shown), 'other rule')}"
        yield "  What a rule wants and why: phiguard rules explain ID"

    def _queue_lines(self, view: View) -> Iterator[str]:
        if not self.queues:
            return
        yield from ("", painted("Somebody must act", "bold", color=view.color))
        wide = max(len(name) for name in self.queues)
        for name, queue in sorted(self.queues.items(), key=lambda item: _due_order(item[1])):
            due = f"; the first is due {queue.first_due:%Y-%m-%d %H:%M}" if queue.first_due else ""
            yield f"  {queue.count:>6,}  {name:<{wide}}  within {queue.within}{due}"
        yield from self._ticket_lines()

    def _ticket_lines(self) -> Iterator[str]:
        """How complete the safety tickets are: what is missing must be asked for."""
        count = self.tickets["all"]
        if not count:
            return
        serious = f", {self.tickets['serious']:,} serious" if self.tickets["serious"] else ""
        missing = [f"{name} {self.tickets[name]:,}" for name in ELEMENTS if self.tickets[name]]
        rest = f"; still to be asked for: {', '.join(missing)}" if missing else "; all of them complete"
        yield f"  {'':>6}  {plural(count, 'safety ticket')}{serious}{rest}"

    def _gap_lines(self, view: View) -> Iterator[str]:
        if self.incomplete or self.faults:
            yield from ("", painted("Not screened", "block", color=view.color))
        for gap, count in self.gaps.most_common(10):
            yield f"  {count:>6,}  {plural(count, 'post')[len(f'{count:,} ') :]}  {gap}"
        if self.faults:
            told = (
                "record that cannot be read as a post"
                if self.faults == 1
                else "records that cannot be read as posts"
            )
            yield f"  {self.faults:>6,}  {told}"
        for reason, places in self.faults_by_reason.items():
            where = ", ".join(places.first) + (", …" if places.count > len(places.first) else "")
            yield f"            {places.count:,}: {without_controls(reason)} ({without_controls(where)})"
        if self.unknown:
            names = ", ".join(
                f"{without_controls(name[:40])} ({count:,})"
                for name, count in sorted(self.unknown.items())[:20]
            )
            more = f" and {len(self.unknown) - 20} more" if len(self.unknown) > 20 else ""
            yield from ("", f"Fields not understood, and not looked at: {names}{more}")
        if self.suppressed:
            yield from ("", f"{plural(self.suppressed, 'finding')} suppressed by the profile.")
        if self.unused:
            yield from (
                "",
                f"{plural(self.unused, 'suppression')} of the profile met nothing: delete what is over.",
            )

    def _worst_lines(self, view: View) -> Iterator[str]:
        if not self.worst:
            return
        yield from ("", painted("Look at these first", "bold", color=view.color))
        wide = min(40, max(len(place) for _, _, place, _ in self.worst))
        label = max(6, *(len(name) for _, name, _, _ in self.worst)) + 2
        for _, name, place, rules in self.worst:
            color = name if name in _STANDINGS else "critical"
            yield f"  {painted(f'{name:<{label}}', color, color=view.color)}{without_controls(place):<{wide}}  {rules}"
        rest = sum(count for (standing, _), count in self.standings.items() if standing in _RANKS)
        if rest > len(self.worst):
            yield f"  … and {rest - len(self.worst):,} more: see all with --format text, or --format csv -o FILE"


def _instant(time: dt.datetime) -> dt.datetime:
    return time if time.tzinfo else time.replace(tzinfo=dt.timezone.utc)


def _due_order(queue: _Queue) -> tuple[bool, str]:
    return (queue.first_due is None, _instant(queue.first_due).isoformat() if queue.first_due else "")

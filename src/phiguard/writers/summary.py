"""The summary of a scan: what a social media manager must know, in one screen."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from phiguard.model import VERDICTS, Severity, Verdict
from phiguard.writers.outcome import Outcome, View, plural, without_controls
from phiguard.writers.text import painted

__all__ = ["Summary"]

_MEANS: dict[Verdict, str] = {
    "block": "Stop: do not publish, or act now",
    "review": "Have somebody review it",
    "note": "Fine, with a remark",
    "pass": "Nothing found",
}


class _Queue(msgspec.Struct):
    """Posts that wait in one queue."""

    count: int = 0
    within: str = ""
    first_due: dt.datetime | None = None


class Summary(msgspec.Struct):
    """Counts over a scan, of constant size; it holds places, never text."""

    files: set[str] = msgspec.field(default_factory=set)
    verdicts: Counter[tuple[Verdict, bool]] = msgspec.field(default_factory=Counter)
    rules: Counter[tuple[str, Severity]] = msgspec.field(default_factory=Counter)
    queues: dict[str, _Queue] = msgspec.field(default_factory=dict)
    gaps: Counter[str] = msgspec.field(default_factory=Counter)
    faults: int = 0
    first_faults: list[str] = msgspec.field(default_factory=list)
    unknown: Counter[str] = msgspec.field(default_factory=Counter)
    failing: int = 0
    incomplete: int = 0
    suppressed: int = 0
    unused: int = 0
    worst: list[tuple[int, str, str]] = msgspec.field(default_factory=list)

    def counting(self, outcomes: Iterable[Outcome], view: View) -> Iterator[Outcome]:
        """The same outcomes, counted on their way to the writer."""
        for outcome in outcomes:
            self._count(outcome, view)
            yield outcome

    @property
    def posts(self) -> int:
        """How many posts were screened."""
        return sum(self.verdicts.values())

    def _count(self, outcome: Outcome, view: View) -> None:
        self.files.add(outcome.place.path)
        self.unknown.update(outcome.unknown)
        screening = outcome.screening
        if screening is None:
            self.faults += 1
            if len(self.first_faults) < view.limit:
                self.first_faults.append(f"{outcome.place}: {outcome.fault}")
            return
        self.verdicts[screening.verdict, outcome.is_incoming] += 1
        self.suppressed += len(screening.suppressed)
        if not screening.complete:
            self.incomplete += 1
            self.gaps.update({f"{gap.what}: {gap.reason}" for gap in screening.unscreened})
        self.rules.update({(finding.rule, finding.severity) for finding in screening.findings})
        self.failing += any(view.fails(finding) for finding in screening.findings)
        for route in screening.routes:
            queue = self.queues.setdefault(route.queue, _Queue(within=route.within))
            queue.count += 1
            if route.due is not None and (queue.first_due is None or _is_before(route.due, queue.first_due)):
                queue.first_due = route.due
        rank = VERDICTS.index(screening.verdict)
        if rank >= VERDICTS.index("review"):
            self._keep_worst(rank, outcome, view)

    def _keep_worst(self, rank: int, outcome: Outcome, view: View) -> None:
        if len(self.worst) >= view.limit and rank <= self.worst[-1][0]:
            return
        rules = list(dict.fromkeys(finding.rule for finding, _ in outcome.findings()))
        shown = ", ".join(rules[:3]) + (f" and {len(rules) - 3} more" if len(rules) > 3 else "")  # noqa: PLR2004
        self.worst.append((rank, str(outcome.place), shown))
        self.worst.sort(key=lambda item: -item[0])  # stable: earlier posts stay first
        del self.worst[view.limit :]

    def lines(self, view: View) -> Iterator[str]:
        """The summary, line by line."""
        files = f" from {plural(len(self.files), 'file')}" if len(self.files) > 1 else ""
        yield painted(f"{plural(self.posts, 'post')} screened{files}.", "bold", color=view.color)
        yield from self._verdict_lines(view)
        yield from self._rule_lines(view)
        yield from self._queue_lines(view)
        yield from self._gap_lines(view)
        yield from self._worst_lines(view)

    def _verdict_lines(self, view: View) -> Iterator[str]:
        incoming = any(is_incoming for _, is_incoming in self.verdicts)
        yield ""
        yield f"  {'':<42}{'ours':>8}{'incoming' if incoming else '':>10}"
        for verdict in reversed(VERDICTS):
            ours, theirs = self.verdicts[verdict, False], self.verdicts[verdict, True]
            name = painted(f"{verdict:<8}", verdict, color=view.color)
            yield f"  {name}{_MEANS[verdict]:<34}{ours:>8,}{f'{theirs:,}' if incoming else '':>10}".rstrip()

    def _rule_lines(self, view: View) -> Iterator[str]:
        shown = sorted(self.rules.items(), key=lambda item: (-item[1], item[0]))[:10]
        if not shown:
            return
        yield from ("", painted("What was found most", "bold", color=view.color))
        wide = max(len(rule) for (rule, _), _ in shown)
        for (rule_id, severity), count in shown:
            rule = view.rule(rule_id)
            name = painted(f"{severity:<10}", severity, color=view.color)
            yield f"  {count:>6,}  {name}{rule_id:<{wide}}  {rule.title if rule else ''}".rstrip()
        if len(self.rules) > len(shown):
            yield f"          and {plural(len(self.rules) - len(shown), 'other rule')}"
        yield "  What a rule wants and why: phiguard rules explain ID"

    def _queue_lines(self, view: View) -> Iterator[str]:
        if not self.queues:
            return
        yield from ("", painted("Somebody must act", "bold", color=view.color))
        wide = max(len(name) for name in self.queues)
        for name, queue in sorted(self.queues.items(), key=lambda item: _due_order(item[1])):
            due = f"; the first is due {queue.first_due:%Y-%m-%d %H:%M}" if queue.first_due else ""
            yield f"  {queue.count:>6,}  {name:<{wide}}  within {queue.within}{due}"

    def _gap_lines(self, view: View) -> Iterator[str]:
        if self.incomplete or self.faults:
            yield from ("", painted("Not screened", "block", color=view.color))
        for gap, count in self.gaps.most_common(10):
            yield f"  {count:>6,}  {plural(count, 'post')[len(f'{count:,} ') :]}  {gap}"
        if self.faults:
            yield f"  {self.faults:>6,}  {'record' if self.faults == 1 else 'records'} that cannot be read as a post"
            for fault in self.first_faults:
                yield f"            {without_controls(fault)}"
            if self.faults > len(self.first_faults):
                yield f"            and {self.faults - len(self.first_faults):,} more"
        if self.unknown:
            names = ", ".join(f"{name} ({count:,})" for name, count in sorted(self.unknown.items())[:20])
            more = f" and {len(self.unknown) - 20} more" if len(self.unknown) > 20 else ""  # noqa: PLR2004
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
        wide = min(40, max(len(place) for _, place, _ in self.worst))
        for rank, place, rules in self.worst:
            name = painted(f"{VERDICTS[rank]:<8}", VERDICTS[rank], color=view.color)
            yield f"  {name}{without_controls(place):<{wide}}  {rules}"
        rest = sum(count for (verdict, _), count in self.verdicts.items() if verdict in {"block", "review"})
        if rest > len(self.worst):
            yield f"  … and {rest - len(self.worst):,} more (all of them: --details, or --format csv -o FILE)"


def _is_before(one: dt.datetime, other: dt.datetime) -> bool:
    return _instant(one) < _instant(other)


def _instant(time: dt.datetime) -> dt.datetime:
    return time if time.tzinfo else time.replace(tzinfo=dt.timezone.utc)


def _due_order(queue: _Queue) -> tuple[bool, str]:
    return (queue.first_due is None, _instant(queue.first_due).isoformat() if queue.first_due else "")

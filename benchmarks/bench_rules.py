"""What the rules do on text that is not ours: alarms by rule on real streams, recall on labelled cases. Ids only, no text.

Streams have no labels: nearly every alarm of a privacy rule on public tweets is a false one, and somebody must read them to know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.bench_quality import post_of
from benchmarks.labelled import within
from benchmarks.posts import Case, Line, say_missing, stream
from benchmarks.report import arguments, publish
from phiguard import Post, Screener
from phiguard.model import SEVERITIES, Direction, Screening

MEDIUM = SEVERITIES.index("medium")
POSTS = 10_000
FAMILIES = {
    "privacy": ("PHI", "RPL", "CNS"),
    "claims": ("FDA", "FTC", "ST", "INT", "LEG", "PLT"),
    "brand": ("BRD",),
}
QUEUES = {"self_harm": ("crisis",), "adverse_event": ("adverse_event",), "complaint": ("complaint",)}


class Labelled(Case, frozen=True):
    """A case with what is wrong with it, in the words of its source."""

    expect: tuple[str, ...] = ()
    difficulty: str | None = None


def labelled(data: Path, name: str) -> list[Labelled]:
    """The cases of ``data/cases/<name>.jsonl``; none, and a message, if there is no such file."""
    path = data / "cases" / f"{name}.jsonl"
    if not path.is_file():
        say_missing(path, "its figures are left out")
        return []
    return [msgspec.json.decode(line, type=Labelled) for line in path.read_bytes().splitlines()]


def loud(screening: Screening, families: Sequence[str]) -> set[str]:
    """The rules of ``families`` that fired with medium severity or more."""
    return {
        finding.rule
        for finding in screening
        if within(finding.rule, families) and SEVERITIES.index(finding.severity) >= MEDIUM
    }


def screened(lines: Sequence[bytes], screener: Screener, direction: Direction) -> Iterator[Screening]:
    """The screening of every line, as a text of ``direction``."""
    for line in lines:
        read = msgspec.json.decode(line, type=Line)
        yield screener.screen(Post(id=read.id, text=read.text, direction=direction))


def outbound(data: Path, screener: Screener, name: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A stream read as our own posts: posts with a finding of medium severity or more, by family and rule."""
    lines, source = stream(data, name, count=POSTS)
    lines = lines[:POSTS]
    posts, rules, incomplete = Counter[str](), Counter[str](), 0
    for screening in screened(lines, screener, "outbound_post"):
        incomplete += not screening.complete
        for family, names in FAMILIES.items():
            if fired := loud(screening, names):
                posts[family] += 1
                rules.update(fired)
    rows = [(f"{name} as posts", f"{len(lines):,} ({source}); not screened whole {incomplete:,}")]
    for family, names in FAMILIES.items():
        rows.append(
            (f"  {family}, medium or worse", f"{1000 * posts[family] / len(lines):.2f} per 1,000 posts")
        )
        mine = [(rule, count) for rule, count in rules.most_common() if within(rule, names)]
        rows += [(f"    {rule}", str(count)) for rule, count in mine[:8]]
    figures = {
        "posts": len(lines),
        "source": source,
        "incomplete": incomplete,
        "with_finding": dict(posts),
        "by_rule": dict(rules.most_common()),
    }
    return figures, rows


def inbound(data: Path, screener: Screener, name: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A stream read as comments on our page: how many call which queue."""
    lines, source = stream(data, name, count=POSTS)
    lines = lines[:POSTS]
    queues = Counter[str]()
    for screening in screened(lines, screener, "inbound_comment"):
        queues.update({route.queue for route in screening.routes})
    rows = [(f"{name} as comments", f"{len(lines):,} ({source})")]
    rows += [
        (f"  to {queue}", f"{1000 * count / len(lines):.2f} per 1,000")
        for queue, count in queues.most_common()
    ]
    return {"comments": len(lines), "source": source, "queues": dict(queues.most_common())}, rows


def claims(data: Path, screener: Screener) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Quotations that a regulator called violations: how many have a finding about claims, by difficulty."""
    total, found = Counter[str](), Counter[str]()
    for case in labelled(data, "claims_fda_dev"):
        hit = any(within(finding.rule, FAMILIES["claims"]) for finding in screener.screen(post_of(case)))
        for name in ("all", case.difficulty or "not graded"):
            total[name] += 1
            found[name] += hit
    rows = [
        (f"claims_fda_dev, {name}", f"{found[name]} of {count} ({found[name] / count:.0%})")
        for name, count in sorted(total.items())
    ]
    return {"total": dict(total), "found": dict(found)}, rows


def comments(data: Path, screener: Screener) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Patients' comments: how many that need a queue reach it, and how many that need none reach one."""
    total, found = Counter[str](), Counter[str]()
    for case in labelled(data, "comments_escalate_dev"):
        queues = {route.queue for route in screener.screen(post_of(case)).routes}
        for name in case.expect:
            total[name] += 1
            found[name] += not queues.isdisjoint(QUEUES[name])
    rows = [
        (f"comments_escalate_dev, {name}", f"{found[name]} of {count} ({found[name] / count:.0%})")
        for name, count in sorted(total.items())
    ]
    clean = labelled(data, "comments_clean_dev")
    routed = {
        case.id: called
        for case in clean
        if (called := sorted({route.queue for route in screener.screen(post_of(case)).routes}))
    }
    if clean:
        rows.append(("comments_clean_dev, routed", f"{len(routed)} of {len(clean)}"))
    return {"total": dict(total), "found": dict(found), "clean": len(clean), "clean_routed": routed}, rows


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--no-names", action="store_true", help="without the pipeline for names")
    options = parser.parse_args()
    screener = Screener(ner=None) if options.no_names else Screener()
    figures: dict[str, Any] = {"names": not options.no_names}
    rows: list[tuple[str, str]] = []
    for name, (part, lines) in {
        "tweets as posts": outbound(options.data, screener, "tweets_dev"),
        "health news as posts": outbound(options.data, screener, "health_news_dev"),
        "tweets as comments": inbound(options.data, screener, "tweets_dev"),
        "claims": claims(options.data, screener),
        "comments": comments(options.data, screener),
    }.items():
        figures[name] = part
        rows += lines
    publish("rules", figures, rows, out=options.out)


if __name__ == "__main__":
    main()

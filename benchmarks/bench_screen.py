"""Posts per second on one core, and the time of one post, beside the floor: decode the JSON and scan it once."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections import Counter
from collections.abc import Callable

import msgspec

from benchmarks.posts import Line, stream
from benchmarks.report import arguments, publish, quantile
from phiguard import Post, Screener, load_rules
from phiguard.engine import Automaton
from phiguard.indexing import build_index

ROUNDS = 3


def seconds(work: Callable[[], object]) -> float:
    """Time of one call, garbage collected before it."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Measure and publish."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--stream", default="tweets_dev")
    parser.add_argument("--limit", type=int, default=None, help="only the first so many posts")
    options = parser.parse_args()
    lines, source = stream(options.data, options.stream)
    lines = lines[: options.limit]
    decode = msgspec.json.Decoder(Line).decode
    rules = load_rules()
    screener = Screener(rules=rules)
    automaton = Automaton([(regex, case) for regex, case, *_ in build_index(rules).part("post").shapes])

    def floor() -> None:
        for line in lines:
            automaton.scan(decode(line).text.encode("utf-8", "replace"))

    def screened() -> None:
        for line in lines:
            read = decode(line)
            screener.screen(Post(id=read.id, text=read.text))

    screened()  # warm: scratch space, caches of the interpreter
    floors, whole = [], []
    for _ in range(ROUNDS):  # in turns, so that a busy machine slows both
        floors.append(seconds(floor))
        whole.append(seconds(screened))

    posts = [Post(id=read.id, text=read.text) for read in map(decode, lines)]
    single, rules_seen, with_finding, verdicts = [], Counter[str](), 0, Counter[str]()
    clock = time.perf_counter_ns
    for post in posts:
        start = clock()
        screening = screener.screen(post)
        single.append((clock() - start) / 1000)
        verdicts[screening.verdict] += 1
        with_finding += bool(screening.findings)
        rules_seen.update({finding.rule for finding in screening})

    count = len(lines)
    rate, floor_rate = count / statistics.median(whole), count / statistics.median(floors)
    figures = {
        "posts": count,
        "source": source,
        "rules": len(rules.rules),
        "posts_per_second": round(rate),
        "posts_per_second_best_round": round(count / min(whole)),
        "floor_posts_per_second": round(floor_rate),
        "share_of_floor": round(rate / floor_rate, 3),
        "microseconds_p50": round(quantile(single, 0.5), 1),
        "microseconds_p99": round(quantile(single, 0.99), 1),
        "microseconds_max": round(max(single), 1),
        "share_with_finding": round(with_finding / count, 4),
        "verdicts": dict(verdicts),
        "memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "findings_by_rule": dict(rules_seen.most_common()),
    }
    rows = [
        ("posts", f"{count:,} ({source}), {len(rules.rules)} rules, one core"),
        ("decode + screen", f"{rate:,.0f} posts/s (median of {ROUNDS}; best {count / min(whole):,.0f})"),
        ("floor: decode + bare scan", f"{floor_rate:,.0f} posts/s"),
        ("share of the floor", f"{rate / floor_rate:.0%}"),
        (
            "one post",
            f"p50 {figures['microseconds_p50']} µs, p99 {figures['microseconds_p99']} µs, worst {max(single):,.0f} µs",
        ),
        ("with a finding", f"{with_finding / count:.1%}"),
        ("verdicts", ", ".join(f"{name} {number:,}" for name, number in verdicts.most_common())),
    ]
    publish("screen", figures, rows, out=options.out)


if __name__ == "__main__":
    main()

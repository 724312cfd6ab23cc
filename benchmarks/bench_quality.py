"""False alarms on text that should pass: posts of public-health bodies, and health headlines. Ids only, no text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.posts import Case, Line, cases, stream
from benchmarks.report import arguments, publish
from phiguard import Post, Screener
from phiguard.model import SEVERITIES

MEDIUM = SEVERITIES.index("medium")

# The words that the cases use for what may fire besides, and the rules that they mean.
TOLERATED = {
    "accessibility": ("BRD-09", "BRD-10", "BRD-11", "BRD-12", "BRD-13", "BRD-14", "PLT-08"),
    "readability": ("BRD-01", "BRD-04", "PLT-08"),
    "testimonial": ("CNS-01", "FTC-05", "CMT-08"),
}
PLATFORMS = {"twitter": "x", "google": "google_business", "forum": "other", "blog": "website"}
KINDS = {"post": "outbound_post", "comment": "inbound_comment"}
PRODUCTS = {"none": None, "drug": "rx_drug", "device": "device_510k"}
KNOWN_PLATFORMS = {
    "x",
    "instagram",
    "facebook",
    "linkedin",
    "tiktok",
    "youtube",
    "google_business",
    "reddit",
    "website",
}
KNOWN_PRODUCTS = {
    "rx_drug",
    "otc_drug",
    "device_510k",
    "supplement",
    "food",
    "cosmetic",
    "homeopathic",
    "biologic",
}


def post_of(case: Case) -> Post:
    """The case as a post; a platform or product that phiguard has no name for is not known."""
    platform = PLATFORMS.get(case.platform or "", case.platform)
    product = PRODUCTS.get(case.product_type or "", case.product_type)
    fields: dict[str, Any] = {
        "id": case.id,
        "text": case.text,
        "direction": KINDS.get(case.kind or "post", "outbound_post"),
        "platform": platform if platform in KNOWN_PLATFORMS else None,
        "product_type": product if product in KNOWN_PRODUCTS else None,
    }
    return Post(**{name: value for name, value in fields.items() if value is not None})


def alarms(case: Case, screener: Screener) -> list[str]:
    """The rules of medium severity or worse that fire and are not tolerated."""
    tolerated = tuple(prefix for word in case.tolerate for prefix in TOLERATED[word])
    return [
        finding.rule
        for finding in screener.screen(post_of(case))
        if SEVERITIES.index(finding.severity) >= MEDIUM and not finding.rule.startswith(tolerated or ("?",))
    ]


def clean_posts(data: Path, screener: Screener) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Posts of public-health bodies with a finding of medium severity or worse outside what they tolerate."""
    found = cases(data, "clean_posts_dev")
    if not found:
        return {}, []
    wrong = {case.id: rules for case in found if (rules := alarms(case, screener))}
    rows = [("clean posts with medium or worse", f"{len(wrong)} of {len(found)}")]
    rows += [(f"  {name}", ", ".join(rules)) for name, rules in wrong.items()]
    return {"posts": len(found), "with_alarm": len(wrong), "alarms": wrong}, rows


def headlines(data: Path, screener: Screener) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Share of health headlines with the verdict review or block, and the rules behind it."""
    lines, source = stream(data, "health_news_dev")
    verdicts, rules = Counter[str](), Counter[str]()
    stopped: dict[str, list[str]] = {}
    for line in lines:
        read = msgspec.json.decode(line, type=Line)
        screening = screener.screen(Post(id=read.id, text=read.text))
        verdicts[screening.verdict] += 1
        rules.update({finding.rule for finding in screening})
        if screening.verdict in {"review", "block"}:
            stopped[read.id] = [f.rule for f in screening if SEVERITIES.index(f.severity) >= MEDIUM]
    share = len(stopped) / len(lines)
    behind = Counter(rule for found in stopped.values() for rule in set(found))
    rows = [("headlines to review or block", f"{len(stopped):,} of {len(lines):,} ({share:.2%}), {source}")]
    rows += [(f"  {rule}", str(count)) for rule, count in behind.most_common(15)]
    figures = {
        "posts": len(lines),
        "source": source,
        "stopped": len(stopped),
        "share_stopped": round(share, 5),
        "verdicts": dict(verdicts),
        "stopped_by_rule": dict(behind.most_common()),
        "findings_by_rule": dict(rules.most_common()),
        "stopped_ids": stopped,
    }
    return figures, rows


def main() -> None:
    """Measure and publish."""
    options = arguments(__doc__ or "").parse_args()
    screener = Screener()
    clean, clean_rows = clean_posts(options.data, screener)
    news, news_rows = headlines(options.data, screener)
    publish(
        "quality",
        {"clean_posts_dev": clean, "health_news_dev": news},
        [*clean_rows, *news_rows],
        out=options.out,
    )


if __name__ == "__main__":
    main()

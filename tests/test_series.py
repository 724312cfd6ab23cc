"""Several posts: what is observed of each, what a watch says of them, and that it keeps no words."""

from __future__ import annotations

import datetime as dt
import json
import math
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from phiguard.cli import cli
from phiguard.errors import RuleError
from phiguard.kinds.series import SeriesRule
from phiguard.model import Finding, Parent, Post, Route, Screening
from phiguard.profile import Profile
from phiguard.proving import prove
from phiguard.rules import assemble, load_rules
from phiguard.screener import Screener
from phiguard.series import Observed, Watch, measures, observe, repeats
from phiguard.series.content import content_of
from phiguard.series.prints import is_near, print_of, words_of
from phiguard.series.sketch import Sketch

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone.utc)
CANARY = "zq7canary"
PASS = Screening(verdict="pass")


@pytest.fixture(scope="module")
def rules() -> tuple[SeriesRule, ...]:
    return tuple(rule for rule in load_rules().rules if isinstance(rule, SeriesRule))


def found(*ids: str, queue: str = "") -> Screening:
    shown: dict[str, Any] = {
        "category": "community",
        "severity": "info",
        "message": "",
        "why": "",
        "source": "",
        "fix": "",
    }
    routes = (Route(queue=queue, within="4 business hours", rule=ids[0]),) if queue else ()
    return Screening(verdict="pass", findings=tuple(Finding(rule=one, **shown) for one in ids), routes=routes)


def comment(number: int, minutes: float = 0, **more: Any) -> Post:
    at = START + dt.timedelta(minutes=minutes)
    fields: dict[str, Any] = {
        "text": f"Comment {number}",
        "id": f"c{number}",
        "direction": "inbound_comment",
        "received_at": at,
    }
    return Post(**{**fields, **more})


def reply(number: int, minutes: float = 0, *, text: str = "", **more: Any) -> Post:
    at = START + dt.timedelta(minutes=minutes)
    fields: dict[str, Any] = {"id": f"r{number}", "direction": "outbound_reply", "posted_at": at}
    return Post(text=text or f"Reply {number} to you all", **{**fields, **more})


def watched(seen: list[tuple[Post, Screening]], rules: Any = (), profile: Profile | None = None) -> Watch:
    watch = Watch(profile or Profile(), rules)
    for post, screening in seen:
        if (observed := observe(post, screening)) is not None:
            watch.see(observed)
    return watch


# --- what is observed --------------------------------------------------------------------------------


def test_nothing_is_observed_of_a_post_that_belongs_to_no_series() -> None:
    assert observe(Post(text="Hello"), PASS) is None
    assert observe(Post(text="Hello", direction="inbound_comment"), PASS) is None
    assert observe(comment(1), PASS) is not None
    assert observe(Post(text="Hello there", platform="x"), PASS) is not None
    assert observe(Post(text="Hello there", reply_to=Parent(text="Hi")), PASS) is not None


def test_what_is_observed_holds_no_word_and_no_handle_and_goes_over_a_wire() -> None:
    parent = Parent(text=f"{CANARY} asks", author=CANARY, id=CANARY)
    posts = [
        comment(1, text=f"Hello {CANARY}?", author=CANARY, author_name=CANARY, thread=CANARY),
        reply(1, text=f"Dear {CANARY}, thank you for telling us", reply_to=parent, thread=CANARY),
        Post(text=f"Our {CANARY} opens on Monday at noon", platform="x", posted_at=START, author=CANARY),
    ]
    watch = Watch(Profile(), load_rules())
    for post in posts:
        seen = observe(post, found("CMT-06.wait", queue="complaint"))
        assert seen is not None
        content = msgspec.msgpack.encode(seen)
        assert CANARY.encode() not in content
        assert msgspec.msgpack.decode(content, type=Observed) == seen
        assert CANARY not in repr(seen)
        watch.see(seen)
    assert CANARY.encode() not in watch.state()
    assert CANARY.encode() not in msgspec.json.encode(watch.report(START + dt.timedelta(days=9)))
    assert CANARY not in repr(watch)


def test_hashes_depend_on_the_key_and_not_on_how_a_handle_is_written() -> None:
    def author(name: str, key: bytes = b"") -> int:
        seen = observe(comment(1, author=name), found("X-01"), key=key)
        assert seen is not None
        return seen.author

    assert author("@Kim ") == author("kim") != author("kin")
    assert author("kim", b"one key") != author("kim", b"other key") != author("kim")


def test_kinds_of_content() -> None:
    said = {
        "Book your whitening today, 20% off": "promotional",
        "The lab is closed today because of the snow": "responsive",
        "It is Heart Month. Wear red": "seasonal",
        "Walk a little every day": "evergreen",
        "": "evergreen",
    }
    assert {text: content_of(words_of(text)[0], text) for text in said} == said


# --- near copies -------------------------------------------------------------------------------------

TEMPLATES = (
    "We are sorry to hear this. Please call our patient relations team at 555-0100 so that we can help.",
    "Thank you for taking the time to share this. Privacy rules keep us from saying more in public.",
    "Our hours have changed: the lab opens at seven from Monday to Friday, and at nine on Saturday.",
    "We cannot discuss care here. The nurse line answers questions day and night at 555-0100.",
    "Parking is free in the deck on Elm Street after five. The lift takes you to the main desk.",
    "We have passed your note on to the team that runs the cafeteria, and they will read it today.",
)


def test_a_template_with_a_name_a_link_or_a_word_changed_is_a_copy() -> None:
    first = print_of(words_of(TEMPLATES[0])[1])
    for other in (
        TEMPLATES[0].replace("sorry", "so sorry"),
        "Dear Dana, we " + TEMPLATES[0][3:],
        "@sunny88 " + TEMPLATES[0] + " #Care",
        TEMPLATES[0].upper(),
        TEMPLATES[0].replace("555-0100", "555-0199") + " https://example.com/help",
    ):
        assert is_near(first, print_of(words_of(other)[1])), other


def test_different_replies_are_no_copies() -> None:
    prints = [print_of(words_of(text)[1]) for text in TEMPLATES]
    near = [(one, other) for one in prints for other in prints if one < other and is_near(one, other)]
    assert near == []


def test_random_sentences_are_never_near() -> None:
    words = "care team hours thank you visit call line desk open note help read please today share we our the to a of in".split()
    chosen = random.Random(7)  # noqa: S311
    prints = [print_of(chosen.choices(words, k=14)) for _ in range(300)]
    near = sum(is_near(one, other) for at, one in enumerate(prints) for other in prints[:at])
    assert near <= 3  # of 44,850 pairs from 23 words


def test_short_texts_have_no_print() -> None:
    assert print_of("thank you so much".split()) == 0
    assert not is_near(0, 0)


# --- the watch ---------------------------------------------------------------------------------------


def stream(count: int, seed: int = 3) -> list[tuple[Post, Screening]]:
    """Comments, replies, reviews and posts of some weeks, with findings of every kind."""
    chosen = random.Random(seed)  # noqa: S311
    made: list[tuple[Post, Screening]] = []
    for number in range(count):
        minutes = chosen.randrange(40 * 1440)
        thread = f"t{chosen.randrange(40)}"
        author = f"a{chosen.randrange(12)}"
        what = chosen.randrange(5)
        if what == 0:
            rule = chosen.choice(
                (
                    "CMT-06.wait",
                    "CMT-01.low",
                    *(f"CMT-08.detail-{one}" for one in ("age", "name", "work", "place", "visit")),
                )
            )
            made.append(
                (comment(number, minutes, thread=thread, author=author), found(rule, queue="complaint"))
            )
        elif what == 1:
            made.append(
                (comment(number, minutes, thread=thread, author=author, text=f"Number {number}?"), PASS)
            )
        elif what == 2:
            to = Parent(author=author) if number % 2 else Parent(id=f"c{chosen.randrange(count)}")
            made.append(
                (reply(number, minutes, text=chosen.choice(TEMPLATES), thread=thread, reply_to=to), PASS)
            )
        elif what == 3:
            made.append((comment(number, minutes, direction="inbound_review"), PASS))
        else:
            at = START + dt.timedelta(minutes=minutes)
            platform = chosen.choice(("x", "facebook", "linkedin"))
            made.append(
                (
                    Post(
                        text=f"{chosen.choice(TEMPLATES)}", id=f"p{number}", platform=platform, posted_at=at
                    ),
                    PASS,
                )
            )
    return made


def test_a_report_does_not_depend_on_the_order_of_the_posts(rules: tuple[SeriesRule, ...]) -> None:
    posts = stream(600)
    report = watched(posts, rules).report()
    assert len(report.findings) > 5
    assert {finding.rule.partition(".")[0] for finding in report.findings} >= {"CMT-12", "SER-04", "CMT-08"}
    for order in (list(reversed(posts)), random.Random(5).sample(posts, len(posts))):  # noqa: S311
        assert watched(order, rules).report() == report


def test_a_watch_goes_on_where_it_was_stopped(rules: tuple[SeriesRule, ...]) -> None:
    posts = stream(400)
    whole = watched(posts, rules)
    for cut in (0, 1, 57, 399):
        first = watched(posts[:cut], rules)
        second = Watch(Profile(), rules)
        second.restore(first.state())
        for post, screening in posts[cut:]:
            if (seen := observe(post, screening)) is not None:
                second.see(seen)
        assert second.report() == whole.report()
        assert second.state() == whole.state()


def test_a_state_of_other_rules_or_a_damaged_one_is_refused(rules: tuple[SeriesRule, ...]) -> None:
    state = watched(stream(20), rules).state()
    with pytest.raises(ValueError, match="other series rules"):
        Watch(Profile(), rules[:3]).restore(state)
    with pytest.raises(ValueError, match="damaged"):
        Watch(Profile(), rules).restore(state[:-7])


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch, rules: tuple[SeriesRule, ...]) -> None:
    for module, name, most in (
        ("answers", "MOST_OPEN", 40),
        ("answers", "MOST_REPLIES", 40),
        ("measures", "MOST_AUTHORS", 5),
        ("measures", "MOST_BUCKETS", 10),
        ("repeats", "MOST_CLUSTERS", 4),
    ):
        monkeypatch.setattr(f"phiguard.series.{module}.{name}", most)
    assert repeats.MOST_CLUSTERS == 4
    assert measures.MOST_AUTHORS == 5
    watch = Watch(Profile(), rules)
    sizes = []
    for round_ in range(6):
        for post, screening in stream(500, seed=round_):
            if (seen := observe(post, screening)) is not None:
                watch.see(seen)
        sizes.append(len(watch.state()))
    assert max(sizes[3:]) < 1.15 * sizes[2]
    report = watch.report()
    assert any("not followed to the end" in note for note in report.notes)
    complaints = next(one for one in report.queues if one.queue == "complaint")
    assert complaints.posts > 500


def test_limits_and_settings_are_the_organizations(rules: tuple[SeriesRule, ...]) -> None:
    posts = [(reply(number, number, text=TEMPLATES[0]), PASS) for number in range(9)]
    assert [one.rule for one in watched(posts, rules).report().findings] == ["SER-04.canned-replies"]
    for setting in ({"max": 9, "reason": "r"}, {"off": True, "reason": "r"}):
        profile = msgspec.convert({"rules": {"SER-04": setting}}, Profile)
        assert watched(posts, rules, profile).report().findings == ()
    graver = msgspec.convert({"rules": {"SER-04": {"severity": "high", "reason": "r"}}}, Profile)
    assert [one.severity for one in watched(posts, rules, graver).report().findings] == ["high"]


def test_a_finding_names_its_posts_and_counts_them(rules: tuple[SeriesRule, ...]) -> None:
    posts = [(reply(number, number, text=TEMPLATES[0]), PASS) for number in range(9)]
    (finding,) = watched(posts, rules).report().findings
    assert finding.posts == tuple(f"r{number}" for number in range(9))
    assert finding.message.startswith("9 replies within a week")
    assert finding.message.endswith("Posts: r0, r1, r2, r3, r4 and 4 more.")
    assert finding.field == "series"


def test_an_id_cannot_command_a_terminal(rules: tuple[SeriesRule, ...]) -> None:
    posts = [
        (reply(number, number, text=TEMPLATES[0], id=f"\x1b[31m{number}{'x' * 90}"), PASS)
        for number in range(9)
    ]
    (finding,) = watched(posts, rules).report().findings
    assert "\x1b" not in finding.message
    assert len(finding.message) < 400


def test_what_one_author_says_adds_up_and_what_others_say_does_not(rules: tuple[SeriesRule, ...]) -> None:
    ids = ("CMT-08.detail-age", "CMT-08.detail-name", "CMT-08.detail-work", "CMT-08.detail-place")
    by_one = [(comment(at, at * 1440, author="kim"), found(rule)) for at, rule in enumerate(ids)]
    by_four = [(comment(at, at * 1440, author=f"kim{at}"), found(rule)) for at, rule in enumerate(ids)]
    (finding,) = watched(by_one, rules).report().findings
    assert finding.rule == "CMT-08.adds-up"
    assert finding.route is not None
    assert finding.route.queue == "privacy"
    assert finding.route.due is not None
    assert watched(by_four, rules).report().findings == ()


def test_a_spike_is_held_against_the_streams_own_past(rules: tuple[SeriesRule, ...]) -> None:
    def complaints(per_day: list[int]) -> list[tuple[Post, Screening]]:
        return [
            (comment(100 * day + one, day * 1440 + one), found("CMT-06.wait"))
            for day, count in enumerate(per_day)
            for one in range(count)
        ]

    steady = [4, 6, 5, 3, 7, 5, 4, 6, 5, 4]
    assert watched(complaints(steady), rules).report().findings == ()
    (finding,) = watched(complaints([*steady, 20]), rules).report().findings
    assert finding.rule == "CMT-06.spike"
    assert finding.message.startswith("20 complaints on 2026-03-12; 5 a day are usual here")
    # One wild day in the past does not hide the next.
    report = watched(complaints([*steady, 60, *steady, 20]), rules).report()
    assert [one.message.split()[3] for one in report.findings] == ["2026-03-12;", "2026-03-23;"]
    # A page that was always so busy has none.
    assert watched(complaints([20] * 12), rules).report().findings == ()


def test_a_silent_week_is_found_only_where_weeks_are_whole(rules: tuple[SeriesRule, ...]) -> None:
    def posts(*weeks: int) -> list[tuple[Post, Screening]]:
        days = [START + dt.timedelta(weeks=week) for week in weeks]
        return [(Post(text="Hi", platform="x", posted_at=day), PASS) for day in days]

    assert [one.rule for one in watched(posts(0, 1, 2, 4, 5), rules).report().findings] == ["SER-01.too-few"]
    assert watched(posts(0, 1, 2, 3, 4, 5), rules).report().findings == ()
    assert watched(posts(0, 2), rules).report().findings == ()


@given(st.lists(st.floats(min_value=1, max_value=1e8), min_size=1, max_size=200))
def test_a_sketch_is_within_half_a_percent(durations: list[float]) -> None:
    sketch = Sketch()
    for duration in durations:
        sketch.add(duration)
    for share in (0.01, 0.5, 0.9, 1):
        exact = sorted(durations)[max(1, math.ceil(share * len(durations))) - 1]
        told = sketch.quantile(share)
        assert told is not None
        assert abs(told - exact) <= 0.0051 * exact + 1
    assert Sketch().quantile(0.5) is None


# --- rules as data -----------------------------------------------------------------------------------

RULE = """
rules:
- id: T-01.x
  kind: series
  title: t
  category: brand
  severity: low
  message: "{count} of {limit}"
  why: w
  source: s
  fix: f
  measure: repeats
  window: 7 days
  max: 2
  flags: [{posts: [{text: "one two three four five", direction: outbound_reply, times: 3}]}]
  passes: [{posts: [{text: "one two three four five", direction: outbound_reply, times: 2}]}]
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{count} of", "{words} of", r"message: knows no \{words\}"),
        ("window: 7 days", "window: soon", "window: a window is a number and a unit"),
        ("  max: 2\n", "", "max: is needed by the measure `repeats`"),
        ("measure: repeats", "measure: repetes", "measure: must be one of"),
        ("  window", "  of: {colour: [red]}\n  window", "of: knows no 'colour'"),
        (
            "  window",
            "  per: [author]\n  window",
            "per: the measure `repeats` is counted per platform, thread",
        ),
        ("  window", "  unless: [negated]\n  window", "unless: does not hold for a `series` rule"),
        ("  window", "  of: {content: [funny]}\n  window", "'funny' is none of: evergreen"),
        ("flags: [{posts", "flags: [a text, {posts", r"flags\[0\]: is a table with `posts:`"),
        ("repeats\n  window: 7 days\n", "frequency\n  window: 2 days\n", "of the measure `frequency` is"),
    ],
)
def test_a_fault_in_a_series_rule_is_named(old: str, new: str, fault: str) -> None:
    assert RULE.count(old) == 1
    with pytest.raises(RuleError, match=fault):
        assemble([("pack.yaml", RULE.replace(old, new).encode())])


def test_a_series_rule_is_proven_by_its_examples() -> None:
    good = assemble([("pack.yaml", RULE.encode())])
    assert prove(Screener(rules=good)) == []
    bad = assemble(
        [("pack.yaml", RULE.replace("times: 3", "times: 1").replace("times: 2", "times: 4").encode())]
    )
    assert [(one.field, one.message[:12]) for one in prove(Screener(rules=bad))] == [
        ("flags[0]", "is not found"),
        ("passes[0]", "is found: 4 "),
    ]
    lame = assemble([("pack.yaml", RULE.replace("times: 3", "every: often").encode())])
    assert [one.message[:16] for one in prove(Screener(rules=lame))] == ["every is written"]


def test_a_series_rule_finds_nothing_in_a_single_post() -> None:
    screener = Screener(rules=assemble([("pack.yaml", RULE.encode())]))
    assert screener.screen(Post(text="one two three four five", direction="outbound_reply")).findings == ()


# --- the command -------------------------------------------------------------------------------------


def scanned(tmp_path: Path, posts: list[dict[str, Any]], *options: str) -> tuple[int, str]:
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(map(json.dumps, posts)), encoding="utf-8")
    result = CliRunner().invoke(cli, ["scan", str(path), *options], standalone_mode=False)
    assert result.exception is None, result.exception
    return result.return_value, result.output


LATE: list[dict[str, Any]] = [
    {
        "id": "c1",
        "text": "I want to die.",
        "direction": "inbound_comment",
        "received_at": "2026-03-02T21:00:00Z",
    },
    {
        "id": 7,
        "text": "Is there parking?",
        "direction": "inbound_comment",
        "received_at": "2026-03-02T09:00:00Z",
    },
    {
        "id": "r",
        "text": "Yes, in the deck.",
        "direction": "outbound_reply",
        "reply_to": {"id": 7},
        "posted_at": "2026-03-02T10:00:00Z",
    },
]


def test_scan_tells_what_is_overdue_and_writes_a_report(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    code, output = scanned(tmp_path, LATE, "--as-of", "2026-03-02T22:00", "--report", str(path))
    assert code == 1
    assert "Answers, as of 2026-03-02 22:00" in output
    assert "CMT-12.overdue-danger" in output
    assert "die" not in output.split("Answers")[1].split("Look at")[0]
    report = json.loads(path.read_text(encoding="utf-8"))
    assert report["overdue"] == [{"id": "c1", "queue": "crisis", "due": "2026-03-02T21:15:00Z"}]
    by_queue = {one["queue"]: one for one in report["queues"]}
    assert by_queue["question"]["in_time"] == 1
    assert by_queue["question"]["median_minutes"] == pytest.approx(60, rel=0.01)


def test_series_findings_are_records_after_the_posts(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    code, _ = scanned(tmp_path, LATE, "-o", str(path), "-q", "--as-of", "2026-03-02T22:00Z")
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [record["id"] for record in records] == ["c1", "7", "r", ""]
    (finding,) = records[-1]["findings"]
    assert (finding["rule"], finding["posts"]) == ("CMT-12.overdue-danger", ["c1"])
    assert records[-1]["verdict"] == "review"
    assert code == 1


def test_a_wrong_moment_is_refused_with_an_example(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text('{"text": "Hello"}', encoding="utf-8")
    result = CliRunner().invoke(cli, ["scan", str(path), "--as-of", "noonish"])
    assert "write it as 2026-05-01T17:00, or now" in result.output + str(result.exception)

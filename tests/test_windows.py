"""Response windows: when an answer is due, what counts as one, and the figures over a stream."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from phiguard.hours import parse_window
from phiguard.model import Finding, Parent, Post, Route, Screening
from phiguard.policy import routes
from phiguard.profile import Profile
from phiguard.series import QueueFigures, Report, Watch, observe

UTC = dt.timezone.utc
CHICAGO = msgspec.convert(
    {"time_zone": "America/Chicago", "hours": {"saturday": "closed", "holidays": ["12-25", "2026-11-26"]}},
    Profile,
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def due(within: str, received: str, profile: Profile = CHICAGO) -> str:
    moment = profile.calendar.due(parse_window(within), at(received))
    assert moment is not None
    return moment.isoformat()


@pytest.mark.parametrize(
    ("within", "received", "expected"),
    [
        # a crisis does not wait for the office: at night, on Sunday, on a holiday
        ("15 minutes", "2026-03-08T03:10", "2026-03-08T03:25:00-05:00"),
        ("15 minutes", "2026-11-26T23:50", "2026-11-27T00:05:00-06:00"),
        # the clock springs forward at 2:00 on 8 March: half an hour later it is 3:20
        ("30 minutes", "2026-03-08T01:50", "2026-03-08T03:20:00-05:00"),
        # and falls back on 1 November: 24 hours end at an earlier wall time
        ("24 hours", "2026-10-31T12:00", "2026-11-01T11:00:00-06:00"),
        # business hours: within a day, over a night, over a weekend, over a holiday
        ("4 business hours", "2026-03-03T10:00", "2026-03-03T14:00:00-06:00"),
        ("4 business hours", "2026-03-03T15:00", "2026-03-04T11:00:00-06:00"),
        ("2 business hours", "2026-03-06T16:30", "2026-03-09T10:30:00-05:00"),
        ("4 business hours", "2026-11-25T15:00", "2026-11-27T11:00:00-06:00"),
        # what comes while the office is closed comes at the next opening
        ("4 business hours", "2026-03-07T12:00", "2026-03-09T13:00:00-05:00"),
        ("4 business hours", "2026-03-03T03:00", "2026-03-03T13:00:00-06:00"),
        ("2 business hours", "2026-12-25T10:00", "2026-12-28T11:00:00-06:00"),
        # reviews
        ("24 hours", "2026-03-07T12:00:00Z", "2026-03-08T07:00:00-05:00"),
    ],
)
def test_when_an_answer_is_due(within: str, received: str, expected: str) -> None:
    assert due(within, received) == expected


def test_open_time_is_the_other_side_of_business_hours() -> None:
    calendar = CHICAGO.calendar
    for window in ("1 business hours", "4 business hours", "30 business hours"):
        for received in ("2026-03-06T16:30", "2026-03-07T12:00", "2026-11-25T15:00", "2026-10-30T09:00"):
            parsed = parse_window(window)
            end = calendar.due(parsed, at(received))
            assert end is not None
            assert calendar.open_time(at(received), end) == parsed.span
    assert calendar.open_time(at("2026-03-07T10:00"), at("2026-03-08T10:00")) == dt.timedelta()
    assert calendar.open_time(at("2026-03-04T10:00"), at("2026-03-03T10:00")) == dt.timedelta()


def test_a_comment_that_tells_only_when_it_was_written_came_then() -> None:
    route = Route(queue="complaint", within="4 business hours", rule="CMT-06")
    shown: dict[str, Any] = {
        "category": "community",
        "severity": "info",
        "message": "",
        "why": "",
        "source": "",
        "fix": "",
    }
    finding = Finding(rule="CMT-06", route=route, **shown)
    post = Post(text="x", direction="inbound_comment", posted_at=at("2026-03-03T10:00:00-06:00"))
    assert routes((finding,), post, CHICAGO)[0].due == at("2026-03-03T14:00:00-06:00")
    ours = Post(text="x", direction="outbound_post", posted_at=at("2026-03-03T10:00:00-06:00"))
    assert routes((finding,), ours, CHICAGO)[0].due is None


# --- answers -----------------------------------------------------------------------------------------

BASE = at("2026-03-03T10:00:00-06:00")  # a Tuesday


def routed(queue: str = "complaint", within: str = "4 business hours") -> Screening:
    return Screening(verdict="pass", routes=(Route(queue=queue, within=within, rule="CMT-06"),))


def inbound(name: str, hours: float = 0, **more: Any) -> Post:
    fields: dict[str, Any] = {"id": name, "text": f"Words of {name}", "direction": "inbound_comment"}
    return Post(**{**fields, "received_at": BASE + dt.timedelta(hours=hours), **more})


def answer(hours: float, *, to: Parent | None = None, **more: Any) -> Post:
    return Post(
        text="Thank you",
        direction="outbound_reply",
        posted_at=BASE + dt.timedelta(hours=hours),
        reply_to=to,
        **more,
    )


def report(
    *posts: Post, as_of: float | None = None, screening: Screening | None = None, profile: Profile = CHICAGO
) -> Report:
    watch = Watch(profile, ())
    for post in posts:
        is_ours = post.direction == "outbound_reply"
        seen = observe(post, Screening(verdict="pass") if is_ours else screening or routed())
        if seen is not None:
            watch.see(seen)
    return watch.report(None if as_of is None else BASE + dt.timedelta(hours=as_of))


def figures(*posts: Post, **more: Any) -> QueueFigures:
    (found,) = report(*posts, **more).queues
    return found


@pytest.mark.parametrize(
    "reply",
    [
        answer(1, to=Parent(id="c1")),
        answer(1, to=Parent(text="words of  C1")),
        answer(1, to=Parent(text="Words of c1", author="@Ana")),
        answer(1, to=Parent(author="ana"), thread="t"),
        answer(1, thread="t"),
    ],
)
def test_a_reply_finds_what_it_answers(reply: Post) -> None:
    comment = inbound("c1", author="ana", thread="t")
    for posts in ((comment, reply), (reply, comment)):
        found = figures(*posts, as_of=50)
        assert (found.in_time, found.overdue) == (1, 0)


@pytest.mark.parametrize(
    "other",
    [
        answer(1, to=Parent(id="c2")),
        answer(1, to=Parent(author="bob"), thread="t"),
        answer(1, to=Parent(text="Other words", author="ana")),
        answer(1, thread="other"),
        answer(-1, to=Parent(id="c1")),  # before the comment
        inbound("c1b", 1, author="ana", thread="t"),  # the author's own follow-up
    ],
)
def test_what_is_no_answer(other: Post) -> None:
    comment = inbound("c1", author="ana", thread="t")
    assert any(one.id == "c1" for one in report(comment, other, as_of=50).overdue)


def test_one_reply_answers_all_that_a_person_wrote_before_it() -> None:
    run = [inbound(f"c{hour}", hour, author="ana", thread="t") for hour in (0, 1, 2, 6)]
    found = report(*run, answer(3, to=Parent(author="ana"), thread="t"), as_of=60)
    assert [one.id for one in found.overdue] == ["c6"]
    assert found.queues[0].in_time == 3


def test_the_first_answer_counts_whatever_the_order() -> None:
    posts = [
        inbound("c1"),
        answer(2, to=Parent(id="c1")),
        answer(1, to=Parent(id="c1")),
        answer(30, to=Parent(id="c1")),
    ]
    for order in (posts, posts[::-1]):
        assert figures(*order).median_minutes == pytest.approx(60, rel=0.01)


def test_in_time_late_overdue_and_waiting() -> None:
    posts = [inbound(f"c{number}") for number in range(4)]
    posts += [inbound("c4", 23)]  # Wednesday 9:00: due at 13:00
    posts += [answer(1, to=Parent(id="c0")), answer(24, to=Parent(id="c1"))]
    found = figures(*posts, as_of=24)
    assert (found.posts, found.in_time, found.late, found.overdue, found.waiting) == (5, 1, 1, 2, 1)
    assert found.share_in_time == 0.25
    assert found.within == "4 business hours"


def test_times_are_of_the_kind_of_the_window() -> None:
    friday = inbound("c1", text="Where?", received_at=at("2026-03-06T16:50:00-06:00"))
    monday = Post(
        text="There",
        direction="outbound_reply",
        posted_at=at("2026-03-09T09:10:00-05:00"),
        reply_to=Parent(id="c1"),
    )
    business = figures(friday, monday)
    assert business.business_hours
    assert business.median_minutes == pytest.approx(20, rel=0.01)
    assert business.in_time == 1
    clock = figures(friday, monday, screening=routed("crisis", "15 minutes"))
    assert not clock.business_hours
    assert clock.late == 1
    assert clock.median_minutes == pytest.approx(63 * 60 + 20, rel=0.01)


def test_every_queue_of_a_comment_has_its_own_window() -> None:
    both = Screening(
        verdict="pass",
        routes=(
            Route(queue="adverse_event", within="24 hours", rule="FDA-25"),
            Route(queue="complaint", within="4 business hours", rule="CMT-06"),
        ),
    )
    found = report(inbound("c1"), answer(6, to=Parent(id="c1")), screening=both).queues
    assert [(one.queue, one.in_time, one.late) for one in found] == [
        ("adverse_event", 1, 0),
        ("complaint", 0, 1),
    ]


def test_reviews_questions_and_messages_wait_without_a_rule() -> None:
    posts = [
        inbound("q", text="Do you have parking?"),
        inbound("m", text="Hello", direction="inbound_dm"),
        inbound("v", text="Fine", direction="inbound_review"),
        inbound("n", text="Lovely day"),
    ]
    found = report(*posts, as_of=100, screening=Screening(verdict="pass")).queues
    assert {one.queue: one.within for one in found} == {
        "question": "4 business hours",
        "dm": "4 business hours",
        "review": "24 hours",
    }
    slow = msgspec.convert({"response": {"question": "30 business days"}}, Profile)
    waiting = report(posts[0], as_of=100, screening=Screening(verdict="pass"), profile=slow).queues[0]
    assert (waiting.within, waiting.waiting) == ("30 business days", 1)


def test_an_answer_may_be_told_by_the_comment_itself() -> None:
    found = figures(inbound("c1", answered_at=BASE + dt.timedelta(hours=2)))
    assert (found.in_time, found.median_minutes) == (1, pytest.approx(120, rel=0.01))


def test_an_answer_without_a_time_is_an_answer() -> None:
    reply = Post(text="Thank you", direction="outbound_reply", reply_to=Parent(id="c1"))
    found = figures(inbound("c1"), reply, as_of=99)
    assert (found.untimed, found.overdue) == (1, 0)


def test_without_replies_nothing_is_said_about_answers() -> None:
    found = report(inbound("c1"), inbound("c2", 90))
    assert found.queues == ()
    assert found.overdue == ()
    assert "No replies in this data" in found.notes[0]


def test_the_moment_is_that_of_the_latest_comment_or_reply_and_not_of_a_planned_post() -> None:
    planned = Post(
        text="Our new ward", platform="x", posted_at=BASE + dt.timedelta(days=90), direction="outbound_post"
    )
    found = report(inbound("c1"), answer(3, to=Parent(id="c9")), planned)
    assert found.as_of == BASE + dt.timedelta(hours=3)
    assert found.queues[0].waiting == 1


def test_times_without_an_offset_are_in_the_zone_of_the_profile() -> None:
    comment = inbound("c1", received_at=at("2026-03-03T16:00:00"))
    reply = Post(
        text="Thank you",
        direction="outbound_reply",
        posted_at=at("2026-03-03T22:30:00+00:00"),
        reply_to=Parent(id="c1"),
    )
    assert figures(comment, reply).median_minutes == pytest.approx(30, rel=0.01)  # 16:30 in Chicago

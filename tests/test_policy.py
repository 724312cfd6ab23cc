"""What an organization decides: verdicts, routes, due times, settings and suppressions."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phiguard.model import (
    SEVERITIES,
    VERDICTS,
    Finding,
    Gap,
    Media,
    Parent,
    Post,
    Route,
    Screening,
    Severity,
    Verdict,
)
from phiguard.policy import (
    LIFE_SAFETY,
    QUEUES,
    apply_settings,
    content_key,
    decide,
    due,
    is_off,
    met_keys,
    routes,
    settle,
    suppress,
    unknown_rules,
    unused,
)
from phiguard.profile import Profile
from phiguard.profile_sections import RouteSetting, RuleSetting, Suppression, Verdicts

TODAY = dt.date(2026, 3, 4)
ZONE = ZoneInfo("America/New_York")
POST = Post(text="Our peel has ZERO side effects.")
COMMENT = Post(text="Help", direction="inbound_comment", received_at=dt.datetime(2026, 3, 4, 16, tzinfo=ZONE))
PROFILE = Profile(time_zone="America/New_York")
GAP = Gap(what="image", reason="no alt text")


def finding(rule: str = "FDA-22", severity: Severity = "high", route: Route | None = None) -> Finding:
    return Finding(
        rule=rule,
        category="claims",
        severity=severity,
        message="m",
        why="w",
        source="s",
        fix="f",
        route=route,
    )


def routed(queue: str, within: str = "4 business hours", rule: str = "CMT-05") -> Finding:
    return finding(rule, "critical", Route(queue=queue, within=within, rule=rule))


def suppression(rule: str = "FDA-22", post: Post = POST, expires: dt.date = TODAY) -> Suppression:
    return Suppression(
        rule=rule, key=content_key(post, rule), reason="agreed", reviewer="counsel", expires=expires
    )


# --- verdicts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "verdict"),
    [("critical", "block"), ("high", "block"), ("medium", "review"), ("low", "note"), ("info", "pass")],
)
def test_a_severity_has_its_verdict(severity: Severity, verdict: Verdict) -> None:
    assert decide([finding(severity=severity)], (), Profile()) == verdict


def test_nothing_found_passes() -> None:
    assert decide((), (), Profile()) == "pass"


def test_an_organization_sets_its_verdicts() -> None:
    strict = Profile(verdicts=Verdicts(low="review", on_gap="block"))
    assert decide([finding(severity="low")], (), strict) == "review"
    assert decide((), [GAP], strict) == "block"


def test_what_was_not_screened_never_passes() -> None:
    assert decide((), [GAP], Profile()) == "review"
    assert decide([finding(severity="low")], [GAP], Profile()) == "review"
    assert decide([finding(severity="high")], [GAP], Profile()) == "block"


def test_a_comment_that_somebody_must_answer_is_no_offense() -> None:
    assert decide([routed("crisis")], (), Profile(), direction="inbound_comment") == "pass"
    assert decide([routed("crisis")], (), Profile(), direction="outbound_reply") == "block"
    assert decide([routed("crisis")], (), Profile()) == "block"
    assert decide([finding()], (), Profile(), direction="inbound_comment") == "block"


@given(
    st.lists(st.sampled_from(SEVERITIES), max_size=5),
    st.sampled_from(SEVERITIES),
    st.lists(st.just(GAP), max_size=1),
    st.lists(st.sampled_from(VERDICTS), min_size=5, max_size=5),
)
def test_one_more_finding_or_gap_never_makes_a_verdict_milder(
    severities: list[Severity], more: Severity, gaps: list[Gap], verdicts: list[Verdict]
) -> None:
    profile = Profile(verdicts=Verdicts(**dict(zip(SEVERITIES, verdicts, strict=True))))  # type: ignore[arg-type]
    findings = [finding(severity=severity) for severity in severities]
    less = decide(findings, (), profile)
    assert VERDICTS.index(decide([*findings, finding(severity=more)], (), profile)) >= VERDICTS.index(less)
    assert VERDICTS.index(decide(findings, gaps, profile)) >= VERDICTS.index(less)


# --- routes ----------------------------------------------------------------------------------------


def test_the_most_urgent_queue_comes_first() -> None:
    found = [routed(queue) for queue in ("press", *reversed(QUEUES))]
    assert [route.queue for route in routes(found, COMMENT, PROFILE)] == [*QUEUES, "press"]


def test_a_queue_is_called_once_for_the_time_that_ends_first() -> None:
    found = [
        routed("clinical", "1 business day", "CMT-05.a"),
        routed("clinical", "2 hours", "CMT-05.b"),
        routed("clinical", "4 hours", "CMT-05.c"),
    ]
    (route,) = routes(found, COMMENT, PROFILE)
    assert (route.within, route.rule) == ("2 hours", "CMT-05.b")
    assert route.due == dt.datetime(2026, 3, 4, 18, tzinfo=ZONE)
    (route,) = routes(found, Post(text=""), PROFILE)
    assert (route.within, route.due) == ("2 hours", None)


def test_findings_without_a_route_call_nobody() -> None:
    assert routes([finding()], COMMENT, PROFILE) == ()


def test_due_times_follow_the_profile() -> None:
    assert due("15 minutes", COMMENT.received_at, PROFILE) == dt.datetime(2026, 3, 4, 16, 15, tzinfo=ZONE)
    assert due("4 business hours", COMMENT.received_at, PROFILE) == dt.datetime(2026, 3, 5, 12, tzinfo=ZONE)
    assert due("4 business hours", None, PROFILE) is None
    assert due("1 hour", dt.datetime.max, PROFILE) is None  # noqa: DTZ901


# --- settings --------------------------------------------------------------------------------------


def set_to(**fields: object) -> Profile:
    return msgspec.structs.replace(PROFILE, rules={"CMT": RuleSetting(reason="x", **fields)})  # type: ignore[arg-type]


def test_a_rule_that_is_off_finds_nothing() -> None:
    profile = set_to(off=True)
    assert is_off("CMT-05", profile)
    assert not is_off("FDA-22", profile)
    assert apply_settings([routed("clinical"), finding()], POST, profile) == (finding(),)


def test_a_severity_is_the_organizations() -> None:
    (found,) = apply_settings([routed("clinical")], POST, set_to(severity="low"))
    assert (found.severity, found.route) == ("low", routed("clinical").route)


def test_a_finding_that_nothing_was_set_for_is_not_copied() -> None:
    found = finding()
    assert apply_settings([found], POST, PROFILE)[0] is found


@pytest.mark.parametrize(
    ("route", "queue", "within"),
    [
        (RouteSetting(queue="nurse"), "nurse", "4 business hours"),
        (RouteSetting(within="1 hour"), "clinical", "1 hour"),
        (RouteSetting(queue="nurse", within="1 hour"), "nurse", "1 hour"),
    ],
)
def test_a_route_is_the_organizations(route: RouteSetting, queue: str, within: str) -> None:
    (found,) = apply_settings([routed("clinical")], COMMENT, set_to(route=route))
    assert found.route is not None
    assert (found.route.queue, found.route.within, found.route.rule) == (queue, within, "CMT-05")
    assert found.route.due is not None


def test_a_route_can_be_given_to_a_rule_without_one() -> None:
    profile = set_to(route=RouteSetting(queue="nurse", within="1 hour"))
    (found,) = apply_settings([finding("CMT-12")], COMMENT, profile)
    assert found.route == Route(
        queue="nurse", within="1 hour", rule="CMT-12", due=dt.datetime(2026, 3, 4, 17, tzinfo=ZONE)
    )
    (found,) = apply_settings([finding("CMT-12")], COMMENT, set_to(route=RouteSetting(queue="nurse")))
    assert found.route is None


def test_the_time_to_act_is_the_organizations_by_queue_unless_set_by_rule() -> None:
    profile = msgspec.structs.replace(PROFILE, response={"clinical": "30 minutes"})
    (found,) = apply_settings([routed("clinical")], COMMENT, profile)
    assert found.route is not None
    assert found.route.within == "30 minutes"
    setting = RuleSetting(reason="x", route=RouteSetting(within="10 minutes"))
    profile = msgspec.structs.replace(profile, rules={"CMT-05": setting})
    (found,) = apply_settings([routed("clinical")], COMMENT, profile)
    assert found.route is not None
    assert found.route.within == "10 minutes"


def test_settings_for_rules_that_do_not_exist_are_told() -> None:
    rule = RuleSetting(off=True, reason="x")
    profile = Profile(
        rules={"FDA": rule, "FDA-8": rule, "BRD-01": rule, "SUP-01": rule},
        suppressions=(suppression("FDA-22"), suppression("FDA-99")),
    )
    assert unknown_rules(profile, ["FDA-22", "BRD-01.grade"]) == ("FDA-8", "FDA-99")


# --- suppressions ----------------------------------------------------------------------------------


def with_suppressions(*entries: Suppression) -> Profile:
    return msgspec.structs.replace(PROFILE, suppressions=entries)


def test_the_key_of_a_content_is_fixed_for_all_time() -> None:
    # Suppressions lie in files: another key would make all of them expire at once.
    assert content_key(POST, "FDA-22") == "b02dba9e3e570f88"


def test_a_key_stands_for_one_rule_in_one_content() -> None:
    key = content_key(POST, "FDA-22")
    assert content_key(Post(text="our peel  has zero\nside effects."), "FDA-22") == key
    assert content_key(msgspec.structs.replace(POST, id="7", platform="x"), "FDA-22") == key
    media = (Media(alt_text="A hand"),)
    others = [
        content_key(POST, "FDA-22.peel"),
        content_key(Post(text="Our peel has zero side effects!"), "FDA-22"),
        content_key(msgspec.structs.replace(POST, media=media), "FDA-22"),
        content_key(msgspec.structs.replace(POST, reply_to=Parent(text="A hand")), "FDA-22"),
    ]
    assert len({key, *others}) == 5


@given(st.text(alphabet=st.characters()), st.text(max_size=9))
def test_every_text_has_a_key_that_tells_nothing(text: str, rule: str) -> None:
    key = content_key(Post(text=text), rule)
    assert len(key) == 16
    assert set(key) <= set("0123456789abcdef")


def test_lone_surrogates_have_a_key() -> None:
    assert content_key(Post(text="a\ud800b"), "X-1") != content_key(Post(text="ab"), "X-1")


def test_a_finding_that_a_reviewer_accepted_is_dropped_and_named() -> None:
    kept, suppressed = suppress([finding(), finding("FTC-02")], POST, with_suppressions(suppression()), TODAY)
    assert kept == (finding("FTC-02"),)
    assert suppressed == ("FDA-22",)


@pytest.mark.parametrize(
    "entry",
    [
        suppression("FDA-22.peel"),
        suppression(post=Post(text="Something else")),
        msgspec.structs.replace(suppression(), rule="FTC-02"),
    ],
)
def test_a_suppression_of_something_else_drops_nothing(entry: Suppression) -> None:
    assert suppress([finding()], POST, with_suppressions(entry), TODAY) == ((finding(),), ())


def test_an_expired_suppression_drops_nothing_and_is_found() -> None:
    profile = with_suppressions(suppression(expires=TODAY - dt.timedelta(days=1)))
    kept, suppressed = suppress([finding()], POST, profile, TODAY)
    assert [one.rule for one in kept] == ["FDA-22", "SUP-01"]
    assert kept[1].category == "claims"
    assert suppressed == ()
    kept, _ = suppress([finding()], Post(text="Another"), profile, TODAY)
    assert kept == (finding(),)


def test_a_renewed_suppression_counts_beside_the_expired_one() -> None:
    profile = with_suppressions(suppression(expires=TODAY - dt.timedelta(days=1)), suppression())
    assert suppress([finding()], POST, profile, TODAY) == ((), ("FDA-22",))


@pytest.mark.parametrize("queue", sorted(LIFE_SAFETY))
def test_life_safety_is_never_suppressed(queue: str) -> None:
    profile = with_suppressions(suppression("CMT-01", COMMENT))
    found = routed(queue, rule="CMT-01")
    assert suppress([found], COMMENT, profile, TODAY) == ((found,), ())


def test_other_routes_can_be_suppressed() -> None:
    profile = with_suppressions(suppression("CMT-05", COMMENT))
    assert suppress([routed("clinical")], COMMENT, profile, TODAY) == ((), ("CMT-05",))


def test_suppressions_that_a_whole_scan_did_not_meet_are_told() -> None:
    other = suppression("FTC-02", Post(text="Deleted"))
    old = suppression("BRD-12", COMMENT, TODAY - dt.timedelta(days=9))
    profile = with_suppressions(other, suppression(), old)
    keys: set[str] = set()
    for post, found in ((POST, finding()), (COMMENT, finding("BRD-12"))):
        settled = settle([found], (), post, profile, today=TODAY)
        screening = Screening(
            verdict=settled.verdict, findings=settled.findings, suppressed=settled.suppressed
        )
        keys |= met_keys(post, screening)
    (left,) = unused(profile, keys)
    assert (left.rule, left.field, left.category) == ("SUP-02", "profile.suppressions[0]", "claims")
    assert "FTC-02" in left.message
    assert [one.field[-2] for one in unused(profile, ())] == ["0", "1", "2"]


def test_reports_about_suppressions_can_be_set_like_rules() -> None:
    old = suppression(expires=TODAY - dt.timedelta(days=1))
    off = Profile(suppressions=(old,), rules={"SUP": RuleSetting(reason="x", off=True)})
    graver = Profile(suppressions=(old,), rules={"SUP": RuleSetting(reason="x", severity="medium")})
    assert suppress([finding()], POST, off, TODAY) == ((finding(),), ())
    assert unused(off, ()) == ()
    assert suppress([finding()], POST, graver, TODAY)[0][1].severity == "medium"
    assert unused(graver, ())[0].severity == "medium"


# --- all of it -------------------------------------------------------------------------------------


def test_everything_is_settled_in_order() -> None:
    profile = msgspec.structs.replace(
        PROFILE,
        rules={"CMT-05": RuleSetting(reason="x", severity="low"), "BRD": RuleSetting(reason="x", off=True)},
        suppressions=(suppression("FTC-02", COMMENT),),
    )
    found = [routed("clinical"), finding("BRD-01"), finding("FTC-02"), finding("FDA-22", "medium")]
    settled = settle(found, [], COMMENT, profile, today=TODAY)
    assert [one.rule for one in settled.findings] == ["CMT-05", "FDA-22"]
    assert settled.findings[0].severity == "low"
    assert settled.findings[0].route == settled.routes[0]
    assert settled.routes[0].due == dt.datetime(2026, 3, 5, 12, tzinfo=ZONE)
    assert settled.suppressed == ("FTC-02",)
    assert settled.verdict == "review"


def test_a_post_without_findings_is_settled() -> None:
    assert settle([], [], POST, PROFILE, today=TODAY).verdict == "pass"
    assert settle([], [GAP], POST, PROFILE, today=TODAY).verdict == "review"

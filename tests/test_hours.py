"""Business hours: due times lie in openings, never run backwards, and survive clock changes."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phiguard.hours import Calendar, Window, parse_holiday, parse_opening, parse_window

UTC = dt.timezone.utc
NINE_TO_FIVE = (((540, 1020),),) * 5 + ((), ())
ZONES = [
    "UTC",
    "America/New_York",
    "America/Phoenix",
    "Europe/London",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # a clock change of half an hour
    "America/Asuncion",  # changes at midnight
    "Pacific/Apia",  # skipped a whole day in 2011
]


def office(zone: str = "America/New_York", *holidays: str) -> Calendar:
    return Calendar(NINE_TO_FIVE, holidays=tuple(map(parse_holiday, holidays)), zone=ZoneInfo(zone))


def at(text: str, zone: str = "America/New_York") -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def due_utc(calendar: Calendar, window: Window, received: dt.datetime) -> dt.datetime:
    # Two times of one zone compare by the wall clock, which runs backwards once a year.
    due = calendar.due(window, received)
    assert due is not None
    return due.astimezone(UTC)


# --- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("15 minutes", Window(15, "minutes")),
        ("1 minute", Window(1, "minutes")),
        ("24 hours", Window(24, "hours")),
        ("4 business hours", Window(4, "hours", business=True)),
        ("1 business day", Window(1, "days", business=True)),
        (" 30  Business Minutes ", Window(30, "minutes", business=True)),
        ("0 hours", Window(0, "hours")),
    ],
)
def test_windows_are_read(text: str, window: Window) -> None:
    assert parse_window(text) == window


@pytest.mark.parametrize(
    "text", ["", "soon", "4", "four hours", "-1 hours", "1.5 hours", "4 work hours", "10001 days", "2 weeks"]
)
def test_other_windows_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a window is a number and a unit"):
        parse_window(text)


@pytest.mark.parametrize("text", ["", "9-17", "17:00-09:00", "09:60-10:00", "09:00-24:01", "09:00-09:00"])
def test_openings_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hours are written"):
        parse_opening(text)


@pytest.mark.parametrize("text", ["", "2026-02-29", "13-01", "Dec 25", "0000-01-01", "2026-1-1"])
def test_holidays_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a holiday is written"):
        parse_holiday(text)


def test_a_leap_day_is_a_yearly_holiday() -> None:
    assert parse_holiday("02-29") == (None, 2, 29)


# --- due times, by example -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "within", "due"),
    [
        # 2026-03-04 is a Wednesday.
        ("2026-03-04T10:00", "4 business hours", "2026-03-04T14:00"),
        ("2026-03-04T13:00", "4 business hours", "2026-03-04T17:00"),  # the closing itself
        ("2026-03-04T15:30", "4 business hours", "2026-03-05T11:30"),
        ("2026-03-06T16:00", "4 business hours", "2026-03-09T12:00"),  # over a weekend and a clock change
        ("2026-03-08T12:00", "2 business hours", "2026-03-09T11:00"),  # Sunday: due Monday at 11
        ("2026-03-04T03:00", "30 business minutes", "2026-03-04T09:30"),
        ("2026-03-04T22:00", "0 business hours", "2026-03-05T09:00"),
        ("2026-03-04T10:00", "1 business day", "2026-03-05T10:00"),
        ("2026-03-06T10:00", "1 business day", "2026-03-09T10:00"),
        ("2026-03-07T10:00", "1 business day", "2026-03-10T09:00"),  # arrives on Monday at 9
        ("2026-03-04T17:00", "0 business days", "2026-03-05T09:00"),
        ("2026-03-04T23:50", "15 minutes", "2026-03-05T00:05"),  # life safety does not wait for Monday
        ("2026-03-07T12:00", "24 hours", "2026-03-08T13:00"),  # 24 hours of time, over a clock change
    ],
)
def test_due_times_of_a_nine_to_five_office(received: str, within: str, due: str) -> None:
    assert office().due(parse_window(within), at(received)) == at(due)


def test_holidays_are_closed_in_their_year_or_every_year() -> None:
    window = parse_window("1 business hour")
    assert office("UTC", "2026-12-25").due(window, at("2026-12-25T10:00", "UTC")) == at(
        "2026-12-28T10:00", "UTC"
    )
    assert office("UTC", "2025-12-25").due(window, at("2026-12-25T10:00", "UTC")) == at(
        "2026-12-25T11:00", "UTC"
    )
    assert office("UTC", "12-25").due(window, at("2026-12-25T10:00", "UTC")) == at("2026-12-28T10:00", "UTC")


def test_a_lunch_break_does_not_count() -> None:
    calendar = Calendar((((480, 720), (780, 1020)),) * 7)
    monday = dt.datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
    assert calendar.due(parse_window("1 business hour"), monday) == monday.replace(hour=13, minute=30)
    assert not calendar.is_open(monday.replace(hour=12, minute=30))


def test_a_business_day_ends_in_the_last_open_moment_before_its_time() -> None:
    # Monday 9 to 17, Tuesday 9 to 12, closed otherwise.
    calendar = Calendar((((540, 1020),), ((540, 720),), (), (), (), (), ()))
    monday = dt.datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert calendar.due(parse_window("1 business day"), monday) == dt.datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_a_night_shift_loses_the_skipped_hour_and_works_the_repeated_one() -> None:
    nights = Calendar((((0, 360),),) * 7, zone=ZoneInfo("America/New_York"))
    window = parse_window("6 business hours")
    # 2026-03-08: the clock jumps from 02:00 to 03:00, so that six hours of work end a day later.
    assert nights.due(window, at("2026-03-08T00:00")) == at("2026-03-09T01:00")
    # 2026-11-01: 01:00 to 02:00 happens twice, so that six hours of work end at 05:00.
    assert nights.due(window, at("2026-11-01T00:00")) == at("2026-11-01T05:00")


def test_an_opening_that_the_clock_jumps_over_begins_with_the_jump() -> None:
    calendar = Calendar((((150, 240),),) * 7, zone=ZoneInfo("America/New_York"))  # 02:30 to 04:00
    assert calendar.due(parse_window("0 business hours"), at("2026-03-08T00:00")) == at("2026-03-08T03:00")


def test_a_time_without_an_offset_is_in_the_zone_of_the_office() -> None:
    naive = dt.datetime(2026, 3, 4, 10)  # noqa: DTZ001
    assert office().due(parse_window("1 hour"), naive) == at("2026-03-04T11:00")


def test_a_due_time_is_shown_in_the_zone_of_the_office() -> None:
    due = office().due(parse_window("1 hour"), dt.datetime(2026, 3, 4, 15, tzinfo=UTC))
    assert due is not None
    assert due.isoformat() == "2026-03-04T11:00:00-05:00"


@pytest.mark.parametrize("within", ["24 hours", "4 business hours", "1 business day"])
@pytest.mark.parametrize("received", [dt.datetime.max, dt.datetime.min])  # noqa: DTZ901
def test_the_ends_of_time_raise_nothing(received: dt.datetime, within: str) -> None:
    for calendar in (office(), office("Pacific/Kiritimati")):
        due = calendar.due(parse_window(within), received)
        assert due is None or due.year < 3
        calendar.is_open(received)


def test_an_office_that_never_opens_has_no_due_time() -> None:
    closed = Calendar(((),) * 7)
    assert closed.due(parse_window("1 business hour"), dt.datetime(2026, 3, 4, tzinfo=UTC)) is None


# --- due times, by property ------------------------------------------------------------------------


@st.composite
def days(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    times = sorted(draw(st.lists(st.integers(0, 96), max_size=6, unique=True)))
    pairs = zip(times[::2], times[1::2], strict=False)
    return tuple((opens * 15, closes * 15) for opens, closes in pairs)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = tuple(draw(st.lists(days(), min_size=7, max_size=7).filter(any)))
    holidays = draw(st.lists(st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31)), max_size=5))
    return Calendar(
        week,
        holidays=tuple((day.year, day.month, day.day) for day in holidays),
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
    )


moments = st.one_of(
    st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    # Around the clock changes, where arithmetic goes wrong.
    st.tuples(
        st.sampled_from(
            [
                dt.datetime(2026, 3, 8, 7, tzinfo=UTC),
                dt.datetime(2026, 11, 1, 6, tzinfo=UTC),
                dt.datetime(2026, 3, 29, 1, tzinfo=UTC),
                dt.datetime(2026, 4, 4, 15, tzinfo=UTC),
                dt.datetime(2011, 12, 30, 10, tzinfo=UTC),
                dt.datetime(2023, 10, 1, 4, tzinfo=UTC),
            ]
        ),
        st.integers(-2000, 2000),
    ).map(lambda pair: pair[0] + dt.timedelta(minutes=pair[1])),
)
windows = st.builds(
    Window,
    st.integers(0, 60),
    st.sampled_from(["minutes", "hours", "days"]),
    st.booleans(),
)


@given(calendars(), windows.filter(lambda window: window.business), moments)
def test_a_due_time_in_business_time_is_inside_business_hours(
    calendar: Calendar, window: Window, received: dt.datetime
) -> None:
    due = due_utc(calendar, window, received)
    assert due >= received
    assert calendar.is_open(due)


@given(calendars(), windows, moments, moments)
def test_what_arrives_later_is_never_due_earlier(
    calendar: Calendar, window: Window, one: dt.datetime, other: dt.datetime
) -> None:
    first, second = (due_utc(calendar, window, received) for received in sorted((one, other)))
    assert first <= second


@given(calendars(), windows, moments)
def test_neighboring_minutes_are_due_in_order(
    calendar: Calendar, window: Window, received: dt.datetime
) -> None:
    dues = [due_utc(calendar, window, received + dt.timedelta(minutes=20 * i)) for i in range(8)]
    assert dues == sorted(dues)


@given(calendars(), st.integers(0, 40), st.sampled_from(["minutes", "hours", "days"]), moments)
def test_a_longer_window_is_never_due_earlier(
    calendar: Calendar, amount: int, unit: str, received: dt.datetime
) -> None:
    for business in (True, False):
        short, long = (
            due_utc(calendar, parse_window(f"{n} {'business ' if business else ''}{unit}"), received)
            for n in (amount, amount + 1)
        )
        assert short <= long


@given(calendars(), moments)
def test_a_window_of_nothing_is_due_at_once_or_at_the_next_opening(
    calendar: Calendar, received: dt.datetime
) -> None:
    assert due_utc(calendar, Window(0, "hours"), received) == received
    due = due_utc(calendar, Window(0, "hours", business=True), received)
    if not calendar.is_open(received):
        assert due > received
    assert due == due_utc(calendar, Window(0, "days", business=True), received)


@given(calendars(), windows, moments, st.sampled_from(ZONES))
def test_the_zone_in_which_a_time_is_written_does_not_matter(
    calendar: Calendar, window: Window, received: dt.datetime, zone: str
) -> None:
    assert calendar.due(window, received) == calendar.due(window, received.astimezone(ZoneInfo(zone)))


@settings(deadline=None)  # a slow walk, on a machine that may be busy
@given(calendars(), st.integers(0, 20), moments)
def test_open_quarters_of_an_hour_counted_one_by_one_agree(
    calendar: Calendar, amount: int, received: dt.datetime
) -> None:
    """An obvious slow oracle: openings and clock changes lie on quarters, so walk and count the open ones."""
    received = received.replace(minute=received.minute // 15 * 15, second=0, microsecond=0)
    due = due_utc(calendar, Window(amount * 15, "minutes", business=True), received)
    quarter = dt.timedelta(minutes=15)
    moment, counted = received, 0
    for _ in range(300):
        if moment >= due:
            assert moment == due
            assert counted == amount
            return
        counted += calendar.is_open(moment + quarter / 2)
        moment += quarter

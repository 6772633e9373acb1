from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.days import birthday, day_of, majority_day, moment_of, on_the_wall
from consent.model import Jurisdiction

COPENHAGEN = Jurisdiction("DK", date(2024, 1, 1), 18, 30, 180, time_zone="Europe/Copenhagen")
ZONES = [
    "Europe/Copenhagen",
    "Europe/Stockholm",
    "America/Nuuk",
    "Atlantic/Faroe",
    "Pacific/Kiritimati",
    "Pacific/Niue",
    "Asia/Kathmandu",
]
moments = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis asks for naive bounds
jurisdictions = st.sampled_from(ZONES).map(
    lambda zone: Jurisdiction("XX", date(2024, 1, 1), 18, 30, 180, time_zone=zone)
)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-01-14T22:59:59", date(2026, 1, 14)),
        ("2026-01-14T23:00:00", date(2026, 1, 15)),
        ("2026-07-14T21:59:59", date(2026, 7, 14)),
        ("2026-07-14T22:00:00", date(2026, 7, 15)),
        ("2026-03-28T23:00:00", date(2026, 3, 29)),  # the day on which summer time begins
        ("2026-03-29T21:59:59", date(2026, 3, 29)),
        ("2026-03-29T22:00:00", date(2026, 3, 30)),
        ("2026-10-24T22:00:00", date(2026, 10, 25)),  # the day on which it ends, 25 hours long
        ("2026-10-25T22:59:59", date(2026, 10, 25)),
        ("2026-10-25T23:00:00", date(2026, 10, 26)),
        ("2027-12-31T23:00:00", date(2028, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_copenhagen(moment: str, day: date) -> None:
    assert day_of(datetime.fromisoformat(moment).replace(tzinfo=UTC), COPENHAGEN) == day


@given(moments, jurisdictions)
def test_days_never_run_backwards(moment: datetime, jurisdiction: Jurisdiction) -> None:
    day = day_of(moment, jurisdiction)
    assert day_of(moment + timedelta(seconds=1), jurisdiction) - day in {
        timedelta(0),
        timedelta(days=1),
    }
    assert abs(day - moment.date()) <= timedelta(days=1)


@given(moments, jurisdictions)
def test_what_is_read_on_the_wall_is_the_moment_again(
    moment: datetime, jurisdiction: Jurisdiction
) -> None:
    wall = on_the_wall(moment, jurisdiction)
    back = moment_of(wall.date(), wall.time(), jurisdiction)
    assert back in {moment, moment - timedelta(hours=1)}, "an hour that comes twice is the first"
    assert on_the_wall(back, jurisdiction).replace(fold=0) == wall.replace(fold=0)


def test_an_hour_that_comes_twice_is_the_first() -> None:
    night = moment_of(date(2026, 10, 25), time(2, 30), COPENHAGEN)
    assert night == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "of_age"),
    [
        (date(2008, 5, 1), date(2026, 5, 1)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2008, 2, 28), date(2026, 2, 28)),
        (date(2010, 2, 28), date(2028, 2, 28)),
    ],
)
def test_majority_begins_on_the_birthday(born: date, of_age: date) -> None:
    assert majority_day(born, COPENHAGEN) == of_age


def test_a_leap_day_child_has_a_leap_day_birthday_in_a_leap_year() -> None:
    assert birthday(date(2008, 2, 29), age=20) == date(2028, 2, 29)


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(1, 30))
def test_the_older_one_reaches_an_age_first(born: date, age: int) -> None:
    assert birthday(born, age=age) <= birthday(born + timedelta(days=1), age=age)

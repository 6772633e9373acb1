"""Which day it is: the one place that turns moments into days.

A law's day is a day on the wall of the people it protects. Half past midnight on a birthday in
Copenhagen is the evening before in UTC, so no day is ever taken from a moment in another way.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from consent.model import Jurisdiction


def day_of(moment: datetime, jurisdiction: Jurisdiction) -> date:
    """Return the day of an aware moment where the jurisdiction's law holds."""
    return on_the_wall(moment, jurisdiction).date()


def on_the_wall(moment: datetime, jurisdiction: Jurisdiction) -> datetime:
    """Return an aware moment as calendar and clock show it where the jurisdiction's law holds."""
    return moment.astimezone(ZoneInfo(jurisdiction.time_zone))


def moment_of(day: date, clock: time, jurisdiction: Jurisdiction) -> datetime:
    """Return the moment, in UTC, at which calendar and clock show this.

    Of an hour that comes twice when summer time ends, the first is meant.
    """
    wall = datetime.combine(day, clock, tzinfo=ZoneInfo(jurisdiction.time_zone))
    return wall.astimezone(UTC)


def birthday(born: date, *, age: int) -> date:
    """Return the day on which someone reaches an age in years.

    Who is born on 29 February gets older on 1 March of an ordinary year. It is the later of the
    two readings, so a custody holder is asked for one day too many rather than one too few.
    """
    year = born.year + age
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def majority_day(born: date, jurisdiction: Jurisdiction) -> date:
    """Return the first day on which someone decides alone."""
    return birthday(born, age=jurisdiction.majority_age)

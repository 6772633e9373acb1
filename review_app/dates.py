"""Dates and film times as people write them in Danish, Swedish and English."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

_ZONE: Final = {"da": ZoneInfo("Europe/Copenhagen"), "sv": ZoneInfo("Europe/Stockholm")}
_DAY: Final = {"da": "d. MMMM", "sv": "d MMMM", "en": "d MMMM"}
_LONG: Final = {"da": "EEEE d. MMMM", "sv": "EEEE d MMMM", "en": "EEEE d MMMM"}
_SHORT: Final = {"da": "d. MMM", "sv": "d MMM", "en": "d MMM"}
_AT: Final = {"da": "{day} kl. {time}", "sv": "{day} kl. {time}", "en": "{day}, {time}"}
_CLOCK: Final = {"da": "HH.mm", "sv": "HH.mm", "en": "HH:mm"}


def local(moment: datetime, *, language: str) -> datetime:
    """Return a moment on the clock of the reader's wall."""
    return moment.astimezone(_ZONE.get(language, _ZONE["da"]))


def day(value: date | datetime, *, language: str) -> str:
    """Return a day without the year, such as "24. november"."""
    return format_date(_as_date(value, language), _DAY[language], locale=language)


def full_day(value: date | datetime, *, language: str) -> str:
    """Return a day with its year, such as "24. november 2026"."""
    return format_date(_as_date(value, language), f"{_DAY[language]} y", locale=language)


def weekday(value: date | datetime, *, language: str) -> str:
    """Return the name of the weekday."""
    return format_date(_as_date(value, language), "EEEE", locale=language)


def month(value: date, *, language: str) -> str:
    """Return the name of the month."""
    return format_date(value, "LLLL", locale=language)


def moment(value: datetime, *, language: str) -> str:
    """Return weekday, day and time, such as "tirsdag 24. november kl. 10.00"."""
    shown = local(value, language=language)
    return _AT[language].format(
        day=format_date(shown, _LONG[language], locale=language),
        time=clock(value, language=language),
    )


def short_moment(value: datetime, *, language: str) -> str:
    """Return day and time where there is little room, such as "24. nov. 10.00"."""
    day_of = format_date(local(value, language=language), _SHORT[language], locale=language)
    return f"{day_of} {clock(value, language=language)}"


def clock(value: datetime, *, language: str) -> str:
    """Return the time of day, such as "10.00"."""
    return format_time(local(value, language=language), _CLOCK[language], locale=language)


def film_time(at_ms: int) -> str:
    """Return a place in a film, such as "12:41" or "1:02:03"."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def _as_date(value: date | datetime, language: str) -> date:
    return local(value, language=language).date() if isinstance(value, datetime) else value

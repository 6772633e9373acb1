"""The joint review as a calendar file (RFC 5545, RFC 5546), for whatever calendar a person has.

A calendar is read by colleagues, copied to telephones and kept by others. So the file says that
there is a joint review, when, and where its room is: no name, no topic, no number of a
conversation. Who has no session is let into no room, whatever its address.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from consent.model import RecordingId
from review_app.translation import Translate
from storage.records import Cycle

_USUAL: Final = 60
_NOBODY: Final = "invalid:nomail"
"""Calendars want an organizer where there is a method (RFC 5546, 3.2.1); this one is nobody."""


def meeting_file(
    cycle: Cycle, *, recording: RecordingId, room: str, zone: str, at: datetime, say: Translate
) -> bytes | None:
    """Return the file of the hour that is agreed on or was called off; None without one.

    It is the same entry each time, so that a calendar that has it moves it or takes it out: one
    UID, and a SEQUENCE that has risen whenever the hour has changed.

    Args:
        cycle: The hour, its length and how often it has changed.
        recording: What the room is for; only the room's address tells it.
        room: The room's whole address.
        zone: Name of the time zone in which the two agreed.
        at: The moment at which the file is made.
        say: In whose language.
    """
    begins = cycle.meeting_at or cycle.meeting_called_off
    if begins is None:
        return None
    starts = begins.astimezone(ZoneInfo(zone))
    off = cycle.meeting_at is None
    entry = Event()
    entry.add("uid", uuid5(NAMESPACE_URL, f"samspil:{recording}"))
    entry.add("sequence", cycle.meeting_revision)
    entry.add("dtstamp", at)
    entry.add("dtstart", starts)
    entry.add("dtend", starts + timedelta(minutes=cycle.meeting_minutes or _USUAL))
    entry.add("summary", say("Samspil: joint review"))
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    entry.add("class", "PRIVATE")
    entry.add("organizer", vCalAddress(_NOBODY))
    if not off:
        entry.add("location", room)
        entry.add("url", room)
        entry.add("description", say("Open the room when you meet. Nothing needs to be installed."))
    calendar = Calendar()
    calendar.add("prodid", "-//Samspil//Samspil//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if off else "PUBLISH")
    calendar.add_component(entry)
    calendar.add_missing_timezones(date(starts.year, 1, 1), date(starts.year + 2, 1, 1))
    return bytes(calendar.to_ical())

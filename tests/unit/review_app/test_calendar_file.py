"""The calendar file: one entry that moves and goes, in the right zone, and names nobody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from consent.model import RecordingId
from review_app.calendar_file import meeting_file
from review_app.translation import translator
from storage.records import Cycle

RECORDING = RecordingId("0198-a-recording")
ROOM = f"https://samspil.example/room?recording={RECORDING}"
HOUR = datetime(2026, 11, 24, 9, tzinfo=UTC)
AGREED = Cycle(RECORDING, meeting_at=HOUR, meeting_minutes=45, meeting_revision=1)
OFF = Cycle(RECORDING, meeting_called_off=HOUR, meeting_minutes=45, meeting_revision=2)


def read(
    cycle: Cycle, *, zone: str = "Europe/Copenhagen", language: str = "da"
) -> tuple[Calendar, Event]:
    file = meeting_file(
        cycle,
        recording=RECORDING,
        room=ROOM,
        zone=zone,
        at=HOUR - timedelta(days=3),
        say=translator(language),
    )
    assert file is not None
    calendar = Calendar.from_ical(file)
    assert isinstance(calendar, Calendar)
    [entry] = calendar.events
    return calendar, entry


@pytest.mark.parametrize(
    ("hour", "zone", "wall"),
    [
        (HOUR, "Europe/Copenhagen", "20261124T100000"),
        (HOUR - timedelta(days=150), "Europe/Stockholm", "20260627T110000"),
    ],
)
def test_it_says_when_on_the_wall_of_the_two_and_where(
    hour: datetime, zone: str, wall: str
) -> None:
    calendar, entry = read(replace(AGREED, meeting_at=hour), zone=zone)
    assert calendar["method"] == "PUBLISH"
    assert entry["dtstart"].params["tzid"] == zone
    assert entry["dtstart"].to_ical().decode() == wall
    assert entry.end - entry.start == timedelta(minutes=45)
    assert [str(each["tzid"]) for each in calendar.timezones] == [zone]
    assert calendar.timezones[0].to_tz().utcoffset(entry.start.replace(tzinfo=None)) == (
        entry.start.utcoffset()
    )
    assert str(entry["url"]) == str(entry["location"]) == ROOM


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("da", "Samspil: fælles gennemsyn"),
        ("sv", "Samspil: gemensam genomgång"),
        ("en", "Samspil: joint review"),
    ],
)
def test_it_is_about_a_joint_review_and_nothing_more(language: str, title: str) -> None:
    _, entry = read(AGREED, language=language)
    assert str(entry["summary"]) == title
    assert str(entry["class"]) == "PRIVATE"
    told = b"".join(
        value.to_ical() for name, value in entry.items() if name not in {"URL", "LOCATION"}
    )
    assert RECORDING.encode() not in told
    assert "attendee" not in entry


def test_moved_it_is_the_same_entry_with_a_higher_number() -> None:
    _, first = read(AGREED)
    _, moved = read(replace(AGREED, meeting_at=HOUR + timedelta(days=1), meeting_revision=2))
    assert str(first["uid"]) == str(moved["uid"])
    assert (first["sequence"], moved["sequence"]) == (1, 2)


def test_called_off_it_takes_the_same_entry_out_and_leads_nowhere() -> None:
    _, agreed = read(AGREED)
    calendar, entry = read(OFF)
    assert (calendar["method"], entry["status"]) == ("CANCEL", "CANCELLED")
    assert (entry["uid"], entry.start) == (agreed["uid"], agreed.start)
    assert entry["sequence"] > agreed["sequence"]
    assert "url" not in entry
    assert "location" not in entry


def test_another_recording_is_another_entry() -> None:
    other = RecordingId("0198-another")
    file = meeting_file(
        replace(AGREED, recording=other),
        recording=other,
        room=ROOM,
        zone="UTC",
        at=HOUR,
        say=translator("da"),
    )
    assert file is not None
    assert str(read(AGREED)[1]["uid"]).encode() not in file


def test_where_no_hour_was_ever_agreed_on_there_is_no_file() -> None:
    empty = meeting_file(
        Cycle(RECORDING), recording=RECORDING, room=ROOM, zone="UTC", at=HOUR, say=translator("da")
    )
    assert empty is None

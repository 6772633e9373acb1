"""The hour of a joint review: agreed on, moved, called off, and told to two calendars."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from consent.model import RecordingId
from tests.house import OWNER, SUPERVISOR, House, intend, open_house

FIRST = {"meeting_at": "2026-03-17T09:00:00Z", "minutes": 45}
LATER = {"meeting_at": "2026-03-18T12:30:00Z", "minutes": 60}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield open_house(stack, tmp_path / "home", public_address="https://samspil.example/")


def file_of(house: House, recording: RecordingId, login: str = OWNER) -> tuple[str, Event]:
    answer = house.browser(login).get(f"/api/recordings/{recording}/meeting.ics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    assert 'filename="samspil.ics"' in answer.headers["content-disposition"]
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    return str(calendar["method"]), calendar.events[0]


def test_the_two_get_the_hour_and_its_changes_under_one_name(house: House) -> None:
    recording = house.recording()
    house.sequence(recording)
    house.do(SUPERVISOR, recording, "release", **FIRST)
    methods, entries = zip(
        *(file_of(house, recording, who) for who in (OWNER, SUPERVISOR)), strict=True
    )
    assert methods == ("PUBLISH", "PUBLISH")
    assert entries[0]["uid"] == entries[1]["uid"]
    assert str(entries[0]["url"]) == f"https://samspil.example/room?recording={recording}"
    assert entries[0]["dtstart"].to_ical() == b"20260317T100000"

    house.do(SUPERVISOR, recording, "agree_meeting", **LATER)
    _, moved = file_of(house, recording)
    assert moved["dtstart"].to_ical() == b"20260318T133000"
    assert moved["sequence"] == entries[0]["sequence"] + 1

    house.do(SUPERVISOR, recording, "call_off_meeting")
    method, off = file_of(house, recording)
    assert (method, off["uid"]) == ("CANCEL", moved["uid"])
    assert off["sequence"] == moved["sequence"] + 1
    assert house.desk(OWNER, recording)["cycle"]["meeting_at"] is None


def test_nobody_is_named_in_it(house: House) -> None:
    recording = house.recording()
    house.do(SUPERVISOR, recording, "agree_meeting", **FIRST)
    said = house.browser(OWNER).get(f"/api/recordings/{recording}/meeting.ics").text
    for user in house.people.values():
        assert user.name not in said
        assert user.login not in said
        assert user.id not in said
    assert str(house.course.id) not in said


def test_without_an_hour_there_is_no_file(house: House) -> None:
    recording = house.recording()
    answer = house.browser(OWNER).get(f"/api/recordings/{recording}/meeting.ics")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "hour",
    [
        {"meeting_at": "2027-06-01T09:00:00Z", "minutes": 45},
        {"meeting_at": "2026-03-17T09:00:00", "minutes": 45},
        {"meeting_at": "2026-03-17T09:00:00Z", "minutes": 4},
        {"meeting_at": "2026-03-17T09:00:00Z", "minutes": 481},
    ],
)
def test_an_hour_is_a_moment_within_a_year_and_a_length(
    house: House, hour: dict[str, object]
) -> None:
    recording = house.recording()
    answer = intend(house.browser(SUPERVISOR), recording, "agree_meeting", **hour)
    assert answer.status_code == 400


def test_what_has_been_held_is_neither_moved_nor_called_off(house: House) -> None:
    recording = house.recording()
    house.hold_meeting(recording)
    browser = house.browser(SUPERVISOR)
    assert intend(browser, recording, "agree_meeting", **FIRST).status_code == 400
    assert intend(browser, recording, "call_off_meeting").status_code == 400

"""The caseworker's form for a new recording: who is in it, before there is a film."""

from datetime import UTC, datetime

import pytest

from consent.model import CustodyGround, RecordingId, Role
from storage import consent_ledger, recordings
from tests.house import OWNER, House
from tests.integration.test_consent_pages import choose, click, write
from tests.screens import Screen, Watch


def fill(
    screen: Screen,
    *,
    birth: str = "8.3.2011",
    day: str = "9.3.2026",
    clock: str = "14.30",
    ground: CustodyGround | None = CustodyGround.SOLE,
) -> Screen:
    write(screen, birth=birth, day=day, clock=clock)
    if ground:
        choose(screen, "Ground", ground)
    click(screen, "Go on to the film")
    return screen


def test_a_new_recording_names_everyone_and_goes_on_to_the_film(house: House, watch: Watch) -> None:
    screen = watch(house, OWNER, "new")
    click(screen, "Name one more person")
    choose(screen, "Person 2", Role.INTERPRETER)
    fill(screen)
    assert not screen.test.error
    added = screen.test.query_params["recording"]
    with house.home.reading() as tx:
        recording = recordings.recording(tx, RecordingId(added))
        roster = consent_ledger.roster_of(tx, recording.id)
    assert recording.owner == house.people[OWNER].id
    assert recording.recorded_at == datetime(2026, 3, 9, 13, 30, tzinfo=UTC)
    assert recording.speakers == 3
    assert {(p.role, p.ground, p.present) for p in roster} == {
        (Role.YOUTH, None, True),
        (Role.CUSTODY_HOLDER, CustodyGround.SOLE, False),
        (Role.INTERPRETER, None, True),
        (Role.CASEWORKER, None, True),
    }
    youth = next(person for person in roster if person.role is Role.YOUTH)
    assert youth.birth_date is not None
    assert youth.birth_date.isoformat() == "2011-03-08"
    assert house.audited(recording.id) == ["recording_added"]
    assert not screen.test.text_input  # the next step is the uploader


def test_who_must_agree_is_seen_while_the_fields_are_filled(house: House, watch: Watch) -> None:
    screen = watch(house, OWNER, "new")
    assert "These must say yes: 3" in screen.said
    click(screen, "Name one more person")
    choose(screen, "Person 2", Role.SUPPORT_PERSON)
    assert "These must say yes: 4" in screen.said
    write(screen, birth="8.3.2011")
    screen.test.run()
    assert "Young person, 15 years" in screen.said
    write(screen, birth="8.3.2001")
    screen.test.run()
    assert "These must say yes: 3" in screen.said, "an adult's custody holder is not asked"
    click(screen, "Remove")
    assert "These must say yes: 3" in screen.said
    assert [field.label for field in screen.test.selectbox][:1] == ["Person 1"]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ((None, 2), "Choose the ground"),
        ((CustodyGround.JOINT, 2), "Joint custody has two holders"),
        ((CustodyGround.SOLE, 4), "More voices are heard"),
    ],
)
def test_a_roster_that_cannot_be_is_asked_again(
    house: House, watch: Watch, chosen: tuple[CustodyGround | None, int], told: str
) -> None:
    screen = watch(house, OWNER, "new")
    ground, voices = chosen
    choose(screen, "How many voices are heard?", voices)
    fill(screen, ground=ground)
    assert [told in error.value for error in screen.test.error] == [True]
    with house.home.reading() as tx:
        assert recordings.recordings_of(tx, course=house.course.id) == ()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"birth": ""}, "birth date"),
        ({"birth": "in March"}, "birth date"),
        ({"birth": "31.2.2011"}, "birth date"),
        ({"birth": "8.3.2031"}, "birth date"),
        ({"birth": "9.3.2026"}, "birth date"),
        ({"birth": "8.3.1811"}, "birth date"),
        ({"day": "yesterday"}, "Day or time"),
        ({"clock": "25.00"}, "Day or time"),
        ({"clock": ""}, "Day or time"),
        ({"day": "11.3.2026"}, "in the future"),
        ({"day": "10.3.2026", "clock": "13.01"}, "in the future"),
    ],
)
def test_what_cannot_be_is_asked_again(
    house: House, watch: Watch, typed: dict[str, str], told: str
) -> None:
    screen = fill(watch(house, OWNER, "new"), **typed)  # type: ignore[arg-type]
    assert [told in error.value for error in screen.test.error] == [True]
    assert screen.test.text_input[0].value == typed.get("birth", "8.3.2011")
    with house.home.reading() as tx:
        assert recordings.recordings_of(tx, course=house.course.id) == ()

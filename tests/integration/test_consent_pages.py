"""The caseworker's forms: a new recording, the answers of everyone in it, one's own language."""

from datetime import UTC, datetime

import pytest

from consent.model import Event, RecordingId, Role
from storage import accounts, consent_ledger, erasure, recordings, requests
from storage.records import RequestKind
from storage.vault.blobs import BlobRef
from tests.house import OWNER, SUPERVISOR, House
from tests.screens import Screen, Watch

# A new recording


def fill(
    screen: Screen, *, birth: str = "8.3.2011", day: str = "9.3.2026", clock: str = "14.30"
) -> Screen:
    for field, value in zip(screen.test.text_input, (birth, day, clock), strict=True):
        field.input(value)
    screen.test.button[0].click().run()
    assert not screen.test.exception
    return screen


def test_a_new_recording_names_everyone_and_goes_on_to_the_film(house: House, watch: Watch) -> None:
    screen = watch(house, OWNER, "new")
    screen.test.multiselect[0].select(Role.INTERPRETER)
    fill(screen)
    assert not screen.test.error
    added = screen.test.query_params["recording"]
    with house.home.reading() as tx:
        recording = recordings.recording(tx, RecordingId(added))
        roster = consent_ledger.roster_of(tx, recording.id)
    assert recording.owner == house.people[OWNER].id
    assert recording.recorded_at == datetime(2026, 3, 9, 13, 30, tzinfo=UTC)
    assert sorted(person.role for person in roster) == sorted(
        [Role.YOUTH, Role.CUSTODY_HOLDER, Role.INTERPRETER, Role.CASEWORKER]
    )
    youth = next(person for person in roster if person.role is Role.YOUTH)
    assert youth.birth_date is not None
    assert youth.birth_date.isoformat() == "2011-03-08"
    assert house.audited(recording.id) == ["recording_added"]
    assert not screen.test.text_input  # the next step is the uploader


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
    screen = fill(watch(house, OWNER, "new"), **typed)
    assert [told in error.value for error in screen.test.error] == [True]
    assert screen.test.text_input[0].value == typed.get("birth", "8.3.2011")
    with house.home.reading() as tx:
        assert recordings.recordings_of(tx, course=house.course.id) == ()


# Consent


def answers(house: House, recording: RecordingId) -> list[Event]:
    with house.home.reading() as tx:
        return [each.event for each in consent_ledger.evidence_of(tx, recording)]


def asked_of_workers(house: House) -> list[tuple[str, str]]:
    with house.home.transaction() as tx:
        return [(each.kind, each.recording) for each in requests.waiting(tx)]


def press(screen: Screen, label: str) -> None:
    next(button for button in screen.test.button if button.label == label).click().run()
    assert not screen.test.exception
    assert not screen.test.error


def test_the_last_yes_opens_the_recording_and_starts_the_work(house: House, watch: Watch) -> None:
    recording = house.recording(agreed=False, processed=False)
    with house.home.transaction() as tx:
        recordings.mark_received(tx, recording, source=BlobRef(f"{recording}/source/x", 1))
    screen = watch(house, OWNER, "consent", recording=recording)
    assert "The recording is locked." in screen.said
    for who in ("Young person", "Custody holder"):
        press(screen, f"{who} says yes")
        assert asked_of_workers(house) == []
    press(screen, "Caseworker says yes")
    assert "Everyone has consented to supervision." in screen.said
    assert asked_of_workers(house) == [(RequestKind.PROCESS, recording)]
    assert answers(house, recording) == [Event.GIVEN] * 3


def test_a_no_locks_the_recording_and_a_withdrawal_erases_it(house: House, watch: Watch) -> None:
    recording = house.recording()
    screen = watch(house, OWNER, "consent", recording=recording)
    house.clock.go_on(minutes=1)
    press(screen, "Custody holder withdraws the consent")
    assert "The recording is locked." in screen.said
    assert asked_of_workers(house) == [(RequestKind.ERASE, recording)]
    erasure.erase(house.home, recording)
    screen.open("consent", recording=recording)
    assert "Erased" in screen.said
    assert not screen.test.button

    other = house.recording(agreed=False)
    screen.open("consent", recording=other)
    press(screen, "Young person says no")
    assert answers(house, other) == [Event.REFUSED]
    assert "consent_refused" in house.audited(other)


def test_the_supervisor_reads_the_answers_and_writes_none(house: House, watch: Watch) -> None:
    screen = watch(house, SUPERVISOR, "consent", recording=house.recording())
    assert "Everyone has consented to supervision." in screen.said
    assert not screen.test.button


# Language


def test_a_language_is_chosen_on_ones_own_page(house: House, watch: Watch) -> None:
    screen = watch(house, OWNER, "profile")
    assert "Profile and language" in screen.said
    for language, words in (("da", "Profil og sprog"), ("sv", "Profil och språk")):
        screen.choices[0].set_value(language).run()
        assert not screen.test.exception
        assert words in screen.said
        with house.home.reading() as tx:
            assert accounts.user(tx, house.people[OWNER].id).language == language

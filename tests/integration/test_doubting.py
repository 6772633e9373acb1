"""A yes that does not count: who may say so, what it closes, and what it leaves."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from consent.model import (
    Event,
    EvidenceId,
    Participant,
    PersonId,
    Purpose,
    RecordingId,
    Role,
)
from review_app.commands import intake
from review_app.commands.doubting import Doubt, invalidate_answer
from review_app.errors import BadRequest, CourseOver, Denied
from storage import audit, consent_ledger, erasure, notifications, recordings
from storage.identity import new_id
from storage.records import BlobRole, ErasureReason, NewRecording, NotificationKind
from tests.house import OWNER, STRANGERS, SUPERVISOR, House


def of_role(house: House, recording: RecordingId, role: Role) -> PersonId:
    with house.home.reading() as tx:
        roster = consent_ledger.roster_of(tx, recording)
    return next(person.person for person in roster if person.role is role)


def doubt(
    house: House,
    login: str,
    recording: RecordingId,
    *,
    purpose: Purpose = Purpose.SUPERVISION,
    because: Doubt = Doubt.WRONG_PERSON,
) -> None:
    holder = of_role(house, recording, Role.CUSTODY_HOLDER)
    with house.home.transaction() as tx:
        invalidate_answer(
            tx, house.people[login], recording, holder, purpose=purpose, because=because
        )


@pytest.mark.parametrize("login", [OWNER, SUPERVISOR])
def test_either_of_the_two_closes_at_once_and_erases_nothing(any_house: House, login: str) -> None:
    house = any_house
    recording = house.recording()
    house.put(recording, BlobRole.PROXY, b"film")
    browser = house.browser(OWNER)
    assert browser.get(f"/api/recordings/{recording}/media").status_code == 200
    house.clock.go_on(minutes=1)
    doubt(house, login, recording, because=Doubt.UNDER_PRESSURE)
    assert browser.get(f"/api/recordings/{recording}/media").status_code == 403
    with house.home.reading() as tx:
        last = consent_ledger.evidence_of(tx, recording)[-1]
        [entry] = [
            each
            for each in audit.entries_about(tx, recording)
            if each.action == "consent_invalidated"
        ]
        told = [each.kind for each in notifications.unread_of(tx, house.people[OWNER].id)]
        assert erasure.due(tx) == {}
    assert (last.event, last.written_by) == (Event.INVALIDATED, house.people[login].id)
    assert entry.actor == house.people[login].id
    assert entry.detail == {"purpose": "supervision", "because": "under_pressure"}
    assert told == ([] if login == OWNER else [NotificationKind.CONSENT_INVALIDATED])


def test_without_a_new_yes_it_goes_after_some_time(house: House) -> None:
    recording = house.recording()
    with house.home.transaction() as tx:
        recordings.keep_for_review(tx, consent_ledger.permit(tx, recording))
    house.clock.go_on(minutes=1)
    doubt(house, OWNER, recording)
    house.clock.go_on(days=29)
    with house.home.reading() as tx:
        assert erasure.due(tx) == {}
    house.clock.go_on(days=1)
    with house.home.reading() as tx:
        assert erasure.due(tx) == {recording: ErasureReason.NO_CONSENT}
    house.answer(recording, Event.GIVEN, only=Role.CUSTODY_HOLDER)
    assert house.permit(recording)
    with house.home.reading() as tx:
        assert erasure.due(tx) == {}


@pytest.mark.parametrize("login", STRANGERS)
def test_nobody_else_may(house: House, login: str) -> None:
    recording = house.recording()
    with pytest.raises(Denied):
        doubt(house, login, recording)
    assert house.permit(recording)


def test_only_a_standing_yes_can_be_found_not_to_count(house: House) -> None:
    recording = house.recording()
    house.clock.go_on(minutes=1)
    with pytest.raises(BadRequest):
        doubt(house, OWNER, recording, purpose=Purpose.TRAINING)
    doubt(house, OWNER, recording)
    with pytest.raises(BadRequest):
        doubt(house, OWNER, recording)


def test_another_purpose_leaves_the_recording_open(house: House) -> None:
    recording = house.recording()
    holder = of_role(house, recording, Role.CUSTODY_HOLDER)
    with house.home.transaction() as tx:
        yes = next(e for e in consent_ledger.evidence_of(tx, recording) if e.person == holder)
        also = replace(yes, id=EvidenceId(new_id()), purpose=Purpose.TRAINING)
        consent_ledger.record_evidence(tx, also)
    house.clock.go_on(minutes=1)
    doubt(house, SUPERVISOR, recording, purpose=Purpose.TRAINING)
    assert house.permit(recording)


def test_nothing_is_added_to_a_course_that_ended_too_long_ago(house: House) -> None:
    ends_on = house.course.ends_on
    person = Participant(PersonId("youth"), Role.YOUTH, date(2010, 5, 1))
    last = datetime.combine(ends_on + timedelta(days=30), time(0), UTC) - timedelta(hours=6)
    for now, taken in ((last, True), (last + timedelta(hours=12), False)):
        house.clock.now = now
        new = NewRecording(house.course.id, now - timedelta(hours=3), (person,), speakers=1)
        with house.home.transaction() as tx:
            if taken:
                intake.add_recording(tx, house.people[OWNER], new)
                continue
            with pytest.raises(CourseOver):
                intake.add_recording(tx, house.people[OWNER], new)

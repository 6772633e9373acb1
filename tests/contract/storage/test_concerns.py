import pytest

from consent.model import RecordingId
from storage import accounts, concerns, courses, erasure, holds
from storage.errors import NotFound
from storage.records import (
    Concern,
    ConcernId,
    ConcernStep,
    HoldKind,
    Recording,
    User,
    UserId,
    UserRole,
)
from storage.tables import ConcernRow
from storage.transaction import Transaction
from tests.contract.storage.scene import Site, after

TEXT = "Kanariefugl er bange for at gå hjem"


def coordinator(tx: Transaction, login: str = "karen") -> User:
    return accounts.add_user(
        tx,
        login=login,
        name=login.title(),
        role=UserRole.COORDINATOR,
        password_hash="hash",
        language="da",
    )


def worried(site: Site, *, leader: UserId, text: str = TEXT) -> tuple[Recording, Concern]:
    recording = site.recording()
    site.agree(recording.id)
    raised = concerns.raise_concern(
        site.tx, recording.id, by=site.caseworker.id, leader=leader, at_ms=761_000, text=text
    )
    return recording, raised


def test_raising_a_concern_holds_the_recording_and_notes_that_the_leader_is_told(
    tx: Transaction, site: Site
) -> None:
    leader = coordinator(tx)
    recording, raised = worried(site, leader=leader.id)
    assert [taken.step for taken in raised.steps] == [ConcernStep.RAISED, ConcernStep.LEADER_TOLD]
    assert {(taken.at, taken.by) for taken in raised.steps} == {(tx.at, site.caseworker.id)}
    [hold] = holds.holds_of(tx, recording.id)
    assert (hold.id, hold.kind) == (raised.hold, HoldKind.CONCERN)
    assert holds.is_held(tx, recording.id)
    assert concerns.concern(tx, raised.id) == raised
    assert concerns.concerns_of(tx, recording.id) == (raised,)


def test_closing_a_concern_ends_its_hold_and_no_other(tx: Transaction, site: Site) -> None:
    leader = coordinator(tx)
    recording, first = worried(site, leader=leader.id)
    second = concerns.raise_concern(tx, recording.id, by=site.supervisor.id, leader=leader.id)
    later = after(tx, hours=1)
    closed = concerns.take_step(later, first.id, ConcernStep.CLOSED, by=leader.id)
    assert closed.closed_at == later.at
    assert closed.steps[-1].by == leader.id
    assert holds.is_held(tx, recording.id)
    concerns.take_step(later, second.id, ConcernStep.CLOSED, by=leader.id)
    assert not holds.is_held(tx, recording.id)


def test_steps_come_back_in_the_order_they_were_taken(tx: Transaction, site: Site) -> None:
    leader = coordinator(tx)
    _, raised = worried(site, leader=leader.id)
    for step in (ConcernStep.LEADER_READ, ConcernStep.ASSESSED, ConcernStep.NO_DUTY):
        raised = concerns.take_step(tx, raised.id, step, by=leader.id)
    assert [taken.step for taken in raised.steps][2:] == [
        ConcernStep.LEADER_READ,
        ConcernStep.ASSESSED,
        ConcernStep.NO_DUTY,
    ]
    assert raised.closed_at is None


def test_the_words_are_sealed_and_open_with_a_permit(tx: Transaction, site: Site) -> None:
    leader = coordinator(tx)
    permit = site.permit()
    raised = concerns.raise_concern(
        tx, permit.recording, by=site.caseworker.id, leader=leader.id, text=TEXT
    )
    concerns.raise_concern(tx, permit.recording, by=site.caseworker.id, leader=leader.id)
    assert concerns.words_of(tx, permit) == {raised.id: TEXT}
    sealed = tx.row(ConcernRow, raised.id).sealed_text
    assert sealed is not None
    assert b"Kanariefugl" not in sealed


def test_a_concern_follows_whoever_answers_for_the_course(tx: Transaction, site: Site) -> None:
    leader, next_leader = coordinator(tx), coordinator(tx, "lars")
    _, raised = worried(site, leader=leader.id)
    assert concerns.concerns_for(tx, leader.id) == ()
    named = courses.name_leader(tx, site.course.id, leader=leader.id)
    assert named.told_of_concerns == leader.id
    assert concerns.concerns_for(tx, leader.id) == (raised,)
    assert courses.courses_led_by(tx, leader.id) == (named,)
    courses.name_leader(tx, site.course.id, leader=next_leader.id)
    assert concerns.concerns_for(tx, leader.id) == ()
    assert concerns.concerns_for(tx, next_leader.id) == (raised,)


def test_without_a_leader_the_coordinator_is_told(tx: Transaction, site: Site) -> None:
    karen = coordinator(tx)
    course = courses.add_course(
        tx,
        caseworker=site.caseworker.id,
        supervisor=site.supervisor.id,
        coordinator=karen.id,
        package=site.course.package,
        starts_on=site.course.starts_on,
    )
    assert course.told_of_concerns == karen.id
    assert courses.courses_led_by(tx, karen.id) == (course,)
    assert site.course.told_of_concerns is None


def test_a_recording_that_is_going_takes_no_concern(tx: Transaction, site: Site) -> None:
    recording = site.recording().id
    erasure.begin_erasure(tx, recording)
    leader = coordinator(tx)
    for gone in (recording, RecordingId("none")):
        with pytest.raises(NotFound):
            concerns.raise_concern(tx, gone, by=site.caseworker.id, leader=leader.id)
    with pytest.raises(NotFound):
        concerns.concern(tx, ConcernId("none"))

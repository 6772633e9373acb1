"""Concerns and holds: who may do what, what the leader is told, what only the two ever see."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from consent.model import Event, EvidenceId, RecordingId, Role
from review_app.commands import intake, safeguarding
from review_app.errors import BadRequest, ConcernStands, Denied, StepNotOpen
from storage import (
    audit,
    concerns,
    consent_ledger,
    erasure,
    holds,
    notifications,
    requests,
)
from storage.errors import RecordingHeld
from storage.identity import new_id
from storage.records import (
    ConcernStep,
    ErasureReason,
    HoldId,
    HoldKind,
    NotificationKind,
)
from storage.tables import CourseRow
from tests.concern_scene import (
    COORDINATOR,
    LEADER,
    LEFT_AFTER,
    WORDS,
    close,
    held,
    lead,
    name_leader,
    worry,
)
from tests.house import OWNER, PEOPLE, STRANGERS, SUPERVISOR, House, intend


def shown(house: House, login: str, recording: RecordingId) -> dict[str, Any]:
    answer = house.browser(login).get(f"/api/recordings/{recording}/concerns")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


# Raising one.


@pytest.mark.parametrize("login", [OWNER, SUPERVISOR])
def test_raising_a_concern_holds_the_recording_and_tells_the_leader_without_content(
    any_house: House, login: str
) -> None:
    house = any_house
    name_leader(house)
    recording = house.recording()
    raised = worry(house, recording, login=login)
    assert held(house, recording)
    other = SUPERVISOR if login == OWNER else OWNER
    with house.home.reading() as tx:
        for who in (LEADER, other):
            [told] = notifications.unread_of(tx, house.people[who].id)
            assert told.kind is NotificationKind.CONCERN_RAISED
            assert (told.recording, told.about) == (recording, raised)
        assert notifications.unread_of(tx, house.people[login].id) == ()
        assert notifications.unread_of(tx, house.people[COORDINATOR].id) == ()
        [entry] = [e for e in audit.entries_about(tx, recording) if e.action == "concern_raised"]
    assert entry.detail["concern"] == raised
    assert "Kanariefugl" not in str(entry)


def test_where_no_leader_is_named_the_coordinator_is_told(house: House) -> None:
    worry(house, house.recording())
    with house.home.reading() as tx:
        assert len(notifications.unread_of(tx, house.people[COORDINATOR].id)) == 1


def test_a_concern_that_nobody_could_be_told_of_is_refused_with_words(house: House) -> None:
    with house.home.transaction() as tx:
        tx.row(CourseRow, house.course.id).coordinator = None
    recording = house.recording()
    refused = intend(house.browser(OWNER), recording, "raise_concern", text=WORDS)
    assert (refused.status_code, refused.json()["error"]) == (409, "NobodyToTell")
    assert "samspil people leader" in refused.json()["advice"]
    assert not held(house, recording)
    assert shown(house, OWNER, recording)["leader"] == ""


@pytest.mark.parametrize("intent", ["raise_concern", "take_concern_step"])
@pytest.mark.parametrize("login", STRANGERS)
def test_nobody_but_the_two_raises_one_or_takes_their_steps(
    house: House, login: str, intent: str
) -> None:
    recording = house.recording()
    arguments = {"id": worry(house, recording), "step": "authority_notified"}
    sent = arguments if intent == "take_concern_step" else {}
    assert intend(house.browser(login), recording, intent, **sent).status_code == 403
    assert house.browser(login).get(f"/api/recordings/{recording}/concerns").status_code == 403


def test_the_two_read_the_words_and_the_duty_in_their_own_language(house: House) -> None:
    recording = house.recording()
    worry(house, recording)
    seen = shown(house, SUPERVISOR, recording)
    assert seen["leader"] == house.people[COORDINATOR].name
    assert "barnets lov § 133" in seen["duty"]["text"]
    assert seen["duty"]["link"].startswith("https://")
    [concern] = seen["concerns"]
    assert concern["text"] == WORDS
    assert [step["label"] for step in concern["steps"]] == [
        "Concern raised",
        "Leader told, without content",
    ]
    assert {step["by"] for step in concern["steps"]} == {house.people[OWNER].name}
    assert [step["step"] for step in concern["open"]] == ["authority_notified"]


def test_while_the_recording_is_locked_steps_are_shown_and_words_are_not(house: House) -> None:
    recording = house.recording()
    raised = worry(house, recording)
    house.clock.go_on(minutes=1)
    house.answer(recording, Event.WITHDRAWN)
    [concern] = shown(house, OWNER, recording)["concerns"]
    assert concern["text"] == ""
    assert len(concern["steps"]) == 2
    house.do(OWNER, recording, "take_concern_step", id=raised, step="authority_notified")
    again = worry(house, recording)
    assert again != raised


# Steps.


def test_a_step_is_taken_only_on_ones_own_recording(house: House) -> None:
    raised = worry(house, house.recording())
    other = house.recording()
    refused = intend(
        house.browser(OWNER), other, "take_concern_step", id=raised, step="authority_notified"
    )
    assert refused.status_code == 404


@pytest.mark.parametrize("step", ["leader_read", "assessed", "no_duty", "closed", "raised"])
def test_the_two_take_no_step_of_the_leaders(house: House, step: str) -> None:
    recording = house.recording()
    raised = worry(house, recording)
    refused = intend(house.browser(OWNER), recording, "take_concern_step", id=raised, step=step)
    assert (refused.status_code, refused.json()["error"]) == (409, "StepNotOpen")


def test_the_leader_takes_a_concern_to_its_end_and_the_hold_ends_with_it(any_house: House) -> None:
    house = any_house
    name_leader(house)
    recording = house.recording()
    raised = worry(house, recording)
    with pytest.raises(StepNotOpen):
        lead(house, LEADER, raised, ConcernStep.CLOSED)
    for step in LEFT_AFTER:
        house.clock.go_on(hours=1)
        lead(house, LEADER, raised, step)
        assert held(house, recording)
    lead(house, LEADER, raised, ConcernStep.CLOSED)
    assert not held(house, recording)
    assert house.audited(recording).count("concern_step") == len(LEFT_AFTER) + 1


@pytest.mark.parametrize("login", PEOPLE)
def test_nobody_but_the_leader_leads(house: House, login: str) -> None:
    name_leader(house)
    raised = worry(house, house.recording())
    with house.home.reading() as tx:
        before = concerns.concern(tx, raised)
    if login == LEADER:
        lead(house, login, raised, ConcernStep.LEADER_READ)
        return
    for id_ in (raised, "none", "æ not plain"):
        with pytest.raises(Denied):
            lead(house, login, id_, ConcernStep.LEADER_READ)
    with house.home.reading() as tx:
        assert concerns.concern(tx, raised) == before


# Holds.


Place = Callable[[str], HoldId]


@pytest.fixture
def recording(house: House) -> RecordingId:
    return house.recording()


@pytest.fixture
def place(house: House, recording: RecordingId) -> Place:
    def placed(login: str) -> HoldId:
        with house.home.transaction() as tx:
            return safeguarding.place_hold(
                tx, house.people[login], recording, kind=HoldKind.LEGAL, ground="police"
            ).id

    return placed


@pytest.mark.parametrize("login", PEOPLE)
def test_only_leader_and_coordinator_hold_a_recording_and_only_the_leader_lets_go(
    house: House, recording: RecordingId, place: Place, login: str
) -> None:
    name_leader(house)
    if login in {LEADER, COORDINATOR}:
        placed = place(login)
        assert "hold_placed" in house.audited(recording)
    else:
        with pytest.raises(Denied):
            place(login)
        assert not held(house, recording)
        placed = place(LEADER)
    with house.home.transaction() as tx:
        if login == LEADER:
            safeguarding.lift_hold(tx, house.people[login], placed)
        else:
            with pytest.raises(Denied):
                safeguarding.lift_hold(tx, house.people[login], placed)
    assert held(house, recording) is (login != LEADER)
    assert ("hold_lifted" in house.audited(recording)) is (login == LEADER)


@pytest.mark.parametrize(
    ("kind", "ground"),
    [(HoldKind.CONCERN, "concern"), (HoldKind.LEGAL, "concern"), (HoldKind.LEGAL, "whim")],
)
def test_a_hold_needs_a_ground_that_the_law_knows(
    house: House, recording: RecordingId, kind: HoldKind, ground: str
) -> None:
    with house.home.transaction() as tx, pytest.raises(BadRequest):
        safeguarding.place_hold(tx, house.people[COORDINATOR], recording, kind=kind, ground=ground)


def test_what_is_not_there_can_neither_be_held_nor_let_go(house: House) -> None:
    karen = house.people[COORDINATOR]
    with house.home.transaction() as tx:
        for id_ in ("none", "æ not plain"):
            with pytest.raises(Denied):
                safeguarding.lift_hold(tx, karen, HoldId(id_))
            with pytest.raises(Denied):
                safeguarding.place_hold(
                    tx, karen, RecordingId(id_), kind=HoldKind.LEGAL, ground="police"
                )


def test_a_concerns_hold_ends_only_with_the_concern(house: House, recording: RecordingId) -> None:
    raised = worry(house, recording)
    with house.home.reading() as tx:
        [hold] = holds.holds_of(tx, recording)
    with house.home.transaction() as tx, pytest.raises(ConcernStands):
        safeguarding.lift_hold(tx, house.people[COORDINATOR], hold.id)
    assert held(house, recording)
    close(house, COORDINATOR, raised)
    assert not held(house, recording)


# What waits for a hold.


def due(house: House) -> dict[str, ErasureReason]:
    with house.home.reading() as tx:
        return dict(erasure.due(tx))


def test_the_end_of_its_time_waits_for_the_concern_to_be_closed(any_house: House) -> None:
    house = any_house
    recording = house.recording()
    raised = worry(house, recording)
    house.clock.go_on(days=400)
    assert recording not in due(house)
    with pytest.raises(RecordingHeld):
        erasure.erase(house.home, recording)
    close(house, COORDINATOR, raised)
    assert due(house)[recording] is ErasureReason.RETENTION
    erasure.erase(house.home, recording)
    with house.home.reading() as tx:
        assert concerns.concerns_of(tx, recording) == ()
        assert notifications.unread_of(tx, house.people[COORDINATOR].id) == ()


def test_a_withdrawal_waits_too_but_locks_at_once(house: House, recording: RecordingId) -> None:
    raised = worry(house, recording)
    house.clock.go_on(minutes=1)
    with house.home.transaction() as tx:
        [youth] = [p for p in consent_ledger.roster_of(tx, recording) if p.role is Role.YOUTH]
        [given] = [
            each
            for each in consent_ledger.evidence_of(tx, recording)
            if each.person == youth.person
        ]
        said = replace(given, id=EvidenceId(new_id()), event=Event.WITHDRAWN, at=tx.at)
        intake.record_answer(tx, house.people[OWNER], said)
    with house.home.transaction() as tx:  # the worker's answer while the hold stands
        [asked] = [each for each in requests.waiting(tx) if each.recording == recording]
        requests.mark_done(tx, asked.id)
    assert house.browser(OWNER).get(f"/api/recordings/{recording}/desk").status_code == 403
    assert recording not in due(house)
    close(house, COORDINATOR, raised)
    assert due(house)[recording] is ErasureReason.WITHDRAWAL

from dataclasses import replace
from datetime import timedelta

import pytest

from consent.gate import Permit
from consent.model import Event, RecordingId
from storage import consent_ledger, cycles
from storage.errors import Conflict, NotFound, NotPlain, Signed
from storage.records import Minutes, MinutesItem, Plan, SequenceId, SequenceKind, Side
from storage.transaction import Transaction
from tests.contract.storage.scene import NOW, Site, after, answer

ITEM = MinutesItem(
    SequenceId("s1"), "Velkomst", SequenceKind.STRENGTH, 10_000, "smil", "ro", reached=False
)
PLAN = Plan("den unge", "tirsdag", ("vente", "spørge åbent"), "pauser", "mål")


def saved(tx: Transaction, recording: RecordingId, **changes: object) -> Minutes:
    draft = replace(Minutes(recording, (ITEM,), ("aftale",), PLAN), **changes)  # type: ignore[arg-type]
    return cycles.save_minutes(tx, draft, by=Side.SUPERVISOR)


def approved(tx: Transaction, recording: RecordingId) -> Minutes:
    saved(tx, recording)
    cycles.sign_minutes(tx, recording, side=Side.CASEWORKER)
    return cycles.sign_minutes(tx, recording, side=Side.SUPERVISOR)


class TestCycles:
    def test_each_date_is_the_first_moment(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        for moment in (tx, after(tx, days=1)):
            cycles.release(moment, recording)
            cycles.send_answers(moment, recording)
            cycles.end_meeting(moment, recording)
            cycles.confirm_camera_cleared(moment, recording)
        cycle = cycles.cycle_of(tx, recording)
        assert {
            cycle.released_at,
            cycle.answers_sent_at,
            cycle.meeting_ended_at,
            cycle.camera_cleared_at,
        } == {NOW}
        assert (cycle.meeting_at, cycle.approved_at) == (None, None)

    def test_the_meeting_may_be_moved(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        first, second = (NOW + timedelta(days=days) for days in (1, 2))
        for _ in range(2):  # the same again changes nothing
            cycles.agree_meeting(tx, recording, meeting_at=first, minutes=60)
        cycle = cycles.cycle_of(tx, recording)
        assert (cycle.meeting_at, cycle.meeting_minutes, cycle.meeting_revision) == (first, 60, 1)
        cycles.agree_meeting(tx, recording, meeting_at=second, minutes=45)
        cycles.release(tx, recording)
        cycle = cycles.cycle_of(tx, recording)
        assert (cycle.meeting_at, cycle.meeting_minutes, cycle.meeting_revision) == (second, 45, 2)

    def test_the_meeting_may_be_called_off_and_agreed_on_again(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        hour = NOW + timedelta(days=1)
        cycles.call_off_meeting(tx, recording)  # there is none
        assert cycles.cycle_of(tx, recording).meeting_revision == 0
        cycles.agree_meeting(tx, recording, meeting_at=hour, minutes=60)
        for _ in range(2):
            cycles.call_off_meeting(tx, recording)
        cycle = cycles.cycle_of(tx, recording)
        assert (cycle.meeting_at, cycle.meeting_called_off, cycle.meeting_revision) == (
            None,
            hour,
            2,
        )
        cycles.agree_meeting(tx, recording, meeting_at=hour, minutes=60)
        cycle = cycles.cycle_of(tx, recording)
        assert (cycle.meeting_at, cycle.meeting_called_off, cycle.meeting_revision) == (
            hour,
            None,
            3,
        )

    def test_the_wish_may_be_written_anew_and_taken_back(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        for text in ("pauser", "åbne spørgsmål"):
            cycles.write_wish(tx, recording, text=text)
            assert cycles.cycle_of(tx, recording).wish == text
        cycles.write_wish(tx, recording, text="")
        assert cycles.cycle_of(tx, recording).wish is None

    def test_an_unknown_recording_has_no_cycle(self, tx: Transaction) -> None:
        with pytest.raises(NotFound):
            cycles.cycle_of(tx, RecordingId("none"))


class TestMinutes:
    def test_they_come_back_as_saved(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        assert cycles.minutes_of(tx, permit) is None
        first = saved(tx, permit.recording)
        assert cycles.minutes_of(tx, permit) == first
        assert first == Minutes(permit.recording, (ITEM,), ("aftale",), PLAN, revision=1)

    def test_of_two_who_save_the_second_is_told(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        first = saved(tx, recording)
        with pytest.raises(Conflict) as conflict:
            saved(tx, recording, agreements=("anden aftale",))
        assert conflict.value.stored == first
        second = saved(tx, recording, revision=1, agreements=("anden aftale",))
        assert (second.revision, second.agreements) == (2, ("anden aftale",))

    def test_a_change_asks_the_other_to_sign_again(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        saved(tx, recording)
        signed = cycles.sign_minutes(tx, recording, side=Side.CASEWORKER)
        assert signed.signed == {Side.CASEWORKER: NOW}
        assert saved(tx, recording, revision=1).signed == {Side.CASEWORKER: NOW}
        assert saved(tx, recording, revision=2, agreements=()).signed == {}

    def test_ones_own_signature_stands_for_ones_own_change(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        saved(tx, recording)
        cycles.sign_minutes(tx, recording, side=Side.SUPERVISOR)
        assert saved(tx, recording, revision=1, agreements=()).signed == {Side.SUPERVISOR: NOW}

    def test_signed_by_both_they_are_approved_and_closed(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        recording = permit.recording
        saved(tx, recording)
        cycles.sign_minutes(tx, recording, side=Side.CASEWORKER)
        assert cycles.cycle_of(tx, recording).approved_at is None
        hour_later = after(tx, hours=1)
        for _ in range(2):
            both = cycles.sign_minutes(hour_later, recording, side=Side.SUPERVISOR)
        assert both.signed == {Side.CASEWORKER: NOW, Side.SUPERVISOR: hour_later.at}
        assert cycles.cycle_of(tx, recording).approved_at == hour_later.at
        with pytest.raises(Signed):
            saved(tx, recording, revision=1)
        assert cycles.minutes_of(tx, permit) == both

    def test_what_is_signed_may_be_added_to(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        both = approved(tx, recording)
        for text in ("tilføjelse", "endnu en"):
            added = cycles.add_to_minutes(tx, recording, text=text)
        assert added == replace(both, revision=3, additions=("tilføjelse", "endnu en"))

    def test_saving_keeps_additions(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        saved(tx, recording)
        cycles.add_to_minutes(tx, recording, text="tilføjelse")
        assert saved(tx, recording, revision=2).additions == ("tilføjelse",)

    def test_what_became_of_the_plan_is_told_afterwards(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        both = approved(tx, recording)
        told = cycles.answer_plan(tx, recording, text="det gik")
        assert told.plan == replace(PLAN, what_happened="det gik")
        assert told.signed == both.signed

    def test_there_must_be_minutes_to_sign_answer_or_add_to(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        with pytest.raises(NotFound):
            cycles.sign_minutes(tx, recording, side=Side.CASEWORKER)
        with pytest.raises(NotFound):
            cycles.add_to_minutes(tx, recording, text="x")
        with pytest.raises(NotFound):
            cycles.answer_plan(tx, recording, text="x")


class TestPreviousMinutes:
    def test_they_are_the_last_approved_of_the_course(self, tx: Transaction, site: Site) -> None:
        first, second, third, now = (site.permit().recording for _ in range(4))
        approved(tx, first)
        expected = approved(tx, second)
        saved(tx, third)
        assert cycles.previous_minutes(tx, now) == expected
        assert cycles.previous_minutes(tx, first) is None

    def test_those_of_a_recording_that_may_not_be_used_are_passed_over(
        self, tx: Transaction, site: Site
    ) -> None:
        permits: list[Permit] = [site.permit() for _ in range(3)]
        expected = approved(tx, permits[0].recording)
        approved(tx, permits[1].recording)
        no = answer(permits[1].recording, "youth", event=Event.WITHDRAWN)
        consent_ledger.record_evidence(tx, no)
        assert cycles.previous_minutes(tx, permits[2].recording) == expected


class TestRooms:
    def test_a_room_stands_where_it_was_kept(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        assert cycles.room_of(tx, recording) is None
        for pos_ms in (1, 2):
            state = {"pos_ms": pos_ms, "by": "u1", "rate": 0.5, "ready": ["u1"], "lead": None}
            cycles.keep_room(tx, recording, state=state)
        tx.session.expire_all()
        assert cycles.room_of(tx, recording) == state

    @pytest.mark.parametrize(
        "state", [{"note": "jeg vil hjem"}, {"people": [{"name": "Søren"}]}, {"at": NOW}]
    )
    def test_a_room_holds_no_words(
        self, tx: Transaction, site: Site, state: dict[str, object]
    ) -> None:
        with pytest.raises(NotPlain):
            cycles.keep_room(tx, site.recording().id, state=state)

    def test_a_room_needs_a_recording(self, tx: Transaction) -> None:
        with pytest.raises(NotFound):
            cycles.keep_room(tx, RecordingId("none"), state={})

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from consent.errors import ConsentMissing
from consent.model import (
    Event,
    GapKind,
    Method,
    Participant,
    PersonId,
    Purpose,
    RecordingId,
    Role,
    Scope,
)
from consent.schedule import DeadlineKind
from storage import consent_ledger, erasure, jurisdictions
from storage.errors import NotFound
from storage.records import EvidenceScan, UserId
from storage.tables import AccessAskRow
from storage.transaction import Transaction
from tests.contract.storage.scene import NOW, ROSTER, Site, after, answer


class TestConsentLedger:
    def test_the_roster_comes_back_as_it_was_told(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        assert set(consent_ledger.roster_of(tx, recording)) == set(ROSTER)

    def test_birth_dates_are_sealed(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        query = text("SELECT sealed_birth_date FROM participants WHERE recording = :r")
        kept = tx.session.connection().execute(query, {"r": recording}).scalars()
        assert all(b"2010" not in sealed for sealed in kept if sealed is not None)

    def test_what_is_known_about_a_person_can_be_corrected(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        older = Participant(PersonId("youth"), Role.YOUTH, date(2007, 5, 1))
        consent_ledger.add_participant(tx, recording, older)
        assert set(consent_ledger.roster_of(tx, recording)) == {older, ROSTER[1]}

    def test_answers_come_back_as_given_in_their_order(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        second = replace(
            answer(recording, "youth", event=Event.WITHDRAWN),
            valid_until=date(2026, 12, 1),
            scope=frozenset({Scope.AUDIO, Scope.TRANSCRIPT}),
            notice="notice@2",
            spoken_at_ms=1200,
        )
        first = replace(answer(recording, "youth"), at=NOW.replace(hour=9))
        for evidence in (second, first):
            consent_ledger.record_evidence(tx, evidence)
        assert consent_ledger.evidence_of(tx, recording) == (first, second)

    def test_there_is_a_permit_once_everyone_has_agreed(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        with pytest.raises(ConsentMissing):
            consent_ledger.permit(tx, recording)
        site.agree(recording)
        assert consent_ledger.gaps(tx, recording) == ()
        permit = consent_ledger.permit(tx, recording)
        assert (permit.recording, permit.at) == (recording, NOW)

    def test_a_permit_is_for_one_purpose(self, tx: Transaction, site: Site) -> None:
        recording = site.permit().recording
        missing = consent_ledger.gaps(tx, recording, purpose=Purpose.RESEARCH)
        assert {gap.kind for gap in missing} == {GapKind.NOT_ASKED}
        with pytest.raises(ConsentMissing):
            consent_ledger.permit(tx, recording, purpose=Purpose.RESEARCH)

    def test_a_withdrawal_holds_from_its_moment(self, tx: Transaction, site: Site) -> None:
        recording = site.permit().recording
        withdrawn_at = after(tx, minutes=5).at
        no = answer(recording, "youth", event=Event.WITHDRAWN, at=withdrawn_at)
        consent_ledger.record_evidence(tx, no)
        consent_ledger.permit(after(tx, minutes=4), recording)
        with pytest.raises(ConsentMissing):
            consent_ledger.permit(after(tx, minutes=5), recording)

    def test_an_unknown_recording_has_no_permit(self, tx: Transaction) -> None:
        with pytest.raises(NotFound):
            consent_ledger.permit(tx, RecordingId("none"))

    def test_a_recording_being_erased_has_no_permit_and_takes_no_answer(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.permit().recording
        erasure.begin_erasure(tx, recording)
        with pytest.raises(NotFound):
            consent_ledger.permit(tx, recording)
        with pytest.raises(NotFound):
            consent_ledger.record_evidence(tx, answer(recording, "youth"))
        with pytest.raises(NotFound):
            consent_ledger.add_participant(tx, recording, ROSTER[0])

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE evidence SET event = 'given'",
            "DELETE FROM evidence",
            "INSERT INTO evidence SELECT * FROM evidence",
        ],
    )
    def test_the_database_refuses_to_change_answers(
        self, tx: Transaction, site: Site, change: str
    ) -> None:
        recording = site.permit().recording
        before = consent_ledger.evidence_of(tx, recording)
        with pytest.raises(IntegrityError), tx.session.begin_nested():
            tx.session.connection().execute(text(change))
        tx.session.expire_all()
        assert consent_ledger.evidence_of(tx, recording) == before

    def test_answers_of_an_erased_recording_may_go(self, tx: Transaction, site: Site) -> None:
        kept, gone = site.permit().recording, site.permit().recording
        erasure.begin_erasure(tx, gone)
        where = {"r": gone}
        tx.session.connection().execute(text("DELETE FROM evidence WHERE recording = :r"), where)
        assert consent_ledger.evidence_of(tx, gone) == ()
        assert len(consent_ledger.evidence_of(tx, kept)) == len(ROSTER)

    def test_every_day_that_is_coming_is_told(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        youth, holder = (
            answer(recording, "youth"),
            replace(answer(recording, "holder"), method=Method.SIGNED_PAPER),
        )
        for evidence in (youth, holder):
            consent_ledger.record_evidence(tx, evidence)
        asks = [
            ("a", date(2026, 4, 2), None),
            ("b", date(2026, 4, 1), None),
            ("c", date(2026, 3, 20), NOW),
        ]
        for id_, due_on, answered_at in asks:
            row = AccessAskRow(id=id_, recording=recording, person="youth", at=NOW, due_on=due_on)
            row.answered_at = answered_at
            tx.session.add(row)
        tx.session.flush()
        told = [(d.kind, d.on, d.person) for d in consent_ledger.deadlines_of(tx, recording)]
        assert told == [
            (DeadlineKind.SCAN, date(2026, 3, 24), "holder"),
            (DeadlineKind.ACCESS, date(2026, 4, 1), "youth"),
            (DeadlineKind.ERASE, date(2026, 4, 9), None),
            (DeadlineKind.COURSE_ENDS, date(2026, 6, 21), None),
            (DeadlineKind.REASK, date(2028, 5, 31), "youth"),
        ]
        scan = EvidenceScan(holder.id, recording, "blob", NOW, UserId("mette"))
        consent_ledger.record_scan(tx, scan)
        kinds = {d.kind for d in consent_ledger.deadlines_of(tx, recording)}
        assert DeadlineKind.SCAN not in kinds

    def test_an_erased_recording_has_no_days_to_come(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        erasure.begin_erasure(tx, recording)
        with pytest.raises(NotFound):
            consent_ledger.deadlines_of(tx, recording)

    def test_answers_that_have_run_out_close_by_themselves(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        site.agree(recording)
        until = replace(answer(recording, "youth"), valid_until=date(2026, 4, 1))
        consent_ledger.record_evidence(tx, until)
        last_second = datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)
        assert consent_ledger.permit(replace(tx, at=last_second), recording)
        [gap] = consent_ledger.gaps(replace(tx, at=last_second + timedelta(seconds=1)), recording)
        assert gap.kind is GapKind.EXPIRED

    def test_an_unknown_jurisdiction_is_not_found(self, tx: Transaction) -> None:
        assert jurisdictions.jurisdiction(tx, "SE").code == "SE"
        with pytest.raises(NotFound):
            jurisdictions.jurisdiction(tx, "../DK")

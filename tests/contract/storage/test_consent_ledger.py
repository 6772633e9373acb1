from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from consent.errors import ConsentMissing
from consent.model import (
    Event,
    GapKind,
    Participant,
    PersonId,
    Purpose,
    RecordingId,
    Role,
    Scope,
)
from storage import consent_ledger, erasure, jurisdictions
from storage.errors import NotFound
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


def test_an_unknown_jurisdiction_is_not_found() -> None:
    assert jurisdictions.jurisdiction("SE").code == "SE"
    with pytest.raises(NotFound):
        jurisdictions.jurisdiction("../DK")

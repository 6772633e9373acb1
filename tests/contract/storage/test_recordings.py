from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from consent.model import Event, RecordingId
from storage import consent_ledger, cycles, erasure, recordings
from storage.errors import AlreadyReceived, NotFound
from storage.records import BlobRole, CourseId, Cycle, ErasureReason, NewRecording
from storage.tables import CourseRow, ParticipantRow, RecordingRow
from storage.transaction import Transaction
from storage.vault.blobs import BlobRef
from tests.contract.storage.scene import NOW, ROSTER, Site, after, answer


class TestRecordings:
    def test_a_new_recording_has_its_number_roster_cycle_and_key(
        self, tx: Transaction, site: Site
    ) -> None:
        first, second = site.recording(), site.recording()
        assert (first.number, second.number) == (1, 2)
        assert recordings.recording(tx, second.id) == second
        assert recordings.recordings_of(tx, course=site.course.id) == (first, second)
        assert set(consent_ledger.roster_of(tx, second.id)) == set(ROSTER)
        assert cycles.cycle_of(tx, second.id) == Cycle(second.id)
        assert tx.keys.data_key(first.id) != tx.keys.data_key(second.id)

    def test_it_is_kept_for_as_long_as_a_locked_recording_may_wait(self, site: Site) -> None:
        assert site.recording().erase_after == NOW.date() + timedelta(days=30)

    def test_one_that_may_be_used_is_kept_for_review(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        until = recordings.keep_for_review(tx, permit)
        assert until == NOW.date() + timedelta(days=180)
        assert recordings.recording(tx, permit.recording).erase_after == until

    def test_it_is_due_for_erasure_on_its_day(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        assert recordings.due_for_erasure(after(tx, days=29)) == ()
        assert recordings.due_for_erasure(after(tx, days=30)) == (recording,)

    @pytest.mark.parametrize(("hour", "day"), [(22, 10), (23, 11)])
    def test_its_days_are_counted_where_its_law_holds(
        self, tx: Transaction, site: Site, hour: int, day: int
    ) -> None:
        late = replace(tx, at=NOW.replace(hour=hour))
        recording = replace(site, tx=late).recording()
        assert recording.erase_after == date(2026, 3, day) + timedelta(days=30)
        until = recordings.keep_for_review(late, replace(site, tx=late).permit())
        assert until == date(2026, 3, day) + timedelta(days=180)

    def test_it_is_due_from_midnight_where_its_law_holds(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id  # until 9 April, when Denmark is two hours ahead of UTC
        evening = datetime(2026, 4, 8, 21, 59, tzinfo=UTC)
        assert recordings.due_for_erasure(replace(tx, at=evening)) == ()
        midnight = evening + timedelta(minutes=1)
        assert recordings.due_for_erasure(replace(tx, at=midnight)) == (recording,)

    def test_what_closed_waits_as_long_as_a_locked_one_and_opens_with_a_new_yes(
        self, tx: Transaction, site: Site
    ) -> None:
        permit = site.permit()
        recording = permit.recording
        recordings.keep_for_review(tx, permit)
        holder = replace(
            answer(recording, "holder", at=NOW + timedelta(hours=1)),
            event=Event.RECONFIRMED,
            valid_until=date(2026, 3, 20),
        )
        consent_ledger.record_evidence(tx, holder)
        closed = after(tx, days=10)
        assert consent_ledger.erase_day(tx, recording) == date(2026, 7, 21), "after its course"
        assert consent_ledger.erase_day(closed, recording) == date(2026, 4, 19)
        assert recordings.due_for_erasure(after(tx, days=39)) == ()
        assert recordings.due_for_erasure(after(tx, days=40)) == (recording,)
        assert erasure.due(after(tx, days=40)) == {recording: ErasureReason.NO_CONSENT}
        again = answer(recording, "holder", at=NOW + timedelta(days=39))
        consent_ledger.record_evidence(tx, again)
        assert recordings.due_for_erasure(after(tx, days=40)) == ()
        assert consent_ledger.erase_day(after(tx, days=40), recording) == date(2026, 7, 21)

    def test_it_goes_some_time_after_its_course_even_when_that_is_moved(
        self, tx: Transaction, site: Site
    ) -> None:
        permit = site.permit()
        recordings.keep_for_review(tx, permit)
        last = site.course.starts_on + timedelta(weeks=site.course.weeks, days=30)
        late = replace(tx, at=datetime(last.year, last.month, last.day, tzinfo=UTC))
        assert recordings.due_for_erasure(late) == (permit.recording,)
        assert erasure.due(late) == {permit.recording: ErasureReason.RETENTION}
        tx.row(CourseRow, site.course.id).weeks += 1
        assert recordings.due_for_erasure(late) == ()

    def test_one_whose_rules_or_people_cannot_be_read_hinders_no_other(
        self, tx: Transaction, site: Site
    ) -> None:
        lost, damaged, sound = (site.recording().id for _ in range(3))
        tx.row(RecordingRow, lost).jurisdiction = "XX"
        people = tx.session.exec(
            select(ParticipantRow).where(ParticipantRow.recording == damaged)
        ).all()
        for person in people:
            person.sealed_birth_date = b"x" * 64
        tx.session.flush()
        late = after(tx, days=30)
        assert set(recordings.due_for_erasure(late)) == {damaged, sound}
        assert set(erasure.due(late)) == {damaged, sound}

    def test_the_countries_in_use_are_known(self, tx: Transaction, site: Site) -> None:
        assert recordings.jurisdictions_in_use(tx) == ()
        site.recording()
        site.recording()
        assert recordings.jurisdictions_in_use(tx) == ("DK",)

    @pytest.mark.parametrize(
        "new",
        [
            NewRecording(CourseId("none"), NOW, ROSTER),
            NewRecording(CourseId("none"), NOW, ROSTER, jurisdiction="XX"),
        ],
    )
    def test_it_needs_a_course_and_a_jurisdiction(
        self, tx: Transaction, site: Site, new: NewRecording
    ) -> None:
        with pytest.raises(NotFound):
            recordings.add_recording(tx, new, owner=site.caseworker.id)

    def test_receiving_is_noted_once(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        first, second = BlobRef("a", 1), BlobRef("b", 2)
        recordings.mark_received(tx, recording, source=first)
        recordings.mark_received(after(tx, hours=1), recording, source=second)
        recordings.set_duration(tx, recording, duration_ms=60_000)
        kept = recordings.recording(tx, recording)
        assert (kept.received_at, kept.duration_ms) == (NOW, 60_000)
        assert recordings.blobs_of(tx, recording, BlobRole.SOURCE) == (first,)

    def test_the_same_content_is_found_among_ones_own(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        recordings.set_fingerprint(tx, recording, fingerprint="f")
        assert recordings.same_content(tx, "f", owner=site.caseworker.id) == recording
        assert recordings.same_content(tx, "f", owner=site.supervisor.id) is None
        assert recordings.same_content(tx, "g", owner=site.caseworker.id) is None

    def test_the_same_film_is_not_taken_for_two_recordings(
        self, tx: Transaction, site: Site
    ) -> None:
        first, second = site.recording().id, site.recording().id
        recordings.set_fingerprint(tx, first, fingerprint="f")
        with pytest.raises(AlreadyReceived) as refusal:
            recordings.set_fingerprint(tx, second, fingerprint="f")
        assert refusal.value.recording == first
        recordings.set_fingerprint(tx, first, fingerprint="f")

    def test_the_latest_blob_of_a_role_counts(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        refs = [BlobRef("z", 5_000_000_000), BlobRef("a", 2)]
        recordings.record_blob(tx, recording, BlobRole.PROXY, refs[0])
        recordings.record_blob(after(tx, seconds=1), recording, BlobRole.PROXY, refs[1])
        assert recordings.blob_of(tx, recording, BlobRole.PROXY) == refs[1]
        assert recordings.blobs_of(tx, recording, BlobRole.PROXY) == tuple(refs)
        with pytest.raises(NotFound):
            recordings.blob_of(tx, recording, BlobRole.AUDIO)

    def test_an_unknown_recording_is_not_found(self, tx: Transaction) -> None:
        with pytest.raises(NotFound):
            recordings.recording(tx, RecordingId("none"))

    def test_moments_and_days_come_back_as_such(self, tx: Transaction, site: Site) -> None:
        tx.session.expire_all()
        kept = recordings.recording(tx, site.recording().id)
        assert kept.recorded_at == NOW - timedelta(days=1)
        assert kept.recorded_at.utcoffset() == timedelta(0)
        assert isinstance(kept.erase_after, date)

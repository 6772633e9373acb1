from datetime import date, timedelta

import pytest

from consent.model import RecordingId
from storage import consent_ledger, cycles, recordings
from storage.errors import AlreadyReceived, NotFound
from storage.records import BlobRole, CourseId, Cycle, NewRecording
from storage.transaction import Transaction
from storage.vault.blobs import BlobRef
from tests.contract.storage.scene import NOW, ROSTER, Site, after


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

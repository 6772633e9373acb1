from datetime import timedelta

import pytest

from consent.errors import ConsentMissing
from consent.gate import Permit
from storage import training_copies
from storage.errors import NotFound
from storage.records import CopyVoice, SequenceId, TrainingCopy, TrainingReason
from storage.transaction import Transaction
from tests.contract.storage.scene import NOW, Site, after

MARK = "Mette Hansen, caseworker"
DAYS = timedelta(days=7)


def ask(tx: Transaction, site: Site, permit: Permit, *, whole: bool = True) -> TrainingCopy:
    return training_copies.ask(
        tx,
        permit,
        by=site.caseworker.id,
        reason=TrainingReason.EDUCATION,
        sequence=None if whole else SequenceId("s"),
        span_ms=(0, 60_000) if whole else (5_000, 9_000),
        voice=CopyVoice.CHANGED,
        mark=MARK,
        kept_for=DAYS,
    )


class TestTrainingCopies:
    def test_what_is_asked_for_is_kept_and_its_mark_is_sealed(
        self, tx: Transaction, site: Site
    ) -> None:
        permit = site.permit()
        first, second = ask(tx, site, permit), ask(tx, site, permit, whole=False)
        assert training_copies.copies_of(tx, permit.recording) == (second, first)
        assert training_copies.copy(tx, first.id) == first
        assert training_copies.mark_of(tx, first) == MARK
        assert (second.sequence, second.start_ms, second.ends_at) == ("s", 5_000, NOW + DAYS)

    def test_a_yes_to_supervision_is_none_to_teaching(self, tx: Transaction, site: Site) -> None:
        recording = site.permit().recording
        for voice in CopyVoice:
            with pytest.raises(ConsentMissing):
                training_copies.teaching_permit(tx, recording, voice=voice)

    def test_progress_and_failure_are_noted_and_what_is_gone_stays_gone(
        self, tx: Transaction, site: Site
    ) -> None:
        copy = ask(tx, site, site.permit())
        training_copies.report(tx, copy.id, fraction=0.5)
        assert training_copies.copy(tx, copy.id).fraction == 0.5
        training_copies.report(tx, copy.id, fraction=0.0, error="unreadable")
        assert training_copies.copy(tx, copy.id).error == "unreadable"

    def test_it_ends_after_its_days(self, tx: Transaction, site: Site) -> None:
        copy = ask(tx, site, site.permit())
        later = after(tx, days=7)
        assert training_copies.over(tx) == ()
        assert training_copies.over(later) == (copy,)
        assert training_copies.copies_of(later, copy.recording) == ()
        with pytest.raises(NotFound):
            training_copies.copy(later, copy.id)

    def test_all_of_a_recording_end_at_once(self, tx: Transaction, site: Site) -> None:
        copy = ask(tx, site, site.permit())
        assert training_copies.end_all(tx, copy.recording)
        assert training_copies.copies_of(tx, copy.recording) == ()
        assert not training_copies.end_all(tx, site.recording().id)

    def test_what_is_not_made_cannot_be_fetched(self, tx: Transaction, site: Site) -> None:
        copy = ask(tx, site, site.permit())
        with pytest.raises(NotFound):
            training_copies.mark_fetched(tx, copy.id)

from collections.abc import Callable
from dataclasses import replace

import pytest

from consent.model import RecordingId
from storage import annotations, cycles, notes
from storage.errors import Conflict, NotFound
from storage.identity import new_id
from storage.records import (
    Note,
    NoteId,
    NoteKind,
    Sequence,
    SequenceId,
    SequenceKind,
    User,
    Visibility,
)
from storage.transaction import Transaction
from tests.contract.storage.scene import NOW, Site, after


def note(recording: RecordingId, by: User, text: str, *, at_ms: int = 0, **more: object) -> Note:
    plain = Note(
        id=NoteId(new_id()),
        recording=recording,
        by=by.id,
        at_ms=at_ms,
        kind=NoteKind.SEEN_HEARD,
        visibility=Visibility.SHARED,
        text=text,
        written_at=NOW,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


class TestNotes:
    def test_a_note_comes_back_as_written(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        late, early = (
            notes.write_note(tx, note(permit.recording, site.caseworker, "æøå", at_ms=ms))
            for ms in (2000, 1000)
        )
        assert notes.notes_of(tx, permit, reader=site.caseworker.id) == (early, late)
        assert (early.text, early.revision, early.written_at) == ("æøå", 1, NOW)

    def test_a_change_names_the_revision_it_changes(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        first = notes.write_note(tx, note(permit.recording, site.caseworker, "one"))
        second = notes.write_note(tx, replace(first, text="two", at_ms=7))
        assert (second.text, second.revision, second.at_ms) == ("two", 2, 7)
        with pytest.raises(Conflict) as conflict:
            notes.write_note(tx, replace(first, text="three"))
        assert conflict.value.stored == second
        assert notes.notes_of(tx, permit, reader=site.caseworker.id) == (second,)

    def test_nobody_changes_or_removes_anothers_note(self, tx: Transaction, site: Site) -> None:
        kept = notes.write_note(tx, note(site.permit().recording, site.caseworker, "mine"))
        with pytest.raises(NotFound):
            notes.write_note(tx, replace(kept, by=site.supervisor.id, text="yours"))
        with pytest.raises(NotFound):
            notes.remove_note(tx, kept.id, by=site.supervisor.id)

    def test_a_note_does_not_move_to_another_recording(self, tx: Transaction, site: Site) -> None:
        kept = notes.write_note(tx, note(site.permit().recording, site.caseworker, "mine"))
        with pytest.raises(NotFound):
            notes.write_note(tx, replace(kept, recording=site.permit().recording))

    def test_a_removed_note_can_be_written_again(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        kept = notes.write_note(tx, note(permit.recording, site.caseworker, "one"))
        removed = notes.remove_note(tx, kept.id, by=site.caseworker.id)
        assert notes.notes_of(tx, permit, reader=site.caseworker.id) == ()
        notes.write_note(tx, removed)
        assert notes.notes_of(tx, permit, reader=site.caseworker.id) == (kept,)

    @pytest.mark.parametrize(
        ("visibility", "before", "since"),
        [
            (Visibility.PRIVATE, False, False),
            (Visibility.MEETING, False, True),
            (Visibility.SHARED, True, True),
        ],
    )
    def test_the_other_sees_what_is_meant_for_the_other(
        self, tx: Transaction, site: Site, *, visibility: Visibility, before: bool, since: bool
    ) -> None:
        permit = site.permit()
        written = note(permit.recording, site.supervisor, "text", visibility=visibility)
        kept = notes.write_note(tx, written)

        def seen_by(reader: User) -> bool:
            return kept in notes.notes_of(tx, permit, reader=reader.id)

        assert (seen_by(site.supervisor), seen_by(site.caseworker)) == (True, before)
        cycles.release(tx, permit.recording)
        assert (seen_by(site.supervisor), seen_by(site.caseworker)) == (True, since)

    def test_notes_for_the_meeting_open_when_its_hour_strikes(
        self, tx: Transaction, site: Site
    ) -> None:
        permit = site.permit()
        notes.write_note(
            tx, note(permit.recording, site.caseworker, "text", visibility=Visibility.MEETING)
        )
        cycles.agree_meeting(tx, permit.recording, meeting_at=after(tx, hours=1).at, minutes=60)
        reader = site.supervisor.id
        assert notes.notes_of(after(tx, minutes=59), permit, reader=reader) == ()
        assert len(notes.notes_of(after(tx, minutes=60), permit, reader=reader)) == 1


@pytest.fixture
def sequence(tx: Transaction) -> Callable[[RecordingId], Sequence]:
    return lambda recording: annotations.add_sequence(
        tx, Sequence(SequenceId(new_id()), recording, 0, 9, 0, "title", SequenceKind.STRENGTH)
    )


class TestAnswers:
    def test_the_latest_answer_counts(
        self, tx: Transaction, site: Site, sequence: Callable[[RecordingId], Sequence]
    ) -> None:
        permit = site.permit()
        first, second = sequence(permit.recording), sequence(permit.recording)
        notes.write_answer(tx, second.id, seen="", thought="", skipped=True)
        notes.write_answer(tx, first.id, seen="smil", thought="")
        notes.write_answer(after(tx, hours=1), first.id, seen="smil", thought="glad")
        one, two = notes.answers_of(tx, permit)
        assert (one.sequence, one.seen, one.thought, one.skipped) == (
            first.id,
            "smil",
            "glad",
            False,
        )
        assert (two.sequence, two.skipped) == (second.id, True)
        assert one.at == after(tx, hours=1).at

    def test_an_answer_goes_and_comes_with_its_sequence(
        self, tx: Transaction, site: Site, sequence: Callable[[RecordingId], Sequence]
    ) -> None:
        permit = site.permit()
        answer = notes.write_answer(tx, sequence(permit.recording).id, seen="a", thought="b")
        removed = annotations.remove_sequence(tx, answer.sequence)
        assert notes.answers_of(tx, permit) == ()
        annotations.add_sequence(tx, removed)
        assert notes.answers_of(tx, permit) == (answer,)

    def test_an_answer_needs_a_sequence(self, tx: Transaction) -> None:
        with pytest.raises(NotFound):
            notes.write_answer(tx, SequenceId("none"), seen="", thought="")

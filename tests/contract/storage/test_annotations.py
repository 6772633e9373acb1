from dataclasses import replace

import pytest

from consent.model import RecordingId
from storage import annotations
from storage.errors import Conflict, NotFound
from storage.identity import new_id
from storage.records import (
    Origin,
    Segment,
    SegmentId,
    Sequence,
    SequenceId,
    SequenceKind,
    Tag,
    TagId,
    Verdict,
)
from storage.transaction import Transaction
from tests.contract.storage.scene import Site


def phase(recording: RecordingId, name: str, *, start_ms: int = 0) -> Segment:
    return Segment(SegmentId(new_id()), recording, start_ms, start_ms + 1000, name, "cue.1")


def suggestion(recording: RecordingId, code: str) -> Tag:
    return Tag(
        TagId(new_id()), recording, "conversation@1", code, 5, 9, confidence=0.5, reason="cue.2"
    )


def chosen(recording: RecordingId, title: str, *, order: int = 0) -> Sequence:
    return Sequence(
        id=SequenceId(new_id()),
        recording=recording,
        start_ms=10_000,
        end_ms=40_000,
        order=order,
        title=title,
        kind=SequenceKind.STRENGTH,
        keywords=("pause", "blik"),
        prompt="Hvad så du?",
    )


class TestTags:
    def test_a_new_run_never_touches_or_repeats_what_a_person_said(
        self, tx: Transaction, site: Site
    ) -> None:
        permit = site.permit()
        recording, by = permit.recording, site.supervisor.id
        first = [suggestion(recording, code) for code in ("open_question", "summary", "rights")]
        annotations.renew_suggestions(tx, recording, first)
        judged = annotations.judge_tag(tx, first[0].id, verdict=Verdict.DISMISSED, by=by)
        own = annotations.add_tag(
            tx, recording, codebook="conversation@1", code="summary", start_ms=5, end_ms=9, by=by
        )
        again = [suggestion(recording, code) for code in ("open_question", "summary", "agenda")]
        annotations.renew_suggestions(tx, recording, again)
        assert set(annotations.tags_of(tx, permit)) == {judged, own, again[2]}
        assert (judged.verdict, judged.by) == (Verdict.DISMISSED, by)
        assert (own.origin, own.verdict, own.confidence) == (Origin.PERSON, Verdict.CONFIRMED, 1.0)

    def test_a_tag_is_told_apart_and_that_is_taken_back(self, tx: Transaction, site: Site) -> None:
        permit, by = site.permit(), site.supervisor.id
        own = annotations.add_tag(
            tx,
            permit.recording,
            codebook="c@1",
            code="x",
            start_ms=0,
            end_ms=1,
            by=by,
            modifier="y",
        )
        assert annotations.tags_of(tx, permit) == (own,)
        assert own.modifier == "y"
        assert annotations.modify_tag(tx, own.id, modifier="") == replace(own, modifier="")

    def test_ones_own_tag_is_removed_and_a_machines_dismissed(
        self, tx: Transaction, site: Site
    ) -> None:
        permit, by = site.permit(), site.supervisor.id
        machine = suggestion(permit.recording, "summary")
        annotations.renew_suggestions(tx, permit.recording, [machine])
        own = annotations.add_tag(
            tx, permit.recording, codebook="c@1", code="x", start_ms=0, end_ms=1, by=by
        )
        assert annotations.remove_tag(tx, own.id, by=by) == own
        dismissed = annotations.remove_tag(tx, machine.id, by=by)
        assert annotations.tags_of(tx, permit) == (dismissed,)
        assert dismissed.verdict is Verdict.DISMISSED

    def test_an_unknown_tag_is_not_found(self, tx: Transaction, site: Site) -> None:
        with pytest.raises(NotFound):
            annotations.judge_tag(
                tx, TagId("none"), verdict=Verdict.CONFIRMED, by=site.supervisor.id
            )


class TestSequences:
    def test_they_come_in_the_order_of_the_meeting(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        titles = (("Velkomst", 0), ("Pausen", 0), ("Først", 1))
        for title, order in titles:
            annotations.add_sequence(tx, chosen(permit.recording, title, order=order))
        kept = annotations.sequences_of(tx, permit)
        assert [s.title for s in kept] == ["Først", "Velkomst", "Pausen"]
        assert [s.order for s in kept] == [1, 2, 3]

    def test_all_that_was_told_comes_back(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        told = replace(chosen(permit.recording, "Velkomst"), by=site.supervisor.id, context_ms=0)
        kept = annotations.add_sequence(tx, told)
        assert annotations.sequences_of(tx, permit) == (kept,)
        assert kept == replace(told, order=1)

    def test_a_change_leaves_its_place_and_who_chose_it(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        kept = annotations.add_sequence(tx, chosen(permit.recording, "Velkomst"))
        annotations.add_sequence(tx, chosen(permit.recording, "Pausen"))
        changed = replace(kept, title="Goddag", end_ms=20_000, kind=SequenceKind.WORK_POINT)
        annotations.change_sequence(tx, replace(changed, order=2, by=site.caseworker.id))
        assert annotations.sequences_of(tx, permit)[0] == changed

    def test_a_removed_one_can_be_put_back_in_its_place(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        for title in ("a", "b", "c"):
            annotations.add_sequence(tx, chosen(permit.recording, title))
        before = annotations.sequences_of(tx, permit)
        removed = annotations.remove_sequence(tx, before[1].id)
        assert [(s.title, s.order) for s in annotations.sequences_of(tx, permit)] == [
            ("a", 1),
            ("c", 2),
        ]
        annotations.add_sequence(tx, removed)
        assert annotations.sequences_of(tx, permit) == before

    def test_they_can_be_put_in_a_new_order(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        a, b = (annotations.add_sequence(tx, chosen(permit.recording, t)) for t in ("a", "b"))
        kept = annotations.reorder_sequences(tx, permit.recording, ids=[b.id, a.id])
        assert [s.title for s in kept] == ["b", "a"]
        assert annotations.sequences_of(tx, permit) == kept

    def test_an_order_of_others_is_a_conflict(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        kept = annotations.add_sequence(tx, chosen(permit.recording, "a"))
        with pytest.raises(Conflict) as conflict:
            annotations.reorder_sequences(tx, permit.recording, ids=[kept.id, SequenceId("x")])
        assert conflict.value.stored == (kept,)

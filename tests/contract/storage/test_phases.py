from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.gate import Permit
from consent.model import RecordingId
from storage import annotations, phases
from storage.errors import Conflict
from storage.identity import new_id
from storage.records import Origin, Segment, SegmentId, Tag, TagId, Verdict
from storage.transaction import Transaction
from tests.contract.storage.scene import Site

MINUTE = 60_000
PLACES = st.integers(min_value=0, max_value=100_000)
STRETCHES = st.lists(PLACES, min_size=2, max_size=2, unique=True).map(sorted).map(tuple)


@pytest.fixture
def permit(site: Site) -> Permit:
    return site.permit()


def phase(recording: RecordingId, name: str, minute: int = 0, minutes: int = 1) -> Segment:
    start = minute * MINUTE
    return Segment(SegmentId(new_id()), recording, start, start + minutes * MINUTE, name, "starter")


def suggested(tx: Transaction, permit: Permit, *names: str) -> list[Segment]:
    """Suggest phases of a minute each."""
    found = [phase(permit.recording, name, minute) for minute, name in enumerate(names)]
    phases.renew_suggestions(tx, permit.recording, found)
    return found


class TestSuggesting:
    def test_they_come_by_time(self, tx: Transaction, permit: Permit) -> None:
        late, early = (phase(permit.recording, "topic", minute) for minute in (9, 0))
        phases.renew_suggestions(tx, permit.recording, [late, early])
        assert phases.segments_of(tx, permit) == (early, late)

    def test_a_new_run_replaces_what_nobody_has_judged(
        self, tx: Transaction, permit: Permit
    ) -> None:
        first = suggested(tx, permit, "opening", "agenda", "closing")
        confirmed = phases.judge_segment(tx, first[0].id, verdict=Verdict.CONFIRMED)
        dismissed = phases.judge_segment(tx, first[1].id, verdict=Verdict.DISMISSED)
        again = suggested(tx, permit, "opening", "agenda", "rights")
        assert set(phases.segments_of(tx, permit)) == {confirmed, dismissed, again[2]}

    def test_a_new_run_fills_what_is_left_beside_a_persons_phase(
        self, tx: Transaction, permit: Permit
    ) -> None:
        (found,) = suggested(tx, permit, "opening")
        own = replace(found, start_ms=20_000, end_ms=40_000, verdict=Verdict.CONFIRMED)
        phases.arrange_segments(tx, permit.recording, [own])
        phases.renew_suggestions(tx, permit.recording, [phase(permit.recording, "topic")])
        kept = phases.segments_of(tx, permit)
        assert [(each.start_ms, each.end_ms, each.phase) for each in kept] == [
            (0, 20_000, "topic"),
            (20_000, 40_000, "opening"),
            (40_000, MINUTE, "topic"),
        ]

    def test_tags_are_left_alone(self, tx: Transaction, permit: Permit) -> None:
        tag = Tag(TagId(new_id()), permit.recording, "conversation@1", "summary", 5, 9)
        annotations.renew_suggestions(tx, permit.recording, [tag])
        phases.renew_suggestions(tx, permit.recording, [])
        assert annotations.tags_of(tx, permit) == (tag,)

    @given(STRETCHES, st.lists(STRETCHES, max_size=4))
    def test_what_is_left_is_all_of_it_that_is_free_but_splinters(
        self, whole: tuple[int, int], taken: list[tuple[int, int]]
    ) -> None:
        found = replace(phase(RecordingId("r"), "topic"), start_ms=whole[0], end_ms=whole[1])
        left = list(phases.beside(found, taken))
        within = {at for each in left for at in range(each.start_ms, each.end_ms) if at % 100 == 0}
        free = {
            at
            for at in range(*whole)
            if at % 100 == 0 and not any(begins <= at < ends for begins, ends in taken)
        }
        assert within <= free
        longest_lost = 3_000 * (len(taken) + 1) / 100
        assert len(free - within) <= longest_lost
        assert len({each.id for each in left}) == len(left)


class TestArranging:
    def test_a_moved_border_is_a_persons_and_its_neighbor_stays_a_suggestion(
        self, tx: Transaction, permit: Permit
    ) -> None:
        first, second = suggested(tx, permit, "opening", "topic")
        moved = (
            replace(first, end_ms=50_000),
            replace(second, start_ms=50_000, verdict=Verdict.CONFIRMED),
        )
        assert phases.arrange_segments(tx, permit.recording, moved) == moved
        back = phases.arrange_segments(tx, permit.recording, [first, second])
        assert back == (first, second)

    def test_a_machines_phase_left_out_is_dismissed_and_comes_back(
        self, tx: Transaction, permit: Permit
    ) -> None:
        first, second = suggested(tx, permit, "opening", "topic")
        joined = replace(first, end_ms=second.end_ms)
        phases.arrange_segments(tx, permit.recording, [joined])
        assert [each.verdict for each in phases.segments_of(tx, permit)] == [
            Verdict.SUGGESTED,
            Verdict.DISMISSED,
        ]
        assert phases.arrange_segments(tx, permit.recording, [first, second]) == (first, second)

    def test_a_persons_own_goes_and_comes_back_under_its_id(
        self, tx: Transaction, permit: Permit
    ) -> None:
        (first,) = suggested(tx, permit, "opening")
        new = replace(phase(permit.recording, "topic", 1), reason="", verdict=Verdict.CONFIRMED)
        arranged = phases.arrange_segments(tx, permit.recording, [first, new])
        assert arranged[1] == replace(new, origin=Origin.PERSON)
        assert phases.arrange_segments(tx, permit.recording, [first]) == (first,)
        assert phases.arrange_segments(tx, permit.recording, [first, new]) == arranged

    def test_a_suggestion_that_a_new_run_has_replaced_is_a_conflict(
        self, tx: Transaction, permit: Permit
    ) -> None:
        (gone,) = suggested(tx, permit, "opening")
        suggested(tx, permit, "topic")
        with pytest.raises(Conflict):
            phases.arrange_segments(tx, permit.recording, [gone])

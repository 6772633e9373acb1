"""The rules of the joint room, one by one."""

from dataclasses import replace
from typing import Any, Self

import pytest

from review_app.supervision.room import advance, open_room, restore, snapshot
from review_app.supervision.room_rounds import Seat
from review_app.supervision.room_state import Room
from review_app.supervision.room_values import (
    LATEST_START_MS,
    LEAD_PASSES_MS,
    PACE,
    SOONEST_START_MS,
    WAIT_LIMIT_MS,
    Active,
    AgendaChanged,
    AgendaItem,
    Command,
    End,
    Event,
    Happening,
    Joined,
    Kind,
    Left,
    Ready,
    Refused,
    Tick,
    Why,
)
from storage.records import SequenceId, UserId

BIRGITTE, METTE = UserId("birgitte"), UserId("mette")
FIRST = AgendaItem(SequenceId("s1"), 761_000, 790_000)
SECOND = AgendaItem(SequenceId("s2"), 800_000, 838_000)


def in_the_film(ms: int) -> int:
    """Return how much film has gone by so long after the film was asked to run."""
    return round((ms - SOONEST_START_MS) * PACE)


class Sitting:
    """A room with its clock, for reading tests as a story."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.now_ms = 1_000
        self.told: list[object] = []

    def happens(self, happening: Happening, *, after_ms: int = 0) -> Self:
        self.now_ms += after_ms
        step = advance(self.room, happening, at_ms=self.now_ms)
        self.room = step.room
        self.told = list(step.told)
        return self

    def asks(
        self,
        by: UserId,
        kind: Kind,
        *,
        after_ms: int = 0,
        seq: int | None = None,
        **more: Any,  # noqa: ANN401
    ) -> Self:
        seen = self.room.seq if seq is None else seq
        return self.happens(Command(by, kind, seen, **more), after_ms=after_ms)

    def tells(
        self,
        by: UserId,
        *,
        buffered: bool,
        pos_ms: int | None = None,
        seq: int | None = None,
        after_ms: int = 0,
        rtt_ms: int = 0,
    ) -> Self:
        seen = self.room.seq if seq is None else seq
        place = self.position if pos_ms is None else pos_ms
        ready = Ready(by, seq=seen, buffered=buffered, pos_ms=place, rtt_ms=rtt_ms)
        return self.happens(ready, after_ms=after_ms)

    @property
    def position(self) -> int:
        return self.room.position(at_ms=self.now_ms)


@pytest.fixture
def sitting() -> Sitting:
    sitting = Sitting(open_room((FIRST, SECOND)))
    sitting.happens(Joined(METTE, "M", Seat.CASEWORKER))
    sitting.happens(Joined(BIRGITTE, "B", Seat.SUPERVISOR))
    for person in (METTE, BIRGITTE):
        sitting.tells(person, buffered=True)
    return sitting


def test_the_supervisor_leads_from_the_start(sitting: Sitting) -> None:
    assert sitting.room.leader == BIRGITTE
    assert sitting.room.pos_ms == FIRST.start_ms


@pytest.mark.parametrize("person", [BIRGITTE, METTE])
def test_either_may_play_and_the_start_lies_a_moment_ahead(
    sitting: Sitting, person: UserId
) -> None:
    sitting.asks(person, Kind.PLAY)
    assert sitting.room.moving
    assert sitting.room.at_ms == sitting.now_ms + SOONEST_START_MS
    assert sitting.position == FIRST.start_ms


def test_a_pause_is_the_frame_that_the_one_who_pressed_saw(sitting: Sitting) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY)
    sitting.asks(METTE, Kind.PAUSE, after_ms=5_080, pos_ms=FIRST.start_ms + 4_960)
    assert not sitting.room.playing
    assert sitting.room.pos_ms == FIRST.start_ms + 4_960
    assert (sitting.room.by, sitting.room.why) == (METTE, Why.PAUSE)


def test_a_pause_far_from_where_the_room_is_keeps_the_rooms_place(sitting: Sitting) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY).asks(METTE, Kind.PAUSE, after_ms=5_080, pos_ms=3)
    assert sitting.room.pos_ms == FIRST.start_ms + in_the_film(5_080)


def test_a_play_sent_before_seeing_the_others_pause_does_not_undo_it(sitting: Sitting) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY)
    seen = sitting.room.seq
    sitting.asks(METTE, Kind.PAUSE, after_ms=900)
    sitting.asks(BIRGITTE, Kind.PLAY, seq=seen)
    assert not sitting.room.playing
    assert sitting.told == [Refused(BIRGITTE, Kind.PLAY)]


@pytest.mark.parametrize(
    ("kind", "more"), [(Kind.SEEK, {"pos_ms": 5}), (Kind.SEQUENCE, {"sequence": SECOND.id})]
)
def test_seeking_and_choosing_are_for_the_one_who_leads(
    sitting: Sitting, kind: Kind, more: dict[str, Any]
) -> None:
    before = sitting.room
    sitting.asks(METTE, kind, **more)
    assert sitting.told == [Refused(METTE, kind)]
    assert sitting.room.pos_ms == before.pos_ms
    sitting.asks(BIRGITTE, kind, **more)
    assert sitting.room.seq == before.seq + 1


def test_the_other_may_show_the_sequence_again(sitting: Sitting) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY).asks(METTE, Kind.PAUSE, after_ms=9_000)
    sitting.asks(METTE, Kind.PLAY, again=True)
    assert sitting.room.pos_ms == FIRST.start_ms


def test_the_film_stops_by_itself_at_the_end_of_the_sequence(sitting: Sitting) -> None:
    whole_ms = -int(-(FIRST.end_ms - FIRST.start_ms) // PACE)
    sitting.asks(BIRGITTE, Kind.PLAY).happens(Tick(), after_ms=SOONEST_START_MS + whole_ms - 1)
    assert sitting.room.moving
    assert sitting.room.due_ms == sitting.now_ms + 1
    sitting.happens(Tick(), after_ms=1)
    assert not sitting.room.playing
    assert (sitting.room.pos_ms, sitting.room.why) == (FIRST.end_ms, Why.SEQUENCE_END)
    sitting.asks(METTE, Kind.PLAY)
    assert sitting.room.pos_ms == FIRST.start_ms


def test_the_speed_changes_where_the_film_is_without_a_jump(sitting: Sitting) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY).asks(METTE, Kind.RATE, after_ms=4_080, rate=0.5)
    there = FIRST.start_ms + in_the_film(4_080)
    assert sitting.position == there
    sitting.happens(Tick(), after_ms=2_000)
    assert sitting.position == there + 1_000 * PACE


def test_the_film_waits_for_the_slower_side_where_that_side_stands(sitting: Sitting) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY)
    sitting.tells(METTE, buffered=False, pos_ms=FIRST.start_ms + 4_500, after_ms=5_080)
    assert sitting.room.waiting.slow == {METTE}
    assert sitting.position == FIRST.start_ms + 4_500
    sitting.tells(BIRGITTE, buffered=True, after_ms=100)
    assert sitting.room.waiting.people == {METTE}
    sitting.tells(METTE, buffered=True, after_ms=2_900)
    assert sitting.room.moving
    assert sitting.room.wait_left_ms == WAIT_LIMIT_MS - 3_000


def test_the_film_goes_on_only_when_the_quicker_side_has_stepped_back_too(
    sitting: Sitting,
) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY)
    sitting.tells(METTE, buffered=False, after_ms=5_080)
    sitting.tells(METTE, buffered=True, after_ms=300)
    assert not sitting.room.moving
    sitting.tells(BIRGITTE, buffered=True, after_ms=50)
    assert sitting.room.moving


def test_what_was_told_of_a_place_that_the_room_has_left_says_nothing(sitting: Sitting) -> None:
    before = sitting.room.seq
    sitting.asks(BIRGITTE, Kind.PLAY)
    sitting.tells(METTE, buffered=False, seq=before, after_ms=100)
    assert sitting.room.moving
    sitting.asks(BIRGITTE, Kind.SEEK, pos_ms=FIRST.start_ms + 9_000)
    assert sitting.room.waiting.people == {METTE, BIRGITTE}
    sitting.tells(METTE, buffered=True, seq=before).tells(BIRGITTE, buffered=True)
    assert sitting.room.waiting.people == {METTE}


def test_a_start_lies_further_ahead_where_a_line_is_slow(sitting: Sitting) -> None:
    sitting.tells(METTE, buffered=True, rtt_ms=640)
    sitting.asks(BIRGITTE, Kind.PLAY)
    assert sitting.room.at_ms == sitting.now_ms + SOONEST_START_MS + 448
    sitting.tells(METTE, buffered=True, rtt_ms=90_000)
    sitting.asks(BIRGITTE, Kind.PAUSE, after_ms=900)
    for person in (METTE, BIRGITTE):
        sitting.tells(person, buffered=True, rtt_ms=90_000)
    sitting.asks(BIRGITTE, Kind.PLAY)
    assert sitting.room.at_ms == sitting.now_ms + LATEST_START_MS


def test_anyone_may_go_on_without_waiting_and_the_slow_side_holds_nobody_again(
    sitting: Sitting,
) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY)
    sitting.tells(METTE, buffered=False, after_ms=900)
    sitting.asks(BIRGITTE, Kind.GO_ON)
    assert sitting.room.moving
    sitting.tells(METTE, buffered=False, after_ms=900)
    assert sitting.room.moving


def test_the_wait_ends_after_its_limit_even_for_a_line_that_falters_again_and_again(
    sitting: Sitting,
) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY)
    waited_ms = 0
    for _ in range(10):
        sitting.tells(METTE, buffered=False, after_ms=300)
        started = sitting.now_ms
        waits = sitting.room.waiting
        sitting.tells(BIRGITTE, buffered=True)
        sitting.tells(METTE, buffered=True, after_ms=2_500)
        if waits:
            waited_ms += sitting.now_ms - started
    assert sitting.room.wait_left_ms == 0
    assert WAIT_LIMIT_MS <= waited_ms < WAIT_LIMIT_MS + 2_500


def test_a_lost_line_is_waited_for_and_then_the_film_stays_paused(sitting: Sitting) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY).happens(Left(METTE), after_ms=2_080)
    assert sitting.room.waiting.slow == {METTE}
    sitting.happens(Tick(), after_ms=WAIT_LIMIT_MS)
    assert not sitting.room.playing
    assert sitting.room.why is Why.LEFT


def test_a_line_that_comes_back_in_time_goes_on_from_where_it_was_lost(sitting: Sitting) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY).happens(Left(METTE), after_ms=2_080)
    held = sitting.position
    sitting.tells(BIRGITTE, buffered=True)
    sitting.happens(Joined(METTE, "M", Seat.CASEWORKER), after_ms=4_000)
    assert sitting.room.waiting
    sitting.tells(METTE, buffered=True, after_ms=200)
    assert sitting.room.moving
    assert sitting.position == held


def test_who_comes_late_catches_up_and_holds_nobody() -> None:
    sitting = Sitting(open_room((FIRST,)))
    sitting.happens(Joined(BIRGITTE, "B", Seat.SUPERVISOR))
    sitting.tells(BIRGITTE, buffered=True)
    sitting.asks(BIRGITTE, Kind.PLAY).happens(Joined(METTE, "M", Seat.CASEWORKER), after_ms=900)
    sitting.tells(METTE, buffered=False, pos_ms=0)
    assert sitting.room.moving


def test_one_person_in_two_windows_leaves_with_the_last_one(sitting: Sitting) -> None:
    sitting.happens(Joined(METTE, "M", Seat.CASEWORKER)).happens(Left(METTE))
    assert sitting.room.members[METTE].here
    sitting.happens(Left(METTE))
    assert not sitting.room.members[METTE].here


def test_the_lead_passes_when_the_one_who_leads_stays_silent(sitting: Sitting) -> None:
    sitting.asks(METTE, Kind.LEAD_ASK)
    assert sitting.room.asking.by == METTE
    sitting.happens(Tick(), after_ms=LEAD_PASSES_MS)
    assert sitting.room.leader == METTE


def test_the_question_lapses_when_the_one_who_leads_is_active(sitting: Sitting) -> None:
    sitting.asks(METTE, Kind.LEAD_ASK).happens(Active(BIRGITTE), after_ms=3_000)
    sitting.happens(Tick(), after_ms=LEAD_PASSES_MS)
    assert sitting.room.leader == BIRGITTE
    assert sitting.room.asking is None


def test_the_one_who_leads_may_give_or_keep_it(sitting: Sitting) -> None:
    sitting.asks(METTE, Kind.LEAD_ASK).asks(BIRGITTE, Kind.LEAD_GIVE, to=BIRGITTE)
    assert (sitting.room.leader, sitting.room.asking) == (BIRGITTE, None)
    sitting.asks(METTE, Kind.LEAD_ASK).asks(BIRGITTE, Kind.LEAD_GIVE)
    assert (sitting.room.leader, sitting.room.asking) == (METTE, None)


def test_the_lead_can_be_taken_only_from_someone_who_is_away(sitting: Sitting) -> None:
    sitting.asks(METTE, Kind.LEAD_TAKE)
    assert sitting.room.leader == BIRGITTE
    sitting.happens(Left(BIRGITTE)).asks(METTE, Kind.LEAD_TAKE)
    assert sitting.room.leader == METTE


def test_a_restart_resumes_paused_at_the_same_place(sitting: Sitting) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY).happens(Tick(), after_ms=7_080)
    saved = snapshot(sitting.room, at_ms=sitting.now_ms)
    again = restore((FIRST, SECOND), saved)
    assert not again.playing
    assert again.pos_ms == FIRST.start_ms + in_the_film(7_080)
    assert again.seq > sitting.room.seq
    assert (again.leader, again.sequence, again.why) == (BIRGITTE, FIRST.id, Why.RESTORED)


def test_what_was_played_is_remembered_over_a_restart_and_what_was_only_chosen_is_not(
    sitting: Sitting,
) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY).asks(BIRGITTE, Kind.SEQUENCE, sequence=SECOND.id)
    again = restore((FIRST, SECOND), snapshot(sitting.room, at_ms=sitting.now_ms))
    assert sitting.room.shown == again.shown == {FIRST.id}


def test_what_is_saved_holds_no_names(sitting: Sitting) -> None:
    sitting.happens(Joined(METTE, "Rumpelstiltskin", Seat.CASEWORKER))
    assert "Rumpelstiltskin" not in repr(snapshot(sitting.room, at_ms=sitting.now_ms))


@pytest.mark.parametrize("broken", [{}, {"pos_ms": "x", "seq": None, "rate": "fast"}])
def test_a_broken_memory_opens_the_room_at_its_beginning(broken: dict[str, object]) -> None:
    assert restore((FIRST,), broken).pos_ms == FIRST.start_ms


def test_what_has_ended_stays_ended(sitting: Sitting) -> None:
    sitting.asks(BIRGITTE, Kind.PLAY).happens(End(METTE), after_ms=900)
    assert Event.ENDED in sitting.told
    assert not sitting.room.moving
    sitting.asks(BIRGITTE, Kind.PLAY)
    assert sitting.told == [Refused(BIRGITTE, Kind.PLAY)]
    assert restore((FIRST,), snapshot(sitting.room, at_ms=sitting.now_ms)).ended


def test_a_removed_sequence_is_no_longer_the_chosen_one(sitting: Sitting) -> None:
    sitting.happens(AgendaChanged((SECOND,)))
    assert sitting.room.sequence == SECOND.id
    sitting.asks(BIRGITTE, Kind.SEQUENCE, sequence=FIRST.id)
    assert sitting.told == [Refused(BIRGITTE, Kind.SEQUENCE)]


def test_a_stranger_changes_nothing(sitting: Sitting) -> None:
    before = replace(sitting.room)
    sitting.asks(UserId("stranger"), Kind.PAUSE)
    assert sitting.room == before

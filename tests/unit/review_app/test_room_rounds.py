"""Rounds and guests in the joint room, one rule at a time."""

from typing import Any

import pytest

from review_app.routes.room_wire import Unreadable, command_from, presence_message, state_message
from review_app.supervision.room import advance, open_room, restore, snapshot
from review_app.supervision.room_rounds import (
    PLANS,
    SPEAKERS,
    Part,
    Plan,
    RoundKind,
    Seat,
    found_again,
)
from review_app.supervision.room_state import Room
from review_app.supervision.room_values import (
    AgendaItem,
    CallMoved,
    Command,
    End,
    Event,
    Happening,
    Joined,
    Kind,
    Left,
    Refused,
)
from storage.plain import check_plain
from storage.records import SequenceId, UserId

BIRGITTE, METTE, XENIA = UserId("birgitte"), UserId("mette"), UserId("xenia")
AGENDA = (AgendaItem(SequenceId("s1"), 10_000, 40_000),)
MINUTE_MS = 60_000


class Group:
    """A supervisor, a caseworker and a guest in a room with a clock."""

    def __init__(self) -> None:
        self.room: Room = open_room(AGENDA)
        self.now_ms = 1_000
        self.told: tuple[object, ...] = ()
        for person, seat in (
            (BIRGITTE, Seat.SUPERVISOR),
            (METTE, Seat.CASEWORKER),
            (XENIA, Seat.GUEST),
        ):
            self.happens(Joined(person, person, seat))

    def happens(self, happening: Happening, *, after_ms: int = 0) -> None:
        self.now_ms += after_ms
        step = advance(self.room, happening, at_ms=self.now_ms)
        self.room, self.told = step.room, step.told

    def asks(
        self,
        by: UserId,
        kind: Kind,
        *,
        after_ms: int = 0,
        seq: int | None = None,
        **more: Any,  # noqa: ANN401
    ) -> None:
        seen = self.room.seq if seq is None else seq
        self.happens(Command(by, kind, seen, **more), after_ms=after_ms)

    @property
    def left_ms(self) -> int:
        assert self.room.rounds is not None
        return self.room.rounds.left(at_ms=self.now_ms)

    @property
    def shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = state_message(self.room, at_ms=self.now_ms)["rounds"]
        return shown

    @property
    def parts(self) -> dict[str, str]:
        return {each["id"]: each["part"] for each in presence_message(self.room)["people"]}


@pytest.fixture
def group() -> Group:
    return Group()


def begun(group: Group, plan: Plan = Plan.FOUR_THREE_ONE) -> Group:
    group.asks(BIRGITTE, Kind.ROUNDS, plan=plan)
    group.asks(BIRGITTE, Kind.ROUND_TIME, running=True)
    return group


def test_the_sets_are_those_of_the_method() -> None:
    minutes = {
        plan: [(kind, length_ms // MINUTE_MS) for kind, length_ms in rounds]
        for plan, rounds in PLANS.items()
    }
    tell, reflect, together = RoundKind
    assert minutes == {
        Plan.THREE_THREE_ONE: [(tell, 3), (reflect, 3), (together, 1)],
        Plan.FOUR_THREE_ONE: [(tell, 4), (reflect, 3), (together, 1)],
        Plan.TEN_FIVE: [(tell, 10), (reflect, 5)],
    }


def test_while_the_team_reflects_the_teller_listens_and_at_the_end_all_speak() -> None:
    assert Part.TELLER not in SPEAKERS[RoundKind.REFLECT]
    assert Part.REFLECTING not in SPEAKERS[RoundKind.TELL]
    assert SPEAKERS[RoundKind.TOGETHER] == set(Part)


def test_a_chosen_set_stands_still_until_it_is_started(group: Group) -> None:
    group.asks(BIRGITTE, Kind.ROUNDS, plan=Plan.TEN_FIVE)
    group.now_ms += MINUTE_MS
    assert group.left_ms == 10 * MINUTE_MS
    group.asks(BIRGITTE, Kind.ROUND_TIME, running=True)
    group.now_ms += MINUTE_MS
    assert group.left_ms == 9 * MINUTE_MS
    group.asks(BIRGITTE, Kind.ROUND_TIME, running=False)
    group.now_ms += MINUTE_MS
    assert group.left_ms == 9 * MINUTE_MS


def test_time_that_is_over_cuts_nobody_off(group: Group) -> None:
    begun(group)
    group.now_ms += 5 * MINUTE_MS
    assert group.left_ms == -MINUTE_MS
    group.asks(XENIA, Kind.POINTER)
    assert (group.shown["number"], group.shown["running"]) == (0, True)


def test_the_next_round_runs_and_after_the_last_the_first_stands_ready(group: Group) -> None:
    begun(group)
    for kind in ("reflect", "together"):
        group.asks(BIRGITTE, Kind.ROUND_NEXT, after_ms=MINUTE_MS)
        assert (group.shown["kind"], group.shown["running"]) == (kind, True)
        assert group.left_ms == group.shown["length_ms"]
    group.asks(BIRGITTE, Kind.ROUND_NEXT)
    assert (group.shown["kind"], group.shown["running"]) == ("tell", False)


def test_next_pressed_twice_on_one_screen_goes_on_once(group: Group) -> None:
    begun(group)
    seen = group.room.seq
    group.asks(BIRGITTE, Kind.ROUND_NEXT, seq=seen)
    group.asks(BIRGITTE, Kind.ROUND_NEXT, seq=seen)
    assert group.shown["number"] == 1


def test_a_play_is_not_lost_because_a_round_has_begun_meanwhile(group: Group) -> None:
    group.asks(METTE, Kind.PLAY)
    group.asks(METTE, Kind.PAUSE)
    seen = group.room.seq
    begun(group)
    group.asks(XENIA, Kind.PLAY, seq=seen)
    assert group.room.playing


def test_what_is_asked_without_rounds_changes_nothing(group: Group) -> None:
    for kind in (Kind.ROUND_NEXT, Kind.ROUND_TIME):
        group.asks(BIRGITTE, kind, running=True)
        assert group.told == ()
    group.asks(BIRGITTE, Kind.PART, to=XENIA, part=Part.OBSERVER)
    assert group.told == (Refused(BIRGITTE, Kind.PART),)


@pytest.mark.parametrize("who", [METTE, XENIA])
@pytest.mark.parametrize("kind", [Kind.ROUNDS, Kind.ROUND_TIME, Kind.ROUND_NEXT, Kind.PART])
def test_rounds_are_led_by_whoever_leads(group: Group, who: UserId, kind: Kind) -> None:
    begun(group)
    before = group.shown
    group.asks(who, kind, to=METTE, part=Part.OBSERVER)
    assert group.told == (Refused(who, kind),)
    assert group.shown == before
    group.asks(BIRGITTE, Kind.LEAD_GIVE, to=METTE)
    group.asks(METTE, Kind.ROUND_NEXT)
    assert group.shown["number"] == 1


def test_parts_follow_the_seats_until_another_is_chosen(group: Group) -> None:
    assert group.parts == {BIRGITTE: "interviewer", METTE: "teller", XENIA: "reflecting"}
    begun(group)
    group.asks(BIRGITTE, Kind.PART, to=XENIA, part=Part.TELLER)
    assert Event.PRESENCE in group.told
    assert group.parts[XENIA] == "teller"
    group.asks(BIRGITTE, Kind.ROUNDS, plan=Plan.TEN_FIVE)
    assert group.parts[XENIA] == "teller"
    group.asks(BIRGITTE, Kind.ROUNDS)
    assert group.parts[XENIA] == "reflecting"


def test_a_restart_finds_the_round_with_its_time_standing(group: Group) -> None:
    begun(group)
    group.asks(BIRGITTE, Kind.ROUND_NEXT)
    group.asks(BIRGITTE, Kind.PART, to=XENIA, part=Part.OBSERVER)
    group.now_ms += 90_000
    kept = snapshot(group.room, at_ms=group.now_ms)
    check_plain(kept)
    group.room = restore(AGENDA, kept)
    group.now_ms = 5
    assert (group.left_ms, group.shown["number"], group.shown["running"]) == (90_000, 1, False)
    group.happens(Joined(XENIA, "X", Seat.GUEST))
    assert group.parts[XENIA] == "observer"


@pytest.mark.parametrize(
    "saved",
    [
        None,
        {"plan": "7_7"},
        {"plan": "10_5", "number": 2},
        {"plan": "10_5", "number": "one"},
        ["10_5"],
    ],
)
def test_what_was_not_kept_by_us_is_no_round(saved: object) -> None:
    assert found_again(saved, seq=1) is None


@pytest.mark.parametrize(
    "kind", [Kind.SEEK, Kind.SEQUENCE, Kind.RATE, Kind.LEAD_ASK, Kind.LEAD_TAKE, Kind.LEAD_GIVE]
)
def test_a_guest_neither_leads_nor_chooses(group: Group, kind: Kind) -> None:
    group.asks(XENIA, kind, sequence=SequenceId("s1"), to=XENIA, pos_ms=20_000, rate=2.0)
    assert group.told == (Refused(XENIA, kind),)
    group.asks(BIRGITTE, Kind.LEAD_GIVE, to=XENIA)
    assert group.room.leader == BIRGITTE


def test_a_guest_may_pause_play_and_point_while_one_of_the_two_is_here(group: Group) -> None:
    group.asks(XENIA, Kind.PLAY)
    assert group.room.playing
    group.asks(XENIA, Kind.PAUSE)
    assert not group.room.playing
    group.happens(Left(METTE))
    group.asks(XENIA, Kind.PLAY)
    assert group.room.playing
    group.happens(Left(BIRGITTE), after_ms=500)
    assert not group.room.playing
    group.asks(XENIA, Kind.PLAY)
    assert group.told == (Refused(XENIA, Kind.PLAY),)


def test_a_guest_does_not_end_the_meeting(group: Group) -> None:
    group.happens(End(XENIA))
    assert not group.room.ended
    group.happens(End(METTE))
    assert group.room.ended


def test_the_call_moves_for_everyone_and_is_found_again(group: Group) -> None:
    group.happens(CallMoved("4f2c"))
    assert Event.STATE in group.told
    assert state_message(group.room, at_ms=group.now_ms)["call"] == "4f2c"
    assert restore(AGENDA, snapshot(group.room, at_ms=0)).call == "4f2c"


def test_what_is_no_plan_and_no_part_is_not_read() -> None:
    for wrong in ({"plan": "1_1"}, {"part": "judge"}, {"plan": 3}):
        with pytest.raises(Unreadable):
            command_from({"kind": "rounds", **wrong}, by=METTE)
    command = command_from({"kind": "rounds", "plan": "10_5", "part": "teller"}, by=METTE)
    assert (command.plan, command.part, command.running) == (Plan.TEN_FIVE, Part.TELLER, False)

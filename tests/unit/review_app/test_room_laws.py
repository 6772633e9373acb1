"""Laws of the joint room that hold whatever people and lines do."""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from review_app.supervision.room import advance, open_room, restore, snapshot
from review_app.supervision.room_rounds import Part, Plan, Rounds, Seat
from review_app.supervision.room_state import Room
from review_app.supervision.room_values import (
    LEAD_PASSES_MS,
    WAIT_LIMIT_MS,
    Active,
    AgendaItem,
    Command,
    Event,
    Happening,
    Joined,
    Kind,
    Left,
    Ready,
    Telling,
    Tick,
)
from storage.records import SequenceId, UserId

SIDES = {
    UserId("b"): Seat.SUPERVISOR,
    UserId("m"): Seat.CASEWORKER,
    UserId("o"): Seat.SUPERVISOR,
    UserId("g"): Seat.GUEST,
    UserId("h"): Seat.GUEST,
}
AGENDA = (
    AgendaItem(SequenceId("s1"), 10_000, 40_000),
    AgendaItem(SequenceId("s2"), 60_000, 75_000),
)
PEOPLE = st.sampled_from(list(SIDES))


class Screen:
    """What one person's window knows: only what it has been told."""

    def __init__(self, room: Room) -> None:
        self.show(room)

    def show(self, room: Room) -> None:
        self.seq = room.seq
        self.moving = room.moving
        self.anchor = (room.pos_ms, room.at_ms, room.pace, room.stop_ms)
        self.sequence = room.sequence
        self.leader = room.leader
        self.rounds = room.rounds

    def place(self, now_ms: int) -> int:
        pos_ms, at_ms, pace, stop_ms = self.anchor
        if not self.moving:
            return pos_ms
        there = pos_ms + round(max(0, now_ms - at_ms) * pace)
        return there if stop_ms is None else min(there, stop_ms)


class JointRoom(RuleBasedStateMachine):
    """Several people, each with a screen fed by what the room tells, and unreliable lines."""

    @initialize()
    def opens(self) -> None:
        self.now_ms = 50_000
        self.room = open_room(AGENDA)
        self.screens: dict[UserId, Screen] = {}
        self.waited_ms = 0

    def happens(self, happening: Happening) -> tuple[Telling, ...]:
        step = advance(self.room, happening, at_ms=self.now_ms)
        self.room = step.room
        if Event.STATE in step.told:
            for screen in self.screens.values():
                screen.show(self.room)
        return step.told

    @rule(person=PEOPLE)
    def joins(self, person: UserId) -> None:
        if person in self.screens:
            return
        self.happens(Joined(person, "", SIDES[person]))
        self.screens[person] = Screen(self.room)

    @rule(person=PEOPLE)
    def line_is_lost(self, person: UserId) -> None:
        if self.screens.pop(person, None):
            self.happens(Left(person))

    @rule(person=PEOPLE, kind=st.sampled_from(list(Kind)), data=st.data())
    def asks(self, person: UserId, kind: Kind, data: st.DataObject) -> None:
        if person not in self.screens:
            return
        before = self.room
        stale = data.draw(st.integers(0, 3))
        command = Command(
            person,
            kind,
            max(0, self.screens[person].seq - stale),
            pos_ms=data.draw(st.none() | st.integers(0, 90_000)),
            rate=data.draw(st.sampled_from([0.1, 0.5, 1.0, 2.0, 9.0])),
            sequence=data.draw(st.sampled_from([SequenceId("s1"), SequenceId("s2"), None])),
            to=data.draw(st.none() | PEOPLE),
            again=data.draw(st.booleans()),
            plan=data.draw(st.none() | st.sampled_from(Plan)),
            running=data.draw(st.booleans()),
            part=data.draw(st.none() | st.sampled_from(Part)),
        )
        self.happens(command)
        self.only_the_one_who_leads_changes_the_rounds(before, command)
        if kind is Kind.PAUSE:
            assert not self.room.playing, "anyone may always pause"
        if kind in {Kind.SEEK, Kind.SEQUENCE} and before.leader not in {None, person}:
            assert self.room.sequence == before.sequence
        if kind in {Kind.PLAY, Kind.SEEK}:
            self.waited_ms = 0

    def only_the_one_who_leads_changes_the_rounds(self, before: Room, command: Command) -> None:
        rounds = self.room.rounds
        if before.leader not in {None, command.by} or SIDES[command.by] is Seat.GUEST:
            assert rounds == before.rounds
        if command.kind is Kind.ROUND_NEXT and before.rounds and rounds:
            # However often it is asked on one screen, it is gone on once.
            again = advance(self.room, command, at_ms=self.now_ms).room.rounds
            assert again == rounds
        elif before.rounds and rounds and command.kind not in {Kind.ROUNDS, Kind.ROUND_TIME}:
            assert replace(rounds, parts={}) == replace(before.rounds, parts={})

    @rule(
        person=PEOPLE,
        buffered=st.booleans(),
        pos_ms=st.integers(0, 90_000),
        stale=st.integers(0, 2),
        rtt_ms=st.integers(0, 5_000),
    )
    def tells_of_its_film(
        self, person: UserId, *, buffered: bool, pos_ms: int, stale: int, rtt_ms: int
    ) -> None:
        if person in self.screens:
            seq = self.screens[person].seq - stale
            ready = Ready(person, seq=seq, buffered=buffered, pos_ms=pos_ms, rtt_ms=rtt_ms)
            self.happens(ready)

    @rule(person=PEOPLE)
    def writes(self, person: UserId) -> None:
        self.happens(Active(person))

    @rule(passed_ms=st.integers(0, 9_000))
    def time_passes(self, passed_ms: int) -> None:
        end_ms = self.now_ms + passed_ms
        while True:
            due = self.room.due_ms
            moment = min(end_ms, max(self.now_ms, due)) if due is not None else end_ms
            if self.room.waiting:
                self.waited_ms += moment - self.now_ms
            self.now_ms = moment
            self.happens(Tick())
            if moment == end_ms:
                return

    @precondition(lambda self: self.now_ms > 50_000)
    @rule()
    def server_restarts(self) -> None:
        place = self.room.position(at_ms=self.now_ms)
        sequence, leader, seq = self.room.sequence, self.room.leader, self.room.seq
        rounds = self.room.rounds
        self.room = restore(AGENDA, snapshot(self.room, at_ms=self.now_ms))
        assert not self.room.playing
        assert self.room.pos_ms == place
        assert (self.room.sequence, self.room.leader) == (sequence, leader)
        assert self.room.seq > seq
        self.the_rounds_are_found_again_standing(rounds)
        self.screens.clear()

    def the_rounds_are_found_again_standing(self, before: Rounds | None) -> None:
        found = self.room.rounds
        assert (found is None) == (before is None)
        if found and before:
            assert not found.running
            assert found.left(at_ms=0) == before.left(at_ms=self.now_ms)
            assert (found.plan, found.number, found.parts) == (
                before.plan,
                before.number,
                before.parts,
            )

    @invariant()
    def guests_neither_lead_nor_watch_alone(self) -> None:
        assert SIDES.get(self.room.leader or UserId("")) is not Seat.GUEST
        if self.room.moving:
            assert any(SIDES[person] is not Seat.GUEST for person in self.screens)

    @invariant()
    def every_screen_shows_the_same_round_with_the_same_time_left(self) -> None:
        for screen in self.screens.values():
            assert screen.rounds == self.room.rounds
        if self.room.rounds:
            assert self.room.rounds.left(at_ms=self.now_ms) <= self.room.rounds.length_ms

    @invariant()
    def nobody_diverges(self) -> None:
        places = {screen.place(self.now_ms) for screen in self.screens.values()}
        places.add(self.room.position(at_ms=self.now_ms))
        assert len(places) == 1

    @invariant()
    def everyone_knows_who_leads_and_what_is_shown(self) -> None:
        for screen in self.screens.values():
            assert (screen.leader, screen.sequence) == (self.room.leader, self.room.sequence)

    @invariant()
    def no_wait_is_without_end(self) -> None:
        assert self.waited_ms <= WAIT_LIMIT_MS
        if self.room.waiting:
            assert self.room.playing
            assert self.room.due_ms is not None
            assert self.room.due_ms <= self.now_ms + WAIT_LIMIT_MS

    @invariant()
    def no_question_for_the_lead_is_left_open(self) -> None:
        if self.room.asking:
            assert self.room.asking.until_ms <= self.now_ms + LEAD_PASSES_MS

    @invariant()
    def the_place_is_never_before_the_film(self) -> None:
        assert self.room.position(at_ms=self.now_ms) >= 0


JointRoom.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestJointRoom = JointRoom.TestCase

"""The joint room: one film, two people and their guests, the same moment. Pure: no IO, no clock.

A room is a value; ``advance`` turns it into the next one and says what to tell. The rules:

1. Anyone may always pause, and the pause is the same frame for everyone.
2. Everyone may play and show the sequence again while one of the two is here; choosing a sequence
   and seeking is for the one of the two who leads.
3. A play starts a moment ahead, so that everyone can start at once.
4. The film waits for the slower side, in all at most ``WAIT_LIMIT_MS`` between two commands, and
   anyone may go on without. Who comes late catches up and holds nobody.
5. A question for the lead passes by itself when the leader stays silent or is away.
6. A restart resumes paused at the same place. What has ended stays ended.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from review_app.supervision.room_group import (
    anyone,
    choose_part,
    choose_rounds,
    is_host,
    leads,
    may_take_the_lead,
    next_round,
    switch_time,
    with_a_host,
)
from review_app.supervision.room_pace import hold_or_resume, stand, start, without
from review_app.supervision.room_rounds import Seat, found_again, kept
from review_app.supervision.room_state import (
    Room,
    Step,
    changed,
    item_of,
    placed_anew,
    stops_at,
    touched,
    with_member,
)
from review_app.supervision.room_values import (
    FASTEST_RATE,
    LEAD_PASSES_MS,
    SLOWEST_RATE,
    Active,
    AgendaChanged,
    AgendaItem,
    Asking,
    CallMoved,
    Command,
    End,
    Event,
    Happening,
    Joined,
    Kind,
    Left,
    Member,
    Pointed,
    Ready,
    Refused,
    Tick,
    Why,
)
from storage.records import SequenceId, UserId

_SAME_FRAME_MS = 1_000
_SEQ_GAP = 1_000


def open_room(agenda: tuple[AgendaItem, ...]) -> Room:
    """Return a room that nobody has entered yet, at the start of the first sequence."""
    first = agenda[0] if agenda else None
    return Room(
        agenda=agenda,
        sequence=first.id if first else None,
        pos_ms=first.start_ms if first else 0,
    )


def advance(room: Room, happening: Happening, *, at_ms: int) -> Step:
    """Return the room after something happened, with what everyone is to be told.

    What time alone has changed until then is settled first, so the order of a timer and a
    message never matters.
    """
    settled = _settle(room, at_ms)
    after = _happen(settled, happening, at_ms)
    told = list(after.told)
    changed = settled is not room or after.room.seq != settled.seq
    if changed and after.room.seq == room.seq:
        after = replace(after, room=replace(after.room, seq=room.seq + 1))
    if changed and Event.STATE not in told:
        told.insert(0, Event.STATE)
    return Step(after.room, tuple(dict.fromkeys(told)))


def snapshot(room: Room, *, at_ms: int) -> dict[str, object]:
    """Return what a restart needs: the place, never who was here or what was said."""
    return {
        "seq": room.seq,
        "pos_ms": room.position(at_ms=at_ms),
        "rate": room.rate,
        "sequence": room.sequence,
        "leader": room.leader,
        "shown": sorted(room.shown),
        "ended": room.ended,
        "rounds": kept(room.rounds, at_ms=at_ms),
        "call": room.call,
    }


def restore(agenda: tuple[AgendaItem, ...], saved: Mapping[str, object]) -> Room:
    """Return the room as it was saved, paused at the same place.

    ``seq`` jumps ahead, so that no window takes an old state for a newer one.
    """
    fresh = open_room(agenda)
    known = frozenset(item.id for item in agenda)
    sequence = saved.get("sequence")
    leader = saved.get("leader")
    saved_shown = saved.get("shown")
    seq = _whole(saved.get("seq"), default=fresh.seq) + _SEQ_GAP
    return replace(
        fresh,
        seq=seq,
        placed=seq,
        pos_ms=_whole(saved.get("pos_ms"), default=fresh.pos_ms),
        rate=_rate_of(saved.get("rate")),
        sequence=SequenceId(str(sequence)) if sequence in known else fresh.sequence,
        leader=UserId(leader) if isinstance(leader, str) else None,
        shown=known & set(saved_shown) if isinstance(saved_shown, list) else frozenset(),
        ended=saved.get("ended") is True,
        rounds=found_again(saved.get("rounds"), seq=seq),
        call=str(saved.get("call") or ""),
        why=Why.RESTORED,
    )


# Time


def _settle(room: Room, at_ms: int) -> Room:
    stops = stops_at(room)
    if stops is not None and at_ms >= stops:
        room = replace(stand(room, at_ms), playing=False)
        room = placed_anew(room, why=Why.SEQUENCE_END, by=None, elsewhere=True)
    if room.waiting and at_ms >= room.waiting.until_ms:
        gone = any(not room.members[person].here for person in room.waiting.people)
        room = without(room, at_ms, why=Why.WENT_ON)
        if gone:
            room = replace(stand(room, at_ms), playing=False, why=Why.LEFT, by=None)
    if room.asking and at_ms >= room.asking.until_ms:
        passes = _silent(room, since_ms=room.asking.since_ms)
        leader = room.asking.by if passes else room.leader
        room = replace(room, leader=leader, asking=None, why=Why.LEAD)
    return room


def _silent(room: Room, *, since_ms: int) -> bool:
    leader = room.members.get(room.leader) if room.leader else None
    return leader is None or not leader.here or leader.active_at_ms <= since_ms


# What happens


def _happen(room: Room, happening: Happening, at_ms: int) -> Step:  # noqa: PLR0911
    match happening:
        case Joined():
            return _joined(room, happening, at_ms)
        case Left():
            return _left(room, happening, at_ms)
        case Command():
            return _commanded(room, happening, at_ms)
        case Ready():
            return _ready(room, happening, at_ms)
        case Active():
            return Step(touched(room, happening.id, at_ms))
        case AgendaChanged():
            return _rescheduled(room, happening)
        case CallMoved():
            moved = replace(room, call=happening.name)
            return Step(changed(moved, why=room.why, by=room.by))
        case End():
            return _ended(room, happening, at_ms)
        case Tick():
            return Step(room)


def _joined(room: Room, new: Joined, at_ms: int) -> Step:
    known = room.members.get(new.id)
    count = known.connections if known else 0
    member = Member(
        new.id,
        new.name,
        new.side,
        connections=count + 1,
        buffered=bool(known and known.here and known.buffered),
        active_at_ms=at_ms,
    )
    room = with_member(room, member)
    awaited = room.waiting is not None and new.id in room.waiting.people
    if room.playing and not awaited and not member.buffered:
        room = replace(room, excused=room.excused | {new.id})
    if room.leader is None and new.side == Seat.SUPERVISOR:
        room = changed(replace(room, leader=new.id), why=room.why, by=room.by)
    return Step(room, (Event.PRESENCE,))


def _left(room: Room, who: Left, at_ms: int) -> Step:
    member = room.members.get(who.id)
    if member is None or not member.here:
        return Step(room)
    gone = member.connections == 1
    room = with_member(
        room,
        replace(member, connections=member.connections - 1, buffered=member.buffered and not gone),
    )
    if not room.hosted:
        if room.playing:
            room = changed(
                replace(stand(room, at_ms), playing=False, waiting=None), why=Why.LEFT, by=None
            )
    elif gone and room.playing:
        room = hold_or_resume(room, at_ms, awaited=frozenset({who.id}))
    return Step(room, (Event.PRESENCE,))


def _ready(room: Room, ready: Ready, at_ms: int) -> Step:
    member = room.members.get(ready.id)
    if member is None or not member.here:
        return Step(room)
    told = replace(member, drift_ms=ready.drift_ms, rtt_ms=max(0, ready.rtt_ms))
    if ready.seq < room.placed:
        return Step(with_member(room, told))
    flipped = member.buffered != ready.buffered
    room = with_member(room, replace(told, buffered=ready.buffered))
    if ready.buffered:
        room = replace(room, excused=room.excused - {ready.id})
    if room.playing and flipped:
        room = hold_or_resume(room, at_ms, slower_pos_ms=ready.pos_ms)
    return Step(room, (Event.PRESENCE,) if flipped else ())


def _rescheduled(room: Room, new: AgendaChanged) -> Step:
    if new.agenda == room.agenda:
        return Step(room)
    room = replace(room, agenda=new.agenda)
    if item_of(room, room.sequence) is None:
        first = new.agenda[0].id if new.agenda else None
        room = replace(room, sequence=first, stop_ms=None)
    return Step(changed(room, why=room.why, by=room.by))


def _ended(room: Room, end: End, at_ms: int) -> Step:
    if room.ended or not is_host(room, end.by):
        return Step(room)
    room = replace(stand(room, at_ms), playing=False, waiting=None, asking=None, ended=True)
    return Step(changed(room, why=Why.ENDED, by=end.by), (Event.STATE, Event.ENDED))


# Commands


def _commanded(room: Room, command: Command, at_ms: int) -> Step:
    if command.by not in room.members:
        return Step(room)
    room = touched(room, command.by, at_ms)
    rule = _RULES[command.kind]
    if room.ended or not rule.may(room, command.by):
        return Step(room, (Refused(command.by, command.kind),))
    if rule.fresh and command.seq < room.placed and room.why is Why.PAUSE:
        # Made before seeing the other's pause, and anyone may always pause.
        return Step(room, (Refused(command.by, command.kind),))
    return rule.do(room, command, at_ms)


def _play(room: Room, command: Command, at_ms: int) -> Step:
    if room.playing and not command.again:
        return Step(room)
    item = item_of(room, room.sequence)
    room = stand(room, at_ms)
    anew = item is not None and (command.again or room.pos_ms == item.end_ms == room.stop_ms)
    if item:
        begins = item.start_ms if anew else room.pos_ms
        room = replace(room, pos_ms=begins, shown=room.shown | {item.id})
    room = replace(room, playing=True)
    return start(room, at_ms, why=Why.PLAY, by=command.by, elsewhere=anew)


def _pause(room: Room, command: Command, at_ms: int) -> Step:
    if not room.playing:
        return Step(room)
    room = stand(room, at_ms)
    seen = command.pos_ms
    if seen is not None and abs(seen - room.pos_ms) <= _SAME_FRAME_MS:
        room = replace(room, pos_ms=max(0, seen))
    room = replace(room, playing=False, waiting=None)
    return Step(placed_anew(room, why=Why.PAUSE, by=command.by, elsewhere=True))


def _seek(room: Room, command: Command, at_ms: int) -> Step:
    room = replace(stand(room, at_ms), pos_ms=max(0, command.pos_ms or 0), stop_ms=None)
    return start(room, at_ms, why=Why.SEEK, by=command.by, elsewhere=True)


def _set_rate(room: Room, command: Command, at_ms: int) -> Step:
    starts_ms = room.at_ms if room.moving else at_ms
    room = stand(room, at_ms)
    room = replace(room, rate=_rate_of(command.rate), at_ms=max(at_ms, starts_ms))
    return Step(changed(room, why=Why.RATE, by=command.by))


def _choose(room: Room, command: Command, at_ms: int) -> Step:
    item = item_of(room, command.sequence)
    if item is None:
        return Step(room, (Refused(command.by, command.kind),))
    room = replace(
        stand(room, at_ms),
        playing=False,
        waiting=None,
        stop_ms=None,
        sequence=item.id,
        pos_ms=item.start_ms,
    )
    return Step(placed_anew(room, why=Why.SEQUENCE, by=command.by, elsewhere=True))


def _ask(room: Room, command: Command, at_ms: int) -> Step:
    if room.asking or room.leader == command.by:
        return Step(room)
    asking = Asking(command.by, at_ms, at_ms + LEAD_PASSES_MS)
    return Step(changed(replace(room, asking=asking), why=room.why, by=room.by))


def _give(room: Room, command: Command, at_ms: int) -> Step:  # noqa: ARG001
    to = command.to or (room.asking.by if room.asking else None)
    if to is None or not is_host(room, to):
        return Step(room, (Refused(command.by, command.kind),))
    return Step(changed(replace(room, leader=to, asking=None), why=Why.LEAD, by=command.by))


def _take(room: Room, command: Command, at_ms: int) -> Step:  # noqa: ARG001
    room = replace(room, leader=command.by, asking=None)
    return Step(changed(room, why=Why.LEAD, by=command.by))


def _go_on(room: Room, command: Command, at_ms: int) -> Step:
    if room.waiting is None:
        return Step(room)
    return Step(without(room, at_ms, why=Why.WENT_ON, by=command.by))


def _point(room: Room, command: Command, at_ms: int) -> Step:  # noqa: ARG001
    return Step(room, (Pointed(command.by, command.x, command.y),))


@dataclass(frozen=True, slots=True)
class _Rule:
    """Who may, what it does, and whether it must have seen the latest pause."""

    may: Callable[[Room, UserId], bool]
    do: Callable[[Room, Command, int], Step]
    fresh: bool = False


_RULES: Mapping[Kind, _Rule] = {
    Kind.PLAY: _Rule(with_a_host, _play, fresh=True),
    Kind.PAUSE: _Rule(anyone, _pause),
    Kind.SEEK: _Rule(leads, _seek),
    Kind.RATE: _Rule(is_host, _set_rate),
    Kind.SEQUENCE: _Rule(leads, _choose),
    Kind.LEAD_ASK: _Rule(is_host, _ask),
    Kind.LEAD_GIVE: _Rule(leads, _give),
    Kind.LEAD_TAKE: _Rule(may_take_the_lead, _take),
    Kind.GO_ON: _Rule(anyone, _go_on),
    Kind.POINTER: _Rule(anyone, _point),
    Kind.ROUNDS: _Rule(leads, choose_rounds),
    Kind.ROUND_TIME: _Rule(leads, switch_time),
    Kind.ROUND_NEXT: _Rule(leads, next_round),
    Kind.PART: _Rule(leads, choose_part),
}


def _whole(untrusted: object, *, default: int) -> int:
    return max(0, untrusted) if isinstance(untrusted, int) else default


def _rate_of(untrusted: object) -> float:
    rate = float(untrusted) if isinstance(untrusted, int | float) else 1.0
    return min(FASTEST_RATE, max(SLOWEST_RATE, rate))

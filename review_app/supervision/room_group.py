"""Who may do what in a joint room, and what the one who leads asks of a reflecting group.

The two lead, choose, seek and end; their guests may pause, play with one of them here, point and
write. How rounds run is in ``room_rounds``.
"""

from dataclasses import replace

from review_app.supervision.room_rounds import chosen, gone_on, switched
from review_app.supervision.room_state import Room, Step, changed
from review_app.supervision.room_values import Command, Event, Refused
from storage.records import UserId


def anyone(room: Room, person: UserId) -> bool:  # noqa: ARG001
    """Return that everyone in the room may."""
    return True


def with_a_host(room: Room, person: UserId) -> bool:  # noqa: ARG001
    """Return whether one of the two is here: guests see nothing by themselves."""
    return room.hosted


def is_host(room: Room, person: UserId) -> bool:
    """Return whether this is one of the two whose room it is."""
    member = room.members.get(person)
    return member is not None and not member.is_guest


def leads(room: Room, person: UserId) -> bool:
    """Return whether this one of the two leads, or nobody does yet."""
    return is_host(room, person) and room.leader in {None, person}


def may_take_the_lead(room: Room, person: UserId) -> bool:
    """Return whether this one of the two finds the lead with nobody who is here."""
    leader = room.members.get(room.leader) if room.leader else None
    return is_host(room, person) and (leads(room, person) or leader is None or not leader.here)


def choose_rounds(room: Room, command: Command, at_ms: int) -> Step:
    """Begin a set of rounds, its time standing still, or end the rounds."""
    if command.plan is None:
        return _told(replace(room, rounds=None), Event.PRESENCE)
    parts = room.rounds.parts if room.rounds else {}
    rounds = chosen(command.plan, seq=room.seq + 1, parts=parts, at_ms=at_ms)
    return _told(replace(room, rounds=rounds), Event.PRESENCE)


def switch_time(room: Room, command: Command, at_ms: int) -> Step:
    """Let the round's time run or stand."""
    if room.rounds is None or room.rounds.running == command.running:
        return Step(room)
    return _told(replace(room, rounds=switched(room.rounds, running=command.running, at_ms=at_ms)))


def next_round(room: Room, command: Command, at_ms: int) -> Step:
    """Go on to the next round; once, however often it was asked on the same screen."""
    if room.rounds is None or command.seq < room.rounds.began:
        return Step(room)
    return _told(replace(room, rounds=gone_on(room.rounds, seq=room.seq + 1, at_ms=at_ms)))


def choose_part(room: Room, command: Command, at_ms: int) -> Step:  # noqa: ARG001
    """Give somebody a part in the rounds."""
    rounds, to, part = room.rounds, command.to, command.part
    if rounds is None or part is None or to is None or to not in room.members:
        return Step(room, (Refused(command.by, command.kind),))
    parts = {**rounds.parts, to: part}
    return _told(replace(room, rounds=replace(rounds, parts=parts)), Event.PRESENCE)


def _told(room: Room, *besides: Event) -> Step:
    return Step(changed(room, why=room.why, by=room.by), besides)

"""How the film of a joint room stands, starts and waits for the slower side.

The film is held in all at most ``WAIT_LIMIT_MS`` between two commands, however often a line
falters, so no wait is without end.
"""

from dataclasses import replace

from review_app.supervision.room_state import Room, Step, changed, item_of
from review_app.supervision.room_values import START_DELAY_MS, WAIT_LIMIT_MS, Waiting, Why
from storage.records import UserId

_SLOWER_MS = 2_000


def stand(room: Room, at_ms: int) -> Room:
    """Return the room with its place worked out for this moment."""
    return replace(room, pos_ms=room.position(at_ms=at_ms), at_ms=at_ms)


def start(room: Room, at_ms: int, *, why: Why, by: UserId | None) -> Step:
    """Begin anew from here: a fresh allowance for waiting, and a stop at the sequence's end."""
    item = item_of(room, room.sequence)
    inside = item is not None and room.pos_ms < item.end_ms
    room = replace(
        room,
        at_ms=at_ms + START_DELAY_MS if room.playing else at_ms,
        waiting=None,
        wait_left_ms=WAIT_LIMIT_MS,
        excused=frozenset(),
        stop_ms=item.end_ms if item and inside else None,
    )
    room = changed(room, why=why, by=by)
    return Step(hold_or_resume(room, at_ms) if room.playing else room)


def hold_or_resume(
    room: Room,
    at_ms: int,
    *,
    awaited: frozenset[UserId] = frozenset(),
    slower_pos_ms: int | None = None,
) -> Room:
    """Return the room waiting for whoever is not ready, or going on when all are.

    ``awaited`` are people who are gone and waited for all the same; ``slower_pos_ms`` is where
    the slower side stands, so that nobody misses what the other has seen.
    """
    held = room.waiting.people if room.waiting else frozenset()
    slow = frozenset(
        m.id
        for m in room.members.values()
        if not m.buffered and (m.here or m.id in awaited | held) and m.id not in room.excused
    )
    if slow == held:
        return room
    if not slow:
        return without(room, at_ms, why=Why.PLAY, by=room.by)
    if room.waiting:
        return changed(
            replace(room, waiting=replace(room.waiting, people=slow)), why=room.why, by=room.by
        )
    if not room.wait_left_ms:
        return room
    room = stand(room, at_ms)
    if slower_pos_ms is not None and 0 <= room.pos_ms - slower_pos_ms <= _SLOWER_MS:
        room = replace(room, pos_ms=max(0, slower_pos_ms))
    waiting = Waiting(slow, since_ms=at_ms, until_ms=at_ms + room.wait_left_ms)
    return changed(replace(room, waiting=waiting), why=Why.WAITING, by=room.by)


def without(room: Room, at_ms: int, *, why: Why, by: UserId | None = None) -> Room:
    """Go on playing, and hold the film no longer for those who still are not ready."""
    if room.waiting is None:
        return room
    waited_ms = at_ms - room.waiting.since_ms
    late = frozenset(p for p in room.waiting.people if not room.members[p].buffered)
    room = replace(
        room,
        waiting=None,
        at_ms=at_ms + START_DELAY_MS,
        wait_left_ms=max(0, room.wait_left_ms - waited_ms),
        excused=room.excused | late,
    )
    return changed(room, why=why, by=by)

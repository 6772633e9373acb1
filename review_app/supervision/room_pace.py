"""How the film of a joint room stands, starts and waits for the slower side.

The film is held in all at most ``WAIT_LIMIT_MS`` between two commands, however often a line
falters, so no wait is without end.
"""

from dataclasses import replace

from review_app.supervision.room_state import Room, Step, changed, item_of, placed_anew
from review_app.supervision.room_values import (
    LATEST_START_MS,
    SOONEST_START_MS,
    WAIT_LIMIT_MS,
    Waiting,
    Why,
)
from storage.records import UserId

_SLOWER_MS = 2_000
_ON_THE_WAY = 0.7
"""Share of a round trip that a word takes at most, most of the time."""


def stand(room: Room, at_ms: int) -> Room:
    """Return the room with its place worked out for this moment."""
    return replace(room, pos_ms=room.position(at_ms=at_ms), at_ms=at_ms)


def start(room: Room, at_ms: int, *, why: Why, by: UserId | None, elsewhere: bool) -> Step:
    """Begin anew from here: a fresh allowance for waiting, and a stop at the sequence's end."""
    item = item_of(room, room.sequence)
    inside = item is not None and room.pos_ms < item.end_ms
    room = replace(
        room,
        at_ms=at_ms + _start_delay_ms(room) if room.playing else at_ms,
        waiting=None,
        wait_left_ms=WAIT_LIMIT_MS,
        excused=frozenset(),
        stop_ms=item.end_ms if item and inside else None,
    )
    room = placed_anew(room, why=why, by=by, elsewhere=elsewhere)
    return Step(hold_or_resume(room, at_ms) if room.playing else room)


def hold_or_resume(
    room: Room,
    at_ms: int,
    *,
    awaited: frozenset[UserId] = frozenset(),
    slower_pos_ms: int | None = None,
) -> Room:
    """Return the room waiting for whoever is not ready, or going on when all are.

    When the film is held, everyone steps back to the place of the slower side, so that nobody
    misses what the other has seen, and tells anew when they are ready: what they told while it
    ran is of no use any more.

    Args:
        room: The room whose film is asked to run.
        at_ms: Now.
        awaited: People who are gone and waited for all the same.
        slower_pos_ms: Where the slower side stands.
    """
    held = room.waiting.people if room.waiting else frozenset()
    slow = _not_ready(room, even_gone=awaited | held)
    if slow == held:
        return room
    if not slow:
        return without(room, at_ms, why=Why.PLAY, by=room.by)
    if room.waiting:
        waiting = replace(room.waiting, people=slow)
        return changed(replace(room, waiting=waiting), why=room.why, by=room.by)
    if not room.wait_left_ms:
        return room
    room = stand(room, at_ms)
    if slower_pos_ms is not None and 0 <= room.pos_ms - slower_pos_ms <= _SLOWER_MS:
        room = replace(room, pos_ms=max(0, slower_pos_ms))
    room = placed_anew(room, why=Why.WAITING, by=room.by, elsewhere=True)
    people = _not_ready(room, even_gone=awaited)
    return replace(room, waiting=Waiting(people, slow, at_ms, at_ms + room.wait_left_ms))


def without(room: Room, at_ms: int, *, why: Why, by: UserId | None = None) -> Room:
    """Go on playing, and hold the film no longer for those who still are not ready."""
    if room.waiting is None:
        return room
    waited_ms = at_ms - room.waiting.since_ms
    late = frozenset(p for p in room.waiting.people if not room.members[p].buffered)
    room = replace(
        room,
        waiting=None,
        at_ms=at_ms + _start_delay_ms(room),
        wait_left_ms=max(0, room.wait_left_ms - waited_ms),
        excused=room.excused | late,
    )
    return placed_anew(room, why=why, by=by, elsewhere=False)


def _not_ready(room: Room, *, even_gone: frozenset[UserId]) -> frozenset[UserId]:
    return frozenset(
        m.id
        for m in room.members.values()
        if not m.buffered and (m.here or m.id in even_gone) and m.id not in room.excused
    )


def _start_delay_ms(room: Room) -> int:
    """Return how far ahead a start is set, so that the slowest line hears of it in time.

    Half a round trip and a little for what comes late; and what a browser takes to begin.
    """
    slowest = max((m.rtt_ms for m in room.members.values() if m.here), default=0)
    return min(LATEST_START_MS, SOONEST_START_MS + round(_ON_THE_WAY * slowest))

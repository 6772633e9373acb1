"""The room's messages as JSON: what is read from a window, what is written to it.

What comes in is untrusted until it has passed ``read``. No rules of the room live here.
"""

import json
import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from review_app.supervision.room_rounds import PLANS, SPEAKERS, Part, Plan, Rounds, part_of
from review_app.supervision.room_state import Room
from review_app.supervision.room_values import Command, Kind, Ready
from storage.records import NoteKind, SequenceId, User, UserId

LARGEST_MESSAGE: Final = 4_096
LARGEST_NOTE: Final = 32_768
_Choice = TypeVar("_Choice", bound=StrEnum)
_NOTE_FIELDS: Final = (
    *("id", "revision", "at_ms", "kind", "visibility", "text", "sequence", "rests_on"),
)


class Unreadable(Exception):
    """This is not a message of the room."""


def read(untrusted_text: str) -> dict[str, Any]:
    """Return the message in a text frame.

    Raises:
        Unreadable: It is no JSON object with a type, or larger than its type may be.
    """
    if len(untrusted_text) > LARGEST_NOTE:
        raise Unreadable
    try:
        message = json.loads(untrusted_text)
    except ValueError:
        raise Unreadable from None
    if not isinstance(message, dict) or not isinstance(message.get("t"), str):
        raise Unreadable
    if len(untrusted_text) > LARGEST_MESSAGE and message["t"] != "note":
        raise Unreadable
    return message


def command_from(message: Mapping[str, Any], *, by: UserId) -> Command:
    """Return what a ``cmd`` message asks for.

    Raises:
        Unreadable: There is no such command, or a value is of the wrong kind.
    """
    try:
        kind = Kind(message.get("kind", ""))
    except ValueError:
        raise Unreadable from None
    sequence, to = _text(message, "sequence"), _text(message, "to")
    return Command(
        by,
        kind,
        seq=_whole(message, "seq") or 0,
        pos_ms=_whole(message, "pos_ms"),
        rate=_number(message, "rate"),
        sequence=SequenceId(sequence) if sequence else None,
        to=UserId(to) if to else None,
        again=message.get("again") is True,
        plan=_one_of(Plan, message, "plan"),
        running=message.get("running") is True,
        part=_one_of(Part, message, "part"),
        x=_fraction(message, "x"),
        y=_fraction(message, "y"),
    )


def ready_from(message: Mapping[str, Any], *, by: UserId) -> Ready:
    """Return what a ``ready`` message tells.

    Raises:
        Unreadable: A value is of the wrong kind.
    """
    return Ready(
        by,
        seq=_whole(message, "seq") or 0,
        buffered=message.get("buffered") is True,
        pos_ms=_whole(message, "pos_ms") or 0,
        drift_ms=_whole(message, "drift_ms"),
        rtt_ms=_whole(message, "rtt_ms") or 0,
    )


def note_from(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of ``write_note`` in a ``note`` message."""
    return {name: message[name] for name in _NOTE_FIELDS if name in message}


def coming_note(message: Mapping[str, Any], *, by: User) -> dict[str, Any] | None:
    """Return what the others see of a new note until it is kept, None if there is nothing to see.

    A new version of a note is shown when it has been kept: until then the old one stands.
    """
    text, kind, at_ms = (message.get(name) for name in ("text", "kind", "at_ms"))
    is_new = not message.get("id") and isinstance(at_ms, int) and at_ms >= 0
    if not is_new or kind not in list(NoteKind) or not isinstance(text, str) or not text.strip():
        return None
    return {"by": by.id, "by_name": by.name, "at_ms": at_ms, "kind": kind, "text": text}


def state_message(room: Room, *, at_ms: int) -> dict[str, Any]:
    """Return where the room stands, as everyone is told."""
    return {
        "t": "state",
        "seq": room.seq,
        "srv": at_ms,
        "playing": room.moving,
        "pos_ms": room.pos_ms,
        "at_ms": room.at_ms,
        "rate": room.rate,
        "pace": room.pace,
        "stop_ms": room.stop_ms,
        "by": room.by,
        "why": room.why,
        "sequence": room.sequence,
        "leader": room.leader,
        "asked_by": room.asking.by if room.asking else None,
        "waiting_for": _waiting_for(room),
        "waits_until_ms": room.waiting.until_ms if room.waiting else None,
        "ended": room.ended,
        "rounds": _rounds(room.rounds) if room.rounds else None,
        "call": room.call,
    }


def presence_message(room: Room) -> dict[str, Any]:
    """Return who is here, and how far apart they are."""
    return {
        "t": "presence",
        "people": [
            {
                "id": member.id,
                "name": member.name,
                "side": member.side,
                "part": part_of(member.id, seat=member.side, rounds=room.rounds),
                "drift_ms": member.drift_ms,
                "buffering": not member.buffered,
            }
            for member in room.members.values()
            if member.here
        ],
    }


def _rounds(rounds: Rounds) -> dict[str, Any]:
    """Return which round it is and how much of it was left at a moment of the server's clock."""
    return {
        "plan": rounds.plan,
        "number": rounds.number,
        "count": len(PLANS[rounds.plan]),
        "kind": rounds.kind,
        "speakers": sorted(SPEAKERS[rounds.kind]),
        "running": rounds.running,
        "length_ms": rounds.length_ms,
        "left_ms": rounds.left_ms,
        "at_ms": rounds.at_ms,
    }


def _waiting_for(room: Room) -> list[UserId]:
    """Return whom the others see that the film waits for."""
    if room.waiting is None:
        return []
    return sorted(room.waiting.people & room.waiting.slow or room.waiting.people)


def _whole(message: Mapping[str, Any], name: str) -> int | None:
    number = _number(message, name)
    return None if number is None else round(number)


def _number(message: Mapping[str, Any], name: str) -> float | None:
    value = message.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unreadable
    return float(value)


def _fraction(message: Mapping[str, Any], name: str) -> float:
    return min(1.0, max(0.0, _number(message, name) or 0.0))


def _one_of(choices: type[_Choice], message: Mapping[str, Any], name: str) -> _Choice | None:
    value = _text(message, name)
    if value is None:
        return None
    try:
        return choices(value)
    except ValueError:
        raise Unreadable from None


def _text(message: Mapping[str, Any], name: str) -> str | None:
    value = message.get(name)
    if value is not None and not isinstance(value, str):
        raise Unreadable
    return value

"""What the joint room needs from the rest of the house: who may be here, what is kept, notes.

Protocols only. The room calls them in worker threads, so they may block; each call stands alone
and asks for its own permit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from starlette.requests import HTTPConnection

from consent.model import RecordingId
from review_app.supervision.room_rounds import Seat
from review_app.supervision.room_values import AgendaItem
from review_app.supervision.spans import Span
from storage.records import User, UserId


class Closing(StrEnum):
    """Why a room closes for someone."""

    SIGNED_OUT = "signed_out"
    WITHDRAWN = "withdrawn"


class NoteRefused(Exception):
    """This note could not be saved."""

    def __init__(self, code: str = "refused", *, message: str = "", advice: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.advice = advice


class RoomGate(Protocol):
    """Relationship and consent, asked at the door and again every second."""

    def may_join(self, user: User, recording: RecordingId) -> Seat | None:
        """Return where this user sits in this recording's room; None for nowhere."""

    def still_allowed(
        self, connection: HTTPConnection, *, user: User, recording: RecordingId
    ) -> Closing | None:
        """Return why this connection must close now, or None while session and permit hold.

        ``connection`` carries the cookie with which the window came in.
        """


class RoomAgenda(Protocol):
    """The sequences of the meeting, in order."""

    def agenda(self, recording: RecordingId) -> tuple[AgendaItem, ...]:
        """Return the sequences as they are now."""


class RoomMemory(Protocol):
    """Where the place is kept over a restart. It holds no names and no words."""

    def load(self, recording: RecordingId) -> Mapping[str, object] | None:
        """Return what was saved last, or None."""

    def save(self, recording: RecordingId, state: Mapping[str, object]) -> None:
        """Keep the place; the last one counts."""


class RoomNotes(Protocol):
    """Shared notes, written through the room so that everyone sees them at once."""

    def written(self, user: User, *, recording: RecordingId) -> list[dict[str, Any]]:
        """Return the notes that this user sees in the room, as the desk document shows them."""

    def write(
        self, user: User, *, recording: RecordingId, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Save one note and return it as the desk document shows it.

        Raises:
            NoteRefused: It could not be saved; the writer keeps the text.
        """


class RoomViewing(Protocol):
    """Who is told what was played to whom, for the audit log."""

    def played(
        self,
        user: UserId,
        recording: RecordingId,
        spans: Iterable[Span],
        *,
        company: UserId | None = None,
    ) -> None:
        """Gather what was played to someone; called from the loop, so it does not block."""

    def write(self, user: UserId, recording: RecordingId) -> None:
        """Write what was gathered of someone: they have left."""


@dataclass(frozen=True, slots=True)
class RoomPorts:
    """Everything the room route is given."""

    gate: RoomGate
    agenda: RoomAgenda
    memory: RoomMemory
    notes: RoomNotes
    viewing: RoomViewing

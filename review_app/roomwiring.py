"""The joint room's ports, filled: relationship, consent, agenda, memory and notes from storage."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from pydantic import TypeAdapter
from starlette.requests import HTTPConnection

from consent.errors import ConsentError
from consent.model import RecordingId
from review_app.commands import carry_out, carry_out_as_guest
from review_app.commands.access import access_to, comes_as_guest, guest_of
from review_app.deskdata import note_as_shown
from review_app.errors import Denied, ReviewError
from review_app.routes.room_ports import Closing, NoteRefused, RoomPorts
from review_app.sessions import Sessions, session_token
from review_app.supervision.room_rounds import Seat
from review_app.supervision.room_values import AgendaItem
from review_app.translation import told, translator
from review_app.witness import Witness
from storage import accounts, annotations, consent_ledger, cycles, notes
from storage.errors import NotFound, StorageError
from storage.home import Home
from storage.records import Note, User, UserId, Visibility
from storage.transaction import Transaction

_JSON = TypeAdapter(dict[str, Any])


def room_ports(home: Home, sessions: Sessions, witness: Witness) -> RoomPorts:
    """Return everything the room route is given."""
    return RoomPorts(
        gate=_Gate(home, sessions, witness),
        agenda=_Agenda(home),
        memory=_Memory(home),
        notes=_Notes(home, witness),
        viewing=witness,
    )


class _Gate:
    """Relationship and consent, asked at the door and again while someone is in."""

    def __init__(self, home: Home, sessions: Sessions, witness: Witness) -> None:
        self._home = home
        self._sessions = sessions
        self._witness = witness

    def may_join(self, user: User, recording: RecordingId) -> Seat | None:
        """Return the person's seat, if the sequences are released and consent holds now."""
        try:
            with self._home.reading() as tx:
                if comes_as_guest(tx, user, recording):
                    guest_of(tx, user, recording)
                    return Seat.GUEST
                access = access_to(tx, user, recording)
                released = cycles.cycle_of(tx, recording).released_at is not None
                return Seat(access.side) if released else None
        except (Denied, ConsentError, StorageError) as error:
            self._witness.refused(user.id, error, recording=recording)
            return None

    def still_allowed(
        self, connection: HTTPConnection, *, user: User, recording: RecordingId
    ) -> Closing | None:
        """Return why this window must close now, or None."""
        now = self._sessions.user_of(session_token(connection))
        if now is None or now.id != user.id:
            return Closing.SIGNED_OUT
        return None if self.may_join(user, recording) else Closing.WITHDRAWN


class _Agenda:
    """The sequences of the meeting."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def agenda(self, recording: RecordingId) -> tuple[AgendaItem, ...]:
        """Return the sequences in the order they are to be watched."""
        try:
            with self._home.reading() as tx:
                permit = consent_ledger.permit(tx, recording)
                chosen = annotations.sequences_of(tx, permit)
        except (ConsentError, StorageError):
            return ()
        return tuple(AgendaItem(s.id, s.start_ms, s.end_ms, s.context_ms) for s in chosen)


class _Memory:
    """Where the room stands, kept over a restart."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def load(self, recording: RecordingId) -> Mapping[str, object] | None:
        """Return what was kept last."""
        with self._home.reading() as tx:
            return cycles.room_of(tx, recording)

    def save(self, recording: RecordingId, state: Mapping[str, object]) -> None:
        """Keep the place, unless the recording has been erased meanwhile."""
        try:
            with self._home.transaction() as tx:
                cycles.keep_room(tx, recording, state=state)
        except NotFound:
            return


class _Notes:
    """Shared notes, written with the same intent as at the desk."""

    def __init__(self, home: Home, witness: Witness) -> None:
        self._home = home
        self._witness = witness

    def written(self, user: User, *, recording: RecordingId) -> list[dict[str, Any]]:
        """Return every note that is not for the desk alone."""
        try:
            with self._home.reading() as tx:
                permit = consent_ledger.permit(tx, recording)
                found = notes.notes_of(tx, permit, reader=user.id)
                people = accounts.people_named(tx, {note.by for note in found})
        except (ConsentError, StorageError):
            return []
        names = {person.id: person.name for person in people.values()}
        return [
            _as_shown(note, people=names)
            for note in found
            if note.visibility is not Visibility.PRIVATE
        ]

    def write(
        self, user: User, *, recording: RecordingId, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Save a note that both see, and return it as the desk shows it."""
        try:
            with self._home.transaction() as tx:
                note = _written(tx, user, recording, arguments=arguments)
        except (ReviewError, ConsentError, StorageError) as error:
            self._witness.refused(user.id, error, recording=recording)
            message, advice = told(error, say=translator(user.language))
            raise NoteRefused(type(error).__name__, message=message, advice=advice) from error
        return _as_shown(note, people={user.id: user.name})


def _as_shown(note: Note, *, people: Mapping[UserId, str]) -> dict[str, Any]:
    shown: dict[str, Any] = _JSON.dump_python(note_as_shown(note, people=people), mode="json")
    return shown


def _written(
    tx: Transaction, user: User, recording: RecordingId, *, arguments: Mapping[str, Any]
) -> Note:
    come = partial(carry_out_as_guest, in_room=True)
    do = come if comes_as_guest(tx, user, recording) else carry_out
    shared = {**arguments, "visibility": Visibility.SHARED}
    written: Note = do(tx, user, recording, intent="write_note", untrusted_arguments=shared)
    return written

"""The joint room's ports in memory: real interfaces, no storage."""

from collections.abc import Iterable, Mapping
from threading import Event, Lock
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from consent.model import RecordingId
from review_app.routes.room_ports import Closing, NoteRefused, RoomPorts
from review_app.supervision.room_rounds import Seat
from review_app.supervision.room_values import AgendaItem
from review_app.supervision.spans import Span, merged
from storage.records import SequenceId, User, UserId, UserRole

RECORDING = RecordingId("rec-1")
BIRGITTE = User(UserId("u-bl"), "birgitte", "Birgitte Lund", UserRole.SUPERVISOR)
METTE = User(UserId("u-mk"), "mette", "Mette Krogh", UserRole.CASEWORKER)
STRANGER = User(UserId("u-x"), "stranger", "Xenia", UserRole.COORDINATOR)
GRETA = User(UserId("u-gs"), "greta", "Greta Storm", UserRole.CASEWORKER)
JONAS = User(UserId("u-jh"), "jonas", "Jonas Holm", UserRole.CASEWORKER)
PEOPLE = {user.login: user for user in (BIRGITTE, METTE, GRETA, JONAS, STRANGER)}
SIDES = {BIRGITTE.id: Seat.SUPERVISOR, METTE.id: Seat.CASEWORKER}


class FakeGate:
    """The two and whoever is invited may be here until signed out or withdrawn.

    Nobody hears whether they still may while ``answers`` is not set.
    """

    def __init__(self) -> None:
        self.answers = Event()
        self.answers.set()
        self.withdrawn = False
        self.signed_out: set[UserId] = set()
        self.invited: set[UserId] = set()

    def may_join(self, user: User, recording: RecordingId) -> Seat | None:
        if recording != RECORDING or self.withdrawn:
            return None
        return SIDES.get(user.id) or (Seat.GUEST if user.id in self.invited else None)

    def still_allowed(
        self,
        connection: HTTPConnection,
        *,
        user: User,
        recording: RecordingId,
    ) -> Closing | None:
        assert connection.cookies["who"] == user.login
        assert recording == RECORDING
        self.answers.wait()
        if user.id in self.signed_out:
            return Closing.SIGNED_OUT
        return None if self.may_join(user, recording) else Closing.WITHDRAWN


class FakeAgenda:
    def __init__(self, items: tuple[AgendaItem, ...]) -> None:
        self.items = items

    def agenda(self, recording: RecordingId) -> tuple[AgendaItem, ...]:
        assert recording == RECORDING
        return self.items


class FakeMemory:
    def __init__(self) -> None:
        self.saved: dict[RecordingId, Mapping[str, object]] = {}

    def load(self, recording: RecordingId) -> Mapping[str, object] | None:
        return self.saved.get(recording)

    def save(self, recording: RecordingId, state: Mapping[str, object]) -> None:
        self.saved[recording] = dict(state)


class FakeNotes:
    """Notes in the order they were written; an empty one is refused, and all when it is full.

    None is kept while ``keeps`` is not set.
    """

    def __init__(self) -> None:
        self.notes: list[dict[str, Any]] = []
        self.keeps = Event()
        self.keeps.set()
        self.full = False
        self._lock = Lock()

    def written(self, user: User, *, recording: RecordingId) -> list[dict[str, Any]]:  # noqa: ARG002 - whoever is in may read
        assert recording == RECORDING
        return list(self.notes)

    def write(
        self, user: User, *, recording: RecordingId, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        assert recording == RECORDING
        self.keeps.wait()
        if self.full or not str(arguments.get("text", "")).strip():
            raise NoteRefused("empty", message="There is nothing in the note.")
        with self._lock:
            note = {
                "id": f"note-{len(self.notes) + 1}",
                "by": user.id,
                "by_name": user.name,
                "visibility": "shared",
                "revision": 1,
                "written_at": "2026-11-24T09:22:00+00:00",
                "sequence": None,
                **arguments,
            }
            self.notes.append(note)
            return note


class FakeViewing:
    """What was played to whom, and who has left."""

    def __init__(self) -> None:
        self.spans: dict[UserId, tuple[Span, ...]] = {}
        self.company: dict[UserId, UserId] = {}
        self.left: list[UserId] = []

    def played(
        self,
        user: UserId,
        recording: RecordingId,
        spans: Iterable[Span],
        *,
        company: UserId | None = None,
    ) -> None:
        assert recording == RECORDING
        self.spans[user] = merged((*self.spans.get(user, ()), *spans))
        if company is not None:
            self.company[user] = company

    def write(self, user: UserId, recording: RecordingId) -> None:
        assert recording == RECORDING
        self.left.append(user)


class CookieGate:
    """In the place of the app's gate: the cookie ``who`` is the user."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            login = HTTPConnection(scope).cookies.get("who", "")
            scope.setdefault("state", {})["user"] = PEOPLE.get(login)
        await self._app(scope, receive, send)


class House:
    """Every port of one room, at hand for a test."""

    def __init__(self) -> None:
        self.gate = FakeGate()
        self.agenda = FakeAgenda(
            (
                AgendaItem(SequenceId("s1"), 20_000, 49_000),
                AgendaItem(SequenceId("s2"), 60_000, 98_000),
                AgendaItem(SequenceId("s3"), 8_000, 16_000),
                AgendaItem(SequenceId("s4"), 100_000, 110_000),
            )
        )
        self.memory = FakeMemory()
        self.notes = FakeNotes()
        self.viewing = FakeViewing()

    @property
    def ports(self) -> RoomPorts:
        return RoomPorts(self.gate, self.agenda, self.memory, self.notes, self.viewing)

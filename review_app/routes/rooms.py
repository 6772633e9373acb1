"""The joint room's WebSocket: one live room per recording, shared by everyone in it.

A thin shell round ``supervision.room``: it reads messages, keeps the clock and the timers, tells
everyone, and asks again every second whether each may still be here. No rules live here, and
nothing is stored here: place, notes and access come through the ports.

One process serves a room. Each window has its own queue and sender, so a slow line delays
nobody else; a window that cannot be reached in time is let go.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from anyio import CancelScope, to_thread
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from consent.model import RecordingId
from review_app.routes.live_room import LiveRoom, Window
from review_app.routes.room_ports import Closing, NoteRefused, RoomPorts
from review_app.routes.room_wire import (
    Unreadable,
    coming_note,
    command_from,
    note_from,
    read,
    ready_from,
)
from review_app.supervision.room import open_room, restore
from review_app.supervision.room_values import (
    Active,
    AgendaChanged,
    CallMoved,
    End,
    Joined,
    Left,
)
from storage.records import User, UserId

logger = logging.getLogger(__name__)

_UNREADABLE: Final = 1007
_TOO_MUCH: Final = 1009
_FORBIDDEN: Final = 1008
_PER_SECOND: Final = 60
_GRACE_MS: Final = 60_000

ANSWER_S = 1.5
"""How long the once-a-second question whether someone may stay waits for its answer, in seconds."""


def monotonic_ms() -> float:
    """Return the server's monotonic clock in milliseconds."""
    return time.monotonic() * 1000


class Rooms:
    """Every room that is open now."""

    def __init__(self, ports: RoomPorts, *, clock: Callable[[], float] = monotonic_ms) -> None:
        self._ports = ports
        self._clock = clock
        self._open: dict[RecordingId, LiveRoom] = {}
        self._doors: dict[RecordingId, asyncio.Lock] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._met: dict[tuple[RecordingId, UserId], float] = {}

    @property
    def route(self) -> WebSocketRoute:
        """The route to mount."""
        return WebSocketRoute("/api/rooms/{recording_id}", self.serve)

    def publish(self, recording: RecordingId, message: Mapping[str, Any]) -> None:
        """Tell everyone in a room; from any thread. Nobody there is no error.

        A message ``{"t": "closed", "reason": …}`` closes the room for everyone.
        """
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._publish, recording, dict(message))

    def _publish(self, recording: RecordingId, message: dict[str, Any]) -> None:
        room = self._open.get(recording)
        if room is None:
            return
        if message.get("t") == "closed":
            room.close_all(Closing(message.get("reason", Closing.WITHDRAWN)))
        else:
            room.tell(message)

    def is_at_meeting(self, user: UserId, recording: RecordingId) -> bool:
        """Return whether someone is, or was until a moment ago, in a room with one of the two.

        From any thread. A reload or a lost line is no reason to stop the film.
        """
        met_at = self._met.get((recording, user))
        return met_at is not None and self._clock() - met_at < _GRACE_MS

    def _note_who_meets(self, room: LiveRoom) -> None:
        if room.hosted:
            now = self._clock()
            self._met |= {(room.recording, window.user.id): now for window in room.windows}

    async def serve(self, socket: WebSocket) -> None:
        """Hold one window's connection from the door to its end."""
        self._loop = asyncio.get_running_loop()
        user = _user_of(socket)
        if user is None:
            await socket.close(_FORBIDDEN)
            return
        recording = RecordingId(socket.path_params["recording_id"])
        seat = await to_thread.run_sync(self._ports.gate.may_join, user, recording)
        await socket.accept()
        window = Window(socket, user)
        if seat is None:
            await window.close(Closing.WITHDRAWN)
            return
        room = await self._enter(recording, window, Joined(user.id, user.name, seat))
        tasks = [
            asyncio.create_task(work)
            for work in (
                self._listen(room, window),
                self._watch(room, window),
                window.send_all(),
                window.over.wait(),
            )
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except (WebSocketDisconnect, RuntimeError):
            logger.info("room %s: a line was lost", recording)
        finally:
            with CancelScope(shield=True):
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await self._leave(room, window)

    async def _enter(self, recording: RecordingId, window: Window, joined: Joined) -> LiveRoom:
        async with self._doors.setdefault(recording, asyncio.Lock()):
            agenda = await to_thread.run_sync(self._ports.agenda.agenda, recording)
            room = self._open.get(recording)
            if room is None:
                saved = await to_thread.run_sync(self._ports.memory.load, recording)
                start = restore(agenda, saved) if saved else open_room(agenda)
                start = replace(start, at_ms=round(self._clock()))
                room = LiveRoom(recording, start, self._ports, self._clock)
                self._open[recording] = room
                if not start.call:
                    room.happens(_somewhere_else())
            room.windows.add(window)
            room.happens(AgendaChanged(agenda))
            room.happens(joined)
            self._note_who_meets(room)
            window.tell(room.state())
            return room

    async def _leave(self, room: LiveRoom, window: Window) -> None:
        room.happens(Left(window.user.id))  # while the window counts: it saw what has just run
        room.windows.discard(window)
        async with self._doors.setdefault(room.recording, asyncio.Lock()):
            if not room.windows and self._open.get(room.recording) is room:
                await room.shut()
                del self._open[room.recording]
                self._forget_who_met()
        await to_thread.run_sync(self._ports.viewing.write, window.user.id, room.recording)

    def _forget_who_met(self) -> None:
        since = self._clock() - _GRACE_MS
        self._met = {who: met_at for who, met_at in self._met.items() if met_at > since}

    async def _watch(self, room: LiveRoom, window: Window) -> None:
        """Close the window within seconds of a sign-out or a withdrawal.

        An answer that does not come counts as no: the window is let go and may ask again at
        the door.
        """
        while True:
            await asyncio.sleep(1)
            try:
                async with asyncio.timeout(ANSWER_S):
                    closing = await to_thread.run_sync(
                        lambda: self._ports.gate.still_allowed(
                            window.socket, user=window.user, recording=room.recording
                        ),
                        abandon_on_cancel=True,
                    )
            except Exception as error:  # noqa: BLE001
                logger.warning("room %s: access unknown (%s)", room.recording, type(error).__name__)
                await window.let_go()
                return
            if closing is not None:
                await window.close(closing)
                if closing is Closing.WITHDRAWN:
                    room.happens(_somewhere_else())  # who is shut out knows the old name
                return
            room.each_second()
            self._note_who_meets(room)

    async def _listen(self, room: LiveRoom, window: Window) -> None:
        """Tell what has been written so far, by whomever while this line was down, then listen."""
        notes = await to_thread.run_sync(
            lambda: self._ports.notes.written(window.user, recording=room.recording)
        )
        window.tell({"t": "notes", "notes": notes})
        second, count = 0, 0
        async for text in window.socket.iter_text():
            heard_at = self._clock()
            this_second = int(heard_at // 1000)
            second, count = this_second, count + 1 if this_second == second else 1
            if count > _PER_SECOND:
                await window.hang_up(_TOO_MUCH)
                return
            try:
                await self._heard(room, window, read(text), heard_at)
            except Unreadable:
                await window.hang_up(_UNREADABLE)
                return

    async def _heard(
        self, room: LiveRoom, window: Window, message: dict[str, Any], heard_at: float
    ) -> None:
        person = window.user.id
        match message["t"]:
            case "ping":
                window.tell(
                    {"t": "pong", "c": message.get("c"), "s1": heard_at, "s2": self._clock()}
                )
            case "cmd":
                room.happens(command_from(message, by=person))
            case "ready":
                room.happens(ready_from(message, by=person))
            case "typing":
                room.happens(Active(person))
                typing = {"t": "typing", "by": person, "at_ms": message.get("at_ms")}
                room.tell(typing, besides=window)
            case "note":
                await self._note(room, window, message)
            case "end":
                room.happens(End(person))
            case _:
                raise Unreadable

    async def _note(self, room: LiveRoom, window: Window, message: dict[str, Any]) -> None:
        """Save a note once, however often a faltering line sends it, and show it to everyone.

        The others see it at once, and are told when it is kept, or that it could not be.
        """
        room.happens(Active(window.user.id))
        cid = str(message.get("cid", ""))[:64]
        known = room.notes_by_cid.get((window.user.id, cid))
        if known is not None:
            window.tell({"t": "note", "note": known, "cid": cid})
            return
        if coming := coming_note(message, by=window.user):
            room.tell({"t": "note_coming", "note": coming, "cid": cid}, besides=window)
        try:
            note = await to_thread.run_sync(
                lambda: self._ports.notes.write(
                    window.user, recording=room.recording, arguments=note_from(message)
                )
            )
        except NoteRefused as refused:
            room.tell({"t": "note_gone", "cid": cid}, besides=window)
            window.tell(
                {
                    "t": "note_refused",
                    "cid": cid,
                    "error": refused.code,
                    "message": refused.message,
                    "advice": refused.advice,
                }
            )
            return
        room.remember_note(window.user.id, cid, note)
        room.tell({"t": "note", "note": note, "cid": cid})


def _somewhere_else() -> CallMoved:
    """Return that the call takes place under a name that says nothing and nobody can guess."""
    return CallMoved(secrets.token_hex(20))


def _user_of(socket: WebSocket) -> User | None:
    """Return whom the gate has let in; anything else is nobody."""
    user = socket.scope.get("state", {}).get("user")
    return user if isinstance(user, User) else None

"""A room that is open now, and the windows in it: queues, timers, and keeping the place.

It carries out what ``supervision.room`` decides. Who may be here is asked in ``rooms``.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final

from anyio import to_thread
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from consent.model import RecordingId
from review_app.routes.room_ports import Closing, RoomPorts
from review_app.routes.room_wire import presence_message, state_message
from review_app.supervision.room import advance, snapshot
from review_app.supervision.room_state import Room
from review_app.supervision.room_values import Event, Happening, Pointed, Refused, Tick
from review_app.supervision.spans import Span
from storage.records import User, UserId

CLOSE_CODES: Final = {Closing.SIGNED_OUT: 4401, Closing.WITHDRAWN: 4403}
_TRY_AGAIN: Final = 1013
_QUEUE: Final = 256
_SEND_S: Final = 5.0
_SAVE_EVERY_MS: Final = 2_000
_NOTES_REMEMBERED: Final = 500


class Window:
    """One person's open connection, with a queue of its own."""

    def __init__(self, socket: WebSocket, user: User) -> None:
        self.socket = socket
        self.user = user
        self.over = asyncio.Event()
        self._hangs_up = False
        self._queue: asyncio.Queue[str] = asyncio.Queue(_QUEUE)

    def tell(self, message: Mapping[str, Any]) -> None:
        """Put a message in the queue; a window that has stopped reading is let go."""
        try:
            self._queue.put_nowait(json.dumps(message))
        except asyncio.QueueFull:
            self.over.set()

    async def send_all(self) -> None:
        """Send what is in the queue, for as long as the window can be reached in time."""
        while True:
            text = await self._queue.get()
            if self._hangs_up:
                continue
            try:
                # Not wait_for: before Python 3.12 it forgets to be cancelled if the text has gone
                # out at that very moment, and the window would never be left.
                async with asyncio.timeout(_SEND_S):
                    await self.socket.send_text(text)
            except TimeoutError:
                await self.let_go()
                return

    async def close(self, closing: Closing) -> None:
        """Say why, and close."""
        await self.hang_up(CLOSE_CODES[closing], {"t": "closed", "reason": closing})

    async def let_go(self) -> None:
        """Close without an answer; the window may ask again at the door."""
        await self.hang_up(_TRY_AGAIN)

    async def hang_up(self, code: int, last: Mapping[str, Any] | None = None) -> None:
        """Close with a code, after a last word where there is one; nothing follows it."""
        if self._hangs_up:
            await self.over.wait()
            return
        self._hangs_up = True
        try:
            async with asyncio.timeout(_SEND_S):
                if self.socket.application_state is WebSocketState.CONNECTED:
                    if last is not None:
                        await self.socket.send_text(json.dumps(last))
                    await self.socket.close(code)
        except (TimeoutError, RuntimeError, WebSocketDisconnect):
            pass
        finally:
            self.over.set()


class LiveRoom:
    """The room of one recording while anyone is in it."""

    def __init__(
        self,
        recording: RecordingId,
        room: Room,
        ports: RoomPorts,
        clock: Callable[[], float],
    ) -> None:
        self.recording = recording
        self.windows: set[Window] = set()
        self.notes_by_cid: OrderedDict[tuple[UserId, str], dict[str, Any]] = OrderedDict()
        self._room = room
        self._memory = ports.memory
        self._viewing = ports.viewing
        self._played_to_ms = room.pos_ms
        self._clock = clock
        self._timer: asyncio.TimerHandle | None = None
        self._saving: asyncio.Task[None] | None = None
        self._unsaved = False
        self._closing: list[asyncio.Task[None]] = []
        self._saved_at_ms = 0
        self._drifts: list[int | None] = []

    def happens(self, happening: Happening) -> None:
        """Let something happen, tell everyone, and see to it that time is not forgotten."""
        at_ms = round(self._clock())
        self._note_what_ran(at_ms)
        step = advance(self._room, happening, at_ms=at_ms)
        self._room = step.room
        self._played_to_ms = self._room.position(at_ms=at_ms)
        for telling in step.told:
            match telling:
                case Event.STATE:
                    self.tell(state_message(self._room, at_ms=at_ms))
                    self._save()
                case Event.PRESENCE:
                    self.tell(presence_message(self._room))
                case Event.ENDED:
                    self.tell({"t": "ended"})
                case Pointed():
                    point = {"t": "pointer", "by": telling.by, "x": telling.x, "y": telling.y}
                    self.tell(point)
                case Refused():
                    self._refuse(telling, at_ms)
        self._set_timer(at_ms)

    @property
    def hosted(self) -> bool:
        """Whether one of the two whose room it is is here."""
        return self._room.hosted

    def state(self) -> dict[str, Any]:
        """Return where the room stands."""
        return state_message(self._room, at_ms=round(self._clock()))

    def tell(self, message: Mapping[str, Any], *, besides: Window | None = None) -> None:
        """Tell every window, or every other one."""
        for window in self.windows:
            if window is not besides:
                window.tell(message)

    def each_second(self) -> None:
        """Show how far apart everyone is, keep the place and note who sees what runs."""
        self._note_what_ran(round(self._clock()))
        drifts = [member.drift_ms for member in self._room.members.values()]
        if drifts != self._drifts:
            self._drifts = drifts
            self.tell(presence_message(self._room))
        runs = self._room.moving or (self._room.rounds is not None and self._room.rounds.running)
        if runs and self._clock() - self._saved_at_ms >= _SAVE_EVERY_MS:
            self._save()

    def remember_note(self, by: UserId, cid: str, note: dict[str, Any]) -> None:
        """Remember which note a window's own id became, so that it is not written twice."""
        if cid:
            self.notes_by_cid[by, cid] = note
            while len(self.notes_by_cid) > _NOTES_REMEMBERED:
                self.notes_by_cid.popitem(last=False)

    def close_all(self, closing: Closing) -> None:
        """Close the room for everyone, now."""
        self._closing = [asyncio.create_task(window.close(closing)) for window in self.windows]

    async def shut(self) -> None:
        """Stop the timer and wait until the place has been kept."""
        if self._timer:
            self._timer.cancel()
        if self._saving:
            await self._saving

    def _note_what_ran(self, at_ms: int) -> None:
        """Note what has run since the last look, for everyone who is here."""
        to_ms = self._room.position(at_ms=at_ms)
        people = {window.user.id for window in self.windows}
        for person in people if to_ms > self._played_to_ms else ():
            company = min(people - {person}, default=None)
            ran = (Span(self._played_to_ms, to_ms),)
            self._viewing.played(person, self.recording, ran, company=company)
        self._played_to_ms = to_ms

    def _refuse(self, refused: Refused, at_ms: int) -> None:
        for window in self.windows:
            if window.user.id == refused.to:
                window.tell({"t": "refused", "kind": refused.kind})
                window.tell(state_message(self._room, at_ms=at_ms))

    def _set_timer(self, at_ms: int) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        due = self._room.due_ms
        if due is not None:
            delay_s = max(1, due - at_ms + 1) / 1000
            self._timer = asyncio.get_running_loop().call_later(delay_s, self.happens, Tick())

    def _save(self) -> None:
        self._unsaved = True
        self._saved_at_ms = round(self._clock())
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while self._unsaved:
            self._unsaved = False
            place = snapshot(self._room, at_ms=round(self._clock()))
            await to_thread.run_sync(self._memory.save, self.recording, place)

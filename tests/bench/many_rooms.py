"""Rows of twenty joint reviews at once in one process, each window a real WebSocket.

The windows do what the page does: they ask the clock, tell that they are ready, play, pause, jump,
and write notes. They do not decode films, so that their own work leaves the server its core.
"""

import asyncio
import json
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect

from review_app.sessions import COOKIE
from tests.bench.measures import process_cpu_s
from tests.bench.pictures_shown import p95
from tests.bench.rows import ROWS
from tests.bench.running_app import CASEWORKER, SUPERVISOR, RunningApp, running_app

ROOMS: Final = 20
SETTLES_S: Final = 5.0
MEASURED_S: Final = 30.0
PING_EVERY_S: Final = 1.0
COMMAND_EVERY_S: Final = 4.0
NOTE_EVERY_S: Final = 20.0


@dataclass(slots=True)
class Seat:
    """A window: its line, and how long the server took to answer it, in ms."""

    socket: ClientConnection
    answers_ms: list[float] = field(default_factory=list)
    seq: int = 0
    playing: bool = False
    asked_at: float | None = None

    async def say(self, kind: str, /, **values: object) -> None:
        """Send a message of the room."""
        await self.socket.send(json.dumps({"t": kind, **values}))

    async def listen(self) -> None:
        """Hear what is told, and note how long answers took, until the line ends."""
        async for text in self.socket:
            heard_at = time.perf_counter()
            message: dict[str, Any] = json.loads(text)
            if message["t"] == "pong":
                self.answers_ms.append((heard_at - message["c"]) * 1000)
            elif message["t"] == "state":
                self.seq, self.playing = message["seq"], message["playing"]
                if self.asked_at is not None:
                    self.answers_ms.append((heard_at - self.asked_at) * 1000)
                    self.asked_at = None
                await self.say("ready", seq=self.seq, buffered=True, pos_ms=message["pos_ms"])

    async def breathe(self, chance: random.Random) -> None:
        """Ask the clock and tell that one is ready, more often than a page does."""
        await asyncio.sleep(chance.uniform(0, PING_EVERY_S))
        while True:
            await self.say("ping", c=time.perf_counter())
            await self.say("ready", seq=self.seq, buffered=True, pos_ms=0, drift_ms=3, rtt_ms=2)
            await asyncio.sleep(PING_EVERY_S)

    async def steer(self, chance: random.Random) -> None:
        """Play and pause by turns."""
        await asyncio.sleep(chance.uniform(0, COMMAND_EVERY_S))
        while True:
            self.asked_at = time.perf_counter()
            await self.say("cmd", kind="pause" if self.playing else "play", seq=self.seq)
            await asyncio.sleep(COMMAND_EVERY_S)

    async def write(self, chance: random.Random) -> None:
        """Write a note now and then."""
        await asyncio.sleep(chance.uniform(0, NOTE_EVERY_S))
        while True:
            note = {"at_ms": 5_000, "kind": "seen_heard", "text": "Hun venter.", "sequence": None}
            await self.say("note", cid=str(chance.getrandbits(64)), **note)
            await asyncio.sleep(NOTE_EVERY_S)


@dataclass(frozen=True, slots=True)
class Load:
    """What twenty rooms asked of the server."""

    answers_ms: list[float]
    core_share: float


@ROWS.row(goal=10, unit="ms")
def rooms_twenty_answer_p95() -> float:
    """From a window's question or command to the server's answer, 20 rooms of 2, 95 % of all."""
    return p95(_twenty().answers_ms)


@ROWS.row(goal=30, unit="%")
def rooms_twenty_core() -> float:
    """How much of one core the server takes for 20 rooms of 2 in which people steer and write."""
    return _twenty().core_share * 100


@cache
def _twenty() -> Load:
    with running_app(recordings=ROOMS) as app:
        return asyncio.run(_full_house(app))


async def _full_house(app: RunningApp) -> Load:
    chance = random.Random(7)  # noqa: S311 - no secret
    seats: list[Seat] = []
    for recording in app.recordings:
        seats += [await seat_in(app, recording, login) for login in (SUPERVISOR, CASEWORKER)]
    leaders = seats[::2]
    work = [
        *(seat.listen() for seat in seats),
        *(seat.breathe(chance) for seat in seats),
        *(seat.steer(chance) for seat in leaders),
        *(seat.write(chance) for seat in seats),
    ]
    tasks = [asyncio.create_task(each) for each in work]
    try:
        await asyncio.sleep(SETTLES_S)
        for seat in seats:
            seat.answers_ms.clear()
        began, used = time.perf_counter(), process_cpu_s(app.process)
        await asyncio.sleep(MEASURED_S)
        share = (process_cpu_s(app.process) - used) / (time.perf_counter() - began)
        for task in tasks:
            if task.done():
                task.result()
                raise AssertionError("a line ended")
        return Load([ms for seat in seats for ms in seat.answers_ms], share)
    finally:
        await leave(seats, tasks)


async def seat_in(app: RunningApp, recording: str, login: str) -> Seat:
    """Return a window that has just come in."""
    address = f"127.0.0.1:{app.port}"
    headers = {"Cookie": f"{COOKIE}={app.tokens[login]}", "Origin": f"http://{address}"}
    socket = await connect(f"ws://{address}/api/rooms/{recording}", additional_headers=headers)
    return Seat(socket)


async def leave(seats: Iterable[Seat], tasks: Iterable["asyncio.Task[None]"]) -> None:
    """Close the windows."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*(seat.socket.close() for seat in seats))

"""A slow line to a local server: every byte arrives later, in order, and the line can be cut."""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

CHUNK: Final = 65_536
WITHIN_S: Final = 60
LOOPBACK: Final = "127.0.0.1"


class DelayedLine:
    """Where to connect instead of to the server, and what can be done to those who did.

    Attributes:
        port: On loopback.
    """

    def __init__(self, server_port: int, *, delay_ms: tuple[float, float], seed: int) -> None:
        self.port = 0
        self._server_port = server_port
        self._delay_ms = delay_ms
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._ends: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()

    def cut(self) -> None:
        """Lose every connection that is open now; new ones are carried."""
        self._loop.call_soon_threadsafe(lambda: [end.transport.abort() for end in self._ends])

    def run(self, listening: threading.Event) -> None:
        """Carry until stopped."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(listening))

    def stop(self) -> None:
        """Let ``run`` end."""
        self._loop.call_soon_threadsafe(self._over.set)

    async def _serve(self, listening: threading.Event) -> None:
        self._over = asyncio.Event()
        server = await asyncio.start_server(self._accept, LOOPBACK, 0)
        self.port = server.sockets[0].getsockname()[1]
        listening.set()
        await self._over.wait()
        server.close()
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._server_port)
            self._ends |= {writer, far_writer}
            for source, target in ((reader, far_writer), (far_reader, writer)):
                task = asyncio.create_task(self._carry(source, target))
                self._carrying.add(task)
                task.add_done_callback(self._carrying.discard)

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Pass on what comes, each piece after a delay of its own but never before an earlier."""
        on_its_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivering = asyncio.create_task(self._deliver(on_its_way, target))
        data = b"..."
        while data:
            try:
                data = await source.read(CHUNK)
            except OSError:
                data = b""
            late_s = self._chance.uniform(*self._delay_ms) / 1000
            on_its_way.put_nowait((self._loop.time() + late_s, data))
        await delivering

    async def _deliver(
        self, on_its_way: "asyncio.Queue[tuple[float, bytes]]", target: asyncio.StreamWriter
    ) -> None:
        data = b"..."
        with suppress(OSError):
            while data:
                due, data = await on_its_way.get()
                await asyncio.sleep(due - self._loop.time())
                target.write(data)
                await target.drain()
        target.close()
        self._ends.discard(target)


@contextmanager
def delayed_line(
    server_port: int, *, delay_ms: tuple[float, float], seed: int = 1
) -> Iterator[DelayedLine]:
    """Give a line to a server on which each piece takes a random time, each way.

    Args:
        server_port: On loopback.
        delay_ms: The shortest and the longest.
        seed: Two lines of one seed are late by the same.
    """
    line = DelayedLine(server_port, delay_ms=delay_ms, seed=seed)
    listening = threading.Event()
    thread = threading.Thread(target=line.run, args=(listening,), daemon=True)
    thread.start()
    assert listening.wait(WITHIN_S), "the line is not there"
    try:
        yield line
    finally:
        line.stop()
        thread.join(WITHIN_S)

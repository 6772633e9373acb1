"""Rows of taking in a film: what encrypting it costs, and how much memory it takes."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from review_app.commands import intake
from review_app.routes.uploads import UploadRoutes
from review_app.sessions import COOKIE
from storage.records import User
from tests.bench.measures import peak_growth_mib, ratio
from tests.bench.rows import ROWS
from tests.house import OWNER, House, open_house
from tests.served_uploads import Server

SIZE: Final = 128 * 1024 * 1024
PIECE: Final = 16 * 1024 * 1024
"""What the uploader sends at once."""
AT_ONCE: Final = 64 * 1024
"""What the server hands on at once."""
GIB: Final = float(os.environ.get("SAMSPIL_BENCH_UPLOAD_GIB", "4"))
_MIB: Final = 1024 * 1024


@ROWS.row(goal=3.0)
def upload_vs_plain() -> float:
    """Taking in 128 MiB encrypted, in pieces of 16 MiB / the same route writing a plain file."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        house = open_house(stack, Path(folder, "home"))
        ours = Starlette(routes=UploadRoutes(house.home).routes())
        Path(folder, "plain").touch()
        theirs = Starlette(routes=_plain_routes(Path(folder, "plain")))
        user = house.people[OWNER]
        block = os.urandom(AT_ONCE)
        return ratio(
            lambda: asyncio.run(_send(ours, _begun(house), user=user, block=block)),
            lambda: asyncio.run(_send(theirs, "/api/uploads/plain", user=user, block=block)),
            rounds=5,
        )


@ROWS.row(goal=64, unit="MiB", takes_long=True)
def upload_memory_growth() -> float:
    """What the server's memory grows by while it takes in 4 GiB in one piece."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder, "home")
        house = open_house(stack, home)
        server = Server(home, stack)
        headers = {"Cookie": f"{COOKIE}={house.token(OWNER)}"}
        _stream(server, house, headers, size=PIECE)
        size = int(GIB * 1024) * _MIB
        return peak_growth_mib(
            server.process.pid, lambda: _stream(server, house, headers, size=size)
        )


def _begun(house: House, *, length: int = SIZE) -> str:
    recording = house.recording(processed=False)
    with house.home.transaction() as tx:
        user = house.people[OWNER]
        upload = intake.begin_upload(
            tx, user, recording, length=length, media_type="", max_gib=GIB + 1
        )
    house.home.vault.begin_upload(recording, upload=upload.id, length=length).close()
    return f"/api/uploads/{upload.id}"


def _plain_routes(path: Path) -> list[Route]:
    async def patch(request: Request) -> Response:
        with path.open("r+b") as file:
            file.seek(int(request.headers["upload-offset"]))
            async for chunk in request.stream():
                await to_thread.run_sync(file.write, chunk)
            file.flush()
            os.fsync(file.fileno())
            return Response(status_code=204, headers={"Upload-Offset": str(file.tell())})

    return [Route("/api/uploads/plain", patch, methods=["PATCH"])]


async def _send(app: ASGIApp, path: str, *, user: User, block: bytes) -> None:
    """Send a film as the uploader does, without the network, which is the same for both."""
    for offset in range(0, SIZE, PIECE):
        status = await _patch(app, path, offset=offset, state={"user": user}, block=block)
        if status != 204:
            raise AssertionError(f"answered {status} at {offset}")


async def _patch(
    app: ASGIApp, path: str, *, offset: int, state: dict[str, Any], block: bytes
) -> int:
    left = PIECE
    status = 0

    async def receive() -> MutableMapping[str, Any]:
        nonlocal left
        left -= len(block)
        return {"type": "http.request", "body": block, "more_body": left > 0}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    headers = {
        "host": "here",
        "tus-resumable": "1.0.0",
        "content-type": "application/offset+octet-stream",
        "upload-offset": str(offset),
        "content-length": str(PIECE),
    }
    scope: MutableMapping[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PATCH",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "server": ("here", 80),
        "client": ("there", 1),
        "state": state,
    }
    run: Callable[..., Awaitable[None]] = app
    await run(scope, receive, send)
    return status


def _stream(server: Server, house: House, headers: dict[str, str], *, size: int) -> None:
    """Send a film in one request over a socket; it is made up on the way."""
    path = _begun(house, length=size)
    about = headers | {
        "Tus-Resumable": "1.0.0",
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": "0",
        "Content-Length": str(size),
    }
    block = os.urandom(_MIB)
    connection = HTTPConnection("127.0.0.1", server.port, timeout=3600)
    connection.request("PATCH", path, (block for _ in range(size // _MIB)), about)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.getheader("Upload-Offset") != str(size):
        raise AssertionError(f"answered {answer.status}")

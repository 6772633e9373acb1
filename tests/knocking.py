"""Knocking at the app's doors in its own event loop, thousands of times.

Each knock is one request as a server would hand it to the app, from an address of its own, so
that nobody is shut out for what another tried. One that gets no answer fails by itself.
"""

import asyncio
import json
from dataclasses import dataclass
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.types import Message

_PATIENCE_S: Final = 30.0
_ADDRESSES = count(1)


@dataclass(frozen=True)
class Answer:
    """What a door answered."""

    status: int
    said: bytes
    headers: list[tuple[bytes, bytes]]

    @property
    def is_success(self) -> bool:
        """Whether the door opened."""
        return 200 <= self.status < 300

    @property
    def everything(self) -> bytes:
        """All its bytes, in small letters."""
        return (self.said + repr(self.headers).encode()).lower()


async def knock(
    app: Starlette,
    path: str,
    method: str,
    *,
    cookie: str = "",
    headers: dict[str, str] | None = None,
    query: str = "",
    body: bytes = b"",
) -> Answer:
    """Send one request and return all of its answer."""
    sent = {"host": "testserver", "content-length": str(len(body)), **(headers or {})}
    scope = _scope("http", path, query=query, headers=sent, cookie=cookie) | {"method": method}
    status, found, said = 0, [], bytearray()
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()  # nobody hangs up
        asked = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, found
        if message["type"] == "http.response.start":
            status, found = message["status"], list(message["headers"])
        else:
            said.extend(message.get("body", b""))

    async with asyncio.timeout(_PATIENCE_S):
        await app(scope, receive, send)
    return Answer(status, bytes(said), found)


async def enter(app: Starlette, path: str, *, cookie: str = "") -> tuple[bool, str]:
    """Open a socket from our own page; return whether it opened and the first thing it said."""
    sent = {"host": "testserver", "origin": "http://testserver"}
    scope = _scope("websocket", path, headers=sent, cookie=cookie) | {"subprotocols": []}
    heard: asyncio.Queue[Message] = asyncio.Queue()
    told: asyncio.Queue[Message] = asyncio.Queue()
    told.put_nowait({"type": "websocket.connect"})
    async with asyncio.timeout(_PATIENCE_S):
        serving = asyncio.create_task(app(scope, told.get, heard.put))
        first = await heard.get()
        while first["type"] == "websocket.accept":
            first = await heard.get()
        told.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await serving
    said = str(first.get("text", ""))
    return first["type"] == "websocket.send" and '"closed"' not in said, said


def form(fields: dict[str, str]) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a form."""
    return {"content-type": "application/x-www-form-urlencoded"}, urlencode(fields).encode()


def document(value: object) -> tuple[dict[str, str], bytes]:
    """Return headers and body of JSON."""
    return {"content-type": "application/json"}, json.dumps(value).encode()


def _scope(
    kind: str, path: str, *, headers: dict[str, str], cookie: str, query: str = ""
) -> dict[str, Any]:
    sent = headers | ({"cookie": cookie} if cookie else {})
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        "client": (f"2001:db8:0:{next(_ADDRESSES):x}::1", 1),
        "server": ("testserver", 80),
    }

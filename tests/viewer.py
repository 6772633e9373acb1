"""A player without a network between it and the app: it asks for a film and counts what comes."""

import asyncio
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message

from review_app.sessions import COOKIE


@dataclass
class Came:
    """What has come of an answer so far.

    Attributes:
        finished: The server has said that this was all.
    """

    status: int = 0
    size: int = 0
    finished: bool = False


async def ask(
    app: ASGIApp,
    path: str,
    *,
    token: str = "",
    asked: str | None = None,
    state: dict[str, Any] | None = None,
    seen: Callable[[Came], None] = lambda _: None,
) -> Came:
    """Ask for a film or a range of it, and let someone see how much has come after each piece."""
    came = Came()
    told = False

    async def receive() -> Message:
        nonlocal told
        if told:
            await asyncio.Event().wait()  # the player stays until it has its answer
        told = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        came.status = message.get("status", came.status)
        came.size += len(message.get("body", b""))
        came.finished = not message.get("more_body", True)
        seen(came)

    headers = {"host": "here", "cookie": f"{COOKIE}={token}"}
    if asked is not None:
        headers["range"] = asked
    scope: MutableMapping[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "server": ("here", 80),
        "client": ("there", 1),
        "state": dict(state or {}),
    }
    await app(scope, receive, send)
    return came

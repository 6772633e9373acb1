"""The row of serving a film to one viewer, without the network, which is the same for both."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from pipeline.rehearsal import SAMPLE
from review_app.routes.media import LARGEST_ANSWER, MediaRoutes
from review_app.witness import Witness
from storage.records import BlobRole
from tests.bench.material import Place, place_with
from tests.bench.measures import ratio
from tests.bench.rows import ROWS

TIMES = 8


@ROWS.row(goal=1.5)
def range_serving_vs_plain() -> float:
    """Ranges of 4 MiB, decrypted, relation and consent asked each time / a plain FileResponse."""
    with place_with(SAMPLE) as place, tempfile.TemporaryDirectory() as folder:
        plain = Path(folder, "film.mp4")
        plain.write_bytes(SAMPLE.read_bytes() * TIMES)
        _keep_as_proxy(place, plain)

        async def file(_request: Request) -> FileResponse:
            return FileResponse(plain)

        path = f"/api/recordings/{place.recording}/media"
        ours = Starlette(routes=MediaRoutes(place.home, witness=Witness(place.home)).routes())
        theirs = Starlette(routes=[Route(path, file)])
        size = plain.stat().st_size
        user = {"user": place.owner}
        return ratio(
            lambda: asyncio.run(_watch(ours, path, size=size, state=user)),
            lambda: asyncio.run(_watch(theirs, path, size=size, state=user)),
            rounds=7,
        )


def _keep_as_proxy(place: Place, film: Path) -> None:
    shop = place.shop
    with shop.new(shop.permit(place.recording), BlobRole.PROXY) as writer:
        writer.write(film.read_bytes())


async def _watch(app: ASGIApp, path: str, *, size: int, state: dict[str, Any]) -> None:
    """Ask for a film from beginning to end, as a player does."""
    at = 0
    while at < size:
        end = min(at + LARGEST_ANSWER, size)
        received = await _answer(app, path, asked=f"bytes={at}-{end - 1}", state=dict(state))
        if received != end - at:
            raise AssertionError(f"{received} bytes instead of {end - at}")
        at = end


async def _answer(app: ASGIApp, path: str, *, asked: str, state: dict[str, Any]) -> int:
    received = 0
    asked_once = False

    async def receive() -> MutableMapping[str, Any]:
        nonlocal asked_once
        if asked_once:
            await asyncio.Event().wait()  # the player stays until it has its answer
        asked_once = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal received
        received += len(message.get("body", b""))

    scope: MutableMapping[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"here"), (b"range", asked.encode())],
        "server": ("here", 80),
        "client": ("there", 1),
        "state": state,
    }
    run: Callable[..., Awaitable[None]] = app
    await run(scope, receive, send)
    return received

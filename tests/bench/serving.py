"""Rows of serving a film. Where two are compared, without the network, the same for both."""

import asyncio
import os
import secrets
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from pipeline.rehearsal import SAMPLE
from review_app.routes.media import MediaRoutes
from review_app.sessions import COOKIE, Sessions
from review_app.witness import Witness
from storage import accounts
from storage.records import BlobRole
from tests.bench.material import Place, place_with
from tests.bench.measures import peak_growth_mib, ratio
from tests.bench.rows import ROWS
from tests.house import OWNER, House, open_house
from tests.served_uploads import Server
from tests.viewer import ask

TIMES = 8
MANY = 10
LARGE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Screen:
    """One film behind our route, and behind a plain one."""

    ours: ASGIApp
    plain: ASGIApp
    path: str
    token: str
    state: dict[str, Any]
    size: int

    def watch(self, app: ASGIApp, *, viewers: int) -> None:
        """Let some people get the whole film at the same time, as players ask for it."""
        asyncio.run(self._watch(app, viewers))

    async def _watch(self, app: ASGIApp, viewers: int) -> None:
        asked = [
            ask(app, self.path, token=self.token, state=self.state, asked="bytes=0-")
            for _ in range(viewers)
        ]
        for came in await asyncio.gather(*asked):
            if came.size != self.size or not came.finished:
                raise AssertionError(came)


@ROWS.row(goal=1.5)
def range_serving_vs_plain() -> float:
    """A film decrypted, session, relation and consent asked every 4 MiB / a plain FileResponse."""
    with _screen() as screen:
        return ratio(
            lambda: screen.watch(screen.ours, viewers=1),
            lambda: screen.watch(screen.plain, viewers=1),
            rounds=9,
        )


@ROWS.row(goal=1.5)
def range_serving_ten_vs_plain() -> float:
    """The same for ten viewers at once / a plain FileResponse for ten."""
    with _screen() as screen:
        return ratio(
            lambda: screen.watch(screen.ours, viewers=MANY),
            lambda: screen.watch(screen.plain, viewers=MANY),
            rounds=5,
        )


@ROWS.row(goal=64, unit="MiB")
def range_serving_ten_mib() -> float:
    """What the server's memory grows by while ten people fetch a film of 256 MiB at once."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        house = open_house(stack, Path(folder, "home"))
        recording = house.recording()
        house.put(recording, BlobRole.PROXY, os.urandom(LARGE))
        server = Server(Path(folder, "home"), stack)
        fetch = partial(_fetch, server.port, f"/api/recordings/{recording}/media", house)
        fetch()
        with ThreadPoolExecutor(MANY) as pool:
            return peak_growth_mib(
                server.process.pid,
                lambda: [done.result() for done in [pool.submit(fetch) for _ in range(MANY)]],
            )


def _fetch(port: int, path: str, house: House) -> None:
    """Fetch a film over a socket,."""
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    cookie = f"{COOKIE}={house.token(OWNER)}"
    connection.request("GET", path, headers={"Cookie": cookie, "Range": "bytes=0-"})
    answer = connection.getresponse()
    size = 0
    while piece := answer.read(256 * 1024):
        size += len(piece)
    connection.close()
    if size != LARGE:
        raise AssertionError(f"{size} bytes")


@contextmanager
def _screen() -> Iterator[Screen]:
    with place_with(SAMPLE) as place, tempfile.TemporaryDirectory() as folder:
        plain = Path(folder, "film.mp4")
        plain.write_bytes(SAMPLE.read_bytes() * TIMES)
        _keep_as_proxy(place, plain)

        async def file(_request: Request) -> FileResponse:
            return FileResponse(plain)

        path = f"/api/recordings/{place.recording}/media"
        routes = MediaRoutes(place.home, Sessions(place.home), witness=Witness(place.home)).routes()
        yield Screen(
            ours=Starlette(routes=routes),
            plain=Starlette(routes=[Route(path, file)]),
            path=path,
            token=signed_in(place),
            state={"user": place.owner},
            size=plain.stat().st_size,
        )


def signed_in(place: Place) -> str:
    """Return the token of a session of the recording's owner."""
    token = secrets.token_urlsafe()
    with place.home.transaction() as tx:
        accounts.open_session(
            tx,
            place.owner.id,
            token_hash=sha256(token.encode()).hexdigest(),
            expires_at=tx.at + timedelta(hours=1),
        )
    return token


def _keep_as_proxy(place: Place, film: Path) -> None:
    shop = place.shop
    with shop.new(shop.permit(place.recording), BlobRole.PROXY) as writer:
        writer.write(film.read_bytes())

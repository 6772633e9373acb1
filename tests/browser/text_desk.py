"""The desk over a real home: what is corrected in the browser is what is kept and read again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from consent.model import RecordingId
from review_app.components import LABELS
from review_app.sessions import COOKIE
from storage.records import BlobRole, Turn
from tests.browser.desk_server import COMPONENTS, CSS, PAGE, START, in_danish
from tests.browser.serving import served
from tests.house import House, open_house


@dataclass(frozen=True)
class TextDesk:
    """A recording with film and text, and the address of its desk."""

    house: House
    recording: RecordingId
    url: str
    browser: Browser

    @contextmanager
    def opened(self, login: str) -> Iterator[Page]:
        """Give the desk as someone has it; what the page complains of fails the test."""
        complaints: list[str] = []
        context = self.browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="da-DK", timezone_id="Europe/Copenhagen"
        )
        context.add_cookies([{"name": COOKIE, "value": self.house.token(login), "url": self.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{self.url}/?entry=desk")
        page.locator(".turns > li[data-i]").first.wait_for()
        try:
            yield page
        finally:
            context.close()
        assert not complaints


@contextmanager
def text_desk(
    browser: Browser, film: Path, folder: Path, turns: tuple[Turn, ...]
) -> Iterator[TextDesk]:
    """Serve the desk of a recording in which these turns were recognized."""
    with ExitStack() as stack:
        house = open_house(stack, folder)
        recording = house.recording()
        house.put(recording, BlobRole.PROXY, film.read_bytes())
        house.transcript(recording, turns)
        labels = in_danish(LABELS["desk"])

        async def page(_: Request) -> Response:
            return HTMLResponse(PAGE.format(entry="desk", shadow="1"))

        async def start(_: Request) -> Response:
            return Response(START, media_type="text/javascript")

        async def css(_: Request) -> Response:
            return Response(CSS, media_type="text/css")

        async def data(_: Request) -> Response:
            return JSONResponse({"recording": recording, "labels": labels, "lang": "da"})

        app = Starlette(
            routes=[
                Route("/", page),
                Route("/start.js", start),
                Route("/page.css", css),
                Route("/data.json", data),
                Mount("/components", StaticFiles(directory=COMPONENTS)),
                Mount("/", house.app),
            ]
        )
        port = stack.enter_context(served(app))
        yield TextDesk(house, recording, f"http://127.0.0.1:{port}", browser)

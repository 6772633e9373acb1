"""The desk over a real home: what is corrected in the browser is what is kept and read again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
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


@dataclass
class TextDesk:
    """A house and the address of the desk of the recording that was added last."""

    house: House
    film: bytes
    browser: Browser
    url: str = ""
    recording: RecordingId = field(init=False)

    def add(self, turns: tuple[Turn, ...]) -> None:
        """Add a recording in which these turns were recognized."""
        self.recording = self.house.recording()
        self.house.put(self.recording, BlobRole.PROXY, self.film)
        self.house.transcript(self.recording, turns)

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
def text_desk(browser: Browser, film: Path, folder: Path) -> Iterator[TextDesk]:
    """Serve a desk in front of a house."""
    with ExitStack() as stack:
        desk = TextDesk(open_house(stack, folder), film.read_bytes(), browser)
        labels = in_danish(LABELS["desk"])

        async def page(_: Request) -> Response:
            return HTMLResponse(PAGE.format(entry="desk", shadow="1"))

        async def start(_: Request) -> Response:
            return Response(START, media_type="text/javascript")

        async def css(_: Request) -> Response:
            return Response(CSS, media_type="text/css")

        async def data(_: Request) -> Response:
            return JSONResponse({"recording": desk.recording, "labels": labels, "lang": "da"})

        app = Starlette(
            routes=[
                Route("/", page),
                Route("/start.js", start),
                Route("/page.css", css),
                Route("/data.json", data),
                Mount("/components", StaticFiles(directory=COMPONENTS)),
                Mount("/", desk.house.app),
            ]
        )
        port = stack.enter_context(served(app))
        desk.url = f"http://127.0.0.1:{port}"
        yield desk

"""The app's own routes on a real home, and a bare page on which a component is mounted."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from consent.model import RecordingId
from review_app.components import LABELS, failure_labels
from review_app.gate import Gate
from review_app.routes.problems import HANDLERS
from review_app.server import routes
from review_app.sessions import COOKIE
from review_app.translation import translator
from storage import recordings
from storage.records import BlobRole, Turn
from tests.browser.desk_server import COMPONENTS, DeskServer, in_danish
from tests.browser.serving import served
from tests.house import House, open_house
from tests.patient_rooms import patient_rooms

CHUNK = 100_000


@dataclass(frozen=True)
class Site:
    """A home that is served, and pages of it."""

    house: House
    port: int

    def recording(self, film: bytes, turns: tuple[Turn, ...], *, duration_ms: int) -> RecordingId:
        """Add a processed recording with its playable film and its transcript."""
        recording = self.house.recording()
        with self.house.home.transaction() as tx:
            recordings.set_duration(tx, recording, duration_ms=duration_ms)
        self.house.put(recording, BlobRole.PROXY, film)
        self.house.transcript(recording, turns)
        return recording

    @contextmanager
    def page(
        self, browser: Browser, login: str, entry: str, recording: str, *, port: int = 0
    ) -> Iterator[Page]:
        """Give a page of someone who is signed in, without complaints when it is left."""
        address = f"http://127.0.0.1:{port or self.port}"
        complaints: list[str] = []
        context = browser.new_context(locale="da-DK", viewport={"width": 1440, "height": 900})
        try:
            token = self.house.token(login)
            context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{address}/?entry={entry}&recording={recording}")
            yield page
        finally:
            context.close()
        assert not complaints, complaints


@contextmanager
def real_site(folder: Path) -> Iterator[Site]:
    """Serve a home in a folder that is not there yet."""
    with ExitStack() as stack:
        house = open_house(stack, folder)
        shell = DeskServer({}, folder, {})
        app = Starlette(
            routes=[
                Route("/", shell.page),
                Route("/start.js", shell.start),
                Route("/page.css", shell.css),
                Route("/data.json", _data),
                Mount("/components", StaticFiles(directory=COMPONENTS)),
                *routes(house.home, house.sessions, house.witness),
            ],
            middleware=[Middleware(Gate, sessions=house.sessions, witness=house.witness)],
            exception_handlers=HANDLERS,
        )
        stack.enter_context(patient_rooms())
        yield Site(house, stack.enter_context(served(app, websockets=True)))


async def _data(request: Request) -> Response:
    """Answer what the pages of the app give a component, in Danish."""
    asked = parse_qs(urlsplit(request.headers["referer"]).query)
    labels = in_danish(LABELS[asked["entry"][0]]) | failure_labels(translator("da"))
    recording = asked["recording"][0]
    return JSONResponse({"recording": recording, "labels": labels, "lang": "da", "chunk": CHUNK})

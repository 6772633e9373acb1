"""The uploader in a real browser against the real routes: whatever happens, the film is whole."""

import os
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, Route, expect

from consent.model import RecordingId
from review_app.sessions import COOKIE
from storage import consent_ledger
from storage.media import open_media
from storage.records import BlobRole
from tests.browser.desk_fixtures import until
from tests.house import OWNER, House, open_house
from tests.served_uploads import Line, Server

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("only_chromium")]

PROGRAM = """
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from review_app.components import LABELS, failure_labels
from review_app.gate import Gate
from review_app.routes.desk import DeskRoutes
from review_app.routes.problems import HANDLERS
from review_app.routes.uploads import UploadRoutes
from review_app.sessions import Sessions
from review_app.witness import Witness
from storage.home import Home
from storage.settings import Settings
from storage.vault.errors import StoreFull
from storage.vault.files import PrivateFile
from tests.browser.desk_server import COMPONENTS, DeskServer, in_danish
from review_app.translation import translator
from tests.clock import Clock

folder = Path(sys.argv[1])
home = Home.open(Settings(home=folder, max_upload_gib=0.01), clock=Clock())
page = DeskServer({}, folder, {})
write = PrivateFile.write

def write_where_there_is_room(file, data):
    if (folder / "full").exists():
        raise StoreFull
    return write(file, data)

async def data(request):
    labels = in_danish(LABELS["uploader"]) | failure_labels(translator("da"))
    recording = request.headers["referer"].partition("&recording=")[2]
    return JSONResponse({"recording": recording, "labels": labels, "lang": "da", "chunk": 100_000})

PrivateFile.write = write_where_there_is_room
app = Starlette(
    routes=[
        Route("/", page.page),
        Route("/start.js", page.start),
        Route("/page.css", page.css),
        Route("/data.json", data),
        Mount("/components", StaticFiles(directory=COMPONENTS)),
        *DeskRoutes(home).routes(),
        *UploadRoutes(home).routes(),
    ],
    middleware=[Middleware(Gate, sessions=Sessions(home), witness=Witness(home))],
    exception_handlers=HANDLERS,
)
uvicorn.run(app, port=int(sys.argv[2]), log_level="critical")
"""
FILM = os.urandom(1_500_003)
NAME = "Samtale-med-Ida-Olsen.mp4"
BYTES_A_SECOND = 1_000_000
RECEIVED = "Filmen er modtaget"
UPLOADS = "**/api/uploads/*"
FIRST_PIECES = 4
START = re.compile(r"^[2-9]\d %$")
WATCH = """() => {
  const root = document.getElementById("host").shadowRoot;
  const seen = (window.seen = { said: [], shares: [] });
  new MutationObserver(() => {
    const said = root.querySelector(".sr[role=status]").textContent;
    const bar = root.querySelector(".big [role=progressbar]");
    if (said && said !== seen.said.at(-1)) seen.said.push(said);
    if (bar) seen.shares.push(Number(bar.getAttribute("aria-valuenow")));
  }).observe(root, { childList: true, subtree: true, attributes: true, characterData: true });
}"""


@dataclass
class Site:
    """A home with its server, and a browser that a caseworker is signed in with."""

    house: House
    server: Server
    context: BrowserContext
    stack: ExitStack
    film: Path
    recording: RecordingId = field(init=False)
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.recording = self.house.recording(processed=False)
        self.sign_in()

    def sign_in(self) -> None:
        token = self.house.token(OWNER)
        self.context.add_cookies([{"name": COOKIE, "value": token, "url": "http://127.0.0.1"}])

    def page(self, *, port: int = 0, bytes_a_second: int = BYTES_A_SECOND) -> Page:
        page = self.context.new_page()
        page.on("request", self.note)
        # A line on which there is time to see something.
        line = {"offline": False, "latency": 0, "downloadThroughput": -1}
        conditions = line | {"uploadThroughput": bytes_a_second}
        self.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)
        address = f"http://127.0.0.1:{port or self.server.port}"
        page.goto(f"{address}/?entry=uploader&recording={self.recording}")
        return page

    def begun(self) -> Page:
        """Return a page on which part of the film has been sent; the rest waits to be let go."""
        page = self.page()
        pieces: list[Route] = []

        def carry(route: Route) -> None:
            piece = route.request.method == "PATCH"
            pieces.extend([route] * piece)
            if not piece or len(pieces) <= FIRST_PIECES:
                route.continue_()

        page.route(UPLOADS, carry)
        choose(page, self.film)
        until(page, lambda: len(pieces) > FIRST_PIECES)
        expect(page.locator(".big b")).to_have_text(START)
        return page

    @staticmethod
    def let_go(page: Page) -> None:
        """Let the rest of the film go its way."""
        page.unroute(UPLOADS)

    def note(self, request: Request) -> None:
        self.requests.append(request)

    def creations(self) -> int:
        return sum(request.method == "POST" for request in self.requests)

    def stored(self) -> bytes:
        with self.house.home.reading() as tx:
            permit = consent_ledger.permit(tx, self.recording)
            with open_media(self.house.home, tx, permit, BlobRole.SOURCE) as film:
                return film.read()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Server, ExitStack]]:
    home = tmp_path_factory.mktemp("uploads") / "home"
    with ExitStack() as stack:
        house = open_house(stack, home)
        yield house, Server(home, stack, program=PROGRAM), stack


@pytest.fixture
def site(
    served: tuple[House, Server, ExitStack], browser: Browser, tmp_path: Path
) -> Iterator[Site]:
    film = tmp_path / NAME
    film.write_bytes(FILM)
    context = browser.new_context(locale="da-DK")
    context.set_default_timeout(30_000)
    yield Site(served[0], served[1], context, served[2], film)
    context.close()


def choose(page: Page, *files: Path) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def try_now(page: Page) -> None:
    """Have it try at once by keyboard, unless it has gone on by itself meanwhile."""
    with suppress(Error):
        page.get_by_role("button", name="Prøv nu").press("Enter", timeout=2_000)


def expect_received(page: Page) -> None:
    heading = page.get_by_role("heading", name=RECEIVED, exact=True)
    expect(heading).to_be_visible(timeout=30_000)


def test_it_goes_on_after_the_line_was_lost_twice(site: Site) -> None:
    line = Line(site.server.port, site.stack, cuts=[450_000, 300_000])
    page = site.page(port=line.port)
    choose(page, site.film)
    for lost in (1, 2):
        until(page, lambda: line.lost == lost)  # noqa: B023 - it is asked before the next
        assert line.lost == lost
        try_now(page)
    expect_received(page)
    assert (site.stored(), site.creations()) == (FILM, 1)


def test_it_goes_on_after_a_reload_when_the_film_is_chosen_again(site: Site) -> None:
    page = site.begun()
    page.reload()
    site.let_go(page)
    expect(page.get_by_text("Vælg de samme filer igen")).to_be_visible()
    choose(page, site.film)
    expect_received(page)
    assert (site.stored(), site.creations()) == (FILM, 1)


def test_it_goes_on_after_the_server_was_killed(site: Site) -> None:
    page = site.begun()
    site.server.kill()
    site.let_go(page)
    expect(page.get_by_text("Nettet faldt ud")).to_be_visible()
    expect(page.get_by_role("button", name="Prøv nu")).to_be_visible()
    site.server.start()
    try_now(page)
    expect_received(page)
    assert (site.stored(), site.creations()) == (FILM, 1)


def test_it_goes_on_after_signing_in_again(site: Site) -> None:
    page = site.begun()
    page.get_by_role("button", name="Pause").press("Enter")
    site.let_go(page)
    site.context.clear_cookies()
    page.get_by_role("button", name="Fortsæt").press("Enter")
    expect(page.get_by_role("heading", name="Du er blevet logget ud")).to_be_visible()
    link = page.get_by_role("link", name="Log ind")
    expect(link).to_have_attribute("href", "/auth/login")
    site.sign_in()
    # As when the tab is looked at again.
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect_received(page)
    assert (site.stored(), site.creations()) == (FILM, 1)


def test_another_tab_takes_over_and_the_first_finds_the_film_received(site: Site) -> None:
    first = site.begun()
    first.get_by_role("button", name="Pause").click()
    site.let_go(first)
    second = site.page()
    choose(second, site.film)
    expect_received(second)
    first.get_by_role("button", name="Fortsæt").click()
    expect_received(first)
    assert site.stored() == FILM


def test_a_film_that_another_tab_sends_is_waited_for(site: Site) -> None:
    page = site.begun()
    page.get_by_role("button", name="Pause").click()
    site.let_go(page)
    busy = {"status": 423, "body": '{"error": "UploadBusy", "message": "", "advice": ""}'}
    page.route(UPLOADS, lambda route: route.fulfill(**busy))
    page.get_by_role("button", name="Fortsæt").click()
    expect(page.get_by_text("Filmen sendes i en anden fane")).to_be_visible()
    expect(page.get_by_role("button", name="Prøv nu")).to_be_visible()
    page.unroute_all()
    try_now(page)
    expect_received(page)
    assert (site.stored(), site.creations()) == (FILM, 1)


def test_a_full_disk_is_told_and_nothing_is_lost(site: Site) -> None:
    page = site.begun()
    full = site.house.home.settings.home / "full"
    full.touch()
    site.let_go(page)
    expect(page.get_by_text("Der er ikke plads nok på serveren")).to_be_visible()
    expect(page.get_by_text("er modtaget og gemt")).to_be_visible()
    expect(page.get_by_role("button", name="Prøv nu")).to_be_visible()
    full.unlink()
    try_now(page)
    expect_received(page)
    assert (site.stored(), site.creations()) == (FILM, 1)


def test_what_cannot_be_taken_is_refused_plainly(site: Site, tmp_path: Path) -> None:
    page = site.page(bytes_a_second=-1)
    for name, content, words in (
        ("referat.pdf", b"%PDF-1.7", "Det er hverken film eller lyd"),
        ("tom.mp4", b"", "Filen er tom"),
    ):
        (tmp_path / name).write_bytes(content)
        choose(page, tmp_path / name)
        expect(page.get_by_role("alert")).to_contain_text(words)
    assert site.creations() == 0
    large = tmp_path / "stor.mp4"
    large.write_bytes(bytes(11 * 1024 * 1024))
    choose(page, large)
    expect(page.get_by_text("The film is larger than this site accepts.")).to_be_visible()
    page.get_by_role("button", name="Vælg en anden film").press("Enter")
    expect(page.get_by_role("button", name="Vælg film")).to_be_focused()


def test_the_name_of_the_film_stays_in_the_browser(site: Site) -> None:
    line = Line(site.server.port, site.stack, cuts=[])
    page = site.page(port=line.port, bytes_a_second=-1)
    choose(page, site.film)
    expect_received(page)
    assert FILM[:1000] in line.carried
    assert b"upload-metadata" in line.carried.lower()
    kept = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
    left = bytes(line.carried) + kept.encode()
    for untold in (NAME.encode(), b"Ida-Olsen", b64encode(NAME.encode())[:12]):
        assert untold not in left


def test_progress_is_said_at_steps_and_nothing_jumps_back(site: Site) -> None:
    page = site.page()
    page.evaluate(WATCH)
    choose(page, site.film)
    expect(page.get_by_role("heading", name="Filmen modtages")).to_be_focused()
    expect_received(page)
    seen = page.evaluate("() => window.seen")
    assert seen["shares"] == sorted(seen["shares"])
    assert len(set(seen["shares"])) > len(seen["said"])
    assert set(seen["said"]) <= {RECEIVED, *(f"{step} % modtaget" for step in range(10, 101, 10))}
    expect(page.get_by_role("button", name="Jeg har slettet filmen på kameraet")).to_be_focused()

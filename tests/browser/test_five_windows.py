"""One room in five windows: whatever they do and suffer, all end on the very same picture.

Compared is what is drawn, not what the page says of itself.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.room_app import Server, make_film, serving
from tests.delayed_line import delayed_line

pytestmark = pytest.mark.browser

PATIENT_MS = 30_000
_VIDEO = "document.querySelector('#host').shadowRoot.querySelector('video')"
_STANDS = f"(from) => {_VIDEO}?.paused && !{_VIDEO}.seeking && {_VIDEO}.currentTime > from"
_RUNS = f"(from) => {_VIDEO} && !{_VIDEO}.paused && {_VIDEO}.currentTime > from"
_PICTURE = f"""() => {{
  const canvas = Object.assign(document.createElement("canvas"), {{ width: 320, height: 180 }});
  canvas.getContext("2d").drawImage({_VIDEO}, 0, 0, 320, 180);
  return [{_VIDEO}.currentTime, canvas.toDataURL()];
}}"""
_STOPS_ON_WHOLE_MS = f"""() => {{
  const kept = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
  const get = function () {{
    const at = kept.get.call(this);
    return this.paused ? Math.round(at * 1000) / 1000 : at;
  }};
  Object.defineProperty({_VIDEO}, "currentTime", {{ ...kept, get }});
  {_VIDEO}.addEventListener("seeked", () => {{ window.sought = true; }}, {{ once: true }});
}}"""


class Windows:
    """Everyone's pages, and what is true of all of them."""

    def __init__(self, browser: Browser, stack: ExitStack) -> None:
        self.pages: list[Page] = []
        self.errors: list[str] = []
        self._browser = browser
        self._stack = stack

    def open(self, who: str, address: str) -> Page:
        context = self._browser.new_context(viewport={"width": 1280, "height": 800})
        self._stack.callback(context.close)
        context.add_cookies([{"name": "who", "value": who, "url": address}])
        page = context.new_page()
        page.set_default_timeout(PATIENT_MS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(address)
        expect(page.locator(".notes")).to_be_visible(timeout=PATIENT_MS)
        page.wait_for_function(f"() => {_VIDEO}.readyState >= 2")
        self.pages.append(page)
        return page

    def all(self, true: str, from_s: float) -> None:
        for page in self.pages:
            page.wait_for_function(true, arg=from_s)

    def stand_on_one_picture(self, *, beyond_s: float) -> float:
        """Wait until all show the same picture, somewhere behind a place, and return where."""
        self.all(_STANDS, beyond_s)
        for _ in range(PATIENT_MS // 100):
            places, pictures = zip(*(page.evaluate(_PICTURE) for page in self.pages), strict=True)
            if len(set(pictures)) == 1 and max(places) - min(places) < 0.001:
                place: float = places[0]
                return place
            self.pages[0].wait_for_timeout(100)
        raise AssertionError(f"they stand at {places}")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=60)


@pytest.fixture
def server(film: Path) -> Iterator[Server]:
    with serving(Server(film)) as server:
        yield server


@pytest.fixture
def windows(browser: Browser) -> Iterator[Windows]:
    with ExitStack() as stack:
        windows = Windows(browser, stack)
        yield windows
        assert not windows.errors


def test_five_windows_end_on_one_picture_and_lose_no_note(server: Server, windows: Windows) -> None:
    with delayed_line(server.port, delay_ms=(0, 0)) as line:
        leader = windows.open("birgitte", server.address)
        second = windows.open("birgitte", server.address)
        mette = windows.open("mette", server.address)
        faltering = windows.open("mette", f"http://127.0.0.1:{line.port}")

        leader.keyboard.press("k")
        windows.all(_RUNS, 20.2)
        windows.open("birgitte", server.address)  # late
        mette.keyboard.press("]")
        windows.all(_RUNS, 21.5)
        second.keyboard.press("k")
        place = windows.stand_on_one_picture(beyond_s=21.5)
        for page in windows.pages:
            expect(page.get_by_role("button", name="1,25×")).to_be_visible()

        leader.keyboard.press("ArrowRight")
        assert windows.stand_on_one_picture(beyond_s=place + 0.5) == pytest.approx(place + 1)

        line.cut()
        expect(faltering.locator(".notice", has_text="Forbindelsen er væk")).to_be_visible()
        leader.reload()
        mette.keyboard.press("k")
        windows.all(_RUNS, place + 1.3)
        mette.keyboard.press("k")
        windows.stand_on_one_picture(beyond_s=place + 1.3)


def test_a_film_stopped_on_the_very_place_is_still_put_there(
    server: Server, windows: Windows
) -> None:
    leader = windows.open("birgitte", server.address)
    windows.open("mette", server.address)
    leader.evaluate(_STOPS_ON_WHOLE_MS)  # as one film in fifty does by chance
    leader.keyboard.press("k")
    windows.all(_RUNS, 20.2)
    leader.keyboard.press("k")
    leader.wait_for_function("() => window.sought")
    windows.stand_on_one_picture(beyond_s=20.2)


def test_five_write_at_once_and_nothing_is_lost(server: Server, windows: Windows) -> None:
    with delayed_line(server.port, delay_ms=(0, 0)) as line:
        for who in ("birgitte", "mette", "birgitte"):
            windows.open(who, server.address)
        for _ in range(2):
            windows.open("mette", f"http://127.0.0.1:{line.port}")

        written = [f"Fra vindue {number}" for number in range(len(windows.pages))]
        half = len("Fra vindue")
        typing: tuple[Callable[[Page, str], None], ...] = (
            lambda page, _: page.keyboard.press("n"),
            lambda page, text: page.keyboard.type(text[:half]),
            lambda page, text: page.keyboard.type(text[half:]),
        )
        for part in typing:
            for page, text in zip(windows.pages, written, strict=True):
                part(page, text)
        line.cut()
        for page in windows.pages:
            page.keyboard.press("Enter")

        for page in windows.pages:
            notes = page.locator(".notes li:not(.unsent) p")
            expect(notes).to_have_count(len(written), timeout=PATIENT_MS)
            assert sorted(notes.all_text_contents()) == written
        assert sorted(note["text"] for note in server.house.notes.notes) == written


def test_a_note_on_its_way_goes_with_a_lost_line_until_it_is_kept(
    server: Server, windows: Windows
) -> None:
    with delayed_line(server.port, delay_ms=(0, 0)) as line:
        mette = windows.open("mette", server.address)
        birgitte = windows.open("birgitte", f"http://127.0.0.1:{line.port}")
        server.house.notes.keeps.clear()
        mette.keyboard.press("n")
        mette.keyboard.insert_text("A ser op")
        mette.keyboard.press("Enter")
        expect(birgitte.locator(".notes li.unsent p")).to_have_text("A ser op")
        line.cut()
        expect(birgitte.locator(".notes li")).to_have_count(0)
        server.house.notes.keeps.set()
        expect(birgitte.locator(".notes li:not(.unsent) p")).to_have_text("A ser op")
        expect(birgitte.locator(".notes li")).to_have_count(1)

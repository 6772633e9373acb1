"""The film under the hand: pictures of what is pointed at, captions, speeds, frames, loops."""

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.engines.pictures import COLUMNS, PER_SHEET, look_through
from tests.browser.desk_document import Document, a_document
from tests.browser.desk_fixtures import FRAMES_PER_SECOND, Open, film, gray_of, open_page
from tests.browser.desk_server import DeskServer
from tests.browser.room_app import Server, serving
from tests.browser.running_film import TURNED, VIDEO, run_slowly, runs_at
from tests.browser.test_desk_component import loaded, stand_at
from tests.fakes.room import RECORDING

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

LENGTH_MS = 60_000
CUES = """WEBVTT

00:08.000 --> 00:20.000
<v youth>Det er en prøve.
"""
_WATCH_PICTURES = f"""() => {{
  const video = {VIDEO};
  window.pictures = [];
  const note = (_, {{ mediaTime }}) => {{
    pictures.push(Math.round(mediaTime * 1000));
    video.requestVideoFrameCallback(note);
  }};
  video.requestVideoFrameCallback(note);
}}"""


@pytest.fixture(scope="module")
def thumbnails(film: Path) -> tuple[Document, bytes]:
    """The film's small pictures as the pipeline makes them."""
    with film.open("rb") as reader:
        strip = look_through(reader, duration_ms=LENGTH_MS, progress=lambda _: None).strip
    (sheet,) = strip.sheets
    about = {"count": strip.count, "every_ms": strip.every_ms, "ends": [len(sheet)]}
    about |= {"width": strip.width, "height": strip.height, "columns": COLUMNS}
    return about | {"per_sheet": PER_SHEET, "url": "/api/recordings/r1/thumbnails"}, sheet


@pytest.fixture
def desk(open_page: Open, thumbnails: tuple[Document, bytes]) -> tuple[Page, DeskServer]:
    about, sheet = thumbnails
    page, server = open_page(document=a_document() | {"thumbnails": about}, sheets=sheet, cues=CUES)
    loaded(page)
    return page, server


def place_of(page: Page, ms: int, *, lane: str = ".lane.tk .lt") -> tuple[float, float]:
    """Return where a moment lies on the timeline."""
    box = page.locator(lane).bounding_box()
    assert box
    shown = page.locator(".tl .ph .num").first.inner_text()
    assert shown.startswith("00:00–01:00"), shown
    return box["x"] + box["width"] * ms / LENGTH_MS, box["y"] + box["height"] / 2


def shows(page: Page, second: int) -> None:
    """Wait until the preview shows a second, in figures and as the picture of that second."""
    preview = page.locator(".preview")
    expect(preview).to_contain_text(f"00:{second:02}")
    expect(preview.locator("canvas")).to_have_attribute("data-number", str(second))
    page.wait_for_function(
        """(gray) => {
        const canvas = document.querySelector('#host').shadowRoot.querySelector('.preview canvas');
        const [red] = canvas.getContext('2d').getImageData(80, 45, 1, 1).data;
        return Math.abs(red - gray) < 8; }""",
        arg=gray_of(second * FRAMES_PER_SECOND),
    )


def test_the_picture_of_a_second_is_shown_where_the_pointer_is(
    desk: tuple[Page, DeskServer],
) -> None:
    page, _ = desk
    for second in (31, 5):
        page.mouse.move(*place_of(page, second * 1000 + 100))
        shows(page, second)
    box = page.locator(".preview").bounding_box()
    assert box
    x, y = place_of(page, 5000)
    assert box["x"] <= x <= box["x"] + box["width"]
    assert box["y"] + box["height"] <= y
    page.keyboard.press("h")
    page.mouse.move(*place_of(page, 20_100))
    expect(page.locator(".preview")).to_contain_text("00:20")
    expect(page.locator(".preview canvas")).to_be_hidden()
    page.keyboard.press("h")
    page.locator(".turns").hover()
    expect(page.locator(".preview")).to_be_hidden()


def test_the_picture_follows_a_mark_that_is_moved_by_keys(desk: tuple[Page, DeskServer]) -> None:
    page, _ = desk
    stand_at(page, 30)
    page.keyboard.press("i")
    page.keyboard.press("Shift+F6")
    page.locator(".handle").first.focus()
    page.keyboard.press("ArrowRight")
    shows(page, 31)
    page.keyboard.press("ArrowLeft")
    shows(page, 30)
    page.keyboard.press("F6")
    expect(page.locator(".preview")).to_be_hidden()


@pytest.mark.usefixtures("only_chromium")
def test_a_finger_looks_along_the_film_and_picks_where_it_is_lifted(
    desk: tuple[Page, DeskServer],
) -> None:
    page, _ = desk
    devtools = page.context.new_cdp_session(page)

    def touch(kind: str, *seconds: int) -> None:
        points = [dict(zip("xy", place_of(page, s * 1000 + 100), strict=True)) for s in seconds]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 10)
    for second in (14, 25, 42):
        touch("touchMove", second)
    shows(page, 42)
    touch("touchEnd")
    expect(page.locator(".preview")).to_be_hidden()
    page.wait_for_function(f"() => Math.abs({VIDEO}.currentTime - 42.1) < 0.2")


def test_what_cannot_be_fetched_leaves_the_time(
    open_page: Open, thumbnails: tuple[Document, bytes]
) -> None:
    page, _ = open_page(document=a_document() | {"thumbnails": thumbnails[0]})
    loaded(page)
    page.route("**/thumbnails", lambda route: route.fulfill(status=403))
    page.mouse.move(*place_of(page, 31_100))
    expect(page.locator(".preview")).to_contain_text("00:31")
    expect(page.locator(".preview canvas")).not_to_have_attribute("data-number", "31")


def test_the_room_shows_it_over_its_track(
    browser: Browser, film: Path, thumbnails: tuple[Document, bytes]
) -> None:
    server = Server(film)
    about, server.sheets = thumbnails
    server.thumbnails = about | {"url": f"/api/recordings/{RECORDING}/thumbnails"}
    with serving(server):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "who", "value": "birgitte", "url": server.address}])
        page = context.new_page()
        page.goto(server.address)
        track = page.get_by_role("slider", name="Sted i filmen")
        expect(track).to_be_visible()
        page.wait_for_function(f"() => {VIDEO}.readyState >= 3")
        box = track.bounding_box()
        assert box
        # The track shows the first sequence, 20 to 49 s, with 5 s before and after it.
        page.mouse.move(box["x"] + box["width"] * (31.25 - 15) / 39, box["y"] + 3)
        shows(page, 31)
        page.mouse.move(10, 10)
        expect(page.locator(".preview")).to_be_hidden()
        context.close()


def test_the_sound_is_drawn_on_a_lane(open_page: Open) -> None:
    page, _ = open_page(document=a_document() | {"waveform": [0, 255] * 300})
    loaded(page)
    drawn = page.locator(".lane.m polygon").evaluate("(shape) => shape.getBBox().height")
    assert drawn > 20


def test_captions_are_shown_and_put_away(desk: tuple[Page, DeskServer]) -> None:
    page, _ = desk
    caption = page.locator(".film .cap")
    stand_at(page, 9)
    expect(caption).to_have_text("Det er en prøve.")
    page.keyboard.press("c")
    expect(caption).to_have_text("")
    page.keyboard.press("c")
    expect(caption).to_have_text("Det er en prøve.")
    stand_at(page, 21)
    expect(caption).to_have_text("")


def test_speeds_go_from_a_half_to_twice_and_voices_keep_their_pitch(
    desk: tuple[Page, DeskServer],
) -> None:
    page, _ = desk
    assert page.evaluate(f"() => {VIDEO}.preservesPitch")

    def press(key: str, times: int) -> float:
        for _ in range(times):
            page.keyboard.press(key)
        return float(page.evaluate(f"() => {VIDEO}.playbackRate"))

    assert press("]", 1) == 1.25
    assert press("]", 9) == 2
    assert press("[", 20) == 0.5
    expect(page.locator(".trans")).to_contain_text("0,5×")
    assert press("]", 20) == 2
    page.keyboard.press("k")
    runs_at(page, 2)


def test_a_key_shows_the_next_picture_and_the_one_before(desk: tuple[Page, DeskServer]) -> None:
    page, _ = desk
    stand_at(page, 30)
    page.keyboard.press("k")
    page.wait_for_function(f"() => {VIDEO}.currentTime > 31")
    page.evaluate(_WATCH_PICTURES)
    page.keyboard.press("k")
    page.wait_for_function(
        f"() => {VIDEO}.paused && window.before === (window.before = pictures.length)", polling=200
    )
    page.evaluate("() => { pictures.length = 0; }")
    shown: list[int] = []
    for key in (".", ".", ".", ",", ","):
        page.keyboard.press(key)
        page.wait_for_function("(before) => pictures.length > before", arg=len(shown))
        page.wait_for_timeout(100)
        shown.append(int(page.evaluate("() => pictures.at(-1)")))
        assert page.evaluate("() => pictures.length") == len(shown)
    steps = [after - before for before, after in pairwise(shown)]
    assert steps == [100, 100, -100, -100]


def test_a_marked_stretch_goes_round(desk: tuple[Page, DeskServer]) -> None:
    page, _ = desk
    stand_at(page, 10)
    page.keyboard.press("i")
    stand_at(page, 11)
    page.keyboard.press("o")
    page.keyboard.press("q")
    stand_at(page, 10.9)
    run_slowly(page)
    turned_at, went_to = page.evaluate(TURNED)
    assert 10.99 <= turned_at < 11.4
    assert went_to == pytest.approx(10, abs=0.01)


def test_the_question_mark_names_the_films_keys(desk: tuple[Page, DeskServer]) -> None:
    page, _ = desk
    page.keyboard.press("?")
    sheet = page.locator(".keysheet")
    for key in (",", ".", "[", "]", "C", "Q", "K"):
        expect(sheet.locator("kbd", has_text=key).first).to_be_visible()

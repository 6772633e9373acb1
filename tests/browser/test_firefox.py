"""What caseworker and supervisor do, in Firefox: watch, mark, upload, meet someone in Chromium."""

import os
import re
import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from consent.model import RecordingId
from storage import annotations, consent_ledger
from storage.media import open_media
from storage.records import BlobRole
from tests.browser.counted_film import FRAME_MS, VIDEO, counted_film, shows
from tests.browser.desk_fixtures import until
from tests.browser.real_site import Site, real_site
from tests.browser.running_film import TURNED, run_slowly, runs_at
from tests.browser.test_desk_component import loaded, stand_at
from tests.house import OWNER, SUPERVISOR, turn
from tests.served_uploads import Line

pytestmark = pytest.mark.browser

SECONDS = 40
BEGINS_MS = 8_200
"""Where a frame begins, and where 8.2 in binary fractions lies just before it."""
TURNS = (turn(0, "Hvad tænker du?", start_ms=1_000), turn(1, "Det er en prøve.", start_ms=8_000))
SENT = os.urandom(1_500_003)
"""A film to be sent; what is in it matters to nobody on its way."""
# When, on the machine's clock, the film would have begun to have got to where it is now.
_SAMPLE = f"""() => {{
  const begun = (window.begun = []);
  clearInterval(window.sampling);
  window.sampling = setInterval(() => begun.push(performance.timeOrigin + performance.now() -
    {VIDEO}.currentTime * 1000), 20);
}}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with real_site(tmp_path_factory.mktemp("firefox") / "home") as site:
        yield site


@pytest.fixture(scope="module")
def film() -> bytes:
    return counted_film(SECONDS)


@pytest.fixture
def recording(site: Site, film: bytes) -> RecordingId:
    return site.recording(film, TURNS, duration_ms=SECONDS * 1000)


@pytest.fixture
def desk(site: Site, firefox: Browser, recording: RecordingId) -> Iterator[Page]:
    with site.page(firefox, SUPERVISOR, "desk", recording) as page:
        loaded(page)
        yield page


def test_every_jump_lands_on_its_frame_of_the_encrypted_film(desk: Page) -> None:
    parts: list[str] = []
    desk.on(
        "response",
        lambda answer: "/media" in answer.url and parts.append(answer.headers["content-range"]),
    )
    shows(desk, 0)
    for place in (36_000, 1_200, 34_800, 11_960, 12_000, 12_040, 24_013, 287, 39_960, 18_000):
        stand_at(desk, place / 1000)
        shows(desk, place)
    # Fetched piece by piece, and only from where something is still missing.
    assert len(parts) > 1
    assert all(re.fullmatch(r"bytes [1-9]\d+-\d+/\d+", part) for part in parts), parts


def test_captions_are_shown_and_a_faster_film_keeps_its_pitch(desk: Page) -> None:
    stand_at(desk, 9)
    expect(desk.locator(".film .cap")).to_have_text("Det er en prøve.")
    for _ in range(2):
        desk.keyboard.press("]")
    assert desk.evaluate(f"() => [{VIDEO}.playbackRate, {VIDEO}.preservesPitch]") == [1.5, True]
    desk.keyboard.press("k")
    runs_at(desk, 1.5)


def test_a_key_shows_the_next_frame_and_a_marked_stretch_goes_round(desk: Page) -> None:
    place = 20_000
    stand_at(desk, place / 1000)
    for key, step in ((".", 1), (".", 1), (".", 1), (",", -1), (",", -1)):
        desk.keyboard.press(key)
        place += step * FRAME_MS
        shows(desk, place)
    for place, key in ((10, "i"), (11, "o")):
        stand_at(desk, place)
        desk.keyboard.press(key)
    desk.keyboard.press("q")
    stand_at(desk, 10.6)
    run_slowly(desk, rate=0.25)
    turned_at, went_to = desk.evaluate(TURNED)
    assert 10.99 <= turned_at < 11.4
    assert went_to == pytest.approx(10, abs=0.01)


def sequences(site: Site, recording: RecordingId) -> list[tuple[int, int, str]]:
    with site.house.home.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
        kept = annotations.sequences_of(tx, permit)
        return [(each.start_ms, each.end_ms, each.title) for each in kept]


def test_keys_mark_a_sequence_and_it_is_kept(
    desk: Page, site: Site, recording: RecordingId
) -> None:
    for place, key in ((12, "i"), (15.52, "o")):
        stand_at(desk, place)
        desk.keyboard.press(key)
    desk.keyboard.press("s")
    expect(desk.locator(".sqf input").first).to_be_focused()
    desk.keyboard.type("Du venter")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".it .title")).to_have_text("Du venter")
    expect(desk.locator(".sqf")).to_have_count(0)
    marked = [(12_000, 15_520, "Du venter")]
    until(desk, lambda: sequences(site, recording) == marked)
    assert sequences(site, recording) == marked


def test_an_upload_goes_on_after_a_reload(site: Site, firefox: Browser, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(SENT)
    recording = site.house.recording(processed=False)
    with ExitStack() as stack:
        line = Line(site.port, stack, cuts=[600_000, *[1] * 20])
        page = stack.enter_context(site.page(firefox, OWNER, "uploader", recording, port=line.port))
        page.locator("input[type=file]").set_input_files(path)
        expect(page.get_by_text("Nettet faldt ud")).to_be_visible()
        line.cuts.clear()
        page.reload()
        expect(page.get_by_text("Vælg de samme filer igen")).to_be_visible()
        page.locator("input[type=file]").set_input_files(path)
        received = page.get_by_role("heading", name="Filmen er modtaget", exact=True)
        expect(received).to_be_visible()
    with site.house.home.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
        with open_media(site.house.home, tx, permit, BlobRole.SOURCE) as kept:
            assert kept.read() == SENT
    assert len(line.carried) < 1.5 * len(SENT)


@pytest.fixture
def released(site: Site, recording: RecordingId) -> RecordingId:
    site.house.sequence(recording, at_ms=BEGINS_MS)
    site.house.do(SUPERVISOR, recording, "release")
    return recording


@contextmanager
def in_the_room(site: Site, browser: Browser, login: str, recording: str) -> Iterator[Page]:
    with site.page(browser, login, "room", recording) as page:
        expect(page.get_by_role("button", name="Afspil for begge")).to_be_enabled()
        page.wait_for_function(f"() => {VIDEO}.readyState >= 3")
        yield page


@pytest.fixture
def two(
    site: Site, chromium: Browser, firefox: Browser, released: RecordingId
) -> Iterator[tuple[Page, Page]]:
    """The supervisor in Chromium and the caseworker in Firefox, both in the joint room."""
    with (
        in_the_room(site, chromium, SUPERVISOR, released) as birgitte,
        in_the_room(site, firefox, OWNER, released) as mette,
    ):
        expect(birgitte.get_by_text("Mette", exact=True).first).to_be_visible()
        yield birgitte, mette


def plays(page: Page, beyond_ms: int) -> None:
    playing = f"(at) => !{VIDEO}.paused && {VIDEO}.currentTime * 1000 > at"
    page.wait_for_function(playing, arg=beyond_ms)


def stands_at(page: Page) -> int:
    """Return where the film stands once it stands where the room has agreed it should."""
    expect(page.get_by_role("button", name="Afspil for begge")).to_be_visible()
    page.wait_for_function(f"() => {VIDEO}.paused && !{VIDEO}.seeking")
    return round(page.evaluate(f"() => {VIDEO}.currentTime * 1000"))


def apart_ms(two: tuple[Page, Page]) -> float:
    """Return how far apart two films that play are, over the next moment."""
    for page in two:
        page.evaluate(_SAMPLE)
    for page in two:
        page.wait_for_function("() => begun.length > 25")
    first, second = (statistics.median(page.evaluate("() => begun")) for page in two)
    return abs(first - second)


def test_firefox_and_chromium_play_in_step_and_pause_on_the_same_frame(
    two: tuple[Page, Page],
) -> None:
    birgitte, mette = two
    for page in two:
        shows(page, BEGINS_MS)
    for presser, stopper in ((mette, birgitte), (birgitte, mette)):
        began = stands_at(mette)
        presser.keyboard.press("k")
        for page in two:
            plays(page, began + 1_000)
        # The one who started late catches up.
        assert until(mette, lambda: apart_ms(two) < 250)
        stopper.keyboard.press("k")
        place = stands_at(mette)
        assert stands_at(birgitte) == place
        for page in two:
            shows(page, place)


def test_a_note_reaches_the_other_and_after_a_reload_all_is_there(two: tuple[Page, Page]) -> None:
    birgitte, mette = two
    birgitte.keyboard.press("k")
    plays(mette, BEGINS_MS + 1_000)
    birgitte.keyboard.press("k")
    place = stands_at(birgitte)
    mette.keyboard.press("n")
    mette.keyboard.insert_text("Her ventede jeg.")
    mette.keyboard.press("Enter")
    for page in two:
        expect(page.locator(".notes li:not(.unsent) p")).to_have_text(["Her ventede jeg."])
    mette.reload()
    expect(mette.locator(".notes li:not(.unsent) p")).to_have_text(["Her ventede jeg."])
    shows(mette, place)
    assert stands_at(mette) == place


def test_who_has_not_clicked_is_told_that_sound_needs_a_click(two: tuple[Page, Page]) -> None:
    birgitte, mette = two
    birgitte.keyboard.press("k")
    sound = mette.get_by_role("button", name="Deltag med lyd")
    expect(sound).to_be_visible()
    mette.wait_for_function(f"() => !{VIDEO}.paused && {VIDEO}.muted")
    sound.click()
    mette.wait_for_function(f"() => !{VIDEO}.paused && !{VIDEO}.muted")
    expect(sound).to_be_hidden()

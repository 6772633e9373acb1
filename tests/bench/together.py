"""Rows of two people in one joint review, each in a browser of their own.

The browsers are Chromium, the app is as it is run, and all of it is on one machine. A slow line
delays each piece of it, film included, by 60 to 100 ms each way. Beside ours stands the rule of
Jellyfin's SyncPlay on the same film, with a perfect clock given to it.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Final

from playwright.sync_api import Browser, BrowserType, Page, expect, sync_playwright

from review_app.sessions import COOKIE
from tests.bench.pictures_shown import (
    PICTURE_US,
    Shown,
    apart_ms,
    last_shown,
    moved_at,
    p95,
    pictures_apart,
    share_alike,
    shown_since,
    watch,
)
from tests.bench.rows import ROWS, Better
from tests.bench.running_app import CASEWORKER, FILM_S, SUPERVISOR, RunningApp, running_app
from tests.bench.syncplay import PREPARE, RUN, STOP
from tests.browser.ready import LEFT_OUT, find_chromium
from tests.delayed_line import delayed_line

NEAR: Final = (0.0, 0.0)
FAR: Final = (60.0, 100.0)
LINE_MS: Final = 2 * FAR[1]
"""The longest that a word takes from one browser through the server to the other."""
PLAYS: Final = 16
PLAY_S: Final = 5.0
CALM_S: Final = 0.8
STEPS: Final = 12
NOTES: Final = 40
JUMP_US: Final = 1_000_000
PATIENT_MS: Final = 60_000
_NOTES_SEEN: Final = """(list) => {
  window.seen = {};
  window.kept = {};
  const texts = (rows) => [...list.querySelectorAll(`${rows} p`)].map((p) => p.textContent);
  const look = () => {
    const shown = [[seen, texts("li")], [kept, texts("li:not(.unsent)")]];
    requestAnimationFrame(() => { // the screen is drawn right after
      const now = performance.timeOrigin + performance.now();
      for (const [first, rows] of shown) for (const text of rows) first[text] ??= now;
    });
  };
  new MutationObserver(look).observe(list, { childList: true, subtree: true });
}"""


@dataclass(frozen=True, slots=True)
class Evening:
    """What was measured of two people in one room.

    Attributes:
        apart_ms: Between their films while they ran, over all plays, from the first pictures on.
        pictures_apart: Between their films at each pause.
        commands_ms: From a key to what the other sees of it, by what was asked.
        notes_ms: From Enter to the note on the other's screen.
        kept_ms: From Enter to the note as kept on the other's screen.
    """

    apart_ms: list[float] = field(default_factory=list)
    pictures_apart: list[int] = field(default_factory=list)
    commands_ms: dict[str, list[float]] = field(default_factory=dict)
    notes_ms: list[float] = field(default_factory=list)
    kept_ms: list[float] = field(default_factory=list)


@ROWS.row(goal=5, unit="ms", takes_long=True)
def room_drift_median() -> float:
    """Between the same picture on two screens while the film runs, median of 16 plays of 5 s."""
    return statistics.median(_evening(NEAR).apart_ms)


@ROWS.row(goal=20, unit="ms", takes_long=True)
def room_drift_p95() -> float:
    """Between the same picture on two screens, 95 % of all moments, starts included."""
    return p95(_evening(NEAR).apart_ms)


@ROWS.row(goal=25, unit="ms", takes_long=True)
def room_drift_far_p95() -> float:
    """The same over lines of 60 to 100 ms each way."""
    return p95(_evening(FAR).apart_ms)


@ROWS.row(goal=1.0, takes_long=True)
def room_drift_vs_syncplay() -> float:
    """The same over the slow lines / SyncPlay's rule with a perfect clock (corrects from 60 ms)."""
    return p95(_evening(FAR).apart_ms) / p95(_syncplay(FAR))


@ROWS.row(goal=100, better=Better.HIGHER, unit="%", takes_long=True)
def room_paused_alike() -> float:
    """Pauses and jumps after which both screens show the very same picture / all of them."""
    return share_alike(_evening(NEAR).pictures_apart + _evening(FAR).pictures_apart)


@ROWS.row(goal=150, unit="ms", takes_long=True)
def room_command_p95() -> float:
    """From the key of pause, jump or play to what the other's screen shows of it, 95 % of all."""
    return p95([*chain.from_iterable(_evening(NEAR).commands_ms.values())])


@ROWS.row(goal=150, unit="ms", takes_long=True)
def room_command_far_p95() -> float:
    """The same over lines of 60 to 100 ms each way, less the 200 ms that these may take."""
    return p95([*chain.from_iterable(_evening(FAR).commands_ms.values())]) - LINE_MS


@ROWS.row(goal=20, unit="ms", takes_long=True)
def room_note_median() -> float:
    """From Enter to the note on the other's screen, median of 40."""
    return statistics.median(_evening(NEAR).notes_ms)


@ROWS.row(goal=60, unit="ms", takes_long=True)
def room_note_p95() -> float:
    """From Enter to the note on the other's screen, 95 % of 40."""
    return p95(_evening(NEAR).notes_ms)


@ROWS.row(goal=60, unit="ms", takes_long=True)
def room_note_kept_p95() -> float:
    """From Enter to the note on the other's screen as one that is on disk, 95 % of 40."""
    return p95(_evening(NEAR).kept_ms)


@cache
def _evening(delay_ms: tuple[float, float]) -> Evening:
    with running_app() as app, two_browsers(app, delay_ms=delay_ms) as pages:
        evening = Evening()
        for page in pages:
            enter(page, app)
        for number in range(PLAYS):
            _play(*(pages if number % 2 else pages[::-1]), evening)
        for number in range(STEPS):
            _step(pages[1], pages[0], evening, by=1 if number < STEPS // 2 else -1)
        _write(pages[0], pages[1], evening)
        return evening


@cache
def _syncplay(delay_ms: tuple[float, float]) -> list[float]:
    """Return how far apart two browsers are that follow SyncPlay's rule, over as many plays."""
    places = random.Random(5)  # noqa: S311 - no secret
    apart = []
    with running_app() as app, two_browsers(app, delay_ms=delay_ms) as pages:
        for page in pages:
            page.goto(f"{origin_of(page)}/nothing/")
            page.evaluate(PREPARE, f"/api/recordings/{app.recordings[0]}/media")
            watch(page.locator("video"))
        for _ in range(PLAYS):
            place_s = places.uniform(1, FILM_S - 10 - PLAY_S)
            shown = played(pages, lambda place_s=place_s: _syncplay_starts(pages, place_s))
            for page in pages:
                page.evaluate(STOP)
            apart += apart_ms(*shown)
    return apart


def _syncplay_starts(pages: tuple[Page, Page], place_s: float) -> None:
    at = (time.time() + 1) * 1000
    for page in pages:
        page.evaluate(RUN, [place_s, at])
    time.sleep(max(0, at / 1000 - time.time()))


def _play(presser: Page, other: Page, evening: Evening) -> None:
    """Play and pause as one of the two, and measure both films meanwhile."""
    stood = last_shown(other)
    shown = played((presser, other), lambda: presser.keyboard.press("k"))
    moved = moved_at(shown[1], stood=stood)
    evening.commands_ms.setdefault("play", []).append(moved - _pressed(presser))
    evening.apart_ms.extend(apart_ms(*shown))
    presser.keyboard.press("k")
    evening.pictures_apart.append(pictures_apart(standing(presser), standing(other)))
    asked_at = _pressed(presser)
    paused: list[float] = other.evaluate("() => watched.pauses")
    evening.commands_ms.setdefault("pause", []).extend(
        at - asked_at for at in paused[-1:] if at > asked_at
    )


def played(pages: tuple[Page, Page], begin: Callable[[], None]) -> tuple[Shown, Shown]:
    """Return what two pages show from a start on for some seconds."""
    for page in pages:
        shown_since(page)
    begin()
    time.sleep(PLAY_S)
    first, second = (shown_since(page) for page in pages)
    return first, second


def _step(leader: Page, other: Page, evening: Evening, *, by: int) -> None:
    """Jump a second as the one who leads, while the film stands."""
    stood = standing(other)
    shown_since(other)
    leader.keyboard.press("ArrowRight" if by > 0 else "ArrowLeft")
    other.wait_for_function(
        "([place, by]) => (watched.last - place) * by > 0",
        arg=[stood + by * (JUMP_US - PICTURE_US), by],
        timeout=PATIENT_MS,
    )
    shown = shown_since(other)
    evening.commands_ms.setdefault("jump", []).append(min(shown.values()) - _pressed(leader))
    evening.pictures_apart.append(pictures_apart(standing(leader), standing(other)))


def _write(writer: Page, other: Page, evening: Evening) -> None:
    """Write notes as one of the two while the other looks."""
    other.locator(".notes").first.evaluate(_NOTES_SEEN)
    sent = {}
    for number in range(NOTES):
        text = f"Note {number}"
        writer.keyboard.press("n")
        writer.keyboard.insert_text(text)
        writer.keyboard.press("Enter")
        sent[text] = _pressed(writer)
        writer.keyboard.press("Escape")
        time.sleep(0.1)
    kept = other.locator(".notes li:not(.unsent)").get_by_text(text, exact=True)
    expect(kept).to_be_visible(timeout=PATIENT_MS)
    for name, waits_ms in (("seen", evening.notes_ms), ("kept", evening.kept_ms)):
        first: dict[str, float] = other.evaluate(f"() => {name}")
        waits_ms.extend(first[text] - at for text, at in sent.items())


def _pressed(page: Page) -> float:
    """Return when the last key was pressed in a page."""
    at: float = page.evaluate("() => watched.keys.at(-1)")
    return at


def standing(page: Page) -> int:
    """Return which picture a film shows that has come to a stand."""
    time.sleep(CALM_S)
    page.locator("video").evaluate(
        """(video) => new Promise((resolve) => {
          const look = () => (video.paused && !video.seeking ? resolve() : setTimeout(look, 20));
          look();
        })"""
    )
    return last_shown(page)


@contextmanager
def two_browsers(app: RunningApp, *, delay_ms: tuple[float, float]) -> Iterator[tuple[Page, Page]]:
    """Give a page each of caseworker and supervisor, in two browsers on two lines."""
    with ExitStack() as stack:
        chromium = stack.enter_context(sync_playwright()).chromium
        pages = []
        for number, login in enumerate((CASEWORKER, SUPERVISOR)):
            line = stack.enter_context(delayed_line(app.port, delay_ms=delay_ms, seed=number))
            browser = stack.enter_context(launched(chromium))
            pages.append(signed_in(browser, app, login=login, port=line.port))
        yield pages[0], pages[1]


def signed_in(browser: Browser, app: RunningApp, *, login: str, port: int) -> Page:
    """Return a page of someone's, which knows the app behind a port."""
    address = f"http://127.0.0.1:{port}"
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address)
    context.add_cookies([{"name": COOKIE, "value": app.tokens[login], "url": address}])
    page = context.new_page()
    page.set_default_timeout(PATIENT_MS)
    page.goto("/auth/login")
    return page


def enter(page: Page, app: RunningApp, *, recording: int = 0) -> None:
    """Go into a room and wait until its film could run and the clocks have met."""
    page.goto(f"/room?recording={app.recordings[recording]}")
    video = page.locator("video")
    video.wait_for(state="attached")
    video.evaluate(
        """(video) => new Promise((resolve) => {
          const ready = () => (video.readyState >= 3 ? resolve() : setTimeout(ready, 50));
          ready();
        })"""
    )
    time.sleep(3)
    page.evaluate("() => document.activeElement?.blur()")
    watch(video)


def origin_of(page: Page) -> str:
    """Return where a page came from."""
    origin: str = page.evaluate("() => location.origin")
    return origin


@contextmanager
def launched(chromium: BrowserType) -> Iterator[Browser]:
    """Give a browser in which a film may sound without a click."""
    path = find_chromium()
    if path is None:
        raise RuntimeError(LEFT_OUT)
    args = ["--autoplay-policy=no-user-gesture-required"]
    browser = chromium.launch(executable_path=path, args=args)
    try:
        yield browser
    finally:
        browser.close()

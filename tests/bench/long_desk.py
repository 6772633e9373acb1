"""Rows of the review desk on three hours: 4,000 turns, 30,000 words, 2,000 marks, in Chromium."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from playwright.sync_api import ElementHandle, Page, sync_playwright

from consent.model import RecordingId
from storage import recordings
from storage.home import Home
from tests.bench.pictures_shown import p95
from tests.bench.rows import ROWS
from tests.bench.running_app import SUPERVISOR, RunningApp, running_app
from tests.bench.together import launched, signed_in
from tests.long_recording import make_long

SHARE: Final = 1 / 40
"""The ordinary recording beside it: four minutes and a half."""
OPENINGS: Final = 5
FOLLOWED_S: Final = 6
_RESPONSES: Final = """() => {
  window.responses = [];
  const note = (list) => list.getEntries().filter((each) => each.interactionId)
    .forEach((each) => responses.push(each.duration));
  new PerformanceObserver(note).observe({ type: "event", durationThreshold: 16 });
}"""
_TICKS: Final = """() => {
  // From the first work for a picture to the first after it was drawn: scripts, layout and paint.
  window.ticks = [];
  const { port1, port2 } = new MessageChannel();
  const ask = window.requestAnimationFrame.bind(window);
  let began = 0;
  port2.onmessage = () => {
    ticks.push(performance.now() - began);
    began = 0;
  };
  window.requestAnimationFrame = (work) => ask((now) => {
    if (!began) {
      began = performance.now();
      port1.postMessage(null);
    }
    work(now);
  });
}"""
_DRAWN: Final = """() => new Promise((drawn) => {
  // The page looks for itself at each picture: asked from outside, it would be every half second.
  const next = window.requestAnimationFrame.bind(window);
  const text = (host) => host.shadowRoot?.querySelector(".turns > li[data-i]");
  const look = () => {
    if (![...document.querySelectorAll("*")].some(text)) next(look);
    else next(() => next(() => drawn(performance.now())));
  };
  look();
})"""


@dataclass(frozen=True, slots=True)
class Visit:
    """How long someone at the desk waited, and what following cost, all in milliseconds."""

    ready: list[float] = field(default_factory=list)
    responses: list[float] = field(default_factory=list)
    ticks: list[float] = field(default_factory=list)


@ROWS.row(goal=1500, unit="ms", takes_long=True)
def desk_long_ready() -> float:
    """From the address to the desk of a three-hour recording on the screen, median of 5."""
    return statistics.median(_visit(0).ready)


@ROWS.row(goal=2.0, takes_long=True)
def desk_long_ready_vs_short() -> float:
    """The same / the desk of a recording of four and a half minutes."""
    return statistics.median(_visit(0).ready) / statistics.median(_visit(1).ready)


@ROWS.row(goal=150, unit="ms", takes_long=True)
def desk_long_response_p95() -> float:
    """From a click or key to the picture that shows its effect, 95 % (Event Timing)."""
    return p95(_visit(0).responses)


@ROWS.row(goal=10, unit="ms", takes_long=True)
def desk_long_tick_p95() -> float:
    """What text and timeline that follow the running film cost per picture, drawn, 95 %."""
    return p95(_visit(0).ticks)


@cache
def _visit(which: int) -> Visit:
    visit = Visit()
    with _two_lengths() as (app, page):
        address = f"/desk?recording={app.recordings[which]}"
        for number in range(OPENINGS + 1):
            ready = _open(page, address)
            if number:  # the first fetches what every page needs
                visit.ready.append(ready)
        visit.ticks.extend(_follow(page))
        visit.responses.extend(_respond(page))
    return visit


@contextmanager
def _two_lengths() -> Iterator[tuple[RunningApp, Page]]:
    """Give the app with a long and a short recording, and the supervisor's page."""
    shares = iter((1.0, SHARE))

    def furnish(home: Home, recording: RecordingId) -> None:
        with home.reading() as tx:
            by = recordings.recording(tx, recording).owner
        make_long(home, recording, by=by, share=next(shares))

    with (
        running_app(recordings=2, furnish=furnish) as app,
        sync_playwright() as playwright,
        launched(playwright.chromium) as browser,
    ):
        yield app, signed_in(browser, app, login=SUPERVISOR, port=app.port)


def _open(page: Page, address: str) -> float:
    page.goto(address)
    ready: float = page.evaluate(_DRAWN)
    return ready


def _follow(page: Page) -> list[float]:
    """Let the film run in the middle of the text and return what each picture cost."""
    page.evaluate(_TICKS)
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("k")
    time.sleep(FOLLOWED_S)
    page.keyboard.press("k")
    ticks: list[float] = page.evaluate("() => ticks")
    return ticks


def _respond(page: Page) -> list[float]:
    """Click and press what people click and press, and return how long each took.

    What is clicked is found beforehand, and clicked where it is: to look for it by its name among
    60,000 nodes keeps the page busier than any click.
    """
    rows = page.query_selector_all(".turns > li[data-i] .said")[3:7]
    tabs = page.query_selector_all("[role=tab]")
    as_list = page.query_selector_all(".tl > .ph > button")[-1]
    page.evaluate(_RESPONSES)
    for number, row in enumerate(rows):
        _click(page, row)
        page.keyboard.press("k")
        _click(page, page.query_selector_all(".lanes .tg")[number])
        for key in ("+", "-", "i", "o", "Escape", "l", "j", ".", ","):
            page.keyboard.press(key)
        for each in (tabs[1], tabs[0], as_list, as_list):
            _click(page, each)
        time.sleep(0.2)
    return list(page.evaluate("() => responses"))


def _click(page: Page, what: ElementHandle) -> None:
    """Press the mouse in the middle of something, as a hand does: nothing is waited for."""
    box = what.bounding_box()
    if box is None:
        raise RuntimeError("nothing to click")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

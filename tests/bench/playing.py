"""Rows of watching two hours of film in a real browser. Wall time: it is what people wait for."""

import random
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from pipeline.engines.probing import probe
from pipeline.engines.remux import remux
from review_app.sessions import COOKIE
from storage.media import new_media
from storage.records import BlobRole
from tests.bench.material import H264, film, looped
from tests.bench.rows import ROWS
from tests.browser.ready import LEFT_OUT, find_chromium
from tests.house import OWNER, House, open_house
from tests.served_uploads import Server

TWO_HOURS_S: Final = 7200
OPENINGS: Final = 5
SEEKS: Final = 60
_FIRST_FRAME_MS = """async (src) => {
  const video = (window.video = document.createElement("video"));
  Object.assign(video, { muted: true, preload: "auto" });
  document.body.append(video);
  const from = performance.now();
  const shown = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  video.src = src;
  return (await shown) - from;
}"""
_SEEK_MS = """async (at) => {
  const from = performance.now();
  const there = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
  const shown = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  video.currentTime = at;
  await there;
  await shown;
  return performance.now() - from;
}"""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a viewer waited, in milliseconds."""

    first_frames: list[float]
    seeks: list[float]


@ROWS.row(goal=1.2, unit="s", takes_long=True)
def first_frame_of_two_hours() -> float:
    """From naming the film to its first picture in Chromium, over loopback, median of 5."""
    return statistics.median(_waits().first_frames) / 1000


@ROWS.row(goal=250, unit="ms", takes_long=True)
def seek_p95_of_two_hours() -> float:
    """From a jump anywhere in the film to its picture in Chromium, over loopback, 95 % of 60."""
    return statistics.quantiles(_waits().seeks, n=20)[-1]


@cache
def _waits() -> Waits:
    with _two_hours() as (address, token), _chromium() as browser:
        first_frames = []
        for _ in range(OPENINGS):
            page = _page(browser, address, token)
            first_frames.append(float(page.evaluate(_FIRST_FRAME_MS, address)))
            if len(first_frames) < OPENINGS:
                page.close()
        places = random.Random(2)  # noqa: S311 - no secret
        seeks = [
            float(page.evaluate(_SEEK_MS, places.uniform(0, TWO_HOURS_S - 5))) for _ in range(SEEKS)
        ]
        return Waits(first_frames, seeks)


@contextmanager
def _two_hours() -> Iterator[tuple[str, str]]:
    """Give where a served film of two hours is, and the token of one who may see it."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder, "home")
        house = open_house(stack, home)
        recording = house.recording()
        _keep(house, recording)
        server = Server(home, stack)
        address = f"http://127.0.0.1:{server.port}/api/recordings/{recording}/media"
        yield address, house.token(OWNER)


def _keep(house: House, recording: str) -> None:
    """Keep a film as the pipeline keeps the playable copy, index in front."""
    path = looped(film(60, *H264, "-b:v", "1M"), seconds=TWO_HOURS_S)
    permit = house.permit(recording)
    with (
        path.open("rb") as source,
        new_media(house.home, permit, BlobRole.PROXY) as writer,
    ):
        found = probe(source, size=path.stat().st_size)
        remux(source, writer, probe=found, progress=lambda _: None)


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        raise RuntimeError(LEFT_OUT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


def _page(browser: Browser, address: str, token: str) -> Page:
    """Return a page of the film's own server, of a browser that has kept nothing."""
    context = browser.new_context()
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    page = context.new_page()
    page.goto(address.replace("/api/", "/nothing/"))
    return page

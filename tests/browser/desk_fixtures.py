"""Fixtures for the components: a film, and a page of its own for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from review_app.components import LABELS
from tests.browser.desk_document import Document, a_document
from tests.browser.desk_server import DeskServer, in_danish, running

AXE = Path(__file__).parent / "assets" / "axe.min.js"
FRAMES_PER_SECOND = 10

Opened = tuple[Page, DeskServer]
Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of slowly changing grey: it plays, and shows nobody."""
    path = tmp_path_factory.mktemp("film") / "grey.mp4"
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.codec_context.gop_size = FRAMES_PER_SECOND
        for number in range(60 * FRAMES_PER_SECOND):
            picture = np.full((180, 320, 3), gray_of(number), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def gray_of(frame: int) -> int:
    """Return how bright a frame of the film is."""
    return 60 + frame % 120


@pytest.fixture
def open_page(browser: Browser, film: Path) -> Iterator[Open]:
    """Open an entry on a page of its own; complaints of the page fail the test."""
    complaints: list[str] = []

    def complain(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            complaints.append(said.text)

    with ExitStack() as stack:

        def opened(
            entry: str = "desk",
            *,
            document: Document | None = None,
            width: int = 1440,
            height: int = 900,
            **state: object,
        ) -> Opened:
            labels = {name: in_danish(each) for name, each in LABELS.items()}
            server = DeskServer(document=document or a_document(), film=film, labels=labels)
            for name, value in state.items():
                setattr(server, name, value)
            stack.enter_context(running(server))
            page = browser.new_page(viewport={"width": width, "height": height}, locale="da-DK")
            stack.callback(page.close)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", complain)
            page.goto(f"{server.url}/?entry={entry}")
            return page, server

        yield opened
    assert not complaints, complaints


def until(page: Page, holds: Callable[[], object]) -> bool:
    """Wait until something holds, while the page goes on, long but not for ever; say if it did."""
    for _ in range(600):
        if holds():
            return True
        page.wait_for_timeout(50)
    return False


def axe_violations(page: Page) -> list[str]:
    """Return what axe-core has against the page, each with where."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async () => {
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        // The page's own heading is the frame's, not the component's.
        const rules = { "page-has-heading-one": { enabled: false } };
        const { violations } = await axe.run(document, { runOnly: tags, rules });
        return violations.flatMap((each) =>
          each.nodes.map((node) => `${each.id}: ${node.target.flat().join(" ")}`)); }"""
    )
    return list(found)

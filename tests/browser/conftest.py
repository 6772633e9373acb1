"""Real browsers: a Chromium and a Firefox, wherever this machine keeps them.

``SAMSPIL_TEST_BROWSER=firefox`` walks in Firefox what is otherwise walked in Chromium.
"""

import os
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.ready import LEFT_OUT, NO_FIREFOX, PATIENCE_MS, find_chromium, find_firefox
from tests.browser.stock_firefox import running_firefox

USUAL: Final = os.environ.get("SAMSPIL_TEST_BROWSER", "chromium")

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return where Chromium is; without one the test is left out, as ``make test`` then says."""
    path = find_chromium()
    if path is None:
        pytest.skip(LEFT_OUT)
    return path


@pytest.fixture(scope="session")
def firefox_path() -> str:
    """Return where Firefox is; without one the test is left out, as ``make test`` then says."""
    path = find_firefox()
    if path is None:
        pytest.skip(NO_FIREFOX)
    return path


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    # For one module only: while it runs, its event loop counts as running for all other tests.
    with sync_playwright() as playwright:
        yield playwright


# Each browser is looked for before Playwright runs: to look for one may itself need Playwright.


@pytest.fixture(scope="module")
def chromium(chromium_path: str, playwright: Playwright) -> Iterator[Browser]:
    """Return a Chromium in which a film may sound without a click."""
    args = ["--autoplay-policy=no-user-gesture-required"]
    browser = playwright.chromium.launch(executable_path=chromium_path, args=args)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def firefox(
    firefox_path: str, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Return a Firefox, in which a film may sound once something was clicked or pressed."""
    folder = tmp_path_factory.mktemp("firefox")
    with running_firefox(playwright, firefox_path, folder=folder) as browser:
        yield browser


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Browser:
    """Return the browser that most tests walk in."""
    found: Browser = request.getfixturevalue(USUAL)
    return found


@pytest.fixture
def only_chromium() -> None:
    """Leave a test out in Firefox because it needs what only Chromium's devtools can do."""
    if USUAL != "chromium":
        pytest.skip("only Chromium's devtools can do this")

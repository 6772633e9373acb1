"""A real browser: Chromium, wherever this machine keeps one, or Firefox where that is asked for.

``SAMSPIL_TEST_BROWSER=firefox`` runs the same tests in Playwright's own Firefox, which
``python -m playwright install firefox`` fetches; where it is not installed they are skipped.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.ready import LEFT_OUT, PATIENCE_MS, find_chromium

FIREFOX: Final = os.environ.get("SAMSPIL_TEST_BROWSER") == "firefox"
NO_FIREFOX: Final = "Playwright's Firefox is not installed here: playwright install firefox"

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return where Chromium is; without one the test is left out, as ``make test`` then says."""
    path = find_chromium()
    if path is None:
        pytest.skip(LEFT_OUT)
    return path


@pytest.fixture(scope="module")
def playwright(request: pytest.FixtureRequest) -> Iterator[Playwright]:
    if not FIREFOX:
        request.getfixturevalue("chromium_path")  # looked for first
    # For one module only: while it runs, its event loop counts as running for all other tests.
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Return a browser in which a film may sound without a click."""
    if FIREFOX:
        if not Path(playwright.firefox.executable_path).exists():
            pytest.skip(NO_FIREFOX)
        allowed = {"media.autoplay.default": 0, "media.autoplay.blocking_policy": 0}
        browser = playwright.firefox.launch(firefox_user_prefs=allowed)
    else:
        args = ["--autoplay-policy=no-user-gesture-required"]
        path = request.getfixturevalue("chromium_path")
        browser = playwright.chromium.launch(executable_path=path, args=args)
    yield browser
    browser.close()

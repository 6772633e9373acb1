"""A real Chromium, wherever this machine keeps one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.ready import LEFT_OUT, find_chromium


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return where Chromium is; without one the test is left out, as ``make test`` then says."""
    path = find_chromium()
    if path is None:
        pytest.skip(LEFT_OUT)
    return path


@pytest.fixture(scope="module")
def playwright(chromium_path: str) -> Iterator[Playwright]:  # noqa: ARG001 - looked for first
    # For one module only: while it runs, its event loop counts as running for all other tests.
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    """Return a browser in which a film may sound without a click."""
    args = ["--autoplay-policy=no-user-gesture-required"]
    browser = playwright.chromium.launch(executable_path=chromium_path, args=args)
    yield browser
    browser.close()

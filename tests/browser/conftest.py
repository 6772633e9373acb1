"""A real Chromium, wherever this machine keeps one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright


@pytest.fixture(scope="session")
def chromium_path() -> str | None:
    """Return Chromium's place; None lets Playwright use its own."""
    named = os.environ.get("SAMSPIL_CHROMIUM", "")
    return next(
        (path for path in (named, "/usr/bin/chromium") if path and Path(path).exists()), None
    )


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium_path: str | None) -> Iterator[Browser]:
    """Return a browser in which a film may sound without a click."""
    args = ["--autoplay-policy=no-user-gesture-required"]
    browser = playwright.chromium.launch(executable_path=chromium_path, args=args)
    yield browser
    browser.close()

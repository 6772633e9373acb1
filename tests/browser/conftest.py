"""A real Chromium, wherever this machine keeps one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="session")
def chromium_path() -> str | None:
    """Return Chromium's place; None lets Playwright use its own."""
    named = os.environ.get("SAMSPIL_CHROMIUM", "")
    return next(
        (path for path in (named, "/usr/bin/chromium") if path and Path(path).exists()), None
    )


@pytest.fixture(scope="session")
def browser(chromium_path: str | None) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path,
            args=["--autoplay-policy=no-user-gesture-required"],
        )
        yield browser
        browser.close()

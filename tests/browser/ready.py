"""Sees to it that there is a Chromium for the browser tests; run by ``make test``.

In turn: the one named by SAMSPIL_CHROMIUM, one that is installed, Playwright's own; else it
fetches Playwright's, or, as root, the package manager's. Without any, the browser tests are
skipped and the last line of ``make test`` says so; where CI is ``true``, that is an error.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

LEFT_OUT = "The browser tests were left out: no Chromium was found, and none could be installed."
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FETCH_S = 240

PATIENCE_MS = 30_000
"""How long a page may take to show something: other tests run beside, and time is not measured."""


def find_chromium() -> str | None:
    """Return the path of a Chromium that starts, if there is one."""
    return next((path for path in _candidates() if path and _starts(path)), None)


def main() -> int:
    """Find or install a Chromium, or, after the tests, say that there was none."""
    found = find_chromium()
    if "--say-what-was-left-out" in sys.argv[1:]:
        if found is None:
            sys.stdout.write(f"{LEFT_OUT}\n")
        return 0
    if found is None:
        _install()
        found = find_chromium()
    if found is None and os.environ.get("CI") == "true":
        sys.stderr.write(f"{LEFT_OUT}\n")
        return 1
    return 0


def _candidates() -> Iterator[str | None]:
    yield os.environ.get("SAMSPIL_CHROMIUM")
    yield from map(shutil.which, _NAMES)
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _starts(path: str) -> bool:
    """Return whether a program runs at all; distributions have stubs that only give advice."""
    return Path(path).exists() and _runs([path, "--version"], seconds=30)


def _install() -> None:
    if _runs([sys.executable, "-m", "playwright", "install", "chromium"]) and find_chromium():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = ["apt-get", "-qq", "-o", "Acquire::Retries=1"]
        _runs([*quiet, "update"])
        _runs([*quiet, "install", "--yes", "--no-install-recommends", "chromium"])


def _runs(command: list[str], *, seconds: float = _FETCH_S) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=environment, timeout=seconds, check=False, capture_output=True
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())

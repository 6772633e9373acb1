"""Sees to it that there are browsers for the browser tests; run by ``make test``.

A Chromium, in turn: the one named by SAMSPIL_CHROMIUM, one that is installed, Playwright's own;
else it fetches Playwright's, or, as root, the package manager's. Without any, the browser tests are
skipped and the last line of ``make test`` says so; where CI is ``true``, that is an error.

A Firefox, in turn: the one named by SAMSPIL_FIREFOX, one that is installed, one fetched before;
else it fetches Debian's, where there is apt-get, and unpacks it below the user's cache, which needs
no root and installs nothing. Without any, its tests are skipped and the last line says so.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import sync_playwright

LEFT_OUT = "The browser tests were left out: no Chromium was found, and none could be installed."
NO_FIREFOX = "The tests in Firefox were left out: none was found, and none could be fetched."
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FIREFOXES = ("firefox", "firefox-esr")
_FETCH_S = 240
_START = """#!/bin/sh
# Starts the unpacked Firefox with the libraries that were unpacked beside it.
here=$(dirname "$0")
export LD_LIBRARY_PATH="{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
exec "$here/usr/lib/firefox-esr/firefox-esr" "$@"
"""

PATIENCE_MS = 30_000
"""How long a page may take to show something: other tests run beside, and time is not measured."""


def find_chromium() -> str | None:
    """Return the path of a Chromium that starts, if there is one."""
    return _first_that_starts(os.environ.get("SAMSPIL_CHROMIUM"), _CHROMIUMS, _playwrights_own)


def find_firefox() -> str | None:
    """Return the path of a Firefox that starts, if there is one."""
    fetched = _fetched_firefox() / "start"
    return _first_that_starts(os.environ.get("SAMSPIL_FIREFOX"), _FIREFOXES, lambda: str(fetched))


def main() -> int:
    """Find or get both browsers, or, after the tests, say which there was none of."""
    chromium, firefox = find_chromium(), find_firefox()
    if "--say-what-was-left-out" in sys.argv[1:]:
        for found, words in ((chromium, LEFT_OUT), (firefox, NO_FIREFOX)):
            if found is None:
                sys.stdout.write(f"{words}\n")
        return 0
    if firefox is None and shutil.which("apt-get"):
        with suppress(OSError):  # no place for it, or somebody else was quicker
            _fetch_firefox(_fetched_firefox())
    if chromium is None:
        _install_chromium()
        chromium = find_chromium()
    if chromium is None and os.environ.get("CI") == "true":
        sys.stderr.write(f"{LEFT_OUT}\n")
        return 1
    return 0


def _first_that_starts(
    named: str | None, installed: Iterable[str], last: Callable[[], str]
) -> str | None:
    for path in (named, *map(shutil.which, installed)):
        if path and _starts(path):
            return path
    path = last()
    return path if _starts(path) else None


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _fetched_firefox() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "samspil-tests" / "firefox"


def _starts(path: str) -> bool:
    """Return whether a program runs at all; distributions have stubs that only give advice."""
    return Path(path).exists() and _runs([path, "--version"], seconds=30)


def _install_chromium() -> None:
    if _runs([sys.executable, "-m", "playwright", "install", "chromium"]) and find_chromium():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = ["apt-get", "-qq", "-o", "Acquire::Retries=1"]
        _runs([*quiet, "update"])
        _runs([*quiet, "install", "--yes", "--no-install-recommends", "chromium"])


def _fetch_firefox(target: Path) -> None:
    """Unpack Debian's Firefox and whatever it needs that this machine lacks into a folder.

    Lists and packages lie in a folder of their own for that long, so that neither root nor lists
    that someone has fetched before are needed; apt-get verifies what it downloads.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as made:
        folder = Path(made)
        lists, cache, unpacked = folder / "lists", folder / "cache", folder / "firefox"
        for each in (lists, cache, unpacked):
            each.mkdir()
        options = {
            "Dir::State::Lists": lists,
            "Dir::Cache": cache,
            "Debug::NoLocking": 1,
            "Acquire::Retries": 1,
            "Acquire::http::Timeout": 10,
        }
        quiet = ["apt-get", "-qq", "--yes", *(f"-o{name}={it}" for name, it in options.items())]
        _runs([*quiet, "update"])
        _runs([*quiet, "install", "--download-only", "--no-install-recommends", "firefox-esr"])
        for package in (cache / "archives").glob("*.deb"):
            _runs(["dpkg-deb", "--extract", str(package), str(unpacked)])
        places = [*unpacked.glob("usr/lib/*-linux-gnu*"), *unpacked.glob("lib/*-linux-gnu*")]
        libraries = ":".join(f"$here/{place.relative_to(unpacked)}" for place in places)
        start = unpacked / "start"
        start.write_text(_START.format(libraries=libraries), "utf-8")
        start.chmod(0o755)
        if _starts(str(start)):
            unpacked.rename(target)


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

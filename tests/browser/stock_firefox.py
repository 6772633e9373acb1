"""A Firefox as its makers ship it, under Playwright's hand."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import Final

import av
from playwright.sync_api import Browser, Playwright

_LITTLE_AHEAD: Final = {"media.cache_readahead_limit": 4, "media.cache_resume_threshold": 2}
"""Seconds of film. A short film is fetched piece by piece as a long one is."""
RELAY: Final = Path(__file__).with_name("bidi_relay.py")


@contextmanager
def running_firefox(playwright: Playwright, program: str, *, folder: Path) -> Iterator[Browser]:
    """Give a running Firefox; as its makers ship it, a film may sound only after a click or key.

    Args:
        playwright: Where it is started from.
        program: The Firefox, as ``find_firefox`` gives it.
        folder: For what it needs beside it until it is closed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    start = folder / "start"
    line = (sys.executable, str(RELAY), program)
    start.write_text(f'#!/bin/sh\nexec {" ".join(map(quote, line))} "$@"\n', "utf-8")
    start.chmod(0o755)
    browser = playwright.firefox.launch(
        channel="moz-firefox",
        executable_path=start,
        env={**os.environ, "LD_LIBRARY_PATH": _decoder(folder)},
        firefox_user_prefs=_LITTLE_AHEAD,
    )
    try:
        yield browser
    finally:
        browser.close()


def _decoder(folder: Path) -> str:
    """Return where Firefox finds a decoder for H.264, of which it has none of its own on Linux.

    It loads the machine's FFmpeg, or else the one that PyAV brings, under the name it looks for.
    """
    brought = Path(av.__file__).parents[1] / "av.libs"
    for library in brought.glob("libavcodec-*.so.*"):
        major = library.name.partition(".so.")[2].partition(".")[0]
        link = folder / f"libavcodec.so.{major}"
        link.unlink(missing_ok=True)
        link.symlink_to(library)
    return ":".join((str(folder), str(brought), os.environ.get("LD_LIBRARY_PATH", ""))).rstrip(":")

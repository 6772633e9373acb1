"""The whole house as its users have it: app and worker as one command, and people to sign in."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import av
from playwright.sync_api import Browser, BrowserContext, Page, expect

from pipeline.rehearsal import SAMPLE
from storage import accounts, courses
from storage.home import Home
from storage.passwords import hash_password
from storage.records import Package, UserRole
from storage.settings import Settings

PASSWORD = "correct horse"
START_S = 180
UP = ("pipeline.cli", "up")
APP_ALONE = ("review_app",)


@dataclass(frozen=True)
class House:
    """A running Samspil."""

    address: str
    home: Path

    @contextmanager
    def signed_in(self, browser: Browser, login: str) -> Iterator[Page]:
        """Give a page of a browser of one's own in which a person is signed in."""
        context = browser.new_context(
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
            viewport={"width": 1440, "height": 900},
        )
        try:
            yield self._sign_in(context, login)
        finally:
            context.close()

    def _sign_in(self, context: BrowserContext, login: str) -> Page:
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(f"{self.address}/auth/login")
        page.get_by_label("Login").fill(login)
        page.get_by_label("Adgangskode").fill(PASSWORD)
        page.get_by_role("button", name="Log ind").click()
        expect(page.get_by_test_id("stHeader")).to_be_visible(timeout=30_000)
        return page


@contextmanager
def running_house(home: Path, *, command: tuple[str, ...] = UP) -> Iterator[House]:
    """Run app and worker, or another command, on a free port until the test is over."""
    settle(home)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {**os.environ, "SAMSPIL_HOME": str(home), "SAMSPIL_PORT": str(port)}
    log = home / "log.txt"
    with log.open("wb") as output:
        program = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, program, log)
            yield House(address, home)
        finally:
            os.killpg(program.pid, signal.SIGTERM)
            try:
                program.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()


def settle(home: Path) -> None:
    """Make a home with a caseworker and a supervisor in one course."""
    opened = Home.open(Settings(home=home))
    with opened.transaction() as tx:
        mette, birgitte = (
            accounts.add_user(
                tx,
                login=login,
                name=name,
                role=role,
                password_hash=hash_password(PASSWORD),
                language="da",
            )
            for login, name, role in (
                ("mette", "Mette Krogh", UserRole.CASEWORKER),
                ("birgitte", "Birgitte Lund", UserRole.SUPERVISOR),
            )
        )
        courses.add_course(
            tx,
            caseworker=mette.id,
            supervisor=birgitte.id,
            coordinator=None,
            package=Package.TWO,
            starts_on=tx.at.date() - timedelta(weeks=3),
        )
    opened.close()


def first_seconds_of_the_sample(path: Path, *, seconds: float) -> Path:
    """Write the beginning of the sample conversation as a film of its own."""
    with av.open(str(SAMPLE)) as source, av.open(str(path), "w") as target:
        streams = {s.index: target.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is None or packet.time_base is None:
                continue
            if packet.dts * packet.time_base < seconds:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
    return path


def _wait_for(address: str, program: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert program.poll() is None, log.read_text("utf-8")
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2):  # noqa: S310 - our own loopback
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8"))

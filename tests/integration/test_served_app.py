"""The app as its own process: what it writes while people come and go."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import pytest

_START_S = 180.0
_UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "c2Ftc3BpbHNhbXNwaWwxMg==",
}


@dataclass(frozen=True, slots=True)
class Served:
    """A running app and the file of what it writes."""

    port: int
    log: Path

    def status(self, path: str, headers: dict[str, str]) -> int:
        """Return how the app answers."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=_START_S)) as connection:
            connection.request("GET", path, headers=headers)
            return connection.getresponse().status


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Served]:
    """Serve an empty home."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = Served(port, tmp_path / "log")
    own = {"SAMSPIL_HOME": str(tmp_path / "home"), "SAMSPIL_PORT": str(port)}
    with (
        served.log.open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "review_app"],
            env=os.environ | own,
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            _wait_for(served, process)
            yield served
        finally:
            process.terminate()


def _wait_for(served: Served, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < until:
        try:
            served.status("/", {})
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(served.log.read_text())


def test_the_log_does_not_say_who_was_in_which_room(app: Served) -> None:
    recording = str(uuid4())
    here = f"http://127.0.0.1:{app.port}"

    rejected = app.status(f"/api/rooms/{recording}", {**_UPGRADE, "Origin": here})
    page = app.status("/_stcore/stream", {**_UPGRADE, "Origin": here})

    assert rejected == 403
    assert page in {101, 403}
    written = app.log.read_text()
    assert recording not in written
    assert "WebSocket" not in written

"""The app in a process of its own, on a home with recordings that are open for a joint review."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from consent.model import Method, RecordingId
from pipeline import demo, intake
from review_app.sessions import Sessions
from storage import annotations, consent_ledger, cycles, recordings, requests
from storage.home import Home
from storage.identity import new_id
from storage.media import new_media
from storage.records import (
    BlobRole,
    NewRecording,
    Sequence,
    SequenceId,
    SequenceKind,
    Stage,
    StageRun,
    StageState,
)
from storage.settings import Settings
from storage.vault.blobs import BlobRef
from tests.bench.material import FILMS
from tests.browser.room_app import make_film

CASEWORKER, SUPERVISOR = "mette", "birgitte"
FILM_S: Final = 120
STARTS_WITHIN_S: Final = 90
Furnish = Callable[[Home, RecordingId], None]


@dataclass(frozen=True, slots=True)
class RunningApp:
    """A served home.

    Attributes:
        recordings: Each is processed, agreed to and released.
        tokens: A session for each login.
        process: The server's process id.
    """

    port: int
    recordings: tuple[RecordingId, ...]
    tokens: dict[str, str]
    process: int


@contextmanager
def running_app(*, recordings: int = 1, furnish: Furnish | None = None) -> Iterator[RunningApp]:
    """Run the app on a new home with some recordings of the same two minutes.

    Args:
        recordings: How many.
        furnish: Puts more into the home of each before it is served.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Home.open(Settings(home=Path(folder, "home")))
        try:
            shown, tokens = _furnished(home, count=recordings, furnish=furnish or _one_sequence)
        finally:
            home.close()
        with _served(Path(folder)) as (port, process):
            yield RunningApp(port, shown, tokens, process)


def counting_film() -> Path:
    """Return two minutes of 25 pictures a second, each different from all others."""
    path = FILMS / f"counting-{FILM_S}.mp4"
    if not path.exists():
        FILMS.mkdir(parents=True, exist_ok=True)
        make_film(path.with_suffix(".part.mp4"), seconds=FILM_S).rename(path)
    return path


def _furnished(
    home: Home, *, count: int, furnish: Furnish
) -> tuple[tuple[RecordingId, ...], dict[str, str]]:
    shown = demo.prepare(home)
    with home.reading() as tx:
        first = recordings.recording(tx, shown.recording)
        roster = consent_ledger.roster_of(tx, shown.recording)
        now = tx.at
    new = NewRecording(shown.course.id, now - timedelta(days=1), roster, first.jurisdiction)
    every = [
        shown.recording,
        *(
            intake.register(home, new, owner=first.owner, agreed=True, method=Method.DIGITAL)
            for _ in range(count - 1)
        ),
    ]
    for recording in every:
        _process(home, recording)
        furnish(home, recording)
    sessions = Sessions(home)
    tokens = {
        login: sessions.sign_in(login=login, password=shown.password) or ""
        for login in (CASEWORKER, SUPERVISOR)
    }
    return tuple(every), tokens


def _process(home: Home, recording: RecordingId) -> None:
    """Keep the film as the pipeline would have, and release the recording."""
    with home.transaction() as tx:
        recordings.mark_received(tx, recording, source=BlobRef(f"{recording}/source/none", 0))
        recordings.set_duration(tx, recording, duration_ms=FILM_S * 1000)
        for stage in Stage:
            requests.report_stage(tx, StageRun(recording, stage, StageState.DONE, 1.0))
        cycles.release(tx, recording)
        permit = consent_ledger.permit(tx, recording)
    with new_media(home, permit, BlobRole.PROXY) as writer:
        writer.write(counting_film().read_bytes())


def _one_sequence(home: Home, recording: RecordingId) -> None:
    """Choose nearly all of the film, so that it does not stop while something is measured."""
    whole = Sequence(
        SequenceId(new_id()),
        recording,
        1_000,
        (FILM_S - 1) * 1000,
        1,
        "All of it",
        SequenceKind.STRENGTH,
    )
    with home.transaction() as tx:
        annotations.add_sequence(tx, whole)


@contextmanager
def _served(folder: Path) -> Iterator[tuple[int, int]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = os.environ | {"SAMSPIL_HOME": str(folder / "home"), "SAMSPIL_PORT": str(port)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "review_app"], env=environment, stdout=log, stderr=log
        )
        try:
            _wait_for(port, process)
            yield port, process.pid
        finally:
            process.kill()
            process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            connection.getresponse().read()
        except (OSError, HTTPException):
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("the app did not start")

"""Everything is built here, once: home, worker, and the app as a program of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.worker import Worker
from storage import workers
from storage.home import Home
from storage.settings import Settings

_ALIVE_S = 5.0


def open_home(settings: Settings | None = None) -> Home:
    """Return the home of the settings, made ready if it is new."""
    return Home.open(settings or Settings())


@contextmanager
def worker_running(home: Home) -> Iterator[None]:
    """See to it that a worker is at work: another process's if one is alive, else our own."""
    with home.reading() as tx:
        elsewhere = workers.live_workers(tx, within_s=_ALIVE_S)
    if elsewhere:
        yield
        return
    worker = Worker(home, at_once=home.settings.workers)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def start_app() -> subprocess.Popen[bytes]:
    """Start the review app. It is another program: nothing of it is imported here."""
    return subprocess.Popen([sys.executable, "-m", "review_app"])

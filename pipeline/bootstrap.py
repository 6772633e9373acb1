"""Everything is built here, once: home, worker, and the app as a program of its own."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.presence import dead_workers
from pipeline.worker import Worker
from storage import workers
from storage.home import Home
from storage.settings import Settings

_ALIVE_S = 5.0
_LOOK_S = 0.5


def open_home(settings: Settings | None = None) -> Home:
    """Return the home of the settings, made ready if it is new."""
    return Home.open(settings or Settings())


@contextmanager
def worker_running(home: Home) -> Iterator[None]:
    """Run a worker of this process."""
    worker = Worker(home, at_once=home.settings.workers)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


@contextmanager
def someone_works(home: Home) -> Iterator[None]:
    """See to it that a worker is at work: another process's while one lives, else our own."""
    if not _others_live(home):
        with worker_running(home):
            yield
        return
    over = threading.Event()
    standby = threading.Thread(target=_stand_by, args=(home, over))
    standby.start()
    try:
        yield
    finally:
        over.set()
        standby.join()


def _stand_by(home: Home, over: threading.Event) -> None:
    """Wait while another worker lives; once none does, work until it is over."""
    while _others_live(home):
        if over.wait(_LOOK_S):
            return
    with worker_running(home):
        over.wait()


def _others_live(home: Home) -> bool:
    with home.reading() as tx:
        heard_lately = workers.live_workers(tx, within_s=_ALIVE_S)
    return not {*heard_lately} <= {*dead_workers(home.settings.home)}


def start_app() -> subprocess.Popen[bytes]:
    """Start the review app. It is another program: nothing of it is imported here."""
    return subprocess.Popen([sys.executable, "-m", "review_app"])

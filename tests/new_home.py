"""A home of today's shape without content: its tables are copied, as to make them takes longest."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from storage.clock import Clock, system_clock
from storage.database import make_engine
from storage.home import Home
from storage.migrations import bring_up_to_date
from storage.settings import Settings


def new_home(settings: Settings, *, clock: Clock = system_clock) -> Home:
    """Open a home that nobody has opened before."""
    if not settings.database_url:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(_tables(), settings.home / "samspil.db")
    return Home.open(settings, clock=clock)


@cache
def _tables() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tables"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = make_engine(f"sqlite:///{folder}/samspil.db")
    bring_up_to_date(engine)
    engine.dispose()
    return folder / "samspil.db"

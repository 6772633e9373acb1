"""Examining a home and its machine: what is well, and what needs doing. Opens nothing to read."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from consent.errors import ConsentError
from pipeline.engines.catalogue import check_model_dir
from pipeline.engines.disk import RESERVE_BYTES
from pipeline.engines.ffmpeg_command import find_program
from pipeline.errors import PipelineError
from pipeline.rehearsal import MODEL_DIR
from pipeline.stages.index import put_in_index
from pipeline.words import error_in_words
from storage import audit, consent_ledger, courses, recordings, requests, workers
from storage.database import is_sound
from storage.errors import NotFound, StorageError
from storage.home import Home
from storage.search import discard
from storage.settings import Settings

_ALIVE_S = 5.0
_GIB = 1024**3
_LITTLE_ROOM = 4 * RESERVE_BYTES


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        advice: What needs doing; empty if nothing does.
    """

    line: str
    advice: str = ""

    @property
    def good(self) -> bool:
        """Return whether nothing needs doing."""
        return not self.advice


def examine(settings: Settings, *, repair: bool = False) -> tuple[Finding, ...]:
    """Look at everything that processing needs, from the disk up to the workers."""
    return tuple(_examined(settings, repair=repair))


def _examined(settings: Settings, *, repair: bool) -> Iterator[Finding]:
    yield from _databases(settings)
    damaged_index = not is_sound(settings.search())
    if damaged_index and repair:
        discard(settings)
    try:
        home = Home.open(settings)
    except StorageError as error:
        if not damaged_index:
            yield Finding(f"home {settings.home} does not open", error_in_words(error))
    else:
        try:
            yield Finding(f"home {settings.home} can be written to, and its keys open")
            damaged_index = damaged_index or not home.search.is_sound()
            yield from _contents(home)
            if repair and damaged_index:
                count = _index_anew(home)
                damaged_index = False
                yield Finding(f"search index was made anew from {count} recordings")
        finally:
            home.close()
    if damaged_index:
        yield Finding("search index is damaged", "Make it anew: samspil doctor --repair")
    yield _free_space(settings)
    yield _tried("ffmpeg", lambda: find_program().version)
    yield _tried(f"speech model {settings.model}", lambda: _check_model(settings))


def _databases(settings: Settings) -> Iterator[Finding]:
    for name, url in (
        ("database", settings.database()),
        ("key store", settings.keys()),
        ("work queue", settings.jobs()),
    ):
        if is_sound(url):
            yield Finding(f"{name} is whole")
        else:
            yield Finding(f"{name} is damaged", _restore(name))


def _restore(name: str) -> str:
    if name == "work queue":
        return "Stop Samspil, move jobs.db away and start again: open work begins anew."
    return "Stop Samspil and put back the home from your latest backup."


def _contents(home: Home) -> Iterator[Finding]:
    with home.reading() as tx:
        alive = workers.live_workers(tx, within_s=_ALIVE_S)
        waiting = requests.waiting(tx)
        try:
            yield Finding(f"audit log is unbroken: {audit.verify(tx)} entries")
        except StorageError as error:
            yield Finding("audit log is broken", error_in_words(error))
    yield Finding(
        f"workers alive: {len(alive)}, requests waiting: {len(waiting)}",
        "Start a worker: samspil worker" if waiting and not alive else "",
    )


def _index_anew(home: Home) -> int:
    """Index every recording that may be used and has a text; return how many."""
    with home.reading() as tx:
        every = [
            found.id
            for course in courses.courses(tx)
            for found in recordings.recordings_of(tx, course=course.id)
        ]
    count = 0
    for recording in every:
        try:
            with home.reading() as tx:
                permit = consent_ledger.permit(tx, recording)
            put_in_index(home, permit)
        except (ConsentError, NotFound):
            continue
        count += 1
    return count


def _free_space(settings: Settings) -> Finding:
    try:
        free = shutil.disk_usage(settings.home).free
    except OSError:
        return Finding(f"no folder {settings.home}", "Choose another with SAMSPIL_HOME.")
    advice = "" if free >= _LITTLE_ROOM else "Free disk space. Work that waits for it goes on then."
    return Finding(f"free disk space: {free / _GIB:.1f} GiB", advice)


def _check_model(settings: Settings) -> str:
    folder = settings.models_folder() / settings.model
    if settings.model == "rehearsal":
        folder = MODEL_DIR
    check_model_dir(folder)
    return str(folder)


def _tried(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(f"{what}: {check()}")
    except PipelineError as error:
        return Finding(f"{what} is missing or unfit", error_in_words(error) or str(error))

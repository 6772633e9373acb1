"""A test recording: what would spoil sound or picture, found in seconds. Nothing of it is kept."""

from typing import cast

from consent.model import RecordingId
from pipeline.children.confinement import Allowance
from pipeline.children.keeper import Task, do_confined
from pipeline.children.parent import MEMORY_MIB
from pipeline.engines.film_tasks import FilmTask
from pipeline.stages.workshop import Progress, film_to_blame
from storage import trials
from storage.home import Home
from storage.settings import Settings

_CPU_S = 120


def check(progress: Progress, *, trial: str) -> list[str]:
    """Return the codes of what spoils a clip that somebody waits for.

    Raises:
        MediaRefused: It cannot be checked; the code says why.
    """
    home = Home.open(Settings())
    with film_to_blame(), trials.open_clip(home, RecordingId(trial)) as clip:
        found = do_confined(
            Task(
                FilmTask.LOOK_INTO.function,
                {"size": clip.size, "longest_ms": trials.MOST_MS},
            ),
            source=clip,
            progress=progress,
            allowance=Allowance(memory_mib=MEMORY_MIB, cpu_s=_CPU_S),
        )
    return list(map(str, cast("list[object]", found)))

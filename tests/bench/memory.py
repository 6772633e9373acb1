"""Rows of the stages' memory, measured by the child that does the work in real use too.

One child does all stages of a recording, so what an earlier one keeps (the model) counts for
the later ones as well.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

from pipeline.children.parent import Supervised
from pipeline.rehearsal import SAMPLE
from storage.records import Stage
from tests.bench.material import long_sound, place_with
from tests.bench.rows import ROWS, Better, Row

GOALS_MIB = {
    Stage.INGEST: 200,
    Stage.JOIN: 200,
    Stage.PROBE: 200,
    Stage.PROXY: 220,
    Stage.AUDIO: 260,
    Stage.SPEECH: 480,
    Stage.TRANSCRIBE: 850,
    Stage.DIARIZE: 680,
    Stage.ATTRIBUTE: 680,
    Stage.TAG: 680,
    Stage.PICTURE: 680,
    Stage.INDEX: 680,
}
HOUR_GOALS_MIB = {Stage.AUDIO: 800, Stage.SPEECH: 1300, Stage.DIARIZE: 1300}
HOUR_S = 3600


def peaks(film: Path) -> dict[Stage, float]:
    """Return each stage's peak in MiB, all run on a film by one child."""
    found: dict[Stage, float] = {}
    with place_with(film) as place, _environment(place.home.settings.home), Supervised() as child:
        for stage in Stage:
            outcome = child.run(
                "pipeline.stages.work:work",
                {"stage": stage.value, "recording": place.recording},
                progress=lambda _: None,
                still_allowed=lambda: True,
            )
            found[stage] = outcome.peak_mib
    return found


@contextmanager
def _environment(home: Path) -> Iterator[None]:
    """Let a child that is started in the block find the home."""
    before = os.environ.get("SAMSPIL_HOME")
    os.environ["SAMSPIL_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SAMSPIL_HOME"]
        else:
            os.environ["SAMSPIL_HOME"] = before


@cache
def _sample_peaks() -> dict[Stage, float]:
    return peaks(SAMPLE)


@cache
def _hour_peaks() -> dict[Stage, float]:
    return peaks(long_sound(HOUR_S))


def _sample_peak(stage: Stage) -> float:
    return _sample_peaks()[stage]


def _hour_peak(stage: Stage) -> float:
    return _hour_peaks()[stage]


for _stage, _goal in GOALS_MIB.items():
    ROWS.add(
        Row(
            name=f"stage_peak_mib_{_stage.value}",
            measure=partial(_sample_peak, _stage),
            goal=_goal,
            better=Better.LOWER,
            unit="MiB",
            against="Peak resident memory on the sample (4 min), programs included.",
        )
    )
for _stage, _goal in HOUR_GOALS_MIB.items():
    ROWS.add(
        Row(
            name=f"hour_peak_mib_{_stage.value}",
            measure=partial(_hour_peak, _stage),
            goal=_goal,
            better=Better.LOWER,
            unit="MiB",
            against="Peak resident memory on an hour of film, programs included.",
            takes_long=True,
        )
    )

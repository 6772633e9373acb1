"""How long a stage may take."""

import pytest

from pipeline.stages.order import limit_s
from storage.records import Stage

GIB = 1024**3
TWO_HOURS_MS = 2 * 3_600_000


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_ends_and_has_time_for_a_long_film(stage: Stage) -> None:
    short = limit_s(stage, film_bytes=0, duration_ms=0)
    long = limit_s(stage, film_bytes=8 * GIB, duration_ms=TWO_HOURS_MS)
    assert 600 <= short < 3600
    assert long > 10 * TWO_HOURS_MS / 1000 + 8 * GIB / 2e6


def test_recognition_has_the_most_time() -> None:
    limits = {s: limit_s(s, film_bytes=GIB, duration_ms=TWO_HOURS_MS) for s in Stage}
    assert max(limits, key=limits.__getitem__) is Stage.TRANSCRIBE

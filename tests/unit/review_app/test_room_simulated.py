"""The joint room in simulated evenings, and that their arithmetic is the page's own."""

import json
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulation.evening import FAULTS_MS, meet
from tests.simulation.step import Clock, Pace, StartCost, target

SAME_ARITHMETIC = Path(__file__).parent / "scripts" / "same_arithmetic.mjs"


@pytest.mark.parametrize("first", range(0, 80, 20))
def test_everyone_ends_together_whatever_has_happened(first: int) -> None:
    evenings = [meet(seed) for seed in range(first, first + 20)]
    assert sum(each.seen.restarts for each in evenings) > 10
    assert sum(each.seen.broken_lines for each in evenings) > 20
    # Twice what counts as in step, and what a clock gets wrong on lines as bad as these.
    assert max(each.apart_ms for each in evenings) < 150


def test_the_same_seed_is_the_same_evening() -> None:
    assert meet(5) == meet(5)
    assert meet(5) != meet(6)
    assert FAULTS_MS >= 60_000


@given(off_ms=st.floats(-500, 500), loss_ms=st.floats(0, 20), gains_ppm=st.floats(-300, 300))
def test_a_film_is_soon_in_step_and_then_left_alone(
    off_ms: float, loss_ms: float, gains_ppm: float
) -> None:
    pace, drift, change, until, changes = Pace(), off_ms, 0.0, 0.0, 0
    pace.anew(0)
    for now in range(0, 40_000, 10):
        if change and now >= until:
            change, drift = 0.0, drift - loss_ms
        drift += 10 * (change + gains_ppm / 1e6)
        advice = pace.look(drift, now) if now % 50 == 0 else None
        if advice is not None and advice.change:
            change, until, drift = advice.change, now + advice.for_ms, drift - loss_ms
            changes += 1
    assert abs(drift) < 6 + 3 * loss_ms
    assert changes <= 16


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on this machine")
def test_the_simulated_windows_reckon_as_the_page_does() -> None:
    chance = Random(3)
    pings = [
        [each, each + chance.uniform(0, 90), each + chance.uniform(90, 99), each + 200]
        for each in range(0, 4_000, 137)
    ]
    drifts = [
        [chance.gauss(far, 2), now]
        for start, far in enumerate((-300, 40, -20, 15, -6, 3, 700, 8))
        for now in range(start * 6_000, (start + 1) * 6_000, 50)
    ]
    states = [
        [{"playing": playing, "at_ms": 500, "pos_ms": 70, "pace": 1.25}, now]
        for playing in (True, False)
        for now in (400, 500, 9_000)
    ]
    starts = [chance.gauss(0, 60) for _ in range(30)]
    asked = json.dumps({"pings": pings, "drifts": drifts, "states": states, "starts": starts})
    node = shutil.which("node") or "node"
    ran = subprocess.run(
        [node, SAME_ARITHMETIC], input=asked, capture_output=True, text=True, check=True
    )
    found = json.loads(ran.stdout)

    clock = Clock()
    offsets = []
    for ping in pings:
        clock.add(*ping)
        offsets.append([clock.offset_ms, clock.rtt_ms, clock.ready])
    assert found["offsets"] == [pytest.approx(each) for each in offsets]
    pace = Pace()
    pace.anew(0)
    advice = [pace.look(*each) for each in drifts]
    assert found["corrections"] == [pytest.approx(list(each or ())) for each in advice]
    assert sum(each is not None and each.change != 0 for each in advice) > 5
    cost = StartCost()
    for drift, learned in zip(starts, found["costs"], strict=True):
        cost.learn(drift)
        assert learned == pytest.approx(cost.ms)
    assert found["targets"] == [pytest.approx(target(*each)) for each in states]

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.model import RecordingId
from review_app.supervision.cycle import (
    SHOWN,
    TRANSITIONS,
    Facts,
    Step,
    diagram,
    shown_step,
    step_of,
    waits_for,
)
from storage.records import Cycle, Side, Stage, StageRun, StageState

RECORDING = RecordingId("r")
AT = datetime(2026, 11, 3, tzinfo=UTC)


def runs(state: StageState = StageState.DONE, count: int = len(Stage)) -> tuple[StageRun, ...]:
    return tuple(StageRun(RECORDING, stage, state) for stage in list(Stage)[:count])


READY = Facts(
    received=True,
    permitted=True,
    erased=False,
    cycle=Cycle(RECORDING),
    stages=runs(),
    stages_needed=len(Stage),
)


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        (replace(READY, received=False), Step.RECEIVING),
        (replace(READY, permitted=False), Step.LOCKED),
        (replace(READY, stages=runs(count=3)), Step.PROCESSING),
        (replace(READY, stages=()), Step.PROCESSING),
        (replace(READY, stages=runs(StageState.FAILED, 1)), Step.FAILED),
        (READY, Step.WISH),
        (replace(READY, cycle=Cycle(RECORDING, wish="w")), Step.SELECT),
        (replace(READY, cycle=Cycle(RECORDING, wish="w", released_at=AT)), Step.PREPARE),
        (
            replace(READY, cycle=Cycle(RECORDING, released_at=AT, answers_sent_at=AT)),
            Step.MEETING,
        ),
        (replace(READY, cycle=Cycle(RECORDING, meeting_ended_at=AT)), Step.MINUTES),
        (
            replace(READY, cycle=Cycle(RECORDING, meeting_ended_at=AT, approved_at=AT)),
            Step.APPROVED,
        ),
        (replace(READY, erased=True, permitted=False), Step.ERASED),
    ],
)
def test_the_step_follows_from_the_facts(facts: Facts, step: Step) -> None:
    assert step_of(facts) is step


moments = st.none() | st.just(AT)


@given(
    cycle=st.builds(
        Cycle,
        st.just(RECORDING),
        wish=st.none() | st.just("w"),
        released_at=moments,
        answers_sent_at=moments,
        meeting_ended_at=moments,
        approved_at=moments,
    ),
    stages=st.sampled_from([(), runs(), runs(StageState.FAILED)]),
    received=st.booleans(),
)
def test_nothing_but_locked_is_shown_without_consent(
    *, cycle: Cycle, stages: tuple[StageRun, ...], received: bool
) -> None:
    facts = Facts(
        received=received,
        permitted=False,
        erased=False,
        cycle=cycle,
        stages=stages,
        stages_needed=len(Stage),
    )
    assert step_of(facts) in {Step.LOCKED, Step.RECEIVING}


def test_every_step_has_a_place_and_every_way_leads_to_a_known_step() -> None:
    assert set(TRANSITIONS) == set(Step)
    for step in Step:
        assert TRANSITIONS[step] <= set(Step)
        assert 0 <= shown_step(step) <= len(SHOWN)


def test_whoever_must_act_next_is_told_so() -> None:
    assert waits_for(Step.SELECT, Side.SUPERVISOR)
    assert not waits_for(Step.SELECT, Side.CASEWORKER)
    assert waits_for(Step.MEETING, Side.CASEWORKER)
    assert waits_for(Step.MEETING, Side.SUPERVISOR)
    assert not any(waits_for(Step.PROCESSING, side) for side in Side)


def test_the_diagram_draws_every_transition() -> None:
    lines = diagram().splitlines()
    assert len(lines) == 2 + sum(len(ends) for ends in TRANSITIONS.values())

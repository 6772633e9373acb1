"""The path of a concern: no way around it, no way back, and an end only where there may be one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_app.errors import StepNotOpen
from review_app.supervision.disclosure import (
    TRANSITIONS,
    Part,
    check_may_take,
    diagram,
    may_take,
    open_steps,
)
from storage.records import ConcernStep

DECIDED = {ConcernStep.AUTHORITY_NOTIFIED, ConcernStep.NO_DUTY}
Try = tuple[ConcernStep, Part]
tries = st.lists(st.tuples(st.sampled_from(ConcernStep), st.sampled_from(Part)), max_size=40)


def walked(attempts: list[Try]) -> list[ConcernStep]:
    """Return the steps taken when everyone tries whatever they like, in any order."""
    taken = [ConcernStep.RAISED, ConcernStep.LEADER_TOLD]
    for step, part in attempts:
        try:
            check_may_take(step, after=taken[-1], part=part)
        except StepNotOpen:
            continue
        taken.append(step)
    return taken


@given(tries)
def test_whatever_is_tried_steps_follow_the_path_and_none_is_taken_twice(
    attempts: list[Try],
) -> None:
    taken = walked(attempts)
    assert all(after in TRANSITIONS[before] for before, after in pairwise(taken))
    assert len(set(taken)) == len(taken)


@given(tries)
def test_a_concern_is_closed_only_once_it_is_decided(attempts: list[Try]) -> None:
    taken = walked(attempts)
    if ConcernStep.CLOSED in taken:
        assert taken[-1] is ConcernStep.CLOSED
        assert taken[-2] in DECIDED


@given(tries)
def test_the_two_alone_never_close_it_nor_say_that_there_is_no_duty(attempts: list[Try]) -> None:
    alone = walked([(step, Part.REVIEW) for step, _ in attempts])
    assert not {ConcernStep.CLOSED, ConcernStep.NO_DUTY, ConcernStep.LEADER_READ} & set(alone)


@given(tries)
def test_from_anywhere_there_is_a_way_to_the_end(attempts: list[Try]) -> None:
    last = walked(attempts)[-1]
    for _ in ConcernStep:
        if last is ConcernStep.CLOSED:
            break
        last = open_steps(after=last, part=Part.LEADER)[-1]
    assert last is ConcernStep.CLOSED


@pytest.mark.parametrize("part", Part)
def test_the_authority_may_be_notified_without_waiting_for_anybody(part: Part) -> None:
    before = set(ConcernStep) - {
        ConcernStep.RAISED,
        ConcernStep.AUTHORITY_NOTIFIED,
        ConcernStep.CLOSED,
    }
    for last in before:
        assert may_take(ConcernStep.AUTHORITY_NOTIFIED, after=last, part=part)


def test_what_comes_with_raising_it_is_nobodys_to_take() -> None:
    assert open_steps(after=ConcernStep.RAISED, part=Part.LEADER) == ()
    assert not any(
        may_take(ConcernStep.RAISED, after=last, part=part) for last in ConcernStep for part in Part
    )


def test_every_step_has_its_ways_and_the_diagram_draws_each() -> None:
    assert set(TRANSITIONS) == set(ConcernStep)
    lines = diagram().splitlines()
    assert len(lines) == 2 + sum(len(ends) for ends in TRANSITIONS.values())

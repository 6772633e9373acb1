from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.model import Event, Evidence, Purpose
from consent.withdrawal import Holding, holdings_ended_by
from tests.unit.consent.scene import ALL_AGREED, LATER, QUESTION, ROSTER, answer, at


def ended(no: Evidence, *evidence: Evidence, asked: str = "2026-03-17T12:00:00") -> set[Holding]:
    question = at(asked)
    return {*holdings_ended_by(no, question=question, roster=ROSTER, evidence=(*evidence, no))}


@pytest.mark.parametrize("person", ["youth", "holder", "worker"])
def test_whoever_has_a_say_ends_the_whole_recording(person: str) -> None:
    no = answer(person, event=Event.WITHDRAWN, at=LATER)
    assert ended(no, *ALL_AGREED) == set(Holding)


@pytest.mark.parametrize(
    ("purpose", "made"),
    [
        (Purpose.TRAINING, Holding.TRAINING_COPIES),
        (Purpose.RESEARCH, Holding.RESEARCH_EXTRACTS),
        (Purpose.STATISTICS, Holding.SUMS),
    ],
)
def test_a_purpose_of_its_own_ends_what_was_made_for_it(purpose: Purpose, made: Holding) -> None:
    no = answer("youth", purpose=purpose, event=Event.WITHDRAWN, at=LATER)
    assert ended(no, *ALL_AGREED) == {made}


def test_a_refusal_after_a_yes_is_the_same_no() -> None:
    no = answer("youth", event=Event.REFUSED, at=LATER)
    assert ended(no, *ALL_AGREED) == set(Holding)


def test_a_refusal_at_the_first_question_ends_nothing_that_stood() -> None:
    assert ended(answer("youth", event=Event.REFUSED, at=LATER), *ALL_AGREED[1:]) == set()


@pytest.mark.parametrize(
    "event", [Event.GIVEN, Event.RECONFIRMED, Event.EXPIRED, Event.INVALIDATED]
)
def test_what_is_no_persons_no_ends_nothing_at_once(event: Event) -> None:
    assert ended(answer("youth", event=event, at=LATER), *ALL_AGREED) == set()


def test_an_absent_custody_holder_ends_nothing_once_the_youth_is_of_age() -> None:
    no = answer("holder", event=Event.WITHDRAWN, at=at("2028-05-01T00:00:00").at)
    assert ended(no, *ALL_AGREED, asked="2028-05-01T00:00:00") == set()
    assert ended(no, *ALL_AGREED, asked="2028-04-30T23:59:59") == set(Holding)


def test_a_stranger_ends_nothing() -> None:
    assert ended(answer("stranger", event=Event.WITHDRAWN, at=LATER), *ALL_AGREED) == set()


@given(st.sampled_from(Purpose), st.sampled_from(Event))
def test_no_other_purpose_takes_the_recording_with_it(purpose: Purpose, event: Event) -> None:
    no = replace(answer("youth", event=event, at=LATER), purpose=purpose)
    took = Holding.RECORDING in ended(no, *ALL_AGREED)
    assert not took or purpose is Purpose.SUPERVISION


def test_everything_there_is_was_made_for_something() -> None:
    every = [answer("youth", purpose=p, event=Event.WITHDRAWN, at=LATER) for p in Purpose]
    assert set().union(*(ended(no) for no in every)) == set(Holding)
    assert QUESTION.purpose is Purpose.SUPERVISION

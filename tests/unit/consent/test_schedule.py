from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.days import moment_of
from consent.gate import Question, gaps_in
from consent.model import Event, Evidence, Method, Participant, PersonId, Purpose
from consent.schedule import Deadline, DeadlineKind, closed_on, deadlines, erase_day
from tests.unit.consent.scene import (
    ALL_AGREED,
    DENMARK,
    HOLDER,
    QUESTION,
    RECORDED_AT,
    ROSTER,
    YOUTH,
    answer,
    at,
    histories,
    nearly_agreed,
    rosters,
)

YOUTH_ASKED_ANEW = Deadline(
    DeadlineKind.REASK, date(2028, 5, 31), YOUTH.person, Purpose.SUPERVISION
)


def test_every_kind_of_deadline_is_told_the_earliest_first() -> None:
    evidence = (
        *ALL_AGREED[:2],
        answer("worker", method=Method.SIGNED_PAPER, valid_until=date(2026, 6, 1)),
    )
    told = deadlines(
        QUESTION,
        roster=ROSTER,
        evidence=evidence,
        erase_on=date(2026, 9, 1),
        course_ends_on=date(2026, 7, 1),
        access_due={PersonId("holder"): date(2026, 4, 1)},
    )
    worker, supervision = PersonId("worker"), Purpose.SUPERVISION
    assert told == (
        Deadline(DeadlineKind.SCAN, date(2026, 3, 23), worker, supervision),
        Deadline(DeadlineKind.ACCESS, date(2026, 4, 1), HOLDER.person),
        Deadline(DeadlineKind.CONSENT_ENDS, date(2026, 6, 1), worker, supervision),
        Deadline(DeadlineKind.COURSE_ENDS, date(2026, 7, 1)),
        Deadline(DeadlineKind.ERASE, date(2026, 7, 31)),
        YOUTH_ASKED_ANEW,
    )
    assert {d.kind for d in told} == set(DeadlineKind)


def test_only_a_standing_yes_can_end() -> None:
    no = answer("youth", event=Event.WITHDRAWN)
    assert deadlines(QUESTION, roster=ROSTER, evidence=(*ALL_AGREED, no)) == ()


def test_each_purpose_ends_by_itself() -> None:
    research = replace(ALL_AGREED[0], purpose=Purpose.RESEARCH)
    told = deadlines(QUESTION, roster=ROSTER, evidence=(*ALL_AGREED, research))
    assert told == (replace(YOUTH_ASKED_ANEW, purpose=Purpose.RESEARCH), YOUTH_ASKED_ANEW)


def test_who_has_no_say_any_more_has_no_deadline() -> None:
    until = answer("holder", valid_until=date(2030, 1, 1))
    grown = at("2028-05-01T00:00:00")
    evidence = (ALL_AGREED[0], until, ALL_AGREED[2])
    assert deadlines(grown, roster=ROSTER, evidence=evidence) == (YOUTH_ASKED_ANEW,)


@settings(max_examples=200)
@given(rosters, histories, st.integers(0, 900))
def test_a_permit_is_lost_to_time_only_on_a_day_that_was_told(
    roster: frozenset[Participant], history: tuple[Evidence, ...], days: int
) -> None:
    """A countdown that leaves a closing day out would be worse than none."""
    asked = replace(QUESTION, at=max([QUESTION.at, *(e.at for e in history)]))
    told = {
        d.on
        for d in deadlines(asked, roster=roster, evidence=history)
        if d.purpose is asked.purpose
    }
    noon = datetime.combine(asked.today + timedelta(days=days + 1), time(12), UTC)
    later = [replace(asked, at=noon + timedelta(days=n)) for n in range(3)]
    for today, tomorrow in pairwise(later):
        lost = set(gaps_in(tomorrow, roster=roster, evidence=history)) - set(
            gaps_in(today, roster=roster, evidence=history)
        )
        if lost:
            assert tomorrow.today in told


KEPT_UNTIL = date(2026, 9, 1)
START = RECORDED_AT - timedelta(days=90)


def last_day(asked: Question, *evidence: Evidence, course_ends_on: date | None = None) -> date:
    return erase_day(
        asked,
        roster=ROSTER,
        evidence=evidence,
        kept_until=KEPT_UNTIL,
        course_ends_on=course_ends_on,
    )


ENDS = {
    "its day comes": (at("2026-05-03T09:00:00"), {"valid_until": date(2026, 4, 1)}),
    "the paper was never scanned": (
        at("2026-05-03T09:00:00"),
        {"method": Method.SIGNED_PAPER, "at": at("2026-03-18T10:00:00").at},
    ),
}


@pytest.mark.parametrize(("asked", "changes"), ENDS.values(), ids=list(ENDS))
def test_a_yes_that_ends_brings_the_last_day_forward(
    asked: Question, changes: dict[str, object]
) -> None:
    ending = answer("holder", **changes)
    others = (ALL_AGREED[0], ALL_AGREED[2])
    assert closed_on(asked, roster=ROSTER, evidence=(*others, ending)) == date(2026, 4, 1)
    assert last_day(asked, *others, ending) == date(2026, 5, 1)
    again = answer("holder", event=Event.RECONFIRMED, at=at("2026-04-20T08:00:00").at)
    assert last_day(asked, *others, ending, again) == KEPT_UNTIL


def test_a_youth_of_age_who_is_not_asked_in_time_brings_the_last_day_forward() -> None:
    asked = at("2028-06-10T09:00:00")
    told = erase_day(asked, roster=ROSTER, evidence=ALL_AGREED, kept_until=date(2028, 9, 1))
    assert told == date(2028, 5, 31) + timedelta(days=30)


def test_an_answer_found_not_to_count_does_not_erase_at_once() -> None:
    asked = at("2026-04-20T09:00:00")
    no = answer("holder", event=Event.INVALIDATED, at=at("2026-04-02T23:30:00").at)
    assert last_day(asked, *ALL_AGREED, no) == date(2026, 5, 2)
    later = answer("holder", event=Event.REFUSED, at=at("2026-04-19T12:00:00").at)
    assert last_day(asked, *ALL_AGREED, no, later) == date(2026, 5, 2), "it closed only once"


def test_the_end_of_the_course_brings_the_last_day_forward() -> None:
    asked = at("2026-04-20T09:00:00")
    assert last_day(asked, *ALL_AGREED, course_ends_on=date(2026, 5, 1)) == date(2026, 5, 31)
    assert last_day(asked, *ALL_AGREED, course_ends_on=date(2027, 5, 1)) == KEPT_UNTIL


def test_what_never_was_open_waits_until_its_own_last_day() -> None:
    asked = at("2026-04-20T09:00:00")
    assert last_day(asked, *ALL_AGREED[1:]) == KEPT_UNTIL
    training = answer("youth", purpose=Purpose.TRAINING, valid_until=date(2026, 3, 20))
    assert last_day(asked, *ALL_AGREED, training) == KEPT_UNTIL, "only supervision opens"


@settings(max_examples=200)
@given(nearly_agreed(), histories, st.integers(0, 800))
def test_closed_since_a_day_means_open_before_and_never_after(
    scene: tuple[frozenset[Participant], tuple[Evidence, ...]],
    more: tuple[Evidence, ...],
    days: int,
) -> None:
    roster, history = scene[0], (*scene[1], *more)
    asked = replace(QUESTION, at=RECORDED_AT + timedelta(days=days, hours=2))
    since = closed_on(asked, roster=roster, evidence=history)
    hours = [asked.at - timedelta(hours=19 * n) for n in range(100)]
    asked_then = [replace(asked, at=max(moment, START)) for moment in hours]
    opened = [q.today for q in asked_then if not gaps_in(q, roster=roster, evidence=history)]
    if since is None:
        assert asked.today in opened or not opened
    else:
        assert gaps_in(asked, roster=roster, evidence=history)
        assert all(day <= since for day in opened)
        first_of_it = moment_of(since, time(0), DENMARK)
        around = {first_of_it, *(e.at for e in history)}
        before = (replace(asked, at=m - timedelta(microseconds=1)) for m in around)
        assert any(
            q.today <= since <= q.today + timedelta(days=1)
            and not gaps_in(q, roster=roster, evidence=history)
            for q in before
        )


@settings(max_examples=200)
@given(nearly_agreed(), st.sampled_from([Event.REFUSED, Event.WITHDRAWN, Event.INVALIDATED]))
def test_a_no_never_puts_the_last_day_off(
    scene: tuple[frozenset[Participant], tuple[Evidence, ...]], event: Event
) -> None:
    roster, history = scene
    asked = replace(QUESTION, at=max([QUESTION.at, *(e.at for e in history)]))
    for person in roster:
        no = answer(person.person, event=event, at=asked.at)
        before, after = (
            erase_day(asked, roster=roster, evidence=e, kept_until=asked.today + timedelta(days=40))
            for e in (history, (*history, no))
        )
        assert after <= before

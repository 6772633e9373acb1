"""Laws of the gate, over rosters and answers nobody thought of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consent.errors import ConsentMissing
from consent.gate import Permit, Question, gaps_in, needs_to_agree, permit_for
from consent.model import (
    AFFIRMATIVE,
    EVERYTHING,
    Event,
    Evidence,
    EvidenceId,
    GapKind,
    Jurisdiction,
    Method,
    Participant,
    PersonId,
    Purpose,
    RecordingId,
    Role,
    Scope,
)

RECORDING = RecordingId("r1")
MINOR_UNTIL_18 = Jurisdiction("XX", date(2020, 1, 1), 18, 30, 180)
RECORDED_AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
QUESTION = Question(
    RECORDING, Purpose.SUPERVISION, RECORDED_AT, RECORDED_AT + timedelta(days=3), MINOR_UNTIL_18
)
STRUCTURAL = {GapKind.NOBODY_NAMED, GapKind.NO_YOUTH, GapKind.NO_CUSTODY_HOLDER}

people = st.sampled_from([PersonId(name) for name in "abcd"])
birth_dates = st.none() | st.dates(date(2005, 1, 1), date(2012, 12, 31))
rosters = st.lists(
    st.builds(Participant, people, st.sampled_from(Role), birth_dates, st.booleans()),
    max_size=4,
    unique_by=lambda p: p.person,
).map(frozenset)
moments = st.integers(-5, 5).map(lambda days: RECORDED_AT + timedelta(days=days))
days = st.dates(date(2026, 3, 1), date(2026, 3, 20))
answers = st.builds(
    Evidence,
    id=st.uuids().map(lambda u: EvidenceId(str(u))),
    recording=st.sampled_from([RECORDING, RecordingId("r2")]),
    person=people,
    purpose=st.sampled_from([Purpose.SUPERVISION, Purpose.TRAINING]),
    event=st.sampled_from([Event.GIVEN, Event.GIVEN, *Event]),
    at=moments,
    method=st.just(Method.DIGITAL),
    valid_from=days | st.just(date(2026, 1, 1)),
    valid_until=st.none() | days,
    scope=st.just(EVERYTHING) | st.frozensets(st.sampled_from(Scope)),
)
histories = st.lists(answers, max_size=8).map(tuple)


@st.composite
def permitted(draw: st.DrawFn) -> Permit:
    """Return a permit: a roster with a youth and a custody holder in which all have agreed."""
    others = draw(rosters)
    youth = Participant(PersonId("youth"), Role.YOUTH, draw(birth_dates.filter(bool)))
    holder = Participant(PersonId("holder"), Role.CUSTODY_HOLDER, present=draw(st.booleans()))
    known = {p for p in others if p.role is not Role.YOUTH or p.birth_date}
    roster = frozenset({youth, holder, *known})
    given_ = [agreed(p.person, at=draw(moments.filter(lambda m: m <= QUESTION.at))) for p in roster]
    return permit_for(QUESTION, roster=roster, evidence=given_)


_ids = count()


def agreed(person: PersonId, *, at: datetime) -> Evidence:
    return Evidence(
        id=EvidenceId(f"e{next(_ids)}"),
        recording=RECORDING,
        person=person,
        purpose=Purpose.SUPERVISION,
        event=Event.GIVEN,
        at=at,
        method=Method.DIGITAL,
        valid_from=date(2026, 1, 1),
    )


def is_permitted(
    question: Question, roster: frozenset[Participant], evidence: tuple[Evidence, ...]
) -> bool:
    return not gaps_in(question, roster=roster, evidence=evidence)


@given(rosters, histories, answers.filter(lambda e: e.event not in AFFIRMATIVE))
def test_a_negative_answer_never_adds_a_permission(
    roster: frozenset[Participant], history: tuple[Evidence, ...], negative: Evidence
) -> None:
    assume(not is_permitted(QUESTION, roster, history))
    assert not is_permitted(QUESTION, roster, (*history, negative))


@given(permitted(), st.data())
def test_no_permit_survives_a_negative_answer_at_or_after_the_last_yes(
    permit: Permit, data: st.DataObject
) -> None:
    asked = [p for p in permit.roster if needs_to_agree(p, people=permit.roster, question=QUESTION)]
    person = data.draw(st.sampled_from(sorted(asked, key=lambda p: p.person))).person
    last_yes = max(e.at for e in permit.evidence if e.person == person)
    no = replace(
        agreed(
            person,
            at=data.draw(
                st.datetimes(
                    last_yes.replace(tzinfo=None),
                    QUESTION.at.replace(tzinfo=None),
                    timezones=st.just(UTC),
                )
            ),
        ),
        event=data.draw(st.sampled_from([e for e in Event if e not in AFFIRMATIVE])),
        valid_until=data.draw(st.none() | days),
    )
    assert not is_permitted(QUESTION, permit.roster, (*permit.evidence, no))


@given(permitted())
def test_who_agrees_again_after_withdrawing_is_heard(permit: Permit) -> None:
    at = QUESTION.at
    no = [
        replace(e, id=EvidenceId(f"{e.id}-"), event=Event.WITHDRAWN, at=at - timedelta(hours=1))
        for e in permit.evidence
    ]
    again = [
        replace(e, id=EvidenceId(f"{e.id}+"), event=Event.RECONFIRMED, at=at)
        for e in permit.evidence
    ]
    assert is_permitted(QUESTION, permit.roster, (*permit.evidence, *no, *again))


@given(histories)
def test_an_empty_roster_is_refused_whatever_was_answered(history: tuple[Evidence, ...]) -> None:
    [gap] = gaps_in(QUESTION, roster=(), evidence=history)
    assert gap.kind is GapKind.NOBODY_NAMED


@given(rosters, histories, st.data())
def test_taking_someone_off_the_roster_adds_no_gap_about_the_others(
    roster: frozenset[Participant], history: tuple[Evidence, ...], data: st.DataObject
) -> None:
    assume(roster)
    gone = data.draw(st.sampled_from(sorted(roster, key=lambda p: p.person)))
    before = gaps_in(QUESTION, roster=roster, evidence=history)
    after = gaps_in(QUESTION, roster=roster - {gone}, evidence=history)
    assert {gap for gap in after if gap.kind not in STRUCTURAL} <= set(before)


@given(rosters, histories, st.data())
def test_everyone_seen_or_heard_must_have_agreed(
    roster: frozenset[Participant], history: tuple[Evidence, ...], data: st.DataObject
) -> None:
    silent = Participant(PersonId("silent"), data.draw(st.sampled_from(Role)), date(2000, 1, 1))
    assert not is_permitted(QUESTION, roster | {silent}, history)


@given(rosters, histories, answers)
def test_an_answer_about_something_else_changes_nothing(
    roster: frozenset[Participant], history: tuple[Evidence, ...], answer: Evidence
) -> None:
    assume(
        answer.recording != RECORDING
        or answer.purpose is not Purpose.SUPERVISION
        or answer.at > QUESTION.at
    )
    assert gaps_in(QUESTION, roster=roster, evidence=history) == gaps_in(
        QUESTION, roster=roster, evidence=(*history, answer)
    )


@given(rosters, histories, st.randoms())
def test_the_order_in_which_facts_are_brought_does_not_matter(
    roster: frozenset[Participant], history: tuple[Evidence, ...], random: Random
) -> None:
    shuffled, mixed = list(history), list(roster)
    random.shuffle(shuffled)
    random.shuffle(mixed)
    assert gaps_in(QUESTION, roster=roster, evidence=history) == gaps_in(
        QUESTION, roster=mixed, evidence=shuffled
    )


@given(rosters, histories, st.frozensets(st.sampled_from(Scope)))
def test_asking_for_less_never_adds_a_gap(
    roster: frozenset[Participant], history: tuple[Evidence, ...], scope: frozenset[Scope]
) -> None:
    narrower = replace(QUESTION, scope=scope)
    assert set(gaps_in(narrower, roster=roster, evidence=history)) <= set(
        gaps_in(QUESTION, roster=roster, evidence=history)
    )


@given(rosters, histories)
def test_a_permit_exists_exactly_when_there_is_no_gap(
    roster: frozenset[Participant], history: tuple[Evidence, ...]
) -> None:
    gaps = gaps_in(QUESTION, roster=roster, evidence=history)
    if not gaps:
        permit_for(QUESTION, roster=roster, evidence=history)
        return
    with pytest.raises(ConsentMissing) as refusal:
        permit_for(QUESTION, roster=roster, evidence=history)
    assert refusal.value.gaps == gaps


@given(permitted())
def test_a_permit_speaks_for_its_question(permit: Permit) -> None:
    assert (permit.recording, permit.purpose, permit.at) == (
        RECORDING,
        Purpose.SUPERVISION,
        QUESTION.at,
    )

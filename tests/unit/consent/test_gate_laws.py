"""Laws of the gate, over rosters and answers nobody thought of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from consent.errors import ConsentMissing
from consent.gate import (
    Permit,
    Question,
    conflict_in,
    gaps_in,
    latest_answers,
    needs_to_agree,
    permit_for,
)
from consent.model import (
    AFFIRMATIVE,
    Event,
    Evidence,
    EvidenceId,
    GapKind,
    Method,
    Participant,
    PersonId,
    Purpose,
    Role,
    Scope,
)
from tests.unit.consent.diaries import oracle_permits
from tests.unit.consent.scene import (
    QUESTION,
    answer,
    answers,
    birth_dates,
    days,
    histories,
    moments,
    nearly_agreed,
    rosters,
)

Told = tuple[frozenset[Participant], tuple[Evidence, ...]]

STRUCTURAL = {GapKind.NOBODY_NAMED, GapKind.NO_YOUTH, GapKind.NO_CUSTODY_HOLDER}
MANY = settings(max_examples=300)
NEGATIVE = [e for e in Event if e not in AFFIRMATIVE]
told = nearly_agreed() | st.tuples(rosters, histories)
instants = st.builds(
    lambda day, hour: QUESTION.at + timedelta(days=day, hours=hour),
    st.integers(-20, 60) | st.integers(-20, 400),
    st.sampled_from([0, 9, 10, 11]),  # around midnight there, in winter and in summer time
)


@st.composite
def permitted(draw: st.DrawFn) -> Permit:
    """Return a permit: a roster with a youth and a custody holder in which all have agreed."""
    others = draw(rosters)
    youth = Participant(PersonId("the youth"), Role.YOUTH, draw(birth_dates.filter(bool)))
    holder = Participant(PersonId("a holder"), Role.CUSTODY_HOLDER, present=draw(st.booleans()))
    known = {p for p in others if p.role is not Role.YOUTH or p.birth_date}
    roster = frozenset({youth, holder, *known})
    lately = st.integers(0, 6).map(lambda days: QUESTION.at - timedelta(days=days))
    evidence = [answer(p.person, at=draw(lately)) for p in roster]
    return permit_for(QUESTION, roster=roster, evidence=evidence)


def is_permitted(
    roster: frozenset[Participant], evidence: tuple[Evidence, ...], question: Question = QUESTION
) -> bool:
    return not gaps_in(question, roster=roster, evidence=evidence)


@settings(max_examples=1_000)
@given(told, instants)
def test_the_gate_says_what_the_diaries_say(story: Told, at: datetime) -> None:
    roster, history = story
    asked = replace(QUESTION, at=at)
    expected = oracle_permits(asked, roster, history)
    event(f"permitted: {expected}")
    assert is_permitted(roster, history, asked) == expected


@MANY
@given(told, answers.filter(lambda e: e.event not in AFFIRMATIVE))
def test_a_negative_answer_never_adds_a_permission(story: Told, negative: Evidence) -> None:
    roster, history = story
    assume(not is_permitted(roster, history))
    assert not is_permitted(roster, (*history, negative))


@MANY
@given(permitted(), st.data())
def test_no_permit_survives_a_negative_answer_at_or_after_the_last_yes(
    permit: Permit, data: st.DataObject
) -> None:
    person = data.draw(st.sampled_from(_asked(permit)))
    last_yes = max(e.at for e in permit.evidence if e.person == person)
    no = answer(
        person,
        id=EvidenceId("no"),
        event=data.draw(st.sampled_from(NEGATIVE)),
        at=data.draw(_between(last_yes, QUESTION.at)),
        valid_until=data.draw(st.none() | days),
    )
    assert not is_permitted(permit.roster, (*permit.evidence, no))


@MANY
@given(permitted(), st.data(), st.lists(answers, max_size=6))
def test_nothing_but_a_new_given_opens_after_a_withdrawal(
    permit: Permit, data: st.DataObject, others: list[Evidence]
) -> None:
    person = data.draw(st.sampled_from(_asked(permit)))
    last_yes = max(e.at for e in permit.evidence if e.person == person)
    withdrawn = answer(person, id=EvidenceId("no"), event=Event.WITHDRAWN, at=last_yes)
    after = [
        replace(e, person=person, at=data.draw(_between(last_yes, QUESTION.at)))
        for e in others
        if e.event is not Event.GIVEN
    ]
    elsewhere = [e for e in others if e.person != person]
    evidence = (*permit.evidence, withdrawn, *after, *elsewhere)
    assert not is_permitted(permit.roster, evidence)
    much_later = replace(
        QUESTION, at=data.draw(_between(QUESTION.at, datetime(2060, 1, 1, tzinfo=UTC)))
    )
    has_say = any(
        needs_to_agree(p, people=permit.roster, question=much_later)
        for p in permit.roster
        if p.person == person
    )
    assert not (has_say and is_permitted(permit.roster, evidence, much_later))


@given(permitted())
def test_who_agrees_again_after_withdrawing_is_heard(permit: Permit) -> None:
    at = QUESTION.at
    no = [
        replace(e, id=EvidenceId(f"{e.id}-"), event=Event.WITHDRAWN, at=at - timedelta(hours=1))
        for e in permit.evidence
    ]
    again = [replace(e, id=EvidenceId(f"{e.id}+"), at=at) for e in permit.evidence]
    assert is_permitted(permit.roster, (*permit.evidence, *no, *again))


@MANY
@given(nearly_agreed(), instants)
def test_no_permit_outlives_its_evidence(story: Told, at: datetime) -> None:
    roster, history = story
    asked = replace(QUESTION, at=at)
    if not is_permitted(roster, history, asked):
        return  # most stories end in a lock, and every permit found is looked at
    standing = latest_answers(history, question=asked)
    for person in roster:
        if not needs_to_agree(person, people=roster, question=asked):
            continue
        yes = standing[person.person]
        assert yes.event in AFFIRMATIVE
        assert yes.at <= at
        assert yes.valid_until is None or asked.today < yes.valid_until
        without = tuple(e for e in history if e.person != person.person)
        assert not is_permitted(roster, without, asked), "no permit without this person's answers"


@given(histories)
def test_an_empty_roster_is_refused_whatever_was_answered(history: tuple[Evidence, ...]) -> None:
    [gap] = gaps_in(QUESTION, roster=(), evidence=history)
    assert gap.kind is GapKind.NOBODY_NAMED


@MANY
@given(told, st.data())
def test_taking_someone_off_the_roster_adds_no_gap_about_the_others(
    story: Told, data: st.DataObject
) -> None:
    roster, history = story
    assume(roster)
    gone = data.draw(st.sampled_from(sorted(roster, key=lambda p: (p.person, p.role))))
    before = gaps_in(QUESTION, roster=roster, evidence=history)
    after = gaps_in(QUESTION, roster=roster - {gone}, evidence=history)
    assert {gap for gap in after if gap.kind not in STRUCTURAL} <= set(before)


@MANY
@given(told, st.builds(Participant, st.just("more"), st.sampled_from(Role), birth_dates), moments)
def test_naming_one_more_person_never_adds_a_permission(
    story: Told, more: Participant, at: datetime
) -> None:
    """Save that of the youth or the custody holder who was missing, and who has agreed."""
    roster, history = story
    gaps = {gap.kind for gap in gaps_in(QUESTION, roster=roster, evidence=history)}
    assume(gaps and not gaps & STRUCTURAL)
    agreed = (*history, answer(more.person, at=at))
    assert not is_permitted(roster | {more}, history)
    assert not is_permitted(roster | {more}, agreed)
    assert not is_permitted(roster | {replace(more, present=False)}, agreed)


@MANY
@given(told, st.data())
def test_everyone_seen_or_heard_must_have_agreed(story: Told, data: st.DataObject) -> None:
    roster, history = story
    silent = Participant(PersonId("silent"), data.draw(st.sampled_from(Role)), date(2000, 1, 1))
    assert not is_permitted(roster | {silent}, history)


@MANY
@given(told, answers)
def test_an_answer_about_something_else_changes_nothing(story: Told, stray: Evidence) -> None:
    roster, history = story
    assume(
        stray.recording != QUESTION.recording
        or stray.purpose is not Purpose.SUPERVISION
        or stray.at > QUESTION.at
    )
    assert gaps_in(QUESTION, roster=roster, evidence=history) == gaps_in(
        QUESTION, roster=roster, evidence=(*history, stray)
    )


@MANY
@given(told, st.randoms())
def test_the_order_in_which_facts_are_brought_does_not_matter(story: Told, random: Random) -> None:
    roster, history = story
    shuffled, mixed = list(history), list(roster)
    random.shuffle(shuffled)
    random.shuffle(mixed)
    assert gaps_in(QUESTION, roster=roster, evidence=history) == gaps_in(
        QUESTION, roster=mixed, evidence=shuffled
    )
    assert conflict_in(QUESTION, roster=roster, evidence=history) == conflict_in(
        QUESTION, roster=mixed, evidence=shuffled
    )


@MANY
@given(told, st.frozensets(st.sampled_from(Scope)))
def test_asking_for_less_never_adds_a_gap_of_scope(story: Told, scope: frozenset[Scope]) -> None:
    roster, history = story
    narrower = replace(QUESTION, scope=scope)
    full = is_permitted(roster, history)
    assert not full or is_permitted(roster, history, narrower)


@given(told)
def test_a_permit_exists_exactly_when_there_is_no_gap(story: Told) -> None:
    roster, history = story
    gaps = gaps_in(QUESTION, roster=roster, evidence=history)
    if not gaps:
        permit_for(QUESTION, roster=roster, evidence=history)
        return
    with pytest.raises(ConsentMissing) as refusal:
        permit_for(QUESTION, roster=roster, evidence=history)
    assert refusal.value.gaps == gaps


@MANY
@given(told)
def test_where_people_disagree_there_is_no_permit(story: Told) -> None:
    roster, history = story
    conflict = conflict_in(QUESTION, roster=roster, evidence=history)
    if conflict is not None:
        assert not is_permitted(roster, history)
        assert not set(conflict.yes) & set(conflict.no)


@MANY
@given(nearly_agreed(), instants, st.sampled_from([Method.DIGITAL, Method.SPOKEN]))
def test_a_youth_who_was_never_asked_as_an_adult_is_not_seen_as_one(
    story: Told, at: datetime, method: Method
) -> None:
    roster, history = story
    [youth] = [p for p in roster if p.role is Role.YOUTH]
    born = youth.birth_date
    assert born is not None
    asked = replace(QUESTION, at=at)
    as_minor = tuple(
        replace(e, method=method, at=min(e.at, datetime(born.year + 17, 1, 1, tzinfo=UTC)))
        for e in history
    )
    grown = date(born.year + 18, born.month, min(born.day, 28)) + timedelta(days=31)
    assert asked.today < grown or not is_permitted(roster, as_minor, asked)


@given(permitted())
def test_a_permit_speaks_for_its_question(permit: Permit) -> None:
    assert (permit.recording, permit.purpose, permit.at) == (
        QUESTION.recording,
        Purpose.SUPERVISION,
        QUESTION.at,
    )


def _asked(permit: Permit) -> list[PersonId]:
    needed = [
        p for p in permit.roster if needs_to_agree(p, people=permit.roster, question=QUESTION)
    ]
    return sorted({p.person for p in needed})


def _between(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    naive = (first.replace(tzinfo=None), last.replace(tzinfo=None))
    return st.datetimes(*naive, timezones=st.just(UTC))

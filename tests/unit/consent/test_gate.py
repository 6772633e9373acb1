from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from consent.errors import ConsentMissing
from consent.gate import Permit, Question, gaps_in, is_minor
from consent.model import (
    Event,
    Evidence,
    EvidenceId,
    Gap,
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

DENMARK = Jurisdiction("DK", date(2024, 1, 1), 18, 30, 180)
RECORDED_AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
QUESTION = Question(
    RecordingId("r1"),
    Purpose.SUPERVISION,
    RECORDED_AT,
    RECORDED_AT + timedelta(days=7),
    DENMARK,
)
YOUTH = Participant(PersonId("youth"), Role.YOUTH, date(2010, 5, 1))
HOLDER = Participant(PersonId("holder"), Role.CUSTODY_HOLDER, present=False)
WORKER = Participant(PersonId("worker"), Role.CASEWORKER)
ROSTER = (YOUTH, HOLDER, WORKER)


def answer(person: str, **changes: object) -> Evidence:
    given = Evidence(
        id=EvidenceId(f"{person}-{len(changes)}"),
        recording=RecordingId("r1"),
        person=PersonId(person),
        purpose=Purpose.SUPERVISION,
        event=Event.GIVEN,
        at=RECORDED_AT - timedelta(days=1),
        method=Method.SIGNED_PAPER,
        valid_from=date(2026, 3, 1),
    )
    return replace(given, **changes)  # type: ignore[arg-type]


ALL_AGREED = tuple(answer(person.person) for person in ROSTER)
LATER = RECORDED_AT + timedelta(days=1)

GAPS = [
    (GapKind.NOBODY_NAMED, (), ALL_AGREED, None),
    (GapKind.NO_YOUTH, (HOLDER, WORKER), ALL_AGREED, None),
    (GapKind.NO_CUSTODY_HOLDER, (YOUTH, WORKER), ALL_AGREED, None),
    (
        GapKind.BIRTH_DATE_MISSING,
        (replace(YOUTH, birth_date=None), HOLDER, WORKER),
        ALL_AGREED,
        "youth",
    ),
    (GapKind.NOT_ASKED, ROSTER, ALL_AGREED[1:], "youth"),
    (
        GapKind.REFUSED,
        ROSTER,
        (*ALL_AGREED, answer("holder", event=Event.REFUSED, at=LATER)),
        "holder",
    ),
    (
        GapKind.WITHDRAWN,
        ROSTER,
        (*ALL_AGREED, answer("youth", event=Event.WITHDRAWN, at=LATER)),
        "youth",
    ),
    (
        GapKind.EXPIRED,
        ROSTER,
        (*ALL_AGREED, answer("worker", event=Event.EXPIRED, at=LATER)),
        "worker",
    ),
    (
        GapKind.INVALIDATED,
        ROSTER,
        (*ALL_AGREED, answer("holder", event=Event.INVALIDATED, at=LATER)),
        "holder",
    ),
    (
        GapKind.RECORDING_NOT_COVERED,
        ROSTER,
        (*ALL_AGREED[:2], answer("worker", valid_from=date(2026, 3, 11))),
        "worker",
    ),
    (
        GapKind.SCOPE_NOT_COVERED,
        ROSTER,
        (*ALL_AGREED[:2], answer("worker", scope=frozenset({Scope.AUDIO}))),
        "worker",
    ),
]


def kinds(
    roster: tuple[Participant, ...],
    evidence: tuple[Evidence, ...] = ALL_AGREED,
    question: Question = QUESTION,
) -> set[GapKind]:
    return {gap.kind for gap in gaps_in(question, roster=roster, evidence=evidence)}


def test_when_everyone_has_agreed_there_is_a_permit() -> None:
    assert gaps_in(QUESTION, roster=ROSTER, evidence=ALL_AGREED) == ()
    assert Permit(QUESTION, frozenset(ROSTER), ALL_AGREED).purpose is Purpose.SUPERVISION


@pytest.mark.parametrize(("kind", "roster", "evidence", "person"), GAPS)
def test_each_gap_names_its_reason_and_person(
    kind: GapKind,
    roster: tuple[Participant, ...],
    evidence: tuple[Evidence, ...],
    person: str | None,
) -> None:
    [gap] = gaps_in(QUESTION, roster=roster, evidence=evidence)
    assert (gap.kind, gap.person) == (kind, person)


def test_every_kind_of_gap_has_its_example() -> None:
    assert {kind for kind, *_ in GAPS} == set(GapKind)


def test_a_permit_cannot_be_made_around_the_gate() -> None:
    with pytest.raises(ConsentMissing) as refusal:
        Permit(QUESTION, frozenset(ROSTER), ALL_AGREED[:2])
    assert refusal.value.gaps == (Gap(GapKind.NOT_ASKED, Role.CASEWORKER, PersonId("worker")),)
    assert "worker" not in str(refusal.value)


def test_a_yes_for_one_purpose_is_none_for_another() -> None:
    training = replace(QUESTION, purpose=Purpose.TRAINING)
    assert kinds(ROSTER, question=training) == {GapKind.NOT_ASKED}


@pytest.mark.parametrize(("on", "asked"), [(date(2028, 4, 30), True), (date(2028, 5, 1), False)])
def test_an_absent_custody_holder_has_a_say_until_the_18th_birthday(
    *, on: date, asked: bool
) -> None:
    question = replace(QUESTION, at=datetime(on.year, on.month, on.day, tzinfo=UTC))
    assert kinds(ROSTER, (ALL_AGREED[0], ALL_AGREED[2]), question) == (
        {GapKind.NOT_ASKED} if asked else set()
    )


def test_a_custody_holder_who_was_there_has_a_say_after_the_18th_birthday_too() -> None:
    question = replace(QUESTION, at=datetime(2028, 5, 1, tzinfo=UTC))
    present = replace(HOLDER, present=True)
    assert kinds((YOUTH, present, WORKER), (ALL_AGREED[0], ALL_AGREED[2]), question) == {
        GapKind.NOT_ASKED
    }


def test_an_adult_youth_needs_no_custody_holder() -> None:
    assert kinds((replace(YOUTH, birth_date=date(2008, 3, 17)), WORKER)) == set()
    assert kinds((replace(YOUTH, birth_date=date(2008, 3, 18)), WORKER)) == {
        GapKind.NO_CUSTODY_HOLDER
    }


def test_every_custody_holder_must_agree() -> None:
    second = replace(HOLDER, person=PersonId("second"))
    assert kinds((*ROSTER, second)) == {GapKind.NOT_ASKED}
    assert kinds((*ROSTER, second), (*ALL_AGREED, answer("second"))) == set()


def test_with_an_unknown_birth_date_custody_holders_are_asked() -> None:
    unknown = replace(YOUTH, birth_date=None)
    assert kinds((unknown, HOLDER, WORKER), (ALL_AGREED[0], ALL_AGREED[2])) == {
        GapKind.BIRTH_DATE_MISSING,
        GapKind.NOT_ASKED,
    }


def test_a_yes_ends_on_its_last_day() -> None:
    yes = answer("worker", valid_until=date(2026, 3, 17))
    assert kinds(ROSTER, (*ALL_AGREED[:2], yes)) == {GapKind.EXPIRED}
    day_before = replace(QUESTION, at=QUESTION.at - timedelta(days=1))
    assert kinds(ROSTER, (*ALL_AGREED[:2], yes), day_before) == set()


def test_of_a_yes_and_a_no_at_the_same_moment_the_no_counts() -> None:
    no = answer("youth", id=EvidenceId("0"), event=Event.WITHDRAWN)
    assert kinds(ROSTER, (*ALL_AGREED, no)) == {GapKind.WITHDRAWN}


@pytest.mark.parametrize(("on", "minor"), [(date(2026, 2, 28), True), (date(2026, 3, 1), False)])
def test_who_is_born_on_leap_day_comes_of_age_on_the_first_of_march(
    *, on: date, minor: bool
) -> None:
    person = replace(YOUTH, birth_date=date(2008, 2, 29))
    assert is_minor(person, on=on, jurisdiction=DENMARK) is minor

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from consent.errors import ConsentMissing
from consent.gate import Permit, Question, conflict_in, gaps_in, is_minor
from consent.model import (
    Conflict,
    Event,
    Evidence,
    EvidenceId,
    Gap,
    GapKind,
    Method,
    Participant,
    PersonId,
    Purpose,
    Role,
    Scope,
)
from tests.unit.consent.scene import (
    ALL_AGREED,
    DENMARK,
    HOLDER,
    LATER,
    QUESTION,
    ROSTER,
    WORKER,
    YOUTH,
    answer,
    at,
)

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
    (
        GapKind.REASK_DUE,
        (replace(YOUTH, birth_date=date(2008, 2, 15)), WORKER),
        (answer("youth", at=datetime(2008, 1, 1, tzinfo=UTC)), ALL_AGREED[2]),
        "youth",
    ),
    (
        GapKind.SCAN_MISSING,
        ROSTER,
        (
            *ALL_AGREED[:2],
            answer("worker", method=Method.SIGNED_PAPER, at=QUESTION.at - timedelta(days=14)),
        ),
        "worker",
    ),
    (
        GapKind.NOT_HEARD,
        ROSTER,
        (*ALL_AGREED[:2], answer("worker", method=Method.SPOKEN)),
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


@pytest.mark.parametrize(
    ("moment", "needed"), [("2028-04-30T23:59:59", True), ("2028-05-01T00:00:00", False)]
)
def test_a_birthday_begins_at_midnight_where_the_youth_lives(moment: str, *, needed: bool) -> None:
    without_holder = (ALL_AGREED[0], ALL_AGREED[2])
    assert kinds(ROSTER, without_holder, at(moment)) == ({GapKind.NOT_ASKED} if needed else set())


@pytest.mark.parametrize(
    ("moment", "expired"), [("2026-03-31T23:59:59", False), ("2026-04-01T00:00:00", True)]
)
def test_a_yes_ends_at_midnight_where_it_was_given(moment: str, *, expired: bool) -> None:
    yes = answer("worker", valid_until=date(2026, 4, 1))
    assert kinds(ROSTER, (*ALL_AGREED[:2], yes), at(moment)) == (
        {GapKind.EXPIRED} if expired else set()
    )


def test_a_conversation_just_after_midnight_belongs_to_the_new_day() -> None:
    late = replace(QUESTION, recorded_at=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    from_the_tenth = tuple(replace(e, valid_from=date(2026, 3, 10)) for e in ALL_AGREED)
    assert kinds(ROSTER, from_the_tenth, late) == set()


class TestComingOfAge:
    """A youth's own answer as a minor holds for the reask days after the 18th birthday."""

    @pytest.mark.parametrize(
        ("moment", "closed"), [("2028-05-30T23:59:59", False), ("2028-05-31T00:00:00", True)]
    )
    def test_the_youth_must_have_been_asked_anew_by_a_day(
        self, moment: str, *, closed: bool
    ) -> None:
        assert kinds(ROSTER, ALL_AGREED, at(moment)) == ({GapKind.REASK_DUE} if closed else set())

    @pytest.mark.parametrize("event", [Event.GIVEN, Event.RECONFIRMED])
    def test_an_answer_from_the_birthday_on_is_the_adults_own(self, event: Event) -> None:
        anew = answer("youth", event=event, at=at("2028-05-01T00:00:00").at)
        evidence = (*ALL_AGREED, anew)
        assert kinds(ROSTER, evidence, at("2029-01-01T00:00:00")) == set()

    def test_an_answer_on_the_evening_before_is_not(self) -> None:
        anew = answer("youth", event=Event.RECONFIRMED, at=at("2028-04-30T23:30:00").at)
        assert kinds(ROSTER, (*ALL_AGREED, anew), at("2029-01-01T00:00:00")) == {GapKind.REASK_DUE}

    def test_nobody_else_is_asked_anew(self) -> None:
        sibling = Participant(PersonId("worker"), Role.NETWORK_PERSON, date(2010, 5, 1))
        anew = answer("youth", event=Event.RECONFIRMED, at=at("2028-05-02T12:00:00").at)
        evidence = (*ALL_AGREED, anew)
        assert kinds((YOUTH, HOLDER, sibling), evidence, at("2029-01-01T00:00:00")) == set()


class TestSignedPaper:
    paper = answer("worker", method=Method.SIGNED_PAPER, at=at("2026-03-11T00:10:00").at)

    @pytest.mark.parametrize(
        ("moment", "missing"), [("2026-03-24T23:59:59", False), ("2026-03-25T00:00:00", True)]
    )
    def test_its_picture_is_kept_within_days(self, moment: str, *, missing: bool) -> None:
        evidence = (*ALL_AGREED[:2], self.paper)
        assert kinds(ROSTER, evidence, at(moment)) == ({GapKind.SCAN_MISSING} if missing else set())

    def test_with_its_picture_it_holds_on(self) -> None:
        evidence = (*ALL_AGREED[:2], replace(self.paper, scanned=True))
        assert kinds(ROSTER, evidence, at("2026-12-01T00:00:00")) == set()


class TestSpokenAnswer:
    spoken = answer("worker", method=Method.SPOKEN, spoken_at_ms=0)

    def test_it_is_heard_at_a_marked_place(self) -> None:
        assert kinds(ROSTER, (*ALL_AGREED[:2], self.spoken)) == set()

    def test_nobody_is_heard_who_was_not_there(self) -> None:
        spoken = replace(self.spoken, person=HOLDER.person)
        assert kinds(ROSTER, (ALL_AGREED[0], spoken, ALL_AGREED[2])) == {GapKind.NOT_HEARD}

    def test_a_spoken_no_needs_no_place(self) -> None:
        no = replace(self.spoken, event=Event.REFUSED, spoken_at_ms=None)
        assert kinds(ROSTER, (*ALL_AGREED[:2], no)) == {GapKind.REFUSED}


@pytest.mark.parametrize("no", [Event.REFUSED, Event.WITHDRAWN, Event.EXPIRED, Event.INVALIDATED])
def test_only_given_opens_again_after_a_no(no: Event) -> None:
    closed = (*ALL_AGREED, answer("youth", event=no, at=LATER))
    hour = timedelta(hours=1)
    reconfirmed = answer("youth", id=EvidenceId("r"), event=Event.RECONFIRMED, at=LATER + hour)
    again = answer("youth", id=EvidenceId("g"), at=LATER + 2 * hour)
    assert kinds(ROSTER, (*closed, reconfirmed)) != set()
    assert kinds(ROSTER, (*closed, reconfirmed, again)) == set()


def test_nothing_is_reconfirmed_that_was_not_given() -> None:
    reconfirmed = answer("youth", event=Event.RECONFIRMED)
    assert kinds(ROSTER, (reconfirmed, *ALL_AGREED[1:])) == {GapKind.NOT_ASKED}


class TestConflict:
    second = replace(HOLDER, person=PersonId("second"))
    roster = (*ROSTER, second)

    def conflict(self, *answers: Evidence, question: Question = QUESTION) -> Conflict | None:
        return conflict_in(question, roster=self.roster, evidence=answers)

    def test_two_custody_holders_disagree(self) -> None:
        no = answer("second", event=Event.REFUSED)
        assert self.conflict(*ALL_AGREED, no) == Conflict(yes=(YOUTH, HOLDER), no=(self.second,))

    def test_the_youth_refuses_while_a_custody_holder_agrees(self) -> None:
        no = answer("youth", event=Event.WITHDRAWN)
        assert self.conflict(no, ALL_AGREED[1]) == Conflict(yes=(HOLDER,), no=(YOUTH,))

    def test_who_has_not_answered_disagrees_with_nobody(self) -> None:
        assert self.conflict(*ALL_AGREED) is None
        assert self.conflict(answer("youth", event=Event.REFUSED)) is None

    def test_the_caseworkers_no_is_no_disagreement_about_the_youth(self) -> None:
        no = answer("worker", event=Event.REFUSED)
        assert self.conflict(*ALL_AGREED[:2], answer("second"), no) is None

    def test_who_has_no_say_any_more_disagrees_with_nobody(self) -> None:
        no = answer("second", event=Event.REFUSED)
        grown = at("2028-05-01T00:00:00")
        assert self.conflict(*ALL_AGREED, no, question=grown) is None

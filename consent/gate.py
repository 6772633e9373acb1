"""Permission to use a recording. No clock, no database: callers bring the facts.

The rules, in the order they are checked:

1. The roster names someone. "All of nobody agreed" is not consent.
2. It names a youth, whose birth date is known.
3. While the youth is a minor, it names at least one custody holder.
4. Everyone whose say is needed has an answer for this purpose: the youth, every custody
   holder while the youth is a minor, and everyone else who is seen or heard.
5. That answer is the person's latest, affirmative, covers the recording's day, every scope
   asked for, and still holds today.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from consent.errors import ConsentMissing
from consent.model import (
    AFFIRMATIVE,
    EVERYTHING,
    Event,
    Evidence,
    Gap,
    GapKind,
    Jurisdiction,
    Participant,
    PersonId,
    Purpose,
    RecordingId,
    Role,
    Scope,
)

_NEGATIVE_GAPS = {
    Event.REFUSED: GapKind.REFUSED,
    Event.WITHDRAWN: GapKind.WITHDRAWN,
    Event.EXPIRED: GapKind.EXPIRED,
    Event.INVALIDATED: GapKind.INVALIDATED,
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the gate.

    Attributes:
        recorded_at: When the conversation was filmed; the roster's answers must cover it.
        scope: Which parts are to be used; all of them unless said otherwise.
    """

    recording: RecordingId
    purpose: Purpose
    recorded_at: datetime
    at: datetime
    jurisdiction: Jurisdiction
    scope: frozenset[Scope] = EVERYTHING


@dataclass(frozen=True, slots=True)
class Permit:
    """The right to use one recording for one purpose at one moment.

    To exist is to be allowed: construction verifies the evidence. It speaks for its moment
    only, so it is never stored, queued or kept for longer than seconds.

    Raises:
        ConsentMissing: Someone on the roster has not agreed, or no longer agrees.
    """

    question: Question
    roster: frozenset[Participant]
    evidence: tuple[Evidence, ...]

    def __post_init__(self) -> None:
        gaps = gaps_in(self.question, roster=self.roster, evidence=self.evidence)
        if gaps:
            raise ConsentMissing(
                recording=self.question.recording, purpose=self.question.purpose, gaps=gaps
            )

    @property
    def recording(self) -> RecordingId:
        """The recording that may be used."""
        return self.question.recording

    @property
    def purpose(self) -> Purpose:
        """What it may be used for."""
        return self.question.purpose

    @property
    def at(self) -> datetime:
        """The moment the permit speaks for."""
        return self.question.at


def permit_for(
    question: Question, *, roster: Iterable[Participant], evidence: Iterable[Evidence]
) -> Permit:
    """Return a permit to use one recording for one purpose at one moment.

    Ask again at every stage, because anyone heard in the recording may withdraw while it is
    being worked on.

    Raises:
        ConsentMissing: Someone on the roster has not agreed, or no longer agrees.
    """
    return Permit(question, frozenset(roster), tuple(evidence))


def gaps_in(
    question: Question, *, roster: Iterable[Participant], evidence: Iterable[Evidence]
) -> tuple[Gap, ...]:
    """Return every reason why there is no permit, in the order people are asked."""
    people = sorted(roster, key=lambda p: (list(Role).index(p.role), p.person))
    if not people:
        return (Gap(GapKind.NOBODY_NAMED),)
    latest = latest_answers(evidence, question=question)
    return (
        *_roster_gaps(question, people),
        *(
            Gap(kind, person.role, person.person)
            for person in people
            if needs_to_agree(person, people=people, question=question)
            for kind in _answer_gaps(question, latest.get(person.person))
        ),
    )


def latest_answers(evidence: Iterable[Evidence], *, question: Question) -> dict[PersonId, Evidence]:
    """Return each person's last answer, as known at the question's moment.

    Of two answers given at the same moment the less permissive counts.
    """
    about = (
        e
        for e in evidence
        if e.recording == question.recording
        and e.purpose == question.purpose
        and e.at <= question.at
    )
    in_order = sorted(about, key=lambda e: (e.at, e.event not in AFFIRMATIVE, e.id))
    return {answer.person: answer for answer in in_order}


def is_minor(participant: Participant, *, on: date, jurisdiction: Jurisdiction) -> bool:
    """Return whether the person is under age on a day; an unknown age counts as under age."""
    born = participant.birth_date
    if born is None:
        return True
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return age < jurisdiction.majority_age


def needs_to_agree(
    participant: Participant, *, people: Iterable[Participant], question: Question
) -> bool:
    """Return whether this person's answer is needed for a permit at the question's moment."""
    if participant.role is Role.CUSTODY_HOLDER and not participant.present:
        return any(
            is_minor(p, on=question.at.date(), jurisdiction=question.jurisdiction)
            for p in people
            if p.role is Role.YOUTH
        )
    return participant.present or participant.role is Role.YOUTH


def _roster_gaps(question: Question, people: list[Participant]) -> Iterator[Gap]:
    youths = [p for p in people if p.role is Role.YOUTH]
    if not youths:
        yield Gap(GapKind.NO_YOUTH, Role.YOUTH)
    for youth in youths:
        if youth.birth_date is None:
            yield Gap(GapKind.BIRTH_DATE_MISSING, Role.YOUTH, youth.person)
    minors = [
        y for y in youths if is_minor(y, on=question.at.date(), jurisdiction=question.jurisdiction)
    ]
    if minors and not any(p.role is Role.CUSTODY_HOLDER for p in people):
        yield Gap(GapKind.NO_CUSTODY_HOLDER, Role.CUSTODY_HOLDER)


def _answer_gaps(question: Question, answer: Evidence | None) -> Iterator[GapKind]:
    if answer is None:
        yield GapKind.NOT_ASKED
    elif answer.event not in AFFIRMATIVE:
        yield _NEGATIVE_GAPS[answer.event]
    elif answer.valid_until is not None and question.at.date() >= answer.valid_until:
        yield GapKind.EXPIRED
    elif not _covers(answer, question.recorded_at.date()):
        yield GapKind.RECORDING_NOT_COVERED
    elif not question.scope <= answer.scope:
        yield GapKind.SCOPE_NOT_COVERED


def _covers(answer: Evidence, day: date) -> bool:
    return answer.valid_from <= day and (answer.valid_until is None or day < answer.valid_until)

"""The days that are coming for a recording. What happens on them is the gate's and erasure's.

A deadline's day is the first on which something is over, like every end in Samspil.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from consent.days import majority_day, moment_of
from consent.gate import (
    Question,
    gaps_in,
    latest_answers,
    needs_to_agree,
    reask_day,
    scan_day,
)
from consent.model import AFFIRMATIVE, Evidence, Participant, PersonId, Purpose, Role


class DeadlineKind(StrEnum):
    """What is over on a deadline's day."""

    ERASE = "erase"
    COURSE_ENDS = "course_ends"
    CONSENT_ENDS = "consent_ends"
    REASK = "reask"
    SCAN = "scan"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which something must have been done, or from which something no longer holds.

    Attributes:
        on: The first day on which it is too late.
        person: Whose answer, paper or request it is about.
        purpose: Which of the person's answers.
    """

    kind: DeadlineKind
    on: date
    person: PersonId | None = None
    purpose: Purpose | None = None


def deadlines(
    question: Question,
    *,
    roster: Iterable[Participant],
    evidence: Iterable[Evidence],
    erase_on: date | None = None,
    course_ends_on: date | None = None,
    access_due: Mapping[PersonId, date] | None = None,
) -> tuple[Deadline, ...]:
    """Return every day that matters for a recording, the earliest first, past ones too.

    All purposes are looked at, whichever the question is about, for each ends by itself. Only
    a standing yes of someone whose say is needed can end.

    Args:
        question: Where and when it is asked.
        roster: Everyone seen or heard, and everyone with a say.
        evidence: Every answer about the recording.
        erase_on: The day from which it erases itself if nothing comes before.
        course_ends_on: The first day after its course.
        access_due: By when each person who asked for a copy is to have it.
    """
    people, answers = tuple(roster), tuple(evidence)
    found = [
        *(deadline for p in Purpose for deadline in _of_answers(question, p, people, answers)),
        *(Deadline(DeadlineKind.ACCESS, on, who) for who, on in (access_due or {}).items()),
    ]
    if erase_on is not None:
        on = erase_day(
            question,
            roster=people,
            evidence=answers,
            kept_until=erase_on,
            course_ends_on=course_ends_on,
        )
        found.append(Deadline(DeadlineKind.ERASE, on))
    if course_ends_on is not None:
        found.append(Deadline(DeadlineKind.COURSE_ENDS, course_ends_on))
    return tuple(sorted(found, key=lambda d: (d.on, d.kind, d.person or "", d.purpose or "")))


def erase_day_in(told: Iterable[Deadline]) -> date | None:
    """Return the day on which a recording erases itself among the days told of it."""
    return next((each.on for each in told if each.kind is DeadlineKind.ERASE), None)


def erase_day(
    question: Question,
    *,
    roster: Iterable[Participant],
    evidence: Iterable[Evidence],
    kept_until: date,
    course_ends_on: date | None = None,
) -> date:
    """Return the day from which a recording erases itself, as things stand at the moment.

    It is the earliest of three: its own last day, some time after its course, and some time
    after it closed because a yes it needs no longer holds. A yes that comes in time takes the
    third away.
    """
    rules = question.jurisdiction
    days = [kept_until]
    if course_ends_on is not None:
        days.append(course_ends_on + timedelta(days=rules.after_course_days))
    closed = closed_on(
        replace(question, purpose=Purpose.SUPERVISION), roster=roster, evidence=evidence
    )
    if closed is not None:
        days.append(closed + timedelta(days=rules.unprocessed_days))
    return min(days)


def closed_on(
    question: Question, *, roster: Iterable[Participant], evidence: Iterable[Evidence]
) -> date | None:
    """Return the day on which a recording closed that was open before.

    None while it is open, and of one that never was. Between two turning points nothing
    changes, so going back over them finds the last one at which it was open.
    """
    people, answers = tuple(roster), tuple(evidence)
    if not gaps_in(question, roster=people, evidence=answers):
        return None
    closed = question.today
    for moment in sorted(_turning_points(question, people, answers), reverse=True):
        asked = replace(question, at=moment)
        if not gaps_in(asked, roster=people, evidence=answers):
            return closed
        closed = asked.today
    return None


def _turning_points(
    question: Question, people: tuple[Participant, ...], answers: tuple[Evidence, ...]
) -> set[datetime]:
    """Return the moments so far at which a permit may have come or gone."""
    rules = question.jurisdiction
    roster = {person.person: person for person in people}
    days = {
        majority_day(p.birth_date, rules) for p in people if p.role is Role.YOUTH and p.birth_date
    }
    for answer in answers:
        person = roster.get(answer.person)
        ends = (
            answer.valid_until,
            scan_day(answer, jurisdiction=rules),
            reask_day(person, answer, jurisdiction=rules) if person else None,
        )
        days.update(on for on in ends if on is not None)
    begun = {moment_of(day, time(0), rules) for day in days}
    return {each for each in begun | {e.at for e in answers} if each <= question.at}


def _of_answers(
    question: Question,
    purpose: Purpose,
    people: tuple[Participant, ...],
    answers: tuple[Evidence, ...],
) -> Iterable[Deadline]:
    asked = replace(question, purpose=purpose)
    latest = latest_answers(answers, question=asked)
    for person in people:
        answer = latest.get(person.person)
        if (
            answer is None
            or answer.event not in AFFIRMATIVE
            or not needs_to_agree(person, people=people, question=asked)
        ):
            continue
        ends = {
            DeadlineKind.CONSENT_ENDS: answer.valid_until,
            DeadlineKind.REASK: reask_day(person, answer, jurisdiction=question.jurisdiction),
            DeadlineKind.SCAN: scan_day(answer, jurisdiction=question.jurisdiction),
        }
        for kind, on in ends.items():
            if on is not None:
                yield Deadline(kind, on, person.person, purpose)

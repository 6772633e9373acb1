"""Permission to use a recording. No clock, no database: callers bring the facts.

The rules, in the order they are checked:

1. The roster names someone. "All of nobody agreed" is not consent.
2. It names a youth, whose birth date is known.
3. While the youth is a minor, it names at least one custody holder.
4. Everyone whose say is needed has an answer for this purpose: the youth, every custody
   holder while the youth is a minor, and everyone else who is seen or heard.
5. That answer is the person's latest, affirmative, covers the recording's day, every scope
   asked for, and still holds today.
6. A youth who has come of age has confirmed it as an adult, once the time to ask is over.
7. A signed paper's picture is kept, once the time to scan it is over. A spoken answer is heard
   at a marked place, from someone who was there.

Days are the jurisdiction's own (``consent.days``). Only "given" opens: a reconfirmation keeps a
standing yes alive, and says nothing after a no.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from consent.days import day_of, majority_day
from consent.errors import ConsentMissing
from consent.model import (
    AFFIRMATIVE,
    EVERYTHING,
    Conflict,
    Event,
    Evidence,
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

_NEGATIVE_GAPS = {
    Event.REFUSED: GapKind.REFUSED,
    Event.WITHDRAWN: GapKind.WITHDRAWN,
    Event.EXPIRED: GapKind.EXPIRED,
    Event.INVALIDATED: GapKind.INVALIDATED,
}
_SAID_NO = frozenset({Event.REFUSED, Event.WITHDRAWN})
_DECIDERS = frozenset({Role.YOUTH, Role.CUSTODY_HOLDER})


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

    @property
    def today(self) -> date:
        """The day on which it is asked."""
        return day_of(self.at, self.jurisdiction)

    @property
    def recorded_on(self) -> date:
        """The day of the conversation."""
        return day_of(self.recorded_at, self.jurisdiction)


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
            for kind in _answer_gaps(question, person, latest.get(person.person))
        ),
    )


def conflict_in(
    question: Question, *, roster: Iterable[Participant], evidence: Iterable[Evidence]
) -> Conflict | None:
    """Return who disagrees with whom about the youth's film; None while nobody does.

    It adds nothing to the gate, where a single no suffices. It says why: an answer is there
    from everyone, and asking once more does not help before they have talked.
    """
    people = sorted(roster, key=lambda p: (list(Role).index(p.role), p.person))
    latest = latest_answers(evidence, question=question)
    deciders = [
        p
        for p in people
        if p.role in _DECIDERS and needs_to_agree(p, people=people, question=question)
    ]
    yes = tuple(p for p in deciders if not [*_answer_gaps(question, p, latest.get(p.person))])
    no = tuple(p for p in deciders if p.person in latest and latest[p.person].event in _SAID_NO)
    return Conflict(yes, no) if yes and no else None


def latest_answers(evidence: Iterable[Evidence], *, question: Question) -> dict[PersonId, Evidence]:
    """Return each person's answer that counts, as known at the question's moment.

    That is the last one, save that a reconfirmation without a standing yes is passed over. Of
    two answers given at the same moment the less permissive counts.
    """
    about = (
        e
        for e in evidence
        if e.recording == question.recording
        and e.purpose == question.purpose
        and e.at <= question.at
    )
    standing: dict[PersonId, Evidence] = {}
    for answer in sorted(about, key=lambda e: (e.at, e.event not in AFFIRMATIVE, e.id)):
        before = standing.get(answer.person)
        if answer.event is Event.RECONFIRMED and (
            before is None or before.event not in AFFIRMATIVE
        ):
            continue
        standing[answer.person] = answer
    return standing


def is_minor(participant: Participant, *, on: date, jurisdiction: Jurisdiction) -> bool:
    """Return whether the person is under age on a day; an unknown age counts as under age."""
    born = participant.birth_date
    return born is None or on < majority_day(born, jurisdiction)


def reask_day(
    participant: Participant, answer: Evidence, *, jurisdiction: Jurisdiction
) -> date | None:
    """Return the first day on which an answer no longer holds because the youth is of age now.

    None for everyone whose answer does not end that way: who is no youth, who gave it as an
    adult, and whose birth date is unknown.
    """
    if participant.role is not Role.YOUTH or participant.birth_date is None:
        return None
    of_age = majority_day(participant.birth_date, jurisdiction)
    if day_of(answer.at, jurisdiction) >= of_age:
        return None
    return of_age + timedelta(days=jurisdiction.reask_days)


def scan_day(answer: Evidence, *, jurisdiction: Jurisdiction) -> date | None:
    """Return the first day on which a signed paper without a picture no longer counts."""
    if answer.method is not Method.SIGNED_PAPER or answer.scanned:
        return None
    return day_of(answer.at, jurisdiction) + timedelta(days=jurisdiction.scan_within_days)


def needs_to_agree(
    participant: Participant, *, people: Iterable[Participant], question: Question
) -> bool:
    """Return whether this person's answer is needed for a permit at the question's moment."""
    if participant.role is Role.CUSTODY_HOLDER and not participant.present:
        return any(
            is_minor(p, on=question.today, jurisdiction=question.jurisdiction)
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
        y for y in youths if is_minor(y, on=question.today, jurisdiction=question.jurisdiction)
    ]
    if minors and not any(p.role is Role.CUSTODY_HOLDER for p in people):
        yield Gap(GapKind.NO_CUSTODY_HOLDER, Role.CUSTODY_HOLDER)


def _answer_gaps(
    question: Question, person: Participant, answer: Evidence | None
) -> Iterator[GapKind]:
    if answer is None:
        yield GapKind.NOT_ASKED
    elif answer.event not in AFFIRMATIVE:
        yield _NEGATIVE_GAPS[answer.event]
    elif _is_over(answer.valid_until, question):
        yield GapKind.EXPIRED
    elif _is_over(reask_day(person, answer, jurisdiction=question.jurisdiction), question):
        yield GapKind.REASK_DUE
    elif not _covers(answer, question.recorded_on):
        yield GapKind.RECORDING_NOT_COVERED
    elif not question.scope <= answer.scope:
        yield GapKind.SCOPE_NOT_COVERED
    elif _is_over(scan_day(answer, jurisdiction=question.jurisdiction), question):
        yield GapKind.SCAN_MISSING
    elif answer.method is Method.SPOKEN and (answer.spoken_at_ms is None or not person.present):
        yield GapKind.NOT_HEARD


def _is_over(first_day_after: date | None, question: Question) -> bool:
    return first_day_after is not None and question.today >= first_day_after


def _covers(answer: Evidence, day: date) -> bool:
    return answer.valid_from <= day and (answer.valid_until is None or day < answer.valid_until)

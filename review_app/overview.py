"""What the lists show of each recording: where it stands and whose turn it is. No film, no text.

The wish is content and is read only while there is a permit.
"""

from dataclasses import dataclass
from datetime import date

from consent.model import Gap, Participant, Role
from consent.schedule import Deadline, erase_day_in
from review_app.consent_words import in_order
from review_app.permissions import side_of
from review_app.supervision.cycle import Facts, Step, step_of, waits_for
from storage import (
    accounts,
    annotations,
    consent_ledger,
    courses,
    cycles,
    jurisdictions,
    notes,
    recordings,
    requests,
)
from storage.errors import NotFound
from storage.records import (
    Course,
    Cycle,
    Plan,
    Recording,
    Side,
    Stage,
    StageRun,
    StageState,
    User,
)
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Item:
    """One recording in a list.

    Attributes:
        other: Name of the other of the two.
        recorded_on: The day of the conversation.
        youth_age: Years at the day of the recording; None if the birth date is not known.
        processed: Share of the stages done, 0..1.
        on_camera: The film is here, and nobody has said yet that the camera's copy is gone.
        deadlines: Every day that is coming for it, the earliest first.
        roster: Whom these days are about.
        today: The day it is where its law holds.
        chosen: How many sequences are chosen; answered: how many have been answered or skipped.
    """

    recording: Recording
    course: Course
    side: Side
    other: str
    step: Step
    gaps: tuple[Gap, ...]
    cycle: Cycle
    recorded_on: date
    meets_on: date | None
    youth_age: int | None
    processed: float
    on_camera: bool
    chosen: int
    answered: int
    deadlines: tuple[Deadline, ...]
    roster: tuple[Participant, ...]
    today: date

    @property
    def erase_on(self) -> date | None:
        """The day from which the recording erases itself, as things stand now."""
        return erase_day_in(self.deadlines)

    @property
    def is_mine_to_do(self) -> bool:
        """Whether the next step is this reader's."""
        return waits_for(self.step, self.side)


def items_of(tx: Transaction, user: User) -> tuple[Item, ...]:
    """Return everything in a person's list, the newest conversation first."""
    found = [
        _item(tx, recording, course, side)
        for course in courses.courses_of(tx, user.id)
        for recording in recordings.recordings_of(tx, course=course.id)
        if (side := side_of(user, recording=recording, course=course)) is not None
    ]
    return tuple(sorted(found, key=lambda item: item.recording.recorded_at, reverse=True))


def week_of(course: Course, *, on: date) -> int:
    """Return the course's week on a day, from 1 to its last."""
    elapsed = (on - course.starts_on).days // 7 + 1
    return min(max(elapsed, 1), course.weeks)


def next_plan(tx: Transaction, items: tuple[Item, ...]) -> tuple[Item, Plan] | None:
    """Return the newest approved plan and the conversation it came from."""
    for item in items:
        if item.step is Step.APPROVED:
            minutes = cycles.minutes_of(tx, consent_ledger.permit(tx, item.recording.id))
            if minutes is not None:
                return item, minutes.plan
    return None


def facts_of(tx: Transaction, recording: Recording) -> tuple[Facts, tuple[Gap, ...]]:
    """Return what a recording's step is derived from, and who is missing."""
    try:
        gaps = consent_ledger.gaps(tx, recording.id)
    except NotFound:  # it is erased, or its erasure has begun
        erased, gaps = True, ()
    else:
        erased = False
    facts = Facts(
        received=recording.received_at is not None,
        permitted=not gaps and not erased,
        erased=erased,
        cycle=_cycle(tx, recording, permitted=not gaps and not erased),
        stages=requests.stage_runs_of(tx, recording.id),
        stages_needed=len(Stage),
    )
    return facts, gaps


def age_on(day: date, born: date | None) -> int | None:
    """Return a person's age in whole years on a day."""
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _cycle(tx: Transaction, recording: Recording, *, permitted: bool) -> Cycle:
    return cycles.cycle_of(tx, recording.id) if permitted else Cycle(recording.id)


def _item(tx: Transaction, recording: Recording, course: Course, side: Side) -> Item:
    facts, gaps = facts_of(tx, recording)
    other = course.supervisor if side is Side.CASEWORKER else course.caseworker
    chosen = answered = 0
    youth_age = None
    deadlines: tuple[Deadline, ...] = ()
    roster: tuple[Participant, ...] = ()
    day = jurisdictions.day_in(tx, recording.jurisdiction, moment=recording.recorded_at)
    if not facts.erased:
        roster = in_order(consent_ledger.roster_of(tx, recording.id))
        deadlines = consent_ledger.deadlines_of(tx, recording.id)
        born = next((p.birth_date for p in roster if p.role is Role.YOUTH), None)
        youth_age = age_on(day, born)
    if facts.permitted and (side is Side.SUPERVISOR or facts.cycle.released_at):
        permit = consent_ledger.permit(tx, recording.id)
        chosen = len(annotations.sequences_of(tx, permit))
        answered = len(notes.answers_of(tx, permit))
    return Item(
        recording=recording,
        course=course,
        side=side,
        other=accounts.user(tx, other).name,
        step=step_of(facts),
        gaps=gaps,
        cycle=facts.cycle,
        recorded_on=day,
        meets_on=jurisdictions.day_in(tx, recording.jurisdiction, moment=meeting)
        if (meeting := facts.cycle.meeting_at)
        else None,
        youth_age=youth_age,
        processed=_share_done(facts.stages),
        on_camera=facts.received
        and not facts.erased
        and cycles.camera_cleared_at(tx, recording.id) is None,
        chosen=chosen,
        answered=answered,
        deadlines=deadlines,
        roster=roster,
        today=jurisdictions.today(tx, recording.jurisdiction),
    )


def _share_done(runs: tuple[StageRun, ...]) -> float:
    return sum(1.0 if r.state is StageState.DONE else r.fraction for r in runs) / len(Stage)

"""What a caseworker works towards in a course, in own words, and how it goes in their own eyes."""

from dataclasses import dataclass
from datetime import datetime

from consent.model import RecordingId
from storage.records.ids import CourseId, GoalId


@dataclass(frozen=True, slots=True)
class Goal:
    """One own goal, written so that it can be followed: specific, and bound to a week.

    Attributes:
        goal: What the caseworker wants to be able to do, in one sentence.
        sign: What will be seen or heard when it happens.
        means: What they can do themselves, and what helps.
        reason: Why it matters, to them and to the young people.
        week: The week of the course by which they would like to be there, from 1.
        closed_at: When they laid it aside, reached or not; nobody is told which.
        revision: Counts from 1; a save names the revision that it changes, a first one 0.
    """

    id: GoalId
    course: CourseId
    goal: str
    week: int
    written_at: datetime
    sign: str = ""
    means: str = ""
    reason: str = ""
    closed_at: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class GoalLook:
    """The caseworker's own look at a goal after one review: where they are, what was tried.

    Attributes:
        place: From 0, not begun, to 10, as they want it. Their own eyes only.
        tried: What they tried, in a line. It may speak of the conversation, so it goes with it.
    """

    goal: GoalId
    recording: RecordingId
    place: int
    tried: str
    at: datetime

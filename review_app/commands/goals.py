"""Intents of the caseworker's own goals in a course: write, lay aside, erase, look back."""

from dataclasses import dataclass, replace
from typing import Annotated, Final

from pydantic import Field
from pydantic_core import CoreSchema, core_schema

from review_app.commands.access import access_to
from review_app.commands.arguments import Count, OneGoal, OneRecording, Sentence
from review_app.errors import BadRequest, Denied
from review_app.permissions import check_may_see_goals
from storage import audit, courses, cycles, goals
from storage.errors import NotFound, NotPlain
from storage.identity import new_id
from storage.plain import check_plain
from storage.records import Course, CourseId, Goal, GoalId, Side, User
from storage.transaction import Transaction

MOST_GOALS: Final = 12
"""Open and laid aside: more than anyone follows."""
PlaceOnLine = Annotated[int, Field(ge=0, le=10)]


@dataclass(frozen=True, slots=True)
class Together:
    """One of the two of a course, for the length of one transaction."""

    tx: Transaction
    user: User
    course: Course
    side: Side

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> CoreSchema:
        """Take one as it is: it is made here and never parsed from what a page sends."""
        return core_schema.is_instance_schema(cls)

    def note_in_audit(self, action: str, **detail: int | str) -> None:
        """Write in the audit log what this person did in this course."""
        audit.append(
            self.tx, actor=self.user.id, action=action, subject=self.course.id, detail=detail
        )


def together_in(tx: Transaction, user: User, untrusted_course: str) -> Together:
    """Return a person's part in a course's confidential room.

    Raises:
        Denied: They have none, or there is no such course; the two look the same from outside.
    """
    try:
        check_plain({"course": untrusted_course})
        course = courses.course(tx, CourseId(untrusted_course))
    except (NotFound, NotPlain):
        raise Denied from None
    return Together(tx, user, course, check_may_see_goals(user, course=course))


def write_goal(
    near: Together,
    *,
    goal: Sentence,
    week: int,
    sign: Sentence = "",
    means: Sentence = "",
    reason: Sentence = "",
    id: OneGoal | None = None,  # noqa: A002 - the page's own word
    revision: Count = 0,
) -> GoalId:
    """Write a new goal in own words, or an own one anew.

    Raises:
        BadRequest: It says nothing, its week is none of the course's, or there are very many.
        Conflict: It has been changed in another window.
    """
    _check_caseworker(near)
    kept = {each.id: each for each in goals.goals_of(near.tx, near.course.id)}
    if not goal.strip() or not 1 <= week <= near.course.weeks:
        raise BadRequest
    if id not in kept and len(kept) >= MOST_GOALS:
        raise BadRequest
    old = kept.get(id) if id else None
    written = goals.write_goal(
        near.tx,
        Goal(
            id=id or GoalId(new_id()),
            course=near.course.id,
            goal=goal.strip(),
            sign=sign.strip(),
            means=means.strip(),
            reason=reason.strip(),
            week=week,
            written_at=near.tx.at,
            closed_at=old.closed_at if old else None,
            revision=revision,
        ),
    )
    near.note_in_audit("goal_written", goal=written.id, revision=written.revision)
    return written.id


def lay_goal_aside(
    near: Together,
    *,
    id: OneGoal,  # noqa: A002 - the page's own word
    revision: Count,
    aside: bool,
) -> None:
    """Lay a goal aside, reached or not, or take it up again; its looks stay.

    Raises:
        Conflict: It has been changed in another window.
    """
    _check_caseworker(near)
    closed_at = near.tx.at if aside else None
    goals.write_goal(near.tx, replace(_own(near, id), closed_at=closed_at, revision=revision))
    near.note_in_audit("goal_laid_aside" if aside else "goal_taken_up", goal=id)


def remove_goal(near: Together, *, id: OneGoal) -> None:  # noqa: A002 - the page's own word
    """Erase a goal and every look back at it."""
    _check_caseworker(near)
    goals.remove_goal(near.tx, id, course=near.course.id)
    near.note_in_audit("goal_removed", goal=id)


def look_at_goal(
    near: Together,
    *,
    id: OneGoal,  # noqa: A002 - the page's own word
    recording: OneRecording,
    place: PlaceOnLine,
    tried: Sentence = "",
) -> None:
    """Say after a review where one is with a goal, in one's own eyes, and what one tried.

    Raises:
        BadRequest: The review has not been held, or is of another course.
        ConsentMissing: The conversation is locked, and so is what is said of it.
    """
    _check_caseworker(near)
    access = access_to(near.tx, near.user, recording)
    held = cycles.cycle_of(near.tx, access.id).meeting_ended_at is not None
    if access.course.id != near.course.id or not held:
        raise BadRequest
    goal = _own(near, id)
    goals.look_at_goal(near.tx, access.permit, goal.id, place=place, tried=tried.strip())
    access.note_in_audit("goal_looked_at", goal=id)


def _check_caseworker(near: Together) -> None:
    if near.side is not Side.CASEWORKER:
        raise Denied


def _own(near: Together, wanted: GoalId) -> Goal:
    for goal in goals.goals_of(near.tx, near.course.id):
        if goal.id == wanted:
            return goal
    raise NotFound(f"goal {wanted} of course {near.course.id}")

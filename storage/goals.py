"""A caseworker's own goals in a course, and how they go in the caseworker's own eyes.

The words of a goal are sealed with the course's key and outlive each recording; they are erased by
the caseworker at any time, and by the house some time after the course (``storage.erasure``). A
look back after one review may speak of its conversation: it is sealed with the recording's key and
erased with it. Who may read them is not decided here.
"""

import json
from dataclasses import asdict

from sqlmodel import col, delete, select

from consent.gate import Permit
from consent.model import RecordingId
from storage.errors import Conflict, NotFound
from storage.records import CourseId, Goal, GoalId, GoalLook
from storage.tables import GoalLookRow, GoalRow
from storage.transaction import Transaction

_WORDS = ("goal", "sign", "means", "reason", "week")


def goals_of(tx: Transaction, course: CourseId) -> tuple[Goal, ...]:
    """Return a course's goals, the first one first."""
    query = select(GoalRow).where(GoalRow.course == course)
    rows = tx.session.exec(query.order_by(col(GoalRow.written_at), col(GoalRow.id)))
    return tuple(_goal(tx, row) for row in rows)


def write_goal(tx: Transaction, goal: Goal) -> Goal:
    """Write a new goal, or change one: it then names the revision that it changes.

    Raises:
        Conflict: It has been changed since; ``stored`` is the goal as it is now.
        NotFound: The goal of this id belongs to another course.
    """
    row = tx.session.get(GoalRow, goal.id, with_for_update=True)
    if row is None:
        row = GoalRow(id=goal.id, course=goal.course, written_at=tx.at, revision=0, sealed_text=b"")
        tx.session.add(row)
    elif row.course != goal.course:
        raise NotFound(f"goal {goal.id} of course {goal.course}")
    if row.revision != goal.revision:
        raise Conflict(f"goal {goal.id}", stored=_goal(tx, row) if row.sealed_text else None)
    row.closed_at = goal.closed_at
    row.revision += 1
    words = asdict(goal)
    row.sealed_text = tx.seal_for_course(
        json.dumps({name: words[name] for name in _WORDS}),
        course=goal.course,
        place=f"goals/{goal.id}",
    )
    tx.session.flush()
    return _goal(tx, row)


def remove_goal(tx: Transaction, id_: GoalId, *, course: CourseId) -> None:
    """Erase a goal and every look back at it.

    Raises:
        NotFound: The course has no such goal.
    """
    row = tx.row(GoalRow, id_, lock=True)
    if row.course != course:
        raise NotFound(f"goal {id_} of course {course}")
    _remove(tx, row)


def look_at_goal(
    tx: Transaction, permit: Permit, goal: GoalId, *, place: int, tried: str
) -> GoalLook:
    """Write how the caseworker sees a goal after a review, in place of an earlier look.

    Raises:
        NotFound: There is no such goal.
    """
    tx.row(GoalRow, goal)
    recording = permit.recording
    words = json.dumps({"place": place, "tried": tried})
    row = GoalLookRow(
        goal=goal,
        recording=recording,
        at=tx.at,
        sealed_text=tx.seal(words, recording=recording, place=f"goal_looks/{goal}"),
    )
    kept = tx.session.merge(row)
    tx.session.flush()
    return _look(tx, kept)


def looks_after(tx: Transaction, permit: Permit) -> tuple[GoalLook, ...]:
    """Return how the caseworker saw each goal after one review."""
    query = select(GoalLookRow).where(GoalLookRow.recording == permit.recording)
    rows = tx.session.exec(query.order_by(col(GoalLookRow.goal)))
    return tuple(_look(tx, row) for row in rows)


def courses_with_goals(tx: Transaction) -> tuple[CourseId, ...]:
    """Return the courses that have goals, ended ones too."""
    query = select(GoalRow.course).distinct().order_by(GoalRow.course)
    return tuple(map(CourseId, tx.session.exec(query)))


def remove_goals(tx: Transaction, course: CourseId) -> int:
    """Erase all of a course's goals, read or not, and return how many there were."""
    rows = tx.session.exec(select(GoalRow).where(GoalRow.course == course)).all()
    for row in rows:
        _remove(tx, row)
    return len(rows)


def _remove(tx: Transaction, row: GoalRow) -> None:
    tx.session.exec(delete(GoalLookRow).where(col(GoalLookRow.goal) == row.id))
    tx.session.delete(row)
    tx.session.flush()


def _goal(tx: Transaction, row: GoalRow) -> Goal:
    course = CourseId(row.course)
    place = f"goals/{row.id}"
    words = json.loads(tx.unseal_for_course(row.sealed_text, course=course, place=place))
    return Goal(
        id=GoalId(row.id),
        course=course,
        written_at=row.written_at,
        closed_at=row.closed_at,
        revision=row.revision,
        **words,
    )


def _look(tx: Transaction, row: GoalLookRow) -> GoalLook:
    recording = RecordingId(row.recording)
    place = f"goal_looks/{row.goal}"
    words = json.loads(tx.unseal(row.sealed_text, recording=recording, place=place))
    return GoalLook(goal=GoalId(row.goal), recording=recording, at=row.at, **words)

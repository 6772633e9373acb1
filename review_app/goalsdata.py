"""What the two of a course see of its own goals, put together for one person at one moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from consent.gate import Permit
from consent.model import RecordingId
from review_app.commands.goals import MOST_GOALS, Together
from review_app.overview import facts_of, week_of
from storage import accounts, consent_ledger, goals, jurisdictions, recordings
from storage.records import Goal, GoalLook, Side


@dataclass(frozen=True, slots=True)
class _Talk:
    """A conversation of the course that is open now, and when in the course it was."""

    permit: Permit
    number: int
    week: int
    reviewed: bool


def goals_shown(near: Together, *, country: str) -> dict[str, Any]:
    """Return a course's goals, each with the caseworker's looks back in the order of the weeks.

    What was said after a conversation that is locked now is left out, and comes back with it.

    Args:
        near: One of the two.
        country: Whose calendar says which week it is.
    """
    tx, course = near.tx, near.course
    talks = {talk.permit.recording: talk for talk in _talks(near)}
    looks = [look for talk in talks.values() for look in goals.looks_after(tx, talk.permit)]
    other = course.supervisor if near.side is Side.CASEWORKER else course.caseworker
    return {
        "side": near.side,
        "other": accounts.user(tx, other).name,
        "weeks": course.weeks,
        "week": week_of(course, on=jurisdictions.today(tx, country)),
        "most": MOST_GOALS,
        "reviews": [
            {"recording": id_, "number": talk.number, "week": talk.week}
            for id_, talk in talks.items()
            if talk.reviewed
        ],
        "goals": [
            _goal(goal, [each for each in looks if each.goal == goal.id], talks)
            for goal in goals.goals_of(tx, course.id)
        ],
    }


def _talks(near: Together) -> Iterator[_Talk]:
    """Yield the caseworker's conversations by their number, but those that are locked now."""
    for recording in recordings.recordings_of(near.tx, course=near.course.id):
        facts, _ = facts_of(near.tx, recording)
        if recording.owner != near.course.caseworker or not facts.permitted:
            continue
        day = jurisdictions.day_in(near.tx, recording.jurisdiction, moment=recording.recorded_at)
        yield _Talk(
            permit=consent_ledger.permit(near.tx, recording.id),
            number=recording.number,
            week=week_of(near.course, on=day),
            reviewed=facts.cycle.meeting_ended_at is not None,
        )


def _goal(goal: Goal, looks: list[GoalLook], talks: dict[RecordingId, _Talk]) -> dict[str, Any]:
    by_time = sorted(looks, key=lambda look: talks[look.recording].number)
    return {
        "id": goal.id,
        "goal": goal.goal,
        "sign": goal.sign,
        "means": goal.means,
        "reason": goal.reason,
        "week": goal.week,
        "revision": goal.revision,
        "aside": goal.closed_at is not None,
        "looks": [
            {
                "recording": look.recording,
                "number": talks[look.recording].number,
                "week": talks[look.recording].week,
                "place": look.place,
                "tried": look.tried,
            }
            for look in by_time
        ],
    }

"""What is shown of concerns and of the duty behind them: steps and times, words only to the two."""

from typing import Any

from consent.model import Duty
from review_app.commands import safeguarding
from review_app.commands.access import Guest, Relation
from review_app.supervision.disclosure import Part, open_steps
from review_app.translation import Translate
from review_app.words import CONCERN_ACTION_WORDS, CONCERN_STEP_WORDS
from storage import accounts, concerns
from storage.jurisdictions import jurisdiction
from storage.records import Concern, Recording, User, UserId
from storage.transaction import Transaction


def concerns_shown(near: Relation | Guest, *, say: Translate) -> dict[str, Any]:
    """Return a recording's concerns for the two, who is told of them, and the duty's text.

    A guest is shown those that they have raised themselves; what is done about them is not theirs.
    """
    tx = near.tx
    leader = near.course.told_of_concerns
    found = concerns.concerns_of(tx, near.id)
    if isinstance(near, Guest):
        found = tuple(each for each in found if each.raised_by == near.user.id)
    people = people_in(tx, found, leader=leader)
    words = safeguarding.words_of(near)
    duty = duty_in(tx, near.recording, language=near.user.language)
    return {
        "leader": people[leader].name if leader else "",
        "duty": {"text": duty.text, "link": duty.link},
        "concerns": [
            {
                "id": each.id,
                "text": words.get(each.id, ""),
                "steps": [
                    {
                        "label": say(CONCERN_STEP_WORDS[taken.step]),
                        "at": taken.at,
                        "by": people[taken.by].name,
                    }
                    for taken in each.steps
                ],
                "open": [
                    {"step": step, "label": say(CONCERN_ACTION_WORDS[step])}
                    for step in open_steps(after=each.steps[-1].step, part=Part.REVIEW)
                    if isinstance(near, Relation)
                ],
            }
            for each in found
        ],
    }


def duty_in(tx: Transaction, recording: Recording, *, language: str) -> Duty:
    """Return the duty to notify of a recording's country, in the reader's language if possible."""
    duty = jurisdiction(tx, recording.jurisdiction).duty
    return duty.get(language) or next(iter(duty.values()))


def people_in(
    tx: Transaction, found: tuple[Concern, ...], *, leader: UserId | None = None
) -> dict[UserId, User]:
    """Return everyone who is named in concerns, by id."""
    ids = {taken.by for each in found for taken in each.steps}
    return accounts.people_named(tx, ids | ({leader} if leader else set()))

"""Finding that a yes does not count: either of the two closes the recording, and nothing is erased.

A new yes opens it again. Without one it is erased after some time, as whatever is locked.
"""

from dataclasses import replace
from enum import StrEnum

from consent.gate import latest_answers
from consent.model import AFFIRMATIVE, Event, Evidence, EvidenceId, PersonId, Purpose, RecordingId
from review_app.commands.access import relation_to
from review_app.commands.intake import settle_answer
from review_app.errors import BadRequest
from storage import consent_ledger, notifications
from storage.identity import new_id
from storage.records import NotificationKind, User
from storage.transaction import Transaction


class Doubt(StrEnum):
    """Why a yes does not count. A code and never words, for it stands in the audit log."""

    WRONG_PERSON = "wrong_person"
    UNDER_PRESSURE = "under_pressure"
    NOT_THEIR_SIGNATURE = "not_their_signature"


def invalidate_answer(
    tx: Transaction,
    user: User,
    recording: RecordingId,
    person: PersonId,
    *,
    purpose: Purpose,
    because: Doubt,
) -> Evidence:
    """Note that a standing yes does not count, and close what it opened at once.

    Raises:
        Denied: The person is neither the recording's caseworker nor its supervisor.
        BadRequest: No yes of this person stands.
    """
    found = relation_to(tx, user, recording).recording
    question = consent_ledger.question(tx, recording, purpose=purpose)
    answers = latest_answers(consent_ledger.evidence_of(tx, recording), question=question)
    yes = answers.get(person)
    if yes is None or yes.event not in AFFIRMATIVE:
        raise BadRequest
    found_not_to_count = replace(
        yes,
        id=EvidenceId(new_id()),
        event=Event.INVALIDATED,
        at=tx.at,
        valid_until=None,
        written_by=user.id,
        scanned=False,
    )
    settle_answer(tx, found_not_to_count, actor=user.id, because=because)
    if found.owner != user.id:
        notifications.notify(
            tx,
            [found.owner],
            NotificationKind.CONSENT_INVALIDATED,
            recording=recording,
            about=found_not_to_count.id,
        )
    return found_not_to_count

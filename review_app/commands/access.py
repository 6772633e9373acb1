"""How a person comes to a recording: relationship first, then consent, each time anew."""

from dataclasses import dataclass

from pydantic_core import CoreSchema, core_schema

from consent.gate import Permit
from consent.model import RecordingId
from review_app.errors import Denied
from review_app.permissions import check_may_see_content
from storage import audit, consent_ledger, courses, recordings
from storage.errors import NotFound, NotPlain
from storage.plain import check_plain
from storage.records import Course, Recording, Side, User
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Relation:
    """One of the two and their recording, for the length of one transaction.

    It opens what they may know and write while the recording is locked: its date and state, who
    is missing, their own wish. Never film, text or the other's words.
    """

    tx: Transaction
    user: User
    recording: Recording
    course: Course
    side: Side

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> CoreSchema:
        """Take one as it is: it is made here and never parsed from what a page sends."""
        return core_schema.is_instance_schema(cls)

    @property
    def id(self) -> RecordingId:
        """The recording's id."""
        return self.recording.id

    def note_in_audit(self, action: str, **detail: int | str) -> None:
        """Write in the audit log what this person did with this recording."""
        audit.append(
            self.tx, actor=self.user.id, action=action, subject=self.recording.id, detail=detail
        )


@dataclass(frozen=True, slots=True)
class Access(Relation):
    """A relation to a recording that everyone in it has agreed to: its content is open."""

    permit: Permit


def relation_to(tx: Transaction, user: User, recording: RecordingId) -> Relation:
    """Return a person's relation to a recording; consent is not asked for here.

    Raises:
        Denied: It is not theirs, or there is none; the two look the same from outside.
    """
    try:
        check_plain({"recording": recording})
        found = recordings.recording(tx, recording)
    except (NotFound, NotPlain):
        raise Denied from None
    course = courses.course(tx, found.course)
    side = check_may_see_content(user, recording=found, course=course)
    return Relation(tx, user, found, course, side)


def access_to(tx: Transaction, user: User, recording: RecordingId) -> Access:
    """Return the person's access to a recording's content at this moment.

    Raises:
        Denied: The recording is not theirs.
        ConsentMissing: Someone in it has not agreed, or no longer agrees.
    """
    near = relation_to(tx, user, recording)
    permit = consent_ledger.permit(tx, recording)
    return Access(tx, user, near.recording, near.course, near.side, permit)

"""How a person comes to a recording: relationship first, then consent, each time anew."""

from dataclasses import dataclass

from pydantic_core import CoreSchema, core_schema

from consent.errors import ConsentMissing
from consent.gate import Permit
from consent.model import Purpose, RecordingId
from review_app.errors import BadRequest, Denied
from review_app.permissions import check_may_see_content, check_may_view, may_be_invited
from storage import (
    audit,
    break_glass,
    consent_ledger,
    courses,
    cycles,
    invitations,
    recordings,
    site_codebooks,
)
from storage.codebooks.model import Codebook
from storage.errors import NotFound, NotPlain
from storage.plain import check_plain
from storage.records import Course, Recording, Side, User, UserRole
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class _Near:
    """Somebody and a recording, for the length of one transaction."""

    tx: Transaction
    user: User
    recording: Recording
    course: Course

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
class Relation(_Near):
    """One of the two and their recording.

    It opens what they may know and write while the recording is locked: its date and state, who
    is missing, their own wish. Never film, text or the other's words.
    """

    side: Side


@dataclass(frozen=True, slots=True)
class Access(Relation):
    """A relation to a recording that everyone in it has agreed to: its content is open."""

    permit: Permit


@dataclass(frozen=True, slots=True)
class Viewing:
    """That a person may watch film and captions of a recording, at one moment. Nothing else.

    Attributes:
        at_meeting: It holds for a guest, and only together with one of the two.
    """

    user: User
    recording: Recording
    permit: Permit
    at_meeting: bool = False


@dataclass(frozen=True, slots=True)
class Guest(_Near):
    """A colleague at the meeting about a recording.

    It opens the room and nothing else: film and captions, the sequences, what is shared there.
    """

    permit: Permit


def relation_to(tx: Transaction, user: User, recording: RecordingId) -> Relation:
    """Return a person's relation to a recording; consent is not asked for here.

    Raises:
        Denied: It is not theirs, or there is none; the two look the same from outside.
    """
    found, course = found_with_course(tx, recording)
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


def viewing_of(tx: Transaction, user: User, recording: RecordingId) -> Viewing:
    """Return the person's right to watch now: one of the two, their guest, or in an emergency.

    Raises:
        Denied: The recording is not open to them.
        ConsentMissing: Someone in it has not agreed; no emergency stands above that.
    """
    found, course = found_with_course(tx, recording)
    if may_be_invited(user, recording=found, course=course):
        permit = guest_of(tx, user, recording).permit
        return Viewing(user, found, permit, at_meeting=True)
    administrator = user.role is UserRole.ADMINISTRATOR
    emergency = break_glass.open_for(tx, found.id, user.id) if administrator else None
    check_may_view(user, recording=found, course=course, emergency=emergency, at=tx.at)
    return Viewing(user, found, consent_ledger.permit(tx, found.id))


def guest_of(tx: Transaction, user: User, recording: RecordingId) -> Guest:
    """Return what a colleague has at the meeting about a recording at this moment.

    The invitation stands, the sequences are released, the meeting has not ended, and everyone
    has agreed to supervision and to the group. Why it is not so is nothing for a guest to know.

    Raises:
        Denied: This person is no guest now.
    """
    found, course = found_with_course(tx, recording)
    if not may_be_invited(user, recording=found, course=course):
        raise Denied
    if not invitations.is_invited(tx, found.id, user.id):
        raise Denied
    try:
        cycle = cycles.cycle_of(tx, found.id)
        permit = consent_ledger.permit(tx, found.id)
        consent_ledger.permit(tx, found.id, purpose=Purpose.GROUP)
    except (ConsentMissing, NotFound):
        raise Denied from None
    if cycle.released_at is None or cycle.meeting_ended_at is not None:
        raise Denied
    return Guest(tx, user, found, course, permit)


def comes_as_guest(tx: Transaction, user: User, recording: RecordingId) -> bool:
    """Return whether a person could come to a recording as a guest alone, invited or not.

    Raises:
        Denied: There is no such recording.
    """
    found, course = found_with_course(tx, recording)
    return may_be_invited(user, recording=found, course=course)


def codebook_at_hand(access: Access, id_: str) -> Codebook:
    """Return one of the codebooks that the recording's course works with, as it is now.

    Raises:
        BadRequest: The course works with no such codebook.
    """
    for book in site_codebooks.codebooks_of(access.tx, access.course.package):
        if book.id == id_:
            return book
    raise BadRequest


def found_with_course(tx: Transaction, untrusted_id: str) -> tuple[Recording, Course]:
    """Return a recording and its course, before anything is asked about the person.

    Raises:
        Denied: There is none; it looks the same as one that is not theirs.
    """
    try:
        check_plain({"recording": untrusted_id})
        found = recordings.recording(tx, RecordingId(untrusted_id))
    except (NotFound, NotPlain):
        raise Denied from None
    return found, courses.course(tx, found.course)

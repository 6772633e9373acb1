"""Before there is anything to watch: name the roster, send the film, write down the answers.

These are the only commands that work while a recording is locked.
"""

from consent.model import Event, Evidence, Participant, Purpose, RecordingId
from review_app.commands.access import relation_to
from review_app.errors import BadRequest, Denied, TooLarge, UploadExpired
from review_app.permissions import check_may_add_recording, check_may_record_consent
from storage import audit, consent_ledger, courses, recordings, requests, uploads
from storage.errors import AlreadyReceived, NotFound, NotPlain
from storage.plain import check_plain
from storage.records import (
    NewRecording,
    Recording,
    RequestKind,
    Upload,
    UploadId,
    User,
)
from storage.transaction import Transaction

_GIB = 1024**3


def add_recording(tx: Transaction, user: User, new: NewRecording) -> Recording:
    """Register a recording with everyone who is in it.

    Raises:
        Denied: The course is not the caseworker's own.
        BadRequest: Nobody is named.
    """
    check_may_add_recording(user, course=courses.course(tx, new.course))
    if not new.roster:
        raise BadRequest
    added = recordings.add_recording(tx, new, owner=user.id)
    _note(tx, user, "recording_added", added.id)
    return added


def add_participant(
    tx: Transaction, user: User, recording: RecordingId, participant: Participant
) -> None:
    """Add someone to the roster; the recording is closed until they have agreed too."""
    found = relation_to(tx, user, recording).recording
    check_may_record_consent(user, recording=found)
    consent_ledger.add_participant(tx, recording, participant)
    _note(tx, user, "participant_added", recording)


def record_answer(tx: Transaction, user: User, evidence: Evidence) -> None:
    """Write down a person's answer: the last yes starts processing, a withdrawal erases.

    Raises:
        Denied: The recording is not the caseworker's own.
        BadRequest: The person is not on its roster.
    """
    found = relation_to(tx, user, evidence.recording).recording
    check_may_record_consent(user, recording=found)
    roster = consent_ledger.roster_of(tx, evidence.recording)
    if evidence.person not in {participant.person for participant in roster}:
        raise BadRequest
    consent_ledger.record_evidence(tx, evidence)
    audit.append(
        tx,
        actor=user.id,
        action=f"consent_{evidence.event}",
        subject=evidence.recording,
        detail={"purpose": evidence.purpose},
    )
    if evidence.event is Event.WITHDRAWN and evidence.purpose is Purpose.SUPERVISION:
        requests.ask(tx, RequestKind.ERASE, evidence.recording)
    else:
        process_if_permitted(tx, evidence.recording)


def begin_upload(
    tx: Transaction,
    user: User,
    recording: RecordingId,
    *,
    length: int,
    media_type: str,
    max_gib: float,
) -> Upload:
    """Open a way in for a film of a known length in bytes.

    Raises:
        Denied: The recording is not the caseworker's own.
        TooLarge: The site does not accept films of this size.
        AlreadyReceived: The film is already here.
    """
    found = relation_to(tx, user, recording).recording
    check_may_record_consent(user, recording=found)
    if found.received_at is not None:
        raise AlreadyReceived(recording)
    if length > max_gib * _GIB:
        raise TooLarge
    upload = uploads.begin_upload(
        tx,
        recording,
        owner=user.id,
        length=length,
        media_type=media_type,
        expires_at=tx.at + uploads.LIFETIME,
    )
    _note(tx, user, "upload_begun", recording)
    return upload


def own_upload(tx: Transaction, user: User, upload: UploadId) -> Upload:
    """Return an upload of this person.

    Raises:
        Denied: It is not theirs, or there is none.
        UploadExpired: Nobody has gone on with it in time.
    """
    try:
        check_plain({"upload": upload})
        found = uploads.upload(tx, upload)
    except (NotFound, NotPlain):
        raise Denied from None
    if found.owner != user.id:
        raise Denied
    if found.expires_at <= tx.at:
        raise UploadExpired
    return found


def process_if_permitted(tx: Transaction, recording: RecordingId) -> bool:
    """Ask the workers for processing if the film is here and everyone has agreed."""
    received = recordings.recording(tx, recording).received_at is not None
    if not received or consent_ledger.gaps(tx, recording):
        return False
    requests.ask(tx, RequestKind.PROCESS, recording)
    return True


def _note(tx: Transaction, user: User, action: str, recording: RecordingId) -> None:
    audit.append(tx, actor=user.id, action=action, subject=recording, detail={})

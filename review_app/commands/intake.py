"""Before there is anything to watch: name the roster, send the film, write down the answers.

These are the only commands that work while a recording is locked.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from consent.days import day_of
from consent.model import (
    AFFIRMATIVE,
    CustodyGround,
    Evidence,
    EvidenceId,
    Method,
    Participant,
    PersonId,
    Purpose,
    RecordingId,
    Role,
)
from consent.withdrawal import Holding, holdings_ended_by
from review_app.commands.access import relation_to
from review_app.errors import (
    AlreadyScanned,
    BadRequest,
    CourseOver,
    CustodyUnclear,
    Denied,
    NotInFilm,
    OwnCodeNeeded,
    PeriodEmpty,
    ScopeEmpty,
    SecondMissing,
    TooLarge,
    UploadExpired,
    VoiceUnnamed,
)
from review_app.permissions import check_may_add_recording, check_may_record_consent
from storage import (
    access_asks,
    audit,
    consent_codes,
    consent_ledger,
    courses,
    parts,
    recordings,
    requests,
    training_copies,
    uploads,
)
from storage.errors import AlreadyReceived, NotFound, NotPlain
from storage.jurisdictions import jurisdiction
from storage.plain import check_plain
from storage.records import (
    ONLY_PART,
    AccessAskId,
    BlobRole,
    EvidenceScan,
    NewRecording,
    PartId,
    Recording,
    RequestKind,
    Upload,
    UploadId,
    User,
)
from storage.transaction import Transaction
from storage.vault.blobs import BlobRef

_GIB = 1024**3


def add_recording(tx: Transaction, user: User, new: NewRecording) -> Recording:
    """Register a recording with everyone who is in it.

    Raises:
        Denied: The course is not the caseworker's own.
        CourseOver: It would be erased at once, for its course ended too long ago.
        CustodyUnclear: Only one of two joint custody holders is named.
        VoiceUnnamed: More voices are heard than people are named as present.
        BadRequest: Nobody is named.
    """
    course = courses.course(tx, new.course)
    check_may_add_recording(user, course=course)
    rules = jurisdiction(tx, new.jurisdiction)
    if day_of(tx.at, rules) >= course.ends_on + timedelta(days=rules.after_course_days):
        raise CourseOver
    if not new.roster:
        raise BadRequest
    check_custody(new.roster)
    if new.speakers > sum(person.present for person in new.roster):
        raise VoiceUnnamed
    added = recordings.add_recording(tx, new, owner=user.id)
    _note(tx, user, "recording_added", added.id)
    return added


def check_custody(roster: Iterable[Participant]) -> None:
    """Refuse a roster on which someone shares custody with nobody.

    Raises:
        CustodyUnclear: Only one of two joint custody holders is named.
    """
    holders = [person for person in roster if person.role is Role.CUSTODY_HOLDER]
    if len(holders) == 1 and holders[0].ground is CustodyGround.JOINT:
        raise CustodyUnclear


def add_participant(
    tx: Transaction, user: User, recording: RecordingId, participant: Participant
) -> None:
    """Add someone to the roster; the recording is closed until they have agreed too.

    Raises:
        Denied: The recording is not the caseworker's own.
        BadRequest: This person is on the roster already.
    """
    _check_own(tx, user, recording)
    if participant.person in {p.person for p in consent_ledger.roster_of(tx, recording)}:
        raise BadRequest
    consent_ledger.add_participant(tx, recording, participant)
    _note(tx, user, "participant_added", recording, person=participant.person)


def correct_participant(
    tx: Transaction, user: User, recording: RecordingId, participant: Participant
) -> None:
    """Correct what is known of someone on the roster: birth date, ground, or being there.

    Their role stays, for their answers were given in it.

    Raises:
        Denied: The recording is not the caseworker's own.
        CustodyUnclear: Only one of two joint custody holders would be named.
        BadRequest: Nobody on the roster has this id and this role.
    """
    _check_own(tx, user, recording)
    roster = {p.person: p for p in consent_ledger.roster_of(tx, recording)}
    known = roster.get(participant.person)
    if known is None or known.role is not participant.role:
        raise BadRequest
    check_custody((roster | {participant.person: participant}).values())
    consent_ledger.add_participant(tx, recording, participant)
    _note(tx, user, "participant_corrected", recording, person=participant.person)
    process_if_permitted(tx, recording)


def record_answer(tx: Transaction, user: User, untrusted: Evidence) -> Evidence:
    """Write down a person's answer: the last yes starts processing, a withdrawal erases.

    It counts from the moment it is written down, whatever the page says, and it says who wrote
    it. A yes must say how it can be proven; a no need not be proven to anybody.

    Raises:
        Denied: The recording is not the caseworker's own.
        BadRequest: The person is not on its roster.
        ScopeEmpty: It is about no part of the recording.
        PeriodEmpty: It would hold for no day.
        SecondMissing: A spoken yes is to be heard nowhere in the film.
        NotInFilm: Someone who was not there cannot be heard saying yes.
        OwnCodeNeeded: A digital yes is the person's own to give.
    """
    found = _check_own(tx, user, untrusted.recording)
    roster = consent_ledger.roster_of(tx, untrusted.recording)
    known = {participant.person: participant for participant in roster}
    if untrusted.person not in known:
        raise BadRequest
    evidence = replace(untrusted, at=tx.at, written_by=user.id, scanned=False)
    _check_answer(
        evidence,
        recording=found,
        present=known[evidence.person].present,
        today=consent_ledger.question(tx, evidence.recording).today,
    )
    settle_answer(tx, evidence, actor=user.id)
    return evidence


def settle_answer(tx: Transaction, evidence: Evidence, *, actor: str, **detail: str) -> None:
    """Keep an answer with its audit entry, and let happen what follows from it at once."""
    ended = holdings_ended_by(
        evidence,
        question=consent_ledger.question(tx, evidence.recording),
        roster=consent_ledger.roster_of(tx, evidence.recording),
        evidence=consent_ledger.evidence_of(tx, evidence.recording),
    )
    consent_ledger.record_evidence(tx, evidence)
    audit.append(
        tx,
        actor=actor,
        action=f"consent_{evidence.event}",
        subject=evidence.recording,
        detail={"purpose": evidence.purpose, **detail},
    )
    if Holding.TRAINING_COPIES in ended and training_copies.end_all(tx, evidence.recording):
        requests.ask(tx, RequestKind.COPY, evidence.recording)
    if Holding.RECORDING in ended:
        requests.ask(tx, RequestKind.ERASE, evidence.recording)
    elif evidence.event in AFFIRMATIVE and evidence.purpose is Purpose.SUPERVISION:
        process_if_permitted(tx, evidence.recording)


def check_may_scan(
    tx: Transaction, user: User, recording: RecordingId, evidence: EvidenceId
) -> None:
    """Refuse a picture that belongs to no signed paper of the caseworker's own recording.

    Raises:
        Denied: The recording is not the caseworker's own, or has no such answer.
        NotFound: The recording is being or has been erased.
        BadRequest: The answer was not given on paper.
        AlreadyScanned: The paper is kept already.
    """
    answer = _own_answer(tx, user, recording, evidence)
    if answer.method is not Method.SIGNED_PAPER:
        raise BadRequest
    if answer.scanned:
        raise AlreadyScanned


def keep_scan(
    tx: Transaction, user: User, recording: RecordingId, evidence: EvidenceId, *, kept: BlobRef
) -> None:
    """Note where the picture of a signed paper lies. What is kept of it never changes.

    Raises:
        Denied: The recording is not the caseworker's own, or has no such answer.
        NotFound: The recording is being or has been erased.
        AlreadyScanned: The paper is kept already.
    """
    check_may_scan(tx, user, recording, evidence)
    recordings.record_blob(tx, recording, BlobRole.EVIDENCE_SCAN, kept)
    consent_ledger.record_scan(
        tx, EvidenceScan(evidence, recording, blob=kept.key, at=tx.at, by=user.id)
    )
    _note(tx, user, "scan_kept", recording, evidence=evidence)


def view_scan(
    tx: Transaction, user: User, recording: RecordingId, evidence: EvidenceId
) -> EvidenceScan:
    """Return where the picture of a signed paper lies, and note that it was looked at.

    Raises:
        Denied: The recording is not the caseworker's own, or has no such answer.
        NotFound: The paper has not been scanned, or the recording is being or has been erased.
    """
    _own_answer(tx, user, recording, evidence)
    scan = consent_ledger.scan_of(tx, evidence)
    _note(tx, user, "scan_viewed", recording, evidence=evidence)
    return scan


def issue_code(
    tx: Transaction,
    user: User,
    recording: RecordingId,
    person: PersonId,
    *,
    stop_earlier: bool = False,
) -> str:
    """Return a new private code for someone on the roster. Nobody can be shown it again.

    Raises:
        Denied: The recording is not the caseworker's own.
        NotFound: The person is not on its roster.
    """
    _check_own(tx, user, recording)
    if stop_earlier:
        consent_codes.revoke(tx, recording, person)
        _note(tx, user, "codes_stopped", recording, person=person)
    code = consent_codes.issue(tx, recording, person, by=user.id)
    _note(tx, user, "code_issued", recording, person=person)
    return code


def answer_access_ask(
    tx: Transaction, user: User, recording: RecordingId, ask: AccessAskId
) -> None:
    """Note that someone has been given a copy of what is held about them.

    Raises:
        Denied: The recording is not the caseworker's own, or nobody in it waits for this.
    """
    _check_own(tx, user, recording)
    waiting = {each.id: each for each in access_asks.open_of(tx, recording)}
    if ask not in waiting:
        raise Denied
    access_asks.answer(tx, ask, by=user.id)
    _note(tx, user, "access_answered", recording, person=waiting[ask].person)


def begin_upload(
    tx: Transaction,
    user: User,
    recording: RecordingId,
    *,
    length: int,
    media_type: str,
    max_gib: float,
    part: PartId = ONLY_PART,
) -> Upload:
    """Open a way in for a film of a known length in bytes, or for one of its announced files.

    Raises:
        Denied: The recording is not the caseworker's own.
        TooLarge: The site does not accept films of this size, all files counted.
        AlreadyReceived: It is already here.
        PartUnknown: Other files were announced.
    """
    found = _check_own(tx, user, recording)
    here = {each.id for each in parts.parts_of(tx, recording) if each.blob is not None}
    if found.received_at is not None or part in here:
        raise AlreadyReceived(recording)
    others = sum(u.length for u in uploads.uploads_of(tx, recording) if u.part != part)
    if length + others + parts.film_bytes(tx, recording) > max_gib * _GIB:
        raise TooLarge
    upload = uploads.begin_upload(
        tx,
        recording,
        owner=user.id,
        length=length,
        media_type=media_type,
        part=part,
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


def _check_own(tx: Transaction, user: User, recording: RecordingId) -> Recording:
    found = relation_to(tx, user, recording).recording
    check_may_record_consent(user, recording=found)
    return found


def _own_answer(
    tx: Transaction, user: User, recording: RecordingId, evidence: EvidenceId
) -> Evidence:
    _check_own(tx, user, recording)
    consent_ledger.check_here(tx, recording)
    answers = {answer.id: answer for answer in consent_ledger.evidence_of(tx, recording)}
    if evidence not in answers:
        raise Denied
    return answers[evidence]


def _check_answer(evidence: Evidence, *, recording: Recording, present: bool, today: date) -> None:
    if not evidence.scope:
        raise ScopeEmpty
    until = evidence.valid_until
    if until is not None and until <= max(evidence.valid_from, today):
        raise PeriodEmpty
    if evidence.event not in AFFIRMATIVE:
        return
    if evidence.method is Method.DIGITAL:
        raise OwnCodeNeeded
    if evidence.method is Method.SPOKEN:
        if not present:
            raise NotInFilm
        length_ms = recording.duration_ms
        at_ms = evidence.spoken_at_ms
        if at_ms is None or at_ms < 0 or (length_ms is not None and at_ms >= length_ms):
            raise SecondMissing


def _note(
    tx: Transaction, user: User, action: str, recording: RecordingId, **detail: int | str
) -> None:
    audit.append(tx, actor=user.id, action=action, subject=recording, detail=detail)

"""Taking in a film from this machine, as the upload page does from a browser."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from consent.model import (
    Event,
    Evidence,
    EvidenceId,
    Gap,
    Method,
    Participant,
    PersonId,
    Purpose,
    RecordingId,
    Role,
)
from pipeline.errors import FileMissing, VoicesUnclear
from storage import audit, consent_ledger, jurisdictions, recordings, requests, uploads
from storage.anchors import ACTOR
from storage.home import Home
from storage.identity import new_id
from storage.own_text import keep_own_text
from storage.records import NewRecording, Recording, RequestKind, Upload, UserId
from storage.subtitles import Subtitles, Voice, guess, read_subtitles
from storage.vault.errors import UploadMissing
from storage.vault.resumable import ResumableUpload

_CHUNK = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """A film that has been taken in, and what keeps it from being processed."""

    recording: Recording
    gaps: tuple[Gap, ...]


def roster_of(*, youth_born: date | None, custody_holders: int) -> tuple[Participant, ...]:
    """Return the roster of an ordinary conversation: a youth, a caseworker, custody holders."""
    return (
        Participant(PersonId(new_id()), Role.YOUTH, youth_born),
        *(
            Participant(PersonId(new_id()), Role.CUSTODY_HOLDER, present=False)
            for _ in range(custody_holders)
        ),
        Participant(PersonId(new_id()), Role.CASEWORKER),
    )


def register(
    home: Home,
    new: NewRecording,
    *,
    owner: UserId,
    agreed: bool,
    method: Method = Method.SIGNED_PAPER,
) -> RecordingId:
    """Register a recording, and, if they have agreed, the consent of everyone in it."""
    with home.transaction() as tx:
        recording = recordings.add_recording(tx, new, owner=owner)
        day = jurisdictions.day_in(tx, new.jurisdiction, moment=new.recorded_at)
        for person in new.roster if agreed else ():
            consent_ledger.record_evidence(
                tx, _yes(recording.id, person.person, at=tx.at, by=method, valid_from=day)
            )
    return recording.id


def take_in(
    home: Home, path: Path, recording: RecordingId, *, progress: Callable[[float], None]
) -> Taken:
    """Encrypt a film into the vault and ask for processing if everyone has agreed.

    What was taken in before an interruption is not read again.

    Raises:
        FileMissing: There is no such file.
    """
    if not path.is_file():
        raise FileMissing
    length = path.stat().st_size
    with home.transaction() as tx:
        facts = recordings.recording(tx, recording)
        if facts.received_at is None:
            begun = [u for u in uploads.uploads_of(tx, recording) if u.length == length]
            upload = (
                begun[0]
                if begun
                else uploads.begin_upload(
                    tx,
                    recording,
                    owner=facts.owner,
                    length=length,
                    expires_at=tx.at + uploads.LIFETIME,
                )
            )
    if facts.received_at is None:
        with _part(home, upload) as part, path.open("rb") as film:
            film.seek(part.offset)
            while chunk := film.read(_CHUNK):
                part.append(chunk)
                progress(part.offset / length)
        source = home.vault.finish_upload(recording, upload=upload.id, length=upload.length)
        with home.transaction() as tx:
            uploads.set_offset(tx, upload.id, offset=upload.length)
            uploads.finish_upload(tx, upload.id, source=source)
    with home.transaction() as tx:
        gaps = consent_ledger.gaps(tx, recording)
        if not gaps:
            requests.ask(tx, RequestKind.PROCESS, recording)
        return Taken(recordings.recording(tx, recording), gaps)


def own_text(path: Path) -> Subtitles:
    """Return what a file of subtitles on this machine says.

    Raises:
        FileMissing: There is no such file.
        SubtitlesRefused: It cannot be used; the error says why, and in which line.
    """
    if not path.is_file():
        raise FileMissing
    return read_subtitles(path.read_bytes())


def voices_of(text: Subtitles, named: str) -> list[Voice]:
    """Return what each speaker of a text is: as named, with commas between, or else by the label.

    Raises:
        VoicesUnclear: They are not as many as the speakers, or one is no role.
    """
    if not named:
        return [guess(speaker) for speaker in text.speakers]
    try:
        voices = [Voice(each.strip()) for each in named.split(",")]
    except ValueError:
        raise VoicesUnclear from None
    if len(voices) != len(text.speakers):
        raise VoicesUnclear
    return voices


def take_in_text(
    home: Home, recording: RecordingId, text: Subtitles, *, voices: Sequence[Voice]
) -> bool:
    """Keep a text in place of recognition, and return whether it is being worked on.

    Raises:
        ConsentMissing: Someone in the recording has not agreed, or no longer agrees.
        SubtitlesTooLate: It goes on after the end of the film.
    """
    with home.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
    cues = text.spoken_by(voices)
    keep_own_text(home, permit, Subtitles(text.kind, cues))
    with home.transaction() as tx:
        detail: dict[str, int | str] = {"kind": text.kind.value, "cues": len(cues)}
        audit.append(tx, actor=ACTOR, action="own_text_kept", subject=recording, detail=detail)
        received = recordings.recording(tx, recording).received_at is not None
        if received:
            requests.ask(tx, RequestKind.PROCESS, recording)
    return received


def _part(home: Home, upload: Upload) -> ResumableUpload:
    """Return the upload's part file, as far as it has come, or a new one."""
    try:
        return home.vault.resume_upload(upload.recording, upload=upload.id, length=upload.length)
    except UploadMissing:
        return home.vault.begin_upload(upload.recording, upload=upload.id, length=upload.length)


def _yes(
    recording: RecordingId, person: PersonId, *, at: datetime, by: Method, valid_from: date
) -> Evidence:
    return Evidence(
        id=EvidenceId(new_id()),
        recording=recording,
        person=person,
        purpose=Purpose.SUPERVISION,
        event=Event.GIVEN,
        at=at,
        method=by,
        valid_from=valid_from,
    )

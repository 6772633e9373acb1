"""Taking in a film from this machine, as the upload page does from a browser."""

from collections.abc import Callable, Iterator, Sequence
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
from storage import audit, consent_ledger, jurisdictions, parts, recordings, requests, uploads
from storage.anchors import ACTOR
from storage.home import Home
from storage.identity import new_id
from storage.own_text import keep_own_text
from storage.records import (
    ONLY_PART,
    FilmPart,
    NewRecording,
    PartId,
    Recording,
    RequestKind,
    Upload,
    UserId,
)
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
    home: Home,
    films: Sequence[Path],
    recording: RecordingId,
    *,
    progress: Callable[[float], None],
) -> Taken:
    """Encrypt a film into the vault and ask for processing if everyone has agreed.

    ``films`` are its files in the order of the conversation; a recorder's sound may be one.
    ``progress`` is told the share of their bytes that are safe. What was taken in before an
    interruption is not read again.

    Raises:
        FileMissing: There is no such file.
        TooManyParts: There are more than a conversation has.
    """
    if not all(path.is_file() for path in films):
        raise FileMissing
    announced = _announced(films, recording)
    with home.transaction() as tx:
        facts = recordings.recording(tx, recording)
        if facts.received_at is None:
            parts.arrange(tx, recording, announced)
    if facts.received_at is None:
        whole, before = sum(path.stat().st_size for path in films), 0
        for path, part in zip(films, announced, strict=True):
            for safe in _arrive(home, path, part, owner=facts.owner):
                progress((before + safe) / whole)
            before += path.stat().st_size
    with home.transaction() as tx:
        gaps = consent_ledger.gaps(tx, recording)
        if not gaps:
            requests.ask(tx, RequestKind.PROCESS, recording)
        return Taken(recordings.recording(tx, recording), gaps)


def _announced(films: Sequence[Path], recording: RecordingId) -> list[FilmPart]:
    """Return a film's files as parts that are the same when the same files are named again."""
    if len(films) == 1:
        return [FilmPart(ONLY_PART, recording)]
    return [
        FilmPart(PartId(f"{place}-{path.stat().st_size}"), recording)
        for place, path in enumerate(films, start=1)
    ]


def _arrive(home: Home, path: Path, part: FilmPart, *, owner: UserId) -> Iterator[int]:
    """Encrypt one file into the vault, yielding how many of its bytes are safe."""
    length = path.stat().st_size
    with home.transaction() as tx:
        here = {known.id for known in parts.parts_of(tx, part.recording) if known.blob}
        if part.id in here:
            return
        begun = (
            known
            for known in uploads.uploads_of(tx, part.recording)
            if (known.part, known.length) == (part.id, length)
        )
        upload = next(begun, None) or uploads.begin_upload(
            tx,
            part.recording,
            owner=owner,
            length=length,
            expires_at=tx.at + uploads.LIFETIME,
            part=part.id,
        )
    with _resumed(home, upload) as writer, path.open("rb") as film:
        film.seek(writer.offset)
        while chunk := film.read(_CHUNK):
            writer.append(chunk)
            yield writer.offset
    source = home.vault.finish_upload(part.recording, upload=upload.id, length=length, part=part.id)
    with home.transaction() as tx:
        uploads.set_offset(tx, upload.id, offset=length)
        uploads.finish_upload(tx, upload.id, source=source)


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


def _resumed(home: Home, upload: Upload) -> ResumableUpload:
    """Return an upload as far as it has come, or from its beginning."""
    recording, vault = upload.recording, home.vault
    try:
        return vault.resume_upload(
            recording, upload=upload.id, length=upload.length, part=upload.part
        )
    except UploadMissing:
        return vault.begin_upload(
            recording, upload=upload.id, length=upload.length, part=upload.part
        )


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

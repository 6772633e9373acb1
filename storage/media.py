"""The gate every byte of a recording passes: no permit, no reader.

Writers ask for a permit too, with two exceptions. The film itself may arrive before everyone has
answered: it is then kept encrypted and nobody and no job can open it. And the picture of a signed
paper is what an answer is proven by, so it can be kept and looked at without one; who may is asked
by the caller, who is the recording's caseworker and nobody else.
"""

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from consent.gate import Permit
from consent.model import RecordingId
from storage import corrections, parts, recordings, transcripts, uploads
from storage.corrected_text import Clamp, clamps_of, corrected, shown_version
from storage.errors import NotFound
from storage.home import Home
from storage.records import (
    BlobRole,
    Coding,
    EvidenceScan,
    FilmPart,
    Transcript,
    TranscriptId,
    TranscriptVersion,
    Turn,
)
from storage.transaction import Transaction
from storage.vault import VaultReader
from storage.vault.blobs import BlobRef
from storage.vault.errors import UploadBusy

_PATCHED_BY_MUXERS = frozenset({BlobRole.JOINED, BlobRole.PROXY, BlobRole.AUDIO})


def open_media(home: Home, tx: Transaction, permit: Permit, role: BlobRole) -> VaultReader:
    """Return a seekable reader of one blob of a recording, decrypted as it is read.

    Raises:
        NotFound: This blob has not been made, or has been erased.
        KeyDestroyed: The recording has been erased.
    """
    ref = recordings.blob_of(tx, permit.recording, role)
    return home.vault.open(permit.recording, key=ref.key, role=role)


def open_film(home: Home, tx: Transaction, permit: Permit) -> VaultReader:
    """Return a reader of the whole film: the file it came in, or what its files were joined to.

    Raises:
        NotFound: It has not arrived or not been joined yet, or has been erased.
        KeyDestroyed: The recording has been erased.
    """
    announced = parts.parts_of(tx, permit.recording)
    if len(announced) > 1:
        return open_media(home, tx, permit, BlobRole.JOINED)
    if not announced:
        return open_media(home, tx, permit, BlobRole.SOURCE)
    return open_part(home, permit, announced[0])


def open_part(home: Home, permit: Permit, part: FilmPart) -> VaultReader:
    """Return a reader of one of the files that a film came in.

    Raises:
        NotFound: It has not arrived.
        KeyDestroyed: The recording has been erased.
        TamperedBlob: It is another one.
    """
    if part.blob is None:
        raise NotFound(f"a part of recording {permit.recording}")
    return home.vault.open(permit.recording, key=part.blob, role=BlobRole.SOURCE, part=part.id)


def discard_what_was_taken_back(home: Home) -> None:
    """Delete all that has arrived of files that are no longer announced. May be repeated."""
    with home.reading() as tx:
        arriving, arrived = uploads.taken_back(tx), parts.cast_off(tx)
    for upload in arriving:
        with suppress(UploadBusy):  # its line has not ended yet; the next round finds it
            home.vault.forget_upload(upload.recording, upload=upload.id)
            with home.transaction() as tx:
                uploads.end_upload(tx, upload.id)
    for recording, blob in arrived:
        home.vault.discard(recording, key=blob.key)
        with home.transaction() as tx:
            parts.forget_blob(tx, blob.key)


@contextmanager
def new_media(home: Home, permit: Permit, role: BlobRole) -> Iterator[io.RawIOBase]:
    """Give a writer whose blob counts as the role's once all of it is written."""
    seekable = role in _PATCHED_BY_MUXERS
    put = home.vault.put_seekable if seekable else home.vault.put
    deposit = put(permit.recording, role=role)
    with deposit as writer:
        yield writer
    with home.transaction() as tx:
        recordings.record_blob(tx, permit.recording, role, deposit.ref)


def save_document(home: Home, permit: Permit, role: BlobRole, value: object) -> None:
    """Keep a JSON value encrypted as a blob of a recording."""
    with new_media(home, permit, role) as writer:
        writer.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def document_of(home: Home, tx: Transaction, permit: Permit, role: BlobRole) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON value kept under a role.

    Raises:
        NotFound: It has not been made, or has been erased.
    """
    with open_media(home, tx, permit, role) as reader:
        return json.loads(reader.read())


def save_transcript(
    home: Home,
    permit: Permit,
    turns: Iterable[Turn],
    *,
    engine: str,
    language: str,
    rehearsal: bool,
) -> TranscriptId:
    """Keep turns as the recording's next version of the text; earlier ones stay."""
    with new_media(home, permit, BlobRole.TURNS) as writer:
        writer.write(transcripts.turns_to_json(turns))
    with home.transaction() as tx:
        ref = recordings.blob_of(tx, permit.recording, BlobRole.TURNS)
        made, _ = transcripts.add_transcript(
            tx, permit, blob_key=ref.key, engine=engine, language=language, rehearsal=rehearsal
        )
    return made


def transcript_of(
    home: Home,
    tx: Transaction,
    permit: Permit,
    *,
    version: int | None = None,
    revision: int | None = None,
) -> Transcript:
    """Return the text of a recording as people have corrected it.

    It is the version that somebody last put a hand to, else the machine's latest; or the version
    asked for, with what was corrected in that one.

    Args:
        home: Where it is kept.
        tx: The transaction it is read in.
        permit: The right to read it.
        version: The version to return.
        revision: The last correction that counts; None lets all count.

    Raises:
        NotFound: There is no text yet, or not that version.
    """
    made = corrections.corrections_of(tx, permit)
    if revision is not None:
        made = tuple(each for each in made if each.revision <= revision)
    if version is None:
        latest = transcripts.transcript_version(tx, permit).version
        version = shown_version(made, latest=latest)
    kept = transcripts.transcript_version(tx, permit, version=version)
    turns = machine_turns(home, kept)
    return Transcript(
        id=kept.id,
        recording=kept.recording,
        version=kept.version,
        engine=kept.engine,
        language=kept.language,
        rehearsal=kept.rehearsal,
        turns=corrected(turns, made, version=version).turns() if made else turns,
        revision=made[-1].revision if made else 0,
    )


def shown_text(tx: Transaction, permit: Permit) -> tuple[int, int]:
    """Return version and revision of the text that ``transcript_of`` returns, without reading it.

    Raises:
        NotFound: There is no text yet.
    """
    latest = transcripts.transcript_version(tx, permit).version
    made = corrections.corrections_of(tx, permit)
    return shown_version(made, latest=latest), made[-1].revision if made else 0


def marked_text(home: Home, tx: Transaction, permit: Permit, coding: Coding) -> tuple[Turn, ...]:
    """Return the text of which two mark a stretch, as it was when that was begun.

    Raises:
        NotFound: There is no such text any more.
    """
    at = {"version": coding.text_version, "revision": coding.text_revision}
    return transcript_of(home, tx, permit, **at).turns


def clamps(home: Home, tx: Transaction, permit: Permit) -> tuple[Clamp, ...]:
    """Return where people have said who speaks in the text that is shown; none without a text."""
    try:
        latest = transcripts.transcript_version(tx, permit).version
    except NotFound:
        return ()
    made = corrections.corrections_of(tx, permit)
    version = shown_version(made, latest=latest)
    kept = transcripts.transcript_version(tx, permit, version=version)
    return clamps_of(corrected(machine_turns(home, kept), made, version=version))


def machine_turns(home: Home, kept: TranscriptVersion) -> tuple[Turn, ...]:
    """Return a version of the text as the machine has made it, without any correction."""
    with home.vault.open(kept.recording, key=kept.blob, role=BlobRole.TURNS) as reader:
        return transcripts.turns_from_json(reader.read())


def keep_scan(home: Home, recording: RecordingId, picture: bytes) -> BlobRef:
    """Return where the picture of a signed paper now lies encrypted; nothing points there yet.

    Raises:
        KeyDestroyed: The recording has been erased.
    """
    deposit = home.vault.put(recording, role=BlobRole.EVIDENCE_SCAN)
    with deposit as writer:
        writer.write(picture)
    return deposit.ref


def scan_in_the_clear(home: Home, scan: EvidenceScan) -> bytes:
    """Return the picture of a signed paper.

    Raises:
        KeyDestroyed: The recording has been erased.
    """
    role = BlobRole.EVIDENCE_SCAN
    with home.vault.open(scan.recording, key=scan.blob, role=role) as reader:
        return reader.read()
